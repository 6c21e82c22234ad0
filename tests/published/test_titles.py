"""The catalogue of titles: what it says, and that a faulty one is refused with its lines."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from published.titles import Title, read_titles

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "data" / "sample"

DECIDER = """\
      - unit: people_committee
        label: {vi: Chủ tịch, en: Chairman}
        since: 2024-01-01
        until: 2025-06-30
        article: Điều 80(2)
        verified: true
"""
SMALL = f"""\
catalogue: titles
titles:
  LDTT:
    name: {{vi: Lao động tiên tiến, en: Advanced worker}}
    short: LĐTT
    subject: individual
    level: local
    form: title
    decided_by:
{DECIDER}    article: Điều 24
    source: a text
    verified: true
  CSTDT:
    name: {{vi: Chiến sĩ thi đua cấp tỉnh, en: Provincial emulation fighter}}
    short: CSTĐ tỉnh
    subject: individual
    level: province
    form: title
    rests_on_rank: false
    rests_on: [LDTT]
    lower: LDTT
    decided_by:
      - unit: province_committee
        label: {{vi: Chủ tịch tỉnh, en: Provincial chairman}}
        since: 2024-01-02
        article: Điều 79
        verified: false
    article: Điều 22
    source: another text
    verified: false
"""


@pytest.fixture(scope="module")
def catalogue() -> dict[str, Title]:
    titles, faults = read_titles((ROOT / "regulations" / "titles" / "catalogue.yaml").read_bytes())
    assert faults == []
    assert titles is not None
    return titles


def changed(old: str, new: str) -> list[tuple[int, str]]:
    """Line and code of the faults of SMALL after one change, which must be a change."""
    assert SMALL.count(old) == 1
    return [(f.line, f.code) for f in read_titles(SMALL.replace(old, new))[1]]


def test_a_catalogue_is_read_as_it_is_written():
    titles, faults = read_titles(SMALL)
    assert faults == []
    assert titles is not None
    assert list(titles) == ["LDTT", "CSTDT"]
    lower, higher = titles.values()
    assert (lower.rests_on_rank, lower.rests_on, lower.lower, lower.verified) == (False, (), None, True)
    assert (higher.rests_on, higher.lower, higher.level, higher.form) == (
        ("LDTT",),
        "LDTT",
        "province",
        "title",
    )
    assert (higher.name["vi"], higher.short, higher.article) == (
        "Chiến sĩ thi đua cấp tỉnh",
        "CSTĐ tỉnh",
        "Điều 22",
    )
    assert lower.decided_by[0].until == date(2025, 6, 30)
    assert higher.decided_by[0].until is None


def test_the_catalogue_has_the_titles_of_the_trade(catalogue: dict[str, Title]):
    assert set(catalogue) == {
        *("LDTT", "CSTDCS", "CSTDT", "CSTDB", "CSTDTQ", "TTLDTT", "TTLDXS", "COTINH", "COBO", "COCP", "GK"),
        *("BKT-TX", "BKT-DX", "BKT-CD", "BKT-KHOI", "BKB", "BKTTG", "HCLD3", "HCLD2", "HCLD1"),
        *("KNC", "NGUT", "NGND", "SKCS", "SKT", "SKTQ"),
    }


def test_every_title_that_the_bloc_counted_is_in_the_catalogue_for_its_subject(catalogue: dict[str, Title]):
    with (SAMPLE / "kien-luong-bloc-2-counts.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 15
    for row in rows:
        # The report counts persons (cá nhân) and collectives (tập thể) of one form in lines of their own.
        code = row["code"].removesuffix("-T").removesuffix("-C")
        assert catalogue[code].suits(row["subject"]), row


def test_the_district_decides_local_titles_to_its_last_day_and_the_commune_from_the_next(
    catalogue: dict[str, Title],
):
    for code in ("LDTT", "CSTDCS", "TTLDTT", "GK"):
        last, first = (
            [d for d in catalogue[code].deciders_on(day) if d.unit == "people_committee"]
            for day in (date(2025, 6, 30), date(2025, 7, 1))
        )
        assert [(d.label["en"], d.article) for d in last] == [
            ("District chairman", "Luật 06/2022/QH15, Điều 80(2)")
        ]
        assert [(d.label["en"], d.article) for d in first] == [
            ("Commune chairman", "NĐ 129/2025/NĐ-CP, Điều 59")
        ]


def test_every_title_has_someone_who_decides_it_throughout_the_years_of_the_sample(
    catalogue: dict[str, Title],
):
    days = (date(2024, 9, 1), date(2025, 6, 30), date(2025, 7, 1), date(2025, 12, 31), date(2027, 7, 31))
    for title in catalogue.values():
        assert all(title.deciders_on(day) for day in days), title.code


def test_a_principal_gives_certificates_of_merit_and_no_title(catalogue: dict[str, Title]):
    day = date(2025, 5, 31)
    assert {c for c, t in catalogue.items() if any(d.unit == "school" for d in t.deciders_on(day))} == {"GK"}


def test_flags_and_the_runners_up_rest_on_the_rank_in_the_bloc(catalogue: dict[str, Title]):
    assert {c for c, t in catalogue.items() if t.rests_on_rank} == {"COTINH", "COBO", "BKT-KHOI"}


def test_a_provincial_fighter_may_rest_on_this_years_grassroots_title(catalogue: dict[str, Title]):
    assert catalogue["CSTDT"].rests_on == ("CSTDCS",)


@pytest.mark.parametrize(
    ("title", "lower"),
    [("CSTDCS", "LDTT"), ("TTLDXS", "TTLDTT"), ("CSTDT", "CSTDCS"), ("BKTTG", "BKT-TX"), ("LDTT", None)],
)
def test_a_desk_can_propose_the_lower_title(catalogue: dict[str, Title], title: str, lower: str | None):
    assert catalogue[title].lower == lower


def test_what_was_not_read_in_the_law_itself_is_not_called_verified(catalogue: dict[str, Title]):
    for code in ("BKTTG", "HCLD1", "HCLD2", "HCLD3", "NGUT", "NGND", "BKT-KHOI"):
        assert not catalogue[code].verified
    for code in ("LDTT", "CSTDCS", "TTLDTT", "COTINH"):
        assert catalogue[code].verified


@pytest.mark.parametrize(
    ("old", "new", "line", "code"),
    [
        ("catalogue: titles", "catalogue: money", 1, "unknown_catalogue"),
        ("catalogue: titles", "catalogue: titles\nyear: x", 2, "unknown_key"),
        ("    short: LĐTT\n", "", 4, "missing_key"),
        ("    short: LĐTT\n", "    short: LĐTT\n    money: x\n", 6, "unknown_key"),
        ("short: LĐTT", "short:", 5, "not_a_text"),
        ("  CSTDT:\n", "  cstdt:\n", 19, "name_unusable"),
        ("  CSTDT:\n", f"  {'C' * 21}:\n", 19, "name_unusable"),
        ("  CSTDT:\n", "  LDTT:\n", 19, "duplicate_key"),
        (
            "short: CSTĐ tỉnh\n    subject: individual",
            "short: CSTĐ tỉnh\n    subject: a cat",
            22,
            "unknown_subject",
        ),
        ("level: province", "level: galaxy", 23, "unknown_level"),
        ("province\n    form: title", "province\n    form: cup", 24, "unknown_form"),
        ("rests_on_rank: false", "rests_on_rank: often", 25, "not_yes_or_no"),
        ("rests_on: [LDTT]", "rests_on: [LDTT, NOBEL]", 26, "unknown_title"),
        ("rests_on: [LDTT]", "rests_on: [LDTT, LDTT]", 26, "named_twice"),
        ("rests_on: [LDTT]", "rests_on: [CSTDT]", 26, "rests_on_in_a_circle"),
        ("lower: LDTT", "lower: NOBEL", 27, "unknown_title"),
        ("lower: LDTT", "lower: [LDTT]", 27, "unknown_title"),
        ("lower: LDTT", "lower:", 27, "unknown_title"),
        ("lower: LDTT", "lower: CSTDT", 27, "lower_in_a_circle"),
        ("since: 2024-01-02", "since: 2024-02-30", 31, "date_does_not_exist"),
        ("since: 2024-01-02", "since:", 31, "not_a_date"),
        ("since: 2024-01-02", "since: soon", 31, "not_a_date"),
        ("        since: 2024-01-02\n", "", 29, "missing_key"),
        ("until: 2025-06-30", "until: 2023-12-31", 13, "ends_before_it_begins"),
        ("until: 2025-06-30", "until:", 13, "not_a_date"),
        ("unit: province_committee", "unit: club", 29, "unknown_unit_kind"),
        ("unit: province_committee", "unit: people_committee", 29, "decides_at_another_level"),
        (
            "article: Điều 79\n        verified: false",
            "article: Điều 79\n        verified: 0",
            33,
            "not_yes_or_no",
        ),
        ("{vi: Chủ tịch, en: Chairman}", "{vi: Chủ tịch}", 11, "label_incomplete"),
        (DECIDER, "      - the chairman\n", 10, "not_a_mapping"),
        ("decided_by:\n" + DECIDER, "decided_by: []\n", 9, "nobody_decides"),
        ("decided_by:\n" + DECIDER, "decided_by: the chairman\n", 9, "not_a_list"),
    ],
)
def test_a_planted_fault_is_found_on_its_line_and_nothing_else_is(old: str, new: str, line: int, code: str):
    assert changed(old, new) == [(line, code)]


def test_a_title_for_persons_neither_rests_on_nor_falls_back_to_one_for_collectives():
    text = SMALL.replace("subject: individual", "subject: collective", 1)
    assert [(f.line, f.code) for f in read_titles(text)[1]] == [
        (26, "rests_on_another_subject"),
        (27, "lower_for_another_subject"),
    ]


def test_the_lower_title_is_not_of_a_higher_level():
    text = SMALL.replace("level: local", "level: state").replace("unit: people_committee", "unit: state")
    assert [(f.line, f.code) for f in read_titles(text)[1]] == [(27, "lower_is_higher")]


def test_a_circle_of_titles_is_found_and_named_once():
    text = SMALL.replace(
        "    subject: individual\n    level: local",
        "    lower: CSTDT\n    subject: individual\n    level: province",
    )
    text = text.replace("unit: people_committee", "unit: province_committee")
    (fault,) = read_titles(text)[1]
    assert (fault.line, fault.code, fault.params) == (6, "lower_in_a_circle", {"titles": ["LDTT", "CSTDT"]})


@pytest.mark.parametrize("since", ["2024-01-01", "2025-06-30"])
def test_two_articles_by_which_one_kind_of_unit_decides_on_one_day_are_a_fault(since: str):
    second = DECIDER.replace("since: 2024-01-01", f"since: {since}").replace(
        "        until: 2025-06-30\n", ""
    )
    (fault,) = read_titles(SMALL.replace(DECIDER, DECIDER + second))[1]
    assert (fault.line, fault.code) == (16, "deciders_overlap")
    assert fault.params == {"title": "LDTT", "unit": "people_committee", "other_line": 10}


def test_an_overlap_is_found_whichever_entry_is_written_first_and_over_a_shorter_one_between():
    long = DECIDER.replace("until: 2025-06-30", "until: 2026-12-31")
    short = DECIDER.replace("2024-01-01", "2024-02-01").replace("2025-06-30", "2024-02-29")
    late = DECIDER.replace("2024-01-01", "2026-01-01").replace("2025-06-30", "2027-01-01")
    faults = read_titles(SMALL.replace(DECIDER, late + short + long))[1]
    assert {(f.line, f.code, f.params["other_line"]) for f in faults} == {
        (22, "deciders_overlap", 16),
        (22, "deciders_overlap", 10),
    }


def test_periods_that_follow_each_other_and_other_kinds_of_unit_do_not_overlap():
    following = DECIDER.replace("2024-01-01", "2025-07-01").replace("        until: 2025-06-30\n", "")
    beside = DECIDER.replace("people_committee", "education_department")
    titles, faults = read_titles(SMALL.replace(DECIDER, DECIDER + following + beside))
    assert faults == []
    assert titles is not None
    assert [d.unit for d in titles["LDTT"].deciders_on(date(2025, 6, 30))] == [
        "people_committee",
        "education_department",
    ]
    assert [d.since for d in titles["LDTT"].deciders_on(date(2025, 7, 1))] == [date(2025, 7, 1)]


def test_a_chain_of_titles_longer_than_the_stack_is_walked():
    body = SMALL[SMALL.index("    name:") : SMALL.index("  CSTDT:")]
    chain = "".join(f"  T{n}:\n    lower: T{(n + 1) % 1500}\n{body}" for n in range(1500))
    (fault,) = read_titles("catalogue: titles\ntitles:\n" + chain)[1]
    assert (fault.line, fault.code, len(fault.params["titles"])) == (4, "lower_in_a_circle", 1500)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "yaml_empty"),
        ("- LDTT\n", "not_a_mapping"),
        ("catalogue: titles\ntitles: {}\n", "no_title"),
        ("catalogue: titles\ntitles:\n", "not_a_mapping"),
        ("catalogue: titles\ntitles: {LDTT: yes}\n", "not_a_mapping"),
        ("catalogue: titles\n", "missing_key"),
    ],
)
def test_what_is_no_catalogue_gives_faults_and_no_titles(text: str, code: str):
    titles, faults = read_titles(text)
    assert titles is None
    assert [f.code for f in faults] == [code]


def test_the_catalogue_says_which_titles_rest_on_a_movement_and_on_whose() -> None:
    titles, faults = read_titles((ROOT / "regulations" / "titles" / "catalogue.yaml").read_text())
    assert titles is not None and faults == []
    found = {code: title.movement for code, title in titles.items() if title.movement is not None}
    assert {code: (basis.needed, basis.launched_by) for code, basis in found.items()} == {
        "BKT-CD": (True, ("province_committee",)),
        "GK": (False, ()),
    }


@pytest.mark.parametrize(
    ("movement", "code"),
    [
        ("movement: true", "not_a_mapping"),
        ("movement: {needed: maybe, article: Điều 1, verified: true}", "not_yes_or_no"),
        ("movement: {needed: true, verified: true}", "missing_key"),
        (
            "movement: {needed: true, launched_by: [village], article: Điều 1, verified: true}",
            "unknown_unit_kind",
        ),
    ],
)
def test_a_movement_that_cannot_be_read_is_a_fault(movement: str, code: str) -> None:
    text = SMALL.replace("    short: LĐTT\n", f"    short: LĐTT\n    {movement}\n")
    _, faults = read_titles(text)
    assert [fault.code for fault in faults] == [code]
