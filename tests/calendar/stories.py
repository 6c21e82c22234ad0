"""Made-up months in the small office: calendars with any dates and ladders, and people who act at random.

A story is told by its seed: the same seed gives the same calendar, the same acts, in the same order. What an act is
refused for does not matter here; what was done stands in the history, and the ticks of every day go by that.
"""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from casework.call import Call
from casework.duties import delegate, end_delegation, end_duty, grant_duty
from casework.extend_window import extend_window
from casework.fulfil import Word, fulfil, unfulfil
from casework.inputs import Inputs, ScoreInput
from casework.look_again import look_at_calendar
from casework.nominate import NomineeInput, nominate
from casework.open_dossier import Opening, open_dossier
from casework.open_year import open_year
from casework.own_dates import set_own_dates
from casework.publish import publish
from casework.regulations import publish_regulation
from casework.take_step import take_step
from casework.tick import tick
from models.dossier import Dossier
from models.person import Delegation
from rules.reasons import Refused
from tests.build import AT_DESK, PEOPLE, ROOT, Office, decision
from tests.calendar.independent import TICK, VIET_NAM
from tests.trees import as_text, tree_of

REGULATIONS = ROOT / "regulations"
PLAN = "2024-2025"
DAYS = 60
PAPERS = ("submission_letter", "achievement_report", "council_minutes")
# Each of these first days brings something of its own: Tết, the holidays of April and May, an ordinary autumn.
FIRST_DAYS = (date(2025, 1, 6), date(2025, 4, 1), date(2024, 10, 1))
MAIN_WAY = {
    "preparing": "register",
    "registered": "hand_in",
    "at_bloc": "record_score",
    "completing": "convene",
    "at_school_council": "record_council",
    "ready": "hand_in",
    "at_education_office": "appraise",
    "to_file": "file",
    "filed": "appraise",
    "at_local_council": "record_council",
    "at_local_decision": "decide",
    "returned": "resubmit",
    "on_hold": "release",
    "on_hold_review": "release",
    "withdrawn": "restore",
    "lapsed": "revive",
    "decided": "reopen",
}
SIDE_WAYS = ("return", "hold", "withdraw")
OWED_BY_BLOC = ("covenant", "midyear-review", "bloc-scoring", "covenant-review")


def real_plan() -> dict[str, Any]:
    """The published calendar of the year, as a tree."""
    return tree_of(REGULATIONS / "calendars/2024-2025.yaml")


def made_up_plan(dice: random.Random, first: date) -> dict[str, Any]:
    """The calendar of the year with dates, ladders and consequences that dice choose, all within the story's days."""
    tree = real_plan()
    for name, body in tree["milestones"].items():
        opens = first + timedelta(days=dice.randint(-20, 35))
        body["opens"], body["last_day"] = opens, opens + timedelta(days=dice.randint(0, 30))
        body["on_day_off"] = dice.choice(("keep", "next_working_day", "previous_working_day"))
        body["grace_minutes"] = dice.choice((0, 0, 0, 30, 420, 421, 1440))
        body["announce_opening"] = dice.random() < 0.5
        rungs = sorted(dice.sample(range(-14, 6), dice.randint(0, 7)))
        body.pop("remind", None)
        if rungs:
            body["remind"] = {"count": dice.choice(("calendar_days", "working_days")), "days": rungs}
        if "escalate" in body:
            body["escalate"]["after"] = dice.randint(1, 8)
            body["escalate"]["count"] = dice.choice(("calendar_days", "working_days"))
            if dice.random() < 0.3:
                del body["escalate"]
        body["unmet"] = dice.choice(("lapse", "red"))
        body.pop("warn_from", None)
        early = [rung for rung in rungs if rung <= 0]
        if body["unmet"] == "lapse" and early and dice.random() < 0.7:
            body["warn_from"] = dice.choice(early)
        body.pop("own_dates", None)
        if name in OWED_BY_BLOC and dice.random() < 0.8:
            body["own_dates"] = "bloc"
    return tree


def wide_open_plan(first: date) -> dict[str, Any]:
    """The calendar of the year with every window open for long and nobody reminded."""
    tree = real_plan()
    for body in tree["milestones"].values():
        for key in ("remind", "escalate", "warn_from", "announce_opening"):
            body.pop(key, None)
        body |= {"opens": first - timedelta(days=90), "last_day": first + timedelta(days=90), "unmet": "red"}
    return tree


