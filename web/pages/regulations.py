"""What the office has published: everything at a glance, titles, days off, succession maps, and the files."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from casework.views.council_rules import show_council_rules
from casework.views.naming import titles_named
from casework.views.published import KINDS, newest_published, open_under, text_of, versions_of
from casework.views.receipts import receipt_in
from casework.views.regulations import list_titles, show_holidays
from casework.views.rulebooks import mark_of, show_rulebook
from casework.views.scorecards import show_scorecard
from casework.views.successions import show_succession
from rules.reasons import Refused
from rules.windows import local_day
from web.errors import NotFound
from web.regulations import path_of, subject_of
from web.visit import Administrator

router = APIRouter()


@router.get("/regulations")
def regulations(visit: Administrator) -> Response:
    """The newest version of everything that is published."""
    with visit.reading() as connection:
        found = newest_published(connection, visit.lang)
        counts = open_under(connection, [row["sha256"] for row in found["procedure"]])
    return visit.page(
        "regulations/all.html",
        groups=[(kind, found[kind]) for kind in KINDS],
        counts=counts,
        path_of=path_of,
    )


@router.get("/regulations/titles")
def titles(visit: Administrator, done: int = 0) -> Response:
    """The catalogue of titles in force."""
    with visit.reading() as connection:
        try:
            rows = list_titles(connection, visit.lang, local_day(visit.now))
        except Refused as refusal:
            raise NotFound from refusal
        versions = versions_of(connection, "titles", "titles")
        receipt = receipt_in(connection, subject_of("titles", "titles"), done) if done else None
        names = titles_named(connection, visit.lang)
    return visit.page("regulations/titles.html", rows=rows, names=names, versions=versions, receipt=receipt)


@router.get("/regulations/holidays/{year}")
def holidays(year: str, visit: Administrator, done: int = 0) -> Response:
    """A year's days off, and the days that are worked instead."""
    with visit.reading() as connection:
        try:
            shown = show_holidays(connection, year, visit.lang)
        except Refused as refusal:
            raise NotFound from refusal
        versions = versions_of(connection, "holidays", year)
        receipt = receipt_in(connection, subject_of("holidays", year), done) if done else None
    return visit.page("regulations/holidays.html", year=shown, versions=versions, receipt=receipt)


@router.get("/regulations/successions/{name}")
def succession(name: str, visit: Administrator, done: int = 0) -> Response:
    """One map of who does the work of offices that ended."""
    with visit.reading() as connection:
        try:
            shown = show_succession(connection, name, visit.lang)
        except Refused as refusal:
            raise NotFound from refusal
        versions = versions_of(connection, "succession", name)
        receipt = receipt_in(connection, subject_of("succession", name), done) if done else None
    return visit.page("regulations/succession.html", map=shown, versions=versions, receipt=receipt)


@router.get("/regulations/scorecards/{name}")
def scorecard(name: str, visit: Administrator, done: int = 0) -> Response:
    """One scorecard of blocs: what is scored, for how many points, how it is settled, what ranks bring."""
    with visit.reading() as connection:
        try:
            shown = show_scorecard(connection, name, visit.lang)
        except Refused as refusal:
            raise NotFound from refusal
        versions = versions_of(connection, "scorecard", name)
        receipt = receipt_in(connection, subject_of("scorecard", name), done) if done else None
    return visit.page("regulations/scorecard.html", card=shown, versions=versions, receipt=receipt)


@router.get("/regulations/rulebooks/{name}")
def rulebook(name: str, visit: Administrator, done: int = 0, of: str = "") -> Response:
    """One rulebook: its titles, money, grades; of one title (``of``: LDTT-individual) what it takes and brings, by
    which article, and how surely that is known."""
    with visit.reading() as connection:
        try:
            shown = show_rulebook(connection, name, visit.lang)
        except Refused as refusal:
            raise NotFound from refusal
        versions = versions_of(connection, "rulebook", name)
        receipt = receipt_in(connection, subject_of("rulebook", name), done) if done else None
    chosen = next((one for one in shown["titles"] if f"{one['title']}-{one['subject']}" == of), None)
    if of and chosen is None:
        raise NotFound
    return visit.page(
        "regulations/rulebook.html",
        book=shown,
        one=chosen,
        versions=versions,
        receipt=receipt,
        mark_of=mark_of,
    )


@router.get("/regulations/councils/{name}")
def council(name: str, visit: Administrator, done: int = 0) -> Response:
    """The rules of one council: who must be there, how many must agree, how ties are broken."""
    with visit.reading() as connection:
        try:
            shown = show_council_rules(connection, name, visit.lang)
        except Refused as refusal:
            raise NotFound from refusal
        versions = versions_of(connection, "council", name)
        receipt = receipt_in(connection, subject_of("council", name), done) if done else None
        names = titles_named(connection, visit.lang)
    return visit.page(
        "regulations/council.html", rules=shown, versions=versions, receipt=receipt, names=names
    )


@router.get("/regulations/files/{sha256}")
def file(sha256: str, visit: Administrator) -> Response:
    """A published file as it was published, to the byte."""
    with visit.reading() as connection:
        found = text_of(connection, sha256)
    if found is None:
        raise NotFound
    kind, name, text = found
    return attached(f"{kind}-{name}-{sha256[:8]}.yaml", text)


def attached(name: str, text: str) -> Response:
    """A text of ours to be kept as a file."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text.encode("utf-8"), media_type="application/yaml; charset=utf-8", headers=headers)
