"""What docs/scale-out.md says, done: one Prefect server on PostgreSQL, a work pool, two workers, two offices."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import make_url, select

from casework.audit.seals import SEAL
from casework.ledger import RUN
from casework.running import settings_of
from flows.environment import QUIET
from kit.database import Database
from kit.settings import Settings
from tests.conftest import new_postgres_database
from tests.flows.machine import QUICK, ROOT, answers, ask, free_port, processes_of, until

PARTS = ("hue", "da-nang")
FLOWS = ("seal", "watch")
RUNS_EACH = 3

pytestmark = [pytest.mark.hard, pytest.mark.whole, pytest.mark.postgres]


@contextmanager
def running(arguments: list[str], environment: dict[str, str], log: Path) -> Iterator[int]:
    """A process while the block lasts; ended by force with what it started."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            stdout=out,
            stderr=out,
            env=environment,
            cwd=ROOT,
            start_new_session=True,
        )
    try:
        yield process.pid
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, 9)
        process.wait()


@contextmanager
def prefects_database(folder: Path) -> Iterator[str]:
    """Where Prefect keeps its records: on a PostgreSQL of this machine, if there is one.

    Prefect wants the extension `pg_trgm`, which the server of our other tests does not bring; without a server that
    does, its records go to a file here, and only the offices are on PostgreSQL.
    """
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not installed or not list(Path("/usr/share/postgresql").glob("*/extension/pg_trgm.control")):
        print("Prefect's records: SQLite, for want of a PostgreSQL with pg_trgm")
        yield f"sqlite+aiosqlite:///{folder / 'prefect.sqlite3'}"
        return
    bin_ = installed[-1].parent
    # It refuses to run as root, and the path of a socket must be short.
    user = "postgres" if os.geteuid() == 0 else None
    home = Path(tempfile.mkdtemp(prefix="thidua-"))
    if user:
        shutil.chown(home, user)
    arguments = ["-D", str(home / "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"]
    subprocess.run([bin_ / "initdb", *arguments], check=True, capture_output=True, user=user, cwd="/")
    server = subprocess.Popen(
        [bin_ / "postgres", "-D", home / "data", "-k", home, "-c", "listen_addresses=", "-c", "fsync=off"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        user=user,
        cwd="/",
    )
    try:
        until((home / ".s.PGSQL.5432").exists, 30, "PostgreSQL")
        yield f"postgresql+asyncpg://postgres@/postgres?host={home}"
    finally:
        # "Fast": whoever is still connected is sent away.
        server.send_signal(signal.SIGINT)
        server.wait(30)
        shutil.rmtree(home, ignore_errors=True)


def test_two_workers_serve_two_offices_and_nothing_is_doubled(
    postgres_url: str, postgres_databases: dict[str, str], tmp_path: Path
) -> None:
    with ExitStack() as stack:
        prefect = stack.enter_context(prefects_database(tmp_path))
        offices = {
            part: stack.enter_context(new_postgres_database(postgres_url, postgres_databases["office"]))
            for part in PARTS
        }
        # Each office's database is named after it; here the test names them, so each gets a home of that name.
        settings = {part: Settings(home=tmp_path / part, database_url=url) for part, url in offices.items()}
        port = free_port()
        address = f"http://127.0.0.1:{port}/api"
        environment = {
            **os.environ,
            **QUIET,
            **QUICK,
            "PYTHONPATH": str(ROOT),
            "PREFECT_HOME": str(tmp_path / "prefect"),
            "PREFECT_API_URL": address,
            "PREFECT_SERVER_API_HOST": "127.0.0.1",
            "PREFECT_SERVER_API_PORT": str(port),
            "PREFECT_API_DATABASE_CONNECTION_URL": prefect,
            "THIDUA_HOME": str(tmp_path),
            "THIDUA_MAIL_HOST": "mail.example",
        }
        names = [make_url(url).database for url in offices.values()]
        assert all(names)
        common = make_url(offices["hue"]).set(database="thidua_test_{part}")
        environment["THIDUA_DATABASE_URL"] = common.render_as_string(hide_password=False).replace(
            "%7Bpart%7D", "{part}"
        )
        # The code of an office is what its database is called by.
        codes = {
            str(name).removeprefix("thidua_test_"): part for part, name in zip(PARTS, names, strict=True)
        }
        for code in codes:
            (tmp_path / code).mkdir()
            given = Settings(home=tmp_path, database_url=environment["THIDUA_DATABASE_URL"])
            assert settings_of(given, code).url in offices.values()

        stack.enter_context(running(["flows.server"], environment, tmp_path / "server.log"))
        until(lambda: answers(address), 120, "the server")

        def done(*arguments: str) -> str:
            answer = subprocess.run(
                [sys.executable, "-m", *arguments], capture_output=True, text=True, env=environment, cwd=ROOT
            )
            assert answer.returncode == 0, answer.stderr
            return answer.stdout

        done("prefect", "work-pool", "create", "thidua", "--type", "process")
        parts = [word for code in codes for word in ("--part", code)]
        registered = done("flows.serve", "--pool", "thidua", *parts, *FLOWS).split()
        assert sorted(registered) == sorted(f"{flow}/{code}" for flow in FLOWS for code in codes)
        runs = {}
        for name in registered:
            known = ask(address, f"deployments/name/{name}")
            for _ in range(RUNS_EACH):
                run = ask(address, f"deployments/{known['id']}/create_flow_run", {})
                runs[run["id"]] = name
        for worker in ("one", "two"):
            command = ["prefect", "worker", "start", "--pool", "thidua", "--name", worker, "--limit", "1"]
            stack.enter_context(running(command, environment, tmp_path / f"{worker}.log"))

        def all_ended() -> bool:
            states = [ask(address, f"flow_runs/{run}")["state_type"] for run in runs]
            assert "FAILED" not in states
            assert "CRASHED" not in states
            return set(states) == {"COMPLETED"}

        until(all_ended, 240, "all runs")

        # Both had work to do, and each run was done once, in the database of its own office.
        for worker in ("one", "two"):
            assert "Completed" in (tmp_path / f"{worker}.log").read_text(), worker
        for code, part in codes.items():
            database = Database(settings[part].url)
            with database.read() as connection:
                ledger = connection.execute(select(RUN)).mappings().all()
                seals = connection.execute(select(SEAL).order_by(SEAL.c.number)).mappings().all()
            database.close()
            assert sorted(row["prefect_run"] for row in ledger) == sorted(
                run for run, name in runs.items() if name.endswith(f"/{code}")
            )
            assert {row["standing"] for row in ledger} == {"done"}
            assert {row["part"] for row in ledger} == {code}
            # Sealed three times on one day, with nothing new after the first.
            assert [row["number"] for row in seals] == [1]
            assert [path.name for path in (tmp_path / code / "seals").iterdir()] == [seals[0]["file"]]
    assert processes_of(f"THIDUA_HOME={tmp_path}") == {}
