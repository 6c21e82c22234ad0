"""A decision as a page: the money of what it awarded, for the screen, for paper, and as a file for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from casework.law.money_lines import items_told, notes_of, times_text, totals_told
from casework.law.money_sheet import money_sheet
from documents.csv_lines import MARK, csv_lines
from rules.windows import local_day
from web.errors import NotFound
from web.visit import SignedIn, Visit
from web.words import Words

router = APIRouter()
#: awards of a page
_A_PAGE = 50
_COLUMNS = (
    "holder",
    "unit",
    "award",
    "school_year",
    "times",
    "times_article",
    "base",
    "base_article",
    "amount",
    "paid",
    "items",
    "verified",
    "note",
)


@router.get("/decisions/{number}")
def decision(number: int, visit: SignedIn, page: int = 1) -> Response:
    """The money sheet of a decision, for who decided it, the awardees' schools and the offices above these.

    The sums are of all of it; the awards are shown a page at a time, what is no longer held after what is.
    """
    found = _sheet(visit, number)
    lang = visit.lang
    held = len(found["rows"])
    every = [*found["rows"], *found["fallen"]]
    page = min(max(page, 1), max(1, -(-len(every) // _A_PAGE)))
    start = (page - 1) * _A_PAGE
    some = [_shown(row, lang) for row in every[start : start + _A_PAGE]]
    return visit.page(
        "decision.html",
        sheet=found,
        rows=some[: max(0, held - start)],
        fallen=some[max(0, held - start) :],
        page=page,
        per_page=_A_PAGE,
        every=len(every),
        told=totals_told(found["totals"], lang),
    )


@router.get("/decisions/{number}/money.csv")
def money_file(number: int, visit: SignedIn) -> Response:
    """The same as a file, a row an award; what is no longer held stands last."""
    found = _sheet(visit, number)
    lines = csv_lines(_lines(found, visit.words))
    return Response(
        MARK + lines,
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="tien-thuong-{number}.csv"'},
    )


def _sheet(visit: Visit, number: int) -> dict[str, Any]:
    with visit.reading() as connection:
        found = money_sheet(connection, number, visit.lang, local_day(visit.now), visit.sight)
    if found is None:
        raise NotFound
    return found


def _shown(row: Mapping[str, Any], lang: str) -> dict[str, Any]:
    return {
        **row,
        "times": times_text(row["times"]) if row["times"] else None,
        "item_words": items_told(dict.fromkeys(row["items"] or (), 1), lang),
        # That a figure is unverified stands as a mark beside it.
        "notes": notes_of(row, lang, marked=True),
    }


def _lines(found: Mapping[str, Any], words: Words) -> Iterator[list[object]]:
    yield [words.say(f"money.{name}") for name in _COLUMNS]
    for row in (*found["rows"], *found["fallen"]):
        yield [
            row["holder"]["name"],
            row["unit"]["name"] if row["unit"] else "",
            row["title_name"],
            row["school_year"],
            words.filters()["number"](times_text(row["times"])) if row["times"] else "",
            row["times_article"] or "",
            row["base"] if row["base"] is not None else "",
            row["base_article"] or "",
            row["amount"],
            row["paid"],
            "; ".join(items_told(dict.fromkeys(row["items"] or (), 1), words.lang)),
            words.say("money.verified") if row["verified"] else words.say("money.unverified"),
            " ".join(notes_of(row, words.lang)),
        ]
    yield [words.say("money.total"), *[""] * 8, found["totals"]["paid"]]
