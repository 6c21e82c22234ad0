"""Decisions, and what a revocation takes back."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import and_, exists, extract, or_, select

from casework.decided import AWARD, DECISION, RECOVERY
from casework.doctor.finding import fault
from casework.doctor.view import View
from casework.load import DOSSIER
from rules.windows import local_day


def decision_missing(view: View) -> Iterator[str]:
    """A dossier, a title or a recovery names a decision that is not there."""
    for kind, column in (
        ("dossier", DOSSIER.c.decision_id),
        ("dossier", DOSSIER.c.revocation_id),
        ("award", AWARD.c.decision_id),
        ("recovery", RECOVERY.c.decision_id),
    ):
        table = column.table
        query = select(table.c.id).select_from(table.outerjoin(DECISION, DECISION.c.id == column))
        yield from view.ids(
            kind, query.where(column.is_not(None), DECISION.c.id.is_(None)).order_by(table.c.id)
        )


def decision_number_twice(view: View) -> Iterator[str]:
    """One body gave the same number twice in one year."""
    other = DECISION.alias("other")
    same = and_(
        other.c.unit_id == DECISION.c.unit_id,
        other.c.number == DECISION.c.number,
        extract("year", other.c.decided_on) == extract("year", DECISION.c.decided_on),
        other.c.id < DECISION.c.id,
    )
    yield from view.ids("decision", select(DECISION.c.id).where(exists(select(other.c.id).where(same))))


def decision_in_future(view: View) -> Iterator[str]:
    """A decision is dated after the day on which it was recorded."""
    for row in view.rows(select(DECISION.c.id, DECISION.c.decided_on, DECISION.c.recorded_at)):
        if row["decided_on"] > local_day(row["recorded_at"]):
            yield f"decision:{row['id']}"


def revocation_without_recovery(view: View) -> Iterator[str]:
    """A dossier is revoked, and nothing says what is to be recovered."""
    demanded = exists().where(RECOVERY.c.dossier_id == DOSSIER.c.id)
    yield from view.ids("dossier", select(DOSSIER.c.id).where(DOSSIER.c.state_kind == "revoked", ~demanded))


def recovery_without_revocation(view: View) -> Iterator[str]:
    """Money or items are demanded back for a dossier that is not revoked."""
    query = select(RECOVERY.c.id).outerjoin(DOSSIER, DOSSIER.c.id == RECOVERY.c.dossier_id)
    loose = or_(DOSSIER.c.id.is_(None), DOSSIER.c.state_kind != "revoked")
    yield from view.ids("recovery", query.where(loose))


def settled_outside_its_time(view: View) -> Iterator[str]:
    """What was demanded back is settled before it was demanded, or after the day on which that was recorded."""
    for row in view.rows(select(RECOVERY).where(RECOVERY.c.settled_on.is_not(None)).order_by(RECOVERY.c.id)):
        if not local_day(row["demanded_at"]) <= row["settled_on"] <= local_day(row["settled_at"]):
            yield f"recovery:{row['id']}"


INVARIANTS = (
    fault(decision_missing),
    fault(decision_number_twice),
    fault(decision_in_future),
    fault(revocation_without_recovery),
    fault(recovery_without_revocation),
    fault(settled_outside_its_time),
)
