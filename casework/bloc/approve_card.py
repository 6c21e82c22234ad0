"""The scorecard that a bloc approves at its first meeting. From then on it is frozen for the year."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, insert, select

from casework.act import Done, do_act
from casework.bloc.year import CARD, BlocYear
from casework.call import Call
from casework.reads import SCORE
from casework.regulations import scorecard_named, titles_in_force
from kit.database import Database
from published.scorecards import Scorecard
from rules.reasons import Reason, Refused


def approve_card(
    database: Database, bloc: str, school_year: str, scorecard: str, call: Call, **options: Any
) -> Done:
    """Approve the newest version of a published scorecard, by its name, for a bloc's year.

    Raises:
        Refused: with every reason; another was approved already, or points were typed without one.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        year = BlocYear.of(connection, bloc, school_year, call)
        reasons = [*year.not_leading(), *_frozen(year), *_typed(year)]
        card = None
        try:
            card = scorecard_named(connection, scorecard)
            reasons += _strange_titles(connection, card)
        except Refused as refusal:
            reasons += refusal.reasons
        if reasons or card is None:
            raise Refused(reasons)
        row = year.columns | {
            "scorecard_sha256": card.sha256,
            "approved_by_id": call.actor_id,
            "approved_at": call.now,
        }
        connection.execute(insert(CARD), row)
        return year.subject, {"scorecard": card.name, "sha256": card.sha256}

    asked = {"bloc": bloc, "school_year": school_year, "scorecard": scorecard}
    return do_act(database, "approve_card", call, work, asked=asked, **options)


def _frozen(year: BlocYear) -> list[Reason]:
    if year.scorecard is None:
        return []
    return [Reason("card_frozen", {"name": year.scorecard.name, "school_year": year.school_year})]


def _typed(year: BlocYear) -> list[Reason]:
    """Points that were recorded without a card would stand beside a ranking that knows nothing of them."""
    rows = year.connection.execute(
        select(SCORE.c.school_id).where(year.mine(SCORE)).order_by(SCORE.c.school_id)
    )
    return [Reason("score_recorded_already", {"unit": school}) for school in rows.scalars()]


def _strange_titles(connection: Connection, card: Scorecard) -> list[Reason]:
    titles = titles_in_force(connection)
    reasons = []
    for prize in card.prizes:
        if prize.title not in titles:
            reasons.append(Reason("unknown_title", {"title": prize.title}))
        elif not titles[prize.title].suits("collective"):
            params = {"title": prize.title, "subject": titles[prize.title].subject}
            reasons.append(Reason("prize_not_for_collectives", params))
    return reasons
