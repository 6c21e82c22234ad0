"""The daily tick among 10,000, 100,000 and 1,000,000 open dossiers of which the same 1,000 are due, beside raw SQL."""

from __future__ import annotations

import json
import sqlite3
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import psycopg
from sqlalchemy import insert, make_url, text

from bench.stage import HERE, LONG_AGO
from casework.call import Call
from casework.outbox import OUTBOX
from casework.publish import publish
from casework.regulations import chart_of
from casework.routing import route_for
from casework.tick import tick
from kit.clock import stopwatch
from kit.database import Database
from models.base import metadata
from models.person import Duty, Person
from models.schema import upgrade_schema
from models.unit import Placement, Unit

SIZES = (10_000, 100_000, 1_000_000)
DUE = 1_000
SCHOOLS = 100
TABLE = metadata.tables["dossier"]
PAIRS = 5
# Seven days before the due day 30/06: a rung of the ladder for every dossier that looks on this day.
DAY, LATER = date(2025, 6, 23), date(2025, 6, 27)
NOW = datetime(2025, 6, 23, 0, tzinfo=UTC)
_REGULATIONS = HERE.parent / "regulations"
_UNITS = {
    "bloc": "bloc",
    "huyen": "people_committee",
    "pgd": "education_office",
    "pnv": "interior_office",
    "hoi-dong": "emulation_council",
    "tinh": "province_committee",
    "snv": "interior_department",
    "hoi-dong-tinh": "provincial_council",
    "sgd": "education_department",
    "tinh-uy": "party_committee",
    "bo": "ministry",
    "trung-uong": "state",
}


@dataclass(frozen=True)
class Ticked:
    """One line: how many rows rest, milliseconds of a tick and of the floor (medians), floor over tick."""

    name: str
    rows: int
    tick_ms: float
    floor_ms: float
    ratio: float


class TickStage:
    """A database with schools, one clerk each, and dossiers that wait to be handed in."""

    def __init__(self, url: str, synchronous: str) -> None:
        upgrade_schema(url)
        self.url = url
        self.database = Database(url, synchronous=synchronous)
        self.rows = 0
        units: dict[str, int] = {}
        with self.database.write() as connection:
            for code, kind in [*_UNITS.items(), *((f"school-{n}", "school") for n in range(SCHOOLS))]:
                row = {"code": code, "kind": kind, "name": code, "verified": False, "source": "bench"}
                made = connection.execute(insert(Unit.__table__), row)
                units[code] = int(made.inserted_primary_key[0])
            above = {"pgd": "huyen", "pnv": "huyen", "hoi-dong": "huyen", "huyen": "tinh"}
            above |= dict.fromkeys(("snv", "hoi-dong-tinh", "sgd"), "tinh")
            above |= {f"school-{n}": "huyen" for n in range(SCHOOLS)}
            for code, under in above.items():
                _place(connection, units[code], "authority", units[under])
            for n in range(SCHOOLS):
                _place(connection, units[f"school-{n}"], "bloc", units["bloc"])
                person = {"code": f"clerk-{n}", "name": f"clerk {n}", "locale": "vi"}
                made = connection.execute(insert(Person.__table__), person)
                held = {"person_id": made.inserted_primary_key[0], "unit_id": units[f"school-{n}"]}
                connection.execute(insert(Duty.__table__), held | {"duty": "clerk", "since": LONG_AGO})
        for kind, file in (("calendar", "calendars/2024-2025"), ("procedure", "procedures/three-tier-2024")):
            call = Call(None, datetime(2024, 8, 1, tzinfo=UTC), f"publish/{kind}", "bench")
            found = publish(self.database, kind, (_REGULATIONS / f"{file}.yaml").read_bytes(), call)
        self.sha256 = found.sha256
        self.units = units
        with self.database.read() as connection:
            procedure = chart_of(connection, self.sha256).procedure
            self.routes = [
                route_for(connection, procedure, units[f"school-{n}"], DAY) for n in range(SCHOOLS)
            ]
        self._fill_due()

    def _fill_due(self) -> None:
        rows = [self._row(n, n % SCHOOLS, DAY) for n in range(DUE)]
        with self.database.write() as connection:
            connection.execute(insert(TABLE), rows)
        self.rows = DUE

    def _row(self, number: int, school: int, look_on: date) -> dict[str, Any]:
        at = datetime(2025, 6, 2, tzinfo=UTC)
        route = self.routes[school]
        return {
            "code": f"bench.{number}",
            "unit_id": route["school"],
            "school_year": "2024-2025",
            "level": "local",
            "procedure_sha256": self.sha256,
            "state": "ready",
            "state_kind": "at_desk",
            "desk": "school",
            "desk_unit_id": route["school"],
            "route": route,
            "acted": {},
            "exceptions": [],
            "opened_at": at,
            "changed_at": at,
            "look_on": look_on,
            "version": 1,
            "head_hash": "0" * 64,
        }

    def grow(self, size: int) -> None:
        """Let there be ``size`` open dossiers, the new ones to be looked at on a later day."""
        columns = [c.name for c in TABLE.columns if c.name not in ("id", "code", "look_on")]
        listed = ", ".join(columns)
        with self.database.write() as connection:
            # Each copies one of those that are due; doubling by statements of the database's own.
            connection.execute(
                text(
                    f"INSERT INTO dossier (code, look_on, {listed}) "
                    f"WITH RECURSIVE n(i) AS (SELECT {self.rows} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {size}) "
                    f"SELECT 'bench.' || n.i, :later, {listed} FROM n "
                    f"JOIN dossier ON dossier.code = 'bench.' || (n.i % {DUE})"
                ),
                {"later": LATER if not self.database.is_sqlite else LATER.isoformat()},
            )
        with self.database.engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE")
            connection.commit()
        self.rows = size

    def arm(self) -> None:
        """Take back what a tick did."""
        with self.database.write() as connection:
            connection.execute(OUTBOX.delete())
            connection.execute(TABLE.update().where(TABLE.c.code.in_(self.due_codes)).values(look_on=DAY))

    @property
    def due_codes(self) -> list[str]:
        """The codes of those that are due."""
        return [f"bench.{n}" for n in range(DUE)]


