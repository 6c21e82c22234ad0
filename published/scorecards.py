"""A bloc's scorecard as published: groups with items and their most points, how they are settled, what ranks bring.

    scorecard: tieu-hoc-600-200-200
    title: {vi: …, en: …}
    source: …
    verified: false
    groups:
      ND1:
        label: {vi: …, en: …}
        items:
          "1.1": {label: {vi: …, en: …}, most: 250}
    bonus:   {most: 20, items: {…}}     # optional; all of it together counts at most that
    penalty: {most: 50, items: {…}}     # optional; what is taken away
    cross: {scorers: 3}                 # how many others each school scores
    settle: median                      # median, mean or trimmed_mean of an item's cross-scores
    ties: [ND1, ND3, bonus]             # what breaks a tie, in this order, higher first
    prizes:                             # optional
      - {rank: 1, title: COTINH, verified: true, source: …}
    certificate: {money: 300000, verified: true, source: …}   # optional; in đồng

Points have at most two decimals. An unknown key is a fault; every fault has its line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from kit.marked_reader import Label
from kit.strict_yaml import Fault, MarkedList, MarkedMap, read_strict_yaml
from published.reading import PublishedReader
from rules.ranking import SETTLE_RULES
from rules.scorecard import BONUS, PENALTY, Card, Item

# The name stands in the chain's subject when it is published, in a column that takes 60 letters of it.
_NAME = re.compile(r"(?=.{1,60}$)[a-z0-9]+(-[a-z0-9]+)*")
_GROUP = re.compile(r"(?=.{1,20}$)[A-Z][A-Z0-9]*")
# Typed at a terminal before "=", and kept in a column of 20 letters.
_ITEM = re.compile(r"(?=.{1,20}$)[A-Z]?[0-9]+(\.[0-9]+)*")
_TITLE = re.compile(r"(?=.{1,20}$)[A-Z][A-Z0-9]*(-[A-Z0-9]+)*")

# A bloc's record of a school takes six digits before the point.
MOST_POINTS = Decimal(100_000)
MOST_SCORERS = 99
MOST_MONEY = 10**9
#: what follows from ranks further down is in no list seen
LAST_RANK = 99


@dataclass(frozen=True, slots=True)
class ScoreItem:
    """One criterion as people see it."""

    code: str
    group: str
    label: Label
    most: Decimal
    line: int = 0


@dataclass(frozen=True, slots=True)
class ScoreGroup:
    """A group of items; ``most`` is the sum of theirs, of bonus and penalty what the card says."""

    code: str
    label: Label
    items: tuple[ScoreItem, ...]
    most: Decimal


@dataclass(frozen=True, slots=True)
class Prize:
    """For which title a bloc proposes the school of a rank."""

    rank: int
    title: str
    verified: bool
    source: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Certificate:
    """What one of the bloc's own certificates pays, in đồng: a proposal, no limit."""

    money: int
    verified: bool
    source: str


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A scorecard. Sound only if it was read without a fault. ``ties`` are groups, ``bonus`` among them."""

    name: str
    title: Label
    source: str
    verified: bool
    groups: tuple[ScoreGroup, ...]
    scorers: int
    settle: str
    ties: tuple[str, ...] = ()
    prizes: tuple[Prize, ...] = ()
    certificate: Certificate | None = None
    sha256: str = ""
    lines: Mapping[str, int] = field(default_factory=dict)

    @property
    def items(self) -> tuple[ScoreItem, ...]:
        """All items in the order of the file, bonus and penalty last."""
        return tuple(item for group in self.groups for item in group.items)

    @property
    def card(self) -> Card:
        """The card as the rules see it."""
        most = {group.code: group.most for group in self.groups}
        return Card(
            tuple(Item(item.code, item.group, item.most) for item in self.items),
            most.get(BONUS, Decimal(0)),
            most.get(PENALTY, Decimal(0)),
        )


# Two groups that every card calls the same.
_LABELS: dict[str, Label] = {
    BONUS: {"vi": "Điểm thưởng", "en": "Bonus"},
    PENALTY: {"vi": "Điểm trừ", "en": "Penalty"},
}


def read_scorecard(text: str | bytes, sha256: str = "") -> tuple[Scorecard | None, list[Fault]]:
    """The scorecard in ``text`` and every fault found; None when too little can be read to go on.

    One that comes with faults is for showing, never for publishing. Nothing is raised for bad input.
    """
    tree, faults = read_strict_yaml(text)
    if not isinstance(tree, MarkedMap):
        return None, faults or [Fault(1, "not_a_mapping", {"what": "scorecard"})]
    return _Reader(faults).scorecard(tree, sha256), faults


class _Reader(PublishedReader):
    """Reads a scorecard."""

    def scorecard(self, tree: MarkedMap, sha256: str) -> Scorecard | None:
        self.keys(
            tree,
            "scorecard",
            ("scorecard", "title", "source", "verified", "groups", "cross", "settle"),
            (BONUS, PENALTY, "ties", "prizes", "certificate"),
        )
        name = self.text(tree, "scorecard", "unnamed")
        if "scorecard" in tree and not _NAME.fullmatch(name):
            self.fault(tree.line_of("scorecard"), "name_unusable", name=name)
        title = self.label(tree, "title", name)
        source, verified = self.text(tree, "source"), self.yes_no(tree, "verified")
        self._known: dict[str, int] = {}
        groups = [group for group in self.groups(tree) if group is not None]
        for which in (BONUS, PENALTY):
            group = self.special(tree, which)
            if group is not None:
                groups.append(group)
        scorers = self.scorers(tree)
        settle = self.choice(tree, "settle", SETTLE_RULES, "unknown_settle_rule")
        breaking = tuple(group.code for group in groups if group.code != PENALTY)
        ties = self.names(tree, "ties", breaking, "tie_of_no_group")
        prizes = self.prizes(tree)
        certificate = self.certificate(tree)
        if not any(group.items for group in groups):
            return None
        return Scorecard(
            name=name,
            title=title,
            source=source,
            verified=verified,
            groups=tuple(groups),
            scorers=scorers,
            settle=settle,
            ties=ties,
            prizes=prizes,
            certificate=certificate,
            sha256=sha256,
            lines=tree.lines,
        )

    def groups(self, tree: MarkedMap) -> list[ScoreGroup | None]:
        """The groups under ``groups``, at least one."""
        section = self.section(tree, "groups")
        if "groups" in tree and isinstance(tree["groups"], MarkedMap) and not section:
            self.fault(tree.line_of("groups"), "card_without_items", of="groups")
        return [self.group(code, body, section.lines[code]) for code, body in section.items()]

    def group(self, code: str, body: Any, line: int) -> ScoreGroup | None:
        if not _GROUP.fullmatch(code):
            self.fault(line, "card_code_unusable", name=code)
            return None
        if not isinstance(body, MarkedMap):
            self.fault(line, "not_a_mapping", what=code)
            return None
        self.keys(body, f"group {code}", ("label", "items"))
        label = self.label(body, "label", code)
        items = self.items(body, code)
        return ScoreGroup(code, label, items, sum((item.most for item in items), Decimal(0)))

    def special(self, tree: MarkedMap, which: str) -> ScoreGroup | None:
        """The group of bonus or of penalty."""
        if which not in tree:
            return None
        section = self.section(tree, which)
        if not isinstance(tree[which], MarkedMap):
            return None
        self.keys(section, which, ("most", "items"))
        most = self.points(section, "most", which)
        return ScoreGroup(which, _LABELS[which], self.items(section, which), most)

    def items(self, body: MarkedMap, group: str) -> tuple[ScoreItem, ...]:
        section = self.section(body, "items")
        if "items" in body and isinstance(body["items"], MarkedMap) and not section:
            self.fault(body.line_of("items"), "card_without_items", of=group)
        found = []
        for code, told in section.items():
            line = section.lines[code]
            if not _ITEM.fullmatch(code):
                self.fault(line, "card_code_unusable", name=code)
            elif code in self._known:
                self.fault(line, "card_item_twice", name=code, first=self._known[code])
            elif not isinstance(told, MarkedMap):
                self.fault(line, "not_a_mapping", what=code)
            else:
                self._known[code] = line
                self.keys(told, f"item {code}", ("label", "most"))
                label = self.label(told, "label", code)
                found.append(ScoreItem(code, group, label, self.points(told, "most", code), line))
        return tuple(found)

    def points(self, tree: MarkedMap, key: str, of: str) -> Decimal:
        """The most points under ``key``: above nothing, at most two decimals."""
        value = tree.get(key)
        if key not in tree:
            return Decimal(0)
        try:
            # True is an int to Python, and no number of points.
            points = Decimal("NaN") if isinstance(value, bool) else Decimal(str(value))
        except InvalidOperation:
            points = Decimal("NaN")
        if not points.is_finite() or not 0 < points <= MOST_POINTS or points * 100 % 1:
            self.fault(
                tree.line_of(key), "card_points_unusable", of=of, value=str(value), most=str(MOST_POINTS)
            )
            return Decimal(0)
        return points

    def scorers(self, tree: MarkedMap) -> int:
        section = self.section(tree, "cross")
        if "cross" not in tree or not isinstance(tree["cross"], MarkedMap):
            return 0
        self.keys(section, "cross", ("scorers",))
        return self.whole(section, "scorers", 1, MOST_SCORERS)

    def prizes(self, tree: MarkedMap) -> tuple[Prize, ...]:
        listed = tree.get("prizes")
        if listed is None and "prizes" not in tree:
            return ()
        if not isinstance(listed, MarkedList):
            self.fault(tree.line_of("prizes"), "prizes_not_a_list")
            return ()
        found: list[Prize] = []
        for position, told in enumerate(listed):
            line = listed.lines[position]
            if not isinstance(told, MarkedMap):
                self.fault(line, "not_a_mapping", what="prize")
                continue
            self.keys(told, "prize", ("rank", "title", "verified", "source"))
            rank = self.whole(told, "rank", 1, LAST_RANK)
            title = self.text(told, "title")
            if title and not _TITLE.fullmatch(title):
                self.fault(told.line_of("title"), "card_code_unusable", name=title)
            prize = Prize(rank, title, self.yes_no(told, "verified"), self.text(told, "source"), line)
            if any((other.rank, other.title) == (rank, title) for other in found):
                self.fault(line, "named_twice", name=f"{rank} {title}")
            elif rank and title:
                found.append(prize)
        return tuple(found)

    def certificate(self, tree: MarkedMap) -> Certificate | None:
        if "certificate" not in tree:
            return None
        section = self.section(tree, "certificate")
        if not isinstance(tree["certificate"], MarkedMap):
            return None
        self.keys(section, "certificate", ("money", "verified", "source"))
        money = self.whole(section, "money", 0, MOST_MONEY)
        return Certificate(money, self.yes_no(section, "verified"), self.text(section, "source"))

    def whole(self, tree: MarkedMap, key: str, least: int, most: int) -> int:
        """A whole number in a range under ``key``; ``least`` where it is none."""
        value = tree.get(key, least)
        # True is an int to Python.
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.fault(
                tree.line_of(key), "card_number_unusable", key=key, value=str(value), least=least, most=most
            )
            return least
        return value
