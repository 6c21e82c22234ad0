"""Verdicts that are kept: their numbers, their rulebooks, their findings, what they were built on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.exc import NoResultFound

from casework.career.keys import holder_of
from casework.doctor.adding_up import NotItsAnswers, add_up, kept_answers
from casework.doctor.finding import fault
from casework.doctor.view import View, named
from casework.history import ENTRY
from casework.law.keeping import BASIS, VERDICT
from casework.law.taking import TAKING
from casework.load import DOSSIER, NOMINATION
from casework.record_step import subject_of
from casework.regulations import REGULATION, Unsound, rulebook_of
from kit.id_sets import among
from models.verdict import AGAIN

_OF_YEAR, _OF_HOLDER = r"[pu][0-9]+:[0-9]{4}", r"[pu][0-9]+"
# Kind of a key → what stands behind it (docs/verdicts.md): mostly its holder first.
_KEYS = {
    "title": re.compile(r"[pu][0-9]+:([0-9]{4}|ever):[^:]+"),
    **dict.fromkeys(("grade", "complete", "registered", "rank", "movement", "members"), re.compile(_OF_YEAR)),
    **dict.fromkeys(
        ("initiatives", "discipline", "service", "employment", "whole", "matter"), re.compile(_OF_HOLDER)
    ),
}
_RULEBOOK = "rulebook:"
#: entries of acts that are read at once, with the verdicts of their dossiers
_AT_ONCE = 100


def verdict_numbers_broken(view: View) -> Iterator[str]:
    """The verdicts on a nomination do not count from 1 without gaps."""
    query = (
        select(VERDICT.c.nomination_id)
        .group_by(VERDICT.c.nomination_id)
        .having(or_(func.min(VERDICT.c.number) != 1, func.max(VERDICT.c.number) != func.count()))
    )
    yield from view.ids("nomination", query.order_by(VERDICT.c.nomination_id))


def verdict_on_nothing(view: View) -> Iterator[str]:
    """A verdict is on an initiative, which its council judges, or on no nomination at all."""
    query = (
        select(VERDICT.c.nomination_id)
        .outerjoin(NOMINATION, NOMINATION.c.id == VERDICT.c.nomination_id)
        .where(or_(NOMINATION.c.id.is_(None), NOMINATION.c.initiative_id.is_not(None)))
    )
    yield from view.ids("nomination", _once(query))


def verdict_by_no_rulebook(view: View) -> Iterator[str]:
    """A verdict names a rulebook that was not published, or another kind of regulation."""
    query = (
        select(VERDICT.c.nomination_id)
        .outerjoin(REGULATION, REGULATION.c.sha256 == VERDICT.c.rulebook_sha256)
        .where(REGULATION.c.kind.is_distinct_from("rulebook"))
    )
    yield from view.ids("nomination", _once(query))


def verdict_beyond_version(view: View) -> Iterator[str]:
    """A verdict was taken at a version that its dossier has not reached."""
    query = (
        select(VERDICT.c.nomination_id)
        .join(NOMINATION, NOMINATION.c.id == VERDICT.c.nomination_id)
        .join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id)
        .where(VERDICT.c.version > DOSSIER.c.version)
    )
    yield from view.ids("nomination", _once(query))


def _once(query: Select[Any]) -> Select[Any]:
    """Each nomination once, however many of its verdicts are meant."""
    return query.distinct().order_by(VERDICT.c.nomination_id)


# --- Findings ---


def verdict_findings_unreadable(view: View) -> Iterator[str]:
    """The findings of a verdict are no canonical JSON, or not written as findings are."""
    for row in view.rows(_in_order(VERDICT.c.findings)):
        if kept_answers(row["findings"]) is None:
            yield f"nomination:{row['nomination_id']}"


def verdict_does_not_add_up(view: View) -> Iterator[str]:
    """The answer of a verdict is not what its findings come to by its rulebook."""
    columns = ("findings", "outcome", "why", "rule", "rulebook_sha256", "legal_day")
    query = _in_order(*(VERDICT.c[name] for name in columns), NOMINATION.c.title, NOMINATION.c.person_id)
    # By initiatives no rule is asked; a verdict on one is told above.
    of_people = and_(NOMINATION.c.id == VERDICT.c.nomination_id, NOMINATION.c.initiative_id.is_(None))
    for row in view.rows(query.join(NOMINATION, of_people)):
        kept = kept_answers(row["findings"])
        try:
            law = rulebook_of(view.connection, row["rulebook_sha256"]).law
        except (NoResultFound, Unsound):
            # A rulebook that is none, or cannot be read, and findings that cannot: each is told by its own name.
            continue
        if kept is None:
            continue
        try:
            whose = row["title"], "collective" if row["person_id"] is None else "individual"
            added = add_up(law, whose, row["rule"], row["legal_day"], kept)
            same = added == (row["outcome"], row["why"])
        except NotItsAnswers:
            same = False
        if not same:
            yield f"nomination:{row['nomination_id']}"


def _in_order(*columns: ColumnElement[Any]) -> Select[Any]:
    query = select(VERDICT.c.nomination_id, *columns).select_from(VERDICT)
    return query.order_by(VERDICT.c.nomination_id, VERDICT.c.number)


# --- The history ---


def verdict_differs_from_history(view: View) -> Iterator[str]:
    """A verdict that was taken at an act is not what the act tells of it, or one of the two is missing."""
    tells = and_(
        ENTRY.c.subject.startswith("dossier:", autoescape=True),
        ENTRY.c.event.in_(TAKING),
        ENTRY.c.payload.contains('"verdicts":', autoescape=True),
    )
    query = select(ENTRY.c.subject, ENTRY.c.seq, ENTRY.c.event, ENTRY.c.payload).where(tells)
    streamed = query.order_by(ENTRY.c.subject, ENTRY.c.seq).execution_options(yield_per=_AT_ONCE)
    for entries in view.connection.execute(streamed).mappings().partitions():
        yield from _against_acts(view, entries)
    act = exists().where(
        tells,
        ENTRY.c.subject == named("dossier", NOMINATION.c.dossier_id),
        ENTRY.c.seq == VERDICT.c.version,
        ENTRY.c.event == VERDICT.c.taken_at,
    )
    alone = (
        select(VERDICT.c.nomination_id)
        .join(NOMINATION, NOMINATION.c.id == VERDICT.c.nomination_id)
        .where(VERDICT.c.taken_at != AGAIN, ~act)
    )
    yield from view.ids("nomination", _once(alone))


def _against_acts(view: View, entries: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    acts = {(entry["subject"], entry["seq"], entry["event"]): _told(entry["payload"]) for entry in entries}
    numbers = {int(number) for subject, _, _ in acts if (number := subject.partition(":")[2]).isdigit()}
    query = (
        select(VERDICT, NOMINATION.c.dossier_id)
        .join(NOMINATION, NOMINATION.c.id == VERDICT.c.nomination_id)
        .where(among(NOMINATION.c.dossier_id, "dossiers"), VERDICT.c.taken_at != AGAIN)
        .order_by(VERDICT.c.nomination_id, VERDICT.c.number)
    )
    for row in view.connection.execute(query, {"dossiers": numbers}):
        told = acts.get((subject_of(row.dossier_id), row.version, row.taken_at))
        if told is not None and told.pop(row.nomination_id, None) != (row.outcome, row.rule):
            yield f"nomination:{row.nomination_id}"
    yield from (f"nomination:{number}" for told in acts.values() for number in told)


def _told(payload: str) -> dict[int, tuple[str, str]]:
    """Nomination → outcome and rule, as an act tells them; nothing where it was forged (`audit verify` names it)."""
    try:
        return {number: (outcome, rule) for number, outcome, rule in json.loads(payload)["verdicts"]}
    except (ValueError, KeyError, TypeError):
        return {}


# --- What verdicts were built on ---


def basis_without_verdict(view: View) -> Iterator[str]:
    """What a verdict was built on is kept of a nomination that has none."""
    there = exists().where(VERDICT.c.nomination_id == BASIS.c.nomination_id)
    query = select(BASIS.c.nomination_id).where(~there).distinct()
    yield from view.ids("nomination", query.order_by(BASIS.c.nomination_id))


def verdict_without_basis(view: View) -> Iterator[str]:
    """Nothing is kept on which the newest verdict on a nomination was built: no correction would reach it."""
    there = exists().where(BASIS.c.nomination_id == VERDICT.c.nomination_id)
    yield from view.ids("nomination", _once(select(VERDICT.c.nomination_id).where(~there)))


def basis_key_impossible(view: View) -> Iterator[str]:
    """A verdict was built on, or taken again because of, what no verdict on its nomination looks at."""
    holder = NOMINATION.c.person_id, NOMINATION.c.unit_id
    for table, key in ((BASIS, BASIS.c.key), (VERDICT, VERDICT.c.reopened_by)):
        query = (
            select(NOMINATION.c.id, *holder, key.label("key"))
            .join(table, table.c.nomination_id == NOMINATION.c.id)
            .where(key.is_not(None))
        )
        for row in view.rows(query.order_by(NOMINATION.c.id, key)):
            if not _could_be(row["key"], holder_of(row["person_id"], row["unit_id"])):
                yield f"nomination:{row['id']}"


def _could_be(key: str, holder: str) -> bool:
    """Whether a verdict on the holder could look at what a key names."""
    kind, _, rest = key.partition(":")
    if key.startswith(_RULEBOOK):
        return bool(rest)
    return kind in _KEYS and _KEYS[kind].fullmatch(rest) is not None and rest.partition(":")[0] == holder


INVARIANTS = (
    fault(verdict_numbers_broken),
    fault(verdict_on_nothing),
    fault(verdict_by_no_rulebook),
    fault(verdict_beyond_version),
    fault(verdict_findings_unreadable),
    fault(verdict_does_not_add_up),
    fault(verdict_differs_from_history),
    fault(basis_without_verdict),
    fault(verdict_without_basis),
    fault(basis_key_impossible),
)
