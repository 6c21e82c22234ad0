"""What the law adds to the lively office: histories by files and by hand, rulebooks, verdicts that were taken again."""

from __future__ import annotations

from datetime import date

from casework.career.annul_discipline import annul_discipline
from casework.career.close_matter import close_matter
from casework.career.complete import state_complete, state_whole, unstate_complete
from casework.career.correct_grade import correct_grade
from casework.career.end_service import end_service
from casework.career.mark_served import mark_served
from casework.career.open_matter import open_matter
from casework.career.record_discipline import record_discipline
from casework.career.record_grades import GradeDecision, TypedGrade, record_grades
from casework.career.record_service import record_service
from casework.career.take_back import take_back_import
from tests.build import Office
from tests.career.files import GRADES, TITLES, given, grade, imported, title
from tests.law.lawful import publish_books

OF_YEAR = GradeDecision("2024-2025", "15/QĐ-TH", date(2025, 5, 28), "Hiệu trưởng Trường Mẫu 1")
DISCIPLINES = "Hình thức kỷ luật;Mã;Số quyết định;Ngày;Chấp hành xong"
SERVICE = "Loại thời gian;Mã;Từ ngày;Đến ngày"


def law_told(office: Office) -> None:
    """Rulebooks, histories, a decided dossier and one on its way, and corrections under the verdicts on both."""
    publish_books(office)
    _files(office)
    _by_hand(office)
    office.dossier_at("decided", "local", "teacher", "teacher-2")
    on_its_way = office.dossier_at("at_education_office", "local", "clerk")
    office.step(on_its_way, "appraise", "appraiser", "2025-06-20", support_rest=True)
    _corrected(office)


def _files(office: Office) -> None:
    """career-import:1 titles with complete years, :2 grades, :3 disciplines, :4 service; :5 was taken back."""
    rows = (title(), title("teacher", "2021-2022"), title("teacher-2"))
    imported(office, given("titles", TITLES, *rows, unit="th-mau-1", complete=(2021, 2022)), day="2025-02-10")
    rows = (grade("clerk", "2024-2025"), grade("teacher"))
    imported(office, given("grades", GRADES, *rows), day="2025-06-02")
    imported(
        office,
        given("disciplines", DISCIPLINES, "cảnh cáo;teacher-2;6/QĐ;01/02/2022;01/08/2022"),
        day="2025-02-12",
    )
    rows = ("công tác trong ngành;teacher;01/09/2001;", "hard_area;teacher;01/09/2005;31/08/2010")
    imported(office, given("service", SERVICE, *rows), day="2025-02-13")
    wrong = imported(office, given("titles", TITLES, title("clerk", "2020-2021")), day="2025-02-14")
    number = int(wrong.subject.partition(":")[2])
    take_back_import(office.database, number, "Nhập nhầm tệp.", office.call("appraiser", "2025-02-15"))


def _by_hand(office: Office) -> None:
    """Grades, one of them corrected; disciplines served and annulled; service ended; years stated and taken back."""
    database = office.database
    listed = [TypedGrade("teacher", "HTTNV"), TypedGrade("teacher-2", "HTTNV")]
    record_grades(database, "th-mau-1", OF_YEAR, listed, office.call("clerk", "2025-06-03"))
    of_school = [TypedGrade("th-mau-1", "HTTNV")]
    record_grades(database, "th-mau-1", OF_YEAR, of_school, office.call("appraiser", "2025-06-03"))
    keeper = "appraiser"
    another = GradeDecision("2022-2023", "20/QĐ-PGD", date(2025, 6, 4), "Trưởng phòng")
    call = office.call(keeper, "2025-06-05")
    correct_grade(database, "teacher", "HTXSNV", another, "Ghi nhầm mức.", call)
    for number, day in (("9/QĐ", date(2025, 3, 1)), ("10/QĐ", date(2025, 3, 2))):
        call = office.call(keeper, "2025-03-05")
        made = record_discipline(database, "teacher-2", "khien_trach", number, day, call).payload[
            "discipline"
        ]
        if number == "9/QĐ":
            mark_served(database, made, date(2025, 6, 1), office.call(keeper, "2025-06-02"))
        else:
            annul_discipline(database, made, "Quyết định đã bị hủy.", office.call(keeper, "2025-06-02"))
    call = office.call(keeper, "2025-03-06")
    made = record_service(database, "clerk", "trade", date(2015, 9, 1), None, call).payload["service"]
    end_service(database, made, date(2025, 5, 31), office.call(keeper, "2025-06-02"))
    call = office.call(keeper, "2025-06-06")
    state_complete(database, "th-mau-1", "grades", [2022, 2023], call)
    call = office.call(keeper, "2025-06-07")
    unstate_complete(database, "th-mau-1", "grades", [2022], call)
    state_whole(database, "teacher", office.call(keeper, "2025-06-07"))


def _corrected(office: Office) -> None:
    """A matter about the clerk holds what is on its way and is closed; a grade under what is decided is corrected."""
    database, call = office.database, office.call("appraiser", "2025-06-24")
    about = "Có đơn về việc thu chi."
    matter = open_matter(database, "clerk", "complaint", date(2025, 6, 23), about, call).payload["matter"]
    close_matter(database, matter, date(2025, 7, 1), "clean", office.call("appraiser", "2025-07-01"))
    another = GradeDecision("2024-2025", "30/QĐ-PGD", date(2025, 8, 1), "Trưởng phòng")
    call = office.call("appraiser", "2025-08-04")
    correct_grade(database, "teacher-2", "HTXSNV", another, "Bỏ sót minh chứng.", call)
