"""What would have to change for a verdict to be met: minimal sets, each change of them needed.

Every word can say by which changes it would hold (`WAYS`). The sets of a whole rule follow from its groups; each is
then tried on the record, and what turns out not to be needed is left out. So a set is right by trial, not by argument.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import product
from typing import Any, TypeAlias

from rules.answers import JUDGED, MET
from rules.conditions import MEETS, WORDS, Look, cut_off
from rules.lawbook import ALL, Asked, Condition, Lawbook, Node, Rule
from rules.record import GRADES, MERIT, Graded, Held, Initiative, Member, Movement, Record, Service
from rules.school_years import first_day, last_day, row_to
from rules.verdict import verdict

#: of a rule with many alternatives, so many combinations are looked at; nobody reads more
MOST = 64
#: how many years ahead the earliest year is looked for
HORIZON = 12
#: the name of a row that is not there yet
_SUPPOSED = "supposed"

OPEN, UNPROVED, PAST = "open", "unproved", "past"
#: what can still come about first, what cannot last
_STANDINGS = (OPEN, UNPROVED, PAST)


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One thing that would have to be otherwise. ``year`` 0: no year; ``names`` are titles, a grade, a scope or a form;
    ``count`` is how many more (years, months, members, initiatives) or, of a rank, the rank."""

    kind: str
    year: int = 0
    names: tuple[str, ...] = ()
    count: int = 0


@dataclass(frozen=True, slots=True)
class Needed:
    """A minimal set of changes, each with whether it is still open, waits for a proof, or is past."""

    changes: tuple[tuple[Change, str], ...]

    @property
    def open(self) -> bool:
        """Whether all of it can still come about."""
        return all(standing == OPEN for _, standing in self.changes)


Way: TypeAlias = frozenset[Change]


@dataclass(frozen=True, slots=True)
class Case:
    """Who lacks something, for what, and in which year one asks."""

    book: Lawbook
    asked: Asked
    record: Record
    now: int

    @property
    def look(self) -> Look:
        """What the words look at."""
        return Look(self.asked, self.record, self.book.after_discipline is not None)

    def met_with(self, changes: Iterable[Change]) -> bool:
        """Whether the verdict is met with some changes."""
        record = self.record
        for change in changes:
            record = changed(record, change, self.asked)
        return verdict(self.book, self.asked, record).outcome == MET

    def place(self, change: Change) -> int:
        """Where the standing of a change is among `_STANDINGS`."""
        return _STANDINGS.index(_standing(self, change))

    def least(self, way: Way) -> tuple[int, int, list[Change]]:
        """By which ways are put in order: those that can still come about first, then the shortest."""
        return max(map(self.place, way), default=0), len(way), sorted(way)


def missing(book: Lawbook, asked: Asked, record: Record, now: int | None = None) -> tuple[Needed, ...]:
    """Minimal sets of changes that make the verdict met, those that are open first and the shortest first.

    Empty where the verdict is met already, and where no change helps (a text nobody has seen). ``now`` is the year
    in which one asks, where that is not the one asked for.
    """
    rule = book.rules.get((asked.title, record.subject))
    if rule is None or verdict(book, asked, record).outcome == MET:
        return ()
    case = Case(book, asked, record, asked.year if now is None else now)
    found: list[Way] = []
    for way in _ways(case, rule, rule.asks, (rule.title,)) or ():
        needed = _only_needed(case, way)
        if needed and needed not in found:
            found.append(needed)
    smallest = [one for one in found if not any(other < one for other in found)]
    told = [Needed(tuple((change, _standing(case, change)) for change in sorted(way))) for way in smallest]
    return tuple(sorted(told, key=lambda n: (not n.open, len(n.changes), n.changes)))


def earliest_year(book: Lawbook, asked: Asked, record: Record) -> int | None:
    """The first school year, from the one asked for on, in which the title can be had if all that is open goes well.

    None where that is not within `HORIZON` years, or where something would have to be proved first."""
    for year in range(asked.year, asked.year + HORIZON + 1):
        then = Asked(asked.title, year, _years_later(asked.on, year - asked.year))
        of_then = record if year == asked.year else _in_a_later_year(record)
        if verdict(book, then, of_then).outcome == MET:
            return year
        if any(needed.open for needed in missing(book, then, of_then, asked.year)):
            return year
    return None


