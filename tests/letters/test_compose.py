"""Composing: which items become which letters, which are struck, and what a letter that still waits says."""

from __future__ import annotations

import zlib
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from jinja2 import UndefinedError
from sqlalchemy import event, insert, update

from casework.letters.tables import LETTER, OUTBOX
from casework.people import PERSON
from notifications.address import BadAddress
from notifications.letter import LetterFacts, Rendered
from tests.build import noon
from tests.letters.post import Post, plainly
from tests.letters.server import Told


def text_of(letter: dict) -> str:
    message = message_from_bytes(zlib.decompress(letter["mime"]), policy=policy.default)
    return message.get_body(("plain",)).get_content()


def test_items_of_one_person_day_and_kind_are_one_letter(post: Post) -> None:
    for part in (1, 2, 3):
        post.item("clerk", part=part)
    post.item("clerk", "received")
    post.item("appraiser")
    assert post.compose().new == 3
    assert len(post.letters()) == 3
    assert post.compose().as_dict() == {**post.compose().as_dict(), "new": 0, "changed": 0}


def test_a_letter_that_still_waits_takes_up_more(post: Post) -> None:
    post.item("clerk")
    post.compose()
    before = post.letter()
    post.item("clerk", part=2)
    assert post.compose().changed == 1
    letter = post.letter()
    assert letter["digest"] != before["digest"]
    assert letter["message_id"] == before["message_id"]
    assert letter["subject"] == "extension (2)"


def test_what_comes_after_the_days_letter_went_waits_for_the_next_days(post: Post, told: Told) -> None:
    post.item("clerk")
    post.compose()
    post.deliver()
    late = post.item("clerk", part=2)
    assert post.compose().postponed == 1
    assert len(post.letters()) == 1
    # Another kind is not held up.
    post.item("clerk", "received")
    assert post.compose().new == 1
    post.now = noon("2025-06-11")
    assert post.compose().new == 1
    assert post.deliver().sent == 2
    assert post.items()[late] == "sent"


def test_a_dossier_that_moved_on_strikes_its_item_and_an_empty_letter_is_retracted(
    post: Post, told: Told
) -> None:
    code = post.office.dossier_at("at_education_office")
    post.now = noon("2025-06-25")
    assert post.compose().new
    (mine,) = [row for row in post.letters() if row["person_id"] == post.office.people["appraiser"]]
    assert (mine["kind"], mine["standing"]) == ("ready", "queued")
    assert code in text_of(mine)
    post.office.step(code, "return", "appraiser", "2025-06-25", reason="Thiếu biên bản.")
    assert post.compose().retracted >= 1
    (mine,) = [row for row in post.letters() if row["id"] == mine["id"]]
    assert (mine["standing"], mine["trouble"]) == ("retracted", "nothing_left")


def test_the_postman_looks_once_more_just_before(post: Post, told: Told) -> None:
    first, second = (
        post.office.dossier_at("at_education_office", "local", p) for p in ("teacher", "teacher-2")
    )
    post.now = noon("2025-06-25")
    post.compose()
    post.office.step(first, "return", "appraiser", "2025-06-25", reason="Thiếu biên bản.")
    done = post.deliver()
    assert done.changed >= 1
    mine = [mime for to, mime in told.taken if to == "appraiser@mau.example"]
    text = "".join(
        message_from_bytes(m, policy=policy.default).get_body(("plain",)).get_content() for m in mine
    )
    assert second in text
    assert first not in text


def test_of_a_dossier_that_came_back_only_the_newest_item_is_told(post: Post) -> None:
    code = post.office.dossier_at("at_education_office")
    post.office.step(code, "return", "appraiser", "2025-06-25", reason="Thiếu biên bản.")
    post.office.step(code, "resubmit", "clerk", "2025-06-25")
    post.now = noon("2025-06-28")
    post.compose()
    mine = [row for row in post.letters() if row["person_id"] == post.office.people["appraiser-2"]]
    assert [row["subject"] for row in mine] == ["ready (1)"]


def test_a_deadline_is_told_while_just_that_day_is_owed(post: Post) -> None:
    post.owes("obligation:7", "2025-06-30")
    key = post.item("clerk", "deadline", "obligation:7", due="2025-06-30")
    post.compose()
    assert "2025-06-30" in text_of(post.letter())
    # More time: the old letter says nothing true any more.
    post.owes("obligation:7", "2025-07-15")
    post.compose()
    assert (post.letter()["standing"], post.items()[key]) == ("retracted", "struck")
    # A new item of the same day makes it a letter again.
    post.item("clerk", "deadline", "obligation:7", part=2, due="2025-07-15")
    post.compose()
    assert post.letter()["standing"] == "queued"
    assert "2025-07-15" in text_of(post.letter())


