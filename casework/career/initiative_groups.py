"""The authors of one initiative put together: their shares, its decision at each scope, and what is on record of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from casework.career.columns import FileRow
from casework.career.initiatives_known import KnownInitiative, initiatives_known
from casework.career.seen import LEFT, TAKEN, THERE, SeenRow
from casework.views.staff import like
from rules.reasons import Reason
from rules.shares import WHOLE, share_text

#: unit, school year, name as names are compared, scope
_Key = tuple[int, str, str, str]
#: place in the file → a reason against the row there
_Against = Iterator[tuple[int, Reason]]


def put_together(connection: Connection, rows: Sequence[SeenRow]) -> list[SeenRow]:
    """Rows of authors beside their co-authors and beside what is on record: refused, there already, or as they were."""
    found = list(rows)
    groups = _groups(found)
    for (place,) in (places for places in groups.values() if len(places) == 1):
        row = found[place]
        if row.values["share"] is None:
            # Nobody shares it.
            found[place] = replace(row, values={**row.values, "share": WHOLE})
    left = {_as_written(row.row): row.line for row in found if row.standing == LEFT}
    unread = {_as_written(row.row) for row in found if row.standing != LEFT and not row.values}
    told = [
        against
        for places in groups.values()
        for looked in (
            _decided_apart(found, places),
            _twice(found, places),
            _shares(found, places, left, unread),
        )
        for against in looked
    ]
    for place, reason in (*told, *_authors_apart(found, groups)):
        found[place] = found[place].against(reason)
    units, years = {unit for unit, *_ in groups}, {year for _, year, *_ in groups}
    known = initiatives_known(connection, units, years) if groups else {}
    for (unit, year, name, title), places in groups.items():
        one = known.get((unit, year, name))
        # Where somebody has still to be chosen, it is looked at once that is done.
        if one is not None and all(found[place].standing == TAKEN for place in places):
            authors = _authors(found, places)
            for place in places:
                found[place] = _beside(found[place], one, title, authors)
    return found


def _groups(rows: Sequence[SeenRow]) -> dict[_Key, list[int]]:
    """The places of the rows of each initiative at each scope."""
    found: dict[_Key, list[int]] = {}
    for place, row in enumerate(rows):
        if row.values:
            v = row.values
            key = (v["unit_id"], v["school_year"], like(v["name"]), v["title"])
            found.setdefault(key, []).append(place)
    return found


def _as_written(row: FileRow) -> tuple[str, ...]:
    """What a row writes of its initiative, by which one that says no more is told to belong to others."""
    return tuple(like(row.cell(column)) for column in ("unit", "school_year", "initiative", "scope"))


def _decided_apart(rows: Sequence[SeenRow], places: Sequence[int]) -> _Against:
    """A scope of an initiative is recognised by one decision, which counts until one day."""
    first, *others = (rows[place] for place in places)
    for place, row in zip(places[1:], others, strict=True):
        days = any(row.values[name] != first.values[name] for name in ("applied_on", "valid_until"))
        if days or (row.decision or ())[:3] != (first.decision or ())[:3]:
            yield place, Reason("career_recognised_apart", {"line": row.line, "first": first.line})


def _twice(rows: Sequence[SeenRow], places: Sequence[int]) -> _Against:
    lines: dict[int, int] = {}
    for place in places:
        row = rows[place]
        if row.person is not None and (first := lines.setdefault(row.person.id, row.line)) != row.line:
            yield place, Reason("career_author_twice", {"line": row.line, "first": first})


def _shares(
    rows: Sequence[SeenRow],
    places: Sequence[int],
    left: Mapping[tuple[str, ...], int],
    unread: Collection[tuple[str, ...]],
) -> _Against:
    """All authors of an initiative are taken over, with shares that make the whole."""
    written = {_as_written(rows[place].row) for place in places}
    gone = min((left[one] for one in written if one in left), default=None)
    if gone is not None:
        # One author fewer, and the others would have written something else than they did.
        for place in places:
            yield place, Reason("career_coauthor_left_out", {"line": rows[place].line, "first": gone})
        return
    shares = {place: rows[place].values["share"] for place in places}
    if not written.isdisjoint(unread):
        # What a row that cannot be read would add is not known.
        return
    open_ones = [place for place, share in shares.items() if share is None]
    for place in open_ones:
        yield place, Reason("career_share_missing", {"line": rows[place].line})
    total = sum(share for share in shares.values() if share is not None)
    if not open_ones and total != WHOLE:
        for place in places:
            yield (
                place,
                Reason("career_shares_not_whole", {"line": rows[place].line, "sum": share_text(total)}),
            )


def _authors(rows: Sequence[SeenRow], places: Sequence[int]) -> dict[int, int]:
    """Person → share in hundredths of a percent, of those who are known."""
    return {row.person.id: row.values["share"] for row in (rows[place] for place in places) if row.person}


def _authors_apart(rows: Sequence[SeenRow], groups: Mapping[_Key, Sequence[int]]) -> _Against:
    """Whatever the scope, an initiative has the same authors."""
    first: dict[tuple[int, str, str], Sequence[int]] = {}
    for (unit, year, name, _), places in groups.items():
        before = first.setdefault((unit, year, name), places)
        if before is not places and _authors(rows, before) != _authors(rows, places):
            for place in places:
                params = {"line": rows[place].line, "first": rows[before[0]].line}
                yield place, Reason("career_authors_apart", params)


def _beside(row: SeenRow, one: KnownInitiative, title: str, authors: Mapping[int, int]) -> SeenRow:
    """A row beside the initiative that is on record under its name."""
    told = {"line": row.line, "initiative": one.code}
    if authors != one.authors or row.values["applied_on"] not in (None, one.applied_on):
        return row.against(Reason("career_initiative_otherwise", told))
    held = one.held.get(title)
    if held is None:
        if not one.taken_over:
            # It goes its way here, and a dossier will recognise it.
            return row.against(Reason("career_initiative_listed", told))
        return replace(row, values={**row.values, "initiative_id": one.id})
    if (row.decision or ())[:3] != (held.body, held.number, held.decided_on):
        params = {**told, "number": held.number, "decided_on": held.decided_on.isoformat()}
        return row.against(Reason("career_recognised_otherwise", params))
    used = (row.holder[0], row.values["used_title"], row.values["used_year"])
    if row.values["valid_until"] != held.valid_until or (used[1] and used not in one.uses):
        return row.against(Reason("career_initiative_otherwise", told))
    return replace(row, standing=THERE)
