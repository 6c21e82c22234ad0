"""A bloc's year as plain data, for pages and the terminal: meetings, card, signatures, sheets, matrix, ranking, prizes.

Every function reads a fixed number of statements, however many schools, sheets and items there are. ``sight`` None is
the terminal without a person: it sees everything, as the operator does. Points are texts as people write them, exact
ones as fractions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, func, or_, select

from casework.bloc.certify import CERTIFICATE
from casework.bloc.hand_over import leading_schools
from casework.bloc.hold_meeting import MEETING
from casework.bloc.propose import PROPOSAL
from casework.bloc.score_sheet import LINE, lines_of
from casework.bloc.settle import SETTLED, ranked
from casework.bloc.sight import acting_for, readable_by
from casework.bloc.sign_covenant import SIGNATURE
from casework.bloc.telling import scoring_day
from casework.bloc.year import LEAVER, SHEET, BlocYear
from casework.call import Call
from casework.history import NOTE
from casework.load import DOSSIER, NOMINATION
from casework.people import names_of, units_told
from casework.reads import SCORE
from casework.regulations import chart_of
from casework.sight import Sight
from casework.views.naming import titles_named
from casework.views.scorecards import scorecard_told
from models.base import values_of
from rules.ranking import exact_value
from rules.reasons import Reason, Refused
from rules.scorecard import plain, shown, total

#: the steps of the year in their order; ``next`` of `show_year` is one of them
STEPS = (
    "approve_card",
    "assign_scoring",
    "score_sheet",
    "hold_meeting",
    "settle_scores",
    "propose_prizes",
    "hand_over",
)


def year_of(connection: Connection, bloc: str, school_year: str, now: datetime) -> BlocYear:
    """A bloc's year, to read.

    Raises:
        Refused: there is no such bloc, or the year cannot be read.
    """
    return BlocYear.read(connection, bloc, school_year, Call(None, now, "", "view"))


def show_year(year: BlocYear, lang: str) -> dict[str, Any]:
    """The year at a glance: what was done, who leads, what comes next, and each school's part in it.

    ``schools``: code, name, ``signed_on`` (None: not yet), ``signed_by``, ``covenant`` (number of the signed paper),
    ``registered`` (title → how many nominations its dossiers registered), ``sheets`` and ``filed`` (how many it owes
    and has filed), ``left_out``.
    """
    connection = year.connection
    units = _units_told(year)
    signatures = {
        row["school_id"]: row for row in _rows(connection, select(SIGNATURE).where(year.mine(SIGNATURE)))
    }
    meetings = _rows(
        connection, select(MEETING).where(year.mine(MEETING)).order_by(MEETING.c.held_on, MEETING.c.id)
    )
    people = names_of(
        connection,
        {row["signed_by_id"] for row in signatures.values()}
        | {row[role] for row in meetings for role in ("chair_id", "secretary_id")},
    )
    registered = _registered(year)
    leaving = _leavers(year)
    leads = leading_schools(year, year.call.day)
    draw = year.draw
    return {
        "bloc": {"code": year.bloc["code"], "name": year.bloc["name"]},
        "school_year": year.school_year,
        "card": scorecard_told(connection, year.scorecard, lang) if year.scorecard else None,
        "head": [_unit(units, school) for school in leads["bloc_head"]],
        "deputy": [_unit(units, school) for school in leads["bloc_deputy"]],
        "meetings": [
            {
                "number": row["id"],
                "kind": row["kind"],
                "held_on": row["held_on"].isoformat(),
                "place": row["place"],
                "chair": people.get(row["chair_id"], ""),
                "secretary": people.get(row["secretary_id"], ""),
                "minutes": row["paper_name"] or None,
                "sha256": row["paper_sha256"],
            }
            for row in meetings
        ],
        "draw": {
            "seed": draw["seed"],
            "scorers": draw["scorers"],
            "drawn_at": draw["drawn_at"].isoformat(),
            "settled_at": draw["settled_at"].isoformat() if draw["settled_at"] else None,
        }
        if draw
        else None,
        "scoring_until": scoring_day(year).get("due"),
        "next": _next(year, meetings),
        "schools": [
            {
                **_unit(units, school),
                "signed_on": signatures[school]["signed_on"].isoformat() if school in signatures else None,
                "signed_by": people.get(signatures[school]["signed_by_id"]) if school in signatures else None,
                "covenant": _paper_of(signatures.get(school)),
                "registered": registered.get(school, {}),
                "sheets": sum(
                    s["scorer_id"] == school and s["standing"] in ("open", "filed") for s in year.sheets
                ),
                "filed": sum(s["scorer_id"] == school and s["standing"] == "filed" for s in year.sheets),
                "left_out": leaving.get(school),
            }
            for school in sorted({*year.members, *leaving}, key=lambda school: units[school][0])
        ],
    }


def sheets_owed(year: BlocYear, sight: Sight | None, lang: str) -> list[dict[str, Any]]:
    """The sheets of the schools for which a person acts (with ``sight`` None: of all), the open ones first.

    Each: ``scorer`` and ``scored`` (code, name), ``own``, ``standing``, ``version``, ``filed_at``, ``total`` (None: not
    filed).
    """
    schools = {sheet["scorer_id"] for sheet in year.sheets}
    mine = acting_for(sight, schools) if sight is not None else schools
    rows = [sheet for sheet in year.sheets if sheet["scorer_id"] in mine]
    lines = lines_of(year.connection, [row["id"] for row in rows])
    units = _units_told(year)
    told = [_sheet(year, row, units, lines) for row in rows]
    order = ("open", "filed", "declined", "set_aside")
    return sorted(
        told,
        key=lambda row: (
            order.index(row["standing"]),
            row["scorer"]["code"],
            not row["own"],
            row["scored"]["code"],
        ),
    )


def show_sheet(year: BlocYear, scorer: str, scored: str, sight: Sight | None, lang: str) -> dict[str, Any]:
    """One sheet with its lines: per group its items with label, most, points (None: not filed), note and evidence (name
    of its paper, ``line`` its number).

    Raises:
        Refused: there is no such sheet, or the person may not read it (told alike).
    """
    units = _units_told(year)
    ids = {code: unit for unit, (code, _) in units.items()}
    pair = (ids.get(scorer), ids.get(scored))
    row = next((s for s in year.sheets if (s["scorer_id"], s["scored_id"]) == pair), None)
    if row is None or row["id"] not in readable_by(year, sight):
        raise Refused([Reason("sheet_not_found", {"scorer_code": scorer, "scored_code": scored})])
    lines = {
        line["item"]: line
        for line in _rows(year.connection, select(LINE).where(LINE.c.sheet_id == row["id"]))
    }
    notes = _notes(
        year.connection, [row["note_id"], row["ended_note_id"], *(n["note_id"] for n in lines.values())]
    )
    card = year.scorecard
    return {
        **_sheet(year, row, units, {row["id"]: {item: line["points"] for item, line in lines.items()}}),
        "note": notes.get(row["note_id"]),
        "ended": notes.get(row["ended_note_id"]),
        "evidence": row["paper_name"] or None,
        "evidence_sha256": row["paper_sha256"],
        "groups": [
            {
                "code": group.code,
                "label": group.label[lang],
                "most": plain(group.most),
                "items": [
                    {
                        "code": item.code,
                        "label": item.label[lang],
                        "most": plain(item.most),
                        "points": plain(lines[item.code]["points"]) if item.code in lines else None,
                        "note": notes.get(lines[item.code]["note_id"]) if item.code in lines else None,
                        **_evidence_of(lines.get(item.code)),
                    }
                    for item in group.items
                ],
            }
            for group in (card.groups if card else ())
        ],
    }


def evidence(year: BlocYear, sight: Sight | None, lang: str) -> list[dict[str, Any]]:
    """What scorers left beside items, of the filed sheets that a person may read: a row a school that is scored, with
    ``items`` (code, label), each with ``given``: scorer, number of the sheet, points, note, evidence and ``line``.

    Schools and items of which nobody said or showed anything are left out.
    """
    readable = readable_by(year, sight)
    sheets = {s["id"]: s for s in year.sheets if s["id"] in readable and s["standing"] == "filed"}
    if not sheets or year.scorecard is None:
        return []
    said = or_(LINE.c.paper_sha256.is_not(None), LINE.c.note_id.is_not(None))
    lines = _rows(year.connection, select(LINE).where(LINE.c.sheet_id.in_(list(sheets)), said))
    notes = _notes(year.connection, [line["note_id"] for line in lines])
    units = _units_told(year)
    found: dict[int, dict[str, list[dict[str, Any]]]] = {}
    for line in lines:
        sheet = sheets[line["sheet_id"]]
        given = {
            "scorer": _unit(units, sheet["scorer_id"]),
            "own": sheet["scorer_id"] == sheet["scored_id"],
            "number": sheet["id"],
            "points": plain(line["points"]),
            "note": notes.get(line["note_id"]),
            **_evidence_of(line),
        }
        found.setdefault(sheet["scored_id"], {}).setdefault(line["item"], []).append(given)
    return [
        {
            **_unit(units, school),
            "items": [
                {
                    "code": item.code,
                    "label": item.label[lang],
                    "given": sorted(
                        items[item.code], key=lambda one: (not one["own"], one["scorer"]["code"])
                    ),
                }
                for item in year.scorecard.items
                if item.code in items
            ],
        }
        for school, items in sorted(found.items(), key=lambda one: units[one[0]][0])
    ]


def declined(year: BlocYear, sight: Sight | None) -> list[dict[str, Any]]:
    """The sheets that were declined, of those that a person may read: scorer and scored, ``number``, ``reason``."""
    readable = readable_by(year, sight)
    rows = [s for s in year.sheets if s["standing"] == "declined" and s["id"] in readable]
    notes = _notes(year.connection, [row["ended_note_id"] for row in rows])
    units = units_told(year.connection, {row[role] for row in rows for role in ("scorer_id", "scored_id")})
    return [
        {
            "scorer": _unit(units, row["scorer_id"]),
            "scored": _unit(units, row["scored_id"]),
            "number": row["id"],
            "reason": notes.get(row["ended_note_id"]),
        }
        for row in rows
    ]


def matrix(year: BlocYear, sight: Sight | None) -> dict[str, Any]:
    """Who gave whom how many points: ``schools`` (code, name), and ``cells`` by scorer and scored (codes).

    A cell: ``number`` of the sheet, ``standing``, ``readable``, and ``total`` (exact, as text); None where it is
    not filed, or may not be read.
    """
    units = _units_told(year)
    readable = readable_by(year, sight)
    lines = lines_of(year.connection, [s["id"] for s in year.sheets if s["id"] in readable])
    cells: dict[str, dict[str, Any]] = {}
    for row in year.sheets:
        told = _sheet(year, row, units, lines)
        cells.setdefault(told["scorer"]["code"], {})[told["scored"]["code"]] = {
            "number": row["id"],
            "standing": row["standing"],
            "total": told["total"],
            "readable": row["id"] in readable,
        }
    schools = sorted({row["scored_id"] for row in year.sheets}, key=lambda school: units[school][0])
    return {"schools": [_unit(units, school) for school in schools], "cells": cells}


def ranking(year: BlocYear, lang: str) -> dict[str, Any]:
    """The ranking as it was settled: rows with rank, school, points shown and exact, what each group gives, and what
    the meeting settled itself with its reasons. ``rows`` is empty before that. Points that were typed or corrected
    since have no exact total (None).
    """
    connection = year.connection
    scores = _rows(
        connection, select(SCORE).where(year.mine(SCORE)).order_by(SCORE.c.rank, SCORE.c.school_id)
    )
    settled = _rows(connection, select(SETTLED).where(year.mine(SETTLED)).order_by(SETTLED.c.id))
    units = _units_told(year)
    if not {row["school_id"] for row in scores} <= set(units):
        units = units | units_told(connection, {row["school_id"] for row in scores})
    notes = _notes(connection, [row["note_id"] for row in settled])
    points: dict[int, dict[str, Fraction]] = {row["school_id"]: {} for row in settled}
    for row in settled:
        points[row["school_id"]][row["item"]] = exact_value(row["exact"])
    card = year.scorecard
    whole = ranked(card, points) if card and points else []
    # Whoever draws it asks for the same of the same year.
    year.kept["settled"] = (points, whole)
    sums = {row.school: row.groups for row in whole}
    found = {row.school: row.rank for row in whole}
    return {
        "settled_at": year.draw["settled_at"].isoformat() if year.settled and year.draw else None,
        "groups": [
            {"code": group.code, "label": group.label[lang], "most": plain(group.most)}
            for group in (card.groups if card else ())
        ],
        "rows": [
            {
                **_unit(units, row["school_id"]),
                "rank": row["rank"],
                "score": plain(row["score"]),
                "exact": row["exact"],
                # A correction after the settling is shown beside what was settled.
                "settled_rank": found.get(row["school_id"]),
                "groups": {
                    group: plain(shown(value)) for group, value in sums.get(row["school_id"], {}).items()
                },
                "items": {
                    item: plain(shown(value)) for item, value in points.get(row["school_id"], {}).items()
                },
            }
            for row in scores
        ],
        "by_meeting": [
            {
                **_unit(units, row["school_id"]),
                "item": row["item"],
                "points": plain(shown(exact_value(row["exact"]))),
                "reason": notes.get(row["note_id"]),
            }
            for row in settled
            if row["by_meeting"]
        ],
    }


def proposals(year: BlocYear, lang: str) -> list[dict[str, Any]]:
    """What the bloc proposed: school, rank, title, the dossier, its state, whether the bloc opened it, the outcome."""
    query = (
        select(
            PROPOSAL.c.school_id,
            PROPOSAL.c.rank,
            PROPOSAL.c.title,
            PROPOSAL.c.opened,
            NOMINATION.c.outcome,
            NOMINATION.c.decided_title,
            DOSSIER.c.code,
            DOSSIER.c.state,
            DOSSIER.c.procedure_sha256,
        )
        .join(NOMINATION, NOMINATION.c.id == PROPOSAL.c.nomination_id)
        .join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id)
        .where(year.mine(PROPOSAL))
        .order_by(PROPOSAL.c.rank, PROPOSAL.c.id)
    )
    rows = _rows(year.connection, query)
    units = units_told(year.connection, [row["school_id"] for row in rows])
    titles = titles_named(year.connection, lang)
    return [
        {
            **_unit(units, row["school_id"]),
            "rank": row["rank"],
            "title": row["title"],
            "label": titles.get(row["title"], row["title"]),
            "dossier": row["code"],
            "state": chart_of(year.connection, row["procedure_sha256"])
            .procedure.states[row["state"]]
            .label[lang],
            "opened": row["opened"],
            "outcome": row["outcome"],
            "decided": row["decided_title"],
        }
        for row in rows
    ]


def ledger(year: BlocYear) -> dict[str, Any]:
    """The bloc's own certificates by number, and the money of all of them in đồng."""
    rows = _rows(
        year.connection, select(CERTIFICATE).where(year.mine(CERTIFICATE)).order_by(CERTIFICATE.c.number)
    )
    units = units_told(year.connection, {row["school_id"] for row in rows})
    people = names_of(year.connection, {row["person_id"] for row in rows if row["person_id"] is not None})
    return {
        "total": sum(row["money"] for row in rows),
        "rows": [
            {
                "number": row["number"],
                "school": _unit(units, row["school_id"]),
                "person": people.get(row["person_id"]),
                "money": row["money"],
                "given_on": row["given_on"].isoformat(),
            }
            for row in rows
        ],
    }


