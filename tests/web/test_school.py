"""A school's clerk: opening a dossier, listing people row by row, the school's own page."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, event, insert

from casework.nominate import strike
from casework.publish import publish
from casework.views.eligibility_lacks import LINES
from models.dossier import Dossier
from models.person import Employment, Person
from tests.build import ROOT
from tests.web.conftest import Answer, Browser, Pages

DOSSIERS = Dossier.__table__
_FIELD = re.compile(r'<input[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"([^>]*)')


def hired(pages: Pages, code: str, name: str, unit: str = "th-mau-1", until: date | None = None) -> int:
    """Somebody more whom a school employs."""
    with pages.office.database.write() as connection:
        made = connection.execute(insert(Person.__table__), {"code": code, "name": name, "locale": "vi"})
        person = int(made.inserted_primary_key[0])
        row = {
            "person_id": person,
            "unit_id": pages.office.units[unit],
            "since": date(2020, 1, 1),
            "until": until,
        }
        connection.execute(insert(Employment.__table__), row)
    pages.office.people[code] = person
    return person


def look(browser: Browser, code: str, rows: str, **options: Any) -> Answer:
    """Paste a list and look at it."""
    return browser.send(f"/dossiers/{code}/nominations", {"list": rows}, **options)


def shown_fields(answer: Answer) -> dict[str, Any]:
    """The fields of the list that is looked at, as a browser would send them."""
    part = answer.html.split("look-at", 1)[1].split("</table>")[0]
    fields: dict[str, Any] = {"keep": []}
    for name, value, rest in _FIELD.findall(part):
        if name == "keep":
            fields["keep"] += [value] if "checked" in rest else []
        else:
            fields[name] = value
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', part, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        fields[name] = chosen[1] if chosen else ""
    return fields


def standing(pages: Pages, code: str) -> int:
    return len(pages.office.nominations(code))


def test_a_clerk_opens_a_dossier_from_what_can_work_and_goes_on_to_its_people(pages: Pages) -> None:
    browser = pages.browser("clerk")
    form = browser.get("/dossiers/new")
    assert form.status == 200
    assert "three-tier-2024|2024-2025|local" in form.html
    assert "2025-2026" not in form.html
    done = browser.send("/dossiers/new", {"unit": "th-mau-1", "choice": "three-tier-2024|2024-2025|province"})
    assert done.path == "/dossiers/th-mau-1.2425.1/nominations"
    assert "Đã ghi: lập hồ sơ" in done.text
    assert pages.office.row("th-mau-1.2425.1")["level"] == "province"
    assert "đã có th-mau-1.2425.1" in browser.get("/dossiers/new").text


def test_an_opening_without_a_choice_or_with_a_made_up_one_opens_nothing(pages: Pages) -> None:
    browser = pages.browser("clerk")
    assert browser.send("/dossiers/new", {}).status == 409
    made_up = {"unit": "th-mau-1", "choice": "three-tier-2024|1999-2000|local"}
    refused = browser.send("/dossiers/new", made_up)
    assert refused.status == 409
    assert "Chưa có gì thay đổi" in refused.text
    other = browser.send("/dossiers/new", {"choice": "three-tier-2024|2024-2025|local", "unit": "th-mau-2"})
    assert other.status == 409
    with pages.office.database.read() as connection:
        assert connection.execute(DOSSIERS.select()).all() == []


def test_who_holds_no_duty_of_a_school_is_told_who_opens_dossiers(pages: Pages) -> None:
    for person in ("appraiser", "teacher", "bloc-head"):
        answer = pages.browser(person).get("/dossiers/new")
        assert answer.status == 403
        assert "văn thư phụ trách thi đua" in answer.text


def test_a_pasted_list_is_looked_at_row_by_row_and_nothing_is_written(pages: Pages) -> None:
    code = pages.office.open()
    hired(pages, "gv-1", "Trần Thị Lan")
    hired(pages, "gv-2", "Trần Thị Lan")
    pages.office.nominate(code, "teacher-2")
    rows = (
        "Mã\tDanh hiệu\nteacher\tLĐTT\nTrần Thị Lan\tLĐTT\nNgười Lạ\tLĐTT\nclerk-2\tLDTT\n"
        "principal\tABC\nteacher\tLDTT\nteacher-2\tLao động tiên tiến\nclerk\tCSTĐ tỉnh\nTập thể\tTTLĐTT"
    )
    seen = look(pages.browser("clerk"), code, rows)
    assert seen.status == 200
    assert "ghi được 2 trên 9 dòng" in seen.text
    assert seen.text.count("không tìm thấy người này ở trường") == 2
    for words in ("chọn đúng người", "không rõ danh hiệu", "trùng dòng trên", "chưa ghi được"):
        assert words in seen.text
    # A title of another level stands in no choice of this dossier: what was typed is said beside it.
    assert "đã ghi là “CSTĐ tỉnh”" in seen.text
    assert "Người clerk-2" not in seen.text
    assert standing(pages, code) == 1


def test_the_good_rows_are_written_in_one_act_and_the_rest_is_listed_again(pages: Pages) -> None:
    code = pages.office.open()
    browser = pages.browser("clerk")
    seen = look(browser, code, "teacher;LĐTT\nNgười principal;CSTĐCS\nNgười Lạ;LĐTT")
    written = browser.send(f"/dossiers/{code}/nominations", shown_fields(seen) | {"do": "write"})
    assert written.status == 200
    assert "Đã ghi: thêm đề cử" in written.text
    assert "Người Lạ" in written.html
    assert standing(pages, code) == 2
    assert pages.office.row(code)["version"] == 2
    rest = shown_fields(written)
    assert [rest[f"who-{n}"] for n in rest["keep"]] == ["Người Lạ"]


def test_a_row_that_was_mended_is_looked_at_again_before_it_is_written(pages: Pages) -> None:
    code = pages.office.open()
    browser = pages.browser("clerk")
    fields = shown_fields(look(browser, code, "Người Lạ;LĐTT"))
    mended = fields | {"who-1": "teacher", "title-1": "LDTT", "do": "write"}
    again = browser.send(f"/dossiers/{code}/nominations", mended)
    assert (again.status, standing(pages, code)) == (200, 0)
    done = browser.send(f"/dossiers/{code}/nominations", shown_fields(again) | {"do": "write"})
    assert done.path == f"/dossiers/{code}/nominations"
    assert "Đã ghi: thêm đề cử" in done.text
    assert standing(pages, code) == 1


def test_of_several_of_one_name_the_one_that_was_chosen_is_nominated(pages: Pages) -> None:
    code = pages.office.open()
    hired(pages, "gv-1", "Trần Thị Lan")
    second = hired(pages, "gv-2", "Trần Thị Lan")
    hired(pages, "gv-3", "Lê Thị Hóa")
    browser = pages.browser("clerk")
    seen = look(browser, code, "trần thị  lan;LĐTT\nLe Thi Hoa;LĐTT")
    assert "ghi được 0 trên 2 dòng" in seen.text
    fields = shown_fields(seen) | {"title-1": "LDTT", "title-2": "LDTT", "keep": ["1"]}
    done = browser.send(f"/dossiers/{code}/nominations", fields | {"person-1": "gv-2", "do": "write"})
    assert "Đã ghi: thêm đề cử" in done.text
    (number,) = pages.office.nominations(code)
    assert f"/nominations/{number}/strike" in done.html
    with pages.office.database.read() as connection:
        row = connection.exec_driver_sql(f"SELECT person_id FROM nomination WHERE id = {number}").one()
    assert row.person_id == second


@pytest.mark.parametrize("body", ["teacher,LĐTT\r\n".encode("utf-8-sig"), "teacher;LĐTT\n".encode()])
def test_a_csv_file_is_read_with_and_without_the_mark_of_spreadsheets(pages: Pages, body: bytes) -> None:
    code = pages.office.open()
    files = {"file": ("danh-sach.csv", body, "text/csv")}
    seen = pages.browser("clerk").send(f"/dossiers/{code}/nominations", {}, files=files)
    assert "ghi được 1 trên 1 dòng" in seen.text


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("Nguyễn Văn Ân;LĐTT".encode("utf-16"), "không ở dạng UTF-8"),
        ("Trâ\u0300n Ân;LDTT".encode("cp1258"), "CSV UTF-8"),
        (b"a;LDTT\n" * 501, "Quá nhiều dòng"),
        (b"x" * 1_000_001, "Tệp quá lớn"),
        (b"", "Cần điền mục này"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_words_and_nothing_is_written(
    pages: Pages, body: bytes, words: str
) -> None:
    code = pages.office.open()
    files = {"file": ("danh-sach.csv", body, "text/csv")}
    refused = pages.browser("clerk").send(f"/dossiers/{code}/nominations", {}, files=files)
    assert refused.status == 409
    assert words in refused.text


def test_what_is_typed_into_a_list_is_shown_as_text_only(pages: Pages) -> None:
    code = pages.office.open()
    seen = look(pages.browser("clerk"), code, '<script>x</script>;"><b>')
    assert "<script>x" not in seen.html
    assert "&lt;script&gt;x" in seen.html


def test_last_years_list_is_offered_without_those_who_left(pages: Pages) -> None:
    last = pages.office.open()
    hired(pages, "gv-9", "Người Đã Chuyển", until=date(2025, 3, 1))
    pages.office.nominate(last, "teacher", "teacher-2", "gv-9")
    strike(
        pages.office.database,
        last,
        pages.office.nominations(last)[1:2],
        pages.office.call("clerk", "2024-09-10"),
    )
    code = pages.office.open(day="2025-06-01")
    with pages.office.database.write() as connection:
        connection.execute(DOSSIERS.update().where(DOSSIERS.c.code == last).values(school_year="2023-2024"))
    browser = pages.browser("clerk")
    page = browser.get(f"/dossiers/{code}/nominations")
    assert "năm học 2023-2024: 1 đề cử" in page.text
    assert "Không tính 1 đề cử" in page.text
    seen = browser.send(f"/dossiers/{code}/nominations", {"again": "teacher|LDTT"})
    assert "ghi được 1 trên 1 dòng" in seen.text


def test_a_nomination_is_taken_back_by_a_link_and_a_confirmation(pages: Pages) -> None:
    code = pages.office.open()
    (number,) = pages.office.nominate(code, "teacher")
    browser = pages.browser("clerk")
    path = f"/dossiers/{code}/nominations/{number}/strike"
    assert path in browser.get(f"/dossiers/{code}/nominations").html
    done = browser.send(path)
    assert "Đã ghi: rút đề cử" in done.text
    assert "Đã có trong hồ sơ: 0" in done.text
    assert browser.get(path).status == 404


def test_others_see_the_nominations_but_neither_the_forms_nor_the_people(pages: Pages) -> None:
    code = pages.office.dossier_at("at_education_office")
    page = pages.browser("appraiser").get(f"/dossiers/{code}/nominations")
    assert page.status == 200
    assert "datalist" not in page.html
    assert "Hiện không thêm được đề cử" in page.text
    assert (
        pages.browser("appraiser").send(f"/dossiers/{code}/nominations", {"list": "clerk;LDTT"}).status == 404
    )
    assert pages.browser("clerk-2").get(f"/dossiers/{code}/nominations").status == 404


def test_a_schools_page_says_where_its_dossiers_stand_and_what_they_lack(pages: Pages) -> None:
    code = pages.office.open(level="province")
    page = pages.browser("clerk").get("/schools/th-mau-1")
    assert page.status == 200
    for words in (code, "Năm học 2024-2025", "Chưa có đề cử nào", "còn thiếu", "Lập hồ sơ mới"):
        assert words in page.text
    assert "Người teacher-2" in page.text
    found = pages.browser("clerk").get("/schools/th-mau-1?people=TEACHER-2").text
    assert "Người teacher-2" in found
    assert "Người school-council" not in found


def test_a_schools_page_shows_its_people_to_nobody_above_it_and_nothing_to_others(pages: Pages) -> None:
    for person in ("bloc-head", "appraiser", "chairman"):
        page = pages.browser(person).get("/schools/th-mau-1")
        assert page.status == 200
        assert "teacher" not in page.html
    for person in ("clerk-2", "teacher"):
        assert pages.browser(person).get("/schools/th-mau-1").status == 404
    assert pages.browser("clerk").get("/schools/khoi").status == 404


def test_a_longer_list_of_people_asks_the_database_no_more_often(pages: Pages) -> None:
    code = pages.office.open()
    browser = pages.browser("clerk")
    counted: list[str] = []
    engine = pages.app.state.house.database.engine
    event.listen(engine, "before_cursor_execute", lambda *args: counted.append(args[2]))

    def asked(rows: int) -> int:
        counted.clear()
        text = "\n".join(f"gv-{n};LĐTT" for n in range(rows))
        answer = look(browser, code, text)
        assert f"ghi được {rows} trên {rows} dòng" in answer.text
        return len(counted)

    for n in range(40):
        hired(pages, f"gv-{n}", f"Người Thứ {n}")
    asked(1)
    assert asked(40) == asked(2)


def publish_rules(pages: Pages) -> None:
    text = (ROOT / "regulations" / "rulebooks" / "rs-2024.yaml").read_bytes()
    publish(pages.office.database, "rulebook", text, pages.office.call(None, "2024-09-01"))


def asked_of_database(pages: Pages, path: str) -> int:
    """How many statements a page asks once everything that a process keeps is kept."""
    browser = pages.browser("clerk")
    assert browser.get(path).status == 200
    asked: list[str] = []

    def note(*given: Any) -> None:
        asked.append(given[2])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert browser.get(path).status == 200
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return len(asked)


def test_a_draft_says_what_the_rules_still_miss_for_each_nomination(pages: Pages) -> None:
    publish_rules(pages)
    code = pages.office.open()
    numbers = pages.office.nominate(code, "teacher", "teacher-2")
    for path in ("/schools/th-mau-1", f"/dossiers/{code}"):
        page = pages.browser("clerk").get(path)
        for number in numbers:
            assert f'href="/dossiers/{code}/nominations/{number}/eligibility"' in page.html
        assert f'href="/dossiers/{code}/eligibility"' in page.html
        assert page.text.count("Luật 06/2022/QH15 Điều 24(1)") == len(numbers)
        assert "chưa đủ căn cứ" in page.text
    # Whatever lies at a desk is the desk's: its sheet tells what is open.
    at_desk = pages.office.dossier_at("at_education_office")
    assert "Quy định còn thiếu gì" not in pages.browser("clerk").get(f"/dossiers/{at_desk}").text


def test_what_the_rules_miss_takes_a_bounded_number_of_statements(pages: Pages) -> None:
    code = pages.office.open()
    pages.office.nominate(code, "teacher")
    paths = ("/schools/th-mau-1", f"/dossiers/{code}")
    before = [asked_of_database(pages, path) for path in paths]
    publish_rules(pages)
    few = [asked_of_database(pages, path) for path in paths]
    for number in range(30):
        hired(pages, f"further-{number}", f"Người thêm {number}")
        pages.office.nominate(code, f"further-{number}")
    many = [asked_of_database(pages, path) for path in paths]
    assert many == few
    assert all(now - then <= 15 for now, then in zip(many, before, strict=True)), (before, many)
    page = pages.browser("clerk").get(paths[1])
    # Twelve lines and a word of the others.
    assert len(re.findall(r'/nominations/\d+/eligibility"', page.html)) == LINES
    assert "và 19 đề nghị nữa" in page.text
