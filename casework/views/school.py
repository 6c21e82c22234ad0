"""A school's own page: its dossiers by year, and what each that is on its way still lacks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from casework.call import Call
from casework.load import ALL_GROUPS, DOSSIER, Loaded, load_groups
from casework.reads import Reads
from casework.regulations import chart_of
from casework.sight import Sight, sees
from casework.views.dossiers import rows_shown
from casework.views.eligibility_lacks import lacks_of
from casework.views.naming import desk_named, named_of_many
from casework.views.next_steps import try_step
from casework.views.queue import PAGE
from casework.views.standing import awaited, deadline_of, main_step
from models.base import values_of
from models.dossier import UNFINISHED
from rules.reasons import Reason
from rules.windows import local_day
from states.procedure import Procedure, Transition

#: of how many dossiers on their way the page says what they lack
CHECKED = 10


def dossiers_of(
    connection: Connection, sight: Sight, unit: int, now: datetime, lang: str, *, start: int = 0
) -> tuple[list[dict[str, Any]], int]:
    """A page of the unit's dossiers that a person may see, the newest year first, and how many there are."""
    conditions = (DOSSIER.c.unit_id == unit, sees(sight))
    total = connection.execute(select(func.count()).select_from(DOSSIER).where(*conditions)).scalar_one()
    query = select(DOSSIER).where(*conditions).order_by(DOSSIER.c.school_year.desc(), DOSSIER.c.id)
    rows = [values_of(row) for row in connection.execute(query.limit(PAGE).offset(start))]
    return rows_shown(connection, rows, now, lang, Reads(connection, local_day(now))), int(total)


def checklists(
    connection: Connection, sight: Sight, unit: int, now: datetime, lang: str
) -> list[dict[str, Any]]:
    """What the unit's dossiers on their way lack, at most `CHECKED` of them: for each its ``steps`` to come with the
    papers of each, the ``opinions`` of the desks so far, what is in the ``way`` of the person's own next
    step, and what the rules still miss (``lacks``) of those that lie with the school."""
    reads = Reads(connection, local_day(now))
    query = (
        select(DOSSIER)
        .where(DOSSIER.c.unit_id == unit, UNFINISHED, sees(sight))
        .order_by(DOSSIER.c.school_year.desc(), DOSSIER.c.id)
        .limit(CHECKED)
    )
    dossiers = [values_of(row) for row in connection.execute(query)]
    loaded = load_groups(connection, [dossier["id"] for dossier in dossiers], ALL_GROUPS)
    reads.fetch_scores([unit], {dossier["school_year"] for dossier in dossiers})
    reads.fetch_ways(dossiers)
    lists = [_checklist(reads, dossier, loaded[dossier["id"]], lang) for dossier in dossiers]
    about = [
        (checked, dossier["procedure_sha256"], reason)
        for checked, dossier in zip(lists, dossiers, strict=True)
        for reason in _in_the_way(reads, sight, dossier, loaded[dossier["id"]], now)
    ]
    # Named together: the statements are those of a page, not of a dossier.
    told = named_of_many(connection, [(sha256, reason) for _, sha256, reason in about], lang)
    for (checked, _, _), reason in zip(about, told, strict=True):
        checked["way"].append(reason)
    lacks = lacks_of(connection, dossiers, local_day(now), lang)
    for checked, dossier in zip(lists, dossiers, strict=True):
        checked["lacks"] = lacks.get(dossier["id"])
    return lists


def _checklist(reads: Reads, dossier: Mapping[str, Any], loaded: Loaded, lang: str) -> dict[str, Any]:
    procedure = chart_of(reads.connection, dossier["procedure_sha256"]).procedure
    live = {row["id"] for row in loaded.nominations if row["outcome"] == "open"}
    opinions: dict[str, set[int]] = {}
    for row in loaded.opinions:
        opinions.setdefault(row["desk"], set()).add(row["nomination_id"])
    steps = [
        _step(reads, procedure, dossier, state, step, loaded.papers, lang)
        for state, step in _to_come(procedure, dossier)
    ]
    return {
        "dossier": dossier["code"],
        "level": dossier["level"],
        "school_year": dossier["school_year"],
        "state_label": procedure.states[dossier["state"]].label[lang],
        "nominations": len(live),
        "steps": [step for step in steps if step["papers"]],
        "opinions": [
            {"desk": desk_named(procedure, desk, lang), "given": len(given & live), "of": len(live)}
            for desk, given in opinions.items()
        ],
        "way": [],
    }


def _to_come(procedure: Procedure, dossier: Mapping[str, Any]) -> list[tuple[str, Transition]]:
    """The main steps from where the dossier stands to the end of its way."""
    state, seen, found = dossier["state"], set(), []
    while state in procedure.states and state not in seen:
        seen.add(state)
        step = main_step(procedure, state, dossier["level"])
        if step is None:
            break
        found.append((state, step))
        state = step.target
    return found


def _step(
    reads: Reads,
    procedure: Procedure,
    dossier: Mapping[str, Any],
    state: str,
    step: Transition,
    papers: frozenset[str],
    lang: str,
) -> dict[str, Any]:
    desk = procedure.acting_desk(state, step)
    window = None
    if step.milestone is not None:
        units = {dossier["unit_id"], dossier["route"].get(desk, dossier["unit_id"])}
        window = reads.window(procedure.name, dossier["school_year"], step.milestone, units)
    last_day = deadline_of(window)
    return {
        "event": step.event,
        "label": step.label[lang] if step.label else None,
        "desk": desk_named(procedure, desk, lang),
        "deadline": last_day.isoformat() if last_day else None,
        "papers": [{"kind": kind, "there": kind in papers} for kind in step.papers],
    }


def _in_the_way(
    reads: Reads, sight: Sight, dossier: Mapping[str, Any], loaded: Loaded, now: datetime
) -> tuple[Reason, ...]:
    step = awaited(reads, dossier)
    if step is None or sight.person not in step.people:
        return ()
    return try_step(reads, dossier, step.event, Call(sight.person, now, "try", "look"), loaded).reasons
