"""A dossier for a bloc's prize: a school opens and fills one only for what its bloc proposed."""

from __future__ import annotations

from datetime import date

import pytest

from casework.bloc.propose import propose
from casework.load import DOSSIER
from casework.nominate import NomineeInput, nominate
from casework.open_dossier import Opening, open_dossier
from casework.sight import sight_of
from casework.views.openings import openings_of
from rules.reasons import Reason, Refused
from tests.bloc.stage import COLLEGE, YEAR, Bloc, all_of, make_bloc
from tests.build import Office, noon

SCHOOLS = ("th-mot", "th-hai", "th-ba", "th-bon", "th-nam")
PRIZES = "bloc-prize-2024"


@pytest.fixture
def bloc(office: Office) -> Bloc:
    return make_bloc(office, SCHOOLS)


def settled(bloc: Bloc) -> None:
    bloc.approve()
    bloc.draw()
    worth = dict(zip(SCHOOLS, ("0.9", "0.85", "0.8", "0.75", "0.7"), strict=True))
    for scorer, scored in bloc.pairs():
        bloc.score(scorer, scored, all_of(COLLEGE, worth[scored]))
    bloc.meet()
    bloc.settle()


def opening(bloc: Bloc, school: str, level: str, person: str | None = None, day: str = "2025-06-10") -> str:
    asked = Opening(school, YEAR, PRIZES, level)
    return str(open_dossier(bloc.database, asked, bloc.call(person or f"{school}.clerk", day)).dossier)


def reasons(act, *args) -> tuple[Reason, ...]:
    with pytest.raises(Refused) as refused:
        act(*args)
    return refused.value.reasons


def test_a_clerk_is_refused_before_her_bloc_proposed_and_for_a_school_that_won_nothing(bloc: Bloc):
    settled(bloc)
    before = len(bloc.rows(DOSSIER))
    assert [r.code for r in reasons(opening, bloc, "th-mot", "province")] == ["prize_not_proposed"]
    propose(bloc.database, bloc.code, YEAR, bloc.call(bloc.head, "2025-06-05"))
    opened = len(bloc.rows(DOSSIER))
    assert opened > before
    # All reasons at once: she is no clerk there, and the school won nothing.
    found = reasons(opening, bloc, "th-nam", "province", "th-hai.clerk")
    assert [r.code for r in found] == ["duty_not_held", "prize_not_proposed"]
    assert found[1].params == {"unit": bloc.id("th-nam"), "school_year": YEAR, "level": "province"}
    assert len(bloc.rows(DOSSIER)) == opened
    # The school that won may begin again, say after it withdrew the first one.
    opening(bloc, "th-mot", "province")


def test_in_such_a_dossier_nothing_but_the_proposed_prize_is_nominated(bloc: Bloc):
    settled(bloc)
    propose(bloc.database, bloc.code, YEAR, bloc.call(bloc.head, "2025-06-05"))
    code = opening(bloc, "th-mot", "province")
    call = bloc.call("th-mot.clerk", "2025-06-11")
    asked = [NomineeInput("BKT-TX", "th-mot.clerk"), NomineeInput("COTINH")]
    found = reasons(nominate, bloc.database, code, asked, call)
    assert [r.code for r in found] == ["prize_of_the_bloc_alone"]
    nominate(bloc.database, code, [NomineeInput("COTINH")], call)


def test_the_page_offers_only_what_was_proposed(bloc: Bloc):
    def offered(school: str) -> tuple[set[tuple[str, str]], bool]:
        now = noon("2025-06-10")
        with bloc.database.read() as connection:
            sight = sight_of(connection, bloc.office.people[f"{school}.clerk"], date(2025, 6, 10))
            (unit,) = openings_of(connection, sight, now, "vi")
        found = {
            (choice["year"], choice["level"])
            for group in unit["groups"]
            if group["procedure"] == PRIZES
            for choice in group["choices"]
        }
        return found, unit["prizes_left_out"]

    settled(bloc)
    assert offered("th-mot") == (set(), True)
    propose(bloc.database, bloc.code, YEAR, bloc.call(bloc.head, "2025-06-05"))
    assert offered("th-mot") == ({(YEAR, "province")}, False)
    assert offered("th-nam") == (set(), True)
