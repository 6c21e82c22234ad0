"""Composing: waiting items become letters, one a person, day and kind; letters that still wait are kept true.

What costs time is read and rendered first, outside of any lock. Then one short transaction looks again at
everything that the text was made from, under locks that wait for nobody, and writes the letters for which nothing
has changed meanwhile; the others are for the next run. So two who compose at once, or one who composes while a
postman sends, double nothing.

Two clocks: ``now`` is the home's business time: it says which items are ready, which day a letter belongs to and what
stands in its Date header. ``wall`` is real time, by which letters wait and are sent: in a home whose business clock
stands still, or is in another year, the post still goes.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from jinja2 import TemplateError
from sqlalchemy import Column, Connection, Select, and_, bindparam, literal, select, tuple_, update

from casework.accounts.tables import draw_token, link_path, token_digest
from casework.debts import debts_of
from casework.letters.facts import DebtsOf, Facts, readers_of
from casework.letters.holding import OF_DEBTS, WITH_LINK, Item, still_holding
from casework.letters.identity import home_identity, message_id
from casework.letters.tables import ATTEMPT, ITEM_WAITS, LETTER, OUTBOX, QUEUED, not_leased
from kit.canonical import canonical_json, sha256_hex
from kit.database import Database, insert_or_ignore
from kit.settings import Settings
from notifications.address import BadAddress, checked_address
from notifications.letter import LetterFacts, Rendered
from notifications.render import LetterUnrenderable, render_letter
from notifications.smtp import build, sender_of
from notifications.words import say
from rules.windows import day_start, local_day

Render = Callable[[LetterFacts], Rendered]

BATCH = 200
# Digests of the morning; an act's items of these kinds wait for it (docs/letters.md).
MORNING = timedelta(hours=7)
MORNING_KINDS = OF_DEBTS | {"ready"}
# Answers after which the server may have a copy: from then on the bytes are never made anew.
HANDED_OVER = ("sent", "in_doubt")

_COMPOSED = (
    "standing",
    "digest",
    "address",
    "subject",
    "message_id",
    "mime",
    "trouble",
    "queued_at",
    "not_before",
    "attempts",
)
_WRITE = (
    update(LETTER)
    .where(LETTER.c.id == bindparam("b_id"))
    .values({name: bindparam(f"b_{name}") for name in _COMPOSED})
)
_ATTACH = (
    update(OUTBOX)
    .where(OUTBOX.c.key.in_(bindparam("keys", expanding=True)))
    .values(letter_id=bindparam("b_id"))
)
# A struck item leaves its letter: what stands in a letter is what its text says.
_STRIKE = (
    update(OUTBOX)
    .where(OUTBOX.c.key.in_(bindparam("keys", expanding=True)), OUTBOX.c.standing == "queued")
    .values(standing="struck", letter_id=None)
)


@dataclass
class Composed:
    """What composing did: numbers of letters, and of items struck; ``faults`` of templates, as kind: detail."""

    new: int = 0
    changed: int = 0
    retracted: int = 0
    unsendable: int = 0
    struck: int = 0
    #: items whose letter of the day went already: they wait for the next day's
    postponed: int = 0
    faults: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The counts as plain data."""
        return asdict(self)


@dataclass
class _Plan:
    """What is to become of one letter; ``seen`` is what must not have changed until it is written."""

    person: int
    kind: str
    day: date
    letter: Mapping[str, Any] | None
    new: list[Item]
    attached: list[Item]
    values: dict[str, Any] = field(default_factory=dict)
    struck: list[str] = field(default_factory=list)
    kept: list[Item] = field(default_factory=list)

    @property
    def key(self) -> tuple[int, date, str]:
        return self.person, self.day, self.kind


@dataclass(frozen=True, slots=True)
class Drawn:
    """A letter with its one-time link as it is handed over: the link's number, the digest of its token, the bytes."""

    link: int
    token_sha256: str
    mime: bytes


@dataclass(frozen=True, slots=True)
class Preview:
    """A letter as it would be: whose, of which kind, why it could not go, and its bytes where it could."""

    person: int
    kind: str
    trouble: str
    mime: bytes
    faults: tuple[str, ...]


