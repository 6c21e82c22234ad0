"""Signing in and out as pages, and the pages of the one-time link and of a forgotten password."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from casework.accounts.make_link import make_link
from casework.accounts.sample import MARK
from kit.clock import wall_now
from models.home import SAMPLE
from tests.accounts.door import PASSWORD, Door
from tests.build import noon
from tests.web.conftest import Browser, Pages
from web.visit import SIGN_IN_COOKIE, VISIT_COOKIE

NEW = "bốn con trâu trên đồng"


@pytest.fixture
def door(pages: Pages) -> Door:
    """The door of the office behind the pages, by the wall's clock."""
    return Door(pages.office, wall_now())


def signs_in(browser: Browser, name: str = "clerk", password: str = PASSWORD, onward: str = "") -> int:
    page = "/sign-in" + (f"?next={onward}" if onward else "")
    fields = {"name": name, "password": password} | ({"next": onward} if onward else {})
    return browser.send("/sign-in", fields, page=page).status


def load_sample_mark(pages: Pages) -> None:
    with pages.office.database.write() as connection:
        connection.execute(insert(MARK), {"name": SAMPLE, "value": "x", "at": noon("2025-06-01")})


def link_for(pages: Pages, person: str, *, first: bool = False) -> str:
    made = make_link(pages.office.database, person, pages.office.call(None), real_now=wall_now(), first=first)
    assert made.path is not None
    return made.path


def test_a_page_asked_for_before_signing_in_is_shown_after_it(pages: Pages, door: Door) -> None:
    door.give_account("clerk")
    code = pages.office.dossier_at("at_bloc")
    browser = pages.browser()
    shown = browser.get(f"/dossiers/{code}?done=3")
    assert shown.path == "/sign-in"
    onward = shown.html.split('name="next" value="')[1].split('"')[0]
    assert signs_in(browser, onward=onward) == 200
    assert browser.last is not None and browser.last.path == f"/dossiers/{code}"


@pytest.mark.parametrize("onward", ["//evil.example", "https://evil.example/", "/\\evil.example"])
def test_nobody_is_led_to_another_site_by_signing_in(pages: Pages, door: Door, onward: str) -> None:
    door.give_account("clerk")
    browser = pages.browser()
    signs_in(browser, onward=onward)
    assert browser.last is not None and browser.last.path == "/"
    assert browser.get(f"/sign-in?next={onward}").path == "/"


def test_each_sign_in_has_a_token_of_its_own_and_the_one_before_is_worth_nothing(
    pages: Pages, door: Door
) -> None:
    door.give_account("clerk")
    browser = pages.browser()
    browser.get("/sign-in")
    visitor = browser.client.cookies.get(VISIT_COOKIE)
    assert visitor is not None
    browser.client.cookies.set(SIGN_IN_COOKIE, "chosen-by-somebody-else")
    signs_in(browser)
    first = browser.client.cookies.get(SIGN_IN_COOKIE, domain="localhost.local")
    assert first not in (None, visitor, "chosen-by-somebody-else")
    assert browser.client.cookies.get(VISIT_COOKIE) is None

    again = pages.browser()
    again.client.cookies.set(SIGN_IN_COOKIE, first or "")
    load_sample_mark(pages)
    again.send("/sign-in/sample", {"person": "principal"}, page="/account")
    old = pages.browser()
    old.client.cookies.set(SIGN_IN_COOKIE, first or "")
    assert old.get("/account").path == "/sign-in"


def test_after_signing_out_the_token_opens_nothing(pages: Pages) -> None:
    browser = pages.browser("clerk")
    token = browser.client.cookies.get(SIGN_IN_COOKIE)
    assert browser.send("/sign-out", page="/account").path == "/"
    thief = pages.browser()
    thief.client.cookies.set(SIGN_IN_COOKIE, token or "")
    assert thief.get("/account").path == "/sign-in"


def test_a_wrong_password_tells_no_more_than_an_unknown_name(pages: Pages, door: Door) -> None:
    door.give_account("clerk")
    told = []
    for name in ("clerk", "nobody"):
        browser = pages.browser()
        assert signs_in(browser, name, "không phải mật khẩu") == 409
        assert browser.last is not None
        assert "không phải mật khẩu" not in browser.last.html
        told.append(browser.last.text.replace(name, ""))
    assert told[0] == told[1]