def _in_a_later_year(record: Record) -> Record:
    """The record without what is of the year asked for alone; of a collective, as many members as today."""
    members = None if record.members is None else (Member(),) * len(record.members)
    return replace(record, registered=None, members=members, rank=None, movement=None)


def changed(record: Record, change: Change, asked: Asked) -> Record:
    """The record as it would be with a change."""
    return _APPLY[change.kind](record, change, asked)


#: what there are so many more of, whatever else changes; which members a title comes to depends on the others
_COUNTED = frozenset({"initiative", "member_grades"})


def _only_needed(case: Case, way: Way) -> Way | None:
    """The changes of a way without those that are not needed; None where even all of them do not help."""
    kept = sorted(way, key=lambda change: (-case.place(change), change))
    if not case.met_with(kept):
        return None
    # What cannot come about any more is left out first.
    for change in tuple(kept):
        fewer = [one for one in kept if one != change]
        if case.met_with(fewer):
            kept = fewer
    return frozenset(_fewest(case, kept))


def _fewest(case: Case, kept: list[Change]) -> list[Change]:
    """The same changes with no greater counts than are needed: another change of them may bring some of it."""
    place = 0
    while place < len(kept):
        less = replace(kept[place], count=kept[place].count - 1)
        fewer = [*kept[:place], less, *kept[place + 1 :]]
        if less.kind in _COUNTED and less.count > 0 and case.met_with(fewer):
            kept = fewer
        else:
            place += 1
    return kept


# --- Whether a change can still come about ---


def _standing(case: Case, change: Change) -> str:
    """Open is what lies in the year in which one asks or later and is not settled, and what another dossier decides;
    what lies in an earlier year can be proved where the record is silent; the rest is past."""
    return _STANDING.get(change.kind, _unsettled)(case, change)


def _unsettled(case: Case, change: Change) -> str:
    return OPEN if change.year >= case.now else UNPROVED


def _past(case: Case, change: Change) -> str:
    return PAST


def _unproved(case: Case, change: Change) -> str:
    return UNPROVED


def _of_grade(case: Case, change: Change) -> str:
    recorded = any(g.year == change.year for g in case.record.graded)
    return PAST if recorded or case.record.knows("grades", change.year) else _unsettled(case, change)


def _of_title(case: Case, change: Change) -> str:
    if any(h.year == change.year and _waits(h, change) for h in case.record.held):
        return OPEN
    return PAST if case.record.knows("titles", change.year) else _unsettled(case, change)


def _of_title_before(case: Case, change: Change) -> str:
    record = case.record
    # Any year up to that of the change will do, if the title can still be had of it.
    to_come = any(not record.knows("titles", year) for year in range(case.now, change.year + 1))
    if to_come or any(h.year <= change.year and _waits(h, change) for h in record.held):
        return OPEN
    return PAST if record.whole else UNPROVED


def _waits(held: Held, change: Change) -> bool:
    return held.awaited is not None and held.kind == MERIT and held.title in change.names


def _of_initiatives(case: Case, change: Change) -> str:
    year = case.asked.year
    return PAST if case.record.knows("initiatives", year) else _unsettled(case, replace(change, year=year))


def _of_employment(case: Case, change: Change) -> str:
    # Since when somebody works there is no matter of the future, unless the whole year is.
    return OPEN if change.year > case.now else UNPROVED


def _of_members(case: Case, change: Change) -> str:
    members = case.record.members or ()
    return (
        _unsettled(case, change) if sum(_is_open(case, m, change) for m in members) >= change.count else PAST
    )


def _is_open(case: Case, member: Member, change: Change) -> bool:
    """Whether a member's grade is not given yet, or whether it may yet get one of the titles."""
    if change.kind == "member_grades":
        return member.grade is None
    if not member.titles.isdisjoint(change.names):
        return False
    return not case.record.knows("titles", change.year) or not set(member.awaited).isdisjoint(change.names)


def _of_rank(case: Case, change: Change) -> str:
    return _unsettled(case, change) if case.record.rank is None else PAST


def _of_registration(case: Case, change: Change) -> str:
    standing = _unsettled(case, change)
    return PAST if standing == UNPROVED and case.record.registered is not None else standing


def _of_movement(case: Case, change: Change) -> str:
    return OPEN if change.year >= case.now else PAST


