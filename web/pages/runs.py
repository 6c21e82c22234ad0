"""Whether the year runs: schedules, runs, one run, running a flow now."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from casework.home_clock import business_now
from casework.ledger import ENDED, known_flow
from casework.outcome import in_words, trouble_in_words
from casework.running import RUNS
from casework.views.naming import named
from casework.views.runs import day_told, left_undone, show_run
from flows.monitor import prefect_page, recent_runs, schedules
from rules.reasons import Reason, Refused
from web.errors import REFUSED, NotFound
from web.visit import Administrator, Posted, Visit

router = APIRouter()
ROWS = 50
_MOST_PAGES = 20
#: how a standing is marked, beside its word
_MARKS = {
    "done": "met",
    "broken_off": "not-met",
    "failed": "not-met",
    "late": "not-met",
    "running": "hold",
    "scheduled": "unknown",
}


@router.get("/runs")
def runs(visit: Administrator, flow: str = "", done: int = 0) -> Response:
    """Schedules and runs. ``done`` is the tick that brought a new day."""
    return _list(visit, flow if flow in RUNS else "", done)


@router.post("/runs/now")
def now(visit: Administrator, posted: Posted) -> Response:
    """Run a flow now, whether Prefect is there or not; then to what it did."""
    try:
        flow = known_flow(posted.text("flow", longest=40))
    except Refused as refusal:
        return _list(visit, "", 0, refusal.reasons)
    number = visit.house.at_work.run(flow)
    return visit.on_to(f"/runs/{number}?now=1" if number else f"/runs?flow={flow}")


@router.get("/runs/{number}")
def run(number: int, visit: Administrator, page: int = 1, now: int = 0) -> Response:
    """One run of the ledger."""
    page = min(max(page, 1), _MOST_PAGES)
    with visit.reading() as connection:
        shown = show_run(connection, number, visit.lang, page=page, rows=ROWS)
    if shown is None:
        raise NotFound
    return visit.page(
        "run.html",
        run=shown,
        marks=_MARKS,
        page=page,
        more=page * ROWS < shown["reminded_kept"],
        prefect=prefect_page(visit.house.settings, shown["prefect_run"]) if shown["prefect_run"] else "",
        asked_now=bool(now),
    )


def _list(visit: Visit, flow: str, done: int, reasons: tuple[Reason, ...] = ()) -> Response:
    settings = visit.house.settings
    with visit.reading() as connection:
        seen = recent_runs(connection, settings, flow=flow or None, limit=ROWS)
        shown: dict[str, Any] = {
            "schedules": schedules(connection, settings),
            "undone": left_undone(connection, business_now(connection)),
            "day": day_told(connection, done) if done else None,
            "reasons": named(connection, reasons, visit.lang),
        }
    rows = [row | {"what": _what(row, visit.lang)} for row in seen.runs]
    return visit.page(
        "runs.html",
        status=REFUSED if reasons else 200,
        seen=seen,
        runs=rows,
        flow=flow,
        flow_choices=[(name, visit.words.word("flows", name)) for name in RUNS],
        marks=_MARKS,
        limit=ROWS,
        prefect=prefect_page(settings, ""),
        **shown,
    )


def _what(row: dict[str, Any], lang: str) -> str:
    if row["trouble"]:
        return " ".join(trouble_in_words(row["trouble"], row["summary"], lang))
    return in_words(row["flow"], row["summary"], lang) if row["standing"] in ENDED else ""
