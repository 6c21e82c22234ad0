"""What the rules say, at the terminal: of anybody, of a dossier, by another rulebook, and the facts it rests on."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from casework.nominate import NomineeInput, nominate
from cli import exits
from cli.main import main
from kit.database import Database
from tests.build import Office, office_in
from tests.career.files import GRADES, TITLES, title
from tests.career.files import grade as grade_row
from tests.cli.conftest import Thidua, runner
from tests.law.lawful import discipline, grade, publish_books, text_of

PAPERS = ("submission_letter", "achievement_report", "council_minutes", "publicity_notice")
BY = ("--number", "15/QĐ", "--on", "2025-06-09", "--body", "Hiệu trưởng")
KEEPER = ("--as", "appraiser")
#: of the dossier at the education office: who, the title, the grade of the year
NOMINATED = (
    ("teacher", "CSTDCS", "HTXSNV"),
    ("teacher-2", "CSTDCS", "HTNV"),
    ("clerk", "LDTT", None),
    ("principal", "LDTT", "HTTNV"),
    ("bloc-deputy", "LDTT", "HTXSNV"),
)


@pytest.fixture(scope="module")
def codes(
    sqlite_files: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """A home with rulebooks, its clock at noon of 10 June 2025, for the commands of all these stories: the codes of the
    dossier that lies at the education office and of one without nominations."""
    home = tmp_path_factory.mktemp("eligibility") / "home"
    home.mkdir()
    shutil.copy(sqlite_files["office"], home / "thidua.sqlite3")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("THIDUA_DATABASE_URL", "THIDUA_LANG"):
            patch.delenv(name, raising=False)
        patch.setenv("THIDUA_HOME", str(home))
        patch.setenv("THIDUA_SQLITE_SYNCHRONOUS", "NORMAL")
        assert main(["clock", "set", "2025-06-10 12:00", "--json"]) == 0
        database = Database(f"sqlite:///{home / 'thidua.sqlite3'}", synchronous="NORMAL")
        made = _prepare(office_in(database))
        database.close()
        yield made


def _prepare(office: Office) -> dict[str, str]:
    publish_books(office)
    for person, _, given in NOMINATED:
        if given is not None:
            grade(office, person, given)
    discipline(office, "bloc-deputy", "canh_cao", "2024-10-01", "2025-08-01")
    codes = {"empty": office.open(), "at_desk": office.open()}
    asked = [NomineeInput(title, person) for person, title, _ in NOMINATED]
    nominate(office.database, codes["at_desk"], asked, office.call("clerk", "2024-09-12"))
    office.papers(codes["at_desk"], *PAPERS)
    office.walk(codes["at_desk"], "at_education_office")
    return codes


@pytest.fixture
def thidua(codes: dict[str, str], capsys: pytest.CaptureFixture[str]) -> Thidua:
    """Run a command in that home."""
    return runner(capsys)


def one_line(text: str) -> str:
    """What was said, however the terminal broke the lines."""
    return " ".join(text.split())


# --- Anybody, by name ---


def test_a_person_is_explained_as_an_officer_would_note_it(thidua: Thidua) -> None:
    met = thidua("eligibility", "explain", "teacher", "CSTDCS")
    assert met.code == exits.DONE and met.err == ""
    told = one_line(met.out)
    for words in (
        "Người teacher, Chiến sĩ thi đua cơ sở (CSTĐCS), năm học 2024-2025: đạt các điều kiện đối chiếu được",
        "tính đến ngày 10/06/2025",
        "✓ ",
        "Luật 06/2022/QH15 Điều 23",
        "– xếp loại hoàn thành xuất sắc nhiệm vụ, năm học 2024-2025, QĐ 1/QĐ ngày 28/05/2025",
        "· ",
    ):
        assert words in told, words
    assert "Để đạt" not in told
    lacking = one_line(thidua("eligibility", "explain", "teacher-2", "CSTDCS").out)
    for words in (
        "chưa đạt.",
        "✕ ",
        "Để đạt, cần",
        "xếp loại năm học 2024-2025 từ mức",
        "không sửa được nữa",
        "Sớm nhất",
    ):
        assert words in lacking, words
    english = one_line(thidua("eligibility", "explain", "clerk", "LDTT", "--lang", "en").out)
    assert "there is not enough to tell" in english and "The records do not hold enough to tell." in english


def test_of_a_unit_a_year_and_a_day_the_answer_is_theirs(thidua: Thidua) -> None:
    unit = thidua("eligibility", "explain", "th-mau-1", "TTLDTT")
    assert unit.code == exits.DONE
    assert "Đơn vị th-mau-1, Tập thể lao động tiên tiến" in unit.out and "chưa kiểm chứng" in unit.out
    before = thidua("eligibility", "explain", "teacher", "CSTDCS", "--year", "2023-2024")
    assert "năm học 2023-2024: chưa đủ căn cứ" in one_line(before.out)
    data = thidua("eligibility", "explain", "teacher", "LDTT", "--on", "2025-08-15", "--json").data
    # The day chooses the rulebook and, where no year is named, the school year too.
    assert (data["rulebook"], data["school_year"], data["outcome"]) == ("rs-2025", "2025-2026", "unknown")
    data = thidua("eligibility", "explain", "teacher", "CSTDCS", "--json").data
    assert (data["rulebook"], data["rule"], data["outcome"]) == ("rs-2024", "E02", "met")
    assert data["holder"] == {"code": "teacher", "name": "Người teacher"}
    assert data["missing"] == [] and data["findings"][0]["parts"]
    none = thidua("eligibility", "explain", "teacher", "LDTT", "--on", "1990-01-01", "--year", "2024-2025")
    assert none.code == exits.DONE
    assert "Chưa công bố bộ quy định nào cho ngày 01/01/1990." in one_line(none.out)


def test_the_terminal_says_that_a_discipline_is_in_the_way_and_not_which(
    thidua: Thidua, codes: dict[str, str]
) -> None:
    for args in (("explain", "bloc-deputy", "LDTT"), ("dossier", codes["at_desk"])):
        for more in ((), ("--json",), ("--lang", "en")):
            said = thidua("eligibility", *args, *more)
            assert said.code == exits.DONE and "bloc-deputy" in said.out
            for hidden in ("cảnh cáo", "01/10/2024", "warning", "discipline:", "7/QĐ"):
                assert hidden not in said.out, (args, more, hidden)
    assert "chưa đạt" in thidua("eligibility", "explain", "bloc-deputy", "LDTT").out


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (("nobody", "LDTT"), exits.NOT_FOUND, "Không có người hay đơn vị nào mang mã “nobody”."),
        (("teacher", "NOBEL"), exits.NOT_FOUND, "Danh mục không có danh hiệu “NOBEL”."),
        (("nobody", "NOBEL"), exits.NOT_FOUND, "2. Danh mục không có danh hiệu “NOBEL”."),
        (("teacher", "TTLDTT"), exits.REFUSED, "Tập thể lao động tiên tiến (TTLĐTT) không dành cho teacher"),
        (("th-mau-1", "LDTT"), exits.REFUSED, "Lao động tiên tiến (LĐTT) không dành cho th-mau-1"),
        (("teacher", "LDTT", "--year", "2024"), exits.USAGE, "“2024”"),
        (("teacher", "LDTT", "--on", "31/02/2025"), exits.USAGE, "ngày 31/02/2025 không có trong lịch"),
        (("teacher",), exits.USAGE, "Còn thiếu"),
    ],
)
def test_what_cannot_be_asked_is_said_with_its_exit_code(
    thidua: Thidua, args: tuple[str, ...], code: int, words: str
) -> None:
    said = thidua("eligibility", "explain", *args)
    assert said.code == code
    assert words in one_line(said.err) and said.out == ""


def test_nobody_is_data_too_and_english(thidua: Thidua) -> None:
    said = thidua("eligibility", "explain", "nobody", "LDTT", "--json")
    assert said.code == exits.NOT_FOUND and said.data["error"] == "not_found"
    assert [reason["code"] for reason in said.data["reasons"]] == ["unknown_holder"]
    english = thidua("eligibility", "explain", "nobody", "LDTT", "--lang", "en")
    assert english.err.strip() == "There is no person or unit with the code “nobody”."


def test_without_a_home_it_is_said_how_to_make_one(
    thidua: Thidua, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THIDUA_HOME", str(tmp_path / "none"))
    for args in (("explain", "teacher", "LDTT"), ("dossier", "th-mau-1.2425.1")):
        said = thidua("eligibility", *args)
        assert said.code == exits.STORAGE and "thidua init" in said.err
    assert not (tmp_path / "none").exists()


# --- A dossier ---


def test_a_dossier_is_a_table_of_its_nominations_with_what_is_open(
    thidua: Thidua, codes: dict[str, str]
) -> None:
    said = thidua("eligibility", "dossier", codes["at_desk"])
    assert said.code == exits.DONE
    assert f"Điều kiện của 5 đề cử trong hồ sơ {codes['at_desk']}" in one_line(said.out)
    for person, _, _ in NOMINATED:
        assert f"Người {person}" in one_line(said.out)
    for words in ("chưa đủ căn cứ", "chưa đạt", "đạt"):
        assert words in said.out
    found = thidua("eligibility", "dossier", codes["at_desk"], "--json").data["nominations"]
    told = [(one["holder"]["code"], one["title"], one["outcome"]) for one in found]
    outcomes = ("met", "not_met", "unknown", "met", "not_met")
    assert told == [(person, title, o) for (person, title, _), o in zip(NOMINATED, outcomes, strict=True)]
    # What is missing is told of one at a time.
    assert all(one["missing"] == [] for one in found)
    english = thidua("eligibility", "dossier", codes["at_desk"], "--lang", "en")
    assert f"What the rules say of 5 nominations of dossier {codes['at_desk']}" in one_line(english.out)


def test_a_dossier_without_nominations_says_so_and_one_that_is_not_there_is_not_found(
    thidua: Thidua, codes: dict[str, str]
) -> None:
    empty = thidua("eligibility", "dossier", codes["empty"])
    assert empty.code == exits.DONE and "không có đề cử nào để xét" in empty.out
    assert thidua("eligibility", "dossier", codes["empty"], "--json").data == {"nominations": []}
    missing = thidua("eligibility", "dossier", "th-mau-1.2425.99")
    assert missing.code == exits.NOT_FOUND and "th-mau-1.2425.99" in missing.err


def test_a_correction_is_told_where_the_letter_sends_its_reader(
    thidua: Thidua, codes: dict[str, str]
) -> None:
    show = ("dossier", "show", codes["at_desk"])
    assert "Kết luận đã đổi" not in thidua(*show).out
    act = ("career", "correct-grade", "principal", "--year", "2024-2025", "--grade", "HTNV", *BY)
    done = thidua(*act, "--reason", "xếp nhầm", *KEEPER)
    assert done.code == exits.DONE, done.err
    told = one_line(thidua(*show).out)
    assert (
        "Kết luận đã đổi · Người principal, Lao động tiên tiến (LĐTT): Kết luận trước: đạt; kết luận nay: chưa đạt."
        " Dữ liệu đã thay đổi: xếp loại năm học 2024-2025." in told
    )
    english = one_line(thidua(*show, "--lang", "en").out)
    assert "Answer turned · Người principal" in english and "the grade of 2024-2025" in english
    (row,) = thidua(*show, "--json").data["turned"]["rows"]
    assert (row["was"], row["outcome"]) == ("met", "not_met")
    back = ("career", "correct-grade", "principal", "--year", "2024-2025", "--grade", "HTTNV")
    again = ("--number", "16/QĐ", "--on", "2025-06-10", "--body", "Hiệu trưởng", "--reason", "như cũ")
    assert thidua(*back, *again, *KEEPER).code == exits.DONE
    # It is the last turn that is told; the nomination's own page has them all.
    assert "Kết luận trước: chưa đạt; kết luận nay: đạt." in one_line(thidua(*show).out)


# --- Rulebooks ---


@pytest.fixture
def stricter(tmp_path: Path) -> Path:
    """The rulebook of the year, with a higher grade asked for in all its titles."""
    file = tmp_path / "stricter.yaml"
    word = b"word: grade_at_least, grade: "
    file.write_bytes(text_of("rs-2024").replace(word + b"HTTNV", word + b"HTXSNV"))
    return file


def test_another_rulebook_names_the_nominations_that_it_would_turn(
    thidua: Thidua, codes: dict[str, str], stricter: Path
) -> None:
    published = thidua("rules", "list", "--json").data
    said = thidua("rules", "diff", "rs-2024", str(stricter), "--year", "2024-2025")
    assert said.code == exits.DONE
    table = one_line(said.out).split("Đề cử năm học 2024-2025 có kết luận khác đi: 1")[1]
    assert "Người principal" in table and "Người teacher" not in table
    assert codes["at_desk"] in "".join(table.split())
    assert "LĐTT: đạt → chưa đạt: 1" in table
    turned = thidua("rules", "diff", "rs-2024", str(stricter), "--year", "2024-2025", "--json").data["turned"]
    assert turned["total"] == 1 and turned["school_year"] == "2024-2025"
    (row,) = turned["nominations"]
    assert (row["name"], row["was"], row["now"]) == ("Người principal", "met", "not_met")
    english = thidua("rules", "diff", str(stricter), "rs-2024", "--year", "2024-2025", "--lang", "en")
    assert "not met → met: 1" in english.out
    # It was only asked.
    assert thidua("rules", "list", "--json").data == published


def test_where_nothing_turns_it_is_said_and_a_year_without_nominations_is_no_fault(
    thidua: Thidua, stricter: Path
) -> None:
    same = thidua("rules", "diff", "rs-2024", "rs-2024", "--year", "2024-2025")
    assert same.code == exits.DONE
    assert "Hai bản không khác nhau." in same.out
    assert "Không đề cử nào của năm học 2024-2025 có kết luận khác đi." in same.out
    other = thidua("rules", "diff", "rs-2024", str(stricter), "--year", "2030-2031")
    assert "Không đề cử nào của năm học 2030-2031 có kết luận khác đi." in other.out
    assert "turned" not in thidua("rules", "diff", "rs-2024", str(stricter), "--json").data
    assert thidua("rules", "diff", "rs-2024", str(stricter), "--year", "2024").code == exits.USAGE


def test_a_rulebook_that_cannot_be_read_is_said_to_be_so(thidua: Thidua, tmp_path: Path) -> None:
    gone, folder, letters = tmp_path / "gone.yaml", tmp_path, tmp_path / "letters.yaml"
    letters.write_bytes(b"\xff\xfe r\x00u\x00l\x00e")
    for command in ("check", "publish"):
        for file in (gone, folder):
            said = thidua("rules", command, str(file))
            assert said.code == exits.USAGE and "Không có tệp" in said.err, (command, file)
        said = thidua("rules", command, str(letters))
        assert said.code == exits.UNSOUND and said.err.strip(), command
    # What is no file is taken for a name.
    said = thidua("rules", "diff", "rs-2024", str(gone))
    assert said.code == exits.NOT_FOUND and "gone.yaml" in said.err
    said = thidua("rules", "diff", "rs-2024", str(letters))
    assert said.code == exits.UNSOUND and "letters.yaml" in one_line(said.err).replace(" ", "")
    data = thidua("rules", "check", str(letters), "--json")
    assert data.code == exits.UNSOUND and data.data["faults"]


def test_a_rulebook_is_published_only_when_it_is_not_only_tried(thidua: Thidua, stricter: Path) -> None:
    before = thidua("rules", "list", "--json").data
    assert thidua("rules", "check", str(stricter)).code == exits.DONE
    tried = thidua("rules", "publish", str(stricter), "--dry-run")
    assert tried.code == exits.DONE and thidua("rules", "list", "--json").data == before
    shown = thidua("rules", "show", "rs-2024", "--title", "LDTT", "--json").data
    (one,) = shown["titles"]
    assert one["title"] == "LDTT" and "HTTNV" in str(one["conditions"])
    assert thidua("rules", "show", "rs-2024", "--title", "NOBEL").code == exits.NOT_FOUND


# --- The facts that it rests on ---


def test_titles_of_earlier_years_are_looked_at_written_listed_and_taken_back(
    thidua: Thidua, tmp_path: Path
) -> None:
    file = tmp_path / "cũ.csv"
    rows = (TITLES, title("school-council"), title("", "2021-2022", name="nguoi school-council"))
    file.write_text("\n".join(rows), encoding="utf-8-sig")
    bring = ("career", "import", str(file), "--kind", "titles", *KEEPER)
    doubtful = thidua(*bring)
    assert doubtful.code == exits.REFUSED
    assert "--choose 3=school-council" in doubtful.out and "Chưa ghi gì" in doubtful.out
    assert thidua(*bring, "--confirm").code == exits.REFUSED
    assert "Chưa nhập tệp nào." in thidua("career", "list").out
    ready = thidua(*bring, "--choose", "3=school-council")
    assert ready.code == exits.DONE and "Thêm --confirm để ghi." in ready.out
    done = thidua(*bring, "--choose", "3=school-council", "--confirm")
    assert done.code == exits.DONE and "2 dòng" in done.out
    assert "cũ.csv" in thidua("career", "list").out
    (one,) = thidua("career", "list", "--json").data["imports"]
    shown = thidua("career", "show", "school-council")
    for words in ("Người school-council", "2022-2023", "2021-2022", "Lao động tiên tiến", "cũ.csv"):
        assert words in one_line(shown.out), words
    copy = tmp_path / "quá trình.csv"
    assert thidua("career", "show", "school-council", "--csv", str(copy)).code == exits.DONE
    assert "2021-2022" in copy.read_text(encoding="utf-8-sig")
    back = thidua("career", "take-back", str(one["import"]), "--reason", "nhầm tệp", *KEEPER)
    assert back.code == exits.DONE and "đã rút lại" in thidua("career", "list").out
    assert thidua("career", "show", "school-council", "--json").data["lines"] == []
    assert "Chưa ghi gì về các năm trước." in thidua("career", "show", "school-council").out


def test_grades_come_as_a_list_and_their_shares_are_held_against_the_law(
    thidua: Thidua, tmp_path: Path
) -> None:
    file = tmp_path / "xếp loại.txt"
    file.write_text("school-council\tHTTNV\nAi đó\tHTTNV\n", encoding="utf-8")
    bring = ("career", "grades", "th-mau-1", str(file), "--year", "2023-2024", *BY, "--as", "appraiser")
    seen = thidua(*bring)
    assert seen.code == exits.REFUSED and "Chưa ghi gì" in seen.out
    done = thidua(*bring, "--leave-out", "2", "--confirm")
    assert done.code == exits.DONE, done.err
    told = thidua("grades", "check", "th-mau-1", "2023-2024", *KEEPER)
    assert told.code == exits.DONE
    data = thidua("grades", "check", "th-mau-1", "2023-2024", "--json", *KEEPER).data
    assert data["counted"]["people"] == {"HTTNV": 1} and data["ungraded"]["people"] >= 1
    hidden = thidua("grades", "check", "th-mau-1", "2023-2024", "--as", "clerk-2")
    nowhere = thidua("grades", "check", "nowhere", "2023-2024", "--as", "clerk-2")
    assert hidden.code == nowhere.code == exits.NOT_FOUND
    assert hidden.err.replace("th-mau-1", "nowhere") == nowhere.err
    assert thidua("grades", "check", "th-mau-1", "2023").code == exits.USAGE
    wrong = tmp_path / "wrong.txt"
    wrong.write_bytes("Người teacher\tHTTNV".encode("utf-16"))
    bring = ("career", "grades", "th-mau-1", str(wrong), "--year", "2023-2024", *BY, "--as", "appraiser")
    unread = thidua(*bring)
    assert unread.code == exits.USAGE and unread.err.strip()


def test_disciplines_and_matters_are_kept_act_by_act_and_shown_to_those_who_judge(thidua: Thidua) -> None:
    record = ("career", "discipline", "teacher-2", "--form", "khien-trach", "--number", "4/QĐ-KL")
    done = thidua(*record, "--on", "2021-10-01", *KEEPER)
    assert done.code == exits.DONE, done.err
    number = re.findall(r"số ([0-9]+)", done.out)[0]
    served = thidua("career", "served", number, "--on", "2022-02-01", *KEEPER)
    assert served.code == exits.DONE, served.err
    shown = thidua("career", "show", "teacher-2", *KEEPER).out
    # Who comes back on another day finds the number of the row there.
    assert "4/QĐ-KL" in shown and f"dòng số {number}" in one_line(shown)
    assert "4/QĐ-KL" in thidua("career", "show", "teacher-2", "--as", "teacher-2").out
    for more in ((), ("--as", "clerk"), ("--as", "admin")):
        assert "4/QĐ-KL" not in thidua("career", "show", "teacher-2", *more).out, more
    annulled = thidua("career", "annul", number, "--reason", "hủy theo kết luận", *KEEPER)
    assert annulled.code == exits.DONE, annulled.err
    assert thidua("career", "annul", number, "--reason", "lần nữa", *KEEPER).code == exits.REFUSED
    matter = ("career", "open-matter", "teacher-2", "--kind", "complaint", "--since", "2025-06-01")
    opened = thidua(*matter, "--text", "đơn thư", *KEEPER)
    assert opened.code == exits.DONE, opened.err
    held = one_line(thidua("eligibility", "explain", "teacher-2", "CSTDCS").out)
    assert "phải chờ một việc đang được xem xét, xác minh" in held and "đơn thư" not in held
    number = re.findall(r"số ([0-9]+)", opened.out)[0]
    closed = thidua("career", "close-matter", number, "--on", "2025-06-09", "--conclusion", "clean", *KEEPER)
    assert closed.code == exits.DONE, closed.err
    assert "phải chờ" not in one_line(thidua("eligibility", "explain", "teacher-2", "CSTDCS").out)


def test_service_and_complete_years_are_stated_and_taken_back(thidua: Thidua) -> None:
    begun = thidua("career", "service", "clerk", "--kind", "trade", "--since", "2001-09-05", *KEEPER)
    assert begun.code == exits.DONE, begun.err
    assert "từ 05/09/2001" in one_line(thidua("career", "show", "clerk").out)
    data = thidua("career", "show", "clerk", "--json").data
    (line,) = [one for one in data["lines"] if one["kind"] == "service"]
    ended = thidua("career", "end-service", str(line["row"]), "--on", "2025-05-31", *KEEPER)
    assert ended.code == exits.DONE, ended.err
    years = ("career", "complete", "th-mau-1", "--kind", "titles", "--years", "2021-2022..2022-2023")
    assert thidua(*years, *KEEPER).code == exits.DONE
    assert "2021-2022" in one_line(thidua("career", "show", "th-mau-1").out)
    assert thidua(*years, *KEEPER).code == exits.REFUSED
    assert thidua(*years, "--back", *KEEPER).code == exits.DONE
    runs = ("career", "complete", "th-mau-1", "--kind", "titles", "--years", "2024-2025")
    assert thidua(*runs, *KEEPER).code == exits.REFUSED
    whole = ("career", "whole", "clerk")
    assert thidua(*whole, *KEEPER).code == exits.DONE
    assert thidua(*whole, "--back", *KEEPER).code == exits.DONE


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (("show", "nobody"), exits.NOT_FOUND, "nobody"),
        (("show", "teacher", "--as", "nobody"), exits.NOT_FOUND, "“nobody”"),
        (("import", "gone.csv", "--kind", "titles", *KEEPER), exits.USAGE, "Không có tệp “gone.csv”"),
        (
            ("grades", "th-mau-1", "gone.txt", "--year", "2024-2025", *BY, *KEEPER),
            exits.USAGE,
            "Không có tệp",
        ),
        (
            ("discipline", "nobody", "--form", "canh-cao", "--number", "1", "--on", "2025-01-01", *KEEPER),
            exits.NOT_FOUND,
            "“nobody”",
        ),
        (
            ("discipline", "teacher", "--form", "mắng", "--number", "1", "--on", "2025-01-01", *KEEPER),
            exits.USAGE,
            "“mắng”",
        ),
        (
            (
                "correct-grade",
                "clerk",
                "--year",
                "2019-2020",
                "--grade",
                "HTNV",
                *BY,
                "--reason",
                "x",
                *KEEPER,
            ),
            exits.REFUSED,
            "Chưa có xếp loại năm học 2019-2020",
        ),
        (("whole", "nobody", *KEEPER), exits.NOT_FOUND, "“nobody”"),
        (("whole", "teacher", "--as", "clerk"), exits.REFUSED, "nhiệm vụ"),
        (
            ("complete", "nowhere", "--kind", "titles", "--years", "2022-2023", *KEEPER),
            exits.NOT_FOUND,
            "nowhere",
        ),
        (("take-back", "999", "--reason", "x", *KEEPER), exits.NOT_FOUND, "999"),
        (("annul", "999", "--reason", "x", *KEEPER), exits.NOT_FOUND, "999"),
        (("end-service", "999", "--on", "2025-06-01", *KEEPER), exits.NOT_FOUND, "999"),
        (
            ("close-matter", "999", "--on", "2025-06-01", "--conclusion", "clean", *KEEPER),
            exits.NOT_FOUND,
            "999",
        ),
    ],
)
def test_what_careers_cannot_do_is_said_in_vietnamese_with_its_exit_code(
    thidua: Thidua, args: tuple[str, ...], code: int, words: str
) -> None:
    said = thidua("career", *args)
    assert (said.code, said.out) == (code, "")
    assert said.err.strip() and words in one_line(said.err)


def test_a_file_of_grades_of_earlier_years_is_told_row_by_row_as_data(thidua: Thidua, tmp_path: Path) -> None:
    file = tmp_path / "grades.csv"
    rows = (GRADES, grade_row("school-council", "2021-2022"), grade_row("ghost", "2021-2022"))
    file.write_text("\n".join(rows), encoding="utf-8-sig")
    said = thidua("career", "import", str(file), "--kind", "grades", "--json", *KEEPER)
    assert said.code == exits.REFUSED and said.data["ready"] is False
    assert [(row["line"], row["standing"]) for row in said.data["rows"]] == [(2, "taken"), (3, "refused")]
    assert all(reason["code"] for row in said.data["rows"] for reason in row["reasons"])
