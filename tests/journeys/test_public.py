"""Somebody of the public speaks against a nomination, and the desk that asked concludes."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import Street
from tests.journeys.hands import every_way

pytestmark = pytest.mark.tools

SAID = "Sáng kiến nêu trong danh sách không phải của người này."


@every_way
def test_an_objection_from_the_public_stops_the_dossier_until_it_is_concluded(street: Street) -> None:
    code = street.office.dossier_at("in_public_opinion", "state", "teacher")
    street.stand("2025-08-26")
    citizen, desk = street.browser(None), street.who("province-appraiser")
    citizen.open("/public")
    citizen.press(f"main a[href='/public/{code}']")
    citizen.sees("Người teacher")
    citizen.fills_in(name="Nguyễn Văn Mẫu", contact="ấp Mẫu", text=SAID)
    citizen.press("main form button")
    citizen.is_told_that_it_is_done()
    citizen.sees_not(SAID)

    desk.open(f"/dossiers/{code}")
    desk.sees(SAID, "Nguyễn Văn Mẫu")
    assert desk.page.locator("main .act a[href$='/steps/endorse']").count() == 0
    clerk = street.who("clerk")
    clerk.open(f"/dossiers/{code}")
    clerk.sees_not("Nguyễn Văn Mẫu")

    desk.press("main a[href$='/acts/settle_objections']")
    desk.fill("reason", "Đã xác minh tại trường: sáng kiến là của người được đề nghị.")
    desk.press("main form button")
    desk.is_told_that_it_is_done()
    desk.takes(code, "endorse")
    assert street.office.row(code)["state"] == "at_provincial_council"
