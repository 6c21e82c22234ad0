"""An office that serves initiatives: their procedure is published, the education office has an initiative council."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from casework.publish import publish
from models.person import Duty
from tests.build import LONG_AGO, ROOT, Office
from tests.initiatives.lists import Lists


@pytest.fixture
def lists(office: Office) -> Lists:
    """The small office with the procedure of initiatives and a council that judges them."""
    text = (ROOT / "regulations" / "procedures" / "initiative-2024.yaml").read_bytes()
    publish(office.database, "procedure", text, office.call(None, "2024-08-01"))
    with office.database.write() as connection:
        for person, duty in (("office-head", "council_chair"), ("appraiser-2", "council_secretary")):
            row = {"person_id": office.people[person], "unit_id": office.units["pgd"], "duty": duty}
            connection.execute(insert(Duty.__table__), {**row, "since": LONG_AGO})
    return Lists(office)
