"""One step for many dossiers of the queue: seen before it is done, done once, and each with its own answer."""

from __future__ import annotations

from typing import Any

import pytest

from tests.casework.telling import clones, every_row, history, last
from tests.web.conftest import Answer, Browser, Pages
from tests.web.many import Shown, forms_of, schools_like, statements

WHY = "Thiếu biên bản họp hội đồng"


def answer_to(browser: Browser, path: str, body: dict[str, Any]) -> Answer:
    """What a form that was sent is answered."""
    response = browser.client.post(path, data=body)
    return Answer(response.status_code, response.text, response.url.path, response.headers)


def ticked(browser: Browser, event: str, *codes: str) -> Answer:
    """The page that comes when some dossiers of the queue were ticked."""
    (form,) = forms_of(browser.get("/queue").html, "/queue/bulk/appraise")
    return answer_to(browser, f"/queue/bulk/{event}", form.body(dossier=list(codes)))


def filled_in(browser: Browser, page: Answer, event: str, **inputs: Any) -> Answer:
    """The preview after the form of a bulk act was filled in."""
    return answer_to(
        browser, f"/queue/bulk/{event}", forms_of(page.html, f"/queue/bulk/{event}")[0].body(**inputs)
    )


def act_of(page: Answer, event: str) -> Shown:
    """The form that does what a preview showed."""
    (form,) = [f for f in forms_of(page.html, f"/queue/bulk/{event}") if "seen" in dict(f.fields)]
    return form


def may_act(page: Answer, event: str) -> bool:
    """Whether a preview offers the act."""
    return any("seen" in dict(form.fields) for form in forms_of(page.html, f"/queue/bulk/{event}"))


def at_office(pages: Pages, number: int) -> list[str]:
    """Dossiers that wait for the appraiser."""
    return [pages.office.dossier_at("at_education_office") for _ in range(number)]


def test_a_return_of_many_is_previewed_done_and_told_from_the_history(pages: Pages) -> None:
    codes = at_office(pages, 3)
    browser = pages.browser("appraiser")
    before = every_row(pages.office.database)
    first = ticked(browser, "return", *codes)
    assert (first.status, may_act(first, "return")) == (200, False)
    preview = filled_in(browser, first, "return", reason=WHY)
    assert preview.text.count("Được, sẽ chuyển sang: Trả lại để bổ sung") == 3
    changed = {name for name, rows in every_row(pages.office.database).items() if rows != before[name]}
    assert changed <= {"sign_in"}
    done = answer_to(browser, "/queue/bulk/return", act_of(preview, "return").body())
    assert (done.status, done.path) == (200, "/queue/bulk/return/done")
    assert "Đã ghi 3 hồ sơ" in done.text
    for code in codes:
        assert pages.office.row(code)["state"] == "returned"
        assert last(pages.office, code)["hash"][:16] in done.text


def test_the_same_form_sent_twice_changes_once(pages: Pages) -> None:
    codes = at_office(pages, 2)
    browser = pages.browser("appraiser")
    preview = filled_in(browser, ticked(browser, "appraise", *codes), "appraise", support_rest="yes")
    body = act_of(preview, "appraise").body()
    answers = [answer_to(browser, "/queue/bulk/appraise", body) for _ in range(2)]
    assert [answer.text for answer in answers] == [answers[0].text] * 2
    for code in codes:
        assert [entry["event"] for entry in history(pages.office, code)].count("appraise") == 1


def test_nothing_is_done_without_the_preview_of_just_this(pages: Pages) -> None:
    mine, other = at_office(pages, 2)
    browser = pages.browser("appraiser")
    preview = filled_in(browser, ticked(browser, "return", mine), "return", reason=WHY)
    honest = act_of(preview, "return").body()
    seen_by_other = pages.browser("appraiser-2")
    theirs = act_of(
        filled_in(seen_by_other, ticked(seen_by_other, "return", mine), "return", reason=WHY), "return"
    )
    before = {code: pages.office.row(code) for code in (mine, other)}
    for changed in (
        {"seen": "0" * 64},
        {"seen": "☃"},
        {"seen": dict(theirs.fields)["seen"]},
        {"seen": []},
        {"reason": "Một lý do khác"},
        {"dossier": [mine, other], f"version-{other}": str(before[other]["version"])},
        {f"version-{mine}": str(before[mine]["version"] + 1)},
    ):
        answer = answer_to(browser, "/queue/bulk/return", honest | changed)
        assert answer.status == 200, changed
        assert "Chưa có gì được ghi" in answer.text
        assert {code: pages.office.row(code) for code in (mine, other)} == before


