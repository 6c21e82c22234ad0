"""A bloc for tests: schools with a clerk and a principal each, who act through the real acts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from casework.act import Done
from casework.bloc.approve_card import approve_card
from casework.bloc.assign import assign
from casework.bloc.hold_meeting import Meeting, hold_meeting
from casework.bloc.score_sheet import Scoring, score_sheet
from casework.bloc.settle import MeetingWord, settle
from casework.call import Call
from casework.publish import publish
from models.person import Duty, Employment, Person
from models.score_sheet import ScoreSheet
from models.unit import Placement, Unit
from tests.build import LONG_AGO, ROOT, Office

YEAR = "2024-2025"
SHEET = ScoreSheet.__table__
CARDS = ROOT / "regulations" / "scorecards"


def made(connection: Any, table: Any, **values: Any) -> int:
    """The id of a new row."""
    return int(connection.execute(insert(table), values).inserted_primary_key[0])


@dataclass
class Bloc:
    """A bloc of an office's province. The people of school ``x`` are ``x.clerk`` and ``x.principal``."""

    office: Office
    code: str
    card: str
    schools: list[str] = field(default_factory=list)
    year: str = YEAR

    @property
    def database(self) -> Any:
        return self.office.database

    def call(self, person: str | None, day: str = "2025-05-20", key: str | None = None) -> Call:
        """A request of somebody of the bloc at noon of a day."""
        return self.office.call(person, day, key)

    @property
    def head(self) -> str:
        """Who heads it: the principal of its first school."""
        return f"{self.schools[0]}.principal"

    def id(self, code: str) -> int:
        """The id of a unit."""
        return self.office.units[code]

    def approve(self, day: str = "2024-10-10", **options: Any) -> Done:
        return approve_card(
            self.database, self.code, self.year, self.card, self.call(self.head, day), **options
        )

    def draw(self, seed: str = "mẫu", day: str = "2025-05-05", **options: Any) -> Done:
        return assign(self.database, self.code, self.year, self.call(self.head, day), seed=seed, **options)

    def meet(
        self, kind: str = "scoring", day: str = "2025-05-20", paper: Path | None = None, **options: Any
    ) -> Done:
        meeting = Meeting(
            self.code,
            self.year,
            kind,
            date.fromisoformat(day),
            "Trường Tiểu học Mẫu",
            self.head,
            f"{self.schools[0]}.clerk",
        )
        store = options.pop("store", None)
        if paper is not None:
            options |= {"paper": paper, "name": paper.name}
        return hold_meeting(self.database, store, meeting, self.call(self.head, day), **options)

    def score(
        self,
        scorer: str,
        scored: str,
        points: Mapping[str, str],
        person: str | None = None,
        day: str = "2025-05-15",
        **options: Any,
    ) -> Done:
        scoring = Scoring(
            self.code,
            self.year,
            scorer,
            scored,
            {item: Decimal(text) for item, text in points.items()},
            notes=options.pop("notes", {}),
            note=options.pop("note", ""),
            same=options.pop("same", {}),
            without=options.pop("without", ()),
        )
        call = self.call(person or f"{scorer}.clerk", day, options.pop("key", None))
        return score_sheet(self.database, options.pop("store", None), scoring, call, **options)

    def settle(self, *words: MeetingWord, day: str = "2025-05-25", **options: Any) -> Done:
        return settle(self.database, self.code, self.year, words, self.call(self.head, day), **options)

    def pairs(self, standing: str | None = None) -> list[tuple[str, str]]:
        """(scorer, scored) of all sheets, own ones too, or of those that stand so."""
        codes = {number: code for code, number in self.office.units.items()}
        query = select(SHEET).where(SHEET.c.bloc_id == self.id(self.code)).order_by(SHEET.c.id)
        with self.database.read() as connection:
            rows = connection.execute(query).mappings().all()
        return [
            (codes[row["scorer_id"]], codes[row["scored_id"]])
            for row in rows
            if standing in (None, row["standing"])
        ]

    def rows(self, table: Any) -> list[dict[str, Any]]:
        """All rows of a table, by id."""
        with self.database.read() as connection:
            return [dict(row) for row in connection.execute(select(table).order_by(table.c.id)).mappings()]

    def add_school(self, code: str, name: str = "") -> None:
        """A school of the bloc, with its clerk and its principal."""
        with self.database.write() as connection:
            self._school(connection, code, name)

    def _school(self, connection: Any, code: str, name: str) -> None:
        units, people = self.office.units, self.office.people
        units[code] = made(
            connection,
            Unit.__table__,
            code=code,
            kind="school",
            name=name or f"Trường {code}",
            verified=False,
            source="test",
        )
        for relation, under in (("authority", "huyen"), ("bloc", self.code)):
            made(
                connection,
                Placement.__table__,
                unit_id=units[code],
                relation=relation,
                under_id=units[under],
                since=LONG_AGO,
            )
        for duty in ("clerk", "principal"):
            who = f"{code}.{duty}"
            people[who] = made(
                connection,
                Person.__table__,
                code=who,
                name=f"Người {who}",
                email=f"{who}@truong.example",
                locale="vi",
            )
            made(connection, Employment.__table__, person_id=people[who], unit_id=units[code], since=LONG_AGO)
            self.give(connection, who, code, duty)
        self.schools.append(code)

    def give(self, connection: Any, who: str, unit: str, duty: str, since: date = LONG_AGO) -> int:
        """A duty of somebody at a unit."""
        units, people = self.office.units, self.office.people
        return made(
            connection, Duty.__table__, person_id=people[who], unit_id=units[unit], duty=duty, since=since
        )


def make_bloc(
    office: Office,
    schools: Iterable[str],
    card: str = "cao-dang-2021",
    names: Mapping[str, str] | None = None,
    deputy: int = -1,
) -> Bloc:
    """A bloc of some schools, the first of which heads it; the last is its deputy where ``deputy`` says no other.

    Its card and the procedure of its prizes are published.
    """
    listed = list(schools)
    bloc = Bloc(office, "khoi-thu", card)
    with office.database.write() as connection:
        office.units["khoi-thu"] = made(
            connection,
            Unit.__table__,
            code="khoi-thu",
            kind="bloc",
            name="Khối thử",
            verified=False,
            source="test",
        )
        made(
            connection,
            Placement.__table__,
            unit_id=office.units["khoi-thu"],
            relation="authority",
            under_id=office.units["huyen"],
            since=LONG_AGO,
        )
        for code in listed:
            bloc._school(connection, code, (names or {}).get(code, ""))
        bloc.give(connection, f"{listed[0]}.principal", "khoi-thu", "bloc_head")
        bloc.give(connection, f"{listed[deputy]}.principal", "khoi-thu", "bloc_deputy")
    publish(
        office.database, "scorecard", (CARDS / f"{card}.yaml").read_bytes(), office.call(None, "2024-08-01")
    )
    procedure = ROOT / "regulations" / "procedures" / "bloc-prize-2024.yaml"
    publish(office.database, "procedure", procedure.read_bytes(), office.call(None, "2024-08-01"))
    return bloc


def all_of(card: Mapping[str, str], share: str) -> dict[str, str]:
    """Points for every item: a share of its most, to two decimals."""
    return {
        item: str((Decimal(most) * Decimal(share)).quantize(Decimal("0.01"))) for item, most in card.items()
    }


#: item → most points of the small card
COLLEGE = {"1.1": "40", "1.2": "20", "2.1": "20", "3.1": "20"}
