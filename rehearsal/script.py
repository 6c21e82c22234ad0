"""The script of a year: 21 real schools and seven invented ones, every level, every procedure, made from a seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any

from rehearsal.attempts import Attempts
from rehearsal.bloc_years import LAST_PRIZE, BlocYears, meeting, opened_prizes, prize_way
from rehearsal.council_years import CouncilYears, sittings
from rehearsal.edition import REFORM, Schedule, edition
from rehearsal.grade_years import GradeYears
from rehearsal.initiative_years import InitiativeYears
from rehearsal.movement_years import MovementYear, launched_on, movement_code
from rehearsal.names import AS_IT_WAS
from rehearsal.nominees import (
    BEFORE_LAST,
    LAST,
    LocalList,
    fighters_of,
    local_list,
    oldest,
    without,
)
from rehearsal.obligations import BESIDE_THE_TERM, Words
from rehearsal.plan import DAWN, EVENING, Plan, number, workday
from rehearsal.roster import Roster
from rehearsal.story import TWO_TIER, Lent, Nominee, Script, procedure_named
from rehearsal.unpleasant import Misfortunes
from rehearsal.ways import (
    YearWay,
    certificate_way,
    decided,
    later_times,
    round_times,
    sudden_way,
)

# Qualified for the Prime Minister's commendation, by the sample's report; one of an invented school left out.
FOR_PRIME_MINISTER = ("gv-0321", "gv-0457", "gv-0707", "gv-0052")
FOR_PRIME_MINISTER_LATER = "gv-0249"
# A second provincial title in a row, and with it the national one.
FOR_NATIONAL_TITLE = ("gv-0156", "gv-0456")
# A school whose appraiser is away for some days in June.
SCHOOL_OF_ONE_AWAY = "th-vinh-tuy-1"


def label(school: str, kind: str) -> str:
    """The plan's own name of a dossier, known before it is opened: a school and a word."""
    return f"{school}/{kind}"


@dataclass(slots=True)
class Year:
    """What the parts of the script share: rankings, days and lists by school."""

    script: Script
    scores: dict[str, tuple[str, int]] = field(default_factory=dict)
    times: dict[str, dict[str, date]] = field(default_factory=dict)
    lists: dict[str, LocalList] = field(default_factory=dict)
    ways: dict[str, YearWay] = field(default_factory=dict)
    #: who must win the grassroots title, because something higher rests on it
    fighters: dict[str, list[str]] = field(default_factory=dict)
    #: nominations for the province, the ministry and the State, by school
    province: dict[str, list[Nominee]] = field(default_factory=dict)
    ministry: dict[str, list[Nominee]] = field(default_factory=dict)
    state: dict[str, list[Nominee]] = field(default_factory=dict)

    @property
    def roster(self) -> Roster:
        """The roster of the edition's world."""
        return self.script.roster

    @property
    def days(self) -> Schedule:
        """The days of the yearly round."""
        return self.script.edition.days

    def way(self, school: str, kind: str, level: str) -> YearWay:
        """A dossier of the yearly round."""
        name = label(school, kind)
        self.ways[name] = YearWay(self.script, name, school, level, self.times[school], self.scores[school])
        return self.ways[name]

    def ranked(self, bloc: str) -> list[str]:
        """The schools of a bloc, the first of it first."""
        return sorted(self.roster.members(bloc), key=lambda school: self.scores[school][1])

    def first_of(self, bloc: str) -> list[str]:
        """The schools of a bloc that win a prize by their rank."""
        return [school for school in self.ranked(bloc) if self.scores[school][1] <= LAST_PRIZE]


@cache
def make_plan(seed: int, name: str = AS_IT_WAS) -> Plan:
    """The plan of a seed for an edition: the same seed always gives the same plan."""
    played = edition(name)
    script = Script(played, Roster(played.world), seed, random.Random(f"thidua/{seed}"))
    year = Year(script)
    _lend_duties(script)
    script.blocs_settle = True
    script.sittings = sittings(script)
    blocs = BlocYears(script)
    year.scores = blocs.scores
    for school in script.roster.schools:
        year.times[school] = round_times(script)
    _choose_higher(year)
    for school in script.roster.real_schools:
        year.lists[school] = local_list(script.roster, script.dice, school, year.fighters.get(school, ()))
    _local_dossiers(year)
    _provincial_dossiers(year)
    _ministerial_dossiers(year)
    _state_dossiers(year)
    _sudden_dossiers(year)
    _certificates(year)
    if played.later is not None:
        _after_the_reform(year, played.later)
    Misfortunes(year.script, year.scores).tell()
    Attempts(script, year.ways).make()
    CouncilYears(script).tell()
    InitiativeYears(script, year.ways).tell()
    # Whoever hopes for the province's title of the year was graded accordingly.
    excellent = {school for school, asked in year.province.items() if ("TTLDXS", None, None) in asked}
    GradeYears(script, year.lists, year.fighters, excellent).tell()
    words = Words(script, played.days, BESIDE_THE_TERM, meeting, blocs.scored_on())
    words.give()
    words.try_what_is_refused()
    blocs.tell(words.met_on)
    MovementYear(script).tell()
    if played.next_year is not None:
        # By those to whom the blocs were handed over.
        Words(script, played.next_year, {}, meeting).give()
    if played.reforms:
        script.add(REFORM, DAWN, "pass_on", "cb-027")
    return number(seed, played.first_day, script.drafts)


