"""Opening a dossier. Named so that `/dossiers/new` is asked for before `/dossiers/{code}`."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from casework.open_dossier import Opening, open_dossier
from casework.views.naming import named
from casework.views.openings import opening_duties, openings_of
from rules.reasons import Reason, Refused
from rules.windows import local_day
from web.errors import REFUSED, OthersOnly
from web.forms import Form
from web.visit import Posted, SignedIn, Visit, said

router = APIRouter()
_PARTS = len(("procedure", "year", "level"))


@router.get("/dossiers/new")
def form(visit: SignedIn, unit: str = "") -> Response:
    """What may be opened; with several schools, first for which of them."""
    return _form(visit, unit)


@router.post("/dossiers/new")
def act(visit: SignedIn, posted: Posted) -> Response:
    """Open a dossier."""
    unit, chosen = posted.text("unit", longest=80), posted.text("choice", longest=200).split("|")
    if len(chosen) != _PARTS:
        posted.faults["choice"] = "no_choice"
        return _form(visit, unit, posted)
    procedure, year, level = chosen
    try:
        receipt = open_dossier(visit.database, Opening(unit, year, procedure, level), visit.call(posted))
    except Refused as refusal:
        return _form(visit, unit, posted, refusal.reasons)
    return visit.on_to(f"/dossiers/{receipt.dossier}/nominations?done={receipt.version}")


def _form(visit: Visit, unit: str, posted: Form | None = None, reasons: tuple[Reason, ...] = ()) -> Response:
    day = local_day(visit.now)
    with visit.reading() as connection:
        openings = openings_of(connection, visit.sight, visit.now, visit.lang)
        duties = opening_duties(connection, day)
        told = named(connection, reasons, visit.lang)
    if not openings and posted is None and not _holds(visit, duties):
        raise OthersOnly(duties)
    return visit.page(
        "dossier_new.html",
        status=REFUSED if posted else 200,
        openings=openings,
        here=_of(openings, unit),
        form=said(posted),
        faults=posted.faults if posted else {},
        reasons=told,
    )


def _holds(visit: Visit, duties: tuple[str, ...]) -> bool:
    return any(holding.duty in duties for holding in visit.sight.holdings)


def _of(openings: list[dict[str, Any]], unit: str) -> dict[str, Any] | None:
    """The unit that is opened for: the one that was named, or the only one."""
    if len(openings) == 1:
        return openings[0]
    return next((row for row in openings if row["unit"]["code"] == unit), None)
