"""Correcting what the bloc recorded of a school, as long as nobody has judged on the ground of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, select, update

from casework.call import Call
from casework.career.keys import rank_key
from casework.change_dossier import Change, Desk, change_dossier
from casework.deadlines import ONWARD
from casework.effects.opinions import JUDGING_EVENTS
from casework.effects.score import score_reasons, tell_bloc_year
from casework.inputs import ScoreInput
from casework.load import DOSSIER, facts_for, load_groups
from casework.reads import SCORE, Score
from casework.receipts import Receipt
from casework.regulations import chart_of
from kit.database import Database
from models.dossier import ORIGIN_COLUMNS
from rules.checks import CHECKS, StepRule
from rules.reasons import Reason
from states.chart import Chart

RECORD = "record_score"
# What holds for whoever records a score holds for whoever corrects it; papers and windows were that act's own.
PERSONAL = ("separation", "not_concerned")


def correct_score(
    database: Database, code: str, given: ScoreInput, reason: str, call: Call, **options: Any
) -> Receipt:
    """Correct a school's points and rank for the year, at the desk that records them, with a reason.

    Score and rank are the school's: every dossier that rests on them sees the corrected ones. What stood before stays
    in the history, of the dossier and of the bloc's year.

    Raises:
        Refused: with every reason; none is recorded, nothing would change, the caller may not record scores here, or a
            dossier of the school has passed the next desk that judges.
    """

    def decide(desk: Desk) -> Change:
        change = Change()
        recording = recording_rule(desk, change)
        if recording is None:
            return change
        known = correctable(desk, change, recording)
        change.reasons += score_reasons(given)
        school, year = desk.dossier["unit_id"], desk.dossier["school_year"]
        if known is not None and known == (given.points, given.rank):
            change.reasons.append(Reason("score_unchanged", {"score": str(known[0]), "rank": known[1]}))
        if not reason.strip():
            change.reasons.append(Reason("input_missing", {"input": "reason"}))
        if change.reasons or known is None:
            return change
        change.note(reason)
        bloc = desk.dossier["route"][recording.desk]
        was = {"score": str(known[0]), "rank": known[1]}
        change.payload |= {"score": str(given.points), "rank": given.rank, "was": was, "desk": recording.desk}
        told = {"school": school, "score": str(given.points), "rank": given.rank, "was": was}
        tell_bloc_year(desk.connection, bloc, year, "correct_score", told, desk.call)
        corrected = (
            update(SCORE)
            .where(SCORE.c.school_id == school, SCORE.c.school_year == year)
            # What was settled stays in the bloc's chain; the exact total was that of other points.
            .values(
                score=given.points,
                rank=given.rank,
                exact=None,
                recorded_by_id=call.actor_id,
                recorded_at=call.now,
            )
        )
        change.writes.append((corrected, [{}]))
        change.touched.keys.add(rank_key(school, year))
        return change

    asked = {"score": given, "reason": reason}
    return change_dossier(database, code, "correct_score", call, decide, asked=asked, **options)


def recording_rule(desk: Desk, change: Change) -> StepRule | None:
    """The rule of the step that records a score; where the way has none, the change gets the reason."""
    rule = _recording(desk.chart, desk.dossier["level"])
    if rule is None:
        change.reasons.append(Reason("score_not_here", {"dossier": desk.dossier["code"]}))
    return rule


def correctable(desk: Desk, change: Change, rule: StepRule) -> Score | None:
    """The score that the caller may correct; every reason against it goes to the change."""
    _recorder(desk, change, rule)
    school, year = desk.dossier["unit_id"], desk.dossier["school_year"]
    known = desk.reads.score(school, year)
    if known is None:
        change.reasons.append(Reason("score_missing"))
    change.reasons += _judged(desk.connection, school, year)
    return known


@cache
def _recording(chart: Chart, level: str) -> StepRule | None:
    """The rule of the step that records a score on the way of a level; None where there is none."""
    for name in chart.procedure.states:
        step = chart.procedure.step_of(name, RECORD, level)
        if step is not None:
            return chart.procedure.rule_of(name, step)
    return None


@cache
def _unjudged(chart: Chart, level: str) -> frozenset[str]:
    """The states in which nobody has judged yet on the ground of the score: up to the next judging desk after it."""
    procedure = chart.procedure
    seen: set[tuple[str, bool]] = set()
    waiting = [(procedure.initial, False)]
    while waiting:
        state, scored = waiting.pop()
        if (state, scored) in seen:
            continue
        seen.add((state, scored))
        for step in procedure.steps_from(state, level):
            if step.event in ONWARD and not (scored and step.event in JUDGING_EVENTS):
                waiting.append((step.target, scored or step.event == RECORD))
    return frozenset(state for state, _ in seen)


def _recorder(desk: Desk, change: Change, rule: StepRule) -> None:
    holding = desk.holding(change, rule.desk)
    people = [desk.call.actor_id, holding.on_behalf_of if holding else None]
    loaded = load_groups(desk.connection, [desk.dossier["id"]], {"nominations"})[desk.dossier["id"]]
    facts = facts_for(
        desk.reads,
        desk.dossier,
        desk.chart,
        rule,
        desk.call,
        loaded=loaded,
        people=tuple(person for person in people if person is not None),
        given=frozenset(),
    )
    for check in PERSONAL:
        if check in rule.checks:
            change.reasons += CHECKS[check](rule, facts)


def _judged(connection: Connection, school: int, year: str) -> list[Reason]:
    """A reason for each dossier of the school that was judged on the ground of the score."""
    rows = connection.execute(
        select(DOSSIER)
        .where(DOSSIER.c.unit_id == school, DOSSIER.c.school_year == year)
        .order_by(DOSSIER.c.id)
        .with_for_update()
    ).mappings()
    return [
        Reason("score_judged_already", {"dossier": row["code"]})
        for row in rows.all()
        if _rests_on_score(connection, row)
    ]


def _rests_on_score(connection: Connection, row: Mapping[str, Any]) -> bool:
    chart = chart_of(connection, row["procedure_sha256"])
    if _recording(chart, row["level"]) is None:
        return False
    state = row["state"]
    for _ in ORIGIN_COLUMNS:
        # Set aside, perhaps more than once: it stands for where it was.
        origin = ORIGIN_COLUMNS.get(chart.procedure.states[state].kind)
        state = row[origin] if origin and row[origin] else state
    return state not in _unjudged(chart, row["level"])
