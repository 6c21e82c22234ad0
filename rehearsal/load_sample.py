"""Loading an edition's world into an empty home, once: units, people, duties, earlier titles, regulations, the clock.

All rows are one transaction that ends with a mark, so a home is either without the sample or has all of it,
wherever the loading was broken off. The instructive cases follow act by act (`rehearsal/load_cases.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select

from casework.call import Call
from casework.history import ENTRY, append_entry
from casework.home_clock import set_clock
from casework.regulations import publish_regulation
from kit.database import Database
from models.decision import Award, Decision
from models.discipline import Discipline
from models.grade import Grade
from models.history_import import WHOLE, CompleteYear
from models.home import SAMPLE, HomeMark
from models.person import Duty, Employment, Person
from models.service import Service
from models.unit import Placement, Unit
from rehearsal.edition import Edition, edition
from rehearsal.load_cases import case_rows, take_over_cases
from rehearsal.progress import Progress, silent
from rehearsal.sample_files import SCHOOL_TYPES, day_or_none
from rules.reasons import Reason, Refused
from rules.school_years import first_day, last_day, name_of, year_named

CLOCK_KEY = "sample/clock"
# The clock of a home that holds the sample stands here at first.
START = edition().start

# The files name no signatory of an earlier decision, and none is made up.
UNKNOWN_SIGNATORY = "(không ghi)"

UNIT, PLACEMENT = Unit.__table__, Placement.__table__
PERSON, EMPLOYMENT, DUTY = Person.__table__, Employment.__table__, Duty.__table__
GRADE, DISCIPLINE = Grade.__table__, Discipline.__table__
SERVICE, COMPLETE = Service.__table__, CompleteYear.__table__
DECISION, AWARD, MARKS = Decision.__table__, Award.__table__, HomeMark.__table__


@dataclass(frozen=True, slots=True)
class Loading:
    """What loading found or made: rows by table; ``fresh`` is false when the sample was there already."""

    fresh: bool
    counts: Mapping[str, int]


def load_sample(
    database: Database, call: Call, progress: Progress = silent, played: Edition | None = None
) -> Loading:
    """Load the world of an edition, unless this home has one, and let the home's clock stand at its first day.

    Raises:
        Refused: the home holds units of somebody else.
        StorageTrouble: the database could not be written.
    """
    played = played or edition()
    with database.read() as connection:
        fresh = not sample_is_loaded(connection)
        clock_set = connection.execute(select(ENTRY.c.seq).where(ENTRY.c.request_key == CLOCK_KEY)).first()
    counts: dict[str, int] = {}
    if fresh:
        with database.write() as connection:
            # Asked again: another process may have loaded it while this one waited for its turn.
            fresh = not sample_is_loaded(connection)
            if fresh:
                counts = _load(connection, played, call, progress)
    if played.world.cases and _source(database) == played.world.source:
        take_over_cases(database, played, call.via)
    if clock_set is None:
        set_clock(database, "fixed", played.start, Call(None, played.start, CLOCK_KEY, call.via))
    return Loading(fresh, counts)


def _source(database: Database) -> str | None:
    """Of which world the home is: one that another edition began has not this one's cases."""
    with database.read() as connection:
        return connection.execute(select(MARKS.c.value).where(MARKS.c.name == SAMPLE)).scalar()


def sample_is_loaded(connection: Connection) -> bool:
    """Whether this home has the sample."""
    return connection.execute(select(MARKS.c.name).where(MARKS.c.name == SAMPLE)).first() is not None


def _load(connection: Connection, played: Edition, call: Call, progress: Progress) -> dict[str, int]:
    if connection.execute(select(func.count()).select_from(UNIT)).scalar_one():
        raise Refused([Reason("home_not_empty")])
    counts: dict[str, int] = {}
    parts = (
        ("units", _units),
        ("placements", _placements),
        ("people", _people),
        ("employments", _employments),
        ("duties", _duties),
        ("awards", _awards),
        ("grades", _grades),
        ("disciplines", _disciplines),
        ("service", _service),
        ("complete", _complete),
    )
    total = len(parts) + 1
    for done, (name, load) in enumerate(parts):
        progress("load", done, total)
        counts[name] = load(connection, played)
    progress("load", len(parts), total)
    published = [
        publish_regulation(connection, kind, text, call.part(number))
        for number, (kind, text) in enumerate(played.world.regulations)
    ]
    counts["regulations"] = len(published)
    if played.world.cases:
        counts["cases"] = case_rows(connection, call.part("cases"))
    connection.execute(insert(MARKS), {"name": SAMPLE, "value": played.world.source, "at": call.now})
    append_entry(connection, "home:sample", "load_sample", counts, call)
    progress("load", total, total)
    return counts


