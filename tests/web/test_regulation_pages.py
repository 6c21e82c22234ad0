"""What is published, in the browser: shown, checked, published, moved to; and the offices that ended."""

from __future__ import annotations

import base64
import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from casework.people import UNIT
from casework.publish import publish
from casework.regulations import REGULATION
from kit.canonical import sha256_hex
from published.calendar import read_calendar
from published.roll import Remark
from tests.build import ROOT
from tests.web.conftest import Answer, Browser, Pages
from web.pages.plans import _remark

CALENDAR = (ROOT / "regulations/calendars/2024-2025.yaml").read_text(encoding="utf-8")
PROCEDURE = (ROOT / "regulations/procedures/three-tier-2024.yaml").read_text(encoding="utf-8")
HOLIDAYS = (ROOT / "regulations/holidays/2025.yaml").read_bytes()
SUCCESSION = (ROOT / "regulations/successions/2025-districts-end.yaml").read_bytes()
PUBLISH = "/regulations/publish"
EARLIER = CALENDAR.replace("last_day: 2025-06-30", "last_day: 2025-06-27")


def hidden(answer: Answer, action: str) -> dict[str, Any]:
    """The hidden fields of the form that is sent to ``action``."""
    form = answer.html.split(f'method="post" action="{action}"')[1].split("</form>")[0]
    found: dict[str, Any] = {}
    for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form):
        found[name] = [*found[name], value] if name in found else [value]
    return found


def check(browser: Browser, kind: str, text: str) -> Answer:
    return browser.send(PUBLISH, {"kind": kind, "text": text.replace("\n", "\r\n")})


def publish_checked(browser: Browser, checked: Answer, **changed: Any) -> Answer:
    fields = hidden(checked, f"{PUBLISH}/now") | changed
    return browser._seen(browser.client.post(f"{PUBLISH}/now", data=fields))


def versions(pages: Pages, kind: str) -> list[str]:
    with pages.office.database.read() as connection:
        query = select(REGULATION.c.text).where(REGULATION.c.kind == kind).order_by(REGULATION.c.version)
        return list(connection.execute(query).scalars())


@pytest.mark.parametrize(
    "path",
    [
        "/regulations",
        "/regulations/titles",
        "/regulations/procedures/three-tier-2024",
        "/regulations/procedures/three-tier-2024/move",
        "/regulations/calendars/2024-2025",
        "/regulations/calendars/2024-2025/reminders",
        "/regulations/calendars/2024-2025/roll",
        PUBLISH,
        "/office/succession",
        "/office/succession/pass-on",
    ],
)
def test_only_an_administrator_keeps_what_is_published(pages: Pages, path: str) -> None:
    assert pages.browser("appraiser").get(path).status == 403
    shown = pages.browser("admin").get(path)
    assert shown.status == 200
    # Every code has its words.
    assert not re.search(r"(pages|fields)\.\w+\.", shown.text)


def test_the_newest_of_everything_is_listed_with_its_hash_and_whether_it_was_verified(pages: Pages) -> None:
    publish(pages.office.database, "holidays", HOLIDAYS, pages.office.call(None))
    shown = pages.browser("admin").get("/regulations")
    for text in (CALENDAR.encode(), PROCEDURE.encode(), HOLIDAYS):
        assert sha256_hex(text) in shown.html
    assert "chưa đối chiếu Bộ luật Lao động" in shown.text
    assert "đã đối chiếu Kế hoạch 26/KH-PGDĐT" in shown.text
    assert "Chưa công bố bản nào. Chỉ cần khi có cơ quan kết thúc" in shown.text


def test_a_published_file_comes_back_to_the_byte(pages: Pages) -> None:
    browser = pages.browser("admin")
    path = f"/regulations/files/{sha256_hex(CALENDAR.encode())}"
    assert path in browser.get("/regulations/calendars/2024-2025").html
    answer = browser.client.get(path)
    assert answer.content == CALENDAR.encode()
    assert "attachment" in answer.headers["content-disposition"]
    assert browser.get("/regulations/files/abc").status == 404


