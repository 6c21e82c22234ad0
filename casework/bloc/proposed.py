"""What blocs proposed a school for: without that, nothing is opened or nominated under a procedure for their prizes."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, select

from casework.regulations import titles_in_force
from models.bloc_year import BlocProposal
from rules.reasons import Reason

PROPOSAL = BlocProposal.__table__
#: how the names of the procedures begin under which a bloc's prizes go their way
PROCEDURES = "bloc-prize-"


def proposed_titles(connection: Connection, school: int, school_year: str) -> frozenset[str]:
    """The titles for which a bloc proposed a school in a school year."""
    query = select(PROPOSAL.c.title).where(
        PROPOSAL.c.school_id == school, PROPOSAL.c.school_year == school_year
    )
    return frozenset(connection.execute(query).scalars())


def proposed_levels(
    connection: Connection, schools: Collection[int]
) -> dict[tuple[int, str], frozenset[str]]:
    """(school, school year) → the levels of the titles for which a bloc proposed it: one statement for all schools."""
    titles = titles_in_force(connection)
    query = select(PROPOSAL.c.school_id, PROPOSAL.c.school_year, PROPOSAL.c.title).where(
        PROPOSAL.c.school_id.in_(list(schools))
    )
    found: dict[tuple[int, str], frozenset[str]] = {}
    for row in connection.execute(query):
        if row.title in titles:
            year = (row.school_id, row.school_year)
            found[year] = found.get(year, frozenset()) | {titles[row.title].level}
    return found


def against_opening(
    connection: Connection, procedure: str, school: int, school_year: str, level: str
) -> list[Reason]:
    """Nothing, or, under a procedure for prizes, the reason that no bloc proposed the school for one of the level."""
    if not procedure.startswith(PROCEDURES):
        return []
    if level in proposed_levels(connection, [school]).get((school, school_year), ()):
        return []
    return [Reason("prize_not_proposed", {"unit": school, "school_year": school_year, "level": level})]


def against_nominating_for(
    procedure: str, school: int, school_year: str, title: str, *, itself: bool, proposed: frozenset[str]
) -> list[Reason]:
    """Nothing, or the reason that no bloc proposed the school for the title, or that another is nominated than it."""
    if not procedure.startswith(PROCEDURES) or (itself and title in proposed):
        return []
    return [Reason("prize_of_the_bloc_alone", {"unit": school, "school_year": school_year, "title": title})]
