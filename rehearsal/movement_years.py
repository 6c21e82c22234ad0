"""A movement of the year, launched by the province and answered on every level below, and two exemplars of it.

The theme is that of a real cascade of 2019 with another year in it; numbers and days are made up, and the numbers say
so. Most answer in time; of the schools of Mẫu one is late and one says nothing. Where the districts end on the way, the
communes' offices review what their predecessors had answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from casework.movements.planners import PLANNERS
from rehearsal.edition import Edition, Schedule
from rehearsal.plan import AFTERNOON, EVENING, FORENOON, MORNING, workday
from rehearsal.story import THREE_TIER, Script
from rehearsal.ways import certificate_way, decided

LATE, NEVER, FIVE = "th-mau-3", "th-mau-6", "th-mau-5"
# Gives certificates in the movement to three of its staff, prepared so many days before its review.
CERTIFIES, _CERTIFIED, _PREPARED = "th-vinh-tuy-1", slice(6, 9), 14
# Days after the term, behind the reminder of the third day.
_BEHIND = 4
_EARLY = 4
# Days before the last on which reviews are done: nobody has to be reminded.
_BEFORE_REMINDERS = 16
# One of these is found and taken through all stages in the year, the other as far as the review.
EXEMPLARS = (
    ("th-tt-kien-luong-1", "Đổi mới phương pháp dạy học"),
    ("th-vinh-tuy-1", "Xây dựng thư viện xanh"),
)
_STAGES = ("nurtured", "reviewed", "spread")


def movement_code(edition: Edition) -> str:
    """The code of the province's plan of an edition."""
    return f"thi-dua-{edition.school_year[5:]}"


def launched_on(days: Schedule) -> date:
    """The day on which the province launches it."""
    return days.opens("midyear-review", 13)


@dataclass(frozen=True, slots=True)
class Asked:
    """A unit that answers with a plan of its own: what it is asked by, and whom it asks in turn."""

    code: str
    unit: str
    above: str


