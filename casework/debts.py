"""Debts: what somebody must still do under a milestone, computed from facts (`docs/calendar.md`).

For a page of subjects everything is read in a handful of statements, so that a tick over many costs what they are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from casework.dates import BATCH
from casework.deadlines import in_the_schools_hands, owed_from
from casework.load import DOSSIER
from casework.made_calendars import made_calendars
from casework.reads import Reads
from casework.regulations import calendar_by_hash, chart_of, published
from models.dossier import ORIGIN_COLUMNS
from models.obligation import Fulfilment, Obligation
from published.calendar import Calendar
from published.milestone import FULFIL, LAPSE, STEPS
from rules.reminders import Term
from rules.windows import local_day
from states.vocabulary import RESTING_KINDS

OBLIGATION, FULFILMENT = Obligation.__table__, Fulfilment.__table__
DOSSIER_PREFIX, OBLIGATION_PREFIX = "dossier:", "obligation:"


@dataclass(frozen=True, slots=True)
class Debt:
    """What one subject owes now.

    ``subject`` is dossier:<id> or obligation:<id>; ``unit_id`` is whose debt it is. Whoever holds one of ``duties`` at
    ``asked`` must act: at the unit itself, or after its end at its successors; offices above are looked for from
    ``below``. ``due`` is the day that is shown, ``planned`` the milestone's own;
    ``closes_at`` (UTC) is when the window is over, grace included; ``lapses``: a dossier that then lapses.
    """

    subject: str
    calendar: Calendar
    milestone: str
    unit_id: int
    asked: tuple[int, ...]
    below: tuple[int, ...]
    duties: tuple[str, ...]
    term: Term
    planned: date
    closes_at: datetime
    lapses: bool = False

    @property
    def due(self) -> date:
        """The day until which it is owed."""
        return self.term.due


def debts_of(reads: Reads, subjects: Collection[str]) -> dict[str, Debt]:
    """The debts of some subjects; one that owes nothing is missing."""
    found: dict[str, Debt] = {}
    for some in _pages(_ids(subjects, DOSSIER_PREFIX)):
        rows = reads.connection.execute(select(DOSSIER).where(DOSSIER.c.id.in_(some))).mappings().all()
        found.update((debt.subject, debt) for debt in dossier_debts(reads, rows))
    for some in _pages(_ids(subjects, OBLIGATION_PREFIX)):
        rows = reads.connection.execute(select(OBLIGATION).where(OBLIGATION.c.id.in_(some))).mappings().all()
        found.update((debt.subject, debt) for debt in obligation_debts(reads, rows))
    return found


def _ids(subjects: Iterable[str], prefix: str) -> list[int]:
    return sorted(int(subject.removeprefix(prefix)) for subject in subjects if subject.startswith(prefix))


def _pages(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


# --- Dossiers ---


def dossier_debts(reads: Reads, dossiers: Sequence[Mapping[str, Any]]) -> list[Debt]:
    """What each dossier owes where it stands: whoever holds the desk where it is now must move it on."""
    reads.dates.fetch(unit for row in dossiers for unit in row["route"].values())
    found = []
    for row in dossiers:
        if row["state_kind"] in RESTING_KINDS:
            continue
        chart = chart_of(reads.connection, row["procedure_sha256"])
        procedure = chart.procedure
        column = ORIGIN_COLUMNS.get(row["state_kind"])
        owed = owed_from(chart, row["state"], row[column] if column else None, row["level"])
        calendar = reads.calendar_for(procedure.name, row["school_year"])
        if owed is None or calendar is None or owed.milestone not in calendar.milestones:
            continue
        planned = calendar.milestones[owed.milestone]
        units = (row["unit_id"], row["route"].get(owed.desk, row["unit_id"]))
        bloc = _on_the_way(procedure.desks.values(), row["route"], planned.own_dates)
        window = reads.dates.window(calendar, owed.milestone, set(units))
        if window is None:
            continue
        found.append(
            Debt(
                subject=f"{DOSSIER_PREFIX}{row['id']}",
                calendar=calendar,
                milestone=owed.milestone,
                unit_id=row["desk_unit_id"],
                asked=(row["desk_unit_id"],),
                below=(row["unit_id"],),
                duties=procedure.desks[row["desk"]].duties,
                term=reads.dates.term(
                    calendar, owed.milestone, set(units), bloc, local_day(row["changed_at"])
                ),
                planned=reads.dates.effective(planned).last_day,
                closes_at=window.closes_at,
                lapses=planned.unmet == LAPSE
                and in_the_schools_hands(row)
                and procedure.step_of(row["state"], "lapse", row["level"]) is not None,
            )
        )
    return found


def _on_the_way(desks: Iterable[Any], route: Mapping[str, int], kind: str | None) -> int | None:
    """The unit of a kind behind one of a dossier's desks."""
    return next((route[desk.name] for desk in desks if desk.unit == kind), None) if kind else None


