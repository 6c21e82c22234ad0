"""What a running server holds, made once: settings, the database, the store of papers."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from urllib.parse import urlsplit

from documents.store import PaperStore
from kit.database import Database
from kit.settings import Settings
from web.at_work import AtWork
from web.bound import Bound


@dataclass
class House:
    """One home, opened for pages. ``host`` is the address on which the server listens."""

    settings: Settings
    database: Database
    host: str = "127.0.0.1"
    #: what one network may send to the public lists; whoever is not signed in can be told apart by nothing else
    public_bound: Bound = field(default_factory=lambda: Bound(10, timedelta(hours=1)))

    @cached_property
    def store(self) -> PaperStore:
        """The store of papers."""
        return PaperStore(self.settings.home / "papers", self.settings.paper_limit_mb * 1_000_000)

    @cached_property
    def at_work(self) -> AtWork:
        """The flows that were started from pages."""
        return AtWork(self.database, self.settings)

    @cached_property
    def on_loopback(self) -> bool:
        """Whether only this machine can reach the server, and it was not given another address outside."""
        try:
            listens_here = self.host == "localhost" or ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            listens_here = False
        return listens_here and (urlsplit(self.settings.page).hostname or "localhost") in _OURSELVES

    @cached_property
    def secure(self) -> bool:
        """Whether browsers reach the pages by TLS: then cookies are kept to it."""
        return urlsplit(self.settings.page).scheme == "https"

    @cached_property
    def names(self) -> frozenset[str]:
        """The host names under which the pages may be asked for."""
        named = urlsplit(self.settings.page).hostname
        return frozenset({*_OURSELVES, self.host} if self.on_loopback else {named or self.host})


_OURSELVES = frozenset({"localhost", "127.0.0.1", "::1"})
