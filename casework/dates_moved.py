"""Telling those who owe something that its day moved, when a calendar or a list of days off is published anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from casework.call import Call
from casework.dates import BATCH
from casework.debts import OBLIGATION, Debt, dossier_debts, obligation_debts
from casework.load import DOSSIER
from casework.outbox import OUTBOX, enqueue, new_item
from casework.reads import Reads
from states.vocabulary import RESTING_KINDS

KIND = "dates_moved"


class OpenDebts:
    """What is owed in a home, as it was before something is published; who owes it is told afterwards what moved.

    The rows are read once: a dossier that takes a step in this very moment owes something else, but no day of it moved.
    """

    def __init__(self, connection: Connection, call: Call) -> None:
        self.connection = connection
        self.call = call
        self._obligations = connection.execute(select(OBLIGATION)).mappings().all()
        awake = select(DOSSIER).where(DOSSIER.c.state_kind.not_in(RESTING_KINDS))
        self._dossiers = connection.execute(awake).mappings().all()
        self._before = self._debts(Reads(connection, call.day))

    def tell_moved(self, sha256: str) -> None:
        """Enqueue an item for everybody who owes what is due on another day since ``sha256`` was published.

        One for each debt and person, whose key names that version, so that it exists once. Who publishes is not told.
        The day from which reminders count does not move (docs/calendar.md).
        """
        reads = Reads(self.connection, self.call.day)
        moved = [
            debt
            for subject, debt in self._debts(reads).items()
            if subject in self._before and self._before[subject].due != debt.due
        ]
        unheard = self._unheard([debt.subject for debt in moved])
        enqueue(
            self.connection, [item for debt in moved for item in self._items(reads, debt, unheard, sha256)]
        )

    def _debts(self, reads: Reads) -> dict[str, Debt]:
        owed = (*obligation_debts(reads, self._obligations), *dossier_debts(reads, self._dossiers))
        return {debt.subject: debt for debt in owed}

    def _unheard(self, subjects: Sequence[str]) -> dict[tuple[str, int], str]:
        """(subject, person) → the day before an earlier move of which no letter has told yet, the oldest of several."""
        found: dict[tuple[str, int], str] = {}
        for start in range(0, len(subjects), BATCH):
            some = subjects[start : start + BATCH]
            query = select(OUTBOX.c.subject, OUTBOX.c.person_id, OUTBOX.c.facts).where(
                OUTBOX.c.subject.in_(some), OUTBOX.c.standing == "queued", OUTBOX.c.kind == KIND
            )
            for row in self.connection.execute(query.order_by(OUTBOX.c.queued_at.desc())):
                found[row.subject, row.person_id] = row.facts["before"]
        return found

    def _items(
        self, reads: Reads, debt: Debt, unheard: Mapping[tuple[str, int], str], sha256: str
    ) -> Iterator[dict[str, Any]]:
        due, just_before = debt.due.isoformat(), self._before[debt.subject].due.isoformat()
        for person in reads.holders_at(debt.asked, debt.duties):
            before = unheard.get((debt.subject, person), just_before)
            if person == self.call.actor_id or before == due:
                continue
            facts = {
                "calendar": debt.calendar.name,
                "milestone": debt.milestone,
                "unit": str(debt.unit_id),
                "due": due,
                "before": before,
            }
            yield new_item(KIND, debt.subject, f"{due}/{sha256}", person, facts, self.call.now)
