"""The main ways of the four procedures, stage by stage, in the windows of an edition's calendars."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from rehearsal.edition import Schedule
from rehearsal.nominees import LocalList
from rehearsal.plan import AFTERNOON, EVENING, FORENOON, Verdict, workday
from rehearsal.story import CERTIFICATE, SUDDEN, TWO_TIER, Nominee, Script, Story

Times = Mapping[str, date]

# Days before the end of its milestone on which an education office goes through what has come in.
_APPRAISED = (20, 18, 14, 12, 10, 6, 4, 0)
_APPRAISED_LATER = (18, 11, 4)
# What comes after the school's council takes up to this many days before a dossier is handed in.
_TO_HAND_IN = 10


def round_times(script: Script) -> dict[str, date]:
    """A school's days in the yearly round of an edition."""
    days, dice = script.edition.days, script.dice

    def some(first: date, spread: int) -> date:
        return workday(first + timedelta(days=dice.randint(0, spread)))

    opened = some(days.opens("covenant", 4), 14)
    nominated = workday(opened + timedelta(days=dice.randint(1, 9)))
    registered = min(some(days.ends("covenant", -21), 18), days.last_day("covenant"))
    revised = some(days.opens("bloc-scoring", -59), 30)
    reported = some(days.opens("bloc-scoring", -10), 7)
    handed_to_bloc = some(days.opens("bloc-scoring", 4), 8)
    scored = days.ends("bloc-scoring", -dice.choice((9, 7, 5)))
    first = days.opens("dossier-completion", 1)
    room = (days.last_day("dossier-completion") - first).days - _TO_HAND_IN
    convened = some(first, min(15, room))
    council = workday(convened + timedelta(days=dice.randint(1, 3)))
    handed_in = workday(council + timedelta(days=dice.randint(1, 3)))
    handed_in = min(handed_in, days.ends("dossier-completion"))
    # Of a State title the council hears before the public does, or after it, as the procedure has it.
    council_on, public_on = (62, 77) if script.edition.procedure == TWO_TIER else (77, 69)
    return {
        "open": opened,
        "nominate": nominated,
        "register": registered,
        "revise": revised,
        "report": reported,
        "to_bloc": handed_to_bloc,
        "score": scored,
        "convene": convened,
        "school_council": council,
        "hand_in": handed_in,
        "appraise": next(
            day for before in _APPRAISED if (day := days.ends("preliminary-appraisal", -before)) > handed_in
        ),
        "file": some(days.opens("portal-filing"), 6),
        "review": days.opens("local-decision", dice.choice((8, 9, 10))),
        "local_council": days.opens("local-decision", 16),
        "decide": days.opens("local-decision", 22),
        "endorse": days.ends("higher-submission", -7),
        "province": days.ends("higher-submission", 12),
        "provincial_council": days.ends("higher-submission", 40),
        "provincial_decision": days.ends("higher-submission", 49),
        "state": days.ends("higher-submission", 54),
        "public_opinion": days.ends("higher-submission", public_on),
        "state_council": days.ends("higher-submission", council_on),
        "party": days.ends("higher-submission", 89),
        "forward_state": days.ends("higher-submission", 98),
        "state_result": days.ends("higher-submission", 139),
        "forward_ministry": days.ends("higher-submission", 20),
        "ministry_result": days.ends("higher-submission", 104),
    }


def later_times(days: Schedule, dice: random.Random) -> dict[str, date]:
    """A school's days when a dossier is opened after the districts' end and has the rest of the year before it."""

    def some(first: date, spread: int) -> date:
        return workday(first + timedelta(days=dice.randint(0, spread)))

    handed_in = some(days.ends("dossier-completion", -25), 18)
    appraised = next(
        day for before in _APPRAISED_LATER if (day := days.ends("preliminary-appraisal", -before)) > handed_in
    )
    return {
        "open": some(days.opens("covenant", 2), 6),
        "nominate": days.opens("covenant", 10),
        "register": some(days.opens("covenant", 13), 8),
        "report": days.ends("bloc-scoring", -18),
        "to_bloc": some(days.ends("bloc-scoring", -17), 5),
        "score": days.ends("bloc-scoring", -8),
        "convene": some(days.opens("dossier-completion", 11), 2),
        "school_council": days.opens("dossier-completion", 17),
        "hand_in": handed_in,
        "appraise": appraised,
        "file": workday(appraised + timedelta(days=dice.randint(3, 8))),
        "review": days.ends("portal-filing"),
        "local_council": days.ends("local-decision", -17),
        "decide": days.ends("local-decision", -10),
        "endorse": days.ends("local-decision", -9),
        "province": days.ends("local-decision", -2),
        "state": days.ends("local-decision", -1),
        "provincial_council": days.ends("higher-submission", -41),
        "provincial_decision": days.ends("higher-submission", -34),
        "forward_ministry": days.ends("higher-submission", -41),
        "state_council": days.ends("higher-submission", -41),
        "public_opinion": days.ends("higher-submission", -26),
        "party": days.ends("higher-submission", -16),
        "forward_state": days.ends("higher-submission", -9),
    }


