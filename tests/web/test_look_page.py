"""Choosing language, theme, size of text and keys: whoever does comes back to the page that she looked at."""

from __future__ import annotations

import pytest

from tests.web.conftest import Pages
from web.look import Look, look_of

REVIEW = "/calendar/2024-2025/covenant-review/khoi"


@pytest.mark.parametrize(
    ("back", "page"),
    [
        ("/dossiers?words=mau&page=2", "/dossiers?words=mau&page=2"),
        ("/dossiers/new", "/dossiers/new"),
        # A refused form stands at an address that can only be posted to.
        (f"{REVIEW}/own-dates", REVIEW),
        ("/runs/now", "/runs"),
        ("/letters/clear", "/letters"),
        ("/no/such/page", "/no/such/page"),
        ("//elsewhere.example", "/"),
    ],
)
def test_a_choice_leads_back_to_the_page_or_to_the_nearest_above_a_refused_form(
    pages: Pages, back: str, page: str
) -> None:
    browser = pages.browser("clerk")
    csrf = browser.get("/").html.partition('name="csrf" value="')[2].partition('"')[0]
    answer = browser.client.post(
        "/look", data={"csrf": csrf, "key": "k", "lang": "en", "back": back}, follow_redirects=False
    )
    assert (answer.status_code, answer.headers["location"]) == (303, page)


def test_letter_keys_are_turned_off_and_on_for_whoever_is_signed_in(pages: Pages) -> None:
    browser = pages.browser("clerk")
    first = browser.get("/")
    assert "data-letters" not in first.html
    assert "Phím tắt một chữ" in first.text
    csrf = first.html.partition('name="csrf" value="')[2].partition('"')[0]

    def chosen(keys: str) -> str:
        browser.client.post("/look", data={"csrf": csrf, "key": f"k-{keys}", "keys": keys, "back": "/"})
        return browser.get("/queue").html

    assert '<html lang="vi" data-size="normal" data-letters="off">' in chosen("off")
    assert "data-letters" not in chosen("on")
    assert "data-letters" not in chosen("sometimes")
    assert "Phím tắt một chữ" not in pages.browser().get("/public").text


def test_a_cookie_from_before_there_was_this_choice_keeps_the_others() -> None:
    assert look_of("en.dark.large") == Look("en", "dark", "large", "on")
    assert look_of(Look("vi", "light", "small", "off").text()) == Look("vi", "light", "small", "off")
    for cookie in ("en.dark", "en.dark.large.off.more", "", None):
        assert look_of(cookie) == Look()
