"""A council's session from the call to the opinions in the dossiers, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

from casework.call import Call
from casework.council.call_session import attend, call_session, recuse, write_opinion
from casework.council.close import annul, close_session
from casework.council.count import count
from casework.council.form import appoint, dismiss, form_council
from casework.council.places import cut_list
from casework.council.vote import cast, open_ballot
from casework.give_opinion import give_opinion
from casework.inputs import Inputs, OpinionInput
from casework.take_step import take_step
from rules.reasons import Refused
from tests.build import ROOT, Office
from tests.council.sessions import DAY, MEMBERS, Story, voting


def codes(act: Callable[[], Any]) -> list[str]:
    """The reasons with which an act is refused."""
    with pytest.raises(Refused) as refusal:
        act()
    return [reason.code for reason in refusal.value.reasons]


def counted(story: Story) -> dict[str, Any]:
    return count(story.database, story.session, story.office.call("council-secretary", DAY)).payload


def closed(story: Story, by: str = "council-secretary") -> dict[str, Any]:
    return close_session(story.database, story.session, story.office.call(by, DAY)).payload


def test_a_session_from_call_to_opinions(office: Office) -> None:
    story, (one, two) = voting(office)
    ballots = {
        "council-chair": "yy",
        "council-secretary": "yn",
        "office-head": "yy",
        "vice-chairman": "yn",
        "province-council": "aa",
    }
    for person, letters in ballots.items():
        story.vote(person, {one: letters[0], two: letters[1]})
    told = counted(story)
    assert told["ballots"] == [[1, 5]]
    # 80 % of 5 is 4: four of five agree to the first, two to the second.
    assert told["outcomes"] == [[one, 4, 0, 1, 5, 4, True], [two, 2, 2, 1, 5, 4, False]]
    first = story.item(one)
    assert (first["present"], first["absent"], first["issued"], first["returned"]) == (5, 0, 5, 5)
    assert closed(story)["left"] == []
    opinions = {row["nomination_id"]: row for row in story.rows("opinion") if row["desk"] == "local_council"}
    assert (opinions[one]["verdict"], opinions[one]["votes_for"], opinions[one]["members"]) == (
        "supported",
        4,
        5,
    )
    assert (opinions[two]["verdict"], opinions[two]["votes_for"]) == ("not_supported", 2)
    note = next(row for row in story.rows("note") if row["id"] == opinions[two]["note_id"])
    assert note["text"] == "Không đủ số phiếu: 2/5, cần 4."
    # The secretary then takes the dossier on, as ever.
    (dossier,) = story.rows("dossier")
    receipt = take_step(
        story.database, dossier["code"], "record_council", office.call("council-secretary", DAY), Inputs()
    )
    assert receipt.state == "at_local_decision"
    outcomes = {row["id"]: row["outcome"] for row in story.rows("nomination")}
    assert (outcomes[one], outcomes[two]) == ("open", "stopped")


def test_titles_by_majority_are_voted_on_by_name(office: Office) -> None:
    story, numbers = voting(office, title="LDTT")
    for person in MEMBERS:
        found = story.vote(person, dict.fromkeys(numbers, "y" if person != "office-head" else "n"))
        assert found.codes == ()
        assert found.open_votes == 2
    assert counted(story)["outcomes"][0] == [numbers[0], 4, 1, 0, 5, 3, True]
    assert story.rows("ballot") == []


def test_absent_members_count_in_the_base_and_write_their_opinion(office: Office) -> None:
    story = Story(office)
    one, two = story.dossier("teacher", "teacher-2", title="CSTDCS")
    story.call(one, two)
    story.attend(*[person for person in MEMBERS if person != "office-head"])
    write_opinion(
        story.database,
        story.session,
        "office-head",
        {one: "yes", two: "no"},
        office.call("office-head", DAY),
    )
    story.open()
    for person in MEMBERS:
        if person != "office-head":
            story.vote(person, {one: "y" if person != "council-chair" else "n", two: "y"})
    found = counted(story)["outcomes"]
    # Three ballots and one opinion in writing; and four ballots with one in writing against.
    assert found == [[one, 4, 1, 0, 5, 4, True], [two, 4, 1, 0, 5, 4, True]]
    assert (story.item(one)["written"], story.item(one)["absent"]) == (1, 1)
    # A written opinion is shown by name.
    assert [row["choice"] for row in story.rows("open_vote")] == ["yes", "no"]


def test_without_enough_members_no_vote_is_opened(office: Office) -> None:
    story = Story(office)
    story.call(*story.dossier(title="CSTDCS"))
    story.attend("council-chair", "council-secretary", "office-head")
    assert codes(story.open) == ["no_quorum"]
    story.attend("council-chair", "council-secretary", "office-head", "vice-chairman")
    assert story.open()["quorum"] == 4


def test_whoever_is_concerned_stands_aside_by_itself_and_votes_on_the_rest(office: Office) -> None:
    # A teacher of the school sits on the council, and is a nominee; another teacher works where the nominees do.
    members = {**MEMBERS, "teacher": "member", "clerk-2": "member"}
    story = Story(office, members=members)
    one, two = story.dossier("teacher", "teacher-2", title="CSTDCS")
    story.call(one, two)
    story.attend(*members)
    told = story.open()
    teacher = office.people["teacher"]
    assert told["aside"] == [[one, teacher, "nominee"], [two, teacher, "unit"]]
    # Both have the same voters: one paper, six ballots of seven members.
    assert told["issued"] == [[1, 6]]
    assert codes(lambda: story.vote("teacher", {})) == ["stands_aside_from_all"]
    assert codes(lambda: story.vote("teacher", {one: "y"})) == ["stands_aside"]
    for person in members:
        if person != "teacher":
            story.vote(person, {one: "y", two: "y"})
    # Whoever stands aside still counts in the base: 80 % of 7 is 5.6, so 6.
    assert counted(story)["outcomes"][0] == [one, 6, 0, 0, 7, 6, True]
    assert story.item(one)["aside"] == 1


def test_a_ballot_with_a_gap_would_tell_whose_it_is_so_there_is_a_paper_for_each_circle_of_voters(
    office: Office,
) -> None:
    story = Story(office)
    one, two = story.dossier("teacher", "teacher-2", title="CSTDCS")
    story.call(one, two)
    recuse(story.database, story.session, "office-head", two, "Là em ruột", office.call("office-head", DAY))
    story.attend()
    assert story.open()["issued"] == [[1, 5], [2, 4]]
    assert len(story.vote("office-head", {one: "n"}).codes) == 1
    assert len(story.vote("council-chair", {one: "y", two: "y"}).codes) == 2
    for person in ("council-secretary", "vice-chairman", "province-council"):
        story.vote(person, {one: "y", two: "n"})
    counted(story)
    # No ballot shows a gap, and no code stands on two papers.
    by_paper: dict[int, list[str]] = {}
    for row in story.rows("ballot"):
        by_paper.setdefault(row["paper"], []).append(row["choices"])
    assert {paper: sorted(found) for paper, found in by_paper.items()} == {
        1: ["n", "y", "y", "y", "y"],
        2: ["n", "n", "n", "y"],
    }


def test_in_a_schools_own_council_only_nominees_stand_aside(office: Office) -> None:
    from casework.publish import publish

    text = (ROOT / "regulations/councils/school-2020.yaml").read_bytes()
    publish(office.database, "council", text, office.call(None, "2024-08-01"))
    formed = form_council(
        office.database, "th-mau-1", "school-2020", date(2024, 9, 1), office.call("principal", "2024-09-01")
    )
    number = int(formed.payload["council"])
    for person, role in (
        ("principal", "chair"),
        ("school-council", "secretary"),
        ("teacher", "member"),
    ):
        call = office.call("principal", "2024-09-01")
        appoint(office.database, number, person, role, date(2024, 9, 1), None, call)
    code = office.dossier_at("at_school_council")
    one, two = office.nominations(code)
    call = office.call("school-council", "2025-05-27")
    session = int(
        call_session(
            office.database, number, date(2025, 5, 28), "14:00", "Phòng hội đồng", [one, two], call
        ).payload["session"]
    )
    day = "2025-05-28"
    present = ["principal", "school-council", "teacher"]
    attend(office.database, session, present, office.call("school-council", day))
    told = open_ballot(office.database, session, office.call("principal", day)).payload
    assert told["aside"] == [[one, office.people["teacher"], "nominee"]]
    for person in present:
        mine = {two: "yes"} if person == "teacher" else {one: "yes", two: "yes"}
        cast(office.database, session, mine, office.call(person, day))
    found = count(office.database, session, office.call("school-council", day)).payload["outcomes"]
    assert [row[1] for row in found] == [2, 3]
    close_session(office.database, session, office.call("school-council", day))
    office.step(code, "record_council", "school-council", day)
    assert office.row(code)["state"] != "at_school_council"


def test_every_reason_at_once_when_a_session_is_called(office: Office) -> None:
    story = Story(office)
    one, two = story.dossier(title="CSTDCS")
    story.call(one)
    call = office.call("office-head", "2025-07-15")
    found = codes(
        lambda: call_session(
            story.database, story.council, date(2025, 7, 1), "25:00", " ", [one, two, two, 999], call
        )
    )
    assert sorted(found) == [
        "council_role_not_held",
        "not_a_time_of_day",
        "not_at_council",
        "on_another_list",
        "on_list_twice",
        "session_in_the_past",
        "session_needs_place",
    ]
    assert len(story.rows("council_session")) == 1


def test_refused_ballots_tell_all_reasons_and_leave_nothing(office: Office) -> None:
    story, (one, two) = voting(office)
    before = story.rows("ballot_slot"), story.rows("ballot_issue")
    assert codes(lambda: story.vote("teacher", {one: "y", two: "y"})) == ["not_in_session"]
    assert codes(lambda: story.vote("office-head", {one: "y"})) == ["choice_missing"]
    assert sorted(codes(lambda: story.vote("office-head", {one: "both", 999: "y"}))) == [
        "choice_missing",
        "not_on_list",
        "unknown_choice",
    ]
    assert (story.rows("ballot_slot"), story.rows("ballot_issue")) == before
    story.vote("office-head", {one: "y", two: "y"})
    assert codes(lambda: story.vote("office-head", {one: "n", two: "n"})) == ["voted_already"]
    counted(story)
    assert codes(lambda: story.vote("council-chair", {one: "y", two: "y"})) == ["session_is_counted"]
    assert len(story.rows("ballot")) == 1


def test_a_ballot_too_many_is_refused(office: Office) -> None:
    story, (one, two) = voting(office)
    with story.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM ballot_slot")
    assert codes(lambda: story.vote("office-head", {one: "y", two: "y"})) == ["ballot_too_many"]
    assert not any(row["returned"] for row in story.rows("ballot_issue"))


def test_a_box_that_lost_ballots_is_not_counted(office: Office) -> None:
    story, (one, two) = voting(office)
    story.vote("office-head", {one: "y", two: "y"})
    with story.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM ballot_slot")
    assert codes(lambda: counted(story)) == ["box_incomplete"]
    annul(story.database, story.session, "Mất phiếu do sự cố", office.call("council-chair", DAY))
    # The nominations may be called anew.
    assert story.call(one, two, day="2025-07-20")


def test_who_may_do_what(office: Office) -> None:
    story = Story(office)
    numbers = story.dossier(title="CSTDCS")
    story.call(*numbers)
    outsider: Callable[[], Call] = lambda: office.call("office-head", DAY)  # noqa: E731
    assert codes(lambda: attend(story.database, story.session, [], outsider())) == ["council_role_not_held"]
    story.attend()
    assert codes(lambda: open_ballot(story.database, story.session, outsider())) == ["council_role_not_held"]
    assert codes(lambda: count(story.database, story.session, outsider())) == [
        "council_role_not_held",
        "session_is_called",
    ]
    assert codes(lambda: close_session(story.database, story.session, outsider())) == [
        "council_role_not_held",
        "session_is_called",
    ]
    assert codes(lambda: annul(story.database, story.session, " ", outsider())) == [
        "council_role_not_held",
        "input_missing",
    ]
    early = office.call("council-chair", "2025-07-17")
    assert codes(lambda: open_ballot(story.database, story.session, early)) == ["session_not_today"]
    by_head = office.call("clerk", "2025-07-15")
    assert "duty_not_held" in codes(
        lambda: appoint(story.database, story.council, "clerk", "member", date(2025, 7, 1), None, by_head)
    )


def test_members_have_one_chair_and_come_and_go_by_day(office: Office) -> None:
    story = Story(office)
    call = lambda: office.call("council-chair", "2025-07-01")  # noqa: E731
    day = date(2025, 7, 1)
    assert codes(lambda: appoint(story.database, story.council, "clerk-2", "chair", day, None, call())) == [
        "chair_already"
    ]
    assert codes(
        lambda: appoint(story.database, story.council, "office-head", "member", day, None, call())
    ) == ["member_already"]
    dismiss(story.database, story.council, "office-head", date(2025, 6, 30), call())
    appoint(story.database, story.council, "office-head", "vice_chair", day, None, call())
    assert codes(lambda: dismiss(story.database, story.council, "clerk-2", day, call())) == [
        "unknown_council_member"
    ]


def test_a_change_of_members_after_presence_was_recorded_is_told(office: Office) -> None:
    story = Story(office)
    story.call(*story.dossier(title="CSTDCS"))
    story.attend()
    story.appoint("clerk-2", "member")
    assert codes(story.open) == ["members_changed"]


def test_new_rules_are_taken_up_by_forming_the_council_anew(office: Office) -> None:
    story = Story(office)
    chair = lambda: office.call("council-chair", "2025-07-01")  # noqa: E731
    again = form_council(story.database, "hoi-dong", "local-2024", date(2025, 7, 1), chair())
    assert again.payload["replaces"] == story.council
    assert story.rows("council")[0]["until"] == date(2025, 6, 30)
    assert codes(
        lambda: form_council(story.database, "hoi-dong", "local-2024", date(2025, 7, 1), chair())
    ) == ["council_already_formed"]
    assert codes(
        lambda: form_council(story.database, "hoi-dong", "school-2020", date(2025, 7, 1), chair())
    ) == ["unknown_council_rules"]


def test_what_was_taken_away_meanwhile_is_left(office: Office) -> None:
    story, (one, two) = voting(office)
    for person in MEMBERS:
        story.vote(person, {one: "y", two: "y"})
    counted(story)
    (dossier,) = story.rows("dossier")
    give_opinion(
        story.database,
        dossier["code"],
        [OpinionInput(one)],
        office.call("council-chair", DAY),
    )
    found = closed(story)
    assert found["left"] == [one]
    mine = [row for row in story.rows("opinion") if row["desk"] == "local_council"]
    assert sorted((row["nomination_id"], row["votes_for"]) for row in mine) == [(one, None), (two, 5)]


def test_who_is_concerned_does_not_close(office: Office) -> None:
    # The secretary works at the nominees' school: the opinions are written in the chair's name.
    members = {**MEMBERS, "council-secretary": "member", "bloc-deputy": "secretary"}
    story = Story(office, members=members)
    with story.database.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO duty (person_id, unit_id, duty, since) VALUES "
            f"({office.people['bloc-deputy']}, {office.units['hoi-dong']}, 'council_secretary', '2024-09-01')"
        )
    one, two = story.dossier("teacher", "teacher-2", title="CSTDCS")
    story.call(one, two, by="bloc-deputy")
    attend(story.database, story.session, list(members), office.call("bloc-deputy", DAY))
    story.open()
    for person in members:
        if person != "bloc-deputy":
            story.vote(person, {one: "y", two: "y"})
    count(story.database, story.session, office.call("bloc-deputy", DAY))
    assert codes(lambda: closed(story, "bloc-deputy")) == ["own_nomination", "own_nomination"]
    assert closed(story, "council-chair")["left"] == []


CAPPED = b"""\
council: capped
title: {vi: H, en: C}
units: [emulation_council]
source: a text
verified: true
quorum: {share: 2/3, article: A, verified: true}
absent: {how: none, article: A, verified: true}
recusal: {base: stays, source: A, verified: true}
thresholds:
  - {titles: rest, share: more_than_half, of: members, ballot: open, article: A, verified: true}
