"""The application: one home served as pages."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from kit.database import Database
from kit.settings import Settings
from web import errors
from web.assets import assets
from web.guard import Guard
from web.house import House
from web.pages import routers
from web.render import Pages
from web.visit import visit_of

#: a form beside its files
_ROOM = 2_000_000
_FOR_EVER = "public, max-age=31536000, immutable"


def create_app(settings: Settings, host: str = "127.0.0.1") -> FastAPI:
    """The pages of the home that ``settings`` name, for a server that listens on ``host``.

    Raises:
        StorageTrouble: the database's address cannot be read.
    """
    database = Database(settings.url, synchronous=settings.sqlite_synchronous)
    house = House(settings, database, host)
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.state.house = house
    app.state.render = Pages().render
    app.state.visit_of = visit_of
    app.add_middleware(
        Guard, names=house.names, limit_bytes=house.store.limit_bytes + _ROOM, secure=house.secure
    )
    errors.add_to(app)
    app.add_api_route("/static/{digest}/{name}", _asset, include_in_schema=False)
    for router in routers():
        app.include_router(router)
    return app


def _asset(digest: str, name: str, request: Request) -> Response:
    asset = assets().get(name)
    if asset is None or asset.digest != digest:
        raise errors.NotFound
    return Response(asset.body, media_type=asset.media_type, headers={"Cache-Control": _FOR_EVER})
