"""What docs say of titles, line by line, as plain Python over plain dicts: a second opinion on rulebooks.

It imports nothing of ours. The lines are those of the table of eligibility rules (E01 to E23) and of the rules across
titles (X02, X04, X09) from which the rulebooks were written; each function names its lines. It works in another way
than rules/: everything is a pair (certainly, possibly), the answer in the worst and in the best of all worlds that
fit what is known. `met` is certain, `not_met` is impossible, the rest is `unknown`.

A history is a dict: titles [{title, year, kind, by}], grades {year: grade}, initiatives [{scope, on, last, used, by}],
disciplines [{form, on, served}], service [{kind, since, until}], complete {kind: {years}}, whole, employed,
registered, members [{titles, awaited, grade, disciplines}], rank, movement {level, reviewed}. ``by`` is the dossier
that has yet to decide.
"""

from datetime import date, timedelta

RANK_OF_GRADE = {"KHTNV": 0, "HTNV": 1, "HTTNV": 2, "HTXSNV": 3}
RANK_OF_SCOPE = {"local": 0, "province": 1, "state": 2}
RANK_OF_LEVEL = {"local": 0, "province": 1, "ministry": 2, "state": 3}
RANK_OF_DISCIPLINE = {
    "khien_trach": 0,
    "canh_cao": 1,
    "ha_bac_luong": 2,
    "giang_chuc": 3,
    "cach_chuc": 4,
    "buoc_thoi_viec": 5,
}
YES, NO, OPEN = (True, True), (False, False), (False, True)
#: nobody has seen the text
UNSEEN = OPEN
#: a sentence that only people can judge: it does not count beside others, and as an alternative it may hold
PEOPLE = "people"


def opinion(book, title, subject, year, day, history):
    """`met`, `not_met` or `unknown`; None where no line says anything of the title."""
    line = LINES[book].get((title, subject))
    if line is None:
        return None
    found = line(Holder(book, title, year, day, history))
    if found == PEOPLE:
        return "unknown"
    certainly, possibly = found
    return "met" if certainly else "unknown" if possibly else "not_met"


def both(*parts):
    counted = [part for part in parts if part != PEOPLE]
    if not counted:
        return PEOPLE
    return all(c for c, _ in counted), all(p for _, p in counted)


def one_of(*parts):
    if all(part == PEOPLE for part in parts):
        return PEOPLE
    counted = [OPEN if part == PEOPLE else part for part in parts]
    return any(c for c, _ in counted), any(p for _, p in counted)


def enough(certain, possible, need):
    return certain >= need, possible >= need


