"""The schools' lists of initiatives: listed and handed in in December, judged in February, recognised in March.

Schools that exist keep their term; those of Mẫu are late or silent as `rehearsal.obligations` has it, one list is
returned by the council, and one school of Mẫu gives its word instead of a dossier, by mistake at first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from rehearsal.obligations import BESIDE_THE_TERM, EXTENDED_BY, Way, late_by
from rehearsal.plan import AFTERNOON, EVENING, FORENOON, workday
from rehearsal.story import THREE_TIER, TWO_TIER, Script, Story
from rehearsal.ways import YearWay
from rules.school_years import short_of

LIST, APPRAISAL = "initiative-list", "initiative-appraisal"
UNDER = {THREE_TIER: "initiative-2024", TWO_TIER: "initiative-2025"}
RETURNED = "th-mau-1"
# An invented school where an initiative serves for a certificate: it is used up for other forms and for titles.
FOR_A_FORM = "th-mau-2"
# Of so many initiatives the council does not recognise one; so many have a second author.
_NOT_ONE_IN, _SHARED_ONE_IN = 7, 3
_WHOLE, _FIRST_AUTHORS = 10_000, 6_000
# Made up, as are the authors; field and what it is about.
_NAMES = (
    ("Tiếng Việt", "Rèn đọc diễn cảm cho học sinh lớp {grade} qua đóng vai"),
    ("Toán", "Dạy bảng nhân cho học sinh lớp {grade} bằng trò chơi ghép thẻ"),
    ("Tự nhiên và Xã hội", "Góc quan sát cây trồng của lớp {grade}"),
    ("Tin học", "Bài tập tự luyện trên máy cho học sinh lớp {grade}"),
    ("Công tác chủ nhiệm", "Hộp thư điều em muốn nói ở lớp {grade}"),
    ("Thể dục", "Trò chơi vận động trong sân trường hẹp cho lớp {grade}"),
    ("Thư viện", "Ngày đọc sách luân phiên của khối lớp {grade}"),
)


@dataclass(frozen=True, slots=True)
class _Use:
    """That somebody's nomination rests on an initiative."""

    story: str
    title: str
    person: str
    initiative: str


def _refused(code: str) -> bool:
    """Whether the council does not recognise an initiative."""
    return sum(map(ord, code)) % _NOT_ONE_IN == 0


def _written_by(told: tuple[Any, ...], person: str) -> tuple[Any, ...]:
    """What is listed of an initiative, with somebody as its first author."""
    *before, authors = told
    people = [person, *(who for who, _ in authors if who != person)]
    shares = [share for _, share in authors]
    return (*before, tuple(zip(people, shares, strict=False)))


