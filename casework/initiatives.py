"""Listing initiatives with their authors, and changing one until it was handed in."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from casework.access import EMPLOYMENT, in_force, require_duty
from casework.act import Done, do_act
from casework.call import Call
from casework.career.keys import holder_of, initiatives_key
from casework.career.taken_over import against_taken_over
from casework.effects.numbers import text_reasons
from casework.history import ENTRY, append_entry, make_note, write_notes
from casework.law.reopen import facts_changed
from casework.load import AUTHOR, DOSSIER, INITIATIVE, NOMINATION
from casework.people import PERSON
from casework.prepare_step import unique
from casework.routing import hold_unit, unit_by_code
from casework.views.staff import bare, like
from kit.canonical import canonical_json, sha256_hex
from kit.database import Database
from rules.reasons import Reason, Refused, refuse_if
from rules.school_years import against_unreadable, short_of
from rules.shares import author_reasons

#: who lists what a school has, as of its dossiers
DUTIES = ("clerk", "principal")
#: initiatives of one list
MOST_LISTED = 200
#: letters of what an initiative changed
LONGEST_EFFECT = 4_000
# Where a dossier is with its school and no desk has judged what it would then see changed.
WITH_SCHOOL = ("draft", "returned", "lapsed")
# The number of an initiative at the end of its code.
_NUMBER = re.compile(r"\.sk([0-9]+)$")


@dataclass(frozen=True, slots=True)
class AuthorInput:
    """An author by staff code, and the share in hundredths of a percent; None where it could not be read."""

    person: str
    share: int | None


@dataclass(frozen=True, slots=True)
class InitiativeInput:
    """What a school lists of one initiative."""

    name: str
    applied_on: date
    authors: tuple[AuthorInput, ...]
    field: str = ""
    effect: str = ""


def initiative_subject(initiative: int) -> str:
    """The name of the chain of an initiative."""
    return f"initiative:{initiative}"


def list_initiatives(
    database: Database,
    unit_code: str,
    school_year: str,
    initiatives: Sequence[InitiativeInput],
    call: Call,
    **options: Any,
) -> Done:
    """List initiatives of a unit for a school year, all or none; each gets a chain of its own.

    What is given back is the first one's, with the codes of all under ``codes``.

    Raises:
        Refused: every reason against every one of them at once.
        StorageTrouble: the database could not be written.
    """
    asked = {"unit": unit_code, "school_year": school_year, "initiatives": list(initiatives)}

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        unit, reasons = _lister(connection, unit_code, call)
        reasons += against_unreadable(school_year)
        if not initiatives:
            reasons.append(Reason("no_initiative"))
        if len(initiatives) > MOST_LISTED:
            reasons.append(Reason("too_many_initiatives", {"count": len(initiatives), "most": MOST_LISTED}))
        # Of two who list at once, the slower waits here and then sees what the faster has listed.
        hold_unit(connection, unit)
        people = _People.of(
            connection, (a.person for one in initiatives for a in one.authors), unit, call.day
        )
        there = _listed(connection, unit, school_year)
        for one in initiatives:
            reasons += _about(one, [*_texts(one), *people.reasons(one), *_applied(one, call.day)])
            known = there.get(like(one.name))
            if known is not None and one.name.strip():
                reasons.append(
                    Reason("initiative_listed_already", {"name": one.name.strip(), "initiative": known})
                )
            there.setdefault(like(one.name), one.name.strip())
        refuse_if(unique(reasons))
        first = next_number(connection, unit, school_year)
        told = [
            _write(
                connection,
                people,
                code_of(unit_code, school_year, first + place),
                unit,
                school_year,
                one,
                call,
            )
            for place, one in enumerate(initiatives)
        ]
        for number, payload in told[1:]:
            append_entry(
                connection, initiative_subject(number), "list_initiative", payload, call.part(payload["code"])
            )
        number, payload = told[0]
        return initiative_subject(number), {**payload, "codes": [other["code"] for _, other in told]}

    return do_act(database, "list_initiative", call, work, asked=asked, **options)


def change_initiative(
    database: Database,
    code: str,
    given: InitiativeInput,
    call: Call,
    *,
    seen: int | None = None,
    **options: Any,
) -> Done:
    """Put other words and authors in the place of what was listed; ``seen`` is the entry that was looked at.

    Raises:
        Refused: every reason at once; also when it was handed in, or changed since it was looked at.
        StorageTrouble: the database could not be written.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        row = initiative_by_code(connection, code, lock=True)
        reasons = list(require_duty(connection, call.actor_id or 0, [row["unit_id"]], DUTIES, call.day))
        if not reasons:
            # Who may change nothing here is not told in which dossiers it lies.
            reasons += [
                *against_taken_back(row),
                *against_taken_over(connection, row),
                *_handed_in(connection, row),
            ]
        entries = select(func.max(ENTRY.c.seq)).where(ENTRY.c.subject == initiative_subject(row["id"]))
        if seen is not None and connection.execute(entries).scalar() != seen:
            reasons.append(Reason("initiative_changed_meanwhile", {"initiative": code}))
        before = connection.execute(select(AUTHOR.c.person_id).where(AUTHOR.c.initiative_id == row["id"]))
        people = _People.of(
            connection,
            (author.person for author in given.authors),
            row["unit_id"],
            call.day,
            # Who left the school meanwhile stays an author.
            stay=frozenset(before.scalars()),
        )
        reasons += _about(given, [*_texts(given), *people.reasons(given), *_applied(given, call.day)])
        there = _listed(connection, row["unit_id"], row["school_year"])
        known = there.get(like(given.name))
        if known not in (None, code):
            reasons.append(
                Reason("initiative_listed_already", {"name": given.name.strip(), "initiative": known})
            )
        refuse_if(unique(reasons))
        # Whoever was an author before, and whoever is one now.
        touched = {initiatives_key(holder_of(n, None)) for n in people.stay}
        payload = _rewrite(connection, people, row, given)
        touched |= {initiatives_key(holder_of(n, None)) for n, _ in payload["authors"]}
        facts_changed(connection, touched, call)
        return initiative_subject(row["id"]), payload

    return do_act(
        database, "change_initiative", call, work, asked={"initiative": code, "given": given}, **options
    )


