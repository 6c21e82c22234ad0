"""What is owed under the calendars, by unit and milestone: met, open, late or still to come."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from casework.calendars import calendar_named, unknown_milestone
from casework.debts import (
    DOSSIER_PREFIX,
    FULFILMENT,
    OBLIGATION,
    Debt,
    calendars_in_force,
    dossier_debts,
    obligation_debts,
    unit_debt,
)
from casework.load import DOSSIER
from casework.made_calendars import made_calendars, made_in, was_made
from casework.reads import Reads
from casework.routing import unit_by_code
from casework.sight import Sight, sees
from casework.successions import Successions
from casework.views.standing import Directory
from published.calendar import Calendar
from rules.reasons import Refused
from rules.reminders import days_left
from rules.windows import local_day
from states.vocabulary import RESTING_KINDS


def list_obligations(
    connection: Connection,
    now: datetime,
    lang: str,
    *,
    unit: str | None = None,
    units: Collection[int] | None = None,
    calendar: str | None = None,
    milestone: str | None = None,
    standing: str | None = None,
    sight: Sight | None = None,
) -> list[dict[str, Any]]:
    """Rows by due day: what each unit owes by its word, and how many dossiers on each unit's desks owe a milestone.

    ``unit`` is the code of the only one, ``units`` are the ids of several. Of dossiers, those count that may be seen by
    ``sight``: whoever may know what a school owes does not learn from it how a dossier stands that never came to them.

    Raises:
        Refused: there is no such unit, calendar or milestone.
    """
    reads = Reads(connection, local_day(now))
    only = frozenset(units) if units is not None else None
    if unit is not None:
        only = frozenset({int(str(unit_by_code(connection, unit)["id"]))})
    calendars = {c.name: c for c in calendars_in_force(reads)}
    if calendar is not None:
        meant = calendar_named(connection, calendar)
        calendars[meant.name] = meant
    known = [*calendars.values(), *_asking(connection, milestone)]
    if milestone is not None and not any(milestone in c.milestones for c in known):
        raise Refused([unknown_milestone(milestone, calendars.values())])
    rows = [
        row
        for row in [
            *_by_word(reads, calendars, only, lang, now),
            *_by_dossiers(reads, only, lang, now, sight),
        ]
        if (calendar is None or row["calendar"] == calendar)
        and (milestone is None or row["milestone"] == milestone)
        and (standing is None or row["standing"] == standing)
    ]
    directory = Directory(reads)
    directory.units(unit for row in rows for unit in (row["unit_id"], *row["asked"]))
    for row in rows:
        row["unit"] = directory.unit(row.pop("unit_id"))
        row["asked"] = [directory.unit(unit) for unit in row["asked"]]
    return sorted(
        rows, key=lambda r: (r["due"], r["calendar"], r["milestone"], r["unit"]["code"], r["dossiers"] or 0)
    )


def _asking(connection: Connection, milestone: str | None) -> Iterable[Calendar]:
    """A movement, or a council's session, that asks some unit for a milestone, where one of that name is looked for."""
    query = select(OBLIGATION.c.calendar).where(
        OBLIGATION.c.milestone == milestone, made_in(OBLIGATION.c.calendar)
    )
    names = set(connection.execute(query.limit(1)).scalars()) if milestone is not None else set()
    return made_calendars(connection, names, over_too=True).values()


def near(rows: Iterable[dict[str, Any]], calendars: Collection[Calendar]) -> list[dict[str, Any]]:
    """The rows without what later years than those of ``calendars`` will ask for; what acts ask for is of no year."""
    names = {calendar.name for calendar in calendars}
    return [
        row
        for row in rows
        if row["calendar"] in names or was_made(row["calendar"]) or row["standing"] != "coming"
    ]


def _by_word(
    reads: Reads, calendars: dict[str, Calendar], only: frozenset[int] | None, lang: str, now: datetime
) -> Iterable[dict[str, Any]]:
    query = select(OBLIGATION).order_by(OBLIGATION.c.id)
    if only is not None:
        # A unit answers for what those left unmet whose work it took over.
        successions = Successions(reads.connection, reads.day)
        only = only.union(*(successions.predecessors_of(unit) for unit in sorted(only)))
        query = query.where(OBLIGATION.c.unit_id.in_(sorted(only)))
    obligations = reads.connection.execute(query).mappings().all()
    owed = {debt.subject for debt in obligation_debts(reads, obligations)}
    words = _words(reads, only)
    reads.dates.fetch(row["unit_id"] for row in obligations)
    reads.fetch_ends(row["unit_id"] for row in obligations)
    asked = made_calendars(reads.connection, {row["calendar"] for row in obligations})
    for row in obligations:
        calendar = calendars.get(row["calendar"]) or asked.get(row["calendar"])
        if calendar is None or row["milestone"] not in calendar.milestones:
            continue
        debt = unit_debt(reads, calendar, row["milestone"], row["unit_id"], f"obligation:{row['id']}")
        done_on = words.get((row["unit_id"], row["calendar"], row["milestone"]))
        if done_on is None and debt.subject not in owed:
            # Its dossiers owe in its place.
            continue
        yield _row(debt, lang, now, met_on=done_on)


def _words(reads: Reads, only: frozenset[int] | None) -> dict[tuple[int, str, str], date]:
    query = select(FULFILMENT).where(FULFILMENT.c.undone_at.is_(None))
    if only is not None:
        query = query.where(FULFILMENT.c.unit_id.in_(sorted(only)))
    return {
        (row.unit_id, row.calendar, row.milestone): row.done_on for row in reads.connection.execute(query)
    }


def _by_dossiers(
    reads: Reads, only: frozenset[int] | None, lang: str, now: datetime, sight: Sight | None
) -> Iterable[dict[str, Any]]:
    query = select(DOSSIER).where(DOSSIER.c.state_kind.not_in(RESTING_KINDS)).order_by(DOSSIER.c.id)
    if only is not None:
        query = query.where(DOSSIER.c.desk_unit_id.in_(sorted(only)))
    if sight is not None:
        query = query.where(sees(sight))
    dossiers = reads.connection.execute(query).mappings().all()
    codes = {f"{DOSSIER_PREFIX}{row['id']}": row["code"] for row in dossiers}
    groups: dict[tuple[Any, ...], list[Debt]] = {}
    for debt in dossier_debts(reads, dossiers):
        groups.setdefault((debt.unit_id, debt.calendar.name, debt.milestone, debt.due), []).append(debt)
    for group in groups.values():
        yield _row(group[0], lang, now, dossiers=[codes[debt.subject] for debt in group])


def _row(
    debt: Debt,
    lang: str,
    now: datetime,
    *,
    met_on: date | None = None,
    dossiers: list[str] | None = None,
) -> dict[str, Any]:
    planned = debt.calendar.milestones[debt.milestone]
    today = local_day(now)
    if met_on is not None:
        standing = "met"
    elif today > debt.due:
        standing = "late"
    else:
        standing = "coming" if today < debt.term.opens else "open"
    return {
        "unit_id": debt.unit_id,
        "asked": debt.asked,
        "calendar": debt.calendar.name,
        "milestone": debt.milestone,
        "label": planned.label[lang],
        "owed": planned.due[lang],
        "opens": debt.term.opens.isoformat(),
        "due": debt.due.isoformat(),
        "planned": debt.planned.isoformat(),
        "days_left": days_left(debt.due, today),
        "standing": standing,
        "met_on": met_on.isoformat() if met_on else None,
        "dossiers": len(dossiers) if dossiers is not None else None,
        "codes": dossiers or [],
    }
