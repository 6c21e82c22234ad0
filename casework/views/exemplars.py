"""Exemplars for lists and pages, and a bloc's summary of some years: who was made known, which titles came of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, true

from casework.decided import AWARD
from casework.exemplars.counts import COUNT
from casework.exemplars.stages import EXEMPLAR, STAGE
from casework.history import NOTE
from casework.load import DOSSIER, NOMINATION
from casework.movements.calendar_of import MOVEMENT
from casework.people import PERSON, UNIT
from casework.regulations import titles_in_force
from casework.routing import PLACEMENT
from casework.views.bounded import PAGE, counted_rows
from notifications.words import word
from published.titles import Title
from states.vocabulary import STAGES

#: offices tell the two forms of one title apart by the first letter of cá nhân and tập thể
_FORMS = {"individual": "C", "collective": "T"}
#: exemplars made known that a summary lists by name; how many there are stands in its table
KNOWN = 100


def list_exemplars(
    connection: Connection,
    units: Collection[int] | None,
    *,
    made_known: Collection[int] = (),
    start: int = 0,
) -> tuple[list[dict[str, Any]], int]:
    """The exemplars of some units (None: of all), and of further ones those that were ``made_known``; the newest first,
    each with the stages it reached; a page of them, and how many there are (counted to a bound)."""
    where = EXEMPLAR.c.unit_id.in_(sorted(units)) if units is not None else true()
    if made_known:
        where = or_(where, EXEMPLAR.c.unit_id.in_(sorted(made_known)) & is_known())
    total = counted_rows(connection, select(EXEMPLAR.c.id).where(where))
    return _exemplars(connection, where, start), total


def is_known() -> ColumnElement[bool]:
    """The condition on exemplars that were made known and still are some."""
    return and_(EXEMPLAR.c.stage == STAGES[-1], EXEMPLAR.c.ended_at.is_(None))


def show_exemplar(connection: Connection, number: int) -> dict[str, Any] | None:
    """One exemplar as in a list, by its number; None where there is none."""
    return next(iter(_exemplars(connection, EXEMPLAR.c.id == number, 0)), None)


def _exemplars(connection: Connection, where: ColumnElement[bool], start: int) -> list[dict[str, Any]]:
    query = (
        select(
            EXEMPLAR,
            PERSON.c.code.label("person_code"),
            PERSON.c.name.label("person_name"),
            UNIT.c.code.label("unit_code"),
            UNIT.c.name.label("unit_name"),
            MOVEMENT.c.code.label("movement"),
            NOTE.c.text.label("ended_why"),
        )
        .join(UNIT, UNIT.c.id == EXEMPLAR.c.unit_id)
        .outerjoin(PERSON, PERSON.c.id == EXEMPLAR.c.person_id)
        .outerjoin(MOVEMENT, MOVEMENT.c.id == EXEMPLAR.c.movement_id)
        .outerjoin(NOTE, NOTE.c.id == EXEMPLAR.c.ended_note_id)
        .where(where)
        .order_by(EXEMPLAR.c.id.desc())
        .limit(PAGE)
        .offset(start)
    )
    rows = connection.execute(query).mappings().all()
    stages = _stages(connection, [row["id"] for row in rows])
    return [
        {
            "number": row["id"],
            "unit": {"code": row["unit_code"], "name": row["unit_name"]},
            "person": {"code": row["person_code"], "name": row["person_name"]} if row["person_id"] else None,
            "field": row["field"],
            "movement": row["movement"],
            "stage": row["stage"],
            "stages": stages[row["id"]],
            "next": _next(row["stage"]) if row["ended_at"] is None else None,
            "ended": row["ended_at"] is not None,
            "ended_why": row["ended_why"],
        }
        for row in rows
    ]


def _next(stage: str) -> str | None:
    place = STAGES.index(stage) + 1
    return STAGES[place] if place < len(STAGES) else None


def _stages(connection: Connection, exemplars: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {exemplar: [] for exemplar in exemplars}
    query = (
        select(STAGE, NOTE.c.text)
        .outerjoin(NOTE, NOTE.c.id == STAGE.c.note_id)
        .where(STAGE.c.exemplar_id.in_(list(exemplars)))
        .order_by(STAGE.c.reached_on, STAGE.c.recorded_at)
    )
    for row in connection.execute(query).mappings():
        found[row["exemplar_id"]].append(
            {
                "stage": row["stage"],
                "reached_on": row["reached_on"].isoformat(),
                "text": row["text"],
                "paper": row["paper_name"] or None,
                "sha256": row["paper_sha256"],
            }
        )
    return found


def schools_of_bloc(connection: Connection, bloc: int, first: date, last: date) -> dict[int, str]:
    """The schools that stood in a bloc on some day of a span, by name."""
    query = (
        select(UNIT.c.id, UNIT.c.name)
        .join(PLACEMENT, PLACEMENT.c.unit_id == UNIT.c.id)
        .where(
            PLACEMENT.c.under_id == bloc,
            PLACEMENT.c.relation == "bloc",
            PLACEMENT.c.since <= last,
            or_(PLACEMENT.c.until.is_(None), PLACEMENT.c.until >= first),
        )
        .order_by(UNIT.c.name, UNIT.c.id)
    )
    return {row.id: row.name for row in connection.execute(query)}


@dataclass(frozen=True, slots=True)
class Summary:
    """A bloc's years: ``schools`` with how many reached each stage in them; ``known`` the first `KNOWN` made known;
    ``titles`` the lines of a table: from a file (registered, achieved, each of its ``periods``) and decided here, None
    where nothing says; ``shares`` what share of one title those with another are, beside the cap of a period."""

    first_year: str
    last_year: str
    periods: dict[str, list[tuple[str, str]]]
    schools: list[dict[str, Any]]
    known: list[dict[str, Any]]
    titles: list[dict[str, Any]]
    shares: list[dict[str, Any]]


def summary_of(connection: Connection, bloc: int, first_year: str, last_year: str, lang: str) -> Summary:
    """The summary of a bloc over school years (both included, for example 2015-2016 and 2019-2020)."""
    # A school year begins on 1 September and ends on 31 August, as the plans of the sector count.
    first = date(int(first_year[:4]), 9, 1)
    last = date(int(last_year[5:]), 8, 31)
    schools = schools_of_bloc(connection, bloc, first, last)
    titles = titles_in_force(connection)
    lines = _titles(connection, bloc, schools, first_year, last_year, titles, lang)
    return Summary(
        first_year,
        last_year,
        _periods(connection, bloc, first_year, last_year),
        _by_school(connection, schools, first, last),
        _known(connection, schools, first, last),
        lines,
        list(_shares(lines, titles, first, last)),
    )


def _periods(
    connection: Connection, bloc: int, first_year: str, last_year: str
) -> dict[str, list[tuple[str, str]]]:
    query = (
        select(COUNT.c.counted, COUNT.c.since_year, COUNT.c.until_year)
        .where(COUNT.c.unit_id == bloc, COUNT.c.since_year >= first_year, COUNT.c.until_year <= last_year)
        .distinct()
        .order_by(COUNT.c.counted, COUNT.c.since_year, COUNT.c.until_year)
    )
    found: dict[str, list[tuple[str, str]]] = {}
    for row in connection.execute(query):
        found.setdefault(row.counted, []).append((row.since_year, row.until_year))
    return found


def _by_school(
    connection: Connection, schools: dict[int, str], first: date, last: date
) -> list[dict[str, Any]]:
    query = (
        select(EXEMPLAR.c.unit_id, STAGE.c.stage, func.count().label("number"))
        .join(STAGE, STAGE.c.exemplar_id == EXEMPLAR.c.id)
        .where(EXEMPLAR.c.unit_id.in_(list(schools)), STAGE.c.reached_on.between(first, last))
        .group_by(EXEMPLAR.c.unit_id, STAGE.c.stage)
    )
    counted = {(row.unit_id, row.stage): row.number for row in connection.execute(query)}
    return [
        {"school": name, **{stage: counted.get((school, stage), 0) for stage in STAGES}}
        for school, name in schools.items()
    ]


def _known(connection: Connection, schools: dict[int, str], first: date, last: date) -> list[dict[str, Any]]:
    query = (
        select(PERSON.c.name, EXEMPLAR.c.unit_id, EXEMPLAR.c.field, STAGE.c.reached_on)
        .join(STAGE, STAGE.c.exemplar_id == EXEMPLAR.c.id)
        .outerjoin(PERSON, PERSON.c.id == EXEMPLAR.c.person_id)
        .where(
            EXEMPLAR.c.unit_id.in_(list(schools)),
            STAGE.c.stage == STAGES[-1],
            STAGE.c.reached_on.between(first, last),
        )
        .order_by(STAGE.c.reached_on, EXEMPLAR.c.id)
        .limit(KNOWN)
    )
    return [
        {
            "name": row.name or schools[row.unit_id],
            "school": schools[row.unit_id],
            "field": row.field,
            "reached_on": row.reached_on.isoformat(),
        }
        for row in connection.execute(query)
    ]


def _titles(
    connection: Connection,
    bloc: int,
    schools: dict[int, str],
    first_year: str,
    last_year: str,
    titles: dict[str, Title],
    lang: str,
) -> list[dict[str, Any]]:
    """One line a title and subject: what the file says of years within the span, and what was decided here."""
    lines: dict[tuple[str, str], dict[str, Any]] = {}
    query = (
        select(COUNT)
        .where(COUNT.c.unit_id == bloc, COUNT.c.since_year >= first_year, COUNT.c.until_year <= last_year)
        .order_by(COUNT.c.position)
    )
    for row in connection.execute(query).mappings():
        line = lines.setdefault(
            (row["title"], row["subject"]), _line(row["title"], row["name"], row["subject"])
        )
        line[row["counted"]] = (line[row["counted"]] or 0) + row["number"]
    for code, subject, number in _decided(connection, schools, first_year, last_year):
        known = (f"{code}-{_FORMS[subject]}", subject)
        name = titles[code].name[lang] if code in titles else code
        line = lines.setdefault(known if known in lines else (code, subject), _line(code, name, subject))
        line["decided"] = number
    times = Counter(line["name"] for line in lines.values())
    for line in lines.values():
        if times[line["name"]] > 1:
            # One name for people and for collectives: which of them is meant is said.
            line["name"] = f"{line['name']} ({word('subjects', line['subject'], lang)})"
    return list(lines.values())


def _line(code: str, name: str, subject: str) -> dict[str, Any]:
    return {
        "title": code,
        "name": name,
        "subject": subject,
        "registered": None,
        "achieved": None,
        "decided": None,
    }


def _decided(
    connection: Connection, schools: dict[int, str], first_year: str, last_year: str
) -> Iterable[tuple[str, str, int]]:
    query = (
        select(AWARD.c.title, AWARD.c.person_id.is_(None).label("collective"), func.count().label("number"))
        .join(NOMINATION, NOMINATION.c.id == AWARD.c.nomination_id)
        .join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id)
        .where(
            AWARD.c.standing == "held",
            AWARD.c.school_year.between(first_year, last_year),
            # An award has the year of its dossier: said of both, the other years' dossiers are not gone through.
            DOSSIER.c.school_year.between(first_year, last_year),
            DOSSIER.c.unit_id.in_(list(schools)),
        )
        .group_by(AWARD.c.title, AWARD.c.person_id.is_(None))
        .order_by(AWARD.c.title)
    )
    for row in connection.execute(query):
        yield row.title, "collective" if row.collective else "individual", row.number


def _shares(
    lines: list[dict[str, Any]], titles: dict[str, Title], first: date, last: date
) -> Iterable[dict[str, Any]]:
    """For each title that a cap of the period binds: its share of the other title, exact, in every column."""
    by_code = {line["title"]: line for line in lines}
    for code, title in titles.items():
        for cap in title.capped:
            if code not in by_code or cap.of not in by_code:
                continue
            if cap.since > last or (cap.until is not None and cap.until < first):
                continue
            for column in ("registered", "achieved", "decided"):
                number, base = by_code[code][column], by_code[cap.of][column]
                if number is None or not base:
                    continue
                share = Fraction(number, base)
                yield {
                    "title": code,
                    "of": cap.of,
                    "short": title.short,
                    "of_short": titles[cap.of].short,
                    "column": column,
                    "number": number,
                    "base": base,
                    "share": share,
                    "cap": cap.share,
                    "within": share <= cap.share,
                    "article": cap.article,
                    "verified": cap.verified,
                }
