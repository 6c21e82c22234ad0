"""Initiatives: their authors, whose they are, where they are put forward, and that the rows are what was listed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, exists, func, or_, select

from casework.career.import_file import import_subject
from casework.career.tables import IMPORT, IMPORTED
from casework.career.write_initiatives import initiatives_digest
from casework.decided import AWARD
from casework.doctor.finding import fault, warning
from casework.doctor.view import View, named, payload_of
from casework.history import ENTRY
from casework.initiatives import authors_told, initiative_subject, searched, text_digest
from casework.load import AUTHOR, DOSSIER, INITIATIVE, NOMINATION
from casework.named_initiatives import ENDED_WITHOUT
from published.titles import INITIATIVE as SUBJECT
from rules.shares import WHOLE

TAKEN_BACK = "take_back_initiative"


def initiative_shares_not_whole(view: View) -> Iterator[str]:
    """The shares of an initiative's authors do not add up to a hundred percent, or it has no author."""
    total = func.coalesce(func.sum(AUTHOR.c.share), 0)
    query = (
        select(INITIATIVE.c.id)
        .outerjoin(AUTHOR, AUTHOR.c.initiative_id == INITIATIVE.c.id)
        .group_by(INITIATIVE.c.id)
        .having(total != WHOLE)
        .order_by(INITIATIVE.c.id)
    )
    yield from view.ids("initiative", query)


def initiative_of_other_unit(view: View) -> Iterator[str]:
    """A dossier puts forward an initiative that another unit listed."""
    query = (
        select(NOMINATION.c.id)
        .join(INITIATIVE, INITIATIVE.c.id == NOMINATION.c.initiative_id)
        .where(INITIATIVE.c.unit_id != NOMINATION.c.unit_id)
    )
    yield from view.ids("nomination", query)


def initiative_put_forward_twice(view: View) -> Iterator[str]:
    """One initiative is put forward for one scope in two dossiers at once, or again after it was recognised."""
    other, elsewhere = NOMINATION.alias("other"), DOSSIER.alias("elsewhere")
    standing = ("open", "awarded")
    again = exists(
        select(other.c.id)
        .join(elsewhere, elsewhere.c.id == other.c.dossier_id)
        .where(
            other.c.initiative_id == NOMINATION.c.initiative_id,
            other.c.title == NOMINATION.c.title,
            other.c.id < NOMINATION.c.id,
            other.c.outcome.in_(standing),
            elsewhere.c.state_kind.not_in(ENDED_WITHOUT),
        )
    )
    query = (
        select(NOMINATION.c.id)
        .join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id)
        .where(NOMINATION.c.outcome.in_(standing), DOSSIER.c.state_kind.not_in(ENDED_WITHOUT), again)
    )
    yield from view.ids("nomination", query)


def used_by_no_author(view: View) -> Iterator[str]:
    """A nomination uses an initiative of which the nominee is no author, or another unit's."""
    author = exists().where(
        AUTHOR.c.initiative_id == NOMINATION.c.uses_initiative_id,
        AUTHOR.c.person_id == NOMINATION.c.person_id,
    )
    strange = or_(
        and_(NOMINATION.c.person_id.is_not(None), ~author),
        and_(NOMINATION.c.person_id.is_(None), INITIATIVE.c.unit_id != NOMINATION.c.unit_id),
        NOMINATION.c.initiative_id.is_not(None),
    )
    query = select(NOMINATION.c.id).join(INITIATIVE, INITIATIVE.c.id == NOMINATION.c.uses_initiative_id)
    # Until it was handed in the authors may still be written anew; what is struck counts nothing.
    yield from view.ids("nomination", query.where(strange, NOMINATION.c.outcome != "struck"))


def award_of_other_initiative(view: View) -> Iterator[str]:
    """A title is held with another initiative than the nomination's."""
    query = (
        select(AWARD.c.id)
        .join(NOMINATION, NOMINATION.c.id == AWARD.c.nomination_id)
        .where(AWARD.c.initiative_id.is_distinct_from(NOMINATION.c.initiative_id))
    )
    yield from view.ids("award", query)


def initiative_title_without_initiative(view: View) -> Iterator[str]:
    """A title for initiatives is held with none, or another title with one."""
    scopes = [code for code, title in view.titles.items() if title.subject == SUBJECT]
    if not view.titles:
        return
    odd = AWARD.c.title.in_(scopes) != AWARD.c.initiative_id.is_not(None)
    yield from view.ids("award", select(AWARD.c.id).where(odd))


