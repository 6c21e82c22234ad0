"""The bloc's record of a school: its points and rank for the year."""

from __future__ import annotations

from sqlalchemy import insert, select

from casework.effects.effect import Case, Effect
from casework.load import SCORE
from rules.reasons import Reason

_INSERT = insert(SCORE)
MOST = 1000


def score(case: Case) -> Effect:
    """Record points and rank. Another dossier of the school may already have brought them: then they must agree."""
    given = case.inputs.score
    if given is None:
        return Effect()
    effect = Effect(payload={"score": str(given.points), "rank": given.rank})
    # Two decimals are kept: what was rounded would not agree with itself when it is brought again.
    fits = given.points.is_finite() and 0 <= given.points <= MOST and given.points == round(given.points, 2)
    if not fits:
        effect.reasons.append(
            Reason("score_out_of_range", {"score": str(given.points), "least": 0, "most": MOST})
        )
    if not 1 <= given.rank <= MOST:
        effect.reasons.append(Reason("rank_out_of_range", {"rank": given.rank}))
    school, year = case.dossier["unit_id"], case.dossier["school_year"]
    known = case.connection.execute(
        select(SCORE.c.score, SCORE.c.rank).where(SCORE.c.school_id == school, SCORE.c.school_year == year)
    ).first()
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
