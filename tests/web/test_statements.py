"""What pages ask of the database and how large they are: the same in a small office and in a large one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import Connection, event, insert

from bench.asking import HIDDEN
from bench.crowd import NOW, Crowd, Size
from casework.call import Call
from casework.exemplars.stages import Finding, find_exemplar
from casework.movements.launch import Plan, launch
from casework.regulations import publish_regulation
from kit.settings import ROOT, Settings
from models.base import metadata
from tests.web.client import client_of
from tests.web.routes import ADMINISTRATOR, ANYBODY, Route, routes_of
from web.app import create_app
from web.visit import SIGN_IN_COOKIE

FEW, MANY = Size(1, 1, schools=3), Size(1, 3)
#: what a parameter is in both offices, by the end of the path that leads to it; the longest that fits is taken
FILLS = {
    "/dossiers/{code}": "{dossier}",
    # The crowd has none; `tests/law/test_money_sheet.py` counts for a decision that grows.
    "/decisions/{number}": "1",
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
    "/movements/{code}": "pt-0",
    "/reviews/{unit}": "th-0-1",
    "/exemplars/{number}": "1",
    "/papers/{stage}": "found",
    "/year/{school_year}": "2024-2025",
    "/{school_year}/acts/{act}": "hold_meeting",
    "/{school_year}/sheets/{number}": "{sheet}",
    "/{school_year}/papers/{kind}": "minutes",
    "/papers/{kind}/{number}": "1",
    "/bulk/{event}": "appraise",
    # The crowd has none; `test_initiative_pages.py` counts for a list that grows.
    "/initiatives/{code}": "none",
    "/people/{code}": "pgd-0",
    "/people/{code}/acts/{act}": "correct_grade",
    "/units/{code}/acts/{act}": "open_matter",
    "/imports/{number}": "1",
    "/units/{code}": "pgd-0",
    "/duties/{spell}": "1",
    "/delegations/{number}": "1",
    "/councils/{number}": "900000",
    "/sessions/{number}": "900000",
    "/councils/{name}": "local-2024",
    "/scorecards/{name}": "none",
    "/procedures/{name}": "three-tier-2024",
    "/calendars/{name}": "2024-2025",
    "/successions/{name}": "none",
    "/holidays/{year}": "2025",
    "/rulebooks/{name}": "rs-2024",
    "/files/{sha256}": "{regulation}",
    "/letters/{number}": "1",
    "/runs/{number}": "1",
    "/postbox/{number}": "1",
    "/link/{token}": "none",
    "/static/{digest}": "none",
    "/{digest}/{name}": "thidua.css",
}
#: who asks besides the one whom a route is for: whose lists grow in other ways
OTHERS = {
    "/": ("th-0-1", "snv", "admin"),
    "/queue": ("snv",),
    "/dossiers": ("snv", "admin", "th-0-1"),
    "/movements": ("th-0-1", "admin"),
    "/movements/{code}": ("th-0-1", "huyen-0"),
    "/exemplars": ("th-0-1", "khoi-0", "admin"),
}
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


#: the council that is made here, beside those of the crowd
OWN = 900_000


def council_in(connection: Connection, members: int, items: int) -> None:
    """A council with a counted session: every member has voted on every nomination by ballot."""
    at, day = datetime(2025, 7, 18, 5, tzinfo=UTC), date(2025, 7, 18)
    text = (ROOT / "regulations/councils/local-2024.yaml").read_bytes()
    sha256, _ = publish_regulation(connection, "council", text, Call(None, at, "a-council", "test"))

    def add(table: str, *rows: dict[str, Any]) -> None:
        connection.execute(insert(metadata.tables[table]), list(rows))

    unit = connection.exec_driver_sql("SELECT min(id) FROM unit").scalar_one()
    asker = connection.exec_driver_sql("SELECT id FROM person WHERE code = 'pgd-0'").scalar_one()
    others = connection.exec_driver_sql("SELECT id FROM person ORDER BY id LIMIT 100").scalars()
    people = [asker, *(number for number in others if number != asker)][:members]
    numbers = list(connection.exec_driver_sql("SELECT id FROM nomination ORDER BY id LIMIT 1000").scalars())[
        :items
    ]
    add("council", {"id": OWN, "unit_id": unit, "rules_sha256": sha256, "since": day})
    roles = ["chair", "secretary", *["member"] * members]
    add(
        "council_member",
        *(
            {"council_id": OWN, "person_id": p, "role": r, "since": day}
            for p, r in zip(people, roles, strict=False)
        ),
    )
    add(
        "council_session",
        {
            "id": OWN,
            "council_id": OWN,
            "held_on": day,
            "begins": "08:00",
            "place": "Phòng họp",
            "standing": "counted",
            "opened_at": at,
            "counted_at": at,
            "ballots_sha256": "0" * 64,
        },
    )
    count = len(people)
    figures = dict.fromkeys(("present", "base", "issued", "returned", "valid", "agree", "needed"), count)
    figures |= dict.fromkeys(("absent", "written", "aside", "invalid", "against", "abstained"), 0)
    add(
        "session_item",
        *({"session_id": OWN, "nomination_id": n, "secret": True, "paper": 1, **figures} for n in numbers),
    )
    add(
        "session_member",
        *(
            {"session_id": OWN, "person_id": p, "role": r, "presence": "present"}
            for p, r in zip(people, roles, strict=False)
        ),
    )
    add("ballot_issue", *({"session_id": OWN, "paper": 1, "person_id": p, "returned": True} for p in people))
    ballots = [f"CODE{number:06}" for number in range(count)]
    add(
        "ballot",
        *({"code": c, "session_id": OWN, "paper": 1, "choices": "y" * len(numbers)} for c in ballots),
    )


class Asker:
    """One office behind pages; each of its people has a browser."""

    def __init__(self, size: Size, folder: Path) -> None:
        folder.mkdir()
        self.crowd = Crowd(f"sqlite:///{folder}/office.sqlite3", size)
        movement_of(self.crowd)
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
            sheet = connection.exec_driver_sql(
                "SELECT min(score_sheet.id) FROM score_sheet JOIN unit ON unit.id = score_sheet.bloc_id"
                " WHERE unit.code = 'khoi-0' AND score_sheet.school_year = '2024-2025'"
            ).scalar()
            self.there["{sheet}"] = str(sheet)
        with self.crowd.database.write() as connection:
            council_in(connection, *((3, 2) if size == FEW else (20, 30)))

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

    def support_all(self, person: str) -> Asked:
        """A dossier at the appraiser's desk is appraised from its form, and what that act asked."""
        path = f"/dossiers/{self.crowd.waiting('at_education_office')[-1]}/steps/appraise"
        form = self.ask(path, person)
        self.said.clear()
        given = {**dict(HIDDEN.findall(form.body)), "support_rest": "yes"}
        answer = self.browsers[person].post(path, data=given, follow_redirects=False)
        return Asked(answer.status_code, len(self.said), answer.text)

    def close(self) -> None:
        self.app.state.house.database.close()
        self.crowd.database.close()


