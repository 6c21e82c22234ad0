"""Files of earlier years: every row accounted for, written as one act, taken back as long as nothing is built on it."""

from __future__ import annotations

import json
import time
from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert, update

from casework.career.columns import MOST_ROWS, read_file
from casework.career.complete import state_complete, state_whole, unstate_complete
from casework.career.correct_grade import correct_grade
from casework.career.import_file import Given, import_file
from casework.career.record_grades import GradeDecision
from casework.career.seen import Choices
from casework.career.take_back import take_back_import
from casework.doctor.careers import complete_year_not_over
from casework.doctor.view import View
from casework.people import PERSON
from models.base import metadata
from rules.reasons import Refused
from tests.build import LONG_AGO, Office, noon
from tests.career.files import DAY, GRADES, TITLES, chosen, given, grade, imported, looked, title
from tests.casework.telling import broken_links, codes, refused_without_trace, rows

TABLES = metadata.tables


@pytest.fixture
def twins(office: Office) -> Office:
    """The office with birth dates, and two people of one name at one school."""
    with office.database.write() as connection:
        born = {"teacher": date(1980, 1, 2), "teacher-2": date(1985, 3, 4), "clerk": date(1990, 5, 6)}
        for code, day in born.items():
            connection.execute(update(PERSON).where(PERSON.c.code == code).values(birth_date=day))
        same = {"name": "Người teacher", "locale": "vi", "birth_date": date(1991, 1, 1)}
        made = connection.execute(insert(PERSON), {"code": "twin", **same})
        person = office.people["twin"] = int(made.inserted_primary_key[0])
        row = {"person_id": person, "unit_id": office.units["th-mau-1"], "since": LONG_AGO}
        connection.execute(insert(TABLES["employment"]), row)
    return office


def told(office: Office, file: Given) -> dict[int, str]:
    return {row.line: row.standing for row in looked(office, file).rows}


def test_a_file_is_read_in_any_way_that_offices_write_it() -> None:
    for text in (
        "Năm học;Danh hiệu;Mã;Số quyết định;Ngày;Cơ quan ban hành\n2022-2023;LĐTT;x;1;1/7/2023;huyen",
        "school year,title,code,number,date,body\r\n2022-2023,LĐTT,x,1,1/7/2023,huyen\r\n",
        "NĂM HỌC\tdanh hieu\tma\tso quyet dinh\tngay\tco quan ban hanh\n2022-2023\tLĐTT\tx\t1\t1/7/2023\thuyen",
    ):
        for body in (text.encode(), text.encode("utf-8-sig")):
            found, reasons = read_file("titles", body)
            assert not reasons
            assert [(row.line, row.cell("title"), row.cell("body")) for row in found] == [
                (2, "LĐTT", "huyen")
            ]
    # Letters put together of two signs are brought to one; what looks like a formula is text.
    apart = "Năm học;Danh hiệu;Họ tên;Số quyết định;Ngày;Cơ quan ban hành\n2022-2023;=1+1;Lê A;1;1/7/2023;h"
    (row,), _ = read_file("titles", apart.encode())
    assert (row.cell("title"), row.cell("name")) == ("=1+1", "Lê A")


def test_what_is_no_table_of_this_kind_is_refused_as_a_whole() -> None:
    def wrong(body: bytes) -> list[str]:
        return [reason.code for reason in read_file("titles", body)[1]]

    assert wrong("Năm học".encode("utf-16")) == ["career_file_unreadable"]
    assert wrong(b"\xff\xfe\x00\x01") == ["career_file_unreadable"]
    assert wrong(b"") == wrong(TITLES.encode()) == ["career_file_unreadable"]
    assert wrong(b'a;b\n"c;d') == ["career_file_unreadable"]
    assert wrong(b"a;b\nc;d") == ["career_columns_missing"]
    assert wrong((TITLES + ";Danh hiệu\n" + title()).encode()) == ["career_column_twice"]
    assert wrong((TITLES + "\n" + title() + ";x;y;z").encode()) == ["career_line_length"]
    assert wrong("\n".join([TITLES, *[title()] * (MOST_ROWS + 1)]).encode()) == ["career_too_many_rows"]


