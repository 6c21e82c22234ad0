"""Who and what is there to be played with: units, people, duties, earlier titles and published regulations, as rows.

The rows have the columns of the files in `data/sample/`. A world is loaded into an empty home once, and the plan is
made from the same rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from published.successions import read_succession
from rehearsal.sample_files import regulation_texts, rows_of

Row = Mapping[str, str]

# The last day of the districts; an empty cell is open.
_DISTRICTS_END, _OPEN = "2025-06-30", ""


#: files of what verdicts rest on beside titles
CAREERS = ("grades", "disciplines", "service", "complete")


@dataclass(frozen=True, eq=False, slots=True)
class World:
    """One world. ``source`` says in the home's mark where its rows come from."""

    source: str
    units: Sequence[Row]
    placements: Sequence[Row]
    people: Sequence[Row]
    moves: Sequence[Row]
    duties: Sequence[Row]
    awards: Sequence[Row]
    regulations: tuple[tuple[str, bytes], ...]
    #: what else verdicts rest on, of earlier years; and of which of these nothing is missing
    grades: Sequence[Row] = ()
    disciplines: Sequence[Row] = ()
    service: Sequence[Row] = ()
    complete: Sequence[Row] = ()
    #: whether the sample's instructive cases (docs/cases.md) are loaded beside it
    cases: bool = False

    def kinds_succeeded(self) -> dict[str, str]:
        """Kind of office → the kind that does its work once it has ended, as the published succession maps say."""
        maps = [read_succession(text)[0] for kind, text in self.regulations if kind == "succession"]
        return {row.kind: row.becomes for succession in maps if succession for row in succession.kinds}


@cache
def sample_world() -> World:
    """The sample as its files have it: the districts end, the communes begin."""
    names = ("units", "placements", "people", "moves", "duties", "awards")
    return World(
        "data/sample",
        *(rows_of(name) for name in names),
        regulations=regulation_texts(),
        **{name: rows_of(name) for name in CAREERS},
        cases=True,
    )


@cache
def undivided_world() -> World:
    """The sample as the plan of 2024-2025 took it to be: the districts go on, and no commune is thought of."""
    known = sample_world()
    gone_on = [_going_on(row) for row in known.units if _was_there(row)]
    units = {row["code"] for row in gone_on}
    return World(
        "data/sample, as planned",
        gone_on,
        [_going_on(row) for row in known.placements if _was_there(row)],
        [row for row in known.people if row["unit"] in units],
        [],
        [_going_on(row) for row in known.duties if _was_there(row)],
        known.awards,
        tuple(
            (kind, text)
            for kind, text in known.regulations
            # What the communes brought: neither a procedure nor a calendar nor successors of their own.
            if not (kind == "succession" or (kind in ("procedure", "calendar") and b"two-tier-2025" in text))
        ),
        **{name: getattr(known, name) for name in CAREERS},
    )


def _was_there(row: Row) -> bool:
    return row["since"] <= _DISTRICTS_END


def _going_on(row: Row) -> Row:
    return {**row, "until": _OPEN} if row["until"] == _DISTRICTS_END else row
