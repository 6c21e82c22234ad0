"""What is published, for those who keep it: the newest version of everything, older ones, what is open under each."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import Connection, func, select

from casework.load import DOSSIER
from casework.regulations import (
    REGULATION,
    calendar_by_hash,
    chart_of,
    council_rules_by_hash,
    holidays_by_hash,
    rulebook_of,
    scorecard_by_hash,
    successions,
    titles_in_force,
)
from models.dossier import UNFINISHED

#: the kinds of regulations, in the order in which an office meets them
KINDS = ("calendar", "procedure", "titles", "rulebook", "holidays", "succession", "scorecard", "council")
#: versions of each kind that are read; an office publishes a handful a year
MOST = 50


def newest_published(connection: Connection, lang: str) -> dict[str, list[dict[str, Any]]]:
    """By kind, the newest version of each regulation, the latest published first."""
    newest = (
        select(REGULATION.c.kind, REGULATION.c.name, func.max(REGULATION.c.version).label("version"))
        .group_by(REGULATION.c.kind, REGULATION.c.name)
        .subquery()
    )
    rows = connection.execute(
        select(
            REGULATION.c.kind,
            REGULATION.c.name,
            REGULATION.c.version,
            REGULATION.c.sha256,
            REGULATION.c.published_at,
        )
        .join(
            newest,
            (newest.c.kind == REGULATION.c.kind)
            & (newest.c.name == REGULATION.c.name)
            & (newest.c.version == REGULATION.c.version),
        )
        .order_by(REGULATION.c.published_at.desc(), REGULATION.c.name.desc())
    ).all()
    found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KINDS}
    for row in rows:
        if row.kind in found and len(found[row.kind]) < MOST:
            said = _SAID[row.kind](connection, row.sha256, lang)
            found[row.kind].append({**row._mapping, **said})
    return found


def _calendar(connection: Connection, sha256: str, lang: str) -> dict[str, Any]:
    plan = calendar_by_hash(connection, sha256)
    days = [planned.milestone for planned in plan.milestones.values()]
    return {
        "title": plan.title[lang],
        "since": min(day.opens for day in days),
        "until": max(day.last_day for day in days),
        "source": plan.source,
        "verified": plan.verified,
    }


def _procedure(connection: Connection, sha256: str, lang: str) -> dict[str, Any]:
    procedure = chart_of(connection, sha256).procedure
    return {
        "title": procedure.title[lang],
        "since": procedure.since,
        "until": procedure.until,
        "source": procedure.source,
        "verified": procedure.verified,
    }


def _titles(connection: Connection, sha256: str, lang: str) -> dict[str, Any]:
    listed = titles_in_force(connection).values()
    unverified = sum(not title.verified for title in listed)
    return {
        "title": None,
        "count": len(listed),
        "unverified": unverified,
        "since": None,
        "until": None,
        "source": "",
        "verified": not unverified,
    }


def _holidays(connection: Connection, sha256: str, lang: str) -> dict[str, Any]:
    year = holidays_by_hash(connection, sha256)
    days = [*year.days, *year.worked]
    return {
        "title": None,
        "since": min(days),
        "until": max(days),
        "source": year.source,
        "verified": year.verified,
    }


def _succession(connection: Connection, sha256: str, lang: str) -> dict[str, Any]:
    plan = next(plan for plan in successions(connection) if plan.sha256 == sha256)
    return {
        "title": plan.title[lang],
        "since": plan.since,
        "until": None,
        "source": plan.source,
        "verified": plan.verified and all(row.verified for row in (*plan.kinds, *plan.units)),
    }


def _scorecard(connection: Connection, sha256: str, lang: str) -> dict[str, Any]:
    card = scorecard_by_hash(connection, sha256)
    return {
        "title": card.title[lang],
        "since": None,
        "until": None,
        "source": card.source,
        "verified": card.verified,
    }


def _council(connection: Connection, sha256: str, lang: str) -> dict[str, Any]:
    rules = council_rules_by_hash(connection, sha256)
    return {
        "title": rules.title[lang],
        "since": None,
        "until": None,
        "source": rules.source,
        "verified": rules.verified,
    }


def _rulebook(connection: Connection, sha256: str, lang: str) -> dict[str, Any]:
    book = rulebook_of(connection, sha256)
    return {
        "title": book.title[lang],
        "since": book.since,
        "until": book.until,
        "source": book.source,
        "verified": book.verified,
    }


_SAID: dict[str, Callable[[Connection, str, str], dict[str, Any]]] = {
    "calendar": _calendar,
    "procedure": _procedure,
    "titles": _titles,
    "holidays": _holidays,
    "succession": _succession,
    "scorecard": _scorecard,
    "council": _council,
    "rulebook": _rulebook,
}


def versions_of(connection: Connection, kind: str, name: str) -> list[dict[str, Any]]:
    """The versions of one regulation, the newest first, each with how many open dossiers go by it."""
    rows = connection.execute(
        select(REGULATION.c.version, REGULATION.c.sha256, REGULATION.c.published_at)
        .where(REGULATION.c.kind == kind, REGULATION.c.name == name)
        .order_by(REGULATION.c.version.desc())
        .limit(MOST)
    ).all()
    counts = open_under(connection, [row.sha256 for row in rows]) if kind == "procedure" else {}
    return [{**row._mapping, "open": counts.get(row.sha256, 0)} for row in rows]


def open_under(connection: Connection, hashes: Collection[str]) -> dict[str, int]:
    """How many open dossiers go by each version of a procedure, by its SHA-256."""
    rows = connection.execute(
        select(DOSSIER.c.procedure_sha256, func.count().label("number"))
        .where(DOSSIER.c.procedure_sha256.in_(list(hashes)), UNFINISHED)
        .group_by(DOSSIER.c.procedure_sha256)
    )
    return {row.procedure_sha256: row.number for row in rows}


def open_under_older(
    connection: Connection, name: str, version: int, *, limit: int, start: int = 0
) -> tuple[list[str], int]:
    """Codes of open dossiers under versions of a procedure before ``version``, and how many there are in all."""
    older = select(REGULATION.c.sha256).where(
        REGULATION.c.kind == "procedure", REGULATION.c.name == name, REGULATION.c.version < version
    )
    here = (DOSSIER.c.procedure_sha256.in_(older), UNFINISHED)
    total = connection.execute(select(func.count()).select_from(DOSSIER).where(*here)).scalar_one()
    query = select(DOSSIER.c.code).where(*here).order_by(DOSSIER.c.id).limit(limit).offset(start)
    return list(connection.execute(query).scalars()), int(total)


def text_of(connection: Connection, sha256: str) -> tuple[str, str, str] | None:
    """(kind, name, text) of a published version; None where there is none of that hash."""
    row = connection.execute(
        select(REGULATION.c.kind, REGULATION.c.name, REGULATION.c.text).where(REGULATION.c.sha256 == sha256)
    ).first()
    return (row.kind, row.name, row.text) if row is not None else None
