"""Where each dossier stands and what waits for whom."""

from __future__ import annotations

from collections import Counter
from typing import Any

import typer

from cli import exits, options
from cli.group import Command
from cli.screen import Column
from cli.terminal import Terminal

# As many lines as leave the whole on one screen: a desk takes two of them.
_WAITING_SHOWN = 8
_LATE_SHOWN = 5
# More than any home is known to hold.
_ALL = 1_000_000


def add_to(app: typer.Typer) -> None:
    """Put these commands beside the nouns."""
    app.command("status", cls=Command)(status)
    app.command("mine", cls=Command)(mine)


def status(
    ctx: typer.Context,
    unit: options.InUnit = None,
    school_year: options.OfYear = None,
    level: options.OfLevel = None,
    kind: options.OfKind = None,
    desk: options.AtDesk = None,
    person: options.ForPerson = None,
    procedure: options.OfProcedure = None,
    limit: options.Lines = None,
) -> int:
    from casework.views.dossiers import Filter

    wanted = Filter(unit, school_year, level, kind, desk, procedure, person)
    return show_standing(ctx.obj, wanted, limit=limit)


def mine(ctx: typer.Context, person: options.AsMust, limit: options.Limit = 200) -> int:
    from casework.home_clock import business_now
    from casework.views.dossiers import waiting_for

    terminal: Terminal = ctx.obj
    with terminal.reading() as connection:
        now = business_now(connection)
        rows = waiting_for(connection, person, now, terminal.lang)
    if terminal.json:
        terminal.screen.data({"now": now.isoformat(), "total": len(rows), "dossiers": rows[:limit]})
        return exits.DONE
    if not rows:
        terminal.screen.line(terminal.say("nothing_waits"))
        return exits.DONE
    terminal.screen.table(
        (
            Column(terminal.say("dossier"), whole=True),
            Column(terminal.say("school"), share=3),
            Column(terminal.say("to_do"), share=2),
            Column(terminal.say("deadline"), share=2),
        ),
        (
            (
                row["dossier"],
                row["unit"]["name"],
                terminal.word("events", row["next_event"]),
                due(terminal, row),
            )
            for row in rows[:limit]
        ),
        terminal.say("mine_title", count=len(rows), now=now),
    )
    return exits.DONE


def show_standing(terminal: Terminal, wanted: Any = None, *, limit: int | None = None) -> int:
    """One screen: what waits for whom, what is late, and how many dossiers stand where. Data hold every dossier."""
    from casework.home_clock import business_now
    from casework.views.dossiers import Filter, list_dossiers, waiting_by_person

    with terminal.reading() as connection:
        now = business_now(connection)
        most = (limit or _ALL) if terminal.json else _ALL
        listing = list_dossiers(connection, wanted or Filter(), now, terminal.lang, limit=most)
    waiting = waiting_by_person(listing.rows)
    if terminal.json:
        terminal.screen.data(
            {"now": now.isoformat(), "total": listing.total, "dossiers": listing.rows, "waiting": waiting}
        )
        return exits.DONE
    if not listing.rows:
        terminal.screen.line(terminal.say("no_dossier"))
        return exits.DONE
    late = sorted((row for row in listing.rows if row["late"]), key=lambda row: row["deadline"])
    resting = sum(row["next_event"] is None for row in listing.rows)
    terminal.screen.title(
        terminal.say(
            "standing_title", count=listing.total, waiting=listing.total - resting, resting=resting, now=now
        )
    )
    if waiting:
        terminal.screen.line()
        show_waiting(terminal, waiting, limit or _WAITING_SHOWN)
    if late:
        terminal.screen.line()
        _show_late(terminal, late, limit or _LATE_SHOWN)
    terminal.screen.line()
    states = Counter(row["state_label"] for row in listing.rows)
    terminal.screen.line(" · ".join(f"{label}: {count}" for label, count in states.most_common()))
    terminal.screen.line(terminal.say("standing_more"))
    return exits.DONE


def _show_late(terminal: Terminal, late: list[dict[str, Any]], most: int) -> None:
    terminal.screen.table(
        (
            Column(terminal.say("dossier"), whole=True),
            Column(terminal.say("school"), share=4),
            Column(terminal.say("to_do"), share=3),
            Column(terminal.say("deadline"), share=3),
        ),
        (
            (
                row["dossier"],
                row["unit"]["name"],
                terminal.word("events", row["next_event"]),
                due(terminal, row),
            )
            for row in late[:most]
        ),
        terminal.say("late_title", count=len(late)),
    )
    if len(late) > most:
        terminal.screen.line(terminal.say("more_late", count=len(late) - most, all=len(late)))


def show_rows(terminal: Terminal, listing: Any, title: str) -> None:
    """Dossiers as a table."""
    terminal.screen.table(
        (
            Column(terminal.say("dossier"), whole=True),
            Column(terminal.say("school"), share=4),
            Column(terminal.say("level"), whole=True),
            Column(terminal.say("stands_at"), share=4),
            Column(terminal.say("nominations_short"), number=True),
            Column(terminal.say("deadline"), share=4),
        ),
        (
            (
                row["dossier"],
                row["unit"]["name"],
                terminal.word("levels", row["level"]),
                row["state_label"],
                row["nominations"],
                due(terminal, row),
            )
            for row in listing.rows
        ),
        title,
    )
    if listing.total > len(listing.rows):
        rest = listing.total - len(listing.rows)
        terminal.screen.line(terminal.say("more_dossiers", count=rest, all=listing.total))


def show_waiting(terminal: Terminal, waiting: list[dict[str, Any]], most: int) -> None:
    """What waits for whom: desk, unit, people, how many and until when."""
    terminal.screen.table(
        (
            Column(terminal.say("waits_for"), share=4),
            Column(terminal.say("people"), share=4),
            Column(terminal.say("dossiers"), number=True),
            Column(terminal.say("nearest"), whole=True),
            Column(terminal.say("late"), number=True),
        ),
        (
            (
                f"{group['desk']} · {group['unit']['name']}"
                if group["desk"] != group["unit"]["name"]
                else group["desk"],
                people(terminal, group["people"], 2),
                len(group["dossiers"]),
                terminal.say("day", day=group["deadline"]) if group["deadline"] else "",
                group["late"] or "",
            )
            for group in waiting[:most]
        ),
        terminal.say("waiting_title"),
    )
    if len(waiting) > most:
        rest = waiting[most:]
        count = sum(len(group["dossiers"]) for group in rest)
        terminal.screen.line(terminal.say("more_waiting", places=len(rest), count=count, all=len(waiting)))


def people(terminal: Terminal, found: list[dict[str, str]], most: int = 3) -> str:
    """Some people by name; how many more there are."""
    names = [f"{person['name']} ({person['code']})" for person in found[:most]]
    if len(found) > most:
        names.append(terminal.say("and_more", count=len(found) - most))
    return ", ".join(names) or terminal.say("nobody_holds_it")


def due(terminal: Terminal, row: dict[str, Any]) -> str:
    """The deadline of what a dossier waits for, as it stands today."""
    if row["deadline"] is None:
        return ""
    if row["late"]:
        return terminal.say("due_over", day=row["deadline"])
    if row["days_left"] is None:
        return terminal.say("due_from", day=row["opens"])
    if row["days_left"] == 0:
        return terminal.say("due_today")
    return terminal.say("due_in", days=row["days_left"], day=row["deadline"])


def period(terminal: Terminal, row: dict[str, Any]) -> str:
    """From which day to which; an open end says so by its absence."""
    return terminal.say("from_to" if row["until"] else "from_on", since=row["since"], until=row["until"])
