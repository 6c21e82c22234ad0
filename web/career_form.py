"""Forms about histories: a file that is looked at and confirmed, and the acts on one person or unit."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from casework.act import Done
from casework.call import Call
from casework.career.annul_discipline import annul_discipline
from casework.career.close_matter import close_matter
from casework.career.columns import MOST_BYTES
from casework.career.complete import state_complete, state_whole, unstate_complete
from casework.career.correct_grade import correct_grade
from casework.career.end_service import end_service
from casework.career.import_file import Given
from casework.career.mark_served import mark_served
from casework.career.open_matter import open_matter
from casework.career.record_discipline import record_discipline
from casework.career.record_grades import GradeDecision
from casework.career.record_service import record_service
from casework.career.seen import Choices
from kit.database import Database
from models.discipline import CONCLUSIONS, MATTERS
from models.history_import import IMPORTS
from models.service import SERVICES
from rules.record import COMPLETE_IN, DISCIPLINES, GRADES
from rules.school_years import year_named
from web.forms import Form

_SHORT, _LONG = 200, 4_000
_MOST_BASE64 = MOST_BYTES * 4 // 3 + 8
LEFT_OUT = "-"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an act: how it is typed (line, text, day, year, or a word of a vocabulary)."""

    name: str
    how: str
    needed: bool = True
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CareerAct:
    """An act on the history of one person or unit. ``row`` acts go on with a row of it, by its number."""

    name: str
    of: tuple[str, ...]
    fields: tuple[Field, ...]
    do: Callable[..., Done]
    row: bool = False


_DECISION = (Field("number", "line"), Field("on", "day"))


def _decision(said: Mapping[str, Any]) -> GradeDecision:
    return GradeDecision(said["year"], said["number"], said["on"], said["body"])


def _years(said: Mapping[str, Any]) -> list[int]:
    first, last = year_named(said["year"]) or 0, year_named(said["until_year"] or said["year"]) or 0
    return list(range(first, max(first, last) + 1))


_ACTS = (
    CareerAct(
        "correct_grade",
        ("person", "unit"),
        (
            Field("year", "year"),
            Field("grade", "grades", words=GRADES),
            *_DECISION,
            Field("body", "line"),
            Field("reason", "text"),
        ),
        lambda d, of, unit, s, c: correct_grade(
            d, of, s["grade"], _decision(s), s["reason"], c, of_unit=unit
        ),
    ),
    CareerAct(
        "record_discipline",
        ("person",),
        (
            Field("form", "disciplines", words=DISCIPLINES),
            *_DECISION,
            Field("served_on", "day", needed=False),
        ),
        lambda d, of, unit, s, c: record_discipline(
            d, of, s["form"], s["number"], s["on"], c, served_on=s["served_on"]
        ),
    ),
    CareerAct(
        "mark_served",
        ("person",),
        (Field("row", "row"), Field("on", "day")),
        lambda d, of, unit, s, c: mark_served(d, s["row"], s["on"], c),
        row=True,
    ),
    CareerAct(
        "annul_discipline",
        ("person",),
        (Field("row", "row"), Field("reason", "text")),
        lambda d, of, unit, s, c: annul_discipline(d, s["row"], s["reason"], c),
        row=True,
    ),
    CareerAct(
        "open_matter",
        ("person", "unit"),
        (Field("kind", "matters", words=MATTERS), Field("since", "day"), Field("matter", "text")),
        lambda d, of, unit, s, c: open_matter(d, of, s["kind"], s["since"], s["matter"], c, of_unit=unit),
    ),
    CareerAct(
        "close_matter",
        ("person", "unit"),
        (Field("row", "row"), Field("on", "day"), Field("conclusion", "conclusions", words=CONCLUSIONS)),
        lambda d, of, unit, s, c: close_matter(d, s["row"], s["on"], s["conclusion"], c),
        row=True,
    ),
    CareerAct(
        "record_service",
        ("person",),
        (
            Field("service", "services", words=SERVICES),
            Field("since", "day"),
            Field("until", "day", needed=False),
        ),
        lambda d, of, unit, s, c: record_service(d, of, s["service"], s["since"], s["until"], c),
    ),
    CareerAct(
        "end_service",
        ("person",),
        (Field("row", "row"), Field("on", "day")),
        lambda d, of, unit, s, c: end_service(d, s["row"], s["on"], c),
        row=True,
    ),
    CareerAct("state_whole", ("person",), (), lambda d, of, unit, s, c: state_whole(d, of, c)),
    CareerAct(
        "state_incomplete", ("person",), (), lambda d, of, unit, s, c: state_whole(d, of, c, back=True)
    ),
    CareerAct(
        "state_complete",
        ("unit",),
        (
            Field("what", "career_kinds", words=COMPLETE_IN),
            Field("year", "year"),
            Field("until_year", "year", needed=False),
        ),
        lambda d, of, unit, s, c: state_complete(d, of, s["what"], _years(s), c),
    ),
    CareerAct(
        "unstate_complete",
        ("unit",),
        (
            Field("what", "career_kinds", words=COMPLETE_IN),
            Field("year", "year"),
            Field("until_year", "year", needed=False),
        ),
        lambda d, of, unit, s, c: unstate_complete(d, of, s["what"], _years(s), c),
    ),
)
ACTS: Mapping[str, CareerAct] = MappingProxyType({act.name: act for act in _ACTS})


