"""Succession maps: what the published one says, and that a faulty one is refused with its lines."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from published.successions import read_succession

ROOT = Path(__file__).resolve().parents[2]
SMALL = """\
succession: mau
title: {vi: Mẫu, en: Model}
since: 2025-07-01
source: Ví dụ
verified: false
kinds:
  - kind: education_office
    becomes: culture_society_office
    source: Ví dụ
    verified: true
units:
  - unit: pgd
    becomes: [pvhxh-a, pvhxh-b]
    since: 2025-07-02
    source: Ví dụ
    verified: false
"""


def faults(text: str) -> list[tuple[int, str]]:
    return [(f.line, f.code) for f in read_succession(text)[1]]


def test_a_map_is_read_with_its_days_and_what_each_row_rests_on():
    found, said = read_succession(SMALL, "a" * 64)
    assert said == []
    assert found is not None
    (kind,), (unit,) = found.kinds, found.units
    assert (kind.kind, kind.becomes) == ("education_office", "culture_society_office")
    assert (kind.since, kind.verified) == (date(2025, 7, 1), True)
    assert (unit.unit, unit.becomes) == ("pgd", ("pvhxh-a", "pvhxh-b"))
    assert (unit.since, unit.verified) == (date(2025, 7, 2), False)
    assert found.sha256 == "a" * 64


def test_the_published_map_names_a_successor_for_every_office_of_the_sample_that_ended():
    text = (ROOT / "regulations" / "successions" / "2025-districts-end.yaml").read_bytes()
    found, said = read_succession(text)
    assert said == []
    assert found is not None
    rows = (ROOT / "data" / "sample" / "units.csv").read_text(encoding="utf-8").splitlines()[1:]
    units = {row.split(",")[0]: row.split(",") for row in rows}
    ended = {code for code, row in units.items() if row[-2] == "2025-06-30"}
    assert {row.unit for row in found.units} == ended
    assert {units[code][1] for code in ended} == {row.kind for row in found.kinds}
    assert {heir for row in found.units for heir in row.becomes} <= set(units)
    # Which commune took which schools was read in no document.
    assert not found.verified
    assert not any(row.verified for row in found.units)


@pytest.mark.parametrize(
    ("old", "new", "line", "code"),
    [
        ("succession: mau", "succession: Mẫu", 1, "name_unusable"),
        ("since: 2025-07-01\n", "since: 2025-06-31\n", 3, "date_does_not_exist"),
        ("since: 2025-07-02\n", "since: tomorrow\n", 14, "not_a_date"),
        ("verified: false\nkinds", "verified: perhaps\nkinds", 5, "not_yes_or_no"),
        ("kind: education_office", "kind: education_offices", 7, "unknown_unit_kind"),
        ("becomes: culture_society_office", "becomes: people", 8, "unknown_unit_kind"),
        ("    verified: true", "    verified: true\n    until: 2026-01-01", 11, "unknown_key"),
        ("    source: Ví dụ\n    verified: true", "    verified: true", 7, "missing_key"),
        ("unit: pgd", "unit: Phòng GD", 12, "name_unusable"),
        ("[pvhxh-a, pvhxh-b]", "[]", 13, "names_nothing"),
        ("[pvhxh-a, pvhxh-b]", "[pvhxh-a, pvhxh-a]", 13, "named_twice"),
        ("[pvhxh-a, pvhxh-b]", "[pgd]", 12, "succession_in_a_circle"),
        ("kinds:", "offices:", 6, "unknown_key"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(old: str, new: str, line: int, code: str):
    assert old in SMALL
    assert (line, code) in faults(SMALL.replace(old, new))


def test_two_answers_for_one_office_are_named_with_the_line_of_the_first():
    row = "  - {unit: pgd, becomes: pvhxh-b, source: Ví dụ, verified: false}\n"
    (fault,) = read_succession(SMALL + row)[1]
    assert (fault.line, fault.code, fault.params["first"]) == (17, "succeeded_twice", 12)


def test_work_that_comes_back_to_an_ended_office_by_a_detour_is_a_fault():
    row = "  - {unit: pvhxh-a, becomes: pgd, source: Ví dụ, verified: false}\n"
    assert faults(SMALL + row) == [(12, "succession_in_a_circle"), (17, "succession_in_a_circle")]


HEAD = SMALL[: SMALL.index("kinds:")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "yaml_empty"),
        ("[]", "not_a_mapping"),
        (HEAD, "succession_names_nothing"),
        (HEAD + "kinds: {}\n", "not_a_list"),
        (HEAD + "kinds: [x]\n", "not_a_mapping"),
    ],
)
def test_a_file_without_rows_is_told_so(text: str, code: str):
    assert code in [found for _, found in faults(text)]
