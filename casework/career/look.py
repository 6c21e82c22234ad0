"""A file of earlier years looked at row by row: taken, already there, doubtful, left out or refused."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, select

from casework.career.columns import LEFT_OUT, FileRow, cell_reasons
from casework.career.match import Matching
from casework.career.reach import Known, Reach
from casework.effects.decision import AWARD, DECISION
from casework.people import UNIT
from casework.regulations import titles_in_force
from casework.views.staff import bare, like
from kit.canonical import canonical_json, sha256_hex
from models.decision import AWARD_TYPES
from models.discipline import Discipline
from models.grade import Grade
from models.service import SERVICES, Service
from notifications.words import LANGS, catalogue
from published.titles import INITIATIVE, Title
from rules.reasons import Reason
from rules.record import DISCIPLINES, GRADES, MERIT
from rules.school_years import first_day, last_day, year_named, year_of

GRADE, DISCIPLINE, SERVICE = Grade.__table__, Discipline.__table__, Service.__table__
#: whole years after the end of a school year within which something of it may still have been decided: the highest
#: titles take that long (docs/careers.md)
LATEST_YEARS = 3
_EARLIEST = date(1945, 9, 2)
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})|(\d{4})-(\d{1,2})-(\d{1,2})")
_YEARS = re.compile(r"(\d{4})\s*[-–/]\s*(\d{4})")
_BATCH = 500

TAKEN, THERE, DOUBTFUL, LEFT, REFUSED = "taken", "there", "doubtful", "left_out", "refused"
STANDINGS = (TAKEN, THERE, DOUBTFUL, LEFT, REFUSED)


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person said of rows, by their lines: who is meant (a staff code), and which rows are left out."""

    people: Mapping[int, str] = field(default_factory=dict)
    left_out: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class SeenRow:
    """A row as it was understood. ``values`` are the columns to be written but for the holder and the decision's id."""

    row: FileRow
    standing: str
    person: Known | None = None
    unit: int | None = None
    candidates: tuple[Known, ...] = ()
    doubt: str = ""
    reasons: tuple[Reason, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    #: of a title: issuing body, number, day, signatory
    decision: tuple[int, str, date, str] | None = None

    @property
    def line(self) -> int:
        """The line of the file."""
        return self.row.line

    @property
    def holder(self) -> tuple[int | None, int | None]:
        """The person, or the unit."""
        return (self.person.id if self.person else None), self.unit


@dataclass(frozen=True, slots=True)
class SeenFile:
    """A file as it was understood; ``reasons`` stand against the file as a whole."""

    kind: str
    rows: tuple[SeenRow, ...]
    reasons: tuple[Reason, ...] = ()

    def of(self, *standings: str) -> tuple[SeenRow, ...]:
        """Its rows of some standings."""
        return tuple(row for row in self.rows if row.standing in standings)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows there are of each standing: together all of them."""
        return {standing: len(self.of(standing)) for standing in STANDINGS}

    @property
    def ready(self) -> bool:
        """Whether it could be written as it stands."""
        return not self.reasons and not self.of(DOUBTFUL, REFUSED)

    @property
    def mark(self) -> str:
        """What was understood: the same mark again is the same meaning of the same file."""
        told = [[row.line, row.standing, row.holder, row.values, row.decision] for row in self.rows]
        return sha256_hex(canonical_json([self.kind, told]))[:32]


def look(
    connection: Connection,
    kind: str,
    rows: Sequence[FileRow],
    reach: Reach,
    day: date,
    *,
    choices: Choices | None = None,
    actor: int | None = None,
) -> SeenFile:
    """What each row means for people and units of a reach; every row is accounted for."""
    given = choices or Choices()
    reader = READERS[kind](connection, reach, day, given, actor)
    seen = [reader.read(row) for row in rows]
    seen = reader.together(seen)
    lines = {row.line for row in rows}
    strange = sorted(line for line in {*given.people, *given.left_out} if line not in lines)
    return SeenFile(
        kind, tuple(seen), tuple(Reason("career_choice_without_row", {"line": line}) for line in strange)
    )


def day_in(text: str) -> date | None:
    """A day as people and spreadsheets write it; None where it is none."""
    match = _DAY.fullmatch(text.strip())
    if match is None:
        return None
    day, month, year, first, second, third = match.groups()
    try:
        found = date(int(year), int(month), int(day)) if year else date(int(first), int(second), int(third))
    except ValueError:
        return None
    return found if found >= _EARLIEST else None


def year_in(text: str) -> str | None:
    """A school year, written 2020-2021 or 2020 – 2021; None where it is none, or its years do not follow."""
    match = _YEARS.fullmatch(text.strip())
    if match is None or year_named(f"{match[1]}-{match[2]}") is None:
        return None
    return f"{match[1]}-{match[2]}"


def words_of(vocabulary: str, codes: Iterable[str]) -> dict[str, str]:
    """Every word under which people know some codes, without marks → code."""
    found = {bare(code): code for code in codes}
    for lang in LANGS:
        said = catalogue(vocabulary, lang)
        found |= {bare(text): code for code in codes for text in said.get(code, "").split(";") if text}
    return found


class _Reader(ABC):
    """What readers of all kinds share: cells, days, school years, holders."""

    def __init__(
        self, connection: Connection, reach: Reach, day: date, choices: Choices, actor: int | None
    ) -> None:
        self.connection, self.reach, self.day = connection, reach, day
        self.choices, self.actor = choices, actor
        self.matching = Matching(reach)
        self.reasons: list[Reason] = []
        units = connection.execute(select(UNIT.c.id, UNIT.c.code, UNIT.c.name, UNIT.c.kind, UNIT.c.until))
        self.units = {row.id: row for row in units}
        self._by_unit_code = {like(row.code): row.id for row in self.units.values()}
        self._by_unit_name: dict[str, list[int]] = {}
        for row in self.units.values():
            self._by_unit_name.setdefault(like(row.name), []).append(row.id)

    kind = ""

    def read(self, row: FileRow) -> SeenRow:
        """One row by itself."""
        if row.line in self.choices.left_out or self._chosen(row) == LEFT_OUT:
            return SeenRow(row, LEFT)
        self.reasons = cell_reasons(self.kind, row)
        found = self.understand(row)
        if self.reasons:
            return replace(found, standing=REFUSED, reasons=tuple(self.reasons), candidates=())
        return found

    @abstractmethod
    def understand(self, row: FileRow) -> SeenRow:
        """What a row says, with the reasons against it noted."""

    @abstractmethod
    def together(self, rows: list[SeenRow]) -> list[SeenRow]:
        """The rows beside each other, and beside what is on record."""

    def _chosen(self, row: FileRow) -> str:
        return self.choices.people.get(row.line, "") or row.cell("chosen")

    def refuse(self, code_reason: Reason) -> None:
        self.reasons.append(code_reason)

    def year(self, row: FileRow) -> str | None:
        text = row.cell("school_year")
        if not text:
            return None
        found = year_in(text)
        if found is None:
            self.refuse(Reason("career_year_unreadable", {"line": row.line, "value": text}))
        elif (year_named(found) or 0) > year_of(self.day):
            self.refuse(Reason("career_year_ahead", {"line": row.line, "value": text}))
            return None
        return found

    def dated(self, row: FileRow, column: str, *, ahead: bool = False) -> date | None:
        text = row.cell(column)
        if not text:
            return None
        found = day_in(text)
        if found is None:
            params = {"line": row.line, "column": column, "value": text}
            self.refuse(Reason("career_day_unreadable", params))
        elif found > self.day and not ahead:
            params = {"line": row.line, "column": column, "day": found.isoformat()}
            self.refuse(Reason("career_day_ahead", params))
            return None
        return found

    def decided(self, row: FileRow, school_year: str | None) -> date | None:
        """The decision's day: not before its school year, and not long after it."""
        found = self.dated(row, "decided_on")
        year = year_named(school_year) if school_year else None
        if found is not None and year is not None:
            latest = last_day(year + LATEST_YEARS)
            if not first_day(year) <= found <= latest:
                params = {"line": row.line, "day": found.isoformat(), "school_year": school_year}
                self.refuse(Reason("career_decided_outside", {**params, "years": LATEST_YEARS}))
        return found

    def word(self, row: FileRow, column: str, known: Mapping[str, str]) -> str | None:
        text = row.cell(column)
        return known.get(bare(text)) if text else None

    def units_named(self, text: str) -> list[int]:
        """The units of a code or of an exact name, ended ones included."""
        by_code = self._by_unit_code.get(like(text))
        return [by_code] if by_code is not None else self._by_unit_name.get(like(text), [])

    def body(self, row: FileRow, decided_on: date | None) -> int | None:
        text = row.cell("body")
        if not text:
            return None
        found = self.units_named(text)
        if len(found) > 1 and decided_on is not None:
            # Of several of one name, those that were there on the day.
            found = [n for n in found if self.units[n].until is None or self.units[n].until >= decided_on]
        if not found:
            self.refuse(Reason("career_body_unknown", {"line": row.line, "value": text}))
            return None
        if len(found) > 1:
            self.refuse(Reason("career_body_several", {"line": row.line, "value": text}))
            return None
        until = self.units[found[0]].until
        if decided_on is not None and until is not None and until < decided_on:
            params = {"line": row.line, "unit": found[0], "until": until.isoformat()}
            self.refuse(Reason("career_body_ended", params))
        return found[0]

    def who(self, row: FileRow) -> SeenRow:
        """The row with its person; doubtful where somebody has to look."""
        birth = None
        if text := row.cell("birth_date"):
            birth = _any_day(text)
            if birth is None or birth > self.day:
                params = {"line": row.line, "column": "birth_date", "value": text}
                self.refuse(Reason("career_day_unreadable", params))
        if not (row.cell("name") or row.cell("code")):
            return SeenRow(row, REFUSED)
        match = self.matching.of_row(row, birth, self._chosen(row))
        if match.reason is not None:
            self.refuse(match.reason)
            return SeenRow(row, REFUSED)
        if match.person is None:
            return SeenRow(row, DOUBTFUL, candidates=match.candidates, doubt=match.doubt)
        if match.person.id == self.actor:
            self.refuse(Reason("career_about_yourself", {"line": row.line}))
        return SeenRow(row, TAKEN, person=match.person)

    def of_unit(self, row: FileRow, text: str) -> SeenRow:
        """The row with the unit that it is about."""
        found = [unit for unit in self.units_named(text) if unit in self.reach.units]
        if len(found) != 1:
            self.refuse(Reason("career_unit_unknown", {"line": row.line, "value": text}))
            return SeenRow(row, REFUSED)
        return SeenRow(row, TAKEN, unit=found[0])

    def on_record(
        self, table: Table, rows: Iterable[SeenRow]
    ) -> dict[tuple[int | None, int | None], list[Any]]:
        """Rows of a table by their holders, of those whom some rows are about."""
        people = sorted({row.person.id for row in rows if row.person})
        units = sorted({row.unit for row in rows if row.unit is not None})
        found: dict[tuple[int | None, int | None], list[Any]] = {}
        for column, wanted in (("person_id", people), ("unit_id", units)):
            if column not in table.c:
                continue
            for start in range(0, len(wanted), _BATCH):
                query = select(table).where(table.c[column].in_(wanted[start : start + _BATCH]))
                for one in self.connection.execute(query):
                    key = (one.person_id, getattr(one, "unit_id", None))
                    found.setdefault(key, []).append(one)
        return found


def _any_day(text: str) -> date | None:
    match = _DAY.fullmatch(text.strip())
    if match is None:
        return None
    parts = [int(part) for part in match.groups() if part is not None]
    try:
        return date(*parts) if match[4] else date(parts[2], parts[1], parts[0])
    except ValueError:
        return None


def _against(row: SeenRow, *reasons: Reason) -> SeenRow:
    return replace(row, standing=REFUSED, reasons=(*row.reasons, *reasons), candidates=())


class _Titles(_Reader):
    """Titles held: of people, and of units."""

    kind = "titles"

    def __init__(
        self, connection: Connection, reach: Reach, day: date, choices: Choices, actor: int | None
    ) -> None:
        super().__init__(connection, reach, day, choices, actor)
        self.titles = titles_in_force(connection)
        self._words = _titles_by_word(self.titles)
        self._types = words_of("award_types", AWARD_TYPES)

    def understand(self, row: FileRow) -> SeenRow:
        year = self.year(row)
        title = self._title(row)
        decided_on = self.decided(row, year)
        body = self.body(row, decided_on)
        award_type = MERIT
        if row.cell("award_type"):
            found = self.word(row, "award_type", self._types)
            if found is None:
                params = {"line": row.line, "value": row.cell("award_type")}
                self.refuse(Reason("career_type_unknown", params))
            award_type = found or MERIT
        if title is not None and title.subject == INITIATIVE:
            self.refuse(Reason("career_title_of_initiative", {"line": row.line, "title": title.code}))
            title = None
        seen = self._holder(row, title)
        if title is None or year is None or decided_on is None or body is None:
            return seen
        number = " ".join(row.cell("number").split())
        return replace(
            seen,
            values={"title": title.code, "school_year": year, "award_type": award_type},
            decision=(body, number, decided_on, row.cell("signatory")),
        )

    def _title(self, row: FileRow) -> Title | None:
        text = row.cell("title")
        if not text:
            return None
        code = self._words.get(like(text).replace(" ", ""))
        if code is None:
            self.refuse(Reason("career_title_unknown", {"line": row.line, "value": text}))
            return None
        return self.titles[code]

    def _holder(self, row: FileRow, title: Title | None) -> SeenRow:
        if not (row.cell("code") or row.cell("name") or row.cell("unit")):
            return SeenRow(row, REFUSED)
        person = bool(row.cell("code")) or (bool(row.cell("name")) and not self._is_unit(row, title))
        if title is not None and not title.suits("individual" if person else "collective"):
            self.refuse(Reason("career_title_for_other", {"line": row.line, "title": title.code}))
            return SeenRow(row, REFUSED)
        if person:
            return self.who(row)
        return self.of_unit(row, row.cell("unit") or row.cell("name"))

    def _is_unit(self, row: FileRow, title: Title | None) -> bool:
        """Whether a name is a unit's: lists of schools have one column for all names."""
        if title is not None and not title.suits("individual"):
            return True
        return bool(self.units_named(row.cell("name")))

    def together(self, rows: list[SeenRow]) -> list[SeenRow]:
        rows = self._numbers(rows)
        held = self._held(rows)
        first: dict[tuple[Any, ...], int] = {}
        found = []
        for row in rows:
            if row.standing not in (TAKEN, REFUSED) or not row.values or row.holder == (None, None):
                found.append(row)
                continue
            key = (row.holder, row.values["title"], row.values["school_year"], row.values["award_type"])
            before = first.setdefault(key, row.line)
            if before != row.line:
                found.append(_against(row, Reason("career_row_twice", {"line": row.line, "first": before})))
                continue
            found.append(self._beside(row, held.get(key)))
        return found

    def _beside(self, row: SeenRow, there: Any) -> SeenRow:
        if there is None or row.standing != TAKEN or row.decision is None:
            return row
        body, number, day, _ = row.decision
        if (there.body, there.number, there.decided_on) == (body, number, day):
            return replace(row, standing=THERE)
        params = {"line": row.line, "number": there.number, "decided_on": there.decided_on.isoformat()}
        return _against(row, Reason("career_held_by_other", params))

    def _held(self, rows: Iterable[SeenRow]) -> dict[tuple[Any, ...], Any]:
        columns = (*AWARD.c, DECISION.c.number, DECISION.c.decided_on, DECISION.c.unit_id.label("body"))
        people = sorted({row.person.id for row in rows if row.person})
        units = sorted({row.unit for row in rows if row.unit is not None})
        found: dict[tuple[Any, ...], Any] = {}
        for column, wanted in ((AWARD.c.person_id, people), (AWARD.c.unit_id, units)):
            for start in range(0, len(wanted), _BATCH):
                query = (
                    select(*columns)
                    .join(DECISION, DECISION.c.id == AWARD.c.decision_id)
                    .where(
                        column.in_(wanted[start : start + _BATCH]),
                        AWARD.c.initiative_id.is_(None),
                        AWARD.c.standing == "held",
                    )
                )
                for one in self.connection.execute(query):
                    holder = (one.person_id, one.unit_id)
                    found.setdefault((holder, one.title, one.school_year, one.award_type), one)
        return found

    def _numbers(self, rows: list[SeenRow]) -> list[SeenRow]:
        """One number of one body and year is one decision, of one day: in the file, and beside what is on record."""
        asked = {(d[0], d[1], d[2].year) for row in rows if (d := row.decision)}
        known: dict[tuple[int, str, int], date] = {}
        numbers = sorted({number for _, number, _ in asked})
        for start in range(0, len(numbers), _BATCH):
            query = select(DECISION.c.unit_id, DECISION.c.number, DECISION.c.year, DECISION.c.decided_on)
            for one in self.connection.execute(
                query.where(DECISION.c.number.in_(numbers[start : start + _BATCH]))
            ):
                known[one.unit_id, one.number, one.year] = one.decided_on
        in_file: dict[tuple[int, str, int], tuple[date, int]] = {}
        found = []
        for row in rows:
            if row.decision is None:
                found.append(row)
                continue
            body, number, day, _ = row.decision
            key = (body, number, day.year)
            stands = known.get(key)
            params = {"line": row.line, "number": number, "decided_on": day.isoformat()}
            if stands is not None and stands != day:
                told = Reason("career_number_known", {**params, "stands": stands.isoformat()})
                found.append(_against(row, told))
                continue
            other, line = in_file.setdefault(key, (day, row.line))
            if other != day:
                told = Reason(
                    "career_number_two_days", {**params, "stands": other.isoformat(), "first": line}
                )
                found.append(_against(row, told))
                continue
            found.append(row)
        return found


def _titles_by_word(titles: Mapping[str, Title]) -> dict[str, str]:
    """Code, short form and names of titles, written together → code. What two titles share means neither."""
    found: dict[str, set[str]] = {}
    for code, title in titles.items():
        for text in (code, title.short, *title.name.values()):
            found.setdefault(like(text).replace(" ", ""), set()).add(code)
    return {text: next(iter(codes)) for text, codes in found.items() if len(codes) == 1}


class _Grades(_Reader):
    """Grades of people and of units."""

    kind = "grades"

    def __init__(
        self, connection: Connection, reach: Reach, day: date, choices: Choices, actor: int | None
    ) -> None:
        super().__init__(connection, reach, day, choices, actor)
        self._grades = words_of("grades", GRADES)

    def understand(self, row: FileRow) -> SeenRow:
        year = self.year(row)
        grade = self.word(row, "grade", self._grades)
        if row.cell("grade") and grade is None:
            self.refuse(Reason("career_grade_unknown", {"line": row.line, "value": row.cell("grade")}))
        decided_on = self.decided(row, year)
        seen = (
            self.who(row)
            if row.cell("code") or (row.cell("name") and not self.units_named(row.cell("name")))
            else self._unit_graded(row)
        )
        if year is None or grade is None or decided_on is None:
            return seen
        bodies = self.units_named(row.cell("body"))
        issued_by = self.units[bodies[0]].name if len(bodies) == 1 else row.cell("body")
        values = {
            "school_year": year,
            "grade": grade,
            "number": " ".join(row.cell("number").split()),
            "decided_on": decided_on,
            "issued_by": issued_by,
        }
        return replace(seen, values=values)

    def _unit_graded(self, row: FileRow) -> SeenRow:
        text = row.cell("unit") or row.cell("name")
        return self.of_unit(row, text) if text else SeenRow(row, REFUSED)

    def together(self, rows: list[SeenRow]) -> list[SeenRow]:
        there = self.on_record(GRADE, rows)
        first: dict[tuple[Any, ...], int] = {}
        found = []
        for row in rows:
            if not row.values or row.holder == (None, None):
                found.append(row)
                continue
            key = (row.holder, row.values["school_year"])
            before = first.setdefault(key, row.line)
            if before != row.line:
                told = Reason("career_grade_twice", {"line": row.line, "first": before})
                found.append(_against(row, told))
                continue
            found.append(self._beside(row, there.get(row.holder, ())))
        return found

    def _beside(self, row: SeenRow, there: Iterable[Any]) -> SeenRow:
        for one in there:
            if row.standing != TAKEN or one.replaced_at or one.school_year != row.values["school_year"]:
                continue
            same = all(getattr(one, name) == row.values[name] for name in ("grade", "number", "decided_on"))
            if same:
                return replace(row, standing=THERE)
            params = {"line": row.line, "grade": one.grade, "number": one.number}
            return _against(row, Reason("career_grade_known", params))
        return row


class _Disciplines(_Reader):
    """Disciplines of people."""

    kind = "disciplines"

    def __init__(
        self, connection: Connection, reach: Reach, day: date, choices: Choices, actor: int | None
    ) -> None:
        super().__init__(connection, reach, day, choices, actor)
        self._forms = words_of("disciplines", DISCIPLINES)

    def understand(self, row: FileRow) -> SeenRow:
        form = self.word(row, "form", self._forms)
        if row.cell("form") and form is None:
            self.refuse(Reason("career_form_unknown", {"line": row.line, "value": row.cell("form")}))
        decided_on, served_on = self.dated(row, "decided_on"), self.dated(row, "served_on")
        if decided_on and served_on and served_on < decided_on:
            self.refuse(Reason("career_served_before", {"line": row.line, "day": served_on.isoformat()}))
        seen = self.who(row)
        if form is None or decided_on is None:
            return seen
        number = " ".join(row.cell("number").split())
        values = {"form": form, "number": number, "decided_on": decided_on, "served_on": served_on}
        return replace(seen, values=values)

    def together(self, rows: list[SeenRow]) -> list[SeenRow]:
        there = self.on_record(DISCIPLINE, rows)
        names = ("number", "decided_on")
        return _each_once(
            rows,
            lambda row: (row.holder, *(row.values[name] for name in names)),
            lambda row: [
                one
                for one in there.get((row.holder[0], None), ())
                if one.annulled_at is None and all(getattr(one, name) == row.values[name] for name in names)
            ],
            ("form", "served_on"),
            "discipline",
        )


class _Service(_Reader):
    """Times of service of people."""

    kind = "service"

    def __init__(
        self, connection: Connection, reach: Reach, day: date, choices: Choices, actor: int | None
    ) -> None:
        super().__init__(connection, reach, day, choices, actor)
        self._services = words_of("services", SERVICES)

    def understand(self, row: FileRow) -> SeenRow:
        kind = self.word(row, "service", self._services)
        if row.cell("service") and kind is None:
            self.refuse(Reason("career_service_unknown", {"line": row.line, "value": row.cell("service")}))
        since, until = self.dated(row, "since"), self.dated(row, "until")
        if since and until and until < since:
            self.refuse(Reason("career_ends_before", {"line": row.line, "day": until.isoformat()}))
        seen = self.who(row)
        if kind is None or since is None:
            return seen
        return replace(seen, values={"kind": kind, "since": since, "until": until})

    def together(self, rows: list[SeenRow]) -> list[SeenRow]:
        there = self.on_record(SERVICE, rows)
        return _each_once(
            rows,
            lambda row: (row.holder, row.values["kind"], row.values["since"]),
            lambda row: [
                one
                for one in there.get((row.holder[0], None), ())
                if (one.kind, one.since) == (row.values["kind"], row.values["since"])
            ],
            ("until",),
            "service",
        )


def _each_once(
    rows: Iterable[SeenRow],
    key: Callable[[SeenRow], tuple[Any, ...]],
    there: Callable[[SeenRow], Collection[Any]],
    rest: Sequence[str],
    what: str,
) -> list[SeenRow]:
    """Rows of which each stands once in the file, and once on record; ``rest`` tells whether it is the same there."""
    first: dict[tuple[Any, ...], int] = {}
    found = []
    for row in rows:
        if not row.values or row.person is None:
            found.append(row)
            continue
        before = first.setdefault(key(row), row.line)
        if before != row.line:
            found.append(_against(row, Reason("career_row_twice", {"line": row.line, "first": before})))
            continue
        known = there(row) if row.standing == TAKEN else ()
        if any(all(getattr(one, name) == row.values[name] for name in rest) for one in known):
            found.append(replace(row, standing=THERE))
        elif known:
            found.append(_against(row, Reason("career_known_otherwise", {"line": row.line, "what": what})))
        else:
            found.append(row)
    return found


READERS: Mapping[str, type[_Reader]] = {
    reader.kind: reader for reader in (_Titles, _Grades, _Disciplines, _Service)
}
