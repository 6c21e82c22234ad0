"""The receipt of one act on a dossier, fit for printing."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from casework.views.dossier import show_dossier
from casework.views.receipt import show_receipt
from web.errors import NotFound
from web.visit import SignedIn

router = APIRouter()


@router.get("/dossiers/{code}/receipts/{seq}")
def receipt(code: str, seq: int, visit: SignedIn) -> Response:
    """What an entry of the history says was done."""
    with visit.reading() as connection:
        visit.must_see(connection, code)
        shown = show_dossier(connection, code, visit.now, visit.lang, visit.sight)
        entry = show_receipt(connection, code, seq, visit.lang)
    if entry is None:
        raise NotFound
    return visit.page("dossier_receipt.html", dossier=shown, entry=entry)
