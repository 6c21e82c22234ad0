"""The history of a person or a unit as one line of time: what was held, graded, recognised, and by which decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Table, and_, select

from casework.access import EMPLOYMENT
from casework.career.reach import may_keep, may_know, may_see_career
from casework.career.tables import COMPLETE, DISCIPLINE, GRADE, IMPORT, IMPORTED, MATTER, SERVICE
from casework.decided import AWARD, DECISION, OF_NO_INITIATIVE
from casework.history import NOTE
from casework.load import AUTHOR, INITIATIVE
from casework.people import UNIT, person_by_code, unit_names
from casework.reads import SCORE
from casework.routing import unit_by_code
from casework.sight import Sight, may_see_unit
from casework.successions import Successions
from casework.views.naming import titles_named
from notifications.words import plain_day, say, word
from rules.reasons import Reason, Refused
from rules.school_years import first_day, last_day, name_of, year_named, year_of
from rules.windows import local_day

#: what a line of a history may be
KINDS = ("title", "grade", "initiative", "rank", "discipline", "matter", "service")
#: columns of the history as a table
COLUMNS = ("school_year", "kind", "what", "where", "number", "decided_on", "body", "standing", "file")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a history. ``what`` is in words; ``where`` the unit of that time; ``row`` the number of its row."""

    kind: str
    row: int
    school_year: str
    day: date
    what: str
    where: str = ""
    number: str = ""
    decided_on: date | None = None
    body: str = ""
    standing: str = ""
    file: str = ""
    until: date | None = None
    note: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The line as plain data."""
        return {name: getattr(self, name) for name in self.__slots__}


def person_career(
    connection: Connection, code: str, now: datetime, lang: str, *, sight: Sight | None = None
) -> dict[str, Any]:
    """The history of a person, the newest year first, as far as somebody may see it.

    Without ``sight`` (at the terminal of the home) titles, grades, initiatives and service are shown; disciplines and
    matters are not: who asks is not known there.

    Raises:
        Refused: there is no such person, or none for whoever asks: the two look alike.
    """
    row = person_by_code(connection, code)
    number, day = int(row["id"]), local_day(now)
    actor = sight.person if sight else 0
    if sight is not None and not may_see_career(connection, actor, sight.administers, number, day):
        raise Refused([Reason("unknown_person", {"code": code})])
    judges = sight is not None and may_know(connection, actor, "person", number, day)
    units = _employers(connection, number)
    lines = [
        *_titles(connection, AWARD.c.person_id == number, lang, units),
        *_grades(connection, GRADE.c.person_id == number, lang, units),
        *_initiatives(connection, number, lang),
        *_service(connection, number, lang),
    ]
    if judges or actor == number:
        # What was decided about somebody was handed to them; what is being looked into was not.
        lines += _disciplines(connection, number, lang, units)
    if judges:
        lines += _matters(connection, MATTER.c.person_id == number, lang)
    return {
        "of": "person",
        "code": row["code"],
        "name": row["name"],
        "before": [],
        "units": [{"name": name, "since": since, "until": until} for _, name, since, until in units],
        "lines": _sorted(lines),
        "complete": {
            what: years
            for what, years in _complete(connection, COMPLETE.c.person_id == number).items()
            # To whoever may not know of disciplines, that there are none says something too.
            if what != "disciplines" or judges or actor == number
        },
        "judges": judges,
        "keeps": sight is not None and may_keep(connection, actor, "person", number, day),
        "own": actor == number,
    }


def unit_career(
    connection: Connection, code: str, now: datetime, lang: str, *, sight: Sight | None = None
) -> dict[str, Any]:
    """The history of a unit with that of the units whose work it took over: what these held counts as its own, and the
    name of that day stands beside it.

    Raises:
        Refused: there is no such unit, or none for whoever asks: the two look alike.
    """
    row = unit_by_code(connection, code)
    number, day = int(str(row["id"])), local_day(now)
    if sight is not None and not may_see_unit(connection, sight, number, day):
        raise Refused([Reason("unknown_unit", {"code": code})])
    before = Successions(connection, day).predecessors_of(number)
    names = unit_names(connection, [number, *before])
    actor = sight.person if sight else 0
    judges = sight is not None and may_know(connection, actor, "unit", number, day)
    lines: list[Line] = []
    for unit in (number, *before):
        where = names[unit] if unit != number else ""
        found = [
            *_titles(connection, and_(AWARD.c.unit_id == unit, OF_NO_INITIATIVE), lang, ()),
            *_grades(connection, GRADE.c.unit_id == unit, lang, ()),
            *_ranks(connection, unit, lang),
        ]
        if judges:
            found += _matters(connection, MATTER.c.unit_id == unit, lang)
        lines += [_at(line, where) for line in found]
    return {
        "of": "unit",
        "code": row["code"],
        "name": row["name"],
        "units": [],
        "own": False,
        "before": [names[unit] for unit in before],
        "lines": _sorted(lines),
        "complete": _complete(connection, COMPLETE.c.unit_id == number),
        "judges": judges,
        "keeps": sight is not None and may_keep(connection, actor, "unit", number, day),
    }


def csv_rows(lines: Iterable[Line], lang: str) -> list[list[str]]:
    """A history as rows of a table, its headings first."""
    head = [word("career_lines", f"head_{column}", lang) for column in COLUMNS]
    return [head, *([_cell(line, column, lang) for column in COLUMNS] for line in lines)]


def _cell(line: Line, column: str, lang: str) -> str:
    if column == "kind":
        return word("career_lines", line.kind, lang)
    if column == "standing":
        return word("career_lines", line.standing, lang) if line.standing else ""
    if column == "decided_on":
        return plain_day(line.decided_on or line.day)
    return str(getattr(line, column))


def _sorted(lines: Iterable[Line]) -> list[Line]:
    order = {kind: place for place, kind in enumerate(KINDS)}
    return sorted(
        lines, key=lambda line: (line.school_year, -order[line.kind], line.day, line.row), reverse=True
    )


def _at(line: Line, where: str) -> Line:
    return Line(**{**line.as_dict(), "where": where or line.where})


Employers = Iterable[tuple[int, str, date, date | None]]


def _employers(connection: Connection, person: int) -> list[tuple[int, str, date, date | None]]:
    query = (
        select(EMPLOYMENT.c.unit_id, UNIT.c.name, EMPLOYMENT.c.since, EMPLOYMENT.c.until)
        .join(UNIT, UNIT.c.id == EMPLOYMENT.c.unit_id)
        .where(EMPLOYMENT.c.person_id == person)
        .order_by(EMPLOYMENT.c.since)
    )
    return [(row.unit_id, row.name, row.since, row.until) for row in connection.execute(query)]


def _where(units: Employers, school_year: str) -> str:
    """The units that employed somebody in a year, under the names that they had."""
    year = year_named(school_year)
    if year is None:
        return ""
    first, last = first_day(year), last_day(year)
    there = [n for _, n, since, until in units if since <= last and (until is None or until >= first)]
    return ", ".join(dict.fromkeys(there))


def _files(connection: Connection, kind: str, table: Table, condition: Any) -> dict[int, str]:
    """The files by which rows came here, by the rows' ids."""
    query = (
        select(IMPORTED.c.row_id, IMPORT.c.file_name, IMPORT.c.id)
        .join(IMPORT, IMPORT.c.id == IMPORTED.c.import_id)
        .join(table, table.c.id == IMPORTED.c.row_id)
        .where(IMPORTED.c.kind == kind, condition)
    )
    return {row.row_id: f"{row.file_name} ({row.id})" for row in connection.execute(query)}


