"""What the stories of this folder look at: reasons, rows, the history and its chain."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from casework.call import Call
from casework.give_opinion import give_opinion
from casework.history import entry_hash
from casework.inputs import OpinionInput
from casework.nominate import NomineeInput, nominate
from casework.receipts import Receipt
from kit.database import Database
from models.base import metadata
from rules.reasons import Reason, Refused
from tests.build import Office, noon

TABLES = metadata.tables


def reasons(act: Callable[..., Any], *args: Any, **kwargs: Any) -> tuple[Reason, ...]:
    """Why an act is refused; fails when it is not."""
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    return refusal.value.reasons


def codes(act: Callable[..., Any], *args: Any, **kwargs: Any) -> list[str]:
    """The codes of those reasons, sorted, each as often as it is given."""
    return sorted(reason.code for reason in reasons(act, *args, **kwargs))


def every_row(database: Database) -> dict[str, list[str]]:
    """Everything that the database holds, so that two moments can be compared."""
    with database.read() as connection:
        return {
            name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
            for name, table in TABLES.items()
        }


def refused_without_trace(office: Office, act: Callable[..., Any], *args: Any, **kwargs: Any) -> list[str]:
    """The codes of the reasons against an act that changes no row of any table."""
    before = every_row(office.database)
    found = codes(act, *args, **kwargs)
    assert every_row(office.database) == before
    return found


def rows(office: Office, table: str, **where: Any) -> list[dict[str, Any]]:
    """Rows of a table, in the order in which they were written."""
    columns = TABLES[table].c
    query = select(TABLES[table]).order_by(*TABLES[table].primary_key.columns)
    for name, value in where.items():
        query = query.where(columns[name] == value)
    with office.database.read() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def history(office: Office, code: str) -> list[dict[str, Any]]:
    """The entries of a dossier's chain, the payload read."""
    entries = rows(office, "history_entry", subject=f"dossier:{office.row(code)['id']}")
    return [{**entry, "payload": json.loads(entry["payload"])} for entry in entries]


def last(office: Office, code: str) -> dict[str, Any]:
    """The last entry of a dossier's chain."""
    return history(office, code)[-1]


def outcomes(office: Office, code: str) -> list[str]:
    """What has become of each nomination of a dossier."""
    return [row["outcome"] for row in rows(office, "nomination", dossier_id=office.row(code)["id"])]


def opinion(
    office: Office, code: str, person: str, *given: OpinionInput, day: str = "2025-06-10", **options: Any
) -> Receipt:
    """A desk's opinions, given by one of the office's people."""
    return give_opinion(office.database, code, given, office.call(person, day), **options)


def add(office: Office, code: str, *nominees: NomineeInput, day: str = "2024-09-10") -> Receipt:
    """Nominations by the school's clerk."""
    return nominate(office.database, code, nominees, office.call("clerk", day))


def at(office: Office, person: str | None, moment: str) -> Call:
    """A request at an instant in Viet Nam, for example 2025-06-30T23:59:59."""
    instant = datetime.fromisoformat(f"{moment}+07:00").astimezone(UTC)
    actor = office.people[person] if person else None
    return Call(actor, instant, f"at-{person}-{moment}", "test")


def call_with(office: Office, person: str | None, key: str, day: str = "2025-06-10") -> Call:
    """A request with a key of its own, by one of the office's people."""
    return Call(office.people[person] if person else None, noon(day), key, "test")


def broken_links(database: Database, subjects: Iterable[str] | None = None) -> list[str]:
    """What does not fit in the chains, by a hash that this file computes itself; empty when all is well."""
    faults: list[str] = []
    heads: dict[str, tuple[int, str]] = {}
    entries, dossiers = TABLES["history_entry"], TABLES["dossier"]
    query = select(entries).order_by(entries.c.subject, entries.c.seq)
    if subjects is not None:
        query = query.where(entries.c.subject.in_(list(subjects)))
    with database.read() as connection:
        for entry in connection.execute(query).mappings():
            seq, previous = heads.get(entry["subject"], (0, "0" * 64))
            if (entry["seq"], entry["prev_hash"], entry["hash"]) != (seq + 1, previous, _hash(entry)):
                faults.append(f"{entry['subject']} {entry['seq']}")
            heads[entry["subject"]] = (entry["seq"], entry["hash"])
        for row in connection.execute(select(dossiers)).mappings():
            head = heads.get(f"dossier:{row['id']}")
            if head != (row["version"], row["head_hash"]) and (subjects is None or head is not None):
                faults.append(f"head of {row['code']}")
    return faults


def _hash(entry: Any) -> str:
    at = entry["at"].astimezone(UTC).isoformat(timespec="microseconds")
    names = ("actor_id", "on_behalf_of_id", "via", "event", "payload", "request_key", "prev_hash")
    parts = [entry["subject"], entry["seq"], at, *(entry[name] for name in names)]
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def clones(office: Office, code: str, number: int) -> list[str]:
    """Copies of a dossier with its history, nominations and the units that it came to, made in the tables: walking each
    would take minutes."""
    dossier, nomination, entry = (TABLES[name] for name in ("dossier", "nomination", "history_entry"))
    reach = TABLES["dossier_reach"]
    row = office.row(code)
    made = []
    with office.database.write() as connection:
        chain = list(
            connection.execute(select(entry).where(entry.c.subject == f"dossier:{row['id']}")).mappings()
        )
        held = list(
            connection.execute(select(nomination).where(nomination.c.dossier_id == row["id"])).mappings()
        )
        came_to = list(
            connection.execute(select(reach.c.unit_id).where(reach.c.dossier_id == row["id"])).scalars()
        )
        first = connection.execute(select(func.max(dossier.c.id))).scalar_one() + 1_000
        copies = [{**row, "id": first + n, "code": f"{code}-{n}"} for n in range(number)]
        entries = []
        for copy in copies:
            previous = "0" * 64
            for old in sorted(chain, key=lambda e: e["seq"]):
                new = {
                    **old,
                    "subject": f"dossier:{copy['id']}",
                    "request_key": f"{old['request_key']}/{copy['id']}",
                }
                new["prev_hash"] = previous
                new["hash"] = previous = entry_hash(new)
                entries.append(new)
            copy["head_hash"] = previous
            made.append(copy["code"])
        connection.execute(insert(dossier), copies)
        connection.execute(insert(entry), entries)
        reached = [{"dossier_id": c["id"], "unit_id": unit} for c in copies for unit in came_to]
        connection.execute(insert(reach), reached)
        fields = [{k: v for k, v in old.items() if k != "id"} for old in held]
        connection.execute(
            insert(nomination), [{**old, "dossier_id": c["id"]} for c in copies for old in fields]
        )
    return made
