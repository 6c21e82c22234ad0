"""The right reminder, to the right person, on the right day: the program beside a script without any of its code."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import casework.dates
import casework.tick
import rules.reminders
from casework.call import Call
from casework.publish import publish
from kit.database import Database
from kit.settings import Settings
from rehearsal.edition import edition
from rehearsal.home import open_home
from rehearsal.load_sample import load_sample
from rehearsal.names import AS_IT_WAS
from rehearsal.run import SAMPLE_SEED
from rehearsal.year import YearReport, play_year
from rules.working_days import DaysOff
from tests.build import ROOT, Office, office_in
from tests.calendar import independent
from tests.calendar.independent import (
    Item,
    LetterKey,
    compare,
    compare_letters,
    expected,
    letters_expected,
)
from tests.calendar.recorded import CALENDAR_KINDS, what_arrived, what_happened, write_recorded
from tests.calendar.stories import Story

YEAR = edition(AS_IT_WAS)
FIRST_DAY, LAST_DAY, START = YEAR.first_day, YEAR.last_day, YEAR.start
BLOCK = 10
JUNE = date(2025, 6, 30)
#: seeds of stories that between them bring every kind of item, days off, extensions and dates of a bloc's own
TELLING = range(4)


# --- The sample year ----------------------------------------------------------------------------------------


def a_year(
    home: Path, seed: int = SAMPLE_SEED, plan: bytes | None = None
) -> tuple[Path, list[Item], list[Any]]:
    """(folder of its recorded facts, items, lapses) of a year; ``plan`` replaces the calendar before it begins."""
    home.mkdir(exist_ok=True)
    settings = Settings(home=home / "home", database_url="", sqlite_synchronous="NORMAL")
    if plan is not None:
        with open_home(settings) as opened:
            load_sample(opened.database, Call(None, START, "sample/load", "test"))
            publish(opened.database, "calendar", plan, Call(None, START, "test/plan", "test"))
    report = play_year(settings, seed=seed)
    assert report.unexpected == ()
    return recorded(settings, home)


def recorded(settings: Settings, folder: Path) -> tuple[Path, list[Item], list[Any]]:
    with open_home(settings) as opened:
        return write_recorded(opened.database, folder), *what_happened(opened.database)


Year = tuple[Path, list[Item], list[Any]]


@pytest.fixture(scope="module")
def sample_year(played: tuple[Settings, YearReport], tmp_path_factory: pytest.TempPathFactory) -> Year:
    """The sample year of seed 1 as it was published."""
    settings, report = played
    assert report.unexpected == ()
    return recorded(settings, tmp_path_factory.mktemp("year"))


def agree(folder: Path, items: list[Item], lapses: list[Any], first: date, last: date) -> None:
    wanted, lapsing = expected(folder, first, last)
    assert not (difference := compare(wanted, items)), str(difference)
    assert not (difference := compare(lapsing, lapses)), str(difference)


def test_everybody_is_told_what_is_due_on_its_day_and_nothing_else(sample_year: Year) -> None:
    folder, items, lapses = sample_year
    assert len(items) > 1000
    assert {item.kind for item in items} == set(CALENDAR_KINDS)
    assert len(lapses) >= 3
    agree(folder, items, lapses, FIRST_DAY, LAST_DAY)


@pytest.mark.hard
@pytest.mark.parametrize(
    "seed", [2, pytest.param(3, marks=pytest.mark.whole), pytest.param(4, marks=pytest.mark.whole)]
)
def test_other_years_agree_as_well(tmp_path: Path, seed: int) -> None:
    agree(*a_year(tmp_path, seed), FIRST_DAY, LAST_DAY)


def test_the_postbox_holds_just_these_letters(tmp_path: Path) -> None:
    """Really composed and sent over SMTP, from September to the end of January."""
    settings = Settings(home=tmp_path / "home", database_url="", sqlite_synchronous="NORMAL")
    last = date(2025, 1, 31)
    assert play_year(settings, until=last, letters=True).unexpected == ()
    with open_home(settings) as opened:
        folder = write_recorded(opened.database, tmp_path)
        arrived = what_arrived(opened.database, settings.home / "postbox")
    assert len(arrived) > 100
    wanted = letters_expected(expected(folder, FIRST_DAY, last)[0])
    assert not (difference := compare_letters(wanted, arrived)), str(difference)


def without_rung(milestone: str, rung: int) -> bytes:
    """The calendar of 2024-2025 with one rung of one milestone taken out of the file's text."""
    text = (ROOT / "regulations/calendars/2024-2025.yaml").read_text(encoding="utf-8")
    before, name, after = text.partition(f"  {milestone}:\n")
    ladder = after.index("days: [")
    assert f"{rung}, " in after[ladder : after.index("]", ladder)]
    return (before + name + after[:ladder] + after[ladder:].replace(f"{rung}, ", "", 1)).encode()


