"""How far long work is: a count and the time left on a terminal, one line per part when piped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cli.terminal import Terminal


@contextmanager
def shown_progress(terminal: Terminal) -> Iterator[Callable[..., None]]:
    """A progress that long work may call as often as it likes."""
    console = terminal.screen.trouble
    if not console.is_terminal:
        yield _by_lines(terminal)
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    with Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeRemainingColumn(compact=True),
        TextColumn("{task.fields[words]}", markup=False),
        console=console,
        transient=True,
    ) as bars:
        tasks: dict[str, object] = {}

        def show(part: str, done: int, total: int, words: str = "") -> None:
            if part not in tasks:
                tasks[part] = bars.add_task(terminal.say(f"part_{part}"), total=total, words=words)
            bars.update(tasks[part], completed=done, total=total, words=words)  # type: ignore[arg-type]

        yield show


def _by_lines(terminal: Terminal) -> Callable[..., None]:
    begun: set[str] = set()

    def show(part: str, done: int, total: int, words: str = "") -> None:
        if part not in begun and not terminal.json:
            begun.add(part)
            terminal.screen.complain(terminal.say(f"part_{part}") + " …")

    return show
