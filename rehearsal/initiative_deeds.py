"""Carrying out the planned acts about initiatives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from casework.call import Call
from casework.give_opinion import give_opinion
from casework.initiatives import AuthorInput, InitiativeInput, list_initiatives
from casework.inputs import OpinionInput
from casework.load import DOSSIER, INITIATIVE, NOMINATION
from casework.nominate import NomineeInput, nominate
from casework.use_initiative import use_initiative
from rehearsal.plan import PlannedAct
from rules.reasons import Reason, Refused

if TYPE_CHECKING:
    from rehearsal.deeds import Stage

# What a council of nine gave an initiative that it does not recognise.
_VOTES = (3, 9)


def _list(stage: Stage, act: PlannedAct, call: Call) -> None:
    words = act.words
    listed = [
        InitiativeInput(name, applied, tuple(AuthorInput(*author) for author in authors), field, effect)
        for name, field, effect, applied, authors in words["initiatives"]
    ]
    list_initiatives(stage.database, words["unit"], words["school_year"], listed, call)


def _put_forward(stage: Stage, act: PlannedAct, call: Call) -> None:
    nominees = [NomineeInput(act.words["title"], initiative=code) for code in act.words["initiatives"]]
    nominate(stage.database, stage.code(act.stories[0]), nominees, call)


def _opine(stage: Stage, act: PlannedAct, call: Call) -> None:
    code = stage.code(act.stories[0])
    query = (
        select(INITIATIVE.c.code, NOMINATION.c.id)
        .join_from(NOMINATION, INITIATIVE, INITIATIVE.c.id == NOMINATION.c.initiative_id)
        .join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id)
        .where(DOSSIER.c.code == code, NOMINATION.c.outcome != "struck")
    )
    with stage.database.read() as connection:
        known = {row.code: row.id for row in connection.execute(query)}
    if not set(act.words["initiatives"]) <= set(known):
        raise Refused([Reason("nomination_not_open", {"nomination": 0})])
    reason = "Giải pháp chưa mới so với các năm trước"
    opinions = [
        OpinionInput(known[initiative], "not_supported", None, reason, *_VOTES)
        for initiative in act.words["initiatives"]
    ]
    give_opinion(stage.database, code, opinions, call)


def _use(stage: Stage, act: PlannedAct, call: Call) -> None:
    code, words = stage.code(act.stories[0]), act.words
    query = (
        select(NOMINATION.c.id)
        .join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id)
        .where(
            DOSSIER.c.code == code,
            NOMINATION.c.person_id == stage.people[words["person"]],
            NOMINATION.c.title == words["title"],
            NOMINATION.c.outcome == "open",
        )
    )
    with stage.database.read() as connection:
        found = list(connection.execute(query).scalars())
    use_initiative(stage.database, code, found or [0], words["initiative"], call)


INITIATIVE_DEEDS = {
    "list_initiatives": _list,
    "put_forward": _put_forward,
    "opine_initiatives": _opine,
    "use_initiative": _use,
}