class Holder:
    def __init__(self, book, title, year, day, history):
        self.book, self.title, self.year, self.day, self.h = book, title, year, day, history

    # X04: after a discipline, achievement counts from the day on which it has been served. Of a year in which it was
    # served, and of one whose discipline has no end on record, nobody can say. The old frame has no such line.
    def counts_from(self, first, last):
        """Whether what was achieved from one day to another counts."""
        if self.book == "rs-2017":
            return YES
        certainly, possibly = True, True
        for one in self.h["disciplines"]:
            if one["on"] > self.day:
                continue
            if one["served"] is None:
                certainly = False
            else:
                certainly = certainly and one["served"] <= first
                possibly = possibly and one["served"] <= last
        return certainly and possibly, possibly

    def complete(self, what, year):
        return year in self.h["complete"].get(what, set())

    def year_counts(self, year):
        # School years, not calendar years: from August to July.
        return self.counts_from(date(year, 8, 1), date(year + 1, 7, 31))

    def years(self, count):
        return [self.year - back for back in range(count)]

    def title_of(self, year, names):
        # X02: only the type "merit" counts in chains.
        rows = [
            t for t in self.h["titles"] if t["year"] == year and t["title"] in names and t["kind"] == "merit"
        ]
        if any(t["by"] is None for t in rows):
            known = YES
        elif rows or not self.complete("titles", year):
            known = OPEN
        else:
            known = NO
        return both(known, self.year_counts(year))

    def grade_of(self, year, least):
        grade = self.h["grades"].get(year)
        if grade is not None:
            known = YES if RANK_OF_GRADE[grade] >= RANK_OF_GRADE[least] else NO
        else:
            known = NO if self.complete("grades", year) else OPEN
        return both(known, self.year_counts(year))

    def titles_in(self, names, times, count):
        found = [self.title_of(year, names) for year in self.years(count)]
        return enough(sum(c for c, _ in found), sum(p for _, p in found), times)

    def grades_in(self, least, times, count):
        found = [self.grade_of(year, least) for year in self.years(count)]
        return enough(sum(c for c, _ in found), sum(p for _, p in found), times)

    def held_before(self, names, year):
        rows = [
            t for t in self.h["titles"] if t["title"] in names and t["kind"] == "merit" and t["year"] < year
        ]
        return any(t["by"] is None for t in rows), bool(rows) or not self.h["whole"]

    def never(self, name):
        rows = [t for t in self.h["titles"] if t["title"] == name]
        if any(t["by"] is None for t in rows):
            return NO
        return (not rows and self.h["whole"]), True

    def grade(self, least):
        return self.grade_of(self.year, least)

    # X09: one initiative is used once for forms; used for a title, not for a form, and the other way round; re-use
    # across titles is not banned. X10: the nearer reach is contained in the wider.
    def initiatives(self, scope, need, count=None, use=None):
        certain = possible = 0
        for one in self.h["initiatives"]:
            fits = RANK_OF_SCOPE[one["scope"]] >= RANK_OF_SCOPE[scope]
            fits = fits and one["on"] <= self.day and (one["last"] is None or one["last"] >= self.day)
            if count is not None:
                since, until = date(self.year - count + 1, 8, 1), date(self.year + 1, 7, 31)
                fits = fits and since <= one["on"] <= until
            if use == "title":
                fits = fits and "form" not in one["used"]
            if use == "form":
                fits = fits and not one["used"]
            c, p = self.counts_from(one["on"], one["on"])
            certain += fits and c and one["by"] is None
            possible += fits and p
        if not all(self.complete("initiatives", year) for year in self.years(count or 1)):
            possible += need
        return enough(certain, possible, need)

    def registered(self):
        known = self.h["registered"]
        return OPEN if known is None else YES if self.title in known else NO

    def members(self, holds, share=None, number=None):
        members = self.h["members"]
        if not members:
            return OPEN
        found = [holds(m) for m in members]
        certain, possible = sum(c for c, _ in found), sum(p for _, p in found)
        if share is None:
            return enough(certain, possible, number)
        above, below = share
        return certain * below >= above * len(members), possible * below >= above * len(members)

    def members_with_title(self, names, **least):
        silent = not self.complete("titles", self.year)

        def holds(m):
            has = bool(m["titles"] & names)
            return has, has or bool(names & set(m["awaited"])) or silent

        return self.members(holds, **least)

    def members_with_grade(self, least, **share):
        def holds(m):
            known = m["grade"] is not None
            good = known and RANK_OF_GRADE[m["grade"]] >= RANK_OF_GRADE[least]
            return good, good or not known

        return self.members(holds, **share)

    def members_clean(self, form):
        members = self.h["members"]
        if not members:
            return OPEN
        if any(RANK_OF_DISCIPLINE[d] >= RANK_OF_DISCIPLINE[form] for m in members for d in m["disciplines"]):
            return NO
        return YES if self.complete("disciplines", self.year) else OPEN

    def ranked(self, least):
        rank = self.h["rank"]
        return OPEN if rank is None else YES if rank <= least else NO

    def movement(self, level):
        named = self.h["movement"]
        if named is None:
            return NO
        fits = RANK_OF_LEVEL[named["level"]] >= RANK_OF_LEVEL[level] and named["reviewed"]
        return YES if fits else NO

    def days_of(self, kind, lasting):
        """Days of service, without those under discipline; ``lasting``: a discipline without an end goes on."""
        days = set()
        for one in self.h["service"]:
            until = min(one["until"] or self.day, self.day)
            if one["kind"] == kind:
                days |= set(range(one["since"].toordinal(), until.toordinal() + 1))
        for one in self.h["disciplines"]:
            if one["on"] <= self.day and (one["served"] is not None or lasting):
                end = one["served"] or self.day + timedelta(days=1)
                days -= set(range(one["on"].toordinal(), end.toordinal()))
        return len(days)

    def in_trade(self, years, hard_years, fewer):
        if not any(s["kind"] == "trade" and s["since"] <= self.day for s in self.h["service"]):
            return OPEN
        worlds = []
        for lasting in (True, False):
            need = years - fewer if self.days_of("hard_area", lasting) >= self.last(hard_years) else years
            worlds.append(self.days_of("trade", lasting) >= self.last(need))
        return worlds[0], any(worlds)

    def last(self, years):
        """How many days the last so many years have."""
        tomorrow = self.day + timedelta(days=1)
        day = (
            28 if (tomorrow.month, tomorrow.day) == (2, 29) and (tomorrow.year - years) % 4 else tomorrow.day
        )
        return (tomorrow - tomorrow.replace(year=tomorrow.year - years, day=day)).days


