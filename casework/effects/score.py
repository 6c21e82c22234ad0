"""The bloc's record of a school: its points and rank for the year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, insert

from casework.call import Call
from casework.career.keys import rank_key
from casework.career.touched import Touched
from casework.effects.effect import Case, Effect
from casework.history import append_entry
from casework.inputs import Inputs, ScoreInput
from casework.reads import SCORE, Reads
from casework.routing import hold_unit
from rules.reasons import Reason

MOST = 1000


def score_reasons(given: ScoreInput) -> list[Reason]:
    """Why points and a rank cannot be recorded."""
    reasons = []
    # Two decimals are kept: what was rounded would not agree with itself when it is brought again.
    fits = given.points.is_finite() and 0 <= given.points <= MOST and given.points == round(given.points, 2)
    if not fits:
        reasons.append(Reason("score_out_of_range", {"score": str(given.points), "least": 0, "most": MOST}))
    if not 1 <= given.rank <= MOST:
        reasons.append(Reason("rank_out_of_range", {"rank": given.rank}))
    return reasons


def with_settled(reads: Reads, dossier: Mapping[str, Any], bloc: int, inputs: Inputs) -> Inputs:
    """The inputs with what the bloc has settled for the school, where points are not typed: it has them already."""
    school, year = dossier["unit_id"], dossier["school_year"]
    if inputs.score is not None or not reads.scores_by_card(bloc, year):
        return inputs
    known = reads.score(school, year)
    return inputs if known is None else replace(inputs, score=ScoreInput(*known))


def score(case: Case) -> Effect:
    """Record points and rank. Another dossier of the school, or the bloc, may already have brought them: then
    they must agree. Where a bloc scores by a card, nobody types points before it has settled them."""
    given = case.inputs.score
    year = case.dossier["school_year"]
    known = case.reads.score(case.dossier["unit_id"], year)
    if known is None and case.reads.scores_by_card(case.desk_unit_id, year):
        return Effect(reasons=[Reason("bloc_settles_scores", {"unit": case.desk_unit_id})])
    if given is None:
        return Effect()
    effect = Effect(payload={"score": str(given.points), "rank": given.rank})
    # A card may have more points than people type: what was settled is not measured again.
    effect.reasons += score_reasons(given) if known != (given.points, given.rank) else []
    if known is None:
        # Later, so that a refused dossier of a bulk act leaves no score to those after it.
        effect.later.append(lambda: _recorded(case, given))
    elif known != (given.points, given.rank):
        effect.reasons.append(Reason("score_differs", {"score": str(known[0]), "rank": known[1]}))
    return effect


def _recorded(case: Case, given: ScoreInput) -> Effect:
    school, year = case.dossier["unit_id"], case.dossier["school_year"]
    case.connection.execute(
        insert(SCORE),
        {
            "bloc_id": case.desk_unit_id,
            "school_id": school,
            "school_year": year,
            "score": given.points,
            "rank": given.rank,
            "recorded_by_id": case.call.actor_id,
            "recorded_at": case.call.now,
        },
    )
    case.reads.note_score(school, year, (given.points, given.rank))
    payload = {"school": school, "score": str(given.points), "rank": given.rank}
    tell_bloc_year(case.connection, case.desk_unit_id, year, "record_score", payload, case.call)
    return Effect(touched=Touched(keys={rank_key(school, year)}))


def tell_bloc_year(
    connection: Connection, bloc: int, year: str, event: str, payload: dict[str, Any], call: Call
) -> None:
    """Write what a bloc records into the chain of its year, beside the entry of the dossier that brought it.

    The caller holds the write transaction.
    """
    # On PostgreSQL two schools' scores at once would both come after the same entry; the bloc's row makes one wait.
    hold_unit(connection, bloc)
    append_entry(connection, f"bloc_year:{bloc}:{year}", event, payload, call.part("bloc_year"))
