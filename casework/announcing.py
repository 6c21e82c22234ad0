"""What an act on a dossier tells whom, as rows of the outbox: by the table of announcements, to those at its desks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from casework.call import Call
from casework.outbox import new_item
from casework.reads import Reads
from casework.record_step import subject_of
from notifications.announcements import (
    ACTOR,
    BY_KIND,
    HANDED_ON,
    LEAVING_DESK,
    NEXT_DESK,
    SCHOOL,
    Announcement,
    announcements_for,
)
from states.chart import Chart, Step
from states.procedure import Desk, Procedure


def outbox_items(
    reads: Reads, dossier: Mapping[str, Any], chart: Chart, event: str, call: Call, step: Step
) -> list[dict[str, Any]]:
    """What the step tells whom; the actor is told of her own act by a receipt alone.

    A desk that the procedure calls quiet for a kind of letter is not told.
    """
    procedure = chart.procedure
    left = procedure.states[step.source]
    desks = {
        NEXT_DESK: step.desk,
        SCHOOL: procedure.states[procedure.initial].desk,
        ACTOR: step.acted_at,
        LEAVING_DESK: left.desk,
    }
    items = []
    told = announcements_for(event, left.kind, step.kind)
    if step.kind == "decided" and step.desk != desks[SCHOOL]:
        # The procedure hands the result on to an office that had no part in the decision.
        told = (*told, HANDED_ON)
    for announcement in told:
        desk = procedure.desks.get(desks[announcement.audience])
        if desk is not None:
            items += _items(reads, dossier, call, announcement, desk, dossier["route"], step.target)
    return items


def arrival_items(
    reads: Reads, dossier: Mapping[str, Any], procedure: Procedure, route: Mapping[str, int], call: Call
) -> list[dict[str, Any]]:
    """What the desk is told to which a dossier comes without a step, its state being the same under ``procedure``.

    ``route`` holds the unit of each desk. It is what a step into that state tells the desk that then has the dossier;
    in a state in which no desk has anything to do, nobody is told.
    """
    state = procedure.states[dossier["state"]]
    desk = procedure.desks[state.desk]
    return [
        item
        for announcement in BY_KIND[state.kind]
        if announcement.audience == NEXT_DESK
        for item in _items(reads, dossier, call, announcement, desk, route, dossier["state"])
    ]


def objection_items(
    reads: Reads, dossier: Mapping[str, Any], procedure: Procedure, call: Call
) -> list[dict[str, Any]]:
    """What the holders of the desk where a dossier lies are told of an objection from the public pages.

    The item names neither who objects nor what is said: both are read where they can be erased.
    """
    kind, subject = "objection", subject_of(dossier["id"])
    desk = procedure.desks[dossier["desk"]]
    facts = {"dossier": dossier["code"], "desk": desk.name}
    return [
        new_item(kind, subject, dossier["version"] + 1, person, facts, call.now)
        for person in reads.holders(dossier["desk_unit_id"], desk.duties)
    ]


def verdict_items(
    reads: Reads, kind: str, dossier: Mapping[str, Any], desk: Desk, unit: int, verdict: str, call: Call
) -> list[dict[str, Any]]:
    """What the holders of a desk at a unit are told when a corrected fact turns a verdict on a dossier.

    ``verdict`` names the new one. What turned is read on the dossier's page, not in the letter.
    """
    subject = subject_of(dossier["id"])
    facts = {"dossier": dossier["code"]}
    if desk.name == dossier["desk"]:
        # It is for whoever holds the dossier, and only there: once another desk has it, that desk sees the new answer.
        facts["desk"] = desk.name
    return [
        new_item(kind, subject, verdict, person, facts, call.now)
        for person in reads.holders(unit, desk.duties)
        if person != call.actor_id
    ]


def _items(
    reads: Reads,
    dossier: Mapping[str, Any],
    call: Call,
    announcement: Announcement,
    desk: Desk,
    route: Mapping[str, int],
    state: str,
) -> Iterator[dict[str, Any]]:
    kind, subject = announcement.kind, subject_of(dossier["id"])
    if kind in desk.quiet:
        return
    facts = {"dossier": dossier["code"], "state": state}
    if announcement.audience == NEXT_DESK:
        # It waits there, and only there: once another desk has it, this is no longer true.
        facts["desk"] = desk.name
    for person in _told(reads, call, announcement.audience, desk, route):
        yield new_item(kind, subject, dossier["version"] + 1, person, facts, call.now)


def _told(reads: Reads, call: Call, audience: str, desk: Desk, route: Mapping[str, int]) -> Iterator[int]:
    """The people whom an announcement reaches at ``desk``."""
    if audience == ACTOR:
        if call.actor_id is not None:
            yield call.actor_id
        return
    for person in reads.holders(route[desk.name], desk.duties):
        if person != call.actor_id:
            yield person
