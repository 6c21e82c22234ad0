"""The administrator's two errands: what did not run, and the year's calendar."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy import update

from casework.people import PERSON
from notifications.postbox import Postbox, letters_in
from tests.build import ROOT, Office
from tests.journeys.conftest import Street, free_port, served_by_a_process
from tests.journeys.hands import every_way

pytestmark = pytest.mark.tools

CALENDAR = (ROOT / "regulations/calendars/2024-2025.yaml").read_text(encoding="utf-8")


def test_a_run_that_failed_is_found_read_mended_and_run_again(
    office: Office, chromium: Browser, tmp_path: Path
) -> None:
    """The setting is in the environment of the process that serves, so mending it is starting that anew."""
    with office.database.write() as connection:
        connection.execute(update(PERSON).values(email=PERSON.c.code + "@mau.example"))
    port = free_port()
    with Postbox(tmp_path / "postbox", port=0) as postbox:
        settings = {"THIDUA_MAIL_PORT": str(postbox.port), "THIDUA_PREFECT_PORT": "1"}
        with served_by_a_process(tmp_path, port, **settings, THIDUA_MAIL_FROM="phòng giáo dục") as address:
            street = Street(office, address, chromium, tmp_path)
            street.stand("2025-06-10")
            # Its letters to those who act next wait in the outbox.
            office.dossier_at("at_education_office")
            admin = street.who("admin")
            admin.open("/runs")
            admin.press("main button[name=flow][value=deliver]")
            admin.open("/runs")
            admin.press("main table.runs a >> nth=0")
            admin.sees("Vì sao không xong", "THIDUA_MAIL_FROM", "Thư vẫn còn đó")
            assert list(letters_in(tmp_path / "postbox")) == []
        with served_by_a_process(tmp_path, port, **settings):
            admin.page.reload()
            admin.press("main form[action='/runs/now'] button")
            admin.sees("Đã chạy xong")
            admin.open("/runs")
            assert list(letters_in(tmp_path / "postbox"))
        street.close()


@every_way
def test_a_calendar_is_checked_its_effect_read_and_published(street: Street, tmp_path: Path) -> None:
    code = street.office.dossier_at("ready")
    street.stand("2025-06-10")
    file = tmp_path / "2024-2025.yaml"
    file.write_text(CALENDAR.replace("last_day: 2025-06-30", "last_day: 2025-06-27"), encoding="utf-8")
    admin, clerk = street.who("admin"), street.who("clerk")
    clerk.open(f"/dossiers/{code}")
    clerk.sees("thứ Hai 30/06/2025")
    admin.open("/regulations/calendars/2024-2025")
    admin.press("main a[href='/regulations/publish?kind=calendar']")
    admin.upload("file", file)
    admin.press("main form[enctype] button")
    admin.sees("Công bố sẽ thành bản 2", code, "thứ Sáu 27/06/2025")
    clerk.open(f"/dossiers/{code}")
    clerk.sees("thứ Hai 30/06/2025")
    admin.press("main form[action='/regulations/publish/now'] button")
    admin.is_told_that_it_is_done()
    clerk.open(f"/dossiers/{code}")
    clerk.sees("thứ Sáu 27/06/2025")
