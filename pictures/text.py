"""How wide a text is, where it is broken, and what is kept out of a picture.

The widths are the greatest of several free sans-serif fonts with all Vietnamese marks (DejaVu Sans, Noto Sans,
Liberation Sans), so that labels which do not touch here touch in no reader's font either.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache

# Thousandths of the size, by letter without its marks; regular, then semi-bold.
_WIDTHS = (
    (
        (300, "'Jijl"),
        (350, " ,.:;I·‘’"),
        (400, "()-/[\\]ft›"),
        (450, "!r"),
        (500, '"_`–°'),
        (550, "?csz“”§"),
        (600, "*FLkvxy|"),
        (650, "0123456789$EPSTYabdeghnopqu{}đ«»"),
        (700, "ABCKRVXZư"),
        (750, "U"),
        (800, "&DGHNOQĐ"),
        (850, "#+<=>^w~×↺→✓"),
        (900, "Ư"),
        (950, "%MƠ"),
        (1000, "@Wm—…"),
    ),
    (
        (350, " 'ijl"),
        (400, ",.:;IJ·‘’"),
        (450, "-/\\f›"),
        (500, "!()[]_`rt–°§"),
        (550, '"*'),
        (600, "?csz|"),
        (650, "Lx«»"),
        (700, "0123456789$EFTaekovy“”"),
        (750, "CPSYZbdghnpqu{}đơ"),
        (800, "ABKRVXư"),
        (850, "#+<=>DGHNOQU^~Đ×↺→✓"),
        (900, "&ƠƯ"),
        (950, "w"),
        (1000, "@M—…"),
        (1050, "%m"),
        (1150, "W"),
    ),
)
_BY_LETTER = tuple({letter: width for width, letters in table for letter in letters} for table in _WIDTHS)
_OTHER = 1100
_HORN = "\u031b"


@cache
def _letter(letter: str, bold: bool) -> int:
    known = _BY_LETTER[bold].get(letter)
    if known is not None:
        return known
    if unicodedata.combining(letter):
        return 0
    parts = unicodedata.normalize("NFD", letter)
    if len(parts) == 1:
        return _OTHER
    return _letter(parts[0], bold) + (50 if _HORN in parts else 0)


def width(text: str, size: float, bold: bool = False) -> float:
    """The room that ``text`` takes at most, in the units of ``size``."""
    return sum(_letter(letter, bold) for letter in text) * size / 1000


def clean(text: str) -> str:
    """One line without marks that XML refuses, that hide, or that turn the writing around."""
    # Nearly every text is printable as a whole, and then nothing of this is in it.
    if not text.isprintable():
        kept = (" " if unicodedata.category(letter) in ("Cc", "Zl", "Zp") else letter for letter in text)
        text = "".join(letter for letter in kept if unicodedata.category(letter) not in ("Cf", "Cs", "Cn"))
    # Not at every blank: two days with a blank that binds them stay on one line.
    return " ".join(filter(None, text.split(" ")))


def wrap(text: str, size: float, limit: float, bold: bool = False) -> list[str]:
    """``text`` in lines no wider than ``limit``; a word that is too long for a line is broken, never hidden."""
    lines: list[str] = []
    line = ""
    for word in clean(text).split(" "):
        longer = f"{line} {word}" if line else word
        if width(longer, size, bold) <= limit:
            line = longer
            continue
        if line:
            lines.append(line)
        line = ""
        for letter in word:
            if line and width(line + letter, size, bold) > limit:
                lines.append(line)
                line = ""
            line += letter
    return [*lines, line] if line else lines


def wrap_parts(parts: Sequence[str], size: float, limit: float, bold: bool = False) -> list[str]:
    """Short phrases in lines, with a dot between those that share one; a phrase is broken only where it must be."""
    lines: list[str] = []
    for part in filter(None, map(clean, parts)):
        joined = f"{lines[-1]} · {part}" if lines else part
        if lines and width(joined, size, bold) <= limit:
            lines[-1] = joined
        else:
            lines += wrap(part, size, limit, bold)
    return lines
