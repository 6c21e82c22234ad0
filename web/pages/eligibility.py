"""What the rules say: of anybody whom the reader may ask about, of a dossier's nominations, of one of them."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from casework.law.judging import received_on
from casework.law.wanted import Wanted
from casework.law.who import Knows, knows_of, may_read
from casework.load import dossier_by_code
from casework.views.eligibility_asked import (
    asked_of,
    explain,
    nomination_asked,
    sheet_of,
)
from casework.views.eligibility_kept import verdicts_of
from casework.views.naming import named, titles_named
from casework.views.papers_asked import papers_asked
from casework.views.staff import staff_of
from rules.reasons import Refused
from rules.windows import local_day
from web.errors import REFUSED, NotFound
from web.visit import SignedIn, Visit

router = APIRouter()
_SHORT = 80
#: beside which field a reason stands, and what is said there
_BESIDE = {
    "unknown_holder": ("who", "no_holder"),
    "unknown_title": ("title", "no_choice"),
    "title_not_for_holder": ("title", "not_for_holder"),
    "school_year_unreadable": ("year", "no_school_year"),
}


@router.get("/eligibility")
def ask(visit: SignedIn, who: str = "", title: str = "", year: str = "") -> Response:
    """The form, and the answer where somebody was named."""
    asked = {"who": who.strip()[:_SHORT], "title": title.strip()[:_SHORT], "year": year.strip()[:_SHORT]}
    with visit.reading() as connection:
        titles = sorted(titles_named(connection, visit.lang).items(), key=lambda item: item[1])
        people = [(visit.me.code, visit.me.name)]
        for unit in sorted(visit.sight.units):
            people += [(one.code, one.name) for one in staff_of(connection, unit, local_day(visit.now))]
        shown = {
            "asked": asked,
            "titles": titles,
            "people": dict(people).items(),
            "reasons": (),
            "faults": {},
            "one": None,
        }
        # Whoever presses the button with nothing filled in is told what is wanted.
        if not any(asked.values()) and "who" not in visit.request.query_params:
            return visit.page("eligibility/ask.html", **shown)
        shown["faults"] = {name: "needed" for name in ("who", "title") if not asked[name]}
        if shown["faults"]:
            return visit.page("eligibility/ask.html", status=REFUSED, **shown)
        try:
            wanted = _asked(connection, visit, asked)
        except Refused as refusal:
            shown["reasons"] = named(connection, refusal.reasons, visit.lang)
            shown["faults"] = dict(_BESIDE[reason.code] for reason in refusal.reasons)
            return visit.page("eligibility/ask.html", status=REFUSED, **shown)
        shown["one"] = explain(connection, wanted, visit.lang, knows=_knows(connection, visit, wanted))
    return visit.page("eligibility/ask.html", **shown)


@router.get("/dossiers/{code}/eligibility")
def sheet(code: str, visit: SignedIn) -> Response:
    """Every nomination of a dossier with what is open: the appraiser's sheet and the clerk's checklist."""
    with visit.reading() as connection:
        visit.must_see(connection, code)
        dossier = dossier_by_code(connection, code)
        rows = sheet_of(connection, dossier, local_day(visit.now), visit.lang, visit.sight)
        papers = papers_asked(connection, dossier, local_day(visit.now), visit.lang)
    return visit.page("eligibility/sheet.html", dossier=code, rows=rows, papers=papers)


@router.get("/dossiers/{code}/nominations/{number}/eligibility")
def one(code: str, number: int, visit: SignedIn) -> Response:
    """One nomination explained, and the verdicts that were kept on it."""
    with visit.reading() as connection:
        dossier = visit.must_see(connection, code)
        wanted = nomination_asked(connection, dossier, number, local_day(visit.now))
        if wanted is None:
            raise NotFound
        received = received_on(connection, dossier)
        knows = _knows(connection, visit, wanted)
        told = explain(connection, wanted, visit.lang, knows=knows, received=received)
        kept = verdicts_of(connection, number, visit.lang, knows)
    return visit.page("eligibility/nomination.html", dossier=code, one=told, kept=kept)


def _asked(connection: Connection, visit: Visit, asked: Mapping[str, str]) -> Wanted:
    """What is asked for. Whom this person may not ask about is as unknown as whom there is not."""
    day = local_day(visit.now)

    def may(person: int | None, unit: int | None) -> bool:
        return may_read(connection, visit.sight, day, person=person, unit=unit)

    return asked_of(connection, asked["who"], asked["title"], asked["year"] or None, day, may)


def _knows(connection: Connection, visit: Visit, wanted: Wanted) -> Knows:
    unit = wanted.unit if wanted.person is None else None
    return knows_of(connection, visit.sight, local_day(visit.now), person=wanted.person, unit=unit)
