"""Steps for many dossiers at once: which of them what was ticked waits for, what they take, and what became of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from casework.bulk import Outcome
from casework.history import ENTRY
from casework.load import DOSSIER
from casework.people import UNIT
from casework.regulations import chart_of
from casework.sight import Sight, sees
from casework.views.naming import named_of_many
from casework.views.standing import awaited_step
from models.base import values_of
from rules.reasons import Reason

#: dossiers of one act from a list: a page of it
MOST = 50
# Points and rank are one school's own: nobody gives the same to many.
_ONE_AT_A_TIME = frozenset({"record_score"})


def events_at_once(connection: Connection, sight: Sight, dossier: Mapping[str, Any]) -> tuple[str, ...]:
    """The events that may be taken for many of a list: what the dossier waits for at a desk of the person, and its
    return. What is done rarely (holding, revoking, withdrawing …) is done one by one."""
    procedure = chart_of(connection, dossier["procedure_sha256"]).procedure
    state, level, desk = dossier["state"], dossier["level"], dossier["desk"]
    if sight.at(dossier["desk_unit_id"]).isdisjoint(procedure.desks[desk].duties):
        return ()
    steps = (awaited_step(procedure, state, level), procedure.step_of(state, "return", level))
    return tuple(
        dict.fromkeys(
            step.event
            for step in steps
            if step and step.event not in _ONE_AT_A_TIME and procedure.acting_desk(state, step) == desk
        )
    )


def against_ticking(codes: Sequence[str]) -> tuple[Reason, ...]:
    """Why nothing can be done with what was ticked: nothing was, or more than a page holds."""
    if not codes:
        return (Reason("none_chosen"),)
    return (Reason("too_many_at_once", {"most": MOST}),) if len(codes) > MOST else ()


def against_event(
    connection: Connection, sight: Sight, dossiers: Iterable[Mapping[str, Any]], event: str
) -> tuple[Reason, ...]:
    """Why an event is not offered for some dossiers: none of them waits for it at a desk of the person."""
    if any(event in events_at_once(connection, sight, dossier) for dossier in dossiers):
        return ()
    return (Reason("none_awaits", {"event": event}),)


def not_seen(code: str) -> Outcome:
    """What is told of a dossier that may not be seen: the same as of one that there is not."""
    return Outcome(code, None, (Reason("unknown_dossier", {"dossier": code}),))


def seen_by_code(connection: Connection, sight: Sight, codes: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Those of some dossiers that the person may see, by code, each with the name of its unit as ``unit_name``."""
    query = (
        select(DOSSIER, UNIT.c.name.label("unit_name"))
        .join(UNIT, UNIT.c.id == DOSSIER.c.unit_id)
        .where(DOSSIER.c.code.in_(codes), sees(sight))
    )
    return {row.code: values_of(row) for row in connection.execute(query)}


def step_at_once(connection: Connection, dossiers: Iterable[Mapping[str, Any]], event: str) -> dict[str, Any]:
    """One step for the forms of many: all that the event takes on any of their ways."""
    takes: dict[str, None] = {}
    for dossier in dossiers:
        procedure = chart_of(connection, dossier["procedure_sha256"]).procedure
        step = procedure.step_of(dossier["state"], event, dossier["level"])
        takes.update(dict.fromkeys(step.provides if step else ()))
    return {"event": event, "provides": tuple(takes), "needs": tuple(takes)}


def told_of(
    connection: Connection,
    outcomes: Sequence[Outcome],
    dossiers: Mapping[str, Mapping[str, Any]],
    lang: str,
) -> list[dict[str, Any]]:
    """Outcomes as plain data with names, in as many statements for one dossier as for fifty.

    ``dossiers`` are those that may be seen; of another one nothing is told but that there is none.
    """
    about: list[tuple[str | None, Reason]] = []
    for outcome in outcomes:
        row = dossiers.get(outcome.dossier)
        about += [(row["procedure_sha256"] if row else None, reason) for reason in outcome.reasons]
    told = iter(named_of_many(connection, about, lang))
    return [
        _told(connection, outcome, dossiers.get(outcome.dossier), lang)
        | {"reasons": [next(told) for _ in outcome.reasons]}
        for outcome in outcomes
    ]


def _told(
    connection: Connection, outcome: Outcome, row: Mapping[str, Any] | None, lang: str
) -> dict[str, Any]:
    state = None
    if row is not None and outcome.receipt is not None:
        states = chart_of(connection, row["procedure_sha256"]).procedure.states
        state = states[outcome.receipt.state].label[lang]
    return {
        "dossier": outcome.dossier,
        "unit": row["unit_name"] if row else None,
        "receipt": outcome.receipt.as_dict() if outcome.receipt else None,
        "state_label": state,
    }


def done_at_once(
    connection: Connection, sight: Sight, key: str, codes: Sequence[str]
) -> list[dict[str, Any]]:
    """What the person's act under a request key did to some dossiers, from the history: code, unit, entry."""
    dossiers = seen_by_code(connection, sight, codes)
    keys = {f"{key}/{code}": code for code in codes if code in dossiers}
    query = select(ENTRY).where(ENTRY.c.request_key.in_(list(keys)), ENTRY.c.actor_id == sight.person)
    entries = {keys[row["request_key"]]: row for row in connection.execute(query).mappings()}
    return [
        {
            "dossier": code,
            "unit": dossiers[code]["unit_name"],
            "event": entries[code]["event"],
            "seq": entries[code]["seq"],
            "at": entries[code]["at"].isoformat(),
            "hash": entries[code]["hash"],
        }
        for code in dict.fromkeys(codes)
        if code in entries
    ]
