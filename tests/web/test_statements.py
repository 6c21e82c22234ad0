"""What pages ask of the database and how large they are: the same in a small office and in a large one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import event

from bench.crowd import Crowd, Size
from kit.settings import Settings
from tests.web.client import client_of
from tests.web.routes import ADMINISTRATOR, ANYBODY, Route, routes_of
from web.app import create_app
from web.visit import SIGN_IN_COOKIE

FEW, MANY = Size(1, 1, schools=3), Size(1, 3)
#: what a parameter is in both offices, by the end of the path that leads to it; the longest that fits is taken
FILLS = {
    "/dossiers/{code}": "{dossier}",
    "/public/{code}": "{dossier}",
    "/steps/{event}": "appraise",
    "/acts/{act}": "give_opinion",
    "/papers/{number}": "{paper}",
    "/nominations/{number}": "{nomination}",
    "/receipts/{seq}": "1",
    "/calendar/{calendar}": "2024-2025",
    "/{calendar}/{milestone}": "dossier-completion",
    "/{milestone}/{unit}": "th-0-1",
    "/{unit}/papers/{number}": "1",
    "/schools/{unit}": "th-0-1",
    "/blocs/{unit}": "khoi-0",
    "/bulk/{event}": "appraise",
    # The crowd has none; `test_initiative_pages.py` counts for a list that grows.
    "/initiatives/{code}": "none",
    "/people/{code}": "pgd-0",
    "/units/{code}": "pgd-0",
    "/duties/{spell}": "1",
    "/delegations/{number}": "1",
    "/procedures/{name}": "three-tier-2024",
    "/calendars/{name}": "2024-2025",
    "/successions/{name}": "none",
    "/holidays/{year}": "2025",
    "/files/{sha256}": "{regulation}",
    "/letters/{number}": "1",
    "/runs/{number}": "1",
    "/postbox/{number}": "1",
    "/link/{token}": "none",
    "/static/{digest}": "none",
    "/{digest}/{name}": "thidua.css",
}
#: who asks besides the one whom a route is for: whose lists grow in other ways
OTHERS = {"/": ("th-0-1", "snv", "admin"), "/queue": ("snv",), "/dossiers": ("snv", "admin", "th-0-1")}
#: read batch by batch, each for all of its rows (`casework/views/seen.py`)
BATCHED = {"/dossiers.csv for pgd-0"}
MOST_BYTES = 60_000
_PICTURE = re.compile(r"<svg.*?</svg>", re.DOTALL)
_ELSEWHERE = re.compile(r'(?:src|action)="(?:https?:)?//|<link[^>]+href="(?:https?:)?//')


@dataclass(frozen=True)
class Asked:
    """What a page answered, and how many statements it took."""

    status: int
    statements: int
    body: str


class Asker:
    """One office behind pages; each of its people has a browser."""

    def __init__(self, size: Size, folder: Path) -> None:
        folder.mkdir()
        self.crowd = Crowd(f"sqlite:///{folder}/office.sqlite3", size)
        self.app = create_app(Settings(home=folder, database_url=self.crowd.url))
        self.browsers: dict[str | None, httpx2.Client] = {}
        self.said: list[str] = []
        event.listen(self.app.state.house.database.engine, "before_cursor_execute", self._note)
        (dossier, *_) = self.crowd.waiting("at_education_office")
        self.there = {"{dossier}": dossier, "{regulation}": self.crowd.sha256}
        with self.crowd.database.read() as connection:
            query = "SELECT min({0}.id) FROM {0} JOIN dossier ON dossier.id = {0}.dossier_id WHERE dossier.code = ?"
            for table in ("paper", "nomination"):
                found = connection.exec_driver_sql(query.format(table), (dossier,)).scalar()
                self.there[f"{{{table}}}"] = str(found)

    def _note(self, _c: Any, _k: Any, statement: str, *_more: Any) -> None:
        self.said.append(statement)

    def ask(self, path: str, person: str | None) -> Asked:
        """The second answer: the first reads what is kept between requests."""
        if person not in self.browsers:
            client = client_of(self.app)
            if person is not None:
                client.cookies.set(SIGN_IN_COOKIE, self.crowd.sign_in(person))
            self.browsers[person] = client
        for mark, value in self.there.items():
            path = path.replace(mark, value)
        self.browsers[person].get(path, follow_redirects=False)
        self.said.clear()
        answer = self.browsers[person].get(path, follow_redirects=False)
        return Asked(answer.status_code, len(self.said), answer.text)

    def close(self) -> None:
        self.app.state.house.database.close()
        self.crowd.database.close()


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Asker, Asker]]:
    """A small and a large office."""
    folder = tmp_path_factory.mktemp("offices")
    both = Asker(FEW, folder / "few"), Asker(MANY, folder / "many")
    yield both
    for asker in both:
        asker.close()


def filled(route: Route) -> str:
    """A route's path with its parameters as `FILLS` has them."""

    def fill(match: re.Match[str]) -> str:
        upto = route.path[: match.end()]
        fits = max((end for end in FILLS if upto.endswith(end)), key=len, default=None)
        assert fits is not None, f"{route}: nothing in FILLS says what {match[0]} may be"
        return FILLS[fits]

    return re.sub(r"\{[a-z_0-9]+\}", fill, route.path)


def people_for(route: Route) -> tuple[str | None, ...]:
    """Who asks for a route."""
    if route.who == ADMINISTRATOR:
        return ("admin",)
    return (None if route.who == ANYBODY and route.path != "/" else "pgd-0", *OTHERS.get(route.path, ()))


def asked_of(offices: tuple[Asker, Asker]) -> Iterator[tuple[str, tuple[Asked, Asked]]]:
    """Every page for whom it is for, as both offices answer it."""
    for route in routes_of(offices[0].app):
        if route.method == "GET" and not route.path.startswith("/static/"):
            for person in people_for(route):
                few, many = (asker.ask(filled(route), person) for asker in offices)
                yield f"{route.path} for {person}", (few, many)


def test_no_page_asks_more_of_the_database_in_a_large_office(offices: tuple[Asker, Asker]) -> None:
    grown, answered, large, elsewhere = [], 0, [], []
    for page, (few, many) in asked_of(offices):
        assert few.status == many.status, page
        answered += many.status == 200
        if many.statements > few.statements and page not in BATCHED:
            grown.append((page, few.statements, many.statements))
        size = len(_PICTURE.sub("", many.body).encode())
        if size > MOST_BYTES and "html" in many.body[:100]:
            large.append((page, size))
        if _ELSEWHERE.search(many.body):
            elsewhere.append(page)
    assert [f"{page}: {few} and {many} statements" for page, few, many in grown] == []
    assert (large, elsewhere) == ([], [])
    assert answered > 20
