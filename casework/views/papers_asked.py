"""Which papers the rules ask of a dossier for the titles in it, and which of them it holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from casework.law.choosing import choices_for
from casework.law.judging import received_on
from casework.load import NOMINATION, PAPER
from casework.views.naming import titles_named, titles_short
from casework.views.rulebooks import Names, said_of
from notifications.words import capital
from published.rulebooks.values import Paper


def papers_asked(
    connection: Connection, dossier: Mapping[str, Any], day: date, lang: str
) -> list[dict[str, Any]]:
    """Each paper once, with the titles that ask for it, its article, and whether the dossier holds it or one in its
    place; those that are missing first. Empty where no rulebook says."""
    choices = choices_for(connection, received_on(connection, dossier["id"]), day)
    if not choices or choices[0].rulebook.papers is None:
        return []
    asked: dict[str, tuple[Paper, list[str]]] = {}
    for title, subject in _titles(connection, dossier["id"]):
        for paper in choices[0].rulebook.papers.get((title, subject), ()):
            if paper.days.hold(choices[0].legal_day):
                asked.setdefault(paper.paper, (paper, []))[1].append(title)
    held = select(PAPER.c.kind).where(PAPER.c.dossier_id == dossier["id"], PAPER.c.removed_at.is_(None))
    there = set(connection.execute(held.distinct()).scalars())
    names = Names(titles_short(connection), titles_named(connection, lang))
    told = [
        {
            "told": capital(said_of(paper, lang, names)),
            "titles": [names.short.get(title, title) for title in titles],
            "article": paper.cited.article,
            "verified": paper.cited.verified,
            "there": not there.isdisjoint((paper.paper, *paper.instead)),
        }
        for paper, titles in asked.values()
    ]
    return sorted(told, key=lambda row: row["there"])


def _titles(connection: Connection, dossier: int) -> list[tuple[str, str]]:
    """The titles asked for in a dossier, each with whom it is for."""
    query = (
        select(NOMINATION.c.title, NOMINATION.c.person_id.is_(None).label("collective"))
        .where(
            NOMINATION.c.dossier_id == dossier,
            NOMINATION.c.outcome != "struck",
            NOMINATION.c.initiative_id.is_(None),
        )
        .distinct()
        .order_by(NOMINATION.c.title)
    )
    return [
        (row.title, "collective" if row.collective else "individual") for row in connection.execute(query)
    ]