def _place(connection: Any, unit: int, relation: str, under: int) -> None:
    row = {"unit_id": unit, "relation": relation, "under_id": under, "since": LONG_AGO}
    connection.execute(insert(Placement.__table__), row)


def _floor(stage: TickStage, synchronous: str) -> Callable[[], None]:
    """Raw SQL that finds the same rows, writes the same items and the next days, in two durable transactions."""
    sqlite = stage.database.is_sqlite
    if sqlite:
        raw: Any = sqlite3.connect(make_url(stage.url).database or "", isolation_level=None)
        raw.execute(f"PRAGMA synchronous = {synchronous}")
    else:
        raw = psycopg.connect(make_url(stage.url).set(drivername="postgresql").render_as_string(False))
    mark = "?" if sqlite else "%s"
    day, later, now = (
        (DAY, LATER, NOW) if not sqlite else (str(DAY), str(LATER), "2025-06-23 00:00:00.000000")
    )
    insert_item = (
        "INSERT INTO outbox_item (key, kind, person_id, subject, facts, standing, queued_at, ready_at) "
        f"VALUES ({mark}, 'deadline', {mark}, {mark}, {mark}, 'queued', {mark}, {mark}) ON CONFLICT DO NOTHING"
    )
    set_look = f"UPDATE dossier SET look_on = {mark} WHERE id = {mark} AND version = {mark}"

    def run() -> None:
        cursor = raw.cursor()
        cursor.execute(f"SELECT id FROM dossier WHERE look_on <= {mark} ORDER BY look_on, id", (day,))
        ids = [row[0] for row in cursor.fetchall()]
        for start in range(0, len(ids), 500):
            some = ids[start : start + 500]
            listed = ", ".join(mark for _ in some)
            if sqlite:
                cursor.execute("BEGIN IMMEDIATE")
            cursor.execute(f"SELECT * FROM dossier WHERE id IN ({listed})", some)
            cursor.fetchall()
            cursor.execute(
                f"SELECT d.id, u.person_id, d.code, d.version FROM dossier d "
                f"JOIN duty u ON u.unit_id = d.desk_unit_id WHERE d.id IN ({listed})",
                some,
            )
            found = cursor.fetchall()
            cursor.executemany(
                insert_item,
                [
                    (
                        f"deadline/dossier:{i}/2025-06-30/-7/{person}",
                        person,
                        f"dossier:{i}",
                        json.dumps({"dossier": code, "due": "2025-06-30", "rung": "-7"}),
                        now,
                        now,
                    )
                    for i, person, code, _ in found
                ],
            )
            cursor.executemany(set_look, [(later, i, version) for i, _, _, version in found])
            if sqlite:
                cursor.execute("COMMIT")
            else:
                raw.commit()

    return run


def measure_ticks(url: str, name: str, synchronous: str, sizes: tuple[int, ...] = SIZES) -> list[Ticked]:
    """A tick at each size, interleaved with the floor."""
    stage = TickStage(url, synchronous)
    floor = _floor(stage, synchronous)
    lines = []
    for size in sizes:
        stage.grow(size)
        pairs = []
        for _ in range(PAIRS):
            stage.arm()
            begun = stopwatch()
            floor()
            spent = stopwatch() - begun
            stage.arm()
            begun = stopwatch()
            report = tick(stage.database, NOW)
            pairs.append((spent * 1000, (stopwatch() - begun) * 1000))
            if len(report.reminders) != DUE:
                raise RuntimeError(f"{len(report.reminders)} of {DUE} were reminded")
        low, own = (statistics.median(column) for column in zip(*pairs, strict=True))
        lines.append(Ticked(name, size, own, low, statistics.median(f / p for f, p in pairs)))
    stage.database.close()
    return lines
