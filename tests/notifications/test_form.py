"""What every letter keeps, whatever it says: its parts, its size, its lines, its colours."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from notifications.letter import LetterItem
from notifications.letter_colours import DARK, LIGHT, PAIRS
from notifications.render import TEMPLATES, kinds_of_letters, render_letter
from tests.notifications.made_up import DAY, PAGE, item, letter
from tests.notifications.reading import shown, tree_of, words_in

KINDS = tuple(kinds_of_letters())
LANGS = ("vi", "en")
LETTERS = [(kind, lang) for kind in KINDS for lang in LANGS]
SHAPES = [(1, ""), (1, PAGE), (3, ""), (3, PAGE), (40, ""), (40, PAGE)]


@pytest.mark.parametrize(("kind", "lang"), LETTERS)
def test_both_parts_say_the_same(kind: str, lang: str) -> None:
    for items, page in SHAPES:
        rendered = render_letter(letter(kind, lang, items, page))
        assert words_in(rendered.text) == words_in(shown(rendered.html)), (items, page)


@pytest.mark.parametrize(("kind", "lang"), LETTERS)
def test_every_link_and_command_of_one_part_is_in_the_other(kind: str, lang: str) -> None:
    for items, page in SHAPES:
        rendered = render_letter(letter(kind, lang, items, page))
        links = {a.attrib["href"] for a in tree_of(rendered.html).iter("a")}
        assert links == set(re.findall(r"https?://\S+", rendered.text))
        assert bool(links) == bool(page)
        assert ("thidua " in rendered.text) != bool(page)


@pytest.mark.parametrize(("kind", "lang"), LETTERS)
def test_a_letter_fetches_nothing_and_stays_small(kind: str, lang: str) -> None:
    for items, page in SHAPES:
        html = render_letter(letter(kind, lang, items, page)).html
        assert len(html.encode()) < 60_000
        tree = tree_of(html)
        assert {e.tag for e in tree.iter()} <= {
            *("html", "head", "meta", "title", "style", "body", "table", "tr", "td", "p", "a", "div", "span")
        }
        assert not re.search(r"\burl\(|@import|\bsrc=|javascript:", html)
        assert all(e.attrib["role"] == "presentation" for e in tree.iter("table"))
        assert tree.attrib["lang"] == lang


@pytest.mark.parametrize(("kind", "lang"), LETTERS)
def test_lines_of_the_text_part_fit_78_columns_where_words_allow(kind: str, lang: str) -> None:
    for items, page in SHAPES:
        for line in render_letter(letter(kind, lang, items, page)).text.splitlines():
            assert len(line) <= 78 or len(line.split()) == 1 or line.lstrip().startswith("thidua "), line


@pytest.mark.parametrize(("kind", "lang"), LETTERS)
def test_a_subject_says_a_day_first_and_is_one_short_line(kind: str, lang: str) -> None:
    for items in (1, 3, 40):
        subject = render_letter(letter(kind, lang, items)).subject
        assert re.search(r"\b\d{1,2}/\d{1,2}\b", subject.partition(":")[0]), subject
        assert len(subject) <= 200
        assert subject == " ".join(subject.split())


@pytest.mark.parametrize("lang", LANGS)
def test_of_many_items_25_are_listed_and_the_rest_is_counted(lang: str) -> None:
    text = render_letter(letter("deadline", lang, 40)).text
    assert len(re.findall(r"^\d+\. ", text, re.MULTILINE)) == 25
    assert {"vi": "và 15 việc nữa", "en": "and 15 more"}[lang] in text
    assert "40" in text.splitlines()[0]
    assert "nữa" not in render_letter(letter("deadline", "vi", 25)).text


def test_items_stand_by_due_day_then_by_unit_as_people_count() -> None:
    facts = letter("deadline", "vi", 12)
    late = replace(facts.items[0], unit="Trường Mẫu A", due=date(2025, 6, 29), days_left=2)
    text = render_letter(replace(facts, items=(*facts.items, late))).text
    names = re.findall(r"^\d+\. (.*?) ·", text, re.MULTILINE)
    assert names == ["Trường Mẫu A", *(f"Trường Tiểu học Mẫu {n}" for n in range(1, 13))]


def test_the_subject_names_the_earliest_of_several_days() -> None:
    first, second = item("deadline", "vi", 1), item("deadline", "vi", 2)
    second = replace(second, due=date(2025, 6, 28), days_left=1, milestone="Nộp hồ sơ trực tuyến")
    rendered = render_letter(replace(letter("deadline", "vi"), items=(first, second)))
    assert rendered.subject == "Đến hết 28/6: nộp hồ sơ trực tuyến và 1 việc khác"


def test_a_day_of_another_year_is_said_with_its_year() -> None:
    facts = letter("deadline", "vi")
    one = replace(facts.items[0], due=date(2026, 1, 5), days_left=192)
    assert render_letter(replace(facts, items=(one,))).subject.startswith("Đến hết 5/1/2026: ")


@pytest.mark.parametrize(
    ("left", "vietnamese", "english"),
    [
        (3, "còn 3 ngày", "3 days left"),
        (1, "còn 1 ngày", "1 day left"),
        (0, "hôm nay là ngày cuối", "today is the last day"),
        (-1, "đã quá 1 ngày", "1 day past due"),
        (-2, "đã quá 2 ngày", "2 days past due"),
    ],
)
def test_days_left_are_said_in_words(left: int, vietnamese: str, english: str) -> None:
    for lang, said in (("vi", vietnamese), ("en", english)):
        facts = letter("deadline", lang)
        due = date.fromordinal(DAY.toordinal() + left)
        one = replace(facts.items[0], due=due, days_left=left)
        assert said in render_letter(replace(facts, items=(one,))).text


@pytest.mark.parametrize("kind", ["returned", "declined", "on_hold", "revoked"])
def test_a_refusal_lists_every_reason(kind: str) -> None:
    text = render_letter(letter(kind, "vi")).text
    for reason in ("Thiếu biên bản họp hội đồng trường.", "Báo cáo thành tích của 2 cá nhân"):
        assert f"   - {reason}" in text


@pytest.mark.parametrize(("kind", "phrase"), [("lapsed", "Cách đi tiếp"), ("declined", "Cách đi tiếp")])
def test_a_refusal_says_the_way_out(kind: str, phrase: str) -> None:
    rendered = render_letter(letter(kind, "vi"))
    assert phrase in rendered.text
    assert "thủ trưởng Phòng Giáo dục" in rendered.text or "ask" not in kinds_of_letters()[kind].may


def test_what_is_the_same_for_all_is_said_once() -> None:
    text = render_letter(letter("deadline", "vi", 3)).text
    assert text.count("đến hết thứ Hai 30/06/2025, còn 3 ngày") == 1
    assert text.count("Số đề cử:") == 3


def test_the_way_is_drawn_for_one_dossier_and_only_where_the_facts_carry_it() -> None:
    one = letter("returned", "vi")
    assert "✓\u00a0Trường › ✓\u00a0Khối thi đua › ●\u00a0Phòng GDĐT (đang ở đây) ›" in render_letter(one).text
    assert "›" not in render_letter(replace(one, items=(replace(one.items[0], way=()),))).text
    assert "›" not in render_letter(letter("returned", "vi", 2)).text


def test_a_long_decision_says_how_many_nominees_it_leaves_out() -> None:
    facts = letter("decided", "vi")
    many = tuple((f"Người Mẫu {n}", "Lao động tiên tiến", "được công nhận") for n in range(100))
    rendered = render_letter(replace(facts, items=(replace(facts.items[0], titles=many),)))
    assert "và 60 đề cử nữa" in rendered.text


def test_a_letter_with_very_long_reasons_still_is_small() -> None:
    facts = letter("returned", "vi", 40)
    long = "\n".join("Lý do rất dài & “lạ” " * 100 for _ in range(50))
    items = tuple(replace(one, reason=f"{long} {one.dossier}") for one in facts.items)
    rendered = render_letter(replace(facts, items=items))
    assert len(rendered.html.encode()) < 60_000
    assert "việc nữa" in rendered.text


# --- Colours ------------------------------------------------------------------------------------------------


def _light(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("pair", PAIRS, ids=" on ".join)
def test_whatever_is_read_has_a_contrast_of_at_least_four_and_a_half(
    colours: dict[str, str], pair: tuple[str, str]
) -> None:
    bright, dim = sorted((_light(colours[name]) for name in pair), reverse=True)
    assert (bright + 0.05) / (dim + 0.05) >= 4.5


def test_templates_take_their_colours_from_the_table() -> None:
    for path in TEMPLATES.rglob("*.html"):
        assert not re.search(r"#[0-9a-fA-F]{3,6}\b", path.read_text(encoding="utf-8")), path
    assert LIGHT.keys() == DARK.keys()


def test_every_colour_of_ink_is_in_a_pair_and_changes_in_the_dark() -> None:
    layout = (TEMPLATES / "_layout" / "letter.html").read_text(encoding="utf-8")
    assert set(re.findall(r"light\.(\w+)", layout)) | {"late", "last"} == LIGHT.keys()
    assert set(re.findall(r"dark\.(\w+)", layout)) == DARK.keys()


def test_the_fields_of_a_kind_are_fields_of_an_item() -> None:
    for kind in kinds_of_letters().values():
        assert kind.must | kind.may <= set(LetterItem.__slots__)
        assert not kind.must & kind.may
