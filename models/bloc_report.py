"""What only people can say in the summary report of a bloc's year: a text a part, each a note that can be erased."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel


class BlocReportText(SQLModel, table=True):
    """The text of one part of a report. Where nobody wrote anything there is no row."""

    __tablename__ = "bloc_report_text"
    __table_args__ = (UniqueConstraint("bloc_id", "school_year", "part"),)

    id: int | None = Field(default=None, primary_key=True)
    bloc_id: int = Field(foreign_key="unit.id")
    school_year: str = Field(max_length=9)
    #: one of `casework/bloc/write_report.py`, or ``item.`` and the code of an item of the card
    part: str = Field(max_length=40)
    note_id: str = Field(foreign_key="note.id", max_length=36)
