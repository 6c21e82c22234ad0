"""Every answer that is not the page that was asked for: the only file that knows status codes of troubles."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from casework.views.naming import named
from kit.database import StorageTrouble
from notifications.words import say
from rules.reasons import Refused

REFUSED = 409


class NotFound(Exception):
    """Nothing of that name, or nothing that this person may see."""


class NotSignedIn(Exception):
    """The page is for people who are signed in."""


class OthersOnly(Exception):
    """The page is for holders of other duties; ``duties`` says of which."""

    def __init__(self, duties: Collection[str]) -> None:
        self.duties = tuple(duties)
        super().__init__(self.duties)


class FormTooOld(Exception):
    """The form was made for another sign-in, or for none."""


def add_to(app: FastAPI) -> None:
    """Let the application answer with pages of ours."""
    app.add_exception_handler(NotSignedIn, _not_signed_in)
    for error, status, name in (
        (NotFound, 404, "not_found"),
        (OthersOnly, 403, "others_only"),
        (FormTooOld, 403, "form_too_old"),
        (RequestValidationError, 404, "not_found"),
        # A number that no row can have: SQLite's driver says so in one way, PostgreSQL in the other. Acts refuse it
        # themselves (`casework/receipts.py`).
        (OverflowError, 404, "not_found"),
        (DataError, 404, "not_found"),
        (StorageTrouble, 503, "storage"),
    ):
        app.add_exception_handler(error, _page(status, name))
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _broken)


def _not_signed_in(request: Request, _: Exception) -> Response:
    if request.method != "GET":
        return RedirectResponse("/sign-in", 303)
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse("/sign-in" + (f"?next={quote(asked)}" if asked != "/" else ""), 303)


def _page(status: int, name: str) -> Any:
    def answer(request: Request, error: Exception) -> Response:
        return _shown(request, status, name, _told(error, _lang(request)))

    return answer


def _refused(request: Request, error: Exception) -> Response:
    """A refusal that no page of its own took up."""
    visit = getattr(request.state, "visit", None)
    if visit is None or not isinstance(error, Refused):
        raise error
    with visit.reading() as connection:
        reasons = named(connection, error.reasons, visit.lang)
    return _shown(request, REFUSED, "refused", {"reasons": reasons})


def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return _shown(request, status, {404: "not_found", 405: "not_found"}.get(status, "form_unreadable"), {})


def _broken(request: Request, error: Exception) -> Response:
    # The server's log has the trace, without what was typed; the reader hears that nothing was lost.
    return _shown(request, 500, "broken", {})


def _told(error: Exception, lang: str) -> dict[str, Any]:
    if isinstance(error, OthersOnly):
        return {"duties": error.duties}
    if isinstance(error, StorageTrouble):
        return {"trouble": say(f"storage.{error.code}", {"detail": ""}, lang)}
    return {}


def _lang(request: Request) -> str:
    visit = getattr(request.state, "visit", None)
    return visit.lang if visit else "vi"


def _shown(request: Request, status: int, name: str, told: dict[str, Any]) -> Response:
    visit = getattr(request.state, "visit", None)
    try:
        # An address of no page of ours was asked for by somebody all the same.
        visit = visit or request.app.state.visit_of(request)
    except StorageTrouble:
        # Not even the sign-in can be read.
        return PlainTextResponse(say(f"pages.error.{name}.title", told, "vi"), status)
    return visit.page("error.html", status=status, name=name, **told)
