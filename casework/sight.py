"""What a person may see: the one answer for page, list, search, export and mail.

A duty at a unit shows the dossiers of that unit and those that have come to it, and goes on showing them after they
went on; a successor sees what came to those whose work it took over. An administrator sees everything. Whoever holds no
duty sees what is public only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, bindparam, select, true

from casework.access import Holding, holdings_of
from casework.load import DOSSIER
from casework.record_step import REACH
from casework.routing import nearest_by_kind
from casework.successions import Successions

ADMINISTRATOR = "administrator"
_CAME_TO = select(REACH.c.dossier_id).where(
    REACH.c.dossier_id == bindparam("dossier"), REACH.c.unit_id.in_(bindparam("units", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Sight:
    """A person on a day: the duties that count, own and lent, and the units whose dossiers they show."""

    person: int
    holdings: tuple[Holding, ...]
    units: frozenset[int]

    @property
    def administers(self) -> bool:
        """Whether the person keeps the office's own affairs: people, calendars, letters, runs."""
        return any(holding.duty == ADMINISTRATOR for holding in self.holdings)

    def at(self, unit: int) -> frozenset[str]:
        """The duties that count at a unit."""
        return frozenset(holding.duty for holding in self.holdings if holding.unit_id == unit)


def sight_of(connection: Connection, person: int, day: date) -> Sight:
    """What ``person`` may see on ``day``."""
    holdings = holdings_of(connection, person, day)
    units = {holding.unit_id for holding in holdings}
    successions = Successions(connection, day)
    units |= {before for unit in sorted(units) for before in successions.predecessors_of(unit)}
    return Sight(person, holdings, frozenset(units))


def sees(sight: Sight) -> ColumnElement[bool]:
    """The condition on rows of dossiers that a list, a search or an export must carry."""
    if sight.administers:
        return true()
    # Not EXISTS: SQLite would ask it of every dossier there is, also for a school that has five.
    return DOSSIER.c.id.in_(select(REACH.c.dossier_id).where(REACH.c.unit_id.in_(sorted(sight.units))))


def sees_each(sight: Sight) -> ColumnElement[bool]:
    """The same condition for a statement that finds a few dossiers by something else: SQLite, which keeps no figures of
    its tables, would begin with all that the person may see."""
    if sight.administers:
        return true()
    came_to = select(REACH.c.dossier_id).where(
        REACH.c.dossier_id == DOSSIER.c.id, REACH.c.unit_id.in_(sorted(sight.units))
    )
    return came_to.exists()


def seen_among(connection: Connection, sight: Sight, codes: Iterable[str]) -> frozenset[str]:
    """Those of some dossiers, by their codes, that a person may see."""
    wanted = sorted(set(codes))
    if not wanted:
        return frozenset()
    query = select(DOSSIER.c.code).where(DOSSIER.c.code.in_(wanted), sees(sight))
    return frozenset(connection.execute(query).scalars())


def may_see(connection: Connection, sight: Sight, dossier: int) -> bool:
    """Whether a person may see one dossier, by its id."""
    if sight.administers:
        return True
    bound = {"dossier": dossier, "units": sorted(sight.units)}
    return connection.execute(_CAME_TO, bound).first() is not None


def may_see_unit(connection: Connection, sight: Sight, unit: int, day: date) -> bool:
    """Whether a person may see what a unit owes and where its dossiers stand: at the unit, or at one above it.

    The people of a unit are seen at the unit itself alone (``unit in sight.units``).
    """
    if sight.administers or unit in sight.units:
        return True
    return not sight.units.isdisjoint(nearest_by_kind(connection, unit, day).values())