ties: [votes, preference, chair]
caps:
  - {titles: [LDTT], number: 1, article: A, verified: true}
"""


def tied(office: Office, votes: Mapping[str, str]) -> tuple[Story, int, int]:
    story = Story(office, rules=CAPPED)
    one, two = story.dossier("teacher", "teacher-2")
    story.call(one, two)
    story.attend()
    story.open()
    for person, letters in votes.items():
        story.vote(person, {one: letters[0], two: letters[1]})
    counted(story)
    return story, one, two


def test_a_tie_at_the_cut_is_told_and_the_chair_decides_with_a_reason(office: Office) -> None:
    story, one, two = tied(office, dict.fromkeys(MEMBERS, "yy"))
    chair = lambda: office.call("council-chair", DAY)  # noqa: E731
    assert codes(lambda: closed(story)) == ["cut_is_due"]
    assert codes(lambda: cut_list(story.database, story.session, chair())) == [
        "tied_at_the_cut",
        "tied_nomination",
        "tied_nomination",
    ]
    assert codes(lambda: cut_list(story.database, story.session, chair(), chosen=[two])) == ["input_missing"]
    cut_list(story.database, story.session, chair(), chosen=[two], reason="Thành tích liên tục hơn")
    assert (story.item(one)["place"], story.item(two)["place"]) == ("outside", "inside")
    assert story.item(two)["placed_by"] == "chair"
    closed(story)
    verdicts = {r["nomination_id"]: r["verdict"] for r in story.rows("opinion") if r["votes_for"] == 5}
    assert verdicts == {one: "not_supported", two: "supported"}


def test_votes_decide_the_cut_without_the_chair(office: Office) -> None:
    votes = {**dict.fromkeys(MEMBERS, "yy"), "office-head": "yn"}
    story, one, two = tied(office, votes)
    told = cut_list(story.database, story.session, office.call("council-chair", DAY)).payload
    assert told["places"] == [[one, "inside", "votes"], [two, "outside", "votes"]]


def test_the_legal_preference_decides_among_equals(office: Office) -> None:
    with office.database.write() as connection:
        connection.exec_driver_sql("UPDATE person SET gender = 'female' WHERE code = 'teacher-2'")
    story, one, two = tied(office, dict.fromkeys(MEMBERS, "yy"))
    told = cut_list(story.database, story.session, office.call("council-chair", DAY)).payload
    assert told["places"] == [[one, "outside", "preference"], [two, "inside", "preference"]]
