"""Tampering with the history: each kind, at the first, a middle and the last entry, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from casework.audit.chains import as_exported
from casework.audit.snapshot import snapshot
from casework.audit.verdict import BLIND_SPOTS
from casework.audit.verifier import hash_of
from casework.audit.verify import verify
from casework.history import ENTRY, NOTE, entry_hash
from casework.load import DOSSIER, OPINION
from casework.regulations import REGULATION
from tests.audit.conftest import Tampering
from tests.audit.tampering import KINDS, Place
from tests.build import Office

POSITIONS = ("first", "middle", "last")
# The chain that is tampered with: the decided dossier's.
SUBJECT = "dossier:1"


def place_of(connection: Connection, subject: str, position: str) -> Place:
    last = connection.execute(select(func.max(ENTRY.c.seq)).where(ENTRY.c.subject == subject)).scalar_one()
    return Place(subject, {"first": 1, "middle": (last + 1) // 2, "last": last}[position], last)


def test_an_untouched_history_is_sound_and_says_what_it_cannot_see(written: Office) -> None:
    seen: list[tuple[int, int]] = []
    with snapshot(written.database) as connection:
        verdict = verify(connection, progress=lambda done, of: seen.append((done, of)))
        total = connection.execute(select(func.count()).select_from(ENTRY)).scalar_one()
    assert (verdict.sound, verdict.bad, verdict.entries) == (True, (), total)
    assert verdict.unseen == BLIND_SPOTS
    assert verdict.entries_per_second > 0
    assert seen[-1] == (total, total)


@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_tampering_with_an_entry_is_found_and_that_entry_is_named(
    tampering: Tampering, kind: str, position: str
) -> None:
    with tampering() as connection:
        place = place_of(connection, SUBJECT, position)
        expected = KINDS[kind](connection, place)
        verdict = verify(connection)
    assert verdict.first is not None
    assert (verdict.first.subject, verdict.first.seq, verdict.first.what) == (
        SUBJECT,
        expected.seq,
        expected.what,
    )
    # Only the chain to which an entry was given is bad beside it.
    assert {bad.subject for bad in verdict.bad} - {f"x-{SUBJECT}"} == {SUBJECT}


UNSEEN_AT_THE_END_WITHOUT_HEAD = {
    "remove",
    "remove and close up",
    "cut off from here",
    "edit and rehash",
    "append with fitting hashes",
    "give to another",
}


@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"append with fitting hashes", "duplicate"}))
def test_a_chain_without_a_dossier_shows_the_same_but_for_its_end(
    written: Office, tampering: Tampering, kind: str, position: str
) -> None:
    subject = f"unit:{written.units['th-mau-1']}"
    with tampering() as connection:
        place = place_of(connection, subject, position)
        expected = KINDS[kind](connection, place)
        verdict = verify(connection, [subject])
    at_end = position == "last" or (kind == "cut off from here")
    if at_end and kind in UNSEEN_AT_THE_END_WITHOUT_HEAD:
        assert verdict.sound, "the blind spot is smaller than docs/history.md says"
        return
    assert verdict.first is not None
    assert verdict.first.subject == subject
    if kind not in ("insert clumsily", "insert with fitting hashes", "start anew"):
        assert (verdict.first.seq, verdict.first.what) == (expected.seq, expected.what)


@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("change", ["text", "salt", "gone", "erased by halves"])
def test_a_changed_note_is_found_at_the_entry_that_speaks_of_it(
    tampering: Tampering, change: str, position: str
) -> None:
    with tampering() as connection:
        told = [
            (row.subject, row.seq, row.payload)
            for row in connection.execute(
                select(ENTRY)
                .where(ENTRY.c.payload.contains('"note":'))
                .order_by(ENTRY.c.subject, ENTRY.c.seq)
            )
        ]
        subject, seq, payload = told[{"first": 0, "middle": len(told) // 2, "last": -1}[position]]
        note = payload.split('"note":"')[1].split('"')[0]
        unbind_notes(connection)
        tamper_note(connection, note, change)
        verdict = verify(connection)
    what = {"gone": "note_missing", "erased by halves": "erased_note_has_text"}.get(change, "note_edited")
    assert verdict.first is not None
    assert (verdict.first.subject, verdict.first.seq, verdict.first.what) == (subject, seq, what)


@pytest.mark.parametrize("change", ["text", "gone"])
def test_a_changed_note_of_an_opinion_is_found_too(tampering: Tampering, change: str) -> None:
    with tampering() as connection:
        note = connection.execute(
            select(OPINION.c.note_id).where(OPINION.c.note_id.is_not(None))
        ).scalar_one()
        unbind_notes(connection)
        tamper_note(connection, note, change)
        verdict = verify(connection)
        appraised = connection.execute(
            select(ENTRY.c.seq).where(ENTRY.c.subject == SUBJECT, ENTRY.c.event == "appraise")
        ).scalars()
        assert verdict.first is not None
        assert (verdict.first.subject, verdict.first.seq) == (SUBJECT, next(iter(appraised)))
        assert verdict.first.what == {"text": "note_edited", "gone": "note_missing"}[change]


def test_an_erased_note_is_no_fault(tampering: Tampering) -> None:
    with tampering() as connection:
        now = connection.execute(select(func.max(ENTRY.c.at))).scalar_one()
        connection.execute(update(NOTE).values(text="", salt="", erased_at=now))
        assert verify(connection).sound


def unbind_notes(connection: Connection) -> None:
    """Let a note be deleted although others refer to it."""
    if connection.dialect.name == "sqlite":
        # Until the end of the transaction, which never commits.
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        return
    for table, column in (
        ("extension", "note_id"),
        ("opinion", "note_id"),
        ("objection", "note_id"),
        ("objection", "settlement_note_id"),
    ):
        connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT fk_{table}_{column}"))


def tamper_note(connection: Connection, note: str, change: str) -> None:
    here = NOTE.c.id == note
    if change == "gone":
        connection.execute(delete(NOTE).where(here))
    elif change == "erased by halves":
        now = connection.execute(select(func.max(ENTRY.c.at))).scalar_one()
        connection.execute(update(NOTE).where(here).values(erased_at=now, text="khác"))
    else:
        connection.execute(update(NOTE).where(here).values({change: "khác"}))


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"text": "procedure: other\n"}, "regulation_edited"),
        ({"version": 7}, "regulation_relabelled"),
        ({"name": "another"}, "regulation_relabelled"),
        ({"kind": "titles"}, "regulation_relabelled"),
        ({"sha256": "c" * 64}, "regulation_missing"),
    ],
)
@pytest.mark.parametrize("kind", ["calendar", "procedure", "titles"])
def test_a_changed_regulation_is_found_at_the_entry_that_published_it(
    tampering: Tampering, kind: str, change: dict[str, object], what: str
) -> None:
    if change == {"kind": kind}:
        change = {"kind": "procedure"}
    with tampering() as connection:
        row = connection.execute(select(REGULATION).where(REGULATION.c.kind == kind)).one()
        if connection.dialect.name == "sqlite":
            connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        else:
            connection.execute(text("ALTER TABLE dossier DROP CONSTRAINT fk_dossier_procedure_sha256"))
        connection.execute(update(REGULATION).where(REGULATION.c.sha256 == row.sha256).values(change))
        verdict = verify(connection)
    assert (f"regulation:{kind}:{row.name}", 1, what) in [(b.subject, b.seq, b.what) for b in verdict.bad]


def test_a_regulation_that_nobody_published_is_found(tampering: Tampering) -> None:
    with tampering() as connection:
        row = connection.execute(select(REGULATION).where(REGULATION.c.kind == "titles")).one()
        forged = dict(row._mapping) | {"sha256": "d" * 64, "version": 2}
        connection.execute(insert(REGULATION), forged)
        verdict = verify(connection)
    assert [(bad.seq, bad.what) for bad in verdict.bad] == [(2, "regulation_never_published")]


@pytest.mark.parametrize(
    ("values", "what"),
    [
        ({"head_hash": "c" * 64}, "head_differs"),
        ({"version": DOSSIER.c.version + 3}, "head_differs"),
        ({"version": DOSSIER.c.version - 1}, "head_differs"),
        ({"version": DOSSIER.c.version + 1, "head_hash": "c" * 64}, "missing"),
    ],
)
def test_a_dossier_row_that_disagrees_with_its_chain_is_found(
    tampering: Tampering, values: dict[str, object], what: str
) -> None:
    with tampering() as connection:
        last = place_of(connection, SUBJECT, "last").seq
        connection.execute(update(DOSSIER).where(DOSSIER.c.id == 1).values(values))
        verdict = verify(connection)
    assert [(bad.subject, bad.what) for bad in verdict.bad] == [(SUBJECT, what)]
    assert verdict.bad[0].seq == (last + 1 if what == "missing" else last)


def test_a_dossier_deleted_beside_its_chain_is_missed(tampering: Tampering) -> None:
    with tampering() as connection:
        # A chain of a dossier that never was shows the same as one whose dossier was deleted.
        connection.execute(update(ENTRY).where(ENTRY.c.subject == "dossier:2").values(subject="dossier:77"))
        verdict = verify(connection)
    assert [(bad.subject, bad.what) for bad in verdict.bad] == [
        ("dossier:2", "chain_missing"),
        ("dossier:77", "edited"),
    ]


def test_every_bad_chain_is_listed_and_the_first_comes_first(tampering: Tampering) -> None:
    with tampering() as connection:
        connection.execute(update(ENTRY).where(ENTRY.c.seq == 2).values(via="forged"))
        verdict = verify(connection)
        touched = connection.execute(select(ENTRY.c.subject).where(ENTRY.c.seq == 2)).scalars().all()
    assert [bad.subject for bad in verdict.bad] == sorted(touched)
    assert verdict.first == verdict.bad[0]
    assert verdict.bad_chains == len(touched)


def test_only_the_chains_asked_for_are_walked(tampering: Tampering) -> None:
    with tampering() as connection:
        connection.execute(update(ENTRY).where(ENTRY.c.subject == SUBJECT).values(via="forged"))
        assert verify(connection, ["dossier:2"]).sound
        assert not verify(connection, [SUBJECT]).sound


def test_an_act_that_is_committed_during_the_walk_is_no_fault(
    written: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = written.open()
    # Everything is looked up entry by entry, so that the act comes between the chain and its head.
    monkeypatch.setattr("casework.audit.verify.BATCH", 1)
    people = iter(["teacher", "teacher-2"])
    acted_at: list[int] = []

    def act_meanwhile(done: int, _total: int) -> None:
        for person in people:
            written.nominate(code, person)
            acted_at.append(done)

    with written.database.read() as connection:
        verdict = verify(connection, progress=act_meanwhile)
    assert acted_at == [1, 1]
    assert (verdict.sound, verdict.bad) == (True, ())


def test_the_program_and_the_verifier_take_the_same_hash(written: Office) -> None:
    with written.database.read() as connection:
        for entry in connection.execute(select(ENTRY)).mappings():
            assert hash_of(as_exported(entry)) == entry_hash(entry) == entry["hash"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE history_entry SET via = 'forged'",
        "UPDATE history_entry SET request_key = NULL WHERE seq = 1",
        "DELETE FROM history_entry",
        "UPDATE regulation SET version = 2",
        "DELETE FROM regulation",
    ],
)
def test_the_database_itself_refuses_to_change_history(written: Office, statement: str) -> None:
    with (
        pytest.raises(DBAPIError, match="append-only"),
        written.database.engine.begin() as connection,
    ):
        connection.execute(text(statement))
