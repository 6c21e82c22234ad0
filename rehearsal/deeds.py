"""Carrying out planned acts: each kind of act is one call of the casework, the same that every other door makes."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from casework.bulk import Outcome, take_steps
from casework.call import Call
from casework.duties import delegate, grant_duty
from casework.except_from_separation import except_from_separation
from casework.extend_window import extend_window
from casework.fulfil import Word, fulfil, unfulfil
from casework.give_opinion import give_opinion
from casework.history import ENTRY
from casework.inputs import (
    DecisionInput,
    Inputs,
    OpinionInput,
    RecoveryInput,
    ScoreInput,
    SubmissionInput,
)
from casework.load import DOSSIER, NOMINATION
from casework.nominate import NomineeInput, nominate, strike
from casework.objections import receive_objection, settle_objections
from casework.open_dossier import Opening, open_dossier
from casework.own_dates import set_own_dates
from casework.papers import add_paper
from casework.pass_on import pass_on_all
from casework.people import PERSON
from casework.take_step import take_step
from documents.store import PaperStore
from kit.database import Database
from rehearsal.bloc_deeds import BLOC_DEEDS, prizes_opened
from rehearsal.council_deeds import COUNCIL_DEEDS
from rehearsal.grade_deeds import GRADE_DEEDS
from rehearsal.initiative_deeds import INITIATIVE_DEEDS
from rehearsal.movement_deeds import MOVEMENT_DEEDS
from rehearsal.paper_forms import paper, paper_name, pdf
from rehearsal.plan import PlannedAct, Verdict
from rules.reasons import Reason, Refused


@dataclass(slots=True)
class Stage:
    """Where the acts are played: the database, the store of papers, and what the plan's names stand for in them."""

    database: Database
    store: PaperStore
    people: dict[str, int]
    codes: dict[str, str] = field(default_factory=dict)

    def code(self, label: str) -> str:
        """The code of the dossier that a label of the plan stands for; the label itself when it was never opened."""
        return self.codes.get(label, label)


def people_by_code(connection: Connection) -> dict[str, int]:
    """Ids of people by their staff codes."""
    return {row.code: row.id for row in connection.execute(select(PERSON.c.code, PERSON.c.id))}


def codes_opened(connection: Connection, keys: Mapping[str, str]) -> dict[str, str]:
    """Label → code of the dossiers that the requests ``keys`` (request key → label) and blocs' proposals opened."""
    opened = connection.execute(
        select(ENTRY.c.request_key, ENTRY.c.subject).where(
            ENTRY.c.event == "open", ENTRY.c.request_key.is_not(None)
        )
    )
    subjects = {row.subject: keys[row.request_key] for row in opened if row.request_key in keys}
    codes = {
        f"dossier:{row.id}": row.code for row in connection.execute(select(DOSSIER.c.id, DOSSIER.c.code))
    }
    return {label: codes[subject] for subject, label in subjects.items()} | prizes_opened(connection)


Deed = Callable[[Stage, PlannedAct, Call], Iterable[Outcome] | None]


def do(stage: Stage, act: PlannedAct, call: Call) -> Iterable[Outcome] | None:
    """Carry out one act; a bulk act gives its outcomes.

    Raises:
        Refused: with every reason.
    """
    return DEEDS[act.act](stage, act, call)


def _open(stage: Stage, act: PlannedAct, call: Call) -> None:
    words = act.words
    opening = Opening(words["unit"], words["school_year"], words["procedure"], words["level"])
    stage.codes[act.stories[0]] = open_dossier(stage.database, opening, call).dossier


def _nominate(stage: Stage, act: PlannedAct, call: Call) -> None:
    nominees = [
        NomineeInput(
            title, who, stage.code(rests_on) if rests_on else None, movement=act.words.get("movement")
        )
        for title, who, rests_on in act.words["nominees"]
    ]
    nominate(stage.database, stage.code(act.stories[0]), nominees, call)


def _nominations(stage: Stage, code: str) -> dict[tuple[int | None, str], int]:
    with stage.database.read() as connection:
        rows = connection.execute(
            select(NOMINATION.c.id, NOMINATION.c.person_id, NOMINATION.c.title)
            .join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id)
            .where(DOSSIER.c.code == code, NOMINATION.c.outcome != "struck")
        )
        return {(row.person_id, row.title): row.id for row in rows}


def _nomination(
    stage: Stage, known: Mapping[tuple[int | None, str], int], who: str | None, title: str
) -> int:
    person = None if who is None else stage.people[who]
    found = known.get((person, title))
    if found is None:
        # Somebody took it out meanwhile: what was planned for it does not apply any more.
        raise Refused([Reason("nomination_not_open", {"nomination": 0})])
    return found


def _strike(stage: Stage, act: PlannedAct, call: Call) -> None:
    code = stage.code(act.stories[0])
    known = _nominations(stage, code)
    wanted = [_nomination(stage, known, who, title) for title, who in act.words["nominees"]]
    strike(stage.database, code, wanted, call)


def _opinions(stage: Stage, code: str, verdicts: Iterable[Verdict]) -> tuple[OpinionInput, ...]:
    listed = tuple(verdicts)
    if not listed:
        return ()
    known = _nominations(stage, code)
    return tuple(
        OpinionInput(
            _nomination(stage, known, verdict.who, verdict.title),
            verdict.verdict,
            verdict.lower,
            verdict.reason,
            *(verdict.votes or (None, None)),
        )
        for verdict in listed
    )


