"""Obligations from the command line: what is owed, met, foreseen; and a feed for a phone."""

from __future__ import annotations

from pathlib import Path

import pytest

from casework.open_year import open_year
from cli import exits
from kit.settings import ROOT
from tests.build import Office
from tests.calendar.plans import at
from tests.cli.conftest import Thidua

# Each milestone that a unit meets by its word, who gives it, and a day on which that is usual.
WORDS = (
    ("khoi", "covenant", "bloc-head", "2024-10-20"),
    ("th-mau-1", "initiative-list", "clerk", "2024-12-20"),
    ("khoi", "midyear-review", "bloc-head", "2025-01-15"),
    ("pgd", "initiative-appraisal", "appraiser", "2025-02-20"),
    ("khoi", "bloc-scoring", "bloc-head", "2025-05-25"),
    ("khoi", "covenant-review", "bloc-head", "2025-06-20"),
    ("th-mau-2", "dossier-completion", "clerk-2", "2025-06-20"),
)


@pytest.fixture
def autumn(thidua: Thidua, cli_office: Office) -> Thidua:
    """The small office on 2 September 2024, its obligations written."""
    assert thidua("clock", "set", "--real").code == exits.DONE
    assert thidua("clock", "set", "2024-09-02 07:30").code == exits.DONE
    open_year(cli_office.database, at("2024-09-02"))
    return thidua


def publish(thidua: Thidua, *calendars: str) -> None:
    """Other calendars beside that of the small office, with the procedure that they serve."""
    files = [("procedure", "procedures/two-tier-2025.yaml")]
    files += [("calendar", f"calendars/{name}.yaml") for name in calendars]
    for noun, file in files:
        said = thidua(noun, "publish", str(ROOT / "regulations" / file), "--as", "admin")
        assert said.code == exits.DONE, said.err


def test_every_milestone_met_by_word_is_met_from_the_command_line(autumn: Thidua) -> None:
    for unit, milestone, person, day in WORDS:
        assert autumn("clock", "set", f"{day} 09:00").code == exits.DONE
        said = autumn("calendar", "fulfil", unit, milestone, "--note", "Có biên bản", "--as", person)
        assert said.code == exits.DONE, said.err
        found = autumn("calendar", "owed", "--unit", unit, "--milestone", milestone, "--json").data
        assert [row["standing"] for row in found["obligations"]] == ["met"]


def test_whoever_is_late_means_the_year_that_is_over_and_not_the_nearer_next_one(autumn: Thidua) -> None:
    # The end of bloc-scoring lies 20 days back; the next bloc-scoring of any calendar opens in 11.
    publish(autumn, "2024-2025-two-tier")
    assert autumn("clock", "set", "2025-06-20 09:00").code == exits.DONE
    why = ("--reason", "Khối họp lại")
    longer = autumn(
        "calendar", "extend", "khoi", "bloc-scoring", "--until", "2025-06-25", *why, "--as", "office-head"
    )
    assert longer.code == exits.DONE, longer.err
    assert "mốc bloc-scoring của lịch 2024-2025" in longer.out
    done = autumn("calendar", "fulfil", "khoi", "bloc-scoring", "--as", "bloc-head")
    assert done.code == exits.DONE, done.err
    assert "mốc bloc-scoring của lịch 2024-2025" in done.out


def test_own_dates_mean_the_year_in_which_they_lie(autumn: Thidua) -> None:
    publish(autumn, "2025-2026")
    assert autumn("clock", "set", "2025-02-20 09:00").code == exits.DONE
    days = ("--from", "2025-09-10", "--to", "2025-09-30")
    done = autumn("calendar", "own-dates", "khoi", "covenant", *days, "--as", "bloc-head")
    assert done.code == exits.DONE, done.err
    assert "mốc covenant của lịch 2025-2026" in done.out


