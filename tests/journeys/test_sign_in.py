"""How people come in: by a one-time link, with a password, and again after it was forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import update

from casework.accounts.make_link import make_link
from casework.people import PERSON
from kit.clock import wall_now
from kit.settings import Settings
from notifications.postbox import Postbox, letters_in
from tests.build import Office
from tests.journeys.conftest import Street, free_port, served
from tests.journeys.hands import Hands, every_way

pytestmark = pytest.mark.tools

FIRST, SECOND = "bốn con trâu trên đồng", "năm con cò bên sông"


@pytest.fixture
def posted(office: Office, tmp_path: Path, chromium: Browser, way: str) -> Iterator[Street]:
    """A served office whose letters come to a postbox of the home, with links to the pages in them."""
    with office.database.write() as connection:
        connection.execute(update(PERSON).values(email=PERSON.c.code + "@mau.example"))
    port = free_port()
    with Postbox(tmp_path / "postbox", port=0) as postbox:
        page = f"http://127.0.0.1:{port}"
        settings = Settings(home=tmp_path, mail_port=postbox.port, prefect_port=1, page=page, page_port=port)
        with served(settings) as address:
            street = Street(office, address, chromium, tmp_path, way)
            street.stand("2025-06-10")
            yield street
            street.close()


def sets_a_password(hands: Hands, password: str) -> None:
    hands.fills_in(password=password, password_again=password)
    hands.press("main form button")
    hands.is_told_that_it_is_done()


def signs_in(hands: Hands, name: str, password: str) -> None:
    hands.fills_in(name=name, password=password)
    hands.press("main form[action='/sign-in'] button")


@every_way
def test_an_invited_clerk_comes_in_goes_and_comes_again_with_a_new_password(posted: Street) -> None:
    link = make_link(
        posted.office.database, "admin", posted.office.call(None), real_now=wall_now(), first=True
    )
    admin, clerk = posted.browser(None), posted.browser(None)
    admin.open(str(link.path))
    sets_a_password(admin, FIRST)
    signs_in(admin, "admin", FIRST)
    expect(admin.page.locator("header")).to_contain_text("Người admin")
    admin.open("/office/people/clerk")
    admin.press("main form[action$='/link'] button")
    address = admin.page.locator(".link").inner_text()

    clerk.open(address)
    clerk.sees("Người clerk")
    sets_a_password(clerk, FIRST)
    # Looked at once more, the link is used up.
    assert clerk.page.context.request.get(address).status == 409
    signs_in(clerk, "clerk", FIRST)
    expect(clerk.page.locator("header")).to_contain_text("Người clerk")
    clerk.press("header summary")
    clerk.press("header form[action='/sign-out'] button")
    clerk.open("/account")
    expect(clerk.page).to_have_url(re.compile("/sign-in"))

    clerk.press("main a[href='/reset']")
    clerk.fill("name", "clerk")
    clerk.press("main form button")
    clerk.is_told_that_it_is_done()
    admin.open("/runs")
    admin.press("main button[name=flow][value=deliver]")
    admin.sees("Đã chạy xong")
    (letter,) = [one for one in letters_in(posted.home / "postbox") if "clerk@" in one.to]
    found = re.search(rf"{re.escape(posted.address)}/link/\S+", letter.text)
    assert found is not None, letter.text
    clerk.open(found[0])
    sets_a_password(clerk, SECOND)
    signs_in(clerk, "clerk", FIRST)
    expect(clerk.page.locator("#refused")).to_be_visible()
    signs_in(clerk, "clerk", SECOND)
    expect(clerk.page.locator("header")).to_contain_text("Người clerk")