class MovementYear:
    """The movement of an edition."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.roster, self.days = script.roster, script.edition.days
        self.year = int(script.edition.school_year[5:])
        self.theme = f"Thi đua thực hiện thắng lợi nhiệm vụ phát triển kinh tế - xã hội năm {self.year}"
        self.launched = launched_on(self.days)
        self.office = (
            "education_office" if script.edition.procedure == THREE_TIER else "culture_society_office"
        )
        self.code = movement_code(script.edition)

    def tell(self) -> None:
        """Everything: the plans of four levels, reviews, the end, what is refused, and the exemplars."""
        schools = self.roster.schools
        province = self.roster.place(schools[0], "province_committee", self.launched)
        offices = self._places(schools, self.office, self.launched)
        places = self._places(schools, "people_committee", self.launched)
        asks = {
            "province": self._span(self.launched, 24, 90),
            "place": self._span(self._after(10), 20, 70),
            "office": self._span(self._after(19), 20, 30),
        }
        kinds: dict[str, tuple[str, ...]] = {
            "province": ("people_committee",),
            "place": (self.office,),
            "office": ("school",),
        }
        self._launch(self.code, province, None, self.launched, 1, kinds["province"], asks["province"])
        for count, place in enumerate(dict.fromkeys(places.values()), start=1):
            code = f"{self.code}-{place}"
            self._launch(code, place, self.code, self._after(10), 10 + count, kinds["place"], asks["place"])
        for count, (office, school) in enumerate(
            {office: s for s, office in offices.items()}.items(), start=1
        ):
            code, above = f"{self.code}-{office}", f"{self.code}-{places[school]}"
            self._launch(code, office, above, self._after(19), 40 + count, kinds["office"], asks["office"])
        for count, school in enumerate(schools):
            self._school(school, f"{self.code}-{offices[school]}", asks["office"], count)
        self._reviews(places, offices)
        self._not_so(f"{self.code}-{offices[FIVE]}", f"{self.code}-{offices[NEVER]}")
        day = self.days.ends("higher-submission", 130)
        committee = self.roster.place(schools[0], "province_committee", day)
        reason = "Kết thúc đợt thi đua theo kế hoạch"
        self._act(
            day, FORENOON, "end_movement", self._planner(committee, day), movement=self.code, reason=reason
        )
        self._exemplars()

    # --- Who, when, and what every act names ---

    def _act(
        self, day: date, hour: int, act: str, actor: str, refused_for: str | None = None, **words: Any
    ) -> None:
        self.script.add(day, hour, act, actor, refused_for=refused_for, **words)

    def _planner(self, unit: str, day: date, turn: int = 0) -> str:
        """Who draws up a unit's plan on a day."""
        duties = PLANNERS[self.roster.kind_of(unit)]
        return self.roster.holder(unit, duties[turn % len(duties)], day)

    def _places(self, schools: Sequence[str], kind: str, day: date) -> dict[str, str]:
        return {school: self.roster.place(school, kind, day) for school in schools}

    def _after(self, days: int) -> date:
        return workday(self.launched + timedelta(days=days))

    def _span(self, asked: date, to_answer: int, to_review: int) -> tuple[date, date]:
        """The last days for answer and review of a plan."""
        return workday(asked + timedelta(days=to_answer)), self.days.ends("higher-submission", to_review)

    # --- Plans ---

    def _launch(
        self,
        code: str,
        unit: str,
        above: str | None,
        day: date,
        number: int,
        kinds: tuple[str, ...],
        until: tuple[date, date],
    ) -> None:
        self._act(
            day,
            MORNING,
            "launch",
            self._planner(unit, day),
            **self._plan(code, unit, above, day, number),
            kinds=kinds,
            answer_by=until[0],
            review_by=until[1],
            paper=("ke-hoach.pdf", "Ke hoach phat dong phong trao thi dua"),
        )

    def _plan(self, code: str, unit: str, above: str | None, day: date, number: int) -> dict[str, Any]:
        return {
            "code": code,
            "unit": unit,
            "theme": self.theme,
            "number": f"{number:02d}/KH-MAU",
            "dated": day,
            "since": day,
            "until": date(self.year, 12, 31),
            "answers": above,
        }

    def _school(self, school: str, above: str, until: tuple[date, date], count: int) -> None:
        """A school's answer, and in summer or early autumn its review; it asks nobody."""
        if school == NEVER:
            return
        # Most in the first days, before anybody is reminded; some on the last day.
        day = min(self._after(20 + self.script.dice.randint(0, _EARLY)), until[0])
        if count % 4 == 1:
            day = until[0]
        if school == LATE:
            day = workday(until[0] + timedelta(days=_BEHIND))
        plan = self._plan(f"{self.code}-{school}", school, above, day, 60 + count)
        self._act(day, AFTERNOON, "launch", self._planner(school, day, count), **plan)
        first = self.days.opens("dossier-completion", 2)
        reviewed = workday(
            first + timedelta(days=self.script.dice.randint(0, (until[1] - first).days - _BEFORE_REMINDERS))
        )
        self._review(above, school, school, reviewed, count)
        if school == CERTIFIES:
            self._certificates(school, reviewed)

    def _certificates(self, school: str, reviewed: date) -> None:
        """Certificates of the school in its own part of the movement: prepared before its review, decided after it."""
        opened = workday(reviewed - timedelta(days=_PREPARED))
        nominees = [("GK", person, None) for person in self.roster.staff[school][_CERTIFIED]]
        own = f"{self.code}-{school}"
        story = certificate_way(self.script, f"{school}/V", school, opened, nominees, movement=own)
        decided(story, "principal", workday(story.after(1)), refused_for="movement_not_reviewed")
        decided(story, "principal", workday(reviewed + timedelta(days=2)))

    # --- Reviews ---

    def _review(
        self, movement: str, unit: str, by: str, day: date, turn: int = 0, *, paper: bool = False
    ) -> None:
        """``by``: the unit whose people say it: the unit itself, or whoever succeeded it."""
        words: dict[str, Any] = {"movement": movement, "unit": unit, "reviewed_on": day}
        words["text"] = "Đã tổ chức tổng kết; các chỉ tiêu thi đua cơ bản hoàn thành"
        if paper:
            words["paper"] = ("bao-cao-tong-ket.pdf", "Bao cao tong ket phong trao thi dua")
        self._act(day, AFTERNOON, "review", self._planner(by, day, turn), **words)

    def _reviews(self, places: dict[str, str], offices: dict[str, str]) -> None:
        """Offices review after the schools, districts after the offices; after their end their successors do."""
        day = self.days.ends("higher-submission", 60)
        now = self._places(self.roster.schools, self.office, day)
        for office, school in {office: s for s, office in offices.items()}.items():
            self._review(f"{self.code}-{places[school]}", office, now[school], day, paper=True)
        day = self.days.ends("higher-submission", 75)
        now = self._places(self.roster.schools, "people_committee", day)
        for place, school in {place: s for s, place in places.items()}.items():
            self._review(self.code, place, now[school], day, paper=True)

    # --- What may not be ---

    def _not_so(self, of_five: str, of_never: str) -> None:
        day = self.days.opens("dossier-completion", 3)
        words = {"movement": of_never, "unit": NEVER, "reviewed_on": day, "text": "Đã tổng kết"}
        self._act(day, EVENING, "review", self._planner(NEVER, day), "not_answered", **words)
        teacher = self.roster.staff[FIVE][-1]
        again = self._plan(f"{self.code}-lan-hai", FIVE, of_five, day, 99)
        self._act(day, EVENING, "launch", self._planner(FIVE, day), "answered_already", **again)
        self._act(day, EVENING, "launch", teacher, "duty_not_held", **again)
        above = self._plan(f"{self.code}-vuot-cap", FIVE, self.code, day, 98)
        self._act(day, EVENING, "launch", self._planner(FIVE, day), "not_asked", **above)

    # --- Exemplars ---

    def _exemplars(self) -> None:
        """Found in spring, nurtured until summer, reviewed in autumn; one is made known before the year ends."""
        found = self.days.opens("initiative-appraisal", 20)
        days = (
            self.days.opens("bloc-scoring", 2),
            self.days.ends("higher-submission", 20),
            self.days.ends("higher-submission", 110),
        )
        for count, (school, field) in enumerate(EXEMPLARS):
            person = self.script.dice.choice(self.roster.staff[school][5:]) if count == 0 else None
            label = f"exemplar/{school}"
            words = {
                "unit": school,
                "person": person,
                "field": field,
                "found_on": found,
                "movement": self.code,
            }
            by = self._planner(school, found)
            text = "Được tập thể giới thiệu trong đợt thi đua"
            self.script.add(found, FORENOON, "find_exemplar", by, label, text=text, **words)
            for stage, day in list(zip(_STAGES, days, strict=True))[: 3 - count]:
                words = {"stage": stage, "reached_on": day, "text": "Theo kế hoạch của trường"}
                self.script.add(day, FORENOON, "advance_exemplar", self._planner(school, day), label, **words)
            if count:
                self.script.add(
                    days[0],
                    EVENING,
                    "advance_exemplar",
                    self._planner(school, days[0]),
                    label,
                    refused_for="not_the_next_stage",
                    stage="spread",
                    reached_on=days[0],
                    text="",
                )
