"""A plain second opinion on the way of a dossier: dictionaries and sets, read from the published files alone.

It knows nothing of the program's machine, checks or tables. Whatever it and the program disagree on is a fault of one
of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests.build import PEOPLE, ROOT, UNITS
from tests.trees import tree_of

PROCEDURE = tree_of(ROOT / "regulations/procedures/three-tier-2024.yaml")
CALENDAR = tree_of(ROOT / "regulations/calendars/2024-2025.yaml")["milestones"]
STATES, DESKS = PROCEDURE["states"], PROCEDURE["desks"]
SCHOOL = "th-mau-1"
ASIDE = {"returned", "on_hold", "withdrawn", "lapsed"}
JUDGING = {"record_council", "appraise", "forward", "endorse"}
# The main way has one of these from each of its states.
ONWARD = {
    *("register", "hand_in", "record_score", "convene", "record_council", "appraise", "endorse", "file"),
    *("decide", "forward", "record_result"),
}
TITLES = {"local": "LDTT", "province": "BKT-TX", "ministry": "BKB", "state": "BKTTG"}


def listed(value: Any) -> list[str]:
    """A word or a list of words as a list."""
    return [] if value is None else [value] if isinstance(value, str) else list(value)


def sources(step: dict[str, Any]) -> list[str]:
    """The states that a step leaves; a kind in brackets stands for all of its states."""
    found: list[str] = []
    for name in listed(step["from"]):
        kind = name[1:-1] if name.startswith("<") else None
        found += [s for s, body in STATES.items() if body["kind"] == kind] if kind else [name]
    return found


def steps_from(state: str, level: str) -> list[dict[str, Any]]:
    """The steps that leave a state for a level."""
    return [
        s for s in PROCEDURE["steps"] if state in sources(s) and level in listed(s.get("levels") or [level])
    ]


def unit_of(desk: str) -> str:
    """The one unit of the small office behind a desk of a dossier of the school."""
    return next(code for code, (kind, _) in UNITS.items() if kind == DESKS[desk]["unit"])


def acting_people(desk: str) -> list[str]:
    """Those who hold a duty of a desk by themselves."""
    return [
        p
        for p, (_, at, duty) in PEOPLE.items()
        if at == unit_of(desk) and duty in listed(DESKS[desk]["duty"])
    ]


@dataclass
class Nomination:
    """One nomination as it should stand."""

    person: str
    title: str
    outcome: str = "open"
    registered: bool = False
    proposed: bool = False
    appraised: str | None = None
    decided: str | None = None


@dataclass
class Dossier:
    """One dossier as it should stand."""

    level: str
    state: str = "preparing"
    version: int = 1
    origins: dict[str, str] = field(default_factory=dict)
    papers: set[str] = field(default_factory=set)
    nominations: dict[int, Nomination] = field(default_factory=dict)
    # desk → nomination → (verdict, number of the act that gave it, those whose word it is)
    opinions: dict[str, dict[int, tuple[str, int, frozenset[str]]]] = field(default_factory=dict)
    # The desks that ever gave an opinion.
    judged: set[str] = field(default_factory=set)
    acted: dict[str, set[str]] = field(default_factory=dict)
    objections: int = 0
    held: dict[int, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The kind of its state."""
        return str(STATES[self.state]["kind"])

    @property
    def open(self) -> list[int]:
        """The nominations that still stand."""
        return [n for n, nomination in self.nominations.items() if nomination.outcome == "open"]


@dataclass
class Given:
    """What comes with a step: what it asks for, or nothing; a word against one nomination; support for the rest."""

    complete: bool = True
    against: int | None = None
    reasoned: bool = True
    support_rest: bool = False


