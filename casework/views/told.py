"""What the entries of a dossier's history hold, told: as codes of texts with names in them.

An entry keeps ids and numbers alone; what a reader wants to know is which paper, whose nomination, how many opinions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from casework.load import PAPER
from casework.views.initiative_names import initiatives_told, with_authors_named
from casework.views.movement_awards import movements_told
from casework.views.naming import desk_named, nominations_named, people_named, titles_named, units_named
from notifications.words import word
from states.procedure import Procedure

# No more names than these in one line; the rest is a count.
_MOST_NAMES = 6
# Where a row of `nominated` has the initiative: behind nominee, unit, title and foundation.
_INITIATIVE = 4
# And behind the initiative that it uses, the movement on which it rests.
_MOVEMENT = 6
_DOORS = {
    "web": "web",
    "public": "public",
    "tick": "flow",
    "flow": "flow",
    "terminal": "terminal",
    "rehearsal": "sample",
}

Told = tuple[str, dict[str, Any]]


def door_of(via: str) -> tuple[str, str]:
    """Through which kind of door an entry came, and what the door said of itself (the account at a terminal)."""
    kind, _, who = via.partition(":")
    return _DOORS.get(kind, "other"), who if kind in _DOORS else via


@dataclass(frozen=True, slots=True)
class _Names:
    """Everything that entries name, read at once."""

    lang: str
    papers: Mapping[int, str]
    people: Mapping[int | str, str]
    units: Mapping[int, str]
    nominations: Mapping[int, str]
    titles: Mapping[str, str]
    initiatives: Mapping[int, str]
    movements: Mapping[int, str]
    procedure: Procedure | None = field(default=None)


def tell(
    connection: Connection,
    code: str,
    entries: Iterable[Mapping[str, Any]],
    procedure: Procedure | None,
    lang: str,
) -> dict[int, list[Told]]:
    """For each entry of a dossier, by its number: what it holds beyond event, state and reason.

    The number of statements does not depend on how many entries there are.
    """
    told = list(entries)
    titles = titles_named(connection, lang)
    names = _Names(
        lang,
        _papers(connection, {p for e in told if isinstance(p := e["payload"].get("paper"), int)}),
        people_named(connection, {p for e in told for p in _people_in(e["payload"])}),
        units_named(connection, {u for e in told for u in _units_in(e["payload"])}),
        nominations_named(connection, {n for e in told for n in _nominations_in(e["payload"])}, titles, code),
        titles,
        {
            number: with_authors_named(one)
            for number, one in initiatives_told(
                connection, {i for e in told for i in _initiatives_in(e)}
            ).items()
        },
        movements_told(connection, (m for e in told for m in _movements_in(e))),
        procedure,
    )
    return {e["seq"]: list(_of_entry(e, names)) for e in told}


def _of_entry(entry: Mapping[str, Any], names: _Names) -> Iterable[Told]:
    payload = entry["payload"]
    for key, says in _TOLD.items():
        if key in payload:
            said = says(payload, names)
            if said is not None:
                yield said
    if entry["event"] == "except_from_separation":
        person = names.people.get(payload.get("person"), "")
        yield "excepted", {"person": person, "desk": _desk(payload["desk"], names)}


def _nominated(payload: Mapping[str, Any], names: _Names) -> Told:
    found = []
    for row in payload["nominated"][:_MOST_NAMES]:
        person, unit, title = row[:3]
        initiative = initiative_in(row)
        who = names.people.get(person) if person else names.units.get(unit, "")
        if initiative is not None:
            who = names.initiatives.get(initiative, "")
        movement = names.movements.get(movement_in(row) or 0)
        found.append(f"{who}, {names.titles.get(title, title)}{f', {movement}' if movement else ''}")
    return _listed("nominated", found, len(payload["nominated"]))


def initiative_in(nominated: Sequence[Any]) -> int | None:
    """The initiative that stands in a row of an entry's ``nominated``; None where a person or a unit was nominated."""
    return nominated[_INITIATIVE] if len(nominated) > _INITIATIVE else None


def movement_in(nominated: Sequence[Any]) -> int | None:
    """The movement on which a row of an entry's ``nominated`` rests; None where it rests on none."""
    return nominated[_MOVEMENT] if len(nominated) > _MOVEMENT else None


def _rested(payload: Mapping[str, Any], names: _Names) -> Told | None:
    if not payload["rests_on_movement"]:
        return None
    rows = payload["rests_on_movement"]
    nominations = "; ".join(names.nominations.get(n, str(n)) for n, _ in rows[:_MOST_NAMES])
    movement = rows[0][1]
    if movement is None:
        return "rests_on_no_movement", {"nominations": nominations}
    return "rests_on_movement", {"nominations": nominations, "movement": names.movements.get(movement, "")}


def _used(payload: Mapping[str, Any], names: _Names) -> Told | None:
    if not payload["uses"]:
        return None
    nominations = "; ".join(names.nominations.get(n, str(n)) for n, _ in payload["uses"][:_MOST_NAMES])
    initiative = payload["uses"][0][1]
    if initiative is None:
        return "uses_none", {"nominations": nominations}
    return "uses", {"nominations": nominations, "initiative": names.initiatives.get(initiative, "")}


