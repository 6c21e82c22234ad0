"""One dossier's walk, from the school to the decision of each level."""

from __future__ import annotations

import pytest

from tests.build import Office


@pytest.mark.parametrize("level", ["local", "province", "ministry", "state"])
def test_a_dossier_of_each_level_goes_the_whole_way(office: Office, level: str) -> None:
    code = office.dossier_at("decided", level)
    assert office.row(code)["state_kind"] == "decided"
