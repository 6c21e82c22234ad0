"""A seeded sample of wrong lines in the law of titles: the tests notice nine of ten and more (docs/mutations.md)."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.hard
@pytest.mark.whole
def test_nine_of_ten_wrong_lines_are_noticed():
    ran = subprocess.run(
        [sys.executable, "-m", "tests.mutations", "--sample", "120", "--seed", "7"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    noticed, of = ran.stdout.splitlines()[-1].split(" noticed")[0].split(" of ")
    assert int(of) == 120
    assert int(noticed) >= 108, ran.stdout


def test_mutants_are_made_of_what_runs_and_not_of_docstrings():
    from tests.mutations import mutants_of

    made = list(mutants_of("school_years"))
    assert len(made) > 20
    assert all(mutant.code.co_name == mutant.function for mutant in made)
    assert {"And → Or", "returns None", "1 → 2", "Sub → Add"} <= {mutant.what for mutant in made}


def test_every_file_of_the_rules_has_tests_that_are_to_notice():
    from tests.mutations import TESTS

    assert set(TESTS) == {path.stem for path in (ROOT / "rules").glob("[!_]*.py")}
    assert all((ROOT / "tests" / name).is_file() for names in TESTS.values() for name in names)
