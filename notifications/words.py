"""Every word that a reader sees, in Vietnamese and English: `say` fills a text of the catalogues in `words/`.

A code is the file's name and the key in it: ``reasons.window_closed`` stands in `words/reasons.vi.yaml` and
`words/reasons.en.yaml`. A text holds its parameters in braces; after a colon stands how the value is said:
``{last_day:deadline}`` a day with its weekday, ``{money:money}``, ``{possible:events}`` each word looked up in the
catalogue `events`, ``{duties:duties|or}`` the same, joined by "or"; ``{until:open_end}`` a last day
that may be none. Ids are turned into names by the caller (`casework/views/naming.py`): nothing here reads the database.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import yaml

from rules.windows import LOCAL, local_day

FOLDER = Path(__file__).with_suffix("")
LANGS = ("vi", "en")
#: the catalogues in which a single word is looked up: what is said of a value of that kind
VOCABULARIES = (
    "audit",
    "award_items",
    "award_types",
    "career_columns",
    "career_doubts",
    "career_kinds",
    "career_lines",
    "career_standings",
    "conclusions",
    "council_roles",
    "counted_in",
    "disciplines",
    "duties",
    "events",
    "fields",
    "flows",
    "forms",
    "grades",
    "grades_up",
    "inputs",
    "kinds",
    "letters",
    "levels",
    "matters",
    "metavars",
    "outcomes",
    "papers",
    "scopes",
    "scopes_up",
    "services",
    "settle_rules",
    "side_ways",
    "stages",
    "subjects",
    "unit_kinds",
    "verdicts",
)

_WEEKDAYS = {
    "vi": ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_OR = {"vi": " hoặc ", "en": " or "}
_NOTHING = "…"
# How published files and views keep points: a number as a text.
_PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_NONE = {"vi": "không có", "en": "none"}
_OPEN_END = {"vi": "khi có thay đổi", "en": "further notice"}


class _Told(Protocol):
    """A reason or a fault: a code and what fills its text."""

    @property
    def code(self) -> str: ...
    @property
    def params(self) -> Mapping[str, Any]: ...


@cache
def catalogue(name: str, lang: str) -> dict[str, str]:
    """The texts of one catalogue in one language; empty where there is none of that name."""
    path = FOLDER / f"{name}.{lang}.yaml"
    if not path.is_file():
        return {}
    # The parser in C where it was built; every value is a text, so that the keys `no` and `on` stay words.
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    tree = yaml.load(path.read_text(encoding="utf-8"), Loader=loader) or {}  # noqa: S506  (our own file, as texts)
    return dict(_flat(tree))


def _flat(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def catalogues() -> tuple[str, ...]:
    """The names of all catalogues, of every language."""
    return tuple(sorted({path.name.split(".")[0] for path in FOLDER.glob("*.yaml")}))


def say(code: str, params: Mapping[str, Any] | None = None, lang: str = "vi") -> str:
    """The text of ``code`` in ``lang``, filled with ``params``. A code without a text is said as it is."""
    name, _, key = code.partition(".")
    text = catalogue(name, lang).get(key)
    if text is None:
        return f"{code} {dict(params)}" if params else code
    return _Filler(lang).vformat(text, (), params or {})


def say_reason(reason: _Told, lang: str = "vi") -> str:
    """A reason in words, with its article where it cites one."""
    text = say(f"reasons.{reason.code}", reason.params, lang)
    article = getattr(reason, "article", None)
    return f"{text} ({article})" if article else text


def say_fault(fault: _Told, lang: str = "vi") -> str:
    """What is wrong, or found by the linter, on a line of a published file, in words, without the line."""
    name = "lint" if fault.code in catalogue("lint", lang) else "faults"
    return say(f"{name}.{fault.code}", fault.params, lang)


def word(vocabulary: str, value: str, lang: str = "vi") -> str:
    """What is said of one of the program's own words; the word itself where the catalogue has none."""
    return catalogue(vocabulary, lang).get(value, value)


def placeholders(text: str) -> dict[str, str]:
    """The parameters of a text and how each is said."""
    return {name: spec or "" for _, name, spec, _ in string.Formatter().parse(text) if name is not None}


