"""One procedure: its way, desks, states and steps, its versions, and moving open dossiers to the newest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from casework.bulk import Outcome
from casework.move_procedure import EVENT, move_procedure
from casework.parts import done_before
from casework.regulations import chart_of
from casework.views.naming import milestones_named, named
from casework.views.published import open_under_older, versions_of
from casework.views.receipts import receipt_in
from casework.views.regulations import show_procedure
from casework.views.standing import main_step
from pictures.drawing import Drawing
from pictures.way import NEXT, Stop, draw_way
from rules.reasons import Reason, Refused
from states.procedure import Procedure
from states.vocabulary import FINAL_KINDS
from web.errors import REFUSED, NotFound
from web.forms import Form
from web.paging import SHOWN, paging, start_of
from web.regulations import subject_of
from web.ribbon import WIDTHS
from web.verdicts import verdicts
from web.visit import Administrator, Posted, Visit

router = APIRouter()
_LONGEST = 2_000


@router.get("/regulations/procedures/{name}")
def procedure(name: str, visit: Administrator, version: int = 0, level: str = "", done: int = 0) -> Response:
    """A version of a procedure, the newest where none is asked for."""
    with visit.reading() as connection:
        versions, found = _versions(connection, name), None
        number = version or versions[0]["version"]
        found = next((row for row in versions if row["version"] == number), None)
        if found is None:
            raise NotFound
        read = chart_of(connection, found["sha256"]).procedure
        milestones = milestones_named(connection, visit.lang)
        receipt = receipt_in(connection, subject_of("procedure", name), done) if done else None
        older, older_count = open_under_older(connection, name, versions[0]["version"], limit=1)
    level = level if level in read.levels else read.levels[0]
    shown = show_procedure(read, visit.lang)
    return visit.page(
        "regulations/procedure.html",
        procedure=shown,
        by_desk=_by_desk(read, shown),
        states={state["name"]: state["label"] for state in shown["states"]},
        desks={desk["name"]: desk["label"] for desk in shown["desks"]},
        milestones=milestones,
        version=found,
        versions=versions,
        older=older_count if older else 0,
        level=level,
        ways=_ways(read, level, visit.lang),
        receipt=receipt,
    )


def _versions(connection: Connection, name: str) -> list[dict[str, Any]]:
    versions = versions_of(connection, "procedure", name)
    if not versions:
        raise NotFound
    return versions


def _by_desk(read: Procedure, shown: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The steps by the desk that takes them, in the order of the file; those of any desk and of the calendar last."""
    groups: dict[str, list[dict[str, Any]]] = {name: [] for name in read.desks}
    for step in shown["steps"]:
        groups.setdefault(step["desk"], []).append(step)
    return [(desk, steps) for desk, steps in groups.items() if steps]


def _ways(read: Procedure, level: str, lang: str) -> dict[str, Drawing]:
    """The main way of a level as a line of stations, each with the desk that holds the dossier there."""
    stops, state, seen = [], read.initial, set[str]()
    while state not in seen and state in read.states:
        seen.add(state)
        there = read.states[state]
        desk = read.desks.get(there.desk)
        # Where it rests nobody holds it any more.
        who = desk.label[lang] if desk and there.kind not in FINAL_KINDS else ""
        stops.append(Stop(there.label[lang], NEXT, who=who))
        step = main_step(read, state, level)
        if step is None:
            break
        state = step.target
    return {
        size: draw_way(stops, width=width, name=f"way-{size}", lang=lang) for size, width in WIDTHS.items()
    }


@router.get("/regulations/procedures/{name}/move")
def move_form(name: str, visit: Administrator, start: int = 0, moved: str = "") -> Response:
    """Open dossiers under older versions; ``moved`` is the key of an act, whose dossiers the history names."""
    return _move(visit, name, start=start_of(start), moved=moved)


@router.post("/regulations/procedures/{name}/move")
def move(name: str, visit: Administrator, posted: Posted) -> Response:
    """Try the move, or do it for the dossiers that were tried: a verdict for each."""
    reason = posted.text("reason", longest=_LONGEST, needed=True)
    start = start_of(posted.whole("start") or 0)
    trying = posted.text("act") != "move"
    with visit.reading() as connection:
        version = _versions(connection, name)[0]["version"]
        codes, _ = open_under_older(connection, name, version, limit=SHOWN, start=start)
    if not trying:
        # What was shown is moved, not what came to stand there since.
        codes = posted.texts("dossier")[:SHOWN]
    if posted.faults or not codes:
        return _move(visit, name, posted, start=start)
    call = visit.call(posted)
    try:
        outcomes = move_procedure(visit.database, name, version, reason, call, codes=codes, dry_run=trying)
    except Refused as refusal:
        return _move(visit, name, posted, refusal.reasons, start=start)
    if trying or not any(outcome.receipt for outcome in outcomes):
        return _move(visit, name, posted, outcomes=outcomes, start=start, tried=trying)
    return visit.on_to(f"/regulations/procedures/{name}/move?moved={call.key}")


def _move(
    visit: Visit,
    name: str,
    posted: Form | None = None,
    reasons: tuple[Reason, ...] = (),
    *,
    outcomes: Sequence[Outcome] | None = None,
    start: int = 0,
    moved: str = "",
    tried: bool = False,
) -> Response:
    with visit.reading() as connection:
        versions = _versions(connection, name)
        newest = chart_of(connection, versions[0]["sha256"]).procedure
        codes, total = open_under_older(connection, name, versions[0]["version"], limit=SHOWN, start=start)
        done = done_before(connection, EVENT, visit.call(Form({"key": [moved]}))) if moved else []
        told = named(connection, reasons, visit.lang, procedure=newest)
        rows = verdicts(connection, outcomes, visit.lang, newest) if outcomes is not None else None
    path = f"/regulations/procedures/{name}/move"
    return visit.page(
        "regulations/move.html",
        status=REFUSED if posted is not None and not tried else 200,
        name=name,
        title=newest.title[visit.lang],
        version=versions[0]["version"],
        codes=codes,
        pages=paging(path, {}, start, total),
        start=start,
        rows=rows,
        done=done,
        form=posted.typed() if posted else {},
        faults=posted.faults if posted else {},
        reasons=told,
    )
