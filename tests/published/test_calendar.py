"""Calendars: the published ones say what the plans say, and a faulty one is refused with its lines."""

from __future__ import annotations

import csv
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from kit.strict_yaml import Fault
from published.calendar import Calendar, read_calendar
from published.milestone import Holders
from rules.reminders import Escalation, Ladder
from rules.windows import Milestone
from states.procedure import read_procedure
from states.vocabulary import UNIT_KINDS

ROOT = Path(__file__).parents[2]
CALENDARS = sorted((ROOT / "regulations" / "calendars").glob("*.yaml"))
ORDER = (
    "covenant",
    "bloc-scoring",
    "dossier-completion",
    "preliminary-appraisal",
    "portal-filing",
    "local-decision",
    "higher-submission",
)

SMALL = """\
calendar: 2024-2025
title: {vi: Lịch, en: Calendar}
school_year: 2024-2025
procedures: [three-tier-2024]
zone: Asia/Ho_Chi_Minh
source: a plan
verified: true
milestones:
  dossier-completion:
    label: {vi: Hoàn thiện hồ sơ, en: Dossiers completed}
    owed_by: school
    actor: {vi: Các trường, en: The schools}
    due: {vi: hồ sơ, en: dossiers}
    opens: 2025-06-01
    last_day: 2025-06-30
    extends: {unit: education_office, duty: [office_head, appraiser]}
    grace_minutes: 30
    source_phrase: "Tháng 6/2025"
"""


def published(name: str) -> Calendar:
    calendar, faults = read_calendar((ROOT / "regulations" / "calendars" / f"{name}.yaml").read_bytes())
    assert faults == []
    assert calendar is not None
    return calendar


def faults_of(old: str, new: str) -> list[Fault]:
    """The faults of SMALL after one change, which must be a change."""
    assert SMALL.count(old) == 1
    return read_calendar(SMALL.replace(old, new))[1]


FOLLOWS = """\
    duty: [clerk, principal]
    met_by: [steps, fulfil]
    on_day_off: previous_working_day
    announce_opening: true
    own_dates: bloc
    remind: {count: working_days, days: [-7, -1, 0, 3]}
    escalate: {after: 5, count: calendar_days, to: {unit: education_office, duty: [office_head]}}
    unmet: lapse
    warn_from: -1
"""


def test_what_follows_from_a_milestone_is_read_as_it_is_written():
    text = SMALL.replace("zone:", "dated: 2024-10-15\nzone:") + FOLLOWS
    calendar, faults = read_calendar(text)
    assert faults == []
    assert calendar is not None
    assert calendar.dated == date(2024, 10, 15)
    assert text.splitlines()[calendar.line_of("dated") - 1] == "dated: 2024-10-15"
    found = calendar.milestones["dossier-completion"]
    assert (found.duties, found.met_by) == (("clerk", "principal"), ("steps", "fulfil"))
    assert (found.on_day_off, found.announced, found.own_dates) == ("previous_working_day", True, "bloc")
    assert found.ladder == Ladder((-7, -1, 0, 3), "working_days")
    assert found.escalation == Escalation(5, "calendar_days")
    assert found.escalates_to == Holders("education_office", ("office_head",))
    assert (found.unmet, found.warn_from) == ("lapse", -1)
    assert text.splitlines()[found.line_of("escalate") - 1].strip().startswith("escalate:")
    assert found.line_of("nothing") == found.line


def test_each_published_milestone_says_how_it_is_met_and_what_follows():
    by_steps = {"preliminary-appraisal", "portal-filing", "local-decision", "higher-submission"}
    for calendar in (published(file.stem) for file in CALENDARS):
        for name, found in calendar.milestones.items():
            steps, fulfil = ("steps",), ("fulfil",)
            expected = steps if name in by_steps else fulfil
            if name in ("dossier-completion", "initiative-list"):
                expected = (*steps, *fulfil)
            assert found.met_by == (steps if calendar.name == "2024-2025-two-tier" else expected)
            assert found.duties and found.ladder.days and "unmet" in found.lines
            # What lapses is a dossier in its school's hands, before it is handed in or after it was returned.
            by_school = {"covenant", "bloc-scoring", "dossier-completion", "portal-filing"}
            returned = {"preliminary-appraisal", "local-decision"}
            assert (found.unmet == "lapse") is (name in by_school | returned)


