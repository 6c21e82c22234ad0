"""What would have to change for a verdict to be met: minimal sets, each change of them needed.

Every word can say by which changes it would hold (`WAYS`). The sets of a whole rule follow from its groups; each is
then tried on the record, and what turns out not to be needed is left out. So a set is right by trial, not by argument.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from typing import Any

from rules.answers import MET
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


def missing(book: Lawbook, asked: Asked, record: Record, now: int | None = None) -> tuple[Needed, ...]:
    """Minimal sets of changes that make the verdict met, those that are open first and the shortest first.

    Empty where the verdict is met already, and where no change helps (a text nobody has seen). ``now`` is the year
    in which one asks, where that is not the one asked for.
    """
    rule = book.rules.get((asked.title, record.subject))
    if rule is None or verdict(book, asked, record).outcome == MET:
        return ()
    look = Look(asked, record, book.after_discipline is not None)
    found: list[frozenset[Change]] = []
    for way in _ways(book, rule, rule.asks, look) or ():
        needed = _only_needed(book, asked, record, way)
        if needed and needed not in found:
            found.append(needed)
    smallest = [one for one in found if not any(other < one for other in found)]
    told = [_told(one, record, asked.year if now is None else now) for one in smallest]
    return tuple(sorted(told, key=lambda n: (not n.open, len(n.changes), n.changes)))


def earliest_year(book: Lawbook, asked: Asked, record: Record) -> int | None:
    """The first school year, from the one asked for on, in which the title can be had if all that is open goes well."""
    for year in range(asked.year, asked.year + HORIZON + 1):
        then = Asked(asked.title, year, _years_later(asked.on, year - asked.year))
        if verdict(book, then, record).outcome == MET:
            return year
        if any(needed.open for needed in missing(book, then, record, asked.year)):
            return year
    return None


def changed(record: Record, change: Change, asked: Asked) -> Record:
    """The record as it would be with a change."""
    return _APPLY[change.kind](record, change, asked)


def _only_needed(
    book: Lawbook, asked: Asked, record: Record, way: Iterable[Change]
) -> frozenset[Change] | None:
    """The changes of a way without those that are not needed; None where even all of them do not help."""
    kept = sorted(set(way))
    if not _helps(book, asked, record, kept):
        return None
    for change in tuple(kept):
        fewer = [one for one in kept if one != change]
        if _helps(book, asked, record, fewer):
            kept = fewer
    return frozenset(kept)


def _helps(book: Lawbook, asked: Asked, record: Record, changes: Iterable[Change]) -> bool:
    for change in changes:
        record = changed(record, change, asked)
    return verdict(book, asked, record).outcome == MET


def _told(changes: frozenset[Change], record: Record, now: int) -> Needed:
    return Needed(tuple((change, _standing(change, record, now)) for change in sorted(changes)))


def _standing(change: Change, record: Record, now: int) -> str:
    """Whether a change can still come about. What lies in an earlier year can be proved where the record is silent."""
    if change.kind in _ANNULLED:
        return PAST
    if change.kind in _PROOFS:
        return UNPROVED
    if change.kind == "grade" and any(g.year == change.year for g in record.graded):
        return PAST
    if change.year == 0 or change.year >= now:
        return OPEN
    if change.kind == "grade":
        return PAST if record.knows("grades", change.year) else UNPROVED
    if change.kind == "title_before":
        return PAST if record.whole else UNPROVED
    waits = any(h.year == change.year and h.title in change.names and h.awaited for h in record.held)
    return UNPROVED if waits or not record.knows("titles", change.year) else PAST


# --- The sets of a rule ---


def _ways(book: Lawbook, rule: Rule, node: Node, look: Look) -> list[frozenset[Change]] | None:
    """Sets of changes by which a node would hold; None where it asks nothing on the day."""
    if isinstance(node, Condition):
        return _of_word(book, rule, node, look) if node.in_force(look.asked.on) else None
    of_parts = [found for part in node.parts if (found := _ways(book, rule, part, look)) is not None]
    if not of_parts:
        return None
    if node.how == ALL:
        return _joined(of_parts)
    return [way for ways in of_parts for way in ways][:MOST]


def _joined(of_parts: list[list[frozenset[Change]]]) -> list[frozenset[Change]]:
    """One way of each part, in every combination."""
    joined: list[frozenset[Change]] = [frozenset()]
    for ways in of_parts:
        pairs = product(joined, sorted(ways, key=len))
        joined = sorted({before | way for before, way in pairs}, key=lambda way: (len(way), sorted(way)))[
            :MOST
        ]
    return joined


def _of_word(book: Lawbook, rule: Rule, condition: Condition, look: Look) -> list[frozenset[Change]]:
    if condition.word == MEETS:
        other = book.rules.get((condition.values["title"], look.record.subject))
        return (_ways(book, other, other.asks, look) or []) if other else []
    if condition.word == "title_before":
        titles = condition.values["titles"]
        return _set(Change("title_before", look.asked.year - _lead(rule.asks, titles), titles))
    return WAYS[condition.word](look, **condition.values)


def _lead(node: Node, titles: tuple[str, ...]) -> int:
    """How many years before the one asked for a title must be held, so that the rows that follow it have room."""
    if isinstance(node, Condition):
        follows = not set(titles).isdisjoint(node.values.get("after", ()))
        return int(node.values["years"]) if follows else 1
    return max((_lead(part, titles) for part in node.parts), default=1)


def _set(*changes: Change) -> list[frozenset[Change]]:
    return [frozenset(changes)]


def _no_way(look: Look, **_: Any) -> list[frozenset[Change]]:
    return []


def _nothing(look: Look, **_: Any) -> list[frozenset[Change]]:
    return _set()


def _grade(look: Look, *, grade: str) -> list[frozenset[Change]]:
    return _grade_row(look, grade=grade, years=1)


def _grade_row(look: Look, *, grade: str, years: int, after: tuple[str, ...] = ()) -> list[frozenset[Change]]:
    span = row_to(look.asked.year, years)
    return _set(
        *(Change("grade", y, (grade,)) for y in span if not _has_grade(look.record, y, grade)),
        *_served(look, span),
    )


def _grade_times(look: Look, *, grade: str, times: int, years: int) -> list[frozenset[Change]]:
    span = row_to(look.asked.year, years)
    lacking = [y for y in span if not _has_grade(look.record, y, grade)]
    short = max(0, times - (years - len(lacking)))
    # The latest years first: they are the ones that may still be open.
    return _set(
        *(Change("grade", y, (grade,)) for y in lacking[len(lacking) - short :]), *_served(look, span)
    )


def _has_grade(record: Record, year: int, grade: str) -> bool:
    return any(g.year == year and GRADES.index(g.grade) >= GRADES.index(grade) for g in record.graded)


def _title_row(
    look: Look, *, titles: tuple[str, ...], years: int, after: tuple[str, ...] = ()
) -> list[frozenset[Change]]:
    span = row_to(look.asked.year, years)
    return _set(
        *(Change("title", y, titles) for y in span if not _has_title(look.record, y, titles)),
        *_served(look, span),
    )


def _title_times(look: Look, *, titles: tuple[str, ...], times: int, years: int) -> list[frozenset[Change]]:
    span = row_to(look.asked.year, years)
    lacking = [y for y in span if not _has_title(look.record, y, titles)]
    short = max(0, times - (years - len(lacking)))
    return _set(*(Change("title", y, titles) for y in lacking[len(lacking) - short :]), *_served(look, span))


def _has_title(record: Record, year: int, titles: tuple[str, ...]) -> bool:
    return any(
        h.year == year and h.title in titles and h.kind == MERIT and h.awaited is None for h in record.held
    )


def _served(look: Look, span: range) -> tuple[Change, ...]:
    """A discipline that cuts years off would have to be annulled."""
    return (Change("discipline"),) if any(cut_off(look, year) for year in span) else ()


def _initiatives(look: Look, *, scope: str, count: int, **more: Any) -> list[frozenset[Change]]:
    have = WORDS["initiatives"].examine(look, scope=scope, count=count, **more).figures["have"]
    return _set(Change("initiative", 0, (scope,), count - have)) if have < count else _set()


def _service(look: Look, *, years: int, **_: Any) -> list[frozenset[Change]]:
    # Time passes by itself: the year in which it is enough is found by looking at later years, not by a change.
    return [] if look.record.service else _set(Change("service", look.asked.year, (), years))


def _months(look: Look, *, months: int) -> list[frozenset[Change]]:
    return [] if look.record.employed_since else _set(Change("employed", look.asked.year, (), months))


def _registered(look: Look) -> list[frozenset[Change]]:
    return _set(Change("registered", look.asked.year, (look.asked.title,)))


def _undisciplined(look: Look, *, form: str) -> list[frozenset[Change]]:
    year = look.asked.year
    hit = WORDS["no_discipline"].examine(look, form=form).evidence
    return _set(Change("discipline") if hit else Change("no_discipline", year))


def _members_share(
    look: Look, *, share: Any, titles: tuple[str, ...] = (), grade: str | None = None
) -> list[frozenset[Change]]:
    members = look.record.members or ()
    need = -(-share.numerator * len(members) // share.denominator)
    return _more_members(look, titles, grade, need)


def _members_count(look: Look, *, titles: tuple[str, ...], count: int) -> list[frozenset[Change]]:
    return _more_members(look, titles, None, count)


def _more_members(
    look: Look, titles: tuple[str, ...], grade: str | None, need: int
) -> list[frozenset[Change]]:
    members = look.record.members or ()
    have = sum(_counts(m, titles, grade) for m in members)
    if not members or need > len(members):
        return []
    names = titles if grade is None else (grade,)
    kind = "member_titles" if grade is None else "member_grades"
    return _set(Change(kind, look.asked.year, names, need - have)) if need > have else _set()


def _counts(member: Member, titles: tuple[str, ...], grade: str | None) -> bool:
    if grade is None:
        return not member.titles.isdisjoint(titles)
    return member.grade is not None and GRADES.index(member.grade) >= GRADES.index(grade)


def _members_undisciplined(look: Look, *, form: str) -> list[frozenset[Change]]:
    if not look.record.members:
        return []
    hit = WORDS["members_undisciplined"].examine(look, form=form).figures["hit"]
    return _set(Change("member_disciplines" if hit else "no_discipline", look.asked.year))


def _rank(look: Look, *, rank: int) -> list[frozenset[Change]]:
    return _set(Change("rank", look.asked.year, (), rank))


def _movement(look: Look, *, level: str) -> list[frozenset[Change]]:
    return _set(Change("movement", look.asked.year, (level,)))


WAYS: Mapping[str, Callable[..., list[frozenset[Change]]]] = {
    "grade_at_least": _grade,
    "grades_in_row": _grade_row,
    "grade_times": _grade_times,
    "title_in_row": _title_row,
    "title_times": _title_times,
    "never_held": _no_way,
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
    "judged": _nothing,
    "unseen": _no_way,
}


# --- The record with a change ---

#: what would have to be annulled, and what would have to be shown where nothing is on record
_ANNULLED = frozenset({"discipline", "member_disciplines"})
_PROOFS = frozenset({"service", "employed", "no_discipline"})


def _with_grade(record: Record, change: Change, asked: Asked) -> Record:
    before = [g.grade for g in record.graded if g.year == change.year]
    grade = max((change.names[0], *before), key=GRADES.index)
    rest = tuple(g for g in record.graded if g.year != change.year)
    return replace(record, graded=(*rest, Graded(change.year, grade, _SUPPOSED)))


def _with_title(record: Record, change: Change, asked: Asked) -> Record:
    return replace(record, held=(*record.held, Held(change.names[0], change.year, _SUPPOSED)))


def _with_initiatives(record: Record, change: Change, asked: Asked) -> Record:
    recognised = max(first_day(asked.year), min(asked.on, last_day(asked.year)))
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

    return _some_members(record, change, better, lambda m: _counts(m, change.names, None))


def _members_grades(record: Record, change: Change, asked: Asked) -> Record:
    def better(member: Member) -> Member:
        return replace(member, grade=change.names[0])

    return _some_members(record, change, better, lambda m: _counts(m, (), change.names[0]))


def _some_members(
    record: Record, change: Change, better: Callable[[Member], Member], has: Callable[[Member], bool]
) -> Record:
    left, members = change.count, []
    for member in record.members or ():
        lifts = left > 0 and not has(member)
        members.append(better(member) if lifts else member)
        left -= lifts
    return replace(record, members=tuple(members))


def _ranked(record: Record, change: Change, asked: Asked) -> Record:
    return replace(record, rank=change.count)


def _with_movement(record: Record, change: Change, asked: Asked) -> Record:
    return replace(record, movement=Movement(change.names[0], reviewed=True, ref=_SUPPOSED))


_APPLY: Mapping[str, Callable[[Record, Change, Asked], Record]] = {
    "grade": _with_grade,
    "title": _with_title,
    "title_before": _with_title,
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
