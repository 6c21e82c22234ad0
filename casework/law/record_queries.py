"""The statements by which `casework/law/record_rows.py` reads, made once: an act asks all of them.

Parameters: ``people``, ``units``, ``nominations`` and ``movements`` are sets of ids, ``years`` names of school years.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Date,
    Integer,
    String,
    Table,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from casework.access import EMPLOYMENT
from casework.career.tables import COMPLETE, DISCIPLINE, EARLIER_USE, GRADE, MATTER, SERVICE
from casework.decided import AWARD, DECISION
from casework.load import AUTHOR, DOSSIER, NOMINATION
from casework.movements.calendar_of import MOVEMENT
from casework.people import UNIT
from kit.id_sets import among
from models.bloc_year import BlocScore
from models.dossier import UNFINISHED

SCORE = BlocScore.__table__

#: the initiatives of those who are looked at, as a set: the planner then begins with them and not with every award
_THEIRS = select(AUTHOR.c.initiative_id).where(among(AUTHOR.c.person_id, "people"))


def _whose(table: Table) -> Any:
    return or_(among(table.c.person_id, "people"), among(table.c.unit_id, "units"))


AWARDS = select(
    AWARD.c.id,
    AWARD.c.person_id,
    AWARD.c.unit_id,
    AWARD.c.title,
    AWARD.c.school_year,
    AWARD.c.award_type,
    AWARD.c.nomination_id,
    AWARD.c.initiative_id,
).where(_whose(AWARD), AWARD.c.standing == "held")

#: titles on their way, and what was registered in some years; a collective's nomination names its unit alone
NOMINATIONS = (
    select(
        NOMINATION.c.id,
        NOMINATION.c.person_id,
        NOMINATION.c.unit_id,
        NOMINATION.c.title,
        NOMINATION.c.outcome,
        NOMINATION.c.registered,
        DOSSIER.c.school_year,
        DOSSIER.c.code,
        UNFINISHED.label("on_the_way"),
    )
    .join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id)
    .where(
        or_(
            among(NOMINATION.c.person_id, "people"),
            and_(
                among(NOMINATION.c.unit_id, "units"),
                func.coalesce(NOMINATION.c.person_id, NOMINATION.c.initiative_id).is_(None),
            ),
        ),
        NOMINATION.c.outcome != "struck",
        or_(
            and_(NOMINATION.c.outcome == "open", UNFINISHED),
            DOSSIER.c.school_year.in_(bindparam("years", expanding=True)),
        ),
    )
)


def _said() -> Any:
    nobody, no_year, no_day = cast(null(), Integer), cast(null(), String), cast(null(), Date)

    def part(table: Table, unit: Any, said: Any, year: Any, since: Any, until: Any, *where: Any) -> Any:
        columns = (unit.label("unit_id"), said.label("said"), year.label("school_year"))
        days = (since.label("since"), until.label("until"))
        named = literal(table.name, String).label("of")
        return select(named, table.c.id, table.c.person_id, *columns, *days).where(*where)

    d, g, m, s = DISCIPLINE.c, GRADE.c, MATTER.c, SERVICE.c
    mine = (among(d.person_id, "people"), d.annulled_at.is_(None))
    return union_all(
        part(DISCIPLINE, nobody, d.form, no_year, d.decided_on, d.served_on, *mine),
        part(
            GRADE, g.unit_id, g.grade, g.school_year, no_day, no_day, _whose(GRADE), g.replaced_at.is_(None)
        ),
        part(MATTER, m.unit_id, m.kind, no_year, m.since, no_day, _whose(MATTER), m.closed_on.is_(None)),
        part(SERVICE, nobody, s.kind, no_year, s.since, s.until, among(s.person_id, "people")),
    )


#: grades, disciplines, open matters and time of service: in one statement, since a page asks for them all
SAID = _said()

EMPLOYED = select(EMPLOYMENT).where(among(EMPLOYMENT.c.person_id, "people")).order_by(EMPLOYMENT.c.since)
EMPLOYED_BY = select(EMPLOYMENT).where(among(EMPLOYMENT.c.unit_id, "units")).order_by(EMPLOYMENT.c.person_id)

#: of which years nothing is missing: as stated, and where this office has decided all dossiers of a unit's year
COMPLETENESS = union_all(
    select(COMPLETE.c.person_id, COMPLETE.c.unit_id, COMPLETE.c.what, COMPLETE.c.school_year).where(
        _whose(COMPLETE)
    ),
    select(cast(null(), Integer), DOSSIER.c.unit_id, literal("titles", String), DOSSIER.c.school_year)
    .where(among(DOSSIER.c.unit_id, "units"))
    .group_by(DOSSIER.c.unit_id, DOSSIER.c.school_year)
    .having(
        func.sum(case((UNFINISHED, 1), else_=0)) == 0,
        func.sum(case((DOSSIER.c.state_kind == "decided", 1), else_=0)) > 0,
    ),
)

RECOGNISED = (
    select(
        AUTHOR.c.person_id,
        AWARD.c.initiative_id,
        AWARD.c.id,
        AWARD.c.title,
        AWARD.c.valid_until,
        DECISION.c.decided_on,
    )
    .join(AWARD, AWARD.c.initiative_id == AUTHOR.c.initiative_id)
    .join(DECISION, DECISION.c.id == AWARD.c.decision_id)
    .where(
        AWARD.c.initiative_id.in_(_THEIRS), among(AUTHOR.c.person_id, "people"), AWARD.c.standing == "held"
    )
)


def _initiatives_named() -> Any:
    author = (AUTHOR.c.person_id, AUTHOR.c.initiative_id)
    nominated = (NOMINATION.c.id, NOMINATION.c.title, DOSSIER.c.code, DOSSIER.c.opened_at)
    no_dossier = (literal("", String), cast(null(), DOSSIER.c.opened_at.type))

    def named(how: str, column: Any, *where: Any) -> Any:
        return (
            select(literal(how, String).label("how"), *author, *nominated)
            .select_from(AUTHOR)
            .join(NOMINATION, column == AUTHOR.c.initiative_id)
            .join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id)
            .where(column.in_(_THEIRS), among(AUTHOR.c.person_id, "people"), *where)
        )

    earlier = (
        select(
            literal("used_earlier", String).label("how"),
            *author,
            EARLIER_USE.c.id,
            EARLIER_USE.c.title,
            *no_dossier,
        )
        .select_from(AUTHOR)
        .join(EARLIER_USE, EARLIER_USE.c.initiative_id == AUTHOR.c.initiative_id)
        .where(among(AUTHOR.c.person_id, "people"))
    )
    return union_all(
        named("asked", NOMINATION.c.initiative_id, NOMINATION.c.outcome == "open", UNFINISHED),
        named("used", NOMINATION.c.uses_initiative_id, NOMINATION.c.outcome.in_(("open", "awarded"))),
        earlier,
    )


#: initiatives that a dossier on its way puts forward, whose scope is not decided yet; and those that are used, by
#: nominations here or as a file of earlier years says
INITIATIVES_NAMED = _initiatives_named()

MOVEMENTS_NAMED = select(NOMINATION.c.id, NOMINATION.c.unit_id, NOMINATION.c.movement_id).where(
    among(NOMINATION.c.id, "nominations"), NOMINATION.c.movement_id.is_not(None)
)
LAUNCHED_BY = (
    select(MOVEMENT.c.id, UNIT.c.kind)
    .join(UNIT, UNIT.c.id == MOVEMENT.c.unit_id)
    .where(among(MOVEMENT.c.id, "movements"))
)
RANKS = select(SCORE.c.school_id, SCORE.c.school_year, SCORE.c.rank).where(among(SCORE.c.school_id, "units"))
