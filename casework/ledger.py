"""The ledger of the flows: a row around each run, which outlives Prefect's records and needs no Prefect.

The row is committed before the work begins, so that a run that dies leaves a trace; the next run of the same flow
tells it as failed. What a run did is committed by the work itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, case, func, insert, select, true, update

from casework.home_clock import business_now
from casework.running import RUNS, settings_of
from kit.clock import wall_now
from kit.database import Database, StorageTrouble
from kit.settings import Settings
from models.base import values_of
from models.flow_run import FlowRun
from rules.reasons import Reason, Refused
from rules.windows import local_day

RUN = FlowRun.__table__

#: a run that is under way for longer has died
LIMIT = timedelta(hours=1)
#: what the ledger says of one that died
DIED = "died"
#: of which flow missed days are counted: what the others leave out, their next run does as a whole
_COUNTED = "tick"
_LONGEST = 400
_REASONS_KEPT = 20
#: the standings of runs that did what they could, and whose summary counts it
ENDED = ("done", "broken_off")


@dataclass(frozen=True, slots=True)
class RunDone:
    """A run as the ledger has it. ``started_at`` and ``finished_at`` are wall time, ``business_at`` the home's."""

    id: int
    flow: str
    part: str
    business_day: date
    business_at: datetime
    started_at: datetime
    finished_at: datetime | None
    standing: str
    missed_days: int
    summary: dict[str, Any] = field(default_factory=dict)
    prefect_run: str = ""
    trouble: str = ""

    @property
    def seconds(self) -> float | None:
        """How long it took."""
        return (self.finished_at - self.started_at).total_seconds() if self.finished_at else None

    def as_dict(self) -> dict[str, Any]:
        """The run as plain data."""
        plain = {name: getattr(self, name) for name in self.__slots__}
        for name in ("business_day", "business_at", "started_at", "finished_at"):
            plain[name] = plain[name].isoformat() if plain[name] is not None else None
        return plain


def known_flow(name: str) -> str:
    """The name of a flow in the table, from what somebody wrote: Prefect and people write open-year.

    Raises:
        Refused: there is no such flow; those that there are, are named.
    """
    known = name.replace("-", "_")
    if known not in RUNS:
        raise Refused([Reason("unknown_flow", {"name": name[:80], "possible": sorted(RUNS)})])
    return known


def run_in_home(settings: Settings, name: str, *, via: str, part: str = "", prefect_run: str = "") -> RunDone:
    """`run_flow` over the home that the settings name; of ``part``, over that part's own.

    Raises:
        Refused: there is no such flow or part, or the work was refused.
        StorageTrouble: the home is not prepared, or cannot be read or written.
        Exception: whatever the work raised, noted in the ledger.
    """
    settings = settings_of(settings, part)
    # A SQLite file that is missing would be made by opening it.
    if not settings.database_url and not (settings.home / "thidua.sqlite3").is_file():
        raise StorageTrouble("database_not_prepared", str(settings.home))
    database = Database(settings.url, synchronous=settings.sqlite_synchronous)
    try:
        return run_flow(database, settings, name, via=via, part=part, prefect_run=prefect_run)
    finally:
        database.close()


def run_flow(
    database: Database,
    settings: Settings,
    name: str,
    *,
    via: str,
    part: str = "",
    prefect_run: str = "",
    begun: Callable[[int], None] | None = None,
) -> RunDone:
    """Run a flow by the home's clock and write it into the ledger; ``begun`` is told the number of its row.

    A round that was broken off is no failure: it gives its row, whose ``standing`` says so.

    Raises:
        Refused: there is no such flow, or the work was refused.
        StorageTrouble: the home cannot be read or written.
        Exception: whatever the work raised, noted in the ledger.
    """
    name = known_flow(name)
    row, now = _begin(database, name, part, prefect_run)
    if begun is not None:
        begun(row)
    try:
        summary = RUNS[name](database, settings, now, via, part)
    except BaseException as error:
        # Where the ledger cannot be written either, the first trouble is the one to tell.
        with suppress(StorageTrouble):
            _end(database, row, "failed", summary=_against(error), trouble=_told(error))
        raise
    # A round of letters that no letter could have gone on with is not done: what is left waits for a later one.
    return _end(database, row, "broken_off" if summary.get("stopped") else "done", summary=summary)


def _begin(database: Database, name: str, part: str, prefect_run: str) -> tuple[int, datetime]:
    started = wall_now()
    same = (RUN.c.flow == name) & (RUN.c.part == part)
    with database.write() as connection:
        connection.execute(
            update(RUN)
            .where(same, RUN.c.standing == "running", RUN.c.started_at < started - LIMIT)
            .values(standing="failed", trouble=DIED, finished_at=started)
        )
        now = business_now(connection)
        row = {
            "flow": name,
            "part": part,
            "business_day": local_day(now),
            "business_at": now,
            "started_at": started,
            "standing": "running",
            "missed_days": missed_days(connection, part, local_day(now)) if name == _COUNTED else 0,
            "summary": {},
            "prefect_run": prefect_run,
            "trouble": "",
        }
        return int(connection.execute(insert(RUN), row).inserted_primary_key[0]), now


