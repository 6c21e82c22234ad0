"""What goes wrong in the sample: at the four invented schools, and nowhere else.

Each method tells the dossiers of one school. Together they take every side way of the procedures that the real schools
do not take.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from rehearsal.nominees import Fate, LocalList, local_list
from rehearsal.plan import AFTERNOON, EVENING, FORENOON, workday
from rehearsal.story import TWO_TIER, Nominee, Script
from rehearsal.ways import (
    YearWay,
    certificate_way,
    decided,
    sudden_way,
    three_tier_times,
    two_tier_times,
)

ONE, TWO, THREE, FOUR = "th-mau-1", "th-mau-2", "th-mau-3", "th-mau-4"
CALENDAR = "2024-2025"
# The one official of the commune xã Mẫu Một, who appraised in the district before.
THE_ONLY_OFFICIAL = "cb-026"
CHAIRMAN_OF_MAU_MOT, CHAIRMAN_OF_MAU_HAI = "cb-060", "cb-077"
HEAD_OF_KIEN_LUONG_OFFICE = "cb-023"


class Misfortunes:
    """The stories of the invented schools."""

    def __init__(self, script: Script, scores: Mapping[str, tuple[str, int]]) -> None:
        self.script = script
        self.scores = scores
        self.times = {school: three_tier_times(script.dice) for school in (ONE, TWO, THREE, FOUR)}

    def tell(self) -> None:
        """All of them."""
        self._one()
        self._two()
        self._three()
        self._four()

    def _way(self, school: str, kind: str, level: str, *, turn: int = 0, **days: date) -> YearWay:
        times = {**self.times[school], **days}
        way = YearWay(self.script, f"{school}/{kind}", school, level, times, self.scores[school])
        way.turn = turn
        return way

    def _two_tier(self, school: str, kind: str) -> YearWay:
        times = two_tier_times(self.script.dice)
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
            "L3",
            "local",
            turn=1,
            convene=date(2025, 6, 2),
            school_council=date(2025, 6, 3),
            hand_in=date(2025, 6, 5),
            appraise=date(2025, 6, 24),
            file=date(2025, 7, 3),
            review=date(2025, 7, 10),
        )
        way.register(listed.registered)
        way.to_bloc()
        way.score()
        way.school_council()
        way.hand_in()
        for returned, resubmitted, reason in (
            (date(2025, 6, 9), date(2025, 6, 11), "Danh sách có người đã chuyển trường"),
            (date(2025, 6, 13), date(2025, 6, 18), "Báo cáo thành tích không khớp với biên bản"),
        ):
            way.step(returned, "education_office", "return", turn=1, reason=reason)
            way.paper(resubmitted, "nominee_list")
            way.step(resubmitted, "school", "resubmit")
        way.appraise()
        way.file()
        self._excepted(way, date(2025, 7, 9))
        way.review()
        way.local_council()
        way.decide()
        self._held_for_discipline()
        self._one_after_the_reform()
        story = certificate_way(self.script, f"{ONE}/C", ONE, date(2025, 4, 8), self._staff(ONE, 2))
        story.step(workday(story.after(1)), "school", "withdraw", reason="Trường chuyển sang hình thức khác")

    def _excepted(self, way: YearWay, day: date) -> None:
        """Whoever appraised may not review; the commune has nobody else, so the chair allows it, in writing."""
        way.step(
            day,
            "interior_office",
            "appraise",
            by=THE_ONLY_OFFICIAL,
            support_rest=True,
            refused_for="acted_at_desk_apart",
        )
        words = {"desk": "interior_office", "reason": "Xã chỉ có một công chức phụ trách"}
        way.act(
            day,
            "except",
            CHAIRMAN_OF_MAU_MOT,
            hour=AFTERNOON,
            person=CHAIRMAN_OF_MAU_MOT,
            refused_for="not_for_oneself",
            **words,
        )
        way.act(day, "except", CHAIRMAN_OF_MAU_MOT, hour=EVENING, person=THE_ONLY_OFFICIAL, **words)

    def _held_for_discipline(self) -> None:
        # Appraised by the other official of the district, so that the one in the commune may review it.
        way = self._way(ONE, "P3", "province", file=date(2025, 7, 3), review=date(2025, 7, 10))
        way.times["province"] = date(2025, 9, 3)
        way.register([("CSTDT", "gv-0352", f"{ONE}/L3")])
        way.to_bloc()
        way.score()
        way.through_locality()
        way.endorse()
        way.step(
            date(2025, 8, 5),
            "province_desk",
            "hold",
            reason="Có thông báo xem xét kỷ luật một cá nhân trong hồ sơ",
        )
        way.step(
            date(2025, 8, 6),
            "province_desk",
            "appraise",
            support_rest=True,
            refused_for="step_not_here",
        )
        way.step(date(2025, 8, 28), "province_desk", "release", reason="Kết luận: không vi phạm")
        way.to_province()
        way.provincial_decision()

    def _one_after_the_reform(self) -> None:
        way = self._two_tier(ONE, "L2")
        way.register(self._staff(ONE, 3))
        way.to_bloc()
        way.score()
        way.school_council()
        way.hand_in()
        way.appraise()
        way.file()
        self._excepted(way, date(2025, 10, 14))
        way.review()
        way.local_council()
        way.decide()

    # --- Mẫu 2: a window missed and extended; another missed for good; a favour found out and revoked ---

    def _two(self) -> None:
        listed = self._list(TWO)
        way = self._way(
            TWO,
            "L3",
            "local",
            report=date(2025, 6, 4),
            to_bloc=date(2025, 6, 5),
            score=date(2025, 6, 9),
            convene=date(2025, 6, 10),
            school_council=date(2025, 6, 12),
            hand_in=date(2025, 6, 17),
            appraise=date(2025, 6, 24),
            review=date(2025, 7, 10),
        )
        way.register(listed.registered)
        way.step(date(2025, 6, 2), "school", "hand_in", refused_for="step_not_here")
        self._extended(way)
        way.to_bloc()
        way.score()
        way.through_locality()
        way.decide()
        self._revoked()
        self._lapses_for_good()
        self._principals_own()

    def _principals_own(self) -> None:
        """A principal cannot decide on a certificate for herself; she sends it back and takes herself off."""
        day = date(2025, 5, 12)
        principal = self.script.roster.holder(TWO, "principal", day)
        nominees: list[Nominee] = [("GK", principal, None), *self._staff(TWO, 2, but=("gv-0382",))]
        story = certificate_way(self.script, f"{TWO}/C", TWO, day, nominees)
        decided(story, "principal", story.after(1), refused_for="own_nomination")
        story.step(story.after(1), "principal", "return", reason="Hiệu trưởng không tự khen mình")
        story.strike(workday(story.after(1)), [("GK", principal)])
        story.step(story.day, "school", "resubmit")
        decided(story, "principal", workday(story.after(1)))

    def _extended(self, way: YearWay) -> None:
        day = date(2025, 6, 3)
        words = {"unit": TWO, "calendar": CALENDAR, "milestone": "bloc-scoring"}
        reason = "Trường bị ngập, chưa chấm xong trong tháng 5"
        for until, refused_for in (
            (date(2025, 5, 31), "extension_changes_nothing"),
            (date(2025, 6, 12), None),
        ):
            self.script.add(
                day,
                FORENOON,
                "extend",
                HEAD_OF_KIEN_LUONG_OFFICE,
                way.label,
                refused_for=refused_for,
                until=until,
                reason=reason,
                **words,
            )
        way.step(day, "education_office", "revive", hour=AFTERNOON, reason=reason)

    def _revoked(self) -> None:
        story = sudden_way(
            self.script, f"{TWO}/D", TWO, "local", date(2025, 3, 10), [("GK", "gv-0382", None)]
        )
        decided(story, "local_decision", workday(story.after(3)))
        day = date(2025, 10, 9)
        story.step(
            day,
            "local_decision",
            "revoke",
            hour=EVENING,
            reason="Thành tích được khai khống",
            decision=story.decision("local_decision", day),
            recovery=(702_000, "Giấy khen; khung giấy khen"),
        )

    def _lapses_for_good(self) -> None:
        """Registered and scored in the new commune, and then nobody hands it in."""
        way = self._two_tier(TWO, "L2")
        way.register(self._staff(TWO, 3, but=("gv-0382",)))
        way.to_bloc()
        way.score()
        way.step(way.times["convene"], "school", "convene")
        way.paper(way.times["school_council"], "council_minutes", desk="school_council")
        way.step(way.times["school_council"], "school_council", "record_council", support_rest=True)
        way.paper(date(2025, 9, 17), "submission_letter")
        way.step(date(2025, 9, 17), "school", "hand_in", hour=FORENOON, refused_for="step_not_here")

    # --- Mẫu 3: a foundation that fails; a complaint, and a decision made anew; a sudden merit declined ---

    def _three(self) -> None:
        listed = self._list(THREE, "gv-0783", "gv-0793")
        listed.fates.append(_FAILS)
        way = self._way(THREE, "L3", "local", file=date(2025, 7, 4), review=date(2025, 7, 10))
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
        story = sudden_way(
            self.script, f"{THREE}/D", THREE, "local", date(2025, 4, 8), [("GK", "gv-0801", None)]
        )
        story.step(
            workday(story.after(3)),
            "local_decision",
            "decline",
            reason="Người đề nghị xin giúp, không có thành tích",
        )

    def _reopened(self, way: YearWay, accused: str | None) -> None:
        """A complaint in August; the window is over, so the committee extends it; decided anew without the accused."""
        day = date(2025, 8, 12)
        way.step(
            day,
            "interior_office",
            "reopen",
            reason="Có đơn khiếu nại về một cá nhân trong danh sách",
            receipt=self.script.next_receipt(day),
        )
        way.step(
            date(2025, 8, 13),
            "interior_office",
            "appraise",
            support_rest=True,
            refused_for="window_closed",
        )
        self.script.add(
            date(2025, 8, 14),
            FORENOON,
            "extend",
            CHAIRMAN_OF_MAU_HAI,
            way.label,
            unit=THREE,
            calendar=CALENDAR,
            milestone="local-decision",
            until=date(2025, 9, 12),
            reason="Giải quyết khiếu nại",
        )
        fate = Fate(accused, "LDTT", "interior_office", "not_supported", "Khiếu nại đúng")
        again = LocalList([], fates=[fate, _FAILS])
        way.times |= {
            "review": date(2025, 8, 20),
            "local_council": date(2025, 8, 27),
            "decide": date(2025, 9, 3),
        }
        way.review(again.verdicts("interior_office"))
        way.local_council(again.verdicts("local_council"))
        way.decide()

    def _foundation_fails(self) -> None:
        """Two provincial titles rest on this year's grassroots titles; one fails, and the school takes it back."""
        way = self._way(THREE, "P3", "province", file=date(2025, 7, 4), review=date(2025, 7, 10))
        way.register([("CSTDT", person, f"{THREE}/L3") for person in _FOUNDATIONS])
        way.to_bloc()
        way.score()
        way.through_locality()
        way.endorse()
        refused = {"support_rest": True, "refused_for": "foundation_failed"}
        way.step(date(2025, 8, 6), "province_desk", "appraise", **refused)
        way.step(
            date(2025, 8, 7),
            "province_desk",
            "return",
            reason="Một cá nhân không được công nhận danh hiệu ở cơ sở",
        )
        way.strike(date(2025, 8, 18), [("CSTDT", "gv-0793")])
        way.step(date(2025, 8, 18), "school", "resubmit")
        # The other's grassroots title is being decided anew: it still waits.
        waits = {"support_rest": True, "refused_for": "waits_for_dossier"}
        way.step(date(2025, 8, 27), "province_desk", "appraise", **waits)
        way.times["province"] = date(2025, 9, 5)
        way.to_province()
        way.provincial_decision()

    # --- Mẫu 4: an objection in June; a registration missed; an objection to a State title, then declined ---

    def _four(self) -> None:
        listed = self._list(FOUR, "gv-0814")
        way = self._way(
            FOUR,
            "L3",
            "local",
            turn=1,
            convene=date(2025, 6, 3),
            school_council=date(2025, 6, 4),
            hand_in=date(2025, 6, 6),
            appraise=date(2025, 6, 26),
        )
        way.register(listed.registered)
        way.to_bloc()
        way.score()
        way.school_council()
        way.hand_in()
        way.act(
            date(2025, 6, 11),
            "object",
            way.holder("education_office", date(2025, 6, 11), 1),
            hour=FORENOON,
            text="Phụ huynh phản ánh một cá nhân dạy thêm sai quy định",
        )
        way.step(
            date(2025, 6, 13),
            "education_office",
            "release",
            turn=1,
            reason="Cho xét tiếp",
            refused_for="objection_open",
        )
        self._settled(way, date(2025, 6, 19), "education_office", turn=1)
        way.appraise()
        way.file()
        way.review()
        way.local_council()
        way.decide()
        self._never_registered()
        self._declined_by_the_state()
        story = certificate_way(self.script, f"{FOUR}/C", FOUR, date(2025, 1, 6), self._staff(FOUR, 2))
        decided(story, "principal", workday(story.after(2)))
        day = date(2025, 2, 17)
        story.step(
            day,
            "principal",
            "revoke",
            hour=EVENING,
            reason="Cùng một việc đã được khen trước đó",
            decision=story.decision("principal", day),
            recovery=(0, "Giấy khen"),
        )

    def _settled(self, way: YearWay, day: date, desk: str, turn: int = 0) -> None:
        way.act(
            day,
            "settle",
            way.holder(desk, day, turn),
            hour=FORENOON,
            text="Đã xác minh: phản ánh không đúng",
        )
        way.step(day + timedelta(days=1), desk, "release", turn=turn, reason="Đã giải quyết xong kiến nghị")

    def _never_registered(self) -> None:
        """Opened, somebody put forward, and the covenant's window passes."""
        way = self._way(FOUR, "P3", "province")
        way.open(way.times["open"])
        way.nominate(way.times["nominate"] + timedelta(days=1), [("TTLDXS", None, None)])
        late = date(2024, 11, 4)
        way.step(late, "school", "register", refused_for="step_not_here")
        reason = "Trường nộp muộn"
        way.step(late, "education_office", "revive", by="cb-041", reason=reason, refused_for="duty_not_held")

    def _declined_by_the_state(self) -> None:
        way = self._way(FOUR, "S3", "state", turn=1)
        way.register([("BKTTG", "gv-0814", f"{FOUR}/L3")])
        way.to_bloc()
        way.score()
        way.through_locality()
        way.endorse()
        way.step(way.times["state"], "province_desk", "appraise", support_rest=True)
        way.act(
            date(2025, 9, 25),
            "object",
            way.holder("public_opinion", date(2025, 9, 25)),
            text="Người dân đề nghị làm rõ sáng kiến",
        )
        self._settled(way, date(2025, 10, 1), "province_desk")
        way.public_opinion()
        way.council_for_state()
        way.send_to_state()
        way.step(date(2025, 12, 18), "state", "decline", reason="Chưa đủ tiêu chuẩn")


_FOUNDATIONS = ("gv-0783", "gv-0793")
_FAILS = Fate("gv-0793", "CSTDCS", "local_council", "not_supported", "Không đủ 2/3 số phiếu", None, (5, 9))
