"""Shares of authors: what people write, exact to a hundredth of a percent, and sums that must be whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.shares import WHOLE, author_reasons, even_shares, share_in, share_text


@pytest.mark.parametrize(
    ("text", "hundredths"),
    [
        ("60", 6_000),
        ("60 %", 6_000),
        (" 33,34% ", 3_334),
        ("33.34", 3_334),
        ("12,5", 1_250),
        ("0.01", 1),
        ("100", WHOLE),
        ("100.00", WHOLE),
        ("000000000060", 6_000),
    ],
)
def test_a_share_is_read_as_people_write_it(text: str, hundredths: int) -> None:
    assert share_in(text) == hundredths


@pytest.mark.parametrize(
    "text",
    [
        "",
        "%",
        "0",
        "0,00",
        "100,01",
        "101",
        "-5",
        "+5",
        "1e1",
        "33,345",
        "1.2.3",
        ".",
        "sáu mươi",
        "60%%",
        "0000000000060",
        "६०",
        "½",
    ],
)
def test_what_is_no_share_is_not_guessed(text: str) -> None:
    assert share_in(text) is None


@given(st.integers(1, WHOLE))
def test_what_is_written_is_read_again(hundredths: int) -> None:
    assert share_in(share_text(hundredths)) == hundredths


def test_a_share_is_written_short() -> None:
    assert [share_text(n) for n in (6_000, 3_334, 1_250, 1, WHOLE, 510)] == [
        "60",
        "33.34",
        "12.5",
        "0.01",
        "100",
        "5.1",
    ]


def test_zeros_before_the_point_stay() -> None:
    assert [share_text(n) for n in (1_000, 1_010, 2_000)] == ["10", "10.1", "20"]


@given(st.integers(1, 300))
def test_even_shares_are_whole_and_differ_by_a_hundredth_at_most(count: int) -> None:
    shares = even_shares(count)
    assert len(shares) == count
    assert sum(shares) == WHOLE
    assert max(shares) - min(shares) <= 1
    assert list(shares) == sorted(shares, reverse=True)
    assert author_reasons((f"gv-{n}", share) for n, share in enumerate(shares)) == ()


def told(*authors: tuple[str, int | None]) -> list[tuple[str, dict[str, object]]]:
    return [(reason.code, dict(reason.params)) for reason in author_reasons(authors)]


def test_every_reason_against_authors_is_given_at_once() -> None:
    assert told() == [("no_author", {})]
    assert told(("an", WHOLE)) == []
    assert told(("an", 6_000), ("binh", 4_000)) == []
    assert told(("an", 6_000), ("binh", 3_999)) == [("shares_not_whole", {"sum": "99.99"})]
    assert told(("an", 5_000), ("an", 5_000)) == [("author_twice", {"person": "an"})]
    assert told(("an", 6_000), ("an", 6_000)) == [
        ("author_twice", {"person": "an"}),
        ("shares_not_whole", {"sum": "120"}),
    ]
    assert told(("an", 5_000), ("an", 2_500), ("an", 2_500)) == [("author_twice", {"person": "an"})]
    assert told(("an", WHOLE), ("binh", 0)) == [("share_unusable", {"person": "binh"})]
    # Of a share that cannot be read nobody knows what the sum would be.
    assert told(("an", None), ("binh", 0), ("chi", WHOLE + 1), ("dung", 1), ("em", WHOLE)) == [
        ("share_unusable", {"person": "an"}),
        ("share_unusable", {"person": "binh"}),
        ("share_unusable", {"person": "chi"}),
    ]
