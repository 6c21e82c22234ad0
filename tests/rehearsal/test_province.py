"""A made-up province: it ends well, its size is what was asked for, and a school costs the same among many."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from casework.audit.snapshot import snapshot
from casework.audit.verify import verify
from casework.doctor.examine import examine
from casework.home_clock import business_now
from casework.load import NOMINATION
from kit.database import Database
from kit.settings import ROOT, Settings
from models.unit import Unit
from rehearsal.province import make_province_plan
from rehearsal.province_world import province_world
from rehearsal.year import YearReport, play_year
from tests.played import settings_in
from tests.rehearsal.what_came import what_came_of

UNIT = Unit.__table__
FEW, HUNDRED, PER_SCHOOL = 30, 100, 40
COST_LIMIT, MEMORY_LIMIT_MB = 1.3, 2000


def sound(settings: Settings, report: YearReport) -> None:
    assert report.unexpected == () and report.unfinished == ()
    database = Database(settings.url)
    with snapshot(database) as connection:
        assert verify(connection).sound
        assert examine(connection, business_now(connection)) == []
        invented = connection.execute(select(func.count()).where(~UNIT.c.invented)).scalar_one()
        nominations = connection.execute(select(func.count()).select_from(NOMINATION)).scalar_one()
    database.close()
    assert invented == 0
    assert abs(nominations / report.schools - PER_SCHOOL) <= 6


def test_a_small_province_ends_well_and_passes_its_work_on(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "whole")
    report = play_year(settings, schools=FEW)
    assert report.schools == FEW
    sound(settings, report)
    told = report.side_ways
    for way in ("passed_on_to_successor", "bulk", "obligation_met", "obligation_met_late", "own_dates_set"):
        assert told[way] > 0, way
    assert told["obligation_met"] > 10 * (told["obligation_met_late"] + told["obligation_never_met"])
    again = play_year(settings, schools=FEW)
    assert again.as_dict() | {"seconds": {}} == report.as_dict() | {"seconds": {}}


def test_a_province_is_made_of_its_size_and_seed_alone() -> None:
    assert make_province_plan(1, 12).fingerprint == make_province_plan(1, 12).fingerprint
    assert make_province_plan(1, 12).fingerprint != make_province_plan(2, 12).fingerprint
    kinds = [row["kind"] for row in province_world(60).units]
    assert [kinds.count(kind) for kind in ("primary", "education_office", "culture_society_office")] == [
        60,
        3,
        3,
    ]


@pytest.mark.hard
@pytest.mark.whole
def test_a_school_among_a_hundred_costs_what_it_costs_among_few(tmp_path: Path) -> None:
    """Processor time of processes of their own; the figures for a thousand stand in `docs/rehearsal.md`."""
    costs = {}
    for schools in (FEW, HUNDRED):
        costs[schools], memory = _measured(tmp_path / str(schools), schools)
        assert memory < MEMORY_LIMIT_MB
        print(
            f"{schools} schools: {costs[schools]:.1f} s, {costs[schools] / schools:.3f} s a school, {memory} MB"
        )
    # What does not depend on the size is shared among more.
    assert costs[HUNDRED] / HUNDRED <= COST_LIMIT * costs[FEW] / FEW
    settings = settings_in(tmp_path / str(HUNDRED))
    report = play_year(settings, schools=HUNDRED)
    sound(settings, report)


@pytest.mark.hard
@pytest.mark.whole
@pytest.mark.postgres
def test_a_province_is_the_same_on_the_other_database(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    from tests.conftest import new_postgres_database

    play_year(settings_in(tmp_path / "sqlite"), schools=FEW)
    template = request.getfixturevalue("postgres_databases")["empty"]
    with new_postgres_database(request.getfixturevalue("postgres_url"), template) as url:
        play_year(settings_in(tmp_path / "postgres", url), schools=FEW)
        assert what_came_of(url) == what_came_of(settings_in(tmp_path / "sqlite").url)


def _measured(home: Path, schools: int) -> tuple[float, int]:
    """Processor seconds, and the most memory in MB, of playing a province."""
    command = [sys.executable, "-m", "tests.rehearsal.test_province", str(home), str(schools)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=3600)
    assert done.returncode == 0, done.stderr
    seconds, memory = done.stdout.split()
    return float(seconds), int(memory)


if __name__ == "__main__":
    play_year(settings_in(Path(sys.argv[1])), schools=int(sys.argv[2]))
    print(time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
