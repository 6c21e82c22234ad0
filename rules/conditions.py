"""The words of which rulebooks are written, each one pure function from a record to an answer.

Every word takes what is asked, whether a discipline cuts off what came before it, the record, and its values by name.
Where the record is silent about a year that is not complete, the answer is unknown, never "not met".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from rules.answers import (
    AWAITED,
    JUDGED,
    MET,
    NOT_MET,
    PEOPLE,
    SILENT,
    UNKNOWN,
    UNSEEN,
    UNSERVED,
    Answer,
    Tally,
    any_of,
)
from rules.lawbook import Asked
from rules.record import DISCIPLINES, GRADES, MERIT, SCOPES, Graded, Held, Initiative, Member, Record
from rules.school_years import first_day, last_day, name_of, row_to

_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Look:
    """What a word looks at: the question, the record, and whether discipline cuts off what came before it."""

    asked: Asked
    record: Record
    after_discipline: bool = False


# --- What single years say ---


def _title(look: Look, year: int, titles: tuple[str, ...]) -> Answer:
    """Whether one of ``titles`` is held of a year, for merit."""
    record, cut = look.record, cut_off(look, year)
    decided, waiting = [], []
    for held in record.held:
        if held.year == year and held.kind == MERIT and held.title in titles:
            if held.awaited is None:
                decided.append(held.ref)
            else:
                waiting.append(held.awaited)
    if cut == MET:
        return Answer(NOT_MET, (*decided, *_cutting(look, year)))
    if decided:
        return Answer(cut or MET, tuple(decided), why=_why(cut))
    if waiting:
        return Answer(UNKNOWN, why=_why(cut) or AWAITED, awaited=tuple(waiting))
    return _NOT if record.knows("titles", year) else _SILENT


def _grade(look: Look, year: int, grade: str) -> Answer:
    """Whether the grade of a year is at least ``grade``. A year has one grade: none recorded is silence."""
    cut = cut_off(look, year)
    there = _graded(look.record, year)
    refs = () if there is None else (there.ref,)
    if cut == MET:
        return Answer(NOT_MET, (*refs, *_cutting(look, year)))
    if there is None:
        return _NOT if look.record.knows("grades", year) else _SILENT
    if GRADES.index(there.grade) < GRADES.index(grade):
        return Answer(NOT_MET, refs)
    return Answer(cut or MET, refs, why=_why(cut))


def _graded(record: Record, year: int) -> Graded | None:
    for one in record.graded:
        if one.year == year:
            return one
    return None


#: years that rest on no row; there are many of them, and they are all alike
_NOT, _SILENT = Answer(NOT_MET), Answer(UNKNOWN, why=SILENT)


def cut_off(look: Look, year: int) -> str:
    """Whether a discipline cuts a year off: `met` where it was served after the year had ended, `unknown` where it was
    served within the year or its end is not on record, the empty text where no discipline is in the way."""
    if not look.after_discipline or not look.record.disciplines:
        return ""
    found = ""
    for one in look.record.disciplines:
        if one.since > look.asked.on:
            continue
        if one.served_on is None:
            found = UNKNOWN
        elif one.served_on > last_day(year):
            return MET
        elif one.served_on > first_day(year):
            found = UNKNOWN
    return found


def _cutting(look: Look, year: int) -> Iterator[str]:
    """The disciplines that cut a year off."""
    for one in look.record.disciplines:
        if one.since <= look.asked.on and one.served_on is not None and one.served_on > last_day(year):
            yield one.ref


def cut_off_before(look: Look, day: date) -> str:
    """The same of a single day: what is of the day on which a discipline has been served, or later, counts."""
    if not look.after_discipline:
        return ""
    found = ""
    for one in look.record.disciplines:
        if one.since > look.asked.on:
            continue
        if one.served_on is None:
            found = UNKNOWN
        elif one.served_on > day:
            return MET
    return found


def _why(outcome: str) -> str:
    return UNSERVED if outcome == UNKNOWN else ""


# --- The keys of facts ---


def _title_keys(look: Look, years: range, titles: tuple[str, ...]) -> list[str]:
    holder = look.record.holder
    keys = _year_keys(look, years)
    keys += [f"title:{holder}:{year}:{title}" for year in years for title in titles]
    return keys


def _grade_keys(look: Look, years: range) -> list[str]:
    holder = look.record.holder
    return _year_keys(look, years) + [f"grade:{holder}:{year}" for year in years]


def _year_keys(look: Look, years: range) -> list[str]:
    """Whether years are complete, and what may cut them off: looked at by every word that looks at years."""
    holder = look.record.holder
    keys = [f"complete:{holder}:{year}" for year in years]
    if look.after_discipline:
        keys.append(f"discipline:{holder}")
    return keys


def _ever_keys(look: Look, titles: tuple[str, ...]) -> list[str]:
    holder = look.record.holder
    return [f"whole:{holder}", *(f"title:{holder}:ever:{title}" for title in titles)]


# --- Grades ---


def grade_at_least(look: Look, *, grade: str) -> Answer:
    """The grade of the year asked for is at least ``grade``."""
    year = look.asked.year
    one = _grade(look, year, grade)
    there = _graded(look.record, year)
    figures = {"grade": grade, "has": there and there.grade, "year": name_of(year)}
    return Answer(
        one.outcome, one.evidence, figures, one.why, read=tuple(_grade_keys(look, range(year, year + 1)))
    )


def grades_in_row(look: Look, *, grade: str, years: int, after: tuple[str, ...] = ()) -> Answer:
    """At least ``grade`` in each of the last ``years`` years, this one included, all after a title of ``after``."""
    read = _grade_keys(look, row_to(look.asked.year, years))
    return _row(look, years, after, lambda year: _grade(look, year, grade), {"grade": grade}, read)


def grade_times(look: Look, *, grade: str, times: int, years: int) -> Answer:
    """At least ``grade`` in ``times`` of the last ``years`` years."""
    span = row_to(look.asked.year, years)
    tally = Tally()
    for year in span:
        tally.add(_grade(look, year, grade))
    return tally.answer(times, {"grade": grade, **_span(span)}, _grade_keys(look, span))


# --- Titles ---


def title_in_row(look: Look, *, titles: tuple[str, ...], years: int, after: tuple[str, ...] = ()) -> Answer:
    """One of ``titles`` in each of the last ``years`` years, this one included, all after a title of ``after``."""
    read = _title_keys(look, row_to(look.asked.year, years), titles)
    return _row(look, years, after, lambda year: _title(look, year, titles), {"titles": titles}, read)


def title_times(look: Look, *, titles: tuple[str, ...], times: int, years: int) -> Answer:
    """One of ``titles`` in at least ``times`` of the last ``years`` years."""
    span = row_to(look.asked.year, years)
    tally = Tally()
    for year in span:
        tally.add(_title(look, year, titles))
    return tally.answer(times, {"titles": titles, **_span(span)}, _title_keys(look, span, titles))


def title_before(look: Look, *, titles: tuple[str, ...]) -> Answer:
    """One of ``titles`` is held of an earlier year."""
    one = _before(look, titles, look.asked.year)
    told = {"titles": titles, "have": len(one.evidence), "need": 1}
    read = tuple(_ever_keys(look, titles))
    return Answer(one.outcome, one.evidence, told, one.why, one.awaited, read)


def never_held(look: Look, *, titles: tuple[str, ...]) -> Answer:
    """None of ``titles`` was ever held, in whatever year and for whatever reason."""
    there = [h for h in look.record.held if h.title in titles]
    read, figures = tuple(_ever_keys(look, titles)), {"titles": titles}
    if decided := tuple(h.ref for h in there if h.awaited is None):
        return Answer(NOT_MET, decided, figures, read=read)
    waiting = tuple(h.awaited for h in there if h.awaited is not None)
    if not look.record.whole:
        return Answer(UNKNOWN, (), figures, SILENT, waiting, read)
    if waiting:
        return Answer(UNKNOWN, (), figures, AWAITED, waiting, read)
    return Answer(MET, (), figures, read=read)


def _before(look: Look, titles: tuple[str, ...], year: int) -> Answer:
    """Whether one of ``titles`` is held of a year before ``year``, for merit. No discipline takes it away again."""
    decided, waiting = [], []
    for held in look.record.held:
        if held.year < year and held.kind == MERIT and held.title in titles:
            if held.awaited is None:
                decided.append(held.ref)
            else:
                waiting.append(held.awaited)
    if decided:
        return Answer(MET, tuple(decided))
    if not look.record.whole:
        return Answer(UNKNOWN, why=SILENT, awaited=tuple(waiting))
    return Answer(UNKNOWN, why=AWAITED, awaited=tuple(waiting)) if waiting else Answer(NOT_MET)


def _row(
    look: Look,
    years: int,
    after: tuple[str, ...],
    of_year: Callable[[int], Answer],
    figures: Mapping[str, Any],
    read: list[str],
) -> Answer:
    span = row_to(look.asked.year, years)
    tally, missing = Tally(), []
    start, first = None, None
    if after:
        read += _ever_keys(look, after)
        start = _before(look, after, span[0])
        tally.evidence += start.evidence
        first = min((h.year for h in look.record.held if _is_of(h, after)), default=None)
    for year in span:
        one = of_year(year)
        # Where no title of ``after`` is known before the row, years count from the first that there is.
        late = start is not None and start.outcome != MET and (first is None or year <= first)
        if start is not None and late and (start.outcome == NOT_MET or one.outcome == MET):
            one = start
        tally.add(one)
        if one.outcome != MET:
            missing.append(name_of(year))
    told = {**figures, **_span(span), "missing": missing, "after": after}
    return tally.answer(years, told, read)


def _is_of(held: Held, titles: tuple[str, ...]) -> bool:
    return held.title in titles and held.kind == MERIT and held.awaited is None


def _span(span: range) -> dict[str, Any]:
    return {"since": name_of(span[0]), "until": name_of(span[-1]), "years": len(span)}


# --- Initiatives, work, registration ---


def initiatives(
    look: Look, *, scope: str, count: int, years: int | None = None, unused_by: str | None = None
) -> Answer:
    """``count`` initiatives recognised at ``scope`` or wider, valid on the day, not used up."""
    asked, record = look.asked, look.record
    span = row_to(asked.year, years or 1)
    used: set[str] = set()
    # One that was recognised twice, at two scopes, is one: what serves best counts.
    there: dict[str, Answer] = {}
    for one in record.initiatives:
        if SCOPES.index(one.scope) < SCOPES.index(scope):
            continue
        if one.recognised_on > asked.on or (one.last_day is not None and one.last_day < asked.on):
            continue
        if years is not None and not first_day(span[0]) <= one.recognised_on <= last_day(span[-1]):
            continue
        if unused_by is not None and one.used_by & (_USES if unused_by == "any" else {unused_by}):
            used.add(one.ref)
            continue
        found = _initiative(look, one)
        if one.ref not in there or any_of((found.outcome, there[one.ref].outcome)) != there[one.ref].outcome:
            there[one.ref] = found
    tally = Tally()
    for found in there.values():
        tally.add(found)
    if tally.met < count and not all(record.knows("initiatives", year) for year in span):
        # How many are not on record is not known either.
        tally.unknown += count
        tally.whys.append(SILENT)
    figures = {"scope": scope, "used": len(used), **({} if years is None else _span(span))}
    return tally.answer(count, figures, [f"initiatives:{record.holder}", *_year_keys(look, span)])


#: what an initiative can have been used for
_USES = frozenset({"title", "form"})


def _initiative(look: Look, one: Initiative) -> Answer:
    cut = cut_off_before(look, one.recognised_on)
    if cut == MET:
        return Answer(NOT_MET, (one.ref,))
    if one.awaited is not None:
        return Answer(UNKNOWN, why=_why(cut) or AWAITED, awaited=(one.awaited,))
    return Answer(cut or MET, (one.ref,), why=_why(cut))


def service_years(look: Look, *, years: int, hard_years: int | None = None, fewer: int = 0) -> Answer:
    """``years`` in the trade on the day, fewer where long enough in a hard area; time under discipline is left out."""
    record, day = look.record, look.asked.on
    read = (f"service:{record.holder}", f"discipline:{record.holder}")
    if not any(s.kind == _TRADE and s.since <= day for s in record.service):
        figures = {"need": years, "have": 0, "months": 0, "easier": False}
        return Answer(UNKNOWN, (), figures, SILENT, read=read)

    def enough(under: list[tuple[int, int]]) -> tuple[bool, dict[str, Any]]:
        trade, hard = (_months(_days(record, kind, day, under), day) for kind in (_TRADE, _HARD))
        easier = hard_years is not None and hard >= hard_years * _MONTHS
        need = years - (fewer if easier else 0)
        told = {"need": need, "have": trade // _MONTHS, "months": trade % _MONTHS, "easier": easier}
        return trade >= need * _MONTHS, told

    # A discipline lasts to the day before the one on which it has been served.
    there = [(d.since.toordinal(), d.served_on) for d in record.disciplines if d.since <= day]
    ended = [(since, served.toordinal()) for since, served in there if served is not None]
    lasting = [(since, date.max.toordinal()) for since, served in there if served is None]
    met, figures = enough(ended + lasting)
    # One of which the end is not known may have ended long ago.
    outcome = MET if met else UNKNOWN if lasting and enough(ended)[0] else NOT_MET
    why = _why(outcome)
    evidence = tuple(s.ref for s in record.service if s.since <= day)
    return Answer(outcome, evidence, figures, why, read=read)


_TRADE, _HARD = "trade", "hard_area"


def _days(record: Record, kind: str, day: date, under: list[tuple[int, int]]) -> int:
    """How many days to ``day``, that one included, somebody was in service of a kind and not ``under`` discipline."""
    served = [
        (s.since.toordinal(), min(s.until or day, day).toordinal() + 1)
        for s in record.service
        if s.kind == kind
    ]
    return _length(served + under) - _length(under)


def _length(spans: list[tuple[int, int]]) -> int:
    """How many days some spans cover together; the day with which each ends is not of it."""
    covered, reached = 0, date.min.toordinal()
    for begins, ends in sorted(spans):
        covered += max(0, ends - max(begins, reached))
        reached = max(reached, ends)
    return covered


def _months(days: int, until: date) -> int:
    """Whole months that so many days are, if they were the last ones to ``until``, that day included."""
    after = date.fromordinal(until.toordinal() + 1)
    begun = date.fromordinal(after.toordinal() - days)
    return (after.year - begun.year) * _MONTHS + after.month - begun.month - (begun.day > after.day)


def months_worked(look: Look, *, months: int) -> Answer:
    """Employed for at least ``months`` whole months of the school year."""
    record, year = look.record, look.asked.year
    read = (f"employment:{record.holder}",)
    if record.employed_since is None:
        return Answer(UNKNOWN, (), {"need": months, "have": 0}, SILENT, read=read)
    begins = max(record.employed_since, first_day(year))
    ends = last_day(year)
    have = 0
    if begins <= ends:
        have = (ends.year - begins.year) * _MONTHS + ends.month - begins.month + (begins.day == 1)
    figures = {"need": months, "have": have, "since": record.employed_since.isoformat()}
    return Answer(MET if have >= months else NOT_MET, (), figures, read=read)


def registered(look: Look) -> Answer:
    """The title was registered for the year."""
    record, asked = look.record, look.asked
    read = (f"registered:{record.holder}:{asked.year}",)
    if record.registered is None:
        return Answer(UNKNOWN, (), {}, SILENT, read=read)
    return Answer(MET if asked.title in record.registered else NOT_MET, read=read)


# --- Discipline ---


def no_discipline(look: Look, *, form: str) -> Answer:
    """No discipline from ``form`` up was decided in the year."""
    record, year = look.record, look.asked.year
    there = tuple(
        d.ref
        for d in record.disciplines
        if _as_hard(d.form, form) and first_day(year) <= d.since <= last_day(year)
    )
    read = (f"discipline:{record.holder}", f"complete:{record.holder}:{year}")
    figures = {"form": form, "year": name_of(year)}
    if there:
        return Answer(NOT_MET, there, figures, read=read)
    known = record.knows("disciplines", year)
    return Answer(MET if known else UNKNOWN, (), figures, "" if known else SILENT, read=read)


def _as_hard(form: str, least: str) -> bool:
    return DISCIPLINES.index(form) >= DISCIPLINES.index(least)


# --- Collectives ---


def members_share(
    look: Look, *, share: Fraction, titles: tuple[str, ...] = (), grade: str | None = None
) -> Answer:
    """At least ``share`` of all members have one of ``titles``, or at least ``grade``."""
    figures: dict[str, Any] = {"share": share, "titles": titles, "grade": grade}
    members = look.record.members
    if not members:
        return _nobody_counted(look, figures)
    need = -(-share.numerator * len(members) // share.denominator)
    figures["of"] = len(members)
    return _members(look, need, figures, lambda m: _member(look, m, titles, grade))


def members_count(look: Look, *, titles: tuple[str, ...], count: int) -> Answer:
    """At least ``count`` members have one of ``titles``."""
    members = look.record.members
    figures: dict[str, Any] = {"titles": titles, "of": len(members or ())}
    if not members:
        return _nobody_counted(look, figures)
    return _members(look, count, figures, lambda m: _member(look, m, titles, None))


def members_undisciplined(look: Look, *, form: str) -> Answer:
    """No member was disciplined from ``form`` up in the year."""
    members, year = look.record.members, look.asked.year
    figures: dict[str, Any] = {"form": form, "year": name_of(year)}
    if not members:
        return _nobody_counted(look, figures)
    hit = sum(any(_as_hard(one, form) for one in m.disciplines) for m in members)
    known = look.record.knows("disciplines", year)
    outcome = NOT_MET if hit else MET if known else UNKNOWN
    return Answer(
        outcome, (), {**figures, "hit": hit}, "" if hit or known else SILENT, read=_member_keys(look)
    )


def _member(look: Look, member: Member, titles: tuple[str, ...], grade: str | None) -> Answer:
    if grade is not None:
        if member.grade is None:
            return Answer(UNKNOWN, why=SILENT)
        return Answer(MET if GRADES.index(member.grade) >= GRADES.index(grade) else NOT_MET)
    if not member.titles.isdisjoint(titles):
        return Answer(MET)
    if waiting := [code for title, code in member.awaited.items() if title in titles]:
        return Answer(UNKNOWN, why=AWAITED, awaited=tuple(waiting))
    return Answer(NOT_MET) if look.record.knows("titles", look.asked.year) else Answer(UNKNOWN, why=SILENT)


def _members(look: Look, need: int, figures: Mapping[str, Any], of: Callable[[Member], Answer]) -> Answer:
    tally = Tally()
    for member in look.record.members or ():
        tally.add(of(member))
    return tally.answer(need, figures, _member_keys(look))


def _nobody_counted(look: Look, figures: Mapping[str, Any]) -> Answer:
    return Answer(UNKNOWN, (), {"have": 0, "of": 0, **figures}, SILENT, read=_member_keys(look))


def _member_keys(look: Look) -> tuple[str, ...]:
    holder, year = look.record.holder, look.asked.year
    return (f"members:{holder}:{year}", f"complete:{holder}:{year}")


def rank_at_most(look: Look, *, rank: int) -> Answer:
    """Ranked at ``rank`` or better in its bloc."""
    record = look.record
    read = (f"rank:{record.holder}:{look.asked.year}",)
    figures = {"need": rank, "have": record.rank}
    if record.rank is None:
        return Answer(UNKNOWN, (), figures, SILENT, read=read)
    return Answer(MET if record.rank <= rank else NOT_MET, (), figures, read=read)


def movement_reviewed(look: Look, *, level: str) -> Answer:
    """The nomination names a movement launched at ``level`` or above that has been reviewed."""
    movement = look.record.movement
    read = (f"movement:{look.record.holder}:{look.asked.year}",)
    if movement is None:
        return Answer(NOT_MET, (), {"level": level, "named": False}, read=read)
    fits = _LEVELS.index(movement.level) >= _LEVELS.index(level) and movement.reviewed
    figures = {"level": level, "named": True, "reviewed": movement.reviewed, "launched": movement.level}
    return Answer(MET if fits else NOT_MET, (movement.ref,), figures, read=read)


_LEVELS = ("local", "province", "ministry", "state")


# --- What the program cannot answer ---


def judged(look: Look, *, what: Mapping[str, str]) -> Answer:
    """People judge it."""
    return Answer(JUDGED, (), {"what": what}, PEOPLE)


def unseen(look: Look, *, what: Mapping[str, str]) -> Answer:
    """Nobody has seen the text: never met, whatever the record."""
    return Answer(UNKNOWN, (), {"what": what}, UNSEEN)


@dataclass(frozen=True, slots=True)
class Word:
    """A word: its function, the values it must have, those it may have. Kinds of values are named in `VALUES`."""

    examine: Callable[..., Answer]
    must: Mapping[str, str]
    may: Mapping[str, str]
    subjects: tuple[str, ...] = ("individual", "collective")


_PERSON, _COLLECTIVE = ("individual",), ("collective",)
#: what kinds of values there are; a reader of files knows how each is written
VALUES = (
    "grade",
    "titles",
    "title",
    "years",
    "count",
    "share",
    "scope",
    "unused_by",
    "form",
    "level",
    "words",
)
#: `meets` asks another rule, which only a whole rulebook can answer (rules/verdict.py)
MEETS = "meets"
WORDS: dict[str, Word] = {
    "grade_at_least": Word(grade_at_least, {"grade": "grade"}, {}),
    "grades_in_row": Word(grades_in_row, {"grade": "grade", "years": "years"}, {"after": "titles"}),
    "grade_times": Word(grade_times, {"grade": "grade", "times": "count", "years": "years"}, {}),
    "title_in_row": Word(title_in_row, {"titles": "titles", "years": "years"}, {"after": "titles"}),
    "title_times": Word(title_times, {"titles": "titles", "times": "count", "years": "years"}, {}),
    "title_before": Word(title_before, {"titles": "titles"}, {}),
    "never_held": Word(never_held, {"titles": "titles"}, {}),
    "initiatives": Word(
        initiatives,
        {"scope": "scope", "count": "count"},
        {"years": "years", "unused_by": "unused_by"},
        _PERSON,
    ),
    "service_years": Word(
        service_years, {"years": "years"}, {"hard_years": "years", "fewer": "count"}, _PERSON
    ),
    "months_worked": Word(months_worked, {"months": "count"}, {}, _PERSON),
    "registered": Word(registered, {}, {}),
    "no_discipline": Word(no_discipline, {"form": "form"}, {}, _PERSON),
    "members_share": Word(
        members_share, {"share": "share"}, {"titles": "titles", "grade": "grade"}, _COLLECTIVE
    ),
    "members_count": Word(members_count, {"titles": "titles", "count": "count"}, {}, _COLLECTIVE),
    "members_undisciplined": Word(members_undisciplined, {"form": "form"}, {}, _COLLECTIVE),
    "rank_at_most": Word(rank_at_most, {"rank": "count"}, {}, _COLLECTIVE),
    "movement_reviewed": Word(movement_reviewed, {"level": "level"}, {}),
    "judged": Word(judged, {"what": "words"}, {}),
    "unseen": Word(unseen, {"what": "words"}, {}),
}
