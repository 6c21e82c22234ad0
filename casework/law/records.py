"""What is known of those who may get a title, put together from what the tables hold.

What a record holds, and what silence in it means, is told in `rules/record.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from casework.law.record_rows import Matter, Rows, read_rows
from casework.law.succeeded import predecessors
from casework.law.wanted import Wanted
from rules.record import MERIT, Initiative, Member, Record
from rules.school_years import first_day, last_day


@dataclass(frozen=True, slots=True)
class Known:
    """A record, and what holds the award whatever the record says."""

    record: Record
    matters: tuple[Matter, ...]


def records(connection: Connection, wanted: Sequence[Wanted]) -> list[Known]:
    """The records asked for, in the same order. The number of statements does not depend on how many are wanted."""
    collectives = {one.unit for one in wanted if one.person is None}
    before = predecessors(connection, collectives, max((w.on for w in wanted), default=None))
    rows = read_rows(connection, wanted, before)
    return [_known(one, rows, before.get(one.unit, ())) for one in wanted]


def _known(one: Wanted, rows: Rows, before: Sequence[int]) -> Known:
    holder = one.holder
    names = (holder, *(f"u{unit}" for unit in before)) if one.person is None else (holder,)
    # What a nomination asks for, or has brought, is no evidence for it.
    own = one.nomination
    held = [h for name in names for by, h in rows.held.get(name, ()) if own is None or by != own]
    held += [way for number, way in rows.asked.get(holder, ()) if number != own]
    registered = rows.registered.get((holder, one.year))
    record = Record(
        holder=holder,
        subject="individual" if one.person is not None else "collective",
        held=tuple(held),
        graded=tuple(g for name in names for g in rows.graded.get(name, ())),
        disciplines=tuple(rows.disciplines.get(holder, ())),
        complete={what: frozenset(years) for what, years in rows.complete.get(holder, {}).items()},
        whole=holder in rows.whole,
        registered=None if registered is None else frozenset(registered),
        movement=rows.movements.get(one.nomination or 0),
    )
    matters = tuple(rows.matters.get(holder, ()))
    if one.person is None:
        complete = {**record.complete, "disciplines": _undisciplined_known(one, rows)}
        record = replace(
            record, complete=complete, members=_members(one, rows), rank=_rank(one, rows, before)
        )
        return Known(record, matters)
    spans = rows.employed.get(one.person, [])
    return Known(
        replace(
            record,
            initiatives=tuple(
                _unused(i, number, one, rows) for number, i in rows.initiatives.get(holder, ())
            ),
            service=tuple(rows.service.get(holder, ())),
            employed_since=_employed_since(spans, one.on),
        ),
        matters,
    )


def _unused(initiative: Initiative, number: int, one: Wanted, rows: Rows) -> Initiative:
    """An initiative with what others have used it for; its use by the nomination itself is what is asked."""
    by = frozenset(how for nomination, how in rows.uses.get(number, ()) if nomination != one.nomination)
    return replace(initiative, used_by=by) if by else initiative


def _employed_since(spans: Iterable[tuple[int, date, date | None]], day: date) -> date | None:
    """Since when somebody is employed without a gap, wherever; None where they are not on that day."""
    since: date | None = None
    reached: date | None = None
    for _, begins, ends in spans:
        if begins > day:
            break
        if since is None or (reached is not None and begins.toordinal() > reached.toordinal() + 1):
            since = begins
        reached = None if ends is None else max(reached or ends, ends)
        if ends is None:
            return since
    return since if reached is not None and reached >= day else None


def _members(one: Wanted, rows: Rows) -> tuple[Member, ...]:
    return tuple(
        _member(f"p{person}", one.year, rows) for person in rows.members.get((one.unit, one.year), ())
    )


def _member(holder: str, year: int, rows: Rows) -> Member:
    merit = [h for _, h in rows.held.get(holder, ()) if h.year == year and h.kind == MERIT]
    asked = {way.title: way.awaited or "" for _, way in rows.asked.get(holder, ()) if way.year == year}
    grade = next((g.grade for g in rows.graded.get(holder, ()) if g.year == year), None)
    forms = tuple(
        d.form for d in rows.disciplines.get(holder, ()) if first_day(year) <= d.since <= last_day(year)
    )
    return Member(frozenset(h.title for h in merit), asked, grade, forms)


def _undisciplined_known(one: Wanted, rows: Rows) -> frozenset[int]:
    """A unit has no disciplines of its own: of the year asked for they are known where those of each member are."""
    members = rows.members.get((one.unit, one.year), ())
    known = all(one.year in rows.complete.get(f"p{person}", {}).get("disciplines", ()) for person in members)
    return frozenset({one.year}) if members and known else frozenset()


def _rank(one: Wanted, rows: Rows, before: Sequence[int]) -> int | None:
    ranks = (rows.ranks.get((unit, one.year)) for unit in (one.unit, *before))
    return next((rank for rank in ranks if rank is not None), None)
