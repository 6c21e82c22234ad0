"""The stage of a measurement: a database with one school, five desks and many dossiers ready for five approvals."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import insert, select

from casework.call import Call
from casework.history import GENESIS, make_entry
from casework.publish import publish
from casework.record_step import subject_of
from casework.regulations import chart_of
from casework.routing import route_for
from kit.database import Database
from models.dossier import Dossier
from models.history import HistoryEntry
from models.person import Duty, Person
from models.schema import upgrade_schema
from models.unit import Placement, Unit

HERE = Path(__file__).resolve().parent
NOW = datetime(2025, 6, 10, 5, tzinfo=UTC)
LONG_AGO = date(2020, 1, 1)
UNITS = {
    "school": "school",
    "first": "education_office",
    "second": "interior_office",
    "third": "emulation_council",
    "fourth": "people_committee",
    "fifth": "province_committee",
}
DUTIES = {
    "school": "clerk",
    "first": "appraiser",
    "second": "reviewer",
    "third": "council_secretary",
    "fourth": "chairman",
    "fifth": "chairman",
}
APPROVALS = ("first", "second", "third", "fourth", "fifth")


class Stage:
    """A prepared database; `refill` puts fresh dossiers before the first desk."""

    def __init__(self, url: str, synchronous: str) -> None:
        upgrade_schema(url)
        self.url = url
        self.database = Database(url, synchronous=synchronous)
        self.people: dict[str, int] = {}
        self.units: dict[str, int] = {}
        self._filled = 0
        with self.database.write() as connection:
            for desk, kind in UNITS.items():
                row = {"code": desk, "kind": kind, "name": desk, "verified": False, "source": "bench"}
                self.units[desk] = int(
                    connection.execute(insert(Unit.__table__), row).inserted_primary_key[0]
                )
            above = [
                ("school", "fourth"),
                ("first", "fourth"),
                ("second", "fourth"),
                ("third", "fourth"),
                ("fourth", "fifth"),
            ]
            connection.execute(
                insert(Placement.__table__),
                [
                    {
                        "unit_id": self.units[a],
                        "relation": "authority",
                        "under_id": self.units[b],
                        "since": LONG_AGO,
                    }
                    for a, b in above
                ],
            )
            for desk, duty in DUTIES.items():
                person = {"code": desk, "name": desk, "locale": "vi"}
                made = int(connection.execute(insert(Person.__table__), person).inserted_primary_key[0])
                self.people[desk] = made
                held = {"person_id": made, "unit_id": self.units[desk], "duty": duty, "since": LONG_AGO}
                connection.execute(insert(Duty.__table__), held)
        call = self.call(None, "publish")
        self.sha256 = publish(self.database, "procedure", (HERE / "approvals.yaml").read_bytes(), call).sha256
        with self.database.read() as connection:
            procedure = chart_of(connection, self.sha256).procedure
            self.route = route_for(connection, procedure, self.units["school"], NOW.date())

    def call(self, desk: str | None, key: str) -> Call:
        """A request of the person at a desk."""
        return Call(self.people[desk] if desk else None, NOW, key, "bench")

    def refill(self, count: int) -> list[str]:
        """Codes of ``count`` new dossiers that stand before the first desk."""
        codes = [f"bench.{self._filled + n}" for n in range(count)]
        self._filled += count
        row = {
            "unit_id": self.units["school"],
            "school_year": "2024-2025",
            "level": "local",
            "procedure_sha256": self.sha256,
            "state": "at_first",
            "state_kind": "at_desk",
            "desk": "first",
            "desk_unit_id": self.route["first"],
            "route": self.route,
            "acted": {},
            "exceptions": [],
            "opened_at": NOW,
            "changed_at": NOW,
            "version": 1,
        }
        with self.database.write() as connection:
            table = Dossier.__table__
            connection.execute(insert(table), [{**row, "code": code, "head_hash": GENESIS} for code in codes])
            ids = connection.execute(
                select(table.c.id, table.c.code).where(table.c.head_hash == GENESIS)
            ).all()
            entries = [
                make_entry(
                    subject_of(i), 1, GENESIS, "open", {"code": code}, self.call("school", f"open/{code}")
                )
                for i, code in ids
            ]
            connection.execute(insert(HistoryEntry.__table__), entries)
            heads = {entry["subject"]: entry["hash"] for entry in entries}
            for i, _ in ids:
                connection.execute(
                    table.update().where(table.c.id == i).values(head_hash=heads[subject_of(i)])
                )
        return codes
