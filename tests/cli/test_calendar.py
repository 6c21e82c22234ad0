"""Calendars and holidays from the terminal: checked by grade, refused with faults, rolled on to the next year."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli import exits
from tests.cli.conftest import Thidua, fingerprint, runner

ROOT = Path(__file__).resolve().parents[2]
CALENDARS = ROOT / "regulations" / "calendars"
CALENDAR = CALENDARS / "2024-2025.yaml"


def changed(folder: Path, old: str, new: str) -> Path:
    """A copy of the real calendar with one change."""
    text = CALENDAR.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file = folder / "changed.yaml"
    file.write_text(text.replace(old, new), encoding="utf-8")
    return file


FAULTY = ("  portal-filing:\n", "  portal:\n")


@pytest.fixture
def without_home(empty_home: Path, capsys: pytest.CaptureFixture[str]) -> Thidua:
    """Run a command where no home was prepared."""
    return runner(capsys)


def test_without_a_home_a_calendar_is_held_against_the_programs_own_files(
    without_home: Thidua, empty_home: Path
) -> None:
    said = without_home("calendar", "check", str(CALENDAR))
    assert (said.code, said.err) == (exits.DONE, "")
    assert "Cần xem lại: 7" in said.out
    assert "dòng 78: Mốc midyear-review hết hạn vào ngày nghỉ: thứ Sáu 31/01/2025." in said.out
    assert said.out.index("Cần xem lại") < said.out.index("Ghi chú")
    assert not empty_home.exists()


def test_findings_are_data_too(without_home: Thidua) -> None:
    said = without_home("calendar", "check", str(CALENDAR), "--json", "--lang", "en")
    assert said.code == exits.DONE
    assert (said.data["name"], said.data["faults"]) == ("2024-2025", [])
    grades = [finding["grade"] for finding in said.data["findings"]]
    assert grades == sorted(grades, key=["fault", "warning", "note"].index)
    first = said.data["findings"][0]
    assert first["code"] == "dated_after_opening"
    assert first["text"].startswith("The plan is dated Tuesday 15/10/2024")


def test_a_fault_of_the_order_is_told_with_its_line_and_is_the_exit_code(
    without_home: Thidua, tmp_path: Path
) -> None:
    file = changed(tmp_path, *FAULTY)
    said = without_home("calendar", "check", str(file))
    assert said.code == exits.UNSOUND
    assert "[step_without_window]" in said.err
    assert "Cần xem lại" in said.out
    as_data = without_home("calendar", "check", str(file), "--json")
    assert as_data.code == exits.UNSOUND
    assert as_data.data["error"] == "unsound"
    assert {fault["code"] for fault in as_data.data["faults"]} == {"step_without_window", "never_met"}


def test_in_a_home_a_calendar_is_held_against_what_the_home_has(thidua: Thidua) -> None:
    # The small office has published one procedure and no holidays.
    found = thidua("calendar", "check", str(CALENDAR), "--json").data["findings"]
    assert [f["params"]["year"] for f in found if f["code"] == "holidays_unknown"] == [2024, 2025]
    assert "ower_abolished" not in {f["code"] for f in found}


@pytest.mark.parametrize("option", [(), ("--dry-run",), ("--json",)])
def test_a_calendar_with_a_fault_is_not_published(
    option: tuple[str, ...], thidua: Thidua, home: Path, tmp_path: Path
) -> None:
    file = changed(tmp_path, *FAULTY)
    before = fingerprint(home)
    said = thidua("calendar", "publish", str(file), *option)
    assert said.code == exits.UNSOUND
    assert "step_without_window" in said.out + said.err
    assert fingerprint(home) == before


def test_holidays_are_checked_published_listed_and_shown(thidua: Thidua, tmp_path: Path) -> None:
    file = ROOT / "regulations" / "holidays" / "2025.yaml"
    assert thidua("holidays", "check", str(file)).code == exits.DONE
    assert thidua("holidays", "show", "2025").code == exits.NOT_FOUND
    assert thidua("holidays", "publish", str(file), "--dry-run").code == exits.DONE
    assert thidua("holidays", "list", "--json").data["versions"] == []
    assert thidua("holidays", "publish", str(file)).code == exits.DONE
    assert [row["name"] for row in thidua("holidays", "list", "--json").data["versions"]] == ["2025"]
    shown = thidua("holidays", "show", "2025")
    assert "thứ Bảy 26/04/2025" in shown.out and "làm bù" in shown.out
    assert "Chưa đối chiếu" in shown.out
    days = thidua("holidays", "show", "2025", "--json").data["days"]
    assert [row["day"] for row in days] == sorted(row["day"] for row in days)
    assert [row["day"] for row in days if row["worked"]] == ["2025-04-26"]
    broken = tmp_path / "broken.yaml"
    broken.write_text(file.read_text(encoding="utf-8").replace("2025-04-26", "2025-04-25"), encoding="utf-8")
    said = thidua("holidays", "check", str(broken))
    assert said.code == exits.UNSOUND
    assert "[worked_on_a_weekday]" in said.err


def test_init_publishes_the_holidays_and_all_calendars(without_home: Thidua) -> None:
    assert without_home("init", "--json").code == exits.DONE
    names = [row["name"] for row in without_home("holidays", "list", "--json").data["versions"]]
    assert names == ["2024", "2025", "2026", "2027"]
    calendars = [row["name"] for row in without_home("calendar", "list", "--json").data["versions"]]
    assert calendars == ["2024-2025", "2024-2025-two-tier", "2025-2026", "2026-2027"]


def test_next_years_calendar_is_proposed_as_a_file_that_can_be_published(
    without_home: Thidua, tmp_path: Path
) -> None:
    out = tmp_path / "next.yaml"
    said = without_home("calendar", "roll", "2026-2027", "2027-2028", "--out", str(out))
    assert said.code == exits.DONE
    assert "Chủ nhật 31/10/2027. [covenant]" in said.out
    assert "[end_moved]" in said.out
    assert without_home("calendar", "check", str(out)).code == exits.DONE
    assert without_home("init", "--json").code == exits.DONE
    assert without_home("calendar", "publish", str(out)).code == exits.DONE
    assert "2027-2028" in without_home("calendar", "show", "2027-2028").out


def test_a_proposal_is_printed_and_never_written_over_a_file(without_home: Thidua, tmp_path: Path) -> None:
    printed = without_home("calendar", "roll", "2024-2025", "2025-2026")
    assert printed.code == exits.DONE
    assert "calendar: 2025-2026-three-tier-2024\n" in printed.out
    assert "kế tục: Phòng Văn hóa - Xã hội (culture_society_office)" in printed.out
    as_data = without_home("calendar", "roll", "2024-2025", "2025-2026", "--json").data
    assert as_data["text"] == printed.out
    assert {remark["code"] for remark in as_data["remarks"]} == {
        "actor_succeeded",
        "end_on_day_off",
        "procedure_ended",
    }
    there = tmp_path / "there.yaml"
    there.write_text("mine\n", encoding="utf-8")
    said = without_home("calendar", "roll", "2024-2025", "2025-2026", "--out", str(there))
    assert said.code == exits.STORAGE
    assert there.read_text(encoding="utf-8") == "mine\n"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("2024-2025", "2024-2025"), exits.USAGE),
        (("2025-2026", "2024-2025"), exits.USAGE),
        (("2024-2025", "2025-2027"), exits.USAGE),
        (("2024-2025", "next"), exits.USAGE),
        (("no-such", "2025-2026"), exits.NOT_FOUND),
    ],
)
def test_what_cannot_be_rolled_is_told(arguments: tuple[str, str], code: int, without_home: Thidua) -> None:
    assert without_home("calendar", "roll", *arguments).code == code
