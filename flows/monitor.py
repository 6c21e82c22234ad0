"""What ran, for a page or a list: asked of Prefect, or read from our own ledger when Prefect is away.

It speaks to Prefect's interface by plain HTTP: importing Prefect takes seconds, which a page does not have.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from casework.ledger import RUN, list_runs
from kit.clock import wall_now
from kit.settings import Settings

#: seconds that a reader waits for Prefect
_PATIENCE = 3.0
#: how Prefect's states are called in the ledger
_STANDINGS = {
    "SCHEDULED": "scheduled",
    "PENDING": "running",
    "RUNNING": "running",
    "CANCELLING": "running",
    "PAUSED": "running",
    "COMPLETED": "done",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """Runs as plain data, the newest first, and who told them: ``prefect``, or ``ledger`` when that was away.

    Each has flow, part, standing, started_at, seconds, missed_days, summary, trouble, prefect_run and page (the
    address of Prefect's page of the run; empty from the ledger).
    """

    source: str
    address: str
    runs: tuple[dict[str, Any], ...]

    @property
    def away(self) -> bool:
        """Whether Prefect did not answer."""
        return self.source == "ledger"


def recent_runs(
    connection: Connection, settings: Settings, *, flow: str | None = None, limit: int = 50
) -> Seen:
    """The runs that Prefect knows, with what the ledger says of each; the ledger's alone when Prefect is away."""
    address = settings.prefect_address
    try:
        runs = _asked(address, flow, limit)
    except (OSError, ValueError, KeyError, TypeError):
        told, _ = list_runs(connection, flow=flow, limit=limit)
        rows = tuple(run.as_dict() | {"seconds": run.seconds, "page": ""} for run in told)
        return Seen("ledger", address, rows)
    ours = [run["prefect_run"] for run in runs]
    ledger = {
        row.prefect_run: row
        for row in connection.execute(select(RUN).where(RUN.c.prefect_run.in_(ours), RUN.c.prefect_run != ""))
    }
    for run in runs:
        row = ledger.get(run["prefect_run"])
        run |= {
            "missed_days": row.missed_days if row else 0,
            "summary": row.summary if row else {},
            "trouble": (row.trouble if row else "") or run["trouble"],
        }
    return Seen("prefect", address, tuple(runs))


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
    return found


def _post(address: str, what: str, question: dict[str, Any]) -> Any:
    request = urllib.request.Request(  # noqa: S310  (the address is a setting of this office)
        f"{address}/{what}",
        data=json.dumps({name: value for name, value in question.items() if value is not None}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:  # noqa: S310
        return json.loads(answer.read())
