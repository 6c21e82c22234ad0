"""Watching the home: what waits too long, failed, was missed or runs out, and where nobody is there to act.

A concern is computed from what is so now and goes away by itself. Administrators see them on their first page and get
one item a day for each, whoever watches and how often.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from casework.access import DUTY, in_force
from casework.audit.seals import SEAL
from casework.history import ENTRY
from casework.home_clock import business_now
from casework.hours import HOURS
from casework.ledger import DIED, RUN, RunDone, has_died, last_runs, missed_days
from casework.outbox import OUTBOX, enqueue, new_item
from casework.unheld import Units, debts_unheld, dossiers_unheld, left_at_ended
from kit.clock import wall_now
from kit.database import Database
from kit.settings import Settings
from models.letter import Letter, SuppressedAddress
from rules.windows import local_day

LETTER, SUPPRESSED = Letter.__table__, SuppressedAddress.__table__

KIND = "mail_trouble"
#: the postman comes every few minutes
WAITS_TOO_LONG = timedelta(hours=1)
#: by business time: it is made every night
SEAL_TOO_OLD = timedelta(days=2)
#: by the wall's time: Prefect starts something every few minutes
SILENT_TOO_LONG = timedelta(hours=1)
_MEGABYTE = 1_000_000

# Where it is looked at and mended, a path of the pages; and in which order: first what stops everything, then what
# stops one flow, one letter, one dossier.
_WHERE = {
    "disk_low": "",
    "no_administrator": "/office/people",
    "prefect_silent": "/runs",
    "ticks_missed": "/runs",
    "run_died": "/runs/{run}",
    "run_failed": "/runs/{run}",
    "run_broken_off": "/runs/{run}",
    "run_late": "/runs?flow={flow}",
    "letters_failed": "/letters?standing=failed",
    "letters_in_doubt": "/letters?standing=in_doubt",
    "addresses_suppressed": "/letters#suppressed",
    "letters_waiting": "/letters?standing=queued",
    "items_waiting": "/runs?flow=deliver",
    "offices_ended": "/office/succession/pass-on",
    "desks_unheld": "/office",
    "debts_unheld": "/office",
    "seal_missing": "/runs?flow=seal",
    "seal_old": "/runs?flow=seal",
}
_RANK = {code: rank for rank, code in enumerate(_WHERE)}
# What a letter is not told: it is read, or said in the reader's language, when the letter is composed.
_NOT_IN_LETTERS = frozenset({"why", "detail", "did", "units"})


@dataclass(frozen=True, slots=True)
class Concern:
    """Something that an administrator should look at; ``code`` names a text of the catalogue `watch`."""

    code: str
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The page where it is looked at and mended; empty where none can do it. One unit has a page of its own."""
        units = self.params.get("units", ())
        if len(units) == 1 and self.code in ("desks_unheld", "debts_unheld"):
            return f"/office/units/{units[0]['code']}"
        return _WHERE[self.code].format(**self.params)

    @property
    def subject(self) -> str:
        """What an item about it is about: of runs, each flow is told by itself."""
        return ":".join(("watch", self.code, *filter(None, [self.params.get("flow")])))

    def as_dict(self) -> dict[str, Any]:
        """The concern as plain data."""
        return {"code": self.code, "params": self.params, "path": self.path}


@dataclass(frozen=True, slots=True)
class Watched:
    """What a watch found, and how many items it queued for administrators who had none of that kind today.

    ``untold``: how many concerns nobody is told of, because nobody is an administrator.
    """

    concerns: tuple[Concern, ...]
    queued: int
    untold: int = 0

    def as_dict(self) -> dict[str, Any]:
        """The outcome as plain data."""
        return {
            "concerns": [concern.as_dict() for concern in self.concerns],
            "queued": self.queued,
            "untold": self.untold,
        }


@dataclass(frozen=True, slots=True)
class _Look:
    connection: Connection
    settings: Settings
    now: datetime
    #: wall time, by which runs live and die
    wall: datetime


