"""The money table of §2.4 as values: what tests of money reckon with where no rulebook is published."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from rules.lawbook import Cited
from rules.money import (
    ALL,
    BOTH,
    COLLECTIVE,
    FORM,
    HIGHEST,
    INDIVIDUAL,
    TITLE,
    UP,
    BaseSalary,
    Counted,
    Household,
    MoneyTable,
    Prize,
    Rate,
    Rounding,
    Together,
)

ARTICLE_49 = Cited("NĐ 152/2025/NĐ-CP, Điều 49", "TNT:593004a43ef54dba", True)
_50 = Cited("NĐ 152/2025/NĐ-CP, Điều 50", "TNT:31bd1c84adc55bc9", True)


def salary(amount: int, since: str, until: str | None, article: str) -> BaseSalary:
    """A base salary in its days."""
    ends = date.fromisoformat(until) if until else None
    return BaseSalary(amount, date.fromisoformat(since), ends, Cited(article, "", True))


SALARIES = (
    salary(1_490_000, "2019-07-01", "2023-06-30", "NĐ 38/2019/NĐ-CP"),
    salary(1_800_000, "2023-07-01", "2024-06-30", "NĐ 24/2023/NĐ-CP"),
    salary(2_340_000, "2024-07-01", "2026-06-30", "NĐ 73/2024/NĐ-CP, Điều 3(2)"),
    salary(2_530_000, "2026-07-01", None, "NĐ 161/2026/NĐ-CP, Điều 3(2)"),
)
#: a day of each of these salaries
DAYS = (date(2022, 8, 1), date(2024, 6, 30), date(2024, 7, 1), date(2026, 7, 1))


def rate(times: str, *items: str, years: int = 1, at_most: bool = False) -> Rate:
    """A rate of so many base salaries."""
    counted = Counted(years, _50) if years > 1 else None
    return Rate(Fraction(times), items, _50, at_most=at_most, counted=counted)


RATES = {
    ("LDTT", INDIVIDUAL): rate("3/10"),
    ("CSTDCS", INDIVIDUAL): rate("1", "certificate", "frame"),
    ("CSTDT", INDIVIDUAL): rate("3", "certificate", "frame", "badge", "box", years=3),
    ("CSTDB", INDIVIDUAL): rate("3", "certificate", "frame", "badge", "box", years=3),
    ("CSTDTQ", INDIVIDUAL): rate("9/2", "certificate", "frame", "badge", "box", years=6),
    ("TTLDTT", COLLECTIVE): rate("4/5"),
    ("TTLDXS", COLLECTIVE): rate("3/2", "certificate", "frame"),
    ("COTINH", COLLECTIVE): rate("8", "flag"),
    ("COBO", COLLECTIVE): rate("8", "flag"),
    ("COCP", COLLECTIVE): rate("12", "flag"),
    ("GK", INDIVIDUAL): rate("3/10"),
    ("GK", COLLECTIVE): rate("3/5"),
    ("BKT-TX", INDIVIDUAL): rate("3/2", "certificate", "frame", years=2),
    ("BKT-TX", COLLECTIVE): rate("3", "certificate", "frame", years=2),
    ("BKT-DX", INDIVIDUAL): rate("3/2", "certificate", "frame"),
    ("BKTTG", INDIVIDUAL): rate("7/2", "certificate", "frame", years=5),
    ("BKTTG", COLLECTIVE): rate("7", "certificate", "frame", years=5),
    ("HCLD3", INDIVIDUAL): rate("9/2", "certificate", "order", years=5),
    ("HCLD3", COLLECTIVE): rate("9", "certificate", "order", years=5),
    ("HCLD2", INDIVIDUAL): rate("15/2", "certificate", "order", years=5),
    ("HCLD2", COLLECTIVE): rate("15", "certificate", "order", years=5),
    ("HCLD1", INDIVIDUAL): rate("9", "certificate", "order", years=5),
    ("HCLD1", COLLECTIVE): rate("18", "certificate", "order", years=5),
    ("KNC", INDIVIDUAL): rate("3/5", "certificate", "frame", "medal", "box", at_most=True),
}
TITLES = frozenset(
    {"LDTT", "CSTDCS", "CSTDT", "CSTDB", "CSTDTQ", "TTLDTT", "TTLDXS", "COTINH", "COBO", "COCP"}
)
TOGETHER = Together(HIGHEST, ALL, ALL, BOTH, ARTICLE_49)


def table(*, mode: str = UP, together: Together = TOGETHER) -> MoneyTable:
    """The whole table, rounded as asked."""
    household = Household(Fraction(3, 2), Cited("NĐ 152/2025/NĐ-CP", "TNT:6609f77a53deded3", True))
    return MoneyTable("rs-2025", SALARIES, Rounding(10_000, mode, ARTICLE_49), RATES, together, household)


def prize(
    title: str,
    subject: str = INDIVIDUAL,
    *,
    holder: str = "p1",
    key: str = "",
    year: int = 2024,
    on: date = DAYS[2],
    award_type: str = "merit",
) -> Prize:
    """An award of a holder, of the school year 2024-2025 and decided on 01/07/2024 where nothing else is said."""
    kind = TITLE if title in TITLES else FORM
    return Prize(key or f"{holder}:{title}:{year}", holder, title, subject, kind, year, on, award_type)
