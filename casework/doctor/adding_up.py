"""A verdict that was kept, added up again: its answers, taken one by one through the rule of its rulebook."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from kit.canonical import canonical_json
from rules.answers import JUDGED, NO_RULE, OUTCOMES, PEOPLE, UNKNOWN, Answer, all_of, any_of, worst
from rules.conditions import MEETS
from rules.lawbook import ALL, Condition, Lawbook, Node, Rule
from rules.verdict import Finding


class Kept(NamedTuple):
    """An answer as findings keep it (`casework/law/keeping.py`): the condition's line, and what it said."""

    line: int
    outcome: str
    why: str


class NotItsAnswers(ValueError):
    """Kept answers are not those of the rule."""


def kept_answers(findings: str) -> list[Kept] | None:
    """The answers that a verdict kept; None where they are no canonical JSON, or not written as findings are."""
    try:
        listed = json.loads(findings)
    except ValueError:
        return None
    if not isinstance(listed, list) or not all(_is_finding(one) for one in listed):
        return None
    return [Kept(*one[:3]) for one in listed] if canonical_json(listed) == findings else None


def _is_finding(one: Any) -> bool:
    if not isinstance(one, list) or len(one) != 6:
        return False
    line, outcome, why, evidence, figures, awaited = one
    texts = [why, *evidence, *awaited] if isinstance(evidence, list) and isinstance(awaited, list) else [None]
    return (
        isinstance(line, int)
        and outcome in (*OUTCOMES, JUDGED)
        and isinstance(figures, dict)
        and all(isinstance(text, str) for text in texts)
    )


def add_up(
    book: Lawbook, whose: tuple[str, str], rule: str, day: date, kept: Sequence[Kept]
) -> tuple[str, str]:
    """Outcome and why of some answers on a title and subject by the rule of that id, asked on a legal day.

    Raises:
        NotItsAnswers: they are not the answers of that rule, or the rulebook has another one for the title, or none.
    """
    found = book.rules.get(whose)
    if (found.id if found is not None else "") != rule:
        raise NotItsAnswers(rule)
    answers = iter(kept)
    finding = _of_rule(book, found, day, answers) if found is not None else None
    if next(answers, None) is not None:
        raise NotItsAnswers(rule)
    if finding is None:
        return UNKNOWN, NO_RULE
    return (UNKNOWN, PEOPLE) if finding.outcome == JUDGED else (finding.outcome, _why(finding))


def _of_rule(book: Lawbook, rule: Rule, day: date, answers: Iterator[Kept]) -> Finding | None:
    return _of_node(_Asked(book, rule.subject, day, answers), rule.asks, (rule.title,))


class _Asked(NamedTuple):
    book: Lawbook
    subject: str
    day: date
    answers: Iterator[Kept]


def _of_node(asked: _Asked, node: Node, titles: tuple[str, ...]) -> Finding | None:
    """What a node comes to; None where nothing of it was in force. ``titles``: whose rules lead here."""
    if isinstance(node, Condition):
        return _of_condition(asked, node, titles) if node.in_force(asked.day) else None
    parts = tuple(found for part in node.parts if (found := _of_node(asked, part, titles)) is not None)
    if not parts:
        return None
    outcome = (all_of if node.how == ALL else any_of)(part.outcome for part in parts)
    return Finding(outcome, how=node.how, parts=parts)


def _of_condition(asked: _Asked, node: Condition, titles: tuple[str, ...]) -> Finding:
    kept = next(asked.answers, None)
    if kept is None or kept.line != node.line:
        raise NotItsAnswers(node.word)
    finding = Finding(kept.outcome, node, Answer(kept.outcome, why=kept.why))
    if node.word != MEETS:
        return finding
    title = node.values["title"]
    other = asked.book.rules.get((title, asked.subject)) if title not in titles else None
    inner = _of_node(asked, other.asks, (*titles, title)) if other is not None else None
    if inner is None:
        expected = UNKNOWN, NO_RULE
    else:
        expected = inner.outcome, PEOPLE if inner.outcome == JUDGED else _why(inner)
    if (kept.outcome, kept.why) != expected:
        raise NotItsAnswers(node.word)
    return Finding(kept.outcome, node, finding.answer, parts=() if inner is None else (inner,))


def _why(finding: Finding) -> str:
    return worst(answer.why for answer in finding.undecided()) if finding.outcome == UNKNOWN else ""
