"""A bloc's year: what was done and what comes next, and every act of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import exits, options, values
from cli.act import Act, office_act
from cli.group import Command, noun
from cli.scorecard import group_called
from cli.screen import Column
from cli.terminal import Terminal

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from casework.bloc.year import BlocYear
    from casework.sight import Sight

commands = noun("bloc")

#: the same words as `models.bloc_year.MEETING_KINDS`, which help need not import; a test compares
KINDS = ("covenant", "midyear", "scoring", "review")
_CODE = values.words(120)

BlocCode = Annotated[str, typer.Argument(metavar="BLOC", help="bloc", parser=_CODE)]
School = Annotated[str, typer.Argument(metavar="SCHOOL", help="bloc_school", parser=_CODE)]
Scorer = Annotated[str, typer.Argument(metavar="SCORER", help="scorer", parser=_CODE)]
Scored = Annotated[str, typer.Argument(metavar="SCORED", help="scored", parser=_CODE)]
Year = Annotated[
    str | None, typer.Option("--year", metavar="YEAR", help="bloc_of_year", parser=values.school_year)
]
On = Annotated[date | None, typer.Option("--on", metavar="DAY", help="bloc_on", parser=values.day)]
Note = Annotated[str, typer.Option("--note", metavar="TEXT", help="note_text", parser=values.words())]
Money = Annotated[
    int | None,
    typer.Option(
        "--money", metavar="AMOUNT", help="certificate_money", parser=values.whole(0, values.LARGEST)
    ),
]


def _item_points(text: str) -> tuple[str, Decimal]:
    """(item, points) of ``1.1=50``."""
    item, separator, number = text.partition("=")
    if not separator or not item.strip():
        raise values.BadValue("not_item_points", value=values.shortened(text))
    return item.strip(), values.points(number)


def _item_note(text: str) -> tuple[str, str]:
    """(item, note) of ``1.1=text``."""
    item, separator, note = values.words()(text).partition("=")
    if not separator or not item.strip() or not note.strip():
        raise values.BadValue("not_item_note", value=values.shortened(text))
    return item.strip(), note.strip()


def _item_evidence(text: str) -> tuple[tuple[str, ...], str]:
    """(items, file) of ``1.1,1.2=FILE``; no file takes the paper away."""
    named, separator, file = values.words()(text).partition("=")
    items = tuple(item.strip() for item in named.split(","))
    if not separator or not all(items):
        raise values.BadValue("not_item_file", value=values.shortened(text))
    return items, file.strip()


def _word(text: str) -> tuple[str, str, Decimal, str]:
    """(school, item, points, reason) of ``th-mau-1:1.1=50:reason``."""
    place, separator, rest = values.words()(text).partition("=")
    school, colon, item = place.partition(":")
    number, _, reason = rest.partition(":")
    if not separator or not colon or not school.strip() or not item.strip():
        raise values.BadValue("not_a_word", value=values.shortened(text))
    return school.strip(), item.strip(), values.points(number), reason.strip()


def _year(terminal: Terminal, given: str | None) -> str:
    """The school year that was typed, or the one of the home's day."""
    from casework.home_clock import business_now
    from rules.school_years import name_on
    from rules.windows import local_day

    if given is not None:
        return given
    with terminal.reading() as connection:
        return name_on(local_day(business_now(connection)))


def _reading(
    terminal: Terminal, connection: Connection, bloc: str, given: str | None, person: str | None
) -> tuple[BlocYear, Sight | None]:
    """The year of a bloc, and what the person may see of it (None: nobody was named)."""
    from casework.home_clock import business_now
    from casework.people import person_by_code
    from casework.sight import sight_of
    from casework.views.bloc_year import year_of
    from rules.school_years import name_on
    from rules.windows import local_day

    now = business_now(connection)
    year = year_of(connection, bloc, given or name_on(local_day(now)), now)
    if person is None:
        return year, None
    return year, sight_of(connection, person_by_code(connection, person)["id"], local_day(now))


def _paper(terminal: Terminal, file: Path | None) -> tuple[Any, dict[str, Any]]:
    """The store and the options of an act that takes a paper."""
    from cli.papers import paper_store, refuse_unreadable

    if file is None:
        return None, {}
    refuse_unreadable(file)
    return paper_store(terminal.settings), {"paper": file, "name": file.name}


# --- Looking ------------------------------------------------------------------------------------------------


