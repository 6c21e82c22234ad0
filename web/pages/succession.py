"""Offices that ended: who does their work, which dossiers they left behind, and passing these on."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter
from starlette.responses import Response

from casework.bulk import Outcome
from casework.parts import done_before
from casework.pass_on import left_behind, pass_on_all
from casework.regulations import successions
from casework.views.ended import ended_offices, goes_to
from rules.windows import local_day
from web.errors import REFUSED
from web.forms import Form
from web.paging import SHOWN, paging, start_of
from web.verdicts import verdicts
from web.visit import Administrator, Posted, Visit

router = APIRouter()
_LEFT = "/office/succession/pass-on"


@router.get("/office/succession")
def succession(visit: Administrator, start: int = 0) -> Response:
    """Which offices have ended, and who does their work."""
    day, start = local_day(visit.now), start_of(start)
    with visit.reading() as connection:
        rows, total = ended_offices(connection, day, limit=SHOWN, start=start)
        left = left_behind(connection, day, finished=False)
        maps = [
            {"name": plan.name, "title": plan.title[visit.lang], "since": plan.since}
            for plan in successions(connection)
        ]
    return visit.page(
        "office/succession.html",
        rows=rows,
        left=len(left),
        maps=maps,
        pages=paging("/office/succession", {}, start, total),
    )


@router.get(_LEFT)
def form(visit: Administrator, finished: str = "", start: int = 0, moved: str = "") -> Response:
    """The dossiers left behind; ``moved`` is the key of an act, whose dossiers the history names."""
    return _page(visit, finished=bool(finished), start=start_of(start), moved=moved)


@router.post(_LEFT)
def pass_on(visit: Administrator, posted: Posted) -> Response:
    """Try to pass the dossiers of this page on, or do it for those that were tried: a verdict for each."""
    finished, start = bool(posted.text("finished")), start_of(posted.whole("start") or 0)
    trying = posted.text("act") != "move"
    if trying:
        with visit.reading() as connection:
            found = left_behind(connection, local_day(visit.now), finished=finished)
        codes: Sequence[str] = found[start : start + SHOWN]
    else:
        codes = posted.texts("dossier")[:SHOWN]
    if not codes:
        return _page(visit, finished=finished, start=start)
    call = visit.call(posted)
    outcomes = pass_on_all(visit.database, call, codes=codes, dry_run=trying)
    if trying or not any(outcome.receipt for outcome in outcomes):
        return _page(visit, finished=finished, start=start, outcomes=outcomes, tried=trying)
    return visit.on_to(f"{_LEFT}?moved={call.key}" + ("&finished=1" if finished else ""))


def _page(
    visit: Visit,
    *,
    finished: bool,
    start: int,
    moved: str = "",
    outcomes: Sequence[Outcome] | None = None,
    tried: bool = True,
) -> Response:
    with visit.reading() as connection:
        codes = left_behind(connection, local_day(visit.now), finished=finished)
        done = done_before(connection, "pass_on", visit.call(Form({"key": [moved]}))) if moved else []
        rows = verdicts(connection, outcomes, visit.lang) if outcomes is not None else None
        goes = goes_to(connection, [row.dossier for row in rows], local_day(visit.now)) if rows else {}
    return visit.page(
        "office/pass_on.html",
        status=200 if tried else REFUSED,
        codes=codes[start : start + SHOWN],
        finished=finished,
        start=start,
        rows=rows,
        goes=goes,
        done=done,
        pages=paging(_LEFT, {"finished": "1" if finished else ""}, start, len(codes)),
    )
