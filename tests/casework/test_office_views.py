"""What the pages about the office read, on both databases."""

from __future__ import annotations

from datetime import date

from sqlalchemy import insert, update

from casework.duties import delegate
from casework.extend_window import extend_window
from casework.people import PERSON, UNIT
from casework.publish import publish
from casework.regulations import calendar_by_hash, newest
from casework.views.at_unit import at_unit
from casework.views.colleagues import colleagues_of
from casework.views.ended import ended_offices, goes_to
from casework.views.office import list_people
from casework.views.plan import extensions_of, plan_of
from casework.views.proposed import looked_at
from casework.views.published import newest_published, open_under_older, versions_of
from casework.views.unit_tree import unit_tree
from tests.build import ROOT, Office, noon

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
        rows, count = unit_tree(connection, DAY, "DON vi MAU-1")
        assert (count, rows[0]["under"], rows[0]["bloc"]["code"]) == (1, "Đơn vị huyen", "khoi")
        tree, count = unit_tree(connection, DAY, limit=3)
        assert (len(tree), count) == (3, len(office.units))


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
