"""What goes wrong with dossiers in the sample: at the invented schools, and nowhere else.

Each method tells the dossiers of one school. Together they take every side way of the procedures that the real schools
do not take.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from rehearsal.edition import Schedule
from rehearsal.nominees import Fate, LocalList, local_list
from rehearsal.obligations import EXTENDED_BY
from rehearsal.plan import AFTERNOON, EVENING, FORENOON, MORNING, Verdict, workday
from rehearsal.story import TWO_TIER, Nominee, Script
from rehearsal.ways import (
    YearWay,
    certificate_way,
    decided,
    later_times,
    round_times,
    sudden_way,
)

ONE, TWO, THREE, FOUR, FIVE = (f"th-mau-{number}" for number in range(1, 6))


class Misfortunes:
    """The stories of the invented schools."""

    def __init__(self, script: Script, scores: Mapping[str, tuple[str, int]]) -> None:
        self.script = script
        self.scores = scores
        self.edition = script.edition
        self.days = script.edition.days
        self.times = {school: round_times(script) for school in (ONE, TWO, THREE, FOUR, FIVE)}

    def tell(self) -> None:
        """All of them."""
        self._one()
        self._two()
        self._three()
        self._four()
        self._five()

    def _way(self, school: str, kind: str, level: str, *, turn: int = 0, **days: date) -> YearWay:
        times = {**self.times[school], **days}
        way = YearWay(self.script, f"{school}/{kind}", school, level, times, self.scores[school])
        way.turn = turn
        return way

    def _later(self, later: Schedule, school: str, kind: str) -> YearWay:
        times = later_times(later, self.script.dice)
        label = f"{school}/{kind}"
        return YearWay(self.script, label, school, "local", times, self.scores[school], procedure=TWO_TIER)

    def _list(self, school: str, *fighters: str) -> LocalList:
        return local_list(self.script.roster, self.script.dice, school, fighters, keep=True)

    def _staff(self, school: str, count: int, but: tuple[str, ...] = ()) -> list[Nominee]:
        staff = [person for person in self.script.roster.staff[school][5:] if person not in but]
        return [("GK", person, None) for person in self.script.dice.sample(staff, count)]

    # --- Mẫu 1: returned twice; one official at two desks; a title on hold for discipline ---

    def _one(self) -> None:
        listed = self._list(ONE, "gv-0352")
        way = self._way(
            ONE,
            "L",
            "local",
            turn=1,
            convene=self.days.opens("dossier-completion", 1),
            school_council=self.days.opens("dossier-completion", 2),
            hand_in=self.days.opens("dossier-completion", 4),
            appraise=self.days.ends("preliminary-appraisal", -6),
            file=self.days.opens("portal-filing", 2),
            review=self.days.opens("local-decision", 9),
        )
        way.register(listed.registered)
        way.to_bloc()
        way.score()
        way.school_council()
        way.hand_in()
        for before, again, reason in (
            (21, 19, "Danh sách có người đã chuyển trường"),
            (17, 12, "Báo cáo thành tích không khớp với biên bản"),
        ):
            returned = self.days.ends("preliminary-appraisal", -before)
            resubmitted = self.days.ends("preliminary-appraisal", -again)
            way.step(returned, "education_office", "return", turn=1, reason=reason)
            way.paper(resubmitted, "nominee_list")
            way.step(resubmitted, "school", "resubmit")
        way.appraise()
        way.file()
        self._review(way)
        way.local_council()
        way.decide()
        self._held_for_discipline()
        if self.edition.later is not None:
            self._one_after_the_reform(self.edition.later)
        day = self.days.opens("bloc-scoring", -23)
        story = certificate_way(self.script, f"{ONE}/C", ONE, day, self._staff(ONE, 2))
        story.step(workday(story.after(1)), "school", "withdraw", reason="Trường chuyển sang hình thức khác")

    def _through_locality(self, way: YearWay, listed: LocalList | None = None) -> None:
        """As the main way has it, with the act of exception where one official has both desks."""
        say = listed.verdicts if listed else lambda _: ()
        way.school_council(say("school_council"))
        way.hand_in()
        way.appraise(say("education_office"))
        way.file()
        self._review(way, say("interior_office"))
        way.local_council(say("local_council"))

    def _review(self, way: YearWay, verdicts: Sequence[Verdict] = ()) -> None:
        appraised_by = way.holder("education_office", way.times["appraise"], way.turn)
        day = way.times["review"]
        if way.holder("interior_office", day) == appraised_by:
            self._excepted(way, day, appraised_by)
        way.review(verdicts)

    def _excepted(self, way: YearWay, day: date, official: str) -> None:
        """Whoever appraised may not review; the commune has nobody else, so the chair allows it, in writing."""
        chairman = way.holder("local_decision", day)
        way.step(
            day,
            "interior_office",
            "appraise",
            by=official,
            hour=MORNING,
            support_rest=True,
            refused_for="acted_at_desk_apart",
        )
        words = {"desk": "interior_office", "reason": "Xã chỉ có một công chức phụ trách"}
        way.act(
            day,
            "except",
            chairman,
            hour=MORNING,
            person=chairman,
            refused_for="not_for_oneself",
            **words,
        )
        way.act(day, "except", chairman, hour=MORNING, person=official, **words)

    def _held_for_discipline(self) -> None:
        # Appraised by the other official of the district, so that the one in the commune may review it.
        way = self._way(
            ONE,
            "P",
            "province",
            file=self.days.opens("portal-filing", 2),
            review=self.days.opens("local-decision", 9),
            province=self.days.ends("higher-submission", 34),
        )
        way.register([("CSTDT", "gv-0352", f"{ONE}/L")])
        way.to_bloc()
        way.score()
        self._through_locality(way)
        way.endorse()
        way.step(
            self.days.ends("higher-submission", 5),
            "province_desk",
            "hold",
            reason="Có thông báo xem xét kỷ luật một cá nhân trong hồ sơ",
        )
        way.step(
            self.days.ends("higher-submission", 6),
            "province_desk",
            "appraise",
            support_rest=True,
            refused_for="step_not_here",
        )
        day = self.days.ends("higher-submission", 28)
        way.step(day, "province_desk", "release", reason="Kết luận: không vi phạm")
        way.to_province()
        way.provincial_decision()

    def _one_after_the_reform(self, later: Schedule) -> None:
        way = self._later(later, ONE, "L2")
        way.register(self._staff(ONE, 3))
        way.to_bloc()
        way.score()
        self._through_locality(way)
        way.decide()

    # --- Mẫu 2: a window missed and extended; another missed for good; a favour found out and revoked ---

    def _two(self) -> None:
        listed = self._list(TWO)
        late, scored = self.days.ends("bloc-scoring", 4), self.days.ends("bloc-scoring", 8)
        council = workday(scored + timedelta(days=1))
        way = self._way(
            TWO,
            "L",
            "local",
            report=late,
            to_bloc=workday(late + timedelta(days=1)),
            score=scored,
            convene=council,
            school_council=council,
            hand_in=workday(council + timedelta(days=1)),
            appraise=self.days.ends("preliminary-appraisal", -6),
            review=self.days.opens("local-decision", 9),
        )
        way.register(listed.registered)
        way.step(self.days.ends("bloc-scoring", 2), "school", "hand_in", refused_for="step_not_here")
        self._extended(way)
        way.to_bloc()
        way.score()
        self._through_locality(way)
        way.decide()
        self._revoked()
        if self.edition.later is not None:
            self._lapses_for_good(self.edition.later)
        self._principals_own()

    def _principals_own(self) -> None:
        """A principal cannot decide on a certificate for herself; she sends it back and takes herself off."""
        day = self.days.opens("bloc-scoring", 11)
        principal = self.script.roster.holder(TWO, "principal", day)
        nominees: list[Nominee] = [("GK", principal, None), *self._staff(TWO, 2, but=("gv-0382",))]
        story = certificate_way(self.script, f"{TWO}/C", TWO, day, nominees)
        decided(story, "principal", story.after(1), refused_for="own_nomination")
        story.step(story.after(1), "principal", "return", reason="Hiệu trưởng không tự khen mình")
        story.strike(workday(story.after(1)), [("GK", principal)])
        story.step(story.day, "school", "resubmit")
        decided(story, "principal", workday(story.after(1)))

    def _extended(self, way: YearWay) -> None:
        milestone = "bloc-scoring"
        day = self.days.ends(milestone, 3)
        words = {"unit": TWO, "calendar": self.days.calendar.name, "milestone": milestone}
        reason = "Trường bị ngập, chưa chấm xong trong tháng 5"
        for until, refused_for in (
            (self.days.last_day(milestone), "extension_changes_nothing"),
            (self.days.ends(milestone, 12), None),
        ):
            self.script.add(
                day,
                FORENOON,
                "extend",
                self._extender(TWO, milestone, day),
                way.label,
                refused_for=refused_for,
                until=until,
                reason=reason,
                **words,
            )
        way.step(day, way.desk_of("revive"), "revive", hour=AFTERNOON, reason=reason)

    def _extender(self, school: str, milestone: str, day: date) -> str:
        """Who may extend a milestone for a school: as the calendar says, or whoever succeeded that office."""
        extends = self.days.calendar.milestones[milestone].extends
        if extends is None:
            raise LookupError(milestone)
        roster = self.script.roster
        return roster.holder(roster.place(school, extends.unit, day), extends.duties[0], day)

    def _revoked(self) -> None:
        day = self.days.ends("initiative-appraisal", 10)
        story = sudden_way(self.script, f"{TWO}/D", TWO, "local", day, [("GK", "gv-0382", None)])
        decided(story, "local_decision", workday(story.after(3)))
        day = self.days.ends("higher-submission", 70)
        story.step(
            day,
            "local_decision",
            "revoke",
            hour=EVENING,
            reason="Thành tích được khai khống",
            decision=story.decision("local_decision", day),
            recovery=(702_000, "Giấy khen; khung giấy khen", "Đã chi theo bảng chưa làm tròn"),
        )

    def _lapses_for_good(self, later: Schedule) -> None:
        """Registered and scored in the new commune, and then nobody hands it in."""
        way = self._later(later, TWO, "L2")
        way.register(self._staff(TWO, 3, but=("gv-0382",)))
        way.to_bloc()
        way.score()
        way.step(way.times["convene"], "school", "convene")
        way.paper(way.times["school_council"], "council_minutes", desk="school_council")
        way.step(way.times["school_council"], "school_council", "record_council", support_rest=True)
        late = later.ends("dossier-completion", 2)
        way.paper(late, "submission_letter")
        way.step(late, "school", "hand_in", hour=FORENOON, refused_for="step_not_here")

    # --- Mẫu 3: a foundation that fails; a complaint, and a decision made anew; a sudden merit declined ---

    def _three(self) -> None:
        listed = self._list(THREE, "gv-0783", "gv-0793")
        listed.fates.append(_FAILS)
        filed, reviewed = self.days.opens("portal-filing", 3), self.days.opens("local-decision", 9)
        way = self._way(THREE, "L", "local", file=filed, review=reviewed)
        way.register(listed.registered)
        way.to_bloc()
        way.score()
        way.through_locality(listed)
        way.decide()
        accused = next(
            who for title, who, _ in listed.registered if title == "LDTT" and who not in _FOUNDATIONS
        )
        self._reopened(way, accused)
        self._foundation_fails()
        day = self.days.opens("bloc-scoring", -23)
        story = sudden_way(self.script, f"{THREE}/D", THREE, "local", day, [("GK", "gv-0801", None)])
        story.step(
            workday(story.after(3)),
            "local_decision",
            "decline",
            reason="Người đề nghị xin giúp, không có thành tích",
        )

    def _reopened(self, way: YearWay, accused: str | None) -> None:
        """A complaint when the window is over, so the committee extends it; decided anew without the accused."""
        # Counted from there, because what rests on the first decision is refused before.
        after = "higher-submission"
        day = self.days.ends(after, 12)
        way.step(
            day,
            "interior_office",
            "reopen",
            reason="Có đơn khiếu nại về một cá nhân trong danh sách",
            receipt=self.script.next_receipt(day),
        )
        way.step(
            self.days.ends(after, 13),
            "interior_office",
            "appraise",
            support_rest=True,
            refused_for="window_closed",
        )
        day, milestone = self.days.ends(after, 14), "local-decision"
        self.script.add(
            day,
            FORENOON,
            "extend",
            self._extender(THREE, milestone, day),
            way.label,
            unit=THREE,
            calendar=self.days.calendar.name,
            milestone=milestone,
            until=self.days.ends(after, 43),
            reason="Giải quyết khiếu nại",
        )
        fate = Fate(accused, "LDTT", "interior_office", "not_supported", "Khiếu nại đúng")
        again = LocalList([], fates=[fate, _FAILS])
        way.times |= {
            "review": self.days.ends(after, 20),
            "local_council": self.days.ends(after, 27),
            "decide": self.days.ends(after, 34),
        }
        way.review(again.verdicts("interior_office"))
        way.local_council(again.verdicts("local_council"))
        way.decide()

    def _foundation_fails(self) -> None:
        """Two provincial titles rest on this year's grassroots titles; one fails, and the school takes it back."""
        filed, reviewed = self.days.opens("portal-filing", 3), self.days.opens("local-decision", 9)
        way = self._way(THREE, "P", "province", file=filed, review=reviewed)
        way.register([("CSTDT", person, f"{THREE}/L") for person in _FOUNDATIONS])
        way.to_bloc()
        way.score()
        way.through_locality()
        way.endorse()
        refused = {"support_rest": True, "refused_for": "foundation_failed"}
        way.step(self.days.ends("higher-submission", 6), "province_desk", "appraise", **refused)
        way.step(
            self.days.ends("higher-submission", 7),
            "province_desk",
            "return",
            reason="Một cá nhân không được công nhận danh hiệu ở cơ sở",
        )
        day = self.days.ends("higher-submission", 18)
        way.strike(day, [("CSTDT", "gv-0793")])
        way.step(day, "school", "resubmit")
        # The other's grassroots title is being decided anew: it still waits.
        waits = {"support_rest": True, "refused_for": "waits_for_dossier"}
        way.step(self.days.ends("higher-submission", 27), "province_desk", "appraise", **waits)
        way.times["province"] = self.days.ends("higher-submission", 36)
        way.to_province()
        way.provincial_decision()

    # --- Mẫu 4: an objection in June; a registration missed; an objection to a State title, then declined ---

    def _four(self) -> None:
        listed = self._list(FOUR, "gv-0814")
        way = self._way(
            FOUR,
            "L",
            "local",
            turn=1,
            convene=self.days.opens("dossier-completion", 2),
            school_council=self.days.opens("dossier-completion", 3),
            hand_in=self.days.opens("dossier-completion", 5),
            appraise=self.days.ends("preliminary-appraisal", -4),
        )
        way.register(listed.registered)
        way.to_bloc()
        way.score()
        way.school_council()
        way.hand_in()
        day = self.days.ends("preliminary-appraisal", -19)
        desk = way.desk_of("release")
        way.act(
            day,
            "object",
            way.holder("education_office", day, 1),
            hour=FORENOON,
            text="Phụ huynh phản ánh một cá nhân dạy thêm sai quy định",
        )
        way.step(
            self.days.ends("preliminary-appraisal", -17),
            desk,
            "release",
            turn=1,
            reason="Cho xét tiếp",
            refused_for="objection_open",
        )
        self._settled(way, self.days.ends("preliminary-appraisal", -11), desk, turn=1)
        way.appraise()
        way.file()
        way.review()
        way.local_council()
        way.decide()
        self._never_registered()
        self._declined_by_the_state()
        day = self.days.opens("midyear-review", 5)
        story = certificate_way(self.script, f"{FOUR}/C", FOUR, day, self._staff(FOUR, 2))
        decided(story, "principal", workday(story.after(2)))
        day = self.days.opens("initiative-appraisal", 16)
        story.step(
            day,
            "principal",
            "revoke",
            hour=EVENING,
            reason="Cùng một việc đã được khen trước đó",
            decision=story.decision("principal", day),
            recovery=(0, "Giấy khen", "Chưa chi tiền"),
        )

    def _settled(self, way: YearWay, day: date, desk: str, turn: int = 0) -> None:
        way.act(
            day,
            "settle",
            way.holder(desk, day, turn),
            hour=FORENOON,
            text="Đã xác minh: phản ánh không đúng",
        )
        way.step(
            workday(day + timedelta(days=1)),
            desk,
            "release",
            turn=turn,
            reason="Đã giải quyết xong kiến nghị",
        )

    def _never_registered(self) -> None:
        """Opened, somebody put forward, and the covenant's window passes."""
        way = self._way(FOUR, "P", "province")
        way.open(way.times["open"])
        way.nominate(way.times["nominate"] + timedelta(days=1), [("TTLDXS", None, None)])
        late = self.days.ends("covenant", 5)
        way.step(late, "school", "register", refused_for="step_not_here")
        # The council's secretary is asked, and has no say in it.
        by = way.holder("local_council", late)
        desk, reason = way.desk_of("revive"), "Trường nộp muộn"
        way.step(late, desk, "revive", by=by, reason=reason, refused_for="duty_not_held")

    def _declined_by_the_state(self) -> None:
        way = self._way(FOUR, "S", "state", turn=1)
        way.register([("BKTTG", "gv-0814", f"{FOUR}/L")])
        way.to_bloc()
        way.score()
        way.through_locality()
        way.endorse()
        way.step(way.times["state"], "province_desk", "appraise", support_rest=True)
        council_first = way.times["state_council"] < way.times["public_opinion"]
        if council_first:
            way.council_for_state()
        day = workday(way.after(2))
        way.act(day, "object", way.holder("public_opinion", day), text="Người dân đề nghị làm rõ sáng kiến")
        self._settled(way, workday(way.after(6)), "province_desk")
        way.public_opinion()
        if not council_first:
            way.council_for_state()
        way.send_to_state()
        day = self.days.ends("higher-submission", 140)
        way.step(day, "state", "decline", reason="Chưa đủ tiêu chuẩn")

    # --- Mẫu 5: a new school, whose bloc scores only in the time that it was granted ---

    def _five(self) -> None:
        scored = self.days.ends("bloc-scoring", EXTENDED_BY - 3)
        council = workday(scored + timedelta(days=1))
        way = self._way(
            FIVE,
            "L",
            "local",
            score=scored,
            convene=council,
            school_council=council,
            hand_in=workday(council + timedelta(days=1)),
            appraise=self.days.ends("preliminary-appraisal", -4),
        )
        way.register(self._staff(FIVE, 3))
        way.to_bloc()
        # Nobody types points where a bloc settles them.
        day = self.days.ends("bloc-scoring", -1)
        typed = {"score": ("999.00", 1), "refused_for": "bloc_settles_scores"}
        way.step(day, "bloc", "record_score", by=way.judge_of_bloc(day), **typed)
        way.score()
        self._through_locality(way)
        way.decide()


_FOUNDATIONS = ("gv-0783", "gv-0793")
_FAILS = Fate("gv-0793", "CSTDCS", "local_council", "not_supported", "Không đủ 2/3 số phiếu", None, (5, 9))
