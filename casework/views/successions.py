"""A published succession map as plain data, with the names of the units where this home has them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from casework.people import UNIT
from casework.regulations import successions
from notifications.words import word
from rules.reasons import Reason, Refused


def show_succession(connection: Connection, name: str, lang: str) -> dict[str, Any]:
    """The newest version of a map.

    Raises:
        Refused: none of that name was published.
    """
    found = next((plan for plan in successions(connection) if plan.name == name), None)
    if found is None:
        raise Refused([Reason("unknown_succession", {"name": name})])
    codes = {code for row in found.units for code in (row.unit, *row.becomes)}
    rows = connection.execute(select(UNIT.c.code, UNIT.c.name).where(UNIT.c.code.in_(list(codes))))
    names = {row.code: f"{row.name} ({row.code})" for row in rows}

    def unit(code: str) -> dict[str, str]:
        return {"unit": code, "label": names.get(code, code)}

    def kind(code: str) -> dict[str, str]:
        return {"kind": code, "label": word("unit_kinds", code, lang)}

    def backing(row: Any) -> dict[str, Any]:
        return {"since": row.since.isoformat(), "source": row.source, "verified": row.verified}

    return {
        "name": found.name,
        "title": found.title[lang],
        "since": found.since.isoformat(),
        "source": found.source,
        "verified": found.verified,
        "sha256": found.sha256,
        "kinds": [{**kind(row.kind), "becomes": [kind(row.becomes)], **backing(row)} for row in found.kinds],
        "units": [
            {**unit(row.unit), "becomes": [unit(code) for code in row.becomes], **backing(row)}
            for row in found.units
        ],
    }
