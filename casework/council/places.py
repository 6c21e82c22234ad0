"""Where the council's rules cap how many may pass: who has a place, worked out and then said by the chair."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, update

from casework.act import Done, do_act
from casework.call import Call
from casework.council.count import passed
from casework.council.tables import (
    ITEM,
    SessionSeen,
    council_subject,
    role_needed,
    session_seen,
    standing_needed,
)
from casework.council.vote import presiding
from casework.history import make_note, write_notes
from kit.database import Database
from published.councils import CapRule
from rules.cut import Candidate, Cut, cut, places
from rules.reasons import Reason, refuse_if

#: whom NĐ 152/2025 Điều 4(6) prefers among equals, as the person's record has it
PREFERRED_GENDER = "female"


@dataclass(frozen=True, slots=True)
class CapSeen:
    """One cap over what passed: of how many (``base``), how many places, and who is in."""

    rule: CapRule
    base: int
    passed: int
    cut: Cut

    @property
    def binds(self) -> bool:
        """Whether more passed than have a place."""
        return self.passed > self.cut.places


def caps_of(
    session: SessionSeen, bases: Mapping[int, int] | None = None, chosen: Collection[int] = ()
) -> list[CapSeen]:
    """Every cap of the rules over what passed in a session. ``bases`` gives the base of a cap, by its place in the
    rules from 1, where it is not the number that passed in this session; ``chosen`` is the chair's word."""
    found = []
    for number, rule in enumerate(session.council.rules.caps, start=1):
        here = [item for item in session.items if passed(item)]
        base = (bases or {}).get(number, sum(item["title"] in rule.of for item in here))
        candidates = [
            Candidate(item["nomination_id"], item["agree"], item["gender"] == PREFERRED_GENDER)
            for item in here
            if item["title"] in rule.titles
        ]
        most = places(base, share=rule.share, number=rule.number)
        found.append(
            CapSeen(
                rule, base, len(candidates), cut(candidates, most, session.council.rules.ties, set(chosen))
            )
        )
    return found


def cut_list(
    database: Database,
    session: int,
    call: Call,
    *,
    chosen: Collection[int] = (),
    reason: str = "",
    bases: Mapping[int, int] | None = None,
    **options: Any,
) -> Done:
    """Cut what passed down to the places that the caps leave. ``chosen`` are the nominations among those still equal to
    which the chair gives the last places, with the reason; without it a tie is told and nothing is written.

    Raises:
        Refused: with every reason.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        seen = session_seen(connection, session, lock=True)
        reasons = role_needed(connection, seen.council, call, presiding(seen))
        reasons += standing_needed(seen, "counted")
        reasons += [
            Reason("no_such_cap", {"number": number})
            for number, base in (bases or {}).items()
            if not 1 <= number <= len(seen.council.rules.caps) or base < 0
        ]
        refuse_if(reasons)
        caps = caps_of(seen, bases, chosen)
        if not any(cap.binds for cap in caps):
            reasons.append(Reason("nothing_to_cut"))
        for cap in caps:
            if cap.cut.tied:
                about = {"count": len(cap.cut.tied), "free": cap.cut.free, "votes": _votes(seen, cap)}
                reasons.append(Reason("tied_at_the_cut", about))
                reasons += [Reason("tied_nomination", {"nomination": n}) for n in cap.cut.tied]
        by = {n: how for cap in caps for n, how in cap.cut.by.items()}
        reasons += [
            Reason("chosen_not_tied", {"nomination": n}) for n in sorted(chosen) if by.get(n) != "chair"
        ]
        if chosen and not reason.strip():
            reasons.append(Reason("input_missing", {"input": "reason"}))
        refuse_if(reasons)
        payload: dict[str, Any] = {"session": session}
        if reason.strip():
            note, told = make_note(reason.strip())
            write_notes(connection, [note])
            payload["reason"] = told
        outside = {n for cap in caps for n in cap.cut.outside}
        among = {n for cap in caps if cap.binds for n in (*cap.cut.inside, *cap.cut.outside)}
        rows = []
        for item in seen.items:
            number = item["nomination_id"]
            if number not in among:
                continue
            place, how = "outside" if number in outside else "inside", by.get(number, "votes")
            connection.execute(update(ITEM).where(ITEM.c.id == item["id"]).values(place=place, placed_by=how))
            rows.append([number, place, how])
        payload["caps"] = [[cap.base, cap.cut.places, cap.passed] for cap in caps]
        payload["places"] = rows
        return council_subject(seen.council.id), payload

    asked = {
        "session": session,
        "chosen": sorted(chosen),
        "reason": reason,
        "bases": sorted((bases or {}).items()),
    }
    return do_act(database, "cut_list", call, work, asked=asked, **options)


def _votes(session: SessionSeen, cap: CapSeen) -> int:
    return next(int(i["agree"]) for i in session.items if i["nomination_id"] == cap.cut.tied[0])


def cut_due(session: SessionSeen) -> bool:
    """Whether a cap binds and the list was not cut yet."""
    return any(cap.binds for cap in caps_of(session)) and not any(item["place"] for item in session.items)
