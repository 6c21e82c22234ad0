"""Giving the history out as lines of JSON, which anyone can check without this program (`verifier.py`)."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TextIO

from sqlalchemy import Connection, func, select

from casework.audit.chains import (
    BATCH,
    DOSSIER_PREFIX,
    as_exported,
    count_of,
    dossier_of,
    dossier_subject,
    entries_in_order,
)
from casework.audit.verifier import FORMAT
from casework.record_step import DOSSIER
from kit.canonical import canonical_json


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written. Whoever keeps ``sha256`` elsewhere can tell later that the file is the same."""

    entries: int
    heads: int
    sha256: str


class _Lines:
    def __init__(self, out: TextIO) -> None:
        self.out = out
        self.digest = hashlib.sha256()

    def write(self, value: object) -> None:
        line = canonical_json(value) + "\n"
        self.digest.update(line.encode())
        self.out.write(line)


def export(
    connection: Connection, out: TextIO, made_at: datetime, subjects: Collection[str] | None = None
) -> Exported:
    """Write a header, every entry in order, then the heads of the dossiers; no text of a note and no name.

    ``connection`` should be a `snapshot`, and ``out`` a text file in UTF-8 whose line ends are left alone.
    """
    lines = _Lines(out)
    wanted = None if subjects is None else [dossier_of(subject) for subject in subjects]
    # As text, so that heads come in the same order as the chains.
    subject = dossier_subject()
    heads = select(DOSSIER.c.id, DOSSIER.c.version, DOSSIER.c.head_hash).order_by(
        subject.collate("C") if connection.dialect.name == "postgresql" else subject
    )
    if wanted is not None:
        heads = heads.where(DOSSIER.c.id.in_([dossier for dossier in wanted if dossier is not None]))
    entries = count_of(connection, subjects)
    count = int(connection.execute(select(func.count()).select_from(heads.subquery())).scalar_one())
    lines.write({"format": FORMAT, "made_at": made_at, "entries": entries, "heads": count})
    for entry in connection.execute(entries_in_order(connection, subjects)).mappings():
        lines.write(as_exported(entry))
    for row in connection.execute(heads.execution_options(yield_per=BATCH)):
        lines.write({"head": f"{DOSSIER_PREFIX}{row.id}", "version": row.version, "hash": row.head_hash})
    return Exported(entries, count, lines.digest.hexdigest())