def test_what_is_not_ready_waits_for_its_morning(post: Post) -> None:
    key = post.item("clerk")
    with post.database.write() as connection:
        connection.execute(update(OUTBOX).values(ready_at=post.now + timedelta(hours=1)))
    assert post.compose().new == 0
    post.now += timedelta(hours=1)
    assert post.compose().new == 1
    assert post.items() == {key: "queued"}


def test_without_an_address_a_letter_is_not_sent_and_says_why(post: Post, told: Told) -> None:
    post.address(clerk="", appraiser="appraiser@mau.example\r\nBcc: all@khac.example", chairman="nobody")
    for person in ("clerk", "appraiser", "chairman"):
        post.item(person)
    assert post.compose().unsendable == 3
    assert sorted(row["trouble"] for row in post.letters()) == ["bad_address", "bad_address", "no_address"]
    assert post.deliver().sent == 0
    assert told.taken == []


def test_to_an_erased_person_nothing_is_said(post: Post) -> None:
    key = post.item("teacher")
    with post.database.write() as connection:
        connection.execute(
            update(PERSON).where(PERSON.c.code == "teacher").values(erased_at=post.now, email="")
        )
    post.compose()
    assert (post.letter()["standing"], post.letter()["trouble"]) == ("retracted", "person_erased")
    assert post.items() == {key: "struck"}


def test_a_broken_template_holds_up_its_own_kind_only(post: Post) -> None:
    post.item("clerk")
    post.item("clerk", "received")

    def broken(facts: LetterFacts) -> Rendered:
        if facts.kind == "received":
            raise UndefinedError("'dosier' is undefined")
        return plainly(facts)

    done = post.compose(render=broken)
    assert (done.new, done.unsendable, done.faults) == (1, 1, ["received: 'dosier' is undefined"])
    assert {row["kind"]: row["trouble"] for row in post.letters()} == {
        "extension": "",
        "received": "template_broken",
    }


def test_an_office_without_a_sound_address_of_its_own_composes_nothing(post: Post) -> None:
    post.more["mail_from"] = "thidua@thidua.example\nBcc: all@khac.example"
    post.item("clerk")
    with pytest.raises(BadAddress):
        post.compose()
    assert post.letters() == []


def test_the_home_names_a_letter_the_same_whenever_it_is_composed(post: Post) -> None:
    post.item("clerk")
    post.compose()
    own = post.letter()["message_id"]
    assert own.startswith(f"<extension.2025-06-10.{post.office.people['clerk']}.")
    assert own.endswith("@thidua.example>")


def test_composing_costs_the_same_however_many_rows_rest(post: Post) -> None:
    def cost() -> int:
        statements: list[str] = []

        def count(_c: object, _cu: object, statement: str, *_: object) -> None:
            statements.append(statement)

        event.listen(post.database.engine, "before_cursor_execute", count)
        post.compose()
        event.remove(post.database.engine, "before_cursor_execute", count)
        return len(statements)

    post.item("clerk", part="first")
    post.compose()
    post.deliver()
    post.now += timedelta(days=1)
    post.item("clerk", part="second")
    few = cost()
    row = {"kind": "received", "person_id": post.office.people["party"], "subject": "unit:1", "facts": {}}
    times = {"queued_at": post.now, "ready_at": post.now}
    with post.database.write() as connection:
        rows = [{**row, **times, "key": f"old/{n}", "standing": "struck"} for n in range(3000)]
        connection.execute(insert(OUTBOX), rows)
    post.now += timedelta(days=1)
    post.deliver()
    for n in range(20):
        post.item("clerk", part=n)
    assert cost() == few


def test_what_waits_is_found_through_its_own_small_index(post: Post) -> None:
    from casework.letters.tables import QUEUED
    from casework.letters.waiting import ready_items

    if not post.database.is_sqlite:
        # A small table is always read as a whole there; the bench looks at large ones.
        return
    queries = {
        "ix_outbox_item_waiting": ready_items(post.now).order_by(OUTBOX.c.ready_at, OUTBOX.c.key),
        "ix_letter_standing_not_before_day": LETTER.select()
        .where(QUEUED, LETTER.c.not_before <= post.clock())
        .order_by(LETTER.c.not_before),
    }
    with post.database.read() as connection:
        for index, query in queries.items():
            compiled = query.compile(connection, compile_kwargs={"render_postcompile": True})
            marks = [post.now.replace(tzinfo=None).isoformat(" ")] * len(compiled.params)
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", tuple(marks)).all()
            assert any(index in row[3] for row in plan), plan
