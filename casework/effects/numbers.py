"""Numbers that come with a step: the portal's receipt, the letter of submission."""

from __future__ import annotations

from casework.effects.effect import Case, Effect


def receipt(case: Case) -> Effect:
    """The portal's receipt number."""
    if case.inputs.receipt is None:
        return Effect()
    number = case.inputs.receipt.strip()
    return Effect(columns={"receipt_number": number}, payload={"receipt": number})


def submission(case: Case) -> Effect:
    """The letter with which the dossier leaves for a body outside."""
    if case.inputs.submission is None:
        return Effect()
    number, day = case.inputs.submission.number.strip(), case.inputs.submission.submitted_on
    return Effect(
        columns={"submission_number": number, "submitted_on": day},
        payload={"submission": number, "submitted_on": day.isoformat()},
    )
