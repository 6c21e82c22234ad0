"""Nominations, the desks' opinions on them, and the titles that came of them."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import and_, exists, func, not_, or_, select

from casework.access import EMPLOYMENT
from casework.decided import AWARD
from casework.doctor.finding import fault, warning
from casework.doctor.view import View
from casework.history import ENTRY
from casework.load import AUTHOR, DOSSIER, NOMINATION, OPINION
from published.titles import INITIATIVE
from rules.windows import local_day

_IN_DOSSIER = NOMINATION.join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id)


def nomination_of_other_unit(view: View) -> Iterator[str]:
    """The nomination is of another unit than its dossier."""
    query = select(NOMINATION.c.id).select_from(_IN_DOSSIER).where(NOMINATION.c.unit_id != DOSSIER.c.unit_id)
    yield from view.ids("nomination", query)


def nominee_never_employed(view: View) -> Iterator[str]:
    """The nominee did not work at the unit on any day from the dossier's opening to its last step."""
    query = (
        select(
            NOMINATION.c.id,
            DOSSIER.c.opened_at,
            DOSSIER.c.changed_at,
            EMPLOYMENT.c.since,
            EMPLOYMENT.c.until,
        )
        .select_from(
            _IN_DOSSIER.outerjoin(
                EMPLOYMENT,
                and_(
                    EMPLOYMENT.c.person_id == NOMINATION.c.person_id,
                    EMPLOYMENT.c.unit_id == NOMINATION.c.unit_id,
                ),
            )
        )
        .where(NOMINATION.c.person_id.is_not(None), NOMINATION.c.outcome != "struck")
        .order_by(NOMINATION.c.id)
    )
    current, employed = None, True
    for row in view.rows(query):
        if row["id"] != current:
            if not employed:
                yield f"nomination:{current}"
            current, employed = row["id"], False
        if row["since"] is not None:
            first, last = local_day(row["opened_at"]), local_day(row["changed_at"])
            employed = employed or (row["since"] <= last and (row["until"] is None or row["until"] >= first))
    if not employed:
        yield f"nomination:{current}"


def nomination_title_unknown(view: View) -> Iterator[str]:
    """A title of the nomination is not in the catalogue."""
    if not view.titles:
        return
    known = list(view.titles)
    columns = (NOMINATION.c.title, NOMINATION.c.appraised_title, NOMINATION.c.decided_title)
    unknown = or_(*(and_(column.is_not(None), column.not_in(known)) for column in columns))
    yield from view.ids("nomination", select(NOMINATION.c.id).where(unknown))


def nomination_title_does_not_suit(view: View) -> Iterator[str]:
    """The title is of another level than the dossier, or not for persons, collectives or initiatives."""
    query = select(
        NOMINATION.c.id,
        NOMINATION.c.title,
        NOMINATION.c.person_id,
        NOMINATION.c.initiative_id,
        DOSSIER.c.level,
    )
    for row in view.rows(query.select_from(_IN_DOSSIER)):
        title = view.titles.get(row["title"])
        subject = "collective" if row["person_id"] is None else "individual"
        if row["initiative_id"] is not None:
            subject = INITIATIVE
        if title is not None and (not title.suits(subject) or title.level != row["level"]):
            yield f"nomination:{row['id']}"


def nominated_twice(view: View) -> Iterator[str]:
    """The same person, collective or initiative stands twice in a dossier for the same title."""
    other = NOMINATION.alias("other")
    same = and_(
        other.c.dossier_id == NOMINATION.c.dossier_id,
        other.c.title == NOMINATION.c.title,
        # The database's own rule sees persons only: a collective has no person to compare.
        other.c.person_id.is_not_distinct_from(NOMINATION.c.person_id),
        other.c.initiative_id.is_not_distinct_from(NOMINATION.c.initiative_id),
        other.c.id < NOMINATION.c.id,
        other.c.outcome != "struck",
    )
    twice = exists(select(other.c.id).where(same))
    yield from view.ids("nomination", select(NOMINATION.c.id).where(NOMINATION.c.outcome != "struck", twice))


def foundation_of_another(view: View) -> Iterator[str]:
    """The nomination rests on one of another person or unit."""
    other = NOMINATION.alias("foundation")
    differs = or_(
        other.c.person_id.is_distinct_from(NOMINATION.c.person_id), other.c.unit_id != NOMINATION.c.unit_id
    )
    query = select(NOMINATION.c.id).join(other, other.c.id == NOMINATION.c.rests_on_id).where(differs)
    yield from view.ids("nomination", query)


def foundations_in_a_circle(view: View) -> Iterator[str]:
    """Nominations rest on one another in a circle: each waits for ever."""
    query = select(NOMINATION.c.id, NOMINATION.c.rests_on_id).where(NOMINATION.c.rests_on_id.is_not(None))
    rests_on = {row.id: row.rests_on_id for row in view.connection.execute(query)}
    settled: set[int] = set()
    for start in sorted(rests_on):
        way: list[int] = []
        current: int | None = start
        while current is not None and current not in settled and current not in way:
            way.append(current)
            current = rests_on.get(current)
        if current is not None and current in way:
            yield f"nomination:{min(way[way.index(current) :])}"
        settled.update(way)


