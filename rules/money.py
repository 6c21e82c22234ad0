"""What an award pays: multiples of the base salary of the decision's day, rounded, and what is paid where several come
at once (NĐ 152/2025/NĐ-CP Điều 49).

Exact all the way: a multiple is a fraction, an amount is whole đồng. Nothing here is a number of the law; those come
with a `MoneyTable`, as published.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from math import ceil, floor

from rules.lawbook import Cited

TITLE, FORM = "title", "form"
INDIVIDUAL, COLLECTIVE, HOUSEHOLD = "individual", "collective", "household"
SUBJECTS = (INDIVIDUAL, COLLECTIVE, HOUSEHOLD)
UP, NEAREST, DOWN, NONE = "up", "nearest", "down", "none"
ROUNDING_MODES = (UP, NEAREST, DOWN, NONE)

#: what is done where several come at once
HIGHEST, ALL, BOTH = "highest", "all", "both"

#: what comes of a line: paid; left out beside another; a maximum and no amount; or nothing is known to reckon with
PAID, LEFT_OUT, AT_MOST, NO_RATE, NO_SALARY, NO_TABLE = (
    "paid",
    "left_out",
    "at_most",
    "no_rate",
    "no_salary",
    "no_table",
)
LINE_STANDINGS = (PAID, LEFT_OUT, AT_MOST, NO_RATE, NO_SALARY, NO_TABLE)
#: why a line is left out; which paragraph of the article says so (NĐ 152/2025 Điều 49) is with `Together`
SAME_PERIOD_LOWER, SAME_PERIOD_EQUAL = "same_period_lower", "same_period_equal"
OTHER_PERIOD_LOWER, FORM_LOWER, BESIDE_OTHER_KIND = "other_period_lower", "form_lower", "beside_other_kind"
WHY_LEFT_OUT = (
    SAME_PERIOD_LOWER,
    SAME_PERIOD_EQUAL,
    OTHER_PERIOD_LOWER,
    FORM_LOWER,
    BESIDE_OTHER_KIND,
)


@dataclass(frozen=True, slots=True)
class BaseSalary:
    """The base salary in đồng from one day to another (both included); ``until`` None: to this day."""

    amount: int
    since: date
    until: date | None
    cited: Cited

    def in_force(self, day: date) -> bool:
        """Whether it is the one of ``day``."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Rounding:
    """To which step (in đồng) a product is rounded, and which way; `none` leaves it but for parts of a đồng."""

    to: int
    mode: str
    cited: Cited

    def amount(self, exact: Fraction) -> int:
        """The whole đồng of an exact product."""
        if self.mode == NONE or self.to <= 1:
            # Nobody can be paid a part of a đồng, nor less than the product.
            return ceil(exact)
        steps = exact / self.to
        if self.mode == DOWN:
            return floor(steps) * self.to
        if self.mode == NEAREST:
            return floor(steps + Fraction(1, 2)) * self.to
        return ceil(steps) * self.to


@dataclass(frozen=True, slots=True)
class Counted:
    """Over how many school years a title is counted, the one asked for included."""

    years: int
    cited: Cited


@dataclass(frozen=True, slots=True)
class Rate:
    """How many base salaries an award pays, and what is handed over (None: in no text that was seen).

    ``at_most``: the law gives a maximum, no amount. ``counted`` None: one school year.
    """

    times: Fraction
    items: tuple[str, ...] | None
    cited: Cited
    at_most: bool = False
    counted: Counted | None = None


@dataclass(frozen=True, slots=True)
class Household:
    """How many times the rate of an individual a household gets, where it has no rate of its own."""

    times: Fraction
    cited: Cited


@dataclass(frozen=True, slots=True)
class Together:
    """What is paid where one holder gets several at the same time."""

    titles_same_period: str
    titles_other_period: str
    forms: str
    title_and_form: str
    cited: Cited


@dataclass(frozen=True, slots=True)
class MoneyTable:
    """The money of a rulebook: base salaries, rates by (title, subject), rounding, what is paid together."""

    rulebook: str
    base_salaries: tuple[BaseSalary, ...]
    rounding: Rounding
    rates: Mapping[tuple[str, str], Rate]
    together: Together
    household: Household | None = None

    def base_on(self, day: date) -> BaseSalary | None:
        """The base salary in force on a day; None where the table has none."""
        return next((base for base in self.base_salaries if base.in_force(day)), None)

    def rate_of(self, title: str, subject: str) -> Rate | None:
        """The rate of a title for a subject; a household's comes from an individual's where it has none of its own."""
        found = self.rates.get((title, subject))
        if found is not None or subject != HOUSEHOLD or self.household is None:
            return found
        single = self.rates.get((title, INDIVIDUAL))
        if single is None:
            return None
        cited = Cited(
            f"{single.cited.article}; {self.household.cited.article}",
            f"{single.cited.source}; {self.household.cited.source}",
            single.cited.verified and self.household.cited.verified,
        )
        return replace(single, times=single.times * self.household.times, cited=cited)


@dataclass(frozen=True, slots=True)
class Prize:
    """One award as money sees it: whose (``holder`` is the same for everything of one holder), for which school year.

    ``kind`` is `title` (danh hiệu) or `form` (hình thức); ``award_type`` tells forms of one year apart.
    """

    key: str
    holder: str
    title: str
    subject: str
    kind: str
    year: int
    decided_on: date
    award_type: str = "merit"


