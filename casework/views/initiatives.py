"""The register of initiatives: listed, on their way, recognised at which scope and until when, used for what.

It has no table of its own: what is recognised is a title that the unit holds with the initiative (`award`), what one
was used for stands in the nominations that name it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select, true, union

from casework.career.import_file import import_subject
from casework.career.reach import KEEPERS
from casework.career.tables import EARLIER_USE, IMPORT, IMPORTED
from casework.career.taken_over import taken_over
from casework.decided import AWARD, DECISION
from casework.history import ENTRY, NOTE
from casework.initiatives import initiative_by_code, initiative_subject
from casework.load import AUTHOR, DOSSIER, INITIATIVE, NOMINATION
from casework.people import PERSON, UNIT, person_by_code
from casework.record_step import REACH
from casework.regulations import titles_in_force
from casework.routing import unit_by_code
from casework.sight import Sight
from casework.views.bounded import PAGE, Bounded, bounded_ids
from casework.views.initiative_names import initiatives_told
from casework.views.naming import titles_named
from casework.views.staff import bare, like
from kit.database import Database
from published.titles import INITIATIVE as SUBJECT
from published.titles import Title
from rules.reasons import Reason, Refused, refuse_if
from rules.windows import local_day

STANDINGS = ("recognised", "valid", "used", "unused", "taken_back")
#: initiatives of one file; what is cut off is said in its last line
EXPORTED = 5_000
_BATCH = 500
#: people whose name is looked for in a list; whoever has more says more of the name
_MOST_AUTHORS = 400


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which initiatives are asked for. ``scope`` is a title for which one was put forward."""

    unit: str = ""
    author: str = ""
    year: str = ""
    scope: str = ""
    standing: str = ""
    words: str = ""


def sees_initiatives(sight: Sight) -> ColumnElement[bool]:
    """The condition on rows of initiatives that a person may see: of her units, of dossiers that have come to them, her
    own, or those that she has taken over from files of earlier years."""
    if sight.administers:
        return true()
    units = sorted(sight.units)
    came = (
        select(NOMINATION.c.initiative_id)
        .join(REACH, REACH.c.dossier_id == NOMINATION.c.dossier_id)
        .where(REACH.c.unit_id.in_(units), NOMINATION.c.initiative_id.is_not(None))
    )
    used = (
        select(NOMINATION.c.uses_initiative_id)
        .join(REACH, REACH.c.dossier_id == NOMINATION.c.dossier_id)
        .where(REACH.c.unit_id.in_(units), NOMINATION.c.uses_initiative_id.is_not(None))
    )
    own = select(AUTHOR.c.initiative_id).where(AUTHOR.c.person_id == sight.person)
    # One set of numbers, so that only those are looked at: of an OR every initiative there is would be asked.
    ours = INITIATIVE.alias("ours")
    listed = select(ours.c.id).where(ours.c.unit_id.in_(units))
    seen = [listed, came, used, own]
    if any(holding.duty in KEEPERS for holding in sight.holdings):
        seen.append(
            select(IMPORTED.c.row_id)
            .join(IMPORT, IMPORT.c.id == IMPORTED.c.import_id)
            .where(IMPORTED.c.kind == "initiative", IMPORT.c.imported_by_id == sight.person)
        )
    return INITIATIVE.c.id.in_(union(*seen))


def refuse_unknown(
    connection: Connection, *, unit: str | None, author: str | None, scope: str | None
) -> None:
    """Refuse a filter by what there is not; None: no filter.

    Raises:
        Refused: every unit, person and scope that is unknown.
    """
    reasons: list[Reason] = []
    for code, look in ((unit, unit_by_code), (author, person_by_code)):
        if code is None:
            continue
        try:
            look(connection, code)
        except Refused as refusal:
            reasons += refusal.reasons
    if scope is not None and scope not in titles_in_force(connection):
        reasons.append(Reason("unknown_title", {"title": scope}))
    refuse_if(reasons)


