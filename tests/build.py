"""Builders for tests: a small office with one school and its desks. A builder says only what matters."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from casework.call import Call
from casework.inputs import DecisionInput, Inputs, ScoreInput, SubmissionInput
from casework.nominate import NomineeInput, nominate
from casework.open_dossier import Opening, open_dossier
from casework.publish import publish
from casework.receipts import Receipt
from casework.take_step import take_step
from kit.canonical import sha256_hex
from kit.database import Database
from models.dossier import Dossier
from models.nomination import Nomination
from models.paper import Paper, StoredFile
from models.person import Duty, Employment, Person
from models.unit import Placement, Unit

ROOT = Path(__file__).resolve().parent.parent
LONG_AGO = date(2020, 1, 1)
_keys = itertools.count()

# unit kind → (code, under which code)
UNITS = {
    "th-mau-1": ("school", "huyen"),
    "th-mau-2": ("school", "huyen"),
    "khoi": ("bloc", "huyen"),
    "huyen": ("people_committee", "tinh"),
    "pgd": ("education_office", "huyen"),
    "pnv": ("interior_office", "huyen"),
    "hoi-dong": ("emulation_council", "huyen"),
    "tinh": ("province_committee", None),
    "snv": ("interior_department", "tinh"),
    "hoi-dong-tinh": ("provincial_council", "tinh"),
    "sgd": ("education_department", "tinh"),
    "tinh-uy": ("party_committee", None),
    "bo": ("ministry", None),
    "trung-uong": ("state", None),
}
# person code → (employing unit, unit of the duty, duty)
PEOPLE = {
    "clerk": ("th-mau-1", "th-mau-1", "clerk"),
    "principal": ("th-mau-1", "th-mau-1", "principal"),
    "school-council": ("th-mau-1", "th-mau-1", "school_council"),
    "teacher": ("th-mau-1", None, None),
    "teacher-2": ("th-mau-1", None, None),
    "clerk-2": ("th-mau-2", "th-mau-2", "clerk"),
    "bloc-head": ("th-mau-2", "khoi", "bloc_head"),
    "bloc-deputy": ("th-mau-1", "khoi", "bloc_deputy"),
    "appraiser": ("pgd", "pgd", "appraiser"),
    "appraiser-2": ("pgd", "pgd", "appraiser"),
    "office-head": ("pgd", "pgd", "office_head"),
    "admin": ("pgd", "pgd", "administrator"),
    "reviewer": ("pnv", "pnv", "reviewer"),
    "council-secretary": ("hoi-dong", "hoi-dong", "council_secretary"),
    "council-chair": ("hoi-dong", "hoi-dong", "council_chair"),
    "chairman": ("huyen", "huyen", "chairman"),
    "vice-chairman": ("huyen", "huyen", "vice_chairman"),
    "province-appraiser": ("snv", "snv", "province_appraiser"),
    "province-council": ("hoi-dong-tinh", "hoi-dong-tinh", "council_secretary"),
    "province-chairman": ("tinh", "tinh", "chairman"),
    "party": ("tinh-uy", "tinh-uy", "party_secretary"),
    "ministry-branch": ("sgd", "sgd", "ministry_branch"),
    "ministry": ("bo", "bo", "ministry_decider"),
    "state": ("trung-uong", "trung-uong", "state_desk"),
}
# Which person of the small office takes a step at a desk.
AT_DESK = {
    "school": "clerk",
    "school_council": "school-council",
    "bloc": "bloc-head",
    "education_office": "appraiser",
    "filing": "clerk",
    "interior_office": "reviewer",
    "local_council": "council-secretary",
    "local_decision": "chairman",
    "province_desk": "province-appraiser",
    "public_opinion": "province-appraiser",
    "provincial_council": "province-council",
    "party_opinion": "party",
    "provincial_decision": "province-chairman",
    "ministry_branch": "ministry-branch",
    "ministry": "ministry",
    "state": "state",
}


def noon(day: str) -> datetime:
    """Noon in Viet Nam on a day in ISO form, as an instant."""
    return datetime.fromisoformat(f"{day}T12:00:00+07:00").astimezone(UTC)


@dataclass
class Office:
    """A small office in a database: a school, its bloc, a district, a province and the State."""

    database: Database
    units: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)

    def call(self, person: str | None, day: str = "2025-06-10", key: str | None = None) -> Call:
        """A request of one of the office's people at noon of a day."""
        actor = self.people[person] if person is not None else None
        return Call(actor, noon(day), key or f"test-{next(_keys)}", "test")

    def open(
        self, level: str = "local", *, day: str = "2024-09-10", procedure: str = "three-tier-2024"
    ) -> str:
        """The code of a new dossier of the school th-mau-1."""
        opening = Opening("th-mau-1", "2024-2025", procedure, level)
        return open_dossier(self.database, opening, self.call("clerk", day)).dossier

    def nominate(self, code: str, *people: str, title: str = "LDTT", day: str = "2024-09-10") -> list[int]:
        """The ids of the nominations of some people for a title."""
        nominate(
            self.database, code, [NomineeInput(title, person) for person in people], self.call("clerk", day)
        )
        return self.nominations(code)

    def nominations(self, code: str) -> list[int]:
        """The ids of the nominations that a dossier holds."""
        with self.database.read() as connection:
            table = Nomination.__table__
            query = select(table.c.id).where(table.c.dossier_id == self.row(code)["id"]).order_by(table.c.id)
            return list(connection.execute(query).scalars())

    def row(self, code: str) -> dict[str, Any]:
        """The row of a dossier."""
        with self.database.read() as connection:
            table = Dossier.__table__
            return dict(connection.execute(select(table).where(table.c.code == code)).mappings().one())

    def papers(self, code: str, *kinds: str) -> None:
        """Put a paper of each kind into a dossier, straight into the tables."""
        now = noon("2025-05-01")
        with self.database.write() as connection:
            for kind in kinds:
                digest = sha256_hex(kind)
                known = connection.execute(
                    select(StoredFile.__table__.c.sha256).where(StoredFile.__table__.c.sha256 == digest)
                ).first()
                if known is None:
                    row = {"sha256": digest, "size": 1, "media_type": "application/pdf", "stored_at": now}
                    connection.execute(insert(StoredFile.__table__), row)
                paper = {
                    "dossier_id": self.row(code)["id"],
                    "kind": kind,
                    "sha256": digest,
                    "name": f"{kind}.pdf",
                }
                connection.execute(insert(Paper.__table__), {**paper, "added_at": now})

    def step(self, code: str, event: str, person: str, day: str = "2025-06-10", **inputs: Any) -> Receipt:
        """Take a step as one of the office's people."""
        return take_step(self.database, code, event, self.call(person, day), Inputs(**inputs))

    def walk(self, code: str, until: str) -> None:
        """Take the main way of the three-tier procedure until a dossier reaches a state."""
        level = self.row(code)["level"]
        for event, person, day, inputs in main_way(level):
            if self.row(code)["state"] == until:
                return
            self.step(code, event, person, day, **inputs)
        assert self.row(code)["state"] == until, self.row(code)["state"]

    def dossier_at(self, state: str, level: str = "local", *people: str) -> str:
        """The code of a dossier that stands in a state of the three-tier procedure, with all papers."""
        titles = {"local": "LDTT", "province": "BKT-TX", "ministry": "BKB", "state": "BKTTG"}
        code = self.open(level)
        self.nominate(code, *(people or ("teacher", "teacher-2")), title=titles[level])
        kinds = (
            "submission_letter",
            "achievement_report",
            "council_minutes",
            "publicity_notice",
            "party_opinion",
        )
        self.papers(code, *kinds)
        self.walk(code, state)
        return code


