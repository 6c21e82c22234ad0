"""Putting people, collectives and initiatives into a dossier, and taking them out again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from casework.access import EMPLOYMENT, in_force
from casework.bloc.proposed import PROCEDURES, against_nominating_for, proposed_titles
from casework.call import Call
from casework.change_dossier import Change, Desk, change_dossier
from casework.dates import BATCH
from casework.load import DOSSIER, NOMINATION, OPINION, dossier_by_code
from casework.named_initiatives import Holder, KnownInitiatives
from casework.named_movements import KnownMovements
from casework.people import PERSON
from casework.receipts import Receipt
from casework.regulations import chart_of, titles_in_force
from kit.database import Database
from published.titles import INITIATIVE as INITIATIVE_SUBJECT
from published.titles import Title
from rules.reasons import Reason
from states.procedure import INITIATIVES

EDITABLE_KINDS = ("draft", "returned")


@dataclass(frozen=True, slots=True)
class NomineeInput:
    """A title for a person (staff code), for an initiative (its code) or, with neither, for the dossier's own unit.

    ``rests_on`` names the dossier whose pending decision this nomination builds on, ``uses`` the initiative that it
    uses up, ``movement`` (its code) the one on which a thematic award rests.
    """

    title: str
    person: str | None = None
    rests_on: str | None = None
    initiative: str | None = None
    uses: str | None = None
    movement: str | None = None

    @property
    def subject(self) -> str:
        """Whose the title is to be, in the words of `published.titles.SUBJECTS`."""
        if self.initiative is not None:
            return INITIATIVE_SUBJECT
        return "collective" if self.person is None else "individual"


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
        _may_add(desk, change)
        if not nominees:
            change.reasons.append(Reason("no_nomination"))
        known = _Known.of(desk, nominees)
        rows = [row for row in (_row(desk, change, nominee, known) for nominee in nominees) if row]
        asked = Counter((nominee.title, nominee.person, nominee.initiative) for nominee in nominees)
        for (title, person, initiative), times in asked.items():
            if times > 1:
                change.reasons.append(_twice(title, person, initiative))
        if rows and not change.reasons:
            change.writes.append((insert(NOMINATION), rows))
        change.payload["nominated"] = [told_of(row) for row in rows]
        return change

    return change_dossier(
        database, code, "nominate", call, decide, asked={"nominees": list(nominees)}, **options
    )


def told_of(row: Mapping[str, Any]) -> list[Any]:
    """A nomination as the chain tells it: nominee, unit, title, foundation; then its initiative and the one it uses,
    where there is any; then the movement on which it rests."""
    told = [row["person_id"], row["unit_id"], row["title"], row["rests_on_id"]]
    more = [row["initiative_id"], row["uses_initiative_id"]]
    if row["movement_id"] is not None:
        return [*told, *more, row["movement_id"]]
    return [*told, *more] if any(more) else told


def _twice(title: str, person: str | None, initiative: str | None) -> Reason:
    about = {"title": title, "person": person}
    return Reason("nominated_twice", about if initiative is None else {**about, "initiative": initiative})


def _may_add(desk: Desk, change: Change) -> None:
    editable(desk, change)
    change.reasons += _judged_already(desk)


def against_nominating(connection: Connection, code: str, call: Call) -> list[Reason]:
    """Why the caller may add no nomination to a dossier, whoever it is; nothing is written.

    Raises:
        Refused: there is no such dossier.
    """
    dossier = dossier_by_code(connection, code)
    change = Change()
    _may_add(Desk(connection, dossier, chart_of(connection, dossier["procedure_sha256"]), call), change)
    return change.reasons


def against_striking(connection: Connection, code: str, call: Call) -> list[Reason]:
    """Why the caller may take no nomination out of a dossier; nothing is written.

    Raises:
        Refused: there is no such dossier.
    """
    dossier = dossier_by_code(connection, code)
    change = Change()
    editable(Desk(connection, dossier, chart_of(connection, dossier["procedure_sha256"]), call), change)
    return change.reasons


@dataclass(frozen=True, slots=True)
class _Known:
    """What is on file of those who are nominated, read for all of them at once: a list may have hundreds."""

    titles: dict[str, Title]
    #: staff code → (id, whether the name was erased)
    people: dict[str, tuple[int, bool]]
    employed: frozenset[int]
    #: (person or None, initiative or None, title) that stand in the dossier; with neither it is the collective
    standing: frozenset[tuple[int | None, int | None, str]]
    initiatives: KnownInitiatives
    #: the titles for which a bloc proposed the school, where the procedure is for those
    proposed: frozenset[str]
    movements: KnownMovements

    @classmethod
    def of(cls, desk: Desk, nominees: Iterable[NomineeInput]) -> _Known:
        connection, dossier, day = desk.connection, desk.dossier, desk.call.day
        codes = sorted({nominee.person for nominee in nominees if nominee.person is not None})
        people: dict[str, tuple[int, bool]] = {}
        employed: set[int] = set()
        for start in range(0, len(codes), BATCH):
            some = codes[start : start + BATCH]
            query = select(PERSON.c.code, PERSON.c.id, PERSON.c.erased_at).where(PERSON.c.code.in_(some))
            people |= {row.code: (row.id, row.erased_at is not None) for row in connection.execute(query)}
            here = (
                select(EMPLOYMENT.c.person_id)
                .join(PERSON, PERSON.c.id == EMPLOYMENT.c.person_id)
                .where(
                    PERSON.c.code.in_(some),
                    EMPLOYMENT.c.unit_id == dossier["unit_id"],
                    in_force(EMPLOYMENT, day),
                )
            )
            employed.update(connection.execute(here).scalars())
        there = select(NOMINATION.c.person_id, NOMINATION.c.initiative_id, NOMINATION.c.title).where(
            NOMINATION.c.dossier_id == dossier["id"], NOMINATION.c.outcome != "struck"
        )
        standing = frozenset(tuple(row) for row in connection.execute(there))
        named = {code for one in nominees for code in (one.initiative, one.uses) if code is not None}
        initiatives = KnownInitiatives.of(connection, named)
        rested = {one.movement for one in nominees if one.movement is not None}
        movements = KnownMovements.of(connection, dossier["unit_id"], rested)
        titles, proposed = titles_in_force(connection), frozenset[str]()
        if desk.chart.procedure.name.startswith(PROCEDURES):
            proposed = proposed_titles(connection, dossier["unit_id"], dossier["school_year"])
        return cls(titles, people, frozenset(employed), standing, initiatives, proposed, movements)


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


def _row(desk: Desk, change: Change, nominee: NomineeInput, known: _Known) -> dict[str, Any] | None:
    dossier, reasons = desk.dossier, change.reasons
    about = {"title": nominee.title, "person": nominee.person}
    if nominee.initiative is not None:
        about["initiative"] = nominee.initiative
    title = known.titles.get(nominee.title)
    if title is None:
        reasons.append(Reason("unknown_title", {"title": nominee.title}))
        return None
    if nominee.person is not None and nominee.initiative is not None:
        reasons.append(Reason("person_or_initiative", about))
    if not title.suits(nominee.subject):
        reasons.append(Reason("title_for_other_subject", {**about, "subject": title.subject}))
    elif (title.subject == INITIATIVE_SUBJECT) != (desk.chart.procedure.nominees == INITIATIVES):
        reasons.append(Reason("title_in_other_procedure", about))
    if title.level != dossier["level"]:
        params = {**about, "level": title.level, "dossier_level": dossier["level"]}
        reasons.append(Reason("title_of_other_level", params))
    reasons += against_nominating_for(
        desk.chart.procedure.name,
        dossier["unit_id"],
        dossier["school_year"],
        nominee.title,
        itself=nominee.subject == "collective",
        proposed=known.proposed,
    )
    person_id = None
    if nominee.person is not None:
        person_id = _employee(known, reasons, nominee.person)
    initiative_id = None
    if nominee.initiative is not None:
        initiative_id = known.initiatives.nominee(desk, reasons, nominee.initiative, nominee.title)
    wanted = (nominee.person, nominee.initiative)
    there = (person_id, initiative_id)
    known_all = all((given is None) == (found is None) for given, found in zip(wanted, there, strict=True))
    if known_all and (person_id, initiative_id, nominee.title) in known.standing:
        reasons.append(_twice(nominee.title, nominee.person, nominee.initiative))
    rests_on_id = None
    if nominee.rests_on is not None:
        rests_on_id = _foundation(desk, reasons, nominee, person_id, title.rests_on)
    uses_id = None
    if nominee.uses is not None:
        holder = Holder(person_id, dossier["unit_id"], initiative_id, nominee.person)
        uses_id = known.initiatives.used(reasons, nominee.uses, holder)
    reasons += known.movements.against(title, nominee.movement, about)
    movement = known.movements.rows.get(nominee.movement) if nominee.movement is not None else None
    return {
        "dossier_id": dossier["id"],
        "person_id": person_id,
        "initiative_id": initiative_id,
        "unit_id": dossier["unit_id"],
        "title": nominee.title,
        "registered": False,
        "proposed": False,
        "outcome": "open",
        "rests_on_id": rests_on_id,
        "uses_initiative_id": uses_id,
        "movement_id": movement["id"] if movement is not None else None,
    }


def _employee(known: _Known, reasons: list[Reason], code: str) -> int | None:
    if code not in known.people:
        reasons.append(Reason("unknown_person", {"code": code}))
        return None
    person, erased = known.people[code]
    if erased:
        reasons.append(Reason("person_erased", {"person": code}))
    if person not in known.employed:
        reasons.append(Reason("not_employed_here", {"person": code}))
    return person


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
            NOMINATION.c.person_id.is_not_distinct_from(person_id),
            NOMINATION.c.initiative_id.is_(None),
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
