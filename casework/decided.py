"""The tables of decisions: the titles that each brought, and what was demanded back."""

from __future__ import annotations

from sqlalchemy import func, null

from models.decision import Award, Decision, ReckonedRecovery, Recovery

AWARD, DECISION = Award.__table__, Decision.__table__
RECOVERY, RECKONED = Recovery.__table__, ReckonedRecovery.__table__
#: of awards those that are of no initiative; said so that SQLite does not begin with all of these, which are most
OF_NO_INITIATIVE = func.coalesce(AWARD.c.initiative_id, null()).is_(None)
