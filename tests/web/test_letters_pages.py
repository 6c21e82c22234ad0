"""Letters as pages: what stands how and why, one letter, the acts, several at once; the sample's postbox."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event, insert, select, update

from casework.history import ENTRY
from casework.letters.tables import LETTER, SUPPRESSED
from kit.clock import wall_now
from models.home import SAMPLE, HomeMark
from notifications.postbox import keep
from tests.build import noon
from tests.letters.post import Post
from tests.letters.server import Told, mail_server
from tests.web.conftest import Pages
from tests.web.test_runs import set_to

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def server() -> Iterator[tuple[Told, int]]:
    with mail_server() as made:
        yield made


@pytest.fixture
def told(server: tuple[Told, int]) -> Told:
    return server[0]


@pytest.fixture
def post(pages: Pages, server: tuple[Told, int]) -> Post:
    post = Post(pages.office, server[1])
    post.address()
    set_to(pages, mail_port=server[1])
    return post


def failed(post: Post, told: Told, *people: str, answer: str = "554 5.7.1 no") -> list[int]:
    """Letters that were given up, one for each person."""
    for person in people:
        post.item(person)
    post.compose()
    told.at["rcpt"] = answer
    post.deliver()
    told.at.clear()
    return [letter["id"] for letter in post.letters()]


def events(pages: Pages, subject: str) -> list[str]:
    with pages.office.database.read() as connection:
        query = select(ENTRY.c.event).where(ENTRY.c.subject == subject).order_by(ENTRY.c.seq)
        return list(connection.execute(query).scalars())


def test_letters_are_found_by_standing_kind_person_and_trouble(pages: Pages, post: Post, told: Told) -> None:
    failed(post, told, "clerk", "principal")
    browser = pages.browser("admin")
    assert "2 thư, thư mới nhất" in browser.get("/letters").text
    assert "1 thư, thư mới nhất" in browser.get("/letters?standing=failed&person=clerk").text
    assert "Không có thư nào như vậy" in browser.get("/letters?standing=sent").text
    assert "2 thư, thư mới nhất" in browser.get("/letters?kind=extension&trouble=letter_refused").text
    unknown = browser.get("/letters?person=nobody")
    assert "nobody" in unknown.text
    assert "Không có thư nào như vậy" in unknown.text


@pytest.mark.parametrize("path", ["/letters", "/letters/1", "/postbox"])
def test_letters_are_for_administrators(pages: Pages, post: Post, told: Told, path: str) -> None:
    failed(post, told, "clerk")
    assert pages.browser("appraiser").get(path).status == 403


def test_a_list_is_bounded_and_goes_on_from_its_last_letter(pages: Pages) -> None:
    rows = [
        {
            "person_id": person, "kind": f"k{n}", "day": noon("2025-06-10").date(), "standing": "failed",
            "queued_at": wall_now(), "not_before": wall_now(), "attempts": 1, "trouble": "given_up",
        }
        for n in range(3) for person in pages.office.people.values()
    ]  # fmt: skip
    with pages.office.database.write() as connection:
        connection.execute(insert(LETTER), rows)
    browser, seen = pages.browser("admin"), []
    engine = pages.app.state.house.database.engine
    count = lambda *_: seen.append(1)  # noqa: E731
    event.listen(engine, "before_cursor_execute", count)
    first = browser.get("/letters")
    many, seen[:] = len(seen), []
    browser.get("/letters?person=clerk")
    event.remove(engine, "before_cursor_execute", count)
    assert first.html.count('href="/letters/') == 50
    # The person of the filter is looked up: that is all the difference.
    assert len(seen) <= many + 1
    older = browser.get(f"/letters?before={len(rows) - 49}")
    assert older.html.count('href="/letters/') == len(rows) - 50


def test_a_letter_is_read_as_text_and_nothing_of_it_runs(pages: Pages, post: Post, told: Told) -> None:
    post.item("clerk", dossier=SCRIPT)
    post.compose()
    post.deliver()
    shown = pages.browser("admin").get("/letters/1")
    assert "Người clerk" in shown.text
    assert "250" in shown.text
    assert SCRIPT not in shown.html
    assert "<p>" in shown.text
    assert pages.browser("admin").get("/letters/99").status == 404


def test_a_letter_is_retried_once_and_its_history_is_on_its_page(
    pages: Pages, post: Post, told: Told
) -> None:
    (letter,) = failed(post, told, "clerk")
    done = pages.browser("admin").send(f"/letters/{letter}/retry", page=f"/letters/{letter}")
    assert done.path == f"/letters/{letter}"
    assert "Đã ghi: gửi lại thư chưa gửi được" in done.text
    assert post.letter()["standing"] == "queued"
    again = pages.browser("admin").send(f"/letters/{letter}/retry", page=f"/letters/{letter}")
    assert again.status == 409
    assert "Chưa thực hiện được" in again.text
    assert events(pages, f"letter:{letter}") == ["retry_letter"]


def test_a_letter_is_sent_once_more_or_taken_back(pages: Pages, post: Post, told: Told) -> None:
    post.item("clerk")
    post.compose()
    post.deliver()
    browser = pages.browser("admin")
    browser.send("/letters/1/resend", page="/letters/1")
    assert "Thu hồi" in browser.get("/letters/1").text
    browser.send("/letters/1/retract", page="/letters/1")
    assert post.letter()["standing"] == "retracted"
    assert events(pages, "letter:1") == ["resend_letter", "retract_letter"]
    assert browser.send("/letters/1/burn", page="/letters/1").status == 404


def test_all_letters_of_one_trouble_are_retried_each_with_its_own_entry_and_once(
    pages: Pages, post: Post, told: Told
) -> None:
    letters = failed(post, told, "clerk", "principal")
    with pages.office.database.write() as connection:
        other = update(LETTER).where(LETTER.c.id == letters[1]).values(trouble="given_up")
        connection.execute(other)
    browser = pages.browser("admin")
    page = browser.get("/letters").html
    fields = {name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("csrf", "key")}
    for _ in range(2):
        done = browser.client.post("/letters/retry", data=fields | {"trouble": "letter_refused"})
        assert "1 thư đã chờ gửi lại" in " ".join(done.text.split())
    assert [letter["standing"] for letter in post.letters()] == ["queued", "failed"]
    assert events(pages, f"letter:{letters[0]}") == ["retry_letter"]
    assert browser.send("/letters/retry", {"trouble": "no_such"}, page="/letters").status == 409


def test_of_several_letters_those_that_cannot_be_retried_say_why(
    pages: Pages, post: Post, told: Told
) -> None:
    failed(post, told, "clerk", "principal")
    with pages.office.database.write() as connection:
        row = {"address": "clerk@mau.example", "since": wall_now(), "detail": "550 nobody"}
        connection.execute(insert(SUPPRESSED), row)
    done = pages.browser("admin").send("/letters/retry", {"trouble": "letter_refused"}, page="/letters")
    assert done.status == 409
    assert "1 thư đã chờ gửi lại; những thư sau thì chưa" in done.text
    assert sorted(letter["standing"] for letter in post.letters()) == ["failed", "queued"]


def test_an_address_that_bounced_is_cleared_from_the_page(pages: Pages, post: Post, told: Told) -> None:
    failed(post, told, "clerk", answer="550 5.1.1 nobody here")
    browser = pages.browser("admin")
    assert "clerk@mau.example" in browser.get("/letters").text
    done = browser.send("/letters/clear", {"address": "clerk@mau.example"}, page="/letters")
    assert (done.path, "Đã ghi: cho gửi lại tới địa chỉ" in done.text) == ("/letters/1", True)
    assert browser.send("/letters/clear", {"address": "clerk@mau.example"}, page="/letters").status == 409


def test_a_test_letter_goes_the_real_way_and_the_servers_answer_is_shown(
    pages: Pages, post: Post, told: Told
) -> None:
    browser = pages.browser("admin")
    sent = browser.send("/letters/test", {"address": "thu@mau.example"}, page="/letters")
    assert "đã nhận thư thử" in sent.text
    assert [recipient for recipient, _ in told.taken] == ["thu@mau.example"]
    told.at["rcpt"] = "550 5.1.1 nobody"
    refused = browser.send("/letters/test", {"address": "thu@mau.example"}, page="/letters")
    assert "chưa nhận thư thử" in refused.text
    assert "5.1.1 nobody" in refused.text
    wrong = browser.send("/letters/test", {"address": SCRIPT}, page="/letters")
    assert (wrong.status, SCRIPT in wrong.html) == (409, False)


def of_the_sample(pages: Pages) -> Path:
    with pages.office.database.write() as connection:
        connection.execute(insert(HomeMark.__table__), {"name": SAMPLE, "value": "x", "at": wall_now()})
    return pages.folder / "postbox"


def test_the_postbox_of_the_sample_is_read_newest_first_and_by_recipient(pages: Pages) -> None:
    folder = of_the_sample(pages)
    for number, to in enumerate(("a@mau.example", "b@mau.example", "a@mau.example"), 1):
        text = f"Subject: thu {number}\r\nTo: {to}\r\nMessage-ID: <{number}@x>\r\n\r\n{SCRIPT} xin chao {number}\r\n"
        keep(folder, "o@x.example", [to], text.encode())
    browser = pages.browser("admin")
    listed = browser.get("/postbox")
    assert listed.text.index("thu 3") < listed.text.index("thu 2") < listed.text.index("thu 1")
    of_b = browser.get("/postbox?to=B@mau")
    assert ("thu 2" in of_b.text, "thu 1" in of_b.text) == (True, False)
    shown = browser.get("/postbox/2")
    assert ("xin chao 2" in shown.text, SCRIPT in shown.html) == (True, False)
    assert browser.get("/postbox/4").status == 404


def test_where_people_are_real_or_others_reach_the_server_there_is_no_postbox(pages: Pages) -> None:
    folder = pages.folder / "postbox"
    folder.mkdir()
    keep(folder, "o@x.example", ["a@mau.example"], b"Subject: x\r\n\r\nsecret\r\n")
    browser = pages.browser("admin")
    assert browser.get("/postbox").status == 404
    of_the_sample(pages)
    assert browser.get("/postbox/1").status == 200
    house = pages.app.state.house
    house.__dict__["on_loopback"] = False
    assert [browser.get(path).status for path in ("/postbox", "/postbox/1")] == [404, 404]


def test_whoever_got_a_letter_reads_it_and_nobody_else_but_administrators(
    pages: Pages, post: Post, told: Told
) -> None:
    (letter,) = failed(post, told, "clerk")
    own = pages.browser("clerk").get(f"/letters/{letter}")
    assert (own.status, "Thư gửi Ông/Bà" in own.text) == (200, True)
    # What the post knows of it, and what may be done about it, stays with administrators.
    assert "Message-ID" not in own.text
    assert f'action="/letters/{letter}' not in own.html
    for other in (letter, 99):
        assert pages.browser("principal").get(f"/letters/{other}").status == 403
    assert pages.browser("clerk").client.post(f"/letters/{letter}/retry").status_code != 303