class Composer:
    """Composes the letters of one home.

    Raises:
        BadAddress: the office's own sending address is none.
    """

    def __init__(
        self,
        database: Database,
        settings: Settings,
        *,
        render: Render = render_letter,
        debts: DebtsOf = debts_of,
        batch: int = BATCH,
    ) -> None:
        self.database = database
        self.settings = settings
        self.render = render
        self.debts = debts
        self.batch = batch
        self.sender_name, self.sender = sender_of(settings)
        self._home = ""

    # --- What is asked of it -------------------------------------------------------------------------------

    def compose(self, now: datetime, wall: datetime) -> Composed:
        """Keep the waiting letters true, then take up every item that is ready."""
        done = Composed()
        waiting = select(LETTER).where(QUEUED, not_leased(wall))
        for rows in self._pages(waiting, (LETTER.c.not_before, LETTER.c.id)):
            self._refresh(rows, now, wall, done)
        for items in self._pages(_ready_items(now), (OUTBOX.c.ready_at, OUTBOX.c.key)):
            self._take_up(items, now, wall, done)
        return done

    def refresh(self, letters: Collection[int], now: datetime, wall: datetime, postman: str) -> Composed:
        """Look again whether what some letters say is true: those that ``postman`` is about to send."""
        done = Composed()
        if letters:
            mine = LETTER.c.leased_by == postman
            query = select(LETTER).where(LETTER.c.id.in_(list(letters)), LETTER.c.standing == "queued", mine)
            with self.database.read() as connection:
                rows = connection.execute(query.order_by(LETTER.c.id)).mappings().all()
            self._refresh(rows, now, wall, done)
        return done

    def drawn(self, letter: int, now: datetime, wall: datetime) -> Drawn | None:
        """A waiting letter with a new one-time link in it, for the postman alone; None where its link is over.

        Raises:
            LetterUnrenderable, BadAddress: its template or the reader's name was broken since it was composed.
        """
        with self.database.read() as connection:
            row = connection.execute(select(LETTER).where(LETTER.c.id == letter)).mappings().one()
            facts = Facts(
                connection, local_day(now), _attached(connection, [letter]).get(letter, []), wall=wall
            )
            kept, _ = still_holding(facts.items, facts.present)
            reader = readers_of(connection, [row["person_id"]])[row["person_id"]]
            if not kept:
                return None
            plan = _Plan(row["person_id"], row["kind"], row["day"], row, [], [], kept=kept)
            told = self._told(plan, reader, facts)
        token = draw_token()
        rendered = self.render(
            replace(told, items=tuple(replace(item, path=link_path(token)) for item in told.items))
        )
        mime = build(
            rendered,
            to_name=reader["name"],
            to_address=row["address"],
            message_id=row["message_id"],
            date=now,
            settings=self.settings,
        )
        return Drawn(int(kept[0]["facts"]["link"]), token_digest(token), mime)

    # --- Pages: what waits, in an order that an index gives ----------------------------------------------------

    def _pages(
        self, query: Select[Any], order: tuple[Column[Any], ...]
    ) -> Iterator[Sequence[Mapping[str, Any]]]:
        last: Mapping[str, Any] | None = None
        while True:
            page = query
            if last is not None:
                seen = (literal(last[column.name], column.type) for column in order)
                page = query.where(tuple_(*order) > tuple_(*seen))
            with self.database.read() as connection:
                rows = connection.execute(page.order_by(*order).limit(self.batch)).mappings().all()
            if rows:
                yield rows
            if len(rows) < self.batch:
                return
            last = rows[-1]

    # --- One batch ------------------------------------------------------------------------------------------

    def _refresh(
        self, rows: Sequence[Mapping[str, Any]], now: datetime, wall: datetime, done: Composed
    ) -> None:
        with self.database.read() as connection:
            frozen = _handed_over(connection, [row["id"] for row in rows])
            rows = [row for row in rows if row["id"] not in frozen]
            attached = _attached(connection, [row["id"] for row in rows])
            plans = [
                _Plan(row["person_id"], row["kind"], row["day"], row, [], attached.get(row["id"], []))
                for row in rows
            ]
            self._fill(connection, plans, now, wall, done)
        self._write([plan for plan in plans if plan.values or plan.struck], {}, done)

    def _take_up(
        self, items: Sequence[Mapping[str, Any]], now: datetime, wall: datetime, done: Composed
    ) -> None:
        with self.database.read() as connection:
            plans, late = self._plans(connection, items, now, wall, done)
        self._write(plans, late, done)

    def _plans(
        self,
        connection: Connection,
        items: Sequence[Mapping[str, Any]],
        now: datetime,
        wall: datetime,
        done: Composed,
    ) -> tuple[list[_Plan], dict[str, datetime]]:
        """What is to become of items that are ready; of some it is that they came too late for the day's letter."""
        day = local_day(now)
        plans: list[_Plan] = []
        late: dict[str, datetime] = {}
        if items:
            people = sorted({item["person_id"] for item in items})
            # All that waits for these people, so that no letter is composed twice in one run.
            theirs = _ready_items(now).where(OUTBOX.c.person_id.in_(people))
            items = connection.execute(theirs).mappings().all()
            there = _letters_of(connection, people, day)
            frozen = _handed_over(connection, [row["id"] for row in there.values()])
            attached = _attached(connection, [row["id"] for row in there.values()])
            for (person, kind), new in _grouped(items).items():
                letter = there.get((person, kind))
                if letter is None or _takes_more(letter, frozen, wall):
                    old = attached.get(letter["id"], []) if letter is not None else []
                    plans.append(_Plan(person, kind, day, letter, new, old))
                elif kind not in WITH_LINK and (letter["standing"] != "queued" or letter["id"] in frozen):
                    late |= {item["key"]: next_morning(day, kind) for item in new}
            self._fill(connection, plans, now, wall, done)
        return plans, late

    def preview(self, now: datetime, wall: datetime, *, person: int | None = None) -> list[Preview]:
        """The letters that composing would make or change at ``now``. Nothing is written."""
        found: list[Preview] = []
        ready = _ready_items(now)
        if person is not None:
            ready = ready.where(OUTBOX.c.person_id == person)
        self._home = self._home or "preview"
        seen: set[tuple[int, date, str]] = set()
        for items in self._pages(ready, (OUTBOX.c.ready_at, OUTBOX.c.key)):
            done = Composed()
            with self.database.read() as connection:
                plans, _ = self._plans(connection, items, now, wall, done)
            for plan in plans:
                if plan.values and plan.key not in seen:
                    seen.add(plan.key)
                    mime = plan.values["mime"]
                    whole = zlib.decompress(mime) if mime else b""
                    found.append(
                        Preview(plan.person, plan.kind, plan.values["trouble"], whole, _faults_of(plan, done))
                    )
        return found

    def _fill(
        self, connection: Connection, plans: list[_Plan], now: datetime, wall: datetime, done: Composed
    ) -> None:
        """Work out what each letter says now and, where that is not what it said, its bytes."""
        items = [item for plan in plans for item in (*plan.attached, *plan.new)]
        facts = Facts(connection, local_day(now), items, self.debts, wall=wall)
        readers = readers_of(connection, {plan.person for plan in plans})
        if not self._home and plans:
            self._home = self._home_identity(wall)
        for plan in plans:
            kept, struck = still_holding((*plan.attached, *plan.new), facts.present)
            plan.kept, plan.struck = kept, [item["key"] for item in struck]
            reader = readers[plan.person]
            if reader["erased_at"] is not None:
                plan.kept, plan.struck = [], [item["key"] for item in (*plan.attached, *plan.new)]
                self._retract(plan, "person_erased", wall)
            elif not kept:
                self._retract(plan, "nothing_left", wall)
            else:
                self._compose_one(plan, reader, facts, now, wall, done)

    def _home_identity(self, wall: datetime) -> str:
        with self.database.write() as connection:
            return home_identity(connection, wall)

    @staticmethod
    def _retract(plan: _Plan, trouble: str, wall: datetime) -> None:
        # Of a letter that was never made, nothing is kept but its struck items.
        if plan.letter is not None:
            plan.values = {**_as_it_is(plan.letter), "standing": "retracted", "trouble": trouble}
        elif trouble == "person_erased":
            plan.values = {**_new(wall), "standing": "retracted", "trouble": trouble}

    def _compose_one(
        self,
        plan: _Plan,
        reader: Mapping[str, Any],
        facts: Facts,
        now: datetime,
        wall: datetime,
        done: Composed,
    ) -> None:
        letter = plan.letter
        before = _as_it_is(letter) if letter is not None else _new(wall)
        told = self._told(plan, reader, facts)
        named, kept_id = plan.kind, before["message_id"]
        if plan.kind in WITH_LINK:
            # Each link is a letter of its own to the mail servers, though they share the day's row.
            named, kept_id = f"{plan.kind}-{plan.kept[0]['facts']['link']}", None
        own = kept_id or message_id(self._home, plan.person, plan.day, named, self.sender.rpartition("@")[2])
        digest = digest_of(told, reader["email"], own, self.settings)
        if letter is not None and letter["standing"] == "queued" and letter["digest"] == digest:
            return
        plan.values = {**before, "digest": digest, "message_id": own, "trouble": ""}
        if before["standing"] != "queued":
            plan.values |= {"standing": "queued", "queued_at": wall, "not_before": wall, "attempts": 0}
        try:
            if not reader["email"].strip():
                raise _Unsendable("no_address")
            if plan.kind in WITH_LINK and not self.settings.page:
                raise _Unsendable("no_page")
            rendered = self.render(told)
            mime = build(
                rendered,
                to_name=reader["name"],
                to_address=reader["email"],
                message_id=own,
                date=now,
                settings=self.settings,
            )
        except (TemplateError, LetterUnrenderable) as error:
            done.faults.append(f"{plan.kind}: {error}")
            plan.values |= _unsendable("template_broken")
        except BadAddress as error:
            done.faults.append(f"{plan.kind}: {error}")
            plan.values |= _unsendable("bad_address")
        except _Unsendable as error:
            plan.values |= _unsendable(error.trouble)
        else:
            plan.values |= {
                "address": checked_address(reader["email"]),
                "subject": rendered.subject[:300],
                "mime": zlib.compress(mime, 6),
            }

    def _told(self, plan: _Plan, reader: Mapping[str, Any], facts: Facts) -> LetterFacts:
        lang = reader["locale"] if reader["locale"] in ("vi", "en") else "vi"
        return LetterFacts(
            kind=plan.kind,
            lang=lang,
            day=plan.day,
            reader=reader["name"],
            office=self.sender_name or say("mail.office", None, lang),
            items=tuple(facts.item(item, plan.day, lang) for item in plan.kept),
            page=self.settings.page,
        )

    # --- Writing, all or nothing for each letter ----------------------------------------------------------------

    def _write(self, plans: Sequence[_Plan], late: Mapping[str, datetime], done: Composed) -> None:
        if not plans and not late:
            return
        with self.database.write() as connection:
            sound = _unchanged(connection, plans)
            made = self._insert(connection, sound)
            for plan in sound:
                letter_id = plan.letter["id"] if plan.letter is not None else made.get(plan.key)
                if plan.letter is None and plan.values and letter_id is None:
                    # Somebody else made this very letter in this moment.
                    continue
                if plan.struck:
                    connection.execute(_STRIKE, {"keys": plan.struck})
                    done.struck += len(plan.struck)
                keys = [item["key"] for item in plan.kept if item["letter_id"] is None]
                if keys:
                    connection.execute(_ATTACH, {"keys": keys, "b_id": letter_id})
                _count(plan, done)
            changed = [plan for plan in sound if plan.letter is not None and plan.values]
            if changed:
                connection.execute(_WRITE, [_bound(plan) for plan in changed])
            for ready_at in sorted(set(late.values())):
                keys = [key for key, at in late.items() if at == ready_at]
                waits = and_(
                    OUTBOX.c.key.in_(keys), OUTBOX.c.letter_id.is_(None), OUTBOX.c.ready_at < ready_at
                )
                postponed = connection.execute(update(OUTBOX).where(waits).values(ready_at=ready_at))
                done.postponed += postponed.rowcount

    @staticmethod
    def _insert(connection: Connection, plans: Iterable[_Plan]) -> dict[tuple[int, date, str], int]:
        rows = [
            {
                "person_id": plan.person,
                "day": plan.day,
                "kind": plan.kind,
                **plan.values,
            }
            for plan in plans
            if plan.letter is None and plan.values
        ]
        if not rows:
            return {}
        columns = (LETTER.c.id, LETTER.c.person_id, LETTER.c.day, LETTER.c.kind)
        made = connection.execute(insert_or_ignore(connection, LETTER).returning(*columns), rows)
        return {(row.person_id, row.day, row.kind): row.id for row in made}


