"""How commands look to a reader: help in her language, plain text, within 100 columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from cli.values import BadValue
from notifications.words import LANGS, catalogue, say, word


def _lang(ctx: Any) -> str:
    lang = getattr(ctx.find_root().obj, "lang", "vi")
    return lang if lang in LANGS else "vi"


class _Helped:
    """What a command and a group of commands share in showing their help."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        lang = _lang(ctx)
        pieces = self.collect_usage_pieces(ctx)  # type: ignore[attr-defined]
        words = {
            "[OPTIONS]": say("terminal.usage_options", None, lang),
            "COMMAND [ARGS]...": say("terminal.usage_command", None, lang),
        }
        arguments = " ".join(words.get(piece) or _placeholders(piece, lang) for piece in pieces)
        formatter.write_usage(ctx.command_path, arguments, say("terminal.usage", None, lang) + " ")

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        text = help_of(self, ctx.command_path, _lang(ctx))
        formatter.write_paragraph()
        with formatter.indentation():
            for paragraph in text.splitlines():
                formatter.write_text(paragraph) if paragraph else formatter.write_paragraph()

    def format_options(self, ctx: Any, formatter: Any) -> None:
        lang = _lang(ctx)
        records: dict[str, list[tuple[str, str]]] = {"argument": [], "option": []}
        for param in self.get_params(ctx):  # type: ignore[attr-defined]
            if not getattr(param, "hidden", False):
                records[param.param_type_name].append(param_record(param, lang))
        for kind, title in (("argument", "arguments"), ("option", "options")):
            if records[kind]:
                with formatter.section(say(f"terminal.{title}", None, lang)):
                    formatter.write_dl(records[kind])


def help_of(command: Any, path: str, lang: str) -> str:
    """The help of a command: its text in the catalogue `commands`, under its path; of an alias, made of its event."""
    key = "_".join(path.split()[1:]).replace("-", "_") or "thidua"
    text = catalogue("commands", lang).get(key)
    event = getattr(command, "event", None)
    if text is None and event is not None:
        return say("commands.alias", {"event": event}, lang)
    return text if text is not None else f"commands.{key}"


def placeholder(param: Any, lang: str) -> str:
    """What stands in usage and help for a value to be typed."""
    return word("metavars", param.metavar or param.name.upper(), lang)


def _placeholders(piece: str, lang: str) -> str:
    """A piece of a usage line, such as ``[DOSSIER]...``, in the reader's language."""
    # Typer puts what has to be typed into braces, several of it with dots behind: {NOMINATION}...
    plain = piece.replace("{", "").replace("}", "")
    return re.sub(r"[A-Z][A-Z=/]*", lambda found: word("metavars", found[0], lang), plain)


def param_record(param: Any, lang: str) -> tuple[str, str]:
    """The name of a parameter and what it is, as help shows them."""
    if param.param_type_name == "argument":
        name = placeholder(param, lang)
        required = param.required
    else:
        name = ", ".join(param.opts)
        if not param.is_flag and param.name != "help":
            name += f" {placeholder(param, lang)}"
        required = param.required
    key = "help" if param.name == "help" else param.help
    text = say(f"options.{key}", None, lang)
    return name, f"{text} [{say('terminal.required', None, lang)}]" if required else text


#: what no text holds: a zero, and halves of a letter, which stand for bytes that are none
_UNREADABLE = re.compile("[\0\ud800-\udfff]")


class Command(_Helped, TyperCommand):
    """A command whose help and faults speak the reader's language. ``event``: of an alias of `step`."""

    event: str | None = None

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        for text in args:
            if _UNREADABLE.search(text):
                raise BadValue("text_unreadable")
        return super().parse_args(ctx, args)


class Group(_Helped, TyperGroup):
    """A group of commands. ``sections``: the commands under headings, in the order in which help shows them."""

    sections: Mapping[str, Sequence[str]] | None = None

    def format_options(self, ctx: Any, formatter: Any) -> None:
        super().format_options(ctx, formatter)
        lang = _lang(ctx)
        for title, names in (self.sections or {"commands": list(self.commands)}).items():
            rows = [
                (name, help_of(self.commands[name], f"{ctx.command_path} {name}", lang).splitlines()[0])
                for name in names
                if not self.commands[name].hidden
            ]
            with formatter.section(say(f"terminal.{title}", None, lang)):
                formatter.write_dl(rows)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            from difflib import get_close_matches

            raise NoSuchCommand(args[0], get_close_matches(args[0], self.commands), ctx)
        return super().resolve_command(ctx, args)


class NoSuchCommand(typer.BadParameter):
    """A word that is no command, and those that come near."""

    def __init__(self, name: str, near: list[str], ctx: Any) -> None:
        super().__init__(name, ctx)
        self.name, self.near = name, near


def noun(name: str) -> typer.Typer:
    """An empty group of commands, for one noun."""
    return typer.Typer(
        name=name,
        cls=Group,
        no_args_is_help=True,
        rich_markup_mode=None,
        add_completion=False,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
