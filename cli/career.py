"""Histories of people and units: files of earlier years taken over, facts recorded and corrected, shown."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import exits, options, values
from cli.act import Act, office_act
from cli.group import Command, noun
from cli.screen import Column
from cli.terminal import Terminal
from cli.troubles import reasons_in_words
from rules.record import COMPLETE_IN, DISCIPLINES, GRADES

commands = noun("career")

_KINDS = ("titles", "grades", "disciplines", "service", "initiatives")
_SERVICES = ("trade", "hard_area")
_MATTERS = ("discipline", "inspection", "complaint", "press")
_CONCLUSIONS = ("clean", "upheld")

File = Annotated[Path, typer.Argument(metavar="FILE", help="career_file")]
Holder = Annotated[str, typer.Argument(metavar="CODE", help="career_holder", parser=values.words(120))]
Row = Annotated[int, typer.Argument(metavar="NUMBER", help="career_row", parser=values.whole(1))]
Year = Annotated[str, typer.Option("--year", metavar="YEAR", help="school_year", parser=values.school_year)]
Number = Annotated[str, typer.Option("--number", metavar="TEXT", help="number", parser=values.words(80))]
On = Annotated[date, typer.Option("--on", metavar="DAY", help="career_on", parser=values.day)]
Body = Annotated[str, typer.Option("--body", metavar="TEXT", help="issued_by", parser=values.words(200))]
Choose = Annotated[
    list[Any] | None,
    typer.Option("--choose", metavar="LINE=PERSON", help="career_choose", parser=values.line_choice),
]
LeaveOut = Annotated[
    list[int] | None,
    typer.Option("--leave-out", metavar="LINE", help="career_leave_out", parser=values.whole(1)),
]
Confirm = Annotated[bool, typer.Option("--confirm", help="career_confirm")]
OfUnit = Annotated[bool, typer.Option("--of-unit", help="career_of_unit")]
Back = Annotated[bool, typer.Option("--back", help="career_back")]


@commands.command("import", cls=Command)
def import_(
    ctx: typer.Context,
    file: File,
    kind: Annotated[
        str, typer.Option("--kind", metavar="KIND", help="career_kind", parser=values.one_of(_KINDS))
    ],
    unit: Annotated[
        str, typer.Option("--unit", metavar="UNIT", help="career_unit", parser=values.words(120))
    ] = "",
    complete: Annotated[
        Any, typer.Option("--complete", metavar="YEARS", help="career_complete", parser=values.year_span)
    ] = None,
    choose: Choose = None,
    leave_out: LeaveOut = None,
    dry_run: options.DryRun = False,
    confirm: Confirm = False,
    person: options.As = None,
    key: options.RequestKey = None,
) -> int:
    from casework.career.import_file import Given, import_file, look_at_file
    from casework.career.seen import Choices
    from cli.act import show_done
    from cli.papers import refuse_unreadable

    terminal: Terminal = ctx.obj
    refuse_unreadable(file)
    people = {line: code for line, code in choose or () if code != "-"}
    out = frozenset({*(leave_out or ()), *(line for line, code in choose or () if code == "-")})
    given = Given(kind, file.name, file.read_bytes(), Choices(people, out), unit, tuple(complete or ()))
    with terminal.database() as database:
        call = terminal.call(database, person, key)
        with database.read() as connection:
            seen = look_at_file(connection, given, call)
        if not confirm or dry_run:
            _preview(terminal, seen)
            return exits.DONE if seen.ready else exits.REFUSED
        done = import_file(database, given, call, mark=seen.mark if seen.ready else None)
    if terminal.json:
        terminal.screen.data(done.as_dict())
        return exits.DONE
    show_done(terminal, done)
    terminal.screen.line(_counted(terminal, done.payload["counts"]))
    return exits.DONE


def _counted(terminal: Terminal, counts: dict[str, int]) -> str:
    return terminal.say(
        "career_counts",
        count=sum(counts.values()),
        rows="; ".join(
            f"{terminal.word('career_standings', name)} {count}" for name, count in counts.items()
        ),
    )


def _preview(terminal: Terminal, seen: Any) -> None:
    say = terminal.say
    if terminal.json:
        terminal.screen.data(
            {
                "counts": seen.counts,
                "ready": seen.ready,
                "reasons": [reason.as_dict() for reason in seen.reasons],
                "rows": [_row_told(row) for row in seen.rows],
            }
        )
        return
    for text in reasons_in_words(terminal, seen.reasons, None):
        terminal.screen.line(text)
    if seen.rows:
        terminal.screen.line(_counted(terminal, seen.counts))
    wrong = [reason for row in seen.rows for reason in row.reasons]
    for text in reasons_in_words(terminal, wrong, None):
        terminal.screen.line(text)
    for row in seen.of("doubtful"):
        terminal.screen.line(
            say(
                "career_doubt",
                line=row.line,
                name=row.row.cell("name") or row.row.cell("code"),
                why=terminal.word("career_doubts", row.doubt),
            )
        )
        for one in row.candidates:
            terminal.screen.line(
                say("career_candidate", line=row.line, staff=one.code, name=one.name, day=one.birth_date)
            )
    if seen.ready and seen.rows:
        terminal.screen.line(say("career_to_confirm"))
    elif seen.rows:
        terminal.screen.line(say("career_not_ready"))


def _row_told(row: Any) -> dict[str, Any]:
    return {
        "line": row.line,
        "standing": row.standing,
        "person": row.person.code if row.person else None,
        "unit": row.unit,
        "doubt": row.doubt,
        "candidates": [one.code for one in row.candidates],
        "reasons": [reason.as_dict() for reason in row.reasons],
    }


@commands.command("take-back", cls=Command)
@office_act
def take_back(ctx: typer.Context, number: Row, reason: options.Reason) -> Act:
    from casework.career.take_back import take_back_import

    return lambda d, c, **o: take_back_import(d, number, reason, c, **o)


@commands.command("list", cls=Command)
def list_(ctx: typer.Context, limit: options.Limit = 100) -> int:
    from casework.views.career import list_imports, told_row

    terminal: Terminal = ctx.obj
    say = terminal.say
    with terminal.reading() as connection:
        found = list_imports(connection, limit=limit)
    if terminal.json:
        terminal.screen.data({"imports": [told_row(row) for row in found]})
        return exits.DONE
    if not found:
        terminal.screen.line(say("career_no_import"))
        return exits.DONE
    terminal.screen.table(
        (
            Column(say("number"), number=True),
            Column(say("kind"), share=2),
            Column(say("file"), share=4),
            Column(say("career_written"), number=True),
            Column(say("career_rows"), number=True),
            Column(say("career_standing"), share=3),
        ),
        (
            (
                row["id"],
                terminal.word("career_kinds", row["kind"]),
                row["file_name"],
                row["written"],
                row["rows"],
                say("career_was_taken_back", at=row["taken_back_at"])
                if row["taken_back_at"]
                else say("career_stands", at=row["imported_at"]),
            )
            for row in found
        ),
        say("career_imports"),
    )
    return exits.DONE


@commands.command("show", cls=Command)
def show(
    ctx: typer.Context,
    holder: Holder,
    out: Annotated[
        str | None, typer.Option("--csv", metavar="FILE", help="career_csv", parser=values.words(250))
    ] = None,
    person: options.As = None,
) -> int:
    from sqlalchemy import select

    from casework.home_clock import business_now
    from casework.people import PERSON, person_by_code
    from casework.sight import sight_of
    from casework.views.career import csv_rows, person_career, unit_career
    from documents.csv_lines import MARK, csv_lines
    from rules.windows import local_day

    terminal: Terminal = ctx.obj
    with terminal.reading() as connection:
        now = business_now(connection)
        sight = None
        if person is not None:
            who = person_by_code(connection, person)["id"]
            sight = sight_of(connection, who, local_day(now))
        is_person = connection.execute(select(PERSON.c.id).where(PERSON.c.code == holder)).first()
        look = person_career if is_person else unit_career
        found = look(connection, holder, now, terminal.lang, sight=sight)
    lines = found["lines"]
    if out is not None:
        body = MARK + csv_lines(csv_rows(lines, terminal.lang))
        with Path(out).open("x", encoding="utf-8", newline="") as file:
            file.write(body)
        terminal.screen.line(terminal.say("career_csv_written", count=len(lines), file=out))
        return exits.DONE
    if terminal.json:
        terminal.screen.data({**found, "lines": [line.as_dict() for line in lines]})
        return exits.DONE
    _show(terminal, found)
    return exits.DONE


def _show(terminal: Terminal, found: dict[str, Any]) -> None:
    say, line = terminal.say, terminal.screen.line
    line(f"{found['code']}  {found['name']}")
    for unit in found["units"]:
        line(say("career_at", unit=unit["name"], since=unit["since"], until=unit["until"]))
    for before in found["before"]:
        line(say("career_before", unit=before))
    for what, years in found["complete"].items():
        told = terminal.word("career_kinds", what)
        line(say("career_complete_years", what=told, years=", ".join(filter(None, years)) or "–"))
    if not found["lines"]:
        line(say("career_empty"))
        return
    terminal.screen.table(
        (
            Column(say("career_year"), share=2),
            Column(say("kind"), share=3),
            Column(say("career_what"), share=5),
            Column(say("career_decision"), share=5),
        ),
        (
            (
                one.school_year,
                _kind(terminal, one),
                "\n".join(filter(None, (one.what, one.where, _standing(terminal, one)))),
                "\n".join(
                    filter(
                        None,
                        (
                            say("career_by", number=one.number, day=one.decided_on) if one.number else "",
                            one.body,
                            one.file,
                        ),
                    )
                ),
            )
            for one in found["lines"]
        ),
        say("career_lines_title", count=len(found["lines"])),
    )


#: kinds of lines on which a later command goes on, by the number of the row: `annul` and `served`, `close-matter`,
#: `end-service`
_GOES_ON = frozenset({"discipline", "matter", "service"})


def _kind(terminal: Terminal, one: Any) -> str:
    told = terminal.word("career_lines", one.kind)
    return f"{told}\n{terminal.say('career_number', number=one.row)}" if one.kind in _GOES_ON else told


def _standing(terminal: Terminal, one: Any) -> str:
    if one.kind == "service":
        return terminal.say("career_span", since=one.day, until=one.until)
    said = terminal.word("career_lines", one.standing) if one.standing else ""
    return "\n".join(filter(None, (said, one.note if one.kind == "initiative" else "")))


@commands.command("complete", cls=Command)
@office_act
def complete_(
    ctx: typer.Context,
    unit: options.UnitCode,
    kind: Annotated[
        str, typer.Option("--kind", metavar="KIND", help="career_what", parser=values.one_of(COMPLETE_IN))
    ],
    years: Annotated[
        Any, typer.Option("--years", metavar="YEARS", help="career_years", parser=values.year_span)
    ],
    back: Back = False,
) -> Act:
    from casework.career.complete import state_complete, unstate_complete

    act = unstate_complete if back else state_complete
    return lambda d, c, **o: act(d, unit, kind, list(years), c, **o)


@commands.command("whole", cls=Command)
@office_act
def whole(ctx: typer.Context, of: options.PersonCode, back: Back = False) -> Act:
    from casework.career.complete import state_whole

    return lambda d, c, **o: state_whole(d, of, c, back=back, **o)


@commands.command("grades", cls=Command)
def grades(
    ctx: typer.Context,
    unit: options.UnitCode,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="career_grade_file")],
    year: Year,
    number: Number,
    on: On,
    body: Body,
    choose: Choose = None,
    leave_out: LeaveOut = None,
    confirm: Confirm = False,
    person: options.As = None,
    key: options.RequestKey = None,
) -> int:
    from casework.career.record_grades import (
        MOST_LISTED,
        GradeDecision,
        look_at_grades,
        record_grades,
        typed_grades,
    )
    from casework.career.seen import Choices
    from cli.act import show_done
    from cli.papers import listed_in

    terminal: Terminal = ctx.obj
    typed = listed_in(file, MOST_LISTED + 1, typed_grades, terminal.lang)
    of = GradeDecision(year, number, on, body)
    people = {line: code for line, code in choose or () if code != "-"}
    choices = Choices(people, frozenset(leave_out or ()))
    with terminal.database() as database:
        call = terminal.call(database, person, key)
        with database.read() as connection:
            seen = look_at_grades(connection, unit, of, typed, call, choices)
        if not confirm:
            _preview(terminal, seen)
            return exits.DONE if seen.ready else exits.REFUSED
        done = record_grades(database, unit, of, typed, call, choices=choices)
    if terminal.json:
        terminal.screen.data(done.as_dict())
    else:
        show_done(terminal, done)
    return exits.DONE


@commands.command("correct-grade", cls=Command)
@office_act
def correct(
    ctx: typer.Context,
    holder: Holder,
    year: Year,
    grade: Annotated[
        str, typer.Option("--grade", metavar="GRADE", help="career_grade", parser=values.one_of(GRADES))
    ],
    number: Number,
    on: On,
    body: Body,
    reason: options.Reason,
    of_unit: OfUnit = False,
) -> Act:
    from casework.career.correct_grade import correct_grade
    from casework.career.record_grades import GradeDecision

    of = GradeDecision(year, number, on, body)
    return lambda d, c, **o: correct_grade(d, holder, grade, of, reason, c, of_unit=of_unit, **o)


@commands.command("discipline", cls=Command)
@office_act
def discipline(
    ctx: typer.Context,
    of: options.PersonCode,
    form: Annotated[
        str, typer.Option("--form", metavar="FORM", help="career_form", parser=values.one_of(DISCIPLINES))
    ],
    number: Number,
    on: On,
    served: Annotated[
        date | None, typer.Option("--served", metavar="DAY", help="career_served", parser=values.day)
    ] = None,
) -> Act:
    from casework.career.record_discipline import record_discipline

    return lambda d, c, **o: record_discipline(d, of, form, number, on, c, served_on=served, **o)


@commands.command("annul", cls=Command)
@office_act
def annul(ctx: typer.Context, number: Row, reason: options.Reason) -> Act:
    from casework.career.annul_discipline import annul_discipline

    return lambda d, c, **o: annul_discipline(d, number, reason, c, **o)


@commands.command("served", cls=Command)
@office_act
def served(ctx: typer.Context, number: Row, on: On) -> Act:
    from casework.career.mark_served import mark_served

    return lambda d, c, **o: mark_served(d, number, on, c, **o)


@commands.command("open-matter", cls=Command)
@office_act
def open_(
    ctx: typer.Context,
    holder: Holder,
    kind: Annotated[
        str, typer.Option("--kind", metavar="KIND", help="career_matter", parser=values.one_of(_MATTERS))
    ],
    since: options.Since,
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="career_text", parser=values.words())],
    of_unit: OfUnit = False,
) -> Act:
    from casework.career.open_matter import open_matter

    return lambda d, c, **o: open_matter(d, holder, kind, since, text, c, of_unit=of_unit, **o)


@commands.command("close-matter", cls=Command)
@office_act
def close(
    ctx: typer.Context,
    number: Row,
    on: On,
    conclusion: Annotated[
        str,
        typer.Option(
            "--conclusion", metavar="WORD", help="career_conclusion", parser=values.one_of(_CONCLUSIONS)
        ),
    ],
) -> Act:
    from casework.career.close_matter import close_matter

    return lambda d, c, **o: close_matter(d, number, on, conclusion, c, **o)


@commands.command("service", cls=Command)
@office_act
def service(
    ctx: typer.Context,
    of: options.PersonCode,
    kind: Annotated[
        str, typer.Option("--kind", metavar="KIND", help="career_service", parser=values.one_of(_SERVICES))
    ],
    since: options.Since,
    until: Annotated[
        date | None, typer.Option("--until", metavar="DAY", help="career_until", parser=values.day)
    ] = None,
) -> Act:
    from casework.career.record_service import record_service

    return lambda d, c, **o: record_service(d, of, kind, since, until, c, **o)


@commands.command("end-service", cls=Command)
@office_act
def end(ctx: typer.Context, number: Row, on: On) -> Act:
    from casework.career.end_service import end_service

    return lambda d, c, **o: end_service(d, number, on, c, **o)
