"""A school signs its bloc's covenant: its principal, or the head of the bloc with the signed paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, select

from casework.act import Done, do_act
from casework.attached import Attached, receiving
from casework.bloc.year import BlocYear, holders_on
from casework.call import Call
from documents.store import PaperStore
from kit.database import Database
from models.bloc_year import CovenantSignature
from rules.reasons import Reason, Refused

SIGNATURE = CovenantSignature.__table__
PRINCIPAL = ("principal",)


@dataclass(frozen=True, slots=True)
class Signing:
    """Which school signed the covenant of which bloc and year, on which local day."""

    bloc: str
    school_year: str
    school: str
    signed_on: date


def sign_covenant(
    database: Database, store: PaperStore | None, signing: Signing, call: Call, **options: Any
) -> Done:
    """Record that a school signed. ``options`` may bring ``paper`` and ``name``: the signed paper.

    Its principal needs no paper; head or deputy of the bloc record the signature of another school's with it.

    Raises:
        Refused: with every reason.
        StorageTrouble: the store or the database could not be written.
    """
    with receiving(store, options.pop("paper", None), options.pop("name", "")) as paper:
        return _sign(database, signing, paper, call, **options)


def _sign(database: Database, signing: Signing, paper: Attached, call: Call, **options: Any) -> Done:
    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        year = BlocYear.of(connection, signing.bloc, signing.school_year, call)
        reasons: list[Reason] = [*paper.reasons]
        school = year.school(signing.school, reasons)
        if school is None:
            raise Refused(reasons)
        reasons += year.not_in_bloc(school)
        principal = _principal(year, school["id"], signing.signed_on, paper, reasons)
        if signing.signed_on > call.day:
            reasons.append(Reason("done_in_the_future", {"day": signing.signed_on.isoformat()}))
        signed = connection.execute(
            select(SIGNATURE.c.signed_on).where(year.mine(SIGNATURE), SIGNATURE.c.school_id == school["id"])
        ).scalar()
        if signed is not None:
            reasons.append(
                Reason("covenant_signed_already", {"unit": school["id"], "day": signed.isoformat()})
            )
        if reasons or principal is None:
            raise Refused(reasons)
        row = year.columns | paper.keep(connection, call, dry_run=bool(options.get("dry_run")))
        row |= {"school_id": school["id"], "signed_by_id": principal, "signed_on": signing.signed_on}
        row |= {"recorded_by_id": call.actor_id, "recorded_at": call.now}
        connection.execute(insert(SIGNATURE), row)
        payload = {"school": school["id"], "by": principal, "signed_on": signing.signed_on.isoformat()}
        return year.subject, payload | ({"sha256": paper.sha256} if paper.sha256 else {})

    asked = {"signing": signing, "paper": paper.sha256}
    return do_act(database, "sign_covenant", call, work, asked=asked, **options)


def _principal(year: BlocYear, school: int, day: date, paper: Attached, reasons: list[Reason]) -> int | None:
    """Who signed: the caller, or for head and deputy whoever was principal on that day."""
    if year.holds(school, PRINCIPAL):
        return year.call.actor_id
    against = year.not_leading()
    if against:
        reasons += year.not_of_school(school, PRINCIPAL)
        return None
    if paper.incoming is None:
        reasons.append(Reason("covenant_paper_missing", {"unit": school}))
    holders = holders_on(year.connection, school, "principal", day)
    if not holders:
        reasons.append(Reason("no_principal", {"unit": school, "day": day.isoformat()}))
        return None
    return int(holders[0]["person_id"])