class Story:
    """One story being told in one office."""

    def __init__(self, office: Office, seed: int) -> None:
        self.office, self.dice = office, random.Random(f"calendar/{seed}")
        self.first = self.dice.choice(FIRST_DAYS)
        self.last = self.first + timedelta(days=DAYS)
        self.plan = made_up_plan(self.dice, self.first)
        self.missed = self._days_without_power()
        self.done: Counter[str] = Counter()
        self._granted: list[tuple[str, str, str]] = []
        self._keys = itertools.count()
        self._acts: tuple[tuple[Callable[[datetime], object], int], ...] = (
            (self._step, 10),
            (self._side_way, 3),
            (self._open, 2),
            (self._fulfil, 3),
            (self._unfulfil, 2),
            (self._own_dates, 3),
            (self._extend, 4),
            (self._grant, 1),
            (self._end_duty, 1),
            (self._lend, 1),
            (self._take_back, 1),
            (self._publish_again, 1),
        )

    def tell(self) -> Counter[str]:
        """Play every day: the tick at 07:00, some acts before and after it; how often each act was done."""
        self._prepare()
        day = self.first
        while day <= self.last:
            moments = sorted(self.dice.sample(range(24 * 60), self.dice.randint(0, 4)))
            at = [
                datetime.combine(day, time(minute // 60, minute % 60), tzinfo=VIET_NAM) for minute in moments
            ]
            morning = datetime.combine(day, TICK, tzinfo=VIET_NAM)
            self._people_act(moment for moment in at if moment < morning)
            if day not in self.missed:
                tick(self.office.database, morning)
            self._people_act(moment for moment in at if moment > morning)
            day += timedelta(days=1)
        return self.done

    def _days_without_power(self) -> frozenset[date]:
        """Days on which nothing ticks: none, one, some, or most of the story, in a row."""
        length = self.dice.choice((0, 0, 1, 3, 40))
        begin = self.first + timedelta(days=self.dice.randint(1, DAYS - length))
        return frozenset(begin + timedelta(days=number) for number in range(length))

    def _prepare(self) -> None:
        before = datetime.combine(self.first - timedelta(days=40), time(8), tzinfo=VIET_NAM)
        for year in ("2024", "2025"):
            text = (REGULATIONS / f"holidays/{year}.yaml").read_bytes()
            publish(self.office.database, "holidays", text, self._call(None, before))
        # First everything is open, so that dossiers stand anywhere on their way when the made-up calendar comes.
        planned, self.plan = self.plan, wide_open_plan(self.first)
        self._publish(before)
        codes = [self._open(before + timedelta(hours=number)) for number in range(self.dice.randint(2, 5))]
        for number, code in enumerate(codes):
            for step in range(self.dice.randint(0, 10)):
                moment = before + timedelta(days=1 + number, minutes=step)
                self._take_main_step(code, self.office.row(code)["state"], moment)
        self.plan = planned
        self._publish(before + timedelta(days=10))
        open_year(self.office.database, before + timedelta(days=11))

    def _people_act(self, moments: Any) -> None:
        for moment in moments:
            act = self.dice.choices([act for act, _ in self._acts], [weight for _, weight in self._acts])[0]
            try:
                act(moment)
            except Refused:
                self.done["refused"] += 1
            else:
                self.done[act.__name__.lstrip("_")] += 1

    def _call(self, person: str | None, moment: datetime) -> Call:
        actor = self.office.people[person] if person is not None else None
        return Call(actor, moment, f"story-{next(self._keys)}", "test")

    def _publish(self, moment: datetime) -> None:
        # Not through the check of calendars: what dice plan, no office would.
        with self.office.database.write() as connection:
            text = as_text(self.plan)
            sha256, _ = publish_regulation(connection, "calendar", text, self._call(None, moment))
            look_at_calendar(connection, sha256, moment.date())

    def _publish_again(self, moment: datetime) -> None:
        body = self.plan["milestones"][self.dice.choice(list(self.plan["milestones"]))]
        moved = body["last_day"] + timedelta(days=self.dice.randint(-5, 10))
        body["last_day"] = max(moved, body["opens"])
        self._publish(moment)

    # --- Dossiers ---

    def _open(self, moment: datetime) -> str:
        level, title = self.dice.choice((("local", "LDTT"), ("local", "LDTT"), ("province", "BKT-TX")))
        opening = Opening("th-mau-1", PLAN, "three-tier-2024", level)
        code = open_dossier(self.office.database, opening, self._call("clerk", moment)).dossier
        people = [NomineeInput(title, person) for person in ("teacher", "teacher-2")]
        nominate(self.office.database, code, people, self._call("clerk", moment))
        self.office.papers(code, *PAPERS)
        return code

    def _dossier(self) -> tuple[str, str]:
        with self.office.database.read() as connection:
            table = Dossier.__table__
            rows = connection.execute(select(table.c.code, table.c.state).order_by(table.c.id)).all()
        code, state = self.dice.choice(rows)
        return code, state

    def _step(self, moment: datetime) -> None:
        self._take_main_step(*self._dossier(), moment)

    def _take_main_step(self, code: str, state: str, moment: datetime) -> None:
        if state not in MAIN_WAY:
            return
        row = self.office.row(code)
        # A dossier of the province goes on where a local one is decided.
        goes_on = state == "at_local_decision" and row["level"] != "local"
        event, desk = "endorse" if goes_on else MAIN_WAY[state], row["desk"]
        by = {"lapsed": "appraiser", "decided": "reviewer"}.get(state) or AT_DESK[desk]
        words: dict[str, Any] = {
            "record_score": {"score": ScoreInput(Decimal("912.50"), 1)},
            "record_council": {"support_rest": True},
            "appraise": {"support_rest": True},
            "file": {"receipt": f"H01.2025.{next(self._keys):04}"},
            "decide": {"decision": decision(f"{next(self._keys)}/QĐ-UBND", moment.date().isoformat())},
            "reopen": {"receipt": f"H01.2025.{next(self._keys):04}", "reason": "Có phản ánh"},
        }.get(
            event,
            {"reason": "Đã rõ"} if event in ("release", "restore", "revive") else {},
        )
        take_step(self.office.database, code, event, self._call(by, moment), Inputs(**words))

    def _side_way(self, moment: datetime) -> None:
        code, _ = self._dossier()
        event = self.dice.choice(SIDE_WAYS)
        desk = self.office.row(code)["desk"]
        by = {"withdraw": "clerk", "return": AT_DESK[desk]}.get(event) or self.dice.choice(
            ("appraiser", "reviewer")
        )
        take_step(self.office.database, code, event, self._call(by, moment), Inputs(reason="Cần xem lại"))

    # --- What the calendar is told ---

    def _milestone(self) -> tuple[str, str, dict[str, Any]]:
        """(unit, milestone, its body): a unit that may owe it, sometimes another."""
        name = self.dice.choice(list(self.plan["milestones"]))
        body = self.plan["milestones"][name]
        units = {"bloc": ["khoi"], "education_office": ["pgd"], "interior_office": ["pnv"]}
        return self.dice.choice(units.get(body["owed_by"], ["th-mau-1", "th-mau-2"])), name, body

    def _one_of(self, unit: str, duties: list[str]) -> str:
        found = [person for person, (_, at, duty) in PEOPLE.items() if at == unit and duty in duties]
        return self.dice.choice(found or ["clerk"])

    def _fulfil(self, moment: datetime) -> None:
        unit, name, body = self._milestone()
        word = Word(unit, PLAN, name, moment.date(), "Không đề nghị ai")
        fulfil(self.office.database, None, word, self._call(self._one_of(unit, body["duty"]), moment))

    def _unfulfil(self, moment: datetime) -> None:
        unit, name, body = self._milestone()
        call = self._call(self._one_of(unit, body["duty"]), moment)
        unfulfil(self.office.database, unit, PLAN, name, "Nhầm", call)

    def _own_dates(self, moment: datetime) -> None:
        name = self.dice.choice(OWED_BY_BLOC)
        body = self.plan["milestones"][name]
        opens = body["opens"] + timedelta(days=self.dice.randint(0, 8))
        last = opens + timedelta(days=self.dice.randint(0, 20))
        call = self._call(self.dice.choice(("bloc-head", "bloc-deputy")), moment)
        set_own_dates(self.office.database, "khoi", PLAN, name, opens, last, "", call)

    def _extend(self, moment: datetime) -> None:
        unit, name, body = self._milestone()
        if self.dice.random() < 0.4:
            unit = self.dice.choice(("th-mau-1", "khoi", "pgd", "pnv"))
        until = max(body["last_day"], moment.date()) + timedelta(days=self.dice.randint(1, 12))
        by = "chairman" if body["extends"]["unit"] == "people_committee" else "office-head"
        extend_window(self.office.database, unit, PLAN, name, until, "Mưa lũ", self._call(by, moment))

    # --- Duties ---

    def _duty(self) -> tuple[str, str, str]:
        """(person, unit, duty) of somebody who holds one; those who act for all others stay."""
        found = [
            (person, unit, duty) for person, (_, unit, duty) in PEOPLE.items() if unit and person != "admin"
        ]
        return self.dice.choice(found)

    def _grant(self, moment: datetime) -> None:
        _, unit, duty = self._duty()
        since = moment.date() + timedelta(days=self.dice.randint(0, 5))
        until = self.dice.choice((None, since + timedelta(days=self.dice.randint(0, 20))))
        who = self.dice.choice(list(PEOPLE))
        grant_duty(self.office.database, who, unit, duty, since, until, self._call("admin", moment))
        self._granted.append((who, unit, duty))

    def _end_duty(self, moment: datetime) -> None:
        # Of those that were given in the story: so no duty is ever without anybody, which the page does not speak of.
        if not self._granted:
            return
        person, unit, duty = self.dice.choice(self._granted)
        last = moment.date() + timedelta(days=self.dice.randint(0, 5))
        end_duty(self.office.database, person, unit, duty, last, self._call("admin", moment))

    def _lend(self, moment: datetime) -> None:
        person, unit, duty = self._duty()
        since = moment.date() + timedelta(days=self.dice.randint(0, 3))
        until = since + timedelta(days=self.dice.randint(0, 15))
        to = self.dice.choice(list(PEOPLE))
        delegate(self.office.database, unit, duty, to, since, until, self._call(person, moment))

    def _take_back(self, moment: datetime) -> None:
        with self.office.database.read() as connection:
            table = Delegation.__table__
            rows = connection.execute(
                select(table.c.id).where(table.c.ended_at.is_(None)).order_by(table.c.id)
            )
            lent = rows.scalars().all()
        if lent:
            end_delegation(self.office.database, self.dice.choice(lent), self._call("admin", moment))