def list_of_initiatives(
    connection: Connection,
    wanted: Wanted,
    now: datetime,
    lang: str,
    *,
    sight: Sight | None = None,
    start: int = 0,
    limit: int = PAGE,
) -> Bounded:
    """A page of the initiatives that are wanted, the newest first; ``sight`` None: of all, for the terminal."""
    day = local_day(now)
    conditions = [*_conditions(connection, wanted, day), *([sees_initiatives(sight)] if sight else [])]
    newest = (
        select(INITIATIVE.c.id)
        .where(*conditions)
        .order_by(INITIATIVE.c.school_year.desc(), INITIATIVE.c.id.desc())
    )
    ids, total = bounded_ids(connection, newest, start, limit)
    told = initiatives_told(connection, ids)
    recognised = recognitions_of(connection, ids, day, lang)
    ways = _ways(connection, ids, sight, titles_named(connection, lang))
    used = uses_of(connection, ids, lang, sight)
    came = _taken_over(connection, ids)
    units = _units(connection, {row["unit_id"] for row in told.values()})
    rows = [
        {
            **told[number],
            "unit": units[told[number]["unit_id"]],
            "recognised": recognised.get(number, []),
            "ways": ways.get(number, []),
            "uses": used.get(number, []),
            "used": sum(not use["over"] for use in used.get(number, [])),
            "taken_over": came.get(number),
        }
        for number in ids
    ]
    return Bounded(rows, total)


def exported_initiatives(
    database: Database, wanted: Wanted, now: datetime, lang: str, sight: Sight
) -> Iterator[list[dict[str, Any]]]:
    """The initiatives that are wanted, as in the list, in batches and at most one more than `EXPORTED`; each batch is
    read by itself, so that no connection is held while somebody downloads."""
    for start in range(0, EXPORTED + 1, _BATCH):
        limit = min(_BATCH, EXPORTED + 1 - start)
        with database.read() as connection:
            rows = list_of_initiatives(
                connection, wanted, now, lang, sight=sight, start=start, limit=limit
            ).rows
        yield rows
        if len(rows) < limit:
            return


def show_initiative(
    connection: Connection, code: str, now: datetime, lang: str, *, sight: Sight | None = None
) -> dict[str, Any]:
    """One initiative with its authors, texts, way, recognitions, uses and history.

    Raises:
        Refused: there is none of that code, or none for this person: the two look alike.
    """
    row = initiative_by_code(connection, code)
    if sight is not None:
        seen = select(INITIATIVE.c.id).where(INITIATIVE.c.id == row["id"], sees_initiatives(sight))
        if connection.execute(seen).first() is None:
            initiative_by_code(connection, "")
    number = int(row["id"])
    titles = titles_named(connection, lang)
    told = initiatives_told(connection, [number])[number]
    came = _taken_over(connection, [number]).get(number)
    note = connection.execute(
        select(NOTE.c.text, NOTE.c.erased_at).where(NOTE.c.id == row["effect_note_id"])
    ).first()
    # What was taken over stands in the chain of its file.
    chain = import_subject(came["import"]) if came else initiative_subject(number)
    entries = connection.execute(
        select(ENTRY).where(ENTRY.c.subject == chain).order_by(ENTRY.c.seq)
    ).mappings()
    history = [
        {"seq": e["seq"], "event": e["event"], "at": e["at"].isoformat(), "by": e["actor_id"]}
        for e in entries
    ]
    names = _people(connection, {e["by"] for e in history if e["by"] is not None})
    return {
        **told,
        "unit": _units(connection, {told["unit_id"]})[told["unit_id"]],
        "effect": note.text if note is not None and note.erased_at is None else None,
        "effect_erased": note is not None and note.erased_at is not None,
        "applied_on": row["applied_on"],
        "listed_at": row["listed_at"].isoformat(),
        "recognised": recognitions_of(connection, [number], local_day(now), lang).get(number, []),
        "ways": _ways(connection, [number], sight, titles).get(number, []),
        "uses": (uses := uses_of(connection, [number], lang, sight).get(number, [])),
        "used": sum(not use["over"] for use in uses),
        "taken_over": came,
        "taken_back": _taken_back(connection, row),
        "history": [{**e, "by": names.get(e["by"])} for e in history],
        "seen": history[-1]["seq"] if history else 0,
    }


