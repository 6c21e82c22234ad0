"""Files of initiatives of earlier years: authors together, recognised once at each scope, taken back exactly."""

from __future__ import annotations

import json
import threading
from datetime import date
from typing import Any

import pytest
from sqlalchemy import update

from casework.career.columns import COLUMNS, read_file
from casework.career.import_file import Given, import_file
from casework.career.seen import Choices
from casework.career.take_back import take_back_import
from casework.doctor.initiatives import (
    INVARIANTS,
    chain_of_no_initiative,
    initiative_differs_from_history,
)
from casework.doctor.view import View
from casework.initiatives import change_initiative, list_initiatives
from casework.nominate import NomineeInput, nominate
from casework.publish import publish
from casework.sight import sight_of
from casework.take_back_initiative import take_back_initiative
from casework.views.career import person_career
from casework.views.initiatives import Wanted, list_of_initiatives, show_initiative
from kit.database import Database
from models.base import metadata
from rules.reasons import Reason, Refused
from tests.build import ROOT, Office, noon
from tests.career.files import DAY, INITIATIVES, chosen, given, imported, initiative, looked
from tests.casework.telling import broken_links, codes, every_row, refused_without_trace, rows
from tests.initiatives.lists import Lists
from tests.initiatives.lists import initiative as listed

TABLES = metadata.tables


def of(*lines: str, **more: Any) -> Given:
    """A file of initiatives."""
    return given("initiatives", INITIATIVES, *lines, **more)


def shared(scope: str = "cấp tỉnh", body: str = "tinh", **more: Any) -> tuple[str, str]:
    """An initiative of two authors."""
    rest = {"scope": scope, "body": body, **more}
    first = initiative("Vườn chữ", "teacher", "62,5", **rest)
    return first, initiative("Vườn chữ", "teacher-2", "37.5 %", **rest)


def back(office: Office, number: int, person: str = "appraiser", day: str = DAY) -> Any:
    return take_back_import(office.database, number, "sai tệp", office.call(person, day))


def against(office: Office, file: Given) -> list[tuple[int, str]]:
    """Lines and codes of the reasons against rows."""
    return sorted((row.line, one.code) for row in looked(office, file).rows for one in row.reasons)


def test_authors_are_taken_over_together_with_the_decision_and_what_the_file_says_of_use(
    office: Office,
) -> None:
    done = imported(
        office,
        of(
            *shared(until="31/12/2027", applied="05/09/2022"),
            initiative(used="CSTĐCS", used_year="2023-2024"),
        ),
    )
    assert [
        (row["code"], row["name"], row["school_year"], row["applied_on"])
        for row in rows(office, "initiative")
    ] == [
        ("th-mau-1.2223.sk1", "Vườn chữ", "2022-2023", date(2022, 9, 5)),
        ("th-mau-1.2223.sk2", "Góc đọc mở", "2022-2023", None),
    ]
    teacher, other = office.people["teacher"], office.people["teacher-2"]
    assert {
        (row["initiative_id"], row["person_id"], row["share"]) for row in rows(office, "initiative_author")
    } == {(1, teacher, 6_250), (1, other, 3_750), (2, teacher, 10_000)}
    school = office.units["th-mau-1"]
    assert [
        (row["initiative_id"], row["title"], row["unit_id"], row["person_id"], row["valid_until"])
        for row in rows(office, "award")
    ] == [(1, "SKT", school, None, date(2027, 12, 31)), (2, "SKCS", school, None, None)]
    assert [(row["number"], row["issued_by"]) for row in rows(office, "decision")] == [
        ("SK-2023", "Đơn vị tinh"),
        ("SK-2023", "Đơn vị huyen"),
    ]
    (use,) = rows(office, "earlier_use")
    assert (use["initiative_id"], use["person_id"], use["title"], use["school_year"]) == (
        2,
        teacher,
        "CSTDCS",
        "2023-2024",
    )
    # Three rows are three authors; one act, one entry.
    assert done.payload["counts"]["taken"] == done.payload["written"] == 3
    assert done.payload["initiatives"]["count"] == 2
    assert [(row["kind"], row["line"]) for row in rows(office, "imported_row", import_id=1)] == [
        ("award", 2),
        ("award", 4),
        ("decision", 2),
        ("decision", 4),
        ("earlier_use", 4),
        ("initiative", 2),
        ("initiative", 4),
    ]
    entries = [row for row in rows(office, "history_entry") if row["event"] != "publish"]
    assert [(row["subject"], row["event"]) for row in entries] == [("career-import:1", "import_career")]
    assert broken_links(office.database) == []


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("cơ sở", "SKCS"),
        ("Cấp cơ sở", "SKCS"),
        ("CẤP HUYỆN", "SKCS"),
        ("cap xa", "SKCS"),
        ("SKCS", "SKCS"),
        ("Sáng kiến cấp cơ sở", "SKCS"),
        ("local", "SKCS"),
        ("cấp tỉnh", "SKT"),
        ("Tỉnh", "SKT"),
        ("cấp Bộ", "SKT"),
        ("province", "SKT"),
        ("toàn quốc", "SKTQ"),
        ("Cả nước", "SKTQ"),
        ("nation", "SKTQ"),
        ("cấp trường", None),
        ("tốt", None),
    ],
)
def test_a_scope_is_understood_as_people_write_it(office: Office, text: str, title: str | None) -> None:
    (row,) = looked(office, of(initiative(scope=text))).rows
    if title is None:
        assert [one.code for one in row.reasons] == ["career_scope_unknown"]
    else:
        assert (row.standing, row.values["title"]) == ("taken", title)


