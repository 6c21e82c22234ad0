"""What the readers of a rulebook's parts share: articles, days, fractions, whole numbers, codes of titles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from kit.strict_yaml import MarkedList, MarkedMap
from published.reading import PublishedReader
from published.rulebooks.values import SUBJECTS, Days
from rules.lawbook import Cited

CITED = ("article", "source", "verified")
DAYS = ("since", "until")
CODE = re.compile(r"(?=.{1,20}$)[A-Z][A-Z0-9]*(-[A-Z0-9]+)*")
_FRACTION = re.compile(r"([0-9]{1,6})/([0-9]{1,6})")


class PartReader(PublishedReader):
    """Walks a part of a rulebook; every method notes its faults by line and answers with something usable."""

    def cited(self, tree: MarkedMap) -> Cited:
        """From which article it is and where that was read."""
        return Cited(self.text(tree, "article"), self.text(tree, "source"), self.yes_no(tree, "verified"))

    def days(self, tree: MarkedMap) -> Days:
        """Days of its own, either of which may be left out."""
        since = self.needed_day(tree, "since") if "since" in tree else None
        until = self.needed_day(tree, "until") if "until" in tree else None
        if since and until and until < since:
            self.fault(
                tree.line_of("until"),
                "ends_before_it_begins",
                begins=since.isoformat(),
                ends=until.isoformat(),
            )
        return Days(since, until)

    def whole(self, tree: MarkedMap, key: str, most: int, least: int = 1) -> int | None:
        """A whole number under ``key``; None where there is none, or after a fault."""
        value = tree.get(key)
        if key not in tree:
            return None
        # To YAML, yes and no are numbers too.
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.fault(
                tree.line_of(key), "number_unusable", key=key, value=str(value)[:40], least=least, most=most
            )
            return None
        return value

    def share(self, tree: MarkedMap, key: str = "share") -> Fraction | None:
        """An exact share above nothing and not above the whole, written as a fraction."""
        value = tree.get(key)
        match = _FRACTION.fullmatch(value) if isinstance(value, str) else None
        if match and 0 < int(match[1]) <= int(match[2]):
            return Fraction(int(match[1]), int(match[2]))
        if key in tree:
            self.fault(tree.line_of(key), "share_unusable", value=str(value)[:40])
        return None

    def times(self, tree: MarkedMap, key: str, most: int) -> Fraction | None:
        """A whole number or a fraction, above nothing and not above ``most``."""
        value = tree.get(key)
        match = _FRACTION.fullmatch(value) if isinstance(value, str) else None
        found = Fraction(int(match[1]), int(match[2])) if match and int(match[2]) else None
        if isinstance(value, int) and not isinstance(value, bool):
            found = Fraction(value)
        if found is not None and 0 < found <= most:
            return found
        if key in tree:
            self.fault(tree.line_of(key), "times_unusable", value=str(value)[:40], most=most)
        return None

    def codes(self, tree: MarkedMap, key: str) -> tuple[str, ...]:
        """Codes of titles. Whether the catalogue has them is asked when the rulebook is published, not here."""
        found = self.names(tree, key, None, "unknown_title")
        if key in tree and not found:
            self.fault(tree.line_of(key), "names_nothing", key=key)
        for code in found:
            if not CODE.fullmatch(code):
                self.fault(tree.line_of(key), "title_code_unusable", name=code[:40])
        return found

    def inner(self, tree: MarkedMap, key: str) -> MarkedMap | None:
        """The mapping under ``key``; None where there is none."""
        value = tree.get(key)
        if isinstance(value, MarkedMap):
            return value
        if key in tree:
            self.fault(tree.line_of(key), "not_a_mapping", what=key)
        return None

    def mappings(self, tree: MarkedMap, key: str) -> Iterator[tuple[MarkedMap, int]]:
        """The mappings of a list under ``key``, each with its line."""
        value = tree.get(key)
        if key not in tree:
            return
        if not isinstance(value, MarkedList):
            self.fault(tree.line_of(key), "not_a_list", what=key)
            return
        for item, line in zip(value, value.lines, strict=True):
            if isinstance(item, MarkedMap):
                yield item, line
            else:
                self.fault(line, "not_a_mapping", what=key)

    def by_title(self, tree: MarkedMap, key: str) -> Iterator[tuple[str, str, Any, int]]:
        """(title, subject, what stands there, line) of a mapping of titles, each with its subjects."""
        section = self.section(tree, key)
        for code, body in section.items():
            line = section.line_of(code)
            if not CODE.fullmatch(code):
                self.fault(line, "title_code_unusable", name=code[:40])
            elif not isinstance(body, MarkedMap):
                self.fault(line, "not_a_mapping", what=code)
            else:
                if not body:
                    self.fault(line, "names_nothing", key=code)
                for subject, inner in body.items():
                    if subject not in SUBJECTS:
                        self.fault(body.line_of(subject), "unknown_subject", name=subject[:40])
                    else:
                        yield code, subject, inner, body.line_of(subject)
