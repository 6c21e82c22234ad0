"""Each word of a rulebook has its sentence in both languages, and no sentence is left without a word."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from notifications.conditions import say_condition
from notifications.words import LANGS, catalogue, say_value
from published.rulebooks.values import CAP_BASES, CAP_PLACES, ITEMS, ROUNDINGS, TOGETHER
from rules.conditions import MEETS, WORDS
from rules.lawbook import Cited, Condition
from rules.record import DISCIPLINES, GRADES, SCOPES

SHORT = {"CSTDCS": "CSTĐCS", "LDTT": "LĐTT", "BKT-TX": "BK tỉnh", "BKB": "BK Bộ"}
CITED = Cited("A", "s", verified=True)


def said(
    word: str, lang: str = "vi", since: date | None = None, until: date | None = None, **values: Any
) -> str:
    return say_condition(Condition(word, values, CITED, since, until), lang, SHORT)


@pytest.mark.parametrize("lang", LANGS)
def test_every_word_has_its_sentence_and_no_sentence_is_left_over(lang: str) -> None:
    parts = {
        "after",
        "initiatives_years",
        "service_years_fewer",
        "rank_first",
        "all",
        "any",
        "since",
        "until",
    }
    parts |= {f"unused_{use}" for use in ("form", "title", "any")}
    parts |= {f"members_share_{how}" for how in ("titles", "grade", "all")}
    assert set(catalogue("conditions", lang)) == ({*WORDS, MEETS} - {"members_share"}) | parts


@pytest.mark.parametrize("lang", LANGS)
def test_the_words_of_rulebooks_are_said_in_both_languages(lang: str) -> None:
    for name, known in {
        "grades": GRADES,
        "grades_up": GRADES,
        "scopes": SCOPES,
        "scopes_up": SCOPES,
        "disciplines": DISCIPLINES,
        "award_items": ITEMS,
    }.items():
        assert set(catalogue(name, lang)) == set(known)
    asked = {f"rounding_{mode}" for mode in ROUNDINGS} | {f"cap_share_{base}" for base in CAP_BASES}
    asked |= {f"grade_cap_or_{place}" for place in CAP_PLACES} | set(TOGETHER)
    asked |= {f"way_{way}" for ways in TOGETHER.values() for way in ways}
    assert asked <= set(catalogue("rulebooks", lang))


@pytest.mark.parametrize(
    ("word", "values", "vietnamese", "english"),
    [
        (
            "title_in_row",
            {"titles": ("CSTDCS",), "years": 3},
            "có CSTĐCS 3 năm học liên tục",
            "CSTĐCS in 3 school years in a row",
        ),
        (
            "grades_in_row",
            {"grade": "HTTNV", "years": 5, "after": ("BKT-TX", "BKB")},
            "được xếp loại từ hoàn thành tốt nhiệm vụ trở lên 5 năm học liên tục, đều sau khi có BK tỉnh hoặc BK Bộ",
            "graded “tasks fulfilled well” or better in 5 school years in a row, all of them after BK tỉnh or BK Bộ",
        ),
        (
            "grade_at_least",
            {"grade": "HTXSNV"},
            "được xếp loại hoàn thành xuất sắc nhiệm vụ trong năm học",
            "graded “tasks fulfilled excellently” in the school year",
        ),
        (
            "initiatives",
            {"scope": "local", "count": 2, "years": 2, "unused_by": "any"},
            "có 2 sáng kiến được công nhận từ cấp cơ sở trở lên, còn hiệu lực, trong 2 năm học gần nhất, "
            "chưa dùng cho danh hiệu hay hình thức khen thưởng nào",
            "2 initiatives recognised for the grassroots or wider, still valid, of the last 2 school years, "
            "used for no title and no form of commendation yet",
        ),
        (
            "members_share",
            {"share": Fraction(7, 10), "titles": ("LDTT", "CSTDCS")},
            "ít nhất 70% thành viên có LĐTT hoặc CSTĐCS",
            "at least 70% of the members have LĐTT or CSTĐCS",
        ),
        (
            "members_share",
            {"share": Fraction(1), "grade": "HTNV"},
            "mọi thành viên được xếp loại từ hoàn thành nhiệm vụ trở lên",
            "every member is graded “tasks fulfilled” or better",
        ),
        ("rank_at_most", {"rank": 1}, "dẫn đầu khối thi đua", "first of the bloc"),
        ("meets", {"title": "LDTT"}, "đạt tiêu chuẩn LĐTT", "meets the standard of LĐTT"),
        ("registered", {}, "đã đăng ký thi đua trong năm học", "registered for the school year"),
        (
            "unseen",
            {"what": {"vi": "Điều kiện mới", "en": "New conditions"}},
            "Điều kiện mới (chưa thấy văn bản)",
            "New conditions (text not seen)",
        ),
    ],
)
def test_a_condition_is_told_in_a_sentence(
    word: str, values: dict[str, Any], vietnamese: str, english: str
) -> None:
    assert said(word, **values) == vietnamese
    assert said(word, "en", **values) == english


def test_a_condition_with_days_of_its_own_says_them() -> None:
    told = said("registered", since=date(2026, 4, 2), until=date(2026, 9, 30))
    assert told == "đã đăng ký thi đua trong năm học · từ ngày 02/04/2026 · đến hết ngày 30/09/2026"


@pytest.mark.parametrize(
    ("value", "how", "vietnamese"),
    [
        (Fraction(7, 10), "percent", "70%"),
        (Fraction(501, 1000), "percent", "50,1%"),
        (Fraction(2, 3), "percent", "2/3"),
        (Fraction(9, 2), "number", "4,5"),
        (Fraction(12), "number", "12"),
    ],
)
def test_shares_and_multiples_are_said_exactly(value: Fraction, how: str, vietnamese: str) -> None:
    assert say_value(value, how, "vi") == vietnamese
