"""What happened when, counted from the rows of a home: letters, weeks, and what came of each milestone."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import insert, update

from casework.extend_window import extend_window
from casework.fulfil import Word, fulfil
from casework.outbox import OUTBOX
from casework.own_dates import set_own_dates
from models.letter import Letter
from rehearsal.happened import letters_by_day, milestones, weeks
from tests.build import Office, noon
from tests.calendar.plans import publish_plan


def milestone(office: Office, code: str) -> dict[str, Any]:
    """What came of one milestone."""
    with office.database.read() as connection:
        [found] = [one for one in milestones(connection) if one["milestone"] == code]
    return found


def test_items_are_counted_on_the_day_from_which_they_may_go(office: Office) -> None:
    office.step(office.dossier_at("ready"), "hand_in", "clerk", "2025-06-05")
    with office.database.write() as connection:
        connection.execute(update(OUTBOX).where(OUTBOX.c.kind == "received").values(standing="struck"))
        counted = letters_by_day(connection)
    assert counted["counted"] == "item"
    # The appraisers are told the next morning; the receipt of the step itself was struck.
    assert counted["days"]["ready"]["2025-06-06"] == 2
    assert "received" not in counted["days"]


def test_letters_are_counted_once_there_are_any_and_those_taken_back_are_not(office: Office) -> None:
    row = {"kind": "ready", "queued_at": noon("2025-06-06"), "not_before": noon("2025-06-06")}
    with office.database.write() as connection:
        for person, day, standing in (
            ("clerk", 6, "queued"),
            ("principal", 6, "queued"),
            ("clerk", 7, "failed"),
            ("principal", 7, "retracted"),
        ):
            letter = {"person_id": office.people[person], "day": date(2025, 6, day), "standing": standing}
            connection.execute(insert(Letter.__table__), row | letter)
        counted = letters_by_day(connection)
    assert counted == {"counted": "letter", "days": {"ready": {"2025-06-06": 2, "2025-06-07": 1}}}


def test_weeks_begin_on_monday_and_lapses_stand_apart_from_steps(office: Office) -> None:
    code = office.dossier_at("ready")
    office.step(code, "lapse", None, "2025-07-01")
    with office.database.read() as connection:
        found = weeks(connection, {"counted": "item", "days": {"ready": {"2025-06-08": 2, "2025-06-09": 1}}})
    assert found["lapses"] == {"2025-06-30": 1}
    assert found["letters"] == {"2025-06-02": 2, "2025-06-09": 1}
    # Registered on Tuesday 15/10/2024; opening and nominating are no steps of the procedure.
    assert found["steps"]["2024-10-14"] == 1
    assert sum(found["steps"].values()) == 5


def test_steps_count_under_the_milestone_that_opens_them(office: Office) -> None:
    office.step(office.dossier_at("ready"), "hand_in", "clerk", "2025-06-05")
    assert milestone(office, "dossier-completion")["steps"] == 1
    assert milestone(office, "covenant")["steps"] == 1
    assert milestone(office, "portal-filing")["steps"] == 0


def test_a_lapse_stands_under_the_milestone_that_was_missed_until_the_dossier_is_revived(
    office: Office,
) -> None:
    code = office.dossier_at("ready")
    office.step(code, "lapse", None, "2025-07-02")
    missed = milestone(office, "dossier-completion")
    assert (missed["lapsed"], missed["late_until"], missed["extended"]) == (1, "2025-07-02", [])
    extend_window(
        office.database,
        "th-mau-1",
        "2024-2025",
        "dossier-completion",
        date(2025, 7, 20),
        "Trường bị ngập",
        office.call("office-head", "2025-07-05"),
    )
    office.step(code, "revive", "appraiser", "2025-07-08", reason="Đã gia hạn")
    missed = milestone(office, "dossier-completion")
    assert (missed["lapsed"], missed["late_until"], missed["extended"]) == (1, "2025-07-08", ["2025-07-20"])


def test_own_dates_and_fulfilments_are_told_and_late_is_only_what_came_after_the_last_day(
    office: Office,
) -> None:
    publish_plan(
        office,
        covenant={"met_by": ["fulfil"], "duty": ["bloc_head"], "own_dates": "bloc"},
    )
    set_own_dates(
        office.database,
        "khoi",
        "2024-2025",
        "covenant",
        date(2024, 9, 10),
        date(2024, 10, 10),
        "",
        office.call("bloc-head", "2024-09-02"),
    )
    word = Word("khoi", "2024-2025", "covenant", date(2024, 11, 5))
    fulfil(office.database, None, word, office.call("bloc-head", "2024-11-06"))
    found = milestone(office, "covenant")
    assert found["own"] == [["2024-09-10", "2024-10-10"]]
    assert (found["fulfilled"], found["late_until"]) == (1, "2024-11-05")
