"""Made-up histories as plain dicts (`tests/rules/law_oracle.py` says what is in them), and the same as a record.

A history is a matter of its seed alone. Most people of it are good and well documented, since among random ones hardly
anybody would ever have met a rule of five years.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random

from published.rulebooks import read_rulebook
from rules.record import (
    Discipline,
    Graded,
    Held,
    Initiative,
    Member,
    Movement,
    Record,
    Service,
)

BOOKS = ("rs-2017", "rs-2024", "rs-2025", "rs-2026")
ROOT = Path(__file__).resolve().parents[2]
GRADES = ("KHTNV", "HTNV", "HTTNV", "HTXSNV")
FORMS = ("khien_trach", "canh_cao", "ha_bac_luong", "giang_chuc", "cach_chuc", "buoc_thoi_viec")
KINDS = ("titles", "grades", "initiatives", "disciplines")
OF_PEOPLE = ("LDTT", "CSTDCS", "CSTDT", "CSTDB", "BKT-TX", "BKB", "BKTTG", "HCLD3", "KNC")
OF_UNITS = ("TTLDTT", "TTLDXS", "COTINH", "COBO", "COCP", "BKT-TX", "BKB", "HCLD2")


@cache
def book_of(name):
    """A published rulebook."""
    found, faults = read_rulebook((ROOT / f"regulations/rulebooks/{name}.yaml").read_bytes())
    assert found is not None and not faults, faults
    return found


@dataclass(frozen=True)
class Question:
    book: str
    title: str
    subject: str
    year: int
    day: date


def question(dice: Random) -> Question:
    """A title of a rulebook, in one of its years, on one of its days."""
    book = book_of(dice.choice(BOOKS))
    title, subject = dice.choice(sorted(book.law.rules))
    last = book.until or date(2028, 12, 31)
    first = max(book.since, date(2020, 1, 1))
    day = first + timedelta(days=dice.randrange((last - first).days + 1))
    year = day.year - (1 if day.month < 8 else 0) - (dice.random() < 0.3)
    return Question(book.name, title, subject, year, day)


def history(dice: Random, subject: str, year: int, day: date) -> dict:
    """What may be known of somebody who is looked at for a year on a day."""
    good, known = dice.choice((0.5, 0.8, 0.95, 1.0)), dice.choice((0.3, 0.9, 1.0, 1.0))
    years = range(year - dice.choice((2, 6, 9)), year + 1)

    def likely():
        return dice.random() < good

    people = subject == "individual"
    titles = []
    for of in years:
        for title in OF_PEOPLE if people else OF_UNITS:
            often = good if title in ("LDTT", "CSTDCS", "TTLDXS") else 0.15
            if dice.random() < often:
                kind = "merit" if dice.random() < 0.93 else dice.choice(("sudden", "theme"))
                by = f"d.{of}.{title}" if dice.random() < 0.06 else None
                titles.append({"title": title, "year": of, "kind": kind, "by": by})
    dice.shuffle(titles)
    best = dice.random() < 0.6
    grades = {
        of: dice.choice(("HTXSNV", "HTXSNV", "HTTNV")) if likely() or best else dice.choice(GRADES)
        for of in years
        if dice.random() < 0.97
    }
    initiatives = []
    for _ in range(dice.choice((0, 1, 3, 6)) if people else 0):
        on = day - timedelta(days=dice.randrange(-60, 5 * 365))
        initiatives.append(
            {
                "scope": dice.choice(("local", "province", "state")),
                "on": on,
                "last": dice.choice((None, None, on + timedelta(days=3 * 365))),
                "used": dice.choice((set(), set(), {"title"}, {"form"}, {"title", "form"})),
                "by": "d.i" if dice.random() < 0.1 else None,
            }
        )
    disciplines = []
    for _ in range(dice.choice((0, 0, 0, 0, 1, 2)) if people else 0):
        on = day - timedelta(days=dice.randrange(-200, 7 * 365))
        served = on + timedelta(days=dice.randrange(30, 500)) if dice.random() < 0.8 else None
        if served and dice.random() < 0.3:
            served = dice.choice((date(on.year + 1, 7, 31), date(on.year + 1, 8, 1)))
        disciplines.append({"form": dice.choice(FORMS), "on": on, "served": served})
    service = []
    if people and dice.random() < 0.9:
        begun = day - timedelta(
            days=dice.choice((7304, 7305, 7306, 5478, 5479, 9000, dice.randrange(10_000)))
        )
        service.append({"kind": "trade", "since": begun, "until": None})
        if dice.random() < 0.5:
            until = begun + timedelta(days=dice.choice((1825, 1826, 1827, 3000)))
            service.append({"kind": "hard_area", "since": begun, "until": until})
        if dice.random() < 0.3:
            service[0]["until"] = begun + timedelta(days=dice.randrange(3000))
            later = service[0]["until"] + timedelta(days=dice.randrange(-300, 300))
            service.append({"kind": "trade", "since": later, "until": None})
    members = None
    if not people and dice.random() < 0.95:
        members = [
            {
                "titles": {
                    t for t in ("LDTT", "CSTDCS", "CSTDT") if dice.random() < (good if t == "LDTT" else 0.2)
                },
                "awaited": {"LDTT": "d.m"} if dice.random() < 0.05 else {},
                "grade": None if dice.random() < 0.02 else dice.choice(("HTXSNV", "HTTNV", "HTNV")),
                "disciplines": (dice.choice(FORMS),) if dice.random() < 0.01 else (),
            }
            for _ in range(dice.choice((0, 1, 3, 10, 20)))
        ]
    return {
        "subject": subject,
        "titles": titles,
        "grades": grades,
        "initiatives": initiatives,
        "disciplines": disciplines,
        "service": service,
        "complete": {kind: {of for of in years if dice.random() < known} for kind in KINDS},
        "whole": dice.random() < known,
        "employed": None
        if dice.random() < 0.1
        else dice.choice(
            (
                date(year - 5, 9, 5),
                date(year, 8, 20),
                date(year, 10, 1),
                date(year, 10, 2),
                date(year + 1, 9, 1),
            )
        ),
        "registered": None
        if dice.random() < 0.1
        else {t for t in (*OF_PEOPLE, *OF_UNITS, "CSTDTQ") if dice.random() < 0.7},
        "members": members,
        "rank": dice.choice((None, 1, 1, 2, 3, 4)),
        "movement": dice.choice(
            (
                None,
                {
                    "level": dice.choice(("local", "province", "ministry", "state")),
                    "reviewed": dice.random() < 0.8,
                },
            )
        ),
    }


def record_of(told: dict, holder: str = "h") -> Record:
    """A history as the rules take it."""
    members = told["members"]
    named = told["movement"]
    return Record(
        holder,
        told["subject"],
        tuple(
            Held(t["title"], t["year"], f"award:{n}", t["kind"], t["by"])
            for n, t in enumerate(told["titles"])
        ),
        tuple(Graded(year, grade, f"grade:{year}") for year, grade in told["grades"].items()),
        tuple(
            Initiative(i["scope"], i["on"], f"initiative:{n}", i["last"], frozenset(i["used"]), i["by"])
            for n, i in enumerate(told["initiatives"])
        ),
        tuple(
            Discipline(d["form"], d["on"], f"discipline:{n}", d["served"])
            for n, d in enumerate(told["disciplines"])
        ),
        tuple(
            Service(s["kind"], s["since"], f"service:{n}", s["until"]) for n, s in enumerate(told["service"])
        ),
        {kind: frozenset(years) for kind, years in told["complete"].items()},
        told["whole"],
        told["employed"],
        None if told["registered"] is None else frozenset(told["registered"]),
        None
        if members is None
        else tuple(
            Member(frozenset(m["titles"]), m["awaited"], m["grade"], tuple(m["disciplines"])) for m in members
        ),
        told["rank"],
        None if named is None else Movement(named["level"], named["reviewed"], "movement:1"),
    )
