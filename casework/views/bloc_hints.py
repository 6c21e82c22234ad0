"""Hints from a settled year's cross-scores (`rules/diagnostics.py`), for who leads the bloc and the office above it.

Read only after settling: before that nobody knows all sheets. A hint stops nothing and is written nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import Row, select

from casework.bloc.score_sheet import lines_of
from casework.bloc.settle import SETTLED, ranked
from casework.bloc.sight import sees_from_above
from casework.bloc.year import CARD, DRAW, HEADS, SHEET, BlocYear
from casework.people import units_told
from casework.sight import Sight
from kit.canonical import sha256_hex
from published.scorecards import Scorecard
from rules.diagnostics import (
    Compared,
    Firmness,
    Hint,
    Scorer,
    Standing,
    firmness,
    hints,
    innocent_of,
    scorers,
    words_of,
    words_of_rank,
)
from rules.ranking import SETTLE_RULES, exact_value
from rules.scorecard import total

#: earlier years that help to judge, the newest ones: older ones say less of who scores today
EARLIER = 4
#: hints that are kept in a process, one a bloc's year, by the hash of what they are worked out from
MOST_KEPT = 100
_KEPT: dict[str, Hinted] = {}
#: (scorer, scored) → points by item
_Sheets = dict[tuple[int, int], dict[str, Fraction]]


@dataclass(frozen=True, slots=True)
class Hinted:
    """What the cross-scores of a year hint at. Words are codes of the catalogue `hints` and what fills them.

    ``told``: (words, innocent explanation's code, figures) of each hint; ``scorers``: each with the places of its
    scores on which a hint rests; ``ranks``: words and figures of how firm each rank is.
    """

    told: list[tuple[tuple[str, dict[str, Any]], str, list[dict[str, Any]]]]
    scorers: list[tuple[str, Scorer, frozenset[int]]]
    ranks: list[tuple[tuple[str, dict[str, Any]], str, Firmness]]


def may_see_hints(year: BlocYear, sight: Sight) -> bool:
    """Whether a person is shown hints: head and deputy, and those above the bloc; nobody before the settling."""
    if not year.settled:
        return False
    leads = not sight.at(year.id).isdisjoint(HEADS)
    return leads or sees_from_above(year.connection, sight, year.id, year.call.day)


def hints_of(year: BlocYear) -> Hinted | None:
    """The hints of a settled year; earlier settled years of the same card help to judge. None: no card, no sheets.

    What comes of the same sheets is kept: a settled year never changes, and it is a long sum.
    """
    card = year.scorecard
    if card is None:
        return None
    filed = _filed(year, card)
    if not any(sheet.school_year == year.school_year for sheet in filed):
        return None
    names = _names(year, {school for sheet in filed for school in (sheet.scorer_id, sheet.scored_id)})
    query = select(SETTLED.c.school_id, SETTLED.c.item, SETTLED.c.exact, SETTLED.c.by_meeting)
    settled = year.connection.execute(query.where(year.mine(SETTLED)).order_by(SETTLED.c.id)).all()
    told = [sheet[1:] for sheet in filed], sorted(names.items()), settled
    key = sha256_hex(f"{card.sha256} {year.school_year} {told}")
    found = _KEPT.get(key)
    if found is None:
        found = _worked_out(year, card, filed, names, settled)
        while len(_KEPT) >= MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)), None)
        _KEPT[key] = found
    return found


def _worked_out(
    year: BlocYear,
    card: Scorecard,
    filed: Sequence[Row[Any]],
    names: Mapping[int, str],
    settled: Sequence[Row[Any]],
) -> Hinted:
    by_year = _by_year(year, filed)
    most = card.card.most + card.card.bonus_most
    totals = [
        {(names[a], names[b]): total(card.card, points) for (a, b), points in sheets.items()}
        for _, sheets in sorted(by_year.items())
    ]
    found = hints(totals, most)
    marked = {
        (cell.scorer, cell.scored) for hint in found for cell in hint.cells if cell.year == len(totals) - 1
    }
    return Hinted(
        [(words_of(hint), innocent_of(hint), _figures(hint)) for hint in found],
        [
            (
                one.name,
                one,
                frozenset(n for n, cell in enumerate(one.cells) if (cell.scorer, cell.scored) in marked),
            )
            for one in scorers(totals[-1], most)
        ],
        [
            (words_of_rank(one), one.school, one)
            for one in _firmness(card, by_year[year.school_year], names, settled)
        ],
    )


def _names(year: BlocYear, schools: set[int]) -> dict[int, str]:
    """Names by id; schools of one name bear their code too, so that none is taken for the other."""
    units = units_told(year.connection, sorted(schools))
    known = [name for _, name in units.values()]
    return {
        school: f"{name} ({code})" if known.count(name) > 1 else name
        for school, (code, name) in units.items()
    }


def _figures(hint: Hint) -> list[dict[str, Any]]:
    return [_figure(cell) for cell in hint.cells]


def _figure(cell: Compared) -> dict[str, Any]:
    return {
        "scorer": cell.scorer,
        "scored": cell.scored,
        "given": cell.given,
        "others": cell.others,
        "usual": cell.usual,
    }


def _filed(year: BlocYear, card: Scorecard) -> Sequence[Row[Any]]:
    """The filed cross-sheets of this year and of the newest earlier settled ones of the same card, by id: id, year,
    scorer, scored, and the hash of the lines."""
    of_card = (
        select(DRAW.c.school_year)
        .join(CARD, (CARD.c.bloc_id == DRAW.c.bloc_id) & (CARD.c.school_year == DRAW.c.school_year))
        .where(
            DRAW.c.bloc_id == year.id,
            DRAW.c.school_year <= year.school_year,
            DRAW.c.settled_at.is_not(None),
            CARD.c.scorecard_sha256 == card.sha256,
        )
        .order_by(DRAW.c.school_year.desc())
        .limit(1 + EARLIER)
    )
    columns = (SHEET.c.id, SHEET.c.school_year, SHEET.c.scorer_id, SHEET.c.scored_id, SHEET.c.sha256)
    query = select(*columns).where(
        SHEET.c.bloc_id == year.id,
        SHEET.c.school_year.in_(of_card),
        SHEET.c.standing == "filed",
        SHEET.c.scorer_id != SHEET.c.scored_id,
    )
    return year.connection.execute(query.order_by(SHEET.c.id)).all()


def _by_year(year: BlocYear, filed: Sequence[Row[Any]]) -> dict[str, _Sheets]:
    """The lines of some sheets, by school year, scorer and scored."""
    lines = lines_of(year.connection, [sheet.id for sheet in filed])
    found: dict[str, _Sheets] = {}
    for sheet in filed:
        points = {item: Fraction(given) for item, given in lines[sheet.id].items()}
        found.setdefault(sheet.school_year, {})[sheet.scorer_id, sheet.scored_id] = points
    return found


def _firmness(
    card: Scorecard, sheets: _Sheets, names: Mapping[int, str], rows: Sequence[Row[Any]]
) -> tuple[Firmness, ...]:
    """How each rank hangs on single scorers: items are settled anew without one, the meeting's words stay."""
    settled: dict[int, dict[str, Fraction]] = {}
    words: set[tuple[int, str]] = set()
    for row in rows:
        settled.setdefault(row.school_id, {})[row.item] = exact_value(row.exact)
        if row.by_meeting:
            words.add((row.school_id, row.item))
    if not set(settled) <= set(names):
        return ()
    without = {
        names[scorer]: _standing(card, _without(card, settled, words, sheets, scorer), names)
        for scorer in sorted({scorer for scorer, _ in sheets})
    }
    return firmness(_standing(card, settled, names), without)


def _without(
    card: Scorecard,
    settled: Mapping[int, Mapping[str, Fraction]],
    words: set[tuple[int, str]],
    sheets: _Sheets,
    scorer: int,
) -> dict[int, dict[str, Fraction]]:
    rule = SETTLE_RULES[card.settle]
    found = {}
    for school, points in settled.items():
        left = [sheet for (one, scored), sheet in sheets.items() if scored == school and one != scorer]
        if not left and (scorer, school) in sheets:
            continue
        if (scorer, school) not in sheets:
            found[school] = dict(points)
            continue
        found[school] = {
            item: given if (school, item) in words else rule([sheet.get(item, Fraction(0)) for sheet in left])
            for item, given in points.items()
        }
    return found


def _standing(card: Scorecard, points: dict[int, dict[str, Fraction]], names: Mapping[int, str]) -> Standing:
    return {
        names[row.school]: (row.total, *(row.groups.get(tie, Fraction(0)) for tie in card.ties))
        for row in ranked(card, points)
    }