FIGHTERS = {"CSTDT", "CSTDB"}
WORKERS = {"LDTT", "CSTDCS"}
COMMENDED = {"BKT-TX", "BKB"}


# --- The frame since 01/01/2024 ---


def e01(a):
    # E01 LDTT: annual grade >= HTTNV and solidarity/participation
    return both(a.grade("HTTNV"), PEOPLE)


def e02(a):
    # E02 CSTDCS: meets the LDTT standard and one of: HTXSNV, initiative recognised at base, research accepted
    return both(e01(a), one_of(a.grade("HTXSNV"), a.initiatives("local", 1, use="title")))


def e03(a):
    # E03 CSTDT/CSTDB: 3 consecutive CSTDCS and an initiative effective in the province
    return both(a.titles_in({"CSTDCS"}, 3, 3), a.initiatives("province", 1, use="title"))


def e04(a):
    # E04 CSTDTQ: 2 consecutive CSTDT/CSTDB and an initiative effective nationwide
    return both(a.titles_in(FIGHTERS, 2, 2), a.initiatives("state", 1, use="title"))


def e05(a):
    # E05 TTLDTT: HTTNV; regular movements; >= 70 % LDTT; nobody disciplined from canh cao up; solidarity
    return both(
        a.grade("HTTNV"),
        PEOPLE,
        a.members_with_title(WORKERS, share=(70, 100)),
        a.members_clean("canh_cao"),
        PEOPLE,
    )


def e06(a):
    # E06 TTLDXS: HTXSNV; 100 % complete their tasks; >= 70 % LDTT; >= 1 CSTDCS; solidarity
    return both(
        a.grade("HTXSNV"),
        a.members_with_grade("HTNV", share=(100, 100)),
        a.members_with_title(WORKERS, share=(70, 100)),
        a.members_with_title({"CSTDCS"}, number=1),
        PEOPLE,
    )


def e07(a):
    # E07 COTINH: leads the bloc; exceeds targets; unity, thrift, no corruption
    return both(a.ranked(1), PEOPLE, PEOPLE)


def e07_ministry(a):
    # E07 COBO: one article for both flags; the ministry's own standard was not seen
    return both(a.ranked(1), UNSEEN)


def e08(a):
    # E08 COCP: meets the standard of COTINH/COBO, selected among leaders
    return both(one_of(e07(a), e07_ministry(a)), PEOPLE)


def e09(a):
    # E09 BKT-TX of persons: 2 consecutive CSTDCS, or 2 years HTXSNV and 2 initiatives in that time
    by_grades = both(a.grades_in("HTXSNV", 2, 2), a.initiatives("local", 2, count=2, use="form"))
    return one_of(a.titles_in({"CSTDCS"}, 2, 2), by_grades)


def e10(a):
    # E10 BKT-TX of collectives: 2 consecutive years HTXSNV or TTLDXS; democracy, care, thrift
    return both(one_of(a.grades_in("HTXSNV", 2, 2), a.titles_in({"TTLDXS"}, 2, 2)), PEOPLE)


def e11(a):  # E11 BKT-DX: a sudden feat, no check of years
    return PEOPLE


