"""One-time links: the first administrator's, an invitation, and the passwords that they set."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from casework.accounts.change_password import change_password
from casework.accounts.end_account import end_account
from casework.accounts.list_sign_ins import list_accounts
from casework.accounts.make_link import NewLink, make_link
from casework.accounts.numbers import PAIR
from casework.accounts.redeem_link import look_at_link, redeem_link
from casework.call import Call
from rules.reasons import Refused
from tests.accounts.door import HOME, PASSWORD, SCHOOL, Door, codes
from tests.build import noon
from tests.casework.telling import broken_links

NEWER = "bốn từ ghép lại"


def link_for(door: Door, person: str = "clerk", by: str | None = "admin", **options: Any) -> NewLink:
    return make_link(door.database, person, door.office.call(by), real_now=door.now, **options)


def redeem(door: Door, token: str | None, password: str = NEWER, key: str = "redeem-1") -> Any:
    assert token is not None
    call = Call(None, noon("2025-06-10"), key, "web")
    return redeem_link(door.database, token, password, call, real_now=door.now)


def change(door: Door, old: str, new: str, *, keep: int | None = None, address: str = SCHOOL) -> Any:
    call = door.office.call("clerk")
    return change_password(door.database, old, new, call, keep=keep, address=address, real_now=door.now)


def test_the_first_administrator_is_made_by_a_link_and_by_no_default_password(door: Door) -> None:
    made = link_for(door, "admin", None, first=True)
    assert made.path == f"/link/{made.token}"
    seen = look_at_link(door.database, made.token, real_now=door.now)
    assert (seen.code, seen.purpose) == ("admin", "first_administrator")
    redeem(door, made.token)
    door.sign_in("admin", NEWER)
    assert codes(lambda: link_for(door, "admin", None, first=True)) == ["account_exists"]


def test_the_first_link_is_for_who_holds_the_duty_and_only_while_nobody_has_an_account(door: Door) -> None:
    assert codes(lambda: link_for(door, "clerk", None, first=True)) == ["not_an_administrator"]
    made = link_for(door, "admin", None, first=True)
    door.give_account("principal")
    assert codes(lambda: redeem(door, made.token)) == ["account_exists"]
    assert codes(lambda: link_for(door, "clerk", None, first=True)) == [
        "account_exists",
        "not_an_administrator",
    ]


def test_only_an_administrator_invites(door: Door) -> None:
    assert codes(lambda: link_for(door, by="principal")) == ["duty_not_held"]
    assert codes(lambda: link_for(door, "nobody", "principal")) == ["duty_not_held", "unknown_person"]
    assert door.rows("one_time_link") == []


def test_a_link_works_once(door: Door) -> None:
    made = link_for(door)
    redeem(door, made.token)
    door.sign_in("clerk", NEWER)
    assert codes(lambda: redeem(door, made.token, "anders, aber lang", "redeem-2")) == ["link_used"]
    assert codes(lambda: look_at_link(door.database, made.token, real_now=door.now)) == ["link_used"]
    door.sign_in("clerk", NEWER)


def test_a_link_is_over_after_its_time_and_when_another_is_made(door: Door) -> None:
    older, newer = link_for(door), link_for(door)
    assert codes(lambda: redeem(door, older.token)) == ["link_over"]
    door.now = newer.expires_at
    assert codes(lambda: redeem(door, newer.token)) == ["link_over"]
    assert codes(lambda: redeem(door, "made-up")) == ["link_unknown"]


def test_the_same_request_makes_one_link_and_tells_its_token_once(door: Door) -> None:
    call = door.office.call("admin", key="invite-clerk")
    one, again = (make_link(door.database, "clerk", call, real_now=door.now) for _ in range(2))
    # The second ended the first's link in its try, and all of that was undone.
    assert (one.token is None, again.token) == (False, None)
    assert again.done.replayed
    assert len(door.rows("one_time_link")) == 1
    assert link_for(door, dry_run=True).token is None
    redeem(door, one.token)


def test_a_link_sets_a_new_password_ends_every_sign_in_and_every_other_link(door: Door) -> None:
    door.give_account("clerk", "principal")
    before, others = door.sign_in(), door.sign_in("principal")
    made = link_for(door)
    redeem(door, made.token)
    assert door.is_in(before) is None
    assert door.is_in(others)
    assert door.refused(password=PASSWORD).code == "sign_in_refused"
    door.sign_in(password=NEWER)


def test_every_reason_against_a_password_is_told_at_once(door: Door) -> None:
    made = link_for(door)
    refused = {
        "ngắn": ["password_too_short"],
        "CLERK": ["password_too_short", "password_is_name"],
        "người  CLERK": ["password_is_name"],
        "x" * 201: ["password_too_long"],
        "tab\there, and more": ["password_unreadable"],
        "\ud800": ["password_too_short", "password_unreadable"],
    }
    for password, expected in refused.items():
        assert codes(lambda password=password: redeem(door, made.token, password)) == expected
    redeem(door, made.token)


def test_the_history_names_who_did_it_and_no_secret(door: Door) -> None:
    made = link_for(door)
    redeem(door, made.token)
    signed = door.sign_in(password=NEWER)
    change(door, NEWER, PASSWORD, keep=signed.sign_in)
    end_account(door.database, "clerk", door.office.call("admin"), real_now=door.now)
    admin, clerk = door.office.people["admin"], door.office.people["clerk"]
    assert door.events() == [
        ("make_link", admin),
        ("set_password", clerk),
        ("change_password", clerk),
        ("end_account", admin),
    ]
    stored = door.everything()
    assert not [secret for secret in (made.token, signed.token, NEWER, PASSWORD) if secret in stored]
    history = str(door.rows("history_entry"))
    assert not [told for told in (SCHOOL, "argon2", "@mau.example") if told in history]
    assert broken_links(door.database) == []


def test_changing_the_password_keeps_this_sign_in_alone(door: Door) -> None:
    door.give_account("clerk")
    mine, left_open = door.sign_in(), door.sign_in(address=HOME)
    invited = link_for(door)
    change(door, PASSWORD, NEWER, keep=mine.sign_in)
    assert door.is_in(mine)
    assert door.is_in(left_open) is None
    assert codes(lambda: redeem(door, invited.token)) == ["link_over"]
    door.sign_in(password=NEWER)


def test_the_old_password_is_asked_for_and_guessed_no_faster_than_at_the_door(door: Door) -> None:
    door.give_account("clerk")
    assert codes(lambda: change(door, "wrong", "ngắn")) == ["old_password_wrong", "password_too_short"]
    assert codes(lambda: change(door, PASSWORD, "ngắn")) == ["password_too_short"]
    door.fail(PAIR.free)
    assert codes(lambda: change(door, PASSWORD, NEWER)) == ["sign_in_wait"]
    nobody = replace(door.office.call(None), actor_id=None)
    assert codes(
        lambda: change_password(door.database, "", NEWER, nobody, keep=None, address=HOME, real_now=door.now)
    ) == ["no_account"]


def test_an_account_that_was_ended_opens_nothing_until_the_person_is_invited_again(door: Door) -> None:
    door.give_account("clerk")
    signed, invited = door.sign_in(), link_for(door)
    end_account(door.database, "clerk", door.office.call("admin"), real_now=door.now)
    assert door.is_in(signed) is None
    assert door.refused(password=PASSWORD).code == "sign_in_refused"
    assert codes(lambda: redeem(door, invited.token)) == ["link_over"]
    again = door.office.call("admin")
    assert codes(lambda: end_account(door.database, "clerk", again, real_now=door.now)) == ["no_account"]
    redeem(door, link_for(door).token, key="redeem-9")
    door.sign_in(password=NEWER)


def test_accounts_are_listed_for_administrators(door: Door) -> None:
    door.give_account("clerk", "principal")
    door.sign_in()
    link_for(door, "teacher")
    end_account(door.database, "principal", door.office.call("admin"), real_now=door.now)
    rows = list_accounts(door.database, door.office.call("admin"), real_now=door.now)
    assert [(row["person"], row["standing"], row["sign_ins"]) for row in rows] == [
        ("clerk", "open", 1),
        ("principal", "ended", 0),
        ("teacher", "invited", 0),
    ]
    call = door.office.call("clerk")
    assert codes(lambda: list_accounts(door.database, call, real_now=door.now)) == ["duty_not_held"]


@pytest.mark.parametrize("act", [make_link, end_account])
def test_what_only_an_administrator_does_is_refused_to_everybody_else(door: Door, act: Any) -> None:
    door.give_account("clerk")
    for person in ("clerk", "principal", "chairman"):
        call = door.office.call(person)
        assert codes(lambda call=call: act(door.database, "clerk", call, real_now=door.now)) == [
            "duty_not_held"
        ]


def test_of_two_who_use_a_link_in_the_same_moment_one_sets_the_password(door: Door) -> None:
    token = link_for(door).token

    def use(number: int) -> str:
        try:
            redeem(door, token, f"{NEWER} {number}", f"redeem-{number}")
        except Refused as refusal:
            return refusal.reasons[0].code
        return "done"

    with ThreadPoolExecutor(4) as pool:
        found = sorted(pool.map(use, range(4)))
    assert found == ["done", "link_used", "link_used", "link_used"]
    assert [event for event, _ in door.events()] == ["make_link", "set_password"]
