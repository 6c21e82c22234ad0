"""Published regulations at work: charts, calendars, titles, scorecards, rules of councils …, read once per process.

A published row never changes, so what was read from it is kept for the life of the process.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TypeVar

from sqlalchemy import Connection, bindparam, insert, select

from casework.call import Call
from casework.history import append_entry
from kit.canonical import sha256_hex
from kit.strict_yaml import Fault
from models.regulation import Regulation
from models.window import Extension
from published.calendar import Calendar, read_calendar
from published.councils import CouncilRules, read_council
from published.holidays import Holidays, days_off_of, read_holidays
from published.rulebooks import Rulebook, read_rulebook
from published.scorecards import Scorecard, read_scorecard
from published.successions import Succession, read_succession
from published.titles import Title, read_titles
from rules.reasons import Reason, Refused
from rules.working_days import DaysOff
from states.chart import Chart
from states.procedure import read_procedure
from states.soundness import check_procedure

T = TypeVar("T")
REGULATION, EXTENSION = Regulation.__table__, Extension.__table__
# Made once, as every page and every act asks them.
_NEWEST = (
    select(REGULATION.c.sha256)
    .where(REGULATION.c.kind == bindparam("kind"), REGULATION.c.name == bindparam("name"))
    .order_by(REGULATION.c.version.desc())
    .limit(1)
)
_PUBLISHED = (
    select(REGULATION.c.name, REGULATION.c.sha256)
    .where(REGULATION.c.kind == bindparam("kind"))
    .order_by(REGULATION.c.name, REGULATION.c.version)
)


class Unsound(Exception):
    """A regulation was not published: it has faults, each with its line."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__("; ".join(f"{f.line}: {f.code}" for f in faults))


def check_regulation(kind: str, text: bytes, sha256: str = "") -> tuple[str | None, tuple[Fault, ...]]:
    """The name inside a regulation's text, and every fault of it."""
    if kind == "procedure":
        procedure, faults = check_procedure(text, sha256)
        return (procedure.name if procedure else None), faults
    if kind == "calendar":
        calendar, found = read_calendar(text, sha256)
        return (calendar.name if calendar else None), tuple(found)
    if kind == "succession":
        succession, found = read_succession(text, sha256)
        return (succession.name if succession else None), tuple(found)
    if kind == "holidays":
        holidays, found = read_holidays(text)
        return (holidays.name if holidays else None), tuple(found)
    if kind == "scorecard":
        scorecard, found = read_scorecard(text, sha256)
        return (scorecard.name if scorecard else None), tuple(found)
    if kind == "council":
        council, found = read_council(text)
        return (council.name if council else None), tuple(found)
    if kind == "rulebook":
        rulebook, found = read_rulebook(text, sha256)
        return (rulebook.name if rulebook else None), tuple(found)
    titles, found = read_titles(text)
    return ("titles" if titles else None), tuple(found)


def is_published(connection: Connection, sha256: str) -> bool:
    """Whether a regulation of this SHA-256 is kept."""
    known = select(REGULATION.c.sha256).where(REGULATION.c.sha256 == sha256)
    return connection.execute(known).first() is not None


def publish_regulation(connection: Connection, kind: str, text: bytes, call: Call) -> tuple[str, bool]:
    """Store a regulation for good; gives its SHA-256 and whether it is new. The same bytes are stored once.

    Raises:
        Unsound: it has faults; nothing is stored.
    """
    sha256 = sha256_hex(text)
    if connection.dialect.name == "postgresql":
        # Two who publish at once would both count the versions before either is written. Publishing is rare: wait.
        connection.exec_driver_sql("LOCK TABLE regulation IN SHARE ROW EXCLUSIVE MODE")
    if is_published(connection, sha256):
        return sha256, False
    name, faults = check_regulation(kind, text, sha256)
    if faults or name is None:
        raise Unsound(faults)
    versions = connection.execute(
        select(REGULATION.c.version).where(REGULATION.c.kind == kind, REGULATION.c.name == name)
    ).all()
    version = max((row.version for row in versions), default=0) + 1
    connection.execute(
        insert(REGULATION),
        {
            "sha256": sha256,
            "kind": kind,
            "name": name,
            "text": text.decode("utf-8"),
            "published_at": call.now,
            "version": version,
        },
    )
    append_entry(
        connection, f"regulation:{kind}:{name}", "publish", {"sha256": sha256, "version": version}, call
    )
    return sha256, True


_CHARTS: dict[str, Chart] = {}
_CALENDARS: dict[str, Calendar] = {}
_TITLES: dict[str, dict[str, Title]] = {}
_SUCCESSIONS: dict[str, Succession] = {}
_HOLIDAYS: dict[str, Holidays] = {}
_SCORECARDS: dict[str, Scorecard] = {}
_COUNCILS: dict[str, CouncilRules] = {}
_RULEBOOKS: dict[str, Rulebook] = {}
_DAYS_OFF: dict[tuple[str, ...], DaysOff] = {}


def _text_of(connection: Connection, sha256: str) -> str:
    return str(
        connection.execute(select(REGULATION.c.text).where(REGULATION.c.sha256 == sha256)).scalar_one()
    )


