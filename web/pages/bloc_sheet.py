"""One score sheet: the card's tree, a field an item, filed by the scoring school, read by whoever may know of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from casework.bloc.decline_sheet import decline_sheet
from casework.bloc.score_sheet import Evidence, Scoring, acting_for_two, score_sheet
from casework.bloc.year import BlocYear
from casework.people import units_told
from casework.views.bloc_year import sheets_owed, show_sheet
from casework.views.naming import named
from casework.views.receipts import receipt_in
from rules.reasons import Reason, Refused
from rules.scorecard import BONUS, PENALTY
from web.errors import REFUSED, NotFound
from web.forms import Form
from web.pages.bloc_year import path_of_year, seen_year
from web.pages.dossier_papers import Number
from web.reasons import folded
from web.visit import Posted, SignedIn, Visit, said

router = APIRouter()
_HERE = "/blocs/{unit}/year/{school_year}/sheets/{number}"
_NOTE = 2_000
#: the fields of an item: its points, its note, its paper, and what else is to become of its paper
POINTS, NOTE, PAPER, PAPER_FROM = "p-", "n-", "e-", "s-"
#: in the last of them: the paper is taken away; otherwise it holds the item whose paper is meant too
TAKEN_AWAY = "-"


@router.get(_HERE)
def sheet(unit: str, school_year: str, number: Number, visit: SignedIn, done: int = 0) -> Response:
    """The page of a sheet."""
    return _page(visit, unit, school_year, number, done=done)


@router.post(_HERE)
def file_sheet(unit: str, school_year: str, number: Number, visit: SignedIn, posted: Posted) -> Response:
    """File the sheet, or file it anew."""
    with visit.reading() as connection:
        year = seen_year(visit, connection, unit, school_year)
        shown = _shown(visit, year, number)
        path = path_of_year(year)
    points, notes = _filled_in(posted, shown)
    if posted.faults:
        return _page(visit, unit, school_year, number, posted)
    papers = posted.files("paper")
    given: dict[str, Any] = {"paper": papers[0].file, "name": papers[0].filename or ""} if papers else {}
    given["evidence"], same, without = _evidence(posted, shown)
    scoring = Scoring(
        unit,
        school_year,
        shown["scorer"]["code"],
        shown["scored"]["code"],
        points,
        notes,
        posted.text("note", longest=_NOTE),
        same,
        without,
    )
    try:
        receipt = score_sheet(visit.database, visit.house.store, scoring, visit.call(posted), **given)
    except Refused as refusal:
        return _page(visit, unit, school_year, number, posted, refusal.reasons)
    return visit.on_to(f"{path}/sheets/{number}?done={receipt.seq}")


@router.post(_HERE + "/decline")
def decline(unit: str, school_year: str, number: Number, visit: SignedIn, posted: Posted) -> Response:
    """Decline the sheet, with a reason."""
    with visit.reading() as connection:
        year = seen_year(visit, connection, unit, school_year)
        shown = _shown(visit, year, number)
        path = path_of_year(year)
    reason = posted.text("reason", longest=_NOTE, needed=True)
    if posted.faults:
        return _page(visit, unit, school_year, number, posted, act="decline")
    pair = shown["scorer"]["code"], shown["scored"]["code"]
    try:
        receipt = decline_sheet(visit.database, unit, school_year, *pair, reason, visit.call(posted))
    except Refused as refusal:
        return _page(visit, unit, school_year, number, posted, refusal.reasons, act="decline")
    return visit.on_to(f"{path}/sheets/{number}?done={receipt.seq}")


def _shown(visit: Visit, year: BlocYear, number: int) -> dict[str, Any]:
    """The sheet, if this person may read it.

    Raises:
        NotFound: there is none of that number, or none for this person: the two look alike.
    """
    row = next((row for row in year.sheets if row["id"] == number), None)
    if row is None:
        raise NotFound
    codes = {unit: str(told["code"]) for unit, told in year.members.items()}
    codes |= _codes_of(year.connection, {row["scorer_id"], row["scored_id"]} - set(codes))
    try:
        return show_sheet(year, codes[row["scorer_id"]], codes[row["scored_id"]], visit.sight, visit.lang)
    except Refused as refusal:
        raise NotFound from refusal


def _codes_of(connection: Connection, units: set[int]) -> dict[int, str]:
    return {unit: code for unit, (code, _) in units_told(connection, units).items()}


def _filled_in(form: Form, shown: Mapping[str, Any]) -> tuple[dict[str, Decimal], dict[str, str]]:
    """Points and notes by item; what is missing or unreadable is noted beside its field. A bonus may be left empty."""
    points, notes = {}, {}
    for group in shown["groups"]:
        for item in group["items"]:
            code = item["code"]
            given = form.points(f"{POINTS}{code}", needed=group["code"] not in (BONUS, PENALTY))
            if given is not None:
                points[code] = given
            note = form.text(f"{NOTE}{code}", longest=_NOTE)
            if note:
                notes[code] = note
    return points, notes


def _evidence(form: Form, shown: Mapping[str, Any]) -> tuple[list[Evidence], dict[str, str], list[str]]:
    """The papers that came with items, the items that share another's, and those whose paper is taken away."""
    given, same, without = [], {}, []
    for code in (item["code"] for group in shown["groups"] for item in group["items"]):
        files, chosen = form.files(f"{PAPER}{code}"), form.text(f"{PAPER_FROM}{code}", longest=20)
        if files:
            given.append(Evidence((code,), files[0].file, files[0].filename or ""))
        if chosen == TAKEN_AWAY:
            without.append(code)
        elif chosen:
            same[code] = chosen
    return given, same, without


def _beside(reasons: Sequence[Reason]) -> dict[str, list[Reason]]:
    """The reasons that are about one item, by its code: they are said at its field."""
    found: dict[str, list[Reason]] = {}
    for reason in reasons:
        for item in [reason.params.get("item"), *reason.params.get("items", ())]:
            if item is not None:
                found.setdefault(str(item), []).append(reason)
    return found


def _page(
    visit: Visit,
    unit: str,
    school_year: str,
    number: int,
    posted: Form | None = None,
    reasons: tuple[Reason, ...] = (),
    *,
    act: str = "score",
    done: int = 0,
) -> Response:
    with visit.reading() as connection:
        year = seen_year(visit, connection, unit, school_year)
        shown = _shown(visit, year, number)
        row = next(row for row in year.sheets if row["id"] == number)
        mine, settled = year.holds(row["scorer_id"]), year.settled
        against = acting_for_two(year, row["scorer_id"], row["scored_id"]) if mine else []
        writes = mine and not settled and shown["standing"] in ("open", "filed") and not against
        told = named(connection, reasons, visit.lang)
        why = named(connection, against, visit.lang)
        receipt = receipt_in(connection, year.subject, done) if done else None
        rest = [
            other
            for other in sheets_owed(year, visit.sight, visit.lang)
            if other["standing"] == "open" and other["number"] != number
        ]
    return visit.page(
        "bloc_sheet.html",
        status=REFUSED if posted else 200,
        sheet=shown,
        bloc=year.bloc,
        school_year=school_year,
        here=path_of_year(year),
        writes=writes,
        declines=mine and not settled and shown["standing"] == "open" and not shown["own"],
        settled=settled,
        why=why,
        rest=rest,
        receipt=receipt,
        act=act,
        form=said(posted),
        typed=posted is not None and act == "score",
        faults=posted.faults if posted else {},
        beside=_beside(told) if act == "score" else {},
        reasons=folded(told),
    )