class YearWay(Story):
    """A dossier of the yearly round, of any level, under the three-tier or the two-tier procedure."""

    def __init__(
        self,
        script: Script,
        label: str,
        school: str,
        level: str,
        times: Times,
        score: tuple[str, int],
        *,
        procedure: str | None = None,
    ) -> None:
        super().__init__(script, label, school, procedure or script.edition.procedure, level)
        self.times = dict(times)
        self.points = score
        # Which of the education office's appraisers goes through the papers of this school.
        self.turn = sum(map(ord, school)) % 2

    def register(self, nominees: Iterable[Nominee], **words: Any) -> None:
        """Autumn: open the dossier, put people forward, register with the bloc."""
        self.open(self.times["open"])
        self.nominate(self.times["nominate"], nominees, **words)
        self.together(self.times["register"], "school", "register")

    def revise(self, struck: Sequence[tuple[str, str | None]], added: Sequence[Nominee]) -> None:
        """Spring: some are taken back, somebody is put forward late."""
        if struck:
            self.strike(self.times["revise"], struck)
        if added:
            self.nominate(self.times["revise"], added)

    def to_bloc(self) -> None:
        """May: the self-assessment goes to the bloc."""
        self.paper(self.times["report"], "achievement_report")
        self.together(self.times["to_bloc"], "school", "hand_in")

    def judge_of_bloc(self, day: date) -> str:
        """Who scores this school: the head of the bloc, or the deputy where it is the head's own school."""
        bloc = self.unit("bloc", day)
        head = self.script.roster.holder(bloc, "bloc_head", day)
        if self.script.roster.school_of(head) != self.school:
            return head
        return self.script.roster.holder(bloc, "bloc_deputy", day)

    def score(self) -> None:
        """May: the bloc records score and rank, as it has settled them."""
        day = self.times["score"]
        typed = {} if self.script.blocs_settle else {"score": self.points}
        self.together(day, "bloc", "record_score", by=self.judge_of_bloc(day), **typed)

    def school_council(self, verdicts: Sequence[Verdict] = ()) -> None:
        """June: the school's council decides what is proposed."""
        self.step(self.times["convene"], "school", "convene")
        self.paper(self.times["school_council"], "council_minutes", desk="school_council")
        self.opine(self.times["school_council"], "school_council", verdicts)
        self.step(self.times["school_council"], "school_council", "record_council", support_rest=True)

    def hand_in(self) -> None:
        """June: the completed dossier goes to the education office."""
        self.paper(self.times["hand_in"], "submission_letter")
        self.step(self.times["hand_in"], "school", "hand_in", hour=FORENOON)

    def appraise(self, verdicts: Sequence[Verdict] = ()) -> None:
        """June: the education office's appraisal."""
        self.opine(self.times["appraise"], "education_office", verdicts, turn=self.turn)
        self.together(
            self.times["appraise"], "education_office", "appraise", turn=self.turn, support_rest=True
        )

    def file(self) -> None:
        """July: filed on the portal."""
        day = self.times["file"]
        self.step(day, "filing", "file", receipt=self.script.next_receipt(day))

    def review(self, verdicts: Sequence[Verdict] = ()) -> None:
        """July: the review for emulation and commendation."""
        self.opine(self.times["review"], "interior_office", verdicts)
        self.together(self.times["review"], "interior_office", "appraise", support_rest=True)

    def local_council(self, verdicts: Sequence[Verdict] = ()) -> None:
        """July: the local council; where it votes in the program, a lower title alone is typed, before it is called."""
        day = self.times["local_council"]
        sitting = self.script.sittings.get(self.unit("local_council", day))
        if sitting is not None and sitting.held == day:
            self.opine(sitting.called, "local_council", sitting.votes_on(self.label, list(verdicts)))
        else:
            self.opine(day, "local_council", verdicts)
        self.together(self.times["local_council"], "local_council", "record_council", support_rest=True)

    def decide(self, left_out: Sequence[tuple[str, str | None]] = ()) -> None:
        """July: the local decision; one decision covers what is decided on that day."""
        day = self.times["decide"]
        decision = self.decision("local_decision", day)
        if left_out:
            self.step(day, "local_decision", "decide", decision=decision, left_out=tuple(left_out))
        else:
            self.together(day, "local_decision", "decide", decision=decision)

    def through_locality(self, listed: LocalList | None = None) -> None:
        """From the school's council to the table of whoever decides locally."""
        say = listed.verdicts if listed else lambda _: ()
        self.school_council(say("school_council"))
        self.hand_in()
        self.appraise(say("education_office"))
        self.file()
        self.review(say("interior_office"))
        self.local_council(say("local_council"))

    def endorse(self) -> None:
        """July: a higher title goes on."""
        self.together(self.times["endorse"], "local_decision", "endorse")

    def to_province(self) -> None:
        """August: the province's appraisal."""
        self.together(self.times["province"], "province_desk", "appraise", support_rest=True)

    def provincial_decision(self) -> None:
        """September: the provincial council and the provincial chairman."""
        self.together(
            self.times["provincial_council"], "provincial_council", "record_council", support_rest=True
        )
        day = self.times["provincial_decision"]
        self.together(
            day, "provincial_decision", "decide", decision=self.decision("provincial_decision", day)
        )

    def to_state(self) -> None:
        """Autumn: the province's appraisal of a State title, public opinion, council, Party, and off it goes."""
        self.together(self.times["state"], "province_desk", "appraise", support_rest=True)
        if self.procedure.name == TWO_TIER:
            self.council_for_state()
            self.public_opinion()
        else:
            self.public_opinion()
            self.council_for_state()
        self.send_to_state()

    def public_opinion(self) -> None:
        """Ten working days in which the public may object."""
        self.paper(self.after(1), "publicity_notice", desk="public_opinion")
        self.step(self.times["public_opinion"], "public_opinion", "endorse")

    def council_for_state(self) -> None:
        """The provincial council on a State title."""
        self.together(self.times["state_council"], "provincial_council", "record_council", support_rest=True)

    def send_to_state(self) -> None:
        """The Party's opinion, then the chairman's letter to the State."""
        self.paper(self.times["party"], "party_opinion", desk="party_opinion")
        self.step(self.times["party"], "party_opinion", "endorse")
        day = self.times["forward_state"]
        letter = (f"{30 + day.timetuple().tm_yday}/TTr-UBND", day)
        self.together(day, "provincial_decision", "forward", submission=letter)

    def to_ministry(self) -> None:
        """August: the Department of Education sends it to the ministry."""
        day = self.times["forward_ministry"]
        letter = (f"{10 + day.timetuple().tm_yday}/TTr-SGDĐT", day)
        self.together(day, "ministry_branch", "forward", submission=letter, support_rest=True)

    def result(self, desk: str) -> None:
        """What the ministry or the State decided is recorded."""
        day = self.times["ministry_result" if desk == "ministry" else "state_result"]
        self.step(day, desk, "record_result", hour=AFTERNOON, decision=self.decision(desk, day))


