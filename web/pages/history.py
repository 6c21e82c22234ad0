"""The history for administrators: looked through by subject, event and day; verified; the seals."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from casework.audit.chains import count_of
from casework.audit.portion import verify_portion
from casework.audit.seals import KeptSeals
from casework.audit.snapshot import snapshot
from casework.audit.verdict import BadEntry
from casework.seal import kept_seals
from casework.views.explorer import KINDS, Wanted, explore
from casework.views.found import subjects_named
from casework.views.seals import list_seals, unprotected
from notifications.words import catalogue
from web.forms import Form
from web.verifying import BAD_SHOWN, carried, portion_of
from web.visit import Administrator, Posted, Visit

router = APIRouter()
# An entry says more than a row of a list: forty of the longest fill a page.
ROWS = 40
_MOST_PAGES = 400
#: how long a request walks the history
_SECONDS = 5.0
#: kinds of subjects that have a word; a seal is none that can be asked for
_KINDS = frozenset({*KINDS, "seal", "note"})


@router.get("/history")
def history(
    visit: Administrator, kind: str = "", name: str = "", event: str = "", day: str = "", page: int = 1
) -> Response:
    """Entries in words, the newest first."""
    page = min(max(page, 1), _MOST_PAGES)
    form = Form({"day": [day]})
    wanted = Wanted(
        kind=kind if kind in KINDS else "",
        name=name.strip()[:90],
        event=event if event in catalogue("events", "vi") else "",
        day=form.day("day"),
    )
    with visit.reading() as connection:
        found = explore(connection, wanted, visit.lang, page=page, rows=ROWS)
    words = visit.words
    events = [(event, words.word("events", event)) for event in catalogue("events", "vi")]
    return visit.page(
        "history.html",
        found=found,
        known_kinds=_KINDS,
        asked=asdict(wanted) | {"day": day.strip()[:20]},
        faults=form.faults,
        page=page,
        kinds=[(kind, words(f"history.kinds.{kind}")) for kind in KINDS],
        events=sorted(events, key=lambda choice: choice[1].casefold()),
    )


@router.get("/history/verify")
def seals(visit: Administrator) -> Response:
    """The seals, and what no seal protects yet."""
    return _seals(visit, kept_seals(visit.house.settings.seals), None)


@router.post("/history/verify")
def verified(visit: Administrator, posted: Posted) -> Response:
    """Walk the chains for some seconds, on from where the form says that earlier portions came to, and hold them
    against the seals. Nothing is written, so what was found is shown at once."""
    before = portion_of(posted)
    # Before the moment of the database: a seal that is made in between would know what that moment lacks.
    kept = kept_seals(visit.house.settings.seals)
    with snapshot(visit.database) as connection:
        portion = verify_portion(connection, kept, before, seconds=_SECONDS)
        bad = portion.verdict.bad[:BAD_SHOWN]
        named = subjects_named(connection, {entry.subject for entry in bad}, visit.lang)
        entries = count_of(connection, None) if portion.after is not None else portion.verdict.entries
    result = {
        "verdict": portion.verdict,
        "bad": [_told(entry, named) for entry in bad],
        "portion": portion,
        "entries": max(entries, portion.verdict.entries),
        "carried": carried(portion) if portion.after is not None else (),
    }
    return _seals(visit, kept, result)


def _told(bad: BadEntry, named: dict[str, str]) -> dict[str, Any]:
    kind = bad.subject.partition(":")[0]
    return {"kind": kind, "called": named[bad.subject], "seq": bad.seq, "what": bad.what}


def _seals(visit: Visit, kept: KeptSeals, result: dict[str, Any] | None) -> Response:
    with visit.reading() as connection:
        rows, total = list_seals(connection, ROWS)
        after = unprotected(connection, kept)
    return visit.page(
        "history_verify.html", known_kinds=_KINDS, seals=rows, total=total, unprotected=after, result=result
    )
