"""The small office as pages: browsers of its people, without a browser."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import delete, insert

from casework.accounts.sign_in import open_sign_in
from casework.home_clock import CLOCK
from kit.clock import wall_now
from kit.settings import Settings
from tests.build import Office, noon
from tests.conftest import copy_of_office
from tests.web.client import client_of, in_one_thread, one_event_loop
from web.app import create_app
from web.forms import new_key
from web.guard import form_token
from web.visit import SIGN_IN_COOKIE, VISIT_COOKIE

_HIDDEN = re.compile(r'name="(csrf|key|version)" value="([^"]*)"')


class _Text(HTMLParser):
    """What a reader sees of a page, in one line."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def handle_data(self, data: str) -> None:
        self.seen.append(data)


@dataclass
class Answer:
    """A page as somebody sees it."""

    status: int
    html: str
    path: str
    headers: Any

    @property
    def text(self) -> str:
        """The words on the page, spaces made single."""
        reader = _Text()
        reader.feed(self.html)
        return " ".join(" ".join(reader.seen).split())


@dataclass
class Browser:
    """One person's browser: it follows where it is led, and sends forms with what the page has hidden in them."""

    client: httpx2.Client
    last: Answer | None = field(default=None)

    def get(self, path: str, **options: Any) -> Answer:
        """Open a page."""
        return self._seen(self.client.get(path, **options))

    def send(
        self, path: str, fields: dict[str, Any] | None = None, *, page: str | None = None, **options: Any
    ) -> Answer:
        """Fill in the form at ``path`` of a page (by default the form's own page) and send it."""
        shown = self.get(page or path)
        hidden = dict(_HIDDEN.findall(shown.html))
        return self._seen(self.client.post(path, data=hidden | (fields or {}), **options))

    def hidden(self) -> dict[str, str]:
        """What every form of ours carries hidden, made without opening its page."""
        secret = self.client.cookies.get(SIGN_IN_COOKIE) or self.client.cookies.get(VISIT_COOKIE)
        if secret is None:
            self.client.get("/sign-in")
            secret = self.client.cookies[VISIT_COOKIE]
        return {"csrf": form_token(secret), "key": new_key()}

    def _seen(self, response: Any) -> Answer:
        self.last = Answer(response.status_code, response.text, response.url.path, response.headers)
        return self.last


@dataclass
class Pages:
    """The office behind pages."""

    office: Office
    app: Any
    folder: Path

    def browser(self, person: str | None = None) -> Browser:
        """A new browser; of somebody who is signed in where ``person`` is named."""
        client = client_of(self.app)
        if person is not None:
            with self.office.database.write() as connection:
                signed_in = open_sign_in(
                    connection,
                    self.office.people[person],
                    "password",
                    client="test",
                    address="127.0.0.1",
                    real_now=wall_now(),
                )
            client.cookies.set(SIGN_IN_COOKIE, signed_in.token)
        return Browser(client)

    def stand(self, at: str | datetime) -> None:
        """Let the home's clock stand at noon of a day, or at an instant."""
        moment = noon(at) if isinstance(at, str) else at
        with self.office.database.write() as connection:
            connection.execute(delete(CLOCK))
            connection.execute(insert(CLOCK), {"id": 1, "mode": "fixed", "stands_at": moment})


def _made(office: Office, url: str, folder: Path) -> Pages:
    settings = Settings(home=folder, database_url=url, sqlite_synchronous="NORMAL")
    pages = Pages(office, create_app(settings), folder)
    pages.stand("2025-06-10")
    return pages


@pytest.fixture(scope="module", autouse=True)
def one_loop() -> Iterator[None]:
    """All browsers of a file ask one event loop."""
    with one_event_loop():
        yield


@pytest.fixture(params=["sqlite"])
def pages(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Pages]:
    """The small office as pages on 10/06/2025, on SQLite: what pages read and acts write is tested on both below."""
    with copy_of_office(request, tmp_path) as office:
        made = _made(office, office.database.engine.url.render_as_string(hide_password=False), tmp_path)
        yield made
        made.app.state.house.database.close()


@pytest.fixture(scope="session")
def staged(sqlite_files: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """A home in which something of everything has happened, and what; each test copies it."""
    from tests.web.stage import build_stage

    home = tmp_path_factory.mktemp("stage") / "home"
    return home, build_stage(sqlite_files["office"], home)


@pytest.fixture
def stage(staged: tuple[Path, Any], tmp_path: Path) -> Iterator[Any]:
    """That home as pages, for one test alone."""
    from tests.web.stage import close_stage, open_stage

    home = tmp_path / "stage"
    shutil.copytree(staged[0], home)
    opened = open_stage(home, staged[1])
    with in_one_thread():
        yield opened
    close_stage(opened)
