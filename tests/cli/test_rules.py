"""Rulebooks at the terminal: checked with every fault, published, shown title by title, compared in words."""

from __future__ import annotations

from pathlib import Path

from cli import exits
from tests.build import ROOT
from tests.cli.conftest import Thidua

FOLDER = ROOT / "regulations" / "rulebooks"
RS_2025, RS_2026 = FOLDER / "rs-2025.yaml", FOLDER / "rs-2026.yaml"


def spoilt(tmp_path: Path, was: str, becomes: str) -> Path:
    text = RS_2025.read_text(encoding="utf-8")
    assert was in text
    file = tmp_path / "spoilt.yaml"
    file.write_text(text.replace(was, becomes), encoding="utf-8")
    return file


def test_a_file_is_checked_beside_the_catalogue_with_or_without_a_home(
    thidua: Thidua, empty_home: Path, tmp_path: Path
) -> None:
    # No home yet: this program's own titles are what it is looked at beside.
    assert thidua("rules", "check", str(RS_2025)).code == exits.DONE
    broken = (
        spoilt(tmp_path, "      id: E05\n", "")
        .read_text(encoding="utf-8")
        .replace("share: 7/10", "share: 7/5")
    )
    (tmp_path / "broken.yaml").write_text(broken, encoding="utf-8")
    refused = thidua("rules", "check", str(tmp_path / "broken.yaml"))
    assert refused.code == exits.UNSOUND
    assert "“7/5” không phải là tỷ lệ" in refused.err and "Thiếu mục" in refused.err
    strange = thidua("rules", "check", str(spoilt(tmp_path, "titles: [CSTDCS]", "titles: [CSTDXX]")))
    assert strange.code == exits.UNSOUND and "CSTDXX" in strange.err


def test_published_rulebooks_are_listed_and_shown_with_article_source_and_how_surely_they_are_known(
    thidua: Thidua, home: Path
) -> None:
    assert thidua("rules", "publish", str(RS_2025)).code == exits.DONE
    assert "rs-2025" in thidua("rules", "list").out
    shown = thidua("rules", "show", "rs-2025", "--title", "cstdcs")
    assert shown.code == exits.DONE
    for words in (
        "Đạt tiêu chuẩn LĐTT",
        "Một trong các điều sau:",
        "đã kiểm chứng",
        "Luật 06/2022/QH15 Điều 23",
    ):
        assert words in shown.out
    whole = " ".join(thidua("rules", "show", "rs-2025").out.split())
    for words in ("chưa kiểm chứng", "chưa thấy văn bản", "2.530.000 đ", "Áp dụng theo ngày ra quyết định"):
        assert words in whole
    data = thidua("rules", "show", "rs-2025", "--json").data
    medal = next(one for one in data["titles"] if one["title"] == "KNC")["conditions"]
    service = next(row for row in medal if row.get("word") == "service_years")
    assert service["values"] == {"years": 20, "hard_years": 5, "fewer": 5}
    assert (service["until"], service["verified"]) == ("2026-04-01", True)
    unknown = thidua("rules", "show", "rs-2025", "--title", "XYZ")
    assert unknown.code == exits.NOT_FOUND and "XYZ" in unknown.err
    assert thidua("rules", "show", "rs-1999").code == exits.NOT_FOUND


def test_a_rulebook_whose_days_another_has_is_refused(thidua: Thidua, home: Path, tmp_path: Path) -> None:
    assert thidua("rules", "publish", str(RS_2025)).code == exits.DONE
    other = spoilt(tmp_path, "rulebook: rs-2025", "rulebook: rs-khac")
    refused = thidua("rules", "publish", str(other))
    assert refused.code == exits.UNSOUND and "rs-2025" in refused.err
    checked = thidua("rules", "publish", str(other), "--dry-run")
    assert checked.code == exits.UNSOUND


def test_two_rulebooks_are_compared_in_words_files_or_names(
    thidua: Thidua, home: Path, tmp_path: Path
) -> None:
    assert thidua("rules", "publish", str(RS_2025)).code == exits.DONE
    proposed = spoilt(tmp_path, "share: 7/10", "share: 3/4")
    told = " ".join(thidua("rules", "diff", "rs-2025", str(proposed)).out.split())
    assert "Đổi" in told and "70%" in told and "75%" in told and "2 thay đổi" in told
    assert "Hai bản không khác nhau." in thidua("rules", "diff", "rs-2025", str(RS_2025)).out
    data = thidua("rules", "diff", str(RS_2025), str(RS_2026), "--json").data
    assert {row["kind"] for row in data["changes"]} <= {"added", "removed", "changed"}
    assert any(whose["title"] == "KNC" for row in data["changes"] for whose in row["whose"])
    english = thidua("rules", "diff", str(RS_2025), str(RS_2026), "--lang", "en").out
    assert "text not seen" in english
    assert thidua("rules", "diff", "rs-2025", "rs-1999").code == exits.NOT_FOUND
