"""The schools of the Gò Quao primary bloc score the tree of its report; whoever doubts a rank can work it out again."""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from statistics import median

import pytest

from casework.bloc.settle import SETTLED
from casework.bloc.year import DRAW
from casework.debts import FULFILMENT
from casework.history import ENTRY
from casework.outbox import OUTBOX
from casework.reads import SCORE
from documents.store import PaperStore
from published.scorecards import Scorecard, read_scorecard
from rules.assignment import assign
from tests.bloc.stage import CARDS, Bloc, make_bloc
from tests.build import ROOT, Office

CARD = "tieu-hoc-600-200-200"
PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\nstartxref\n0\n%%EOF\n"


def schools() -> list[str]:
    """The codes of the real schools of the bloc; two more in the sample are made up."""
    sample = ROOT / "data" / "sample"
    with (sample / "units.csv").open(encoding="utf-8", newline="") as file:
        real = {row["code"] for row in csv.DictReader(file) if row["invented"] == "false"}
    with (sample / "placements.csv").open(encoding="utf-8", newline="") as file:
        placed = [row for row in csv.DictReader(file) if row["under"] == "gq-khoi-tieu-hoc"]
    return sorted({row["unit"] for row in placed if row["unit"] in real})


def card() -> Scorecard:
    found, _ = read_scorecard((CARDS / f"{CARD}.yaml").read_bytes())
    assert found is not None
    return found


def points(scorer: str, scored: str) -> dict[str, str]:
    """What one school gives another: made up, different for each pair and item, in steps of a quarter."""
    given = {}
    for place, item in enumerate(card().items):
        if item.group in ("bonus", "penalty") and (len(scorer) + len(scored)) % 3:
            continue
        less = (sum(map(ord, scorer)) * 7 + sum(map(ord, scored)) * (place + 3)) % 40
        given[item.code] = str(max(Decimal(0), item.most - Decimal(less) / 4))
    return given


@pytest.fixture
def bloc(office: Office) -> Bloc:
    bloc = make_bloc(office, schools(), CARD)
    bloc.approve()
    bloc.draw("go-quao")
    return bloc


def scored(bloc: Bloc) -> None:
    for pair in bloc.pairs("open"):
        bloc.score(*pair, points(*pair))


def test_eleven_schools_score_three_others_each_and_the_draw_can_be_drawn_again(bloc: Bloc):
    listed = schools()
    assert len(listed) == 11
    pairs = bloc.pairs()
    assert Counter(scorer for scorer, _ in pairs) == dict.fromkeys(listed, 4)
    assert Counter(scored for _, scored in pairs) == dict.fromkeys(listed, 4)
    (drawn,) = bloc.rows(DRAW)
    cross = {pair for pair in pairs if pair[0] != pair[1]}
    assert cross == set(assign(reversed(listed), drawn["scorers"], drawn["seed"]))
    with bloc.database.read() as connection:
        told = connection.execute(OUTBOX.select().where(OUTBOX.c.kind == "sheet_waits")).mappings().all()
    people = bloc.office.people
    assert {row["person_id"] for row in told} == {
        people[f"{code}.{duty}"] for code in listed for duty in ("clerk", "principal")
    }
    assert {(row["facts"]["sheets"], row["facts"]["due"]) for row in told} == {("4", "2025-05-31")}


def test_each_item_is_the_median_of_the_cross_scores_and_own_scores_count_nothing(bloc: Bloc):
    scored(bloc)
    bloc.meet()
    bloc.settle()
    ids = {number: code for code, number in bloc.office.units.items()}
    settled = {(ids[row["school_id"]], row["item"]): Fraction(row["exact"]) for row in bloc.rows(SETTLED)}
    cross = [pair for pair in bloc.pairs() if pair[0] != pair[1]]
    sums: dict[str, Fraction] = {}
    most = {group.code: Fraction(group.most) for group in card().groups}
    for school in schools():
        groups: Counter[str] = Counter()
        for item in card().items:
            given = [
                Fraction(points(one, about).get(item.code, "0")) for one, about in cross if about == school
            ]
            assert settled[school, item.code] == median(given)
            groups[item.group] += median(given)
        extra = {group: min(groups[group], most[group]) for group in ("bonus", "penalty")}
        sums[school] = groups["ND1"] + groups["ND2"] + groups["ND3"] + extra["bonus"] - extra["penalty"]
    scores = {ids[row["school_id"]]: row for row in bloc.rows(SCORE)}
    assert {school: Fraction(row["exact"]) for school, row in scores.items()} == sums
    for school, row in scores.items():
        ahead = [other for other in sums if sums[other] > sums[school]]
        assert row["rank"] >= len(ahead) + 1
    assert min(row["rank"] for row in scores.values()) == 1


def test_a_meeting_with_its_minutes_meets_the_milestone_and_one_without_does_not(bloc: Bloc, tmp_path: Path):
    store = PaperStore(tmp_path / "papers", 1_000_000)
    minutes = tmp_path / "bien-ban.pdf"
    minutes.write_bytes(PDF)
    bloc.meet("midyear", "2025-01-20")
    assert bloc.rows(FULFILMENT) == []
    bloc.meet("scoring", "2025-05-20", minutes, store=store, dry_run=True)
    assert bloc.rows(FULFILMENT) == [] and list(store.addresses()) == []
    done = bloc.meet("scoring", "2025-05-20", minutes, store=store)
    assert done.payload["met"] == {"calendar": "2024-2025", "milestone": "bloc-scoring"}
    (word,) = bloc.rows(FULFILMENT)
    assert (word["milestone"], word["done_on"].isoformat()) == ("bloc-scoring", "2025-05-20")
    assert word["paper_sha256"] in set(store.addresses())
    with bloc.database.read() as connection:
        chain = f"unit:{bloc.id(bloc.code)}"
        assert connection.execute(ENTRY.select().where(ENTRY.c.subject == chain)).one().event == "fulfil"
    # A second meeting of the kind is recorded; the word stands as it was given.
    assert "met" not in bloc.meet("scoring", "2025-05-21", minutes, store=store).payload
    assert len(bloc.rows(FULFILMENT)) == 1
