"""What units owe by their word in the simulated year: kept by whatever exists, missed at invented units alone."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, select

from casework.debts import FULFILMENT, OBLIGATION, owed_by_word
from casework.history import ENTRY
from casework.load import INITIATIVE
from casework.outbox import OUTBOX
from kit.database import Database
from kit.settings import Settings
from models.obligation import OwnDates
from models.paper import StoredFile
from models.unit import Unit
from rehearsal.edition import edition
from rehearsal.year import YearReport

Played = tuple[Settings, YearReport]
UNIT, OWN_DATES = Unit.__table__, OwnDates.__table__


@pytest.fixture
def home(edition_played: Played) -> Iterator[tuple[Connection, YearReport]]:
    settings, report = edition_played
    database = Database(settings.url)
    with database.read() as connection:
        yield connection, report
    database.close()


def units(connection: Connection) -> dict[int, tuple[str, bool]]:
    rows = connection.execute(select(UNIT.c.id, UNIT.c.code, UNIT.c.invented))
    return {row.id: (row.code, row.invented) for row in rows}


def test_every_milestone_that_can_be_met_by_a_word_is_met_by_somebody(
    home: tuple[Connection, YearReport],
) -> None:
    connection, report = home
    calendar = edition(report.year).days.calendar
    met = select(FULFILMENT.c.milestone).where(
        FULFILMENT.c.calendar == calendar.name, FULFILMENT.c.undone_at.is_(None)
    )
    assert set(connection.execute(met).scalars()) == set(owed_by_word(calendar))


def test_only_invented_units_are_told_that_they_are_late(home: tuple[Connection, YearReport]) -> None:
    connection, _ = home
    known = units(connection)
    late = connection.execute(
        select(OUTBOX.c.kind, OUTBOX.c.facts).where(OUTBOX.c.kind.in_(("overdue", "escalation", "lapsed")))
    ).all()
    told = {(row.kind, known[int(row.facts["unit"])]) for row in late if "unit" in row.facts}
    assert {kind for kind, _ in told} >= {"overdue", "escalation"}
    assert [code for _, (code, invented) in told if not invented] == []


def test_only_invented_units_never_keep_their_word(home: tuple[Connection, YearReport]) -> None:
    connection, report = home
    days = edition(report.year).days
    kept = {
        (row.unit_id, row.milestone)
        for row in connection.execute(
            select(FULFILMENT).where(
                FULFILMENT.c.calendar == days.calendar.name, FULFILMENT.c.undone_at.is_(None)
            )
        )
    }
    owed = connection.execute(select(OBLIGATION).where(OBLIGATION.c.calendar == days.calendar.name)).all()
    known = units(connection)
    listing = set(connection.execute(select(INITIATIVE.c.unit_id)).scalars())
    missed = {
        (known[row.unit_id], row.milestone)
        for row in owed
        # With dossiers, these meet it.
        if (row.unit_id, row.milestone) not in kept
        and row.milestone != "dossier-completion"
        and not (row.milestone == "initiative-list" and row.unit_id in listing)
    }
    assert missed == {(("khoi-mau", True), "covenant-review"), (("th-mau-7", True), "initiative-list")}


def test_one_word_is_given_by_mistake_taken_back_and_given_again(home: tuple[Connection, YearReport]) -> None:
    connection, report = home
    (back,) = connection.execute(select(FULFILMENT).where(FULFILMENT.c.undone_at.is_not(None))).all()
    again = connection.execute(
        select(FULFILMENT.c.done_on).where(
            FULFILMENT.c.unit_id == back.unit_id,
            FULFILMENT.c.calendar == back.calendar,
            FULFILMENT.c.milestone == back.milestone,
            FULFILMENT.c.undone_at.is_(None),
        )
    ).scalar_one()
    assert back.done_on < again == edition(report.year).days.last_day(back.milestone)


def test_a_word_comes_with_the_paper_that_shows_it(home: tuple[Connection, YearReport]) -> None:
    connection, _ = home
    stored = set(connection.execute(select(StoredFile.__table__.c.sha256)).scalars())
    # What a movement asks is met by a plan, which is its own paper where it has one.
    by_word = FULFILMENT.c.calendar.not_like("movement-%")
    shown = connection.execute(select(FULFILMENT.c.milestone, FULFILMENT.c.paper_sha256).where(by_word)).all()
    assert {row.paper_sha256 for row in shown if row.paper_sha256} <= stored
    # A school without anything to propose has no paper about it, and says so in a note.
    assert {row.milestone for row in shown if not row.paper_sha256} == {"dossier-completion"}


def test_each_bloc_sets_its_own_day_for_the_scores_and_keeps_it(home: tuple[Connection, YearReport]) -> None:
    connection, report = home
    calendar = edition(report.year).days.calendar
    known = units(connection)
    wanted = {
        row.unit_id: row.last_day
        for row in connection.execute(
            select(OWN_DATES).where(OWN_DATES.c.calendar == calendar.name).order_by(OWN_DATES.c.id)
        )
    }
    assert len(wanted) == 3
    done = connection.execute(
        select(FULFILMENT).where(
            FULFILMENT.c.calendar == calendar.name, FULFILMENT.c.milestone == "bloc-scoring"
        )
    ).all()
    late = {known[row.unit_id][0] for row in done if row.done_on > wanted[row.unit_id]}
    assert late == {"khoi-mau"}


def test_extensions_are_granted_by_offices_for_invented_units_alone(
    home: tuple[Connection, YearReport],
) -> None:
    connection, _ = home
    rows = connection.execute(
        select(ENTRY.c.subject, ENTRY.c.payload).where(ENTRY.c.event == "extend_window")
    )
    known = units(connection)
    granted = [(known[int(row.subject.removeprefix("unit:"))], json.loads(row.payload)) for row in rows]
    assert len(granted) >= 4
    assert all(invented for (_, invented), _ in granted)
