"""A letter in words: its facts put into the templates of its kind, as subject, text and HTML.

Templates ask for nothing that is not there: an unknown variable, kind or field, and a value that is missing where a
text needs it, are `LetterUnrenderable`, never a letter with a hole. Names and reasons come from people: they are
cleaned of line breaks and of marks that would turn the writing around, and the HTML part escapes them.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any

import yaml
from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateRuntimeError,
    TemplateSyntaxError,
    pass_context,
    select_autoescape,
)
from jinja2.runtime import Context

from notifications import words
from notifications.item_lines import Line, Room, days_left, heading_of, lines_of, trouble_in_words
from notifications.letter import LetterFacts, LetterItem, Rendered
from notifications.letter_colours import DARK, LIGHT
from rules.windows import LOCAL

TEMPLATES = Path(__file__).with_name("templates")
KINDS_FILE = "kinds.yaml"
SUBJECT_LETTERS = 200
LINE_COLUMNS = 78
HTML_BYTES = 60_000

# What every kind may bring, and what no kind has to name.
_ALWAYS = frozenset({"subject", "path", "command"})
_FIELDS = {field.name: field for field in fields(LetterItem)}
# Tried one after the other until the letter is small enough to be shown whole by every mail program (Gmail cuts at
# 102 kB, and some gateways add to it).
_ROOMS = (Room(25, 40, 1200), Room(25, 2, 300), Room(10, 2, 200), Room(3, 2, 120), Room(1, 2, 120))

# Marks that turn the direction of writing, join or hide letters; and what is no letter at all.
_HIDDEN = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_BREAKS = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")


class LetterUnrenderable(Exception):
    """A letter cannot be made: of which kind, by the fault of which file, and what is wrong."""

    def __init__(self, kind: str, file: str, detail: str) -> None:
        super().__init__(f"{kind}: {file}: {detail}")
        self.kind, self.file, self.detail = kind, file, detail


@dataclass(frozen=True, slots=True)
class KindOfLetter:
    """Of which fields of an item a kind is made."""

    must: frozenset[str]
    may: frozenset[str]


@dataclass(frozen=True, slots=True)
class ShownItem:
    """An item as the list shows it: its heading and what stands beside it, its own page where it has one, its lines."""

    heading: str
    beside: str
    link: str
    lines: list[Line]


def render_letter(facts: LetterFacts, *, folder: Path = TEMPLATES) -> Rendered:
    """The letter in words, in the reader's language. ``folder`` holds the templates.

    Raises:
        LetterUnrenderable: an unknown kind or language, a field without which the kind cannot be told, an address of
            the pages that is no address, or a fault in a template.
    """
    facts = _judged(facts, kinds_of_letters(folder))
    rendered = None
    for room in _ROOMS:
        rendered = _rendered(facts, room, folder)
        if len(rendered.html.encode()) < HTML_BYTES:
            break
    if rendered is None:
        raise AssertionError("unreachable")
    return rendered


@cache
def kinds_of_letters(folder: Path = TEMPLATES) -> Mapping[str, KindOfLetter]:
    """The kinds that have templates in ``folder`` and what each is made of."""
    tree = yaml.safe_load((folder / KINDS_FILE).read_text(encoding="utf-8"))
    return {
        kind: KindOfLetter(frozenset(body["must"]), frozenset(body["may"]) | _ALWAYS)
        for kind, body in tree.items()
    }


def is_page(address: str) -> bool:
    """Whether letters can link to pages at an address."""
    return re.fullmatch(r"https?://[^\s\"'<>]+", address) is not None


def _judged(facts: LetterFacts, kinds: Mapping[str, KindOfLetter]) -> LetterFacts:
    """The facts, cleaned, in the order in which they are read, with nothing that the kind does not tell."""
    kind = kinds.get(facts.kind)
    if kind is None:
        raise LetterUnrenderable(facts.kind, KINDS_FILE, "there is no such kind of letter")
    if facts.lang not in words.LANGS:
        raise LetterUnrenderable(facts.kind, KINDS_FILE, f"there is no language {facts.lang!r}")
    if not facts.items:
        raise LetterUnrenderable(facts.kind, KINDS_FILE, "a letter without items says nothing")
    if facts.page and not is_page(facts.page):
        raise LetterUnrenderable(facts.kind, KINDS_FILE, f"the pages have no address {facts.page!r}")
    items = [_item(item, facts.kind, kind) for item in facts.items]
    return replace(
        facts,
        reader=clean(facts.reader),
        office=clean(facts.office),
        page=facts.page.rstrip("/"),
        items=tuple(sorted(items, key=_order)),
    )


def _item(item: LetterItem, name: str, kind: KindOfLetter) -> LetterItem:
    for field in sorted(kind.must):
        if getattr(item, field) in (None, "", ()):
            raise LetterUnrenderable(name, KINDS_FILE, f"{item.subject} has no {field}")
    if item.path is not None and not re.fullmatch(r"/[^\s\"'<>\\]*", item.path):
        raise LetterUnrenderable(name, KINDS_FILE, f"{item.subject} has no path {item.path!r}")
    told = kind.must | kind.may
    return replace(
        item,
        **{
            field: _cleaned(field, getattr(item, field)) if field in told else _FIELDS[field].default
            for field in _FIELDS
        },
    )


def _order(item: LetterItem) -> tuple[Any, ...]:
    """By due day, then by unit; the 2nd school stands before the 10th."""
    unit = tuple(
        (int(t), "") if t.isdecimal() else (-1, t.casefold()) for t in re.split(r"(\d+)", item.unit or "")
    )
    return (item.due or date.max, unit, item.dossier or "", item.subject)


def _cleaned(field: str, value: Any) -> Any:
    if isinstance(value, str):
        # A reason may be a list: its lines are said one by one.
        return "\n".join(clean(line) for line in _BREAKS.split(value)) if field == "reason" else clean(value)
    if field == "way":
        return tuple(
            replace(stop, label=clean(stop.label), who=clean(stop.who), note=clean(stop.note))
            for stop in value
        )
    if isinstance(value, tuple):
        return tuple(tuple(clean(text) for text in row) for row in value)
    return value


def clean(text: str) -> str:
    """A text of one line, without control characters and without marks that turn or hide writing."""
    text = _HIDDEN.sub("", _BREAKS.sub(" ", unicodedata.normalize("NFC", text)))
    if not text.isprintable():
        text = "".join(
            " " if unicodedata.category(letter) in ("Cc", "Cs", "Co", "Cn") else letter for letter in text
        )
    return " ".join(text.split())


# --- Templates ----------------------------------------------------------------------------------------------


class _Missing(TemplateRuntimeError):
    """A text asks for a value that is not there."""


def _there(value: Any) -> Any:
    if value is None:
        raise _Missing("a value is missing")
    return value


def _said(how: Callable[[Any, str], str]) -> Callable[[Context, Any], str]:
    @pass_context
    def said(context: Context, value: Any) -> str:
        return how(_there(value), context["lang"])

    return said


@pass_context
def _short(context: Context, value: date | datetime) -> str:
    """A day as it stands in a subject: 30/6, with the year where it is not the letter's."""
    _there(value)
    day = value.astimezone(LOCAL).date() if isinstance(value, datetime) else value
    year = "" if day.year == context["facts"].day.year else f"/{day.year}"
    return f"{day.day}/{day.month}{year}"


