"""The postman: leases letters, hands each to the mail server once, and keeps the server's answer.

A letter is marked `sending` before its bytes go out, in one durable commit together with the answer to the letter
before; so at most one letter a postman is ever between the two, and a postman that dies leaves that one to be
found: when its lease is over it is `in_doubt`, for the server may have it.

``now`` gives real time (`kit.clock.wall_now`), never the home's business clock: how long to wait after an answer
and how long a letter may be in hand are between us and the mail server, and letters go also while a business clock
stands still. Which day a letter belongs to was said by the home's clock when it was composed.
"""

from __future__ import annotations

import os
import socket
import uuid
import zlib
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import Connection, bindparam, func, insert, select, update

from casework.accounts.tables import LINK, link_is_open
from casework.letters.compose import Composer
from casework.letters.holding import WITH_LINK
from casework.letters.identity import insert_or_ignore
from casework.letters.tables import ATTEMPT, LETTER, OUTBOX, QUEUED, SENDING, SUPPRESSED, not_leased
from casework.letters.wording import Drawn
from kit.database import Database
from notifications.address import BadAddress, domain_of, same_address
from notifications.render import LetterUnrenderable
from notifications.smtp import IN_DOUBT, PERMANENT, SENT, TEMPORARY, Answer

# How long to wait after the first, second … temporary answer; after the last of them the letter is given up.
WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
)
# Longer than any one letter can take (a dozen waits for an answer), short enough to hear of a dead postman soon.
LEASE = timedelta(minutes=15)
# Letters leased at a time: what a dead postman holds back until its lease ends, and what is looked at again in one
# go.
CHUNK = 50
MINUTE = timedelta(minutes=1)


class SmtpLine(Protocol):
    """What the postman asks of a line (`notifications.smtp.Line`)."""

    @property
    def sender(self) -> str: ...
    def open(self) -> Answer | None: ...
    def send(self, sender: str, recipient: str, mime: bytes) -> Answer: ...


LineFactory = Callable[[], AbstractContextManager[SmtpLine]]
Now = Callable[[], datetime]


