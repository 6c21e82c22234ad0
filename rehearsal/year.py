"""`thidua year`: an edition of the year in a throw-away home, complete, and a closing summary as plain data."""

from __future__ import annotations

from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import Connection, and_, distinct, func, or_, select

from casework.audit.snapshot import snapshot
from casework.call import Call
from casework.history import ENTRY
from casework.home_clock import business_now
from casework.load import DOSSIER, NOMINATION
from casework.regulations import chart_of
from kit.clock import stopwatch
from kit.settings import Settings
from models.outbox import OutboxItem
from models.person import Employment
from models.unit import Unit
from rehearsal.blocs_told import blocs_told
from rehearsal.edition import Edition, edition
from rehearsal.happened import letters_by_day, milestones, weeks
from rehearsal.home import open_home
from rehearsal.law_told import law_told
from rehearsal.load_sample import load_sample
from rehearsal.names import AS_IT_WAS
from rehearsal.play import VIA, Played, Rehearsal
from rehearsal.post import post_of
from rehearsal.progress import Progress, silent
from rehearsal.province import make_province_plan, province_edition
from rehearsal.run import SAMPLE_SEED
from rehearsal.script import make_plan
from rehearsal.side_ways import side_ways
from rules.windows import LOCAL
from states.vocabulary import FINAL_KINDS

OUTBOX, UNIT, EMPLOYMENT = OutboxItem.__table__, Unit.__table__, Employment.__table__
_CLOSING_TIME = time(17)
# Where a dossier may honestly be at the year's end: in a final state, or sent to a body that has not answered yet.
END_KINDS = frozenset({*FINAL_KINDS, "forwarded"})


@dataclass(frozen=True, slots=True)
class YearReport:
    """How a year ended.

    ``year`` is the edition's name. ``titles`` maps a title to its four numbers; ``refusals`` counts reason codes;
    ``unexpected`` are acts that did not go as planned, ``unfinished`` codes of dossiers in no end state: both are empty
    when all is well. ``warnings`` is what the linter says of a calendar that is played as it was planned (line, code,
    params), beside the units as they really were. ``weeks``, ``letters_by_day`` and ``milestones`` are as
    `rehearsal/happened.py` counts them, ``blocs`` as `rehearsal/blocs_told.py` tells
    them, ``law`` as `rehearsal/law_told.py` does. ``seconds`` is by
    part of the work, and by act when profiled; it alone differs between two plays of one seed.
    """

    year: str
    seed: int
    first_day: str
    last_day: str
    schools: int
    people: int
    dossiers: dict[str, dict[str, int]]
    procedures: dict[str, dict[str, int]]
    titles: dict[str, dict[str, int]]
    side_ways: dict[str, int]
    acts: dict[str, int]
    refusals: dict[str, int]
    refused_acts: int
    history_entries: int
    outbox: dict[str, int]
    weeks: dict[str, dict[str, int]]
    letters_by_day: dict[str, Any]
    milestones: list[dict[str, Any]]
    blocs: list[dict[str, Any]]
    law: dict[str, Any]
    unexpected: tuple[str, ...]
    unfinished: tuple[str, ...]
    warnings: tuple[dict[str, Any], ...]
    seconds: dict[str, float]

    def as_dict(self) -> dict[str, Any]:
        """The report as plain data."""
        return {name: getattr(self, name) for name in self.__slots__}


def play_year(
    settings: Settings,
    *,
    year: str = AS_IT_WAS,
    schools: int | None = None,
    seed: int = SAMPLE_SEED,
    until: date | None = None,
    progress: Progress = silent,
    profile: bool = False,
    letters: bool = False,
) -> YearReport:
    """Play an edition of the year in the home of the settings, going on where it was broken off.

    ``schools``: instead of the sample, a made-up province with so many schools, in the year 2024-2025.

    ``letters`` sends them over SMTP into the home's postbox; without, they wait in the outbox.

    Raises:
        Refused: the home holds units of somebody else.
        StorageTrouble: the home cannot be made or written.
    """
    played_as = edition(year) if schools is None else province_edition(schools)
    until = until or played_as.last_day
    begun = stopwatch()
    with open_home(settings) as home:
        seconds = {"prepare": stopwatch() - begun}
        begun = stopwatch()
        load_sample(home.database, Call(None, played_as.start, "sample/load", VIA), progress, played_as)
        seconds["load"] = stopwatch() - begun
        begun = stopwatch()
        plan = make_plan(seed, year) if schools is None else make_province_plan(seed, schools)
        seconds["plan"] = stopwatch() - begun
        begun = stopwatch()
        ends_at = datetime.combine(until, _CLOSING_TIME, tzinfo=LOCAL).astimezone(UTC)
        with post_of(home.database, settings) if letters else nullcontext() as post:
            played = Rehearsal(home.database, home.store, plan, post).play(ends_at, progress)
        seconds["play"] = stopwatch() - begun
        begun = stopwatch()
        progress("report", 0, 1)
        with snapshot(home.database) as connection:
            report = _report(connection, played_as, seed, until, played, seconds)
        progress("report", 1, 1)
        seconds["report"] = stopwatch() - begun
    if profile:
        seconds |= {f"play/{part}": spent for part, spent in played.seconds.most_common()}
    return report


