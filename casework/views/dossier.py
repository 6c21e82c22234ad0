"""One dossier shown: its way, nominations with the desks' opinions, papers, objections, and what it waits for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, select

from casework.decided import RECKONED, RECOVERY
from casework.history import NOTE
from casework.load import NOMINATIONS, OBJECTION, OPINION, PAPER, dossier_by_code
from casework.papers import stays
from casework.reads import SCORE, Reads
from casework.record_step import subject_of
from casework.regulations import chart_of, version_of
from casework.sight import Sight
from casework.views.decision_code import decision_code
from casework.views.dossiers import rows_shown
from casework.views.eligibility_kept import lights_of, turned_of
from casework.views.history import decisions_shown, entries_of, moves_of
from casework.views.initiative_names import initiatives_told
from casework.views.initiatives import recognitions_of, uses_of
from casework.views.movement_awards import rested_on
from casework.views.naming import desk_named, lower_titles, titles_named
from casework.views.standing import Directory
from casework.views.way import way_of
from models.paper import StoredFile
from rules.windows import local_day
from states.procedure import Procedure

STORED_FILE = StoredFile.__table__


def show_dossier(
    connection: Connection, code: str, now: datetime, lang: str, sight: Sight | None = None
) -> dict[str, Any]:
    """A dossier as plain data; ``sight`` is of a reader who may not see every other dossier.

    Raises:
        Refused: there is no such dossier.
    """
    dossier = dossier_by_code(connection, code)
    procedure = chart_of(connection, dossier["procedure_sha256"]).procedure
    reads = Reads(connection, local_day(now))
    directory = Directory(reads)
    entries = entries_of(connection, subject_of(dossier["id"]))
    (row,) = rows_shown(connection, [dossier], now, lang, reads)
    return {
        **row,
        "procedure_title": procedure.title[lang],
        "procedure_sha256": dossier["procedure_sha256"],
        "procedure_version": version_of(connection, dossier["procedure_sha256"]),
        "moves": moves_of(entries),
        "receipt_number": dossier["receipt_number"],
        "submission_number": dossier["submission_number"],
        "submitted_on": dossier["submitted_on"].isoformat() if dossier["submitted_on"] else None,
        "opened_at": dossier["opened_at"].isoformat(),
        "way": stations(procedure, dossier, entries, directory, lang),
        "nominations": nominations(connection, procedure, dossier, directory, lang, now, sight),
        "turned": asdict(turned_of(connection, dossier["id"], local_day(now), lang, sight)),
        "papers": papers(connection, dossier),
        "objections": objections(connection, dossier["id"]),
        "score": score(connection, dossier),
        "decision": decision(connection, dossier["decision_id"]),
        "decision_number": dossier["decision_id"],
        "decision_code": decision_code(dossier, entries),
        "revocation": decision(connection, dossier["revocation_id"]),
        "recoveries": recoveries(connection, dossier["id"]),
        "desks": desks(procedure, dossier, directory, lang),
        "acted": acted(procedure, dossier, directory, lang),
        "exceptions": exceptions(procedure, dossier, directory, lang),
    }


def stations(
    procedure: Procedure,
    dossier: Mapping[str, Any],
    entries: list[dict[str, Any]],
    directory: Directory,
    lang: str,
) -> list[dict[str, Any]]:
    """The way as plain data with names."""
    way = way_of(procedure, dossier, entries)
    directory.people({i for stop in way for i in (stop.actor_id, stop.on_behalf_of_id) if i is not None})
    found = []
    for station in way:
        plain = asdict(station)
        plain["label"] = procedure.states[station.state].label[lang]
        plain["at"] = station.at.isoformat() if station.at else None
        plain["by"] = directory.person(plain.pop("actor_id"))
        plain["on_behalf_of"] = directory.person(plain.pop("on_behalf_of_id"))
        found.append(plain)
    return found


def nominations(
    connection: Connection,
    procedure: Procedure,
    dossier: Mapping[str, Any],
    directory: Directory,
    lang: str,
    now: datetime,
    sight: Sight | None = None,
) -> list[dict[str, Any]]:
    """The nominations of a dossier, each with the opinions in force; ``sight`` None: the reader may see everything."""
    titles, lower = titles_named(connection, lang), lower_titles(connection)
    rows = connection.execute(NOMINATIONS, {"dossiers": [dossier["id"]]}).mappings().all()
    initiatives = initiatives_told(
        connection,
        {i for row in rows for i in (row["initiative_id"], row["uses_initiative_id"]) if i is not None},
    )
    uses = {row["uses_initiative_id"] for row in rows} - {None}
    recognised = recognitions_of(connection, uses, directory.reads.day, lang)
    used = uses_of(connection, uses, lang, sight)
    rested = rested_on(connection, rows, now, sight)
    opinions: dict[int, list[dict[str, Any]]] = {}
    told = connection.execute(
        select(OPINION, NOTE.c.text, NOTE.c.erased_at)
        .outerjoin(NOTE, NOTE.c.id == OPINION.c.note_id)
        .where(OPINION.c.dossier_id == dossier["id"], OPINION.c.ended_by.is_(None))
        .order_by(OPINION.c.id)
    ).mappings()
    lights = lights_of(connection, dossier["id"])
    said = told.all()
    judges = {i for row in said for i in (row["person_id"], row["on_behalf_of_id"])}
    directory.people((judges | {row["person_id"] for row in rows}) - {None})
    directory.units({row["unit_id"] for row in rows})
    for row in said:
        opinions.setdefault(row["nomination_id"], []).append(
            {
                "desk": row["desk"],
                "desk_label": desk_named(procedure, row["desk"], lang),
                "verdict": row["verdict"],
                "lower_title": row["lower_title"],
                "lower_name": titles.get(row["lower_title"], row["lower_title"]),
                "reason": None if row["erased_at"] else row["text"],
                "votes_for": row["votes_for"],
                "members": row["members"],
                "person": directory.person(row["person_id"]),
                "on_behalf_of": directory.person(row["on_behalf_of_id"]),
                "at": row["given_at"].isoformat(),
            }
        )
    return [
        {
            "id": row["id"],
            "person": directory.person(row["person_id"]),
            "unit": directory.unit(row["unit_id"]),
            "initiative": initiatives.get(row["initiative_id"]),
            "nominee": _nominee(row, directory, initiatives),
            "uses": _use(row, initiatives, used, recognised),
            "movement": rested.get(row["id"]),
            "title": row["title"],
            "title_name": titles.get(row["title"], row["title"]),
            "light": lights.get(row["id"]),
            "registered": row["registered"],
            "proposed": row["proposed"],
            "appraised_title": row["appraised_title"],
            "decided_title": row["decided_title"],
            "outcome": row["outcome"],
            "lower": lower.get(row["title"]),
            "lower_name": titles.get(lower.get(row["title"], ""), ""),
            "rests_on": row["rests_on_id"],
            "foundation": _foundation(row, titles),
            "opinions": opinions.get(row["id"], []),
        }
        for row in rows
    ]


def _nominee(row: Mapping[str, Any], directory: Directory, initiatives: Mapping[int, dict[str, Any]]) -> str:
    """The name of who, or what, is nominated."""
    if row["initiative_id"] is not None:
        return str(initiatives[row["initiative_id"]]["name"])
    return (directory.person(row["person_id"]) or directory.unit(row["unit_id"]))["name"]


def _use(
    row: Mapping[str, Any],
    initiatives: Mapping[int, dict[str, Any]],
    used: Mapping[int, list[dict[str, Any]]],
    recognised: Mapping[int, list[dict[str, Any]]],
) -> dict[str, Any] | None:
    """The initiative that a nomination uses up, where it is recognised, and the ``others`` that use it too."""
    number = row["uses_initiative_id"]
    if number is None:
        return None
    others = [u for u in used.get(number, ()) if u["nomination"] != row["id"] and not u["over"]]
    return {**initiatives[number], "recognised": recognised.get(number, []), "others": others}


def _foundation(row: Mapping[str, Any], titles: Mapping[str, str]) -> dict[str, Any] | None:
    """What a nomination rests on: the dossier, the title asked for there, and what became of it."""
    if row["rests_on_id"] is None:
        return None
    return {
        "dossier": row["foundation_code"],
        "title_name": titles.get(row["foundation_title"], row["foundation_title"]),
        "outcome": row["foundation_outcome"],
    }


def papers(connection: Connection, dossier: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The papers in a dossier, without those taken out."""
    rows = connection.execute(
        select(PAPER, STORED_FILE.c.size, STORED_FILE.c.media_type)
        .join(STORED_FILE, STORED_FILE.c.sha256 == PAPER.c.sha256)
        .where(PAPER.c.dossier_id == dossier["id"], PAPER.c.removed_at.is_(None))
        .order_by(PAPER.c.id)
    ).mappings()
    return [
        {
            "id": row["id"],
            "kind": row["kind"],
            "name": row["name"],
            "size": row["size"],
            "media_type": row["media_type"],
            "sha256": row["sha256"],
            "added_at": row["added_at"].isoformat(),
            "stays": stays(dossier, row),
        }
        for row in rows
    ]


