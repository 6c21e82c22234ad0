"""Pictures of made-up values, for every test: full ones, empty ones, and what could break a drawing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise

from pictures.bars import draw_bars
from pictures.drawing import Drawing
from pictures.firmness import RankRow, draw_firmness
from pictures.funnel import TitleNumbers, draw_funnel
from pictures.ranking import RankingBar, draw_ranking
from pictures.ribbon import Span, draw_ribbon, year_ends
from pictures.scorers import ScorerRow, draw_scorers
from pictures.timeline import Counts
from pictures.way import DONE, HERE, LEFT, NEXT, Stop, draw_way

WIDTHS = (280, 320, 400, 560, 704, 960, 1040)
LANGS = ("vi", "en")
TODAY = date(2025, 6, 16)
AT = datetime(2025, 6, 12, 3, tzinfo=UTC)
HOSTILE = "<b>\"Mẫu\" & 'con'</b> \u202e]]> \x00\x1b\u200b \ud800&amp; --> ${x}"
LONG = "Trường Phổ thông dân tộc bán trú Tiểu học và Trung học cơ sở Mẫu số Một xã Mẫu " * 2
ONE_WORD = "Thẩmđịnhsángkiến" * 8

SPANS = (
    Span("Ký kết giao ước thi đua", date(2024, 9, 1), date(2024, 10, 30), "Các khối thi đua"),
    Span(
        "Tổng hợp sáng kiến",
        date(2024, 12, 1),
        date(2024, 12, 31),
        "Các trường",
        True,
        late_until=date(2025, 1, 20),
    ),
    Span("Sơ kết học kỳ I", date(2025, 1, 1), date(2025, 1, 31), "Các khối thi đua"),
    Span(
        "Thẩm định sáng kiến",
        date(2025, 2, 1),
        date(2025, 2, 28),
        "Phòng Giáo dục và Đào tạo (Hội đồng sáng kiến)",
    ),
    Span(
        "Khối chấm điểm thi đua",
        date(2025, 5, 1),
        date(2025, 5, 31),
        "Các khối thi đua",
        own=((date(2025, 5, 5), date(2025, 5, 20)), (date(2025, 5, 12), date(2025, 5, 28))),
    ),
    Span(
        "Hoàn thiện hồ sơ",
        date(2025, 6, 1),
        date(2025, 6, 30),
        "Các trường",
        True,
        extended=(date(2025, 7, 5), date(2025, 7, 12)),
        late_until=date(2025, 7, 3),
        note="2 hồ sơ quá hạn",
    ),
    Span("Thẩm định sơ bộ", date(2025, 6, 1), date(2025, 6, 30), "Phòng Giáo dục và Đào tạo"),
    Span("Nộp hồ sơ trực tuyến", date(2025, 7, 1), date(2025, 7, 31), "Các trường", True),
    Span("Trình quyết định khen thưởng", date(2025, 7, 1), date(2025, 7, 31), "Phòng Nội vụ"),
)
HAPPENED = (
    Counts("Bước của hồ sơ", {date(2025, 5, 5) + timedelta(days=n * n % 90): n * 7 % 23 for n in range(60)}),
    Counts("Thư", {date(2024, 9, 2) + timedelta(days=6 * n): n * n % 97 for n in range(60)}),
    Counts("Hồ sơ quá hạn", {date(2025, 7, 1): 3}),
    Counts("Kiến nghị", {}),
)
STOPS = (
    Stop("Trường lập và nộp hồ sơ", DONE, AT, "Nguyễn Thị Mẫu Tên Dài (gv-001)"),
    Stop("Khối thi đua chấm điểm, xếp hạng", DONE, AT, "Trần Văn Mẫu"),
    Stop("Phòng Giáo dục và Đào tạo thẩm định sơ bộ", LEFT, returned=2),
    Stop("Trả lại để bổ sung", HERE, on_way=False, note="từ thứ Hai 16/06/2025"),
    Stop("Phòng Nội vụ", NEXT),
    Stop("Ủy ban nhân dân huyện quyết định", NEXT),
)
TITLES = (
    TitleNumbers("Lao động tiên tiến (LĐTT)", (1540, 1532, 1520, 1511)),
    TitleNumbers("Chiến sĩ thi đua cơ sở (CSTĐCS)", (60, 75, 44, 40)),
    TitleNumbers(
        "Bằng khen của Bộ trưởng Bộ Giáo dục và Đào tạo cho tập thể lao động xuất sắc", (5, 0, 0, 0)
    ),
    TitleNumbers("Cờ thi đua của Chính phủ", (0, 0, 0, 0)),
)
ROWS = (
    ScorerRow("Trường Tiểu học Mẫu 1", (Fraction(3), Fraction(-7, 2), Fraction(11, 3))),
    ScorerRow("Trường Tiểu học Mẫu 2", (Fraction(-9), Fraction(-4), Fraction(2))),
    ScorerRow(
        "Trường Tiểu học Mẫu 3",
        (Fraction(47), Fraction(39), Fraction(51)),
        frozenset({0, 1, 2}),
        "1 lần trong 200 khối",
    ),
    ScorerRow("Trường Tiểu học Mẫu 4", (Fraction(-3), Fraction(36), Fraction(-6)), frozenset({1})),
    ScorerRow("Trường Trung học cơ sở Mẫu 5", ()),
)
RANKS = (
    RankRow("Trường Tiểu học Mẫu 1", 1, 1, 1),
    RankRow("Trường Tiểu học Mẫu 2", 2, 2, 4),
    RankRow("Trường Tiểu học Mẫu 3", 2, 1, 3),
    RankRow("Trường Tiểu học Mẫu 4", 4, 2, 5),
    RankRow("Trường Trung học cơ sở Mẫu 5", 5, 4, 5),
)
ODD = (HOSTILE, LONG, ONE_WORD, "")


def _ribbon(spans: tuple[Span, ...] = SPANS, *, days: tuple[date, ...] = (), **more: object) -> Drawing:
    first, last = year_ends(2024, spans, days)
    return draw_ribbon(spans, first=first, last=last, **{"today": TODAY, "happened": HAPPENED, **more})


RANKING = (
    RankingBar(
        "Trường Tiểu học Mẫu 1",
        1,
        Fraction(943),
        (("ND1", Fraction(570)), ("ND2", Fraction(188)), ("ND3", Fraction(180)), ("bonus", Fraction(5))),
    ),
    RankingBar(
        "Trường Phổ thông dân tộc bán trú Tiểu học và Trung học cơ sở số 2 xã Mẫu Hòa Hưng Bắc",
        2,
        Fraction(2551, 3),
        (("ND1", Fraction(1531, 3)), ("ND2", Fraction(170)), ("ND3", Fraction(180)), ("bonus", Fraction(0))),
        Fraction(10),
    ),
    RankingBar("Trường Tiểu học Mẫu 3", 3, Fraction(0), (("ND1", Fraction(0)), ("ND2", Fraction(0)))),
)


def _ranking(schools: tuple[RankingBar, ...] = RANKING, **more: object) -> Drawing:
    return draw_ranking(schools, **{"most": Fraction(1020), **more})


def _bars(kinds: tuple[Counts, ...] = HAPPENED, **more: object) -> Drawing:
    return draw_bars(kinds, first=date(2024, 9, 1), last=date(2025, 12, 31), **more)


#: name → a drawing of it, at any width and in any language
DRAWN: dict[str, Callable[..., Drawing]] = {
    "ribbon": _ribbon,
    "ribbon-of-a-long-year": lambda **more: _ribbon(
        days=(date(2025, 12, 31),), today=date(2025, 12, 31), **more
    ),
    "ribbon-before-it-begins": lambda **more: _ribbon(today=date(2024, 8, 1), **more),
    "ribbon-on-its-first-day": lambda **more: _ribbon(today=date(2024, 9, 1), **more),
    "ribbon-empty": lambda **more: _ribbon((), happened=(), today=None, **more),
    "ribbon-odd": lambda **more: _ribbon(
        tuple(
            Span(
                text,
                date(2024, 9, 1) + timedelta(days=45 * n),
                date(2024, 9, 3) + timedelta(days=50 * n),
                other,
            )
            for n, (text, other) in enumerate(pairwise((*ODD, *ODD)))
        ),
        happened=tuple(Counts(text, {TODAY: 1_000_000}) for text in ODD),
        **more,
    ),
    "ribbon-all-at-once": lambda **more: _ribbon(
        tuple(
            Span(f"{n} {span.label}", date(2025, 8, 20), date(2025, 8, 31), mine=n % 2 == 0)
            for n, span in enumerate(SPANS)
        ),
        **more,
    ),
    "way": lambda **more: draw_way(STOPS, **more),
    "way-of-one": lambda **more: draw_way(STOPS[:1], **more),
    "way-of-many": lambda **more: draw_way((*STOPS[:3], *STOPS[:3], *STOPS[3:]), **more),
    "way-empty": lambda **more: draw_way((), **more),
    "way-odd": lambda **more: draw_way([Stop(text, DONE, AT, text, text, 99) for text in ODD], **more),
    "funnel": lambda **more: draw_funnel(TITLES, **more),
    "funnel-empty": lambda **more: draw_funnel((), **more),
    "funnel-odd": lambda **more: draw_funnel(
        [TitleNumbers(text, (10**6, 1, 0, 999)) for text in ODD], **more
    ),
    "ranking": _ranking,
    "ranking-empty": lambda **more: _ranking((), **more),
    "ranking-odd": lambda **more: _ranking(
        tuple(RankingBar(text, 1, Fraction(1, 3), ((text, Fraction(900)),), Fraction(899)) for text in ODD),
        **more,
    ),
    "bars": _bars,
    "bars-empty": lambda **more: _bars((), **more),
    "bars-odd": lambda **more: _bars(tuple(Counts(text, {TODAY: 10**6}) for text in ODD), **more),
    "scorers": lambda **more: draw_scorers(ROWS, **more),
    "scorers-empty": lambda **more: draw_scorers((), **more),
    "scorers-all-alike": lambda **more: draw_scorers([ScorerRow("A", (Fraction(0),) * 3)] * 3, **more),
    "scorers-odd": lambda **more: draw_scorers(
        [ScorerRow(text, (Fraction(10**6), Fraction(-1, 3)), frozenset({0}), text) for text in ODD], **more
    ),
    "firmness": lambda **more: draw_firmness(RANKS, **more),
    "firmness-empty": lambda **more: draw_firmness((), **more),
    "firmness-of-one": lambda **more: draw_firmness([RankRow("A", 1, 1, 1)], **more),
    "firmness-odd": lambda **more: draw_firmness(
        [RankRow(text, 10**6, 1, 10**6 + n) for n, text in enumerate(ODD)], **more
    ),
}
