"""YAML read strictly: what is refused, on which line, and at what cost."""

from __future__ import annotations

import tracemalloc
import unicodedata
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.strict_yaml import DEPTH, LIMIT, Fault, MarkedList, MarkedMap, read_strict_yaml


def faults(text: str | bytes) -> list[tuple[int, str]]:
    return [(fault.line, fault.code) for fault in read_strict_yaml(text)[1]]


def test_a_plain_file_is_read_as_texts_numbers_days_and_answers():
    tree, found = read_strict_yaml("a: x\nb: 12\nc: 2024-02-29\nd: true\ne:\nf: [1, y]\n")
    assert found == []
    assert tree == {"a": "x", "b": 12, "c": date(2024, 2, 29), "d": True, "e": None, "f": [1, "y"]}


def test_every_key_and_item_knows_its_line():
    tree, _ = read_strict_yaml("# comment\na: 1\nb:\n  - x\n\n  - y\n  - {c: 2,\n     d: 3}\n")
    assert isinstance(tree, MarkedMap)
    assert (tree.line, tree.lines) == (2, {"a": 2, "b": 3})
    assert isinstance(tree["b"], MarkedList)
    assert tree["b"].lines == [4, 6, 7]
    assert tree["b"][2].lines == {"c": 7, "d": 8}


def test_a_key_that_is_missing_is_looked_for_where_its_mapping_begins():
    tree, _ = read_strict_yaml("a:\n  b: 1\n")
    assert (tree.line_of("a"), tree["a"].line_of("nothing")) == (1, 2)


def test_every_duplicate_key_is_named_at_each_depth_and_the_first_value_stays():
    tree, found = read_strict_yaml("a: 1\nb: {c: 1, c: 2}\na: 2\na: 3\n")
    assert [(f.line, f.code, f.params) for f in found] == [
        (2, "duplicate_key", {"key": "c"}),
        (3, "duplicate_key", {"key": "a"}),
        (4, "duplicate_key", {"key": "a"}),
    ]
    assert tree == {"a": 1, "b": {"c": 1}}


def test_a_key_typed_in_two_unicode_forms_is_one_key():
    composed, apart = unicodedata.normalize("NFC", "Hội đồng"), unicodedata.normalize("NFD", "Hội đồng")
    assert composed != apart
    tree, found = read_strict_yaml(f"{composed}: 1\n{apart}: 2\n")
    assert [(f.line, f.code) for f in found] == [(2, "duplicate_key")]
    assert list(tree) == [composed]


def test_texts_are_the_same_however_their_accents_were_typed():
    name = "Trường Tiểu học thị trấn Kiên Lương 1"
    for form in ("NFC", "NFD"):
        tree, _ = read_strict_yaml(f"name: {unicodedata.normalize(form, name)}\n".encode())
        assert tree == {"name": unicodedata.normalize("NFC", name)}


def test_an_alias_bomb_is_refused_before_it_is_unfolded():
    bomb = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{f'*a{n - 1}, ' * 9}]\n" for n in range(1, 30))
    tracemalloc.start()
    tree, found = read_strict_yaml(bomb)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert tree is None
    assert {fault.code for fault in found} == {"yaml_alias"}
    assert {fault.line for fault in found} == set(range(1, 31))
    assert peak < 20_000_000


def test_a_single_anchor_is_refused_with_its_name():
    assert read_strict_yaml("a: x\nb: &here y\n") == (None, [Fault(2, "yaml_alias", {"name": "here"})])


@pytest.mark.parametrize(
    "tag", ["!!python/object/apply:os.system", "!!str", "!!binary", "!mine", "!<tag:yaml.org,2002:int>", "!"]
)
def test_a_tag_is_refused_whatever_it_says(tag: str):
    assert faults(f"a: x\nb: {tag} 'y'\n") == [(2, "yaml_tag")]


def test_a_tag_on_a_list_or_mapping_is_refused_too():
    assert faults("a: !!set {x, y}\nb: !!omap [x: 1]\n") == [(1, "yaml_tag"), (2, "yaml_tag")]


def test_a_merge_key_is_a_key_like_any_other():
    assert read_strict_yaml("<<: {a: 1}\n")[0] == {"<<": {"a": 1}}


@pytest.mark.parametrize(
    "day", ["2025-02-29", "2024-02-30", "2025-04-31", "2025-13-01", "0000-01-01", "2025-00-10"]
)
def test_a_date_that_does_not_exist_is_named_as_it_stands(day: str):
    assert read_strict_yaml(f"a: 1\nb: {day}\n")[1] == [Fault(2, "date_does_not_exist", {"date": day})]


