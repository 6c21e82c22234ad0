"""Pages and an act in offices of different sizes, beside the SQL statements of each by themselves.

What a page costs beyond its statements is ours (or SQLAlchemy's, Jinja's, Starlette's); what its statements cost must
not grow with the office. An act cannot be done twice, so the database's time in it is taken while it is done.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.asking import HIDDEN, Answer, Here, at_once, replay, server, statements
from bench.crowd import Crowd, Size
from kit.settings import Settings
from web.app import create_app

SMALL, LONG, LARGE = Size(5, 1), Size(5, 10), Size(50, 10)
QUICK = (Size(1, 1), Size(2, 2))
ROUNDS, CONNECTIONS, EACH = 15, 8, 8
#: milliseconds outside SQL, of a list and of an act
MOST_MS, MOST_MS_OF_AN_ACT = 40.0, 20.0
MOST_BYTES = 60_000
_PICTURE = re.compile(rb"<svg.*?</svg>", re.DOTALL)
_ELSEWHERE = re.compile(rb'(?:src|href|action)="(?:https?:)?//')

NOBODY = "nobody"
#: what is asked, by whom; {dossier} is one that lies at the appraiser's desk, {school} its school's code
PAGES = (
    ("today", "pgd-0", "/"),
    ("today", "admin", "/"),
    ("queue", "pgd-0", "/queue"),
    ("queue", "snv", "/queue"),
    ("dossiers", "pgd-0", "/dossiers"),
    ("dossiers", "snv", "/dossiers"),
    ("dossiers", "admin", "/dossiers"),
    ("dossiers of a year", "pgd-0", "/dossiers?year=2024-2025"),
    ("dossiers of a year", "admin", "/dossiers?year=2024-2025&kind=decided"),
    ("dossiers by a word", "admin", "/dossiers?words=th-0-7"),
    ("a dossier", "pgd-0", "/dossiers/{dossier}"),
    ("a step's form", "pgd-0", "/dossiers/{dossier}/steps/appraise"),
    ("a school", "th-0-1", "/schools/th-0-1"),
    ("a bloc", "khoi-0", "/blocs/khoi-0"),
    ("calendar", "pgd-0", "/calendar"),
    ("office", "admin", "/office"),
    ("runs", "admin", "/runs"),
    ("letters", "admin", "/letters"),
    ("regulations", "admin", "/regulations"),
    ("history", "admin", "/history"),
    ("public opinion", NOBODY, "/public"),
    ("results", NOBODY, "/public/results"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One line: medians in milliseconds; ``floor_ms`` is the database's part, ``outside_ms`` the rest."""

    name: str
    dossiers: int
    page: str
    person: str
    statements: int
    size: int
    floor_ms: float
    page_ms: float
    outside_ms: float
    eight_ms: float
    most_outside_ms: float

    @property
    def faults(self) -> Iterator[str]:
        """What the line misses of what is asked of every page."""
        if self.outside_ms > self.most_outside_ms:
            yield f"{self.outside_ms:.0f} ms outside SQL"
        if self.size > MOST_BYTES:
            yield f"{self.size / 1000:.0f} kB"


class _Visitor:
    def __init__(self, crowd: Crowd, home: Path) -> None:
        self.crowd = crowd
        self.app = create_app(Settings(home=home, database_url=crowd.url))
        self.engine = self.app.state.house.database.engine
        self.here = Here(self.app)
        self.tokens: dict[str, str] = {}

    def token(self, person: str) -> str:
        if person not in self.tokens and person != NOBODY:
            self.tokens[person] = self.crowd.sign_in(person)
        return self.tokens.get(person, "")

    def ask(self, path: str, person: str) -> Answer:
        answer = self.here.ask(path, self.token(person))
        if answer.status != 200 or _ELSEWHERE.search(answer.body):
            raise RuntimeError(f"{path}: {answer.status}")
        return answer

    def close(self) -> None:
        self.here.close()
        self.app.state.house.database.close()


def measure_pages(url: str, name: str, size: Size, home: Path, *, rounds: int = ROUNDS) -> list[Asked]:
    """Every page and an act, in an office of a size that is made at ``url``."""
    crowd = Crowd(url, size)
    visitor = _Visitor(crowd, home)
    try:
        with server(url, home) as port:
            lines = [
                _page(visitor, port, name, page, person, path, rounds) for page, person, path in PAGES
            ]
            return [*lines, _act(visitor, port, name)]
    finally:
        visitor.close()
        crowd.database.close()


def _page(
    visitor: _Visitor, port: int, name: str, page: str, person: str, path: str, rounds: int
) -> Asked:
    path = path.format(dossier=visitor.crowd.waiting("at_education_office")[-1])
    visitor.ask(path, person)
    with statements(visitor.engine) as found:
        answer = visitor.ask(path, person)
    pairs = [(replay(visitor.engine, found.said), visitor.ask(path, person).ms) for _ in range(rounds)]
    at_once(port, visitor.token(person), [[(path, None)]] * CONNECTIONS)
    eight = at_once(port, visitor.token(person), [[(path, None)] * EACH] * CONNECTIONS)
    return Asked(
        name,
        visitor.crowd.size.dossiers,
        page,
        person.split("-")[0],
        len(found.said),
        weight(answer.body),
        statistics.median(floor for floor, _ in pairs),
        statistics.median(whole for _, whole in pairs),
        statistics.median(whole - floor for floor, whole in pairs),
        eight,
        MOST_MS,
    )


def weight(body: bytes) -> int:
    """The bytes of a page without its pictures."""
    return len(_PICTURE.sub(b"", body))


def _act(visitor: _Visitor, port: int, name: str) -> Asked:
    """An appraisal that supports all: one after the other, then eight at a time."""
    codes = visitor.crowd.waiting("at_education_office")
    token = visitor.token("pgd-0")
    ready = []
    for code in codes[:-1]:
        path = f"/dossiers/{code}/steps/appraise"
        fields = dict(HIDDEN.findall(visitor.ask(path, "pgd-0").body.decode()))
        ready.append((path, fields | {"support_rest": "yes"}))
    together, alone = ready[: 2 * CONNECTIONS], ready[2 * CONNECTIONS :]
    found = []
    for path, fields in alone:
        with statements(visitor.engine) as said:
            answer = visitor.here.ask(path, token, fields)
        if answer.status != 303:
            raise RuntimeError(f"{path}: {answer.status}")
        found.append((answer, said))
    # The first ones prepare what all later ones find ready.
    answers = found[3:]
    eight = at_once(port, token, [together[n::CONNECTIONS] for n in range(CONNECTIONS)])
    return Asked(
        name,
        visitor.crowd.size.dossiers,
        "an act",
        "pgd",
        len(answers[-1][1].said),
        0,
        statistics.median(said.ms for _, said in answers),
        statistics.median(answer.ms for answer, _ in answers),
        statistics.median(answer.ms - said.ms for answer, said in answers),
        eight,
        MOST_MS_OF_AN_ACT,
    )
