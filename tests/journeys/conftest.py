"""The small office served for real, and people with a Chromium of their own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy import delete, insert

from casework.accounts.sign_in import open_sign_in
from casework.home_clock import CLOCK
from kit.clock import wall_now
from kit.settings import ROOT
from tests.build import Office, noon
from tests.conftest import copy_of_office
from web.visit import SIGN_IN_COOKIE

_STARTS_WITHIN = 60.0


@dataclass
class Street:
    """A served office: its address, its people's browsers, its clock."""

    office: Office
    address: str
    chromium: Browser
    contexts: list[BrowserContext] = field(default_factory=list)

    def browser(self, person: str | None, *, scripts: bool = True, width: int = 1280) -> Page:
        """A page in a browser of its own, of somebody who is signed in where ``person`` is named.

        What a page complains of in its console fails the test that looks at it.
        """
        context = self.chromium.new_context(
            base_url=self.address, java_script_enabled=scripts, viewport={"width": width, "height": 800}
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
        return context.new_page()

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


def _free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


def _serve(environment: dict[str, str], port: int, log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "web.serve"], env=environment, cwd=ROOT, stdout=out, stderr=out
        )
    began = time.monotonic()
    while time.monotonic() - began < _STARTS_WITHIN:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=2):
                return process
        except (urllib.error.URLError, OSError):
            if process.poll() is not None:
                break
            time.sleep(0.2)
    process.kill()
    raise AssertionError(log.read_text(encoding="utf-8"))


@pytest.fixture
def street(request: pytest.FixtureRequest, tmp_path: Path, chromium: Browser) -> Iterator[Street]:
    """The small office on 10/06/2025, served on a port of its own."""
    request.param = "sqlite"
    with copy_of_office(request, tmp_path) as office:
        port = _free_port()
        environment = {name: value for name, value in os.environ.items() if not name.startswith("THIDUA_")}
        environment |= {"THIDUA_HOME": str(tmp_path), "THIDUA_PAGE_PORT": str(port)}
        process = _serve(environment, port, tmp_path / "pages.log")
        made = Street(office, f"http://127.0.0.1:{port}", chromium)
        made.stand("2025-06-10")
        try:
            yield made
        finally:
            made.close()
            process.terminate()
            process.wait(10)
