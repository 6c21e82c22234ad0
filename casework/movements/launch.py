"""Launching a movement: a unit's plan, on its own or in answer to one above, and whom it asks below."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, or_, select, update

from casework.act import Done, do_act
from casework.attached import Attached, receiving
from casework.call import Call
from casework.dates import BATCH
from casework.debts import FULFILMENT, OBLIGATION, unit_debt
from casework.effects.numbers import text_reasons
from casework.movements.calendar_of import (
    ANSWER,
    MOVEMENT,
    REVIEW,
    UNIT,
    calendar_name,
    milestone_name,
    movement_calendars,
)
from casework.movements.planners import PLANNERS
from casework.movements.rows import CALL, against_planning, asked_call, movement_by_code, subject_of
from casework.reads import Reads
from casework.routing import nearest_of_many, unit_by_code
from documents.store import PaperStore, Source
from kit.canonical import sha256_hex
from kit.database import Database, insert_or_ignore
from rules.reasons import Reason, Refused, refuse_if
from rules.reminders import calls_of

_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
#: the address of the form for a new one
_TAKEN = "new"


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan for a movement as it was signed.

    ``answers`` is the code of the movement that it answers; ``kinds`` and ``units`` (codes) say who below is asked,
    with the last days for answer and review. Asking nobody, it has neither day.
    """

    code: str
    unit: str
    theme: str
    number: str
    dated: date
    since: date
    until: date
    answers: str | None = None
    kinds: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    answer_by: date | None = None
    review_by: date | None = None


def launch(
    database: Database,
    store: PaperStore | None,
    plan: Plan,
    call: Call,
    *,
    paper: Source | None = None,
    name: str = "",
    dry_run: bool = False,
) -> Done:
    """Launch a movement, or answer one. What it asks of units below is owed by them from then on.

    Raises:
        Refused: with every reason; nothing was written.
        StorageTrouble: the store or the database could not be written.
    """
    with receiving(store, paper, name) as attached:

        def work(connection: Connection) -> tuple[str, dict[str, Any]]:
            return _launch(connection, plan, attached, call, dry_run=dry_run)

        asked = {"plan": plan, "paper": attached.sha256}
        event = "answer_movement" if plan.answers else "launch_movement"
        return do_act(database, event, call, work, asked=asked, dry_run=dry_run)


def _launch(
    connection: Connection, plan: Plan, attached: Attached, call: Call, *, dry_run: bool
) -> tuple[str, dict[str, Any]]:
    unit = unit_by_code(connection, plan.unit)
    unit_id = int(str(unit["id"]))
    reasons = against_planning(connection, unit, call, ended_too=plan.answers is not None)
    reasons += _against_words(connection, plan, call)
    above = None
    if plan.answers is not None:
        above, found = _answered(connection, plan.answers, unit_id, str(unit["kind"]))
        reasons += found
    below, found = _below(connection, plan, unit_id, call)
    reasons += [*found, *_against_days(plan, bool(below), call), *attached.reasons]
    refuse_if(reasons)
    attached.keep(connection, call, dry_run=dry_run)
    row = {
        "code": plan.code,
        "unit_id": unit_id,
        "parent_id": above["id"] if above else None,
        "theme": plan.theme.strip(),
        "number": plan.number.strip(),
        "dated": plan.dated,
        "since": plan.since,
        "until": plan.until,
        "answer_by": plan.answer_by,
        "review_by": plan.review_by,
        "paper_sha256": attached.sha256,
        "paper_name": attached.name,
        "launched_by_id": call.actor_id,
        "launched_at": call.now,
    }
    movement = int(connection.execute(insert(MOVEMENT), row).inserted_primary_key[0])
    if above is not None:
        _note_answer(connection, above, unit_id, str(unit["kind"]), movement, attached, call)
    _ask(connection, movement, plan.code, below, call)
    payload = {
        "code": plan.code,
        "unit": unit_id,
        # What a plan is called is public: its hash needs no salt.
        "theme": sha256_hex(plan.theme.strip()),
        "number": plan.number.strip(),
        "dated": plan.dated.isoformat(),
        "since": plan.since.isoformat(),
        "until": plan.until.isoformat(),
        "answers": above["id"] if above else None,
        "asked": [unit for unit, _ in below],
        "answer_by": plan.answer_by.isoformat() if plan.answer_by else None,
        "review_by": plan.review_by.isoformat() if plan.review_by else None,
        "sha256": attached.sha256,
    }
    return subject_of(movement), payload


def _against_words(connection: Connection, plan: Plan, call: Call) -> list[Reason]:
    reasons = [
        *text_reasons("theme", plan.theme, MOVEMENT.c.theme),
        *text_reasons("number", plan.number, MOVEMENT.c.number),
    ]
    longest = MOVEMENT.c.code.type.length
    if not _CODE.fullmatch(plan.code) or len(plan.code) > longest or plan.code == _TAKEN:
        reasons.append(Reason("code_unusable", {"code": plan.code, "limit": longest}))
    elif connection.execute(select(MOVEMENT.c.id).where(MOVEMENT.c.code == plan.code)).first():
        reasons.append(Reason("movement_code_taken", {"code": plan.code}))
    if plan.until < plan.since:
        reasons.append(Reason("ends_before_it_begins"))
    if plan.dated > call.day:
        reasons.append(Reason("plan_in_future", {"day": plan.dated.isoformat()}))
    return reasons


