"""A newly published calendar moves days of what is owed: whoever owes it is told, once, while it is still owed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import update

from casework.extend_window import extend_window
from casework.fulfil import Word, fulfil
from casework.letters.compose import compose_letters
from casework.letters.tables import LETTER
from casework.open_year import open_year
from casework.people import PERSON
from casework.publish import publish
from kit.settings import Settings
from tests.build import Office
from tests.calendar.plans import HOLIDAYS, LADDER, at, items, plan, publish_plan, tick_on

COVENANT = {"met_by": ["fulfil"], "duty": ["bloc_head", "bloc_deputy"], "remind": LADDER}
JUNE = {"remind": LADDER, "duty": ["clerk", "principal"]}


@pytest.fixture
def year(office: Office) -> Office:
    """The covenant is due on 30/10/2024, the completion of dossiers on 30/06/2025."""
    publish_plan(office, covenant=COVENANT, dossier_completion=JUNE)
    open_year(office.database, at("2024-08-03"))
    return office


def again(office: Office, day: str, by: str | None = "admin", **milestones: Any) -> str:
    """Publish a new version on a day; gives its SHA-256."""
    text = plan(**{"covenant": COVENANT, "dossier_completion": JUNE} | milestones)
    return publish(office.database, "calendar", text, office.call(by, day)).sha256


def later(body: dict[str, Any], day: str) -> dict[str, Any]:
    return body | {"last_day": date.fromisoformat(day)}


def moved(office: Office) -> list[tuple[str, str, str, str]]:
    """(person, subject, day before, day now) of every notice."""
    names = {number: name for name, number in office.people.items()}
    return sorted(
        (names[item["person_id"]], item["subject"], item["facts"]["before"], item["facts"]["due"])
        for item in items(office)
        if item["kind"] == "dates_moved"
    )


def test_those_who_owe_it_are_told_of_the_day_before_and_the_day_now(year: Office) -> None:
    code = year.dossier_at("at_school_council")
    subject = f"dossier:{year.row(code)['id']}"
    sha256 = again(year, "2025-06-12", dossier_completion=later(JUNE, "2025-06-20"))
    days = ("2025-06-30", "2025-06-20")
    # Whoever holds the desk where the dossier is owes it; nobody else's day has moved.
    assert moved(year) == [("principal", subject, *days), ("school-council", subject, *days)]
    (item, *_) = [item for item in items(year) if item["kind"] == "dates_moved"]
    assert sha256 in item["key"]
    # It goes at once, like an extension: the reminders of the new day may come tomorrow.
    assert item["ready_at"] == item["queued_at"]


def test_a_version_that_moves_no_day_tells_nobody_and_the_same_file_tells_once(year: Office) -> None:
    again(year, "2024-10-01", covenant=COVENANT | {"grace_minutes": 30})
    assert moved(year) == []
    for _ in range(2):
        again(year, "2024-10-02", covenant=later(COVENANT, "2024-11-06"))
    assert [row[0] for row in moved(year)] == ["bloc-deputy", "bloc-head"]


def test_an_extension_that_wins_over_the_plan_moves_nothing_for_its_unit(year: Office) -> None:
    call = year.call("office-head", "2024-10-02")
    extend_window(year.database, "khoi", "2024-2025", "covenant", date(2024, 11, 20), "Bão", call)
    again(year, "2024-10-03", covenant=later(COVENANT, "2024-11-06"))
    assert moved(year) == []


def test_who_publishes_is_not_told_of_her_own_act(year: Office) -> None:
    code = year.dossier_at("ready")
    admin = COVENANT | {"duty": ["administrator"]}
    again(year, "2025-06-10", dossier_completion=JUNE | {"duty": ["clerk", "administrator"]}, covenant=admin)
    again(year, "2025-06-12", dossier_completion=later(JUNE, "2025-06-20"))
    assert "admin" not in {row[0] for row in moved(year)}
    assert {row[1] for row in moved(year)} == {f"dossier:{year.row(code)['id']}"}


def test_days_off_that_move_a_due_day_tell_of_it_too(office: Office) -> None:
    publish_plan(office, covenant=COVENANT | {"on_day_off": "next_working_day"})
    open_year(office.database, at("2024-08-03"))
    days = HOLIDAYS.replace("2025", "2024").replace("2024-04-30:", "2024-10-30:")
    publish(office.database, "holidays", days.encode(), office.call("admin", "2024-10-01"))
    assert {row[2:] for row in moved(office)} == {("2024-10-30", "2024-10-31")}


def test_the_notice_leaves_the_reminders_as_they_are(year: Office) -> None:
    again(year, "2024-10-16", covenant=later(COVENANT, "2024-10-23"))
    # The rung of seven days lies on the day of the publication: it is told nevertheless.
    assert {r.kind for r in tick_on(year, "2024-10-16").reminders} == {"deadline"}
    assert len(moved(year)) == 2


def test_a_version_that_is_put_right_at_once_is_told_with_the_day_that_people_know(year: Office) -> None:
    again(year, "2024-10-01", covenant=later(COVENANT, "2024-11-06"))
    again(year, "2024-10-01", covenant=later(COVENANT, "2024-11-13"))
    assert ("bloc-head", "2024-10-30", "2024-11-13") in {(row[0], *row[2:]) for row in moved(year)}
    # Back to the day that everybody knows: there is nothing more to say.
    again(year, "2024-10-01", covenant=COVENANT | {"grace_minutes": 30})
    assert "2024-10-30" not in {row[3] for row in moved(year)}


def test_it_is_struck_when_the_debt_is_met_or_moved_again_before_the_letter_went(year: Office) -> None:
    def compose(day: str) -> list[tuple[str, str]]:
        compose_letters(year.database, Settings(), at(day), wall=at(day))
        with year.database.read() as connection:
            query = LETTER.select().where(LETTER.c.kind == "dates_moved").order_by(LETTER.c.id)
            return [(row.standing, row.subject) for row in connection.execute(query)]

    def standings() -> list[str]:
        return sorted(item["standing"] for item in items(year) if item["kind"] == "dates_moved")

    again(year, "2024-10-01", covenant=later(COVENANT, "2024-11-06"))
    again(year, "2024-10-01", covenant=later(COVENANT, "2024-11-13"))
    addresses(year)
    letters = compose("2024-10-02")
    assert letters == [("queued", "Thời hạn mới, đến hết 13/11: ký kết giao ước thi đua")] * 2
    assert standings() == ["queued", "queued", "struck", "struck"]
    word = Word("khoi", "2024-2025", "covenant", date(2024, 10, 2))
    fulfil(year.database, None, word, year.call("bloc-head", "2024-10-02"))
    assert [standing for standing, _ in compose("2024-10-02")] == ["retracted", "retracted"]
    assert standings() == ["struck"] * 4


def addresses(office: Office) -> None:
    with office.database.write() as connection:
        connection.execute(update(PERSON).values(email=PERSON.c.code + "@mau.example"))
