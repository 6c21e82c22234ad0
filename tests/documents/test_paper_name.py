"""Names of papers: what is refused, each fault by a reason of its own, and what is one name."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.paper_name import LIMIT, clean_name


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("", {"paper_name_empty"}),
        ("   ", {"paper_name_empty"}),
        ("..", {"paper_name_empty"}),
        ("../../x", {"paper_name_has_folder"}),
        ("a/b.pdf", {"paper_name_has_folder"}),
        ("/etc/passwd", {"paper_name_has_folder", "paper_name_absolute"}),
        ("C:\\x.pdf", {"paper_name_has_folder", "paper_name_absolute", "paper_name_has_sign"}),
        ("..\\x.pdf", {"paper_name_has_folder"}),
        ("\\\\may-chu\\x.pdf", {"paper_name_has_folder", "paper_name_absolute"}),
        ("a\0.pdf", {"paper_name_has_control"}),
        ("a\nb.pdf", {"paper_name_has_control"}),
        ("a\x7f.pdf", {"paper_name_has_control"}),
        ("bao-cao\u202efdp.exe", {"paper_name_has_control"}),
        ("khong-phai-utf8-\udcff.pdf", {"paper_name_has_control"}),
        ("10:30.pdf", {"paper_name_has_sign"}),
        ("nul", {"paper_name_reserved"}),
        ("CON.pdf", {"paper_name_reserved"}),
        ("com1.tar.pdf", {"paper_name_reserved"}),
        ("LPT³.pdf", {"paper_name_reserved"}),
        ("a" * (LIMIT + 1), {"paper_name_too_long"}),
        ("a" * 1_000_000, {"paper_name_too_long"}),
    ],
)
def test_an_unusable_name_is_refused_for_each_of_its_faults(name: str, codes: set[str]) -> None:
    assert {reason.code for reason in clean_name(name)[1]} == codes


@pytest.mark.parametrize(
    "name", ["Biên bản họp số 12.5.pdf", "Tờ trình (ký).docx", "console.pdf", ".pdf", "a..b.pdf", "q" * LIMIT]
)
def test_a_name_that_people_use_is_taken_as_it_is(name: str) -> None:
    assert clean_name(name) == (name, ())


def test_a_name_typed_in_nfd_and_in_nfc_is_one_name() -> None:
    name = "Quyết định khen thưởng Nguyễn Thị Mẫu.pdf"
    decomposed = unicodedata.normalize("NFD", name)
    assert decomposed != name
    assert clean_name(decomposed) == clean_name(name) == (name, ())


def test_length_counts_after_the_letters_are_put_together() -> None:
    name = "ệ" * LIMIT
    assert clean_name(unicodedata.normalize("NFD", name)) == (name, ())


def test_no_reason_repeats_the_name_itself() -> None:
    _, reasons = clean_name("../Nguyễn Thị Mẫu\0.pdf")
    assert reasons
    assert "Mẫu" not in repr(reasons)


@given(st.text(st.characters(exclude_categories=()), max_size=300))
def test_whatever_is_typed_a_name_without_reasons_is_one_plain_file_name(name: str) -> None:
    clean, reasons = clean_name(name)
    if not reasons:
        clean.encode()
        assert 0 < len(clean) <= LIMIT
        assert not set(clean) & set("/\\\0\n")
        assert clean_name(clean) == (clean, ())
