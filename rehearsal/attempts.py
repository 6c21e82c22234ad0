"""What people try although it may not be: too early, too late, without the duty, without the paper, about themselves.

Each is refused with the code that is named here, and nothing changes. Which schools try is up to the dice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from rehearsal.paper_forms import pdf
from rehearsal.plan import AFTERNOON, DAWN, EVENING, FORENOON, MORNING, Verdict, workday
from rehearsal.story import SUDDEN, THREE_TIER, TWO_TIER, Script
from rehearsal.ways import YearWay

# The bloc whose head tries to score her own school.
BLOC = "kl-khoi-2"
# The school to whose principal an appraiser lends her duty in June.
HELPERS_SCHOOL = "th-dinh-an-1"
# Its State dossier rests on a provincial title that is decided a month later.
WAITING = "th-kien-binh-2"
# The beginning of a program for Windows.
NO_PAPER = b"MZ\x90\x00 not a paper at all"


class Attempts:
    """Wrong acts beside the stories of the yearly round."""

    def __init__(self, script: Script, ways: Mapping[str, YearWay]) -> None:
        self.script = script
        self.days = script.edition.days
        self.ways = ways
        real = [way for way in ways.values() if way.label.endswith("/L") and not way.unpleasant]
        script.dice.shuffle(real)
        self._local = self._round(real)

    @staticmethod
    def _round(ways: list[YearWay]) -> Iterator[YearWay]:
        while True:
            yield from ways

    def make(self) -> None:
        """All of them."""
        self._while_nominating()
        self._with_the_bloc()
        self._at_the_school_council()
        self._at_the_education_office()
        self._when_filing_and_deciding()
        self._higher()
        self._when_opening()
        self._with_duties()

    def _try(
        self, way: YearWay, day: date, hour: int, code: str, act: str, actor: str | None, **words: Any
    ) -> None:
        self.script.add(day, hour, act, actor, way.label, refused_for=code, **words)

    def _step(
        self,
        way: YearWay,
        day: date,
        hour: int,
        code: str,
        event: str,
        desk: str,
        *,
        by: str | None = None,
        **words: Any,
    ) -> None:
        self._try(way, day, hour, code, "step", by or way.holder(desk, day), event=event, **words)

    def _first(self, way: YearWay, title: str = "LDTT") -> str:
        """The first whom a school puts forward for a title."""
        for draft in self.script.drafts:
            if draft.story == way.label and draft.act == "nominate":
                return next(who for code, who, _ in draft.words["nominees"] if code == title)
        raise LookupError(way.label)

    def _while_nominating(self) -> None:
        way = next(self._local)
        self._step(way, way.times["open"], EVENING, "no_nomination", "register", "school")
        elsewhere = self.script.roster.staff["th-mau-1"][7]
        way = next(self._local)
        day = way.times["nominate"]
        clerk, staff = way.holder("school", day), self.script.roster.staff[way.school]
        for code, actor, nominee in (
            ("duty_not_held", staff[-1], ("LDTT", staff[-1], None)),
            ("title_of_other_level", clerk, ("CSTDT", self._first(way, "CSTDCS"), None)),
            ("title_for_other_subject", clerk, ("TTLDTT", staff[-1], None)),
            ("not_employed_here", clerk, ("LDTT", elsewhere, None)),
            ("unknown_person", clerk, ("LDTT", "gv-9999", None)),
            ("unknown_title", clerk, ("LDTX", staff[-1], None)),
            ("nominated_twice", clerk, ("LDTT", self._first(way), None)),
        ):
            self._try(way, day, EVENING, code, "nominate", actor, nominees=(nominee,))

    def _with_the_bloc(self) -> None:
        way = next(self._local)
        self._step(way, way.times["report"], EVENING, "window_not_open_yet", "hand_in", "school")
        self._step(way, way.times["revise"], EVENING, "only_the_calendar", "lapse", "school")
        way = next(self._local)
        self._step(
            way, way.times["to_bloc"], MORNING, "stale_version", "hand_in", "school", expected_version=1
        )
        self._step(way, way.times["to_bloc"], EVENING, "step_not_here", "convene", "school")
        clerk = way.holder("school", way.times["to_bloc"])
        late = (("LDTT", self.script.roster.staff[way.school][0], None),)
        self._try(way, way.times["to_bloc"], EVENING, "not_editable_here", "nominate", clerk, nominees=late)
        roster = self.script.roster
        head = roster.holder(BLOC, "bloc_head", self.days.ends("bloc-scoring"))
        own = self.ways[f"{roster.school_of(head)}/L"]
        self._step(
            own,
            own.times["score"],
            FORENOON,
            "own_school",
            "record_score",
            "bloc",
            by=head,
            score=own.points,
        )

    def _at_the_school_council(self) -> None:
        way = next(self._local)
        day = way.times["school_council"]
        self._step(way, day, MORNING, "opinion_missing", "record_council", "school_council")
        self._step(way, day, EVENING, "paper_missing", "hand_in", "school")
        clerk = way.holder("school", day)
        for code, content, name in (
            ("paper_content_unknown", NO_PAPER, "to-trinh.pdf"),
            ("paper_empty", b"", "to-trinh.pdf"),
            ("paper_name_has_folder", pdf("to trinh"), "../../to-trinh.pdf"),
        ):
            words = {"kind": "submission_letter", "bytes": content, "name": name}
            self._try(way, day, EVENING, code, "add_paper", clerk, **words)

    def _at_the_education_office(self) -> None:
        way = next(self._local)
        day = way.times["appraise"]
        self._step(way, day, FORENOON, "input_missing", "return", "education_office")
        appraiser = way.holder("education_office", day)
        someone = self._first(way, "CSTDCS")
        for code, verdict in (
            ("not_a_lower_title", Verdict(someone, "CSTDCS", "lower_title", "CSTDT", "Chưa đủ")),
            ("opinion_needs_reason", Verdict(someone, "CSTDCS", "not_supported")),
            ("votes_do_not_fit", Verdict(someone, "CSTDCS", votes=(11, 9))),
        ):
            self._try(way, day, FORENOON, code, "opine", appraiser, verdicts=(verdict,))
        way = next(self._local)
        self._step(
            way, way.times["appraise"], FORENOON, "duty_not_held", "appraise", "school", support_rest=True
        )
        own = self.ways[f"{HELPERS_SCHOOL}/L"]
        self._step(
            own,
            own.times["appraise"],
            FORENOON,
            "own_school",
            "appraise",
            "education_office",
            by=self._helper(),
            support_rest=True,
        )

    def _when_filing_and_deciding(self) -> None:
        way = next(self._local)
        receipt = "H30.000000.0000"
        self._step(
            way, way.times["appraise"], EVENING, "window_not_open_yet", "file", "filing", receipt=receipt
        )
        self._step(way, way.times["file"], DAWN, "input_missing", "file", "filing")
        way = next(self._local)
        day = way.times["decide"]
        number, _, signatory = way.decision("local_decision", day)
        tomorrow = (number, day + timedelta(days=1), signatory)
        self._step(way, day, MORNING, "decision_in_future", "decide", "local_decision", decision=tomorrow)
        later = next(
            (way for way in self.ways.values() if way.label.endswith("/L2") and not way.unpleasant), None
        )
        if later is not None:
            self._with_a_second_dossier(later, day)

    def _with_a_second_dossier(self, later: YearWay, day: date) -> None:
        """The number of the first decision once more, and another score than was recorded."""
        taken, _, signatory = later.decision("local_decision", day)
        day = later.times["decide"]
        self._step(
            later,
            day,
            FORENOON,
            "decision_number_taken",
            "decide",
            "local_decision",
            decision=(taken, day, signatory),
        )
        points = ("1.00", later.points[1])
        by = later.judge_of_bloc(later.times["score"])
        self._step(
            later,
            later.times["score"],
            FORENOON,
            "score_differs",
            "record_score",
            "bloc",
            by=by,
            score=points,
        )

    def _higher(self) -> None:
        way = self.ways[f"{WAITING}/S"]
        self._step(
            way,
            self.days.ends("higher-submission", 12),
            FORENOON,
            "waits_for_dossier",
            "appraise",
            "province_desk",
            support_rest=True,
        )
        way = self.ways[f"{WAITING}/P"]
        day = way.times["nominate"]
        never = (("CSTDT", self.script.roster.staff[WAITING][-1], f"{WAITING}/M"),)
        clerk = way.holder("school", day)
        self._try(way, day, EVENING, "foundation_not_found", "nominate", clerk, nominees=never)

    def _when_opening(self) -> None:
        school = next(self._local).school
        round_of_year = self.script.edition.procedure
        autumn = self.days.opens("covenant", 15)
        wrong = [
            (self.days.opens("initiative-appraisal", 19), "level_not_in_procedure", school, SUDDEN, "state"),
            (workday(autumn + timedelta(days=1)), "unknown_unit", "th-khong-co", round_of_year, "local"),
            (workday(autumn + timedelta(days=2)), "duty_not_held", "th-mau-4", round_of_year, "local"),
        ]
        if self.script.edition.reforms:
            # What is not in force yet, and what is no longer.
            wrong.append((autumn, "procedure_not_in_force", school, TWO_TIER, "local"))
            day = self.days.opens("portal-filing", 7)
            wrong.append((day, "procedure_not_in_force", school, THREE_TIER, "local"))
        elif round_of_year == TWO_TIER:
            wrong.append((autumn, "procedure_not_in_force", school, THREE_TIER, "local"))
        for day, code, unit, procedure, level in wrong:
            self.script.add(
                day,
                AFTERNOON,
                "open",
                self.script.roster.holder(school, "clerk", day),
                f"{unit}/never opened on {day}",
                refused_for=code,
                unit=unit,
                school_year=self.script.edition.school_year,
                procedure=procedure,
                level=level,
            )

    def _helper(self) -> str:
        """The principal of the school whose office lends her a duty."""
        day = self.days.last_day("preliminary-appraisal")
        return self.script.roster.holder(HELPERS_SCHOOL, "principal", day)

    def _with_duties(self) -> None:
        day, until = self.days.ends("preliminary-appraisal", -21), self.days.last_day("preliminary-appraisal")
        own = self.ways[f"{HELPERS_SCHOOL}/L"]
        unit = own.unit("education_office", day)
        lender, helper = self.script.roster.holders(unit, "appraiser", day)[-1], self._helper()
        lent = {"unit": unit, "duty": "appraiser", "since": day, "until": until}
        self.script.add(day, DAWN, "delegate", lender, to=helper, **lent)
        for code, to in (("already_delegated", helper), ("not_for_oneself", lender)):
            self.script.add(day, DAWN, "delegate", lender, refused_for=code, to=to, **lent)
        school = next(self._local).school
        clerk = self.script.roster.holder(school, "clerk", day)
        self.script.add(
            day,
            DAWN,
            "grant_duty",
            clerk,
            refused_for="duty_not_held",
            person=clerk,
            unit=school,
            duty="principal",
            since=day,
            until=None,
        )
