"""Tampering with an exported history: the stand-alone verifier names the first bad line."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from casework.audit import verifier
from casework.audit.export import Exported, export
from casework.audit.snapshot import snapshot
from casework.audit.verifier import check_export, hash_of
from tests.audit.conftest import Tampering
from tests.build import PEOPLE, Office, noon

SUBJECT = "dossier:1"
POSITIONS = ("first", "middle", "last")
Lines = list[str]


def exported(office: Office, subjects: list[str] | None = None) -> tuple[Lines, Exported]:
    out = io.StringIO()
    with snapshot(office.database) as connection:
        told = export(connection, out, noon("2025-12-31"), subjects)
    return out.getvalue().splitlines(keepends=True), told


@pytest.fixture(scope="module")
def lines(written: Office) -> Lines:
    return exported(written)[0]


@pytest.fixture(scope="module")
def verifier_alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The verifier in a folder of its own, as somebody gets it who has nothing else of the program."""
    return Path(shutil.copy(verifier.__file__, tmp_path_factory.mktemp("alone") / "verifier.py"))


@pytest.fixture
def check(verifier_alone: Path, tmp_path: Path) -> Callable[[Lines], tuple[int, str]]:
    """Runs the verifier on lines; gives its exit code and what it said."""

    def run(lines: Lines) -> tuple[int, str]:
        path = tmp_path / "history.jsonl"
        path.write_bytes("".join(lines).encode("utf-8", "surrogateescape"))
        # -I: no path of ours, -S: no installed packages.
        done = subprocess.run(
            [sys.executable, "-I", "-S", str(verifier_alone), str(path)], capture_output=True, text=True
        )
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout.strip()

    return run


