"""A condition of a rulebook in words: one sentence for each word of `rules/conditions.py`, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from notifications.words import say
from rules.conditions import MEETS
from rules.lawbook import Condition

#: values that are codes of titles, which readers know by their short names
_TITLES = ("titles", "after")
_SHARE, _SERVICE, _INITIATIVES, _RANK = "members_share", "service_years", "initiatives", "rank_at_most"


def say_condition(condition: Condition, lang: str, titles: Mapping[str, str], *, dated: bool = True) -> str:
    """A condition in a sentence without a stop at its end. ``titles``: short names by code; a code that is not in it
    stays. ``dated``: with the days in which it is in force, where it has days of its own."""
    filled = values_named(condition, lang, titles)
    said = "".join(say(f"conditions.{key}", filled, lang) for key in _keys(condition))
    if dated and condition.since:
        said += say("conditions.since", {"since": condition.since}, lang)
    if dated and condition.until:
        said += say("conditions.until", {"until": condition.until}, lang)
    return said


def values_named(condition: Condition, lang: str, titles: Mapping[str, str]) -> dict[str, Any]:
    """The values of a condition as its sentence takes them: titles by their short names, words in one language."""
    filled: dict[str, Any] = dict(condition.values)
    for key in _TITLES:
        if key in filled:
            filled[key] = [titles.get(code, code) for code in filled[key]]
    if condition.word == MEETS:
        filled["title"] = titles.get(filled["title"], filled["title"])
    if "what" in filled:
        filled["what"] = filled["what"][lang]
    return filled


def _keys(condition: Condition) -> list[str]:
    """The keys of the sentence's parts, in their order."""
    word, values = condition.word, condition.values
    if word == _SHARE:
        how = "titles" if values.get("titles") else "all" if values["share"] == 1 else "grade"
        return [f"{word}_{how}"]
    if word == _RANK and values["rank"] == 1:
        return ["rank_first"]
    keys = [word]
    if values.get("after"):
        keys.append("after")
    if word == _INITIATIVES and "years" in values:
        keys.append("initiatives_years")
    if word == _INITIATIVES and "unused_by" in values:
        keys.append(f"unused_{values['unused_by']}")
    if word == _SERVICE and "fewer" in values:
        keys.append("service_years_fewer")
    return keys
