"""Playing a plan in a home: day by day by the home's clock, each act once, going on wherever it was broken off.

Where a rehearsal stands is read from the home alone: the clock says the day, the request keys in the history say which
acts were done, a mark each says which were refused. Acts are played in order, so what comes before the last of them is
past, also when somebody else has acted in between.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import Connection, select

from casework.bulk import Outcome
from casework.call import Call
from casework.history import ENTRY
from casework.home_clock import CLOCK, business_now, set_clock
from casework.open_year import open_year
from casework.tick import tick
from documents.store import PaperStore
from kit.clock import stopwatch
from kit.database import Database, insert_or_ignore
from models.home import HomeMark
from rehearsal.deeds import Stage, codes_opened, do, people_by_code
from rehearsal.plan import Plan, PlannedAct, tick_instant
from rehearsal.post import Post
from rehearsal.progress import Progress, silent
from rules.reasons import Reason, Refused
from rules.windows import local_day

MARKS = HomeMark.__table__
VIA = "rehearsal"
TICK = "tick"
PLAN_MARK = "rehearsal"
REFUSED_MARK = "refused/"
_CODES_LIMIT = 200
# In a province one day may take minutes.
_SHOWN_EVERY = 50
# Acts of more than one transaction or outcome: broken off in the middle, they are taken up again with the same key.
IN_PARTS = ("steps", "pass_on")


@dataclass(frozen=True, slots=True)
class Refusal:
    """An act that was refused: its number in the plan, what it was, with which codes, and whether that was the plan."""

    number: int
    act: str
    codes: tuple[str, ...]
    planned: bool


@dataclass(slots=True)
class Played:
    """What playing did this time. ``refusals`` are of all times, as the home's marks keep them."""

    acts: int = 0
    lapses: int = 0
    clock_settings: int = 0
    letters: int = 0
    driven_by_other_plan: bool = False
    refusals: list[Refusal] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    reminders: Counter[str] = field(default_factory=Counter)
    seconds: Counter[str] = field(default_factory=Counter)


