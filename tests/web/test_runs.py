"""Whether the year runs, as pages: from the ledger and said so, run by hand, troubles in words, what was reminded."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from sqlalchemy import event, insert, select

from casework.ledger import LIMIT, RUN
from casework.running import RUNS
from kit.clock import wall_now
from tests.build import noon
from tests.calendar.plans import LADDER, publish_plan
from tests.web.conftest import Pages
from web.at_work import AtWork

JUNE = {"remind": LADDER, "unmet": "lapse", "warn_from": -1, "duty": ["clerk", "principal"]}


def note(pages: Pages, flow: str, standing: str = "done", **more: Any) -> int:
    """A run as the ledger would have it; gives its number."""
    row = {
        "flow": flow, "part": "", "business_day": noon("2025-06-10").date(), "business_at": noon("2025-06-10"),
        "started_at": wall_now(), "finished_at": wall_now(), "standing": standing, "missed_days": 0, "summary": {},
        "prefect_run": "", "trouble": "",
    }  # fmt: skip
    with pages.office.database.write() as connection:
        return int(connection.execute(insert(RUN), row | more).inserted_primary_key[0])


def set_to(pages: Pages, **settings: Any) -> None:
    """The server started with other settings."""
    house = pages.app.state.house
    house.settings = house.settings.model_copy(update=settings)


def test_without_prefect_the_ledger_answers_and_the_page_says_so(pages: Pages) -> None:
    note(pages, "watch", summary={"queued": 2})
    shown = pages.browser("admin").get("/runs")
    assert shown.status == 200
    assert "Prefect không trả lời" in shown.text
    assert "Báo mới: 2" in shown.text
    assert "chưa có lần tới" in shown.text


@pytest.mark.parametrize("path", ["/runs", "/runs/1"])
def test_only_administrators_see_the_runs_or_start_one(pages: Pages, path: str) -> None:
    note(pages, "watch")
    assert pages.browser("appraiser").get(path).status == 403
    assert pages.browser("appraiser").send("/runs/now", {"flow": "watch"}, page="/").status == 403
    with pages.office.database.read() as connection:
        assert len(connection.execute(select(RUN)).all()) == 1


def test_what_is_late_or_failed_comes_first_and_days_without_a_tick_are_counted(pages: Pages) -> None:
    pages.stand("2025-06-14")
    note(pages, "tick")
    bad = note(
        pages,
        "seal",
        "failed",
        trouble="disk_full: x",
        summary={"storage": {"code": "disk_full", "detail": "x"}},
    )
    note(pages, "watch")
    shown = pages.browser("admin").get("/runs")
    rows = shown.html.split("<tbody>")[2]
    assert rows.index(f'href="/runs/{bad}"') < rows.index("Canh chừng")
    assert "Đĩa đã đầy" in shown.text
    assert "3 ngày liền" in shown.text


def test_a_flow_is_run_now_and_its_own_page_tells_what_it_did(pages: Pages) -> None:
    done = pages.browser("admin").send("/runs/now", {"flow": "seal"}, page="/runs")
    assert (done.status, done.path) == (200, "/runs/1")
    assert "Đã chạy xong" in done.text
    assert "Dấu niêm số" in done.text
    with pages.office.database.read() as connection:
        (row,) = connection.execute(select(RUN)).all()
    assert (row.flow, row.standing, row.prefect_run) == ("seal", "done", "")


def test_a_run_that_fails_says_why_in_words_with_the_values_that_it_was_refused_for(pages: Pages) -> None:
    set_to(pages, mail_from="not an address")
    failed = pages.browser("admin").send("/runs/now", {"flow": "deliver"}, page="/runs")
    assert failed.path == "/runs/1"
    assert "không xong" in failed.text
    assert "THIDUA_MAIL_FROM" in failed.text
    assert "mail_address_unusable" not in failed.text
    assert "THIDUA_MAIL_FROM" in pages.browser("admin").get("/runs").text


def test_a_flow_that_nobody_knows_is_refused_with_those_that_there_are(pages: Pages) -> None:
    refused = pages.browser("admin").send("/runs/now", {"flow": "tock"}, page="/runs")
    assert refused.status == 409
    assert "tock" in refused.text


def test_a_run_that_takes_long_goes_on_by_itself_and_is_not_started_twice(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    house, goes_on = pages.app.state.house, threading.Event()

    def slow(*_: Any) -> dict[str, Any]:
        goes_on.wait(10)
        return {}

    # A mail server that takes its time would do the same; this one ends when told.
    monkeypatch.setitem(RUNS, "watch", slow)
    at_work = AtWork(house.database, house.settings)
    first, second = at_work.run("watch", patience=0.3), at_work.run("watch", patience=0.1)
    assert first == second == 1
    assert "đang chạy" in pages.browser("admin").get("/runs/1").text
    goes_on.set()
    assert at_work.run("watch", patience=10) in (1, 2)


def test_a_run_that_died_is_told_as_broken_off_before_the_next_one_notes_it(pages: Pages) -> None:
    number = note(
        pages, "tick", "running", started_at=wall_now() - LIMIT - timedelta(minutes=1), finished_at=None
    )
    assert "bị ngắt giữa chừng" in pages.browser("admin").get(f"/runs/{number}").text


def test_a_tick_tells_whom_it_reminded_of_what(pages: Pages) -> None:
    publish_plan(pages.office, dossier_completion=JUNE)
    pages.office.dossier_at("completing")
    pages.stand("2025-06-16")
    done = pages.browser("admin").send("/runs/now", {"flow": "tick"}, page="/runs")
    assert "Người clerk" in done.text
    assert "Đơn vị th-mau-1" in done.text
    assert "thứ Hai 30/06/2025" in done.text


def test_a_page_of_reminders_costs_the_same_however_many_there_are(pages: Pages) -> None:
    def told(rows: int) -> dict[str, Any]:
        person = {
            "kind": "deadline",
            "unit": "th-mau-1",
            "milestone": "dossier-completion",
            "due": "2025-06-30",
        }
        people = list(pages.office.people)[:rows]
        kept = [person | {"person": code, "subject": f"obligation:{n}"} for n, code in enumerate(people)]
        return {"reminded": kept, "reminded_count": len(kept)}

    counts = []
    for rows in (2, 20):
        number, seen = note(pages, "tick", summary=told(rows)), []
        browser = pages.browser("admin")
        engine = pages.app.state.house.database.engine
        count = lambda *_, seen=seen: seen.append(1)  # noqa: E731
        event.listen(engine, "before_cursor_execute", count)
        browser.get(f"/runs/{number}")
        event.remove(engine, "before_cursor_execute", count)
        counts.append(len(seen))
    assert counts[0] == counts[1]


@contextmanager
def prefect(answers: dict[str, Any]) -> Iterator[str]:
    """Somebody at an address who answers as Prefect's interface does."""

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            body = json.dumps(answers[self.path.removeprefix("/api/")]).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/api"
    server.shutdown()
    thread.join()
    server.server_close()


