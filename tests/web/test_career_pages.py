"""The pages of histories, by HTTP: a file looked at and confirmed, grades pasted, corrections, and who sees what."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from casework.career.open_matter import open_matter
from casework.career.record_discipline import record_discipline
from tests.build import PEOPLE
from tests.career.files import INITIATIVES, TITLES, given, imported, initiative, title
from tests.web.reading import Page
from tests.web.stage import TODAY, Stage


def form_of(html: str, action: str) -> dict[str, Any]:
    """The fields of a form as a browser would send them, boxes that are not ticked left out."""
    (form,) = [form for form in Page(html).forms if form.action == action]
    return {field.name: field.value for field in form.fields if field.name and field.name != "leave_out"}


def upload(stage: Stage, *rows: str, person: str = "appraiser", kind: str = "titles", heading: str = TITLES):
    body = "\n".join((heading, *rows)).encode("utf-8-sig")
    files = {"file": ("cũ.csv", body, "text/csv")}
    return stage.browser(person).send("/careers/import", {"kind": kind}, files=files)


def test_a_file_is_looked_at_somebody_chooses_and_only_then_it_is_written(stage: Stage) -> None:
    before = stage.ids("award")
    rows = (title("clerk"), title("", "2021-2022", name="nguoi teacher"), title("ghost"))
    seen = upload(stage, *rows)
    assert seen.status == 200 and "Cần chọn người: 1" in seen.text and "Không ghi được: 1" in seen.text
    assert stage.ids("award") == before
    browser = stage.browser("appraiser")
    fields = form_of(seen.html, "/careers/import") | browser.hidden()
    again = browser._seen(
        browser.client.post(
            "/careers/import", data={**fields, "line-3": "teacher", "leave_out": "4", "do": "look"}
        )
    )
    assert "Ghi 2 dòng" in again.text and stage.ids("award") == before
    fields = form_of(again.html, "/careers/import") | browser.hidden()
    done = browser._seen(
        browser.client.post("/careers/import", data={**fields, "leave_out": "4", "do": "write"})
    )
    assert done.path == "/careers" and "Đã ghi lần nhập số 1" in done.text and "cũ.csv" in done.text
    assert len(stage.ids("award")) == len(before) + 2
    back = browser._seen(
        browser.client.post("/careers/imports/1/take-back", data={**browser.hidden(), "reason": "nhầm tệp"})
    )
    assert "Đã rút lại" in back.text and stage.ids("award") == before


def test_a_list_of_grades_is_pasted_by_the_school(stage: Stage) -> None:
    clerk = stage.browser("clerk")
    pasted = "Người teacher\tHTXSNV\nteacher-2\thoàn thành tốt nhiệm vụ\nAi đó\tHTTNV"
    decided = {
        "unit": "th-mau-1",
        "year": "2024-2025",
        "number": "15/QĐ",
        "on": "28/05/2025",
        "body": "Hiệu trưởng",
    }
    half = clerk.send("/careers/grades", {**decided, "number": "", "on": "", "list": pasted})
    assert half.status == 409 and "Chưa có gì thay đổi: còn 2 mục cần xem lại dưới đây." in half.text
    seen = clerk.send("/careers/grades", {**decided, "list": pasted})
    assert "không tìm thấy người này" in seen.text and stage.ids("grade") == []
    fields = {**form_of(seen.html, "/careers/grades"), **clerk.hidden(), "keep": ["1", "2"], "do": "look"}
    ready = clerk._seen(clerk.client.post("/careers/grades", data=fields))
    fields = {**form_of(ready.html, "/careers/grades"), **clerk.hidden(), "keep": ["1", "2"], "do": "write"}
    done = clerk._seen(clerk.client.post("/careers/grades", data=fields))
    assert done.path == "/careers/units/th-mau-1" and "Đã ghi." in done.text
    assert len(stage.ids("grade")) == 2
    shown = stage.browser("teacher").get("/careers/people/teacher")
    assert "Hoàn thành xuất sắc nhiệm vụ" in shown.text.replace("hoàn", "Hoàn") and "15/QĐ" in shown.text


def test_a_keeper_corrects_a_grade_and_records_a_discipline_by_page(stage: Stage) -> None:
    appraiser, path = stage.browser("appraiser"), "/careers/people/teacher/acts"
    when = {"number": "7/QĐ", "on": "01/03/2024"}
    wrong = appraiser.send(f"{path}/record_discipline", {"form": "x", **when})
    assert wrong.status == 409 and stage.ids("discipline") == []
    done = appraiser.send(f"{path}/record_discipline", {"form": "canh_cao", **when})
    assert done.status == 200 and "cảnh cáo" in done.text and "Chưa ghi chấp hành xong" in done.text
    served = appraiser.send(f"{path}/mark_served?row=1", {"row": "1", "on": "01/09/2024"})
    assert "Đã chấp hành xong 01/09/2024" in served.text
    missing = appraiser.send(
        f"{path}/correct_grade",
        {"year": "2023-2024", "grade": "HTNV", "number": "1", "on": "01/06/2025", "body": "x", "reason": "y"},
    )
    assert missing.status == 409 and "Chưa có xếp loại năm học 2023-2024" in missing.text
    for person in ("clerk", "admin", "teacher"):
        answer = stage.browser(person).get(f"{path}/record_discipline")
        assert answer.status == 403, person


@pytest.mark.parametrize("person", PEOPLE)
def test_disciplines_and_matters_are_on_the_page_of_those_who_judge_alone(stage: Stage, person: str) -> None:
    call = stage.office.call("appraiser", TODAY)
    number, day = "7/QĐ-KL", date(2024, 3, 1)
    record_discipline(stage.office.database, "teacher", "canh_cao", number, day, call)
    told = "đơn thư riêng"
    matter = (stage.office.database, "teacher", "complaint", day, told)
    open_matter(*matter, stage.office.call("appraiser", TODAY))
    judges = (
        "appraiser",
        "appraiser-2",
        "office-head",
        "reviewer",
        "council-secretary",
        "council-chair",
        "chairman",
        "vice-chairman",
        "province-appraiser",
        "province-council",
        "province-chairman",
        "ministry-branch",
    )
    seen = stage.browser(person)
    page, file = (seen.get(f"/careers/people/teacher{end}") for end in ("", "/history.csv"))
    assert (number in page.text) == (number in file.html) == (person in (*judges, "teacher"))
    # What is being looked into is not shown to whom it is about.
    assert (told in page.text) == (person in judges)
    colleagues = ("clerk", "principal", "school-council", "admin", "teacher", *judges)
    assert page.status == (200 if person in colleagues else 404)


def test_an_administrator_finds_nothing_of_disciplines_in_the_history(stage: Stage) -> None:
    admin = stage.browser("admin")
    before = admin.get("/history").text.count("teacher")
    call = stage.office.call("appraiser", TODAY)
    record_discipline(stage.office.database, "teacher", "canh_cao", "7/QĐ-KL", date(2024, 3, 1), call)
    for path in (
        "/history",
        "/history?kind=discipline&name=1",
        "/careers/people/teacher",
        "/office/people/teacher",
    ):
        page = admin.get(path)
        assert "7/QĐ-KL" not in page.text and "cảnh cáo" not in page.text, path
    assert admin.get("/history").text.count("teacher") <= before


def test_a_history_goes_across_years_with_decisions_files_and_units(stage: Stage) -> None:
    rows = (title(), title("", "2021-2022", "TTLĐXS", unit="th-mau-1", body="tinh"))
    imported(stage.office, given("titles", TITLES, *rows), day=TODAY)
    page = stage.browser("teacher").get("/careers/people/teacher")
    for told in (
        "Lao động tiên tiến",
        "LĐTT-2023",
        "15/07/2023",
        "Đơn vị huyen",
        "cũ.csv",
        "Đơn vị th-mau-1",
    ):
        assert told in page.text, told
    file = stage.browser("teacher").get("/careers/people/teacher/history.csv")
    assert file.headers["content-type"].startswith("text/csv") and "LĐTT-2023" in file.html
    unit = stage.browser("clerk").get("/careers/units/th-mau-1")
    assert "Tập thể lao động xuất sắc" in unit.text and "2021-2022" in unit.text
    assert stage.browser("clerk-2").get("/careers/units/th-mau-1").status == 404
    assert stage.browser("clerk").get("/careers?find=teacher").path == "/careers/people/teacher"


def test_initiatives_of_earlier_years_are_taken_over_on_the_page_and_shown_with_their_file(
    stage: Stage,
) -> None:
    rows = (
        initiative("Vườn sách", "teacher", "60", until="31/12/2027"),
        initiative("Vườn sách", "", "40", called="nguoi teacher-2", until="31/12/2027"),
        initiative("Sổ tay", "clerk", scope="cấp trường"),
    )
    seen = upload(stage, *rows, kind="initiatives", heading=INITIATIVES)
    assert "Cần chọn người: 1" in seen.text and "Không ghi được: 1" in seen.text
    assert "“cấp trường” không phải một phạm vi công nhận sáng kiến" in seen.text
    assert "Vườn sách" in seen.text
    browser, before = stage.browser("appraiser"), stage.ids("initiative")
    fields = form_of(seen.html, "/careers/import") | browser.hidden()
    chosen = {**fields, "line-3": "teacher-2", "leave_out": "4", "do": "look"}
    again = browser._seen(browser.client.post("/careers/import", data=chosen))
    assert "Ghi 2 dòng" in again.text and stage.ids("initiative") == before
    fields = form_of(again.html, "/careers/import") | browser.hidden()
    write = {**fields, "leave_out": "4", "do": "write"}
    done = browser._seen(browser.client.post("/careers/import", data=write))
    assert done.path == "/careers" and "Đã ghi lần nhập số 1" in done.text
    assert len(stage.ids("initiative")) == len(before) + 1
    page = stage.browser("teacher-2").get("/careers/people/teacher-2")
    assert "Vườn sách" in page.text and "tệp cũ.csv (1)" in page.text
    assert "Có giá trị đến hết ngày 31/12/2027" in page.text
    register = stage.browser("clerk").get("/initiatives?words=vuon+sach")
    assert "tiếp nhận từ hồ sơ cũ: cũ.csv (lần nhập số 1)" in register.text
    file = stage.browser("clerk").get("/initiatives.csv?words=vuon+sach")
    assert file.html.splitlines()[1].endswith("cũ.csv")
    one = stage.browser("clerk").get("/initiatives/th-mau-1.2223.sk1")
    assert "Tiếp nhận từ hồ sơ cũ: tệp cũ.csv" in one.text and "hồ sơ cũ không ghi" in one.text
    assert "/change" not in one.html and "/take-back" not in one.html
    assert stage.browser("clerk-2").get("/initiatives/th-mau-1.2223.sk1").status == 404
    back = browser._seen(
        browser.client.post("/careers/imports/1/take-back", data={**browser.hidden(), "reason": "nhầm tệp"})
    )
    assert "Đã rút lại" in back.text and stage.ids("initiative") == before
