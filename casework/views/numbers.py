"""The four numbers of each title, which stay apart: registered, proposed, appraised, decided."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from casework.load import DOSSIER, NOMINATION
from casework.views.initiatives import scopes_of
from casework.views.naming import titles_named

NUMBERS = ("registered", "proposed", "appraised", "decided")


def four_numbers(
    connection: Connection,
    lang: str,
    *,
    school_year: str | None = None,
    level: str | None = None,
    units: Collection[int] | None = None,
) -> list[dict[str, Any]]:
    """Per title: how many were registered, proposed, appraised and decided, in the order of the catalogue.

    A nomination counts as appraised and as decided under the title that was supported or awarded, which may be
    a lower one than it was proposed for. ``initiatives``: the title is a scope of initiatives, counted apart.
    """
    conditions: list[ColumnElement[bool]] = []
    if school_year is not None:
        conditions.append(DOSSIER.c.school_year == school_year)
    if level is not None:
        conditions.append(DOSSIER.c.level == level)
    if units is not None:
        conditions.append(DOSSIER.c.unit_id.in_(list(units)))
    found: dict[str, dict[str, int]] = {}
    for name, title, counted in (
        ("registered", NOMINATION.c.title, NOMINATION.c.registered),
        ("proposed", NOMINATION.c.title, NOMINATION.c.proposed),
        ("appraised", NOMINATION.c.appraised_title, NOMINATION.c.appraised_title.is_not(None)),
        ("decided", NOMINATION.c.decided_title, NOMINATION.c.outcome == "awarded"),
    ):
        query = (
            select(title.label("title"), func.count().label("number"))
            .join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id)
            .where(counted, *conditions)
            .group_by(title)
        )
        for row in connection.execute(query):
            found.setdefault(row.title, dict.fromkeys(NUMBERS, 0))[name] = row.number
    titles, scopes = titles_named(connection, lang), {code for code, _ in scopes_of(connection, lang)}
    order = {code: position for position, code in enumerate(titles)}
    return [
        {"title": code, "name": titles.get(code, code), "initiatives": code in scopes, **numbers}
        for code, numbers in sorted(found.items(), key=lambda item: (order.get(item[0], len(order)), item[0]))
    ]
