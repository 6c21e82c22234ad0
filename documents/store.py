"""The store of papers: files addressed by the SHA-256 of their bytes, each stored once.

A file arrives under a temporary name in the store, is written through to the disk, and gets its address by a rename:
whoever sees an address sees the whole file, also after a power cut. What a killed process leaves behind is a temporary
file, or a file that no row names; both are harmless and both can be listed.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Literal

from documents.paper_name import clean_name
from documents.paper_type import TYPES, PaperType, look_at
from kit.database import StorageTrouble
from rules.reasons import Reason, Refused

_CHUNK = 1 << 20
_INCOMING = ".incoming-"
_ADDRESS = re.compile(r"[0-9a-f]{64}")
_CODES = {
    errno.ENOSPC: "disk_full",
    errno.EDQUOT: "disk_full",
    errno.EFBIG: "disk_full",
    errno.EROFS: "paper_store_read_only",
    errno.EACCES: "paper_store_read_only",
    errno.EPERM: "paper_store_read_only",
}

Source = BinaryIO | str | os.PathLike[str]


@dataclass(frozen=True, slots=True)
class StoredPaper:
    """The bytes of a paper: their address, how many there are, and what they are."""

    sha256: str
    #: in bytes
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """A paper that has arrived and is not yet kept: under its temporary name, with every reason against it.

    ``paper`` is None exactly when the bytes were refused; ``name`` is the clean one, empty where none was given.
    """

    path: Path
    name: str
    paper: StoredPaper | None
    reasons: tuple[Reason, ...]


class PaperStore:
    """A folder of papers. Made on first use; several processes may share it."""

    def __init__(self, folder: Path, limit_bytes: int) -> None:
        self.folder = folder
        self.limit_bytes = limit_bytes

    def take_in(self, source: Source, name: str | None = None) -> StoredPaper:
        """Keep the bytes of an open file, read from where it stands, or of the file at a path.

        Raises:
            Refused: nothing, too much, an unknown type, or a ``name`` that is unusable or ends as another type does.
            StorageTrouble: the store could not be written; nothing of the paper stays in it.
        """
        with self.receive(source, name) as incoming:
            return self.keep(incoming)

    @contextmanager
    def receive(self, source: Source, name: str | None = None) -> Iterator[Incoming]:
        """Take a paper to the door: read, hashed and judged. What is not kept in the block is gone after it.

        At most ``limit_bytes`` + 1 bytes are read.

        Raises:
            StorageTrouble: the store could not be written.
        """
        with _storage_troubles():
            if not self.folder.exists():
                self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                _write_through(self.folder.parent)
            descriptor, path = tempfile.mkstemp(prefix=_INCOMING, dir=self.folder)
        try:
            try:
                incoming = self._receive(source, name, descriptor, Path(path))
            finally:
                os.close(descriptor)
            yield incoming
        finally:
            # Gone already when it was kept; where the store went away meanwhile, that trouble is the one to tell.
            with suppress(OSError):
                Path(path).unlink()

    def _receive(self, source: Source, name: str | None, descriptor: int, path: Path) -> Incoming:
        clean, reasons = ("", ()) if name is None else clean_name(name)
        digest, size, unreadable = self._copy(source, descriptor)
        if unreadable is not None:
            return Incoming(path, clean, None, (*reasons, unreadable))
        if size == 0:
            return Incoming(path, clean, None, (*reasons, Reason("paper_empty")))
        if size > self.limit_bytes:
            too_large = Reason("paper_too_large", {"limit": self.limit_bytes})
            return Incoming(path, clean, None, (*reasons, too_large))
        with _storage_troubles(), os.fdopen(descriptor, "rb", closefd=False) as written:
            kind, against = look_at(written)
        against += _against_type(kind, None if name is None else clean)
        if kind is None or against:
            return Incoming(path, clean, None, (*reasons, *against))
        with _storage_troubles():
            os.fsync(descriptor)
        return Incoming(path, clean, StoredPaper(digest, size, kind.media_type), reasons)

    def _copy(self, source: Source, descriptor: int) -> tuple[str, int, Reason | None]:
        """Copy a source up to one byte above the limit: its hash, its size, or why it could not be read."""
        digest, size = hashlib.sha256(), 0
        try:
            opened = _opened(source)
        except OSError as error:
            return "", 0, _unreadable(error)
        try:
            while size <= self.limit_bytes:
                try:
                    chunk = opened.read(min(_CHUNK, self.limit_bytes + 1 - size))
                except OSError as error:
                    return "", 0, _unreadable(error)
                if not chunk:
                    break
                digest.update(chunk)
                size += len(chunk)
                with _storage_troubles():
                    _write_all(descriptor, chunk)
        finally:
            if opened is not source:
                opened.close()
        return digest.hexdigest(), size, None

    def keep(self, incoming: Incoming) -> StoredPaper:
        """Give a received paper its address, for good.

        Bytes that are there already are replaced by the same ones: stored once, and a damaged file is mended.

        Raises:
            Refused: there are reasons against the paper.
            StorageTrouble: the store could not be written.
        """
        paper = incoming.paper
        if incoming.reasons or paper is None:
            raise Refused(incoming.reasons)
        place = self._place(paper.sha256)
        with _storage_troubles():
            place.parent.mkdir(mode=0o700, exist_ok=True)
            incoming.path.replace(place)
            _write_through(place.parent)
            # Always, not only by the process that made the folder: another one may count on it before that one is done.
            _write_through(self.folder)
        return paper

    def open(self, sha256: str) -> BinaryIO:
        """The bytes at an address, to read; the caller closes.

        Raises:
            StorageTrouble: `paper_lost` when there are none, or the store cannot be read.
        """
        try:
            with _storage_troubles():
                return self._place(sha256).open("rb")
        except StorageTrouble as trouble:
            if isinstance(trouble.__cause__, FileNotFoundError):
                raise StorageTrouble("paper_lost", sha256) from trouble
            raise

    def open_sound(self, sha256: str) -> BinaryIO:
        """The bytes at an address, read once and found to be those that it names; the caller closes.

        The file that was checked is the one that is given: what takes its place meanwhile is another file.

        Raises:
            StorageTrouble: `paper_lost`, `paper_damaged`, or the store cannot be read.
        """
        with ExitStack() as held, _storage_troubles():
            file = held.enter_context(self.open(sha256))
            if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                raise StorageTrouble("paper_damaged", sha256)
            file.seek(0)
            # Sound: it stays open for the caller.
            held.pop_all()
        return file

    def check(self, sha256: str) -> Literal["sound", "lost", "damaged"]:
        """Whether the bytes at an address still are those that it names; reads all of them.

        Raises:
            StorageTrouble: the store cannot be read.
        """
        try:
            with self.open(sha256) as file, _storage_troubles():
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except StorageTrouble as trouble:
            if trouble.code == "paper_lost":
                return "lost"
            raise
        return "sound" if found == sha256 else "damaged"

    def addresses(self) -> Iterator[str]:
        """Every address at which there is a file, in order."""
        with _storage_troubles():
            for folder in sorted(self.folder.glob("[0-9a-f][0-9a-f]")):
                for file in sorted(folder.iterdir()):
                    address = folder.name + file.name
                    if _ADDRESS.fullmatch(address):
                        yield address

    def unfinished(self) -> list[Path]:
        """Temporary files: of papers that are arriving right now, and of processes that were killed meanwhile."""
        with _storage_troubles():
            return sorted(self.folder.glob(f"{_INCOMING}*"))

    def _place(self, sha256: str) -> Path:
        if not _ADDRESS.fullmatch(sha256):
            raise ValueError("an address is 64 hexadecimal digits in lower case")
        return self.folder / sha256[:2] / sha256[2:]


def _against_type(kind: PaperType | None, name: str | None) -> tuple[Reason, ...]:
    """Reasons why bytes of this type are not taken under this name."""
    ending = "" if name is None else PurePosixPath(name).suffix.lower()
    if kind is None:
        # Whoever reads "this type is not taken" beside a list with the ending of her file would not know what to do.
        promised = any(ending in known.endings for known in TYPES)
        params = {"name_ending": ending, "taken": [known.word for known in TYPES]}
        return (
            Reason("paper_content_unknown", params) if promised else Reason("paper_type_unknown", params),
        )
    if name is None or ending in kind.endings:
        return ()
    params = {"name_ending": ending, "found": kind.word, "endings": list(kind.endings)}
    return (Reason("paper_type_differs", params),)


def _opened(source: Source) -> BinaryIO:
    if not isinstance(source, str | os.PathLike):
        return source
    path = Path(source)
    # Asked before it is opened: opening a pipe waits for somebody at its other end.
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "not a file")
    return path.open("rb", buffering=0)


def _unreadable(error: OSError) -> Reason:
    return Reason("paper_unreadable", {"detail": error.strerror or type(error).__name__})


def _write_all(descriptor: int, chunk: bytes) -> None:
    rest = memoryview(chunk)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _write_through(folder: Path) -> None:
    """Bring a folder's own entries to the disk: without it a power cut can take back a rename."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _storage_troubles() -> Iterator[None]:
    """Turn an error of the system into `StorageTrouble`; EFBIG is how a limit on the size of files says "full"."""
    try:
        yield
    except OSError as error:
        code = _CODES.get(error.errno or 0, "paper_store_unreachable")
        raise StorageTrouble(code, error.strerror or type(error).__name__) from error
