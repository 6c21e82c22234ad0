"""What blocs did in their years, counted from what the home keeps."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import Connection, func, select

from casework.access import EMPLOYMENT
from casework.bloc.certify import CERTIFICATE
from casework.bloc.hand_over import LEAD
from casework.bloc.hold_meeting import MEETING
from casework.bloc.propose import PROPOSAL
from casework.bloc.settle import SETTLED
from casework.bloc.sign_covenant import SIGNATURE
from casework.bloc.year import CARD, SHEET
from casework.history import ENTRY
from casework.load import DOSSIER
from casework.reads import SCORE
from rules.windows import local_day

# Every one is taken at least once where blocs settle what schools gave each other; and what is counted.
COUNTED_IN = {
    "covenant_signed": "school",
    "card_approved": "bloc",
    "meeting_held": "meeting",
    "sheet_filed": "sheet",
    "sheet_filed_anew": "sheet",
    "sheet_declined": "sheet",
    "sheet_assigned_again": "act",
    "settled_by_meeting": "item",
    "prize_proposed": "nomination",
    "prize_dossier_opened": "dossier",
    "certified_by_bloc": "certificate",
    "bloc_handed_over": "bloc",
}


def bloc_side_ways(connection: Connection) -> dict[str, int]:
    """How many took each, counted as `COUNTED_IN` says."""

    def size(table: Any, *conditions: Any) -> int:
        query = select(func.count()).select_from(table).where(*conditions)
        return int(connection.execute(query).scalar_one())

    return {
        "covenant_signed": size(SIGNATURE),
        "card_approved": size(CARD),
        "meeting_held": size(MEETING),
        "sheet_filed": size(SHEET, SHEET.c.standing == "filed"),
        "sheet_filed_anew": size(SHEET, SHEET.c.version > 1),
        "sheet_declined": size(SHEET, SHEET.c.standing == "declined"),
        "sheet_assigned_again": size(ENTRY, ENTRY.c.event == "assign_again"),
        "settled_by_meeting": size(SETTLED, SETTLED.c.by_meeting),
        "prize_proposed": size(PROPOSAL),
        "prize_dossier_opened": size(PROPOSAL, PROPOSAL.c.opened),
        "certified_by_bloc": size(CERTIFICATE),
        "bloc_handed_over": size(LEAD),
    }


def scored_by_deputy(connection: Connection) -> int:
    """Schools of the heads whose score was recorded by somebody else: a head is who recorded most of the bloc's."""
    scores = select(SCORE.c.school_id, SCORE.c.bloc_id)
    blocs = {row.school_id: row.bloc_id for row in connection.execute(scores)}
    dossiers = select(DOSSIER.c.id, DOSSIER.c.unit_id)
    schools = {f"dossier:{row.id}": row.unit_id for row in connection.execute(dossiers)}
    entries = select(ENTRY.c.subject, ENTRY.c.actor_id, ENTRY.c.at).where(
        ENTRY.c.event == "record_score", ENTRY.c.subject.like("dossier:%")
    )
    recorded = [
        (blocs[school], school, row.actor_id, row.at)
        for row in connection.execute(entries)
        if (school := schools[row.subject]) in blocs
    ]
    counted: dict[int, Counter[int]] = {}
    for bloc, _, actor, _ in recorded:
        counted.setdefault(bloc, Counter())[actor] += 1
    heads = {bloc: actors.most_common(1)[0][0] for bloc, actors in counted.items()}
    works = select(EMPLOYMENT.c.person_id, EMPLOYMENT.c.unit_id, EMPLOYMENT.c.since).where(
        EMPLOYMENT.c.person_id.in_(sorted(heads.values()))
    )
    since = {(row.person_id, row.unit_id): row.since for row in connection.execute(works)}
    found = set()
    for bloc, school, actor, at in recorded:
        begun = since.get((heads[bloc], school))
        if actor != heads[bloc] and begun is not None and begun <= local_day(at):
            found.add(school)
    return len(found)
