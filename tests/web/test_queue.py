"""The queue: what waits, what changed meanwhile, the filters that one keeps, and the next after an act."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from urllib.parse import unquote, urlencode

import pytest
from sqlalchemy import update

from casework.erase import erase_person
from casework.saved_views import MOST, save_view, views_of
from casework.views.bounded import PAGE
from rules.reasons import Refused
from tests.build import noon
from tests.casework.telling import clones, rows
from tests.web.conftest import Browser, Pages
from tests.web.many import DOSSIER, UNIT, schools_like, statements

_ROWS = re.compile(r'href="/dossiers/([^"?]+)\?queue=')


def listed(html: str) -> list[str]:
    """The codes of the rows of the queue, in their order."""
    return _ROWS.findall(html)


def waited(pages: Pages, code: str, days: int) -> None:
    """Let a dossier have come to its desk some days ago."""
    since = noon("2025-06-10") - timedelta(days=days)
    with pages.office.database.write() as connection:
        connection.execute(update(DOSSIER).where(DOSSIER.c.code == code).values(changed_at=since))


def test_what_waits_longest_stands_first_and_nothing_of_others(pages: Pages) -> None:
    office = pages.office
    younger, older = office.dossier_at("at_education_office"), office.dossier_at("at_education_office")
    elsewhere = office.dossier_at("filed")
    waited(pages, older, 9)
    waited(pages, younger, 2)
    shown = pages.browser("appraiser").get("/queue")
    assert listed(shown.html) == [older, younger]
    assert "còn 20 ngày" in shown.text
    assert listed(pages.browser("reviewer").get("/queue").html) == [elsewhere]
    assert listed(pages.browser("clerk-2").get("/queue").html) == []


def test_a_button_for_many_counts_only_where_it_is_not_for_all_that_are_shown(pages: Pages) -> None:
    office = pages.office
    for _ in range(2):
        office.dossier_at("at_education_office")
    shown = pages.browser("appraiser").get("/queue")
    assert '/queue/bulk/appraise">Thẩm định</button>' in shown.html
    for state in ("ready", "ready", "completing"):
        office.dossier_at(state)
    shown = pages.browser("clerk").get("/queue")
    assert "Nộp (chỉ 2 hồ sơ ở trang này)" in shown.text


def test_nobody_waits_and_the_page_says_how_something_comes(pages: Pages) -> None:
    shown = pages.browser("teacher").get("/queue")
    assert "Hồ sơ sẽ hiện ở đây khi được chuyển đến nơi Ông/Bà giữ nhiệm vụ" in shown.text
    assert "<table" not in shown.html


def test_what_changed_since_ones_own_last_act_is_told_and_what_is_new(pages: Pages) -> None:
    office = pages.office
    code, fresh = office.dossier_at("at_education_office"), office.dossier_at("at_education_office")
    office.step(code, "return", "appraiser", "2025-06-07", reason="Thiếu biên bản")
    office.step(code, "resubmit", "clerk", "2025-06-09")
    waited(pages, code, 20)
    waited(pages, fresh, 10)
    shown = pages.browser("appraiser").get("/queue").text
    assert "1 thay đổi từ 07/06/2025 gần nhất: nộp lại, 09/06/2025, Người clerk" in shown
    assert shown.count("Mới đến với Ông/Bà") == 1
    assert pages.browser("appraiser-2").get("/queue").text.count("Mới đến với Ông/Bà") == 2


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("words=BINH+duc", True),
        ("words=B%C3%ACnh+%C4%90%E1%BB%A9c", True),
        ("words=binh+tri", False),
        ("words=TH-MAU-1", True),
        ("words=%25", False),
        ("words=_", False),
        ("year=2024-2025&level=local", True),
        ("year=2023-2024", False),
        ("level=state", False),
        ("kind=at_desk&desk=education_office", True),
        ("desk=interior_office", False),
        ("unit=khoi", True),
        ("unit=th-mau-2", False),
        ("level=nonsense&kind='--&page=-3&page=x", True),
    ],
)
def test_filters_let_through_what_they_name(pages: Pages, query: str, found: bool) -> None:
    code = pages.office.dossier_at("at_education_office")
    with pages.office.database.write() as connection:
        connection.execute(
            update(UNIT).where(UNIT.c.code == "th-mau-1").values(name="Trường Tiểu học Bình Đức")
        )
    shown = pages.browser("appraiser").get(f"/queue?{query}")
    assert listed(shown.html) == ([code] if found else [])
    assert ("Không có hồ sơ nào khớp bộ lọc này" in shown.text) is not found


def test_a_unit_that_there_is_not_is_said_beside_its_field(pages: Pages) -> None:
    shown = pages.browser("appraiser").get("/queue?unit=nowhere")
    assert shown.status == 200
    assert "Không có đơn vị nào mang mã này" in shown.text


def test_a_page_holds_fifty_and_leads_to_the_next_with_the_same_filter(pages: Pages) -> None:
    code = pages.office.dossier_at("at_education_office")
    clones(pages.office, code, PAGE + 9)
    browser = pages.browser("appraiser")
    first = browser.get("/queue?level=local")
    assert len(listed(first.html)) == PAGE
    assert "60 hồ sơ" in first.text
    assert 'href="/queue?level=local&amp;page=2"' in first.html
    second = browser.get("/queue?level=local&page=2")
    assert len(listed(second.html)) == 10
    assert not set(listed(first.html)) & set(listed(second.html))


def test_the_statements_of_the_page_do_not_grow_with_its_rows(pages: Pages) -> None:
    office, browser = pages.office, pages.browser("appraiser")
    code = office.dossier_at("at_education_office")
    browser.get("/queue")
    counts = []
    for like, more, rows_there in ((code, 4, 5), (office.dossier_at("at_education_office"), 54, PAGE)):
        schools_like(office, like, more)
        with statements(pages) as asked:
            found = listed(browser.get("/queue").html)
        counts.append(len(asked))
        assert len(found) >= rows_there
    assert counts[0] == counts[1]


def supported(browser: Browser, code: str, query: str) -> tuple[str, str | None]:
    """Support all of a dossier opened from the queue with a filter: what is read then, and the next that is offered."""
    opened = browser.get(f"/dossiers/{code}?{urlencode({'queue': query})}")
    (step,) = re.findall(rf'href="(/dossiers/{re.escape(code)}/steps/appraise[^"]*)"', opened.html)
    hidden = dict(re.findall(r'name="(csrf|key|version|queue)" value="([^"]*)"', browser.get(step).html))
    hidden["queue"] = unescape(hidden["queue"])
    assert hidden["queue"] == query
    done = browser.client.post(f"/dossiers/{code}/steps/appraise", data=hidden | {"support_rest": "yes"})
    following = re.search(r'href="/dossiers/([^"?]+)\?queue=([^"]*)" data-key="n"', done.text)
    assert following is None or unquote(following[2]) == query
    return done.text, following[1] if following else None


def test_after_an_act_the_next_of_the_same_filter_is_offered(pages: Pages) -> None:
    first, second, third = (pages.office.dossier_at("at_education_office") for _ in range(3))
    browser = pages.browser("appraiser")
    # Who left the first one aside goes on from where she is, and comes back to it at the end.
    for code, after in ((second, third), (third, first), (first, None)):
        page, following = supported(browser, code, "words=mau&level=local")
        assert following == after
        assert ("Hồ sơ kế tiếp" in page) is (after is not None)
    assert "Không còn hồ sơ nào khác chờ Ông/Bà trong bộ lọc này" in page


def test_the_next_one_passes_the_same_filter(pages: Pages) -> None:
    local, _higher = (
        pages.office.dossier_at("at_education_office", level) for level in ("local", "province")
    )
    assert supported(pages.browser("appraiser"), local, "level=local")[1] is None


@pytest.mark.parametrize(
    "given", ["//evil.example", "https://evil.example/?words=a", "javascript:x", "a=%0d%0aX:1"]
)
def test_a_filter_that_is_none_leads_nowhere_else(pages: Pages, given: str) -> None:
    code = pages.office.dossier_at("at_education_office")
    shown = pages.browser("appraiser").client.get(f"/dossiers/{code}", params={"queue": given})
    links = re.findall(r'(?:href|action)="([^"]*)"', shown.text)
    assert not [link for link in links if "evil" in link or "javascript" in link]


def test_a_filter_is_kept_under_a_name_shown_replaced_and_deleted(pages: Pages) -> None:
    browser = pages.browser("appraiser")
    fields = {"view": "  Khối 1 <b>  ", "queue": "level=local&words=mau&page=3&evil=1"}
    kept = browser.send("/queue/views", fields, page="/queue?words=mau")
    assert kept.status == 200
    assert 'href="/queue?words=mau&amp;level=local" aria-current="page">Khối 1 &lt;b&gt;' in kept.html
    browser.send("/queue/views", {"view": "Khối 1 <b>", "queue": "level=state"}, page="/queue?words=mau")
    (view,) = rows(pages.office, "saved_view")
    assert (view["name"], view["query"]) == ("Khối 1 <b>", "level=state")
    assert "Khối 1" not in pages.browser("appraiser-2").get("/queue").text
    assert pages.browser("appraiser-2").send(f"/queue/views/{view['id']}/delete", page="/queue").status == 404
    assert browser.send(f"/queue/views/{view['id']}/delete", page="/queue").status == 200
    assert rows(pages.office, "saved_view") == []
    assert browser.send(f"/queue/views/{2**70}/delete", page="/queue").status == 404


def test_a_view_without_a_name_or_one_too_many_is_refused_with_the_reason(pages: Pages) -> None:
    browser, office = pages.browser("appraiser"), pages.office
    refused = browser.send("/queue/views", {"view": " ", "queue": "words=mau"}, page="/queue?words=mau")
    assert (refused.status, "Bộ lọc cần có tên để lưu" in refused.text) == (409, True)
    for n in range(MOST):
        save_view(office.database, office.people["appraiser"], f"Bộ lọc {n}", "")
    with pytest.raises(Refused) as full:
        save_view(office.database, office.people["appraiser"], "n" * 61, "")
    assert [reason.code for reason in full.value.reasons] == ["view_too_long", "too_many_views"]
    save_view(office.database, office.people["appraiser"], "Bộ lọc 3", "words=a")
    assert len(rows(office, "saved_view")) == MOST


def test_with_a_person_that_is_erased_her_views_go(pages: Pages) -> None:
    office = pages.office
    for person in ("teacher", "appraiser"):
        save_view(office.database, office.people[person], "Của tôi", "words=ten")
    erase_person(office.database, "teacher", "Đề nghị của đương sự", office.call("admin"))
    with office.database.read() as connection:
        assert views_of(connection, office.people["teacher"]) == []
        assert len(views_of(connection, office.people["appraiser"])) == 1
