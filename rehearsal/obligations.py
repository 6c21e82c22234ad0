"""What units owe by their word, and how they keep it: the acts `fulfil`, `unfulfil`, own dates and extensions.

Whatever exists keeps its term: early, on the last day, most in between. Whoever is late, never says a word or takes one
back is plainly invented: the bloc of Mẫu and its schools, and the offices of the invented communes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from enum import Enum, auto

from published.milestone import FULFIL, STEPS, CalendarMilestone
from rehearsal.edition import Schedule
from rehearsal.plan import AFTERNOON, EVENING, FORENOON, MORNING, workday
from rehearsal.story import Script

BLOC_OF_MAU = "khoi-mau"
FIVE, SIX, SEVEN = "th-mau-5", "th-mau-6", "th-mau-7"
# A school that has a dossier of the year, by which it meets what another meets by its word.
_WITH_A_DOSSIER = "th-mau-1"


class Way(Enum):
    """How a unit meets a milestone otherwise than in its term."""

    #: after the reminder that it is late
    REMINDED = auto()
    #: after those above were told
    ESCALATED = auto()
    #: in the time that it was granted
    EXTENDED = auto()
    #: said too early, taken back, and met in the end
    TAKEN_BACK = auto()
    NEVER = auto()


# Invented units alone.
BESIDE_THE_TERM = {
    ("covenant", BLOC_OF_MAU): Way.REMINDED,
    ("midyear-review", BLOC_OF_MAU): Way.ESCALATED,
    ("bloc-scoring", BLOC_OF_MAU): Way.EXTENDED,
    ("covenant-review", BLOC_OF_MAU): Way.NEVER,
    ("initiative-list", "th-mau-2"): Way.EXTENDED,
    ("initiative-list", "th-mau-4"): Way.ESCALATED,
    ("initiative-list", FIVE): Way.TAKEN_BACK,
    ("initiative-list", SIX): Way.REMINDED,
    ("initiative-list", SEVEN): Way.NEVER,
    ("initiative-appraisal", "pvhxh-xa-mau-mot"): Way.REMINDED,
    ("initiative-appraisal", "pvhxh-xa-mau-hai"): Way.ESCALATED,
    ("dossier-completion", SEVEN): Way.NEVER,
}
# Calendar days after the last day: after the rung of the first day, before that of the third.
_AFTER_A_REMINDER = 2
# Working days after the last day: after the escalation of the fifth.
_AFTER_THE_ESCALATION = 7
EXTENDED_BY = 12
# A meeting of a bloc meets a milestone by its minutes: kind of meeting, the paper's name and what it is.
MEETINGS = {
    "covenant": ("covenant", "bien-ban-ky-giao-uoc.pdf", "Bien ban ky ket giao uoc thi dua"),
    "midyear-review": ("midyear", "bien-ban-so-ket.pdf", "Bien ban so ket hoc ky I"),
    "bloc-scoring": ("scoring", "bien-ban-cham-diem.pdf", "Bien ban cham diem va xep hang"),
    "covenant-review": ("review", "bien-ban-so-ket-giao-uoc.pdf", "Bien ban so ket giao uoc"),
}
# So many days before the last day a bloc wants the scores.
_WANTED_BEFORE = 3

# The paper that shows it, by milestone; where none is named there is nothing to show.
_PAPERS = {
    "covenant": ("bien-ban-ky-giao-uoc.pdf", "Bien ban ky ket giao uoc thi dua"),
    "initiative-list": ("danh-sach-sang-kien.pdf", "Danh sach sang kien"),
    "midyear-review": ("bien-ban-so-ket.pdf", "Bien ban so ket hoc ky I"),
    "initiative-appraisal": ("ket-qua-tham-dinh.pdf", "Ket qua tham dinh sang kien"),
    "bloc-scoring": ("phieu-cham-diem.pdf", "Phieu cham diem va xep hang"),
    "covenant-review": ("bien-ban-so-ket-giao-uoc.pdf", "Bien ban so ket giao uoc"),
}
NOTHING_TO_PROPOSE = "Trường mới thành lập, năm nay chưa đề nghị khen thưởng"


def _sets_a_day(planned: CalendarMilestone) -> bool:
    """Whether blocs set dates of their own: where they may, and the opening is announced, which is the scoring."""
    return planned.own_dates is not None and planned.announced


def late_by(way: Way, days: Schedule, milestone: str) -> date:
    """The day on which a unit meets a milestone that it does not meet in its term."""
    if way is Way.REMINDED:
        return workday(days.last_day(milestone) + timedelta(days=_AFTER_A_REMINDER))
    if way is Way.ESCALATED:
        return days.working_days_after(milestone, _AFTER_THE_ESCALATION)
    if way is Way.EXTENDED:
        return days.ends(milestone, EXTENDED_BY)
    raise LookupError(way)


class Words:
    """The words that units give under one calendar."""

    def __init__(
        self,
        script: Script,
        days: Schedule,
        beside_the_term: Mapping[tuple[str, str], Way],
        meet: Callable[[Script, Schedule, str, str, date], None] | None = None,
        scored_on: Mapping[str, date] | None = None,
    ) -> None:
        self.script = script
        # How a bloc's meeting is told, where blocs keep them; else they give their word.
        self.meet = meet
        self.scored_on = scored_on or {}
        #: (milestone, bloc) → the day of the meeting that meets it
        self.met_on: dict[tuple[str, str], date] = {}
        self.beside_the_term = beside_the_term
        self.roster = script.roster
        self.days = days

    def give(self) -> None:
        """All those that are due while the edition is played."""
        until = self.script.edition.last_day
        for name, planned in self.days.calendar.milestones.items():
            if self.days.last_day(name) > until:
                continue
            if FULFIL in planned.met_by:
                for count, unit in enumerate(self._owing(name, planned)):
                    self._meet(name, planned, unit, count)
            if _sets_a_day(planned):
                self._own_dates(name, planned)

    def _owing(self, name: str, planned: CalendarMilestone) -> tuple[str, ...]:
        first, last = planned.milestone.opens, self.days.last_day(name)
        units = self.roster.units_owing(planned.owed_by, first, last)
        if STEPS not in planned.met_by:
            return units
        # Dossiers that pass it meet it where there are any.
        opened = self._opened(name)
        return tuple(unit for unit in units if unit not in opened)

    def _opened(self, milestone: str | None = None) -> set[str]:
        """The units that open a dossier in the year; of those under a ``milestone``, where one is named."""
        return {
            draft.words["unit"]
            for draft in self.script.drafts
            if draft.act == "open"
            and milestone in (None, *self.script.procedure(draft.words["procedure"]).milestones)
        }

    # --- One unit, one milestone ---

    def _meet(self, name: str, planned: CalendarMilestone, unit: str, count: int) -> None:
        way = self.beside_the_term.get((name, unit))
        if way is Way.NEVER:
            return
        if way in (Way.REMINDED, Way.ESCALATED, Way.EXTENDED):
            day = late_by(way, self.days, name)
            if way is Way.EXTENDED:
                self._extend(name, planned, unit, day)
            self._fulfil(name, unit, day)
        elif way is Way.TAKEN_BACK:
            self._by_mistake(name, unit)
        else:
            self._fulfil(name, unit, self._in_time(name, count), on_the_day=count % 3 == 0)

    def _in_time(self, name: str, count: int) -> date:
        """Some on the last day, most before, none before it opens; what a bloc set a day for, by that day."""
        if _sets_a_day(self.days.calendar.milestones[name]):
            return self.days.ends(name, -_WANTED_BEFORE - count % 2)
        if count % 4 == 1:
            return self.days.ends(name)
        room = (self.days.ends(name) - self.days.opens(name)).days
        return self.days.ends(name, -self.script.dice.randint(1, room))

    def _fulfil(
        self,
        name: str,
        unit: str,
        day: date,
        *,
        hour: int = MORNING,
        on_the_day: bool = True,
        refused_for: str | None = None,
        by: str | None = None,
        done_on: date | None = None,
    ) -> None:
        if self.meet is not None and name in MEETINGS and refused_for is None:
            day = self.scored_on.get(unit, day) if name == "bloc-scoring" else day
            self.meet(self.script, self.days, unit, name, day)
            self.met_on[name, unit] = day
            return
        # What was done in the days before is often reported only afterwards.
        before = max(day - timedelta(days=1), self.days.opens(name))
        words = {"unit": unit, "milestone": name, "done_on": done_on or (day if on_the_day else before)}
        if name in _PAPERS:
            words["paper"] = _PAPERS[name]
        elif STEPS in self.days.calendar.milestones[name].met_by:
            words["note"] = NOTHING_TO_PROPOSE
        self._act("fulfil", day, hour, by or self._speaker(name, unit, day), refused_for, **words)

    def _speaker(self, name: str, unit: str, day: date) -> str:
        """Who gives a unit's word."""
        for duty in self.days.calendar.milestones[name].duties:
            people = self.roster.holders(unit, duty, day)
            if people:
                return people[0]
        raise LookupError(f"nobody speaks for {unit} on {day}")

    def _act(
        self, act: str, day: date, hour: int, actor: str, refused_for: str | None = None, **words: object
    ) -> None:
        self.script.add(
            day, hour, act, actor, refused_for=refused_for, calendar=self.days.calendar.name, **words
        )

    def _extend(self, name: str, planned: CalendarMilestone, unit: str, until: date) -> None:
        extends = planned.extends
        if extends is None:
            raise LookupError(name)
        day = self.days.ends(name, -2)
        units = [unit]
        if self.roster.nearest(unit, extends.unit, day) is None:
            # No such office is near a bloc that stands under the province: its schools with a dossier are granted it.
            opened = self._opened(name)
            units = [school for school in self.roster.members(unit) if school in opened]
        for one in units:
            place = self.roster.place(one, extends.unit, day)
            extender = self.roster.holder(place, extends.duties[0], day)
            reason = "Đơn vị mới thành lập, xin thêm thời gian"
            words = {"unit": one, "milestone": name, "until": until, "reason": reason}
            self._act("extend", day, FORENOON, extender, **words)

    def _by_mistake(self, name: str, unit: str) -> None:
        """Reported for another list, taken back two days later, and met on the last day."""
        early = self.days.ends(name, -15)
        self._fulfil(name, unit, early)
        back = workday(early + timedelta(days=2))
        words = {"unit": unit, "milestone": name, "reason": "Báo nhầm: danh sách chưa được họp thông qua"}
        self._act("unfulfil", back, MORNING, self._speaker(name, unit, back), **words)
        self._fulfil(name, unit, self.days.ends(name))

    # --- The blocs' own plans ---

    def _own_dates(self, name: str, planned: CalendarMilestone) -> None:
        """Each bloc says in spring when it wants to score; the bloc of Mẫu changes its mind once."""
        for bloc in self.roster.units_owing(
            planned.owed_by, planned.milestone.opens, self.days.last_day(name)
        ):
            plans = [(-17, _WANTED_BEFORE)] if bloc != BLOC_OF_MAU else [(-17, 8), (-10, 2)]
            for said, before in plans:
                day = self.days.opens(name, said)
                words = {
                    "unit": bloc,
                    "milestone": name,
                    "opens": self.days.opens(name, 4),
                    "last_day": self.days.ends(name, -before),
                    "note": "Theo kế hoạch của Trưởng khối",
                }
                self._act("own_dates", day, FORENOON, self._speaker(name, bloc, day), **words)

    # --- What may not be ---

    def try_what_is_refused(self) -> None:
        """The invented units of the sample try what may not be, and nothing changes."""
        name = "initiative-list"
        day = self.days.ends(name, -8)
        tomorrow = day + timedelta(days=1)
        self._fulfil(name, SEVEN, day, hour=EVENING, done_on=tomorrow, refused_for="done_in_the_future")
        teacher = self.roster.staff[SEVEN][-1]
        self._fulfil(name, SEVEN, day, hour=EVENING, by=teacher, refused_for="duty_not_held")
        self._fulfil(name, FIVE, self.days.ends(name), hour=EVENING, refused_for="fulfilled_already")
        words = {"unit": SEVEN, "milestone": name, "reason": "Báo nhầm"}
        clerk = self._speaker(name, SEVEN, day)
        self._act("unfulfil", day, EVENING, clerk, "not_fulfilled", **words)
        day = self.days.ends("dossier-completion", -1)
        done = {"unit": SEVEN, "done_on": day}
        self._act("fulfil", day, EVENING, clerk, "met_by_steps", milestone="portal-filing", **done)
        self._act("fulfil", day, EVENING, clerk, "owed_by_another_kind", milestone="covenant", **done)
        self._fulfil("dossier-completion", _WITH_A_DOSSIER, day, hour=EVENING, refused_for="dossiers_meet_it")
        name = "bloc-scoring"
        day = self.days.opens(name, -10)
        late = self.days.last_day(name) + timedelta(days=EXTENDED_BY)
        own = {"unit": BLOC_OF_MAU, "milestone": name, "opens": self.days.opens(name, 4), "last_day": late}
        head = self._speaker(name, BLOC_OF_MAU, day)
        self._act("own_dates", day, AFTERNOON, head, "outside_of_the_milestone", note="", **own)