class InitiativeYears:
    """The lists of an edition."""

    def __init__(self, script: Script, ways: Mapping[str, YearWay]) -> None:
        self.script = script
        self.ways = ways
        self.roster, self.days = script.roster, script.edition.days
        self.procedure = UNDER[script.edition.procedure]
        self.counted = 0
        self.tried = False

    def tell(self) -> None:
        """The list of every school that has one."""
        for count, school in enumerate(self.roster.schools):
            way = BESIDE_THE_TERM.get((LIST, school))
            if way not in (Way.NEVER, Way.TAKEN_BACK):
                self._list(school, way, count)

    def _list(self, school: str, way: Way | None, count: int) -> None:
        script = self.script
        story = Story(script, f"{school}/I", school, self.procedure, "local")
        opened = self.days.opens(LIST, 1 + count % 9)
        handed_in = self._handed_in(school, way)
        story.open(opened)
        listed = self._initiatives(school, opened)
        year = script.edition.school_year
        codes = tuple(f"{school}.{short_of(year)}.sk{n}" for n in range(1, len(listed) + 1))
        uses = self._uses(school, codes)
        for use in uses:
            place = codes.index(use.initiative)
            listed = (*listed[:place], _written_by(listed[place], use.person), *listed[place + 1 :])
        clerk = story.holder("school", opened)
        story.act(opened, "list_initiatives", clerk, unit=school, school_year=year, initiatives=listed)
        story.act(opened, "put_forward", clerk, title="SKCS", initiatives=codes)
        story.paper(handed_in, "submission_letter")
        if way in (Way.REMINDED, Way.ESCALATED):
            # Too late by itself; the office grants some days when the school asks.
            story.step(handed_in, "school", "hand_in", refused_for="window_closed")
            self._extended(school, handed_in, workday(handed_in + timedelta(days=2)))
            story.step(handed_in, "school", "hand_in", hour=AFTERNOON)
        else:
            story.step(handed_in, "school", "hand_in")
        self._judged(story, school, codes)
        self._used(school, uses)

    def _uses(self, school: str, codes: Sequence[str]) -> list[_Use]:
        """Where somebody is put forward to the province: that title rests on one initiative of the year's list, and a
        colleague's title of the base on another."""
        recognised = [code for code in codes if not _refused(code)]
        if school == FOR_A_FORM:
            form = [(f"{school}/C", "GK", person) for person in self._nominees(f"{school}/C", "GK")[1:2]]
            return [_Use(story, title, person, recognised[0]) for story, title, person in form if recognised]
        if f"{school}/P" not in self.ways:
            return []
        higher = self._nominees(f"{school}/P", "CSTDT")
        others = [person for person in self._nominees(f"{school}/L", "CSTDCS") if person not in higher]
        wanted = [("P", "CSTDT", person) for person in higher[:1]]
        wanted += [("L", "CSTDCS", person) for person in others[:1] if higher]
        return [
            _Use(f"{school}/{kind}", title, person, code)
            for (kind, title, person), code in zip(wanted, recognised, strict=False)
        ]

    def _used_for_a_form(self, school: str, use: _Use) -> None:
        """On the day on which the certificate is asked for, before the council of the school meets."""
        day = next(d.day for d in self.script.drafts if d.story == use.story and d.act == "nominate")
        words = {"person": use.person, "title": use.title, "initiative": use.initiative}
        self.script.add(
            day, EVENING, "use_initiative", self.roster.holder(school, "clerk", day), use.story, **words
        )

    def _nominees(self, story: str, title: str) -> list[str]:
        return [
            who
            for draft in self.script.drafts
            if draft.story == story and draft.act == "nominate" and draft.refused_for is None
            for code, who, _ in draft.words["nominees"]
            if code == title
        ]

    def _used(self, school: str, uses: Sequence[_Use]) -> None:
        """In spring, once the list was decided: the school names what its nominations rest on."""
        for use in uses:
            if use.story not in self.ways:
                self._used_for_a_form(school, use)
                continue
            way = self.ways[use.story]
            day = max(way.times["revise"], workday(self.days.ends(APPRAISAL, 5) + timedelta(days=1)))
            words = {"title": use.title, "initiative": use.initiative}
            clerk = way.holder("school", day)
            self.script.add(day, EVENING, "use_initiative", clerk, use.story, person=use.person, **words)
            if use.title == "CSTDCS" and not self.tried:
                # What somebody else has written is nothing to rest on.
                self.tried = True
                other = self._nominees(use.story, "LDTT")[-1]
                self.script.add(
                    day,
                    EVENING,
                    "use_initiative",
                    clerk,
                    use.story,
                    refused_for="not_an_author",
                    person=other,
                    title="LDTT",
                    initiative=use.initiative,
                )

    def _handed_in(self, school: str, way: Way | None) -> date:
        if way is None:
            return self.days.ends(LIST, -self.script.dice.randint(0, 12))
        if way is Way.EXTENDED:
            self._extended(school, self.days.ends(LIST, -2), self.days.ends(LIST, EXTENDED_BY))
        return late_by(way, self.days, LIST)

    def _extended(self, school: str, day: date, until: date) -> None:
        extends = self.days.calendar.milestones[LIST].extends
        if extends is None:
            raise LookupError(LIST)
        place = self.roster.place(school, extends.unit, day)
        self.script.add(
            day,
            FORENOON,
            "extend",
            self.roster.holder(place, extends.duties[0], day),
            unit=school,
            calendar=self.days.calendar.name,
            milestone=LIST,
            until=until,
            reason="Trường đang chờ kết quả áp dụng của một giải pháp",
        )

    def _initiatives(self, school: str, day: date) -> tuple[tuple[object, ...], ...]:
        """(name, field, effect, first applied on, ((author, share), …)) of two to four."""
        dice = self.script.dice
        told = []
        for field, name in dice.sample(_NAMES, dice.randint(2, 4)):
            self.counted += 1
            first, second = dice.sample(self.roster.staff[school][5:], 2)
            shares: tuple[tuple[str, int], ...] = ((first, _WHOLE),)
            if self.counted % _SHARED_ONE_IN == 0:
                shares = ((first, _FIRST_AUTHORS), (second, _WHOLE - _FIRST_AUTHORS))
            applied = day - timedelta(days=dice.randint(20, 60))
            effect = "Học sinh tham gia tích cực hơn; đã áp dụng ở các lớp cùng khối"
            told.append((name.format(grade=dice.randint(1, 5)), field, effect, applied, shares))
        return tuple(told)

    def _judged(self, story: Story, school: str, codes: tuple[str, ...]) -> None:
        """The office looks at the list, the council votes in February, the head at the base recognises in March."""
        checked = self.days.opens(APPRAISAL, -12)
        council, decided = self.days.opens(APPRAISAL, 12), self.days.ends(APPRAISAL, 5)
        turn = sum(map(ord, school)) % 2
        story.together(checked, "education_office", "appraise", turn=turn, support_rest=True)
        if school == RETURNED:
            day = self.days.opens(APPRAISAL, 3)
            story.step(day, "initiative_council", "return", reason="Thiếu minh chứng đã áp dụng giải pháp")
            again = workday(story.after(3))
            story.paper(again, "nominee_list")
            story.step(again, "school", "resubmit")
        story.paper(council, "council_minutes", desk="initiative_council")
        refused = [code for code in codes if _refused(code)]
        if refused and len(refused) < len(codes):
            by = story.holder("initiative_council", council)
            story.act(council, "opine_initiatives", by, hour=FORENOON, initiatives=tuple(refused))
        story.together(council, "initiative_council", "record_council", support_rest=True)
        decision = story.decision("local_decision", decided)
        story.together(decided, "local_decision", "decide", decision=decision)
