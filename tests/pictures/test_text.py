"""How texts are measured and broken."""

from __future__ import annotations

import unicodedata

import pytest

from pictures.text import clean, width, wrap, wrap_parts


def test_vietnamese_marks_take_no_room_of_their_own() -> None:
    assert width("Ê", 12) == width("E", 12) == width("Ế", 12)
    assert width(unicodedata.normalize("NFD", "Thẩm định"), 12) == width("Thẩm định", 12)
    assert width("ơ", 12) >= width("o", 12)


def test_what_is_unknown_is_measured_wide() -> None:
    assert width("漢", 10) > 10
    assert width("WWW", 12, bold=True) > width("WWW", 12) > width("iii", 12)


@pytest.mark.parametrize("limit", [12, 40, 100])
def test_no_line_is_wider_than_asked_and_nothing_is_lost(limit: float) -> None:
    text = "Hội đồng sáng kiến cấp cơ sở " + "dàilắm" * 20
    lines = wrap(text, 12, limit)
    assert all(width(line, 12) <= limit for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert wrap("", 12, limit) == []


def test_phrases_share_a_line_where_they_fit_and_are_not_broken_without_need() -> None:
    assert wrap_parts(["Các trường", "1/6 – 30/6"], 12, 200) == ["Các trường · 1/6 – 30/6"]
    assert wrap_parts(["Các trường", "", "1/6 – 30/6"], 12, 110) == ["Các trường", "1/6 – 30/6"]


def test_a_blank_that_binds_is_kept() -> None:
    assert wrap("trong khoảng 1/6\u00a0–\u00a030/6", 12, 100) == ["trong khoảng", "1/6\u00a0–\u00a030/6"]


def test_marks_that_hide_or_turn_writing_are_taken_out() -> None:
    assert clean("a\u202eb\u200bc\x00d\ne\tf\u2028g\ud800") == "abc d e f g"
