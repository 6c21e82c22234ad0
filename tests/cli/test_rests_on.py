"""At the terminal: an award that rests on a movement, an initiative taken back, what lies open of a council."""

from __future__ import annotations

from pathlib import Path

from tests.build import ROOT, Office
from tests.career.files import INITIATIVES
from tests.career.files import initiative as of_earlier_year
from tests.cli.conftest import Thidua
from tests.council.sessions import DAY, Story
from tests.initiatives.lists import Lists, initiative
from tests.movements.cascade import TOP, cascade


def test_an_award_names_its_movement_and_is_shown_with_it(thidua: Thidua, cli_office: Office) -> None:
    cascade(cli_office)
    code = cli_office.open("province")
    refused = thidua("dossier", "nominate", code, "teacher", "--title", "BKT-CD", "--as", "clerk")
    assert refused.code == 3 and "--movement" in refused.err
    given = ("dossier", "nominate", code, "teacher", "--title", "BKT-CD", "--movement", TOP.code)
    assert thidua(*given, "--as", "clerk").code == 0
    shown = thidua("dossier", "show", code)
    assert (shown.code, "Trong phong trào" in shown.out) == (0, True)
    assert "Đơn vị chưa tổng kết" in " ".join(shown.out.split())
    assert code in thidua("movement", "show", TOP.code).out
    number = str(cli_office.nominations(code)[0])
    assert thidua("dossier", "name-movement", code, number, "--as", "clerk").code == 2
    assert thidua("dossier", "name-movement", code, number, "--none", "--as", "clerk").code == 3


def test_an_initiative_is_taken_back_and_shown_so(thidua: Thidua, cli_office: Office) -> None:
    (code,) = Lists(cli_office).add(initiative())
    assert thidua("initiative", "take-back", code, "--reason", "Ghi nhầm", "--as", "clerk").code == 0
    shown = thidua("initiative", "show", code)
    assert shown.code == 0 and "Ghi nhầm" in shown.out
    assert code not in thidua("initiative", "list").out
    assert code in thidua("initiative", "list", "--standing", "taken_back").out


def test_what_lies_open_of_a_session_is_shown_and_closed(thidua: Thidua, cli_office: Office) -> None:
    window = "publicity: {days: 3, count: working_days, when: before, article: Điều 6, verified: false}\n"
    text = (ROOT / "regulations/councils/local-2024.yaml").read_text() + window
    story = Story(cli_office, rules=text.encode())
    story.call(*story.dossier())
    shown = thidua("councils", "session", str(story.session))
    assert "Công khai từ 15/07/2025 đến hết 17/07/2025" in " ".join(shown.out.split())
    assert "chưa đối chiếu" in shown.out
    assert thidua("clock", "set", f"{DAY} 12:00").code == 0
    given = ("councils", "close-publicity", str(story.session), "--text", "Không có kiến nghị")
    assert thidua(*given, "--as", "council-secretary").code == 0
    assert "Đã kết thúc công khai" in thidua("councils", "session", str(story.session)).out


def test_initiatives_of_earlier_years_come_from_a_file_and_are_shown_with_it(
    thidua: Thidua, cli_office: Office, tmp_path: Path
) -> None:
    file = tmp_path / "sáng kiến cũ.csv"
    rows = (
        of_earlier_year("Vườn sách", "teacher", "60", scope="cấp tỉnh", body="tinh"),
        of_earlier_year(
            "Vườn sách", "clerk", "40", scope="cấp tỉnh", body="tinh", used="CSTĐCS", used_year="2023-2024"
        ),
    )
    file.write_text("\n".join((INITIATIVES, *rows)), encoding="utf-8")
    asked = ("career", "import", str(file), "--kind", "initiatives", "--as", "appraiser")
    looked = thidua(*asked)
    assert looked.code == 0 and "Chưa ghi gì" in looked.out
    assert thidua(*asked, "--confirm").code == 0
    shown = thidua("initiative", "show", "th-mau-1.2223.sk1").out
    assert "Vườn sách" in shown and "sáng kiến cũ.csv" in shown
    assert "năm học 2023-2024, theo hồ sơ cũ" in " ".join(shown.split())
    assert "sáng kiến cũ.csv" in " ".join(thidua("initiative", "list").out.split())
    assert "Vườn sách" in thidua("career", "show", "teacher").out
    assert thidua("career", "take-back", "1", "--reason", "sai tệp", "--as", "appraiser").code == 0
    assert thidua("initiative", "show", "th-mau-1.2223.sk1").code != 0
