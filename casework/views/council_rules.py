"""The rules of a council as published, for a page and a terminal."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sqlalchemy import Connection

from casework.regulations import council_rules_by_hash, newest
from published.councils import CapRule, Cited, CouncilRules, ShareRule, Threshold
from rules.ballots import MORE_THAN_HALF, Share, needed
from rules.reasons import Reason, Refused

#: the sizes of council for which a page shows how many votes a share is
EXAMPLES = (5, 7, 9, 11, 15)


def show_council_rules(connection: Connection, name: str, lang: str) -> dict[str, Any]:
    """The newest version of some rules as plain data.

    Raises:
        Refused: none of this name was published.
    """
    sha256 = newest(connection, "council", name)
    if sha256 is None:
        raise Refused([Reason("unknown_council_rules", {"name": name})])
    return {**rules_as_data(council_rules_by_hash(connection, sha256), lang), "sha256": sha256}


def share_text(share: Share) -> str:
    """A share as the file writes it: ``9/10``."""
    return share if isinstance(share, str) else f"{Fraction(share).numerator}/{Fraction(share).denominator}"


def rules_as_data(rules: CouncilRules, lang: str) -> dict[str, Any]:
    """Rules as plain data, each part with its source."""
    return {
        "name": rules.name,
        "title": rules.title[lang],
        "units": list(rules.units),
        "source": rules.source,
        "verified": rules.verified,
        "quorum": _share(rules.quorum),
        "award_quorum": _share(rules.quorum_for_awards),
        "absent": {"how": rules.absent, **_cited(rules.absent_cited)},
        "recusal": {"base": rules.base, **_cited(rules.base_cited)},
        "thresholds": [_threshold(threshold) for threshold in rules.thresholds],
        "ties": list(rules.ties),
        "caps": [_cap(cap) for cap in rules.caps],
        "publicity": (
            {
                "days": rules.publicity.days,
                "count": rules.publicity.count,
                "when": rules.publicity.when,
                **_cited(rules.publicity.cited),
            }
            if rules.publicity
            else None
        ),
    }


def _cited(cited: Cited) -> dict[str, Any]:
    return {"source": cited.article, "verified": cited.verified}


def _share(rule: ShareRule) -> dict[str, Any]:
    return {**shared(rule.share), **_cited(rule.cited)}


def shared(share: Share) -> dict[str, Any]:
    """A share and what it comes to in councils of some sizes."""
    return {
        "share": share_text(share),
        "half": share == MORE_THAN_HALF,
        "examples": [{"members": size, "needed": needed(size, share)} for size in EXAMPLES],
    }


def _threshold(threshold: Threshold) -> dict[str, Any]:
    return {
        "titles": list(threshold.titles),
        "secret": threshold.secret,
        **shared(threshold.share),
        **_cited(threshold.cited),
    }


def _cap(cap: CapRule) -> dict[str, Any]:
    return {
        "titles": list(cap.titles),
        "share": share_text(cap.share) if cap.share is not None else None,
        "number": cap.number,
        "of": list(cap.of),
        **_cited(cap.cited),
    }
