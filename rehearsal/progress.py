"""How long work tells the terminal how far it is."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Is told the part that is under way ("load", "play", "report"), how much of it is done, and of how much.

    ``words`` says where the part stands, for example the day that is being played.
    """

    def __call__(self, part: str, done: int, total: int, words: str = "") -> None:
        """Show it; called often, so it should cost little."""
        ...


def silent(part: str, done: int, total: int, words: str = "") -> None:
    """Say nothing."""
