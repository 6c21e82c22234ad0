"""Exemplars as pages, and a bloc's summary of some years with its file of counts."""

from __future__ import annotations

from tests.build import ROOT
from tests.documents.paper_bytes import pdf
from tests.movements.cascade import EDUCATION, cascade
from tests.web.conftest import Browser, Pages

COUNTS = ROOT / "data" / "sample" / "kien-luong-bloc-2-counts.csv"
FOUND = {"unit": "th-mau-1", "person": "teacher", "field": "Dạy học", "found_on": "01/06/2025"}


def next_stage(browser: Browser, stage: str, day: str = "05/06/2025") -> int:
    told = {"stage": stage, "reached_on": day, "note": f"Báo cáo {stage}."}
    return browser.send("/exemplars/1/advance", told, page="/exemplars/1").status


def test_an_exemplar_is_found_goes_on_and_ends(pages: Pages) -> None:
    cascade(pages.office, 3)
    clerk = pages.browser("clerk")
    form = clerk.get("/exemplars/new")
    assert '<option value="teacher-2">' in form.html
    assert f'<option value="{EDUCATION.code}">' in form.html
    files = {"paper": ("Dự giờ.pdf", pdf("dự giờ"), "application/pdf")}
    page = clerk.send("/exemplars/new", FOUND | {"movement": EDUCATION.code}, files=files)
    assert (page.status, page.path) == (200, "/exemplars/1")
    assert clerk.client.get("/exemplars/1/papers/found").content == files["paper"][1]
    assert "Bước tiếp theo: bồi dưỡng" in page.text
    assert next_stage(clerk, "spread") == 409
    assert next_stage(clerk, "nurtured") == 200
    assert "Báo cáo nurtured." in clerk.get("/exemplars/1").text
    page = clerk.send("/exemplars/1/end", {"reason": "Chuyển trường"}, page="/exemplars/1")
    assert "Chuyển trường" in page.text
    assert "/advance" not in page.html


def test_what_is_wrong_with_a_finding_stands_beside_its_field(pages: Pages) -> None:
    clerk = pages.browser("clerk")
    page = clerk.send("/exemplars/new", FOUND | {"person": "clerk-2", "found_on": "01/01/2030", "field": ""})
    assert (page.status, 'id="field-fault"' in page.html) == (409, True)
    page = clerk.send("/exemplars/new", FOUND | {"person": "clerk-2", "found_on": "01/01/2030"})
    assert page.status == 409
    assert 'id="person-fault"' in page.html and 'id="found_on-fault"' in page.html


def test_an_exemplar_is_seen_at_its_unit_and_above_and_by_its_bloc_once_it_is_known(pages: Pages) -> None:
    clerk, mate = pages.browser("clerk"), pages.browser("clerk-2")
    clerk.send("/exemplars/new", FOUND | {"note": "Ghi chú riêng của trường"})
    for person, sees in (("principal", True), ("bloc-head", True), ("appraiser", True), ("party", False)):
        browser = pages.browser(person)
        assert ('href="/exemplars/1"' in browser.get("/exemplars").html) is sees, person
        assert browser.get("/exemplars/1").status == (200 if sees else 404), person
    assert 'href="/exemplars/1"' not in mate.get("/exemplars").html
    for stage in ("nurtured", "reviewed", "spread"):
        assert next_stage(clerk, stage) == 200
    assert 'href="/exemplars/1"' in mate.get("/exemplars").html
    page = mate.get("/exemplars/1")
    assert "Báo cáo spread." in page.text
    assert "Ghi chú riêng" not in page.text, "the way there is the school's own matter"
    assert mate.send("/exemplars/1/end", {"reason": "x"}, page="/exemplars/1").status == 404


def test_a_list_is_of_one_unit_and_those_below_it(pages: Pages) -> None:
    pages.browser("clerk").send("/exemplars/new", FOUND)
    pages.browser("clerk-2").send("/exemplars/new", FOUND | {"unit": "th-mau-2", "person": ""})
    office = pages.browser("appraiser")
    named = {
        unit: [n for n in (1, 2) if f'href="/exemplars/{n}"' in office.get(f"/exemplars?unit={unit}").html]
        for unit in ("th-mau-1", "th-mau-2", "khoi", "pgd")
    }
    assert named == {"th-mau-1": [1], "th-mau-2": [2], "khoi": [1, 2], "pgd": [1, 2]}
    assert pages.browser("clerk").get("/exemplars?unit=th-mau-2").status == 404


def bring(pages: Pages, body: bytes) -> Browser:
    head = pages.browser("bloc-head")
    path = "/blocs/khoi/years"
    head.send(path, {}, files={"file": ("so-lieu.csv", body, "text/csv")})
    return head


def test_a_bloc_brings_its_counts_and_sees_the_years_of_the_file(pages: Pages) -> None:
    page = bring(pages, COUNTS.read_bytes()).last
    assert page is not None
    assert (page.status, page.path) == (200, "/blocs/khoi/years")
    assert "2015-2016 đến 2019-2020" in page.text
    assert "1.871" in page.text
    assert "14,75%" in page.text and "trong mức 15%" in page.text
    assert "66,82%" in page.text and "vượt mức 15%" in page.text
    assert "NĐ 91/2017/NĐ-CP" in page.text
    # The file leaves the first title's share of the province's certificates blank: nobody said that there was none.
    line = page.html.partition("BKTTG-T")[2].partition("</tr>")[0]
    assert line.count('data-head="Đạt được"></td>') == 1


def test_every_fault_of_a_file_is_told_by_its_line_and_nothing_is_written(pages: Pages) -> None:
    body = b"code,name,subject,achieved_2015_2020\nKHONG,x,individual,1\nLDTT,y,nobody,x\nLDTT,y,nobody\n"
    page = bring(pages, body).last
    assert page is not None and page.status == 409
    told = [line for line in ("Dòng 2", "Dòng 3", "Dòng 4") if line in page.text]
    assert told == ["Dòng 2", "Dòng 3", "Dòng 4"]
    assert page.text.index("Dòng 2") < page.text.index("Dòng 3") < page.text.index("Dòng 4")
    with pages.office.database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM title_count").scalar() == 0


def test_a_bloc_year_page_is_for_those_who_see_the_bloc_and_its_file_for_its_head(pages: Pages) -> None:
    path = "/blocs/khoi/years"
    status = {p: pages.browser(p).get(path).status for p in ("bloc-deputy", "appraiser", "clerk", "party")}
    assert status == {"bloc-deputy": 200, "appraiser": 200, "clerk": 404, "party": 404}
    office = pages.browser("appraiser")
    assert 'type="file"' not in office.get(path).html
    refused = office.send(path, {}, files={"file": ("so-lieu.csv", COUNTS.read_bytes(), "text/csv")})
    assert refused.status == 409
    for asked in ("?from=2024-2025&to=2020-2021", "?from=x&to=%C3%A9", "?from=1066-1067"):
        assert office.get(path + asked).status == 200, asked
    assert "2020-2021 đến 2024-2025" in office.get(f"{path}?from=2024-2025&to=2020-2021").text
