"""Awards as money sees them: with their decision's day, and with what the same holder got beside them.

A fixed number of statements, however many awards: those that are asked for, and the others of the same holders that
were decided on the same day or are of the same school year.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, func, or_, select

from casework.access import EMPLOYMENT
from casework.career.keys import holder_of
from casework.decided import AWARD, DECISION, OF_NO_INITIATIVE
from casework.load import DOSSIER, NOMINATION
from casework.people import PERSON, UNIT
from casework.regulations import titles_in_force
from rules.money import COLLECTIVE, FORM, INDIVIDUAL, TITLE, Prize
from rules.school_years import year_named, year_of

_AT = UNIT.alias("at_unit")


def _rows() -> Select[Any]:
    return (
        select(
            AWARD.c.id,
            AWARD.c.person_id,
            AWARD.c.unit_id,
            AWARD.c.title,
            AWARD.c.school_year,
            AWARD.c.award_type,
            AWARD.c.standing,
            AWARD.c.decision_id,
            DECISION.c.decided_on,
            DECISION.c.number,
            DECISION.c.unit_id.label("body_id"),
            DOSSIER.c.code.label("dossier"),
            PERSON.c.code.label("person_code"),
            PERSON.c.name.label("person_name"),
            _AT.c.id.label("at_id"),
            _AT.c.code.label("at_code"),
            _AT.c.name.label("at_name"),
        )
        .select_from(AWARD)
        .join(DECISION, DECISION.c.id == AWARD.c.decision_id)
        .outerjoin(NOMINATION, NOMINATION.c.id == AWARD.c.nomination_id)
        .outerjoin(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id)
        .outerjoin(PERSON, PERSON.c.id == AWARD.c.person_id)
        # Of an award that was imported, nothing says from which school: the one that employed the person that day.
        .outerjoin(
            EMPLOYMENT,
            and_(
                NOMINATION.c.id.is_(None),
                EMPLOYMENT.c.person_id == AWARD.c.person_id,
                EMPLOYMENT.c.since <= DECISION.c.decided_on,
                or_(EMPLOYMENT.c.until.is_(None), EMPLOYMENT.c.until >= DECISION.c.decided_on),
            ),
        )
        .outerjoin(
            _AT, _AT.c.id == func.coalesce(AWARD.c.unit_id, NOMINATION.c.unit_id, EMPLOYMENT.c.unit_id)
        )
        # Initiatives have no money of the law: their titles are held by the unit, and are no award of it.
        .where(OF_NO_INITIATIVE)
        .order_by(AWARD.c.id)
    )


def awards_where(connection: Connection, condition: ColumnElement[bool]) -> list[RowMapping]:
    """The awards that a condition on award, decision and nomination asks for, in the order in which they were made."""
    return _each_once(connection.execute(_rows().where(condition)).mappings())


def beside(connection: Connection, condition: ColumnElement[bool]) -> list[RowMapping]:
    """What the holders of those awards got on the same day or for the same school year, the awards themselves too."""
    mine = (
        select(AWARD.c.person_id, AWARD.c.unit_id, AWARD.c.school_year, DECISION.c.decided_on)
        .select_from(AWARD)
        .join(DECISION, DECISION.c.id == AWARD.c.decision_id)
        .outerjoin(NOMINATION, NOMINATION.c.id == AWARD.c.nomination_id)
        .where(OF_NO_INITIATIVE, condition)
        .distinct()
        .subquery()
    )
    when = or_(mine.c.decided_on == DECISION.c.decided_on, mine.c.school_year == AWARD.c.school_year)
    found: list[RowMapping] = []
    # Two statements rather than one with OR, for which neither index would serve.
    for holder in ("person_id", "unit_id"):
        # The holders as a set first: SQLite would ask of every award whether it is beside one of these.
        holders = select(mine.c[holder]).where(mine.c[holder].is_not(None))
        wanted = select(mine.c[holder]).where(mine.c[holder] == AWARD.c[holder], when)
        # Sorted here: in the order of ids it would go through all awards after all.
        query = _rows().where(AWARD.c[holder].in_(holders), wanted.exists()).order_by(None)
        found += sorted(connection.execute(query).mappings(), key=itemgetter("id"))
    return _each_once(found)


def _each_once(rows: Iterable[RowMapping]) -> list[RowMapping]:
    """A person with two employments on one day gives two rows of one award: the first counts."""
    return list({row["id"]: row for row in reversed(list(rows))}.values())[::-1]


def prizes_of(connection: Connection, rows: Iterable[RowMapping]) -> dict[int, Prize]:
    """The awards by id as `rules.money` takes them."""
    listed = list(rows)
    if not listed:
        return {}
    catalogue = titles_in_force(connection)
    found = {}
    for row in listed:
        title = catalogue.get(row["title"])
        kind = TITLE if title is not None and title.form == "title" else FORM
        person = row["person_id"]
        year = year_named(row["school_year"])
        found[row["id"]] = Prize(
            key=str(row["id"]),
            holder=holder_of(person, row["unit_id"]),
            title=row["title"],
            subject=INDIVIDUAL if person is not None else COLLECTIVE,
            kind=kind,
            year=year if year is not None else year_of(row["decided_on"]),
            decided_on=row["decided_on"],
            award_type=row["award_type"],
        )
    return found