def _hour(value: datetime, lang: str) -> str:
    return f"{value.astimezone(LOCAL):%H:%M}"


def _lower(value: str) -> str:
    """With a small first letter inside of a sentence; an abbreviation stays as it is."""
    _there(value)
    return value[:1].lower() + value[1:] if value[1:2].islower() or value[1:2] == " " else value


@pass_context
def _word(context: Context, value: str, vocabulary: str) -> str:
    return words.word(vocabulary, _there(value), context["lang"])


@pass_context
def _say(context: Context, code: str, **params: Any) -> str:
    """A text of the catalogue `letter_frame`."""
    if code not in words.catalogue("letter_frame", context["lang"]):
        raise _Missing(f"there is no text {code!r}")
    return words.say(f"letter_frame.{code}", {name: _there(p) for name, p in params.items()}, context["lang"])


@cache
def _environment(folder: Path) -> Environment:
    made = Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        # The HTML part is escaped; a subject or a text part would be spoilt by it.
        autoescape=select_autoescape(("html",), default=False),
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_there,
        cache_size=-1,
    )
    made.filters |= {
        "deadline": _said(words.deadline),
        "day": _said(words.plain_day),
        "moment": _said(words.moment),
        "number": _said(words.number),
        "hour": _said(_hour),
        "left": _said(days_left),
        "short": _short,
        "lower_first": _lower,
        "word": _word,
        "trouble": _said(trouble_in_words),
    }
    made.globals |= {"say": _say, "light": LIGHT, "dark": DARK}
    return made


