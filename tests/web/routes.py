"""The routes of the application as it declares them: who may ask, and addresses that have something behind them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from sqlalchemy import select

from models.base import metadata
from tests.movements.cascade import DISTRICT, EDUCATION
from tests.web.stage import Stage
from web import visit

ANYBODY, SIGNED_IN, ADMINISTRATOR = "anybody", "signed in", "administrator"
DOSSIER = "/dossiers/{code}"
_PARAMETER = re.compile(r"\{([a-z_0-9]+)(?::[a-z]+)?\}")


@dataclass(frozen=True)
class Route:
    """One route; ``query`` are the names of what may stand behind the question mark."""

    method: str
    path: str
    who: str
    query: tuple[str, ...]

    @property
    def of_dossier(self) -> bool:
        """Whether it is about one dossier, which not everybody may see."""
        return self.path == DOSSIER or self.path.startswith(f"{DOSSIER}/")

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True)
class Address:
    """A route with its parameters filled in."""

    route: Route
    path: str
    chosen: tuple[tuple[str, str], ...]

    @property
    def dossier(self) -> str | None:
        """The dossier that it is about."""
        return dict(self.chosen)["code"] if self.route.of_dossier else None


def _calls(dependant: Dependant) -> Iterator[Any]:
    for inner in dependant.dependencies:
        yield inner.call
        yield from _calls(inner)


def _who(route: APIRoute) -> str:
    asked = set(_calls(route.dependant))
    if visit._administrator in asked:
        return ADMINISTRATOR
    return SIGNED_IN if visit._signed_in in asked else ANYBODY


def _flat(routes: Iterable[Any]) -> Iterator[APIRoute]:
    for route in routes:
        # What was included keeps its routes to itself.
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from _flat(inner.routes)
        else:
            assert isinstance(route, APIRoute), f"a route of another kind: {route}"
            yield route


def routes_of(app: Any) -> list[Route]:
    """Every route that the application declares."""
    return [
        Route(method, route.path, _who(route), tuple(field.alias for field in route.dependant.query_params))
        for route in _flat(app.routes)
        for method in sorted(route.methods)
    ]


def _of(table: str, column: str, **where: str) -> Callable[[Stage, dict[str, str]], list[str]]:
    """The values of a column, of the rows that belong to what was chosen before; the first few."""

    def values(stage: Stage, chosen: dict[str, str]) -> list[str]:
        rows = metadata.tables[table]
        query = select(rows.c[column]).distinct()
        if "dossier_id" in rows.c and "code" in chosen:
            query = query.where(rows.c.dossier_id == stage.office.row(chosen["code"])["id"])
        for name, value in where.items():
            query = query.where(rows.c[name] == value)
        with stage.office.database.read() as connection:
            found = connection.execute(query.order_by(rows.c[column]).limit(2)).scalars()
            return [str(value) for value in found] or ["1"]

    return values


def _always(*values: str) -> Callable[[Stage, dict[str, str]], Sequence[str]]:
    return lambda stage, chosen: values


def _sheets(stage: Stage, chosen: dict[str, str]) -> list[str]:
    """The own sheets of a year of the bloc: one that is open, one that is filed."""
    rows = metadata.tables["score_sheet"]
    query = select(rows.c.id).where(
        rows.c.school_year == chosen["school_year"], rows.c.scorer_id == rows.c.scored_id
    )
    with stage.office.database.read() as connection:
        return [str(n) for n in connection.execute(query.order_by(rows.c.id)).scalars()] or ["1"]


def _papers_of_bloc(stage: Stage, chosen: dict[str, str]) -> list[str]:
    sheets, lines = metadata.tables["score_sheet"], metadata.tables["sheet_line"]
    if chosen["kind"] == "item":
        query = select(lines.c.id).join(sheets, sheets.c.id == lines.c.sheet_id)
        query = query.where(sheets.c.school_year == chosen["school_year"], lines.c.paper_sha256.is_not(None))
    else:
        rows = metadata.tables[{"minutes": "bloc_meeting", "evidence": "score_sheet"}[chosen["kind"]]]
        query = select(rows.c.id).where(
            rows.c.school_year == chosen["school_year"], rows.c.paper_sha256.is_not(None)
        )
    with stage.office.database.read() as connection:
        return [str(n) for n in sorted(connection.execute(query).scalars())] or ["1"]


def _spells(stage: Stage, chosen: dict[str, str]) -> list[str]:
    duty = metadata.tables["duty"]
    query = select(duty.c.id).where(duty.c.person_id == stage.office.people[chosen["code"]])
    with stage.office.database.read() as connection:
        return [str(number) for number in connection.execute(query).scalars()]


def _asset(part: int) -> Callable[[Stage, dict[str, str]], list[str]]:
    from web.assets import assets

    return lambda stage, chosen: [assets()["thidua.css"].path.split("/")[part]]


#: what a parameter may be, by the end of the path that leads to it; the longest that fits is taken
FILLS: dict[str, Callable[[Stage, dict[str, str]], Sequence[str]]] = {
    "/dossiers/{code}": lambda stage, chosen: list(stage.codes.values()),
    "/decisions/{number}": _of("decision", "id"),
    "/steps/{event}": _always("hand_in", "appraise", "return", "withdraw"),
    "/acts/{act}": _always(
        "receive_objection", "give_opinion", "correct_score", "use_initiative", "name_movement"
    ),
    "/papers/{number}": _of("paper", "id"),
    "/nominations/{number}": _of("nomination", "id"),
    "/receipts/{seq}": _always("1", "3"),
    "/public/{code}": lambda stage, chosen: list(stage.codes.values()),
    "/calendar/{calendar}": _always("2024-2025"),
    "/{calendar}/{milestone}": _always("covenant", "dossier-completion"),
    "/{milestone}/{unit}": _always("khoi", "th-mau-1", "pgd"),
    "/{unit}/papers/{number}": _of("fulfilment", "id"),
    "/schools/{unit}": _always("th-mau-1", "th-mau-2"),
    "/blocs/{unit}": _always("khoi"),
    "/movements/{code}": _always(EDUCATION.code, DISTRICT.code),
    # Reviewed by the school, still to be reviewed by the office.
    "/reviews/{unit}": _always("th-mau-1", "pgd"),
    "/exemplars/{number}": _of("exemplar", "id"),
    "/papers/{stage}": _always("found", "spread"),
    "/year/{school_year}": _always("2022-2023", "2023-2024"),
    "/{school_year}/acts/{act}": _always("hold_meeting", "settle_scores", "certify"),
    "/{school_year}/sheets/{number}": _sheets,
    "/{school_year}/papers/{kind}": _always("minutes", "evidence", "item"),
    "/papers/{kind}/{number}": _papers_of_bloc,
    "/bulk/{event}": _always("appraise"),
    "/views/{view}": _always("1"),
    "/people/{code}": _always("appraiser", "principal"),
    "/careers/people/{code}": _always("teacher", "clerk"),
    "/careers/units/{code}": _always("th-mau-1", "th-mau-2"),
    "/people/{code}/acts/{act}": _always("correct_grade", "record_discipline", "state_whole"),
    "/units/{code}/acts/{act}": _always("open_matter", "state_complete"),
    "/imports/{number}": _always("1"),
    "/initiatives/{code}": lambda stage, chosen: list(stage.initiatives),
    "/units/{code}": _always("th-mau-1", "huyen"),
    "/duties/{spell}": _spells,
    "/delegations/{number}": _of("delegation", "id"),
    "/sign-ins/{number}": _of("sign_in", "id"),
    "/procedures/{name}": _always("three-tier-2024"),
    "/calendars/{name}": _always("2024-2025"),
    "/successions/{name}": _always("2025-districts-end"),
    "/councils/{number}": _of("council", "id"),
    "/sessions/{number}": _of("council_session", "id"),
    "/councils/{name}": _always("local-2024"),
    "/rulebooks/{name}": _always("rs-2025"),
    "/scorecards/{name}": _always("tieu-hoc-600-200-200"),
    "/holidays/{year}": _always("2025"),
    "/files/{sha256}": _of("regulation", "sha256"),
    "/letters/{number}": _of("letter", "id"),
    "/{number}/{act}": _always("retry", "retract"),
    "/runs/{number}": _of("flow_run", "id"),
    "/postbox/{number}": _always("1"),
    "/link/{token}": lambda stage, chosen: [stage.link, "x" * 43],
    "/static/{digest}": _asset(2),
    "/{digest}/{name}": _asset(3),
}


def addresses_of(stage: Stage, route: Route) -> list[Address]:
    """A route with its parameters filled in, every way that the table knows."""
    found: list[tuple[str, dict[str, str]]] = [("", {})]
    at = 0
    for match in _PARAMETER.finditer(route.path):
        upto = route.path[: match.end()]
        fits = max((end for end in FILLS if upto.endswith(end)), key=len, default=None)
        assert fits is not None, f"{route}: nothing in FILLS says what {{{match[1]}}} may be"
        between = route.path[at : match.start()]
        found = [
            (path + between + value, {**chosen, match[1]: value})
            for path, chosen in found
            for value in FILLS[fits](stage, chosen)
        ]
        at = match.end()
    return [Address(route, path + route.path[at:], tuple(chosen.items())) for path, chosen in found]
