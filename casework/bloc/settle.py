"""Settling the scoring: each item by the card's rule or by the meeting's word, the totals and the ranking with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, insert, select, update

from casework.act import Done, do_act
from casework.bloc.hold_meeting import MEETING
from casework.bloc.score_sheet import lines_of
from casework.bloc.telling import tell_ranking
from casework.bloc.year import DRAW, BlocYear
from casework.call import Call
from casework.career.keys import rank_key
from casework.history import make_note, write_notes
from casework.law.reopen import facts_changed
from casework.reads import SCORE
from kit.canonical import canonical_json, sha256_hex
from kit.database import Database
from models.score_sheet import SettledPoint
from published.scorecards import Scorecard
from rules.ranking import SETTLE_RULES, Standing, exact_text, ranks
from rules.reasons import Reason, Refused
from rules.scorecard import BONUS, PENALTY, against_points, group_sums, shown, total_of

SETTLED = SettledPoint.__table__

#: school → item → what it was settled to
Points = dict[int, dict[str, Fraction]]


@dataclass(frozen=True, slots=True)
class MeetingWord:
    """What the meeting settled itself: an item of a school (its code), the points, and the reason beside it."""

    school: str
    item: str
    points: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class Ranked:
    """A school in the ranking: its total, what each group gives, its rank."""

    school: int
    total: Fraction
    groups: Mapping[str, Fraction]
    rank: int


def settle(
    database: Database,
    bloc: str,
    school_year: str,
    words: Sequence[MeetingWord],
    call: Call,
    **options: Any,
) -> Done:
    """Settle a bloc's scoring, for good: settled points, score and rank of every school that stayed.

    Raises:
        Refused: with every reason: no meeting for it is recorded, sheets are open, a school left the bloc, an item has
            neither a cross-score nor the meeting's word, a word does not fit the card.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        year = BlocYear.of(connection, bloc, school_year, call)
        reasons = against_settling(year)
        said = _said(year, words, reasons)
        points: Points = {}
        if year.scorecard is not None and year.draw is not None:
            points = settled_by_rule(year, year.scorecard)
            for (school, item), word in said.items():
                points.setdefault(school, {})[item] = Fraction(word.points)
            reasons += _nothing_to_settle(year, year.scorecard, points)
        if reasons or year.scorecard is None:
            raise Refused(reasons)
        ranking = ranked(year.scorecard, points)
        payload = _write(year, points, said, ranking)
        tell_ranking(year, {row.school: row.rank for row in ranking})
        return year.subject, payload

    asked = {"bloc": bloc, "school_year": school_year, "words": list(words)}
    return do_act(database, "settle_scores", call, work, asked=asked, **options)


def against_settling(year: BlocYear) -> list[Reason]:
    """Why the caller may not settle the year now, whatever the meeting says; nothing is written."""
    reasons = [*year.not_leading(), *year.no_card(), *year.settled_already()]
    if year.draw is None:
        return [*reasons, Reason("scoring_not_assigned", {"unit": year.id})]
    held = select(MEETING.c.id).where(year.mine(MEETING), MEETING.c.kind == "scoring")
    if year.connection.execute(held).first() is None:
        reasons.append(Reason("no_scoring_meeting", {"unit": year.id}))
    reasons += [
        Reason("sheet_still_open", {"scorer": sheet["scorer_id"], "scored": sheet["scored_id"]})
        for sheet in year.sheets
        if sheet["standing"] == "open"
    ]
    in_ranking = staying(year)
    gone = sorted(school for school in in_ranking if school not in year.members)
    reasons += [Reason("school_left_bloc", {"unit": school, "bloc": year.bloc["name"]}) for school in gone]
    recorded = select(SCORE.c.school_id).where(
        SCORE.c.school_id.in_(sorted(in_ranking)), SCORE.c.school_year == year.school_year
    )
    if not year.settled:
        rows = year.connection.execute(recorded.order_by(SCORE.c.school_id)).scalars()
        reasons += [Reason("score_recorded_already", {"unit": school}) for school in rows]
    return reasons


def staying(year: BlocYear) -> frozenset[int]:
    """The schools among which scoring was drawn, without those that were left out."""
    drawn = {sheet["scored_id"] for sheet in year.sheets if sheet["scorer_id"] == sheet["scored_id"]}
    return frozenset(drawn - year.leavers)


