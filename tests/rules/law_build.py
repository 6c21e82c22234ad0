"""Small rulebooks and records, of which a test says only what matters."""

from datetime import date

from rules.conditions import WORDS, Look
from rules.lawbook import ALL, ANY, Asked, Cited, Condition, Group, Lawbook, Rule
from rules.record import (
    Discipline,
    Graded,
    Held,
    Initiative,
    Record,
    Service,
)
from rules.school_years import row_to
from rules.verdict import verdict

CITED = Cited("Điều 1", "made up", True)
WHAT = {"vi": "gì đó", "en": "something"}
#: the year asked for, and the day, when nothing else is said
YEAR, DAY = 2024, date(2025, 6, 15)
AFTER = Cited("Điều 4(4)", "made up", True)


def word(name, since=None, until=None, verified=True, **values):
    return Condition(name, values, Cited("Điều 1", "made up", verified), since, until)


def every(*parts):
    return Group(ALL, parts)


def either(*parts):
    return Group(ANY, parts)


JUDGED, UNSEEN = word("judged", what=WHAT), word("unseen", what=WHAT)


def book(asks, *, title="T", subject="individual", after=False, **others):
    """A rulebook of one rule, and of others by title."""
    rules = {(title, subject): Rule("R", title, subject, asks)}
    for name, node in others.items():
        rules[name, subject] = Rule(name, name, subject, node)
    return Lawbook("made-up", rules, AFTER if after else None)


def asked(year=YEAR, on=DAY, title="T"):
    return Asked(title, year, on)


def held(*years, title="CSTDCS", kind="merit", awaited=None):
    return tuple(Held(title, year, f"{title}:{year}", kind, awaited) for year in years)


def graded(**grades):
    """Grades by year, written y2024="HTTNV"."""
    return tuple(Graded(int(year[1:]), grade, f"grade:{year[1:]}") for year, grade in grades.items())


def grades(grade, first, last):
    return tuple(Graded(year, grade, f"grade:{year}") for year in range(first, last + 1))


def all_complete(last=2026, count=14):
    years = frozenset(row_to(last, count))
    return dict.fromkeys(("titles", "grades", "initiatives", "disciplines"), years)


def person(**facts):
    return Record("p1", **facts)


def known(**facts):
    """A person of whom nothing is missing."""
    return Record("p1", complete=all_complete(), whole=True, **facts)


def school(*members, complete=True, **facts):
    return Record("u1", "collective", members=members, complete=all_complete() if complete else {}, **facts)


def initiative(scope="local", on=date(2025, 3, 1), ref="initiative:1", **more):
    return Initiative(scope, on, ref, **more)


def discipline(since, served_on=None, form="canh_cao"):
    return Discipline(form, since, f"discipline:{since}", served_on)


def trade(since, until=None, kind="trade"):
    return Service(kind, since, f"{kind}:{since}", until)


def answer(name, record, *, year=YEAR, on=DAY, cutting=False, **values):
    """What one word answers; ``cutting``: a discipline cuts off what came before it."""
    return WORDS[name].examine(Look(Asked("T", year, on), record, cutting), **values)


def outcome(name, record, **values):
    """What one word answers, in short: the outcome, and why it is unknown."""
    found = answer(name, record, **values)
    return f"{found.outcome} {found.why}".strip()


def judge(asks, record, *, after=False, **others):
    """The verdict of a rulebook with one rule."""
    return verdict(book(asks, subject=record.subject, after=after, **others), asked(), record)
