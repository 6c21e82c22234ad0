"""A letter about what the watch found: in both languages and forms it says which flow, why, and nothing twice."""

from __future__ import annotations

from datetime import date

import pytest

from notifications import words
from notifications.letter import LetterFacts, LetterItem
from notifications.render import render_letter
from tests.notifications.made_up import letter

PAGE = "https://thidua.example"
WHY = {"vi": "Đĩa đã đầy", "en": "the disk is full"}


def watched(lang: str, code: str, **more: object) -> LetterFacts:
    item = LetterItem(f"watch:{code}", trouble=code, since=date(2025, 6, 26), **more)  # type: ignore[arg-type]
    made_up = letter("mail_trouble", lang, 1, PAGE)
    return LetterFacts(made_up.kind, lang, made_up.day, made_up.reader, made_up.office, (item,), made_up.page)


@pytest.mark.parametrize("lang", words.LANGS)
@pytest.mark.parametrize("code", ["run_failed", "run_broken_off"])
def test_a_run_that_went_wrong_is_told_with_its_flow_and_why(lang: str, code: str) -> None:
    told = render_letter(watched(lang, code, flow="seal", detail=WHY[lang], path="/runs/17"))
    flow = words.word("flows", "seal", lang)
    for part in (told.subject, told.text, told.html):
        assert flow in part
        assert "…" not in part
    flat = " ".join(told.text.split())
    assert WHY[lang] in flat
    assert WHY[lang] in told.html
    assert f"{PAGE}/runs/17" in told.text
    assert f'href="{PAGE}/runs/17"' in told.html


@pytest.mark.parametrize("lang", words.LANGS)
@pytest.mark.parametrize("code", sorted(words.catalogue("watch", "vi")))
def test_no_concern_leaves_a_gap_in_its_letter(lang: str, code: str) -> None:
    told = render_letter(watched(lang, code, flow="tick", detail="Trường Mẫu 1 (th-mau-1)", count=3))
    assert "…" not in told.text + told.subject
    # How many there are, and since when, is said in the heading, not once more below it.
    assert words.say("letter_frame.count", {}, lang) not in told.text
