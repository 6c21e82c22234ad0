"""The pages of initiatives, by HTTP: listed, taken over from a list, put forward, judged, shown to the public."""

from __future__ import annotations

import csv
import io
from typing import Any

from sqlalchemy import event

from tests.initiatives.lists import Lists, initiative
from tests.web.reading import Page
from tests.web.stage import Stage


def test_a_clerk_lists_an_initiative_changes_it_and_is_told_what_is_wrong(stage: Stage) -> None:
    clerk = stage.browser("clerk")
    given = {"unit": "th-mau-1", "year": "2025-2026", "name": "Thư viện xanh", "applied_on": "2025-07-01"}
    shares = {"author-0": "teacher", "share-0": "40", "author-1": "teacher", "share-1": "30"}
    wrong = clerk.send("/initiatives/new", given | shares)
    assert wrong.status == 409
    assert "được ghi hai lần" in wrong.text and "cộng lại là 70 %" in wrong.text
    assert "Thư viện xanh" in wrong.html
    done = clerk.send("/initiatives/new", given | {"author-0": "teacher"})
    assert done.status == 200 and "Thư viện xanh" in done.text and "100 %" in done.text
    path = "/initiatives/th-mau-1.2526.sk1"
    shares = {"author-0": "teacher", "share-0": "33,34", "author-1": "teacher-2", "share-1": "66,66"}
    changed = clerk.send(f"{path}/change", {"name": "Thư viện lớp em", "applied_on": "01/07/2025"} | shares)
    assert "Thư viện lớp em" in changed.text and "33,34 %" in changed.text
    assert stage.browser("clerk-2").get(path).status == 404
    assert stage.browser("clerk-2").get(f"{path}/change").status == 404


def test_a_list_is_looked_at_and_only_then_written(stage: Stage) -> None:
    clerk = stage.browser("clerk")
    pasted = "Góc khoa học\tKhoa học\t01/07/2025\tteacher 50; teacher-2 50\t\nHỏng\t\t99/99/2025\tai đó\t"
    fields = {"unit": "th-mau-1", "year": "2025-2026", "list": pasted}
    seen = clerk.send("/initiatives/import", fields)
    assert "ghi được 1 trên 2 dòng" in seen.text and "Không tìm thấy tác giả" in seen.text
    assert stage.ids("initiative") == [1, 2]
    (form,) = [f for f in Page(seen.html).forms if f.action == "/initiatives/import"]
    again: dict[str, Any] = {field.name: field.value for field in form.fields if field.name}
    written = clerk.client.post("/initiatives/import", data=again | {"keep": ["1", "2"], "do": "write"})
    assert "Đã ghi 1 sáng kiến" in written.text and "Hỏng" in written.text
    assert stage.ids("initiative") == [1, 2, 3]


def test_what_two_nominations_use_is_told_to_both_without_naming_what_may_not_be_seen(stage: Stage) -> None:
    own, other = stage.codes["preparing"], stage.codes["of_others"]
    page = stage.browser("clerk").get(f"/dossiers/{own}")
    assert "Căn cứ sáng kiến" in page.text and "Góc đọc mở" in page.text
    assert other not in page.text
    shown = stage.browser("admin").get(f"/initiatives/{stage.initiatives[0]}")
    assert own in shown.text and other in shown.text


def test_a_school_ticks_from_its_list_and_the_council_sees_authors_with_shares(stage: Stage) -> None:
    clerk = stage.browser("clerk")
    code = stage.codes["initiatives_preparing"]
    page = clerk.get(f"/dossiers/{code}/nominations")
    assert "Vườn chữ" in page.text
    # What is recognised at the grassroots may be put forward for the province too.
    done = clerk.send(
        f"/dossiers/{code}/nominations", {"line_title": "SKT", "initiative": stage.initiatives[0]}
    )
    assert done.status == 200 and "Góc đọc mở" in done.text
    shown = stage.browser("appraiser").get(f"/dossiers/{stage.codes['initiatives']}")
    assert "62,5 %" in shown.text and "37,5 %" in shown.text and "Góc đọc mở" in shown.text


def test_results_of_initiatives_stand_apart_on_the_public_page(stage: Stage) -> None:
    nobody = stage.browser(None)
    people, initiatives = nobody.get("/public/results"), nobody.get("/public/results?of=initiatives")
    assert "Góc đọc mở" not in people.text
    assert "Góc đọc mở (Người teacher, Người clerk-2)" in initiatives.text
    assert "Lao động tiên tiến" not in initiatives.text


