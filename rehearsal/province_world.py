"""A made-up province of any size: schools, blocs, districts that end, communes that begin, and people for all.

Nothing in it exists: every unit shows it by its name. The same size always gives the same province.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from functools import cache

from rehearsal.sample_files import regulation_texts
from rehearsal.world import Row, World

# About as many schools stand under one district, and then under one commune; so many make a bloc.
IN_A_DISTRICT, IN_A_BLOC = 25, 10
STAFF = 41
PROVINCE, STATE, MINISTRY = "ubnd-tinh-mau", "ban-tdkt-tw", "bo-gddt"
EDUCATION, INTERIOR, COUNCIL, PARTY = "so-gddt-mau", "so-noi-vu-mau", "hd-tdkt-tinh-mau", "tinh-uy-mau"
ADMINISTRATOR = "cb-00001"

_FIRST, _EVE, _REFORM, _OPEN = "2019-09-01", "2025-06-30", "2025-07-01", ""
_SINCE = "2021-07-01"
# Of a school's staff so many of a hundred were advanced workers in the last year.
_ADVANCED = 85
_LAST_YEAR, _DECIDED_ON = "2023-2024", "2024-07-22"

_FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Phan", "Võ", "Đặng", "Bùi", "Đỗ", "Danh", "Lâm")
_MIDDLES = ("Thị Kim", "Thị Bích", "Ngọc", "Thúy", "Trúc", "Văn", "Hữu", "Quốc", "Thành", "Trọng")
_GIVENS = (
    "An",
    "Chi",
    "Duyên",
    "Giang",
    "Hân",
    "Khoa",
    "Lộc",
    "Mai",
    "Nghĩa",
    "Phúc",
    "Quyên",
    "Thảo",
    "Vinh",
)


class _Rows:
    """The rows of a province while it is put together."""

    def __init__(self) -> None:
        self.dice = random.Random("thidua/province")
        self.units: list[Row] = []
        self.placements: list[Row] = []
        self.people: list[Row] = []
        self.moves: list[Row] = []
        self.duties: list[Row] = []
        self.awards: list[Row] = []

    def unit(self, code: str, kind: str, name: str, since: str = _FIRST, until: str = _OPEN) -> str:
        self.units.append(
            {
                "code": code,
                "kind": kind,
                "name": name,
                "verified": "false",
                "source": "invented",
                "since": since,
                "until": until,
                "invented": "true",
            }
        )
        return code

    def place(
        self, unit: str, under: str, *, relation: str = "authority", since: str = _FIRST, until: str = _OPEN
    ) -> None:
        self.placements.append(
            {"unit": unit, "relation": relation, "under": under, "since": since, "until": until}
        )

    def person(self, unit: str, prefix: str = "cb", since: str = _FIRST) -> str:
        code = f"{prefix}-{len(self.people) + 1:05d}"
        name = " ".join(self.dice.choice(part) for part in (_FAMILIES, _MIDDLES, _GIVENS))
        self.people.append(
            {
                "code": code,
                "name": name,
                "birth_date": f"{self.dice.randint(1970, 1995)}-{self.dice.randint(1, 12):02d}-15",
                "gender": self.dice.choice(("female", "male")),
                "email": f"{code.replace('-', '')}@tinhmau.example",
                "locale": "vi",
                "unit": unit,
                "since": since,
            }
        )
        return code

    def duty(self, person: str, unit: str, duty: str, since: str = _SINCE, until: str = _OPEN) -> None:
        self.duties.append({"person": person, "unit": unit, "duty": duty, "since": since, "until": until})

    def post(self, unit: str, *duties: str, since: str = _SINCE, until: str = _OPEN) -> str:
        """A new person with some duties at a unit."""
        person = self.person(unit, since=_FIRST if since == _SINCE else since)
        for duty in duties:
            self.duty(person, unit, duty, since, until)
        return person


@cache
def province_world(schools: int) -> World:
    """A province with so many schools."""
    rows = _Rows()
    _above(rows)
    numbers = range(1, schools + 1)
    for district, start in enumerate(range(0, schools, IN_A_DISTRICT), start=1):
        _district(rows, district, numbers[start : start + IN_A_DISTRICT])
    return World(
        f"a made-up province of {schools} schools",
        rows.units,
        rows.placements,
        rows.people,
        rows.moves,
        rows.duties,
        rows.awards,
        # Successors are found by kind: what is said of the offices of two real districts concerns nobody here.
        regulation_texts(),
    )


def _above(rows: _Rows) -> None:
    """What stands above the districts and stays."""
    rows.unit(STATE, "state", "Ban Thi đua - Khen thưởng Trung ương (mẫu)")
    rows.unit(MINISTRY, "ministry", "Bộ Giáo dục và Đào tạo (mẫu)")
    rows.unit(PROVINCE, "province_committee", "Ủy ban nhân dân tỉnh Mẫu")
    rows.place(PROVINCE, STATE)
    for code, kind, name in (
        (EDUCATION, "education_department", "Sở Giáo dục và Đào tạo tỉnh Mẫu"),
        (INTERIOR, "interior_department", "Sở Nội vụ tỉnh Mẫu"),
        (COUNCIL, "provincial_council", "Hội đồng Thi đua - Khen thưởng tỉnh Mẫu"),
    ):
        rows.unit(code, kind, name)
        rows.place(code, PROVINCE)
    rows.unit(PARTY, "party_committee", "Ban Thường vụ Tỉnh ủy Mẫu")
    rows.post(EDUCATION, "administrator")
    rows.post(EDUCATION, "office_head")
    rows.post(EDUCATION, "ministry_branch")
    rows.post(INTERIOR, "office_head")
    rows.post(INTERIOR, "province_appraiser")
    rows.post(INTERIOR, "province_appraiser")
    rows.post(COUNCIL, "council_secretary")
    chairman = rows.post(PROVINCE, "chairman")
    rows.duty(chairman, COUNCIL, "council_chair")
    rows.post(PROVINCE, "vice_chairman")
    rows.post(PARTY, "party_secretary")
    rows.post(MINISTRY, "ministry_decider")
    rows.post(STATE, "state_desk")


def _district(rows: _Rows, number: int, mine: Sequence[int]) -> None:
    """A district with its offices, the commune that follows it, its blocs and schools."""
    committee, commune = f"ubnd-huyen-mau-{number}", f"ubnd-xa-mau-{number}"
    _offices(rows, number, committee, commune)
    count = -(-len(mine) // IN_A_BLOC)
    for place in range(count):
        members = mine[place::count]
        bloc = rows.unit(f"khoi-mau-{number}-{place + 1}", "bloc", f"Khối thi đua Mẫu {number}.{place + 1}")
        rows.place(bloc, committee, until=_EVE)
        rows.place(bloc, PROVINCE, since=_REFORM)
        principals = [_school(rows, school, committee, commune, bloc) for school in members]
        rows.duty(principals[0], bloc, "bloc_head", "2024-09-01")
        rows.duty(principals[-1], bloc, "bloc_deputy", "2024-09-01")


def _offices(rows: _Rows, number: int, committee: str, commune: str) -> None:
    rows.unit(committee, "people_committee", f"Ủy ban nhân dân huyện Mẫu {number}", until=_EVE)
    rows.place(committee, PROVINCE, until=_EVE)
    rows.unit(commune, "people_committee", f"Ủy ban nhân dân xã Mẫu {number}", since=_REFORM)
    rows.place(commune, PROVINCE, since=_REFORM)
    for code, kind, name, above, duties in (
        (f"pgd-mau-{number}", "education_office", "Phòng Giáo dục và Đào tạo huyện", committee, _EDUCATION),
        (
            f"pnv-mau-{number}",
            "interior_office",
            "Phòng Nội vụ huyện",
            committee,
            ("reviewer", "office_head"),
        ),
        (f"hd-huyen-mau-{number}", "emulation_council", "Hội đồng huyện", committee, ("council_secretary",)),
        (f"pvhxh-mau-{number}", "culture_society_office", "Phòng Văn hóa - Xã hội xã", commune, _CULTURE),
        (f"hd-xa-mau-{number}", "emulation_council", "Hội đồng xã", commune, ("council_secretary",)),
    ):
        since, until = (_FIRST, _EVE) if above == committee else (_REFORM, _OPEN)
        rows.unit(code, kind, f"{name} Mẫu {number}", since, until)
        rows.place(code, above, since=since, until=until)
        for duty in duties:
            rows.post(code, duty, since=_SINCE if above == committee else _REFORM, until=until)
    for above, since, until in ((committee, _SINCE, _EVE), (commune, _REFORM, _OPEN)):
        chairman = rows.post(above, "chairman", since=since, until=until)
        council = f"hd-huyen-mau-{number}" if above == committee else f"hd-xa-mau-{number}"
        rows.duty(chairman, council, "council_chair", since, until)
        rows.post(above, "vice_chairman", since=since, until=until)


_EDUCATION = ("appraiser", "appraiser", "office_head")
_CULTURE = ("appraiser", "reviewer", "office_head")


def _school(rows: _Rows, number: int, committee: str, commune: str, bloc: str) -> str:
    """A school with its staff and what they were a year ago; gives its principal."""
    school = rows.unit(f"th-mau-{number:04d}", "primary", f"Trường Tiểu học Mẫu {number}")
    rows.place(school, committee, until=_EVE)
    rows.place(school, commune, since=_REFORM)
    rows.place(school, bloc, relation="bloc")
    staff = list(_staff(rows, school))
    for person, duty in zip(staff, ("principal", "clerk", "school_council"), strict=False):
        rows.duty(person, school, duty)
    for person in staff:
        if rows.dice.randrange(100) < _ADVANCED:
            rows.awards.append(
                {
                    "person_or_unit": person,
                    "title": "LDTT",
                    "school_year": _LAST_YEAR,
                    "decision_number": "2301/QĐ-UBND",
                    "decision_date": _DECIDED_ON,
                    "decided_by": committee,
                    "type": "merit",
                }
            )
    return staff[0]


def _staff(rows: _Rows, school: str) -> Iterator[str]:
    for _ in range(STAFF):
        yield rows.person(school, "gv")
