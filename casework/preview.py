"""Looking ahead: who would get which reminder when if nobody did anything, and what a new version would change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from casework.debts import (
    DOSSIER_PREFIX,
    OBLIGATION,
    OBLIGATION_PREFIX,
    Debt,
    dossier_debts,
    obligation_debts,
)
from casework.load import DOSSIER
from casework.open_year import missing_obligations
from casework.people import person_by_code
from casework.reads import Reads
from casework.tick import asked_of, audience_of, kind_of
from casework.views.standing import Directory
from published.calendar import Calendar
from rules.reminders import ESCALATION, calls_of
from rules.reminders import Call as Due
from rules.windows import local_day
from states.vocabulary import RESTING_KINDS


@dataclass(frozen=True, slots=True)
class _Owing:
    """Everything that is owed now, and the names under which the subjects are shown."""

    debts: dict[str, Debt]
    dossiers: dict[str, str]


def preview(
    connection: Connection,
    now: datetime,
    lang: str,
    *,
    person: str | None = None,
    units: Collection[int] | None = None,
    proposed: Calendar | None = None,
    until: date | None = None,
) -> list[dict[str, Any]]:
    """Every reminder still to come, by day, for what is owed now; duties are those of the reminder's own day.

    ``proposed`` is read in the place of the calendar of its name, as if it were published already; ``person`` (a code)
    leaves everybody else out; ``units`` leaves out what others than these must do, so that it costs what they owe.

    Raises:
        Refused: there is no such person.
    """
    today = local_day(now)
    only = int(person_by_code(connection, person)["id"]) if person is not None else None
    reads = Reads(connection, today, proposed)
    directory = Directory(reads)
    owing = _owing(reads, frozenset(units) if units is not None else None)
    coming: dict[date, list[tuple[Debt, Due]]] = {}
    for debt in owing.debts.values():
        for call in calls_of(debt.term, reads.dates.off):
            # What falls due today the day's tick has told already, or tells in a moment.
            if call.day > today and (until is None or call.day <= until):
                coming.setdefault(call.day, []).append((debt, call))
    rows = []
    for day, found in coming.items():
        there = Reads(connection, day, proposed)
        # What that day asks of whom is read at once and not unit by unit.
        there.fetch_near(unit for debt, call in found if call.what == ESCALATION for unit in debt.below)
        there.fetch_posts(unit for debt, call in found for unit in asked_of(there, debt, call)[0])
        for debt, call in found:
            rows.extend(
                {
                    "day": call.day.isoformat(),
                    "person_id": person_id,
                    "kind": kind_of(debt, call),
                    "rung": call.rung,
                    "unit_id": debt.unit_id,
                    "calendar": debt.calendar.name,
                    "milestone": debt.milestone,
                    "label": debt.calendar.milestones[debt.milestone].label[lang],
                    "due": debt.due.isoformat(),
                    "dossier": owing.dossiers.get(debt.subject),
                }
                for person_id in audience_of(there, debt, call)
                if only is None or person_id == only
            )
    directory.units(row["unit_id"] for row in rows)
    directory.people(row["person_id"] for row in rows)
    for row in rows:
        row["unit"] = directory.unit(row.pop("unit_id"))
        row["person"] = directory.person(row.pop("person_id"))
    return sorted(
        rows, key=lambda r: (r["day"], r["person"]["code"], r["kind"], r["unit"]["code"], r["dossier"] or "")
    )


def effect_of(connection: Connection, now: datetime, lang: str, proposed: Calendar) -> list[dict[str, Any]]:
    """What a new version of a running calendar would change for what is owed now: due days before and after.

    ``before`` None: it would be owed anew; ``after`` None: it would be owed no more.
    """
    today = local_day(now)
    present, then = Reads(connection, today), Reads(connection, today, proposed)
    before, after = _owing(present), _owing(then)
    directory = Directory(present)
    directory.units(debt.unit_id for owing in (before, after) for debt in owing.debts.values())
    rows = []
    for subject in {**before.debts, **after.debts}:
        old, new = before.debts.get(subject), after.debts.get(subject)
        if old is not None and new is not None and (old.due, old.milestone) == (new.due, new.milestone):
            continue
        debt = new or old
        if debt is None or proposed.name != debt.calendar.name:
            continue
        rows.append(
            {
                "unit": directory.unit(debt.unit_id),
                "milestone": debt.milestone,
                "label": debt.calendar.milestones[debt.milestone].label[lang],
                "dossier": before.dossiers.get(subject) or after.dossiers.get(subject),
                "before": old.due.isoformat() if old else None,
                "after": new.due.isoformat() if new else None,
                "late_now": old is not None and old.due < today,
                "late_then": new is not None and new.due < today,
            }
        )
    return sorted(rows, key=lambda r: (r["milestone"], r["unit"]["code"], r["dossier"] or ""))


def _owing(reads: Reads, units: frozenset[int] | None = None) -> _Owing:
    connection = reads.connection
    written = select(OBLIGATION).order_by(OBLIGATION.c.id)
    if units is not None:
        written = written.where(OBLIGATION.c.unit_id.in_(sorted(units)))
    rows: list[Any] = list(connection.execute(written).mappings())
    # What a calendar will ask of units that no obligation was written for yet.
    rows += [row | {"id": f"new/{n}"} for n, row in enumerate(missing_obligations(connection, reads))]
    rows = [row for row in rows if units is None or row["unit_id"] in units]
    found = _by_subject(obligation_debts(reads, rows), OBLIGATION_PREFIX, rows)
    query = select(DOSSIER).where(DOSSIER.c.state_kind.not_in(RESTING_KINDS)).order_by(DOSSIER.c.id)
    if units is not None:
        query = query.where(DOSSIER.c.desk_unit_id.in_(sorted(units)))
    dossiers: Sequence[Any] = connection.execute(query).mappings().all()
    found |= {debt.subject: debt for debt in dossier_debts(reads, dossiers)}
    return _Owing(found, {f"{DOSSIER_PREFIX}{row['id']}": row["code"] for row in dossiers})


def _by_subject(debts: Iterable[Debt], prefix: str, rows: Sequence[Any]) -> dict[str, Debt]:
    """Obligations by what they are rather than by their row: the new ones have none yet."""
    names = {f"{prefix}{row['id']}": f"{row['calendar']}/{row['milestone']}/{row['unit_id']}" for row in rows}
    return {names[debt.subject]: debt for debt in debts}
