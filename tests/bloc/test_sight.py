"""Who may read which sheet, for every school and every sheet."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.bloc.sight import readable, readable_by
from casework.bloc.year import BlocYear
from casework.sight import sight_of
from tests.bloc.stage import COLLEGE, Bloc, all_of, make_bloc
from tests.build import Office

STANDINGS = ("open", "filed", "declined", "set_aside")
few = st.integers(1, 5)
sheets = st.dictionaries(st.tuples(few, few), st.sampled_from(STANDINGS), min_size=1)


def rows(standing: dict[tuple[int, int], str]) -> list[dict]:
    return [
        {"id": number, "scorer_id": scorer, "scored_id": scored, "standing": how}
        for number, ((scorer, scored), how) in enumerate(sorted(standing.items()))
    ]


@given(sheets, few)
def test_before_settling_nothing_of_others_is_read_while_an_own_sheet_is_open(standing, school):
    listed = rows(standing)
    seen = readable(listed, {school}, settled=False)
    own = {row["id"] for row in listed if row["scorer_id"] == school}
    assert own <= seen
    if any(row["standing"] == "open" for row in listed if row["id"] in own) or not own:
        assert seen == own
    scores = {row["scored_id"] for row in listed if row["id"] in own and row["standing"] == "filed"}
    for row in listed:
        if row["id"] in seen - own:
            assert row["scored_id"] in scores | {school}
            assert row["standing"] != "open"


@given(sheets, few)
def test_after_settling_a_school_reads_all_and_a_stranger_nothing(standing, school):
    listed = rows(standing)
    everything = {row["id"] for row in listed}
    assert readable(listed, {school}, settled=True) == everything
    assert readable(listed, (), settled=True) == frozenset()
    assert readable(listed, (), settled=True, above=True) == everything
    assert readable(listed, (), settled=False, above=True) == frozenset()


@given(sheets, few, few)
def test_who_acts_for_two_schools_reads_of_others_only_when_both_are_done(standing, one, other):
    listed = rows(standing)
    both = readable(listed, {one, other}, settled=False)
    open_there = any(row["standing"] == "open" and row["scorer_id"] in (one, other) for row in listed)
    if open_there:
        assert both == {row["id"] for row in listed if row["scorer_id"] in (one, other)}


SCHOOLS = ("th-mot", "th-hai", "th-ba", "th-bon", "th-nam")


@pytest.fixture
def bloc(office: Office) -> Bloc:
    bloc = make_bloc(office, SCHOOLS)
    bloc.approve()
    bloc.draw()
    return bloc


def seen_by(bloc: Bloc, person: str) -> set[tuple[str, str]]:
    """(scorer, scored) of the sheets that somebody may read."""
    codes = {number: code for code, number in bloc.office.units.items()}
    call = bloc.call(person, "2025-05-26")
    with bloc.database.read() as connection:
        year = BlocYear.read(connection, bloc.code, bloc.year, call)
        sight = sight_of(connection, bloc.office.people[person], call.day)
        ids = readable_by(year, sight)
        return {(codes[s["scorer_id"]], codes[s["scored_id"]]) for s in year.sheets if s["id"] in ids}


def test_every_person_reads_just_what_the_doc_says_before_and_after(bloc: Bloc):
    pairs = set(bloc.pairs())
    people = {school: f"{school}.clerk" for school in SCHOOLS}
    own = {school: {pair for pair in pairs if pair[0] == school} for school in SCHOOLS}
    assert {school: seen_by(bloc, person) for school, person in people.items()} == own
    # One school has done its part: it alone reads more, and only what others have filed.
    for scorer, scored in sorted(own["th-hai"]):
        bloc.score(scorer, scored, all_of(COLLEGE, "0.9"))
    assert seen_by(bloc, "th-hai.clerk") == own["th-hai"]
    for scorer, scored in sorted(own["th-ba"]):
        bloc.score(scorer, scored, all_of(COLLEGE, "0.9"))
    about = {scored for _, scored in own["th-hai"]}
    assert seen_by(bloc, "th-hai.principal") == own["th-hai"] | {p for p in own["th-ba"] if p[1] in about}
    for school in ("th-mot", "th-bon", "th-nam"):
        assert seen_by(bloc, f"{school}.principal") == own[school]
        for scorer, scored in sorted(own[school]):
            bloc.score(scorer, scored, all_of(COLLEGE, "0.9"))
    for school, pair in product(SCHOOLS, pairs):
        scores = {scored for _, scored in own[school]}
        assert (pair in seen_by(bloc, f"{school}.clerk")) == (pair[0] == school or pair[1] in scores)
    # The office above, a stranger and an administrator.
    assert seen_by(bloc, "appraiser") == set()
    assert seen_by(bloc, "clerk") == set()
    assert seen_by(bloc, "admin") == pairs
    bloc.meet()
    bloc.settle()
    for person in (*people.values(), "appraiser", "office-head", "admin"):
        assert seen_by(bloc, person) == pairs
    assert seen_by(bloc, "clerk") == set()
    assert seen_by(bloc, "teacher") == set()
