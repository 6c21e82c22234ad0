"""The rows of verdicts that are kept: the answer, its findings, and what the newest of each nomination was built on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, Executable, bindparam, delete, func, insert, select

from casework.law.judging import Judged
from kit.canonical import canonical_json
from models.verdict import Verdict as VerdictRow
from models.verdict import VerdictBasis
from rules.verdict import Verdict

VERDICT, BASIS = VerdictRow.__table__, VerdictBasis.__table__
_FORGET = delete(BASIS).where(BASIS.c.nomination_id == bindparam("b_nomination"))
_INSERT_VERDICT, _INSERT_BASIS = insert(VERDICT), insert(BASIS)
_NUMBERS = (
    select(VERDICT.c.nomination_id, func.max(VERDICT.c.number))
    .where(VERDICT.c.nomination_id.in_(bindparam("nominations", expanding=True)))
    .group_by(VERDICT.c.nomination_id)
)


def verdict_rows(
    judged: Sequence[Judged],
    taken_at: str,
    version: int,
    now: datetime,
    numbers: Mapping[int, int],
    reopened_by: Mapping[int, str] | None = None,
) -> list[tuple[Executable, list[dict[str, Any]]]]:
    """What is to be written for some verdicts; each takes the place of the one before on its nomination, of which
    ``numbers`` (`verdict_numbers`) has the number."""
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
                "asked_on": one.wanted.on,
                "legal_day": choice.legal_day,
                "findings": findings_json(found),
                "recorded_at": now,
                "reopened_by": (reopened_by or {}).get(nomination),
            }
        )
        bases += [{"nomination_id": nomination, "key": key} for key in sorted(basis_keys(one))]
    if not verdicts:
        return []
    return [
        (_FORGET, [{"b_nomination": row["nomination_id"]} for row in verdicts]),
        (_INSERT_VERDICT, verdicts),
        (_INSERT_BASIS, bases),
    ]


def basis_keys(one: Judged) -> set[str]:
    """What a verdict was built on, by the keys of its facts."""
    return {*one.read, *map(rulebook_key, one.books), f"matter:{one.wanted.holder}"}


def rulebook_key(name: str) -> str:
    """The key of all that was judged by a rulebook."""
    return f"rulebook:{name}"


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


def verdict_numbers(connection: Connection, nominations: Iterable[int]) -> dict[int, int]:
    """The highest number of the verdicts that each nomination has."""
    rows = connection.execute(_NUMBERS, {"nominations": list(nominations)})
    return {row[0]: row[1] for row in rows}
