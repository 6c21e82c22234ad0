"""The colours: the same roles in every theme, read well, and those of the letters."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from notifications import letter_colours
from pictures import tokens

ROOMS = [Path(tokens.__file__).parent, Path(tokens.__file__).parents[1] / "rehearsal" / "report"]


def _light(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, as WCAG counts it."""
    bright, dim = sorted((_light(one), _light(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("theme", tokens.THEMES)
@pytest.mark.parametrize("pair", tokens.PAIRS, ids=" on ".join)
def test_whatever_is_read_has_enough_contrast(theme: str, pair: tuple[str, str]) -> None:
    colours = tokens.THEMES[theme]
    assert contrast(colours[pair[0]], colours[pair[1]]) >= (7 if theme == "high" else 4.5)


def test_every_theme_has_every_role() -> None:
    assert tokens.LIGHT.keys() == tokens.DARK.keys() == tokens.HIGH.keys()
    asked = {name.replace("-", "_") for name in re.findall(r"var\(--([\w-]+)\)", tokens.picture_css())}
    assert asked <= tokens.LIGHT.keys()


def test_pictures_and_letters_share_their_colours() -> None:
    for role in letter_colours.LIGHT.keys() & tokens.LIGHT.keys():
        assert tokens.LIGHT[role] == letter_colours.LIGHT[role]
        assert tokens.DARK[role] == letter_colours.DARK[role]


def test_mine_and_others_differ_in_black_and_white_too() -> None:
    for theme in ("light", "dark", "high"):
        colours = tokens.THEMES[theme]
        assert contrast(colours["accent"], colours["pale"]) >= 3


def test_colours_stand_in_the_tables_only() -> None:
    for room in ROOMS:
        for path in [*room.rglob("*.py"), *room.rglob("*.html")]:
            if path.name != "tokens.py":
                assert not re.search(r"#[0-9a-fA-F]{3,8}\b(?!;)", path.read_text(encoding="utf-8")), path


def test_paper_is_light_whatever_the_reader_set() -> None:
    assert tokens.theme_css().index("@media print") > tokens.theme_css().index("prefers-color-scheme:dark")
