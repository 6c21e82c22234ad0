"""`thidua`: one command line for the whole way of a dossier. Each noun has a file; this one puts them together.

Only what help needs is imported here: a command imports the rest when it runs.
"""

from __future__ import annotations

import os
import shutil
import sys
from functools import cache
from typing import Annotated, Any

import typer

from cli import exits, values
from cli.group import Group
from cli.screen import WIDTH
from cli.step import alias_of
from cli.terminal import Terminal
from notifications.words import LANGS
from states.vocabulary import EVENTS

#: options of `thidua` itself that may stand anywhere, with whether a value follows
_GLOBAL = {"--home": True, "--lang": True, "--json": False}


#: how `thidua --help` orders the commands; a test compares it with those that there are
SECTIONS = {
    "section_begin": ("init", "run", "year"),
    "section_look": (
        "status",
        "mine",
        "dossier",
        "eligibility",
        "initiative",
        "career",
        "numbers",
        "money",
        "grades",
        "letters",
        "postbox",
    ),
    "section_step": ("step", *map(alias_of, EVENTS)),
    "section_emulate": ("movement", "exemplar"),
    "section_runs": ("up", "flow", "watch"),
    "section_rule": (
        "procedure",
        "calendar",
        "holidays",
        "titles",
        "rules",
        "succession",
        "scorecard",
        "council-rules",
    ),
    "section_office": (
        "bloc",
        "councils",
        "office",
        "unit",
        "person",
        "duty",
        "delegate",
        "delegation",
        "account",
    ),
    "section_keep": ("clock", "audit", "doctor", "erase"),
}


class Root(Group):
    """`thidua` itself."""

    sections = SECTIONS


@cache
def command() -> Any:
    """The whole command line, put together once."""
    return typer.main.get_command(build())


def build() -> typer.Typer:
    """The nouns and the commands beside them."""
    from cli import (
        account,
        audit,
        bloc,
        calendar,
        career,
        clock,
        council,
        council_rules,
        dossier,
        duty,
        eligibility,
        erase,
        exemplar,
        flow,
        grades,
        holiday,
        home,
        initiative,
        letter,
        money,
        movement,
        number,
        obligation,
        office,
        person,
        postbox,
        procedure,
        procedure_move,
        rulebook,
        scorecard,
        status,
        step,
        succession,
        title,
        unit,
        up,
    )

    app = typer.Typer(
        name="thidua",
        cls=Root,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=False,
        invoke_without_command=True,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    app.callback()(_start)
    home.add_to(app)
    status.add_to(app)
    app.add_typer(dossier.commands)
    app.add_typer(eligibility.commands)
    app.add_typer(initiative.commands)
    app.add_typer(career.commands)
    step.add_to(app)
    procedure_move.add_to(procedure.commands)
    obligation.add_to(calendar.commands)
    up.add_to(app)
    app.add_typer(flow.commands)
    flow.add_to(app)
    for module in (
        procedure,
        calendar,
        holiday,
        title,
        rulebook,
        succession,
        scorecard,
        council_rules,
        council,
        office,
        unit,
        person,
        duty,
    ):
        app.add_typer(module.commands)
    duty.add_to(app)
    for module in (money, grades, bloc, movement, exemplar, account, clock, letter, postbox, erase, audit):
        app.add_typer(module.commands)
    number.add_to(app)
    return app


def _start(
    ctx: typer.Context,
    home: Annotated[
        str | None, typer.Option("--home", metavar="FOLDER", help="home", parser=values.words())
    ] = None,
    lang: Annotated[
        str | None, typer.Option("--lang", metavar="vi|en", help="lang", parser=values.one_of(LANGS))
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="json")] = False,
) -> None:
    terminal: Terminal = ctx.obj
    terminal.home = home or terminal.home
    terminal.json = json
    if ctx.invoked_subcommand is None:
        terminal.screen.line(terminal.say("start"))


def main(args: list[str]) -> int:
    """Run one command; gives the exit code. Nothing that a user types leaves here as a traceback."""
    from cli.troubles import exit_code_of

    args = _global_first(args)
    terminal = Terminal(lang=_language(args), json="--json" in args[:5])
    try:
        width = min(shutil.get_terminal_size((WIDTH, 24)).columns, WIDTH)
        result = command().main(
            args, prog_name="thidua", standalone_mode=False, obj=terminal, terminal_width=width
        )
    except KeyboardInterrupt:
        return exits.INTERRUPTED
    except (BrokenPipeError, SystemExit):
        # Whoever read our output has enough of it, as `thidua status | head` does; Rich and Typer make an exit of it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return exits.DONE
    except Exception as error:  # noqa: BLE001  (the outermost door: everything is told here)
        return exit_code_of(terminal, error)
    return result if isinstance(result, int) else exits.DONE


def _global_first(args: list[str]) -> list[str]:
    """The options of `thidua` itself moved to the front: people type them at the end."""
    front: list[str] = []
    rest = list(args)
    position = 0
    while position < len(rest) and rest[position] != "--":
        name, separator, _ = rest[position].partition("=")
        if name not in _GLOBAL or (separator and not _GLOBAL[name]):
            position += 1
            continue
        taken = 2 if _GLOBAL[name] and not separator and position + 1 < len(rest) else 1
        front += rest[position : position + taken]
        del rest[position : position + taken]
    return front + rest


def _language(args: list[str]) -> str:
    """The language of help and of faults, known before anything is read."""
    for position, word in enumerate(args):
        name, separator, value = word.partition("=")
        if name == "--lang":
            chosen = value if separator else next(iter(args[position + 1 :]), "")
            if chosen in LANGS:
                return chosen
    # Read here and not through the settings, which cost a tenth of a second: help should be quick.
    from_environment = os.environ.get("THIDUA_LANG", "vi")
    return from_environment if from_environment in LANGS else "vi"


def run() -> None:
    """The console script."""
    for stream in (sys.stdout, sys.stderr):
        # A name that the terminal cannot show must not break a command.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    sys.exit(main(sys.argv[1:]))
