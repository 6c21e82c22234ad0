"""Names in the place of ids: reasons carry ids and codes, readers want to know who and where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from sqlalchemy import Connection, select

from casework.council.lying_open import PUBLICITY
from casework.load import DOSSIER, NOMINATION
from casework.movements.calendar_of import ANSWER, REVIEW, milestone_name
from casework.movements.planners import PLANNERS
from casework.people import PERSON, UNIT
from casework.regulations import calendar_by_hash, chart_of, published, titles_in_force
from casework.views.initiative_names import initiatives_told, with_authors_named
from notifications.words import catalogue, word
from rules.reasons import Reason, Refused
from states.procedure import Procedure
from states.vocabulary import CALENDAR

_PEOPLE = ("person", "to")
_UNITS = ("unit", "successor", "scorer", "scored")
_STATES = ("state", "origin")
_DESKS = ("desk", "other", "desks")
_TITLES = ("title", "lower", "titles")


def named(
    connection: Connection,
    reasons: Sequence[Reason],
    lang: str,
    dossier: str | None = None,
    procedure: Procedure | None = None,
) -> list[Reason]:
    """The reasons with names in the place of ids and codes: of people, units, nominations, desks, states, titles …

    ``dossier`` is the code of the dossier that they are about: its procedure names desks and states. Where they are
    about several of one ``procedure``, that is given instead.
    """
    if not reasons:
        return []
    people = people_named(connection, _ids(reasons, _PEOPLE), _codes(reasons, _PEOPLE))
    units = units_named(connection, _ids(reasons, _UNITS))
    titles = titles_named(connection, lang)
    nominations = nominations_named(connection, _ids(reasons, ("nomination",)), titles, dossier)
    procedure = procedure or _procedure_of(connection, dossier)
    milestones = milestones_named(connection, lang) if _asks(reasons, "milestone") else {}
    found = []
    for reason in reasons:
        strange = dossier is not None and reason.params.get("nomination", 0) not in {*nominations, 0}
        if reason.code == "nomination_not_open" and strange:
            found.append(Reason("nomination_not_in_dossier", {"number": reason.params["nomination"]}))
            continue
        params = dict(reason.params)
        for key, value in reason.params.items():
            if key in _PEOPLE:
                params[key] = people.get(value, value)
            elif key in _UNITS:
                params[key] = units.get(value) or _any_unit(lang)
            elif key == "nomination":
                params[key] = nominations.get(value, value)
            elif key == "dossier" and value is None:
                params[key] = dossier
            elif key == "milestone":
                params[key] = milestones.get(value, value)
            elif key in _TITLES:
                params[key] = (
                    [titles.get(v, v) for v in value] if isinstance(value, list) else titles.get(value, value)
                )
            elif procedure is not None and key in _STATES and value in procedure.states:
                params[key] = procedure.states[value].label[lang]
            elif procedure is not None and key in _DESKS:
                many = isinstance(value, list)
                desks = [desk_named(procedure, str(v), lang) for v in (value if many else [value])]
                params[key] = desks if many else desks[0]
        if reason.code == "nominated_twice" and params.get("person") is None:
            params["person"] = word("subjects", "collective", lang)
        found.append(replace(reason, params=params))
    return found


def named_of_many(
    connection: Connection, about: Sequence[tuple[str | None, Reason]], lang: str
) -> list[Reason]:
    """Reasons about many dossiers with names, in their order, each beside the SHA-256 of its dossier's procedure (None
    where it is about none). Named together: the statements are those of a procedure, not of a dossier."""
    found: dict[int, Reason] = {}
    for sha256 in dict.fromkeys(sha256 for sha256, _ in about):
        places = [place for place, (mine, _) in enumerate(about) if mine == sha256]
        procedure = chart_of(connection, sha256).procedure if sha256 is not None else None
        told = named(connection, [about[place][1] for place in places], lang, procedure=procedure)
        found.update(zip(places, told, strict=True))
    return [found[place] for place in range(len(about))]


def named_each(
    connection: Connection,
    groups: Iterable[Sequence[Reason]],
    lang: str,
    dossier: str | None = None,
) -> list[list[Reason]]:
    """As `named`, for several lists of reasons at once: what they name is read once for all of them."""
    lists = list(groups)
    found = iter(named(connection, [reason for some in lists for reason in some], lang, dossier))
    return [list(islice(found, len(some))) for some in lists]


def _asks(reasons: Iterable[Reason], key: str) -> bool:
    return any(key in reason.params for reason in reasons)


def _ids(reasons: Iterable[Reason], keys: Sequence[str]) -> set[int]:
    values = (reason.params.get(key) for reason in reasons for key in keys)
    return {value for value in values if isinstance(value, int) and value > 0}


def _codes(reasons: Iterable[Reason], keys: Sequence[str]) -> set[str]:
    return {v for reason in reasons for key in keys if isinstance(v := reason.params.get(key), str)}


def _any_unit(lang: str) -> str:
    return catalogue("names", lang).get("any_unit", "…")


def _procedure_of(connection: Connection, dossier: str | None) -> Procedure | None:
    if dossier is None:
        return None
    query = select(DOSSIER.c.procedure_sha256).where(DOSSIER.c.code == dossier)
    sha256 = connection.execute(query).scalar()
    return chart_of(connection, sha256).procedure if sha256 else None


def desk_named(procedure: Procedure, desk: str, lang: str) -> str:
    """What a desk of a procedure is called."""
    if desk == CALENDAR:
        return catalogue("names", lang).get("calendar", desk)
    return procedure.desks[desk].label[lang] if desk in procedure.desks else desk


def people_named(
    connection: Connection, ids: Iterable[int], codes: Iterable[str] = ()
) -> dict[int | str, str]:
    """Name and staff code by id and by code. An erased person's name is the code already."""
    wanted, wanted_codes = list(ids), list(codes)
    found: dict[int | str, str] = {}
    columns = (PERSON.c.id, PERSON.c.code, PERSON.c.name)
    for column, values in ((PERSON.c.id, wanted), (PERSON.c.code, wanted_codes)):
        if values:
            for row in connection.execute(select(*columns).where(column.in_(values))):
                text = row.name if row.name == row.code else f"{row.name} ({row.code})"
                found[row.id if column is PERSON.c.id else row.code] = text
    return found