def concerns_of(connection: Connection, settings: Settings) -> tuple[Concern, ...]:
    """What is so now, what is worst first. Reads only, in a number of statements that no size changes."""
    look = _Look(connection, settings, business_now(connection), wall_now())
    found = [concern for find in _LOOKS for concern in find(look)]
    return tuple(sorted(found, key=lambda concern: _RANK[concern.code]))


def keep_watch(database: Database, settings: Settings, now: datetime) -> Watched:
    """Look, and queue an item for every administrator and concern that has none yet today.

    Raises:
        StorageTrouble: the database cannot be read or written.
    """
    with database.read() as connection:
        concerns = concerns_of(connection, settings)
        administrators = _administrators(connection, now) if concerns else []
    items = [_item(concern, person, now) for concern in concerns for person in administrators]
    untold = 0 if administrators else len(concerns)
    return Watched(concerns, _queue(database, items) if items else 0, untold)


def _administrators(connection: Connection, now: datetime) -> list[int]:
    query = select(DUTY.c.person_id).distinct().order_by(DUTY.c.person_id)
    held = (DUTY.c.duty == "administrator") & in_force(DUTY, local_day(now))
    return list(connection.execute(query.where(held)).scalars())


def _item(concern: Concern, person: int, now: datetime) -> dict[str, Any]:
    facts = {
        "trouble": concern.code,
        # Letters hold plain texts; why a run failed is read from the ledger, in the reader's language.
        **{name: _fact(name, concern) for name in concern.params if name not in _NOT_IN_LETTERS},
        **({"detail": units_in_words(concern.params["units"])} if "units" in concern.params else {}),
        **({"path": concern.path} if concern.path else {}),
    }
    return new_item(KIND, concern.subject, local_day(now).isoformat(), person, facts, now, ready=now)


def _fact(name: str, concern: Concern) -> str:
    """A parameter as letters take it: an instant as its local day."""
    value = str(concern.params[name])
    at_an_instant = name == "since" and "T" in value
    return local_day(datetime.fromisoformat(value)).isoformat() if at_an_instant else value


def units_in_words(units: Iterable[dict[str, Any]]) -> str:
    """Some units by name and code, in one line of any language."""
    return "; ".join(f"{unit['name']} ({unit['code']})" for unit in units)


def _queue(database: Database, items: list[dict[str, Any]]) -> int:
    with database.write() as connection:
        return len(enqueue(connection, items))


# --- What is looked at --------------------------------------------------------------------------------------


def _waiting(look: _Look) -> Iterator[Concern]:
    # A letter waits by the wall's time, as the postman does; an item by the home's, as what it says.
    letters = LETTER.c.standing.in_(("queued", "sending")) & (
        LETTER.c.not_before < look.wall - WAITS_TOO_LONG
    )
    items = (OUTBOX.c.standing == "queued") & OUTBOX.c.letter_id.is_(None)
    items &= OUTBOX.c.ready_at < look.now - WAITS_TOO_LONG
    for code, table, since, waits in (
        ("letters_waiting", LETTER, LETTER.c.not_before, letters),
        ("items_waiting", OUTBOX, OUTBOX.c.ready_at, items),
    ):
        row = look.connection.execute(
            select(func.count().label("count"), func.min(since).label("since"))
            .select_from(table)
            .where(waits)
        ).one()
        if row.count:
            yield Concern(code, {"count": row.count, "since": row.since.isoformat()})


def _letters_in_trouble(look: _Look) -> Iterator[Concern]:
    query = select(LETTER.c.standing, func.count().label("count"), func.min(LETTER.c.day).label("since"))
    query = query.where(LETTER.c.standing.in_(("failed", "in_doubt"))).group_by(LETTER.c.standing)
    for row in look.connection.execute(query.order_by(LETTER.c.standing)):
        code = "letters_failed" if row.standing == "failed" else "letters_in_doubt"
        yield Concern(code, {"count": row.count, "since": row.since.isoformat()})


def _suppressed(look: _Look) -> Iterator[Concern]:
    row = look.connection.execute(
        select(func.count().label("count"), func.min(SUPPRESSED.c.since).label("since"))
    ).one()
    if row.count:
        yield Concern("addresses_suppressed", {"count": row.count, "since": row.since.isoformat()})


