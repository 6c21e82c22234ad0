"""An objection to a dossier: received it puts the dossier on hold, settled it lets the dossier be released.

Decree 152/2025/NĐ-CP Art 4(4) attaches the hold to the objection, so whoever takes the objection in takes that
step with it, also without the duty that may put a dossier on hold otherwise.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, insert, select, update

from casework.access import units_of
from casework.announcing import objection_items
from casework.call import Call
from casework.change_dossier import Change, Desk, change_dossier
from casework.load import NOMINATION, OBJECTION, load_groups, nomination_facts, standing_of
from casework.publicity import lies_open
from casework.receipts import Receipt
from kit.database import Database
from rules.checks import StepRule, not_concerned
from rules.facts import StepFacts
from rules.reasons import Reason
from states.chart import Step

#: so many that nobody has settled yet may lie with one dossier; whoever floods the form makes no more work than that
MOST_OPEN = 100


def receive_objection(
    database: Database, code: str, text: str, call: Call, *, nomination: int | None = None, **options: Any
) -> Receipt:
    """Take in an objection, at the desk that holds the dossier. Where the procedure knows a hold, it follows.

    Until the objection is settled no step that checks for objections can be taken.

    Raises:
        Refused: the caller does not hold the dossier's desk, the text is empty, the nomination is not in it.
    """

    def decide(desk: Desk) -> Change:
        change = Change(payload={"nomination": nomination, "desk": desk.dossier["desk"]})
        desk.holding(change, desk.dossier["desk"])
        if nomination is not None:
            known = desk.connection.execute(
                select(NOMINATION.c.id).where(
                    NOMINATION.c.id == nomination, NOMINATION.c.dossier_id == desk.dossier["id"]
                )
            ).first()
            if known is None:
                change.reasons.append(Reason("nomination_not_open", {"nomination": nomination}))
        if not text.strip():
            change.reasons.append(Reason("input_missing", {"input": "reason"}))
            return change
        note = change.note(text)
        row = {
            "dossier_id": desk.dossier["id"],
            "nomination_id": nomination,
            "note_id": note,
            "received_at": desk.call.now,
        }
        change.writes.append((insert(OBJECTION), [row]))
        change.step = _hold(desk)
        return change

    return change_dossier(
        database,
        code,
        "receive_objection",
        call,
        decide,
        asked={"text": text, "nomination": nomination},
        **options,
    )


def receive_public_objection(
    database: Database, code: str, text: str, sender: str, call: Call, **options: Any
) -> Receipt:
    """Take in what somebody from the public says against a dossier while its list lies open. Nobody signs it.

    ``sender`` is who it says it is, and how to reach them. It stands in a note of its own, which the desk alone reads
    (`casework/views/senders.py`): the school that is spoken of reads what is said, and not who says it.

    The dossier cannot go on until the desk has settled it; it is not put on hold by it (docs/decisions/0016): whether
    it weighs so much, the desk judges. Whoever holds the desk is told by letter, without a word of who objects.

    Raises:
        Refused: the list does not lie open, the text or sender is empty, or too many lie unsettled.
    """

    def decide(desk: Desk) -> Change:
        change = Change(payload={"nomination": None, "desk": desk.dossier["desk"]})
        if desk.call.actor_id is not None or not lies_open(desk.dossier):
            change.reasons.append(Reason("list_not_open"))
        if not text.strip():
            change.reasons.append(Reason("input_missing", {"input": "reason"}))
        if not sender.strip():
            change.reasons.append(Reason("input_missing", {"input": "person_name"}))
        unsettled = select(func.count()).where(
            OBJECTION.c.dossier_id == desk.dossier["id"], OBJECTION.c.settled_at.is_(None)
        )
        if desk.connection.execute(unsettled).scalar_one() >= MOST_OPEN:
            change.reasons.append(Reason("objections_enough", {"limit": MOST_OPEN}))
        if change.reasons:
            return change
        change.note(sender, "sender")
        row = {"dossier_id": desk.dossier["id"], "nomination_id": None, "received_at": desk.call.now}
        change.writes.append((insert(OBJECTION), [row | {"note_id": change.note(text)}]))
        change.outbox += objection_items(desk.reads, desk.dossier, desk.chart.procedure, desk.call)
        return change

    asked = {"text": text}
    return change_dossier(database, code, "receive_public_objection", call, decide, asked=asked, **options)


def _hold(desk: Desk) -> Step | None:
    """The step that puts the dossier on hold; None where the procedure has none from here (it is on hold already)."""
    standing = standing_of(desk.dossier)
    level = desk.dossier["level"]
    if desk.chart.procedure.step_of(standing.state, "hold", level) is None:
        return None
    facts = StepFacts(actor=desk.call.actor_id, now=desk.call.now, level=level, given=frozenset({"reason"}))
    return desk.chart.advance(standing, "hold", facts)


def recusal(desk: Desk, change: Change) -> list[Reason]:
    """Why the caller does not judge what is said against the dossier."""
    dossier, actor = desk.dossier, desk.call.actor_id
    if dossier["desk_unit_id"] == dossier["unit_id"] and dossier["state_kind"] != "on_hold":
        # Those who prepare a dossier do not judge what is said against it: the stage's authority holds it first.
        return [Reason("own_school", {"person": actor, "desk": dossier["desk"]})]
    place = desk.chart.procedure.desks[dossier["desk"]]
    rule = StepRule("settle_objections", place.name, recusal=place.recusal)
    loaded = load_groups(desk.connection, [dossier["id"]], {"nominations"})[dossier["id"]]
    facts = StepFacts(
        actor=actor,
        now=desk.call.now,
        level=dossier["level"],
        people=tuple(p for p in (actor, change.on_behalf_of_id) if p is not None),
        nominations=tuple(nomination_facts(row) for row in loaded.nominations),
        actor_units=units_of(desk.connection, actor, desk.call.day) if actor is not None else frozenset(),
        unit=dossier["unit_id"],
    )
    return list(not_concerned(rule, facts))


def open_objections(desk: Desk) -> list[int]:
    """The ids of the objections to a dossier that wait for a conclusion."""
    query = select(OBJECTION.c.id).where(
        OBJECTION.c.dossier_id == desk.dossier["id"], OBJECTION.c.settled_at.is_(None)
    )
    return list(desk.connection.execute(query).scalars())


def settle_objections(database: Database, code: str, text: str, call: Call, **options: Any) -> Receipt:
    """Settle every open objection of a dossier, with the conclusion in words.

    Raises:
        Refused: there is none, the caller does not hold the desk or is concerned, the conclusion is empty.
    """

    def decide(desk: Desk) -> Change:
        change = Change()
        desk.holding(change, desk.dossier["desk"])
        still_open = open_objections(desk)
        change.reasons += recusal(desk, change)
        if not still_open:
            change.reasons.append(Reason("no_open_objection"))
        if not text.strip():
            change.reasons.append(Reason("input_missing", {"input": "reason"}))
            return change
        note = change.note(text)
        change.payload["settled"] = still_open
        change.writes.append(
            (
                update(OBJECTION)
                .where(OBJECTION.c.dossier_id == desk.dossier["id"], OBJECTION.c.settled_at.is_(None))
                .values(settled_at=desk.call.now, settlement_note_id=note),
                [{}],
            )
        )
        return change

    return change_dossier(database, code, "settle_objections", call, decide, asked={"text": text}, **options)