def test_the_columns_may_be_called_otherwise_and_none_may_be_missing() -> None:
    body = (
        "school year,initiative,scope,author,share,decision number,decision date,body,unit,valid until\n"
        "2022-2023,Vườn chữ,province,Lê A,100,1,1/3/2023,tinh,th-mau-1,1/3/2026"
    )
    (row,), reasons = read_file("initiatives", body.encode())
    assert not reasons
    assert (row.cell("initiative"), row.cell("name"), row.cell("valid_until")) == (
        "Vườn chữ",
        "Lê A",
        "1/3/2026",
    )
    # A unit alone says of no author.
    without = INITIATIVES.replace("Tác giả;Mã;", "")
    _, (told,) = read_file("initiatives", f"{without}\n".encode() + b"x")
    assert (told.code, told.params["columns"]) == ("career_columns_missing", ["name"])
    _, (told,) = read_file("initiatives", b"a;b\nc;d")
    assert told.params["columns"] == [*COLUMNS["initiatives"][0], "name"]


def test_each_planted_fault_is_told_on_its_line_and_no_other(office: Office) -> None:
    lines: list[str] = []
    planted: list[tuple[int, str]] = []

    def put(row: str, *faults: str) -> None:
        lines.append(row)
        planted.extend((len(lines) + 1, fault) for fault in faults)

    for row in shared(number="1"):
        put(row)
    put(initiative("một", scope="cấp trường"), "career_scope_unknown")
    put(initiative("hai", share="sáu mươi"), "career_share_unreadable")
    put(initiative("hai", share="0"), "career_share_unreadable")
    put(initiative("ba", share="60"), "career_shares_not_whole")
    put(initiative("bốn", "teacher", "60"), "career_shares_not_whole")
    put(initiative("bốn", "clerk", "30"), "career_shares_not_whole")
    put(initiative("năm", "teacher", "60"))
    put(initiative("năm", "clerk"), "career_share_missing")
    put(initiative("sáu", "teacher", "50"))
    put(initiative("sáu", "teacher", "50"), "career_author_twice")
    put(initiative("bảy", "teacher", "50"))
    put(initiative("Bảy", "clerk", "50", number="2", day="16/03/2023"), "career_recognised_apart")
    put(initiative("tám", "teacher", "50"))
    put(initiative("tám", "clerk", "50", until="15/03/2030"), "career_recognised_apart")
    put(initiative("chín", until="14/03/2023"), "career_valid_before")
    put(initiative("mười", until="mai sau"), "career_day_unreadable")
    put(initiative("mười một", used="CSTĐCS"), "career_use_incomplete")
    put(initiative("mười hai", used_year="2023-2024"), "career_use_incomplete")
    put(initiative("mười ba", used="TTLĐTT", used_year="2023-2024"), "career_title_for_other")
    put(initiative("mười bốn", used="SKCS", used_year="2023-2024"), "career_title_unknown")
    put(initiative("mười lăm", used="CSTĐCS", used_year="2020-2023"), "career_year_unreadable")
    put(initiative("mười sáu", unit="tinh"), "career_unit_unknown")
    put(initiative("mười bảy", unit=""), "career_cell_missing")
    put(initiative("", "clerk"), "career_cell_missing")
    put(initiative("mười tám", ""), "career_cell_missing")
    put(initiative("mười chín", "ghost", "40"), "career_code_unknown")
    put(initiative("mười chín", "clerk", "60"))
    put(initiative("hai mươi", "appraiser"), "career_about_yourself")
    put(initiative("hai mốt", year="2020-2022", day="15/03/2022"), "career_year_unreadable")
    put(initiative("hai hai", day="31/07/2022"), "career_decided_outside")
    put(initiative("hai ba", body="phường lạ"), "career_body_unknown")
    put(initiative("hai tư", number="3"))
    put(initiative("hai lăm", number="3", day="16/03/2023"), "career_number_two_days")
    put(initiative("hai sáu", applied="01/01/2030"), "career_day_ahead")
    put(initiative("x" * 301, "clerk"), "career_cell_too_long")
    # The same initiative at two scopes has one set of authors.
    put(initiative("hai bảy", "teacher", "50"))
    put(initiative("hai bảy", "clerk", "50"))
    put(initiative("hai bảy", "teacher", "60", scope="tỉnh", body="tinh"), "career_authors_apart")
    put(initiative("hai bảy", "clerk", "40", scope="tỉnh", body="tinh"), "career_authors_apart")
    file = of(*lines)
    assert against(office, file) == sorted(planted)
    seen = looked(office, file)
    assert sum(seen.counts.values()) == len(lines) and not seen.of("doubtful")
    assert all(reason.params["line"] == row.line for row in seen.rows for reason in row.reasons)
    assert refused_without_trace(office, imported, office, file) == sorted(code for _, code in planted)


