"""What is refused before a page is asked."""

from __future__ import annotations

import pytest

from tests.web.conftest import Pages
from web.guard import HEADERS, own_path


def test_every_answer_carries_the_headers_and_no_page_is_kept(pages: Pages) -> None:
    browser = pages.browser("clerk")
    for path in ("/", "/sign-in", "/no-such-page"):
        answer = browser.get(path)
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
        assert answer.headers["cache-control"] == "no-store"
        assert "server" not in answer.headers


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "", "[", "10.0.0.1"])
def test_another_host_name_is_no_page_of_ours(pages: Pages, host: str) -> None:
    assert pages.browser().client.get("/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "http://localhost.evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_form_from_another_site_changes_nothing(pages: Pages, headers: dict[str, str]) -> None:
    code = pages.office.dossier_at("at_education_office")
    browser = pages.browser("appraiser")
    before = pages.office.row(code)
    answer = browser.send(f"/dossiers/{code}/steps/appraise", {"support_rest": "yes"}, headers=headers)
    assert answer.status == 403
    assert pages.office.row(code) == before


def test_a_form_without_the_token_of_this_sign_in_changes_nothing(pages: Pages) -> None:
    code = pages.office.dossier_at("at_education_office")
    other = pages.browser("appraiser-2").get(f"/dossiers/{code}/steps/appraise").html
    stolen = other.split('name="csrf" value="')[1].split('"')[0]
    before = pages.office.row(code)
    for token in ("", "wrong", stolen, "é" * 64):
        answer = pages.browser("appraiser").send(
            f"/dossiers/{code}/steps/appraise", {"support_rest": "yes", "csrf": token}
        )
        assert answer.status == 403
        assert "Trang đã mở quá lâu" in answer.text
    assert pages.office.row(code) == before


@pytest.mark.parametrize(
    "given",
    [
        None,
        "",
        "dossiers",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "/a\\b",
        "/a\nb",
        "javascript:x",
    ],
)
def test_only_paths_of_our_own_are_gone_on_to(given: str | None) -> None:
    assert own_path(given) == "/"


def test_a_path_of_our_own_stays() -> None:
    assert own_path("/dossiers/x.2425.1?done=3") == "/dossiers/x.2425.1?done=3"


def test_who_is_not_signed_in_is_led_to_the_sign_in_and_back(pages: Pages) -> None:
    answer = pages.browser().client.get("/dossiers/x.2425.1?done=3", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=/dossiers/x.2425.1%3Fdone%3D3"