@dataclass
class Delivered:
    """What a round brought: numbers of letters by what became of them.

    ``stopped`` is a code of the catalogue `mail` when the round was broken off because no letter would have fared
    better; ``detail`` is then the server's or the system's word.
    """

    sent: int = 0
    #: a temporary answer: tried again later
    waiting: int = 0
    failed: int = 0
    in_doubt: int = 0
    #: not tried: the address bounced before
    suppressed: int = 0
    #: left for the next round: enough went to that domain in this minute
    paced: int = 0
    #: put right or taken back just before they would have gone
    changed: int = 0
    retracted: int = 0
    #: of other postmen that never came back: handed over perhaps, and now in doubt
    found_in_doubt: int = 0
    stopped: str = ""
    detail: str = ""
    faults: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The counts as plain data."""
        return asdict(self)


# --- Statements, made once: the way of a letter is two of them and an INSERT in one commit ------------------------

_MARK = (
    update(LETTER)
    .where(
        LETTER.c.id == bindparam("b_id"),
        LETTER.c.standing == "queued",
        LETTER.c.leased_by == bindparam("b_postman"),
        # Not composed anew since its bytes were read.
        func.coalesce(LETTER.c.digest, "") == bindparam("b_digest"),
    )
    .values(standing="sending", leased_until=bindparam("b_until"), trouble="")
)
_NOTE = (
    update(LETTER)
    # A postman who was thought dead and was only slow may still tell what became of the letter.
    .where(
        LETTER.c.id == bindparam("b_id"),
        LETTER.c.standing.in_(("sending", "in_doubt")),
        LETTER.c.leased_by == bindparam("b_postman"),
    )
    .values(
        standing=bindparam("b_standing"),
        not_before=bindparam("b_not_before"),
        sent_at=bindparam("b_sent_at"),
        trouble=bindparam("b_trouble"),
        attempts=LETTER.c.attempts + 1,
        leased_by=None,
        leased_until=None,
    )
)
_NUMBER = (
    select(func.coalesce(func.max(ATTEMPT.c.number), 0) + 1)
    .where(ATTEMPT.c.letter_id == bindparam("b_letter"))
    .scalar_subquery()
)
_ATTEMPT = insert(ATTEMPT).values(
    letter_id=bindparam("b_letter"),
    number=_NUMBER,
    at=bindparam("b_at"),
    answer=bindparam("b_answer"),
    smtp_code=bindparam("b_code"),
    detail=bindparam("b_detail"),
)
_TOLD = update(OUTBOX).where(OUTBOX.c.letter_id == bindparam("b_letter")).values(standing="sent")
_RELEASE = (
    update(LETTER)
    .where(
        LETTER.c.id.in_(bindparam("ids", expanding=True)),
        LETTER.c.standing == "queued",
        LETTER.c.leased_by == bindparam("b_postman"),
    )
    .values(leased_by=None, leased_until=None)
)


def deliver(
    database: Database,
    line_factory: LineFactory,
    now: Now,
    *,
    postman: str,
    limit: int = 500,
    pace: int = 0,
    composer: Composer | None = None,
    business_now: datetime | None = None,
) -> Delivered:
    """One round: at most ``limit`` letters are handed over. Any number of postmen may be at work, here and elsewhere.

    ``postman`` names this round and nobody else's, ever: a lease is known by it. ``pace`` is the most letters a
    minute to one domain (0: no limit). ``composer`` with ``business_now`` looks once more, just before, whether
    what each letter says still holds; without it the bytes go as they are.

    Raises:
        StorageTrouble: the database could not be written; a letter in hand is then found when its lease ends.
    """
    return _Round(database, now, postman, limit, pace, composer, business_now).walk(line_factory)


class _Round:
    def __init__(
        self,
        database: Database,
        now: Now,
        postman: str,
        limit: int,
        pace: int,
        composer: Composer | None,
        business_now: datetime | None,
    ) -> None:
        self.database, self.now, self.postman = database, now, postman
        self.limit, self.pace, self.composer, self.business_now = limit, pace, composer, business_now
        self.done = Delivered()
        self.tried = 0
        #: when letters went to a domain in the last minute
        self.went: dict[str, deque[datetime]] = {}
        #: the letter whose answer is not written yet
        self.open_answer: tuple[Mapping[str, Any], Answer] | None = None

    def walk(self, line_factory: LineFactory) -> Delivered:
        """The round itself."""
        self.done.found_in_doubt = find_abandoned(self.database, self.now())
        if self.pace:
            self.went = self._lately()
        started = self.now()
        with line_factory() as line:
            while self.tried < self.limit and not self.done.stopped:
                leased = self._lease(started, min(CHUNK, self.limit - self.tried))
                before = self.done.as_dict()
                if leased:
                    self._carry(line, self._fresh(leased), leased)
                # Nothing is due any more, or nothing of it can be moved by this round.
                if before == self.done.as_dict():
                    break
        return self.done

    # --- Leasing -------------------------------------------------------------------------------------------

    def _lease(self, started: datetime, number: int) -> list[int]:
        """Take the letters that are due longest. What was put off in this round is not due again in it."""
        now = self.now()
        due = (
            select(LETTER.c.id)
            .where(QUEUED, LETTER.c.not_before <= started, not_leased(now))
            .order_by(LETTER.c.not_before, LETTER.c.id)
            .limit(number)
            .with_for_update(skip_locked=True)
        )
        with self.database.write() as connection:
            ids = list(connection.execute(due).scalars())
            if ids:
                # Compare-and-set once more: on PostgreSQL the rows are locked, on SQLite nobody else writes now.
                mine = update(LETTER).where(
                    LETTER.c.id.in_(ids), LETTER.c.standing == "queued", not_leased(now)
                )
                connection.execute(mine.values(leased_by=self.postman, leased_until=now + LEASE))
        return ids

    def _fresh(self, leased: Sequence[int]) -> list[Mapping[str, Any]]:
        """The leased letters with their bytes, after a last look at whether they are true."""
        if self.composer is not None and self.business_now is not None:
            again = self.composer.refresh(leased, self.business_now, self.now(), self.postman)
            self.done.changed += again.changed
            self.done.retracted += again.retracted
            self.done.failed += again.unsendable
            self.done.faults += again.faults
        columns = (
            LETTER.c.id,
            LETTER.c.kind,
            LETTER.c.address,
            LETTER.c.digest,
            LETTER.c.mime,
            LETTER.c.attempts,
        )
        mine = select(*columns).where(
            LETTER.c.id.in_(list(leased)),
            LETTER.c.standing == "queued",
            LETTER.c.leased_by == self.postman,
            LETTER.c.mime.is_not(None),
        )
        with self.database.read() as connection:
            rows = connection.execute(mine.order_by(LETTER.c.not_before, LETTER.c.id)).mappings().all()
            bouncing = _suppressed(connection, {same_address(row["address"]) for row in rows})
        refused = [row["id"] for row in rows if same_address(row["address"]) in bouncing]
        if refused:
            self._suppress(refused)
        return [row for row in rows if row["id"] not in refused]

    def _suppress(self, letters: Sequence[int]) -> None:
        give_up = update(LETTER).where(
            LETTER.c.id.in_(list(letters)), LETTER.c.standing == "queued", LETTER.c.leased_by == self.postman
        )
        with self.database.write() as connection:
            values = {
                "standing": "failed",
                "trouble": "address_suppressed",
                "leased_by": None,
                "leased_until": None,
            }
            self.done.suppressed += connection.execute(give_up.values(values)).rowcount

    # --- Pace ----------------------------------------------------------------------------------------------

    def _lately(self) -> dict[str, deque[datetime]]:
        """When letters went to which domain in the minute before this round, whoever sent them."""
        recent = (
            select(ATTEMPT.c.at, LETTER.c.address)
            .join(LETTER, LETTER.c.id == ATTEMPT.c.letter_id)
            .where(ATTEMPT.c.at > self.now() - MINUTE)
            .order_by(ATTEMPT.c.at)
        )
        went: dict[str, deque[datetime]] = {}
        with self.database.read() as connection:
            for row in connection.execute(recent):
                went.setdefault(domain_of(row.address), deque()).append(row.at)
        return went

    def _too_fast(self, address: str) -> bool:
        if not self.pace:
            return False
        now, went = self.now(), self.went.setdefault(domain_of(address), deque())
        while went and went[0] <= now - MINUTE:
            went.popleft()
        if len(went) >= self.pace:
            return True
        went.append(now)
        return False

    # --- Carrying ------------------------------------------------------------------------------------------

    def _carry(self, line: SmtpLine, letters: Sequence[Mapping[str, Any]], leased: Sequence[int]) -> None:
        slow: list[int] = []
        for letter in letters:
            if self._too_fast(letter["address"]):
                slow.append(letter["id"])
                continue
            refused = line.open()
            if refused is not None:
                # No letter is blamed, nor marked, for a server that is not there.
                self._stop(refused)
                break
            drawn = self._drawn(letter)
            if letter["kind"] in WITH_LINK and drawn is None:
                continue
            if self._note_and_mark(letter, drawn):
                self.tried += 1
                self.open_answer = letter, self._hand_over(line, letter, drawn)
                if self.open_answer[1].stop:
                    self._stop(self.open_answer[1])
                    break
        with self.database.write() as connection:
            self._note(connection)
            if slow:
                put_off = update(LETTER).where(
                    LETTER.c.id.in_(slow), LETTER.c.standing == "queued", LETTER.c.leased_by == self.postman
                )
                connection.execute(put_off.values(not_before=self.now() + MINUTE))
                self.done.paced += len(slow)
            # Under the same commit as the last answer, all that was leased is free again.
            mine = {"ids": list(leased), "b_postman": self.postman}
            if self.done.stopped:
                connection.execute(_RELEASE.values(trouble=self.done.stopped), mine)
            else:
                connection.execute(_RELEASE, mine)

    def _drawn(self, letter: Mapping[str, Any]) -> Drawn | None:
        """The letter with a new one-time link, if it is of a kind that carries one; these bytes are kept nowhere."""
        if letter["kind"] not in WITH_LINK or self.composer is None or self.business_now is None:
            return None
        try:
            return self.composer.drawn(letter["id"], self.business_now, self.now())
        except (LetterUnrenderable, BadAddress) as error:
            self.done.faults.append(f"{letter['kind']}: {error}")
            return None

    def _hand_over(self, line: SmtpLine, letter: Mapping[str, Any], drawn: Drawn | None) -> Answer:
        mime = drawn.mime if drawn is not None else zlib.decompress(letter["mime"])
        try:
            return line.send(line.sender, letter["address"], mime)
        except BadAddress as error:
            return Answer(PERMANENT, None, str(error), "bad_address")

    def _stop(self, answer: Answer) -> None:
        self.done.stopped, self.done.detail = answer.trouble, answer.detail

    def _note_and_mark(self, letter: Mapping[str, Any], drawn: Drawn | None) -> bool:
        """In one durable commit: the answer to the letter before, and that this one is about to be handed over, with
        the digest of the token of its link."""
        bound = {
            "b_id": letter["id"],
            "b_postman": self.postman,
            "b_digest": letter["digest"] or "",
            "b_until": self.now() + LEASE,
        }
        with self.database.write() as connection:
            self._note(connection)
            marked = connection.execute(_MARK, bound).rowcount == 1
            if marked and drawn is not None:
                mine = update(LINK).where(LINK.c.id == drawn.link, link_is_open(self.now()))
                connection.execute(mine.values(token_sha256=drawn.token_sha256))
            return marked

    def _note(self, connection: Connection) -> None:
        """Write down the last answer, if it is not yet."""
        if self.open_answer is None:
            return
        letter, answer = self.open_answer
        now = self.now()
        after = _after(letter, answer, now)
        bound = {f"b_{name}": value for name, value in after.items()}
        noted = connection.execute(_NOTE, {**bound, "b_id": letter["id"], "b_postman": self.postman}).rowcount
        connection.execute(
            _ATTEMPT,
            {
                "b_letter": letter["id"],
                "b_at": now,
                "b_answer": answer.answer,
                "b_code": answer.smtp_code,
                "b_detail": answer.detail,
            },
        )
        if noted and answer.answer == SENT:
            connection.execute(_TOLD, {"b_letter": letter["id"]})
        if answer.address_refused:
            row = {
                "address": same_address(letter["address"]),
                "smtp_code": answer.smtp_code,
                "detail": answer.detail,
                "since": now,
                "letter_id": letter["id"],
            }
            connection.execute(insert_or_ignore(connection, SUPPRESSED), row)
        self.open_answer = None
        counted = {"queued": "waiting"}.get(after["standing"], after["standing"])
        setattr(self.done, counted, getattr(self.done, counted) + 1)


def postman_name() -> str:
    """A name for one round that nobody else has or will have."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{uuid.uuid4().hex[:12]}"


