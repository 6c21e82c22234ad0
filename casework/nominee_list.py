"""A list of nominees as it was typed or pasted, looked at row by row before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from casework.call import Call
from casework.load import dossier_by_code
from casework.nominate import NomineeInput, against_nominating, nominate
from casework.people import UNIT
from casework.regulations import titles_in_force
from casework.views.naming import named
from casework.views.staff import Employee, bare, like, staff_of
from kit.database import Database
from notifications.words import LANGS, catalogue
from published.titles import Title
from rules.reasons import Reason, Refused

#: rows of one list
MOST_ROWS = 500

# What `nominate` says of a nominee rather than of the dossier.
_OF_A_ROW = frozenset(
    {
        "title_for_other_subject",
        "title_of_other_level",
        "title_in_other_procedure",
        "unknown_person",
        "person_erased",
        "not_employed_here",
        "nominated_twice",
        "movement_missing",
        "unknown_movement",
        "movement_not_for_title",
        "movement_of_other_rank",
        "movement_not_from_above",
        "movement_not_answered",
    }
)


@dataclass(frozen=True, slots=True)
class TypedRow:
    """A row as it came: who (staff code, name, or the collective) and which title. ``chosen`` is the code of the one
    who was meant of several; ``seen`` is what an earlier look at the row made of it; ``movement`` is the code of the
    one on which it rests."""

    who: str
    title: str
    chosen: str = ""
    seen: str = ""
    movement: str = ""


@dataclass(frozen=True, slots=True)
class SeenRow:
    """A row as it was understood.

    ``standing``: good, several (``candidates`` says of whom), nobody, no_title, repeated or refused. ``person`` None
    and ``collective`` False: nobody was found.
    """

    typed: TypedRow
    standing: str
    person: Employee | None = None
    collective: bool = False
    title: str = ""
    candidates: tuple[Employee, ...] = ()
    reasons: tuple[Reason, ...] = ()

    @property
    def mark(self) -> str:
        """What the row was understood as; the same mark again is the same nomination."""
        who = "" if self.person is None else self.person.code
        if self.standing != "good":
            return ""
        return "|".join([who, self.title, *([self.typed.movement] if self.typed.movement else [])])

    @property
    def confirmed(self) -> bool:
        """Whether it was looked at before in just this meaning, or its person chosen among several."""
        chosen = self.person is not None and self.typed.chosen == self.person.code
        return self.standing == "good" and (self.typed.seen == self.mark or chosen)

    @property
    def nominee(self) -> NomineeInput:
        """The row as the act takes it."""
        person = None if self.person is None else self.person.code
        return NomineeInput(self.title, person, movement=self.typed.movement or None)


@dataclass(frozen=True, slots=True)
class SeenList:
    """A list as it was understood; ``reasons`` stand against the list as a whole."""

    rows: tuple[SeenRow, ...]
    reasons: tuple[Reason, ...]

    def of(self, *standings: str) -> tuple[SeenRow, ...]:
        """Its rows of some standings."""
        return tuple(row for row in self.rows if row.standing in standings)


def look_at(database: Database, code: str, rows: Sequence[TypedRow], call: Call, lang: str) -> SeenList:
    """What each row means and what would be refused; nothing is written.

    Raises:
        Refused: there is no such dossier, or no catalogue of titles was published.
    """
    with database.read() as connection:
        against = against_nominating(connection, code, call)
        dossier = dossier_by_code(connection, code)
        readers = _Readers(connection, dossier["unit_id"], call)
        seen = [readers.read(row) for row in rows]
    seen = _once(seen)
    refused = _tried(database, code, seen, call) if not against else {}
    with database.read() as connection:
        told = named(connection, [r for some in refused.values() for r in some], lang, code)
        reasons = tuple(named(connection, against, lang, code))
    names = iter(told)
    by_row = {mark: tuple(next(names) for _ in some) for mark, some in refused.items()}
    rows_seen = (
        replace(row, standing="refused", reasons=by_row[row.mark]) if row.mark in by_row else row
        for row in seen
    )
    return SeenList(tuple(rows_seen), reasons)


def _once(rows: Iterable[SeenRow]) -> list[SeenRow]:
    """The rows; one that says what an earlier one says is marked."""
    there: set[str] = set()
    found = []
    for row in rows:
        found.append(replace(row, standing="repeated") if row.mark and row.mark in there else row)
        there.add(row.mark)
    return found


def _tried(database: Database, code: str, rows: Sequence[SeenRow], call: Call) -> dict[str, list[Reason]]:
    """Mark of a row → why the act would refuse it."""
    good = [row for row in rows if row.standing == "good"]
    if not good:
        return {}
    try:
        nominate(database, code, [row.nominee for row in good], call, dry_run=True)
    except Refused as refusal:
        found: dict[str, list[Reason]] = {}
        for reason in refusal.reasons:
            if reason.code not in _OF_A_ROW:
                continue
            person = reason.params.get("person", reason.params.get("code"))
            for row in good:
                nominee = row.nominee
                if nominee.person == person and reason.params.get("title", nominee.title) == nominee.title:
                    found.setdefault(row.mark, []).append(reason)
        return found
    return {}


class _Readers:
    """What rows are compared with: the unit's people and its own names, the titles."""

    def __init__(self, connection: Connection, unit: int, call: Call) -> None:
        self.staff = staff_of(connection, unit, call.day)
        self.titles = titles_in_force(connection)
        self._by_code = {like(employee.code): employee for employee in self.staff}
        self._by_name = _grouped(self.staff, like)
        self._by_bare_name = _grouped(self.staff, bare)
        row = connection.execute(UNIT.select().where(UNIT.c.id == unit)).mappings().one()
        words = [catalogue("subjects", lang)["collective"] for lang in LANGS]
        self._collective = {like(text) for text in (row["code"], row["name"], *words)}
        self._titles = _titles_by_word(self.titles)

    def read(self, row: TypedRow) -> SeenRow:
        title = self._titles.get(like(row.title).replace(" ", ""), "")
        if like(row.who) in self._collective:
            return SeenRow(row, "good" if title else "no_title", None, True, title)
        found, sure = self._people(row)
        if not found:
            # Of whoever is not among the unit's people nothing is said: typing codes teaches no names.
            return SeenRow(row, "nobody", title=title)
        if not sure:
            return SeenRow(row, "several", title=title, candidates=found)
        return SeenRow(row, "good" if title else "no_title", found[0], False, title)

    def _people(self, row: TypedRow) -> tuple[tuple[Employee, ...], bool]:
        """Who may be meant, and whether that is sure: by code, or by name; by a name without its marks never."""
        by_code = self._by_code.get(like(row.who))
        if by_code is not None:
            return (by_code,), True
        same = self._by_name.get(like(row.who), ())
        found = tuple(same or self._by_bare_name.get(bare(row.who), ()))
        chosen = tuple(employee for employee in found if employee.code == row.chosen)
        return (chosen or found), bool(chosen) or len(same) == 1


def _grouped(staff: Iterable[Employee], key: Callable[[str], str]) -> dict[str, list[Employee]]:
    found: dict[str, list[Employee]] = {}
    for employee in staff:
        found.setdefault(key(employee.name), []).append(employee)
    return found


def _titles_by_word(titles: Mapping[str, Title]) -> dict[str, str]:
    """Code, short form and names of titles, written together → code. What two titles share means neither."""
    found: dict[str, set[str]] = {}
    for code, title in titles.items():
        for text in (code, title.short, *title.name.values()):
            found.setdefault(like(text).replace(" ", ""), set()).add(code)
    return {text: next(iter(codes)) for text, codes in found.items() if len(codes) == 1}
