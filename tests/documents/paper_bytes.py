"""Small papers of every type, and containers that are not what they seem."""

from __future__ import annotations

import io
import struct
import zipfile

from documents.paper_type import DOCX, JPEG, ODS, ODT, PDF, PNG, XLSX, PaperType


def pdf(text: str = "") -> bytes:
    """The beginning and the end of a PDF, with a text between to tell one from another."""
    return b"%PDF-1.7\n% " + text.encode() + b"\nstartxref\n0\n%%EOF\n"


def container(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip container; a member called mimetype is stored as it is."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as opened:
        for name, content in members.items():
            opened.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else method)
    return written.getvalue()


def content_types(*kinds: str) -> bytes:
    """The part of an Office Open XML file that declares the others."""
    parts = "".join(f'<Override PartName="/part{n}" ContentType="{kind}"/>' for n, kind in enumerate(kinds))
    return f'<?xml version="1.0"?><Types>{parts}</Types>'.encode()


def office_open(kind: PaperType, **more: bytes) -> bytes:
    """A docx or xlsx."""
    members = {"[Content_Types].xml": content_types(f"{kind.media_type}.main+xml"), "_rels/.rels": b"<r/>"}
    return container({**members, **more})


def open_document(kind: PaperType) -> bytes:
    """An odt or ods."""
    return container({"mimetype": kind.media_type.encode(), "content.xml": b"<office/>"})


OF_TYPE = {
    PDF: pdf(),
    DOCX: office_open(DOCX),
    XLSX: office_open(XLSX),
    ODT: open_document(ODT),
    ODS: open_document(ODS),
    PNG: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    JPEG: b"\xff\xd8\xff\xe0\0\x10JFIF\0",
}


def says_it_unpacks_to(size: int) -> bytes:
    """A docx whose table of contents gives one member another unpacked size, in bytes."""
    paper = bytearray(office_open(DOCX, bomb=b"x"))
    at = paper.rindex(b"bomb") - 46
    assert paper[at : at + 4] == b"PK\x01\x02"
    paper[at + 24 : at + 28] = struct.pack("<L", size)
    return bytes(paper)
