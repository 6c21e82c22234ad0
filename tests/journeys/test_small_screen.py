"""What the script folds on a small screen, and the letters that it listens to or not."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Street
from tests.journeys.hands import NO_SCRIPTS, SCRIPTS
from tests.web.many import nominees, schools_like

pytestmark = pytest.mark.tools
SMALL, LARGE = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
FOLDS, OPEN = "details[data-folds]", "details[data-folds][open]"


@pytest.mark.parametrize("way", [SCRIPTS, NO_SCRIPTS], indirect=True)
def test_a_long_list_is_folded_by_scripts_on_small_screens_alone(street: Street, way: str) -> None:
    code = street.office.open()
    nominees(street.office, code, 3, "CSTDCS")
    nominees(street.office, code, 18)
    page = street.who("clerk").page
    page.set_viewport_size(LARGE)
    page.goto(f"/dossiers/{code}")
    expect(page.locator(OPEN)).to_have_count(2)
    page.set_viewport_size(SMALL)
    page.goto(f"/dossiers/{code}")
    if way == NO_SCRIPTS:
        expect(page.locator(OPEN)).to_have_count(2)
        return
    expect(page.locator(FOLDS)).to_have_count(2)
    expect(page.locator(OPEN)).to_have_count(0)
    wanted = f"#nomination-{street.office.nominations(code)[-1]}"
    page.goto(f"/dossiers/{code}{wanted}")
    expect(page.locator(wanted)).to_be_visible()
    expect(page.locator(OPEN)).to_have_count(1)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(OPEN)).to_have_count(2)


@pytest.mark.parametrize("way", [SCRIPTS], indirect=True)
def test_letters_do_nothing_once_they_are_turned_off(street: Street) -> None:
    first = street.office.dossier_at("at_education_office")
    schools_like(street.office, first, 2)
    page = street.who("appraiser").page
    page.goto("/queue")
    page.locator("footer button[name=keys][value=off]").click()
    expect(page.locator(".keys")).to_be_hidden()
    expect(page.locator("main [data-ticks]")).to_be_visible()
    for key in "jjx":
        page.keyboard.press(key)
    assert page.locator("main [name=dossier]:checked").count() == 0
    assert page.evaluate("document.activeElement === document.body")
    page.locator("footer button[name=keys][value=on]").click()
    expect(page.locator(".keys")).to_be_visible()
    for key in "jjx":
        page.keyboard.press(key)
    expect(page.locator("main [name=dossier]:checked")).to_have_count(1)
