"""Money and shares of grades at the terminal, and a revocation that takes the sheet's amount as it is."""

from __future__ import annotations

from cli import exits
from tests.build import ROOT, Office
from tests.cli.conftest import Thidua

RS_2025 = str(ROOT / "regulations" / "rulebooks" / "rs-2025.yaml")
WHERE = ("--as", "clerk")


def test_a_decisions_money_is_a_table_with_what_is_to_be_said_of_it(
    thidua: Thidua, cli_office: Office
) -> None:
    cli_office.dossier_at("decided")
    bare = thidua("money", "sheet", "12/QĐ-UBND")
    assert bare.code == exits.DONE and "Chưa có bộ quy định cho ngày quyết định." in bare.out
    assert thidua("rules", "publish", RS_2025).code == exits.DONE
    sheet = thidua("money", "sheet", "12/QĐ-UBND")
    assert sheet.code == exits.DONE
    for words in ("Người teacher", "0,3", "2.340.000", "710.000", "1.420.000 đ cho 2 khen thưởng", "rs-2025"):
        assert words in sheet.out, words
    data = thidua("money", "sheet", "12/QĐ-UBND", "--json", *WHERE).data
    assert [row["paid"] for row in data["rows"]] == [710_000, 710_000]
    assert thidua("money", "sheet", "13/QĐ-UBND").code == exits.NOT_FOUND
    # Whoever sees none of it is told the same as of a decision that is not there.
    hidden = thidua("money", "sheet", "12/QĐ-UBND", "--as", "bloc-head")
    assert hidden.code == exits.NOT_FOUND and "Không tìm thấy quyết định" in hidden.err
    year = thidua("money", "year", "2024-2025", "--lang", "en")
    assert "1,420,000 VND" in year.out and "12/QĐ-UBND" in year.out
    assert "chưa có khen thưởng" in thidua("money", "year", "2030-2031").out
    assert thidua("money", "year", "2024-2026").code == exits.USAGE


def test_a_revocation_takes_what_the_sheet_says_or_says_why_not(thidua: Thidua, cli_office: Office) -> None:
    code = cli_office.dossier_at("decided")
    assert thidua("rules", "publish", RS_2025).code == exits.DONE
    assert thidua("clock", "set", "2026-01-12 12:00").code == exits.DONE
    revoke = ["revoke", code, "--as", "chairman", "--reason", "Khai sai", "--number", "200/QĐ-UBND"]
    revoke += ["--date", "2026-01-10", "--signatory", "Người ký Mẫu"]
    for wrong in (["--by-sheet", "--money", "1", "--items", ""], ["--why-money", "x"]):
        assert thidua(*revoke, *wrong).code == exits.USAGE
    other = thidua(*revoke, "--money", "1404000", "--items", "không")
    assert other.code == exits.REFUSED and "khác bảng tiền thưởng (1.420.000 đ)" in other.err
    assert thidua(*revoke, "--by-sheet").code == exits.DONE
    shown = thidua("dossier", "show", code)
    assert "Thu hồi: 1.420.000 đ" in shown.out and "bảng tiền thưởng lúc hủy: 1.420.000 đ" in shown.out


def test_shares_of_grades_say_what_is_recorded_and_what_the_law_asks(thidua: Thidua) -> None:
    told = thidua("grades", "check", "th-mau-1", "2024-2025")
    assert told.code == exits.DONE and "Chưa ghi xếp loại nào" in told.out and "Chưa công bố" in told.out
    assert thidua("rules", "publish", RS_2025).code == exits.DONE
    assert thidua("grades", "check", "nowhere", "2024-2025").code == exits.NOT_FOUND
    data = thidua("grades", "check", "th-mau-1", "2024-2025", "--json", *WHERE).data
    assert (data["findings"], data["unit_grade"]) == ([], None)
