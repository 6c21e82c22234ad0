"""Who had to be told what, on which day, worked out from recorded data alone.

A second pair of eyes: it was written from docs/calendar.md and shares no code with the program. It imports nothing of
it, reads published files and recorded facts, walks day by day, and prints what ticks at 07:00 of each local day must
have enqueued and which dossiers had to lapse.

    python independent.py FOLDER FIRST LAST

FOLDER holds `facts.json` and the published files that it names (calendars/, holidays/, procedures/, successions/).
`recorded.py` writes such a folder out of a home.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any, NamedTuple

import yaml

VIET_NAM = timezone(timedelta(hours=7))
TICK = time(7)
# In C where PyYAML was built with it: a story's files are read in a tenth of the time.
YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
ONE_DAY = timedelta(days=1)
_SATURDAY = 5
# Events that leave the main way of a dossier; every other step of a procedure is on it.
SIDE_WAYS = frozenset(
    [
        "decline",
        "return",
        "resubmit",
        "withdraw",
        "restore",
        "hold",
        "release",
        "receive_objection",
        "lapse",
        "revive",
        "reopen",
        "revoke",
    ]
)
# Where a dossier in such a state owes nothing: it is finished, or it waits for an authority.
OWES_NOTHING = frozenset(["decided", "declined", "withdrawn", "lapsed", "revoked", "on_hold"])
# From these a dossier comes back to where it stood, also into `returned`.
SET_ASIDE = frozenset(["withdrawn", "lapsed", "on_hold"])
BACK = "returned"


class Item(NamedTuple):
    """One item of one person: ``subject`` is a dossier's code, or calendar/milestone/unit's code."""

    day: date
    person: str
    kind: str
    subject: str
    due: date
    rung: int


class Lapse(NamedTuple):
    """A dossier that lapses with a day's tick."""

    day: date
    dossier: str


class LetterKey(NamedTuple):
    """What makes a letter: one a person, day and kind."""

    person: str
    day: date
    kind: str


#: (unit, duties) of those who are asked
Asked = list[tuple[int, list[str]]]


def day_of(text: str | date | None) -> date | None:
    """A day of a file or of recorded facts."""
    return date.fromisoformat(text) if isinstance(text, str) else text


def holds(row: dict[str, Any], day: date) -> bool:
    """Whether something dated (both days included) holds on a day."""
    since, until = day_of(row["since"]), day_of(row["until"])
    return (since is None or since <= day) and (until is None or day <= until)


# --- Days ---------------------------------------------------------------------------------------------------


@dataclass
class Days:
    """Which days are worked."""

    off: set[date] = field(default_factory=set)
    worked: set[date] = field(default_factory=set)

    def is_off(self, day: date) -> bool:
        return day not in self.worked and (day in self.off or day.weekday() >= _SATURDAY)

    def counted(self, day: date, number: int, unit: str) -> date:
        """``number`` days of a unit after ``day``; before it where the number is below zero."""
        if unit == "calendar_days":
            return day + timedelta(days=number)
        stride = ONE_DAY if number > 0 else -ONE_DAY
        left = abs(number)
        while left:
            day += stride
            left -= not self.is_off(day)
        return day

    def moved(self, day: date, rule: str) -> date:
        """A last day, moved off a day off."""
        stride = {"keep": None, "next_working_day": ONE_DAY, "previous_working_day": -ONE_DAY}[rule]
        while stride is not None and self.is_off(day):
            day += stride
        return day


# --- Recorded facts -----------------------------------------------------------------------------------------


@dataclass
class Standing:
    """Where a dossier stands: its state, since which day, and which desk returned it."""

    procedure: str
    state: str
    since: date
    route: dict[str, int]
    returned_from: str | None = None


@dataclass
class Word:
    """Dates that somebody set or granted at an instant."""

    at: datetime
    last_day: date
    opens: date | None = None


@dataclass
class Debt:
    """What somebody owes on a day: under which milestone, who is asked, until when, since when."""

    subject: str
    units: list[int]
    duties: list[str]
    opens: date
    due: date
    arose: date | None
    window_end: date
    milestone: dict[str, Any]
    can_lapse: bool