def movement_of(crowd: Crowd) -> None:
    """The first district's office asks every school; every other one answers, and each has found an exemplar."""
    days = {"dated": date(2025, 6, 2), "since": date(2025, 6, 2), "until": date(2025, 12, 31)}
    asks = {"kinds": ("school",), "answer_by": date(2025, 6, 30), "review_by": date(2025, 11, 30)}

    def call(person: str) -> Call:
        return Call(crowd.people[person], NOW, f"movement-{person}", "test")

    plan = Plan(code="pt-0", unit="pgd-0", theme="Phong trào", number="1/KH", **days, **asks)
    launch(crowd.database, None, plan, call("pgd-0"))
    for n in range(crowd.size.schools):
        school = f"th-0-{n}"
        if n % 2:
            answer = Plan(code=f"pt-{school}", unit=school, theme="x", number="2/KH", answers="pt-0", **days)
            launch(crowd.database, None, answer, call(school))
        found = Finding(school, None, "Dạy học", date(2025, 6, 1), "x")
        who = Call(crowd.people[school], NOW, f"exemplar-{school}", "test")
        find_exemplar(crowd.database, None, found, who)


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


def test_an_act_with_its_verdicts_asks_as_much_in_a_large_office(offices: tuple[Asker, Asker]) -> None:
    for asker in offices:
        asker.support_all("pgd-0")
    few, many = (asker.support_all("pgd-0") for asker in offices)
    assert (few.status, many.status) == (303, 303)
    # The act alone: no page is read that is not shown.
    assert many.statements <= few.statements <= 60
