"""All letters that were given up for one trouble, tried again."""

from __future__ import annotations

import pytest

from casework.letters.together import retried_by, retry_letters
from rules.reasons import Refused
from tests.letters.post import Post
from tests.letters.server import Told


def given_up(post: Post, told: Told, *people: str) -> None:
    for person in people:
        post.item(person)
    post.compose()
    told.at["rcpt"] = "554 5.7.1 no"
    post.deliver()
    told.at.clear()


def test_each_letter_has_an_act_of_its_own_and_the_same_request_does_it_once(post: Post, told: Told) -> None:
    given_up(post, told, "clerk", "principal")
    call = post.office.call("admin")
    first = retry_letters(post.database, "letter_refused", call, wall=post.clock())
    again = retry_letters(post.database, "letter_refused", call, wall=post.clock())
    assert (first.letters, first.refused, first.left) == ((1, 2), (), 0)
    assert sorted(again.letters) == [1, 2]
    with post.database.read() as connection:
        assert sorted(retried_by(connection, call.key, call.now)) == [1, 2]
        # A key that holds signs of a pattern finds no other request's letters.
        assert retried_by(connection, "%", call.now) == ()
    assert post.deliver().sent == 2


def test_nobody_else_retries_letters_and_a_trouble_without_letters_is_refused(post: Post, told: Told) -> None:
    given_up(post, told, "clerk")
    with pytest.raises(Refused) as refusal:
        retry_letters(post.database, "given_up", post.office.call("clerk"), wall=post.clock())
    assert [reason.code for reason in refusal.value.reasons] == ["duty_not_held", "no_letter_failed_so"]
    assert post.letter()["standing"] == "failed"