def test_each_that_cannot_go_is_told_with_every_reason_and_left_as_it_is(pages: Pages) -> None:
    office = pages.office
    good, own = office.dossier_at("at_education_office"), office.dossier_at("at_education_office")
    bare = clones(office, office.dossier_at("at_education_office"), 1)[0]
    office.step(own, "return", "appraiser", "2025-06-07", reason=WHY)
    browser = pages.browser("appraiser")
    preview = filled_in(browser, ticked(browser, "appraise", good, own, bare), "appraise", support_rest="yes")
    assert "Trả lại để bổ sung" in preview.text
    assert "1 hồ sơ chưa đủ điều kiện sẽ để nguyên" in preview.text
    done = answer_to(browser, "/queue/bulk/appraise", act_of(preview, "appraise").body())
    assert "Đã ghi 2 hồ sơ" in done.text
    assert [office.row(code)["state"] for code in (good, own, bare)] == ["to_file", "returned", "to_file"]


def test_one_that_a_colleague_was_faster_with_is_told_and_the_others_are_done(pages: Pages) -> None:
    fast, slow = at_office(pages, 2)
    browser = pages.browser("appraiser")
    preview = filled_in(browser, ticked(browser, "appraise", fast, slow), "appraise", support_rest="yes")
    pages.office.step(fast, "return", "appraiser-2", reason=WHY)
    answer = answer_to(browser, "/queue/bulk/appraise", act_of(preview, "appraise").body())
    assert answer.status == 409
    assert "Đã ghi 1 hồ sơ" in answer.text
    assert "1 hồ sơ chưa thực hiện được" in answer.text
    assert "Người appraiser-2" in answer.text
    assert [pages.office.row(code)["state"] for code in (fast, slow)] == ["returned", "to_file"]


def test_what_may_not_be_seen_looks_like_what_there_is_not(pages: Pages) -> None:
    (mine,), hidden = at_office(pages, 1), pages.office.dossier_at("preparing")
    browser = pages.browser("appraiser")
    before = pages.office.row(hidden)
    first = ticked(browser, "return", mine, hidden, "no-such.2425.9")
    preview = filled_in(browser, first, "return", reason=WHY)
    for page in (first, preview):
        rows = [line for line in page.html.split("<tr>") if hidden in line or "no-such.2425.9" in line]
        shown = [
            row.replace(hidden, "X").replace("no-such.2425.9", "X") for row in rows if "data-head" in row
        ]
        assert len(shown) == 2
        assert shown[0].split("</tr>")[0] == shown[1].split("</tr>")[0]
        assert "Đang đăng ký" not in page.text
    assert hidden not in str(act_of(preview, "return").fields)
    only = ticked(browser, "return", hidden)
    assert (only.status, "không còn hồ sơ nào đang chờ" in only.text) == (409, True)
    assert pages.office.row(hidden) == before
    peeked = browser.get(f"/queue/bulk/open/done?key=test-0&dossier={hidden}")
    assert peeked.status == 404


def test_only_what_waits_is_done_for_many(pages: Pages) -> None:
    office = pages.office
    code = office.dossier_at("to_file")
    browser = pages.browser("clerk")
    csrf = forms_of(browser.get("/queue").html, "/queue/bulk/file")[0]
    for event, status in (("withdraw", 409), ("lapse", 409), ("no_such_event", 404), ("<b>", 404)):
        answer = answer_to(browser, f"/queue/bulk/{event}", csrf.body(dossier=[code], reason=WHY))
        assert (event, answer.status) == (event, status)
    assert office.row(code)["state"] == "to_file"
    assert "/queue/bulk/record_score" not in pages.browser("bloc-head").get("/queue").html


