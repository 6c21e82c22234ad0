"""A council of the small office: five members, dossiers at its desk, and a session as far as a test wants it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import insert, select

from casework.council.call_session import attend, call_session
from casework.council.form import appoint, form_council
from casework.council.vote import Cast, cast, open_ballot
from casework.publish import publish
from models.base import metadata
from models.person import Person
from tests.build import ROOT, Office

DAY = "2025-07-18"
#: the members in their order, with their roles
MEMBERS = {
    "council-chair": "chair",
    "council-secretary": "secretary",
    "office-head": "member",
    "vice-chairman": "member",
    "province-council": "member",
}
CHOICES = {"y": "yes", "n": "no", "a": "abstain"}


class Story:
    """A session of the district's council, and what its people do."""

    def __init__(self, office: Office, *, rules: bytes | None = None, members: Mapping[str, str] = MEMBERS):
        self.office = office
        self.database = office.database
        text = rules or (ROOT / "regulations/councils/local-2024.yaml").read_bytes()
        publish(self.database, "council", text, office.call(None, "2024-08-01"))
        name = text.decode().split("council: ")[1].split("\n")[0].strip()
        formed = form_council(
            self.database, "hoi-dong", name, date(2024, 9, 1), office.call("council-chair", "2024-09-01")
        )
        self.council = int(formed.payload["council"])
        for person, role in members.items():
            self.appoint(person, role)
        self.session = 0

    def appoint(self, person: str, role: str) -> None:
        call = self.office.call("council-chair", "2024-09-01")
        appoint(self.database, self.council, person, role, date(2024, 9, 1), None, call)

    def dossier(self, *people: str, title: str = "LDTT") -> list[int]:
        """A dossier at the council's desk; the numbers of its nominations, all for ``title``."""
        code = self.office.open()
        numbers = self.office.nominate(code, *(people or ("teacher", "teacher-2")), title=title)
        self.office.papers(code, "submission_letter", "achievement_report", "council_minutes")
        self.office.walk(code, "at_local_council")
        return numbers

    def call(self, *numbers: int, day: str = DAY, by: str = "council-secretary") -> int:
        done = call_session(
            self.database,
            self.council,
            date.fromisoformat(day),
            "08:00",
            "Phòng họp số 1",
            numbers,
            self.office.call(by, "2025-07-15"),
        )
        self.session = int(done.payload["session"])
        return self.session

    def attend(self, *people: str) -> None:
        present = people or tuple(MEMBERS)
        attend(self.database, self.session, present, self.office.call("council-secretary", DAY))

    def open(self, by: str = "council-chair") -> dict[str, Any]:
        return open_ballot(self.database, self.session, self.office.call(by, DAY)).payload

    def vote(self, person: str, choices: Mapping[int, str]) -> Cast:
        words = {number: CHOICES.get(choice, choice) for number, choice in choices.items()}
        return cast(self.database, self.session, words, self.office.call(person, DAY))

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Every row of a table."""
        with self.database.read() as connection:
            return [dict(row) for row in connection.execute(select(metadata.tables[table])).mappings()]

    def item(self, nomination: int) -> dict[str, Any]:
        """The row of a nomination on the session's list."""
        rows = self.rows("session_item")
        return next(r for r in rows if r["nomination_id"] == nomination and r["session_id"] == self.session)


def voting(
    office: Office, title: str = "CSTDCS", people: Sequence[str] = ("teacher", "teacher-2")
) -> tuple[Story, list[int]]:
    """A session whose vote is open, all five members there."""
    story = Story(office)
    numbers = story.dossier(*people, title=title)
    story.call(*numbers)
    story.attend()
    story.open()
    return story, numbers


def more_people(office: Office, count: int) -> list[str]:
    """People who work at the council's own unit and at no school."""
    codes = [f"member-{number}" for number in range(1, count + 1)]
    with office.database.write() as connection:
        for code in codes:
            made = connection.execute(
                insert(Person.__table__), {"code": code, "name": f"Người {code}", "locale": "vi"}
            )
            office.people[code] = int(made.inserted_primary_key[0])
    return codes
