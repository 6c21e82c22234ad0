"""Builders for stories of initiatives: listing them, putting them forward, walking their way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from casework.initiatives import AuthorInput, InitiativeInput, list_initiatives
from casework.nominate import NomineeInput, nominate
from casework.open_dossier import Opening, open_dossier
from models.base import metadata
from tests.build import Office, decision

YEAR = "2024-2025"
SCOPES = {"local": "SKCS", "province": "SKT", "state": "SKTQ"}


def initiative(name: str = "Vườn chữ", *authors: tuple[str, int | None], **more: Any) -> InitiativeInput:
    """What a school lists; without authors it is the teacher's alone."""
    written = authors or (("teacher", 10_000),)
    words = {"applied_on": date(2024, 10, 1), "field": "Tiếng Việt", "effect": "Trẻ đọc nhanh hơn.", **more}
    return InitiativeInput(name=name, authors=tuple(AuthorInput(*one) for one in written), **words)


def main_way(level: str) -> list[tuple[str, str, str, dict[str, Any]]]:
    """(event, person, day, inputs) of the main way of a list of initiatives."""
    way: list[tuple[str, str, str, dict[str, Any]]] = [
        ("hand_in", "clerk", "2024-12-20", {}),
        ("appraise", "appraiser", "2025-01-10", {"support_rest": True}),
        ("record_council", "appraiser-2", "2025-02-20", {"support_rest": True, "votes": (7, 9)}),
    ]
    if level == "local":
        return [
            *way,
            ("decide", "chairman", "2025-03-01", {"decision": decision("55/QĐ-UBND", "2025-03-01")}),
        ]
    made = decision("900/QĐ-UBND", "2025-04-20")
    return [
        *way,
        ("endorse", "chairman", "2025-03-01", {}),
        ("appraise", "province-appraiser", "2025-03-20", {"support_rest": True}),
        ("record_council", "province-council", "2025-04-10", {"support_rest": True, "votes": (14, 15)}),
        ("decide", "province-chairman", "2025-04-20", {"decision": made}),
    ]


@dataclass
class Lists:
    """The small office as its initiatives see it."""

    office: Office

    def add(self, *initiatives: InitiativeInput, day: str = "2024-12-10", by: str = "clerk") -> list[str]:
        """The codes of initiatives that a school lists."""
        school = "th-mau-2" if by == "clerk-2" else "th-mau-1"
        done = list_initiatives(self.office.database, school, YEAR, initiatives, self.office.call(by, day))
        return list(done.payload["codes"])

    def codes(self) -> list[str]:
        """The codes of all that is listed."""
        table = metadata.tables["initiative"]
        with self.office.database.read() as connection:
            return list(connection.execute(select(table.c.code).order_by(table.c.id)).scalars())

    def open(self, level: str = "local", *, by: str = "clerk", day: str = "2024-12-11") -> str:
        """The code of a new dossier of initiatives."""
        school = "th-mau-2" if by == "clerk-2" else "th-mau-1"
        opening = Opening(school, YEAR, "initiative-2024", level)
        return open_dossier(self.office.database, opening, self.office.call(by, day)).dossier

    def put_forward(
        self, dossier: str, *codes: str, level: str = "local", by: str = "clerk", day: str = "2024-12-12"
    ) -> list[int]:
        """The ids of the nominations of some initiatives."""
        nominees = [NomineeInput(SCOPES[level], initiative=code) for code in codes]
        nominate(self.office.database, dossier, nominees, self.office.call(by, day))
        return self.office.nominations(dossier)

    def dossier_of(self, *initiatives: InitiativeInput, level: str = "local") -> str:
        """The code of a dossier that puts forward what is listed for it, with its papers."""
        codes = self.add(*(initiatives or (initiative(),)))
        dossier = self.open(level)
        self.put_forward(dossier, *codes, level=level)
        self.office.papers(dossier, "submission_letter", "council_minutes")
        return dossier

    def walk(self, dossier: str, until: str) -> None:
        """Take the main way until the dossier stands in a state."""
        for event, person, day, inputs in main_way(self.office.row(dossier)["level"]):
            if self.office.row(dossier)["state"] == until:
                return
            self.office.step(dossier, event, person, day, **inputs)
        assert self.office.row(dossier)["state"] == until, self.office.row(dossier)["state"]
