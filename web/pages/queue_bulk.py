"""One step for the ticked dossiers of the queue: what comes with it, what would become of each, then the act."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from casework.bulk import Outcome, take_steps
from casework.call import Call
from casework.inputs import Inputs
from casework.views.at_once import (
    MOST,
    against_event,
    against_ticking,
    done_at_once,
    not_seen,
    seen_by_code,
    step_at_once,
    told_of,
)
from kit.canonical import canonical_json
from states.vocabulary import EVENTS, INPUTS
from web.errors import REFUSED, NotFound
from web.forms import Form
from web.guard import own_path
from web.listing import Asked, asked_of
from web.pages.queue import show_queue
from web.steps import inputs_of, judges, takes
from web.visit import Posted, SignedIn, Visit

router = APIRouter()
#: what the act itself brings; before it was filled in, it is no reason against a dossier
_TO_BRING = frozenset({"input_missing", "opinion_missing"})
_LONGEST_CODE = 120


@dataclass(frozen=True, slots=True)
class Bulk:
    """What was posted: the event, the dossiers that may be seen, and the codes in the order in which they came."""

    event: str
    codes: tuple[str, ...]
    dossiers: Mapping[str, Mapping[str, Any]]
    step: Mapping[str, Any]
    asked: Asked
    inputs: Inputs = field(default_factory=Inputs)


@router.get("/queue/bulk/{event}")
def nothing_ticked(event: str, visit: SignedIn) -> Response:
    """A bulk act begins with boxes ticked in the queue."""
    return visit.on_to("/queue")


@router.get("/queue/bulk/{event}/done")
def done(event: str, visit: SignedIn) -> Response:
    """What an act did, from the history."""
    query = visit.request.query_params
    codes = [_code(text) for text in query.getlist("dossier")[:MOST]]
    with visit.reading() as connection:
        found = done_at_once(connection, visit.sight, _code(query.get("key", "")), codes)
    found = [row for row in found if row["event"] == event]
    if not found:
        raise NotFound
    return visit.page(
        "queue_done.html", event=event, done=found, refused=[], asked=asked_of(query.get("queue", ""))
    )


@router.post("/queue/bulk/{event}")
def preview_or_act(event: str, visit: SignedIn, posted: Posted) -> Response:
    """The form and a preview; the act itself only for what this very preview showed."""
    if event not in EVENTS:
        raise NotFound
    codes = tuple(dict.fromkeys(_code(text) for text in posted.texts("dossier")))
    asked = asked_of(posted.text("queue", longest=4_000))
    if against := against_ticking(codes):
        return show_queue(visit, asked, posted, against)
    with visit.reading() as connection:
        bulk = _bulk(connection, visit, event, codes, posted, asked)
        against = against_event(connection, visit.sight, bulk.dossiers.values(), event)
    versions = _versions(posted, bulk)
    shown_before = hmac.compare_digest(
        # As bytes: of texts only ASCII may be compared.
        _seal(visit, bulk, versions).encode(),
        posted.text("seen", longest=100).encode(),
    )
    if shown_before and not posted.faults:
        return _act(visit, posted, bulk, versions)
    # What was done is no longer waited for, so this is asked of previews only.
    if against:
        return show_queue(visit, asked, posted, against)
    return _preview(visit, posted, bulk)


def _bulk(
    connection: Connection, visit: Visit, event: str, codes: tuple[str, ...], posted: Form, asked: Asked
) -> Bulk:
    dossiers = seen_by_code(connection, visit.sight, codes)
    step = step_at_once(connection, dossiers.values(), event)
    if posted.text("asked"):
        # By the second time the dossiers may stand elsewhere; what the form asked for, it still brings.
        step["provides"] = step["needs"] = tuple(n for n in posted.texts("provides") if n in INPUTS)
    return Bulk(event, codes, dossiers, step, asked, inputs_of(posted, step, ()))


def _preview(visit: Visit, posted: Form, bulk: Bulk) -> Response:
    """What would become of each, by the same decision as the act's; nothing is written."""
    first, filled_in = not posted.text("asked"), not posted.faults
    outcomes = _outcomes(visit, bulk, visit.call(posted), dry_run=True)
    if first or not filled_in:
        # What is missing in the form is said there, and once; here only what no form can mend.
        outcomes = [_without_what_is_brought(outcome) for outcome in outcomes]
    with visit.reading() as connection:
        told = told_of(connection, outcomes, bulk.dossiers, visit.lang)
    going = [row for row in told if row["receipt"]]
    versions = {row["dossier"]: row["receipt"]["version"] - 1 for row in going}
    bulk = replace(bulk, codes=tuple(versions))
    return visit.page(
        "queue_bulk.html",
        status=REFUSED if posted.faults and not first else 200,
        event=bulk.event,
        judges=judges(bulk.event),
        asked_inputs=takes(bulk.step),
        provides=bulk.step["provides"],
        asked=bulk.asked,
        told=told,
        codes=[outcome.dossier for outcome in outcomes],
        versions=versions,
        seen=_seal(visit, bulk, versions) if versions and filled_in else None,
        form=posted.typed(),
        faults={} if first else posted.faults,
    )


def _act(visit: Visit, posted: Form, bulk: Bulk, versions: Mapping[str, int]) -> Response:
    call = visit.call(posted)
    outcomes = _outcomes(visit, bulk, call, versions=versions)
    done_codes = [outcome.dossier for outcome in outcomes if outcome.receipt]
    if len(done_codes) == len(outcomes):
        found = [("key", call.key), ("queue", bulk.asked.query), *(("dossier", code) for code in done_codes)]
        return visit.on_to(own_path(f"/queue/bulk/{bulk.event}/done?{urlencode(found)}"))
    # Refusals stand in no history: they are told here, beside what was done. The same form again changes nothing more.
    with visit.reading() as connection:
        told = told_of(connection, outcomes, bulk.dossiers, visit.lang)
        found = done_at_once(connection, visit.sight, call.key, done_codes)
    refused = [row for row in told if row["reasons"]]
    return visit.page(
        "queue_done.html", status=REFUSED, event=bulk.event, done=found, refused=refused, asked=bulk.asked
    )


def _outcomes(visit: Visit, bulk: Bulk, call: Call, **options: Any) -> list[Outcome]:
    """One outcome for each code; a dossier that may not be seen looks like one that there is not."""
    seen = [code for code in bulk.codes if code in bulk.dossiers]
    taken = {
        outcome.dossier: outcome
        for outcome in take_steps(visit.database, seen, bulk.event, call, bulk.inputs, **options)
    }
    return [taken.get(code) or not_seen(code) for code in bulk.codes]


def _code(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable())[:_LONGEST_CODE]


def _without_what_is_brought(outcome: Outcome) -> Outcome:
    return replace(outcome, reasons=tuple(r for r in outcome.reasons if r.code not in _TO_BRING))


def _versions(posted: Form, bulk: Bulk) -> dict[str, int]:
    """The versions that the preview was made of."""
    return {code: version for code in bulk.codes if (version := posted.whole(f"version-{code}")) is not None}


def _seal(visit: Visit, bulk: Bulk, versions: Mapping[str, int]) -> str:
    """What a form proves that this sign-in was shown just this preview: event, dossiers, versions, all that comes."""
    shown = canonical_json([bulk.event, list(bulk.codes), versions, bulk.inputs])
    return hmac.new(visit.secret.encode(), b"bulk preview" + shown.encode(), hashlib.sha256).hexdigest()