def test_a_calendar_tells_all_that_follows_from_a_milestone(pages: Pages) -> None:
    shown = pages.browser("admin").get("/regulations/calendars/2024-2025").text
    for words in (
        "01/06/2025 – thứ Hai 30/06/2025",
        "trước 14, 7, 3, 1 ngày thường; đúng ngày; sau 1, 3 ngày thường",
        "sau 5 ngày làm việc: thủ trưởng cơ quan (Phòng Giáo dục và Đào tạo)",
        "hồ sơ ở trường thành quá hạn. Cảnh báo từ 1 ngày trước.",
        "khối thi đua được đặt ngày riêng trong khoảng này",
        "giữ nguyên ngày",
    ):
        assert words in shown
    assert pages.browser("admin").get("/regulations/calendars/1999-2000").status == 404


def test_a_procedure_is_shown_by_desk_with_the_way_of_each_level(pages: Pages) -> None:
    browser = pages.browser("admin")
    shown = browser.get("/regulations/procedures/three-tier-2024")
    assert "Đường đi của hồ sơ cấp cơ sở" in shown.text
    assert "Một người không được quyết định ở cả hai bàn" in shown.text
    assert "<svg" in shown.html
    state = browser.get("/regulations/procedures/three-tier-2024?level=state")
    assert "Đã trình Trung ương" in state.html.split("</svg>")[0]
    assert browser.get("/regulations/procedures/three-tier-2024?version=7").status == 404


def test_a_file_with_a_fault_is_refused_in_words_with_its_line(pages: Pages) -> None:
    browser = pages.browser("admin")
    broken = CALENDAR.replace("opens: 2025-06-01", "opens: 2025-13-01", 1)
    line = broken[: broken.index("2025-13-01")].count("\n") + 1
    refused = check(browser, "calendar", broken)
    assert refused.status == 409
    assert f"Dòng {line} · Ngày 2025-13-01 không có trong lịch." in refused.text
    assert "opens: 2025-13-01" in refused.text
    assert f"{PUBLISH}/now" not in refused.html
    nothing = check(browser, "calendar", "")
    assert nothing.status == 409
    assert "Cần điền mục này" in nothing.text
    assert versions(pages, "calendar") == [CALENDAR]


def test_a_new_version_is_looked_at_first_and_published_as_a_second_step(pages: Pages) -> None:
    code = pages.office.dossier_at("at_education_office")
    browser = pages.browser("admin")
    checked = check(browser, "calendar", EARLIER)
    assert checked.status == 200
    assert "Công bố sẽ thành bản 2" in checked.text
    assert code in checked.text
    assert "thứ Hai 30/06/2025 thứ Sáu 27/06/2025" in checked.text
    assert versions(pages, "calendar") == [CALENDAR]
    done = publish_checked(browser, checked)
    assert (done.status, done.path) == (200, "/regulations/calendars/2024-2025")
    assert "Đã ghi: công bố" in done.text
    # The bytes of the file, as they were before a browser ended the lines in its own way.
    assert versions(pages, "calendar") == [CALENDAR, EARLIER]
    again = check(browser, "calendar", EARLIER)
    assert "đã công bố, là bản 2" in again.text
    assert f"{PUBLISH}/now" not in again.html


def test_other_bytes_than_those_that_were_looked_at_are_not_published(pages: Pages) -> None:
    browser = pages.browser("admin")
    checked = check(browser, "calendar", EARLIER)
    other = base64.b64encode(EARLIER.replace("27", "26").encode()).decode()
    for changed in ({"bytes": other}, {"bytes": "%%%"}, {"sha256": "0" * 64}, {"bytes": ""}):
        refused = publish_checked(browser, checked, **changed)
        assert refused.status == 409
        assert "không còn đúng như lúc kiểm tra" in refused.text
    assert versions(pages, "calendar") == [CALENDAR]


def test_a_file_is_taken_to_the_byte_and_one_too_large_is_not(pages: Pages) -> None:
    browser = pages.browser("admin")
    crlf = HOLIDAYS.replace(b"\n", b"\r\n")
    checked = browser.send(PUBLISH, {"kind": "holidays"}, files={"file": ("2025.yaml", crlf)})
    assert sha256_hex(crlf) in checked.text
    done = publish_checked(browser, checked)
    assert done.path == "/regulations/holidays/2025"
    assert versions(pages, "holidays") == [crlf.decode()]
    large = browser.send(PUBLISH, {"kind": "holidays"}, files={"file": ("x.yaml", b"#" * 200_001)})
    assert large.status == 409
    assert "quá dài" in large.text


