"""The tick: what the calendar makes happen on a day (`docs/calendar.md`). Idempotent; computed from facts alone.

Only subjects whose ``look_on`` has come are read, through partial indexes, so a tick costs what is due and not what
rests. Each page of them is decided outside of a transaction and written in one: the items, and the next day to look.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, bindparam, select, update

from casework.call import Call
from casework.dates import BATCH
from casework.debts import (
    DOSSIER_PREFIX,
    OBLIGATION,
    OBLIGATION_PREFIX,
    Debt,
    dossier_debts,
    obligation_debts,
)
from casework.load import DOSSIER
from casework.outbox import OUTBOX, enqueue, new_item
from casework.reads import Reads
from casework.take_step import take_step
from kit.database import Database
from notifications.announcements import MORNING
from published.milestone import LAPSE
from rules.reasons import Refused
from rules.reminders import ESCALATION, OPENING, RUNG, due_on, next_look
from rules.reminders import Call as Due
from rules.windows import day_start, local_day

_ONE_DAY = timedelta(days=1)
CALENDAR_KINDS = ("deadline", "lapse_warning", "overdue", "opened", "escalation")


@dataclass(frozen=True, slots=True)
class Reminder:
    """One item that a tick enqueued: for whom (id), of which kind, about what, due when."""

    person: int
    kind: str
    subject: str
    unit: int
    calendar: str
    milestone: str
    due: date
    rung: int


@dataclass(slots=True)
class TickReport:
    """What a tick did: how many subjects it looked at, which dossiers lapsed, who is reminded of what."""

    day: date
    looked_at: int = 0
    lapsed: list[str] = field(default_factory=list)
    not_lapsed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    reminders: list[Reminder] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The report as plain data: counts, codes and ids."""
        kinds: dict[str, int] = {}
        for reminder in self.reminders:
            kinds[reminder.kind] = kinds.get(reminder.kind, 0) + 1
        return {
            "day": self.day.isoformat(),
            "looked_at": self.looked_at,
            "lapsed": list(self.lapsed),
            "not_lapsed": {code: list(reasons) for code, reasons in self.not_lapsed.items()},
            "reminders": dict(sorted(kinds.items())),
            "people": len({reminder.person for reminder in self.reminders}),
        }


@dataclass(frozen=True, slots=True)
class _Kind:
    """One table of subjects: how its rows are named, read as debts and guarded when noted."""

    table: Table
    prefix: str
    debts: Callable[[Reads, Sequence[Mapping[str, Any]]], list[Debt]]


_KINDS = (
    _Kind(OBLIGATION, OBLIGATION_PREFIX, obligation_debts),
    _Kind(DOSSIER, DOSSIER_PREFIX, dossier_debts),
)


def tick(database: Database, now: datetime, via: str = "tick") -> TickReport:
    """Do what the calendar asks for on the local day of ``now``.

    Raises:
        StorageTrouble: the database could not be written; what was written by then stays, the next tick goes on.
    """
    report = TickReport(local_day(now))
    for kind in _KINDS:
        with database.read() as connection:
            due = _due(connection, kind, report.day)
        for start in range(0, len(due), BATCH):
            _page(database, kind, due[start : start + BATCH], now, via, report)
    return report


def _due(connection: Connection, kind: _Kind, day: date) -> list[int]:
    table = kind.table
    query = select(table.c.id).where(table.c.look_on <= day).order_by(table.c.look_on, table.c.id)
    return list(connection.execute(query).scalars())


def _page(
    database: Database, kind: _Kind, ids: Sequence[int], now: datetime, via: str, report: TickReport
) -> None:
    with database.read() as connection:
        reads = Reads(connection, report.day)
        rows = connection.execute(select(kind.table).where(kind.table.c.id.in_(ids))).mappings().all()
        debts = {debt.subject: debt for debt in kind.debts(reads, rows)}
        told = _told(connection, debts)
        lapsing, items, reminders, looks = [], [], [], []
        for row in rows:
            debt = debts.get(f"{kind.prefix}{row['id']}")
            if debt is not None and debt.lapses and now >= debt.closes_at:
                # Lapsing is a step of its own; the row rests after it and has nothing to look for.
                lapsing.append((row["code"], row["version"]))
                continue
            unheard = False
            if debt is not None:
                for due in _untold(reads, debt, told):
                    people = audience_of(reads, debt, due)
                    unheard = unheard or (not people and bool(asked_of(reads, debt, due)[0]))
                    for person in people:
                        item, reminder = _item(debt, due, person, row, now)
                        items.append(item)
                        reminders.append(reminder)
            looks.append(_look(kind, row, debt, reads, unheard))
    _lapse(database, lapsing, now, via, report)
    with database.write() as connection:
        new = enqueue(connection, items)
        _note_looks(connection, kind, looks)
    report.looked_at += len(rows)
    report.reminders += [r for r, item in zip(reminders, items, strict=True) if item["key"] in new]


# --- What is due, and for whom ---


