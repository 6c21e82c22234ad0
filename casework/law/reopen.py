"""A fact was corrected: exactly the verdicts that were built on it are taken again, and the desks are told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, select

from casework.announcing import verdict_items
from casework.call import Call
from casework.law.judging import Judged, judge, nominations_of, of_nominations, received_on
from casework.law.keeping import BASIS, VERDICT, verdict_rows
from casework.load import DOSSIER
from casework.outbox import enqueue
from casework.reads import Reads
from casework.regulations import chart_of
from models.base import values_of
from models.dossier import FINAL_KINDS

#: keys looked for in one statement
_AT_ONCE = 500


def facts_changed(connection: Connection, keys: Iterable[str], call: Call) -> list[int]:
    """Take again every verdict that was built on one of ``keys``; gives the nominations, by id.

    Called at the end of an act, within its transaction, when what it changes is written. The new verdict names the key;
    where its answer is another one, whoever holds the dossier is told by letter.
    """
    changed = _built_on(connection, keys)
    if not changed:
        return []
    rows = nominations_of(connection, sorted(changed))
    of_dossier: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        of_dossier[row["dossier_id"]].append(row)
    before = _newest(connection, changed)
    for dossier, some in of_dossier.items():
        days = {row["id"]: before[row["id"]]["legal_day"] for row in some}
        received = received_on(connection, dossier)
        again: list[Judged] = []
        for day in sorted(set(days.values())):
            asked = [row for row in some if days[row["id"]] == day]
            again += judge(connection, of_nominations(asked, day), received)
        rows_of = verdict_rows(connection, again, "again", some[0]["version"], call.now, changed)
        for statement, written in rows_of:
            connection.execute(statement, written)
        turned = [
            one.wanted.nomination
            for one in again
            if one.wanted.nomination is not None
            and one.verdict is not None
            and one.verdict.outcome != before[one.wanted.nomination]["outcome"]
        ]
        if turned:
            _tell(connection, dossier, turned[0], before[turned[0]]["number"] + 1, call)
    return sorted(changed)


def _built_on(connection: Connection, keys: Iterable[str]) -> dict[int, str]:
    """The nominations whose newest verdict looked at one of the keys, each with the first key that says so."""
    wanted = sorted(set(keys))
    found: dict[int, str] = {}
    for begin in range(0, len(wanted), _AT_ONCE):
        some = wanted[begin : begin + _AT_ONCE]
        query = select(BASIS.c.nomination_id, BASIS.c.key).where(BASIS.c.key.in_(some))
        for row in connection.execute(query.order_by(BASIS.c.nomination_id, BASIS.c.key)):
            found.setdefault(row.nomination_id, row.key)
    return found


def _newest(connection: Connection, nominations: Collection[int]) -> dict[int, Mapping[str, Any]]:
    query = select(VERDICT.c.nomination_id, VERDICT.c.number, VERDICT.c.outcome, VERDICT.c.legal_day).where(
        VERDICT.c.nomination_id.in_(list(nominations))
    )
    newest: dict[int, Mapping[str, Any]] = {}
    for row in connection.execute(query.order_by(VERDICT.c.number)).mappings():
        newest[row["nomination_id"]] = row
    return newest


def _tell(connection: Connection, dossier: int, nomination: int, number: int, call: Call) -> None:
    """Tell whoever holds the dossier, once; of one that rests for good, nobody waits for an answer."""
    row = values_of(connection.execute(select(DOSSIER).where(DOSSIER.c.id == dossier)).one())
    if row["state_kind"] in FINAL_KINDS:
        return
    procedure = chart_of(connection, row["procedure_sha256"]).procedure
    enqueue(connection, verdict_items(Reads(connection, call.day), row, procedure, nomination, number, call))
