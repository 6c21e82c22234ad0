"""The page `docs/commands.md`, made from the command line itself: `python -m cli.manual` writes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from cli import exits
from cli.group import help_of, param_record, placeholder
from cli.main import SECTIONS, command
from kit.settings import ROOT
from notifications.words import say

PAGE = ROOT / "docs" / "commands.md"
_EXITS = (
    (exits.DONE, "done"),
    (exits.BROKEN, "a fault of the program itself; please report it"),
    (exits.USAGE, "the command was not typed as it must be, or a setting is wrong"),
    (exits.REFUSED, "refused: every reason is listed; of a bulk act, at least one dossier was refused"),
    (exits.NOT_FOUND, "a dossier, unit, person … that was named does not exist"),
    (exits.STORAGE, "the database or a file cannot be read or written; nothing was changed"),
    (exits.UNSOUND, "a procedure, calendar or catalogue has faults; nothing was published"),
    (exits.FOUND, "`audit verify`, `doctor`, `watch` or `year` found something"),
    (exits.BROKEN_OFF, "a round of letters was broken off; what is left waits for a later one"),
    (exits.INTERRUPTED, "broken off from the keyboard"),
)


def commands_page() -> str:
    """The page, as text."""
    root = command()
    lines = [
        "# The command line",
        "",
        "<!-- Made by `python -m cli.manual` from the commands themselves; do not edit. -->",
        "`thidua` speaks Vietnamese; `--lang en` or `THIDUA_LANG=en` makes it speak English. `--home`, `--lang` and",
        "`--json` may stand anywhere. Settings are listed in `.env.example`.",
        "",
        "| exit code | what it says |",
        "|---|---|",
        *(f"| {code} | {text} |" for code, text in _EXITS),
        "",
        "Refusals, troubles and progress go to standard error, what was asked for to standard output. With `--json`",
        "everything is JSON on standard output, a refusal too:",
        '`{"error": …, "reasons": [{"code", "params", "article", "text"}]}`.',
        "",
        "`--as PERSON` is for operators and samples: the history then names the person and, as the door, who sat at",
        "the terminal. Without it an act is the operator's: preparing a home, and nothing that takes a duty.",
        "",
    ]
    for section, names in SECTIONS.items():
        lines += [f"## {say(f'terminal.{section}', None, 'en')} · {say(f'terminal.{section}')}", ""]
        for name in names:
            lines += _entry(root.commands[name], f"thidua {name}")
    return "\n".join(lines).rstrip() + "\n"


def _entry(command: Any, path: str) -> Iterator[str]:
    if hasattr(command, "commands"):
        for name, inner in command.commands.items():
            yield from _entry(inner, f"{path} {name}")
        return
    arguments = [param for param in command.params if param.param_type_name == "argument"]
    usage = " ".join([path, *(_usage(param) for param in arguments)])
    first, *more = help_of(command, path, "en").splitlines()
    yield f"### `{usage}`"
    yield ""
    yield f"{help_of(command, path, 'vi').splitlines()[0]} · {first}"
    yield from more
    yield ""
    shown = {param.name for param in command.get_params(typer.Context(command)) if not _hidden(param)}
    for param in command.params:
        if param.name in shown:
            name, text = param_record(param, "en")
            yield f"- `{name}`: {text}"
    yield ""


def _hidden(param: Any) -> bool:
    return bool(getattr(param, "hidden", False))


def _usage(param: Any) -> str:
    name = placeholder(param, "en")
    name += "…" if param.nargs == -1 else ""
    return name if param.required else f"[{name}]"


if __name__ == "__main__":
    PAGE.write_text(commands_page(), encoding="utf-8")
