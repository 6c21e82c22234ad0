"""What may be done next with a dossier, by whom, and for one person: what speaks against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from casework.call import Call
from casework.inputs import Inputs
from casework.load import ALL_GROUPS, Loaded, dossier_by_code, load_groups, standing_of
from casework.people import person_by_code
from casework.prepare_step import prepare_step
from casework.reads import Reads
from casework.regulations import chart_of
from casework.views.naming import desk_named, named_each
from casework.views.standing import Directory, days_left, deadline_of
from rules.reasons import Reason, Refused
from rules.windows import local_day
from states.procedure import Procedure, Transition
from states.vocabulary import BACK, CALENDAR

# What the act itself brings: no reason against it, but a thing to have at hand. Code → the parameter that names it, or
# the thing itself.
_TO_BRING = {"input_missing": ("input", ""), "opinion_missing": ("", "opinions")}


@dataclass(frozen=True, slots=True)
class Tried:
    """One event, tried without doing it: what it still needs, and every reason against it."""

    needs: tuple[str, ...]
    reasons: tuple[Reason, ...]


def next_steps(
    connection: Connection, code: str, now: datetime, lang: str, person: str | None = None
) -> list[dict[str, Any]]:
    """Every step that leaves the state of a dossier, as plain data; tried for ``person`` where one is named.

    Raises:
        Refused: there is no such dossier or person.
    """
    dossier = dossier_by_code(connection, code)
    chart = chart_of(connection, dossier["procedure_sha256"])
    actor = person_by_code(connection, person)["id"] if person is not None else None
    reads = Reads(connection, local_day(now))
    directory = Directory(reads)
    steps = chart.events_from(standing_of(dossier), dossier["level"])
    _fetch(reads, directory, chart.procedure, dossier, steps)
    found = [_step(reads, directory, chart.procedure, dossier, step, now, lang) for step in steps]
    if actor is None:
        return found
    # Read once for all steps that are tried.
    loaded = load_groups(connection, [dossier["id"]], ALL_GROUPS)[dossier["id"]]
    call = Call(actor, now, "try", "look")
    tries = [try_step(reads, dossier, step.event, call, loaded) for step in steps]
    reasons = named_each(connection, [tried.reasons for tried in tries], lang, code)
    for plain, tried, told in zip(found, tries, reasons, strict=True):
        plain |= {"needs": list(tried.needs), "reasons": told, "possible": not tried.reasons}
    return found


def step_to_fill(
    connection: Connection, code: str, event: str, now: datetime, person: str
) -> tuple[dict[str, Any], list[int]]:
    """What the form of one event brings for a person (`event`, `provides`, `needs`), without any names, and the
    dossier's nominations. An event that does not leave the state brings nothing: the act itself says why.

    Raises:
        Refused: there is no such dossier or person.
    """
    dossier = dossier_by_code(connection, code)
    chart = chart_of(connection, dossier["procedure_sha256"])
    loaded = load_groups(connection, [dossier["id"]], ALL_GROUPS)[dossier["id"]]
    nominations = [row["id"] for row in loaded.nominations]
    steps = chart.events_from(standing_of(dossier), dossier["level"])
    step = next((s for s in steps if s.event == event), None)
    if step is None or chart.procedure.acting_desk(dossier["state"], step) == CALENDAR:
        return {"event": event, "provides": (), "needs": ()}, nominations
    call = Call(person_by_code(connection, person)["id"], now, "try", "look")
    tried = try_step(Reads(connection, local_day(now)), dossier, event, call, loaded)
    return {"event": event, "provides": step.provides, "needs": tried.needs}, nominations


def _fetch(
    reads: Reads,
    directory: Directory,
    procedure: Procedure,
    dossier: Mapping[str, Any],
    steps: Sequence[Transition],
) -> None:
    """Read at once who stands behind the desks of some steps."""
    desks = {procedure.acting_desk(dossier["state"], step) for step in steps} & procedure.desks.keys()
    units = {desk: dossier["route"].get(desk, dossier["desk_unit_id"]) for desk in desks}
    reads.fetch_posts(units.values())
    directory.units(units.values())
    directory.people(
        i for desk, unit in units.items() for i in reads.holders(unit, procedure.desks[desk].duties)
    )


def try_step(
    reads: Reads, dossier: Mapping[str, Any], event: str, call: Call, loaded: Loaded | None = None
) -> Tried:
    """Decide a step without anything that comes with it; nothing is written. ``loaded``: for whoever tries many."""
    try:
        prepare_step(reads, dossier, event, call, Inputs(), loaded)
    except Refused as refusal:
        needs = tuple(dict.fromkeys(_brought(r) for r in refusal.reasons if r.code in _TO_BRING))
        return Tried(needs, tuple(r for r in refusal.reasons if r.code not in _TO_BRING))
    return Tried((), ())


def _brought(reason: Reason) -> str:
    named, thing = _TO_BRING[reason.code]
    return str(reason.params[named]) if named else thing


def _step(
    reads: Reads,
    directory: Directory,
    procedure: Procedure,
    dossier: Mapping[str, Any],
    step: Transition,
    now: datetime,
    lang: str,
) -> dict[str, Any]:
    desk = procedure.acting_desk(dossier["state"], step)
    unit = dossier["route"].get(desk, dossier["desk_unit_id"])
    duties = procedure.desks[desk].duties if desk in procedure.desks else ()
    window = None
    if step.milestone is not None:
        window = reads.window(
            procedure.name, dossier["school_year"], step.milestone, {dossier["unit_id"], unit}
        )
    last_day = deadline_of(window)
    # A step back leads to where the dossier was set aside from.
    origin = standing_of(dossier).origins.get(dossier["state_kind"], step.target)
    target_name = origin if step.target == BACK else step.target
    target = procedure.states.get(target_name)
    return {
        "event": step.event,
        "label": step.label[lang] if step.label else None,
        "desk": desk,
        "desk_label": desk_named(procedure, desk, lang),
        "unit": None if desk == CALENDAR else directory.unit(unit),
        "people": [p for i in reads.holders(unit, duties) if (p := directory.person(i))] if duties else [],
        "to": target_name,
        "to_label": target.label[lang] if target else None,
        "provides": list(step.provides),
        "papers": list(step.papers),
        "milestone": step.milestone,
        "deadline": last_day.isoformat() if last_day else None,
        "days_left": days_left(window, now),
    }
