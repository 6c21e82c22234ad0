"""A dossier about to lapse and an extension granted in the same moment: one waits for the other."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event

from casework.bulk import take_steps
from casework.extend_window import extend_window
from casework.take_step import take_step
from rules.reasons import Refused
from tests.build import Office

FIRST_DAY_TOO_LATE = "2025-07-01"


def lapse(office: Office, code: str, together: bool) -> list[str]:
    """Why a dossier does not lapse; empty when it does."""
    call = office.call(None, FIRST_DAY_TOO_LATE)
    if together:
        (outcome,) = take_steps(office.database, [code], "lapse", call)
        return [reason.code for reason in outcome.reasons]
    try:
        take_step(office.database, code, "lapse", call)
    except Refused as refusal:
        return [reason.code for reason in refusal.reasons]
    return []


@pytest.mark.parametrize("together", [False, True], ids=["alone", "in bulk"])
@pytest.mark.parametrize(
    ("unit", "milestone", "state", "person"),
    [
        ("th-mau-1", "dossier-completion", "ready", "office-head"),
        ("pgd", "preliminary-appraisal", "returned", "chairman"),
    ],
    ids=["of its school", "of the desk that waits for it"],
)
def test_an_extension_that_is_just_being_granted_keeps_the_dossier_from_lapsing(
    office: Office, together: bool, unit: str, milestone: str, state: str, person: str
) -> None:
    code = office.dossier_at("ready" if state == "ready" else "at_education_office")
    if state == "returned":
        office.step(code, "return", "appraiser", reason="Thiếu minh chứng")
    told: list[list[str]] = []
    calendar = threading.Thread(target=lambda: told.append(lapse(office, code, together)))

    def at_the_last_moment(_connection: Any) -> None:
        """The extension is written and not yet committed: the calendar comes, and either decides or waits."""
        if not calendar.ident:
            calendar.start()
            calendar.join(0.5)
            assert told == []

    event.listen(office.database.engine, "commit", at_the_last_moment)
    try:
        call = office.call(person, FIRST_DAY_TOO_LATE)
        until = date(2025, 7, 3)
        extend_window(office.database, unit, "2024-2025", milestone, until, "Trường bị ngập", call)
    finally:
        event.remove(office.database.engine, "commit", at_the_last_moment)
        calendar.join(60)
    assert told == [["deadline_not_missed"]]
    assert office.row(code)["state"] == state