def objections(connection: Connection, dossier: int) -> list[dict[str, Any]]:
    """The objections to a dossier, settled or open."""
    conclusion = NOTE.alias("conclusion")
    rows = connection.execute(
        select(
            OBJECTION,
            NOTE.c.text,
            NOTE.c.erased_at,
            conclusion.c.text.label("conclusion"),
            conclusion.c.erased_at.label("conclusion_erased_at"),
        )
        .join(NOTE, NOTE.c.id == OBJECTION.c.note_id)
        .outerjoin(conclusion, conclusion.c.id == OBJECTION.c.settlement_note_id)
        .where(OBJECTION.c.dossier_id == dossier)
        .order_by(OBJECTION.c.id)
    ).mappings()
    return [
        {
            "id": row["id"],
            "nomination": row["nomination_id"],
            "text": None if row["erased_at"] else row["text"],
            "received_at": row["received_at"].isoformat(),
            "settled_at": row["settled_at"].isoformat() if row["settled_at"] else None,
            "settlement": None if row["conclusion_erased_at"] else row["conclusion"],
        }
        for row in rows
    ]


def score(connection: Connection, dossier: Mapping[str, Any]) -> dict[str, Any] | None:
    """The bloc's score and rank of the dossier's school for its year."""
    row = connection.execute(
        select(SCORE.c.score, SCORE.c.rank).where(
            SCORE.c.school_id == dossier["unit_id"], SCORE.c.school_year == dossier["school_year"]
        )
    ).first()
    return {"points": str(row.score), "rank": row.rank} if row else None


