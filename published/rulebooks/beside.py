"""A rulebook beside the catalogue of titles and the other rulebooks: what is to be mended before it is published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from kit.strict_yaml import Fault
from published.rulebooks.values import SUBJECTS, Rulebook, Whose, conditions_of
from published.titles import INITIATIVE, Title


def beside(
    rulebook: Rulebook, titles: Mapping[str, Title] | None, others: Iterable[Rulebook]
) -> tuple[Fault, ...]:
    """What is wrong with a rulebook beside the catalogue (None: none was published) and the newest of the others."""
    found = [] if titles is None else [*_unknown(rulebook, titles), *_without_rule(rulebook, titles)]
    for other in others:
        # A newer version of the same name takes the place of the older one; its days may be the same.
        if other.name != rulebook.name and other.days.share(rulebook.days):
            found.append(Fault(rulebook.line, "rulebooks_overlap", {"name": other.name}))
    return tuple(sorted(found, key=lambda fault: fault.line))


def _without_rule(rulebook: Rulebook, titles: Mapping[str, Title]) -> Iterator[Fault]:
    for code, title in titles.items():
        for subject in SUBJECTS:
            if (
                title.subject != INITIATIVE
                and title.suits(subject)
                and (code, subject) not in rulebook.law.rules
            ):
                yield Fault(0, "title_without_rule", {"title": code, "subject": subject})


def _unknown(rulebook: Rulebook, titles: Mapping[str, Title]) -> Iterator[Fault]:
    """Titles that no catalogue has, and those that cannot be given to whom the rulebook names."""
    for (code, subject), line in _whose(rulebook):
        if code not in titles:
            yield Fault(line, "unknown_title", {"name": code})
        elif not titles[code].suits(subject):
            yield Fault(line, "title_for_another_subject", {"title": code, "subject": subject})
    for code, line in _named(rulebook):
        if code not in titles:
            yield Fault(line, "unknown_title", {"name": code})


def _whose(rulebook: Rulebook) -> Iterator[tuple[Whose, int]]:
    for whose, rule in rulebook.law.rules.items():
        yield whose, rule.line
    for cap in rulebook.caps:
        yield (cap.title, cap.subject), cap.line
    for whose, award in (rulebook.money.awards if rulebook.money else {}).items():
        yield whose, award.line
    for whose, papers in (rulebook.papers or {}).items():
        yield whose, papers[0].line if papers else rulebook.line


def _named(rulebook: Rulebook) -> Iterator[tuple[str, int]]:
    for rule in rulebook.law.rules.values():
        for condition in conditions_of(rule.asks):
            for key in ("titles", "after"):
                yield from ((code, condition.line) for code in condition.values.get(key, ()))
    for cap in rulebook.caps:
        yield from ((code, cap.line) for code in cap.of)
