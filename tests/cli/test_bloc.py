"""A bloc's year at the terminal: two schools of the small office score each other."""

from __future__ import annotations

from pathlib import Path

from cli import exits
from cli.bloc import KINDS
from models.bloc_year import MEETING_KINDS
from tests.build import ROOT
from tests.cli.conftest import Thidua
from tests.documents.paper_bytes import pdf

YEAR = ("--year", "2025-2026")
CARD = ROOT / "regulations" / "scorecards" / "cao-dang-2021.yaml"
ITEMS = ("--item", "1.1=36", "--item", "1.2=18", "--item", "2.1=18,5")


def done(thidua: Thidua, *args: str) -> str:
    said = thidua(*args)
    assert said.code == exits.DONE, said.err
    return said.out


def test_the_terminal_knows_the_same_meetings_as_the_tables() -> None:
    assert KINDS == MEETING_KINDS


def test_a_scorecard_is_checked_published_shown_and_listed(thidua: Thidua, tmp_path: Path) -> None:
    assert "cao-dang-2021" in done(thidua, "scorecard", "check", str(CARD))
    done(thidua, "scorecard", "publish", str(CARD), "--as", "admin")
    assert "Tuyển sinh, đào tạo" in done(thidua, "scorecard", "show", "cao-dang-2021")
    assert "cao-dang-2021" in done(thidua, "scorecard", "list")
    assert thidua("scorecard", "show", "khong-co").code == exits.NOT_FOUND
    bad = tmp_path / "bad.yaml"
    bad.write_text(CARD.read_text(encoding="utf-8").replace("most: 40", "most: 0"), encoding="utf-8")
    said = thidua("scorecard", "check", str(bad))
    assert said.code == exits.UNSOUND and "card_points_unusable" in said.err


def test_a_year_is_scored_settled_and_ranked_by_commands(thidua: Thidua, tmp_path: Path) -> None:
    done(thidua, "scorecard", "publish", str(CARD), "--as", "admin")
    head = (*YEAR, "--as", "bloc-head")
    done(thidua, "bloc", "card", "khoi", "cao-dang-2021", *head)
    done(thidua, "bloc", "sign", "khoi", "th-mau-1", *YEAR, "--as", "principal")
    done(thidua, "bloc", "assign", "khoi", "--seed", "mẫu", *head)
    shown = done(thidua, "bloc", "show", "khoi", *YEAR, "--as", "clerk")
    assert "còn 2 phiếu chờ chấm" in shown and "nộp phiếu chấm" in shown
    refused = thidua("bloc", "score", "khoi", "th-mau-1", "th-mau-2", *ITEMS, *YEAR, "--as", "clerk")
    assert (refused.code, "3.1" in refused.err) == (exits.REFUSED, True)
    sheet = tmp_path / "phieu.csv"
    sheet.write_text("tiêu chí;điểm;ghi chú\n1.1;36;đủ\n1.2;18\n2.1;18,5\n3.1;20\n", encoding="utf-8")
    for scorer, scored in (("th-mau-1", "th-mau-1"), ("th-mau-1", "th-mau-2")):
        done(thidua, "bloc", "score", "khoi", scorer, scored, "--file", str(sheet), *YEAR, "--as", "clerk")
    for scored in ("th-mau-1", "th-mau-2"):
        typed = (*ITEMS, "--item", "3.1=19.25")
        done(thidua, "bloc", "score", "khoi", "th-mau-2", scored, *typed, *YEAR, "--as", "clerk-2")
    own = thidua("bloc", "sheet", "khoi", "th-mau-1", "th-mau-2", *YEAR, "--as", "clerk", "--json").data
    assert own["total"] == "92.5"
    assert (
        thidua("bloc", "sheet", "khoi", "th-mau-1", "th-mau-2", *YEAR, "--as", "teacher").code
        == exits.NOT_FOUND
    )
    unknown = thidua("bloc", "sheet", "khoi", "th-mau-1", "khong-co", *YEAR, "--as", "clerk")
    assert (unknown.code, "phiếu “th-mau-1” chấm “khong-co”" in unknown.err) == (exits.NOT_FOUND, True)
    assert thidua("bloc", "settle", "khoi", *head).code == exits.REFUSED
    meeting = ("--place", "Trường Mẫu", "--chair", "bloc-head", "--secretary", "clerk-2")
    done(thidua, "bloc", "meeting", "khoi", "scoring", *meeting, *head)
    word = ("--word", "th-mau-1:1.1=40:Có minh chứng mới.")
    assert "Chưa ghi gì" in done(thidua, "bloc", "settle", "khoi", *word, *head, "--dry-run")
    done(thidua, "bloc", "settle", "khoi", *word, *head)
    found = thidua("bloc", "ranking", "khoi", *YEAR, "--json").data
    assert [(row["code"], row["rank"], row["score"]) for row in found["rows"]] == [
        ("th-mau-1", 1, "95.75"),
        ("th-mau-2", 2, "92.5"),
    ]
    assert "Có minh chứng mới." in done(thidua, "bloc", "ranking", "khoi", *YEAR)
    assert "95,5" not in done(thidua, "bloc", "matrix", "khoi", *YEAR, "--as", "clerk")
    done(thidua, "bloc", "certify", "khoi", "--person", "teacher", "--school", "th-mau-2", *head)
    assert "600.000 đ" in done(thidua, "bloc", "ranking", "khoi", *YEAR)
    assert done(thidua, "audit", "verify")


