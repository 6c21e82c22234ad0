"""Sessions of councils in the year: one of a district or commune and one of the province vote in the program.

The others record what was voted on paper, as before. Who votes how follows from what the plan wants of each nomination:
whoever is to fail gets the votes of three members. One member is away and writes, principals stand aside for their own
school by themselves, and one official stands aside with a reason.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rehearsal.plan import AFTERNOON, DAWN, FORENOON, MORNING, Verdict
from rehearsal.story import THREE_TIER, Script

# The council of the schools around this one meets in the program.
SCHOOL = "th-tt-kien-luong-1"
# Members who agree to what is to fail.
_AGREE_ALL_THE_SAME = 3


@dataclass(slots=True)
class Sitting:
    """One session: its council's unit, its days, and what is to fail: (label of the dossier, who, title)."""

    unit: str
    rules: str
    called: date
    held: date
    fails: list[tuple[str, str | None, str]] = field(default_factory=list)

    def votes_on(self, label: str, verdicts: list[Verdict]) -> list[Verdict]:
        """Keep what is to fail for the vote; gives back what has to be typed before, a lower title that is proposed."""
        self.fails += [(label, v.who, v.title) for v in verdicts if v.verdict == "not_supported"]
        return [verdict for verdict in verdicts if verdict.verdict == "lower_title"]


def sittings(script: Script) -> dict[str, Sitting]:
    """The sessions of an edition by the unit of the council."""
    days, roster = script.edition.days, script.roster
    held = days.opens("local-decision", 16)
    local = roster.place(SCHOOL, "emulation_council", held)
    province = days.ends("higher-submission", 40)
    provincial = roster.place(SCHOOL, "provincial_council", province)
    return {
        local: Sitting(local, "local-2024", days.opens("local-decision", 15), held),
        provincial: Sitting(provincial, "provincial-2024", days.ends("higher-submission", 38), province),
    }


class CouncilYears:
    """The acts of the sessions."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.roster = script.roster

    def tell(self) -> None:
        """Every session, from the forming of its council to the close."""
        for sitting in self.script.sittings.values():
            members = self._members(sitting)
            self._form(sitting, members)
            self._hold(sitting, members)

    def _act(self, sitting: Sitting, day: date, hour: int, act: str, actor: str, **words: Any) -> None:
        self.script.add(day, hour, act, actor, unit=sitting.unit, **words)

    def _members(self, sitting: Sitting) -> dict[str, str]:
        """Person → role: the chair and the secretary of the sample, those who head offices, and some principals."""
        day, at = sitting.held, self.roster.holders
        members = dict.fromkeys(at(sitting.unit, "council_chair", day), "chair")
        members |= dict.fromkeys(at(sitting.unit, "council_secretary", day), "secretary")
        if sitting.rules.startswith("provincial"):
            committee = self.roster.place(SCHOOL, "province_committee", day)
            others = [
                *at(self.roster.place(SCHOOL, "interior_department", day), "office_head", day),
                *at(self.roster.place(SCHOOL, "education_department", day), "office_head", day),
            ]
        else:
            committee = self.roster.place(SCHOOL, "people_committee", day)
            reformed = self.script.edition.procedure != THREE_TIER or self.script.edition.reforms
            kinds = ("culture_society_office",) if reformed else ("education_office", "interior_office")
            offices = [self.roster.place(SCHOOL, kind, day) for kind in kinds]
            others = [person for office in offices for person in at(office, "office_head", day)]
            others += [person for office in offices for person in at(office, "reviewer", day)]
            schools = [s for s in self.roster.real_schools if self._local(s, day) == sitting.unit]
            others += [person for school in schools[:2] for person in at(school, "principal", day)]
        for person in at(committee, "vice_chairman", day):
            members.setdefault(person, "vice_chair")
        for person in others:
            members.setdefault(person, "member")
        return members

    def _local(self, school: str, day: date) -> str:
        return self.roster.place(school, "emulation_council", day)

    def _form(self, sitting: Sitting, members: dict[str, str]) -> None:
        day, chair = sitting.called, next(iter(members))
        self._act(sitting, day, DAWN, "form_council", chair, rules=sitting.rules, since=day)
        for person, role in members.items():
            self._act(sitting, day, DAWN, "appoint", chair, person=person, role=role, since=day)

    def _hold(self, sitting: Sitting, members: dict[str, str]) -> None:
        chair = next(iter(members))
        secretary = next(person for person, role in members.items() if role == "secretary")
        away = next(person for person, role in members.items() if role == "vice_chair")
        present = tuple(person for person in members if person != away)
        held = sitting.held
        words = {"held_on": held, "begins": "08:30", "place": "Phòng họp Ủy ban nhân dân"}
        self._act(sitting, sitting.called, AFTERNOON, "call_session", secretary, **words)
        self._act(sitting, held, MORNING, "attend", secretary, present=present)
        fails = tuple(sitting.fails)
        aside = next((person for person, role in members.items() if role == "member"), secretary)
        reason = "Có quan hệ họ hàng với người được đề nghị"
        self._act(sitting, held, MORNING, "recuse", aside, person=aside, title="LDTT", reason=reason)
        self._act(sitting, held, MORNING, "write_opinion", away, person=away, fails=fails)
        self.script.add(
            held, FORENOON, "open_ballot", secretary, unit=sitting.unit, refused_for="council_role_not_held"
        )
        self._act(sitting, held, FORENOON, "open_ballot", chair)
        for place, person in enumerate(present):
            against = fails if place >= _AGREE_ALL_THE_SAME else ()
            self._act(sitting, held, FORENOON, "cast", person, fails=against)
        again = {"unit": sitting.unit, "fails": (), "refused_for": "voted_already"}
        self.script.add(held, FORENOON, "cast", present[-1], **again)
        self._act(sitting, held, FORENOON, "count", secretary)
        self._act(sitting, held, FORENOON, "close_session", secretary)
