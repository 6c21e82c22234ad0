"""Acts on many dossiers that are found by facts: what the same request did before is found in the history."""

from __future__ import annotations

from sqlalchemy import Connection, select

from casework.call import Call
from casework.history import ENTRY


def done_before(connection: Connection, event: str, call: Call) -> list[str]:
    """The codes of the dossiers to which this same request has done its part, written as ``call.part(code)``.

    An act that looks for what is still to be done would not find these any more.
    """
    prefix = call.part("").key
    mine = ENTRY.c.request_key.startswith(prefix, autoescape=True)
    query = select(ENTRY.c.request_key).where(ENTRY.c.event == event, mine).order_by(ENTRY.c.request_key)
    return [str(key).removeprefix(prefix) for key in connection.execute(query).scalars()]
