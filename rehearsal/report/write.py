"""Writing the report of a played home to a file."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kit.database import Database
from kit.settings import Settings
from rehearsal.report.names import read_names
from rehearsal.report.page import report_page


def ready_to_write(file: Path) -> None:
    """Say before a long play that its report could not be written.

    Raises:
        OSError: the folder is not there, or the name is a folder's.
    """
    if not file.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(file.parent))
    if file.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(file))


def write_report(settings: Settings, report: Mapping[str, Any], file: Path, lang: str) -> None:
    """Write the page of a year to ``file``; one that is there is replaced.

    Raises:
        OSError: it cannot be written.
    """
    database = Database(settings.url)
    try:
        with database.read() as connection:
            names = read_names(connection, lang)
    finally:
        database.close()
    file.write_text(report_page(report, names, lang), encoding="utf-8")
