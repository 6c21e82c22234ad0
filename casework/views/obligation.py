"""One milestone of one unit: what is owed, its days, who extends it, what was granted, set and said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Table, select

from casework.calendars import calendar_named
from casework.call import Call
from casework.council.lying_open import session_of
from casework.council.sight import may_see_council
from casework.council.tables import SESSION
from casework.dates import OWN_DATES, Dates
from casework.debts import FULFILMENT, unit_debt
from casework.extend_window import against_extending, extenders
from casework.fulfil import against_fulfilling, against_word
from casework.history import ENTRY, NOTE
from casework.movements.calendar_of import movement_of
from casework.movements.rows import movement_by_code
from casework.own_dates import against_own_dates
from casework.reads import Reads
from casework.regulations import EXTENSION
from casework.sight import Sight
from casework.views.movements import may_see_movement
from casework.views.naming import named
from casework.views.obligations import list_obligations
from casework.views.standing import Directory
from published.calendar import Calendar
from published.milestone import FULFIL, STEPS, CalendarMilestone
from rules.reasons import Reason, Refused
from rules.windows import local_day

#: words, extensions and dates of one milestone that are shown, the newest first
SHOWN = 20


@dataclass(frozen=True, slots=True)
class ShownObligation:
    """``rows``: what is owed of it now, by word and by dossiers (rows of `views/obligations.py`); ``extenders``: the
    offices that may extend it; ``may``: which of the acts fulfil, extend and own_dates this person's duties allow."""

    calendar: Calendar
    planned: CalendarMilestone
    unit: dict[str, Any]
    opens: str
    due: str
    plan: str
    rows: list[dict[str, Any]]
    words: list[dict[str, Any]]
    extensions: list[dict[str, Any]]
    own_dates: list[dict[str, Any]]
    extenders: list[dict[str, str]]
    may: frozenset[str]
    #: why the unit's word is not asked for now
    no_word: tuple[Reason, ...]
    by_word: bool
    by_steps: bool
    #: the code of the movement whose page it is met on; None where it is no movement's
    movement: str | None
    #: whether this person may see that page
    movement_seen: bool
    #: the number of the council's session on whose page it is met, and whether this person may see that page
    session: int | None
    session_seen: bool
    #: the last day of the window, in which own dates lie
    window_ends: str
    today: str

    @property
    def settled(self) -> dict[str, Any] | None:
        """The word that leaves nothing owed: neither own dates nor an extension would move anything."""
        return self.word if all(row["standing"] == "met" for row in self.rows) else None

    @property
    def window_over(self) -> bool:
        """Whether no day is left on which own dates could lie."""
        return self.window_ends < self.today

    @property
    def word(self) -> dict[str, Any] | None:
        """The word that stands."""
        return next((word for word in self.words if word["undone_at"] is None), None)


def show_obligation(
    connection: Connection,
    sight: Sight,
    calendar: str,
    milestone: str,
    unit: Mapping[str, Any],
    now: datetime,
    lang: str,
) -> ShownObligation:
    """One milestone of one unit (its row), for a person who may see it.

    Raises:
        Refused: there is no such calendar, or it has no such milestone.
    """
    plan = calendar_named(connection, calendar)
    if milestone not in plan.milestones:
        raise Refused([Reason("unknown_milestone", {"milestone": milestone, "possible": []})])
    planned = plan.milestones[milestone]
    unit_id = int(unit["id"])
    reads = Reads(connection, local_day(now))
    window = Dates(connection).window(plan, milestone, [unit_id])
    debt = unit_debt(reads, plan, milestone, unit_id, "")
    directory = Directory(reads)
    offices: list[int] = []
    if planned.extends is not None:
        offices, _ = extenders(connection, planned.extends, unit_id, reads.day)
    here = (unit_id, calendar, milestone)
    movement, session = movement_of(calendar), session_of(calendar)
    return ShownObligation(
        calendar=plan,
        planned=planned,
        unit=dict(unit),
        opens=debt.term.opens.isoformat(),
        due=debt.due.isoformat(),
        plan=debt.planned.isoformat(),
        rows=[
            row
            for row in list_obligations(
                connection,
                now,
                lang,
                units=[unit_id],
                calendar=calendar,
                milestone=milestone,
                sight=sight,
            )
            if row["unit"]["code"] == unit["code"]
        ],
        words=_rows(
            connection, directory, FULFILMENT, here, "fulfilled_by_id", ("note_id", "undone_note_id")
        ),
        extensions=_rows(connection, directory, EXTENSION, here, "granted_by_id", ("note_id",)),
        own_dates=_rows(connection, directory, OWN_DATES, here, "set_by_id", ("note_id",)),
        extenders=[directory.unit(office) for office in offices],
        may=_may(connection, planned, unit, Call(sight.person, now, "look", "look")),
        no_word=tuple(
            named(
                connection,
                against_word(connection, plan, planned, unit_id, Call(sight.person, now, "look", "look")),
                lang,
            )
        ),
        by_word=FULFIL in planned.met_by and unit["kind"] == planned.owed_by,
        by_steps=STEPS in planned.met_by,
        movement=movement,
        session=session,
        session_seen=session is not None and _sees_session(connection, sight, session),
        movement_seen=movement is not None
        and may_see_movement(connection, sight, movement_by_code(connection, movement), reads.day),
        window_ends=(window.last_day if window else planned.milestone.last_day).isoformat(),
        today=reads.day.isoformat(),
    )


