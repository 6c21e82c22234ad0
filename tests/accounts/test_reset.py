"""A new password by letter, and that nobody but the reader of the letter ever sees its link."""

from __future__ import annotations

import itertools
import re
import zlib
from collections.abc import Iterator
from email import message_from_bytes, policy
from typing import Any

import pytest

from casework.accounts.ask_reset import ask_for_reset
from casework.accounts.change_password import change_password
from casework.accounts.make_link import make_link
from casework.accounts.numbers import LINK_LASTS, RESET_AGAIN, RESETS
from casework.accounts.redeem_link import look_at_link, redeem_link
from casework.call import Call
from casework.doctor.letters import INVARIANTS
from casework.doctor.view import View
from casework.letters.acts import resend_letter, retract_letter, retry_letter
from casework.letters.deliver import Delivered, deliver
from casework.views.letters import show_letter
from notifications.render import render_letter
from notifications.smtp import Line
from tests.accounts.door import FAR, HOME, PASSWORD, Door, codes
from tests.build import noon
from tests.letters.post import Post
from tests.letters.server import Told, mail_server

NEWER = "bốn từ ghép lại"
PAGE = "https://thidua.example"
_numbers = itertools.count()


@pytest.fixture
def server() -> Iterator[tuple[Told, int]]:
    """A mail server that does as it is told, and its port."""
    with mail_server() as made:
        yield made


@pytest.fixture
def told(server: tuple[Told, int]) -> Told:
    """What the mail server is told, and what it took."""
    return server[0]


@pytest.fixture
def post(door: Door, server: tuple[Told, int]) -> Post:
    """The post of the office, whose pages have an address; two people have accounts."""
    door.give_account("clerk", "principal")
    return Post(door.office, server[1], more={"page": PAGE})


def ask(door: Door, name: str = "clerk", address: str = HOME, key: str | None = None) -> None:
    call = Call(None, noon("2025-06-10"), key or f"ask-{next(_numbers)}", "web")
    ask_for_reset(door.database, name, call, address=address, real_now=door.now)


def go_round(post: Post, door: Door, **options: Any) -> Delivered:
    """What is ready is composed and handed over, at the door's real time."""
    post.clock.at = door.now
    composer = post.composer(render_letter)
    composer.compose(post.now, door.now)
    given: dict[str, Any] = {"composer": composer, "business_now": post.now, **options}
    return deliver(
        post.database,
        lambda: Line(post.settings),
        post.clock,
        postman=f"postman-reset-{next(_numbers)}",
        **given,
    )


def tokens(told: Told) -> list[str]:
    """The tokens in what the mail server took, in both parts of each letter the same."""
    found = []
    for _, mime in told.taken:
        whole = message_from_bytes(mime, policy=policy.default)
        parts = [str(part.get_content()) for part in whole.walk() if not part.is_multipart()]
        links = {token for part in parts for token in re.findall(rf"{PAGE}/link/([\w-]+)", part)}
        (token,) = links
        found.append(token)
    return found


def redeem(door: Door, token: str) -> Any:
    call = Call(None, noon("2025-06-10"), f"redeem-{next(_numbers)}", "web")
    return redeem_link(door.database, token, NEWER, call, real_now=door.now)


def test_a_forgotten_password_is_set_anew_by_letter(door: Door, post: Post, told: Told) -> None:
    signed = door.sign_in()
    ask(door, "clerk@mau.example")
    assert go_round(post, door).sent == 1
    ((reader, _),) = told.taken
    (token,) = tokens(told)
    assert reader == "clerk@mau.example"
    assert look_at_link(door.database, token, real_now=door.now).purpose == "reset"
    redeem(door, token)
    assert door.is_in(signed) is None
    door.sign_in(password=NEWER)
    assert door.events() == [("ask_reset", None), ("set_password", door.office.people["clerk"])]


def texts(told: Told) -> list[tuple[str, str]]:
    """Reader and text part of what the mail server took."""
    found = []
    for reader, mime in told.taken:
        whole = message_from_bytes(mime, policy=policy.default)
        (text,) = [part for part in whole.walk() if part.get_content_type() == "text/plain"]
        found.append((reader, str(text.get_content())))
    return found


