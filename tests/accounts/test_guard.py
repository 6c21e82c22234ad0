"""Who guesses waits; who owns the account does not, and is never locked out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from casework.accounts.network import network_of
from casework.accounts.numbers import ATTEMPT_LASTS, NETWORK, PAIR, STRANGERS, Limit
from rules.reasons import Refused
from tests.accounts.door import FAR, HOME, PASSWORD, SCHOOL, Door


def wait(door: Door, **given: str) -> timedelta | None:
    """How long a sign-in with the right password has to wait; None when it is granted."""
    try:
        door.sign_in(**given)
    except Refused as refusal:
        (reason,) = refusal.reasons
        assert reason.code == "sign_in_wait"
        return datetime.fromisoformat(reason.params["until"]) - door.now
    return None


def test_five_slips_cost_nothing_and_then_the_wait_doubles_up_to_a_quarter_of_an_hour(door: Door) -> None:
    door.give_account("clerk")
    waits = []
    for _ in range(12):
        door.fail(1)
        found = wait(door) if len(door.rows("attempt")) >= PAIR.free else None
        waits.append(round(found.total_seconds() / 30) if found else 0)
        if found:
            door.pass_by(seconds=found.total_seconds())
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 16, 30, 30, 30]


def test_an_attempt_is_counted_before_the_password_is_looked_at_and_forgotten_when_it_fits(
    door: Door,
) -> None:
    door.give_account("clerk")
    door.refused()
    door.refused()
    assert len(door.rows("attempt")) == 2
    door.sign_in()
    assert door.rows("attempt") == []


def test_whoever_only_has_to_wait_is_not_counted_again(door: Door) -> None:
    door.give_account("clerk")
    door.fail(PAIR.free)
    for _ in range(3):
        assert door.refused().code == "sign_in_wait"
    assert len(door.rows("attempt")) == PAIR.free
    door.pass_by(seconds=31)
    door.sign_in()


def test_a_name_that_nobody_has_waits_just_as_long(door: Door) -> None:
    door.give_account("clerk")
    for name in ("clerk", "nobody"):
        door.fail(PAIR.free, name)
    assert door.refused("clerk") == door.refused("nobody") == door.refused("NOBODY")


def test_guessing_at_one_place_leaves_every_other_place_alone(door: Door) -> None:
    door.give_account("clerk")
    door.fail(STRANGERS.free - 1, address=FAR)
    assert wait(door, address=FAR) is not None
    assert wait(door, address=HOME) is None


def test_a_guesser_with_a_thousand_addresses_makes_strangers_wait_and_not_the_owner(door: Door) -> None:
    door.give_account("clerk")
    door.sign_in(address=SCHOOL)
    door.pass_by(days=20)
    for part in range(100):
        door.fail(3, address=f"198.51.{part}.7")
    assert door.refused(address=FAR).code == "sign_in_wait"
    # Another desk of the same school; at home she never signed in.
    assert wait(door, address="113.160.1.99") is None
    assert wait(door, address=HOME) == timedelta(minutes=15, seconds=1)
    door.pass_by(minutes=16)
    assert wait(door, address=HOME) is None


def test_a_place_is_known_for_thirty_days_after_a_sign_in(door: Door) -> None:
    door.give_account("clerk")
    door.sign_in(address=SCHOOL)
    door.pass_by(days=30, minutes=1)
    for part in range(20):
        door.fail(3, address=f"198.51.{part}.7")
    assert wait(door, address=SCHOOL) is not None


def test_one_click_into_the_sample_makes_no_place_known(door: Door) -> None:
    from tests.accounts.test_sign_in import by_click, load_mark

    door.give_account("clerk")
    load_mark(door)
    by_click(door)
    for part in range(20):
        door.fail(3, address=f"198.51.{part}.7")
    assert wait(door, address="127.0.0.1") is not None


def test_trying_many_names_from_one_network_waits_a_minute_at_most(door: Door) -> None:
    door.give_account("clerk")
    for number in range(200):
        door.fail(1, f"name-{number}")
    assert wait(door) == timedelta(minutes=1, seconds=1)
    assert wait(door, address=HOME) is None
    door.pass_by(minutes=2)
    assert wait(door) is None


def test_all_is_forgotten_after_a_day_and_deleted(door: Door) -> None:
    door.give_account("clerk")
    door.fail(40)
    door.pass_by(seconds=ATTEMPT_LASTS.total_seconds() + 1)
    door.refused("somebody-else")
    assert len(door.rows("attempt")) == 1


def test_a_guess_typed_into_the_wrong_box_is_not_kept(door: Door) -> None:
    door.refused("my secret password", "x")
    assert "my secret password" not in door.everything()


def test_guesses_made_at_one_instant_are_counted_one_after_the_other(door: Door) -> None:
    door.give_account("clerk")

    def guess(number: int) -> str:
        return door.refused(password=f"guess {number}").code

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(guess, range(12)))
    assert sorted(found) == ["sign_in_refused"] * PAIR.free + ["sign_in_wait"] * (12 - PAIR.free)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("113.160.1.20", "113.160.1.0/24"),
        ("::ffff:113.160.1.20", "113.160.1.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("127.0.0.1", "127.0.0.0/24"),
        ("", "unknown"),
        ("a page's own word", "unknown"),
    ],
)
def test_what_a_provider_gives_to_one_customer_is_one_place(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize("limit", [PAIR, NETWORK, STRANGERS])
def test_a_wait_grows_with_each_failure_and_never_beyond_its_most(limit: Limit) -> None:
    waits = [limit.wait(failures) for failures in range(2000)]
    assert waits == sorted(waits)
    assert waits[: limit.free] == [timedelta(0)] * limit.free
    assert (waits[limit.free], waits[-1]) == (limit.first, limit.most)


def test_the_right_password_helps_nobody_past_a_wait(door: Door) -> None:
    door.give_account("clerk")
    door.fail(PAIR.free)
    assert door.refused(password=PASSWORD).code == "sign_in_wait"