def _taken_over(connection: Connection, ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """Initiative → number, file and time of the import by which it came."""
    return {
        number: {"import": one.number, "file": one.file_name, "at": one.at.isoformat()}
        for number, one in taken_over(connection, ids).items()
    }


def _taken_back(connection: Connection, row: Mapping[str, Any]) -> dict[str, Any] | None:
    """When, by whom and why an initiative (its row) was taken back; ``reason`` None: the text was erased."""
    if row["taken_back_at"] is None:
        return None
    query = select(NOTE.c.text, NOTE.c.erased_at).where(NOTE.c.id == row["taken_back_note_id"])
    note = connection.execute(query).one()
    return {
        "at": row["taken_back_at"].isoformat(),
        "by": _people(connection, {row["taken_back_by_id"]}).get(row["taken_back_by_id"]),
        "reason": None if note.erased_at is not None else note.text,
    }


def recognitions_of(
    connection: Connection, ids: Collection[int], day: date, lang: str
) -> dict[int, list[dict[str, Any]]]:
    """Initiative → the scopes at which it is recognised: decision, last day that it counts, and whether it does."""
    if not ids:
        return {}
    known, names = _scopes(connection), titles_named(connection, lang)
    query = (
        select(
            AWARD.c.initiative_id,
            AWARD.c.title,
            AWARD.c.school_year,
            AWARD.c.valid_until,
            DECISION.c.number,
            DECISION.c.decided_on,
            DECISION.c.issued_by,
        )
        .join(DECISION, DECISION.c.id == AWARD.c.decision_id)
        .where(AWARD.c.initiative_id.in_(sorted(ids)), AWARD.c.standing == "held")
        .order_by(AWARD.c.id)
    )
    found: dict[int, list[dict[str, Any]]] = {}
    for row in connection.execute(query):
        title = known.get(row.title)
        by_rule = title.valid.last_day(row.decided_on) if title is not None and title.valid else None
        until = row.valid_until or by_rule
        found.setdefault(row.initiative_id, []).append(
            {
                "title": row.title,
                "title_name": names.get(row.title, row.title),
                "short": title.short if title is not None else row.title,
                "year": row.school_year,
                "number": row.number,
                "decided_on": row.decided_on,
                "issued_by": row.issued_by,
                "until": until,
                # What the decision itself says needs no other source.
                "until_verified": row.valid_until is not None
                or bool(title is not None and title.valid and title.valid.verified),
                "valid": until is None or day <= until,
            }
        )
    return found


def uses_of(
    connection: Connection, ids: Collection[int], lang: str, sight: Sight | None = None
) -> dict[int, list[dict[str, Any]]]:
    """Initiative → what it is used for: what files of earlier years say, then the nominations that name it, in order.

    Of an ``earlier`` use there is no dossier. Of one in a dossier that the person may not see is told that there is
    one, once it left its school, and no more.
    ``over``: that nomination came to nothing.
    """
    if not ids:
        return {}
    names = titles_named(connection, lang)
    query = (
        select(
            NOMINATION.c.uses_initiative_id,
            NOMINATION.c.id,
            NOMINATION.c.title,
            NOMINATION.c.outcome,
            NOMINATION.c.dossier_id,
            DOSSIER.c.code,
            DOSSIER.c.school_year,
            DOSSIER.c.state_kind,
            PERSON.c.name.label("person"),
            UNIT.c.name.label("unit"),
        )
        .join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id)
        .join(UNIT, UNIT.c.id == NOMINATION.c.unit_id)
        .outerjoin(PERSON, PERSON.c.id == NOMINATION.c.person_id)
        .where(NOMINATION.c.uses_initiative_id.in_(sorted(ids)), NOMINATION.c.outcome != "struck")
        .order_by(NOMINATION.c.id)
    )
    rows = connection.execute(query).mappings().all()
    seen = _seen(connection, sight, {row["dossier_id"] for row in rows})
    found = _uses_before(connection, ids, names)
    for row in rows:
        over = row["outcome"] in ("stopped", "not_awarded", "revoked") or row["state_kind"] in (
            "withdrawn",
            "lapsed",
            "declined",
            "revoked",
        )
        use: dict[str, Any] = {"nomination": row["id"], "over": over, "seen": row["dossier_id"] in seen}
        if use["seen"]:
            use |= {
                "earlier": False,
                "dossier": row["code"],
                "year": row["school_year"],
                "title": row["title"],
                "title_name": names.get(row["title"], row["title"]),
                "who": row["person"] or row["unit"],
                "outcome": row["outcome"],
            }
        elif over or row["state_kind"] == "draft":
            continue
        found.setdefault(row["uses_initiative_id"], []).append(use)
    return found


