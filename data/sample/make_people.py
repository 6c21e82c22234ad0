#!/usr/bin/env python3
"""Make the made-up half of the sample: people, their moves and duties, and earlier years' awards.

    python data/sample/make_people.py            write the four files, and say what is in them
    python data/sample/make_people.py --check    compare with the files that are there; 1 if they differ
    python data/sample/make_people.py --report   list who could be nominated for what in 2024-2025

Units and their placements are written by hand (units.csv, placements.csv) and only read here.
Nobody in the output is a real person: names are put together from the short lists below. Every
draw is a SHA-256 of SEED and what is drawn, so the result is the same in every version of Python,
and a change in one place does not move the dice of another.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
SEED = "thidua-sample-1"

FIRST_DAY = "2019-09-01"  # the sample knows nothing before
REFORM_EVE, REFORM = "2025-06-30", "2025-07-01"  # districts end, communes begin
ROTATION_EVE, ROTATION = "2025-08-31", "2025-09-01"
WATCHED_FROM, WATCHED_TO = date(2024, 9, 1), date(2025, 12, 31)
OLD_PROVINCE, NEW_PROVINCE = "ubnd-tinh-kien-giang", "ubnd-tinh-an-giang"

# ---------------------------------------------------------------------------------------- names


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


FAMILIES = words(
    "Nguyễn|Nguyễn|Nguyễn|Nguyễn|Nguyễn|Nguyễn|Trần|Trần|Trần|Lê|Lê|Lê|Phạm|Phạm|Huỳnh|Huỳnh"
    "|Phan|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Danh|Trương|Đinh|Lâm|Mai|Tô|Châu|Tăng|Quách|Kiều"
)
MIDDLES = {
    "female": words(
        "Thị Kim|Thị Mỹ|Thị Bích|Thị Thanh|Thị Diễm|Thị Tuyết|Thị Hoài|Ngọc|Kim|Mỹ|Bích|Thúy|Hoài"
        "|Thị Yến|Thị Trúc|Trúc|Diễm|Minh|Thị Phương"
    ),
    "male": words("Văn|Hữu|Minh|Quốc|Hoàng|Thành|Công|Đức|Trọng|Nhật|Tấn|Chí|Vĩnh|Hoài|Phước|Thế|Trung"),
}
GIVENS = {
    "female": words(
        "Anh|Chi|Diệu|Dung|Duyên|Đào|Giang|Hân|Hiền|Hòa|Huệ|Khánh|Lam|Lan|Loan|Ly|Mai|Mơ|My|Nga"
        "|Ngân|Nhi|Nhung|Oanh|Phượng|Quyên|Quỳnh|Sương|Thảo|Thoa|Thơ|Thư|Tiên|Trinh|Tuyền|Vân|Vy"
        "|Xuân|Xuyến|Yên"
    ),
    "male": words(
        "An|Bảo|Cường|Duy|Dũng|Đạt|Điền|Giàu|Hậu|Hiếu|Hoàng|Huy|Khang|Khoa|Kiệt|Lâm|Lộc|Long|Luân"
        "|Nam|Nghĩa|Nhân|Phát|Phong|Phúc|Quân|Quý|Tài|Tân|Thái|Thắng|Thiện|Thịnh|Tín|Toàn|Trí|Tuấn"
        "|Vinh|Vũ"
    ),
}

# ------------------------------------------------------------------------------------ the schools

STAFF = {  # school: how many people work there
    "th-tt-kien-luong-1": 42, "th-tt-kien-luong-2": 40, "th-tt-kien-luong-3": 34,
    "th-kien-binh-1": 33, "th-kien-binh-2": 35, "th-binh-an": 33, "th-binh-tri": 32,
    "th-duong-hoa": 31, "th-hoa-dien": 34, "ptcs-son-hai": 30, "th-mau-1": 31, "th-mau-2": 30,
    "th-tt-go-quao": 44, "th-dinh-an-1": 38, "th-dinh-an-3": 30, "th-dinh-hoa-1": 35,
    "th-vinh-hoa-hung-nam-1": 32, "th-vinh-hoa-hung-nam-2": 30, "th-vinh-hoa-hung-bac-2": 31,
    "th-vinh-tuy-1": 36, "th-vinh-tuy-3": 30, "th-vinh-thang-1": 34, "th-vinh-phuoc-a-1": 31,
    "th-mau-3": 31, "th-mau-4": 30,
    "th-mau-5": 12, "th-mau-6": 12, "th-mau-7": 12,
}  # fmt: skip
# Schools that are new: nobody worked there before, and they hold no earlier titles.
FOUNDED = {"th-mau-5": "2024-09-01", "th-mau-6": "2024-09-01", "th-mau-7": "2024-09-01"}
# The first people of each school, by their place in it (from 0).
PRINCIPAL, DEPUTY, CLERK, SECRETARY, NEXT_SECRETARY = range(5)
FIRST_ORDINARY = 5

SAME_NAME = {  # school: the place of the one and of the other who have one name
    "th-tt-kien-luong-1": (10, 20),
    "th-dinh-an-1": (11, 21),
    "th-mau-1": (12, 22),
}
READS_ENGLISH = {  # locale "en"
    ("th-tt-kien-luong-1", 8), ("th-binh-an", 9), ("th-tt-go-quao", 7), ("th-mau-2", 2),
    ("so-gddt", 1), ("bo-gddt", 0),
}  # fmt: skip
NEW_PRINCIPAL = {"th-mau-3": "2025-03-01"}  # the deputy takes over on this day

BLOCS = {  # bloc: head's and deputy's school until the bloc is handed over, which is an act and no row
    "kl-khoi-2": ("th-tt-kien-luong-2", "th-kien-binh-2"),
    "gq-khoi-tieu-hoc": ("th-tt-go-quao", "th-dinh-an-1"),
    "khoi-mau": ("th-mau-5", "th-mau-6"),
}

# ------------------------------------------------------------------------------------ the offices


@dataclass(frozen=True)
class Official:
    """A post to fill: where its holder works, and which duties go with it (duty, unit)."""

    unit: str
    key: str
    duties: tuple[tuple[str, str], ...]


def district_posts(district: str) -> list[Official]:
    committee, council = f"ubnd-huyen-{district}", f"hd-tdkt-huyen-{district}"
    education, interior = f"pgd-{district}", f"pnv-{district}"
    return [
        Official(committee, "chairman", (("chairman", committee), ("council_chair", council))),
        Official(committee, "vice-1", (("vice_chairman", committee),)),
        Official(committee, "vice-2", (("vice_chairman", committee),)),
        # The office holds the council that judges initiatives.
        Official(education, "head", (("office_head", education), ("council_chair", education))),
        Official(education, "deputy", (("council_secretary", education),)),
        Official(education, "appraiser-1", (("appraiser", education),)),
        Official(education, "appraiser-2", (("appraiser", education),)),
        Official(education, "administrator", (("administrator", education),)),
        Official(interior, "head", (("office_head", interior),)),
        Official(interior, "reviewer-1", (("reviewer", interior),)),
        Official(interior, "reviewer-2", (("reviewer", interior),)),
        Official(interior, "secretary", (("council_secretary", council),)),
    ]


def commune_posts(commune: str, *, single_official: bool) -> list[Official]:
    committee, council = f"ubnd-{commune}", f"hd-tdkt-{commune}"
    office = f"pvhxh-{commune}"
    chairs = [
        Official(committee, "chairman", (("chairman", committee), ("council_chair", council))),
        Official(committee, "vice", (("vice_chairman", committee),)),
    ]
    if single_official:
        return [
            *chairs,
            Official(
                office,
                "head",
                (
                    ("office_head", office),
                    ("council_chair", office),
                    ("council_secretary", office),
                    ("council_secretary", council),
                ),
            ),
            Official(office, "official", (("appraiser", office), ("reviewer", office))),
        ]
    return [
        *chairs,
        Official(office, "head", (("office_head", office), ("council_chair", office))),
        Official(office, "appraiser", (("appraiser", office),)),
        Official(office, "reviewer", (("reviewer", office),)),
        Official(office, "secretary", (("council_secretary", council), ("council_secretary", office))),
    ]


DISTRICTS = ("kien-luong", "go-quao")
COMMUNES = (
    "xa-kien-luong", "xa-hoa-dien", "xa-son-hai", "phuong-to-chau", "xa-mau-mot",
    "xa-go-quao", "xa-dinh-hoa", "xa-vinh-hoa-hung", "xa-vinh-tuy", "xa-mau-hai",
)  # fmt: skip
SINGLE_OFFICIAL = "xa-mau-mot"

STANDING_POSTS = [  # the same before and after 1 July 2025
    Official("so-noi-vu", "head", (("office_head", "so-noi-vu"),)),
    Official("so-noi-vu", "appraiser-1", (("province_appraiser", "so-noi-vu"),)),
    Official("so-noi-vu", "appraiser-2", (("province_appraiser", "so-noi-vu"),)),
    Official("so-noi-vu", "secretary", (("council_secretary", "hd-tdkt-tinh"),)),
    Official("so-gddt", "head", (("office_head", "so-gddt"),)),
    Official("so-gddt", "branch-1", (("ministry_branch", "so-gddt"),)),
    Official("so-gddt", "branch-2", (("ministry_branch", "so-gddt"),)),
    Official("bo-gddt", "decider-1", (("ministry_decider", "bo-gddt"),)),
    Official("bo-gddt", "decider-2", (("ministry_decider", "bo-gddt"),)),
    Official("bo-gddt", "adviser", ()),
    Official("ban-thuong-vu-tinh-uy", "secretary", (("party_secretary", "ban-thuong-vu-tinh-uy"),)),
    Official("ban-thuong-vu-tinh-uy", "adviser-1", ()),
    Official("ban-thuong-vu-tinh-uy", "adviser-2", ()),
    Official("ban-tdkt-tw", "desk-1", (("state_desk", "ban-tdkt-tw"),)),
    Official("ban-tdkt-tw", "desk-2", (("state_desk", "ban-tdkt-tw"),)),
    Official("ban-tdkt-tw", "adviser", ()),
]


def province_posts(committee: str) -> list[Official]:
    return [
        Official(
            committee,
            "chairman",
            (("chairman", committee), ("council_chair", "hd-tdkt-tinh")),
        ),
        Official(committee, "vice-1", (("vice_chairman", committee),)),
        Official(committee, "vice-2", (("vice_chairman", committee),)),
    ]


# Who goes where when the districts end: (old unit, post) -> (new unit, post). Appraisers become
# appraisers and reviewers reviewers, so that no move alone makes somebody judge a dossier twice;
# only the single official of SINGLE_OFFICIAL holds both.
SUCCESSION = {
    ("ubnd-huyen-kien-luong", "chairman"): ("ubnd-xa-kien-luong", "chairman"),
    ("ubnd-huyen-kien-luong", "vice-1"): ("ubnd-xa-hoa-dien", "chairman"),
    ("ubnd-huyen-kien-luong", "vice-2"): ("ubnd-phuong-to-chau", "chairman"),
    ("pgd-kien-luong", "head"): ("pvhxh-xa-kien-luong", "head"),
    ("pgd-kien-luong", "deputy"): ("pvhxh-phuong-to-chau", "head"),
    ("pgd-kien-luong", "appraiser-1"): ("pvhxh-xa-hoa-dien", "appraiser"),
    ("pgd-kien-luong", "appraiser-2"): ("pvhxh-xa-mau-mot", "official"),
    ("pgd-kien-luong", "administrator"): ("so-gddt", "administrator"),
    ("pnv-kien-luong", "head"): ("pvhxh-xa-hoa-dien", "head"),
    ("pnv-kien-luong", "reviewer-1"): ("pvhxh-xa-kien-luong", "reviewer"),
    ("pnv-kien-luong", "reviewer-2"): ("pvhxh-xa-hoa-dien", "reviewer"),
    ("pnv-kien-luong", "secretary"): ("pvhxh-xa-kien-luong", "secretary"),
    ("ubnd-huyen-go-quao", "chairman"): ("ubnd-xa-go-quao", "chairman"),
    ("ubnd-huyen-go-quao", "vice-1"): ("ubnd-xa-vinh-tuy", "chairman"),
    ("ubnd-huyen-go-quao", "vice-2"): ("ubnd-xa-dinh-hoa", "chairman"),
    ("pgd-go-quao", "head"): ("pvhxh-xa-go-quao", "head"),
    ("pgd-go-quao", "deputy"): ("pvhxh-xa-vinh-tuy", "head"),
    ("pgd-go-quao", "appraiser-1"): ("pvhxh-xa-vinh-tuy", "appraiser"),
    ("pgd-go-quao", "appraiser-2"): ("pvhxh-xa-mau-hai", "appraiser"),
    ("pgd-go-quao", "administrator"): ("pvhxh-xa-go-quao", "appraiser"),
    ("pnv-go-quao", "head"): ("pvhxh-xa-dinh-hoa", "head"),
    ("pnv-go-quao", "reviewer-1"): ("pvhxh-xa-go-quao", "reviewer"),
    ("pnv-go-quao", "reviewer-2"): ("pvhxh-xa-mau-hai", "reviewer"),
    ("pnv-go-quao", "secretary"): ("pvhxh-xa-go-quao", "secretary"),
    (OLD_PROVINCE, "vice-1"): (NEW_PROVINCE, "vice-1"),
}

# ------------------------------------------------------------------------------- earlier years

YEARS = ("2019-2020", "2020-2021", "2021-2022", "2022-2023", "2023-2024")

# People whose grassroots fighter years are laid down, so that each rule has a case that is known
# beforehand. What goes wrong goes wrong at the invented schools only.
FIGHTER_YEARS = {
    ("th-kien-binh-2", 6): YEARS,  # five in a row and one CSTDT: may reach CSTDT a second time
    ("th-dinh-an-1", 6): YEARS,
    ("th-mau-1", 6): ("2021-2022", "2023-2024"),  # two with a gap: not consecutive
    ("th-mau-1", 7): ("2022-2023", "2023-2024"),  # two in a row, the third may come in 2024-2025
    ("th-mau-2", 6): (),  # a sudden award only, which counts in no chain
    ("th-mau-3", 6): ("2021-2022", "2022-2023", "2023-2024"),  # three in a row
    ("th-mau-4", 6): ("2020-2021", "2021-2022", "2022-2023", "2023-2024"),
}
SECOND_CSTDT = (("th-kien-binh-2", 6), ("th-dinh-an-1", 6))
FIRST_CSTDT_YEAR = "2021-2022"
SUDDEN = (("th-mau-2", 6), "2022-2023", "2022-12-15")
EARLY_BKT = {"kien-luong": 3, "go-quao": 3}  # BKT-TX of 2019-2020, the base of BKTTG in 2024-2025
EARLY_BKT_FIXED = (("th-mau-4", 6),)
FLAGS = {  # COTINH: the first of the bloc, two years in each
    "kien-luong": ("2021-2022", "2023-2024"),
    "go-quao": ("2020-2021", "2022-2023"),
}
# Disciplines, at the invented schools alone: (person, school year, form, number, day, served on).
DISCIPLINED = (
    ("gv-0366", "2020-2021", "khien_trach", "45/QĐ", "2021-03-15", "2021-06-15"),
    ("gv-0400", "2021-2022", "canh_cao", "61/QĐ", "2022-04-18", "2022-10-18"),
    ("gv-0787", "2023-2024", "khien_trach", "38/QĐ", "2024-02-26", ""),
)
# Schools that have not gone through their papers of earlier years: nothing is known to be complete there.
INCOMPLETE = ("th-duong-hoa", "th-vinh-tuy-1", "th-mau-3")
FIGHTERS_PERCENT = 15  # of the advanced workers (the cap that was law until 2023)
ADVANCED_PERCENT = 70  # of the members, for a collective title


# ---------------------------------------------------------------------------------------- tables


@dataclass(frozen=True)
class Person:
    code: str
    name: str
    birth_date: str
    gender: str
    email: str
    locale: str
    unit: str
    since: str


@dataclass(frozen=True)
class Move:
    person: str
    unit: str
    since: str


@dataclass(frozen=True)
class Duty:
    person: str
    unit: str
    duty: str
    since: str
    until: str


@dataclass(frozen=True)
class Grade:
    person: str
    school_year: str
    grade: str
    decision_number: str
    decision_date: str
    decided_by: str


@dataclass(frozen=True)
class Discipline:
    person: str
    form: str
    decision_number: str
    decision_date: str
    served_on: str


@dataclass(frozen=True)
class Service:
    person: str
    kind: str
    since: str
    until: str


@dataclass(frozen=True)
class Complete:
    person_or_unit: str
    what: str
    since_year: str
    until_year: str


@dataclass(frozen=True)
class Award:
    person_or_unit: str
    title: str
    school_year: str
    decision_number: str
    decision_date: str
    decided_by: str
    type: str


def draw(below: int, *key: object) -> int:
    """A number from 0 to below - 1 that depends on SEED and the key alone."""
    text = "\x1f".join([SEED, *map(str, key)])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") % below


def pick(items: Sequence[str], *key: object) -> str:
    return items[draw(len(items), *key)]


def ascii_slug(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    return "".join(c for c in plain if c.isascii() and c.isalpha()).lower()


def read_csv(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def made_up_name(gender: str, *key: object) -> str:
    return " ".join(
        (
            pick(FAMILIES, "family", *key),
            pick(MIDDLES[gender], "middle", *key),
            pick(GIVENS[gender], "given", *key),
        )
    )


def address(name: str, code: str, domain: str) -> str:
    *others, given = name.split()
    initials = "".join(ascii_slug(word)[0] for word in others)
    return f"{ascii_slug(given)}.{initials}.{code.replace('-', '')}@{domain}.example"


def day_in(first_year: int, last_year: int, *key: object) -> str:
    first = date(first_year, 1, 1)
    days = (date(last_year, 12, 31) - first).days + 1
    return (first + timedelta(days=draw(days, *key))).isoformat()


# ---------------------------------------------------------------------------------------- people


def school_people() -> dict[tuple[str, int], Person]:
    people: dict[tuple[str, int], Person] = {}
    number = 0
    for school, size in STAFF.items():
        taken: set[str] = set()
        for place in range(size):
            number += 1
            code = f"gv-{number:04d}"
            gender = "female" if draw(100, "gender", school, place) < 70 else "male"
            since = FOUNDED.get(school, FIRST_DAY)
            if place <= NEXT_SECRETARY:
                birth = day_in(1971, 1985, "birth", school, place)
            elif place >= 13 and draw(100, "recruit", school, place) < 20:
                year = 2020 + draw(5, "year", school, place)
                since = f"{year}-09-01"
                birth = day_in(year - 27, year - 23, "birth", school, place)
            else:
                birth = day_in(1970, 1996, "birth", school, place)
            twin = SAME_NAME.get(school, (-1, -1))
            if place == twin[1]:
                first = people[school, twin[0]]
                name, gender = first.name, first.gender
            else:
                attempt = 0
                while (name := made_up_name(gender, school, place, attempt)) in taken:
                    attempt += 1
            taken.add(name)
            people[school, place] = Person(
                code, name, birth, gender, address(name, code, "truong"),
                "en" if (school, place) in READS_ENGLISH else "vi", school, since,
            )  # fmt: skip
    return people


def office_domain(unit: str) -> str:
    if unit in ("bo-gddt", "ban-tdkt-tw"):
        return "trunguong"
    if unit.startswith(("so-", "ubnd-tinh-", "ban-thuong-vu")):
        return "tinh"
    if unit.startswith(("pgd-", "pnv-", "ubnd-huyen-")):
        return "huyen"
    return "xa"


def office_people() -> tuple[list[Person], list[Move], list[Duty]]:
    """Fill every post, first those before the reform, then the later ones with whoever moves."""
    people: list[Person] = []
    moves: list[Move] = []
    duties: list[Duty] = []
    holder: dict[tuple[str, str], str] = {}
    taken: set[str] = set()
    in_unit: Counter[str] = Counter()

    def fill(post: Official, since: str, until: str) -> None:
        at = (post.unit, post.key)
        came_from = next((old for old, new in SUCCESSION.items() if new == at), None)
        if came_from is not None:
            code = holder[came_from]
            moves.append(Move(code, post.unit, REFORM))
        else:
            code = f"cb-{len(people) + 1:03d}"
            gender = "female" if draw(100, "gender", *at) < 40 else "male"
            attempt = 0
            while (name := made_up_name(gender, *at, attempt)) in taken:
                attempt += 1
            taken.add(name)
            locale = "en" if (post.unit, in_unit[post.unit]) in READS_ENGLISH else "vi"
            in_unit[post.unit] += 1
            leads = post.key in ("chairman", "head")
            birth = day_in(1969, 1978 if leads else 1990, "birth", *at)
            email = address(name, code, office_domain(post.unit))
            came = REFORM if since == REFORM else FIRST_DAY
            people.append(Person(code, name, birth, gender, email, locale, post.unit, came))
        holder[at] = code
        duties.extend(Duty(code, unit, duty, since, until) for duty, unit in post.duties)

    for post in STANDING_POSTS:
        fill(post, "2021-07-01", "")
    for post in province_posts(OLD_PROVINCE):
        fill(post, "2021-07-01", REFORM_EVE)
    for district in DISTRICTS:
        for post in district_posts(district):
            fill(post, "2021-07-01", REFORM_EVE)
    for post in province_posts(NEW_PROVINCE):
        fill(post, REFORM, "")
    # When the education offices end, the platform is looked after at the province.
    fill(Official("so-gddt", "administrator", (("administrator", "so-gddt"),)), REFORM, "")
    for commune in COMMUNES:
        for post in commune_posts(commune, single_official=commune == SINGLE_OFFICIAL):
            fill(post, REFORM, "")
    return people, moves, duties


def school_duties(people: dict[tuple[str, int], Person]) -> list[Duty]:
    duties: list[Duty] = []

    def give(school: str, place: int, unit: str, duty: str, since: str, until: str = "") -> None:
        duties.append(Duty(people[school, place].code, unit, duty, since, until))

    for school in STAFF:
        since = FOUNDED.get(school, f"{2019 + draw(5, 'principal since', school)}-09-01")
        handover = NEW_PRINCIPAL.get(school)
        if handover:
            eve = (date.fromisoformat(handover) - timedelta(days=1)).isoformat()
            give(school, PRINCIPAL, school, "principal", since, eve)
            give(school, DEPUTY, school, "principal", handover)
        else:
            give(school, PRINCIPAL, school, "principal", since)
        give(school, CLERK, school, "clerk", FOUNDED.get(school, "2023-09-01"))
        if draw(4, "new secretary", school) == 0:  # the council is set up anew each school year
            give(school, SECRETARY, school, "school_council", "2024-09-01", ROTATION_EVE)
            give(school, NEXT_SECRETARY, school, "school_council", ROTATION)
        else:
            give(school, SECRETARY, school, "school_council", "2024-09-01")
    for bloc, (head, deputy) in BLOCS.items():
        give(head, PRINCIPAL, bloc, "bloc_head", "2024-09-01")
        give(deputy, PRINCIPAL, bloc, "bloc_deputy", "2024-09-01")
    return duties


# ---------------------------------------------------------------------------------------- awards


def working_day(year: int, month: int, *key: object) -> str:
    """A weekday in the last eleven days before the 29th of the month."""
    day = date(year, month, 18 + draw(11, "decided", *key))
    return (day - timedelta(days=max(0, day.weekday() - 4))).isoformat()


def earlier_awards(people: dict[tuple[str, int], Person]) -> list[Award]:
    placements = read_csv("placements.csv")
    committee = {
        row["unit"]: row["under"]
        for row in placements
        if row["relation"] == "authority" and row["unit"] in STAFF and row["until"] == REFORM_EVE
    }
    district = {school: unit.removeprefix("ubnd-huyen-") for school, unit in committee.items()}
    key_of = {person.code: key for key, person in people.items()}
    awards: list[Award] = []

    def grant(to: str, title: str, year: str, by: str, kind: str = "merit", on: str = "") -> None:
        end = int(year[-4:])
        on = on or working_day(end, 8 if by == OLD_PROVINCE else 7, by, title, year)
        low = 1400 if by == OLD_PROVINCE else 2300
        number = low + 97 * TITLE_ORDER.index(title) + draw(97, "number", by, title, on)
        awards.append(Award(to, title, year, f"{number}/QĐ-UBND", on, by, kind))

    advanced: dict[tuple[str, str], list[str]] = {}  # school and year: codes
    present: dict[tuple[str, str], int] = {}
    fighters: dict[str, set[str]] = defaultdict(set)  # code: years
    workers: dict[str, set[str]] = defaultdict(set)
    for year in YEARS:
        for school, size in STAFF.items():
            staff = [
                people[school, place]
                for place in range(size)
                if people[school, place].since <= f"{year[:4]}-09-01"
            ]
            laid_down = {
                people[key].code: year in years for key, years in FIGHTER_YEARS.items() if key[0] == school
            }
            share = 66 + draw(13, "share", school) + draw(5, "share", school, year) - 2
            order = sorted(
                (p.code for p in staff),
                key=lambda c: (
                    -1000 * laid_down.get(c, False)
                    - 55 * draw(1000, "worth", c) // 100
                    - 45 * draw(1000, "year", c, year) // 100
                ),
            )
            best = order[: round(share * len(staff) / 100)]
            advanced[school, year], present[school, year] = best, len(staff)
            chosen = sorted(
                (c for c in best if laid_down.get(c, True)),
                key=lambda c: (
                    -10000 * laid_down.get(c, False)
                    - 75 * draw(1000, "fight", c) // 100
                    - 25 * draw(1000, "fight", c, year) // 100
                ),
            )[: FIGHTERS_PERCENT * len(best) // 100]
            for code in sorted(best):
                workers[code].add(year)
                grant(code, "LDTT", year, committee[school])
            for code in sorted(chosen):
                fighters[code].add(year)
                grant(code, "CSTDCS", year, committee[school])

    def in_row(code: str, year: str, count: int) -> bool:
        at = YEARS.index(year)
        return at + 1 >= count and set(YEARS[at + 1 - count : at + 1]) <= fighters[code]

    def by_worth(code: str) -> tuple[int, str]:
        return -draw(1000, "fight", code), code

    laid_down_codes = {people[key].code for key in FIGHTER_YEARS}
    second = {people[key].code for key in SECOND_CSTDT}
    province_fighters: dict[str, str] = {}
    certified: set[str] = set()
    for name in DISTRICTS:
        mine = [c for c in sorted(fighters) if district[key_of[c][0]] == name]
        early = [people[key].code for key in EARLY_BKT_FIXED if district[key[0]] == name]
        early += [
            c
            for c in sorted(mine, key=by_worth)
            if c not in laid_down_codes and workers[c] >= set(YEARS) and len(fighters[c] - {YEARS[0]}) >= 3
        ][: EARLY_BKT[name] - len(early)]
        for code in early:
            certified.add(code)
            grant(code, "BKT-TX", YEARS[0], OLD_PROVINCE)
        for year in YEARS[1:]:
            ready = [c for c in sorted(mine, key=by_worth) if in_row(c, year, 2)]
            free = [c for c in ready if c not in certified | laid_down_codes]
            for code in free[:3]:
                certified.add(code)
                grant(code, "BKT-TX", year, OLD_PROVINCE)
        for year in YEARS[2:]:
            ready = [c for c in sorted(mine, key=by_worth) if in_row(c, year, 3)]
            free = [c for c in ready if c not in province_fighters and c not in laid_down_codes | certified][
                :1
            ]
            if year == FIRST_CSTDT_YEAR:
                free += [c for c in ready if c in second]
            for code in free:
                province_fighters[code] = year
                grant(code, "CSTDT", year, OLD_PROVINCE)
    sudden, year, on = SUDDEN
    grant(people[sudden].code, "BKT-DX", year, OLD_PROVINCE, "sudden", on)

    excellent: set[tuple[str, str]] = set()
    praised: dict[str, int] = {}
    for number, year in enumerate(YEARS):
        for name in DISTRICTS:
            able = [
                school
                for school in STAFF
                if district[school] == name
                and present[school, year]
                and 100 * len(advanced[school, year]) >= ADVANCED_PERCENT * present[school, year]
            ]
            able.sort(key=lambda s: (-draw(600, "school", s) - draw(400, "school", s, year), s))
            top = [s for s in able if any(year in fighters[c] for c in advanced[s, year])][:4]
            for school in able:
                if school in top:
                    excellent.add((school, year))
                    grant(school, "TTLDXS", year, OLD_PROVINCE)
                else:
                    grant(school, "TTLDTT", year, committee[school])
            real = [s for s in top if not s.startswith("th-mau-")]
            if year in FLAGS[name]:
                grant(real[0], "COTINH", year, OLD_PROVINCE)
            twice = [s for s in real if number and (s, YEARS[number - 1]) in excellent and s not in praised]
            for school in twice[:1]:
                praised[school] = number
                grant(school, "BKT-TX", year, OLD_PROVINCE)
    rank = {title: place for place, title in enumerate(TITLE_ORDER)}
    awards.sort(key=lambda a: (a.school_year, rank[a.title], a.decided_by, a.person_or_unit))
    return awards


def earlier_grades(people: dict[tuple[str, int], Person], awards: Sequence[Award]) -> list[Grade]:
    """Grades that fit the titles: who was an advanced worker fulfilled well at least, a fighter excellently."""
    held = {(award.person_or_unit, award.title, award.school_year) for award in awards}
    bodies = {award.person_or_unit: award.decided_by for award in awards if award.title == "LDTT"}
    district: dict[str, str] = {}
    for (school, _), person in people.items():
        if person.code in bodies:
            district[school] = bodies[person.code]
    disciplined = {(code, year) for code, year, *_ in DISCIPLINED}
    grades = []
    for year in YEARS:
        for (school, place), person in people.items():
            if person.since > f"{year[:4]}-09-01":
                continue
            if (person.code, year) in disciplined:
                grade = "KHTNV"
            elif (person.code, "CSTDCS", year) in held:
                grade = "HTXSNV"
            elif (person.code, "LDTT", year) in held:
                grade = "HTTNV"
            else:
                grade = "HTTNV" if draw(100, "grade", person.code, year) < 40 else "HTNV"
            # The principal is graded by the committee that manages the school, all others by the principal.
            by = district[school] if place == PRINCIPAL else school
            low = 1200 if place == PRINCIPAL else 20
            number = f"{low + draw(60, 'grades', by, year)}/QĐ"
            on = working_day(int(year[-4:]), 5, "grades", by, year)
            grades.append(Grade(person.code, year, grade, number, on, by))
    return sorted(grades, key=lambda grade: (grade.school_year, grade.person))


def years_of_service(people: dict[tuple[str, int], Person]) -> list[Service]:
    """Everybody began to teach in a September at 22 to 25; some at first in an area of special hardship."""
    found = []
    for person in people.values():
        began = int(person.birth_date[:4]) + 22 + draw(4, "began", person.code)
        since = f"{min(began, int(person.since[:4]))}-09-01"
        found.append(Service(person.code, "trade", since, ""))
        hard = draw(100, "hard", person.code)
        if hard < 8 and int(since[:4]) + 6 <= int(FIRST_DAY[:4]):
            ends = int(since[:4]) + 3 + hard % 4
            found.append(Service(person.code, "hard_area", since, f"{ends}-08-31"))
    return sorted(found, key=lambda row: (row.person, row.kind))


def disciplines() -> list[Discipline]:
    return [Discipline(code, form, number, on, served) for code, _, form, number, on, served in DISCIPLINED]


def complete_years(people: dict[tuple[str, int], Person]) -> list[Complete]:
    """What the schools have gone through completely; of the others silence stays silence."""
    whats = ("titles", "grades", "disciplines")
    found = [
        Complete(school, what, YEARS[0], YEARS[-1])
        for school in STAFF
        if school not in FOUNDED and school not in INCOMPLETE
        for what in whats
    ]
    return found + [Complete(people[key].code, "whole", "", "") for key in FIGHTER_YEARS]


TITLE_ORDER = ("LDTT", "CSTDCS", "CSTDT", "BKT-TX", "BKT-DX", "TTLDTT", "TTLDXS", "COTINH")

# ------------------------------------------------------------------------------------- validation


def watched_days() -> Iterator[date]:
    day = WATCHED_FROM
    while day <= WATCHED_TO:
        yield day
        day += timedelta(days=1)


@dataclass(frozen=True)
class Sample:
    people: list[Person]
    moves: list[Move]
    duties: list[Duty]
    awards: list[Award]
    grades: list[Grade]
    disciplines: list[Discipline]
    service: list[Service]
    complete: list[Complete]


def covers(since: str, until: str, day: str) -> bool:
    return since <= day and (not until or day <= until)


def faults(sample: Sample) -> list[str]:
    """Everything that is wrong with the sample, all at once."""
    wrong: list[str] = []
    units = {row["code"]: row for row in read_csv("units.csv")}
    placements = read_csv("placements.csv")
    people = {person.code: person for person in sample.people}

    def say(*parts: object) -> None:
        wrong.append(" ".join(map(str, parts)))

    told: set[str] = set()

    def say_once(day: str, *parts: object) -> None:
        """A fault that lasts is told on its first day."""
        text = " ".join(map(str, parts))
        if text not in told:
            told.add(text)
            wrong.append(f"{text} (from {day})")

    def unique(what: str, values: Sequence[str]) -> None:
        for value, count in Counter(values).items():
            if count > 1:
                say(what, value, "stands", count, "times")

    def within(what: str, unit: str, since: str, until: str) -> None:
        if unit not in units:
            say(what, "names an unknown unit", unit)
            return
        row = units[unit]
        if since < row["since"] or (row["until"] and (not until or until > row["until"])):
            say(what, since, until, "is outside the life of", unit)

    for name in ("units.csv", "placements.csv"):
        raw = (HERE / name).read_bytes()
        text = raw.decode("utf-8")
        if b"\r" in raw or unicodedata.normalize("NFC", text) != text:
            say(name, "is not NFC with LF")
    unique("unit", [row["code"] for row in read_csv("units.csv")])
    for row in units.values():
        for column in ("since", "until"):
            if row[column]:
                date.fromisoformat(row[column])
        if row["verified"] not in ("true", "false") or row["invented"] not in ("true", "false"):
            say("unit", row["code"], "has a flag that is neither true nor false")
        if row["verified"] == "true" and row["invented"] == "true":
            say("unit", row["code"], "is invented and verified")
        if ("Mẫu" in row["name"]) != (row["invented"] == "true"):
            say("unit", row["code"], "is invented and does not show it, or the other way round")
    for row in placements:
        what = f"placement of {row['unit']} under {row['under']}"
        within(what, row["unit"], row["since"], row["until"])
        within(what, row["under"], row["since"], row["until"])

    schools = [c for c, row in units.items() if row["kind"] in ("primary", "basic")]
    offices = [
        c
        for c, row in units.items()
        if row["kind"]
        in ("education_office", "interior_office", "culture_society_office", "emulation_council")
    ]
    if sorted(schools) != sorted(STAFF):
        say("the schools of units.csv and the staff list differ")

    unique("person", [p.code for p in sample.people])
    unique("address", [p.email for p in sample.people])
    for person in sample.people:
        if unicodedata.normalize("NFC", person.name) != person.name:
            say(person.code, "has a name that is not NFC")
        if not person.email.endswith(".example") or not person.email.isascii():
            say(person.code, "has an address outside .example")
        age = int(person.since[:4]) - int(person.birth_date[:4])
        if not 21 <= age <= 60 or int(person.birth_date[:4]) < 1969:
            say(person.code, "was born", person.birth_date, "and came", person.since)
        if person.unit not in units or person.since < units[person.unit]["since"]:
            say(person.code, "works at a unit that is not there")
    namesakes = Counter((p.unit, p.name) for p in sample.people)
    pairs = sorted(unit for (unit, _), count in namesakes.items() if count == 2)
    if pairs != sorted(SAME_NAME) or max(namesakes.values()) > 2:
        say("namesakes at", *pairs)
    works_at: dict[str, list[tuple[str, str, str]]] = {}
    for person in sample.people:
        works_at[person.code] = [(person.unit, person.since, units[person.unit]["until"])]
    for move in sample.moves:
        if move.person not in people:
            say("move of an unknown person", move.person)
            continue
        within(f"move of {move.person}", move.unit, move.since, units[move.unit]["until"])
        works_at[move.person].append((move.unit, move.since, units[move.unit]["until"]))
    unique("move of", [move.person for move in sample.moves])

    unique("duty", ["|".join(map(str, vars(duty).values())) for duty in sample.duties])
    for duty in sample.duties:
        what = f"duty {duty.duty} of {duty.person}"
        within(what, duty.unit, duty.since, duty.until)
        if duty.person not in people:
            say(what, "is of an unknown person")
        elif duty.since < people[duty.person].since:
            say(what, "begins before the person came")

    held: dict[tuple[str, str], list[Duty]] = defaultdict(list)
    for duty in sample.duties:
        held[duty.unit, duty.duty].append(duty)

    def who(unit: str, duty: str, day: str) -> list[str]:
        return sorted(d.person for d in held[unit, duty] if covers(d.since, d.until, day))

    def expect(unit: str, duty: str, day: str, count: int) -> list[str]:
        holders = who(unit, duty, day)
        if len(holders) != count:
            say_once(day, unit, "has", len(holders), duty, "and should have", count)
        return holders

    expected = {
        "primary": {"principal": 1, "clerk": 1, "school_council": 1},
        "basic": {"principal": 1, "clerk": 1, "school_council": 1},
        "bloc": {"bloc_head": 1, "bloc_deputy": 1},
        "education_office": {
            "office_head": 1,
            "appraiser": 2,
            "administrator": 1,
            "council_chair": 1,
            "council_secretary": 1,
        },
        "interior_office": {"office_head": 1, "reviewer": 2},
        "culture_society_office": {
            "office_head": 1,
            "appraiser": 1,
            "reviewer": 1,
            "council_chair": 1,
            "council_secretary": 1,
        },
        "emulation_council": {"council_secretary": 1, "council_chair": 1},
        "people_committee": {"chairman": 1},
        "province_committee": {"chairman": 1, "vice_chairman": 2},
        "interior_department": {"office_head": 1, "province_appraiser": 2},
        "provincial_council": {"council_secretary": 1, "council_chair": 1},
        "education_department": {"office_head": 1, "ministry_branch": 2},
        "ministry": {"ministry_decider": 2},
        "party_committee": {"party_secretary": 1},
        "state": {"state_desk": 2},
    }
    under: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in placements:
        under[row["unit"], row["relation"]].append(row)
    both_hats: set[str] = set()
    for moment in watched_days():
        day = moment.isoformat()
        for code, row in units.items():
            if not covers(row["since"], row["until"], day):
                continue
            holders = {d: expect(code, d, day, n) for d, n in expected[row["kind"]].items()}
            if row["kind"] == "people_committee" and not who(code, "vice_chairman", day):
                say_once(day, code, "has no vice_chairman")
            if code in schools and len({p for ps in holders.values() for p in ps}) != 3:
                say_once(day, code, "has one person in two of its three duties")
            if row["kind"] == "bloc":
                principals = {
                    p
                    for school in schools
                    for r in under[school, "bloc"]
                    if r["under"] == code and covers(r["since"], r["until"], day)
                    for p in who(school, "principal", day)
                }
                if not {p for ps in holders.values() for p in ps} <= principals:
                    say_once(day, code, "is headed by somebody who is no principal of a member")
            if row["kind"] == "culture_society_office" and holders["appraiser"] == holders["reviewer"]:
                both_hats.add(code)
            places = [r for r in under[code, "authority"] if covers(r["since"], r["until"], day)]
            if row["kind"] in ("ministry", "party_committee", "state"):
                if places:
                    say_once(day, code, "should stand under nobody")
            elif len(places) != 1:
                say_once(day, code, "stands under", len(places), "units")
            if (
                code in schools
                and len([r for r in under[code, "bloc"] if covers(r["since"], r["until"], day)]) != 1
            ):
                say_once(day, code, "is not in exactly one bloc")
        for duty in sample.duties:
            if not covers(duty.since, duty.until, day) or duty.person not in people:
                continue
            if duty.unit in offices and units[duty.unit]["kind"] != "emulation_council":
                homes = [u for u, s, e in works_at[duty.person] if covers(s, e, day)]
                if duty.unit not in homes:
                    say_once(day, duty.person, "has a duty at", duty.unit, "and works elsewhere")
    if both_hats != {f"pvhxh-{SINGLE_OFFICIAL}"}:
        say("one person appraises and reviews at", *sorted(both_hats))

    wrong += award_faults(sample, units)
    wrong += career_faults(sample)
    return wrong


def career_faults(sample: Sample) -> list[str]:
    """Grades that do not fit titles, and what goes wrong anywhere but at the invented schools."""
    wrong: list[str] = []
    unit = {person.code: person.unit for person in sample.people}
    graded: dict[tuple[str, str], str] = {}
    for grade in sample.grades:
        key = (grade.person, grade.school_year)
        if key in graded:
            wrong.append(f"{grade.person} is graded twice in {grade.school_year}")
        graded[key] = grade.grade
    for award in sample.awards:
        if award.title in ("LDTT", "CSTDCS"):
            has = graded.get((award.person_or_unit, award.school_year))
            if has not in ("HTTNV", "HTXSNV"):
                wrong.append(f"{award.title} {award.school_year} of {award.person_or_unit} with grade {has}")
    for one in sample.disciplines:
        if not unit[one.person].startswith("th-mau-"):
            wrong.append(f"discipline of {one.person} at {unit[one.person]}")
    born = {person.code: int(person.birth_date[:4]) for person in sample.people}
    for span in sample.service:
        if not 18 <= int(span.since[:4]) - born[span.person] <= 45 or (
            span.until and span.until < span.since
        ):
            wrong.append(f"service of {span.person} since {span.since}")
    return wrong


def award_faults(sample: Sample, units: dict[str, dict[str, str]]) -> list[str]:
    wrong: list[str] = []
    people = {person.code: person for person in sample.people}
    years: dict[tuple[str, str], set[str]] = defaultdict(set)
    for award in sample.awards:
        what = f"{award.title} {award.school_year} of {award.person_or_unit}"
        if award.school_year in years[award.person_or_unit, award.title]:
            wrong.append(f"{what} stands twice")
        years[award.person_or_unit, award.title].add(award.school_year)
        decided = date.fromisoformat(award.decision_date)
        if decided.weekday() > 4 or decided >= WATCHED_FROM:
            wrong.append(f"{what} was decided on {decided}")
        decider = units.get(award.decided_by)
        if decider is None or not covers(decider["since"], decider["until"], award.decision_date):
            wrong.append(f"{what} was decided by a body that was not there")
        person = people.get(award.person_or_unit)
        if person is None and award.person_or_unit not in STAFF:
            wrong.append(f"{what} is of nobody")
        if person and person.since > f"{award.school_year[:4]}-09-01":
            wrong.append(f"{what} is from before the person came")

    def run(code: str, title: str, last: str, count: int) -> bool:
        at = YEARS.index(last)
        return at + 1 >= count and set(YEARS[at + 1 - count : at + 1]) <= years[code, title]

    for award in sample.awards:
        code, year = award.person_or_unit, award.school_year
        what = f"{award.title} {year} of {code}"
        if award.title == "CSTDCS" and year not in years[code, "LDTT"]:
            wrong.append(f"{what} without LDTT")
        if award.title == "CSTDT" and not run(code, "CSTDCS", year, 3):
            wrong.append(f"{what} without three CSTDCS in a row")
        if award.title == "BKT-TX" and year != YEARS[0]:
            base = "TTLDXS" if code in STAFF else "CSTDCS"
            if not run(code, base, year, 2):
                wrong.append(f"{what} without two {base} in a row")
        if award.title == "COTINH" and year not in years[code, "TTLDXS"]:
            wrong.append(f"{what} without TTLDXS")
        if award.title == "TTLDTT" and year in years[code, "TTLDXS"]:
            wrong.append(f"{what} beside TTLDXS")
        if award.title == "TTLDXS" or award.title == "TTLDTT":
            staff = [p for p in sample.people if p.unit == code and p.since <= f"{year[:4]}-09-01"]
            good = sum(year in years[p.code, "LDTT"] for p in staff)
            if 100 * good < ADVANCED_PERCENT * len(staff):
                wrong.append(f"{what} with {good} of {len(staff)} advanced workers")
    for year in YEARS:
        count = Counter(a.title for a in sample.awards if a.school_year == year)
        if 100 * count["CSTDCS"] > FIGHTERS_PERCENT * count["LDTT"]:
            wrong.append(f"{year}: more than {FIGHTERS_PERCENT} % fighters")
    by_number: dict[tuple[str, str, str], set[tuple[str, str]]] = defaultdict(set)
    for award in sample.awards:
        number = (award.decided_by, award.decision_date[:4], award.decision_number)
        by_number[number].add((award.title, award.decision_date))
    for number, uses in by_number.items():
        if len(uses) > 1:
            wrong.append(f"one number for two decisions: {number}")
    for key, fixed in FIGHTER_YEARS.items():
        code = next(p.code for p in sample.people if p.unit == key[0] and p.code == place_code(key))
        if years[code, "CSTDCS"] != set(fixed):
            wrong.append(f"{code} of {key[0]} has other fighter years than laid down")
    return wrong


def place_code(key: tuple[str, int]) -> str:
    school, place = key
    before = 0
    for name, size in STAFF.items():
        if name == school:
            break
        before += size
    return f"gv-{before + place + 1:04d}"


# ------------------------------------------------------------------------------------------ doors


def make() -> Sample:
    at_school = school_people()
    at_office, moves, office = office_people()
    people = [replace(person) for person in at_school.values()] + at_office
    awards = earlier_awards(at_school)
    return Sample(
        people,
        moves,
        school_duties(at_school) + office,
        awards,
        earlier_grades(at_school, awards),
        disciplines(),
        years_of_service(at_school),
        complete_years(at_school),
    )


def as_csv(rows: Sequence[object]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(vars(rows[0]))
    writer.writerows(vars(row).values() for row in rows)
    return text.getvalue().encode("utf-8")


def report(sample: Sample) -> None:
    people = {person.code: person for person in sample.people}
    years: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for award in sample.awards:
        years[award.title][award.person_or_unit].add(award.school_year)

    def show(heading: str, codes: Sequence[str]) -> None:
        print(f"{heading}: {len(codes)}")
        for code in sorted(codes, key=lambda c: (people[c].unit, c)):
            print(f"  {code}  {people[code].unit}")

    fighters = years["CSTDCS"]
    last_three, last_two = set(YEARS[-3:]), set(YEARS[-2:])
    show("CSTDCS three years in a row up to 2023-2024",
         [c for c in fighters if fighters[c] >= last_three])  # fmt: skip
    show("CSTDCS two years in a row up to 2023-2024, the third may come in 2024-2025",
         [c for c in fighters if fighters[c] & last_three == last_two])  # fmt: skip
    show("CSTDCS in 2023-2024 only, the second may come in 2024-2025",
         [c for c in fighters if fighters[c] & last_two == {YEARS[-1]}])  # fmt: skip
    show("CSTDT of 2021-2022 and CSTDCS in both years since",
         [c for c, ys in years["CSTDT"].items()
          if FIRST_CSTDT_YEAR in ys and fighters[c] >= last_two])  # fmt: skip
    show("BKT-TX of 2019-2020, LDTT each year since, three CSTDCS since",
         [c for c, ys in years["BKT-TX"].items()
          if c in people and YEARS[0] in ys and years["LDTT"][c] >= set(YEARS[1:])
          and len(fighters[c] - {YEARS[0]}) >= 3])  # fmt: skip
    print("schools with TTLDXS in 2022-2023 and 2023-2024:",
          *sorted(c for c, ys in years["TTLDXS"].items() if ys >= last_two))  # fmt: skip
    print("schools with COTINH:",
          *sorted(f"{c} ({', '.join(sorted(ys))})" for c, ys in years["COTINH"].items()))  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description="Make the made-up half of the sample.")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--check", action="store_true", help="compare, write nothing")
    choice.add_argument("--report", action="store_true", help="who could be nominated for what")
    asked = parser.parse_args()

    sample = make()
    wrong = faults(sample)
    if wrong:
        print(*wrong[:40], sep="\n", file=sys.stderr)
        print(f"{len(wrong)} faults, nothing written", file=sys.stderr)
        return 1
    if asked.report:
        report(sample)
        return 0
    files = {
        "people.csv": as_csv(sample.people),
        "moves.csv": as_csv(sample.moves),
        "duties.csv": as_csv(sample.duties),
        "awards.csv": as_csv(sample.awards),
        "grades.csv": as_csv(sample.grades),
        "disciplines.csv": as_csv(sample.disciplines),
        "service.csv": as_csv(sample.service),
        "complete.csv": as_csv(sample.complete),
    }
    if asked.check:
        differ = [
            name
            for name, content in files.items()
            if not (HERE / name).is_file() or (HERE / name).read_bytes() != content
        ]
        print("\n".join(f"{name} differs" for name in differ) or "same")
        return 1 if differ else 0
    for name, content in files.items():
        (HERE / name).write_bytes(content)
        rows = content.count(b"\n") - 1
        print(f"{name}: {rows} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
