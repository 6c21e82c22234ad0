"""The tables of what is kept of histories beside titles, and of the files that it came by."""

from __future__ import annotations

from models.discipline import Discipline
from models.grade import Grade
from models.history_import import CompleteYear, HistoryImport, ImportedRow
from models.initiative import EarlierUse
from models.service import Service

GRADE, DISCIPLINE, SERVICE = Grade.__table__, Discipline.__table__, Service.__table__
EARLIER_USE = EarlierUse.__table__
IMPORT, IMPORTED, COMPLETE = HistoryImport.__table__, ImportedRow.__table__, CompleteYear.__table__