def _same(items: Iterable[LetterItem], field: str) -> Any:
    """What a field says in every item; None where two differ."""
    values = {getattr(item, field) for item in items}
    return values.pop() if len(values) == 1 else None


def _rendered(facts: LetterFacts, room: Room, folder: Path) -> Rendered:
    items, lang = facts.items, facts.lang
    alone = len(items) == 1
    path, command = _same(items, "path"), _same(items, "command")
    bare = [replace(item, command=None) if command or facts.page else item for item in items]
    lines = [lines_of(item, facts.kind, lang, room, alone=alone) for item in bare]
    # What is the same for all is said once, above them.
    common = [] if alone else [line for line in lines[0] if all(line in others for others in lines)]
    shown = [
        ShownItem(
            heading=_cut(heading_of(item, lang)[0], room),
            beside=_cut(heading_of(item, lang)[1], room),
            link=f"{facts.page}{item.path}" if facts.page and item.path and not path else "",
            lines=[line for line in told if line not in common],
        )
        for item, told in list(zip(items, lines, strict=True))[: room.items]
    ]
    seen = {
        "facts": facts,
        "lang": lang,
        "item": items[0],
        "count": len(items),
        "units": len({item.unit for item in items}),
        "milestone": _same(items, "milestone"),
        "common": common,
        "shown": shown,
        "more": len(items) - len(shown),
        "target": f"{facts.page}{path or '/'}" if facts.page else "",
        "command": "" if facts.page else command or "",
    }
    subject = _cut_subject(_filled(facts.kind, f"{facts.kind}/subject.{lang}.txt", seen, folder))
    if not subject:
        raise LetterUnrenderable(facts.kind, f"{facts.kind}/subject.{lang}.txt", "the subject is empty")
    seen["title"] = subject
    return Rendered(
        subject=subject,
        text=_folded(_filled(facts.kind, f"{facts.kind}/body.{lang}.txt", seen, folder)),
        html=_filled(facts.kind, f"{facts.kind}/body.{lang}.html", seen, folder),
        lang=lang,
    )


def _cut(text: str, room: Room) -> str:
    return text if len(text) <= room.letters else f"{text[: room.letters - 1]}…"


def _cut_subject(text: str) -> str:
    """One line, whatever was put into it."""
    line = clean(text)
    return line if len(line) <= SUBJECT_LETTERS else f"{line[: SUBJECT_LETTERS - 1].rstrip()}…"


def _filled(kind: str, name: str, seen: Mapping[str, Any], folder: Path) -> str:
    try:
        return _environment(folder).get_template(name).render(seen)
    except TemplateSyntaxError as error:
        raise LetterUnrenderable(kind, f"{error.name}:{error.lineno}", str(error.message)) from error
    except (TemplateError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise LetterUnrenderable(kind, _place(error.__traceback__, folder) or name, str(error)) from error


def _place(trace: TracebackType | None, folder: Path) -> str:
    """The template and the line in which an error arose; empty where it arose in none."""
    found = ""
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if file.is_relative_to(folder):
            found = f"{file.relative_to(folder).as_posix()}:{trace.tb_lineno}"
        trace = trace.tb_next
    return found


# --- The text part ------------------------------------------------------------------------------------------


def _folded(text: str) -> str:
    """Lines of at most 78 columns; addresses and commands stay whole, so that they can be copied."""
    lines: list[str] = []
    for line in map(str.rstrip, text.splitlines()):
        if not line:
            if lines and lines[-1]:
                lines.append("")
            continue
        if line == "--" or line.lstrip().startswith(("http://", "https://", "thidua ")):
            lines.append(line)
            continue
        text = line.lstrip(" -")
        start = line[: len(line) - len(text)]
        lines += textwrap.wrap(
            text,
            LINE_COLUMNS,
            initial_indent=start,
            subsequent_indent=" " * len(start),
            break_long_words=False,
            break_on_hyphens=False,
        )
    return "\n".join(lines).strip("\n") + "\n"