def against_listing(connection: Connection, unit_code: str, call: Call) -> list[Reason]:
    """Why the caller may list nothing for a unit, whatever it is; nothing is written.

    Raises:
        Refused: there is no such unit.
    """
    return _lister(connection, unit_code, call)[1]


def against_changing(connection: Connection, code: str, call: Call) -> list[Reason]:
    """Why the caller may change nothing of an initiative; nothing is written.

    Raises:
        Refused: there is no such initiative.
    """
    row = initiative_by_code(connection, code)
    reasons = list(require_duty(connection, call.actor_id or 0, [row["unit_id"]], DUTIES, call.day))
    return reasons or [
        *against_taken_back(row),
        *against_taken_over(connection, row),
        *_handed_in(connection, row, lock=False),
    ]


def initiative_by_code(connection: Connection, code: str, *, lock: bool = False) -> dict[str, Any]:
    """The row of an initiative. ``lock`` holds it until the transaction ends (PostgreSQL).

    Raises:
        Refused: there is no such initiative.
    """
    query = select(INITIATIVE).where(INITIATIVE.c.code == code)
    row = connection.execute(query.with_for_update() if lock else query).mappings().first()
    if row is None:
        raise Refused([Reason("unknown_initiative", {"initiative": code})])
    return dict(row)


def searched(code: str, name: str) -> str:
    """What a word is looked for in: code and name without capitals and marks."""
    return bare(f"{code} {name}")


def text_digest(name: str, field: str) -> str:
    """What the chain holds of an initiative's name and field."""
    return sha256_hex(canonical_json([name, field]))


