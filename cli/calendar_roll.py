"""The next year's calendar, proposed from a published one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cli import exits
from cli.calendar_check import in_plain, show_findings, surroundings
from cli.terminal import Terminal
from cli.values import BadValue

if TYPE_CHECKING:
    from published.calendar import Calendar


def roll(terminal: Terminal, name: str, school_year: str, out: Path | None) -> int:
    """Write the proposal to a new file, or to standard output; what is to be looked at goes beside it."""
    from casework.calendar_check import look_at
    from notifications.words import say
    from published.roll import propose, years_between

    around = surroundings(terminal)
    calendar = _calendar(terminal, name)
    if years_between(calendar.school_year, school_year) < 1:
        raise BadValue("not_a_later_year", value=school_year, of=calendar.school_year)
    proposal = propose(
        calendar, school_year, around, lambda code, params: say(f"roll.{code}", params, terminal.lang)
    )
    _, findings = look_at(proposal.text.encode("utf-8"), around)
    if out is not None:
        with out.open("x", encoding="utf-8", newline="\n") as file:
            file.write(proposal.text)
    told = [(remark, say(f"roll.{remark.code}", remark.params, terminal.lang)) for remark in proposal.remarks]
    if terminal.json:
        remarks = [
            {"code": r.code, "milestone": r.milestone, "params": r.params, "text": text} for r, text in told
        ]
        terminal.screen.data(
            {
                "name": proposal.name,
                "file": str(out) if out is not None else None,
                "text": proposal.text,
                "remarks": remarks,
                "findings": in_plain(terminal, findings),
            }
        )
        return exits.DONE
    if out is None:
        # The proposal itself is what was asked for; its comments hold every remark.
        terminal.screen.plain(proposal.text)
        return exits.DONE
    terminal.screen.line(terminal.say("written", file=str(out)))
    where: dict[str, list[str]] = {}
    for remark, text in told:
        places = where.setdefault(text, [])
        place = remark.milestone or terminal.say("whole_file")
        if place not in places:
            places.append(place)
    for text, places in where.items():
        terminal.screen.item("  ", f"{text} [{', '.join(places)}]")
    show_findings(terminal, findings)
    return exits.DONE


def _calendar(terminal: Terminal, name: str) -> Calendar:
    """The newest version of a calendar of this home; without a home, this program's own file."""
    from casework.calendars import calendar_named
    from kit.database import StorageTrouble
    from published.calendar import read_calendar
    from rehearsal.sample_files import regulation_texts
    from rules.reasons import Reason, Refused

    try:
        with terminal.reading() as connection:
            return calendar_named(connection, name)
    except StorageTrouble as trouble:
        if trouble.code != "database_not_prepared":
            raise
    for kind, text in regulation_texts():
        calendar = read_calendar(text)[0] if kind == "calendar" else None
        if calendar is not None and calendar.name == name:
            return calendar
    raise Refused([Reason("unknown_calendar", {"name": name})])
