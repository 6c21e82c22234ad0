"""Verifying a long history in portions, each of some seconds: a page cannot wait for the whole of it.

Every portion walks whole chains, in the order of the database's own index, and says after which chain the next one
begins. What no walk over chains can meet, chains that are gone, is looked for when the last of them was walked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, select

from casework.audit.chains import BATCH, DOSSIER_PREFIX, dossiers_without_chain
from casework.audit.seals import HeldAgainstSeals, KeptSeals, broken_seals
from casework.audit.verdict import LISTED, BadEntry, SealStanding, Verdict
from casework.audit.verify import Walk
from casework.history import ENTRY
from kit.clock import stopwatch

_REGULATION = "regulation:"
# To say what was done to a chain takes some hundredths of a second: no more of them wait for their turn.
_HEADS = 25


@dataclass(frozen=True, slots=True)
class Portion:
    """How far the portions came: after the chain ``after``, or to the end (None). ``verdict`` is of all of them."""

    after: str | None
    verdict: Verdict
    #: how many portions it took so far
    number: int = 1


def verify_portion(
    connection: Connection, seals: KeptSeals, before: Portion | None, *, seconds: float, batch: int = BATCH
) -> Portion:
    """Walk on from where the portions ``before`` came to until ``seconds`` are over; one whole chain at least.

    ``batch`` is how many chains are read at once.

    What is written into a chain that an earlier portion walked is not seen: each portion has its own moment.
    """
    started = stopwatch()
    held = HeldAgainstSeals(seals, None)
    walk = Walk(connection, held)
    after = before.after if before is not None else ""
    number = before.number + 1 if before is not None else 1
    regulations: set[str] = set()
    while chains := _chains_after(connection, after or "", batch):
        for entry in _entries_of(connection, chains):
            if entry["subject"] != walk.subject and walk.subject is not None:
                after = walk.subject
                if len(walk.ends) >= _HEADS:
                    walk.look_up_heads()
                if stopwatch() - started >= seconds:
                    break
            if entry["subject"].startswith(_REGULATION):
                regulations.add(entry["subject"])
            walk.step(dict(entry))
        else:
            after = chains[-1]
        if stopwatch() - started >= seconds:
            break
    walk.end_chain()
    walk.look_up()
    for bad in walk.regulations.unpublished():
        if bad.subject in regulations:
            walk.note_down(bad)
    if not chains:
        after = None
        for bad in _never_met(connection, walk, seals):
            walk.note_down(bad)
    return Portion(after, _together(before.verdict if before else None, walk, stopwatch() - started), number)


def _chains_after(connection: Connection, after: str, batch: int) -> Sequence[str]:
    """The next chains, by the key of the table: nothing is sorted for them, whatever language the server speaks."""
    subject = ENTRY.c.subject
    query = select(subject).where(subject > after).group_by(subject).order_by(subject).limit(batch)
    return connection.execute(query).scalars().all()


def _entries_of(connection: Connection, chains: Sequence[str]) -> Iterator[RowMapping]:
    """Their entries in the order of the chains."""
    query = select(ENTRY).where(ENTRY.c.subject.in_(chains)).order_by(ENTRY.c.subject, ENTRY.c.seq)
    yield from connection.execute(query.execution_options(yield_per=BATCH)).mappings()


def _never_met(connection: Connection, walk: Walk, seals: KeptSeals) -> Iterator[BadEntry]:
    """What ought to have a chain and has none, and the seals that are not as they were made."""
    there = set(connection.execute(select(ENTRY.c.subject).distinct()).scalars())
    for subject, (seq, _) in seals.sealed.heads.items():
        if subject not in there:
            yield BadEntry(subject, 1, "sealed_missing", seq)
    for dossier in dossiers_without_chain(connection, None):
        yield BadEntry(f"{DOSSIER_PREFIX}{dossier}", 1, "chain_missing")
    # Each portion looks at those whose chains it walks; a regulation without a chain is met by none.
    yield from (bad for bad in walk.regulations.unpublished() if bad.subject not in there)
    yield from broken_seals(connection, seals)


def _together(before: Verdict | None, walk: Walk, seconds: float) -> Verdict:
    """The verdict of the portions before and of a walk."""
    standing = walk.seals.standing() if walk.seals is not None else None
    found = dict(walk.bad)
    if before is None:
        return _verdict(walk.entries, walk.chains, found, walk.bad_chains, seconds, standing)
    known = {bad.subject: bad for bad in before.bad}
    more = walk.bad_chains - len(known.keys() & found.keys())
    found = known | {subject: min(bad, known.get(subject, bad)) for subject, bad in found.items()}
    if standing is not None and before.seal is not None:
        first = [since for since in (standing.since, before.seal.since) if since is not None]
        standing = _since(standing, standing.unprotected + before.seal.unprotected, min(first, default=None))
    return _verdict(
        before.entries + walk.entries,
        before.chains + walk.chains,
        found,
        before.bad_chains + more,
        before.seconds + seconds,
        standing,
    )


def _since(standing: SealStanding, unprotected: int, since: datetime | None) -> SealStanding:
    return SealStanding(standing.number, standing.day, standing.heads, standing.root, unprotected, since)


def _verdict(
    entries: int,
    chains: int,
    found: dict[str, BadEntry],
    bad_chains: int,
    seconds: float,
    standing: SealStanding | None,
) -> Verdict:
    bad = sorted(found.values())
    return Verdict(
        entries=entries,
        chains=chains,
        first=bad[0] if bad else None,
        bad=tuple(bad[:LISTED]),
        bad_chains=bad_chains,
        seconds=seconds,
        seal=standing,
    )
