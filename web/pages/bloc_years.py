"""A bloc's summary of some school years: titles beside what a file says of them, shares, exemplars."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlalchemy import Connection
from starlette.responses import Response

from casework.call import Call
from casework.exemplars.counts import import_counts, read_counts
from casework.movements.rows import against_planning
from casework.views.exemplars import KNOWN, Summary, summary_of
from casework.views.naming import named
from casework.views.receipts import receipt_in
from models.exemplar import STAGES
from rules.reasons import Reason, Refused
from rules.school_years import name_of, year_of
from rules.windows import local_day
from web.errors import REFUSED
from web.forms import Form
from web.pages.school import seen_unit
from web.visit import Posted, SignedIn, Visit

router = APIRouter()
#: school years of a summary where no others are asked for, as offices sum up, and how far back one may begin
_SPAN, _FARTHEST = 5, 30
#: a table of two dozen titles; more than this is none
_LIMIT = 200_000


@router.get("/blocs/{unit}/years")
def years(
    unit: str, visit: SignedIn, first: Annotated[str, Query(alias="from")] = "", to: str = "", done: int = 0
) -> Response:
    """The summary; ``from`` and ``to`` are school years, both included."""
    return _page(visit, unit, first, to, done=done)


@router.post("/blocs/{unit}/years")
def counts(unit: str, visit: SignedIn, posted: Posted) -> Response:
    """Take a file of counts: every fault of it is said with its line, or all of it is written."""
    with visit.reading() as connection:
        seen_unit(connection, visit, unit, "bloc")
    first, last = posted.text("from", longest=9), posted.text("to", longest=9)
    files = posted.files("file")
    if not files:
        posted.faults["file"] = "no_file"
        return _page(visit, unit, first, last, posted)
    body = files[0].file.read(_LIMIT + 1)
    if len(body) > _LIMIT:
        posted.faults["file"] = "file_too_large"
        return _page(visit, unit, first, last, posted)
    try:
        done = import_counts(visit.database, unit, body, visit.call(posted))
    except Refused as refusal:
        posted.faults["file"] = "see_above"
        return _page(visit, unit, first, last, posted, _by_line(refusal.reasons))
    # Shown are the years of the file: otherwise what was just read might lie outside of what is looked at.
    columns = read_counts(body)[0].columns
    span = (min(c.since_year for c in columns), max(c.until_year for c in columns))
    return visit.on_to(f"/blocs/{unit}/years?from={span[0]}&to={span[1]}&done={done.seq}")


def _by_line(reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    return tuple(sorted(reasons, key=lambda reason: int(reason.params.get("line", 0))))


def _span(first: str, last: str, visit: Visit) -> tuple[str, str, list[str]]:
    """The years that are shown, and those that may be chosen; what is no choice is read as the usual."""
    newest = year_of(local_day(visit.now))
    offered = [name_of(year) for year in range(newest, newest - _FARTHEST, -1)]
    last = last if last in offered else offered[0]
    until = offered.index(last)
    first = first if first in offered else offered[min(until + _SPAN - 1, len(offered) - 1)]
    # Asked for the wrong way round, the two years are still the two ends.
    return min(first, last), max(first, last), offered


def _page(
    visit: Visit,
    unit: str,
    first: str,
    last: str,
    posted: Form | None = None,
    reasons: tuple[Reason, ...] = (),
    *,
    done: int = 0,
) -> Response:
    first, last, offered = _span(first, last, visit)
    with visit.reading() as connection:
        row = seen_unit(connection, visit, unit, "bloc")
        told = summary_of(connection, int(row["id"]), first, last, visit.lang)
        against = named(connection, reasons, visit.lang)
        receipt = receipt_in(connection, f"unit:{row['id']}", done) if done else None
        brings = _brings(connection, visit, row)
    return visit.page(
        "bloc_years.html",
        status=REFUSED if posted else 200,
        unit=row,
        first=first,
        last=last,
        offered=offered,
        told=told,
        columns=("registered", "achieved", "decided"),
        stages=STAGES,
        shares=_shares(told, visit.lang),
        cut_off=sum(school[STAGES[-1]] for school in told.schools) > KNOWN,
        known=KNOWN,
        brings=brings,
        receipt=receipt,
        faults=posted.faults if posted else {},
        reasons=against,
    )


def _brings(connection: Connection, visit: Visit, row: dict[str, Any]) -> bool:
    """Whether this person may bring a file of the bloc's counts."""
    return not against_planning(connection, row, Call(visit.me.id, visit.now, "look", "look"))


def _shares(told: Summary, lang: str) -> list[dict[str, Any]]:
    """The shares with their numbers as people write them: two places of a percent, by the whole."""
    names = {line["title"]: line["name"] for line in told.titles}

    def percent(value: Any, places: int) -> str:
        text = f"{float(value * 100):.{places}f}"
        return (text.replace(".", ",") if lang == "vi" else text) + "%"

    return [
        {
            **row,
            "name": names[row["title"]],
            "of_name": names[row["of"]],
            "share": percent(row["share"], 2),
            "cap": percent(row["cap"], 0 if (row["cap"] * 100).denominator == 1 else 2),
        }
        for row in told.shares
    ]
