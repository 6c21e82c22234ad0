"""The lists of initiatives of the simulated year: who lists, when it is handed in, what is recognised, who shares."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, func, select

from casework.history import ENTRY
from casework.load import AUTHOR, DOSSIER, INITIATIVE, NOMINATION
from kit.database import Database
from kit.settings import Settings
from models.decision import Award
from models.unit import Unit
from rehearsal.edition import edition
from rehearsal.year import YearReport
from rules.windows import local_day

Played = tuple[Settings, YearReport]
UNIT, AWARD = Unit.__table__, Award.__table__


@pytest.fixture
def home(edition_played: Played) -> Iterator[tuple[Connection, YearReport]]:
    settings, report = edition_played
    database = Database(settings.url)
    with database.read() as connection:
        yield connection, report
    database.close()


def test_every_school_but_two_of_mau_lists_initiatives(home: tuple[Connection, YearReport]) -> None:
    connection, _ = home
    listing = set(connection.execute(select(INITIATIVE.c.unit_id)).scalars())
    schools = dict(connection.execute(select(UNIT.c.id, UNIT.c.code).where(UNIT.c.kind == "school")).all())
    assert {code for unit, code in schools.items() if unit not in listing} == {"th-mau-5", "th-mau-7"}


def test_the_shares_of_the_authors_of_each_add_up(home: tuple[Connection, YearReport]) -> None:
    connection, _ = home
    rows = connection.execute(
        select(AUTHOR.c.initiative_id, func.count(), func.sum(AUTHOR.c.share)).group_by(
            AUTHOR.c.initiative_id
        )
    ).all()
    assert {shares for _, _, shares in rows} == {10_000}
    assert {count for _, count, _ in rows} == {1, 2}


def test_lists_of_schools_that_exist_are_in_time_and_three_of_mau_behind(
    home: tuple[Connection, YearReport],
) -> None:
    connection, report = home
    over = edition(report.year).days.last_day("initiative-list")
    dossiers = {
        f"dossier:{row.id}": (row.code, row.invented)
        for row in connection.execute(
            select(DOSSIER.c.id, UNIT.c.code, UNIT.c.invented)
            .join_from(DOSSIER, UNIT, UNIT.c.id == DOSSIER.c.unit_id)
            .join(NOMINATION, NOMINATION.c.dossier_id == DOSSIER.c.id)
            .where(NOMINATION.c.initiative_id.is_not(None))
        )
    }
    handed_in = connection.execute(
        select(ENTRY.c.subject, ENTRY.c.at).where(
            ENTRY.c.event == "hand_in", ENTRY.c.subject.in_(sorted(dossiers))
        )
    ).all()
    assert len(handed_in) == len(dossiers) == 26
    late = {dossiers[row.subject] for row in handed_in if local_day(row.at) > over}
    assert late == {("th-mau-2", True), ("th-mau-4", True), ("th-mau-6", True)}
    assert report.refusals["window_closed"] >= 2


def test_most_are_recognised_by_a_decision_and_held_with_the_initiative(
    home: tuple[Connection, YearReport],
) -> None:
    connection, report = home
    numbers = report.titles["SKCS"]
    assert numbers["registered"] == 0
    assert 0.7 * numbers["proposed"] < numbers["decided"] < numbers["proposed"]
    held = connection.execute(
        select(func.count()).where(AWARD.c.title == "SKCS", AWARD.c.nomination_id.is_not(None))
    ).scalar_one()
    assert held == numbers["decided"]
    assert report.side_ways["initiatives_returned"] == 1


def test_titles_of_the_base_and_of_the_province_rest_on_initiatives_of_their_nominees(
    home: tuple[Connection, YearReport],
) -> None:
    connection, report = home
    rows = connection.execute(
        select(NOMINATION.c.title, NOMINATION.c.person_id, NOMINATION.c.uses_initiative_id).where(
            NOMINATION.c.uses_initiative_id.is_not(None)
        )
    ).all()
    assert {row.title for row in rows} == {"CSTDCS", "CSTDT", "GK"}
    written = {tuple(r) for r in connection.execute(select(AUTHOR.c.person_id, AUTHOR.c.initiative_id))}
    assert {(row.person_id, row.uses_initiative_id) for row in rows} <= written
    recognised = set(connection.execute(select(AWARD.c.initiative_id)).scalars())
    assert {row.uses_initiative_id for row in rows} <= recognised
    told = report.side_ways
    assert told["initiative_used_at_the_base"] == sum(row.title == "CSTDCS" for row in rows) > 0
    assert told["initiative_used_for_the_province"] == sum(row.title == "CSTDT" for row in rows) > 0
    assert "not_an_author" in report.refusals
