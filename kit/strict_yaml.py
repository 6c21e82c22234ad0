"""YAML read strictly, with the line of every key, for files that people publish.

Refused: duplicate keys, anchors and aliases (a few bytes of them can fill the memory), tags, more than
one document, more than `LIMIT` bytes or `DEPTH` levels, bytes that are not UTF-8. Texts are normalised to
NFC, since the same Vietnamese name can be typed in two ways that look alike.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml
from yaml.reader import ReaderError

LIMIT = 1_000_000
# No published file needs ten levels. The parser's work grows with the square of the depth: twenty thousand
# brackets, 20 KB, kept it busy for twenty seconds.
DEPTH = 40
_FASTER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN_TAGS = {
    f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "bool", "null", "float", "timestamp", "map", "seq")
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, where (line from 1, 0 for the file as a whole), as a code and its parameters."""

    line: int
    code: str
    params: dict[str, Any] = field(default_factory=dict)


class MarkedMap(dict[str, Any]):
    """A mapping that remembers on which line it and each of its keys began."""

    line: int = 0

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, int] = {}

    def line_of(self, key: str) -> int:
        """The line of ``key``, or of the mapping itself where the key is missing."""
        return self.lines.get(key, self.line)


class MarkedList(list[Any]):
    """A sequence that remembers on which line it and each of its items began."""

    line: int = 0

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[int] = []


def read_strict_yaml(text: str | bytes) -> tuple[Any, list[Fault]]:
    """The tree of the document and every fault found; the tree is None when it cannot be read at all."""
    if isinstance(text, bytes):
        if len(text) > LIMIT:
            return None, [Fault(0, "yaml_too_large", {"limit": LIMIT})]
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError as error:
            return None, [Fault(0, "yaml_not_utf8", {"at": error.start})]
    if len(text) > LIMIT:
        return None, [Fault(0, "yaml_too_large", {"limit": LIMIT})]
    text = unicodedata.normalize("NFC", text)
    try:
        return _read(text, _FASTER, [])
    except yaml.YAMLError:
        # The parser in C words its errors otherwise and counts some lines otherwise: what is wrong with a
        # file must not depend on how PyYAML was built.
        return _read_slowly(text)


def _read_slowly(text: str) -> tuple[Any, list[Fault]]:
    faults: list[Fault] = []
    try:
        return _read(text, yaml.SafeLoader, faults)
    except yaml.YAMLError as error:
        return None, [*faults, Fault(_line_of(error, text), "yaml_unreadable", {"problem": _problem(error)})]


def _read(text: str, loader: type[Any], faults: list[Fault]) -> tuple[Any, list[Fault]]:
    # Events are looked at before anything is composed: an alias is refused unexpanded.
    faults.extend(_refused_events(text, loader))
    if faults:
        return None, faults
    node = yaml.compose(text, Loader=loader)
    if node is None:
        return None, [Fault(0, "yaml_empty")]
    return _tree(node, faults), faults


def _refused_events(text: str, loader: type[Any]) -> Iterator[Fault]:
    """What may not stand in the file whatever it says: aliases, tags, nesting without end."""
    depth = 0
    for event in yaml.parse(text, Loader=loader):
        line = event.start_mark.line + 1
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEPTH:
            yield Fault(line, "yaml_too_deep", {"limit": DEPTH})
            return
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if anchor is not None:
            yield Fault(line, "yaml_alias", {"name": anchor})
        if tag is not None:
            yield Fault(line, "yaml_tag", {"tag": tag})


def _line_of(error: yaml.YAMLError, text: str) -> int:
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        return int(mark.line) + 1
    if isinstance(error, ReaderError):
        return text.count("\n", 0, error.position) + 1
    return 0


def _problem(error: yaml.YAMLError) -> str:
    if isinstance(error, ReaderError):
        return f"character U+{error.character:04X} is not allowed"
    return getattr(error, "problem", None) or str(error)


def _tree(node: yaml.Node, faults: list[Fault]) -> Any:
    line = node.start_mark.line + 1
    if node.tag not in _PLAIN_TAGS:
        faults.append(Fault(line, "yaml_tag", {"tag": node.tag}))
        return None
    if isinstance(node, yaml.MappingNode):
        mapping = MarkedMap()
        mapping.line = line
        for key_node, value_node in node.value:
            key_line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                faults.append(Fault(key_line, "yaml_key_not_text"))
                continue
            key = str(key_node.value)
            if key in mapping:
                faults.append(Fault(key_line, "duplicate_key", {"key": key}))
                continue
            mapping[key] = _tree(value_node, faults)
            mapping.lines[key] = key_line
        return mapping
    if isinstance(node, yaml.SequenceNode):
        items = MarkedList()
        items.line = line
        for item in node.value:
            items.append(_tree(item, faults))
            items.lines.append(item.start_mark.line + 1)
        return items
    return _scalar(node, line, faults)


def _scalar(node: yaml.ScalarNode, line: int, faults: list[Fault]) -> Any:
    kind = node.tag.rsplit(":", 1)[1]
    text = node.value
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() in ("true", "yes", "on")
    if kind == "int":
        try:
            return int(text.replace("_", ""))
        except ValueError:
            return text
    if kind == "timestamp":
        try:
            return date.fromisoformat(text)
        except ValueError:
            faults.append(Fault(line, "date_does_not_exist", {"date": text}))
            return None
    return text