def _titles(connection: Connection, condition: Any, lang: str, units: Employers) -> list[Line]:
    titles = titles_named(connection, lang)
    files = _files(connection, "award", AWARD, condition)
    query = (
        select(AWARD, DECISION.c.number, DECISION.c.decided_on, DECISION.c.issued_by)
        .join(DECISION, DECISION.c.id == AWARD.c.decision_id)
        .where(condition)
    )
    found = []
    for row in connection.execute(query).mappings():
        kind = row["award_type"]
        name = titles.get(row["title"], row["title"])
        found.append(
            Line(
                "title",
                row["id"],
                row["school_year"],
                row["decided_on"],
                name if kind == "merit" else f"{name} ({word('award_types', kind, lang)})",
                _where(units, row["school_year"]),
                row["number"],
                row["decided_on"],
                row["issued_by"],
                "" if row["standing"] == "held" else row["standing"],
                files.get(row["id"], ""),
            )
        )
    return found


def _grades(connection: Connection, condition: Any, lang: str, units: Employers) -> list[Line]:
    files = _files(connection, "grade", GRADE, condition)
    return [
        Line(
            "grade",
            row["id"],
            row["school_year"],
            row["decided_on"],
            word("grades", row["grade"], lang),
            _where(units, row["school_year"]),
            row["number"],
            row["decided_on"],
            row["issued_by"],
            "replaced" if row["replaced_at"] else "",
            files.get(row["id"], ""),
        )
        for row in connection.execute(select(GRADE).where(condition)).mappings()
    ]


