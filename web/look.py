"""How a reader wants pages: language, theme, size of text, keys. Kept in a cookie; nothing personal is in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from notifications.words import LANGS
from pictures.tokens import THEMES

COOKIE = "thidua_look"
AUTO = "auto"
SIZES = ("small", "normal", "large", "larger")
KEYS = ("on", "off")


@dataclass(frozen=True, slots=True)
class Look:
    """``lang`` and ``theme`` may be left to the person's own language and to the browser's setting.

    ``keys``: whether single letters act on lists. Who speaks to the machine, or strikes keys by mistake, turns that off
    (WCAG 2.1.4).
    """

    lang: str = AUTO
    theme: str = AUTO
    size: str = "normal"
    keys: str = "on"

    def text(self) -> str:
        """As the cookie holds it."""
        return f"{self.lang}.{self.theme}.{self.size}.{self.keys}"

    def with_choice(self, given: Mapping[str, str]) -> Look:
        """With what a form chose; what is no choice changes nothing."""
        chosen = {name: value for name, value in given.items() if value in CHOICES.get(name, ())}
        return replace(self, **chosen)


# A cookie from before there was a choice of keys holds three.
_BEFORE_KEYS = 3
CHOICES = {"lang": LANGS, "theme": (AUTO, *THEMES), "size": SIZES, "keys": KEYS}


def look_of(cookie: str | None) -> Look:
    """The look that a cookie asks for; of one that is none of ours, the plain one."""
    parts = (cookie or "").split(".")
    if not _BEFORE_KEYS <= len(parts) <= len(CHOICES):
        return Look()
    return Look().with_choice(dict(zip(CHOICES, parts, strict=False)))
