"""The year enforced by Prefect, seen: a deadline passes, the late dossier lapses, its letters come, nothing doubles."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from casework.history import ENTRY
from casework.home_clock import set_clock
from casework.ledger import RUN
from casework.people import PERSON
from kit.database import Database
from kit.settings import Settings
from notifications.postbox import Kept, letters_in
from notifications.words import say_reason
from rules.reasons import Refused
from tests.build import Office, office_in
from tests.calendar.plans import LADDER, at, publish_plan
from tests.flows.machine import Told, answers, ask, free_port, processes_of, until
from tests.flows.test_up import deployment, once_each, scheduled

FLOWS = ("tick", "deliver")
JUNE = {"remind": LADDER, "unmet": "lapse", "warn_from": -1, "duty": ["clerk", "principal"]}
APPRAISAL = {"remind": LADDER, "unmet": "red", "duty": ["appraiser"]}


@pytest.fixture
def settings(sqlite_files: dict[str, Path], tmp_path: Path) -> Settings:
    """A home on the eve of the last day of June, with a postbox and a Prefect at ports of their own."""
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(sqlite_files["office"], home / "thidua.sqlite3")
    return Settings(home=home, prefect_port=free_port(), mail_port=free_port(), database_url="")


@pytest.fixture
def office(settings: Settings) -> Iterator[Office]:
    """The small office, its people with addresses, its calendar with ladders in June."""
    opened = Database(settings.url)
    made = office_in(opened)
    with opened.write() as connection:
        connection.execute(PERSON.update().values(email=PERSON.c.code + "@mau.example"))
    publish_plan(made, dossier_completion=JUNE, preliminary_appraisal=APPRAISAL)
    yield made
    opened.close()


@pytest.fixture
def up(settings: Settings) -> Iterator[Told]:
    environment = {
        "THIDUA_HOME": str(settings.home),
        "THIDUA_PREFECT_PORT": str(settings.prefect_port),
        "THIDUA_MAIL_PORT": str(settings.mail_port),
    }
    told = Told(["-m", "tests.flows.up_driver", *FLOWS], environment)
    yield told
    told.close()
    for process in processes_of(f"THIDUA_HOME={settings.home}"):
        os.kill(process, signal.SIGKILL)


def stand_at(office: Office, moment: datetime) -> None:
    set_clock(office.database, "fixed", moment, office.call(None, "2025-07-01"))


def post_for(settings: Settings, person: str, kind: str) -> list[Kept]:
    address = f"{person}@mau.example"
    return [
        letter
        for letter in letters_in(settings.home / "postbox")
        if address in letter.to and letter.message_id.startswith(f"<{kind}.")
    ]


def test_a_deadline_passes_by_a_scheduled_run_and_a_killed_server_doubles_nothing(
    settings: Settings, office: Office, up: Told
) -> None:
    late, red = office.dossier_at("ready"), office.dossier_at("at_education_office")
    stand_at(office, at("2025-06-29T07:30:00"))
    up.wait_for("up_ready", 90)
    until(
        lambda: len(ask(settings.prefect_address, "deployments/filter", {})) == len(FLOWS),
        60,
        f"the flows' deployments: {up.lines}",
    )
    scheduled(settings, up, "tick")
    scheduled(settings, up, "deliver")
    (warned,) = until(lambda: post_for(settings, "clerk", "lapse_warning"), 40, f"the warning: {up.lines}")
    assert late in warned.text

    # The window closes at midnight; the next scheduled tick lets the dossier lapse, and its school is told.
    stand_at(office, at("2025-07-01T07:30:00"))
    scheduled(settings, up, "tick")
    assert office.row(late)["state_kind"] == "lapsed", up.lines
    scheduled(settings, up, "deliver")
    (told_of,) = until(
        lambda: post_for(settings, "clerk", "lapsed"), 40, f"the letter of the lapse: {up.lines}"
    )
    assert late in told_of.text
    (overdue,) = until(lambda: post_for(settings, "appraiser", "overdue"), 40, "the office's own reminder")
    assert red in overdue.text

    # What an office is late with turns red: its act is refused, with the way to ask for more time.
    assert office.row(red)["state_kind"] == "at_desk"
    with pytest.raises(Refused) as refusal:
        office.step(red, "appraise", "appraiser", "2025-07-01", support_rest=True)
    (reason,) = [r for r in refusal.value.reasons if r.code == "window_closed"]
    assert "gia hạn" in say_reason(reason, "vi")

    with office.database.read() as connection:
        runs = connection.execute(select(RUN).where(RUN.c.flow == "tick").order_by(RUN.c.id)).mappings().all()
    lapsing = next(run for run in runs if late in run["summary"].get("lapsed", ()))
    assert lapsing["business_day"].isoformat() == "2025-07-01"
    address = settings.prefect_address
    assert ask(address, f"flow_runs/{lapsing['prefect_run']}")["auto_scheduled"] is True
    found = ask(address, "artifacts/filter", {"flow_runs": {"id": {"any_": [lapsing["prefect_run"]]}}})
    assert "tick" in {artifact["key"] for artifact in found}

    sent = len(list(letters_in(settings.home / "postbox")))
    (server,) = [
        pid
        for pid, command in processes_of(f"THIDUA_HOME={settings.home}").items()
        if "flows.child server" in command
    ]
    # It dies with work before it.
    for flow in FLOWS:
        ask(address, f"deployments/{deployment(settings, flow)['id']}/schedules", once_each(1))
    os.kill(server, signal.SIGKILL)
    until(lambda: not answers(address), 10, "the server away")
    until(lambda: answers(address), 60, "the server back")
    scheduled(settings, up, "tick")
    scheduled(settings, up, "deliver")
    assert len(list(letters_in(settings.home / "postbox"))) == sent
    with office.database.read() as connection:
        lapses = select(ENTRY.c.seq).where(ENTRY.c.event == "lapse")
        assert len(connection.execute(lapses).all()) == 1
