"""The page that a one-time link opens: whose it is, and a password for it. Only its form uses the link up."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from casework.accounts.end_sign_in import sign_out
from casework.accounts.redeem_link import look_at_link, redeem_link
from casework.call import Call
from kit.clock import wall_now
from rules.reasons import Reason, Refused
from web.errors import REFUSED
from web.forms import Form
from web.new_password import new_password
from web.visit import SIGN_IN_COOKIE, VISIT_COOKIE, Anybody, Posted, Visit

router = APIRouter()


@router.get("/link/{token}")
def show(token: str, visit: Anybody) -> Response:
    """Who the link is for, and the form. Scanners of mail open links: looking uses nothing up."""
    return _page(visit, token)


@router.post("/link/{token}")
def use(token: str, visit: Anybody, posted: Posted) -> Response:
    """Set the password; signing in with it comes next."""
    password = new_password(posted)
    if posted.faults:
        return _page(visit, token, posted)
    call = Call(None, visit.now, posted.key, "web")
    try:
        redeem_link(visit.database, token, password, call, real_now=wall_now())
    except Refused as refusal:
        return _page(visit, token, posted, refusal.reasons)
    if visit.presence is not None:
        # Whoever was signed in here may be somebody else than the one whose password this is.
        sign_out(visit.database, visit.secret, real_now=wall_now())
    answer = visit.on_to("/sign-in?after=link")
    for cookie in (SIGN_IN_COOKIE, VISIT_COOKIE):
        answer.delete_cookie(cookie, path="/")
    return _kept_from_others(answer)


def _page(visit: Visit, token: str, posted: Form | None = None, reasons: tuple[Reason, ...] = ()) -> Response:
    seen = None
    try:
        seen = look_at_link(visit.database, token, real_now=wall_now())
    except Refused as refusal:
        # What is wrong with the link is all that there is to say.
        reasons = refusal.reasons
    refused = posted is not None or seen is None
    answer = visit.page(
        "link.html",
        status=REFUSED if refused else 200,
        link=seen,
        faults=posted.faults if posted else {},
        reasons=reasons,
    )
    return _kept_from_others(answer)


def _kept_from_others(answer: Response) -> Response:
    """Whoever has the address has the link: it goes to no page that is opened from here."""
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
