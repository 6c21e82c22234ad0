"""What differs between two rulebooks is told value by value, and what only moved to another line is not."""

from __future__ import annotations

import pytest

from casework.views.rulebooks import Names, changes_told
from published.rulebooks import Rulebook, read_rulebook
from published.rulebooks.changes import changes
from tests.build import ROOT

TEXT = (ROOT / "regulations/rulebooks/rs-2025.yaml").read_text(encoding="utf-8")
NAMES = Names({"LDTT": "LĐTT", "CSTDCS": "CSTĐCS", "TTLDTT": "TTLĐTT", "TTLDXS": "TTLĐXS"}, {})


def book(text: str) -> Rulebook:
    found, faults = read_rulebook(text)
    assert found is not None and faults == []
    return found


@pytest.fixture(scope="module")
def old() -> Rulebook:
    return book(TEXT)


def told(
    old: Rulebook, was: str, becomes: str, times: int = -1
) -> list[tuple[str, str, str | None, str | None]]:
    assert was in TEXT
    found = changes_told(old, book(TEXT.replace(was, becomes, times)), "vi", NAMES)
    return [
        (row["where"], row["kind"], row["was"] and row["was"]["text"], row["now"] and row["now"]["text"])
        for row in found["changes"]
    ]


def test_a_rulebook_does_not_differ_from_itself_wherever_its_lines_are(old: Rulebook) -> None:
    assert changes(old, old) == ()
    assert changes(old, book("# one line more\n" + TEXT)) == ()


def test_a_number_that_changed_is_told_with_what_it_was(old: Rulebook) -> None:
    assert told(old, "share: 7/10", "share: 3/4") == [
        (
            where,
            "changed",
            "Ít nhất 70% thành viên có LĐTT hoặc CSTĐCS",
            "Ít nhất 75% thành viên có LĐTT hoặc CSTĐCS",
        )
        for where in ("TTLĐTT (tập thể)", "TTLĐXS (tập thể)")
    ]


def test_what_is_the_same_for_several_titles_is_told_once(old: Rulebook) -> None:
    found = told(old, "scope: province", "scope: state")
    assert [row[0] for row in found] == ["CSTDT (cá nhân); CSTDB (cá nhân)"]


def test_what_is_new_and_what_is_gone_are_told_apart(old: Rulebook) -> None:
    line = "        - {word: grade_at_least, grade: HTTNV, article: Luật 06/2022/QH15 Điều 24(1)"
    found = told(old, line, line.replace("word: grade_at_least, grade: HTTNV", "word: registered"))
    assert found == [
        ("LĐTT (cá nhân)", "removed", "Được xếp loại từ hoàn thành tốt nhiệm vụ trở lên trong năm học", None),
        ("LĐTT (cá nhân)", "added", None, "Đã đăng ký thi đua trong năm học"),
    ]


def test_one_of_several_ways_that_becomes_a_must_is_a_change(old: Rulebook) -> None:
    found = told(
        old,
        "        - any:\n            - {word: grade_at_least, grade: HTXSNV",
        "        - all:\n            - {word: grade_at_least, grade: HTXSNV",
    )
    assert ("CSTĐCS (cá nhân)", "changed") in {row[:2] for row in found}
    assert all("(một trong nhiều cách)" in str(row[2]) and "(một trong" not in str(row[3]) for row in found)


def test_money_papers_caps_and_days_are_told(old: Rulebook) -> None:
    assert told(old, "until: 2026-09-30", "until: 2026-12-31") == [
        ("Phạm vi áp dụng", "changed", "Từ 01/07/2025 đến 30/09/2026", "Từ 01/07/2025 đến 31/12/2026")
    ]
    assert told(old, "amount: 2530000", "amount: 2600000") == [
        (
            "Tiền thưởng",
            "changed",
            "Mức lương cơ sở 2.530.000 đ, từ 01/07/2026",
            "Mức lương cơ sở 2.600.000 đ, từ 01/07/2026",
        )
    ]
    assert told(
        old, "LDTT:\n      individual:\n        times: 3/10", "LDTT:\n      individual:\n        times: 1/2"
    ) == [
        (
            "LĐTT (cá nhân)",
            "changed",
            "Tiền thưởng: 0,3 lần mức lương cơ sở; không có hiện vật",
            "Tiền thưởng: 0,5 lần mức lương cơ sở; không có hiện vật",
        )
    ]
    assert told(old, "share: 1/5, of: [COTINH, COBO]", "share: 1/4, of: [COTINH, COBO]") == [
        (
            "COCP (tập thể)",
            "changed",
            "Nhiều nhất 20% số đạt tiêu chuẩn COTINH hoặc COBO",
            "Nhiều nhất 25% số đạt tiêu chuẩn COTINH hoặc COBO",
        )
    ]
    assert told(old, "mode: up", "mode: down")[0][2:] == (
        "Làm tròn lên đến 10.000 đ",
        "Làm tròn xuống đến 10.000 đ",
    )


def test_where_only_the_article_or_its_verification_changed_is_apart(old: Rulebook) -> None:
    new = book(TEXT.replace("Điều 24(1)", "Điều 24"))
    found = changes_told(old, new, "vi", NAMES)
    assert found["changes"] == []
    assert {row["where"] for row in found["cited"]} == {"LĐTT (cá nhân)"}


def test_every_pair_of_the_published_rulebooks_can_be_told_in_both_languages() -> None:
    files = sorted((ROOT / "regulations/rulebooks").glob("*.yaml"))
    books = [book(path.read_text(encoding="utf-8")) for path in files]
    for earlier in books:
        for later in books:
            for lang in ("vi", "en"):
                found = changes_told(earlier, later, lang, NAMES)
                assert (earlier is later) == (not found["changes"])
                for row in found["changes"]:
                    assert row["was"] or row["now"]
                    for side in (row["was"], row["now"]):
                        assert side is None or not side["text"].startswith(("rulebooks.", "conditions."))
