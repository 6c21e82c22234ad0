"""Looking ahead: the preview says what the ticks will do, a new version says what it changes, a feed follows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from icalendar import Calendar as Feed

from casework.extend_window import extend_window
from casework.open_year import open_year
from casework.preview import effect_of, preview
from casework.views.feed import feed_of
from casework.views.obligations import list_obligations
from published.calendar import Calendar, read_calendar
from tests.build import Office
from tests.calendar.plans import ABOVE, LADDER, at, plan, publish_plan, tick_on, told

COVENANT = {
    "met_by": ["fulfil"],
    "duty": ["bloc_head", "bloc_deputy"],
    "remind": LADDER,
    "escalate": ABOVE,
    "announce_opening": True,
}
JUNE = {"remind": LADDER, "unmet": "lapse", "warn_from": -1, "duty": ["clerk", "principal"]}


@pytest.fixture
def year(office: Office) -> Office:
    publish_plan(office, covenant=COVENANT, dossier_completion=JUNE)
    return office


def proposed(**milestones: dict[str, Any]) -> Calendar:
    calendar, faults = read_calendar(plan(**milestones))
    assert calendar is not None and not faults
    return calendar


def ahead(office: Office, moment: str, **options: Any) -> list[tuple[str, str, str, int]]:
    with office.database.read() as connection:
        rows = preview(connection, at(moment), "vi", **options)
    return [(row["day"], row["person"]["code"], row["kind"], row["rung"]) for row in rows]


def test_the_preview_is_what_the_ticks_then_do(year: Office) -> None:
    # Before the obligations are written, and of dossiers where they stand.
    year.dossier_at("ready")
    foreseen = ahead(year, "2025-06-14")
    open_year(year.database, at("2024-08-03"))
    done = []
    day = date(2025, 6, 14)
    while day <= date(2025, 8, 31):
        report = tick_on(year, day.isoformat())
        done += [(day.isoformat(), *row) for row in told(year, report)]
        day = date.fromordinal(day.toordinal() + 1)
    # The covenant's overdue reminders lie in the past and are told at once by the first tick, not foreseen by day.
    done = [row for row in done if row[0] != "2025-06-14"]
    # A dossier lapses with its window; what would come after it does not.
    assert done == [row for row in sorted(foreseen) if row[0] <= "2025-06-30"]


def test_a_draft_of_a_calendar_is_foreseen_before_it_is_published(year: Office) -> None:
    draft = proposed(covenant=COVENANT | {"last_day": date(2024, 10, 20), "remind": LADDER | {"days": [0]}})
    rows = ahead(year, "2024-10-01", proposed=draft)
    assert ("2024-10-20", "bloc-head", "deadline", 0) in rows
    assert ("2024-10-30", "bloc-head", "deadline", 0) not in rows


def test_a_new_version_says_what_it_moves_before_it_is_published(year: Office) -> None:
    code = year.dossier_at("ready")
    open_year(year.database, at("2024-08-03"))
    draft = proposed(covenant=COVENANT, dossier_completion=JUNE | {"last_day": date(2025, 6, 20)})
    with year.database.read() as connection:
        rows = effect_of(connection, at("2025-06-22"), "vi", draft)
    assert [(r["dossier"], r["before"], r["after"], r["late_now"], r["late_then"]) for r in rows] == [
        (code, "2025-06-30", "2025-06-20", False, True)
    ]


def test_obligations_are_listed_by_what_they_stand_at(year: Office) -> None:
    code = year.dossier_at("ready")
    open_year(year.database, at("2024-08-03"))
    with year.database.read() as connection:
        rows = [
            row
            for row in list_obligations(connection, at("2025-06-22"), "vi")
            if row["milestone"] in ("covenant", "dossier-completion")
        ]
    assert [(r["milestone"], r["unit"]["code"], r["standing"], r["days_left"], r["codes"]) for r in rows] == [
        ("covenant", "khoi", "late", -235, []),
        ("dossier-completion", "th-mau-1", "open", 8, [code]),
    ]


def test_a_feed_keeps_its_events_and_moves_them_with_an_extension(year: Office) -> None:
    def events() -> dict[str, Any]:
        with year.database.read() as connection:
            feed = Feed.from_ical(feed_of(connection, "bloc-head", at("2024-10-01"), "vi"))
        return {str(event["uid"]): event for event in feed.walk("VEVENT")}

    before = events()["2024-2025.covenant.khoi@thidua"]
    call = year.call("office-head", "2024-10-20")
    extend_window(year.database, "khoi", "2024-2025", "covenant", date(2024, 11, 6), "Bão", call)
    after = events()["2024-2025.covenant.khoi@thidua"]
    assert before["dtstart"].dt == date(2024, 10, 30)
    assert after["dtstart"].dt == date(2024, 11, 6)
    assert int(after["sequence"]) == int(before["sequence"]) + 1
    assert "gia hạn" in str(after["description"])
