"""A desk's opinions on single nominations, given before the dossier passes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from casework.call import Call
from casework.change_dossier import Change, Desk, change_dossier
from casework.effects.effect import Case
from casework.effects.opinions import JUDGING_EVENTS, opinion_effect
from casework.inputs import Inputs, OpinionInput
from casework.load import load_groups
from casework.reads import Reads
from casework.receipts import Receipt
from kit.database import Database
from rules.reasons import Reason
from rules.separation import separation_reasons
from states.chart import Chart
from states.procedure import Transition


def judging_from(chart: Chart, dossier: Mapping[str, Any]) -> list[Transition]:
    """The steps from where a dossier (row) stands with which the desk that holds it judges each nomination."""
    procedure = chart.procedure
    return [
        step
        for step in procedure.steps_from(dossier["state"], dossier["level"])
        if step.event in JUDGING_EVENTS and procedure.acting_desk(dossier["state"], step) == dossier["desk"]
    ]


def judging_steps(desk: Desk) -> list[Transition]:
    """The steps from here with which the desk that holds the dossier judges each nomination."""
    return judging_from(desk.chart, desk.dossier)


def give_opinion(
    database: Database, code: str, opinions: Sequence[OpinionInput], call: Call, **options: Any
) -> Receipt:
    """Record opinions of the desk that holds the dossier. Whoever is concerned in a nomination gives none on it.

    Raises:
        Refused: every reason for every opinion at once.
    """
    asked = {"opinions": list(opinions)}
    return change_dossier(database, code, "give_opinion", call, giving(opinions), asked=asked, **options)


def giving(
    opinions: Sequence[OpinionInput], told: Mapping[str, Any] | None = None
) -> Callable[[Desk], Change]:
    """What giving some opinions changes in a dossier. ``told`` is said in its history beside them: which session of a
    council they are of."""

    def decide(desk: Desk) -> Change:
        change = Change(payload=dict(told or {}))
        here = desk.dossier["desk"]
        holding = desk.holding(change, here)
        judging = judging_steps(desk)
        if not judging:
            change.reasons.append(Reason("opinions_not_here", {"event": "give_opinion"}))
            return change
        if not opinions:
            change.reasons.append(Reason("input_missing", {"input": "opinions"}))
        loaded = load_groups(desk.connection, [desk.dossier["id"]], {"opinions"})[desk.dossier["id"]]
        case = Case(
            Reads(desk.connection, desk.call.day),
            desk.dossier,
            desk.chart,
            "give_opinion",
            here,
            desk.dossier["desk_unit_id"],
            desk.call,
            holding.on_behalf_of if holding else None,
            Inputs(opinions=tuple(opinions)),
            loaded,
        )
        effect = opinion_effect(case, tuple(opinions))
        change.reasons += effect.reasons
        change.writes += effect.writes
        change.notes += effect.notes
        change.payload |= {**effect.payload, "desk": here}
        if any("separation" in step.checks for step in judging):
            _keep_apart(desk, change, here)
        return change

    return decide


def _keep_apart(desk: Desk, change: Change, here: str) -> None:
    """An opinion is the desk's judgement, also where a colleague passes the dossier on: separation counts for both."""
    people = [p for p in (desk.call.actor_id, change.on_behalf_of_id) if p is not None]
    acted, excepted = desk.dossier["acted"], frozenset((d, p) for d, p in desk.dossier["exceptions"])
    change.reasons += separation_reasons(here, people, acted, desk.chart.procedure.pairs(), excepted)
    change.payload["separated"] = True
    change.columns["acted"] = {**acted, here: list(dict.fromkeys([*acted.get(here, ()), *people]))}
