"""The annual grades of the year that is played: each school records those of its staff in May.

Who was an advanced worker or a fighter the year before, or must win something higher now, is graded accordingly.
Nothing is drawn by the year's dice: a grade depends on the person and the year alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from datetime import date, timedelta

from rehearsal.nominees import LAST, LocalList
from rehearsal.plan import MORNING, workday
from rehearsal.story import Script

_KEEPING = ("education_office", "culture_society_office")
# Of a hundred who won nothing the year before, so many fulfil their tasks well.
_WELL = 55
# The invented school of which nobody records grades: what is asked for there stays unknown.
SILENT = "th-mau-4"
# The invented school of which a nominee's award has to wait for some weeks (NĐ 152/2025 Điều 4(4)).
HELD_AT = "th-mau-2"


class GradeYears:
    """The grades of an edition."""

    def __init__(
        self,
        script: Script,
        lists: Mapping[str, LocalList],
        fighters: Mapping[str, Collection[str]],
        excellent: Collection[str],
    ) -> None:
        self.script, self.roster = script, script.roster
        self.year = script.edition.school_year
        self.lists, self.fighters, self.excellent = lists, fighters, excellent

    def tell(self) -> None:
        """The list of every school but one."""
        for count, school in enumerate(self.roster.schools):
            if school != SILENT:
                self._school(school, count)
        self._held()

    def _held(self) -> None:
        """A complaint about somebody who is nominated is looked into for some weeks, and comes to nothing."""
        story = f"{HELD_AT}/L"
        drafts = [d for d in self.script.drafts if (d.story, d.act) == (story, "nominate")]
        person = next(who for draft in drafts for title, who, _ in draft.words["nominees"] if title == "LDTT")
        begun = workday(date(int(self.year[5:]), 4, 14))
        ended = workday(date(int(self.year[5:]), 6, 25))
        for day, act, words in (
            (begun, "open_matter", {"since": begun, "text": "Đơn phản ánh về dạy thêm, đang xác minh"}),
            (ended, "close_matter", {}),
        ):
            office = next(o for kind in _KEEPING if (o := self.roster.nearest(HELD_AT, kind, day)))
            keeper = self.roster.holder(office, "appraiser", day)
            self.script.add(day, MORNING, act, keeper, person=person, **words)

    def _school(self, school: str, count: int) -> None:
        # Before the councils of the schools meet at the end of May.
        day = workday(date(int(self.year[5:]), 5, 12) + timedelta(days=count % 5))
        clerk = self.roster.holder(school, "clerk", day)
        principal = self.roster.holder(school, "principal", day)
        staff = [person for person in self.roster.staff[school] if person not in (clerk, principal)]
        number = f"{30 + count}/QĐ"
        self._record(day, clerk, school, number, school, staff)
        self._record(day, principal, school, number, school, [clerk])
        for kind in _KEEPING:
            office = self.roster.nearest(school, kind, day)
            if office is not None:
                keeper = self.roster.holder(office, "appraiser", day)
                # The head, and the school itself, are graded above.
                self._record(day, keeper, school, f"{1_300 + count}/QĐ", office, [principal, school])
                break

    def _record(self, day: date, actor: str, school: str, number: str, body: str, people: list[str]) -> None:
        graded = tuple((person, self._grade(school, person)) for person in people)
        self.script.add(
            day,
            MORNING,
            "record_grades",
            actor,
            unit=school,
            school_year=self.year,
            number=number,
            body=body,
            decided_on=day,
            graded=graded,
        )

    def _grade(self, school: str, person: str) -> str:
        if person == school:
            return "HTXSNV" if school in self.excellent else "HTTNV"
        if person in self.fighters.get(school, ()) or self.roster.held(person, "CSTDCS", LAST):
            return "HTXSNV"
        listed = self.lists.get(school)
        if listed is not None and any(who == person for _, who, _ in listed.registered):
            return "HTTNV"
        if self.roster.held(person, "LDTT", LAST):
            return "HTTNV"
        drawn = hashlib.sha256(f"grade/{person}/{self.year}".encode()).digest()[0]
        return "HTTNV" if drawn * 100 < _WELL * 256 else "HTNV"