# --- Obligations of units ---


def obligation_debts(reads: Reads, rows: Sequence[Mapping[str, Any]]) -> list[Debt]:
    """What each unit still owes by its own word: no fulfilment stands, and no dossier owes in its place."""
    calendars = {calendar.name: calendar for calendar in calendars_in_force(reads)}
    calendars |= made_calendars(reads.connection, {row["calendar"] for row in rows})
    units = {row["unit_id"] for row in rows}
    reads.dates.fetch(units)
    reads.fetch_ends(units)
    met = fulfilled(reads, units)
    with_dossiers = _with_dossiers(reads, units)
    found = []
    for row in rows:
        calendar = calendars.get(row["calendar"])
        planned = calendar.milestones.get(row["milestone"]) if calendar else None
        unit = row["unit_id"]
        if calendar is None or planned is None:
            continue
        if (unit, calendar.name, row["milestone"]) in met:
            continue
        if STEPS in planned.met_by and not with_dossiers.get(unit, frozenset()).isdisjoint(
            (calendar.school_year, procedure, row["milestone"]) for procedure in calendar.procedures
        ):
            continue
        found.append(unit_debt(reads, calendar, row["milestone"], unit, f"{OBLIGATION_PREFIX}{row['id']}"))
    return found


def unit_debt(reads: Reads, calendar: Calendar, milestone: str, unit: int, subject: str) -> Debt:
    """A unit's debt under a milestone, whether it is still owed or not. For successors it arose on their first day."""
    planned = calendar.milestones[milestone]
    window = reads.dates.window(calendar, milestone, {unit})
    if window is None:
        raise LookupError(milestone)
    in_charge = reads.in_charge(unit)
    return Debt(
        subject=subject,
        calendar=calendar,
        milestone=milestone,
        unit_id=unit,
        asked=in_charge.units,
        below=in_charge.units,
        duties=planned.duties,
        term=reads.dates.term(calendar, milestone, {unit}, unit, in_charge.since or date.min),
        planned=reads.dates.effective(planned).last_day,
        closes_at=window.closes_at,
    )


def calendars_in_force(reads: Reads) -> list[Calendar]:
    """The newest version of every calendar; one that is proposed in the place of that of its name."""
    found = {
        name: calendar_by_hash(reads.connection, sha256)
        for name, sha256 in published(reads.connection, "calendar")
    }
    if reads.proposed is not None:
        found[reads.proposed.name] = reads.proposed
    return list(found.values())


def owed_by_word(calendar: Calendar) -> list[str]:
    """The milestones of a calendar that can be met by the act `fulfil`."""
    return [name for name, planned in calendar.milestones.items() if FULFIL in planned.met_by]


def fulfilled(reads: Reads, units: Collection[int]) -> set[tuple[int, str, str]]:
    """(unit, calendar, milestone) of every fulfilment that stands."""
    found: set[tuple[int, str, str]] = set()
    for some in _pages(sorted(units)):
        query = select(FULFILMENT.c.unit_id, FULFILMENT.c.calendar, FULFILMENT.c.milestone).where(
            FULFILMENT.c.unit_id.in_(some), FULFILMENT.c.undone_at.is_(None)
        )
        found.update((row.unit_id, row.calendar, row.milestone) for row in reads.connection.execute(query))
    return found


def _with_dossiers(reads: Reads, units: Collection[int]) -> dict[int, frozenset[tuple[str, str, str]]]:
    """Unit → (school year, procedure, milestone on its way) of its dossiers that were not withdrawn.

    A dossier meets the milestones of its own procedure alone: a list of initiatives is no list of nominees.
    """
    found: dict[int, set[tuple[str, str, str]]] = {}
    for some in _pages(sorted(units)):
        query = (
            select(DOSSIER.c.unit_id, DOSSIER.c.school_year, DOSSIER.c.procedure_sha256)
            .where(DOSSIER.c.unit_id.in_(some), DOSSIER.c.state_kind != "withdrawn")
            .distinct()
        )
        for row in reads.connection.execute(query):
            procedure = chart_of(reads.connection, row.procedure_sha256).procedure
            found.setdefault(row.unit_id, set()).update(
                (row.school_year, procedure.name, milestone) for milestone in procedure.milestones
            )
    return {unit: frozenset(seen) for unit, seen in found.items()}
