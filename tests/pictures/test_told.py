"""What each picture tells, by the marks and words that it is read from."""

from __future__ import annotations

import re
from datetime import date

import pytest

from pictures.bars import draw_bars
from pictures.funnel import TitleNumbers, draw_funnel
from pictures.ribbon import Span, draw_ribbon, year_ends
from pictures.timeline import DAY, WEEK, Counts, Scale, binned, unit_of
from pictures.way import DONE, HERE, NEXT, Stop, draw_way
from tests.pictures.made_up import HAPPENED, SPANS, STOPS
from tests.pictures.reading import marks_of, tree_of, words_of

FIRST, LAST = date(2024, 9, 1), date(2025, 8, 31)
JUNE = (date(2025, 6, 1), date(2025, 6, 30))


def marks(svg: str, look: str) -> list[tuple[float, float]]:
    """Where marks of a look begin and end."""
    found = [box for box in marks_of(tree_of(svg)) if box.what.split(" ", 1)[1] == look]
    return [(box.left, box.right) for box in found]


def said(svg: str) -> str:
    """All words of a picture."""
    return " | ".join(box.what for box in words_of(tree_of(svg)))


def ribbon(*spans: Span, today: date | None = None, width: float = 704) -> str:
    """A ribbon of some spans."""
    return draw_ribbon(spans, first=FIRST, last=LAST, today=today, width=width).svg()


def test_a_school_year_ends_in_august_and_a_long_one_with_the_month_that_it_reaches() -> None:
    assert year_ends(2024, SPANS) == (FIRST, LAST)
    assert year_ends(2024, SPANS, [date(2025, 12, 5)]) == (FIRST, date(2025, 12, 31))
    late = Span("", *JUNE, late_until=date(2025, 9, 2))
    assert year_ends(2024, [late]) == (FIRST, date(2025, 9, 30))


def test_a_span_reaches_from_the_beginning_of_its_first_to_the_end_of_its_last_day() -> None:
    scale = Scale(FIRST, LAST, 2, 702)
    [(left, right)] = marks(ribbon(Span("A", *JUNE, mine=True)), "solid")
    assert abs(left - scale.x(JUNE[0])) < 0.1
    assert abs(right - scale.x(date(2025, 7, 1))) < 0.1


def test_mine_is_filled_and_in_front_of_what_others_owe() -> None:
    svg = ribbon(Span("Của khối", FIRST, date(2024, 9, 9)), Span("Của trường", *JUNE, mine=True))
    assert len(marks(svg, "solid")) == len(marks(svg, "pale")) == 1
    tops = {box.what: box.top for box in words_of(tree_of(svg))}
    assert tops["Của trường"] < tops["Của khối"]


def test_late_is_a_hatched_span_from_the_day_after_the_last() -> None:
    svg = ribbon(Span("A", *JUNE, late_until=date(2025, 7, 10)))
    [(_, end)], [(left, right)] = marks(svg, "pale"), marks(svg, "over")
    assert left == end and right > left
    assert 'fill="url(#year-late)"' in svg and "<pattern" in svg
    assert "có nơi trễ đến 10/7" in said(svg)
    assert "<pattern" not in ribbon(Span("A", *JUNE))


def test_extensions_and_own_dates_are_seen_and_said() -> None:
    svg = ribbon(
        Span(
            "A",
            *JUNE,
            extended=(date(2025, 7, 5), date(2025, 7, 9)),
            own=((date(2025, 6, 3), date(2025, 6, 20)),),
        )
    )
    assert len(marks(svg, "more")) == 1 and len(marks(svg, "way")) == 2
    assert "gia hạn 2 lần, muộn nhất đến 9/7" in said(svg)
    assert "lịch riêng: 1 nơi" in said(svg)


def test_today_is_a_line_at_the_end_of_the_day_and_no_line_outside_of_the_year() -> None:
    svg = ribbon(*SPANS, today=date(2025, 6, 16))
    at = round(Scale(FIRST, LAST, 2, 702).x(date(2025, 6, 17)), 1)
    assert set(marks(svg, "now")) == {(at, at)}
    assert "hôm nay 16/6" in said(svg)
    assert not marks(ribbon(*SPANS, today=date(2025, 9, 1)), "now")