def e12(a):
    # E12 BKT-CD: excellent result voted in a movement launched by the province
    return both(a.movement("province"), PEOPLE)


def e12_amended(a):
    # two types of thematic commendation since 01/10/2026, text not seen
    return UNSEEN


def e13(a):
    # E13 GK: exemplary, and one of: voted in a movement, many or sudden results in the unit's field
    return both(PEOPLE, one_of(a.movement("local"), PEOPLE))


def e14(a):
    # E14 BKTTG of persons: BK of ministry/province, and >= 5 years HTTNV+, with 3 CSTDCS in that time
    return both(a.held_before(COMMENDED, a.year), a.grades_in("HTTNV", 5, 5), a.titles_in({"CSTDCS"}, 3, 5))


def unseen(a):
    # E15, E16, E17 of collectives, E18, BKB and NGUT/NGND: not seen
    return UNSEEN


def e17(a):
    # E17 HCLD2 of persons: HCLD3 and >= 5 years HTTNV+ after it, of which >= 2 HTXSNV, and 1 CSTDT/CSTDB
    return both(
        a.held_before({"HCLD3"}, a.year - 4),
        a.grades_in("HTTNV", 5, 5),
        a.grades_in("HTXSNV", 2, 5),
        a.titles_in(FIGHTERS, 1, 5),
    )


def e20(a):
    # E20 KNC in the sector: 20 years, 5 fewer after 5 in a hard area; time under discipline does not count.
    # Once in life. The circular is in force from 15/02/2024 to 01/04/2026; the text before and after was not seen.
    once = a.never("KNC")
    if not date(2024, 2, 15) <= a.day <= date(2026, 4, 1):
        return both(once, UNSEEN)
    # E21, people from outside of the sector, is left to people.
    return both(once, a.in_trade(20, 5, 5), PEOPLE)


def bloc(a):
    # BKT-KHOI: "nhì, ba khối", ranks 2 and 3 of a bloc, practice of two provinces
    return a.ranked(3)


# --- The frame before it ---


def e23(a):
    # E23 old LDTT: not: unregistered, recruited < 10 months, disciplined from khien trach, long leave
    year = a.year
    employed = a.h["employed"]
    if employed is None:
        ten_months = OPEN
    else:
        # Ten whole months of a school year that ends with July: employed on 1 October at the latest.
        ten_months = YES if employed <= date(year, 10, 1) else NO
    hit = any(date(year, 8, 1) <= d["on"] <= date(year + 1, 7, 31) for d in a.h["disciplines"])
    clean = NO if hit else YES if a.complete("disciplines", year) else OPEN
    return both(a.registered(), a.grade("HTTNV"), ten_months, clean, PEOPLE, PEOPLE)


def e22(a):  # E22 old CSTDCS: LDTT and an initiative
    return both(a.registered(), e23(a), a.initiatives("local", 1))


# Registration is that of the title asked for, also where a rule asks for the standard of another title.
def e03_old(a):
    return both(a.registered(), a.titles_in({"CSTDCS"}, 3, 3), a.initiatives("province", 1))


def e04_old(a):
    return both(a.registered(), a.titles_in(FIGHTERS, 2, 2), a.initiatives("state", 1))


def e05_old(a):
    # more than half instead of 70 % (table of what the two frames have otherwise)
    members = a.h["members"] or []
    need = len(members) // 2 + 1
    return both(
        a.registered(),
        a.members_with_title(WORKERS, number=need),
        a.members_clean("canh_cao"),
        PEOPLE,
    )


def e06_old(a):
    return both(
        a.registered(),
        a.members_with_grade("HTNV", share=(1, 1)),
        a.members_with_title(WORKERS, share=(7, 10)),
        a.members_with_title({"CSTDCS"}, number=1),
        PEOPLE,
    )


def e07_old(a):
    return both(a.registered(), a.ranked(1), PEOPLE)


def e08_old(a):  # E08 as NĐ 91 Art 11 has it
    return both(a.registered(), one_of(e07_old(a), unseen_registered(a)), PEOPLE)


