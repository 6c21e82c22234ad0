"""Registering and handing in mark what is registered and what is proposed: two of the four numbers."""

from __future__ import annotations

from sqlalchemy import bindparam, update

from casework.effects.effect import Case, Effect
from casework.load import NOMINATION

_REGISTERED = (
    update(NOMINATION)
    .where(NOMINATION.c.dossier_id == bindparam("b_dossier"), NOMINATION.c.outcome == "open")
    .values(registered=True)
)
_PROPOSED = (
    update(NOMINATION)
    .where(NOMINATION.c.dossier_id == bindparam("b_dossier"), NOMINATION.c.outcome == "open")
    .values(proposed=True)
)


def registered(case: Case) -> Effect:
    """Every nomination that stands is registered."""
    return Effect(writes=[(_REGISTERED, [{"b_dossier": case.dossier["id"]}])])


def proposed(case: Case) -> Effect:
    """Every nomination that stands is proposed."""
    return Effect(writes=[(_PROPOSED, [{"b_dossier": case.dossier["id"]}])])
