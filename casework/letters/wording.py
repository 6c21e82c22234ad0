"""One letter made: what it says now, and, where that is not what it said, its bytes."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime
from typing import Any

from jinja2 import TemplateError
from sqlalchemy import Connection

from casework.accounts.tables import draw_token, link_path, token_digest
from casework.letters.facts import DebtsOf, Facts, readers_of
from casework.letters.holding import WITH_LINK, still_holding
from casework.letters.identity import message_id
from casework.letters.plan import Composed, Plan
from kit.canonical import canonical_json, sha256_hex
from kit.settings import Settings
from notifications.address import BadAddress, checked_address
from notifications.letter import LetterFacts, Rendered
from notifications.render import LetterUnrenderable
from notifications.smtp import build, sender_of
from notifications.words import say
from rules.windows import local_day

Render = Callable[[LetterFacts], Rendered]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A letter with its one-time link as it is handed over: the link's number, the digest of its token, the bytes."""

    link: int
    token_sha256: str
    mime: bytes


class Wording:
    """Makes the letters of one office: with its settings and templates, and its way of reading debts.

    Raises:
        BadAddress: the office's own sending address is none.
    """

    def __init__(self, settings: Settings, render: Render, debts: DebtsOf) -> None:
        self.settings = settings
        self.render = render
        self.debts = debts
        self.sender_name, self.sender = sender_of(settings)

    def fill(
        self,
        connection: Connection,
        plans: Sequence[Plan],
        home: str,
        now: datetime,
        wall: datetime,
        done: Composed,
    ) -> None:
        """Work out for each plan which items hold and what its letter says of them; ``home`` names the home.

        Faults of templates are added to ``done``: they hold up their own letter only.
        """
        items = [item for plan in plans for item in plan.items]
        facts = Facts(connection, local_day(now), items, self.debts, wall=wall)
        readers = readers_of(connection, {plan.person for plan in plans})
        for plan in plans:
            kept, struck = still_holding(plan.items, facts.present)
            plan.kept, plan.struck = kept, [item["key"] for item in struck]
            reader = readers[plan.person]
            if reader["erased_at"] is not None:
                plan.kept, plan.struck = [], [item["key"] for item in plan.items]
                plan.retract("person_erased", wall)
            elif not kept:
                plan.retract("nothing_left", wall)
            else:
                self._say(plan, reader, facts, home, now, wall, done)

    def drawn(self, connection: Connection, plan: Plan, now: datetime, wall: datetime) -> Drawn | None:
        """The letter of a plan with a new one-time link in it; None where its link is over. Nothing keeps the link.

        Raises:
            LetterUnrenderable, BadAddress: its template or the reader's name cannot be used.
        """
        facts = Facts(connection, local_day(now), plan.items, self.debts, wall=wall)
        plan.kept, _ = still_holding(plan.items, facts.present)
        if not plan.kept or plan.letter is None:
            return None
        reader = readers_of(connection, [plan.person])[plan.person]
        told, token = self._told(plan, reader, facts), draw_token()
        rendered = self.render(
            replace(told, items=tuple(replace(item, path=link_path(token)) for item in told.items))
        )
        mime = self._bytes(rendered, reader["name"], plan.letter["address"], plan.letter["message_id"], now)
        return Drawn(int(plan.kept[0]["facts"]["link"]), token_digest(token), mime)

    def _say(
        self,
        plan: Plan,
        reader: Mapping[str, Any],
        facts: Facts,
        home: str,
        now: datetime,
        wall: datetime,
        done: Composed,
    ) -> None:
        told = self._told(plan, reader, facts)
        before = plan.before(wall)
        named, kept_id = plan.kind, before["message_id"]
        if plan.kind in WITH_LINK:
            # Each link is a letter of its own to the mail servers, though they share the day's row.
            named, kept_id = f"{plan.kind}-{plan.kept[0]['facts']['link']}", None
        own = kept_id or message_id(home, plan.person, plan.day, named, self.sender.rpartition("@")[2])
        digest = digest_of(told, reader["email"], own, self.settings)
        if before["standing"] == "queued" and before["digest"] == digest:
            return
        plan.values = {**before, "digest": digest, "message_id": own, "trouble": ""}
        if before["standing"] != "queued":
            plan.values |= {"standing": "queued", "queued_at": wall, "not_before": wall, "attempts": 0}
        if not reader["email"].strip():
            plan.fail("no_address")
            return
        if plan.kind in WITH_LINK and not self.settings.page:
            plan.fail("no_page")
            return
        try:
            plan.values |= self._made(told, reader, own, now)
        except (TemplateError, LetterUnrenderable) as error:
            done.faults.append(f"{plan.kind}: {error}")
            plan.fail("template_broken")
        except BadAddress as error:
            done.faults.append(f"{plan.kind}: {error}")
            plan.fail("bad_address")

    def _told(self, plan: Plan, reader: Mapping[str, Any], facts: Facts) -> LetterFacts:
        lang = reader["locale"] if reader["locale"] in ("vi", "en") else "vi"
        return LetterFacts(
            kind=plan.kind,
            lang=lang,
            day=plan.day,
            reader=reader["name"],
            office=self.sender_name or say("mail.office", None, lang),
            items=tuple(facts.item(item, plan.day, lang) for item in plan.kept),
            page=self.settings.page,
        )

    def _made(self, told: LetterFacts, reader: Mapping[str, Any], own: str, now: datetime) -> dict[str, Any]:
        """The address, the subject and the bytes."""
        rendered = self.render(told)
        mime = self._bytes(rendered, reader["name"], reader["email"], own, now)
        return {
            "address": checked_address(reader["email"]),
            "subject": rendered.subject[:300],
            "mime": zlib.compress(mime, 6),
        }

    def _bytes(self, rendered: Rendered, name: str, address: str, own: str, now: datetime) -> bytes:
        return build(
            rendered, to_name=name, to_address=address, message_id=own, date=now, settings=self.settings
        )


def digest_of(told: LetterFacts, address: str, own: str, settings: Settings) -> str:
    """The hash of everything that a letter's text and headers are made of, but for its Date."""
    parts = {
        "facts": told,
        "to": address,
        "id": own,
        "from": settings.mail_from,
        "reply": settings.mail_reply_to,
    }
    return sha256_hex(canonical_json(_plain(parts)))


def _plain(value: Any) -> Any:
    """As JSON has it. Not by `asdict`, which copies every text anew: each letter is hashed twice."""
    if isinstance(value, str | int | None):
        return value
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value
