"""The page of a decision's money and its file: for whom, with what, and safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from datetime import date

from sqlalchemy import insert, update

from casework.publish import publish
from models.base import metadata
from tests.build import ROOT
from tests.web.conftest import Pages


def published(pages: Pages) -> Pages:
    text = (ROOT / "regulations" / "rulebooks" / "rs-2025.yaml").read_bytes()
    publish(pages.office.database, "rulebook", text, pages.office.call(None, "2025-08-01"))
    pages.stand("2026-01-12")
    return pages


def test_a_decisions_page_says_what_is_paid_by_which_article(pages: Pages) -> None:
    code = published(pages).office.dossier_at("decided")
    clerk = pages.browser("clerk")
    assert 'href="/decisions/1"' in clerk.get(f"/dossiers/{code}").html
    page = clerk.get("/decisions/1")
    assert page.status == 200
    for said in ("0,3 × 2.340.000 đ", "NĐ 73/2024/NĐ-CP Điều 3(2)", "710.000 đ", "không có, chỉ có tiền"):
        assert said in page.text, said
    assert "1.420.000 đ cho 2 khen thưởng" in page.text
    assert "data-prints" in page.html


def test_who_may_not_see_the_money_finds_no_page_and_no_link(pages: Pages) -> None:
    code = published(pages).office.dossier_at("decided")
    for person in ("bloc-head", "clerk-2", "teacher"):
        browser = pages.browser(person)
        assert browser.get("/decisions/1").status == 404
        assert browser.get("/decisions/1/money.csv").status == 404
    head = pages.browser("bloc-head").get(f"/dossiers/{code}")
    assert head.status == 200 and "/decisions/1" not in head.html
    assert pages.browser("admin").get("/decisions/99").status == 404


def test_the_file_holds_a_row_an_award_and_begins_no_formula(pages: Pages) -> None:
    published(pages).office.dossier_at("decided")
    person = metadata.tables["person"]
    with pages.office.database.write() as connection:
        connection.execute(update(person).where(person.c.code == "teacher").values(name="=HYPERLINK(1)"))
    answer = pages.browser("chairman").get("/decisions/1/money.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    head, *rows = csv.reader(io.StringIO(answer.html.removeprefix("\ufeff")))
    assert [row[0] for row in rows] == ["'=HYPERLINK(1)", "Người teacher-2", "Cộng"]
    assert head[9] == "Được chi"
    assert [row[9] for row in rows] == ["710000", "710000", "1420000"]


def test_a_revocation_is_filled_in_from_the_sheet_and_another_amount_asks_why(pages: Pages) -> None:
    code = published(pages).office.dossier_at("decided", "province")
    chairman = pages.browser("province-chairman")
    form = f"/dossiers/{code}/steps/revoke"
    shown = chairman.get(form)
    assert "Theo bảng tiền thưởng: 7.020.000 đ" in shown.text
    assert 'value="7020000"' in shown.html
    fields = {
        "number": "200/QĐ-UBND",
        "day": "10/01/2026",
        "signatory": "Người ký Mẫu",
        "reason": "Khai sai",
        "money": "7000000",
        "items": "Bằng",
    }
    refused = chairman.send(form, fields)
    assert refused.status == 409
    assert "khác bảng tiền thưởng (7.020.000 đ)" in refused.text and 'id="why_money-fault"' in refused.html
    done = chairman.send(form, {**fields, "why_money": "Đã nộp lại một phần"})
    assert done.status == 200
    for said in (
        "7.000.000 đ; hiện vật: Bằng",
        "bảng tiền thưởng lúc hủy: 7.020.000 đ",
        "Đã nộp lại một phần",
    ):
        assert said in done.text, said
    sheet = chairman.get("/decisions/1")
    assert "đã hủy; khi còn giữ được chi 3.510.000 đ" in sheet.text


def test_a_school_sees_what_a_school_year_pays_it_with_the_decision_of_each_line(pages: Pages) -> None:
    published(pages).office.dossier_at("decided")
    clerk = pages.browser("clerk")
    assert 'href="/schools/th-mau-1/money"' in clerk.get("/schools/th-mau-1").html
    page = clerk.get("/schools/th-mau-1/money")
    assert page.status == 200
    for said in ("Tiền thưởng năm học 2024-2025", "1.420.000 đ cho 2 khen thưởng", "Người teacher-2"):
        assert said in page.text, said
    assert page.html.count('href="/decisions/1"') == 2
    assert "Theo danh hiệu" not in page.text
    pages.office.dossier_at("decided", "province")
    page = clerk.get("/schools/th-mau-1/money")
    # With a second decision and title there are sums of each, and each line still says its own.
    for said in ("Theo danh hiệu", "Theo quyết định", "Cộng"):
        assert said in page.text, said
    assert 'href="/decisions/2"' in page.html
    none = clerk.get("/schools/th-mau-1/money?year=2020-2021")
    assert none.status == 200 and "Năm học 2020-2021 đơn vị chưa có khen thưởng" in none.text
    answer = clerk.get("/schools/th-mau-1/money.csv?year=2024-2025")
    assert 'filename="tien-thuong-th-mau-1-2024-2025.csv"' in answer.headers["content-disposition"]
    _, *rows = csv.reader(io.StringIO(answer.html.removeprefix("\ufeff")))
    assert [row[9] for row in rows][:2] == ["710000", "710000"]
    assert int(rows[-1][9]) == sum(int(row[9]) for row in rows[:-1])


def test_a_schools_money_is_for_the_school_and_the_offices_above_it(pages: Pages) -> None:
    published(pages).office.dossier_at("decided")
    for person, status in (("appraiser", 200), ("admin", 200), ("clerk-2", 404), ("bloc-head", 404)):
        browser = pages.browser(person)
        assert browser.get("/schools/th-mau-1/money").status == status, person
        assert browser.get("/schools/th-mau-1/money.csv").status == status, person
        if status == 404:
            assert "/schools/th-mau-1/money" not in browser.get("/schools/th-mau-1").html


def test_what_somebody_got_at_another_school_is_not_in_the_money_of_this_one(pages: Pages) -> None:
    published(pages).office.dossier_at("decided")
    employment, person = metadata.tables["employment"], pages.office.people["teacher-2"]
    with pages.office.database.write() as connection:
        moved = employment.update().where(employment.c.person_id == person)
        connection.execute(moved.values(until=date(2025, 12, 31)))
        there = {"person_id": person, "unit_id": pages.office.units["th-mau-2"], "since": date(2026, 1, 1)}
        connection.execute(insert(employment), there)
    assert "Người teacher-2" in pages.browser("clerk").get("/schools/th-mau-1/money").text
    other = pages.browser("clerk-2").get("/schools/th-mau-2/money")
    # The year is offered, for somebody of the school has an award of it; there is nothing to pay here.
    assert other.status == 200 and "Người teacher-2" not in other.text
    assert "Năm học 2024-2025 đơn vị chưa có khen thưởng" in other.text
