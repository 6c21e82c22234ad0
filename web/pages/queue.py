"""The queue: what waits for one person, filtered as she keeps it."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from casework.saved_views import delete_view, save_view, views_of
from casework.views.bounded import Bounded
from casework.views.choices import choices_of
from casework.views.queue import desks_served, worklist_of
from rules.reasons import Reason, Refused
from web.errors import REFUSED, NotFound
from web.forms import Form
from web.guard import own_path
from web.listing import Asked, asked_of, offers_of
from web.visit import Posted, SignedIn, Visit

router = APIRouter()
# Beyond it the databases have no numbers of rows.
_MOST_ROWS = 2**31 - 1


@router.get("/queue")
def queue(visit: SignedIn) -> Response:
    """A page of the queue."""
    return show_queue(visit, asked_of(visit.request.url.query))


@router.post("/queue/views")
def save(visit: SignedIn, posted: Posted) -> Response:
    """Keep the filter under a name."""
    asked = asked_of(posted.text("queue", longest=4_000))
    try:
        save_view(visit.database, visit.me.id, _line(posted, "view"), asked.query)
    except Refused as refusal:
        return show_queue(visit, asked, posted, refusal.reasons)
    return visit.on_to(own_path(asked.path("/queue")))


@router.post("/queue/views/{view}/delete")
def delete(view: Annotated[int, Path(le=_MOST_ROWS)], visit: SignedIn, posted: Posted) -> Response:
    """Delete a view of one's own."""
    if not delete_view(visit.database, visit.me.id, view):
        raise NotFound
    return visit.on_to(own_path(asked_of(posted.text("queue", longest=4_000)).path("/queue")))


def show_queue(
    visit: Visit, asked: Asked, posted: Form | None = None, reasons: tuple[Reason, ...] = ()
) -> Response:
    """The queue's page; after a refused form of it, with every reason."""
    faults = {}
    with visit.reading() as connection:
        try:
            listed = worklist_of(
                connection, visit.sight, visit.now, visit.lang, asked.wanted, start=asked.start
            )
        except Refused:
            # The one thing that a filter can name wrongly is a unit.
            listed, faults = Bounded([], 0), {"unit": "no_unit"}
        offered = choices_of(connection, visit.lang)
        served = desks_served(connection, visit.sight)
        views = views_of(connection, visit.me.id)
    events = Counter(event for row in listed.rows for event in row["at_once"])
    return visit.page(
        "queue.html",
        status=REFUSED if posted else 200,
        asked=asked,
        listed=listed,
        offers=offers_of(offered, visit.words, served),
        faults=faults,
        views=views,
        events=events.most_common(),
        form=posted.typed() if posted else {},
        ticked=frozenset(posted.texts("dossier")) if posted else frozenset(),
        reasons=reasons,
    )


def _line(posted: Form, name: str) -> str:
    return "".join(sign for sign in posted.text(name) if sign.isprintable())
