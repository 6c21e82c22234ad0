"""Which side ways the dossiers of a home have taken, counted from what the home keeps and not from any plan."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, and_, exists, func, or_, select

from casework.debts import (
    FULFILMENT,
    OBLIGATION,
    OBLIGATION_PREFIX,
    calendars_in_force,
    obligation_debts,
    unit_debt,
)
from casework.history import ENTRY
from casework.home_clock import business_now
from casework.load import DOSSIER, NOMINATION, OBJECTION, OPINION
from casework.reads import Reads
from models.decision import Recovery
from rehearsal.bloc_side_ways import COUNTED_IN as OF_BLOCS
from rehearsal.bloc_side_ways import bloc_side_ways, scored_by_deputy
from rehearsal.council_side_ways import COUNTED_IN as OF_COUNCILS
from rehearsal.council_side_ways import council_side_ways
from rehearsal.initiative_side_ways import COUNTED_IN as OF_INITIATIVES
from rehearsal.initiative_side_ways import initiative_side_ways
from rehearsal.movement_side_ways import COUNTED_IN as OF_MOVEMENTS
from rehearsal.movement_side_ways import movement_side_ways
from rules.windows import local_day

RECOVERY = Recovery.__table__
_INSTANT = timedelta(microseconds=1)

# Every side way that the sample year promises, and what is counted; each is taken at least once.
COUNTED_IN = {
    "returned": "dossier",
    "returned_twice": "dossier",
    "resubmitted": "dossier",
    "withdrawn_and_restored": "dossier",
    "withdrawn_for_good": "dossier",
    "held_and_released": "dossier",
    "held_after_objection": "dossier",
    "objection_settled": "objection",
    "lapsed_and_revived": "dossier",
    "lapsed_for_good": "dossier",
    "declined": "dossier",
    "reopened_and_decided_anew": "dossier",
    "revoked_with_recovery": "dossier",
    "excepted_from_separation": "dossier",
    "on_behalf_of": "act",
    "recused_head_scored_by_deputy": "school",
    "lower_title": "nomination",
    "not_supported": "nomination",
    "overruled": "nomination",
    "stopped_by_council": "nomination",
    "left_out_by_decision": "nomination",
    "window_extended": "act",
    "struck": "nomination",
    "waited_for_dossier": "nomination",
    "bulk": "act",
    "passed_on_to_successor": "dossier",
    "obligation_met": "obligation",
    "obligation_met_late": "obligation",
    "obligation_never_met": "obligation",
    "word_taken_back": "act",
    "own_dates_set": "act",
    **OF_BLOCS,
    **OF_MOVEMENTS,
    **OF_INITIATIVES,
    **OF_COUNCILS,
}
SIDE_WAYS = tuple(COUNTED_IN)
_ACTS = {"extend_window": "window_extended", "unfulfil": "word_taken_back", "own_dates": "own_dates_set"}


def side_ways(connection: Connection) -> dict[str, int]:
    """How many took each side way, counted as `COUNTED_IN` says."""
    found: Counter[str] = Counter(dict.fromkeys(SIDE_WAYS, 0))
    _by_history(connection, found)
    _by_nominations(connection, found)
    found["revoked_with_recovery"] = connection.execute(
        select(func.count(func.distinct(RECOVERY.c.dossier_id))).where(RECOVERY.c.money > 0)
    ).scalar_one()
    found["objection_settled"] = connection.execute(
        select(func.count()).where(OBJECTION.c.settled_at.is_not(None))
    ).scalar_one()
    found["recused_head_scored_by_deputy"] = scored_by_deputy(connection)
    _by_obligations(connection, found)
    found.update(bloc_side_ways(connection))
    found.update(movement_side_ways(connection))
    found.update(initiative_side_ways(connection))
    found.update(council_side_ways(connection))
    return dict(found)


def _by_history(connection: Connection, found: Counter[str]) -> None:
    kinds = {
        f"dossier:{row.id}": row.state_kind
        for row in connection.execute(select(DOSSIER.c.id, DOSSIER.c.state_kind))
    }
    ways: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
    query = select(
        ENTRY.c.subject, ENTRY.c.event, ENTRY.c.payload, ENTRY.c.on_behalf_of_id, ENTRY.c.request_key
    ).order_by(ENTRY.c.subject, ENTRY.c.seq)
    bulk = set()
    for row in connection.execute(query):
        if row.on_behalf_of_id is not None:
            found["on_behalf_of"] += 1
        if row.event in _ACTS:
            found[_ACTS[row.event]] += 1
        if row.subject in kinds:
            ways.setdefault(row.subject, []).append((row.event, json.loads(row.payload)))
            if row.event not in ("pass_on", "lapse") and (row.request_key or "").count("/") > 2:
                bulk.add(row.request_key.rsplit("/", 1)[0])
    found["bulk"] = len(bulk)
    for subject, acts in ways.items():
        found.update(_taken(acts, kinds[subject]))


def _taken(acts: Sequence[tuple[str, Mapping[str, Any]]], kind: str) -> set[str]:
    """The side ways in the history of one dossier."""
    events = Counter(event for event, _ in acts)
    returns = [payload for event, payload in acts if event == "return" and payload["kind"] == "returned"]
    held_by_objection = any(event == "receive_objection" and "to" in payload for event, payload in acts)
    names = [event for event, _ in acts]
    decided_again = "reopen" in names and "decide" in names[names.index("reopen") :]
    taken = {
        "returned": bool(returns),
        "returned_twice": len(returns) > 1,
        "resubmitted": events["resubmit"] > 0,
        "withdrawn_and_restored": events["restore"] > 0,
        "withdrawn_for_good": kind == "withdrawn",
        "held_and_released": events["release"] > 0,
        "held_after_objection": held_by_objection,
        "lapsed_and_revived": events["revive"] > 0,
        "lapsed_for_good": kind == "lapsed",
        "declined": kind == "declined",
        "reopened_and_decided_anew": decided_again,
        "excepted_from_separation": events["except_from_separation"] > 0,
        "passed_on_to_successor": events["pass_on"] > 0,
    }
    return {name for name, was in taken.items() if was}


def _by_nominations(connection: Connection, found: Counter[str]) -> None:
    counted = connection.execute(
        select(OPINION.c.verdict, func.count(func.distinct(OPINION.c.nomination_id))).group_by(
            OPINION.c.verdict
        )
    )
    verdicts = dict(counted.all())
    found["lower_title"] = verdicts.get("lower_title", 0)
    found["not_supported"] = verdicts.get("not_supported", 0)
    refused_somewhere = exists().where(
        and_(OPINION.c.nomination_id == NOMINATION.c.id, OPINION.c.verdict == "not_supported")
    )
    counts = {
        "overruled": and_(refused_somewhere, NOMINATION.c.outcome == "awarded"),
        "stopped_by_council": NOMINATION.c.outcome == "stopped",
        "left_out_by_decision": and_(~refused_somewhere, NOMINATION.c.outcome == "not_awarded"),
        "struck": NOMINATION.c.outcome == "struck",
        "waited_for_dossier": NOMINATION.c.rests_on_id.is_not(None),
    }
    for name, condition in counts.items():
        found[name] = connection.execute(
            select(func.count())
            .select_from(NOMINATION.join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id))
            .where(condition, or_(name != "left_out_by_decision", DOSSIER.c.state_kind == "decided"))
        ).scalar_one()


def _by_obligations(connection: Connection, found: Counter[str]) -> None:
    """What units owed by their word until today: met in time or late, or owed still; extensions count.

    What a movement asked is counted by itself.
    """
    reads = Reads(connection, local_day(business_now(connection)))
    calendars = {calendar.name: calendar for calendar in calendars_in_force(reads)}
    owing = select(OBLIGATION).where(OBLIGATION.c.calendar.in_(calendars)).order_by(OBLIGATION.c.id)
    rows = connection.execute(owing).mappings().all()
    owed = {debt.subject for debt in obligation_debts(reads, rows)}
    words = {
        (row.unit_id, row.calendar, row.milestone): row.done_on
        for row in connection.execute(select(FULFILMENT).where(FULFILMENT.c.undone_at.is_(None)))
    }
    reads.dates.fetch(row["unit_id"] for row in rows)
    for row in rows:
        subject = f"{OBLIGATION_PREFIX}{row['id']}"
        done_on = words.get((row["unit_id"], row["calendar"], row["milestone"]))
        due = unit_debt(reads, calendars[row["calendar"]], row["milestone"], row["unit_id"], subject)
        # A bloc's own dates say when it wants a thing done; late is what comes after the term and its extensions.
        over = local_day(due.closes_at - _INSTANT)
        if done_on is not None:
            found["obligation_met_late" if done_on > over else "obligation_met"] += 1
        elif subject in owed and over < reads.day:
            found["obligation_never_met"] += 1
