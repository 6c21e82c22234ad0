"""Builders for stories of the law: the rulebooks published, and rows of earlier years put straight into the tables."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from sqlalchemy import insert, select

from casework.law.judging import Judged, judge, of_nominations, received_on
from casework.law.keeping import findings_json
from casework.law.records import Known, records
from casework.law.wanted import Wanted
from casework.publish import publish
from models.base import metadata
from tests.build import ROOT, Office, noon

TABLES = metadata.tables
BOOKS = ("rs-2017", "rs-2024", "rs-2025", "rs-2026")
YEAR = 2024


def text_of(book: str) -> bytes:
    """The file of a rulebook of this project."""
    return (ROOT / "regulations" / "rulebooks" / f"{book}.yaml").read_bytes()


TRANSITION = b"""legal_day: decision
transition:
  {from: rs-2024, received_before: 2025-07-05, unless: more_favourable, article: Test, source: test, verified: false}
"""


def publish_books(office: Office, *books: str, transition: bool = False) -> None:
    """Publish some of the rulebooks, or all; with ``transition`` rs-2025 leaves what was received early to rs-2024."""
    for book in books or BOOKS:
        text = text_of(book)
        if transition and book == "rs-2025":
            text = text.replace(b"legal_day: decision\n", TRANSITION, 1)
        publish(office.database, "rulebook", text, office.call(None, "2024-08-02"))


def put(office: Office, table: str, **values: Any) -> int:
    """Write a row as it is, and give its id."""
    with office.database.write() as connection:
        made = connection.execute(insert(TABLES[table]), values)
        return int(made.inserted_primary_key[0])


def held_by(office: Office, holder: str) -> dict[str, int | None]:
    """The columns that name a holder: a person by code, or a unit."""
    if holder in office.people:
        return {"person_id": office.people[holder], "unit_id": None}
    return {"person_id": None, "unit_id": office.units[holder]}


def award(
    office: Office,
    holder: str,
    title: str,
    year: int,
    kind: str = "merit",
    standing: str = "held",
    day: str = "",
    **more: Any,
) -> int:
    """A title of an earlier year, under a decision of its own."""
    decided = date.fromisoformat(day) if day else date(year + 1, 7, 15)
    with office.database.read() as connection:
        number = len(connection.execute(select(TABLES["decision"].c.id)).all())
    decision = put(
        office,
        "decision",
        number=f"{number}/QĐ",
        decided_on=decided,
        year=decided.year,
        signatory="Người ký",
        issued_by="huyen",
        unit_id=office.units["huyen"],
        recorded_at=noon("2025-01-01"),
    )
    row = {"title": title, "school_year": f"{year}-{year + 1}", "award_type": kind, "standing": standing}
    return put(office, "award", **{**held_by(office, holder), **row, "decision_id": decision, **more})


def recorded(office: Office) -> dict[str, Any]:
    """Who recorded a row, and when."""
    return {"recorded_by_id": office.people["appraiser"], "recorded_at": noon("2025-01-01")}


def grade(office: Office, holder: str, given: str, year: int = YEAR) -> int:
    """A grade of a year."""
    of = {"school_year": f"{year}-{year + 1}", "grade": given, "number": "1/QĐ", "issued_by": "Hiệu trưởng"}
    when = {"decided_on": date(year + 1, 5, 28)}
    return put(office, "grade", **held_by(office, holder), **of, **when, **recorded(office))


def complete(office: Office, holder: str, what: str, year: int | None) -> int:
    """A statement that nothing is missing; without a year of a whole career."""
    stated = {"stated_by_id": office.people["appraiser"], "stated_at": noon("2025-01-01")}
    name = "" if year is None else f"{year}-{year + 1}"
    return put(office, "complete_year", **held_by(office, holder), what=what, school_year=name, **stated)


def discipline(office: Office, person: str, form: str, day: str, served: str | None = None) -> int:
    """A discipline of a person."""
    days = {
        "decided_on": date.fromisoformat(day),
        "served_on": date.fromisoformat(served) if served else None,
    }
    return put(
        office,
        "discipline",
        person_id=office.people[person],
        form=form,
        number="7/QĐ",
        **days,
        **recorded(office),
    )


def wanted(
    office: Office, holder: str, title: str = "LDTT", year: int = YEAR, on: str = "2025-06-10", **more: Any
):
    """What is asked of a person of th-mau-1, or of a unit."""
    if holder in office.people:
        unit, person = office.units["th-mau-1"], office.people[holder]
    else:
        unit, person = office.units[holder], None
    return Wanted(unit, title, year, date.fromisoformat(on), person, **more)


def known(office: Office, holder: str, **asked: Any) -> Known:
    """What is known of somebody."""
    with office.database.read() as connection:
        (found,) = records(connection, [wanted(office, holder, **asked)])
    return found


def judged(office: Office, *asked: Wanted, received: str | None = None) -> list[Judged]:
    """What the rules say."""
    day = date.fromisoformat(received) if received else None
    with office.database.read() as connection:
        return judge(connection, asked, day)


def newest(office: Office) -> dict[int, dict[str, Any]]:
    """The newest verdict of each nomination."""
    table = TABLES["verdict"]
    with office.database.read() as connection:
        query = select(table).order_by(table.c.nomination_id, table.c.number)
        return {row["nomination_id"]: dict(row) for row in connection.execute(query).mappings()}


def judged_anew(office: Office) -> dict[int, tuple[str, str, bool, str]]:
    """What every nomination with a verdict would be told if it were judged now, from nothing: the brute force.

    Outcome, reason, whether it is on hold, and all findings.
    """
    found: dict[int, tuple[str, str, bool, str]] = {}
    rows = newest(office)
    nominations, dossiers = TABLES["nomination"], TABLES["dossier"]
    with office.database.read() as connection:
        for number, row in rows.items():
            query = (
                select(nominations, dossiers.c.school_year, dossiers.c.id.label("of"))
                .join(dossiers, dossiers.c.id == nominations.c.dossier_id)
                .where(nominations.c.id == number)
            )
            one = connection.execute(query).mappings().one()
            asked = of_nominations([one], row["asked_on"])
            (answer,) = judge(connection, asked, received_on(connection, one["of"]))
            assert answer.verdict is not None
            told = answer.verdict
            found[number] = (told.outcome, told.why, answer.on_hold, findings_json(told))
    return found


def kept(office: Office) -> dict[int, tuple[str, str, bool, str]]:
    """The same of the newest verdicts as they are kept."""
    return {
        number: (row["outcome"], row["why"], row["on_hold"], row["findings"])
        for number, row in newest(office).items()
    }


def basis(office: Office) -> dict[int, set[str]]:
    """Nomination → the facts on which its newest verdict was built."""
    found: dict[int, set[str]] = {}
    table = TABLES["verdict_basis"]
    with office.database.read() as connection:
        for row in connection.execute(select(table)):
            found.setdefault(row.nomination_id, set()).add(row.key)
    return found


def entry_of(office: Office, subject: str, event: str) -> dict[str, Any]:
    """What the newest entry of an event says in a chain."""
    table = TABLES["history_entry"]
    query = select(table.c.payload).where(table.c.subject == subject, table.c.event == event)
    with office.database.read() as connection:
        return json.loads(list(connection.execute(query.order_by(table.c.seq)).scalars())[-1])
