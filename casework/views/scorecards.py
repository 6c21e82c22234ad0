"""A published scorecard as plain data: groups, items, most points, how it is settled, what ranks bring."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from casework.regulations import scorecard_named
from casework.views.naming import titles_named
from published.scorecards import Scorecard
from rules.scorecard import plain


def show_scorecard(connection: Connection, name: str, lang: str) -> dict[str, Any]:
    """The newest version of a scorecard, as `scorecard_told`.

    Raises:
        Refused: none of that name was published.
    """
    return scorecard_told(connection, scorecard_named(connection, name), lang)


def scorecard_told(connection: Connection, card: Scorecard, lang: str) -> dict[str, Any]:
    """A scorecard with labels in ``lang``. Points are texts as people write them, without zeros at the end."""
    titles = titles_named(connection, lang)
    return {
        "name": card.name,
        "title": card.title[lang],
        "sha256": card.sha256,
        "source": card.source,
        "verified": card.verified,
        "most": plain(card.card.most),
        "scorers": card.scorers,
        "settle": card.settle,
        "ties": list(card.ties),
        "groups": [
            {
                "code": group.code,
                "label": group.label[lang],
                "most": plain(group.most),
                "items": [
                    {"code": item.code, "label": item.label[lang], "most": plain(item.most)}
                    for item in group.items
                ],
            }
            for group in card.groups
        ],
        "prizes": [
            {
                "rank": prize.rank,
                "title": prize.title,
                "label": titles.get(prize.title, prize.title),
                "verified": prize.verified,
                "source": prize.source,
            }
            for prize in card.prizes
        ],
        "certificate": {
            "money": card.certificate.money,
            "verified": card.certificate.verified,
            "source": card.certificate.source,
        }
        if card.certificate
        else None,
    }
