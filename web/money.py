"""Lines of money as pages show them and as files for spreadsheets hold them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from casework.law.money_lines import items_told, notes_of, times_text
from documents.csv_lines import MARK, csv_lines
from web.words import Words

#: awards of a page
A_PAGE = 50
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


@dataclass(frozen=True, slots=True)
class Paged:
    """One page of a sheet: of its lines those that are held, then those that are no longer."""

    rows: list[dict[str, Any]]
    fallen: list[dict[str, Any]]
    page: int
    every: int


def paged(sheet: Mapping[str, Any], page: int, lang: str) -> Paged:
    """A page of a sheet's lines; a number beyond the last page is the last."""
    held, every = len(sheet["rows"]), [*sheet["rows"], *sheet["fallen"]]
    page = min(max(page, 1), max(1, -(-len(every) // A_PAGE)))
    start = (page - 1) * A_PAGE
    some = [_shown(row, lang) for row in every[start : start + A_PAGE]]
    parted = max(0, held - start)
    return Paged(some[:parted], some[parted:], page, len(every))


def money_csv(sheet: Mapping[str, Any], words: Words, name: str) -> Response:
    """A sheet as a file, a row an award; what is no longer held stands last."""
    return Response(
        MARK + csv_lines(_lines(sheet, words)),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="tien-thuong-{name}.csv"'},
    )


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
