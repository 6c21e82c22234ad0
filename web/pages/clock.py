"""The banner's button: the clock that stands goes on to the next morning."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from casework.ledger import last_runs
from casework.next_day import next_day
from web.visit import Administrator, Posted

router = APIRouter()


@router.post("/clock/next-day")
def to_next_day(visit: Administrator, posted: Posted) -> Response:
    """Advance the clock, tick, send; then to what the day brought. Refused where the clock runs by itself."""
    ticked = next_day(visit.database, visit.house.settings, visit.call(posted))
    if ticked is None:
        # Sent twice: the day was begun by the first, and is told the same.
        with visit.reading() as connection:
            ticked = next((run for run in last_runs(connection) if run.flow == "tick" and not run.part), None)
    return visit.on_to(f"/runs?done={ticked.id}" if ticked is not None else "/runs")
