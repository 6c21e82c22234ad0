"""The tables of the report: heads and rows of words and numbers, made from its values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from notifications.words import capital, number, plain_day, say, word
from rehearsal.law_told import ANSWERS, SUMS
from rehearsal.report.names import Names
from rehearsal.side_ways import COUNTED_IN

STAGES = ("registered", "proposed", "appraised", "decided")
#: kinds of letters that remind, in the order of a ladder
REMINDERS = ("opened", "deadline", "lapse_warning", "overdue", "escalation", "extension")
_WORDS, _DAYS, _NUMBER = "words", "days", "number"
# Captions and heads of what the rules said and of money.
_OF_ACT = {"hand_in": "verdicts_hand_in", "appraise": "verdicts_appraise", "decide": "verdicts_decide"}
_OF_ANSWER = {
    "met": "verdict_met",
    "not_met": "verdict_not_met",
    "unknown": "verdict_unknown",
    "on_hold": "verdict_on_hold",
}
_OF_SUM = {
    "awards": "money_awards",
    "paid": "money_paid",
    "paying": "money_paying",
    "left_out": "money_left_out",
    "at_most": "money_at_most",
    "unreckoned": "money_unreckoned",
}
# Two days that stay on one line.
_DASH = "\u00a0–\u00a0"


@dataclass(frozen=True, slots=True)
class Table:
    """``looks`` says of each column whether it holds words, days or a number; the first column names the row."""

    caption: str
    heads: tuple[str, ...]
    looks: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    last_is_sum: bool = False


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A school that is scored: its place in the table, its own sheet, those of others, what was settled, its rank.

    ``given``: (name of the scorer, points) for every school of the bloc, None where it has no sheet about this one.
    Points are written out; a dash stands for a sheet that is not filed.
    """

    place: int
    name: str
    own: str
    given: tuple[tuple[str, str | None], ...]
    score: str
    rank: str


def table(
    caption: str,
    columns: Sequence[tuple[str, str]],
    rows: Iterable[Sequence[Any]],
    *,
    lang: str,
    summed: bool = False,
) -> Table:
    """A table; numbers are written as the language writes them."""
    told = tuple(
        tuple(
            number(cell, lang) if isinstance(cell, int) else str(cell) for cell in (capital(row[0]), *row[1:])
        )
        for row in rows
    )
    return Table(
        caption, tuple(head for head, _ in columns), tuple(look for _, look in columns), told, summed
    )


def _sums(rows: Sequence[Sequence[Any]], head: str) -> list[list[Any]]:
    """The rows with their sums beneath, where there are several."""
    if len(rows) < 2:
        return [list(row) for row in rows]
    return [*map(list, rows), [head, *(sum(column) for column in list(zip(*rows, strict=True))[1:])]]


