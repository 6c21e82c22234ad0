"""The newest verdicts of dossiers on their way, taken again from what is on record now: was one missed?

Each is asked as it was: on its day, of the rulebook that was tried, its dossier taken in when it had been taken in by
then. What changes without opening verdicts again is told in docs/verdicts.md, and may be why an answer is another one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, func, select
from sqlalchemy.exc import NoResultFound

from casework.doctor.finding import fault, warning
from casework.doctor.view import BATCH, View
from casework.history import ENTRY
from casework.law.judging import RECEIVING, Judged, judge, of_nominations
from casework.law.keeping import BASIS, VERDICT, basis_keys
from casework.load import DOSSIER, NOMINATION
from casework.record_step import subject_of
from casework.regulations import Unsound
from models.dossier import UNFINISHED
from rules.reasons import Refused
from rules.windows import local_day


class Otherwise(NamedTuple):
    """A nomination of which the newest verdict is otherwise today: under which invariant's code."""

    code: str
    nomination: int


def judge_again(view: View) -> Iterator[Otherwise]:
    """What differs, a batch of verdicts in memory at a time."""
    streamed = _newest().execution_options(yield_per=BATCH)
    for rows in view.connection.execute(streamed).mappings().partitions():
        # What became of schools depends on the day on which one asks: each day by itself, as when they were taken.
        for day, some in groupby(rows, key=lambda row: row["asked_on"]):
            yield from _compared(view, list(some), day)


def _newest() -> Select[Any]:
    """The newest verdict of each standing nomination of a dossier on its way, with what is asked of it."""
    newest = (
        select(VERDICT.c.nomination_id, func.max(VERDICT.c.number).label("number"))
        .group_by(VERDICT.c.nomination_id)
        .subquery()
    )
    of_newest = and_(newest.c.nomination_id == VERDICT.c.nomination_id, newest.c.number == VERDICT.c.number)
    nominated = ("id", "person_id", "initiative_id", "unit_id", "title", "dossier_id")
    kept = ("version", "outcome", "rulebook_sha256", "asked_on")
    return (
        select(
            *(NOMINATION.c[name] for name in nominated),
            *(VERDICT.c[name] for name in kept),
            DOSSIER.c.school_year,
        )
        .select_from(VERDICT)
        .join(newest, of_newest)
        .join(NOMINATION, NOMINATION.c.id == VERDICT.c.nomination_id)
        .join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id)
        .where(UNFINISHED, NOMINATION.c.outcome == "open")
        .order_by(VERDICT.c.asked_on, NOMINATION.c.id)
    )


def _compared(view: View, rows: Sequence[Mapping[str, Any]], day: date) -> Iterator[Otherwise]:
    received = _received(view, rows)
    try:
        again = judge(view.connection, of_nominations(rows, day), received_by=received)
    except (Refused, Unsound, NoResultFound, ValueError, KeyError):
        # Where a regulation cannot be read, or a row holds what no act writes, nothing can be asked; each is told by
        # its own name.
        return
    kept = {row["id"]: row for row in rows}
    bases = _bases(view, list(kept))
    for one in again:
        number = one.wanted.nomination or 0
        if not _same_rulebook(one, kept[number]):
            continue
        if one.verdict is not None and one.verdict.outcome != kept[number]["outcome"]:
            yield Otherwise("verdict_answers_otherwise", number)
        if bases.get(number) and bases[number] != basis_keys(one):
            yield Otherwise("basis_keys_differ", number)


def _same_rulebook(one: Judged, row: Mapping[str, Any]) -> bool:
    """Whether the rulebook was published as it is now: a new name, or an earlier end, opens no verdict again."""
    return one.choice is not None and one.choice.sha256 == row["rulebook_sha256"]


def _received(view: View, rows: Sequence[Mapping[str, Any]]) -> dict[int, date]:
    """Nomination → the local day on which its dossier had last been taken in when its verdict was taken."""
    subjects = {subject_of(row["dossier_id"]) for row in rows}
    query = select(ENTRY.c.subject, ENTRY.c.seq, ENTRY.c.at).where(
        ENTRY.c.subject.in_(sorted(subjects)), ENTRY.c.event.in_(RECEIVING)
    )
    taken_in: dict[str, list[tuple[int, date]]] = {}
    for entry in view.connection.execute(query.order_by(ENTRY.c.subject, ENTRY.c.seq)):
        taken_in.setdefault(entry.subject, []).append((entry.seq, local_day(entry.at)))
    found = {}
    for row in rows:
        days = [day for seq, day in taken_in.get(subject_of(row["dossier_id"]), ()) if seq <= row["version"]]
        if days:
            found[row["id"]] = max(days)
    return found


def _bases(view: View, nominations: Sequence[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    query = select(BASIS.c.nomination_id, BASIS.c.key).where(BASIS.c.nomination_id.in_(nominations))
    for row in view.connection.execute(query):
        found.setdefault(row.nomination_id, set()).add(row.key)
    return found


def _differing(view: View, code: str) -> Iterator[str]:
    return (f"nomination:{found.nomination}" for found in view.judged_again if found.code == code)


def basis_keys_differ(view: View) -> Iterator[str]:
    """A verdict was not built on just what its rule looks at: a correction would miss it, or open it in vain."""
    return _differing(view, "basis_keys_differ")


def verdict_answers_otherwise(view: View) -> Iterator[str]:
    """A verdict would be another one today, asked on its day: what it rests on was changed, and it was not opened."""
    return _differing(view, "verdict_answers_otherwise")


INVARIANTS = (
    fault(basis_keys_differ),
    # Some facts change without opening verdicts again (docs/verdicts.md).
    warning(verdict_answers_otherwise),
)
