"""The five stages of the year, readable in the three-tier procedure in the order of the real calendar."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from rules.facts import StepFacts
from rules.reasons import Refused
from rules.windows import Milestone, Window, day_start, window_of
from states.chart import Standing, Step
from tests.states.published_files import NAMES, ROOT, chart, procedure
from tests.states.test_matrix import facts

CALENDAR = ROOT / "data" / "sample" / "calendar-2024-2025.csv"

# A local dossier, event by event: the event, and the day on which it happens.
LOCAL_WAY = (
    ("register", date(2024, 10, 30)),
    ("hand_in", date(2025, 5, 12)),
    ("record_score", date(2025, 5, 28)),
    ("convene", date(2025, 6, 2)),
    ("record_council", date(2025, 6, 4)),
    ("hand_in", date(2025, 6, 6)),
    ("appraise", date(2025, 6, 20)),
    ("file", date(2025, 7, 3)),
    ("appraise", date(2025, 7, 10)),
    ("record_council", date(2025, 7, 18)),
    ("decide", date(2025, 7, 25)),
)


def windows() -> dict[str, Window]:
    with CALENDAR.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    days = {
        row["id"]: (date.fromisoformat(row["opens"]), date.fromisoformat(row["last_day"])) for row in rows
    }
    return {name: window_of(Milestone(name, "", *both)) for name, both in days.items()}


def at(moment: datetime, event: str, state: str) -> StepFacts:
    step = procedure("three-tier-2024").step_of(state, event, "local")
    window = windows().get(step.milestone or "") if step else None
    return replace(facts("local"), now=moment, window=window)


def milestone_of(step: Step) -> str | None:
    """The milestone that opens a step of the way."""
    found = procedure("three-tier-2024").step_of(step.source, step.event, "local")
    return found.milestone if found else None


def drive() -> list[Step]:
    """The whole way of a local dossier, each event on its day."""
    standing, steps = Standing("preparing"), []
    for event, day in LOCAL_WAY:
        noon = day_start(day) + timedelta(hours=12)
        step = chart("three-tier-2024").advance(standing, event, at(noon, event, standing.state))
        standing = Standing(step.target, step.origins)
        steps.append(step)
    return steps


def test_a_local_dossier_passes_the_five_stages_in_the_order_of_the_calendar():
    passed = list(dict.fromkeys(milestone_of(step) for step in drive() if milestone_of(step)))
    assert passed == [
        "covenant",
        "bloc-scoring",
        "dossier-completion",
        "preliminary-appraisal",
        "portal-filing",
        "local-decision",
    ]
    opening = [windows()[milestone].opens_at for milestone in passed]
    assert opening == sorted(opening)


def test_the_school_hands_in_twice_first_to_the_bloc_and_then_to_the_office():
    handed_in = [(step.target, milestone_of(step)) for step in drive() if step.event == "hand_in"]
    assert handed_in == [("at_bloc", "bloc-scoring"), ("at_education_office", "dossier-completion")]


def test_the_way_of_the_year_ends_with_a_decision():
    assert drive()[-1].kind == "decided"


@pytest.mark.parametrize("number", range(len(LOCAL_WAY)))
def test_no_step_of_a_milestone_is_taken_the_day_before_its_window_or_after_it(number: int):
    source = drive()[number].source
    event, milestone = LOCAL_WAY[number][0], milestone_of(drive()[number])
    if milestone is None:
        return
    window = windows()[milestone]
    outside = {
        "window_not_open_yet": window.opens_at - timedelta(microseconds=1),
        "window_closed": window.closes_at,
    }
    for code, moment in outside.items():
        with pytest.raises(Refused) as refusal:
            chart("three-tier-2024").advance(Standing(source), event, at(moment, event, source))
        assert [reason.code for reason in refusal.value.reasons] == [code]


@pytest.mark.parametrize("name", [name for name in NAMES if procedure(name).milestones])
def test_every_milestone_of_a_procedure_is_in_the_calendar_and_listed_in_its_order(name: str):
    milestones, known = procedure(name).milestones, windows()
    assert set(milestones) <= known.keys()
    opening = [known[milestone].opens_at for milestone in milestones]
    assert opening == sorted(opening)


def test_the_decision_falls_after_the_end_of_the_district_which_the_procedure_outlives():
    decided_on = LOCAL_WAY[-1][1]
    until = procedure("three-tier-2024").until
    assert until is not None
    assert until < decided_on