def _end(
    database: Database, run: int, standing: str, *, summary: dict[str, Any] | None = None, trouble: str = ""
) -> RunDone:
    with database.write() as connection:
        connection.execute(
            update(RUN)
            .where(RUN.c.id == run)
            .values(standing=standing, summary=summary or {}, trouble=trouble, finished_at=wall_now())
        )
        return RunDone(**values_of(connection.execute(select(RUN).where(RUN.c.id == run)).one()))


def _told(error: BaseException) -> str:
    """What went wrong: a code and what goes with it; for people, never with a traceback."""
    if isinstance(error, StorageTrouble):
        text = f"{error.code}: {error.detail}"
    elif isinstance(error, Refused):
        text = "; ".join(reason.code for reason in error.reasons)
    else:
        text = f"{type(error).__name__}: {error}"
    return text[:_LONGEST]


def _against(error: BaseException) -> dict[str, Any]:
    """What went wrong as data, for those who say it in words (`casework/outcome.py`)."""
    if isinstance(error, Refused):
        # As JSON has it: a day becomes its text.
        kept = [reason.as_dict() for reason in error.reasons[:_REASONS_KEPT]]
        return {"reasons": json.loads(json.dumps(kept, default=str))}
    if isinstance(error, StorageTrouble):
        return {"storage": {"code": error.code, "detail": error.detail[:_LONGEST]}}
    if isinstance(error, OSError) and error.filename is not None:
        return {
            "storage": {"code": "file_unusable", "detail": f"{error.filename}: {error.strerror}"[:_LONGEST]}
        }
    return {}


def missed_days(connection: Connection, part: str, today: date) -> int:
    """The local days, between that of the last tick that was done and ``today``, on which none was done."""
    last = connection.execute(
        select(func.max(RUN.c.business_day)).where(
            RUN.c.flow == _COUNTED, RUN.c.part == part, RUN.c.standing == "done"
        )
    ).scalar()
    return max(0, (today - last).days - 1) if last is not None else 0


def last_done_days(connection: Connection) -> dict[tuple[str, str], date]:
    """The newest business day on which each (flow, part) was done."""
    query = select(RUN.c.flow, RUN.c.part, func.max(RUN.c.business_day)).where(RUN.c.standing == "done")
    return {
        (flow, part): day for flow, part, day in connection.execute(query.group_by(RUN.c.flow, RUN.c.part))
    }


def last_runs(connection: Connection) -> list[RunDone]:
    """The newest run of each flow and part."""
    newest = select(func.max(RUN.c.id)).group_by(RUN.c.flow, RUN.c.part)
    query = select(RUN).where(RUN.c.id.in_(newest)).order_by(RUN.c.flow, RUN.c.part)
    return [RunDone(**values_of(row)) for row in connection.execute(query)]


def list_runs(
    connection: Connection, *, flow: str | None = None, limit: int = 50
) -> tuple[list[RunDone], int]:
    """The runs of the ledger and how many there are: those that need a look first, then the newest.

    A run needs a look while it is the newest of its flow and part, and failed, died, was broken off or counted missed
    days.
    """
    wanted = true() if flow is None else RUN.c.flow == flow
    looked_at = [run.id for run in last_runs(connection) if needs_a_look(run, wall_now())]
    first = case((RUN.c.id.in_(looked_at), 0), else_=1)
    query = select(RUN).where(wanted).order_by(first, RUN.c.id.desc()).limit(limit)
    total = connection.execute(select(func.count()).select_from(RUN).where(wanted)).scalar_one()
    return [RunDone(**values_of(row)) for row in connection.execute(query)], int(total)


def run_of(connection: Connection, run: int) -> RunDone | None:
    """One run by its number; None where there is none."""
    row = connection.execute(select(RUN).where(RUN.c.id == run)).first()
    return RunDone(**values_of(row)) if row is not None else None


def first_after(connection: Connection, flow: str, run: RunDone) -> RunDone | None:
    """The first run of another flow that came after a run, for the same part and at the same business time."""
    same = (RUN.c.flow == flow) & (RUN.c.part == run.part) & (RUN.c.business_at == run.business_at)
    row = connection.execute(select(RUN).where(same, RUN.c.id > run.id).order_by(RUN.c.id).limit(1)).first()
    return RunDone(**values_of(row)) if row is not None else None


def runs_since(connection: Connection, after: int) -> list[RunDone]:
    """The runs that came after one of the ledger, in their order."""
    query = select(RUN).where(RUN.c.id > after).order_by(RUN.c.id)
    return [RunDone(**values_of(row)) for row in connection.execute(query)]


def newest_run(connection: Connection) -> int:
    """The number of the newest run; 0 when none ran yet."""
    return int(connection.execute(select(func.coalesce(func.max(RUN.c.id), 0))).scalar_one())


def has_died(run: RunDone, wall: datetime) -> bool:
    """Whether a run that the ledger has under way cannot be alive any more."""
    return run.standing == "running" and run.started_at < wall - LIMIT


def needs_a_look(run: RunDone, wall: datetime) -> bool:
    """Whether a run, the newest of its flow, is late or went wrong."""
    return run.standing in ("failed", "broken_off") or has_died(run, wall) or run.missed_days > 0