def _struck(payload: Mapping[str, Any], names: _Names) -> Told:
    found = [names.nominations.get(i, str(i)) for i in payload["struck"][:_MOST_NAMES]]
    return _listed("struck", found, len(payload["struck"]))


def _listed(code: str, names: list[str], count: int) -> Told:
    more = count - len(names)
    return (f"{code}_more" if more else code), {"names": "; ".join(names), "count": count, "more": more}


def _opinions(payload: Mapping[str, Any], names: _Names) -> Told:
    counts = Counter(opinion[1] for opinion in payload["opinions"])
    said = ", ".join(f"{word('verdicts', verdict, names.lang)} {count}" for verdict, count in counts.items())
    return "opinions", {"counts": said, "all": len(payload["opinions"])}


def _score(payload: Mapping[str, Any], _: _Names) -> Told:
    now = {"points": payload["score"], "rank": payload["rank"]}
    was = payload.get("was")
    if was:
        return "score_corrected", {**now, "was_points": was["score"], "was_rank": was["rank"]}
    return "score", now


def _objection(payload: Mapping[str, Any], names: _Names) -> Told | None:
    nomination = payload["nomination"]
    return ("objected", {"nomination": names.nominations.get(nomination, nomination)}) if nomination else None


def _awarded(payload: Mapping[str, Any], _: _Names) -> Told:
    return "awarded", {"awarded": len(payload["awarded"]), "not_awarded": len(payload["not_awarded"])}


def _passed_on(payload: Mapping[str, Any], names: _Names) -> Told:
    # Several desks may have stood at one unit.
    moved = dict.fromkeys(tuple(units) for units in payload["passed_on"].values())
    said = "; ".join(f"{names.units.get(old, '')} → {names.units.get(new, '')}" for old, new in moved)
    return "passed_on", {"units": said}


def _moved(payload: Mapping[str, Any], _: _Names) -> Told | None:
    procedure = payload["procedure"]
    if not isinstance(procedure, Mapping):
        # The entry of the opening names the procedure alone.
        return None
    return "moved", {"old": procedure["from"]["version"], "new": procedure["to"]["version"]}


def _desk(desk: str, names: _Names) -> str:
    return desk_named(names.procedure, desk, names.lang) if names.procedure is not None else desk


# A key of an entry's payload → what it tells.
_TOLD: dict[str, Callable[[Mapping[str, Any], _Names], Told | None]] = {
    "paper": lambda p, names: ("paper", {"kind": p["kind"], "name": names.papers.get(p["paper"], "")}),
    "nominated": _nominated,
    "struck": _struck,
    "uses": _used,
    "rests_on_movement": _rested,
    "opinions": _opinions,
    "late": lambda p, _: ("late", {"day": p["late"]["last_day"]}),
    "stopped": lambda p, _: ("stopped", {"count": len(p["stopped"])}),
    "score": _score,
    "nomination": _objection,
    "settled": lambda p, _: ("settled", {"count": len(p["settled"])}),
    "awarded": _awarded,
    "money": lambda p, _: ("money", {"money": p["money"]}),
    "settled_on": lambda p, _: ("settled_on", {"day": p["settled_on"]}),
    "passed_on": _passed_on,
    "procedure": _moved,
}


def _people_in(payload: Mapping[str, Any]) -> Iterable[int]:
    yield from (row[0] for row in payload.get("nominated", ())[:_MOST_NAMES] if row[0])
    if isinstance(payload.get("person"), int):
        yield payload["person"]


def _units_in(payload: Mapping[str, Any]) -> Iterable[int]:
    yield from (row[1] for row in payload.get("nominated", ())[:_MOST_NAMES] if not row[0])
    for units in payload.get("passed_on", {}).values():
        yield from units


def _nominations_in(payload: Mapping[str, Any]) -> Iterable[int]:
    yield from payload.get("struck", ())[:_MOST_NAMES]
    for act in ("uses", "rests_on_movement"):
        yield from (nomination for nomination, _ in payload.get(act, ())[:_MOST_NAMES])
    if isinstance(payload.get("nomination"), int):
        yield payload["nomination"]


def _initiatives_in(entry: Mapping[str, Any]) -> Iterable[int]:
    payload = entry["payload"]
    rows = payload.get("nominated", ())[:_MOST_NAMES]
    yield from (number for row in rows if (number := initiative_in(row)) is not None)
    yield from (used for _, used in payload.get("uses", ())[:1] if used is not None)


def _movements_in(entry: Mapping[str, Any]) -> Iterable[int]:
    payload = entry["payload"]
    rows = payload.get("nominated", ())[:_MOST_NAMES]
    yield from (number for row in rows if (number := movement_in(row)) is not None)
    yield from (rested for _, rested in payload.get("rests_on_movement", ())[:1] if rested is not None)


def _papers(connection: Connection, ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    rows = connection.execute(select(PAPER.c.id, PAPER.c.name).where(PAPER.c.id.in_(sorted(ids))))
    return {row.id: row.name for row in rows}