class _Unsendable(Exception):
    def __init__(self, trouble: str) -> None:
        self.trouble = trouble
        super().__init__(trouble)


def _new(wall: datetime) -> dict[str, Any]:
    empty: dict[str, Any] = dict.fromkeys(_COMPOSED)
    texts = {"standing": "new", "address": "", "subject": "", "trouble": ""}
    return empty | texts | {"queued_at": wall, "not_before": wall, "attempts": 0}


def _faults_of(plan: _Plan, done: Composed) -> tuple[str, ...]:
    broken = plan.values["mime"] is None
    return tuple(fault for fault in done.faults if broken and fault.startswith(f"{plan.kind}: "))


def _unsendable(trouble: str) -> dict[str, Any]:
    # Without a digest, so that `retry` composes it anew whatever was mended.
    return {
        "standing": "failed",
        "trouble": trouble,
        "digest": None,
        "address": "",
        "subject": "",
        "mime": None,
    }


def _as_it_is(letter: Mapping[str, Any]) -> dict[str, Any]:
    return {name: letter[name] for name in _COMPOSED}


def _bound(plan: _Plan) -> dict[str, Any]:
    assert plan.letter is not None  # noqa: S101  (only such plans are bound)
    return {"b_id": plan.letter["id"], **{f"b_{name}": plan.values[name] for name in _COMPOSED}}


