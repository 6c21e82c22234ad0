"""Sessions of councils in the simulated year: who is there, who stands aside, what is voted and what comes of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, select

from casework.council.tables import BALLOT, COUNCIL, ISSUE, ITEM, PRESENT, RECUSAL, SESSION, SLOT
from casework.load import DOSSIER, NOMINATION, OPINION
from kit.database import Database
from kit.settings import Settings
from models.unit import Unit
from rehearsal.names import AS_PLANNED
from rehearsal.year import YearReport

Played = tuple[Settings, YearReport]
UNIT = Unit.__table__


@pytest.fixture
def home(edition_played: Played) -> Iterator[tuple[Connection, YearReport]]:
    settings, report = edition_played
    database = Database(settings.url)
    with database.read() as connection:
        yield connection, report
    database.close()


def test_a_local_council_and_that_of_the_province_vote_in_the_program(
    home: tuple[Connection, YearReport],
) -> None:
    connection, report = home
    rows = connection.execute(
        select(UNIT.c.code, SESSION.c.standing)
        .join_from(SESSION, COUNCIL, COUNCIL.c.id == SESSION.c.council_id)
        .join(UNIT, UNIT.c.id == COUNCIL.c.unit_id)
        .order_by(UNIT.c.code)
    ).all()
    local = "hd-tdkt-huyen-kien-luong" if report.year == AS_PLANNED else "hd-tdkt-xa-kien-luong"
    assert {tuple(row) for row in rows} == {(local, "closed"), ("hd-tdkt-tinh", "closed")}


def test_what_was_voted_is_the_councils_opinion_in_every_dossier(home: tuple[Connection, YearReport]) -> None:
    connection, _ = home
    items = connection.execute(
        select(ITEM, DOSSIER.c.code, UNIT.c.kind)
        .join_from(ITEM, NOMINATION, NOMINATION.c.id == ITEM.c.nomination_id)
        .join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id)
        .join(SESSION, SESSION.c.id == ITEM.c.session_id)
        .join(COUNCIL, COUNCIL.c.id == SESSION.c.council_id)
        .join(UNIT, UNIT.c.id == COUNCIL.c.unit_id)
    ).all()
    assert len(items) > 60 and len({row.code for row in items}) > 10
    opinions = {
        (row.nomination_id, row.desk): row
        for row in connection.execute(
            select(OPINION).where(OPINION.c.desk.in_(("local_council", "provincial_council")))
        )
    }
    for item in items:
        desk = "provincial_council" if item.kind == "provincial_council" else "local_council"
        said = opinions[item.nomination_id, desk]
        assert (said.votes_for, said.members) == (item.agree, item.base)
        assert (said.verdict == "supported") == (item.agree >= item.needed)


def test_one_member_of_each_is_away_and_principals_stand_aside_for_their_own_school(
    home: tuple[Connection, YearReport],
) -> None:
    connection, _ = home
    presence = Counter(
        (row.session_id, row.presence)
        for row in connection.execute(select(PRESENT).order_by(PRESENT.c.session_id))
    )
    sessions = {session for session, _ in presence}
    assert all(presence[session, "absent"] == 1 for session in sessions)
    assert all(presence[session, "present"] >= 5 for session in sessions)
    kinds = Counter(connection.execute(select(RECUSAL.c.kind)).scalars())
    assert kinds["own"] == 2 and kinds["unit"] > 20


def test_ballots_came_back_from_all_to_whom_they_were_issued_and_the_box_is_gone(
    home: tuple[Connection, YearReport],
) -> None:
    connection, report = home
    issued = connection.execute(select(ISSUE.c.returned)).scalars().all()
    assert issued and all(issued)
    assert len(connection.execute(select(BALLOT.c.code)).all()) == len(issued)
    assert connection.execute(select(SLOT.c.code)).first() is None
    assert {"voted_already", "council_role_not_held"} <= set(report.refusals)
