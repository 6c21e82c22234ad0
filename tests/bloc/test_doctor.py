"""The doctor sees what was changed in a bloc's year behind the acts, and says nothing of what the acts wrote."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import update

from casework.audit.verify import verify
from casework.bloc.propose import propose
from casework.correct_score import correct_score
from casework.doctor.blocs import INVARIANTS
from casework.doctor.view import View
from casework.inputs import ScoreInput
from casework.reads import SCORE
from tests.bloc.planted import PLANTED
from tests.bloc.stage import COLLEGE, Bloc, all_of, make_bloc
from tests.build import Office, noon

SCHOOLS = ("th-mot", "th-hai", "th-ba", "th-bon")


def broken(bloc: Bloc) -> frozenset[str]:
    """The invariants of blocs that do not hold."""
    with bloc.database.read() as connection:
        view = View(connection, noon("2025-06-10"))
        return frozenset(one.code for one in INVARIANTS if one.examine(view) is not None)


def test_each_planted_fault_is_named_and_nothing_else(office: Office):
    bloc = make_bloc(office, SCHOOLS)
    bloc.approve()
    bloc.draw()
    for number, (scorer, scored) in enumerate(bloc.pairs()):
        bloc.score(scorer, scored, all_of(COLLEGE, f"0.{50 + number}"))
    bloc.meet()
    bloc.settle()
    propose(bloc.database, bloc.code, bloc.year, bloc.call(bloc.head, "2025-06-05"))
    assert broken(bloc) == frozenset()
    with bloc.database.read() as connection:
        assert verify(connection).sound
    for fault in PLANTED:
        row = bloc.rows(fault.table)[0]
        here = update(fault.table).where(fault.table.c.id == row["id"])
        with bloc.database.write() as connection:
            connection.execute(here.values(**fault.values))
        assert broken(bloc) == fault.breaks
        with bloc.database.write() as connection:
            connection.execute(here.values(**{name: row[name] for name in fault.values}))
    assert broken(bloc) == frozenset()
    assert {code for fault in PLANTED for code in fault.breaks} == {one.code for one in INVARIANTS}


def test_a_corrected_score_is_no_fault(office: Office):
    from casework.bloc.approve_card import approve_card
    from casework.publish import publish
    from tests.bloc.stage import CARDS
    from tests.bloc.test_refusals import settled_small

    code = office.dossier_at("at_bloc")
    card = (CARDS / "cao-dang-2021.yaml").read_bytes()
    publish(office.database, "scorecard", card, office.call(None, "2024-08-01"))
    approve_card(
        office.database, "khoi", "2024-2025", "cao-dang-2021", office.call("bloc-head", "2024-10-10")
    )
    settled_small(office)
    office.step(code, "record_score", "bloc-head", "2025-05-28")
    call = office.call("bloc-head", "2025-05-29")
    correct_score(office.database, code, ScoreInput(Decimal("80.5"), 2), "Cộng nhầm ở tiêu chí 1.1.", call)
    bloc = Bloc(office, "khoi", "cao-dang-2021", ["th-mau-1", "th-mau-2"])
    found = {row["school_id"]: (row["score"], row["exact"]) for row in bloc.rows(SCORE)}
    assert found[office.units["th-mau-1"]] == (Decimal("80.50"), None)
    assert found[office.units["th-mau-2"]] == (Decimal("90.00"), "90")
    assert broken(bloc) == frozenset()
