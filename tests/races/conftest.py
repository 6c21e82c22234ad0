"""Racers for the small races of every run and for the full ones."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.races.racers import Racers


@pytest.fixture(scope="session")
def four() -> Iterator[Racers]:
    """Four processes that stay for the whole session."""
    racers = Racers(4)
    yield racers
    racers.dismiss()


@pytest.fixture(scope="session")
def eight() -> Iterator[Racers]:
    """Eight processes that stay for the whole session."""
    racers = Racers(8)
    yield racers
    racers.dismiss()