def _choose_higher(year: Year) -> None:
    """Who of the real schools is put forward to the province, the ministry and the State."""
    people = year.roster
    taken: set[str] = {*FOR_PRIME_MINISTER, *FOR_NATIONAL_TITLE, FOR_PRIME_MINISTER_LATER}
    for person in (*FOR_PRIME_MINISTER, *FOR_NATIONAL_TITLE, FOR_PRIME_MINISTER_LATER):
        year.fighters.setdefault(people.school_of(person), []).append(person)
    for person in FOR_NATIONAL_TITLE:
        school = people.school_of(person)
        year.province.setdefault(school, []).append(("CSTDT", person, label(school, "L")))
        year.state.setdefault(school, []).append(("CSTDTQ", person, label(school, "P")))
    for person in year.script.dice.sample(FOR_PRIME_MINISTER, 2):
        school = people.school_of(person)
        year.state.setdefault(school, []).append(("BKTTG", person, label(school, "L")))
    _choose_for_province(year, taken)
    _choose_for_ministry(year, taken)


def _choose_for_province(year: Year, taken: set[str]) -> None:
    people, dice = year.roster, year.script.dice
    hopeful = [
        school
        for school in people.real_schools
        if without(fighters_of(people, school, BEFORE_LAST, LAST), taken)
    ]
    for school in dice.sample(hopeful, 4):
        person = without(fighters_of(people, school, BEFORE_LAST, LAST), taken)[0]
        taken.add(person)
        year.fighters.setdefault(school, []).append(person)
        year.province.setdefault(school, []).append(("CSTDT", person, label(school, "L")))
    for school in people.real_schools:
        second = without(fighters_of(people, school, LAST), taken)
        if second and school in year.province:
            taken.add(second[0])
            year.fighters.setdefault(school, []).append(second[0])
            year.province[school].append(("BKT-TX", second[0], label(school, "L")))
        if people.held(school, "TTLDXS", LAST):
            year.province.setdefault(school, []).append(("TTLDXS", None, None))
    for bloc in dict.fromkeys(people.bloc(school) for school in people.schools):
        for school in year.first_of(bloc):
            # Registered in autumn with what it hopes for by itself; what rests on rank is added once ranks are known.
            year.province.setdefault(school, [("TTLDXS", None, None)])


def _choose_for_ministry(year: Year, taken: set[str]) -> None:
    people, dice = year.roster, year.script.dice
    withdrawing = "th-duong-hoa"
    others = [s for s in people.real_schools if s != withdrawing and fighters_of(people, s, LAST)]
    for school in (withdrawing, *dice.sample(others, 2)):
        found = without(fighters_of(people, school, LAST), taken) or without(people.staff[school], taken)
        taken.add(found[0])
        year.ministry.setdefault(school, []).append(("BKB", found[0], None))
    school = dice.choice([s for s in people.real_schools if s not in year.ministry])
    year.ministry[school] = [("KNC", person, None) for person in oldest(people, school, 2)]


# --- Dossiers of real schools -------------------------------------------------------------------------------