def decision(number: str = "12/QĐ-UBND", day: str = "2025-07-25") -> DecisionInput:
    """A decision as it comes with an act."""
    return DecisionInput(number, date.fromisoformat(day), "Người ký Mẫu")


def main_way(level: str) -> list[tuple[str, str, str, dict[str, Any]]]:
    """(event, person, day, inputs) of the main way of the three-tier procedure for a level."""
    way: list[tuple[str, str, str, dict[str, Any]]] = [
        ("register", "clerk", "2024-10-15", {}),
        ("hand_in", "clerk", "2025-05-05", {}),
        ("record_score", "bloc-head", "2025-05-20", {"score": ScoreInput(Decimal("912.50"), 1)}),
        ("convene", "clerk", "2025-05-26", {}),
        ("record_council", "school-council", "2025-05-28", {"support_rest": True}),
        ("hand_in", "clerk", "2025-06-05", {}),
        ("appraise", "appraiser", "2025-06-20", {"support_rest": True}),
        ("file", "clerk", "2025-07-02", {"receipt": "H01.2025.0001"}),
        ("appraise", "reviewer", "2025-07-10", {"support_rest": True}),
        ("record_council", "council-secretary", "2025-07-18", {"support_rest": True}),
    ]
    if level == "local":
        return [*way, ("decide", "chairman", "2025-07-25", {"decision": decision()})]
    way.append(("endorse", "chairman", "2025-07-25", {}))
    if level == "ministry":
        letter = SubmissionInput("45/TTr-SGDĐT", date(2025, 8, 20))
        return [
            *way,
            ("forward", "ministry-branch", "2025-08-20", {"support_rest": True, "submission": letter}),
            (
                "record_result",
                "ministry",
                "2025-11-20",
                {"decision": decision("3001/QĐ-BGDĐT", "2025-11-18")},
            ),
        ]
    way.append(("appraise", "province-appraiser", "2025-08-10", {"support_rest": True}))
    if level == "state":
        way.append(("endorse", "province-appraiser", "2025-08-25", {}))
    way.append(("record_council", "province-council", "2025-09-10", {"support_rest": True}))
    if level == "province":
        made = decision("1500/QĐ-UBND", "2025-09-20")
        return [*way, ("decide", "province-chairman", "2025-09-20", {"decision": made})]
    letter = SubmissionInput("88/TTr-UBND", date(2025, 9, 30))
    return [
        *way,
        ("endorse", "party", "2025-09-20", {}),
        ("forward", "province-chairman", "2025-09-30", {"submission": letter}),
        ("record_result", "state", "2025-11-20", {"decision": decision("1847/QĐ-TTg", "2025-11-19")}),
    ]