def test_each_row_is_taken_there_doubtful_left_out_or_refused(twins: Office) -> None:
    imported(twins, given("titles", TITLES, title("clerk")))
    file = given(
        "titles",
        TITLES,
        title("clerk"),
        title("teacher-2", what="Lao động tiên tiến"),
        title("", name="Người teacher", birth="02/01/1980"),
        title("", name="Người teacher"),
        title("", name="nguoi  CLERK"),
        title("teacher", "2021-2022", name="Người twin khác"),
        title("", name="Ai đó"),
        title("principal", "2021-2022"),
        title("", what="Tập thể lao động xuất sắc", name="Đơn vị th-mau-1", body="tinh"),
        choices=Choices(left_out=frozenset({9})),
    )
    seen = looked(twins, file)
    assert {row.line: row.standing for row in seen.rows} == {
        2: "there",
        3: "taken",
        4: "taken",
        5: "doubtful",
        6: "doubtful",
        7: "doubtful",
        8: "refused",
        9: "left_out",
        10: "taken",
    }
    assert {row.line: row.doubt for row in seen.rows if row.doubt} == {
        5: "several",
        6: "marks",
        7: "other_name",
    }
    assert [one.code for one in seen.rows[3].candidates] == ["teacher", "twin"]
    assert [reason.code for reason in seen.rows[6].reasons] == ["career_nobody"]
    assert sum(seen.counts.values()) == len(seen.rows)
    assert seen.rows[8].unit == twins.units["th-mau-1"]


def test_nothing_is_written_before_somebody_has_chosen_and_left_out(twins: Office) -> None:
    lines = (title("", name="Người teacher"), title("ghost"), title("teacher-2"))
    file = given("titles", TITLES, *lines)
    found = refused_without_trace(twins, imported, twins, file)
    assert found == ["career_code_unknown", "career_doubtful"]
    wrong = given("titles", TITLES, *lines, choices=chosen(line_2="clerk", line_9="twin"))
    assert codes(imported, twins, wrong) == [
        "career_choice_unfit",
        "career_choice_without_row",
        "career_code_unknown",
    ]
    choices = Choices({2: "twin"}, frozenset({3}))
    done = imported(twins, given("titles", TITLES, *lines, choices=choices))
    assert done.payload["counts"] == {"taken": 2, "there": 0, "doubtful": 0, "left_out": 1, "refused": 0}
    held = rows(twins, "award")
    assert [row["person_id"] for row in held] == [twins.people["twin"], twins.people["teacher-2"]]
    # A column of the file says the same as a choice.
    more = given("titles", TITLES + ";Chọn", title("", "2021-2022", name="Người teacher") + ";teacher")
    imported(twins, more)
    assert rows(twins, "award")[-1]["person_id"] == twins.people["teacher"]


def test_an_import_is_one_act_with_its_rows_decisions_and_chain(office: Office) -> None:
    done = imported(
        office,
        given(
            "titles",
            TITLES,
            title(),
            title("teacher-2"),
            title("teacher", "2021-2022", "Chiến sĩ thi đua cơ sở"),
        ),
    )
    assert done.subject == "career-import:1"
    decisions = rows(office, "decision")
    assert [(row["number"], row["issued_by"], row["year"]) for row in decisions] == [
        ("LĐTT-2023", "Đơn vị huyen", 2023),
        ("Chiến sĩ thi đua cơ sở-2022", "Đơn vị huyen", 2022),
    ]
    assert [
        (r["title"], r["school_year"], r["award_type"], r["standing"]) for r in rows(office, "award")
    ] == [
        ("LDTT", "2022-2023", "merit", "held"),
        ("LDTT", "2022-2023", "merit", "held"),
        ("CSTDCS", "2021-2022", "merit", "held"),
    ]
    (entry,) = rows(office, "history_entry", subject="career-import:1")
    assert entry["event"] == "import_career"
    assert json.loads(entry["payload"])["written"] == 3
    linked = {(row["kind"], row["line"]) for row in rows(office, "imported_row")}
    assert linked == {("award", 2), ("award", 3), ("award", 4), ("decision", 2), ("decision", 4)}
    again = looked(office, given("titles", TITLES, title()))
    assert again.counts["there"] == 1
    assert broken_links(office.database) == []


