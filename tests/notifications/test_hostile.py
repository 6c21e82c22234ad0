"""Names and reasons come from people, and some of them are not meant well: a letter shows them as they were typed."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import Any

import pytest

from notifications.letter import LetterFacts
from notifications.render import clean, kinds_of_letters, render_letter
from tests.notifications.made_up import PAGE, letter
from tests.notifications.reading import shown, tree_of

SCRIPT = "<script>alert(1)</script>"
HOSTILE = {
    "markup": SCRIPT,
    "end of a title": "</title></style><img src=x onerror=alert(1)>",
    "template": "{{ 7 * 7 }}{% for x in y %}",
    "quotes": "\"' onmouseover='alert(1)\" `x`",
    "entity": "&lt;b&gt; &#60; &amp;",
    "line breaks": "A\r\nBcc: nguoi.la@xau.example\r\n\r\nB\u2028C\u2029D\x0bE\x85F",
    "turned writing": "\u202egpj.oà\u202c \u2067x\u2069 \u200fy\u061c",
    "hidden letters": "a\u200bb\ufeffc\u2060d",
    "control": "a\x00b\x08c\x1b[31md\x7f",
    "format": "{dossier} {0} %s $x",
    "half a pair": "a\ud800b",
}


def poisoned(facts: LetterFacts, text: str) -> LetterFacts:
    """The letter with ``text`` in every place where people can write."""

    def into(value: Any) -> Any:
        if isinstance(value, str):
            return text
        if isinstance(value, tuple):
            return tuple(tuple(text for _ in row) for row in value)
        return value

    # The station's mark, the level and what the program itself makes are no one's text.
    own = {"path", "command", "subject", "level", "trouble", "way"}
    items = tuple(
        replace(one, **{f: into(getattr(one, f)) for f in one.__slots__ if f not in own})
        for one in facts.items
    )
    return replace(facts, reader=text, office=text, items=items)


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("kind", kinds_of_letters())
def test_hostile_texts_come_out_harmless_in_all_three_parts(kind: str, name: str) -> None:
    for lang in ("vi", "en"):
        for items, page in ((1, PAGE), (3, "")):
            facts = letter(kind, lang, items, page)
            sound, rendered = render_letter(facts), render_letter(poisoned(facts, HOSTILE[name]))
            # Whatever was typed, the HTML part has no element more and no attribute other than the sound one.
            tags = {(e.tag, *sorted(e.attrib)) for e in tree_of(sound.html).iter()}
            assert {(e.tag, *sorted(e.attrib)) for e in tree_of(rendered.html).iter()} <= tags
            assert "\n" not in rendered.subject
            assert len(rendered.subject) <= 200
            for part in (rendered.subject, rendered.text.replace("\n", " "), shown(rendered.html)):
                assert not [c for c in part if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")]
                assert not set(part) & set(
                    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u200b"
                )


def test_a_name_with_markup_is_shown_as_it_was_typed() -> None:
    facts = letter("deadline", "vi")
    rendered = render_letter(replace(facts, items=(replace(facts.items[0], unit=SCRIPT),)))
    assert SCRIPT in " ".join(rendered.text.split())
    assert SCRIPT in shown(rendered.html)
    assert "<script>" not in rendered.html


def test_a_template_in_a_name_is_not_carried_out() -> None:
    facts = letter("deadline", "vi")
    rendered = render_letter(replace(facts, items=(replace(facts.items[0], unit="{{ 7 * 7 }}"),)))
    assert "{{ 7 * 7 }}" in rendered.text
    assert "49" not in rendered.text + shown(rendered.html)


def test_a_line_break_cannot_get_into_the_subject() -> None:
    facts = letter("withdrawn", "vi")
    unit = "Trường Mẫu\r\nBcc: nguoi.la@xau.example"
    subject = render_letter(replace(facts, items=(replace(facts.items[0], unit=unit),))).subject
    assert subject.endswith("của Trường Mẫu Bcc: nguoi.la@xau.example")


def test_a_very_long_name_leaves_the_subject_short() -> None:
    facts = letter("withdrawn", "vi")
    subject = render_letter(
        replace(facts, items=(replace(facts.items[0], unit="Trường Mẫu " * 100),))
    ).subject
    assert len(subject) <= 200
    assert subject.endswith("…")


def test_the_lines_of_a_reason_stay_apart_and_nothing_else_does() -> None:
    facts = letter("returned", "vi")
    reason = "- thiếu biên bản\r\n\r\n• thiếu báo cáo\u2028chưa ký"
    text = render_letter(replace(facts, items=(replace(facts.items[0], reason=reason),))).text
    assert "   - thiếu biên bản\n   - thiếu báo cáo\n   - chưa ký\n" in text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Nguyễn \t Văn  Mẫu ", "Nguyễn Văn Mẫu"),
        (unicodedata.normalize("NFD", "Trường Tiểu học"), "Trường Tiểu học"),
        ("a\r\nb", "a b"),
        ("\u202ex", "x"),
        ("", ""),
    ],
)
def test_a_cleaned_text_is_one_line_of_letters(typed: str, kept: str) -> None:
    assert clean(typed) == kept
