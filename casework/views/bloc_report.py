"""The summary report of a bloc's year as plain data: figures from the year, texts as they were typed, the outline.

A part of which neither the year nor the head has anything to say is left out, and what follows moves up a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from casework.bloc.write_report import ITEM, texts_of
from casework.bloc.year import BlocYear, holders_on
from casework.people import names_of, units_told
from casework.routing import nearest_by_kind
from casework.views.bloc_ranking import items_told, settled_of, strongest_and_weakest, ties
from casework.views.bloc_year import ledger, proposals, ranking
from casework.views.numbers import four_numbers
from rules.school_years import later
from rules.windows import local_day

#: whose report it is sent to: the nearest of these above the bloc
_ABOVE = ("education_office", "education_department", "people_committee", "province_committee")
#: the parts of the first half in their order: what the head types there, and which figures are there by themselves
_SECTIONS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("leading", ("leading", "movements"), ("meetings", "signed")),
    ("results", (), ("items",)),
    ("striking", ("striking",), ("ranks",)),
    ("judged", ("strengths", "limits", "causes", "wishes"), ("strongest",)),
    ("commended", ("commended",), ("titles", "proposals", "certificates")),
)


def report_of(year: BlocYear, shown: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """The report: ``above`` and ``signer`` (names, or None), ``figures``, ``texts`` by part, ``sections`` in order.

    ``shown`` is the year as `show_year` told it. Figures that come of the ranking are empty before it is settled.
    """
    settled = settled_of(year)
    items = items_told(settled, lang)
    strongest, weakest = strongest_and_weakest(items)
    texts = texts_of(year)
    schools = [school for school in shown["schools"] if not school["left_out"]]
    given = ledger(year)
    figures: dict[str, Any] = {
        "meetings": sorted(shown["meetings"], key=lambda row: row["held_on"]),
        "schools": len(schools),
        "signed": sum(school["signed_on"] is not None for school in schools),
        "items": items,
        "groups": _groups(year, items, texts, lang),
        "ranks": ranking(year, lang)["rows"],
        "ties": ties(settled, lang),
        "strongest": strongest,
        "weakest": weakest,
        "titles": four_numbers(year.connection, lang, school_year=year.school_year, units=list(year.members)),
        "proposals": proposals(year, lang),
        "certificates": given["rows"],
        "certificate_money": given["total"],
    }
    return {
        "above": _above(year),
        "signer": _signer(year),
        "following": later(year.school_year),
        "dated": _dated(texts.get("dated", "")),
        "figures": figures,
        "texts": texts,
        "sections": [
            name
            for name, parts, told in _SECTIONS
            if any(part in texts for part in parts)
            or any(figures[which] for which in told)
            or (name == "results" and figures["groups"])
        ],
    }


def _groups(
    year: BlocYear, items: list[dict[str, Any]], texts: Mapping[str, str], lang: str
) -> list[dict[str, Any]]:
    """The groups of the card of which something is to be said, each with its items that have figures or a text."""
    by_code = {item["code"]: item for item in items}
    groups = []
    for group in year.scorecard.groups if year.scorecard else ():
        rows = [
            {
                "code": item.code,
                "label": item.label[lang],
                "figures": by_code.get(item.code),
                "text": texts.get(f"{ITEM}{item.code}"),
            }
            for item in group.items
            if item.code in by_code or f"{ITEM}{item.code}" in texts
        ]
        if rows:
            groups.append({"code": group.code, "label": group.label[lang], "rows": rows})
    return groups


def _above(year: BlocYear) -> str | None:
    found = nearest_by_kind(year.connection, year.id, local_day(year.call.now))
    unit = next((found[kind] for kind in _ABOVE if kind in found), None)
    return units_told(year.connection, [unit])[unit][1] if unit is not None else None


def _signer(year: BlocYear) -> str | None:
    """Who heads the bloc today by a duty of her own."""
    holders = holders_on(year.connection, year.id, "bloc_head", year.call.day)
    if not holders:
        return None
    person = holders[0]["person_id"]
    return names_of(year.connection, [person]).get(person)


def _dated(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