def test_nothing_ticked_and_too_much_ticked_are_said(pages: Pages) -> None:
    at_office(pages, 1)
    browser = pages.browser("appraiser")
    assert "Chưa chọn hồ sơ nào" in ticked(browser, "return").text
    many = ticked(browser, "return", *(f"x-{n}" for n in range(51)))
    assert (many.status, "nhiều nhất 50 hồ sơ" in many.text) == (409, True)
    assert browser.get("/queue/bulk/return").path == "/queue"


def test_a_decision_comes_with_number_day_and_signatory_for_all(pages: Pages) -> None:
    codes = [pages.office.dossier_at("at_local_decision") for _ in range(2)]
    pages.stand("2025-07-25")
    browser = pages.browser("chairman")
    form = forms_of(browser.get("/queue").html, "/queue/bulk/decide")[0]
    first = answer_to(browser, "/queue/bulk/decide", form.body(dossier=codes))
    wrong = filled_in(browser, first, "decide", number="12/QĐ-UBND", day="32/07/2025", signatory="")
    assert wrong.status == 409
    assert "Không phải ngày" in wrong.text
    assert 'value="12/QĐ-UBND"' in wrong.html
    assert not may_act(wrong, "decide")
    preview = filled_in(
        browser, first, "decide", number="12/QĐ-UBND", day="25/07/2025", signatory="Người ký Mẫu"
    )
    answer_to(browser, "/queue/bulk/decide", act_of(preview, "decide").body())
    rows = [pages.office.row(code) for code in codes]
    assert [row["state"] for row in rows] == ["decided", "decided"]
    assert rows[0]["decision_id"] == rows[1]["decision_id"]


def test_many_are_forwarded_with_the_number_and_day_of_the_submission(pages: Pages) -> None:
    codes = [pages.office.dossier_at("at_ministry_branch", "ministry") for _ in range(2)]
    pages.stand("2025-08-20")
    browser = pages.browser("ministry-branch")
    form = forms_of(browser.get("/queue").html, "/queue/bulk/forward")[0]
    first = answer_to(browser, "/queue/bulk/forward", form.body(dossier=codes))
    given = {"submission": "45/TTr-SGDĐT", "submitted_on": "20/08/2025", "support_rest": "yes"}
    preview = filled_in(browser, first, "forward", **given)
    answer_to(browser, "/queue/bulk/forward", act_of(preview, "forward").body())
    for code in codes:
        row = pages.office.row(code)
        assert (row["state"], row["submission_number"]) == ("with_ministry", "45/TTr-SGDĐT")


@pytest.mark.parametrize("person", ["appraiser-2", "admin"])
def test_what_one_did_is_told_to_nobody_else(pages: Pages, person: str) -> None:
    (code,) = at_office(pages, 1)
    browser = pages.browser("appraiser")
    body = act_of(filled_in(browser, ticked(browser, "return", code), "return", reason=WHY), "return").body()
    answer_to(browser, "/queue/bulk/return", body)
    path = f"/queue/bulk/return/done?key={body['key'][0]}&dossier={code}"
    assert browser.get(path).status == 200
    assert pages.browser(person).get(path).status == 404


def test_the_statements_of_a_preview_do_not_grow_with_its_dossiers(pages: Pages) -> None:
    office, browser = pages.office, pages.browser("appraiser")
    codes = schools_like(office, office.dossier_at("at_education_office"), 45)
    first = ticked(browser, "appraise", *codes[:5])
    counts = []
    for some in (codes[:5], codes):
        body = forms_of(first.html, "/queue/bulk/appraise")[0].body(dossier=some, support_rest="yes")
        with statements(pages) as asked:
            answer_to(browser, "/queue/bulk/appraise", body)
        counts.append(len(asked))
    assert counts[0] == counts[1]
