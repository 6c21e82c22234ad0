"""Who may see a council: its members, now or before, those who hold a duty at its unit, and administrators."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, or_, select, true

from casework.council.tables import COUNCIL, MEMBER
from casework.sight import Sight


def sees_council(sight: Sight) -> ColumnElement[bool]:
    """The condition on rows of councils that a list must carry."""
    if sight.administers:
        return true()
    mine = select(MEMBER.c.council_id).where(MEMBER.c.person_id == sight.person)
    return or_(COUNCIL.c.unit_id.in_(sorted(sight.units)), COUNCIL.c.id.in_(mine))


def may_see_council(connection: Connection, sight: Sight, council: int) -> bool:
    """Whether a person may see one council and its sessions."""
    query = select(COUNCIL.c.id).where(COUNCIL.c.id == council, sees_council(sight))
    return connection.execute(query).first() is not None
