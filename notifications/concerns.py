"""What the watch found, in words: what is wrong and, beside it, what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from notifications.words import catalogue, say


def concern_told(code: str, params: Mapping[str, Any], lang: str, *, short: bool = False) -> str:
    """A concern of the catalogue `watch`; ``short``: without what to do, and without the full stop."""
    what = say(f"watch.{code}", params, lang)
    if short:
        return what.rstrip(".")
    return f"{what} {say(f'watch_do.{code}', params, lang)}" if code in catalogue("watch_do", lang) else what