def test_switching_off_one_rung_takes_away_exactly_its_items(sample_year: Year, tmp_path: Path) -> None:
    before, items, _ = sample_year
    plan = without_rung("dossier-completion", -7)
    folder, got, lapses = a_year(tmp_path / "played", plan=plan)
    # Of what ends on 30 June only the review of the covenant has this rung too, and that is the blocs'.
    gone = [
        item
        for item in items
        if (item.due, item.rung) == (JUNE, -7) and "/covenant-review/" not in item.subject
    ]
    assert len(gone) >= 5
    assert compare(items, got) == compare(gone, [])
    agree(folder, got, lapses, FIRST_DAY, LAST_DAY)
    # And it could be foretold: from the acts of the year as it was, with the changed file in the place of the other.
    foretold = shutil.copytree(before, tmp_path / "foretold", ignore=shutil.ignore_patterns("home"))
    (foretold / "calendars/2024-2025.1.yaml").write_bytes(plan)
    assert not compare(expected(foretold, FIRST_DAY, LAST_DAY)[0], got)


# --- Made-up months -----------------------------------------------------------------------------------------


@contextmanager
def another_office(file: Path, folder: Path) -> Iterator[Office]:
    """The small office in an SQLite file of its own."""
    shutil.copy(file, folder / "office.sqlite3")
    database = Database(f"sqlite:///{folder / 'office.sqlite3'}", synchronous="NORMAL")
    yield office_in(database)
    database.close()


def tell(office: Office, seed: int, folder: Path) -> tuple[list[str], Counter[str]]:
    """(what both sides disagree on, counts of acts done and of what came) of one story."""
    story = Story(office, seed)
    counted = story.tell()
    facts = write_recorded(office.database, folder)
    wanted, lapsing = expected(facts, story.first, story.last, story.missed)
    items, lapses = what_happened(office.database)
    counted.update(item.kind for item in items)
    counted["lapsed"] += len(lapses)
    differences = (compare(wanted, items), compare(lapsing, lapses))
    return [f"story {seed}: {difference}" for difference in differences if difference], counted


def tell_all(seeds: Iterable[int], file: Path, folder: Path) -> tuple[list[str], Counter[str]]:
    """The same of several stories, each in an office of its own."""
    found, counted = [], Counter[str]()
    for seed in seeds:
        place = folder / str(seed)
        place.mkdir()
        with another_office(file, place) as office:
            differences, counts = tell(office, seed, place)
        found += differences
        counted += counts
        shutil.rmtree(place)
    return found, counted


BLOCKS = [
    *range(2),
    *(pytest.param(block, marks=[pytest.mark.hard, pytest.mark.whole]) for block in range(2, 5)),
]


@pytest.mark.parametrize("block", BLOCKS)
def test_random_acts_in_random_calendars_bring_what_the_script_says(
    block: int, sqlite_files: dict[str, Path], tmp_path: Path
) -> None:
    seeds = range(block * BLOCK, (block + 1) * BLOCK)
    differences, counted = tell_all(seeds, sqlite_files["office"], tmp_path)
    assert differences == []
    acts = ("fulfil", "unfulfil", "own_dates", "extend", "step", "grant", "lend", "publish_again", "refused")
    for name in (*acts, *CALENDAR_KINDS, "lapsed"):
        assert counted[name], name


def test_a_story_is_the_same_on_both_databases(office: Office, tmp_path: Path) -> None:
    differences, counted = tell(office, 0, tmp_path)
    assert differences == []
    assert counted["deadline"]


@pytest.mark.hard
def test_many_more_random_stories_agree(sqlite_files: dict[str, Path], tmp_path: Path) -> None:
    last = 60 if os.environ.get("THIDUA_HARD_PART") == "ci" else 500
    differences, counted = tell_all(range(50, last), sqlite_files["office"], tmp_path)
    print(f"\n{dict(counted)}")
    assert differences == []


# --- Planted faults: that the comparison can fail -----------------------------------------------------------


def _rung_a_day_early(patch: pytest.MonkeyPatch) -> None:
    right = rules.reminders.add_days

    def early(day: date, number: int, *rest: Any) -> date:
        return right(day, number - 1 if number == -1 else number, *rest)

    patch.setattr(rules.reminders, "add_days", early)


def _working_days_for_calendar_days(patch: pytest.MonkeyPatch) -> None:
    right = rules.reminders.add_days
    patch.setattr(
        rules.reminders, "add_days", lambda day, number, count, off: right(day, number, "calendar_days", off)
    )


def _a_person_left_out(patch: pytest.MonkeyPatch) -> None:
    right = casework.tick.audience_of
    patch.setattr(casework.tick, "audience_of", lambda *given: right(*given)[1:])


