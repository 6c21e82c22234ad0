"""The form of a step: which fields an event takes, and what was filled in, as the inputs of the act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from casework.effects.opinions import COUNCIL_EVENTS, JUDGING_EVENTS
from casework.inputs import (
    DecisionInput,
    Inputs,
    OpinionInput,
    RecoveryInput,
    ScoreInput,
    SubmissionInput,
)
from rules.reasons import Reason
from web.forms import Form

#: group of inputs → its fields; a group counts as given once one of them is filled
_GROUPS = {
    "score": ("points", "rank"),
    "decision": ("number", "day", "signatory"),
    "submission": ("submission", "submitted_on"),
    "recovery": ("money", "items", "why_money"),
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


def votes(event: str) -> bool:
    """Whether a council may have voted: then its votes are asked for."""
    return event in COUNCIL_EVENTS


def leaves_out(event: str, step: Mapping[str, Any]) -> bool:
    """Whether the step brings a decision that may leave nominations out."""
    return "decision" in step["provides"] and event in _AWARDING


_AWARDING = frozenset({"decide", "record_result"})


def inputs_of(
    form: Form, step: Mapping[str, Any], nominations: Iterable[int], reason: str | None = None
) -> Inputs:
    """What was filled in. Faults are noted in the form; with faults the inputs are not to be used.

    ``reason``: where it was put together of several fields (`web/reasons.py`) already.
    """
    asked = takes(step)
    given = {name: name in asked and any(form.text(f) for f in _GROUPS[name]) for name in _GROUPS}
    return Inputs(
        reason=reason or form.text("reason", longest=_LONG, needed=asked.get("reason", False)) or None,
        receipt=(form.text("receipt", longest=80) or None) if "receipt" in asked else None,
        score=_score(form) if given["score"] or asked.get("score") else None,
        decision=_decision(form) if given["decision"] or asked.get("decision") else None,
        submission=_submission(form) if given["submission"] or asked.get("submission") else None,
        recovery=_recovery(form) if given["recovery"] or asked.get("recovery") else None,
        opinions=opinions_of(form, nominations) if judges(step["event"]) else (),
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
    items, why = form.text("items", longest=400), form.text("why_money", longest=_LONG)
    return RecoveryInput(money, items, why) if money is not None else None


def _votes(form: Form) -> tuple[int, int] | None:
    """A council's votes for each of the rest. Votes without members say nothing, and members without votes neither."""
    cast, members = form.whole("votes"), form.whole("members")
    if cast is not None and members is None:
        form.faults.setdefault("members", "votes_together")
    if members is not None and cast is None and form.text("support_rest"):
        form.faults.setdefault("votes", "votes_together")
    return (cast, members) if cast is not None and members is not None else None


def opinions_of(form: Form, nominations: Iterable[int]) -> tuple[OpinionInput, ...]:
    """Opinions on those nominations for which a verdict was chosen; fields are named by the nomination's number.

    A lower title stands beside each nomination that has one; it counts where it was chosen.
    """
    members = form.whole("members")
    found = []
    for nomination in nominations:
        verdict = form.text(f"verdict-{nomination}", longest=40)
        if not verdict:
            continue
        reason = form.text(f"reason-{nomination}", longest=_LONG, needed=verdict != "supported")
        votes = form.whole(f"votes-{nomination}")
        if votes is not None and members is None:
            form.faults.setdefault("members", "votes_together")
        if votes is None:
            votes = form.whole("votes")
        lower = form.text(f"lower-{nomination}", longest=40) if verdict == "lower_title" else ""
        found.append(
            OpinionInput(
                nomination,
                verdict,
                lower or None,
                reason or None,
                votes if members is not None else None,
                members if votes is not None else None,
            )
        )
    return tuple(found)


# Code of a reason → the field beside which it is pointed at; a name in braces is one of the reason's own.
_BESIDE = {
    "opinion_needs_reason": "reason-{nomination}",
    "not_a_lower_title": "verdict-{nomination}",
    "own_nomination": "verdict-{nomination}",
    "nomination_not_open": "verdict-{nomination}",
    "opinion_missing": "verdict-{nomination}",
    "votes_do_not_fit": "votes-{nomination}",
    "score_out_of_range": "points",
    "score_differs": "points",
    "rank_out_of_range": "rank",
    "decision_number_taken": "number",
    "decision_in_future": "day",
    "decision_before_opening": "day",
    "settled_on_out_of_range": "day",
    "money_negative": "money",
    "recovery_differs": "why_money",
    "unknown_person": "person",
    "not_for_oneself": "person",
    "unknown_desk": "desk",
}


# Where a word of its own is shorter than a look at the top.
_SAID = {"opinion_missing": "no_opinion", "input_missing": "needed", "opinion_needs_reason": "needed"}


def point_at(form: Form, reasons: Iterable[Reason], beside: Mapping[str, str] = _BESIDE) -> None:
    """Mark the fields that a refusal is about; what it says stands once, above the form. ``beside``: the fields of
    another form by codes of reasons."""
    for reason in reasons:
        field = beside.get(reason.code)
        if reason.code == "input_missing":
            name = str(reason.params["input"])
            field = next(iter(_GROUPS.get(name, (name,))))
        if field is not None:
            form.faults.setdefault(field.format(**reason.params), _SAID.get(reason.code, "see_above"))