def test_a_calendar_is_read_as_it_is_written():
    calendar, faults = read_calendar(SMALL, "abc")
    assert faults == []
    assert calendar is not None
    assert (calendar.name, calendar.school_year, calendar.procedures) == (
        "2024-2025",
        "2024-2025",
        ("three-tier-2024",),
    )
    assert (calendar.zone, calendar.source, calendar.verified, calendar.sha256) == (
        "Asia/Ho_Chi_Minh",
        "a plan",
        True,
        "abc",
    )
    found = calendar.milestones["dossier-completion"]
    assert found.milestone == Milestone(
        "dossier-completion", "school", date(2025, 6, 1), date(2025, 6, 30), 30
    )
    assert (found.owed_by, found.grace_minutes) == ("school", 30)
    assert found.extends == Holders("education_office", ("office_head", "appraiser"))
    assert (found.label["vi"], found.actor["en"], found.due["en"]) == (
        "Hoàn thiện hồ sơ",
        "The schools",
        "dossiers",
    )
    assert (found.source_phrase, found.line) == ("Tháng 6/2025", 9)


def test_the_calendar_of_2024_2025_is_the_table_of_the_plan_row_by_row():
    calendar = published("2024-2025")
    with (ROOT / "data" / "sample" / "calendar-2024-2025.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 11
    assert list(calendar.milestones) == [row["id"] for row in rows]
    for row in rows:
        found = calendar.milestones[row["id"]]
        assert found.owed_by == row["actor"]
        assert found.due["en"] == row["due"]
        assert found.milestone.opens.isoformat() == row["opens"]
        assert found.milestone.last_day.isoformat() == row["last_day"]
        assert found.source_phrase == row["source_phrase"]


def test_the_one_printed_day_of_the_plan_is_kept_and_not_rounded_to_the_month():
    assert published("2024-2025").milestones["covenant"].milestone.last_day == date(2024, 10, 30)


def test_the_assumed_calendar_of_the_communes_says_that_it_is_one():
    calendar = published("2024-2025-two-tier")
    assert not calendar.verified
    assert calendar.school_year == "2024-2025"
    assert calendar.procedures == ("two-tier-2025", "bloc-prize-2025")
    assert min(m.milestone.opens for m in calendar.milestones.values()) == date(2025, 7, 1)


@pytest.mark.parametrize("name", [file.stem for file in CALENDARS])
def test_a_dossier_can_pass_the_windows_in_the_order_of_the_procedure(name: str):
    windows = [published(name).milestones[step].milestone for step in ORDER]
    for before, after in pairwise(windows):
        assert before.opens <= after.opens
        assert before.last_day <= after.last_day
    # Nobody has to wait for a window that opens only after the next one has closed.
    day = date.min
    for window in windows:
        day = max(day, window.opens)
        assert day <= window.last_day


@pytest.mark.parametrize("name", [file.stem for file in CALENDARS])
def test_nobody_extends_their_own_term(name: str):
    for found in published(name).milestones.values():
        assert found.extends is not None
        assert found.extends.unit != found.owed_by


@pytest.mark.parametrize("file", CALENDARS, ids=lambda file: file.stem)
def test_a_calendar_has_every_milestone_of_the_procedures_that_it_serves(file: Path):
    calendar = published(file.stem)
    assert calendar.name == file.stem
    for name in calendar.procedures:
        text = (ROOT / "regulations" / "procedures" / f"{name}.yaml").read_bytes()
        procedure, _ = read_procedure(text)
        assert procedure is not None
        assert procedure.name == name
        assert set(procedure.milestones) <= set(calendar.milestones)


def test_a_procedure_and_a_school_year_have_one_calendar():
    pairs = [(p, c.school_year) for c in (published(f.stem) for f in CALENDARS) for p in c.procedures]
    assert len(pairs) == len(set(pairs))


def test_every_kind_of_office_of_the_sample_can_be_named():
    with (ROOT / "data" / "sample" / "units.csv").open(encoding="utf-8", newline="") as file:
        kinds = {row["kind"] for row in csv.DictReader(file) if not row["name"].startswith("Trường")}
    assert kinds
    assert kinds <= set(UNIT_KINDS)


@pytest.mark.parametrize(
    ("old", "new", "line", "code"),
    [
        ("source: a plan", "source: a plan\nremark: x", 7, "unknown_key"),
        ("source: a plan\n", "", 1, "missing_key"),
        ("source: a plan", "source: ' '", 6, "not_a_text"),
        ("calendar: 2024-2025", "calendar: Năm học này", 1, "name_unusable"),
        ("{vi: Lịch, en: Calendar}", "{vi: Lịch}", 2, "label_incomplete"),
        ("school_year: 2024-2025", "school_year: 2024-2026", 3, "school_year_not_in_a_row"),
        ("school_year: 2024-2025", "school_year: 2025-2024", 3, "school_year_not_in_a_row"),
        ("school_year: 2024-2025", "school_year: 2024/2025", 3, "school_year_malformed"),
        ("school_year: 2024-2025", "school_year: 2024", 3, "not_a_text"),
        ("[three-tier-2024]", "[]", 4, "calendar_serves_nothing"),
        ("[three-tier-2024]", "[three-tier-2024, three-tier-2024]", 4, "named_twice"),
        ("[three-tier-2024]", "[7]", 4, "not_a_text"),
        ("zone: Asia/Ho_Chi_Minh", "zone: Asia/Saigon-ish", 5, "unknown_zone"),
        ("verified: true", "verified: perhaps", 7, "not_yes_or_no"),
        ("verified: true", "verified:", 7, "not_yes_or_no"),
        ("  dossier-completion:\n", "  Dossier Completion:\n", 9, "name_unusable"),
        ("  dossier-completion:\n", f"  {'d' * 61}:\n", 9, "name_unusable"),
        ("owed_by: school", "owed_by: schol", 11, "unknown_unit_kind"),
        ("owed_by: school", "owed_by: school\n    ladder: [7]", 12, "unknown_key"),
        ("    owed_by: school\n", "", 10, "missing_key"),
        ("    opens: 2025-06-01\n", "", 10, "missing_key"),
        ("opens: 2025-06-01", "opens: 2025-02-30", 14, "date_does_not_exist"),
        ("opens: 2025-06-01", "opens: June", 14, "not_a_date"),
        ("opens: 2025-06-01", "opens:", 14, "not_a_date"),
        ("opens: 2025-06-01", "opens: 2025-07-01", 15, "ends_before_it_begins"),
        ("opens: 2025-06-01", "opens: 2024-06-30", 14, "outside_of_school_year"),
        ("last_day: 2025-06-30", "last_day: 2026-01-01", 15, "outside_of_school_year"),
        ("last_day: 2025-06-30", "last_day: 2025-06-31", 15, "date_does_not_exist"),
        ("extends: {unit: education_office,", "extends: {unit: nobody,", 16, "unknown_unit_kind"),
        ("[office_head, appraiser]", "[head]", 16, "unknown_duty"),
        ("[office_head, appraiser]", "[]", 16, "extends_without_duty"),
        (
            "extends: {unit: education_office, duty: [office_head, appraiser]}",
            "extends: me",
            16,
            "not_a_mapping",
        ),
        ("unit: education_office, ", "", 16, "missing_key"),
        ("grace_minutes: 30", "grace_minutes: -1", 17, "grace_unusable"),
        ("grace_minutes: 30", "grace_minutes: 1441", 17, "grace_unusable"),
        ("grace_minutes: 30", "grace_minutes: true", 17, "grace_unusable"),
        ("grace_minutes: 30", "grace_minutes: half an hour", 17, "grace_unusable"),
        ('source_phrase: "Tháng 6/2025"', "source_phrase:", 18, "not_a_text"),
        ("verified: true", "verified: &a true", 7, "yaml_alias"),
    ],
)
def test_a_planted_fault_is_found_on_its_line_and_nothing_else_is(old: str, new: str, line: int, code: str):
    assert [(f.line, f.code) for f in faults_of(old, new)] == [(line, code)]


def test_a_milestone_written_twice_is_a_fault_on_the_second():
    body = SMALL[SMALL.index("  dossier-completion:") :]
    calendar, faults = read_calendar(SMALL + body)
    assert [(f.line, f.code, f.params) for f in faults] == [
        (19, "duplicate_key", {"key": "dossier-completion"})
    ]
    assert calendar is not None


def test_every_fault_is_reported_at_once():
    text = SMALL.replace("2025-06-01", "2025-02-30").replace("owed_by: school", "owed_by: schol")
    text = text.replace("zone: Asia/Ho_Chi_Minh", "zone: UTC")
    assert {(f.line, f.code) for f in read_calendar(text)[1]} == {
        (5, "unknown_zone"),
        (11, "unknown_unit_kind"),
        (14, "date_does_not_exist"),
    }


def test_a_milestone_whose_extender_is_not_named_is_final():
    calendar, faults = read_calendar(
        SMALL.replace("    extends: {unit: education_office, duty: [office_head, appraiser]}\n", "")
    )
    assert faults == []
    assert calendar is not None
    assert calendar.milestones["dossier-completion"].extends is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "yaml_empty"),
        (b"\xff\xfe", "yaml_not_utf8"),
        ("- a\n- b\n", "not_a_mapping"),
        ("calendar: [", "yaml_unreadable"),
        (SMALL[: SMALL.index("  dossier-completion:")], "not_a_mapping"),
        (SMALL[: SMALL.index("milestones:")] + "milestones: {}\n", "no_milestone"),
        (SMALL[: SMALL.index("milestones:")] + "milestones: {covenant: soon}\n", "not_a_mapping"),
        (SMALL[: SMALL.index("milestones:")], "missing_key"),
    ],
)
def test_what_is_no_calendar_gives_faults_and_no_calendar(text: str | bytes, code: str):
    calendar, faults = read_calendar(text)
    assert calendar is None
    assert [f.code for f in faults] == [code]
