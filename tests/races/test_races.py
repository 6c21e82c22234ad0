"""Two people at once: exactly one wins, the others are told who was faster, and nothing is lost."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from casework.bulk import take_steps
from casework.call import Call
from casework.give_opinion import give_opinion
from casework.inputs import DecisionInput, Inputs, OpinionInput, ScoreInput
from casework.nominate import NomineeInput, nominate
from casework.open_dossier import Opening, open_dossier
from casework.publish import publish
from casework.take_step import take_step
from tests.build import ROOT, Office, decision, noon
from tests.casework.telling import broken_links, clones, rows
from tests.races.racers import Job, Racers, Told, shuffled, tally

# All that the slower of two may be told: who was faster, or, having looked again, that the step is not there any more.
SLOWER = {("someone_was_faster",), ("step_not_here",)}
WHY = Inputs(reason="Một lý do")


def url_of(office: Office) -> str:
    return office.database.engine.url.render_as_string(hide_password=False)


def step(
    office: Office, code: str, event: str, person: str, inputs: Inputs, key: str, day: str = "2025-06-20"
) -> Job:
    call = Call(office.people[person], noon(day), key, "race")
    return Job(take_step, (code, event, call, inputs), code)


def of_dossier(answers: Sequence[Sequence[Told]]) -> dict[str, list[Told]]:
    """What was told of each dossier, whoever was told."""
    found: dict[str, list[Told]] = {}
    for mine in answers:
        for told in mine:
            found.setdefault(told.about, []).append(told)
    return found


def no_errors(answers: Sequence[Sequence[Told]]) -> None:
    assert [told.error for mine in answers for told in mine if told.error] == []


def one_winner_each(answers: Sequence[Sequence[Told]]) -> None:
    no_errors(answers)
    for about, all_told in of_dossier(answers).items():
        assert sum(told.won for told in all_told) == 1, (about, all_told)
        assert {told.reasons for told in all_told if not told.won} <= SLOWER, (about, all_told)


def same_step(
    office: Office,
    racers: Racers,
    dossiers: Sequence[str],
    rounds: int,
    seed: int = 0,
    synchronous: str = "NORMAL",
) -> Counter[str]:
    """Everybody puts the same dossiers on hold, and everybody releases them: one after the other, many times."""
    before = {code: office.row(code)["version"] for code in dossiers}
    people = ("appraiser", "appraiser-2")
    counted: Counter[str] = Counter()
    for number in range(rounds):
        event = ("hold", "release")[number % 2]
        order = shuffled(dossiers, (seed, number))
        jobs = [
            [step(office, code, event, people[n % 2], WHY, f"{seed}/{number}/{n}/{code}") for code in order]
            for n in range(racers.number)
        ]
        answers = racers.race(url_of(office), jobs, synchronous=synchronous)
        one_winner_each(answers)
        counted += tally(answers)
    assert {code: office.row(code)["version"] - before[code] for code in dossiers} == dict.fromkeys(
        dossiers, rounds
    )
    assert broken_links(office.database) == []
    return counted


def at_the_education_office(office: Office, number: int) -> list[str]:
    return clones(office, office.dossier_at("at_education_office"), number)


def test_of_many_who_take_the_same_step_exactly_one_wins(office: Office, four: Racers) -> None:
    counted = same_step(office, four, at_the_education_office(office, 10), 2)
    assert counted["won"] == 20
    assert sum(counted.values()) == 4 * 10 * 2


def test_of_two_different_acts_on_one_dossier_each_builds_on_the_other_or_is_refused(
    office: Office, four: Racers
) -> None:
    dossiers = at_the_education_office(office, 10)
    acts = (
        ("appraise", "appraiser", Inputs(support_rest=True)),
        ("return", "appraiser-2", WHY),
        ("withdraw", "clerk", WHY),
        ("hold", "appraiser", WHY),
    )
    before = office.row(dossiers[0])["version"]
    jobs = [[step(office, code, *act, f"{act[0]}/{code}") for code in dossiers] for act in acts]
    answers = four.race(url_of(office), jobs)
    no_errors(answers)
    for code, told in of_dossier(answers).items():
        assert office.row(code)["version"] == before + sum(one.won for one in told) > before
        assert {one.reasons for one in told if not one.won} <= SLOWER
    assert broken_links(office.database) == []


def test_opinions_edits_and_steps_at_once_lose_nothing(office: Office, four: Racers) -> None:
    dossiers = at_the_education_office(office, 6)
    first = {code: office.nominations(code)[0] for code in dossiers}
    for code in dossiers[::2]:
        office.step(code, "return", "appraiser", reason="Thiếu")

    def said(code: str, who: str, n: int) -> Job:
        call = Call(office.people[who], noon("2025-06-20"), f"said/{n}/{code}", "race")
        return Job(give_opinion, (code, [OpinionInput(first[code])], call), code)

    def added(code: str, n: int) -> Job:
        call = Call(office.people["clerk"], noon("2025-06-20"), f"added/{n}/{code}", "race")
        return Job(nominate, (code, [NomineeInput("GK", ("teacher", "teacher-2")[n])], call), code)

    jobs = [
        [said(code, "appraiser", 0) for code in dossiers],
        [said(code, "appraiser-2", 1) for code in dossiers],
        [added(code, 0) for code in dossiers],
        [added(code, 1) for code in dossiers],
    ]
    before = {code: office.row(code)["version"] for code in dossiers}
    answers = four.race(url_of(office), jobs)
    no_errors(answers)
    for code, told in of_dossier(answers).items():
        assert office.row(code)["version"] - before[code] == sum(one.won for one in told) >= 1
    standing = Counter(
        (o["nomination_id"], o["desk"]) for o in rows(office, "opinion") if o["ended_by"] is None
    )
    assert set(standing.values()) <= {1}
    assert broken_links(office.database) == []


def test_a_bulk_act_and_single_acts_share_dossiers_without_harm(office: Office, four: Racers) -> None:
    dossiers = at_the_education_office(office, 10)
    given = Inputs(support_rest=True)

    def together(person: str, order: list[str], key: str) -> Job:
        call = Call(office.people[person], noon("2025-06-20"), key, "race")
        return Job(take_steps, (order, "appraise", call, given), "bulk")

    jobs = [
        [together("appraiser", dossiers, "b0")],
        [together("appraiser-2", dossiers[::-1], "b1")],
        [step(office, code, "appraise", "appraiser", given, f"s2/{code}") for code in dossiers],
        [step(office, code, "appraise", "appraiser-2", given, f"s3/{code}") for code in dossiers[::-1]],
    ]
    answers = four.race(url_of(office), jobs)
    one_winner_each(answers)
    assert {row["state"] for row in rows(office, "dossier") if row["code"] in dossiers} == {"to_file"}
    assert broken_links(office.database) == []


def test_many_openings_at_one_school_all_get_a_number_of_their_own(office: Office, four: Racers) -> None:
    opening = Opening("th-mau-1", "2024-2025", "three-tier-2024", "local")
    people = ("clerk", "principal")
    jobs = [
        [
            Job(
                open_dossier,
                (opening, Call(office.people[people[n % 2]], noon("2024-09-10"), f"o/{n}/{k}", "race")),
            )
            for k in range(6)
        ]
        for n in range(4)
    ]
    answers = four.race(url_of(office), jobs)
    assert tally(answers) == {"won": 24}
    opened = {told.done.dossier for mine in answers for told in mine}
    assert (
        opened
        == {f"th-mau-1.2425.{n}" for n in range(1, 25)}
        == {row["code"] for row in rows(office, "dossier")}
    )
    assert broken_links(office.database) == []


def decide(office: Office, code: str, made: DecisionInput, key: str) -> Job:
    return step(office, code, "decide", "chairman", Inputs(decision=made), key, "2025-07-25")


def test_one_number_brought_by_many_at_once_is_one_decision(office: Office, four: Racers) -> None:
    dossiers = clones(office, office.dossier_at("at_local_decision"), 12)
    jobs = [[decide(office, code, decision(), f"d/{code}") for code in dossiers[n::4]] for n in range(4)]
    answers = four.race(url_of(office), jobs)
    assert tally(answers) == {"won": 12}
    (made,) = rows(office, "decision")
    assert {office.row(code)["decision_id"] for code in dossiers} == {made["id"]}


def test_one_number_with_different_days_at_once_is_the_first_ones(office: Office, four: Racers) -> None:
    dossiers = clones(office, office.dossier_at("at_local_decision"), 12)
    jobs = [
        [decide(office, code, decision(day=f"2025-07-2{n}"), f"d/{code}") for code in dossiers[n::4]]
        for n in range(4)
    ]
    answers = four.race(url_of(office), jobs)
    assert tally(answers) == {"won": 3, "decision_number_taken": 9}
    assert len(rows(office, "decision")) == 1


def test_bulk_and_single_decisions_at_once_do_not_block_each_other(office: Office, four: Racers) -> None:
    dossiers = clones(office, office.dossier_at("at_local_decision"), 12)
    call = Call(office.people["vice-chairman"], noon("2025-07-25"), "bulk", "race")
    together = Job(take_steps, (dossiers, "decide", call, Inputs(decision=decision())), "bulk")
    jobs = [
        [together],
        [decide(office, code, decision(), f"1/{code}") for code in dossiers],
        [decide(office, code, decision(), f"2/{code}") for code in dossiers[::-1]],
        [decide(office, code, decision(), f"3/{code}") for code in shuffled(dossiers, 3)],
    ]
    answers = four.race(url_of(office), jobs)
    one_winner_each(answers)
    assert len(rows(office, "decision")) == 1
    assert len(rows(office, "award")) == 24
    assert broken_links(office.database) == []


def test_the_same_request_from_two_doors_changes_once(office: Office, four: Racers) -> None:
    dossiers = at_the_education_office(office, 10)
    given = Inputs(support_rest=True)
    jobs = [
        [step(office, code, "appraise", "appraiser", given, f"same/{code}") for code in dossiers]
        for _ in range(4)
    ]
    answers = four.race(url_of(office), jobs)
    assert tally(answers) == {"won": 10, "replayed": 30}
    for told in of_dossier(answers).values():
        assert len({(one.done.version, one.done.hash, one.done.state) for one in told}) == 1


def test_the_same_opening_and_the_same_bulk_act_from_two_doors_happen_once(
    office: Office, four: Racers
) -> None:
    opening = Opening("th-mau-1", "2024-2025", "three-tier-2024", "local")
    call = Call(office.people["clerk"], noon("2024-09-10"), "open-once", "race")
    answers = four.race(url_of(office), [[Job(open_dossier, (opening, call))]] * 4)
    assert tally(answers) == {"won": 1, "replayed": 3}
    assert len({told.done.dossier for mine in answers for told in mine}) == 1
    dossiers = at_the_education_office(office, 10)
    many = Call(office.people["appraiser"], noon("2025-06-20"), "bulk-once", "race")
    job = Job(take_steps, (dossiers, "appraise", many, Inputs(support_rest=True)), "bulk")
    assert tally(four.race(url_of(office), [[job]] * 4)) == {"won": 10, "replayed": 30}


def test_the_score_of_one_school_brought_by_many_dossiers_is_recorded_once(
    office: Office, four: Racers
) -> None:
    dossiers = clones(office, office.dossier_at("at_bloc"), 8)
    given = Inputs(score=ScoreInput(Decimal("912.50"), 1))
    jobs = [
        [
            step(office, code, "record_score", "bloc-head", given, code, "2025-05-20")
            for code in dossiers[n::4]
        ]
        for n in range(4)
    ]
    answers = four.race(url_of(office), jobs)
    no_errors(answers)
    assert tally(answers)["won"] >= 1
    # Who was told that somebody recorded the same thing does it again, and then it is done.
    refused = [told.about for mine in answers for told in mine if told.reasons]
    again = [
        step(office, code, "record_score", "bloc-head", given, f"again/{code}", "2025-05-20")
        for code in refused
    ]
    assert tally(four.race(url_of(office), [again, [], [], []])) == ({"won": len(refused)} if refused else {})
    assert len(rows(office, "bloc_score")) == 1


def test_the_same_regulation_published_at_once_is_kept_once(office: Office, four: Racers) -> None:
    text = (ROOT / "regulations/procedures/sudden-2024.yaml").read_bytes()
    jobs = [
        [
            Job(
                _publish,
                (
                    text + b"# of them\n" * k,
                    Call(office.people["admin"], noon("2025-06-01"), f"p/{n}/{k}", "race"),
                ),
            )
        ]
        for n, k in enumerate((0, 0, 0, 1))
    ]
    answers = four.race(url_of(office), jobs)
    no_errors(answers)
    assert sorted(row["version"] for row in rows(office, "regulation", name="sudden-2024")) == [1, 2]
    assert broken_links(office.database) == []


def _publish(database: Any, text: bytes, call: Call) -> Any:
    return take_as_receipt(publish(database, "procedure", text, call))


def take_as_receipt(published: Any) -> Any:
    """A receipt in its stead: it knows whether it was there before."""
    from casework.act import Done

    return Done("regulation", "publish", {"sha256": published.sha256}, 0, replayed=not published.new)


@pytest.mark.hard
def test_eight_processes_on_fifty_dossiers_for_twenty_rounds(office: Office, eight: Racers) -> None:
    part = os.environ.get("THIDUA_HARD_PART") == "ci"
    seed = int(os.environ.get("THIDUA_HARD_SEED", "2025"))
    number, rounds = (20, 6) if part else (50, 20)
    dossiers = at_the_education_office(office, number)
    counted = same_step(office, eight, dossiers, rounds, seed, synchronous="FULL")
    engine = office.database.engine.dialect.name
    print(f"\n{engine}: 8 processes × {number} dossiers × {rounds} rounds, seed {seed}: {dict(counted)}")
    assert counted["won"] == number * rounds
    assert sum(counted.values()) == 8 * number * rounds
