"""The acts of a bloc's year as forms need them: what speaks against each before it is filled in, what to choose from.

Nothing is locked or written here, and nothing decided: the act itself has the last word.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from casework.access import DUTY, holdings_of, in_force
from casework.bloc.hand_over import LEAD, leading_schools
from casework.bloc.settle import against_settling, settled_by_rule, staying
from casework.bloc.sign_covenant import PRINCIPAL, SIGNATURE
from casework.bloc.year import BlocYear
from casework.call import Call
from casework.people import PERSON, units_told
from casework.regulations import published, scorecard_by_hash
from casework.sight import Sight
from casework.views.bloc_year import declined, ranking
from casework.views.naming import titles_named
from casework.views.scorecards import scorecard_told
from rules.reasons import Reason
from rules.school_years import later
from rules.scorecard import BONUS, PENALTY, plain

#: published cards that are offered; an office has a handful
MOST_CARDS = 20


def year_for(connection: Connection, sight: Sight, bloc: str, school_year: str, now: datetime) -> BlocYear:
    """A bloc's year as one person would act in it, to read.

    Raises:
        Refused: there is no such bloc, or the year cannot be read.
    """
    return BlocYear.read(connection, bloc, school_year, Call(sight.person, now, "", "look"))


def against(year: BlocYear, act: str) -> list[Reason]:
    """Why the caller may not do an act now, whatever is filled in. ``act`` is one of `ACTS`."""
    return ACTS[act](year)


def leads(year: BlocYear) -> bool:
    """Whether the caller is head or deputy of the bloc."""
    return not year.not_leading()


def to_sign(year: BlocYear) -> list[int]:
    """The schools whose signature the caller may record: a principal's own; for head and deputy all that lack one."""
    signed = set(year.connection.execute(select(SIGNATURE.c.school_id).where(year.mine(SIGNATURE))).scalars())
    missing = [school for school in year.members if school not in signed]
    if leads(year):
        return missing
    mine = principal_of(year)
    return [school for school in missing if school in mine]


def principal_of(year: BlocYear) -> frozenset[int]:
    """The units whose principal the caller is, by a duty of her own or a lent one: one statement for all."""
    if year.call.actor_id is None:
        return frozenset()
    held = holdings_of(year.connection, year.call.actor_id, year.call.day)
    return frozenset(holding.unit_id for holding in held if holding.duty in PRINCIPAL)


def _approve_card(year: BlocYear) -> list[Reason]:
    reasons = year.not_leading()
    if year.scorecard is not None:
        params = {"name": year.scorecard.name, "school_year": year.school_year}
        reasons.append(Reason("card_frozen", params))
    return reasons


def _sign(year: BlocYear) -> list[Reason]:
    if to_sign(year):
        return []
    lacking = year.not_leading()
    return lacking or [Reason("all_signed", {"unit": year.id})]


def _assign(year: BlocYear) -> list[Reason]:
    reasons = [*year.not_leading(), *year.no_card()]
    if year.draw is not None:
        at = year.draw["drawn_at"].isoformat()
        reasons.append(Reason("scoring_assigned_already", {"unit": year.id, "at": at}))
    return reasons


def _while_scoring(year: BlocYear) -> list[Reason]:
    reasons = [*year.not_leading(), *year.settled_already()]
    if year.draw is None:
        reasons.append(Reason("scoring_not_assigned", {"unit": year.id}))
    return reasons


def _decline(year: BlocYear) -> list[Reason]:
    reasons = _while_scoring(year)
    if not reasons and not any(sheet["standing"] == "open" for sheet in year.sheets):
        reasons.append(Reason("no_sheet_open", {"unit": year.id}))
    return reasons


def _propose(year: BlocYear) -> list[Reason]:
    reasons = [*year.not_leading(), *year.no_card()]
    if not year.settled:
        reasons.append(Reason("scoring_not_settled", {"unit": year.id}))
    return reasons


def _hand_over(year: BlocYear) -> list[Reason]:
    reasons = year.not_heading()
    following = later(year.school_year)
    named = select(LEAD.c.id).where(LEAD.c.bloc_id == year.id, LEAD.c.school_year == following)
    if year.connection.execute(named).first() is not None:
        reasons.append(Reason("handed_over_already", {"unit": year.id, "school_year": following}))
    return reasons


#: act → what speaks against it; in the order in which a year comes to them
ACTS: dict[str, Callable[[BlocYear], list[Reason]]] = {
    "hold_meeting": lambda year: year.not_leading(),
    "sign_covenant": _sign,
    "approve_card": _approve_card,
    "assign_scoring": _assign,
    "assign_again": _while_scoring,
    "decline_sheet": _decline,
    "leave_out": lambda year: [*year.not_leading(), *year.settled_already()],
    "settle_scores": against_settling,
    "propose_prizes": _propose,
    "certify": lambda year: year.not_heading(),
    "hand_over": _hand_over,
}


# --- What is chosen from ------------------------------------------------------------------------------------


