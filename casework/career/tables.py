"""The tables of what is kept of somebody's history beside titles."""

from __future__ import annotations

from models.discipline import Discipline
from models.grade import Grade
from models.service import Service

GRADE, DISCIPLINE, SERVICE = Grade.__table__, Discipline.__table__, Service.__table__
