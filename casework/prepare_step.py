"""Deciding a step without writing it: access, checks and effects, every reason at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from casework.access import Holding, not_holding
from casework.announcing import outbox_items
from casework.call import Call
from casework.career.touched import Touched
from casework.deadlines import keep_extensions
from casework.effects.effect import Case, Effect, Write
from casework.effects.opinions import (
    JUDGING_EVENTS,
    ending,
    judgement_effect,
    left_out,
    opinion_effect,
    opinions_brought,
)
from casework.effects.score import with_settled
from casework.effects.table import EFFECTS, reads_of
from casework.ended_offices import told_of_end
from casework.history import make_note
from casework.inputs import Inputs
from casework.load import Loaded, facts_for, load_groups, needs_of, standing_of
from casework.reads import Reads
from casework.record_step import Move, stale
from casework.regulations import chart_of
from models.dossier import FINAL_KINDS
from rules.reasons import Reason, Refused
from rules.windows import Window
from states.chart import Chart, Step
from states.procedure import Transition
from states.vocabulary import CALENDAR


@dataclass(slots=True)
class Prepared:
    """A step that may be taken: the move and everything that is written with it."""

    move: Move
    writes: list[Write] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    touched: Touched = field(default_factory=Touched)


def prepare_step(
    reads: Reads,
    dossier: Mapping[str, Any],
    event: str,
    call: Call,
    inputs: Inputs,
    loaded: Loaded | None = None,
) -> Prepared:
    """Decide one step of one dossier. ``loaded`` is given where a bulk act has read the rows already.

    Raises:
        Refused: with every reason that access, checks and effects find.
    """
    chart = chart_of(reads.connection, dossier["procedure_sha256"])
    if inputs.expected_version is not None and inputs.expected_version != dossier["version"]:
        raise Refused([stale(reads.connection, dossier, inputs.expected_version)])
    transition = chart.procedure.step_of(dossier["state"], event, dossier["level"])
    if transition is None:
        possible = [s.event for s in chart.events_from(standing_of(dossier), dossier["level"])]
        raise Refused(
            [Reason("step_not_here", {"event": event, "state": dossier["state"], "possible": possible})]
        )
    rule = chart.procedure.rule_of(dossier["state"], transition)
    desk_unit = dossier["route"].get(rule.desk, dossier["desk_unit_id"])
    reads.fetch_posts((desk_unit, *_next_units(dossier, chart, event)))
    holding, reasons = who_may(reads, chart, rule.desk, desk_unit, call, dossier["unit_id"])
    if "score" in transition.provides:
        inputs = with_settled(reads, dossier, desk_unit, inputs)
    # What would be dropped in silence is refused: who gives a score with another step meant another step.
    unused = inputs.given - {*transition.provides, "reason"}
    unused |= _opinions_not_for(event, inputs)
    reasons += [Reason("input_not_for_step", {"event": event, "input": name}) for name in sorted(unused)]
    on_behalf_of = holding.on_behalf_of if holding else None
    if rule.desk == CALENDAR:
        keep_extensions(reads.connection, dossier, chart)
    brings_opinions = bool(inputs.opinions) or inputs.support_rest or "opinions" in needs_of(rule)
    if loaded is None:
        needed = needs_of(rule) | reads_of(event, brings_opinions=brings_opinions)
        # Who passes on what a colleague judged: also where the step does not ask for every opinion.
        if transition.invalidates or event in JUDGING_EVENTS:
            needed |= {"opinions"}
        loaded = load_groups(reads.connection, [dossier["id"]], needed)[dossier["id"]]
    case = Case(reads, dossier, chart, event, rule.desk, desk_unit, call, on_behalf_of, inputs, loaded)
    judges = event in JUDGING_EVENTS and brings_opinions
    brought = opinions_brought(case) if judges else inputs.opinions
    effect = opinion_effect(case, brought)
    facts = facts_for(
        reads,
        dossier,
        chart,
        rule,
        call,
        loaded=loaded,
        people=tuple(p for p in (call.actor_id, on_behalf_of) if p is not None),
        given=inputs.given,
        new_opinions=[o.nomination_id for o in brought],
        left_out=left_out(case, brought) if "nothing_awaited" in rule.checks else (),
    )
    step = _advance(chart, dossier, event, facts, reasons)
    for consequence in EFFECTS.get(event, ()):
        effect.add(consequence(case))
    if judges:
        effect.add(judgement_effect(case, brought))
    reasons += effect.reasons
    if reasons or step is None:
        raise Refused(unique(reasons))
    for work in list(effect.later):
        effect.add(work())
    effect.writes += ending(case, [o["id"] for o in loaded.opinions if o["desk"] in step.invalidates])
    return _prepared(case, transition, step, effect, facts.window)


def _opinions_not_for(event: str, inputs: Inputs) -> set[str]:
    """What came for opinions and would be left lying: support for the rest, and votes, where none are given."""
    unused = set()
    if inputs.support_rest and event not in JUDGING_EVENTS:
        unused.add("support_rest")
    if inputs.votes is not None and not (
        inputs.opinions or (inputs.support_rest and event in JUDGING_EVENTS)
    ):
        unused.add("votes")
    return unused


def _next_units(dossier: Mapping[str, Any], chart: Chart, event: str) -> list[int]:
    """The unit whose desk the event leads to, so that its people are read together with the actor's."""
    standing = standing_of(dossier)
    origin = standing.origins.get(chart.procedure.states[standing.state].kind)
    route = chart.route(standing.state, event, dossier["level"], origin)
    return [dossier["route"][chart.procedure.states[route[1]].desk]] if route else []


