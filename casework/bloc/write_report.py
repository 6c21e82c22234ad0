"""What only people can say in the summary report of a bloc's year. Figures are read from the year, never typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from casework.act import Done, do_act
from casework.bloc.year import BlocYear
from casework.call import Call
from casework.history import NOTE, make_note, write_notes
from kit.database import Database
from models.bloc_report import BlocReportText
from rules.reasons import Reason, refuse_if

TEXT = BlocReportText.__table__
#: the head of the paper: its number, the place, the day as it is written, who gets it
HEAD_PARTS = ("number", "place", "dated", "grounds", "recipients")
#: the body, in the order of the report
BODY_PARTS = (
    "leading",
    "movements",
    "striking",
    "strengths",
    "limits",
    "causes",
    "wishes",
    "commended",
    "plan",
)
PARTS = (*HEAD_PARTS, *BODY_PARTS)
#: before the code of an item of the card: what is said of that item beside its figures
ITEM = "item."
LONGEST = 8_000


def write_report(
    database: Database, bloc: str, school_year: str, texts: Mapping[str, str], call: Call, **options: Any
) -> Done:
    """Keep the texts of some parts, by head or deputy; an empty one takes its part away, others stay as they are.

    Raises:
        Refused: with every reason; nothing is written.
    """

    def work(connection: Connection) -> tuple[str, dict[str, Any]]:
        year = BlocYear.of(connection, bloc, school_year, call)
        reasons = [*year.not_leading(), *_against(year, texts)]
        kept = texts_of(year)
        changed = {
            part: text.strip() for part, text in texts.items() if text.strip() != kept.get(part, "").strip()
        }
        if not reasons and not changed:
            reasons.append(Reason("nothing_new_in_report"))
        refuse_if(reasons)
        parts = {row.part for row in connection.execute(select(TEXT.c.part).where(year.mine(TEXT)))}
        payload: dict[str, Any] = {"emptied": sorted(part for part, text in changed.items() if not text)}
        for part, text in changed.items():
            mine = year.mine(TEXT) & (TEXT.c.part == part)
            if not text:
                connection.execute(delete(TEXT).where(mine))
                continue
            note, payload[f"text_{part}"] = make_note(text)
            write_notes(connection, [note])
            if part in parts:
                connection.execute(update(TEXT).where(mine).values(note_id=note["id"]))
            else:
                row = year.columns | {"part": part, "note_id": note["id"]}
                connection.execute(insert(TEXT), row)
        return year.subject, payload

    asked = {"bloc": bloc, "school_year": school_year, "texts": dict(texts)}
    return do_act(database, "write_report", call, work, asked=asked, **options)


def texts_of(year: BlocYear) -> dict[str, str]:
    """The texts that are kept for a year, by part; one that was erased since is left out."""
    query = select(TEXT.c.part, NOTE.c.text).join(NOTE, NOTE.c.id == TEXT.c.note_id).where(year.mine(TEXT))
    return {row.part: row.text for row in year.connection.execute(query) if row.text}


def _against(year: BlocYear, texts: Mapping[str, str]) -> list[Reason]:
    items = {f"{ITEM}{item.code}" for item in year.scorecard.items} if year.scorecard else set()
    reasons = []
    for part, text in texts.items():
        if part not in PARTS and part not in items:
            reasons.append(Reason("unknown_report_part", {"part": part}))
        elif len(text.strip()) > LONGEST:
            reasons.append(Reason("report_text_too_long", {"part": part, "most": LONGEST}))
    return reasons
