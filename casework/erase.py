"""Erasing what is personal: a person's data, a free text. The chains stay as they are.

They hold ids and salted hashes, never a name, a birth date or a text. What is erased here is erased from the tables;
copies that were made of the home before are the operator's to erase.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, or_, select, update

from casework.access import DELEGATION, DUTY, administrators_only
from casework.accounts.end_account import erase_account
from casework.act import Done, do_act
from casework.call import Call
from casework.duties import duties_subject
from casework.history import NOTE, make_note, write_notes
from casework.letters.erase import erase_letters
from casework.load import AUTHOR, DOSSIER, NOMINATION
from casework.people import PERSON, person_by_code
from casework.record_step import OUTBOX
from casework.saved_views import forget_views
from kit.database import Database
from models.dossier import UNFINISHED
from rules.reasons import Reason, Refused, refuse_if


def erase_person(database: Database, person_code: str, reason: str, call: Call, **options: Any) -> Done:
    """Erase a person's name, birth date, gender and address; the staff code stands for the name from then on.

    ``reason`` is kept as a note, which can be erased in its turn.

    Raises:
        Refused: the caller is no administrator, the person is unknown, erased already, still on the way to a title, or
            holds a duty now or later; no reason was given.
        StorageTrouble: the database could not be written.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        reasons = administrators_only(connection, call)
        if not reason.strip():
            reasons.append(Reason("input_missing", {"input": "reason"}))
        try:
            person = person_by_code(connection, person_code)
        except Refused as refusal:
            raise Refused([*reasons, *refusal.reasons]) from refusal
        if person["erased_at"] is not None:
            reasons.append(Reason("person_already_erased", {"person": person_code}))
        dossiers = _on_the_way(connection, person["id"])
        if dossiers:
            params = {"person": person_code, "dossiers": dossiers}
            reasons.append(Reason("person_has_open_nomination", params))
        duties = _duties_from(connection, person["id"], call.day)
        if duties:
            reasons.append(Reason("person_holds_duty", {"person": person_code, "duties": duties}))
        refuse_if(reasons)
        note, told = make_note(reason.strip())
        write_notes(connection, [note])
        connection.execute(
            update(PERSON)
            .where(PERSON.c.id == person["id"])
            .values(name=person["code"], birth_date=None, gender="", email="", erased_at=call.now)
        )
        # Nobody is told any more what was to be told to an address that is erased.
        erase_letters(connection, person["id"])
        erase_account(connection, person["id"])
        forget_views(connection, person["id"])
        connection.execute(
            update(OUTBOX)
            .where(OUTBOX.c.person_id == person["id"], OUTBOX.c.standing == "queued")
            .values(standing="struck")
        )
        return duties_subject(person["id"]), {"person": person["id"], "reason": told}

    return do_act(
        database, "erase_person", call, work, asked={"person": person_code, "reason": reason}, **options
    )


def _on_the_way(connection: Connection, person: int) -> list[str]:
    """The dossiers in which a nomination of the person or of an initiative of theirs is open, but for those at rest.

    A dossier that was withdrawn or lapsed leaves its nominations open, and nobody would ever be erased.
    """
    written = select(AUTHOR.c.initiative_id).where(AUTHOR.c.person_id == person)
    found = connection.execute(
        select(DOSSIER.c.code)
        .join(NOMINATION, NOMINATION.c.dossier_id == DOSSIER.c.id)
        .where(
            or_(NOMINATION.c.person_id == person, NOMINATION.c.initiative_id.in_(written)),
            NOMINATION.c.outcome == "open",
            UNFINISHED,
        )
        .distinct()
        .order_by(DOSSIER.c.code)
    )
    return list(found.scalars())


def _duties_from(connection: Connection, person: int, day: date) -> list[str]:
    """The duties that a person holds, or is lent, on ``day`` or later."""
    own = select(DUTY.c.duty).where(
        DUTY.c.person_id == person, or_(DUTY.c.until.is_(None), DUTY.c.until >= day)
    )
    lent = (
        select(DUTY.c.duty)
        .join(DELEGATION, DELEGATION.c.duty_id == DUTY.c.id)
        .where(
            DELEGATION.c.to_person_id == person, DELEGATION.c.until >= day, DELEGATION.c.ended_at.is_(None)
        )
    )
    return sorted({*connection.execute(own).scalars(), *connection.execute(lent).scalars()})


def note_subject(note_id: str) -> str:
    """The name of the chain of a note: it has one only once its text is erased."""
    return f"note:{note_id}"


def erase_note(database: Database, note_id: str, call: Call, **options: Any) -> Done:
    """Erase a free text. Its salted hash stays in the chain in which it was given as a reason; the salt goes with
    the text, since a short text could be guessed with it.

    Raises:
        Refused: the caller is no administrator; there is no such note, or its text is erased already.
        StorageTrouble: the database could not be written.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        reasons = administrators_only(connection, call)
        note = connection.execute(select(NOTE.c.erased_at).where(NOTE.c.id == note_id)).first()
        if note is None:
            reasons.append(Reason("note_not_found", {"note": note_id}))
        elif note.erased_at is not None:
            reasons.append(Reason("note_already_erased", {"note": note_id}))
        refuse_if(reasons)
        connection.execute(
            update(NOTE).where(NOTE.c.id == note_id).values(text="", salt="", erased_at=call.now)
        )
        return note_subject(note_id), {"note": note_id}

    return do_act(database, "erase_note", call, work, asked={"note": note_id}, **options)
