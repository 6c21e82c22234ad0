"""Making a one-time link with which somebody sets a password: an invitation, or the first administrator's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from casework.access import administrators_only, choose_holding, holdings_of
from casework.accounts.numbers import LINK_LASTS
from casework.accounts.tables import ACCOUNT, LINK, draw_token, end_links, link_path, token_digest
from casework.act import Done, do_act
from casework.call import Call
from casework.duties import duties_subject, not_erased
from casework.people import person_by_code
from kit.database import Database
from rules.reasons import Reason, Refused, refuse_if


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link that was made. ``token`` and ``path`` are told here and never again: None where the request was done
    before, or only tried."""

    done: Done
    expires_at: datetime
    token: str | None = None

    @property
    def path(self) -> str | None:
        """The path of the page that the link opens."""
        return link_path(self.token) if self.token is not None else None


def make_link(
    database: Database, person: str, call: Call, *, real_now: datetime, first: bool = False, **options: Any
) -> NewLink:
    """Make a link for a person; those made for the person before are ended.

    ``first`` makes the home's first administrator: only while nobody has an account, and for somebody who holds the
    duty of an administrator. There is no default password.

    Raises:
        Refused: no administrator; no such person, or erased; ``first`` and there is an account, or no such duty.
    """
    purpose = "first_administrator" if first else "invite"
    token, expires_at = draw_token(), real_now + LINK_LASTS[purpose]

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        reasons = administrators_only(connection, call)
        try:
            who = person_by_code(connection, person)
        except Refused as refusal:
            raise Refused([*reasons, *refusal.reasons]) from refusal
        reasons += not_erased(who)
        if first:
            reasons += against_first(connection)
            if choose_holding(holdings_of(connection, who["id"], call.day), ("administrator",)) is None:
                reasons.append(Reason("not_an_administrator", {"person": person}))
        refuse_if(reasons)
        end_links(connection, who["id"], real_now)
        row = {"token_sha256": token_digest(token), "purpose": purpose, "person_id": who["id"]}
        row |= {"made_at": real_now, "expires_at": expires_at}
        made = int(connection.execute(insert(LINK), row).inserted_primary_key[0])
        return duties_subject(who["id"]), {"link": made, "purpose": purpose}

    asked = {"person": person, "first": first}
    done = do_act(database, "make_link", call, work, asked=asked, **options)
    return NewLink(done, expires_at, None if done.replayed or done.dry_run else token)


def against_first(connection: Connection) -> list[Reason]:
    """Nothing, or the reason that somebody has an account already."""
    there = connection.execute(select(ACCOUNT.c.person_id).limit(1)).first()
    return [Reason("account_exists")] if there is not None else []
