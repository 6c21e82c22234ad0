"""What lies open of a council by its own rules: from when to when, who is reminded of it, and who closes it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from casework.audit.verify import verify
from casework.council.close import annul
from casework.council.close_publicity import close_publicity
from casework.council.count import count
from casework.council.form import dismiss
from casework.doctor.examine import examine
from casework.fulfil import Word, fulfil
from casework.letters.facts import Facts
from casework.letters.holding import holds
from casework.objections import receive_objection, settle_objections
from casework.sight import sight_of
from casework.tick import tick
from casework.views.councils import show_session
from casework.views.obligations import list_obligations
from casework.views.today import today_of
from tests.build import ROOT, Office, noon
from tests.casework.telling import codes, reasons, refused_without_trace
from tests.council.sessions import DAY, MEMBERS, Story

# The session is on Friday 18 July: three working days before it are 15, 16 and 17 July.
BEFORE = "publicity: {days: 3, count: working_days, when: before, article: Điều 6 (mẫu), verified: false}"
AFTER = "publicity: {days: 5, count: working_days, when: after, article: Điều 7 (mẫu), verified: true}"


def story_of(office: Office, window: str = BEFORE, title: str = "CSTDCS") -> tuple[Story, list[int]]:
    text = (ROOT / "regulations/councils/local-2024.yaml").read_text() + window + "\n"
    story = Story(office, rules=text.encode())
    numbers = story.dossier(title=title)
    story.call(*numbers)
    return story, numbers


def told(story: Story) -> list[tuple[str, str, str]]:
    """(kind, whom, rung) of what was queued about the window, in the order of writing."""
    people = {number: code for code, number in story.office.people.items()}
    found = [
        (row["kind"], people[row["person_id"]], row["facts"]["rung"])
        for row in story.rows("outbox_item")
        if row["facts"].get("calendar", "").startswith("session-")
    ]
    return sorted(found)


def close(
    office: Office, story: Story, day: str = DAY, by: str = "council-secretary", text: str = "Không có."
) -> Any:
    return close_publicity(office.database, story.session, text, office.call(by, day))


def sees(office: Office, person: str, day: str) -> list[str]:
    """The sessions whose window stands on somebody's first page."""
    with office.database.read() as connection:
        sight = sight_of(connection, office.people[person], date.fromisoformat(day))
        owed = today_of(connection, sight, noon(day), "vi").owed
    return [row["owed"] for row in owed if row["session"] is not None]


def shown(office: Office, story: Story, day: str, person: str = "council-secretary") -> dict[str, Any]:
    with office.database.read() as connection:
        found = show_session(connection, story.session, office.people[person], noon(day), "vi")
    return dict(found["publicity"])


def test_secretary_and_chair_are_told_when_it_begins_before_its_end_and_after_it(office: Office) -> None:
    story, _ = story_of(office)
    both = ("council-chair", "council-secretary")
    tick(office.database, noon("2025-07-15"))
    # Its first day lies three days before its last: a reminder of that says it begins, too.
    assert told(story) == [("deadline", who, "-3") for who in both]
    tick(office.database, noon("2025-07-17"))
    assert {(kind, who, rung) for kind, who, rung in told(story)} >= {("deadline", who, "-1") for who in both}
    tick(office.database, noon("2025-07-19"))
    late = [row for row in told(story) if row[0] == "overdue"]
    assert late == [("overdue", who, "1") for who in both]
    tick(office.database, noon("2025-07-28"))
    # Five working days late: to whoever heads the council's unit.
    assert [who for kind, who, _ in told(story) if kind == "escalation"] == ["council-chair"]
    # Nobody else of the council, and nobody else at its unit.
    assert {who for _, who, _ in told(story)} == set(both)


def test_it_stands_on_the_first_page_of_those_who_close_it_until_they_did(office: Office) -> None:
    story, _ = story_of(office)
    for person in ("council-secretary", "council-chair"):
        (words,) = sees(office, person, "2025-07-16")
        assert "công khai đến hết" in words and "chưa đối chiếu" in words
    assert sees(office, "office-head", "2025-07-16") == []
    close(office, story)
    assert sees(office, "council-secretary", DAY) == []
    before = told(story)
    tick(office.database, noon("2025-07-19"))
    assert told(story) == before


def test_a_letter_leads_to_the_session_and_holds_until_it_is_closed(office: Office) -> None:
    story, _ = story_of(office)
    tick(office.database, noon("2025-07-17"))
    items = [r for r in story.rows("outbox_item") if r["facts"].get("calendar", "").startswith("session-")]
    with office.database.read() as connection:
        facts = Facts(connection, date(2025, 7, 17), items)
        said = facts.item(next(i for i in items if i["kind"] == "deadline"), date(2025, 7, 17), "vi")
        assert all(holds(item, facts.present) for item in items)
    assert said.path == f"/sessions/{story.session}"
    assert said.command == f"thidua councils close-publicity {story.session} --text …"
    close(office, story)
    with office.database.read() as connection:
        present = Facts(connection, date(2025, 7, 18), items).present
        assert not any(holds(item, present) for item in items)


