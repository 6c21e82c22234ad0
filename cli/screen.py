"""What stands on the terminal: tables within 100 columns, plain when piped, and data for programs."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from rich.console import Console

WIDTH = 100


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. ``number`` aligns right; ``whole`` is never wrapped; ``share`` is its part of the width."""

    head: str
    number: bool = False
    whole: bool = False
    share: int | None = None


class Screen:
    """The way out of a command: standard output for what was asked for, standard error for what went wrong."""

    def __init__(self, out: TextIO | None = None, err: TextIO | None = None) -> None:
        self._out, self._err = out, err

    @cached_property
    def console(self) -> Console:
        """Standard output."""
        return self._console(self._out or sys.stdout)

    @cached_property
    def trouble(self) -> Console:
        """Standard error."""
        return self._console(self._err or sys.stderr)

    @staticmethod
    def _console(file: TextIO) -> Console:
        from rich.console import Console

        on_terminal = file.isatty()
        console = Console(
            file=file, highlight=False, markup=False, emoji=False, no_color=None if on_terminal else True
        )
        console.width = min(console.width, WIDTH) if on_terminal else WIDTH
        return console

    @property
    def on_terminal(self) -> bool:
        """Whether a person reads along; without one there are no colours, no lines and no progress."""
        return self.console.is_terminal

    def line(self, text: str = "", style: str | None = None) -> None:
        """One line or paragraph."""
        self._show(self.console, text, style)

    def title(self, text: str) -> None:
        """What the following is about."""
        self._show(self.console, text, "bold")

    def item(self, head: str, text: str) -> None:
        """A paragraph that hangs under its head, such as a number or a sign."""
        self._show(self.console, _hanging(head, text, self.console.width))

    def complain(self, text: str) -> None:
        """Something that went wrong, to standard error."""
        self._show(self.trouble, text)

    def complain_item(self, head: str, text: str) -> None:
        """One of several things that went wrong."""
        self._show(self.trouble, _hanging(f"  {head}", text, self.trouble.width))

    def table(
        self, columns: Sequence[Column], rows: Iterable[Sequence[Any]], title: str | None = None
    ) -> None:
        """A table; long names wrap and never hide."""
        from rich import box
        from rich.table import Table
        from rich.text import Text

        if title:
            self.title(title)
        table = Table(
            box=box.SIMPLE_HEAD if self.on_terminal else None,
            header_style="bold",
            pad_edge=False,
            padding=(0, 2 if not self.on_terminal else 1, 0, 0),
            show_edge=False,
            expand=any(column.share for column in columns),
        )
        for column in columns:
            table.add_column(
                Text(column.head),
                justify="right" if column.number else "left",
                no_wrap=column.whole,
                overflow="fold",
                ratio=column.share,
            )
        for row in rows:
            table.add_row(*(cell if isinstance(cell, Text) else Text(str(cell)) for cell in row))
        self._show(self.console, table)

    @staticmethod
    def _show(console: Console, what: Any, style: str | None = None) -> None:
        if console.is_terminal:
            console.print(what, style=style)
            return
        with console.capture() as capture:
            console.print(what)
        # For other programs: no blanks at the end of a line.
        console.file.write("".join(f"{line.rstrip()}\n" for line in capture.get().splitlines()))

    def plain(self, text: str) -> None:
        """A text as it is, neither wrapped nor coloured: a file for another program."""
        (self._out or sys.stdout).write(text if text.endswith("\n") else text + "\n")

    def data(self, value: Any) -> None:
        """A value as JSON, for programs: keys stay the same in every language."""
        text = json.dumps(value, ensure_ascii=False, indent=2, default=_plain)
        (self._out or sys.stdout).write(text + "\n")


def _hanging(head: str, text: str, width: int) -> str:
    options = {"width": width, "subsequent_indent": " " * len(head), "break_on_hyphens": False}
    return textwrap.fill(text, initial_indent=head, **options)  # type: ignore[arg-type]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    if hasattr(value, "as_dict"):
        return value.as_dict()
    raise TypeError(f"{type(value).__name__} cannot be shown as JSON")
