"""Stories told from the command line: what people do, what they read, and what is refused."""

from __future__ import annotations

import getpass
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cli import exits
from tests.build import Office
from tests.cli.conftest import Said, Thidua, fingerprint, in_a_shell, runner

ROOT = Path(__file__).resolve().parents[2]


def test_an_empty_home_is_prepared_and_looked_at(
    empty_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # In a shell what makes the home and what first reads it from another process; the rest finds the same files.
    made = in_a_shell(empty_home, "init", "--json")
    assert made.code == exits.DONE, made.err
    assert all(row["new"] for row in made.data["regulations"])
    assert "thidua dossier open" in in_a_shell(empty_home, "status").out
    thidua = runner(capsys)
    again = thidua("init", "--json")
    assert not any(row["new"] for row in again.data["regulations"])
    names = {row["name"] for row in thidua("procedure", "list", "--json").data["versions"]}
    assert {"three-tier-2024", "two-tier-2025", "sudden-2024", "school-certificate"} <= names
    assert thidua("audit", "verify").code == exits.DONE
    assert thidua("doctor").code == exits.DONE


def test_a_school_opens_registers_and_hands_in_from_a_shell(home: Path, thidua: Thidua) -> None:
    # In a shell: an act, an answer in words that is piped, and a refusal. What lies between is said in this process.
    assert thidua("clock", "set", "--real").code == exits.DONE
    assert thidua("clock", "set", "2024-09-10 08:00").code == exits.DONE
    opened = in_a_shell(
        home,
        "dossier",
        "open",
        "th-mau-1",
        "--year",
        "2024-2025",
        "--procedure",
        "three-tier-2024",
        "--as",
        "clerk",
        "--json",
    )
    assert opened.code == exits.DONE, opened.err
    code = opened.data["dossier"]
    assert (
        thidua("dossier", "nominate", code, "teacher", "teacher-2", "--title", "LDTT", "--as", "clerk").code
        == 0
    )
    registered = in_a_shell(home, "register", code, "--as", "clerk")
    assert "Đã đăng ký với khối" in registered.out
    early = in_a_shell(home, "hand-in", code, "--as", "clerk")
    assert early.code == exits.REFUSED
    assert "mở từ thứ Năm 01/05/2025" in " ".join(early.err.split())
    history = thidua("dossier", "history", code, "--json").data["entries"]
    assert [entry["event"] for entry in history] == ["open", "nominate", "register"]
    assert {entry["via"] for entry in history} == {f"terminal:{getpass.getuser()}"}
    assert history[-1]["person"]["code"] == "clerk"
    assert thidua("audit", "verify").code == exits.DONE


def test_every_way_to_decide_is_open_from_the_command_line(thidua: Thidua, cli_office: Office) -> None:
    code = cli_office.dossier_at("at_bloc")
    first, second = map(str, cli_office.nominations(code))
    for day, command in (
        ("2025-06-10", None),
        ("2025-06-10", ["score", code, "--as", "bloc-head", "--score", "912,5", "--rank", "1"]),
    ):
        if command is None:
            extended = thidua(
                "calendar", "extend", "th-mau-1", "bloc-scoring", "--until", "30/06/2025", "--reason", "mưa bão",
                "--calendar", "2024-2025", "--as", "office-head",
            )  # fmt: skip
            assert extended.code == exits.DONE, extended.err
            continue
        done = thidua(*command)
        assert done.code == exits.DONE, (day, done.err)
    assert thidua("convene", code, "--as", "clerk").code == exits.DONE
    voted = thidua(
        "council", code, "--as", "school-council", "--opinion", f"{first}=supported", "--opinion",
        f"{second}=supported", "--votes", "8/9",
    )  # fmt: skip
    assert voted.code == exits.DONE, voted.err
    assert thidua("hand-in", code, "--as", "clerk").code == exits.DONE
    given = thidua("dossier", "opinion", code, "--opinion", f"{first}=supported", "--as", "appraiser")
    assert given.code == exits.DONE, given.err
    assert thidua("appraise", code, "--support-rest", "--as", "appraiser").code == exits.DONE
    assert thidua("clock", "advance", "--days", "30").code == exits.DONE
    assert thidua("file", code, "--receipt", "H01.1", "--as", "clerk").code == exits.DONE
    told = thidua("dossier", "objection", code, "--reason", "có đơn", "--as", "reviewer")
    assert told.code == exits.DONE, told.err
    shown = thidua("dossier", "show", code, "--as", "reviewer")
    assert "1 kiến nghị chưa giải quyết" in shown.out
    # However the procedure treats a dossier with an objection, it goes on once that is settled.
    assert (
        thidua("dossier", "settle", code, "--reason", "không có cơ sở", "--as", "reviewer").code == exits.DONE
    )
    state = thidua("dossier", "show", code, "--json").data["kind"]
    if state == "on_hold":
        step = next(
            s for s in thidua("dossier", "show", code, "--json").data["next"] if s["event"] == "release"
        )
        released = thidua("release", code, "--reason", "đã giải quyết", "--as", step["people"][0]["code"])
        assert released.code == exits.DONE, released.err
    assert thidua("appraise", code, "--support-rest", "--as", "reviewer").code == exits.DONE
    assert thidua("council", code, "--support-rest", "--as", "council-secretary").code == exits.DONE
    decided = thidua(
        "decide", code, "--as", "chairman", "--number", "12/QĐ-UBND", "--date", "10/07/2025", "--signatory", "Người ký",
        "--refuse", second,
    )  # fmt: skip
    assert decided.code == exits.DONE, decided.err
    found = thidua("dossier", "show", code, "--json").data
    assert found["decision"]["number"] == "12/QĐ-UBND"
    assert [row["outcome"] for row in found["nominations"]] == ["awarded", "not_awarded"]
    numbers = thidua("numbers", "--json").data["titles"]
    assert numbers[0] | {"name": ""} == {
        "title": "LDTT", "name": "", "initiatives": False, "registered": 2, "proposed": 2, "appraised": 2, "decided": 1,
    }  # fmt: skip
    assert {station["mark"] for station in found["way"][:-1]} == {"done"}
    assert found["way"][-1]["mark"] == "here"


def test_a_refusal_lists_every_reason_numbered_and_changes_nothing(
    thidua: Thidua, home: Path, cli_office: Office
) -> None:
    code = cli_office.dossier_at("at_education_office")
    before = fingerprint(home)
    said = thidua("appraise", code, "--as", "clerk")
    text = " ".join(said.err.split())
    assert said.code == exits.REFUSED
    assert "1. " in text and "2. " in text and "3. " in text
    assert "chuyên viên thẩm định" in text and "Đơn vị pgd" in text
    assert "Người teacher" in text and "Lao động tiên tiến" in text
    as_data = thidua("appraise", code, "--as", "clerk", "--json").data
    assert as_data["error"] == "refused"
    codes = [reason["code"] for reason in as_data["reasons"]]
    assert {"duty_not_held", "opinion_missing", "own_school"} <= set(codes)
    assert fingerprint(home) == before


@pytest.mark.parametrize(
    "args",
    [
        ("dossier", "show", "none.1"),
        ("register", "none.1", "--as", "clerk"),
        ("mine", "--as", "nobody"),
        ("unit", "show", "nowhere"),
        ("person", "show", "nobody"),
        ("procedure", "show", "none"),
        ("calendar", "show", "none"),
        ("status", "--unit", "nowhere"),
        ("status", "--person", "nobody"),
        ("letters", "list", "--person", "nobody"),
        ("letters", "list", "--kind", "postcard"),
        ("delegation", "end", "77", "--as", "clerk"),
        ("movement", "show", "none"),
        ("exemplar", "end", "77", "--reason", "nhầm", "--as", "clerk"),
    ],
    ids=" ".join,
)
def test_what_does_not_exist_is_called_not_found(args: tuple[str, ...], thidua: Thidua) -> None:
    said = thidua(*args)
    assert said.code == exits.NOT_FOUND, said.err
    assert said.err.startswith(("Không ", "Chưa "))


@pytest.mark.parametrize(
    "text", ["", "\ufeff", ";;\n\n", "{heading}\n"], ids=["empty", "mark", "no-cell", "heading"]
)
@pytest.mark.parametrize(
    ("heading", "args"),
    [
        ("tên;lĩnh vực", ("initiative", "import", "th-mau-1", "FILE", "--year", "2024-2025", "--write")),
        (
            "mã;xếp loại",
            ("career", "grades", "th-mau-1", "FILE", "--year", "2024-2025", "--number", "1/QĐ", "--on", "2025-06-01",
             "--body", "Hiệu trưởng"),
        ),
    ],
    ids=["initiatives", "grades"],
)  # fmt: skip
def test_a_list_without_rows_is_refused_and_not_called_done(
    heading: str, args: tuple[str, ...], text: str, thidua: Thidua, home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "list.csv"
    file.write_text(text.format(heading=heading), encoding="utf-8")
    before = fingerprint(home)
    said = thidua(*(str(file) if word == "FILE" else word for word in args), "--as", "clerk")
    assert (said.code, said.out) == (exits.USAGE, "")
    assert "Tệp không có dòng dữ liệu nào." in said.err
    assert fingerprint(home) == before


def test_what_speaks_against_a_file_names_units_and_not_their_numbers(thidua: Thidua, tmp_path: Path) -> None:
    file = tmp_path / "titles.csv"
    heads = "năm học;danh hiệu;số quyết định;ngày;cơ quan ban hành;mã"
    file.write_text(heads + "\n2023-2024;LĐTT;1/QĐ;20/07/2024;th-mau-1;teacher\n", encoding="utf-8")
    said = thidua("career", "import", str(file), "--kind", "titles", "--as", "clerk")
    assert said.code == exits.REFUSED
    assert "tại một đơn vị có nhiệm vụ này. Xin nhờ" in " ".join(said.out.split())


def test_many_dossiers_each_have_a_result_and_one_refused_stops_none(
    thidua: Thidua, cli_office: Office, tmp_path: Path
) -> None:
    codes = [cli_office.open() for _ in range(3)]
    for code in codes[:2]:
        cli_office.nominate(code, "teacher")
    assert thidua("clock", "show").code == exits.DONE
    extended = thidua(
        "calendar", "extend", "th-mau-1", "covenant", "--until", "2025-06-20", "--reason", "ký muộn", "--calendar",
        "2024-2025", "--as", "office-head",
    )  # fmt: skip
    assert extended.code == exits.DONE, extended.err
    listed = tmp_path / "codes.txt"
    listed.write_text("\n".join([*codes, "none.1"]), encoding="utf-8")
    tried = thidua("register", "--from-file", str(listed), "--as", "clerk", "--dry-run", "--json")
    assert [row["done"] for row in tried.data["dossiers"]] == [True, True, False, False]
    assert cli_office.row(codes[0])["state"] == "preparing"
    said = thidua("register", "--from-file", str(listed), "--as", "clerk", "--request-key", "lô-1")
    assert said.code == exits.REFUSED
    assert "2 hồ sơ được, 2 hồ sơ chưa được" in said.out
    assert [cli_office.row(code)["state"] for code in codes] == ["registered", "registered", "preparing"]
    again = thidua("register", *codes, "--as", "clerk", "--request-key", "lô-1", "--json").data["dossiers"]
    assert [row["receipt"]["replayed"] for row in again[:2]] == [True, True]


def test_codes_are_read_from_standard_input(thidua: Thidua, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("# ghi chú\nnone.1, Trường Mẫu\nnone.2\n"))
    said = thidua("register", "-", "--as", "clerk", "--json")
    assert said.code == exits.REFUSED
    assert [row["dossier"] for row in said.data["dossiers"]] == ["none.1", "none.2"]


def test_the_same_request_acts_once_and_a_stale_version_is_told(thidua: Thidua, cli_office: Office) -> None:
    code = cli_office.open()
    nominate = ("dossier", "nominate", code, "teacher", "--title", "LDTT", "--as", "clerk")
    first = thidua(*nominate, "--request-key", "k1", "--json").data
    again = thidua(*nominate, "--request-key", "k1", "--json").data
    assert (first["version"], first["replayed"]) == (2, False)
    assert (again["version"], again["replayed"]) == (2, True)
    stale = thidua(
        "dossier", "nominate", code, "teacher-2", "--title", "LDTT", "--as", "clerk", "--expect-version", "1"
    )
    assert stale.code == exits.REFUSED
    assert "bản đã xem là lần ghi 1, nay là lần ghi 2" in " ".join(stale.err.split())


def test_a_trial_says_what_would_happen_and_writes_nothing(
    thidua: Thidua, home: Path, cli_office: Office
) -> None:
    code = cli_office.dossier_at("at_education_office")
    before = fingerprint(home)
    tried = thidua("appraise", code, "--support-rest", "--as", "appraiser", "--dry-run")
    assert tried.code == exits.DONE, tried.err
    assert "Chưa ghi gì" in tried.out
    assert fingerprint(home) == before


def test_a_dossier_shows_its_way_without_colours(thidua: Thidua, cli_office: Office) -> None:
    code = cli_office.dossier_at("at_education_office")
    cli_office.step(code, "return", "appraiser", reason="thiếu minh chứng")
    said = thidua("dossier", "show", code, "--as", "clerk")
    assert said.code == exits.DONE, said.err
    assert "\x1b" not in said.out
    assert "●─●─●─●─●─●─◎─○" in said.out
    assert "↺ trả lại 1 lần" in said.out
    assert "↳ ◉ " in said.out
    assert max(map(len, said.out.splitlines())) <= 100
    steps = {
        step["event"]: step
        for step in thidua("dossier", "show", code, "--as", "clerk", "--json").data["next"]
    }
    assert steps["resubmit"]["possible"]
    assert steps["withdraw"]["needs"] == ["reason"]
    # That is for the calendar to do, not for her.
    assert "lapse" not in steps


def test_what_waits_for_whom_is_listed_and_filtered(thidua: Thidua, cli_office: Office) -> None:
    code = cli_office.dossier_at("at_education_office")
    other = cli_office.open()
    waiting = {group["desk"]: group for group in thidua("status", "--json").data["waiting"]}
    assert waiting["Phòng Giáo dục và Đào tạo"]["dossiers"] == [code]
    mine = thidua("mine", "--as", "appraiser", "--json").data["dossiers"]
    assert [row["dossier"] for row in mine] == [code]
    assert mine[0]["deadline"] == "2025-06-30" and mine[0]["days_left"] == 20
    assert "còn 20 ngày, đến hết thứ Hai 30/06/2025" in " ".join(
        thidua("mine", "--as", "appraiser").out.split()
    )
    for filters, expected in (
        (("--kind", "draft"), [other]),
        (("--unit", "huyen"), [code, other]),
        (("--unit", "th-mau-2"), []),
        (("--desk", "education_office"), [code]),
        (("--person", "appraiser"), [code]),
        (("--year", "2023-2024"), []),
        (("--level", "state"), []),
        (("--procedure", "three-tier-2024"), [code, other]),
    ):
        found = [row["dossier"] for row in thidua("dossier", "list", *filters, "--json").data["dossiers"]]
        assert found == expected, filters


def test_english_is_spoken_where_it_is_asked_for(thidua: Thidua, monkeypatch: pytest.MonkeyPatch) -> None:
    assert thidua("dossier", "show", "none.1", "--lang", "en").err.startswith("There is no dossier")
    assert thidua("--lang=en", "dossier", "show", "none.1").err.startswith("There is no dossier")
    monkeypatch.setenv("THIDUA_LANG", "en")
    assert thidua("dossier", "show", "none.1").err.startswith("There is no dossier")
    assert thidua("--lang", "vi", "dossier", "show", "none.1").err.startswith("Không tìm thấy")


def test_duties_are_granted_lent_and_ended(thidua: Thidua) -> None:
    granted = thidua(
        "duty", "grant", "teacher", "th-mau-1", "clerk", "--since", "01/06/2025", "--as", "admin"
    )
    assert granted.code == exits.DONE, granted.err
    refused = thidua(
        "duty", "grant", "teacher", "th-mau-1", "principal", "--since", "2025-06-01", "--as", "clerk"
    )
    assert refused.code == exits.REFUSED
    assert "một đơn vị có nhiệm vụ này" in " ".join(refused.err.split())
    lent = thidua(
        "delegate", "pgd", "appraiser", "--to", "office-head", "--since", "2025-06-10", "--until", "2025-06-12",
        "--as", "appraiser", "--json",
    )  # fmt: skip
    assert lent.code == exits.DONE, lent.err
    number = str(lent.data["payload"]["delegation"])
    assert (
        thidua("person", "duties", "office-head", "--json").data["delegations"][0]["from"]["code"]
        == "appraiser"
    )
    assert thidua("delegation", "end", number, "--as", "clerk").code == exits.REFUSED
    assert thidua("delegation", "end", number, "--as", "appraiser").code == exits.DONE
    ended = thidua("duty", "end", "teacher", "th-mau-1", "clerk", "--last-day", "2025-06-09", "--as", "admin")
    assert ended.code == exits.DONE, ended.err


def test_a_paper_is_put_in_and_taken_out(thidua: Thidua, cli_office: Office, tmp_path: Path) -> None:
    code = cli_office.open()
    # The name as another machine writes it: letters and their marks apart.
    paper = tmp_path / "Ba\u0301o ca\u0301o.pdf"
    paper.write_bytes(b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\nstartxref\n0\n%%EOF\n")
    added = thidua("dossier", "paper-add", code, str(paper), "--kind", "achievement_report", "--as", "clerk")
    assert added.code == exits.DONE, added.err
    (row,) = thidua("dossier", "show", code, "--json").data["papers"]
    assert row["name"] == "Báo cáo.pdf"
    for args, reason in (
        (["--name", "../../x.pdf"], "paper_name_has_folder"),
        (["--name", "x.xlsx", "--kind", "other"], "paper_type_differs"),
    ):
        said = thidua(
            "dossier", "paper-add", code, str(paper), "--kind", "other", *args, "--as", "clerk", "--json"
        )
        assert said.code == exits.REFUSED
        assert reason in [r["code"] for r in said.data["reasons"]]
    empty = tmp_path / "empty.pdf"
    empty.touch()
    said = thidua("dossier", "paper-add", code, str(empty), "--kind", "other", "--as", "clerk")
    assert said.code == exits.REFUSED and "không có nội dung" in said.err
    removed = thidua("dossier", "paper-remove", code, str(row["id"]), "--as", "clerk")
    assert removed.code == exits.DONE, removed.err
    assert thidua("dossier", "show", code, "--json").data["papers"] == []


def test_an_edited_history_is_found_and_its_entry_named(thidua: Thidua, cli_office: Office) -> None:
    code = cli_office.dossier_at("at_bloc")
    assert thidua("audit", "verify").code == exits.DONE
    with cli_office.database.write() as connection:
        # Whoever edits the file has the rights to take its guards away first.
        for name in (
            connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            .scalars()
            .all()
        ):
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql(
            "UPDATE history_entry SET event = 'appraise' WHERE seq = 3 AND subject LIKE 'dossier:%'"
        )
    said = thidua("audit", "verify")
    assert said.code == exits.FOUND
    assert f"dossier:{cli_office.row(code)['id']}, lần ghi 3: đã bị sửa" in " ".join(said.err.split())
    assert thidua("audit", "verify", "--json").data["sound"] is False


def test_an_export_is_checked_without_the_program_and_never_written_over(
    thidua: Thidua, cli_office: Office, tmp_path: Path
) -> None:
    cli_office.dossier_at("at_bloc")
    target = tmp_path / "history.jsonl"
    assert thidua("audit", "export", str(target)).code == exits.DONE
    verifier = ROOT / "casework" / "audit" / "verifier.py"
    checked = subprocess.run(
        [sys.executable, str(verifier), str(target)], capture_output=True, text=True, timeout=60
    )
    assert checked.returncode == 0, checked.stdout
    before = target.read_bytes()
    assert thidua("audit", "export", str(target)).code == exits.STORAGE
    assert target.read_bytes() == before


def test_a_procedure_is_drawn_and_the_page_written(thidua: Thidua, tmp_path: Path) -> None:
    drawn = thidua("procedure", "diagram", "three-tier-2024")
    assert drawn.out.startswith("stateDiagram-v2")
    page = tmp_path / "page.md"
    assert thidua("procedure", "diagram", "--to", str(page)).code == exits.DONE
    assert page.read_text(encoding="utf-8") == (ROOT / "docs" / "lifecycle.md").read_text(encoding="utf-8")


def test_every_list_and_page_is_data_too(thidua: Thidua, cli_office: Office) -> None:
    code = cli_office.dossier_at("decided")
    for args in (
        ("status",), ("mine", "--as", "clerk"), ("dossier", "list"), ("dossier", "show", code),
        ("dossier", "history", code), ("numbers",), ("letters", "list"), ("procedure", "list"),
        ("procedure", "show", "three-tier-2024"), ("calendar", "list"), ("calendar", "show", "2024-2025"),
        ("calendar", "windows", "th-mau-1"), ("titles", "show"), ("unit", "list"), ("unit", "show", "pgd"),
        ("person", "list"), ("person", "show", "clerk"), ("person", "duties", "clerk"), ("clock", "show"),
        ("audit", "verify"), ("doctor",),
    ):  # fmt: skip
        said = thidua(*args, "--json")
        vietnamese, english = thidua(*args), thidua(*args, "--lang", "en")
        assert said.code == vietnamese.code == english.code, (args, said.out, vietnamese.err)
        assert isinstance(json.loads(said.out), dict)
        for text in (vietnamese.out + vietnamese.err, english.out + english.err):
            assert max(map(len, text.splitlines())) <= 100, args
            assert "\x1b" not in text
            assert not any(line != line.rstrip() for line in text.splitlines()), args


def test_whoever_reads_only_the_first_line_is_left_in_peace(home: Path) -> None:
    program = "from cli.main import run; run()"
    shell = f'"{sys.executable}" -c "{program}" person list --limit 10000 --json | head -1; echo "${{PIPESTATUS[0]}}"'
    answer = subprocess.run(
        ["bash", "-c", shell],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "THIDUA_HOME": str(home)},
        timeout=60,
    )
    assert answer.stdout.split() == ["{", "0"]
    assert answer.stderr == ""


def test_the_sample_is_run_twice_and_stands_where_it_stood(
    sample_in_a_shell: tuple[Path, Said], tmp_path: Path
) -> None:
    made, first = sample_in_a_shell
    assert first.code == exits.DONE, first.err
    assert first.data["now"].startswith("2025-06-16")
    assert first.data["total"] >= 40
    home = shutil.copytree(made, tmp_path / "home")
    again = in_a_shell(home, "run", "--json")
    assert again.data == first.data
    # Every letter of it could be written: a newcomer's office has nothing to mend.
    failed = in_a_shell(home, "letters", "list", "--standing", "failed", "--json").data
    assert (failed["total"], failed["letters"]) == (0, [])