def test_grades_disciplines_and_service_are_taken_over_too(office: Office) -> None:
    imported(
        office,
        given("grades", GRADES, grade(), grade("", unit="th-mau-1", what="Hoàn thành xuất sắc nhiệm vụ")),
    )
    assert [(row["person_id"], row["unit_id"], row["grade"]) for row in rows(office, "grade")] == [
        (office.people["teacher"], None, "HTTNV"),
        (None, office.units["th-mau-1"], "HTXSNV"),
    ]
    heading = "Hình thức kỷ luật;Mã;Số quyết định;Ngày;Chấp hành xong"
    file = given(
        "disciplines",
        heading,
        "Khiển trách;teacher;5/QĐ;01/02/2021;01/08/2021",
        "cảnh cáo;teacher-2;6/QĐ;1/2/2024;",
    )
    imported(office, file)
    assert [(row["form"], row["served_on"]) for row in rows(office, "discipline")] == [
        ("khien_trach", date(2021, 8, 1)),
        ("canh_cao", None),
    ]
    assert looked(office, file).counts["there"] == 2
    other = given("disciplines", heading, "cảnh cáo;teacher;5/QĐ;01/02/2021;01/08/2021")
    assert [reason.code for reason in looked(office, other).rows[0].reasons] == ["career_known_otherwise"]
    heading = "Loại thời gian;Mã;Từ ngày;Đến ngày"
    imported(
        office,
        given(
            "service",
            heading,
            "công tác trong ngành;teacher;01/09/2001;",
            "hard_area;teacher;1/9/2005;31/8/2010",
        ),
    )
    assert [(row["kind"], row["since"], row["until"]) for row in rows(office, "service")] == [
        ("trade", date(2001, 9, 1), None),
        ("hard_area", date(2005, 9, 1), date(2010, 8, 31)),
    ]


def test_times_of_service_that_share_a_day_are_refused(office: Office) -> None:
    heading = "Loại thời gian;Mã;Từ ngày;Đến ngày"
    imported(office, given("service", heading, "trade;teacher;01/09/2001;31/08/2010"))
    file = given(
        "service",
        heading,
        "trade;teacher;31/08/2010;30/09/2010",
        "trade;teacher;01/09/2010;31/12/2010",
        "hard_area;teacher;01/01/2005;",
        "trade;teacher;31/12/2010;",
        "trade;teacher-2;01/01/2005;",
        "trade;teacher;01/01/2011;",
    )
    seen = looked(office, file)
    assert [row.standing for row in seen.rows] == ["refused", "taken", "taken", "refused", "taken", "taken"]
    told = [(reason.code, dict(reason.params)) for row in seen.rows for reason in row.reasons]
    assert told == [
        ("career_service_overlaps", {"line": 2, "since": "2001-09-01"}),
        ("career_service_overlaps", {"line": 5, "since": "2010-09-01"}),
    ]


def test_a_statement_that_was_taken_back_by_itself_is_its_import_s_no_more(office: Office) -> None:
    """SQLite gives the number of a row that is gone again: it is then somebody else's statement."""
    file = given("titles", TITLES, title(), unit="th-mau-1", complete=(2021,))
    imported(office, file)
    call = office.call("appraiser", DAY)
    unstate_complete(office.database, "th-mau-1", "titles", [2021], call)
    assert {row["kind"] for row in rows(office, "imported_row")} == {"award", "decision"}
    state_complete(office.database, "th-mau-1", "grades", [2020], office.call("appraiser", DAY))
    before = complete(office)
    assert before
    take_back_import(office.database, 1, "nhầm", office.call("appraiser", DAY))
    assert complete(office) == before