def _answered(
    connection: Connection, code: str, unit: int, kind: str
) -> tuple[dict[str, Any] | None, list[Reason]]:
    """The movement that is answered, held until the transaction ends, and why this unit may not answer it."""
    try:
        above = movement_by_code(connection, code, lock=True)
    except Refused as refusal:
        return None, list(refusal.reasons)
    if above["ended_at"] is not None:
        return above, [Reason("movement_has_ended", {"code": code})]
    asked = asked_call(connection, above["id"], unit)
    if asked is None:
        return above, [Reason("not_asked", {"code": code, "unit": unit})]
    if asked["answer_id"] is not None:
        return above, [Reason("answered_already", {"code": code, "unit": unit})]
    return above, []


def _below(
    connection: Connection, plan: Plan, unit: int, call: Call
) -> tuple[list[tuple[int, str]], list[Reason]]:
    """The units that are asked, (id, kind) by id, and why some that are named cannot be."""
    reasons = [Reason("plans_no_movement", {"kind": kind}) for kind in plan.kinds if kind not in PLANNERS]
    named: dict[int, str] = {}
    for code in dict.fromkeys(plan.units):
        try:
            row = unit_by_code(connection, code)
        except Refused as refusal:
            reasons += refusal.reasons
            continue
        if row["kind"] not in PLANNERS:
            reasons.append(Reason("plans_no_movement", {"unit": row["id"]}))
        else:
            named[int(str(row["id"]))] = str(row["kind"])
    strangers = set(named) - _under(connection, unit, sorted(named), call.day)
    reasons += [Reason("not_below", {"unit": stranger}) for stranger in sorted(strangers)]
    of_kinds = _existing(connection, [kind for kind in plan.kinds if kind in PLANNERS], call.day)
    found = {u: k for u, k in of_kinds.items() if u in _under(connection, unit, sorted(of_kinds), call.day)}
    if (plan.kinds or plan.units) and not found and not named and not reasons:
        reasons.append(Reason("nobody_below", {"unit": unit}))
    return sorted((found | named).items()), reasons


def _existing(connection: Connection, kinds: Collection[str], day: date) -> dict[int, str]:
    query = select(UNIT.c.id, UNIT.c.kind).where(
        UNIT.c.kind.in_(list(kinds)),
        or_(UNIT.c.since.is_(None), UNIT.c.since <= day),
        or_(UNIT.c.until.is_(None), UNIT.c.until >= day),
    )
    return {row.id: row.kind for row in connection.execute(query)}


def _under(connection: Connection, unit: int, units: Sequence[int], day: date) -> set[int]:
    """Those of some units to which ``unit`` is the nearest of its kind, itself left out."""
    found: set[int] = set()
    for start in range(0, len(units), BATCH):
        near = nearest_of_many(connection, units[start : start + BATCH], day)
        found.update(below for below, above in near.items() if below != unit and unit in above.values())
    return found


def _against_days(plan: Plan, asks: bool, call: Call) -> list[Reason]:
    if not asks:
        without = plan.answer_by is None and plan.review_by is None
        return [] if without or plan.kinds or plan.units else [Reason("days_for_nobody")]
    if plan.answer_by is None or plan.review_by is None:
        missing = [n for n in ("answer_by", "review_by") if getattr(plan, n) is None]
        return [Reason("input_missing", {"input": name}) for name in missing]
    reasons = []
    if plan.answer_by < call.day:
        reasons.append(Reason("ends_in_the_past", {"until": plan.answer_by.isoformat()}))
    if plan.review_by <= plan.answer_by:
        reasons.append(Reason("review_before_answer", {"day": plan.answer_by.isoformat()}))
    return reasons


def _note_answer(
    connection: Connection,
    above: dict[str, Any],
    unit: int,
    kind: str,
    movement: int,
    attached: Attached,
    call: Call,
) -> None:
    connection.execute(
        update(CALL)
        .where(CALL.c.movement_id == above["id"], CALL.c.unit_id == unit)
        .values(answer_id=movement)
    )
    connection.execute(insert(FULFILMENT), met(above["code"], ANSWER, unit, kind, call.day, attached, call))


def met(
    code: str, what: str, unit: int, kind: str, day: date, attached: Attached, call: Call
) -> dict[str, Any]:
    """The row by which a unit owes no more what a movement asked of it."""
    return {
        "unit_id": unit,
        "calendar": calendar_name(code),
        "milestone": milestone_name(what, kind),
        "done_on": day,
        "paper_sha256": attached.sha256,
        "paper_name": attached.name,
        "fulfilled_by_id": call.actor_id,
        "fulfilled_at": call.now,
    }


def _ask(
    connection: Connection, movement: int, code: str, below: Sequence[tuple[int, str]], call: Call
) -> None:
    if not below:
        return
    connection.execute(insert(CALL), [{"movement_id": movement, "unit_id": unit} for unit, _ in below])
    name = calendar_name(code)
    calendar = movement_calendars(connection, [name])[name]
    reads = Reads(connection, call.day)
    reads.dates.fetch(unit for unit, _ in below)
    reads.fetch_ends(unit for unit, _ in below)
    rows = []
    for unit, kind in below:
        for what in (ANSWER, REVIEW):
            milestone = milestone_name(what, kind)
            calls = calls_of(unit_debt(reads, calendar, milestone, unit, "").term, reads.dates.off)
            look_on = calls[0].day if calls else None
            rows.append({"unit_id": unit, "calendar": name, "milestone": milestone, "look_on": look_on})
    connection.execute(insert_or_ignore(connection, OBLIGATION), rows)
