"""A calendar is looked at beside what a home has published, and a faulty one is not published."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from casework.calendar_check import look_at, surroundings_of
from casework.call import Call
from casework.publish import publish
from casework.regulations import Unsound, days_off, published
from kit.database import Database
from rehearsal.load_sample import START, load_sample
from rehearsal.sample_surroundings import sample_surroundings
from rules.working_days import DaysOff
from tests.build import Office

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = (ROOT / "regulations" / "calendars" / "2024-2025.yaml").read_bytes()
# Without what the small office cannot meet: the procedure of blocs' prizes is not published there.
CALENDAR = PUBLISHED.replace(b"[three-tier-2024, bloc-prize-2024]", b"[three-tier-2024]")
HOLIDAYS = (ROOT / "regulations" / "holidays" / "2025.yaml").read_bytes()


def test_the_sample_in_a_home_is_the_sample_in_its_files(database: Database) -> None:
    load_sample(database, Call(None, START, "sample/load", "test"))
    with database.read() as connection:
        found = surroundings_of(connection)
        of_home = look_at(CALENDAR, found)
    files = sample_surroundings()
    assert (found.kinds, found.links) == (files.kinds, files.links)
    assert (found.off, found.holiday_years) == (files.off, files.holiday_years)
    assert set(found.others) == set(files.others)
    assert set(found.procedures) == set(files.procedures)
    assert of_home == look_at(CALENDAR, files)


def test_the_days_off_are_those_of_the_newest_version_of_each_year(office: Office) -> None:
    def off() -> DaysOff:
        with office.database.read() as connection:
            return days_off(connection)

    assert off() == DaysOff()
    publish(office.database, "holidays", HOLIDAYS, office.call("admin"))
    tet, swapped = date(2025, 1, 31), date(2025, 4, 26)
    assert off().is_off(tet) and not off().is_off(swapped)
    # Read once: the same hashes are the same value.
    assert off() is off()
    newer = HOLIDAYS.split(b"worked:")[0].replace(b"2025-05-02", b"2025-05-05")
    publish(office.database, "holidays", newer, office.call("admin"))
    assert off().is_off(date(2025, 5, 5)) and not off().is_off(date(2025, 5, 2)) and off().is_off(swapped)
    with office.database.read() as connection:
        assert [name for name, _ in published(connection, "holidays")] == ["2025"]


def test_a_file_of_holidays_with_a_fault_is_not_published(office: Office) -> None:
    with pytest.raises(Unsound) as unsound:
        publish(office.database, "holidays", b"holidays: 2025\n", office.call("admin"))
    assert {fault.code for fault in unsound.value.faults} >= {"missing_key"}
    with office.database.read() as connection:
        assert published(connection, "holidays") == ()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"calendar: 2024-2025\n", b"calendar: 2024-2025-moi\n", "another_calendar_serves"),
        (b"    last_day: 2025-05-31", b"    last_day: 2025-07-04", "ends_before_earlier_ends"),
        (b"  portal-filing:", b"  portal:", "step_without_window"),
        (b"    own_dates: bloc\n    remind: {count: calendar_days, days: [-14, -7, -3, -1, 0, 1, 3]}\n"
         b"    escalate: {after: 5, count: working_days, to: {unit: education_office, duty: [office_head]}}\n"
         b"    unmet: red\n    extends: {unit: education_office, duty: [office_head, appraiser]}\n"
         b"    source_phrase: \"Th\xc3\xa1ng 01",
         b"    own_dates: culture_society_office\n    unmet: red\n    source_phrase: \"Th\xc3\xa1ng 01",
         "own_dates_off_the_way"),
    ],
)  # fmt: skip
def test_a_calendar_with_a_fault_is_refused_and_nothing_is_stored(
    office: Office, old: bytes, new: bytes, code: str
) -> None:
    assert CALENDAR.count(old) == 1
    with office.database.read() as connection:
        before = published(connection, "calendar")
    with pytest.raises(Unsound) as unsound:
        publish(office.database, "calendar", CALENDAR.replace(old, new), office.call("admin"))
    assert code in {fault.code for fault in unsound.value.faults}
    with office.database.read() as connection:
        assert published(connection, "calendar") == before


def test_a_calendar_with_warnings_alone_is_published(office: Office) -> None:
    text = CALENDAR.replace(b"    last_day: 2025-06-30", b"    last_day: 2025-06-29")
    assert publish(office.database, "calendar", text, office.call("admin")).new


def test_the_bytes_that_were_published_before_are_not_looked_at_again(office: Office) -> None:
    assert not publish(office.database, "calendar", PUBLISHED, office.call("admin")).new
