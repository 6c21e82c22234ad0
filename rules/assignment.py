"""Who scores whom: balanced, drawn from a seed, the same whatever order the schools were listed in.

The schools are put around a circle in an order that the seed decides, and each scores those at some distances ahead of
it. So each scores ``k`` and is scored by ``k``. Two score each other where a distance and its opposite are both taken,
or the one that is half of the circle; such distances are taken last.
"""

from __future__ import annotations

from collections.abc import Collection
from hashlib import sha256


def scorers_of_each(schools: int, asked: int) -> int:
    """How many others each school scores where the card asks for ``asked``: at most all others."""
    return max(0, min(asked, schools - 1))


def assign(schools: Collection[str], asked: int, seed: str) -> tuple[tuple[str, str], ...]:
    """(scorer, scored) for every sheet about another school, sorted. ``schools`` are their codes, each once.

    With n ≥ 2k + 1 schools no two score each other; below that as few pairs as there can be, n·k − n·(n − 1)/2.
    """
    circle = sorted(set(schools), key=lambda school: (_lot(seed, "school", school), school))
    size = len(circle)
    distances = _distances(size, seed)[: scorers_of_each(size, asked)]
    return tuple(
        sorted((circle[at], circle[(at + ahead) % size]) for at in range(size) for ahead in distances)
    )


def mutual_pairs(pairs: Collection[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The pairs of schools that score each other, each once, sorted."""
    there = set(pairs)
    return tuple(sorted((one, other) for one, other in there if one < other and (other, one) in there))


def _distances(size: int, seed: str) -> list[int]:
    """The distances around the circle in the order in which they are taken."""
    halves = sorted(range(1, (size + 1) // 2), key=lambda ahead: (_lot(seed, "distance", str(ahead)), ahead))
    # Of a distance and its opposite, the lot says which is the first.
    turned = [size - d if int(_lot(seed, "way", str(d))[0], 16) % 2 else d for d in halves]
    middle = [size // 2] if size > 1 and size % 2 == 0 else []
    return [*turned, *middle, *(size - d for d in turned)]


def _lot(seed: str, what: str, name: str) -> str:
    return sha256(f"{seed}\n{what}\n{name}".encode()).hexdigest()
