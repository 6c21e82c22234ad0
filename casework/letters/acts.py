"""What an administrator may do with a letter: try it again, take it back, send it once more; clear an address; test
the line.

Each is an act with its entry in the history of the letter. The history names letters and addresses by number: an
address is personal, and a chain is never erased.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from casework.act import Done, do_act
from casework.call import Call
from casework.duties import administrators_only
from casework.letters.holding import WITH_LINK
from casework.letters.identity import home_identity
from casework.letters.sending import settings_against
from casework.letters.tables import LETTER, OUTBOX, SUPPRESSED
from casework.people import PERSON
from kit.database import Database
from kit.settings import Settings
from notifications.address import BadAddress, checked_address, same_address
from notifications.letter import Rendered
from notifications.smtp import Answer, Line, build
from notifications.words import say
from rules.reasons import Reason, refuse_if

RETRIED_FROM = frozenset({"failed"})
RETRACTED_FROM = frozenset({"queued", "failed", "in_doubt"})
SENT_AGAIN_FROM = frozenset({"in_doubt", "sent"})


def letter_subject(letter: int) -> str:
    """The name of a letter's chain in the history."""
    return f"letter:{letter}"


def retry_letter(database: Database, letter: int, call: Call, *, wall: datetime, **options: Any) -> Done:
    """Let a letter that failed wait for the postman again, with all its tries before it; ``wall`` is real time.

    Raises:
        Refused: no administrator; no such letter, or it has not failed; its address bounces and was not cleared.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        row, reasons = _asked(connection, letter, call, RETRIED_FROM, wall)
        if row is not None and _bounces(connection, _address_of(connection, row["person_id"])):
            reasons.append(Reason("address_suppressed", {"letter": letter}))
        refuse_if(reasons)
        values = {"standing": "queued", "not_before": wall, "queued_at": wall, "attempts": 0, "trouble": ""}
        connection.execute(_change(letter, RETRIED_FROM).values(values))
        return letter_subject(letter), {"letter": letter}

    return do_act(database, "retry_letter", call, work, asked={"letter": letter}, **options)


def retract_letter(database: Database, letter: int, call: Call, *, wall: datetime, **options: Any) -> Done:
    """Take a letter back that was not sent, or is in doubt: nothing of it is tried any more, and its items are
    struck.

    Raises:
        Refused: no administrator; no such letter, it was sent or retracted, or a postman has it in hand.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        _, reasons = _asked(connection, letter, call, RETRACTED_FROM, wall)
        refuse_if(reasons)
        values = {"standing": "retracted", "trouble": "taken_back", "leased_by": None, "leased_until": None}
        connection.execute(_change(letter, RETRACTED_FROM).values(values))
        items = update(OUTBOX).where(OUTBOX.c.letter_id == letter, OUTBOX.c.standing == "queued")
        struck = connection.execute(items.values(standing="struck", letter_id=None)).rowcount
        return letter_subject(letter), {"letter": letter, "struck": struck}

    return do_act(database, "retract_letter", call, work, asked={"letter": letter}, **options)