class Expected:
    """The whole small world: dossiers, the year's score, and who lent what to whom."""

    def __init__(self) -> None:
        self.dossiers: dict[str, Dossier] = {}
        self.scored = False
        # (lender, borrower): the lender's one duty, for the whole time.
        self.lent: list[tuple[str, str]] = []
        self._acts = 0

    # --- Who may

    def acting_for(self, person: str | None, desk: str) -> tuple[bool, str | None]:
        """Whether somebody may act at a desk, and on whose behalf."""
        holders = acting_people(desk)
        if person in holders:
            return True, None
        lenders = [p for p in holders if (p, person) in self.lent]
        return bool(lenders), lenders[0] if lenders else None

    def concerned(self, person: str | None, desk: str) -> bool:
        """Whether somebody stands aside at a desk: everybody who works at the school, where the desk recuses."""
        return (
            DESKS.get(desk, {}).get("recusal", "none") != "none"
            and person is not None
            and PEOPLE[person][0] == SCHOOL
        )

    def stands_aside(self, dossier: Dossier, event: str, desk: str, person: str | None) -> bool:
        """Whether somebody concerned may not take a step: passing on is theirs where a colleague has judged all."""
        if not self.concerned(person, desk):
            return False
        if event not in JUDGING or DESKS[desk]["recusal"] == "school":
            return True
        by_others = {n for n, said in dossier.opinions.get(desk, {}).items() if person not in said[2]}
        return not set(dossier.open) <= by_others

    def apart(self, dossier: Dossier, desk: str, people: list[str]) -> bool:
        """Whether one of some people decided at a desk declared apart from this one."""
        others = [({*pair} - {desk}).pop() for pair in PROCEDURE["apart"] if desk in pair]
        return any(person in dossier.acted.get(other, ()) for other in others for person in people)

    # --- Steps

    def step(self, code: str, event: str, person: str | None, day: date, given: Given) -> set[str]:
        """The codes that should stand against a step; when there are none, the step is taken here too."""
        dossier = self.dossiers[code]
        step = next((s for s in steps_from(dossier.state, dossier.level) if s["event"] == event), None)
        if step is None:
            return {"step_not_here"}
        desk = STATES[dossier.state]["desk"] if step["desk"] == "here" else step["desk"]
        codes: set[str] = set()
        behalf = None
        if desk == "calendar":
            codes |= {"only_the_calendar"} if person else set()
        else:
            may, behalf = self.acting_for(person, desk)
            codes |= set() if may else {"duty_not_held"}
        people = [p for p in (person, behalf) if p]
        if given.support_rest and event not in JUDGING:
            codes.add("input_not_for_step")
        brought = self._brought(dossier, event, desk, person, given)
        codes |= self._against_opinions(dossier, event, desk, person, given, brought)
        codes |= self._window(step, day)
        if not given.complete and step.get("provides"):
            codes.add("input_missing")
        for check in self._checks(step):
            codes |= self._check(check, dossier, step, desk, person, people, brought, day)
        if not codes:
            self._take(dossier, step, desk, people, brought)
        return codes

    def _window(self, step: dict[str, Any], day: date) -> set[str]:
        if "milestone" not in step:
            return set()
        window = CALENDAR[step["milestone"]]
        early, late = day < window["opens"], day > window["last_day"]
        return {"window_not_open_yet"} if early else {"window_closed"} if late else set()

    def _checks(self, step: dict[str, Any]) -> list[str]:
        return [*listed(step.get("checks")), *(["papers_complete"] if step.get("papers") else [])]

    def _check(
        self,
        check: str,
        dossier: Dossier,
        step: dict[str, Any],
        desk: str,
        person: str | None,
        people: list[str],
        brought: dict[int, str],
        day: date,
    ) -> set[str]:
        judged = dossier.opinions.get(desk, {}).keys() | brought.keys()
        broken = {
            "has_nominations": ("no_nomination", not dossier.open),
            "papers_complete": ("paper_missing", not set(listed(step.get("papers"))) <= dossier.papers),
            "opinions_complete": ("opinion_missing", not set(dossier.open) <= judged),
            "separation": ("acted_at_desk_apart", self.apart(dossier, desk, people)),
            "not_concerned": ("own_school", self.stands_aside(dossier, step["event"], desk, person)),
            "score_recorded": ("score_missing", not self.scored),
            "no_open_objection": ("objection_open", dossier.objections > 0),
            "nothing_awaited": ("waits_for_dossier", False),
            "deadline_missed": ("deadline_not_missed", not self._late(dossier, day)),
        }
        code, stands = broken[check]
        return {code} if stands else set()

    def _late(self, dossier: Dossier, day: date) -> bool:
        """Whether the next milestone on the way has passed; of a returned one, seen from whoever returned it."""
        here = dossier.origins["returned"] if dossier.kind == "returned" else dossier.state
        for _ in STATES:
            onward = [s for s in steps_from(here, dossier.level) if s["event"] in ONWARD]
            if not onward:
                return False
            if "milestone" in onward[0]:
                return bool(day > CALENDAR[onward[0]["milestone"]]["last_day"])
            here = onward[0]["to"]
        return False

    def _brought(
        self, dossier: Dossier, event: str, desk: str, person: str | None, given: Given
    ) -> dict[int, str]:
        """nomination → verdict that the step brings."""
        brought = {given.against: "not_supported"} if given.against is not None else {}
        if event in JUDGING and given.support_rest and not self.concerned(person, desk):
            for nomination in dossier.open:
                if nomination not in dossier.opinions.get(desk, {}):
                    brought.setdefault(nomination, "supported")
        return brought

    def _against_opinions(
        self,
        dossier: Dossier,
        event: str,
        desk: str,
        person: str | None,
        given: Given,
        brought: dict[int, str],
    ) -> set[str]:
        if given.against is None:
            return set()
        if event not in JUDGING | {"give_opinion", "record_score"}:
            return {"opinions_not_here"}
        if given.against not in dossier.open:
            return {"nomination_not_open"}
        codes = {"own_nomination"} if self.concerned(person, desk) else set()
        # None of the walk's titles rests on rank in the bloc.
        codes |= {"not_resting_on_rank"} if event == "record_score" else set()
        return codes if given.reasoned else codes | {"opinion_needs_reason"}

    def _take(
        self, dossier: Dossier, step: dict[str, Any], desk: str, people: list[str], brought: dict[int, str]
    ) -> None:
        event = step["event"]
        self._acts += 1
        self._judge(dossier, event, desk, brought, people)
        self._settle(dossier, event, step)
        if event == "record_score":
            self.scored = True
        for name in self._anew(step, desk):
            dossier.opinions.pop(name, None)
        if "separation" in listed(step.get("checks")):
            dossier.acted.setdefault(desk, set()).update(people)
        dossier.version += 1
        self._move(dossier, step["to"])

    def _move(self, dossier: Dossier, to: str) -> None:
        kind, here = dossier.kind, dossier.state
        if to == "back":
            dossier.state = dossier.origins.pop(kind)
        elif STATES[to]["kind"] in ASIDE:
            dossier.state = to
            dossier.origins[STATES[to]["kind"]] = here
        else:
            dossier.state = to
            dossier.origins.clear()

    def _anew(self, step: dict[str, Any], desk: str) -> list[str]:
        """The desks that judge anew after a step."""
        return [desk if name == "here" else name for name in listed(step.get("invalidates"))]

    def _judge(
        self, dossier: Dossier, event: str, desk: str, brought: dict[int, str], people: list[str]
    ) -> None:
        said = dossier.opinions.setdefault(desk, {})
        word_of = frozenset(people)
        said.update({nomination: (verdict, self._acts, word_of) for nomination, verdict in brought.items()})
        dossier.judged |= {desk} if brought else set()
        for number in dossier.open:
            nomination = dossier.nominations[number]
            verdict = said[number][0] if number in said else ""
            if event in ("appraise", "forward") and verdict:
                nomination.appraised = nomination.title if verdict == "supported" else None
            if event == "record_council" and verdict == "not_supported":
                nomination.outcome = "stopped"

    def _settle(self, dossier: Dossier, event: str, step: dict[str, Any]) -> None:
        if event in ("register", "hand_in", "convene", "resubmit"):
            for number in dossier.open:
                setattr(
                    dossier.nominations[number], "registered" if event == "register" else "proposed", True
                )
        if event in ("decide", "record_result"):
            for number in dossier.open:
                self._decide(dossier, number)
        if event == "decline":
            for number in dossier.open:
                dossier.nominations[number].outcome = "not_awarded"
        if event == "reopen":
            anew = [dossier.opinions.get(desk, {}) for desk in listed(step.get("invalidates"))]
            for number, nomination in dossier.nominations.items():
                against = any(number in said and said[number][0] == "not_supported" for said in anew)
                if nomination.outcome in ("awarded", "not_awarded") or (
                    nomination.outcome == "stopped" and against
                ):
                    nomination.outcome, nomination.decided = "open", None
            dossier.held.clear()
        if event == "revoke":
            for nomination in dossier.nominations.values():
                if nomination.outcome == "awarded":
                    nomination.outcome, nomination.decided = "revoked", None
            dossier.held.clear()

    def _decide(self, dossier: Dossier, number: int) -> None:
        nomination = dossier.nominations[number]
        said = [desks[number] for desks in dossier.opinions.values() if number in desks]
        last = max(said, key=lambda verdict: verdict[1])[0] if said else "supported"
        if last == "not_supported":
            nomination.outcome = "not_awarded"
            return
        nomination.outcome, nomination.decided = "awarded", nomination.appraised or nomination.title
        dossier.held[number] = nomination.decided

    # --- Other acts

    def opine(self, code: str, person: str, given: Given) -> set[str]:
        """The codes that should stand against an opinion on one nomination."""
        dossier = self.dossiers[code]
        desk = STATES[dossier.state]["desk"]
        may, behalf = self.acting_for(person, desk)
        codes = set() if may else {"duty_not_held"}
        judging = [
            step
            for step in steps_from(dossier.state, dossier.level)
            if step["event"] in JUDGING and step["desk"] in (desk, "here")
        ]
        if not judging:
            return codes | {"opinions_not_here"}
        separated = any("separation" in listed(step.get("checks")) for step in judging)
        people = [p for p in (person, behalf) if p]
        codes |= self._against_opinions(dossier, "give_opinion", desk, person, given, {})
        if separated and self.apart(dossier, desk, people):
            codes.add("acted_at_desk_apart")
        if not codes:
            self._acts += 1
            said = ("not_supported", self._acts, frozenset(people))
            dossier.opinions.setdefault(desk, {})[given.against or 0] = said
            dossier.judged.add(desk)
            if separated:
                dossier.acted.setdefault(desk, set()).update(people)
            dossier.version += 1
        return codes

    def _edit(self, dossier: Dossier, person: str) -> set[str]:
        codes = set() if dossier.kind in ("draft", "returned") else {"not_editable_here"}
        return codes if self.acting_for(person, "school")[0] else codes | {"duty_not_held"}

    def nominate(self, code: str, person: str, nominee: str, title: str) -> set[str]:
        """The codes that should stand against a nomination; the caller tells its number afterwards."""
        dossier = self.dossiers[code]
        codes = self._edit(dossier, person)
        if dossier.kind == "returned" and dossier.judged - {STATES[dossier.origins["returned"]]["desk"]}:
            codes.add("judged_already")
        if TITLES[dossier.level] != title:
            codes.add("title_of_other_level")
        if PEOPLE[nominee][0] != SCHOOL:
            codes.add("not_employed_here")
        if any(
            (n.person, n.title) == (nominee, title) and n.outcome != "struck"
            for n in dossier.nominations.values()
        ):
            codes.add("nominated_twice")
        if not codes:
            dossier.version += 1
        return codes

    def strike(self, code: str, person: str, number: int) -> set[str]:
        """The codes that should stand against striking one nomination."""
        dossier = self.dossiers[code]
        codes = self._edit(dossier, person)
        if number not in dossier.open:
            codes.add("nomination_not_open")
        if not codes:
            dossier.nominations[number].outcome = "struck"
            for said in dossier.opinions.values():
                said.pop(number, None)
            dossier.version += 1
        return codes

    def object(self, code: str, person: str) -> set[str]:
        """The codes that should stand against taking in an objection."""
        dossier = self.dossiers[code]
        if not self.acting_for(person, STATES[dossier.state]["desk"])[0]:
            return {"duty_not_held"}
        dossier.objections += 1
        dossier.version += 1
        hold = next((s for s in steps_from(dossier.state, dossier.level) if s["event"] == "hold"), None)
        if hold:
            self._move(dossier, hold["to"])
        return set()

    def settle(self, code: str, person: str) -> set[str]:
        """The codes that should stand against settling the objections."""
        dossier = self.dossiers[code]
        desk = STATES[dossier.state]["desk"]
        may = self.acting_for(person, desk)[0]
        codes = (set() if may else {"duty_not_held"}) | (
            set() if dossier.objections else {"no_open_objection"}
        )
        at_school = DESKS[desk]["unit"] == "school" and dossier.kind != "on_hold"
        if at_school or self.concerned(person, desk):
            codes.add("own_school")
        if not codes:
            dossier.objections = 0
            dossier.version += 1
        return codes
