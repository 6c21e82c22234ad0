"""The banner's button: the clock that stands goes on to the next morning, with the day's tick and its post."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from casework.ledger import last_runs
from casework.next_day import to_next_morning
from web.visit import Administrator, Posted

router = APIRouter()


@router.post("/clock/next-day")
def to_next_day(visit: Administrator, posted: Posted) -> Response:
    """Advance the clock, tick, send; then to what the day brought. Refused where the clock runs by itself.

    A mail server that is away, or a flow that fails, takes nothing back: the ledger has it, and the page tells it.
    """
    at_work = visit.house.at_work
    if to_next_morning(visit.database, visit.call(posted)):
        tick = at_work.run("tick", anew=True)
        at_work.run("deliver", anew=True)
    else:
        # Sent twice: the day was begun by the first, and is told the same.
        with visit.reading() as connection:
            tick = next((run.id for run in last_runs(connection) if run.flow == "tick" and not run.part), 0)
    return visit.on_to(f"/runs?done={tick}" if tick else "/runs")