def faulty() -> tuple[str, list[str], list[tuple[int, str]]]:
    """A heading, rows of which many are sound, and the planted faults: (line, code of the reason)."""
    lines: list[str] = []
    planted: list[tuple[int, str]] = []

    def put(row: str, *faults: str) -> None:
        lines.append(row)
        planted.extend((len(lines) + 1, fault) for fault in faults)

    for number in range(2000, 2010):
        put(title("teacher", f"{number}-{number + 1}"))
    put(title(year="2020-2022"), "career_year_unreadable")
    put(title(year="2020"), "career_year_unreadable")
    put(title(year="2021-2020"), "career_year_unreadable")
    put(title(year="2026-2027", day="01/01/2025"), "career_year_ahead")
    put(title(year="2030-2031", day="01/01/2025"), "career_year_ahead")
    put(title("clerk", what="Anh hùng xóm"), "career_title_unknown")
    put(title("clerk", what="=HYPERLINK(1)"), "career_title_unknown")
    put(title("clerk", what="SKCS"), "career_title_of_initiative")
    put(title("clerk", what="TTLĐTT"), "career_title_for_other")
    put(title("", what="LĐTT", unit="th-mau-1"), "career_title_for_other")
    put(title("clerk", "2018-2019", day="31/02/2019"), "career_day_unreadable")
    put(title("clerk", "2018-2019", day="mùa hè"), "career_day_unreadable")
    put(title("clerk", "2018-2019", day="01/01/1899"), "career_day_unreadable")
    put(title("principal", "2024-2025", day="01/08/2025"), "career_day_ahead")
    put(title("clerk", "2024-2025", day="11/06/2025"), "career_day_ahead")
    put(title("clerk", "2018-2019", day="31/07/2018"), "career_decided_outside")
    put(title("principal", "2018-2019", day="01/08/2022"), "career_decided_outside")
    put(title("clerk", "2017-2018", number="a", body="phường lạ"), "career_body_unknown")
    put(title("clerk", "2016-2017", number="a", body="x" * 150), "career_body_unknown")
    put(title("clerk", "2015-2016", number="a", body="Tên chung"), "career_body_several")
    put(title("clerk", "2014-2015", number="a", day="01/07/2016", body="cu"), "career_body_ended")
    put(title("clerk", "2013-2014", number="N1", day="01/07/2014"))
    put(title("clerk", "2013-2014", "CSTĐCS", number="N1", day="02/07/2014"), "career_number_two_days")
    put(title("principal", "2013-2014", number="N1", day="03/07/2014"), "career_number_two_days")
    put(title("clerk", "2012-2013", number="N2"))
    put(title("clerk", "2012-2013", number="N2"), "career_row_twice")
    put(title("clerk", "2012-2013", number="N3"), "career_row_twice")
    put(title("clerk", "2012-2013", "Lao động tiên tiến", number="N4"), "career_row_twice")
    put(title("ghost"), "career_code_unknown")
    put(title("chairman-9"), "career_code_unknown")
    put(title("province-chairman"), "career_code_unknown")
    put(title("", name="Ai đó"), "career_nobody")
    put(title("", name="Người state"), "career_nobody")
    put(title("appraiser"), "career_about_yourself")
    put(title("", what="TTLĐTT", unit="tinh"), "career_unit_unknown")
    put(title("", what="TTLĐTT", unit="trường lạ"), "career_unit_unknown")
    put(title("principal", kind="lung tung"), "career_type_unknown")
    put(title("principal", "2009-2010", birth="không rõ"), "career_day_unreadable")
    put(title("principal", "2008-2009", birth="01/01/2030"), "career_day_unreadable")
    put(title("school-council").replace("LĐTT-2023", ""), "career_cell_missing")
    put(title("school-council").replace("2022-2023", ""), "career_cell_missing")
    put(title("school-council").replace(";LĐTT;", ";;"), "career_cell_missing")
    put(title("school-council").replace("huyen", ""), "career_cell_missing")
    put(title("school-council").replace("15/07/2023", ""), "career_cell_missing")
    put(title("").replace("huyen", "huyen"), "career_cell_missing")
    put(title("bloc-deputy", number="n" * 201), "career_cell_too_long")
    put(title("bloc-deputy", "2011-2012", number="cũ", day="15/07/2012"), "career_number_known")
    put(title("bloc-deputy", "2010-2011"), "career_held_by_other")
    # Several in one row are told together.
    put(
        title("bloc-deputy", "2020-2022", "X", day="nay", body="đâu"),
        *(
            "career_year_unreadable",
            "career_title_unknown",
            "career_day_unreadable",
            "career_body_unknown",
        ),
    )
    for number in range(2010, 2020):
        put(title("teacher-2", f"{number}-{number + 1}"))
    return TITLES, lines, planted


