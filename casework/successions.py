"""Who does the work of an office that has ended: the published succession maps, read for a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, bindparam, select

from casework.regulations import successions
from models.unit import Unit

UNIT = Unit.__table__

_ROWS = select(UNIT.c.id, UNIT.c.code, UNIT.c.kind, UNIT.c.until)
_ONE = _ROWS.where(UNIT.c.id == bindparam("unit"))
_SOME = _ROWS.where(UNIT.c.id.in_(bindparam("units", expanding=True)))
_NAMED = _ROWS.where(UNIT.c.code.in_(bindparam("codes", expanding=True)))
_ENDED = select(UNIT.c.id).where(UNIT.c.until < bindparam("day"))


@dataclass(frozen=True, slots=True)
class Successor:
    """The unit that took over, and the SHA-256 of the map that says so."""

    unit_id: int
    sha256: str


class Successions:
    """What the published maps say on a day. Read within one transaction; nothing is kept beyond it."""

    def __init__(self, connection: Connection, day: date) -> None:
        self.connection = connection
        self.day = day

        self._units: dict[int, Any] = {}

    def fetch(self, units: Iterable[int]) -> None:
        """Read some units in one statement."""
        rows = self.connection.execute(_SOME, {"units": sorted(units)})
        self._units.update({row.id: row for row in rows})

    def _row(self, unit: int) -> Any:
        if unit not in self._units:
            self._units[unit] = self.connection.execute(_ONE, {"unit": unit}).one()
        return self._units[unit]

    @cached_property
    def _by_code(self) -> dict[str, Any]:
        """The units of this home that the maps name."""
        named = {*self._heirs, *(code for heirs in self._heirs.values() for code, _ in heirs)}
        rows = self.connection.execute(_NAMED, {"codes": sorted(named)}).all()
        self._units.update({row.id: row for row in rows})
        return {row.code: row for row in rows}

    @cached_property
    def _heirs(self) -> dict[str, list[tuple[str, str]]]:
        """Code of a predecessor → (code of a successor, SHA-256), in the order of the files."""
        heirs: dict[str, list[tuple[str, str]]] = {}
        for plan in successions(self.connection):
            for row in plan.units:
                if row.since <= self.day:
                    heirs.setdefault(row.unit, []).extend((code, plan.sha256) for code in row.becomes)
        return heirs

    @cached_property
    def _kinds(self) -> dict[str, tuple[str, str]]:
        """Kind → (kind that succeeds it, SHA-256). Of two maps the one whose row is the later counts."""
        rows = [
            (row.since, row.kind, row.becomes, plan.sha256)
            for plan in successions(self.connection)
            for row in plan.kinds
            if row.since <= self.day
        ]
        return {kind: (becomes, sha256) for _, kind, becomes, sha256 in sorted(rows)}

    def has_ended(self, unit: int) -> date | None:
        """The last day of a unit that has ended before the day; None while it exists."""
        until: date | None = self._row(unit).until
        return until if until is not None and until < self.day else None

    def ended(self) -> frozenset[int]:
        """The ids of all units that have ended before the day."""
        return frozenset(self.connection.execute(_ENDED, {"day": self.day}).scalars())

    def of_unit(self, unit: int, nearest: Mapping[str, int]) -> Successor | None:
        """The successor of a unit that has ended, for a school with these nearest units (`routing.nearest_by_kind`).

        Rows about the unit itself go before what is said of its kind. Where its work went to several, the one that
        is near; None where the maps name none that exists.
        """
        row = self._row(unit)
        if row.code in self._heirs:
            living = list(self._living(row.code, set()))
            near = set(nearest.values())
            found = next((heir for heir in living if heir.unit_id in near), None)
            if found is None and len(living) == 1 and len(self._heirs[row.code]) == 1:
                # Its work went to one other as a whole: no placement need say which, as long as none says otherwise.
                (only,) = living
                return None if self._row(only.unit_id).kind in nearest else only
            return found
        return self._of_kind(row.kind, nearest, set())

    def heirs_of(self, unit: int, nearest: Mapping[str, int]) -> tuple[int, ...]:
        """Every unit that does the work of one that has ended, in the order of the maps; what is said of its kind where
        no row names it."""
        row = self._row(unit)
        if row.code in self._heirs:
            return tuple(dict.fromkeys(heir.unit_id for heir in self._living(row.code, set())))
        heir = self._of_kind(row.kind, nearest, set())
        return (heir.unit_id,) if heir else ()

    def predecessors_of(self, unit: int) -> tuple[int, ...]:
        """The units that have ended and whose work a unit does among others or alone, as the maps name them."""
        named = (self._by_code[code] for code in self._heirs if code in self._by_code)
        return tuple(
            row.id
            for row in named
            if self.has_ended(row.id) and unit in (heir.unit_id for heir in self._living(row.code, set()))
        )

    def _living(self, code: str, seen: set[str]) -> Iterator[Successor]:
        """The units that exist among the successors of a unit, and among theirs where one has ended in its turn."""
        seen.add(code)
        for heir, sha256 in self._heirs.get(code, ()):
            row = self._by_code.get(heir)
            if row is None or heir in seen:
                continue
            if self.has_ended(row.id):
                yield from self._living(heir, seen)
            else:
                yield Successor(row.id, sha256)

    def of_kind(self, kind: str, nearest: Mapping[str, int]) -> Successor | None:
        """Who does for a school what a unit of ``kind`` did, where it has none of that kind any more."""
        near: Collection[int] = set(nearest.values())
        for code in self._heirs:
            row = self._by_code.get(code)
            if row is not None and row.kind == kind and self.has_ended(row.id):
                for heir in self._living(code, set()):
                    if heir.unit_id in near:
                        return heir
        return self._of_kind(kind, nearest, set())

    def _of_kind(self, kind: str, nearest: Mapping[str, int], seen: set[str]) -> Successor | None:
        becomes, sha256 = self._kinds.get(kind, (None, ""))
        if becomes is None or kind in seen:
            return None
        if becomes in nearest:
            return Successor(nearest[becomes], sha256)
        return self._of_kind(becomes, nearest, {*seen, kind})
