"""Where a bloc's year stands: its stations, which of them is the one to be done, and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from casework.bloc.hand_over import LEAD
from casework.bloc.propose import PROPOSAL
from casework.bloc.year import BlocYear
from notifications.stop import DONE, HERE, NEXT
from rules.school_years import later

#: the stations of a year in their order
STATIONS = ("covenant", "card", "draw", "sheets", "meeting", "settled", "prizes", "handed_over")


def stations(year: BlocYear, shown: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The stations of a year: ``name``, ``mark`` (done, here, next), ``day`` (ISO, or None) and ``counts``.

    ``shown`` is the year as `show_year` told it. A bloc that approved its card without recording the first meeting is
    not held up by that.
    """
    told = {
        "covenant": _covenant(shown),
        "card": (shown["card"] is not None, None, {}),
        "draw": (year.draw is not None, shown["draw"]["drawn_at"] if shown["draw"] else None, {}),
        "sheets": _sheets(year, shown),
        "meeting": _meeting(shown),
        "settled": (year.settled, shown["draw"]["settled_at"] if shown["draw"] else None, {}),
        "prizes": _prizes(year),
        "handed_over": _handed_over(year),
    }
    passed = {"covenant"} if told["card"][0] else set()
    here = next((name for name in STATIONS if not told[name][0] and name not in passed), None)
    return [
        {
            "name": name,
            "mark": DONE if told[name][0] else HERE if name == here else NEXT,
            "day": told[name][1],
            "counts": told[name][2],
        }
        for name in STATIONS
    ]


def here_of(told: list[dict[str, Any]]) -> str | None:
    """The station that is to be done; None: the year is over."""
    return next((row["name"] for row in told if row["mark"] == HERE), None)


def _held(shown: Mapping[str, Any], kind: str) -> str | None:
    return next((row["held_on"] for row in shown["meetings"] if row["kind"] == kind), None)


def _covenant(shown: Mapping[str, Any]) -> tuple[bool, str | None, dict[str, int]]:
    staying = [school for school in shown["schools"] if not school["left_out"]]
    signed = sum(school["signed_on"] is not None for school in staying)
    held = _held(shown, "covenant")
    return held is not None, held, {"done": signed, "of": len(staying)}


def _sheets(year: BlocYear, shown: Mapping[str, Any]) -> tuple[bool, str | None, dict[str, int]]:
    if year.draw is None:
        return False, None, {}
    owed = sum(school["sheets"] for school in shown["schools"])
    filed = sum(school["filed"] for school in shown["schools"])
    done = not any(sheet["standing"] == "open" for sheet in year.sheets)
    return done, None, {"done": filed, "of": owed}


def _meeting(shown: Mapping[str, Any]) -> tuple[bool, str | None, dict[str, int]]:
    held = _held(shown, "scoring")
    return held is not None, held, {}


def _prizes(year: BlocYear) -> tuple[bool, str | None, dict[str, int]]:
    query = select(func.count()).select_from(PROPOSAL).where(year.mine(PROPOSAL))
    count = int(year.connection.execute(query).scalar_one())
    return count > 0 or (year.settled and _without_prizes(year)), None, {"count": count} if count else {}


def _without_prizes(year: BlocYear) -> bool:
    return year.scorecard is not None and not year.scorecard.prizes


def _handed_over(year: BlocYear) -> tuple[bool, str | None, dict[str, int]]:
    query = select(LEAD.c.since).where(
        LEAD.c.bloc_id == year.id, LEAD.c.school_year == later(year.school_year)
    )
    since = year.connection.execute(query).scalar()
    return since is not None, since.isoformat() if since is not None else None, {}
