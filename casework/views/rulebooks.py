"""A rulebook, and what differs between two, in words for a page and a terminal and as plain data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection

from casework.regulations import rulebook_named
from casework.views.naming import titles_named, titles_short
from notifications.conditions import say_condition
from notifications.words import capital, say
from published.rulebooks.changes import CITED, PARTS, Change, Placed, changes
from published.rulebooks.values import (
    Award,
    BaseSalary,
    Cap,
    Days,
    GradeCap,
    HouseholdRate,
    Paper,
    Points,
    Rounding,
    Rulebook,
    Said,
    Together,
    Transition,
    conditions_of,
)
from rules.lawbook import ALL, Cited, Condition, Node

UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Names:
    """Titles by code: their short names, for sentences, and their full ones, for headings."""

    short: Mapping[str, str]
    full: Mapping[str, str]


def show_rulebook(connection: Connection, name: str, lang: str) -> dict[str, Any]:
    """The newest version of a rulebook, as `rulebook_told`.

    Raises:
        Refused: none of that name was published.
    """
    book = rulebook_named(connection, name)
    return rulebook_told(book, lang, Names(titles_short(connection), titles_named(connection, lang)))


def rulebook_told(book: Rulebook, lang: str, names: Names) -> dict[str, Any]:
    """A rulebook as plain data. Each row has its sentence, its article, its source and whether it was verified;
    ``depth`` says under how many groups it stands."""
    listed = [c for rule in book.law.rules.values() for c in conditions_of(rule.asks)]
    counts = {
        "conditions": len(listed),
        "unverified": sum(not c.cited.verified and c.word != UNSEEN for c in listed),
        "unseen": sum(c.word == UNSEEN for c in listed),
    }
    return {
        "name": book.name,
        "title": book.title[lang],
        "sha256": book.sha256,
        "since": book.since.isoformat(),
        "until": book.until.isoformat() if book.until else None,
        "source": book.source,
        "verified": book.verified,
        "counts": counts,
        "told": say("rulebooks.counts", counts, lang),
        "head": [{"text": say(f"rulebooks.legal_day_{book.legal_day}", None, lang), "article": None}]
        + [_row(thing, lang, names) for thing in (book.transition, book.law.after_discipline) if thing],
        "titles": [_title(book, title, subject, lang, names) for title, subject in book.law.rules],
        "money": [_row(thing, lang, names) for thing in _money(book)],
        "grading": [_row(thing, lang, names) for thing in _grading(book)],
    }


def _money(book: Rulebook) -> list[Any]:
    money = book.money
    if money is None:
        return []
    others = [part for part in (money.household, money.together) if part is not None]
    return [*money.base_salaries, money.rounding, *others]


def _grading(book: Rulebook) -> list[Any]:
    found = book.grading
    if found is None:
        return []
    head = [found.head] if found.head else []
    return [*found.points, *found.caps, *head, *found.graded_by, *found.notes]


def _title(book: Rulebook, title: str, subject: str, lang: str, names: Names) -> dict[str, Any]:
    rule = book.law.rules[title, subject]
    award = book.money.awards.get((title, subject)) if book.money else None
    beside = [
        *(cap for cap in book.caps if (cap.title, cap.subject) == (title, subject)),
        *([award] if award else []),
        *((book.papers or {}).get((title, subject), ())),
    ]
    return {
        "title": title,
        "name": names.full.get(title, title),
        "short": names.short.get(title, title),
        "both": sum(code == title for code, _ in book.law.rules) > 1,
        "subject": subject,
        "rule": rule.id,
        "conditions": _nodes(rule.asks, 0, lang, names),
        "others": [_row(thing, lang, names) for thing in beside],
    }


def _nodes(node: Node, depth: int, lang: str, names: Names) -> list[dict[str, Any]]:
    """The rows of a tree of conditions, a group first and its parts one step deeper. That all must hold at the top
    needs no words of its own."""
    if isinstance(node, Condition):
        return [{**_row(node, lang, names), "depth": depth}]
    bare = not depth and node.how == ALL
    parts = [row for part in node.parts for row in _nodes(part, depth + 1, lang, names)]
    if bare:
        return [{**row, "depth": row["depth"] - 1} for row in parts]
    return [
        {"text": say(f"conditions.{node.how}", None, lang), "how": node.how, "article": None, "depth": depth},
        *parts,
    ]


def _row(thing: Any, lang: str, names: Names) -> dict[str, Any]:
    """A part of a rulebook in a sentence, with where it is from."""
    cited = thing if isinstance(thing, Cited) else thing.cited
    row: dict[str, Any] = {
        "text": said_of(thing, lang, names),
        "article": cited.article,
        "source": cited.source,
        "verified": cited.verified,
        "line": getattr(thing, "line", 0),
        "depth": 0,
        "how": None,
    }
    if isinstance(thing, Condition):
        row |= {
            "word": thing.word,
            "values": {key: _plain(value) for key, value in thing.values.items()},
            "since": thing.since.isoformat() if thing.since else None,
            "until": thing.until.isoformat() if thing.until else None,
        }
    return row


def _plain(value: Any) -> Any:
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    return list(value) if isinstance(value, tuple) else dict(value) if isinstance(value, Mapping) else value


def mark_of(row: Mapping[str, Any]) -> str:
    """`verified`, `unverified` or `unseen`: how surely a row is known."""
    return UNSEEN if row.get("word") == UNSEEN else "verified" if row.get("verified") else "unverified"


# --- One sentence for each part ---


def said_of(thing: Any, lang: str, names: Names) -> str:
    """A part of a rulebook in a sentence."""
    return _SAYS[type(thing)](thing, lang, names)


def _say(key: str, lang: str, **params: Any) -> str:
    return say(f"rulebooks.{key}", params, lang)


def _dated(text: str, days: Days, lang: str) -> str:
    if days.since:
        text += say("conditions.since", {"since": days.since}, lang)
    if days.until:
        text += say("conditions.until", {"until": days.until}, lang)
    return text


def _condition(one: Condition, lang: str, names: Names) -> str:
    return say_condition(one, lang, names.short)


def _placed(one: Placed, lang: str, names: Names) -> str:
    text = say_condition(one.condition, lang, names.short)
    return _say("in_any" if one.one_of else "in_all", lang, text=text)


def _cap(cap: Cap, lang: str, names: Names) -> str:
    if cap.share is None:
        return _dated(_say("cap_number", lang, number=cap.number), cap.days, lang)
    of = [names.short.get(code, code) for code in cap.of]
    return _dated(_say(f"cap_share_{cap.base}", lang, share=cap.share, of=of), cap.days, lang)


def _award(award: Award, lang: str, names: Names) -> str:
    text = _say("award_at_most" if award.at_most else "award", lang, times=award.times)
    if award.items is not None:
        text += _say("award_items", lang, items=award.items) if award.items else _say("award_no_items", lang)
    return _dated(text, award.days, lang)


def _paper(paper: Paper, lang: str, names: Names) -> str:
    text = _say("paper", lang, paper=paper.paper)
    text += _say("paper_form", lang, form=paper.form) if paper.form else ""
    text += _say("paper_or", lang, instead=paper.instead) if paper.instead else ""
    return _dated(text, paper.days, lang)


def _salary(salary: BaseSalary, lang: str, names: Names) -> str:
    key = "salary" if salary.until else "salary_now"
    return _say(key, lang, amount=salary.amount, since=salary.since, until=salary.until)


def _together(one: Together, lang: str, names: Names) -> str:
    ways = (f"{_say(key, lang)}: {_say(f'way_{way}', lang)}" for key, way in one.ways.items())
    return f"{_say('together', lang)}: {'; '.join(ways)}"


def _grade_cap(cap: GradeCap, lang: str, names: Names) -> str:
    text = capital(_say("grade_cap", lang, grade=cap.grade, subject=cap.subject, share=cap.share, of=cap.of))
    if cap.or_share and cap.where:
        text += _say(f"grade_cap_or_{cap.where}", lang, or_share=cap.or_share)
    if cap.fewer_than:
        text += _say("grade_cap_few", lang, fewer_than=cap.fewer_than, at_most=cap.at_most)
    return _dated(text, cap.days, lang)


def _points(one: Points, lang: str, names: Names) -> str:
    return _dated(capital(_say("grade_points", lang, grade=one.grade, least=one.least)), one.days, lang)


def _transition(one: Transition, lang: str, names: Names) -> str:
    key = "transition_better" if one.unless else "transition"
    return _say(key, lang, before=one.received_before, earlier=one.earlier)


_SAYS: dict[type, Callable[[Any, str, Names], str]] = {
    Condition: _condition,
    Placed: _placed,
    Cap: _cap,
    Award: _award,
    Paper: _paper,
    BaseSalary: _salary,
    Rounding: lambda one, lang, names: _say(f"rounding_{one.mode}", lang, to=one.to),
    HouseholdRate: lambda one, lang, names: _say("household", lang, times=one.times),
    Together: _together,
    GradeCap: _grade_cap,
    Points: _points,
    Said: lambda one, lang, names: _dated(one.what[lang], one.days, lang),
    Transition: _transition,
    Cited: lambda one, lang, names: _say("after_discipline", lang),
    Days: lambda one, lang, names: _say("since_until", lang, since=one.since, until=one.until),
    str: lambda one, lang, names: _say(f"legal_day_{one}", lang),
}


# --- Two rulebooks compared ---


def changes_told(earlier: Rulebook, later: Rulebook, lang: str, names: Names) -> dict[str, Any]:
    """What differs between two rulebooks, each in words: what was, what is, and by which article. What is the
    same for several titles is told once, with all of them."""
    found = sorted(changes(earlier, later), key=lambda change: PARTS.index(change.part))
    return {
        "old": earlier.name,
        "new": later.name,
        "changes": _told_once([_change(one, lang, names) for one in found if one.kind != CITED]),
        "cited": _told_once([_change(one, lang, names) for one in found if one.kind == CITED]),
    }


def _told_once(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    once: dict[Any, dict[str, Any]] = {}
    for row in rows:
        sides = (
            (side["text"], side["article"], mark_of(side)) if side else None
            for side in (row["was"], row["now"])
        )
        kept = once.setdefault((row["part"], row["kind"], *sides), row)
        if kept is not row:
            kept["where"] += f"; {row['where']}"
            kept["whose"] += row["whose"]
    return list(once.values())


def _change(change: Change, lang: str, names: Names) -> dict[str, Any]:
    where = (
        _say("of", lang, title=names.short.get(change.title, change.title), subject=change.subject)
        if change.title
        else _say(f"part_{change.part}", lang)
    )
    return {
        "part": change.part,
        "kind": change.kind,
        "whose": [{"title": change.title, "subject": change.subject}] if change.title else [],
        "where": where,
        "was": _side(change.was, lang, names),
        "now": _side(change.now, lang, names),
    }


def _side(thing: Any, lang: str, names: Names) -> dict[str, Any] | None:
    if thing is None:
        return None
    bare = thing.condition if isinstance(thing, Placed) else thing
    if isinstance(bare, Days | str):
        return {"text": said_of(bare, lang, names), "article": None}
    return {**_row(bare, lang, names), "text": capital(said_of(thing, lang, names))}
