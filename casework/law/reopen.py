"""A fact was corrected: exactly the verdicts that were built on it are taken again, and the desks are told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, select

from casework.announcing import verdict_items
from casework.call import Call
from casework.decided import DECISION
from casework.law.hold import hold_facts
from casework.law.judging import Judged, judge, nominations_of, of_nominations, received_on
from casework.law.keeping import BASIS, VERDICT, verdict_rows
from casework.law.succeeded import heirs_on
from casework.load import DOSSIER, NOMINATION
from casework.outbox import enqueue
from casework.reads import Reads
from casework.regulations import chart_of
from models.base import values_of
from models.dossier import FINAL_KINDS
from models.verdict import AGAIN

#: keys looked for in one statement
_AT_ONCE = 500


def facts_changed(connection: Connection, keys: Iterable[str], call: Call) -> list[int]:
    """Take again every verdict that was built on one of ``keys``; gives the nominations, by id.

    Called at the end of an act, within its transaction, when what it changes is written and its rows are locked
    (`casework/law/hold.py`). The new verdict names the key; where its answer is another one, whoever holds the dossier
    is told by letter.
    """
    # Of two corrections at once the later one waits here, and then sees what the earlier one has written.
    hold_facts(connection)
    changed = _built_on(connection, _with_heirs(connection, set(keys), call))
    numbers = sorted(changed)
    for begin in range(0, len(numbers), _AT_ONCE):
        _again(connection, {n: changed[n] for n in numbers[begin : begin + _AT_ONCE]}, call)
    return numbers


def _again(connection: Connection, changed: Mapping[int, str], call: Call) -> None:
    of_dossier: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row in nominations_of(connection, sorted(changed)):
        of_dossier[row["dossier_id"]].append(row)
    before = _newest(connection, changed)
    for dossier, some in of_dossier.items():
        received = received_on(connection, dossier)
        again: list[Judged] = []
        # Each asked on the day of the verdict before: what was corrected is the only thing that is otherwise.
        for day in sorted({before[row["id"]]["asked_on"] for row in some}):
            asked = [row for row in some if before[row["id"]]["asked_on"] == day]
            again += judge(connection, of_nominations(asked, day), received)
        numbers = {nomination: row["number"] for nomination, row in before.items()}
        for statement, written in verdict_rows(again, AGAIN, some[0]["version"], call.now, numbers, changed):
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


def _with_heirs(connection: Connection, keys: set[str], call: Call) -> set[str]:
    """What is known of a school that was merged into another is known of that one too."""
    of_units: dict[int, list[str]] = defaultdict(list)
    for key in keys:
        holder = key.split(":")[1]
        if holder.startswith("u") and holder[1:].isdigit():
            of_units[int(holder[1:])].append(key)
    for unit, heirs in heirs_on(connection, of_units.keys(), call.day).items():
        keys |= {key.replace(f":u{unit}", f":u{heir}", 1) for key in of_units[unit] for heir in heirs}
    return keys


def _built_on(connection: Connection, keys: Iterable[str]) -> dict[int, str]:
    """The nominations whose newest verdict looked at one of the keys, each with the first key that says so."""
    wanted = sorted(set(keys))
    found: dict[int, str] = {}
    for begin in range(0, len(wanted), _AT_ONCE):
        some = wanted[begin : begin + _AT_ONCE]
        query = (
            select(BASIS.c.nomination_id, BASIS.c.key)
            .join(NOMINATION, NOMINATION.c.id == BASIS.c.nomination_id)
            .where(BASIS.c.key.in_(some), NOMINATION.c.outcome != "struck")
        )
        for row in connection.execute(query.order_by(BASIS.c.nomination_id, BASIS.c.key)):
            found.setdefault(row.nomination_id, row.key)
    return found


def _newest(connection: Connection, nominations: Collection[int]) -> dict[int, Mapping[str, Any]]:
    query = select(VERDICT.c.nomination_id, VERDICT.c.number, VERDICT.c.outcome, VERDICT.c.asked_on).where(
        VERDICT.c.nomination_id.in_(list(nominations))
    )
    newest: dict[int, Mapping[str, Any]] = {}
    for row in connection.execute(query.order_by(VERDICT.c.number)).mappings():
        newest[row["nomination_id"]] = row
    return newest


def _tell(connection: Connection, dossier: int, nomination: int, number: int, call: Call) -> None:
    """Tell, once, whoever holds the dossier; of one that is decided, the desk that decided: what was given without
    the standard being met is taken back (Luật 06/2022/QH15 Điều 93(2))."""
    row = values_of(connection.execute(select(DOSSIER).where(DOSSIER.c.id == dossier)).one())
    procedure = chart_of(connection, row["procedure_sha256"]).procedure
    desk, unit = row["desk"], row["desk_unit_id"]
    if row["state_kind"] == "decided":
        body = select(DECISION.c.unit_id).where(DECISION.c.id == row["decision_id"])
        unit = connection.execute(body).scalar_one()
        desk = next((d for d in row["acted"] if row["route"].get(d) == unit and d in procedure.desks), "")
    elif row["state_kind"] in FINAL_KINDS:
        return
    if desk in procedure.desks:
        reads = Reads(connection, call.day)
        enqueue(
            connection,
            verdict_items(
                reads, "verdict_changed", row, procedure.desks[desk], unit, f"{nomination}.{number}", call
            ),
        )