def said_of(act: CareerAct, form: Form) -> dict[str, Any] | None:
    """What a form says of an act; None where something of it is wrong, which is noted in its faults."""
    said: dict[str, Any] = {}
    for field in act.fields:
        if field.how == "day":
            said[field.name] = form.day(field.name, needed=field.needed)
        elif field.how == "row":
            said[field.name] = form.whole(field.name, needed=True)
        else:
            longest = _LONG if field.how == "text" else _SHORT
            text = said[field.name] = form.text(field.name, longest=longest, needed=field.needed)
            if field.words and text and text not in field.words:
                form.faults[field.name] = "no_choice"
            if field.how == "year" and text and year_named(text) is None:
                form.faults[field.name] = "no_school_year"
    return None if form.faults else said


def do_career_act(
    database: Database, act: CareerAct, of: str, said: Mapping[str, Any], call: Call, *, unit: bool
) -> Done:
    """Do an act.

    Raises:
        Refused: every reason at once.
    """
    return act.do(database, of, unit, said, call)


def given_file(form: Form) -> tuple[Given | None, str]:
    """The file of a form, uploaded or sent along from the page that showed it, and its bytes as text to be sent along;
    None where there is none, which is noted in the form's faults."""
    kind = form.text("kind", longest=20)
    if kind not in IMPORTS:
        form.faults["kind"] = "no_choice"
    name, body = form.text("file_name", longest=_SHORT), b""
    for file in form.files("file")[:1]:
        body, name = file.file.read(MOST_BYTES + 1), file.filename or ""
    kept = form.text("body", longest=_MOST_BASE64)
    if not body and kept:
        try:
            body = base64.urlsafe_b64decode(kept.encode())
        except (binascii.Error, ValueError):
            form.faults["file"] = "not_the_same"
    if not body:
        form.faults.setdefault("file", "no_file")
    complete = _complete(form)
    if form.faults:
        return None, ""
    people, out = {}, set(form.wholes("leave_out"))
    for name_of_field in form.fields:
        line = name_of_field.removeprefix("line-")
        if line == name_of_field or not line.isdecimal() or len(line) > len("999999"):
            continue
        code = form.text(name_of_field, longest=_SHORT)
        if code == LEFT_OUT:
            out.add(int(line))
        elif code:
            people[int(line)] = code
    given = Given(
        kind,
        name[:_SHORT],
        body,
        Choices(people, frozenset(out)),
        form.text("unit", longest=_SHORT),
        complete,
    )
    return given, base64.urlsafe_b64encode(body).decode()


def _complete(form: Form) -> tuple[int, ...]:
    since, until = form.text("complete_since", longest=9), form.text("complete_until", longest=9)
    years = {}
    for name, text in (("complete_since", since), ("complete_until", until)):
        if text:
            years[name] = year_named(text)
            if years[name] is None:
                form.faults[name] = "no_school_year"
    first = years.get("complete_since") or years.get("complete_until")
    last = years.get("complete_until") or first
    if first is None or last is None or form.faults:
        return ()
    return tuple(range(first, max(first, last) + 1))
