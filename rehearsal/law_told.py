"""What the rules said of a year's nominations, and what its awards pay, as plain data.

Nothing was refused because of a verdict. What would have been, had somebody refused by it, is told with the conditions
that were not met.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, func, select

from casework.law.awards import AWARD, awards_where
from casework.law.keeping import VERDICT
from casework.law.reckoned import HELD, reckoned_of, totals
from casework.law.taking import TAKING
from casework.load import NOMINATION
from casework.regulations import rulebook_of
from casework.views.naming import titles_short
from notifications.conditions import say_condition
from notifications.words import LANGS
from rules.answers import NOT_MET, all_of, any_of
from rules.conditions import MEETS
from rules.lawbook import ALL, Condition, Lawbook, Node

#: what is counted of the verdicts of one act
ANSWERS = ("met", "not_met", "unknown", "on_hold")
#: what is counted of the money of one title
SUMS = ("awards", "paid", "paying", "left_out", "at_most", "unreckoned")


def law_told(connection: Connection) -> dict[str, Any]:
    """What verdicts and money came to.

    ``acts``: by act, by title asked for, how many nominations the newest verdict of that act calls met, not met,
    unknown, and how many are on hold. ``refused_awards``: awards whose verdict at the decision was not met;
    ``refused``: the conditions not met by title, with the article, in each language, and how often. ``money``: by
    title awarded, and in all, what the sheets of the decisions come to.
    """
    newest = (
        select(func.max(VERDICT.c.number).label("number"), VERDICT.c.nomination_id, VERDICT.c.taken_at)
        .where(VERDICT.c.taken_at.in_(TAKING))
        .group_by(VERDICT.c.nomination_id, VERDICT.c.taken_at)
        .subquery()
    )
    same = (VERDICT.c.nomination_id == newest.c.nomination_id) & (VERDICT.c.number == newest.c.number)
    query = (
        select(
            VERDICT.c.taken_at,
            VERDICT.c.outcome,
            VERDICT.c.on_hold,
            VERDICT.c.rulebook_sha256,
            VERDICT.c.findings,
            NOMINATION.c.title,
            NOMINATION.c.person_id,
            NOMINATION.c.outcome.label("came"),
        )
        .join(newest, same)
        .join(NOMINATION, NOMINATION.c.id == VERDICT.c.nomination_id)
        .order_by(VERDICT.c.nomination_id)
    )
    acts: dict[str, dict[str, dict[str, int]]] = {act: {} for act in TAKING}
    causes: Counter[tuple[str, str, int]] = Counter()
    refused = 0
    for row in connection.execute(query):
        counts = acts[row.taken_at].setdefault(row.title, dict.fromkeys(ANSWERS, 0))
        counts[row.outcome] += 1
        counts["on_hold"] += bool(row.on_hold)
        if (row.taken_at, row.outcome, row.came) == ("decide", NOT_MET, "awarded"):
            refused += 1
            law = rulebook_of(connection, row.rulebook_sha256).law
            subject = "individual" if row.person_id is not None else "collective"
            said = {line: outcome for line, outcome, *_ in json.loads(row.findings)}
            for condition in _causes(law, law.rules[row.title, subject].asks, said):
                causes[row.title, row.rulebook_sha256, condition.line] += 1
    return {
        "acts": {act: dict(sorted(titles.items())) for act, titles in acts.items()},
        "refused_awards": refused,
        "refused": _refused(connection, causes),
        "money": _money(connection),
    }


def _outcome(node: Node, said: Mapping[int, str]) -> str | None:
    """What a node came to; None where it was not asked."""
    if isinstance(node, Condition):
        return said.get(node.line)
    parts = [found for part in node.parts if (found := _outcome(part, said)) is not None]
    return (all_of if node.how == ALL else any_of)(parts) if parts else None


def _causes(law: Lawbook, node: Node, said: Mapping[int, str]) -> Iterator[Condition]:
    """The conditions without which a node that is not met would not be so."""
    if _outcome(node, said) != NOT_MET:
        return
    if not isinstance(node, Condition):
        for part in node.parts:
            yield from _causes(law, part, said)
        return
    other = None
    if node.word == MEETS:
        title = node.values["title"]
        other = next((rule for (code, _), rule in law.rules.items() if code == title), None)
    found = list(_causes(law, other.asks, said)) if other is not None else []
    yield from found or [node]


def _refused(connection: Connection, causes: Mapping[tuple[str, str, int], int]) -> list[dict[str, Any]]:
    shorts = titles_short(connection)
    told = []
    for (title, sha256, line), count in sorted(causes.items(), key=lambda item: (-item[1], item[0])):
        law = rulebook_of(connection, sha256).law
        condition = next(one for one in _conditions(law) if one.line == line)
        told.append(
            {
                "title": title,
                "asks": {lang: say_condition(condition, lang, shorts) for lang in LANGS},
                "article": condition.cited.article,
                "count": count,
            }
        )
    return told


def _conditions(law: Lawbook) -> Iterator[Condition]:
    waiting: list[Node] = [rule.asks for rule in law.rules.values()]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Condition):
            yield node
        else:
            waiting += node.parts


def _money(connection: Connection) -> dict[str, Any]:
    """What the awards decided here come to, as they stand at the end."""
    condition = AWARD.c.nomination_id.is_not(None)
    rows = awards_where(connection, condition)
    held = [one for one in reckoned_of(connection, condition, rows) if one.row["standing"] == HELD]
    by_title: dict[str, list[Any]] = {}
    for one in held:
        by_title.setdefault(one.row["title"], []).append(one)
    return {
        "titles": {title: _sums(totals(listed)) for title, listed in sorted(by_title.items())},
        "all": _sums(totals(held)),
    }


def _sums(found: Mapping[str, Any]) -> dict[str, int]:
    return {name: found[name] for name in SUMS}
