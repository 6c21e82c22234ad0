"""One dossier from the school to the province's decision, by people who each have a browser of their own."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import Street
from tests.journeys.hands import every_way

pytestmark = pytest.mark.tools

PAPERS = ("submission_letter", "achievement_report", "council_minutes", "publicity_notice", "party_opinion")


@every_way
def test_ten_people_take_a_dossier_to_the_provinces_decision(street: Street) -> None:
    office = street.office
    code = office.open("province")
    office.nominate(code, "teacher", title="BKT-TX")
    office.papers(code, *PAPERS)

    def step(on: str, person: str, event: str, /, **fields: str) -> None:
        street.stand(on)
        street.who(person).takes(code, event, **fields)

    yes = {"support_rest": "yes"}
    step("2024-10-15", "clerk", "register")
    step("2025-05-05", "clerk", "hand_in")
    step("2025-05-20", "bloc-head", "record_score", points="912,5", rank="1")
    step("2025-05-26", "clerk", "convene")
    step("2025-05-28", "school-council", "record_council", **yes)
    step("2025-06-05", "clerk", "hand_in")
    step("2025-06-20", "appraiser", "appraise", **yes)
    step("2025-07-02", "clerk", "file", receipt="H01.2025.0001")
    step("2025-07-10", "reviewer", "appraise", **yes)
    step("2025-07-18", "council-secretary", "record_council", **yes)
    step("2025-07-25", "chairman", "endorse")
    step("2025-08-10", "province-appraiser", "appraise", **yes)
    step("2025-09-10", "province-council", "record_council", **yes)
    made = {"number": "1500/QĐ-UBND", "day": "20/09/2025", "signatory": "Người ký Mẫu"}
    step("2025-09-20", "province-chairman", "decide", **made)
    assert office.row(code)["state_kind"] == "decided"
    clerk = street.who("clerk")
    clerk.open(f"/dossiers/{code}")
    clerk.sees("1500/QĐ-UBND")
