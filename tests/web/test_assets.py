"""Stylesheet and script: one part that is not closed would take everything behind it along."""

from __future__ import annotations

import re

import pytest

from web.assets import FOLDER

_PAIRS = ("{}", "()", "[]")


@pytest.mark.parametrize("name", ["thidua.css", "thidua.js"])
def test_every_part_closes_what_it_opens(name: str) -> None:
    text = re.sub(r"/\*.*?\*/|^\s*//[^\n]*", "", (FOLDER / name).read_text("utf-8"), flags=re.DOTALL | re.M)
    for opening, closing in _PAIRS:
        assert text.count(opening) == text.count(closing), opening


def test_every_part_of_the_script_stands_at_the_left_edge_when_it_begins() -> None:
    depth = 0
    for number, line in enumerate((FOLDER / "thidua.js").read_text("utf-8").splitlines(), 1):
        begins = re.match(r"(for|document|const|let|function) ?", line)
        assert not begins or depth == 0, f"line {number} begins inside of what was not closed"
        depth += line.count("{") - line.count("}")