_STANDING: Mapping[str, Callable[[Case, Change], str]] = {
    "grade": _of_grade,
    "title": _of_title,
    "title_before": _of_title_before,
    "initiative": _of_initiatives,
    "service": _unproved,
    "never_held": _unproved,
    "employed": _of_employment,
    "registered": _of_registration,
    "discipline": _past,
    "member_titles": _of_members,
    "member_grades": _of_members,
    "member_disciplines": _past,
    "rank": _of_rank,
    "movement": _of_movement,
}


# --- The sets of a rule ---


def _ways(case: Case, rule: Rule, node: Node, titles: tuple[str, ...]) -> list[Way] | None:
    """Sets of changes by which a node would hold; None where it asks nothing on the day, or people alone judge it.
    ``titles``: whose rules lead here."""
    if isinstance(node, Condition):
        asks = node.word != JUDGED and node.in_force(case.asked.on)
        return _of_word(case, rule, node, titles) if asks else None
    of_parts = [found for part in node.parts if (found := _ways(case, rule, part, titles)) is not None]
    if not of_parts:
        return None
    if node.how == ALL:
        return _joined(case, of_parts)
    return sorted({way for ways in of_parts for way in ways}, key=case.least)[:MOST]


def _joined(case: Case, of_parts: list[list[Way]]) -> list[Way]:
    """One way of each part, in every combination."""
    joined: list[Way] = [frozenset()]
    for ways in of_parts:
        joined = sorted({before | way for before, way in product(joined, ways)}, key=case.least)[:MOST]
    return joined


def _of_word(case: Case, rule: Rule, condition: Condition, titles: tuple[str, ...]) -> list[Way] | None:
    if condition.word == MEETS:
        title = condition.values["title"]
        other = case.book.rules.get((title, case.record.subject)) if title not in titles else None
        return _ways(case, other, other.asks, (*titles, title)) if other else []
    if condition.word == "title_before":
        before = condition.values["titles"]
        return _set(Change("title_before", case.asked.year - _lead(rule.asks, before), before))
    if WORDS[condition.word].examine(case.look, **condition.values).outcome == MET:
        return _set()
    return WAYS[condition.word](case, **condition.values)


def _lead(node: Node, titles: tuple[str, ...]) -> int:
    """How many years before the one asked for a title must be held, so that the rows that follow it have room."""
    if isinstance(node, Condition):
        follows = not set(titles).isdisjoint(node.values.get("after", ()))
        return int(node.values["years"]) if follows else 1
    return max((_lead(part, titles) for part in node.parts), default=1)


def _set(*changes: Change) -> list[Way]:
    return [frozenset(changes)]


def _no_way(case: Case, **_: Any) -> list[Way]:
    return []


def _never(case: Case, *, titles: tuple[str, ...]) -> list[Way]:
    # What is held or on its way stays; where nothing is, the whole career would have to be put on record.
    there = any(h.title in titles for h in case.record.held)
    return [] if there else _set(Change("never_held", 0, titles))


def _grade(case: Case, *, grade: str) -> list[Way]:
    return _grade_times(case, grade=grade, times=1, years=1)


def _grade_row(case: Case, *, grade: str, years: int, after: tuple[str, ...] = ()) -> list[Way]:
    return _after(case, years, after, _grade_times(case, grade=grade, times=years, years=years))


def _grade_times(case: Case, *, grade: str, times: int, years: int) -> list[Way]:
    least = GRADES.index(grade)
    has = {g.year for g in case.record.graded if GRADES.index(g.grade) >= least}
    return _of_years(case, times, years, has, lambda year: Change("grade", year, (grade,)))


def _title_row(case: Case, *, titles: tuple[str, ...], years: int, after: tuple[str, ...] = ()) -> list[Way]:
    return _after(case, years, after, _title_times(case, titles=titles, times=years, years=years))


def _title_times(case: Case, *, titles: tuple[str, ...], times: int, years: int) -> list[Way]:
    has = {h.year for h in case.record.held if h.title in titles and h.kind == MERIT and h.awaited is None}
    return _of_years(case, times, years, has, lambda year: Change("title", year, titles))


def _of_years(
    case: Case, times: int, years: int, has: set[int], of_year: Callable[[int], Change]
) -> list[Way]:
    """By what so many of the last years would have something: the years that are open first, of those the latest.
    Either the years that a discipline cuts off stay out, or it would have to be annulled."""
    span = row_to(case.asked.year, years)
    look = case.look
    free = [year for year in span if not cut_off(look, year)]
    cases = [(free, ())] if len(free) == len(span) else [(free, ()), ([*span], (Change("discipline"),))]
    ways = []
    for usable, annulled in cases:
        short = max(0, times - len(has.intersection(usable)))
        lacking = [of_year(year) for year in usable if year not in has]
        if short <= len(lacking):
            lacking.sort(key=lambda change: (case.place(change), -change.year))
            ways.append(frozenset((*lacking[:short], *annulled)))
    return ways


