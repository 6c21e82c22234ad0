"""What a paper is, found from its bytes and never from its name.

Nothing is unpacked but two short members of a zip container, each up to a bound: a few bytes of zip can say that they
unpack to more than any disk holds.
"""

from __future__ import annotations

import os
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import BinaryIO

from rules.reasons import Reason

#: largest table of contents of a container that is read, in bytes: above ten thousand members
CONTENTS_LIMIT = 1_000_000
#: largest member that is unpacked to learn the type, in bytes
MEMBER_LIMIT = 1_000_000
#: largest size to which a container may say that it unpacks, in bytes: whoever opens the paper has to unpack it
UNPACKED_LIMIT = 1_000_000_000


@dataclass(frozen=True, slots=True)
class PaperType:
    """A kind of file that is taken in: a short word for people, its media type and the endings of its names."""

    word: str
    media_type: str
    endings: tuple[str, ...]


_OOXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"
PDF = PaperType("pdf", "application/pdf", (".pdf",))
PNG = PaperType("png", "image/png", (".png",))
JPEG = PaperType("jpeg", "image/jpeg", (".jpg", ".jpeg"))
DOCX = PaperType("docx", f"{_OOXML}.wordprocessingml.document", (".docx",))
XLSX = PaperType("xlsx", f"{_OOXML}.spreadsheetml.sheet", (".xlsx",))
ODT = PaperType("odt", f"{_ODF}.text", (".odt",))
ODS = PaperType("ods", f"{_ODF}.spreadsheet", (".ods",))
TYPES = (PDF, DOCX, XLSX, ODT, ODS, PNG, JPEG)

_BEGINNINGS = ((b"%PDF-", PDF), (b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG))
_ZIP = b"PK\x03\x04"
# The last lines of a PDF: where its table of contents stands. Readers look for them in the last 1,024 bytes
# (ISO 32000-1, Annex H, note 18); without them there is nothing to read, whatever the first line says.
_PDF_TRAILER = re.compile(rb"startxref\s+\d+\s+%%EOF")
_PDF_TAIL = 1024
_UNREADABLE_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    # an encrypted member; a method that Python does not know; a name that is no text; an offset outside of the file
    RuntimeError,
    NotImplementedError,
    ValueError,
    EOFError,
    OSError,
)


def look_at(file: BinaryIO) -> tuple[PaperType | None, tuple[Reason, ...]]:
    """The type of an open file, None when it is none of `TYPES`, and what speaks against it beyond that."""
    file.seek(0)
    beginning = file.read(16)
    for signature, found in _BEGINNINGS:
        if beginning.startswith(signature):
            cut_short = found is PDF and not _has_trailer(file)
            return found, (Reason("paper_pdf_cut_short"),) if cut_short else ()
    if not beginning.startswith(_ZIP) or not _may_be_opened(file):
        return None, ()
    try:
        with zipfile.ZipFile(file) as container:
            kind = _open_document(container) or _office_open(container)
            unpacked = sum(member.file_size for member in container.infolist())
    except _UNREADABLE_ZIP:
        return None, ()
    if kind is not None and unpacked > UNPACKED_LIMIT:
        params = {"size": unpacked, "limit": UNPACKED_LIMIT}
        return kind, (Reason("paper_unpacks_too_large", params),)
    return kind, ()


def _has_trailer(file: BinaryIO) -> bool:
    file.seek(max(0, file.seek(0, os.SEEK_END) - _PDF_TAIL))
    return _PDF_TRAILER.search(file.read(_PDF_TAIL)) is not None


def _may_be_opened(file: BinaryIO) -> bool:
    """Whether the table of contents is short enough to be read: `zipfile` reads all of it into memory.

    Its end record must be the last bytes of the file, without a comment and without the form for more than 4 GB, so
    that what is measured here is what `zipfile` will read.
    """
    size = file.seek(0, os.SEEK_END)
    if size < 22:
        return False
    file.seek(max(0, size - 42))
    tail = file.read(42)
    end, before = tail[-22:], tail[:-22]
    if end[:4] != b"PK\x05\x06" or end[-2:] != b"\0\0" or before.startswith(b"PK\x06\x07"):
        return False
    contents: int = struct.unpack("<L", end[12:16])[0]
    return contents <= CONTENTS_LIMIT


def _open_document(container: zipfile.ZipFile) -> PaperType | None:
    """The type that an OpenDocument file names in its first member, which is stored as it is."""
    first = next((m for m in container.infolist() if m.header_offset == 0), None)
    if first is None or first.filename != "mimetype" or first.compress_type != zipfile.ZIP_STORED:
        return None
    told = _member(container, first)
    return next((kind for kind in (ODT, ODS) if told == kind.media_type.encode()), None)


def _office_open(container: zipfile.ZipFile) -> PaperType | None:
    """The type of the main part that an Office Open XML file declares; macros have another, which is not taken."""
    parts = [m for m in container.infolist() if m.filename == "[Content_Types].xml"]
    # Two of them: readers would not agree on which one counts.
    if len(parts) != 1:
        return None
    # Searched and not parsed: a parser would follow entities, and two texts are all that is asked.
    told = _member(container, parts[0])
    found = [kind for kind in (DOCX, XLSX) if f"{kind.media_type}.main+xml".encode() in told]
    return found[0] if len(found) == 1 else None


def _member(container: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """The bytes of a member; none when there are more than `MEMBER_LIMIT` of them."""
    # The other methods unpack a whole block at a time, whatever bound is given.
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return b""
    with container.open(member) as opened:
        found = opened.read(MEMBER_LIMIT + 1)
    return found if len(found) <= MEMBER_LIMIT else b""