def test_a_file_with_fifty_planted_faults_reports_exactly_those(office: Office) -> None:
    with office.database.write() as connection:
        shared = {"kind": "people_committee", "name": "Tên chung", "verified": False, "source": "test"}
        for code in ("chung-1", "chung-2"):
            connection.execute(insert(TABLES["unit"]), {"code": code, **shared})
        ended = {**shared, "code": "cu", "name": "Huyện cũ", "until": date(2015, 6, 30)}
        connection.execute(insert(TABLES["unit"]), ended)
    before = (
        title("clerk-2", "2011-2012", number="cũ", day="14/07/2012"),
        title("bloc-deputy", "2010-2011", number="khác"),
    )
    imported(office, given("titles", TITLES, *before))
    heading, lines, planted = faulty()
    assert len(planted) == 50
    seen = looked(office, given("titles", heading, *lines))
    found = [(row.line, reason.code) for row in seen.rows for reason in row.reasons]
    assert (set(found) - set(planted), set(planted) - set(found)) == (set(), set())
    assert sorted(found) == sorted(planted)
    assert all(reason.params["line"] == row.line for row in seen.rows for reason in row.reasons)
    assert seen.reasons == () and not seen.of("doubtful")
    assert sum(seen.counts.values()) == len(lines) and seen.counts["taken"] == 22
    told = codes(imported, office, given("titles", heading, *lines))
    assert told == sorted(code for _, code in planted)


def test_five_thousand_rows_are_all_accounted_for(office: Office) -> None:
    school = office.units["th-mau-1"]
    with office.database.write() as connection:
        people = [
            {
                "code": f"gv-{n:04}",
                "name": f"Người số {n % 700}",
                "locale": "vi",
                "birth_date": date(1970, 1, 1 + n % 28),
            }
            for n in range(1_000)
        ]
        connection.execute(insert(PERSON), people)
        ids = [connection.execute(PERSON.select().where(PERSON.c.code == p["code"])).one().id for p in people]
        employed = [{"person_id": n, "unit_id": school, "since": LONG_AGO} for n in ids]
        connection.execute(insert(TABLES["employment"]), employed)
    lines = [
        title(f"gv-{n:04}", f"{year}-{year + 1}")
        if n % 2
        else title("", f"{year}-{year + 1}", name=f"Người số {n % 700}", birth=f"{1 + n % 28:02}/01/1970")
        for year in range(2018, 2023)
        for n in range(1_000)
    ]
    file = given("titles", TITLES, *lines)
    begun = time.process_time()
    seen = looked(office, file)
    assert (len(seen.rows), sum(seen.counts.values())) == (5_000, 5_000)
    # People of one name and one birth date are put to a person; no two rows may fall upon one.
    several = {row.line: row.candidates[0].code for row in seen.of("doubtful")}
    picked = {}
    for row in seen.of("doubtful"):
        wanted = f"gv-{(row.line - 2) % 1_000:04}"
        assert wanted in [one.code for one in row.candidates]
        picked[row.line] = wanted
    assert set(picked) == set(several)
    done = imported(office, given("titles", TITLES, *lines, choices=Choices(picked)))
    spent = time.process_time() - begun
    assert done.payload["counts"] == {"taken": 5_000, "there": 0, "doubtful": 0, "left_out": 0, "refused": 0}
    assert len(rows(office, "award")) == 5_000
    assert len(rows(office, "decision")) == 5
    assert spent < 20, spent
    back = take_back_import(office.database, 1, "sai tệp", office.call("appraiser", DAY))
    assert back.payload["removed"] == {"award": 5_000, "decision": 5}