def _count(plan: _Plan, done: Composed) -> None:
    standing = plan.values.get("standing")
    if standing == "retracted":
        done.retracted += 1
    elif standing == "failed":
        done.unsendable += 1
    elif standing == "queued" and (plan.letter is None or plan.letter["standing"] != "queued"):
        done.new += 1
    elif standing == "queued":
        done.changed += 1


def digest_of(told: LetterFacts, address: str, own: str, settings: Settings) -> str:
    """The hash of everything that a letter's text and headers are made of, but for its Date."""
    parts = {
        "facts": asdict(told),
        "to": address,
        "id": own,
        "from": settings.mail_from,
        "reply": settings.mail_reply_to,
    }
    return sha256_hex(canonical_json(_plain(parts)))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def next_morning(day: date, kind: str) -> datetime:
    """When an item that came too late for ``day``'s letter is ready for the next day's."""
    start = day_start(day + timedelta(days=1))
    return start + MORNING if kind in MORNING_KINDS else start


# --- Reading ------------------------------------------------------------------------------------------------


def _ready_items(now: datetime) -> Select[Any]:
    return select(OUTBOX).where(ITEM_WAITS, OUTBOX.c.ready_at <= now)


def _grouped(items: Iterable[Item]) -> dict[tuple[int, str], list[Item]]:
    groups: dict[tuple[int, str], list[Item]] = {}
    for item in items:
        groups.setdefault((item["person_id"], item["kind"]), []).append(item)
    return groups


