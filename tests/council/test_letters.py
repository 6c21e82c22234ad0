"""Whom a council's session tells what: the call, the question to those who are absent, the outcome."""

from __future__ import annotations

from datetime import date

from casework.council.close import annul, close_session
from casework.council.count import count
from casework.letters.facts import Facts
from casework.letters.holding import holds
from tests.build import Office
from tests.council.sessions import DAY, MEMBERS, Story


def told(story: Story, kind: str) -> list[str]:
    """Whom a kind of letter goes to, by their codes."""
    codes = {number: code for code, number in story.office.people.items()}
    return sorted(codes[row["person_id"]] for row in story.rows("outbox_item") if row["kind"] == kind)


def test_members_are_called_asked_and_told(office: Office) -> None:
    story = Story(office)
    one, two = story.dossier("teacher", "teacher-2", title="CSTDCS")
    story.call(one, two)
    # Who calls knows it.
    assert told(story, "council_called") == sorted(set(MEMBERS) - {"council-secretary"})
    present = [person for person in MEMBERS if person != "office-head"]
    story.attend(*present)
    story.attend(*present)
    assert told(story, "council_written") == ["office-head"]
    story.open()
    for person in present:
        story.vote(person, {one: "y", two: "n"})
    count(story.database, story.session, office.call("council-secretary", DAY))
    close_session(story.database, story.session, office.call("council-secretary", DAY))
    assert told(story, "council_result") == sorted(set(MEMBERS) - {"council-secretary"})
    items = [row for row in story.rows("outbox_item") if row["kind"].startswith("council_")]
    with story.database.read() as connection:
        facts = Facts(connection, date(2025, 7, 19), items)
        # The session is over: nobody is called to it any more, and everybody is told.
        assert {item["kind"] for item in items if holds(item, facts.present)} == {"council_result"}
        result = facts.item(next(i for i in items if i["kind"] == "council_result"), date(2025, 7, 19), "vi")
        call = facts.item(next(i for i in items if i["kind"] == "council_called"), date(2025, 7, 19), "vi")
    assert (call.place, call.nominations, call.unit) == ("Phòng họp số 1", 2, "Đơn vị hoi-dong")
    assert call.at is not None
    assert call.at.isoformat() == "2025-07-18T08:00:00+07:00"
    assert call.path == f"/sessions/{story.session}"
    assert [(name, outcome) for name, _, outcome in result.titles] == [
        ("Người teacher", "đạt"),
        ("Người teacher-2", "không đạt"),
    ]


def test_nobody_is_called_to_a_session_that_was_annulled(office: Office) -> None:
    story = Story(office)
    story.call(*story.dossier(title="CSTDCS"))
    annul(story.database, story.session, "Đổi ngày họp", office.call("council-chair", "2025-07-16"))
    items = [row for row in story.rows("outbox_item") if row["kind"] == "council_called"]
    with story.database.read() as connection:
        present = Facts(connection, date(2025, 7, 17), items).present
    assert [item for item in items if holds(item, present)] == []