@dataclass(frozen=True, slots=True)
class _People:
    """What is on file of the authors of a list, read at once."""

    #: staff code → (id, whether the name was erased)
    known: Mapping[str, tuple[int, bool]]
    employed: frozenset[int]
    stay: frozenset[int]

    @classmethod
    def of(
        cls,
        connection: Connection,
        codes: Iterable[str],
        unit: int,
        day: date,
        *,
        stay: frozenset[int] = frozenset(),
    ) -> _People:
        wanted = sorted(set(codes))
        query = select(PERSON.c.code, PERSON.c.id, PERSON.c.erased_at).where(PERSON.c.code.in_(wanted))
        known = {row.code: (row.id, row.erased_at is not None) for row in connection.execute(query)}
        here = select(EMPLOYMENT.c.person_id).where(
            EMPLOYMENT.c.person_id.in_([number for number, _ in known.values()]),
            EMPLOYMENT.c.unit_id == unit,
            in_force(EMPLOYMENT, day),
        )
        return cls(known, frozenset(connection.execute(here).scalars()), stay)

    def reasons(self, one: InitiativeInput) -> list[Reason]:
        """Why the authors of one cannot be its authors."""
        reasons = list(author_reasons((author.person, author.share) for author in one.authors))
        unknown = [author.person for author in one.authors if author.person not in self.known]
        reasons += [Reason("unknown_person", {"code": code}) for code in unknown]
        there = [(a.person, *self.known[a.person]) for a in one.authors if a.person in self.known]
        reasons += [
            Reason("person_erased", {"person": code})
            for code, number, erased in there
            if erased and number not in self.stay
        ]
        ours = any(number in self.employed or number in self.stay for _, number, _ in there)
        if one.authors and not unknown and not ours:
            reasons.append(Reason("no_author_of_ours"))
        return reasons

    def rows(self, initiative: int, one: InitiativeInput) -> list[dict[str, Any]]:
        """The authors as rows, the largest share first."""
        rows = [
            {"initiative_id": initiative, "person_id": self.known[a.person][0], "share": a.share}
            for a in one.authors
        ]
        return sorted(rows, key=lambda row: (-row["share"], row["person_id"]))


def _lister(connection: Connection, unit_code: str, call: Call) -> tuple[int, list[Reason]]:
    unit = unit_by_code(connection, unit_code)
    number = int(str(unit["id"]))
    reasons = list(require_duty(connection, call.actor_id or 0, [number], DUTIES, call.day))
    if unit["kind"] != "school":
        reasons.append(Reason("lists_no_initiatives", {"unit": number}))
    return number, reasons


def _texts(one: InitiativeInput) -> list[Reason]:
    reasons = [
        *text_reasons("initiative_name", one.name, INITIATIVE.c.name),
        *text_reasons("initiative_field", one.field, INITIATIVE.c.field, blank=True),
    ]
    if len(one.effect.strip()) > LONGEST_EFFECT:
        limits = {"length": len(one.effect.strip()), "limit": LONGEST_EFFECT}
        reasons.append(Reason("input_too_long", {"input": "initiative_effect", **limits}))
    return reasons


def _applied(one: InitiativeInput, day: date) -> list[Reason]:
    return [Reason("applied_in_future", {"day": one.applied_on.isoformat()})] if one.applied_on > day else []


def _about(one: InitiativeInput, reasons: Iterable[Reason]) -> list[Reason]:
    """The reasons, each with the name of the initiative that it is about: a list has many."""
    return [replace(reason, params={**reason.params, "about": one.name.strip()}) for reason in reasons]


def _listed(connection: Connection, unit: int, school_year: str) -> dict[str, str]:
    """Name as it is compared → code of what the unit has listed for the year and not taken back."""
    query = select(INITIATIVE.c.name, INITIATIVE.c.code).where(
        INITIATIVE.c.unit_id == unit,
        INITIATIVE.c.school_year == school_year,
        INITIATIVE.c.taken_back_at.is_(None),
    )
    return {like(row.name): row.code for row in connection.execute(query)}