def years_kept(connection: Connection, bloc: int) -> list[str]:
    """The school years for which a bloc approved a card, held a meeting or has sheets, the newest first."""
    found: set[str] = set()
    for table in (MEETING, SHEET, SIGNATURE):
        query = select(table.c.school_year).where(table.c.bloc_id == bloc).distinct()
        found.update(connection.execute(query).scalars())
    return sorted(found, reverse=True)


# --- What they share ----------------------------------------------------------------------------------------


def _rows(connection: Connection, query: Any) -> list[dict[str, Any]]:
    return [values_of(row) for row in connection.execute(query)]


def _paper_of(row: Mapping[str, Any] | None) -> int | None:
    return row["id"] if row is not None and row["paper_sha256"] else None


def _evidence_of(line: Mapping[str, Any] | None) -> dict[str, Any]:
    there = line is not None and line["paper_sha256"] is not None
    return {
        "evidence": line["paper_name"] or line["item"] if line is not None and there else None,
        "evidence_sha256": line["paper_sha256"] if line is not None else None,
        "line": line["id"] if line is not None and there else None,
    }


def _unit(units: Mapping[int, tuple[str, str]], unit: int) -> dict[str, str]:
    code, name = units[unit]
    return {"code": code, "name": name}


def _units_told(year: BlocYear) -> dict[int, tuple[str, str]]:
    """Code and name of every school that the year speaks of."""
    if "units_told" not in year.kept:
        year.kept["units_told"] = units_told(year.connection, _units_of(year))
    found: dict[int, tuple[str, str]] = year.kept["units_told"]
    return found


