"""The conditions of a rulebook: each title's tree of words, every value as what the word's function takes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from kit.strict_yaml import MarkedList, MarkedMap
from published.reading import circles
from published.rulebooks.part import CITED, DAYS, PartReader
from published.rulebooks.values import Days, Whose, conditions_of
from rules.conditions import MEETS, WORDS, Word
from rules.lawbook import ALL, ANY, Condition, Group, Node, Rule
from rules.record import DISCIPLINES, GRADES, SCOPES
from states.vocabulary import LEVELS

_MOST_YEARS, _MOST_COUNT = 50, 1000
_USES = ("form", "title", "any")
_NAME = re.compile(r"(?=.{1,40}$)[A-Za-z0-9]+([-_][A-Za-z0-9]+)*")
UNSEEN = "unseen"
#: `meets` is answered by the whole rulebook and so is in no table of functions
_MEETS = Word(lambda: None, {"title": "title"}, {})  # type: ignore[arg-type, return-value]


class ConditionsReader(PartReader):
    """Reads what each title takes."""

    def conditions(self, tree: MarkedMap, book: Days) -> dict[Whose, Rule]:
        """The rules under `conditions`, by title and subject. ``book``: the days of the rulebook."""
        rules: dict[Whose, Rule] = {}
        for title, subject, body, line in self.by_title(tree, "conditions"):
            if not isinstance(body, MarkedMap):
                self.fault(line, "not_a_mapping", what=f"{title} {subject}")
                continue
            rule = self.rule(title, subject, body, line, book)
            if rule is not None:
                rules[title, subject] = rule
        self.meetings(rules)
        if rules and all(c.word == UNSEEN for rule in rules.values() for c in conditions_of(rule.asks)):
            self.fault(tree.line_of("conditions"), "nothing_seen")
        return rules

    def rule(self, title: str, subject: str, body: MarkedMap, line: int, book: Days) -> Rule | None:
        """What one title takes of one subject."""
        if "id" not in body:
            self.fault(body.line, "missing_key", key="id", what=f"conditions of {title}")
        name = self.named(body)
        asks = self.node(body, subject, book, ("id",))
        return Rule(name, title, subject, asks, line) if asks is not None else None

    def named(self, tree: MarkedMap) -> str:
        """A name under `id`."""
        name = self.text(tree, "id")
        if name and not _NAME.fullmatch(name):
            self.fault(tree.line_of("id"), "name_unusable", name=name[:80])
        return name

    def node(self, tree: MarkedMap, subject: str, book: Days, beside: tuple[str, ...] = ()) -> Node | None:
        """A group or a condition; None where nothing usable stands there."""
        kinds = [key for key in (ALL, ANY, "word") if key in tree]
        if len(kinds) != 1:
            self.fault(tree.line, "condition_unclear")
            return None
        if kinds == ["word"]:
            return self.condition(tree, subject, book, beside)
        how = kinds[0]
        self.keys(tree, how, (how,), beside)
        parts = tuple(
            part
            for item, _ in self.mappings(tree, how)
            if (part := self.node(item, subject, book)) is not None
        )
        if isinstance(tree[how], MarkedList) and not tree[how]:
            self.fault(tree.line_of(how), "group_empty", how=how)
        self.twice(parts, book)
        return Group(how, parts) if parts else None

    def condition(
        self, tree: MarkedMap, subject: str, book: Days, beside: tuple[str, ...]
    ) -> Condition | None:
        """One word with its values, its article and its days."""
        name = tree["word"]
        word = _MEETS if name == MEETS else WORDS.get(name) if isinstance(name, str) else None
        days, cited = self.days(tree), self.cited(tree)
        if word is None:
            self.fault(tree.line_of("word"), "unknown_word", name=str(name)[:40])
            return None
        self.keys(tree, name, ("word", *word.must, *CITED), (*word.may, *DAYS, *(beside or ("id",))))
        if subject not in word.subjects:
            self.fault(tree.line_of("word"), "word_for_another_subject", word=name, subject=subject)
        if not days.share(book):
            self.fault(tree.line, "outside_of_rulebook")
        values = {
            key: value
            for key, kind in (word.must | word.may).items()
            if key in tree and (value := _READS[kind](self, tree, key)) not in (None, ())
        }
        self.fits(name, values, tree)
        if name == UNSEEN and cited.verified:
            self.fault(tree.line_of("verified"), "unseen_verified")
        # A value that cannot be read is a fault of its own; without it the word cannot be asked.
        if any(key not in values for key in word.must):
            return None
        own = "" if beside else self.named(tree) if "id" in tree else ""
        return Condition(name, values, cited, days.since, days.until, tree.line, own)

    def fits(self, word: str, values: Mapping[str, Any], tree: MarkedMap) -> None:
        """The values of a word fit each other."""
        if word == "members_share" and ("titles" in tree) == ("grade" in tree):
            self.fault(tree.line, "share_of_titles_or_grade")
        if word == "service_years":
            if ("hard_years" in tree) != ("fewer" in tree):
                self.fault(tree.line, "hard_years_and_fewer")
            elif values.get("fewer", 0) >= values.get("years", _MOST_YEARS):
                self.fault(tree.line_of("fewer"), "fewer_than_none")
        if word.endswith("_times") and values.get("times", 0) > values.get("years", _MOST_YEARS):
            self.fault(tree.line_of("times"), "more_times_than_years", **values)

    def twice(self, parts: tuple[Node, ...], book: Days) -> None:
        """On one day, nothing is asked twice side by side, and one condition of a name is in force."""
        asked = [part for part in parts if isinstance(part, Condition)]
        for place, one in enumerate(asked):
            for other in asked[:place]:
                same = one.id == other.id if one.id or other.id else _alike(one, other)
                if same and Days(one.since, one.until).share(Days(other.since, other.until)):
                    self.fault(one.line, "condition_twice", other_line=other.line)
                    break

    def meetings(self, rules: Mapping[Whose, Rule]) -> None:
        """What `meets` asks for is there, and does not lead back to itself."""
        for subject in dict.fromkeys(subject for _, subject in rules):
            edges: dict[str, tuple[str, ...]] = {}
            for (title, whose), rule in rules.items():
                if whose != subject:
                    continue
                asked = [c for c in conditions_of(rule.asks) if c.word == MEETS]
                edges[title] = tuple(c.values["title"] for c in asked)
                for one in asked:
                    if (one.values["title"], subject) not in rules:
                        self.fault(one.line, "meets_without_rule", title=one.values["title"], subject=subject)
            for circle in circles(edges):
                line = rules[circle[0], subject].line
                self.fault(line, "meets_in_a_circle", titles=list(circle))


def _alike(one: Condition, other: Condition) -> bool:
    return one.word == other.word and one.values == other.values


def _title(reader: PartReader, tree: MarkedMap, key: str) -> str | None:
    found = reader.codes(tree, key)
    if len(found) > 1:
        reader.fault(tree.line_of(key), "one_title_only", key=key)
    return found[0] if len(found) == 1 else None


#: how each kind of value (`rules.conditions.VALUES`) is read; nothing readable is None or empty
_READS: dict[str, Callable[[PartReader, MarkedMap, str], Any]] = {
    "grade": lambda r, tree, key: r.choice(tree, key, GRADES, "unknown_grade") or None,
    "titles": lambda r, tree, key: r.codes(tree, key),
    "title": _title,
    "years": lambda r, tree, key: r.whole(tree, key, _MOST_YEARS),
    "count": lambda r, tree, key: r.whole(tree, key, _MOST_COUNT),
    "share": lambda r, tree, key: r.share(tree, key),
    "scope": lambda r, tree, key: r.choice(tree, key, SCOPES, "unknown_scope") or None,
    "unused_by": lambda r, tree, key: r.choice(tree, key, _USES, "unknown_use") or None,
    "form": lambda r, tree, key: r.choice(tree, key, DISCIPLINES, "unknown_discipline") or None,
    "level": lambda r, tree, key: r.choice(tree, key, LEVELS, "unknown_level") or None,
    "words": lambda r, tree, key: r.label(tree, key, str(tree.get("word"))),
}
