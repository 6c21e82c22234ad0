"""A school lists its people: pasted from a spreadsheet, and from a file; looked at before anything is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Street
from tests.journeys.hands import every_way

pytestmark = pytest.mark.tools

PASTED = "Người teacher\tLDTT\nteacher-2\tLDTT\nAi đó\tLDTT"
_PASTE = """(field, text) => {
  const held = new DataTransfer();
  held.setData("text", text);
  field.dispatchEvent(new ClipboardEvent("paste", {clipboardData: held, bubbles: true, cancelable: true}));
}"""


@every_way
def test_a_pasted_list_and_a_file_are_looked_at_row_by_row_and_then_written(
    street: Street, tmp_path: Path
) -> None:
    code = street.office.open()
    street.stand("2024-09-12")
    clerk = street.who("clerk")
    clerk.open(f"/dossiers/{code}/nominations")
    clerk.fill("list", PASTED)
    clerk.press("main form:has([name=list]) >> button")
    clerk.sees("ghi được 2 trên 3 dòng", "không tìm thấy người này ở trường")
    expect(clerk.page.locator("[name='who-3']")).to_have_value("Ai đó")
    assert street.office.nominations(code) == []
    clerk.press("main button[value=write]")
    clerk.is_told_that_it_is_done()
    assert len(street.office.nominations(code)) == 2

    # Whoever could not be found is listed again, and is left out now.
    clerk.open(f"/dossiers/{code}/nominations")
    more = tmp_path / "danh-sach.csv"
    more.write_text("Họ và tên;Danh hiệu\nNgười principal;LDTT\n", encoding="utf-8-sig")
    clerk.upload("file", more)
    clerk.press("main form:has([name=list]) >> button")
    clerk.sees("Người principal")
    clerk.press("main button[value=write]")
    clerk.is_told_that_it_is_done()
    assert len(street.office.nominations(code)) == 3
    clerk.takes(code, "register")


def test_rows_pasted_into_the_line_for_one_name_go_to_the_list(street: Street) -> None:
    code = street.office.open()
    street.stand("2024-09-12")
    clerk = street.who("clerk")
    clerk.open(f"/dossiers/{code}/nominations")
    clerk.page.locator("#line-0").evaluate(_PASTE, PASTED)
    expect(clerk.page.locator("#list")).to_have_value(PASTED)
    expect(clerk.page.locator("#line-0")).to_have_value("")
