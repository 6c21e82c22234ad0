"""What pages and the terminal show of a bloc's year, in a fixed number of statements."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import event

from casework.bloc.propose import propose
from casework.bloc.settle import MeetingWord
from casework.bloc.sign_covenant import Signing, sign_covenant
from casework.sight import sight_of
from casework.views.bloc_year import (
    ledger,
    matrix,
    proposals,
    ranking,
    sheets_owed,
    show_sheet,
    show_year,
    year_of,
)
from rules.reasons import Refused
from tests.bloc.stage import COLLEGE, Bloc, all_of, make_bloc
from tests.build import Office, noon

SCHOOLS = ("th-mot", "th-hai", "th-ba", "th-bon", "th-nam")
NOW = noon("2025-05-26")


@pytest.fixture
def bloc(office: Office) -> Bloc:
    return make_bloc(office, SCHOOLS)


def view(bloc: Bloc, what, *args, person: str | None = None, sighted: bool = False):
    with bloc.database.read() as connection:
        year = year_of(connection, bloc.code, bloc.year, NOW)
        if not sighted:
            return what(year, *args)
        sight = sight_of(connection, bloc.office.people[person], date(2025, 5, 26)) if person else None
        return what(year, *args[:-1], sight, *args[-1:])


def test_the_year_says_what_was_done_and_what_comes_next(bloc: Bloc):
    assert view(bloc, show_year, "vi")["next"] == "approve_card"
    bloc.approve()
    signing = Signing(bloc.code, bloc.year, "th-hai", date(2024, 10, 28))
    sign_covenant(bloc.database, None, signing, bloc.call("th-hai.principal", "2024-10-28"))
    shown = view(bloc, show_year, "vi")
    assert shown["next"] == "assign_scoring"
    assert shown["card"]["name"] == "cao-dang-2021"
    assert [unit["code"] for unit in shown["head"] + shown["deputy"]] == ["th-mot", "th-nam"]
    signed = {school["code"]: school["signed_on"] for school in shown["schools"]}
    assert signed == dict.fromkeys(SCHOOLS) | {"th-hai": "2024-10-28"}
    assert shown["scoring_until"] == "2025-05-31"
    bloc.draw()
    assert view(bloc, show_year, "vi")["next"] == "score_sheet"
    for scorer, scored in bloc.pairs():
        bloc.score(scorer, scored, all_of(COLLEGE, "0.9"))
    assert view(bloc, show_year, "vi")["next"] == "hold_meeting"
    bloc.meet()
    assert view(bloc, show_year, "vi")["next"] == "settle_scores"
    bloc.settle()
    assert view(bloc, show_year, "vi")["next"] == "propose_prizes"
    shown = view(bloc, show_year, "en")
    assert {(school["sheets"], school["filed"]) for school in shown["schools"]} == {(3, 3)}
    assert [meeting["kind"] for meeting in shown["meetings"]] == ["scoring"]


def test_sheets_matrix_and_ranking_tell_no_more_than_a_person_may_read(bloc: Bloc):
    bloc.approve()
    bloc.draw()
    mine = view(bloc, sheets_owed, "vi", person="th-hai.clerk", sighted=True)
    assert [row["standing"] for row in mine] == ["open"] * 3 and mine[0]["own"]
    others = next(pair for pair in bloc.pairs() if pair[0] == "th-ba" and pair[1] != "th-ba")
    bloc.score(*others, all_of(COLLEGE, "0.9"), notes={"1.1": "Có minh chứng."}, note="Chấm tại trường.")
    with bloc.database.read() as connection:
        year = year_of(connection, bloc.code, bloc.year, NOW)
        sight = sight_of(connection, bloc.office.people["th-hai.clerk"], date(2025, 5, 26))
        with pytest.raises(Refused) as refused:
            show_sheet(year, *others, sight, "vi")
        assert refused.value.reasons[0].code == "sheet_not_found"
        cell = matrix(year, sight)["cells"][others[0]][others[1]]
        assert cell == {"number": cell["number"], "standing": "filed", "total": None, "readable": False}
        assert matrix(year, None)["cells"][others[0]][others[1]]["total"] == "90"
        sheet = show_sheet(year, *others, None, "vi")
    assert sheet["note"] == "Chấm tại trường."
    items = {item["code"]: item for group in sheet["groups"] for item in group["items"]}
    assert (items["1.1"]["points"], items["1.1"]["note"]) == ("36", "Có minh chứng.")


def test_the_ranking_shows_exact_totals_groups_and_the_meetings_words(bloc: Bloc):
    bloc.approve()
    bloc.draw()
    worth = dict(zip(SCHOOLS, ("0.9", "0.85", "0.8", "0.75", "0.7"), strict=True))
    for scorer, scored in bloc.pairs():
        bloc.score(scorer, scored, all_of(COLLEGE, worth[scored]))
    bloc.meet()
    bloc.settle(MeetingWord("th-nam", "1.1", Decimal(40), "Cuộc họp xem lại minh chứng."))
    found = view(bloc, ranking, "vi")
    assert [(row["code"], row["rank"], row["score"]) for row in found["rows"]] == [
        ("th-mot", 1, "90"),
        ("th-hai", 2, "85"),
        ("th-nam", 3, "82"),
        ("th-ba", 4, "80"),
        ("th-bon", 5, "75"),
    ]
    assert [row["settled_rank"] for row in found["rows"]] == [1, 2, 3, 4, 5]
    assert found["rows"][0]["groups"] == {"ND1": "54", "ND2": "18", "ND3": "18"}
    (word,) = found["by_meeting"]
    assert (word["code"], word["item"], word["points"]) == ("th-nam", "1.1", "40")
    assert word["reason"] == "Cuộc họp xem lại minh chứng."
    propose(bloc.database, bloc.code, bloc.year, bloc.call(bloc.head, "2025-06-05"))
    rows = view(bloc, proposals, "vi")
    assert [(row["rank"], row["title"], row["state"]) for row in rows] == [
        (1, "COTINH", "Trường hoàn thiện hồ sơ"),
        (2, "BKT-KHOI", "Trường hoàn thiện hồ sơ"),
        (3, "BKT-KHOI", "Trường hoàn thiện hồ sơ"),
    ]
    assert view(bloc, ledger) == {"total": 0, "rows": []}


def test_a_bigger_bloc_costs_no_more_statements(office: Office):
    counts = []
    for size in (4, 9):
        with office.database.read() as connection:
            known = connection.exec_driver_sql("SELECT code FROM unit WHERE code = 'khoi-thu'").first()
        if known is None:
            bloc = make_bloc(office, [f"th-so-{number}" for number in range(size)])
        else:
            for number in range(4, size):
                bloc.add_school(f"th-so-{number}")
            bloc.year = "2023-2024"
        bloc.approve(day="2024-10-10")
        bloc.draw()
        for scorer, scored in bloc.pairs("open"):
            bloc.score(scorer, scored, all_of(COLLEGE, "0.9"))
        bloc.meet()
        bloc.settle()
        asked = []

        def count(*_args, into=asked):
            into.append(1)

        event.listen(office.database.engine, "before_cursor_execute", count)
        with office.database.read() as connection:
            year = year_of(connection, bloc.code, bloc.year, NOW)
            sight = sight_of(connection, office.people["th-so-1.clerk"], date(2025, 5, 26))
            show_year(year, "vi"), sheets_owed(year, sight, "vi"), matrix(year, sight), ranking(year, "vi")
            proposals(year, "vi"), ledger(year)
        event.remove(office.database.engine, "before_cursor_execute", count)
        counts.append(len(asked))
    assert counts[1] <= counts[0]