def test_an_instant_where_a_day_should_stand_is_refused():
    assert faults("a: 2025-06-30T00:00:00Z\n") == [(1, "date_does_not_exist")]


def test_a_day_in_quotes_is_a_text():
    assert read_strict_yaml("a: '2025-02-29'\n") == ({"a": "2025-02-29"}, [])


@pytest.mark.parametrize("opened", ["[", "{a: ", "- ", "? "])
def test_nesting_without_end_is_refused_at_once_and_not_after_minutes(opened: str):
    assert faults("x: 1\ny:\n  " + opened * 100_000) == [(3, "yaml_too_deep")]


def test_the_deepest_nesting_that_is_allowed_is_read():
    assert faults("[" * DEPTH + "]" * DEPTH) == []
    assert faults("[" * (DEPTH + 1) + "]" * (DEPTH + 1)) == [(1, "yaml_too_deep")]


def test_a_file_at_the_limit_is_read_and_one_byte_more_is_refused():
    at_limit = b"a: 1\n" + b"#" * (LIMIT - 5)
    assert faults(at_limit) == []
    assert faults(at_limit + b"#") == [(0, "yaml_too_large")]
    assert faults((at_limit + b"#").decode()) == [(0, "yaml_too_large")]


@pytest.mark.parametrize("content", [b"a: \xff\n", "a: ộ\n".encode("utf-16"), "a: ê\n".encode("latin-1")])
def test_bytes_that_are_not_utf_8_are_refused_and_not_guessed(content: bytes):
    assert faults(content) == [(0, "yaml_not_utf8")]


def test_a_byte_order_mark_at_the_beginning_changes_nothing():
    assert read_strict_yaml(b"\xef\xbb\xbfa: 1\nb: 2\n") == ({"a": 1, "b": 2}, [])


def test_windows_line_ends_change_neither_values_nor_lines():
    unix, windows = "a: x\nb:\n  - y\n  - z\nc: 1\nc: 2\n", "a: x\r\nb:\r\n  - y\r\n  - z\r\nc: 1\r\nc: 2\r\n"
    assert read_strict_yaml(unix) == read_strict_yaml(windows.encode())
    assert read_strict_yaml(unix)[0]["b"].lines == read_strict_yaml(windows)[0]["b"].lines == [3, 4]


@pytest.mark.parametrize("nothing", ["", "\n\n", "# only a comment\n", "---\n...\n"])
def test_a_file_that_says_nothing_is_not_taken_for_a_tree(nothing: str):
    tree, found = read_strict_yaml(nothing)
    assert tree is None
    assert found == ([] if "---" in nothing else [Fault(0, "yaml_empty")])


def test_a_second_document_is_refused_on_its_line():
    assert faults("a: 1\n---\nb: 2\n") == [(2, "yaml_unreadable")]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: [1,\nb: 2\n", 3),
        ("a: 1\n\tb: 2\n", 2),
        ("a: 1\nb: 'open\n", 3),
        ("a: 1\nb: c: d\n", 2),
        ("a: @x\n", 1),
    ],
)
def test_a_file_that_is_no_yaml_is_refused_on_the_line_where_reading_stopped(text: str, line: int):
    assert faults(text) == [(line, "yaml_unreadable")]


def test_a_control_character_is_refused_on_its_line_and_named():
    expected = Fault(3, "yaml_unreadable", {"problem": "character U+0007 is not allowed"})
    assert read_strict_yaml("a: 1\nb: 2\nc: \x07\n") == (None, [expected])


def test_a_key_that_is_a_list_or_mapping_is_named():
    assert faults("a: 1\n? [x, y]\n: 2\n? {z: 1}\n: 3\n") == [
        (2, "yaml_key_not_text"),
        (4, "yaml_key_not_text"),
    ]


def test_a_number_too_long_for_a_number_stays_a_text():
    assert read_strict_yaml("a: " + "9" * 5000)[0] == {"a": "9" * 5000}


def test_a_fraction_stays_the_text_that_was_written():
    assert read_strict_yaml("a: 0.3\n")[0] == {"a": "0.3"}


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=80) | st.binary(max_size=80))
def test_whatever_is_given_is_answered_and_never_raised(content):
    _, found = read_strict_yaml(content)
    # YAML also ends lines at \r, U+0085, U+2028 and U+2029: no more lines than characters, and one.
    assert all(fault.code and 0 <= fault.line <= len(content) + 1 for fault in found)
