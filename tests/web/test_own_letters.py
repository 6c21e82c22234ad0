"""The letters that one was sent, in one's account: only one's own, newest first, bounded, each read on its page."""

from __future__ import annotations

import zlib
from datetime import date, timedelta
from typing import Any

from sqlalchemy import event, insert

from casework.letters.tables import LETTER, OUTBOX
from tests.build import noon
from tests.web.conftest import Pages

NOW = noon("2025-06-10")
BYTES = zlib.compress(b"Subject: x\nContent-Type: text/plain\n\nThis is it.\n")


def letter(pages: Pages, person: str, day: date, standing: str = "sent", **more: Any) -> int:
    """A letter as the post keeps it, about a dossier and a milestone; gives its number."""
    whose = pages.office.people[person]
    row = {
        "person_id": whose, "kind": "deadline", "day": day, "standing": standing, "queued_at": NOW, "not_before": NOW,
        "attempts": 1, "address": f"{person}@mau.example", "subject": f"Thư ngày {day} cho {person}",
        "message_id": f"<{whose}-{day}@mau.example>", "mime": BYTES, "trouble": "", "sent_at": NOW,
    }  # fmt: skip
    with pages.office.database.write() as connection:
        number = int(connection.execute(insert(LETTER), row | more).inserted_primary_key[0])
        for subject in ("dossier:1", "unit:1"):
            connection.execute(
                insert(OUTBOX),
                {
                    "key": f"deadline/{subject}/{day}/{whose}", "kind": "deadline", "person_id": whose,
                    "subject": subject, "facts": {"milestone": "dossier-completion"}, "standing": "sent",
                    "queued_at": NOW, "ready_at": NOW, "letter_id": number,
                },
            )  # fmt: skip
    return number


def test_one_sees_ones_own_letters_newest_first_with_what_they_are_about(pages: Pages) -> None:
    code = pages.office.dossier_at("at_education_office")
    old = letter(pages, "clerk", date(2025, 6, 1))
    new = letter(pages, "clerk", date(2025, 6, 9))
    failed = letter(pages, "clerk", date(2025, 6, 8), "failed")
    back = letter(pages, "clerk", date(2025, 6, 7), "retracted")
    other = letter(pages, "appraiser", date(2025, 6, 9))
    browser = pages.browser("clerk")
    assert 'href="/account/letters"' in browser.get("/account").html
    shown = browser.get("/account/letters")
    places = [shown.html.index(f'href="/letters/{number}"') for number in (failed, new, old)]
    assert places == sorted(places)
    assert (f"/letters/{other}" in shown.html, f"/letters/{back}" in shown.html) == (False, False)
    assert "appraiser" not in shown.text
    assert code in shown.text
    assert "Hoàn thiện hồ sơ" in shown.text
    assert browser.get(f"/letters/{new}").status == 200
    assert browser.get(f"/letters/{other}").status == 403
    assert pages.browser("principal").get("/account/letters").text.count("Thư ngày") == 0


def test_whoever_is_not_signed_in_is_led_to_the_sign_in_page(pages: Pages) -> None:
    assert pages.browser().get("/account/letters").path == "/sign-in"


def test_the_list_goes_on_page_by_page_and_costs_the_same_however_long_it_is(pages: Pages) -> None:
    browser, said = pages.browser("clerk"), []
    letter(pages, "clerk", date(2025, 1, 1))
    engine = pages.app.state.house.database.engine
    event.listen(engine, "before_cursor_execute", lambda _c, _k, statement, *_: said.append(statement))

    def cost() -> int:
        said.clear()
        browser.get("/account/letters")
        return len(said)

    few = (cost(), cost())[1]
    numbers = [letter(pages, "clerk", date(2025, 1, 2) + timedelta(days=day)) for day in range(60)]
    assert cost() == few
    first = browser.get("/account/letters").html
    assert first.count('href="/letters/') == 50
    assert f'href="/account/letters?before={numbers[10]}"' in first
    assert browser.get(f"/account/letters?before={numbers[10]}").html.count('href="/letters/') == 11
    assert browser.get("/account/letters?before=-7").html.count('href="/letters/') == 50