def _letters_of(
    connection: Connection, people: Collection[int], day: date
) -> dict[tuple[int, str], Mapping[str, Any]]:
    query = select(LETTER).where(LETTER.c.person_id.in_(list(people)), LETTER.c.day == day)
    return {(row["person_id"], row["kind"]): row for row in connection.execute(query).mappings()}


def _handed_over(connection: Connection, letters: Collection[int]) -> frozenset[int]:
    """Which letters the server may have, and keep their bytes for it. One with a link is asked for anew instead."""
    if not letters:
        return frozenset()
    query = select(ATTEMPT.c.letter_id).join(LETTER, LETTER.c.id == ATTEMPT.c.letter_id)
    query = query.where(ATTEMPT.c.letter_id.in_(list(letters)), ATTEMPT.c.answer.in_(HANDED_OVER))
    query = query.where(LETTER.c.kind.not_in(WITH_LINK))
    return frozenset(connection.execute(query).scalars())


def _attached(connection: Connection, letters: Collection[int]) -> dict[int, list[Item]]:
    found: dict[int, list[Item]] = {}
    if letters:
        query = select(OUTBOX).where(OUTBOX.c.letter_id.in_(list(letters)), OUTBOX.c.standing == "queued")
        for row in connection.execute(query).mappings():
            found.setdefault(row["letter_id"], []).append(row)
    return found


