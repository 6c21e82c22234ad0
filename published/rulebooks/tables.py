"""A rulebook's money and grading as `rules/` takes them."""

from __future__ import annotations

from datetime import date

from published.rulebooks.values import Rulebook, conditions_of
from rules import grading, money
from rules.lawbook import Condition

#: conditions that look over years: over so many a title is counted (NĐ 152/2025/NĐ-CP Điều 49 calls it the time of the
#: achievement). Initiatives are no part of it: their years say how long they are valid.
_OVER_YEARS = frozenset({"title_in_row", "title_times", "grades_in_row", "grade_times"})
_SHARE_OF = {"individual": ("C01", grading.PEOPLE), "collective": ("C02", grading.UNITS)}
_HEAD = "C03"


def money_table_of(book: Rulebook, day: date) -> money.MoneyTable | None:
    """The money of a rulebook on a day; None where it says nothing of money, or not what is paid together."""
    told = book.money
    if told is None or told.together is None:
        return None
    rates = {
        (title, subject): money.Rate(
            award.times,
            award.items,
            award.cited,
            at_most=award.at_most,
            counted=_counted(book, title, subject, day),
        )
        for (title, subject), award in told.awards.items()
        if award.days.hold(day)
    }
    ways = told.together.ways
    return money.MoneyTable(
        book.name,
        tuple(money.BaseSalary(s.amount, s.since, s.until, s.cited) for s in told.base_salaries),
        money.Rounding(told.rounding.to, told.rounding.mode, told.rounding.cited),
        rates,
        money.Together(
            ways["titles_same_period"],
            ways["titles_other_period"],
            ways["forms"],
            ways["title_and_form"],
            told.together.cited,
        ),
        money.Household(told.household.times, told.household.cited) if told.household is not None else None,
    )


def _counted(book: Rulebook, title: str, subject: str, day: date) -> money.Counted | None:
    """Over how many years the conditions of a title look, on a day; None: over the year itself."""
    rule = book.law.rules.get((title, subject))
    if rule is None:
        return None
    found: list[tuple[int, Condition]] = [
        (years, condition)
        for condition in conditions_of(rule.asks)
        if condition.word in _OVER_YEARS
        and condition.in_force(day)
        and isinstance(years := condition.values.get("years"), int)
    ]
    if not found:
        return None
    years, condition = max(found, key=lambda pair: pair[0])
    return money.Counted(years, condition.cited) if years > 1 else None


def grade_law_of(book: Rulebook) -> grading.GradeLaw | None:
    """What a rulebook says of shares of grades and of heads; None where it has no part on grading."""
    told = book.grading
    if told is None:
        return None
    caps = []
    for cap in told.caps:
        rule, subject = _SHARE_OF[cap.subject]
        few = (
            grading.Few(cap.fewer_than, cap.at_most)
            if cap.fewer_than is not None and cap.at_most is not None
            else None
        )
        caps.append(
            grading.GradeCap(
                rule,
                subject,
                cap.grade,
                cap.share,
                (cap.of,),
                cap.cited,
                or_share=cap.or_share,
                few=few,
                since=cap.days.since,
                until=cap.days.until,
            )
        )
    heads = ()
    if told.head is not None:
        heads = (grading.HeadRule(_HEAD, told.head.cited, told.head.days.since, told.head.days.until),)
    return grading.GradeLaw(book.name, told.grades, tuple(caps), heads)
