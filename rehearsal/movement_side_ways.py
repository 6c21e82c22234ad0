"""What became of the movements and exemplars of a home, counted from what it keeps."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from casework.effects.decision import AWARD
from casework.exemplars.stages import STAGE
from casework.movements.calendar_of import MOVEMENT
from casework.movements.rows import CALL
from casework.routing import UNIT
from rules.windows import local_day
from states.vocabulary import STAGES

# Every one is taken at least once in the sample's year; and what is counted.
COUNTED_IN = {
    "movement_launched": "movement",
    "movement_answered": "unit",
    "movement_answered_late": "unit",
    "movement_never_answered": "unit",
    "movement_reviewed": "unit",
    "movement_reviewed_by_successor": "unit",
    "awarded_in_movement": "nomination",
    "exemplar_found": "exemplar",
    "exemplar_spread": "exemplar",
}


def movement_side_ways(connection: Connection) -> dict[str, int]:
    """How many took each, counted as `COUNTED_IN` says."""
    found = dict.fromkeys(COUNTED_IN, 0)
    answers = MOVEMENT.alias()
    calls = connection.execute(
        select(MOVEMENT.c.answer_by, answers.c.launched_at, CALL.c.reviewed_at, UNIT.c.until)
        .join_from(CALL, MOVEMENT, MOVEMENT.c.id == CALL.c.movement_id)
        .join(UNIT, UNIT.c.id == CALL.c.unit_id)
        .join(answers, answers.c.id == CALL.c.answer_id, isouter=True)
    )
    for row in calls:
        answered, reviewed = row.launched_at is not None, row.reviewed_at is not None
        found["movement_answered"] += answered
        found["movement_answered_late"] += answered and local_day(row.launched_at) > row.answer_by
        found["movement_never_answered"] += not answered
        found["movement_reviewed"] += reviewed
        ended = row.until is not None and reviewed and local_day(row.reviewed_at) > row.until
        found["movement_reviewed_by_successor"] += ended
    first = select(func.count()).select_from(MOVEMENT).where(MOVEMENT.c.parent_id.is_(None))
    found["movement_launched"] = int(connection.execute(first).scalar_one())
    made = (AWARD.c.award_type == "thematic", AWARD.c.standing == "held", AWARD.c.nomination_id.is_not(None))
    given = select(func.count()).where(*made)
    found["awarded_in_movement"] = int(connection.execute(given).scalar_one())
    reached = select(STAGE.c.stage, func.count()).group_by(STAGE.c.stage)
    stages: dict[str, int] = dict(connection.execute(reached).all())
    found["exemplar_found"], found["exemplar_spread"] = (
        stages.get(name, 0) for name in (STAGES[0], STAGES[-1])
    )
    return found
