"""A bloc head's page: dates, obligations, schools with dossiers, scores and ranks."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import event, insert, select

from casework.open_year import open_year
from models.dossier import Dossier, DossierReach
from models.unit import Placement, Unit
from tests.build import noon
from tests.web.conftest import Pages

DOSSIERS, REACH = Dossier.__table__, DossierReach.__table__


def another_school(pages: Pages, name: str, like: str) -> None:
    """One more school in the bloc, with a dossier that stands where another stands."""
    office = pages.office
    with office.database.write() as connection:
        unit = {"code": name, "kind": "school", "name": f"Trường {name}", "source": "test"}
        school = int(connection.execute(insert(Unit.__table__), unit).inserted_primary_key[0])
        for relation, under in (("authority", "huyen"), ("bloc", "khoi")):
            place = {"unit_id": school, "relation": relation, "under_id": office.units[under]}
            connection.execute(insert(Placement.__table__), {**place, "since": date(2020, 1, 1)})
        row: dict[str, Any] = dict(
            connection.execute(select(DOSSIERS).where(DOSSIERS.c.code == like)).mappings().one()
        )
        del row["id"]
        route = {desk: school if unit == row["unit_id"] else unit for desk, unit in row["route"].items()}
        row |= {"code": f"{name}.2425.1", "unit_id": school, "route": route}
        made = connection.execute(insert(DOSSIERS), row).inserted_primary_key[0]
        reach = {"unit_id": office.units["khoi"], "dossier_id": int(made)}
        connection.execute(insert(REACH), reach)


def test_a_bloc_head_sees_what_waits_and_records_score_and_rank_from_there(pages: Pages) -> None:
    code = pages.office.dossier_at("at_bloc")
    head = pages.browser("bloc-head")
    page = head.get("/blocs/khoi")
    assert page.status == 200
    assert "1 hồ sơ đang chờ khối chấm điểm" in page.text
    path = f"/dossiers/{code}/steps/record_score"
    assert path in page.html
    pages.stand("2025-05-20")
    assert head.send(path, {"points": "912,5", "rank": "1"}).path == f"/dossiers/{code}"
    page = head.get("/blocs/khoi")
    assert "912,50" in page.text
    assert "Không có hồ sơ nào chờ" in page.text
    assert path not in page.html


def test_a_bloc_page_says_what_the_bloc_owes_and_where_it_sets_its_dates(pages: Pages) -> None:
    open_year(pages.office.database, noon("2024-08-02"))
    page = pages.browser("bloc-deputy").get("/blocs/khoi")
    assert "Ký kết giao ước thi đua" in page.text
    assert "Đặt ngày riêng cho" in page.text
    assert "/calendar/2024-2025/bloc-scoring/khoi#own-dates" in page.html
    assert 'table class="cards"' in page.html


def test_a_dossier_that_never_came_to_the_bloc_is_not_on_its_page(pages: Pages) -> None:
    code = pages.office.open()
    page = pages.browser("bloc-head").get("/blocs/khoi")
    assert "Đơn vị th-mau-1" in page.text
    assert code not in page.html


def test_a_bloc_is_no_page_for_its_schools_nor_is_another_unit_a_bloc(pages: Pages) -> None:
    for person in ("clerk", "clerk-2", "teacher"):
        assert pages.browser(person).get("/blocs/khoi").status == 404
    assert pages.browser("bloc-head").get("/blocs/pgd").status == 404
    assert pages.browser("bloc-head").get("/blocs/none").status == 404
    assert pages.browser("appraiser").get("/blocs/khoi").status == 200


def test_a_bloc_of_more_schools_asks_the_database_no_more_often(pages: Pages) -> None:
    code = pages.office.dossier_at("at_bloc")
    head, counted = pages.browser("bloc-head"), []
    engine = pages.app.state.house.database.engine
    event.listen(engine, "before_cursor_execute", lambda *args: counted.append(args[2]))

    def asked() -> int:
        counted.clear()
        assert head.get("/blocs/khoi").status == 200
        return len(counted)

    asked()
    first = asked()
    for n in range(8):
        another_school(pages, f"th-them-{n}", code)
    assert asked() == first
    assert "9 hồ sơ đang chờ" in head.get("/blocs/khoi").text
