"""Putting papers into a dossier, and taking them out again.

A paper's name may hold a person's name, so the history holds its id and the hash of its bytes; the name stands in
its row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from casework.access import holdings_at
from casework.call import Call
from casework.change_dossier import Change, Desk, change_dossier
from casework.load import PAPER
from casework.nominate import EDITABLE_KINDS
from casework.prepare_step import who_may
from casework.receipts import Receipt
from documents.store import PaperStore, Source, StoredPaper
from kit.database import Database, insert_or_ignore
from models.paper import StoredFile
from rules.reasons import Reason
from rules.windows import local_day
from states.vocabulary import FINAL_KINDS, PAPERS

STORED_FILE = StoredFile.__table__
SCHOOL = "school"


@dataclass(frozen=True, slots=True)
class Side:
    """On whose side the caller acts: a unit and, of an office, the duties of its desk (of a school, all)."""

    unit_id: int
    duties: frozenset[str] | None

    def put_in(self, connection: Connection, paper: Mapping[str, Any]) -> bool:
        """Whether the one who put a paper in was of this side, by the duties of that day."""
        if paper["added_by_id"] is None:
            # Loaded when the home was prepared: it counts as the school's own.
            return self.duties is None
        day = local_day(paper["added_at"])
        held = holdings_at(connection, paper["added_by_id"], self.unit_id, day)
        return any(self.duties is None or holding.duty in self.duties for holding in held)


def side_of(desk: Desk, change: Change) -> Side | None:
    """The side on which the caller may handle papers now; without one the change gets the reason.

    The desk that holds the dossier may; so may the school while the dossier is a draft, returned, or at any desk of
    the school.
    """
    dossier, procedure = desk.dossier, desk.chart.procedure
    reads = desk.reads
    here = procedure.desks[dossier["desk"]]
    holding, reasons = who_may(
        reads, desk.chart, here.name, dossier["desk_unit_id"], desk.call, dossier["unit_id"]
    )
    if holding is not None:
        change.on_behalf_of_id = holding.on_behalf_of
        duties = None if here.unit == SCHOOL else frozenset(here.duties)
        return Side(dossier["desk_unit_id"], duties)
    school = procedure.states[procedure.initial].desk
    unit = dossier["route"][school]
    holding, _ = who_may(reads, desk.chart, school, unit, desk.call)
    if holding is None:
        change.reasons += reasons
        return None
    change.on_behalf_of_id = holding.on_behalf_of
    if dossier["state_kind"] not in EDITABLE_KINDS and here.unit != SCHOOL:
        change.reasons.append(
            Reason("not_editable_here", {"state": dossier["state"], "desk": dossier["desk"]})
        )
    return Side(unit, None)


def add_paper(
    database: Database,
    store: PaperStore,
    code: str,
    kind: str,
    source: Source,
    name: str,
    call: Call,
    **options: Any,
) -> Receipt:
    """Put a paper into a dossier: the bytes of an open file or of the file at a path, under a name.

    The bytes are at their address before the row that names them is committed. A process killed between the two leaves
    a file in the store that no dossier names.

    Raises:
        Refused: every reason at once, of the caller, the kind, the name and the bytes.
        StorageTrouble: the store or the database could not be written; the dossier is as it was.
    """
    # Received outside of the transaction: a slow upload holds no lock.
    with store.receive(source, name) as incoming:

        def decide(desk: Desk) -> Change:
            change = Change()
            side_of(desk, change)
            if kind not in PAPERS:
                change.reasons.append(Reason("unknown_paper_kind", {"kind": kind, "known": list(PAPERS)}))
            change.reasons += incoming.reasons
            paper = incoming.paper
            if paper is not None:
                change.reasons += _already_there(desk, kind, paper.sha256)
            if change.reasons or paper is None:
                return change
            # Kept only now, when nothing that is known here speaks against it, so that refused acts do not fill the
            # store. It is one rename, short enough to stand within the transaction; if that fails after all (a stale
            # version, a lost race), the file is harmless.
            if not options.get("dry_run"):
                store.keep(incoming)
            change.payload = {
                "paper": _write_rows(desk, kind, paper, incoming.name),
                "kind": kind,
                "sha256": paper.sha256,
                "desk": desk.dossier["desk"],
            }
            return change

        sha256 = incoming.paper.sha256 if incoming.paper else None
        asked = {"kind": kind, "name": name, "sha256": sha256}
        return change_dossier(database, code, "add_paper", call, decide, asked=asked, **options)


def _already_there(desk: Desk, kind: str, sha256: str) -> list[Reason]:
    found = desk.connection.execute(
        select(PAPER.c.id).where(
            PAPER.c.dossier_id == desk.dossier["id"],
            PAPER.c.kind == kind,
            PAPER.c.sha256 == sha256,
            PAPER.c.removed_at.is_(None),
        )
    ).scalar()
    return [] if found is None else [Reason("paper_already_there", {"kind": kind, "paper": found})]


def _write_rows(desk: Desk, kind: str, paper: StoredPaper, name: str) -> int:
    """Write the rows of a paper and give its id, which the history names; a change that fails takes them back."""
    connection, call = desk.connection, desk.call
    write_stored(connection, paper, call.now)
    row = {
        "dossier_id": desk.dossier["id"],
        "kind": kind,
        "sha256": paper.sha256,
        "name": name,
        "added_by_id": call.actor_id,
        "added_at": call.now,
    }
    return int(connection.execute(insert(PAPER), row).inserted_primary_key[0])


def write_stored(connection: Connection, paper: StoredPaper, now: datetime) -> None:
    """Write the row of a stored file. Others may store the same bytes in the same moment: that is no clash."""
    row = {"sha256": paper.sha256, "size": paper.size, "media_type": paper.media_type, "stored_at": now}
    connection.execute(insert_or_ignore(connection, STORED_FILE), row)


def stays(dossier: Mapping[str, Any], paper: Mapping[str, Any]) -> bool:
    """Whether a paper came with the dossier to where it stands, and so stays in it."""
    # A home's clock may stand: what was put in at the very instant of the step came with it too.
    came_along = paper["added_at"] <= dossier["changed_at"]
    return bool(came_along and dossier["state_kind"] not in EDITABLE_KINDS)


def remove_paper(database: Database, code: str, paper_id: int, call: Call, **options: Any) -> Receipt:
    """Take a paper out of a dossier. Its row and its bytes stay: the history names them.

    Only the side that put a paper in takes it out. Where the dossier is not open to changes, what came with it to this
    state stays: an appraisal, and a decision, keep the papers that they rest on.

    Raises:
        Refused: with every reason.
        StorageTrouble: the database could not be written.
    """

    def decide(desk: Desk) -> Change:
        change = Change()
        side = side_of(desk, change)
        if desk.dossier["state_kind"] in FINAL_KINDS:
            change.reasons.append(Reason("papers_stay_here", {"state": desk.dossier["state"]}))
        paper = (
            desk.connection.execute(
                select(PAPER).where(
                    PAPER.c.id == paper_id,
                    PAPER.c.dossier_id == desk.dossier["id"],
                    PAPER.c.removed_at.is_(None),
                )
            )
            .mappings()
            .first()
        )
        if paper is None:
            change.reasons.append(Reason("paper_not_found", {"paper": paper_id}))
            return change
        if stays(desk.dossier, paper):
            change.reasons.append(Reason("papers_stay_here", {"state": desk.dossier["state"]}))
        if side is not None and not side.put_in(desk.connection, paper):
            change.reasons.append(Reason("paper_of_another_desk", {"paper": paper_id}))
        change.payload = {
            "paper": paper_id,
            "kind": paper["kind"],
            "sha256": paper["sha256"],
            "desk": desk.dossier["desk"],
        }
        change.writes.append(
            (update(PAPER).where(PAPER.c.id == paper_id).values(removed_at=desk.call.now), [{}])
        )
        return change

    return change_dossier(database, code, "remove_paper", call, decide, asked={"paper": paper_id}, **options)
