"""An empty home gets its first unit and its first administrator from the operator, once."""

from __future__ import annotations

from dataclasses import replace
from threading import Thread
from typing import Any

import pytest

from casework.begin_office import Beginning, begin_office
from kit.database import Database
from rules.reasons import Refused
from tests.build import Office
from tests.casework.telling import broken_links, codes, refused_without_trace, rows

FIRST = Beginning(
    "pgd-mau", "education_office", "Phòng GDĐT Mẫu", "cb-001", "Trần Thị Mẫu", "MAU@Mau.Example"
)


def begin(
    office: Office, beginning: Beginning = FIRST, person: str | None = None, key: str | None = None
) -> Any:
    return begin_office(office.database, beginning, office.call(person, key=key))


def test_the_first_person_is_the_administrator_of_the_first_unit_from_today(database: Database) -> None:
    office = Office(database)
    done = begin(office)
    (unit,), (person,) = rows(office, "unit"), rows(office, "person")
    (duty,), (work,) = rows(office, "duty"), rows(office, "employment")
    assert (unit["code"], unit["kind"], unit["name"]) == ("pgd-mau", "education_office", "Phòng GDĐT Mẫu")
    assert (person["code"], person["name"], person["email"]) == ("cb-001", "Trần Thị Mẫu", "MAU@mau.example")
    assert (duty["duty"], duty["since"].isoformat(), duty["until"]) == ("administrator", "2025-06-10", None)
    assert (work["person_id"], work["unit_id"]) == (person["id"], unit["id"])
    assert (done.subject, done.event, done.seq) == (f"duties:{person['id']}", "begin_office", 1)
    assert "Mẫu" not in str(done.payload)
    assert broken_links(database) == []


def test_where_there_is_a_unit_nothing_is_begun(office: Office) -> None:
    assert refused_without_trace(office, begin, office) == ["home_has_units"]
    assert refused_without_trace(office, begin, office, FIRST, "admin") == [
        "home_has_units",
        "only_the_operator",
    ]


def test_the_same_request_begins_once_and_another_is_refused(database: Database) -> None:
    office = Office(database)
    assert not begin(office, key="k-1").replayed
    assert begin(office, key="k-1").replayed
    assert codes(begin, office, replace(FIRST, unit="khac"), None, "k-1") == ["request_key_reused"]
    assert codes(begin, office, replace(FIRST, unit="khac", person="cb-002")) == ["home_has_units"]
    assert len(rows(office, "unit")) == 1


@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        ({"unit": "Phòng GD"}, ["code_unusable"]),
        ({"unit": "a/b", "person": "x" * 41}, ["code_unusable", "code_unusable"]),
        ({"kind": "ministry_of_magic"}, ["unknown_unit_kind"]),
        ({"unit_name": " ", "person_name": ""}, ["input_missing", "input_missing"]),
        ({"person_name": "x" * 121}, ["input_too_long"]),
        ({"mail": "không phải thư"}, ["person_mail_unusable"]),
    ],
)
def test_what_cannot_be_kept_is_said_with_every_reason(
    database: Database, change: dict[str, str], reasons: list[str]
) -> None:
    office = Office(database)
    assert codes(begin, office, replace(FIRST, **change)) == reasons
    assert rows(office, "unit") + rows(office, "person") + rows(office, "history_entry") == []


def test_of_two_that_begin_at_once_one_is_refused(database: Database) -> None:
    office, told = Office(database), []

    def one(number: int) -> None:
        beginning = replace(FIRST, unit=f"pgd-{number}", person=f"cb-{number}")
        try:
            told.append(begin(office, beginning).event)
        except Refused as refusal:
            told.append(refusal.reasons[0].code)

    both = [Thread(target=one, args=(number,)) for number in (1, 2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(told) == ["begin_office", "home_has_units"]
    assert len(rows(office, "unit")) == 1


def test_a_dry_run_writes_nothing(database: Database) -> None:
    office = Office(database)
    assert begin_office(database, FIRST, office.call(None), dry_run=True).dry_run
    assert rows(office, "unit") == []
