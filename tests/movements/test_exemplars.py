"""Exemplars over years, counts from a file, and a bloc's summary made of both."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from casework.exemplars import stages
from casework.exemplars.counts import import_counts, read_counts
from casework.exemplars.stages import Finding, Reached, advance_exemplar, end_exemplar, find_exemplar
from casework.views.exemplars import list_exemplars, summary_of
from tests.at_once import at_once, codes_told
from tests.build import ROOT, Office
from tests.casework.telling import codes, refused_without_trace, rows

DAY = date.fromisoformat
FIELD = "Dạy học sinh dân tộc thiểu số"
COUNTS = ROOT / "data" / "sample" / "kien-luong-bloc-2-counts.csv"


def find(office: Office, person: str | None = "teacher", day: str = "2024-10-01", **changed: Any) -> Any:
    finding = Finding("th-mau-1", person, FIELD, DAY(day), "Mô hình lớp học hai thứ tiếng")
    return find_exemplar(office.database, None, finding, office.call("clerk", day), **changed)


def advance(office: Office, stage: str, day: str, number: int = 1) -> Any:
    reached = Reached(stage, DAY(day))
    return advance_exemplar(office.database, None, number, reached, office.call("principal", day))


def test_an_exemplar_goes_from_stage_to_stage_over_years(office: Office) -> None:
    find(office)
    for stage, day in (("nurtured", "2025-02-01"), ("reviewed", "2026-05-20"), ("spread", "2026-09-10")):
        advance(office, stage, day)
    with office.database.read() as connection:
        (found,), total = list_exemplars(connection, [office.units["th-mau-1"]])
    assert (total, found["stage"], found["next"]) == (1, "spread", None)
    assert codes(advance, office, "spread", "2026-09-11") == ["last_stage_reached"]
    assert [stage["reached_on"] for stage in found["stages"]] == [
        "2024-10-01",
        "2025-02-01",
        "2026-05-20",
        "2026-09-10",
    ]


def test_no_stage_is_left_out_and_none_lies_before_the_one_before(office: Office) -> None:
    find(office)
    assert codes(advance, office, "reviewed", "2025-02-01") == ["not_the_next_stage"]
    assert codes(advance, office, "nurtured", "2024-09-01") == ["stage_before_the_last"]
    assert codes(find, office) == ["exemplar_known"]


def test_what_cannot_be_found_is_refused_with_every_reason(office: Office) -> None:
    wrong = Finding("th-mau-1", "clerk-2", " ", DAY("2030-01-01"), movement="khong-co")
    found = refused_without_trace(
        office, find_exemplar, office.database, None, wrong, office.call("teacher", "2024-10-01")
    )
    assert found == [
        "done_in_the_future",
        "duty_not_held",
        "input_missing",
        "not_employed_here",
        "unknown_movement",
    ]


def test_an_ended_exemplar_keeps_what_it_reached(office: Office) -> None:
    find(office)
    end_exemplar(office.database, 1, "Chuyển trường", office.call("clerk", "2025-03-01"))
    assert codes(advance, office, "nurtured", "2025-04-01") == ["exemplar_has_ended"]
    with office.database.read() as connection:
        (found,), _ = list_exemplars(connection, [office.units["th-mau-1"]])
    assert (found["ended_why"], len(found["stages"])) == ("Chuyển trường", 1)


def summary(office: Office, first: str = "2015-2016", last: str = "2019-2020") -> Any:
    with office.database.read() as connection:
        return summary_of(connection, office.units["khoi"], first, last, "vi")


def bring(office: Office, body: bytes, person: str = "bloc-head", **options: Any) -> Any:
    return import_counts(office.database, "khoi", body, office.call(person, "2024-11-01"), **options)


def test_the_counts_of_a_real_bloc_come_out_as_they_went_in_and_a_blank_stays_blank(office: Office) -> None:
    bring(office, COUNTS.read_bytes())
    lines = {line["title"]: (line["registered"], line["achieved"]) for line in summary(office).titles}
    assert lines == {
        "HCLD2": (0, 1),
        "COCP": (1, 1),
        "BKTTG-T": (2, None),
        "BKTTG-C": (7, 21),
        "COTINH": (3, 4),
        "COBO": (1, 0),
        "BKT-KHOI": (6, None),
        "BKT-TX-T": (5, 14),
        "BKT-DX-T": (None, 4),
        "TTLDXS": (7, 15),
        "BKT-TX-C": (124, 232),
        "CSTDT": (46, 11),
        "TTLDTT": (10, 42),
        "CSTDCS": (288, 276),
        "LDTT": (431, 1871),
    }


def test_the_two_shares_stand_beside_the_cap_of_that_time(office: Office) -> None:
    bring(office, COUNTS.read_bytes())
    shares = {row["column"]: row for row in summary(office).shares}
    assert shares["achieved"]["share"] == Fraction(276, 1871)
    assert (f"{float(shares['achieved']['share']):.2%}", shares["achieved"]["within"]) == ("14.75%", True)
    assert (f"{float(shares['registered']['share']):.1%}", shares["registered"]["within"]) == ("66.8%", False)
    assert shares["achieved"]["cap"] == Fraction(3, 20)


def test_no_cap_is_shown_of_years_that_have_none(office: Office) -> None:
    body = b"code,name,subject,achieved_2024_2025\nLDTT,x,individual,100\nCSTDCS,y,individual,40\n"
    bring(office, body)
    assert summary(office, "2024-2025", "2024-2025").shares == []


def test_bringing_a_file_again_replaces_its_columns(office: Office) -> None:
    bring(office, COUNTS.read_bytes())
    before = rows(office, "title_count")
    bring(office, COUNTS.read_bytes())
    assert [(r["title"], r["number"]) for r in rows(office, "title_count")] == [
        (r["title"], r["number"]) for r in before
    ]


def test_a_wrong_file_is_refused_with_every_line(office: Office) -> None:
    body = (
        "code,name,subject,registered_2020_2019,achieved_2015_2020,achieved_2015_2020\n"
        "KHONG,Không có,individual,1,2,3\n"
        "LDTT,Lao động tiên tiến,person,1,x,3\n"
        "LDTT,Lao động tiên tiến,individual,1,2\n"
        "COCP,Cờ,collective,,-1,\n"
        "COCP,Cờ,collective,,1,\n"
    ).encode()
    found = refused_without_trace(office, bring, office, body)
    assert found == [
        "counts_column",
        "counts_column",
        "counts_line_length",
        "counts_line_twice",
        "counts_number",
        "counts_number",
        "counts_subject",
        "counts_title",
    ]


@pytest.mark.parametrize(
    "body",
    [b"", b"a,b\n", b"\xff\xfe", b'code,name,"subject', b"%PDF-1.7\n% yes\n%%EOF\n", b"a,b,c\n1,2,3\n"],
)
def test_a_file_that_is_no_table_is_refused(body: bytes) -> None:
    table, reasons = read_counts(body)
    assert reasons and table.lines == ()


def test_the_summary_counts_schools_and_stages_of_its_years_alone(office: Office) -> None:
    find(office)
    find(office, None, "2024-11-01")
    advance(office, "nurtured", "2025-02-01")
    for stage, day in (("reviewed", "2025-05-20"), ("spread", "2025-09-10")):
        advance(office, stage, day)
    told = summary(office, "2020-2021", "2024-2025")
    assert [(s["school"], s["found"], s["nurtured"], s["reviewed"], s["spread"]) for s in told.schools] == [
        ("Đơn vị th-mau-1", 2, 1, 1, 0),
        ("Đơn vị th-mau-2", 0, 0, 0, 0),
    ]
    assert told.known == []
    (known,) = summary(office, "2025-2026", "2029-2030").known
    assert (known["name"], known["field"]) == ("Người teacher", FIELD)


def test_what_was_decided_here_stands_beside_what_a_file_says(office: Office) -> None:
    office.dossier_at("decided")
    body = (
        b"code,name,subject,achieved_2024_2025\nLDTT,Lao dong tien tien,individual,\nCSTDCS,y,individual,1\n"
    )
    bring(office, body)
    lines = {
        line["title"]: (line["achieved"], line["decided"])
        for line in summary(office, "2024-2025", "2024-2025").titles
    }
    assert lines == {"CSTDCS": (1, None), "LDTT": (None, 2)}


def test_who_is_found_by_two_in_the_same_moment_is_one_exemplar(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = threading.Barrier(2, timeout=1.0)
    known = stages._known

    def together(*args: Any) -> bool:
        found = known(*args)
        # Where nobody waits, both have looked before either writes.
        with suppress(threading.BrokenBarrierError):
            both.wait()
        return found

    monkeypatch.setattr(stages, "_known", together)
    told = codes_told(at_once(*[lambda: find(office)] * 2))
    assert told == [[], ["exemplar_known"]]