def _units_of(year: BlocYear) -> set[int]:
    """Every school that the year speaks of."""
    leads = leading_schools(year, year.call.day)
    return {
        *year.members,
        *year.leavers,
        *(sheet["scorer_id"] for sheet in year.sheets),
        *leads["bloc_head"],
        *leads["bloc_deputy"],
    }


def _sheet(
    year: BlocYear,
    row: Mapping[str, Any],
    units: Mapping[int, tuple[str, str]],
    lines: Mapping[int, Mapping[str, Any]],
) -> dict[str, Any]:
    points = {item: Fraction(value) for item, value in lines.get(row["id"], {}).items()}
    filed = row["standing"] in ("filed", "set_aside") and points and year.scorecard is not None
    return {
        "number": row["id"],
        "scorer": _unit(units, row["scorer_id"]),
        "scored": _unit(units, row["scored_id"]),
        "own": row["scorer_id"] == row["scored_id"],
        "standing": row["standing"],
        "version": row["version"],
        "filed_at": row["filed_at"].isoformat() if row["filed_at"] else None,
        "total": plain(shown(total(year.scorecard.card, points))) if filed and year.scorecard else None,
    }


def _registered(year: BlocYear) -> dict[int, dict[str, int]]:
    """School → title → how many nominations its dossiers of the year registered."""
    query = (
        select(DOSSIER.c.unit_id, NOMINATION.c.title, func.count().label("number"))
        .join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id)
        .where(
            DOSSIER.c.unit_id.in_(list(year.members)),
            DOSSIER.c.school_year == year.school_year,
            NOMINATION.c.registered,
        )
        .group_by(DOSSIER.c.unit_id, NOMINATION.c.title)
        .order_by(DOSSIER.c.unit_id, NOMINATION.c.title)
    )
    found: dict[int, dict[str, int]] = {}
    for row in year.connection.execute(query):
        found.setdefault(row.unit_id, {})[row.title] = row.number
    return found