def line_of(lines: Lines, position: str) -> int:
    """Where the first, a middle or the last entry of the chain stands; counted from 0."""
    of_chain = [i for i, line in enumerate(lines) if json.loads(line).get("subject") == SUBJECT]
    return {"first": of_chain[0], "middle": of_chain[len(of_chain) // 2], "last": of_chain[-1]}[position]


def changed(line: str, **values: Any) -> str:
    entry = json.loads(line) | values
    return json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def test_an_untouched_export_is_sound_and_the_verifier_tells_its_hash(
    written: Office, check: Callable[[Lines], tuple[int, str]]
) -> None:
    lines, told = exported(written)
    assert told.sha256 == hashlib.sha256("".join(lines).encode()).hexdigest()
    assert told.entries + told.heads + 1 == len(lines)
    assert check(lines) == (0, f"sound; SHA-256 of the file: {told.sha256}")


def test_an_export_of_some_chains_is_sound_too(written: Office) -> None:
    lines, told = exported(written, ["dossier:2"])
    assert check_export(lines) is None
    assert {json.loads(line).get("subject", "dossier:2") for line in lines} == {"dossier:2"}
    assert told.heads == 1


def test_an_export_tells_no_name_and_no_text(lines: Lines) -> None:
    whole = "".join(lines)
    for person in PEOPLE:
        assert f"Người {person}" not in whole
    assert "Minh chứng" not in whole
    assert "Mưa bão" not in whole


EDITS: dict[str, Any] = {
    "subject": "dossier:0",
    "seq": 900,
    "at": "2025-01-01T00:00:00.000000+00:00",
    "actor_id": 999,
    "on_behalf_of_id": 999,
    "via": "forged",
    "event": "forged",
    "payload": "{}",
    "request_key": "forged",
    "prev_hash": "f" * 64,
    "hash": "e" * 64,
}


@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("column", EDITS)
def test_an_edited_line_is_named(
    lines: Lines, check: Callable[[Lines], tuple[int, str]], column: str, position: str
) -> None:
    tampered, at = list(lines), line_of(lines, position)
    tampered[at] = changed(lines[at], **{column: EDITS[column]})
    code, said = check(tampered)
    assert code == 1
    assert said.startswith(f"line {at + 1}: "), said


@pytest.mark.parametrize("position", POSITIONS)
def test_an_edited_line_with_a_fitting_hash_is_named(
    lines: Lines, check: Callable[[Lines], tuple[int, str]], position: str
) -> None:
    tampered, at = list(lines), line_of(lines, position)
    entry = json.loads(lines[at]) | {"event": "forged"}
    tampered[at] = changed(lines[at], event="forged", hash=hash_of(entry))
    code, said = check(tampered)
    if position == "last":
        # Either the last entry or the head was forged, and nothing tells which: both lines are named.
        assert "head_differs" in said
        assert SUBJECT in said
    else:
        assert said == f"line {at + 1}: replaced: {SUBJECT} {entry['seq']}"
    assert code == 1


@pytest.mark.parametrize("position", POSITIONS)
def test_a_deleted_line_is_named_where_it_is_missing(
    lines: Lines, check: Callable[[Lines], tuple[int, str]], position: str
) -> None:
    at = line_of(lines, position)
    seq = json.loads(lines[at])["seq"]
    code, said = check(lines[:at] + lines[at + 1 :])
    assert (code, said) == (1, f"line {at + 1}: missing: {SUBJECT} {seq}")


@pytest.mark.parametrize("position", POSITIONS)
def test_swapped_lines_are_named_at_the_first_of_the_two(
    lines: Lines, check: Callable[[Lines], tuple[int, str]], position: str
) -> None:
    at = line_of(lines, position)
    # The last entry is swapped with the one before it.
    low = at - 1 if position == "last" else at
    tampered = list(lines)
    tampered[low], tampered[low + 1] = lines[low + 1], lines[low]
    seq = json.loads(lines[low])["seq"]
    code, said = check(tampered)
    assert (code, said) == (1, f"line {low + 1}: reordered ({seq + 1}): {SUBJECT} {seq}")


@pytest.mark.parametrize("position", POSITIONS)
def test_a_line_moved_to_the_end_is_missed_at_its_place(
    lines: Lines, check: Callable[[Lines], tuple[int, str]], position: str
) -> None:
    at = line_of(lines, position)
    code, said = check([*lines[:at], *lines[at + 1 :], lines[at]])
    # The end of a chain is judged by its head, and the stray line comes after all heads.
    assert code == 1
    assert said.startswith(f"line {at + 1}: missing: {SUBJECT}"), said


@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("forgery", ["clumsy", "fitting", "duplicate"])
def test_an_inserted_line_is_named(
    lines: Lines, check: Callable[[Lines], tuple[int, str]], forgery: str, position: str
) -> None:
    at = line_of(lines, position)
    entry = json.loads(lines[at]) | {"event": "forged"}
    forged = {
        "clumsy": changed(lines[at], event="forged", hash="a" * 64),
        "fitting": changed(lines[at], event="forged", hash=hash_of(entry)),
        "duplicate": lines[at],
    }[forgery]
    code, said = check([*lines[:at], forged, *lines[at:]])
    place = at + 1 if forgery != "duplicate" else at + 2
    seq = entry["seq"] + (forgery == "duplicate")
    assert (code, said) == (1, f"line {place}: inserted: {SUBJECT} {seq}")


def test_an_entry_added_after_the_last_is_named(
    lines: Lines, check: Callable[[Lines], tuple[int, str]]
) -> None:
    at = line_of(lines, "last")
    last = json.loads(lines[at])
    entry = last | {"seq": last["seq"] + 1, "prev_hash": last["hash"], "event": "forged"}
    forged = changed(lines[at], **entry | {"hash": hash_of(entry)})
    code, said = check([*lines[: at + 1], forged, *lines[at + 1 :]])
    assert (code, said) == (1, f"line {at + 2}: inserted: {SUBJECT} {entry['seq']}")


JUNK = {
    "no json": "forged\n",
    "a number": "7\n",
    "an empty line": "\n",
    "another object": '{"subject":"dossier:1"}\n',
    "a number that is a text": '{"head":"dossier:1","version":"7","hash":"x"}\n',
    "deep nesting": "[" * 100_000 + "\n",
    "a lone surrogate": '{"head":"\\ud800","version":1,"hash":"x"}\n',
    "no UTF-8": "\udcff\n",
}


@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("junk", JUNK)
def test_a_line_of_junk_is_named(
    lines: Lines, check: Callable[[Lines], tuple[int, str]], junk: str, position: str
) -> None:
    at = line_of(lines, position)
    code, said = check([*lines[:at], JUNK[junk], *lines[at:]])
    assert code == 1
    assert said.startswith("line "), said


@pytest.mark.parametrize("which", [-1, -2])
@pytest.mark.parametrize(
    ("tamper", "what"),
    [
        ({"version": 900}, "head_differs"),
        ({"version": 0}, "head_differs"),
        ({"hash": "f" * 64}, "head_differs"),
        (None, "head_missing"),
    ],
)
def test_a_head_that_was_tampered_with_is_named(
    lines: Lines,
    check: Callable[[Lines], tuple[int, str]],
    tamper: dict[str, Any] | None,
    what: str,
    which: int,
) -> None:
    at = len(lines) + which
    tampered = list(lines)
    if tamper is None:
        del tampered[at]
    else:
        tampered[at] = changed(lines[at], **tamper)
    code, said = check(tampered)
    assert code == 1
    assert said.startswith(f"line {at + 1}: {what}"), said


def test_swapped_and_repeated_heads_are_named(
    lines: Lines, check: Callable[[Lines], tuple[int, str]]
) -> None:
    assert "head" in json.loads(lines[-2])
    code, said = check([*lines[:-2], lines[-1], lines[-2]])
    assert code == 1
    assert said.startswith(f"line {len(lines) - 1}: head_missing"), said
    code, said = check([*lines, lines[-1]])
    assert code == 1
    assert said.startswith(f"line {len(lines) + 1}: reordered"), said


@pytest.mark.parametrize("subject", ["duties", "regulation", "unit"])
def test_a_chain_without_head_that_is_taken_out_is_missed_by_the_count(
    lines: Lines, check: Callable[[Lines], tuple[int, str]], subject: str
) -> None:
    left = [line for line in lines if not str(json.loads(line).get("subject")).startswith(subject)]
    code, said = check(left)
    assert code == 1
    assert said.startswith("line 1: count_of_entries_differs")


@pytest.mark.parametrize("header", ["", "7\n", '{"format":"other"}\n'])
def test_a_file_that_is_no_export_is_said_to_be_none(
    lines: Lines, check: Callable[[Lines], tuple[int, str]], header: str
) -> None:
    code, said = check([header, *lines[1:]] if header else [])
    assert code == 1
    assert said.startswith("line 1: not_an_export")


def test_a_file_that_is_not_there_is_told_without_a_traceback(verifier_alone: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(verifier_alone), str(tmp_path / "none")], capture_output=True, text=True
    )
    assert done.returncode == 2
    assert done.stderr.startswith("cannot read ")


def test_tampering_in_the_database_shows_in_the_export_as_well(tampering: Tampering) -> None:
    from sqlalchemy import update

    from casework.history import ENTRY

    with tampering() as connection:
        connection.execute(
            update(ENTRY).where(ENTRY.c.subject == SUBJECT, ENTRY.c.seq == 4).values(event="x")
        )
        out = io.StringIO()
        export(connection, out, noon("2025-12-31"))
    bad = check_export(out.getvalue().splitlines())
    assert bad is not None
    assert (bad.subject, bad.seq, bad.what) == (SUBJECT, 4, "edited")
