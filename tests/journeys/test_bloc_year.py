"""Five schools on phones go through a year of their bloc: from the covenant to the ranking."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.bloc.stage import YEAR, Bloc, make_bloc
from tests.journeys.conftest import Street
from tests.journeys.hands import KEYBOARD, NO_SCRIPTS, SCRIPTS, Hands

pytestmark = pytest.mark.tools

SCHOOLS = ("th-mot", "th-hai", "th-ba", "th-bon", "th-nam")
PATH = f"/blocs/khoi-thu/year/{YEAR}"
PHONE = 360
#: what each school is worth, in hundredths of every item's points
WORTH = dict(zip(SCHOOLS, (95, 85, 90, 80, 75), strict=True))
MOST = {"1.1": 40, "1.2": 20, "2.1": 20, "3.1": 20}


def _phone(street: Street, person: str) -> Hands:
    if person not in street.people:
        street.people[person] = street.browser(person, width=PHONE)
    return street.people[person]


def _fits(hands: Hands) -> None:
    """Nothing on the page is broader than the phone."""
    hands.page.wait_for_load_state()
    assert hands.page.evaluate("document.documentElement.scrollWidth") <= PHONE, hands.page.url


def _does(hands: Hands, act: str, at: str = PATH, **fields: str) -> None:
    """Fill in the one form that the page of the year offers (or that of an act's own page), and send it."""
    hands.open(at)
    _fits(hands)
    for name, value in fields.items():
        field = hands.page.locator(f"main [name='{name}']")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        elif field.get_attribute("type") != "hidden":
            hands.fill(name, value)
    hands.press(f"main form[action$='/acts/{act}'] p.act button")
    hands.is_told_that_it_is_done()


def _scores(hands: Hands, scored: str) -> None:
    """Type the points of a sheet that is open, and file it."""
    for item, most in MOST.items():
        points = f"{most * WORTH[scored] / 100:g}".replace(".", ",")
        hands.fill(f"p-{item}", points)
    hands.press("main form:has([data-points]) p.act button")
    hands.is_told_that_it_is_done()


def _scored_of(bloc: Bloc, number: str) -> str:
    codes = {unit: code for code, unit in bloc.office.units.items()}
    with bloc.database.read() as connection:
        row = connection.exec_driver_sql("SELECT scored_id FROM score_sheet WHERE id = ?", (int(number),))
        return codes[row.scalar_one()]


@pytest.mark.parametrize("way", [SCRIPTS, NO_SCRIPTS, KEYBOARD], indirect=True)
def test_five_schools_on_phones_go_from_the_covenant_to_the_ranking(street: Street, way: str) -> None:
    bloc = make_bloc(street.office, SCHOOLS)
    street.stand("2024-10-20")
    head = _phone(street, bloc.head)
    _does(
        head,
        "hold_meeting",
        held_on="20/10/2024",
        place="Trường Mẫu",
        secretary="th-mot.clerk",
    )
    for school in SCHOOLS:
        principal = _phone(street, f"{school}.principal")
        # Head and deputy are offered the bloc's own next act first; their own school is chosen already.
        leads = school in (SCHOOLS[0], SCHOOLS[-1])
        at = f"{PATH}/acts/sign_covenant" if leads else PATH
        _does(principal, "sign_covenant", at, signed_on="20/10/2024")
    principal.sees_not("chưa ký")
    _does(head, "approve_card")
    street.stand("2025-05-06")
    _does(head, "assign_scoring", seed="17")

    # Each school is led from Today to its sheets, one after the other.
    for school in SCHOOLS:
        clerk = _phone(street, f"{school}.clerk")
        clerk.open("/")
        _fits(clerk)
        clerk.sees("Phiếu chấm chờ nộp: 3")
        clerk.press("main .todo a[href*='/sheets/'] >> nth=0")
        for n in range(3):
            _fits(clerk)
            _scores(clerk, _scored_of(bloc, clerk.page.url.split("/sheets/")[1].split("?")[0]))
            if n < 2:
                clerk.press("main a.button[href*='/sheets/']")
    assert bloc.pairs("open") == []

    street.stand("2025-05-20")
    _does(head, "hold_meeting", held_on="20/05/2025", place="Trường Mẫu", secretary="th-mot.clerk")
    _does(head, "settle_scores")
    for school in SCHOOLS:
        clerk = _phone(street, f"{school}.clerk")
        clerk.open(PATH)
        clerk.press("main a[href$='/matrix']")
        _fits(clerk)
        clerk.sees("Xếp hạng", f"{WORTH[school]}")
        expect(clerk.page.locator("div.matrix-narrow")).to_be_visible()
        expect(clerk.page.locator("div.matrix-broad")).to_be_hidden()
        ranks = clerk.page.locator("table.ranking th[scope=row]")
        expect(ranks.first).to_have_text("Trường th-mot")


def test_sums_run_along_and_enter_leads_to_the_next_item(street: Street) -> None:
    bloc = make_bloc(street.office, SCHOOLS)
    bloc.approve()
    bloc.draw()
    street.stand("2025-05-06")
    clerk = street.browser("th-hai.clerk", width=PHONE)
    clerk.open(PATH)
    clerk.press("main a.button[href*='/sheets/']")
    first = clerk.page.locator("[name='p-1.1']")
    first.fill("35,5")
    first.press("Enter")
    expect(clerk.page.locator("[name='p-1.2']")).to_be_focused()
    clerk.page.keyboard.type("21")
    expect(clerk.page.locator("[data-sum=ND1]")).to_have_text("Đang có 56,5")
    expect(clerk.page.locator("[data-total]")).to_contain_text("56,5")
    expect(clerk.page.locator(".over:visible")).to_have_text("Quá điểm tối đa")
    clerk.page.keyboard.press("Enter")
    clerk.page.keyboard.press("Enter")
    clerk.page.keyboard.press("Enter")
    expect(clerk.page.locator("form[data-sums] p.act button")).to_be_focused()
