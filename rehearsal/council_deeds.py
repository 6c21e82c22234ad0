"""Carrying out the planned acts of councils. Which session is meant, and what stands on its list, is found by facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from casework.call import Call
from casework.council.agenda import awaiting
from casework.council.call_session import attend, call_session, recuse, write_opinion
from casework.council.close import close_session
from casework.council.count import count
from casework.council.form import appoint, form_council
from casework.council.tables import COUNCIL, SESSION, SessionSeen, council_seen, session_seen
from casework.council.vote import cast, open_ballot
from casework.routing import UNIT
from rehearsal.plan import PlannedAct
from rules.reasons import Refused

if TYPE_CHECKING:
    from rehearsal.deeds import Stage


def _council(connection: Connection, unit: str) -> int:
    """The newest council of a unit; 0 where it has none."""
    query = (
        select(COUNCIL.c.id)
        .join(UNIT, UNIT.c.id == COUNCIL.c.unit_id)
        .where(UNIT.c.code == unit)
        .order_by(COUNCIL.c.id.desc())
    )
    return int(connection.execute(query).scalars().first() or 0)


def _session(connection: Connection, unit: str) -> int:
    """The newest session of a unit's council; 0 where it has none."""
    query = (
        select(SESSION.c.id)
        .where(SESSION.c.council_id == _council(connection, unit))
        .order_by(SESSION.c.id.desc())
    )
    return int(connection.execute(query).scalars().first() or 0)


def _now(stage: Stage, act: PlannedAct) -> int:
    with stage.database.read() as connection:
        return _session(connection, act.words["unit"])


def _form(stage: Stage, act: PlannedAct, call: Call) -> None:
    words = act.words
    form_council(stage.database, words["unit"], words["rules"], words["since"], call)


def _appoint(stage: Stage, act: PlannedAct, call: Call) -> None:
    words = act.words
    with stage.database.read() as connection:
        council = _council(connection, words["unit"])
    appoint(stage.database, council, words["person"], words["role"], words["since"], None, call)


def _call(stage: Stage, act: PlannedAct, call: Call) -> None:
    words = act.words
    with stage.database.read() as connection:
        council = _council(connection, words["unit"])
        listed = [row["id"] for row in awaiting(connection, council_seen(connection, council))]
    call_session(stage.database, council, words["held_on"], words["begins"], words["place"], listed, call)


def _attend(stage: Stage, act: PlannedAct, call: Call) -> None:
    attend(stage.database, _now(stage, act), act.words["present"], call)


def _recuse(stage: Stage, act: PlannedAct, call: Call) -> None:
    """From the first of the list that is put forward for a title, or the first of all."""
    words = act.words
    with stage.database.read() as connection:
        seen = session_seen(connection, _session(connection, words["unit"]))
    item = next((item for item in seen.items if item["title"] == words["title"]), seen.items[0])
    recuse(stage.database, seen.id, words["person"], item["nomination_id"], words["reason"], call)


def _choices(stage: Stage, seen: SessionSeen, act: PlannedAct, voter: int) -> dict[int, str]:
    """Yes to everything but what is to fail, on what the voter votes on."""
    fails = {
        (stage.code(label), None if who is None else stage.people[who], title)
        for label, who, title in act.words["fails"]
    }
    return {
        item["nomination_id"]: "no" if (item["dossier"], item["person_id"], item["title"]) in fails else "yes"
        for item in seen.items
        if voter not in seen.aside(item)
    }


def _write(stage: Stage, act: PlannedAct, call: Call) -> None:
    person = act.words["person"]
    with stage.database.read() as connection:
        seen = session_seen(connection, _session(connection, act.words["unit"]))
    write_opinion(stage.database, seen.id, person, _choices(stage, seen, act, stage.people[person]), call)


def _open(stage: Stage, act: PlannedAct, call: Call) -> None:
    open_ballot(stage.database, _now(stage, act), call)


def _cast(stage: Stage, act: PlannedAct, call: Call) -> None:
    """A vote leaves no key: one that came before the year was broken off is known by its being there."""
    with stage.database.read() as connection:
        seen = session_seen(connection, _session(connection, act.words["unit"]))
    try:
        cast(stage.database, seen.id, _choices(stage, seen, act, call.actor_id or 0), call)
    except Refused as refusal:
        codes = [reason.code for reason in refusal.reasons]
        if codes != ["voted_already"] or act.refused_for == "voted_already":
            raise


def _count(stage: Stage, act: PlannedAct, call: Call) -> None:
    count(stage.database, _now(stage, act), call)


def _close(stage: Stage, act: PlannedAct, call: Call) -> None:
    close_session(stage.database, _now(stage, act), call)


COUNCIL_DEEDS = {
    "form_council": _form,
    "appoint": _appoint,
    "call_session": _call,
    "attend": _attend,
    "recuse": _recuse,
    "write_opinion": _write,
    "open_ballot": _open,
    "cast": _cast,
    "count": _count,
    "close_session": _close,
}
