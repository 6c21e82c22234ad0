"""The list of all dossiers that one may see, and the same as a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response, StreamingResponse

from casework.views.bounded import Bounded
from casework.views.choices import choices_of
from casework.views.seen import EXPORTED, exported_dossiers, may_open, seen_dossiers
from documents.csv_lines import MARK, csv_lines
from rules.reasons import Refused
from rules.windows import local_day
from web.listing import asked_of, offers_of
from web.visit import SignedIn, Visit
from web.words import Words

router = APIRouter()


@router.get("/dossiers")
def dossiers(visit: SignedIn) -> Response:
    """A page of the list."""
    asked = asked_of(visit.request.url.query)
    faults = {}
    with visit.reading() as connection:
        try:
            listed = seen_dossiers(
                connection, visit.sight, asked.wanted, visit.now, visit.lang, start=asked.start
            )
        except Refused:
            # The one thing that a filter can name wrongly is a unit.
            listed, faults = Bounded([], 0), {"unit": "no_unit"}
        offered = choices_of(connection, visit.lang)
        opens = may_open(connection, visit.sight)
    return visit.page(
        "dossiers.html",
        asked=asked,
        listed=listed,
        offers=offers_of(offered, visit.words),
        faults=faults,
        opens=opens,
    )


@router.get("/dossiers.csv")
def export(visit: SignedIn) -> Response:
    """The list as a file for spreadsheets, by the same filter and the same sight."""
    asked = asked_of(visit.request.url.query)
    batches = exported_dossiers(visit.database, visit.sight, asked.wanted, visit.now, visit.lang)
    # Read before anything is sent: what is wrong with the filter or the database is still a page then.
    first = next(batches)
    name = f"ho-so-{local_day(visit.now).isoformat()}.csv"
    return StreamingResponse(
        _lines(visit, chain([first], batches)),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _lines(visit: Visit, batches: Iterable[list[dict[str, Any]]]) -> Iterator[bytes]:
    t, left = visit.words, EXPORTED
    yield (MARK + csv_lines([[t(f"dossiers.columns.{name}") for name in _COLUMNS]])).encode()
    for rows in batches:
        yield csv_lines([_cells(row, t) for row in rows[:left]]).encode()
        if len(rows) > left:
            yield csv_lines([[t("dossiers.cut", count=EXPORTED)]]).encode()
        left -= min(left, len(rows))


_COLUMNS = (
    "code",
    "unit_code",
    "unit",
    "year",
    "level",
    "procedure",
    "state",
    "kind",
    "waits_for",
    "desk",
    "desk_unit",
    "deadline",
    "nominations",
    "changed",
)


def _cells(row: Mapping[str, Any], t: Words) -> list[object]:
    unit = row["waits_at_unit"]
    return [
        row["dossier"],
        row["unit"]["code"],
        row["unit"]["name"],
        row["school_year"],
        t.word("levels", row["level"]),
        row["procedure"],
        row["state_label"],
        t.word("kinds", row["kind"]),
        t.word("events", row["next_event"]) if row["next_event"] else "",
        row["waits_at"] or "",
        unit["name"] if unit else "",
        row["deadline"] or "",
        row["nominations"],
        t.filters()["moment"](row["changed_at"]),
    ]