def office_in(database: Database) -> Office:
    """The small office that a database already holds."""
    office = Office(database)
    with database.read() as connection:
        for table, found in ((Unit.__table__, office.units), (Person.__table__, office.people)):
            found.update({row.code: row.id for row in connection.execute(select(table.c.code, table.c.id))})
    return office


def make_small_office(database: Database) -> None:
    """Fill a database with an office that has every desk of the three-tier procedure, its regulations published."""
    office = Office(database)
    with database.write() as connection:
        for code, (kind, _) in UNITS.items():
            row = {"code": code, "kind": kind, "name": f"Đơn vị {code}", "verified": False, "source": "test"}
            made = connection.execute(insert(Unit.__table__), row)
            office.units[code] = int(made.inserted_primary_key[0])
        places = [(code, "authority", under) for code, (_, under) in UNITS.items() if under]
        places += [("th-mau-1", "bloc", "khoi"), ("th-mau-2", "bloc", "khoi")]
        for code, relation, under in places:
            place = {"unit_id": office.units[code], "relation": relation, "under_id": office.units[under]}
            connection.execute(insert(Placement.__table__), {**place, "since": LONG_AGO})
        for code, (employer, unit, duty) in PEOPLE.items():
            made = connection.execute(
                insert(Person.__table__), {"code": code, "name": f"Người {code}", "locale": "vi"}
            )
            person = office.people[code] = int(made.inserted_primary_key[0])
            employed = {"person_id": person, "unit_id": office.units[employer], "since": LONG_AGO}
            connection.execute(insert(Employment.__table__), employed)
            if unit is not None:
                held = {"person_id": person, "unit_id": office.units[unit], "duty": duty, "since": LONG_AGO}
                connection.execute(insert(Duty.__table__), held)
    for kind, path in (
        ("titles", "titles/catalogue.yaml"),
        ("calendar", "calendars/2024-2025.yaml"),
        ("procedure", "procedures/three-tier-2024.yaml"),
    ):
        publish(database, kind, (ROOT / "regulations" / path).read_bytes(), office.call(None, "2024-08-01"))
