"""Filing a score sheet: points for every item, with notes and papers. Filed anew until the scoring is settled."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from casework.access import holdings_of
from casework.act import Done, do_act
from casework.attached import Attached, receiving, receiving_each
from casework.bloc.year import OF_SCHOOL, SHEET, BlocYear
from casework.call import Call
from casework.history import make_note, write_notes
from documents.store import PaperStore, Source
from kit.canonical import canonical_json, sha256_hex
from kit.database import Database
from models.score_sheet import SheetLine
from rules.reasons import Reason, Refused
from rules.scorecard import against_sheet, plain

LINE = SheetLine.__table__


@dataclass(frozen=True, slots=True)
class Scoring:
    """A sheet as it is filed: who scores whom, points by item, a note for some items, one for the whole.

    ``same`` names, for an item, the item whose paper is its evidence too; of the items in ``without`` the paper that
    an earlier version had is taken away.
    """

    bloc: str
    school_year: str
    scorer: str
    scored: str
    points: Mapping[str, Decimal]
    notes: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    same: Mapping[str, str] = field(default_factory=dict)
    without: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """A paper that comes with a sheet as the evidence of some items, and the name of its file."""

    items: tuple[str, ...]
    paper: Source
    name: str


#: item → the columns that name its paper
Papers = dict[str, dict[str, Any]]
_NO_PAPER: dict[str, Any] = {"paper_sha256": None, "paper_name": ""}
#: what came: for which items, and the paper
_Given = Sequence[tuple[tuple[str, ...], Attached]]


def score_sheet(
    database: Database, store: PaperStore | None, scoring: Scoring, call: Call, **options: Any
) -> Done:
    """File a sheet, by the clerk or the principal of the scoring school.

    ``options`` may bring ``paper`` and ``name``, the evidence of the whole, and ``evidence``, some `Evidence` of items.
    The chain gets the hashes of the lines and of the papers and the number of the version; the lines stand in the table
    alone. A paper of an earlier version stays until another comes or it is taken away.

    Raises:
        Refused: with every reason; nothing is written.
        StorageTrouble: the store or the database could not be written.
    """
    evidence: Sequence[Evidence] = options.pop("evidence", ())
    with (
        receiving(store, options.pop("paper", None), options.pop("name", "")) as paper,
        receiving_each(store, [(one.paper, one.name) for one in evidence]) as received,
    ):
        given = [(one.items, attached) for one, attached in zip(evidence, received, strict=True)]
        return _score(database, scoring, paper, given, call, **options)


def _score(
    database: Database, scoring: Scoring, paper: Attached, given: _Given, call: Call, **options: Any
) -> Done:
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
        papers = _papers(year, sheet, scoring, given, reasons)
        if reasons or sheet is None:
            raise Refused(reasons)
        dry_run = bool(options.get("dry_run"))
        kept = paper.keep(connection, call, dry_run=dry_run)
        for _, attached in given:
            attached.keep(connection, call, dry_run=dry_run)
        return year.subject, _write(year, sheet, scoring, kept, papers)

    asked = {
        "scoring": replace(scoring, without=sorted(scoring.without)),
        "paper": paper.sha256,
        "evidence": [[list(items), attached.sha256] for items, attached in given],
    }
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


def _papers(
    year: BlocYear,
    sheet: Mapping[str, Any] | None,
    scoring: Scoring,
    given: _Given,
    reasons: list[Reason],
) -> Papers:
    """The paper of each item as it stands after the filing; every reason against one is noted.

    What an earlier version had, without what is taken away; over it what came; then what is shared.
    """
    papers = papers_of(year.connection, [sheet["id"]])[sheet["id"]] if sheet is not None else {}
    papers = {item: named for item, named in papers.items() if item not in scoring.without}
    known = set(year.scorecard.card.codes) if year.scorecard is not None else set(scoring.points)
    asked = [item for items, _ in given for item in items] + list(scoring.same)
    for item in sorted(set(asked) | set(scoring.without)):
        if item not in known:
            reasons.append(Reason("score_item_unknown", {"item": item}))
        elif item not in scoring.points and item in asked:
            reasons.append(Reason("evidence_without_points", {"item": item}))
        if asked.count(item) > 1:
            reasons.append(Reason("evidence_twice", {"item": item}))
    for items, attached in given:
        if attached.reasons:
            reasons.append(Reason("evidence_unusable", {"items": list(items)}))
        # Of which item it is: the page says it at its field.
        reasons += [
            Reason(one.code, {**one.params, "item": items[0]}, one.article) for one in attached.reasons
        ]
        named = {"paper_sha256": attached.sha256, "paper_name": attached.name}
        papers |= dict.fromkeys(items, named)
    shared = {item: papers.get(_shares_with(scoring.same, item)) for item in scoring.same}
    for item, there in shared.items():
        if there is None:
            reasons.append(Reason("evidence_not_there", {"item": item, "other": scoring.same[item]}))
        else:
            papers[item] = there
    return {item: named for item, named in papers.items() if item in scoring.points}


def _shares_with(same: Mapping[str, str], item: str) -> str:
    """Whose paper an item shares, when that one shares another's: the end of the line, or any one of a ring."""
    passed: set[str] = set()
    while item in same and item not in passed:
        passed.add(item)
        item = same[item]
    return item


def papers_of(connection: Connection, sheets: Collection[int]) -> dict[int, Papers]:
    """Sheet → item → its paper, of the items that have one: one statement, however many sheets there are."""
    found: dict[int, Papers] = {sheet: {} for sheet in sheets}
    if sheets:
        query = select(LINE.c.sheet_id, LINE.c.item, LINE.c.paper_sha256, LINE.c.paper_name).where(
            LINE.c.sheet_id.in_(list(sheets)), LINE.c.paper_sha256.is_not(None)
        )
        for row in connection.execute(query.order_by(LINE.c.id)):
            named = {"paper_sha256": row.paper_sha256, "paper_name": row.paper_name}
            found[row.sheet_id][row.item] = named
    return found


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
    year: BlocYear, sheet: Mapping[str, Any], scoring: Scoring, kept: Mapping[str, Any], papers: Papers
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
    if papers:
        payload["papers"] = [[item, papers[item]["paper_sha256"]] for item in sorted(papers)]
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
        {
            "sheet_id": sheet["id"],
            "item": item,
            "points": points,
            "note_id": notes.get(f"note_{item}"),
            **papers.get(item, _NO_PAPER),
        }
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
