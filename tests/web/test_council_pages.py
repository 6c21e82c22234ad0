"""A council's session by its pages: from the call to the minutes, and who sees none of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.council.sessions import DAY, MEMBERS, Story
from tests.web.conftest import Answer, Browser, Pages


def post(browser: Browser, path: str, fields: dict[str, Any]) -> Answer:
    """Send a form, and follow where it leads."""
    response = browser.client.post(path, data=browser.hidden() | fields)
    return Answer(response.status_code, response.text, response.url.path, response.headers)


@pytest.fixture
def story(pages: Pages) -> Story:
    made = Story(pages.office)
    made.numbers = made.dossier("teacher", "teacher-2", title="CSTDCS")  # type: ignore[attr-defined]
    pages.stand(DAY)
    return made


def test_a_whole_session_by_the_pages(pages: Pages, story: Story) -> None:
    one, two = story.numbers  # type: ignore[attr-defined]
    secretary, chair = pages.browser("council-secretary"), pages.browser("council-chair")
    form = {
        "held_on": "18/07/2025",
        "begins": "08:00",
        "place": "Phòng họp số 1",
        "nomination": [str(one), str(two)],
    }
    called = post(secretary, f"/councils/{story.council}/call", form)
    assert called.status == 200
    here = called.path
    present = [person for person in MEMBERS if person != "province-council"]
    assert post(secretary, f"{here}/attend", {"present": present}).status == 200
    writer = pages.browser("province-council")
    wrote = post(writer, f"{here}/write", {f"on-{one}": "yes", f"on-{two}": "no"})
    assert wrote.status == 200
    assert post(chair, f"{here}/open", {}).status == 200
    for person in present:
        voter = pages.browser(person)
        answer = post(voter, f"{here}/vote", {f"on-{one}": "yes", f"on-{two}": "abstain"})
        assert answer.status == 200
        assert "Phiếu của Ông/Bà đã vào hòm phiếu." in answer.text
        again = post(voter, f"{here}/vote", {f"on-{one}": "no", f"on-{two}": "no"})
        assert again.status == 409
        assert "Ông/Bà đã bỏ phiếu trong phiên họp này." in again.text
    seen = secretary.get(here).text
    assert "Đã bỏ phiếu: 4/4" in seen
    assert post(secretary, f"{here}/count", {}).status == 200
    tally = secretary.get(here).text
    assert "5/5" in tally and "cần 4" in tally
    assert post(secretary, f"{here}/close", {}).status == 200
    minutes = chair.get(f"{here}/minutes").text
    for said in (
        "Tổng số thành viên: 5. Có mặt: 4 (cần 4). Vắng mặt: 1.",
        "THƯ KÝ",
        "CHỦ TỌA",
        "5/5 (100,0 %)",
        "0/5 (0,0 %)",
        "Ý kiến bằng văn bản của Người province-council:",
    ):
        assert said in minutes, said


def test_what_is_missing_is_told_at_the_form_and_what_was_chosen_stays(pages: Pages, story: Story) -> None:
    one, two = story.numbers  # type: ignore[attr-defined]
    story.call(one, two)
    story.attend()
    story.open()
    voter = pages.browser("office-head")
    answer = post(voter, f"/sessions/{story.session}/vote", {f"on-{one}": "no"})
    assert answer.status == 409
    assert "Chưa chọn đối với đề cử" in answer.text
    assert 'value="no" required checked' in answer.html


def test_who_is_no_member_sees_none_of_it(pages: Pages, story: Story) -> None:
    story.call(*story.numbers)  # type: ignore[attr-defined]
    stranger = pages.browser("clerk-2")
    for path in (
        f"/councils/{story.council}",
        f"/sessions/{story.session}",
        f"/sessions/{story.session}/vote",
    ):
        assert stranger.get(path).status == 404
    assert post(stranger, f"/sessions/{story.session}/vote", {"on-1": "yes"}).status == 404
    assert "hội đồng nào" in stranger.get("/councils").text


def test_before_the_count_no_page_shows_a_ballot_or_an_open_vote(pages: Pages, story: Story) -> None:
    one, two = story.numbers  # type: ignore[attr-defined]
    story.call(one, two)
    story.attend()
    story.open()
    ((_, code),) = story.vote("office-head", {one: "y", two: "n"}).codes
    for person in ("council-secretary", "council-chair", "office-head", "admin"):
        browser = pages.browser(person)
        assert code not in browser.get(f"/sessions/{story.session}").text
        assert browser.get(f"/sessions/{story.session}/minutes").status == 404
