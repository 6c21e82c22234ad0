"""The office for its administrator: units, people, duties, sign-ins, and erasing what is personal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, insert, select, update

from casework.access import DUTY
from casework.people import PERSON, UNIT
from casework.routing import PLACEMENT
from tests.build import LONG_AGO
from tests.web.conftest import Pages

PATHS = (
    "/office",
    "/office/units/pgd",
    "/office/people",
    "/office/people/clerk",
    "/office/people/clerk/grant",
)


@contextmanager
def statements(pages: Pages) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    engine, asked = pages.app.state.house.database.engine, []

    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    yield asked
    event.remove(engine, "before_cursor_execute", count)


@pytest.mark.parametrize("path", PATHS)
def test_only_an_administrator_sees_the_office(pages: Pages, path: str) -> None:
    refused = pages.browser("appraiser").get(path)
    assert refused.status == 403
    assert "quản trị viên" in refused.text
    assert pages.browser("admin").get(path).status == 200


def test_a_level_of_units_is_shown_and_opened_and_a_unit_is_found_without_marks(pages: Pages) -> None:
    browser = pages.browser("admin")
    top = browser.get("/office").html
    assert "/office/units/tinh" in top
    assert "th-mau-1" not in top
    level = browser.get(re.search(r"/office\?under=tinh", top)[0]).html
    assert "/office/units/huyen" in level
    opened = browser.get(re.search(r"/office\?under=huyen", level)[0])
    assert opened.html.index("/office?under=tinh") < opened.html.index("/office/units/th-mau-1")
    assert "Đơn vị khoi" in opened.text
    assert browser.get("/office?under=nowhere").status == 404
    found = browser.get("/office?words=don+vi+mau-2")
    assert "Đơn vị th-mau-2" in found.text
    assert "/office?under=huyen" in found.html
    assert "th-mau-1" not in found.text
    assert "Không có đơn vị nào" in browser.get("/office?words=khongco").text
    assert "th-mau-1" not in browser.get("/office?kind=bloc").html
    assert "th-mau-1" in browser.get("/office?kind=school").html


def test_a_province_of_schools_is_shown_in_pages_and_asks_no_more_of_the_database(pages: Pages) -> None:
    browser = pages.browser("admin")
    with statements(pages) as few:
        browser.get("/office?under=huyen")
    with pages.office.database.write() as connection:
        for n in range(120):
            row = {"code": f"th-xa-{n:03}", "kind": "school", "name": f"Trường xa {n}", "source": "test"}
            unit = connection.execute(insert(UNIT), row).inserted_primary_key[0]
            place = {"unit_id": unit, "relation": "authority", "under_id": pages.office.units["huyen"]}
            connection.execute(insert(PLACEMENT), place | {"since": LONG_AGO})
            made = {"code": f"xa-{n:03}", "name": f"Đặng Xa {n}", "locale": "vi"}
            person = connection.execute(insert(PERSON), made).inserted_primary_key[0]
            held = {"person_id": person, "unit_id": unit, "duty": "clerk", "since": LONG_AGO}
            connection.execute(insert(DUTY), held)
    with statements(pages) as many:
        first = browser.get("/office?under=huyen")
    assert len(many) == len(few)
    assert first.html.count("/office/units/") <= 100
    assert "1–50 trong tất cả 126" in first.text
    third = browser.get("/office?under=huyen&start=100")
    assert "101–126 trong tất cả 126" in third.text
    assert third.html.index("Trường xa 99<") < third.html.index("Trường xa 119<")
    assert "1–50 trong tất cả 120" in browser.get("/office?words=truong+xa&kind=school").text
    people = browser.get("/office/people?words=dang+xa")
    assert "1–50 trong tất cả 120" in people.text
    assert "Trang sau" in people.text


def test_an_address_that_nobody_would_type_is_answered_all_the_same(pages: Pages) -> None:
    browser = pages.browser("admin")
    for path in (
        "/office?start=-5",
        f"/office?start={10**30}",
        "/office?words=%0a",
        "/office/people?words=%25_%5c&unit=%01",
        f"/office/people/clerk?done={10**30}",
    ):
        assert browser.get(path).status == 200
    # No text of a database holds a NUL: an address with one is none of ours.
    assert browser.get("/office?words=%00").status == 400


def test_people_are_found_by_words_unit_and_duty(pages: Pages) -> None:
    browser = pages.browser("admin")
    found = browser.get("/office/people?unit=pgd&duty=appraiser&words=nguoi")
    assert "Người appraiser-2" in found.text
    assert "Người clerk" not in found.text
    assert "Không có đơn vị nào mang mã này" in browser.get("/office/people?unit=nowhere").text


def test_a_unit_tells_who_holds_what_and_what_it_still_owes(pages: Pages) -> None:
    pages.office.dossier_at("at_education_office")
    shown = pages.browser("admin").get("/office/units/pgd").text
    assert "Người appraiser-2 từ 01/01/2020 đang giữ" in shown
    assert "Thẩm định sơ bộ" in shown
    assert "Đang ở bàn của đơn vị 1" in shown
    assert pages.browser("admin").get("/office/units/no-such").status == 404


def test_a_duty_is_granted_and_ended_and_each_stands_in_the_history(pages: Pages) -> None:
    browser = pages.browser("admin")
    fields = {"unit": "th-mau-1", "duty": "clerk", "since": "2025-06-10", "until": ""}
    granted = browser.send("/office/people/teacher/grant", fields)
    assert (granted.status, granted.path) == (200, "/office/people/teacher")
    assert "Đã ghi: giao nhiệm vụ" in granted.text
    end = re.search(r"/office/people/teacher/duties/\d+/end", granted.html)
    assert end is not None
    ended = browser.send(end[0], {"last_day": "2025-06-30"})
    assert "Đã ghi: kết thúc nhiệm vụ" in ended.text
    assert "từ 10/06/2025 đến hết 30/06/2025" in ended.text


def test_a_refused_grant_keeps_what_was_typed_and_says_every_reason(pages: Pages) -> None:
    browser = pages.browser("admin")
    fields = {"unit": "nowhere", "duty": "clerk", "since": "2025-06-10", "until": "2025-06-01"}
    refused = browser.send("/office/people/teacher/grant", fields)
    assert refused.status == 409
    assert 'value="nowhere"' in refused.html
    assert refused.html.count("<li>") >= 2
    missing = browser.send("/office/people/teacher/grant", {"unit": "", "duty": "clerk", "since": "x"})
    assert missing.status == 409
    assert "Cần điền mục này" in missing.text
    assert "Không phải ngày" in missing.text


def test_an_invitation_is_shown_once_and_opens_its_page(pages: Pages) -> None:
    browser = pages.browser("admin")
    page = browser.get("/office/people/teacher")
    assert "Chưa có tài khoản" in page.text
    fields = {name: page.html.split(f'name="{name}" value="')[1].split('"')[0] for name in ("csrf", "key")}
    made = browser.client.post("/office/people/teacher/link", data=fields)
    assert made.status_code == 200
    assert re.search(r"http://localhost/link/[\w-]{40,}", made.text)
    again = browser.client.post("/office/people/teacher/link", data=fields)
    assert "/link/" not in again.text.replace("/office/people/teacher/link", "")
    assert "Đã mời" in browser.get("/office/people/teacher").text


def test_sign_ins_of_somebody_are_ended_by_an_administrator(pages: Pages) -> None:
    reader = pages.browser("appraiser")
    assert reader.get("/account/duties").status == 200
    browser = pages.browser("admin")
    ended = browser.send("/office/people/appraiser/sign-ins/end", page="/office/people/appraiser")
    assert "Đã ghi: kết thúc đăng nhập" in ended.text
    assert reader.get("/account/duties").path == "/sign-in"


def test_a_person_is_erased_only_with_the_code_typed_and_without_duties(pages: Pages) -> None:
    browser = pages.browser("admin")
    asked = browser.get("/office/people/teacher/erase")
    assert "không lấy lại được" in asked.text
    wrong = browser.send("/office/people/teacher/erase", {"reason": "Đơn số 3", "typed": "teacher-2"})
    assert wrong.status == 409
    assert "Chưa đúng mã cần gõ" in wrong.text
    assert "Đơn số 3" in wrong.html
    with_duty = browser.send("/office/people/clerk/erase", {"reason": "Đơn số 3", "typed": "clerk"})
    assert with_duty.status == 409
    assert "Người clerk" in browser.get("/office/people/clerk").text
    done = browser.send("/office/people/teacher/erase", {"reason": "Đơn số 3", "typed": "teacher"})
    assert "Đã ghi: xóa dữ liệu cá nhân" in done.text
    assert "Người teacher " not in done.text
    with pages.office.database.read() as connection:
        name = connection.execute(select(PERSON.c.name).where(PERSON.c.code == "teacher")).scalar()
    assert name == "teacher"


def test_an_administrator_whose_duty_has_ended_may_keep_no_office(pages: Pages) -> None:
    browser = pages.browser("admin")
    page = browser.get("/office/people/teacher/grant").html
    fields = {name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("csrf", "key")}
    with pages.office.database.write() as connection:
        connection.execute(update(DUTY).where(DUTY.c.duty == "administrator").values(until=LONG_AGO))
    given = {"unit": "th-mau-1", "duty": "clerk", "since": "2025-06-10"}
    assert browser.client.post("/office/people/teacher/grant", data=fields | given).status_code == 403
