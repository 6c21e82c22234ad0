"""A bloc's year: sheets, what was settled from them, and the ranking that came of it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.exc import NoResultFound

from casework.bloc.propose import PROPOSAL
from casework.bloc.score_sheet import LINE, lines_hash
from casework.bloc.settle import SETTLED, ranked
from casework.bloc.year import CARD, DRAW, SHEET
from casework.doctor.finding import fault
from casework.doctor.view import View
from casework.load import NOMINATION
from casework.reads import SCORE
from casework.regulations import Unsound, scorecard_by_hash
from published.scorecards import Scorecard
from rules.ranking import exact_text
from rules.scorecard import against_sheet, shown

# (bloc, school year)
Year = tuple[int, str]


def _cards(view: View) -> dict[Year, Scorecard]:
    """The card of each bloc and year, where it can be read."""
    found: dict[Year, Scorecard] = {}
    for row in view.connection.execute(select(CARD.c.bloc_id, CARD.c.school_year, CARD.c.scorecard_sha256)):
        try:
            found[row.bloc_id, row.school_year] = scorecard_by_hash(view.connection, row.scorecard_sha256)
        except (NoResultFound, Unsound):
            continue
    return found


def _filed(view: View) -> Iterator[tuple[Any, dict[str, Decimal]]]:
    """Every sheet that was filed, with its points by item."""
    query = (
        select(SHEET, LINE.c.item, LINE.c.points)
        .outerjoin(LINE, LINE.c.sheet_id == SHEET.c.id)
        .where(SHEET.c.version > 0)
        .order_by(SHEET.c.id, LINE.c.id)
    )
    for _, rows in groupby(view.rows(query), key=lambda row: row["id"]):
        listed = list(rows)
        yield listed[0], {row["item"]: row["points"] for row in listed if row["item"] is not None}


def sheet_lines_edited(view: View) -> Iterator[str]:
    """The lines of a filed sheet are not those that were filed."""
    for sheet, points in _filed(view):
        if sheet["sha256"] != lines_hash(points):
            yield f"score_sheet:{sheet['id']}"


def sheet_beyond_card(view: View) -> Iterator[str]:
    """A filed sheet does not fit the card of its bloc and year, or there is no card."""
    cards = _cards(view)
    for sheet, points in _filed(view):
        card = cards.get((sheet["bloc_id"], sheet["school_year"]))
        if card is None or against_sheet(card.card, points):
            yield f"score_sheet:{sheet['id']}"


def sheet_open_after_settling(view: View) -> Iterator[str]:
    """A sheet is open although the scoring of its year is settled."""
    settled = and_(
        DRAW.c.bloc_id == SHEET.c.bloc_id,
        DRAW.c.school_year == SHEET.c.school_year,
        DRAW.c.settled_at.is_not(None),
    )
    query = select(SHEET.c.id).join(DRAW, settled).where(SHEET.c.standing == "open")
    yield from view.ids("score_sheet", query)


def ranking_not_of_the_points(view: View) -> Iterator[str]:
    """A score or a rank is not what the settled points of the bloc's year come to. Corrected ones are left alone."""
    cards = _cards(view)
    points: dict[Year, dict[int, dict[str, Fraction]]] = {}
    for row in view.rows(select(SETTLED).order_by(SETTLED.c.id)):
        year = points.setdefault((row["bloc_id"], row["school_year"]), {})
        year.setdefault(row["school_id"], {})[row["item"]] = Fraction(row["exact"])
    expected = {
        (year, row.school): (exact_text(row.total), shown(row.total), row.rank)
        for year, schools in points.items()
        if year in cards
        for row in ranked(cards[year], schools)
    }
    for row in view.rows(select(SCORE).where(SCORE.c.exact.is_not(None)).order_by(SCORE.c.id)):
        here = (row["bloc_id"], row["school_year"])
        found = (row["exact"], row["score"], row["rank"])
        if here in cards and expected.get((here, row["school_id"])) != found:
            yield f"bloc_score:{row['id']}"


def proposal_of_another(view: View) -> Iterator[str]:
    """What a bloc proposed is a nomination of another school, of a person, or for another title."""
    joined = select(PROPOSAL.c.id).join(NOMINATION, NOMINATION.c.id == PROPOSAL.c.nomination_id)
    differs = or_(
        NOMINATION.c.unit_id != PROPOSAL.c.school_id,
        NOMINATION.c.person_id.is_not(None),
        NOMINATION.c.title != PROPOSAL.c.title,
    )
    yield from view.ids("bloc_proposal", joined.where(differs))


INVARIANTS = (
    fault(sheet_lines_edited),
    fault(sheet_beyond_card),
    fault(sheet_open_after_settling),
    fault(ranking_not_of_the_points),
    fault(proposal_of_another),
)
