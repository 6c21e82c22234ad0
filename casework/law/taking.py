"""Verdicts that are kept: one for each nomination at hand-in, appraisal and decision, with what it was built on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, select

from casework.effects.effect import Case, Effect
from casework.inputs import DecisionInput
from casework.law.choosing import any_rulebook
from casework.law.hold import hold_facts
from casework.law.judging import RECEIVING, judge, of_nominations, received_days
from casework.law.keeping import verdict_numbers, verdict_rows
from casework.law.wanted import Wanted
from casework.reads import Reads
from casework.routing import UNIT

#: of the events at which a verdict is taken, those that change no fact; a decision gives titles
SHARING = ("hand_in", "appraise")
TAKING = (*SHARING, "decide")

_BODIES = (
    select(UNIT.c.id)
    .where(UNIT.c.id.in_(bindparam("units", expanding=True)))
    .order_by(UNIT.c.id)
    .with_for_update(key_share=True)
)


def hold_for(connection: Connection, event: str, units: Collection[int]) -> None:
    """Hold the facts that an event is judged on, until the transaction ends; nothing for an event that is not.

    ``units`` are those at which a decision is written; the dossiers are locked before.
    """
    if event in TAKING and event not in SHARING:
        # The issuing body's row comes before the facts, as in every act that locks it.
        connection.execute(_BODIES, {"units": sorted(units)})
    if event in TAKING:
        hold_facts(connection, shared=event in SHARING)


def fetch_verdicts(
    reads: Reads,
    event: str,
    asked: Iterable[tuple[Mapping[str, Any], Sequence[Mapping[str, Any]], DecisionInput | None]],
) -> None:
    """Judge the nominations of many dossiers at once and keep the answers for `verdicts_taken`: each dossier's row, the
    rows of its nominations, and the decision that comes with the act."""
    if not _taken_at(reads, event):
        return
    wanted: list[Wanted] = []
    owners: dict[int, tuple[int, date]] = {}
    listed = list(asked)
    received = _received(reads, event, [dossier["id"] for dossier, _, _ in listed])
    received_by: dict[int, date] = {}
    for dossier, nominations, decision in listed:
        on = decision.decided_on if decision is not None else reads.day
        reads.judged[dossier["id"], on] = []
        mine = [
            {**row, "school_year": dossier["school_year"]} for row in nominations if row["outcome"] == "open"
        ]
        for one in of_nominations(mine, on):
            owners[one.nomination or 0] = dossier["id"], on
            if dossier["id"] in received:
                received_by[one.nomination or 0] = received[dossier["id"]]
            wanted.append(one)
    for judged in judge(reads.connection, wanted, received_by=received_by):
        reads.judged[owners[judged.wanted.nomination or 0]].append(judged)
    reads.numbered |= verdict_numbers(reads.connection, list(owners))


def _taken_at(reads: Reads, event: str) -> bool:
    """Whether verdicts are taken at an event: not where a step is only tried, nor where no rulebook is published."""
    if not reads.judging or event not in TAKING:
        return False
    if reads.has_rules is None:
        reads.has_rules = any_rulebook(reads.connection)
    return reads.has_rules


def _received(reads: Reads, event: str, dossiers: Sequence[int]) -> dict[int, date]:
    if event in RECEIVING:
        return dict.fromkeys(dossiers, reads.day)
    return received_days(reads.connection, dossiers)


def verdicts_taken(case: Case) -> Effect:
    """What the rules say of each nomination that stands, kept with the act. Says nothing where nothing is published."""
    # A verdict refuses nothing: so it is taken once nothing else stands against the step.
    return Effect(later=[lambda: _taken(case)] if _taken_at(case.reads, case.event) else [])


def _taken(case: Case) -> Effect:
    effect = Effect()
    decision = case.inputs.decision
    key = case.dossier["id"], decision.decided_on if decision is not None else case.call.day
    if key not in case.reads.judged:
        fetch_verdicts(case.reads, case.event, [(case.dossier, case.open_nominations, decision)])
    judged = [one for one in case.reads.judged.get(key, ()) if one.choice is not None]
    effect.writes += verdict_rows(judged, case.event, case.version_after, case.call.now, case.reads.numbered)
    if judged:
        effect.payload["verdicts"] = [
            [one.wanted.nomination, one.verdict.outcome, one.verdict.rule] for one in judged if one.verdict
        ]
    return effect
