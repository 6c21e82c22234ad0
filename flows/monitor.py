"""What ran, for a page or a list: asked of Prefect, or read from our own ledger when Prefect is away.

It speaks to Prefect's interface by plain HTTP: importing Prefect takes seconds, which a page does not have.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from casework.hours import HOURS
from casework.ledger import RUN, RunDone, last_runs, list_runs, needs_a_look
from kit.clock import wall_now
from kit.settings import Settings
from models.base import values_of

#: seconds that a reader waits for Prefect
_PATIENCE = 3.0
#: the name under which `flows/serve.py` serves the whole office
_WHOLE = "thidua"
#: how Prefect's states are called in the ledger
_STANDINGS = {
    "SCHEDULED": "scheduled",
    "PENDING": "running",
    "RUNNING": "running",
    "CANCELLING": "running",
    "PAUSED": "running",
    "COMPLETED": "done",
}


#: a run whose hour passed this long ago is late
_LATE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Seen:
    """Runs as plain data, what needs a look first and then the newest, and who told them: ``prefect``, or ``ledger``
    when that was away.

    Each has id (its number in the ledger, or None), flow, part, standing (`late`: its hour passed and nothing ran it),
    started_at, seconds, missed_days, summary, trouble, prefect_run, page and artifact (addresses of Prefect's pages of
    the run and of what it left; empty from the ledger), and look (whether it needs one).
    """

    source: str
    address: str
    runs: tuple[dict[str, Any], ...]

    @property
    def away(self) -> bool:
        """Whether Prefect did not answer."""
        return self.source == "ledger"


@dataclass(frozen=True, slots=True)
class Schedule:
    """One flow and its hours. ``next_at`` is wall time; ``paused`` is None where Prefect was not there to say."""

    flow: str
    cron: str
    next_at: datetime
    paused: bool | None
    last: RunDone | None


def recent_runs(
    connection: Connection, settings: Settings, *, flow: str | None = None, limit: int = 50
) -> Seen:
    """The runs that Prefect knows and those that people started, with what the ledger says of each; the ledger's alone
    when Prefect is away.
    """
    address = settings.prefect_address
    told, _ = list_runs(connection, flow=flow, limit=limit)
    wall = wall_now()
    looked_at = {run.id for run in last_runs(connection) if needs_a_look(run, wall)}
    ledger = [_of_ledger(run, run.id in looked_at) for run in told]
    try:
        runs = _asked(address, flow, limit)
    except (OSError, ValueError, KeyError, TypeError):
        return Seen("ledger", address, tuple(ledger))
    ours = [run["prefect_run"] for run in runs]
    known = {
        row.prefect_run: RunDone(**values_of(row))
        for row in connection.execute(select(RUN).where(RUN.c.prefect_run.in_(ours), RUN.c.prefect_run != ""))
    }
    for run in runs:
        row = known.get(run["prefect_run"])
        if run["standing"] == "scheduled" and datetime.fromisoformat(run["started_at"]) < wall - _LATE:
            run["standing"] = "late"
        run |= {
            "id": row.id if row else None,
            # Prefect knows that it ended; how, the ledger knows.
            "standing": row.standing if row and row.standing == "broken_off" else run["standing"],
            "missed_days": row.missed_days if row else 0,
            "summary": row.summary if row else {},
            "trouble": (row.trouble if row else "") or run["trouble"],
            # One that broke before it could write into the ledger is known by Prefect alone.
            "look": row.id in looked_at if row else run["standing"] in ("failed", "late"),
        }
    # What people started, and what only the ledger still knows: Prefect forgets, and may be another one than before.
    runs += [run for run in ledger if run["prefect_run"] not in known]
    runs.sort(key=lambda run: datetime.fromisoformat(run["started_at"]), reverse=True)
    runs.sort(key=lambda run: not run["look"])
    return Seen("prefect", address, tuple(runs[:limit]))


def schedules(connection: Connection, settings: Settings) -> tuple[Schedule, ...]:
    """The hours of every flow: as Prefect has them, or by the table that it is given when it is away."""
    wall = wall_now()
    last = {run.flow: run for run in last_runs(connection) if not run.part}
    try:
        told = {row["name"]: row for row in _deployments(settings.prefect_address)}
    except (OSError, ValueError, KeyError, TypeError):
        told = None
    return tuple(
        Schedule(
            flow=name,
            cron=hours.cron,
            next_at=hours.next_after(wall),
            paused=None if told is None else name not in told or told[name]["paused"],
            last=last.get(name),
        )
        for name, hours in HOURS.items()
    )


def prefect_page(settings: Settings, prefect_run: str) -> str:
    """The address of Prefect's own page of a run; its first page where the run is none of Prefect's."""
    page = settings.prefect_address.removesuffix("/api")
    return f"{page}/runs/flow-run/{prefect_run}" if prefect_run else page


def _of_ledger(run: RunDone, look: bool) -> dict[str, Any]:
    return run.as_dict() | {"seconds": run.seconds, "page": "", "artifact": "", "look": look}


def _deployments(address: str) -> list[dict[str, Any]]:
    """The deployments of the whole office: flow, and whether it is paused; raises as `_asked` does."""
    flows = {row["id"]: row["name"].replace("-", "_") for row in _post(address, "flows/filter", {})}
    question = {"deployments": {"name": {"any_": [_WHOLE]}}, "limit": 200}
    return [
        {"name": flows.get(row["flow_id"], "?"), "paused": bool(row["paused"])}
        for row in _post(address, "deployments/filter", question)
    ]


def _asked(address: str, flow: str | None, limit: int) -> list[dict[str, Any]]:
    """Prefect's runs.

    Raises:
        OSError: it does not answer.
        ValueError, KeyError, TypeError: what answers is no Prefect.
    """
    flows = {row["id"]: row["name"].replace("-", "_") for row in _post(address, "flows/filter", {})}
    wanted = {"name": {"any_": [flow.replace("_", "-")]}} if flow else None
    # Those whose hour has come; a hundred more are scheduled for each flow.
    come = {"expected_start_time": {"before_": wall_now().isoformat()}}
    question = {"limit": min(limit, 200), "sort": "START_TIME_DESC", "flows": wanted, "flow_runs": come}
    page = address.removesuffix("/api")
    found = []
    for row in _post(address, "flow_runs/filter", question):
        standing = _STANDINGS.get(row["state_type"], "failed")
        started = row["start_time"] or row["expected_start_time"]
        found.append(
            {
                "flow": flows.get(row["flow_id"], "?"),
                "part": str(row["parameters"].get("part", "")),
                "standing": standing,
                "started_at": datetime.fromisoformat(started).isoformat(),
                "seconds": None if standing == "scheduled" else float(row["total_run_time"]),
                "trouble": (row["state"]["message"] or "") if standing == "failed" else "",
                "prefect_run": row["id"],
                "page": f"{page}/runs/flow-run/{row['id']}",
            }
        )
    left = _artifacts(address, [run["prefect_run"] for run in found])
    return [run | {"artifact": left.get(run["prefect_run"], "")} for run in found]


def _artifacts(address: str, runs: list[str]) -> dict[str, str]:
    """The pages of the tables that runs left, by run."""
    if not runs:
        return {}
    page = address.removesuffix("/api")
    question = {"flow_runs": {"id": {"any_": runs}}, "artifacts": {"type": {"any_": ["table"]}}, "limit": 200}
    rows = _post(address, "artifacts/filter", question)
    return {row["flow_run_id"]: f"{page}/artifacts/artifact/{row['id']}" for row in rows}


def _post(address: str, what: str, question: dict[str, Any]) -> Any:
    request = urllib.request.Request(  # noqa: S310  (the address is a setting of this office)
        f"{address}/{what}",
        data=json.dumps({name: value for name, value in question.items() if value is not None}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:  # noqa: S310
        return json.loads(answer.read())
