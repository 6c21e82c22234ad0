"""An appraiser with many dossiers on her desk: several at once, and one after the other without a mouse."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Street
from tests.journeys.hands import Hands, every_way
from tests.web.many import schools_like

pytestmark = pytest.mark.tools

WHY = "Thiếu biên bản họp hội đồng"
FILL_IN, ACT = "form:not(:has([name=seen])) >> button", "form:has([name=seen]) >> button"


def begins(hands: Hands, event: str, *codes: str) -> None:
    """Tick dossiers of the queue and choose what is to be done with them."""
    hands.open("/queue")
    # In the order of the page, as one steps through it.
    for box in hands.page.locator("main [name=dossier]").all():
        if box.get_attribute("value") in codes:
            hands.tick(box)
    hands.press(f"main button[formaction$='/queue/bulk/{event}']")


@every_way
def test_some_are_returned_and_the_others_supported_each_after_a_preview(street: Street) -> None:
    first = street.office.dossier_at("at_education_office")
    codes = [first, *schools_like(street.office, first, 3)]
    appraiser = street.who("appraiser")

    begins(appraiser, "return", *codes[:2])
    appraiser.sees("Chưa có gì được ghi")
    appraiser.fill("reason", WHY)
    appraiser.press(f"main >> {FILL_IN}")
    appraiser.sees("Được, sẽ chuyển sang: Trả lại để bổ sung")
    assert {street.office.row(code)["state"] for code in codes} == {"at_education_office"}
    appraiser.press(f"main >> {ACT}")
    appraiser.is_told_that_it_is_done()
    appraiser.sees("Đã ghi 2 hồ sơ", *codes[:2])

    begins(appraiser, "appraise", *codes[2:])
    appraiser.tick("main [name=support_rest]")
    appraiser.press(f"main >> {FILL_IN}")
    appraiser.press(f"main >> {ACT}")
    appraiser.sees("Đã ghi 2 hồ sơ", *codes[2:])
    appraiser.open("/queue")
    appraiser.sees("Hiện không có hồ sơ nào chờ Ông/Bà")
    assert [street.office.row(code)["state"] for code in codes] == ["returned"] * 2 + ["to_file"] * 2


@pytest.mark.parametrize("way", ["keyboard"], indirect=True)
def test_one_is_opened_decided_and_the_next_one_comes_by_keys(street: Street) -> None:
    first = street.office.dossier_at("at_education_office")
    codes = [first, *schools_like(street.office, first, 2)]
    hands = street.who("appraiser")
    page, keys = hands.page, hands.page.keyboard
    hands.open("/queue")
    expect(page.locator(".keys")).to_be_visible()
    listed = [str(box.get_attribute("value")) for box in page.locator("main [name=dossier]").all()]
    assert sorted(listed) == sorted(codes)
    for key in "jjkx":
        keys.press(key)
    expect(page.locator("main [name=dossier] >> nth=0")).to_be_checked()
    keys.press("Enter")
    page.wait_for_url(f"**/dossiers/{listed[0]}?queue=*")
    for code, following in zip(listed, [*listed[1:], None], strict=True):
        hands.press("main a[href*='/steps/appraise']")
        hands.tick("main [name=support_rest]")
        hands.press("main form:has([name=support_rest]) >> button:not([type=reset])")
        hands.is_told_that_it_is_done()
        assert street.office.row(code)["state"] == "to_file"
        if following:
            keys.press("n")
            page.wait_for_url(f"**/dossiers/{following}?queue=*")
    hands.sees("Không còn hồ sơ nào khác chờ Ông/Bà trong bộ lọc này")
