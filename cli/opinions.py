"""Opinions as they are typed: ``--opinion "12=not_supported:reason" --votes 8/9``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli import values

if TYPE_CHECKING:
    from casework.inputs import OpinionInput

# The parsers give tuples; a second pass over them is no text any more.
Opinions = Annotated[
    list[str] | None,
    typer.Option("--opinion", metavar="NOMINATION=VERDICT", help="opinion", parser=values.words()),
]
Votes = Annotated[
    str | None, typer.Option("--votes", metavar="FOR/MEMBERS", help="votes", parser=values.words(20))
]


def opinion_inputs(opinions: list[str] | None, votes: str | None) -> tuple[OpinionInput, ...]:
    """The opinions of an act; votes are those of each of them."""
    from casework.inputs import OpinionInput

    cast = values.votes(votes) if votes is not None else (None, None)
    return tuple(
        OpinionInput(nomination, verdict, lower, reason, *cast)
        for nomination, verdict, lower, reason in map(values.opinion, opinions or ())
    )
