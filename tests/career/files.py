"""Files of earlier years for tests: a heading and rows, as an office would hand them in."""

from __future__ import annotations

from casework.act import Done
from casework.career.import_file import Given, import_file, look_at_file
from casework.career.seen import Choices, SeenFile
from tests.build import Office

DAY = "2025-06-10"
TITLES = "Năm học;Danh hiệu;Họ tên;Ngày sinh;Mã;Số quyết định;Ngày;Cơ quan ban hành;Loại;Đơn vị"
GRADES = "Năm học;Xếp loại;Họ và tên;Mã;Số quyết định;Ngày;Cơ quan ban hành;Đơn vị"
INITIATIVES = (
    "Năm học;Tên sáng kiến;Phạm vi;Tác giả;Mã;Tỷ lệ đóng góp;Số quyết định;Ngày;Cơ quan ban hành;Đơn vị;"
    "Có giá trị đến;Đã dùng cho;Đã dùng năm học;Ngày áp dụng"
)


def title(
    person: str = "teacher",
    year: str = "2022-2023",
    what: str = "LĐTT",
    number: str = "",
    day: str = "",
    body: str = "huyen",
    *,
    name: str = "",
    birth: str = "",
    kind: str = "",
    unit: str = "",
) -> str:
    """A row of a file of titles; the decision is of the July after its year."""
    end = year[-4:]
    cells = (
        year,
        what,
        name,
        birth,
        person,
        number or f"{what}-{end}",
        day or f"15/07/{end}",
        body,
        kind,
        unit,
    )
    return ";".join(cells)


def grade(person: str = "teacher", year: str = "2022-2023", what: str = "HTTNV", unit: str = "") -> str:
    """A row of a file of grades."""
    return ";".join((year, what, "", person, f"12/QĐ-{year[-4:]}", f"30/05/{year[-4:]}", "Hiệu trưởng", unit))


def initiative(
    name: str = "Góc đọc mở",
    person: str = "teacher",
    share: str = "",
    *,
    year: str = "2022-2023",
    scope: str = "cơ sở",
    number: str = "",
    day: str = "",
    body: str = "huyen",
    unit: str = "th-mau-1",
    called: str = "",
    until: str = "",
    used: str = "",
    used_year: str = "",
    applied: str = "",
) -> str:
    """A row of a file of initiatives: one author; the decision is of the March of its year."""
    end = year[-4:]
    decided = (number or f"SK-{end}", day or f"15/03/{end}", body, unit)
    return ";".join((year, name, scope, called, person, share, *decided, until, used, used_year, applied))


def given(kind: str, heading: str, *rows: str, **more: object) -> Given:
    """A file of rows as it is handed in."""
    body = "\n".join((heading, *rows)).encode("utf-8-sig")
    return Given(kind, "cũ.csv", body, **more)  # type: ignore[arg-type]


def looked(office: Office, file: Given, person: str = "appraiser", day: str = DAY) -> SeenFile:
    """What a file means to somebody."""
    with office.database.read() as connection:
        return look_at_file(connection, file, office.call(person, day))


def imported(office: Office, file: Given, person: str = "appraiser", day: str = DAY) -> Done:
    """A file that is written."""
    return import_file(office.database, file, office.call(person, day))


def chosen(**people: str) -> Choices:
    """Choices by lines: line_3="teacher"."""
    return Choices({int(line.removeprefix("line_")): code for line, code in people.items()})
