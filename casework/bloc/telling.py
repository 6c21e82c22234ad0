"""Whom the acts of a bloc's year tell what: sheets that wait, the ranking, a prize that is proposed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from casework.bloc.year import OF_SCHOOL, BlocYear
from casework.debts import unit_debt
from casework.outbox import enqueue, new_item
from casework.regulations import calendars_published

SCORING = "bloc-scoring"


def tell_of_sheets(year: BlocYear, counts: Mapping[int, int], of: str) -> None:
    """Enqueue for each school that sheets wait for it, with the day of the scoring where a calendar has one.

    ``counts``: school → how many; ``of`` names what opened them.
    """
    until = scoring_day(year)
    items = [
        item
        for school, count in counts.items()
        if count
        for item in _items(year, "sheet_waits", school, of, {"sheets": str(count), **_page(year), **until})
    ]
    enqueue(year.connection, items)


def tell_ranking(year: BlocYear, ranks: Mapping[int, int]) -> None:
    """Enqueue the ranking for every school of it, with its own rank."""
    items = [
        item
        for school, rank in ranks.items()
        for item in _items(year, "ranking", school, "settled", {"rank": str(rank), **_page(year, "/matrix")})
    ]
    enqueue(year.connection, items)


def tell_of_prizes(year: BlocYear, proposed: Iterable[Mapping[str, Any]]) -> None:
    """Enqueue for each school that the bloc proposes it: ``school``, ``rank``, ``title``, ``dossier`` (its code)."""
    items = [
        item
        for prize in proposed
        for item in _items(
            year,
            "prize_proposed",
            prize["school"],
            str(prize["title"]),
            {
                "rank": str(prize["rank"]),
                "title": str(prize["title"]),
                "dossier": str(prize["dossier"]),
                "path": f"/dossiers/{prize['dossier']}",
                "command": f"thidua dossier show {prize['dossier']}",
            },
        )
    ]
    enqueue(year.connection, items)


def scoring_day(year: BlocYear) -> dict[str, str]:
    """The milestone of the scoring and the day on which the bloc owes it; nothing where no calendar has it."""
    for calendar in calendars_published(year.connection):
        planned = calendar.milestones.get(SCORING)
        if calendar.school_year == year.school_year and planned is not None and planned.owed_by == "bloc":
            debt = unit_debt(year.reads, calendar, SCORING, year.id, f"unit:{year.id}")
            return {"calendar": calendar.name, "milestone": SCORING, "due": debt.due.isoformat()}
    return {}


def _page(year: BlocYear, part: str = "") -> dict[str, str]:
    """Where it is done, or seen."""
    return {"path": f"/blocs/{year.bloc['code']}/year/{year.school_year}{part}"}


def _items(
    year: BlocYear, kind: str, school: int, of: str, facts: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    year.reads.fetch_posts(year.members)
    told = {
        "unit": str(school),
        "bloc": str(year.id),
        "school_year": year.school_year,
        "at": year.call.now.isoformat(),
        **facts,
    }
    for person in year.reads.holders(school, OF_SCHOOL):
        if person == year.call.actor_id and kind != "sheet_waits":
            continue
        yield new_item(kind, year.subject, f"{of}.{school}", person, told, year.call.now)
