"""What a council may put on the list of a session: what lies at its desk and has no opinion of it yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, exists, select

from casework.council.tables import ITEM, SESSION, CouncilSeen
from casework.give_opinion import judging_from
from casework.load import DOSSIER, NOMINATION, OPINION
from casework.regulations import chart_of
from models.dossier import UNFINISHED

#: how many nominations one session takes
MOST = 1000


def awaiting(connection: Connection, council: CouncilSeen) -> list[Mapping[str, Any]]:
    """The open nominations at the council's desk that it has not judged, by dossier, each with ``dossier`` (the code)
    and ``on_list``, the unfinished session on whose list it stands already."""
    judged = exists().where(
        OPINION.c.nomination_id == NOMINATION.c.id,
        OPINION.c.desk == DOSSIER.c.desk,
        OPINION.c.ended_by.is_(None),
    )
    rows = connection.execute(
        select(
            NOMINATION.c.id,
            NOMINATION.c.dossier_id,
            NOMINATION.c.person_id,
            NOMINATION.c.unit_id,
            NOMINATION.c.title,
            DOSSIER.c.code.label("dossier"),
            DOSSIER.c.level,
            DOSSIER.c.state,
            DOSSIER.c.desk,
            DOSSIER.c.procedure_sha256,
        )
        .join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id)
        .where(
            DOSSIER.c.desk_unit_id == council.unit["id"],
            DOSSIER.c.state_kind == "at_desk",
            UNFINISHED,
            NOMINATION.c.outcome == "open",
            ~judged,
        )
        .order_by(DOSSIER.c.code, NOMINATION.c.id)
        .limit(MOST)
    ).mappings()
    here = [row for row in rows if judging_from(chart_of(connection, row["procedure_sha256"]), row)]
    listed = dict(
        connection.execute(
            select(ITEM.c.nomination_id, ITEM.c.session_id)
            .join(SESSION, SESSION.c.id == ITEM.c.session_id)
            .where(SESSION.c.standing.not_in(("closed", "annulled")))
        ).all()
    )
    return [{**row, "on_list": listed.get(row["id"])} for row in here]
