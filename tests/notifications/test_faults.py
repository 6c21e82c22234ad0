"""A letter that cannot be made is an error that says which kind, which file and why, never a letter with a hole."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from notifications.letter import LetterFacts
from notifications.render import TEMPLATES, LetterUnrenderable, kinds_of_letters, render_letter
from tests.notifications.made_up import letter


def fault(facts: LetterFacts, folder: Path = TEMPLATES) -> LetterUnrenderable:
    with pytest.raises(LetterUnrenderable) as found:
        render_letter(facts, folder=folder)
    return found.value


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The templates, to be broken."""
    return Path(shutil.copytree(TEMPLATES, tmp_path / "templates"))


def test_an_unknown_kind_or_language_is_named() -> None:
    assert fault(replace(letter("ready", "vi"), kind="gossip")).kind == "gossip"
    assert "fr" in fault(replace(letter("ready", "vi"), lang="fr")).detail
    assert "no such kind" in str(fault(replace(letter("ready", "vi"), kind="../_layout")))


def test_a_letter_without_items_is_not_made() -> None:
    assert "without items" in fault(replace(letter("ready", "vi"), items=())).detail


@pytest.mark.parametrize("kind", kinds_of_letters())
def test_a_field_that_must_be_there_and_is_not_is_named(kind: str) -> None:
    facts = letter(kind, "vi", 3)
    for field in kinds_of_letters()[kind].must:
        broken = (*facts.items[:2], replace(facts.items[2], **{field: None}))
        found = fault(replace(facts, items=broken))
        assert (found.kind, found.file) == (kind, "kinds.yaml")
        assert found.detail.endswith(f"has no {field}")


def test_an_unknown_variable_is_named_with_its_file_and_line(folder: Path) -> None:
    for name, text, said in (
        ("deadline/subject.vi.txt", "Đến hết\n{{ nowhere }}", "nowhere"),
        ("deadline/subject.vi.txt", "Đến hết\n{{ item.nowhere }}", "nowhere"),
        ("deadline/subject.vi.txt", "Đến hết\n{{ item.reason }}", "missing"),
        ("deadline/subject.vi.txt", "Đến hết\n{{ say('nowhere') }}", "nowhere"),
        ("deadline/subject.vi.txt", "Đến hết\n{% if %}", "Expected an expression"),
        ("deadline/subject.vi.txt", "Đến hết\n{{ item.due|nowhere }}", "nowhere"),
        ("deadline/subject.vi.txt", "Đến hết\n{{ item.unit|hour }}", "astimezone"),
    ):
        copy = folder.with_name(f"copy-{abs(hash(text))}")
        shutil.copytree(folder, copy)
        (copy / name).write_text(text, encoding="utf-8")
        found = fault(letter("deadline", "vi"), copy)
        assert found.file == f"{name}:2"
        assert said in found.detail
        assert str(found).startswith("deadline: deadline/subject.vi.txt:2: ")


def test_a_body_with_a_hole_is_no_letter(folder: Path) -> None:
    body = folder / "deadline" / "body.vi.txt"
    body.write_text(
        body.read_text(encoding="utf-8").replace("{% block why %}", "{% block other %}"), encoding="utf-8"
    )
    assert "why" in fault(letter("deadline", "vi"), folder).detail


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "deadline" / "body.en.html").unlink()
    assert render_letter(letter("deadline", "vi"), folder=folder).subject
    assert fault(letter("deadline", "en"), folder).file == "deadline/body.en.html"


def test_an_empty_subject_is_no_subject(folder: Path) -> None:
    (folder / "deadline" / "subject.vi.txt").write_text("\n", encoding="utf-8")
    assert "empty" in fault(letter("deadline", "vi"), folder).detail


@pytest.mark.parametrize(
    "page", ["javascript:alert(1)", "thidua.example", 'https://x"onclick="y', "https:// x"]
)
def test_pages_without_a_proper_address_are_not_linked(page: str) -> None:
    assert repr(page) in fault(letter("deadline", "vi", page=page)).detail


@pytest.mark.parametrize("path", ["x", "javascript:alert(1)", '/x"y', "/x y", "/x<y"])
def test_a_path_that_is_none_is_not_linked(path: str) -> None:
    facts = letter("deadline", "vi", page="https://thidua.example/")
    assert repr(path) in fault(replace(facts, items=(replace(facts.items[0], path=path),))).detail