def _ticks_missed(look: _Look) -> Iterator[Concern]:
    parts = select(RUN.c.part).where(RUN.c.flow == "tick").distinct().order_by(RUN.c.part)
    for part in look.connection.execute(parts).scalars().all():
        days = missed_days(look.connection, part, local_day(look.now))
        if days:
            yield Concern("ticks_missed", {"count": days})


def _runs_in_trouble(look: _Look) -> Iterator[Concern]:
    for run in last_runs(look.connection):
        told = {"flow": run.flow, "since": run.started_at.isoformat(), "run": run.id}
        if has_died(run, look.wall) or (run.standing == "failed" and run.trouble == DIED):
            yield Concern("run_died", told)
        elif run.standing == "failed":
            why = {name: run.summary[name] for name in ("reasons", "storage") if name in run.summary}
            yield Concern("run_failed", told | {"detail": run.trouble, "why": why})
        elif run.standing == "broken_off":
            did = {name: run.summary[name] for name in ("sent", "left", "stopped") if name in run.summary}
            yield Concern("run_broken_off", told | {"did": did})


def _not_by_itself(look: _Look) -> Iterator[Concern]:
    # What Prefect started at any time it should start still; of a home that it never served nothing is expected.
    query = select(RUN.c.flow, RUN.c.part, func.max(RUN.c.started_at).label("at")).where(
        RUN.c.prefect_run != ""
    )
    rows = look.connection.execute(query.group_by(RUN.c.flow, RUN.c.part))
    served = {(row.flow, row.part): row.at for row in rows}
    if not served:
        return
    newest = max(served.values())
    if newest < look.wall - SILENT_TOO_LONG:
        yield Concern("prefect_silent", {"since": newest.isoformat()})
        return
    for run in last_runs(look.connection):
        due = _due_after(run) if (run.flow, run.part) in served else None
        if due is not None and due < look.wall - SILENT_TOO_LONG:
            yield Concern("run_late", {"flow": run.flow, "since": due.isoformat()})


def _due_after(run: RunDone) -> datetime | None:
    hours = HOURS.get(run.flow)
    return hours.next_after(run.started_at) if hours is not None and run.standing != "running" else None


def _nobody_to_tell(look: _Look) -> Iterator[Concern]:
    # Before anybody has a duty there is an operator who prepares the home, and nothing to tell.
    anybody = look.connection.execute(select(DUTY.c.id).limit(1)).first() is not None
    if anybody and not _administrators(look.connection, look.now):
        yield Concern("no_administrator")


def _ended_and_unheld(look: _Look) -> Iterator[Concern]:
    day = local_day(look.now)
    if ended := _of_units(left_at_ended(look.connection, day)):
        yield Concern("offices_ended", ended)
    if desks := _of_units(dossiers_unheld(look.connection, day)):
        yield Concern("desks_unheld", desks)
    if debts := _of_units(debts_unheld(look.connection, day)):
        yield Concern("debts_unheld", debts)


def _of_units(found: Units) -> dict[str, Any]:
    """What a concern says of units; nothing where there are none."""
    return {"count": found.units, "things": found.things, "units": list(found.first)} if found.units else {}


def _disk(look: _Look) -> Iterator[Concern]:
    free = shutil.disk_usage(look.settings.home).free // _MEGABYTE
    if free < look.settings.disk_free_mb:
        yield Concern("disk_low", {"count": free})


def _seal(look: _Look) -> Iterator[Concern]:
    last = look.connection.execute(select(func.max(SEAL.c.at))).scalar()
    if last is not None and last < look.now - SEAL_TOO_OLD:
        yield Concern("seal_old", {"since": last.isoformat()})
    if last is None:
        first = look.connection.execute(select(func.min(ENTRY.c.at))).scalar()
        if first is not None and first < look.now - SEAL_TOO_OLD:
            yield Concern("seal_missing", {"since": first.isoformat()})


_LOOKS: tuple[Callable[[_Look], Iterator[Concern]], ...] = (
    _waiting,
    _letters_in_trouble,
    _suppressed,
    _ticks_missed,
    _runs_in_trouble,
    _not_by_itself,
    _nobody_to_tell,
    _ended_and_unheld,
    _disk,
    _seal,
)
