"""Verdicts as they were kept: the answer of each act, and which fact turned one that was taken again.

Who may not know of disciplines and matters reads that something about the nominee changed, not what; and where nothing
turned they do not read of it at all, since whoever knows of all other facts could guess it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from typing import Any

from sqlalchemy import Connection, and_, func, select

from casework.law.keeping import VERDICT
from casework.law.who import NOTHING, Knows, knows_of
from casework.load import NOMINATION
from casework.people import PERSON, UNIT
from casework.sight import Sight
from casework.views.naming import titles_named
from models.verdict import AGAIN
from notifications.words import say
from rules.school_years import name_of

#: verdicts that have turned, told of one dossier; the sheet has all of them
TURNED_SHOWN = 12
#: facts that not everybody may know, and who may; those of members may be disciplines too
_HIDDEN: Mapping[str, Callable[[Knows], bool]] = {
    "discipline": lambda knows: knows.disciplines,
    "members": lambda knows: knows.disciplines,
    "matter": lambda knows: knows.matters,
}
#: of these nothing more is said than of any other fact, to whoever may not know them
_UNNAMED = ("discipline", "matter")
#: what is read of many verdicts: their findings are long
_READ = ("nomination_id", "number", "taken_at", "outcome", "on_hold", "recorded_at", "reopened_by")


@dataclass(frozen=True, slots=True)
class Turned:
    """Verdicts of a dossier that were taken again since its last act and have turned: the first of them in words, and
    how many ``more`` there are."""

    rows: tuple[dict[str, Any], ...] = ()
    more: int = 0


def verdicts_of(
    connection: Connection, nomination: int, lang: str, knows: Knows = NOTHING
) -> list[dict[str, Any]]:
    """The verdicts that were kept on a nomination, the newest first. One that was taken again says which ``fact`` was
    corrected, and what the answer was before; ``turned`` where it is another one now."""
    query = select(VERDICT).where(VERDICT.c.nomination_id == nomination).order_by(VERDICT.c.number)
    titles = titles_named(connection, lang)
    rows = connection.execute(query).mappings().all()
    told = [
        {
            "number": row["number"],
            "taken_at": row["taken_at"],
            "taken_told": say(f"eligibility.taken.{row['taken_at']}", {}, lang),
            "outcome": row["outcome"],
            "outcome_told": say(f"eligibility.{row['outcome']}", {}, lang),
            "rule": row["rule"],
            "legal_day": row["legal_day"].isoformat(),
            "on_hold": row["on_hold"],
            "at": row["recorded_at"].isoformat(),
            "again": row["taken_at"] == AGAIN,
            **_change(before, row, titles, lang, knows),
        }
        for before, row in pairwise([None, *rows])
        if row is not None and (before is None or _is_told(before, row, knows))
    ]
    return told[::-1]


def turned_of(
    connection: Connection, dossier: int, day: date, lang: str, sight: Sight | None = None
) -> Turned:
    """What a letter of verdicts that have turned is about: of each nomination the last turn since the dossier's last
    act. Without ``sight`` (at the terminal of the home) disciplines and matters are not named."""
    again = (
        select(VERDICT.c.nomination_id)
        .join(NOMINATION, NOMINATION.c.id == VERDICT.c.nomination_id)
        .where(
            NOMINATION.c.dossier_id == dossier,
            NOMINATION.c.outcome != "struck",
            VERDICT.c.taken_at == AGAIN,
        )
        .distinct()
        .subquery()
    )
    query = (
        select(
            *(VERDICT.c[name] for name in _READ),
            NOMINATION.c.title,
            NOMINATION.c.person_id,
            NOMINATION.c.unit_id,
            func.coalesce(PERSON.c.name, UNIT.c.name).label("name"),
        )
        .join(NOMINATION, NOMINATION.c.id == VERDICT.c.nomination_id)
        .join(UNIT, UNIT.c.id == NOMINATION.c.unit_id)
        .outerjoin(PERSON, PERSON.c.id == NOMINATION.c.person_id)
        .join(again, again.c.nomination_id == VERDICT.c.nomination_id)
        .order_by(VERDICT.c.nomination_id, VERDICT.c.number)
    )
    rows = connection.execute(query).mappings().all()
    found = [
        turn
        for _, some in groupby(rows, key=lambda row: row["nomination_id"])
        if (turn := _last_turn(list(some))) is not None
    ]
    if not found:
        return Turned()
    titles = titles_named(connection, lang)
    told = []
    for before, row in found[:TURNED_SHOWN]:
        knows = NOTHING
        if sight is not None and _kind(row) in _UNNAMED:
            unit = row["unit_id"] if row["person_id"] is None else None
            knows = knows_of(connection, sight, day, person=row["person_id"], unit=unit)
        told.append(
            {
                "nomination": row["nomination_id"],
                "name": row["name"],
                "title_name": titles.get(row["title"], row["title"]),
                "outcome": row["outcome"],
                "on_hold": row["on_hold"],
                "at": row["recorded_at"].isoformat(),
                **_change(before, row, titles, lang, knows),
            }
        )
    return Turned(tuple(told), len(found) - len(told))


def lights_of(connection: Connection, dossier: int) -> dict[int, str]:
    """Of each standing nomination of a dossier the answer of its newest verdict; those without one are missing."""
    newest = (
        select(VERDICT.c.nomination_id, func.max(VERDICT.c.number).label("number"))
        .join(NOMINATION, NOMINATION.c.id == VERDICT.c.nomination_id)
        .where(NOMINATION.c.dossier_id == dossier, NOMINATION.c.outcome != "struck")
        .group_by(VERDICT.c.nomination_id)
        .subquery()
    )
    query = select(VERDICT.c.nomination_id, VERDICT.c.outcome, VERDICT.c.on_hold).join(
        newest,
        and_(VERDICT.c.nomination_id == newest.c.nomination_id, VERDICT.c.number == newest.c.number),
    )
    return {row.nomination_id: "on_hold" if row.on_hold else row.outcome for row in connection.execute(query)}


# --- What turned ---

Row = Mapping[str, Any]


def _last_turn(rows: Sequence[Row]) -> tuple[Row, Row] | None:
    """The last verdict that turned after the last act, and the one before it."""
    for before, row in reversed(list(pairwise(rows))):
        if row["taken_at"] != AGAIN:
            return None
        if row["outcome"] != before["outcome"]:
            return before, row
    return None


def _kind(row: Row) -> str:
    """What kind of fact a verdict was taken again for."""
    return str(row["reopened_by"] or "").partition(":")[0]


def _is_told(before: Row, row: Row, knows: Knows) -> bool:
    """Whether a reader learns of a verdict at all."""
    turned = (row["outcome"], row["on_hold"]) != (before["outcome"], before["on_hold"])
    return turned or _kind(row) not in _HIDDEN or _HIDDEN[_kind(row)](knows)


def _change(
    before: Row | None, row: Row, titles: Mapping[str, str], lang: str, knows: Knows
) -> dict[str, Any]:
    if before is None or row["taken_at"] != AGAIN:
        return {"fact": "", "fact_told": "", "was": None, "was_told": "", "turned": False, "turned_told": ""}
    kind = _kind(row)
    named = kind not in _UNNAMED or _HIDDEN[kind](knows)
    fact = fact_told(row["reopened_by"], titles, lang) if named else say("eligibility.fact.hidden", {}, lang)
    was, now = _answer(before, lang), _answer(row, lang)
    turned = was != now
    return {
        "fact": fact,
        "fact_told": say("eligibility.fact_changed", {"fact": fact}, lang),
        "was": before["outcome"],
        "was_told": was,
        "turned": turned,
        "turned_told": say(f"eligibility.{'turned' if turned else 'stayed'}", {"was": was, "now": now}, lang),
    }


def _answer(row: Row, lang: str) -> str:
    """An answer in words, with that it must wait where it must."""
    said = say(f"eligibility.{row['outcome']}", {}, lang)
    return say("eligibility.waiting", {"answer": said}, lang) if row["on_hold"] else said


def fact_told(key: str, titles: Mapping[str, str], lang: str) -> str:
    """A fact in words, by its key (`rules/conditions.py`)."""
    kind, *parts = key.split(":")
    if kind == "title":
        _, year, title = parts
        params = {"title": titles.get(title, title)}
        if not year.isdecimal():
            return say("eligibility.fact.title_ever", params, lang)
        return say("eligibility.fact.title", {**params, "year": name_of(int(year))}, lang)
    if kind == "rulebook":
        return say("eligibility.fact.rulebook", {"name": ":".join(parts)}, lang)
    last = parts[-1]
    return say(f"eligibility.fact.{kind}", {"year": name_of(int(last))} if last.isdecimal() else {}, lang)
