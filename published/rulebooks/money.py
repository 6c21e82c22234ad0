"""The money of a rulebook: base salaries without a gap, rounding, what each title brings, what comes together."""

from __future__ import annotations

from datetime import date

from kit.strict_yaml import MarkedMap
from published.rulebooks.part import CITED, DAYS, PartReader
from published.rulebooks.values import (
    ITEMS,
    ROUNDINGS,
    TOGETHER,
    Award,
    BaseSalary,
    Days,
    HouseholdRate,
    Money,
    Rounding,
    Together,
    Whose,
)

_MOST_SALARY, _MOST_ROUNDING, _MOST_TIMES = 1_000_000_000, 1_000_000, 1000


class MoneyReader(PartReader):
    """Reads what titles bring."""

    def money(self, tree: MarkedMap, book: Days) -> Money | None:
        """The part under `money`; None where it cannot be used."""
        body = self.inner(tree, "money")
        if body is None:
            return None
        self.keys(body, "money", ("base_salary", "rounding", "awards"), ("together", "household"))
        salaries = self.base_salaries(body, book)
        rounding = self.rounding(body)
        awards: dict[Whose, Award] = {}
        for title, subject, inner, line in self.by_title(body, "awards"):
            if not isinstance(inner, MarkedMap):
                self.fault(line, "not_a_mapping", what=f"{title} {subject}")
            elif (award := self.award(inner, title)) is not None:
                awards[title, subject] = award
        together, household = self.together(body), self.household(body)
        return Money(salaries, rounding, awards, together, household) if salaries and rounding else None

    def base_salaries(self, body: MarkedMap, book: Days) -> tuple[BaseSalary, ...]:
        """In the order of their days; on each day of the rulebook there is one."""
        found: list[BaseSalary] = []
        for item, line in self.mappings(body, "base_salary"):
            self.keys(item, "base_salary", ("amount", "since", *CITED), ("until",))
            amount = self.whole(item, "amount", _MOST_SALARY)
            since, until = self.period(item, "since", "until")
            cited = self.cited(item)
            if amount and since:
                found.append(BaseSalary(amount, since, until, cited, line))
        found.sort(key=lambda salary: (salary.since, salary.line))
        if "base_salary" in body and book.since is not None:
            self.covers(found, book.since, book.until, body.line_of("base_salary"))
        return tuple(found)

    def covers(self, salaries: list[BaseSalary], since: date, until: date | None, line: int) -> None:
        """Neither a gap nor an overlap within the days of the rulebook. Days are counted: the calendar itself ends."""
        reached, ends = since.toordinal() - 1, (until or date.max).toordinal()
        last: BaseSalary | None = None
        for salary in salaries:
            begins = salary.since.toordinal()
            if last is not None and begins <= _end(last):
                self.fault(salary.line, "base_salary_overlaps", other_line=last.line)
            if reached < min(begins - 1, ends):
                self.gap(salary.line, reached + 1, min(begins - 1, ends))
            last = salary if last is None or _end(salary) > _end(last) else last
            reached = max(reached, _end(salary))
        if reached < ends:
            self.gap(line, reached + 1, ends if until else None)

    def gap(self, line: int, first: int, last: int | None) -> None:
        """Days without a base salary."""
        until = date.fromordinal(last).isoformat() if last is not None else None
        self.fault(line, "base_salary_gap", since=date.fromordinal(first).isoformat(), until=until)

    def rounding(self, body: MarkedMap) -> Rounding | None:
        """To which multiple, and how."""
        section = self.inner(body, "rounding")
        if section is None:
            return None
        self.keys(section, "rounding", ("to", "mode", *CITED))
        to = self.whole(section, "to", _MOST_ROUNDING)
        mode = self.choice(section, "mode", ROUNDINGS, "unknown_rounding")
        cited = self.cited(section)
        return Rounding(to, mode, cited) if to and mode else None

    def award(self, body: MarkedMap, title: str) -> Award | None:
        """How many times the base salary, and what is handed over."""
        self.keys(body, f"awards of {title}", ("times", *CITED), ("items", "at_most", *DAYS))
        times = self.times(body, "times", _MOST_TIMES)
        items = self.names(body, "items", ITEMS, "unknown_item") if "items" in body else None
        at_most = self.yes_no(body, "at_most")
        cited, days = self.cited(body), self.days(body)
        return Award(times, items, at_most, cited, days, body.line) if times is not None else None

    def household(self, body: MarkedMap) -> HouseholdRate | None:
        """How many times an individual's sum."""
        section = self.inner(body, "household")
        if section is None:
            return None
        self.keys(section, "household", ("times", *CITED))
        times = self.times(section, "times", _MOST_TIMES)
        cited = self.cited(section)
        return HouseholdRate(times, cited) if times is not None else None

    def together(self, body: MarkedMap) -> Together | None:
        """What is paid where several come at once."""
        section = self.inner(body, "together")
        if section is None:
            return None
        self.keys(section, "together", (*TOGETHER, *CITED))
        ways = {key: self.choice(section, key, known, "unknown_together") for key, known in TOGETHER.items()}
        return Together(ways, self.cited(section))


def _end(salary: BaseSalary) -> int:
    return (salary.until or date.max).toordinal()
