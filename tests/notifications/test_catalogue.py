"""The kinds of letters, their folders, who sends them, and the words in which they are written."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from pathlib import Path

import pytest
from jinja2 import nodes

from notifications import announcements, words
from notifications.announcements import BY_EVENT, BY_KIND, BY_KINDS, HANDED_ON, OF_THE_MORNING, SENDERS
from notifications.letter import LetterItem
from notifications.render import TEMPLATES, _environment, kinds_of_letters, render_letter
from states.vocabulary import EVENTS, KINDS, STEP_LETTERS
from tests.notifications.made_up import letter

ROOT = Path(__file__).resolve().parents[2]
PARTS = {
    *(f"subject.{lang}.txt" for lang in ("vi", "en")),
    *(f"body.{lang}.{form}" for lang in ("vi", "en") for form in ("txt", "html")),
}
ANNOUNCED = {
    HANDED_ON.kind,
    *(a.kind for table in (BY_EVENT, BY_KINDS, BY_KIND) for told in table.values() for a in told),
}


def templates(kind: str) -> list[str]:
    return [f"{kind}/{part}" for part in sorted(PARTS)]


def is_sent_from(kind: str, file: str) -> bool:
    """Whether the source in ``file`` enqueues items and names the kind, or hands them to the act that enqueues them."""
    path = ROOT / file
    if not path.is_file():
        return False
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)}
    called = {
        getattr(n.func, "id", getattr(n.func, "attr", "")) for n in ast.walk(tree) if isinstance(n, ast.Call)
    }
    handed = {
        node.target.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Attribute)
    }
    return (kind in named and "enqueue" in called) or (f"{kind}_items" in called and "outbox" in handed)


def test_each_kind_has_its_folder_with_every_part_in_both_languages() -> None:
    folders = {path.name for path in TEMPLATES.iterdir() if path.is_dir()}
    assert folders == {*kinds_of_letters(), "_layout"}
    for kind in kinds_of_letters():
        assert {path.name for path in (TEMPLATES / kind).iterdir()} == PARTS


def test_each_kind_is_announced_by_a_step_or_has_a_sender() -> None:
    assert ANNOUNCED.isdisjoint(SENDERS)
    assert {*ANNOUNCED, *SENDERS} == set(kinds_of_letters())
    assert set(kinds_of_letters()) >= OF_THE_MORNING


def test_each_sender_is_in_the_source() -> None:
    assert [kind for kind, file in SENDERS.items() if not is_sent_from(kind, file)] == []


def test_a_procedure_may_be_quiet_for_just_what_steps_send() -> None:
    assert set(STEP_LETTERS) == ANNOUNCED
    assert set(BY_EVENT) <= set(EVENTS)
    assert set(BY_KIND) == set(KINDS)
    assert {kind for pair in BY_KINDS for kind in pair} <= set(KINDS)


def test_each_kind_has_a_name_in_both_languages() -> None:
    for lang in words.LANGS:
        assert set(kinds_of_letters()) <= set(words.catalogue("letters", lang))


@pytest.mark.parametrize("kind", kinds_of_letters())
def test_a_template_asks_for_nothing_that_its_kind_is_not_made_of(kind: str) -> None:
    made_of = kinds_of_letters()[kind].must | kinds_of_letters()[kind].may
    environment = _environment(TEMPLATES)
    for name in templates(kind):
        tree = environment.parse((TEMPLATES / name).read_text(encoding="utf-8"))
        asked = {
            node.attr
            for node in tree.find_all(nodes.Getattr)
            if isinstance(node.node, nodes.Name) and node.node.name == "item"
        }
        assert asked <= made_of, name


@pytest.mark.parametrize("kind", kinds_of_letters())
def test_what_a_template_may_not_find_it_asks_for_only_behind_an_if(kind: str) -> None:
    must = kinds_of_letters()[kind].must
    for lang in words.LANGS:
        for items in (1, 3):
            facts = letter(kind, lang, items)
            bare = []
            for one in facts.items:
                blank = LetterItem(subject=one.subject)
                bare.append(replace(blank, **{field: getattr(one, field) for field in must}))
            rendered = render_letter(replace(facts, items=tuple(bare)))
            assert "…" not in rendered.text
            assert "None" not in rendered.text + rendered.html


@pytest.mark.parametrize("name", [n for kind in kinds_of_letters() for n in templates(kind)])
def test_each_template_is_written_in_its_own_language(name: str) -> None:
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    said = re.sub(r"{[{%].*?[%}]}", " ", text, flags=re.DOTALL)
    if ".en." in name:
        assert not re.search(r"[à-ỹđĐ]", said), name
    else:
        english = {"the", "of", "and", "is", "was", "dossier", "dossiers", "by", "letter", "you", "please"}
        assert not english & {word.lower() for word in re.findall(r"\w+", said)}, name


def test_the_words_around_every_letter_are_all_used() -> None:
    layouts = "".join(path.read_text(encoding="utf-8") for path in (TEMPLATES / "_layout").iterdir())
    source = (ROOT / "notifications" / "item_lines.py").read_text(encoding="utf-8")
    for code in words.catalogue("letter_frame", "vi"):
        stem = code.removesuffix("_one")
        quoted = (f'"{stem}"', f"'{stem}'")
        used = any(q in layouts + source for q in quoted) or (
            stem.startswith("at_") and stem[3:] in kinds_of_letters()
        )
        assert used, code


def test_every_kind_that_tells_when_has_a_name_for_it() -> None:
    for lang in words.LANGS:
        said = words.catalogue("letter_frame", lang)
        for name, kind in kinds_of_letters().items():
            if "at" in kind.must | kind.may:
                assert f"at_{name}" in said


def test_the_table_names_only_audiences_that_there_are() -> None:
    known = {announcements.NEXT_DESK, announcements.SCHOOL, announcements.ACTOR, announcements.LEAVING_DESK}
    told = [a for table in (BY_EVENT, BY_KINDS, BY_KIND) for row in table.values() for a in row]
    assert {a.audience for a in told} == known
