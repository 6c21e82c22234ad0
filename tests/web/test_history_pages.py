"""The history as pages: by subject, event and day, in words; verified, with the first bad row named; the seals."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import event, func, insert, select, update

from casework.history import ENTRY, GENESIS, entry_hash
from casework.seal import seal_history
from tests.build import noon
from tests.web.conftest import Pages


def by_subject(pages: Pages, kind: str, name: str, **more: str) -> str:
    rest = "".join(f"&{key}={value}" for key, value in more.items())
    return pages.browser("admin").get(f"/history?kind={kind}&name={name}{rest}").text


def test_a_dossiers_history_is_told_in_words_the_newest_first(pages: Pages) -> None:
    code = pages.office.dossier_at("at_education_office")
    told = by_subject(pages, "dossier", code)
    assert told.index("Người clerk (clerk) : nộp → đang xử lý") < told.index(": lập hồ sơ")
    assert "Không có mục nào như vậy" in by_subject(pages, "dossier", code, event="revoke")
    assert "Không có mục nào như vậy" in by_subject(pages, "dossier", code, day="2001-01-01")


@pytest.mark.parametrize(
    ("kind", "name", "event"),
    [
        ("regulation", "calendar:2024-2025", "công bố"),
        ("regulation", "three-tier-2024", "công bố"),
        ("person", "clerk", "lập hồ sơ"),
        ("bloc_year", "khoi 2024-2025", "ghi điểm, xếp hạng"),
    ],
)
def test_every_kind_of_subject_is_found_by_the_name_that_people_know(
    pages: Pages, kind: str, name: str, event: str
) -> None:
    pages.office.dossier_at("at_education_office")
    assert f": {event}" in by_subject(pages, kind, name)
    assert "không có “nobody-1”" in by_subject(pages, kind, "nobody-1")


def test_the_newest_entries_are_bounded_and_turning_the_page_goes_on(pages: Pages) -> None:
    for _ in range(7):
        pages.office.dossier_at("at_education_office")
    browser = pages.browser("admin")
    with pages.office.database.read() as connection:
        there = int(connection.execute(select(func.count()).select_from(ENTRY)).scalar_one())
    pages_of_it = [browser.get(f"/history?page={page}").html.count("nội dung đã ghi") for page in (1, 2, 3)]
    assert pages_of_it[0] == 40
    assert sum(pages_of_it) == there


def test_an_event_or_a_day_is_looked_for_over_all_subjects_and_what_was_looked_through_is_told(
    pages: Pages,
) -> None:
    pages.office.dossier_at("at_education_office")
    browser = pages.browser("admin")
    published = browser.get("/history?event=publish")
    assert (published.html.count("nội dung đã ghi"), "mục mới nhất" in published.text) == (3, True)
    assert browser.get("/history?day=01/08/2024").html.count("nội dung đã ghi") == 3
    wrong = browser.get("/history?day=hôm qua")
    assert (wrong.status, "Không phải ngày" in wrong.text) == (200, True)


def test_a_page_costs_the_same_however_many_entries_it_shows(pages: Pages) -> None:
    counts = []
    engine = pages.app.state.house.database.engine
    for _ in range(2):
        pages.office.dossier_at("at_education_office")
        browser, seen = pages.browser("admin"), []
        count = lambda *_, seen=seen: seen.append(1)  # noqa: E731
        event.listen(engine, "before_cursor_execute", count)
        browser.get("/history")
        event.remove(engine, "before_cursor_execute", count)
        counts.append(len(seen))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("path", ["/history", "/history/verify"])
def test_the_history_of_all_is_for_administrators(pages: Pages, path: str) -> None:
    assert pages.browser("appraiser").get(path).status == 403


def test_a_sound_history_is_said_to_be_sound_and_what_came_after_the_seal_is_unprotected(
    pages: Pages,
) -> None:
    code = pages.office.dossier_at("at_education_office")
    browser = pages.browser("admin")
    assert "Chưa niêm phong lần nào" in browser.get("/history/verify").text
    seal_history(pages.office.database, pages.app.state.house.settings.seals, noon("2025-06-10"))
    assert "Dấu niêm số 1 bảo vệ mọi mục" in browser.get("/history/verify").text
    pages.office.step(code, "return", "appraiser", reason="Thiếu biên bản")
    verdict = browser.send("/history/verify")
    assert "Lịch sử nguyên vẹn" in verdict.text
    assert "1 mục sau dấu niêm, từ 10/06/2025 12:00" in verdict.text
    assert "1 mục ghi sau dấu niêm số 1 chưa được" in verdict.text


def test_the_first_bad_row_is_named(pages: Pages) -> None:
    code = pages.office.dossier_at("at_education_office")
    database = pages.office.database
    with database.write() as connection:
        connection.exec_driver_sql(
            "DROP TRIGGER history_entry_no_update"
            if database.is_sqlite
            else "DROP FUNCTION history_entry_append_only() CASCADE"
        )
        subject = connection.execute(
            select(ENTRY.c.subject).where(ENTRY.c.event == "hand_in").limit(1)
        ).scalar_one()
        wrong = update(ENTRY).where(ENTRY.c.subject == subject, ENTRY.c.seq == 2)
        connection.execute(wrong.values(via="x"))
    verdict = pages.browser("admin").send("/history/verify")
    assert "Lịch sử có chỗ không còn như lúc được ghi: 1 chuỗi" in verdict.text
    assert f"Hồ sơ {code}, mục 2: đã bị sửa" in verdict.text


def test_a_long_history_is_verified_in_portions_that_say_how_far_they_came(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.pages.history._SECONDS", 0.0)
    total = with_chains(pages, 4, edited="unit:9000")
    browser = pages.browser("admin")
    shown, portions, walked = browser.send("/history/verify").html, 1, [0]
    while "Kiểm tra tiếp" in shown:
        assert "Lịch sử nguyên vẹn" not in shown
        fields: dict[str, list[str]] = {}
        for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', shown.split('class="act"')[0]):
            fields.setdefault(name, []).append(value)
        walked.append(int(fields["entries"][0]))
        assert f"trong khoảng {total} mục" in shown
        answer = browser.client.post("/history/verify", data=fields)
        assert answer.status_code == 200
        shown, portions = answer.text, portions + 1
    assert walked == sorted(set(walked))
    assert (portions, walked[-1]) == (8, total)
    assert f"1 chuỗi, trong {total} mục" in shown
    assert "mục 1: đã bị sửa" in shown
    assert "Đã kiểm tra làm 8 đoạn" in shown


def test_a_form_that_none_of_our_pages_made_begins_anew(pages: Pages) -> None:
    total = with_chains(pages, 1)
    browser = pages.browser("admin")
    for fields in (
        {"after": "unit:9000"},
        {"after": "x", "number": "1", "entries": "-4", "chains": "1", "bad_chains": "0", "milliseconds": "1"},
        {"after": "x", "number": "1", "entries": "4", "chains": "1", "bad_chains": "1", "milliseconds": "1"}
        | {"bad": "1 no-such-fault unit:1"},
    ):
        told = browser.send("/history/verify", fields)
        assert (told.status, f"Lịch sử nguyên vẹn: {total} mục" in told.text) == (200, True)


def with_chains(pages: Pages, number: int, edited: str = "") -> int:
    """Some more chains of one entry each; gives how many entries there are now."""
    rows = []
    for n in range(9000, 9000 + number):
        row = {"subject": f"unit:{n}", "seq": 1, "at": noon("2025-06-10"), "via": "test", "event": "grant"}
        row |= dict.fromkeys(("actor_id", "on_behalf_of_id", "request_key"))
        row |= {"payload": "{}", "prev_hash": GENESIS}
        rows.append(row | {"hash": entry_hash(row)})
        if row["subject"] == edited:
            rows[-1]["via"] = "x"
    with pages.office.database.write() as connection:
        connection.execute(insert(ENTRY), rows)
        return int(connection.execute(select(func.count()).select_from(ENTRY)).scalar_one())
