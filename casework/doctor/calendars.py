"""Published regulations, calendars and extensions, objections, and the home's clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from sqlalchemy import and_, or_, select

from casework.doctor.finding import fault, warning
from casework.doctor.view import View
from casework.home_clock import CLOCK
from casework.load import DOSSIER, NOMINATION, OBJECTION
from casework.movements.calendar_of import every_movement_calendar
from casework.regulations import EXTENSION
from casework.routing import UNIT
from kit.canonical import sha256_hex
from kit.strict_yaml import Fault
from published.calendar import Calendar, read_calendar
from published.councils import read_council
from published.holidays import read_holidays
from published.rulebooks import read_rulebook
from published.scorecards import read_scorecard
from published.successions import read_succession
from published.titles import read_titles
from states.procedure import read_procedure
from states.vocabulary import FINAL_KINDS


@lru_cache(maxsize=256)
def _read(kind: str, text: str) -> Any:
    """What a regulation's text says; None where it has a fault. Reading is slow, and a published text never changes."""
    readers: dict[str, Callable[[str], tuple[Any, list[Fault]]]] = {
        "procedure": read_procedure,
        "calendar": read_calendar,
        "titles": read_titles,
        "succession": read_succession,
        "holidays": read_holidays,
        "scorecard": read_scorecard,
        "council": read_council,
        "rulebook": read_rulebook,
    }
    if kind not in readers:
        return None
    read, faults = readers[kind](text)
    return None if faults else read


def regulation_edited(view: View) -> Iterator[str]:
    """The text of a published regulation is not the one that was published."""
    for row in view.regulations:
        if sha256_hex(row.text) != row.sha256:
            yield f"regulation:{row.sha256}"


def regulation_unreadable(view: View) -> Iterator[str]:
    """A published regulation cannot be read by this program."""
    for row in view.regulations:
        if sha256_hex(row.text) == row.sha256 and _read(row.kind, row.text) is None:
            yield f"regulation:{row.sha256}"


def regulation_versions_broken(view: View) -> Iterator[str]:
    """The versions of a regulation do not count from 1 without gaps."""
    versions: dict[tuple[str, str], list[int]] = {}
    for row in view.regulations:
        versions.setdefault((row.kind, row.name), []).append(row.version)
    for (kind, name), found in sorted(versions.items()):
        if sorted(found) != list(range(1, len(found) + 1)):
            yield f"regulation:{kind}:{name}"


def _calendars_and_movements(view: View) -> dict[str, Calendar]:
    """The newest version of each calendar, and what movements asked for, which is extended in the same way."""
    return _calendars(view) | every_movement_calendar(view.connection)


def _calendars(view: View) -> dict[str, Calendar]:
    """The newest version of each calendar that can be read."""
    newest: dict[str, Calendar] = {}
    for row in view.regulations:
        calendar = _read(row.kind, row.text) if row.kind == "calendar" else None
        if calendar is not None:
            newest[row.name] = calendar
    return newest


def calendars_compete(view: View) -> Iterator[str]:
    """Two calendars serve the same procedure in the same school year: which one counts is left to chance."""
    served: dict[tuple[str, str], str] = {}
    for name, calendar in _calendars(view).items():
        for procedure in calendar.procedures:
            if served.setdefault((procedure, calendar.school_year), name) != name:
                yield f"calendar:{name}"


def calendar_missing(view: View) -> Iterator[str]:
    """A dossier on its way has a procedure with milestones, and no calendar for its school year."""
    served = {
        (procedure, calendar.school_year)
        for calendar in _calendars(view).values()
        for procedure in calendar.procedures
    }
    for row, chart in view.charted():
        waits = chart.procedure.milestones and row["state_kind"] not in FINAL_KINDS
        if waits and (chart.procedure.name, row["school_year"]) not in served:
            yield f"dossier:{row['id']}"


def extension_of_nothing(view: View) -> Iterator[str]:
    """An extension names a calendar or a milestone that does not exist."""
    calendars = _calendars_and_movements(view)
    for row in view.rows(select(EXTENSION).order_by(EXTENSION.c.id)):
        calendar = calendars.get(row["calendar"])
        if calendar is None or row["milestone"] not in calendar.milestones:
            yield f"extension:{row['id']}"


def extension_without_effect(view: View) -> Iterator[str]:
    """An extension ends no later than the milestone itself."""
    calendars = _calendars_and_movements(view)
    for row in view.rows(select(EXTENSION).order_by(EXTENSION.c.id)):
        calendar = calendars.get(row["calendar"])
        planned = calendar.milestones.get(row["milestone"]) if calendar else None
        if planned is not None and row["until"] <= planned.milestone.last_day:
            yield f"extension:{row['id']}"


def succession_of_unknown_unit(view: View) -> Iterator[str]:
    """A succession map about units of this home names another that is not here."""
    here = set(view.connection.execute(select(UNIT.c.code)).scalars())
    for row in view.regulations:
        plan = _read(row.kind, row.text) if row.kind == "succession" else None
        if plan is None:
            continue
        # A home that has none of a map's predecessors is not concerned by it.
        named = {code for part in plan.units if part.unit in here for code in part.becomes}
        if not named <= here:
            yield f"regulation:{row.sha256}"


def objection_settled_by_halves(view: View) -> Iterator[str]:
    """An objection is settled without a conclusion, has one without being settled, or was settled before it came."""
    halves = or_(
        and_(OBJECTION.c.settled_at.is_not(None), OBJECTION.c.settlement_note_id.is_(None)),
        and_(OBJECTION.c.settled_at.is_(None), OBJECTION.c.settlement_note_id.is_not(None)),
        OBJECTION.c.settled_at < OBJECTION.c.received_at,
    )
    yield from view.ids("objection", select(OBJECTION.c.id).where(halves))


def objection_in_other_dossier(view: View) -> Iterator[str]:
    """An objection is to a nomination of another dossier."""
    query = select(OBJECTION.c.id).outerjoin(NOMINATION, NOMINATION.c.id == OBJECTION.c.nomination_id)
    elsewhere = NOMINATION.c.dossier_id.is_distinct_from(OBJECTION.c.dossier_id)
    yield from view.ids("objection", query.where(OBJECTION.c.nomination_id.is_not(None), elsewhere))


def objection_to_nothing(view: View) -> Iterator[str]:
    """An objection is to a dossier that does not exist."""
    query = select(OBJECTION.c.id).outerjoin(DOSSIER, DOSSIER.c.id == OBJECTION.c.dossier_id)
    yield from view.ids("objection", query.where(DOSSIER.c.id.is_(None)))


def clock_stands_nowhere(view: View) -> Iterator[str]:
    """The home's clock is fixed and stands at no instant, or is of no known kind."""
    wrong = or_(
        CLOCK.c.mode.not_in(("real", "fixed")),
        and_(CLOCK.c.mode == "fixed", CLOCK.c.stands_at.is_(None)),
    )
    yield from view.ids("home_clock", select(CLOCK.c.id).where(wrong))


INVARIANTS = (
    fault(regulation_edited),
    fault(regulation_unreadable),
    fault(regulation_versions_broken),
    fault(calendars_compete),
    warning(calendar_missing),
    fault(extension_of_nothing),
    # A newer version of the calendar may have overtaken it.
    warning(extension_without_effect),
    warning(succession_of_unknown_unit),
    fault(objection_settled_by_halves),
    fault(objection_in_other_dossier),
    fault(objection_to_nothing),
    fault(clock_stands_nowhere),
)
