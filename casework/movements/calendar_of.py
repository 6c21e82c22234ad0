"""A movement that asks units is a small calendar: who is asked owes an answer, and later a review.

So reminders, escalation, extensions and all that is shown of them need nothing of their own. The calendar is made from
the movement's row whenever it is asked for: the row never changes, and a copy as a file could only differ from it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Connection, select

from casework.movements.planners import PLANNERS
from models.movement import Movement
from models.unit import Unit
from notifications.words import LANGS, say, word
from published.calendar import Calendar
from published.milestone import RED, CalendarMilestone, Holders
from rules.reminders import Escalation, Ladder
from rules.school_years import name_on
from rules.windows import Milestone, local_day
from rules.working_days import WORKING_DAYS

MOVEMENT, UNIT = Movement.__table__, Unit.__table__
PREFIX = "movement-"
ANSWER, REVIEW = "answer", "review"
#: how a milestone of a movement is met: by that act, never by a word or by steps of a dossier
BY_ACT = "movement"

# As the sample's calendars remind schools and blocs; an office that wants other days extends.
_LADDER = Ladder((-14, -7, -3, -1, 0, 3, 7))
_ESCALATION = Escalation(5, WORKING_DAYS)


def calendar_name(code: str) -> str:
    """The name under which what a movement asks for is owed."""
    return f"{PREFIX}{code}"


def movement_of(calendar: str) -> str | None:
    """The code of the movement whose calendar it is; None of one that was published."""
    return calendar.removeprefix(PREFIX) if calendar.startswith(PREFIX) else None


def milestone_name(what: str, kind: str) -> str:
    """The milestone that units of a kind owe: ``what`` is `ANSWER` or `REVIEW`."""
    return f"{what}-{kind.replace('_', '-')}"


def movement_calendars(
    connection: Connection, names: Collection[str], *, ended_too: bool = False
) -> dict[str, Calendar]:
    """The calendars of some movements by name; other names are missing, and movements that were ended, which ask for
    nothing any more, unless ``ended_too``: for whoever looks at what was."""
    codes = sorted({code for name in names if (code := movement_of(name)) is not None})
    if not codes:
        return {}
    query = (
        select(MOVEMENT, UNIT.c.kind, UNIT.c.name.label("unit_name"))
        .join(UNIT, UNIT.c.id == MOVEMENT.c.unit_id)
        .where(MOVEMENT.c.code.in_(codes), MOVEMENT.c.answer_by.is_not(None))
    )
    if not ended_too:
        query = query.where(MOVEMENT.c.ended_at.is_(None))
    found = (
        _calendar(_Asked(**{name: row[name] for name in _Asked._fields}))
        for row in connection.execute(query).mappings()
    )
    return {calendar.name: calendar for calendar in found}


def every_movement_calendar(connection: Connection) -> dict[str, Calendar]:
    """What every movement asks or asked for, by name, with those that were ended."""
    codes = connection.execute(select(MOVEMENT.c.code)).scalars()
    return movement_calendars(connection, [calendar_name(code) for code in codes], ended_too=True)


class _Asked(NamedTuple):
    """All of a movement that its calendar is made of."""

    code: str
    theme: str
    number: str
    dated: date
    launched_at: datetime
    until: date
    answer_by: date
    review_by: date
    kind: str
    unit_name: str


# A page of a school asks several times for those of ten years: each is made once, of what its row says.
@lru_cache(maxsize=1_024)
def _calendar(asked: _Asked) -> Calendar:
    launched = local_day(asked.launched_at)
    return Calendar(
        name=calendar_name(asked.code),
        title=dict.fromkeys(LANGS, asked.theme),
        school_year=name_on(launched),
        procedures=(),
        source=asked.number,
        verified=True,
        milestones=dict(_milestones(asked, launched)),
        dated=asked.dated,
        asked_on=launched,
    )


def _milestones(asked: _Asked, launched: date) -> Iterable[tuple[str, CalendarMilestone]]:
    above = Holders(asked.kind, PLANNERS[asked.kind])
    told = {"theme": asked.theme, "unit": asked.unit_name}
    # Whoever has not answered cannot review, and nobody reviews what still runs: until then it is no matter of today.
    over = max(asked.answer_by + timedelta(days=1), min(asked.until, asked.review_by))
    spans = {ANSWER: (launched, asked.answer_by), REVIEW: (over, asked.review_by)}
    for what, (opens, last_day) in spans.items():
        for kind, duties in PLANNERS.items():
            name = milestone_name(what, kind)
            yield (
                name,
                CalendarMilestone(
                    milestone=Milestone(name, kind, min(opens, last_day), last_day),
                    label={lang: say(f"movements.{what}", told, lang) for lang in LANGS},
                    actor={lang: word("unit_kinds", kind, lang) for lang in LANGS},
                    due={lang: say(f"movements.{what}_due", told, lang) for lang in LANGS},
                    duties=duties,
                    met_by=(BY_ACT,),
                    announced=what == ANSWER,
                    ladder=_LADDER,
                    escalation=_ESCALATION,
                    escalates_to=above,
                    unmet=RED,
                    extends=above,
                ),
            )
