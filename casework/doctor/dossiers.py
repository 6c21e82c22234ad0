"""Dossiers against their procedure, and against themselves."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import and_, not_, or_, select

from casework.doctor.finding import fault, warning
from casework.doctor.view import View
from casework.load import DOSSIER, NOMINATION
from casework.record_step import REACH
from casework.regulations import REGULATION
from casework.routing import UNIT, nearest_by_kind
from casework.successions import Successions
from models.dossier import ORIGIN_COLUMNS
from states.vocabulary import FINAL_KINDS

# The columns that a kind of state demands; the database's own CHECKs say the same, where nobody took them away.
DEMANDED = {
    **{kind: (column,) for kind, column in ORIGIN_COLUMNS.items()},
    "filed": ("receipt_number",),
    "decided": ("decision_id",),
    "revoked": ("decision_id", "revocation_id"),
    "forwarded": ("submission_number", "submitted_on"),
}


def dossier_procedure_unknown(view: View) -> Iterator[str]:
    """Its procedure was never published."""
    joined = DOSSIER.outerjoin(
        REGULATION,
        and_(REGULATION.c.sha256 == DOSSIER.c.procedure_sha256, REGULATION.c.kind == "procedure"),
    )
    yield from view.ids(
        "dossier", select(DOSSIER.c.id).select_from(joined).where(REGULATION.c.sha256.is_(None))
    )


def dossier_level_unknown(view: View) -> Iterator[str]:
    """Its procedure serves no dossiers of its level."""
    for row, chart in view.charted():
        if row["level"] not in chart.procedure.levels:
            yield f"dossier:{row['id']}"


def dossier_state_unknown(view: View) -> Iterator[str]:
    """Its state is not in its procedure."""
    for row in view.dossiers():
        chart = view.chart(row["procedure_sha256"])
        if chart is not None and row["state"] not in chart.procedure.states:
            yield f"dossier:{row['id']}"


def dossier_kind_differs(view: View) -> Iterator[str]:
    """The kind of its state is another one than the procedure says."""
    for row, chart in view.charted():
        if row["state_kind"] != chart.procedure.states[row["state"]].kind:
            yield f"dossier:{row['id']}"


def dossier_desk_differs(view: View) -> Iterator[str]:
    """It lies at another desk than the one that its state belongs to."""
    for row, chart in view.charted():
        if row["desk"] != chart.procedure.states[row["state"]].desk:
            yield f"dossier:{row['id']}"


def dossier_desk_unit_differs(view: View) -> Iterator[str]:
    """The unit that holds it is not the one its route gives for the desk."""
    for row in view.dossiers():
        if row["desk"] in row["route"] and row["desk_unit_id"] != row["route"][row["desk"]]:
            yield f"dossier:{row['id']}"


def route_incomplete(view: View) -> Iterator[str]:
    """Its route does not name exactly the desks of its procedure."""
    for row, chart in view.charted():
        if set(row["route"]) != set(chart.procedure.desks):
            yield f"dossier:{row['id']}"


def route_unit_unknown(view: View) -> Iterator[str]:
    """Its route names a unit that does not exist."""
    for row in view.dossiers():
        if not set(row["route"].values()) <= set(view.units):
            yield f"dossier:{row['id']}"


def dossier_fact_missing(view: View) -> Iterator[str]:
    """It lacks what the kind of its state demands: a receipt, a decision, a submission, where it came from."""
    lacking = [
        and_(DOSSIER.c.state_kind == kind, or_(*(DOSSIER.c[column].is_(None) for column in columns)))
        for kind, columns in DEMANDED.items()
    ]
    yield from view.ids("dossier", select(DOSSIER.c.id).where(or_(*lacking)).order_by(DOSSIER.c.id))


def dossier_origin_unknown(view: View) -> Iterator[str]:
    """The state to which it is to go back is not in its procedure."""
    for row, chart in view.charted():
        origins = {row[column] for column in ORIGIN_COLUMNS.values()} - {None}
        if not origins <= set(chart.procedure.states):
            yield f"dossier:{row['id']}"


def dossier_changed_before_opened(view: View) -> Iterator[str]:
    """It changed before it was opened."""
    yield from view.ids("dossier", select(DOSSIER.c.id).where(DOSSIER.c.changed_at < DOSSIER.c.opened_at))


def decided_at_desks_apart(view: View) -> Iterator[str]:
    """One person decided at two desks declared apart, and no chair excepted them."""
    for row, chart in view.charted():
        acted = {desk: set(people) for desk, people in row["acted"].items()}
        excepted = {(desk, person) for desk, person in row["exceptions"]}
        for one, other in (sorted(pair) for pair in chart.procedure.pairs()):
            both = acted.get(one, set()) & acted.get(other, set())
            if any((one, person) not in excepted and (other, person) not in excepted for person in both):
                yield f"dossier:{row['id']}"
                break


def decided_with_open_nomination(view: View) -> Iterator[str]:
    """It was decided, declined or revoked, and a nomination in it is still open."""
    still_open = select(NOMINATION.c.id).where(
        NOMINATION.c.dossier_id == DOSSIER.c.id, NOMINATION.c.outcome == "open"
    )
    over = DOSSIER.c.state_kind.in_(("decided", "declined", "revoked"))
    yield from view.ids("dossier", select(DOSSIER.c.id).where(over, still_open.exists()))


def reach_missing(view: View) -> Iterator[str]:
    """A unit that it has come to is not noted: its own, or the one that its route gives for the desk where it lies."""
    reached: dict[int, set[int]] = {}
    for row in view.rows(select(REACH)):
        reached.setdefault(row["dossier_id"], set()).add(row["unit_id"])
    for row in view.dossiers():
        # Desks behind it may have passed to successors, who see it by their predecessors.
        here = row["route"].get(row["desk"])
        came = {row["unit_id"], *([here] if here == row["desk_unit_id"] else [])}
        if not came <= reached.get(row["id"], set()):
            yield f"dossier:{row['id']}"


def held_by_ended_unit(view: View) -> Iterator[str]:
    """It is on its way, and the unit that holds it has ended: nobody can act on it."""
    yield from view.ids(
        "dossier",
        select(DOSSIER.c.id)
        .join(UNIT, UNIT.c.id == DOSSIER.c.desk_unit_id)
        .where(UNIT.c.until < view.today, not_(DOSSIER.c.state_kind.in_(FINAL_KINDS)))
        .order_by(DOSSIER.c.id),
    )


def ended_without_successor(view: View) -> Iterator[str]:
    """It is on its way, a unit behind one of its desks has ended, and no succession map names who took over."""
    successions = Successions(view.connection, view.today)
    ended = successions.ended()
    if not ended:
        return
    nearest: dict[int, dict[str, int]] = {}
    for row in view.dossiers():
        left = ended.intersection(row["route"].values())
        if not left or row["state_kind"] in FINAL_KINDS:
            continue
        school = row["unit_id"]
        if school not in nearest:
            nearest[school] = nearest_by_kind(view.connection, school, view.today)
        if any(successions.of_unit(unit, nearest[school]) is None for unit in left):
            yield f"dossier:{row['id']}"


INVARIANTS = (
    fault(dossier_procedure_unknown),
    fault(dossier_level_unknown),
    fault(dossier_state_unknown),
    fault(dossier_kind_differs),
    fault(dossier_desk_differs),
    fault(dossier_desk_unit_differs),
    fault(route_incomplete),
    fault(route_unit_unknown),
    fault(dossier_fact_missing),
    fault(dossier_origin_unknown),
    fault(dossier_changed_before_opened),
    fault(decided_at_desks_apart),
    fault(decided_with_open_nomination),
    fault(reach_missing),
    warning(held_by_ended_unit),
    warning(ended_without_successor),
)
