"""A list of initiatives as it was typed, pasted or uploaded, looked at row by row before anything is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection, select

from casework.call import Call
from casework.initiatives import AuthorInput, InitiativeInput, against_listing, list_initiatives
from casework.people import PERSON
from casework.routing import unit_by_code
from casework.views.naming import named
from casework.views.staff import Employee, bare, like, staff_of
from kit.canonical import canonical_json, sha256_hex
from kit.database import Database
from rules.reasons import Reason, Refused
from rules.shares import even_shares, share_in, share_text

#: rows of one list
MOST_ROWS = 200
COLUMNS = ("name", "field", "applied_on", "authors", "effect")
# What people write over the columns of such a list, compared without marks and capitals.
_HEADINGS: dict[str, str] = {
    "ten sang kien": "name",
    "ten sang kien, giai phap": "name",
    "ten": "name",
    "sang kien": "name",
    "name": "name",
    "initiative": "name",
    "linh vuc": "field",
    "linh vuc ap dung": "field",
    "field": "field",
    "ngay": "applied_on",
    "ngay ap dung": "applied_on",
    "ngay ap dung lan dau": "applied_on",
    "ap dung tu": "applied_on",
    "applied on": "applied_on",
    "day": "applied_on",
    "day of application": "applied_on",
    "tac gia": "authors",
    "tac gia, dong tac gia": "authors",
    "dong tac gia": "authors",
    "authors": "authors",
    "hieu qua": "effect",
    "effect": "effect",
}
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})|(\d{4})-(\d{1,2})-(\d{1,2})")
# A share stands behind the name, in brackets or not; one writes 33,34 or 33.34, with the sign or without.
_SHARE = re.compile(r"^(?P<who>.*?)[\s:(–-]*(?P<share>\d[\d.,]*)\s*%?\s*\)?$")


@dataclass(frozen=True, slots=True)
class TypedInitiative:
    """A row as it came; ``seen`` is the mark of what an earlier look made of it."""

    name: str
    field: str = ""
    applied_on: str = ""
    authors: str = ""
    effect: str = ""
    seen: str = ""


@dataclass(frozen=True, slots=True)
class SeenAuthor:
    """An author as understood: staff code, the name where it is one of the unit's own people, and the share."""

    code: str
    name: str
    share: str


@dataclass(frozen=True, slots=True)
class SeenInitiative:
    """A row as it was understood; ``given`` None where something of it could not be read."""

    typed: TypedInitiative
    given: InitiativeInput | None
    authors: tuple[SeenAuthor, ...]
    reasons: tuple[Reason, ...] = ()
    #: whether the shares were not written and are proposed in equal parts
    shared_evenly: bool = False

    @property
    def good(self) -> bool:
        """Whether nothing speaks against it."""
        return self.given is not None and not self.reasons

    @property
    def mark(self) -> str:
        """What the row was understood as; the same mark again is the same initiative."""
        return sha256_hex(canonical_json(self.given))[:16] if self.given is not None and self.good else ""

    @property
    def confirmed(self) -> bool:
        """Whether it was looked at before in just this meaning."""
        return self.good and self.typed.seen == self.mark


@dataclass(frozen=True, slots=True)
class SeenInitiatives:
    """A list as it was understood; ``reasons`` stand against the list as a whole."""

    rows: tuple[SeenInitiative, ...]
    reasons: tuple[Reason, ...]

    @property
    def good(self) -> tuple[SeenInitiative, ...]:
        """The rows that could be written."""
        return tuple(row for row in self.rows if row.good)


def typed_table(rows: Sequence[Sequence[str]]) -> list[TypedInitiative]:
    """Rows of a table as typed initiatives. A first row of headings says which column is which; without one they are
    name, field, day, authors, effect."""
    listed = [list(row) for row in rows]
    columns: Sequence[str] = COLUMNS
    if listed:
        heads = [_HEADINGS.get(bare(cell), "") for cell in listed[0]]
        if "name" in heads:
            columns, listed = heads, listed[1:]
    found = []
    for row in listed:
        cells = {column: cell for column, cell in zip(columns, row, strict=False) if column}
        if any(cells.values()):
            found.append(TypedInitiative(**{column: cells.get(column, "") for column in COLUMNS}))
    return found


def look_at_initiatives(
    database: Database,
    unit_code: str,
    school_year: str,
    rows: Sequence[TypedInitiative],
    call: Call,
    lang: str,
) -> SeenInitiatives:
    """What each row means and why it would be refused; nothing is written.

    Raises:
        Refused: there is no such unit.
    """
    with database.read() as connection:
        against = against_listing(connection, unit_code, call)
        unit = int(str(unit_by_code(connection, unit_code)["id"]))
        reader = _Reader(connection, unit, call.day, rows)
        seen = [reader.read(row) for row in rows]
    about, more = _tried(database, unit_code, school_year, seen, call)
    every = [*against, *(reason for reason in more if reason not in against)]
    seen = [replace(row, reasons=(*row.reasons, *about.get(place, ()))) for place, row in enumerate(seen)]
    with database.read() as connection:
        told = iter(named(connection, [*every, *(reason for row in seen for reason in row.reasons)], lang))
        reasons = tuple(next(told) for _ in every)
        shown = tuple(replace(row, reasons=tuple(next(told) for _ in row.reasons)) for row in seen)
    return SeenInitiatives(shown, reasons)


