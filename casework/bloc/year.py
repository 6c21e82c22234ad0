"""A bloc and one school year of it, as the acts see them: its schools, its card, whether the scoring is settled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, or_, select

from casework.access import DUTY, choose_holding, holdings_at, in_force, not_holding, require_duty
from casework.call import Call
from casework.reads import Reads
from casework.regulations import scorecard_by_hash
from casework.routing import PLACEMENT, UNIT, hold_unit, unit_by_code
from models.base import values_of
from models.bloc_year import BlocCard, BlocDraw
from models.score_sheet import BlocLeaver, ScoreSheet
from published.scorecards import Scorecard
from rules.reasons import Reason, Refused
from rules.school_years import against_unreadable

CARD, DRAW = BlocCard.__table__, BlocDraw.__table__
SHEET, LEAVER = ScoreSheet.__table__, BlocLeaver.__table__

HEADS = ("bloc_head", "bloc_deputy")
OF_SCHOOL = ("clerk", "principal")


def subject_of_year(bloc: int, school_year: str) -> str:
    """The name of the chain of a bloc's year."""
    return f"bloc_year:{bloc}:{school_year}"


@dataclass(frozen=True)
class BlocYear:
    """One year of a bloc on the day of a call. Everything is read once, when it is first asked for."""

    connection: Connection
    bloc: Mapping[str, Any]
    school_year: str
    call: Call

    @classmethod
    def of(cls, connection: Connection, bloc: str, school_year: str, call: Call) -> BlocYear:
        """The year of a bloc by its code, held until the transaction ends: of two acts on it one waits (PostgreSQL).

        Raises:
            Refused: there is no such unit; it is no bloc; the year cannot be read.
        """
        year = cls.read(connection, bloc, school_year, call)
        hold_unit(connection, year.id)
        return year

    @classmethod
    def read(cls, connection: Connection, bloc: str, school_year: str, call: Call) -> BlocYear:
        """As `of`, to read only.

        Raises:
            Refused: as `of`.
        """
        reasons = against_unreadable(school_year)
        try:
            row = unit_by_code(connection, bloc)
        except Refused as refusal:
            raise Refused([*reasons, *refusal.reasons]) from refusal
        if row["kind"] != "bloc":
            reasons.append(Reason("not_a_bloc", {"unit": row["id"]}))
        if reasons:
            raise Refused(reasons)
        return cls(connection, row, school_year, call)

    @property
    def id(self) -> int:
        """The bloc's id."""
        return int(self.bloc["id"])

    @property
    def subject(self) -> str:
        """The name of its chain."""
        return subject_of_year(self.id, self.school_year)

    @property
    def columns(self) -> dict[str, Any]:
        """What every row of the year begins with."""
        return {"bloc_id": self.id, "school_year": self.school_year}

    def mine(self, table: Any) -> Any:
        """The condition on rows of this bloc and year."""
        return (table.c.bloc_id == self.id) & (table.c.school_year == self.school_year)

    @cached_property
    def reads(self) -> Reads:
        """What is read of offices and people, on the day of the call."""
        return Reads(self.connection, self.call.day)

    @cached_property
    def members(self) -> dict[int, Mapping[str, Any]]:
        """The schools that stand in the bloc on the day of the call: id → row of the unit, by code."""
        return members_on(self.connection, self.id, self.call.day)

    @cached_property
    def leavers(self) -> frozenset[int]:
        """The schools that were left out of the year."""
        query = select(LEAVER.c.school_id).where(self.mine(LEAVER))
        return frozenset(self.connection.execute(query).scalars())

    @property
    def schools(self) -> dict[int, Mapping[str, Any]]:
        """The schools of the bloc that were not left out."""
        return {school: row for school, row in self.members.items() if school not in self.leavers}

    @cached_property
    def scorecard(self) -> Scorecard | None:
        """The card that was approved for the year."""
        query = select(CARD.c.scorecard_sha256).where(self.mine(CARD))
        sha256 = self.connection.execute(query).scalar()
        return scorecard_by_hash(self.connection, sha256) if sha256 is not None else None

    @cached_property
    def draw(self) -> Mapping[str, Any] | None:
        """The draw of who scores whom; None: not yet."""
        return self.connection.execute(select(DRAW).where(self.mine(DRAW))).mappings().first()

    @property
    def settled(self) -> bool:
        """Whether the scoring is settled."""
        return self.draw is not None and self.draw["settled_at"] is not None

    @cached_property
    def sheets(self) -> list[dict[str, Any]]:
        """All sheets of the year, by id."""
        query = select(SHEET).where(self.mine(SHEET)).order_by(SHEET.c.id)
        return [values_of(row) for row in self.connection.execute(query)]

    # --- Reasons -------------------------------------------------------------------------------------------

    def school(self, code: str, reasons: list[Reason]) -> Mapping[str, Any] | None:
        """The row of a school by its code; None, with the reason noted, where there is no such unit."""
        try:
            return unit_by_code(self.connection, code)
        except Refused as refusal:
            reasons += refusal.reasons
            return None

    def not_in_bloc(self, school: Mapping[str, Any]) -> list[Reason]:
        """Nothing, or the reason that a school does not stand in the bloc on the day."""
        if school["id"] in self.members:
            return []
        return [Reason("school_not_in_bloc", {"unit": school["id"], "bloc": self.bloc["name"]})]

    def not_leading(self) -> list[Reason]:
        """Nothing, or the reason that the caller is neither head nor deputy of the bloc."""
        return self._lacking(HEADS)

    def not_heading(self) -> list[Reason]:
        """Nothing, or the reason that the caller is not the head of the bloc."""
        return self._lacking(HEADS[:1])

    def _lacking(self, duties: tuple[str, ...]) -> list[Reason]:
        if self.call.actor_id is None:
            return [not_holding(duties, self.id)]
        if duties not in self._asked:
            actor, day = self.call.actor_id, self.call.day
            self._asked[duties] = list(require_duty(self.connection, actor, [self.id], duties, day))
        return list(self._asked[duties])

    @cached_property
    def _asked(self) -> dict[tuple[str, ...], list[Reason]]:
        """Duties at the bloc → why the caller does not hold them: a page asks it for every act."""
        return {}

    @cached_property
    def kept(self) -> dict[Any, Any]:
        """What was worked out of the year and is asked for again; nothing that an act of this call changes."""
        return {}

    def not_of_school(self, school: int, duties: tuple[str, ...] = OF_SCHOOL) -> list[Reason]:
        """Nothing, or the reason that the caller holds none of some duties at a school."""
        return [] if self.holds(school, duties) else [not_holding(duties, school)]

    def holds(self, school: int, duties: tuple[str, ...] = OF_SCHOOL) -> bool:
        """Whether the caller may use one of some duties at a unit, an own or a lent one."""
        if self.call.actor_id is None:
            return False
        held = holdings_at(self.connection, self.call.actor_id, school, self.call.day)
        return choose_holding(held, duties) is not None

    def no_card(self) -> list[Reason]:
        """Nothing, or the reason that no card was approved for the year."""
        return [] if self.scorecard is not None else [Reason("no_card_approved", {"unit": self.id})]

    def settled_already(self) -> list[Reason]:
        """Nothing, or the reason that the scoring is settled and stays as it is."""
        if self.draw is None or self.draw["settled_at"] is None:
            return []
        return [Reason("scoring_settled", {"unit": self.id, "at": self.draw["settled_at"].isoformat()})]

    def people(self, codes: Iterable[str], reasons: list[Reason]) -> dict[str, int]:
        """Ids of people by their staff codes; those that nobody has are noted."""
        from casework.people import PERSON

        wanted = sorted(set(codes))
        rows = self.connection.execute(select(PERSON.c.code, PERSON.c.id).where(PERSON.c.code.in_(wanted)))
        found = {row.code: int(row.id) for row in rows}
        reasons += [Reason("unknown_person", {"code": code}) for code in wanted if code not in found]
        return found


def members_on(connection: Connection, bloc: int, day: date) -> dict[int, Mapping[str, Any]]:
    """The schools that stand in a bloc on a day: id → row of the unit, by code."""
    query = (
        select(UNIT)
        .join(PLACEMENT, PLACEMENT.c.unit_id == UNIT.c.id)
        .where(
            PLACEMENT.c.under_id == bloc,
            PLACEMENT.c.relation == "bloc",
            in_force(PLACEMENT, day),
            or_(UNIT.c.until.is_(None), UNIT.c.until >= day),
        )
        .order_by(UNIT.c.code)
    )
    return {row["id"]: dict(row) for row in connection.execute(query).mappings()}


def holders_on(connection: Connection, unit: int, duty: str, day: date) -> list[dict[str, Any]]:
    """The rows of a duty at a unit that count on a day, the earliest first. Lent ones are not looked at."""
    query = select(DUTY).where(DUTY.c.unit_id == unit, DUTY.c.duty == duty, in_force(DUTY, day))
    return [values_of(row) for row in connection.execute(query.order_by(DUTY.c.since, DUTY.c.id))]
