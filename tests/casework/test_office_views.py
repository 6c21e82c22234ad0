"""What the pages about the office read, on both databases."""

from __future__ import annotations

from datetime import date

from sqlalchemy import insert, update

from casework.duties import delegate
from casework.extend_window import extend_window
from casework.people import PERSON, UNIT
from casework.publish import publish
from casework.regulations import calendar_by_hash, newest
from casework.routing import PLACEMENT
from casework.views.at_unit import at_unit
from casework.views.colleagues import colleagues_of
from casework.views.ended import ended_offices, goes_to
from casework.views.folding import in_vietnamese_order
from casework.views.office import list_people
from casework.views.plan import extensions_of, plan_of
from casework.views.proposed import looked_at
from casework.views.published import newest_published, open_under_older, versions_of
from casework.views.unit_tree import units_at, units_found
from tests.build import LONG_AGO, ROOT, Office, noon

DAY = date(2025, 6, 10)
CALENDAR = (ROOT / "regulations/calendars/2024-2025.yaml").read_bytes()


def test_units_and_people_are_found_without_marks_on_every_database(office: Office) -> None:
    with office.database.write() as connection:
        for code, name in (("x-1", "Đặng Thị Ước"), ("x-2", "ĐẶNG THỊ ÚT"), ("x-3", "Đinh_Ư% Mẫu")):
            connection.execute(insert(PERSON), {"code": code, "name": name, "locale": "vi"})
    with office.database.read() as connection:
        found, total = list_people(connection, DAY, name="dang u", limit=1, start=1)
        assert ([row["code"] for row in found], total) == (["x-2"], 2)
        assert [row["code"] for row in list_people(connection, DAY, name="u%")[0]] == ["x-3"]
        assert list_people(connection, DAY, name="%")[1] == 1
        found = units_found(connection, DAY, "DON vi MAU-1")
        (row,) = found.rows
        assert (found.total, row["under"]["name"], row["bloc"]["code"]) == (1, "Đơn vị huyen", "khoi")
        assert units_found(connection, DAY, "mau", "bloc").rows == []
        every = units_found(connection, DAY, limit=3)
        assert (len(every.rows), every.total) == (3, len(office.units))
        assert units_found(connection, DAY, "[.*").total == units_found(connection, DAY, "%").total == 0


def test_each_level_of_units_leads_to_the_one_below_and_back(office: Office) -> None:
    with office.database.read() as connection:
        seen, levels = set(), [None]
        while levels:
            opened = levels.pop()
            level = units_at(connection, DAY, opened)
            assert [step["code"] for step in level.path][-1:] == ([opened] if opened else [])
            assert len(level.rows) == level.total
            seen |= {row["code"] for row in level.rows}
            levels += [row["code"] for row in level.rows if row["below"]]
        assert seen == set(office.units)
        (school,) = (row for row in units_at(connection, DAY, "huyen").rows if row["code"] == "th-mau-1")
        assert (school["bloc"]["code"], school["below"]) == ("khoi", 0)
        assert [step["code"] for step in units_at(connection, DAY, "huyen").path] == ["tinh", "huyen"]


def test_units_in_a_circle_are_found_and_end_no_search_in_vain(office: Office) -> None:
    with office.database.write() as connection:
        top, below = office.units["tinh"], office.units["huyen"]
        placed = {"unit_id": top, "relation": "authority", "under_id": below, "since": LONG_AGO}
        connection.execute(insert(PLACEMENT), placed)
    with office.database.read() as connection:
        assert "tinh" not in {row["code"] for row in units_at(connection, DAY).rows}
        assert {step["code"] for step in units_at(connection, DAY, "huyen").path} == {"tinh", "huyen"}
        assert "tinh" in {row["code"] for row in units_found(connection, DAY, "don vi tinh").rows}


def test_names_stand_in_the_order_of_the_vietnamese_alphabet() -> None:
    names = [
        "Ấp Bắc",
        "Đức Hòa",
        "An Bình",
        "Âu Cơ",
        "Dương 10",
        "Dương 2",
        "Ăn",
        "Bà",
        "Ba",
        "Bả",
        "Ánh",
        "Anh",
    ]
    assert sorted(names, key=in_vietnamese_order) == [
        *("An Bình", "Anh", "Ánh", "Ăn", "Ấp Bắc", "Âu Cơ"),
        *("Ba", "Bà", "Bả", "Dương 2", "Dương 10", "Đức Hòa"),
    ]


def test_a_unit_its_colleagues_and_what_is_lent_there(office: Office) -> None:
    office.dossier_at("at_education_office")
    delegate(office.database, "pgd", "appraiser", "admin", DAY, DAY, office.call("appraiser"))
    with office.database.read() as connection:
        shown = at_unit(connection, "pgd", DAY)
        assert (shown["waiting"], shown["own"]) == (1, [])
        assert [row["to"]["code"] for row in shown["delegations"]] == ["admin"]
        assert {row["code"] for row in shown["duties"]} == {
            "appraiser",
            "appraiser-2",
            "office-head",
            "admin",
        }
        assert [row["code"] for row in shown["placements"]] == ["huyen"]
        beside = colleagues_of(connection, office.people["appraiser"], DAY)
        assert {row["code"] for row in beside} == {"appraiser-2", "office-head", "admin"}


def test_what_is_published_its_extensions_and_what_a_new_version_would_move(office: Office) -> None:
    code = office.dossier_at("at_education_office")
    call = office.call("office-head", "2025-06-10")
    day = date(2025, 7, 3)
    extend_window(office.database, "th-mau-2", "2024-2025", "dossier-completion", day, "Mưa lũ", call)
    with office.database.read() as connection:
        found = newest_published(connection, "vi")
        assert [row["name"] for row in found["calendar"]] == ["2024-2025"]
        assert versions_of(connection, "procedure", "three-tier-2024")[0]["open"] == 1
        plan = calendar_by_hash(connection, str(newest(connection, "calendar", "2024-2025")))
        (granted,), total = extensions_of(connection, plan, "vi", limit=5)
        assert (total, granted["unit"]["code"], granted["reason"]) == (1, "th-mau-2", "Mưa lũ")
        assert len(plan_of(connection, plan, "vi")) == len(plan.milestones)
        earlier = CALENDAR.replace(b"last_day: 2025-06-30", b"last_day: 2025-06-27")
        looked = looked_at(connection, "calendar", earlier, noon("2025-06-10"), "vi")
        assert looked.may_be_published
        assert code in [row["dossier"] for row in looked.effect or ()]
        assert looked_at(connection, "calendar", CALENDAR, noon("2025-06-10"), "vi").version == 1


def test_open_dossiers_under_older_versions_and_where_ended_offices_dossiers_go(office: Office) -> None:
    code = office.dossier_at("at_education_office")
    newer = (ROOT / "regulations/procedures/three-tier-2024.yaml").read_bytes() + b"# 2\n"
    publish(office.database, "procedure", newer, office.call(None))
    with office.database.write() as connection:
        gone = UNIT.c.id == office.units["pgd"]
        connection.execute(update(UNIT).where(gone).values(until=date(2025, 6, 30)))
    with office.database.read() as connection:
        assert open_under_older(connection, "three-tier-2024", 2, limit=5) == ([code], 1)
        (row,), total = ended_offices(connection, date(2025, 7, 2), limit=5)
        assert (total, row["code"], row["heirs"], row["becomes"]) == (1, "pgd", [], None)
        assert goes_to(connection, [code], date(2025, 7, 2)) == {code: ("Đơn vị pgd", None)}