def _uses_before(
    connection: Connection, ids: Collection[int], names: Mapping[str, str]
) -> dict[int, list[dict[str, Any]]]:
    """Initiative → the titles for which its authors used it, as files of earlier years say."""
    query = (
        select(EARLIER_USE, PERSON.c.name)
        .join(PERSON, PERSON.c.id == EARLIER_USE.c.person_id)
        .where(EARLIER_USE.c.initiative_id.in_(sorted(ids)))
        .order_by(EARLIER_USE.c.id)
    )
    found: dict[int, list[dict[str, Any]]] = {}
    for row in connection.execute(query):
        found.setdefault(row.initiative_id, []).append(
            {
                "nomination": None,
                "over": False,
                "seen": True,
                "earlier": True,
                "dossier": None,
                "year": row.school_year,
                "title": row.title,
                "title_name": names.get(row.title, row.title),
                "who": row.name,
                "outcome": None,
            }
        )
    return found


def may_use(connection: Connection, unit: int, people: Iterable[int]) -> list[dict[str, Any]]:
    """Initiatives that nominations of a unit may name: its own, and those of some people's; the newest first."""
    authors = select(AUTHOR.c.initiative_id).where(AUTHOR.c.person_id.in_(sorted(set(people))))
    query = (
        select(INITIATIVE.c.id)
        .where(
            or_(INITIATIVE.c.unit_id == unit, INITIATIVE.c.id.in_(authors)),
            INITIATIVE.c.taken_back_at.is_(None),
        )
        .order_by(INITIATIVE.c.id.desc())
        .limit(_MOST_AUTHORS)
    )
    ids = list(connection.execute(query).scalars())
    told = initiatives_told(connection, ids)
    return [told[number] for number in ids]


