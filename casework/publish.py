"""Publishing a regulation: checked, stored for good under its hash, with its entry in the history."""

from __future__ import annotations

from dataclasses import dataclass

from casework.call import Call
from casework.duties import administrators_only
from casework.regulations import publish_regulation
from kit.database import Database
from rules.reasons import refuse_if


@dataclass(frozen=True, slots=True)
class Published:
    """The SHA-256 under which a regulation is kept, and whether these bytes are new."""

    sha256: str
    new: bool


def publish(database: Database, kind: str, text: bytes, call: Call) -> Published:
    """Publish a procedure, a calendar or the catalogue of titles.

    Raises:
        Refused: the caller is no administrator.
        Unsound: the file has faults; nothing is stored.
    """
    with database.write() as connection:
        refuse_if(administrators_only(connection, call))
        return Published(*publish_regulation(connection, kind, text, call))
