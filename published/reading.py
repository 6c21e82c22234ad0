"""What the readers of calendars and titles share beyond `kit.marked_reader`."""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import date

from kit.marked_reader import MarkedReader
from kit.strict_yaml import MarkedMap


class PublishedReader(MarkedReader):
    """Walks a marked tree; every method notes its faults by line and answers with something usable."""

    def yes_no(self, tree: MarkedMap, key: str) -> bool:
        """True or false under ``key``; a missing key is for `keys` to note."""
        value = tree.get(key)
        if key in tree and not isinstance(value, bool):
            self.fault(tree.line_of(key), "not_yes_or_no", key=key)
        return value is True

    def choice(self, tree: MarkedMap, key: str, known: Container[str], code: str) -> str:
        """One word out of ``known`` under ``key``; the empty text where it is none of them."""
        value = tree.get(key)
        if isinstance(value, str) and value in known:
            return value
        if key in tree:
            self.fault(tree.line_of(key), code, name=str(value))
        return ""

    def needed_day(self, tree: MarkedMap, key: str) -> date | None:
        """The date under ``key``, which may not be left empty; None after a fault."""
        day = self.day(tree, key)
        # A date that does not exist was read as nothing and is already noted on its line.
        noted = any(f.code == "date_does_not_exist" and f.line == tree.line_of(key) for f in self.faults)
        if key in tree and tree[key] is None and not noted:
            self.fault(tree.line_of(key), "not_a_date", key=key, value="")
        return day

    def period(self, tree: MarkedMap, first: str, last: str) -> tuple[date | None, date | None]:
        """Two days, both included; the second may be left out, the first may not."""
        begins = self.needed_day(tree, first)
        ends = self.needed_day(tree, last) if last in tree else None
        if begins and ends and ends < begins:
            self.fault(
                tree.line_of(last), "ends_before_it_begins", begins=begins.isoformat(), ends=ends.isoformat()
            )
        return begins, ends


def circles(edges: Mapping[str, tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The circles met when walking ``edges`` depth first, each from where it was entered.

    Without recursion: a chain in a file can be longer than Python's stack.
    """
    cycles: list[tuple[str, ...]] = []
    done: set[str] = set()
    for start, first in edges.items():
        if start in done:
            continue
        path = {start: 0}
        stack = [(start, iter(first))]
        while stack:
            code, rest = stack[-1]
            following = next(rest, None)
            if following is None:
                stack.pop()
                del path[code]
                done.add(code)
            elif following in path:
                cycles.append(tuple(path)[path[following] :])
            elif following not in done and following in edges:
                path[following] = len(path)
                stack.append((following, iter(edges[following])))
    return cycles
