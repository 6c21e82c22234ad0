"""What differs between two rulebooks: conditions added, removed and changed, caps, money, papers, grading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from published.rulebooks.values import Rulebook
from rules.lawbook import ANY, Cited, Condition, Group, Node

ADDED, REMOVED, CHANGED, CITED = "added", "removed", "changed", "cited"
#: what a common name of two conditions weighs beside their words and values
_NAMED = 100
#: in what the two may differ; the order in which it is told
HEAD, CONDITION, CAP, AWARD, PAPER, MONEY, GRADING = (
    "head",
    "condition",
    "cap",
    "award",
    "paper",
    "money",
    "grading",
)
PARTS = (HEAD, CONDITION, CAP, AWARD, PAPER, MONEY, GRADING)


@dataclass(frozen=True, slots=True)
class Placed:
    """A condition and whether it is one of several ways (`any`) somewhere above it."""

    condition: Condition
    one_of: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. ``was`` and ``now`` are values of one type, or None where there is none; of kind `cited` they
    differ in article, source or verification alone. ``title`` and ``subject`` are empty where it is about no title."""

    part: str
    kind: str
    was: Any
    now: Any
    title: str = ""
    subject: str = ""


def changes(earlier: Rulebook, later: Rulebook) -> tuple[Change, ...]:
    """Every difference, title by title in the order of the later rulebook, those of no title last."""
    return tuple(_changes(earlier, later))


def _changes(earlier: Rulebook, later: Rulebook) -> Iterator[Change]:
    yield from _head(earlier, later)
    rules = (earlier.law.rules, later.law.rules)
    awards = tuple(book.money.awards if book.money else {} for book in (earlier, later))
    papers = tuple(book.papers or {} for book in (earlier, later))
    for title, subject in dict.fromkeys((*later.law.rules, *earlier.law.rules, *awards[1], *awards[0])):
        whose = title, subject
        found = [
            *_paired(CONDITION, *(list(_placed(r[whose].asks)) if whose in r else [] for r in rules)),
            *_paired(CAP, *([c for c in b.caps if (c.title, c.subject) == whose] for b in (earlier, later))),
            *_paired(AWARD, *([a[whose]] if whose in a else [] for a in awards)),
            *_paired(PAPER, *(list(p.get(whose, ())) for p in papers)),
        ]
        yield from (replace(change, title=title, subject=subject) for change in found)
    money = earlier.money, later.money
    yield from _paired(MONEY, *(list(m.base_salaries) if m else [] for m in money))
    yield from _paired(MONEY, *([m.rounding] if m else [] for m in money))
    yield from _paired(MONEY, *([m.together] if m and m.together else [] for m in money))
    grading = earlier.grading, later.grading
    for name in ("points", "caps", "graded_by", "notes"):
        yield from _paired(GRADING, *(list(getattr(g, name)) if g else [] for g in grading))
    yield from _paired(GRADING, *([g.head] if g and g.head else [] for g in grading))


def _head(earlier: Rulebook, later: Rulebook) -> Iterator[Change]:
    if earlier.days != later.days:
        yield Change(HEAD, CHANGED, earlier.days, later.days)
    if earlier.legal_day != later.legal_day:
        yield Change(HEAD, CHANGED, earlier.legal_day, later.legal_day)
    yield from _paired(HEAD, *([b.transition] if b.transition else [] for b in (earlier, later)))
    yield from _paired(HEAD, *([a] if (a := b.law.after_discipline) else [] for b in (earlier, later)))


def _placed(node: Node, one_of: bool = False) -> Iterator[Placed]:
    if isinstance(node, Group):
        for part in node.parts:
            # One way alone is no choice.
            yield from _placed(part, one_of or (node.how == ANY and len(node.parts) > 1))
    else:
        yield Placed(node, one_of)


def _paired(part: str, was: Sequence[Any], now: Sequence[Any]) -> Iterator[Change]:
    """The differences of two lists: what is the same goes away first, then what is most alike is one change."""
    left, came = list(was), list(now)
    for same, kind in ((_value, ""), (_without_article, CITED)):
        for one in list(came):
            other = next((o for o in left if same(o) == same(one)), None)
            if other is not None:
                left.remove(other)
                came.remove(one)
                if kind:
                    yield Change(part, kind, other, one)
    pairs = sorted(
        ((_likeness(o, n), -place, -at) for place, o in enumerate(left) for at, n in enumerate(came)),
        reverse=True,
    )
    becomes: dict[int, int] = {}
    for likeness, place, at in pairs:
        if likeness > 0 and -place not in becomes and -at not in becomes.values():
            becomes[-place] = -at
    for place, other in enumerate(left):
        if place in becomes:
            yield Change(part, CHANGED, other, came[becomes[place]])
        else:
            yield Change(part, REMOVED, other, None)
    for at, one in enumerate(came):
        if at not in becomes.values():
            yield Change(part, ADDED, None, one)


def _value(thing: Any) -> Any:
    """A thing without the line on which it stands."""
    return _plain(thing, ("line",))


def _without_article(thing: Any) -> Any:
    """A thing without its line and without where it was read; of a bare article, nothing is left."""
    return _plain(thing, ("line", "cited"))


def _plain(thing: Any, without: Iterable[str]) -> Any:
    if isinstance(thing, Cited) and "cited" in without:
        return None
    if is_dataclass(thing):
        kept = [f.name for f in fields(thing) if f.name not in without]
        return (type(thing).__name__, *(_plain(getattr(thing, name), without) for name in kept))
    if isinstance(thing, Mapping):
        return tuple(sorted((key, _plain(value, without)) for key, value in thing.items()))
    return thing


def _likeness(one: Any, other: Any) -> int:
    """How much two things have in common; 0: one is not the other changed."""
    if isinstance(one, Placed) and isinstance(other, Placed):
        first, second = one.condition, other.condition
        named = _NAMED * bool(first.id and first.id == second.id)
        if first.word != second.word:
            return named
        same = sum(second.values.get(key) == value for key, value in first.values.items())
        return named + 1 + 2 * same + (one.one_of == other.one_of)
    kinds = {
        "Paper": "paper",
        "BaseSalary": "since",
        "Points": "grade",
        "GradeCap": "subject",
        "Said": "what",
    }
    key = kinds.get(type(one).__name__)
    if type(one) is not type(other):
        return 0
    return 1 if key is None or getattr(one, key) == getattr(other, key) else 0