def who_may(
    reads: Reads, chart: Chart, desk: str, unit: int, call: Call, school: int | None = None
) -> tuple[Holding | None, list[Reason]]:
    """The holding under which the caller acts at a desk, or the reasons why there is none.

    Where ``school`` (the dossier's own unit) is given, they also tell that the desk's office has ended, and for whom.
    """
    if desk == CALENDAR:
        return None, [] if call.actor_id is None else [Reason("only_the_calendar")]
    duties = chart.procedure.desks[desk].duties
    if call.actor_id is None:
        return None, [not_holding(duties, unit, desk=desk)]
    holding = reads.holding(call.actor_id, unit, duties)
    if holding is not None:
        return holding, []
    ended = told_of_end(reads.connection, desk, unit, school, reads.day) if school is not None else []
    # Nobody holds a duty of an office that has ended, so that to ask its holder would be no advice.
    return None, ended or [not_holding(duties, unit, desk=desk)]


def _advance(
    chart: Chart, dossier: Mapping[str, Any], event: str, facts: Any, reasons: list[Reason]
) -> Step | None:
    try:
        return chart.advance(standing_of(dossier), event, facts)
    except Refused as refusal:
        reasons += refusal.reasons
        return None


def unique(reasons: list[Reason]) -> list[Reason]:
    """The reasons in their order, each once."""
    return list({(r.code, repr(sorted(r.params.items()))): r for r in reasons}.values())


def _prepared(
    case: Case, transition: Transition, step: Step, effect: Effect, window: Window | None
) -> Prepared:
    payload = dict(effect.payload)
    if window is not None and case.call.day > window.last_day:
        # Taken in after the last day that is shown, within its minutes of grace: the receipt says so for good.
        payload["late"] = {"milestone": window.milestone, "last_day": window.last_day.isoformat()}
    if case.inputs.reason and case.inputs.reason.strip():
        note, told = make_note(case.inputs.reason.strip())
        effect.notes.append(note)
        payload["reason"] = told
    move = Move(
        dossier=case.dossier,
        event=case.event,
        call=case.call,
        step=step,
        on_behalf_of_id=case.on_behalf_of_id,
        columns=effect.columns,
        payload=payload,
        outbox=outbox_items(case.reads, case.dossier, case.chart, case.event, case.call, step),
    )
    if (case.dossier["state_kind"] in FINAL_KINDS) != (step.kind in FINAL_KINDS):
        dossier = case.dossier
        effect.touched.on_the_way.add((dossier["id"], dossier["unit_id"], dossier["school_year"]))
    return Prepared(move, effect.writes, effect.notes, effect.touched)