def _report(
    connection: Connection,
    played_as: Edition,
    seed: int,
    until: date,
    played: Played,
    seconds: dict[str, float],
) -> YearReport:
    dossiers: dict[str, Counter[str]] = {}
    procedures: dict[str, Counter[str]] = {}
    unfinished = []
    rows = connection.execute(
        select(DOSSIER.c.code, DOSSIER.c.level, DOSSIER.c.state_kind, DOSSIER.c.procedure_sha256).order_by(
            DOSSIER.c.id
        )
    )
    for row in rows.all():
        dossiers.setdefault(row.level, Counter())[row.state_kind] += 1
        name = chart_of(connection, row.procedure_sha256).procedure.name
        procedures.setdefault(name, Counter())[row.state_kind] += 1
        if row.state_kind not in END_KINDS:
            unfinished.append(row.code)
    acts = _counts(connection, ENTRY.c.event, ENTRY.c.subject.like("dossier:%"))
    letters = letters_by_day(connection)
    refusals = Counter(code for refusal in played.refusals for code in refusal.codes)
    # Where the districts do end, what was warned of comes true, and is dealt with.
    warned = () if played_as.reforms else played_as.warnings()
    return YearReport(
        year=played_as.name,
        seed=seed,
        first_day=played_as.first_day.isoformat(),
        last_day=until.isoformat(),
        schools=_size(connection, and_(UNIT.c.kind == "school", _there(UNIT, played_as.first_day))),
        people=_people(connection, played_as.first_day),
        dossiers={level: dict(sorted(kinds.items())) for level, kinds in dossiers.items()},
        procedures={name: dict(sorted(kinds.items())) for name, kinds in sorted(procedures.items())},
        titles=_four_numbers(connection),
        side_ways=side_ways(connection),
        acts=acts,
        refusals=dict(sorted(refusals.items())),
        refused_acts=len(played.refusals),
        history_entries=_size(connection, ENTRY.c.seq >= 1),
        outbox=_counts(connection, OUTBOX.c.kind, OUTBOX.c.key.is_not(None)),
        weeks=weeks(connection, letters),
        letters_by_day=letters,
        milestones=milestones(connection),
        blocs=blocs_told(connection, business_now(connection)),
        law=law_told(connection),
        unexpected=tuple(played.unexpected),
        unfinished=tuple(unfinished),
        warnings=tuple({"line": f.line, "code": f.code, "params": f.params} for f in warned),
        seconds=seconds,
    )


def _counts(connection: Connection, column: Any, condition: Any) -> dict[str, int]:
    rows = connection.execute(select(column, func.count()).where(condition).group_by(column).order_by(column))
    return dict(rows.all())


def _there(table: Any, day: date) -> Any:
    """What ended before the year is none of it."""
    return or_(table.c.until.is_(None), table.c.until >= day)


def _people(connection: Connection, day: date) -> int:
    working = select(func.count(distinct(EMPLOYMENT.c.person_id))).where(_there(EMPLOYMENT, day))
    return int(connection.execute(working).scalar_one())


def _size(connection: Connection, condition: Any) -> int:
    return int(connection.execute(select(func.count()).where(condition)).scalar_one())


def _four_numbers(connection: Connection) -> dict[str, dict[str, int]]:
    """Per title: how often it was registered, proposed, supported by the last appraisal, and decided."""
    numbers: dict[str, dict[str, int]] = {}
    columns = (
        ("registered", NOMINATION.c.title, NOMINATION.c.registered),
        ("proposed", NOMINATION.c.title, NOMINATION.c.proposed),
        ("appraised", NOMINATION.c.appraised_title, NOMINATION.c.appraised_title.is_not(None)),
        ("decided", NOMINATION.c.decided_title, NOMINATION.c.outcome == "awarded"),
    )
    for name, title, condition in columns:
        for code, count in _counts(connection, title, condition).items():
            numbers.setdefault(code, dict.fromkeys(("registered", "proposed", "appraised", "decided"), 0))[
                name
            ] = count
    return dict(sorted(numbers.items()))
