"""A bloc proposes the schools of its first ranks: each prize is a nomination, in a dossier that goes the whole way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from casework.act import Done, do_act
from casework.bloc.proposed import PROCEDURES, PROPOSAL
from casework.bloc.telling import tell_of_prizes
from casework.bloc.year import BlocYear
from casework.call import Call
from casework.load import DOSSIER, NOMINATION, dossier_by_code
from casework.open_dossier import Opening, open_for
from casework.reads import SCORE
from casework.record_step import Move, record_step
from casework.regulations import chart_of, published, titles_in_force
from kit.database import Database
from models.dossier import UNFINISHED
from published.titles import Title
from rules.reasons import Reason, Refused, refuse_if


@dataclass(frozen=True, slots=True)
class _Due:
    """One prize for one school that is not proposed yet."""

    school: int
    code: str
    rank: int
    title: Title


def propose(database: Database, bloc: str, school_year: str, call: Call, **options: Any) -> Done:
    """Propose every prize of the card for the schools that won its rank, all or none.

    A school's open dossier that nominates it for the title is marked as proposed by the bloc; where there is none, one
    is opened with the school as the nominee, for the school to complete. It is told.

    Raises:
        Refused: with every reason.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        year = BlocYear.of(connection, bloc, school_year, call)
        reasons = [*year.not_leading(), *year.no_card()]
        if not year.settled:
            reasons.append(Reason("scoring_not_settled", {"unit": year.id}))
        due = _due(year, reasons)
        if not reasons and not due:
            reasons.append(Reason("prizes_proposed_already", {"unit": year.id}))
        there = _nominated(year, due)
        procedure = None
        if any((one.school, one.title.code) not in there for one in due):
            procedure = prize_procedure(year)
            if procedure is None:
                reasons.append(Reason("no_prize_procedure", {"day": call.day.isoformat()}))
        refuse_if(reasons)
        rows, told = [], []
        for one in due:
            found = there.get((one.school, one.title.code))
            code, nomination = found if found is not None else _open(year, one, str(procedure), reasons)
            row = year.columns | {"school_id": one.school, "rank": one.rank, "title": one.title.code}
            row |= {"nomination_id": nomination, "opened": found is None}
            rows.append(row | {"proposed_by_id": call.actor_id, "proposed_at": call.now})
            told.append({"school": one.school, "rank": one.rank, "title": one.title.code, "dossier": code})
        refuse_if(reasons)
        connection.execute(insert(PROPOSAL), rows)
        tell_of_prizes(year, told)
        listed = [[row["school_id"], row["rank"], row["title"], row["nomination_id"]] for row in rows]
        return year.subject, {"proposed": listed}

    asked = {"bloc": bloc, "school_year": school_year}
    return do_act(database, "propose_prizes", call, work, asked=asked, **options)


def prize_procedure(year: BlocYear) -> str | None:
    """The name of the procedure for prizes that is in force on the day of the call; None where none is."""
    for name, sha256 in published(year.connection, "procedure"):
        if name.startswith(PROCEDURES):
            procedure = chart_of(year.connection, sha256).procedure
            day = year.call.day
            if procedure.since <= day and (procedure.until is None or day <= procedure.until):
                return name
    return None


def _due(year: BlocYear, reasons: list[Reason]) -> list[_Due]:
    """What the card gives the ranks that was not proposed yet, the first rank in front."""
    if year.scorecard is None:
        return []
    titles = titles_in_force(year.connection)
    query = (
        select(SCORE.c.school_id, SCORE.c.rank)
        .where(year.mine(SCORE))
        .order_by(SCORE.c.rank, SCORE.c.school_id)
    )
    ranking = year.connection.execute(query).all()
    done = select(PROPOSAL.c.school_id, PROPOSAL.c.title).where(year.mine(PROPOSAL))
    proposed = {(row.school_id, row.title) for row in year.connection.execute(done)}
    due = []
    for row in ranking:
        for prize in year.scorecard.prizes:
            if prize.rank != row.rank or (row.school_id, prize.title) in proposed:
                continue
            if prize.title not in titles:
                reasons.append(Reason("unknown_title", {"title": prize.title}))
            elif row.school_id not in year.members:
                params = {"unit": row.school_id, "bloc": year.bloc["name"]}
                reasons.append(Reason("school_left_bloc", params))
            else:
                code = str(year.members[row.school_id]["code"])
                due.append(_Due(row.school_id, code, row.rank, titles[prize.title]))
    return due


def _nominated(year: BlocYear, due: list[_Due]) -> dict[tuple[int, str], tuple[str, int]]:
    """(school, title) → code of its open dossier that nominates it so, and the nomination; the oldest of several."""
    query = (
        select(NOMINATION.c.id, NOMINATION.c.title, DOSSIER.c.unit_id, DOSSIER.c.code)
        .join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id)
        .where(
            DOSSIER.c.unit_id.in_({one.school for one in due}),
            DOSSIER.c.school_year == year.school_year,
            UNFINISHED,
            NOMINATION.c.person_id.is_(None),
            NOMINATION.c.outcome == "open",
            NOMINATION.c.title.in_({one.title.code for one in due}),
        )
        .order_by(NOMINATION.c.id.desc())
    )
    return {(row.unit_id, row.title): (row.code, row.id) for row in year.connection.execute(query)}


def _open(year: BlocYear, one: _Due, procedure: str, reasons: list[Reason]) -> tuple[str, int]:
    """Open a dossier for a prize, with the school as its nominee: its code, and the nomination."""
    part = year.call.part(f"{one.title.code}/{one.school}")
    opening = Opening(one.code, year.school_year, procedure, one.title.level)
    try:
        code = open_for(year.connection, opening, part.part("open")).dossier
    except Refused as refusal:
        reasons += refusal.reasons
        return "", 0
    dossier = dossier_by_code(year.connection, code)
    row = _nomination(dossier, one)
    nominated = [[None, one.school, one.title.code, None]]
    move = Move(
        dossier=dossier, event="nominate", call=part.part("nominate"), payload={"nominated": nominated}
    )
    record_step(year.connection, move)
    return code, int(year.connection.execute(insert(NOMINATION), row).inserted_primary_key[0])


def _nomination(dossier: Mapping[str, Any], one: _Due) -> dict[str, Any]:
    return {
        "dossier_id": dossier["id"],
        "person_id": None,
        "unit_id": dossier["unit_id"],
        "title": one.title.code,
        "registered": False,
        "proposed": False,
        "outcome": "open",
        "rests_on_id": None,
    }
