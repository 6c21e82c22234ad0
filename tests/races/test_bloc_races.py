"""A bloc that settles while its schools still file: what was filed counts, or is refused, and never half."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from casework.bloc.score_sheet import LINE, Scoring, score_sheet
from casework.bloc.settle import SETTLED, settle
from casework.bloc.year import SHEET
from casework.doctor.blocs import INVARIANTS
from casework.doctor.view import View
from casework.reads import SCORE
from rules.ranking import mean
from tests.bloc.stage import COLLEGE, Bloc, all_of, make_bloc
from tests.build import Office, noon
from tests.casework.telling import broken_links
from tests.races.racers import Job, Racers

SCHOOLS = ("th-mot", "th-hai", "th-ba", "th-bon", "th-nam")


def url_of(office: Office) -> str:
    return office.database.engine.url.render_as_string(hide_password=False)


def ready(office: Office) -> Bloc:
    bloc = make_bloc(office, SCHOOLS)
    bloc.approve()
    bloc.draw()
    for scorer, scored in bloc.pairs():
        bloc.score(scorer, scored, all_of(COLLEGE, "0.5"))
    bloc.meet()
    return bloc


def filing(bloc: Bloc, scorer: str, scored: str, number: int) -> Job:
    """A sheet filed anew, other points each time."""
    points = {item: Decimal(text) for item, text in all_of(COLLEGE, f"0.{60 + number}").items()}
    scoring = Scoring(bloc.code, bloc.year, scorer, scored, points)
    call = bloc.call(f"{scorer}.clerk", "2025-05-25", f"race/{scorer}/{scored}/{number}")
    return Job(score_sheet, (None, scoring, call), f"{scorer}/{scored}")


def test_what_is_filed_while_the_bloc_settles_counts_or_is_refused(office: Office, four: Racers) -> None:
    bloc = ready(office)
    cross = [pair for pair in bloc.pairs() if pair[0] != pair[1]]
    settling = Job(
        settle, (bloc.code, bloc.year, (), bloc.call(bloc.head, "2025-05-25", "race/settle")), "settle"
    )
    first, second = cross[: len(cross) // 2], cross[len(cross) // 2 :]
    jobs = [
        [filing(bloc, *pair, number) for number, pair in enumerate(first)],
        [filing(bloc, *pair, number) for number, pair in enumerate(second)],
        [filing(bloc, *second[0], 30), settling],
        [filing(bloc, *first[0], 31)],
    ]
    answers = [told for mine in four.race(url_of(office), jobs) for told in mine]
    assert [told.error for told in answers if told.error] == []
    assert {told.reasons for told in answers if not told.won} <= {("scoring_settled",)}
    assert [told.won for told in answers if told.about == "settle"] == [True]
    # What was settled is what the tables hold, to the last part.
    lines: dict[int, dict[str, Fraction]] = {}
    for row in bloc.rows(LINE):
        lines.setdefault(row["sheet_id"], {})[row["item"]] = Fraction(row["points"])
    sheets = [row for row in bloc.rows(SHEET) if row["scorer_id"] != row["scored_id"]]
    for row in bloc.rows(SETTLED):
        given = [lines[s["id"]][row["item"]] for s in sheets if s["scored_id"] == row["school_id"]]
        assert Fraction(row["exact"]) == mean(given)
    assert len(bloc.rows(SCORE)) == len(SCHOOLS)
    assert broken_links(office.database) == []
    with bloc.database.read() as connection:
        view = View(connection, noon("2025-05-26"))
        assert [one.code for one in INVARIANTS if one.examine(view) is not None] == []


def test_of_several_who_settle_at_once_one_does(office: Office, four: Racers) -> None:
    bloc = ready(office)
    jobs = [
        [Job(settle, (bloc.code, bloc.year, (), bloc.call(bloc.head, "2025-05-25", f"race/{n}")), "settle")]
        for n in range(four.number)
    ]
    answers = [told for mine in four.race(url_of(office), jobs) for told in mine]
    assert [told.error for told in answers if told.error] == []
    assert sum(told.won for told in answers) == 1
    assert {told.reasons for told in answers if not told.won} == {("scoring_settled",)}
    assert sorted(row["rank"] for row in bloc.rows(SCORE)) == [1] * len(SCHOOLS)
