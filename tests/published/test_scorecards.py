"""A scorecard is read with every fault by its line; those that the office publishes are sound."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from published.scorecards import read_scorecard

FOLDER = Path(__file__).resolve().parents[2] / "regulations" / "scorecards"
SOUND = """\
scorecard: mau
title: {vi: Bảng điểm, en: Card}
source: test
verified: false
groups:
  ND1:
    label: {vi: Nội dung một, en: First}
    items:
      "1.1": {label: {vi: Một, en: One}, most: 60}
      "1.2": {label: {vi: Hai, en: Two}, most: 12.5}
bonus:
  most: 10
  items:
    T1: {label: {vi: Thưởng, en: Bonus}, most: 10}
cross: {scorers: 2}
settle: median
ties: [ND1, bonus]
prizes:
  - {rank: 1, title: COTINH, verified: false, source: test}
certificate: {money: 300000, verified: false, source: test}
"""


def faults(text: str) -> list[tuple[int, str]]:
    return [(fault.line, fault.code) for fault in read_scorecard(text)[1]]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_what_the_office_publishes_is_sound_and_named_as_its_file(path: Path):
    card, found = read_scorecard(path.read_bytes())
    assert found == []
    assert card is not None and card.name == path.stem
    # No document with points was seen: an example says so.
    assert not card.verified


def test_the_primary_card_splits_a_thousand_points_as_its_name_says():
    card, _ = read_scorecard((FOLDER / "tieu-hoc-600-200-200.yaml").read_bytes())
    assert card is not None
    assert {group.code: group.most for group in card.groups} == {
        "ND1": 600,
        "ND2": 200,
        "ND3": 200,
        "bonus": 20,
        "penalty": 50,
    }
    assert card.card.most == 1000
    assert [(prize.rank, prize.title) for prize in card.prizes] == [
        (1, "COTINH"),
        (2, "BKT-KHOI"),
        (3, "BKT-KHOI"),
    ]


def test_a_sound_card_is_read_as_values():
    card, found = read_scorecard(SOUND)
    assert found == [] and card is not None
    assert [(item.code, item.group, item.most) for item in card.items] == [
        ("1.1", "ND1", Decimal(60)),
        ("1.2", "ND1", Decimal("12.5")),
        ("T1", "bonus", Decimal(10)),
    ]
    assert (card.scorers, card.settle, card.ties) == (2, "median", ("ND1", "bonus"))
    assert card.certificate is not None and card.certificate.money == 300_000


@pytest.mark.parametrize(
    ("was", "becomes", "expected"),
    [
        ("scorecard: mau", "scorecard: Mẫu", [(1, "name_unusable")]),
        ("verified: false\ngroups", "verified: maybe\ngroups", [(4, "not_yes_or_no")]),
        ("  ND1:\n", "  nd 1:\n", [(6, "card_code_unusable"), (17, "tie_of_no_group")]),
        ('"1.2"', '"1.1"', [(10, "duplicate_key")]),
        ('"1.2"', '"a/b"', [(10, "card_code_unusable")]),
        ("most: 60", "most: 0", [(9, "card_points_unusable")]),
        ("most: 60", "most: 1.005", [(9, "card_points_unusable")]),
        ("most: 60", "most: many", [(9, "card_points_unusable")]),
        ("most: 60", "most: true", [(9, "card_points_unusable")]),
        ("most: 60", "most: 60, least: 1", [(9, "unknown_key")]),
        ("    T1:", '    "1.1":', [(14, "card_item_twice")]),
        ("scorers: 2", "scorers: 0", [(15, "card_number_unusable")]),
        ("settle: median", "settle: mode", [(16, "unknown_settle_rule")]),
        ("ties: [ND1, bonus]", "ties: [ND1, penalty]", [(17, "tie_of_no_group")]),
        ("ties: [ND1, bonus]", "ties: [ND1, ND1]", [(17, "named_twice")]),
        ("rank: 1", "rank: 0", [(19, "card_number_unusable")]),
        ("title: COTINH", "title: cờ", [(19, "card_code_unusable")]),
        ("money: 300000", "money: -1", [(20, "card_number_unusable")]),
        ("settle: median\n", "", [(1, "missing_key")]),
        ("cross: {scorers: 2}", "cross: {}", [(15, "missing_key")]),
    ],
)
def test_each_fault_is_told_with_its_line(was: str, becomes: str, expected: list[tuple[int, str]]):
    assert was in SOUND
    assert faults(SOUND.replace(was, becomes, 1)) == expected


def test_several_faults_are_told_together():
    text = SOUND.replace("most: 60", "most: 0").replace("settle: median", "settle: mode")
    assert faults(text) == [(9, "card_points_unusable"), (16, "unknown_settle_rule")]


def test_what_is_no_mapping_is_told_and_gives_nothing():
    assert read_scorecard("- one\n")[0] is None
    assert faults("- one\n") == [(1, "not_a_mapping")]
    assert read_scorecard("")[0] is None
