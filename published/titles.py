"""The catalogue of titles and forms of commendation as values: what each is, and who decides it on which day.

A file looks so:

    catalogue: titles
    titles:
      CSTDCS:
        name: {vi: Chiến sĩ thi đua cơ sở, en: Grassroots emulation fighter}
        short: CSTĐCS
        subject: individual               # individual, collective, both or initiative
        level: local                      # the level of the dossier in which it is asked for
        form: title
        rests_on_rank: false              # optional: whether the bloc's ranking carries it
        rests_on: []                      # optional: titles whose decision may still be pending
        lower: LDTT                       # optional: what a desk may propose instead
        valid_years: {years: 3, source: …, verified: false}   # optional: for how long it counts; else without end
        decided_by:
          - unit: people_committee
            label: {vi: Chủ tịch UBND huyện, en: District chairman}
            since: 2024-01-01
            until: 2025-06-30             # optional; the last day included
            article: Luật 06/2022/QH15, Điều 80(2)
            verified: true                # of the article, where `verified` below is of the title
        movement:                         # optional: it may rest on a movement, or (needed) rests on nothing else
          {needed: true, launched_by: [province_committee], article: …, verified: true}    # launched_by: optional
        capped:                           # optional: in a period, at most a share of those with another title
          - {share: 3/20, of: LDTT, since: 2017-10-01, until: 2023-12-31, article: NĐ 91/2017/NĐ-CP, verified: true}
        article: Luật 06/2022/QH15, Điều 23
        source: …
        verified: true

Conditions, caps and money are no part of it: they change more often than the titles do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from kit.marked_reader import Label
from kit.strict_yaml import Fault, MarkedList, MarkedMap, read_strict_yaml
from published.reading import PublishedReader, circles
from states.vocabulary import LEVELS, UNIT_KINDS

INITIATIVE = "initiative"
SUBJECTS = ("individual", "collective", "both", INITIATIVE)
# What "both" stands for. An initiative is neither a person nor a unit, and is asked for in dossiers of its own.
_WHO = ("individual", "collective")

# Titles (danh hiệu thi đua, flags among them) and forms of commendation (hình thức khen thưởng) are counted
# and reported apart, and mixing them up is a known fault of data exchange between offices.
FORMS = (
    "title",
    "certificate",
    "commendation",
    "order",
    "commemorative_medal",
    "honorary_title",
    INITIATIVE,
)

# Law 06/2022/QH15 Art 77-80: which kind of unit, through its head, decides at which level.
DECIDING_KINDS: dict[str, tuple[str, ...]] = {
    "local": ("school", "people_committee", "education_department"),
    "province": ("province_committee",),
    "ministry": ("ministry",),
    "state": ("state",),
}
# Art 21(2), 22: the national reach of an initiative is confirmed by the head of the ministry or the province.
INITIATIVE_KINDS = {**DECIDING_KINDS, "state": ("province_committee", "ministry")}

_LONGEST_VALID = 50

# Stored with each nomination, in a column of 20 letters.
_CODE = re.compile(r"(?=.{1,20}$)[A-Z][A-Z0-9]*(-[A-Z0-9]+)*")
_SHARE = re.compile(r"([0-9]{1,4})/([0-9]{1,4})")


@dataclass(frozen=True, slots=True)
class Decider:
    """Who decides a title in a period: the head of a kind of unit. ``until`` None: to this day."""

    unit: str
    label: Label
    since: date
    until: date | None
    article: str
    verified: bool
    line: int = 0

    def decides_on(self, day: date) -> bool:
        """Whether the period, both ends included, holds ``day``."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Cap:
    """In a period, at most ``share`` of those with the title ``of`` may have the title. ``until`` None: to this day."""

    share: Fraction
    of: str
    since: date
    until: date | None
    article: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Valid:
    """For how many years from its decision on a title counts."""

    years: int
    source: str
    verified: bool

    def last_day(self, decided_on: date) -> date:
        """The last day on which a title of ``decided_on`` counts: the same day, so many years later."""
        try:
            return decided_on.replace(year=decided_on.year + self.years)
        except ValueError:
            # Of 29 February, in a year that has none.
            return date(decided_on.year + self.years, 2, 28)


@dataclass(frozen=True, slots=True)
class MovementBasis:
    """That a title may rest on a movement. ``needed``: it rests on nothing else. ``launched_by`` are the kinds of unit
    whose movement it must be; empty: of any in which the nominee's unit took part."""

    needed: bool
    launched_by: tuple[str, ...]
    article: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Title:
    """One title or form of commendation.

    ``rests_on`` names titles of the same subject whose decision may still be pending when this one is asked
    for; ``lower`` is what a desk may propose in its place. ``valid`` None: it counts without end. ``movement`` None: it
    rests on no movement.
    """

    code: str
    name: Label
    short: str
    subject: str
    level: str
    form: str
    rests_on_rank: bool
    rests_on: tuple[str, ...]
    lower: str | None
    decided_by: tuple[Decider, ...]
    article: str
    source: str
    verified: bool
    capped: tuple[Cap, ...] = ()
    line: int = 0
    valid: Valid | None = None
    movement: MovementBasis | None = None

    def suits(self, subject: str) -> bool:
        """Whether it can be given to ``subject``: `individual`, `collective` or `initiative`."""
        return subject in _WHO if self.subject == "both" else self.subject == subject

    def deciders_on(self, day: date) -> tuple[Decider, ...]:
        """Who may decide it on ``day``, in the order of the file; several where it depends on the school."""
        return tuple(d for d in self.decided_by if d.decides_on(day))


