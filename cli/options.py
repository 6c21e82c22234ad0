"""The options and arguments that several commands share. A help text is a key of the catalogue `options`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from cli import values
from states.vocabulary import DUTIES, KINDS, LEVELS

_CODE = values.words(120)

DossierCode = Annotated[str, typer.Argument(metavar="DOSSIER", help="dossier", parser=_CODE)]
UnitCode = Annotated[str, typer.Argument(metavar="UNIT", help="unit", parser=_CODE)]
PersonCode = Annotated[str, typer.Argument(metavar="PERSON", help="person", parser=_CODE)]
DutyName = Annotated[str, typer.Argument(metavar="DUTY", help="duty", parser=values.one_of(DUTIES))]
RegulationFile = Annotated[Path, typer.Argument(metavar="FILE", help="regulation_file")]
RegulationName = Annotated[str, typer.Argument(metavar="NAME", help="regulation_name", parser=_CODE)]

As = Annotated[str | None, typer.Option("--as", metavar="PERSON", help="as", parser=_CODE)]
AsMust = Annotated[str, typer.Option("--as", metavar="PERSON", help="as_must", parser=_CODE)]
RequestKey = Annotated[
    str | None, typer.Option("--request-key", metavar="KEY", help="request_key", parser=values.words(60))
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="dry_run")]
ExpectVersion = Annotated[
    int | None,
    typer.Option("--expect-version", metavar="NUMBER", help="expect_version", parser=values.whole(1)),
]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="reason", parser=values.words())]

Points = Annotated[Decimal, typer.Option("--score", metavar="POINTS", help="points", parser=values.points)]
Rank = Annotated[int, typer.Option("--rank", metavar="NUMBER", help="rank", parser=values.whole(1, 9999))]

InUnit = Annotated[str | None, typer.Option("--unit", metavar="UNIT", help="in_unit", parser=_CODE)]
OfYear = Annotated[str | None, typer.Option("--year", metavar="YEAR", help="of_year", parser=values.words(9))]
OfLevel = Annotated[
    str | None, typer.Option("--level", metavar="LEVEL", help="of_level", parser=values.one_of(LEVELS))
]
OfKind = Annotated[
    str | None, typer.Option("--kind", metavar="KIND", help="of_kind", parser=values.one_of(KINDS))
]
AtDesk = Annotated[str | None, typer.Option("--desk", metavar="DESK", help="at_desk", parser=_CODE)]
ForPerson = Annotated[str | None, typer.Option("--person", metavar="PERSON", help="for_person", parser=_CODE)]
OfProcedure = Annotated[
    str | None, typer.Option("--procedure", metavar="NAME", help="of_procedure", parser=_CODE)
]
Limit = Annotated[
    int, typer.Option("--limit", metavar="NUMBER", help="limit", parser=values.whole(1, 10_000))
]

Lines = Annotated[
    int | None, typer.Option("--limit", metavar="NUMBER", help="lines", parser=values.whole(1, 10_000))
]

Since = Annotated[date, typer.Option("--since", metavar="DAY", help="since", parser=values.day)]
Until = Annotated[date, typer.Option("--until", metavar="DAY", help="until", parser=values.day)]
OpenEnd = Annotated[date | None, typer.Option("--until", metavar="DAY", help="open_end", parser=values.day)]
LastDay = Annotated[date, typer.Option("--last-day", metavar="DAY", help="last_day", parser=values.day)]
