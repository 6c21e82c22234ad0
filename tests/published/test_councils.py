"""Rules of councils: a file is read as it is written, and each fault is found on its line."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from published.councils import CouncilRules, read_council
from rules.ballots import MORE_THAN_HALF, needed

FOLDER = Path(__file__).parents[2] / "regulations" / "councils"
FILES = sorted(FOLDER.glob("*.yaml"))

SMALL = """\
council: small-2024
title: {vi: Hội đồng, en: Council}
units: [school]
source: a text
verified: true
quorum: {share: 2/3, article: Điều 1, verified: true}
absent: {how: written, article: Điều 2, verified: true}
recusal: {base: stays, source: a choice, verified: false}
thresholds:
  - {titles: [CSTDCS], share: 4/5, of: members, ballot: secret, article: Điều 3, verified: true}
  - {titles: rest, share: more_than_half, of: members, ballot: open, article: Điều 4, verified: false}
ties: [votes, preference, chair]
caps:
  - {titles: [CSTDCS], share: 3/20, of: [LDTT], article: Điều 5, verified: true}
publicity: {days: 10, count: working_days, when: before, article: Điều 6, verified: true}
"""


def of_file(name: str) -> CouncilRules:
    rules, faults = read_council((FOLDER / f"{name}.yaml").read_bytes())
    assert faults == []
    assert rules is not None
    return rules


def test_a_file_is_read_as_it_is_written() -> None:
    rules, faults = read_council(SMALL)
    assert faults == []
    assert rules is not None
    assert (rules.name, rules.units, rules.absent, rules.base) == (
        "small-2024",
        ("school",),
        "written",
        "stays",
    )
    assert rules.quorum.share == Fraction(2, 3)
    assert rules.quorum_for_awards is rules.quorum
    first, rest = rules.thresholds
    assert (first.titles, first.share, first.secret) == (("CSTDCS",), Fraction(4, 5), True)
    assert (rest.titles, rest.share, rest.secret, rest.cited.verified) == ((), MORE_THAN_HALF, False, False)
    (cap,) = rules.caps
    assert (cap.titles, cap.share, cap.number, cap.of) == (("CSTDCS",), Fraction(3, 20), None, ("LDTT",))
    assert rules.publicity is not None
    assert (rules.publicity.days, rules.publicity.count, rules.publicity.when) == (
        10,
        "working_days",
        "before",
    )


def test_every_published_file_is_sound_and_named_like_its_file() -> None:
    assert {file.stem for file in FILES} == {
        "provincial-2024",
        "local-2024",
        "school-2020",
        "initiative-2024",
    }
    for file in FILES:
        assert of_file(file.stem).name == file.stem


def test_ninety_and_eighty_per_cent_are_where_the_decree_has_them() -> None:
    province = of_file("provincial-2024")
    for title, least in (("CSTDT", 14), ("CSTDTQ", 14), ("CSTDCS", 12), ("COTINH", 12), ("BKT-TX", 8)):
        assert needed(15, province.threshold_of(title).share) == least, title
    assert needed(9, of_file("local-2024").threshold_of("CSTDCS").share) == 8
    assert province.threshold_of("CSTDT").secret
    assert not province.threshold_of("LDTT").secret


def test_what_no_text_says_is_not_marked_as_checked() -> None:
    for file in FILES:
        rules = of_file(file.stem)
        assert not rules.verified
        assert not rules.base_cited.verified
        assert not rules.quorum.cited.verified


@pytest.mark.parametrize(
    ("old", "new", "line", "code"),
    [
        ("council: small-2024", "council: Small 2024", 1, "name_unusable"),
        ("units: [school]", "units: [club]", 3, "unknown_unit_kind"),
        ("units: [school]", "units: []", 3, "council_of_nobody"),
        ("share: 2/3", "share: 0.66", 6, "not_a_share"),
        ("share: 2/3", "share: 3/2", 6, "not_a_share"),
        ("how: written", "how: proxy", 7, "unknown_absence"),
        ("base: stays", "base: grows", 8, "unknown_base"),
        ("share: 4/5, of: members", "share: 4/5, of: present", 10, "unknown_share_of"),
        ("ballot: secret", "ballot: raised", 10, "unknown_ballot"),
        ("titles: [CSTDCS], share: 4/5", "titles: [cstdcs], share: 4/5", 10, "name_unusable"),
        ("titles: rest", "titles: [CSTDCS]", 11, "threshold_twice"),
        ("titles: rest", "titles: [LDTT]", 9, "threshold_of_rest_missing"),
        ("ties: [votes, preference, chair]", "ties: [votes, lot]", 12, "unknown_tie_breaker"),
        ("ties: [votes, preference, chair]", "ties: [chair, votes]", 12, "ties_out_of_order"),
        ("share: 3/20, of: [LDTT]", "share: 3/20", 14, "cap_share_or_number"),
        ("share: 3/20, of: [LDTT]", "number: -1", 14, "not_a_number_of_places"),
        ("share: 3/20, of", "share: more_than_half, of", 14, "not_a_share"),
        ("days: 10", "days: 0", 15, "publicity_days_unusable"),
        ("when: before", "when: during", 15, "unknown_publicity"),
        ("count: working_days", "count: weeks", 15, "unknown_count"),
        ("verified: true\nquorum", "verified: true\nproxy: yes\nquorum", 6, "unknown_key"),
    ],
)
def test_a_planted_fault_is_found_on_its_line(old: str, new: str, line: int, code: str) -> None:
    assert SMALL.count(old) == 1
    found = [(f.line, f.code) for f in read_council(SMALL.replace(old, new))[1]]
    assert (line, code) in found


def test_the_rest_comes_last() -> None:
    lines = SMALL.splitlines(keepends=True)
    lines[9], lines[10] = lines[10], lines[9]
    assert [f.code for f in read_council("".join(lines))[1]] == ["threshold_after_rest"]
