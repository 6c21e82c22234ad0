"""How often hints are wrong and what they find: `python -m bench favours`, in small and whole."""

from __future__ import annotations

import io
import random
from collections import Counter

import pytest
from rich.console import Console

from bench import favours
from bench.fair_blocs import FAIR, MOST, STRESS, draw, fair_bloc, pairs, rings
from bench.favours import (
    BLOC_SIZES,
    LEAST_FOUND,
    MOST_FALSE,
    PLANS,
    SEED,
    SHOWN_SIZES,
    Counted,
    fair,
    found,
    noise_of,
)


def test_the_draw_is_balanced_and_nobody_scores_a_scorer_of_its_own() -> None:
    for count, scorers in ((7, 3), (10, 3), (24, 3), (10, 4), (11, 2)):
        for neighbours in (False, True):
            cells = draw(
                [f"s{n}" for n in range(count)], scorers, random.Random(count), neighbours=neighbours
            )
            assert len(set(cells)) == count * scorers
            assert not {(b, a) for a, b in cells} & set(cells) and all(a != b for a, b in cells)
            for place in (0, 1):
                assert set(Counter(cell[place] for cell in cells).values()) == {scorers}
    with pytest.raises(ValueError, match="cannot be scored by 3"):
        draw(["a", "b", "c", "d", "e", "f"], 3, random.Random(1))


@pytest.mark.parametrize("habits", [FAIR, *STRESS.values()])
def test_made_up_points_keep_to_the_card(habits) -> None:
    made = fair_bloc(10, random.Random(1), habits, 2)
    points = [p for year in made.years for p in year.values()]
    assert all(0 <= p <= MOST and p.denominator == 1 for p in points) and len(set(points)) > 10


def test_rings_and_pairs_are_what_they_are_called() -> None:
    assert rings([("a", "b"), ("b", "c"), ("c", "a"), ("c", "b"), ("c", "d")]) == [
        (("a", "b"), ("b", "c"), ("c", "a"))
    ]
    made = fair_bloc(10, random.Random(2), years=3)
    for told in pairs(made):
        assert {cell[::-1] for _, cell in told} == {cell for _, cell in told} and any(n == 2 for n, _ in told)


def test_the_interval_is_wilsons() -> None:
    assert Counted(5, 100).interval == pytest.approx((0.0215, 0.1118), abs=1e-4)
    assert Counted(0, 100).interval[0] == pytest.approx(0)


def test_of_some_fair_blocs_few_show_any_hint() -> None:
    lines = [fair(count, 60, SEED) for count in SHOWN_SIZES]
    shown = sum(line.any_hint.hits for line in lines)
    # 180 blocs: with one in twenty it would be more than 16 but once in a hundred times.
    assert shown <= 16
    assert max(line.ms for line in lines) < 200


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.what)
def test_a_large_favour_is_mostly_found_and_a_tiny_one_is_not(plan) -> None:
    noise = noise_of(10, SEED)
    large, _ = found(plan, 16, 12 * noise, 20, SEED)
    tiny, _ = found(plan, 16, 0.5 * noise, 20, SEED)
    assert large.hits >= 13 and tiny.hits <= 3


def test_the_same_seed_measures_the_same_and_another_something_else() -> None:
    one, again, other = (fair(10, 40, seed) for seed in (SEED, SEED, SEED + 1))
    assert (one.any_hint, one.kinds) == (again.any_hint, again.kinds)
    assert noise_of(3, SEED) == noise_of(3, SEED) != noise_of(3, SEED + 1)
    assert other.any_hint.of == 40


def test_what_is_measured_is_described_and_printed_with_its_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(favours, "fair", lambda count, blocs, *more, **others: fair(count, 2, SEED))
    monkeypatch.setattr(
        favours, "found", lambda plan, count, points, blocs, seed: (Counted(1, 2), Counted(0, 2))
    )
    console = Console(width=160, record=True, file=io.StringIO())
    favours.print_favours(console, quick=True)
    said = console.export_text()
    assert "heaping on round numbers" in said and f"Seed {SEED}" in said
    assert (
        all(plan.what in said for plan in PLANS) and "50%*" in said and "Not reached: ring of three" in said
    )
    assert all(name.split(" (")[0][:20] in said for name in STRESS)


@pytest.mark.hard
@pytest.mark.whole
@pytest.mark.parametrize("count", BLOC_SIZES)
def test_at_most_one_fair_bloc_in_twenty_shows_any_hint(count: int) -> None:
    line = fair(count, 1000, SEED + 7)
    print(count, line)
    assert line.any_hint.share <= MOST_FALSE


@pytest.mark.hard
@pytest.mark.whole
@pytest.mark.parametrize("count", SHOWN_SIZES)
@pytest.mark.parametrize("plan", [plan for plan in PLANS if plan.asked_from], ids=lambda plan: plan.what)
def test_four_of_five_of_the_favours_that_are_asked_for_are_found(plan, count: int) -> None:
    counted, _ = found(plan, count, plan.asked_from * noise_of(200, SEED), 300, SEED + 7)
    print(plan.what, count, counted)
    assert counted.share >= LEAST_FOUND
