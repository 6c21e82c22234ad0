"""One person for the administrator: employments, duties, what is lent, sign-ins; and the acts on these."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from casework.accounts.end_account import end_account
from casework.accounts.end_sign_in import end_sign_ins
from casework.accounts.list_sign_ins import list_accounts, list_sign_ins
from casework.accounts.make_link import make_link
from casework.act import Done
from casework.call import Call
from casework.duties import duties_subject, end_delegation, end_duty, grant_duty
from casework.erase import erase_person
from casework.people import person_by_code
from casework.views.naming import named
from casework.views.office import show_person
from casework.views.receipts import receipt_in
from kit.clock import wall_now
from kit.database import Database
from notifications.words import plain_day
from rules.reasons import Reason, Refused
from rules.windows import local_day
from states.vocabulary import DUTIES
from web.errors import REFUSED, NotFound
from web.forms import Form
from web.paging import SHOWN
from web.visit import Administrator, Posted, Visit

router = APIRouter()
_LONGEST, _REASON = 100, 2_000


@router.get("/office/people/{code}")
def person(code: str, visit: Administrator, done: int = 0) -> Response:
    """The person as a page. ``done`` is the number of the entry that an act has just written."""
    return _page(visit, code, done=done)


@router.get("/office/people/{code}/grant")
def grant_form(code: str, visit: Administrator, unit: str = "") -> Response:
    """The form by which a duty is given; the unit that employs the person is filled in."""
    shown = _shown(visit, code)
    works_at = next((row["code"] for row in reversed(shown["works_at"]) if row["until"] is None), "")
    filled = {"unit": unit or works_at, "since": plain_day(local_day(visit.now))}
    return visit.page("office/grant.html", person=shown, duties=DUTIES, form=filled, faults={}, reasons=())


@router.post("/office/people/{code}/grant")
def grant(code: str, visit: Administrator, posted: Posted) -> Response:
    """Give a duty."""
    unit = posted.text("unit", longest=_LONGEST, needed=True)
    duty = posted.text("duty", longest=_LONGEST, needed=True)
    since, until = posted.day("since", needed=True), posted.day("until")

    def again(reasons: tuple[Reason, ...] = ()) -> Response:
        return _form(visit, "office/grant.html", code, posted, reasons, duties=DUTIES)

    if posted.faults or since is None:
        return again()
    return _do(visit, code, posted, lambda d, c: grant_duty(d, code, unit, duty, since, until, c), again)


@router.get("/office/people/{code}/duties/{spell}/end")
def end_form(code: str, spell: int, visit: Administrator) -> Response:
    """The form by which a duty is ended."""
    shown = _shown(visit, code)
    filled = {"last_day": plain_day(local_day(visit.now))}
    duty = _duty(shown, spell)
    return visit.page("office/end_duty.html", person=shown, duty=duty, form=filled, faults={}, reasons=())


@router.post("/office/people/{code}/duties/{spell}/end")
def end(code: str, spell: int, visit: Administrator, posted: Posted) -> Response:
    """End a duty."""
    duty = _duty(_shown(visit, code), spell)
    last_day = posted.day("last_day", needed=True)

    def again(reasons: tuple[Reason, ...] = ()) -> Response:
        return _form(visit, "office/end_duty.html", code, posted, reasons, duty=duty)

    if posted.faults or last_day is None:
        return again()
    unit, name = duty["unit"]["code"], duty["duty"]
    return _do(
        visit, code, posted, lambda d, c: end_duty(d, code, unit, name, last_day, c, spell=spell), again
    )


@router.post("/office/people/{code}/delegations/{number}/end")
def end_lent(code: str, number: int, visit: Administrator, posted: Posted) -> Response:
    """Take back what somebody lent or was lent. The entry stands in the chain of whoever lent it."""
    shown = _shown(visit, code)
    if number not in [row["id"] for row in shown["delegations"]]:
        raise NotFound
    giver = next(row["from"]["code"] for row in shown["delegations"] if row["id"] == number)
    return _do(
        visit,
        giver,
        posted,
        lambda d, c: end_delegation(d, number, c),
        lambda r: _page(visit, code, reasons=r),
    )


@router.post("/office/people/{code}/link")
def link(code: str, visit: Administrator, posted: Posted) -> Response:
    """Make a link with which the person sets a password. It is shown in this answer and never again."""
    shown = _shown(visit, code)
    try:
        made = make_link(visit.database, code, visit.call(posted), real_now=wall_now())
    except Refused as refusal:
        return _page(visit, code, reasons=refusal.reasons)
    base = visit.house.settings.page or str(visit.request.base_url)
    address = f"{base.rstrip('/')}{made.path}" if made.path else None
    return visit.page("office/link.html", person=shown, address=address, expires_at=made.expires_at)


@router.post("/office/people/{code}/sign-ins/end")
def end_all(code: str, visit: Administrator, posted: Posted) -> Response:
    """End all sign-ins of the person, or the one whose number was sent."""
    number = posted.whole("number")
    return _do(
        visit,
        code,
        posted,
        lambda d, c: end_sign_ins(d, code, c, real_now=wall_now(), sign_in=number),
        lambda r: _page(visit, code, reasons=r),
    )


@router.post("/office/people/{code}/account/end")
def end_own_account(code: str, visit: Administrator, posted: Posted) -> Response:
    """End the account of the person."""
    return _do(
        visit,
        code,
        posted,
        lambda d, c: end_account(d, code, c, real_now=wall_now()),
        lambda r: _page(visit, code, reasons=r),
    )


@router.get("/office/people/{code}/erase")
def erase_form(code: str, visit: Administrator) -> Response:
    """What is lost when the data of a person are erased, and the form that asks for the code to be typed."""
    return visit.page("office/erase.html", person=_shown(visit, code), form={}, faults={}, reasons=())


@router.post("/office/people/{code}/erase")
def erase(code: str, visit: Administrator, posted: Posted) -> Response:
    """Erase the data of a person; the code must have been typed."""
    reason = posted.text("reason", longest=_REASON, needed=True)
    if posted.text("typed", longest=_LONGEST, needed=True) != code and "typed" not in posted.faults:
        posted.faults["typed"] = "not_the_code"

    def again(reasons: tuple[Reason, ...] = ()) -> Response:
        return _form(visit, "office/erase.html", code, posted, reasons)

    if posted.faults:
        return again()
    return _do(visit, code, posted, lambda d, c: erase_person(d, code, reason, c), again)


def _do(
    visit: Visit,
    code: str,
    posted: Form,
    act: Callable[[Database, Call], Done],
    again: Callable[[tuple[Reason, ...]], Response],
) -> Response:
    """Do an act, then on to the page of the person in whose chain it stands; refused: the form again."""
    try:
        done = act(visit.database, visit.call(posted))
    except Refused as refusal:
        return again(refusal.reasons)
    return visit.on_to(f"/office/people/{code}?done={done.seq}")


def _shown(visit: Visit, code: str) -> dict[str, Any]:
    with visit.reading() as connection:
        try:
            return show_person(connection, code, local_day(visit.now))
        except Refused as refusal:
            raise NotFound from refusal


def _duty(shown: dict[str, Any], spell: int) -> dict[str, Any]:
    found = next((row for row in shown["duties"] if row["id"] == spell), None)
    if found is None:
        raise NotFound
    return dict(found)


def _form(
    visit: Visit, template: str, code: str, posted: Form, reasons: tuple[Reason, ...], **more: Any
) -> Response:
    shown = _shown(visit, code)
    with visit.reading() as connection:
        told = named(connection, reasons, visit.lang)
    return visit.page(
        template,
        status=REFUSED,
        person=shown,
        form=posted.typed(),
        faults=posted.faults,
        reasons=told,
        **more,
    )


def _page(visit: Visit, code: str, *, done: int = 0, reasons: tuple[Reason, ...] = ()) -> Response:
    shown = _shown(visit, code)
    call = visit.call(Form({}))
    now = wall_now()
    accounts = list_accounts(visit.database, call, real_now=now, person=code)
    sign_ins = list_sign_ins(visit.database, code, call, real_now=now)
    with visit.reading() as connection:
        subject = duties_subject(person_by_code(connection, code)["id"])
        receipt = receipt_in(connection, subject, done) if done else None
        told = named(connection, reasons, visit.lang)
    return visit.page(
        "office/person.html",
        status=REFUSED if reasons else 200,
        person=shown,
        account=accounts[0] if accounts else None,
        sign_ins=sign_ins[:SHOWN],
        receipt=receipt,
        reasons=told,
    )
