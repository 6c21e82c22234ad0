"""Accounts: who may sign in, the one-time links for it, and the sign-ins that count."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import exits, options, values
from cli.act import Act, office_act
from cli.group import Command, noun
from cli.screen import Column
from cli.terminal import Terminal

commands = noun("account")

_STANDINGS = {"invited": "account_invited", "open": "account_open", "ended": "account_ended"}
_WAYS = {"password": "way_password", "sample": "way_sample"}


@commands.command("link", cls=Command)
def link(
    ctx: typer.Context,
    who: options.PersonCode,
    first: Annotated[bool, typer.Option("--first", help="first_administrator")] = False,
    person: options.As = None,
    key: options.RequestKey = None,
    dry_run: options.DryRun = False,
) -> int:
    from casework.accounts.make_link import make_link
    from cli.act import show_done
    from kit.clock import wall_now

    terminal: Terminal = ctx.obj
    with terminal.database() as database:
        call = terminal.call(database, person, key)
        made = make_link(database, who, call, real_now=wall_now(), first=first, dry_run=dry_run)
    address = f"{terminal.settings.page.rstrip('/')}{made.path}" if made.path else None
    if terminal.json:
        until = made.expires_at.isoformat() if address else None
        terminal.screen.data({**made.done.as_dict(), "link": address, "expires_at": until})
        return exits.DONE
    show_done(terminal, made.done)
    if address:
        # On a line of its own, so that it can be copied whole.
        terminal.screen.line(terminal.say("link_until", until=made.expires_at))
        terminal.screen.plain(address)
        if not terminal.settings.page:
            terminal.screen.line(terminal.say("link_without_page", port=str(terminal.settings.page_port)))
    return exits.DONE


@commands.command("list", cls=Command)
def list_(ctx: typer.Context, person: options.As = None) -> int:
    from casework.accounts.list_sign_ins import list_accounts
    from kit.clock import wall_now

    terminal: Terminal = ctx.obj
    with terminal.database() as database:
        rows = list_accounts(database, terminal.call(database, person), real_now=wall_now())
    if terminal.json:
        terminal.screen.data({"accounts": rows})
        return exits.DONE
    say = terminal.say
    if not rows:
        terminal.screen.line(say("no_accounts"))
        return exits.DONE
    terminal.screen.table(
        (
            Column(say("code"), whole=True),
            Column(say("name"), share=3),
            Column(say("standing"), whole=True),
            Column(say("password_set"), whole=True),
            Column(say("sign_ins"), whole=True),
        ),
        (
            (
                row["person"],
                row["name"],
                say(_STANDINGS[row["standing"]]),
                say("moment", at=row["set_at"]) if row["set_at"] else "",
                str(row["sign_ins"]),
            )
            for row in rows
        ),
        say("accounts_title", count=len(rows)),
    )
    return exits.DONE


@commands.command("sign-ins", cls=Command)
def sign_ins(ctx: typer.Context, who: options.PersonCode, person: options.As = None) -> int:
    from casework.accounts.list_sign_ins import list_sign_ins
    from kit.clock import wall_now

    terminal: Terminal = ctx.obj
    with terminal.database() as database:
        rows = list_sign_ins(database, who, terminal.call(database, person), real_now=wall_now())
    if terminal.json:
        terminal.screen.data({"sign_ins": rows})
        return exits.DONE
    say = terminal.say
    if not rows:
        terminal.screen.line(say("no_sign_ins"))
        return exits.DONE
    terminal.screen.table(
        (
            Column(say("number"), whole=True),
            Column(say("sign_in_way"), whole=True),
            Column(say("last_seen"), whole=True),
            Column(say("until_when"), whole=True),
            Column(say("from_address"), share=2),
            Column(say("client"), share=3),
        ),
        (
            (
                str(row["sign_in"]),
                say(_WAYS[row["way"]]),
                say("moment", at=row["last_seen_at"]),
                say("moment", at=row["expires_at"]),
                row["address"],
                row["client"],
            )
            for row in rows
        ),
        say("sign_ins_title", count=len(rows)),
    )
    return exits.DONE


@commands.command("end", cls=Command)
@office_act
def end(
    ctx: typer.Context,
    who: options.PersonCode,
    number: Annotated[
        int | None,
        typer.Option("--sign-in", metavar="NUMBER", help="sign_in_number", parser=values.whole(1)),
    ] = None,
) -> Act:
    from casework.accounts.end_account import end_account
    from casework.accounts.end_sign_in import end_sign_ins
    from kit.clock import wall_now

    if number is None:
        return lambda d, c, **o: end_account(d, who, c, real_now=wall_now(), **o)
    return lambda d, c, **o: end_sign_ins(d, who, c, real_now=wall_now(), sign_in=number, **o)
