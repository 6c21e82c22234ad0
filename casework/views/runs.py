"""One run of the ledger, read: what it did in words, whom it reminded of what, why it failed; what a day brought."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from casework.ledger import ENDED, LIMIT, RunDone, first_after, has_died, missed_days, run_of
from casework.letters.tables import LETTER
from casework.outcome import concern_in_words, counts_of, reasons_of, trouble_in_words
from casework.people import PERSON, UNIT
from casework.remaining import remaining
from casework.views.found import subjects_named
from casework.views.naming import milestones_named, named
from kit.clock import wall_now
from rules.windows import local_day


def show_run(
    connection: Connection, number: int, lang: str, *, page: int = 1, rows: int = 50
) -> dict[str, Any] | None:
    """One run as plain data, a page of those whom it reminded with it; None where there is no such run."""
    run = run_of(connection, number)
    if run is None:
        return None
    summary = run.summary
    kept = summary.get("reminded", [])
    start = (page - 1) * rows
    return run.as_dict() | {
        "seconds": run.seconds,
        "died": has_died(run, wall_now()),
        "limit": LIMIT,
        "counts": [(name, count) for name, count in counts_of(run.flow, summary) if count],
        "stopped": summary.get("stopped", ""),
        "detail": summary.get("detail", ""),
        "faults": list(summary.get("faults", ())),
        "lapsed": list(summary.get("lapsed", ())),
        "not_lapsed": sorted(summary.get("not_lapsed", {})),
        "concerns": [
            concern_in_words(concern["code"], concern["params"], lang)
            for concern in summary.get("concerns", ())
            if isinstance(concern, Mapping)
        ],
        "untold": summary.get("untold", 0),
        "troubles": _troubles(connection, run, lang),
        "reminded": _reminded(connection, kept[start : start + rows], lang),
        "reminded_kept": len(kept),
        "reminded_count": summary.get("reminded_count", 0),
    }


def _troubles(connection: Connection, run: RunDone, lang: str) -> tuple[str, ...]:
    reasons = named(connection, reasons_of(run.summary), lang)
    told = {"reasons": [reason.as_dict() for reason in reasons]} if reasons else run.summary
    return trouble_in_words(run.trouble, told, lang)


def _reminded(connection: Connection, rows: Iterable[Mapping[str, Any]], lang: str) -> list[dict[str, Any]]:
    """The rows with names in the place of codes; three statements however many rows."""
    told = list(rows)
    people = _names(connection, PERSON, {row["person"] for row in told})
    units = _names(connection, UNIT, {row["unit"] for row in told})
    milestones = milestones_named(connection, lang) if told else {}
    subjects = subjects_named(connection, {row["subject"] for row in told}, lang)
    return [
        dict(row)
        | {
            "person_name": people.get(row["person"], row["person"]),
            "unit_name": units.get(row["unit"], row["unit"]),
            "milestone_label": milestones.get(row["milestone"], row["milestone"]),
            "dossier": subjects[row["subject"]] if row["subject"].startswith("dossier:") else None,
        }
        for row in told
    ]


def _names(connection: Connection, table: Any, codes: set[str]) -> dict[str, str]:
    if not codes:
        return {}
    query = select(table.c.code, table.c.name).where(table.c.code.in_(sorted(codes)))
    return {row.code: row.name for row in connection.execute(query)}


def day_told(connection: Connection, number: int) -> dict[str, Any] | None:
    """What a tick brought, and what became of the letters after it; None where there is no such tick."""
    tick = run_of(connection, number)
    if tick is None or tick.flow != "tick":
        return None
    post = first_after(connection, "deliver", tick)
    sent: dict[str, Any] = post.summary if post is not None and post.standing in ENDED else {}
    return {
        "run": tick.id,
        "standing": tick.standing,
        "day": tick.business_day.isoformat(),
        "reminded": tick.summary.get("reminded_count", 0),
        "lapsed": len(tick.summary.get("lapsed", ())),
        "post": post.id if post is not None else None,
        "post_failed": post is not None and post.standing == "failed",
        "sent": sent.get("sent", 0),
        "stopped": sent.get("stopped", ""),
        "waiting": _letters_waiting(connection),
    }


def _letters_waiting(connection: Connection) -> int:
    query = select(func.count()).select_from(LETTER).where(LETTER.c.standing.in_(("queued", "sending")))
    return int(connection.execute(query).scalar_one())


def left_undone(connection: Connection, now: datetime) -> dict[str, int]:
    """What nobody has done yet: days without a tick, subjects whose day has come, letters that wait to be sent."""
    return {
        "days": missed_days(connection, "", local_day(now)),
        "subjects": remaining(connection, "tick", now),
        "letters": remaining(connection, "deliver", now),
    }
