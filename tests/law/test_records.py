"""What is known of people and units: every kind of row, and what silence means."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import event, insert, update

from casework.law import judging
from casework.law.records import records
from casework.publish import publish
from rules.windows import LOCAL
from tests.build import LONG_AGO, ROOT, Office
from tests.career.files import INITIATIVES, given, imported
from tests.career.files import initiative as initiative_row
from tests.initiatives.lists import Lists, initiative
from tests.law.lawful import (
    TABLES,
    YEAR,
    award,
    complete,
    discipline,
    grade,
    judged,
    known,
    publish_books,
    put,
    recorded,
    wanted,
)


def test_a_person_s_record_holds_every_kind_of_row_with_its_reference(office: Office) -> None:
    first = award(office, "teacher", "LDTT", 2022)
    award(office, "teacher", "LDTT", 2021, standing="revoked")
    sudden = award(office, "teacher", "GK", 2023, kind="sudden")
    award(office, "teacher-2", "LDTT", 2023)
    graded = grade(office, "teacher", "HTTNV")
    hit = discipline(office, "teacher", "canh_cao", "2023-03-01", "2023-09-01")
    person = office.people["teacher"]
    served = put(
        office, "service", person_id=person, kind="trade", since=date(2001, 9, 1), **recorded(office)
    )
    record = known(office, "teacher").record
    assert [(h.title, h.year, h.ref, h.kind) for h in record.held] == [
        ("LDTT", 2022, f"award:{first}", "merit"),
        ("GK", 2023, f"award:{sudden}", "sudden"),
    ]
    assert [(g.year, g.grade, g.ref) for g in record.graded] == [(YEAR, "HTTNV", f"grade:{graded}")]
    assert [(d.form, d.ref) for d in record.disciplines] == [("canh_cao", f"discipline:{hit}")]
    assert [(s.kind, s.ref) for s in record.service] == [("trade", f"service:{served}")]
    assert (record.holder, record.employed_since, record.registered) == (f"p{person}", LONG_AGO, None)


def test_what_a_nomination_asks_for_is_no_evidence_for_itself_but_is_for_another(office: Office) -> None:
    code = office.open()
    (number,) = office.nominate(code, "teacher", title="CSTDCS")
    assert known(office, "teacher", nomination=number).record.held == ()
    (way,) = known(office, "teacher").record.held
    assert (way.title, way.awaited, way.ref) == ("CSTDCS", code, f"nomination:{number}")
    # Nor is the title that it brought, once it is decided.
    made = award(office, "teacher", "CSTDCS", YEAR, nomination_id=number)
    with office.database.write() as connection:
        connection.execute(update(TABLES["nomination"]).values(outcome="awarded", decided_title="CSTDCS"))
    assert known(office, "teacher", nomination=number).record.held == ()
    assert [h.ref for h in known(office, "teacher").record.held] == [f"award:{made}"]


def test_a_struck_nomination_or_one_of_a_dossier_at_rest_is_not_waited_for(office: Office) -> None:
    code = office.open()
    office.nominate(code, "teacher")
    assert [h.awaited for h in known(office, "teacher").record.held] == [code]
    office.step(code, "withdraw", "clerk", "2024-09-14", reason="Không tham gia nữa.")
    assert known(office, "teacher").record.held == ()


def test_a_year_is_complete_as_stated_of_a_person_of_the_unit_or_where_all_is_decided(office: Office) -> None:
    complete(office, "teacher", "titles", 2021)
    complete(office, "th-mau-1", "titles", 2022)
    complete(office, "teacher", "whole", None)
    record = known(office, "teacher").record
    assert record.complete["titles"] == {2021, 2022} and record.whole
    other = known(office, "teacher-2").record
    assert other.complete["titles"] == {2022} and not other.whole
    assert known(office, "clerk-2").record.complete == {}
    assert known(office, "th-mau-1").record.complete["titles"] == {2022}
    # All of a year that the school handed in is decided: nothing is missing. A second dossier opens it again.
    office.dossier_at("decided")
    assert 2024 in known(office, "teacher").record.complete["titles"]
    assert 2024 in known(office, "th-mau-1").record.complete["titles"]
    office.open("province")
    assert 2024 not in known(office, "teacher").record.complete["titles"]


def test_somebody_who_came_after_the_year_is_not_covered_by_what_is_said_of_the_unit(office: Office) -> None:
    complete(office, "th-mau-1", "titles", 2022)
    table = TABLES["employment"]
    with office.database.write() as connection:
        mine = table.c.person_id == office.people["teacher"]
        connection.execute(update(table).where(mine).values(since=date(2023, 8, 15)))
    assert known(office, "teacher").record.complete == {}


def test_employment_without_a_gap_is_one_and_a_gap_begins_anew(office: Office) -> None:
    table, person = TABLES["employment"], office.people["teacher"]

    def employed(*spans: tuple[str, str, str | None]) -> date | None:
        with office.database.write() as connection:
            connection.execute(table.delete().where(table.c.person_id == person))
            for unit, since, until in spans:
                row = {"person_id": person, "unit_id": office.units[unit], "since": date.fromisoformat(since)}
                row["until"] = date.fromisoformat(until) if until else None
                connection.execute(insert(table), row)
        return known(office, "teacher").record.employed_since

    moved = ("th-mau-2", "2010-09-01", "2020-08-31"), ("th-mau-1", "2020-09-01", None)
    assert employed(*moved) == date(2010, 9, 1)
    gap = ("th-mau-2", "2010-09-01", "2020-08-30"), ("th-mau-1", "2020-09-01", None)
    assert employed(*gap) == date(2020, 9, 1)
    assert employed(("th-mau-1", "2010-09-01", "2024-12-31")) is None
    assert employed(("th-mau-1", "2025-09-01", None)) is None


def test_an_initiative_recognised_twice_is_one_and_one_that_is_used_says_by_what(office: Office) -> None:
    text = (ROOT / "regulations" / "procedures" / "initiative-2024.yaml").read_bytes()
    publish(office.database, "procedure", text, office.call(None, "2024-08-01"))
    publish_books(office)
    lists = Lists(office)
    (code,) = lists.add(initiative())
    (number,) = (row["id"] for row in _rows(office, "initiative") if row["code"] == code)
    unit = {"person_id": None, "unit_id": office.units["th-mau-1"], "initiative_id": number}
    for title in ("SKCS", "SKT"):
        award(office, "th-mau-1", title, YEAR, kind="merit", day="2025-03-01", **unit)
    record = known(office, "teacher").record
    assert [(i.scope, i.ref) for i in record.initiatives] == [
        ("local", f"initiative:{number}"),
        ("province", f"initiative:{number}"),
    ]
    # Titles of initiatives are nobody's titles: not the school's either.
    assert known(office, "th-mau-1").record.held == ()
    (one,) = judged(office, wanted(office, "teacher", "CSTDCS"))
    assert one.verdict is not None
    (found,) = (a for c, a in one.verdict.answers() if c.word == "initiatives")
    assert (found.outcome, found.figures["have"], found.evidence) == ("met", 1, (f"initiative:{number}",))
    dossier = office.open()
    numbers = office.nominate(dossier, "teacher", title="GK")
    nominations = TABLES["nomination"]
    with office.database.write() as connection:
        connection.execute(update(nominations).values(uses_initiative_id=number))
    assert {u for i in known(office, "teacher").record.initiatives for u in i.used_by} == {"form"}
    assert {
        u for i in known(office, "teacher", nomination=numbers[0]).record.initiatives for u in i.used_by
    } == set()


def test_an_initiative_that_is_put_forward_counts_from_the_local_day_of_its_dossier(office: Office) -> None:
    text = (ROOT / "regulations" / "procedures" / "initiative-2024.yaml").read_bytes()
    publish(office.database, "procedure", text, office.call(None, "2024-08-01"))
    publish_books(office)
    dossier = Lists(office).dossier_of(initiative())
    # Half an hour into the new school year; elsewhere in the world the old one lasts seven hours longer.
    opened = datetime(2024, 8, 1, 0, 30, tzinfo=LOCAL)
    with office.database.write() as connection:
        connection.execute(update(TABLES["dossier"]).values(opened_at=opened))
    (found,) = known(office, "teacher").record.initiatives
    assert (found.recognised_on, found.awaited) == (date(2024, 8, 1), dossier)


def test_an_initiative_of_a_file_counts_as_its_decision_says_and_is_used_up_as_the_file_says(
    office: Office,
) -> None:
    row = initiative_row(until="30/06/2025", used="CSTĐCS", used_year="2023-2024")
    imported(office, given("initiatives", INITIATIVES, row))
    (found,) = known(office, "teacher").record.initiatives
    assert (found.scope, found.recognised_on, found.last_day, found.used_by) == (
        "local",
        date(2023, 3, 15),
        date(2025, 6, 30),
        frozenset({"title"}),
    )
    # Without a last day of its own the scope's term counts: three years in the province.
    rest = {"scope": "tỉnh", "body": "tinh", "day": "10/02/2023"}
    imported(office, given("initiatives", INITIATIVES, initiative_row("Khác", **rest)))
    (_, other) = known(office, "teacher").record.initiatives
    assert (other.scope, other.last_day, other.used_by) == ("province", date(2026, 2, 10), frozenset())


def test_a_unit_has_the_members_of_the_last_day_of_teaching_and_what_they_have(office: Office) -> None:
    table = TABLES["employment"]
    with office.database.write() as connection:
        gone = table.c.person_id == office.people["teacher-2"]
        connection.execute(update(table).where(gone).values(until=date(2025, 5, 30)))
    award(office, "teacher", "LDTT", YEAR)
    grade(office, "teacher", "HTXSNV")
    discipline(office, "teacher", "canh_cao", "2025-01-10")
    members = known(office, "th-mau-1").record.members
    assert members is not None and len(members) == 5
    (best,) = (one for one in members if one.titles)
    assert (best.titles, best.grade, best.disciplines) == (frozenset({"LDTT"}), "HTXSNV", ("canh_cao",))
    # Asked before that day, the members of the day itself are counted.
    early = known(office, "th-mau-1", on="2025-03-01").record.members
    assert early is not None and len(early) == 6


def test_disciplines_of_a_unit_s_members_are_known_where_those_of_each_are(office: Office) -> None:
    assert known(office, "th-mau-1").record.complete.get("disciplines") == frozenset()
    people = ("clerk", "principal", "school-council", "teacher", "teacher-2", "bloc-deputy")
    for person in people[:-1]:
        complete(office, person, "disciplines", YEAR)
    assert not known(office, "th-mau-1").record.knows("disciplines", YEAR)
    complete(office, people[-1], "disciplines", YEAR)
    assert known(office, "th-mau-1").record.knows("disciplines", YEAR)


MERGED = """
succession: 2024-truong
title: {vi: Sáp nhập trường, en: Schools that were merged}
since: 2024-09-01
source: test
verified: false
kinds: []
units:
  - {unit: th-mau-2, since: 2024-09-01, becomes: [th-mau-1], source: test, verified: false}