def _opine(stage: Stage, act: PlannedAct, call: Call) -> None:
    code = stage.code(act.stories[0])
    give_opinion(stage.database, code, _opinions(stage, code, act.words["verdicts"]), call)


def _inputs(stage: Stage, code: str, words: Mapping[str, Any]) -> Inputs:
    left_out = words.get("left_out", ())
    known = _nominations(stage, code) if left_out else {}
    refused = frozenset(_nomination(stage, known, who, title) for title, who in left_out)
    decision, submission, score = words.get("decision"), words.get("submission"), words.get("score")
    recovery = words.get("recovery")
    return Inputs(
        reason=words.get("reason"),
        receipt=words.get("receipt"),
        decision=DecisionInput(*decision, refused) if decision else None,
        submission=SubmissionInput(*submission) if submission else None,
        score=ScoreInput(Decimal(score[0]), score[1]) if score else None,
        recovery=RecoveryInput(*recovery) if recovery else None,
        opinions=_opinions(stage, code, words.get("verdicts", ())),
        support_rest=words.get("support_rest", False),
        expected_version=words.get("expected_version"),
    )


def _step(stage: Stage, act: PlannedAct, call: Call) -> None:
    code = stage.code(act.stories[0])
    take_step(stage.database, code, act.words["event"], call, _inputs(stage, code, act.words))


def _steps(stage: Stage, act: PlannedAct, call: Call) -> list[Outcome]:
    codes = [stage.code(label) for label in act.stories]
    # What comes with a bulk act is the same for all of its dossiers, so it names no nomination.
    return take_steps(stage.database, codes, act.words["event"], call, _inputs(stage, "", act.words))


def _add_paper(stage: Stage, act: PlannedAct, call: Call) -> None:
    words = act.words
    kind = words["kind"]
    source = io.BytesIO(words["bytes"]) if "bytes" in words else paper(kind, words["about"])
    name = words.get("name", paper_name(kind))
    add_paper(stage.database, stage.store, stage.code(act.stories[0]), kind, source, name, call)


def _object(stage: Stage, act: PlannedAct, call: Call) -> None:
    receive_objection(stage.database, stage.code(act.stories[0]), act.words["text"], call)


def _settle(stage: Stage, act: PlannedAct, call: Call) -> None:
    settle_objections(stage.database, stage.code(act.stories[0]), act.words["text"], call)


def _extend(stage: Stage, act: PlannedAct, call: Call) -> None:
    words = act.words
    until: date = words["until"]
    extend_window(
        stage.database, words["unit"], words["calendar"], words["milestone"], until, words["reason"], call
    )


def _fulfil(stage: Stage, act: PlannedAct, call: Call) -> None:
    words = act.words
    word = Word(words["unit"], words["calendar"], words["milestone"], words["done_on"], words.get("note", ""))
    if "paper" not in words:
        fulfil(stage.database, stage.store, word, call)
        return
    name, text = words["paper"]
    source = io.BytesIO(pdf(f"{text}: {word.unit} {word.calendar}"))
    fulfil(stage.database, stage.store, word, call, paper=source, name=name)


def _unfulfil(stage: Stage, act: PlannedAct, call: Call) -> None:
    words = act.words
    unfulfil(stage.database, words["unit"], words["calendar"], words["milestone"], words["reason"], call)


def _own_dates(stage: Stage, act: PlannedAct, call: Call) -> None:
    words = act.words
    where = (words["unit"], words["calendar"], words["milestone"])
    set_own_dates(stage.database, *where, words["opens"], words["last_day"], words["note"], call)


def _except(stage: Stage, act: PlannedAct, call: Call) -> None:
    words = act.words
    except_from_separation(
        stage.database, stage.code(act.stories[0]), words["person"], words["desk"], words["reason"], call
    )


def _delegate(stage: Stage, act: PlannedAct, call: Call) -> None:
    words = act.words
    delegate(stage.database, words["unit"], words["duty"], words["to"], words["since"], words["until"], call)


def _grant_duty(stage: Stage, act: PlannedAct, call: Call) -> None:
    words = act.words
    grant_duty(
        stage.database, words["person"], words["unit"], words["duty"], words["since"], words["until"], call
    )


def _pass_on(stage: Stage, act: PlannedAct, call: Call) -> list[Outcome]:
    """Pass on what was left behind, found by facts: also dossiers that no plan knows."""
    return pass_on_all(stage.database, call, finished=True)


DEEDS: dict[str, Deed] = {
    "open": _open,
    "nominate": _nominate,
    "strike": _strike,
    "opine": _opine,
    "step": _step,
    "steps": _steps,
    "add_paper": _add_paper,
    "object": _object,
    "settle": _settle,
    "extend": _extend,
    "fulfil": _fulfil,
    "unfulfil": _unfulfil,
    "own_dates": _own_dates,
    "except": _except,
    "delegate": _delegate,
    "grant_duty": _grant_duty,
    "pass_on": _pass_on,
    **BLOC_DEEDS,
    **MOVEMENT_DEEDS,
    **INITIATIVE_DEEDS,
    **GRADE_DEEDS,
    **COUNCIL_DEEDS,
}
