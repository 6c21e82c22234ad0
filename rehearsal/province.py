"""The script of a province of any size: what most schools do, most of it in bulk as offices do it.

The sample's script takes every way that there is; this one is about how much there is. The year is 2024-2025 with the
districts' end, so that everything that was open passes on.
"""

from __future__ import annotations

import random
from functools import cache

from rehearsal.edition import REFORM, Edition, divided
from rehearsal.names import AS_IT_WAS
from rehearsal.nominees import local_list
from rehearsal.obligations import Way, Words
from rehearsal.plan import DAWN, Plan, number, workday
from rehearsal.province_world import ADMINISTRATOR, province_world
from rehearsal.roster import Roster
from rehearsal.script import Year, label
from rehearsal.story import Nominee, Script
from rehearsal.ways import certificate_way, decided, round_times

# One school in so many: returned once by its education office; late for good with its dossier.
_RETURNED, _LAPSES = 12, 40
# One unit in so many is late by a reminder, by an escalation, or for good.
_LATE = ((20, Way.REMINDED), (33, Way.ESCALATED), (50, Way.NEVER))
_CERTIFICATES = 4
# So many schools of a bloc are ranked in the order of the file.
_AS_THEY_COME = 8


@cache
def province_edition(schools: int) -> Edition:
    """The year 2024-2025 in a made-up province with so many schools."""
    return divided(AS_IT_WAS, province_world(schools))


@cache
def make_province_plan(seed: int, schools: int) -> Plan:
    """The plan of a seed for a province: the same seed and size always give the same plan."""
    played = province_edition(schools)
    script = Script(played, Roster(played.world), seed, random.Random(f"thidua/{seed}/{schools}"))
    year = Year(script)
    _rank_schools(year)
    for count, school in enumerate(script.roster.schools, start=1):
        year.times[school] = round_times(script)
        _local(year, school, count)
        if year.scores[school][1] <= 3:
            _provincial(year, school)
        _certificates(year, school, count)
    Words(script, played.days, _beside_the_term(script)).give()
    if played.next_year is not None:
        Words(script, played.next_year, {}).give()
    script.add(REFORM, DAWN, "pass_on", ADMINISTRATOR)
    return number(seed, played.first_day, script.drafts)


def _rank_schools(year: Year) -> None:
    """Scores and ranks of the blocs, which type them here: how schools score each other is for the sample to show."""
    dice, members = year.script.dice, year.roster
    for bloc in dict.fromkeys(members.bloc(school) for school in members.schools):
        order: list[str] = []
        for school in members.members(bloc):
            order.insert(dice.randint(min(_AS_THEY_COME, len(order)), len(order)), school)
        points = 985.0
        for rank, school in enumerate(order, start=1):
            year.scores[school] = (f"{points:.2f}", rank)
            points -= dice.randint(5, 50) / 4


def _local(year: Year, school: str, count: int) -> None:
    listed = local_list(year.roster, year.script.dice, school, ())
    way = year.way(school, "L", "local")
    way.register(listed.registered)
    way.revise(listed.struck, listed.added)
    way.to_bloc()
    way.score()
    way.school_council(listed.verdicts("school_council"))
    if count % _LAPSES == 0:
        # Nobody hands it in: it lapses by the calendar.
        return
    way.hand_in()
    if count % _RETURNED == 0:
        day = workday(way.after(1))
        way.step(day, "education_office", "return", reason="Thiếu chữ ký của chủ tịch hội đồng trường")
        way.step(workday(way.after(1)), "school", "resubmit")
        way.times["appraise"] = max(way.times["appraise"], year.days.ends("preliminary-appraisal"), way.day)
    way.appraise(listed.verdicts("education_office"))
    way.file()
    way.review(listed.verdicts("interior_office"))
    way.local_council(listed.verdicts("local_council"))
    way.decide(listed.left_out)


def _provincial(year: Year, school: str) -> None:
    rank = year.scores[school][1]
    way = year.way(school, "P", "province")
    way.register([("TTLDXS", None, None)])
    way.to_bloc()
    way.score()
    way.nominate(workday(way.after(2)), [("COTINH" if rank == 1 else "BKT-KHOI", None, None)])
    way.through_locality()
    way.endorse()
    way.to_province()
    way.provincial_decision()


def _certificates(year: Year, school: str, count: int) -> None:
    """Each school on a day of its own in winter and spring."""
    script = year.script
    day = year.days.opens("midyear-review", 5 + count % 90)
    chosen = script.dice.sample(script.roster.staff[school][5:], _CERTIFICATES)
    nominees: list[Nominee] = [("GK", person, None) for person in chosen]
    story = certificate_way(script, label(school, "C"), school, day, nominees)
    decided(story, "principal", workday(story.after(2)))


def _beside_the_term(script: Script) -> dict[tuple[str, str], Way]:
    """Who meets which obligation late, or never."""
    found = {}
    for name, planned in script.edition.days.calendar.milestones.items():
        first, last = planned.milestone.opens, script.edition.days.last_day(name)
        units = script.roster.units_owing(planned.owed_by, first, last)
        for count, unit in enumerate(units, start=1):
            for one_in, way in _LATE:
                if count % one_in == 0:
                    found[name, unit] = way
    return found
