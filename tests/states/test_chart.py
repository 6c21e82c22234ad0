"""The machine of a procedure: what it refuses, what it remembers, and that it swallows no error."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from statemachine.exceptions import TransitionNotAllowed

from rules.reasons import Refused
from states.chart import Chart, Standing, machine_class, origins_of
from states.procedure import read_procedure
from states.soundness import check_procedure
from states.vocabulary import UNIT_KINDS
from tests.states.published_files import NAMES, ROOT, chart, procedure
from tests.states.test_matrix import facts

THREE = "three-tier-2024"


def walk(name: str, standing: Standing, *events: str, level: str = "local") -> Standing:
    for event in events:
        step = chart(name).advance(standing, event, facts(level))
        standing = Standing(step.target, step.origins)
    return standing


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


class Broken(Exception):
    """What a condition or callback of a test raises."""


def break_down() -> bool:
    raise Broken


@pytest.mark.parametrize("place", ["cond", "on"])
def test_an_error_inside_the_machine_stops_the_step_and_is_not_swallowed(place: str):
    way = {"target": "there", place: break_down}
    tiny = machine_class("Tiny", {"here": {"initial": True, "on": {"go": [way]}}, "there": {}})()
    with pytest.raises(Broken):
        tiny.send("go")
    assert set(tiny.configuration_values) == {"here"}


def test_after_an_error_the_same_machine_answers_the_next_question():
    shaky = {"initial": True, "on": {"go": [{"target": "there", "cond": break_down}]}}
    tiny = machine_class("Tiny", {"here": shaky, "there": {"on": {"home": [{"target": "here"}]}}})()
    with pytest.raises(Broken):
        tiny.send("go")
    tiny.current_state_value = "there"
    tiny.send("home")
    assert set(tiny.configuration_values) == {"here"}


def test_an_event_that_the_machine_does_not_know_is_an_error_of_its_own_kind():
    tiny = machine_class(
        "Tiny", {"here": {"initial": True, "on": {"go": [{"target": "there"}]}}, "there": {}}
    )()
    with pytest.raises(TransitionNotAllowed):
        tiny.send("dance")


@pytest.mark.parametrize("event", ["dance", "", "hand_in register", "__init__", "send", "model", "decide"])
def test_an_event_that_does_not_leave_the_state_is_refused_with_those_that_do(event: str):
    with pytest.raises(Refused) as refusal:
        chart(THREE).advance(Standing("preparing"), event, facts("local"))
    assert codes(refusal) == ["step_not_here"]
    assert refusal.value.reasons[0].params["possible"] == ["register", "withdraw"]


def test_a_step_is_refused_with_every_reason_at_once():
    bare = replace(facts("local"), nominations=(), papers=(), opinions={}, window=None)
    with pytest.raises(Refused) as refusal:
        chart(THREE).advance(Standing("ready"), "hand_in", bare)
    assert codes(refusal) == ["milestone_not_in_calendar", "no_nomination", *["paper_missing"] * 3]


def ask_afresh(asked: Chart, state: str, event: str, level: str, origin: str | None) -> tuple | None:
    machine = asked.machine(start_value=f"state_{state}")
    try:
        order = machine.send(event, level=level, origin=origin)
    except TransitionNotAllowed:
        return None
    return order, *machine.configuration_values


@pytest.mark.parametrize("name", NAMES)
def test_a_remembered_route_is_the_one_that_a_fresh_machine_takes(name: str):
    asked = chart(name)
    for state in asked.procedure.states:
        for step in asked.procedure.steps_from(state, asked.procedure.levels[0]):
            for origin in (None, *origins_of(asked.procedure, state)):
                question = (state, step.event, asked.procedure.levels[0], origin)
                first = asked.route(*question)
                assert asked.route(*question) is first
                assert ask_afresh(asked, *question) == (first and (first[0].order, f"state_{first[1]}"))


def test_asking_in_another_order_gives_the_same_routes():
    questions = [
        (state, step.event, "state", origin)
        for state in procedure(THREE).states
        for step in procedure(THREE).steps_from(state, "state")
        for origin in (None, *origins_of(procedure(THREE), state))
    ]
    one, other = Chart(procedure(THREE)), Chart(procedure(THREE))
    backwards = {question: other.route(*question) for question in reversed(questions)}
    assert {question: one.route(*question) for question in questions} == backwards


@pytest.mark.parametrize("desk_state", ["at_bloc", "at_education_office", "filed"])
def test_a_returned_dossier_held_released_and_resubmitted_goes_back_to_who_returned_it(desk_state: str):
    held = walk(THREE, Standing(desk_state), "return", "hold")
    assert held == Standing("on_hold", {"returned": desk_state, "on_hold": "returned"})
    assert walk(THREE, held, "release") == Standing("returned", {"returned": desk_state})
    assert walk(THREE, held, "release", "resubmit") == Standing(desk_state)


def test_a_returned_dossier_that_lapsed_and_was_revived_still_knows_who_returned_it():
    back = walk(THREE, Standing("at_education_office"), "return", "lapse", "revive", "resubmit")
    assert back == Standing("at_education_office")


def test_a_second_return_forgets_the_first():
    standing = walk(
        THREE, Standing("at_education_office"), "return", "resubmit", "appraise", "file", "return"
    )
    assert standing.origins == {"returned": "filed"}
    assert walk(THREE, standing, "resubmit") == Standing("filed")


def test_a_dossier_that_no_longer_knows_where_it_was_cannot_go_back():
    with pytest.raises(Refused) as refusal:
        chart(THREE).advance(Standing("returned"), "resubmit", facts("local"))
    assert codes(refusal) == ["step_not_here"]


def test_the_step_says_what_must_be_written_before_anything_is():
    step = chart(THREE).advance(Standing("filed"), "appraise", facts("local"))
    assert (step.source, step.target, step.kind, step.desk) == (
        "filed",
        "at_local_council",
        "at_desk",
        "local_council",
    )
    assert (step.acted_at, step.separated) == ("interior_office", True)


def test_reopening_says_whose_opinions_lose_their_force():
    step = chart(THREE).advance(Standing("decided"), "reopen", facts("local"))
    assert step.invalidates == ("interior_office", "local_council")


def test_a_return_ends_the_opinions_of_the_desk_that_takes_it_and_of_no_other():
    for name, states in (
        (THREE, ("at_bloc", "at_school_council", "at_education_office", "filed", "at_province_desk")),
        (
            "two-tier-2025",
            ("at_bloc", "at_school_council", "at_education_office", "filed", "at_province_desk"),
        ),
        ("sudden-2024", ("at_local_council", "at_province_desk")),
        ("school-certificate", ("at_school_council", "at_principal")),
    ):
        for state in states:
            step = chart(name).advance(Standing(state), "return", facts("local"))
            assert step.invalidates == (chart(name).procedure.states[state].desk,) == (step.acted_at,)


def test_a_level_takes_its_own_way_from_the_same_state():
    ways = {"local": ("decide", "decided"), "province": ("endorse", "at_province_desk")}
    ways |= {"ministry": ("endorse", "at_ministry_branch"), "state": ("endorse", "at_province_desk")}
    for level, (event, target) in ways.items():
        assert walk(THREE, Standing("at_local_decision"), event, level=level).state == target


def test_public_opinion_stands_before_the_council_in_one_procedure_and_after_it_in_the_other():
    before = [s.source for s in way_to_the_state(THREE)]
    after = [s.source for s in way_to_the_state("two-tier-2025")]
    assert before.index("in_public_opinion") < before.index("at_provincial_council")
    assert after.index("in_public_opinion") > after.index("at_provincial_council")


def way_to_the_state(name: str):
    standing = Standing("at_province_desk")
    for event in ("appraise", "endorse", "record_council", "endorse"):
        events = [step.event for step in chart(name).events_from(standing, "state")]
        chosen = event if event in events else {"endorse": "record_council"}.get(event, "endorse")
        step = chart(name).advance(standing, chosen, facts("state"))
        yield step
        standing = Standing(step.target, step.origins)


@pytest.mark.parametrize("name", ["send", "states", "model", "configuration", "state", "start_value", "end"])
def test_a_state_may_be_named_like_something_of_the_machine(name: str):
    text = (ROOT / "regulations" / "procedures" / "school-certificate.yaml").read_text(encoding="utf-8")
    renamed, faults = check_procedure(text.replace("at_principal", name))
    assert faults == ()
    assert renamed is not None
    assert Chart(renamed).advance(Standing(name), "decide", facts("local")).source == name


def test_a_principal_decides_for_the_school_but_not_on_their_own_nomination():
    principal = replace(facts("local"), actor_units={2})
    decide = chart("school-certificate").advance
    assert decide(Standing("at_principal"), "decide", principal).target == "decided"
    own = replace(principal, nominations=(replace(principal.nominations[0], person=7),))
    with pytest.raises(Refused) as refusal:
        decide(Standing("at_principal"), "decide", own)
    assert codes(refusal) == ["own_nomination"]


def test_the_commune_office_sits_at_two_desks_but_one_official_may_not():
    desks = procedure("two-tier-2025").desks
    assert desks["education_office"].unit == desks["interior_office"].unit == "culture_society_office"
    assert desks["education_office"].duties != desks["interior_office"].duties
    same_person = replace(facts("local"), acted={"education_office": {7}})
    with pytest.raises(Refused) as refusal:
        chart("two-tier-2025").advance(Standing("filed"), "appraise", same_person)
    assert codes(refusal) == ["acted_at_desk_apart"]


def test_nothing_of_a_sudden_merit_waits_for_a_bloc_or_a_calendar():
    assert procedure("sudden-2024").milestones == ()
    assert "bloc" not in procedure("sudden-2024").desks
    moved = walk("sudden-2024", Standing("preparing"), "hand_in", "appraise", "decide")
    assert moved == Standing("decided")


def test_the_district_procedure_ends_on_the_day_before_the_commune_procedure_begins():
    until, since = procedure(THREE).until, procedure("two-tier-2025").since
    assert until is not None
    assert (since - until).days == 1


def test_a_procedure_without_a_fault_of_form_can_be_read_from_text_and_from_bytes():
    text = (ROOT / "regulations" / "procedures" / f"{THREE}.yaml").read_bytes()
    assert read_procedure(text) == read_procedure(text.decode("utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_every_desk_stands_at_a_kind_of_unit_that_exists(name: str):
    assert {desk.unit for desk in procedure(name).desks.values()} <= set(UNIT_KINDS)


@pytest.mark.parametrize("name", ["sudden-2024", "school-certificate"])
def test_a_procedure_that_outlives_the_district_has_no_desk_at_an_office_of_one_tier_only(name: str):
    of_one_tier = {"education_office", "interior_office", "culture_society_office"}
    assert procedure(name).until is None
    assert not of_one_tier & {desk.unit for desk in procedure(name).desks.values()}


def edited_sound(old: str, new: str) -> Chart:
    text = Path(__file__).with_name("sound.yaml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    changed, faults = read_procedure(text.replace(old, new))
    assert changed is not None
    assert faults == []
    return Chart(changed)


def test_a_way_back_of_one_level_is_closed_to_the_others():
    resubmit = "event: resubmit, from: returned, to: back, desk: school"
    changed = edited_sound(resubmit, f"{resubmit}, levels: [local]")
    standing = Standing("returned", {"returned": "filed"})
    assert changed.advance(standing, "resubmit", facts("local")).target == "filed"
    with pytest.raises(Refused):
        changed.advance(standing, "resubmit", facts("province"))


def test_a_dossier_declined_while_set_aside_forgets_where_it_was():
    changed = edited_sound(
        "event: decline, from: at_chairman", "event: decline, from: [at_chairman, on_hold]"
    )
    held = Standing("on_hold", {"returned": "filed", "on_hold": "returned"})
    assert changed.advance(held, "decline", facts("local")).origins == {}
