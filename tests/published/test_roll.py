"""The next year's calendar, proposed from this year's."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.calendar_check import look_at
from notifications.words import say
from published.calendar import Calendar, read_calendar
from published.lint.surroundings import OtherCalendar
from published.roll import Proposal, later_by, propose, years_between
from rehearsal.sample_surroundings import sample_surroundings

ROOT = Path(__file__).parents[2]
NAMES = ("2024-2025", "2024-2025-two-tier", "2025-2026", "2026-2027")


def read(text: str | bytes) -> Calendar:
    calendar, faults = read_calendar(text)
    assert faults == []
    assert calendar is not None
    return calendar


def published(name: str) -> Calendar:
    return read((ROOT / "regulations" / "calendars" / f"{name}.yaml").read_bytes())


def rolled(name: str, years: int = 1, lang: str = "vi", **beside: Any) -> Proposal:
    calendar = published(name)
    first = int(calendar.school_year[:4]) + years
    around = replace(sample_surroundings(), **beside)
    return propose(
        calendar,
        f"{first}-{first + 1}",
        around,
        lambda code, params: say(f"roll.{code}", params, lang),
    )


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("years", [1, 3])
@pytest.mark.parametrize("name", NAMES)
def test_a_proposal_passes_the_check_without_a_fault(name: str, years: int, lang: str):
    proposal = rolled(name, years, lang)
    faults, findings = look_at(proposal.text.encode("utf-8"), sample_surroundings())
    assert faults == ()
    assert "fault" not in {finding.grade for finding in findings}


@pytest.mark.parametrize("name", NAMES)
def test_everything_but_days_and_sources_is_taken_over(name: str):
    before, after = published(name), read(rolled(name).text)
    assert list(before.milestones) == list(after.milestones)
    for one, other in zip(before.milestones.values(), after.milestones.values(), strict=True):
        days = replace(one.milestone, opens=other.milestone.opens, last_day=other.milestone.last_day)
        assert replace(one, milestone=days, source_phrase="", line=other.line, lines=other.lines) == other
        assert other.milestone.opens == later_by(one.milestone.opens, 1)
        assert other.milestone.last_day == later_by(one.milestone.last_day, 1)
    assert (before.procedures, before.zone) == (after.procedures, after.zone)


def test_the_source_and_the_mark_of_being_verified_are_not_taken_over():
    after = read(rolled("2024-2025").text)
    assert not after.verified
    assert after.dated is None
    assert "26/KH-PGDĐT" not in after.source
    assert "2024-2025" in after.source
    assert after.title["vi"] == "Lịch thi đua, khen thưởng năm học 2025-2026"


def test_actors_that_no_longer_exist_are_named_with_who_succeeds_them():
    proposal = rolled("2024-2025")
    gone = {
        (r.params["kind"], r.params["successor"]) for r in proposal.remarks if r.code == "actor_succeeded"
    }
    assert gone == {
        ("education_office", "culture_society_office"),
        ("interior_office", "culture_society_office"),
    }
    owed = re.search(r"(?m)^ +#.*\n +owed_by: interior_office$", proposal.text)
    assert owed is not None
    assert "Phòng Văn hóa - Xã hội (culture_society_office)" in owed[0]


def test_an_actor_without_a_known_successor_is_named_all_the_same():
    codes = {r.code for r in rolled("2024-2025", successors={}).remarks}
    assert "actor_ended" in codes
    assert "actor_succeeded" not in codes


def test_a_procedure_that_is_no_longer_in_force_is_named():
    remarks = [r.params for r in rolled("2024-2025").remarks if r.code == "procedure_ended"]
    assert remarks == [
        {"procedure": name, "until": "2025-06-30"}
        for name in ("three-tier-2024", "bloc-prize-2024", "initiative-2024")
    ]
    assert [r for r in rolled("2025-2026").remarks if r.code == "procedure_ended"] == []


def test_an_end_on_a_day_off_is_kept_and_noted():
    proposal = rolled("2024-2025")
    noted = {r.milestone: r.params["last_day"] for r in proposal.remarks if r.code == "end_on_day_off"}
    assert noted == {
        "midyear-review": "2026-01-31",
        "initiative-appraisal": "2026-02-28",
        "bloc-scoring": "2026-05-31",
    }
    after = read(proposal.text)
    for milestone, day in noted.items():
        assert after.milestones[milestone].milestone.last_day.isoformat() == day
    assert "# Ngày nghỉ: thứ Bảy 31/01/2026." in proposal.text


def test_a_calendar_that_serves_the_procedure_in_that_year_gets_a_new_version():
    assert rolled("2024-2025-two-tier").name == "2025-2026"
    assert rolled("2025-2026").name == "2026-2027"


def test_a_proposal_never_takes_the_name_of_a_calendar_for_other_procedures():
    assert rolled("2024-2025").name == "2025-2026-three-tier-2024"
    assert rolled("2024-2025", others=()).name == "2025-2026"
    elsewhere = OtherCalendar("2027-2028", "2027-2028", ("sudden-2024",))
    assert rolled("2026-2027", others=(elsewhere,)).name == "2027-2028-two-tier-2025"


@pytest.mark.parametrize(
    ("day", "years", "there"),
    [
        (date(2024, 2, 29), 1, date(2025, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
        (date(2025, 2, 28), 3, date(2028, 2, 29)),
        (date(2027, 2, 28), 1, date(2028, 2, 29)),
        (date(2024, 10, 30), 1, date(2025, 10, 30)),
        (date(2024, 12, 31), 1, date(2025, 12, 31)),
        (date(2024, 9, 1), 2, date(2026, 9, 1)),
    ],
)
def test_the_end_of_a_month_stays_the_end_of_a_month(day: date, years: int, there: date):
    assert later_by(day, years) == there


@given(st.dates(date(2024, 1, 1), date(2060, 12, 31)), st.integers(1, 30))
def test_a_day_keeps_its_month_and_a_whole_month_stays_whole(day: date, years: int):
    there = later_by(day, years)
    assert (there.year, there.month) == (day.year + years, day.month)
    assert there.day == day.day or {day.month} == {2}
    assert later_by(day.replace(day=1), years) == there.replace(day=1)


def test_years_are_counted_between_school_years():
    assert years_between("2024-2025", "2026-2027") == 2
    assert years_between("2024-2025", "2024-2025") == 0
