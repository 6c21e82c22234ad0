"""How long a council's list, or its outcome, lies open to objections by its own rules, as a calendar of its own.

What a published calendar asks is owed, reminded and shown in one way (`casework/debts.py`); so the window of a session
is a small calendar with one milestone, made from the session's row and the rules whenever it is asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, select

from casework.access import in_force
from casework.council.tables import CHAIR, COUNCIL, HEADS, MEMBER, SECRETARY, SESSION
from casework.regulations import council_rules_by_hash, days_off
from casework.routing import UNIT
from notifications.words import LANGS, say, word
from published.calendar import Calendar
from published.councils import BEFORE, CouncilRules
from published.milestone import RED, CalendarMilestone, Holders, Named
from rules.reminders import Escalation, Ladder
from rules.school_years import name_on
from rules.windows import Milestone, local_day
from rules.working_days import NEXT_WORKING_DAY, WORKING_DAYS, DaysOff, add_days, shifted

PREFIX, PUBLICITY = "session-", "publicity"
#: how it is met: by that act, never by a word or by steps of a dossier
BY_CLOSING = "council"
# Where a council has neither secretary nor chair any more, whoever holds these at its unit is told.
_DUTIES = ("council_secretary", *HEADS)
_LADDER = Ladder((-3, -1, 0, 1, 3, 7))
_ESCALATION = Escalation(5, WORKING_DAYS)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LyingOpen:
    """From which day to which (both included) it lies open, and by which day it is to be closed."""

    opens: date
    ends: date
    due: date


def calendar_name(session: int) -> str:
    """The name under which the closing of a session's window is owed."""
    return f"{PREFIX}{session}"


def session_of(calendar: str) -> int | None:
    """The number of the session whose calendar it is; None of every other one."""
    number = calendar.removeprefix(PREFIX)
    return int(number) if calendar.startswith(PREFIX) and number.isascii() and number.isdigit() else None


def window_of(rules: CouncilRules, session: Mapping[str, Any], off: DaysOff) -> LyingOpen | None:
    """The window of a session (its row): before it until the day before, to be closed on its day; after it from the day
    after the count, to be closed on the next working day. None where the rules have none, or the count is to come."""
    asked = rules.publicity
    if asked is None:
        return None
    if asked.when == BEFORE:
        held = session["held_on"]
        return LyingOpen(add_days(held, -asked.days, asked.count, off), held - _DAY, held)
    if session["counted_at"] is None:
        return None
    counted = local_day(session["counted_at"])
    ends = add_days(counted, asked.days, asked.count, off)
    return LyingOpen(counted + _DAY, ends, shifted(ends + _DAY, NEXT_WORKING_DAY, off))


def session_calendars(
    connection: Connection, names: Collection[str], *, annulled_too: bool = False
) -> dict[str, Calendar]:
    """The calendars of some sessions by name; other names are missing, and sessions that were annulled, which ask for
    nothing any more, unless ``annulled_too``: for whoever looks at what was."""
    numbers = sorted({number for name in names if (number := session_of(name)) is not None})
    if not numbers:
        return {}
    query = (
        select(SESSION, COUNCIL.c.rules_sha256, UNIT.c.kind, UNIT.c.name.label("unit_name"))
        .join(COUNCIL, COUNCIL.c.id == SESSION.c.council_id)
        .join(UNIT, UNIT.c.id == COUNCIL.c.unit_id)
        .where(SESSION.c.id.in_(numbers))
    )
    if not annulled_too:
        query = query.where(SESSION.c.standing != "annulled")
    rows = connection.execute(query).mappings().all()
    named = _named(connection, {row["council_id"] for row in rows})
    off = days_off(connection)
    found = {}
    for row in rows:
        rules = council_rules_by_hash(connection, row["rules_sha256"])
        window = window_of(rules, row, off)
        if window is not None:
            found[calendar_name(row["id"])] = _calendar(row, rules, window, named.get(row["council_id"], ()))
    return found


def calendars_for(connection: Connection, person: int, day: date) -> list[str]:
    """The calendars of the sessions of which a person is secretary or chair on a day."""
    query = (
        select(SESSION.c.id)
        .join(MEMBER, MEMBER.c.council_id == SESSION.c.council_id)
        .where(
            MEMBER.c.person_id == person,
            MEMBER.c.role.in_((SECRETARY, CHAIR)),
            in_force(MEMBER, day),
            SESSION.c.standing != "annulled",
        )
    )
    return [calendar_name(number) for number in connection.execute(query).scalars()]


def _named(connection: Connection, councils: Iterable[int]) -> dict[int, tuple[Named, ...]]:
    """Council → its secretaries and chairs, each with the days of the membership."""
    query = (
        select(MEMBER)
        .where(MEMBER.c.council_id.in_(sorted(councils)), MEMBER.c.role.in_((SECRETARY, CHAIR)))
        .order_by(MEMBER.c.person_id, MEMBER.c.id)
    )
    found: dict[int, tuple[Named, ...]] = {}
    for row in connection.execute(query):
        one = Named(row.person_id, row.since, row.until)
        found[row.council_id] = (*found.get(row.council_id, ()), one)
    return found


def _calendar(
    row: Mapping[str, Any], rules: CouncilRules, window: LyingOpen, named: tuple[Named, ...]
) -> Calendar:
    cited = rules.publicity.cited if rules.publicity is not None else None
    verified = cited is not None and cited.verified
    told = {"unit": row["unit_name"], "day": row["held_on"], "ends": window.ends}
    unchecked = {lang: "" if verified else word("councils", "publicity_unverified", lang) for lang in LANGS}
    return Calendar(
        name=calendar_name(row["id"]),
        title=rules.title,
        school_year=name_on(window.opens),
        procedures=(),
        source=cited.article if cited is not None else "",
        verified=verified,
        milestones={
            PUBLICITY: CalendarMilestone(
                milestone=Milestone(PUBLICITY, row["kind"], window.opens, window.due),
                label={lang: say("councils.publicity", told, lang) for lang in LANGS},
                actor={lang: word("councils", "publicity_actor", lang) for lang in LANGS},
                due={lang: say("councils.publicity_due", told, lang) + unchecked[lang] for lang in LANGS},
                duties=_DUTIES,
                met_by=(BY_CLOSING,),
                announced=True,
                ladder=_LADDER,
                escalation=_ESCALATION,
                escalates_to=Holders(row["kind"], HEADS),
                unmet=RED,
                named=named,
            )
        },
        asked_on=window.opens,
    )
