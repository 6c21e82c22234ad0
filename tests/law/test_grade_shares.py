"""The grades of a unit's year looked at: who is counted, of which day the law is, and who may see it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert, update

from casework.law.grade_lines import shares_told
from casework.law.grade_shares import look_at_grades, shares_of
from casework.publish import publish
from casework.sight import sight_of
from models.base import metadata
from rules.answers import MET, NOT_MET, UNKNOWN
from rules.reasons import Refused
from tests.build import LONG_AGO, ROOT, Office, noon

YEAR, DECIDED, DAY = "2025-2026", "2026-07-10", date(2026, 9, 1)
GRADE = metadata.tables["grade"]


@pytest.fixture
def office(office: Office) -> Office:
    """The small office with the rulebook of 2025 published."""
    text = (ROOT / "regulations" / "rulebooks" / "rs-2025.yaml").read_bytes()
    publish(office.database, "rulebook", text, office.call(None, "2025-08-01"))
    return office


def grade(office: Office, who: str, said: str, on: str = DECIDED) -> None:
    holder = {"unit_id": office.units[who]} if who in office.units else {"person_id": office.people[who]}
    with office.database.write() as connection:
        connection.execute(
            insert(GRADE).values(
                school_year=YEAR,
                grade=said,
                number="5/QĐ",
                decided_on=date.fromisoformat(on),
                issued_by="Đơn vị huyen",
                recorded_by_id=office.people["clerk"],
                recorded_at=noon(on),
                **holder,
            )
        )


def more_staff(office: Office, count: int) -> list[str]:
    """More teachers at the first school."""
    codes = [f"gv-{number}" for number in range(count)]
    with office.database.write() as connection:
        for code in codes:
            made = connection.execute(
                insert(metadata.tables["person"]).values(code=code, name=f"Người {code}", locale="vi")
            )
            office.people[code] = int(made.inserted_primary_key[0])
            employed = {"person_id": office.people[code], "unit_id": office.units["th-mau-1"]}
            connection.execute(insert(metadata.tables["employment"]), {**employed, "since": LONG_AGO})
    return codes


def found(office: Office, unit: str = "th-mau-1", who: str | None = None) -> dict[str, Any]:
    with office.database.read() as connection:
        sight = sight_of(connection, office.people[who], DAY) if who else None
        return shares_of(connection, unit, YEAR, "vi", DAY, sight)


def test_five_well_graded_carry_one_excellent_and_a_second_is_one_too_many(office: Office) -> None:
    staff = more_staff(office, 7)
    for code in staff[:5]:
        grade(office, code, "HTTNV")
    grade(office, staff[5], "HTXSNV")
    (share,) = found(office)["findings"]
    assert (share["rule"], share["outcome"], share["have"], share["most"], share["count"]) == (
        "C01",
        MET,
        1,
        1,
        5,
    )
    assert (
        share["share"] == "1/5" and "Điều 12(6)" in share["article"] and "chưa kiểm chứng" in share["article"]
    )
    grade(office, staff[6], "HTXSNV")
    (share,) = found(office)["findings"]
    assert (share["outcome"], share["have"], share["most"]) == (NOT_MET, 2, 1)
    assert share["people"] == ["Người gv-5", "Người gv-6"]
    told = " ".join(shares_told(found(office), "vi"))
    assert "Còn 6 người chưa có xếp loại" in told and "Chưa ghi xếp loại của chính đơn vị" in told


def test_a_quarter_counts_where_the_unit_has_it_and_is_not_known_before(office: Office) -> None:
    staff = more_staff(office, 10)
    for code in staff[:8]:
        grade(office, code, "HTTNV")
    for code in staff[8:]:
        grade(office, code, "HTXSNV")
    (share,) = found(office)["findings"]
    assert share["outcome"] == UNKNOWN
    grade(office, "th-mau-1", "HTXSNV")
    (share,) = found(office)["findings"]
    assert (share["outcome"], share["most"], share["share"]) == (MET, 2, "1/4")


def test_the_head_is_compared_with_the_unit_and_counts_in_no_share(office: Office) -> None:
    grade(office, "principal", "HTXSNV")
    (head,) = found(office)["findings"]
    assert (head["rule"], head["outcome"]) == ("C03", UNKNOWN)
    grade(office, "th-mau-1", "HTTNV")
    (head,) = found(office)["findings"]
    assert (head["rule"], head["outcome"], head["have"], head["most"]) == ("C03", NOT_MET, "HTXSNV", "HTTNV")


def test_the_units_of_a_manager_have_a_share_of_their_own(office: Office) -> None:
    for school in ("th-mau-1", "th-mau-2"):
        grade(office, school, "HTXSNV")
    (share,) = found(office, "huyen")["findings"]
    assert (share["rule"], share["outcome"], share["have"], share["most"]) == ("C02", NOT_MET, 2, 1)
    assert share["people"] == ["Đơn vị th-mau-1", "Đơn vị th-mau-2"]


def test_the_law_is_that_of_the_day_on_which_the_grades_were_decided(office: Office) -> None:
    staff = more_staff(office, 2)
    for code in staff:
        grade(office, code, "HTXSNV", "2026-06-20")
    with office.database.read() as connection:
        looked = look_at_grades(connection, office.units["th-mau-1"], YEAR, DAY)
    assert (looked.day, looked.people, looked.law) == (date(2026, 6, 20), (), "rs-2025")
    with office.database.write() as connection:
        connection.execute(update(GRADE).values(decided_on=date(2026, 7, 1)))
        looked = look_at_grades(connection, office.units["th-mau-1"], YEAR, DAY)
    assert [finding.outcome for finding in looked.people] == [NOT_MET]


def test_a_grade_that_was_replaced_counts_no_more(office: Office) -> None:
    (one,) = more_staff(office, 1)
    grade(office, one, "HTXSNV")
    with office.database.write() as connection:
        connection.execute(insert(metadata.tables["note"]).values(id="n", text="sai", salt="s"))
        connection.execute(update(GRADE).values(replaced_at=noon(DECIDED), note_id="n"))
    assert found(office)["findings"] == []
    grade(office, one, "HTTNV")
    (share,) = found(office)["findings"]
    assert (share["have"], share["count"]) == (0, 1)


@pytest.mark.parametrize("who", ["clerk", "chairman", "reviewer", "admin"])
def test_grades_are_seen_at_the_unit_and_above_it(office: Office, who: str) -> None:
    assert found(office, who=who)["unit"]["code"] == "th-mau-1"


@pytest.mark.parametrize("who", ["clerk-2", "bloc-head", "teacher"])
def test_grades_are_seen_by_nobody_else(office: Office, who: str) -> None:
    with pytest.raises(Refused) as refusal:
        found(office, who=who)
    assert [reason.code for reason in refusal.value.reasons] == ["unknown_unit"]