def _after(letter: Mapping[str, Any], answer: Answer, now: datetime) -> dict[str, Any]:
    """What an answer makes of a letter."""
    after: dict[str, Any] = {
        "standing": "failed",
        "not_before": now,
        "sent_at": None,
        "trouble": answer.trouble,
    }
    if answer.answer == SENT:
        after |= {"standing": "sent", "sent_at": now}
    elif answer.answer == IN_DOUBT:
        after |= {"standing": "in_doubt"}
    elif answer.answer == TEMPORARY:
        waits = WAITS[letter["attempts"]] if letter["attempts"] < len(WAITS) else None
        if answer.stop and waits is None:
            # The office's own trouble uses no letter up.
            waits = WAITS[-1]
        after |= {"standing": "queued", "not_before": now + waits} if waits else {"trouble": "given_up"}
    return after


def _suppressed(connection: Connection, addresses: set[str]) -> set[str]:
    if not addresses:
        return set()
    query = select(SUPPRESSED.c.address).where(SUPPRESSED.c.address.in_(sorted(addresses)))
    return set(connection.execute(query).scalars())


def find_abandoned(database: Database, now: datetime) -> int:
    """Letters that a postman had in hand when it died are in doubt: the server may have them. Gives how many.

    What a dead postman had only leased needs nothing: its lease is over, so anybody may take it.
    """
    abandoned = select(LETTER.c.id).where(SENDING, not_leased(now)).order_by(LETTER.c.id)
    with database.read() as connection:
        if connection.execute(abandoned.limit(1)).first() is None:
            return 0
    with database.write() as connection:
        ids = list(connection.execute(abandoned.with_for_update(skip_locked=True)).scalars())
        if ids:
            # Whose it was stays, so that a postman who was only slow can still tell.
            connection.execute(
                update(LETTER).where(LETTER.c.id.in_(ids)).values(standing="in_doubt", trouble="postman_lost")
            )
            lost = {"b_at": now, "b_answer": IN_DOUBT, "b_code": None, "b_detail": ""}
            connection.execute(_ATTEMPT, [{**lost, "b_letter": letter} for letter in ids])
    return len(ids)
