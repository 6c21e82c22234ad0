"""`thidua year` and its report: where it is written, how that is said, and what it says when it cannot be."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from cli import exits
from cli.main import main
from kit.settings import Settings
from notifications.words import say
from rehearsal.year import YearReport


@pytest.fixture
def kept(played: tuple[Settings, YearReport], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the home in which the year was played: it is not played again."""
    monkeypatch.delenv("THIDUA_DATABASE_URL", raising=False)
    monkeypatch.setenv("THIDUA_LANG", "vi")
    monkeypatch.setenv("THIDUA_HOME", str(tmp_path / "nothing"))
    monkeypatch.setenv("THIDUA_SQLITE_SYNCHRONOUS", "NORMAL")
    home = tmp_path / "home"
    shutil.copytree(played[0].home, home)
    return home


def test_a_kept_home_gets_its_report_and_the_terminal_names_it(
    kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["year", "--keep", str(kept)]) == exits.DONE
    said = "".join(capsys.readouterr().out.split())
    file = kept / "report.html"
    assert "".join(say("terminal.year_report", {"file": str(file)}).split()) in said
    page = file.read_text(encoding="utf-8")
    assert '<html lang="vi">' in page and say("report.verdict_well") in page
    assert say("report.audited", {"entries": 2, "chains": 2}).split(":")[0] in page


def test_the_report_goes_where_it_is_asked_for_in_the_readers_language(
    kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "báo cáo.html"
    file.write_text("an older one", encoding="utf-8")
    assert main(["--lang", "en", "year", "--keep", str(kept), "--report", str(file)]) == exits.DONE
    assert "The report with pictures:" in capsys.readouterr().out
    assert '<html lang="en">' in file.read_text(encoding="utf-8")
    assert not (kept / "report.html").exists()


def test_data_for_programs_stays_data_beside_the_report(
    kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["year", "--keep", str(kept), "--json"]) == exits.DONE
    assert json.loads(capsys.readouterr().out)["seed"] == 1
    assert (kept / "report.html").is_file()


def test_the_same_year_gives_the_same_report(kept: Path) -> None:
    main(["year", "--keep", str(kept)])
    first = (kept / "report.html").read_bytes()
    main(["year", "--keep", str(kept)])
    assert (kept / "report.html").read_bytes() == first


@pytest.mark.parametrize("name", ["missing/report.html", "."])
def test_a_report_that_cannot_be_written_is_refused_before_the_year_is_played(
    kept: Path, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    fresh = tmp_path / "fresh"
    assert main(["year", "--keep", str(fresh), "--report", str(tmp_path / name)]) == exits.STORAGE
    assert str(tmp_path) in "".join(capsys.readouterr().err.split())
    assert not fresh.exists()
