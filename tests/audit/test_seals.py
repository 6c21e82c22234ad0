"""Sealing the history: what a chain alone cannot show is found against the seals, and named."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, func, insert, select, update

from casework import seal as sealing
from casework.audit import verifier
from casework.audit.export import export
from casework.audit.seals import SEAL
from casework.audit.snapshot import snapshot
from casework.audit.verdict import BEYOND_SEALS, BLIND_SPOTS
from casework.audit.verifier import read_seals
from casework.audit.verify import verify
from casework.history import ENTRY, entry_hash
from casework.load import DOSSIER
from casework.record_step import OUTBOX
from casework.seal import kept_seals, seal_history
from models.base import metadata
from rules.reasons import Refused
from tests.audit.conftest import Tampering
from tests.build import Office, noon

DECIDED = "dossier:1"


def heads(connection: Connection) -> dict[str, tuple[int, str]]:
    last = select(ENTRY.c.subject, func.max(ENTRY.c.seq).label("seq")).group_by(ENTRY.c.subject).subquery()
    query = select(ENTRY.c.subject, ENTRY.c.seq, ENTRY.c.hash).where(
        ENTRY.c.subject == last.c.subject, ENTRY.c.seq == last.c.seq
    )
    return {row.subject: (row.seq, row.hash) for row in connection.execute(query)}


def found(connection: Connection, folder: Path) -> list[tuple[str, int, str]]:
    verdict = verify(connection, seals=kept_seals(folder))
    return [(bad.subject, bad.seq, bad.what) for bad in verdict.bad]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the seals; made by the first."""
    return tmp_path / "seals"


# --- Sealing ------------------------------------------------------------------------------------------------


def test_the_files_together_give_the_head_of_every_chain(office: Office, folder: Path) -> None:
    first = seal_history(office.database, folder, noon("2025-06-10"))
    code = office.open()
    second = seal_history(office.database, folder, noon("2025-06-11"))
    office.nominate(code, "teacher")
    third = seal_history(office.database, folder, noon("2025-06-12"))
    assert (first.number, second.number, third.number) == (1, 2, 3)
    assert third.changed == 1
    sealed = read_seals(folder)
    with office.database.read() as connection:
        assert sealed.heads == heads(connection)
        rows = connection.execute(select(SEAL).order_by(SEAL.c.number)).mappings().all()
        assert found(connection, folder) == []
    assert [row["root"] for row in rows] == [first.root, second.root, third.root]
    assert [row["prev_root"] for row in rows] == ["0" * 64, first.root, second.root]
    assert sorted(path.name for path in folder.glob("*.json")) == [row["file"] for row in rows]


def test_sealing_again_on_a_day_without_acts_changes_nothing(office: Office, folder: Path) -> None:
    seal_history(office.database, folder, noon("2025-06-10"))
    again = seal_history(office.database, folder, noon("2025-06-10"))
    assert (again.number, again.new) == (1, False)
    # The next day is sealed although nobody did anything: it says so.
    assert seal_history(office.database, folder, noon("2025-06-11")).changed == 0
    assert len(list(folder.iterdir())) == 2


class Killed(BaseException):
    """Stands for the end of the process."""


