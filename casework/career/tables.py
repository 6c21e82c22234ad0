"""The tables of what is kept of histories beside titles, and of the files that it came by."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Table

from casework.decided import AWARD, DECISION
from casework.load import INITIATIVE
from models.discipline import Discipline, OpenMatter
from models.grade import Grade
from models.history_import import CompleteYear, HistoryImport, ImportedRow
from models.initiative import EarlierUse
from models.service import Service

GRADE, DISCIPLINE, SERVICE = Grade.__table__, Discipline.__table__, Service.__table__
MATTER = OpenMatter.__table__
EARLIER_USE = EarlierUse.__table__
IMPORT, IMPORTED, COMPLETE = HistoryImport.__table__, ImportedRow.__table__, CompleteYear.__table__

#: kind of row that an import writes → its table, in the order in which they can be removed again
WRITTEN_BY_IMPORT: Mapping[str, Table] = {
    "earlier_use": EARLIER_USE,
    "award": AWARD,
    "grade": GRADE,
    "discipline": DISCIPLINE,
    "service": SERVICE,
    "complete_year": COMPLETE,
    "initiative": INITIATIVE,
    "decision": DECISION,
}
