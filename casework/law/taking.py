"""Verdicts that are kept: one for each nomination at hand-in, appraisal and decision, with what it was built on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from casework.effects.effect import Case, Effect
from casework.law.choosing import any_rulebook
from casework.law.judging import Judged, judge, of_nominations, received_on
from kit.canonical import canonical_json
from models.verdict import Verdict as VerdictRow
from models.verdict import VerdictBasis
from rules.verdict import Verdict

VERDICT, BASIS = VerdictRow.__table__, VerdictBasis.__table__
TAKING = ("hand_in", "appraise", "decide")
_FORGET = delete(BASIS).where(BASIS.c.nomination_id == bindparam("b_nomination"))
_INSERT_VERDICT, _INSERT_BASIS = insert(VERDICT), insert(BASIS)


def verdicts_taken(case: Case) -> Effect:
    """What the rules say of each nomination that stands, kept with the act. Says nothing where nothing is published."""
    effect = Effect()
    if case.event not in TAKING or not any_rulebook(case.connection):
        return effect
    rows = [{**row, "school_year": case.dossier["school_year"]} for row in case.open_nominations]
    decision = case.inputs.decision
    on = decision.decided_on if decision is not None else case.call.day
    received = received_on(case.connection, case.dossier["id"])
    judged = [
        one for one in judge(case.connection, of_nominations(rows, on), received) if one.choice is not None
    ]
    write_verdicts(case.connection, effect, judged, case.event, case.version_after, case.call.now)
    if judged:
        effect.payload["verdicts"] = [
            [one.wanted.nomination, one.verdict.outcome, one.verdict.rule] for one in judged if one.verdict
        ]
    return effect


def write_verdicts(
    connection: Connection,
    effect: Effect,
    judged: Sequence[Judged],
    taken_at: str,
    version: int,
    now: Any,
    reopened_by: Mapping[int, str] | None = None,
) -> None:
    """Add to an effect the rows of some verdicts; each takes the place of the one before on its nomination."""
    numbers = _numbers(connection, [one.wanted.nomination or 0 for one in judged])
    verdicts, bases = [], []
    for one in judged:
        nomination, choice, found = one.wanted.nomination, one.choice, one.verdict
        if nomination is None or choice is None or found is None:
            continue
        verdicts.append(
            {
                "nomination_id": nomination,
                "number": numbers.get(nomination, 0) + 1,
                "version": version,
                "taken_at": taken_at,
                "outcome": found.outcome,
                "why": found.why,
                "on_hold": one.on_hold,
                "rulebook_sha256": choice.sha256,
                "chosen": choice.chosen,
                "rule": found.rule,
                "legal_day": choice.legal_day,
                "findings": findings_json(found),
                "recorded_at": now,
                "reopened_by": (reopened_by or {}).get(nomination),
            }
        )
        keys = {*found.read, f"rulebook:{choice.rulebook.name}", f"matter:{one.wanted.holder}"}
        bases += [{"nomination_id": nomination, "key": key} for key in sorted(keys)]
    if verdicts:
        effect.writes += [
            (_FORGET, [{"b_nomination": row["nomination_id"]} for row in verdicts]),
            (_INSERT_VERDICT, verdicts),
            (_INSERT_BASIS, bases),
        ]


def findings_json(found: Verdict) -> str:
    """The findings as canonical JSON: of each condition its line, outcome, why, evidence, figures, dossiers awaited."""
    return canonical_json(
        [
            [
                condition.line,
                answer.outcome,
                answer.why,
                answer.evidence,
                _plain(answer.figures),
                answer.awaited,
            ]
            for condition, answer in found.answers()
        ]
    )


def _plain(figures: Mapping[str, Any]) -> dict[str, Any]:
    # The words of a condition stand in the rulebook, which the verdict names.
    return {
        key: str(value) if isinstance(value, Fraction) else value
        for key, value in figures.items()
        if key != "what"
    }


def _numbers(connection: Connection, nominations: Iterable[int]) -> dict[int, int]:
    """The highest number of the verdicts that each nomination has."""
    query = (
        select(VERDICT.c.nomination_id, func.max(VERDICT.c.number))
        .where(VERDICT.c.nomination_id.in_(list(nominations)))
        .group_by(VERDICT.c.nomination_id)
    )
    return {row[0]: row[1] for row in connection.execute(query)}
