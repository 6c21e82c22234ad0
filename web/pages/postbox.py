"""The home's own postbox as a page: letters that the server on the loopback took, for those who try the sample."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from starlette.responses import Response

from casework.accounts.sample import sample_may_sign_in
from notifications.postbox import letter_in, newest_in
from web.errors import NotFound
from web.visit import Administrator, Visit

router = APIRouter()
ROWS = 50
_MOST_PAGES = 200


def has_postbox(visit: Visit) -> bool:
    """Whether there is a postbox to be shown: only of the sample, on the machine itself. Letters carry one-time links;
    where people are real, nobody reads another's.
    """
    here = visit.house.on_loopback and _folder(visit).is_dir()
    return here and sample_may_sign_in(visit.database, on_loopback=True)


@router.get("/postbox")
def postbox(visit: Administrator, to: str = "", page: int = 1) -> Response:
    """The letters, the newest first."""
    if not has_postbox(visit):
        raise NotFound
    page, to = min(max(page, 1), _MOST_PAGES), to.strip()[:200]
    kept, total = newest_in(_folder(visit), to, skip=(page - 1) * ROWS, limit=ROWS)
    return visit.page("postbox.html", letters=kept, total=total, to=to, page=page, more=page * ROWS < total)


@router.get("/postbox/{number}")
def letter(number: int, visit: Administrator) -> Response:
    """One letter as it arrived."""
    kept = letter_in(_folder(visit), number) if has_postbox(visit) else None
    if kept is None:
        raise NotFound
    return visit.page("postbox_letter.html", letter=kept)


def _folder(visit: Visit) -> Path:
    return visit.house.settings.home / "postbox"
