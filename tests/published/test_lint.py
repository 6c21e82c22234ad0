"""The linter finds each planted fault and nothing else, and of the real calendars exactly what is known of them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from casework.calendar_check import look_at
from published.lint.findings import GRADES, Finding
from published.lint.surroundings import Link, OtherCalendar, Span, Surroundings
from rehearsal.sample_surroundings import sample_surroundings
from states.procedure import read_procedure

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
SOUND = (HERE / "sound_calendar.yaml").read_text(encoding="utf-8")
OPEN = Span()
KINDS = ("school", "bloc", "people_committee", "education_office", "interior_office", "province_committee")
LINKS = (
    ("school", "bloc", "bloc"),
    ("school", "people_committee", "authority"),
    ("bloc", "people_committee", "authority"),
    ("education_office", "people_committee", "authority"),
    ("interior_office", "people_committee", "authority"),
    ("people_committee", "province_committee", "authority"),
)


@cache
def around() -> Surroundings:
    """One procedure, its kinds of unit without an end, and the real days off."""
    procedures = sample_surroundings().procedures
    return Surroundings(
        procedures={"three-tier-2024": procedures["three-tier-2024"]},
        off=sample_surroundings().off,
        holiday_years=frozenset({2024, 2025}),
        kinds={kind: frozenset({OPEN}) for kind in KINDS},
        links=frozenset(Link(kind, under, relation, OPEN) for kind, under, relation in LINKS),
    )


def findings_of(text: str, beside: Surroundings | None = None) -> tuple[Finding, ...]:
    faults, findings = look_at(text.encode("utf-8"), beside or around())
    assert faults == ()
    return findings


def changed(milestone: str | None, old: str, new: str) -> str:
    """The sound calendar after one change within one milestone, or in its head; the change must be one."""
    if milestone is None:
        head, rest = SOUND.split("milestones:\n")
        assert head.count(old) == 1
        return f"{head.replace(old, new)}milestones:\n{rest}"
    block = re.search(rf"(?ms)^  {milestone}:\n.*?(?=^  [a-z]|\Z)", SOUND)
    assert block is not None
    assert block[0].count(old) == 1
    return SOUND.replace(block[0], block[0].replace(old, new))


def told(findings: tuple[Finding, ...]) -> list[tuple[str, str | None]]:
    """(code, the milestone that it is about) of each."""
    return [(f.code, f.params.get("milestone")) for f in findings]


def test_nothing_is_found_in_the_sound_calendar():
    assert findings_of(SOUND) == ()


LATE = "last_day: 2025-06-30"
REMIND = "remind: {count: calendar_days, days: [-7, -1, 0, 1]}"
COMPLETION, APPRAISAL, FILING = "dossier-completion", "preliminary-appraisal", "portal-filing"

# (milestone, what is written, what is written instead) → exactly what is found, each (code, milestone).
PLANTED: list[tuple[str | None, str, str, list[tuple[str, str | None]]]] = [
    # the file as a whole
    (None, "dated: 2024-08-20", "dated: 2024-09-05", [("dated_after_opening", "covenant")]),
    (None, "dated: 2024-08-20", "dated: 2025-01-15", [("dated_after_opening", "covenant")]),
    (None, "[three-tier-2024]", "[three-tier-2024, nine-tier]", [("serves_unknown_procedure", None)]),
    # the order of the way
    (APPRAISAL, LATE, "last_day: 2025-06-12", [("ends_before_earlier_ends", APPRAISAL)]),
    (
        FILING,
        "last_day: 2025-07-15",
        "last_day: 2025-08-08",
        [("ends_before_earlier_ends", "local-decision")],
    ),
    (
        "bloc-scoring",
        "last_day: 2025-05-30",
        "last_day: 2025-06-18",
        [("ends_before_earlier_ends", COMPLETION)],
    ),
    (
        "higher-submission",
        "last_day: 2025-08-15",
        "last_day: 2025-07-30",
        [("ends_before_earlier_ends", "higher-submission")],
    ),
    (
        "covenant",
        "last_day: 2024-10-30",
        "last_day: 2025-06-05",
        [("ends_before_earlier_ends", "bloc-scoring")],
    ),
    (
        COMPLETION,
        "opens: 2025-06-02\n    last_day: 2025-06-13",
        "opens: 2025-07-02\n    last_day: 2025-07-10",
        [("ends_before_earlier_opens", APPRAISAL)],
    ),
    (
        "bloc-scoring",
        "opens: 2025-05-05\n    last_day: 2025-05-30",
        "opens: 2025-06-16\n    last_day: 2025-06-27",
        [("ends_before_earlier_opens", COMPLETION)],
    ),
    (
        COMPLETION,
        "opens: 2025-06-02\n    last_day: 2025-06-13",
        "opens: 2025-06-30\n    last_day: 2025-07-10",
        [("ends_before_earlier_ends", APPRAISAL)],
    ),
    (
        APPRAISAL,
        "opens: 2025-06-02\n    last_day: 2025-06-30",
        "opens: 2025-05-05\n    last_day: 2025-05-29",
        [("ends_before_earlier_opens", APPRAISAL)],
    ),
    (APPRAISAL, LATE, "last_day: 2025-06-13", [("window_shared", None)]),
    ("local-decision", "last_day: 2025-07-31", "last_day: 2025-07-15", [("window_shared", None)]),
    (
        "higher-submission",
        "opens: 2025-07-16\n    last_day: 2025-08-15",
        "opens: 2025-07-01\n    last_day: 2025-07-31",
        [("window_shared", None)],
    ),
    (APPRAISAL, "grace_minutes: 0", "grace_minutes: 1", [("grace_into_next_opening", APPRAISAL)]),
    (APPRAISAL, "grace_minutes: 0", "grace_minutes: 1440", [("grace_into_next_opening", APPRAISAL)]),
    # single days
    ("covenant", "last_day: 2024-10-30", "last_day: 2024-11-02", [("ends_on_day_off", "covenant")]),
    (
        "initiative-list",
        "last_day: 2024-12-31",
        "last_day: 2025-01-01",
        [("ends_on_day_off", "initiative-list")],
    ),
    (
        "initiative-list",
        "last_day: 2024-12-31",
        "last_day: 2025-01-31",
        [("ends_on_day_off", "initiative-list")],
    ),
    ("bloc-scoring", "last_day: 2025-05-30", "last_day: 2025-06-01", [("ends_on_day_off", "bloc-scoring")]),
    (
        COMPLETION,
        "last_day: 2025-06-13\n    on_day_off: keep",
        "last_day: 2025-06-14\n    on_day_off: keep",
        [("ends_on_day_off", COMPLETION)],
    ),
    (
        COMPLETION,
        "last_day: 2025-06-13\n    on_day_off: keep",
        "last_day: 2025-06-14\n    on_day_off: next_working_day",
        [("end_moved", COMPLETION)],
    ),
    (
        "covenant",
        "last_day: 2024-10-30\n    on_day_off: keep",
        "last_day: 2024-11-03\n    on_day_off: previous_working_day",
        [("end_moved", "covenant")],
    ),
    ("covenant", "opens: 2024-09-04", "opens: 2024-09-03", [("opens_on_day_off", "covenant")]),
    ("bloc-scoring", "opens: 2025-05-05", "opens: 2025-05-02", [("opens_on_day_off", "bloc-scoring")]),
    (COMPLETION, "opens: 2025-06-02", "opens: 2025-06-01", [("opens_on_day_off", COMPLETION)]),
    # who owes
    (
        "initiative-list",
        "owed_by: school",
        "owed_by: culture_society_office",
        [("owed_by_nobody", "initiative-list"), ("ower_unknown", "initiative-list")],
    ),
    ("initiative-list", "duty: [clerk]\n    actor", "actor", [("fulfil_without_duty", "initiative-list")]),
    (COMPLETION, "duty: [clerk, principal]\n    actor", "actor", [("fulfil_without_duty", COMPLETION)]),
    ("local-decision", "duty: [reviewer]\n    actor", "actor", [("duty_missing", "local-decision")]),
    ("initiative-list", "met_by: [fulfil]", "met_by: [steps]", [("never_met", "initiative-list")]),
    ("initiative-list", "    met_by: [fulfil]\n", "", [("never_met", "initiative-list")]),
    (
        "covenant",
        "own_dates: bloc",
        "own_dates: culture_society_office",
        [("own_dates_off_the_way", "covenant")],
    ),
    (
        "covenant",
        "extends: {unit: education_office",
        "extends: {unit: bloc",
        [("extends_own_term", "covenant")],
    ),
    (FILING, "extends: {unit: education_office", "extends: {unit: school", [("extends_own_term", FILING)]),
    (
        APPRAISAL,
        "extends: {unit: people_committee",
        "extends: {unit: education_office",
        [("extends_own_term", APPRAISAL)],
    ),
    # what follows from missing it
    ("initiative-list", "unmet: red", "unmet: lapse", [("nothing_lapses", "initiative-list")]),
    ("higher-submission", "unmet: red", "unmet: lapse", [("nothing_lapses", "higher-submission")]),
    # reminders
    (COMPLETION, "[-7, -1, 0, 1]", "[-12, -1, 0, 1]", [("rung_before_opening", COMPLETION)]),
    (
        COMPLETION,
        REMIND,
        "remind: {count: working_days, days: [-10, -1, 0, 1]}",
        [("rung_before_opening", COMPLETION)],
    ),
    (FILING, "[-7, -1, 0]", "[-30, -1, 0]", [("rung_before_opening", FILING)]),
    (FILING, "[-7, -1, 0]", "[-7, -1, 0, 1]", [("rung_after_lapse", FILING)]),
    (
        COMPLETION,
        "[-7, -1, 0, 1]",
        "[-7, -1, 0, 18]",
        [("rung_after_next_end", COMPLETION), ("escalates_before_last_rung", COMPLETION)],
    ),
    ("bloc-scoring", "[-7, 0, 3]", "[-7, 0, 15]", [("rung_after_next_end", "bloc-scoring")]),
    ("initiative-list", "[-5, 0, 2]", "[1, 2]", [("rungs_all_after_end", "initiative-list")]),
    ("bloc-scoring", "[-7, 0, 3]", "[3]", [("rungs_all_after_end", "bloc-scoring")]),
    # escalation
    ("covenant", "after: 5", "after: 2", [("escalates_before_last_rung", "covenant")]),
    (APPRAISAL, "after: 5", "after: 1", [("escalates_before_last_rung", APPRAISAL)]),
    (
        APPRAISAL,
        "after: 5, count: working_days",
        "after: 1, count: calendar_days",
        [("escalates_before_last_rung", APPRAISAL)],
    ),
    (
        "covenant",
        "to: {unit: education_office",
        "to: {unit: culture_society_office",
        [("escalates_to_nobody", "covenant")],
    ),
    (APPRAISAL, "to: {unit: people_committee", "to: {unit: ministry", [("escalates_to_nobody", APPRAISAL)]),
    # extension
    (
        APPRAISAL,
        "extends: {unit: people_committee",
        "extends: {unit: ministry",
        [("extended_by_nobody", APPRAISAL)],
    ),
    (
        FILING,
        "unmet: lapse",
        "escalate: {after: 2, count: working_days, to: {unit: education_office, duty: [clerk]}}\n    unmet: lapse",
        [("escalates_after_lapse", FILING)],
    ),
]


@pytest.mark.parametrize(("milestone", "old", "new", "expected"), PLANTED)
def test_one_change_gives_exactly_what_it_is_wrong_with(
    milestone: str | None, old: str, new: str, expected: list[tuple[str, str | None]]
):
    assert sorted(told(findings_of(changed(milestone, old, new))), key=str) == sorted(expected, key=str)


def test_at_least_forty_faulty_calendars_are_planted():
    assert len(PLANTED) >= 40
    assert len({(m, o, n) for m, o, n, _ in PLANTED}) == len(PLANTED)


# Changes just short of a finding.
HARMLESS = [
    (None, "dated: 2024-08-20", "dated: 2024-09-04"),
    (None, "dated: 2024-08-20\n", ""),
    (APPRAISAL, "opens: 2025-06-02", "opens: 2025-06-03"),
    (APPRAISAL, LATE, "last_day: 2025-06-16"),
    (COMPLETION, "opens: 2025-06-02", "opens: 2025-06-06"),
    (COMPLETION, "[-7, -1, 0, 1]", "[-11, -1, 0, 1]"),
    (COMPLETION, "[-7, -1, 0, 1]", "[-7, -1, 0, 4]"),
    (FILING, "[-7, -1, 0]", "[-14, -1, 0]"),
    ("bloc-scoring", "[-7, 0, 3]", "[-7, 0, 14]"),
    ("covenant", "after: 5", "after: 3"),
    ("initiative-list", "[-5, 0, 2]", "[0, 2]"),
    ("initiative-list", "last_day: 2024-12-31", "last_day: 2025-01-02"),
    ("covenant", "own_dates: bloc", "own_dates: school"),
    ("covenant", "    own_dates: bloc\n", ""),
    ("higher-submission", "last_day: 2025-08-15", "last_day: 2025-07-31"),
]


@pytest.mark.parametrize(("milestone", "old", "new"), HARMLESS)
def test_what_is_just_in_order_gives_no_finding(milestone: str | None, old: str, new: str):
    assert findings_of(changed(milestone, old, new)) == ()


# What the reader refuses already: the file gives no calendar, and the linter is not asked.
UNREADABLE = [
    (COMPLETION, "last_day: 2025-06-13", "last_day: 2025-06-31", ["date_does_not_exist"]),
    (COMPLETION, "last_day: 2025-06-13", "last_day: 2025-05-30", ["ends_before_it_begins"]),
    (COMPLETION, "[-7, -1, 0, 1]", "[0, -7]", ["rungs_not_in_order"]),
    (COMPLETION, "[-7, -1, 0, 1]", "[]", ["rungs_missing"]),
    (COMPLETION, "[-7, -1, 0, 1]", "[-7, 365]", ["rung_unusable"]),
    (COMPLETION, "[-7, -1, 0, 1]", "[-7, true]", ["rung_unusable"]),
    (COMPLETION, "after: 2", "after: 0", ["escalation_unusable"]),
    (COMPLETION, "count: calendar_days, days", "count: weeks, days", ["unknown_count"]),
    (COMPLETION, "on_day_off: keep", "on_day_off: skip", ["unknown_shift"]),
    (COMPLETION, "met_by: [steps, fulfil]", "met_by: [letter]", ["unknown_way_to_meet"]),
    (COMPLETION, "unmet: lapse", "unmet: nothing", ["unknown_consequence"]),
    ("covenant", "unmet: lapse", "unmet: red", ["warning_of_nothing"]),
    ("covenant", "warn_from: 0", "warn_from: -1", ["warning_is_no_rung"]),
    ("covenant", "warn_from: 0", "warn_from: 3", ["warning_is_no_rung"]),
    (None, "dated: 2024-08-20", "dated: 2024-02-30", ["date_does_not_exist"]),
    (None, "dated: 2024-08-20", "dated: yesterday", ["not_a_date"]),
    (None, "dated: 2024-08-20", "dated:", ["not_a_date"]),
]


@pytest.mark.parametrize(("milestone", "old", "new", "codes"), UNREADABLE)
def test_what_cannot_be_read_is_a_fault_of_the_form(
    milestone: str | None, old: str, new: str, codes: list[str]
):
    faults, findings = look_at(changed(milestone, old, new).encode("utf-8"), around())
    assert [fault.code for fault in faults] == codes
    assert findings == ()


@pytest.mark.parametrize(
    "milestone",
    ["covenant", "bloc-scoring", COMPLETION, APPRAISAL, FILING, "local-decision", "higher-submission"],
)
def test_a_step_whose_milestone_is_not_in_the_calendar_never_opens(milestone: str):
    text = re.sub(rf"(?ms)^  {milestone}:\n.*?(?=^  [a-z]|\Z)", "", SOUND)
    found = findings_of(text)
    assert told(found) == [("step_without_window", milestone)]
    assert text.splitlines()[found[0].line - 1] == "milestones:"


def beside(**changes: object) -> Surroundings:
    return replace(around(), **changes)


def kinds(**changed: frozenset[Span]) -> dict[str, frozenset[Span]]:
    return {**around().kinds, **changed}


ENDED = frozenset({Span(None, date(2025, 6, 30))})
ABOLISHED = [("ower_abolished", "higher-submission")]
ELSEWHERE = OtherCalendar("commune", "2024-2025", ("three-tier-2024",))
LAST_YEARS = OtherCalendar("2023-2024", "2023-2024", ("three-tier-2024",))
ITSELF = OtherCalendar("2024-2025", "2024-2025", ("three-tier-2024",))
BROADER = OtherCalendar("2024-2025", "2024-2025", ("three-tier-2024", "two-tier-2025"))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"holiday_years": frozenset({2025})}, [("holidays_unknown", None)]),
        ({"holiday_years": frozenset()}, [("holidays_unknown", None)] * 2),
        ({"procedures": {}}, [("serves_unknown_procedure", None)]),
        ({"others": (ELSEWHERE,)}, [("another_calendar_serves", None)]),
        ({"others": (LAST_YEARS, ITSELF)}, []),
        ({"others": (BROADER,)}, [("takes_place_of_calendar", None)]),
        ({"kinds": {}}, []),
        ({"kinds": kinds(education_office=ENDED)}, ABOLISHED),
        ({"kinds": kinds(education_office=ENDED | {OPEN})}, []),
        ({"kinds": kinds(interior_office=ENDED)}, [("ower_abolished", "local-decision")]),
        (
            {"kinds": kinds(interior_office=frozenset({Span(date(2025, 8, 1), None)}))},
            [("ower_unknown", "local-decision")],
        ),
        (
            {"links": frozenset(link for link in around().links if link.kind != "bloc")},
            [
                ("escalates_to_nobody", "covenant"),
                ("extended_by_nobody", "bloc-scoring"),
                ("extended_by_nobody", "covenant"),
            ],
        ),
    ],
)
def test_what_is_beside_the_calendar_counts(
    changes: dict[str, object], expected: list[tuple[str, str | None]]
):
    assert sorted(told(findings_of(SOUND, beside(**changes)))) == sorted(expected)


def test_every_code_of_the_linter_is_found_in_some_planted_calendar():
    planted = {code for *_, expected in PLANTED for code, _ in expected}
    elsewhere = {"step_without_window", "holidays_unknown", "another_calendar_serves"}
    elsewhere |= {"takes_place_of_calendar", "ower_abolished"}
    assert planted | elsewhere == set(GRADES)


def test_a_finding_stands_on_the_line_of_what_it_is_about():
    text = changed("covenant", "last_day: 2024-10-30", "last_day: 2024-11-02")
    (found,) = findings_of(text)
    assert text.splitlines()[found.line - 1].strip() == "last_day: 2024-11-02"
    assert (found.grade, found.params) == ("warning", {"milestone": "covenant", "last_day": "2024-11-02"})


def test_a_grace_that_ends_before_the_next_window_opens_is_no_finding():
    # From Friday 30/05 24:00 to Monday 02/06 00:00 lie two days.
    assert findings_of(changed("bloc-scoring", "grace_minutes: 0", "grace_minutes: 1440")) == ()


def test_a_lapse_that_would_come_over_an_office_is_not_threatened_of_one():
    # A dossier that the office returned lies at its school: it can lapse there, though the office owes the milestone.
    assert findings_of(changed(APPRAISAL, "unmet: red", "unmet: lapse")) == ()


def expected_findings(name: str) -> list[str]:
    text = (HERE / f"findings-{name}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def as_lines(findings: tuple[Finding, ...]) -> list[str]:
    """One line each: grade, line of the file, code, and what it is about."""
    return [" ".join([f.grade, str(f.line), f.code, *_about(f)]) for f in findings]


def _about(finding: Finding) -> list[str]:
    values = (finding.params.get(key) for key in ("milestone", "milestones", "kind", "last_day", "opens"))
    return [",".join(v) if isinstance(v, list) else v for v in values if v is not None]


@pytest.mark.parametrize(
    "file", sorted((ROOT / "regulations" / "calendars").glob("*.yaml")), ids=lambda f: f.stem
)
def test_of_each_published_calendar_exactly_the_known_findings_are_made(file: Path):
    faults, findings = look_at(file.read_bytes(), sample_surroundings())
    assert faults == ()
    assert as_lines(findings) == expected_findings(file.stem)
    assert "fault" not in {finding.grade for finding in findings}


def test_of_the_real_plan_is_told_what_was_wrong_with_it():
    _, findings = look_at(
        (ROOT / "regulations" / "calendars" / "2024-2025.yaml").read_bytes(), sample_surroundings()
    )
    warnings = [f for f in findings if f.grade == "warning"]
    assert {
        (f.params["milestone"], f.params["last_day"]) for f in warnings if f.code == "ends_on_day_off"
    } == {
        ("midyear-review", "2025-01-31"),
        ("bloc-scoring", "2025-05-31"),
    }
    assert [COMPLETION, APPRAISAL] in [f.params["milestones"] for f in warnings if f.code == "window_shared"]
    assert [f.params["dated"] for f in warnings if f.code == "dated_after_opening"] == ["2024-10-15"]
    assert {f.params["kind"] for f in warnings if f.code == "ower_abolished"} == {
        "education_office",
        "interior_office",
    }


@pytest.mark.parametrize("name", ["three-tier-2024", "two-tier-2025"])
def test_where_a_dossier_can_lapse_is_read_from_the_procedure(name: str):
    from published.calendar import read_calendar
    from published.lint.ways import Ways

    procedure, _ = read_procedure((ROOT / "regulations" / "procedures" / f"{name}.yaml").read_bytes())
    assert procedure is not None
    calendar, _ = read_calendar(SOUND.replace("three-tier-2024", name))
    assert calendar is not None
    ways = Ways(calendar, beside(procedures={name: procedure}))
    assert [m for m in calendar.milestones if ways.can_lapse(m)] == [
        "covenant",
        "bloc-scoring",
        COMPLETION,
        APPRAISAL,
        FILING,
        "local-decision",
    ]
    # Wherever one waits for these, its school holds it.
    assert [m for m in calendar.milestones if ways.always_lapses(m)] == ["covenant", FILING]
