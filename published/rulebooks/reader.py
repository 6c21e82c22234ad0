"""A rulebook's text read into values, with every fault by its line."""

from __future__ import annotations

import re

from kit.strict_yaml import Fault, MarkedList, MarkedMap, read_strict_yaml
from published.rulebooks.conditions import ConditionsReader
from published.rulebooks.grading import GradingReader
from published.rulebooks.money import MoneyReader
from published.rulebooks.part import CITED, DAYS
from published.rulebooks.values import (
    CAP_BASES,
    HOLDERS,
    LEGAL_DAYS,
    MORE_FAVOURABLE,
    Cap,
    Days,
    Paper,
    Rulebook,
    Transition,
    Whose,
)
from rules.lawbook import Cited, Lawbook
from states.vocabulary import PAPERS

_NAME = re.compile(r"(?=.{1,60}$)[a-z0-9]+(-[a-z0-9]+)*")
_FORM = re.compile(r"[0-9A-Za-z][0-9A-Za-z./-]{0,19}")
_MOST_PLACES = 10_000


def read_rulebook(text: str | bytes, sha256: str = "") -> tuple[Rulebook | None, list[Fault]]:
    """The rulebook in ``text`` and every fault found; None when too little can be read to go on.

    A rulebook that comes with faults is for showing, never for publishing. Nothing is raised for bad input. Whether the
    catalogue has its titles, and whether another rulebook has its days, is asked in `published/rulebooks/beside.py`.
    """
    tree, faults = read_strict_yaml(text)
    if not isinstance(tree, MarkedMap):
        return None, faults or [Fault(1, "not_a_mapping", {"what": "rulebook"})]
    return _Reader(faults).rulebook(tree, sha256), faults


class _Reader(ConditionsReader, MoneyReader, GradingReader):
    """Reads a whole rulebook."""

    def rulebook(self, tree: MarkedMap, sha256: str) -> Rulebook | None:
        required = ("rulebook", "title", "since", "legal_day", "source", "verified", "conditions")
        optional = ("until", "transition", "after_discipline", "caps", "money", "papers", "grading")
        self.keys(tree, "rulebook", required, optional)
        name = self.text(tree, "rulebook")
        if name and not _NAME.fullmatch(name):
            self.fault(tree.line_of("rulebook"), "name_unusable", name=name[:80])
        since, until = self.period(tree, "since", "until")
        title, legal_day = (
            self.label(tree, "title", name),
            self.choice(tree, "legal_day", LEGAL_DAYS, "unknown_legal_day"),
        )
        source, verified = self.text(tree, "source"), self.yes_no(tree, "verified")
        transition = self.transition(tree, name)
        after = self.after_discipline(tree)
        # Days that end before they begin are told once, not again of each condition.
        book = Days(since, until if since and until and since <= until else None)
        rules = self.conditions(tree, book)
        if isinstance(tree.get("conditions"), MarkedMap) and not tree["conditions"]:
            self.fault(tree.line_of("conditions"), "names_nothing", key="conditions")
        caps = self.caps(tree)
        money = self.money(tree, book)
        papers = self.papers(tree) if "papers" in tree else None
        grading = self.grading(tree)
        if not name or since is None:
            return None
        return Rulebook(
            name=name,
            title=title,
            since=since,
            until=until,
            legal_day=legal_day,
            source=source,
            verified=verified,
            law=Lawbook(name, rules, after),
            transition=transition,
            caps=caps,
            money=money,
            papers=papers,
            grading=grading,
            sha256=sha256,
            line=tree.line_of("since"),
        )

    def transition(self, tree: MarkedMap, name: str) -> Transition | None:
        body = self.inner(tree, "transition")
        if body is None:
            return None
        self.keys(body, "transition", ("from", "received_before", *CITED), ("unless",))
        earlier = self.text(body, "from")
        if earlier and (not _NAME.fullmatch(earlier) or earlier == name):
            self.fault(body.line_of("from"), "name_unusable", name=earlier[:80])
        before = self.needed_day(body, "received_before")
        unless = self.choice(body, "unless", (MORE_FAVOURABLE,), "unknown_unless") or None
        cited = self.cited(body)
        line = tree.line_of("transition")
        return Transition(earlier, before, unless, cited, line) if earlier and before else None

    def after_discipline(self, tree: MarkedMap) -> Cited | None:
        body = self.inner(tree, "after_discipline")
        if body is None:
            return None
        self.keys(body, "after_discipline", CITED)
        return self.cited(body)

    def caps(self, tree: MarkedMap) -> tuple[Cap, ...]:
        found: list[Cap] = []
        for title, subject, body, line in self.by_title(tree, "caps"):
            if not isinstance(body, MarkedList):
                self.fault(line, "not_a_list", what=f"{title} {subject}")
                continue
            for item, at in zip(body, body.lines, strict=True):
                if isinstance(item, MarkedMap):
                    found.append(self.cap_of(item, title, subject))
                else:
                    self.fault(at, "not_a_mapping", what=f"caps of {title}")
        return tuple(found)

    def cap_of(self, item: MarkedMap, title: str, subject: str) -> Cap:
        self.keys(item, f"caps of {title}", CITED, ("share", "of", "base", "number", *DAYS))
        if ("share" in item) == ("number" in item) or ("share" in item) != ("of" in item):
            self.fault(item.line, "cap_share_or_number")
        return Cap(
            title,
            subject,
            self.share(item),
            self.whole(item, "number", _MOST_PLACES, least=0),
            self.codes(item, "of"),
            self.choice(item, "base", CAP_BASES, "unknown_cap_base") or HOLDERS,
            self.cited(item),
            self.days(item),
            item.line,
        )

    def papers(self, tree: MarkedMap) -> dict[Whose, tuple[Paper, ...]]:
        found: dict[Whose, tuple[Paper, ...]] = {}
        for title, subject, body, line in self.by_title(tree, "papers"):
            if not isinstance(body, MarkedList):
                self.fault(line, "not_a_list", what=f"{title} {subject}")
                continue
            papers: list[Paper] = []
            for item, at in zip(body, body.lines, strict=True):
                if not isinstance(item, MarkedMap):
                    self.fault(at, "not_a_mapping", what=f"papers of {title}")
                elif (paper := self.paper(item, title)) is not None:
                    papers.append(paper)
            for place, one in enumerate(papers):
                for other in papers[:place]:
                    if one.paper == other.paper and one.form == other.form and one.days.share(other.days):
                        self.fault(one.line, "named_twice", name=one.paper)
                        break
            found[title, subject] = tuple(papers)
        return found

    def paper(self, item: MarkedMap, title: str) -> Paper | None:
        self.keys(item, f"papers of {title}", ("paper", *CITED), ("form", "or", *DAYS))
        paper = self.choice(item, "paper", PAPERS, "unknown_paper")
        form = self.text(item, "form") or None
        if form and not _FORM.fullmatch(form):
            self.fault(item.line_of("form"), "name_unusable", name=form[:80])
        instead = self.names(item, "or", PAPERS, "unknown_paper")
        cited, days = self.cited(item), self.days(item)
        return Paper(paper, form, instead, cited, days, item.line) if paper else None
