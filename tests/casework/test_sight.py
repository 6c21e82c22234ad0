"""Who sees a dossier: the one answer that lists and pages share."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from casework.access import DUTY
from casework.duties import delegate, end_duty
from casework.load import DOSSIER
from casework.sight import may_see, sees, sight_of
from tests.build import PEOPLE, Office

DAY = date(2025, 7, 10)


def seen_by(office: Office, person: str, day: date = DAY) -> set[str]:
    """The codes in this person's lists; each answer about one dossier must be the same."""
    with office.database.read() as connection:
        sight = sight_of(connection, office.people[person], day)
        listed = set(connection.execute(select(DOSSIER.c.code).where(sees(sight))).scalars())
        for row in connection.execute(select(DOSSIER.c.id, DOSSIER.c.code)):
            assert may_see(connection, sight, row.id) == (row.code in listed), (person, row.code)
    return listed


@pytest.fixture
def three(office: Office) -> tuple[str, str, str]:
    """A dossier at the school, one at the education office, one at the interior office."""
    return office.open(), office.dossier_at("at_education_office"), office.dossier_at("filed")


def test_each_sees_what_came_to_her_desk_and_the_school_sees_its_own(
    office: Office, three: tuple[str, str, str]
) -> None:
    own, at_office, filed = three
    expected = {
        "clerk": {own, at_office, filed},
        "principal": {own, at_office, filed},
        "bloc-head": {at_office, filed},
        "appraiser": {at_office, filed},
        "reviewer": {filed},
        "chairman": set(),
        "admin": {own, at_office, filed},
        # Neither works at the school nor holds a duty there.
        "clerk-2": set(),
        "teacher": set(),
    }
    assert {person: seen_by(office, person) for person in expected} == expected
    # Everybody else too is answered alike by lists and by single pages.
    for person in set(PEOPLE) - set(expected):
        seen_by(office, person)


def test_what_was_once_on_a_desk_is_still_seen_from_it_after_a_return(office: Office) -> None:
    code = office.dossier_at("filed")
    office.step(code, "return", "reviewer", "2025-07-03", reason="Thiếu giấy.")
    assert code in seen_by(office, "reviewer")
    assert code in seen_by(office, "appraiser")


def test_a_lent_duty_shows_what_the_lender_sees_and_for_its_days_alone(
    office: Office, three: tuple[str, str, str]
) -> None:
    lend = (office.database, "th-mau-1", "principal", "teacher", date(2025, 7, 9), date(2025, 7, 11))
    delegate(*lend, office.call("principal", "2025-07-08"))
    assert seen_by(office, "teacher") == seen_by(office, "principal") == set(three)
    assert seen_by(office, "teacher", date(2025, 7, 12)) == set()


def test_a_duty_that_has_ended_shows_nothing_more(office: Office, three: tuple[str, str, str]) -> None:
    call = office.call("admin", "2025-07-01")
    end_duty(office.database, "appraiser", "pgd", "appraiser", date(2025, 7, 5), call)
    assert seen_by(office, "appraiser", date(2025, 7, 5)) != set()
    assert seen_by(office, "appraiser", date(2025, 7, 6)) == set()
    with office.database.read() as connection:
        held = select(DUTY.c.id).where(DUTY.c.person_id == office.people["appraiser"], DUTY.c.until.is_(None))
        assert connection.execute(held).first() is None
