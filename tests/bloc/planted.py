"""Faults of a bloc's year, planted past the acts: table, which row, what is written, and the invariants that break."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

from casework.bloc.propose import PROPOSAL
from casework.bloc.score_sheet import LINE
from casework.bloc.year import SHEET
from casework.reads import SCORE


class Planted(NamedTuple):
    """One fault in the first row of a table."""

    table: Any
    values: dict[str, Any]
    breaks: frozenset[str]


PLANTED = (
    Planted(LINE, {"points": Decimal("0.01")}, frozenset({"sheet_lines_edited"})),
    Planted(LINE, {"points": Decimal(9999)}, frozenset({"sheet_lines_edited", "sheet_beyond_card"})),
    Planted(SCORE, {"rank": 9}, frozenset({"ranking_not_of_the_points"})),
    Planted(SCORE, {"score": Decimal("0.01")}, frozenset({"ranking_not_of_the_points"})),
    Planted(SCORE, {"exact": "1/3"}, frozenset({"ranking_not_of_the_points"})),
    Planted(SHEET, {"standing": "open"}, frozenset({"sheet_open_after_settling"})),
    Planted(PROPOSAL, {"title": "COBO"}, frozenset({"proposal_of_another"})),
)
