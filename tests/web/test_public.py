"""What everybody may see without signing in, and say; and that nothing else leaks."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import event, update

from casework.erase import erase_person
from casework.inputs import RecoveryInput
from casework.load import PAPER
from casework.objections import MOST_OPEN, receive_public_objection, settle_objections
from casework.people import PERSON
from casework.views.public import PAGE
from rules.reasons import Refused
from tests.build import decision, noon
from tests.casework.telling import broken_links, codes, last, rows
from tests.web.conftest import Answer, Pages

TEXT = "Sáng kiến nêu trong danh sách không phải của người này."


@pytest.fixture
def open_one(pages: Pages) -> str:
    """The code of a dossier that lies open to public opinion on 26/08/2025."""
    with pages.office.database.write() as connection:
        born = update(PERSON).where(PERSON.c.code == "teacher")
        connection.execute(born.values(birth_date=date(1980, 4, 3), email="teacher@mau.example"))
    code = pages.office.dossier_at("in_public_opinion", "state")
    pages.stand("2025-08-26")
    return code


def says(pages: Pages, code: str, **fields: str) -> Answer:
    typed = {"name": "Nguyễn Văn Mẫu", "contact": "ấp Mẫu", "text": TEXT} | fields
    return pages.browser().send(f"/public/{code}", typed)


def objections(pages: Pages, code: str) -> list[dict[str, object]]:
    return rows(pages.office, "objection", dossier_id=pages.office.row(code)["id"])


# --- Lists ---------------------------------------------------------------------------------------------------


def test_a_list_that_lies_open_shows_name_unit_and_title_and_nothing_more(
    pages: Pages, open_one: str
) -> None:
    lists = pages.browser().get("/public")
    assert f'href="/public/{open_one}"' in lists.html
    shown = pages.browser().get(f"/public/{open_one}")
    assert shown.status == 200
    for words in ("Người teacher", "Đơn vị th-mau-1", "Bằng khen của Thủ tướng", "Chủ nhật 10/08/2025"):
        assert words in shown.text
    for secret in ("1980", "mau.example", "supported", "Người reviewer", "submission_letter"):
        assert secret not in shown.html


def test_what_does_not_lie_open_and_what_does_not_exist_look_alike(pages: Pages) -> None:
    closed = pages.office.dossier_at("at_province_desk", "state")
    for browser in (pages.browser(), pages.browser("province-appraiser")):
        hidden, missing = browser.get(f"/public/{closed}"), browser.get("/public/no-such.2425.1")
        assert (hidden.status, missing.status) == (404, 404)
        assert hidden.text == missing.text.replace("no-such.2425.1", closed)
    assert closed not in pages.browser().get("/public").html


def test_an_empty_list_says_what_will_be_there(pages: Pages) -> None:
    assert "Hiện không có danh sách nào" in pages.browser().get("/public").text


def test_lists_are_shown_by_pages_at_the_same_number_of_statements(pages: Pages, open_one: str) -> None:
    def statements() -> int:
        seen: list[str] = []
        engine = pages.app.state.house.database.engine

        def note(*told: object) -> None:
            seen.append(str(told[2]))

        event.listen(engine, "before_cursor_execute", note)
        assert pages.browser().get("/public").status == 200
        event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    few = statements()
    copies(pages, open_one, PAGE + 3)
    assert statements() == few
    assert "Trang 1" in pages.browser().get("/public").text
    assert pages.browser().get("/public?page=2").html.count('<th scope="row"') == 4
    assert pages.browser().get("/public?page=99").html.count('<th scope="row"') == 4


def copies(pages: Pages, code: str, count: int) -> None:
    """As many more dossiers as wanted that stand like this one, straight into the tables."""
    from casework.load import DOSSIER

    row = pages.office.row(code)
    with pages.office.database.write() as connection:
        made = [row | {"id": None, "code": f"{code}x{n}"} for n in range(count)]
        for one in made:
            del one["id"]
        connection.execute(DOSSIER.insert(), made)


# --- Objections ----------------------------------------------------------------------------------------------


def test_an_objection_of_the_public_stops_the_dossier_until_the_desk_settles_it(
    pages: Pages, open_one: str
) -> None:
    sent = says(pages, open_one)
    assert (sent.status, sent.path) == (200, f"/public/{open_one}")
    assert "đã được chuyển đến Đơn vị snv" in sent.text
    assert TEXT not in sent.text
    entry = last(pages.office, open_one)
    assert (entry["event"], entry["actor_id"], entry["via"]) == ("receive_public_objection", None, "public")
    # It lies open still: others may want to say something too.
    assert pages.office.row(open_one)["state"] == "in_public_opinion"
    office, day = pages.office, "2025-08-26"
    assert codes(office.step, open_one, "endorse", "province-appraiser", day) == ["objection_open"]
    history = pages.browser("province-appraiser").get(f"/dossiers/{open_one}").text
    assert re.search(r"Người dân ?: nhận ý kiến qua trang công khai", history)
    settle_objections(office.database, open_one, "Đã xác minh.", office.call("province-appraiser", day))
    office.step(open_one, "endorse", "province-appraiser", day)
    assert broken_links(office.database) == []


def test_the_desk_reads_who_sent_it_and_the_school_only_what_was_said(pages: Pages, open_one: str) -> None:
    says(pages, open_one)
    says(pages, open_one, contact="", name="Lê Thị Thử")
    desk = pages.browser("province-appraiser").get(f"/dossiers/{open_one}").text
    for words in ("Người gửi: Nguyễn Văn Mẫu Liên hệ: ấp Mẫu", "Người gửi: Lê Thị Thử", TEXT):
        assert words in desk
    for person in ("clerk", "principal", "reviewer", "chairman", "admin"):
        page = pages.browser(person).get(f"/dossiers/{open_one}")
        assert (page.status, TEXT in page.text) == (200, True)
        assert not [words for words in ("Nguyễn Văn Mẫu", "Lê Thị Thử", "ấp Mẫu") if words in page.html]


def test_nothing_is_taken_in_for_a_list_that_does_not_lie_open(pages: Pages, open_one: str) -> None:
    browser = pages.browser()
    page = browser.get(f"/public/{open_one}").html
    csrf = page.split('name="csrf" value="')[1].split('"')[0]
    office, day = pages.office, "2025-08-26"
    office.step(open_one, "endorse", "province-appraiser", day)
    fields = {"csrf": csrf, "key": "k-1", "name": "A", "text": TEXT}
    for code in (open_one, "no-such.2425.1"):
        assert browser.client.post(f"/public/{code}", data=fields).status_code == 404
    act = receive_public_objection
    assert codes(act, office.database, open_one, TEXT, "A", office.call(None, day)) == ["list_not_open"]
    assert objections(pages, open_one) == []


def test_whoever_acts_in_a_duty_receives_objections_in_that_duty(pages: Pages, open_one: str) -> None:
    call = pages.office.call("province-appraiser", "2025-08-26")
    with pytest.raises(Refused) as refusal:
        receive_public_objection(pages.office.database, open_one, TEXT, "A", call)
    assert [reason.code for reason in refusal.value.reasons] == ["list_not_open"]


@pytest.mark.parametrize(("field", "value"), [("name", ""), ("text", "  "), ("text", "x" * 4_001)])
def test_what_is_missing_or_too_long_is_said_beside_its_field(
    pages: Pages, open_one: str, field: str, value: str
) -> None:
    refused = says(pages, open_one, **{field: value})
    assert refused.status == 409
    assert f'id="{field}-fault"' in refused.html
    assert 'value="ấp Mẫu"' in refused.html
    assert objections(pages, open_one) == []


def test_one_network_sends_only_so_many_in_an_hour(pages: Pages, open_one: str) -> None:
    for _ in range(10):
        assert says(pages, open_one).status == 200
    refused = says(pages, open_one)
    assert refused.status == 409
    assert "rồi thử lại" in refused.text
    assert TEXT in refused.html
    assert len(objections(pages, open_one)) == 10


def test_so_many_unsettled_ones_are_enough_for_a_dossier(pages: Pages, open_one: str) -> None:
    from casework.load import OBJECTION

    says(pages, open_one)
    (row,) = objections(pages, open_one)
    more = [{name: row[name] for name in ("dossier_id", "note_id", "received_at")}] * (MOST_OPEN - 1)
    with pages.office.database.write() as connection:
        connection.execute(OBJECTION.insert(), more)
    refused = says(pages, open_one)
    assert (refused.status, "chờ giải quyết" in refused.text) == (409, True)


def test_one_form_sent_twice_is_one_objection(pages: Pages, open_one: str) -> None:
    browser = pages.browser()
    page = browser.get(f"/public/{open_one}").html
    hidden = {name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("csrf", "key")}
    for _ in range(2):
        sent = browser.client.post(f"/public/{open_one}", data=hidden | {"name": "A", "text": TEXT})
        assert sent.status_code == 200
    assert len(objections(pages, open_one)) == 1


# --- Results, and whether a decision stands ------------------------------------------------------------------


def code_of(pages: Pages, dossier: str) -> str:
    shown = pages.browser("clerk").get(f"/dossiers/{dossier}").html
    return shown.split("/public/decision?code=")[1].split('"')[0]


def checked(pages: Pages, code: str) -> str:
    return pages.browser().get(f"/public/decision?code={code}").text


def test_results_tell_who_was_awarded_what_by_which_decision(pages: Pages) -> None:
    assert "Chưa có quyết định nào" in pages.browser().get("/public/results").text
    pages.office.dossier_at("decided")
    text = pages.browser().get("/public/results").text
    for words in ("Người teacher", "Lao động tiên tiến", "Số 12/QĐ-UBND, ngày 25/07/2025, Đơn vị huyen"):
        assert words in text
    assert "Người teacher" in pages.browser().get("/public/results?year=2024-2025&unit=TH-MAU").text
    for query in ("year=2023-2024", "unit=th-mau-2", "unit=%25"):
        assert "không có kết quả" in pages.browser().get(f"/public/results?{query}").text.lower()


def test_what_is_not_decided_or_was_reopened_is_no_result(pages: Pages) -> None:
    pages.office.dossier_at("at_local_decision", "local", "teacher-2")
    code = pages.office.dossier_at("decided", "local", "teacher")
    reopened = {"reason": "Xem lại", "receipt": "H01.2025.0009"}
    pages.office.step(code, "reopen", "reviewer", "2025-07-28", **reopened)
    text = pages.browser().get("/public/results").text
    assert "Người teacher" not in text


def test_of_somebody_who_was_erased_no_name_and_no_code_is_shown(pages: Pages) -> None:
    pages.office.dossier_at("decided", "local", "teacher")
    call = pages.office.call("admin", "2025-08-01")
    erase_person(pages.office.database, "teacher", "Theo yêu cầu", call)
    shown = pages.browser().get("/public/results")
    assert "Dữ liệu cá nhân đã được xóa" in shown.text
    assert "teacher" not in shown.html


def test_a_decision_is_checked_by_its_code_while_it_stands_and_after_it_was_revoked(pages: Pages) -> None:
    dossier = pages.office.dossier_at("decided")
    code = code_of(pages, dossier)
    for typed in (code, code.upper(), f" {code[:6]} {code[6:]} ", code.replace("-", "")):
        text = checked(pages, typed)
        assert "Đang có giá trị" in text
        assert "12/QĐ-UBND" in text
        assert "Đơn vị huyen" in text
    assert "Người" not in checked(pages, code)
    recovery = RecoveryInput(0, "")
    cancels = {"reason": "Sai", "recovery": recovery, "decision": decision("77/QĐ-UBND", "2025-08-05")}
    pages.office.step(dossier, "revoke", "chairman", "2025-08-05", **cancels)
    text = checked(pages, code)
    assert "Đã bị hủy" in text
    assert "Hủy theo quyết định số 77/QĐ-UBND, ngày 05/08/2025" in text


def test_the_code_of_a_decision_that_was_made_anew_says_so(pages: Pages) -> None:
    dossier = pages.office.dossier_at("decided")
    code = code_of(pages, dossier)
    reopened = {"reason": "Xem lại", "receipt": "H01.2025.0009"}
    pages.office.step(dossier, "reopen", "reviewer", "2025-07-28", **reopened)
    assert "Đang được xét lại" in checked(pages, code)
    pages.office.step(dossier, "appraise", "reviewer", "2025-07-29", support_rest=True)
    pages.office.step(dossier, "record_council", "council-secretary", "2025-07-30", support_rest=True)
    anew = decision("90/QĐ-UBND", "2025-07-31")
    pages.office.step(dossier, "decide", "chairman", "2025-07-31", decision=anew)
    assert "Đã được thay" in checked(pages, code)
    later = code_of(pages, dossier)
    assert later != code
    assert "90/QĐ-UBND" in checked(pages, later)


def test_codes_that_are_none_look_alike(pages: Pages) -> None:
    code = code_of(pages, pages.office.dossier_at("decided"))
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    number, _, digits = code.partition("-")
    open_head = pages.office.row(pages.office.dossier_at("at_bloc"))["head_hash"][:12]
    told = {
        checked(pages, typed)
        for typed in (wrong, f"99-{digits}", f"{number}-{digits[:11]}", f"2-{open_head}", "x", "1' OR '1'='1")
    }
    assert len(told) == 1
    assert "Không có quyết định nào mang mã này" in told.pop()


def test_a_dossier_that_is_not_decided_has_no_code(pages: Pages) -> None:
    dossier = pages.office.dossier_at("at_local_decision")
    assert "Mã tra cứu" not in pages.browser("clerk").get(f"/dossiers/{dossier}").text


@pytest.mark.parametrize("path", ["/public", "/public/results", "/public/decision", "/public/privacy"])
def test_public_pages_need_no_sign_in_and_speak_both_languages(pages: Pages, path: str) -> None:
    browser = pages.browser()
    assert browser.get(path).status == 200
    browser.client.cookies.set("thidua_look", "en.auto.normal")
    assert "Personal data" in browser.get(path).text


def test_where_no_list_lies_open_the_page_says_when_lists_come(pages: Pages) -> None:
    empty = pages.browser().get("/public").text
    assert "Hiện không có danh sách nào đang lấy ý kiến" in empty
    line = "năm học 2024-2025, cấp nhà nước: “Trình khen thưởng cấp cao” từ 01/07/2025 đến hết 31/07/2025"
    assert line in empty
    pages.stand("2025-07-31")
    assert line in pages.browser().get("/public").text
    pages.stand("2025-08-01")
    assert "01/07/2025" not in pages.browser().get("/public").text


def test_where_a_list_lies_open_nothing_is_said_of_others(pages: Pages, open_one: str) -> None:
    assert "Trình khen thưởng cấp cao" not in pages.browser().get("/public").text


def test_the_page_of_a_list_says_since_when_its_notice_stands(pages: Pages, open_one: str) -> None:
    # The one that is there came in before the list was opened: it is of another time.
    pages.office.papers(open_one, "publicity_notice")
    assert "Thông báo lấy ý kiến có từ" not in pages.browser().get(f"/public/{open_one}").text
    dossier = pages.office.row(open_one)["id"]
    with pages.office.database.write() as connection:
        notice = (PAPER.c.dossier_id == dossier, PAPER.c.kind == "publicity_notice")
        connection.execute(update(PAPER).where(*notice).values(added_at=noon("2025-08-12")))
    shown = pages.browser().get(f"/public/{open_one}")
    assert "Thông báo lấy ý kiến có từ thứ Ba 12/08/2025" in shown.text
    assert "publicity_notice" not in shown.html
