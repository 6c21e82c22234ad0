"""Types of papers: found from the bytes, also where these mean harm."""

from __future__ import annotations

import io
import tracemalloc
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.paper_type import (
    CONTENTS_LIMIT,
    DOCX,
    MEMBER_LIMIT,
    ODT,
    PDF,
    UNPACKED_LIMIT,
    XLSX,
    PaperType,
    look_at,
)
from tests.documents.paper_bytes import (
    OF_TYPE,
    container,
    content_types,
    office_open,
    open_document,
    pdf,
    says_it_unpacks_to,
)

MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
MAIN = f"{DOCX.media_type}.main+xml".encode()


def look(paper: bytes):
    return look_at(io.BytesIO(paper))


@pytest.mark.parametrize("kind", OF_TYPE, ids=lambda kind: kind.word)
def test_every_type_is_found_from_its_bytes(kind: PaperType) -> None:
    assert look(OF_TYPE[kind]) == (kind, ())


@pytest.mark.parametrize(
    "paper",
    [b"%PDF-1.7", pdf()[:-8], b"%PDF-1.7\n%%EOF\n", pdf() + b"\0" * 2000],
    ids=len,
)
def test_a_pdf_that_lacks_its_end_is_refused(paper: bytes) -> None:
    kind, against = look(paper)
    assert kind is PDF
    assert [reason.code for reason in against] == ["paper_pdf_cut_short"]


def test_a_pdf_with_a_few_blanks_behind_its_end_is_taken() -> None:
    assert look(pdf() + b"\r\n\0\0") == (PDF, ())


def test_a_text_with_a_spreadsheet_inside_is_a_text() -> None:
    declared = content_types(MAIN.decode(), XLSX.media_type)
    paper = container({"[Content_Types].xml": declared, "word/embeddings/x.xlsx": OF_TYPE[XLSX]})
    assert look(paper) == (DOCX, ())


@pytest.mark.parametrize(
    "paper",
    [
        b"plain text",
        b"<html>",
        b"MZ\x90\0",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"PK\x03\x04",
        b"PK\x03\x04" + b"\0" * 100,
        container({"a.txt": b"a"}),
        container({"mimetype": b"application/epub+zip"}),
        container({"a": b"", "mimetype": ODT.media_type.encode()}),
        container({"[Content_Types].xml": content_types(MACROS)}),
        container({"[Content_Types].xml": content_types(MAIN.decode(), f"{XLSX.media_type}.main+xml")}),
        container({"[Content_Types].xml": MAIN}, zipfile.ZIP_LZMA),
        container({"[Content_Types].xml": MAIN}, zipfile.ZIP_BZIP2),
        OF_TYPE[DOCX] + b"more",
        OF_TYPE[DOCX][:-30],
        b"MZ" + OF_TYPE[DOCX],
        b"\n" + OF_TYPE[DOCX],
    ],
)
def test_what_is_none_of_the_types_has_no_type(paper: bytes) -> None:
    assert look(paper) == (None, ())


def test_an_encrypted_container_has_no_type() -> None:
    paper = bytearray(OF_TYPE[DOCX])
    paper[6] |= 1
    at = paper.index(b"PK\x01\x02")
    paper[at + 8] |= 1
    assert look(bytes(paper)) == (None, ())


def test_a_container_with_two_declarations_has_no_type() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as opened:
        opened.writestr("[Content_Types].xml", MAIN)
        with pytest.warns(UserWarning, match="Duplicate"):
            opened.writestr("[Content_Types].xml", MAIN)
    assert look(written.getvalue()) == (None, ())


def test_a_member_that_unpacks_without_end_is_not_unpacked() -> None:
    paper = container({"[Content_Types].xml": MAIN + b" " * 200_000_000})
    assert len(paper) < 300_000
    tracemalloc.start()
    try:
        assert look(paper) == (None, ())
        assert tracemalloc.get_traced_memory()[1] < 10 * MEMBER_LIMIT
    finally:
        tracemalloc.stop()


def test_a_table_of_contents_without_end_is_not_read() -> None:
    paper = container({f"{n:0200}": b"" for n in range(5_000)} | {"[Content_Types].xml": MAIN})
    assert len(paper) > CONTENTS_LIMIT
    tracemalloc.start()
    try:
        assert look(paper) == (None, ())
        assert tracemalloc.get_traced_memory()[1] < CONTENTS_LIMIT
    finally:
        tracemalloc.stop()


def test_a_container_that_unpacks_to_more_than_a_disk_takes_is_refused() -> None:
    kind, (reason,) = look(says_it_unpacks_to(UNPACKED_LIMIT + 1))
    assert kind == DOCX
    assert reason.code == "paper_unpacks_too_large"
    assert reason.params["limit"] == UNPACKED_LIMIT


@given(st.sampled_from([office_open(DOCX), open_document(ODT)]), st.data())
def test_no_damage_to_a_container_raises(paper: bytes, data: st.DataObject) -> None:
    damaged = bytearray(paper)
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(0, len(paper) - 1))] = data.draw(st.integers(0, 255))
    look(bytes(damaged))
