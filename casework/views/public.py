"""What everybody may see without signing in: lists that lie open, and what was awarded. No code, no birth date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from casework.decided import AWARD, DECISION
from casework.load import DOSSIER, INITIATIVE, NOMINATION, PAPER, dossier_by_code
from casework.people import PERSON, UNIT
from casework.publicity import lies_open
from casework.reads import Reads
from casework.regulations import chart_of
from casework.views.bounded import COUNTED, PAGE, counted_rows
from casework.views.initiative_names import initiatives_told, with_authors_named
from casework.views.naming import titles_named
from casework.views.standing import awaited
from models.dossier import LIES_OPEN
from rules.reasons import Refused
from rules.windows import local_day

#: nominations of one list; the longest that was seen has some dozens
_MOST_NOMINEES = 500


@dataclass(frozen=True, slots=True)
class Part:
    """One page of a list: its rows, how many there are in all (counted to `COUNTED` and not beyond), and which page."""

    rows: list[dict[str, Any]]
    total: int
    page: int
    per_page: int = PAGE

    @property
    def more_than_counted(self) -> bool:
        """Whether there are more than were counted."""
        return self.total > COUNTED

    @property
    def reached(self) -> int:
        """How many rows its pages reach."""
        return min(self.total, COUNTED)


def _page_of(connection: Connection, query: Select[Any], page: int) -> tuple[int, int, int]:
    """How many rows a query has, the page that is shown, and the row at which it begins."""
    total = counted_rows(connection, query)
    page = min(max(page, 1), max(-(-min(total, COUNTED) // PAGE), 1))
    return total, page, (page - 1) * PAGE


def open_lists(connection: Connection, page: int = 1) -> Part:
    """The dossiers that lie open to public opinion, the newest first."""
    # Of the rows shown alone: grouped, every open nomination of the country would be counted.
    nominations = (
        select(func.count())
        .where(NOMINATION.c.dossier_id == DOSSIER.c.id, NOMINATION.c.outcome == "open")
        .correlate(DOSSIER)
        .scalar_subquery()
    )
    query = (
        select(
            DOSSIER.c.code,
            DOSSIER.c.school_year,
            DOSSIER.c.level,
            DOSSIER.c.changed_at,
            UNIT.c.name,
            nominations.label("nominations"),
        )
        .join(UNIT, UNIT.c.id == DOSSIER.c.unit_id)
        .where(LIES_OPEN)
        .order_by(DOSSIER.c.changed_at.desc(), DOSSIER.c.id.desc())
    )
    total, page, start = _page_of(connection, select(DOSSIER.c.id).where(LIES_OPEN), page)
    rows = connection.execute(query.limit(PAGE).offset(start)).mappings().all()
    shown = [
        {
            "dossier": row["code"],
            "unit": row["name"],
            "school_year": row["school_year"],
            "level": row["level"],
            "since": local_day(row["changed_at"]),
            "nominations": row["nominations"],
        }
        for row in rows
    ]
    return Part(shown, total, page)


def open_list(connection: Connection, code: str, now: datetime, lang: str) -> dict[str, Any] | None:
    """One list that lies open: who is nominated for which title, where, since when and until when.

    None where it does not lie open: a dossier that is not shown and one that there is not look alike.
    """
    try:
        dossier = dossier_by_code(connection, code)
    except Refused:
        return None
    if not lies_open(dossier):
        return None
    procedure = chart_of(connection, dossier["procedure_sha256"]).procedure
    waits = awaited(Reads(connection, local_day(now)), dossier)
    names = {
        row.id: row.name
        for row in connection.execute(
            select(UNIT.c.id, UNIT.c.name).where(UNIT.c.id.in_([dossier["unit_id"], dossier["desk_unit_id"]]))
        )
    }
    query = (
        select(NOMINATION.c.title, *_HOLDER)
        .select_from(_with_holder(NOMINATION))
        .where(NOMINATION.c.dossier_id == dossier["id"], NOMINATION.c.outcome == "open")
        .order_by(NOMINATION.c.id)
        .limit(_MOST_NOMINEES)
    )
    titles = titles_named(connection, lang)
    return {
        "dossier": code,
        "unit": names[dossier["unit_id"]],
        "desk_unit": names[dossier["desk_unit_id"]],
        "state_label": procedure.states[dossier["state"]].label[lang],
        "school_year": dossier["school_year"],
        "level": dossier["level"],
        "since": local_day(dossier["changed_at"]),
        "until": waits.window.last_day if waits and waits.window else None,
        "notice": _notice_day(connection, dossier),
        "nominations": _all_held(connection, connection.execute(query).mappings().all(), titles),
    }


def _notice_day(connection: Connection, dossier: Mapping[str, Any]) -> date | None:
    """The day on which the notice of the list that lies open now came in; None while there is none."""
    query = select(func.min(PAPER.c.added_at)).where(
        PAPER.c.dossier_id == dossier["id"],
        PAPER.c.kind == "publicity_notice",
        PAPER.c.removed_at.is_(None),
        PAPER.c.added_at >= dossier["changed_at"],
    )
    added_at = connection.execute(query).scalar()
    return None if added_at is None else local_day(added_at)


@dataclass(frozen=True, slots=True)
class ResultFilter:
    """Which results are asked for: of a school year, of units whose name holds a text; of people and collectives, or
    of initiatives, which are told apart from them."""

    year: str = ""
    unit: str = ""
    initiatives: bool = False


def results(connection: Connection, lang: str, wanted: ResultFilter, page: int = 1) -> Part:
    """Titles that are held by decisions made here, what was recorded last first. What was revoked is none.

    A decision's titles are recorded together, so they stand together; and no database has to sort all there are.
    """
    # Which they are is asked of the awards alone, and the rest only of those that are shown.
    of_initiatives = AWARD.c.initiative_id.is_not(None)
    apart = of_initiatives if wanted.initiatives else ~of_initiatives
    held = select(AWARD.c.id).where(_MADE_HERE, AWARD.c.standing == "held", apart)
    if wanted.year:
        held = held.where(AWARD.c.school_year == wanted.year)
    if wanted.unit:
        # The schools first: there are some thousand, and a name is looked for in each.
        named = connection.execute(select(UNIT.c.id).where(_named_like(UNIT.c.name, wanted.unit)))
        theirs = (
            select(NOMINATION.c.id)
            .join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id)
            .where(DOSSIER.c.unit_id.in_(list(named.scalars())))
        )
        held = held.where(AWARD.c.nomination_id.in_(theirs))
    total, page, start = _page_of(connection, held, page)
    newest = connection.execute(held.order_by(AWARD.c.id.desc()).limit(PAGE).offset(start)).scalars()
    school = UNIT.alias("school")
    query = (
        select(
            AWARD.c.title,
            *_HOLDER,
            DOSSIER.c.school_year,
            school.c.name.label("school"),
            DECISION.c.number,
            DECISION.c.decided_on,
            DECISION.c.issued_by,
        )
        .select_from(
            _with_holder(AWARD)
            .join(NOMINATION, NOMINATION.c.id == AWARD.c.nomination_id)
            .join(
                DOSSIER,
                and_(DOSSIER.c.id == NOMINATION.c.dossier_id, DOSSIER.c.decision_id == AWARD.c.decision_id),
            )
            .join(school, school.c.id == DOSSIER.c.unit_id)
            .join(DECISION, DECISION.c.id == AWARD.c.decision_id)
        )
        .where(AWARD.c.id.in_(list(newest)), DOSSIER.c.state_kind == "decided")
        .order_by(AWARD.c.id.desc())
    )
    rows = connection.execute(query).mappings().all()
    titles = titles_named(connection, lang)
    shown = [
        held | {name: row[name] for name in ("school", "school_year", "number", "decided_on", "issued_by")}
        for held, row in zip(_all_held(connection, rows, titles), rows, strict=True)
    ]
    return Part(shown, total, page)


def years_with_results(connection: Connection) -> list[str]:
    """School years for which something was awarded here, the newest first.

    From one year to the one before it, a look into the index each: neither database does that for DISTINCT.
    """
    newest = select(func.max(AWARD.c.school_year).label("year")).where(_MADE_HERE)
    years = newest.cte("years", recursive=True)
    before = select(func.max(AWARD.c.school_year)).where(_MADE_HERE, AWARD.c.school_year < years.c.year)
    years = years.union_all(select(before.scalar_subquery()).where(years.c.year.is_not(None)))
    query = select(years.c.year).where(years.c.year.is_not(None))
    return sorted(connection.execute(query).scalars(), reverse=True)


_MADE_HERE = AWARD.c.nomination_id.is_not(None)
_HOLDER = (
    INITIATIVE.c.id.label("initiative_id"),
    PERSON.c.name.label("person"),
    PERSON.c.erased_at.is_not(None).label("erased"),
    UNIT.c.name.label("collective"),
)


def _with_holder(table: Any) -> Any:
    """A table of nominations or awards with the person, the initiative, or the collective, that each is of."""
    person = table.outerjoin(PERSON, PERSON.c.id == table.c.person_id)
    initiative = person.outerjoin(INITIATIVE, INITIATIVE.c.id == table.c.initiative_id)
    return initiative.outerjoin(UNIT, and_(UNIT.c.id == table.c.unit_id, table.c.person_id.is_(None)))


def _held(row: Any, titles: dict[str, str], initiatives: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """Who, and which title. Of somebody who was erased nothing is told: the staff code stands for the name there."""
    initiative = initiatives.get(row["initiative_id"])
    return {
        "person": None if row["erased"] else row["person"],
        "erased": bool(row["erased"]),
        "collective": None if initiative else row["collective"],
        "initiative": with_authors_named(initiative, public=True) if initiative else None,
        "title": titles.get(row["title"], row["title"]),
    }


def _all_held(connection: Connection, rows: Sequence[Any], titles: dict[str, str]) -> list[dict[str, Any]]:
    wanted = {row["initiative_id"] for row in rows if row["initiative_id"] is not None}
    initiatives = initiatives_told(connection, wanted)
    return [_held(row, titles, initiatives) for row in rows]


def _named_like(column: Any, text: str) -> ColumnElement[bool]:
    # SQLite folds only ASCII letters: the usual ways of writing a name are looked for one by one.
    forms = sorted({text, text.lower(), text.title(), text.upper(), text.capitalize()})
    found = [column.contains(form, autoescape=True) for form in forms]
    return or_(func.lower(column).contains(text.lower(), autoescape=True), *found)