def units_named(connection: Connection, ids: Iterable[int]) -> dict[int, str]:
    """Names of units by id."""
    wanted = list(ids)
    if not wanted:
        return {}
    rows = connection.execute(select(UNIT.c.id, UNIT.c.name).where(UNIT.c.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def titles_named(connection: Connection, lang: str) -> dict[str, str]:
    """Names of titles with their short form, by code; empty where no catalogue was published."""
    try:
        titles = titles_in_force(connection)
    except Refused:
        return {}
    return {
        code: title.name[lang] if title.short in title.name[lang] else f"{title.name[lang]} ({title.short})"
        for code, title in titles.items()
    }


def titles_short(connection: Connection) -> dict[str, str]:
    """Short names of titles by code; empty where no catalogue was published."""
    try:
        return {code: title.short for code, title in titles_in_force(connection).items()}
    except Refused:
        return {}


def lower_titles(connection: Connection) -> dict[str, str]:
    """Code of a title → code of the one that a desk may propose in its place; empty where there is no catalogue."""
    try:
        titles = titles_in_force(connection)
    except Refused:
        return {}
    return {code: title.lower for code, title in titles.items() if title.lower}


def nominations_named(
    connection: Connection, ids: Iterable[int], titles: Mapping[str, str], dossier: str | None = None
) -> dict[int, str]:
    """Number, holder and title of nominations by id; only those of ``dossier`` where one is named.

    Whoever mistypes a number learns nothing about the nominees of another dossier.
    """
    wanted = list(ids)
    if not wanted:
        return {}
    query = (
        select(
            NOMINATION.c.id,
            NOMINATION.c.title,
            NOMINATION.c.initiative_id,
            PERSON.c.name.label("person"),
            UNIT.c.name.label("unit"),
        )
        .join(UNIT, UNIT.c.id == NOMINATION.c.unit_id)
        .outerjoin(PERSON, PERSON.c.id == NOMINATION.c.person_id)
        .where(NOMINATION.c.id.in_(wanted))
    )
    if dossier is not None:
        query = query.join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id).where(DOSSIER.c.code == dossier)
    rows = connection.execute(query).all()
    initiatives = initiatives_told(connection, {r.initiative_id for r in rows if r.initiative_id is not None})
    names = {number: with_authors_named(one) for number, one in initiatives.items()}
    return {
        r.id: f"{r.id} ({names.get(r.initiative_id) or r.person or r.unit}, {titles.get(r.title, r.title)})"
        for r in rows
    }


def milestones_named(connection: Connection, lang: str) -> dict[str, str]:
    """Words for the milestones of every published calendar, by their names."""
    found: dict[str, str] = {}
    for _, sha256 in published(connection, "calendar"):
        calendar = calendar_by_hash(connection, sha256)
        found |= {name: milestone.label[lang] for name, milestone in calendar.milestones.items()}
    # What movements ask for has one name for all of them here: which one is meant stands beside it.
    for what in (ANSWER, REVIEW):
        said = word("movements", f"{what}_any", lang)
        found |= {milestone_name(what, kind): said for kind in PLANNERS}
    found[PUBLICITY] = word("councils", "publicity_any", lang)
    return found


def procedures_named(connection: Connection, lang: str) -> dict[str, str]:
    """The titles of the published procedures, by their names."""
    return {
        name: chart_of(connection, sha256).procedure.title[lang]
        for name, sha256 in published(connection, "procedure")
    }


def told(reason: Reason, words: str) -> dict[str, Any]:
    """A reason as plain data together with its words."""
    return {**reason.as_dict(), "text": words}
