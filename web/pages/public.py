"""Pages for everybody: lists open to public opinion, results, whether a decision stands, and what becomes of data."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from casework.accounts.network import network_of
from casework.call import Call
from casework.objections import receive_public_objection
from casework.views.decision_code import check_decision
from casework.views.lists_to_come import lists_to_come
from casework.views.public import ResultFilter, open_list, open_lists, results, years_with_results
from kit.clock import wall_now
from notifications.words import say
from rules.reasons import Refused
from rules.windows import local_day
from web.errors import REFUSED, NotFound
from web.forms import Form
from web.visit import Anybody, Posted, Visit
from web.waiting import address_of, waiting, without_waits

router = APIRouter()
_LONG, _SHORT = 4_000, 120
#: the history's word for this door
_VIA = "public"


@router.get("/public")
def lists(visit: Anybody, page: int = 1) -> Response:
    """What lies open now, and the way to the other public pages."""
    with visit.reading() as connection:
        part = open_lists(connection, page)
        to_come = [] if part.rows else lists_to_come(connection, local_day(visit.now), visit.lang)
    return visit.page("public/lists.html", part=part, to_come=to_come)


@router.get("/public/results")
def decided(visit: Anybody, page: int = 1, year: str = "", unit: str = "", of: str = "") -> Response:
    """Who was awarded what, by which decision."""
    wanted = ResultFilter(year.strip()[:9], unit.strip()[:_SHORT], of == "initiatives")
    with visit.reading() as connection:
        part = results(connection, visit.lang, wanted, page)
        years = years_with_results(connection)
    return visit.page("public/results.html", part=part, wanted=wanted, years=years)


@router.get("/public/decision")
def decision(visit: Anybody, code: str = "") -> Response:
    """Whether the decision of a code stands. Nothing is told of a code that is none."""
    found = None
    if code.strip():
        with visit.reading() as connection:
            found = check_decision(connection, code[:_SHORT])
    return visit.page("public/decision.html", code=code[:_SHORT], asked=bool(code.strip()), found=found)


@router.get("/public/privacy")
def privacy(visit: Anybody) -> Response:
    """What is shown of people here and why, and whom to ask."""
    return visit.page("public/privacy.html")


@router.get("/public/{code}")
def one(code: str, visit: Anybody, sent: str = "") -> Response:
    """One list, and the form for what somebody has to say against it."""
    return _page(visit, code, sent=bool(sent))


@router.post("/public/{code}")
def object_to(code: str, visit: Anybody, posted: Posted) -> Response:
    """Take in an objection. Also from somebody who is signed in: here nobody acts in a duty."""
    name = posted.text("name", longest=_SHORT, needed=True)
    contact = posted.text("contact", longest=_SHORT)
    text = posted.text("text", longest=_LONG, needed=True)
    if posted.faults:
        return _page(visit, code, posted)
    with visit.reading() as connection:
        if open_list(connection, code, visit.now, visit.lang) is None:
            raise NotFound
    now = wall_now()
    full_until = visit.house.public_bound.take(network_of(address_of(visit)), now)
    if full_until is not None:
        return _page(visit, code, posted, [waiting(full_until, visit.words, now)])
    # The desk reads it in the language of the office, whatever the form's was.
    sender = _sender(name, contact)
    call = Call(None, visit.now, posted.key, _VIA)
    try:
        receive_public_objection(visit.database, code, text, sender, call)
    except Refused as refusal:
        return _page(visit, code, posted, without_waits(refusal.reasons, visit.words, now))
    return visit.on_to(f"/public/{code}?sent=1")


def _sender(name: str, contact: str) -> str:
    code = "pages.public.sender" if contact else "pages.public.sender_without_contact"
    return say(code, {"name": name, "contact": contact}, "vi")


def _page(
    visit: Visit, code: str, posted: Form | None = None, told: list[str] | None = None, *, sent: bool = False
) -> Response:
    with visit.reading() as connection:
        shown = open_list(connection, code, visit.now, visit.lang)
    if shown is None:
        raise NotFound
    return visit.page(
        "public/list.html",
        status=REFUSED if posted else 200,
        list=shown,
        sent=sent,
        form=posted.typed() if posted else {},
        faults=posted.faults if posted else {},
        told=told or [],
    )
