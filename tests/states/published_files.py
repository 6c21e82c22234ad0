"""The published procedures, read and built once for all tests of the lifecycles."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from states.chart import Chart
from states.procedure import Procedure, read_procedure

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "regulations" / "procedures").glob("*.yaml"))
NAMES = [file.stem for file in FILES]


@cache
def procedure(name: str) -> Procedure:
    """A published procedure by the name of its file."""
    found, faults = read_procedure((ROOT / "regulations" / "procedures" / f"{name}.yaml").read_bytes())
    assert found is not None
    assert not faults
    return found


@cache
def chart(name: str) -> Chart:
    """The machine of a published procedure."""
    return Chart(procedure(name))
