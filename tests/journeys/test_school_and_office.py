"""What passes between a school and the education office beside the straight way."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.documents.paper_bytes import pdf
from tests.journeys.conftest import Street
from tests.journeys.hands import every_way

pytestmark = pytest.mark.tools

LACKS = "Biên bản họp hội đồng chưa có chữ ký của thư ký"
FLOODED = "Trường bị ngập, chưa họp được hội đồng"
COMPLETION = "/calendar/2024-2025/dossier-completion/th-mau-1"


@every_way
def test_a_returned_dossier_is_completed_by_its_school_and_handed_in_again(
    street: Street, tmp_path: Path
) -> None:
    code = street.office.dossier_at("at_education_office")
    street.stand("2025-06-12")
    appraiser, clerk = street.who("appraiser"), street.who("clerk")
    appraiser.open(f"/dossiers/{code}")
    appraiser.press("main a[href$='/steps/return']")
    appraiser.tick("main [name='pin_paper'] >> nth=0")
    appraiser.fill("reason", LACKS)
    appraiser.press("main form:has([name=reason]) button:not([type=reset])")
    appraiser.is_told_that_it_is_done()

    clerk.open("/")
    clerk.press(f"main .todo a[href='/dossiers/{code}']")
    clerk.sees("Trả lại để bổ sung", LACKS)
    minutes = tmp_path / "Biên bản đã ký.pdf"
    minutes.write_bytes(pdf("biên bản"))
    clerk.press("main a[href$='/papers']")
    clerk.page.select_option("main [name='kind']", "council_minutes")
    clerk.upload("file", minutes)
    clerk.press("main form button")
    clerk.sees("Biên bản đã ký.pdf")
    street.stand("2025-06-13")
    clerk.takes(code, "resubmit")

    appraiser.open("/queue")
    appraiser.sees("2 thay đổi")
    appraiser.press(f"main a[href^='/dossiers/{code}']")
    appraiser.sees("Biên bản đã ký.pdf")
    appraiser.takes(code, "appraise", support_rest="yes")
    assert street.office.row(code)["state"] == "to_file"


@every_way
def test_a_school_that_is_late_reads_whom_to_ask_and_hands_in_once_more_time_is_granted(
    street: Street,
) -> None:
    code = street.office.dossier_at("ready")
    street.stand("2025-07-01")
    clerk, office = street.who("clerk"), street.who("appraiser")
    clerk.open(f"/dossiers/{code}/steps/hand_in")
    clerk.sees(
        "Đã hết hạn “Hoàn thiện hồ sơ” vào hết thứ Hai 30/06/2025", "đề nghị cơ quan phụ trách gia hạn"
    )
    assert clerk.page.locator("main form button:disabled").count() == 1
    clerk.open(COMPLETION)
    clerk.sees("Muốn xin gia hạn, hãy gửi đề nghị kèm lý do đến Đơn vị pgd")

    office.open(COMPLETION)
    office.fill("until", "04/07/2025")
    office.fill("extend_reason", FLOODED)
    office.press("main form[action$='/extend'] button")
    office.is_told_that_it_is_done()

    clerk.open(COMPLETION)
    clerk.sees("gia hạn đến hết thứ Sáu 04/07/2025", FLOODED)
    clerk.takes(code, "hand_in")
    assert street.office.row(code)["state"] == "at_education_office"


@every_way
def test_a_school_withdraws_a_dossier_and_restores_it_to_where_it_was(street: Street) -> None:
    code = street.office.dossier_at("at_education_office")
    street.stand("2025-06-12")
    clerk, office = street.who("clerk"), street.who("appraiser")
    office.open("/queue")
    office.sees(code)
    clerk.takes(code, "withdraw", reason="Hội đồng trường xét lại")
    clerk.sees("Trường đã rút")
    office.open("/queue")
    office.sees_not(code)
    clerk.takes(code, "restore", reason="Hội đồng trường giữ nguyên đề nghị")
    clerk.sees("Phòng GDĐT thẩm định sơ bộ")
    office.open("/queue")
    office.sees(code)
    office.open(f"/dossiers/{code}")
    office.sees("Hội đồng trường giữ nguyên đề nghị")


@pytest.mark.parametrize("way", ["scripts", "no-scripts"], indirect=True)
def test_an_appraiser_lends_her_duty_and_a_colleague_acts_for_her(street: Street) -> None:
    code = street.office.dossier_at("at_education_office")
    appraiser, colleague = street.who("appraiser"), street.who("office-head")
    colleague.open(f"/dossiers/{code}")
    assert colleague.page.locator("main a[href$='/steps/appraise']").count() == 0
    appraiser.open("/account/duties")
    appraiser.fills_in(to="office-head", since="2025-06-10", until="2025-06-20")
    appraiser.press("main form[action$='/lend'] button")
    appraiser.is_told_that_it_is_done()

    colleague.open("/queue")
    colleague.sees(code)
    colleague.takes(code, "appraise", support_rest="yes")
    clerk = street.who("clerk")
    clerk.open(f"/dossiers/{code}")
    clerk.sees("Người office-head thay Người appraiser")

    another = street.office.dossier_at("at_education_office", "local", "principal")
    appraiser.open("/account/duties")
    appraiser.press("main form[action$='/end'] button")
    appraiser.is_told_that_it_is_done()
    colleague.open(f"/dossiers/{another}")
    assert colleague.page.locator("main a[href$='/steps/appraise']").count() == 0
