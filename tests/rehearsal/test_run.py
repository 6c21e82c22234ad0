"""`thidua run`: where the sample stands at noon of 16 June 2025, and what people did in the home meanwhile."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from casework.call import Call
from casework.home_clock import business_now, set_clock
from casework.inputs import Inputs
from casework.load import DOSSIER
from casework.people import PERSON
from casework.take_step import take_step
from kit.database import Database
from kit.settings import Settings
from models.home import HomeMark
from rehearsal.home import open_home
from rehearsal.load_sample import START, load_sample
from rehearsal.play import Rehearsal
from rehearsal.run import SAMPLE_ENDS_AT, SAMPLE_SEED, SampleStanding, run_sample
from rehearsal.script import make_plan
from rules.windows import LOCAL
from tests.played import settings_in
from tests.rehearsal.what_came import what_came_of


@pytest.fixture
def home(driven: tuple[Path, SampleStanding], tmp_path: Path) -> Iterator[Settings]:
    """A copy of it for one test."""
    shutil.copytree(driven[0], tmp_path / "home")
    yield settings_in(tmp_path / "home")


def test_it_stands_at_noon_of_the_16th_of_june(driven: tuple[Path, SampleStanding]) -> None:
    _, standing = driven
    assert standing.now == datetime(2025, 6, 16, 12, tzinfo=LOCAL).astimezone(UTC)
    assert standing.fresh and standing.skipped == () and not standing.other_plan
    assert len(standing.dossiers) >= 40
    assert {dossier.level for dossier in standing.dossiers} == {"local", "province", "ministry", "state"}


def test_much_is_on_its_way_and_what_waits_names_who_may_act(driven: tuple[Path, SampleStanding]) -> None:
    _, standing = driven
    states = {dossier.state for dossier in standing.dossiers}
    assert {"completing", "at_school_council", "at_education_office", "to_file"} <= states
    assert {"returned", "on_hold", "lapsed", "decided", "revoked"} <= {d.kind for d in standing.dossiers}
    for dossier in standing.dossiers:
        resting = dossier.kind in ("decided", "withdrawn", "lapsed", "declined", "revoked")
        assert bool(dossier.waits_for) is not resting, dossier.code


def test_run_again_nothing_is_lost_and_nothing_is_done_twice(home: Settings) -> None:
    before = what_came_of(home.url)
    again = run_sample(home)
    assert (again.fresh, again.acts) == (False, 0)
    assert what_came_of(home.url) == before


def test_what_a_user_did_stays_and_a_planned_act_that_does_not_fit_is_skipped(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    with open_home(settings) as home:
        load_sample(home.database, Call(None, START, "sample/load", "test"))
        may = datetime(2025, 4, 30, 12, tzinfo=LOCAL)
        Rehearsal(home.database, home.store, make_plan(SAMPLE_SEED)).play(may)
        _withdraw(home.database, "th-binh-an.2425.1")
    standing = run_sample(settings)
    (withdrawn,) = (d for d in standing.dossiers if d.code == "th-binh-an.2425.1")
    assert withdrawn.kind == "withdrawn"
    # Handing in, scoring, the council … of that one dossier; every other went on.
    assert standing.skipped
    assert all("th-binh-an" in skipped for skipped in standing.skipped)
    assert run_sample(settings).acts == 0


def _withdraw(database: Database, code: str) -> None:
    with database.read() as connection:
        now = business_now(connection)
        clerk = connection.execute(select(PERSON.c.id).where(PERSON.c.code == "gv-0187")).scalar_one()
    take_step(database, code, "withdraw", Call(clerk, now, "by-hand", "test"), Inputs(reason="Trường rút"))


def test_a_clock_that_a_user_advanced_is_not_set_back(home: Settings) -> None:
    later = datetime(2025, 8, 1, 9, tzinfo=LOCAL)
    database = Database(home.url)
    set_clock(database, "fixed", later, Call(None, SAMPLE_ENDS_AT, "by-hand", "test"))
    standing = run_sample(home)
    assert standing.now == later and standing.acts == 0
    with database.read() as connection:
        kinds = set(connection.execute(select(DOSSIER.c.state_kind)).scalars())
    database.close()
    # Nothing lapsed because of a run: what a day brings is for the calendar's own tick.
    assert "at_desk" in kinds


def test_a_home_that_another_plan_drove_is_shown_and_not_driven_on(home: Settings) -> None:
    database = Database(home.url)
    marks = HomeMark.__table__
    with database.write() as connection:
        connection.execute(marks.update().where(marks.c.name == "rehearsal").values(value="0" * 64))
    database.close()
    standing = run_sample(home)
    assert standing.other_plan and standing.acts == 0
    assert len(standing.dossiers) >= 40
