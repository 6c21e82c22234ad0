"""The lines under one item of a letter: what it is about, until when, why, and by which command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from notifications import words
from notifications.concerns import concern_told
from notifications.letter import LetterItem
from notifications.stop import DONE, HERE, LEFT, NEXT, Stop

# How a line is set off: late and last (a due day), way (stations), code (a command).
LATE, LAST, WAY, CODE, PLAIN = "late", "last", "way", "code", ""

# The marks read without colour; `left` is a station to which a dossier that was set aside comes back.
_MARKS = {DONE: "✓", HERE: "●", LEFT: "◐", NEXT: "○"}


@dataclass(frozen=True, slots=True)
class Line:
    """A name and what is said under it; several texts are a list, those of a way its stations one after the other."""

    name: str
    texts: tuple[str, ...]
    tone: str = PLAIN


@dataclass(frozen=True, slots=True)
class Room:
    """How much a letter has room for."""

    items: int
    titles: int
    letters: int


def lines_of(item: LetterItem, kind: str, lang: str, room: Room, *, alone: bool) -> list[Line]:
    """The lines of an item, in the order in which they are read.

    ``alone``: the letter has no other item, so there is room for the dossier's way.
    """
    say = partial(_say, lang=lang)
    found = []
    for name, tell in _LINES.items():
        if name == "way" and not alone:
            continue
        told = tell(item, kind, say, lang)
        if told is not None:
            found.append(_fitted(told, room, say) if name in ("titles", "reason") else told)
    return found


def heading_of(item: LetterItem, lang: str) -> tuple[str, str]:
    """What an item is about, in one line, and the dossier beside it where both are told."""
    if item.trouble is not None:
        return words.capital(trouble_in_words(item, lang, short=False)), ""
    if item.account is not None:
        return _say("account", lang, account=item.account), ""
    if item.duty is not None:
        return words.capital(item.duty), ""
    dossier = _say("dossier", lang, dossier=item.dossier) if item.dossier is not None else ""
    return (item.unit, dossier) if item.unit is not None else (dossier or item.subject, "")


def trouble_in_words(item: LetterItem, lang: str, *, short: bool = True) -> str:
    """What is wrong with the mail, or what else the watch found; ``short``: without what to do about it."""
    code = item.trouble or ""
    if code not in words.catalogue("watch", lang):
        return words.word("mail", code, lang)
    told = {"count": item.count, "since": item.since, "flow": item.flow, "detail": item.detail}
    return concern_told(code, told, lang, short=short)


def days_left(days: int, lang: str) -> str:
    """Days to a due day in words: some left, the last one, or some past."""
    if days == 0:
        return _say("last_day", lang)
    code = "days_left" if days > 0 else "days_over"
    return _say(f"{code}_one" if abs(days) == 1 else code, lang, count=abs(days))


def _say(code: str, lang: str, **params: object) -> str:
    return words.say(f"letter_frame.{code}", params, lang)


_Say = Callable[..., str]
_Teller = Callable[[LetterItem, str, _Say, str], Line | None]


def _fitted(line: Line, room: Room, say: _Say) -> Line:
    """A line that is a list, cut to the room; a list of titles says how many were left out."""
    texts = tuple(
        text if len(text) <= room.letters else f"{text[: room.letters - 1]}…" for text in line.texts
    )
    over = len(texts) - room.titles
    return Line(
        line.name,
        texts if over <= 0 else (*texts[: room.titles], say("more_titles", count=over)),
        line.tone,
    )


def _task(item: LetterItem, kind: str, say: _Say, lang: str) -> Line | None:
    if item.milestone is None:
        return None
    text = item.milestone
    if item.owed is not None:
        text = say("task_and_owed", milestone=item.milestone, owed=item.owed)
    return Line(say("task"), (text,))


def _due(item: LetterItem, kind: str, say: _Say, lang: str) -> Line | None:
    if item.due is None:
        return None
    parts = [say("due_line", day=item.due)]
    tone = PLAIN
    if item.days_left is not None:
        parts.append(days_left(item.days_left, lang))
        tone = LATE if item.days_left < 0 else LAST if item.days_left <= 1 else PLAIN
    text = ", ".join(parts)
    if item.planned is not None and item.planned != item.due:
        text += f" ({say('due_planned', day=item.planned)})"
    return Line(say("due"), (text,), tone)


def _before(item: LetterItem, kind: str, say: _Say, lang: str) -> Line | None:
    return None if item.before is None else Line(say("due_before"), (say("due_line", day=item.before),))


def _state(item: LetterItem, kind: str, say: _Say, lang: str) -> Line | None:
    if item.state is None and item.desk is None:
        return None
    if item.state is None or item.desk is None:
        return Line(say("state"), (item.state or str(item.desk),))
    return Line(say("state"), (say("state_and_desk", state=item.state, desk=item.desk),))


def _at(item: LetterItem, kind: str, say: _Say, lang: str) -> Line | None:
    if item.at is None:
        return None
    who = [name for name in (item.actor, item.acted_at) if name is not None]
    return Line(say(f"at_{kind}"), (", ".join([words.moment(item.at, lang), *who]),))


def _reason(item: LetterItem, kind: str, say: _Say, lang: str) -> Line | None:
    texts = tuple(line.strip(" -•\t") for line in (item.reason or "").splitlines())
    texts = tuple(text for text in texts if text)
    return Line(say("reason"), texts) if texts else None


def _decision(item: LetterItem, kind: str, say: _Say, lang: str) -> Line | None:
    parts = []
    if item.number is not None:
        parts.append(say("decision_line", number=item.number))
    if item.decided_on is not None:
        parts.append(say("decision_on", day=item.decided_on))
    if item.body is not None:
        parts.append(say("decision_of", body=item.body))
    name = "submission" if kind == "forwarded" else "decision"
    return Line(say(name), (" ".join(parts),)) if parts else None


def _titles(item: LetterItem, kind: str, say: _Say, lang: str) -> Line | None:
    texts = tuple(say("title_line", nominee=n, title=t, outcome=o) for n, t, o in item.titles)
    return Line(say("titles"), texts) if texts else None


def _count(item: LetterItem, kind: str, say: _Say, lang: str) -> Line | None:
    # What the watch found says in its heading how many there are, of what, and since when.
    if item.count is None or _watched(item):
        return None
    return Line(say("count"), (words.number(item.count, lang),))


def _watched(item: LetterItem) -> bool:
    return item.trouble in words.catalogue("watch", "vi")


def _term(item: LetterItem, kind: str, say: _Say, lang: str) -> Line | None:
    if item.since is None or _watched(item):
        return None
    if item.until is None:
        return Line(say("since"), (words.plain_day(item.since, lang),))
    return Line(say("term"), (say("term_line", since=item.since, until=item.until),))


def _other(item: LetterItem, kind: str, say: _Say, lang: str) -> Line | None:
    if item.other is None:
        return None
    if item.trouble is not None:
        return Line(say("address"), (item.other,))
    return Line(say("acts_for" if item.lent_to_reader else "acts_for_you"), (item.other,))


def _duty_unit(item: LetterItem, kind: str, say: _Say, lang: str) -> Line | None:
    # A dossier's unit stands in its heading.
    return Line(say("unit"), (item.unit,)) if item.duty is not None and item.unit is not None else None


def _way(item: LetterItem, kind: str, say: _Say, lang: str) -> Line | None:
    texts = tuple(_stop(stop, lang) for stop in item.way)
    return Line(say("way"), texts, WAY) if texts else None


def _stop(stop: Stop, lang: str) -> str:
    words_of_it = words.say(f"pictures.way_{stop.mark}", {}, lang) if stop.mark in (HERE, LEFT) else ""
    return f"{_MARKS[stop.mark]}\u00a0{stop.label}" + (f" ({words_of_it})" if words_of_it else "")


def _opens(item: LetterItem, kind: str, say: _Say, lang: str) -> Line | None:
    return None if item.opens is None else Line(say("opens"), (words.deadline(item.opens, lang),))


def _level(item: LetterItem, kind: str, say: _Say, lang: str) -> Line | None:
    return None if item.level is None else Line(say("level"), (words.word("levels", item.level, lang),))


def _number(field: str, name: str) -> _Teller:
    def tell(item: LetterItem, kind: str, say: _Say, lang: str) -> Line | None:
        value = getattr(item, field)
        return None if value is None else Line(say(name), (words.number(value, lang),))

    return tell


def _text(field: str, name: str, tone: str = PLAIN) -> _Teller:
    def tell(item: LetterItem, kind: str, say: _Say, lang: str) -> Line | None:
        value = getattr(item, field)
        return None if value is None else Line(say(name), (value,), tone)

    return tell


def _bloc(item: LetterItem, kind: str, say: _Say, lang: str) -> Line | None:
    if item.bloc is None:
        return None
    if item.school_year is None:
        return Line(say("bloc"), (item.bloc,))
    return Line(say("bloc"), (say("bloc_line", bloc=item.bloc, school_year=item.school_year),))


_LINES: dict[str, _Teller] = {
    "bloc": _bloc,
    "rank": _number("rank", "rank"),
    "prize": _text("prize", "prize"),
    "sheets": _number("sheets", "sheets"),
    "task": _task,
    "opens": _opens,
    "due": _due,
    "before": _before,
    "state": _state,
    "unit": _duty_unit,
    "level": _level,
    "nominations": _number("nominations", "nominations"),
    "open_objections": _number("open_objections", "open_objections"),
    "at": _at,
    "place": _text("place", "place"),
    "receipt": _text("receipt", "receipt"),
    "reason": _reason,
    "decision": _decision,
    "titles": _titles,
    "other": _other,
    "term": _term,
    "count": _count,
    "ask": _text("ask", "asked"),
    "way": _way,
    "command": _text("command", "command", CODE),
}
