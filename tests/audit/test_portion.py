"""Verifying in portions: the same verdict as that of one walk, whatever was done to the history."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, insert, select

from casework.audit.portion import Portion, verify_portion
from casework.audit.seals import KeptSeals
from casework.audit.snapshot import snapshot
from casework.audit.verdict import Verdict
from casework.audit.verify import verify
from casework.history import ENTRY
from casework.load import DOSSIER
from casework.regulations import REGULATION
from casework.seal import kept_seals, seal_history
from models.base import values_of
from tests.audit.conftest import Tampering
from tests.audit.tampering import KINDS, Place
from tests.build import Office, noon


def in_portions(connection: Connection, kept: KeptSeals) -> Portion:
    """Every chain a portion of its own, and one to end with."""
    done: Portion | None = None
    while done is None or done.after is not None:
        done = verify_portion(connection, kept, done, seconds=0, batch=1)
    return done


def told(verdict: Verdict) -> tuple[object, ...]:
    return verdict.entries, verdict.chains, verdict.bad_chains, verdict.bad, verdict.first, verdict.seal


@pytest.mark.parametrize("kind", KINDS)
def test_portions_find_what_one_walk_finds(tampering: Tampering, tmp_path: Path, kind: str) -> None:
    with tampering() as connection:
        last = connection.execute(select(DOSSIER.c.version).where(DOSSIER.c.id == 1)).scalar_one()
        KINDS[kind](connection, Place("dossier:1", 2, last))
        kept = kept_seals(tmp_path / "none")
        whole, portions = verify(connection, seals=kept), in_portions(connection, kept)
    assert not whole.sound
    assert told(portions.verdict) == told(whole)
    assert portions.number == whole.chains + 1


def test_portions_of_a_sound_and_sealed_history_are_sound(written: Office, tmp_path: Path) -> None:
    seal_history(written.database, tmp_path, noon("2025-06-10"))
    kept = kept_seals(tmp_path)
    with snapshot(written.database) as connection:
        whole, portions = verify(connection, seals=kept), in_portions(connection, kept)
        at_once = verify_portion(connection, kept, None, seconds=60)
    assert whole.sound
    assert told(portions.verdict) == told(at_once.verdict) == told(whole)
    assert (at_once.after, at_once.number) == (None, 1)


def test_chains_that_are_gone_are_missed_at_the_end(
    written: Office, tampering: Tampering, tmp_path: Path
) -> None:
    seal_history(written.database, tmp_path, noon("2025-06-10"))
    kept = kept_seals(tmp_path)
    with tampering() as connection:
        gone = select(ENTRY.c.subject).where(ENTRY.c.subject.like("duties:%")).limit(1).scalar_subquery()
        for subject in ("dossier:1", connection.execute(select(gone)).scalar_one()):
            connection.execute(delete(ENTRY).where(ENTRY.c.subject == subject))
        row = values_of(connection.execute(select(REGULATION).limit(1)).one())
        made = {"sha256": "0" * 64, "name": "no-such", "version": 1}
        connection.execute(insert(REGULATION), {k: v for k, v in (row | made).items() if k != "id"})
        whole, portions = verify(connection, seals=kept), in_portions(connection, kept)
    assert whole.bad_chains >= 3
    assert told(portions.verdict) == told(whole)