class Rehearsal:
    """One plan being played in one home."""

    def __init__(self, database: Database, store: PaperStore, plan: Plan, post: Post | None = None) -> None:
        self.database = database
        self.post = post
        self.plan = plan
        self.prefix = f"year/{plan.seed}"
        self.played = Played()
        with database.read() as connection:
            keys = {self._key(act): act.stories[0] for act in plan.acts if act.act == "open"}
            self.stage = Stage(database, store, people_by_code(connection), codes_opened(connection, keys))

    def _key(self, act: PlannedAct) -> str:
        return f"{self.prefix}/{act.number}"

    # --- Where it stands ---

    def _take_up(self) -> bool:
        """Mark the home as driven by this plan; False when another one drove it."""
        marked = select(MARKS.c.value).where(MARKS.c.name == PLAN_MARK)
        with self.database.read() as connection:
            driven_by = connection.execute(marked).scalar()
        if driven_by is None:
            with self.database.write() as connection:
                _mark(connection, PLAN_MARK, self.plan.fingerprint, business_now(connection))
                driven_by = connection.execute(marked).scalar()
        return driven_by == self.plan.fingerprint

    def _last_number(self, connection: Connection) -> int:
        """The number of the last act that was played, done or refused; 0 when none was."""
        keys = connection.execute(
            select(ENTRY.c.request_key).where(
                ENTRY.c.request_key.startswith(f"{self.prefix}/", autoescape=True)
            )
        ).scalars()
        numbers = [int(part) for part in (key.split("/")[2] for key in keys) if part.isdecimal()]
        return max([*numbers, *(refusal.number for refusal in self._refusals(connection))], default=0)

    def _refusals(self, connection: Connection) -> list[Refusal]:
        planned = {act.number: act for act in self.plan.acts}
        rows = connection.execute(
            select(MARKS.c.name, MARKS.c.value).where(MARKS.c.name.startswith(REFUSED_MARK, autoescape=True))
        )
        found = []
        for row in rows:
            number = int(row.name.removeprefix(REFUSED_MARK))
            codes = tuple(row.value.split())
            act = planned[number]
            found.append(Refusal(number, act.act, codes, act.refused_for in codes))
        return sorted(found, key=lambda refusal: refusal.number)

    # --- Playing ---

    def play(self, ends_at: datetime, progress: Progress = silent) -> Played:
        """Play every act up to ``ends_at`` (included) and let the clock stand there."""
        until = local_day(ends_at)
        if not self._take_up():
            self.played.driven_by_other_plan = True
            return self.played
        with self.database.read() as connection:
            last = self._last_number(connection)
            now = business_now(connection)
            refused = {refusal.number for refusal in self._refusals(connection)}
        coming = [
            act
            for act in self.plan.until(ends_at)
            if act.number > last or (act.number == last and act.act in IN_PARTS and last not in refused)
        ]
        by_day: dict[date, list[PlannedAct]] = {}
        for act in coming:
            by_day.setdefault(act.day, []).append(act)
        first = max(self.plan.first_day, min([local_day(now), *by_day])) if by_day else local_day(now)
        total = (until - self.plan.first_day).days + 1
        day = first
        while day <= until:
            self._play_day(
                day, by_day.get(day, ()), partial(progress, "play", (day - self.plan.first_day).days, total)
            )
            day += timedelta(days=1)
        self._set_clock(ends_at)
        progress("play", total, total, until.isoformat())
        with self.database.read() as connection:
            self.played.refusals = self._refusals(connection)
        return self.played

    def _play_day(self, day: date, acts: Sequence[PlannedAct], show: Callable[[str], None]) -> None:
        show(day.isoformat())
        if self._set_clock(tick_instant(day)):
            self._tick(day)
            self._send()
        hour: datetime | None = None
        for count, act in enumerate(acts):
            if count % _SHOWN_EVERY == _SHOWN_EVERY - 1:
                show(f"{day.isoformat()} {count}/{len(acts)}")
            if act.at != hour:
                hour = act.at
                self._set_clock(hour)
            self._play(act)
        if acts:
            self._send()

    def _send(self) -> None:
        """Let the postman go, where there is one."""
        if self.post is None:
            return
        begun = stopwatch()
        with self.database.read() as connection:
            now = business_now(connection)
        self.post.go(now, TICK)
        self.played.letters = self.post.sent
        self.played.seconds["letters"] += stopwatch() - begun

    def _set_clock(self, wanted: datetime) -> bool:
        """Let the home's clock stand at an instant; False when it has passed it already."""
        begun = stopwatch()
        with self.database.read() as connection:
            row = connection.execute(select(CLOCK.c.mode, CLOCK.c.stands_at)).first()
        # A person who let the clock run with the wall's, or set it on, has the say: the plan follows.
        may = row is None or (row.mode == "fixed" and row.stands_at <= wanted)
        if may and (row is None or row.stands_at < wanted):
            key = f"{self.prefix}/clock/{wanted:%Y-%m-%dT%H:%M}"
            set_clock(self.database, "fixed", wanted, Call(None, wanted, key, VIA))
            self.played.clock_settings += 1
        self.played.seconds["clock"] += stopwatch() - begun
        return may

    def _tick(self, day: date) -> None:
        """What the calendar does by itself: the day's tick; on the first of a month obligations that are missing."""
        begun = stopwatch()
        with self.database.read() as connection:
            now = business_now(connection)
        if day.day == 1:
            open_year(self.database, now, TICK)
        report = tick(self.database, now, TICK)
        self.played.lapses += len(report.lapsed)
        self.played.reminders.update(reminder.kind for reminder in report.reminders)
        self.played.seconds["tick"] += stopwatch() - begun

    def _play(self, act: PlannedAct) -> None:
        begun = stopwatch()
        with self.database.read() as connection:
            now = business_now(connection)
        actor = self.stage.people[act.actor] if act.actor else None
        call = Call(actor, now, self._key(act), VIA)
        try:
            outcomes = do(self.stage, act, call)
        except Refused as refusal:
            self._note_refusal(act, refusal.reasons, now)
        else:
            reasons = [reason for outcome in outcomes or () for reason in outcome.reasons]
            if reasons:
                self._note_refusal(act, reasons, now)
            elif act.refused_for is not None:
                self.played.unexpected.append(f"{act.number} {act.act}: done, {act.refused_for} expected")
            self.played.acts += _done_in(outcomes)
        name = act.words["event"] if act.act in ("step", "steps") else act.act
        self.played.seconds[f"{name} (bulk)" if act.act == "steps" else name] += stopwatch() - begun

    def _note_refusal(self, act: PlannedAct, reasons: Iterable[Reason], now: datetime) -> None:
        """Keep the refusal: it left no trace in the history, and a rehearsal that goes on must not try it again."""
        codes = tuple(dict.fromkeys(reason.code for reason in reasons))
        text = ""
        for code in codes:
            if len(text) + len(code) + 1 <= _CODES_LIMIT:
                text = f"{text} {code}".strip()
        with self.database.write() as connection:
            _mark(connection, f"{REFUSED_MARK}{act.number}", text, now)
        if act.refused_for not in codes:
            said = "; ".join(f"{reason.code} {dict(reason.params)}" for reason in reasons)
            self.played.unexpected.append(f"{act.number} {act.day} {act.act} {act.stories}: {said}")


def _mark(connection: Connection, name: str, value: str, at: datetime) -> None:
    """Keep a mark of the home, unless it is there: two who play at once may both want it."""
    row = {"name": name, "value": value, "at": at}
    connection.execute(insert_or_ignore(connection, MARKS), row)


def _done_in(outcomes: Iterable[Outcome] | None) -> int:
    if outcomes is None:
        return 1
    return sum(outcome.receipt is not None and not outcome.receipt.replayed for outcome in outcomes)