def _write(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> int:
    listed = list(rows)
    if listed:
        connection.execute(insert(table), listed)
    return len(listed)


def _ids(connection: Connection, table: Table) -> dict[str, int]:
    return {row.code: row.id for row in connection.execute(select(table.c.code, table.c.id))}


def _units(connection: Connection, played: Edition) -> int:
    def as_row(row: Mapping[str, str]) -> dict[str, Any]:
        is_school = row["kind"] in SCHOOL_TYPES
        return {
            "code": row["code"],
            "kind": "school" if is_school else row["kind"],
            "school_type": row["kind"] if is_school else "",
            "name": row["name"],
            "verified": row["verified"] == "true",
            "source": row["source"],
            "since": day_or_none(row["since"]),
            "until": day_or_none(row["until"]),
            "invented": row["invented"] == "true",
        }

    return _write(connection, UNIT, map(as_row, played.world.units))


def _placements(connection: Connection, played: Edition) -> int:
    units = _ids(connection, UNIT)
    return _write(
        connection,
        PLACEMENT,
        (
            {
                "unit_id": units[row["unit"]],
                "relation": row["relation"],
                "under_id": units[row["under"]],
                "since": date.fromisoformat(row["since"]),
                "until": day_or_none(row["until"]),
            }
            for row in played.world.placements
        ),
    )


def _people(connection: Connection, played: Edition) -> int:
    return _write(
        connection,
        PERSON,
        (
            {
                "code": row["code"],
                "name": row["name"],
                "birth_date": day_or_none(row["birth_date"]),
                "gender": row["gender"],
                "email": row["email"],
                "locale": row["locale"],
            }
            for row in played.world.people
        ),
    )


def _employments(connection: Connection, played: Edition) -> int:
    units, people = _ids(connection, UNIT), _ids(connection, PERSON)
    moves = {row["person"]: row for row in played.world.moves}
    rows = []
    for row in played.world.people:
        move = moves.get(row["code"])
        moved_on = date.fromisoformat(move["since"]) if move else None
        person = people[row["code"]]
        rows.append(
            {
                "person_id": person,
                "unit_id": units[row["unit"]],
                "since": date.fromisoformat(row["since"]),
                "until": moved_on - timedelta(days=1) if moved_on else None,
            }
        )
        if move:
            rows.append(
                {"person_id": person, "unit_id": units[move["unit"]], "since": moved_on, "until": None}
            )
    return _write(connection, EMPLOYMENT, rows)


def _duties(connection: Connection, played: Edition) -> int:
    units, people = _ids(connection, UNIT), _ids(connection, PERSON)
    return _write(
        connection,
        DUTY,
        (
            {
                "person_id": people[row["person"]],
                "unit_id": units[row["unit"]],
                "duty": row["duty"],
                "since": date.fromisoformat(row["since"]),
                "until": day_or_none(row["until"]),
            }
            for row in played.world.duties
        ),
    )


def _awards(connection: Connection, played: Edition) -> int:
    units, people = _ids(connection, UNIT), _ids(connection, PERSON)
    names = {row.id: row.name for row in connection.execute(select(UNIT.c.id, UNIT.c.name))}
    rows = played.world.awards
    # One decision covers many titles: get or create, by the body that issued it, its number and its day.
    keys = dict.fromkeys((row["decided_by"], row["decision_number"], row["decision_date"]) for row in rows)
    _write(
        connection,
        DECISION,
        (
            {
                "number": number,
                "decided_on": date.fromisoformat(day),
                "year": date.fromisoformat(day).year,
                "signatory": UNKNOWN_SIGNATORY,
                "issued_by": names[units[body]],
                "unit_id": units[body],
                "recorded_at": played.start,
            }
            for body, number, day in keys
        ),
    )
    made = {
        (row.unit_id, row.number, row.decided_on): row.id
        for row in connection.execute(
            select(DECISION.c.id, DECISION.c.unit_id, DECISION.c.number, DECISION.c.decided_on)
        )
    }
    return _write(
        connection,
        AWARD,
        (
            {
                "person_id": people.get(row["person_or_unit"]),
                "unit_id": units.get(row["person_or_unit"]),
                "title": row["title"],
                "school_year": row["school_year"],
                "award_type": row["type"],
                "decision_id": made[
                    units[row["decided_by"]],
                    row["decision_number"],
                    date.fromisoformat(row["decision_date"]),
                ],
                "standing": "held",
            }
            for row in rows
        ),
    )


def _recorded(connection: Connection, played: Edition) -> dict[str, Any]:
    """Who recorded what was there before the story begins: the first who appraises."""
    keepers = select(DUTY.c.person_id).where(DUTY.c.duty == "appraiser").order_by(DUTY.c.id).limit(1)
    return {"recorded_by_id": connection.execute(keepers).scalar_one(), "recorded_at": played.start}


def _grades(connection: Connection, played: Edition) -> int:
    if not played.world.grades:
        return 0
    people, recorded = _ids(connection, PERSON), _recorded(connection, played)
    bodies = {row.code: row.name for row in connection.execute(select(UNIT.c.code, UNIT.c.name))}
    return _write(
        connection,
        GRADE,
        (
            {
                "person_id": people[row["person"]],
                "school_year": row["school_year"],
                "grade": row["grade"],
                "number": row["decision_number"],
                "decided_on": date.fromisoformat(row["decision_date"]),
                "issued_by": bodies[row["decided_by"]],
                **recorded,
            }
            for row in played.world.grades
        ),
    )


def _disciplines(connection: Connection, played: Edition) -> int:
    if not played.world.disciplines:
        return 0
    people, recorded = _ids(connection, PERSON), _recorded(connection, played)
    return _write(
        connection,
        DISCIPLINE,
        (
            {
                "person_id": people[row["person"]],
                "form": row["form"],
                "number": row["decision_number"],
                "decided_on": date.fromisoformat(row["decision_date"]),
                "served_on": day_or_none(row["served_on"]),
                **recorded,
            }
            for row in played.world.disciplines
        ),
    )


def _service(connection: Connection, played: Edition) -> int:
    if not played.world.service:
        return 0
    people, recorded = _ids(connection, PERSON), _recorded(connection, played)
    return _write(
        connection,
        SERVICE,
        (
            {
                "person_id": people[row["person"]],
                "kind": row["kind"],
                "since": date.fromisoformat(row["since"]),
                "until": day_or_none(row["until"]),
                **recorded,
            }
            for row in played.world.service
        ),
    )


def _complete(connection: Connection, played: Edition) -> int:
    """A school's years are those of the school and of everybody whom it employed in them, as the act states them."""
    if not played.world.complete:
        return 0
    units, people = _ids(connection, UNIT), _ids(connection, PERSON)
    by = _recorded(connection, played)
    stated = {"stated_by_id": by["recorded_by_id"], "stated_at": by["recorded_at"]}
    staff: dict[int, list[tuple[int, date, date]]] = {}
    for row in connection.execute(select(EMPLOYMENT)):
        staff.setdefault(row.unit_id, []).append((row.person_id, row.since, row.until or date.max))
    rows: list[dict[str, Any]] = []
    for row in played.world.complete:
        what, code = row["what"], row["person_or_unit"]
        if what == WHOLE:
            rows.append(
                {"person_id": people[code], "unit_id": None, "what": what, "school_year": "", **stated}
            )
            continue
        unit = units[code]
        first, last = year_named(row["since_year"]) or 0, year_named(row["until_year"]) or 0
        for year in range(first, last + 1):
            there = {
                n for n, since, until in staff[unit] if since <= last_day(year) and until >= first_day(year)
            }
            holders: list[tuple[int | None, int | None]] = [(person, None) for person in sorted(there)]
            holders += [] if what == "disciplines" else [(None, unit)]
            rows += [
                {"person_id": person, "unit_id": of, "what": what, "school_year": name_of(year), **stated}
                for person, of in holders
            ]
    return _write(connection, COMPLETE, rows)
