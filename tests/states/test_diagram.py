"""The drawing of a procedure, and the page that holds all of them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from notifications.words import word
from states.diagram import PAGE_COMMAND, lifecycle_page, mermaid
from states.procedure import read_procedure
from states.vocabulary import ASIDE_KINDS, BACK
from tests.states.published_files import NAMES, ROOT, procedure

PAGE = ROOT / "docs" / "lifecycle.md"


def arrows(drawing: str) -> set[tuple[str, str]]:
    return set(re.findall(r"^ *(\w+) --> (\w+):", drawing, re.MULTILINE))


def test_the_page_is_in_step_with_the_published_files():
    page = lifecycle_page((procedure(name) for name in NAMES), word)
    assert PAGE.read_text(encoding="utf-8") == page, f"docs/lifecycle.md is old: run {PAGE_COMMAND}"


def test_the_page_does_not_depend_on_the_order_in_which_procedures_are_given():
    forwards, backwards = ([procedure(n) for n in names] for names in (NAMES, reversed(NAMES)))
    assert lifecycle_page(forwards, word) == lifecycle_page(backwards, word)


@pytest.mark.parametrize("name", NAMES)
def test_the_page_names_each_state_desk_and_step_of_a_procedure(name: str):
    chapter = PAGE.read_text(encoding="utf-8").split(f"\n## {name}\n")[1].split("\n## ")[0]
    states, steps, desks = (part.split("\n|---")[1] for part in chapter.split("\n### ")[1:])
    assert [line.split("`")[1] for line in states.split("\n| ")[1:]] == list(procedure(name).states)
    assert [line.split(" |")[0] for line in steps.split("\n| ")[1:]] == [
        s.event for s in procedure(name).steps
    ]
    assert [line.split("`")[1] for line in desks.split("\n| ")[1:]] == list(procedure(name).desks)


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_a_drawing_shows_each_state_once_under_its_label(name: str, lang: str):
    drawing = mermaid(procedure(name), lang, word)
    assert drawing.startswith("stateDiagram-v2\n")
    shown = re.findall(r'^ *state "([^"]+)" as s_(\w+)$', drawing, re.MULTILINE)
    assert sorted(state for _, state in shown) == sorted(procedure(name).states)
    labels = {s.name: s.label[lang].replace(";", ",") for s in procedure(name).states.values()}
    assert {state: label for label, state in shown} == labels


@pytest.mark.parametrize("name", NAMES)
def test_a_drawing_has_an_arrow_for_each_step_and_none_without_one(name: str):
    kinds = {state.name: state.kind for state in procedure(name).states.values()}
    expected = set()
    for step in procedure(name).steps:
        for source in step.sources:
            aside = kinds[source] in ASIDE_KINDS
            if step.target == BACK:
                expected.add((f"s_{source}", "way"))
            elif kinds[step.target] in ASIDE_KINDS and not aside:
                expected.add(("way", f"s_{step.target}"))
            else:
                expected.add((f"s_{source}", f"s_{step.target}"))
    assert arrows(mermaid(procedure(name), "vi", word)) == expected


@pytest.mark.parametrize("name", NAMES)
def test_the_main_way_is_drawn_before_what_leaves_it(name: str):
    drawing = mermaid(procedure(name), "en", word)
    frame_ends = drawing.index("\n    }\n")
    assert max(drawing.find(f": {word}") for word in ("appraise", "hand in", "convene")) < frame_ends
    assert min(drawing.index(f": {word}") for word in ("withdraw", "put on hold")) > frame_ends


def test_a_level_is_said_only_where_not_every_level_goes_that_way():
    drawing = mermaid(procedure("three-tier-2024"), "en", word)
    assert "s_at_local_decision --> s_at_province_desk: endorse (province, State)\n" in drawing
    assert "s_decided --> s_revoked: revoke\n" in drawing


def test_signs_that_would_break_a_drawing_are_left_out_of_labels():
    plain = procedure("sudden-2024")
    state = replace(plain.states["decided"], label={"vi": 'Đã "xong"; hết: rồi\n', "en": "x"})
    drawing = mermaid(replace(plain, states={**plain.states, "decided": state}), "vi", word)
    assert "    state \"Đã 'xong', hết, rồi \" as s_decided\n" in drawing


def test_a_step_with_words_of_its_own_is_drawn_with_them():
    text = (ROOT / "regulations" / "procedures" / "sudden-2024.yaml").read_text(encoding="utf-8")
    own, faults = read_procedure(
        text.replace("event: hand_in\n", "event: hand_in\n    label: {vi: gửi ngay, en: send now}\n")
    )
    assert own is not None
    assert faults == []
    assert "s_preparing --> s_at_local_council: gửi ngay\n" in mermaid(own, "vi", word)


def test_a_quiet_desk_is_named_on_the_page():
    one = procedure(NAMES[0])
    name, desk = next(iter(one.desks.items()))
    page = lifecycle_page(
        [replace(one, desks={**one.desks, name: replace(desk, quiet=("ready", "decided"))})], word
    )
    assert f"- Who holds `{name}` gets no letter of these kinds: ready, decided." in page
