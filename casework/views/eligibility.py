"""A verdict as a good officer would note it: what was asked, what was found, by which article, and what is missing.

Everything is plain data, so that page, terminal and `--json` show the same. Disciplines are named to those alone who
judge; everybody else reads that one is in the way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from casework.law.choosing import Choice
from casework.law.judging import Judged, judge
from casework.law.wanted import Wanted
from casework.law.who import NOTHING, Knows
from casework.people import PERSON, UNIT
from casework.regulations import titles_in_force
from casework.views.evidence import evidence_told
from casework.views.naming import titles_named, titles_short
from notifications.conditions import say_condition
from notifications.words import say
from rules.answers import JUDGED, MET, UNKNOWN, Answer
from rules.lawbook import Asked, Condition
from rules.missing import HORIZON, Change, Needed, earliest_year, missing
from rules.school_years import name_of, year_of
from rules.verdict import Finding

#: more ways than these are not read by anybody
WAYS_SHOWN = 4
_LEVELS = ("state", "ministry", "province", "local")


#: what there is to tell where no rulebook was asked, or nothing is missing
_NOTHING: dict[str, Any] = {
    "rule": "",
    "rulebook": "",
    "rulebook_told": "",
    "chosen": "",
    "why": "",
    "findings": [],
    "to_judge": [],
    "awaited": [],
    "unverified": False,
    "missing_head": "",
    "missing": [],
    "earliest": None,
    "earliest_told": "",
    "nearest": None,
    "nearest_told": "",
}


@dataclass(frozen=True, slots=True)
class _Telling:
    """What every sentence needs: the language, names of titles, rows of evidence in words."""

    lang: str
    titles: Mapping[str, str]
    shorts: Mapping[str, str]
    rows: Mapping[str, str]


def explained(
    connection: Connection, judged: Judged, lang: str, *, knows: Knows = NOTHING, whole: bool = True
) -> dict[str, Any]:
    """One verdict in words. ``knows``: what is named to the reader. ``whole``: with what is missing."""
    one, choice, found = judged.wanted, judged.choice, judged.verdict
    telling = _Telling(
        lang,
        titles_named(connection, lang),
        titles_short(connection),
        evidence_told(connection, judged, lang, disciplines=knows.disciplines),
    )
    told: dict[str, Any] = {
        "holder": _holder(connection, one),
        "title": one.title,
        "title_name": telling.titles.get(one.title, one.title),
        "school_year": name_of(one.year),
        "outcome": found.outcome if found else UNKNOWN,
        **_NOTHING,
        "matters": [
            say("eligibility.hold", {"matter": m.kind, "since": m.since}, lang)
            if knows.matters
            else say("eligibility.hold_plain", {}, lang)
            for m in judged.known.matters
        ],
    }
    headline = {"name": told["holder"]["name"], "title": told["title_name"], "year": told["school_year"]}
    told["headline"] = say(f"eligibility.headline.{told['outcome']}", headline, lang)
    if choice is None or found is None:
        return told | {"why": say("eligibility.no_rulebook", {"day": one.on}, lang)}
    told |= {
        "rule": found.rule,
        "rulebook": choice.rulebook.name,
        "rulebook_told": say(
            "eligibility.rulebook", {"rulebook": choice.rulebook.title[lang], "day": choice.legal_day}, lang
        ),
        "chosen": _chosen(choice, lang),
        "why": _why(found.why, found.awaited, lang) if found.outcome == UNKNOWN else "",
        "findings": [_told(found.finding, telling)] if found.finding else [],
        "to_judge": [say_condition(c, lang, telling.shorts) for c in found.to_judge],
        "awaited": list(found.awaited),
        "unverified": found.unverified,
    }
    if not found.rule:
        told["why"] = say("eligibility.no_rule", {"rulebook": choice.rulebook.title[lang]}, lang)
    if whole and found.outcome != MET:
        told |= _lacking(choice, judged, telling)
    return told


def nearest_met(connection: Connection, judged: Judged, received: date | None, lang: str) -> dict[str, Any]:
    """The nearest title that is met today: what the catalogue offers in its place, then the highest of the rest."""
    one, titles = judged.wanted, titles_in_force(connection)
    subject = "individual" if one.person is not None else "collective"
    ladder: list[str] = []
    code = titles[one.title].lower if one.title in titles else None
    while code and code not in ladder:
        ladder.append(code)
        code = titles[code].lower if code in titles else None
    others = sorted(
        (t for t in titles.values() if t.suits(subject) and t.code not in ladder and t.code != one.title),
        key=lambda t: (_LEVELS.index(t.level), t.code),
    )
    wanted = [
        Wanted(one.unit, title, one.year, one.on, one.person, one.nomination)
        for title in (*ladder, *(t.code for t in others))
    ]
    met = [j for j in judge(connection, wanted, received) if j.verdict and j.verdict.outcome == MET]
    if not met:
        return {"nearest": None, "nearest_told": say("eligibility.nearest_none", {}, lang)}
    title = met[0].wanted.title
    name = titles_named(connection, lang).get(title, title)
    return {"nearest": title, "nearest_told": say("eligibility.nearest", {"title": name}, lang)}


# --- The tree ---


def _told(finding: Finding, telling: _Telling) -> dict[str, Any]:
    condition, answer = finding.condition, finding.answer
    if condition is None or answer is None:
        return {
            "how": finding.how,
            "head": say(f"eligibility.{finding.how}", {}, telling.lang),
            "outcome": finding.outcome,
            "parts": [_told(part, telling) for part in finding.parts],
        }
    lang, cited = telling.lang, condition.cited
    return {
        "how": "",
        "word": condition.word,
        "outcome": answer.outcome,
        "outcome_told": say(f"eligibility.{answer.outcome}", {}, lang),
        "asks": say_condition(condition, lang, telling.shorts),
        "found": _found(condition, answer, telling),
        "why": _why(answer.why, answer.awaited, lang) if answer.outcome == UNKNOWN else "",
        "article": cited.article,
        "source": cited.source,
        "verified": cited.verified,
        "evidence": [telling.rows[ref] for ref in answer.evidence if ref in telling.rows],
        "parts": [_told(part, telling) for part in finding.parts],
    }


def _found(condition: Condition, answer: Answer, telling: _Telling) -> str:
    """What was found, where there is something to tell beyond the answer."""
    if answer.outcome == JUDGED or condition.word == "unseen":
        return ""
    figures = dict(answer.figures)
    if figures.get("titles"):
        figures["titles"] = [telling.titles.get(code, code) for code in figures["titles"]]
    if condition.word == "grade_at_least" and figures.get("has") is None:
        return ""
    return say(f"eligibility.found.{condition.word}", figures, telling.lang)


def _why(why: str, awaited: Sequence[str], lang: str) -> str:
    return say(f"eligibility.why.{why}", {"dossiers": list(awaited)}, lang) if why else ""


def _chosen(choice: Choice, lang: str) -> str:
    day = choice.transition_day
    return say(f"eligibility.chosen.{choice.chosen}", {"day": day}, lang)


# --- What is missing ---


def _lacking(choice: Choice, judged: Judged, telling: _Telling) -> dict[str, Any]:
    one, lang = judged.wanted, telling.lang
    now = max(one.year, year_of(one.on))
    law, record = choice.rulebook.law, judged.known.record
    sets = missing(law, Asked(one.title, one.year, choice.legal_day), record, now)
    # A year that is over cannot be asked for any more.
    year = earliest_year(law, Asked(one.title, now, choice.legal_day), record)
    head = "none" if not sets else "head_one" if len(sets) == 1 else "head"
    return {
        "missing_head": say(f"eligibility.missing.{head}", {}, lang),
        "missing": [_set_told(needed, telling) for needed in sets[:WAYS_SHOWN]],
        "earliest": None if year is None else name_of(year),
        "earliest_told": say("eligibility.earliest", {"year": name_of(year)}, lang)
        if year is not None
        else say("eligibility.earliest_none", {"years": HORIZON}, lang),
    }


def _set_told(needed: Needed, telling: _Telling) -> list[dict[str, str]]:
    return [
        {
            "what": change_told(change, telling.shorts, telling.lang),
            "standing": standing,
            "standing_told": say(f"eligibility.missing.{standing}", {}, telling.lang),
        }
        for change, standing in needed.changes
    ]


def change_told(change: Change, titles: Mapping[str, str], lang: str) -> str:
    """One change in words."""
    names: list[str] = [titles.get(name, name) for name in change.names]
    params = {"year": name_of(change.year), "names": names, "count": change.count}
    return say(f"eligibility.missing.{change.kind}", params, lang)


def _holder(connection: Connection, one: Wanted) -> dict[str, str]:
    table, number = (PERSON, one.person) if one.person is not None else (UNIT, one.unit)
    row = connection.execute(select(table.c.code, table.c.name).where(table.c.id == number)).one()
    return {"code": row.code, "name": row.name}
