"""The summary report of a bloc's year, as it is printed; its head types beside it what only people can say."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter
from starlette.responses import Response

from casework.bloc.write_report import BODY_PARTS, HEAD_PARTS, ITEM, LONGEST, write_report
from casework.views.bloc_acts import leads
from casework.views.bloc_report import report_of
from casework.views.bloc_year import show_year
from casework.views.naming import named
from casework.views.receipts import receipt_in
from rules.reasons import Reason, Refused
from web.errors import REFUSED
from web.forms import Form
from web.pages.bloc_year import path_of_year, seen_year
from web.reasons import folded
from web.visit import Posted, SignedIn, Visit, said

router = APIRouter()
_HERE = "/blocs/{unit}/year/{school_year}/report"
#: months before which a zero is written (NĐ 30/2020/NĐ-CP, Phụ lục I); before every day below ten there is one
_MONTHS_WITH_ZERO = 2


@router.get(_HERE)
def bloc_report(unit: str, school_year: str, visit: SignedIn, done: int = 0) -> Response:
    """The report, for printing."""
    return _page(visit, unit, school_year, done=done)


@router.post(_HERE)
def write(unit: str, school_year: str, visit: SignedIn, posted: Posted) -> Response:
    """Keep what was typed."""
    with visit.reading() as connection:
        year = seen_year(visit, connection, unit, school_year)
        path = path_of_year(year)
        items = [f"{ITEM}{item.code}" for item in year.scorecard.items] if year.scorecard else []
    texts = {
        part: posted.text(part, longest=LONGEST).replace("\r\n", "\n")
        for part in (*HEAD_PARTS, *BODY_PARTS, *items)
        if part in posted.fields
    }
    if "dated" in texts:
        day = posted.day("dated")
        texts["dated"] = day.isoformat() if day is not None else ""
    if posted.faults:
        return _page(visit, unit, school_year, posted)
    try:
        receipt = write_report(visit.database, unit, school_year, texts, visit.call(posted))
    except Refused as refusal:
        return _page(visit, unit, school_year, posted, refusal.reasons)
    return visit.on_to(f"{path}/report?done={receipt.seq}")


def official_day(day: date) -> dict[str, str]:
    """Day, month and year as the decree on papers writes them: 05, 6, 2025."""
    month = f"{day.month:02d}" if day.month <= _MONTHS_WITH_ZERO else str(day.month)
    return {"day": f"{day.day:02d}", "month": month, "year": str(day.year)}


def _page(
    visit: Visit,
    unit: str,
    school_year: str,
    posted: Form | None = None,
    reasons: tuple[Reason, ...] = (),
    *,
    done: int = 0,
) -> Response:
    with visit.reading() as connection:
        year = seen_year(visit, connection, unit, school_year)
        shown = show_year(year, visit.lang)
        report = report_of(year, shown, visit.lang)
        told = named(connection, reasons, visit.lang)
        receipt = receipt_in(connection, year.subject, done) if done else None
        lead, settled = leads(year), year.settled
    typed = said(posted) if posted else report["texts"]
    return visit.page(
        "bloc_report.html",
        status=REFUSED if posted else 200,
        year=shown,
        bloc=year.bloc,
        school_year=school_year,
        here=path_of_year(year),
        report=report,
        figures=report["figures"],
        texts=dict.fromkeys((*HEAD_PARTS, *BODY_PARTS), "") | report["texts"],
        typed=typed,
        dated=official_day(report["dated"]) if report["dated"] else None,
        body_parts=BODY_PARTS,
        items=[
            item for group in (shown["card"]["groups"] if shown["card"] else ()) for item in group["items"]
        ],
        lead=lead,
        opened=posted is not None,
        settled=settled,
        receipt=receipt,
        faults=posted.faults if posted else {},
        reasons=folded(told),
    )
