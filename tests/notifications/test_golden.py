"""Every kind of letter as it was approved: subject, text and HTML, of one item and of many, in both languages.

`THIDUA_WRITE_GOLDEN=1 pytest tests/notifications` writes the files anew; the difference is then read and committed.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from notifications.render import kinds_of_letters, render_letter
from tests.notifications.made_up import OF_MOVEMENTS, PAGE, letter, movement_letter

GOLDEN = Path(__file__).with_name("golden")
# One with the command, as an office without pages gets it; many with the pages.
FORMS = {"one": (1, ""), "many": (3, PAGE)}
# What a movement asks for: its command, and the link to its page.
MOVEMENTS = {"movement": "", "movement-page": PAGE}
CASES = [(k, lang, form) for k in kinds_of_letters() for lang in ("vi", "en") for form in FORMS]
CASES += [(k, lang, form) for k in OF_MOVEMENTS for lang in ("vi", "en") for form in MOVEMENTS]


def files_of(kind: str, lang: str, form: str) -> dict[Path, str]:
    told = (
        movement_letter(kind, lang, MOVEMENTS[form])
        if form in MOVEMENTS
        else letter(kind, lang, *FORMS[form])
    )
    rendered = render_letter(told)
    stem = GOLDEN / kind / f"{form}.{lang}"
    return {
        stem.with_name(f"{stem.name}.txt"): f"Subject: {rendered.subject}\n\n{rendered.text}",
        stem.with_name(f"{stem.name}.html"): rendered.html,
    }


@pytest.mark.parametrize(("kind", "lang", "form"), CASES)
def test_the_letter_is_the_one_that_was_approved(kind: str, lang: str, form: str) -> None:
    for path, text in files_of(kind, lang, form).items():
        if os.environ.get("THIDUA_WRITE_GOLDEN") == "1":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8"), f"{path.name} of {kind}"


def test_no_approved_letter_is_left_of_a_kind_that_is_gone() -> None:
    known = {path for case in CASES for path in files_of(*case)}
    assert {path for path in GOLDEN.rglob("*") if path.is_file()} == known
