"""The doctor among histories and verdicts: how it calls them, how much it asks, and faults of further kinds of rows."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select

from casework.career.tables import MATTER, SERVICE
from casework.doctor import careers, imports, judged_again, recorded, verdicts
from casework.doctor.examine import examine
from casework.doctor.view import View
from casework.history import ENTRY
from casework.home_clock import business_now
from casework.law.keeping import VERDICT
from casework.load import DOSSIER, NOMINATION
from casework.views.found import found_named
from kit.database import Database
from models.dossier import UNFINISHED
from rehearsal.run import SampleStanding
from tests.build import Office, noon
from tests.career.files import GRADES, given, imported
from tests.career.files import grade as graded
from tests.doctor.bed import NOW, Bed
from tests.doctor.conftest import Planting
from tests.law.lawful import complete, discipline, grade, publish_books, put
from tests.law.lawful import recorded as by_whom
from tests.played import settings_in

OF_LAW = (careers, recorded, imports, verdicts, judged_again)


@pytest.mark.parametrize(
    ("kind", "table", "values"),
    (
        ("matter", MATTER, {"since": date(2026, 1, 1), "closed_on": date(2026, 1, 2)}),
        ("matter", MATTER, {"closed_on": date(2025, 6, 22)}),
        ("service", SERVICE, {"until": date(1999, 12, 31)}),
        ("service", SERVICE, {"since": date(2026, 1, 1), "until": None}),
    ),
)
def test_days_of_matters_and_service_are_looked_at_like_those_of_disciplines(
    sound: Office, planting: Planting, kind: str, table: Any, values: dict[str, Any]
) -> None:
    with planting() as connection:
        bed = Bed(connection, sound)
        row = bed.row(table)
        bed.change(table, table.c.id == row["id"], **values)
        found = {one.code: one.found for one in examine(connection, NOW)}
    assert found["history_days_out_of_order"] == (f"{kind}:{row['id']}",)


@pytest.mark.parametrize(
    ("act", "word", "finding"),
    (
        ("list_initiative", "effect", "initiative_differs_from_history"),
        ("count_ballots", "sha256", "ballots_not_as_counted"),
        ("import_career", "stated", "import_differs_from_history"),
    ),
)
def test_an_entry_that_was_forged_is_a_finding_and_stops_no_doctor(
    sound: Office, planting: Planting, act: str, word: str, finding: str
) -> None:
    with planting() as connection:
        payload = json.loads(Bed(connection, sound).row(ENTRY, ENTRY.c.event == act)["payload"])
    for forged in (
        "{",
        "[]",
        '"x"',
        "{}",
        json.dumps(payload | {word: "x"}),
        json.dumps(payload | {word: [7]}),
    ):
        with planting() as connection:
            Bed(connection, sound).change(ENTRY, ENTRY.c.event == act, payload=forged)
            assert finding in {one.code for one in examine(connection, NOW)}, forged


def test_rows_are_called_by_what_they_are_and_nobody_is_named(sound: Office) -> None:
    rows = [
        "grade:12",
        "award:7",
        "discipline:2",
        "matter:1",
        "service:4",
        "complete_year:5",
        "career-import:3",
    ]
    with sound.database.read() as connection:
        assert found_named(connection, rows, "vi") == [
            "xếp loại số 12",
            "danh hiệu số 7",
            "kỷ luật số 2",
            "vụ việc số 1",
            "thời gian công tác số 4",
            "năm đầy đủ số 5",
            "lần nhập số 3",
        ]


def test_the_doctor_asks_the_same_however_many_rows_there_are(office: Office) -> None:
    publish_books(office)

    def of_year(*people: str) -> None:
        for person in people:
            grade(office, person, "HTTNV")
            discipline(office, person, "khien_trach", "2024-10-01", "2024-12-01")
            complete(office, person, "titles", 2023)
            row = {"person_id": office.people[person], "kind": "trade", "since": date(2001, 9, 1)}
            put(office, "service", **row, **by_whom(office))

    of_year("teacher")
    imported(office, given("grades", GRADES, graded("clerk")))
    office.dossier_at("at_education_office", "local", "teacher")
    few = asked(office)
    of_year("teacher-2", "clerk", "principal", "chairman", "reviewer", "party", "state")
    imported(office, given("grades", GRADES, *(graded(one) for one in ("teacher", "principal", "teacher-2"))))
    office.dossier_at("at_education_office", "local", "teacher", "teacher-2", "principal")
    assert asked(office) == few


def asked(office: Office) -> int:
    """How many statements the law's invariants take."""
    seen: list[str] = []

    def note(_c: Any, _k: Any, statement: str, *_more: Any) -> None:
        seen.append(statement)

    with office.database.read() as connection:
        view = View(connection, noon("2025-12-31"))
        event.listen(connection, "before_cursor_execute", note)
        for module in OF_LAW:
            for invariant in module.INVARIANTS:
                invariant.examine(view)
        event.remove(connection, "before_cursor_execute", note)
    return len(seen)


def test_in_the_midst_of_a_played_year_the_rules_say_of_every_verdict_on_its_way_what_it_says(
    driven: tuple[Path, SampleStanding],
) -> None:
    settings = settings_in(driven[0])
    database = Database(settings.url)
    with database.read() as connection:
        on_their_way = connection.execute(
            select(func.count(VERDICT.c.nomination_id.distinct()))
            .join(NOMINATION, NOMINATION.c.id == VERDICT.c.nomination_id)
            .join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id)
            .where(UNFINISHED)
        ).scalar_one()
        findings = examine(connection, business_now(connection))
    database.close()
    # Some hundreds, of every title: what is listed in docs/verdicts.md as opening none is the only way to another.
    assert on_their_way > 500
    assert findings == []
