"""The numbers of the law in force on a day, as `rules/` takes them: money and grading of the published rulebooks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection

from casework.regulations import rulebooks
from published.rulebooks import Rulebook
from published.rulebooks.tables import grade_law_of, money_table_of
from rules.grading import GradeLaw
from rules.money import MoneyTable


def book_of(books: Iterable[Rulebook], day: date) -> Rulebook | None:
    """The rulebook that holds on a day; of several, the one that began last. None where none does."""
    return max((b for b in books if b.holds(day)), key=lambda book: (book.since, book.name), default=None)


def money_tables_on(connection: Connection, days: Iterable[date]) -> dict[date, MoneyTable | None]:
    """The money of the rulebook of each of some days of decisions; None where it says nothing of money."""
    books = rulebooks(connection)
    found: dict[date, MoneyTable | None] = {}
    for day in days:
        book = book_of(books, day)
        found[day] = money_table_of(book, day) if book is not None else None
    return found


def grade_law_on(connection: Connection, day: date) -> GradeLaw | None:
    """What the rulebook of a day says of grades."""
    book = book_of(rulebooks(connection), day)
    return grade_law_of(book) if book is not None else None