def _local_dossiers(year: Year) -> None:
    dice = year.script.dice
    schools = list(year.roster.real_schools)
    by_bloc, by_office, by_review, twice = dice.sample(schools, 4)
    for school in schools:
        listed = year.lists[school]
        way = year.way(school, "L", "local")
        way.register(listed.registered)
        way.revise(listed.struck, listed.added)
        way.to_bloc()
        if school == by_bloc:
            _returned_by_bloc(way)
            _convenes_last(way, year.days)
        way.score()
        way.school_council(listed.verdicts("school_council"))
        way.hand_in()
        if school in (by_office, twice):
            _returned(
                way, workday(way.after(1)), "education_office", "Thiếu chữ ký của chủ tịch hội đồng trường"
            )
            way.times["appraise"] = max(way.times["appraise"], workday(way.after(2)))
        if school == twice:
            _returned(way, way.times["appraise"], "education_office", "Danh sách chưa khớp với biên bản họp")
            way.times["appraise"] = max(year.days.ends("preliminary-appraisal", -3), way.day)
        way.appraise(listed.verdicts("education_office"))
        way.file()
        if school == by_review:
            day = year.days.opens("local-decision", 7)
            _returned(way, day, "interior_office", "Báo cáo thành tích chưa có xác nhận")
            way.times["review"] = year.days.opens("local-decision", 13)
        way.review(listed.verdicts("interior_office"))
        way.local_council(listed.verdicts("local_council"))
        way.decide(listed.left_out)


def _returned(way: YearWay, day: date, desk: str, reason: str) -> None:
    """Returned for changes, changed and resubmitted within days."""
    way.step(day, desk, "return", reason=reason)
    way.paper(workday(way.after(1)), "submission_letter")
    way.step(way.day, "school", "resubmit")


def _convenes_last(way: YearWay, days: Schedule) -> None:
    """Behind the others since its bloc returned it, and in time all the same."""
    convened = days.ends("dossier-completion", -12)
    council = workday(convened + timedelta(days=1))
    handed_in = workday(council + timedelta(days=1))
    appraised = days.ends("preliminary-appraisal", -4)
    way.times |= {
        "convene": convened,
        "school_council": council,
        "hand_in": handed_in,
        "appraise": appraised,
    }


def _returned_by_bloc(way: YearWay) -> None:
    day = workday(way.after(1))
    way.step(day, "bloc", "return", by=way.judge_of_bloc(day), reason="Bảng tự chấm chưa có minh chứng")
    way.step(workday(way.after(2)), "school", "resubmit")


def _provincial_dossiers(year: Year) -> None:
    opened = opened_prizes(year.script, year.scores)
    for school in opened:
        prize_way(year.script, school, year.times[school], year.scores[school])
    for school in year.roster.real_schools:
        if school not in year.province:
            continue
        nominees = year.province[school]
        way = year.way(school, "P", "province")
        way.register(nominees)
        way.to_bloc()
        way.score()
        rank = year.scores[school][1]
        if rank <= LAST_PRIZE and school not in opened:
            way.nominate(workday(way.after(2)), [("COTINH" if rank == 1 else "BKT-KHOI", None, None)])
        way.through_locality()
        way.endorse()
        way.to_province()
        way.provincial_decision()


def _ministerial_dossiers(year: Year) -> None:
    for count, (school, nominees) in enumerate(sorted(year.ministry.items())):
        way = year.way(school, "M", "ministry")
        way.register(nominees)
        way.to_bloc()
        way.score()
        if school == "th-duong-hoa":
            way.step(
                workday(way.after(1)), "school", "withdraw", reason="Trường xin rút để bổ sung thành tích"
            )
            way.step(
                year.days.ends("bloc-scoring", -1), "school", "restore", reason="Đã bổ sung đủ thành tích"
            )
        way.through_locality()
        way.endorse()
        way.to_ministry()
        if count % 2 == 0:
            way.result("ministry")


def _state_dossiers(year: Year) -> None:
    first = year.ranked(year.roster.bloc("th-tt-kien-luong-1"))[0]
    year.state.setdefault(first, []).insert(0, ("HCLD3", None, None))
    for count, (school, nominees) in enumerate(sorted(year.state.items())):
        way = year.way(school, "S", "state")
        # After the dossier on which it rests: that one's nominations must be there.
        way.times["nominate"] = max(way.times["nominate"], workday(way.times["nominate"] + timedelta(days=1)))
        way.register(nominees)
        way.to_bloc()
        way.score()
        if school == first:
            way.nominate(workday(way.after(3)), [("COCP", None, label(school, "P"))])
        way.through_locality()
        way.endorse()
        way.to_state()
        if count % 2 == 0:
            way.result("state")


def _sudden_dossiers(year: Year) -> None:
    script = year.script
    schools = script.dice.sample(list(year.roster.real_schools), 3)
    for count, school in enumerate(schools):
        day = year.days.opens("initiative-appraisal", 9 + 25 * count + script.dice.randint(0, 10))
        person = script.dice.choice(year.roster.staff[school])
        level = "province" if count == 2 else "local"
        title = "BKT-DX" if level == "province" else "GK"
        story = sudden_way(script, label(school, "D"), school, level, day, [(title, person, None)])
        if level == "local":
            decided(story, "local_decision", workday(story.after(3)))
        else:
            story.step(workday(story.after(2)), "local_decision", "endorse")
            story.step(workday(story.after(7)), "province_desk", "appraise", support_rest=True)
            decided(story, "provincial_decision", workday(story.after(10)))


