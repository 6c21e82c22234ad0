"""Choosing language, theme, size of text and keys; kept in the browser."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response
from starlette.routing import Route

from web.guard import own_path
from web.look import COOKIE, SIZES
from web.pages import routers
from web.render import set_cookie
from web.visit import Anybody, Posted

router = APIRouter()
_A_YEAR = 366 * 24 * 3600


@router.post("/look")
def look(visit: Anybody, posted: Posted) -> Response:
    """Keep what was chosen, and back to the page that it was chosen on."""
    given = posted.typed()
    if given.get("size") in _STEPS:
        at = SIZES.index(visit.look.size) + _STEPS[given["size"]]
        given["size"] = SIZES[min(max(at, 0), len(SIZES) - 1)]
    answer = visit.on_to(_readable(own_path(posted.text("back"))))
    chosen = visit.look.with_choice(given).text()
    set_cookie(answer, COOKIE, chosen, secure=visit.house.secure, seconds=_A_YEAR)
    return answer


def _readable(back: str) -> str:
    """``back``, or the nearest page above it: a refused form stands at an address that can only be posted to."""
    path, mark, query = back.partition("?")
    routes = [route for router in routers() for route in router.routes if isinstance(route, Route)]
    pages = {route.path for route in routes if "GET" in (route.methods or ())}
    while path != "/":
        found = next((route.path for route in routes if route.path_regex.match(path)), None)
        if found is None or found in pages:
            return f"{path}{mark}{query}"
        path, mark, query = path.rpartition("/")[0] or "/", "", ""
    return f"{path}{mark}{query}"


_STEPS = {"down": -1, "up": 1}