def _told(connection: Connection, debts: Mapping[str, Debt]) -> set[tuple[str, str, str, str]]:
    """(what, subject, day, rung) of what was enqueued for these subjects before, for whomever."""
    found = set()
    subjects = list(debts)
    query = select(OUTBOX.c.key).where(
        OUTBOX.c.subject.in_(bindparam("subjects", expanding=True)), OUTBOX.c.kind.in_(CALENDAR_KINDS)
    )
    for start in range(0, len(subjects), BATCH):
        for key in connection.execute(query, {"subjects": subjects[start : start + BATCH]}).scalars():
            kind, subject, day, rung, _ = key.split("/")
            what = {"opened": OPENING, "escalation": ESCALATION}.get(kind, RUNG)
            found.add((what, subject, day, rung))
    return found


def _untold(reads: Reads, debt: Debt, told: set[tuple[str, str, str, str]]) -> list[Due]:
    return [
        due
        for due in due_on(debt.term, reads.day, reads.dates.off)
        if (due.what, debt.subject, _key_day(debt, due).isoformat(), str(due.rung)) not in told
    ]


def _key_day(debt: Debt, due: Due) -> date:
    """The day in an item's key: a new due day is a new ladder, a new opening day a new opening."""
    return debt.term.opens if due.what == OPENING else debt.due


def audience_of(reads: Reads, debt: Debt, due: Due) -> tuple[int, ...]:
    """Whom it reaches on the day of ``reads``: those who must act; an escalation those above."""
    if due.what != ESCALATION:
        named = debt.calendar.milestones[debt.milestone].named_on(reads.day)
        if named:
            return named
    return reads.holders_at(*asked_of(reads, debt, due))


def asked_of(reads: Reads, debt: Debt, due: Due) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """(units, duties) of those who are told what is due."""
    if due.what != ESCALATION:
        return debt.asked, debt.duties
    to = debt.calendar.milestones[debt.milestone].escalates_to
    if to is None:
        return (), ()
    near = (reads.nearest_or_successor(unit, to.unit) for unit in debt.below)
    return tuple(sorted({place for place in near if place is not None})), to.duties


def kind_of(debt: Debt, due: Due) -> str:
    """Which kind of letter says what is due."""
    if due.what == OPENING:
        return "opened"
    if due.what == ESCALATION:
        return "escalation"
    if due.rung > 0:
        return "overdue"
    planned = debt.calendar.milestones[debt.milestone]
    warns = planned.unmet == LAPSE and planned.warn_from is not None and due.rung >= planned.warn_from
    return "lapse_warning" if warns and debt.lapses else "deadline"


def _item(
    debt: Debt, due: Due, person: int, row: Mapping[str, Any], now: datetime
) -> tuple[dict[str, Any], Reminder]:
    kind = kind_of(debt, due)
    day = _key_day(debt, due)
    facts = {
        "calendar": debt.calendar.name,
        "milestone": debt.milestone,
        "unit": str(debt.unit_id),
        "due": debt.due.isoformat(),
        "rung": str(due.rung),
    }
    if "code" in row:
        facts |= {"dossier": row["code"], "state": row["state"]}
    # A tick in the night queues for the morning of its own day.
    ready = max(now, day_start(local_day(now)) + MORNING)
    item = new_item(kind, debt.subject, f"{day.isoformat()}/{due.rung}", person, facts, now, ready=ready)
    return item, Reminder(
        person, kind, debt.subject, debt.unit_id, debt.calendar.name, debt.milestone, debt.due, due.rung
    )


# --- Consequences, and when to look again ---


def _lapse(
    database: Database, lapsing: Iterable[tuple[str, int]], now: datetime, via: str, report: TickReport
) -> None:
    for code, version in lapsing:
        try:
            take_step(database, code, "lapse", Call(None, now, f"tick/lapse/{code}/{version}", via))
        except Refused as refusal:
            # Somebody acted in the same moment, or an extension came: the next tick looks again.
            report.not_lapsed[code] = tuple(reason.code for reason in refusal.reasons)
        else:
            report.lapsed.append(code)


def _look(
    kind: _Kind, row: Mapping[str, Any], debt: Debt | None, reads: Reads, unheard: bool
) -> dict[str, Any]:
    look_on = None
    if debt is not None:
        over_from = local_day(debt.closes_at) if debt.lapses else None
        look_on = next_look(debt.term, reads.day, reads.dates.off, over_from)
        if over_from is not None and over_from <= reads.day:
            # Its window ends later today, by minutes of grace: a later tick of the day lets it lapse.
            look_on = reads.day
        elif unheard:
            # Nobody holds the duty today: whoever takes it hears of it on her first day.
            look_on = reads.day + _ONE_DAY
    return {"b_id": row["id"], "b_seen": row["look_on"], "b_version": row.get("version"), "b_look": look_on}


def _note_looks(connection: Connection, kind: _Kind, looks: Sequence[Mapping[str, Any]]) -> None:
    """Note the next day for rows that nobody has touched since they were read."""
    if not looks:
        return
    table = kind.table
    untouched = [table.c.id == bindparam("b_id"), table.c.look_on == bindparam("b_seen")]
    if "version" in table.c:
        untouched.append(table.c.version == bindparam("b_version"))
    statement = update(table).where(*untouched).values(look_on=bindparam("b_look"))
    rows = [dict(look) for look in looks]
    if "version" not in table.c:
        rows = [{name: value for name, value in look.items() if name != "b_version"} for look in rows]
    connection.execute(statement, rows)
