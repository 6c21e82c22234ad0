"""The postman: what each answer of the mail server makes of a letter, and what several postmen make of many."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from casework.letters.deliver import LEASE, WAITS, Delivered, deliver
from notifications.smtp import Line
from tests.letters.post import Post
from tests.letters.server import Told


def test_a_letter_that_the_server_takes_is_sent_and_its_items_with_it(post: Post, told: Told) -> None:
    key = post.item("clerk")
    post.compose()
    assert post.deliver().sent == 1
    letter = post.letter()
    assert (letter["standing"], letter["sent_at"], letter["leased_by"]) == ("sent", post.clock(), None)
    assert post.items() == {key: "sent"}
    assert post.attempts() == [("sent", 250)]
    assert told.ids() == [letter["message_id"]]
    assert post.deliver() == Delivered()


@pytest.mark.parametrize(
    ("stage", "answer", "standing", "noted", "trouble"),
    [
        ("mail", "421 4.3.2 closing", "queued", ("temporary", 421), "server_busy"),
        ("mail", "451 4.3.0 later", "queued", ("temporary", 451), "server_busy"),
        ("mail", "452 4.3.1 full", "queued", ("temporary", 452), "server_busy"),
        ("mail", "550 5.7.1 not you", "queued", ("temporary", 550), "sender_refused"),
        ("mail", "552 5.3.4 too large", "failed", ("permanent", 552), "letter_refused"),
        ("rcpt", "421 4.3.2 closing", "queued", ("temporary", 421), "server_busy"),
        ("rcpt", "451 4.7.1 greylisted", "queued", ("temporary", 451), "server_busy"),
        ("rcpt", "452 4.2.2 full", "queued", ("temporary", 452), "server_busy"),
        ("rcpt", "550 5.1.1 nobody", "failed", ("permanent", 550), "address_refused"),
        ("rcpt", "550 no such user", "failed", ("permanent", 550), "address_refused"),
        ("rcpt", "550 5.7.1 policy", "failed", ("permanent", 550), "letter_refused"),
        ("rcpt", "554 5.7.1 policy", "failed", ("permanent", 554), "letter_refused"),
        ("begin", "421 closing", "queued", ("temporary", 421), "server_busy"),
        ("begin", "451 later", "queued", ("temporary", 451), "server_busy"),
        ("begin", "554 no", "failed", ("permanent", 554), "letter_refused"),
        ("end", "421 4.3.2 closing", "queued", ("temporary", 421), "server_busy"),
        ("end", "451 4.3.0 later", "queued", ("temporary", 451), "server_busy"),
        ("end", "452 4.3.1 full", "queued", ("temporary", 452), "server_busy"),
        ("end", "550 5.7.1 spam", "failed", ("permanent", 550), "letter_refused"),
        ("end", "554 5.6.0 no", "failed", ("permanent", 554), "letter_refused"),
        ("mail", "drop", "queued", ("temporary", None), "line_lost"),
        ("rcpt", "drop", "queued", ("temporary", None), "line_lost"),
        ("begin", "drop", "queued", ("temporary", None), "line_lost"),
        ("end", "drop", "in_doubt", ("in_doubt", None), "answer_lost"),
        ("end", "keep drop", "in_doubt", ("in_doubt", None), "answer_lost"),
    ],
)
def test_each_answer_at_each_stage_makes_its_own_of_a_letter(
    post: Post, told: Told, stage: str, answer: str, standing: str, noted: tuple[str, int], trouble: str
) -> None:
    key = post.item("clerk")
    post.compose()
    told.at[stage] = answer
    done = post.deliver()
    letter = post.letter()
    assert (letter["standing"], letter["trouble"]) == (standing, trouble)
    assert post.attempts() == [noted]
    assert post.items() == {key: "queued"}
    assert bool(post.suppressed()) == (trouble == "address_refused")
    assert bool(done.stopped) == (trouble == "sender_refused")
    # Whatever the answer was, nobody sent it a second time by himself.
    assert len(told.taken) == (1 if answer.startswith("keep") else 0)
    told.at.clear()
    post.clock.pass_by(minutes=1)
    assert post.deliver().sent == (1 if standing == "queued" else 0)


@pytest.mark.parametrize(
    ("stage", "answer", "standing"),
    [("rcpt", "hang", "queued"), ("end", "hang", "in_doubt"), ("end", "keep hang", "in_doubt")],
)
def test_a_server_that_hangs_is_waited_for_no_longer_than_set(
    post: Post, told: Told, stage: str, answer: str, standing: str
) -> None:
    post.more["mail_timeout_s"] = 1
    post.item("clerk")
    post.compose()
    told.at[stage] = answer
    post.deliver()
    assert post.letter()["standing"] == standing


def test_after_the_last_wait_of_the_table_a_letter_is_given_up(post: Post, told: Told) -> None:
    post.item("clerk")
    post.compose()
    told.at["rcpt"] = "451 4.7.1 greylisted"
    for wait in WAITS:
        assert post.deliver().waiting == 1
        assert post.letter()["not_before"] == post.clock() + wait
        post.clock.at += wait - timedelta(seconds=1)
        assert post.deliver() == Delivered()
        post.clock.pass_by(seconds=1)
    assert post.deliver().failed == 1
    assert (post.letter()["standing"], post.letter()["trouble"]) == ("failed", "given_up")
    assert len(post.attempts()) == len(WAITS) + 1


def test_without_a_server_no_letter_is_blamed_and_all_go_when_it_is_back(post: Post, told: Told) -> None:
    port, post.port = post.port, 1
    for person in ("clerk", "appraiser"):
        post.item(person)
    post.compose()
    for _ in range(9):
        assert post.deliver().stopped == "server_unreachable"
        post.clock.pass_by(hours=12)
    assert {(row["standing"], row["trouble"]) for row in post.letters()} == {("queued", "server_unreachable")}
    assert post.attempts() == []
    post.port = port
    assert post.deliver().sent == 2


def test_one_bad_address_is_suppressed_and_the_other_letters_go(post: Post, told: Told) -> None:
    post.item("clerk")
    post.item("appraiser")
    post.compose()
    told.at["rcpt:clerk@mau.example"] = "550 5.1.1 nobody"
    done = post.deliver()
    assert (done.sent, done.failed, post.suppressed()) == (1, 1, ["clerk@mau.example"])
    # The next day's letter is not even tried, in whatever way the address is written.
    post.address(clerk="CLERK@Mau.Example")
    post.now += timedelta(days=1)
    post.item("clerk", part=2)
    post.compose()
    told.at.clear()
    assert post.deliver().suppressed == 1
    assert [row["trouble"] for row in post.letters()][-1] == "address_suppressed"
    assert len(told.taken) == 1


def test_a_batch_goes_over_one_line_and_a_broken_line_is_opened_anew(post: Post, told: Told) -> None:
    for person in ("clerk", "appraiser", "chairman", "reviewer"):
        post.item(person)
    post.compose()
    told.at["rcpt"] = ["", "drop", "", ""]
    assert (post.deliver().sent, told.connections) == (3, 2)
    post.clock.pass_by(minutes=1)
    assert post.deliver().sent == 1


def test_what_is_over_the_pace_of_a_domain_waits_and_holds_no_other_domain_up(post: Post, told: Told) -> None:
    people = ("clerk", "appraiser", "chairman", "reviewer", "party")
    for person in people:
        post.item(person)
    post.address(party="party@khac.example")
    post.compose()
    done = post.deliver(pace=2)
    assert (done.sent, done.paced) == (3, 2)
    assert post.deliver(pace=2) == Delivered()
    post.clock.pass_by(seconds=59)
    assert post.deliver(pace=2) == Delivered()
    post.clock.pass_by(seconds=1)
    assert post.deliver(pace=2).sent == 2
    assert len(told.taken) == len(people)


def test_the_pace_counts_what_another_postman_sent_in_this_minute(post: Post, told: Told) -> None:
    post.item("clerk")
    post.compose()
    post.deliver(pace=1)
    post.item("appraiser")
    post.compose()
    assert post.deliver(pace=1).paced == 1


def test_a_limit_leaves_the_rest_for_the_next_round(post: Post) -> None:
    for person in ("clerk", "appraiser", "chairman"):
        post.item(person)
    post.compose()
    assert post.deliver(limit=2).sent == 2
    assert [row["leased_by"] for row in post.letters()] == [None] * 3
    assert post.deliver(limit=2).sent == 1


class _Dies(Exception):
    """Stands for a postman that is killed."""


def test_what_a_dead_postman_had_in_hand_is_in_doubt_and_what_it_leased_is_free(
    post: Post, told: Told
) -> None:
    for person in ("clerk", "appraiser"):
        post.item(person)
    post.compose()

    class Dying(Line):
        def send(self, sender: str, recipient: str, mime: bytes):
            super().send(sender, recipient, mime)
            raise _Dies

    with pytest.raises(_Dies):
        deliver(post.database, lambda: Dying(post.settings), post.clock, postman="dying")
    assert sorted(row["standing"] for row in post.letters()) == ["queued", "sending"]
    # As long as it may still be at work, nobody takes what it has.
    assert post.deliver() == Delivered()
    post.clock.at += LEASE
    done = post.deliver()
    assert (done.found_in_doubt, done.sent) == (1, 1)
    assert sorted(row["standing"] for row in post.letters()) == ["in_doubt", "sent"]
    assert len(told.taken) == 2


def test_a_postman_who_was_only_slow_still_tells_what_became_of_the_letter(post: Post, told: Told) -> None:
    post.item("clerk")
    post.compose()

    class Slow(Line):
        def send(self, sender: str, recipient: str, mime: bytes):
            answer = super().send(sender, recipient, mime)
            post.clock.at += LEASE
            assert post.deliver().found_in_doubt == 1
            return answer

    deliver(post.database, lambda: Slow(post.settings), post.clock, postman="slow")
    assert post.letter()["standing"] == "sent"
    assert post.attempts() == [("in_doubt", None), ("sent", 250)]


def test_two_postmen_at_once_double_nothing(post: Post, told: Told) -> None:
    people = list(post.office.people)
    for person in people:
        for kind in ("extension", "received", "delegation"):
            post.item(person, kind)
    post.compose()
    troubles: list[BaseException] = []

    def work() -> None:
        try:
            post.deliver()
        except BaseException as error:  # noqa: BLE001  (told to the test's own thread)
            troubles.append(error)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert troubles == []
    assert len(told.taken) == len(set(told.ids())) == 3 * len(people)
    assert {row["standing"] for row in post.letters()} == {"sent"}
