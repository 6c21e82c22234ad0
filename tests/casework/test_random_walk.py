"""Random acts by random people, many of them wrong, against a plain second opinion (`expected.py`)."""

from __future__ import annotations

import itertools
import shutil
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from casework.bulk import take_steps
from casework.call import Call
from casework.duties import delegate
from casework.give_opinion import give_opinion
from casework.inputs import DecisionInput, Inputs, OpinionInput, RecoveryInput, ScoreInput, SubmissionInput
from casework.nominate import NomineeInput, nominate, strike
from casework.objections import receive_objection, settle_objections
from casework.open_dossier import Opening, open_dossier
from casework.take_step import take_step
from kit.database import Database
from rules.reasons import Refused
from tests.build import PEOPLE, Office, noon, office_in
from tests.casework.expected import (
    CALENDAR,
    JUDGING,
    PROCEDURE,
    STATES,
    TITLES,
    Dossier,
    Expected,
    Given,
    Nomination,
    acting_people,
    listed,
    steps_from,
)
from tests.casework.telling import TABLES, broken_links
from tests.conftest import BOTH_ENGINES
from tests.kept_office import KeptOffice

ORIGIN = {
    "returned": "returned_from",
    "on_hold": "held_from",
    "withdrawn": "withdrawn_from",
    "lapsed": "lapsed_from",
}
EVENTS = sorted({step["event"] for step in PROCEDURE["steps"]})
SIDE = {"return", "withdraw", "hold", "lapse", "decline", "reopen", "revoke"}
PAPERS = ("submission_letter", "achievement_report", "council_minutes", "publicity_notice", "party_opinion")
DAYS = [date(2024, 9, 10), date(2025, 5, 10), date(2025, 6, 15), date(2025, 7, 15), date(2025, 9, 1)]
WHY = "Một lý do"
someone = st.sampled_from(sorted(PEOPLE))
which = st.integers(0, 2)


def good(step_provides: list[str], number: int, day: date) -> dict[str, Any]:
    """What a step asks for."""
    told: dict[str, Any] = {
        "reason": WHY,
        "receipt": "H01",
        "decision": DecisionInput(f"{number}/QĐ", day, "Người ký Mẫu"),
        "submission": SubmissionInput("45/TTr", day),
        "score": ScoreInput(Decimal("912.50"), 1),
        "recovery": RecoveryInput(1_000, "Bằng"),
    }
    return {name: told[name] for name in step_provides}


