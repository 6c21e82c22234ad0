"""Some awards with what each pays, in sums, and what a revocation of a dossier would have back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping

from casework.law.awards import awards_where, beside, prizes_of
from casework.law.tables import money_tables_on
from casework.load import NOMINATION
from rules.money import AT_MOST, LEFT_OUT, NO_TABLE, PAID, Line, MoneyTable, Prize, reckon

HELD = "held"


@dataclass(frozen=True, slots=True)
class Reckoned:
    """One award with what it pays: ``line`` None where no rulebook is published for the day."""

    row: RowMapping
    prize: Prize
    line: Line | None
    table: MoneyTable | None

    @property
    def money(self) -> str:
        """What comes of it, one of `rules.money.LINE_STANDINGS`."""
        return self.line.standing if self.line is not None else NO_TABLE

    @property
    def verified(self) -> bool:
        """Whether every number in it was verified."""
        return self.line is not None and self.table is not None and self.line.verified(self.table)


def reckoned_of(
    connection: Connection, condition: ColumnElement[bool], rows: Sequence[RowMapping]
) -> list[Reckoned]:
    """The rows with what each pays. What was revoked is shown with what it paid while it was held."""
    if not rows:
        return []
    around = beside(connection, condition)
    prizes = prizes_of(connection, {row["id"]: row for row in (*around, *rows)}.values())
    tables = money_tables_on(connection, {row["decided_on"] for row in rows})
    lines: dict[int, Line] = {}
    for day, table in tables.items():
        if table is None:
            continue
        same_day = [row for row in around if row["decided_on"] == day]
        held = [prizes[row["id"]] for row in same_day if row["standing"] == HELD]
        fallen = [prizes[row["id"]] for row in same_day if row["standing"] != HELD]
        lines |= {int(line.prize.key): line for line in reckon(table, held).lines}
        # Of the fallen, what they were paid beside what was held then.
        lines |= {
            int(line.prize.key): line
            for line in (reckon(table, [*held, *fallen]).lines if fallen else ())
            if line.prize in fallen
        }
    return [Reckoned(row, prizes[row["id"]], lines.get(row["id"]), tables[row["decided_on"]]) for row in rows]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a revocation of a dossier would have back: money in đồng, items with how many; ``known`` False: some of it
    cannot be reckoned, so that the sum is no proposal."""

    money: int
    items: Mapping[str, int]
    known: bool
    verified: bool


def recovery_proposed(connection: Connection, dossier: int) -> Proposal | None:
    """What was paid and handed over for a dossier's titles; None where nothing of it is held or known."""
    condition = NOMINATION.c.dossier_id == dossier
    rows = [row for row in awards_where(connection, condition) if row["standing"] == HELD]
    reckoned = reckoned_of(connection, condition, rows)
    if not reckoned or all(one.table is None for one in reckoned):
        return None
    known = all(one.money in (PAID, LEFT_OUT) for one in reckoned)
    found = totals(reckoned)
    return Proposal(found["paid"], found["items"], known, not found["unverified"])


def totals(reckoned: Iterable[Reckoned]) -> dict[str, Any]:
    """What some awards come to: money, items, and how many pay, are left out, are a maximum, cannot be reckoned."""
    listed = list(reckoned)
    items: Counter[str] = Counter()
    for one in listed:
        if one.line is not None and one.line.rate is not None:
            items.update(one.line.rate.items or ())
    standings = Counter(one.money for one in listed)
    return {
        "awards": len(listed),
        "paid": sum(one.line.paid for one in listed if one.line is not None),
        "paying": standings[PAID],
        "left_out": standings[LEFT_OUT],
        "at_most": standings[AT_MOST],
        "unreckoned": len(listed) - standings[PAID] - standings[LEFT_OUT] - standings[AT_MOST],
        "unverified": sum(1 for one in listed if one.line is not None and not one.verified),
        "items": dict(sorted(items.items())),
    }
