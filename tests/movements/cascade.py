"""One movement that goes down four levels, province, district, office and school, for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from casework.movements.launch import Plan, launch
from tests.build import Office

DAY = date.fromisoformat
TOP = Plan(
    code="doi-moi-2025",
    unit="tinh",
    theme="Đổi mới, sáng tạo trong dạy và học",
    number="88/KH-UBND",
    dated=DAY("2025-01-06"),
    since=DAY("2025-01-10"),
    until=DAY("2025-06-30"),
    kinds=("people_committee",),
    answer_by=DAY("2025-01-31"),
    review_by=DAY("2025-07-31"),
)
DISTRICT = replace(
    TOP,
    code="doi-moi-2025-huyen",
    unit="huyen",
    number="12/KH-UBND",
    dated=DAY("2025-01-15"),
    answers=TOP.code,
    kinds=("education_office",),
    answer_by=DAY("2025-02-10"),
    review_by=DAY("2025-07-15"),
)
EDUCATION = replace(
    DISTRICT,
    code="doi-moi-2025-pgd",
    unit="pgd",
    number="26/KH-PGDĐT",
    dated=DAY("2025-01-20"),
    answers=DISTRICT.code,
    kinds=("school",),
    answer_by=DAY("2025-02-20"),
    review_by=DAY("2025-06-30"),
)
SCHOOL = Plan(
    code="doi-moi-2025-th-mau-1",
    unit="th-mau-1",
    theme="Mỗi giáo viên một đổi mới",
    number="05/KH-THM1",
    dated=DAY("2025-02-03"),
    since=DAY("2025-02-03"),
    until=DAY("2025-05-31"),
    answers=EDUCATION.code,
)
CASCADE = (
    (TOP, "province-chairman", "2025-01-08"),
    (DISTRICT, "chairman", "2025-01-16"),
    (EDUCATION, "office-head", "2025-01-21"),
    (SCHOOL, "principal", "2025-02-04"),
)


def go(office: Office, plan: Plan, person: str, day: str, **options: Any) -> Any:
    return launch(office.database, None, plan, office.call(person, day), **options)


def cascade(office: Office, levels: int = 4) -> None:
    for plan, person, day in CASCADE[:levels]:
        go(office, plan, person, day)
