"""What names a letter for good: its Message-ID, made of the letter's identity and the home's."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import Connection, select

from kit.database import insert_or_ignore
from models.home import HomeMark

MARK = HomeMark.__table__
HOME = "identity"


def home_identity(connection: Connection, now: datetime) -> str:
    """The home's own name, drawn by lot once: two homes of one office never make the same Message-ID."""
    query = select(MARK.c.value).where(MARK.c.name == HOME)
    known = connection.execute(query).scalar()
    if known is None:
        row = {"name": HOME, "value": uuid.uuid4().hex[:16], "at": now}
        connection.execute(insert_or_ignore(connection, MARK), row)
        known = connection.execute(query).scalar_one()
    return str(known)


def message_id(home: str, person: int, day: date, kind: str, domain: str) -> str:
    """The Message-ID of one person's letter of one day and kind, whenever and however often it is composed."""
    return f"<{kind}.{day.isoformat()}.{person}.{home}@{domain}>"
