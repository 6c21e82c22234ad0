"""What every command is given: the settings, the language, the database of the home, and the screen."""

from __future__ import annotations

import getpass
import os
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cli.screen import Screen
from notifications.words import say

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

    from casework.call import Call
    from kit.database import Database
    from kit.settings import Settings


@dataclass
class Terminal:
    """One run of `thidua`. ``about`` is the dossier that a refusal speaks of; ``json`` asks for data, not words."""

    lang: str = "vi"
    home: str | None = None
    json: bool = False
    screen: Screen = field(default_factory=Screen)
    about: str | None = None

    @cached_property
    def settings(self) -> Settings:
        """The settings from the environment, with the home that `--home` names."""
        from kit.settings import Settings

        given: dict[str, Any] = {} if self.home is None else {"home": self.home}
        return Settings(**given)

    def say(self, code: str, **params: Any) -> str:
        """A text of the catalogue `terminal` in the reader's language."""
        return say(f"terminal.{code}", params, self.lang)

    def told(self, catalogue: str, code: str, **params: Any) -> str:
        """A text of another catalogue in the reader's language."""
        return say(f"{catalogue}.{code}", params, self.lang)

    def word(self, vocabulary: str, value: str | None) -> str:
        """What is said of one of the program's own words."""
        return say(f"{vocabulary}.{value}", None, self.lang) if value else ""

    @contextmanager
    def database(self, *, prepared: bool = True) -> Iterator[Database]:
        """The database of the home, open.

        Raises:
            StorageTrouble: it cannot be opened, or (``prepared``) there is none yet.
        """
        from kit.database import Database, StorageTrouble

        settings = self.settings
        # A SQLite file that is missing would be made by opening it: asking for a list must change nothing.
        if prepared and not settings.database_url and not (settings.home / "thidua.sqlite3").is_file():
            raise StorageTrouble("database_not_prepared", str(settings.home))
        database = Database(settings.url, synchronous=settings.sqlite_synchronous)
        try:
            yield database
        finally:
            database.close()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read with."""
        with self.database() as database, database.read() as connection:
            yield connection

    @contextmanager
    def alone(self, home: Path | None = None) -> Iterator[None]:
        """Nobody else prepares or plays the home meanwhile: who is at it already is named and waited for.

        Raises:
            StorageTrouble: the home cannot be made or written.
        """
        from kit.clock import wall_now
        from kit.database import StorageTrouble
        from kit.one_at_a_time import Holder, one_at_a_time

        def tell(holder: Holder) -> None:
            self.screen.complain(self.say("home_busy", who=holder.who, since=holder.since))

        user = self.via.partition(":")[2]
        with ExitStack() as held:
            try:
                held.enter_context(one_at_a_time(home or self.settings.home, user, wall_now(), tell))
            except OSError as error:
                raise StorageTrouble("database_unreachable", str(error)) from error
            yield

    @property
    def via(self) -> str:
        """The door as the history names it: who sat at the terminal, whoever the act was done as."""
        try:
            user = getpass.getuser()
        except (KeyError, OSError, ImportError):
            user = f"uid-{os.getuid()}" if hasattr(os, "getuid") else "unknown"
        return f"terminal:{user}"[:80]

    def call(self, database: Database, person: str | None, key: str | None = None) -> Call:
        """A request of this terminal, as ``person`` where one is named, by the home's clock.

        Raises:
            Refused: there is no such person.
        """
        from casework.call import Call
        from casework.home_clock import business_now
        from casework.people import person_by_code

        with database.read() as connection:
            now = business_now(connection)
            actor = person_by_code(connection, person)["id"] if person is not None else None
        return Call(actor, now, key or f"terminal-{uuid.uuid4()}", self.via)
