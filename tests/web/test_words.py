"""Every visible word of a page stands in a catalogue, in both languages, and every text of the catalogue is used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from notifications.words import FOLDER, catalogue, placeholders
from tests.build import ROOT

TEMPLATES = sorted((Path(ROOT) / "web/templates").rglob("*.html"))
SOURCES = [
    *TEMPLATES,
    *sorted((Path(ROOT) / "web").rglob("*.py")),
    *sorted((Path(ROOT) / "casework/views").rglob("*.py")),
]

_JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
# Names of keys and commands are the same in every language.
_SAID = re.compile(r"<(script|style|kbd|code)\b.*?</\1>|<[^>]*>", re.DOTALL)
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_SPOKEN = re.compile(r"\b(?:aria-label|title|alt|placeholder|label)\s*=\s*\"([^\"]*)\"")
_ATTRIBUTE = re.compile(r"\baria-[a-z]+=\"[^\"]*\"")
# The program's own name, and the signs of the buttons that change the size of text.
_NAMES = {"Thidua"}
_CODES = re.compile(r"\bt\(\s*f?[\"']([a-z_0-9.]+)[\"']\s*(~|,|\))")
_QUOTED = re.compile(r"[\"']([a-z_]+(?:\.[a-z_0-9]+)+)[\"']")
_WHOLE = re.compile(r"[\"']pages\.([a-z_0-9.]+)")


def words_outside(text: str) -> list[str]:
    """Words of a template that no catalogue holds."""
    plain = _JINJA.sub(" ", text)
    spoken = " ".join(_SPOKEN.findall(plain))
    # A macro may give attributes for the tag that it is called in.
    seen = _ATTRIBUTE.sub(" ", _SAID.sub(" ", plain))
    entities = re.sub(r"&[a-z]+;|&#\d+;", " ", f"{seen} {spoken}")
    return [word for word in _LETTERS.findall(entities) if word not in _NAMES]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_word_of_a_template_is_outside_of_the_catalogues(path: Path) -> None:
    assert words_outside(path.read_text(encoding="utf-8")) == []


def test_a_word_that_is_not_in_a_catalogue_would_be_found() -> None:
    assert words_outside('<p title="Gửi đi">{{ t("x.y") }} Nộp {# lời #}</p>') == ["Nộp", "Gửi", "đi"]


def used() -> tuple[set[str], set[str]]:
    """(codes, beginnings of codes that are made up) that templates and pages ask for."""
    whole, begun = set(), set()
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        for code, after in _CODES.findall(text):
            (begun if after == "~" or code.endswith((".", "_")) else whole).add(code)
        whole |= {code for code in _WHOLE.findall(text) if not code.endswith((".", "_"))}
        begun |= {code for code in _WHOLE.findall(text) if code.endswith((".", "_"))}
        begun |= {code.split("{")[0] for code in re.findall(r"\b(?:t|words)\(\s*f[\"']([^\"']*\{)", text)}
    return whole, {code for code in begun if code}


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_text_that_pages_ask_for_is_there_and_none_is_left_over(lang: str) -> None:
    there, (whole, begun) = set(catalogue("pages", lang)), used()
    # A code may be chosen by a condition, or stand in a table.
    named = {code for path in SOURCES for code in _QUOTED.findall(path.read_text(encoding="utf-8"))}
    assert sorted(whole - there) == []
    assert sorted(code for code in begun if not any(key.startswith(code) for key in there)) == []
    assert sorted(key for key in there - whole - named if not key.startswith(tuple(begun))) == []


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.name)
def test_no_catalogue_says_a_thing_twice(path: Path) -> None:
    nodes, twice = [yaml.compose(path.read_text(encoding="utf-8"))], []
    while nodes:
        node = nodes.pop()
        if isinstance(node, yaml.MappingNode):
            keys = [key.value for key, _ in node.value]
            twice += [key for key in keys if keys.count(key) > 1]
            nodes += [value for _, value in node.value]
    assert sorted(set(twice)) == []


@pytest.mark.parametrize("name", ["pages", "fields"])
def test_both_languages_say_the_same_things_with_the_same_parameters(name: str) -> None:
    vi, en = catalogue(name, "vi"), catalogue(name, "en")
    assert set(vi) == set(en)
    assert {key: sorted(placeholders(vi[key])) for key in vi} == {
        key: sorted(placeholders(en[key])) for key in en
    }
