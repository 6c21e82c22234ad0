"""The banner's button: the next day comes with its tick and its letters, once, and only where the clock stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from casework.home_clock import CLOCK, business_now
from casework.ledger import RUN
from casework.letters.tables import LETTER
from casework.people import PERSON
from casework.running import RUNS
from kit.database import StorageTrouble
from notifications.postbox import Postbox, letters_in
from tests.calendar.plans import LADDER, at, publish_plan
from tests.web.conftest import Pages
from tests.web.test_runs import set_to

JUNE = {"remind": LADDER, "unmet": "lapse", "warn_from": -1, "duty": ["clerk", "principal"]}


def on_the_eve(pages: Pages, day: str) -> None:
    """A dossier that its school completes in June, its people with addresses; the evening before a day."""
    publish_plan(pages.office, dossier_completion=JUNE)
    pages.office.dossier_at("completing")
    with pages.office.database.write() as connection:
        connection.execute(update(PERSON).values(email=PERSON.c.code + "@mau.example"))
    pages.stand(at(day))


def runs(pages: Pages) -> list[tuple[str, str, str]]:
    with pages.office.database.read() as connection:
        rows = connection.execute(select(RUN).order_by(RUN.c.id))
        return [(row.flow, row.standing, row.business_day.isoformat()) for row in rows]


def now(pages: Pages) -> str:
    with pages.office.database.read() as connection:
        return business_now(connection).isoformat()


def test_the_next_day_brings_its_tick_and_its_letters_and_says_so(pages: Pages, tmp_path: Path) -> None:
    on_the_eve(pages, "2025-06-15T18:00:00")
    with Postbox(tmp_path / "postbox", port=0) as postbox:
        set_to(pages, mail_port=postbox.port)
        done = pages.browser("admin").send("/clock/next-day", page="/runs")
    assert done.path == "/runs"
    assert "Đã sang thứ Hai 16/06/2025" in done.text
    assert now(pages) == "2025-06-16T00:00:00+00:00"
    assert runs(pages) == [("tick", "done", "2025-06-16"), ("deliver", "done", "2025-06-16")]
    arrived = list(letters_in(tmp_path / "postbox"))
    assert {letter.to.split("<")[-1].rstrip(">") for letter in arrived} >= {"clerk@mau.example"}
    assert f"{len(arrived)} thư đã gửi, 0 thư còn chờ" in done.text


def test_a_day_on_which_a_dossier_lapses_says_how_many(pages: Pages) -> None:
    on_the_eve(pages, "2025-06-30T18:00:00")
    done = pages.browser("admin").send("/clock/next-day", page="/")
    assert "1 hồ sơ quá hạn" in done.text


def test_with_the_mail_server_away_the_day_counts_and_the_letters_wait(pages: Pages) -> None:
    on_the_eve(pages, "2025-06-15T18:00:00")
    set_to(pages, mail_port=1)
    done = pages.browser("admin").send("/clock/next-day", page="/")
    assert "không kết nối được với máy chủ thư" in done.text
    assert "không thư nào mất" in done.text
    assert runs(pages)[0] == ("tick", "done", "2025-06-16")
    with pages.office.database.read() as connection:
        assert set(connection.execute(select(LETTER.c.standing)).scalars()) == {"queued"}


def test_with_a_setting_of_the_post_wrong_the_day_counts_and_says_that_nothing_was_sent(pages: Pages) -> None:
    on_the_eve(pages, "2025-06-15T18:00:00")
    set_to(pages, mail_from="not an address")
    done = pages.browser("admin").send("/clock/next-day", page="/")
    assert "Chưa gửi được thư của ngày" in done.text
    assert [run[:2] for run in runs(pages)] == [("tick", "done"), ("deliver", "failed")]


def test_a_button_that_is_pressed_twice_brings_one_day(pages: Pages) -> None:
    browser = pages.browser("admin")
    page = browser.get("/").html
    fields = {name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("csrf", "key")}
    urls = {browser.client.post("/clock/next-day", data=fields).url for _ in range(2)}
    assert len(urls) == 1
    assert now(pages) == "2025-06-11T00:00:00+00:00"
    assert [run[0] for run in runs(pages)] == ["tick", "deliver"]


def test_nobody_else_moves_the_clock_and_a_clock_that_runs_is_not_moved(pages: Pages) -> None:
    assert "Sang ngày sau" not in pages.browser("appraiser").get("/").text
    assert pages.browser("appraiser").send("/clock/next-day", page="/").status == 403
    with pages.office.database.write() as connection:
        connection.execute(delete(CLOCK))
    assert "Sang ngày sau" not in pages.browser("admin").get("/").text
    refused = pages.browser("admin").send("/clock/next-day", page="/")
    assert refused.status == 409
    assert "chạy theo giờ thật" in refused.text
    assert runs(pages) == []


def test_a_tick_that_fails_takes_the_day_not_back_and_says_why(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> dict[str, Any]:
        raise StorageTrouble("disk_full", "no space left")

    monkeypatch.setitem(RUNS, "tick", broken)
    done = pages.browser("admin").send("/clock/next-day", page="/")
    assert "nhưng lần nhắc hạn của ngày không xong" in done.text
    assert now(pages) == "2025-06-11T00:00:00+00:00"
    assert "Đĩa đã đầy" in pages.browser("admin").get("/runs/1").text
