"""Publishing a regulation: checked, stored for good under its hash, with its entry in the history."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import DataError, IntegrityError

from casework.access import administrators_only
from casework.calendar_check import refuse_unfit
from casework.call import Call
from casework.dates_moved import OpenDebts
from casework.history import ENTRY
from casework.law.beside import refuse_beside
from casework.law.keeping import rulebook_key
from casework.law.reopen import facts_changed
from casework.look_again import look_at_calendar, look_at_everything
from casework.receipts import told_by_database
from casework.regulations import is_published, publish_regulation, rulebook_of
from kit.canonical import sha256_hex
from kit.database import Database
from rules.reasons import Reason, Refused, refuse_if

# What sets the days of debts.
_OF_DAYS = ("calendar", "holidays")


@dataclass(frozen=True, slots=True)
class Published:
    """The SHA-256 under which a regulation is kept, and whether these bytes are new."""

    sha256: str
    new: bool


def publish(database: Database, kind: str, text: bytes, call: Call) -> Published:
    """Publish a regulation of any kind: a procedure, a calendar, titles, days off, a map, rules of any kind.

    Raises:
        Refused: the caller is no administrator; a value cannot be kept.
        Unsound: the file has faults; nothing is stored.
    """
    call = call.asking("publish", kind, sha256_hex(text))
    try:
        return _publish(database, kind, text, call)
    except DataError as error:
        raise Refused([told_by_database(error)]) from error
    except IntegrityError:
        # Somebody published in the same moment: the second look finds the same bytes, or the next number.
        try:
            return _publish(database, kind, text, call)
        except IntegrityError as error:
            raise Refused([_why(database, call, error)]) from error


def _publish(database: Database, kind: str, text: bytes, call: Call) -> Published:
    with database.write() as connection:
        refuse_if(administrators_only(connection, call))
        if kind == "calendar":
            refuse_unfit(connection, text)
        if kind == "rulebook":
            refuse_beside(connection, text)
        moving = kind in _OF_DAYS and not is_published(connection, sha256_hex(text))
        owed = OpenDebts(connection, call) if moving else None
        published = Published(*publish_regulation(connection, kind, text, call))
        if published.new and kind == "calendar":
            look_at_calendar(connection, published.sha256, call.day)
        if published.new and kind in ("holidays", "succession"):
            # Days off move working days; a succession map says who answers for what an ended unit left unmet.
            look_at_everything(connection, call.day)
        if published.new and owed is not None:
            owed.tell_moved(published.sha256)
        if published.new and kind == "rulebook":
            # Another version of a rulebook: what was judged by it is judged again.
            facts_changed(connection, [rulebook_key(rulebook_of(connection, published.sha256).name)], call)
        return published


def _why(database: Database, call: Call, error: IntegrityError) -> Reason:
    with database.read() as connection:
        event = connection.execute(select(ENTRY.c.event).where(ENTRY.c.request_key == call.key)).scalar()
    return told_by_database(error) if event is None else Reason("request_key_reused", {"event": event})
