"""Walking every chain of the history and naming the first entry that is not as it was written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from itertools import chain
from typing import Any

from sqlalchemy import Connection

from casework.audit.chains import (
    BATCH,
    DOSSIER_PREFIX,
    LONGEST,
    chain_and_head,
    count_of,
    dossier_of,
    dossiers_without_chain,
    entries_in_order,
    heads_of,
)
from casework.audit.seals import HeldAgainstSeals, KeptSeals, broken_seals
from casework.audit.texts import Promise, PublishedTexts, broken_promises, promises_of
from casework.audit.verdict import LISTED, BadEntry, Verdict
from casework.audit.verifier import chain_fault
from casework.history import GENESIS, entry_hash
from kit.clock import stopwatch

# Given the number of entries walked and the number there are.
Progress = Callable[[int, int], None]


def verify(
    connection: Connection,
    subjects: Collection[str] | None = None,
    progress: Progress | None = None,
    seals: KeptSeals | None = None,
) -> Verdict:
    """Walk the chains (all, or of ``subjects``) in one streamed pass, and hold them against ``seals``.

    A writer at work does no harm: what looks bad is read again, chain and head in one statement. What the
    walk cannot see is in the verdict (`unseen`).
    """
    started = stopwatch()
    walk = Walk(connection, HeldAgainstSeals(seals, subjects) if seals else None)
    total = count_of(connection, subjects) if progress else 0
    for entry in connection.execute(entries_in_order(connection, subjects)).mappings():
        walk.step(entry)
        if progress and walk.entries % BATCH == 0:
            progress(walk.entries, total)
    walk.end_chain()
    walk.look_up()
    for dossier in dossiers_without_chain(connection, subjects):
        walk.note_down(BadEntry(f"{DOSSIER_PREFIX}{dossier}", 1, "chain_missing"))
    for bad in walk.regulations.unpublished():
        if subjects is None or bad.subject in subjects:
            walk.note_down(bad)
    if walk.seals is not None:
        found = chain(walk.seals.end(), broken_seals(connection, walk.seals.kept))
        for bad in found:
            walk.note_down(bad)
    if progress:
        progress(walk.entries, total)
    return Verdict(
        entries=walk.entries,
        chains=walk.chains,
        first=walk.first,
        bad=tuple(sorted(walk.bad.values())),
        bad_chains=walk.bad_chains,
        seconds=stopwatch() - started,
        seal=walk.seals.standing() if walk.seals else None,
    )


class Walk:
    """A walk over chains in order: where it stands, and what it has to look up before it can go on forgetting."""

    def __init__(self, connection: Connection, seals: HeldAgainstSeals | None) -> None:
        self.connection = connection
        self.seals = seals
        self.regulations = PublishedTexts(connection)
        self.entries = self.chains = self.bad_chains = 0
        self.first: BadEntry | None = None
        self.bad: dict[str, BadEntry] = {}
        self.subject: str | None = None
        self.seq = self.last = 0
        self.hash = GENESIS
        # The number at which the present chain stopped to hold; its further entries say nothing.
        self.broken_at: int | None = None
        self.ends: dict[int, tuple[int, str]] = {}
        self.promises: list[Promise] = []

    def step(self, entry: Mapping[str, Any]) -> None:
        if entry["subject"] != self.subject:
            self.end_chain()
            self.chains += 1
            self.subject, self.seq, self.hash, self.broken_at = entry["subject"], 0, GENESIS, None
        self.entries += 1
        self.last = int(entry["seq"])
        if self.seals is not None:
            self.note_if_bad(self.seals.step(entry))
        if self.broken_at is not None:
            return
        self.seq += 1
        if entry["seq"] != self.seq or entry["prev_hash"] != self.hash or entry_hash(entry) != entry["hash"]:
            self.broken_at = self.seq
            return
        self.hash = entry["hash"]
        self.hold_against_texts(entry)

    def hold_against_texts(self, entry: Mapping[str, Any]) -> None:
        try:
            self.promises += promises_of(entry)
            bad = None
            if entry["event"] == "publish":
                bad = self.regulations.fault_of(entry)
        except (ValueError, TypeError, KeyError):
            bad = BadEntry(entry["subject"], entry["seq"], "payload_unreadable")
        if bad is not None:
            self.note_down(bad)
        if len(self.promises) >= BATCH:
            self.look_up_promises()

    def end_chain(self) -> None:
        if self.subject is None:
            return
        if self.seals is not None:
            # Also of a chain that broke off before: its length is what `seq` of the last row says.
            self.note_if_bad(self.seals.end_chain(self.subject, self.last))
        if self.broken_at is not None:
            self.diagnose(self.subject, self.broken_at)
            return
        dossier = dossier_of(self.subject)
        if dossier is not None:
            self.ends[dossier] = (self.seq, self.hash)
        if len(self.ends) >= BATCH:
            self.look_up_heads()

    def look_up(self) -> None:
        self.look_up_heads()
        self.look_up_promises()

    def look_up_heads(self) -> None:
        heads = heads_of(self.connection, self.ends) if self.ends else {}
        for dossier, end in self.ends.items():
            if dossier not in heads:
                self.note_down(BadEntry(f"{DOSSIER_PREFIX}{dossier}", 1, "dossier_missing"))
            elif heads[dossier] != end:
                self.diagnose(f"{DOSSIER_PREFIX}{dossier}", None)
        self.ends.clear()

    def look_up_promises(self) -> None:
        for bad in broken_promises(self.connection, self.promises) if self.promises else ():
            self.note_down(bad)
        self.promises.clear()

    def diagnose(self, subject: str, broken_at: int | None) -> None:
        """Say what was done to a chain; it is read anew, since an act may have come in between."""
        entries, head = chain_and_head(self.connection, subject)
        if len(entries) == LONGEST:
            self.note_down(BadEntry(subject, broken_at or LONGEST, "does_not_follow"))
            return
        fault = chain_fault(entries, head)
        if fault is not None:
            self.note_down(BadEntry(subject, *fault))
        elif broken_at is not None:
            # Two ways of taking the hash disagree: that is a fault of the program, to be shown all the same.
            self.note_down(BadEntry(subject, broken_at, "does_not_follow"))

    def note_if_bad(self, bad: BadEntry | None) -> None:
        if bad is not None:
            self.note_down(bad)

    def note_down(self, bad: BadEntry) -> None:
        known = self.bad.get(bad.subject)
        if known is None:
            self.bad_chains += 1
        if (known is None and len(self.bad) < LISTED) or (known is not None and bad < known):
            self.bad[bad.subject] = bad
        if self.first is None or bad < self.first:
            self.first = bad
