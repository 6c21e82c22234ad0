"""What knows calendars by name knows what movements ask for: feeds, letters, lists, the year's report, the history."""

from __future__ import annotations

from typing import Any

import pytest
from icalendar import Calendar as Feed
from sqlalchemy import insert, select

from casework.exemplars.stages import Finding, find_exemplar
from casework.extend_window import extend_window
from casework.letters.facts import Facts
from casework.letters.tables import OUTBOX
from casework.movements.end import end_movement
from casework.tick import tick
from casework.views.explorer import Wanted, explore
from casework.views.feed import feed_of
from casework.views.found import subjects_named
from casework.views.obligations import list_obligations
from models.obligation import Obligation
from notifications.letter import LetterItem
from rehearsal.happened import milestones
from rehearsal.report.names import read_names
from rules.reasons import Refused
from tests.build import Office, noon
from tests.movements.cascade import DAY, EDUCATION, SCHOOL, cascade

CALENDAR = f"movement-{EDUCATION.code}"


def events(office: Office, person: str, day: str = "2025-02-05") -> dict[str, Any]:
    with office.database.read() as connection:
        feed = Feed.from_ical(feed_of(connection, person, noon(day), "vi"))
    return {str(e["uid"]): e for e in feed.walk("VEVENT") if str(e["uid"]).startswith("movement-")}


def more_time(office: Office) -> None:
    call = office.call("office-head", "2025-02-18")
    extend_window(
        office.database, "th-mau-2", CALENDAR, "answer-school", DAY("2025-03-05"), "Sửa trường.", call
    )


def test_a_feed_holds_what_a_movement_asks_of_ones_own_units(office: Office) -> None:
    cascade(office)
    mine = events(office, "clerk-2")
    assert sorted(mine) == [f"{CALENDAR}.{what}-school.th-mau-2@thidua" for what in ("answer", "review")]
    answer = mine[f"{CALENDAR}.answer-school.th-mau-2@thidua"]
    assert answer["dtstart"].dt == DAY("2025-02-20")
    assert int(answer["sequence"]) == 0
    assert events(office, "bloc-head") == {}, "a bloc was not asked"
    done = events(office, "clerk")[f"{CALENDAR}.answer-school.th-mau-1@thidua"]
    assert str(done["summary"]) != str(answer["summary"]).replace("th-mau-2", "th-mau-1")
    more_time(office)
    moved = events(office, "clerk-2", "2025-02-19")[f"{CALENDAR}.answer-school.th-mau-2@thidua"]
    assert (moved["dtstart"].dt, int(moved["sequence"])) == (DAY("2025-03-05"), 1)


def test_what_a_movement_asks_for_is_found_by_calendar_and_milestone(office: Office) -> None:
    cascade(office)
    with office.database.read() as connection:
        for calendar in (CALENDAR, None):
            rows = list_obligations(
                connection,
                noon("2025-02-05"),
                "vi",
                unit="th-mau-2",
                calendar=calendar,
                milestone="answer-school",
            )
            assert [(row["calendar"], row["due"]) for row in rows] == [(CALENDAR, "2025-02-20")]
        with pytest.raises(Refused):
            list_obligations(connection, noon("2025-02-05"), "vi", milestone="answer-nobody")


def letter_items(office: Office, person: str, kind: str, day: str) -> list[LetterItem]:
    mine = select(OUTBOX).where(OUTBOX.c.person_id == office.people[person], OUTBOX.c.kind == kind)
    with office.database.read() as connection:
        items = connection.execute(mine.order_by(OUTBOX.c.key)).mappings().all()
        return [Facts(connection, DAY(day), items).item(item, DAY(day), "vi") for item in items]


def test_letters_lead_to_the_movements_page_and_name_the_command(office: Office) -> None:
    cascade(office)
    for day in ("2025-02-06", "2025-02-23", "2025-03-10"):
        tick(office.database, noon(day))
    page = f"/movements/{EDUCATION.code}"
    launch = f"thidua movement launch th-mau-2 … --answers {EDUCATION.code}"
    late = letter_items(office, "clerk-2", "overdue", "2025-02-24")
    assert {(item.path, item.command) for item in late} == {(page, launch)}
    (told, *_) = letter_items(office, "office-head", "escalation", "2025-03-10")
    assert told.path == page
    assert told.command == (
        f"thidua calendar owed --unit th-mau-2 --calendar {CALENDAR} --milestone answer-school"
    )
    for day in ("2025-06-16", "2025-06-23"):
        tick(office.database, noon(day))
    due = letter_items(office, "clerk", "deadline", "2025-06-23")
    assert f"thidua movement review {EDUCATION.code} th-mau-1 --text …" in {item.command for item in due}
    more_time(office)
    (granted, *_) = letter_items(office, "clerk-2", "extension", "2025-02-19")
    assert (granted.path, granted.command) == (page, launch)


def test_the_years_report_counts_and_names_what_movements_asked_for(office: Office) -> None:
    cascade(office)
    more_time(office)
    ended = office.call("office-head", "2025-03-10")
    end_movement(office.database, EDUCATION.code, "Chuyển đợt mới", ended)
    with office.database.read() as connection:
        found = {one["milestone"]: one for one in milestones(connection) if one["calendar"] == CALENDAR}
        names = read_names(connection, "vi")
    assert sorted(found) == ["answer-school", "review-school"], "nothing of kinds that were not asked"
    assert (found["answer-school"]["fulfilled"], found["answer-school"]["extended"]) == (1, ["2025-03-05"])
    named = names.milestones[CALENDAR, "answer-school"]
    # The theme is the calendar's name, once for all plans of the cascade; the milestone says who asks.
    assert "Đơn vị pgd" in named.label and named.of_schools
    assert names.calendars[CALENDAR] == EDUCATION.theme


def test_the_history_names_movements_and_exemplars(office: Office) -> None:
    cascade(office)
    found = Finding("th-mau-1", "teacher", "Dạy học", DAY("2025-02-01"))
    find_exemplar(office.database, None, found, office.call("clerk", "2025-02-05"))
    with office.database.read() as connection:
        movement = explore(connection, Wanted(kind="movement", name=SCHOOL.code), "vi").entries
        exemplar = explore(connection, Wanted(kind="exemplar", name="1"), "vi").entries
        unknown = explore(connection, Wanted(kind="movement", name="khong-co"), "vi")
        named = subjects_named(connection, ["movement:4", "exemplar:1"], "vi")
    assert [(e["event"], e["name"], e["called"]) for e in movement] == [
        ("answer_movement", SCHOOL.code, SCHOOL.code)
    ]
    assert [(e["event"], e["name"]) for e in exemplar] == [("find_exemplar", "1")]
    assert not unknown.known
    assert named == {"movement:4": SCHOOL.code, "exemplar:1": "điển hình số 1 của th-mau-1"}


def test_what_nobody_was_asked_is_in_no_feed(office: Office) -> None:
    cascade(office)
    with office.database.write() as connection:
        # A row of a movement that is not there asks for nothing.
        row = {
            "unit_id": office.units["th-mau-2"],
            "calendar": "movement-nothing",
            "milestone": "answer-school",
        }
        connection.execute(insert(Obligation.__table__), row)
    assert len(events(office, "clerk-2")) == 2