def _certificates(year: Year) -> None:
    script = year.script
    days = (
        year.days.ends("covenant", 19),
        year.days.opens("midyear-review", 12),
        year.days.ends("initiative-appraisal", 6),
        year.days.opens("bloc-scoring", 18),
    )
    for school, day in zip(script.dice.sample(list(year.roster.real_schools), len(days)), days, strict=True):
        staff = [p for p in year.roster.staff[school] if p != year.roster.holder(school, "principal", day)]
        chosen = script.dice.sample(staff, 4)
        story = certificate_way(script, label(school, "C"), school, day, [("GK", p, None) for p in chosen])
        decided(story, "principal", workday(story.after(2)))


def _after_the_reform(year: Year, days: Schedule) -> None:
    """From July on: what schools send on under the communes' procedure."""
    script = year.script
    later = year.roster.school_of(FOR_PRIME_MINISTER_LATER)
    local = script.dice.sample([s for s in year.roster.real_schools if s != later], 3)
    for school in local:
        way = _later(year, days, school, "L2", "local")
        staff = [p for p in year.roster.staff[school] if ("GK", p, None) not in _nominated(script, school)]
        way.register([("GK", person, None) for person in script.dice.sample(staff, 5)])
        _as_far_as_the_chairman(way)
        way.decide()
    way = _later(year, days, local[0], "P2", "province")
    movement = movement_code(year.script.edition)
    way.register([("BKT-CD", None, None)], movement=movement)
    # It rests on a movement of the province: on none, or on the district's own plan, it may not.
    day, clerk = way.times["nominate"], way.holder("school", way.times["nominate"])
    again: dict[str, Any] = {"nominees": (("BKT-CD", year.roster.staff[local[0]][-1], None),)}
    district = f"{movement}-{year.roster.place(local[0], 'people_committee', launched_on(year.days))}"
    year.script.add(day, EVENING, "nominate", clerk, way.label, refused_for="movement_missing", **again)
    again["movement"] = district
    year.script.add(day, EVENING, "nominate", clerk, way.label, refused_for="movement_of_other_rank", **again)
    _as_far_as_the_chairman(way)
    way.endorse()
    way.to_province()
    way.provincial_decision()
    way = _later(year, days, local[1], "M2", "ministry")
    way.register([("KNC", person, None) for person in oldest(year.roster, local[1], 1)])
    _as_far_as_the_chairman(way)
    way.endorse()
    way.to_ministry()
    way = _later(year, days, later, "S2", "state")
    way.register([("BKTTG", FOR_PRIME_MINISTER_LATER, label(later, "L"))])
    _as_far_as_the_chairman(way)
    way.endorse()
    way.to_state()


def _later(year: Year, days: Schedule, school: str, kind: str, level: str) -> YearWay:
    times = later_times(days, year.script.dice)
    name = label(school, kind)
    year.ways[name] = YearWay(
        year.script, name, school, level, times, year.scores[school], procedure=TWO_TIER
    )
    return year.ways[name]


def _as_far_as_the_chairman(way: YearWay) -> None:
    way.to_bloc()
    way.score()
    way.through_locality()


def _nominated(script: Script, school: str) -> Sequence[Nominee]:
    return [
        nominee
        for draft in script.drafts
        if draft.act == "nominate" and draft.story and draft.story.startswith(f"{school}/")
        for nominee in draft.words["nominees"]
    ]


def _lend_duties(script: Script) -> None:
    """An appraiser is away in June: the head of the office acts on behalf of her."""
    days = script.edition.days
    since, until = days.ends("preliminary-appraisal", -21), days.ends("preliminary-appraisal", -10)
    office = procedure_named(script.edition.procedure).desks["education_office"].unit
    unit = script.roster.place(SCHOOL_OF_ONE_AWAY, office, since)
    away, head = (script.roster.holder(unit, duty, since) for duty in ("appraiser", "office_head"))
    lent = Lent(away, unit, "appraiser", since, until, head)
    script.lent.append(lent)
    words = {"unit": lent.unit, "duty": lent.duty, "since": lent.since, "until": lent.until}
    script.add(lent.since, DAWN, "delegate", lent.person, to=lent.to, **words)