def decision(connection: Connection, decision_id: int | None) -> dict[str, Any] | None:
    """The decision that a dossier rests on, or the one that cancels it."""
    if decision_id is None:
        return None
    return decisions_shown(connection, [decision_id])[decision_id]


def recoveries(connection: Connection, dossier: int) -> list[dict[str, Any]]:
    """What a revocation demands back, beside what the money sheet said then, and since when it is settled."""
    why = NOTE.alias("why")
    rows = connection.execute(
        select(
            RECOVERY,
            NOTE.c.text,
            NOTE.c.erased_at,
            RECKONED.c.money.label("reckoned"),
            RECKONED.c["items"].label("reckoned_items"),
            RECKONED.c.verified,
            why.c.text.label("why"),
            why.c.erased_at.label("why_erased_at"),
        )
        .outerjoin(NOTE, NOTE.c.id == RECOVERY.c.settlement_note_id)
        .outerjoin(
            RECKONED,
            and_(
                RECKONED.c.dossier_id == RECOVERY.c.dossier_id,
                RECKONED.c.decision_id == RECOVERY.c.decision_id,
            ),
        )
        .outerjoin(why, why.c.id == RECKONED.c.note_id)
        .where(RECOVERY.c.dossier_id == dossier)
        .order_by(RECOVERY.c.id)
    ).mappings()
    return [
        {
            "money": row["money"],
            "demanded_at": row["demanded_at"].isoformat(),
            "items": row["items"],
            "reckoned": row["reckoned"],
            "reckoned_items": row["reckoned_items"],
            "reckoned_verified": row["verified"],
            "why": None if row["why_erased_at"] else row["why"],
            "settled_on": row["settled_on"].isoformat() if row["settled_on"] else None,
            "settlement": None if row["erased_at"] else row["text"],
        }
        for row in rows
    ]


def desks(
    procedure: Procedure, dossier: Mapping[str, Any], directory: Directory, lang: str
) -> list[dict[str, Any]]:
    """The desks of a dossier's procedure that a unit stands behind, in their order."""
    route = dossier["route"]
    directory.units(route.values())
    return [
        {"desk": name, "label": desk.label[lang], "unit": directory.unit(route[name])}
        for name, desk in procedure.desks.items()
        if name in route
    ]


def exceptions(
    procedure: Procedure, dossier: Mapping[str, Any], directory: Directory, lang: str
) -> list[dict[str, Any]]:
    """Who may act at which desk although they acted at one declared apart from it."""
    directory.people({person for _, person in dossier["exceptions"]})
    return [
        {"desk": desk_named(procedure, desk, lang), "person": directory.person(person)}
        for desk, person in dossier["exceptions"]
    ]


def acted(
    procedure: Procedure, dossier: Mapping[str, Any], directory: Directory, lang: str
) -> list[dict[str, Any]]:
    """Who decided at which desk: what separation of duties is judged by."""
    directory.people({person for people in dossier["acted"].values() for person in people})
    return [
        {"desk": desk_named(procedure, desk, lang), "people": [directory.person(p) for p in people]}
        for desk, people in dossier["acted"].items()
    ]
