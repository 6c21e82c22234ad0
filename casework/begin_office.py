"""The beginning of an empty home: its first unit, and the first person there, who is its administrator.

Everything else that a home holds is brought by somebody who has a duty for it. Somebody must be first: the operator who
prepares the home, and only while it has no unit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select

from casework.access import DUTY, EMPLOYMENT
from casework.act import Done, do_act
from casework.call import Call
from casework.duties import duties_subject
from casework.effects.numbers import text_reasons
from casework.people import PERSON, UNIT
from kit.database import Database
from notifications.address import BadAddress, checked_address
from rules.reasons import Reason, refuse_if
from states.vocabulary import UNIT_KINDS

#: as codes stand in addresses of pages and in file names
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# On PostgreSQL two who begin at once wait for each other; any number that nothing else locks.
_BEGINNING = 7_205_101


@dataclass(frozen=True, slots=True)
class Beginning:
    """The first unit and its first person, as they are typed."""

    unit: str
    kind: str
    unit_name: str
    person: str
    person_name: str
    mail: str = ""


def begin_office(database: Database, beginning: Beginning, call: Call, **options: Any) -> Done:
    """Write the first unit of a home and the first person there, with the duty of an administrator from today.

    The entry stands in the chain of the person's duties. The one-time link comes after it (`make_link`, ``first``).

    Raises:
        Refused: with every reason: the home has a unit already, somebody acts in a duty, a code cannot be used.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(_BEGINNING)))
        reasons = [Reason("only_the_operator")] if call.actor_id is not None else []
        if connection.execute(select(UNIT.c.id).limit(1)).first() is not None:
            reasons.append(Reason("home_has_units"))
        refuse_if([*reasons, *_unusable(beginning)])
        unit = {"code": beginning.unit, "kind": beginning.kind, "name": beginning.unit_name.strip()}
        unit |= {"verified": False, "source": "operator"}
        person = {"code": beginning.person, "name": beginning.person_name.strip()}
        person |= {"email": checked_address(beginning.mail) if beginning.mail else "", "locale": "vi"}
        unit_id = _written(connection, insert(UNIT).values(unit))
        person_id = _written(connection, insert(PERSON).values(person))
        here = {"person_id": person_id, "unit_id": unit_id, "since": call.day}
        employment = _written(connection, insert(EMPLOYMENT).values(here))
        duty = _written(connection, insert(DUTY).values(here | {"duty": "administrator"}))
        payload = {"unit": unit_id, "person": person_id, "employment": employment, "duty_row": duty}
        payload |= {"duty": "administrator", "since": call.day.isoformat(), "until": None}
        return duties_subject(person_id), payload

    asked = {"unit": beginning.unit, "kind": beginning.kind, "unit_name": beginning.unit_name}
    asked |= {"person": beginning.person, "person_name": beginning.person_name, "mail": beginning.mail}
    return do_act(database, "begin_office", call, work, asked=asked, **options)


def _written(connection: Connection, statement: Any) -> int:
    return int(connection.execute(statement).inserted_primary_key[0])


def _unusable(beginning: Beginning) -> list[Reason]:
    """What of it cannot be kept."""
    reasons = [
        *text_reasons("unit_name", beginning.unit_name, UNIT.c.name),
        *text_reasons("person_name", beginning.person_name, PERSON.c.name),
    ]
    for code, column in ((beginning.unit, UNIT.c.code), (beginning.person, PERSON.c.code)):
        if not _CODE.fullmatch(code) or len(code) > column.type.length:
            reasons.append(Reason("code_unusable", {"code": code, "limit": column.type.length}))
    if beginning.kind not in UNIT_KINDS:
        reasons.append(Reason("unknown_unit_kind", {"name": beginning.kind}))
    if beginning.mail:
        try:
            checked_address(beginning.mail)
        except BadAddress:
            reasons.append(Reason("person_mail_unusable", {"address": beginning.mail}))
    return reasons
