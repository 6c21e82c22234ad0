"""What a letter says of its items: names, labels, reasons and titles, read when it is composed, in few statements."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import event, insert, select

from casework.duties import delegate
from casework.history import NOTE, make_note
from casework.letters.facts import Facts
from casework.letters.tables import OUTBOX
from models.obligation import Obligation
from notifications.letter import LetterItem
from notifications.stop import DONE, HERE, LEFT, NEXT
from notifications.words import word
from tests.letters.post import Post

DAY = date(2025, 8, 1)


def said(post: Post, person: str, kind: str, lang: str = "vi") -> list[LetterItem]:
    """What a letter of the day would say of a person's items of a kind."""
    mine = select(OUTBOX).where(OUTBOX.c.person_id == post.office.people[person], OUTBOX.c.kind == kind)
    with post.database.read() as connection:
        items = connection.execute(mine.order_by(OUTBOX.c.key)).mappings().all()
        facts = Facts(connection, DAY, items, lambda _reads, subjects: {s: post.owed[s] for s in subjects})
        return [facts.item(item, DAY, lang) for item in items]


def test_a_returned_dossier_is_told_with_who_returned_it_when_and_why(post: Post) -> None:
    code = post.office.dossier_at("at_education_office")
    post.office.step(code, "return", "appraiser", "2025-06-20", reason="Thiếu biên bản.")
    (item,) = said(post, "clerk", "returned")
    assert (item.dossier, item.unit, item.level) == (code, "Đơn vị th-mau-1", "local")
    assert (item.actor, item.reason) == ("Người appraiser", "Thiếu biên bản.")
    assert item.at is not None
    assert item.nominations == 2
    assert item.path == f"/dossiers/{code}"
    assert item.command == f"thidua dossier show {code}"
    vietnamese, english = item.state, said(post, "clerk", "returned", "en")[0].state
    assert vietnamese
    assert english
    assert vietnamese != english


def test_a_decision_is_told_with_its_number_and_every_title(post: Post) -> None:
    post.office.dossier_at("decided")
    (item,) = said(post, "clerk", "decided")
    assert (item.number, item.decided_on) == ("12/QĐ-UBND", date(2025, 7, 25))
    assert item.body
    assert len(item.titles) == 2
    assert {outcome for _, _, outcome in item.titles} == {word("outcomes", "awarded")}
    assert {outcome for _, _, outcome in said(post, "clerk", "decided", "en")[0].titles} == {"awarded"}
    assert all(nominee and title for nominee, title, _ in item.titles)
    assert item.nominations is None


def test_a_debt_is_told_with_its_milestone_its_day_and_the_days_that_are_left(post: Post) -> None:
    unit = post.office.units["th-mau-1"]
    row = {"unit_id": unit, "calendar": "2024-2025", "milestone": "dossier-completion"}
    with post.database.write() as connection:
        made = connection.execute(insert(Obligation.__table__), row).inserted_primary_key[0]
    subject = f"obligation:{made}"
    post.owes(subject, "2025-07-29")
    post.item("clerk", "overdue", subject, due="2025-07-29")
    (item,) = said(post, "clerk", "overdue")
    assert (item.due, item.days_left, item.opens) == (date(2025, 7, 29), -3, date(2025, 6, 1))
    assert item.unit
    assert item.milestone
    assert item.milestone != "dossier-completion"
    assert item.owed


def test_a_dossiers_way_is_told_as_stations_and_where_it_was_set_aside(post: Post) -> None:
    code = post.office.dossier_at("at_education_office")
    (item,) = said(post, "appraiser", "ready")
    marks = [stop.mark for stop in item.way]
    assert marks.count(HERE) == 1
    assert marks == sorted(marks, key=[DONE, HERE, NEXT].index)
    assert item.way[marks.index(HERE)].label == item.state
    post.office.step(code, "return", "appraiser", "2025-06-20", reason="Thiếu biên bản.")
    (item,) = said(post, "clerk", "returned")
    aside = [stop for stop in item.way if not stop.on_way]
    assert [(stop.label, stop.mark) for stop in aside] == [(item.state, HERE)]
    assert item.way[item.way.index(aside[0]) - 1].mark == LEFT


def test_a_receipt_shows_the_way_as_it_was_when_the_dossier_was_taken_in(post: Post) -> None:
    post.office.dossier_at("decided")
    told = [item for item in said(post, "clerk", "received") if item.way[-1].mark != DONE]
    assert told
    for item in told:
        assert [stop.label for stop in item.way if stop.mark == HERE] == [item.state]


