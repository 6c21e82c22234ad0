"""The register of initiatives: searched, listed one by one or from a list, shown, changed until handed in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response, StreamingResponse

from casework.call import Call
from casework.initiative_list import MOST_ROWS, SeenInitiatives, look_at_initiatives
from casework.initiatives import DUTIES, against_changing, change_initiative, list_initiatives
from casework.people import UNIT
from casework.routing import unit_by_code
from casework.take_back_initiative import against_taking_back, take_back_initiative
from casework.views.bounded import COUNTED, PAGE
from casework.views.initiatives import (
    EXPORTED,
    STANDINGS,
    Wanted,
    exported_initiatives,
    list_of_initiatives,
    scopes_of,
    show_initiative,
    years_of,
)
from casework.views.naming import named
from casework.views.openings import schools_of
from casework.views.staff import staff_of
from documents.csv_lines import MARK, csv_lines
from rules.reasons import Reason, Refused
from rules.school_years import later, name_on
from rules.windows import local_day
from web.errors import REFUSED, NotFound, OthersOnly
from web.forms import Form
from web.initiative_form import AUTHORS, initiative_of, typed_as, typed_list
from web.visit import Posted, SignedIn, Visit, said
from web.words import Words

router = APIRouter()
_SHORT, _LONG, _LAST_PAGE = 80, 2_000, COUNTED // PAGE


@router.get("/initiatives")
def register(
    visit: SignedIn,
    unit: str = "",
    author: str = "",
    year: str = "",
    scope: str = "",
    standing: str = "",
    words: str = "",
    page: int = 1,
) -> Response:
    """The initiatives that this person may see, as they were asked for."""
    wanted = _wanted(unit, author, year, scope, standing, words)
    page = min(max(page, 1), _LAST_PAGE)
    with visit.reading() as connection:
        found = list_of_initiatives(
            connection, wanted, visit.now, visit.lang, sight=visit.sight, start=(page - 1) * PAGE
        )
        scopes, years = scopes_of(connection, visit.lang), years_of(connection)
        mine = _schools(connection, visit)
    asked = {n: getattr(wanted, n) for n in ("unit", "author", "year", "scope", "standing", "words")}
    return visit.page(
        "initiatives/register.html",
        found=found,
        wanted=wanted,
        scopes=scopes,
        years=years,
        standings=STANDINGS,
        mine=mine,
        page=page,
        per_page=PAGE,
        counted=COUNTED,
        query=urlencode({name: value for name, value in asked.items() if value}),
    )


def _wanted(unit: str, author: str, year: str, scope: str, standing: str, words: str) -> Wanted:
    return Wanted(
        *(text.strip()[:_SHORT] for text in (unit, author, year, scope)),
        standing if standing in STANDINGS else "",
        words.strip()[:_SHORT],
    )


@router.get("/initiatives.csv")
def export(
    visit: SignedIn,
    unit: str = "",
    author: str = "",
    year: str = "",
    scope: str = "",
    standing: str = "",
    words: str = "",
) -> Response:
    """The register as a file for spreadsheets, by the same filter and the same sight."""
    wanted = _wanted(unit, author, year, scope, standing, words)
    batches = exported_initiatives(visit.database, wanted, visit.now, visit.lang, visit.sight)
    # Read before anything is sent: what is wrong with the database is still a page then.
    first = next(batches)
    name = f"sang-kien-{local_day(visit.now).isoformat()}.csv"
    return StreamingResponse(
        _lines(visit.words, chain([first], batches)),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


_COLUMNS = (
    *("code", "name", "field", "authors", "unit_code", "unit", "year"),
    *("recognised", "until", "used", "taken_over"),
)


def _lines(t: Words, batches: Iterable[list[dict[str, Any]]]) -> Iterator[bytes]:
    left = EXPORTED
    yield (MARK + csv_lines([[t(f"initiatives.columns.{name}") for name in _COLUMNS]])).encode()
    for rows in batches:
        yield csv_lines([_cells(row, t) for row in rows[:left]]).encode()
        if len(rows) > left:
            yield csv_lines([[t("initiatives.cut", count=EXPORTED)]]).encode()
        left -= min(left, len(rows))


def _cells(row: dict[str, Any], t: Words) -> list[object]:
    authors = (
        f"{author['name']} ({author['code']}) {t('initiatives.share', share=author['share'])}"
        for author in row["authors"]
    )
    by = (
        f"{one['short']}: "
        + t("initiatives.by_decision", number=one["number"], day=one["decided_on"], body=one["issued_by"])
        for one in row["recognised"]
    )
    return [
        row["code"],
        row["name"],
        row["field"],
        "; ".join(authors),
        row["unit"]["code"],
        row["unit"]["name"],
        row["year"],
        "; ".join(by),
        "; ".join(one["until"].isoformat() for one in row["recognised"] if one["until"]),
        row["used"],
        row["taken_over"]["file"] if row["taken_over"] else "",
    ]


@router.get("/initiatives/new")
def form(visit: SignedIn, unit: str = "") -> Response:
    """The form of one initiative."""
    return _form(visit, unit)


@router.post("/initiatives/new")
def add(visit: SignedIn, posted: Posted) -> Response:
    """List one."""
    unit, year = posted.text("unit", longest=_SHORT), posted.text("year", longest=9)
    given = initiative_of(posted)
    if given is None:
        return _form(visit, unit, posted)
    try:
        done = list_initiatives(visit.database, unit, year, [given], visit.call(posted))
    except Refused as refusal:
        return _form(visit, unit, posted, refusal.reasons)
    return visit.on_to(f"/initiatives/{done.payload['code']}?done={done.seq}")


@router.get("/initiatives/import")
def paste(visit: SignedIn, unit: str = "") -> Response:
    """The form of a list."""
    return _import(visit, unit)


@router.post("/initiatives/import")
def look(visit: SignedIn, posted: Posted) -> Response:
    """Look at a list; write it once it was confirmed."""
    unit, year = posted.text("unit", longest=_SHORT), posted.text("year", longest=9)
    with visit.reading() as connection:
        # Lists are compared with the school's people: only whoever lists for it may ask.
        if unit not in {school["code"] for school in _schools(connection, visit)}:
            raise NotFound
    rows = typed_list(posted)
    if not rows and not posted.faults:
        posted.faults["list"] = "needed"
    if posted.faults:
        return _import(visit, unit, posted, status=REFUSED)
    call = visit.call(posted)
    seen = look_at_initiatives(visit.database, unit, year, rows, call, visit.lang)
    good = [row.given for row in seen.rows if row.confirmed and row.given is not None]
    if posted.text("do") != "write" or not good or seen.reasons:
        return _import(visit, unit, posted, seen, status=REFUSED if seen.reasons else 200)
    try:
        done = list_initiatives(visit.database, unit, year, good, call)
    except Refused as refusal:
        return _import(visit, unit, posted, seen, refusal.reasons, status=REFUSED)
    rest = [row.typed for row in seen.rows if not row.confirmed]
    if not rest:
        return visit.on_to(f"/initiatives?{urlencode({'unit': unit, 'year': year})}")
    # What could not be written is still in hand.
    again = look_at_initiatives(visit.database, unit, year, rest, visit.call(posted), visit.lang)
    return _import(visit, unit, posted, again, written=done.payload["codes"])


@router.get("/initiatives/{code}")
def one(code: str, visit: SignedIn, done: int = 0) -> Response:
    """One initiative: authors, its way, where it is recognised, what it was used for."""
    return _one(visit, code, done=done)


@router.post("/initiatives/{code}/take-back")
def take_back(code: str, visit: SignedIn, posted: Posted) -> Response:
    """Take back what was listed by mistake, with the reason."""
    with visit.reading() as connection:
        _shown(connection, visit, code)
    reason = posted.text("reason", longest=_LONG, needed=True)
    if posted.faults:
        return _one(visit, code, posted)
    try:
        done = take_back_initiative(visit.database, code, reason, visit.call(posted))
    except Refused as refusal:
        return _one(visit, code, posted, refusal.reasons)
    return visit.on_to(f"/initiatives/{code}?done={done.seq}")


def _one(
    visit: Visit,
    code: str,
    posted: Form | None = None,
    reasons: tuple[Reason, ...] = (),
    *,
    done: int = 0,
) -> Response:
    with visit.reading() as connection:
        shown = _shown(connection, visit, code)
        call = Call(visit.me.id, visit.now, "look", "look")
        against = named(connection, against_changing(connection, code, call), visit.lang)
        stays = bool(against_taking_back(connection, code, call))
        told = named(connection, reasons, visit.lang)
    receipt = next((entry for entry in shown["history"] if entry["seq"] == done), None)
    return visit.page(
        "initiatives/one.html",
        status=REFUSED if posted else 200,
        initiative=shown,
        against=against,
        stays=stays,
        receipt=receipt,
        form=said(posted),
        faults=posted.faults if posted else {},
        reasons=told,
    )


@router.get("/initiatives/{code}/change")
def change_form(code: str, visit: SignedIn) -> Response:
    """The form with what stands."""
    return _change(visit, code)


@router.post("/initiatives/{code}/change")
def change(code: str, visit: SignedIn, posted: Posted) -> Response:
    """Put other words in the place of what stands."""
    with visit.reading() as connection:
        _shown(connection, visit, code)
    given = initiative_of(posted)
    if given is None:
        return _change(visit, code, posted)
    try:
        done = change_initiative(visit.database, code, given, visit.call(posted), seen=posted.whole("seen"))
    except Refused as refusal:
        return _change(visit, code, posted, refusal.reasons)
    return visit.on_to(f"/initiatives/{code}?done={done.seq}")


def _shown(connection: Connection, visit: Visit, code: str) -> dict[str, Any]:
    try:
        return show_initiative(connection, code, visit.now, visit.lang, sight=visit.sight)
    except Refused as refusal:
        raise NotFound from refusal


def _schools(connection: Connection, visit: Visit) -> list[dict[str, str]]:
    """The schools for which this person may list."""
    held = {holding.unit_id for holding in visit.sight.holdings if holding.duty in DUTIES}
    ids = {row.code: row.id for row in connection.execute(UNIT.select().where(UNIT.c.id.in_(sorted(held))))}
    return [school for school in schools_of(connection, visit.sight) if school["code"] in ids]


def _here(
    connection: Connection, visit: Visit, unit: str
) -> tuple[list[dict[str, str]], dict[str, Any] | None]:
    """The schools of this person, and the one that is listed for with its people."""
    schools = _schools(connection, visit)
    if not schools:
        raise OthersOnly(DUTIES)
    chosen = schools[0]["code"] if len(schools) == 1 else unit
    if chosen not in {school["code"] for school in schools}:
        return schools, None
    row = unit_by_code(connection, chosen)
    staff = staff_of(connection, int(str(row["id"])), local_day(visit.now))
    return schools, {"code": chosen, "name": row["name"], "staff": staff}


def _years(visit: Visit) -> list[str]:
    now = name_on(local_day(visit.now))
    return [now, later(now, -1)]


def _form(visit: Visit, unit: str, posted: Form | None = None, reasons: tuple[Reason, ...] = ()) -> Response:
    with visit.reading() as connection:
        schools, here = _here(connection, visit, unit)
        told = named(connection, reasons, visit.lang)
    return visit.page(
        "initiatives/form.html",
        status=REFUSED if posted else 200,
        schools=schools,
        here=here,
        initiative=None,
        years=_years(visit),
        authors=AUTHORS,
        form=said(posted),
        faults=posted.faults if posted else {},
        reasons=told,
        seen=0,
    )


def _change(
    visit: Visit, code: str, posted: Form | None = None, reasons: tuple[Reason, ...] = ()
) -> Response:
    with visit.reading() as connection:
        shown = _shown(connection, visit, code)
        call = Call(visit.me.id, visit.now, "look", "look")
        against = named(connection, against_changing(connection, code, call), visit.lang)
        told = named(connection, reasons, visit.lang)
        # Whoever may not change it is not told who works there.
        staff = [] if against else staff_of(connection, shown["unit_id"], local_day(visit.now))
    return visit.page(
        "initiatives/form.html",
        status=REFUSED if posted else 200,
        schools=[],
        here={**shown["unit"], "staff": staff},
        initiative=shown,
        against=against,
        years=[],
        authors=AUTHORS,
        form=said(posted) or typed_as(shown),
        faults=posted.faults if posted else {},
        reasons=told,
        seen=shown["seen"],
    )


def _import(
    visit: Visit,
    unit: str,
    posted: Form | None = None,
    seen: SeenInitiatives | None = None,
    reasons: tuple[Reason, ...] = (),
    *,
    written: list[str] | None = None,
    status: int = 200,
) -> Response:
    with visit.reading() as connection:
        schools, here = _here(connection, visit, unit)
        told = named(connection, reasons, visit.lang)
    return visit.page(
        "initiatives/import.html",
        status=status,
        schools=schools,
        here=here,
        seen=seen,
        written=written or [],
        years=_years(visit),
        most=MOST_ROWS,
        form=said(posted),
        faults=posted.faults if posted else {},
        reasons=told,
    )
