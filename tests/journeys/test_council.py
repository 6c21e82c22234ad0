"""A session with a secret ballot by five members on phones, from the call to the minutes."""

from __future__ import annotations

import re

import pytest

from tests.council.sessions import DAY, MEMBERS, Story
from tests.journeys.conftest import Street
from tests.journeys.hands import Hands, every_way

pytestmark = pytest.mark.tools

PHONE = 360
CODE = re.compile(r"\b[ACDEFGHJKMNPQRTWXY3467]{10}\b")
VOTES = {
    "council-chair": ("yes", "yes"),
    "council-secretary": ("yes", "no"),
    "office-head": ("yes", "abstain"),
    "vice-chairman": ("yes", "no"),
    "province-council": ("no", "yes"),
}


def choose(hands: Hands, nomination: int, choice: str) -> None:
    """Choose on a ballot; by keyboard one comes to the first of the three, and goes on by arrows."""
    if not hands.keyboard:
        hands.tick(f"main [name=on-{nomination}][value={choice}]")
        return
    hands.tick(f"main [name=on-{nomination}][value=yes]")
    for _ in range(("yes", "no", "abstain").index(choice)):
        hands.page.keyboard.press("ArrowDown")


@every_way
def test_five_members_vote_on_phones_and_find_their_ballots(street: Street) -> None:
    story = Story(street.office)
    one, two = story.dossier("teacher", "teacher-2", title="CSTDCS")
    street.stand(DAY)
    secretary, chair = street.who("council-secretary"), street.who("council-chair")

    secretary.open(f"/councils/{story.council}/call")
    secretary.fill("held_on", "18/07/2025")
    secretary.fill("place", "Phòng họp số 1")
    secretary.press("main form:has([name=held_on]) >> button")
    secretary.is_told_that_it_is_done()
    here = secretary.page.url.partition("?")[0].removeprefix(street.address)
    secretary.press(f"main form[action='{here}/attend'] >> button")
    secretary.sees("Có mặt 5/5, cần 4")

    chair.open(here)
    chair.sees("Phiếu kín không ghi tên", "4 trên tổng số 5 thành viên")
    chair.press(f"main form[action='{here}/open'] >> button")
    chair.sees("đang bỏ phiếu")

    codes = {}
    for person, (first, second) in VOTES.items():
        phone = street.browser(person, width=PHONE)
        phone.open(here)
        phone.press("main a.vote-now")
        choose(phone, one, first)
        choose(phone, two, second)
        assert phone.page.evaluate("document.documentElement.scrollWidth") <= PHONE
        phone.press("main button.cast")
        phone.sees("Phiếu của Ông/Bà đã vào hòm phiếu")
        found = CODE.findall(phone.page.inner_text("main"))
        assert len(found) == 1
        codes[person] = found[0]
        phone.press("main a.button")
        phone.sees("Ông/Bà đã bỏ phiếu.")

    secretary.open(here)
    secretary.sees("Đã bỏ phiếu: 5/5")
    secretary.sees_not(*codes.values())
    secretary.press(f"main form[action='{here}/count'] >> button")
    # 80 % of all five is four: the first has four, the second two.
    secretary.sees("4/5, cần 4", "2/5, cần 4", *codes.values())
    secretary.press(f"main form[action='{here}/close'] >> button")
    secretary.sees("đã kết thúc")
    secretary.press(f"main a[href='{here}/minutes']")
    secretary.sees(
        "Biên bản kiểm phiếu",
        "Tổng số thành viên: 5. Có mặt: 5 (cần 4). Vắng mặt: 0.",
        "4/5 (80,0 %)",
        "THƯ KÝ",
        "CHỦ TỌA",
    )
    verdicts = {row["nomination_id"]: row["verdict"] for row in story.rows("opinion") if row["members"] == 5}
    assert verdicts == {one: "supported", two: "not_supported"}
    assert len(MEMBERS) == len(codes)
