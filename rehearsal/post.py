"""The letters of a rehearsal: really composed, really sent over SMTP, into a postbox of the home's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from casework.running import RUNS
from kit.database import Database
from kit.settings import Settings
from notifications.postbox import Postbox


class Post:
    """A postman with a postbox beside him. He works by the home's day, and by real time between the two."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings
        self.sent = 0

    def go(self, now: datetime, via: str) -> None:
        """Compose what is ready at ``now`` (business time) and hand over what waits."""
        done = RUNS["deliver"](self._database, self._settings, now, via, "")
        self.sent += int(done["sent"])


@contextmanager
def post_of(database: Database, settings: Settings) -> Iterator[Post]:
    """A postman whose letters arrive in `<home>/postbox/`, whatever mail server the settings name.

    Nobody who is made up gets a letter outside of this machine.
    """
    with Postbox(settings.home / "postbox", port=0) as postbox:
        own = {
            "mail_host": postbox.host,
            "mail_port": postbox.port,
            "mail_security": "plain",
            "mail_user": "",
        }
        yield Post(database, settings.model_copy(update=own | {"mail_pace": 0}))
