"""A drawing that grows downwards at a given width, and its SVG text."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from pictures import tokens
from pictures.text import clean, width, wrap

SMALL, PLAIN, HEAD = 12, 14, 16
#: from one baseline to the next, by size
LEADING = {SMALL: 16, PLAIN: 19, HEAD: 22}
# HTML knows what an SVG is; a file of its own has to say so.
_SPACE = ' xmlns="http://www.w3.org/2000/svg"'
_NAME = re.compile(r"[a-z][a-z0-9-]*")


class Drawing:
    """Marks on a sheet ``width`` units wide. ``y`` is how far down it is filled.

    ``name`` makes the ids of the drawing its own: a page may show many. ``title`` is the question that it answers,
    ``description`` what it shows, for those who do not see it. With ``headed`` the title is written on it.

    Raises:
        ValueError: ``name`` would not serve as an id.
    """

    def __init__(
        self, name: str, title: str, description: str, width: float, *, headed: bool = False
    ) -> None:
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name for a drawing")
        self.name, self.title, self.description = name, clean(title), clean(description)
        self.width = width
        self.y: float = 0
        self._parts: list[str] = []
        self._hatched = False
        if headed:
            self.y = self.lines(0, 0, self.title, width, size=HEAD, bold=True) + 6

    # --- Marks ---

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        look: str = "",
        size: int = SMALL,
        bold: bool = False,
        anchor: str = "start",
    ) -> None:
        """One line with its baseline at ``y``."""
        shown = clean(text)
        if not shown:
            return
        at = f'x="{_n(x)}" y="{_n(y)}" font-size="{size}"'
        at += f' class="{look}"' if look else ""
        at += ' font-weight="600"' if bold else ""
        at += f' text-anchor="{anchor}"' if anchor != "start" else ""
        self._parts.append(f"<text {at}>{escape(shown)}</text>")

    def pair(self, x: float, y: float, name: str, said: str) -> None:
        """A name and what is said of it, on one line."""
        self._parts.append(
            f'<text x="{_n(x)}" y="{_n(y)}" font-size="{SMALL}"><tspan font-weight="600">{escape(clean(name))}</tspan>'
            f'<tspan dx="8" class="soft">{escape(clean(said))}</tspan></text>'
        )

    def lines(
        self,
        x: float,
        top: float,
        text: str,
        limit: float,
        *,
        look: str = "",
        size: int = SMALL,
        bold: bool = False,
        anchor: str = "start",
    ) -> float:
        """A text in as many lines as it needs; gives where it ends below."""
        for line in wrap(text, size, limit, bold):
            self.text(x, top + size, line, look=look, size=size, bold=bold, anchor=anchor)
            top += LEADING[size]
        return top

    def rect(self, x: float, y: float, across: float, down: float, look: str, rounded: float = 0) -> None:
        """A rectangle."""
        corner = f' rx="{_n(rounded)}"' if rounded else ""
        self._parts.append(
            f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(across)}" height="{_n(down)}" class="{look}"{corner}/>'
        )

    def hatched(self, x: float, y: float, across: float, down: float) -> None:
        """A rectangle filled with slanting lines: late, also in black and white."""
        self._hatched = True
        self._parts.append(
            f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(across)}" height="{_n(down)}" class="over"'
            f' fill="url(#{self.name}-late)"/>'
        )

    def line(self, x1: float, y1: float, x2: float, y2: float, look: str) -> None:
        """A straight line."""
        self._parts.append(f'<line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" class="{look}"/>')

    def circle(self, x: float, y: float, radius: float, look: str) -> None:
        """A circle."""
        self._parts.append(f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" class="{look}"/>')

    def path(self, look: str, *steps: str | float) -> None:
        """A path, of letters and numbers in turn."""
        words = " ".join(step if isinstance(step, str) else _n(step) for step in steps)
        self._parts.append(f'<path d="{words}" class="{look}"/>')

    # --- The text of it ---

    def svg(self, *, alone: bool = False) -> str:
        """The drawing as SVG for a page that has `tokens.theme_css` and `picture_css`; ``alone`` brings them along."""
        height = _n(self.y)
        head = (
            f'<svg{_SPACE if alone else ""} class="p" role="img" viewBox="0 0 {_n(self.width)} {height}"'
            f' width="{_n(self.width)}" height="{height}"'
            f" aria-labelledby={quoteattr(f'{self.name}-title {self.name}-desc')}>"
        )
        told = (
            f'<title id="{self.name}-title">{escape(self.title)}</title>'
            f'<desc id="{self.name}-desc">{escape(self.description)}</desc>'
        )
        style = f"<style>\n{tokens.theme_css()}{tokens.picture_css()}</style>" if alone else ""
        hatch = (
            f'<defs><pattern id="{self.name}-late" width="5" height="5" patternUnits="userSpaceOnUse"'
            ' patternTransform="rotate(45)"><line x1="1" y1="0" x2="1" y2="5" class="hatch"/></pattern></defs>'
        )
        paper = f'<rect width="{_n(self.width)}" height="{height}" fill="var(--paper)"/>' if alone else ""
        parts = [head, told, style, hatch if self._hatched else "", paper, *self._parts, "</svg>"]
        return "\n".join(part for part in parts if part) + "\n"


def room(text: str, size: int = SMALL, bold: bool = False) -> float:
    """The room that a line takes."""
    return width(clean(text), size, bold)


def _n(value: float) -> str:
    """A number as short as it can be told to a tenth."""
    text = f"{value:.1f}"
    return text.removesuffix(".0") if text != "-0.0" else "0"
