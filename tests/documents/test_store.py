"""The store of papers: stored once, whole or not at all, and clear words when it cannot be written."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from documents.paper_type import DOCX, XLSX
from documents.store import PaperStore, StoredPaper
from kit.database import StorageTrouble
from rules.reasons import Refused
from tests.documents.paper_bytes import OF_TYPE, pdf, says_it_unpacks_to

ROOT = Path(__file__).resolve().parent.parent.parent
LIMIT = 1_000_000
NOBODY = 65_534


@pytest.fixture
def store(tmp_path: Path) -> PaperStore:
    return PaperStore(tmp_path / "home" / "papers", LIMIT)


def files(store: PaperStore) -> list[str]:
    """Every file in the store, temporary ones too."""
    return sorted(str(f.relative_to(store.folder)) for f in store.folder.rglob("*") if f.is_file())


def refusal(store: PaperStore, paper: bytes | Path, name: str | None = None) -> dict[str, dict]:
    """The reasons for which a paper is refused, by code; nothing of it stays in the store."""
    with pytest.raises(Refused) as refused:
        store.take_in(io.BytesIO(paper) if isinstance(paper, bytes) else paper, name)
    assert files(store) == []
    return {reason.code: dict(reason.params) for reason in refused.value.reasons}


def test_a_paper_lies_at_the_hash_of_its_bytes(store: PaperStore, tmp_path: Path) -> None:
    paper = pdf("một")
    digest = hashlib.sha256(paper).hexdigest()
    (tmp_path / "x.pdf").write_bytes(paper)
    expected = StoredPaper(digest, len(paper), "application/pdf")
    assert store.take_in(tmp_path / "x.pdf", "x.pdf") == expected
    assert files(store) == [f"{digest[:2]}/{digest[2:]}"]
    with store.open(digest) as opened:
        assert opened.read() == paper
    assert store.check(digest) == "sound"
    assert list(store.addresses()) == [digest]
    assert store.unfinished() == []


def test_the_same_bytes_under_other_names_are_stored_once(store: PaperStore) -> None:
    found = {store.take_in(io.BytesIO(pdf()), name) for name in ("a.pdf", "b.pdf", None)}
    assert len(found) == 1
    assert len(files(store)) == 1


def test_many_who_bring_the_same_bytes_at_once_store_them_once(store: PaperStore) -> None:
    with ThreadPoolExecutor(8) as people:
        found = set(people.map(lambda _: store.take_in(io.BytesIO(pdf("x" * 100_000))), range(32)))
    assert len(found) == 1
    assert len(files(store)) == 1


def test_a_damaged_or_lost_file_is_seen_and_mended_by_the_same_bytes(store: PaperStore) -> None:
    paper = store.take_in(io.BytesIO(pdf()))
    place = store.folder / paper.sha256[:2] / paper.sha256[2:]
    place.write_bytes(pdf("khác"))
    assert store.check(paper.sha256) == "damaged"
    store.take_in(io.BytesIO(pdf()))
    assert store.check(paper.sha256) == "sound"
    place.unlink()
    assert store.check(paper.sha256) == "lost"
    with pytest.raises(StorageTrouble) as trouble:
        store.open(paper.sha256)
    assert trouble.value.code == "paper_lost"


@pytest.mark.parametrize("address", ["../../etc/passwd", "A" * 64, "a" * 63, ""])
def test_what_is_no_address_opens_nothing(store: PaperStore, address: str) -> None:
    with pytest.raises(ValueError, match="64 hexadecimal digits"):
        store.open(address)


def test_an_empty_paper_is_refused(store: PaperStore) -> None:
    assert refusal(store, b"", "x.pdf") == {"paper_empty": {}}


def test_an_unknown_type_is_refused_with_the_types_that_are_taken(store: PaperStore) -> None:
    reasons = refusal(store, b"plain text", "x.txt")
    assert reasons.keys() == {"paper_type_unknown"}
    assert reasons["paper_type_unknown"]["name_ending"] == ".txt"
    assert "pdf" in reasons["paper_type_unknown"]["taken"]


def test_what_only_its_name_calls_a_pdf_is_refused_because_of_its_content(store: PaperStore) -> None:
    reasons = refusal(store, b"plain text", "x.pdf")
    assert reasons.keys() == {"paper_content_unknown"}
    assert reasons["paper_content_unknown"]["name_ending"] == ".pdf"


def test_a_spreadsheet_called_pdf_is_refused_with_both_types(store: PaperStore) -> None:
    reasons = refusal(store, OF_TYPE[XLSX], "Danh sách.PDF")
    assert reasons == {"paper_type_differs": {"name_ending": ".pdf", "found": "xlsx", "endings": [".xlsx"]}}


@pytest.mark.parametrize("name", ["bien-ban", "bien-ban.pdf.exe", "bien-ban."])
def test_a_name_that_does_not_end_as_its_type_does_is_refused(store: PaperStore, name: str) -> None:
    assert refusal(store, pdf(), name).keys() == {"paper_type_differs"}


def test_an_ending_in_capitals_is_the_same_ending(store: PaperStore) -> None:
    assert store.take_in(io.BytesIO(OF_TYPE[DOCX]), "TỜ TRÌNH.DOCX").media_type == DOCX.media_type


def test_everything_against_a_paper_is_said_at_once(store: PaperStore) -> None:
    assert refusal(store, OF_TYPE[XLSX], "../CON\0.pdf").keys() == {
        "paper_name_has_folder",
        "paper_name_has_control",
        "paper_type_differs",
    }
    assert refusal(store, says_it_unpacks_to(2_000_000_000), "a\\b.pdf").keys() == {
        "paper_name_has_folder",
        "paper_unpacks_too_large",
        "paper_type_differs",
    }
    assert refusal(store, b"", "nul").keys() == {"paper_name_reserved", "paper_empty"}


def test_the_largest_paper_is_taken_and_one_byte_more_is_not(store: PaperStore) -> None:
    largest = pdf("x" * (LIMIT - len(pdf())))
    assert refusal(store, largest + b"x") == {"paper_too_large": {"limit": LIMIT}}
    assert store.take_in(io.BytesIO(largest)).size == LIMIT


def test_of_a_paper_of_two_gigabytes_no_more_is_read_than_shows_that_it_is_too_large(
    store: PaperStore, tmp_path: Path
) -> None:
    path = tmp_path / "x.pdf"
    with path.open("wb") as file:
        file.write(pdf())
        file.truncate(2 * 1024**3)
    assert refusal(store, path, "x.pdf").keys() == {"paper_too_large"}
    with path.open("rb", buffering=0) as opened:
        with pytest.raises(Refused):
            store.take_in(opened, "x.pdf")
        assert opened.tell() == LIMIT + 1
    assert files(store) == []


def test_a_stream_without_end_is_refused_at_the_limit(store: PaperStore) -> None:
    with Path("/dev/zero").open("rb") as endless, pytest.raises(Refused) as refused:
        store.take_in(endless)
    assert [reason.code for reason in refused.value.reasons] == ["paper_too_large"]


def test_a_stream_that_gives_a_few_bytes_at_a_time_is_read_to_its_end(store: PaperStore) -> None:
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb", buffering=0) as arriving, ThreadPoolExecutor(1) as sender:

        def send() -> None:
            with os.fdopen(writer, "wb", buffering=0) as out:
                for at in range(0, len(paper), 3):
                    out.write(paper[at : at + 3])

        paper = pdf("chậm")
        sending = sender.submit(send)
        assert store.take_in(arriving).size == len(paper)
        sending.result()


def test_a_path_that_cannot_be_read_is_refused_and_a_pipe_is_not_waited_for(
    store: PaperStore, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "missing.pdf", tmp_path, tmp_path / "pipe"):
        assert refusal(store, path).keys() == {"paper_unreadable"}


def test_a_paper_that_is_received_and_not_kept_leaves_nothing(store: PaperStore) -> None:
    with store.receive(io.BytesIO(pdf()), "x.pdf") as incoming:
        assert incoming.reasons == ()
        assert store.unfinished() == [incoming.path]
    assert files(store) == []


def test_what_a_killed_process_left_behind_is_listed_and_no_address(store: PaperStore) -> None:
    script = """
