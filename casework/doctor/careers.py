"""Grades, disciplines, matters, times of service and complete years: what no act of a career writes."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from casework.career.reader import LATEST_YEARS
from casework.career.tables import COMPLETE, DISCIPLINE, GRADE, MATTER, SERVICE
from casework.doctor.finding import fault, warning
from casework.doctor.view import View, named, share_a_day
from casework.history import ENTRY
from models.history_import import WHOLE
from rules.record import complete_from
from rules.school_years import first_day, last_day, year_named
from rules.windows import day_start, local_day


def grade_stands_twice(view: View) -> Iterator[str]:
    """A person or a unit has two grades of one school year, neither of which was replaced."""
    for holder in (GRADE.c.person_id, GRADE.c.unit_id):
        newest = func.max(GRADE.c.id)
        query = (
            select(newest)
            .where(holder.is_not(None), GRADE.c.replaced_at.is_(None))
            .group_by(holder, GRADE.c.school_year)
            .having(func.count() > 1)
        )
        yield from view.ids("grade", query.order_by(newest))


def grade_outside_its_year(view: View) -> Iterator[str]:
    """A grade was decided before its school year began, years after it ended, or after it was recorded."""
    holder = (GRADE.c.person_id, GRADE.c.unit_id, GRADE.c.school_year)
    replaced = select(*holder).where(GRADE.c.replaced_at.is_not(None)).distinct()
    corrected = {tuple(row) for row in view.connection.execute(replaced)}
    query = select(GRADE.c.id, *holder, GRADE.c.decided_on, GRADE.c.recorded_at).order_by(GRADE.c.id)
    for row in view.rows(query):
        year = year_named(row["school_year"])
        latest = local_day(row["recorded_at"])
        # A correction may come however late.
        if year is not None and (row["person_id"], row["unit_id"], row["school_year"]) not in corrected:
            latest = min(latest, last_day(year + LATEST_YEARS))
        if year is None or not first_day(year) <= row["decided_on"] <= latest:
            yield f"grade:{row['id']}"


def grade_replaced_by_nothing(view: View) -> Iterator[str]:
    """A grade was replaced, and no grade of that holder and school year was recorded at that instant."""
    other = GRADE.alias("other")
    for holder in ("person_id", "unit_id"):
        # Two joins rather than one with OR, for which neither database would look up the holder.
        same = and_(
            other.c[holder] == GRADE.c[holder],
            other.c.school_year == GRADE.c.school_year,
            other.c.recorded_at == GRADE.c.replaced_at,
        )
        query = (
            select(GRADE.c.id)
            .outerjoin(other, same)
            .where(GRADE.c[holder].is_not(None), GRADE.c.replaced_at.is_not(None), other.c.id.is_(None))
        )
        yield from view.ids("grade", query.order_by(GRADE.c.id))


def discipline_twice(view: View) -> Iterator[str]:
    """One discipline of a person stands twice: the same number and day."""
    newest = func.max(DISCIPLINE.c.id)
    query = (
        select(newest)
        .where(DISCIPLINE.c.annulled_at.is_(None))
        .group_by(DISCIPLINE.c.person_id, DISCIPLINE.c.number, DISCIPLINE.c.decided_on)
        .having(func.count() > 1)
    )
    yield from view.ids("discipline", query.order_by(newest))


def history_days_out_of_order(view: View) -> Iterator[str]:
    """A discipline, a matter or a time of service ends before it begins, or one of its days lies ahead."""
    for kind, table, begins, ends in (
        ("discipline", DISCIPLINE, DISCIPLINE.c.decided_on, DISCIPLINE.c.served_on),
        ("matter", MATTER, MATTER.c.since, MATTER.c.closed_on),
        ("service", SERVICE, SERVICE.c.since, SERVICE.c.until),
    ):
        wrong = or_(ends < begins, begins > view.today, ends > view.today)
        yield from view.ids(kind, select(table.c.id).where(wrong).order_by(table.c.id))


def service_overlaps(view: View) -> Iterator[str]:
    """Two times of service of one kind and person share a day."""
    other = SERVICE.alias("other")
    same = and_(
        other.c.person_id == SERVICE.c.person_id,
        other.c.kind == SERVICE.c.kind,
        other.c.id < SERVICE.c.id,
        share_a_day(other, SERVICE),
    )
    query = select(SERVICE.c.id).where(exists(select(other.c.id).where(same)))
    yield from view.ids("service", query.order_by(SERVICE.c.id))


def ended_without_act(view: View) -> Iterator[str]:
    """A discipline is annulled or a matter closed without the act that does so, or the act is there and it is not."""
    for kind, table, ended, event in (
        ("discipline", DISCIPLINE, DISCIPLINE.c.annulled_at.is_not(None), "annul_discipline"),
        ("matter", MATTER, MATTER.c.closed_on.is_not(None), "close_matter"),
    ):
        told = exists().where(ENTRY.c.subject == named(kind, table.c.id), ENTRY.c.event == event)
        differs = or_(and_(ended, ~told), and_(~ended, told))
        yield from view.ids(kind, select(table.c.id).where(differs).order_by(table.c.id))


def complete_year_not_over(view: View) -> Iterator[str]:
    """A school year was stated as complete before it had ended, or is none."""
    query = select(COMPLETE.c.what, COMPLETE.c.school_year).where(COMPLETE.c.what != WHOLE).distinct()
    early = [_stated_early(row.what, row.school_year) for row in view.connection.execute(query)]
    # Without any the condition would hold of every row.
    if early:
        yield from view.ids("complete_year", select(COMPLETE.c.id).where(or_(*early)).order_by(COMPLETE.c.id))


def _stated_early(what: str, name: str) -> ColumnElement[bool]:
    of_year, year = and_(COMPLETE.c.school_year == name, COMPLETE.c.what == what), year_named(name)
    return (
        of_year
        if year is None
        else and_(of_year, COMPLETE.c.stated_at < day_start(complete_from(what, year)))
    )


def complete_year_twice(view: View) -> Iterator[str]:
    """The same of a person's or unit's year is stated as complete twice."""
    newest = func.max(COMPLETE.c.id)
    query = (
        select(newest)
        .group_by(COMPLETE.c.person_id, COMPLETE.c.unit_id, COMPLETE.c.what, COMPLETE.c.school_year)
        .having(func.count() > 1)
    )
    yield from view.ids("complete_year", query.order_by(newest))


INVARIANTS = (
    fault(grade_stands_twice),
    fault(grade_outside_its_year),
    fault(grade_replaced_by_nothing),
    fault(discipline_twice),
    fault(history_days_out_of_order),
    # A file that was taken over before such files were refused may have brought them; each day counts once.
    warning(service_overlaps),
    fault(ended_without_act),
    fault(complete_year_not_over),
    fault(complete_year_twice),
)