def _sees_session(connection: Connection, sight: Sight, session: int) -> bool:
    council = connection.execute(select(SESSION.c.council_id).where(SESSION.c.id == session)).scalar_one()
    return may_see_council(connection, sight, int(council))


def _may(
    connection: Connection, planned: CalendarMilestone, unit: Mapping[str, Any], call: Call
) -> frozenset[str]:
    against = {
        "fulfil": against_fulfilling(connection, planned, int(unit["id"]), call),
        "extend": against_extending(connection, planned, int(unit["id"]), call)[0],
        "own_dates": against_own_dates(connection, planned, unit, call),
    }
    return frozenset(act for act, reasons in against.items() if not reasons)


def _rows(
    connection: Connection,
    directory: Directory,
    table: Table,
    here: tuple[int, str, str],
    by: str,
    notes: tuple[str, ...],
) -> list[dict[str, Any]]:
    """Rows of a table about a unit's milestone, the newest first, with the person's name and the texts of notes."""
    unit, calendar, milestone = here
    query = (
        select(table)
        .where(table.c.unit_id == unit, table.c.calendar == calendar, table.c.milestone == milestone)
        .order_by(table.c.id.desc())
        .limit(SHOWN)
    )
    rows = [dict(row) for row in connection.execute(query).mappings()]
    wanted = {row[note] for row in rows for note in notes if row[note] is not None}
    texts = {
        row.id: None if row.erased_at else row.text
        for row in connection.execute(
            select(NOTE.c.id, NOTE.c.text, NOTE.c.erased_at).where(NOTE.c.id.in_(wanted))
        )
    }
    directory.people(row[by] for row in rows if row[by] is not None)
    for row in rows:
        row["by"] = directory.person(row[by])
        row |= {note.removesuffix("_id"): texts.get(row[note]) for note in notes}
    return rows


def entry_of(connection: Connection, unit: int, number: int) -> dict[str, Any] | None:
    """The entry of a unit's chain with a number: what an act has just left behind."""
    query = select(ENTRY.c.seq, ENTRY.c.event, ENTRY.c.at, ENTRY.c.hash).where(
        ENTRY.c.subject == f"unit:{unit}", ENTRY.c.seq == number
    )
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


@dataclass(frozen=True, slots=True)
class StoredWordPaper:
    """The paper of a word: where its bytes are, and its name as part of an address."""

    sha256: str
    quoted: str


def paper_of(
    connection: Connection, unit: int, calendar: str, milestone: str, number: int
) -> StoredWordPaper | None:
    """The paper that came with one word of a unit on a milestone."""
    row = connection.execute(
        select(FULFILMENT.c.paper_sha256, FULFILMENT.c.paper_name).where(
            FULFILMENT.c.id == number,
            FULFILMENT.c.unit_id == unit,
            FULFILMENT.c.calendar == calendar,
            FULFILMENT.c.milestone == milestone,
            FULFILMENT.c.paper_sha256.is_not(None),
        )
    ).first()
    return StoredWordPaper(row.paper_sha256, quote(row.paper_name, safe="")) if row else None