class Tables:
    """Every table of one report in one language."""

    def __init__(self, report: Mapping[str, Any], names: Names, lang: str) -> None:
        self.report, self.names, self.lang = report, names, lang

    def say(self, code: str, **params: Any) -> str:
        """A text of the catalogue `report`."""
        return say(f"report.{code}", params, self.lang)

    def _table(
        self, code: str, columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[Any]], **more: Any
    ) -> Table:
        heads = [(self.say(f"head.{head}"), look) for head, look in columns]
        return table(self.say(f"table.{code}"), heads, rows, lang=self.lang, **more)

    def titles(self) -> Table:
        """Per title the four numbers, in the order of the catalogue."""
        return self._four(self.titles_in_order(), self.say("table.titles"))

    def _four(self, titles: Sequence[tuple[str, Mapping[str, int]]], caption: str) -> Table:
        rows = [(name, *(numbers[stage] for stage in STAGES)) for name, numbers in titles]
        columns = [("title", _WORDS), *((stage, _NUMBER) for stage in STAGES)]
        heads = [(self.say(f"head.{head}"), look) for head, look in columns]
        return table(caption, heads, _sums(rows, self.say("sum")), lang=self.lang, summed=len(rows) > 1)

    def bloc_titles(self, bloc: Mapping[str, Any]) -> Table:
        """Per title the four numbers of a bloc's schools."""
        return self._four(
            self.titles_in_order(bloc["titles"]), self.say("table.bloc_titles", bloc=bloc["name"])
        )

    def verdicts(self, act: str) -> Table:
        """How many nominations of each title the rules called met, not met, unknown and held at an act."""
        found = self.titles_in_order(self.report["law"]["acts"][act])
        rows = [(name, *(counts[answer] for answer in ANSWERS)) for name, counts in found]
        columns = [("asked_title", _WORDS), *((_OF_ANSWER[answer], _NUMBER) for answer in ANSWERS)]
        rows = _sums(rows, self.say("sum"))
        return self._table(_OF_ACT[act], columns, rows, summed=len(rows) > 1)

    def unmet(self) -> Table:
        """The conditions that awards did not meet when they were decided."""
        rows = [
            (
                self.names.titles.get(one["title"], one["title"]),
                one["asks"][self.lang],
                one["article"],
                one["count"],
            )
            for one in self.report["law"]["refused"]
        ]
        columns = [("asked_title", _WORDS), ("condition", _WORDS), ("article", _WORDS), ("times", _NUMBER)]
        return self._table("unmet", columns, rows)

    def money(self) -> Table:
        """What the awards of each title pay, as the sheets of the decisions say."""
        found = self.titles_in_order(self.report["law"]["money"]["titles"])
        rows = [(name, *(sums[kind] for kind in SUMS)) for name, sums in found]
        columns = [("title", _WORDS), *((_OF_SUM[kind], _NUMBER) for kind in SUMS)]
        rows = _sums(rows, self.say("sum"))
        return self._table("money", columns, rows, summed=len(rows) > 1)

    def matrix(self, bloc: Mapping[str, Any]) -> list[MatrixRow]:
        """Who gave whom how many points: a row a school that is scored, in the order of the ranking."""
        schools = [(one["code"], one["name"]) for one in bloc["schools"]]
        return [
            MatrixRow(
                place,
                one["name"],
                self._points(one["own"]),
                tuple(
                    (name, self._points(one["given"].get(code)) if code in one["given"] else None)
                    for code, name in schools
                ),
                self._points(one["score"]),
                "–" if one["rank"] is None else number(one["rank"], self.lang),
            )
            for place, one in enumerate(bloc["schools"], start=1)
        ]

    def _points(self, points: str | None) -> str:
        return "–" if points is None else number(Decimal(points), self.lang)

    def titles_in_order(
        self, titles: Mapping[str, Mapping[str, int]] | None = None
    ) -> list[tuple[str, Mapping[str, int]]]:
        """Name and numbers of each title, of the whole year or of those that are given."""
        order = {code: place for place, code in enumerate(self.names.titles)}
        counted = self.report["titles"] if titles is None else titles
        found = sorted(counted.items(), key=lambda item: (order.get(item[0], len(order)), item[0]))
        return [(self.names.titles.get(code, code), numbers) for code, numbers in found]

    def milestones(self, *calendars: str, of: str = "milestones") -> Table:
        """What came of each milestone of some calendars."""
        rows = [
            (
                self.milestone_name(one),
                self._term(one),
                one["steps"],
                one["fulfilled"],
                len(one["extended"]),
                len(one["own"]),
                one["lapsed"],
                plain_day(one["late_until"], self.lang) if one["late_until"] else "–",
            )
            for one in self.report["milestones"]
            if one["calendar"] in calendars
        ]
        columns = [("milestone", _WORDS), ("term", _DAYS)]
        columns += [(head, _NUMBER) for head in ("steps", "fulfilled", "extended", "own", "lapsed")]
        return self._table(of, [*columns, ("late_until", _WORDS)], rows)

    def milestone_name(self, one: Mapping[str, Any]) -> str:
        """What a milestone is called; its code where no calendar names it."""
        name = self.names.milestones.get((one["calendar"], one["milestone"]))
        return name.label if name else str(one["milestone"])

    def _term(self, one: Mapping[str, Any]) -> str:
        first, last = plain_day(one["opens"], self.lang), plain_day(one["last_day"], self.lang)
        said = f"{first}{_DASH}{last}"
        if one["extended"]:
            until = ", ".join(plain_day(day, self.lang) for day in sorted(one["extended"]))
            said += f"; {self.say('extended_to', days=until)}"
        if one["own"]:
            own = ", ".join(_DASH.join(plain_day(day, self.lang) for day in pair) for pair in one["own"])
            said += f"; {self.say('own_days', days=own)}"
        return said

    def weeks(self) -> Table:
        """Steps, letters and lapses of each week in which there were any."""
        weeks = self.report["weeks"]
        kinds = ("steps", "letters", "lapses")
        mondays = sorted({monday for kind in kinds for monday in weeks[kind]})
        rows = [
            (plain_day(monday, self.lang), *(weeks[kind].get(monday, 0) for kind in kinds))
            for monday in mondays
        ]
        columns = [("week", _WORDS), ("steps", _NUMBER), (f"{self.counted}s", _NUMBER), ("lapses", _NUMBER)]
        return self._table("weeks", columns, rows)

    @property
    def counted(self) -> str:
        """Whether letters were counted or items."""
        return str(self.report["letters_by_day"]["counted"])

    def letters(self) -> Table:
        """Each kind: how many, on how many days, most on which day; and how many items were enqueued."""
        days, outbox = self.report["letters_by_day"]["days"], self.report["outbox"]
        rows = []
        for kind in sorted({*days, *outbox}, key=lambda kind: (-sum(days.get(kind, {}).values()), kind)):
            by_day = days.get(kind, {})
            busiest = min(by_day, key=lambda day: (-by_day[day], day)) if by_day else ""
            rows.append(
                (
                    word("letters", kind, self.lang),
                    sum(by_day.values()),
                    len(by_day),
                    by_day.get(busiest, 0),
                    plain_day(busiest, self.lang) if busiest else "–",
                    outbox.get(kind, 0),
                )
            )
        columns = [
            ("letter_kind", _WORDS),
            (f"{self.counted}s", _NUMBER),
            ("days", _NUMBER),
            ("most", _NUMBER),
        ]
        return self._table("letters", [*columns, ("busiest", _WORDS), ("enqueued", _NUMBER)], rows)

    def days(self) -> Table:
        """Each day with letters: how many, and of which kinds."""
        by_day: dict[str, list[tuple[str, int]]] = {}
        for kind, days in self.report["letters_by_day"]["days"].items():
            for day, count in days.items():
                by_day.setdefault(day, []).append((kind, count))
        rows = []
        for day in sorted(by_day):
            kinds = sorted(by_day[day], key=lambda item: (-item[1], item[0]))
            said = " · ".join(
                f"{word('letters', kind, self.lang)} {number(count, self.lang)}" for kind, count in kinds
            )
            rows.append((plain_day(day, self.lang), sum(count for _, count in kinds), said))
        return self._table(
            "days", [("day", _WORDS), (f"{self.counted}s", _NUMBER), ("of_kinds", _WORDS)], rows
        )

    def ends(self, of: str, named: Callable[[str], str]) -> Table:
        """End state × level or procedure: a column an end state."""
        groups: Mapping[str, Mapping[str, int]] = self.report[of]
        total: Counter[str] = Counter()
        for kinds in groups.values():
            total.update(kinds)
        ends = sorted(total, key=lambda kind: (-total[kind], kind))
        rows = [
            (named(group), *(kinds.get(end, 0) for end in ends), sum(kinds.values()))
            for group, kinds in groups.items()
        ]
        heads = [(capital(word("kinds", end, self.lang)), _NUMBER) for end in ends]
        columns = [(self.say(f"head.{of}"), _WORDS), *heads, (self.say("sum"), _NUMBER)]
        caption = self.say(f"table.{of}")
        return table(caption, columns, _sums(rows, self.say("sum")), lang=self.lang, summed=len(rows) > 1)

    def levels(self) -> Table:
        """Dossiers by level and end state."""
        return self.ends("dossiers", lambda level: word("levels", level, self.lang))

    def procedures(self) -> Table:
        """Dossiers by procedure and end state."""
        return self.ends("procedures", lambda name: self.names.procedures.get(name, name))

    def acts(self) -> Table:
        """How often each act on a dossier was done."""
        acts = sorted(self.report["acts"].items(), key=lambda item: (-item[1], item[0]))
        rows = [(word("events", event, self.lang), count) for event, count in acts]
        return self._table("acts", [("act", _WORDS), ("times", _NUMBER)], rows)

    def side_ways(self) -> Table:
        """Each side way: how many took it, what was counted, and what it means."""
        rows = [
            (
                word("side_ways", way, self.lang),
                count,
                word("counted_in", COUNTED_IN.get(way, "act"), self.lang),
                self.say(f"means.{way}"),
            )
            for way, count in self.report["side_ways"].items()
        ]
        columns = [("side_way", _WORDS), ("times", _NUMBER), ("counted_in", _WORDS), ("means", _WORDS)]
        return self._table("side_ways", columns, rows)

    def refusals(self) -> Table:
        """Each reason in words, and how many acts it refused."""
        reasons = sorted(self.report["refusals"].items(), key=lambda item: (-item[1], item[0]))
        # A gap at the end of a sentence stands for its full stop too.
        rows = [(say(f"reasons.{code}", {}, self.lang).replace("….", "…"), count) for code, count in reasons]
        return self._table("refusals", [("reason", _WORDS), ("times", _NUMBER)], rows)

    def reminders(self) -> Table:
        """Reminders by kind, and what came of those who were late."""
        outbox, ways, acts = self.report["outbox"], self.report["side_ways"], self.report["acts"]
        rows = [
            (
                self.say("letter_of", kind=word("letters", kind, self.lang)),
                outbox.get(kind, 0),
                self.say("item_of"),
            )
            for kind in REMINDERS
        ]
        counted = word("counted_in", "dossier", self.lang)
        rows += [
            (self.say("lapses"), acts.get("lapse", 0), self.say("times_of")),
            (word("side_ways", "lapsed_and_revived", self.lang), ways.get("lapsed_and_revived", 0), counted),
            (word("side_ways", "lapsed_for_good", self.lang), ways.get("lapsed_for_good", 0), counted),
            (self.say("extensions"), ways.get("window_extended", 0), self.say("times_of")),
        ]
        columns = [("what", _WORDS), ("times", _NUMBER), ("counted_in", _WORDS)]
        return self._table("reminders", columns, rows)


def day_of(text: str) -> date:
    """A day of the report's values."""
    return date.fromisoformat(text)
