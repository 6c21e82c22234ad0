"""The form of a step: which fields an event takes, and what was filled in, as the inputs of the act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from casework.effects.opinions import JUDGING_EVENTS
from casework.inputs import (
    DecisionInput,
    Inputs,
    OpinionInput,
    RecoveryInput,
    ScoreInput,
    SubmissionInput,
)
from web.forms import Form

#: group of inputs → its fields; a group counts as given once one of them is filled
_GROUPS = {
    "score": ("points", "rank"),
    "decision": ("number", "day", "signatory"),
    "submission": ("submission", "submitted_on"),
    "recovery": ("money", "items"),
}
_LONG, _SHORT = 2_000, 120


def takes(step: Mapping[str, Any]) -> dict[str, bool]:
    """What the form of a step (of `casework/views/next_steps.py`) asks for; True: it is needed."""
    needed = set(step.get("needs", ()))
    asked = {name: name in needed for name in step["provides"]}
    asked.setdefault("reason", "reason" in needed)
    return asked


def judges(event: str) -> bool:
    """Whether the desk gives its opinion on each nomination with this step."""
    return event in JUDGING_EVENTS


def inputs_of(form: Form, step: Mapping[str, Any], nominations: Iterable[int]) -> Inputs:
    """What was filled in. Faults are noted in the form; with faults the inputs are not to be used."""
    asked = takes(step)
    given = {name: name in asked and any(form.text(f) for f in _GROUPS[name]) for name in _GROUPS}
    return Inputs(
        reason=form.text("reason", longest=_LONG, needed=asked.get("reason", False)) or None,
        receipt=(form.text("receipt", longest=80) or None) if "receipt" in asked else None,
        score=_score(form) if given["score"] or asked.get("score") else None,
        decision=_decision(form) if given["decision"] or asked.get("decision") else None,
        submission=_submission(form) if given["submission"] or asked.get("submission") else None,
        recovery=_recovery(form) if given["recovery"] or asked.get("recovery") else None,
        opinions=_opinions(form, nominations) if judges(step["event"]) else (),
        support_rest=judges(step["event"]) and bool(form.text("support_rest")),
        votes=_votes(form) if judges(step["event"]) else None,
        expected_version=form.version,
    )


def _score(form: Form) -> ScoreInput | None:
    points, rank = form.points("points", needed=True), form.whole("rank", needed=True)
    return ScoreInput(points, rank) if points is not None and rank is not None else None


def _decision(form: Form) -> DecisionInput | None:
    number, day = form.text("number", longest=80, needed=True), form.day("day", needed=True)
    signatory = form.text("signatory", longest=_SHORT, needed=True)
    if not number or day is None or not signatory:
        return None
    return DecisionInput(number, day, signatory, frozenset(form.wholes("refuse")))


def _submission(form: Form) -> SubmissionInput | None:
    number, day = form.text("submission", longest=80, needed=True), form.day("submitted_on", needed=True)
    return SubmissionInput(number, day) if number and day is not None else None


def _recovery(form: Form) -> RecoveryInput | None:
    money = form.whole("money", needed=True)
    return RecoveryInput(money, form.text("items", longest=400)) if money is not None else None


def _votes(form: Form) -> tuple[int, int] | None:
    cast, members = form.whole("votes"), form.whole("members")
    return (cast, members) if cast is not None and members is not None else None


def _opinions(form: Form, nominations: Iterable[int]) -> tuple[OpinionInput, ...]:
    """Opinions on those nominations for which a verdict was chosen; fields are named by the nomination's number."""
    members = form.whole("members")
    found = []
    for nomination in nominations:
        verdict = form.text(f"verdict-{nomination}", longest=40)
        if not verdict:
            continue
        votes = form.whole(f"votes-{nomination}")
        if votes is None:
            votes = form.whole("votes")
        found.append(
            OpinionInput(
                nomination,
                verdict,
                form.text(f"lower-{nomination}", longest=40) or None,
                form.text(f"reason-{nomination}", longest=_LONG) or None,
                votes if members is not None else None,
                members if votes is not None else None,
            )
        )
    return tuple(found)