@pytest.mark.parametrize("width", [280, 320, 704, 1040])
def test_the_line_of_today_goes_through_no_words(width: float) -> None:
    tree = tree_of(ribbon(*SPANS, today=date(2025, 6, 16), width=width))
    words = words_of(tree)
    pieces = [box for box in marks_of(tree) if box.what == "line now"]
    crossed = [w.what for w in words if min(p.left for p in pieces) >= w.left and pieces[0].left <= w.right]
    assert len(crossed) > 1, "nothing stands in its way"
    for piece in pieces:
        for word in words:
            beside = piece.left < word.left or piece.left > word.right
            assert beside or piece.bottom <= word.top + 1 or piece.top >= word.bottom - 1, word.what


def test_months_are_said_as_long_as_they_fit() -> None:
    for width, form in ((1040, "tháng 6"), (480, "T6"), (280, "6")):
        assert re.search(rf"(^|\| ){form}( \||$)", said(ribbon(width=width))), width


def test_counts_are_by_week_and_name_their_sum_and_peak() -> None:
    counts = Counts(
        "Thư", {date(2025, 6, 9): 2, date(2025, 6, 15): 3, date(2025, 6, 16): 4, date(2026, 1, 1): 9}
    )
    svg = draw_ribbon([], first=FIRST, last=LAST, happened=[counts, HAPPENED[3]]).svg()
    assert "Thưtổng 9, nhiều nhất 5 trong tuần từ 9/6" in said(svg)
    assert "Kiến nghịkhông có" in said(svg)


def test_columns_are_days_only_where_days_can_be_told_apart() -> None:
    assert unit_of(Scale(FIRST, LAST, 0, 704)) == DAY
    assert unit_of(Scale(FIRST, LAST, 0, 300)) == WEEK
    days = {date(2025, 6, 9): 1, date(2025, 6, 15): 2, date(2025, 6, 16): 4, date(2020, 1, 1): 8}
    assert binned(days, Scale(FIRST, LAST, 0, 704), DAY) == dict(list(days.items())[:3])
    assert binned(days, Scale(FIRST, LAST, 0, 300), WEEK) == {date(2025, 6, 9): 3, date(2025, 6, 16): 4}


def test_letters_by_day_name_the_busiest_day() -> None:
    kinds = [Counts("Nhắc hạn", {date(2025, 6, 27): 1, date(2025, 6, 29): 1200})]
    drawn = {width: said(draw_bars(kinds, first=FIRST, last=LAST, width=width).svg()) for width in (704, 280)}
    assert "tổng 1.201, nhiều nhất 1.200 vào ngày 29/6" in drawn[704]
    assert "Mỗi cột là một ngày" in drawn[704] and "Mỗi cột là một tuần" in drawn[280]


def test_each_mark_of_the_way_has_a_shape_of_its_own() -> None:
    for width in (300, 1040):
        svg = draw_way(STOPS, width=width).svg()
        assert len(marks(svg, "check")) == 2
        assert len(marks(svg, "mark")) == 1 and len(marks(svg, "back")) == 1
        assert len(marks(svg, "open")) == 3
        text = said(svg)
        assert "12/06/2025 10:00" in text and "Trần Văn Mẫu" in text and "đang ở đây" in text
        assert "trả lại 2 lần" in text


def test_the_way_is_solid_as_far_as_the_dossier_came_and_dotted_ahead() -> None:
    stops = [Stop("A", DONE), Stop("B", DONE), Stop("C", HERE), Stop("D", NEXT)]
    for width in (300, 1040):
        svg = draw_way(stops, width=width).svg()
        assert len(marks(svg, "way")) == 2 and len(marks(svg, "ahead")) == 1


def test_a_long_way_wraps_into_rows_of_about_the_same_length() -> None:
    tree = tree_of(draw_way([Stop(str(n), NEXT) for n in range(6)], width=704).svg())
    rows: dict[float, int] = {}
    for box in words_of(tree):
        rows[box.top] = rows.get(box.top, 0) + 1
    assert list(rows.values()) == [3, 3]


def test_bars_of_a_title_are_as_long_as_its_numbers() -> None:
    svg = draw_funnel([TitleNumbers("A", (100, 50, 25, 10))], width=400).svg()
    long = [right - left for left, right in [*marks(svg, "pale"), *marks(svg, "solid")]]
    assert [round(one / long[0], 2) for one in long] == [1, 0.5, 0.25, 0.1]
    none = draw_funnel([TitleNumbers("A", (0, 0, 0, 0))], width=400).svg()
    assert not marks(none, "pale") and said(none).count("0") == 4