def initiative_differs_from_history(view: View) -> Iterator[str]:
    """An initiative or its authors are not what was listed or last changed, or what its import has told."""
    written: dict[int, list[Any]] = {}
    authors = select(AUTHOR).order_by(AUTHOR.c.initiative_id, AUTHOR.c.share.desc(), AUTHOR.c.person_id)
    for row in view.connection.execute(authors).mappings():
        written.setdefault(row["initiative_id"], []).append(row)
    chains = ENTRY.c.subject.startswith("initiative:", autoescape=True)
    gone = select(ENTRY.c.subject).where(chains, ENTRY.c.event == TAKEN_BACK)
    taken_back = set(view.connection.execute(gone).scalars())
    newest = (
        select(ENTRY.c.subject, func.max(ENTRY.c.seq).label("seq"))
        .where(chains, ENTRY.c.event != TAKEN_BACK)
        .group_by(ENTRY.c.subject)
        .subquery()
    )
    joined = newest.join(ENTRY, and_(ENTRY.c.subject == newest.c.subject, ENTRY.c.seq == newest.c.seq))
    query = select(ENTRY.c.subject, ENTRY.c.payload).select_from(joined)
    listed = {row.subject: row.payload for row in view.connection.execute(query)}
    imports = _imports(view)
    came: dict[int, list[Any]] = {}
    for row in view.rows(select(INITIATIVE).order_by(INITIATIVE.c.id)):
        if row["id"] in imports:
            if row["searched"] != searched(row["code"], row["name"]):
                yield f"initiative:{row['id']}"
            came.setdefault(imports[row["id"]], []).append(row)
            continue
        subject = initiative_subject(row["id"])
        payload = payload_of(listed.get(subject))
        same = payload is not None and _same(payload, row, written.get(row["id"], []))
        if not same or (subject in taken_back) != (row["taken_back_at"] is not None):
            yield f"initiative:{row['id']}"
    yield from _imports_differ(view, came, written)


def _imports(view: View) -> dict[int, int]:
    """Initiative → the import that wrote it: its chain tells of all that it wrote by one hash."""
    query = select(IMPORTED.c.row_id, IMPORTED.c.import_id).where(IMPORTED.c.kind == "initiative")
    return {row.row_id: row.import_id for row in view.connection.execute(query)}


def _imports_differ(view: View, came: dict[int, list[Any]], written: dict[int, list[Any]]) -> Iterator[str]:
    entries = select(ENTRY.c.subject, ENTRY.c.payload).where(ENTRY.c.event == "import_career")
    acts = {row.subject: payload_of(row.payload) or {} for row in view.connection.execute(entries)}
    standing = select(IMPORT.c.id).where(IMPORT.c.kind == "initiatives", IMPORT.c.taken_back_at.is_(None))
    for number in view.connection.execute(standing.order_by(IMPORT.c.id)).scalars():
        rows = came.get(number, [])
        subject = import_subject(number)
        stands = acts.get(subject, {}).get("initiatives")
        if stands != {"count": len(rows), "digest": initiatives_digest(rows, written)}:
            yield subject


def _same(payload: Any, row: Any, authors: list[Any]) -> bool:
    applied_on = row["applied_on"]
    effect = payload.get("effect")
    return bool(
        payload.get("code") == row["code"]
        and payload.get("texts") == text_digest(row["name"], row["field"])
        and row["searched"] == searched(row["code"], row["name"])
        and payload.get("applied_on") == (applied_on and applied_on.isoformat())
        and payload.get("authors") == authors_told(authors)
        and (effect.get("note") if isinstance(effect, dict) else None) == row["effect_note_id"]
    )


def taken_back_and_named(view: View) -> Iterator[str]:
    """A nomination puts forward, or uses, an initiative that was taken back."""
    query = (
        select(NOMINATION.c.id)
        .join(
            INITIATIVE,
            INITIATIVE.c.id.in_((NOMINATION.c.initiative_id, NOMINATION.c.uses_initiative_id)),
        )
        .where(INITIATIVE.c.taken_back_at.is_not(None), NOMINATION.c.outcome != "struck")
        .order_by(NOMINATION.c.id)
    )
    yield from view.ids("nomination", query)


def chain_of_no_initiative(view: View) -> Iterator[str]:
    """A chain is of an initiative that does not exist."""
    query = select(ENTRY.c.subject).where(
        ENTRY.c.seq == 1,
        ENTRY.c.subject.startswith("initiative:", autoescape=True),
        ENTRY.c.subject.not_in(select(named("initiative", INITIATIVE.c.id))),
    )
    for row in view.rows(query.order_by(ENTRY.c.subject)):
        yield row["subject"]


def initiative_used_twice(view: View) -> Iterator[str]:
    """Two nominations use one initiative; a rulebook may forbid that (CV 5007/BNV-TĐKT 2023 III.5.c)."""
    query = (
        select(NOMINATION.c.uses_initiative_id)
        .join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id)
        .where(
            NOMINATION.c.uses_initiative_id.is_not(None),
            NOMINATION.c.outcome.in_(("open", "awarded")),
            DOSSIER.c.state_kind.not_in(ENDED_WITHOUT),
        )
        .group_by(NOMINATION.c.uses_initiative_id)
        .having(func.count() > 1)
        .order_by(NOMINATION.c.uses_initiative_id)
    )
    yield from view.ids("initiative", query)


INVARIANTS = (
    fault(initiative_shares_not_whole),
    fault(initiative_of_other_unit),
    fault(initiative_put_forward_twice),
    fault(used_by_no_author),
    fault(award_of_other_initiative),
    fault(initiative_title_without_initiative),
    fault(initiative_differs_from_history),
    fault(chain_of_no_initiative),
    fault(taken_back_and_named),
    warning(initiative_used_twice),
)
