"""A door for tests: people with accounts at the small office, real time that is moved by hand, and what is stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from sqlalchemy import select, update

from casework.accounts.passwords import hash_of
from casework.accounts.redeem_link import set_password
from casework.accounts.resume import Presence, resume
from casework.accounts.sign_in import SignedIn, sign_in
from casework.call import Call
from casework.people import PERSON
from kit.database import Database
from models.base import metadata
from rules.reasons import Reason, Refused
from tests.build import Office, noon

PASSWORD = "đúng là của tôi"
SCHOOL, HOME, FAR = "113.160.1.20", "14.161.7.9", "203.0.113.5"


@cache
def the_hash() -> str:
    """The hash of `PASSWORD`, made once for all tests: making one takes long on purpose."""
    return hash_of(PASSWORD)


@dataclass
class Door:
    """The door of an office."""

    office: Office
    now: datetime = field(default_factory=lambda: datetime(2026, 11, 22, 1, tzinfo=UTC))

    @property
    def database(self) -> Database:
        return self.office.database

    def pass_by(self, **span: float) -> None:
        self.now += timedelta(**span)

    def give_account(self, *people: str) -> None:
        """Accounts for some people, with `PASSWORD` and an address."""
        with self.database.write() as connection:
            for person in people:
                number = self.office.people[person]
                call = Call(number, noon("2025-06-10"), f"account-{person}", "test")
                set_password(connection, number, the_hash(), call, self.now)
                here = update(PERSON).where(PERSON.c.id == number)
                connection.execute(here.values(email=f"{person}@mau.example"))

    def sign_in(
        self, name: str = "clerk", password: str = PASSWORD, address: str = SCHOOL, client: str = "Firefox"
    ) -> SignedIn:
        return sign_in(self.database, name, password, client=client, address=address, real_now=self.now)

    def refused(self, name: str = "clerk", password: str = "wrong, wrong", address: str = SCHOOL) -> Reason:
        """The one reason for which a sign-in is refused."""
        with pytest.raises(Refused) as refusal:
            self.sign_in(name, password, address)
        (reason,) = refusal.value.reasons
        return reason

    def fail(self, times: int, name: str = "clerk", address: str = SCHOOL, kind: str = "sign_in") -> None:
        """Attempts that failed at this instant, straight into the tables: each true one costs an Argon2."""
        from casework.accounts.guard import about_name
        from casework.accounts.network import network_of
        from casework.accounts.tables import ATTEMPT

        row = {"kind": kind, "about": about_name(name), "network": network_of(address), "at": self.now}
        with self.database.write() as connection:
            connection.execute(ATTEMPT.insert(), [row] * times)

    def is_in(self, signed: SignedIn, **options: Any) -> Presence | None:
        return resume(self.database, signed.token, real_now=self.now, **options)

    def rows(self, table: str) -> list[dict[str, Any]]:
        found = metadata.tables[table]
        with self.database.read() as connection:
            return [dict(row) for row in connection.execute(select(found)).mappings()]

    def hash_kept(self, person: str) -> str:
        """The hash of somebody's password as it lies in the tables."""
        (row,) = [row for row in self.rows("account") if row["person_id"] == self.office.people[person]]
        return str(row["password_hash"])

    def events(self) -> list[tuple[str, int | None]]:
        """What the history says of people: (event, who did it), without what the small office began with."""
        told = [row for row in self.rows("history_entry") if row["subject"].startswith("duties:")]
        return [(row["event"], row["actor_id"]) for row in sorted(told, key=lambda row: row["seq"])]

    def everything(self) -> str:
        """All that the database holds, as one text."""
        found = []
        for table in metadata.tables:
            for row in self.rows(table):
                found += [
                    value.decode("latin-1") if isinstance(value, bytes) else str(value)
                    for value in row.values()
                ]
        return "\n".join(found)


def codes(call: Any) -> list[str]:
    """The codes for which something is refused."""
    with pytest.raises(Refused) as refusal:
        call()
    return [reason.code for reason in refusal.value.reasons]
