"""Lists of dossiers: where each stands, what it waits for, of whom and until when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, func, or_, select

from casework.access import holdings_of
from casework.load import DOSSIER, NOMINATION
from casework.people import person_by_code
from casework.reads import Reads
from casework.regulations import REGULATION, chart_of
from casework.routing import unit_by_code
from casework.views.naming import desk_named
from casework.views.searching import has_words
from casework.views.standing import Directory, awaited, days_left, deadline_of, is_late
from models.base import values_of
from models.dossier import UNFINISHED
from models.unit import Placement
from rules.windows import local_day

PLACEMENT = Placement.__table__


@dataclass(frozen=True, slots=True)
class Filter:
    """Which dossiers; everything that is None lets all through. ``unit`` takes in what stands under it."""

    unit: str | None = None
    school_year: str | None = None
    level: str | None = None
    kind: str | None = None
    desk: str | None = None
    procedure: str | None = None
    person: str | None = None
    unfinished: bool = False
    #: each stands in the dossier's code or in its unit's name
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of a list and how many there are in all."""

    rows: list[dict[str, Any]]
    total: int


def list_dossiers(
    connection: Connection, wanted: Filter, now: datetime, lang: str, *, limit: int = 200, start: int = 0
) -> Listing:
    """The dossiers that a filter lets through, by unit, school year and code.

    Raises:
        Refused: the filter names a unit or a person that does not exist.
    """
    conditions = conditions_of(connection, wanted, now)
    if wanted.person is not None:
        return _of_person(connection, wanted.person, conditions, now, lang, limit, start)
    total = connection.execute(select(func.count()).select_from(DOSSIER).where(*conditions)).scalar_one()
    query = _ordered(conditions).limit(limit).offset(start)
    rows = [values_of(row) for row in connection.execute(query)]
    return Listing(rows_shown(connection, rows, now, lang), int(total))


def waiting_for(connection: Connection, person: str, now: datetime, lang: str) -> list[dict[str, Any]]:
    """The dossiers that wait for a step of ``person``, those with the nearest deadline first.

    Raises:
        Refused: there is no such person.
    """
    found = _of_person(connection, person, [], now, lang, 10_000, 0).rows
    return sorted(found, key=lambda row: (row["deadline"] is None, row["deadline"] or "", row["dossier"]))


def _ordered(conditions: Iterable[Any]) -> Select[Any]:
    return select(DOSSIER).where(*conditions).order_by(DOSSIER.c.unit_id, DOSSIER.c.school_year, DOSSIER.c.id)


def conditions_of(connection: Connection, wanted: Filter, now: datetime) -> list[Any]:
    """The conditions of a filter on rows of dossiers, but for whom they wait for.

    Raises:
        Refused: the filter names a unit that does not exist.
    """
    conditions: list[Any] = []
    if wanted.unit is not None:
        units = units_under(connection, wanted.unit, now)
        conditions.append(or_(DOSSIER.c.unit_id.in_(units), DOSSIER.c.desk_unit_id.in_(units[:1])))
    if wanted.unfinished:
        conditions.append(UNFINISHED)
    for column, value in (
        (DOSSIER.c.school_year, wanted.school_year),
        (DOSSIER.c.level, wanted.level),
        (DOSSIER.c.state_kind, wanted.kind),
        (DOSSIER.c.desk, wanted.desk),
    ):
        if value is not None:
            conditions.append(column == value)
    if wanted.procedure is not None:
        versions = select(REGULATION.c.sha256).where(
            REGULATION.c.kind == "procedure", REGULATION.c.name == wanted.procedure
        )
        conditions.append(DOSSIER.c.procedure_sha256.in_(versions))
    return [*conditions, *has_words(connection, wanted.words)]


def units_under(connection: Connection, code: str, now: datetime) -> list[int]:
    """A unit's id first, then the ids of all units that stand under it on this day, in blocs and under authorities."""
    top = int(str(unit_by_code(connection, code)["id"]))
    day = local_day(now)
    below: dict[int, list[int]] = {}
    for row in connection.execute(
        select(PLACEMENT.c.unit_id, PLACEMENT.c.under_id).where(
            PLACEMENT.c.since <= day, or_(PLACEMENT.c.until.is_(None), PLACEMENT.c.until >= day)
        )
    ):
        below.setdefault(row.under_id, []).append(row.unit_id)
    found, queue = {top: None}, [top]
    while queue:
        for unit in below.get(queue.pop(), ()):
            if unit not in found:
                found[unit] = None
                queue.append(unit)
    return list(found)


