"""The bloc's record of a school: its points and rank for the year."""

from __future__ import annotations

from sqlalchemy import insert, select

from casework.effects.effect import Case, Effect
from casework.load import SCORE
from rules.reasons import Reason

_INSERT = insert(SCORE)


def score(case: Case) -> Effect:
    """Record points and rank. Another dossier of the school may already have brought them: then they must agree."""
    given = case.inputs.score
    if given is None:
        return Effect()
    effect = Effect(payload={"score": str(given.points), "rank": given.rank})
    if given.points < 0 or given.points > 1000:
        effect.reasons.append(
            Reason("score_out_of_range", {"score": str(given.points), "least": 0, "most": 1000})
        )
    school, year = case.dossier["unit_id"], case.dossier["school_year"]
    members = case.connection.execute(
        select(SCORE.c.school_id, SCORE.c.score, SCORE.c.rank).where(
            SCORE.c.bloc_id == case.desk_unit_id, SCORE.c.school_year == year
        )
    ).all()
    if given.rank < 1:
        effect.reasons.append(Reason("rank_out_of_range", {"rank": given.rank}))
    known = next((row for row in members if row.school_id == school), None)
    if known is not None:
        if (known.score, known.rank) != (given.points, given.rank):
            effect.reasons.append(Reason("score_differs", {"score": str(known.score), "rank": known.rank}))
        return effect
    effect.writes.append(
        (
            _INSERT,
            [
                {
                    "bloc_id": case.desk_unit_id,
                    "school_id": school,
                    "school_year": year,
                    "score": given.points,
                    "rank": given.rank,
                    "recorded_by_id": case.call.actor_id,
                    "recorded_at": case.call.now,
                }
            ],
        )
    )
    return effect
