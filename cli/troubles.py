"""What goes wrong, in words and as an exit code: the only file of the terminal that knows both."""

from __future__ import annotations

import re
import sys
from typing import Any

from cli import exits
from cli.group import NoSuchCommand, placeholder
from cli.terminal import Terminal
from cli.values import BadValue, shortened
from notifications.words import capital, say, say_fault, say_reason

# How Typer says that more was typed than a command takes; it has no class of its own.
_EXTRA = re.compile(r"unexpected extra argument.*?\((.*)\)")


def exit_code_of(terminal: Terminal, error: Exception) -> int:
    """Tell what went wrong and give the exit code. A fault of the program is told too, never as a traceback."""
    for tell in (_usage, _ours, _storage, _machine):
        code = tell(terminal, error)
        if code is not None:
            return code
    # `python -X dev` is how a developer asks to see where it happened.
    if sys.flags.dev_mode:
        raise error
    detail = shortened(f"{type(error).__name__}: {error}", 300)
    _tell(terminal, "broken", terminal.say("broken", detail=detail))
    return exits.BROKEN


def _tell(terminal: Terminal, error: str, text: str, **more: Any) -> None:
    if terminal.json:
        terminal.screen.data({"error": error, "text": text, **more})
    else:
        terminal.screen.complain(text)


def _usage(terminal: Terminal, error: Exception) -> int | None:
    import typer

    if not isinstance(error, typer.TyperException):
        return None
    name = type(error).__name__
    if name == "NoArgsIsHelpError":
        terminal.screen.complain(str(error))
        return exits.USAGE
    text = usage_text(terminal, error)
    ctx = getattr(error, "ctx", None)
    if ctx is not None and not terminal.json:
        text += "\n" + terminal.say("see_help", command=ctx.command_path)
    _tell(terminal, "usage", text)
    return exits.USAGE


def usage_text(terminal: Terminal, error: Any) -> str:
    """What is wrong with a command as it was typed."""
    param = getattr(error, "param", None)
    name = _name_of(param, terminal.lang)
    if isinstance(error, NoSuchCommand):
        near = terminal.say("did_you_mean", names=error.near) if error.near else ""
        return f"{terminal.say('no_such_command', name=shortened(error.name))} {near}".strip()
    if isinstance(error, BadValue):
        text = say(f"values.{error.code}", error.params, terminal.lang)
        return terminal.say("bad_value", name=name, text=text) if name else capital(text)
    match type(error).__name__:
        case "MissingParameter":
            return terminal.say("missing_parameter", name=name)
        case "NoSuchOption":
            near = error.possibilities
            more = terminal.say("did_you_mean", names=sorted(near)) if near else ""
            return f"{terminal.say('no_such_option', name=shortened(error.option_name))} {more}".strip()
        case "BadOptionUsage":
            return terminal.say("option_usage", name=shortened(error.option_name))
        case "BadParameter" if name:
            return terminal.say("bad_value", name=name, text=shortened(str(error.message), 200))
    told = str(error.format_message())
    if extra := _EXTRA.search(told):
        return terminal.say("too_many_words", words=shortened(extra[1], 100))
    return terminal.say("bad_usage", text=shortened(told, 200))


def _name_of(param: Any, lang: str) -> str:
    if param is None:
        return ""
    return str(param.opts[0]) if param.param_type_name == "option" else placeholder(param, lang)


def _ours(terminal: Terminal, error: Exception) -> int | None:
    from casework.regulations import Unsound
    from rules.reasons import Refused

    if isinstance(error, Refused):
        return refused(terminal, error)
    if isinstance(error, Unsound):
        show_faults(terminal, error.faults)
        return exits.UNSOUND
    return None


def refused(terminal: Terminal, error: Any) -> int:
    """Every reason against an act, numbered, with its article where there is one."""
    code = refusal_code(error.reasons)
    texts = reasons_in_words(terminal, error.reasons, terminal.about)
    if terminal.json:
        told = [{**r.as_dict(), "text": t} for r, t in zip(error.reasons, texts, strict=True)]
        terminal.screen.data({"error": "refused" if code == exits.REFUSED else "not_found", "reasons": told})
        return code
    if code == exits.NOT_FOUND and len(texts) == 1:
        terminal.screen.complain(texts[0])
        return code
    terminal.screen.complain(terminal.say("refused", count=len(texts)))
    for number, text in enumerate(texts, 1):
        terminal.screen.complain_item(f"{number}. ", text)
    return code


def refusal_code(reasons: Any) -> int:
    """Not found where a reason says that something named does not exist, refused otherwise."""
    found = any(reason.code in exits.NOT_FOUND_CODES for reason in reasons)
    return exits.NOT_FOUND if found else exits.REFUSED


def reasons_in_words(terminal: Terminal, reasons: Any, dossier: str | None) -> list[str]:
    """The reasons as sentences, with names where the database can still be asked for them."""
    from casework.views.naming import named
    from kit.database import StorageTrouble

    try:
        with terminal.reading() as connection:
            reasons = named(connection, reasons, terminal.lang, dossier)
    except StorageTrouble:
        pass
    return [say_reason(reason, terminal.lang) for reason in reasons]


def show_faults(terminal: Terminal, faults: Any, file: str | None = None) -> None:
    """Every fault of a published file with its line."""
    if terminal.json:
        terminal.screen.data(
            {
                "error": "unsound",
                "file": file,
                "faults": [
                    {"line": f.line, "code": f.code, "params": f.params, "text": say_fault(f, terminal.lang)}
                    for f in faults
                ],
            }
        )
        return
    terminal.screen.complain(
        terminal.say("unsound", count=len(faults), file=file or terminal.say("the_file"))
    )
    for fault in faults:
        where = terminal.say("line", line=fault.line) if fault.line else terminal.say("whole_file")
        terminal.screen.complain_item(f"{where}: ", f"{say_fault(fault, terminal.lang)} [{fault.code}]")


def _storage(terminal: Terminal, error: Exception) -> int | None:
    from sqlalchemy.exc import DBAPIError

    from kit.database import StorageTrouble

    if isinstance(error, StorageTrouble):
        code, detail = error.code, error.detail
    elif isinstance(error, DBAPIError):
        # Not one of the troubles that have a name; nothing was written, for a transaction is all or nothing.
        code, detail = "database_trouble", str(error.orig)
    else:
        return None
    text = say(f"storage.{code}", {"detail": shortened(detail, 200)}, terminal.lang)
    _tell(terminal, "storage", text, code=code)
    return exits.STORAGE


def _machine(terminal: Terminal, error: Exception) -> int | None:
    from pydantic import ValidationError

    if isinstance(error, ValidationError):
        names = ", ".join("THIDUA_" + "_".join(map(str, e["loc"])).upper() for e in error.errors())
        _tell(terminal, "usage", terminal.say("bad_setting", names=names))
        return exits.USAGE
    if isinstance(error, OSError | ValueError) and getattr(error, "filename", None) is not None:
        exists = isinstance(error, FileExistsError)
        code = "file_exists" if exists else "file_unusable"
        detail = str(error.filename) if exists else f"{error.filename}: {error.strerror}"  # type: ignore[union-attr]
        text = say(f"storage.{code}", {"detail": shortened(detail, 200)}, terminal.lang)
        _tell(terminal, "storage", text, code=code)
        return exits.STORAGE
    return None
