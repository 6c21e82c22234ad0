"""What the README says can be done with the sample, done; and its figures."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.build import ROOT
from tests.cli.conftest import Said, Thidua, runner

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [line for line in README.splitlines() if line.startswith("thidua ")]


@pytest.fixture
def sample(
    sample_in_a_shell: tuple[Path, Said],
    empty_home: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Thidua:
    """The sample, run: first in a shell, and then once more here."""
    shutil.copytree(sample_in_a_shell[0], empty_home)
    monkeypatch.chdir(ROOT)
    thidua = runner(capsys)
    assert thidua("run").code == 0
    return thidua


def test_the_readme_is_true_of_the_sample(sample: Thidua) -> None:
    # The figures first: the commands act on the sample.
    told = re.search(r"there are (\d+) schools, (\d+) made-up people and (\d+) dossiers", README)
    assert told is not None
    dossiers = sample("status", "--json").data["dossiers"]
    schools = [unit for unit in sample("unit", "list", "--json").data["units"] if unit["kind"] == "school"]
    people = sample("person", "list", "--json").data["total"]
    assert (len(schools), people, len(dossiers)) == tuple(map(int, told.groups()))
    assert len(COMMANDS) >= 10
    for command in COMMANDS:
        said = sample(*shlex.split(command, comments=True)[1:])
        assert said.code == 0, (command, said.out, said.err)