def free_for(connection: Connection, dossier: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The initiatives of a dossier's unit and year that stand in it neither under this level's title nor, undecided or
    recognised, in another dossier of the level; in the order of their list."""
    elsewhere = (
        select(NOMINATION.c.initiative_id)
        .join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id)
        .where(
            NOMINATION.c.initiative_id.is_not(None),
            NOMINATION.c.outcome.in_(("open", "awarded")),
            DOSSIER.c.unit_id == dossier["unit_id"],
            DOSSIER.c.level == dossier["level"],
            DOSSIER.c.state_kind.not_in(("withdrawn", "lapsed", "declined", "revoked")),
        )
    )
    query = (
        select(INITIATIVE.c.id)
        .where(
            INITIATIVE.c.unit_id == dossier["unit_id"],
            INITIATIVE.c.school_year == dossier["school_year"],
            INITIATIVE.c.id.not_in(elsewhere),
            INITIATIVE.c.taken_back_at.is_(None),
        )
        .order_by(INITIATIVE.c.id)
    )
    ids = list(connection.execute(query).scalars())
    told = initiatives_told(connection, ids)
    return [told[number] for number in ids]


def scopes_of(connection: Connection, lang: str, level: str | None = None) -> list[tuple[str, str]]:
    """(code, words) of the titles that initiatives may get, of one level where asked for."""
    names = titles_named(connection, lang)
    return [
        (code, names[code])
        for code, title in _scopes(connection).items()
        if level is None or title.level == level
    ]


def years_of(connection: Connection) -> list[str]:
    """School years for which something is listed, the newest first."""
    # From one year to the next along the index: DISTINCT would read every row there is.
    newest = select(func.max(INITIATIVE.c.school_year).label("year")).cte("years", recursive=True)
    before = select(func.max(INITIATIVE.c.school_year)).where(INITIATIVE.c.school_year < newest.c.year)
    step = select(before.scalar_subquery()).where(newest.c.year.is_not(None))
    years = newest.union_all(step)
    query = select(years.c.year).where(years.c.year.is_not(None)).order_by(years.c.year.desc())
    return list(connection.execute(query).scalars())


def _scopes(connection: Connection) -> dict[str, Title]:
    try:
        titles = titles_in_force(connection)
    except Refused:
        return {}
    return {code: title for code, title in titles.items() if title.subject == SUBJECT}


def _conditions(connection: Connection, wanted: Wanted, day: date) -> Iterable[ColumnElement[bool]]:
    if wanted.unit:
        yield INITIATIVE.c.unit_id.in_(select(UNIT.c.id).where(UNIT.c.code == wanted.unit))
    if wanted.year:
        yield INITIATIVE.c.school_year == wanted.year
    if wanted.author:
        people = _authors_like(connection, wanted.author)
        yield INITIATIVE.c.id.in_(select(AUTHOR.c.initiative_id).where(AUTHOR.c.person_id.in_(people)))
    if wanted.words:
        for word in bare(wanted.words).split():
            yield INITIATIVE.c.searched.contains(word, autoescape=True)
    if wanted.scope:
        asked = select(NOMINATION.c.initiative_id).where(
            NOMINATION.c.title == wanted.scope,
            NOMINATION.c.initiative_id.is_not(None),
            NOMINATION.c.outcome != "struck",
        )
        # What was taken over was put forward elsewhere.
        held = select(AWARD.c.initiative_id).where(
            AWARD.c.title == wanted.scope,
            AWARD.c.initiative_id.is_not(None),
            AWARD.c.nomination_id.is_(None),
            AWARD.c.standing == "held",
        )
        yield INITIATIVE.c.id.in_(union(asked, held))
    yield from _standing(connection, wanted, day)


def _standing(connection: Connection, wanted: Wanted, day: date) -> Iterable[ColumnElement[bool]]:
    taken_back = INITIATIVE.c.taken_back_at
    yield taken_back.is_not(None) if wanted.standing == "taken_back" else taken_back.is_(None)
    if wanted.standing in ("used", "unused"):
        used = exists().where(
            NOMINATION.c.uses_initiative_id == INITIATIVE.c.id,
            NOMINATION.c.outcome.in_(("open", "awarded")),
        )
        earlier = exists().where(EARLIER_USE.c.initiative_id == INITIATIVE.c.id)
        yield or_(used, earlier) if wanted.standing == "used" else and_(~used, ~earlier)
    if wanted.standing in ("recognised", "valid"):
        held = [AWARD.c.initiative_id == INITIATIVE.c.id, AWARD.c.standing == "held"]
        if wanted.scope:
            held.append(AWARD.c.title == wanted.scope)
        if wanted.standing == "valid":
            held.append(or_(*_counting(connection, day)))
        # Asked of each, newest first, until a page is full: a list of all that were ever recognised only grows.
        yield exists(select(AWARD.c.id).join(DECISION, DECISION.c.id == AWARD.c.decision_id).where(*held))


def _counting(connection: Connection, day: date) -> Iterable[ColumnElement[bool]]:
    """Conditions on awards that count on a day: by what their decisions say themselves, else by the scope."""
    yield AWARD.c.valid_until >= day
    limited = {code: title.valid for code, title in _scopes(connection).items() if title.valid is not None}
    silent = AWARD.c.valid_until.is_(None)
    yield and_(silent, AWARD.c.title.not_in(list(limited)))
    for code, valid in limited.items():
        yield and_(silent, AWARD.c.title == code, DECISION.c.decided_on >= _first_day(day, valid.years))


def _first_day(day: date, years: int) -> date:
    """The first day of which a decision still counts on ``day``."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)


def _authors_like(connection: Connection, text: str) -> list[int]:
    """Authors whose staff code it is, or whose name holds every word, marks left out."""
    words = bare(text).split()
    authors = and_(PERSON.c.id.in_(select(AUTHOR.c.person_id)), PERSON.c.erased_at.is_(None))
    typed = select(PERSON.c.id).where(PERSON.c.code == text.strip(), authors)
    if (number := connection.execute(typed).scalar()) is not None:
        return [number]
    query = select(PERSON.c.id, PERSON.c.code, PERSON.c.name).where(authors)
    found = [
        row.id
        for row in connection.execute(query)
        if like(row.code) == like(text) or all(word in bare(row.name) for word in words)
    ]
    return found[:_MOST_AUTHORS]


def _ways(
    connection: Connection, ids: Collection[int], sight: Sight | None, titles: Mapping[str, str]
) -> dict[int, list[dict[str, Any]]]:
    """Initiative → the dossiers that put it forward, as far as they may be seen."""
    if not ids:
        return {}
    query = (
        select(
            NOMINATION.c.initiative_id,
            NOMINATION.c.id,
            NOMINATION.c.title,
            NOMINATION.c.outcome,
            NOMINATION.c.dossier_id,
            DOSSIER.c.code,
            DOSSIER.c.state,
            DOSSIER.c.procedure_sha256,
            DOSSIER.c.school_year,
        )
        .join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id)
        .where(NOMINATION.c.initiative_id.in_(sorted(ids)), NOMINATION.c.outcome != "struck")
        .order_by(NOMINATION.c.id)
    )
    rows = connection.execute(query).mappings().all()
    seen = _seen(connection, sight, {row["dossier_id"] for row in rows})
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        if row["dossier_id"] in seen:
            found.setdefault(row["initiative_id"], []).append(
                {
                    "dossier": row["code"],
                    "year": row["school_year"],
                    "title": row["title"],
                    "title_name": titles.get(row["title"], row["title"]),
                    "outcome": row["outcome"],
                    "state": row["state"],
                    "procedure": row["procedure_sha256"],
                }
            )
    return found


def _seen(connection: Connection, sight: Sight | None, dossiers: Collection[int]) -> frozenset[int]:
    if sight is None or sight.administers:
        return frozenset(dossiers)
    if not dossiers:
        return frozenset()
    query = select(REACH.c.dossier_id).where(
        REACH.c.dossier_id.in_(sorted(dossiers)), REACH.c.unit_id.in_(sorted(sight.units))
    )
    return frozenset(connection.execute(query).scalars())


def _units(connection: Connection, ids: Collection[int]) -> dict[int, dict[str, str]]:
    query = select(UNIT.c.id, UNIT.c.code, UNIT.c.name).where(UNIT.c.id.in_(sorted(ids)))
    return {row.id: {"code": row.code, "name": row.name} for row in connection.execute(query)}


def _people(connection: Connection, ids: Collection[int]) -> dict[int, dict[str, str]]:
    query = select(PERSON.c.id, PERSON.c.code, PERSON.c.name).where(PERSON.c.id.in_(sorted(ids)))
    return {row.id: {"code": row.code, "name": row.name} for row in connection.execute(query)}
