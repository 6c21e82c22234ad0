"""Grades, disciplines, matters, service and complete years against the acts by which they were recorded.

Rows that a file brought are held against its import (`imports.py`). Those with which a sample was loaded have no act.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    String,
    Table,
    and_,
    cast,
    exists,
    func,
    literal,
    select,
)

from casework.career.keys import holder_of
from casework.career.tables import COMPLETE, DISCIPLINE, GRADE, IMPORT, IMPORTED, MATTER, SERVICE
from casework.doctor.finding import fault
from casework.doctor.view import BATCH, View, payload_of
from casework.history import ENTRY
from casework.people import PERSON, UNIT

#: the acts that write grades by hand, and those that write times of service
GRADING, SERVING = ("record_grades", "correct_grade"), ("record_service", "end_service")
IMPORTING, LOADING = "import_career", "load_sample"
# How a chain's name begins, and the table of which a row's number follows.
_CHAINS: Mapping[str, Table] = {
    "career:p": PERSON,
    "career:u": UNIT,
    "career-import:": IMPORT,
    "discipline:": DISCIPLINE,
    "matter:": MATTER,
}
_OF_STATING = ("state_complete", "state_whole", IMPORTING)
# Kind of row → when and by whom it was written, and the acts that write it.
_WRITTEN: tuple[tuple[str, Column[datetime], Column[int], tuple[str, ...]], ...] = (
    ("grade", GRADE.c.recorded_at, GRADE.c.recorded_by_id, (*GRADING, IMPORTING)),
    (
        "discipline",
        DISCIPLINE.c.recorded_at,
        DISCIPLINE.c.recorded_by_id,
        ("record_discipline", IMPORTING),
    ),
    ("matter", MATTER.c.recorded_at, MATTER.c.recorded_by_id, ("open_matter",)),
    ("service", SERVICE.c.recorded_at, SERVICE.c.recorded_by_id, ("record_service", IMPORTING)),
    ("complete_year", COMPLETE.c.stated_at, COMPLETE.c.stated_by_id, _OF_STATING),
    ("career-import", IMPORT.c.imported_at, IMPORT.c.imported_by_id, (IMPORTING,)),
)


def recorded_without_act(view: View) -> Iterator[str]:
    """A row was recorded at an instant at which its recorder did nothing that writes it."""
    loaded = _loaded_at(view)
    for kind, at, by, events in _WRITTEN:
        # One act writes up to twenty thousand rows: acts are looked for, not rows.
        acts = select(at.label("at"), by.label("by")).distinct().subquery()
        told = exists().where(
            ENTRY.c.at == acts.c.at, ENTRY.c.actor_id == acts.c.by, ENTRY.c.event.in_(events)
        )
        lost = select(acts).where(~told).subquery()
        number = at.table.c.id
        query = select(number).join(lost, and_(at == lost.c.at, by == lost.c.by)).order_by(number)
        yield from view.ids(kind, query if loaded is None else query.where(at != loaded))


def _loaded_at(view: View) -> datetime | None:
    """When the rows were written with which a sample was loaded: its story begins with them. None in another home."""
    sample = select(ENTRY.c.seq).where(ENTRY.c.subject == "home:sample", ENTRY.c.event == LOADING)
    if view.connection.execute(sample).first() is None:
        return None
    firsts = (view.connection.execute(select(func.min(at))).scalar() for _, at, _, _ in _WRITTEN)
    return min((first for first in firsts if first is not None), default=None)


# --- Grades ---

#: person, unit, grade, number, day
Graded = tuple[int | None, int | None, str, str, str]


def grade_differs_from_history(view: View) -> Iterator[str]:
    """A grade that was recorded by hand is not as its act tells it, or an act tells of one that is gone."""
    loaded = _loaded_at(view)
    # Joined rather than looked for a grade at a time: no index of what files brought begins with the row.
    brought = and_(IMPORTED.c.kind == "grade", IMPORTED.c.row_id == GRADE.c.id)
    by_hand = select(GRADE).outerjoin(IMPORTED, brought).where(IMPORTED.c.import_id.is_(None))
    # A school year is held in memory at a time.
    for school_year in _years_graded(view):
        told = _grades_told(view, school_year)
        strange: set[str] = set()
        query = by_hand.where(GRADE.c.school_year == school_year)
        for row in view.rows(query.order_by(GRADE.c.id)):
            person, unit = row["person_id"], row["unit_id"]
            key = _graded(person, unit, row["grade"], row["number"], row["decided_on"])
            if told[key]:
                told[key] -= 1
            elif row["recorded_at"] != loaded:
                strange.add(holder_of(person, unit))
                yield f"grade:{row['id']}"
        for person, unit, *_ in (key for key, count in told.items() if count):
            # Of one that was changed the row itself is named already.
            if holder_of(person, unit) not in strange:
                yield f"unit:{unit}" if person is None else f"person:{person}"


def _years_graded(view: View) -> list[str]:
    standing = set(view.connection.execute(select(GRADE.c.school_year).distinct()).scalars())
    return sorted(standing | {str(payload.get("school_year")) for _, payload in _acts(view, GRADING)})


def _grades_told(view: View, school_year: str) -> Counter[Graded]:
    told: Counter[Graded] = Counter()
    of_year = ENTRY.c.payload.contains(school_year, autoescape=True)
    for subject, payload in _acts(view, GRADING, of_year):
        if payload.get("school_year") == school_year:
            try:
                told.update(list(_grades_of(subject, payload)))
            except (ValueError, KeyError, TypeError, AttributeError):
                # An entry that was forged may hold anything; `audit verify` names it.
                continue
    return told


def _grades_of(subject: str, payload: Mapping[str, Any]) -> Iterator[Graded]:
    of = payload["number"], payload["decided_on"]
    if "graded" in payload:
        for person, grade in payload["graded"]:
            yield _graded(person, None if person else payload["unit"], grade, *of)
        return
    # career:p17, career:u4
    holder = subject.partition(":")[2]
    person, unit = (int(holder[1:]), None) if holder[0] == "p" else (None, int(holder[1:]))
    yield _graded(person, unit, payload["grade"], *of)


def _graded(person: int | None, unit: int | None, grade: str, number: str, day: date | str) -> Graded:
    # The chain has a number as it was typed, the row in one line.
    return person, unit, grade, " ".join(number.split()), str(day)


# --- Service ---

#: kind, first and last day, as far as acts tell them
Span = tuple[str | None, str | None, str | None]


def service_differs_from_history(view: View) -> Iterator[str]:
    """A time of service that was recorded or ended by hand is not as its acts tell it, or is gone."""
    people: dict[str, dict[int, Span]] = {}
    # Both acts stand in the chain of the person.
    for subject, acts in groupby(_acts(view, SERVING), key=lambda act: act[0]):
        people[subject] = _spans(payload for _, payload in acts)
        if len(people) == BATCH:
            yield from _against_service(view, people)
            people = {}
    yield from _against_service(view, people)


def _spans(payloads: Iterator[Mapping[str, Any]]) -> dict[int, Span]:
    """What the acts of a person tell of each time of service: of one that a file brought, its end alone."""
    told: dict[int, Span] = {}
    for payload in payloads:
        number = payload.get("service")
        if not isinstance(number, int):
            continue
        kind, since, _ = told.get(number, (None, None, None))
        told[number] = payload.get("kind", kind), payload.get("since", since), payload.get("until")
    return told


def _against_service(view: View, people: Mapping[str, Mapping[int, Span]]) -> Iterator[str]:
    numbers = [number for told in people.values() for number in told]
    query = select(SERVICE).where(SERVICE.c.id.in_(numbers))
    rows = {row["id"]: row for row in view.connection.execute(query).mappings()}
    for subject, told in people.items():
        for number, span in told.items():
            if number not in rows or not _same(subject, span, rows[number]):
                yield f"service:{number}"


def _same(subject: str, span: Span, row: Mapping[str, Any]) -> bool:
    kind, since, until = span
    return bool(
        subject == f"career:{holder_of(row['person_id'], None)}"
        and kind in (None, row["kind"])
        and since in (None, str(row["since"]))
        and until == (row["until"] and str(row["until"]))
    )


# --- Chains ---


def chain_of_no_career(view: View) -> Iterator[str]:
    """A chain is of the history of nobody, or of a discipline, matter or import that does not exist."""
    first = select(ENTRY.c.subject).where(ENTRY.c.seq == 1).order_by(ENTRY.c.subject)
    for begins, table in _CHAINS.items():
        there = select(literal(begins, String) + cast(table.c.id, String))
        of_kind = ENTRY.c.subject.startswith(begins, autoescape=True)
        for row in view.rows(first.where(of_kind, ENTRY.c.subject.not_in(there))):
            yield row["subject"]


def _acts(
    view: View, events: tuple[str, ...], *where: ColumnElement[bool]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The subjects and payloads of acts on histories, chain by chain."""
    of_careers = ENTRY.c.subject.startswith("career:", autoescape=True)
    query = select(ENTRY.c.subject, ENTRY.c.payload).where(of_careers, ENTRY.c.event.in_(events), *where)
    for row in view.rows(query.order_by(ENTRY.c.subject, ENTRY.c.seq)):
        yield row["subject"], payload_of(row["payload"]) or {}


INVARIANTS = (
    fault(recorded_without_act),
    fault(grade_differs_from_history),
    fault(service_differs_from_history),
    fault(chain_of_no_career),
)