"""


def test_a_merged_school_has_what_its_predecessors_held(office: Office) -> None:
    award(office, "th-mau-2", "TTLDTT", 2022)
    grade(office, "th-mau-2", "HTTNV", 2022)
    row = {"school_year": "2023-2024", "score": 900, "rank": 2, "exact": "900"}
    ids = {"bloc_id": office.units["khoi"], "school_id": office.units["th-mau-2"]}
    put(office, "bloc_score", **ids, **row, **recorded(office))
    assert known(office, "th-mau-1").record.held == ()
    publish(office.database, "succession", MERGED.encode(), office.call(None, "2024-08-03"))
    record = known(office, "th-mau-1").record
    assert [(h.title, h.year) for h in record.held] == [("TTLDTT", 2022)]
    assert [g.grade for g in record.graded] == ["HTTNV"]
    assert known(office, "th-mau-1", year=2023).record.rank == 2
    # Before the day of the merger it had nothing of it.
    assert known(office, "th-mau-1", on="2024-08-31").record.held == ()


def test_matters_hold_until_they_are_closed(office: Office) -> None:
    note = {"id": "n1", "text": "đơn", "salt": "s"}
    with office.database.write() as connection:
        connection.execute(insert(TABLES["note"]), note)
    person = {"person_id": office.people["teacher"], "note_id": "n1", "kind": "complaint", "conclusion": ""}
    number = put(office, "open_matter", **person, since=date(2025, 6, 1), **recorded(office))
    assert [m.ref for m in known(office, "teacher").matters] == [f"matter:{number}"]
    with office.database.write() as connection:
        closed = {"closed_on": date(2025, 6, 9), "conclusion": "clean"}
        connection.execute(update(TABLES["open_matter"]).values(**closed))
    assert known(office, "teacher").matters == ()


@pytest.mark.parametrize("kind", ["people", "units"])
def test_the_number_of_statements_does_not_grow_with_the_holders(office: Office, kind: str) -> None:
    people = ("teacher", "teacher-2", "clerk", "principal", "clerk-2", "appraiser")
    units = ("th-mau-1", "th-mau-2", "pgd")
    holders = people if kind == "people" else units
    for holder in holders:
        award(office, holder, "LDTT" if kind == "people" else "TTLDTT", 2022)
        grade(office, holder, "HTTNV")
    asked = [wanted(office, holder, year=year) for holder in holders for year in (2022, 2023, 2024)]

    def statements(some: int) -> int:
        counted = [0]

        def count(*_: object) -> None:
            counted[0] += 1

        with office.database.read() as connection:
            event.listen(connection, "before_cursor_execute", count)
            found = records(connection, asked[:some])
            event.remove(connection, "before_cursor_execute", count)
        assert len(found) == some
        return counted[0]

    # Once before, so that what a process asks only once is asked.
    statements(1)
    assert statements(1) == statements(len(asked)) <= 20


def _rows(office: Office, table: str) -> list[dict]:
    with office.database.read() as connection:
        return [dict(row) for row in connection.execute(TABLES[table].select()).mappings()]


def test_in_parts_of_whatever_size_the_answers_are_the_same_in_the_same_order(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_books(office)
    grade(office, "teacher", "HTTNV")
    grade(office, "th-mau-1", "HTXSNV")
    asked = [wanted(office, who) for who in ("teacher", "clerk", "teacher-2")]
    asked += [wanted(office, "th-mau-1", "TTLDTT"), wanted(office, "teacher", "CSTDCS")] * 2
    at_once = judged(office, *asked)
    sizes: list[int] = []

    def counted(connection: Any, some: Any) -> Any:
        sizes.append(len(some))
        return records(connection, some)

    monkeypatch.setattr(judging, "records", counted)
    monkeypatch.setattr(judging, "BATCH", 2)
    assert judged(office, *asked) == at_once
    # A collective, with all its members, weighs more than a part holds, and is one by itself.
    assert sizes == [2, 1, 1, 1, 1, 1]