def commands(post: Post, person: str, unit: str, milestone: str, *kinds: str) -> list[str | None]:
    """The commands that letters about what a unit owes name, by kind; the last about its extension."""
    number = post.office.units[unit]
    row = {"unit_id": number, "calendar": "2024-2025", "milestone": milestone}
    with post.database.write() as connection:
        made = connection.execute(insert(Obligation.__table__), row).inserted_primary_key[0]
    subject = f"obligation:{made}"
    post.owes(subject, "2025-07-29")
    for kind in kinds:
        post.item(person, kind, subject, due="2025-07-29", before="2025-06-30")
    post.item(
        person, "extension", f"unit:{number}", due="2025-07-29", calendar="2024-2025", milestone=milestone
    )
    return [item.command for kind in (*kinds, "extension") for item in said(post, person, kind)]


def test_what_a_unit_owes_by_its_word_names_the_command_that_gives_it(post: Post) -> None:
    told = commands(post, "bloc-head", "khoi", "covenant", "deadline", "overdue", "dates_moved")
    assert told == ["thidua calendar fulfil khoi covenant --calendar 2024-2025"] * 4


def test_where_dossiers_are_wanted_the_command_opens_one(post: Post) -> None:
    told = commands(post, "clerk", "th-mau-1", "dossier-completion", "deadline")
    assert told == ["thidua dossier open th-mau-1 --year 2024-2025 --procedure three-tier-2024"] * 2


def test_those_above_are_shown_what_the_unit_owes(post: Post) -> None:
    (told, _) = commands(post, "office-head", "khoi", "covenant", "escalation")
    assert told == "thidua calendar owed --unit khoi --calendar 2024-2025 --milestone covenant"


def test_a_duty_that_was_lent_names_the_other_one_to_each_of_the_two(post: Post) -> None:
    days = (date(2025, 8, 1), date(2025, 8, 10))
    done = delegate(
        post.database, "pgd", "appraiser", "appraiser-2", *days, post.office.call("appraiser", "2025-08-01")
    )
    number = str(done.payload["delegation"])
    # The one to whom it was lent was told by the act itself.
    post.item("appraiser", "delegation", done.subject, delegation=number)
    names = {}
    for person in ("appraiser", "appraiser-2"):
        (item,) = said(post, person, "delegation")
        assert (item.since, item.until) == days
        assert item.duty
        names[person] = item.other
    assert names == {"appraiser": "Người appraiser-2", "appraiser-2": "Người appraiser"}


def test_what_an_item_says_itself_is_told_as_days_numbers_and_texts(post: Post) -> None:
    note, told = make_note("Mưa bão.")
    with post.database.write() as connection:
        connection.execute(insert(NOTE), note)
    facts: dict[str, Any] = {
        "due": "2025-08-05",
        "planned": "2025-06-30",
        "note": told["note"],
        "actor": str(post.office.people["office-head"]),
        "calendar": "2024-2025",
        "milestone": "dossier-completion",
    }
    post.item("clerk", "extension", f"unit:{post.office.units['th-mau-1']}", **facts)
    post.item("admin", "mail_trouble", "letter:7", trouble="given_up", count="3")
    (item,) = said(post, "clerk", "extension")
    assert (item.due, item.planned, item.days_left) == (date(2025, 8, 5), date(2025, 6, 30), 4)
    assert (item.reason, bool(item.actor), bool(item.unit), bool(item.milestone)) == (
        "Mưa bão.",
        True,
        True,
        True,
    )
    (trouble,) = said(post, "admin", "mail_trouble")
    assert (trouble.trouble, trouble.count) == ("given_up", 3)


def test_facts_of_many_items_cost_as_many_statements_as_of_one(post: Post) -> None:
    codes = [
        post.office.dossier_at("at_education_office", "local", person) for person in ("teacher", "teacher-2")
    ]

    def cost() -> int:
        statements: list[str] = []

        def count(_c: object, _cu: object, statement: str, *_: object) -> None:
            statements.append(statement)

        event.listen(post.database.engine, "before_cursor_execute", count)
        told = said(post, "clerk", "returned")
        event.remove(post.database.engine, "before_cursor_execute", count)
        assert told
        return len(statements)

    post.office.step(codes[0], "return", "appraiser", "2025-06-20", reason="Thiếu biên bản.")
    said(post, "clerk", "returned")
    one = cost()
    post.office.step(codes[1], "return", "appraiser", "2025-06-20", reason="Thiếu minh chứng.")
    assert cost() == one
