"""`thidua up` with a real Prefect server: scheduled runs, the pages, an end without a trace, a server that dies."""

from __future__ import annotations

import os
import re
import shutil
import signal
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from casework.audit.seals import SEAL
from casework.home_clock import set_clock
from casework.ledger import RUN
from casework.record_step import OUTBOX
from flows.monitor import recent_runs
from kit.clock import wall_now
from kit.database import Database
from kit.settings import Settings
from tests.build import noon, office_in
from tests.flows.machine import Told, answers, ask, free_port, is_free, processes_of, until

# Those that need nobody else: no calendar, no mail server.
FLOWS = ("seal", "watch")


@pytest.fixture(scope="module")
def settings(sqlite_files: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home on 16 June 2025 whose Prefect has a port of its own; both tests start it, the second finds the first's."""
    home = tmp_path_factory.mktemp("up") / "home"
    home.mkdir()
    shutil.copy(sqlite_files["office"], home / "thidua.sqlite3")
    # Not on this machine: no postbox is wanted.
    ports = {"prefect_port": free_port(), "page_port": free_port()}
    settings = Settings(home=home, mail_host="mail.example", database_url="", **ports)
    database = Database(settings.url)
    office = office_in(database)
    set_clock(database, "fixed", noon("2025-06-16"), office.call(None, "2025-06-16"))
    database.close()
    return settings


@pytest.fixture
def up(settings: Settings) -> Iterator[Told]:
    environment = {
        "THIDUA_HOME": str(settings.home),
        "THIDUA_PREFECT_PORT": str(settings.prefect_port),
        "THIDUA_PAGE_PORT": str(settings.page_port),
        "THIDUA_MAIL_HOST": settings.mail_host,
    }
    told = Told(["-m", "tests.flows.up_driver", *FLOWS], environment)
    yield told
    told.close()
    for process in processes_of(f"THIDUA_HOME={settings.home}"):
        os.kill(process, signal.SIGKILL)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    opened = Database(settings.url)
    yield opened
    opened.close()


def deployment(settings: Settings, flow: str) -> dict[str, object]:
    return ask(settings.prefect_address, f"deployments/name/{flow}/thidua")


def scheduled(settings: Settings, up: Told, flow: str, count: int = 1) -> list[dict[str, Any]]:
    """Let Prefect schedule so many runs of a flow, a few seconds from now, and wait until they were told; gives all.

    Once each: a schedule of every few seconds would start a process, seconds of work, all the while a test waits for
    something else.
    """
    before = len(up.runs(flow))
    asked_at = 0.0

    def told() -> bool:
        nonlocal asked_at
        missing = before + count - len(up.runs(flow))
        known = deployment(settings, flow)
        # Who begins to serve it registers it anew, with its own schedule alone. A moment that had passed before the
        # scheduler saw it is passed over.
        ours = any("interval" in row["schedule"] for row in known["schedules"])
        if missing > 0 and not (ours and time.monotonic() < asked_at + 20):
            ask(settings.prefect_address, f"deployments/{known['id']}/schedules", once_each(missing))
            asked_at = time.monotonic()
        return missing <= 0

    # Long, for a machine on which others work too; whoever waits in vain is told all the same.
    until(told, 180, f"{count} scheduled runs of {flow}: {up.lines}")
    return up.runs(flow)


def once_each(count: int) -> list[dict[str, Any]]:
    """Schedules of Prefect that each start one run today: the first in three seconds, the others after it."""
    days = [wall_now() + timedelta(seconds=3 + number) for number in range(count)]
    return [
        {"schedule": {"interval": 86_400.0, "anchor_date": day.isoformat()}, "active": True} for day in days
    ]


def logs_of(settings: Settings) -> str:
    return "\n".join(path.read_text() for path in (settings.home / "prefect" / "logs").glob("*.log"))


def page_answers(settings: Settings) -> bool:
    """Whether the pages are there, and are ours."""
    with suppress(OSError), urllib.request.urlopen(settings.page_here, timeout=5) as answer:
        return "Thidua" in answer.read().decode()
    return False


def ledger(database: Database, flow: str) -> list[dict[str, object]]:
    with database.read() as connection:
        query = select(RUN).where(RUN.c.flow == flow).order_by(RUN.c.id)
        return [dict(row) for row in connection.execute(query).mappings()]


def test_a_scheduled_run_is_seen_by_prefect_and_by_the_ledger_and_the_end_leaves_nothing(
    settings: Settings, up: Told, database: Database
) -> None:
    up.wait_for("up_ready", 90)
    address = settings.prefect_address
    assert up.wait_for("up_pages", 1)["page"] == settings.page_here
    until(lambda: page_answers(settings), 10, "the pages")
    # What makes letters knows where they are.
    mark = f"THIDUA_PAGE={settings.page_here}\0"
    assert any("flows.child serve" in command for command in processes_of(mark).values())

    # Nothing was sealed today: that is made up for at once, without waiting for the night.
    up.wait_for("run", 40)
    (sealed,) = up.runs("seal")
    assert (sealed["standing"], sealed["summary"]["number"]) == ("done", 1)

    # Named deployments with schedules in the time of Viet Nam, switched on.
    known = {row["id"]: row["name"] for row in ask(address, "flows/filter", {})}
    deployments = ask(address, "deployments/filter", {})
    assert {known[row["flow_id"]] for row in deployments} == set(FLOWS)
    (night,) = deployment(settings, "seal")["schedules"]
    assert (night["schedule"]["cron"], night["schedule"]["timezone"], night["active"]) == (
        "30 23 * * *",
        "Asia/Ho_Chi_Minh",
        True,
    )

    scheduled(settings, up, "watch", 2)
    first = ledger(database, "watch")[0]
    seen = until(
        lambda: next(
            (
                row
                for row in [ask(address, f"flow_runs/{first['prefect_run']}")]
                if row["state_type"] == "COMPLETED"
            ),
            None,
        ),
        10,
        "the run's end in Prefect",
    )
    assert seen["auto_scheduled"] is True
    (artifact,) = ask(address, "artifacts/filter", {"flow_runs": {"id": {"any_": [first["prefect_run"]]}}})
    assert (artifact["key"], artifact["type"]) == ("watch", "table")
    assert (first["standing"], first["business_day"].isoformat()) == ("done", "2025-06-16")

    with database.read() as connection:
        told = recent_runs(connection, settings, flow="watch", limit=5)
        assert (told.source, told.away) == ("prefect", False)
        ours = next(run for run in told.runs if run["prefect_run"] == first["prefect_run"])
        assert (ours["flow"], ours["standing"], ours["summary"]) == ("watch", "done", first["summary"])

    # Within seconds.
    assert up.end(signal.SIGTERM, 20) == 0
    assert up.lines[-1]["told"] == "up_ended"
    assert processes_of(f"THIDUA_HOME={settings.home}") == {}
    assert is_free(settings.prefect_port)
    assert is_free(settings.page_port)
    assert not up.errors
    assert not re.search(r"ERROR|CRITICAL|Traceback|WARNING|Warning", logs_of(settings))

    with database.read() as connection:
        told = recent_runs(connection, settings, limit=5)
    assert (told.source, told.away) == ("ledger", True)
    assert {run["flow"] for run in told.runs} == {"seal", "watch"}


def test_a_server_that_is_killed_comes_back_and_a_killed_parent_takes_all_with_it(
    settings: Settings, up: Told, database: Database
) -> None:
    up.wait_for("up_ready", 90)
    scheduled(settings, up, "watch")
    mark = f"THIDUA_HOME={settings.home}"
    (server,) = [pid for pid, command in processes_of(mark).items() if "flows.child server" in command]
    (pages,) = [pid for pid, command in processes_of(mark).items() if "web.serve" in command]
    os.kill(server, signal.SIGKILL)
    os.kill(pages, signal.SIGKILL)
    until(lambda: not answers(settings.prefect_address), 10, "the server away")
    until(lambda: answers(settings.prefect_address), 60, "the server back")
    until(lambda: page_answers(settings), 30, "the pages back")
    scheduled(settings, up, "watch")

    # Nothing doubled: each of Prefect's runs worked once, the day was sealed once, nobody is told twice.
    runs = [row["prefect_run"] for flow in FLOWS for row in ledger(database, flow)]
    assert len(runs) == len(set(runs))
    with database.read() as connection:
        assert [row.number for row in connection.execute(select(SEAL))] == [1]
        subjects = list(connection.execute(select(OUTBOX.c.subject, OUTBOX.c.person_id)))
    assert len(subjects) == len(set(subjects))

    os.kill(up.process.pid, signal.SIGKILL)
    up.process.wait()
    until(lambda: not processes_of(mark), 20, "the children's end")
    assert is_free(settings.prefect_port)
    assert is_free(settings.page_port)
