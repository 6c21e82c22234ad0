"""What units owe by the calendar: the list, one obligation, its extension, own dates, reminders, the feed."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event, select

from casework.open_year import open_year
from models.obligation import Fulfilment, OwnDates
from models.window import Extension
from tests.build import noon
from tests.documents.paper_bytes import pdf
from tests.web.conftest import Pages

COMPLETION = "/calendar/2024-2025/dossier-completion/th-mau-1"
INITIATIVES = "/calendar/2024-2025/initiative-list/th-mau-1"
REVIEW = "/calendar/2024-2025/covenant-review/khoi"


@pytest.fixture(autouse=True)
def year(pages: Pages) -> None:
    """The year is open: what its calendar asks for is owed."""
    open_year(pages.office.database, noon("2024-08-02"))


def rows(pages: Pages, model: Any) -> list[Any]:
    with pages.office.database.read() as connection:
        return list(connection.execute(select(model.__table__)).all())


def test_the_list_says_by_due_day_what_my_units_owe_and_how_it_stands(pages: Pages) -> None:
    page = pages.browser("clerk").get("/calendar")
    assert page.status == 200
    assert page.text.index("Tổng hợp sáng kiến") < page.text.index("Hoàn thiện hồ sơ", page.text.index("Lọc"))
    assert "quá hạn 161 ngày" in page.text
    assert "còn 20 ngày" in page.text
    for path in (COMPLETION, INITIATIVES, "/schools/th-mau-1", "/calendar.ics", "/calendar/reminders"):
        assert f'href="{path}"' in page.html
    assert "th-mau-2" not in page.html
    late = pages.browser("clerk").get("/calendar?standing=late")
    assert INITIATIVES in late.html
    assert COMPLETION not in late.html


def test_an_obligation_is_met_with_day_paper_and_note_and_the_word_taken_back_with_a_reason(
    pages: Pages,
) -> None:
    browser = pages.browser("clerk")
    files = {"paper": ("Danh sách.pdf", pdf(), "application/pdf")}
    done = browser.send(
        f"{INITIATIVES}/fulfil", {"done_on": "09/06/2025", "note": "Gửi chậm"}, page=INITIATIVES, files=files
    )
    assert done.path == INITIATIVES
    for words in ("Đã ghi: báo hoàn thành", "xong ngày 09/06/2025", "Gửi chậm", "Danh sách.pdf"):
        assert words in done.text
    (word,) = rows(pages, Fulfilment)
    paper = browser.get(f"{INITIATIVES}/papers/{word.id}")
    assert (paper.status, paper.headers["content-type"]) == (200, "application/octet-stream")
    assert paper.headers["content-disposition"].startswith("attachment")
    assert pages.browser("clerk-2").get(f"{INITIATIVES}/papers/{word.id}").status == 404
    back = browser.send(f"{INITIATIVES}/unfulfil", {"undo_reason": "Thiếu chữ ký"}, page=INITIATIVES)
    assert "Đã ghi: rút lời báo hoàn thành" in back.text
    assert "Thiếu chữ ký" in back.text
    assert rows(pages, Fulfilment)[0].undone_at is not None


def test_a_day_that_is_none_or_lies_ahead_writes_nothing_and_stays_in_the_form(pages: Pages) -> None:
    browser = pages.browser("clerk")
    for day, words in (
        ("hôm qua", "Không phải ngày"),
        ("30/06/2025", "Chưa có gì thay đổi"),
        ("", "Cần điền"),
    ):
        refused = browser.send(f"{COMPLETION}/fulfil", {"done_on": day}, page=COMPLETION)
        assert refused.status == 409
        assert words in refused.text
        assert f'value="{day}"' in refused.html or not day
    assert rows(pages, Fulfilment) == []


def test_where_dossiers_meet_it_no_word_is_asked_for(pages: Pages) -> None:
    pages.office.open()
    page = pages.browser("clerk").get(COMPLETION)
    assert 'name="done_on"' not in page.html


def test_who_may_not_extend_reads_whom_to_ask(pages: Pages) -> None:
    page = pages.browser("clerk").get(COMPLETION)
    assert "gửi đề nghị kèm lý do đến Đơn vị pgd" in page.text
    assert "thủ trưởng cơ quan hoặc chuyên viên thẩm định" in page.text
    assert 'name="until"' not in page.html
    fields = {"until": "15/07/2025", "extend_reason": "Mưa bão"}
    refused = pages.browser("clerk").send(f"{COMPLETION}/extend", fields, page=COMPLETION)
    assert refused.status == 409
    assert rows(pages, Extension) == []


def test_an_extension_is_granted_with_a_reason_that_the_school_reads(pages: Pages) -> None:
    office = pages.browser("appraiser")
    missing = office.send(f"{COMPLETION}/extend", {"until": "15/07/2025"}, page=COMPLETION)
    assert (missing.status, rows(pages, Extension)) == (409, [])
    assert "15/07/2025" in missing.html
    fields = {"until": "15/07/2025", "extend_reason": "Trường bị ngập <b>"}
    done = office.send(f"{COMPLETION}/extend", fields, page=COMPLETION)
    assert "Đã ghi: gia hạn" in done.text
    page = pages.browser("clerk").get(COMPLETION)
    assert "gia hạn đến hết thứ Ba 15/07/2025" in page.text
    assert "Trường bị ngập &lt;b&gt;" in page.html
    assert "Theo kế hoạch" in page.text


def test_a_bloc_sets_dates_of_its_own_inside_the_plan(pages: Pages) -> None:
    head = pages.browser("bloc-head")
    outside = head.send(f"{REVIEW}/own-dates", {"opens": "2025-06-12", "last_day": "2025-07-20"}, page=REVIEW)
    assert (outside.status, rows(pages, OwnDates)) == (409, [])
    fields = {"opens": "12/06/2025", "last_day": "20/06/2025", "dates_note": "Họp tại trường 2"}
    done = head.send(f"{REVIEW}/own-dates", fields, page=REVIEW)
    assert "từ 12/06/2025 đến hết 20/06/2025" in done.text
    assert "Họp tại trường 2" in done.text


def test_what_was_met_offers_no_dates_and_no_extension_any_more(pages: Pages) -> None:
    head = pages.browser("bloc-head")
    assert "Đặt lịch riêng" in head.get(REVIEW).text
    head.send(f"{REVIEW}/fulfil", {"done_on": "09/06/2025"}, page=REVIEW)
    met = head.get(REVIEW)
    assert 'name="last_day"' not in met.html
    assert "đã hoàn thành ngày 09/06/2025, nên lịch riêng không còn tác dụng" in met.text
    assert "nên không cần gia hạn" in met.text
    assert "Muốn xin gia hạn" not in met.text
    head.send(f"{REVIEW}/unfulfil", {"undo_reason": "Nhầm"}, page=REVIEW)
    again = head.get(REVIEW)
    assert 'name="last_day"' in again.html
    assert "Muốn xin gia hạn" in again.text


def test_own_dates_are_not_offered_once_the_time_of_the_plan_is_over(pages: Pages) -> None:
    over = pages.browser("bloc-head").get("/calendar/2024-2025/midyear-review/khoi")
    assert 'name="last_day"' not in over.html
    assert "đã hết ngày 31/01/2025" in over.text
    assert 'name="done_on"' in over.html


def test_what_another_unit_owes_or_nobody_is_no_page(pages: Pages) -> None:
    browser = pages.browser("clerk")
    for path in (
        COMPLETION.replace("th-mau-1", "th-mau-2"),
        COMPLETION.replace("dossier-completion", "no-such"),
        COMPLETION.replace("2024-2025", "1999-2000"),
        "/calendar/2024-2025/preliminary-appraisal/pgd",
    ):
        assert browser.get(path).status == 404
    posted = browser.send(
        COMPLETION.replace("th-mau-1", "th-mau-2") + "/fulfil", {"done_on": "09/06/2025"}, page=COMPLETION
    )
    assert posted.status == 404
    assert rows(pages, Fulfilment) == []


def test_the_reminders_to_come_are_my_own(pages: Pages) -> None:
    page = pages.browser("clerk").get("/calendar/reminders")
    assert "thứ Hai 16/06/2025" in page.text
    assert COMPLETION in page.html
    assert "th-mau-2" not in page.html
    assert "Không có thư nhắc nào" in pages.browser("teacher").get("/calendar/reminders").text


def test_the_feed_is_given_to_whoever_is_signed_in(pages: Pages) -> None:
    feed = pages.browser("clerk").get("/calendar.ics")
    assert feed.headers["content-type"].startswith("text/calendar")
    assert "2024-2025.dossier-completion.th-mau-1@thidua" in feed.html
    assert "th-mau-2" not in feed.html
    assert pages.browser().get("/calendar.ics").path == "/sign-in"


def test_a_calendar_of_more_dossiers_asks_the_database_no_more_often(pages: Pages) -> None:
    browser, counted = pages.browser("clerk"), []
    engine = pages.app.state.house.database.engine
    event.listen(engine, "before_cursor_execute", lambda *args: counted.append(args[2]))

    def asked() -> int:
        counted.clear()
        assert browser.get("/calendar").status == 200
        return len(counted)

    pages.office.open()
    asked()
    first = asked()
    for _ in range(5):
        pages.office.open()
    assert asked() == first