def _takes_more(letter: Mapping[str, Any], frozen: Collection[int], wall: datetime) -> bool:
    leased = letter["leased_until"] is not None and letter["leased_until"] > wall
    if letter["kind"] in WITH_LINK:
        # The day's row of these serves each link that is asked for; one that failed or went does not stand in its way.
        return letter["standing"] != "sending" and not leased
    return letter["standing"] in ("queued", "retracted") and letter["id"] not in frozen and not leased


def _unchanged(connection: Connection, plans: Sequence[_Plan]) -> list[_Plan]:
    """The plans whose letter and items are still as they were read; they are locked now.

    Rows that somebody else holds are skipped, not waited for: a postman holds two letters at once and we hold many,
    so waiting could become waiting for each other.
    """
    ids = [plan.letter["id"] for plan in plans if plan.letter is not None]
    letters: dict[int, tuple[Any, ...]] = {}
    queued: dict[int, set[str]] = {}
    if ids:
        look = select(
            LETTER.c.id, LETTER.c.standing, LETTER.c.digest, LETTER.c.leased_by, LETTER.c.leased_until
        )
        look = look.where(LETTER.c.id.in_(ids)).order_by(LETTER.c.id).with_for_update(skip_locked=True)
        letters = {row.id: tuple(row)[1:] for row in connection.execute(look)}
        items = select(OUTBOX.c.key, OUTBOX.c.letter_id).where(
            OUTBOX.c.letter_id.in_(ids), OUTBOX.c.standing == "queued"
        )
        for row in connection.execute(items.with_for_update(skip_locked=True)):
            queued.setdefault(row.letter_id, set()).add(row.key)
    keys = [item["key"] for plan in plans for item in plan.new]
    free: set[str] = set()
    if keys:
        waits = and_(OUTBOX.c.key.in_(keys), OUTBOX.c.standing == "queued", OUTBOX.c.letter_id.is_(None))
        free = set(
            connection.execute(select(OUTBOX.c.key).where(waits).with_for_update(skip_locked=True)).scalars()
        )
    return [plan for plan in plans if _same(plan, letters, queued, free)]


def _same(
    plan: _Plan, letters: Mapping[int, tuple[Any, ...]], queued: Mapping[int, set[str]], free: set[str]
) -> bool:
    if any(item["key"] not in free for item in plan.new):
        return False
    if plan.letter is None:
        return True
    row = plan.letter
    seen = (row["standing"], row["digest"], row["leased_by"], row["leased_until"])
    same_items = queued.get(row["id"], set()) == {item["key"] for item in plan.attached}
    return letters.get(row["id"]) == seen and same_items


def compose_letters(
    database: Database,
    settings: Settings,
    now: datetime,
    *,
    wall: datetime,
    render: Render = render_letter,
    debts: DebtsOf = debts_of,
) -> Composed:
    """Take up every item that is ready at ``now`` (business time) into letters; ``wall`` is real time.

    Raises:
        BadAddress: the office's own sending address is none.
        BadKey: the DKIM key that is configured cannot be used.
        StorageTrouble: the database could not be written.
    """
    return Composer(database, settings, render=render, debts=debts).compose(now, wall)
