"""Who may read which score sheet of a bloc's year. Page, interface and terminal ask here.

Before the scoring is settled a school reads its own sheets; and once all of these are filed or declined, what others
said of it, and what others said of those whom it scores too. Head and deputy are schools like any other. Afterwards
every school of the bloc reads all, and so do those above the bloc. An administrator reads everything. A sheet that was
declined holds no points, only why: head and deputy read it at once, since they assign another scorer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection

from casework.bloc.year import HEADS, OF_SCHOOL, BlocYear
from casework.routing import nearest_by_kind
from casework.sight import Sight, may_see_unit


def acting_for(sight: Sight, schools: Collection[int]) -> frozenset[int]:
    """The schools among some for which a person acts, as clerk or principal."""
    held = {holding.unit_id for holding in sight.holdings if holding.duty in OF_SCHOOL}
    return frozenset(held & set(schools))


def may_see_year(
    connection: Connection, sight: Sight, bloc: int, schools: Collection[int], day: date
) -> bool:
    """Whether a person may see a bloc's year at all: for one of its ``schools``, for the bloc, or from above it."""
    return bool(acting_for(sight, schools)) or may_see_unit(connection, sight, bloc, day)


def readable_by(year: BlocYear, sight: Sight | None) -> frozenset[int]:
    """The ids of the sheets of a bloc's year that a person may read on the day on which it was read; with None, of
    whoever keeps the home, all."""
    if sight is None or sight.administers:
        return frozenset(row["id"] for row in year.sheets)
    schools = {*year.members, *(row["scorer_id"] for row in year.sheets)}
    above = year.settled and sees_from_above(year.connection, sight, year.id, year.call.day)
    seen = readable(year.sheets, acting_for(sight, schools), settled=year.settled, above=above)
    if sight.at(year.id).isdisjoint(HEADS):
        return seen
    return seen | {row["id"] for row in year.sheets if row["standing"] == "declined"}


def readable(
    sheets: Iterable[Mapping[str, Any]], mine: Collection[int], *, settled: bool, above: bool = False
) -> frozenset[int]:
    """The ids of the sheets that somebody who acts for the schools ``mine`` may read.

    ``sheets`` are all rows of the year; ``above``: whether the person sees the bloc from above (or administers). Who
    acts for two schools reads of others only when the sheets of both are done: what one may not know, neither may.
    """
    rows = list(sheets)
    if settled and (mine or above):
        return frozenset(row["id"] for row in rows)
    own = [row for row in rows if row["scorer_id"] in mine]
    seen = {row["id"] for row in own}
    # A sheet that was set aside is owed by nobody.
    if own and not any(row["standing"] == "open" for row in own):
        about = {row["scored_id"] for row in own if row["standing"] == "filed"} | set(mine)
        seen |= {row["id"] for row in rows if row["scored_id"] in about and row["standing"] != "open"}
    return frozenset(seen)


def sees_from_above(connection: Connection, sight: Sight, bloc: int, day: date) -> bool:
    """Whether a person holds a duty at an office above a bloc; the bloc's own duties are not above it."""
    above = {
        unit
        for kind, unit in nearest_by_kind(connection, bloc, day).items()
        if kind not in ("bloc", "school")
    }
    return any(holding.unit_id in above and holding.duty not in HEADS for holding in sight.holdings)
