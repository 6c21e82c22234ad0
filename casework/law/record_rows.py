"""What tables hold of those who may get a title, read for many of them at once in a fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from operator import attrgetter, itemgetter
from typing import Any

from sqlalchemy import Connection

from casework.career.keys import holder_of
from casework.career.tables import DISCIPLINE, GRADE, MATTER
from casework.law.record_queries import (
    AWARDS,
    COMPLETENESS,
    EMPLOYED,
    EMPLOYED_BY,
    INITIATIVES_NAMED,
    LAUNCHED_BY,
    MOVEMENTS_NAMED,
    NOMINATIONS,
    RANKS,
    RECOGNISED,
    SAID,
)
from casework.law.wanted import Wanted
from casework.named_movements import parts_of
from casework.regulations import titles_in_force
from models.history_import import WHOLE
from published.titles import DECIDING_KINDS, INITIATIVE, Title
from rules.record import MERIT, Discipline, Graded, Held, Initiative, Movement, Service
from rules.school_years import first_day, last_taught, name_of, number_of
from rules.windows import local_day

_BY_ID, _FIRST = attrgetter("id"), itemgetter(0)
#: which level a movement has by the kind of the unit that launched it; those below the province are local
_LEVEL_OF = {kind: level for level, kinds in DECIDING_KINDS.items() for kind in kinds}
#: stands where a nomination would, of what was used before they were kept here
_NO_NOMINATION = 0


@dataclass(frozen=True, slots=True)
class Matter:
    """A matter that is being looked into: its kind and the day since when."""

    kind: str
    since: date
    ref: str


@dataclass(slots=True)
class Rows:
    """What was read, by holder."""

    #: holder → (nomination that brought it, if one did, and the title)
    held: dict[str, list[tuple[int | None, Held]]] = field(default_factory=lambda: defaultdict(list))
    #: holder → (nomination, its title on the way)
    asked: dict[str, list[tuple[int, Held]]] = field(default_factory=lambda: defaultdict(list))
    graded: dict[str, list[Graded]] = field(default_factory=lambda: defaultdict(list))
    initiatives: dict[str, list[tuple[int, Initiative]]] = field(default_factory=lambda: defaultdict(list))
    #: initiative → (nomination that uses it, or `_NO_NOMINATION`; "title" or "form")
    uses: dict[int, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))
    disciplines: dict[str, list[Discipline]] = field(default_factory=lambda: defaultdict(list))
    service: dict[str, list[Service]] = field(default_factory=lambda: defaultdict(list))
    matters: dict[str, list[Matter]] = field(default_factory=lambda: defaultdict(list))
    complete: dict[str, dict[str, set[int]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(set))
    )
    whole: set[str] = field(default_factory=set)
    #: person → (unit, since, until), the earliest first
    employed: dict[int, list[tuple[int, date, date | None]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    registered: dict[tuple[str, int], set[str]] = field(default_factory=lambda: defaultdict(set))
    ranks: dict[tuple[int, int], int] = field(default_factory=dict)
    #: (unit, year) → its members
    members: dict[tuple[int, int], list[int]] = field(default_factory=lambda: defaultdict(list))
    #: nomination → the movement that it names
    movements: dict[int, Movement] = field(default_factory=dict)


def read_rows(connection: Connection, wanted: Sequence[Wanted], before: Mapping[int, Sequence[int]]) -> Rows:
    """What is to be known of all who are wanted; ``before`` has, by unit, those that it was merged from."""
    people = {one.person for one in wanted if one.person is not None}
    collectives = [one for one in wanted if one.person is None]
    rows = Rows()
    units = {one.unit for one in collectives} | {unit for found in before.values() for unit in found}
    if collectives:
        _read_members(connection, rows, collectives)
        people |= {person for found in rows.members.values() for person in found}
        _read_ranks(connection, rows, units)
    catalogue = titles_in_force(connection)
    bound = {"people": people, "units": units}
    _read_awards(connection, rows, bound)
    _read_nominations(connection, rows, bound, {one.year for one in wanted})
    _read_said(connection, rows, bound)
    _read_completeness(connection, rows, bound)
    _read_movements(connection, rows, [one.nomination for one in wanted if one.nomination is not None])
    if people:
        _read_initiatives(connection, rows, bound, catalogue)
    return rows


def _read_awards(connection: Connection, rows: Rows, bound: Mapping[str, Any]) -> None:
    # Unpacked and not by their names: of all that is read of a person, these rows are the most.
    found = sorted(connection.execute(AWARDS, bound).all(), key=_FIRST)
    for number, person, unit, title, school_year, kind, nomination, initiative in found:
        # Not asked of the database: SQLite would look through every award that is of no initiative.
        if initiative is None:
            held = Held(title, _year(school_year), f"award:{number}", kind)
            rows.held[holder_of(person, unit)].append((nomination, held))


def _read_nominations(
    connection: Connection, rows: Rows, bound: Mapping[str, Any], years: Collection[int]
) -> None:
    """Titles on their way, and what was registered in some years."""
    asked = {**bound, "years": [name_of(year) for year in sorted(years)]}
    for row in sorted(connection.execute(NOMINATIONS, asked).all(), key=_BY_ID):
        holder, year = holder_of(row.person_id, row.unit_id), _year(row.school_year)
        rows.registered[holder, year].update([row.title] if row.registered else ())
        if row.outcome == "open" and row.on_the_way:
            way = Held(row.title, year, f"nomination:{row.id}", MERIT, awaited=row.code)
            rows.asked[holder].append((row.id, way))


def _read_said(connection: Connection, rows: Rows, bound: Mapping[str, Any]) -> None:
    """Grades, disciplines, open matters and time of service."""
    found = connection.execute(SAID, bound).all()
    for row in sorted(found, key=lambda row: (row.of, row.since or date.min, row.id)):
        holder, ref = holder_of(row.person_id, row.unit_id), f"{row.of}:{row.id}"
        if row.of == GRADE.name:
            rows.graded[holder].append(Graded(_year(row.school_year), row.said, ref))
        elif row.of == DISCIPLINE.name:
            rows.disciplines[holder].append(Discipline(row.said, row.since, ref, row.until))
        elif row.of == MATTER.name:
            rows.matters[holder].append(Matter(row.said, row.since, f"matter:{row.id}"))
        else:
            rows.service[holder].append(Service(row.said, row.since, ref, row.until))


def _read_completeness(connection: Connection, rows: Rows, bound: Mapping[str, Any]) -> None:
    """Of which years nothing is missing: as stated, and where this office has decided all dossiers of a unit's year.

    What is said of a unit is said of whoever it employed in that year too.
    """
    for row in connection.execute(EMPLOYED, bound):
        rows.employed[row.person_id].append((row.unit_id, row.since, row.until))
    units = {unit for spans in rows.employed.values() for unit, _, _ in spans} | set(bound["units"])
    said: dict[int, list[tuple[str, int]]] = defaultdict(list)
    among_them = {"people": bound["people"], "units": units}
    for row in connection.execute(COMPLETENESS, among_them).all():
        if row.what == WHOLE:
            rows.whole.add(holder_of(row.person_id, row.unit_id))
        elif row.person_id is not None:
            rows.complete[f"p{row.person_id}"][row.what].add(_year(row.school_year))
        else:
            said[row.unit_id].append((row.what, _year(row.school_year)))
    for unit in bound["units"]:
        for what, year in said.get(unit, ()):
            rows.complete[f"u{unit}"][what].add(year)
    for person, spans in rows.employed.items():
        for unit, since, until in spans:
            for what, year in said.get(unit, ()):
                if since <= _counted_on(year) and (until is None or until >= first_day(year)):
                    rows.complete[f"p{person}"][what].add(year)


def _read_initiatives(
    connection: Connection, rows: Rows, bound: Mapping[str, Any], catalogue: Mapping[str, Title]
) -> None:
    scopes = {code: title for code, title in catalogue.items() if title.subject == INITIATIVE}
    for row in sorted(connection.execute(RECOGNISED, bound).all(), key=_BY_ID):
        title = scopes.get(row.title)
        if title is None:
            continue
        last = row.valid_until or (title.valid.last_day(row.decided_on) if title.valid else None)
        one = Initiative(title.level, row.decided_on, f"initiative:{row.initiative_id}", last)
        rows.initiatives[f"p{row.person_id}"].append((row.initiative_id, one))
    _read_initiatives_named(connection, rows, bound, catalogue)


def _read_initiatives_named(
    connection: Connection, rows: Rows, bound: Mapping[str, Any], catalogue: Mapping[str, Title]
) -> None:
    """Initiatives that a dossier on its way puts forward, whose scope is not decided yet; and those that are used, by
    nominations here or as a file of earlier years says."""
    uses: set[tuple[str, int, int]] = set()
    for row in sorted(
        connection.execute(INITIATIVES_NAMED, bound).all(), key=lambda row: (row.id, row.person_id)
    ):
        title = catalogue.get(row.title)
        if row.how != "asked":
            # Once a use, however many authors are looked at.
            if (row.how, row.initiative_id, row.id) not in uses:
                uses.add((row.how, row.initiative_id, row.id))
                by = "title" if title is not None and title.form == "title" else "form"
                nomination = row.id if row.how == "used" else _NO_NOMINATION
                rows.uses[row.initiative_id].append((nomination, by))
        elif title is not None and title.subject == INITIATIVE:
            asked = Initiative(
                title.level, local_day(row.opened_at), f"initiative:{row.initiative_id}", awaited=row.code
            )
            rows.initiatives[f"p{row.person_id}"].append((row.initiative_id, asked))


def _read_movements(connection: Connection, rows: Rows, nominations: Sequence[int]) -> None:
    """The movements that nominations name: the level at which each was launched, and whether the unit reviewed it."""
    named = connection.execute(MOVEMENTS_NAMED, {"nominations": nominations}).all()
    if not named:
        return
    ids = {row.movement_id for row in named}
    levels = {
        row.id: _LEVEL_OF.get(row.kind, "local")
        for row in connection.execute(LAUNCHED_BY, {"movements": ids})
    }
    parts = parts_of(connection, {row.unit_id for row in named}, ids)
    for row in named:
        part = parts.get((row.unit_id, row.movement_id))
        reviewed = part is not None and part.reviewed_on is not None
        ref = f"movement:{row.movement_id}"
        rows.movements[row.id] = Movement(levels[row.movement_id], reviewed, ref)


def _read_ranks(connection: Connection, rows: Rows, units: Collection[int]) -> None:
    for row in connection.execute(RANKS, {"units": units}).all():
        rows.ranks[row.school_id, _year(row.school_year)] = row.rank


def _read_members(connection: Connection, rows: Rows, collectives: Iterable[Wanted]) -> None:
    """Whom each unit employed on the day of the year on which its members are counted."""
    asked = sorted({(one.unit, one.year, min(one.on, _counted_on(one.year))) for one in collectives})
    units = sorted({unit for unit, _, _ in asked})
    spans: dict[int, list[tuple[int, date, date | None]]] = defaultdict(list)
    for row in connection.execute(EMPLOYED_BY, {"units": units}).all():
        spans[row.unit_id].append((row.person_id, row.since, row.until))
    for unit, year, day in asked:
        there = {p for p, since, until in spans[unit] if since <= day and (until is None or until >= day)}
        rows.members[unit, year] = sorted(there)


#: thousands of rows hold the same few years
_year = cache(number_of)


_counted_on = cache(last_taught)
