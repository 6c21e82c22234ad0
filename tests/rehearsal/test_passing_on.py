"""The districts end on 30 June 2025: what stood at their desks passes to the communes, by an act with history."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from casework.call import Call
from casework.load import DOSSIER
from casework.pass_on import left_behind, pass_on
from casework.people import PERSON
from kit.database import Database
from models.unit import Unit
from rehearsal.run import SampleStanding
from rules.reasons import Refused
from rules.windows import LOCAL, local_day
from tests.played import settings_in

CODE = "th-mau-1.2425.1"
EVE = datetime(2025, 6, 30, 12, tzinfo=LOCAL).astimezone(UTC)
REFORM = datetime(2025, 7, 1, 12, tzinfo=LOCAL).astimezone(UTC)
ADMINISTRATOR, CLERK = "cb-027", "gv-0347"


@pytest.fixture
def home(driven: tuple[Path, SampleStanding], tmp_path: Path) -> Iterator[Database]:
    """The sample at 16 June 2025, for one test alone."""
    shutil.copytree(driven[0], tmp_path / "home")
    database = Database(settings_in(tmp_path / "home").url)
    yield database
    database.close()


def call(database: Database, person: str, now: datetime, key: str) -> Call:
    with database.read() as connection:
        found = connection.execute(select(PERSON.c.id).where(PERSON.c.code == person)).scalar_one()
    return Call(found, now, key, "test")


def desks(database: Database) -> dict[str, str]:
    unit = Unit.__table__
    with database.read() as connection:
        route = connection.execute(select(DOSSIER.c.route).where(DOSSIER.c.code == CODE)).scalar_one()
        names = dict(connection.execute(select(unit.c.id, unit.c.code)).all())
    return {desk: names[place] for desk, place in route.items()}


def refused(database: Database, person: str, now: datetime) -> list[str]:
    with pytest.raises(Refused) as refusal:
        pass_on(database, CODE, call(database, person, now, f"refused-{person}-{now}"))
    return [reason.code for reason in refusal.value.reasons]


def test_the_desks_of_a_district_pass_to_the_commune_and_the_others_stay(home: Database) -> None:
    before = desks(home)
    pass_on(home, CODE, call(home, ADMINISTRATOR, REFORM, "pass"))
    after = desks(home)
    changed = {desk: unit for desk, unit in after.items() if before[desk] != unit}
    assert changed == {
        "education_office": "pvhxh-xa-mau-mot",
        "interior_office": "pvhxh-xa-mau-mot",
        "local_council": "hd-tdkt-xa-mau-mot",
        "local_decision": "ubnd-xa-mau-mot",
        "provincial_decision": "ubnd-tinh-an-giang",
    }


def test_every_dossier_is_left_behind_on_the_first_of_july_and_none_the_day_before(home: Database) -> None:
    with home.read() as connection:
        count = len(connection.execute(select(DOSSIER.c.id)).all())
        assert left_behind(connection, local_day(EVE)) == ()
        # Certificates stay within their schools.
        assert 40 < len(left_behind(connection, local_day(REFORM))) < count


def test_it_is_for_administrators_after_the_end_and_once(home: Database) -> None:
    assert refused(home, ADMINISTRATOR, EVE) == ["nothing_to_pass_on"]
    assert refused(home, CLERK, REFORM) == ["duty_not_held"]
    pass_on(home, CODE, call(home, ADMINISTRATOR, REFORM, "pass"))
    assert pass_on(home, CODE, call(home, ADMINISTRATOR, REFORM, "pass")).replayed
    assert refused(home, ADMINISTRATOR, REFORM) == ["nothing_to_pass_on"]