def _of_person(
    connection: Connection,
    code: str,
    conditions: list[Any],
    now: datetime,
    lang: str,
    limit: int,
    start: int,
) -> Listing:
    """The dossiers whose awaited step ``code`` may take."""
    person = person_by_code(connection, code)["id"]
    reads = Reads(connection, local_day(now))
    units = {holding.unit_id for holding in holdings_of(connection, person, reads.day)}
    # The desk that acts next is most often at the unit that holds the dossier, but a held one is released elsewhere.
    query = _ordered([*conditions, UNFINISHED])
    rows = []
    for row in connection.execute(query):
        dossier = values_of(row)
        if units.isdisjoint({dossier["desk_unit_id"], *dossier["route"].values()}):
            continue
        step = awaited(reads, dossier)
        if step is not None and step.unit_id in units and person in step.people:
            rows.append(dossier)
    return Listing(rows_shown(connection, rows[start : start + limit], now, lang, reads), len(rows))


def rows_shown(
    connection: Connection,
    rows: Sequence[Mapping[str, Any]],
    now: datetime,
    lang: str,
    reads: Reads | None = None,
) -> list[dict[str, Any]]:
    """Rows of dossiers as plain data with names: what lists show."""
    reads = reads or Reads(connection, local_day(now))
    reads.fetch_ways(rows)
    steps = [awaited(reads, row) for row in rows]
    directory = Directory(reads)
    directory.units({row["unit_id"] for row in rows} | {s.unit_id for s in steps if s})
    directory.people({person for step in steps if step for person in step.people})
    counts = _counts(connection, [row["id"] for row in rows])
    shown = []
    for row, step in zip(rows, steps, strict=True):
        procedure = chart_of(connection, row["procedure_sha256"]).procedure
        window = step.window if step else None
        shown.append(
            {
                "dossier": row["code"],
                "unit": directory.unit(row["unit_id"]),
                "school_year": row["school_year"],
                "level": row["level"],
                "procedure": procedure.name,
                "state": row["state"],
                "state_label": procedure.states[row["state"]].label[lang],
                "kind": row["state_kind"],
                "desk": row["desk"],
                "next_event": step.event if step else None,
                "waits_at": desk_named(procedure, step.desk, lang) if step else None,
                "waits_at_unit": directory.unit(step.unit_id) if step else None,
                "waits_for": [p for i in step.people if (p := directory.person(i))] if step else [],
                "opens": local_day(window.opens_at).isoformat() if window else None,
                "deadline": day.isoformat() if (day := deadline_of(window)) else None,
                "days_left": days_left(window, now),
                "late": is_late(window, now),
                "nominations": counts.get(row["id"], 0),
                "changed_at": row["changed_at"].isoformat(),
                "version": row["version"],
            }
        )
    return shown


def _counts(connection: Connection, dossiers: list[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for start in range(0, len(dossiers), 500):
        query = (
            select(NOMINATION.c.dossier_id, func.count().label("number"))
            .where(
                and_(
                    NOMINATION.c.dossier_id.in_(dossiers[start : start + 500]),
                    NOMINATION.c.outcome != "struck",
                )
            )
            .group_by(NOMINATION.c.dossier_id)
        )
        found.update({row.dossier_id: row.number for row in connection.execute(query)})
    return found


def waiting_by_person(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What waits for whom, out of a list of dossiers: per desk of a unit.

    Its people, the codes of the dossiers, the nearest deadline still ahead and how many are late; late ones first.
    """
    groups: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        if row["next_event"] is None:
            continue
        unit = row["waits_at_unit"]
        group = groups.setdefault(
            (unit["code"], row["waits_at"]),
            {
                "unit": unit,
                "desk": row["waits_at"],
                "people": row["waits_for"],
                "dossiers": [],
                "deadline": None,
                "late": 0,
            },
        )
        group["dossiers"].append(row["dossier"])
        group["late"] += row["late"]
        if row["deadline"] and not row["late"]:
            group["deadline"] = min(row["deadline"], group["deadline"] or row["deadline"])
    return sorted(
        groups.values(), key=lambda g: (-g["late"], -len(g["dossiers"]), g["unit"]["code"], g["desk"])
    )
