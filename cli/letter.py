"""Letters: what goes to whom and what became of it, and what an administrator may do about it."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cli import exits, options, values
from cli.act import Act, office_act
from cli.group import Command, noun
from cli.screen import Column
from cli.terminal import Terminal

_STANDINGS = ("queued", "sending", "sent", "failed", "in_doubt", "retracted")

commands = noun("letters")

LetterNumber = Annotated[int, typer.Argument(metavar="NUMBER", help="letter_number", parser=values.whole(1))]
Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="mail_address", parser=values.words(200))]


@commands.command("list", cls=Command)
def list_(
    ctx: typer.Context,
    person: options.ForPerson = None,
    kind: Annotated[
        str | None, typer.Option("--kind", metavar="KIND", help="letter_kind", parser=values.words(40))
    ] = None,
    standing: Annotated[
        str | None,
        typer.Option(
            "--standing", metavar="STANDING", help="letter_standing", parser=values.one_of(_STANDINGS)
        ),
    ] = None,
    limit: options.Limit = 200,
) -> int:
    from casework.views.letters import list_letters, suppressed_addresses, waiting_items

    terminal: Terminal = ctx.obj
    with terminal.reading() as connection:
        rows, total = list_letters(connection, person=person, kind=kind, standing=standing, limit=limit)
        waiting = waiting_items(connection, person=person)
        suppressed = suppressed_addresses(connection)
    if terminal.json:
        terminal.screen.data(
            {"total": total, "letters": rows, "waiting_items": waiting, "suppressed": suppressed}
        )
        return exits.DONE
    say = terminal.say
    if rows:
        terminal.screen.table(
            (
                Column(say("number"), whole=True),
                Column(say("day_heading"), whole=True),
                Column(say("to_whom"), share=3),
                Column(say("kind"), share=2),
                Column(say("standing"), whole=True),
                Column(say("mail_trouble"), share=3),
            ),
            (
                (
                    str(row["letter"]),
                    say("day", day=row["day"]),
                    f"{row['person']['name']} ({row['person']['code']})",
                    terminal.word("letters", row["kind"]),
                    terminal.word("letters", row["standing"]),
                    terminal.word("mail", row["trouble"]),
                )
                for row in rows
            ),
            say("letters_title", count=total),
        )
    else:
        terminal.screen.line(say("no_letters"))
    if total > len(rows):
        terminal.screen.line(say("more_rows", count=total - len(rows)))
    if waiting:
        terminal.screen.line(say("items_waiting", count=waiting))
    for row in suppressed:
        terminal.screen.line(
            say("suppressed_line", address=row["address"], at=row["since"], why=row["detail"])
        )
    return exits.DONE


@commands.command("show", cls=Command)
def show(ctx: typer.Context, letter: LetterNumber) -> int:
    from casework.views.letters import show_letter

    terminal: Terminal = ctx.obj
    with terminal.reading() as connection:
        shown = show_letter(connection, letter, terminal.lang)
    if terminal.json:
        terminal.screen.data(shown)
        return exits.DONE
    say, screen = terminal.say, terminal.screen
    standing = terminal.word("letters", shown["standing"])
    why = terminal.word("mail", shown["trouble"])
    screen.line(say("letter_line", letter=letter, standing=standing, why=why or "–"))
    kind, person = terminal.word("letters", shown["kind"]), shown["person"]
    screen.line(say("letter_of", kind=kind, day=shown["day"], person=f"{person['name']} ({person['code']})"))
    for name, value in shown["headers"]:
        screen.line(f"{name}: {value}")
    if shown["text"]:
        screen.line("")
        screen.plain(shown["text"])
    if shown["items"]:
        screen.table(
            (Column(say("about"), share=3), Column(say("standing"), whole=True)),
            (
                (
                    item["about"],
                    terminal.word("letters", item["standing"]),
                )
                for item in shown["items"]
            ),
            say("letter_items"),
        )
    if shown["tries"]:
        screen.table(
            (
                Column(say("number"), whole=True),
                Column(say("when"), whole=True),
                Column(say("answer"), whole=True),
                Column(say("servers_words"), share=3),
            ),
            (
                (
                    str(entry["number"]),
                    say("moment", at=entry["at"]),
                    terminal.word("letters", entry["answer"]),
                    f"{entry['smtp_code'] or ''} {entry['detail']}".strip(),
                )
                for entry in shown["tries"]
            ),
            say("letter_tries"),
        )
    return exits.DONE


@commands.command("preview", cls=Command)
def preview(ctx: typer.Context, person: options.ForPerson = None) -> int:
    from casework.home_clock import business_now
    from casework.letters.compose import Composer
    from casework.letters.sending import settings_against
    from casework.people import names_of, person_by_code
    from casework.views.letters import read_message
    from kit.clock import wall_now
    from rules.reasons import refuse_if

    terminal: Terminal = ctx.obj
    refuse_if(settings_against(terminal.settings))
    with terminal.database() as database:
        with database.read() as connection:
            now = business_now(connection)
            reader = person_by_code(connection, person)["id"] if person is not None else None
        found = Composer(database, terminal.settings).preview(now, wall_now(), person=reader)
        with database.read() as connection:
            names = names_of(connection, {letter.person for letter in found})
    told: list[dict[str, Any]] = []
    for letter in found:
        headers, text = read_message(letter.mime) if letter.mime else ([], "")
        told.append(
            {
                "person": names[letter.person],
                "kind": letter.kind,
                "trouble": letter.trouble,
                "faults": list(letter.faults),
                "headers": headers,
                "text": text,
            }
        )
    if terminal.json:
        terminal.screen.data({"letters": told})
        return exits.DONE
    if not told:
        terminal.screen.line(terminal.say("no_letters"))
    for one in told:
        kind, why = terminal.word("letters", one["kind"]), terminal.word("mail", one["trouble"])
        terminal.screen.line(terminal.say("preview_line", person=one["person"], kind=kind))
        if why:
            terminal.screen.line("; ".join([why, *one["faults"]]))
        for name, value in one["headers"]:
            if name in ("Subject", "To"):
                terminal.screen.line(f"{name}: {value}")
        terminal.screen.plain(one["text"])
    return exits.DONE


@commands.command("retry", cls=Command)
@office_act
def retry(
    ctx: typer.Context,
    letter: LetterNumber,
) -> Act:
    from casework.letters.acts import retry_letter
    from kit.clock import wall_now

    return lambda d, c, **o: retry_letter(d, letter, c, wall=wall_now(), **o)


@commands.command("retract", cls=Command)
@office_act
def retract(
    ctx: typer.Context,
    letter: LetterNumber,
) -> Act:
    from casework.letters.acts import retract_letter
    from kit.clock import wall_now

    return lambda d, c, **o: retract_letter(d, letter, c, wall=wall_now(), **o)


@commands.command("resend", cls=Command)
@office_act
def resend(
    ctx: typer.Context,
    letter: LetterNumber,
) -> Act:
    from casework.letters.acts import resend_letter
    from kit.clock import wall_now

    return lambda d, c, **o: resend_letter(d, letter, c, wall=wall_now(), **o)


@commands.command("clear", cls=Command)
@office_act
def clear(
    ctx: typer.Context,
    address: Address,
) -> Act:
    from casework.letters.acts import clear_address

    return lambda d, c, **o: clear_address(d, address, c, **o)


@commands.command("send-test", cls=Command)
def send_test(
    ctx: typer.Context,
    address: Address,
    person: options.As = None,
    key: options.RequestKey = None,
    dry_run: options.DryRun = False,
) -> int:
    from casework.letters import acts

    terminal: Terminal = ctx.obj
    with terminal.database() as database:
        call = terminal.call(database, person, key)
        done, answer = acts.send_test(
            database, terminal.settings, address, call, lang=terminal.lang, dry_run=dry_run
        )
    if terminal.json:
        told = None
        if answer is not None:
            told = {"answer": answer.answer, "smtp_code": answer.smtp_code, "detail": answer.detail}
        terminal.screen.data({**done.as_dict(), "answer": told})
    elif answer is None:
        text = "test_tried" if done.dry_run else "test_before"
        terminal.screen.line(terminal.say(text))
    else:
        why = terminal.word("mail", answer.trouble)
        words = " – ".join(
            part for part in (why, f"{answer.smtp_code or ''} {answer.detail}".strip()) if part
        )
        kind = terminal.word("letters", answer.answer)
        terminal.screen.line(terminal.say("test_answer", answer=kind, words=words))
    return exits.DONE if answer is None or answer.answer == "sent" else exits.REFUSED


@commands.command("deliver", cls=Command)
def deliver_(
    ctx: typer.Context,
    limit: options.Limit = 500,
) -> int:
    from casework.home_clock import business_now
    from casework.letters.compose import Composer
    from casework.letters.deliver import deliver, postman_name
    from casework.letters.sending import settings_against
    from kit.clock import wall_now
    from notifications.smtp import Line
    from rules.reasons import refuse_if

    terminal: Terminal = ctx.obj
    settings = terminal.settings
    refuse_if(settings_against(settings))
    with terminal.database() as database:
        with database.read() as connection:
            now = business_now(connection)
        composer = Composer(database, settings)
        composed = composer.compose(now, wall_now())
        delivered = deliver(
            database,
            lambda: Line(settings),
            wall_now,
            postman=postman_name(),
            limit=limit,
            pace=settings.mail_pace,
            composer=composer,
            business_now=now,
        )
    if terminal.json:
        terminal.screen.data({"composed": composed.as_dict(), "delivered": delivered.as_dict()})
        return exits.BROKEN_OFF if delivered.stopped else exits.DONE
    say = terminal.say
    terminal.screen.line(say("composed_line", **_counts(composed)))
    terminal.screen.line(say("delivered_line", **_counts(delivered)))
    for fault in (*composed.faults, *delivered.faults):
        terminal.screen.line(say("template_fault", detail=fault))
    if delivered.stopped:
        why = terminal.word("mail", delivered.stopped)
        terminal.screen.complain(say("delivery_stopped", why=why, detail=delivered.detail))
    return exits.BROKEN_OFF if delivered.stopped else exits.DONE


def _counts(done: Any) -> dict[str, int]:
    return {name: value for name, value in done.as_dict().items() if isinstance(value, int)}
