"""What every picture keeps, whatever it shows, at every width and in both languages."""

from __future__ import annotations

import re

import pytest

from pictures import tokens
from pictures.drawing import Drawing
from tests.pictures.made_up import DRAWN, HOSTILE, LANGS, LONG, WIDTHS
from tests.pictures.reading import marks_of, overlapping, tree_of, view_of, words_of

CASES = [(name, lang) for name in DRAWN for lang in LANGS]


@pytest.mark.parametrize(("name", "lang"), CASES)
def test_no_label_lies_over_another_or_beyond_the_edge(name: str, lang: str) -> None:
    for width in WIDTHS:
        for headed in (False, True):
            tree = tree_of(DRAWN[name](width=width, lang=lang, headed=headed).svg(alone=True))
            across, down = view_of(tree)
            boxes = words_of(tree)
            assert boxes
            assert overlapping(boxes) == [], width
            for box in [*boxes, *marks_of(tree)]:
                assert box.left >= -0.1 and box.top >= -0.1, (width, box)
                assert box.right <= across + 0.1 and box.bottom <= down + 0.1, (width, box)


@pytest.mark.parametrize("name", [name for name in DRAWN if name.startswith("ribbon")])
def test_no_label_of_the_ribbon_lies_over_a_span(name: str) -> None:
    for width in WIDTHS:
        tree = tree_of(DRAWN[name](width=width).svg(alone=True))
        spans = [box for box in marks_of(tree) if re.fullmatch("rect (solid|pale|over|more)", box.what)]
        for box in words_of(tree):
            assert not [span for span in spans if span.meets(box)], (width, box)


@pytest.mark.parametrize(("name", "lang"), CASES)
def test_the_same_values_give_the_same_bytes(name: str, lang: str) -> None:
    assert DRAWN[name](width=320, lang=lang).svg() == DRAWN[name](width=320, lang=lang).svg()


@pytest.mark.parametrize(("name", "lang"), CASES)
def test_who_does_not_see_it_is_told_what_it_asks_and_shows(name: str, lang: str) -> None:
    drawing = DRAWN[name](width=704, lang=lang, name="one")
    tree = tree_of(drawing.svg())
    assert tree.attrib["role"] == "img"
    assert tree.attrib["aria-labelledby"] == "one-title one-desc"
    title, told = tree.find("title"), tree.find("desc")
    assert title is not None and told is not None
    assert (title.attrib["id"], told.attrib["id"]) == ("one-title", "one-desc")
    assert (title.text or "").endswith("?") and told.text


@pytest.mark.parametrize("name", DRAWN)
def test_every_class_has_its_rule_and_nothing_is_fetched_or_run(name: str) -> None:
    svg = DRAWN[name](width=704).svg(alone=True)
    css = tokens.picture_css()
    for look in set(re.findall(r' class="([\w ]+)"', svg)) - {"p"}:
        assert look == "count" or f".{look}{{" in css, look
    tree = tree_of(svg)
    assert not [
        one for one in tree.iter() if one.tag.endswith(("script", "image", "use", "a", "foreignObject"))
    ]
    assert set(re.findall(r"https?://[^\"<\s]+", svg)) == {"http://www.w3.org/2000/svg"}
    assert set(re.findall(r"url\(([^)]*)\)", svg)) <= {f"#{drawn}-late" for drawn in ("year", "ranking")}
    assert not [key for one in tree.iter() for key in one.attrib if key.startswith("on") or key == "style"]


@pytest.mark.parametrize("name", [name for name in DRAWN if name.endswith("odd")])
def test_names_that_look_like_markup_are_only_names(name: str) -> None:
    svg = DRAWN[name](width=1040).svg(alone=True)
    said = " ".join(box.what for box in words_of(tree_of(svg)))
    assert "<b>" in said and "&amp;" in said
    assert "<b>" not in svg
    assert not re.search("[\x00\x1b\u200b\u202e\ud800]", svg)


@pytest.mark.parametrize("name", [name for name in DRAWN if name.endswith("odd")])
def test_long_names_wrap_and_never_hide(name: str) -> None:
    for width in (280, 1040):
        boxes = words_of(tree_of(DRAWN[name](width=width).svg(alone=True)))
        assert LONG.replace(" ", "") in "".join(box.what for box in boxes).replace(" ", "")


def test_a_name_that_is_no_id_is_refused() -> None:
    with pytest.raises(ValueError, match="no name for a drawing"):
        Drawing('x" onload="', "?", "", 100)


def test_the_title_is_written_only_where_asked_for() -> None:
    bare, headed = (DRAWN["way"](width=704, headed=flag, title=HOSTILE) for flag in (False, True))
    assert headed.y > bare.y
    assert "Mẫu" in words_of(tree_of(headed.svg()))[0].what
