"""The name of a paper: one spelling, no folders, nothing that a machine which stores it could trip over."""

from __future__ import annotations

import unicodedata

from rules.reasons import Reason

#: in characters, after NFC; the column of `models/paper.py` holds as many
LIMIT = 200
# Normalising costs more than linear time on hostile input, so far too long a name is refused unread. The longest
# honest one is LIMIT letters, each with two marks of its own, and room around it.
_UNREAD = LIMIT * 10

# What Windows takes for a device, with any ending; the raised digits too.
_DEVICES = frozenset(
    {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"}
    | {f"{port}{digit}" for port in ("COM", "LPT") for digit in "123456789¹²³"}
)
_NOT_ON_WINDOWS = '<>:"|?*'
# Controls; marks that turn the reading direction (they make "exe.pdf" out of "fdp.exe") or have no width; halves of
# characters, which come from names that are not UTF-8; ends of lines and paragraphs.
_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")


def clean_name(given: str) -> tuple[str, tuple[Reason, ...]]:
    """The name in NFC without space around it, and every reason against it.

    The same name typed in NFD and in NFC is one name. The reasons name what is wrong and not the name, which may be
    that of a person and would stand in logs.
    """
    if len(given) > _UNREAD:
        return "", (Reason("paper_name_too_long", {"length": len(given), "limit": LIMIT}),)
    name = unicodedata.normalize("NFC", given).strip(" ")
    reasons: list[Reason] = []
    if not name.strip(". "):
        # ".", ".." and dots alone are folders or nothing.
        reasons.append(Reason("paper_name_empty"))
    folders = [sign for sign in ("/", "\\") if sign in name]
    if folders:
        reasons.append(Reason("paper_name_has_folder", {"signs": folders}))
    if name.startswith(("/", "\\")) or (name[1:2] == ":" and name[0].isascii() and name[0].isalpha()):
        reasons.append(Reason("paper_name_absolute"))
    unseen = sorted({f"U+{ord(sign):04X}" for sign in name if unicodedata.category(sign) in _UNSEEN})
    if unseen:
        reasons.append(Reason("paper_name_has_control", {"characters": unseen}))
    signs = [sign for sign in _NOT_ON_WINDOWS if sign in name]
    if signs:
        reasons.append(Reason("paper_name_has_sign", {"signs": signs}))
    device = name.split(".", 1)[0].strip().upper()
    if device in _DEVICES:
        reasons.append(Reason("paper_name_reserved", {"word": device}))
    if len(name) > LIMIT:
        reasons.append(Reason("paper_name_too_long", {"length": len(name), "limit": LIMIT}))
    return name, tuple(reasons)