def read_titles(text: str | bytes) -> tuple[dict[str, Title] | None, list[Fault]]:
    """The titles in ``text`` by code and every fault found; None when too little can be read to go on.

    A catalogue that comes with faults is for showing, never for publishing. Nothing is raised for bad input.
    """
    tree, faults = read_strict_yaml(text)
    if not isinstance(tree, MarkedMap):
        return None, faults or [Fault(1, "not_a_mapping", {"what": "catalogue"})]
    return _Reader(faults).catalogue(tree), faults


class _Reader(PublishedReader):
    """Reads a catalogue of titles."""

    def catalogue(self, tree: MarkedMap) -> dict[str, Title] | None:
        self.keys(tree, "catalogue", ("catalogue", "titles"))
        self.choice(tree, "catalogue", ("titles",), "unknown_catalogue")
        section = self.section(tree, "titles")
        if isinstance(tree.get("titles"), MarkedMap) and not section:
            self.fault(tree.line_of("titles"), "no_title")
        codes = tuple(section)
        titles: dict[str, Title] = {}
        for code, body in section.items():
            line = section.lines[code]
            if not isinstance(body, MarkedMap):
                self.fault(line, "not_a_mapping", what=code)
            elif not _CODE.fullmatch(code):
                self.fault(line, "name_unusable", name=code)
            else:
                titles[code] = self.title(code, body, line, codes)
        for code, title in titles.items():
            self.foundations(title, section[code], titles)
        ways: dict[str, dict[str, tuple[str, ...]]] = {"rests_on": {}, "lower": {}}
        for code, title in titles.items():
            ways["rests_on"][code] = title.rests_on
            ways["lower"][code] = (title.lower,) if title.lower else ()
        for key, edges in ways.items():
            for cycle in circles(edges):
                self.fault(section[cycle[0]].line_of(key), f"{key}_in_a_circle", titles=list(cycle))
        return titles or None

    def title(self, code: str, body: MarkedMap, line: int, codes: tuple[str, ...]) -> Title:
        self.keys(
            body,
            f"title {code}",
            ("name", "short", "subject", "level", "form", "decided_by", "article", "source", "verified"),
            ("rests_on_rank", "rests_on", "lower", "capped", "valid_years", "movement"),
        )
        level = self.choice(body, "level", LEVELS, "unknown_level")
        subject = self.choice(body, "subject", SUBJECTS, "unknown_subject")
        form = self.choice(body, "form", FORMS, "unknown_form")
        if subject and form and (subject == INITIATIVE) != (form == INITIATIVE):
            self.fault(body.line_of("form"), "form_for_another_subject", title=code, form=form)
        return Title(
            code=code,
            name=self.label(body, "name", code),
            short=self.text(body, "short", code),
            subject=subject,
            level=level,
            form=form,
            rests_on_rank=self.yes_no(body, "rests_on_rank"),
            rests_on=self.names(body, "rests_on", codes, "unknown_title"),
            lower=self.choice(body, "lower", codes, "unknown_title") or None,
            decided_by=self.deciders(code, body, level, subject),
            article=self.text(body, "article"),
            source=self.text(body, "source"),
            verified=self.yes_no(body, "verified"),
            capped=self.caps(code, body, codes),
            line=line,
            valid=self.valid(code, body),
            movement=self.movement(code, body),
        )

    def caps(self, code: str, body: MarkedMap, codes: tuple[str, ...]) -> tuple[Cap, ...]:
        value = body.get("capped", MarkedList())
        if not isinstance(value, MarkedList):
            self.fault(body.line_of("capped"), "not_a_list", what="capped")
            return ()
        found = []
        for item, line in zip(value, value.lines, strict=True):
            if not isinstance(item, MarkedMap):
                self.fault(line, "not_a_mapping", what="capped")
                continue
            self.keys(item, f"cap of {code}", ("share", "of", "since", "article", "verified"), ("until",))
            of = self.choice(item, "of", codes, "unknown_title")
            since, until = self.period(item, "since", "until")
            share = self.share(item)
            article, verified = self.text(item, "article"), self.yes_no(item, "verified")
            if of and since and share is not None:
                found.append(Cap(share, of, since, until, article, verified))
        return tuple(found)

    def share(self, item: MarkedMap) -> Fraction | None:
        """An exact share between nothing and all, written as a fraction."""
        text = self.text(item, "share")
        match = _SHARE.fullmatch(text)
        if match and 0 < int(match[1]) <= int(match[2]):
            return Fraction(int(match[1]), int(match[2]))
        if text:
            self.fault(item.line_of("share"), "share_unusable", value=text)
        return None

    def valid(self, code: str, body: MarkedMap) -> Valid | None:
        """For how long the title counts, where the file says so."""
        value = body.get("valid_years")
        if "valid_years" not in body:
            return None
        if not isinstance(value, MarkedMap):
            self.fault(body.line_of("valid_years"), "not_a_mapping", what="valid_years")
            return None
        self.keys(value, f"valid_years of {code}", ("years", "source", "verified"))
        years = value.get("years")
        # To YAML, yes and no are numbers too.
        if isinstance(years, bool) or not isinstance(years, int) or not 1 <= years <= _LONGEST_VALID:
            self.fault(value.line_of("years"), "years_unusable", most=_LONGEST_VALID)
            return None
        return Valid(years, self.text(value, "source"), self.yes_no(value, "verified"))

    def movement(self, code: str, body: MarkedMap) -> MovementBasis | None:
        """On which movements the title may rest, where the file says so."""
        if "movement" not in body:
            return None
        value = body["movement"]
        if not isinstance(value, MarkedMap):
            self.fault(body.line_of("movement"), "not_a_mapping", what="movement")
            return None
        self.keys(value, f"movement of {code}", ("needed", "article", "verified"), ("launched_by",))
        return MovementBasis(
            self.yes_no(value, "needed"),
            self.names(value, "launched_by", UNIT_KINDS, "unknown_unit_kind"),
            self.text(value, "article"),
            self.yes_no(value, "verified"),
        )

    def deciders(self, code: str, body: MarkedMap, level: str, subject: str) -> tuple[Decider, ...]:
        value = body.get("decided_by", MarkedList())
        if not isinstance(value, MarkedList):
            self.fault(body.line_of("decided_by"), "not_a_list", what="decided_by")
            return ()
        if "decided_by" in body and not value:
            self.fault(body.line_of("decided_by"), "nobody_decides", title=code)
        found: list[Decider] = []
        for item, line in zip(value, value.lines, strict=True):
            if not isinstance(item, MarkedMap):
                self.fault(line, "not_a_mapping", what="decided_by")
                continue
            decider = self.decider(code, item, line, level, subject)
            if decider is None:
                continue
            found.append(decider)
        # Several kinds of unit may decide side by side, each for its own schools; two entries of one kind on
        # one day would leave open by which article it decides.
        latest: dict[str, Decider] = {}
        for decider in sorted(found, key=lambda d: d.since):
            earlier = latest.get(decider.unit)
            if earlier and earlier.decides_on(decider.since):
                lines = sorted((earlier.line, decider.line))
                self.fault(lines[1], "deciders_overlap", title=code, unit=decider.unit, other_line=lines[0])
            if earlier is None or _end(earlier) <= _end(decider):
                latest[decider.unit] = decider
        return tuple(found)

    def decider(self, code: str, item: MarkedMap, line: int, level: str, subject: str) -> Decider | None:
        self.keys(item, f"decider of {code}", ("unit", "label", "since", "article", "verified"), ("until",))
        unit = self.choice(item, "unit", UNIT_KINDS, "unknown_unit_kind")
        kinds = INITIATIVE_KINDS if subject == INITIATIVE else DECIDING_KINDS
        if unit and level and unit not in kinds[level]:
            self.fault(item.line_of("unit"), "decides_at_another_level", unit=unit, level=level)
        since, until = self.period(item, "since", "until")
        label, article = self.label(item, "label", unit), self.text(item, "article")
        verified = self.yes_no(item, "verified")
        return Decider(unit, label, since, until, article, verified, line) if unit and since else None

    def foundations(self, title: Title, body: MarkedMap, titles: dict[str, Title]) -> None:
        """What a title rests on, and what is proposed in its place, fits those who can hold it."""
        for code in title.rests_on:
            other = titles.get(code)
            if other and other.subject and title.subject and not _share_subject(title, other):
                self.fault(body.line_of("rests_on"), "rests_on_another_subject", title=title.code, other=code)
        lower = titles.get(title.lower or "")
        if lower is None or lower.code == title.code:
            return
        if title.subject and lower.subject not in ("", "both", title.subject):
            self.fault(body.line_of("lower"), "lower_for_another_subject", title=title.code, other=lower.code)
        if title.level and lower.level and LEVELS.index(lower.level) > LEVELS.index(title.level):
            self.fault(body.line_of("lower"), "lower_is_higher", title=title.code, other=lower.code)


def _share_subject(one: Title, other: Title) -> bool:
    return any(one.suits(subject) and other.suits(subject) for subject in (*_WHO, INITIATIVE))


def _end(decider: Decider) -> date:
    return decider.until or date.max
