"""A thematic award rests on a movement: named when somebody is put forward, reviewed before it is decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from casework.audit.verify import verify
from casework.doctor.examine import examine
from casework.movements.end import end_movement
from casework.movements.review import Review, review
from casework.name_movement import name_movement
from casework.nominate import NomineeInput, nominate
from casework.nominee_list import TypedRow, look_at
from casework.publish import publish
from casework.sight import sight_of
from casework.views.dossier import show_dossier
from casework.views.history import dossier_history
from casework.views.movement_awards import awards_on, may_rest_on, with_those_above
from tests.build import ROOT, Office, decision, main_way, noon
from tests.casework.telling import codes, reasons, refused_without_trace, rows
from tests.movements.cascade import DISTRICT, EDUCATION, SCHOOL, TOP, cascade, go

BEFORE_DECISION = "2025-09-19"


def thematic(office: Office, *nominees: NomineeInput, level: str = "province") -> str:
    """A dossier registered in autumn, in which somebody is put forward in the movement in spring."""
    code = office.open(level)
    office.nominate(code, "teacher-2", title={"province": "BKT-TX", "local": "LDTT"}[level])
    office.papers(code, "submission_letter", "achievement_report", "council_minutes")
    office.step(code, "register", "clerk", "2024-10-15")
    nominate(office.database, code, list(nominees), office.call("clerk", "2025-03-03"))
    return code


def reviewed(office: Office, day: str = "2025-06-20") -> None:
    said = Review(EDUCATION.code, "th-mau-1", date.fromisoformat(day), "Mười hai đổi mới được áp dụng.")
    review(office.database, None, said, office.call("principal", day))


def decide(office: Office, code: str, **made: Any) -> Any:
    """The decision of the province on what lies before it."""
    taken = decision("1500/QĐ-UBND", "2025-09-20")
    if made:
        taken = type(taken)(taken.number, taken.decided_on, taken.signatory, **made)
    return office.step(code, "decide", "province-chairman", "2025-09-20", decision=taken)


def sound(office: Office) -> None:
    with office.database.read() as connection:
        found = {finding.code for finding in examine(connection, noon("2025-10-01"))}
        assert found <= {"item_without_address"}
        assert verify(connection).sound


def to_the_chairman(office: Office, code: str) -> None:
    for event, person, day, inputs in main_way("province")[1:-1]:
        office.step(code, event, person, day, **inputs)


def test_an_award_in_a_movement_is_named_reviewed_and_decided_as_thematic(office: Office) -> None:
    cascade(office)
    code = thematic(office, NomineeInput("BKT-CD", movement=TOP.code))
    to_the_chairman(office, code)
    _, number = office.nominations(code)
    (why,) = reasons(decide, office, code)
    assert (why.code, why.params["nomination"]) == ("movement_not_reviewed", number)
    assert why.article == "QĐ 86/2025/QĐ-UBND (Bắc Ninh), Điều 3(3)"
    reviewed(office)
    decide(office, code)
    assert [(a["title"], a["award_type"]) for a in rows(office, "award")] == [
        ("BKT-TX", "merit"),
        ("BKT-CD", "thematic"),
    ]
    with office.database.read() as connection:
        _, row = show_dossier(connection, code, noon(BEFORE_DECISION), "vi")["nominations"]
        told = dossier_history(connection, code, "vi")
    assert {name: row["movement"][name] for name in ("code", "number", "reviewed_on", "ended")} == {
        "code": TOP.code,
        "number": "88/KH-UBND",
        "reviewed_on": "2025-06-20",
        "ended": False,
    }
    said = [params["names"] for entry in told for text, params in entry["told"] if text == "nominated"]
    assert TOP.theme in said[-1] and TOP.number in said[-1]
    sound(office)


def test_what_is_not_decided_because_of_it_may_be_left_out(office: Office) -> None:
    cascade(office)
    code = thematic(office, NomineeInput("BKT-CD", movement=TOP.code))
    to_the_chairman(office, code)
    decide(office, code, refused=frozenset(office.nominations(code)[1:]))
    assert [a["title"] for a in rows(office, "award")] == ["BKT-TX"]
    sound(office)


@pytest.mark.parametrize(
    ("title", "movement", "expected"),
    [
        ("BKT-CD", None, ["movement_missing"]),
        ("BKT-CD", "khong-co", ["unknown_movement"]),
        # Of the district, and so of another level than the province's commendation asks for.
        ("BKT-CD", DISTRICT.code, ["movement_of_other_rank"]),
        ("BKT-TX", TOP.code, ["movement_not_for_title"]),
    ],
)
def test_a_title_rests_on_the_movement_that_it_asks_for_and_on_no_other(
    office: Office, title: str, movement: str | None, expected: list[str]
) -> None:
    cascade(office)
    code = office.open("province")
    given = [NomineeInput(title, "teacher", movement=movement)]
    call = office.call("clerk", "2025-03-03")
    assert refused_without_trace(office, nominate, office.database, code, given, call) == expected


def test_a_unit_that_did_not_answer_asks_for_nothing_in_a_movement(office: Office) -> None:
    cascade(office, levels=3)
    code = office.open("province")
    given = [NomineeInput("BKT-CD", movement=TOP.code)]
    call = office.call("clerk", "2025-03-03")
    found = reasons(nominate, office.database, code, given, call)
    assert [(r.code, r.params["unit"]) for r in found] == [
        ("movement_not_answered", office.units["th-mau-1"])
    ]


def test_a_movement_of_another_school_is_none_to_rest_on(office: Office) -> None:
    cascade(office, levels=3)
    other = {"code": "cua-truong-2", "unit": "th-mau-2", "answers": None}
    go(office, replace(SCHOOL, **other), "clerk-2", "2025-02-10")
    code = office.open()
    given = [NomineeInput("GK", "teacher", movement="cua-truong-2")]
    assert codes(nominate, office.database, code, given, office.call("clerk", "2025-03-03")) == [
        "movement_not_from_above"
    ]


def test_a_movement_is_named_later_and_taken_away_again_only_where_the_title_stands_without(
    office: Office,
) -> None:
    cascade(office)
    code = thematic(office, NomineeInput("GK", "teacher"), level="local")
    other, number = office.nominations(code)
    call = office.call("clerk", "2025-03-04")
    assert codes(name_movement, office.database, code, [number, 10_000], TOP.code, call) == [
        "nomination_not_open"
    ]
    name_movement(office.database, code, [number], EDUCATION.code, call)
    assert codes(
        name_movement, office.database, code, [other], TOP.code, office.call("clerk", "2025-03-05")
    ) == ["movement_not_for_title"]
    name_movement(office.database, code, [number], None, office.call("clerk", "2025-03-06"))
    assert [row["movement_id"] for row in rows(office, "nomination")] == [None, None]
    assert codes(
        name_movement, office.database, code, [number], TOP.code, office.call("appraiser", "2025-03-07")
    ) == ["duty_not_held"]
    with office.database.read() as connection:
        told = [t for e in dossier_history(connection, code, "vi") for t, _ in e["told"]]
    assert told[-2:] == ["rests_on_movement", "rests_on_no_movement"]
    third = office.open("province")
    nominate(office.database, third, [NomineeInput("BKT-CD", movement=TOP.code)], call.part("third"))
    (number,) = office.nominations(third)
    assert codes(name_movement, office.database, third, [number], None, call.part("fourth")) == [
        "movement_missing"
    ]
    sound(office)


def test_a_certificate_in_the_schools_own_movement_waits_until_the_school_has_ended_it(
    office: Office,
) -> None:
    go(office, replace(SCHOOL, answers=None), "principal", "2025-02-04")
    text = (ROOT / "regulations" / "procedures" / "school-certificate.yaml").read_bytes()
    publish(office.database, "procedure", text, office.call(None, "2025-02-05"))
    code = office.open(day="2025-05-05", procedure="school-certificate")
    given = [NomineeInput("GK", "teacher", movement=SCHOOL.code)]
    nominate(office.database, code, given, office.call("clerk", "2025-05-05"))
    office.papers(code, "council_minutes")
    office.step(code, "convene", "clerk", "2025-05-06")
    office.step(code, "record_council", "school-council", "2025-05-07", support_rest=True)
    made = decision("07/QĐ-THM1", "2025-06-02")
    assert codes(office.step, code, "decide", "principal", "2025-06-02", decision=made) == [
        "movement_not_reviewed"
    ]
    end_movement(office.database, SCHOOL.code, "Đã tổng kết.", office.call("principal", "2025-06-01"))
    office.step(code, "decide", "principal", "2025-06-02", decision=made)
    assert [(a["title"], a["award_type"]) for a in rows(office, "award")] == [("GK", "thematic")]
    sound(office)


def test_the_movements_page_lists_the_awards_whose_dossiers_one_may_see(office: Office) -> None:
    cascade(office)
    code = thematic(office, NomineeInput("BKT-CD", "teacher", movement=TOP.code))
    top = next(row["id"] for row in rows(office, "movement") if row["code"] == TOP.code)
    education = next(row["id"] for row in rows(office, "movement") if row["code"] == EDUCATION.code)
    day = date(2025, 3, 10)
    with office.database.read() as connection:
        found = {
            person: awards_on(connection, [top], sight_of(connection, office.people[person], day), "vi")
            for person in ("clerk", "clerk-2", "province-chairman")
        }
        assert [row["dossier"] for row in found["clerk"]] == [code]
        assert (found["clerk-2"], found["province-chairman"]) == ([], [])
        plans = with_those_above(connection, education)
        assert top in plans
        own = awards_on(connection, plans, None, "vi", unit=office.units["th-mau-1"])
        assert [row["who"] for row in own] == ["Người teacher"]
        offered = [one["code"] for one in may_rest_on(connection, office.units["th-mau-1"])]
    assert offered == [SCHOOL.code, EDUCATION.code, DISTRICT.code, TOP.code]


def test_a_list_is_looked_at_with_its_movement(office: Office) -> None:
    cascade(office)
    code = office.open("province")
    call = office.call("clerk", "2025-03-03")
    rows_typed = [
        TypedRow("teacher", "BKT-CD"),
        TypedRow("teacher-2", "BKT-CD", movement=TOP.code),
        TypedRow("principal", "BKT-TX", movement=TOP.code),
    ]
    seen = look_at(office.database, code, rows_typed, call, "vi")
    assert [(row.standing, [r.code for r in row.reasons]) for row in seen.rows] == [
        ("refused", ["movement_missing"]),
        ("good", []),
        ("refused", ["movement_not_for_title"]),
    ]
    assert seen.rows[1].nominee == NomineeInput("BKT-CD", "teacher-2", movement=TOP.code)
