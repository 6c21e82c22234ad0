"""The list of dossiers and its file: who sees what, how far it goes, what a spreadsheet may not take for a formula."""

from __future__ import annotations

import csv
import io
import re

import pytest
from sqlalchemy import insert, update

from casework.sight import may_see, sight_of
from casework.views.bounded import COUNTED, PAGE
from casework.views.seen import EXPORTED
from documents.csv_lines import harmless
from rules.windows import local_day
from tests.build import PEOPLE, noon
from tests.web.conftest import Browser, Pages
from tests.web.many import DOSSIER, REACH, UNIT, schools_like, statements

_ROWS = re.compile(r'<a href="/dossiers/([^"?/]+)">')


def listed(browser: Browser, query: str = "") -> list[str]:
    """The codes on a page of the list."""
    return [code for code in _ROWS.findall(browser.get(f"/dossiers{query}").html) if code != "new"]


def exported(browser: Browser, query: str = "") -> list[list[str]]:
    """The rows of the file, its head left out."""
    return list(csv.reader(io.StringIO(browser.get(f"/dossiers.csv{query}").html.removeprefix("\ufeff"))))[1:]


def copies(pages: Pages, code: str, number: int) -> None:
    """Rows of dossiers like one, and where they came to: enough for lists, without their histories."""
    row = pages.office.row(code)
    made = [{**row, "id": row["id"] + 10 + n, "code": f"{code}-{n}"} for n in range(number)]
    units = {row["unit_id"], row["desk_unit_id"]}
    with pages.office.database.write() as connection:
        connection.execute(insert(DOSSIER), made)
        reached = [{"dossier_id": copy["id"], "unit_id": unit} for copy in made for unit in units]
        connection.execute(insert(REACH), reached)


def test_everybody_finds_in_list_and_file_just_what_may_be_seen(pages: Pages) -> None:
    office = pages.office
    codes = [office.dossier_at(state) for state in ("preparing", "at_bloc", "at_education_office", "decided")]
    for person in PEOPLE:
        with office.database.read() as connection:
            sight = sight_of(connection, office.people[person], local_day(noon("2025-06-10")))
            seen = {code for code in codes if may_see(connection, sight, office.row(code)["id"])}
        browser = pages.browser(person)
        assert set(listed(browser)) == seen, person
        assert {row[0] for row in exported(browser)} == seen, person
        assert set(listed(browser, "?words=mau&unit=th-mau-1")) == seen, person


def test_who_is_not_signed_in_gets_neither_list_nor_file(pages: Pages) -> None:
    for path in ("/dossiers", "/dossiers.csv?words=mau", "/queue", "/queue/bulk/return/done?key=k&dossier=x"):
        answer = pages.browser().client.get(path, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/sign-in")


def test_who_sees_nothing_reads_what_will_be_there(pages: Pages) -> None:
    assert "Chưa có hồ sơ nào. Ông/Bà sẽ thấy ở đây" in pages.browser("clerk-2").get("/dossiers").text


def test_a_new_dossier_is_offered_to_those_who_hold_a_duty_of_a_school(pages: Pages) -> None:
    offered = {
        person: 'href="/dossiers/new"' in pages.browser(person).get("/dossiers").html for person in PEOPLE
    }
    assert {person for person, offer in offered.items() if offer} == {"clerk", "clerk-2", "principal"}


def test_the_list_is_counted_to_a_thousand_and_ends_there(pages: Pages) -> None:
    code = pages.office.dossier_at("at_education_office")
    browser = pages.browser("appraiser")
    copies(pages, code, COUNTED - 1)
    assert "1.000 hồ sơ" in browser.get("/dossiers").text
    copies(pages, f"{code}-{COUNTED - 2}", 1)
    shown = browser.get("/dossiers")
    assert "hơn 1.000 hồ sơ" in shown.text
    assert len(_ROWS.findall(shown.html)) == PAGE
    last = browser.get("/dossiers?page=20")
    assert len(_ROWS.findall(last.html)) == PAGE
    assert "Danh sách dừng ở 1.000 hồ sơ" in last.text
    assert "page=21" not in last.html
    assert browser.get("/dossiers?page=999").html.count("<tr>") == last.html.count("<tr>")


def test_a_file_ends_at_its_bound_and_says_so(pages: Pages) -> None:
    code = pages.office.dossier_at("at_education_office")
    browser = pages.browser("appraiser")
    copies(pages, code, EXPORTED - 1)
    whole = exported(browser)
    assert (len(whole), len({row[0] for row in whole})) == (EXPORTED, EXPORTED)
    copies(pages, f"{code}-{EXPORTED - 2}", 1)
    cut = exported(browser)
    assert len(cut) == EXPORTED + 1
    assert cut[-1] == ["Tệp dừng ở 5.000 hồ sơ; xin lọc bớt rồi tải lại để có các hồ sơ còn lại."]


def test_a_file_holds_the_same_filter_and_opens_in_a_spreadsheet(pages: Pages) -> None:
    code = pages.office.dossier_at("at_education_office")
    pages.office.dossier_at("decided")
    answer = pages.browser("appraiser").get("/dossiers.csv?desk=education_office")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="ho-so-2025-06-10.csv"'
    head, *found = answer.html.split("\r\n")
    assert head.startswith("\ufeffMã hồ sơ,Mã đơn vị,Đơn vị,")
    assert [line.split(",")[0] for line in found] == [code, ""]
    assert "thẩm định,Phòng Giáo dục và Đào tạo,Đơn vị pgd,2025-06-30,2," in found[0]
    refused = pages.browser("appraiser").get("/dossiers.csv?unit=nowhere")
    assert refused.status == 409


@pytest.mark.parametrize(
    "name",
    [
        '=HYPERLINK("http://evil.example","Trường")',
        "+1+1",
        "-2+3",
        "@SUM(A1)",
        "\t=1+1",
        "\r=1+1",
        "  =1+1",
        "＝1+1",
    ],
)
def test_no_cell_of_a_file_begins_to_calculate(pages: Pages, name: str) -> None:
    pages.office.dossier_at("preparing")
    with pages.office.database.write() as connection:
        connection.execute(update(UNIT).where(UNIT.c.code == "th-mau-1").values(name=name))
    (row,) = exported(pages.browser("clerk"))
    assert row[2] == f"'{name}"


def test_numbers_and_plain_words_stay_as_they_are() -> None:
    assert [harmless(value) for value in (-3, 12, None, "Trường A - B", "")] == [
        "-3",
        "12",
        "",
        "Trường A - B",
        "",
    ]


@pytest.mark.parametrize("path", ["/dossiers", "/dossiers.csv"])
def test_the_statements_do_not_grow_with_the_rows(pages: Pages, path: str) -> None:
    office, browser = pages.office, pages.browser("appraiser")
    code, other = office.dossier_at("at_education_office"), office.dossier_at("at_education_office")
    browser.get(path)
    counts = []
    for like, more in ((code, 3), (other, 55)):
        schools_like(office, like, more)
        with statements(pages) as asked:
            browser.get(path)
        counts.append(len(asked))
    assert counts[0] == counts[1]
