"""The rows on which a verdict rests, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select

from casework.career.tables import DISCIPLINE, GRADE, SERVICE
from casework.decided import AWARD, DECISION
from casework.law.judging import Judged
from casework.load import INITIATIVE
from casework.views.naming import titles_named
from models.movement import Movement
from notifications.words import say

MOVEMENT = Movement.__table__


def evidence_told(connection: Connection, judged: Judged, lang: str, *, disciplines: bool) -> dict[str, str]:
    """Every row on which a verdict rests, in words, by its reference."""
    refs: dict[str, list[int]] = {}
    for _, answer in judged.verdict.answers() if judged.verdict else ():
        for ref in answer.evidence:
            kind, _, number = ref.partition(":")
            refs.setdefault(kind, []).append(int(number))
    told: dict[str, str] = {}
    for kind, tell in _EVIDENCE.items():
        if refs.get(kind) and (disciplines or kind != "discipline"):
            told |= dict(tell(connection, refs[kind], lang))
    return told


def _awards(connection: Connection, ids: Sequence[int], lang: str) -> Iterable[tuple[str, str]]:
    names = titles_named(connection, lang)
    query = (
        select(
            AWARD.c.id,
            AWARD.c.title,
            AWARD.c.school_year,
            DECISION.c.number,
            DECISION.c.decided_on,
            DECISION.c.issued_by,
        )
        .join(DECISION, DECISION.c.id == AWARD.c.decision_id)
        .where(AWARD.c.id.in_(ids))
    )
    for row in connection.execute(query):
        params = {
            "title": names.get(row.title, row.title),
            "year": row.school_year,
            "number": row.number,
            "day": row.decided_on,
            "body": row.issued_by,
        }
        yield f"award:{row.id}", say("eligibility.award_row", params, lang)


def _grades(connection: Connection, ids: Sequence[int], lang: str) -> Iterable[tuple[str, str]]:
    for row in connection.execute(select(GRADE).where(GRADE.c.id.in_(ids))):
        params = {"grade": row.grade, "year": row.school_year, "number": row.number, "day": row.decided_on}
        yield f"grade:{row.id}", say("eligibility.grade_row", params, lang)


def _initiatives(connection: Connection, ids: Sequence[int], lang: str) -> Iterable[tuple[str, str]]:
    query = select(INITIATIVE.c.id, INITIATIVE.c.name, INITIATIVE.c.code).where(INITIATIVE.c.id.in_(ids))
    for row in connection.execute(query):
        told = say("eligibility.initiative_row", {"name": row.name, "code": row.code}, lang)
        yield f"initiative:{row.id}", told


def _disciplines(connection: Connection, ids: Sequence[int], lang: str) -> Iterable[tuple[str, str]]:
    for row in connection.execute(select(DISCIPLINE).where(DISCIPLINE.c.id.in_(ids))):
        told = say("eligibility.discipline_row", {"form": row.form, "day": row.decided_on}, lang)
        yield f"discipline:{row.id}", told


def _service(connection: Connection, ids: Sequence[int], lang: str) -> Iterable[tuple[str, str]]:
    for row in connection.execute(select(SERVICE).where(SERVICE.c.id.in_(ids))):
        told = say("eligibility.service_row", {"since": row.since, "until": row.until}, lang)
        yield f"service:{row.id}", told


def _movements(connection: Connection, ids: Sequence[int], lang: str) -> Iterable[tuple[str, str]]:
    for row in connection.execute(select(MOVEMENT).where(MOVEMENT.c.id.in_(ids))):
        yield (
            f"movement:{row.id}",
            say("eligibility.movement_row", {"name": row.theme, "code": row.code}, lang),
        )


_EVIDENCE = {
    "award": _awards,
    "grade": _grades,
    "initiative": _initiatives,
    "discipline": _disciplines,
    "service": _service,
    "movement": _movements,
}