def next_number(connection: Connection, unit: int, school_year: str) -> int:
    """The number of the next initiative that a unit lists for a year: one more than the highest that was given.

    A count would give one twice where an import was taken back.
    """
    query = select(INITIATIVE.c.code).where(
        INITIATIVE.c.unit_id == unit, INITIATIVE.c.school_year == school_year
    )
    codes = (_NUMBER.search(code) for code in connection.execute(query).scalars())
    return max((int(found[1]) for found in codes if found), default=0) + 1


def code_of(unit_code: str, school_year: str, number: int) -> str:
    """The readable name of an initiative, for example th-binh-an.2425.sk1."""
    return f"{unit_code}.{short_of(school_year)}.sk{number}"


def against_taken_back(row: Mapping[str, Any]) -> list[Reason]:
    """The reason against doing anything with an initiative (its row) that was taken back."""
    if row["taken_back_at"] is None:
        return []
    return [Reason("initiative_taken_back", {"initiative": row["code"]})]


def _handed_in(connection: Connection, row: Mapping[str, Any], *, lock: bool = True) -> list[Reason]:
    """The reason against changing what a desk has before it, or has decided."""
    query = (
        select(DOSSIER.c.code, DOSSIER.c.state_kind)
        .join(NOMINATION, NOMINATION.c.dossier_id == DOSSIER.c.id)
        .where(NOMINATION.c.initiative_id == row["id"], NOMINATION.c.outcome != "struck")
        .order_by(DOSSIER.c.id)
    )
    # Who hands it in at this moment waits for the change, or the change for the handing in.
    found = connection.execute(query.with_for_update(of=DOSSIER) if lock else query)
    there = [dossier.code for dossier in found if dossier.state_kind not in WITH_SCHOOL]
    return [Reason("initiative_handed_in", {"initiative": row["code"], "dossiers": there})] if there else []


def _texts_told(connection: Connection, one: InitiativeInput) -> tuple[str | None, dict[str, Any]]:
    """The id of the note with what it changed, written; and what the chain says of all its texts."""
    told: dict[str, Any] = {"texts": text_digest(one.name.strip(), one.field.strip())}
    if not one.effect.strip():
        return None, told
    note, of_note = make_note(one.effect.strip())
    write_notes(connection, [note])
    return note["id"], {**told, "effect": of_note}


def _write(
    connection: Connection,
    people: _People,
    code: str,
    unit: int,
    school_year: str,
    one: InitiativeInput,
    call: Call,
) -> tuple[int, dict[str, Any]]:
    note, told = _texts_told(connection, one)
    row = {
        "code": code,
        "unit_id": unit,
        "school_year": school_year,
        "name": one.name.strip(),
        "field": one.field.strip(),
        "effect_note_id": note,
        "applied_on": one.applied_on,
        "listed_at": call.now,
        "searched": searched(code, one.name.strip()),
    }
    number = int(connection.execute(insert(INITIATIVE), row).inserted_primary_key[0])
    authors = people.rows(number, one)
    connection.execute(insert(AUTHOR), authors)
    return number, {
        "code": code,
        "unit": unit,
        "school_year": school_year,
        "applied_on": one.applied_on.isoformat(),
        "authors": authors_told(authors),
        **told,
    }


def _rewrite(
    connection: Connection, people: _People, row: Mapping[str, Any], given: InitiativeInput
) -> dict[str, Any]:
    note, told = _texts_told(connection, given)
    words = {
        "name": given.name.strip(),
        "field": given.field.strip(),
        "effect_note_id": note,
        "applied_on": given.applied_on,
        "searched": searched(row["code"], given.name.strip()),
    }
    connection.execute(update(INITIATIVE).where(INITIATIVE.c.id == row["id"]).values(words))
    connection.execute(delete(AUTHOR).where(AUTHOR.c.initiative_id == row["id"]))
    authors = people.rows(row["id"], given)
    connection.execute(insert(AUTHOR), authors)
    return {
        "code": row["code"],
        "applied_on": given.applied_on.isoformat(),
        "authors": authors_told(authors),
        **told,
    }


def authors_told(rows: Collection[Mapping[str, Any]]) -> list[list[int]]:
    """Authors as the chain tells them: person and share."""
    return [[row["person_id"], row["share"]] for row in rows]
