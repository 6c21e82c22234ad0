"""Writing a file so that whoever sees it sees all of it, also after a power cut."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

#: how the name of a file begins that is still being written; left behind by a killed process, it means nothing
UNFINISHED = ".unfinished-"


def write_whole_file(path: Path, content: bytes) -> None:
    """Write ``path`` through to the disk under another name, then rename it; its folder is made if need be.

    Raises:
        OSError: it could not be written; nothing of it is left.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, unfinished = tempfile.mkstemp(prefix=UNFINISHED, dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(unfinished).replace(path)
    finally:
        with suppress(FileNotFoundError):
            Path(unfinished).unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        # Without it a power cut can take back the rename.
        os.fsync(folder)
    finally:
        os.close(folder)