@commands.command("show", cls=Command)
def show(ctx: typer.Context, bloc: BlocCode, school_year: Year = None, person: options.As = None) -> int:
    from casework.views.bloc_year import declined, sheets_owed, show_year

    terminal: Terminal = ctx.obj
    with terminal.reading() as connection:
        year, sight = _reading(terminal, connection, bloc, school_year, person)
        found = show_year(year, terminal.lang)
        owed = sheets_owed(year, sight, terminal.lang) if sight is not None else []
        refused = declined(year, sight)
    if terminal.json:
        terminal.screen.data({**found, "sheets": owed, "declined": refused})
        return exits.DONE
    say = terminal.say
    terminal.screen.title(say("bloc_title", bloc=found["bloc"]["name"], year=found["school_year"]))
    heads = ([unit["name"] for unit in found[role]] for role in ("head", "deputy"))
    terminal.screen.line(say("bloc_leads", **dict(zip(("head", "deputy"), heads, strict=True))))
    card = found["card"]
    terminal.screen.line(
        say("bloc_card", name=card["name"], title=card["title"]) if card else say("bloc_no_card")
    )
    for meeting in found["meetings"]:
        kind = terminal.word("meeting_kinds", meeting["kind"])
        told = say("bloc_meeting", kind=kind, day=meeting["held_on"], place=meeting["place"])
        terminal.screen.line(
            told + (f" · {say('bloc_minutes', file=meeting['minutes'])}" if meeting["minutes"] else "")
        )
    if found["scoring_until"]:
        terminal.screen.line(say("bloc_scoring_until", day=found["scoring_until"]))
    terminal.screen.line(say("bloc_next", event=found["next"]))
    terminal.screen.line()
    terminal.screen.table(
        (
            Column(say("unit"), share=5),
            Column(say("covenant_signed"), whole=True),
            Column(say("bloc_registered"), share=4),
            Column(say("sheets_filed"), whole=True),
        ),
        (
            (
                f"{school['name']} ({school['code']})",
                say("day", day=school["signed_on"]) if school["signed_on"] else say("not_signed"),
                _registered(terminal, school),
                say("left_out") if school["left_out"] else f"{school['filed']}/{school['sheets']}",
            )
            for school in found["schools"]
        ),
    )
    if owed:
        terminal.screen.line()
        _show_owed(terminal, owed)
    for row in refused:
        pair = {"scorer": row["scorer"]["name"], "scored": row["scored"]["name"]}
        terminal.screen.line(say("sheet_was_declined", **pair, reason=row["reason"] or ""))
    if refused and not (found["draw"] or {}).get("settled_at"):
        terminal.screen.line(say("sheet_assign_again", bloc=bloc))
    return exits.DONE


def _registered(terminal: Terminal, school: dict[str, Any]) -> str:
    counts = school["registered"].items()
    return ", ".join(f"{title} {number}" for title, number in counts) or terminal.say("nothing_registered")


def _show_owed(terminal: Terminal, rows: list[dict[str, Any]]) -> None:
    say = terminal.say
    terminal.screen.table(
        (
            Column(say("scorer"), share=4),
            Column(say("scored"), share=4),
            Column(say("standing"), share=2),
            Column(say("points"), number=True),
        ),
        (
            (
                row["scorer"]["name"],
                say("own_sheet") if row["own"] else f"{row['scored']['name']} ({row['scored']['code']})",
                terminal.word("sheet_standings", row["standing"]),
                say("points_shown", points=row["total"]) if row["total"] is not None else "",
            )
            for row in rows
        ),
        say("sheets_title", count=sum(row["standing"] == "open" for row in rows)),
    )


@commands.command("sheet", cls=Command)
def sheet(
    ctx: typer.Context,
    bloc: BlocCode,
    scorer: Scorer,
    scored: Scored,
    school_year: Year = None,
    person: options.As = None,
) -> int:
    from casework.views.bloc_year import show_sheet

    terminal: Terminal = ctx.obj
    with terminal.reading() as connection:
        year, sight = _reading(terminal, connection, bloc, school_year, person)
        found = show_sheet(year, scorer, scored, sight, terminal.lang)
    if terminal.json:
        terminal.screen.data(found)
        return exits.DONE
    say = terminal.say
    standing = terminal.word("sheet_standings", found["standing"])
    terminal.screen.title(
        say("sheet_title", scorer=found["scorer"]["name"], scored=found["scored"]["name"], standing=standing)
    )
    terminal.screen.table(
        (
            Column(say("code"), whole=True),
            Column(say("criterion"), share=5),
            Column(say("points"), number=True),
            Column(say("most_points"), number=True),
            Column(say("note_column"), share=3),
        ),
        (
            (
                item["code"],
                item["label"],
                say("points_shown", points=item["points"]) if item["points"] is not None else "",
                say("points_shown", points=item["most"]),
                _beside(terminal, item),
            )
            for group in found["groups"]
            for item in group["items"]
        ),
    )
    if found["total"] is not None:
        terminal.screen.line(say("sheet_total", points=found["total"]))
    for part, code in (("note", "sheet_note"), ("ended", "sheet_ended"), ("evidence", "sheet_evidence")):
        if found[part]:
            terminal.screen.line(say(code, text=found[part]))
    return exits.DONE