def outcome_before_decision(view: View) -> Iterator[str]:
    """The nomination is awarded in a dossier that is not decided, or revoked in one that is not revoked."""
    early = or_(
        and_(NOMINATION.c.outcome == "awarded", DOSSIER.c.state_kind != "decided"),
        and_(NOMINATION.c.outcome == "revoked", DOSSIER.c.state_kind != "revoked"),
    )
    yield from view.ids("nomination", select(NOMINATION.c.id).select_from(_IN_DOSSIER).where(early))


def award_missing(view: View) -> Iterator[str]:
    """The nomination is awarded, and nobody holds the title by it."""
    held = exists().where(AWARD.c.nomination_id == NOMINATION.c.id, AWARD.c.standing == "held")
    yield from view.ids("nomination", select(NOMINATION.c.id).where(NOMINATION.c.outcome == "awarded", ~held))


def award_without_nomination(view: View) -> Iterator[str]:
    """A title is held by a nomination that is not awarded."""
    joined = AWARD.outerjoin(NOMINATION, NOMINATION.c.id == AWARD.c.nomination_id)
    loose = or_(NOMINATION.c.id.is_(None), NOMINATION.c.outcome != "awarded")
    query = select(AWARD.c.id).select_from(joined)
    yield from view.ids(
        "award", query.where(AWARD.c.nomination_id.is_not(None), AWARD.c.standing == "held", loose)
    )


def award_differs(view: View) -> Iterator[str]:
    """A title that is held differs from what was decided: title, holder, school year or decision."""
    joined = AWARD.join(NOMINATION, NOMINATION.c.id == AWARD.c.nomination_id).join(
        DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id
    )
    # A collective's title is its unit's; a person's names no unit.
    other_holder = or_(
        AWARD.c.person_id.is_distinct_from(NOMINATION.c.person_id),
        and_(NOMINATION.c.person_id.is_(None), AWARD.c.unit_id.is_distinct_from(NOMINATION.c.unit_id)),
    )
    differs = or_(
        AWARD.c.title.is_distinct_from(NOMINATION.c.decided_title),
        other_holder,
        AWARD.c.school_year != DOSSIER.c.school_year,
        AWARD.c.decision_id.is_distinct_from(DOSSIER.c.decision_id),
    )
    held = and_(AWARD.c.standing == "held", NOMINATION.c.outcome == "awarded")
    yield from view.ids("award", select(AWARD.c.id).select_from(joined).where(held, differs))


def award_twice(view: View) -> Iterator[str]:
    """One nomination brought two titles that are held."""
    query = (
        select(AWARD.c.nomination_id)
        .where(AWARD.c.nomination_id.is_not(None), AWARD.c.standing == "held")
        .group_by(AWARD.c.nomination_id)
        .having(func.count() > 1)
        .order_by(AWARD.c.nomination_id)
    )
    yield from view.ids("nomination", query)


def awarded_against_opinion(view: View) -> Iterator[str]:
    """A title was awarded that the last desk to judge the nomination does not support."""
    later = OPINION.alias("later")
    last = ~exists().where(
        later.c.nomination_id == OPINION.c.nomination_id,
        later.c.ended_by.is_(None),
        later.c.id > OPINION.c.id,
    )
    against = or_(
        OPINION.c.verdict == "not_supported",
        and_(OPINION.c.verdict == "lower_title", OPINION.c.lower_title != NOMINATION.c.decided_title),
    )
    query = select(NOMINATION.c.id).join(OPINION, OPINION.c.nomination_id == NOMINATION.c.id)
    yield from view.ids(
        "nomination",
        query.where(NOMINATION.c.outcome == "awarded", OPINION.c.ended_by.is_(None), last, against),
    )


def opinion_desk_unknown(view: View) -> Iterator[str]:
    """An opinion was given at a desk that the dossier's procedure does not have."""
    columns = (OPINION.c.id, OPINION.c.desk, OPINION.c.ended_by, DOSSIER.c.procedure_sha256)
    query = select(*columns, DOSSIER.c.id.label("dossier")).join(
        DOSSIER, DOSSIER.c.id == OPINION.c.dossier_id
    )
    # What lost its force before a dossier moved may be of a desk that only the earlier version had.
    moved = set(
        view.connection.execute(select(ENTRY.c.subject).where(ENTRY.c.event == "procedure_moved")).scalars()
    )
    for row in view.rows(query.order_by(OPINION.c.id)):
        chart = view.chart(row["procedure_sha256"])
        past = row["ended_by"] is not None and f"dossier:{row['dossier']}" in moved
        if chart is not None and row["desk"] not in chart.procedure.desks and not past:
            yield f"opinion:{row['id']}"