class World:
    """What had been recorded at an instant; `advance` takes up what was recorded since."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
        self.units = {row["id"]: row for row in facts["units"]}
        self.placements = defaultdict(list)
        for row in facts["placements"]:
            self.placements[row["unit"]].append(row)
        self.under = defaultdict(list)
        for row in facts["placements"]:
            if row["relation"] == "authority":
                self.under[row["under"]].append(row)
        self.people = {int(key): code for key, code in facts["people"].items()}
        self.duties = {row["id"]: dict(row) for row in facts["duties"]}
        self.delegations = {row["id"]: dict(row) for row in facts["delegations"]}
        self.dossiers = {row["id"]: row for row in facts["dossiers"]}
        self.texts = {
            row["sha256"]: yaml.load((folder / row["file"]).read_text(encoding="utf-8"), YAML)
            for row in facts["regulations"]
        }
        self.coming = self._in_order(facts["regulations"], facts["history"])
        self._as_at_first(facts["history"])

        self.published: dict[tuple[str, str], dict[str, Any]] = {}
        self.days = Days()
        self.standings: dict[int, Standing] = {}
        self.extensions: dict[tuple[int, str, str], list[Word]] = defaultdict(list)
        self.own_dates: dict[tuple[int, str, str], Word] = {}
        self.fulfilled: set[tuple[int, str, str]] = set()
        self._ways: dict[tuple[str, str, str], dict[str, Any] | None] = {}

    @staticmethod
    def _in_order(regulations: list[dict[str, Any]], history: list[dict[str, Any]]) -> list[tuple]:
        published = [(row["published_at"], 0, row["version"], row) for row in regulations]
        entries = [(row["at"], 1, row["seq"], row) for row in history]
        # By instant; at one instant what is published first, and each chain in its own order. Last first, to be popped.
        told = sorted(published + entries, key=lambda entry: (datetime.fromisoformat(entry[0]), *entry[1:3]))
        return [(datetime.fromisoformat(at), kind == 0, row) for at, kind, _, row in reversed(told)]

    def _as_at_first(self, history: list[dict[str, Any]]) -> None:
        """Take back from the rows what the history records later, so that it can be taken up in its time."""
        for entry in history:
            payload = entry["payload"]
            if entry["event"] == "grant_duty":
                self.duties.pop(payload["duty_row"], None)
            elif entry["event"] == "end_duty" and payload["duty_row"] in self.duties:
                self.duties[payload["duty_row"]]["until"] = None
            elif entry["event"] == "delegate":
                self.delegations.pop(payload["delegation"], None)
        self.routes = {dossier: dict(row["route"]) for dossier, row in self.dossiers.items()}
        for entry in reversed(history):
            kind, _, number = entry["subject"].partition(":")
            if kind == "dossier":
                for desk, (before, _) in _rerouted(entry).items():
                    self.routes[int(number)][desk] = before

    def advance(self, until: datetime) -> None:
        """Take up what was recorded up to an instant, which counts.

        What that instant's own tick wrote is a result, no fact: its lapses are left for the next day.
        """
        later = []
        while self.coming and self.coming[-1][0] <= until:
            at, is_regulation, row = self.coming.pop()
            if not is_regulation and row["event"] == "lapse" and at == until:
                later.append((at, is_regulation, row))
            elif is_regulation:
                self._publish(row)
            else:
                self._take_up(at, row)
        self.coming.extend(reversed(later))

    def _publish(self, row: dict[str, Any]) -> None:
        text = self.texts[row["sha256"]]
        self.published[row["kind"], row["name"]] = text
        if row["kind"] == "holidays":
            years = [tree for (kind, _), tree in self.published.items() if kind == "holidays"]
            self.days = Days(
                {day_of(day) for tree in years for day in tree["days"] or ()},
                {day_of(day) for tree in years for day in tree.get("worked") or ()},
            )

    def _take_up(self, at: datetime, row: dict[str, Any]) -> None:
        kind, _, number = row["subject"].partition(":")
        payload, event = row["payload"], row["event"]
        if kind == "dossier":
            self._move(int(number), at, row)
        elif event == "extend_window":
            key = (int(number), payload["calendar"], payload["milestone"])
            self.extensions[key].append(Word(at, day_of(payload["until"])))
        elif event == "own_dates":
            key = (int(number), payload["calendar"], payload["milestone"])
            self.own_dates[key] = Word(at, day_of(payload["last_day"]), day_of(payload["opens"]))
        elif event == "fulfil":
            self.fulfilled.add((int(number), payload["calendar"], payload["milestone"]))
        elif event == "unfulfil":
            self.fulfilled.discard((int(number), payload["calendar"], payload["milestone"]))
        elif event == "grant_duty":
            self.duties[payload["duty_row"]] = {**payload, "person": int(number)}
        elif event == "end_duty":
            self.duties[payload["duty_row"]]["until"] = payload["until"]
        elif event == "delegate":
            self.delegations[payload["delegation"]] = {
                **payload,
                "duty": payload["duty_row"],
                "ended_at": None,
            }
        elif event == "end_delegation":
            self.delegations[payload["delegation"]]["ended_at"] = at.isoformat()

    def _move(self, dossier: int, at: datetime, row: dict[str, Any]) -> None:
        payload = row["payload"]
        if row["event"] == "open":
            self.standings[dossier] = Standing(
                payload["procedure"], payload["to"], local(at), self.routes[dossier]
            )
            return
        standing = self.standings[dossier]
        for desk, (_, after) in _rerouted(row).items():
            standing.route[desk] = after
        if row["event"] == "procedure_moved":
            standing.procedure = payload["procedure"]["to"]["sha256"]
        if "to" in payload:
            self._come(standing, payload["from"], payload["to"], local(at))

    def _come(self, standing: Standing, left: str, state: str, day: date) -> None:
        kinds = self.texts[standing.procedure]["states"]
        if kinds[state]["kind"] == BACK and kinds[left]["kind"] not in SET_ASIDE:
            standing.returned_from = left
        standing.state, standing.since = state, day

    def lapse(self, dossier: int, day: date) -> None:
        """Let a dossier lapse that had to, whatever the history says."""
        standing = self.standings[dossier]
        states = self.texts[standing.procedure]["states"]
        lapsed = next(name for name, body in states.items() if body["kind"] == "lapsed")
        standing.state, standing.since = lapsed, day

    # --- Units and people ---

    def exists(self, unit: int, day: date) -> bool:
        return holds(self.units[unit], day)

    def placed(self, unit: int, relation: str, day: date) -> int | None:
        """Under which unit one stands on a day."""
        found = (
            row["under"] for row in self.placements[unit] if row["relation"] == relation and holds(row, day)
        )
        return next(found, None)

    def nearest(self, unit: int, kind: str, day: date) -> int | None:
        """The nearest unit of a kind: the unit itself, else going up what it stands under and what stands beside."""
        here: int | None = unit
        while here is not None:
            if self.units[here]["kind"] == kind and self.exists(here, day):
                return here
            beside = sorted(
                row["unit"]
                for row in self.under[here]
                if holds(row, day)
                and self.units[row["unit"]]["kind"] == kind
                and self.exists(row["unit"], day)
            )
            if beside:
                return beside[0]
            here = self.placed(here, "authority", day)
        return None

    def maps(self, part: str, day: date) -> Iterator[dict[str, Any]]:
        """The rows of the succession maps that hold on a day; ``part`` is units or kinds."""
        for (kind, _), tree in self.published.items():
            if kind == "succession":
                for row in tree.get(part) or ():
                    if day_of(row.get("since", tree["since"])) <= day:
                        yield row

    def successors(self, unit: int, day: date) -> list[int]:
        """Who does on a day what a unit does: itself, or after its end whoever succeeds it."""
        if self.ended(unit, day) is None:
            return [unit]
        codes = {row["code"]: key for key, row in self.units.items()}
        code = self.units[unit]["code"]
        found = []
        for row in self.maps("units", day):
            if row["unit"] == code:
                found += [codes[name] for name in row["becomes"] if name in codes]
        return list(dict.fromkeys(further for one in found for further in self.successors(one, day)))

    def ended(self, unit: int, day: date) -> date | None:
        """The last day of a unit that is over on a day."""
        until = day_of(self.units[unit]["until"])
        return until if until is not None and until < day else None

    def office(self, unit: int, kind: str, day: date) -> int | None:
        """The office of a kind above a unit, or whoever does its work since that kind has ended there."""
        here = self.nearest(unit, kind, day)
        if here is not None:
            return here
        codes = {row["code"]: key for key, row in self.units.items()}
        for row in self.maps("units", day):
            old = codes.get(row["unit"])
            if old is not None and self.units[old]["kind"] == kind and self.ended(old, day):
                for heir in self.successors(old, day):
                    if self.nearest(unit, self.units[heir]["kind"], day) == heir:
                        return heir
        for row in self.maps("kinds", day):
            if row["kind"] == kind and row["becomes"] != kind:
                return self.office(unit, row["becomes"], day)
        return None

    def holders(self, asked: Asked, moment: datetime) -> set[str]:
        """The codes of those who hold one of the duties at its unit, their own or a lent one."""
        day = local(moment)
        held = {
            key: row
            for key, row in self.duties.items()
            if holds(row, day)
            and any(row["unit"] == unit and row["duty"] in duties for unit, duties in asked)
        }
        lent = {
            row["to"]
            for row in self.delegations.values()
            if row["duty"] in held
            and holds(row, day)
            and (row["ended_at"] is None or datetime.fromisoformat(row["ended_at"]) > moment)
        }
        return {self.people[person] for person in {row["person"] for row in held.values()} | lent}

    # --- What is owed ---

    def calendars(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """(name, file) of each calendar, by its newest version."""
        for (kind, name), tree in self.published.items():
            if kind == "calendar":
                yield name, tree

    def debts(self, day: date) -> Iterator[tuple[int | None, Debt]]:
        """(dossier or None, debt) of everything that is owed on a day."""
        plans = dict(self.calendars())
        serving = {
            (tree["school_year"], name): plan for plan, tree in plans.items() for name in tree["procedures"]
        }
        with_dossier: set[tuple[str, int, str]] = set()
        for number, standing in self.standings.items():
            row = self.dossiers[number]
            plan = serving.get((row["school_year"], self.texts[standing.procedure]["procedure"]))
            if plan is None:
                continue
            # A dossier stands for its unit only under the milestones of its own procedure.
            on_the_way = self.texts[standing.procedure].get("milestones", [])
            with_dossier.update((plan, row["unit"], milestone) for milestone in on_the_way)
            debt = self._dossiers_debt(row, standing, plan, plans[plan])
            if debt is not None:
                yield number, debt
        for plan, tree in plans.items():
            for name, milestone in tree["milestones"].items():
                for unit in self._owing(plan, name, milestone, with_dossier):
                    yield None, self._units_debt(unit, plan, name, milestone, day)

    def _owing(
        self, plan: str, name: str, milestone: dict[str, Any], with_dossier: set[tuple[str, int, str]]
    ) -> list[int]:
        met_by = milestone.get("met_by", ["steps"])
        if "fulfil" not in met_by:
            return []
        return [
            unit
            for unit, row in self.units.items()
            if row["kind"] == milestone["owed_by"]
            and holds(row, day_of(milestone["opens"]))
            and (unit, plan, name) not in self.fulfilled
            and not ("steps" in met_by and (plan, unit, name) in with_dossier)
        ]

    def _units_debt(self, unit: int, plan: str, name: str, milestone: dict[str, Any], day: date) -> Debt:
        opens, due, arose, window_end = self._dates(plan, name, milestone, [unit], unit)
        over = self.ended(unit, day)
        if over is not None:
            # For whoever took over it arose on the first day after.
            arose = max(over + ONE_DAY, arose or date.min)
        return Debt(
            subject=f"{plan}/{name}/{self.units[unit]['code']}",
            units=self.successors(unit, day),
            duties=milestone["duty"],
            opens=opens,
            due=due,
            arose=arose,
            window_end=window_end,
            milestone=milestone,
            can_lapse=False,
        )

    def _dossiers_debt(
        self, row: dict[str, Any], standing: Standing, plan: str, tree: dict[str, Any]
    ) -> Debt | None:
        procedure = self.texts[standing.procedure]
        state = procedure["states"][standing.state]
        if state["kind"] in OWES_NOTHING:
            return None
        waiting = standing.returned_from if state["kind"] == BACK else standing.state
        step = self._owed_step(standing.procedure, row["level"], waiting)
        milestone = step and tree["milestones"].get(step["milestone"])
        if not milestone:
            return None
        name = step["milestone"]
        asked = {row["unit"], standing.route[step["desk"]]}
        bloc = next(
            (
                standing.route[desk]
                for desk, body in procedure["desks"].items()
                if body["unit"] == milestone.get("own_dates")
            ),
            None,
        )
        opens, due, came, window_end = self._dates(plan, name, milestone, asked, bloc)
        desk = procedure["desks"][state["desk"]]
        return Debt(
            subject=row["code"],
            units=[standing.route[state["desk"]]],
            duties=desk["duty"],
            opens=opens,
            due=due,
            arose=max(standing.since, came or date.min),
            window_end=window_end,
            milestone=milestone,
            can_lapse=any(
                step["event"] == "lapse" and standing.state in _listed(step["from"])
                for step in procedure["steps"]
            ),
        )

    def _owed_step(self, procedure: str, level: str, state: str | None) -> dict[str, Any] | None:
        """The next step on the main way from a state that stands under a milestone."""
        key = (procedure, level, state)
        if key not in self._ways:
            seen, here, found = set(), state, None
            while here is not None and here not in seen and found is None:
                seen.add(here)
                step = next(
                    (
                        step
                        for step in self.texts[procedure]["steps"]
                        if step["event"] not in SIDE_WAYS
                        and here in _listed(step["from"])
                        and level in step.get("levels", [level])
                    ),
                    None,
                )
                found = step if step and "milestone" in step else None
                here = step["to"] if step else None
            self._ways[key] = found
        return self._ways[key]

    def _dates(
        self, plan: str, name: str, milestone: dict[str, Any], units: Iterable[int], own: int | None
    ) -> tuple[date, date, date | None, date]:
        """(opening day, due day, day on which dates were last given, last day of the window)."""
        planned = self.days.moved(day_of(milestone["last_day"]), milestone.get("on_day_off", "keep"))
        extended = [word for unit in units for word in self.extensions[unit, plan, name]]
        window_end = max([planned, *(word.last_day for word in extended)])
        opens, due = day_of(milestone["opens"]), planned
        dates = (
            self.own_dates.get((own, plan, name)) if own is not None and "own_dates" in milestone else None
        )
        if dates is not None:
            opens, due = dates.opens, dates.last_day
        # An extension wins over the bloc's own dates too, whichever of both came first.
        due = max([due, *(word.last_day for word in extended)])
        # Whatever was granted or set was told on its day, also where something else decides on the due day.
        told = [local(word.at) for word in [*extended, *([dates] if dates else [])]]
        given = max(told, default=None)
        return opens, due, given, window_end


def local(moment: datetime) -> date:
    """The day of an instant in Viet Nam."""
    return moment.astimezone(VIET_NAM).date()


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def _rerouted(entry: dict[str, Any]) -> dict[str, list[int]]:
    """desk → [unit before, unit after] of an entry that gives desks to other units."""
    payload = entry["payload"]
    if entry["event"] == "pass_on":
        return payload["passed_on"]
    return payload["route"] if entry["event"] == "procedure_moved" else {}


# --- The rules ----------------------------------------------------------------------------------------------


def _is_over(debt: Debt, moment: datetime) -> bool:
    """Whether the window has closed, grace included."""
    end = datetime.combine(debt.window_end + ONE_DAY, time(0), tzinfo=VIET_NAM)
    return moment >= end + timedelta(minutes=debt.milestone.get("grace_minutes", 0))


def _come(debt: Debt, day: date, days: Days) -> list[tuple[date, bool, int]]:
    """(day, whether a rung, its number) of the opening and the rungs that have come since the debt arose."""
    ladder = debt.milestone.get("remind") or {"days": (), "count": "calendar_days"}
    placed = [(days.counted(debt.due, number, ladder["count"]), True, number) for number in ladder["days"]]
    if debt.milestone.get("announce_opening"):
        placed.append((debt.opens, False, 0))
    return [one for one in placed if one[0] <= day and (debt.arose is None or one[0] > debt.arose)]


def _kind_of(rung: int, debt: Debt) -> str:
    if rung > 0:
        return "overdue"
    warn_from = debt.milestone.get("warn_from")
    lapses = debt.milestone.get("unmet", "lapse") == "lapse" and debt.can_lapse
    return "lapse_warning" if lapses and warn_from is not None and rung >= warn_from else "deadline"


def _told(debt: Debt, day: date, world: World) -> Iterator[tuple[str, date, int, Asked]]:
    """(kind, day that the ladder goes by, rung, who is asked) of what a debt demands on a day."""
    those = [(unit, debt.duties) for unit in debt.units]
    come = _come(debt, day, world.days)
    if come:
        # The latest of them alone is still news; on one day a rung says more than that it opens.
        _, is_rung, rung = max(come)
        if is_rung:
            yield _kind_of(rung, debt), debt.due, rung, those
        else:
            yield "opened", debt.opens, 0, those
    above = debt.milestone.get("escalate")
    if above:
        late = world.days.counted(debt.due, above["after"], above["count"])
        # As with a rung: whoever got it later than that is not late, and nobody is told so of them.
        if late <= day and (debt.arose is None or late > debt.arose):
            offices = {world.office(unit, above["to"]["unit"], day) for unit in debt.units} - {None}
            yield "escalation", debt.due, 0, [(office, above["to"]["duty"]) for office in sorted(offices)]


def expected(
    folder: Path, first: date, last: date, missed: Collection[date] = ()
) -> tuple[list[Item], list[Lapse]]:
    """(items, lapses), both sorted, that ticks at 07:00 of each local day from ``first`` to ``last`` bring.

    On the days that were ``missed`` nothing ticked.
    """
    world, items, lapses, told = World(folder), [], [], set()
    for day in (first + timedelta(days=number) for number in range((last - first).days + 1)):
        if day in missed:
            continue
        moment = datetime.combine(day, TICK, tzinfo=VIET_NAM)
        world.advance(moment)
        for dossier, debt in list(world.debts(day)):
            if (
                dossier is not None
                and debt.can_lapse
                and debt.milestone.get("unmet", "lapse") == "lapse"
                and _is_over(debt, moment)
            ):
                lapses.append(Lapse(day, debt.subject))
                world.lapse(dossier, day)
                continue
            for kind, given, rung, asked in _told(debt, day, world):
                # Each rung is told once, to those who hold the duty then: who takes it over later waits for the next.
                # Where nobody holds it, it waits for whoever takes it.
                key = (kind, debt.subject, given, rung)
                people = world.holders(asked, moment) if key not in told else set()
                items += [Item(day, person, kind, debt.subject, debt.due, rung) for person in people]
                if people:
                    told.add(key)
    return sorted(items), sorted(lapses)


# --- Letters ------------------------------------------------------------------------------------------------


def letters_expected(items: Iterable[Item]) -> dict[LetterKey, list[Item]]:
    """The letters that items make: one a person, day and kind, with its items in order."""
    letters: dict[LetterKey, list[Item]] = defaultdict(list)
    for item in sorted(items):
        letters[LetterKey(item.person, item.day, item.kind)].append(item)
    return dict(letters)


@dataclass(frozen=True)
class Difference:
    """What one side has and the other has not."""

    missing: tuple[Any, ...]
    extra: tuple[Any, ...]

    def __bool__(self) -> bool:
        return bool(self.missing or self.extra)

    def __str__(self) -> str:
        return "\n".join(
            [*(f"missing: {one}" for one in self.missing), *(f"extra: {one}" for one in self.extra)]
        )


def compare(wanted: Iterable[Any], got: Iterable[Any]) -> Difference:
    """Item by item, and how often: what is missing and what is too much."""
    one, other = Counter(wanted), Counter(got)
    return Difference(tuple(sorted((one - other).elements())), tuple(sorted((other - one).elements())))


def compare_letters(
    wanted: dict[LetterKey, list[Item]], got: Iterable[tuple[LetterKey, Iterable[Item]]]
) -> Difference:
    """Letter by letter: (letter, items) that are missing, and those that are too much.

    ``got`` is a list, not a dict, so that a letter that came twice is seen. A letter with other items than it should
    have is missing as it should be, and too much as it is.
    """

    def plain(
        letters: Iterable[tuple[LetterKey, Iterable[Item]]],
    ) -> list[tuple[LetterKey, tuple[Item, ...]]]:
        return [(key, tuple(sorted(items))) for key, items in letters]

    return compare(plain(wanted.items()), plain(got))


def main(arguments: list[str]) -> None:
    """Print every item and every lapse, a line each."""
    folder, first, last = arguments
    items, lapses = expected(Path(folder), date.fromisoformat(first), date.fromisoformat(last))
    for item in items:
        print(item.day, item.person, item.kind, item.subject, item.due, item.rung, sep="\t")
    for lapse in lapses:
        print(lapse.day, "", "lapse", lapse.dossier, sep="\t")


if __name__ == "__main__":
    main(sys.argv[1:])
