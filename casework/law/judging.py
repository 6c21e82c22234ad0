"""Verdicts on many at once: the rulebook of each legal day, the records, and what the rules say of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, func, literal, select

from casework.history import ENTRY
from casework.law.choosing import Choice, choices_for
from casework.law.records import Known, records
from casework.law.wanted import Wanted
from casework.load import DOSSIER, NOMINATION
from casework.record_step import subject_of
from casework.regulations import rulebooks
from published.rulebooks import Rulebook
from rules.lawbook import Asked
from rules.school_years import year_named
from rules.verdict import Verdict, better, verdict
from rules.windows import local_day

#: the events with which an office takes a dossier in for appraisal: the latest of them is its day of receipt
RECEIVING = ("hand_in", "file")
#: people whose records are held in memory at once
BATCH = 500
#: a collective is judged by its members too: as so many people it counts in a batch
_AS_MANY = 20
# Made once, as every appraisal asks it.
_RECEIVED = (
    select(ENTRY.c.subject, func.max(ENTRY.c.at).label("at"))
    .where(ENTRY.c.subject.in_(bindparam("subjects", expanding=True)), ENTRY.c.event.in_(RECEIVING))
    .group_by(ENTRY.c.subject)
)


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict with what it was asked of. ``choice`` None: no rulebook is published for the day; nothing was asked.

    ``read`` are the facts that were looked at, ``books`` the names of the rulebooks, also where a more favourable one
    was tried: when one of them changes, it has to be judged again.
    """

    wanted: Wanted
    choice: Choice | None
    verdict: Verdict | None
    known: Known
    read: frozenset[str] = frozenset()
    books: frozenset[str] = frozenset()

    @property
    def on_hold(self) -> bool:
        """Whether a matter is being looked into that holds the award."""
        return bool(self.known.matters)


def judge(
    connection: Connection,
    wanted: Sequence[Wanted],
    received: date | None = None,
    *,
    received_by: Mapping[int, date] | None = None,
) -> list[Judged]:
    """Verdicts, in the order asked for. ``received`` is the day on which their dossier was taken in, None: not yet;
    ``received_by`` the same by nomination, where they are of several dossiers."""
    found: list[Judged] = []
    for some in _batches(wanted):
        chosen: dict[tuple[date | None, date], tuple[Choice, ...]] = {}
        books = rulebooks(connection)
        for one, known in zip(some, records(connection, some), strict=True):
            key = ((received_by or {}).get(one.nomination or 0, received), one.on)
            if key not in chosen:
                chosen[key] = choices_for(connection, *key, books)
            found.append(_judged(one, known, chosen[key]))
    return found


def _batches(wanted: Sequence[Wanted]) -> Iterator[list[Wanted]]:
    """What is wanted in its order, in parts whose records take about as much memory each."""
    some: list[Wanted] = []
    weight = 0
    for one in wanted:
        weighs = 1 if one.person is not None else _AS_MANY
        if some and weight + weighs > BATCH:
            yield some
            some, weight = [], 0
        some.append(one)
        weight += weighs
    if some:
        yield some


def _judged(one: Wanted, known: Known, choices: Iterable[Choice]) -> Judged:
    """By the first rulebook that applies, or by a later one that is more favourable."""
    said: tuple[Choice, Verdict] | None = None
    read: set[str] = set()
    books: set[str] = set()
    for choice in choices:
        asked = Asked(one.title, one.year, choice.legal_day)
        found = verdict(choice.rulebook.law, asked, known.record)
        read.update(found.read)
        books |= {choice.rulebook.name, *choice.others}
        if said is None or better(found, said[1]):
            said = choice, found
    return Judged(one, *(said or (None, None)), known, frozenset(read), frozenset(books))


def of_nominations(rows: Iterable[Mapping[str, Any]], on: date) -> list[Wanted]:
    """What is asked of some rows of nominations (`id`, `person_id`, `unit_id`, `title`, `school_year`). Initiatives are
    judged by their council and not by conditions: they are left out."""
    wanted = []
    for row in rows:
        year = year_named(row["school_year"])
        if row["initiative_id"] is None and year is not None:
            wanted.append(Wanted(row["unit_id"], row["title"], year, on, row["person_id"], row["id"]))
    return wanted


def nominations_of(connection: Connection, nominations: Sequence[int]) -> list[Mapping[str, Any]]:
    """The rows of some nominations as `of_nominations` reads them, each with its dossier's id and version."""
    query = (
        select(
            NOMINATION.c.id,
            NOMINATION.c.person_id,
            NOMINATION.c.initiative_id,
            NOMINATION.c.unit_id,
            NOMINATION.c.title,
            NOMINATION.c.outcome,
            DOSSIER.c.school_year,
            DOSSIER.c.id.label("dossier_id"),
            DOSSIER.c.version,
        )
        .join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id)
        .where(NOMINATION.c.id.in_(nominations))
        .order_by(NOMINATION.c.id)
    )
    return list(connection.execute(query).mappings())


def received_on(connection: Connection, dossier: int) -> date | None:
    """The local day on which a dossier was last taken in; None where it lies with its school still."""
    return received_days(connection, [dossier]).get(dossier)


def received_days(connection: Connection, dossiers: Iterable[int]) -> dict[int, date]:
    """The local days on which dossiers were last taken in; those that lie with their school still are missing."""
    subjects = {subject_of(dossier): dossier for dossier in dossiers}
    rows = connection.execute(_RECEIVED, {"subjects": list(subjects)})
    return {subjects[row.subject]: local_day(row.at) for row in rows}


def judge_all(connection: Connection, school_year: str, on: date, *, batch: int = BATCH) -> Iterator[Judged]:
    """Verdicts on every standing nomination of a school year, a batch in memory at a time, by their ids.

    Each is judged as not taken in yet on the day: what is asked is what the rules say today.
    """
    for some in nominated_in(connection, school_year, on, batch):
        yield from judge(connection, some)


def turned_by(
    connection: Connection, was: Rulebook, now: Rulebook, school_year: str, on: date
) -> Iterator[tuple[Wanted, Verdict, Verdict]]:
    """The nominations of a school year whose answer is another one by another rulebook, with both answers."""
    for many in nominated_in(connection, school_year, on, BATCH):
        for some in _batches(many):
            for one, known in zip(some, records(connection, some), strict=True):
                asked = Asked(one.title, one.year, on)
                before, after = (verdict(book.law, asked, known.record) for book in (was, now))
                if before.outcome != after.outcome:
                    yield one, before, after


def nominated_in(connection: Connection, school_year: str, on: date, batch: int) -> Iterator[list[Wanted]]:
    """What is asked of the standing nominations of a school year, a batch at a time, by their ids."""
    last = 0
    while True:
        query = (
            select(
                NOMINATION.c.id,
                NOMINATION.c.person_id,
                NOMINATION.c.initiative_id,
                NOMINATION.c.unit_id,
                NOMINATION.c.title,
                literal(school_year).label("school_year"),
            )
            .join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id)
            .where(
                NOMINATION.c.id > last,
                DOSSIER.c.school_year == school_year,
                NOMINATION.c.outcome.not_in(("struck", "revoked")),
            )
            .order_by(NOMINATION.c.id)
            .limit(batch)
        )
        rows = connection.execute(query).mappings().all()
        if not rows:
            return
        yield of_nominations(rows, on)
        last = rows[-1]["id"]
