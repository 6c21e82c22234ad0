"""Reading what an act needs to know of a dossier, and no more than its step needs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from casework.call import Call
from casework.deadlines import deadline_missed
from casework.reads import Reads
from models.base import values_of
from models.dossier import ORIGIN_COLUMNS, Dossier
from models.initiative import Initiative, InitiativeAuthor
from models.nomination import Nomination, Opinion
from models.objection import Objection
from models.paper import Paper
from rules.checks import NEEDS, StepRule
from rules.facts import NominationFacts, StepFacts
from rules.reasons import Reason, Refused
from rules.windows import Window
from states.chart import Chart, Standing

DOSSIER, NOMINATION, OPINION = Dossier.__table__, Nomination.__table__, Opinion.__table__
INITIATIVE, AUTHOR = Initiative.__table__, InitiativeAuthor.__table__
PAPER, OBJECTION = Paper.__table__, Objection.__table__

_BY_CODE = select(DOSSIER).where(DOSSIER.c.code == bindparam("code"))
_LOCKED_BY_CODE = _BY_CODE.with_for_update()
_MANY = select(DOSSIER).where(DOSSIER.c.code.in_(bindparam("codes", expanding=True)))
_FOUNDATION = NOMINATION.alias("foundation")
_FOUNDATION_DOSSIER = DOSSIER.alias("foundation_dossier")
NOMINATIONS = (
    select(
        NOMINATION,
        _FOUNDATION.c.outcome.label("foundation_outcome"),
        _FOUNDATION.c.title.label("foundation_title"),
        _FOUNDATION.c.decided_title.label("foundation_decided"),
        _FOUNDATION_DOSSIER.c.code.label("foundation_code"),
        _FOUNDATION_DOSSIER.c.state_kind.label("foundation_kind"),
    )
    .select_from(
        NOMINATION.outerjoin(_FOUNDATION, _FOUNDATION.c.id == NOMINATION.c.rests_on_id).outerjoin(
            _FOUNDATION_DOSSIER, _FOUNDATION_DOSSIER.c.id == _FOUNDATION.c.dossier_id
        )
    )
    .where(NOMINATION.c.dossier_id.in_(bindparam("dossiers", expanding=True)))
    .order_by(NOMINATION.c.id)
)
_AUTHORS = (
    select(AUTHOR.c.initiative_id, AUTHOR.c.person_id)
    .where(AUTHOR.c.initiative_id.in_(bindparam("initiatives", expanding=True)))
    .order_by(AUTHOR.c.initiative_id, AUTHOR.c.share.desc(), AUTHOR.c.person_id)
)
_OPINIONS = (
    select(OPINION)
    .where(OPINION.c.dossier_id.in_(bindparam("dossiers", expanding=True)), OPINION.c.ended_by.is_(None))
    .order_by(OPINION.c.id)
)
_PAPERS = select(PAPER.c.dossier_id, PAPER.c.kind).where(
    PAPER.c.dossier_id.in_(bindparam("dossiers", expanding=True)), PAPER.c.removed_at.is_(None)
)
_OPEN_OBJECTIONS = (
    select(OBJECTION.c.dossier_id, func.count().label("still_open"))
    .where(
        OBJECTION.c.dossier_id.in_(bindparam("dossiers", expanding=True)), OBJECTION.c.settled_at.is_(None)
    )
    .group_by(OBJECTION.c.dossier_id)
)


ALL_GROUPS = frozenset({"nominations", "opinions", "papers", "objections"})


@dataclass(slots=True)
class Loaded:
    """What was read of one dossier: rows by group; a group that was not needed is empty."""

    nominations: list[Mapping[str, Any]]
    opinions: list[Mapping[str, Any]]
    papers: frozenset[str]
    open_objections: int = 0


def dossier_by_code(connection: Connection, code: str, *, lock: bool = False) -> dict[str, Any]:
    """The row of a dossier. ``lock`` holds it until the transaction ends (PostgreSQL).

    Raises:
        Refused: there is no such dossier.
    """
    row = connection.execute(_LOCKED_BY_CODE if lock else _BY_CODE, {"code": code}).first()
    if row is None:
        raise Refused([Reason("unknown_dossier", {"dossier": code})])
    return values_of(row)


def dossiers_by_code(
    connection: Connection, codes: Collection[str], *, lock: bool
) -> dict[str, dict[str, Any]]:
    """Rows by code; unknown codes are missing. ``lock`` holds the rows until the transaction ends (PostgreSQL)."""
    query = _MANY.order_by(DOSSIER.c.id)
    rows = connection.execute(query.with_for_update() if lock else query, {"codes": list(codes)})
    return {row.code: values_of(row) for row in rows}


def standing_of(dossier: Mapping[str, Any]) -> Standing:
    """Where the dossier stands, as the chart sees it."""
    origins = {
        kind: dossier[column] for kind, column in ORIGIN_COLUMNS.items() if dossier[column] is not None
    }
    return Standing(dossier["state"], origins)


def needs_of(rule: StepRule) -> frozenset[str]:
    """The groups of facts that a step's checks read."""
    needed: set[str] = set()
    for check in rule.checks:
        needed |= NEEDS[check]
    if rule.milestone is not None:
        needed.add("window")
    return frozenset(needed)


