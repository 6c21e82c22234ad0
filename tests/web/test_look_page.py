"""Choosing language, theme and size of text: whoever does comes back to the page that she looked at."""

from __future__ import annotations

import pytest

from tests.web.conftest import Pages

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
