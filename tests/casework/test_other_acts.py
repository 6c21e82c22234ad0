"""What a page offers beside the steps is what the acts let happen, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from casework.correct_score import correct_score
from casework.except_from_separation import except_from_separation
from casework.give_opinion import give_opinion
from casework.inputs import OpinionInput, RecoveryInput, ScoreInput
from casework.nominate import strike
from casework.objections import receive_objection, settle_objections
from casework.pass_on import pass_on
from casework.settle_recovery import settle_recovery
from casework.views.other_acts import acts_open_to, against_act
from rules.reasons import Refused
from tests.build import Office, decision, noon

PEOPLE = (
    "clerk",
    "principal",
    "teacher",
    "bloc-head",
    "bloc-deputy",
    "appraiser",
    "admin",
    "reviewer",
    "council-secretary",
    "council-chair",
    "chairman",
)
Try = Callable[[Office, str, Any], Any]


def _except(office: Office, code: str, call: Any) -> Any:
    return except_from_separation(office.database, code, "state", "local_decision", "Vì", call, dry_run=True)


# Each act with inputs against which nothing speaks but who asks, and where the dossier stands.
ACTS: dict[str, Try] = {
    "give_opinion": lambda o, d, c: give_opinion(
        o.database, d, [OpinionInput(o.nominations(d)[0])], c, dry_run=True
    ),
    "strike": lambda o, d, c: strike(o.database, d, o.nominations(d)[:1], c, dry_run=True),
    "receive_objection": lambda o, d, c: receive_objection(o.database, d, "Sai", c, dry_run=True),
    "settle_objections": lambda o, d, c: settle_objections(o.database, d, "Đúng", c, dry_run=True),
    "correct_score": lambda o, d, c: correct_score(
        o.database, d, ScoreInput(Decimal("900"), 2), "Nhầm", c, dry_run=True
    ),
    "settle_recovery": lambda o, d, c: settle_recovery(
        o.database, d, date(2026, 1, 20), "Đã nộp", c, dry_run=True
    ),
    "except_from_separation": _except,
    "pass_on": lambda o, d, c: pass_on(o.database, d, c, dry_run=True),
}


def _draft(office: Office) -> tuple[str, str]:
    return office.dossier_at("registered"), "2025-04-01"


def _completing(office: Office) -> tuple[str, str]:
    return office.dossier_at("completing"), "2025-05-24"


def _appraised(office: Office) -> tuple[str, str]:
    return office.dossier_at("at_education_office"), "2025-06-10"


def _held(office: Office) -> tuple[str, str]:
    code = office.dossier_at("filed")
    receive_objection(office.database, code, "Sai", office.call("reviewer", "2025-07-05"))
    return code, "2025-07-06"


def _revoked(office: Office) -> tuple[str, str]:
    code = office.dossier_at("decided")
    what: dict[str, Any] = {"recovery": RecoveryInput(100, "Bằng khen"), "reason": "Khai sai"}
    made = decision("200/QĐ-UBND", "2026-01-10")
    office.step(code, "revoke", "chairman", "2026-01-12", decision=made, **what)
    return code, "2026-02-01"


@pytest.mark.parametrize("at", [_draft, _completing, _appraised, _held, _revoked])
def test_an_act_is_offered_to_just_those_who_may_do_it(
    office: Office, at: Callable[[Office], tuple[str, str]]
) -> None:
    code, day = at(office)
    offered, possible = set(), set()
    for person in PEOPLE:
        with office.database.read() as connection:
            open_acts = acts_open_to(connection, code, noon(day), person)
            told = {act: against_act(connection, code, act, noon(day), "vi", person) for act in ACTS}
        offered |= {(person, act) for act in open_acts & ACTS.keys()}
        assert {act for act, reasons in told.items() if not reasons} == open_acts & ACTS.keys()
        for act, attempt in ACTS.items():
            try:
                attempt(office, code, office.call(person, day))
            except Refused:
                continue
            possible.add((person, act))
    assert offered == possible
    assert possible
