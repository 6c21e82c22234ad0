"""Carrying out the planned acts of a bloc's year."""

from __future__ import annotations

import io
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from casework.bloc.approve_card import approve_card
from casework.bloc.assign import assign, assign_again
from casework.bloc.certify import Certified, certify
from casework.bloc.decline_sheet import decline_sheet
from casework.bloc.hand_over import hand_over
from casework.bloc.hold_meeting import Meeting, hold_meeting
from casework.bloc.propose import PROPOSAL, propose
from casework.bloc.score_sheet import Scoring, score_sheet
from casework.bloc.settle import MeetingWord, settle
from casework.bloc.sign_covenant import Signing, sign_covenant
from casework.call import Call
from casework.load import DOSSIER, NOMINATION
from casework.routing import UNIT
from rehearsal.bloc_years import prize_dossier
from rehearsal.paper_forms import pdf
from rehearsal.plan import PlannedAct

if TYPE_CHECKING:
    from rehearsal.deeds import Stage


def prizes_opened(connection: Connection) -> dict[str, str]:
    """Label → code of the dossiers that blocs opened for a prize."""
    query = (
        select(UNIT.c.code.label("school"), DOSSIER.c.code)
        .join_from(PROPOSAL, NOMINATION, NOMINATION.c.id == PROPOSAL.c.nomination_id)
        .join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id)
        .join(UNIT, UNIT.c.id == DOSSIER.c.unit_id)
        .where(PROPOSAL.c.opened)
    )
    return {prize_dossier(row.school): row.code for row in connection.execute(query)}


def _where(act: PlannedAct) -> tuple[str, str]:
    return act.words["unit"], act.words["school_year"]


def _paper(name: str, text: str) -> dict[str, Any]:
    return {"paper": io.BytesIO(pdf(text)), "name": name}


def _hold(stage: Stage, act: PlannedAct, call: Call) -> None:
    words = act.words
    held = Meeting(
        *_where(act), *(words[name] for name in ("kind", "held_on", "place", "chair", "secretary"))
    )
    name, text = words["paper"]
    hold_meeting(
        stage.database, stage.store, held, call, **_paper(name, f"{text}: {held.bloc} {held.school_year}")
    )


def _approve(stage: Stage, act: PlannedAct, call: Call) -> None:
    approve_card(stage.database, *_where(act), act.words["scorecard"], call)


def _sign(stage: Stage, act: PlannedAct, call: Call) -> None:
    words = act.words
    signing = Signing(*_where(act), words["school"], words["signed_on"])
    brought = _paper(words["paper"], f"Ban giao uoc: {signing.school}") if "paper" in words else {}
    sign_covenant(stage.database, stage.store, signing, call, **brought)


def _draw(stage: Stage, act: PlannedAct, call: Call) -> None:
    assign(stage.database, *_where(act), call, seed=act.words["seed"])


def _score(stage: Stage, act: PlannedAct, call: Call) -> None:
    words: Mapping[str, Any] = act.words
    points = {item: Decimal(given) for item, given in words["points"]}
    scoring = Scoring(*_where(act), words["scorer"], words["scored"], points, note=words.get("note", ""))
    brought = _paper(words["paper"], f"Bao cao tu cham: {scoring.scorer}") if "paper" in words else {}
    score_sheet(stage.database, stage.store, scoring, call, **brought)


def _decline(stage: Stage, act: PlannedAct, call: Call) -> None:
    words = act.words
    decline_sheet(stage.database, *_where(act), words["scorer"], words["scored"], words["reason"], call)


def _assign_again(stage: Stage, act: PlannedAct, call: Call) -> None:
    assign_again(stage.database, *_where(act), act.words["scorer"], act.words["scored"], call)


def _settle(stage: Stage, act: PlannedAct, call: Call) -> None:
    words = [
        MeetingWord(school, item, Decimal(points), reason)
        for school, item, points, reason in act.words["words"]
    ]
    settle(stage.database, *_where(act), words, call)


def _propose(stage: Stage, act: PlannedAct, call: Call) -> None:
    propose(stage.database, *_where(act), call)
    with stage.database.read() as connection:
        stage.codes |= prizes_opened(connection)


def _certify(stage: Stage, act: PlannedAct, call: Call) -> None:
    given = [Certified(person=person) for person in act.words["people"]]
    certify(stage.database, *_where(act), given, act.words["given_on"], call)


def _hand_over(stage: Stage, act: PlannedAct, call: Call) -> None:
    hand_over(stage.database, *_where(act), act.words["deputy"], act.words["since"], call)


BLOC_DEEDS = {
    "hold": _hold,
    "approve_card": _approve,
    "sign": _sign,
    "draw": _draw,
    "score_sheet": _score,
    "decline_sheet": _decline,
    "assign_again": _assign_again,
    "settle_scores": _settle,
    "propose": _propose,
    "certify": _certify,
    "hand_over": _hand_over,
}