def test_what_cannot_be_read_is_refused_before_anything_is_opened(thidua: Thidua, tmp_path: Path) -> None:
    score = ("bloc", "score", "khoi", "th-mau-1", "th-mau-1", *YEAR, "--as", "clerk")
    sheet = tmp_path / "phieu.csv"
    sheet.write_text("1.1,12,5\n", encoding="utf-8")
    for more in (
        ("--item", "1.1"),
        ("--item", "1.1=nhiều"),
        ("--item", "1.1=1", "--item", "1.1=2"),
        ("--item-note", "1.1"),
        ("--file", str(sheet)),
        ("--file", str(tmp_path / "none.csv")),
    ):
        assert thidua(*score, *more).code == exits.USAGE, more
    assert (
        thidua("bloc", "settle", "khoi", "--word", "th-mau-1=1", *YEAR, "--as", "bloc-head").code
        == exits.USAGE
    )
    assert (
        thidua("bloc", "assign", "khoi", "--scorer", "th-mau-1", *YEAR, "--as", "bloc-head").code
        == exits.USAGE
    )
    assert thidua("bloc", "show", "th-mau-1").code == exits.REFUSED
    assert thidua("bloc", "show", "khong-co").code == exits.NOT_FOUND


def test_evidence_of_items_and_the_reason_of_who_declined_are_typed_and_read(
    thidua: Thidua, tmp_path: Path
) -> None:
    done(thidua, "scorecard", "publish", str(CARD), "--as", "admin")
    head = (*YEAR, "--as", "bloc-head")
    done(thidua, "bloc", "card", "khoi", "cao-dang-2021", *head)
    done(thidua, "bloc", "assign", "khoi", "--seed", "mẫu", *head)
    paper = tmp_path / "bang-ke.pdf"
    paper.write_bytes(pdf("bảng kê"))
    own = (
        "bloc",
        "score",
        "khoi",
        "th-mau-1",
        "th-mau-1",
        *ITEMS,
        "--item",
        "3.1=19",
        *YEAR,
        "--as",
        "clerk",
    )
    done(thidua, *own, "--item-evidence", f"1.1,1.2={paper}")
    sheet = ("bloc", "sheet", "khoi", "th-mau-1", "th-mau-1", *YEAR, "--as", "clerk")
    assert done(thidua, *sheet).count("bang-ke.pdf") == 2
    done(thidua, *own, "--item-evidence", "1.1=")
    assert done(thidua, *sheet).count("bang-ke.pdf") == 1
    assert thidua(*own, "--item-evidence", "=x.pdf").code == exits.USAGE
    assert thidua(*own, "--item-evidence", f"1.1={tmp_path / 'khong-co.pdf'}").code != exits.DONE
    why = ("--reason", "Người thân ở trường ấy.")
    done(thidua, "bloc", "decline", "khoi", "th-mau-1", "th-mau-2", *why, *YEAR, "--as", "clerk")
    assert "Người thân ở trường ấy." in done(thidua, "bloc", "show", "khoi", *head)
    assert "Người thân ở trường ấy." not in done(thidua, "bloc", "show", "khoi", *YEAR, "--as", "clerk-2")
