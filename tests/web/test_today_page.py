"""Today as a page: tasks by name, each with what is in its way, repeated things told once."""

from __future__ import annotations

from sqlalchemy import update

from models.nomination import Nomination
from tests.web.conftest import Pages


def test_a_task_begins_with_a_capital_and_what_its_act_brings_is_not_missing(pages: Pages) -> None:
    code = pages.office.dossier_at("at_education_office")
    shown = pages.browser("appraiser").get("/")
    assert f'<a href="/dossiers/{code}">Thẩm định</a>' in shown.html
    assert "điều chưa đủ" not in shown.text


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