def test_who_guesses_is_told_in_words_how_long_to_wait(pages: Pages, door: Door) -> None:
    door.give_account("clerk")
    for failed, words in ((5, "giây rồi thử lại"), (8, "phút rồi thử lại")):
        door.fail(failed, address="testclient")
        browser = pages.browser()
        assert signs_in(browser) == 409
        assert browser.last is not None and words in browser.last.text


def test_the_samples_people_stand_in_groups_that_can_be_searched(pages: Pages) -> None:
    assert "Vào thử" not in pages.browser().get("/sign-in").text
    load_sample_mark(pages)
    browser = pages.browser()
    shown = browser.get("/sign-in")
    assert 'data-filters="sample-people"' in shown.html
    assert ">Trường</th>" in shown.html
    assert ">Khối thi đua</th>" in shown.html
    done = browser.send("/sign-in/sample", {"person": "bloc-head", "next": "/account"}, page="/sign-in")
    assert (done.status, done.path) == (200, "/account")
    assert "Người bloc-head" in done.text


def test_where_nobody_has_an_account_the_page_says_how_the_first_is_made(pages: Pages, door: Door) -> None:
    shown = pages.browser().get("/sign-in")
    assert "thidua account link MÃ-NGƯỜI --first" in shown.text
    door.give_account("admin")
    assert "--first" not in pages.browser().get("/sign-in").text


# --- The one-time link ---------------------------------------------------------------------------------------


def test_the_first_administrator_comes_in_by_the_link(pages: Pages) -> None:
    path = link_for(pages, "admin", first=True)
    browser = pages.browser()
    shown = browser.get(path)
    assert (shown.status, shown.headers["referrer-policy"]) == (200, "no-referrer")
    assert "Người admin (admin)" in shown.text
    assert "quản trị viên đầu tiên" in shown.text
    done = browser.send(path, {"password": NEW, "password_again": NEW})
    assert (done.status, done.path) == (200, "/sign-in")
    assert "Mật khẩu đã đặt xong" in done.text
    assert signs_in(browser, "admin", NEW) == 200
    assert browser.last is not None and "Người admin" in browser.last.text
    used = pages.browser().get(path)
    assert used.status == 409
    assert "đã được dùng" in used.text


def test_looking_at_a_link_uses_nothing_up(pages: Pages) -> None:
    path = link_for(pages, "clerk")
    for _ in range(3):
        assert pages.browser().get(path).status == 200
    done = pages.browser().send(path, {"password": NEW, "password_again": NEW})
    assert done.path == "/sign-in"


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (NEW, NEW + "!", "Hai lần nhập không giống nhau"),
        ("", "", "Cần điền"),
        ("ngắn", "ngắn", "Chưa đặt được mật khẩu"),
    ],
)
def test_a_password_that_cannot_be_taken_leaves_the_link_open(
    pages: Pages, first: str, second: str, words: str
) -> None:
    path = link_for(pages, "clerk")
    refused = pages.browser().send(path, {"password": first, "password_again": second})
    assert refused.status == 409
    assert words in refused.text
    assert not first or first not in refused.html
    assert pages.browser().get(path).status == 200


def test_a_link_that_is_none_says_how_to_get_another(pages: Pages) -> None:
    shown = pages.browser().get("/link/no-such-token")
    assert shown.status == 409
    assert shown.headers["referrer-policy"] == "no-referrer"
    assert 'href="/reset"' in shown.html


def test_who_was_signed_in_is_not_after_somebody_elses_link_was_used_in_this_browser(pages: Pages) -> None:
    path = link_for(pages, "clerk")
    browser = pages.browser("principal")
    assert browser.send(path, {"password": NEW, "password_again": NEW}).path == "/sign-in"


# --- A forgotten password ------------------------------------------------------------------------------------


def test_asking_for_a_reset_answers_the_same_whoever_is_meant(pages: Pages, door: Door) -> None:
    door.give_account("clerk")
    answers = [pages.browser().send("/reset", {"name": name}) for name in ("clerk", "principal", "nobody")]
    assert {(answer.status, answer.path) for answer in answers} == {(200, "/reset")}
    assert len({answer.text for answer in answers}) == 1
    assert [row["kind"] for row in door.rows("outbox_item")] == ["reset"]


def test_who_asks_for_many_resets_waits(pages: Pages, door: Door) -> None:
    door.fail(10, address="testclient", kind="reset")
    refused = pages.browser().send("/reset", {"name": "clerk"})
    assert refused.status == 409
    assert "rồi thử lại" in refused.text