def test_an_initiative_is_left_out_with_all_its_authors_or_not_at_all(office: Office) -> None:
    lines = (*shared(), initiative("Góc toán", "clerk", "100"))
    half = of(*lines, choices=Choices(left_out=frozenset({3})))
    assert against(office, half) == [(2, "career_coauthor_left_out")]
    assert refused_without_trace(office, imported, office, half) == ["career_coauthor_left_out"]
    # Without shares the one that is left would look like a single author.
    alone = [initiative("Sổ tay", who) for who in ("teacher", "clerk")]
    assert against(office, of(*alone)) == [(2, "career_share_missing"), (3, "career_share_missing")]
    (first, _) = looked(office, of(*alone, choices=Choices(left_out=frozenset({3})))).rows
    assert [one.code for one in first.reasons] == ["career_coauthor_left_out"]
    done = imported(office, of(*lines, choices=Choices(left_out=frozenset({2, 3}))))
    assert done.payload["counts"] == {"taken": 1, "there": 0, "doubtful": 0, "left_out": 2, "refused": 0}
    assert [row["name"] for row in rows(office, "initiative")] == ["Góc toán"]


def test_a_doubtful_author_is_put_to_a_person_before_anything_is_written(office: Office) -> None:
    first, _ = shared()
    second = initiative("Vườn chữ", "", "37,5", scope="cấp tỉnh", body="tinh", called="nguoi teacher-2")
    seen = looked(office, of(first, second))
    assert [row.standing for row in seen.rows] == ["taken", "doubtful"]
    assert [one.code for one in seen.rows[1].candidates] == ["teacher-2"]
    assert refused_without_trace(office, imported, office, of(first, second)) == ["career_doubtful"]
    twice = of(first, second, choices=chosen(line_3="teacher"))
    assert codes(imported, office, twice) == ["career_choice_unfit"]
    imported(office, of(first, second, choices=chosen(line_3="teacher-2")))
    assert len(rows(office, "initiative_author")) == 2


