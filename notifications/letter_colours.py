"""The colours of letters, by what they are for: in the light, and in the dark mode of mail programs.

Pictures and pages take theirs from here too (`pictures/tokens.py`).
Nothing is told by a colour alone. A test holds every pair that is read at a contrast of 4.5 or more.
"""

from __future__ import annotations

LIGHT = {
    "ground": "#f1f2ef",
    "paper": "#ffffff",
    "ink": "#1d2429",
    "soft": "#515b63",
    "line": "#d7dad4",
    "accent": "#0b5575",
    "act": "#0b5575",
    "act_ink": "#ffffff",
    "late": "#96281b",
    "last": "#744a00",
    "code": "#eef0ec",
}
DARK = {
    "ground": "#14181b",
    "paper": "#1e2428",
    "ink": "#e9ecee",
    "soft": "#aeb7be",
    "line": "#3c464d",
    "accent": "#8bcbe6",
    "act": "#8bcbe6",
    "act_ink": "#0c1d26",
    "late": "#ffab9f",
    "last": "#efc679",
    "code": "#2a3237",
}
# What is read on what.
PAIRS = (
    *((ink, "paper") for ink in ("ink", "soft", "accent", "late", "last")),
    ("soft", "ground"),
    ("ink", "code"),
    ("act_ink", "act"),
)
