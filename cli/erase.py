"""Erasing what is personal: a person's data, the text of a reason. The chains stay whole."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import options, values
from cli.act import Act, office_act
from cli.group import Command, noun

commands = noun("erase")


@commands.command("person", cls=Command)
@office_act
def person_(
    ctx: typer.Context,
    who: options.PersonCode,
    reason: options.Reason,
) -> Act:
    from casework.erase import erase_person

    return lambda d, c, **o: erase_person(d, who, reason, c, **o)


@commands.command("note", cls=Command)
@office_act
def note(
    ctx: typer.Context,
    note: Annotated[str, typer.Argument(metavar="NOTE", help="note", parser=values.words(36))],
) -> Act:
    from casework.erase import erase_note

    return lambda d, c, **o: erase_note(d, note, c, **o)
