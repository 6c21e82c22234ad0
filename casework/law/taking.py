"""Verdicts that are kept: one for each nomination at hand-in, appraisal and decision, with what it was built on."""

from __future__ import annotations

from casework.effects.effect import Case, Effect
from casework.law.choosing import any_rulebook
from casework.law.judging import RECEIVING, judge, of_nominations, received_on
from casework.law.keeping import verdict_rows

TAKING = ("hand_in", "appraise", "decide")


def verdicts_taken(case: Case) -> Effect:
    """What the rules say of each nomination that stands, kept with the act. Says nothing where nothing is published."""
    effect = Effect()
    if case.event not in TAKING or not any_rulebook(case.connection):
        return effect
    rows = [{**row, "school_year": case.dossier["school_year"]} for row in case.open_nominations]
    decision = case.inputs.decision
    on = decision.decided_on if decision is not None else case.call.day
    receives = case.event in RECEIVING
    received = case.call.day if receives else received_on(case.connection, case.dossier["id"])
    judged = [
        one for one in judge(case.connection, of_nominations(rows, on), received) if one.choice is not None
    ]
    effect.writes += verdict_rows(case.connection, judged, case.event, case.version_after, case.call.now)
    if judged:
        effect.payload["verdicts"] = [
            [one.wanted.nomination, one.verdict.outcome, one.verdict.rule] for one in judged if one.verdict
        ]
    return effect
