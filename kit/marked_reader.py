"""What every reader of a published file needs: keys, texts, labels, names, dates; faults by line."""

from __future__ import annotations

from datetime import date
from typing import Any

from kit.strict_yaml import Fault, MarkedList, MarkedMap

Label = dict[str, str]


class MarkedReader:
    """Walks a marked tree and collects faults; a part with a fault is left out and reading goes on."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults

    def fault(self, line: int, code: str, **params: Any) -> None:
        """Note what is wrong on ``line``."""
        self.faults.append(Fault(line, code, params))

    def keys(
        self, tree: MarkedMap, what: str, required: tuple[str, ...], optional: tuple[str, ...] = ()
    ) -> None:
        """Every key is known and none that is required is missing."""
        for key in tree:
            if key not in required and key not in optional:
                self.fault(tree.line_of(key), "unknown_key", key=key, what=what)
        for key in required:
            if key not in tree:
                self.fault(tree.line, "missing_key", key=key, what=what)

    def text(self, tree: MarkedMap, key: str, default: str = "") -> str:
        """The text under ``key``; an empty one is a fault."""
        value = tree.get(key, default)
        if not isinstance(value, str) or (key in tree and not value.strip()):
            self.fault(tree.line_of(key), "not_a_text", key=key)
            return default
        return value

    def label(self, tree: MarkedMap, key: str, fallback: str) -> Label:
        """The Vietnamese and English words under ``key``; both are required."""
        value = tree.get(key)
        if not isinstance(value, MarkedMap) or any(
            not isinstance(value.get(lang), str) or not value[lang].strip() for lang in ("vi", "en")
        ):
            self.fault(tree.line_of(key), "label_incomplete", of=fallback)
            return {"vi": fallback, "en": fallback}
        self.keys(value, "label", ("vi", "en"))
        return {lang: value[lang] for lang in ("vi", "en")}

    def names(self, tree: MarkedMap, key: str, known: tuple[str, ...] | None, code: str) -> tuple[str, ...]:
        """A word or a list of words under ``key``; those not in ``known`` are faults."""
        value = tree.get(key, ())
        items = value if isinstance(value, MarkedList) else [value] if value not in ((), None) else []
        names: list[str] = []
        for position, item in enumerate(items):
            line = value.lines[position] if isinstance(value, MarkedList) else tree.line_of(key)
            if not isinstance(item, str) or (known is not None and item not in known):
                self.fault(line, code, name=str(item))
            elif item in names:
                self.fault(line, "named_twice", name=item)
            else:
                names.append(item)
        return tuple(names)

    def day(self, tree: MarkedMap, key: str) -> date | None:
        """The date under ``key``; None where there is none or it is no date."""
        value = tree.get(key)
        if value is None:
            return None
        if not isinstance(value, date):
            self.fault(tree.line_of(key), "not_a_date", key=key, value=str(value))
            return None
        return value

    def section(self, tree: MarkedMap, key: str) -> MarkedMap:
        """The mapping under ``key``; an empty one where there is none."""
        value = tree.get(key)
        if isinstance(value, MarkedMap):
            return value
        if key in tree:
            self.fault(tree.line_of(key), "not_a_mapping", what=key)
        return MarkedMap()
