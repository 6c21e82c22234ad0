"""The door of the small office."""

from __future__ import annotations

import pytest

from tests.accounts.door import Door
from tests.build import Office


@pytest.fixture
def door(office: Office) -> Door:
    """The door of the small office, on each engine; nobody has an account yet."""
    return Door(office)