def _beside(terminal: Terminal, item: dict[str, Any]) -> str:
    """The note of an item, and the name of its paper."""
    named = terminal.say("sheet_evidence", text=item["evidence"]) if item["evidence"] else ""
    return " · ".join(part for part in (item["note"], named) if part)


@commands.command("matrix", cls=Command)
def show_matrix(
    ctx: typer.Context, bloc: BlocCode, school_year: Year = None, person: options.As = None
) -> int:
    from casework.views.bloc_year import matrix

    terminal: Terminal = ctx.obj
    with terminal.reading() as connection:
        year, sight = _reading(terminal, connection, bloc, school_year, person)
        found = matrix(year, sight)
    if terminal.json:
        terminal.screen.data(found)
        return exits.DONE
    say = terminal.say
    if not found["schools"]:
        terminal.screen.line(say("no_sheets"))
        return exits.DONE
    numbers = {school["code"]: str(place) for place, school in enumerate(found["schools"], 1)}
    terminal.screen.table(
        (Column(say("scorer"), share=4), *(Column(number, number=True) for number in numbers.values())),
        (
            (
                f"{numbers[school['code']]}. {school['name']}",
                *(_cell(terminal, found, school["code"], code) for code in numbers),
            )
            for school in found["schools"]
        ),
        say("matrix_title"),
    )
    return exits.DONE


def _cell(terminal: Terminal, found: dict[str, Any], scorer: str, scored: str) -> str:
    cell = found["cells"].get(scorer, {}).get(scored)
    if cell is None:
        return ""
    if cell["total"] is not None:
        return terminal.say("points_shown", points=cell["total"])
    return {"open": "…", "filed": "✓", "declined": "–", "set_aside": "×"}[cell["standing"]]


@commands.command("ranking", cls=Command)
def show_ranking(ctx: typer.Context, bloc: BlocCode, school_year: Year = None) -> int:
    from casework.views.bloc_year import ledger, proposals, ranking

    terminal: Terminal = ctx.obj
    with terminal.reading() as connection:
        year, _ = _reading(terminal, connection, bloc, school_year, None)
        found = ranking(year, terminal.lang)
        proposed, given = proposals(year, terminal.lang), ledger(year)
    if terminal.json:
        terminal.screen.data({**found, "proposals": proposed, "certificates": given})
        return exits.DONE
    say = terminal.say
    if not found["rows"]:
        terminal.screen.line(say("no_ranking"))
        return exits.DONE
    terminal.screen.table(
        (
            Column(say("rank"), number=True),
            Column(say("unit"), share=5),
            Column(say("points"), number=True),
            Column(say("points_exact"), share=2),
            *(Column(group_called(terminal, group["code"]), number=True) for group in found["groups"]),
        ),
        (
            (
                row["rank"],
                f"{row['name']} ({row['code']})",
                say("points_shown", points=row["score"]),
                row["exact"] or say("points_typed"),
                *(say("points_shown", points=row["groups"].get(group["code"])) for group in found["groups"]),
            )
            for row in found["rows"]
        ),
        say("ranking_title", at=found["settled_at"]),
    )
    for word in found["by_meeting"]:
        terminal.screen.line(
            say(
                "meeting_word",
                unit=word["name"],
                item=word["item"],
                points=word["points"],
                reason=word["reason"],
            )
        )
    for row in proposed:
        terminal.screen.line(
            say(
                "proposal_line",
                rank=row["rank"],
                unit=row["name"],
                title=row["label"],
                dossier=row["dossier"],
                state=row["state"],
            )
        )
    if given["rows"]:
        terminal.screen.line(say("ledger_line", count=len(given["rows"]), money=given["total"]))
    return exits.DONE


# --- Acting -------------------------------------------------------------------------------------------------