def test_what_is_on_record_is_there_already_or_told_apart(office: Office) -> None:
    imported(office, of(*shared(until="31/12/2027"), initiative(used="CSTĐCS", used_year="2023-2024")))
    same = of(
        *shared(until="31/12/2027"),
        initiative("  góc ĐỌC   mở", used="CSTĐCS", used_year="2023-2024"),
    )
    assert looked(office, same).counts["there"] == 3
    assert codes(imported, office, same) == ["career_nothing_to_write"]
    for lines, told in (
        (shared(until="31/12/2026"), "career_initiative_otherwise"),
        (shared(until="31/12/2027", number="99"), "career_recognised_otherwise"),
        (shared(until="31/12/2027", applied="01/10/2022"), "career_initiative_otherwise"),
        ((initiative("Vườn chữ", scope="tỉnh", body="tinh"),), "career_initiative_otherwise"),
        ((initiative(used="CSTĐCS", used_year="2024-2025"),), "career_initiative_otherwise"),
    ):
        found = against(office, of(*lines))
        assert [code for _, code in found] == [told] * len(lines), lines
    # Another school may have one of the same name.
    (other,) = looked(office, of(initiative(person="clerk-2", unit="th-mau-2"))).rows
    assert other.standing == "taken"


def test_another_scope_of_what_was_taken_over_adds_its_recognition_alone(office: Office) -> None:
    imported(office, of(*shared(scope="cơ sở", body="huyen")))
    done = imported(office, of(*shared()))
    assert done.payload["initiatives"]["count"] == 0
    assert [row["title"] for row in rows(office, "award")] == ["SKCS", "SKT"]
    assert len(rows(office, "initiative")) == 1 and len(rows(office, "initiative_author")) == 2
    # The first stays as long as the second stands on what it wrote.
    assert codes(back, office, 1) == ["built_on_by_recognition"]
    back(office, 2)
    assert [row["title"] for row in rows(office, "award")] == ["SKCS"]
    assert len(rows(office, "initiative")) == 1
    back(office, 1)
    assert rows(office, "award") == rows(office, "initiative") == rows(office, "initiative_author") == []


def test_what_a_school_has_listed_here_goes_its_way_and_is_not_recognised_by_a_file(office: Office) -> None:
    call = office.call("clerk", "2024-12-10")
    list_initiatives(office.database, "th-mau-1", "2024-2025", [listed("Góc đọc mở")], call)
    file = of(initiative(year="2024-2025"))
    assert against(office, file) == [(2, "career_initiative_listed")]
    assert looked(office, of(initiative(year="2023-2024"))).counts["taken"] == 1


def test_taking_back_removes_exactly_what_was_written_and_gives_no_code_twice(office: Office) -> None:
    imported(office, of(initiative("Sổ tay")))
    before = {
        name: held for name, held in every_row(office.database).items() if name.startswith("initiative")
    }
    decided = len(rows(office, "decision"))
    imported(
        office,
        of(*shared(), initiative("Góc toán", "clerk", used="CSTĐCS", used_year="2023-2024")),
        "appraiser-2",
    )
    call = office.call("clerk", DAY)
    past = list_initiatives(office.database, "th-mau-1", "2022-2023", [listed("Mới")], call)
    assert past.payload["code"] == "th-mau-1.2223.sk4"
    done = back(office, 2)
    assert done.payload["removed"] == {"earlier_use": 1, "award": 2, "initiative": 2, "decision": 1}
    after = every_row(office.database)
    assert set(before["initiative_author"]) <= set(after["initiative_author"])
    assert [row["name"] for row in rows(office, "initiative")] == ["Sổ tay", "Mới"]
    assert rows(office, "earlier_use") == [] and len(rows(office, "decision")) == decided
    assert rows(office, "imported_row", import_id=2) == []
    # Two are left; the next is the fifth all the same.
    call = office.call("clerk", DAY)
    again = list_initiatives(office.database, "th-mau-1", "2022-2023", [listed("Nữa")], call)
    assert again.payload["code"] == "th-mau-1.2223.sk5"
    assert broken_links(office.database) == []


def _put_forward(office: Office) -> str:
    text = (ROOT / "regulations" / "procedures" / "initiative-2024.yaml").read_bytes()
    publish(office.database, "procedure", text, office.call(None, "2024-08-02"))
    lists = Lists(office)
    dossier = lists.open("province")
    lists.put_forward(dossier, "th-mau-1.2223.sk1", level="province")
    return dossier


