"""The rules of a council as published: quorum, thresholds, ballots, ties and caps (`docs/councils.md`).

A file looks so:

    council: provincial-2024
    title: {vi: …, en: …}
    units: [provincial_council]                # the kinds of unit whose council may go by these rules
    source: …
    verified: true
    quorum: {share: 2/3, article: …, verified: false}            # of all members; to hold a vote at all
    award_quorum: {share: 4/5, article: …, verified: false}      # optional: the same for awards, where it is higher
    absent: {how: written, article: …, verified: true}           # written or none
    recusal: {base: stays, source: …, verified: false}           # stays or shrinks
    thresholds:
      - {titles: [CSTDCS], share: 4/5, of: members, ballot: secret, article: …, verified: true}
      - {titles: rest, share: more_than_half, of: members, ballot: open, article: …, verified: false}
    ties: [votes, preference, chair]
    caps:                                                        # optional
      - {titles: [CSTDCS], share: 3/20, of: [LDTT], article: …, verified: true}      # or number: 5
    publicity: {days: 10, count: working_days, when: before, article: …, verified: false}     # optional

Shares are fractions, never decimals: 90 % is written 9/10.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from kit.marked_reader import Label
from kit.strict_yaml import Fault, MarkedList, MarkedMap, read_strict_yaml
from published.reading import PublishedReader
from rules.ballots import BASES, Share, read_share
from rules.cut import BREAKERS
from rules.working_days import COUNTS
from states.vocabulary import UNIT_KINDS

REST = "rest"
WRITTEN, NONE = "written", "none"
SECRET, OPEN = "secret", "open"
BEFORE, AFTER = "before", "after"

_NAME = re.compile(r"(?=.{1,60}$)[a-z0-9]+(-[a-z0-9]+)*")
_CODE = re.compile(r"(?=.{1,20}$)[A-Z][A-Z0-9]*(-[A-Z0-9]+)*")
_MOST_PLACES = 10_000


@dataclass(frozen=True, slots=True)
class Cited:
    """From which text a rule is, and whether it was read there."""

    article: str
    verified: bool


@dataclass(frozen=True, slots=True)
class ShareRule:
    """A share of all members that must be there."""

    share: Share
    cited: Cited


@dataclass(frozen=True, slots=True)
class Threshold:
    """How many of all members must agree to some titles, and whether by ballot. ``titles`` empty: all others."""

    titles: tuple[str, ...]
    share: Share
    secret: bool
    cited: Cited
    line: int = 0


@dataclass(frozen=True, slots=True)
class CapRule:
    """How many of some titles may pass: a share of those that pass with the titles ``of``, or a number."""

    titles: tuple[str, ...]
    share: Fraction | None
    number: int | None
    of: tuple[str, ...]
    cited: Cited


@dataclass(frozen=True, slots=True)
class Publicity:
    """How long a list lies open, and whether before or after the session."""

    days: int
    count: str
    when: str
    cited: Cited


@dataclass(frozen=True, slots=True)
class CouncilRules:
    """The rules of a council. ``thresholds`` end with the one of all other titles."""

    name: str
    title: Label
    units: tuple[str, ...]
    source: str
    verified: bool
    quorum: ShareRule
    award_quorum: ShareRule | None
    absent: str
    absent_cited: Cited
    base: str
    base_cited: Cited
    thresholds: tuple[Threshold, ...]
    ties: tuple[str, ...]
    caps: tuple[CapRule, ...] = ()
    publicity: Publicity | None = None

    def threshold_of(self, title: str) -> Threshold:
        """What a nomination for ``title`` needs."""
        return next(t for t in self.thresholds if title in t.titles or not t.titles)

    @property
    def quorum_for_awards(self) -> ShareRule:
        """The quorum of a vote on nominations."""
        return self.award_quorum or self.quorum


def read_council(text: str | bytes) -> tuple[CouncilRules | None, list[Fault]]:
    """The rules in ``text`` and every fault found; None when too little can be read to go on.

    Rules that come with faults are for showing, never for publishing. Nothing is raised for bad input.
    """
    tree, faults = read_strict_yaml(text)
    if not isinstance(tree, MarkedMap):
        return None, faults or [Fault(1, "not_a_mapping", {"what": "council"})]
    return _Reader(faults).council(tree), faults


class _Reader(PublishedReader):
    """Reads the rules of a council."""

    def council(self, tree: MarkedMap) -> CouncilRules | None:
        required = ("council", "title", "units", "source", "verified", "quorum", "absent", "recusal")
        optional = ("award_quorum", "caps", "publicity")
        self.keys(tree, "council", (*required, "thresholds", "ties"), optional)
        name = self.text(tree, "council")
        if name and not _NAME.fullmatch(name):
            self.fault(tree.line_of("council"), "name_unusable", name=name)
        units = self.names(tree, "units", UNIT_KINDS, "unknown_unit_kind")
        if "units" in tree and not units:
            self.fault(tree.line_of("units"), "council_of_nobody")
        quorum = self.share_rule(tree, "quorum")
        award = self.share_rule(tree, "award_quorum") if "award_quorum" in tree else None
        absent, recusal = self.section(tree, "absent"), self.section(tree, "recusal")
        if absent:
            self.keys(absent, "absent", ("how", "article", "verified"))
        if recusal:
            self.keys(recusal, "recusal", ("base", "source", "verified"))
        thresholds = self.thresholds(tree)
        found = CouncilRules(
            name=name,
            title=self.label(tree, "title", name),
            units=units,
            source=self.text(tree, "source"),
            verified=self.yes_no(tree, "verified"),
            quorum=quorum,
            award_quorum=award,
            absent=self.choice(absent, "how", (WRITTEN, NONE), "unknown_absence"),
            absent_cited=self.cited(absent),
            base=self.choice(recusal, "base", BASES, "unknown_base"),
            base_cited=Cited(self.text(recusal, "source"), self.yes_no(recusal, "verified")),
            thresholds=thresholds,
            ties=self.ties(tree),
            caps=self.caps(tree),
            publicity=self.publicity(tree) if "publicity" in tree else None,
        )
        # Without a name and the last of the thresholds the rest cannot be asked anything.
        return found if name and thresholds and not thresholds[-1].titles else None

    def cited(self, tree: MarkedMap) -> Cited:
        return Cited(self.text(tree, "article"), self.yes_no(tree, "verified"))

    def share(self, tree: MarkedMap) -> Share:
        value = tree.get("share")
        found = read_share(value) if isinstance(value, str) else None
        if found is None and "share" in tree:
            self.fault(tree.line_of("share"), "not_a_share", value=str(value))
        return found if found is not None else Fraction(1)

    def share_rule(self, tree: MarkedMap, key: str) -> ShareRule:
        body = self.section(tree, key)
        if body:
            self.keys(body, key, ("share", "article", "verified"))
        return ShareRule(self.share(body), self.cited(body))

    def items(self, tree: MarkedMap, key: str) -> list[tuple[MarkedMap, int]]:
        value = tree.get(key, MarkedList())
        if not isinstance(value, MarkedList):
            self.fault(tree.line_of(key), "not_a_list", what=key)
            return []
        found = []
        for item, line in zip(value, value.lines, strict=True):
            if isinstance(item, MarkedMap):
                found.append((item, line))
            else:
                self.fault(line, "not_a_mapping", what=key)
        return found

    def codes(self, tree: MarkedMap, key: str) -> tuple[str, ...]:
        """Codes of titles. Whether the catalogue has them is not asked: it changes, and these rules stay."""
        codes = self.names(tree, key, None, "unknown_title")
        for code in codes:
            if not _CODE.fullmatch(code):
                self.fault(tree.line_of(key), "name_unusable", name=code)
        if key in tree and not codes:
            self.fault(tree.line_of(key), "no_title")
        return codes

    def thresholds(self, tree: MarkedMap) -> tuple[Threshold, ...]:
        found: list[Threshold] = []
        named: dict[str, int] = {}
        for item, line in self.items(tree, "thresholds"):
            self.keys(item, "threshold", ("titles", "share", "of", "ballot", "article", "verified"))
            self.choice(item, "of", ("members",), "unknown_share_of")
            rest = item.get("titles") == REST
            titles = () if rest else self.codes(item, "titles")
            for title in titles if not rest else (REST,):
                if title in named:
                    self.fault(
                        item.line_of("titles"), "threshold_twice", title=title, other_line=named[title]
                    )
                named.setdefault(title, line)
            secret = self.choice(item, "ballot", (SECRET, OPEN), "unknown_ballot") == SECRET
            if rest or titles:
                found.append(Threshold(titles, self.share(item), secret, self.cited(item), line))
        if "thresholds" in tree and REST not in named:
            self.fault(tree.line_of("thresholds"), "threshold_of_rest_missing")
        elif found and found[-1].titles:
            self.fault(found[-1].line, "threshold_after_rest")
        return tuple(found)

    def ties(self, tree: MarkedMap) -> tuple[str, ...]:
        ties = self.names(tree, "ties", BREAKERS, "unknown_tie_breaker")
        # Votes decide first and the chair last, whatever is left out between: any other order would be another rule.
        if "ties" in tree and (ties[:1] != ("votes",) or list(ties) != sorted(ties, key=BREAKERS.index)):
            self.fault(tree.line_of("ties"), "ties_out_of_order", order=list(BREAKERS))
        return ties

    def caps(self, tree: MarkedMap) -> tuple[CapRule, ...]:
        found = []
        for item, line in self.items(tree, "caps"):
            self.keys(item, "cap", ("titles", "article", "verified"), ("share", "of", "number"))
            share, number = None, item.get("number")
            if ("share" in item) == ("number" in item) or ("share" in item) != ("of" in item):
                self.fault(line, "cap_share_or_number")
            if "share" in item:
                read = self.share(item)
                share = read if isinstance(read, Fraction) else None
                if share is None:
                    self.fault(item.line_of("share"), "not_a_share", value=str(item.get("share")))
            usable = isinstance(number, int) and not isinstance(number, bool) and 0 <= number <= _MOST_PLACES
            if "number" in item and not usable:
                self.fault(item.line_of("number"), "not_a_number_of_places", value=str(number))
            titles, of = self.codes(item, "titles"), self.codes(item, "of")
            found.append(CapRule(titles, share, int(str(number)) if usable else None, of, self.cited(item)))
        return tuple(found)

    def publicity(self, tree: MarkedMap) -> Publicity:
        body = self.section(tree, "publicity")
        self.keys(body, "publicity", ("days", "count", "when", "article", "verified"))
        days = body.get("days")
        if isinstance(days, bool) or not isinstance(days, int) or not 1 <= days <= 90:
            self.fault(body.line_of("days"), "publicity_days_unusable", value=str(days))
            days = 1
        return Publicity(
            days,
            self.choice(body, "count", COUNTS, "unknown_count"),
            self.choice(body, "when", (BEFORE, AFTER), "unknown_publicity"),
            self.cited(body),
        )
