"""Signing in and out: by name and password, or as somebody of the sample on the machine itself."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from casework.accounts.end_sign_in import sign_out
from casework.accounts.make_link import against_first
from casework.accounts.sample import sample_may_sign_in, sign_in_as_sample
from casework.accounts.sign_in import SignedIn as NewSignIn
from casework.accounts.sign_in import sign_in
from casework.views.sample_people import sample_people
from kit.clock import wall_now
from rules.reasons import Reason, Refused
from web.errors import REFUSED
from web.forms import Form
from web.guard import own_path
from web.render import set_cookie
from web.visit import SIGN_IN_COOKIE, VISIT_COOKIE, Anybody, Posted, Visit
from web.waiting import browser_of, without_waits

router = APIRouter()


@router.get("/sign-in")
def show(visit: Anybody, next: str = "/", after: str = "") -> Response:
    """The form; with the sample loaded on this machine, its people at one click. ``after``: what came before."""
    if visit.person is not None:
        return visit.on_to(own_path(next))
    return _form(visit, own_path(next), password_set=after == "link")


@router.post("/sign-in")
def by_password(visit: Anybody, posted: Posted) -> Response:
    """Sign in with name and password."""
    name, password = posted.text("name", longest=200, needed=True), posted.text("password", needed=True)
    onward = own_path(posted.text("next"))
    if posted.faults:
        return _form(visit, onward, posted, status=REFUSED)
    try:
        signed_in = sign_in(visit.database, name, password, **browser_of(visit), real_now=wall_now())
    except Refused as refusal:
        return _form(visit, onward, posted, refusal.reasons, REFUSED)
    return _begin(visit, signed_in, onward)


@router.post("/sign-in/sample")
def as_sample(visit: Anybody, posted: Posted) -> Response:
    """Sign in as somebody of the sample."""
    onward = own_path(posted.text("next"))
    try:
        signed_in = sign_in_as_sample(
            visit.database,
            posted.text("person", longest=60),
            on_loopback=visit.house.on_loopback,
            **browser_of(visit),
            real_now=wall_now(),
        )
    except Refused as refusal:
        return _form(visit, onward, posted, refusal.reasons, REFUSED)
    return _begin(visit, signed_in, onward)


@router.post("/sign-out")
def out(visit: Anybody, posted: Posted) -> Response:
    """End this sign-in."""
    if visit.presence is not None:
        sign_out(visit.database, visit.secret, real_now=wall_now())
    answer = visit.on_to("/")
    answer.delete_cookie(SIGN_IN_COOKIE, path="/")
    return answer


def _form(
    visit: Visit,
    onward: str,
    form: Form | None = None,
    reasons: tuple[Reason, ...] = (),
    status: int = 200,
    *,
    password_set: bool = False,
) -> Response:
    people = []
    with visit.reading() as connection:
        nobody_yet = not against_first(connection)
    if sample_may_sign_in(visit.database, on_loopback=visit.house.on_loopback):
        with visit.reading() as connection:
            people = sample_people(connection, visit.now)
    return visit.page(
        "sign_in.html",
        status=status,
        onward=onward,
        form=form.typed() if form else {},
        faults=form.faults if form else {},
        told=without_waits(reasons, visit.words, wall_now()),
        people=people,
        nobody_yet=nobody_yet,
        password_set=password_set,
    )


def _begin(visit: Visit, signed_in: NewSignIn, onward: str) -> Response:
    """A new token at each sign-in: one that somebody else knew before is worth nothing after it."""
    if visit.presence is not None:
        # The browser forgets the token of the sign-in before; nobody else is to have any use of it.
        sign_out(visit.database, visit.secret, real_now=wall_now())
    answer = visit.on_to(onward)
    set_cookie(answer, SIGN_IN_COOKIE, signed_in.token, secure=visit.house.secure)
    answer.delete_cookie(VISIT_COOKIE, path="/")
    return answer