def test_a_milestone_that_there_is_not_is_told_with_those_that_there_are(autumn: Thidua) -> None:
    for words in (
        ("fulfil", "khoi", "covenat", "--as", "bloc-head"),
        ("fulfil", "khoi", "covenat", "--calendar", "2024-2025", "--as", "bloc-head"),
        ("owed", "--milestone", "covenat"),
    ):
        said = autumn("calendar", *words)
        assert said.code == exits.NOT_FOUND
        assert "covenant, initiative-list" in " ".join(said.err.split())


def test_a_word_is_given_with_a_paper_once_and_taken_back_with_a_reason(
    autumn: Thidua, tmp_path: Path
) -> None:
    assert autumn("clock", "set", "2024-10-20 09:00").code == exits.DONE
    paper = tmp_path / "giao-uoc.txt"
    paper.write_text("Giao ước thi đua", encoding="utf-8")
    refused = autumn("calendar", "fulfil", "khoi", "covenant", "--paper", str(paper), "--as", "bloc-head")
    assert refused.code == exits.REFUSED
    done = autumn("calendar", "fulfil", "khoi", "covenant", "--as", "bloc-head")
    assert done.code == exits.DONE, done.err
    again = autumn("calendar", "fulfil", "khoi", "covenant", "--as", "bloc-head")
    assert again.code == exits.REFUSED
    assert "đã được báo hoàn thành" in " ".join(again.err.split())
    other = autumn("calendar", "fulfil", "khoi", "covenant", "--as", "clerk")
    assert other.code == exits.REFUSED
    later = autumn("calendar", "fulfil", "khoi", "midyear-review", "--on", "2025-01-20", "--as", "bloc-head")
    assert later.code == exits.REFUSED
    back = autumn("calendar", "unfulfil", "khoi", "covenant", "--reason", "Ký nhầm", "--as", "bloc-head")
    assert back.code == exits.DONE, back.err
    owed = autumn("calendar", "owed", "--unit", "khoi", "--milestone", "covenant").out
    assert "còn 10 ngày" in owed


def test_own_dates_extensions_the_preview_and_the_feed_agree(autumn: Thidua, tmp_path: Path) -> None:
    assert autumn("clock", "set", "2024-09-10 09:00").code == exits.DONE
    days = ("--from", "2024-09-20", "--to", "2024-10-10")
    done = autumn("calendar", "own-dates", "khoi", "covenant", *days, "--as", "bloc-head")
    assert done.code == exits.DONE, done.err
    rows = autumn("calendar", "preview", "--person", "bloc-head", "--json").data["reminders"]
    assert {row["due"] for row in rows if row["milestone"] == "covenant"} == {"2024-10-10"}
    outside = autumn(
        "calendar",
        "own-dates",
        "khoi",
        "covenant",
        "--from",
        "2024-09-20",
        "--to",
        "2024-11-10",
        "--as",
        "bloc-head",
    )
    assert outside.code == exits.REFUSED
    longer = autumn(
        "calendar",
        "extend",
        "khoi",
        "covenant",
        "--until",
        "2024-11-06",
        "--reason",
        "Bão",
        "--as",
        "office-head",
    )
    assert longer.code == exits.DONE, longer.err
    feed = tmp_path / "lich.ics"
    assert autumn("calendar", "feed", "bloc-head", "--out", str(feed)).code == exits.DONE
    assert b"DTSTART;VALUE=DATE:20241106" in feed.read_bytes()


def test_a_new_version_of_a_running_calendar_shows_what_it_moves_first(
    thidua: Thidua, cli_office: Office, tmp_path: Path
) -> None:
    code = cli_office.dossier_at("ready")
    assert thidua("clock", "set", "2025-06-16 09:00").code == exits.DONE
    root = Path(__file__).resolve().parents[2]
    text = (root / "regulations/calendars/2024-2025.yaml").read_text(encoding="utf-8")
    file = tmp_path / "lich.yaml"
    file.write_text(text.replace("last_day: 2025-06-30", "last_day: 2025-06-25", 1), encoding="utf-8")
    said = thidua("calendar", "publish", str(file), "--dry-run")
    assert said.code == exits.DONE, said.err
    assert code in said.out
    assert "25/06/2025" in said.out
