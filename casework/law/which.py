"""Which rulebook a dossier is judged by: the one of its legal day, or, in a transition, the one before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from published.rulebooks.values import DECISION, MORE_FAVOURABLE, Rulebook, Transition

#: why it is this one: by the day of the decision; by the day of receipt; received before the law changed; the same, and
#: the later one is to be tried as well; received before, but the earlier rulebook is not published
BY_DECISION, BY_RECEIPT, IN_TRANSITION, THE_BETTER, EARLIER_UNPUBLISHED = (
    "by_decision",
    "by_receipt",
    "in_transition",
    "the_better",
    "earlier_unpublished",
)


@dataclass(frozen=True, slots=True)
class Which:
    """The rulebook that applies, and why. ``also``: another that takes its place where its verdict is better
    (`rules.verdict.better`). ``transition`` is what sends the dossier to the earlier one."""

    rulebook: Rulebook
    why: str
    also: Rulebook | None = None
    transition: Transition | None = None

    @property
    def candidates(self) -> tuple[Rulebook, ...]:
        """What has to be tried, the one that applies first."""
        return (self.rulebook,) if self.also is None else (self.rulebook, self.also)


def which(rulebooks: Iterable[Rulebook], received_on: date | None, on: date) -> Which | None:
    """The rulebook for a dossier received on a day (None: not yet) and decided, or looked at, ``on`` a day; None where
    no rulebook has that day."""
    books = tuple(rulebooks)
    for book in books:
        if book.holds(on if book.legal_day == DECISION else received_on or on):
            return _moved(books, book, received_on)
    return None


def _moved(books: tuple[Rulebook, ...], book: Rulebook, received_on: date | None) -> Which:
    rule = book.transition
    if rule is None or received_on is None or received_on >= rule.received_before:
        return Which(book, BY_DECISION if book.legal_day == DECISION else BY_RECEIPT)
    earlier = next((b for b in books if b.name == rule.earlier), None)
    if earlier is None:
        return Which(book, EARLIER_UNPUBLISHED, transition=rule)
    if rule.unless == MORE_FAVOURABLE:
        return Which(earlier, THE_BETTER, book, rule)
    return Which(earlier, IN_TRANSITION, transition=rule)