def sudden_way(
    script: Script, label: str, school: str, level: str, day: date, nominees: Sequence[Nominee]
) -> Story:
    """A feat is reported within days and reaches whoever decides locally within two weeks."""
    story = Story(script, label, school, SUDDEN, level)
    story.open(day)
    story.nominate(day, nominees)
    story.paper(workday(story.after(1)), "submission_letter", "achievement_report")
    story.step(story.day, "school", "hand_in", hour=FORENOON)
    story.step(workday(story.after(4)), "local_council", "appraise", support_rest=True)
    return story


def certificate_way(
    script: Script, label: str, school: str, day: date, nominees: Sequence[Nominee], **words: Any
) -> Story:
    """The school's own certificate, up to the principal's table; ``words`` go with the nominations."""
    story = Story(script, label, school, CERTIFICATE, "local")
    story.open(day)
    story.nominate(day, nominees, **words)
    story.step(workday(story.after(1)), "school", "convene")
    story.paper(workday(story.after(2)), "council_minutes", desk="school_council")
    story.step(story.day, "school_council", "record_council", hour=FORENOON, support_rest=True)
    return story


def decided(story: Story, desk: str, day: date, **words: Any) -> None:
    """One decision on one dossier."""
    story.step(day, desk, "decide", hour=EVENING, decision=story.decision(desk, day), **words)
