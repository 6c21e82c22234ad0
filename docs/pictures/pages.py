"""Takes the README's pictures of the office's pages: `python docs/pictures/pages.py`.

The sample is played in a throw-away home, or copied from a home that holds it (`… pages.py HOME`), and served on this
machine; each picture is what a person of the sample sees there in Chromium. It needs what `make test-tools` needs.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from palette import with_palette
from playwright.sync_api import Browser, Page, sync_playwright

from casework.accounts.sample import sign_in_as_sample
from casework.ledger import run_flow
from kit.clock import wall_now
from kit.database import Database
from kit.settings import ROOT, Settings
from notifications.postbox import Postbox
from rehearsal.run import run_sample
from rules.reasons import Refused
from web.visit import SIGN_IN_COOKIE

HERE = Path(__file__).resolve().parent
LIMIT = 150_000
_WIDE, _PHONE = 1100, 360
_STARTS_WITHIN = 60.0
#: what a clerk copies out of a spreadsheet: one name is borne by two people, one by nobody, one is listed already
PASTED = """Mai Thị Diễm Thơ\tCSTĐCS
Huỳnh Thị Phương Yên\tLĐTT
Châu Ngọc Đào\tLĐTT
Danh Trúc Thơ\tLĐTT
Nguyễn Văn Mẫu\tLĐTT
"""


def _today(page: Page) -> None:
    page.goto("/")


def _dossier(page: Page) -> None:
    page.goto("/dossiers/th-mau-2.2425.1")


def _queue(page: Page) -> None:
    page.goto("/queue")
    for number in range(3):
        page.locator("main [name=dossier]").nth(number).check()
    page.evaluate("scrollTo(0, 0)")


def _nominations(page: Page) -> None:
    page.goto("/dossiers/new?unit=th-mau-1")
    page.check("main [name=choice][value^='three-tier'] >> nth=0")
    page.click("main form button")
    page.goto(page.url.partition("?")[0].removesuffix("/nominations") + "/nominations")
    page.fill("#list", PASTED)
    page.click("main form:has(#list) button")


def _runs(page: Page) -> None:
    for flow in ("tick", "watch", "seal"):
        page.goto("/runs")
        page.click(f"main button[name=flow][value={flow}]")
    page.goto("/runs")


def _bloc(page: Page) -> None:
    page.goto("/blocs/kl-khoi-2")


#: name of the picture → who looks, how wide and how high the window is, how one comes to the page
PICTURES: dict[str, tuple[str, int, int, Callable[[Page], None]]] = {
    "page-today": ("cb-025", _WIDE, 1100, _today),
    "page-dossier": ("cb-025", _WIDE, 900, _dossier),
    "page-queue": ("cb-025", _WIDE, 800, _queue),
    "page-nominations": ("gv-0347", _WIDE, 840, _nominations),
    "page-runs": ("cb-027", _WIDE, 1330, _runs),
    "page-bloc": ("gv-0043", _PHONE, 740, _bloc),
}


@contextmanager
def _served(home: Path, mail_port: int) -> Iterator[str]:
    """The pages of a home, by a process of their own; gives their address."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        port = int(tried.getsockname()[1])
    environment = {name: value for name, value in os.environ.items() if not name.startswith("THIDUA_")}
    # Prefect is not there, and the page says so.
    environment |= {"THIDUA_HOME": str(home), "THIDUA_PAGE_PORT": str(port), "THIDUA_PREFECT_PORT": "1"}
    environment |= {"THIDUA_MAIL_PORT": str(mail_port)}
    process = subprocess.Popen([sys.executable, "-m", "web.serve"], env=environment, cwd=ROOT)
    try:
        _wait_for(process, port)
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    began = time.monotonic()
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() - began > _STARTS_WITHIN:
                raise
            time.sleep(0.2)


def _signed_in(database: Database, person: str) -> str:
    """The token of a sign-in of one of the sample's people."""
    return sign_in_as_sample(
        database, person, on_loopback=True, client="Chromium", address="127.0.0.1", real_now=wall_now()
    ).token


def _taken(
    chromium: Browser, address: str, token: str, size: tuple[int, int], go: Callable[[Page], None]
) -> bytes:
    """What the person of a sign-in sees of a page, in a window of a size."""
    context = chromium.new_context(
        base_url=address, viewport={"width": size[0], "height": size[1]}, color_scheme="light"
    )
    context.add_cookies([{"name": SIGN_IN_COOKIE, "value": token, "url": address}])
    context.set_default_timeout(8_000)
    page = context.new_page()
    go(page)
    picture = page.screenshot()
    context.close()
    return picture


def main(given: list[str]) -> None:
    """Take each picture.

    Raises:
        SystemExit: a picture would be larger than `LIMIT`.
    """
    with tempfile.TemporaryDirectory(prefix="thidua-pages-") as folder:
        home = Path(folder) / "home"
        if given:
            shutil.copytree(given[0], home)
        else:
            run_sample(Settings(home=home))
        database = Database(Settings(home=home).url)
        # One run that did not go through, for the page of the administrator: it stands first there.
        with suppress(Refused):
            run_flow(database, Settings(home=home, mail_from="Phòng Giáo dục"), "deliver", via="web")
        with (
            Postbox(home / "postbox", port=0) as postbox,
            _served(home, postbox.port) as address,
            sync_playwright() as driver,
        ):
            # In a container root has no sandbox; pages are our own.
            chromium = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
            for name, (person, width, height, go) in PICTURES.items():
                token = _signed_in(database, person)
                picture = with_palette(_taken(chromium, address, token, (width, height), go))
                if len(picture) > LIMIT:
                    raise SystemExit(f"{name}: {len(picture)} bytes are more than {LIMIT}")
                (HERE / f"{name}.png").write_bytes(picture)
                print(f"{name}.png: {len(picture)} bytes")
            chromium.close()
        database.close()


if __name__ == "__main__":
    main(sys.argv[1:])