def test_a_nomination_that_names_one_keeps_its_import(office: Office) -> None:
    imported(office, of(initiative()), day="2024-09-01")
    code = office.open()
    nominee = NomineeInput("CSTDCS", "teacher", uses="th-mau-1.2223.sk1")
    nominate(office.database, code, [nominee], office.call("clerk", "2024-09-12"))
    with pytest.raises(Refused) as refusal:
        back(office, 1)
    told = {"initiative": "th-mau-1.2223.sk1", "dossier": code}
    assert refusal.value.reasons == (Reason("built_on_by_nomination", told),)
    dossier = _put_forward(office)
    with pytest.raises(Refused) as refusal:
        back(office, 1)
    assert {one.params["dossier"] for one in refusal.value.reasons} == {code, dossier}
    assert broken_links(office.database) == []


def test_a_verdict_taken_since_keeps_an_import_of_initiatives(office: Office) -> None:
    imported(office, of(initiative()))
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
        connection.execute(TABLES["verdict"].insert(), row)
        key = f"initiatives:p{office.people['teacher']}"
        connection.execute(TABLES["verdict_basis"].insert(), {"nomination_id": nomination, "key": key})
    assert codes(back, office, 1, day="2025-06-12") == ["built_on_by_verdict"]


def test_a_school_neither_changes_nor_takes_back_what_came_by_a_file(office: Office) -> None:
    imported(office, of(initiative()))
    call = office.call("clerk", DAY)
    code = "th-mau-1.2223.sk1"
    for act in (
        lambda: change_initiative(office.database, code, listed("Khác"), call),
        lambda: take_back_initiative(office.database, code, "ghi nhầm", call),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        (told,) = refusal.value.reasons
        assert told.code == "initiative_taken_over"
        assert (told.params["file"], told.params["number"]) == ("cũ.csv", 1)


def test_the_register_shows_it_with_its_file_to_whoever_may_see_it(office: Office) -> None:
    imported(
        office,
        of(
            *shared(until="30/06/2025"),
            initiative("Sổ tay", "teacher-2", day="15/03/2023", used="CSTĐCS", used_year="2023-2024"),
        ),
    )

    def names(person: str, day: str = DAY, **wanted: str) -> set[str]:
        with office.database.read() as connection:
            sight = sight_of(connection, office.people[person], date.fromisoformat(day))
            found = list_of_initiatives(connection, Wanted(**wanted), noon(day), "vi", sight=sight)
        assert all(row["taken_over"]["file"] == "cũ.csv" for row in found.rows)
        return {row["name"] for row in found.rows}

    both = {"Vườn chữ", "Sổ tay"}
    assert names("clerk") == names("principal") == names("teacher-2") == names("admin") == both
    assert names("appraiser") == both
    assert names("teacher") == {"Vườn chữ"}
    assert names("clerk-2") == names("appraiser-2") == names("chairman") == set()
    assert names("clerk", scope="SKT") == {"Vườn chữ"}
    # By the decision's own last day, and without one by the catalogue: at the base there is none.
    assert names("clerk", "2025-06-30", standing="valid") == both
    assert names("clerk", "2025-07-01", standing="valid") == {"Sổ tay"}
    assert names("clerk", standing="used") == {"Sổ tay"} and names("clerk", standing="unused") == {"Vườn chữ"}
    with office.database.read() as connection:
        shown = show_initiative(connection, "th-mau-1.2223.sk2", noon(DAY), "vi")
    assert (shown["taken_over"]["import"], shown["taken_over"]["file"]) == (1, "cũ.csv")
    assert [(one["event"], one["by"]["code"]) for one in shown["history"]] == [("import_career", "appraiser")]
    (use,) = shown["uses"]
    assert (use["who"], use["title"], use["year"], use["dossier"]) == (
        "Người teacher-2",
        "CSTDCS",
        "2023-2024",
        None,
    )


def test_the_history_of_each_author_shows_it_with_decision_unit_and_file(office: Office) -> None:
    imported(office, of(*shared(until="31/12/2027")))
    for person in ("teacher", "teacher-2"):
        with office.database.read() as connection:
            lines = person_career(connection, person, noon(DAY), "vi")["lines"]
        (line,) = [one for one in lines if one.kind == "initiative"]
        assert line.what == "Vườn chữ – Sáng kiến có phạm vi ảnh hưởng cấp tỉnh (SKT)"
        assert (line.number, line.body, line.where) == ("SK-2023", "Đơn vị tinh", "Đơn vị th-mau-1")
        assert line.file == "cũ.csv (1)" and "31/12/2027" in line.note


def test_a_year_is_stated_complete_with_the_file(office: Office) -> None:
    imported(office, of(initiative(), unit="th-mau-1", complete=(2022,)))
    stated = {(row["what"], row["school_year"]) for row in rows(office, "complete_year")}
    assert stated == {("initiatives", "2022-2023")}
    assert office.people["teacher"] in {row["person_id"] for row in rows(office, "complete_year")}
    back(office, 1)
    assert rows(office, "complete_year") == rows(office, "initiative") == []
    # That nothing is missing may be all that a file has to say.
    imported(
        office,
        of(
            initiative(),
            unit="th-mau-1",
            complete=(2022,),
            choices=Choices(left_out=frozenset({2})),
        ),
    )
    assert rows(office, "initiative") == [] and rows(office, "complete_year")


def test_only_a_keeper_of_authors_and_unit_imports(office: Office) -> None:
    for person in ("clerk", "principal", "teacher", "admin", "reviewer"):
        assert refused_without_trace(office, imported, office, of(initiative()), person) == ["duty_not_held"]
        assert looked(office, of(initiative()), person).rows == ()
    # A co-author whom somebody else keeps: who keeps both takes it over.
    lines = (initiative(share="50"), initiative(person="province-council", share="50"))
    assert [code for _, code in against(office, of(*lines))] == ["career_code_unknown"]
    imported(office, of(*lines), "province-appraiser")
    assert len(rows(office, "initiative_author")) == 2


def test_what_was_looked_at_must_still_mean_the_same(office: Office) -> None:
    file = of(initiative())
    mark = looked(office, file).mark
    imported(office, file, "appraiser-2")
    with pytest.raises(Refused) as refusal:
        import_file(office.database, file, office.call("appraiser", DAY), mark=mark)
    assert [reason.code for reason in refusal.value.reasons] == ["career_changed_meanwhile"]


def test_the_doctor_finds_what_is_no_more_as_its_import_told_it(office: Office) -> None:
    imported(office, of(*shared()))
    imported(office, of(initiative("Sổ tay")))
    payload = json.loads(rows(office, "history_entry", subject="career-import:1")[0]["payload"])
    assert payload["initiatives"]["count"] == 1 and len(payload["initiatives"]["digest"]) == 64

    def found() -> dict[str, list[str]]:
        with office.database.read() as connection:
            view = View(connection, noon(DAY))
            told = {one.code: list(one.violations(view)) for one in INVARIANTS}
        return {code: bad for code, bad in told.items() if bad}

    assert found() == {}
    authors = TABLES["initiative_author"]
    with office.database.write() as connection:
        first = authors.c.person_id == office.people["teacher"]
        connection.execute(update(authors).where(authors.c.initiative_id == 1, first).values(share=6_000))
        second = authors.c.person_id == office.people["teacher-2"]
        connection.execute(update(authors).where(authors.c.initiative_id == 1, second).values(share=4_000))
    assert found() == {initiative_differs_from_history.__name__: ["career-import:1"]}
    assert chain_of_no_initiative.__name__ not in found()


def test_of_two_who_take_over_one_initiative_at_once_one_is_told_to_look_again(office: Office) -> None:
    url = office.database.engine.url.render_as_string(hide_password=False)
    gate, refused = threading.Barrier(2), []

    def act(person: str) -> None:
        database = Database(url, synchronous="NORMAL")
        try:
            gate.wait()
            imported(Office(database, office.units, office.people), of(*shared()), person)
        except Refused as refusal:
            refused.extend(reason.code for reason in refusal.reasons)
        finally:
            database.close()

    racers = [threading.Thread(target=act, args=(one,)) for one in ("appraiser", "appraiser-2")]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    # Whoever looked before the other had written meant something else; whoever looked afterwards has nothing to write.
    assert len(refused) == 1 and refused[0] in ("career_changed_meanwhile", "career_nothing_to_write")
    assert len(rows(office, "initiative")) == len(rows(office, "award")) == len(rows(office, "decision")) == 1
    assert len(rows(office, "initiative_author")) == 2 and len(rows(office, "history_import")) == 1
    assert broken_links(office.database) == []