def test_a_sealing_that_dies_between_file_and_row_is_healed_by_the_next(
    office: Office, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal_history(office.database, folder, noon("2025-06-10"))
    real = sealing.write_whole_file

    def write_and_die(path: Path, content: bytes) -> None:
        real(path, content)
        raise Killed

    monkeypatch.setattr(sealing, "write_whole_file", write_and_die)
    with pytest.raises(Killed):
        seal_history(office.database, folder, noon("2025-06-11"))
    monkeypatch.undo()
    with office.database.read() as connection:
        assert found(connection, folder) == [("seal:2", 2, "seal_row_missing")]
    healed = seal_history(office.database, folder, noon("2025-06-11"))
    assert (healed.number, healed.mended) == (3, 1)
    with office.database.read() as connection:
        assert found(connection, folder) == []


def test_a_sealing_that_dies_before_its_file_is_whole_leaves_nothing_that_counts(
    office: Office, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(_descriptor: int) -> None:
        raise Killed

    monkeypatch.setattr("kit.whole_file.os.fsync", die)
    with pytest.raises(Killed):
        seal_history(office.database, folder, noon("2025-06-10"))
    monkeypatch.undo()
    assert not list(folder.iterdir())
    assert seal_history(office.database, folder, noon("2025-06-10")).number == 1


def test_one_who_seals_while_another_does_takes_the_next_number(
    office: Office, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = sealing.merkle_root
    others = iter([1])

    def meanwhile(leaves: object) -> str:
        leaves = list(leaves)  # type: ignore[call-overload]
        for _ in others:
            seal_history(office.database, folder, noon("2025-06-10"))
        return real(leaves)

    monkeypatch.setattr(sealing, "merkle_root", meanwhile)
    done = seal_history(office.database, folder, noon("2025-06-11"))
    assert done.number == 2
    with office.database.read() as connection:
        assert found(connection, folder) == []


def test_what_was_cut_off_does_not_become_the_truth_by_the_next_seal(office: Office, folder: Path) -> None:
    seal_history(office.database, folder, noon("2025-06-10"))
    with office.database.write() as connection:
        allow_changes(office, connection)
        connection.execute(delete(ENTRY).where(ENTRY.c.subject.startswith("regulation:calendar")))
    with pytest.raises(Refused) as refused:
        seal_history(office.database, folder, noon("2025-06-11"))
    assert {reason.code for reason in refused.value.reasons} == {"sealed_entry_gone"}
    assert len(list(folder.iterdir())) == 1


def allow_changes(office: Office, connection: Connection) -> None:
    if office.database.is_sqlite:
        connection.exec_driver_sql("DROP TRIGGER history_entry_no_delete")
    else:
        connection.exec_driver_sql("DROP FUNCTION history_entry_append_only() CASCADE")


# --- Tampering ----------------------------------------------------------------------------------------------


@pytest.fixture
def sealed_folder(written: Office, tmp_path: Path) -> Path:
    """The seals of the office with history: two, the second of them of the next day."""
    with written.database.write() as connection:
        connection.execute(delete(SEAL))
    folder = tmp_path / "seals"
    seal_history(written.database, folder, noon("2025-09-01"))
    seal_history(written.database, folder, noon("2025-09-02"))
    return folder


def head_of(connection: Connection, subject: str) -> tuple[int, str]:
    return heads(connection)[subject]


def set_back(connection: Connection, subject: str, by: int = 1) -> None:
    """Cut off the end of a chain and set the dossier's row back to it, so that the chain itself is sound."""
    last, _ = head_of(connection, subject)
    connection.execute(delete(ENTRY).where(ENTRY.c.subject == subject, ENTRY.c.seq > last - by))
    seq, head = head_of(connection, subject)
    number = int(subject.partition(":")[2])
    connection.execute(update(DOSSIER).where(DOSSIER.c.id == number).values(version=seq, head_hash=head))


def recompute(connection: Connection, subject: str, from_seq: int) -> None:
    """Change an entry and give it and every later one, and the dossier's row, fitting hashes."""
    query = select(ENTRY).where(ENTRY.c.subject == subject, ENTRY.c.seq >= from_seq).order_by(ENTRY.c.seq)
    before = None
    for row in [dict(row) for row in connection.execute(query).mappings()]:
        if before is None:
            row["payload"] = row["payload"].replace("{", '{"x":1,', 1)
        else:
            row["prev_hash"] = before
        before = row["hash"] = entry_hash(row)
        where = (ENTRY.c.subject == subject) & (ENTRY.c.seq == row["seq"])
        connection.execute(update(ENTRY).where(where).values(row))
    kind, _, number = subject.partition(":")
    if kind == "dossier":
        connection.execute(update(DOSSIER).where(DOSSIER.c.id == int(number)).values(head_hash=before))


def lose_dossier(connection: Connection, number: int) -> None:
    """A dossier and all that hangs on it, its chain too."""
    connection.execute(delete(ENTRY).where(ENTRY.c.subject == f"dossier:{number}"))
    connection.execute(delete(OUTBOX).where(OUTBOX.c.subject == f"dossier:{number}"))
    tables = [table for table in reversed(metadata.sorted_tables) if "dossier_id" in table.c]
    for table in tables:
        for column in table.foreign_keys:
            if column.column.table.name == table.name:
                connection.execute(update(table).values({column.parent.name: None}))
    nominations = select(metadata.tables["nomination"].c.id).where(
        metadata.tables["nomination"].c.dossier_id == number
    )
    for table in reversed(metadata.sorted_tables):
        if "nomination_id" in table.c:
            connection.execute(delete(table).where(table.c.nomination_id.in_(nominations)))
    for table in tables:
        connection.execute(delete(table).where(table.c.dossier_id == number))
    connection.execute(delete(DOSSIER).where(DOSSIER.c.id == number))


@pytest.mark.parametrize("by", [1, 3])
def test_newest_entries_cut_off_with_the_dossiers_row_are_found(
    tampering: Tampering, sealed_folder: Path, by: int
) -> None:
    with tampering() as connection:
        last, _ = head_of(connection, DECIDED)
        set_back(connection, DECIDED, by)
        assert "sealed_missing" not in [bad.what for bad in verify(connection).bad], "found without the seal?"
        assert (DECIDED, last - by + 1, "sealed_missing") in found(connection, sealed_folder)


def test_a_dossier_lost_with_its_whole_chain_is_found(tampering: Tampering, sealed_folder: Path) -> None:
    with tampering() as connection:
        lose_dossier(connection, 2)
        assert verify(connection).sound, "the blind spot is smaller than docs/history.md says"
        assert found(connection, sealed_folder) == [("dossier:2", 1, "sealed_missing")]


@pytest.mark.parametrize("from_seq", [1, 4])
def test_a_chain_made_anew_to_its_end_is_found(
    tampering: Tampering, sealed_folder: Path, from_seq: int
) -> None:
    with tampering() as connection:
        last, _ = head_of(connection, "dossier:2")
        recompute(connection, "dossier:2", from_seq)
        assert verify(connection).sound, "the blind spot is smaller than docs/history.md says"
        assert found(connection, sealed_folder) == [("dossier:2", last, "sealed_differs")]


@pytest.mark.parametrize("how", ["cut off", "made anew", "gone"])
def test_a_chain_without_a_head_is_protected_too(
    written: Office, tampering: Tampering, sealed_folder: Path, how: str
) -> None:
    subject = f"unit:{written.units['th-mau-1']}"
    with tampering() as connection:
        last, _ = head_of(connection, subject)
        match how:
            case "cut off":
                where = (ENTRY.c.subject == subject) & (ENTRY.c.seq == last)
                connection.execute(delete(ENTRY).where(where))
            case "gone":
                connection.execute(delete(ENTRY).where(ENTRY.c.subject == subject))
            case _:
                recompute(connection, subject, last)
        expected = {"cut off": (last, "sealed_missing"), "gone": (1, "sealed_missing")}
        assert verify(connection).sound
        assert found(connection, sealed_folder) == [(subject, *expected.get(how, (last, "sealed_differs")))]


def test_entries_after_the_seal_are_said_to_be_unprotected(
    written: Office, tampering: Tampering, sealed_folder: Path
) -> None:
    with tampering() as connection:
        verdict = verify(connection, seals=kept_seals(sealed_folder))
        assert verdict.sound
        assert verdict.seal is not None
        assert (verdict.seal.number, verdict.seal.unprotected, verdict.unseen) == (2, 0, BEYOND_SEALS)
        row = dict(
            connection.execute(select(ENTRY).where(ENTRY.c.subject == DECIDED).order_by(ENTRY.c.seq.desc()))
            .mappings()
            .first()
            or {}
        )
        row |= {
            "seq": row["seq"] + 1,
            "prev_hash": row["hash"],
            "request_key": None,
            "at": noon("2025-09-03"),
        }
        row["hash"] = entry_hash(row)
        connection.execute(insert(ENTRY), row)
        values = {"version": row["seq"], "head_hash": row["hash"]}
        connection.execute(update(DOSSIER).where(DOSSIER.c.id == 1).values(values))
        verdict = verify(connection, seals=kept_seals(sealed_folder))
    assert verdict.sound
    assert verdict.seal is not None
    assert (verdict.seal.unprotected, verdict.seal.since) == (1, noon("2025-09-03"))
    assert verdict.unseen == (*BLIND_SPOTS, *BEYOND_SEALS)


def edit_file(folder: Path, number: int, **values: object) -> None:
    path = next(folder.glob(f"{number:06d}-*"))
    path.write_text(json.dumps(json.loads(path.read_text()) | values), encoding="utf-8")


FOLDER_TAMPERED: dict[str, tuple[Callable[[Path], object], list[tuple[int, str]]]] = {
    "first file gone": (lambda folder: next(folder.glob("000001*")).unlink(), [(1, "seal_file_missing")]),
    "last file gone": (lambda folder: next(folder.glob("000002*")).unlink(), [(2, "seal_file_missing")]),
    "folder gone": (shutil.rmtree, [(1, "seal_file_missing"), (2, "seal_file_missing")]),
    "root edited": (lambda folder: edit_file(folder, 2, root="a" * 64), [(2, "seal_edited")]),
    "heads edited": (
        lambda folder: edit_file(folder, 2, changed=[["dossier:1", 99, "b" * 64]]),
        [(2, "seal_edited")],
    ),
    "an old file edited": (lambda folder: edit_file(folder, 1, day="2020-01-01"), [(2, "seal_edited")]),
    "rubbish": (
        lambda folder: next(folder.glob("000002*")).write_bytes(b"\xff{"),
        [(2, "seal_unreadable")],
    ),
}


@pytest.mark.parametrize("how", FOLDER_TAMPERED)
def test_a_folder_of_seals_that_was_tampered_with_is_found(
    tampering: Tampering, sealed_folder: Path, how: str
) -> None:
    tamper, expected = FOLDER_TAMPERED[how]
    tamper(sealed_folder)
    with tampering() as connection:
        told = found(connection, sealed_folder)
    seals = [(seq, what) for subject, seq, what in told if subject.startswith("seal:")]
    assert set(expected) <= set(seals)


def test_the_seals_rows_deleted_are_found_and_the_files_still_protect(
    tampering: Tampering, sealed_folder: Path
) -> None:
    with tampering() as connection:
        connection.execute(delete(SEAL))
        rows_gone = [("seal:1", 1, "seal_row_missing"), ("seal:2", 2, "seal_row_missing")]
        assert found(connection, sealed_folder) == rows_gone
        recompute(connection, "dossier:2", 2)
        last, _ = head_of(connection, "dossier:2")
        assert found(connection, sealed_folder) == [("dossier:2", last, "sealed_differs"), *rows_gone]


def test_a_row_of_a_seal_that_was_edited_is_found(tampering: Tampering, sealed_folder: Path) -> None:
    with tampering() as connection:
        connection.execute(update(SEAL).where(SEAL.c.number == 1).values(heads=SEAL.c.heads + 1))
        assert found(connection, sealed_folder) == [("seal:1", 1, "seal_row_differs")]


def test_after_a_lost_folder_sealing_goes_on_with_a_seal_that_stands_alone(
    office: Office, tmp_path: Path
) -> None:
    folder = tmp_path / "seals"
    seal_history(office.database, folder, noon("2025-06-10"))
    shutil.rmtree(folder)
    done = seal_history(office.database, folder, noon("2025-06-11"))
    assert done.number == 2
    with office.database.read() as connection:
        # The lost one stays lost and is told; the heads are protected again.
        assert found(connection, folder) == [("seal:1", 1, "seal_file_missing")]
        assert read_seals(folder).heads == heads(connection)


# --- The verifier that stands alone -------------------------------------------------------------------------


def exported(connection: Connection, path: Path, day: str = "2025-12-31") -> Path:
    out = io.StringIO()
    export(connection, out, noon(day))
    path.write_text(out.getvalue(), encoding="utf-8", newline="\n")
    return path


@pytest.fixture
def alone(tmp_path: Path) -> Callable[[Path, Path], tuple[int, str]]:
    """Runs the one file with nothing but Python; gives its exit code and what it said."""
    program = shutil.copy(verifier.__file__, tmp_path / "verifier.py")

    def run(history: Path, seals: Path) -> tuple[int, str]:
        command = [sys.executable, "-I", "-S", str(program), str(history), str(seals)]
        done = subprocess.run(command, capture_output=True, text=True)
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout

    return run


def test_the_verifier_holds_an_export_against_the_seals(
    written: Office, tampering: Tampering, sealed_folder: Path, tmp_path: Path, alone
) -> None:
    with snapshot(written.database) as connection:
        history = exported(connection, tmp_path / "sound.jsonl")
    code, said = alone(history, sealed_folder)
    assert (code, "held against seal 2 of 2025-09-02" in said, "by it: 0" in said) == (0, True, True)
    with tampering() as connection:
        last, _ = head_of(connection, "dossier:2")
        recompute(connection, "dossier:2", 2)
        code, said = alone(exported(connection, tmp_path / "anew.jsonl"), sealed_folder)
    assert (code, f"sealed_differs: dossier:2 {last}" in said) == (1, True)
    with tampering() as connection:
        set_back(connection, "dossier:2")
        code, said = alone(exported(connection, tmp_path / "cut.jsonl"), sealed_folder)
    assert (code, f"sealed_missing ({last}): dossier:2 {last}" in said) == (1, True)
    with tampering() as connection:
        lose_dossier(connection, 2)
        code, said = alone(exported(connection, tmp_path / "lost.jsonl"), sealed_folder)
    assert (code, "dossier:2 1" in said) == (1, True)


def test_an_export_older_than_a_seal_is_not_held_against_it(
    written: Office, sealed_folder: Path, tmp_path: Path, alone
) -> None:
    with snapshot(written.database) as connection:
        history = exported(connection, tmp_path / "old.jsonl", "2025-09-01")
    code, said = alone(history, sealed_folder)
    assert (code, "seal 1 of 2025-09-01" in said) == (0, True)


def test_the_verifier_finds_a_folder_that_was_tampered_with(
    written: Office, sealed_folder: Path, tmp_path: Path, alone
) -> None:
    with snapshot(written.database) as connection:
        history = exported(connection, tmp_path / "sound.jsonl")
    edit_file(sealed_folder, 2, root="a" * 64)
    code, said = alone(history, sealed_folder)
    assert (code, "seal 2: seal_edited" in said) == (1, True)
    assert alone(history, tmp_path / "nowhere") == (2, "")
