"""A whole year: how it ends, what it takes on its way, and that dice of the same seed fall the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from casework.audit.snapshot import snapshot
from casework.audit.verify import verify
from casework.doctor.examine import examine
from casework.home_clock import business_now
from casework.load import DOSSIER, NOMINATION
from documents.store import PaperStore
from kit.database import Database
from kit.settings import Settings
from models.unit import Unit
from rehearsal.script import make_plan
from rehearsal.side_ways import SIDE_WAYS
from rehearsal.year import END_KINDS, YearReport, play_year
from tests.conftest import new_postgres_database
from tests.played import settings_in
from tests.rehearsal.what_came import what_came_of

Played = tuple[Settings, YearReport]
UNIT = Unit.__table__


def test_every_act_goes_as_planned_and_every_dossier_comes_to_an_end(edition_played: Played) -> None:
    _, report = edition_played
    assert report.unexpected == ()
    assert report.unfinished == ()
    for kinds in report.dossiers.values():
        assert set(kinds) <= END_KINDS


def test_at_least_forty_dossiers_of_four_levels_and_six_procedures(played: Played) -> None:
    _, report = played
    assert sum(sum(kinds.values()) for kinds in report.dossiers.values()) >= 40
    assert set(report.dossiers) == {"local", "province", "ministry", "state"}
    assert set(report.procedures) == {
        "three-tier-2024",
        "two-tier-2025",
        "sudden-2024",
        "school-certificate",
        "bloc-prize-2024",
        "initiative-2024",
    }


def test_every_side_way_is_taken(played: Played) -> None:
    _, report = played
    assert set(report.side_ways) == set(SIDE_WAYS)
    assert [way for way, count in report.side_ways.items() if not count] == []


def test_wrong_acts_are_refused_for_many_reasons(edition_played: Played) -> None:
    _, report = edition_played
    assert report.refused_acts >= 50
    assert len(report.refusals) >= 35


def test_every_school_has_a_local_dossier_of_real_size(played: Played) -> None:
    settings, report = played
    database = Database(settings.url)
    with database.read() as connection:
        schools = set(
            connection.execute(
                select(UNIT.c.code)
                .join(DOSSIER, DOSSIER.c.unit_id == UNIT.c.id)
                .join(NOMINATION, NOMINATION.c.dossier_id == DOSSIER.c.id)
                # A list of initiatives is a local dossier too.
                .where(DOSSIER.c.level == "local", NOMINATION.c.initiative_id.is_(None))
            ).scalars()
        )
    database.close()
    # Two new schools have nothing to propose yet.
    assert len(schools) == 26
    assert report.titles["LDTT"]["registered"] > 500
    assert 0 < report.titles["CSTDCS"]["decided"] < 0.15 * report.titles["LDTT"]["decided"]


def test_the_four_numbers_stay_apart(played: Played) -> None:
    _, report = played
    workers = report.titles["LDTT"]
    assert workers["registered"] != workers["proposed"]
    assert workers["proposed"] > workers["decided"]


def test_holds_revocations_and_missed_deadlines_happen_at_invented_schools_only(
    edition_played: Played,
) -> None:
    settings, _ = edition_played
    found = what_came_of(settings.url)
    database = Database(settings.url)
    with database.read() as connection:
        invented = set(
            connection.execute(
                select(DOSSIER.c.id).join(UNIT, UNIT.c.id == DOSSIER.c.unit_id).where(UNIT.c.invented)
            ).scalars()
        )
    database.close()
    unpleasant = {"'hold'", "'receive_objection'", "'revoke'", "'lapse'", "'reopen'", "'decline'"}
    at = {row[0] for row in found["history_entry"] if unpleasant & set(row)}
    assert at and at <= {f"'dossier:{number}'" for number in invented}


def test_audit_and_doctor_find_nothing(edition_played: Played) -> None:
    settings, report = edition_played
    database = Database(settings.url)
    with snapshot(database) as connection:
        verdict = verify(connection)
        store = PaperStore(settings.home / "papers", 1_000_000)
        findings = examine(connection, business_now(connection), store=store, read_papers=True)
    database.close()
    assert verdict.bad == () and verdict.entries == report.history_entries
    assert [finding.code for finding in findings] == []


def test_another_seed_gives_another_year(played: Played, tmp_path: Path) -> None:
    _, report = played
    other = play_year(settings_in(tmp_path), seed=report.seed + 1)
    assert other.unexpected == () and other.unfinished == ()
    assert [way for way, count in other.side_ways.items() if not count] == []
    assert other.titles != report.titles


def test_a_year_that_was_played_is_not_played_again(played: Played) -> None:
    settings, report = played
    again = play_year(settings, seed=report.seed)
    assert again.as_dict() | {"seconds": {}} == report.as_dict() | {"seconds": {}}


def test_a_plan_is_made_of_its_seed_alone() -> None:
    assert make_plan(7).fingerprint == make_plan(7).fingerprint
    assert make_plan(7).fingerprint != make_plan(8).fingerprint


@pytest.mark.postgres
def test_the_same_seed_gives_the_same_year_also_on_the_other_database(
    played: Played, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    played_on_postgres(played, tmp_path, request)


@pytest.mark.hard
@pytest.mark.drawn(1)
@pytest.mark.postgres
def test_every_edition_is_the_same_on_the_other_database(
    edition_played: Played, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    played_on_postgres(edition_played, tmp_path, request)


def played_on_postgres(played: Played, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    settings, report = played
    template = request.getfixturevalue("postgres_databases")["empty"]
    with new_postgres_database(request.getfixturevalue("postgres_url"), template) as url:
        other = play_year(settings_in(tmp_path, url), year=report.year, seed=report.seed)
        assert what_came_of(url) == what_came_of(settings.url)
    assert other.as_dict() | {"seconds": {}} == report.as_dict() | {"seconds": {}}
