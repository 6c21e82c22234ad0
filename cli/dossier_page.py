"""One dossier on the terminal: the way, the nominations with the desks' opinions, what may be done next."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cli.screen import Column
from cli.status import due, people
from cli.terminal import Terminal
from notifications.words import capital, say_reason
from notifications.words import say as money_told

# Told apart by shape, so that they read without colour: behind, here, set aside from here, ahead.
_SIGNS = {"done": "●", "here": "◉", "left": "◎", "next": "○"}


def print_dossier(terminal: Terminal, found: dict[str, Any], now: datetime, person: str | None) -> None:
    """Everything of a dossier that a reader asks for first."""
    screen, say = terminal.screen, terminal.say
    screen.title(f"{found['dossier']} · {found['unit']['name']}")
    screen.line(
        say(
            "dossier_line",
            year=found["school_year"],
            level=found["level"],
            procedure=found["procedure_title"],
            version=found["version"],
        )
    )
    for moved in found["moves"]:
        versions = {"old": moved["from"]["version"], "new": moved["to"]["version"]}
        screen.line(say("moved_line", at=moved["at"], **versions))
    _print_facts(terminal, found)
    screen.line()
    _print_way(terminal, found)
    _print_nominations(terminal, found)
    _print_papers(terminal, found)
    _print_next(terminal, found, person)


def _print_facts(terminal: Terminal, found: dict[str, Any]) -> None:
    screen, say = terminal.screen, terminal.say
    if found["score"]:
        screen.line(say("score_line", points=found["score"]["points"], rank=found["score"]["rank"]))
    if found["receipt_number"]:
        screen.line(say("receipt_line", number=found["receipt_number"]))
    if found["submission_number"]:
        screen.line(say("submission_line", number=found["submission_number"], day=found["submitted_on"]))
    if found["decision"]:
        screen.line(say("decision_line", **found["decision"]))
    if found["revocation"]:
        screen.line(say("revocation_line", **found["revocation"]))
    for recovery in found["recoveries"]:
        screen.line(say("recovery_line", money=recovery["money"], items=recovery["items"]))
        if recovery["reckoned"] is not None:
            screen.line(
                "  " + money_told("money.recovery.beside", {"money": recovery["reckoned"]}, terminal.lang)
            )
            if recovery["why"]:
                screen.line(
                    "  " + money_told("money.recovery.differs", {"why": recovery["why"]}, terminal.lang)
                )
        if recovery["settled_on"]:
            screen.line(say("settled_line", day=recovery["settled_on"], text=recovery["settlement"] or ""))
    open_objections = sum(row["settled_at"] is None for row in found["objections"])
    if open_objections:
        screen.line(say("objections_line", count=open_objections))
    for exception in found["exceptions"]:
        screen.line(say("exception_line", person=exception["person"]["name"], desk=exception["desk"]))
    for row in found["turned"]["rows"]:
        told = f"{row['name']}, {row['title_name']}: {row['turned_told']} {row['fact_told']}"
        screen.line(say("turned_line", told=told))
    if found["turned"]["more"]:
        screen.line(say("turned_more", count=found["turned"]["more"]))


def _print_way(terminal: Terminal, found: dict[str, Any]) -> None:
    screen, say = terminal.screen, terminal.say
    on_way = [station for station in found["way"] if station["on_way"]]
    done = sum(station["mark"] == "done" for station in on_way)
    screen.title(say("way_title", done=done, all=len(on_way)))
    screen.line("  " + "─".join(_SIGNS[station["mark"]] for station in on_way))
    for station in found["way"]:
        sign = _SIGNS[station["mark"]]
        indent = "  " if station["on_way"] else "    ↳ "
        words = _station_words(terminal, station, found)
        screen.item(f"{indent}{sign} ", f"{station['label']}{words}")


def _station_words(terminal: Terminal, station: dict[str, Any], found: dict[str, Any]) -> str:
    words = []
    if station["mark"] == "done" and station["at"]:
        by = station["by"]["name"] if station["by"] else terminal.say("by_calendar")
        if station["on_behalf_of"]:
            by = terminal.say("on_behalf", person=by, other=station["on_behalf_of"]["name"])
        words.append(terminal.say("station_done", event=station["event"], at=station["at"], person=by))
    elif station["mark"] == "here":
        words.append(terminal.say("station_here", since=found["changed_at"]))
        if found["deadline"] and station["on_way"]:
            words.append(due(terminal, found))
    elif station["mark"] == "left":
        words.append(terminal.say("station_left"))
    if station["returned"]:
        words.append(terminal.say("station_returned", count=station["returned"]))
    return "".join(f" · {word}" for word in words)


def _print_nominations(terminal: Terminal, found: dict[str, Any]) -> None:
    screen, say = terminal.screen, terminal.say
    screen.line()
    if not found["nominations"]:
        screen.line(say("no_nominations"))
        return
    screen.table(
        (
            Column(say("number"), number=True),
            Column(say("nominee"), share=3),
            Column(say("title"), share=3),
            Column(say("outcome"), share=2),
            Column(say("opinions"), share=4),
        ),
        (
            (
                row["id"],
                _nominee(terminal, row),
                row["title_name"],
                _outcome(terminal, row),
                "\n".join(_opinion(terminal, opinion) for opinion in row["opinions"]) or "–",
            )
            for row in found["nominations"]
        ),
        say("nominations_title", count=len(found["nominations"])),
    )


def _nominee(terminal: Terminal, row: dict[str, Any]) -> str:
    """Who or what is nominated; an initiative with its authors and shares, a nomination with what it uses."""
    lines = [row["nominee"]]
    if row["initiative"]:
        lines += [
            terminal.say("share", name=author["name"], share=author["share"])
            for author in row["initiative"]["authors"]
        ]
    if row["uses"]:
        lines.append(
            terminal.say("uses_initiative", name=row["uses"]["name"], initiative=row["uses"]["code"])
        )
        if row["uses"]["others"]:
            lines.append(terminal.say("uses_again", count=len(row["uses"]["others"])))
    if row["movement"]:
        told = row["movement"]
        lines.append(
            terminal.say(
                "rests_on_movement",
                movement=told["code"],
                **{name: told[name] for name in ("theme", "number", "unit")},
            )
        )
        reviewed = told["reviewed_on"]
        lines.append(
            terminal.say("unit_reviewed", day=reviewed) if reviewed else terminal.say("unit_not_reviewed")
        )
    return "\n".join(lines)


def _outcome(terminal: Terminal, row: dict[str, Any]) -> str:
    text = terminal.word("outcomes", row["outcome"])
    title = row["decided_title"] or row["appraised_title"]
    return f"{text} ({title})" if title and title != row["title"] else text


def _opinion(terminal: Terminal, opinion: dict[str, Any]) -> str:
    text = f"{opinion['desk_label']}: {terminal.word('verdicts', opinion['verdict'])}"
    if opinion["lower_title"]:
        text += f" ({opinion['lower_title']})"
    if opinion["members"] is not None:
        text += " " + terminal.say("votes_of", votes=opinion["votes_for"], members=opinion["members"])
    if opinion["on_behalf_of"]:
        text += " " + terminal.say("on_behalf_short", other=opinion["on_behalf_of"]["name"])
    return f"{text}: {opinion['reason']}" if opinion["reason"] else text


def _print_papers(terminal: Terminal, found: dict[str, Any]) -> None:
    say = terminal.say
    if not found["papers"]:
        return
    terminal.screen.line()
    terminal.screen.table(
        (
            Column(say("number"), number=True),
            Column(say("paper_kind"), share=2),
            Column(say("paper_name"), share=3),
            Column(say("size"), number=True, whole=True),
        ),
        (
            (
                row["id"],
                terminal.word("papers", row["kind"]),
                row["name"],
                say("bytes", count=row["size"]),
            )
            for row in found["papers"]
        ),
        say("papers_title", count=len(found["papers"])),
    )


def _print_next(terminal: Terminal, found: dict[str, Any], person: str | None) -> None:
    screen, say = terminal.screen, terminal.say
    screen.line()
    if not found["next"]:
        screen.line(say("nothing_next"))
        return
    screen.title(say("next_title_for", person=person) if person else say("next_title"))
    for step in found["next"]:
        event = capital(step["label"] or terminal.word("events", step["event"]))
        where = step["desk_label"] + (f", {step['unit']['name']}" if step["unit"] else "")
        screen.line(f"  {event} · {where}")
        if person is None:
            if step["unit"]:
                screen.item("      ", people(terminal, step["people"]))
            needs = step["provides"]
        else:
            needs = step["needs"]
            screen.line("      " + say("step_possible" if step["possible"] else "step_not_possible"))
            for number, reason in enumerate(step["reasons"], 1):
                screen.item(f"        {number}. ", say_reason(reason, terminal.lang))
        if needs:
            screen.line("      " + say("step_needs", inputs=needs))
        if step["deadline"]:
            screen.line("      " + say("step_deadline", day=step["deadline"]))


def print_history(terminal: Terminal, dossier: str, entries: list[dict[str, Any]]) -> None:
    """The history of a dossier as a table."""
    say = terminal.say
    terminal.screen.table(
        (
            Column(say("entry"), number=True),
            Column(say("when"), whole=True),
            Column(say("act"), share=3),
            Column(say("who"), share=3),
            Column(say("to_state"), share=3),
            Column(say("reason"), share=3),
        ),
        (
            (
                row["seq"],
                say("moment", at=row["at"]),
                capital(terminal.word("events", row["event"])),
                _who(terminal, row),
                row["to_label"] or "",
                _why(terminal, row),
            )
            for row in entries
        ),
        say("history_title", dossier=dossier, count=len(entries)),
    )


def _why(terminal: Terminal, row: dict[str, Any]) -> str:
    """The reason that was given, and the decision that came with the act."""
    decision = terminal.say("decision_line", **row["decision"]) if row["decision"] else ""
    return "\n".join(filter(None, (row["reason"], decision)))


def _who(terminal: Terminal, row: dict[str, Any]) -> str:
    if row["person"] is None:
        who = terminal.say("by_public" if row["via"] == "public" else "by_calendar")
    else:
        who = f"{row['person']['name']} ({row['person']['code']})"
    if row["on_behalf_of"]:
        who = terminal.say("on_behalf", person=who, other=row["on_behalf_of"]["name"])
    if row["via"].startswith("terminal:"):
        # Somebody at a terminal acted as this person: that must be seen.
        who += f" · {row['via']}"
    return who
