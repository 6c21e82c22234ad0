"""The office as a whole: beginning it in a home that is empty."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import options, values
from cli.act import Act, office_act
from cli.group import Command, noun
from states.vocabulary import UNIT_KINDS

commands = noun("office")


@commands.command("begin", cls=Command)
@office_act
def begin(
    ctx: typer.Context,
    unit: options.UnitCode,
    kind: Annotated[
        str, typer.Argument(metavar="KIND", help="first_unit_kind", parser=values.one_of(UNIT_KINDS))
    ],
    name: Annotated[str, typer.Argument(metavar="NAME", help="first_unit_name", parser=values.words(200))],
    who: options.PersonCode,
    person_name: Annotated[
        str, typer.Argument(metavar="NAME", help="first_person_name", parser=values.words(120))
    ],
    mail: Annotated[
        str | None, typer.Option("--mail", metavar="ADDRESS", help="first_mail", parser=values.words(200))
    ] = None,
) -> Act:
    from casework.begin_office import Beginning, begin_office

    beginning = Beginning(unit, kind, name, who, person_name, mail or "")
    return lambda d, c, **o: begin_office(d, beginning, c, **o)
