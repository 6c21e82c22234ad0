"""What somebody new meets at the terminal: one screen to begin with, and words that say what to do."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import update

from casework.access import DUTY
from casework.routing import UNIT
from cli import exits
from rules.windows import LOCAL
from tests.build import Office
from tests.cli.conftest import Thidua


@pytest.fixture
def july(thidua: Thidua, cli_office: Office) -> Thidua:
    """The home of the small office on 2 July 2025: the districts have ended, and so have their duties."""
    with cli_office.database.write() as connection:
        last_day = date(2025, 6, 30)
        connection.execute(update(UNIT).where(UNIT.c.code == "pgd").values(until=last_day))
        connection.execute(
            update(DUTY).where(DUTY.c.unit_id == cli_office.units["pgd"]).values(until=last_day)
        )
    at = datetime(2025, 7, 2, 8, tzinfo=LOCAL)
    assert thidua("clock", "set", at.strftime("%Y-%m-%d %H:%M")).code == exits.DONE
    return thidua


def test_the_status_of_many_dossiers_fits_one_screen_and_says_how_to_see_the_rest(
    thidua: Thidua, cli_office: Office
) -> None:
    for _ in range(30):
        cli_office.open()
    said = thidua("status")
    assert said.code == exits.DONE, said.err
    lines = said.out.splitlines()
    assert len(lines) <= 40
    assert max(map(len, lines)) <= 100
    assert lines[0].startswith("Tính đến") and "30 hồ sơ" in lines[0]
    assert lines[2] == "Việc đang chờ ai"
    assert "thidua dossier list" in lines[-1]
    assert len(thidua("status", "--json").data["dossiers"]) == 30


def test_what_is_late_stands_in_the_status_with_its_day(july: Thidua, cli_office: Office) -> None:
    code = cli_office.open()
    said = july("status")
    assert "Quá hạn: 1 hồ sơ" in said.out
    assert any(line.startswith(code) and "30/10/2024" in line for line in said.out.splitlines())


def test_whoever_opens_a_dossier_too_late_is_told_what_follows(thidua: Thidua, cli_office: Office) -> None:
    assert thidua("clock", "set", "2025-06-11").code == exits.DONE
    said = thidua(
        "dossier",
        "open",
        "th-mau-1",
        "--year",
        "2024-2025",
        "--procedure",
        "three-tier-2024",
        "--as",
        "clerk",
    )
    assert said.code == exits.DONE, said.err
    assert "đã qua, vào hết thứ Tư 30/10/2024" in said.out.replace("\n", " ")
    assert "thidua calendar windows th-mau-1" in said.out.replace("\n", " ")


def test_the_refusal_of_an_ended_office_names_the_act_that_helps(july: Thidua, cli_office: Office) -> None:
    code = cli_office.dossier_at("at_education_office")
    said = july("return", code, "--reason", "Thiếu biên bản.", "--as", "appraiser")
    assert said.code == exits.REFUSED
    assert "thidua succession publish" in " ".join(said.err.split())
    assert "đã kết thúc hoạt động vào hết 30/06/2025" in " ".join(said.err.split())


def test_the_doctor_names_a_dossier_by_its_code_and_the_command_that_mends(
    july: Thidua, cli_office: Office
) -> None:
    code = cli_office.dossier_at("at_education_office")
    said = july("doctor")
    assert said.code == exits.FOUND
    assert code in said.err and "dossier:1" not in said.err
    assert f"thidua dossier pass-on {code}" in " ".join(said.err.split())
