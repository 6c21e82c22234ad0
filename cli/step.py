"""Taking steps: `thidua step EVENT DOSSIER…`, and a speaking command for each event."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import exits, options, values
from cli.act import show_receipt
from cli.group import Command
from cli.opinions import Opinions, Votes, opinion_inputs
from cli.outcomes import show_outcomes
from cli.terminal import Terminal
from states.vocabulary import EVENTS

if TYPE_CHECKING:
    from casework.inputs import Inputs

#: events whose short name is clearer than the event itself
_NAMES = {"record_score": "score", "record_council": "council", "record_result": "result"}
#: what an alias shows in its help first; it takes every option of `step` all the same, since procedures are data
_SHOWN = {
    "record_score": ("points", "rank", "opinions"),
    "record_council": ("opinions", "votes", "support_rest", "reason"),
    "appraise": ("opinions", "support_rest", "reason"),
    "endorse": ("opinions", "support_rest", "reason"),
    "forward": ("submission", "day", "opinions", "support_rest"),
    "file": ("receipt",),
    "decide": ("number", "day", "signatory", "refuse"),
    "record_result": ("number", "day", "signatory", "refuse"),
    "revoke": ("reason", "number", "day", "signatory", "money", "items", "by_sheet", "why_money"),
    "reopen": ("reason", "receipt"),
    "register": (),
    "hand_in": (),
    "convene": (),
    "resubmit": (),
    "lapse": (),
}
_ALWAYS = ("ctx", "dossiers", "from_file", "person", "key", "dry_run", "expect_version")

Dossiers = Annotated[
    list[str] | None, typer.Argument(metavar="DOSSIER", help="dossiers", parser=values.words(120))
]


def alias_of(event: str) -> str:
    """The command of an event."""
    return _NAMES.get(event, event).replace("_", "-")


def add_to(app: typer.Typer) -> None:
    """Put `step` and the commands of the events beside the nouns."""
    app.command("step", cls=Command)(step)
    for event in EVENTS:
        app.command(alias_of(event), cls=_alias_class(event))(_alias(event))


def _alias_class(event: str) -> type[Command]:
    shown = (*_SHOWN.get(event, ("reason",)), *_ALWAYS, "help")
    name = event

    class Alias(Command):
        event = name

        def get_params(self, ctx: Any) -> list[Any]:
            params = super().get_params(ctx)
            for param in params:
                if param.name not in shown:
                    param.hidden = True
            return params

    return Alias


def step(
    ctx: typer.Context,
    event: Annotated[str, typer.Argument(metavar="EVENT", help="event", parser=values.one_of(EVENTS))],
    dossiers: Dossiers = None,
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="TEXT", help="reason", parser=values.words())
    ] = None,
    points: Annotated[
        Decimal | None, typer.Option("--score", metavar="POINTS", help="points", parser=values.points)
    ] = None,
    rank: Annotated[
        int | None, typer.Option("--rank", metavar="NUMBER", help="rank", parser=values.whole(1, 9999))
    ] = None,
    opinions: Opinions = None,
    votes: Votes = None,
    support_rest: Annotated[bool, typer.Option("--support-rest", help="support_rest")] = False,
    receipt: Annotated[
        str | None, typer.Option("--receipt", metavar="NUMBER", help="receipt", parser=values.words(80))
    ] = None,
    number: Annotated[
        str | None, typer.Option("--number", metavar="NUMBER", help="number", parser=values.words(80))
    ] = None,
    submission: Annotated[
        str | None, typer.Option("--submission", metavar="NUMBER", help="submission", parser=values.words(80))
    ] = None,
    day: Annotated[date | None, typer.Option("--date", metavar="DAY", help="date", parser=values.day)] = None,
    signatory: Annotated[
        str | None, typer.Option("--signatory", metavar="TEXT", help="signatory", parser=values.words(120))
    ] = None,
    refuse: Annotated[
        list[int] | None,
        typer.Option("--refuse", metavar="NOMINATION", help="refuse", parser=values.whole(1)),
    ] = None,
    money: Annotated[
        int | None,
        typer.Option("--money", metavar="MONEY", help="money", parser=values.whole(0, values.MOST_MONEY)),
    ] = None,
    items: Annotated[
        str | None, typer.Option("--items", metavar="TEXT", help="items", parser=values.words(400))
    ] = None,
    by_sheet: Annotated[bool, typer.Option("--by-sheet", help="by_sheet")] = False,
    why_money: Annotated[
        str | None, typer.Option("--why-money", metavar="TEXT", help="why_money", parser=values.words())
    ] = None,
    from_file: Annotated[Path | None, typer.Option("--from-file", metavar="FILE", help="from_file")] = None,
    person: options.As = None,
    key: options.RequestKey = None,
    expect_version: options.ExpectVersion = None,
    dry_run: options.DryRun = False,
) -> int:
    codes = dossier_codes(dossiers or (), from_file)
    typed = Typed(
        reason, points, rank, opinions, votes, support_rest, receipt, number, submission, day, signatory,
        tuple(refuse or ()), money, items, by_sheet, why_money, expect_version,
    )  # fmt: skip
    request = Request(ctx.obj, event, typed.inputs(), person, key, dry_run)
    if len(codes) == 1 and from_file is None:
        return request.single(codes[0])
    if expect_version is not None:
        raise values.BadValue("version_of_one")
    return request.bulk(codes)


def _alias(event: str) -> Callable[..., int]:
    """`step` with its event given; its options are read from the signature, so that both stay one."""

    def command(**given: Any) -> int:
        return step(event=event, **given)

    signature = inspect.signature(step, eval_str=True)
    kept = [param for name, param in signature.parameters.items() if name != "event"]
    command.__signature__ = signature.replace(parameters=kept)  # type: ignore[attr-defined]
    command.__annotations__ = {param.name: param.annotation for param in kept}
    command.__name__ = event
    return command


def dossier_codes(typed: Iterable[str], from_file: Path | None) -> list[str]:
    """The codes that were typed, those in a file, and for "-" those on standard input; each once, in order.

    In a file a code stands first on its line; what follows, and lines that begin with #, are for people.
    """
    from cli.papers import refuse_unreadable

    codes: list[str] = []
    for word in typed:
        codes += _codes_in(sys.stdin.read(_LONGEST_LIST)) if word == "-" else [word]
    if from_file is not None and str(from_file) == "-":
        codes += _codes_in(sys.stdin.read(_LONGEST_LIST))
    elif from_file is not None:
        refuse_unreadable(from_file)
        with from_file.open("rb") as stream:
            try:
                codes += _codes_in(stream.read(_LONGEST_LIST).decode("utf-8-sig"))
            except UnicodeDecodeError:
                raise values.BadValue("list_not_text") from None
    if not codes:
        raise values.BadValue("no_dossier_named")
    return list(dict.fromkeys(codes))


_LONGEST_LIST = 10_000_000


def _codes_in(text: str) -> list[str]:
    lines = (line.replace(",", " ").split() for line in text.splitlines())
    return [values.words(120)(words[0]) for words in lines if words and not words[0].startswith("#")]


@dataclass(frozen=True, slots=True)
class Typed:
    """What came with a step, as it was typed."""

    reason: str | None
    points: Decimal | None
    rank: int | None
    opinions: list[str] | None
    votes: str | None
    support_rest: bool
    receipt: str | None
    number: str | None
    submission: str | None
    day: date | None
    signatory: str | None
    refuse: tuple[int, ...]
    money: int | None
    items: str | None
    by_sheet: bool
    why_money: str | None
    expect_version: int | None

    def inputs(self) -> Inputs:
        """The inputs of the act; a group of which a part is missing is a fault of usage."""
        from casework.inputs import DecisionInput, Inputs, RecoveryInput, ScoreInput, SubmissionInput

        score = self._together({"--score": self.points, "--rank": self.rank})
        recovery: RecoveryInput | None = None
        if self.by_sheet:
            if self.money is not None or self.items is not None or self.why_money is not None:
                raise values.BadValue("by_sheet_alone")
            recovery = RecoveryInput(None, "")
        elif demanded := self._together({"--money": self.money, "--items": self.items}):
            recovery = RecoveryInput(*demanded, why=self.why_money or "")
        elif self.why_money is not None:
            raise values.BadValue("why_of_no_money")
        letter = decision = None
        if self.submission is not None:
            letter = self._together({"--submission": self.submission, "--date": self.day})
        if self.votes is not None and not self.opinions and not self.support_rest:
            raise values.BadValue("votes_without_opinion")
        if self.number is not None or self.signatory is not None or self.refuse:
            decision = self._together(
                {"--number": self.number, "--date": self.day, "--signatory": self.signatory}
            )
        elif self.day is not None and self.submission is None:
            raise values.BadValue("date_of_nothing")
        return Inputs(
            reason=self.reason,
            receipt=self.receipt,
            decision=DecisionInput(*decision, refused=frozenset(self.refuse)) if decision else None,
            submission=SubmissionInput(*letter) if letter else None,
            score=ScoreInput(*score) if score else None,
            recovery=recovery,
            opinions=opinion_inputs(self.opinions, self.votes),
            support_rest=self.support_rest,
            votes=values.votes(self.votes) if self.votes is not None else None,
            expected_version=self.expect_version,
        )

    @staticmethod
    def _together(parts: dict[str, Any]) -> tuple[Any, ...] | None:
        missing = [name for name, value in parts.items() if value is None]
        if len(missing) == len(parts):
            return None
        if missing:
            raise values.BadValue("given_together", names=list(parts), missing=missing)
        return tuple(parts.values())


@dataclass(frozen=True, slots=True)
class Request:
    """One event for one dossier or for many."""

    terminal: Terminal
    event: str
    inputs: Inputs
    person: str | None
    key: str | None
    dry_run: bool

    def single(self, code: str) -> int:
        """Take the step of one dossier."""
        from casework.take_step import take_step

        self.terminal.about = code
        with self.terminal.database() as database:
            call = self.terminal.call(database, self.person, self.key)
            receipt = take_step(database, code, self.event, call, self.inputs, dry_run=self.dry_run)
            show_receipt(self.terminal, database, receipt)
        return exits.DONE

    def bulk(self, codes: list[str]) -> int:
        """Take the step of many dossiers and show what became of each."""
        from casework.bulk import take_steps

        with self.terminal.database() as database:
            call = self.terminal.call(database, self.person, self.key)
            outcomes = take_steps(database, codes, self.event, call, self.inputs, dry_run=self.dry_run)
            return show_outcomes(self.terminal, database, self.event, outcomes)
