"""The blocs of the simulated year by their own acts: what they met, gave each other, won, proposed and handed over."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, select

from casework.access import DUTY
from casework.bloc.hand_over import LEAD
from casework.bloc.hold_meeting import MEETING, MILESTONE_OF
from casework.bloc.propose import PROPOSAL
from casework.bloc.settle import SETTLED
from casework.bloc.sign_covenant import SIGNATURE
from casework.bloc.year import SHEET
from casework.debts import FULFILMENT
from casework.history import ENTRY
from casework.load import DOSSIER, NOMINATION
from casework.reads import SCORE
from kit.database import Database
from kit.settings import Settings
from models.unit import Unit
from rehearsal.bloc_scores import BlocScores, bloc_scores
from rehearsal.edition import edition
from rehearsal.names import AS_IT_WAS
from rehearsal.roster import Roster
from rehearsal.year import YearReport

Played = tuple[Settings, YearReport]
UNIT = Unit.__table__
TRIED = {
    "score_item_beyond_most",
    "score_item_below_nothing",
    "score_items_left_out",
    "score_item_unknown",
    "card_frozen",
    "bloc_settles_scores",
    "sheet_still_open",
    "no_scoring_meeting",
    "scoring_assigned_already",
    "scoring_not_settled",
}


@pytest.fixture
def home(edition_played: Played) -> Iterator[tuple[Connection, YearReport]]:
    settings, report = edition_played
    database = Database(settings.url)
    with database.read() as connection:
        yield connection, report
    database.close()


def codes(connection: Connection) -> dict[int, str]:
    return dict(connection.execute(select(UNIT.c.id, UNIT.c.code)).all())


def of_the_year(connection: Connection, report: YearReport, table: object) -> list[dict[str, object]]:
    year = edition(report.year).school_year
    query = select(table).where(table.c.school_year == year).order_by(table.c.id)  # type: ignore[attr-defined]
    return [dict(row) for row in connection.execute(query).mappings()]


def planned(seed: int, name: str) -> dict[str, BlocScores]:
    """What the plan of a seed works out for each bloc."""
    known = Roster(edition(name).world)
    blocs = dict.fromkeys(known.bloc(school) for school in known.schools)
    return {
        bloc: bloc_scores(
            bloc,
            known.members(bloc),
            frozenset(known.invented),
            seed,
            "th-mau-3" if "th-mau-3" in known.members(bloc) else None,
        )
        for bloc in blocs
    }


def test_a_meeting_with_its_minutes_meets_each_milestone_of_a_bloc(
    home: tuple[Connection, YearReport],
) -> None:
    connection, report = home
    held = of_the_year(connection, report, MEETING)
    met = {
        (row.unit_id, row.milestone): (row.done_on, row.paper_sha256)
        for row in connection.execute(
            select(FULFILMENT).where(FULFILMENT.c.calendar == edition(report.year).days.calendar.name)
        )
    }
    assert len(held) == 4 * 3 - 1
    for meeting in held:
        done_on, minutes = met[meeting["bloc_id"], MILESTONE_OF[str(meeting["kind"])]]
        assert (done_on, minutes) == (meeting["held_on"], meeting["paper_sha256"])
        assert minutes is not None


def test_the_ranking_is_the_one_that_the_plan_worked_out(home: tuple[Connection, YearReport]) -> None:
    connection, report = home
    known = codes(connection)
    settled = {
        known[row["school_id"]]: (f"{row['score']:.2f}", row["rank"])  # type: ignore[index]
        for row in of_the_year(connection, report, SCORE)
    }
    expected = {}
    for made in planned(report.seed, report.year).values():
        expected |= made.scores
    assert settled == expected


@pytest.mark.parametrize("seed", range(1, 25))
def test_invented_schools_win_nothing_by_rank_from_real_ones(seed: int) -> None:
    for made in planned(seed, AS_IT_WAS).values():
        real = [rank for school, (_, rank) in made.scores.items() if not school.startswith("th-mau-")]
        invented = [rank for school, (_, rank) in made.scores.items() if school.startswith("th-mau-")]
        assert max(real, default=0) < min(invented, default=99)


def test_every_school_signs_scores_itself_and_is_scored_by_others(
    home: tuple[Connection, YearReport],
) -> None:
    connection, report = home
    schools = {row["school_id"] for row in of_the_year(connection, report, SIGNATURE)}
    assert len(schools) == 28
    sheets = of_the_year(connection, report, SHEET)
    assert {row["standing"] for row in sheets} == {"filed", "declined"}
    for school in schools:
        by = [row["scorer_id"] for row in sheets if row["scored_id"] == school and row["standing"] == "filed"]
        assert by.count(school) == 1 and len(by) in (3, 4)
    assert [row["version"] for row in sheets if row["version"] not in (0, 1)] == [2]
    [declined] = [row for row in sheets if row["standing"] == "declined"]
    known = codes(connection)
    assert known[declined["scorer_id"]] == "th-mau-3"  # type: ignore[index]
    assert sum(row["scored_id"] == declined["scored_id"] for row in sheets) == 5


def test_one_item_of_each_bloc_is_settled_by_the_meeting(home: tuple[Connection, YearReport]) -> None:
    connection, report = home
    said = [row for row in of_the_year(connection, report, SETTLED) if row["by_meeting"]]
    assert len(said) == len({row["bloc_id"] for row in said}) == 3
    assert all(row["note_id"] for row in said)


def test_a_prize_whose_dossier_the_bloc_opened_goes_the_whole_way(
    home: tuple[Connection, YearReport],
) -> None:
    connection, report = home
    rows = connection.execute(
        select(
            PROPOSAL.c.opened,
            PROPOSAL.c.title,
            NOMINATION.c.decided_title,
            DOSSIER.c.id,
            DOSSIER.c.state_kind,
        )
        .join_from(PROPOSAL, NOMINATION, NOMINATION.c.id == PROPOSAL.c.nomination_id)
        .join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id)
    ).all()
    assert [row.title for row in rows].count("COTINH") == 2
    assert all((row.state_kind, row.decided_title) == ("decided", row.title) for row in rows)
    opened = [row.id for row in rows if row.opened]
    assert opened and len(opened) < len(rows)
    passed = connection.execute(
        select(ENTRY.c.subject).where(
            ENTRY.c.event == "pass_on", ENTRY.c.subject.in_([f"dossier:{number}" for number in opened])
        )
    ).all()
    # Opened in June, decided in autumn: where the districts end it is passed on.
    assert bool(passed) == (report.year == AS_IT_WAS)


def test_the_deputys_school_is_the_next_head_and_one_leads_on_every_day(
    home: tuple[Connection, YearReport],
) -> None:
    connection, report = home
    since = f"{edition(report.year).school_year[5:]}-09-01"
    leads = connection.execute(select(LEAD)).all()
    assert len(leads) == 3 and {row.since.isoformat() for row in leads} == {since}
    for lead in leads:
        heads = connection.execute(
            select(DUTY)
            .where(DUTY.c.unit_id == lead.bloc_id, DUTY.c.duty == "bloc_head")
            .order_by(DUTY.c.since)
        ).all()
        assert [row.until is None for row in heads] == [False, True]
        assert (heads[1].since - heads[0].until).days == 1


def test_what_schools_and_heads_may_not_do_is_refused(home: tuple[Connection, YearReport]) -> None:
    _, report = home
    assert set(report.refusals) >= TRIED