def _tried(
    database: Database, unit_code: str, school_year: str, rows: Sequence[SeenInitiative], call: Call
) -> tuple[dict[int, list[Reason]], list[Reason]]:
    """Place of a row → why the act would refuse it; and what speaks against the list as a whole."""
    given = {place: row.given for place, row in enumerate(rows) if row.given is not None and not row.reasons}
    if not given:
        return {}, []
    try:
        list_initiatives(database, unit_code, school_year, list(given.values()), call, dry_run=True)
    except Refused as refusal:
        about: dict[int, list[Reason]] = {}
        whole = []
        for reason in refusal.reasons:
            name = reason.params.get("about", reason.params.get("name"))
            places = [place for place, one in given.items() if one.name.strip() == name]
            if reason.code == "initiative_listed_already" and reason.params["initiative"] in (
                one.name.strip() for one in given.values()
            ):
                # Named twice within the list: the later one is told.
                places = places[-1:]
            for place in places:
                about.setdefault(place, []).append(reason)
            if not places:
                whole.append(reason)
        return about, whole
    return {}, []


class _Reader:
    """What rows are compared with: the unit's people by code and name, and further people by code alone."""

    def __init__(self, connection: Connection, unit: int, day: date, rows: Iterable[TypedInitiative]) -> None:
        staff = staff_of(connection, unit, day)
        self._by_code = {like(one.code): one for one in staff}
        self._by_name: dict[str, list[Employee]] = {}
        for one in staff:
            self._by_name.setdefault(like(one.name), []).append(one)
        typed = {who for row in rows for who, _ in _parts(row.authors)}
        query = select(PERSON.c.code).where(PERSON.c.code.in_(sorted(typed)))
        self._elsewhere = set(connection.execute(query).scalars())

    def read(self, row: TypedInitiative) -> SeenInitiative:
        reasons: list[Reason] = []
        applied = _day_in(row.applied_on)
        if applied is None:
            reasons.append(Reason("day_unreadable", {"text": row.applied_on or "–"}))
        if not row.name.strip():
            reasons.append(Reason("input_missing", {"input": "initiative_name"}))
        parts = _parts(row.authors)
        evenly = len(parts) > 0 and all(share is None for _, share in parts)
        shares = even_shares(len(parts)) if evenly else [share_in(share or "") for _, share in parts]
        authors, inputs = [], []
        for (who, _), share in zip(parts, shares, strict=True):
            found = self._person(who, reasons)
            if found is None:
                continue
            code, name = found
            inputs.append(AuthorInput(code, share))
            authors.append(SeenAuthor(code, name, share_text(share) if share is not None else "?"))
        given = None
        if applied is not None:
            given = InitiativeInput(
                row.name.strip(), applied, tuple(inputs), row.field.strip(), row.effect.strip()
            )
        return SeenInitiative(row, given, tuple(authors), tuple(reasons), evenly and len(parts) > 1)

    def _person(self, who: str, reasons: list[Reason]) -> tuple[str, str] | None:
        own = self._by_code.get(like(who))
        if own is not None:
            return own.code, own.name
        same = self._by_name.get(like(who), [])
        if len(same) == 1:
            return same[0].code, same[0].name
        if same:
            reasons.append(Reason("author_ambiguous", {"text": who, "codes": [one.code for one in same]}))
        elif who in self._elsewhere:
            # Of whoever is not among the unit's people no name is said here: typing codes teaches none.
            return who, ""
        else:
            reasons.append(Reason("author_unknown", {"text": who}))
        return None


def _parts(text: str) -> list[tuple[str, str | None]]:
    """(who, share as written or None) of authors, separated by semicolons, plus signs or lines."""
    found: list[tuple[str, str | None]] = []
    for part in re.split(r"[;+\n]", text):
        plain = part.strip(" .,")
        if not plain:
            continue
        match = _SHARE.match(plain)
        # A staff code ends with digits too: a share stands apart from it, or has its sign.
        apart = match is not None and (
            plain[match.start("share") - 1 : match.start("share")] in (" ", "(", ":")
        )
        if match is not None and match["who"].strip() and apart:
            found.append((match["who"].strip(" (:–-"), match["share"]))
        else:
            found.append((plain, None))
    return found


def _day_in(text: str) -> date | None:
    match = _DAY.fullmatch(text.strip())
    if match is None:
        return None
    day, month, year, first, second, third = match.groups()
    try:
        return date(int(year), int(month), int(day)) if year else date(int(first), int(second), int(third))
    except ValueError:
        return None