class _Filler(string.Formatter):
    """Fills a text. A parameter that is missing leaves a gap that can be seen, and breaks nothing."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        return kwargs.get(str(key))

    def format_field(self, value: Any, format_spec: str) -> str:
        return say_value(value, format_spec, self.lang)


def say_value(value: Any, how: str = "", lang: str = "vi") -> str:
    """One value in words; ``how`` is what may stand after the colon in a text.

    With a stroke it is what the number counts, of one and of more: ``{count:day/days}``.
    """
    one, of_numbers, more = how.partition("/")
    if of_numbers:
        return one if value == 1 else more
    how, _, joined = how.partition("|")
    if value is None and how == "open_end":
        return _OPEN_END[lang]
    if value is None or value == "":
        return _NOTHING
    if isinstance(value, list | tuple | set | frozenset):
        if not value:
            return _NONE[lang]
        return (_OR[lang] if joined == "or" else ", ").join(say_value(item, how, lang) for item in value)
    if how in VOCABULARIES:
        return word(how, str(value), lang)
    says = _SAYS.get(how)
    return says(value, lang) if says else str(value)


def deadline(value: date | datetime | str, lang: str = "vi") -> str:
    """A day with its weekday, as deadlines are written."""
    day = _day_of(value)
    return str(value) if day is None else f"{_WEEKDAYS[lang][day.weekday()]} {day:%d/%m/%Y}"


def plain_day(value: date | datetime | str, lang: str = "vi") -> str:
    """A day as dd/mm/yyyy."""
    day = _day_of(value)
    return str(value) if day is None else f"{day:%d/%m/%Y}"


def moment(value: datetime | date | str, lang: str = "vi") -> str:
    """An instant as local day and time; of a day, the day alone."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return value
    if not isinstance(value, datetime):
        return plain_day(value, lang)
    return f"{value.astimezone(LOCAL):%d/%m/%Y %H:%M}"


def time_of_day(value: datetime | str, lang: str = "vi") -> str:
    """The local time of an instant, for where its day stands beside it."""
    return moment(value, lang).rpartition(" ")[2]


def number(value: float | Decimal | Fraction | str, lang: str = "vi") -> str:
    """A number as 1.234,5 in Vietnamese and 1,234.5 in English; a fraction that has no such form as it is written."""
    if isinstance(value, Fraction):
        value = _decimal(value)
    if isinstance(value, str) and _PLAIN.fullmatch(value):
        value = Decimal(value)
    if isinstance(value, str):
        return value.replace(".", ",") if lang == "vi" else value
    text = f"{value:,}"
    return text.translate(str.maketrans(",.", ".,")) if lang == "vi" else text


def percent(value: Fraction, lang: str = "vi") -> str:
    """A share as 70%; as a fraction where the percent would not be exact."""
    hundred = _decimal(value * 100)
    return f"{number(hundred, lang)}%" if isinstance(hundred, Decimal) else str(value)


def _decimal(value: Fraction) -> Decimal | str:
    """A fraction as the same number with at most three decimals; as its text where it has more."""
    thousandths = value * 1000
    if thousandths.denominator != 1:
        return str(value)
    found = Decimal(thousandths.numerator) / 1000
    return found.quantize(Decimal(1)) if found == found.to_integral() else found.normalize()


def money(value: int, lang: str = "vi") -> str:
    """An amount of money in đồng."""
    return f"{number(value, lang)} {'đ' if lang == 'vi' else 'VND'}"


def either(values: Iterable[str], lang: str = "vi") -> str:
    """Some words joined by "or"."""
    return _OR[lang].join(values)


def capital(text: str) -> str:
    """``text`` with a capital first letter; the rest stays as it is."""
    return text[:1].upper() + text[1:]


def _day_of(value: date | datetime | str) -> date | None:
    if isinstance(value, datetime):
        return local_day(value)
    if isinstance(value, date):
        return value
    try:
        return (
            date.fromisoformat(value)
            if len(value) == len("2025-06-30")
            else local_day(datetime.fromisoformat(value))
        )
    except ValueError:
        return None


_SAYS: dict[str, Any] = {
    "deadline": deadline,
    "day": plain_day,
    "open_end": plain_day,
    "moment": moment,
    "time": time_of_day,
    "number": number,
    "money": money,
    "percent": percent,
}