@dataclass(frozen=True, slots=True)
class Line:
    """What one award pays. ``amount`` is what the rate comes to, ``paid`` what is paid of it.

    ``beside`` is the key of the award for whose sake it is left out. ``same_achievement`` names forms of one holder for
    the same years and of one type: they are paid, and somebody has to see that they are not for one achievement.
    """

    prize: Prize
    standing: str
    rate: Rate | None = None
    base: BaseSalary | None = None
    exact: Fraction | None = None
    amount: int = 0
    paid: int = 0
    why: str = ""
    beside: str = ""
    article: str = ""
    same_achievement: tuple[str, ...] = ()

    @property
    def years(self) -> tuple[int, int]:
        """The school years over which it is counted, the first and the last."""
        return self.prize.year - counted_years(self.rate) + 1, self.prize.year

    def verified(self, table: MoneyTable) -> bool:
        """Whether every number that it rests on was read where the article is quoted."""
        parts = [part.cited for part in (self.rate, self.base) if part is not None]
        if self.rate is not None:
            parts.append(table.rounding.cited)
            if self.rate.counted is not None and self.standing == LEFT_OUT:
                parts.append(self.rate.counted.cited)
        if self.standing == LEFT_OUT:
            parts.append(table.together.cited)
        return all(cited.verified for cited in parts)


@dataclass(frozen=True, slots=True)
class MoneySheet:
    """The lines of some awards that came at the same time, ordered by holder and what they come to."""

    lines: tuple[Line, ...]

    @property
    def paid(self) -> int:
        """What is paid in all, in đồng; maxima and what cannot be reckoned are not in it."""
        return sum(line.paid for line in self.lines)

    @property
    def left_out(self) -> tuple[Line, ...]:
        """What is not paid because something else is."""
        return tuple(line for line in self.lines if line.standing == LEFT_OUT)


def counted_years(rate: Rate | None) -> int:
    """Over how many school years a rate's title is counted; one where the table does not say."""
    return rate.counted.years if rate is not None and rate.counted is not None else 1


def reckon(table: MoneyTable, prizes: Iterable[Prize]) -> MoneySheet:
    """What each of some awards that came at the same time pays. The order in which they are given changes nothing."""
    of_holder: dict[str, list[Line]] = {}
    for prize in sorted(prizes, key=lambda p: (p.holder, p.key)):
        of_holder.setdefault(prize.holder, []).append(_alone(table, prize))
    lines: list[Line] = []
    for own in of_holder.values():
        lines += sorted(_combined(table, own), key=lambda ln: (-ln.amount, ln.prize.title, ln.prize.key))
    return MoneySheet(tuple(lines))


def _alone(table: MoneyTable, prize: Prize) -> Line:
    """What an award would pay were it the only one."""
    rate = table.rate_of(prize.title, prize.subject)
    if rate is None:
        return Line(prize, NO_RATE)
    base = table.base_on(prize.decided_on)
    if base is None:
        return Line(prize, NO_SALARY, rate)
    exact = rate.times * base.amount
    amount = table.rounding.amount(exact)
    if rate.at_most:
        return Line(prize, AT_MOST, rate, base, exact, amount, article=rate.cited.article)
    return Line(prize, PAID, rate, base, exact, amount, amount, article=rate.cited.article)


def _combined(table: MoneyTable, lines: list[Line]) -> list[Line]:
    """The lines of one holder: what is left out beside what, and forms that may be for one achievement."""
    together = table.together
    out: dict[str, tuple[str, Line]] = {}
    payable = [line for line in lines if line.standing == PAID]
    titles = sorted((ln for ln in payable if ln.prize.kind == TITLE), key=_rank)
    forms = sorted((ln for ln in payable if ln.prize.kind == FORM), key=_rank)
    if together.titles_same_period == HIGHEST:
        best: dict[tuple[int, int], Line] = {}
        for line in titles:
            first = best.setdefault(line.years, line)
            if first is not line:
                why = SAME_PERIOD_EQUAL if first.amount == line.amount else SAME_PERIOD_LOWER
                out[line.prize.key] = (why, first)
    if together.titles_other_period == HIGHEST:
        out |= _only_the_first(titles, out, OTHER_PERIOD_LOWER)
    if together.forms == HIGHEST:
        out |= _only_the_first(forms, out, FORM_LOWER)
    if titles and forms and together.title_and_form == HIGHEST:
        out |= _only_the_first(sorted(titles + forms, key=_rank), out, BESIDE_OTHER_KIND)
    return [_with(line, out.get(line.prize.key), _same_achievement(line, forms), together) for line in lines]


def _rank(line: Line) -> tuple[int, Fraction, date, str, str]:
    """The highest first; of equal ones the earlier decided, then by title: that one of them is paid is no chance."""
    exact = line.exact if line.exact is not None else Fraction(0)
    return -line.amount, -exact, line.prize.decided_on, line.prize.title, line.prize.key


def _only_the_first(
    ranked: list[Line], out: Mapping[str, tuple[str, Line]], why: str
) -> dict[str, tuple[str, Line]]:
    left = [line for line in ranked if line.prize.key not in out]
    return {line.prize.key: (why, left[0]) for line in left[1:]}


def _same_achievement(line: Line, forms: Iterable[Line]) -> tuple[str, ...]:
    if line.prize.kind != FORM:
        return ()
    mine = (line.years, line.prize.award_type)
    return tuple(
        other.prize.key
        for other in forms
        if other is not line and (other.years, other.prize.award_type) == mine
    )


def _with(line: Line, left: tuple[str, Line] | None, same: tuple[str, ...], together: Together) -> Line:
    if left is None:
        return replace(line, same_achievement=same) if same else line
    why, other = left
    return replace(
        line,
        standing=LEFT_OUT,
        paid=0,
        why=why,
        beside=other.prize.key,
        article=together.cited.article,
        same_achievement=same,
    )
