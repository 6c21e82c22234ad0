"""Findings on grades in words: for the terminal and the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from notifications.words import say
from rules.grading import GradeFinding


def finding_told(found: GradeFinding, names: Mapping[str, str], lang: str) -> dict[str, Any]:
    """One finding as plain data with its words; ``names`` of those that it is about, by key."""
    about_head = found.share is None
    return {
        "rule": found.rule,
        "outcome": found.outcome,
        "grade": found.grade,
        "group": found.group,
        "label": say(
            "grade_shares.head" if about_head else "grade_shares.share", {"grade": found.grade}, lang
        ),
        "have": found.grade if about_head else found.have,
        "most": (found.unit_grade or "?") if about_head else found.most,
        "base": "" if about_head else _base(found, lang),
        "count": None if about_head else found.base,
        "share": str(found.share) if found.share is not None else None,
        "said": say(f"grade_shares.{found.outcome}", None, lang),
        "article": found.cited.article
        + ("" if found.cited.verified else f" ({say('money.unverified', None, lang)})"),
        "verified": found.cited.verified,
        "people": [names.get(key, key) for key in found.keys],
    }


def _base(found: GradeFinding, lang: str) -> str:
    if found.few is not None:
        return say("grade_shares.few", {"below": found.few.below, "most": found.few.most}, lang)
    params = {"share": str(found.share), "base": found.base, "of": list(found.of)}
    return say("grade_shares.base_value", params, lang)


def shares_told(found: Mapping[str, Any], lang: str) -> list[str]:
    """What stands above the findings of a unit, a sentence each."""
    lines = []
    own = found["unit_grade"]
    lines.append(say("grade_shares.own" if own else "grade_shares.own_unknown", {"grade": own}, lang))
    if not any(found["counted"].values()):
        lines.append(say("grade_shares.none_graded", None, lang))
    for what in ("people", "units"):
        if found["counted"][what]:
            counts = [f"{grade}: {count}" for grade, count in sorted(found["counted"][what].items())]
            lines.append(say(f"grade_shares.counted_{what}", {"counts": counts}, lang))
        if found["counted"][what] and found["ungraded"][what]:
            lines.append(say(f"grade_shares.ungraded_{what}", {"count": found["ungraded"][what]}, lang))
    if found["law"] is None:
        lines.append(say("grade_shares.no_law", {"day": found["day"]}, lang))
    elif not found["findings"]:
        lines.append(say("grade_shares.asks_nothing", {"day": found["day"]}, lang))
    return lines
