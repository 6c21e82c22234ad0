"""Pages and an act in offices of different sizes, beside the SQL statements of each by themselves.

What a page costs beyond its statements is ours (or SQLAlchemy's, Jinja's, Starlette's); what its statements cost must
not grow with the office. An act cannot be done twice, so the database's time in it is taken while it is done.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench.asking import HIDDEN, Answer, Here, Statements, at_once, replay, server, statements
from bench.crowd import Crowd, Size
from kit.settings import Settings
from web.app import create_app

SMALL, LONG, LARGE = Size(5, 1), Size(5, 10), Size(50, 10)
QUICK = (Size(1, 1), Size(2, 2))
ROUNDS, CONNECTIONS, EACH = 15, 8, 3
#: milliseconds outside SQL, of a list and of an act
MOST_MS, MOST_MS_OF_AN_ACT = 40.0, 20.0
MOST_BYTES = 60_000
_PICTURE = re.compile(rb"<svg.*?</svg>", re.DOTALL)
_ELSEWHERE = re.compile(rb'(?:src|href|action)="(?:https?:)?//')

NOBODY, APPRAISER = "nobody", "pgd-0"
SEE_OTHER = 303
#: what is asked, by whom; {dossier} is one that lies at the appraiser's desk, {school} its school's code
PAGES = (
    ("today", APPRAISER, "/"),
    ("today", "admin", "/"),
    ("queue", APPRAISER, "/queue"),
    ("queue", "snv", "/queue"),
    ("dossiers", APPRAISER, "/dossiers"),
    ("dossiers", "snv", "/dossiers"),
    ("dossiers", "admin", "/dossiers"),
    ("dossiers of a year", APPRAISER, "/dossiers?year=2024-2025"),
    ("dossiers of a year", "admin", "/dossiers?year=2024-2025&kind=decided"),
    ("dossiers by a word", "admin", "/dossiers?words=th-0-1"),
    ("a dossier", APPRAISER, "/dossiers/{dossier}"),
    ("a step's form", APPRAISER, "/dossiers/{dossier}/steps/appraise"),
    ("a dossier's conditions", APPRAISER, "/dossiers/{dossier}/eligibility"),
    ("a person's conditions", "th-0-1", "/eligibility?who=gv-th-0-1-90&title=CSTDCS"),
    ("a person's history", "th-0-1", "/careers/people/gv-th-0-1-90"),
    ("a school's history", "th-0-1", "/careers/units/th-0-1"),
    ("a school", "th-0-1", "/schools/th-0-1"),
    ("a school's money", "th-0-1", "/schools/th-0-1/money"),
    ("a bloc", "khoi-0", "/blocs/khoi-0"),
    ("calendar", APPRAISER, "/calendar"),
    ("office", "admin", "/office"),
    ("runs", "admin", "/runs"),
    ("letters", "admin", "/letters"),
    ("regulations", "admin", "/regulations"),
    ("history", "admin", "/history"),
    ("public opinion", NOBODY, "/public"),
    ("results", NOBODY, "/public/results"),
)
#: lists that came with blocs; measured with the others, or by themselves (`python -m bench blocs`)
BLOC_PAGES = (
    ("initiatives", "th-0-1", "/initiatives"),
    ("initiatives", APPRAISER, "/initiatives"),
    ("initiatives", "admin", "/initiatives"),
    ("initiatives by a word", APPRAISER, "/initiatives?words=th-0-1"),
    ("initiatives by a word", "admin", "/initiatives?words=th-0-1"),
    ("initiatives of an author", "admin", "/initiatives?author=gv-th-0-1-90"),
    ("initiatives of a year", "admin", "/initiatives?year=2024-2025"),
    ("initiatives in use", "admin", "/initiatives?standing=used"),
    ("initiatives not in use", "admin", "/initiatives?standing=unused"),
    ("initiatives that count", "admin", "/initiatives?standing=valid"),
    ("movements", "th-0-1", "/movements"),
    ("movements", APPRAISER, "/movements"),
    ("movements", "admin", "/movements"),
    ("a movement of a province", "tinh", "/movements/pt-2025"),
    ("a movement of an office", APPRAISER, "/movements/pt-2025-pgd-0"),
    ("exemplars", "th-0-1", "/exemplars"),
    ("exemplars", APPRAISER, "/exemplars"),
    ("exemplars", "admin", "/exemplars"),
    ("councils", "hoi-dong-0", "/councils"),
    ("councils", "admin", "/councils"),
    ("a council's sessions", "hoi-dong-0", "/councils/{council}"),
    ("a session", "hoi-dong-0", "/sessions/{session}"),
    ("a bloc's year", "th-0-1", "/blocs/khoi-0/year/2024-2025"),
    ("a bloc's year", "khoi-0", "/blocs/khoi-0/year/2024-2025"),
    ("a bloc's matrix", "khoi-0", "/blocs/khoi-0/year/2024-2025/matrix"),
    ("a bloc's years", "khoi-0", "/blocs/khoi-0/years?from=2020-2021&to=2024-2025"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One line: medians in milliseconds; ``floor_ms`` is the database's part, ``outside_ms`` the rest."""

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
        self.port = 0

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
        self.crowd.database.close()
        self.app.state.house.database.close()