def load_groups(
    connection: Connection, dossiers: Collection[int], needed: Collection[str]
) -> dict[int, Loaded]:
    """Nominations, opinions, papers and open objections of some dossiers, each in one statement where needed."""
    bound = {"dossiers": list(dossiers)}
    loaded = {dossier: Loaded([], [], frozenset()) for dossier in dossiers}
    if not {"nominations", "foundations", "opinions"}.isdisjoint(needed):
        for row in with_authors(connection, connection.execute(NOMINATIONS, bound).mappings().all()):
            loaded[row["dossier_id"]].nominations.append(row)
    if "opinions" in needed:
        for row in connection.execute(_OPINIONS, bound).mappings():
            loaded[row["dossier_id"]].opinions.append(row)
    if "papers" in needed:
        kinds: dict[int, set[str]] = {}
        for row in connection.execute(_PAPERS, bound):
            kinds.setdefault(row.dossier_id, set()).add(row.kind)
        for dossier, found in kinds.items():
            loaded[dossier].papers = frozenset(found)
    if "objections" in needed:
        for row in connection.execute(_OPEN_OBJECTIONS, bound):
            loaded[row.dossier_id].open_objections = row.still_open
    return loaded


def with_authors(
    connection: Connection, nominations: Collection[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """Rows of nominations; those of initiatives with the ids of their ``authors``, read in one statement if any is."""
    wanted = sorted({row["initiative_id"] for row in nominations if row["initiative_id"] is not None})
    if not wanted:
        return list(nominations)
    written: dict[int, list[int]] = {}
    for author in connection.execute(_AUTHORS, {"initiatives": wanted}):
        written.setdefault(author.initiative_id, []).append(author.person_id)
    return [
        {**row, "authors": tuple(written.get(row["initiative_id"], ()))} if row["initiative_id"] else row
        for row in nominations
    ]


def nomination_facts(row: Mapping[str, Any]) -> NominationFacts:
    """A nomination's row as the rules see it."""
    outcome = row["foundation_outcome"]
    # A lower title than the one hoped for is an award, but nothing to rest on.
    held = outcome == "awarded" and row["foundation_decided"] == row["foundation_title"]
    over = outcome in ("awarded", "not_awarded", "stopped", "struck", "revoked")
    ended = row["foundation_kind"] in ("withdrawn", "lapsed", "declined", "revoked")
    settled = row["rests_on_id"] is None or held
    return NominationFacts(
        id=row["id"],
        person=row["person_id"],
        unit=row["unit_id"],
        title=row["title"],
        live=row["outcome"] == "open",
        waiting_for=None if settled else row["foundation_code"],
        foundation_failed=not settled and (over or ended),
        authors=frozenset(row.get("authors", ())),
    )


def facts_for(
    reads: Reads,
    dossier: Mapping[str, Any],
    chart: Chart,
    rule: StepRule,
    call: Call,
    *,
    loaded: Loaded,
    people: tuple[int, ...],
    given: frozenset[str],
    new_opinions: Collection[int] = (),
    left_out: Collection[int] = (),
) -> StepFacts:
    """The facts that the checks of a step look at.

    ``new_opinions`` are the nominations on which this very act brings the desk's opinion; ``left_out`` those that will
    bring no title.
    """
    needed = needs_of(rule)
    opinions: dict[str, set[int]] = {rule.desk: set(new_opinions)} if new_opinions else {}
    by_others: set[int] = set()
    for row in loaded.opinions:
        opinions.setdefault(row["desk"], set()).add(row["nomination_id"])
        # What was said on the actor's behalf is the actor's word, whoever gave it.
        if row["desk"] == rule.desk and call.actor_id not in (row["person_id"], row["on_behalf_of_id"]):
            by_others.add(row["nomination_id"])
    return StepFacts(
        actor=call.actor_id,
        now=call.now,
        level=dossier["level"],
        people=people,
        given=given,
        papers=loaded.papers,
        nominations=tuple(nomination_facts(row) for row in loaded.nominations),
        opinions=opinions,
        opinions_by_others=by_others,
        acted=dossier["acted"],
        exceptions=frozenset((desk, person) for desk, person in dossier["exceptions"]),
        actor_units=(
            reads.units_of(call.actor_id)
            if "actor_units" in needed and call.actor_id is not None
            else frozenset()
        ),
        unit=dossier["unit_id"],
        window=_window(reads, dossier, chart, rule) if rule.milestone is not None else None,
        score_recorded="score" in needed
        and reads.score(dossier["unit_id"], dossier["school_year"]) is not None,
        deadline_missed="deadline" in needed and deadline_missed(reads, dossier, chart, call.now),
        open_objections=loaded.open_objections,
        left_out=frozenset(left_out),
    )


def _window(reads: Reads, dossier: Mapping[str, Any], chart: Chart, rule: StepRule) -> Window | None:
    units = {dossier["unit_id"], dossier["route"].get(rule.desk, dossier["unit_id"])}
    return reads.window(chart.procedure.name, dossier["school_year"], rule.milestone or "", units)
