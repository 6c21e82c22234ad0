"""What the rules say, asked by a door: of a person or unit by name, of a whole dossier, of what was kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from casework.access import EMPLOYMENT
from casework.law.judging import judge, nominations_of, of_nominations, received_on
from casework.law.wanted import Wanted
from casework.law.who import NOTHING, OWN, Knows, knows_of
from casework.load import DOSSIER, NOMINATION
from casework.people import PERSON, UNIT
from casework.regulations import titles_in_force
from casework.sight import Sight
from casework.views.eligibility import explained, nearest_met
from models.dossier import UNFINISHED
from rules.answers import MET
from rules.reasons import Reason, refuse_if
from rules.school_years import against_unreadable, name_of, year_named, year_of

#: whether the rules may be asked of a person, or of a unit (the other is None)
May = Callable[[int | None, int | None], bool]


def asked_of(
    connection: Connection,
    who: str,
    title: str,
    school_year: str | None,
    day: date,
    may: May = lambda person, unit: True,
) -> Wanted:
    """What is asked when somebody names a person or a unit by code, a title, and a school year (None: the running one).

    Of whom one ``may`` not ask is as unknown as whom there is not.

    Raises:
        Refused: there is no such person or unit, no such title or year: every reason.
    """
    reasons: list[Reason] = []
    person = connection.execute(select(PERSON.c.id).where(PERSON.c.code == who)).scalar()
    unit = connection.execute(select(UNIT.c.id).where(UNIT.c.code == who)).scalar()
    if person is not None:
        # A code may name both: the person goes before.
        unit = None
    if (person is not None or unit is not None) and not may(person, unit):
        person = unit = None
    if person is None and unit is None:
        reasons.append(Reason("unknown_holder", {"code": who}))
    known = titles_in_force(connection).get(title)
    if known is None:
        reasons.append(Reason("unknown_title", {"title": title}))
    elif not known.suits("individual" if person is not None else "collective") and not reasons:
        reasons.append(Reason("title_not_for_holder", {"title": title, "code": who}))
    year = year_of(day) if school_year is None else year_named(school_year)
    if school_year is not None:
        reasons += against_unreadable(school_year)
    refuse_if(reasons)
    employed = (
        select(EMPLOYMENT.c.unit_id)
        .where(EMPLOYMENT.c.person_id == person)
        .order_by(EMPLOYMENT.c.since.desc())
    )
    works_at = connection.execute(employed.limit(1)).scalar() if person is not None else unit
    nomination = _standing_nomination(connection, person, unit, title, name_of(year or 0))
    return Wanted(works_at or 0, title, year or 0, day, person, nomination)


def _standing_nomination(
    connection: Connection, person: int | None, unit: int | None, title: str, school_year: str
) -> int | None:
    """The nomination that is on its way for just this, which is no evidence for itself."""
    query = (
        select(NOMINATION.c.id)
        .join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id)
        .where(
            NOMINATION.c.title == title,
            DOSSIER.c.school_year == school_year,
            NOMINATION.c.outcome == "open",
            NOMINATION.c.initiative_id.is_(None),
            UNFINISHED,
        )
    )
    of_holder = NOMINATION.c.person_id == person if person is not None else NOMINATION.c.person_id.is_(None)
    if person is None:
        query = query.where(NOMINATION.c.unit_id == unit)
    return connection.execute(query.where(of_holder).order_by(NOMINATION.c.id.desc()).limit(1)).scalar()


def explain(
    connection: Connection,
    wanted: Wanted,
    lang: str,
    *,
    knows: Knows = NOTHING,
    received: date | None = None,
) -> dict[str, Any]:
    """The whole answer for one: the verdict in words, what is missing, the nearest title, the earliest year."""
    (judged,) = judge(connection, [wanted], received)
    told = explained(connection, judged, lang, knows=knows)
    if judged.verdict is not None and told["outcome"] != MET:
        told |= nearest_met(connection, judged, received, lang)
    return told


def sheet_of(
    connection: Connection, dossier: Mapping[str, Any], day: date, lang: str, sight: Sight | None = None
) -> list[dict[str, Any]]:
    """Every standing nomination of a dossier with its verdict of today in words, without what is missing: what an
    appraiser checks, and what a school's clerk has still to see to.

    Without ``sight`` (at the terminal of the home) disciplines and matters are not named.
    """
    query = select(NOMINATION).where(
        NOMINATION.c.dossier_id == dossier["id"], NOMINATION.c.outcome != "struck"
    )
    rows = [
        {**row, "school_year": dossier["school_year"]}
        for row in connection.execute(query.order_by(NOMINATION.c.id)).mappings()
    ]
    judged = judge(connection, of_nominations(rows, day), received_on(connection, dossier["id"]))
    of_unit = {
        unit: NOTHING if sight is None else knows_of(connection, sight, day, unit=unit)
        for unit in {one.wanted.unit for one in judged}
    }
    told = []
    for one in judged:
        own = sight is not None and one.wanted.person == sight.person
        knows = OWN if own else of_unit[one.wanted.unit]
        found = explained(connection, one, lang, knows=knows, whole=False)
        told.append({"nomination": one.wanted.nomination, **found})
    return told


def nomination_asked(connection: Connection, dossier: int, nomination: int, day: date) -> Wanted | None:
    """What is asked of a standing nomination of a dossier; None where there is none of that number that rules judge."""
    rows = [row for row in nominations_of(connection, [nomination]) if row["dossier_id"] == dossier]
    wanted = of_nominations([row for row in rows if row["outcome"] != "struck"], day)
    return wanted[0] if wanted else None