def opinion_in_other_dossier(view: View) -> Iterator[str]:
    """An opinion lies in another dossier than the nomination that it judges."""
    query = select(OPINION.c.id).outerjoin(NOMINATION, NOMINATION.c.id == OPINION.c.nomination_id)
    yield from view.ids(
        "opinion", query.where(NOMINATION.c.dossier_id.is_distinct_from(OPINION.c.dossier_id))
    )


def opinion_twice(view: View) -> Iterator[str]:
    """Two opinions of one desk on one nomination stand at once."""
    other = OPINION.alias("other")
    same = and_(
        other.c.nomination_id == OPINION.c.nomination_id,
        other.c.desk == OPINION.c.desk,
        other.c.ended_by.is_(None),
        other.c.id < OPINION.c.id,
    )
    twice = exists(select(other.c.id).where(same))
    yield from view.ids("opinion", select(OPINION.c.id).where(OPINION.c.ended_by.is_(None), twice))


def opinion_incomplete(view: View) -> Iterator[str]:
    """An opinion lacks its reason, its lower title, or has more votes than members."""
    lacking = or_(
        and_(OPINION.c.verdict != "supported", OPINION.c.note_id.is_(None)),
        and_(OPINION.c.verdict == "lower_title", OPINION.c.lower_title.is_(None)),
        OPINION.c.votes_for > OPINION.c.members,
        and_(OPINION.c.votes_for.is_not(None), OPINION.c.members.is_(None)),
    )
    yield from view.ids("opinion", select(OPINION.c.id).where(lacking))


def opinion_ended_later_than_now(view: View) -> Iterator[str]:
    """An opinion lost its force by an act that has not been done yet."""
    query = select(OPINION.c.id).join(DOSSIER, DOSSIER.c.id == OPINION.c.dossier_id)
    yield from view.ids("opinion", query.where(OPINION.c.ended_by > DOSSIER.c.version))


def opinion_of_one_concerned(view: View) -> Iterator[str]:
    """An opinion was given by the nominee, an author, or somebody who then worked at the nominee's unit."""
    query = (
        select(
            OPINION.c.id,
            OPINION.c.desk,
            OPINION.c.given_at,
            OPINION.c.person_id,
            NOMINATION.c.person_id.label("nominee"),
            DOSSIER.c.procedure_sha256,
            AUTHOR.c.person_id.label("author"),
            EMPLOYMENT.c.since,
            EMPLOYMENT.c.until,
        )
        .join(NOMINATION, NOMINATION.c.id == OPINION.c.nomination_id)
        .join(DOSSIER, DOSSIER.c.id == OPINION.c.dossier_id)
        .outerjoin(
            EMPLOYMENT,
            and_(EMPLOYMENT.c.person_id == OPINION.c.person_id, EMPLOYMENT.c.unit_id == NOMINATION.c.unit_id),
        )
        .outerjoin(
            AUTHOR,
            and_(
                AUTHOR.c.initiative_id == NOMINATION.c.initiative_id,
                AUTHOR.c.person_id == OPINION.c.person_id,
            ),
        )
        .where(
            not_(
                and_(
                    EMPLOYMENT.c.id.is_(None),
                    AUTHOR.c.person_id.is_(None),
                    OPINION.c.person_id.is_distinct_from(NOMINATION.c.person_id),
                )
            )
        )
        .order_by(OPINION.c.id)
    )
    told = None
    for row in view.rows(query):
        chart = view.chart(row["procedure_sha256"])
        desk = chart.procedure.desks.get(row["desk"]) if chart else None
        if desk is None or desk.recusal == "none" or row["id"] == told:
            continue
        day = local_day(row["given_at"])
        works_there = row["since"] is not None and row["since"] <= day and (row["until"] or day) >= day
        own = row["person_id"] in (row["nominee"], row["author"])
        if own or (works_there and desk.recusal != "person"):
            told = row["id"]
            yield f"opinion:{told}"


def opinion_on_struck_nomination(view: View) -> Iterator[str]:
    """An opinion still stands on a nomination that the school took back."""
    query = select(OPINION.c.id).join(NOMINATION, NOMINATION.c.id == OPINION.c.nomination_id)
    yield from view.ids(
        "opinion", query.where(NOMINATION.c.outcome == "struck", OPINION.c.ended_by.is_(None))
    )


INVARIANTS = (
    fault(nomination_of_other_unit),
    fault(nominee_never_employed),
    fault(nomination_title_unknown),
    fault(nomination_title_does_not_suit),
    fault(nominated_twice),
    fault(foundation_of_another),
    fault(foundations_in_a_circle),
    fault(outcome_before_decision),
    fault(award_missing),
    fault(award_without_nomination),
    fault(award_differs),
    fault(award_twice),
    fault(awarded_against_opinion),
    fault(opinion_desk_unknown),
    fault(opinion_in_other_dossier),
    fault(opinion_twice),
    fault(opinion_incomplete),
    fault(opinion_ended_later_than_now),
    fault(opinion_of_one_concerned),
    # It has no effect: only nominations that stand are judged. But it looks as if somebody still supported it.
    warning(opinion_on_struck_nomination),
)