def test_the_register_answers_each_of_its_filters(stage: Stage) -> None:
    browser = stage.browser("admin")
    first, second = stage.initiatives

    def found(query: str) -> set[str]:
        html = browser.get(f"/initiatives?{query}").html
        return {code for code in stage.initiatives if f'href="/initiatives/{code}"' in html}

    assert found("") == {first, second}
    for query in ("author=clerk-2", "scope=SKCS", "standing=valid", "standing=used", "words=goc+doc"):
        assert found(query) == {first}, query
    for query in ("scope=SKT", "standing=unused", "words=v%C6%B0%E1%BB%9Dn"):
        assert found(query) == {second}, query
    assert found("unit=th-mau-2") == found("year=2019-2020") == set()


def test_a_longer_list_asks_no_more_of_the_database(stage: Stage) -> None:
    asked: list[str] = []
    engine = stage.app.state.house.database.engine
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    paths = (
        "/initiatives",
        f"/dossiers/{stage.codes['initiatives_preparing']}/nominations",
        "/initiatives/new",
    )
    clerk = stage.browser("clerk")

    def counted() -> dict[str, int]:
        found = {}
        for path in paths:
            asked.clear()
            assert clerk.get(path).status == 200
            found[path] = len(asked)
        return found

    few = counted()
    Lists(stage.office).add(*(initiative(f"Sáng kiến {n}") for n in range(40)), day="2025-03-08")
    assert counted() == few


def test_a_clerk_takes_back_what_was_listed_by_mistake_with_a_reason(stage: Stage) -> None:
    clerk = stage.browser("clerk")
    given = {"unit": "th-mau-1", "year": "2025-2026", "name": "=1+1", "applied_on": "2025-07-01"}
    clerk.send("/initiatives/new", given | {"author-0": "teacher"})
    path = "/initiatives/th-mau-1.2526.sk1"
    assert "Ghi nhầm vào danh sách?" in clerk.get(path).text
    without = clerk.send(f"{path}/take-back", {"reason": " "}, page=path)
    assert (without.status, 'id="reason-fault"' in without.html) == (409, True)
    done = clerk.send(f"{path}/take-back", {"reason": "Ghi nhầm năm học"}, page=path)
    assert (done.status, done.path) == (200, path)
    assert "Ghi nhầm năm học" in done.text and "Rút sáng kiến khỏi danh sách" in done.text
    assert f"{path}/change" not in done.html and f"{path}/take-back" not in done.html
    assert path not in clerk.get("/initiatives").html
    assert path in clerk.get("/initiatives?standing=taken_back").html
    # What was recognised offers nothing of the kind, and another school's clerk finds no such page.
    assert "take-back" not in clerk.get(f"/initiatives/{stage.initiatives[0]}").html
    assert stage.browser("clerk-2").send(f"{path}/take-back", {"reason": "x"}, page="/").status == 404


def test_the_register_is_a_file_by_the_same_filter_and_sight_and_calculates_nothing(stage: Stage) -> None:
    clerk = stage.browser("clerk")
    given = {"unit": "th-mau-1", "year": "2025-2026", "name": "=HYPERLINK(1)", "applied_on": "2025-07-01"}
    clerk.send("/initiatives/new", given | {"author-0": "teacher"})

    def lines(person: str, query: str = "") -> list[list[str]]:
        answer = stage.browser(person).get(f"/initiatives.csv{query}")
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        return list(csv.reader(io.StringIO(answer.html.removeprefix("\ufeff"), newline="")))

    head, *found = lines("clerk")
    assert head[:4] == ["Mã", "Tên sáng kiến", "Lĩnh vực", "Tác giả, tỷ lệ"]
    assert [row[1] for row in found] == ["'=HYPERLINK(1)", "Vườn chữ", "Góc đọc mở"]
    assert "Người teacher (teacher) 62,5 %; Người clerk-2 (clerk-2) 37,5 %" in found[2]
    assert [row[0] for row in lines("clerk", "?standing=recognised")[1:]] == [stage.initiatives[0]]
    # A co-author at another school sees what she wrote, and no more.
    assert [row[0] for row in lines("clerk-2")[1:]] == [stage.initiatives[0]]
    assert lines("teacher-2")[1:] == []