def settled_by_rule(year: BlocYear, card: Scorecard) -> Points:
    """What the card's rule makes of the filed cross-scores. A sheet that leaves out a bonus gave none."""
    cross = [
        sheet
        for sheet in year.sheets
        if sheet["standing"] == "filed" and sheet["scorer_id"] != sheet["scored_id"]
    ]
    lines = lines_of(year.connection, [sheet["id"] for sheet in cross])
    rule = SETTLE_RULES[card.settle]
    points: Points = {school: {} for school in staying(year)}
    for school, mine in points.items():
        given = [lines[sheet["id"]] for sheet in cross if sheet["scored_id"] == school]
        for item in card.items if given else ():
            mine[item.code] = rule([Fraction(sheet.get(item.code, Decimal(0))) for sheet in given])
    return points


def ranked(card: Scorecard, points: Points) -> list[Ranked]:
    """Totals and ranks, the first in front; equal ones by the school's id."""
    sums = {school: group_sums(card.card, mine) for school, mine in points.items()}
    standings = {
        str(school): Standing(
            total_of(sums[school]), tuple(sums[school].get(tie, Fraction(0)) for tie in card.ties)
        )
        for school in points
    }
    found = ranks(standings)
    rows = [
        Ranked(school, standings[str(school)].total, sums[school], found[str(school)]) for school in points
    ]
    return sorted(rows, key=lambda row: (row.rank, row.school))


def _said(
    year: BlocYear, words: Sequence[MeetingWord], reasons: list[Reason]
) -> dict[tuple[int, str], MeetingWord]:
    """The meeting's words by school and item; every reason against one of them is noted."""
    said: dict[tuple[int, str], MeetingWord] = {}
    known = staying(year)
    schools = {str(row["code"]): row for row in year.members.values()}
    times: Counter[tuple[int, str]] = Counter()
    for word in words:
        row = schools.get(word.school) or year.school(word.school, reasons)
        if row is None:
            continue
        if row["id"] not in known:
            reasons.append(Reason("school_not_scored", {"unit": row["id"]}))
        if not word.reason.strip():
            reasons.append(Reason("settled_without_reason", {"unit": row["id"], "item": word.item}))
        if year.scorecard is not None:
            reasons += against_points(year.scorecard.card, word.item, word.points)
        said[row["id"], word.item] = word
        times[row["id"], word.item] += 1
    for (school, item), number in times.items():
        if number > 1:
            reasons.append(Reason("settled_twice", {"unit": school, "item": item}))
    return said


def _nothing_to_settle(year: BlocYear, card: Scorecard, points: Points) -> list[Reason]:
    asked = [item.code for item in card.items if item.group not in (BONUS, PENALTY)]
    # Of these it is told already that somebody has still to file.
    waited_for = {sheet["scored_id"] for sheet in year.sheets if sheet["standing"] == "open"}
    reasons = []
    for school in sorted(points):
        missing = [code for code in asked if code not in points[school]]
        if missing and school in year.members and school not in waited_for:
            reasons.append(Reason("nothing_to_settle", {"unit": school, "items": missing}))
    return reasons


def settled_hash(points: Points) -> str:
    """What the chain holds of all settled points: the SHA-256 over school, item and exact value."""
    told = [
        [school, item, exact_text(points[school][item])]
        for school in sorted(points)
        for item in sorted(points[school])
    ]
    return sha256_hex(canonical_json(told))


def _write(
    year: BlocYear,
    points: Points,
    said: Mapping[tuple[int, str], MeetingWord],
    ranking: Sequence[Ranked],
) -> dict[str, Any]:
    payload: dict[str, Any] = {
        "points": settled_hash(points),
        "ranking": [[row.school, exact_text(row.total), row.rank] for row in ranking],
    }
    notes: dict[tuple[int, str], str] = {}
    for (school, item), word in said.items():
        note, payload[f"word_{school}_{item}"] = make_note(word.reason.strip())
        write_notes(year.connection, [note])
        notes[school, item] = note["id"]
    rows = [
        year.columns
        | {
            "school_id": school,
            "item": item,
            "exact": exact_text(value),
            "by_meeting": (school, item) in said,
            "note_id": notes.get((school, item)),
        }
        for school, mine in points.items()
        for item, value in mine.items()
    ]
    year.connection.execute(insert(SETTLED), rows)
    recorded = {"recorded_by_id": year.call.actor_id, "recorded_at": year.call.now}
    scores = [
        year.columns
        | recorded
        | {
            "school_id": row.school,
            "score": shown(row.total),
            "rank": row.rank,
            "exact": exact_text(row.total),
        }
        for row in ranking
    ]
    year.connection.execute(insert(SCORE), scores)
    ranks_told = {rank_key(row.school, year.school_year) for row in ranking}
    facts_changed(year.connection, ranks_told, year.call)
    done = {"settled_by_id": year.call.actor_id, "settled_at": year.call.now}
    year.connection.execute(update(DRAW).where(year.mine(DRAW)).values(**done))
    return payload
