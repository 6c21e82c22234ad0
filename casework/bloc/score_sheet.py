"""Filing a score sheet: points for every item, with notes and a paper. Filed anew until the scoring is settled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from casework.access import holdings_of
from casework.act import Done, do_act
from casework.attached import Attached, receiving
from casework.bloc.year import OF_SCHOOL, SHEET, BlocYear
from casework.call import Call
from casework.history import make_note, write_notes
from documents.store import PaperStore
from kit.canonical import canonical_json, sha256_hex
from kit.database import Database
from models.score_sheet import SheetLine
from rules.reasons import Reason, Refused
from rules.scorecard import against_sheet, plain

LINE = SheetLine.__table__


@dataclass(frozen=True, slots=True)
class Scoring:
    """A sheet as it is filed: who scores whom, points by item, a note for some items, one for the whole."""

    bloc: str
    school_year: str
    scorer: str
    scored: str
    points: Mapping[str, Decimal]
    notes: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


def score_sheet(
    database: Database, store: PaperStore | None, scoring: Scoring, call: Call, **options: Any
) -> Done:
    """File a sheet, by the clerk or the principal of the scoring school. ``options`` may bring ``paper`` and ``name``.

    The chain gets the hash of the lines and the number of the version; the lines stand in the table alone. A paper of
    an earlier version stays until another comes.

    Raises:
        Refused: with every reason; nothing is written.
        StorageTrouble: the store or the database could not be written.
    """
    with receiving(store, options.pop("paper", None), options.pop("name", "")) as paper:
        return _score(database, scoring, paper, call, **options)


def _score(database: Database, scoring: Scoring, paper: Attached, call: Call, **options: Any) -> Done:
    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        year = BlocYear.of(connection, scoring.bloc, scoring.school_year, call)
        reasons: list[Reason] = [*paper.reasons, *year.no_card(), *year.settled_already()]
        scorer, scored = (year.school(code, reasons) for code in (scoring.scorer, scoring.scored))
        if scorer is None or scored is None:
            raise Refused(reasons)
        reasons += year.not_of_school(scorer["id"])
        reasons += acting_for_two(year, scorer["id"], scored["id"])
        sheet = sheet_of(year, scorer["id"], scored["id"], reasons)
        if sheet is not None and sheet["standing"] not in ("open", "filed"):
            reasons.append(_ended(sheet))
        reasons += _against_lines(year, scoring)
        if reasons or sheet is None:
            raise Refused(reasons)
        kept = paper.keep(connection, call, dry_run=bool(options.get("dry_run")))
        return year.subject, _write(year, sheet, scoring, kept)

    asked = {"scoring": scoring, "paper": paper.sha256}
    return do_act(database, "score_sheet", call, work, asked=asked, **options)


def lines_hash(points: Mapping[str, Decimal]) -> str:
    """What the chain holds of a sheet's lines: the SHA-256 over item and points, by item."""
    return sha256_hex(canonical_json([[item, plain(points[item])] for item in sorted(points)]))


def sheet_of(year: BlocYear, scorer: int, scored: int, reasons: list[Reason]) -> dict[str, Any] | None:
    """The sheet of one school about another; None, with the reason noted, where there is none."""
    for sheet in year.sheets:
        if (sheet["scorer_id"], sheet["scored_id"]) == (scorer, scored):
            return sheet
    reasons.append(Reason("sheet_not_assigned", {"scorer": scorer, "scored": scored}))
    return None


def acting_for_two(year: BlocYear, scorer: int, scored: int) -> list[Reason]:
    """Why somebody who acts for several schools of the bloc may not file for one of them.

    Neither of them about the other; and who has filed for one files for none of the others.
    """
    if year.call.actor_id is None:
        return []
    held = holdings_of(year.connection, year.call.actor_id, year.call.day)
    mine = {holding.unit_id for holding in held if holding.duty in OF_SCHOOL} & set(year.members)
    reasons = []
    if scorer != scored and scored in mine and scorer in mine:
        reasons.append(Reason("acts_for_both_schools", {"scorer": scorer, "scored": scored}))
    others = sorted(
        {
            sheet["scorer_id"]
            for sheet in year.sheets
            if sheet["filed_by_id"] == year.call.actor_id and sheet["scorer_id"] != scorer
        }
    )
    reasons += [Reason("scored_for_another_school", {"unit": other}) for other in others]
    return reasons


def _ended(sheet: Mapping[str, Any]) -> Reason:
    both = {"scorer": sheet["scorer_id"], "scored": sheet["scored_id"]}
    if sheet["standing"] == "declined":
        return Reason("sheet_declined_already", both)
    return Reason("sheet_set_aside", both)


def _against_lines(year: BlocYear, scoring: Scoring) -> list[Reason]:
    if year.scorecard is None:
        return []
    card = year.scorecard.card
    reasons = against_sheet(card, scoring.points)
    strange = sorted(set(scoring.notes) - set(card.codes) - set(scoring.points))
    return reasons + [Reason("score_item_unknown", {"item": item}) for item in strange]


def _write(
    year: BlocYear, sheet: Mapping[str, Any], scoring: Scoring, kept: Mapping[str, Any]
) -> dict[str, Any]:
    version, sha256 = sheet["version"] + 1, lines_hash(scoring.points)
    payload: dict[str, Any] = {
        "scorer": sheet["scorer_id"],
        "scored": sheet["scored_id"],
        "version": version,
        "lines": sha256,
    }
    if kept:
        payload["sha256"] = kept["paper_sha256"]
    written = [("reason", scoring.note), *((f"note_{item}", text) for item, text in scoring.notes.items())]
    notes: dict[str, str] = {}
    for word, text in written:
        if text.strip():
            note, payload[word] = make_note(text.strip())
            write_notes(year.connection, [note])
            notes[word] = note["id"]
    filed = {
        "standing": "filed",
        "version": version,
        "sha256": sha256,
        "note_id": notes.get("reason"),
        "filed_by_id": year.call.actor_id,
        "filed_at": year.call.now,
        **kept,
    }
    year.connection.execute(update(SHEET).where(SHEET.c.id == sheet["id"]).values(**filed))
    year.connection.execute(delete(LINE).where(LINE.c.sheet_id == sheet["id"]))
    lines = [
        {"sheet_id": sheet["id"], "item": item, "points": points, "note_id": notes.get(f"note_{item}")}
        for item, points in scoring.points.items()
    ]
    year.connection.execute(insert(LINE), lines)
    return payload


def lines_of(connection: Connection, sheets: list[int]) -> dict[int, dict[str, Decimal]]:
    """The points of some sheets, by item: one statement, however many there are."""
    found: dict[int, dict[str, Decimal]] = {sheet: {} for sheet in sheets}
    if sheets:
        query = select(LINE.c.sheet_id, LINE.c.item, LINE.c.points).where(LINE.c.sheet_id.in_(sheets))
        for row in connection.execute(query.order_by(LINE.c.id)):
            found[row.sheet_id][row.item] = row.points
    return found
