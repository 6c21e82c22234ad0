"""What else than a step may be done with a dossier, and for one person: what speaks against it.

Each act is asked by the very function that decides it, before anything was filled in; nothing is locked or written.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from casework.access import administrators_only
from casework.call import Call
from casework.change_dossier import Change, Desk
from casework.correct_score import correctable, recording_rule
from casework.except_from_separation import chair
from casework.give_opinion import judging_steps
from casework.load import dossier_by_code
from casework.nominate import editable
from casework.objections import open_objections, recusal
from casework.papers import side_of
from casework.pass_on import desks_left
from casework.people import person_by_code
from casework.prepare_step import unique
from casework.reads import Reads
from casework.regulations import chart_of
from casework.settle_recovery import owed_back, revoking_desk
from casework.successions import Successions
from casework.views.naming import named
from rules.reasons import Reason
from rules.windows import local_day
from states.procedure import INITIATIVES
from states.vocabulary import FINAL_KINDS


def acts_open_to(connection: Connection, code: str, now: datetime, person: str) -> frozenset[str]:
    """The acts that a person may do with a dossier now.

    Raises:
        Refused: there is no such dossier or person.
    """
    desk = _desk(connection, code, now, person)
    return frozenset(act for act, against in _ACTS.items() if not against(desk))


def against_act(
    connection: Connection, code: str, act: str, now: datetime, lang: str, person: str
) -> list[Reason]:
    """What speaks against a person's doing one of the acts, named; nothing where it may be done.

    Raises:
        Refused: there is no such dossier or person.
    """
    return named(connection, _ACTS[act](_desk(connection, code, now, person)), lang, code)


def _desk(connection: Connection, code: str, now: datetime, person: str) -> Desk:
    dossier = dossier_by_code(connection, code)
    chart = chart_of(connection, dossier["procedure_sha256"])
    call = Call(person_by_code(connection, person)["id"], now, "try", "look")
    return Desk(connection, dossier, chart, call, Reads(connection, local_day(now)))


def _strike(desk: Desk) -> list[Reason]:
    change = Change()
    editable(desk, change)
    return change.reasons


def _use_initiative(desk: Desk) -> list[Reason]:
    if desk.chart.procedure.nominees == INITIATIVES:
        return [Reason("no_use_here")]
    return _strike(desk)


def _name_movement(desk: Desk) -> list[Reason]:
    if desk.chart.procedure.nominees == INITIATIVES:
        return [Reason("no_movement_here")]
    return _strike(desk)


def _add_paper(desk: Desk) -> list[Reason]:
    change = Change()
    side_of(desk, change)
    return change.reasons


def _remove_paper(desk: Desk) -> list[Reason]:
    reasons = _add_paper(desk)
    if desk.dossier["state_kind"] in FINAL_KINDS:
        reasons.append(Reason("papers_stay_here", {"state": desk.dossier["state"]}))
    return reasons


def _give_opinion(desk: Desk) -> list[Reason]:
    change = Change()
    desk.holding(change, desk.dossier["desk"])
    if not judging_steps(desk):
        change.reasons.append(Reason("opinions_not_here", {"event": "give_opinion"}))
    return change.reasons


def _receive_objection(desk: Desk) -> list[Reason]:
    change = Change()
    desk.holding(change, desk.dossier["desk"])
    return change.reasons


def _settle_objections(desk: Desk) -> list[Reason]:
    if not open_objections(desk):
        return [Reason("no_open_objection")]
    change = Change()
    desk.holding(change, desk.dossier["desk"])
    change.reasons += recusal(desk, change)
    return change.reasons


def _correct_score(desk: Desk) -> list[Reason]:
    change = Change()
    rule = recording_rule(desk, change)
    # Who holds no duty there needs to know no more; the rest is costly to find out.
    if rule is not None and desk.holding(change, rule.desk) is not None:
        correctable(desk, change, rule)
    return unique(change.reasons)


def _settle_recovery(desk: Desk) -> list[Reason]:
    if not owed_back(desk):
        return [Reason("no_open_recovery", {"dossier": desk.dossier["code"]})]
    change = Change()
    desk.holding(change, revoking_desk(desk))
    return change.reasons


def _except(desk: Desk) -> list[Reason]:
    change = Change()
    chair(desk, change)
    return change.reasons


def _pass_on(desk: Desk) -> list[Reason]:
    against = administrators_only(desk.connection, desk.call)
    if not against and not desks_left(desk, Successions(desk.connection, desk.call.day)):
        against.append(Reason("nothing_to_pass_on", {"dossier": desk.dossier["code"]}))
    return against


# In the order in which a page offers them.
_ACTS: dict[str, Callable[[Desk], list[Reason]]] = {
    "give_opinion": _give_opinion,
    "strike": _strike,
    "use_initiative": _use_initiative,
    "name_movement": _name_movement,
    "add_paper": _add_paper,
    "remove_paper": _remove_paper,
    "receive_objection": _receive_objection,
    "settle_objections": _settle_objections,
    "correct_score": _correct_score,
    "settle_recovery": _settle_recovery,
    "except_from_separation": _except,
    "pass_on": _pass_on,
}
