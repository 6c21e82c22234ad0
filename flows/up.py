"""Everything on one machine: Prefect's server, the flows with their schedules, the postbox, the pages. Ends as a whole.

Each process leads a group of its own, so that a Ctrl-C reaches only this one, which ends the others in their order:
first what runs flows, then the server that it talks to. A process that dies is started again; what it would have done
meanwhile is worked out from facts by its next run.
"""

from __future__ import annotations

import ipaddress
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casework.ledger import RunDone, newest_run, runs_since
from flows.environment import HOST, prefect_environment, prefect_folder
from kit.clock import stopwatch
from kit.database import Database
from kit.settings import ROOT, Settings
from rules.reasons import Reason, Refused, refuse_if

#: seconds that Prefect's server may take until it answers, on a slow machine
STARTS_WITHIN = 180.0
#: seconds that a process may take to end before it is ended by force
ENDS_WITHIN = 8.0
#: seconds between two starts of a process that keeps dying
_RESTS = 5.0

Tell = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Beside:
    """A further process that a caller wants beside the others: it listens at ``host`` and ``port`` and ends when its
    standard input closes. ``arguments`` are Python's; ``setting`` names its port, ``told`` the text that tells it.
    """

    name: str
    arguments: tuple[str, ...]
    host: str
    port: int
    setting: str
    told: str

    @property
    def address(self) -> str:
        """Where a browser of this machine finds it."""
        return f"http://{'localhost' if _is_loopback(self.host) else self.host}:{self.port}"


@dataclass
class _Child:
    """One process, the leader of a group, with its log."""

    name: str
    arguments: tuple[str, ...]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started: float = field(default=-_RESTS)

    def start(self) -> None:
        self.started = stopwatch()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *self.arguments],
                # Closes when this process ends, however it ends: by that the child knows.
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env=self.environment,
                cwd=ROOT,
                start_new_session=True,
            )

    @property
    def has_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def end(self) -> None:
        """End it, and whatever it started, for good."""
        process, self.process = self.process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(ENDS_WITHIN)
        with suppress(ProcessLookupError, PermissionError):
            # What it left behind; a group lives on as long as one of its members does.
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if process.stdin is not None:
            process.stdin.close()


def run_up(
    settings: Settings,
    tell: Tell,
    told_run: Callable[[RunDone], None],
    flows: Sequence[str] = (),
    beside: Sequence[Beside] = (),
) -> None:
    """Start all of it, tell of each run that ends, and end all of it on SIGINT or SIGTERM.

    ``tell`` is given codes of the catalogue `terminal`; ``flows`` are those to be served, by default all. What is
    ``beside`` is started first, since it needs nobody, and ends first, since people are at it.

    Raises:
        Refused: a port is taken, or Prefect's server did not start.
        StorageTrouble: the home is not prepared or cannot be read.
    """
    # The server of this machine, whatever else may be asked; and a folder that other processes find as well.
    here: dict[str, Any] = {"prefect_api": "", "home": settings.home.resolve()}
    if not settings.page:
        # Letters link to the pages where these are. Where others reach the machine, the office says under which name.
        here["page"] = next((other.address for other in beside if _is_loopback(other.host)), "")
    settings = Settings(**settings.model_dump() | here)
    ports = [(HOST, settings.prefect_port, "THIDUA_PREFECT_PORT")]
    ports += [(other.host, other.port, other.setting) for other in beside]
    refuse_if(
        Reason("port_taken", {"port": port, "setting": setting})
        for host, port, setting in ports
        if not _is_free(host, port)
    )
    ending = threading.Event()
    with ExitStack() as all_of_it:
        all_of_it.enter_context(_signals(ending))
        database = Database(settings.url, synchronous=settings.sqlite_synchronous)
        all_of_it.callback(database.close)
        with database.read() as connection:
            ledger = _Ledger(newest_run(connection))
        logs = _logs(settings)
        environment = prefect_environment(settings)
        child = ("-m", "flows.child")
        server = _Child("server", (*child, "server"), environment, logs / "server.log")
        serve = _Child("serve", (*child, "serve", *flows), environment, logs / "flows.log")
        others = [_Child(o.name, o.arguments, environment, logs / f"{o.name}.log") for o in beside]
        tell("up_starting")
        postbox = _postbox(settings)
        if postbox is not None:
            postbox.start()
            all_of_it.callback(postbox.stop)
        for started in (server, serve, *others):
            all_of_it.callback(started.end)
        all_of_it.callback(tell, "up_ending")
        for other, known in zip(others, beside, strict=True):
            other.start()
            tell(known.told, page=known.address)
        server.start()
        _wait_until_it_answers(settings, server, ending)
        if not ending.is_set():
            serve.start()
            tell("up_ready", page=settings.prefect_address.removesuffix("/api"))
            where = {"host": settings.mail_host, "port": settings.mail_port}
            tell("up_no_postbox" if postbox is None else "up_postbox", **where)
            tell("up_logs", folder=str(logs))
        while not ending.wait(1.0):
            _keep_alive(settings, server, (serve, *others), ending)
            for run in ledger.ended(database):
                told_run(run)
    tell("up_ended")


def _keep_alive(
    settings: Settings, server: _Child, others: Sequence[_Child], ending: threading.Event
) -> None:
    if server.has_ended and stopwatch() - server.started > _RESTS:
        server.end()
        server.start()
        _wait_until_it_answers(settings, server, ending)
    for other in others:
        if other.has_ended and stopwatch() - other.started > _RESTS and not ending.is_set():
            other.end()
            other.start()


class _Ledger:
    """Which runs were told already."""

    def __init__(self, after: int) -> None:
        self.after = after
        self.told: set[int] = set()

    def ended(self, database: Database) -> Iterator[RunDone]:
        """The runs that ended since it was last asked."""
        with database.read() as connection:
            runs = runs_since(connection, self.after)
        for run in runs:
            if run.standing != "running" and run.id not in self.told:
                self.told.add(run.id)
                yield run
        while self.after + 1 in self.told:
            self.after += 1
            self.told.discard(self.after)


@contextmanager
def _signals(ending: threading.Event) -> Iterator[None]:
    """SIGINT and SIGTERM set ``ending``; a second one is heard as well, and changes nothing."""
    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda *_: ending.set()) for number in signals]
    try:
        yield
    finally:
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)


def _logs(settings: Settings) -> Path:
    """The folder of the logs; those of the last time get another name, so that none grows for ever."""
    folder = prefect_folder(settings) / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    for log in folder.glob("*.log"):
        log.replace(log.with_suffix(".before"))
    return folder


def _wait_until_it_answers(settings: Settings, server: _Child, ending: threading.Event) -> None:
    began = stopwatch()
    while not ending.is_set() and not _answers(settings.prefect_address):
        if server.has_ended or stopwatch() - began > STARTS_WITHIN:
            server.end()
            raise Refused([Reason("prefect_did_not_start", {"log": str(server.log)})])
        ending.wait(0.3)


def _answers(address: str) -> bool:
    try:
        # Our own address on the loopback, from the settings.
        with urllib.request.urlopen(f"{address}/health", timeout=2) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as tried:
        # As servers do: a port that is only waiting for its last packets is free.
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError:
            return False
    return True


def _postbox(settings: Settings) -> Any:
    """The home's own postbox, where letters go to this machine and nobody takes them yet."""
    host = "127.0.0.1" if settings.mail_host == "localhost" else settings.mail_host
    if not _is_loopback(host) or not _is_free(host, settings.mail_port):
        return None
    from notifications.postbox import Postbox

    return Postbox(settings.home / "postbox", host, settings.mail_port)