@commands.command("meeting", cls=Command)
@office_act
def meeting(
    ctx: typer.Context,
    bloc: BlocCode,
    kind: Annotated[str, typer.Argument(metavar="MEETING", help="meeting_kind", parser=values.one_of(KINDS))],
    place: Annotated[
        str, typer.Option("--place", metavar="TEXT", help="meeting_place", parser=values.words(200))
    ],
    chair: Annotated[str, typer.Option("--chair", metavar="PERSON", help="meeting_chair", parser=_CODE)],
    secretary: Annotated[
        str, typer.Option("--secretary", metavar="PERSON", help="meeting_secretary", parser=_CODE)
    ],
    on: On = None,
    minutes: Annotated[Path | None, typer.Option("--minutes", metavar="FILE", help="meeting_minutes")] = None,
    school_year: Year = None,
) -> Act:
    from casework.bloc.hold_meeting import Meeting, hold_meeting

    terminal: Terminal = ctx.obj
    year = _year(terminal, school_year)
    store, given = _paper(terminal, minutes)
    return lambda d, c, **o: hold_meeting(
        d, store, Meeting(bloc, year, kind, on or c.day, place, chair, secretary), c, **given, **o
    )


@commands.command("card", cls=Command)
@office_act
def card(ctx: typer.Context, bloc: BlocCode, name: options.RegulationName, school_year: Year = None) -> Act:
    from casework.bloc.approve_card import approve_card

    year = _year(ctx.obj, school_year)
    return lambda d, c, **o: approve_card(d, bloc, year, name, c, **o)


@commands.command("sign", cls=Command)
@office_act
def sign(
    ctx: typer.Context,
    bloc: BlocCode,
    school: School,
    on: On = None,
    paper: Annotated[Path | None, typer.Option("--paper", metavar="FILE", help="covenant_paper")] = None,
    school_year: Year = None,
) -> Act:
    from casework.bloc.sign_covenant import Signing, sign_covenant

    terminal: Terminal = ctx.obj
    year = _year(terminal, school_year)
    store, given = _paper(terminal, paper)
    return lambda d, c, **o: sign_covenant(
        d, store, Signing(bloc, year, school, on or c.day), c, **given, **o
    )


@commands.command("assign", cls=Command)
@office_act
def assign(
    ctx: typer.Context,
    bloc: BlocCode,
    seed: Annotated[
        str, typer.Option("--seed", metavar="TEXT", help="draw_seed", parser=values.words(60))
    ] = "",
    scorer: Annotated[
        str | None, typer.Option("--scorer", metavar="SCHOOL", help="scorer_again", parser=_CODE)
    ] = None,
    scored: Annotated[
        str | None, typer.Option("--scored", metavar="SCHOOL", help="scored_again", parser=_CODE)
    ] = None,
    school_year: Year = None,
) -> Act:
    from casework.bloc import assign as acts

    year = _year(ctx.obj, school_year)
    if scorer is None and scored is None:
        return lambda d, c, **o: acts.assign(d, bloc, year, c, seed=seed, **o)
    if scorer is None or scored is None:
        raise values.BadValue("both_schools")
    return lambda d, c, **o: acts.assign_again(d, bloc, year, scorer, scored, c, **o)


@commands.command("score", cls=Command)
@office_act
def score(
    ctx: typer.Context,
    bloc: BlocCode,
    scorer: Scorer,
    scored: Scored,
    items: Annotated[
        list[str] | None,
        typer.Option("--item", metavar="ITEM=POINTS", help="item_points"),
    ] = None,
    file: Annotated[Path | None, typer.Option("--file", metavar="FILE", help="sheet_file")] = None,
    notes: Annotated[
        list[str] | None,
        typer.Option("--item-note", metavar="ITEM=TEXT", help="item_note"),
    ] = None,
    note: Note = "",
    evidence: Annotated[Path | None, typer.Option("--evidence", metavar="FILE", help="evidence")] = None,
    item_evidence: Annotated[
        list[str] | None,
        typer.Option("--item-evidence", metavar="ITEM=FILE", help="item_evidence"),
    ] = None,
    school_year: Year = None,
) -> Act:
    from casework.bloc.score_sheet import Evidence, Scoring, score_sheet
    from cli.papers import paper_store, refuse_unreadable

    terminal: Terminal = ctx.obj
    year = _year(terminal, school_year)
    points, said = _from_file(file) if file is not None else ({}, {})
    typed = [_item_points(text) for text in items or ()]
    for item, number in typed:
        # What is typed beside a file corrects it; the same item typed twice is a slip of the pen.
        if [code for code, _ in typed].count(item) > 1:
            raise values.BadValue("item_twice", value=item)
        points[item] = number
    said |= dict(map(_item_note, notes or ()))
    papers = list(map(_item_evidence, item_evidence or ()))
    without = [item for items, name in papers if not name for item in items]
    scoring = Scoring(bloc, year, scorer, scored, points, said, note, without=without)
    store, given = _paper(terminal, evidence)
    given["evidence"] = []
    for items, name in papers:
        if name:
            refuse_unreadable(Path(name))
            given["evidence"].append(Evidence(items, Path(name), Path(name).name))
    if given["evidence"] and store is None:
        store = paper_store(terminal.settings)
    return lambda d, c, **o: score_sheet(d, store, scoring, c, **given, **o)


