"""The closed vocabulary of checks that a procedure may name, each one pure function.

A check takes the rule of the step (`StepRule`) and the facts, and answers with the reasons against; an
empty answer means that it holds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rules.facts import StepFacts
from rules.reasons import Reason
from rules.separation import Pair, concerned_nominations, separation_reasons
from rules.windows import local_day

# Who is concerned at a desk. "school": whoever works at the dossier's school. "nomination": they, and the
# nominee or the nominee's unit. "person": the nominee alone, for desks inside the school, where everybody
# works at the school.
RECUSALS = ("none", "nomination", "school", "person")

# The events with which a desk passes its opinions on. They can be given by a colleague of whoever passes them on;
# every other act (a decline, a return, a hold) is its taker's own judgement.
PASSING_ON = frozenset({"record_council", "appraise", "forward", "endorse"})


@dataclass(frozen=True, slots=True)
class StepRule:
    """What a published procedure says of one step, as far as checks need it."""

    event: str
    desk: str
    checks: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    provides: tuple[str, ...] = ()
    milestone: str | None = None
    apart: tuple[Pair, ...] = ()
    recusal: str = "none"


Check = Callable[[StepRule, StepFacts], tuple[Reason, ...]]


def has_nominations(rule: StepRule, facts: StepFacts) -> tuple[Reason, ...]:
    """At least one nomination stands."""
    return () if facts.live else (Reason("no_nomination"),)


def papers_complete(rule: StepRule, facts: StepFacts) -> tuple[Reason, ...]:
    """Every kind of paper that the step requires is in the dossier."""
    return tuple(Reason("paper_missing", {"paper": p}) for p in rule.papers if p not in facts.papers)


def inputs_given(rule: StepRule, facts: StepFacts) -> tuple[Reason, ...]:
    """What the step must provide (a reason, a decision, a receipt …) came with the act."""
    return tuple(Reason("input_missing", {"input": p}) for p in rule.provides if p not in facts.given)


def window_open(rule: StepRule, facts: StepFacts) -> tuple[Reason, ...]:
    """The milestone's window is open for this unit at this instant."""
    if rule.milestone is None:
        return ()
    window = facts.window
    if window is None:
        return (Reason("milestone_not_in_calendar", {"milestone": rule.milestone}),)
    if facts.now < window.opens_at:
        # The local day, as with `last_day`: in UTC a window of 1 September opens on 31 August.
        opens = local_day(window.opens_at).isoformat()
        return (Reason("window_not_open_yet", {"milestone": rule.milestone, "opens": opens}),)
    if window.is_over(facts.now):
        return (
            Reason("window_closed", {"milestone": rule.milestone, "last_day": window.last_day.isoformat()}),
        )
    return ()


def opinions_complete(rule: StepRule, facts: StepFacts) -> tuple[Reason, ...]:
    """This desk has given its opinion on every nomination that stands."""
    given = facts.opinions.get(rule.desk, ())
    return tuple(
        Reason("opinion_missing", {"nomination": n.id, "title": n.title})
        for n in facts.live
        if n.id not in given
    )


def separation(rule: StepRule, facts: StepFacts) -> tuple[Reason, ...]:
    """Nobody decides at two desks declared apart."""
    return separation_reasons(rule.desk, facts.people, facts.acted, rule.apart, facts.exceptions)


def not_concerned(rule: StepRule, facts: StepFacts) -> tuple[Reason, ...]:
    """Nobody decides where they, or their school, are concerned, as far as the desk's recusal says.

    Where a colleague of the desk has judged all that concerns them, they may pass the dossier on.
    """
    if rule.recusal == "none" or facts.actor is None:
        return ()
    inside = rule.recusal == "person"
    at_own_school = not inside and facts.unit in facts.actor_units
    own_school = (Reason("own_school", {"person": facts.actor, "desk": rule.desk}),)
    if rule.recusal == "school":
        # The school itself is judged here: no colleague's opinion on a nomination speaks for that.
        return own_school if at_own_school else ()
    units = () if inside else facts.actor_units
    nominees = {n.id: (n.person, n.unit) for n in facts.live}
    authors = {n.id: n.authors for n in facts.live}
    # Whoever acts on behalf of a nominee judges in the nominee's place.
    own = frozenset[int]().union(
        *(concerned_nominations(person, units, nominees, authors) for person in {facts.actor, *facts.people})
    )
    passes_on = rule.event in PASSING_ON
    if passes_on:
        own = own.difference(facts.opinions_by_others)
    if at_own_school and (own or not passes_on):
        return own_school
    return tuple(Reason("own_nomination", {"person": facts.actor, "nomination": n}) for n in sorted(own))


def nothing_awaited(rule: StepRule, facts: StepFacts) -> tuple[Reason, ...]:
    """No nomination that may bring a title rests on one that another dossier has yet to decide, or has refused."""
    resting = [n for n in facts.live if n.id not in facts.left_out]
    waiting = [
        Reason("waits_for_dossier", {"nomination": n.id, "dossier": n.waiting_for})
        for n in resting
        if n.waiting_for is not None and not n.foundation_failed
    ]
    failed = [
        Reason("foundation_failed", {"nomination": n.id, "dossier": n.waiting_for})
        for n in resting
        if n.foundation_failed
    ]
    return (*waiting, *failed)


def score_recorded(rule: StepRule, facts: StepFacts) -> tuple[Reason, ...]:
    """The bloc has recorded the school's score and rank for the year."""
    return () if facts.score_recorded else (Reason("score_missing"),)


def no_open_objection(rule: StepRule, facts: StepFacts) -> tuple[Reason, ...]:
    """Every objection received has been settled (Decree 152/2025 Art 4(4))."""
    if not facts.open_objections:
        return ()
    return (Reason("objection_open", {"count": facts.open_objections}, "NĐ 152/2025, Điều 4(4)"),)


def deadline_missed(rule: StepRule, facts: StepFacts) -> tuple[Reason, ...]:
    """The window of what the dossier owes where it stands has passed."""
    return () if facts.deadline_missed else (Reason("deadline_not_missed"),)


CHECKS: dict[str, Check] = {
    "has_nominations": has_nominations,
    "papers_complete": papers_complete,
    "inputs_given": inputs_given,
    "window_open": window_open,
    "opinions_complete": opinions_complete,
    "separation": separation,
    "not_concerned": not_concerned,
    "nothing_awaited": nothing_awaited,
    "score_recorded": score_recorded,
    "no_open_objection": no_open_objection,
    "deadline_missed": deadline_missed,
}

# Which groups of facts a check reads, so that an act loads only what its step needs.
NEEDS: dict[str, frozenset[str]] = {
    "has_nominations": frozenset({"nominations"}),
    "papers_complete": frozenset({"papers"}),
    "inputs_given": frozenset(),
    "window_open": frozenset({"window"}),
    "opinions_complete": frozenset({"nominations", "opinions"}),
    "separation": frozenset(),
    "not_concerned": frozenset({"nominations", "actor_units"}),
    "nothing_awaited": frozenset({"nominations", "foundations", "opinions"}),
    "score_recorded": frozenset({"score"}),
    "no_open_objection": frozenset({"objections"}),
    "deadline_missed": frozenset({"deadline"}),
}


def objections_to(rule: StepRule, facts: StepFacts) -> tuple[Reason, ...]:
    """Every reason that the step's checks find, in the order in which the procedure names them.

    What a step must provide and the window that opens it are checked whether or not the procedure repeats it.
    """
    names = dict.fromkeys(("window_open", "inputs_given", *rule.checks))
    return tuple(reason for name in names for reason in CHECKS[name](rule, facts))
