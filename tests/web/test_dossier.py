"""A dossier as a page: who sees it, what may be done, and what is said when it is not done."""

from __future__ import annotations

from tests.web.conftest import Pages


def test_an_appraiser_supports_all_and_gets_a_receipt_from_the_history(pages: Pages) -> None:
    code = pages.office.dossier_at("at_education_office")
    browser = pages.browser("appraiser")
    shown = browser.get(f"/dossiers/{code}")
    assert f'href="/dossiers/{code}/steps/appraise"' in shown.html
    done = browser.send(f"/dossiers/{code}/steps/appraise", {"support_rest": "yes"})
    assert (done.status, done.path) == (200, f"/dossiers/{code}")
    assert "Đã ghi: thẩm định, lúc 10/06/2025 12:00" in done.text
    assert pages.office.row(code)["state"] == "to_file"


def test_a_refused_act_changes_nothing_and_keeps_what_was_typed(pages: Pages) -> None:
    code = pages.office.dossier_at("at_education_office")
    (first, _) = pages.office.nominations(code)
    typed = {f"verdict-{first}": "not_supported", f"reason-{first}": "", "reason": "Xem lại <b>"}
    before = pages.office.row(code)
    refused = pages.browser("appraiser").send(f"/dossiers/{code}/steps/appraise", typed)
    assert refused.status == 409
    assert "Chưa có gì thay đổi" in refused.text
    assert "Xem lại &lt;b&gt;" in refused.html
    assert pages.office.row(code) == before


def test_who_decided_on_an_older_page_is_told_who_was_faster(pages: Pages) -> None:
    code = pages.office.dossier_at("at_education_office")
    slow = pages.browser("appraiser-2")
    page = slow.get(f"/dossiers/{code}/steps/return")
    pages.browser("appraiser").send(f"/dossiers/{code}/steps/appraise", {"support_rest": "yes"})
    version = page.html.split('name="version" value="')[1].split('"')[0]
    csrf = page.html.split('name="csrf" value="')[1].split('"')[0]
    fields = {"csrf": csrf, "key": "k-1", "version": version, "reason": "Thiếu biên bản"}
    refused = slow.client.post(f"/dossiers/{code}/steps/return", data=fields)
    assert refused.status_code == 409
    assert "Người appraiser" in refused.text


def test_one_form_sent_twice_is_done_once(pages: Pages) -> None:
    code = pages.office.dossier_at("at_education_office")
    browser = pages.browser("appraiser")
    page = browser.get(f"/dossiers/{code}/steps/appraise").html
    fields = {
        name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("csrf", "key", "version")
    }
    paths = [
        browser.client.post(
            f"/dossiers/{code}/steps/appraise", data=fields | {"support_rest": "yes"}
        ).url.path
        for _ in range(2)
    ]
    assert paths == [f"/dossiers/{code}"] * 2
    assert pages.office.row(code)["version"] == int(fields["version"]) + 1


def test_a_dossier_that_one_may_not_see_does_not_exist(pages: Pages) -> None:
    code = pages.office.dossier_at("at_education_office")
    for person in ("clerk-2", "reviewer", "teacher"):
        browser = pages.browser(person)
        hidden, missing = browser.get(f"/dossiers/{code}"), browser.get("/dossiers/no-such.2425.1")
        assert (hidden.status, missing.status) == (404, 404)
        assert hidden.text == missing.text.replace("no-such.2425.1", code)
    assert pages.browser("principal").get(f"/dossiers/{code}").status == 200


def test_a_desk_sees_what_came_to_it_also_after_it_went_on(pages: Pages) -> None:
    code = pages.office.dossier_at("filed")
    assert pages.browser("appraiser").get(f"/dossiers/{code}").status == 200
    assert pages.browser("reviewer").get(f"/dossiers/{code}").status == 200
    assert pages.browser("chairman").get(f"/dossiers/{code}").status == 404


def test_a_school_reads_at_the_head_why_its_dossier_came_back_and_gets_to_its_nominations(
    pages: Pages,
) -> None:
    code = pages.office.dossier_at("at_education_office")
    nominations = f'href="/dossiers/{code}/nominations"'
    assert nominations not in pages.browser("appraiser").get(f"/dossiers/{code}").html
    pages.browser("appraiser").send(f"/dossiers/{code}/steps/return", {"reason": "Tờ trình chưa ký"})
    shown = pages.browser("clerk").get(f"/dossiers/{code}")
    head = shown.text.partition("Việc có thể làm")[0]
    assert "Lý do trả lại (Người appraiser, 10/06/2025 12:00): Tờ trình chưa ký" in head
    assert nominations in shown.html
    # The step back says where the dossier goes, not where it is.
    step = pages.browser("clerk").get(f"/dossiers/{code}/steps/resubmit")
    assert "hồ sơ chuyển sang: Phòng GDĐT thẩm định sơ bộ" in step.text


def test_what_hinders_the_step_of_whoever_must_take_it_is_open_at_once(pages: Pages) -> None:
    code = pages.office.dossier_at("preparing")
    pages.stand("2024-12-02")
    own = pages.browser("clerk").get(f"/dossiers/{code}").html
    assert "<details open><summary>Việc chưa làm được" in own
    other = pages.browser("appraiser").get("/").text
    assert "Việc chưa làm được" not in other