import io, os, signal, sys
from pathlib import Path
from documents.store import PaperStore
with PaperStore(Path(sys.argv[1]), 1000).receive(io.BytesIO(b"%PDF-1.7"), "x.pdf"):
    os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", script, store.folder], cwd=ROOT)
    assert done.returncode == -9
    assert len(store.unfinished()) == 1
    assert list(store.addresses()) == []


# --- A disk that does not take it -----------------------------------------------------------------------------

FULL = """
import resource, sys
from pathlib import Path
from documents.store import PaperStore
from kit.database import StorageTrouble
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
store = PaperStore(Path(sys.argv[1]), 10_000_000)
try:
    store.take_in(sys.argv[2], "x.pdf")
except StorageTrouble as trouble:
    print(trouble.code, trouble.detail)
print(store.take_in(sys.argv[3], "y.pdf").size)
"""


def test_a_disk_that_is_full_is_said_so_and_nothing_of_the_paper_stays(
    store: PaperStore, tmp_path: Path
) -> None:
    # A limit of the system on the size of files, since no test may fill a disk: it breaks off in the middle of a
    # write, as a full disk does.
    large, small = tmp_path / "x.pdf", tmp_path / "y.pdf"
    large.write_bytes(pdf().ljust(900_000))
    small.write_bytes(pdf("nhỏ"))
    command = [sys.executable, "-c", FULL, str(store.folder), str(large), str(small)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.stderr == ""
    first, second = done.stdout.splitlines()
    assert first == f"disk_full {os.strerror(errno.EFBIG)}"
    assert int(second) == len(small.read_bytes())
    assert len(files(store)) == 1


@contextmanager
def as_nobody() -> Iterator[None]:
    """Without the rights of root, which no read-only folder stops."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter; those of pytest are closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="thidua-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_a_read_only_store_is_said_so_and_can_still_be_read(open_folder: Path) -> None:
    store = PaperStore(open_folder / "papers", LIMIT)
    paper = store.take_in(io.BytesIO(pdf()))
    for path in (store.folder, *store.folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        with as_nobody():
            with pytest.raises(StorageTrouble) as trouble:
                store.take_in(io.BytesIO(pdf("khác")))
            assert store.check(paper.sha256) == "sound"
        assert trouble.value.code == "paper_store_read_only"
        assert len(files(store)) == 1
    finally:
        for path in (store.folder, *store.folder.iterdir()):
            path.chmod(0o755)


def test_a_store_in_a_read_only_home_cannot_be_made(open_folder: Path) -> None:
    open_folder.chmod(0o555)
    try:
        with as_nobody(), pytest.raises(StorageTrouble) as trouble:
            PaperStore(open_folder / "papers", LIMIT).take_in(io.BytesIO(pdf()))
        assert trouble.value.code == "paper_store_read_only"
    finally:
        open_folder.chmod(0o755)


def test_a_store_whose_place_is_taken_by_a_file_is_unreachable(tmp_path: Path) -> None:
    (tmp_path / "papers").write_text("")
    with pytest.raises(StorageTrouble) as trouble:
        PaperStore(tmp_path / "papers", LIMIT).take_in(io.BytesIO(pdf()))
    assert trouble.value.code == "paper_store_unreachable"


def test_a_store_that_nobody_used_yet_is_empty(store: PaperStore) -> None:
    assert list(store.addresses()) == []
    assert store.unfinished() == []
    assert store.check("0" * 64) == "lost"


def test_a_type_is_that_of_the_bytes_when_no_name_is_given(store: PaperStore) -> None:
    for kind, paper in OF_TYPE.items():
        assert store.take_in(io.BytesIO(paper)).media_type == kind.media_type
    assert len(files(store)) == len(OF_TYPE)
