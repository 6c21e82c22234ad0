"""Colours by what they are for, in three themes, and the CSS that gives them to pages and pictures.

The shared roles are those of the letters, so that a page, a picture and a letter look alike. No state is told by a
colour alone: done is filled, next is open, late is hatched, an extension is dashed.
"""

from __future__ import annotations

from notifications import letter_colours

_OF_LETTERS = ("ground", "paper", "ink", "soft", "line", "accent", "late")

LIGHT = {
    **{role: letter_colours.LIGHT[role] for role in _OF_LETTERS},
    # What belongs to others, behind what is mine.
    "pale": "#dbe6ea",
    "on_accent": letter_colours.LIGHT["act_ink"],
    "met": "#1d6a3a",
    "not_met": letter_colours.LIGHT["late"],
    "unknown": letter_colours.LIGHT["soft"],
    "hold": letter_colours.LIGHT["last"],
}
DARK = {
    **{role: letter_colours.DARK[role] for role in _OF_LETTERS},
    "pale": "#2c404a",
    "on_accent": letter_colours.DARK["act_ink"],
    "met": "#8fd6a6",
    "not_met": letter_colours.DARK["late"],
    "unknown": letter_colours.DARK["soft"],
    "hold": letter_colours.DARK["last"],
}
HIGH = {
    "ground": "#ffffff",
    "paper": "#ffffff",
    "ink": "#000000",
    "soft": "#1a1a1a",
    "line": "#595959",
    "accent": "#00334d",
    "late": "#7a0000",
    "pale": "#ffffff",
    "on_accent": "#ffffff",
    "met": "#003d16",
    "not_met": "#7a0000",
    "unknown": "#1a1a1a",
    "hold": "#4d3000",
}
THEMES = {"light": LIGHT, "dark": DARK, "high": HIGH}
#: what is read on what
PAIRS = (
    *((role, "paper") for role in ("ink", "soft", "accent", "late", "met", "not_met", "unknown", "hold")),
    ("ink", "ground"),
    ("soft", "ground"),
    ("ink", "pale"),
    ("on_accent", "accent"),
)

FONT = "'Segoe UI',Roboto,'Noto Sans','Helvetica Neue',Arial,sans-serif"


def block(theme: str) -> str:
    """The custom properties of one theme, for between the braces of a CSS rule."""
    return "".join(f"--{role.replace('_', '-')}:{colour};" for role, colour in THEMES[theme].items())


def theme_css() -> str:
    """The themes by the reader's own setting; paper is always light."""
    return (
        f":root{{color-scheme:light dark;{block('light')}}}\n"
        f"@media (prefers-color-scheme:dark){{:root{{{block('dark')}}}}}\n"
        f"@media (prefers-contrast:more){{:root{{color-scheme:light;{block('high')}}}}}\n"
        f"@media print{{:root{{color-scheme:light;{block('light')}}}}}\n"
    )


_PICTURES = """\
svg.p{display:block;overflow:visible;width:100%;height:auto;font-family:FONT}
.p text{fill:var(--ink);stroke:var(--paper);stroke-width:3px;stroke-linejoin:round;paint-order:stroke}
.p .soft{fill:var(--soft)}
.p .word{fill:var(--accent)}
.p .gone{fill:var(--late)}
.p .count{font-variant-numeric:tabular-nums}
.p .solid{fill:var(--accent);stroke:var(--accent);stroke-width:1.5}
.p .pale{fill:var(--pale);stroke:var(--soft);stroke-width:1.25}
.p .open{fill:var(--paper);stroke:var(--soft);stroke-width:1.75}
.p .mark{fill:var(--paper);stroke:var(--accent);stroke-width:2.5}
.p .more{fill:none;stroke:var(--accent);stroke-width:1.5;stroke-dasharray:3 2}
.p .over{stroke:var(--late);stroke-width:1.25}
.p .hatch{stroke:var(--late);stroke-width:2}
.p .bars{fill:var(--accent)}
.p .tick{stroke:var(--line);stroke-width:1;stroke-opacity:.6;fill:none}
.p .base{stroke:var(--soft);stroke-width:1;fill:none}
.p .way{stroke:var(--accent);stroke-width:2.5;fill:none}
.p .ahead{stroke:var(--soft);stroke-width:1.75;stroke-dasharray:2 4;fill:none}
.p .back{stroke:var(--hold);stroke-width:1.75;fill:none}
.p .arrow{fill:var(--hold)}
.p .check{stroke:var(--on-accent);stroke-width:2;fill:none;stroke-linecap:round;stroke-linejoin:round}
.p .now{stroke:var(--late);stroke-width:1.75;fill:none}
"""


def picture_css() -> str:
    """The rules that every picture's classes stand for; they take their colours from the theme."""
    return _PICTURES.replace("FONT", FONT)


def page_css() -> str:
    """The themes of a page: the one that its reader chose (``data-theme`` of the root), else by her own setting."""
    chosen = "".join(
        f":root[data-theme={theme}]{{color-scheme:{'dark' if theme == 'dark' else 'light'};{block(theme)}}}\n"
        for theme in THEMES
    )
    # Paper is light whatever the screen was.
    paper = f"@media print{{:root,:root[data-theme]{{color-scheme:light;{block('light')}}}}}\n"
    return theme_css() + chosen + paper + f":root{{--font:{FONT}}}\n"
