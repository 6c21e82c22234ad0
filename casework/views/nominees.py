"""What somebody who lists nominees starts from: the school's people, the titles that fit, last year's list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select, true

from casework.load import DOSSIER, NOMINATION, dossier_by_code
from casework.nominee_list import MOST_ROWS
from casework.people import PERSON, UNIT
from casework.regulations import chart_of, titles_in_force
from casework.views.initiative_names import initiatives_told
from casework.views.initiatives import free_for
from casework.views.movement_awards import may_rest_on
from casework.views.naming import titles_named
from casework.views.queue import PAGE
from casework.views.staff import Employee, bare, staff_of
from published.titles import INITIATIVE
from rules.school_years import later
from rules.windows import local_day
from states.procedure import INITIATIVES


@dataclass(frozen=True, slots=True)
class Start:
    """``titles``: (code, words) of the dossier's level; ``before``: rows of last year's list, who may be nominated
    again; ``gone``: how many of it are employed here no more. ``initiatives``: in a dossier of initiatives those of the
    year's list that may be put forward, None in one of people. ``movements`` may be named for the titles
    ``thematic``."""

    unit: dict[str, str]
    staff: list[Employee]
    titles: list[tuple[str, str]]
    before_year: str
    before: list[dict[str, str]]
    gone: int
    initiatives: list[dict[str, Any]] | None = None
    movements: tuple[dict[str, Any], ...] = ()
    thematic: frozenset[str] = frozenset()


def start_of(connection: Connection, code: str, now: datetime, lang: str) -> Start:
    """Where a list of nominees of a dossier may start from; for those alone who may see the unit's people.

    Raises:
        Refused: there is no such dossier, or no catalogue of titles was published.
    """
    dossier = dossier_by_code(connection, code)
    staff = staff_of(connection, dossier["unit_id"], local_day(now))
    words = titles_named(connection, lang)
    of_initiatives = chart_of(connection, dossier["procedure_sha256"]).procedure.nominees == INITIATIVES
    titles = [
        (title, words[title])
        for title, known in titles_in_force(connection).items()
        if known.level == dossier["level"] and (known.subject == INITIATIVE) == of_initiatives
    ]
    unit = connection.execute(select(UNIT.c.code, UNIT.c.name).where(UNIT.c.id == dossier["unit_id"])).one()
    year = later(dossier["school_year"], -1)
    if of_initiatives:
        free = free_for(connection, dossier)
        return Start({"code": unit.code, "name": unit.name}, [], titles, year, [], 0, free)
    before, gone = _before(connection, dossier, year, staff, dict(titles), unit)
    in_force = titles_in_force(connection)
    thematic = frozenset(title for title, _ in titles if in_force[title].movement is not None)
    movements = tuple(may_rest_on(connection, dossier["unit_id"])) if thematic else ()
    told = {"code": unit.code, "name": unit.name}
    return Start(told, staff, titles, year, before, gone, None, movements, thematic)


def _before(
    connection: Connection,
    dossier: dict[str, Any],
    year: str,
    staff: list[Employee],
    titles: dict[str, str],
    unit: Any,
) -> tuple[list[dict[str, str]], int]:
    here = {employee.id: employee for employee in staff}
    standing = select(NOMINATION.c.person_id, NOMINATION.c.title).where(
        NOMINATION.c.dossier_id == dossier["id"],
        NOMINATION.c.outcome != "struck",
        NOMINATION.c.initiative_id.is_(None),
    )
    there = {(row.person_id, row.title) for row in connection.execute(standing)}
    query = (
        select(NOMINATION.c.person_id, NOMINATION.c.title, func.min(NOMINATION.c.id).label("first"))
        .join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id)
        .where(
            DOSSIER.c.unit_id == dossier["unit_id"],
            DOSSIER.c.school_year == year,
            DOSSIER.c.level == dossier["level"],
            NOMINATION.c.outcome != "struck",
            NOMINATION.c.initiative_id.is_(None),
        )
        .group_by(NOMINATION.c.person_id, NOMINATION.c.title)
        .order_by(func.min(NOMINATION.c.id))
        .limit(MOST_ROWS)
    )
    found, gone = [], 0
    for row in connection.execute(query):
        if (row.person_id, row.title) in there or row.title not in titles:
            continue
        employee = here.get(row.person_id) if row.person_id is not None else None
        if row.person_id is not None and employee is None:
            gone += 1
            continue
        who, name = (employee.code, employee.name) if employee else (unit.code, unit.name)
        found.append({"who": who, "name": name, "title": row.title, "title_name": titles[row.title]})
    return found, gone


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a dossier's nominations, struck ones left out, and how many there are."""

    rows: list[dict[str, Any]]
    total: int


def nominated_in(
    connection: Connection, dossier: int, lang: str, *, start: int = 0, only: int | None = None
) -> Listed:
    """The nominations of a dossier by number, at most a page of them; ``only``: the one of a number."""
    standing = (
        NOMINATION.c.id == only if only is not None else true(),
        NOMINATION.c.dossier_id == dossier,
        NOMINATION.c.outcome != "struck",
    )
    total = connection.execute(select(func.count()).select_from(NOMINATION).where(*standing)).scalar_one()
    titles = titles_named(connection, lang)
    query = (
        select(
            NOMINATION.c.id,
            NOMINATION.c.title,
            NOMINATION.c.outcome,
            NOMINATION.c.initiative_id,
            PERSON.c.code,
            PERSON.c.name,
            UNIT.c.name.label("unit"),
        )
        .join(UNIT, UNIT.c.id == NOMINATION.c.unit_id)
        .outerjoin(PERSON, PERSON.c.id == NOMINATION.c.person_id)
        .where(*standing)
        .order_by(NOMINATION.c.id)
        .limit(PAGE)
        .offset(start)
    )
    found = connection.execute(query).all()
    initiatives = initiatives_told(
        connection, {r.initiative_id for r in found if r.initiative_id is not None}
    )
    rows = [
        {
            "id": row.id,
            "code": row.code,
            "name": row.name or row.unit,
            "initiative": initiatives.get(row.initiative_id),
            "title": titles.get(row.title, row.title),
            "outcome": row.outcome,
        }
        for row in found
    ]
    return Listed(rows, int(total))


@dataclass(frozen=True, slots=True)
class People:
    """A page of a unit's people and how many the filter lets through."""

    rows: list[dict[str, Any]]
    total: int


def people_of(connection: Connection, unit: int, day: date, wanted: str = "", *, start: int = 0) -> People:
    """The people of a unit whose name or code holds every word of ``wanted``, marks left out; a page of them."""
    words = bare(wanted).split()
    found = [
        e for e in staff_of(connection, unit, day) if all(w in bare(f"{e.code} {e.name}") for w in words)
    ]
    return People([{"code": e.code, "name": e.name} for e in found[start : start + PAGE]], len(found))
