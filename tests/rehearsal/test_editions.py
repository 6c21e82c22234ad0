"""One story, three editions: 2024-2025 with the districts' end, the same year as it was planned, 2026-2027."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from casework.history import ENTRY
from casework.load import DOSSIER
from kit.database import Database
from kit.settings import Settings
from models.unit import Unit
from rehearsal.edition import edition
from rehearsal.names import AS_IT_WAS, AS_PLANNED, EDITIONS, TWO_TIERS
from rehearsal.script import make_plan
from rehearsal.side_ways import SIDE_WAYS
from rehearsal.year import YearReport, play_year
from tests.played import settings_in
from tests.rehearsal.what_came import what_came_of

Played = tuple[Settings, YearReport]
UNIT = Unit.__table__
# What no dossier meets where the districts go on, or where they ended long ago.
ONLY_WITH_THE_REFORM = {"passed_on_to_successor", "movement_reviewed_by_successor"}
ONLY_IN_COMMUNES = {"excepted_from_separation"}


def test_every_side_way_is_taken_that_an_edition_can_have(edition_played: Played) -> None:
    _, report = edition_played
    none = {way for way in SIDE_WAYS if not report.side_ways[way]}
    assert (
        none
        == {
            AS_IT_WAS: set(),
            AS_PLANNED: ONLY_WITH_THE_REFORM | ONLY_IN_COMMUNES,
            TWO_TIERS: ONLY_WITH_THE_REFORM,
        }[report.year]
    )


def test_each_edition_plays_its_own_year_under_its_own_procedure(edition_played: Played) -> None:
    _, report = edition_played
    yearly = {AS_IT_WAS: {"three-tier-2024", "two-tier-2025"}, AS_PLANNED: {"three-tier-2024"}}
    expected = yearly.get(report.year, {"two-tier-2025"})
    prize = "bloc-prize-2025" if report.year == TWO_TIERS else "bloc-prize-2024"
    initiatives = "initiative-2025" if report.year == TWO_TIERS else "initiative-2024"
    assert set(report.procedures) == expected | {"sudden-2024", "school-certificate", prize, initiatives}
    assert (report.first_day, report.last_day) == (
        ("2026-09-01", "2028-01-31") if report.year == TWO_TIERS else ("2024-09-01", "2025-12-31")
    )


def test_as_planned_the_district_decides_in_july_although_the_linter_warned(
    edition_played: Played,
) -> None:
    settings, report = edition_played
    warned = {(w["code"], w["params"].get("milestone")) for w in report.warnings}
    if report.year != AS_PLANNED:
        assert warned == set()
        return
    assert {("ower_abolished", "local-decision"), ("ower_abolished", "higher-submission")} <= warned
    database = Database(settings.url)
    with database.read() as connection:
        kinds = set(connection.execute(select(UNIT.c.kind)).scalars())
        routes = connection.execute(select(DOSSIER.c.route).where(DOSSIER.c.level == "local")).scalars().all()
        names = dict(connection.execute(select(UNIT.c.id, UNIT.c.code)).all())
        decided = connection.execute(
            select(ENTRY.c.at).where(ENTRY.c.event == "decide", ENTRY.c.at >= edition(AS_PLANNED).start)
        ).scalars()
        in_july = [at for at in decided if (at.year, at.month) == (2025, 7)]
    database.close()
    assert "culture_society_office" not in kinds and in_july
    deciding = {names[route["local_decision"]] for route in routes if "local_decision" in route}
    assert deciding == {"ubnd-huyen-kien-luong", "ubnd-huyen-go-quao"}


@pytest.mark.parametrize("name", EDITIONS)
def test_no_day_of_the_story_lies_outside_of_its_edition(name: str) -> None:
    played = edition(name)
    days = {act.day for act in make_plan(3, name).acts}
    assert played.first_day <= min(days) and max(days) <= played.last_day


def test_the_dates_of_a_year_follow_its_own_milestones() -> None:
    days = {
        name: {act.words.get("event"): act.day for act in make_plan(1, name).acts if act.act == "steps"}
        for name in (AS_PLANNED, TWO_TIERS)
    }
    # Completion ends on 15 June 2027, and filing on 15 July; the plan of 2025 had the whole of both months.
    assert days[AS_PLANNED]["record_score"] <= date(2025, 5, 31)
    assert days[TWO_TIERS]["record_score"] <= date(2027, 5, 31)
    handed_in = [
        act.day
        for act in make_plan(1, TWO_TIERS).acts
        if act.words.get("event") == "hand_in" and act.refused_for is None and act.day.month == 6
    ]
    assert date(2027, 6, 1) <= min(handed_in) and max(handed_in) <= date(2027, 6, 15)


def test_a_year_that_is_broken_off_goes_on_to_the_same_end(
    edition_played: Played, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    whole, report = edition_played
    settings = settings_in(tmp_path / "home")
    if report.year == AS_IT_WAS:
        # Told at every commit of it in `test_crash`. Here it is broken off in June too: by `thidua run`, as the sample.
        shutil.copytree(request.getfixturevalue("driven")[0], settings.home)
        breaks: tuple[date, ...] = (date(2025, 7, 1),)
    else:
        spring = edition(report.year).days
        breaks = (spring.ends("initiative-list"), spring.ends("bloc-scoring", 2))
    for day in breaks:
        play_year(settings, year=report.year, seed=report.seed, until=day)
    last = play_year(settings, year=report.year, seed=report.seed)
    assert last.unexpected == ()
    # The clock stood at more instants; nothing else differs.
    ours, theirs = what_came_of(settings.url), what_came_of(whole.url)
    for found in (ours, theirs):
        found["history_entry"] = [row for row in found["history_entry"] if "'home:clock'" not in row]
    assert ours == theirs


def test_a_home_of_one_edition_is_not_driven_on_by_another(edition_played: Played) -> None:
    settings, report = edition_played
    other = next(name for name in EDITIONS if name != report.year)
    before = what_came_of(settings.url)
    play_year(settings, year=other, seed=report.seed)
    assert what_came_of(settings.url) == before
