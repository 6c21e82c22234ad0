"""Initiatives as a dossier names them: put forward themselves, or used up by the nomination of a person or a unit."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from casework.change_dossier import Desk
from casework.load import AUTHOR, DOSSIER, INITIATIVE, NOMINATION
from rules.reasons import Reason

# Of a dossier that ended so, its initiatives may be put forward again.
ENDED_WITHOUT = ("withdrawn", "lapsed", "declined", "revoked")
_OVER = ("struck", "stopped", "not_awarded", "revoked")


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose nomination it is: a person (``name`` is the staff code), a unit, or an initiative itself."""

    person: int | None
    unit: int
    initiative: int | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class KnownInitiatives:
    """What is on file of some initiatives, read at once."""

    rows: Mapping[str, Mapping[str, Any]]
    authors: Mapping[int, frozenset[int]]
    #: (initiative, title) → (id, code) of the dossier in which that stands or was recognised
    nominated: Mapping[tuple[int, str], tuple[int, str]]

    @classmethod
    def of(cls, connection: Connection, codes: Collection[str]) -> KnownInitiatives:
        """Those of ``codes`` that there are; without a code nothing is asked."""
        if not codes:
            return cls({}, {}, {})
        # Who takes one back at this moment waits for what is written here, or is waited for.
        held = select(INITIATIVE).where(INITIATIVE.c.code.in_(sorted(codes))).order_by(INITIATIVE.c.id)
        found = connection.execute(held.with_for_update(read=True, key_share=True))
        rows = {row["code"]: row for row in found.mappings()}
        ids = [row["id"] for row in rows.values()]
        authors: dict[int, set[int]] = {}
        query = select(AUTHOR.c.initiative_id, AUTHOR.c.person_id).where(AUTHOR.c.initiative_id.in_(ids))
        for author in connection.execute(query):
            authors.setdefault(author.initiative_id, set()).add(author.person_id)
        standing = (
            select(NOMINATION.c.initiative_id, NOMINATION.c.title, DOSSIER.c.id, DOSSIER.c.code)
            .join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id)
            .where(
                NOMINATION.c.initiative_id.in_(ids),
                NOMINATION.c.outcome.not_in(_OVER),
                DOSSIER.c.state_kind.not_in(ENDED_WITHOUT),
            )
        )
        nominated = {(r.initiative_id, r.title): (r.id, r.code) for r in connection.execute(standing)}
        return cls(rows, {i: frozenset(people) for i, people in authors.items()}, nominated)

    def nominee(self, desk: Desk, reasons: list[Reason], code: str, title: str) -> int | None:
        """The id of an initiative that is put forward in a dossier; the reasons against it are added."""
        row = self.rows.get(code)
        if row is None:
            reasons.append(Reason("unknown_initiative", {"initiative": code}))
            return None
        if row["taken_back_at"] is not None:
            reasons.append(Reason("initiative_taken_back", {"initiative": code}))
        if row["unit_id"] != desk.dossier["unit_id"]:
            reasons.append(Reason("initiative_of_other_unit", {"initiative": code}))
        elsewhere = self.nominated.get((row["id"], title))
        if elsewhere is not None and elsewhere[0] != desk.dossier["id"]:
            params = {"initiative": code, "title": title, "dossier": elsewhere[1]}
            reasons.append(Reason("initiative_put_forward", params))
        return int(row["id"])

    def used(self, reasons: list[Reason], code: str, holder: Holder) -> int | None:
        """The id of an initiative that a nomination uses; the reasons against that are added.

        That it was used before, or is not recognised yet, is no reason: it is shown, and the rulebooks judge it.
        """
        if holder.initiative is not None:
            reasons.append(Reason("initiative_uses_initiative", {"initiative": code}))
            return None
        row = self.rows.get(code)
        if row is None:
            reasons.append(Reason("unknown_initiative", {"initiative": code}))
            return None
        if row["taken_back_at"] is not None:
            reasons.append(Reason("initiative_taken_back", {"initiative": code}))
        if holder.person is None and holder.name is None and row["unit_id"] != holder.unit:
            reasons.append(Reason("initiative_of_other_unit", {"initiative": code}))
        if holder.person is not None and holder.person not in self.authors.get(row["id"], ()):
            reasons.append(
                Reason("not_an_author", {"initiative": code, "person": holder.name or holder.person})
            )
        return int(row["id"])
