"""Today as a page: tasks by name, each with what is in its way, repeated things told once."""

from __future__ import annotations

from datetime import date

from sqlalchemy import update

from casework.access import DUTY
from models.nomination import Nomination
from tests.web.conftest import Pages
from tests.web.test_runs import note


def test_a_task_begins_with_a_capital_and_what_its_act_brings_is_not_missing(pages: Pages) -> None:
    code = pages.office.dossier_at("at_education_office")
    shown = pages.browser("appraiser").get("/")
    assert f'<a href="/dossiers/{code}">Thẩm định</a>' in shown.html
    assert "điều chưa đủ" not in shown.text


def test_whoever_has_nothing_to_do_finds_the_pages_of_the_school_and_of_the_bloc_from_today(
    pages: Pages,
) -> None:
    shown = pages.browser("clerk").get("/")
    assert "Hôm nay không có việc nào chờ" in shown.text
    assert '<a href="/schools/th-mau-1">' in shown.html and "/blocs/" not in shown.html
    assert '<a href="/blocs/khoi">' in pages.browser("bloc-head").get("/").html
    assert "/schools/" not in pages.browser("appraiser").get("/").html


def test_many_obstacles_of_one_kind_are_one_line_with_a_count(pages: Pages) -> None:
    office = pages.office
    people = ("teacher", "teacher-2", "clerk", "principal")
    code, other = office.dossier_at("at_local_decision", "local", *people), office.open("province")
    with office.database.write() as connection:
        connection.execute(
            update(Nomination)
            .where(Nomination.dossier_id == office.row(code)["id"])
            .values(rests_on_id=office.row(other)["id"])
        )
    pages.stand("2025-07-21")
    shown = pages.browser("chairman").get("/").text
    assert "Còn 1 điều chưa đủ" in shown
    assert "và 3 điều cùng loại" in shown


def test_an_administrator_sees_first_what_is_wrong_and_where_it_is_mended(pages: Pages) -> None:
    office = pages.office
    office.dossier_at("at_education_office")
    with office.database.write() as connection:
        connection.execute(update(DUTY).where(DUTY.c.duty == "appraiser").values(until=date(2025, 6, 9)))
    number = note(
        pages, "deliver", "broken_off", summary={"sent": 2, "left": 5, "stopped": "server_unreachable"}
    )
    shown = pages.browser("admin").get("/")
    assert "đã gửi: 2; còn chờ gửi: 5" in shown.text
    places = [shown.html.index(f'href="{path}"') for path in (f"/runs/{number}", "/office/units/pgd")]
    assert places == sorted(places)
    assert "1 đơn vị đang giữ 1 hồ sơ mà ở đó không ai giữ nhiệm vụ xử lý" in shown.text
    # What is wrong in the office is told to nobody else.
    assert "quản trị viên cần xem" not in pages.browser("clerk").get("/").text
