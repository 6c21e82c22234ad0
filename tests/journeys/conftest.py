"""The small office served for real, and people with a Chromium of their own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from sqlalchemy import delete, insert

from casework.accounts.sign_in import open_sign_in
from casework.home_clock import CLOCK
from kit.clock import wall_now
from kit.settings import ROOT, Settings
from tests.build import Office, noon
from tests.conftest import copy_of_office
from tests.journeys.hands import KEYBOARD, NO_SCRIPTS, Hands
from web.app import create_app
from web.visit import SIGN_IN_COOKIE

_STARTS_WITHIN = 60.0


@dataclass
class Street:
    """A served office: its address, its people's browsers, its clock."""

    office: Office
    address: str
    chromium: Browser
    home: Path
    #: how people of this story use their pages
    way: str = "scripts"
    people: dict[str, Hands] = field(default_factory=dict)
    contexts: list[BrowserContext] = field(default_factory=list)

    def browser(self, person: str | None, *, width: int = 1280) -> Hands:
        """A new browser, of somebody who is signed in where ``person`` is named."""
        context = self.chromium.new_context(
            base_url=self.address,
            java_script_enabled=self.way != NO_SCRIPTS,
            viewport={"width": width, "height": 800},
        )
        self.contexts.append(context)
        context.set_default_timeout(15_000)
        if person is not None:
            with self.office.database.write() as connection:
                signed_in = open_sign_in(
                    connection,
                    self.office.people[person],
                    "password",
                    client="chromium",
                    address="127.0.0.1",
                    real_now=wall_now(),
                )
            context.add_cookies([{"name": SIGN_IN_COOKIE, "value": signed_in.token, "url": self.address}])
        return Hands(context.new_page(), keyboard=self.way == KEYBOARD)

    def who(self, person: str) -> Hands:
        """The browser that somebody has had all through the story."""
        if person not in self.people:
            self.people[person] = self.browser(person)
        return self.people[person]

    def stand(self, day: str) -> None:
        """Let the home's clock stand at noon of a day."""
        with self.office.database.write() as connection:
            connection.execute(delete(CLOCK))
            connection.execute(insert(CLOCK), {"id": 1, "mode": "fixed", "stands_at": noon(day)})

    def close(self) -> None:
        """Close every browser."""
        for context in self.contexts:
            context.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium."""
    with sync_playwright() as driver:
        # In a container root has no sandbox; pages are our own.
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()


def free_port() -> int:
    """A port at which nobody listens."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


@contextmanager
def served_by_a_process(home: Path, port: int, **settings: str) -> Iterator[str]:
    """The pages of a home by `python -m web.serve`, with settings in its environment; gives their address."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("THIDUA_")}
    environment |= {"THIDUA_HOME": str(home), "THIDUA_PAGE_PORT": str(port)} | settings
    log = home / "pages.log"
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "web.serve"], env=environment, cwd=ROOT, stdout=out, stderr=out
        )
    try:
        _wait_for(process, port, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    began = time.monotonic()
    while time.monotonic() - began < _STARTS_WITHIN and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(log.read_text(encoding="utf-8"))


@contextmanager
def served(settings: Settings) -> Iterator[str]:
    """The pages of a home by a server of this process, at the settings' port if one was set; gives their address."""
    port = settings.page_port if "page_port" in settings.model_fields_set else free_port()
    app = create_app(settings)
    config = uvicorn.Config(app, port=port, log_level="warning", access_log=False, server_header=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name="pages")
    thread.start()
    began = time.monotonic()
    while not server.started:
        assert thread.is_alive() and time.monotonic() - began < _STARTS_WITHIN
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()
        app.state.house.database.close()


@pytest.fixture
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """The small office in a home of its own."""
    request.param = "sqlite"
    with copy_of_office(request, tmp_path) as made:
        yield made


@pytest.fixture
def way(request: pytest.FixtureRequest) -> str:
    """How people use their pages; a story that is told in several ways says in which."""
    return str(getattr(request, "param", "scripts"))


@pytest.fixture
def street(office: Office, tmp_path: Path, chromium: Browser, way: str) -> Iterator[Street]:
    """The small office on 10/06/2025, served on a port of its own."""
    settings = Settings(home=tmp_path, mail_port=1, prefect_port=1, mail_timeout_s=1)
    with served(settings) as address:
        made = Street(office, address, chromium, tmp_path, way)
        made.stand("2025-06-10")
        try:
            yield made
        finally:
            made.close()