def measure_pages(
    offices: Sequence[tuple[str, Size]], home: Path, *, rounds: int = ROUNDS, blocs_alone: bool = False
) -> list[Asked]:
    """Every page and an act, in offices of some sizes that are made at (address, size); or what came with blocs alone.

    The offices are asked in turn, so that whatever else the machine does slows down all of them.
    """
    with ExitStack() as stack:
        visitors = []
        for url, size in offices:
            visitor = _Visitor(Crowd(url, size), home)
            stack.callback(visitor.close)
            visitor.port = stack.enter_context(server(url, home))
            visitors.append(visitor)
        lines = []
        for page, person, path in BLOC_PAGES if blocs_alone else PAGES + BLOC_PAGES:
            lines += _page(visitors, page, person, path, rounds)
        return lines if blocs_alone else [*lines, *_act(visitors)]


def _page(visitors: Sequence[_Visitor], page: str, person: str, path: str, rounds: int) -> list[Asked]:
    taken = [_Taken(visitor, person, path) for visitor in visitors]
    for _ in range(rounds):
        for one in taken:
            one.once()
    for _ in range(3):
        for one in taken:
            one.together()
    return [one.line(page) for one in taken]


class _Taken:
    """What was measured of a page in one office."""

    def __init__(self, visitor: _Visitor, person: str, path: str) -> None:
        self.visitor, self.person = visitor, person
        council, session = visitor.crowd.council() if "{council}" in path or "{session}" in path else (0, 0)
        dossier = visitor.crowd.waiting("at_education_office")[-1] if "{dossier}" in path else ""
        self.path = path.format(dossier=dossier, council=council, session=session)
        visitor.ask(self.path, person)
        with statements(visitor.engine) as found:
            self.answer = visitor.ask(self.path, person)
        self.said = found.said
        self.pairs: list[tuple[float, float, float]] = []
        self.eight: list[float] = []

    def once(self) -> None:
        floor, worked = replay(self.visitor.engine, self.said)
        answer = self.visitor.ask(self.path, self.person)
        self.pairs.append((floor, answer.ms, answer.busy_ms - worked))

    def together(self) -> None:
        asked = [[(self.path, None)] * EACH] * CONNECTIONS
        self.eight += at_once(self.visitor.port, self.visitor.token(self.person), asked)

    def line(self, page: str) -> Asked:
        floor, whole, outside = (statistics.median(column) for column in zip(*self.pairs, strict=True))
        return Asked(
            self.visitor.crowd.size.dossiers,
            page,
            self.person.split("-")[0],
            len(self.said),
            weight(self.answer.body),
            floor,
            whole,
            outside,
            statistics.median(self.eight),
            MOST_MS,
        )


def weight(body: bytes) -> int:
    """The bytes of a page without its pictures."""
    return len(_PICTURE.sub(b"", body))


def _act(visitors: Sequence[_Visitor]) -> list[Asked]:
    """An appraisal that supports all: one after the other, then eight at a time."""
    ready = [_filled_in(visitor) for visitor in visitors]
    found: list[list[tuple[Answer, Statements]]] = [[] for _ in visitors]
    for alone in zip(*(forms[2 * CONNECTIONS :] for forms in ready), strict=True):
        for visitor, taken, (path, fields) in zip(visitors, found, alone, strict=True):
            with statements(visitor.engine) as said:
                answer = visitor.here.ask(path, visitor.token(APPRAISER), fields)
            if answer.status != SEE_OTHER:
                raise RuntimeError(f"{path}: {answer.status}")
            taken.append((answer, said))
    lines = []
    for visitor, forms, taken in zip(visitors, ready, found, strict=True):
        together = [forms[n : 2 * CONNECTIONS : CONNECTIONS] for n in range(CONNECTIONS)]
        eight = at_once(visitor.port, visitor.token(APPRAISER), together)
        # The first ones prepare what all later ones find ready.
        later = taken[3:]
        lines.append(
            Asked(
                visitor.crowd.size.dossiers,
                "an act",
                "pgd",
                len(later[-1][1].said),
                0,
                statistics.median(said.ms for _, said in later),
                statistics.median(answer.ms for answer, _ in later),
                statistics.median(answer.busy_ms - said.busy_ms for answer, said in later),
                statistics.median(eight),
                MOST_MS_OF_AN_ACT,
            )
        )
    return lines


def _filled_in(visitor: _Visitor) -> list[tuple[str, dict[str, str]]]:
    """The forms of the dossiers at the desk, ready to be sent."""
    forms = []
    for code in visitor.crowd.waiting("at_education_office")[:-1]:
        path = f"/dossiers/{code}/steps/appraise"
        hidden = dict(HIDDEN.findall(visitor.ask(path, APPRAISER).body.decode()))
        forms.append((path, hidden | {"support_rest": "yes"}))
    return forms
