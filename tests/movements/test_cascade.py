"""A movement goes down four levels, by plans that answer plans; who has not answered is seen and reminded."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from casework.calendars import calendar_named
from casework.extend_window import extend_window
from casework.fulfil import Word, fulfil
from casework.movements.end import end_movement
from casework.movements.launch import launch
from casework.movements.review import Review, review
from casework.sight import sight_of
from casework.tick import tick
from casework.views.movements import list_movements, show_movement, unanswered
from casework.views.obligations import list_obligations
from casework.views.today import today_of
from models.outbox import OutboxItem
from rules.windows import local_day
from tests.build import Office, noon
from tests.casework.telling import codes, refused_without_trace, rows
from tests.movements.cascade import DAY, DISTRICT, EDUCATION, SCHOOL, TOP, cascade, go


def seen_by(office: Office, person: str, day: str, code: str) -> Any:
    with office.database.read() as connection:
        sight = sight_of(connection, office.people[person], DAY(day))
        return show_movement(connection, sight, code)


def letters_to(office: Office, person: str) -> list[tuple[str, str]]:
    """(kind, subject) of what somebody is to be told, in the order of writing."""
    table = OutboxItem.__table__
    query = (
        select(table.c.kind, table.c.subject)
        .where(table.c.person_id == office.people[person])
        .order_by(table.c.queued_at, table.c.key)
    )
    with office.database.read() as connection:
        return [tuple(row) for row in connection.execute(query)]


def test_a_plan_goes_down_four_levels_and_each_level_is_counted(office: Office) -> None:
    cascade(office)
    top = seen_by(office, "province-chairman", "2025-02-05", TOP.code)
    assert [(c["unit"]["code"], c["answer"]["number"]) for c in top.calls] == [("huyen", "12/KH-UBND")]
    # Under the district: its office, and the two schools that this asked.
    assert top.calls[0]["below"] == {"asked": 3, "answered": 2, "reviewed": 0}
    bottom = seen_by(office, "principal", "2025-02-05", SCHOOL.code)
    assert [row["code"] for row in bottom.above] == [TOP.code, DISTRICT.code, EDUCATION.code]
    assert bottom.calls == []


def test_who_has_not_answered_is_listed_first_and_by_name(office: Office) -> None:
    cascade(office)
    shown = seen_by(office, "office-head", "2025-02-05", EDUCATION.code)
    assert [(c["unit"]["code"], c["answer"] is None) for c in shown.calls] == [
        ("th-mau-2", True),
        ("th-mau-1", False),
    ]
    with office.database.read() as connection:
        sight = sight_of(connection, office.people["office-head"], DAY("2025-02-05"))
        assert [(r["unit"]["code"], r["answer_by"]) for r in unanswered(connection, sight)] == [
            ("th-mau-2", "2025-02-20")
        ]


def test_what_is_asked_is_owed_reminded_and_escalated_until_it_is_answered(office: Office) -> None:
    cascade(office, 3)
    for day in ("2025-01-22", "2025-02-13", "2025-02-19"):
        tick(office.database, noon(day))
    told = [kind for kind, _ in letters_to(office, "clerk-2")]
    # Asked, a week before, a day before.
    assert told == ["opened", "deadline", "deadline"]
    go(office, SCHOOL, "principal", "2025-02-19")
    before = len(letters_to(office, "clerk"))
    for day in ("2025-02-21", "2025-02-23", "2025-03-03"):
        tick(office.database, noon(day))
    assert len(letters_to(office, "clerk")) == before, "who answered is reminded no more"
    assert len(letters_to(office, "clerk-2")) > 3
    # Five working days after the last one, whoever asked is told.
    assert [kind for kind, _ in letters_to(office, "office-head")][-1:] == ["escalation"]


def test_what_is_owed_stands_on_todays_page_and_in_the_list(office: Office) -> None:
    cascade(office, 3)
    with office.database.read() as connection:
        sight = sight_of(connection, office.people["clerk-2"], DAY("2025-02-05"))
        today = today_of(connection, sight, noon("2025-02-05"), "vi")
        listed = list_obligations(
            connection, noon("2025-02-05"), "vi", unit="th-mau-2", calendar=f"movement-{EDUCATION.code}"
        )
    mine = [row for row in today.owed if row["calendar"] == f"movement-{EDUCATION.code}"]
    assert [(row["milestone"], row["due"]) for row in mine] == [("answer-school", "2025-02-20")]
    assert "Đổi mới, sáng tạo trong dạy và học" in mine[0]["label"]
    assert [(row["milestone"], row["standing"]) for row in listed] == [
        ("answer-school", "open"),
        ("review-school", "coming"),
    ]


def test_more_time_for_one_unit_is_granted_by_whoever_asked(office: Office) -> None:
    cascade(office, 3)
    calendar = f"movement-{EDUCATION.code}"
    extend_window(
        office.database,
        "th-mau-2",
        calendar,
        "answer-school",
        DAY("2025-03-05"),
        "Trường đang sửa chữa",
        office.call("office-head", "2025-02-18"),
    )
    with office.database.read() as connection:
        (row,) = list_obligations(
            connection, noon("2025-02-19"), "vi", unit="th-mau-2", calendar=calendar, milestone=None
        )[:1]
    assert row["due"] == "2025-03-05"


def test_a_review_follows_an_answer_and_ends_what_is_owed(office: Office) -> None:
    cascade(office)
    said = Review(EDUCATION.code, "th-mau-1", DAY("2025-05-30"), "12 giáo viên có đổi mới được áp dụng.")
    review(office.database, None, said, office.call("clerk", "2025-06-02"))
    shown = seen_by(office, "office-head", "2025-06-02", EDUCATION.code)
    done = next(c for c in shown.calls if c["unit"]["code"] == "th-mau-1")
    assert (done["reviewed_on"], done["review"]) == ("2025-05-30", said.text)
    with office.database.read() as connection:
        standing = {
            row["milestone"]: row["standing"]
            for row in list_obligations(
                connection, noon("2025-06-02"), "vi", unit="th-mau-1", calendar=f"movement-{EDUCATION.code}"
            )
        }
    assert standing == {"answer-school": "met", "review-school": "met"}
    assert codes(review, office.database, None, said, office.call("clerk", "2025-06-03")) == [
        "reviewed_already"
    ]


def test_an_ended_movement_asks_for_nothing_and_still_shows_who_did_not_answer(office: Office) -> None:
    cascade(office)
    end_movement(
        office.database, EDUCATION.code, "Chuyển sang đợt mới", office.call("appraiser", "2025-03-01")
    )
    assert tick(office.database, noon("2025-03-10")) is not None
    assert all(kind != "overdue" for kind, _ in letters_to(office, "clerk-2"))
    shown = seen_by(office, "office-head", "2025-03-10", EDUCATION.code)
    assert (shown.ended_why, shown.calls[0]["answer"]) == ("Chuyển sang đợt mới", None)


def test_a_plan_that_cannot_be_is_refused_with_every_reason(office: Office) -> None:
    cascade(office, 1)
    wrong = replace(
        TOP,
        code="Đổi mới",
        unit="tinh",
        theme=" ",
        number="",
        dated=DAY("2026-01-01"),
        until=DAY("2024-01-01"),
        kinds=("emulation_council",),
        units=("khong-co",),
        answer_by=None,
        review_by=None,
    )
    found = refused_without_trace(office, go, office, wrong, "clerk", "2025-01-10")
    assert found == [
        "code_unusable",
        "duty_not_held",
        "ends_before_it_begins",
        "input_missing",
        "input_missing",
        "plan_in_future",
        "plans_no_movement",
        "unknown_unit",
    ]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"answers": "khong-co"}, "unknown_movement"),
        ({"code": TOP.code}, "movement_code_taken"),
        ({"unit": "pgd", "kinds": ("school",)}, "not_asked"),
        ({"review_by": DAY("2025-02-10")}, "review_before_answer"),
        ({"answer_by": DAY("2025-01-01"), "review_by": DAY("2025-07-01")}, "ends_in_the_past"),
        ({"kinds": (), "units": ("tinh",)}, "not_below"),
        ({"kinds": (), "units": ()}, "days_for_nobody"),
        ({"kinds": ("province_committee",), "units": ()}, "nobody_below"),
    ],
)
def test_an_answer_that_cannot_be_names_its_reason(
    office: Office, changed: dict[str, Any], expected: str
) -> None:
    cascade(office, 1)
    person = "office-head" if changed.get("unit") == "pgd" else "chairman"
    found = refused_without_trace(office, go, office, replace(DISTRICT, **changed), person, "2025-01-16")
    assert found == [expected]


def test_one_answer_for_one_unit_and_no_plain_word_in_its_place(office: Office) -> None:
    cascade(office)
    again = replace(SCHOOL, code="lan-hai")
    assert refused_without_trace(office, go, office, again, "principal", "2025-02-05") == ["answered_already"]
    word = Word("th-mau-2", f"movement-{EDUCATION.code}", "answer-school", DAY("2025-02-05"))
    refused = refused_without_trace(
        office, fulfil, office.database, None, word, office.call("clerk-2", "2025-02-05")
    )
    assert refused == ["met_by_movement"]


def test_a_dry_run_writes_nothing_and_the_same_request_twice_launches_once(office: Office) -> None:
    call = office.call("province-chairman", "2025-01-08")
    assert launch(office.database, None, TOP, call, dry_run=True).dry_run
    assert rows(office, "movement") == []
    first = launch(office.database, None, TOP, call)
    again = launch(office.database, None, TOP, call)
    assert again.replayed and not first.replayed
    assert len(rows(office, "movement")) == 1


def test_a_movement_is_seen_by_those_who_launch_and_are_asked_and_those_above(office: Office) -> None:
    cascade(office, 3)
    with office.database.read() as connection:
        listed = {
            person: {
                row["code"]
                for row in list_movements(
                    connection, sight_of(connection, office.people[person], DAY("2025-02-05"))
                ).rows
            }
            for person in ("admin", "clerk-2", "chairman", "reviewer")
        }
    assert listed == {
        "admin": {TOP.code, DISTRICT.code, EDUCATION.code},
        "clerk-2": {EDUCATION.code},
        "chairman": {TOP.code, DISTRICT.code},
        "reviewer": set(),
    }


def test_the_calendar_of_a_movement_is_made_from_its_row(office: Office) -> None:
    cascade(office, 3)
    with office.database.read() as connection:
        calendar = calendar_named(connection, f"movement-{EDUCATION.code}")
    planned = calendar.milestones["answer-school"]
    assert (planned.milestone.opens, planned.milestone.last_day) == (
        local_day(noon("2025-01-21")),
        DAY("2025-02-20"),
    )
    assert planned.duties == ("principal", "clerk")