def _after(case: Case, years: int, titles: tuple[str, ...], ways: list[Way]) -> list[Way]:
    """The ways of a row that is to follow one of ``titles``: where none is held before it, one would have to be."""
    first = case.asked.year - years
    if not titles or any(
        h.year <= first and h.title in titles and h.kind == MERIT and h.awaited is None
        for h in case.record.held
    ):
        return ways
    return [way | {Change("title_before", first, titles)} for way in ways]


def _initiatives(case: Case, *, scope: str, count: int, **more: Any) -> list[Way]:
    look = case.look
    ways = []
    for annulled, seen in ((False, look), (True, replace(look, after_discipline=False))):
        have = WORDS["initiatives"].examine(seen, scope=scope, count=count, **more).figures["have"]
        changes = (Change("initiative", 0, (scope,), count - have),) if have < count else ()
        ways.append(frozenset((*changes, Change("discipline")) if annulled else changes))
    return ways if case.record.disciplines and look.after_discipline else ways[:1]


def _service(case: Case, *, years: int, **_: Any) -> list[Way]:
    # Time passes by itself: the year in which it is enough is found by looking at later years, not by a change.
    there = any(s.kind == "trade" for s in case.record.service)
    served = () if there else (Change("service", case.asked.year, (), years),)
    return [frozenset(served), frozenset((*served, Change("discipline")))]


def _months(case: Case, *, months: int) -> list[Way]:
    return [] if case.record.employed_since else _set(Change("employed", case.asked.year, (), months))


def _registered(case: Case) -> list[Way]:
    return _set(Change("registered", case.asked.year, (case.asked.title,)))


def _undisciplined(case: Case, *, form: str) -> list[Way]:
    hit = WORDS["no_discipline"].examine(case.look, form=form).evidence
    return _set(Change("discipline") if hit else Change("no_discipline", case.asked.year))


