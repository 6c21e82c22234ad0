"""Every state × every event × every level × every origin, against a reading of the files of our own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from rules.facts import NominationFacts, StepFacts
from rules.reasons import Refused
from rules.windows import Window
from states.chart import Standing
from states.procedure import INITIATIVES
from states.vocabulary import CALENDAR, EVENTS, INPUTS, PAPERS
from tests.states.published_files import NAMES, ROOT, chart
from tests.trees import tree_of

NOW = datetime(2025, 6, 16, 3, 0, tzinfo=UTC)
ASIDE = {"returned", "on_hold", "withdrawn", "lapsed"}


class PlainReading:
    """What the YAML says of from, to, back, levels and <kind>, read in the simplest way."""

    def __init__(self, name: str) -> None:
        self.tree = tree_of(ROOT / "regulations" / "procedures" / f"{name}.yaml")
        self.kinds = {state: body["kind"] for state, body in self.tree["states"].items()}

    def sources(self, step: dict) -> set[str]:
        words = step["from"] if isinstance(step["from"], list) else [step["from"]]
        return {s for s, kind in self.kinds.items() for word in words if word in (s, f"<{kind}>")}

    def origins(self, state: str) -> list[str | None]:
        """From where a dossier may have been set aside into ``state``; None for "it does not say"."""
        if self.kinds[state] not in ASIDE:
            return [None]
        leading = [self.sources(step) for step in self.tree["steps"] if step["to"] == state]
        return [None, *sorted(set().union(*leading))]

    def step(self, state: str, event: str, level: str) -> dict | None:
        found = [
            step
            for step in self.tree["steps"]
            if step["event"] == event and state in self.sources(step) and level in step.get("levels", [level])
        ]
        assert len(found) < 2
        return found[0] if found else None

    def expected(self, state: str, event: str, level: str, origin: str | None) -> tuple | None:
        """(target, kind, desk that acts, origins afterwards), or None where the step must be refused."""
        step = self.step(state, event, level)
        target = (origin if step["to"] == "back" else step["to"]) if step else None
        if step is None or target is None:
            return None
        desk = self.tree["states"][state]["desk"] if step["desk"] == "here" else step["desk"]
        aside = step["to"] != "back" and self.kinds[target] in ASIDE
        kept = {self.kinds[state]: origin} if aside and origin else {}
        return target, self.kinds[target], desk, {**kept, self.kinds[target]: state} if aside else kept

    def cells(self) -> Iterator[tuple[str, str, str, str | None]]:
        for state in self.kinds:
            for event in (*EVENTS, "dance"):
                for level in self.tree["levels"]:
                    for origin in self.origins(state):
                        yield state, event, level, origin


def facts(level: str) -> StepFacts:
    """Facts to which no check objects."""
    day = timedelta(days=1)
    return StepFacts(
        actor=7,
        now=NOW,
        level=level,
        people=(7,),
        given=INPUTS,
        papers=PAPERS,
        nominations=(NominationFacts(1, None, 2, "TTLDTT"),),
        opinions={desk: {1} for name in NAMES for desk in chart(name).procedure.desks},
        unit=2,
        window=Window("any", NOW - day, NOW.date(), NOW + day),
        score_recorded=True,
        deadline_missed=True,
    )


def taken(name: str, state: str, event: str, level: str, origin: str | None) -> tuple | None:
    machine = chart(name)
    kind = machine.procedure.states[state].kind
    try:
        step = machine.advance(Standing(state, {kind: origin} if origin else {}), event, facts(level))
    except Refused as refusal:
        assert [reason.code for reason in refusal.reasons] == ["step_not_here"]
        return None
    return step.target, step.kind, step.acted_at, dict(step.origins)


@pytest.mark.parametrize("name", NAMES)
def test_each_event_leads_from_each_state_exactly_where_the_file_says(name: str, record_property):
    reading = PlainReading(name)
    cells = list(reading.cells())
    wrong = [cell for cell in cells if taken(name, *cell) != reading.expected(*cell)]
    steps = sum(reading.expected(*cell) is not None for cell in cells)
    record_property("cells", len(cells))
    assert wrong == []
    assert len(cells) >= len(reading.kinds) * len(EVENTS) * len(reading.tree["levels"]) > 0
    assert 0 < steps < len(cells)


@pytest.mark.parametrize("name", NAMES)
def test_the_buttons_of_a_state_are_the_events_by_which_people_leave_it(name: str):
    reading = PlainReading(name)
    for state in reading.kinds:
        for level in reading.tree["levels"]:
            offered = [step.event for step in chart(name).events_from(Standing(state), level)]
            steps = {event: reading.step(state, event, level) for event in EVENTS}
            by_people = [e for e, step in steps.items() if step and step["desk"] != CALENDAR]
            assert sorted(offered) == sorted(by_people)


@pytest.mark.parametrize("name", NAMES)
def test_each_side_way_that_the_trade_knows_exists(name: str):
    events = {step["event"] for step in PlainReading(name).tree["steps"]}
    side_ways = {
        "return",
        "resubmit",
        "withdraw",
        "restore",
        "hold",
        "release",
        "decline",
        "reopen",
        "revoke",
    }
    assert side_ways <= events
    procedure = chart(name).procedure
    # A list of initiatives that comes late is late; the school loses nothing by it that it could win elsewhere.
    may_lapse = bool(procedure.milestones) and procedure.nominees != INITIATIVES
    assert ({"lapse", "revive"} <= events) == may_lapse
