"""Numbers that come with a step: the portal's receipt, the letter of submission."""

from __future__ import annotations

from sqlalchemy import Column

from casework.effects.effect import Case, Effect
from casework.load import DOSSIER
from rules.reasons import Reason


def text_reasons(name: str, text: str, column: Column[str], *, blank: bool = False) -> list[Reason]:
    """Why a text that came with an act cannot be kept: it is blank, or longer than its column."""
    limit = column.type.length  # type: ignore[attr-defined]
    if not text.strip() and not blank:
        return [Reason("input_missing", {"input": name})]
    if len(text.strip()) > limit:
        return [Reason("input_too_long", {"input": name, "length": len(text.strip()), "limit": limit})]
    return []


def receipt(case: Case) -> Effect:
    """The portal's receipt number."""
    if case.inputs.receipt is None or not case.inputs.receipt.strip():
        return Effect()
    number = case.inputs.receipt.strip()
    return Effect(
        columns={"receipt_number": number},
        payload={"receipt": number},
        reasons=text_reasons("receipt", number, DOSSIER.c.receipt_number),
    )


def submission(case: Case) -> Effect:
    """The letter with which the dossier leaves for a body outside."""
    if case.inputs.submission is None:
        return Effect()
    number, day = case.inputs.submission.number.strip(), case.inputs.submission.submitted_on
    return Effect(
        columns={"submission_number": number, "submitted_on": day},
        payload={"submission": number, "submitted_on": day.isoformat()},
        reasons=text_reasons("submission", number, DOSSIER.c.submission_number),
    )
