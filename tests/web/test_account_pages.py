"""One's own account: who one is, one's duties, sign-ins and password."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import insert

from casework.access import DELEGATION, DUTY
from kit.clock import wall_now
from tests.accounts.door import PASSWORD, Door
from tests.web.conftest import Browser, Pages
from tests.web.test_sign_in_pages import NEW, signs_in
from web.visit import SIGN_IN_COOKIE


@pytest.fixture
def door(pages: Pages) -> Door:
    """The door of the office behind the pages, by the wall's clock; the clerk has an account."""
    made = Door(pages.office, wall_now())
    made.give_account("clerk")
    return made


def numbers(browser: Browser) -> list[str]:
    """The sign-ins that the page lets one end, by number."""
    return re.findall(r"/account/sign-ins/(\d+)/end", browser.get("/account").html)


def changes(browser: Browser, old: str, new: str, again: str | None = None) -> int:
    fields = {"old_password": old, "password": new, "password_again": new if again is None else again}
    return browser.send("/account/password", fields, page="/account").status


def test_the_account_tells_who_one_is_and_ones_duties_in_words(pages: Pages, door: Door) -> None:
    text = pages.browser("clerk").get("/account").text
    assert "Người clerk" in text
    assert "clerk@mau.example" in text
    assert "Văn thư phụ trách thi đua, Đơn vị th-mau-1" in text
    assert "không giữ nhiệm vụ nào" in pages.browser("teacher").get("/account").text


def test_a_lent_duty_is_told_with_whose_it_is(pages: Pages) -> None:
    with pages.office.database.write() as connection:
        held = DUTY.c.person_id == pages.office.people["principal"]
        duty = connection.execute(DUTY.select().where(held)).mappings().first()
        row = {"duty_id": duty["id"] if duty else 0, "to_person_id": pages.office.people["teacher"]}
        days = {"since": date(2025, 6, 1), "until": date(2025, 6, 30)}
        connection.execute(insert(DELEGATION), row | days)
    text = pages.browser("teacher").get("/account").text
    assert "Thay Người principal: hiệu trưởng, Đơn vị th-mau-1, từ 01/06/2025 đến hết 30/06/2025" in text
    assert "không giữ nhiệm vụ nào" not in text


def test_one_ends_a_sign_in_of_ones_own_or_all_others(pages: Pages, door: Door) -> None:
    here, phone, library = (pages.browser("clerk") for _ in range(3))
    (newest, _) = numbers(here)
    assert "Kết thúc mọi lần khác" in here.get("/account").text
    ended = here.send(f"/account/sign-ins/{newest}/end", page="/account")
    assert (ended.status, ended.path) == (200, "/account")
    assert library.get("/account").path == "/sign-in"
    assert phone.get("/account").path == "/account"
    here.send("/account/sign-ins/end-others", page="/account")
    assert phone.get("/account").path == "/sign-in"
    assert (numbers(here), here.get("/account").status) == ([], 200)


def test_a_sign_in_of_somebody_else_does_not_exist(pages: Pages) -> None:
    victim, thief = pages.browser("principal"), pages.browser("clerk")
    other = pages.browser("principal")
    (number,) = numbers(victim)
    assert thief.send(f"/account/sign-ins/{number}/end", page="/account").status == 404
    assert thief.send("/account/sign-ins/999999/end", page="/account").status == 404
    assert other.get("/account").path == "/account"


def test_a_changed_password_ends_every_other_sign_in_and_stands_in_the_history(
    pages: Pages, door: Door
) -> None:
    here, other = pages.browser("clerk"), pages.browser("clerk")
    assert changes(here, PASSWORD, NEW) == 200
    assert here.last is not None
    assert here.last.path == "/account"
    assert "Đã ghi: đổi mật khẩu" in here.last.text
    assert other.get("/account").path == "/sign-in"
    assert signs_in(pages.browser(), password=PASSWORD) == 409
    assert signs_in(pages.browser(), password=NEW) == 200
    assert door.events()[-1][0] == "change_password"


@pytest.mark.parametrize(
    ("old", "new", "again", "words"),
    [
        ("không đúng đâu", NEW, NEW, "Chưa đổi được mật khẩu"),
        (PASSWORD, NEW, NEW + "?", "Hai lần nhập không giống nhau"),
        (PASSWORD, "ngắn", "ngắn", "Chưa đổi được mật khẩu"),
        ("", NEW, NEW, "Cần điền"),
    ],
)
def test_a_password_that_is_not_changed_says_why_and_shows_none(
    pages: Pages, door: Door, old: str, new: str, again: str, words: str
) -> None:
    browser = pages.browser("clerk")
    assert changes(browser, old, new, again) == 409
    assert browser.last is not None
    assert words in browser.last.text
    assert not [typed for typed in (old, new) if typed and typed in browser.last.html]
    assert signs_in(pages.browser()) == 200


def test_who_has_no_password_is_offered_no_change(pages: Pages) -> None:
    browser = pages.browser("principal")
    assert "không có mật khẩu để đổi" in browser.get("/account").text
    assert changes(browser, PASSWORD, NEW) == 409


def test_the_account_is_for_those_who_are_signed_in(pages: Pages) -> None:
    stranger = pages.browser()
    assert stranger.get("/account").path == "/sign-in"
    stranger.client.cookies.set(SIGN_IN_COOKIE, "made-up")
    assert stranger.get("/account").path == "/sign-in"
