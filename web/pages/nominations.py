"""The nominations of a dossier: listing people, looking at the list row by row, writing it, taking one back."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from casework.call import Call
from casework.load import dossier_by_code
from casework.nominate import NomineeInput, against_nominating, against_striking, nominate, strike
from casework.nominee_list import MOST_ROWS, SeenList, SeenRow, TypedRow, look_at
from casework.views.dossiers import rows_shown
from casework.views.history import dossier_history
from casework.views.naming import named
from casework.views.nominees import nominated_in, start_of
from casework.views.queue import PAGE
from rules.reasons import Reason, Refused
from web.errors import REFUSED, NotFound
from web.forms import Form
from web.nominee_form import LINES, typed_rows
from web.visit import Posted, SignedIn, Visit, said

router = APIRouter()


@router.get("/dossiers/{code}/nominations")
def listed(code: str, visit: SignedIn, done: int = 0, page: int = 1) -> Response:
    """Who is nominated, and the ways to list more people."""
    return _page(visit, code, done=done, page=max(page, 1))


@router.post("/dossiers/{code}/nominations")
def look(code: str, visit: SignedIn, posted: Posted) -> Response:
    """Look at a list; write it once it was confirmed."""
    with visit.reading() as connection:
        visit.must_see(connection, code)
        _must_list(connection, visit, code)
    chosen = posted.texts("initiative")[:MOST_ROWS]
    if chosen:
        return _put_forward(visit, code, posted, chosen)
    rows = typed_rows(posted)
    if not rows and not posted.faults:
        posted.faults["list"] = "needed"
    if posted.faults:
        return _page(visit, code, posted, status=REFUSED)
    call = visit.call(posted)
    seen = look_at(visit.database, code, rows, call, visit.lang)
    good = [row for row in seen.rows if row.confirmed]
    if posted.text("do") != "write" or not good or seen.reasons:
        # Asked to look only, or nothing of it was looked at before in this meaning.
        return _page(visit, code, posted, seen=seen, status=REFUSED if seen.reasons else 200)
    return _write(visit, code, posted, seen, good)


def _put_forward(visit: Visit, code: str, posted: Form, chosen: list[str]) -> Response:
    """Ticked initiatives are known by their codes: there is nothing to be understood first."""
    title = posted.text("line_title", longest=20)
    nominees = [NomineeInput(title, initiative=initiative[:120]) for initiative in chosen]
    try:
        receipt = nominate(visit.database, code, nominees, visit.call(posted))
    except Refused as refusal:
        return _page(visit, code, posted, reasons=refusal.reasons, status=REFUSED)
    return visit.on_to(f"/dossiers/{code}/nominations?done={receipt.version}")


def _write(visit: Visit, code: str, posted: Form, seen: SeenList, good: list[SeenRow]) -> Response:
    try:
        receipt = nominate(visit.database, code, [row.nominee for row in good], visit.call(posted))
    except Refused as refusal:
        return _page(visit, code, posted, seen=seen, reasons=refusal.reasons, status=REFUSED)
    rest: list[TypedRow] = [
        row.typed for row in seen.rows if not row.confirmed and row.standing != "repeated"
    ]
    if not rest:
        return visit.on_to(f"/dossiers/{code}/nominations?done={receipt.version}")
    # What could not be written is still in hand; sent again, the same form changes nothing twice.
    again = look_at(visit.database, code, rest, visit.call(posted), visit.lang)
    return _page(visit, code, seen=again, done=receipt.version)


@router.get("/dossiers/{code}/nominations/{number}/strike")
def ask(code: str, number: int, visit: SignedIn) -> Response:
    """Whether to take a nomination back."""
    return _strike(visit, code, number)


@router.post("/dossiers/{code}/nominations/{number}/strike")
def take_back(code: str, number: int, visit: SignedIn, posted: Posted) -> Response:
    """Take a nomination back."""
    with visit.reading() as connection:
        visit.must_see(connection, code)
    try:
        receipt = strike(visit.database, code, [number], visit.call(posted), expected_version=posted.version)
    except Refused as refusal:
        return _strike(visit, code, number, refusal.reasons)
    return visit.on_to(f"/dossiers/{code}/nominations?done={receipt.version}")


def _must_list(connection: Connection, visit: Visit, code: str) -> None:
    """Lists are compared with the school's people: only whoever may see these may ask."""
    dossier = dossier_by_code(connection, code)
    if not (visit.sight.administers or dossier["unit_id"] in visit.sight.units):
        raise NotFound


def _page(
    visit: Visit,
    code: str,
    posted: Form | None = None,
    *,
    seen: SeenList | None = None,
    reasons: tuple[Reason, ...] = (),
    done: int = 0,
    page: int = 1,
    status: int = 200,
) -> Response:
    with visit.reading() as connection:
        number = visit.must_see(connection, code)
        dossier = dossier_by_code(connection, code)
        (row,) = rows_shown(connection, [dossier], visit.now, visit.lang)
        call = Call(visit.me.id, visit.now, "look", "look")
        against = against_nominating(connection, code, call)
        may_strike = not against_striking(connection, code, call)
        own = visit.sight.administers or dossier["unit_id"] in visit.sight.units
        shown: dict[str, Any] = {
            "dossier": row,
            "nominated": nominated_in(connection, number, visit.lang, start=(page - 1) * PAGE),
            "against": named(connection, against, visit.lang, code),
            "may_strike": may_strike,
            "start": start_of(connection, code, visit.now, visit.lang) if own else None,
            "reasons": named(connection, reasons, visit.lang, code),
            "receipt": _receipt(connection, code, done, visit.lang),
        }
    return visit.page(
        "nominations.html",
        status=status,
        seen=seen,
        page=page,
        per_page=PAGE,
        most=MOST_ROWS,
        lines=LINES,
        form=said(posted),
        faults=posted.faults if posted else {},
        **shown,
    )


def _strike(visit: Visit, code: str, number: int, reasons: tuple[Reason, ...] = ()) -> Response:
    with visit.reading() as connection:
        dossier_id = visit.must_see(connection, code)
        dossier = dossier_by_code(connection, code)
        (row,) = rows_shown(connection, [dossier], visit.now, visit.lang)
        nomination = nominated_in(connection, dossier_id, visit.lang, only=number).rows
        call = Call(visit.me.id, visit.now, "look", "look")
        against = named(connection, against_striking(connection, code, call), visit.lang, code)
        told = named(connection, reasons, visit.lang, code)
    if not nomination and not reasons:
        raise NotFound
    return visit.page(
        "nomination_strike.html",
        status=REFUSED if reasons else 200,
        dossier=row,
        nomination=nomination[0] if nomination else None,
        against=against,
        reasons=told,
    )


def _receipt(connection: Connection, code: str, done: int, lang: str) -> dict[str, Any] | None:
    if not done:
        return None
    return next((e for e in dossier_history(connection, code, lang) if e["seq"] == done), None)