def _members_share(
    case: Case, *, share: Fraction, titles: tuple[str, ...] = (), grade: str | None = None
) -> list[Way]:
    members = case.record.members or ()
    return _more_members(case, titles, grade, -(-share.numerator * len(members) // share.denominator))


def _members_count(case: Case, *, titles: tuple[str, ...], count: int) -> list[Way]:
    return _more_members(case, titles, None, count)


def _more_members(case: Case, titles: tuple[str, ...], grade: str | None, need: int) -> list[Way]:
    members = case.record.members or ()
    have = sum(_counts(m, titles, grade) for m in members)
    if not members or need > len(members):
        return []
    names = titles if grade is None else (grade,)
    kind = "member_titles" if grade is None else "member_grades"
    return _set(Change(kind, case.asked.year, names, need - have))


def _counts(member: Member, titles: tuple[str, ...], grade: str | None) -> bool:
    if grade is None:
        return not member.titles.isdisjoint(titles)
    return member.grade is not None and GRADES.index(member.grade) >= GRADES.index(grade)


def _members_undisciplined(case: Case, *, form: str) -> list[Way]:
    hit = WORDS["members_undisciplined"].examine(case.look, form=form).figures.get("hit")
    return _set(Change("member_disciplines" if hit else "no_discipline", case.asked.year))


def _rank(case: Case, *, rank: int) -> list[Way]:
    return _set(Change("rank", case.asked.year, (), rank))


def _movement(case: Case, *, level: str) -> list[Way]:
    return _set(Change("movement", case.asked.year, (level,)))


WAYS: Mapping[str, Callable[..., list[Way]]] = {
    "grade_at_least": _grade,
    "grades_in_row": _grade_row,
    "grade_times": _grade_times,
    "title_in_row": _title_row,
    "title_times": _title_times,
    "never_held": _never,
    "initiatives": _initiatives,
    "service_years": _service,
    "months_worked": _months,
    "registered": _registered,
    "no_discipline": _undisciplined,
    "members_share": _members_share,
    "members_count": _members_count,
    "members_undisciplined": _members_undisciplined,
    "rank_at_most": _rank,
    "movement_reviewed": _movement,
    "unseen": _no_way,
}


# --- The record with a change ---


def _with_grade(record: Record, change: Change, asked: Asked) -> Record:
    before = [g.grade for g in record.graded if g.year == change.year]
    grade = max((change.names[0], *before), key=GRADES.index)
    rest = tuple(g for g in record.graded if g.year != change.year)
    return replace(record, graded=(*rest, Graded(change.year, grade, _SUPPOSED)))


def _with_title(record: Record, change: Change, asked: Asked) -> Record:
    return replace(record, held=(*record.held, Held(change.names[0], change.year, _SUPPOSED)))


def _with_initiatives(record: Record, change: Change, asked: Asked) -> Record:
    recognised = min(asked.on, last_day(asked.year))
    more = tuple(
        Initiative(change.names[0], recognised, f"{_SUPPOSED}-{number}") for number in range(change.count)
    )
    return replace(record, initiatives=(*record.initiatives, *more))


def _with_service(record: Record, change: Change, asked: Asked) -> Record:
    begun = Service("trade", _years_later(asked.on, -change.count), _SUPPOSED)
    return replace(record, service=(*record.service, begun))


def _employed(record: Record, change: Change, asked: Asked) -> Record:
    return replace(record, employed_since=first_day(change.year))


def _with_registration(record: Record, change: Change, asked: Asked) -> Record:
    return replace(record, registered=(record.registered or frozenset()) | set(change.names))


def _without_discipline(record: Record, change: Change, asked: Asked) -> Record:
    # An annulled discipline also leaves the year asked for clean.
    return _nothing_on_record(replace(record, disciplines=()), replace(change, year=asked.year), asked)


def _nothing_on_record(record: Record, change: Change, asked: Asked) -> Record:
    known = record.complete.get("disciplines", frozenset()) | {change.year}
    return replace(record, complete={**record.complete, "disciplines": known})


def _members_disciplines(record: Record, change: Change, asked: Asked) -> Record:
    clean = tuple(replace(member, disciplines=()) for member in record.members or ())
    return _nothing_on_record(replace(record, members=clean), change, asked)


def _members_titles(record: Record, change: Change, asked: Asked) -> Record:
    def better(member: Member) -> Member:
        return replace(member, titles=member.titles | {change.names[0]})

    known = record.knows("titles", asked.year)
    return _some_members(
        record,
        change,
        better,
        lambda m: _counts(m, change.names, None),
        lambda m: known and set(m.awaited).isdisjoint(change.names),
    )


def _members_grades(record: Record, change: Change, asked: Asked) -> Record:
    def better(member: Member) -> Member:
        return replace(member, grade=change.names[0])

    def has(m: Member) -> bool:
        return _counts(m, (), change.names[0])

    return _some_members(record, change, better, has, lambda m: m.grade is not None)


def _some_members(
    record: Record,
    change: Change,
    better: Callable[[Member], Member],
    has: Callable[[Member], bool],
    settled: Callable[[Member], bool],
) -> Record:
    """So many more members made better, first those of whom it is not settled yet."""
    members = list(record.members or ())
    lacking = [place for place, member in enumerate(members) if not has(member)]
    lacking.sort(key=lambda place: settled(members[place]))
    for place in lacking[: change.count]:
        members[place] = better(members[place])
    return replace(record, members=tuple(members))


def _with_whole_career(record: Record, change: Change, asked: Asked) -> Record:
    return replace(record, whole=True)


def _ranked(record: Record, change: Change, asked: Asked) -> Record:
    return replace(record, rank=change.count)


def _with_movement(record: Record, change: Change, asked: Asked) -> Record:
    return replace(record, movement=Movement(change.names[0], reviewed=True, ref=_SUPPOSED))


_APPLY: Mapping[str, Callable[[Record, Change, Asked], Record]] = {
    "grade": _with_grade,
    "title": _with_title,
    "title_before": _with_title,
    "never_held": _with_whole_career,
    "initiative": _with_initiatives,
    "service": _with_service,
    "employed": _employed,
    "registered": _with_registration,
    "discipline": _without_discipline,
    "no_discipline": _nothing_on_record,
    "member_titles": _members_titles,
    "member_grades": _members_grades,
    "member_disciplines": _members_disciplines,
    "rank": _ranked,
    "movement": _with_movement,
}


def _years_later(day: date, years: int) -> date:
    """The same day, so many years later; of 29 February, the day before where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 2, 28)
