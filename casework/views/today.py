"""Today for one person: what she must do, until when, what is in its way, and where the year stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, or_, select

from casework.call import Call
from casework.council.lying_open import calendars_for, session_of
from casework.debts import OBLIGATION, Debt, calendars_in_force, obligation_debts
from casework.load import ALL_GROUPS, DOSSIER, load_groups
from casework.movements.calendar_of import movement_of
from casework.people import UNIT
from casework.reads import Reads
from casework.sight import Sight
from casework.successions import Successions
from casework.views.bloc_sheets import sheets_waiting
from casework.views.naming import named_of_many
from casework.views.next_steps import try_step
from casework.views.queue import queue_of
from casework.views.standing import Directory
from models.base import values_of
from published.calendar import Calendar
from rules.reasons import Reason
from rules.reminders import days_left
from rules.windows import local_day

#: a page of today is what one person can do; the queue has the rest
SHOWN = 20
#: what opens later than this is no matter of today
_SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Today:
    """``dossiers``: rows of lists, each with the reasons that are in the way; ``waiting``: how many wait in all;
    ``owed``: what her units owe by their word; ``calendars``: those in which the day lies; ``sheets``: score sheets of
    her schools that wait."""

    dossiers: list[dict[str, Any]]
    waiting: int
    owed: list[dict[str, Any]]
    calendars: list[Calendar]
    kinds: frozenset[str]
    sheets: list[dict[str, Any]]


def today_of(connection: Connection, sight: Sight, now: datetime, lang: str) -> Today:
    """What waits for one person today, in a number of statements that does not grow with it."""
    reads = Reads(connection, local_day(now))
    queue = queue_of(connection, sight, now, lang, limit=SHOWN, reads=reads)
    rows = sorted(
        queue.rows, key=lambda row: (row["deadline"] is None, row["deadline"] or "", row["dossier"])
    )
    _what_is_in_the_way(reads, sight, rows, now, lang)
    return Today(
        rows,
        queue.total,
        owed_by(reads, sight, lang),
        running(reads),
        kinds_of(connection, sight),
        sheets_waiting(connection, sight, now),
    )


def _what_is_in_the_way(
    reads: Reads, sight: Sight, rows: list[dict[str, Any]], now: datetime, lang: str
) -> None:
    query = select(DOSSIER).where(DOSSIER.c.code.in_([row["dossier"] for row in rows]))
    dossiers = {row.code: values_of(row) for row in reads.connection.execute(query)}
    loaded = load_groups(reads.connection, [dossier["id"] for dossier in dossiers.values()], ALL_GROUPS)
    reads.fetch_scores(
        {d["unit_id"] for d in dossiers.values()}, {d["school_year"] for d in dossiers.values()}
    )
    about: list[tuple[dict[str, Any], str, Reason]] = []
    for row in rows:
        row["reasons"] = []
        if row["next_event"] is None:
            continue
        dossier = dossiers[row["dossier"]]
        call = Call(sight.person, now, "try", "look")
        tried = try_step(reads, dossier, row["next_event"], call, loaded[dossier["id"]])
        about += [(row, dossier["procedure_sha256"], reason) for reason in tried.reasons]
    told = named_of_many(reads.connection, [(sha256, reason) for _, sha256, reason in about], lang)
    for (row, _, _), reason in zip(about, told, strict=True):
        row["reasons"].append(reason)


def owed_by(reads: Reads, sight: Sight, lang: str) -> list[dict[str, Any]]:
    """What the units whose duties a person holds still owe by their word, and those whose work they took over."""
    held = {holding.unit_id for holding in sight.holdings}
    before = Successions(reads.connection, reads.day)
    units = held | {old for unit in sorted(held) for old in before.predecessors_of(unit)}
    # What a council's session asks of its secretary and chair they are told also where they hold no duty at its unit.
    sessions = calendars_for(reads.connection, sight.person, reads.day)
    mine = or_(OBLIGATION.c.unit_id.in_(sorted(units)), OBLIGATION.c.calendar.in_(sessions))
    query = select(OBLIGATION).where(mine)
    rows = reads.connection.execute(query).mappings().all()
    debts = [
        debt
        for debt in obligation_debts(reads, rows)
        if debt.term.opens <= reads.day + _SOON and _asked_of(sight, debt, reads.day)
    ]
    directory = Directory(reads)
    directory.units(debt.unit_id for debt in debts)
    found = [
        {
            "unit": directory.unit(debt.unit_id),
            "calendar": debt.calendar.name,
            "milestone": debt.milestone,
            "movement": movement_of(debt.calendar.name),
            "session": session_of(debt.calendar.name),
            "label": debt.calendar.milestones[debt.milestone].label[lang],
            "owed": debt.calendar.milestones[debt.milestone].due[lang],
            "opens": debt.term.opens.isoformat(),
            "due": debt.due.isoformat(),
            "days_left": days_left(debt.due, reads.day),
            "open": debt.term.opens <= reads.day,
        }
        for debt in debts
    ]
    return sorted(found, key=lambda row: (row["due"], row["milestone"], row["unit"]["code"]))


def _asked_of(sight: Sight, debt: Debt, day: date) -> bool:
    """Whether it is the person who must act: by name, or else by a duty."""
    named = debt.calendar.milestones[debt.milestone].named_on(day)
    if named:
        return sight.person in named
    return any(not sight.at(unit).isdisjoint(debt.duties) for unit in debt.asked)


def running(reads: Reads) -> list[Calendar]:
    """The calendars in which the day lies, by name; of a day between two years the one before."""
    found = [calendar for calendar in calendars_in_force(reads) if _first(calendar) <= reads.day]
    if not found:
        return calendars_in_force(reads)[:1]
    newest = max(calendar.school_year for calendar in found)
    return [calendar for calendar in found if calendar.school_year == newest]


def _first(calendar: Calendar) -> date:
    return min(planned.milestone.opens for planned in calendar.milestones.values())


def kinds_of(connection: Connection, sight: Sight) -> frozenset[str]:
    """The kinds of the units whose duties the person holds."""
    units = sorted({holding.unit_id for holding in sight.holdings})
    query = select(UNIT.c.kind).where(UNIT.c.id.in_(units)).distinct()
    return frozenset(connection.execute(query).scalars())
