"""A desk's opinions on nominations: checked, made into rows, and what an appraisal or a council makes of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import bindparam, insert, update

from casework.effects.effect import Case, Effect
from casework.history import make_note
from casework.inputs import OpinionInput
from casework.load import NOMINATION, OPINION
from casework.regulations import titles_in_force
from models.nomination import VERDICTS
from rules.checks import PASSING_ON
from rules.reasons import Reason
from rules.separation import concerned_nominations

# The events with which a desk judges every nomination, and those that may carry opinions at all.
COUNCIL_EVENTS = frozenset({"record_council"})
JUDGING_EVENTS = PASSING_ON
# The bloc gives opinions with the score, and only on what rests on a school's rank in it.
OPINION_EVENTS = JUDGING_EVENTS | {"give_opinion", "record_score"}

_INSERT = insert(OPINION)
_END = update(OPINION).where(OPINION.c.id == bindparam("b_id")).values(ended_by=bindparam("b_version"))
_APPRAISED = (
    update(NOMINATION)
    .where(NOMINATION.c.id == bindparam("b_id"))
    .values(appraised_title=bindparam("b_title"))
)
_STOPPED = update(NOMINATION).where(NOMINATION.c.id == bindparam("b_id")).values(outcome="stopped")


def opinions_brought(case: Case) -> tuple[OpinionInput, ...]:
    """The opinions that the act brings, with "supported" for the rest where the act says so."""
    given = list(case.inputs.opinions)
    if case.inputs.support_rest:
        judged = {row["nomination_id"] for row in case.loaded.opinions if row["desk"] == case.desk}
        judged |= {opinion.nomination_id for opinion in given}
        concerned = _concerned(case)
        votes_for, members = case.inputs.votes or (None, None)
        given += [
            OpinionInput(row["id"], votes_for=votes_for, members=members)
            for row in case.open_nominations
            if row["id"] not in judged and row["id"] not in concerned
        ]
    return tuple(given)


def _concerned(case: Case) -> frozenset[int]:
    """The nominations on which the actor gives no opinion at this desk, as `rules.checks.not_concerned` reads it."""
    recusal = case.chart.procedure.desks[case.desk].recusal
    if recusal == "none" or case.call.actor_id is None:
        return frozenset()
    units = frozenset() if recusal == "person" else case.reads.units_of(case.call.actor_id)
    nominees = {row["id"]: (row["person_id"], row["unit_id"]) for row in case.open_nominations}
    authors = {row["id"]: row.get("authors", ()) for row in case.open_nominations}
    people = [case.call.actor_id, *([case.on_behalf_of_id] if case.on_behalf_of_id is not None else [])]
    return frozenset[int]().union(
        *(concerned_nominations(person, units, nominees, authors) for person in people)
    )


def opinion_effect(case: Case, opinions: tuple[OpinionInput, ...]) -> Effect:
    """The rows of the opinions; every reason against one is collected."""
    effect = Effect()
    if not opinions:
        return effect
    if case.event not in OPINION_EVENTS:
        effect.reasons.append(Reason("opinions_not_here", {"event": case.event}))
        return effect
    open_rows = {row["id"]: row for row in case.open_nominations}
    concerned = _concerned(case)
    ranked = case.event == "record_score"
    lowers = any(o.verdict == "lower_title" for o in opinions)
    titles = titles_in_force(case.connection) if ranked or lowers else {}
    rows, brief = [], []
    for nomination, times in Counter(opinion.nomination_id for opinion in opinions).items():
        if times > 1:
            effect.reasons.append(Reason("opinion_twice", {"nomination": nomination}))
    for opinion in opinions:
        row = open_rows.get(opinion.nomination_id)
        if row is None:
            effect.reasons.append(Reason("nomination_not_open", {"nomination": opinion.nomination_id}))
            continue
        if opinion.nomination_id in concerned:
            effect.reasons.append(
                Reason("own_nomination", {"person": case.call.actor_id, "nomination": opinion.nomination_id})
            )
        if ranked and not (row["title"] in titles and titles[row["title"]].rests_on_rank):
            about = {"nomination": opinion.nomination_id, "title": row["title"]}
            effect.reasons.append(Reason("not_resting_on_rank", about))
        effect.reasons.extend(_faults(opinion, row, titles))
        note_id = None
        if opinion.reason and opinion.reason.strip():
            note, told = make_note(opinion.reason.strip())
            effect.notes.append(note)
            note_id = told["note"]
            brief.append([opinion.nomination_id, opinion.verdict, opinion.lower_title, told["sha256"]])
        else:
            brief.append([opinion.nomination_id, opinion.verdict, opinion.lower_title, None])
        if opinion.votes_for is not None:
            brief[-1] += [opinion.votes_for, opinion.members]
        rows.append(_row(case, opinion, note_id))
    judged = {row["nomination_id"] for row in rows}
    earlier = [o for o in case.loaded.opinions if o["desk"] == case.desk and o["nomination_id"] in judged]
    effect.writes += ending(case, [o["id"] for o in earlier])
    effect.writes.append((_INSERT, rows))
    effect.payload["opinions"] = brief
    return effect


def _row(case: Case, opinion: OpinionInput, note_id: str | None) -> dict[str, Any]:
    return {
        "dossier_id": case.dossier["id"],
        "nomination_id": opinion.nomination_id,
        "desk": case.desk,
        "person_id": case.call.actor_id,
        "on_behalf_of_id": case.on_behalf_of_id,
        "verdict": opinion.verdict,
        "lower_title": opinion.lower_title,
        "note_id": note_id,
        "votes_for": opinion.votes_for,
        "members": opinion.members,
        "given_at": case.call.now,
        "ended_by": None,
    }


def _faults(opinion: OpinionInput, row: Mapping[str, Any], titles: Mapping[str, Any]) -> list[Reason]:
    reasons = []
    about = {"nomination": opinion.nomination_id}
    if opinion.verdict not in VERDICTS:
        return [Reason("unknown_verdict", {**about, "verdict": opinion.verdict})]
    if opinion.verdict != "supported" and not (opinion.reason or "").strip():
        reasons.append(Reason("opinion_needs_reason", about))
    if opinion.verdict == "lower_title":
        title = titles.get(row["title"])
        if title is None or title.lower is None or opinion.lower_title != title.lower:
            reasons.append(
                Reason("not_a_lower_title", {**about, "title": row["title"], "lower": opinion.lower_title})
            )
    elif opinion.lower_title is not None:
        reasons.append(Reason("lower_title_without_verdict", about))
    votes, members = opinion.votes_for, opinion.members
    if (votes is None) != (members is None) or (
        votes is not None and members is not None and not (0 <= votes <= members and members > 0)
    ):
        reasons.append(Reason("votes_do_not_fit", {**about, "votes": votes, "members": members}))
    return reasons


def ending(case: Case, opinion_ids: list[int]) -> list[Any]:
    """The write that takes the force of opinions, at the version of this act."""
    if not opinion_ids:
        return []
    return [(_END, [{"b_id": i, "b_version": case.version_after} for i in opinion_ids])]


def carried_title(title: str, said: Iterable[tuple[str, str | None]]) -> str | None:
    """The title that opinions, in their order, leave standing of the one asked for; None where they leave none.

    Who supports, supports what stands: a lower title is not undone by those who pass the dossier on.
    """
    standing: str | None = title
    for verdict, lower in said:
        if verdict == "not_supported":
            standing = None
        elif verdict == "lower_title":
            standing = lower
        else:
            standing = standing or title
    return standing


def _appraises(case: Case) -> bool:
    """Whether the act appraises. Where a procedure has no appraising desk, its council does it."""
    if case.event in COUNCIL_EVENTS:
        steps = case.chart.procedure.steps
        return not any(s.event == "appraise" and s.serves(case.dossier["level"]) for s in steps)
    return case.event in ("appraise", "forward")


def _verdicts(case: Case, brought: tuple[OpinionInput, ...]) -> dict[int, tuple[str, str | None]]:
    """nomination → (verdict, lower title) of the acting desk, old and new."""
    verdicts: dict[int, tuple[str, str | None]] = {
        row["nomination_id"]: (row["verdict"], row["lower_title"])
        for row in case.loaded.opinions
        if row["desk"] == case.desk
    }
    return verdicts | {opinion.nomination_id: (opinion.verdict, opinion.lower_title) for opinion in brought}


def _said_elsewhere(case: Case, nomination: int) -> list[tuple[str, str | None]]:
    """What the other desks said of a nomination, in their order."""
    return [
        (o["verdict"], o["lower_title"])
        for o in sorted(case.loaded.opinions, key=lambda opinion: opinion["id"])
        if o["nomination_id"] == nomination and o["desk"] != case.desk
    ]


def left_out(case: Case, brought: tuple[OpinionInput, ...]) -> frozenset[int]:
    """The open nominations that will bring no title: left out of the decision, or supported by the desks no more."""
    verdicts = _verdicts(case, brought)
    refused = case.inputs.decision.refused if case.inputs.decision else frozenset()
    unsupported = {
        row["id"]
        for row in case.open_nominations
        if (said := [*_said_elsewhere(case, row["id"]), *filter(None, [verdicts.get(row["id"])])])
        and carried_title(row["title"], said) is None
    }
    return refused | unsupported


def judgement_effect(case: Case, brought: tuple[OpinionInput, ...]) -> Effect:
    """What the desk's opinions, old and new, make of the nominations when the dossier passes on.

    An appraisal records the title that it supports; a council's "not supported" ends the nomination's way.
    """
    verdicts = _verdicts(case, brought)
    effect = Effect()
    appraised, stopped = [], []
    for row in case.open_nominations:
        verdict, lower = verdicts.get(row["id"], ("", None))
        title = carried_title(row["title"], [*_said_elsewhere(case, row["id"]), (verdict, lower)])
        if verdict and _appraises(case):
            appraised.append({"b_id": row["id"], "b_title": title})
        if case.event in COUNCIL_EVENTS and verdict == "not_supported":
            stopped.append({"b_id": row["id"]})
    if appraised:
        effect.writes.append((_APPRAISED, appraised))
    if stopped:
        effect.writes.append((_STOPPED, stopped))
        effect.payload["stopped"] = [row["b_id"] for row in stopped]
    return effect