def _holidays_ignored(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(DaysOff, "is_off", lambda _, day: day.weekday() > 4)


def _days_off_not_moved(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(casework.dates, "shifted", lambda day, shift, off: day)


def _said_again_on_the_day_itself(patch: pytest.MonkeyPatch) -> None:
    _with_term(patch, lambda term: replace(term, since=date.min))


def _nobody_above_is_told(patch: pytest.MonkeyPatch) -> None:
    _with_term(patch, lambda term: replace(term, escalation=None))


def _opening_not_announced(patch: pytest.MonkeyPatch) -> None:
    _with_term(patch, lambda term: replace(term, announced=False))


def _with_term(patch: pytest.MonkeyPatch, change: Callable[[Any], Any]) -> None:
    right = rules.reminders.calls_of
    patch.setattr(rules.reminders, "calls_of", lambda term, off: right(change(term), off))


def _no_warning_before_the_lapse(patch: pytest.MonkeyPatch) -> None:
    right = casework.tick.kind_of

    def mild(*given: Any) -> str:
        return {"lapse_warning": "deadline"}.get(kind := right(*given), kind)

    patch.setattr(casework.tick, "kind_of", mild)


def _nothing_lapses(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(casework.tick, "_lapse", lambda *given: None)


FAULTS = [
    _rung_a_day_early,
    _working_days_for_calendar_days,
    _a_person_left_out,
    _holidays_ignored,
    _days_off_not_moved,
    _said_again_on_the_day_itself,
    _nobody_above_is_told,
    _opening_not_announced,
    _no_warning_before_the_lapse,
    _nothing_lapses,
]


@pytest.mark.parametrize("plant", FAULTS, ids=lambda plant: plant.__name__.strip("_"))
def test_a_fault_planted_in_the_program_is_noticed(
    plant: Callable[[pytest.MonkeyPatch], None],
    monkeypatch: pytest.MonkeyPatch,
    sqlite_files: dict[str, Path],
    tmp_path: Path,
) -> None:
    plant(monkeypatch)
    assert any(tell_all([seed], sqlite_files["office"], tmp_path)[0] for seed in TELLING)


# --- The script by itself -----------------------------------------------------------------------------------


def test_the_script_imports_nothing_of_the_program() -> None:
    tree = ast.parse(Path(independent.__file__).read_text(encoding="utf-8"))
    names = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or "."]
        )
    }
    assert names <= {*sys.stdlib_module_names, "yaml"}


def test_the_script_runs_alone_on_a_folder_of_files(sample_year: Year, tmp_path: Path) -> None:
    folder, items, lapses = sample_year
    # Isolated: neither the current folder nor the script's own is searched for modules.
    call = [
        sys.executable,
        "-I",
        independent.__file__,
        str(folder),
        FIRST_DAY.isoformat(),
        LAST_DAY.isoformat(),
    ]
    told = subprocess.run(call, cwd=tmp_path, check=True, capture_output=True, text=True, timeout=120).stdout
    lines = told.splitlines()
    assert len(lines) == len(items) + len(lapses)
    first = items[0]
    assert lines[0].split("\t")[:4] == [first.day.isoformat(), first.person, first.kind, first.subject]


# --- Letters ------------------------------------------------------------------------------------------------

MONDAY, TUESDAY = date(2025, 6, 16), date(2025, 6, 17)


def item(day: date, person: str, kind: str, subject: str) -> Item:
    return Item(day, person, kind, subject, JUNE, -14)


TWO = [item(MONDAY, "an", "deadline", "b"), item(MONDAY, "an", "deadline", "a")]
OTHERS = [
    item(MONDAY, "an", "overdue", "c"),
    item(MONDAY, "binh", "deadline", "a"),
    item(TUESDAY, "an", "deadline", "d"),
]
AN = LetterKey("an", MONDAY, "deadline")


def test_a_letter_is_of_one_person_one_day_and_one_kind_with_all_its_items() -> None:
    letters = letters_expected([*TWO, *OTHERS])
    assert letters[AN] == sorted(TWO)
    assert len(letters) == 1 + len(OTHERS)
    assert all(len(items) == 1 for key, items in letters.items() if key != AN)


def test_letters_that_are_as_they_should_be_differ_in_nothing() -> None:
    letters = letters_expected([*TWO, *OTHERS])
    assert not compare_letters(letters, [(key, list(reversed(items))) for key, items in letters.items()])


def test_a_letter_that_is_missing_came_twice_or_says_something_else_is_named() -> None:
    letters = letters_expected(TWO)
    as_it_should_be = (AN, tuple(sorted(TWO)))
    assert compare_letters(letters, []).missing == (as_it_should_be,)
    twice = compare_letters(letters, [*letters.items(), *letters.items()])
    assert (twice.missing, twice.extra) == ((), (as_it_should_be,))
    shortened = compare_letters(letters, [(AN, TWO[:1])])
    assert (shortened.missing, shortened.extra) == ((as_it_should_be,), ((AN, tuple(TWO[:1])),))
    to_another = compare_letters(letters, [(AN._replace(person="binh"), TWO)])
    assert (len(to_another.missing), len(to_another.extra)) == (1, 1)