def _leavers(year: BlocYear) -> dict[int, dict[str, Any]]:
    query = (
        select(LEAVER.c.school_id, LEAVER.c.left_on, NOTE.c.text)
        .join(NOTE, NOTE.c.id == LEAVER.c.note_id)
        .where(year.mine(LEAVER))
    )
    return {
        row.school_id: {"on": row.left_on.isoformat(), "reason": row.text}
        for row in year.connection.execute(query)
    }


def _notes(connection: Connection, ids: Iterable[str | None]) -> dict[str | None, str]:
    wanted = sorted({note for note in ids if note is not None})
    if not wanted:
        return {}
    rows = connection.execute(select(NOTE.c.id, NOTE.c.text).where(NOTE.c.id.in_(wanted)))
    return {row.id: row.text for row in rows}


def _next(year: BlocYear, meetings: Iterable[Mapping[str, Any]]) -> str:
    """Which step of the year comes next, one of `STEPS`."""
    if year.scorecard is None:
        return "approve_card"
    if year.draw is None:
        return "assign_scoring"
    if not year.settled:
        if any(sheet["standing"] == "open" for sheet in year.sheets):
            return "score_sheet"
        return "settle_scores" if any(row["kind"] == "scoring" for row in meetings) else "hold_meeting"
    proposed = select(func.count()).select_from(PROPOSAL).where(year.mine(PROPOSAL))
    if year.scorecard.prizes and not year.connection.execute(proposed).scalar_one():
        return "propose_prizes"
    return "hand_over"
