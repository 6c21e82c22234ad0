"""One request: who asks, in which language and look, at which business time; and what is answered."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Annotated, Any

from fastapi import Depends
from sqlalchemy import Connection, bindparam, select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from casework.accounts.resume import Presence, resume
from casework.call import Call
from casework.home_clock import now_and_whether_it_stands
from casework.load import DOSSIER
from casework.people import PERSON
from casework.sight import Sight, may_see, sight_of
from kit.clock import wall_now
from kit.database import Database
from rules.windows import local_day
from web.errors import FormTooOld, NotFound, NotSignedIn, OthersOnly
from web.forms import MOST_FIELDS, MOST_FILES, Form, form_of
from web.guard import form_token, is_form_token
from web.house import House
from web.look import AUTO, COOKIE, Look, look_of
from web.words import Words

SIGN_IN_COOKIE, VISIT_COOKIE = "thidua", "thidua_visit"


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in: id, code, name, and what may be seen (duties of the day in it)."""

    id: int
    code: str
    name: str
    lang: str
    sight: Sight


@dataclass
class Visit:
    """A request as pages see it. ``person`` is None for somebody who is not signed in."""

    request: Request
    house: House
    presence: Presence | None
    person: Person | None
    now: datetime
    #: whether the home's clock stands, and a banner says so
    clock_stands: bool
    #: what forms are tied to: the sign-in's token, or a visitor's
    secret: str
    look: Look

    @property
    def database(self) -> Database:
        """The home's database, for acts."""
        return self.house.database

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read with."""
        with self.database.read() as connection:
            yield connection

    @cached_property
    def lang(self) -> str:
        """The language of the page: the one that was chosen, else the person's, else Vietnamese."""
        if self.look.lang != AUTO:
            return self.look.lang
        return self.person.lang if self.person else "vi"

    @cached_property
    def words(self) -> Words:
        """The words of the page's language."""
        return Words(self.lang)

    @property
    def me(self) -> Person:
        """Who is signed in.

        Raises:
            NotSignedIn: nobody is.
        """
        if self.person is None:
            raise NotSignedIn
        return self.person

    @property
    def sight(self) -> Sight:
        """What the person may see."""
        return self.me.sight

    def call(self, form: Form, key: str | None = None) -> Call:
        """The request as an act of the person who is signed in, by the home's clock."""
        return Call(self.me.id, self.now, key or form.key, "web")

    def must_see(self, connection: Connection, code: str) -> int:
        """The id of a dossier that the person may see.

        Raises:
            NotFound: there is none of that code, or none for this person: the two look alike.
        """
        dossier = connection.execute(select(DOSSIER.c.id).where(DOSSIER.c.code == code)).scalar()
        if dossier is None or not may_see(connection, self.sight, dossier):
            raise NotFound
        return int(dossier)

    def page(self, template: str, *, status: int = 200, **shown: Any) -> Response:
        """A page, answered."""
        return self.request.app.state.render(self, template, status, shown)

    def on_to(self, path: str) -> Response:
        """Done: on to another page of ours, which is asked for anew."""
        return RedirectResponse(path, 303)

    @property
    def csrf(self) -> str:
        """The token of the forms of this page."""
        return form_token(self.secret)


# Made once, as every page asks it.
_PERSON = select(PERSON).where(PERSON.c.id == bindparam("person"))


def visit_of(request: Request) -> Visit:
    """The visit of a request: a statement each for the sign-in, the clock, the person and the duties."""
    house: House = request.app.state.house
    token = request.cookies.get(SIGN_IN_COOKIE, "")
    presence = (
        resume(house.database, token, real_now=wall_now(), on_loopback=house.on_loopback) if token else None
    )
    with house.database.read() as connection:
        now, stands = now_and_whether_it_stands(connection)
        person = _person(connection, presence.person_id, now) if presence else None
    secret = token if presence else request.cookies.get(VISIT_COOKIE, "")
    visit = Visit(request, house, presence, person, now, stands, secret, look_of(request.cookies.get(COOKIE)))
    request.state.visit = visit
    return visit


def _person(connection: Connection, person: int, now: datetime) -> Person:
    row = connection.execute(_PERSON, {"person": person}).mappings().one()
    sight = sight_of(connection, person, local_day(now))
    return Person(person, row["code"], row["name"], row["locale"], sight)


Anybody = Annotated[Visit, Depends(visit_of)]


def _signed_in(visit: Anybody) -> Visit:
    if visit.person is None:
        raise NotSignedIn
    return visit


SignedIn = Annotated[Visit, Depends(_signed_in)]


def _administrator(visit: SignedIn) -> Visit:
    if not visit.sight.administers:
        raise OthersOnly(("administrator",))
    return visit


Administrator = Annotated[Visit, Depends(_administrator)]


async def _parsed(request: Request) -> AsyncIterator[Form]:
    # Parsed once, before anything is asked of the database; large files go to the disk as they come, and are closed
    # when the page was answered.
    async with request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS) as data:
        yield form_of(data)


def _posted(visit: Anybody, form: Annotated[Form, Depends(_parsed)]) -> Form:
    if not visit.secret or not is_form_token(visit.secret, form.text("csrf", longest=100)):
        raise FormTooOld
    return form


#: the fields of a form of ours that was sent from a page of this sign-in
Posted = Annotated[Form, Depends(_posted)]


def said(form: Form | None) -> Mapping[str, str]:
    """What was typed into a form that is shown again."""
    return form.typed() if form else {}