def e14_old(a):  # old BKTTG: BK, the next 5 years HTXSNV, 5 initiatives
    return both(
        a.held_before(COMMENDED, a.year - 4),
        a.grades_in("HTXSNV", 5, 5),
        a.initiatives("local", 5, count=5),
    )


def e15_old(a):
    # E15 BKTTG of collectives: BK + 5 consecutive years TTLDXS/HTXSNV
    return both(
        a.held_before(COMMENDED, a.year),
        one_of(a.titles_in({"TTLDXS"}, 5, 5), a.grades_in("HTXSNV", 5, 5)),
    )


def e18_old(a):
    # E18 of collectives by the law of 2005: HCLD2, next 5 years TTLDXS, 3 COTINH/COBO or 2 COCP
    return both(
        a.held_before({"HCLD2"}, a.year - 4),
        a.titles_in({"TTLDXS"}, 5, 5),
        one_of(a.titles_in({"COTINH", "COBO"}, 3, 5), a.titles_in({"COCP"}, 2, 5)),
    )


def e16_old(a):
    # E16 by NĐ 91 Art 24: BKTTG + >= 5 years (grades: not seen), 2 initiatives of province or ministry
    return both(a.held_before({"BKTTG"}, a.year), a.initiatives("province", 2, count=5), UNSEEN)


def knc_old(a):
    return both(a.never("KNC"), UNSEEN)


def unseen_registered(a):
    return both(a.registered(), UNSEEN)


P, C = "individual", "collective"
TWO = (P, C)

NEW = {
    ("LDTT", P): e01,
    ("CSTDCS", P): e02,
    ("CSTDT", P): e03,
    ("CSTDB", P): e03,
    ("CSTDTQ", P): e04,
    ("TTLDTT", C): e05,
    ("TTLDXS", C): e06,
    ("COTINH", C): e07,
    ("COBO", C): e07_ministry,
    ("COCP", C): e08,
    ("BKT-TX", P): e09,
    ("BKT-TX", C): e10,
    # One article for the commendations of province and ministry: the same was inferred.
    ("BKB", P): e09,
    ("BKB", C): e10,
    **{("BKT-DX", whose): e11 for whose in TWO},
    **{("BKT-CD", whose): e12 for whose in TWO},
    ("BKT-KHOI", C): bloc,
    **{("GK", whose): e13 for whose in TWO},
    ("BKTTG", P): e14,
    ("BKTTG", C): unseen,
    **{("HCLD3", whose): unseen for whose in TWO},
    ("HCLD2", P): e17,
    ("HCLD2", C): unseen,
    **{("HCLD1", whose): unseen for whose in TWO},
    ("KNC", P): e20,
    ("NGUT", P): unseen,
    ("NGND", P): unseen,
}
OLD = {
    ("LDTT", P): e23,
    ("CSTDCS", P): e22,
    ("CSTDT", P): e03_old,
    ("CSTDB", P): e03_old,
    ("CSTDTQ", P): e04_old,
    ("TTLDTT", C): e05_old,
    ("TTLDXS", C): e06_old,
    ("COTINH", C): e07_old,
    ("COBO", C): unseen_registered,
    ("COCP", C): e08_old,
    **{("BKT-TX", whose): unseen for whose in TWO},
    **{("BKB", whose): unseen for whose in TWO},
    **{("BKT-DX", whose): e11 for whose in TWO},
    **{("BKT-CD", whose): e12 for whose in TWO},
    ("BKT-KHOI", C): bloc,
    **{("GK", whose): e11 for whose in TWO},
    ("BKTTG", P): e14_old,
    ("BKTTG", C): e15_old,
    ("HCLD3", P): e16_old,
    ("HCLD3", C): unseen,
    **{("HCLD2", whose): unseen for whose in TWO},
    ("HCLD1", P): unseen,
    ("HCLD1", C): e18_old,
    ("KNC", P): knc_old,
    ("NGUT", P): unseen,
    ("NGND", P): unseen,
}
LINES = {
    "rs-2017": OLD,
    "rs-2024": NEW,
    "rs-2025": NEW,
    "rs-2026": {**NEW, **{("BKT-CD", whose): e12_amended for whose in TWO}},
}