def test_it_is_closed_only_when_it_is_over_by_those_who_may_and_once(office: Office) -> None:
    story, _ = story_of(office)
    (why,) = reasons(close, office, story, "2025-07-17")
    assert (why.code, why.params["until"]) == ("publicity_runs", "2025-07-17")
    assert refused_without_trace(office, close, office, story, DAY, "office-head", " ") == [
        "council_role_not_held",
        "input_missing",
    ]
    close(office, story, by="council-chair")
    assert codes(close, office, story) == ["publicity_closed_already"]
    assert shown(office, story, DAY)["standing"] == "closed"
    with office.database.read() as connection:
        assert {f.code for f in examine(connection, noon(DAY))} <= {"item_without_address"}
        assert verify(connection).sound


def test_an_objection_to_what_is_on_the_list_is_looked_at_first(office: Office) -> None:
    story, numbers = story_of(office)
    code = story.rows("dossier")[0]["code"]
    receive_objection(
        office.database,
        code,
        "Chưa đúng.",
        office.call("council-secretary", "2025-07-16"),
        nomination=numbers[0],
    )
    assert shown(office, story, DAY)["objections"] == 1
    (why,) = reasons(close, office, story)
    assert (why.code, why.article) == ("objection_open", "NĐ 152/2025, Điều 4(4)")
    # The dossier went on hold with it, to the desk that settles objections.
    settle_objections(office.database, code, "Đã xác minh.", office.call("reviewer", "2025-07-17"))
    close(office, story, text="Một kiến nghị, đã xác minh.")


def test_after_the_session_the_outcome_lies_open_from_the_count_on(office: Office) -> None:
    story, numbers = story_of(office, AFTER, title="LDTT")
    assert codes(close, office, story) == ["publicity_not_begun"]
    assert shown(office, story, DAY)["standing"] == "waits"
    assert [row for row in story.rows("obligation") if row["calendar"].startswith("session-")] == []
    story.attend()
    story.open()
    for person in MEMBERS:
        story.vote(person, dict.fromkeys(numbers, "y"))
    count(office.database, story.session, office.call("council-secretary", DAY))
    lies = shown(office, story, DAY)
    # Five working days after Friday 18 July end on Friday 25 July; the next working day is the Monday.
    assert [str(lies[name]) for name in ("opens", "ends", "due")] == [
        "2025-07-19",
        "2025-07-25",
        "2025-07-28",
    ]
    assert lies["verified"] and not lies["closes"]
    assert codes(close, office, story, "2025-07-25") == ["publicity_runs"]
    assert shown(office, story, "2025-07-28")["closes"]
    close(office, story, "2025-07-28")


def test_a_session_that_was_annulled_asks_for_nothing_any_more(office: Office) -> None:
    story, _ = story_of(office)
    annul(office.database, story.session, "Đổi ngày họp", office.call("council-chair", "2025-07-16"))
    tick(office.database, noon("2025-07-17"))
    assert told(story) == []
    assert sees(office, "council-secretary", "2025-07-17") == []
    assert codes(close, office, story) == ["session_is_annulled"]


def test_rules_without_a_window_ask_for_nothing(office: Office) -> None:
    story, _ = story_of(office, window="")
    assert [row for row in story.rows("obligation") if row["calendar"].startswith("session-")] == []
    assert codes(close, office, story) == ["no_publicity"]


def test_without_secretary_and_chair_the_units_own_people_are_told(office: Office) -> None:
    story, _ = story_of(office)
    for person in ("council-secretary", "council-chair"):
        call = office.call("council-chair", "2025-07-15")
        dismiss(office.database, story.council, person, date(2025, 7, 15), call)
    tick(office.database, noon("2025-07-17"))
    assert {who for kind, who, _ in told(story) if kind == "deadline"} == {
        "council-secretary",
        "council-chair",
    }


def test_it_is_listed_as_owed_and_no_word_meets_it(office: Office) -> None:
    story, _ = story_of(office)
    with office.database.read() as connection:
        found = list_obligations(connection, noon("2025-07-16"), "vi", milestone="publicity")
    assert [(row["calendar"], row["unit"]["code"], row["due"], row["standing"]) for row in found] == [
        (f"session-{story.session}", "hoi-dong", DAY, "open")
    ]
    word = Word("hoi-dong", f"session-{story.session}", "publicity", date(2025, 7, 18), "Đã xong")
    assert codes(fulfil, office.database, None, word, office.call("council-chair", DAY)) == ["met_by_council"]


@pytest.mark.parametrize(
    ("day", "standing"), [("2025-07-14", "coming"), ("2025-07-15", "open"), (DAY, "over")]
)
def test_the_session_says_how_far_it_is_and_what_was_not_checked(
    office: Office, day: str, standing: str
) -> None:
    story, _ = story_of(office)
    lies = shown(office, story, day)
    assert (lies["standing"], lies["verified"], lies["article"]) == (standing, False, "Điều 6 (mẫu)")
