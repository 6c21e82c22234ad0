"""The movement of the simulated year: plans on four levels, who was late and who never answered, reviews, exemplars."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, select

from casework.decided import AWARD
from casework.exemplars.stages import EXEMPLAR, STAGE
from casework.load import NOMINATION
from casework.movements.calendar_of import MOVEMENT
from casework.movements.rows import CALL
from casework.outbox import OUTBOX
from kit.database import Database
from kit.settings import Settings
from models.unit import Unit
from rehearsal.names import AS_IT_WAS, TWO_TIERS
from rehearsal.year import YearReport
from rules.windows import local_day

Played = tuple[Settings, YearReport]
UNIT = Unit.__table__


@pytest.fixture
def home(edition_played: Played) -> Iterator[tuple[Connection, YearReport]]:
    settings, report = edition_played
    database = Database(settings.url)
    with database.read() as connection:
        yield connection, report
    database.close()


def test_a_plan_goes_down_four_levels_and_every_answer_is_part_of_the_one_above(
    home: tuple[Connection, YearReport],
) -> None:
    connection, report = home
    plans = {row.id: row for row in connection.execute(select(MOVEMENT))}
    kinds = dict(connection.execute(select(UNIT.c.id, UNIT.c.kind)).all())
    ways: dict[tuple[str, ...], int] = {}
    for row in plans.values():
        way, above = [kinds[row.unit_id]], row.parent_id
        while above is not None:
            way.append(kinds[plans[above].unit_id])
            above = plans[above].parent_id
        ways[tuple(way)] = ways.get(tuple(way), 0) + 1
    office = "culture_society_office" if report.year == TWO_TIERS else "education_office"
    assert ways[("school", office, "people_committee", "province_committee")] == 27
    assert {len(way) for way in ways} == {1, 2, 3, 4}
    # A number that nobody can take for that of a real plan.
    assert all(row.number.endswith("/KH-MAU") for row in plans.values())


def test_one_school_of_mau_answers_after_the_reminder_and_one_never(
    home: tuple[Connection, YearReport],
) -> None:
    connection, _ = home
    codes = dict(connection.execute(select(UNIT.c.id, UNIT.c.code)).all())
    answers = MOVEMENT.alias()
    calls = connection.execute(
        select(CALL.c.unit_id, CALL.c.reviewed_on, MOVEMENT.c.answer_by, answers.c.launched_at)
        .join_from(CALL, MOVEMENT, MOVEMENT.c.id == CALL.c.movement_id)
        .join(answers, answers.c.id == CALL.c.answer_id, isouter=True)
    ).all()
    late = [c for c in calls if c.launched_at is not None and local_day(c.launched_at) > c.answer_by]
    never = [c for c in calls if c.launched_at is None]
    assert [codes[c.unit_id] for c in late] == ["th-mau-3"]
    assert [codes[c.unit_id] for c in never] == ["th-mau-6"]
    assert all(c.reviewed_on is not None for c in calls if c.launched_at is not None)
    told = connection.execute(
        select(OUTBOX.c.kind, OUTBOX.c.facts, OUTBOX.c.queued_at).where(OUTBOX.c.kind == "overdue")
    ).all()
    reminded = [
        row.queued_at
        for row in told
        if row.facts.get("calendar", "").startswith("movement-") and int(row.facts["unit"]) == late[0].unit_id
    ]
    assert reminded and min(reminded) < late[0].launched_at


def test_whoever_succeeded_an_office_reviews_what_it_had_answered(
    home: tuple[Connection, YearReport],
) -> None:
    connection, report = home
    rows = connection.execute(
        select(UNIT.c.kind, UNIT.c.until, CALL.c.reviewed_at)
        .join_from(CALL, UNIT, UNIT.c.id == CALL.c.unit_id)
        .where(CALL.c.reviewed_at.is_not(None))
    )
    after = [row.kind for row in rows if row.until is not None and local_day(row.reviewed_at) > row.until]
    expected = ["education_office", "education_office", "people_committee", "people_committee"]
    assert sorted(after) == (expected if report.year == AS_IT_WAS else [])


def test_what_was_awarded_in_the_movement_rests_on_it_and_was_reviewed_first(
    home: tuple[Connection, YearReport],
) -> None:
    connection, report = home
    rows = connection.execute(
        select(NOMINATION.c.title, MOVEMENT.c.code, AWARD.c.award_type)
        .join_from(NOMINATION, AWARD, AWARD.c.nomination_id == NOMINATION.c.id)
        .join(MOVEMENT, MOVEMENT.c.id == NOMINATION.c.movement_id)
        .where(AWARD.c.standing == "held")
    ).all()
    year = report.last_day[:4] if report.year != TWO_TIERS else "2027"
    school = ("GK", f"thi-dua-{year}-th-vinh-tuy-1", "thematic")
    province = ("BKT-CD", f"thi-dua-{year}", "thematic")
    # Only where the districts end is there time for the province's own decision on what began after that.
    expected = [*([province] if report.year == AS_IT_WAS else []), *[school] * 3]
    assert sorted(tuple(row) for row in rows) == sorted(expected)
    assert report.side_ways["awarded_in_movement"] == len(rows)
    refused = {"movement_not_reviewed"}
    if report.year == AS_IT_WAS:
        refused |= {"movement_missing", "movement_of_other_rank"}
    assert refused <= set(report.refusals)


def test_two_exemplars_go_through_their_stages_one_to_the_last(home: tuple[Connection, YearReport]) -> None:
    connection, report = home
    rows = connection.execute(select(EXEMPLAR.c.id, EXEMPLAR.c.stage, EXEMPLAR.c.movement_id)).all()
    assert sorted(row.stage for row in rows) == ["reviewed", "spread"]
    assert all(row.movement_id is not None for row in rows)
    for row in rows:
        days = connection.execute(
            select(STAGE.c.reached_on).where(STAGE.c.exemplar_id == row.id).order_by(STAGE.c.recorded_at)
        ).scalars()
        reached = list(days)
        assert reached == sorted(set(reached)) and len(reached) >= 3
    assert {"not_the_next_stage", "not_answered", "answered_already", "not_asked"} <= set(report.refusals)
