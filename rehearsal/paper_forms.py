"""Small real PDF files, one for each kind of paper and school, written with the standard library.

They hold one line in plain Latin letters: the standard fonts of the format have no Vietnamese, and what is rehearsed is
that papers are kept, not how they look.
"""

from __future__ import annotations

import io
import unicodedata

from notifications.words import word
from states.vocabulary import PAPERS

# Letters that do not come apart into a base letter and a mark.
_PLAIN = str.maketrans({"đ": "d", "Đ": "D"})


def plain(text: str) -> str:
    """``text`` without marks, as the standard fonts of PDF can show it."""
    parts = unicodedata.normalize("NFD", text.translate(_PLAIN))
    return "".join(sign for sign in parts if " " <= sign <= "~")


def pdf(text: str) -> bytes:
    """A PDF file of one page with one line of text."""
    shown = plain(text).replace("\\", "").replace("(", "[").replace(")", "]")
    page = f"BT /F1 12 Tf 72 770 Td ({shown}) Tj ET".encode()
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(page), page),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    places = []
    for count, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (count, body))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for place in places:
        out.write(b"%010d 00000 n \n" % place)
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table))
    return out.getvalue()


def paper(kind: str, subject: str) -> io.BytesIO:
    """The paper of a kind about something, for example a school's report; the same words give the same bytes."""
    return io.BytesIO(pdf(f"{_called(kind).capitalize()}: {subject}"))


def paper_name(kind: str) -> str:
    """What a clerk would call the file of such a paper: Vietnamese, without marks and spaces."""
    return f"{_called(kind).lower().replace(' ', '-')}.pdf"


def _called(kind: str) -> str:
    if kind not in PAPERS:
        raise ValueError(f"{kind} is no kind of paper")
    return plain(word("papers", kind, "vi"))