def _from_file(file: Path) -> tuple[dict[str, Decimal], dict[str, str]]:
    """Points and notes by item: a table of item, points and perhaps a note. A first line of headings is left out."""
    from cli.papers import refuse_unreadable
    from documents.table_text import NotReadable, rows_of, text_of

    refuse_unreadable(file)
    try:
        rows = rows_of(text_of(file.read_bytes()), 200)
    except NotReadable as error:
        raise values.BadValue("sheet_unreadable", file=file.name) from error
    points: dict[str, Decimal] = {}
    notes: dict[str, str] = {}
    for number, row in enumerate(rows, 1):
        if number == 1 and not any(sign.isdigit() for sign in "".join(row[:2])):
            continue
        # "1.1,12,5" may be twelve and a half with a decimal comma: a note that is a number is not believed.
        if len(row) < 2 or (len(row) > 2 and row[2].isdigit()):
            raise values.BadValue("not_item_points", value=values.shortened(" ".join(row)))
        if row[0] in points:
            raise values.BadValue("item_twice", value=row[0])
        points[row[0]] = values.points(row[1])
        if len(row) > 2 and row[2]:
            notes[row[0]] = values.words()(row[2])
    return points, notes


@commands.command("decline", cls=Command)
@office_act
def decline(
    ctx: typer.Context,
    bloc: BlocCode,
    scorer: Scorer,
    scored: Scored,
    reason: options.Reason,
    school_year: Year = None,
) -> Act:
    from casework.bloc.decline_sheet import decline_sheet

    year = _year(ctx.obj, school_year)
    return lambda d, c, **o: decline_sheet(d, bloc, year, scorer, scored, reason, c, **o)


@commands.command("leave-out", cls=Command)
@office_act
def leave_out(
    ctx: typer.Context, bloc: BlocCode, school: School, reason: options.Reason, school_year: Year = None
) -> Act:
    from casework.bloc import leave_out as acts

    year = _year(ctx.obj, school_year)
    return lambda d, c, **o: acts.leave_out(d, bloc, year, school, reason, c, **o)


@commands.command("settle", cls=Command)
@office_act
def settle(
    ctx: typer.Context,
    bloc: BlocCode,
    words: Annotated[
        list[str] | None,
        typer.Option("--word", metavar="SCHOOL:ITEM=POINTS:REASON", help="meeting_word"),
    ] = None,
    school_year: Year = None,
) -> Act:
    from casework.bloc.settle import MeetingWord
    from casework.bloc.settle import settle as settle_scores

    year = _year(ctx.obj, school_year)
    said = [MeetingWord(*_word(text)) for text in words or ()]
    return lambda d, c, **o: settle_scores(d, bloc, year, said, c, **o)


@commands.command("propose", cls=Command)
@office_act
def propose(ctx: typer.Context, bloc: BlocCode, school_year: Year = None) -> Act:
    from casework.bloc.propose import propose as propose_prizes

    year = _year(ctx.obj, school_year)
    return lambda d, c, **o: propose_prizes(d, bloc, year, c, **o)


@commands.command("certify", cls=Command)
@office_act
def certify(
    ctx: typer.Context,
    bloc: BlocCode,
    people: Annotated[
        list[str] | None, typer.Option("--person", metavar="PERSON", help="certified_person")
    ] = None,
    schools: Annotated[
        list[str] | None, typer.Option("--school", metavar="SCHOOL", help="certified_school")
    ] = None,
    money: Money = None,
    on: On = None,
    school_year: Year = None,
) -> Act:
    from casework.bloc.certify import Certified
    from casework.bloc.certify import certify as give

    year = _year(ctx.obj, school_year)
    given = [Certified(person=code, money=money) for code in map(_CODE, people or ())]
    given += [Certified(school=code, money=money) for code in map(_CODE, schools or ())]
    return lambda d, c, **o: give(d, bloc, year, given, on or c.day, c, **o)


@commands.command("hand-over", cls=Command)
@office_act
def hand_over(
    ctx: typer.Context,
    bloc: BlocCode,
    deputy: Annotated[str, typer.Argument(metavar="SCHOOL", help="next_deputy", parser=_CODE)],
    since: options.Since,
    school_year: Year = None,
) -> Act:
    from casework.bloc import hand_over as acts

    year = _year(ctx.obj, school_year)
    return lambda d, c, **o: acts.hand_over(d, bloc, year, deputy, since, c, **o)
