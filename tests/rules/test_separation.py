"""Who may not decide twice on one dossier, and who is concerned in a nomination."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.separation import concerned_nominations, separation_reasons

OFFICE_REVIEW, REVIEW_CHAIR = frozenset({"office", "review"}), frozenset({"review", "chair"})
APART = (OFFICE_REVIEW, REVIEW_CHAIR)

desks = st.sampled_from(["office", "review", "chair", "bloc"])
people = st.integers(1, 4)


def others(
    desk: str, *people: int, acted: dict[str, set[int]], exceptions: set[tuple[str, int]] = frozenset()
):
    found = separation_reasons(desk, people, acted, APART, exceptions)
    return [(reason.params["person"], reason.params["other"]) for reason in found]


def test_who_appraised_may_not_review():
    assert others("review", 7, acted={"office": {7}}) == [(7, "office")]


def test_the_reason_names_the_person_and_both_desks():
    (reason,) = separation_reasons("review", [7], {"office": {7}}, APART)
    assert reason.code == "acted_at_desk_apart"
    assert reason.params == {"person": 7, "desk": "review", "other": "office"}


def test_who_appraised_may_sign_where_those_desks_are_not_declared_apart():
    assert others("chair", 7, acted={"office": {7}}) == []


def test_the_order_of_the_two_desks_does_not_matter():
    assert others("office", 7, acted={"review": {7}}) == [(7, "review")]


def test_deciding_again_at_the_same_desk_is_no_conflict():
    assert others("review", 7, acted={"review": {7}}) == []


def test_another_person_of_the_same_office_may_act():
    assert others("review", 8, acted={"office": {7}}) == []


def test_each_desk_at_which_the_person_decided_is_named():
    assert others("review", 7, acted={"office": {7}, "chair": {7}}) == [(7, "office"), (7, "chair")]


def test_of_several_people_each_is_looked_at():
    assert others("review", 7, 8, 9, acted={"office": {8, 9}}) == [(8, "office"), (9, "office")]


def test_an_exception_is_for_one_person_at_one_desk():
    acted = {"office": {7, 8}}
    assert others("review", 7, 8, acted=acted, exceptions={("review", 7)}) == [(8, "office")]
    assert others("review", 7, acted=acted, exceptions={("office", 7)}) == [(7, "office")]


@settings(deadline=None)
@given(desks, st.lists(people), st.dictionaries(desks, st.sets(people)))
def test_without_pairs_nobody_is_kept_apart(desk, who, acted):
    assert separation_reasons(desk, who, acted, ()) == ()


@settings(deadline=None)
@given(desks, people, st.dictionaries(desks, st.sets(people)), st.sets(st.tuples(desks, people)))
def test_a_person_is_refused_exactly_when_a_partner_desk_knows_them_and_no_exception_does(
    desk, person, acted, exceptions
):
    partners = {other for pair in APART if desk in pair for other in pair - {desk}}
    met = any(person in acted.get(other, ()) for other in partners)
    refused = bool(separation_reasons(desk, (person,), acted, APART, exceptions))
    assert refused == (met and (desk, person) not in exceptions)


# Nomination id: (the person, or nobody for a collective; the unit).
NOMINEES = {1: (50, 9), 2: (None, 9), 3: (51, 12)}


def test_a_nominee_is_concerned_in_their_own_nomination_only():
    assert concerned_nominations(50, (), NOMINEES) == {1}


def test_a_colleague_is_concerned_in_all_nominations_of_the_unit():
    assert concerned_nominations(60, {9}, NOMINEES) == {1, 2}


def test_who_works_at_two_units_is_concerned_in_both():
    assert concerned_nominations(60, {9, 12}, NOMINEES) == {1, 2, 3}


def test_a_stranger_is_concerned_in_none_and_a_collective_is_nobodys_person():
    assert concerned_nominations(0, {4}, NOMINEES) == frozenset()