def choices(year: BlocYear, act: str, lang: str) -> dict[str, Any]:
    """What the form of an act offers; an act that has nothing to choose from gives nothing."""
    offers = _CHOICES.get(act)
    return offers(year, lang) if offers is not None else {}


def schools_named(year: BlocYear, schools: Collection[int] | None = None) -> list[dict[str, str]]:
    """Code and name of the bloc's schools by code, or of some of them."""
    found = units_told(year.connection, list(year.members if schools is None else schools))
    return [{"code": code, "name": name} for code, name in sorted(found.values())]


def _people(year: BlocYear, lang: str) -> dict[str, Any]:
    """Who may chair a meeting or write its minutes: those who act for the schools of the bloc, by school."""
    query = (
        select(PERSON.c.code, PERSON.c.name, DUTY.c.unit_id)
        .join(DUTY, DUTY.c.person_id == PERSON.c.id)
        .where(
            DUTY.c.unit_id.in_([*year.members, year.id]),
            in_force(DUTY, year.call.day),
            PERSON.c.erased_at.is_(None),
        )
        .order_by(PERSON.c.name, PERSON.c.code)
    )
    found: dict[str, dict[str, str]] = {}
    schools = {school: str(row["name"]) for school, row in year.members.items()}
    for row in year.connection.execute(query):
        one = found.setdefault(row.code, {"code": row.code, "name": row.name, "school": ""})
        one["school"] = one["school"] or schools.get(row.unit_id, "")
    return {"people": sorted(found.values(), key=lambda one: (one["school"], one["name"], one["code"]))}


def _cards(year: BlocYear, lang: str) -> dict[str, Any]:
    rows = list(published(year.connection, "scorecard"))[:MOST_CARDS]
    cards = [scorecard_by_hash(year.connection, sha256) for _, sha256 in rows]
    return {"cards": [scorecard_told(year.connection, card, lang) for card in cards]}


def _signing(year: BlocYear, lang: str) -> dict[str, Any]:
    able = to_sign(year)
    mine = principal_of(year)
    return {
        "schools": schools_named(year, able),
        "own": schools_named(year, [school for school in able if school in mine]),
    }


def _again(year: BlocYear, lang: str) -> dict[str, Any]:
    # Whoever comes here leads the bloc, and reads why a sheet was declined.
    return {"schools": schools_named(year, list(year.schools)), "declined": declined(year, None)}


def _open_sheets(year: BlocYear, lang: str) -> dict[str, Any]:
    units = units_told(year.connection, {s[role] for s in year.sheets for role in ("scorer_id", "scored_id")})
    rows = [
        {"number": s["id"], "scorer": units[s["scorer_id"]], "scored": units[s["scored_id"]]}
        for s in year.sheets
        if s["standing"] == "open"
    ]
    return {"open": sorted(rows, key=lambda row: (row["scorer"][1], row["scored"][1]))}


def _staying(year: BlocYear, lang: str) -> dict[str, Any]:
    return {"schools": schools_named(year, list(year.schools))}


def _settling(year: BlocYear, lang: str) -> dict[str, Any]:
    """The schools and items of a word of the meeting, and those for which there must be one."""
    card = year.scorecard
    if card is None:
        return {"schools": [], "items": [], "needed": []}
    points = settled_by_rule(year, card)
    units = units_told(year.connection, list(points))
    asked = [item for item in card.items if item.group not in (BONUS, PENALTY)]
    needed = [
        {"school": units[school][0], "item": item.code}
        for school in sorted(points, key=lambda school: units[school][0])
        for item in asked
        if item.code not in points[school]
    ]
    items = [{"code": i.code, "label": i.label[lang], "most": plain(i.most)} for i in card.items]
    return {"schools": schools_named(year, list(staying(year))), "items": items, "needed": needed}


def _prizes(year: BlocYear, lang: str) -> dict[str, Any]:
    titles = titles_named(year.connection, lang)
    rows = ranking(year, lang)["rows"]
    prizes = year.scorecard.prizes if year.scorecard else ()
    return {
        "prizes": [
            {"rank": row["rank"], "name": row["name"], "label": titles.get(prize.title, prize.title)}
            for row in rows
            for prize in prizes
            if prize.rank == row["rank"]
        ]
    }


def _certificates(year: BlocYear, lang: str) -> dict[str, Any]:
    usual = year.scorecard.certificate.money if year.scorecard and year.scorecard.certificate else None
    return {"schools": schools_named(year), "usual": usual}


def _next_deputy(year: BlocYear, lang: str) -> dict[str, Any]:
    led = leading_schools(year, year.call.day)
    free = [school for school in year.members if school not in led["bloc_deputy"]]
    return {"schools": schools_named(year, free), "head": schools_named(year, led["bloc_deputy"])}


_CHOICES: dict[str, Callable[[BlocYear, str], dict[str, Any]]] = {
    "hold_meeting": _people,
    "sign_covenant": _signing,
    "approve_card": _cards,
    "assign_again": _again,
    "decline_sheet": _open_sheets,
    "leave_out": _staying,
    "settle_scores": _settling,
    "propose_prizes": _prizes,
    "certify": _certificates,
    "hand_over": _next_deputy,
}
