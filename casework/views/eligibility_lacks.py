"""What the rules still miss for each nomination of dossiers that lie with their school, asked for all at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, String, bindparam, cast, func, literal, select

from casework.history import ENTRY
from casework.law.judging import RECEIVING, Judged, judge, of_nominations
from casework.load import NOMINATION
from casework.people import PERSON, UNIT
from casework.regulations import titles_in_force
from notifications.conditions import say_condition
from published.titles import Title
from rules.answers import MET, NOT_MET, UNKNOWN
from rules.verdict import Finding
from rules.windows import local_day

#: kinds of states in which a dossier lies with its school, so that something can still be done about what is missing
WITH_SCHOOL = ("draft", "returned", "lapsed")
#: lines of one dossier; the sheet has all of them
LINES = 12
_SUBJECT = literal("dossier:", String).concat(cast(NOMINATION.c.dossier_id, String))
#: nominations with the name of their nominee and the instant at which their dossier was last taken in
_OPEN = (
    select(
        NOMINATION.c.id,
        NOMINATION.c.dossier_id,
        NOMINATION.c.person_id,
        NOMINATION.c.initiative_id,
        NOMINATION.c.unit_id,
        NOMINATION.c.title,
        func.coalesce(PERSON.c.name, UNIT.c.name).label("name"),
        select(func.max(ENTRY.c.at))
        .where(ENTRY.c.subject == _SUBJECT, ENTRY.c.event.in_(RECEIVING))
        .correlate(NOMINATION)
        .scalar_subquery()
        .label("received"),
    )
    .join(UNIT, UNIT.c.id == NOMINATION.c.unit_id)
    .outerjoin(PERSON, PERSON.c.id == NOMINATION.c.person_id)
    .where(
        NOMINATION.c.dossier_id.in_(bindparam("dossiers", expanding=True)),
        NOMINATION.c.outcome == "open",
        NOMINATION.c.initiative_id.is_(None),
    )
    .order_by(NOMINATION.c.id)
)


def lacks_of(
    connection: Connection, dossiers: Sequence[Mapping[str, Any]], day: date, lang: str
) -> dict[int, dict[str, Any]]:
    """By the id of each dossier that lies with its school: how many nominations are ``met`` today, and a line in
    ``rows`` for each of the others (at most `LINES`, ``more`` are left out): who, title, answer, whether the award
    would wait, and the conditions that are open, each with its article. Nothing where no rulebook is published.

    The number of statements does not depend on how many nominations there are.
    """
    mine = {dossier["id"]: dossier for dossier in dossiers if dossier["state_kind"] in WITH_SCHOOL}
    if not mine:
        return {}
    rows = [
        {**row, "school_year": mine[row["dossier_id"]]["school_year"]}
        for row in connection.execute(_OPEN, {"dossiers": sorted(mine)}).mappings()
    ]
    if not rows:
        return {}
    of_dossier = {row["id"]: row["dossier_id"] for row in rows}
    days = {row["id"]: local_day(row["received"]) for row in rows if row["received"] is not None}
    judged = judge(connection, of_nominations(rows, day), received_by=days)
    names = {row["id"]: row["name"] for row in rows}
    titles = titles_in_force(connection)
    shorts = {code: title.short for code, title in titles.items()}
    found: dict[int, dict[str, Any]] = {}
    for one in judged:
        if one.verdict is None:
            continue
        told = found.setdefault(of_dossier[one.wanted.nomination or 0], {"met": 0, "rows": [], "more": 0})
        if one.verdict.outcome == MET and not one.on_hold:
            told["met"] += 1
        elif len(told["rows"]) == LINES:
            told["more"] += 1
        else:
            told["rows"].append(_line(one, names[one.wanted.nomination or 0], titles, shorts, lang))
    return found


def _line(
    one: Judged, name: str, titles: Mapping[str, Title], shorts: Mapping[str, str], lang: str
) -> dict[str, Any]:
    asked, verdict = one.wanted, one.verdict
    finding = verdict.finding if verdict else None
    return {
        "nomination": asked.nomination,
        "name": name,
        "title_name": titles[asked.title].name[lang] if asked.title in titles else asked.title,
        "outcome": verdict.outcome if verdict else UNKNOWN,
        "on_hold": one.on_hold,
        "open": [
            {
                "asks": say_condition(leaf.condition, lang, shorts),
                "article": leaf.condition.cited.article,
                "outcome": leaf.outcome,
            }
            for leaf in (_leaves(finding) if finding is not None else ())
            if leaf.condition is not None
        ],
    }


def _leaves(finding: Finding) -> Iterator[Finding]:
    """The conditions that keep a finding from being met, the innermost of them."""
    if finding.outcome not in (NOT_MET, UNKNOWN):
        return
    if finding.parts:
        for part in finding.parts:
            yield from _leaves(part)
    else:
        yield finding