def test_a_password_that_became_another_one_is_told_by_letter(door: Door, post: Post, told: Told) -> None:
    owner = door.office.people["clerk"]
    change = Call(owner, noon("2025-06-10"), "change-1", "web")
    given = {"keep": None, "address": HOME, "real_now": door.now}
    change_password(door.database, PASSWORD, NEWER, change, **given)
    assert go_round(post, door).sent == 1
    ((reader, text),) = texts(told)
    assert reader == "clerk@mau.example" and f"{PAGE}/reset" in text
    # 01:00 of that day in UTC.
    assert "22/11/2026 08:00" in text and "/link/" not in text
    assert NEWER not in text and PASSWORD not in text
    assert codes(lambda: change_password(door.database, PASSWORD, NEWER, change, **given)) == [
        "old_password_wrong"
    ]
    assert go_round(post, door).sent == 0


def test_a_reset_is_told_when_it_is_done_and_a_first_password_is_not(
    door: Door, post: Post, told: Told
) -> None:
    ask(door)
    go_round(post, door)
    (token,) = tokens(told)
    redeem(door, token)
    assert go_round(post, door).sent == 1
    assert [reader for reader, _ in texts(told)] == ["clerk@mau.example"] * 2
    invite = Call(door.office.people["admin"], noon("2025-06-10"), "invite-1", "web")
    made = make_link(door.database, "appraiser", invite, real_now=door.now)
    assert made.token is not None
    redeem(door, made.token)
    door.sign_in("appraiser", NEWER)
    assert go_round(post, door).sent == 0


def test_the_token_is_nowhere_but_in_the_letter_that_went(door: Door, post: Post, told: Told) -> None:
    ask(door)
    post.clock.at = door.now
    post.composer(render_letter).compose(post.now, door.now)
    assert f"{PAGE}/link/…" in shown(door)
    go_round(post, door)
    (token,) = tokens(told)
    assert token not in shown(door)
    assert f"{PAGE}/link/…" in shown(door)
    assert token not in door.everything()
    assert token.encode() not in zlib.decompress(post.letter()["mime"])


def shown(door: Door) -> str:
    with door.database.read() as connection:
        return str(show_letter(connection, 1))


def test_the_answer_is_the_same_whoever_is_meant(door: Door, post: Post) -> None:
    for name in ("clerk", "nobody", "teacher", "", "clerk@mau.example", "x" * 4000):
        assert ask(door, name) is None
    assert len(door.rows("outbox_item")) == 1
    assert len(door.rows("attempt")) == 6


def test_asking_again_within_ten_minutes_makes_no_second_letter(door: Door, post: Post, told: Told) -> None:
    ask(door)
    ask(door)
    go_round(post, door)
    door.pass_by(seconds=RESET_AGAIN.total_seconds() - 1)
    ask(door)
    go_round(post, door)
    assert len(told.taken) == 1


def test_asking_again_later_on_the_same_day_sends_another_letter_and_ends_no_link(
    door: Door, post: Post, told: Told
) -> None:
    for _ in range(3):
        ask(door)
        assert go_round(post, door).sent == 1
        door.pass_by(seconds=RESET_AGAIN.total_seconds())
    first, _, last = tokens(told)
    assert len(set(told.ids())) == 3
    assert len(post.letters()) == 1
    look_at_link(door.database, last, real_now=door.now)
    # Whoever asks in another's name makes the other's link no worse.
    redeem(door, first)
    assert codes(lambda: redeem(door, last)) == ["link_over"]
    with door.database.read() as connection:
        view = View(connection, noon("2025-06-10"), wall=door.now)
        assert [found for invariant in INVARIANTS if (found := invariant.examine(view))] == []


def test_the_same_request_again_is_answered_and_does_nothing(door: Door, post: Post) -> None:
    ask(door, key="once")
    door.pass_by(hours=2)
    ask(door, key="once")
    assert len(door.rows("one_time_link")) == 1


def test_too_many_from_one_network_wait_and_others_do_not(door: Door, post: Post) -> None:
    door.fail(RESETS.free, "somebody", FAR, "reset")
    assert (
        codes(lambda: ask(door, "clerk", FAR)) == codes(lambda: ask(door, "nobody", FAR)) == ["sign_in_wait"]
    )
    ask(door, "clerk", HOME)
    assert len(door.rows("one_time_link")) == 1


