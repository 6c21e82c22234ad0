"""Movements as pages: launched, answered, reviewed, ended; who sees what; where what they ask for is linked."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import insert

from casework.views.planning import OFFERED
from models.unit import Placement, Unit
from tests.documents.paper_bytes import pdf
from tests.movements.cascade import EDUCATION, SCHOOL, TOP, cascade
from tests.web.conftest import Pages

PAGE = f"/movements/{EDUCATION.code}"
PLAN = {
    "theme": "Dạy tốt, học tốt",
    "number": "31/KH-PGDĐT",
    "dated": "03/02/2025",
    "since": "10/02/2025",
    "until": "31/05/2025",
    "code": "day-tot-2025",
}
SIGNED = ("Kế hoạch.pdf", pdf("kế hoạch"), "application/pdf")


def launched(pages: Pages, levels: int = 3, day: str = "2025-02-05") -> None:
    cascade(pages.office, levels)
    pages.stand(day)


def rows(pages: Pages, table: str) -> list[dict[str, Any]]:
    with pages.office.database.read() as connection:
        return [dict(r) for r in connection.exec_driver_sql(f"SELECT * FROM {table}").mappings()]


def test_an_office_launches_a_movement_for_a_kind_of_unit_and_it_is_owed(pages: Pages) -> None:
    pages.stand("2025-02-05")
    head = pages.browser("office-head")
    form = head.get("/movements/new")
    # The only unit of hers is meant; the two schools stand below, the offices beside do not.
    assert "Trường: tất cả 2 đơn vị" in form.text
    assert "interior_office" not in form.html
    asked = {"unit": "pgd", "kinds": ["school"], "answer_by": "20/02/2025", "review_by": "15/06/2025"}
    answer = head.send("/movements/new", PLAN | asked, files={"paper": SIGNED})
    assert (answer.status, answer.path) == (200, "/movements/day-tot-2025")
    assert "0/2 đơn vị đã hưởng ứng" in answer.text
    assert "còn 15 ngày" in answer.text.casefold()
    assert [row["unit_id"] for row in rows(pages, "movement_call")] == [
        pages.office.units[code] for code in ("th-mau-1", "th-mau-2")
    ]
    assert head.client.get("/movements/day-tot-2025/paper").content == SIGNED[1]


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(pages: Pages) -> None:
    pages.stand("2025-02-05")
    head = pages.browser("office-head")
    wrong = {"code": "Dạy tốt", "until": "01/01/2025", "units": ["th-mau-2"], "unit": "pgd"}
    page = head.send("/movements/new", PLAN | wrong)
    # Days are asked of a plan that asks somebody.
    assert page.status == 409
    assert 'id="answer_by-fault"' in page.html
    wrong |= {"answer_by": "20/02/2025", "review_by": "19/02/2025"}
    page = head.send("/movements/new", PLAN | wrong)
    assert page.status == 409
    for field in ("code", "until", "review_by"):
        assert f'id="{field}-fault"' in page.html, field
    assert 'id="theme-fault"' not in page.html
    assert 'value="th-mau-2" checked' in page.html
    assert rows(pages, "movement") == []


def test_a_paper_that_is_none_is_refused_at_its_field(pages: Pages) -> None:
    pages.stand("2025-02-05")
    files = {"paper": ("Kế hoạch.pdf", b"not a paper", "application/pdf")}
    page = pages.browser("office-head").send("/movements/new", PLAN | {"unit": "pgd"}, files=files)
    assert (page.status, 'id="paper-fault"' in page.html) == (409, True)
    assert rows(pages, "movement") == []


def test_a_school_finds_what_is_asked_of_it_on_its_first_page_and_answers(pages: Pages) -> None:
    launched(pages)
    clerk = pages.browser("clerk")
    assert f'href="{PAGE}"' in clerk.get("/").html
    page = clerk.get(PAGE)
    assert f"/movements/new?answers={EDUCATION.code}&amp;unit=th-mau-1" in page.html
    form = clerk.get(f"/movements/new?answers={EDUCATION.code}&unit=th-mau-1")
    assert EDUCATION.theme in form.text
    assert f'value="{EDUCATION.code}-th-mau-1"' in form.html
    given = PLAN | {"unit": "th-mau-1", "answers": EDUCATION.code, "code": SCHOOL.code}
    answer = clerk.send(
        "/movements/new", given, page=f"/movements/new?answers={EDUCATION.code}&unit=th-mau-1"
    )
    assert answer.path == f"/movements/{SCHOOL.code}"
    page = clerk.get(PAGE)
    assert "1/2 đơn vị đã hưởng ứng" in page.text
    assert "new?answers" not in page.html
    assert "/reviews/th-mau-1" in page.html
    assert f'href="{PAGE}"' not in clerk.get("/").html, "nobody reviews what still runs"
    pages.stand("2025-06-10")
    assert f'href="{PAGE}"' in clerk.get("/").html, "the review is owed soon"


def test_who_has_not_answered_stands_first_with_days_left_an_extension_in_them(pages: Pages) -> None:
    launched(pages, 4)
    head = pages.browser("office-head")
    page = head.get(PAGE)
    assert page.text.index("Đơn vị th-mau-2") < page.text.index("Đơn vị th-mau-1")
    assert "chưa hưởng ứng" in page.text
    assert SCHOOL.number in page.text
    link = f"/calendar/movement-{EDUCATION.code}/answer-school/th-mau-2"
    assert link in page.html
    granted = head.send(f"{link}/extend", {"until": "05/03/2025", "extend_reason": "Sửa trường."}, page=link)
    assert granted.status == 200
    assert "05/03/2025" in head.get(PAGE).text


def test_the_obligation_says_where_it_is_met_instead_of_taking_a_word(pages: Pages) -> None:
    launched(pages)
    link = f"/calendar/movement-{EDUCATION.code}/answer-school/th-mau-1"
    page = pages.browser("clerk").get(link)
    assert f'href="{PAGE}"' in page.html
    assert "/fulfil" not in page.html
    # The bloc sees what its school owes; the movement is none of the bloc's.
    page = pages.browser("bloc-head").get(link)
    assert (page.status, f'href="{PAGE}"' in page.html) == (200, False)
    assert pages.browser("bloc-head").get(PAGE).status == 404


def test_a_review_is_written_once_and_read_by_its_unit_and_those_above(pages: Pages) -> None:
    launched(pages, 4, "2025-06-02")
    clerk, text = pages.browser("clerk"), "Mười hai giáo viên có đổi mới."
    path = f"{PAGE}/reviews/th-mau-1"
    page = clerk.send(path, {"reviewed_on": "03/06/2025", "review": text})
    assert (page.status, 'id="reviewed_on-fault"' in page.html) == (409, True)
    files = {"paper": ("Tổng kết.pdf", pdf("tổng kết"), "application/pdf")}
    page = clerk.send(path, {"reviewed_on": "30/05/2025", "review": text}, files=files)
    assert (page.path, text in page.text) == (PAGE, True)
    assert clerk.get(path).path == PAGE, "nothing is left to be reviewed"
    sees = {p: pages.browser(p).get(PAGE).text.count(text) for p in ("office-head", "chairman", "clerk-2")}
    assert sees == {"office-head": 1, "chairman": 1, "clerk-2": 0}
    got = {p: pages.browser(p).get(f"{path}/paper").status for p in ("office-head", "clerk", "clerk-2")}
    assert got == {"office-head": 200, "clerk": 200, "clerk-2": 404}


def test_no_link_of_a_movement_leads_where_its_reader_may_not_go(pages: Pages) -> None:
    launched(pages, 4)
    # The school sees from where the plan came; the district's page is none of its own.
    page = pages.browser("clerk").get(f"/movements/{SCHOOL.code}")
    assert TOP.number in page.text
    assert f'href="/movements/{TOP.code}"' not in page.html
    assert f'href="{PAGE}"' in page.html
    # The other school sees that this one answered, and not with what.
    other = pages.browser("clerk-2").get(PAGE)
    assert SCHOOL.number in other.text
    assert f'href="/movements/{SCHOOL.code}"' not in other.html
    assert pages.browser("clerk-2").get(f"/movements/{SCHOOL.code}").status == 404


def test_a_movement_is_ended_with_a_reason_by_who_launched_it(pages: Pages) -> None:
    launched(pages)
    assert f"{PAGE}/end" not in pages.browser("clerk").get(PAGE).html
    head = pages.browser("office-head")
    assert head.send(f"{PAGE}/end", {}, page=PAGE).status == 409
    page = head.send(f"{PAGE}/end", {"reason": "Chuyển đợt mới"}, page=PAGE)
    assert (page.path, "Chuyển đợt mới" in page.text, f"{PAGE}/end" in page.html) == (PAGE, True, False)
    assert "chưa hưởng ứng" in page.text
    page = pages.browser("clerk").send(f"{PAGE}/end", {"reason": "x"}, page=PAGE)
    assert page.status == 409


def test_the_list_begins_with_what_runs_and_counts_who_has_not_answered(pages: Pages) -> None:
    launched(pages, 3, "2025-03-01")
    head = pages.browser("office-head")
    later = PLAN | {"unit": "pgd", "dated": "28/02/2025", "since": "01/04/2025", "until": "30/04/2025"}
    head.send("/movements/new", later)
    page = head.get("/movements")
    assert page.text.index(EDUCATION.theme) < page.text.index(PLAN["theme"])
    assert "2 đơn vị chưa hưởng ứng" in page.text
    assert "Phong trào" in page.html
    assert 'href="/movements"' not in pages.browser("teacher").get("/").html


def test_a_long_list_of_units_is_named_by_codes(pages: Pages) -> None:
    add_schools(pages, OFFERED)
    pages.stand("2025-02-05")
    head = pages.browser("office-head")
    page = head.get("/movements/new")
    assert page.html.count('name="units"') == OFFERED
    asked = {
        "unit": "pgd",
        "more_units": "them-1\nkhong-co",
        "answer_by": "20/02/2025",
        "review_by": "15/06/2025",
    }
    refused = head.send("/movements/new", PLAN | asked)
    assert (refused.status, 'id="more_units-fault"' in refused.html) == (409, True)
    assert head.send("/movements/new", PLAN | asked | {"more_units": "them-1, them-2"}).status == 200
    assert len(rows(pages, "movement_call")) == 2


def add_schools(pages: Pages, count: int) -> None:
    """Further schools under the district."""
    with pages.office.database.write() as connection:
        for n in range(1, count + 1):
            unit = {"code": f"them-{n}", "kind": "school", "name": f"Trường thêm {n}", "source": "test"}
            made = connection.execute(insert(Unit.__table__), unit).inserted_primary_key[0]
            place = {"unit_id": made, "relation": "authority", "under_id": pages.office.units["huyen"]}
            connection.execute(insert(Placement.__table__), {**place, "since": date(2020, 1, 1)})


def test_a_school_puts_its_teacher_forward_in_the_movement_that_it_answered(pages: Pages) -> None:
    launched(pages, levels=4, day="2025-03-03")
    code = pages.office.open("province")
    clerk, form = pages.browser("clerk"), f"/dossiers/{code}/nominations"
    page = clerk.get(form)
    assert "Phong trào làm căn cứ" in page.text and f'value="{TOP.code}"' in page.html
    # Looked at without it the row is held back, and the movement can be chosen beside it.
    typed = {"line_title": "BKT-CD", "line-0": "teacher"}
    seen = clerk.send(form, typed)
    assert "chỉ xét trong một phong trào thi đua" in seen.text and 'name="movement-1"' in seen.html
    seen = clerk.send(form, typed | {"line_movement": TOP.code})
    assert f"Trong phong trào: {TOP.theme}" in seen.text
    again = {"keep": "1", "who-1": "teacher", "title-1": "BKT-CD", "movement-1": TOP.code}
    mark = {"seen-1": f"teacher|BKT-CD|{TOP.code}", "do": "write"}
    written = clerk.send(form, again | mark)
    assert (written.status, written.path) == (200, form)
    shown = clerk.get(f"/dossiers/{code}")
    assert f"Trong phong trào: {TOP.theme}" in shown.text and "đơn vị chưa tổng kết" in shown.text
    # The school is asked by the office, not by the province: it knows of that plan and does not see its page.
    assert f'href="/movements/{TOP.code}"' not in shown.html
    assert "Người teacher" in clerk.get(f"/movements/{EDUCATION.code}/reviews/th-mau-1").text
    # The plan with which the school took part lists it, too.
    assert "Người teacher" in clerk.get(f"/movements/{SCHOOL.code}").text


def test_a_movement_is_named_and_taken_away_on_the_dossiers_own_page(pages: Pages) -> None:
    launched(pages, levels=4, day="2025-03-03")
    code = pages.office.open()
    (number,) = pages.office.nominate(code, "teacher", title="GK", day="2025-03-03")
    clerk, act = pages.browser("clerk"), f"/dossiers/{code}/acts/name_movement"
    assert f'href="{act}"' in clerk.get(f"/dossiers/{code}").html
    done = clerk.send(act, {"nomination": number, "movement": EDUCATION.code})
    assert done.path == f"/dossiers/{code}" and f'href="/movements/{EDUCATION.code}"' in done.html
    assert "Người teacher" in clerk.get(PAGE).text
    assert "Người teacher" not in pages.browser("clerk-2").get(PAGE).text
    assert f"Trong phong trào {EDUCATION.theme}" in clerk.get(f"/dossiers/{code}").text
    done = clerk.send(act, {"nomination": number, "movement": ""})
    assert "Trong phong trào:" not in done.text
