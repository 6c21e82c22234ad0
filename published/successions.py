"""A published succession map as values: which office takes over the work of one that ends, read by line.

A file looks so:

    succession: 2025-districts-end
    title: {vi: …, en: …}
    since: 2025-07-01                 # the successors' first day
    source: …
    verified: false
    kinds:                            # for every unit of a kind: the successor is the nearest of another kind
      - {kind: education_office, becomes: culture_society_office, source: …, verified: true}
    units:                            # optional: for one unit, by its code; goes before what is said of its kind
      - {unit: pgd-mau, becomes: [pvhxh-xa-mau-mot, pvhxh-xa-mau-hai], since: 2025-07-02, source: …, verified: false}

A row's `since` is optional and stands in the place of the map's. Where a unit's work went to several, a dossier's is
the one that is nearest to its school by the dated placements. A kind may become itself: a district's committee is
succeeded by the commune's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kit.marked_reader import Label
from kit.strict_yaml import Fault, MarkedList, MarkedMap, read_strict_yaml
from published.reading import PublishedReader
from states.vocabulary import UNIT_KINDS

_NAME = re.compile(r"(?=.{1,80}$)[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class KindSuccession:
    """From ``since`` on, the nearest unit of the kind ``becomes`` does what units of ``kind`` that ended did."""

    kind: str
    becomes: str
    since: date
    source: str
    verified: bool
    line: int = 0


@dataclass(frozen=True, slots=True)
class UnitSuccession:
    """From ``since`` on, one of the units ``becomes`` (codes) does what ``unit`` (a code) did."""

    unit: str
    becomes: tuple[str, ...]
    since: date
    source: str
    verified: bool
    line: int = 0


@dataclass(frozen=True, slots=True)
class Succession:
    """One map. Sound only if it was read without a fault."""

    name: str
    title: Label
    since: date
    source: str
    verified: bool
    kinds: tuple[KindSuccession, ...]
    units: tuple[UnitSuccession, ...]
    sha256: str = ""


def read_succession(text: str | bytes, sha256: str = "") -> tuple[Succession | None, list[Fault]]:
    """The map in ``text`` and every fault found; None when too little can be read to go on.

    A map that comes with faults is for showing, never for publishing. Nothing is raised for bad input.
    """
    tree, faults = read_strict_yaml(text)
    if not isinstance(tree, MarkedMap):
        return None, faults or [Fault(1, "not_a_mapping", {"what": "succession"})]
    return _Reader(faults).succession(tree, sha256), faults


class _Reader(PublishedReader):
    """Reads a succession map."""

    def succession(self, tree: MarkedMap, sha256: str) -> Succession | None:
        self.keys(
            tree, "succession", ("succession", "title", "since", "source", "verified"), ("kinds", "units")
        )
        name = self.text(tree, "succession", "unnamed")
        if "succession" in tree and not _NAME.fullmatch(name):
            self.fault(tree.line_of("succession"), "name_unusable", name=name)
        title = self.label(tree, "title", name)
        since = self.needed_day(tree, "since")
        source, verified = self.text(tree, "source"), self.yes_no(tree, "verified")
        if since is None:
            return None
        kinds = [self.kind(body, line, since) for body, line in self.rows(tree, "kinds")]
        units = [self.unit(body, line, since) for body, line in self.rows(tree, "units")]
        found = Succession(
            name=name,
            title=title,
            since=since,
            source=source,
            verified=verified,
            kinds=tuple(row for row in kinds if row is not None),
            units=tuple(row for row in units if row is not None),
            sha256=sha256,
        )
        if not kinds and not units:
            self.fault(tree.line, "succession_names_nothing")
        self.doubled(found)
        self.circles(found)
        return found

    def rows(self, tree: MarkedMap, key: str) -> list[tuple[MarkedMap, int]]:
        """The mappings listed under ``key``, each with its line."""
        value = tree.get(key, MarkedList())
        if not isinstance(value, MarkedList):
            self.fault(tree.line_of(key), "not_a_list", what=key)
            return []
        for body, line in zip(value, value.lines, strict=True):
            if not isinstance(body, MarkedMap):
                self.fault(line, "not_a_mapping", what=key)
        return [
            (body, line) for body, line in zip(value, value.lines, strict=True) if isinstance(body, MarkedMap)
        ]

    def kind(self, body: MarkedMap, line: int, since: date) -> KindSuccession | None:
        self.keys(body, "kinds", ("kind", "becomes", "source", "verified"), ("since",))
        kind = self.choice(body, "kind", UNIT_KINDS, "unknown_unit_kind")
        becomes = self.choice(body, "becomes", UNIT_KINDS, "unknown_unit_kind")
        source, verified, first = self.backing(body, since)
        return KindSuccession(kind, becomes, first, source, verified, line) if kind and becomes else None

    def unit(self, body: MarkedMap, line: int, since: date) -> UnitSuccession | None:
        self.keys(body, "units", ("unit", "becomes", "source", "verified"), ("since",))
        unit = self.text(body, "unit")
        becomes = self.names(body, "becomes", None, "not_a_text")
        if "becomes" in body and body["becomes"] in (None, []):
            self.fault(body.line_of("becomes"), "names_nothing", key="becomes")
        for key, names in (("unit", (unit,) if unit else ()), ("becomes", becomes)):
            for name in names:
                if not _NAME.fullmatch(name):
                    self.fault(body.line_of(key), "name_unusable", name=name)
        source, verified, first = self.backing(body, since)
        return UnitSuccession(unit, becomes, first, source, verified, line) if unit and becomes else None

    def backing(self, body: MarkedMap, since: date) -> tuple[str, bool, date]:
        """What a row rests on, and from which day it counts."""
        first = self.needed_day(body, "since") if "since" in body else since
        return self.text(body, "source"), self.yes_no(body, "verified"), first or since

    def doubled(self, found: Succession) -> None:
        """One predecessor with two answers: nobody could say which counts."""
        first: dict[tuple[str, str], int] = {}
        said = [(row.line, row.kind, ("kind", row.kind)) for row in found.kinds]
        said += [(row.line, row.unit, (row.unit, heir)) for row in found.units for heir in row.becomes]
        for line, name, key in said:
            earlier = first.setdefault(key, line)
            if earlier != line:
                self.fault(line, "succeeded_twice", name=name, first=earlier)

    def circles(self, found: Succession) -> None:
        """Work that comes back to an office which has ended would be nobody's."""
        kinds = {row.kind: (row.becomes,) for row in found.kinds if row.becomes != row.kind}
        units: dict[str, tuple[str, ...]] = {}
        for row in found.units:
            units[row.unit] = (*units.get(row.unit, ()), *row.becomes)
        told: set[str] = set()
        for rows, heirs in ((found.kinds, kinds), (found.units, units)):
            for row in rows:
                name = row.kind if isinstance(row, KindSuccession) else row.unit
                if name not in told and _comes_back(heirs, name):
                    told.add(name)
                    self.fault(row.line, "succession_in_a_circle", name=name)


def _comes_back(heirs: Mapping[str, tuple[str, ...]], name: str) -> bool:
    seen: set[str] = set()
    waiting = list(heirs.get(name, ()))
    while waiting:
        current = waiting.pop()
        if current == name:
            return True
        if current not in seen:
            seen.add(current)
            waiting.extend(heirs.get(current, ()))
    return False
