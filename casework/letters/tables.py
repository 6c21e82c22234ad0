"""The tables of the post, and how what waits in them is found: a search costs what waits, not what rests.

The words of these conditions stand in the statement itself and are no parameters: neither database could know otherwise
that an index of a part serves them.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, literal_column, or_

from casework.record_step import OUTBOX
from models.letter import Letter, LetterAttempt, SuppressedAddress

__all__ = ["ATTEMPT", "ITEM_WAITS", "LETTER", "OUTBOX", "QUEUED", "SENDING", "SUPPRESSED", "not_leased"]

LETTER, ATTEMPT, SUPPRESSED = Letter.__table__, LetterAttempt.__table__, SuppressedAddress.__table__

_queued, _sending = literal_column("'queued'"), literal_column("'sending'")
#: letters that wait for a postman, and those that one has in hand
QUEUED = LETTER.c.standing == _queued
SENDING = LETTER.c.standing == _sending
#: items that no letter has taken up
ITEM_WAITS = and_(OUTBOX.c.standing == _queued, OUTBOX.c.letter_id.is_(None))


def not_leased(wall: datetime) -> ColumnElement[bool]:
    """Letters that no postman holds, or whose holder's time is over."""
    return or_(LETTER.c.leased_until.is_(None), LETTER.c.leased_until <= wall)
