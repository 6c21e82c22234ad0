"""An SVG read back: where its words lie and how far its marks reach."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations
from xml.etree import ElementTree

from pictures.text import width

SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Box:
    """A rectangle with what lies in it."""

    left: float
    top: float
    right: float
    bottom: float
    what: str

    def meets(self, other: Box) -> bool:
        """Whether the two share more than an edge."""
        slack = 0.15  # coordinates are told to a tenth
        return (
            self.left < other.right - slack
            and other.left < self.right - slack
            and self.top < other.bottom - slack
            and other.top < self.bottom - slack
        )


def tree_of(svg: str) -> ElementTree.Element:
    """The picture as a tree; fails where it is not well formed."""
    return ElementTree.fromstring(svg)


def view_of(tree: ElementTree.Element) -> tuple[float, float]:
    """Width and height of what is shown."""
    left, top, across, down = map(float, tree.attrib["viewBox"].split())
    assert (left, top) == (0, 0)
    return across, down


def words_of(tree: ElementTree.Element) -> list[Box]:
    """Each line of text with the room that it takes."""
    found = []
    for text in _all(tree, "text"):
        size = float(text.attrib["font-size"])
        x, y = float(text.attrib["x"]), float(text.attrib["y"])
        said = [(text.text or "", "font-weight" in text.attrib, 0.0)]
        said += [
            (s.text or "", "font-weight" in s.attrib, float(s.get("dx", 0))) for s in _all(text, "tspan")
        ]
        wide = sum(width(part, size, bold) + dx for part, bold, dx in said)
        left = {"start": x, "middle": x - wide / 2, "end": x - wide}[text.get("text-anchor", "start")]
        found.append(Box(left, y - 0.9 * size, left + wide, y + 0.25 * size, "".join(p for p, _, _ in said)))
    return found


def marks_of(tree: ElementTree.Element) -> list[Box]:
    """Rectangles, circles, lines and paths, but for those of a pattern."""
    inside = {id(one) for pattern in _all(tree, "pattern") for one in pattern.iter()}
    found = []
    for one in tree.iter():
        tag = one.tag.removeprefix(SVG)
        if id(one) in inside:
            continue
        value = {k: float(v) for k, v in one.attrib.items() if re.fullmatch(r"-?[\d.]+", v)}
        if tag == "rect" and "x" in value:
            assert value["width"] >= 0 and value["height"] >= 0
            points = [(value["x"], value["y"]), (value["x"] + value["width"], value["y"] + value["height"])]
        elif tag == "circle":
            x, y, r = value["cx"], value["cy"], value["r"]
            points = [(x - r, y - r), (x + r, y + r)]
        elif tag == "line":
            points = [(value["x1"], value["y1"]), (value["x2"], value["y2"])]
        elif tag == "path":
            points = _points(one.attrib["d"])
        else:
            continue
        xs, ys = [x for x, _ in points], [y for _, y in points]
        found.append(Box(min(xs), min(ys), max(xs), max(ys), f"{tag} {one.get('class')}"))
    return found


def overlapping(boxes: list[Box]) -> list[tuple[str, str]]:
    """Pairs that lie over one another."""
    return [(one.what, other.what) for one, other in combinations(boxes, 2) if one.meets(other)]


def _all(tree: ElementTree.Element, tag: str) -> list[ElementTree.Element]:
    return [*tree.iter(tag), *tree.iter(SVG + tag)]


_TAKES = {"M": 2, "L": 2, "l": 2, "H": 1, "h": 1, "v": 1, "C": 6, "A": 7, "z": 0}


def _points(steps: str) -> list[tuple[float, float]]:
    """Every point that a path names, control points included."""
    x = y = 0.0
    found: list[tuple[float, float]] = []
    words = steps.split()
    while words:
        letter = words.pop(0)
        numbers = [float(words.pop(0)) for _ in range(_TAKES[letter])]
        if letter in "ML":
            x, y = numbers
        elif letter == "l":
            x, y = x + numbers[0], y + numbers[1]
        elif letter == "H":
            x = numbers[0]
        elif letter == "h":
            x += numbers[0]
        elif letter == "v":
            y += numbers[0]
        elif letter in "CA":
            found += [(numbers[n], numbers[n + 1]) for n in (0, 2) if letter == "C"]
            x, y = numbers[-2:]
        found.append((x, y))
    return found