def test_what_became_unfit_meanwhile_is_refused_when_it_is_published(pages: Pages) -> None:
    browser = pages.browser("admin")
    twin = CALENDAR.replace("calendar: 2024-2025", "calendar: 2024-2025-hai", 1)
    twin = twin.replace("[three-tier-2024, bloc-prize-2024, initiative-2024]", "[sudden-2024]")
    checked = check(browser, "calendar", twin)
    assert f"{PUBLISH}/now" in checked.html
    third = twin.replace("2024-2025-hai", "2024-2025-ba").encode()
    assert read_calendar(third)[1] == []
    publish(pages.office.database, "calendar", third, pages.office.call(None))
    refused = publish_checked(browser, checked)
    assert refused.status == 409
    assert "mỗi quy trình mỗi năm học chỉ có một lịch" in refused.text


def test_somebody_who_ceased_to_administer_publishes_nothing(pages: Pages) -> None:
    browser = pages.browser("appraiser")
    csrf = browser.get("/account/duties").html.split('name="csrf" value="')[1].split('"')[0]
    fields = {"csrf": csrf, "kind": "calendar", "text": EARLIER}
    assert browser.client.post(PUBLISH, data=fields).status_code == 403
    assert browser.client.post(f"{PUBLISH}/now", data=fields).status_code == 403


def test_who_gets_what_when_is_shown_up_to_a_day_and_for_one_person(pages: Pages) -> None:
    pages.office.dossier_at("at_education_office")
    browser = pages.browser("admin")
    path = "/regulations/calendars/2024-2025/reminders"
    shown = browser.get(f"{path}?person=appraiser&until=2025-07-05")
    assert "Người appraiser" in shown.text
    assert "Người clerk-2" not in shown.text
    assert "Thẩm định sơ bộ" in shown.text
    assert "Không có thư nhắc nào" in browser.get(f"{path}?until=2025-06-11&person=party").text
    assert "Không có ai mang mã này" in browser.get(f"{path}?person=nobody").text
    assert "Không phải ngày" in browser.get(f"{path}?until=soon").text


def test_next_years_file_is_proposed_and_can_be_checked_as_it_stands(pages: Pages) -> None:
    browser = pages.browser("admin")
    shown = browser.get("/regulations/calendars/2024-2025/roll?to=2025-2026")
    assert "last_day: 2026-06-30" in shown.text
    file = browser.client.get("/regulations/calendars/2024-2025/roll/file?to=2025-2026")
    assert "school_year: 2025-2026" in file.text
    assert check(browser, "calendar", file.text).status in (200, 409)
    assert browser.get("/regulations/calendars/2024-2025/roll?to=2020-2021").status == 404


def newer_procedure(pages: Pages) -> None:
    text = PROCEDURE.replace("since: 2024-01-01", "since: 2024-01-02", 1)
    assert text != PROCEDURE
    publish(pages.office.database, "procedure", text.encode(), pages.office.call(None))


def test_open_dossiers_are_tried_and_then_moved_to_a_newer_version(pages: Pages) -> None:
    code = pages.office.dossier_at("at_education_office")
    newer_procedure(pages)
    browser = pages.browser("admin")
    assert "Còn 1 hồ sơ đang mở theo bản cũ" in browser.get("/regulations/procedures/three-tier-2024").text
    path, before = "/regulations/procedures/three-tier-2024/move", pages.office.row(code)
    assert browser.send(path, {"reason": ""}).status == 409
    tried = browser.send(path, {"reason": "Theo văn bản mới"})
    assert "1 trong 1 hồ sơ chuyển được" in tried.text
    assert pages.office.row(code) == before
    fields = hidden(tried, path)
    assert fields["dossier"] == [code]
    moved = browser._seen(browser.client.post(path, data=fields))
    assert "Đã chuyển 1 hồ sơ sang bản 2" in moved.text
    assert "Không còn hồ sơ nào" in moved.text
    assert pages.office.row(code)["procedure_sha256"] != before["procedure_sha256"]
    older = browser.get("/regulations/procedures/three-tier-2024?version=1")
    assert "Đây là bản cũ" in older.text


