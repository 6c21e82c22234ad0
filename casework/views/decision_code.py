"""A short code by which anybody checks a decision: the dossier's number and the start of the deciding entry's hash.

The hash covers what was decided and all that went before, so nobody can make a code that fits, and one that was given
out never comes to mean another decision. The number makes looking it up a matter of one chain.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, select

from casework.load import DOSSIER
from casework.record_step import subject_of
from casework.views.history import decisions_shown, entries_of

#: the events that decide; the code is made of the last of them
DECIDING = ("decide", "record_result")
_DIGITS = 12
_CODE = re.compile(r"([1-9][0-9]{0,8})-?([0-9a-f]{12})")


def decision_code(dossier: Mapping[str, Any], entries: Iterable[Mapping[str, Any]]) -> str | None:
    """The code of the decision that a dossier (a row) rests on or rested on; None where there is none yet."""
    hashes = [entry["hash"] for entry in entries if entry["event"] in DECIDING]
    return f"{dossier['id']}-{hashes[-1][:_DIGITS]}" if hashes and dossier["decision_id"] else None


def check_decision(connection: Connection, typed: str) -> dict[str, Any] | None:
    """What became of the decision of a code; None for whatever is no code, alike.

    ``standing``: stands, revoked, reopened (it is being considered again) or replaced (by a later decision).
    """
    match = _CODE.fullmatch("".join(typed.split()).lower())
    if match is None:
        return None
    number = int(match[1])
    entries = [e for e in entries_of(connection, subject_of(number)) if e["event"] in DECIDING]
    meant = next((e for e in entries if e["hash"].startswith(match[2])), None)
    if meant is None:
        return None
    dossier = connection.execute(
        select(DOSSIER.c.state_kind, DOSSIER.c.revocation_id).where(DOSSIER.c.id == number)
    ).one()
    revocation = dossier.revocation_id if dossier.state_kind == "revoked" else None
    made = meant["payload"]["decision"]
    decisions = decisions_shown(connection, filter(None, (made, revocation)))
    return {
        "standing": _standing(meant is entries[-1], dossier.state_kind),
        "decision": decisions[made],
        "revocation": decisions.get(revocation),
    }


def _standing(latest: bool, kind: str) -> str:
    if not latest:
        return "replaced"
    return {"decided": "stands", "revoked": "revoked"}.get(kind, "reopened")