def test_taking_back_removes_exactly_what_was_written(office: Office) -> None:
    first = given("titles", TITLES, title(), title("teacher-2"))
    imported(office, first)
    imported(office, given("titles", TITLES, title("clerk"), title("clerk", "2021-2022")))
    assert codes(take_back_import, office.database, 1, " ", office.call("appraiser", DAY)) == [
        "built_on_by_titles",
        "input_missing",
    ]
    take_back_import(office.database, 2, "nhầm", office.call("appraiser", DAY))
    assert [row["person_id"] for row in rows(office, "award")] == [
        office.people["teacher"],
        office.people["teacher-2"],
    ]
    assert len(rows(office, "decision")) == 1
    take_back_import(office.database, 1, "nhầm", office.call("appraiser-2", DAY))
    assert rows(office, "award") == rows(office, "decision") == rows(office, "imported_row") == []
    assert [row["written"] for row in rows(office, "history_import")] == [2, 2]
    assert codes(take_back_import, office.database, 1, "x", office.call("appraiser", DAY)) == [
        "career_taken_back"
    ]
    assert codes(take_back_import, office.database, 9, "x", office.call("appraiser", DAY)) == [
        "career_import_unknown"
    ]
    assert broken_links(office.database) == []


def test_what_was_built_on_an_import_keeps_it(office: Office) -> None:
    imported(office, given("grades", GRADES, grade()))
    again = GradeDecision("2022-2023", "99/QĐ", date(2024, 1, 5), "Hiệu trưởng")
    correct_grade(office.database, "teacher", "HTNV", again, "xếp nhầm", office.call("appraiser", DAY))
    imported(office, given("titles", TITLES, title()))
    code = office.open()
    (nomination,) = office.nominate(code, "teacher")
    with office.database.write() as connection:
        sha256 = connection.execute(TABLES["regulation"].select()).first().sha256
        row = {
            "nomination_id": nomination,
            "number": 1,
            "version": 2,
            "taken_at": "hand_in",
            "outcome": "met",
            "rulebook_sha256": sha256,
            "chosen": "by_decision",
            "asked_on": date(2025, 6, 11),
            "legal_day": date(2025, 6, 11),
            "findings": "[]",
            "recorded_at": noon("2025-06-11"),
        }
        connection.execute(insert(TABLES["verdict"]), row)
        key = f"title:p{office.people['teacher']}:2022:LDTT"
        connection.execute(insert(TABLES["verdict_basis"]), {"nomination_id": nomination, "key": key})
    call = office.call("appraiser", "2025-06-12")
    assert codes(take_back_import, office.database, 1, "nhầm", call) == ["built_on_by_grades"]
    assert codes(take_back_import, office.database, 2, "nhầm", call) == ["built_on_by_verdict"]


def test_only_a_keeper_of_those_people_imports_and_learns_of_names(office: Office) -> None:
    file = given("titles", TITLES, title(), title("", name="Người teacher"))
    for person in ("clerk", "principal", "teacher", "admin", "reviewer", "bloc-head", "council-secretary"):
        assert refused_without_trace(office, imported, office, file, person) == ["duty_not_held"]
        assert looked(office, file, person).rows == ()
    elsewhere = given("titles", TITLES, title("province-appraiser"))
    assert codes(imported, office, elsewhere) == ["career_code_unknown"]
    imported(office, given("titles", TITLES, title("appraiser")), "province-appraiser")


