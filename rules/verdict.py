"""May somebody have a title of a school year: the tree of findings, and what they add up to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rules.answers import JUDGED, MET, NO_RULE, PEOPLE, UNKNOWN, Answer, all_of, any_of, worst
from rules.conditions import MEETS, WORDS, Look
from rules.lawbook import ALL, Asked, Condition, Lawbook, Node
from rules.record import Record


@dataclass(frozen=True, slots=True)
class Finding:
    """What one condition, or a group of them, comes to. ``condition`` and ``answer`` are None of a group, whose ``how``
    is `all` or `any`; of `meets`, ``parts`` hold the finding of the other rule."""

    outcome: str
    condition: Condition | None = None
    answer: Answer | None = None
    how: str = ""
    parts: tuple[Finding, ...] = ()

    def answers(self) -> Iterator[tuple[Condition, Answer]]:
        """Every condition below, with its answer, in the order of the file."""
        if self.condition is not None and self.answer is not None:
            yield self.condition, self.answer
        for part in self.parts:
            yield from part.answers()

    def undecided(self) -> Iterator[Answer]:
        """The answers that make an unknown finding unknown; those without which it is settled are left out."""
        if self.answer is not None:
            yield self.answer
        for part in self.parts:
            # Of alternatives, what people judge may decide; beside other conditions it does not count.
            if part.outcome == UNKNOWN or (part.outcome == JUDGED and self.how != ALL):
                yield from part.undecided()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The whole: `met`, `not_met` or `unknown`, and why it is unknown. ``rule`` is empty where no rule was found."""

    asked: Asked
    subject: str
    rulebook: str
    rule: str
    outcome: str
    why: str
    finding: Finding | None

    def answers(self) -> tuple[tuple[Condition, Answer], ...]:
        """Every condition that was asked, with its answer."""
        return tuple(self.finding.answers()) if self.finding else ()

    @property
    def awaited(self) -> tuple[str, ...]:
        """The codes of dossiers that must decide first."""
        if self.outcome != UNKNOWN or self.finding is None:
            return ()
        return tuple(dict.fromkeys(code for answer in self.finding.undecided() for code in answer.awaited))

    @property
    def to_judge(self) -> tuple[Condition, ...]:
        """What people must still judge."""
        return tuple(c for c, answer in self.answers() if answer.outcome == JUDGED and c.word != MEETS)

    @property
    def read(self) -> tuple[str, ...]:
        """The keys of every fact that was looked at."""
        return tuple(dict.fromkeys(key for _, answer in self.answers() for key in answer.read))

    @property
    def unverified(self) -> bool:
        """Whether a number on which it rests was not verified."""
        return any(not condition.cited.verified for condition, _ in self.answers())


def verdict(book: Lawbook, asked: Asked, record: Record) -> Verdict:
    """What a rulebook says of a record. Nothing is refused here and nothing is raised: what is not known is unknown."""
    rule = book.rules.get((asked.title, record.subject))
    if rule is None:
        return Verdict(asked, record.subject, book.name, "", UNKNOWN, NO_RULE, None)
    look = Look(asked, record, book.after_discipline is not None)
    finding = _find(book, rule.asks, look, (rule.title,))
    if finding is None:
        outcome, why = UNKNOWN, NO_RULE
    elif finding.outcome == JUDGED:
        outcome, why = UNKNOWN, PEOPLE
    else:
        outcome, why = finding.outcome, _why(finding)
    return Verdict(asked, record.subject, book.name, rule.id, outcome, why, finding)


def _why(finding: Finding) -> str:
    """Why a finding is unknown."""
    return worst(answer.why for answer in finding.undecided()) if finding.outcome == UNKNOWN else ""


def _find(book: Lawbook, node: Node, look: Look, titles: tuple[str, ...]) -> Finding | None:
    """What a node comes to; None where nothing of it is in force on the day. ``titles``: whose rules lead here."""
    if isinstance(node, Condition):
        if not node.in_force(look.asked.on):
            return None
        if node.word == MEETS:
            return _meets(book, node, look, titles)
        answer = WORDS[node.word].examine(look, **node.values)
        return Finding(answer.outcome, node, answer)
    parts = tuple(found for part in node.parts if (found := _find(book, part, look, titles)) is not None)
    if not parts:
        return None
    outcome = (all_of if node.how == ALL else any_of)(part.outcome for part in parts)
    return Finding(outcome, how=node.how, parts=parts)


def _meets(book: Lawbook, condition: Condition, look: Look, titles: tuple[str, ...]) -> Finding:
    """What the rule of another title comes to. A rule that leads back to itself is no rule."""
    title = condition.values["title"]
    other = book.rules.get((title, look.record.subject)) if title not in titles else None
    inner = _find(book, other.asks, look, (*titles, title)) if other else None
    if inner is None:
        return Finding(UNKNOWN, condition, Answer(UNKNOWN, (), {"title": title}, NO_RULE))
    # What people judge of the other title is listed with its parts; here it does not count either.
    why = PEOPLE if inner.outcome == JUDGED else _why(inner)
    return Finding(inner.outcome, condition, Answer(inner.outcome, (), {"title": title}, why), parts=(inner,))


def better(one: Verdict, other: Verdict) -> bool:
    """Whether one verdict is more favourable than another."""
    order = (MET, UNKNOWN)
    return _place(order, one.outcome) < _place(order, other.outcome)


def _place(order: tuple[str, ...], outcome: str) -> int:
    return order.index(outcome) if outcome in order else len(order)