def _initiatives(connection: Connection, person: int, lang: str) -> list[Line]:
    """The initiatives of a person that are recognised, by decisions here or as files of earlier years say."""
    titles = titles_named(connection, lang)
    written = select(AUTHOR.c.initiative_id).where(AUTHOR.c.person_id == person)
    files = _files(connection, "award", AWARD, AWARD.c.initiative_id.in_(written))
    query = (
        select(
            AWARD.c.id,
            AWARD.c.title,
            AWARD.c.school_year,
            AWARD.c.standing,
            AWARD.c.valid_until,
            INITIATIVE.c.name,
            UNIT.c.name.label("unit"),
            DECISION.c.number,
            DECISION.c.decided_on,
            DECISION.c.issued_by,
        )
        .join(INITIATIVE, INITIATIVE.c.id == AWARD.c.initiative_id)
        .join(AUTHOR, AUTHOR.c.initiative_id == INITIATIVE.c.id)
        .join(UNIT, UNIT.c.id == INITIATIVE.c.unit_id)
        .join(DECISION, DECISION.c.id == AWARD.c.decision_id)
        .where(AUTHOR.c.person_id == person)
    )
    return [
        Line(
            "initiative",
            row["id"],
            row["school_year"],
            row["decided_on"],
            f"{row['name']} – {titles.get(row['title'], row['title'])}",
            row["unit"],
            row["number"],
            row["decided_on"],
            row["issued_by"],
            "" if row["standing"] == "held" else row["standing"],
            files.get(row["id"], ""),
            note=say("pages.initiatives.valid_until", {"day": row["valid_until"].isoformat()}, lang)
            if row["valid_until"]
            else "",
        )
        for row in connection.execute(query).mappings()
    ]


def _ranks(connection: Connection, unit: int, lang: str) -> list[Line]:
    query = (
        select(SCORE, UNIT.c.name.label("bloc"))
        .join(UNIT, UNIT.c.id == SCORE.c.bloc_id)
        .where(SCORE.c.school_id == unit)
    )
    return [
        Line(
            "rank",
            row["id"],
            row["school_year"],
            local_day(row["recorded_at"]),
            f"{word('career_lines', 'rank_of', lang)} {row['rank']}",
            body=row["bloc"],
        )
        for row in connection.execute(query).mappings()
    ]


def _disciplines(connection: Connection, person: int, lang: str, units: Employers) -> list[Line]:
    files = _files(connection, "discipline", DISCIPLINE, DISCIPLINE.c.person_id == person)
    found = []
    for row in connection.execute(select(DISCIPLINE).where(DISCIPLINE.c.person_id == person)).mappings():
        year = name_of(year_of(row["decided_on"]))
        standing = "annulled" if row["annulled_at"] else "served" if row["served_on"] else "not_served"
        found.append(
            Line(
                "discipline",
                row["id"],
                year,
                row["decided_on"],
                word("disciplines", row["form"], lang),
                _where(units, year),
                row["number"],
                row["decided_on"],
                standing=standing,
                file=files.get(row["id"], ""),
                until=row["served_on"],
            )
        )
    return found


def _matters(connection: Connection, condition: Any, lang: str) -> list[Line]:
    query = select(MATTER, NOTE.c.text).join(NOTE, NOTE.c.id == MATTER.c.note_id).where(condition)
    return [
        Line(
            "matter",
            row["id"],
            name_of(year_of(row["since"])),
            row["since"],
            word("matters", row["kind"], lang),
            standing=row["conclusion"] or "open",
            until=row["closed_on"],
            note=row["text"],
        )
        for row in connection.execute(query).mappings()
    ]


def _service(connection: Connection, person: int, lang: str) -> list[Line]:
    files = _files(connection, "service", SERVICE, SERVICE.c.person_id == person)
    return [
        Line(
            "service",
            row["id"],
            name_of(year_of(row["since"])),
            row["since"],
            word("services", row["kind"], lang),
            standing="" if row["until"] else "goes_on",
            file=files.get(row["id"], ""),
            until=row["until"],
        )
        for row in connection.execute(select(SERVICE).where(SERVICE.c.person_id == person)).mappings()
    ]


def _complete(connection: Connection, condition: Any) -> dict[str, list[str]]:
    """Of which years nothing of a kind is missing, by kind; a whole career has no years."""
    found: dict[str, list[str]] = {}
    query = select(COMPLETE.c.what, COMPLETE.c.school_year).where(condition).distinct()
    for row in connection.execute(query.order_by(COMPLETE.c.what, COMPLETE.c.school_year)):
        found.setdefault(row.what, []).append(row.school_year)
    return found


# --- Imports ---


def list_imports(
    connection: Connection, importers: Iterable[int] | None = None, limit: int = 100
) -> list[dict[str, Any]]:
    """The files that were taken over, the newest first; of some importers, or of all."""
    query = select(IMPORT).order_by(IMPORT.c.id.desc()).limit(limit)
    if importers is not None:
        query = query.where(IMPORT.c.imported_by_id.in_(sorted(importers)))
    return [dict(row) for row in connection.execute(query).mappings()]


def told_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """An import as plain data."""
    return {
        "import": row["id"],
        "kind": row["kind"],
        "file": row["file_name"],
        "sha256": row["sha256"],
        "rows": row["rows"],
        "written": row["written"],
        "at": row["imported_at"].isoformat(),
        "taken_back": row["taken_back_at"].isoformat() if row["taken_back_at"] else None,
    }
