"""Everybody's own duties: lending one to a colleague for some days, and taking it back."""

from __future__ import annotations

import re

from casework.duties import delegate
from tests.web.conftest import Pages

SPELL = re.compile(r'<option value="(\d+)"')
DAYS = {"since": "2025-06-10", "until": "2025-06-20"}


def lend(pages: Pages, person: str, **typed: str):
    browser = pages.browser(person)
    spell = SPELL.findall(browser.get("/account/duties").html)[0]
    return browser.send("/account/duties/lend", {"spell": spell, **DAYS, **typed}, page="/account/duties")


def test_whoever_holds_a_duty_lends_it_and_the_colleague_acts_for_her(pages: Pages) -> None:
    code = pages.office.dossier_at("at_education_office")
    done = lend(pages, "appraiser", to="office-head")
    assert done.path == "/account/duties"
    assert "Đã ghi: ủy quyền" in done.text
    assert "từ 10/06/2025 đến hết 20/06/2025" in done.text
    head = pages.browser("office-head")
    assert "Người appraiser" in head.get("/account/duties").text
    head.send(f"/dossiers/{code}/steps/appraise", {"support_rest": "yes"})
    assert pages.office.row(code)["state"] == "to_file"


def test_colleagues_are_offered_and_nobody_from_elsewhere(pages: Pages) -> None:
    shown = pages.browser("appraiser").get("/account/duties").html
    offered = shown.split('<datalist id="colleagues">')[1].split("</datalist>")[0]
    assert 'value="office-head"' in offered
    assert "clerk" not in offered
    assert 'value="appraiser"' not in offered


def test_a_refused_lending_says_every_reason_and_keeps_what_was_typed(pages: Pages) -> None:
    refused = lend(pages, "appraiser", to="appraiser", since="2025-06-20", until="2025-06-01")
    assert refused.status == 409
    assert "Chưa có gì thay đổi" in refused.text
    assert refused.html.split('id="refused"')[1].split("</ul>")[0].count("<li>") >= 3
    assert 'value="2025-06-20"' in refused.html
    blank = lend(pages, "appraiser", to="", until="")
    assert blank.status == 409
    assert blank.text.count("Cần điền mục này") == 2


def test_nobody_lends_a_duty_of_somebody_else(pages: Pages) -> None:
    mine = SPELL.findall(pages.browser("appraiser").get("/account/duties").html)[0]
    refused = lend(pages, "clerk", to="principal", spell=mine)
    assert refused.status == 409
    assert "chọn một mục trong danh sách" in refused.text


def test_a_delegation_is_taken_back_by_whoever_gave_it_and_by_nobody_else_here(pages: Pages) -> None:
    call = pages.office.call("appraiser")
    made = delegate(
        pages.office.database, "pgd", "appraiser", "office-head", call.day, call.day, call
    ).payload["delegation"]
    path = f"/account/duties/delegations/{made}/end"
    for other in ("office-head", "admin", "clerk"):
        assert pages.browser(other).send(path, page="/account/duties").status == 404
    ended = pages.browser("appraiser").send(path, page="/account/duties")
    assert "Đã ghi: chấm dứt ủy quyền" in ended.text
    assert "Không có ủy quyền nào" in ended.text


def test_an_administrator_ends_a_delegation_on_the_page_of_the_person(pages: Pages) -> None:
    call = pages.office.call("appraiser")
    made = delegate(
        pages.office.database, "pgd", "appraiser", "office-head", call.day, call.day, call
    ).payload["delegation"]
    browser = pages.browser("admin")
    assert "Người office-head" in browser.get("/office/units/pgd").text
    path = f"/office/people/office-head/delegations/{made}/end"
    ended = browser.send(path, page="/office/people/office-head")
    # It stands in the chain of whoever lent it.
    assert ended.path == "/office/people/appraiser"
    assert "Đã ghi: chấm dứt ủy quyền" in ended.text


def test_the_page_is_for_those_who_are_signed_in_and_tells_who_holds_nothing(pages: Pages) -> None:
    assert pages.browser().get("/account/duties").path == "/sign-in"
    shown = pages.browser("teacher").get("/account/duties")
    assert "chưa được giao nhiệm vụ nào" in shown.text
    assert "/account/duties/lend" not in shown.html
