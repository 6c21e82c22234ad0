"""A bloc's own Giấy khen, with money of its own: a ledger beside all titles, in none of their chains."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, insert, select

from casework.access import EMPLOYMENT, in_force
from casework.act import Done, do_act
from casework.bloc.year import BlocYear
from casework.call import Call
from casework.people import PERSON
from kit.database import Database
from models.bloc_year import BlocCertificate
from published.scorecards import MOST_MONEY
from rules.reasons import Reason, Refused

CERTIFICATE = BlocCertificate.__table__


@dataclass(frozen=True, slots=True)
class Certified:
    """Who gets a certificate: somebody of a school (staff code), or with ``school`` (its code) the school itself.

    ``money`` in đồng; None: what the card says of one.
    """

    person: str | None = None
    school: str | None = None
    money: int | None = None


def certify(
    database: Database,
    bloc: str,
    school_year: str,
    given: Sequence[Certified],
    given_on: date,
    call: Call,
    **options: Any,
) -> Done:
    """Enter certificates of a bloc into its ledger, all or none, by its head.

    Raises:
        Refused: with every reason.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        year = BlocYear.of(connection, bloc, school_year, call)
        reasons = year.not_heading()
        if not given:
            reasons.append(Reason("nobody_certified"))
        if given_on > call.day:
            reasons.append(Reason("done_in_the_future", {"day": given_on.isoformat()}))
        rows = _rows(year, given, given_on, reasons)
        there = connection.execute(
            select(CERTIFICATE.c.person_id, CERTIFICATE.c.school_id).where(year.mine(CERTIFICATE))
        )
        held = {(row.person_id, row.school_id) for row in there}
        times = Counter((row["person_id"], row["school_id"]) for row in rows)
        for (person, school), number in times.items():
            if number > 1 or (person, school) in held:
                who = {"person": person} if person is not None else {"unit": school}
                reasons.append(
                    Reason("certified_already" if person is not None else "school_certified_already", who)
                )
        if reasons:
            raise Refused(reasons)
        first = (
            connection.execute(select(func.max(CERTIFICATE.c.number)).where(year.mine(CERTIFICATE))).scalar()
            or 0
        )
        for number, row in enumerate(rows, first + 1):
            row["number"] = number
        connection.execute(insert(CERTIFICATE), rows)
        told = [[row["number"], row["school_id"], row["person_id"], row["money"]] for row in rows]
        return year.subject, {"given_on": given_on.isoformat(), "certificates": told}

    asked = {"bloc": bloc, "school_year": school_year, "given": list(given), "given_on": given_on}
    return do_act(database, "certify", call, work, asked=asked, **options)


def _rows(
    year: BlocYear, given: Sequence[Certified], given_on: date, reasons: list[Reason]
) -> list[dict[str, Any]]:
    people = year.people([one.person for one in given if one.person is not None], reasons)
    schools = {str(row["code"]): school for school, row in year.members.items()}
    where = _employers(year, list(people.values()), given_on)
    usual = year.scorecard.certificate.money if year.scorecard and year.scorecard.certificate else None
    rows = []
    for one in given:
        money = one.money if one.money is not None else usual
        if money is None:
            reasons.append(Reason("certificate_without_money"))
        elif not 0 <= money <= MOST_MONEY:
            reasons.append(Reason("certificate_money_unusable", {"money": money, "most": MOST_MONEY}))
        person = people.get(one.person) if one.person is not None else None
        school = where.get(person) if person is not None else schools.get(one.school or "")
        if one.person is not None and person is not None and school is None:
            reasons.append(Reason("not_of_this_bloc", {"person": person}))
        if one.person is None and school is None:
            row = year.school(one.school or "", reasons)
            reasons += year.not_in_bloc(row) if row is not None else []
        if school is None or money is None or (one.person is not None and person is None):
            continue
        made = {"certified_by_id": year.call.actor_id, "certified_at": year.call.now, "given_on": given_on}
        rows.append(year.columns | made | {"school_id": school, "person_id": person, "money": money})
    return rows


def _employers(year: BlocYear, people: list[int], day: date) -> dict[int, int]:
    """The school of the bloc at which each of some people works on a day."""
    query = (
        select(EMPLOYMENT.c.person_id, EMPLOYMENT.c.unit_id)
        .join(PERSON, PERSON.c.id == EMPLOYMENT.c.person_id)
        .where(EMPLOYMENT.c.person_id.in_(people), in_force(EMPLOYMENT, day), PERSON.c.erased_at.is_(None))
    )
    return {
        row.person_id: row.unit_id for row in year.connection.execute(query) if row.unit_id in year.members
    }
