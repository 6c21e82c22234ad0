"""Every picture as it was approved, as a file of its own.

`THIDUA_WRITE_GOLDEN=1 pytest tests/pictures` writes the files anew; the difference is then looked at and committed.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.pictures.made_up import DRAWN, LANGS

GOLDEN = Path(__file__).with_name("golden")
APPROVED = [
    (name, lang, width)
    for name in ("ribbon", "way", "funnel", "bars", "scorers", "firmness", "ranking")
    for lang, width in ((LANGS[0], 704), (LANGS[0], 320), (LANGS[1], 704))
]


@pytest.mark.parametrize(("name", "lang", "width"), APPROVED)
def test_a_picture_is_as_it_was_approved(name: str, lang: str, width: int) -> None:
    svg = DRAWN[name](lang=lang, width=width, headed=True).svg(alone=True)
    path = GOLDEN / f"{name}.{lang}.{width}.svg"
    if os.environ.get("THIDUA_WRITE_GOLDEN"):
        path.write_text(svg, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == svg


def test_no_approved_picture_is_left_over() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {f"{n}.{lang}.{w}.svg" for n, lang, w in APPROVED}
