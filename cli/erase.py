"""Erasing what is personal: a person's data, the text of a reason. The chains stay whole."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import options, values
from cli.act import on_office
from cli.group import Command, noun

commands = noun("erase")


@commands.command("person", cls=Command)
def person_(
    ctx: typer.Context,
    who: options.PersonCode,
    reason: options.Reason,
    person: options.As = None,
    key: options.RequestKey = None,
    dry_run: options.DryRun = False,
) -> int:
    from casework.erase import erase_person

    return on_office(ctx.obj, person, key, lambda d, c: erase_person(d, who, reason, c, dry_run=dry_run))


@commands.command("note", cls=Command)
def note(
    ctx: typer.Context,
    note: Annotated[str, typer.Argument(metavar="NOTE", help="note", parser=values.words(36))],
    person: options.As = None,
    key: options.RequestKey = None,
    dry_run: options.DryRun = False,
) -> int:
    from casework.erase import erase_note

    return on_office(ctx.obj, person, key, lambda d, c: erase_note(d, note, c, dry_run=dry_run))
