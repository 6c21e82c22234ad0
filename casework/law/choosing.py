"""The rulebooks by which one is judged, as published here, and why it is these (docs/rulebooks.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from casework.law.which import which
from casework.regulations import REGULATION, rulebooks
from published.rulebooks import Rulebook
from published.rulebooks.values import DECISION

#: the later rulebook of a transition, where its verdict is better
MORE_FAVOURABLE = "more_favourable"
_ANY = select(REGULATION.c.sha256).where(REGULATION.c.kind == "rulebook").limit(1)


@dataclass(frozen=True, slots=True)
class Choice:
    """A rulebook for a legal day, and why it is that one (`casework/law/which.py`, or `MORE_FAVOURABLE`).

    Received before ``transition_day``, a dossier is judged by the earlier one. ``others`` are the names of rulebooks
    that have a say in the choice beside this one, whether they are published or not.
    """

    rulebook: Rulebook
    legal_day: date
    chosen: str
    transition_day: date | None = None
    others: tuple[str, ...] = ()

    @property
    def sha256(self) -> str:
        """The hash under which it was published."""
        return self.rulebook.sha256


def any_rulebook(connection: Connection) -> bool:
    """Whether an office has published rulebooks at all."""
    return connection.execute(_ANY).first() is not None


def choices_for(
    connection: Connection,
    received: date | None,
    decided: date,
    books: tuple[Rulebook, ...] | None = None,
) -> tuple[Choice, ...]:
    """The rulebooks that may apply, the one that applies first; another only where it counts if it is more favourable.

    ``received`` is the day on which the dossier was taken in (None: not yet), ``decided`` that of the decision, or of
    today. Empty where none is published for the day. ``books``: the rulebooks, where somebody asks for several days.
    """
    found = which(rulebooks(connection) if books is None else books, received, decided)
    if found is None:
        return ()
    rule, also = found.transition, found.also
    since = rule.received_before if rule else None
    others = () if rule is None else (rule.earlier,)
    first = Choice(found.rulebook, _legal_day(found.rulebook, received, decided), found.why, since, others)
    if also is None:
        return (first,)
    return first, Choice(also, _legal_day(also, received, decided), MORE_FAVOURABLE, since, others)


def _legal_day(book: Rulebook, received: date | None, decided: date) -> date:
    """The day on which a rulebook's conditions are asked; of an earlier one, its last at the latest."""
    day = decided if book.legal_day == DECISION else received or decided
    return day if book.until is None else min(day, book.until)
