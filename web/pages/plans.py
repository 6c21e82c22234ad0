"""One calendar: its milestones and what follows from each, extensions, who gets what when, next year's proposal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from casework.calendar_check import look_at, surroundings_of
from casework.calendars import calendar_named
from casework.preview import preview
from casework.views.naming import procedures_named
from casework.views.plan import extensions_of, plan_of
from casework.views.proposed import faults_told
from casework.views.published import versions_of
from casework.views.receipts import receipt_in
from notifications.words import plain_day, say
from published.calendar import Calendar
from published.roll import Proposal, Remark, propose
from rules.reasons import Refused
from rules.school_years import later
from rules.windows import local_day
from web.errors import NotFound
from web.forms import Form
from web.pages.regulations import attached
from web.paging import SHOWN, line_of, paging, start_of
from web.regulations import subject_of
from web.ribbon import ribbons
from web.visit import Administrator, Visit

router = APIRouter()
#: how far ahead is looked where no day is given, and at most
_AHEAD, _FARTHEST = timedelta(days=14), timedelta(days=120)
#: school years that may be proposed from one
_YEARS = 3


@router.get("/regulations/calendars/{name}")
def calendar(name: str, visit: Administrator, start: int = 0, done: int = 0) -> Response:
    """The calendar as a page; ``start`` turns the pages of its extensions."""
    start = start_of(start)
    with visit.reading() as connection:
        plan = _calendar(connection, name)
        rows = plan_of(connection, plan, visit.lang)
        granted, total = extensions_of(connection, plan, visit.lang, limit=SHOWN, start=start)
        versions = versions_of(connection, "calendar", name)
        receipt = receipt_in(connection, subject_of("calendar", name), done) if done else None
    return visit.page(
        "regulations/calendar.html",
        plan=plan,
        title=plan.title[visit.lang],
        rows=rows,
        granted=granted,
        pages=paging(f"/regulations/calendars/{name}", {}, start, total),
        versions=versions,
        next_year=later(plan.school_year, 1),
        receipt=receipt,
        ribbons=ribbons([plan], (), local_day(visit.now), visit.lang),
    )


def _calendar(connection: Connection, name: str) -> Calendar:
    try:
        return calendar_named(connection, name)
    except Refused as refusal:
        raise NotFound from refusal


@router.get("/regulations/calendars/{name}/reminders")
def reminders(name: str, visit: Administrator, person: str = "", until: str = "", start: int = 0) -> Response:
    """Who would get which reminder when if nobody did anything more, up to a day."""
    today, start = local_day(visit.now), start_of(start)
    asked = Form({"until": [until]})
    last = asked.day("until") or today + _AHEAD
    last = min(last, today + _FARTHEST)
    code = line_of(person)
    rows: list[dict[str, Any]] = []
    with visit.reading() as connection:
        plan = _calendar(connection, name)
        if not asked.faults:
            try:
                found = preview(connection, visit.now, visit.lang, person=code or None, until=last)
            except Refused:
                asked.faults["person"] = "no_person"
                found = []
            rows = [row for row in found if row["calendar"] == plan.name]
    kept = {"person": code, "until": plain_day(last)}
    return visit.page(
        "regulations/reminders.html",
        plan=plan,
        title=plan.title[visit.lang],
        rows=rows[start : start + SHOWN],
        asked=kept,
        last=last,
        faults=asked.faults,
        pages=paging(f"/regulations/calendars/{name}/reminders", kept, start, len(rows)),
    )


@router.get("/regulations/calendars/{name}/roll")
def roll(name: str, visit: Administrator, to: str = "") -> Response:
    """Next year's file, proposed from this one, and what is to be looked at in it."""
    with visit.reading() as connection:
        plan = _calendar(connection, name)
        to = to or later(plan.school_year, 1)
        proposal = _proposed(connection, visit, plan, to)
        text = proposal.text.encode("utf-8")
        faults, findings = (
            faults_told(connection, found, text, visit.lang)
            for found in look_at(text, surroundings_of(connection))
        )
        procedures = procedures_named(connection, visit.lang)
    remarks: dict[str, list[str]] = {}
    for remark in proposal.remarks:
        places = remarks.setdefault(_remark(remark, procedures, visit.lang), [])
        label = plan.milestones[remark.milestone].label[visit.lang] if remark.milestone else ""
        if label and label not in places:
            places.append(label)
    return visit.page(
        "regulations/roll.html",
        plan=plan,
        proposal=proposal,
        to=to,
        years=[later(plan.school_year, years) for years in range(1, _YEARS + 1)],
        remarks=remarks,
        faults=faults,
        findings=findings,
    )


def _remark(remark: Remark, procedures: Mapping[str, str], lang: str) -> str:
    """A remark for people; in the file itself it names codes, which are what is to be changed there."""
    params = dict(remark.params)
    if "procedure" in params:
        params["procedure"] = f"“{procedures.get(params['procedure'], params['procedure'])}”"
    if remark.code == "actor_succeeded":
        return say("pages.roll_remark.actor_succeeded_by", params, lang)
    return say(f"roll.{remark.code}", params, lang)


@router.get("/regulations/calendars/{name}/roll/file")
def roll_file(name: str, visit: Administrator, to: str = "") -> Response:
    """The proposal as a file."""
    with visit.reading() as connection:
        plan = _calendar(connection, name)
        proposal = _proposed(connection, visit, plan, to or later(plan.school_year, 1))
    return attached(f"calendar-{proposal.name}.yaml", proposal.text)


def _proposed(connection: Connection, visit: Visit, plan: Calendar, to: str) -> Proposal:
    if to not in [later(plan.school_year, years) for years in range(1, _YEARS + 1)]:
        raise NotFound
    return propose(
        plan, to, surroundings_of(connection), lambda code, params: say(f"roll.{code}", params, visit.lang)
    )
