"""Signing in, staying signed in, and ending it."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, update

from casework.accounts import passwords
from casework.accounts.end_sign_in import end_other_sign_ins, end_own_sign_in, end_sign_ins, sign_out
from casework.accounts.list_sign_ins import list_sign_ins
from casework.accounts.sample import sample_may_sign_in, sign_in_as_sample
from casework.erase import erase_person
from casework.people import PERSON
from models.home import SAMPLE, HomeMark
from tests.accounts.door import HOME, PASSWORD, SCHOOL, Door, codes


def test_a_person_signs_in_by_code_or_by_the_address_on_file(door: Door) -> None:
    door.give_account("clerk", "principal")
    for name in ("clerk", " clerk ", "CLERK@mau.example"):
        signed = door.sign_in(name)
        here = door.is_in(signed)
        assert here is not None
        assert (here.person_id, here.sign_in, here.way) == (
            door.office.people["clerk"],
            signed.sign_in,
            "password",
        )


def test_the_same_letters_fit_however_the_keyboard_writes_them(door: Door) -> None:
    door.give_account("clerk")
    door.sign_in(password=unicodedata.normalize("NFD", PASSWORD))


def test_a_wrong_password_and_an_unknown_name_get_the_same_words_and_the_same_work(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    door.give_account("clerk")
    work = []
    real = passwords._hasher().verify
    monkeypatch.setattr(
        type(passwords._hasher()), "verify", lambda _self, *given: work.append(len(given)) or real(*given)
    )
    assert door.refused("clerk") == door.refused("nobody") == door.refused("teacher") == door.refused("")
    assert work == [2, 2, 2, 2]


def test_an_address_that_two_people_share_means_neither(door: Door) -> None:
    door.give_account("clerk", "principal")
    with door.database.write() as connection:
        connection.execute(update(PERSON).values(email="truong@mau.example"))
    assert door.refused("truong@mau.example", PASSWORD).code == "sign_in_refused"
    door.sign_in("clerk")


def test_people_without_an_address_are_not_meant_by_an_empty_name(door: Door) -> None:
    door.give_account("clerk")
    with door.database.write() as connection:
        connection.execute(update(PERSON).values(email=""))
    assert door.refused("", PASSWORD).code == door.refused("-", PASSWORD).code == "sign_in_refused"


@pytest.mark.parametrize("name", ["cl\0erk", "x" * 5000, "clerk'--", "\ud800", "%"])
def test_no_name_and_no_password_that_can_be_typed_breaks_the_door(door: Door, name: str) -> None:
    door.give_account("clerk")
    assert door.refused(name, name * 3).code == "sign_in_refused"


def test_a_token_is_nowhere_in_the_database(door: Door) -> None:
    door.give_account("clerk")
    signed = door.sign_in()
    assert len(signed.token) >= 43
    assert signed.token not in door.everything()
    assert PASSWORD not in door.everything()


def test_a_sign_in_that_is_used_goes_on_and_one_that_is_not_is_over_after_twelve_hours(door: Door) -> None:
    door.give_account("clerk")
    used, left = door.sign_in(), door.sign_in()
    door.pass_by(hours=11)
    assert door.is_in(used)
    door.pass_by(hours=1)
    assert door.is_in(used)
    assert door.is_in(left) is None


def test_no_sign_in_outlives_fourteen_days(door: Door) -> None:
    door.give_account("clerk")
    signed = door.sign_in()
    for _ in range(27):
        door.pass_by(hours=12, seconds=-1)
        assert door.is_in(signed)
    assert signed.expires_at == datetime.fromisoformat("2026-12-06T01:00:00+00:00")
    door.now = signed.expires_at
    assert door.is_in(signed) is None


def test_that_it_was_used_is_written_at_most_every_five_minutes(door: Door) -> None:
    door.give_account("clerk")
    signed, began = door.sign_in(), door.now
    door.pass_by(minutes=4)
    assert door.is_in(signed)
    assert door.rows("sign_in")[0]["last_seen_at"] == began
    door.pass_by(minutes=1)
    assert door.is_in(signed)
    assert door.rows("sign_in")[0]["last_seen_at"] == door.now
    door.pass_by(minutes=-30)
    assert door.is_in(signed)
    assert door.rows("sign_in")[0]["last_seen_at"] == began + timedelta(minutes=5)


def test_signing_out_ends_this_sign_in_alone(door: Door) -> None:
    door.give_account("clerk")
    one, other = door.sign_in(), door.sign_in()
    assert sign_out(door.database, one.token, real_now=door.now)
    assert not sign_out(door.database, one.token, real_now=door.now)
    assert not sign_out(door.database, "made-up", real_now=door.now)
    assert door.is_in(one) is None
    assert door.is_in(other)


def test_ones_own_sign_ins_are_listed_and_ended_and_nobody_elses(door: Door) -> None:
    door.give_account("clerk", "principal")
    mine = [door.sign_in(address=HOME, client="Điện\nthoại" + "x" * 500), door.sign_in(), door.sign_in()]
    others = door.sign_in("principal")
    clerk = door.office.people["clerk"]
    listed = list_sign_ins(door.database, "clerk", door.office.call("clerk"), real_now=door.now)
    assert [row["sign_in"] for row in listed] == [signed.sign_in for signed in reversed(mine)]
    assert (listed[-1]["address"], len(listed[-1]["client"])) == (HOME, 120)
    assert "\n" not in listed[-1]["client"]
    assert not end_own_sign_in(door.database, clerk, others.sign_in, real_now=door.now)
    assert end_own_sign_in(door.database, clerk, mine[0].sign_in, real_now=door.now)
    assert end_other_sign_ins(door.database, clerk, mine[1].sign_in, real_now=door.now) == 1
    assert [bool(door.is_in(signed)) for signed in (*mine, others)] == [False, True, False, True]
    assert door.events() == []


def test_an_administrator_ends_anybodys_and_the_history_says_so(door: Door) -> None:
    door.give_account("clerk")
    one, other = door.sign_in(), door.sign_in()
    admin = door.office.call("admin")
    assert len(list_sign_ins(door.database, "clerk", admin, real_now=door.now)) == 2
    end_sign_ins(door.database, "clerk", admin, real_now=door.now, sign_in=one.sign_in)
    assert [bool(door.is_in(signed)) for signed in (one, other)] == [False, True]
    end_sign_ins(door.database, "clerk", door.office.call("admin"), real_now=door.now)
    assert door.is_in(other) is None
    assert {event for event, _ in door.events()} == {"end_sign_in"}
    assert SCHOOL not in str(door.rows("history_entry"))


def test_a_colleague_neither_sees_nor_ends_anothers_sign_ins(door: Door) -> None:
    door.give_account("clerk")
    signed = door.sign_in()
    call = door.office.call("principal")
    assert codes(lambda: list_sign_ins(door.database, "clerk", call, real_now=door.now)) == ["duty_not_held"]
    assert codes(lambda: end_sign_ins(door.database, "clerk", call, real_now=door.now)) == ["duty_not_held"]
    assert codes(
        lambda: end_sign_ins(door.database, "clerk", door.office.call("admin"), real_now=door.now, sign_in=99)
    ) == ["sign_in_not_found"]
    assert door.is_in(signed)


def test_who_is_erased_is_signed_out_and_leaves_no_trace_of_where_from(door: Door) -> None:
    door.give_account("teacher")
    signed = door.sign_in("teacher", client="Firefox of the teacher")
    erase_person(door.database, "teacher", "nghỉ hưu", door.office.call("admin"))
    assert door.is_in(signed) is None
    assert door.refused("teacher", PASSWORD).code == "sign_in_refused"
    assert not {SCHOOL, "Firefox of the teacher"} & set(door.everything().splitlines())
    assert [row["password_hash"] for row in door.rows("account")] == [""]


def load_mark(door: Door) -> None:
    with door.database.write() as connection:
        connection.execute(insert(HomeMark.__table__), {"name": SAMPLE, "value": "test", "at": door.now})


def by_click(door: Door, *, on_loopback: bool = True) -> object:
    return sign_in_as_sample(
        door.database,
        "clerk",
        on_loopback=on_loopback,
        client="Firefox",
        address="127.0.0.1",
        real_now=door.now,
    )


def test_the_samples_people_sign_in_by_one_click_on_the_machine_itself_alone(door: Door) -> None:
    assert codes(lambda: by_click(door, on_loopback=False)) == ["sample_not_loaded", "not_on_loopback"]
    assert codes(lambda: by_click(door)) == ["sample_not_loaded"]
    load_mark(door)
    assert codes(lambda: by_click(door, on_loopback=False)) == ["not_on_loopback"]
    assert not sample_may_sign_in(door.database, on_loopback=False)
    assert sample_may_sign_in(door.database, on_loopback=True)
    signed = by_click(door)
    assert door.is_in(signed, on_loopback=True)
    assert door.is_in(signed) is None


def test_loading_the_sample_is_what_the_door_looks_for(door: Door) -> None:
    from rehearsal.load_sample import sample_is_loaded

    load_mark(door)
    with door.database.read() as connection:
        assert sample_is_loaded(connection)