def resend_letter(database: Database, letter: int, call: Call, *, wall: datetime, **options: Any) -> Done:
    """Send a letter that is in doubt, or was sent, once more: the same bytes under the same Message-ID.

    Raises:
        Refused: no administrator; no such letter, or it was not handed over; it carries a one-time link; its bytes
        were erased; its address bounces.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        row, reasons = _asked(connection, letter, call, SENT_AGAIN_FROM, wall)
        if row is not None and row["kind"] in WITH_LINK:
            reasons.append(Reason("link_not_sent_again", {"letter": letter}))
        # A letter that was never composed has no bytes either; that it stands otherwise says enough.
        if row is not None and row["standing"] in SENT_AGAIN_FROM and not row["mime"]:
            reasons.append(Reason("letter_erased", {"letter": letter}))
        if row is not None and _bounces(connection, row["address"]):
            reasons.append(Reason("address_suppressed", {"letter": letter}))
        refuse_if(reasons)
        values = {"standing": "queued", "not_before": wall, "queued_at": wall, "attempts": 0, "trouble": ""}
        values |= {"leased_by": None, "leased_until": None}
        connection.execute(_change(letter, SENT_AGAIN_FROM).values(values))
        return letter_subject(letter), {"letter": letter}

    return do_act(database, "resend_letter", call, work, asked={"letter": letter}, **options)


def clear_address(database: Database, address: str, call: Call, **options: Any) -> Done:
    """Let letters go to an address again at which nobody was found. Those that failed meanwhile may be retried.

    Raises:
        Refused: no administrator; the address is not suppressed.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        reasons = administrators_only(connection, call)
        found = select(SUPPRESSED).where(SUPPRESSED.c.address == same_address(address))
        row = connection.execute(found).mappings().first()
        if row is None:
            reasons.append(Reason("address_not_suppressed"))
        refuse_if(reasons)
        assert row is not None  # noqa: S101  (refused above)
        connection.execute(delete(SUPPRESSED).where(SUPPRESSED.c.id == row["id"]))
        letter = row["letter_id"]
        return letter_subject(letter) if letter is not None else "home:mail", {"suppressed": row["id"]}

    return do_act(database, "clear_address", call, work, asked={"address": address}, **options)


def send_test(
    database: Database,
    settings: Settings,
    address: str,
    call: Call,
    *,
    lang: str = "vi",
    line: Callable[[], Line] | None = None,
    **options: Any,
) -> tuple[Done, Answer | None]:
    """Send one test letter to an address, over the real way: same sender, signature, server and sign-in.

    It is nobody's letter: no row of it is kept and it is never tried again; the history says that it was asked for.
    That is written first, so that the same request never sends two. The answer is None when it was asked for
    before, or only tried.

    Raises:
        Refused: no administrator; the address is none; the office's own settings cannot be used.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        reasons = administrators_only(connection, call)
        try:
            checked_address(address)
        except BadAddress:
            reasons.append(Reason("not_an_address"))
        reasons += settings_against(settings)
        refuse_if(reasons)
        return "home:mail", {"home": home_identity(connection, call.now)}

    done = do_act(database, "send_test", call, work, asked={"address": address}, **options)
    if done.replayed or done.dry_run:
        return done, None
    text = say("mail.test_text", {"at": call.now, "host": settings.mail_host}, lang)
    rendered = Rendered(say("mail.test_subject", None, lang), text, f"<p>{text}</p>", lang)
    opened = line() if line is not None else Line(settings)
    own = f"<test.{done.seq}.{done.payload['home']}@{opened.sender.rpartition('@')[2]}>"
    mime = build(rendered, to_name="", to_address=address, message_id=own, date=call.now, settings=settings)
    with opened:
        return done, opened.send(opened.sender, address, mime)


def _asked(
    connection: Connection, letter: int, call: Call, standings: Collection[str], wall: datetime
) -> tuple[Any, list[Reason]]:
    reasons = administrators_only(connection, call)
    row = connection.execute(select(LETTER).where(LETTER.c.id == letter).with_for_update()).mappings().first()
    if row is None:
        reasons.append(Reason("letter_not_found", {"letter": letter}))
    elif row["standing"] not in standings:
        reasons.append(Reason("letter_stands_otherwise", {"letter": letter, "standing": row["standing"]}))
    elif row["standing"] == "queued" and row["leased_until"] is not None and row["leased_until"] > wall:
        reasons.append(Reason("letter_in_hand", {"letter": letter}))
    return row, reasons


def _address_of(connection: Connection, person: int) -> str:
    """The reader's present address, to which a letter that is tried again is composed anew."""
    return str(connection.execute(select(PERSON.c.email).where(PERSON.c.id == person)).scalar_one())


def _bounces(connection: Connection, address: str) -> bool:
    query = select(SUPPRESSED.c.id).where(SUPPRESSED.c.address == same_address(address))
    return bool(address) and connection.execute(query).first() is not None


def _change(letter: int, standings: Collection[str]) -> Any:
    return update(LETTER).where(LETTER.c.id == letter, LETTER.c.standing.in_(sorted(standings)))
