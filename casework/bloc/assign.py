"""Who scores whom: drawn once for a year, from a seed that stands in the chain; another scorer where one declined."""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import Connection, insert

from casework.act import Done, do_act
from casework.bloc.telling import tell_of_sheets
from casework.bloc.year import DRAW, SHEET, BlocYear
from casework.call import Call
from kit.database import Database
from rules.assignment import assign as draw
from rules.assignment import scorers_of_each
from rules.reasons import Reason, Refused

#: what the column takes
LONGEST_SEED = 60


def assign(
    database: Database, bloc: str, school_year: str, call: Call, *, seed: str = "", **options: Any
) -> Done:
    """Draw who scores whom and open the sheets, everybody's own among them. An empty seed is made up.

    Raises:
        Refused: with every reason.
    """
    # By the request's key: the same request again makes the same draw.
    lot = seed.strip() or secrets.token_hex(8)

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        year = BlocYear.of(connection, bloc, school_year, call)
        reasons = [*year.not_leading(), *year.no_card()]
        if year.draw is not None:
            at = year.draw["drawn_at"].isoformat()
            reasons.append(Reason("scoring_assigned_already", {"unit": year.id, "at": at}))
        if len(year.schools) < 2:
            reasons.append(Reason("bloc_too_small", {"unit": year.id, "count": len(year.schools)}))
        if len(lot) > LONGEST_SEED:
            reasons.append(Reason("seed_too_long", {"limit": LONGEST_SEED}))
        if reasons or year.scorecard is None:
            raise Refused(reasons)
        ids = {str(row["code"]): school for school, row in year.schools.items()}
        number = scorers_of_each(len(ids), year.scorecard.scorers)
        pairs = [(code, code) for code in sorted(ids)] + list(draw(ids, number, lot))
        row = year.columns | {"seed": lot, "scorers": number}
        connection.execute(insert(DRAW), row | {"drawn_by_id": call.actor_id, "drawn_at": call.now})
        sheets = [
            year.columns
            | {"scorer_id": ids[scorer], "scored_id": ids[scored], "standing": "open", "version": 0}
            for scorer, scored in pairs
        ]
        connection.execute(insert(SHEET), sheets)
        counts = {school: sum(sheet["scorer_id"] == school for sheet in sheets) for school in ids.values()}
        tell_of_sheets(year, counts, "draw")
        told = [[ids[scorer], ids[scored]] for scorer, scored in pairs]
        return year.subject, {"seed": lot, "scorers": number, "schools": sorted(ids), "sheets": told}

    asked = {"bloc": bloc, "school_year": school_year, "seed": seed}
    return do_act(database, "assign_scoring", call, work, asked=asked, **options)


def assign_again(
    database: Database, bloc: str, school_year: str, scorer: str, scored: str, call: Call, **options: Any
) -> Done:
    """Open one more sheet, where a scorer declined: ``scorer`` and ``scored`` are the codes of two schools.

    Raises:
        Refused: with every reason.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        year = BlocYear.of(connection, bloc, school_year, call)
        reasons = [*year.not_leading(), *year.settled_already()]
        if year.draw is None:
            reasons.append(Reason("scoring_not_assigned", {"unit": year.id}))
        both = [year.school(code, reasons) for code in (scorer, scored)]
        one, other = both
        for school in {str(row["code"]): row for row in both if row is not None}.values():
            reasons += year.not_in_bloc(school)
            if school["id"] in year.leavers:
                reasons.append(Reason("school_left_out", {"unit": school["id"]}))
        if one is not None and other is not None:
            reasons += _against_pair(year, one["id"], other["id"])
        if reasons or one is None or other is None:
            raise Refused(reasons)
        row = year.columns | {"scorer_id": one["id"], "scored_id": other["id"]}
        made = connection.execute(insert(SHEET), row | {"standing": "open", "version": 0})
        sheet = int(made.inserted_primary_key[0])
        tell_of_sheets(year, {one["id"]: 1}, f"sheet.{sheet}")
        return year.subject, {"sheets": [[one["id"], other["id"]]]}

    asked = {"bloc": bloc, "school_year": school_year, "scorer": scorer, "scored": scored}
    return do_act(database, "assign_again", call, work, asked=asked, **options)


def _against_pair(year: BlocYear, scorer: int, scored: int) -> list[Reason]:
    if scorer == scored:
        return [Reason("scores_own_school", {"unit": scorer})]
    if any((sheet["scorer_id"], sheet["scored_id"]) == (scorer, scored) for sheet in year.sheets):
        return [Reason("sheet_there_already", {"scorer": scorer, "scored": scored})]
    return []
