"""All letters that were given up for one trouble, tried again: each by an act of its own, with its own entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, func, select

from casework.access import administrators_only
from casework.call import Call
from casework.history import ENTRY
from casework.letters.acts import retry_letter
from casework.letters.tables import LETTER
from kit.database import Database
from rules.reasons import Reason, Refused, refuse_if

#: letters that one request takes up; those beyond are told
MOST = 200


@dataclass(frozen=True, slots=True)
class Retried:
    """Letters that wait for the postman again, why others were refused, and how many failed for the trouble still."""

    letters: tuple[int, ...]
    refused: tuple[Reason, ...]
    left: int


def retry_letters(database: Database, trouble: str, call: Call, *, wall: datetime) -> Retried:
    """Let the letters that failed for ``trouble`` wait for the postman again, the oldest first; ``wall`` is real time.

    Raises:
        Refused: no administrator; no letter failed for that.
    """
    with database.read() as connection:
        reasons = administrators_only(connection, call)
        before = retried_by(connection, call.key, call.now)
        if before and not reasons:
            # The same request again: what it did is told once more.
            return Retried(before, (), _failed(connection, trouble))
        wanted = select(LETTER.c.id).where(_failed_for(trouble)).order_by(LETTER.c.id).limit(MOST)
        letters = list(connection.execute(wanted).scalars())
        if not letters:
            reasons.append(Reason("no_letter_failed_so"))
        refuse_if(reasons)
    retried, refused = [], []
    for letter in letters:
        try:
            retry_letter(database, letter, call.part(letter), wall=wall)
        except Refused as refusal:
            refused += refusal.reasons
        else:
            retried.append(letter)
    with database.read() as connection:
        return Retried(tuple(retried), tuple(refused), _failed(connection, trouble))


def retried_by(connection: Connection, key: str, now: datetime) -> tuple[int, ...]:
    """The letters that one request let wait again within the day before ``now`` (business time), from the history."""
    lately = ENTRY.c.at >= now - timedelta(days=1)
    asked = ENTRY.c.request_key.startswith(f"{key}/", autoescape=True) & (ENTRY.c.event == "retry_letter")
    query = select(ENTRY.c.subject).where(lately, asked).order_by(ENTRY.c.at)
    return tuple(int(subject.partition(":")[2]) for subject in connection.execute(query).scalars())


def _failed_for(trouble: str) -> ColumnElement[bool]:
    return (LETTER.c.standing == "failed") & (LETTER.c.trouble == trouble)


def _failed(connection: Connection, trouble: str) -> int:
    query = select(func.count()).select_from(LETTER).where(_failed_for(trouble))
    return int(connection.execute(query).scalar_one())
