"""The money of awards: of a decision line by line, of a school year in sums, and what a revocation would have back.

Nothing is stored: a sheet is reckoned from the awards that stand and the rulebook of the decision's day. A bloc's own
certificates are in the bloc's own ledger and never in a sheet, and neither is the bonus fund.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, select

from casework.decided import AWARD, DECISION
from casework.law.awards import awards_where, beside
from casework.law.money_sight import sees_money
from casework.law.reckoned import HELD, Reckoned, reckoned_of, totals
from casework.routing import UNIT
from casework.sight import Sight, seen_among
from casework.views.history import decisions_shown
from casework.views.naming import titles_named
from rules.reasons import Reason, Refused


def decision_numbered(
    connection: Connection, number: str, year: int | None = None, unit: str | None = None
) -> int:
    """The id of a decision by its number; ``year`` and the issuing ``unit`` tell apart those of one number.

    Raises:
        Refused: there is none, or several.
    """
    query = (
        select(DECISION.c.id, DECISION.c.decided_on, DECISION.c.issued_by, UNIT.c.code)
        .join(UNIT, UNIT.c.id == DECISION.c.unit_id)
        .where(DECISION.c.number == number.strip())
        .order_by(DECISION.c.decided_on, DECISION.c.id)
    )
    if year is not None:
        query = query.where(DECISION.c.year == year)
    if unit is not None:
        query = query.where(UNIT.c.code == unit)
    rows = connection.execute(query).all()
    if not rows:
        raise Refused([Reason("unknown_decision", {"number": number.strip()})])
    if len(rows) > 1:
        choices = [f"{row.decided_on.isoformat()} {row.issued_by} ({row.code})" for row in rows]
        raise Refused([Reason("several_decisions", {"number": number.strip(), "choices": choices})])
    return int(rows[0].id)


def money_sheet(
    connection: Connection, decision: int, lang: str, day: date, sight: Sight | None = None
) -> dict[str, Any] | None:
    """The money of a decision as plain data; None where ``sight`` (of whoever reads, on ``day``) shows nothing of it.

    ``sight`` None: an operator, who sees everything. Whoever sees a part gets the sums of that part.

    Raises:
        Refused: no catalogue of titles was published.
    """
    shown = decisions_shown(connection, [decision]).get(decision)
    if shown is None:
        return None
    condition = AWARD.c.decision_id == decision
    all_rows = awards_where(connection, condition)
    rows = _seen(connection, all_rows, sight, day)
    if sight is not None and not rows and not sees_money(connection, sight, [decision], (), day).bodies:
        return None
    reckoned = reckoned_of(connection, condition, rows)
    lines = lines_told(connection, condition, reckoned, sight, lang)
    held = [one for one in reckoned if one.row["standing"] == HELD]
    return {
        "decision": {"id": decision, **shown},
        "partial": len(rows) < len(all_rows),
        "rulebook": next((one.table.rulebook for one in reckoned if one.table is not None), None),
        "rows": [line for line in lines if line["standing"] == HELD],
        "fallen": [line for line in lines if line["standing"] != HELD],
        "totals": {**totals(held), "elsewhere": sum(bool(row["elsewhere"]) for row in lines)},
        "titles": sums_by_title(connection, held, lang),
    }


def lines_told(
    connection: Connection,
    condition: ColumnElement[bool],
    reckoned: Sequence[Reckoned],
    sight: Sight | None,
    lang: str,
) -> list[dict[str, Any]]:
    """The lines of awards that were found by ``condition``, as plain data; a dossier is named where it is seen."""
    titles = titles_named(connection, lang)
    # Which of these is left out beside which other: the other may be of another decision of the same day.
    others = {str(row["id"]): row for row in beside(connection, condition)} if reckoned else {}
    lines = [_told(one, others, titles) for one in reckoned]
    if sight is None:
        return lines
    # Whoever sees an award's money need not see the dossier that it came by.
    known = seen_among(connection, sight, {row["dossier"] for row in lines if row["dossier"]})
    return [line if line["dossier"] in known else {**line, "dossier": None} for line in lines]


def sums_by_title(connection: Connection, held: Iterable[Reckoned], lang: str) -> list[dict[str, Any]]:
    """What awards come to by title, in the order of the catalogue."""
    return _by(held, lambda one: one.row["title"], titles_named(connection, lang))


def sums_by_decision(connection: Connection, held: Sequence[Reckoned]) -> list[dict[str, Any]]:
    """What awards come to by decision; each line brings its ``decision`` as it is shown."""
    decisions = decisions_shown(connection, {one.row["decision_id"] for one in held})
    numbers = {
        number: f"{told['number']}, {told['decided_on']}, {told['issued_by']}"
        for number, told in decisions.items()
    }
    found = _by(held, lambda one: one.row["decision_id"], numbers)
    for line in found:
        line["decision"] = decisions[line["of"]]
    return found


def money_year(
    connection: Connection, school_year: str, lang: str, day: date, sight: Sight | None = None
) -> dict[str, Any]:
    """What the awards of a school year come to, by title, by unit and by decision, as far as ``sight`` shows them."""
    condition = AWARD.c.school_year == school_year
    rows = _seen(connection, awards_where(connection, condition), sight, day)
    held = [one for one in reckoned_of(connection, condition, rows) if one.row["standing"] == HELD]
    units = {one.row["at_id"]: one.row["at_name"] or "" for one in held}
    return {
        "school_year": school_year,
        "totals": totals(held),
        "titles": sums_by_title(connection, held, lang),
        "units": _by(held, lambda one: one.row["at_id"], units),
        "decisions": sums_by_decision(connection, held),
    }


def _seen(connection: Connection, rows: list[RowMapping], sight: Sight | None, day: date) -> list[RowMapping]:
    if sight is None:
        return rows
    units = {row["at_id"] for row in rows if row["at_id"] is not None}
    seen = sees_money(connection, sight, {row["decision_id"] for row in rows}, units, day)
    return [row for row in rows if row["decision_id"] in seen.bodies or row["at_id"] in seen.units]


def _told(one: Reckoned, others: Mapping[str, RowMapping], titles: Mapping[str, str]) -> dict[str, Any]:
    """One line as plain data."""
    row, line = one.row, one.line
    rate = line.rate if line is not None else None
    base = line.base if line is not None else None
    other = others.get(line.beside) if line is not None else None
    person = row["person_id"] is not None
    return {
        "award": row["id"],
        "dossier": row["dossier"],
        "decision": {
            "id": row["decision_id"],
            "number": row["number"],
            "decided_on": row["decided_on"].isoformat(),
        },
        "title": row["title"],
        "title_name": titles.get(row["title"], row["title"]),
        "school_year": row["school_year"],
        "standing": row["standing"],
        "holder": {
            "kind": "person" if person else "unit",
            "code": row["person_code"] if person else row["at_code"],
            "name": row["person_name"] if person else row["at_name"],
        },
        "unit": {"code": row["at_code"], "name": row["at_name"]} if row["at_id"] is not None else None,
        "money": one.money,
        "times": str(rate.times) if rate is not None else None,
        "times_article": rate.cited.article if rate is not None else None,
        "source": rate.cited.source if rate is not None else None,
        "base": base.amount if base is not None else None,
        "base_article": base.cited.article if base is not None else None,
        "amount": line.amount if line is not None else 0,
        "paid": line.paid if line is not None and row["standing"] == HELD else 0,
        "was_paid": line.paid if line is not None and row["standing"] != HELD else 0,
        "items": list(rate.items) if rate is not None and rate.items is not None else None,
        "why": line.why if line is not None else "",
        "article": line.article if line is not None else "",
        "beside": _other(other, titles) if other is not None else None,
        "verified": one.verified,
        "same_achievement": bool(line.same_achievement) if line is not None else False,
        "elsewhere": _elsewhere(one, others.values(), titles),
    }


def _elsewhere(
    one: Reckoned, others: Iterable[RowMapping], titles: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Other titles of the holder for the same school year, decided on another day: the rule of what comes together
    speaks of one time, so that nothing is left out, and somebody may want to know."""
    row = one.row
    return [
        _other(other, titles)
        for other in others
        if other["id"] != row["id"]
        and (other["person_id"], other["unit_id"]) == (row["person_id"], row["unit_id"])
        and other["school_year"] == row["school_year"]
        and other["decided_on"] != row["decided_on"]
        and other["standing"] == HELD
        and other["title"] != row["title"]
    ]


def _other(row: RowMapping, titles: Mapping[str, str]) -> dict[str, Any]:
    return {
        "title": row["title"],
        "title_name": titles.get(row["title"], row["title"]),
        "number": row["number"],
        "decided_on": row["decided_on"].isoformat(),
    }


def _by(
    reckoned: Iterable[Reckoned], key: Callable[[Reckoned], Any], names: Mapping[Any, str]
) -> list[dict[str, Any]]:
    """Totals of each group, in the order of ``names``."""
    groups: dict[Any, list[Reckoned]] = {}
    for one in reckoned:
        groups.setdefault(key(one), []).append(one)
    order = {code: place for place, code in enumerate(names)}
    return [
        {"of": code, "name": names.get(code) or "", **totals(listed)}
        for code, listed in sorted(
            groups.items(), key=lambda pair: (order.get(pair[0], len(order)), str(pair[0]))
        )
    ]