def test_asking_slows_nobody_down_at_the_door(door: Door, post: Post) -> None:
    door.fail(200, "clerk", HOME, "reset")
    door.sign_in(address=HOME)


def test_a_letter_that_comes_back_later_carries_a_new_link(door: Door, post: Post, told: Told) -> None:
    told.at["end"] = ["451 later"]
    ask(door)
    assert go_round(post, door).waiting == 1
    before = door.rows("one_time_link")[0]["token_sha256"]
    door.pass_by(minutes=5)
    assert go_round(post, door).sent == 1
    assert before not in (None, door.rows("one_time_link")[0]["token_sha256"])
    redeem(door, tokens(told)[-1])


def test_a_letter_whose_link_is_over_is_not_sent(door: Door, post: Post, told: Told) -> None:
    told.at["end"] = ["451 later"]
    ask(door)
    go_round(post, door)
    told.taken.clear()
    door.pass_by(seconds=LINK_LASTS["reset"].total_seconds())
    assert go_round(post, door).sent == 0
    assert (post.letter()["standing"], post.letter()["trouble"]) == ("retracted", "nothing_left")
    ask(door)
    assert go_round(post, door).sent == 1
    redeem(door, tokens(told)[-1])


def test_a_letter_in_doubt_works_if_it_came_and_is_asked_for_anew_if_not(
    door: Door, post: Post, told: Told
) -> None:
    told.at["end"] = ["keep drop"]
    ask(door)
    assert go_round(post, door).in_doubt == 1
    (first,) = tokens(told)
    look_at_link(door.database, first, real_now=door.now)
    again = door.office.call("admin")
    assert codes(lambda: resend_letter(door.database, 1, again, wall=door.now)) == ["link_not_sent_again"]
    door.pass_by(minutes=11)
    ask(door)
    assert go_round(post, door).sent == 1
    redeem(door, tokens(told)[-1])


def test_a_sent_letter_is_not_sent_again_and_a_failed_one_is_tried_again(
    door: Door, post: Post, told: Told
) -> None:
    told.at["end"] = ["554 no"]
    ask(door)
    assert go_round(post, door).failed == 1
    retry_letter(door.database, 1, door.office.call("admin"), wall=door.now)
    assert go_round(post, door).sent == 1
    redeem(door, tokens(told)[-1])
    again = door.office.call("admin")
    assert codes(lambda: resend_letter(door.database, 1, again, wall=door.now)) == ["link_not_sent_again"]


def test_a_letter_taken_back_before_it_went_leads_nowhere(door: Door, post: Post, told: Told) -> None:
    ask(door)
    post.composer(render_letter).compose(post.now, door.now)
    retract_letter(door.database, 1, door.office.call("admin"), wall=door.now)
    assert go_round(post, door).sent == 0
    assert told.taken == []
    door.pass_by(minutes=11)
    ask(door)
    assert go_round(post, door).sent == 1


def test_asked_for_twice_before_the_postman_comes_one_letter_goes_with_the_newer_link(
    door: Door, post: Post, told: Told
) -> None:
    ask(door)
    post.composer(render_letter).compose(post.now, door.now)
    door.pass_by(minutes=11)
    ask(door)
    assert go_round(post, door).sent == 1
    assert sorted(post.items().values()) == ["sent", "struck"]
    redeem(door, tokens(told)[0])


def test_without_the_address_of_the_pages_the_letter_says_why_it_cannot_go(door: Door, post: Post) -> None:
    post.more = {}
    ask(door)
    assert go_round(post, door).sent == 0
    assert (post.letter()["standing"], post.letter()["trouble"]) == ("failed", "no_page")


def test_a_postman_who_cannot_draw_a_link_leaves_the_letter(door: Door, post: Post, told: Told) -> None:
    ask(door)
    assert go_round(post, door, composer=None).sent == 0
    assert post.letter()["standing"] == "queued"
    assert go_round(post, door).sent == 1


def test_two_people_get_a_link_each(door: Door, post: Post, told: Told) -> None:
    ask(door, "clerk")
    ask(door, "principal")
    assert go_round(post, door).sent == 2
    found = {reader: token for (reader, _), token in zip(told.taken, tokens(told), strict=True)}
    redeem(door, found["principal@mau.example"])
    door.sign_in("principal", NEWER)
    door.sign_in("clerk", PASSWORD)