def test_an_unconfirmed_meaning_is_not_written(office: Office) -> None:
    file = given("titles", TITLES, title())
    mark = looked(office, file).mark
    imported(office, file, "appraiser-2")
    call = office.call("appraiser", DAY)
    with pytest.raises(Refused) as refusal:
        import_file(office.database, file, call, mark=mark)
    assert [reason.code for reason in refusal.value.reasons] == ["career_changed_meanwhile"]


def complete(office: Office) -> set[tuple[Any, ...]]:
    return {
        (r["person_id"], r["unit_id"], r["what"], r["school_year"]) for r in rows(office, "complete_year")
    }


def test_a_year_is_stated_complete_for_a_unit_and_all_whom_it_employed(office: Office) -> None:
    file = given("titles", TITLES, title(), unit="th-mau-1", complete=(2021, 2022))
    done = imported(office, file)
    at_school = {
        office.people[code]
        for code in ("clerk", "principal", "school-council", "teacher", "teacher-2", "bloc-deputy")
    }
    expected = {(person, None, "titles", year) for person in at_school for year in ("2021-2022", "2022-2023")}
    expected |= {(None, office.units["th-mau-1"], "titles", year) for year in ("2021-2022", "2022-2023")}
    assert complete(office) == expected and done.payload["stated"] == len(expected)
    call = office.call("appraiser", DAY)
    assert codes(state_complete, office.database, "th-mau-1", "titles", [2021, 2022], call) == [
        "complete_already"
    ]
    unstate_complete(office.database, "th-mau-1", "titles", [2021], call)
    assert {row[3] for row in complete(office)} == {"2022-2023"}
    take_back_import(office.database, 1, "nhầm", office.call("appraiser", DAY))
    assert complete(office) == set()
    state_complete(office.database, "th-mau-1", "grades", [2022], office.call("appraiser", DAY))
    assert {row[2] for row in complete(office)} == {"grades"}
    assert codes(
        state_complete, office.database, "th-mau-1", "grades", [2024], office.call("appraiser", DAY)
    ) == ["complete_year_runs"]
    # Of a running year disciplines are known once teaching has ended, and nothing else is.
    early, late = (office.call("appraiser", day) for day in ("2025-05-30", "2025-05-31"))
    wanted = (office.database, "th-mau-1", "disciplines", [2024])
    assert codes(state_complete, *wanted, early) == ["complete_teaching_runs"]
    state_complete(*wanted, late)
    assert {row[2] for row in complete(office)} == {"grades", "disciplines"}
    with office.database.read() as connection:
        assert list(complete_year_not_over(View(connection, noon("2025-06-10")))) == []
    for wrong, reason in (
        ({"complete": (2022,)}, "complete_without_unit"),
        ({"complete": (2024,), "unit": "th-mau-1"}, "complete_year_runs"),
    ):
        assert codes(imported, office, given("titles", TITLES, title("clerk"), **wrong)) == [reason]


def test_a_whole_career_is_stated_and_taken_back(office: Office) -> None:
    state_whole(office.database, "teacher", office.call("appraiser", DAY))
    assert complete(office) == {(office.people["teacher"], None, "whole", "")}
    assert codes(state_whole, office.database, "teacher", office.call("appraiser", DAY)) == [
        "complete_already"
    ]
    state_whole(office.database, "teacher", office.call("appraiser", DAY), back=True)
    assert complete(office) == set()
    call = office.call("appraiser", DAY)
    assert codes(state_whole, office.database, "teacher", call, back=True) == ["complete_not_stated"]
    assert codes(state_whole, office.database, "teacher", office.call("principal", DAY)) == ["duty_not_held"]
    assert codes(state_whole, office.database, "appraiser", call) == ["about_yourself"]
