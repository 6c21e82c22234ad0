"""What a money sheet says of a line beside its figures, in words: for the terminal, the page and the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from notifications.words import say
from rules.money import LEFT_OUT, NO_RATE, NO_SALARY, NO_TABLE

_TOTALS = ("left_out", "elsewhere", "at_most", "unreckoned", "unverified")


def times_text(times: str) -> str:
    """A multiple as people write it: 3/10 as 0.3; what has no end as a decimal stays a fraction."""
    exact = Fraction(times)
    rest = exact.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return str(exact)
    return format((Decimal(exact.numerator) / Decimal(exact.denominator)).normalize(), "f")


def notes_of(row: Mapping[str, Any], lang: str, *, marked: bool = False) -> list[str]:
    """Everything that is to be said of one line, a sentence each; ``marked``: what is unverified has a mark already."""
    found = []
    standing = row["money"]
    if row["standing"] != "held":
        found.append(say(f"money.fallen_{row['standing']}", {"paid": row["was_paid"]}, lang))
    if standing == LEFT_OUT and row["beside"]:
        other = {"title": row["beside"]["title_name"], "number": row["beside"]["number"]}
        found.append(say(f"money.why.{row['why']}", {**other, "article": row["article"]}, lang))
    elif standing == "at_most":
        found.append(
            say("money.at_most", {"amount": row["amount"]}, lang)
            + ". "
            + say("money.why.at_most", {"article": row["article"]}, lang)
        )
    elif standing in (NO_RATE, NO_SALARY, NO_TABLE):
        found.append(say(f"money.why.{standing}", None, lang))
    if row["same_achievement"]:
        found.append(say("money.same_achievement", None, lang))
    for other in row["elsewhere"]:
        told = {"title": other["title_name"], "number": other["number"], "day": other["decided_on"]}
        found.append(say("money.elsewhere", told, lang))
    if row["times"] and not row["verified"] and not marked:
        found.append(say("money.unverified", None, lang))
    return found


def notes_together(rows: Sequence[Mapping[str, Any]], lang: str) -> list[tuple[str, str]]:
    """(places, note) of some lines, each note once with the places of all lines that it is about: ``1-3, 7``."""
    places: dict[str, list[int]] = {}
    for place, row in enumerate(rows, 1):
        for note in notes_of(row, lang):
            places.setdefault(note, []).append(place)
    return [(_runs(listed), note) for note, listed in places.items()]


def _runs(places: Sequence[int]) -> str:
    runs: list[list[int]] = []
    for place in places:
        if runs and place == runs[-1][-1] + 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def items_told(items: Mapping[str, int], lang: str) -> list[str]:
    """Items with how many of each, in words."""
    return [say("money.item_count", {"item": item, "count": count}, lang) for item, count in items.items()]


def totals_told(totals: Mapping[str, Any], lang: str) -> list[str]:
    """What a sheet or a year comes to, a sentence each; counts of nothing are left out."""
    found = [say("money.total_paid", totals, lang)]
    found += [say(f"money.total_{name}", totals, lang) for name in _TOTALS if totals.get(name)]
    if totals["items"]:
        found.append(
            f"{say('money.items_total', None, lang)}: {'; '.join(items_told(totals['items'], lang))}"
        )
    return found
