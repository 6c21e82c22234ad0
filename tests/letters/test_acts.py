"""What an administrator may do with a letter, and that nobody else may."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from casework.erase import erase_person
from casework.history import ENTRY
from casework.ledger import run_flow
from casework.letters.acts import clear_address, resend_letter, retract_letter, retry_letter, send_test
from casework.letters.sending import settings_against
from casework.views.letters import show_letter
from kit.settings import Settings
from notifications.smtp import Line
from rules.reasons import Refused
from tests.letters.post import Post
from tests.letters.server import Told


def reasons(act, *args, **options) -> list[str]:
    with pytest.raises(Refused) as refusal:
        act(*args, **options)
    return sorted(reason.code for reason in refusal.value.reasons)


def failed(post: Post, told: Told, answer: str = "554 5.7.1 no") -> int:
    post.item("clerk")
    post.compose()
    told.at["rcpt"] = answer
    post.deliver()
    told.at.clear()
    return post.letter()["id"]


def test_a_letter_that_failed_is_retried_and_its_history_says_so(post: Post, told: Told) -> None:
    letter = failed(post, told)
    call = post.office.call("admin")
    retry_letter(post.database, letter, call, wall=post.clock())
    assert retry_letter(post.database, letter, call, wall=post.clock()).replayed
    assert post.deliver().sent == 1
    with post.database.read() as connection:
        events = connection.execute(select(ENTRY.c.event).where(ENTRY.c.subject == f"letter:{letter}"))
        assert list(events.scalars()) == ["retry_letter"]


def test_every_reason_against_an_act_is_told_at_once_and_nothing_is_written(post: Post, told: Told) -> None:
    letter = failed(post, told)
    clerk, wall = post.office.call("clerk"), post.clock()
    assert reasons(resend_letter, post.database, letter, clerk, wall=wall) == [
        "duty_not_held",
        "letter_stands_otherwise",
    ]
    assert reasons(retry_letter, post.database, 99, clerk, wall=wall) == ["duty_not_held", "letter_not_found"]
    done = retract_letter(post.database, letter, post.office.call("admin"), wall=wall, dry_run=True)
    assert done.dry_run
    assert post.letter()["standing"] == "failed"


def test_an_address_that_bounced_is_cleared_before_its_letter_is_retried(post: Post, told: Told) -> None:
    letter = failed(post, told, "550 5.1.1 nobody")
    admin = post.office.call
    assert reasons(retry_letter, post.database, letter, admin("admin"), wall=post.clock()) == [
        "address_suppressed"
    ]
    clear_address(post.database, "Clerk@MAU.example", admin("admin"))
    assert reasons(clear_address, post.database, "clerk@mau.example", admin("admin")) == [
        "address_not_suppressed"
    ]
    retry_letter(post.database, letter, admin("admin"), wall=post.clock())
    assert post.deliver().sent == 1


def test_with_the_right_address_a_letter_that_bounced_is_tried_at_that_one(post: Post, told: Told) -> None:
    letter = failed(post, told, "550 5.1.1 nobody")
    post.address(clerk="right@mau.example")
    retry_letter(post.database, letter, post.office.call("admin"), wall=post.clock())
    assert post.deliver().sent == 1
    assert [to for to, _ in told.taken] == ["right@mau.example"]


def test_a_letter_in_doubt_is_sent_again_as_it_was_whatever_happened_since(post: Post, told: Told) -> None:
    post.item("clerk")
    post.compose()
    told.at["end"] = "keep drop"
    post.deliver()
    told.at.clear()
    letter = post.letter()["id"]
    post.item("clerk", part=2)
    resend_letter(post.database, letter, post.office.call("admin"), wall=post.clock())
    # What was enqueued since waits for another letter, and a new name changes nothing in the copy.
    post.address(clerk="other@mau.example")
    assert post.compose().postponed == 1
    assert post.deliver().sent == 1
    (first, second) = told.taken
    assert first == second
    resend_letter(post.database, letter, post.office.call("admin"), wall=post.clock())
    assert post.deliver().sent == 1
    assert len(set(told.ids())) == 1
    assert len(told.taken) == 3


def test_a_retracted_letter_goes_nowhere_and_a_new_item_makes_it_a_letter_again(
    post: Post, told: Told
) -> None:
    first = post.item("clerk")
    post.compose()
    retract_letter(post.database, post.letter()["id"], post.office.call("admin"), wall=post.clock())
    assert post.deliver().sent == 0
    assert post.items() == {first: "struck"}
    post.item("clerk", part=2)
    post.compose()
    assert post.letter()["subject"] == "extension (1)"
    assert post.deliver().sent == 1


def test_a_retracted_letter_that_may_have_arrived_takes_up_nothing_more(post: Post, told: Told) -> None:
    post.item("clerk")
    post.compose()
    told.at["end"] = "keep drop"
    post.deliver()
    told.at.clear()
    retract_letter(post.database, post.letter()["id"], post.office.call("admin"), wall=post.clock())
    post.item("clerk", part=2)
    assert post.compose().postponed == 1
    post.now += timedelta(days=1)
    assert post.compose().new == 1


def test_a_letter_in_a_postmans_hand_is_not_taken_back(post: Post, told: Told) -> None:
    post.item("clerk")
    post.compose()
    seen: list[list[str]] = []

    class Watched(Line):
        def open(self):
            letter = post.letter()["id"]
            act = (retract_letter, post.database, letter, post.office.call("admin"))
            seen.append(reasons(*act, wall=post.clock()))
            return super().open()

    from casework.letters.deliver import deliver

    deliver(post.database, lambda: Watched(post.settings), post.clock, postman="watched")
    assert seen[0] == ["letter_in_hand"]


def test_a_test_letter_goes_the_real_way_and_is_nobodys_letter(post: Post, told: Told) -> None:
    call = post.office.call("admin")
    done, answer = send_test(post.database, post.settings, "thu@mau.example", call)
    assert answer is not None
    assert (answer.answer, done.subject) == ("sent", "home:mail")
    assert send_test(post.database, post.settings, "thu@mau.example", call)[1] is None
    assert [to for to, _ in told.taken] == ["thu@mau.example"]
    assert post.letters() == []
    bad = "a@mau.example\nBcc: b@mau.example"
    assert reasons(send_test, post.database, post.settings, bad, post.office.call("clerk")) == [
        "duty_not_held",
        "not_an_address",
    ]


def test_a_letter_that_was_never_composed_is_not_said_to_be_erased(post: Post, told: Told) -> None:
    post.item("clerk")
    post.address(clerk="no address")
    post.compose()
    letter, call = post.letter()["id"], post.office.call
    retract_letter(post.database, letter, call("admin"), wall=post.clock())
    assert reasons(resend_letter, post.database, letter, call("admin"), wall=post.clock()) == [
        "letter_stands_otherwise"
    ]


@pytest.mark.parametrize(
    ("setting", "value", "code"),
    [
        ("mail_from", "nobody", "mail_address_unusable"),
        ("mail_from", "a@mau.example\nBcc: b@mau.example", "mail_address_unusable"),
        ("mail_reply_to", "office", "mail_address_unusable"),
        ("page", "thidua.mau.example", "page_unusable"),
        ("mail_dkim_key", "no-such-key.pem", "mail_key_unusable"),
        ("mail_dkim_key", __file__, "mail_key_unusable"),
    ],
)
def test_a_wrong_setting_of_the_office_is_named_and_no_letter_is_blamed_for_it(
    setting: str, value: str, code: str, post: Post, told: Told
) -> None:
    post.item("clerk")
    wrong = Settings(**post.settings.model_dump() | {setting: value})
    assert reasons(send_test, post.database, wrong, "thu@mau.example", post.office.call("admin")) == [code]
    assert reasons(run_flow, post.database, wrong, "deliver", via="test") == [code]
    assert run_flow(post.database, wrong, "tick", via="test").standing == "done"
    assert (post.letters(), told.taken) == ([], [])
    assert settings_against(post.settings) == []


def test_with_a_person_the_text_and_address_of_her_letters_are_erased(post: Post, told: Told) -> None:
    post.item("teacher-2")
    post.compose()
    post.deliver()
    letter = post.letter()["id"]
    post.item("teacher-2", "received")
    post.compose()
    erase_person(post.database, "teacher-2", "Theo yêu cầu.", post.office.call("admin"))
    sent, waiting = post.letters()
    assert (sent["standing"], sent["address"], sent["mime"], sent["subject"]) == ("sent", "", b"", "")
    assert (waiting["standing"], waiting["trouble"]) == ("retracted", "person_erased")
    assert post.deliver().sent == 0
    assert reasons(resend_letter, post.database, letter, post.office.call("admin"), wall=post.clock()) == [
        "letter_erased"
    ]
    with post.database.read() as connection:
        assert show_letter(connection, letter)["text"] == ""


def test_a_letter_is_shown_with_headers_text_items_and_tries(post: Post, told: Told) -> None:
    letter = failed(post, told)
    with post.database.read() as connection:
        shown = show_letter(connection, letter)
    assert ["Auto-Submitted", "auto-generated"] in shown["headers"]
    assert "unit:1" in shown["text"]
    assert [entry["smtp_code"] for entry in shown["tries"]] == [554]
    assert [(item["about"], item["standing"]) for item in shown["items"]] == [("th-mau-1", "queued")]


def test_a_preview_shows_the_letters_and_writes_nothing(post: Post) -> None:
    post.item("clerk")
    post.item("appraiser")
    found = post.composer().preview(post.now, post.clock(), person=post.office.people["clerk"])
    assert [(letter.kind, bool(letter.mime)) for letter in found] == [("extension", True)]
    assert len(post.composer().preview(post.now, post.clock())) == 2
    assert post.letters() == []