def districts_end(pages: Pages) -> None:
    """The district's offices end; a commune's office and council take over, as the published map says."""
    office = pages.office
    with office.database.write() as connection:
        gone = [office.units[code] for code in ("pgd", "pnv")]
        connection.execute(update(UNIT).where(UNIT.c.id.in_(gone)).values(until=date(2025, 6, 30)))
        row = {"code": "pvhxh", "kind": "culture_society_office", "name": "Phòng mới", "source": "test"}
        made = connection.execute(insert(UNIT), row | {"since": date(2025, 7, 1)})
        office.units["pvhxh"] = int(made.inserted_primary_key[0])
    named = (
        "units:\n  - {unit: pgd, becomes: [pvhxh], source: thử, verified: false}\n"
        "  - {unit: pnv, becomes: [pvhxh], source: thử, verified: false}\n"
    )
    text = (
        "succession: thu\ntitle: {vi: Bản thử, en: A try}\nsince: 2025-07-01\nsource: thử\nverified: false\n"
    )
    publish(office.database, "succession", (text + named).encode(), office.call(None))


def test_what_ended_offices_left_behind_is_tried_and_passed_on(pages: Pages) -> None:
    code = pages.office.dossier_at("at_education_office")
    districts_end(pages)
    pages.stand("2025-07-02")
    publish(pages.office.database, "succession", SUCCESSION, pages.office.call(None))
    browser = pages.browser("admin")
    shown = browser.get("/office/succession")
    assert "Đơn vị pgd 30/06/2025 Phòng mới" in shown.text
    assert "Hồ sơ còn ở cơ quan đã kết thúc: 1" in shown.text
    path = "/office/succession/pass-on"
    tried = browser.send(path)
    assert "1 trong 1 hồ sơ chuyển được" in tried.text
    assert "được Đơn vị pgd Phòng mới" in tried.text
    assert pages.office.row(code)["desk_unit_id"] == pages.office.units["pgd"]
    passed = browser._seen(browser.client.post(path, data=hidden(tried, path)))
    assert "Đã bàn giao 1 hồ sơ" in passed.text
    assert pages.office.row(code)["desk_unit_id"] == pages.office.units["pvhxh"]
    assert "Không có hồ sơ nào còn ở cơ quan đã kết thúc" in browser.get("/office/succession").text


def test_a_map_without_a_successor_keeps_the_dossier_with_the_reason(pages: Pages) -> None:
    code = pages.office.dossier_at("at_education_office")
    with pages.office.database.write() as connection:
        gone = UNIT.c.id == pages.office.units["pgd"]
        connection.execute(update(UNIT).where(gone).values(until=date(2025, 6, 30)))
    pages.stand("2025-07-02")
    browser = pages.browser("admin")
    assert "chưa quy định" in browser.get("/office/succession").text
    tried = browser.send("/office/succession/pass-on")
    assert "0 trong 1 hồ sơ chuyển được" in tried.text
    assert "chưa được" in tried.text
    assert 'value="move"' not in tried.html
    assert code in tried.text


def test_what_the_linter_finds_is_said_in_words_of_people(pages: Pages) -> None:
    browser = pages.browser("admin")
    for name in ("bloc-prize-2024", "initiative-2024"):
        # Of a procedure that is not published here nobody knows the title.
        procedure = (ROOT / f"regulations/procedures/{name}.yaml").read_bytes()
        publish(pages.office.database, "procedure", procedure, pages.office.call(None))
    text = CALENDAR.replace("    duty: [appraiser]\n", "").replace(
        "last_day: 2025-06-30", "last_day: 2025-06-29"
    )
    said = check(browser, "calendar", text).html.split('class="findings"', 1)[1]
    sentences = " ".join(re.findall(r"</strong> · ([^<]*)</p>", said))
    assert "Mốc “Thẩm định sơ bộ” không nêu nhiệm vụ nào" in sentences
    assert "Mốc “Hoàn thiện hồ sơ” hết hạn vào ngày nghỉ" in sentences
    # Words of the file have no marks and are joined by a stroke.
    assert not re.findall(r"[a-z]+[-_][a-z_-]+", sentences)
    with_title = check(browser, "calendar", text.replace("calendar: 2024-2025", "calendar: khac")).text
    assert "quy trình “Trình tự ba cấp" in with_title