class Walk(RuleBasedStateMachine):
    """Three dossiers of different levels, and everybody of the small office."""

    make_office: Callable[[], Office]
    counted: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.office = type(self).make_office()
        self.database = self.office.database
        self.expected = Expected()
        self.codes: list[str] = []
        self.keys = itertools.count()
        self.rows: dict[str, list[Any]] | None = None
        self.again: tuple[Callable[..., Any], tuple[Any, ...], Any] | None = None

    def teardown(self) -> None:
        self.database.close()

    # --- Acting and comparing

    def call(self, person: str | None, day: date, key: str | None = None) -> Call:
        actor = self.office.people[person] if person else None
        return Call(actor, noon(day.isoformat()), key or f"walk-{next(self.keys)}", "walk")

    def act(self, codes: set[str], act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Do it: it is refused for exactly those reasons and leaves no trace, or done when there are none."""
        before = self.rows or self.everything()
        self.rows = None
        try:
            done = act(self.database, *args, **kwargs)
        except Refused as refusal:
            assert {reason.code for reason in refusal.reasons} == codes, (act.__name__, args)
            self.rows = self.everything()
            assert self.rows == before
            self.counted["refused"] += 1
            return None
        assert codes == set(), (act.__name__, args, codes)
        self.again = (act, args, done)
        self.counted["done"] += 1
        return done

    def everything(self) -> dict[str, list[Any]]:
        """Every row of every table that an act can write."""
        with self.database.read() as connection:
            return {
                name: sorted(map(repr, connection.execute(select(table))))
                for name, table in TABLES.items()
                if name
                not in ("regulation", "unit", "placement", "person", "employment", "stored_file", "paper")
            }

    def step_of(self, code: str, event: str) -> dict[str, Any] | None:
        dossier = self.expected.dossiers[code]
        return next((s for s in steps_from(dossier.state, dossier.level) if s["event"] == event), None)

    def take(self, code: str, event: str, person: str | None, day: date, given: Given) -> None:
        step = self.step_of(code, event)
        provided = (
            good(listed(step.get("provides")) if step else [], next(self.keys), day) if given.complete else {}
        )
        why = WHY if given.reasoned else None
        said = () if given.against is None else (OpinionInput(given.against, "not_supported", reason=why),)
        inputs = Inputs(**provided, opinions=said, support_rest=given.support_rest)
        codes = self.expected.step(code, event, person, day, given)
        done = self.act(codes, take_step, code, event, self.call(person, day), inputs)
        if done:
            dossier = self.expected.dossiers[code]
            assert (done.state, done.version) == (dossier.state, dossier.version)

    def put_forward(self, code: str, person: str, nominee: str, title: str, day: date) -> None:
        codes = self.expected.nominate(code, person, nominee, title)
        if self.act(codes, nominate, code, [NomineeInput(title, nominee)], self.call(person, day)):
            number = self.office.nominations(code)[-1]
            self.expected.dossiers[code].nominations[number] = Nomination(nominee, title)

    def onward(self, code: str) -> bool:
        """Take the main way from here, as somebody who may, on a day that suits."""
        dossier = self.expected.dossiers[code]
        for step in steps_from(dossier.state, dossier.level):
            if step["event"] in SIDE:
                continue
            desk = STATES[dossier.state]["desk"] if step["desk"] == "here" else step["desk"]
            window = CALENDAR.get(step.get("milestone", ""), {})
            day = window.get("last_day", date(2025, 9, 1))
            person = next(p for p in acting_people(desk) if not self.expected.concerned(p, desk))
            self.take(
                code, step["event"], person, day, Given(support_rest=step["event"] in JUDGING - {"endorse"})
            )
            return True
        return False

    # --- Rules

    @initialize(data=st.data())
    def open_three(self, data: st.DataObject) -> None:
        for level in ("local", data.draw(st.sampled_from(["province", "ministry"])), "state"):
            day = date(2024, 9, 10)
            opening = Opening("th-mau-1", "2024-2025", "three-tier-2024", level)
            code = open_dossier(self.database, opening, self.call("clerk", day)).dossier
            missing = data.draw(st.sampled_from([None, None, None, "council_minutes", "party_opinion"]))
            papers = [paper for paper in PAPERS if paper != missing]
            self.office.papers(code, *papers)
            self.codes.append(code)
            self.expected.dossiers[code] = Dossier(level, papers=set(papers))
            for nominee in ("teacher", "teacher-2"):
                self.put_forward(code, "clerk", nominee, TITLES[level], day)
            for _ in range(data.draw(st.integers(0, 14))):
                self.onward(code)

    @rule(n=which)
    def go_on(self, n: int) -> None:
        self.onward(self.codes[n])

    @rule(n=which, data=st.data())
    def take_a_step_from_here(self, n: int, data: st.DataObject) -> None:
        """A step that leaves this state, mostly by somebody who may."""
        code = self.codes[n]
        dossier = self.expected.dossiers[code]
        steps = steps_from(dossier.state, dossier.level)
        if not steps:
            return  # Revoked: nothing leaves it.
        step = data.draw(st.sampled_from(steps))
        desk = STATES[dossier.state]["desk"] if step["desk"] == "here" else step["desk"]
        right = [None] if desk == "calendar" else acting_people(desk)
        person = data.draw(st.one_of(st.sampled_from(right), st.sampled_from(right), someone, st.none()))
        given = self.some_input(code, step["event"], data)
        self.take(code, step["event"], person, data.draw(st.sampled_from(DAYS)), given)

    def some_input(self, code: str, event: str, data: st.DataObject) -> Given:
        numbers = sorted(self.expected.dossiers[code].nominations)
        return Given(
            complete=data.draw(st.sampled_from([True, True, True, False])),
            against=data.draw(st.one_of(st.none(), st.none(), st.sampled_from(numbers))),
            reasoned=data.draw(st.sampled_from([True, True, False])),
            # Where no opinions are given, support for the rest is a slip, and rare.
            support_rest=data.draw(
                st.sampled_from([True, False] if event in JUDGING else [False] * 7 + [True])
            ),
        )

    @rule(
        n=which,
        event=st.sampled_from(EVENTS),
        person=st.one_of(someone, st.none()),
        day=st.sampled_from(DAYS),
    )
    def take_any_step(self, n: int, event: str, person: str | None, day: date) -> None:
        self.take(self.codes[n], event, person, day, Given(support_rest=event in JUDGING))

    @rule(n=which, data=st.data())
    def say_no_to_one(self, n: int, data: st.DataObject) -> None:
        code = self.codes[n]
        dossier = self.expected.dossiers[code]
        right = acting_people(STATES[dossier.state]["desk"])
        person = data.draw(st.one_of(st.sampled_from(right), someone))
        number = data.draw(st.sampled_from(sorted(dossier.nominations)))
        self.say_no(code, person, number, reasoned=data.draw(st.sampled_from([True, True, False])))

    def say_no(self, code: str, person: str, number: int, *, reasoned: bool = True) -> None:
        given = Given(against=number, reasoned=reasoned)
        said = OpinionInput(number, "not_supported", reason=WHY if given.reasoned else None)
        codes = self.expected.opine(code, person, given)
        self.act(codes, give_opinion, code, [said], self.call(person, date(2025, 6, 15)))

    @rule(n=which, person=st.sampled_from(["teacher", "clerk", "principal", "admin"]), data=st.data())
    def a_colleague_judges_and_somebody_else_passes_it_on(
        self, n: int, person: str, data: st.DataObject
    ) -> None:
        """Often somebody of the school, to whom the duty was lent: they pass on what others judged, or do not."""
        code = self.codes[n]
        dossier = self.expected.dossiers[code]
        here = STATES[dossier.state]["desk"]
        onward = [
            s for s in steps_from(dossier.state, dossier.level) if s["event"] in JUDGING and s["desk"] == here
        ]
        right = acting_people(here)
        if not onward or person in right:
            return
        self.lend(right[-1], person)
        left_out = data.draw(st.one_of(st.none(), st.none(), st.none(), st.sampled_from(dossier.open or [0])))
        judge = data.draw(st.sampled_from([right[0], right[0], right[0], person]))
        for number in dossier.open:
            if number != left_out:
                self.say_no(code, judge, number)
        day = CALENDAR.get(onward[0].get("milestone", ""), {}).get("last_day", date(2025, 9, 1))
        event = data.draw(st.sampled_from([onward[0]["event"]] * 3 + ["return", "hold"]))
        self.take(code, event, person, day, Given())

    @rule(n=which, data=st.data())
    def send_it_back(self, n: int, data: st.DataObject) -> None:
        """The desk returns the dossier; the school changes it, or tries to, and hands it in again."""
        code = self.codes[n]
        dossier = self.expected.dossiers[code]
        day = date(2025, 6, 15)
        if not any(s["event"] == "return" for s in steps_from(dossier.state, dossier.level)):
            return
        desk = STATES[dossier.state]["desk"]
        person = next(p for p in acting_people(desk) if not self.expected.concerned(p, desk))
        if dossier.open and data.draw(st.booleans()):
            self.say_no(code, person, data.draw(st.sampled_from(dossier.open)))
        self.take(code, "return", person, day, Given())
        if dossier.open and data.draw(st.booleans()):
            number = data.draw(st.sampled_from(dossier.open))
            codes = self.expected.strike(code, "clerk", number)
            self.act(codes, strike, code, [number], self.call("clerk", day))
        if data.draw(st.booleans()):
            self.put_forward(code, "clerk", "principal", TITLES[dossier.level], day)
        if data.draw(st.booleans()):
            self.take(code, "resubmit", "clerk", day, Given())

    @rule(
        n=which,
        person=st.sampled_from(["clerk", "clerk", "principal", "clerk-2", "appraiser"]),
        nominee=st.sampled_from(["teacher", "teacher-2", "principal", "clerk-2"]),
        other=st.booleans(),
    )
    def put_somebody_forward(self, n: int, person: str, nominee: str, other: bool) -> None:
        level = self.expected.dossiers[self.codes[n]].level
        title = TITLES["local" if other and level != "local" else level]
        self.put_forward(self.codes[n], person, nominee, title, date(2025, 6, 15))

    @rule(n=which, person=st.sampled_from(["clerk", "principal", "teacher"]), data=st.data())
    def take_somebody_back(self, n: int, person: str, data: st.DataObject) -> None:
        code = self.codes[n]
        number = data.draw(st.sampled_from(sorted(self.expected.dossiers[code].nominations)))
        codes = self.expected.strike(code, person, number)
        self.act(codes, strike, code, [number], self.call(person, date(2025, 6, 15)))

    @rule(n=which, data=st.data(), settles=st.booleans())
    def object_or_settle(self, n: int, data: st.DataObject, settles: bool) -> None:
        code = self.codes[n]
        right = acting_people(STATES[self.expected.dossiers[code].state]["desk"])
        person = data.draw(st.one_of(st.sampled_from(right), st.sampled_from(right), someone))
        codes = self.expected.settle(code, person) if settles else self.expected.object(code, person)
        act = settle_objections if settles else receive_objection
        self.act(codes, act, code, WHY, self.call(person, date(2025, 6, 15)))

    @rule(lender=st.sampled_from([p for p, (_, _, duty) in PEOPLE.items() if duty]), borrower=someone)
    def lend_a_duty(self, lender: str, borrower: str) -> None:
        self.lend(lender, borrower)

    def lend(self, lender: str, borrower: str) -> None:
        _, unit, duty = PEOPLE[lender]
        codes = {"not_for_oneself"} if lender == borrower else set()
        if (lender, borrower) in self.expected.lent:
            codes = {"already_delegated"}
        span = (date(2024, 9, 1), date(2025, 12, 31))
        if self.act(codes, delegate, unit, duty, borrower, *span, self.call(lender, date(2024, 9, 10))):
            self.expected.lent.append((lender, borrower))

    @rule()
    def send_the_last_request_again(self) -> None:
        if self.again is None:
            return
        act, args, done = self.again
        before = self.rows or self.everything()
        again = act(self.database, *args)
        assert again.replayed
        assert getattr(again, "hash", None) == getattr(done, "hash", None)
        self.rows = self.everything()
        assert self.rows == before
        self.counted["replayed"] += 1

    @rule(n=which, event=st.sampled_from(EVENTS), person=someone)
    def only_ask(self, n: int, event: str, person: str) -> None:
        day, code = date(2025, 6, 15), self.codes[n]
        codes = deepcopy(self.expected).step(
            code, event, person, day, Given(complete=False, support_rest=True)
        )
        before = self.rows or self.everything()
        try:
            take_step(
                self.database, code, event, self.call(person, day), Inputs(support_rest=True), dry_run=True
            )
            found: set[str] = set()
        except Refused as refusal:
            found = {reason.code for reason in refusal.reasons}
        self.rows = self.everything()
        assert (found, self.rows) == (codes, before)

    @rule(
        event=st.sampled_from(["withdraw", "restore", "resubmit", "hand_in", "appraise", "hold"]),
        data=st.data(),
    )
    def take_one_step_of_all(self, event: str, data: st.DataObject) -> None:
        person = data.draw(st.sampled_from(["clerk", "clerk", "appraiser", "reviewer"]))
        day = data.draw(st.sampled_from(DAYS))
        asked = data.draw(st.permutations(self.codes))
        rest = event in JUDGING
        expected = [self.expected.step(code, event, person, day, Given(support_rest=rest)) for code in asked]
        self.rows = None
        inputs = Inputs(reason=WHY, support_rest=rest)
        told = take_steps(self.database, asked, event, self.call(person, day), inputs)
        assert [outcome.dossier for outcome in told] == list(asked)
        assert [{reason.code for reason in outcome.reasons} for outcome in told] == expected

    # --- What holds after each

    @invariant()
    def everything_stands_as_expected(self) -> None:
        if len(self.codes) < 3:
            return
        by_id = {number: code for code, number in self.office.people.items()}
        with self.database.read() as connection:
            tables = {
                n: TABLES[n]
                for n in ("dossier", "nomination", "opinion", "objection", "award", "history_entry")
            }
            held = {n: connection.execute(select(t)).mappings().all() for n, t in tables.items()}
        for row in held["dossier"]:
            dossier = self.expected.dossiers[row["code"]]
            kind = STATES[dossier.state]["kind"]
            told = (row["state"], row["state_kind"], row["desk"], row["version"])
            assert told == (dossier.state, kind, STATES[dossier.state]["desk"], dossier.version)
            assert {k: row[c] for k, c in ORIGIN.items() if row[c] is not None} == dossier.origins
            acted = {desk: {by_id[p] for p in people} for desk, people in row["acted"].items() if people}
            assert acted == {desk: people for desk, people in dossier.acted.items() if people}
            mine = [n for n in held["nomination"] if n["dossier_id"] == row["id"]]
            self.nominations_stand(mine, dossier)
            said = [o for o in held["opinion"] if o["dossier_id"] == row["id"] and o["ended_by"] is None]
            standing = sorted((o["desk"], o["nomination_id"], o["verdict"]) for o in said)
            assert standing == sorted(
                (d, n, v[0]) for d, of in dossier.opinions.items() for n, v in of.items()
            )
            waiting = [
                o for o in held["objection"] if o["dossier_id"] == row["id"] and o["settled_at"] is None
            ]
            assert len(waiting) == dossier.objections
            numbers = {n["id"] for n in mine}
            awards = {a["nomination_id"]: a["title"] for a in held["award"] if a["standing"] == "held"}
            assert {n: t for n, t in awards.items() if n in numbers} == dossier.held
            entries = [e for e in held["history_entry"] if e["subject"] == f"dossier:{row['id']}"]
            assert len(entries) == row["version"]
        assert broken_links(self.database) == []

    def nominations_stand(self, rows: list[Any], dossier: Dossier) -> None:
        names = ("outcome", "registered", "proposed", "appraised_title", "decided_title")
        told = {row["id"]: tuple(row[name] for name in names) for row in rows}
        assert told == {
            number: (n.outcome, n.registered, n.proposed, n.appraised, n.decided)
            for number, n in dossier.nominations.items()
        }


def walk(
    make_office: Callable[[], Office], examples: int, steps: int, *, derandomize: bool, shrinks: bool
) -> Counter[str]:
    """Run the machine on offices made afresh; how many acts were done, refused and replayed."""
    machine = type("WalkHere", (Walk,), {"make_office": staticmethod(make_office), "counted": Counter()})
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        derandomize=derandomize,
        database=None,
        deadline=None,
        # A smaller walk that fails as well is looked for only where there is no time limit: it takes hundreds of walks.
        phases=[Phase.generate] if derandomize else [Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    if not shrinks:
        chosen = settings(chosen, phases=[Phase.explicit, Phase.generate])
    run_state_machine_as_test(machine, settings=chosen)
    return machine.counted  # type: ignore[attr-defined,no-any-return]


@pytest.fixture(params=BOTH_ENGINES)
def make_office(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Office]:
    """Makes the office as it was on the first day, as often as asked."""
    if request.param == "sqlite":
        file, numbers = request.getfixturevalue("sqlite_files")["office"], itertools.count()

        def copy() -> Office:
            path = tmp_path / f"{next(numbers)}.sqlite3"
            shutil.copy(file, path)
            return office_in(Database(f"sqlite:///{path}", synchronous="OFF"))

        return copy
    kept: KeptOffice = request.getfixturevalue("kept_office")

    def put_back() -> Office:
        kept.put_back()
        return office_in(Database(kept.url))

    return put_back


def test_random_acts_by_random_people_end_as_a_plain_model_says(make_office: Callable[[], Office]) -> None:
    counted = walk(make_office, 15, 30, derandomize=True, shrinks=False)
    assert counted["done"] > 400
    assert counted["refused"] > 100


# Of this no part says anything: a part that is the same each time is the walk above, which `make test` takes.
@pytest.mark.hard
@pytest.mark.whole
def test_very_many_random_acts_end_as_a_plain_model_says(
    make_office: Callable[[], Office], request: pytest.FixtureRequest
) -> None:
    counted = walk(make_office, 150, 50, derandomize=False, shrinks=True)
    print(f"\n{request.node.callspec.id}: {dict(counted)}")
