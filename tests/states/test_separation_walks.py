"""Random walks by random people: nobody comes to decide at two desks declared apart, unless by exception."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rules.reasons import Refused
from states.chart import Standing, Step
from tests.states.published_files import NAMES, chart
from tests.states.test_matrix import facts

# What sets aside, back or open again decides nothing.
DECIDES_NOTHING = {
    "return",
    "resubmit",
    "withdraw",
    "restore",
    "hold",
    "release",
    "lapse",
    "revive",
    "reopen",
}
PEOPLE = (1, 2, 3)

draws = st.lists(st.tuples(st.sampled_from(PEOPLE), st.integers(0, 999)), min_size=1, max_size=60)
exceptions = st.sets(st.tuples(st.integers(0, 99), st.sampled_from(PEOPLE)), max_size=2)


@dataclass
class Walk:
    """One dossier of a procedure, and who decided at which of its desks."""

    name: str
    level: str
    exceptions: frozenset[tuple[str, int]] = frozenset()
    standing: Standing = field(init=False)
    decided_at: dict[str, set[int]] = field(default_factory=dict)
    recorded_at: dict[str, set[int]] = field(default_factory=dict)
    refusals: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.standing = Standing(chart(self.name).procedure.initial)

    def go(self, person: int, draw: int) -> None:
        """Let a person try one of the steps that leave; those of the main way three times as often."""
        steps = chart(self.name).events_from(self.standing, self.level)
        main = [step for step in steps if step.event not in DECIDES_NOTHING]
        pool = [*steps, *main, *main]
        if pool:
            self.try_step(pool[draw % len(pool)].event, person)

    def try_step(self, event: str, person: int) -> None:
        given_facts = replace(
            facts(self.level),
            actor=person,
            people=(person,),
            acted=self.recorded_at,
            exceptions=self.exceptions,
        )
        try:
            step = chart(self.name).advance(self.standing, event, given_facts)
        except Refused as refusal:
            self.refusals.update(reason.code for reason in refusal.reasons)
            return
        self.write(step, person)

    def write(self, step: Step, person: int) -> None:
        self.standing = Standing(step.target, step.origins)
        if step.event not in DECIDES_NOTHING:
            self.decided_at.setdefault(step.acted_at, set()).add(person)
        if step.separated:
            self.recorded_at.setdefault(step.acted_at, set()).add(person)

    def twice(self) -> set[tuple[int, frozenset[str]]]:
        """Who decided at both desks of a pair, and which pair."""
        return {
            (person, pair)
            for pair in chart(self.name).procedure.pairs()
            for person in PEOPLE
            if all(person in self.decided_at.get(desk, ()) for desk in pair)
        }


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=60, deadline=None)
@given(data=st.data(), walk_draws=draws)
def test_no_random_walk_lets_one_person_decide_at_two_desks_declared_apart(name, data, walk_draws):
    walk = Walk(name, data.draw(st.sampled_from(chart(name).procedure.levels)))
    for person, draw in walk_draws:
        walk.go(person, draw)
    assert walk.twice() == set()


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=60, deadline=None)
@example(walk_draws=[], granted={(0, 1)})
@given(walk_draws=draws, granted=exceptions)
def test_whoever_decided_at_both_desks_had_an_exception_for_one_of_them(name, walk_draws, granted):
    desks = list(chart(name).procedure.desks)
    walk = Walk(name, "local", frozenset((desks[n % len(desks)], person) for n, person in granted))
    for person, draw in walk_draws:
        walk.go(person, draw)
    for person, pair in walk.twice():
        assert any((desk, person) in walk.exceptions for desk in pair)


@pytest.mark.parametrize("name", NAMES)
def test_the_walks_are_long_enough_to_meet_the_rule_and_to_reach_decisions(name):
    dice = random.Random(20250616)
    refused, decided = 0, 0
    for _ in range(200):
        walk = Walk(name, dice.choice(chart(name).procedure.levels))
        for _ in range(60):
            walk.go(dice.choice(PEOPLE), dice.randrange(1000))
        refused += walk.refusals["acted_at_desk_apart"]
        decided += any(desk.endswith(("decision", "principal")) for desk in walk.decided_at)
        assert walk.twice() == set()
    assert refused > 0
    assert decided > 0


def test_with_an_exception_one_official_of_a_commune_appraises_and_reviews():
    walk = Walk("two-tier-2025", "local", frozenset({("interior_office", 1)}))
    walk.standing = Standing("at_education_office")
    for event, person in (("appraise", 1), ("file", 1), ("appraise", 1)):
        walk.try_step(event, person)
    assert walk.standing.state == "at_local_council"
    assert walk.twice() == {(1, frozenset({"education_office", "interior_office"}))}


def test_without_the_exception_the_same_official_stops_at_the_review():
    walk = Walk("two-tier-2025", "local")
    walk.standing = Standing("at_education_office")
    for event, person in (("appraise", 1), ("file", 1), ("appraise", 1)):
        walk.try_step(event, person)
    assert walk.standing.state == "filed"
    assert walk.refusals == {"acted_at_desk_apart": 1}
    walk.try_step("appraise", 2)
    assert walk.standing.state == "at_local_council"