def test_what_is_wrong_in_a_calendar_names_parts_of_the_file_in_words(pages: Pages) -> None:
    browser = pages.browser("admin")
    text = CALENDAR.replace("    last_day: 2025-06-30\n", "", 1).replace("opens: 2025-06-01", "opens: mai", 1)
    said = check(browser, "calendar", text).text
    assert "Thiếu mục “ngày cuối (last_day)” trong mốc “Hoàn thiện hồ sơ”" in said
    assert "Mục “ngày mở”: “mai” không phải là ngày" in said


def test_the_remarks_on_next_years_file_are_for_people_and_the_file_keeps_its_codes(pages: Pages) -> None:
    shown = pages.browser("admin").get("/regulations/calendars/2024-2025/roll").html
    remarks, _, file = shown.partition("<textarea")
    assert "Quy trình “Trình tự ba cấp" in remarks
    assert "three-tier-2024 chỉ" not in remarks
    assert "Quy trình three-tier-2024 chỉ áp dụng" in file


def test_who_takes_over_from_an_office_is_named_without_its_code() -> None:
    params = {"kind": "interior_office", "ended": "2025-06-30", "successor": "culture_society_office"}
    for lang, name in (("vi", "Phòng Văn hóa - Xã hội."), ("en", "office.")):
        told = _remark(Remark("actor_succeeded", params), {}, lang)
        assert told.endswith(name)
        assert "_office" not in told


def test_a_rulebook_is_looked_at_published_and_shown_with_what_is_not_verified(pages: Pages) -> None:
    browser = pages.browser("admin")
    text = (ROOT / "regulations/rulebooks/rs-2025.yaml").read_text(encoding="utf-8")
    refused = check(browser, "rulebook", text.replace("titles: [CSTDCS]", "titles: [CSTDXX]"))
    assert refused.status == 409 and "Không có danh hiệu “CSTDXX”" in refused.text
    assert versions(pages, "rulebook") == []
    checked = check(browser, "rulebook", text)
    assert checked.status == 200
    done = publish_checked(browser, checked)
    assert (done.status, done.path) == (200, "/regulations/rulebooks/rs-2025")
    links = re.findall(r'"(/regulations/rulebooks/rs-2025\?of=[^"]+)"', done.html)
    assert len(links) > 20 and "2.530.000 đ" in done.text
    each = [browser.get(link) for link in links]
    assert {page.status for page in each} == {200}
    whole = "".join(page.text for page in each)
    for words in (
        "Đạt tiêu chuẩn LĐTT",
        "Một trong các điều sau:",
        "chưa kiểm chứng",
        "chưa thấy văn bản",
        "Tiền thưởng: 0,3 lần mức lương cơ sở; không có hiện vật",
        "QĐ 86/2025/QĐ-UBND (Bắc Ninh)",
    ):
        assert words in whole
    for page in (done, *each):
        assert not re.search(r"(pages|rulebooks|conditions)\.\w+", page.text)
        assert len(page.html.encode()) < 60_000
    assert browser.get("/regulations/rulebooks/rs-2025?of=LDTT-nobody").status == 404
    assert "rs-2025" in browser.get("/regulations").text
    assert browser.get("/regulations/rulebooks/rs-1999").status == 404
    assert pages.browser("appraiser").get("/regulations/rulebooks/rs-2025").status == 403
    # Its days belong to it: a second one that wants them is refused with the name of the first.
    again = check(browser, "rulebook", text.replace("rulebook: rs-2025", "rulebook: rs-khac"))
    assert again.status == 409 and "Thời gian trùng với quy định “rs-2025”" in again.text


def test_a_scorecard_names_its_parts_in_words_and_every_item_has_its_points(pages: Pages) -> None:
    card = (ROOT / "regulations/scorecards/tieu-hoc-600-200-200.yaml").read_bytes()
    publish(pages.office.database, "scorecard", card, pages.office.call(None, "2024-09-01"))
    shown = pages.browser("admin").get("/regulations/scorecards/tieu-hoc-600-200-200")
    assert "Tổng điểm cao nhất là 1.000 điểm" in shown.text
    assert "so theo thứ tự: ND1, ND3, điểm thưởng." in shown.text.replace("Điểm thưởng.", "điểm thưởng.")
    assert "bonus" not in shown.html and "penalty" not in shown.html
    assert '<td class="n">360</td>' in shown.html