def _kept(
    cache: dict[str, T],
    connection: Connection,
    sha256: str,
    read: Callable[[str], tuple[T | None, Collection[Fault]]],
) -> T:
    """What a published text says: read once, then from ``cache``."""
    found = cache.get(sha256)
    if found is None:
        found, faults = read(_text_of(connection, sha256))
        if found is None or faults:
            raise Unsound(tuple(faults))
        cache[sha256] = found
    return found


def chart_of(connection: Connection, sha256: str) -> Chart:
    """The chart of a published procedure, named by its SHA-256."""
    chart = _CHARTS.get(sha256)
    if chart is None:
        procedure, faults = read_procedure(_text_of(connection, sha256), sha256)
        if procedure is None or faults:
            raise Unsound(tuple(faults))
        chart = _CHARTS[sha256] = Chart(procedure)
    return chart


def version_of(connection: Connection, sha256: str) -> int:
    """Which version of its name a published regulation is, from 1."""
    return int(
        connection.execute(select(REGULATION.c.version).where(REGULATION.c.sha256 == sha256)).scalar_one()
    )


def newest(connection: Connection, kind: str, name: str) -> str | None:
    """The SHA-256 of the newest version of a regulation, or None when none was published."""
    return connection.execute(_NEWEST, {"kind": kind, "name": name}).scalar()


def published(connection: Connection, kind: str) -> tuple[tuple[str, str], ...]:
    """(name, SHA-256) of the newest version of every regulation of a kind, by name."""
    rows = connection.execute(_PUBLISHED, {"kind": kind})
    return tuple({row.name: row.sha256 for row in rows}.items())


def calendar_by_hash(connection: Connection, sha256: str) -> Calendar:
    """A published calendar."""
    return _kept(_CALENDARS, connection, sha256, lambda text: read_calendar(text, sha256))


def calendars_published(connection: Connection) -> tuple[Calendar, ...]:
    """The newest version of every calendar, by name."""
    return tuple(calendar_by_hash(connection, sha256) for _, sha256 in published(connection, "calendar"))


def calendar_among(calendars: Iterable[Calendar], procedure: str, school_year: str) -> Calendar | None:
    """The calendar for a procedure's dossiers of a school year; None where none is."""
    for calendar in calendars:
        if procedure in calendar.procedures and calendar.school_year == school_year:
            return calendar
    return None


def calendar_for(connection: Connection, procedure: str, school_year: str) -> Calendar | None:
    """The calendar in force for a procedure's dossiers of a school year; None where none was published."""
    return calendar_among(calendars_published(connection), procedure, school_year)


def succession_by_hash(connection: Connection, sha256: str) -> Succession:
    """A published succession map."""
    return _kept(_SUCCESSIONS, connection, sha256, lambda text: read_succession(text, sha256))


def successions(connection: Connection) -> tuple[Succession, ...]:
    """The newest version of every published succession map, by name."""
    hashes = [sha256 for _, sha256 in published(connection, "succession")]
    return tuple(succession_by_hash(connection, sha256) for sha256 in hashes)


def titles_in_force(connection: Connection) -> dict[str, Title]:
    """The catalogue of titles, by code.

    Raises:
        Refused: no catalogue was published.
    """
    sha256 = newest(connection, "titles", "titles")
    if sha256 is None:
        raise Refused([Reason("no_catalogue")])
    return _kept(_TITLES, connection, sha256, read_titles)


def holidays_by_hash(connection: Connection, sha256: str) -> Holidays:
    """A published year of holidays."""
    return _kept(_HOLIDAYS, connection, sha256, read_holidays)


def days_off(connection: Connection) -> DaysOff:
    """The days off by the newest version of every published year; weekends alone where none was published."""
    hashes = tuple(sha256 for _, sha256 in published(connection, "holidays"))
    if hashes not in _DAYS_OFF:
        _DAYS_OFF[hashes] = days_off_of(holidays_by_hash(connection, sha256) for sha256 in hashes)
    return _DAYS_OFF[hashes]


def scorecard_by_hash(connection: Connection, sha256: str) -> Scorecard:
    """A published scorecard."""
    return _kept(_SCORECARDS, connection, sha256, lambda text: read_scorecard(text, sha256))


def scorecard_named(connection: Connection, name: str) -> Scorecard:
    """The newest version of a scorecard.

    Raises:
        Refused: none of that name was published.
    """
    sha256 = newest(connection, "scorecard", name)
    if sha256 is None:
        raise Refused([Reason("unknown_scorecard", {"name": name})])
    return scorecard_by_hash(connection, sha256)


def council_rules_by_hash(connection: Connection, sha256: str) -> CouncilRules:
    """The published rules of a council."""
    return _kept(_COUNCILS, connection, sha256, read_council)


def rulebook_of(connection: Connection, sha256: str) -> Rulebook:
    """A published rulebook."""
    return _kept(_RULEBOOKS, connection, sha256, lambda text: read_rulebook(text, sha256))


def rulebooks(connection: Connection) -> tuple[Rulebook, ...]:
    """The newest version of every published rulebook, by name."""
    return tuple(rulebook_of(connection, sha256) for _, sha256 in published(connection, "rulebook"))


def rulebook_named(connection: Connection, name: str) -> Rulebook:
    """The newest version of a rulebook.

    Raises:
        Refused: none of that name was published.
    """
    sha256 = newest(connection, "rulebook", name)
    if sha256 is None:
        raise Refused([Reason("unknown_rulebook", {"name": name})])
    return rulebook_of(connection, sha256)
