"""Which dossiers may move from one version of a procedure to another: every ground of refusal, told at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from states.chart import Standing
from states.moving import Carried, against_moving
from states.procedure import Procedure, read_procedure

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def old() -> Procedure:
    text = (ROOT / "regulations" / "procedures" / "three-tier-2024.yaml").read_bytes()
    procedure, faults = read_procedure(text)
    assert not faults
    assert procedure is not None
    return procedure


def carried(state: str = "filed", level: str = "local", **more) -> Carried:
    origins = more.pop("origins", {})
    return Carried(Standing(state, origins), level, more.pop("judged", ()), more.pop("acted", {}), **more)


def told(old: Procedure, new: Procedure, what: Carried) -> list[tuple[str, dict]]:
    return [(reason.code, dict(reason.params)) for reason in against_moving(old, new, what)]


def codes(old: Procedure, new: Procedure, what: Carried) -> list[str]:
    return [code for code, _ in told(old, new, what)]


def without(old: Procedure, *, state: str = "", desk: str = "") -> Procedure:
    return replace(
        old,
        states={name: s for name, s in old.states.items() if name != state},
        desks={name: d for name, d in old.desks.items() if name != desk},
        steps=tuple(s for s in old.steps if state not in (*s.sources, s.target)),
    )


@pytest.mark.parametrize("level", ["local", "province", "ministry", "state"])
def test_from_every_state_a_dossier_may_move_to_a_version_with_the_same_way(old: Procedure, level: str):
    for name, state in old.states.items():
        if state.kind in ("returned", "on_hold", "lapsed", "withdrawn") or not old.steps_from(name, level):
            continue
        what = carried(name, level, judged=old.desks, acted={desk: [1] for desk in ("bloc",)})
        if state.kind in ("decided", "declined", "revoked") or codes(old, old, what) == []:
            continue
        # States of other levels' branches: nothing of this level ever stands there.
        assert codes(old, old, what) == ["move_no_way_on"]
        assert not any(step.target == name for step in old.steps if step.serves(level))


def test_a_level_that_the_newer_version_does_not_serve_is_named(old: Procedure):
    new = replace(old, levels=("province",))
    assert told(old, new, carried()) == [("move_level_not_served", {"level": "local"})]


def test_a_state_that_is_gone_or_of_another_kind_is_named(old: Procedure):
    assert told(old, without(old, state="filed"), carried()) == [("move_state_gone", {"state": "filed"})]
    other = replace(old, states={**old.states, "filed": replace(old.states["filed"], kind="at_desk")})
    (reason,) = told(old, other, carried())
    assert reason == ("move_state_kind_differs", {"state": "filed", "kind": "filed", "other": "at_desk"})


def test_where_a_dossier_is_to_come_back_to_counts_as_where_it_stands(old: Procedure):
    held = carried("on_hold", origins={"on_hold": "returned", "returned": "at_education_office"})
    assert codes(old, old, held) == []
    assert told(old, without(old, state="at_education_office"), held) == [
        ("move_state_gone", {"state": "at_education_office"})
    ]
    # The newer version has the state, but sets nothing aside from there.
    steps = tuple(
        replace(s, sources=tuple(n for n in s.sources if n != "at_education_office"))
        if s.event == "return"
        else s
        for s in old.steps
    )
    assert told(old, replace(old, steps=steps), held) == [
        ("move_no_way_back", {"state": "returned", "origin": "at_education_office"})
    ]


def test_a_state_from_which_no_decision_can_be_reached_is_named(old: Procedure):
    steps = tuple(s for s in old.steps if s.event != "decide")
    assert codes(old, replace(old, steps=steps), carried()) == ["move_no_way_on"]


def test_a_desk_whose_opinions_stand_must_be_there_and_of_the_same_kind(old: Procedure):
    what = carried("at_local_decision", judged={"local_council"})
    assert codes(old, without(old, desk="local_council"), what) == ["move_opinion_desk_gone"]
    council = replace(old.desks["local_council"], unit="provincial_council")
    assert told(old, replace(old, desks={**old.desks, "local_council": council}), what) == [
        (
            "move_opinion_desk_differs",
            {"desk": "local_council", "kind": "emulation_council", "becomes": "provincial_council"},
        )
    ]


def test_a_desk_where_somebody_decided_must_still_be_there(old: Procedure):
    what = carried(acted={"bloc": [7], "province_desk": []})
    assert codes(old, without(old, desk="bloc"), what) == ["move_acted_desk_gone"]
    assert codes(old, without(old, desk="province_desk"), what) == []


def test_who_acted_at_two_desks_now_declared_apart_is_named_unless_excepted(old: Procedure):
    new = replace(old, apart=(*old.apart, (frozenset({"bloc", "interior_office"}), 1)))
    acted = {"bloc": [7, 8], "interior_office": [8]}
    (reason,) = told(old, new, carried(acted=acted))
    assert reason == ("move_acted_at_both", {"person": 8, "desk": "bloc", "other": "interior_office"})
    assert codes(old, old, carried(acted=acted)) == []
    assert codes(old, new, carried(acted=acted, exceptions={("interior_office", 8)})) == []


def test_every_reason_is_told_at_once(old: Procedure):
    new = replace(
        without(old, state="filed", desk="local_council"),
        levels=("province",),
        apart=((frozenset({"bloc", "interior_office"}), 1),),
    )
    what = carried(judged={"local_council"}, acted={"bloc": [8], "interior_office": [8]})
    assert codes(old, new, what) == [
        "move_level_not_served",
        "move_state_gone",
        "move_opinion_desk_gone",
        "move_acted_at_both",
    ]
