"""What the public may read and say, on both databases. As pages: tests/web/test_public.py."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import update

from casework.audit.verify import verify
from casework.doctor.examine import examine
from casework.letters.tables import OUTBOX
from casework.objections import receive_public_objection, settle_objections
from casework.views.decision_code import check_decision, decision_code
from casework.views.history import entries_of
from casework.views.letters import html_of, read_message
from casework.views.public import ResultFilter, open_list, open_lists, results, years_with_results
from notifications.render import render_letter
from tests.build import Office, noon
from tests.casework.telling import broken_links, codes, last, refused_without_trace, rows
from tests.letters.post import Post
from tests.letters.server import Told, mail_server

DAY = "2025-08-26"


@pytest.fixture
def told() -> Iterator[Told]:
    """A mail server."""
    with mail_server() as (server, port):
        server.port = port  # type: ignore[attr-defined]
        yield server


@pytest.fixture
def post(office: Office, told: Told) -> Post:
    """The office's post at it."""
    made = Post(office, told.port)  # type: ignore[attr-defined]
    made.address()
    return made


TEXT, SENDER = "Sáng kiến không phải của người này.", "Người gửi: Nguyễn Văn Mẫu"


def says(office: Office, code: str, person: str | None = None, text: str = TEXT) -> Any:
    return receive_public_objection(office.database, code, text, SENDER, office.call(person, DAY))


def test_what_the_public_says_lies_open_until_the_desk_settles_it(office: Office) -> None:
    code = office.dossier_at("in_public_opinion", "state")
    receipt = says(office, code)
    assert (receipt.state, last(office, code)["actor_id"]) == ("in_public_opinion", None)
    (row,) = rows(office, "objection")
    assert (row["nomination_id"], row["settled_at"]) == (None, None)
    assert TEXT not in str(rows(office, "history_entry"))
    assert codes(office.step, code, "endorse", "province-appraiser", DAY) == ["objection_open"]
    settle_objections(office.database, code, "Đã xác minh", office.call("province-appraiser", DAY))
    office.step(code, "endorse", "province-appraiser", DAY)
    assert broken_links(office.database) == []
    with office.database.read() as connection:
        assert verify(connection).sound
        found = examine(connection, noon(DAY))
    told_of = {row for finding in found for row in finding.found}
    assert not {row for row in told_of if row.startswith(("objection:", "note:"))}
    assert not {finding.code for finding in found if finding.severity == "fault"}


def test_the_holders_of_the_desk_are_told_by_letter_without_who_objects_or_what_is_said(
    post: Post, told: Told
) -> None:
    office = post.office
    code = office.dossier_at("in_public_opinion", "state")
    with office.database.write() as connection:
        connection.execute(update(OUTBOX).values(standing="struck"))
    says(office, code)
    says(office, code, text="Lần nữa.")
    items = [row for row in rows(office, "outbox_item") if row["standing"] == "queued"]
    holder = office.people["province-appraiser"]
    assert {(row["kind"], row["person_id"]) for row in items} == {("objection", holder)}
    assert {row["ready_at"] == row["queued_at"] for row in items} == {True}
    post.now = noon(DAY)
    post.compose(render=render_letter)
    assert post.deliver(composing=False).sent == 1
    (letter,) = post.letters()
    text = read_message(zlib.decompress(letter["mime"]))[1]
    whole = text + html_of(zlib.decompress(letter["mime"])) + letter["subject"] + str(items)
    assert code in text
    assert "2 kiến nghị" in letter["subject"]
    for part in (TEXT, "Lần nữa", SENDER, "Nguyễn Văn Mẫu"):
        assert part not in whole


def test_an_objection_that_was_settled_before_its_letter_went_is_told_no_more(post: Post, told: Told) -> None:
    office = post.office
    code = office.dossier_at("in_public_opinion", "state")
    with office.database.write() as connection:
        connection.execute(update(OUTBOX).values(standing="struck"))
    says(office, code)
    settle_objections(office.database, code, "Đã xác minh", office.call("province-appraiser", DAY))
    post.now = noon(DAY)
    assert post.compose(render=render_letter).struck == 1
    assert post.letters() == []


def test_the_desk_may_put_it_on_hold_and_then_its_list_is_closed(office: Office) -> None:
    code = office.dossier_at("in_public_opinion", "state")
    says(office, code)
    office.step(code, "hold", "province-appraiser", DAY, reason="Xác minh đơn")
    assert refused_without_trace(office, says, office, code) == ["list_not_open"]
    with office.database.read() as connection:
        assert open_list(connection, code, noon(DAY), "vi") is None
        assert open_lists(connection).rows == []


def test_nothing_is_taken_in_where_no_list_lies_open_without_words_or_in_a_duty(office: Office) -> None:
    code = office.dossier_at("at_province_desk", "state")
    assert refused_without_trace(office, says, office, code) == ["list_not_open"]
    assert refused_without_trace(office, says, office, "no-such.2425.1") == ["unknown_dossier"]
    office.step(code, "appraise", "province-appraiser", "2025-08-20", support_rest=True)
    assert refused_without_trace(office, says, office, code, None, " ") == ["input_missing"]
    assert refused_without_trace(office, says, office, code, "province-appraiser") == ["list_not_open"]


def test_the_public_reads_lists_results_and_whether_a_decision_stands(office: Office) -> None:
    listed = office.dossier_at("in_public_opinion", "state")
    decided = office.dossier_at("decided", "local", "clerk")
    with office.database.read() as connection:
        (row,) = open_lists(connection).rows
        assert (row["dossier"], row["nominations"]) == (listed, 2)
        shown = open_list(connection, listed, noon(DAY), "vi") or {}
        assert [n["person"] for n in shown["nominations"]] == ["Người teacher", "Người teacher-2"]
        assert (shown["since"].isoformat(), shown["until"]) == ("2025-08-10", None)
        for wanted in (ResultFilter(), ResultFilter("2024-2025", "ĐƠN VỊ TH-MAU")):
            part = results(connection, "vi", wanted)
            assert [r["person"] for r in part.rows] == (["Người clerk"])
        assert results(connection, "vi", ResultFilter("2020-2021")).rows == []
        assert years_with_results(connection) == ["2024-2025"]
        entries = entries_of(connection, f"dossier:{office.row(decided)['id']}")
        code = decision_code(office.row(decided), entries) or ""
        found = check_decision(connection, code) or {}
        assert (found["standing"], found["decision"]["number"]) == ("stands", "12/QĐ-UBND")
        assert decision_code(office.row(listed), entries_of(connection, "dossier:1")) is None
        assert check_decision(connection, "999999999-000000000000") is None