def run_of_prefect(number: str, state: str, started: str, **more: Any) -> dict[str, Any]:
    return {
        "id": number, "flow_id": "f", "parameters": {}, "state_type": state, "state": {"message": ""},
        "start_time": None if state == "SCHEDULED" else started, "expected_start_time": started,
        "total_run_time": 0.4,
    } | more  # fmt: skip


def test_with_prefect_there_its_runs_lead_to_its_own_page_and_late_ones_come_first(pages: Pages) -> None:
    note(pages, "tick", prefect_run="aa", summary={"looked_at": 7})
    by_hand = note(pages, "seal")
    answers = {
        "flows/filter": [{"id": "f", "name": "tick"}],
        "deployments/filter": [{"flow_id": "f", "paused": False}],
        "flow_runs/filter": [
            run_of_prefect("aa", "COMPLETED", "2026-11-01T00:00:00+00:00"),
            run_of_prefect("bb", "SCHEDULED", "2026-10-31T00:00:00+00:00"),
        ],
        "artifacts/filter": [{"id": "table", "flow_run_id": "aa"}],
    }
    with prefect(answers) as address:
        set_to(pages, prefect_api=address)
        pages.app.state.house.settings.__dict__.pop("prefect_address", None)
        shown = pages.browser("admin").get("/runs")
    page = address.removesuffix("/api")
    assert "Prefect đang chạy" in shown.text
    assert f'href="{page}/runs/flow-run/aa"' in shown.html
    assert f'href="{page}/artifacts/artifact/table"' in shown.html
    assert "Đã xét: 7" in shown.text
    assert f'href="/runs/{by_hand}"' in shown.html
    assert shown.html.index("flow-run/bb") < shown.html.index("flow-run/aa")
    assert "đến giờ mà chưa chạy" in shown.text
    # What Prefect does not serve is not said to come.
    assert "đang bị dừng trong Prefect" in shown.text


def test_the_day_that_was_begun_is_told_from_the_ledger(pages: Pages) -> None:
    number = note(pages, "tick", summary={"reminded_count": 3, "lapsed": ["x"], "reminded": []})
    note(pages, "deliver", summary={"sent": 3})
    shown = pages.browser("admin").get(f"/runs?done={number}")
    assert "3 việc được nhắc, 1 hồ sơ quá hạn" in shown.text
    assert "3 thư đã gửi" in shown.text


def test_a_round_that_was_broken_off_is_not_called_done_and_says_how_far_it_came(pages: Pages) -> None:
    summary = {"sent": 2, "left": 5, "stopped": "server_unreachable", "detail": "refused"}
    number = note(pages, "deliver", "broken_off", summary=summary)
    listed = pages.browser("admin").get("/runs").text
    assert "dừng giữa chừng" in listed
    assert ("ã gửi: 2" in listed, "òn chờ gửi: 5" in listed) == (True, True)
    assert "cần xem" in listed
    one = pages.browser("admin").get(f"/runs/{number}?now=1").text
    assert "Việc gửi thư dừng giữa chừng" in one
    assert "Đã chạy xong" not in one
    assert "Còn chờ gửi 5" in one


def test_a_watch_that_told_nobody_says_so(pages: Pages) -> None:
    told = {"concerns": [{"code": "no_administrator", "params": {}}], "queued": 0, "untold": 1}
    number = note(pages, "watch", summary=told)
    browser = pages.browser("admin")
    assert "không báo được cho ai: 1" in browser.get("/runs").text
    shown = browser.get(f"/runs/{number}").text
    assert "không ai là quản trị viên" in shown
    assert "thidua duty grant" in shown
