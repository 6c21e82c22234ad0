"""Putting people and collectives into a dossier, and taking them out again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, or_, select, update

from casework.call import Call
from casework.change_dossier import Change, Desk, change_dossier
from casework.load import DOSSIER, NOMINATION, OPINION
from casework.receipts import Receipt
from casework.regulations import titles_in_force
from kit.database import Database
from models.person import Employment, Person
from rules.reasons import Reason

PERSON, EMPLOYMENT = Person.__table__, Employment.__table__
EDITABLE_KINDS = ("draft", "returned")


@dataclass(frozen=True, slots=True)
class NomineeInput:
    """A title for a person (their staff code) or, with ``person`` None, for the dossier's own unit.

    ``rests_on`` names the dossier whose pending decision this nomination builds on.
    """

    title: str
    person: str | None = None
    rests_on: str | None = None


def editable(desk: Desk, change: Change) -> None:
    """The dossier is with its school and open to changes, and the caller may prepare it."""
    state = desk.chart.procedure.states[desk.dossier["state"]]
    if state.kind not in EDITABLE_KINDS:
        change.reasons.append(Reason("not_editable_here", {"state": state.name, "desk": state.desk}))
    desk.holding(change, desk.chart.procedure.states[desk.chart.procedure.initial].desk)


def nominate(
    database: Database, code: str, nominees: Sequence[NomineeInput], call: Call, **options: Any
) -> Receipt:
    """Add nominations, all or none. Another title or another person is a nomination struck and one added.

    Raises:
        Refused: every reason for every nominee at once.
    """

    def decide(desk: Desk) -> Change:
        change = Change()
        editable(desk, change)
        change.reasons += _judged_already(desk)
        if not nominees:
            change.reasons.append(Reason("no_nomination"))
        rows = [row for row in (_row(desk, change, nominee) for nominee in nominees) if row is not None]
        asked = Counter((nominee.title, nominee.person) for nominee in nominees)
        for (title, person), times in asked.items():
            if times > 1:
                change.reasons.append(Reason("nominated_twice", {"title": title, "person": person}))
        if rows and not change.reasons:
            change.writes.append((insert(NOMINATION), rows))
        change.payload["nominated"] = [
            [r["person_id"], r["unit_id"], r["title"], r["rests_on_id"]] for r in rows
        ]
        return change

    return change_dossier(
        database, code, "nominate", call, decide, asked={"nominees": list(nominees)}, **options
    )


def _judged_already(desk: Desk) -> list[Reason]:
    """The reason against adding to a returned dossier that other desks have judged before the one that returned it.

    It goes back to that one desk, so that the others would never see who is added. An opinion that was ended counts
    as well: the school may have struck the nomination to which it was given.
    """
    procedure, dossier = desk.chart.procedure, desk.dossier
    if dossier["state_kind"] != "returned":
        return []
    back = procedure.states[dossier["returned_from"]].desk
    judged = set(desk.connection.execute(_JUDGED, {"dossier": dossier["id"]}).scalars()) - {back}
    # In the order in which the procedure names its desks, which is that of the way.
    desks = [name for name in procedure.desks if name in judged]
    return [Reason("judged_already", {"desks": desks, "desk": back})] if desks else []


def _row(desk: Desk, change: Change, nominee: NomineeInput) -> dict[str, Any] | None:
    connection, dossier, reasons = desk.connection, desk.dossier, change.reasons
    about = {"title": nominee.title, "person": nominee.person}
    title = titles_in_force(connection).get(nominee.title)
    if title is None:
        reasons.append(Reason("unknown_title", {"title": nominee.title}))
        return None
    subject = "collective" if nominee.person is None else "individual"
    if not title.suits(subject):
        reasons.append(Reason("title_for_other_subject", {**about, "subject": title.subject}))
    if title.level != dossier["level"]:
        params = {**about, "level": title.level, "dossier_level": dossier["level"]}
        reasons.append(Reason("title_of_other_level", params))
    person_id = None
    if nominee.person is not None:
        person_id = _employee(desk, reasons, nominee.person)
    already = connection.execute(
        select(NOMINATION.c.id).where(
            NOMINATION.c.dossier_id == dossier["id"],
            NOMINATION.c.title == nominee.title,
            NOMINATION.c.person_id == person_id
            if person_id is not None
            else NOMINATION.c.person_id.is_(None),
            NOMINATION.c.outcome != "struck",
        )
    ).first()
    if already is not None and (person_id is not None or nominee.person is None):
        reasons.append(Reason("nominated_twice", about))
    rests_on_id = None
    if nominee.rests_on is not None:
        rests_on_id = _foundation(desk, reasons, nominee, person_id, title.rests_on)
    return {
        "dossier_id": dossier["id"],
        "person_id": person_id,
        "unit_id": dossier["unit_id"],
        "title": nominee.title,
        "registered": False,
        "proposed": False,
        "outcome": "open",
        "rests_on_id": rests_on_id,
    }


def _employee(desk: Desk, reasons: list[Reason], code: str) -> int | None:
    found = desk.connection.execute(
        select(PERSON.c.id, PERSON.c.erased_at).where(PERSON.c.code == code)
    ).first()
    if found is None:
        reasons.append(Reason("unknown_person", {"code": code}))
        return None
    person = found.id
    if found.erased_at is not None:
        reasons.append(Reason("person_erased", {"person": code}))
    day = desk.call.day
    employed = desk.connection.execute(
        select(EMPLOYMENT.c.id).where(
            EMPLOYMENT.c.person_id == person,
            EMPLOYMENT.c.unit_id == desk.dossier["unit_id"],
            EMPLOYMENT.c.since <= day,
            or_(EMPLOYMENT.c.until.is_(None), EMPLOYMENT.c.until >= day),
        )
    ).first()
    if employed is None:
        reasons.append(Reason("not_employed_here", {"person": code}))
    return int(person)


def _foundation(
    desk: Desk, reasons: list[Reason], nominee: NomineeInput, person_id: int | None, allowed: Iterable[str]
) -> int | None:
    found = desk.connection.execute(
        select(NOMINATION.c.id)
        .join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id)
        .where(
            DOSSIER.c.code == nominee.rests_on,
            NOMINATION.c.title.in_(list(allowed)),
            NOMINATION.c.outcome != "struck",
            NOMINATION.c.person_id == person_id
            if person_id is not None
            else NOMINATION.c.person_id.is_(None),
            NOMINATION.c.unit_id == desk.dossier["unit_id"],
        )
    ).scalar()
    if found is None:
        params = {"title": nominee.title, "dossier": nominee.rests_on, "titles": list(allowed)}
        reasons.append(Reason("foundation_not_found", params))
        return None
    return int(found)


_JUDGED = select(OPINION.c.desk).distinct().where(OPINION.c.dossier_id == bindparam("dossier"))
_STRIKE = update(NOMINATION).where(NOMINATION.c.id == bindparam("b_id")).values(outcome="struck")
# Otherwise it would look as if a desk still supported what the school took back.
_END_OPINIONS = (
    update(OPINION)
    .where(OPINION.c.nomination_id == bindparam("b_id"), OPINION.c.ended_by.is_(None))
    .values(ended_by=bindparam("b_version"))
)


def strike(database: Database, code: str, nominations: Sequence[int], call: Call, **options: Any) -> Receipt:
    """Take nominations back. They stay in the dossier, struck; the numbers registered and proposed keep them.

    Raises:
        Refused: every reason for every nomination at once.
    """

    def decide(desk: Desk) -> Change:
        change = Change(payload={"struck": list(nominations)})
        editable(desk, change)
        open_ids = set(
            desk.connection.execute(
                select(NOMINATION.c.id).where(
                    NOMINATION.c.dossier_id == desk.dossier["id"], NOMINATION.c.outcome == "open"
                )
            ).scalars()
        )
        if not nominations:
            change.reasons.append(Reason("no_nomination"))
        for nomination in nominations:
            if nomination not in open_ids:
                change.reasons.append(Reason("nomination_not_open", {"nomination": nomination}))
        if nominations:
            version = desk.dossier["version"] + 1
            ended = [{"b_id": nomination, "b_version": version} for nomination in nominations]
            change.writes.append((_STRIKE, [{"b_id": nomination} for nomination in nominations]))
            change.writes.append((_END_OPINIONS, ended))
        return change

    return change_dossier(
        database, code, "strike", call, decide, asked={"nominations": list(nominations)}, **options
    )
