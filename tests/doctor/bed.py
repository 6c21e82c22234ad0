"""Where a fault is planted: the sound office past the program, with what a plant needs to find and break its rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, insert, select, update

from casework.load import DOSSIER, NOMINATION
from tests.build import Office, noon

NOW = noon("2025-12-31")
NONE = 999_999
# Dossiers of the lively office (tests/doctor/conftest.py).
DECIDED, PROVINCE, REVOKED, LAPSED, FILED = 1, 2, 5, 7, 9


class Bed(NamedTuple):
    """Where a fault is planted."""

    connection: Connection
    office: Office

    def change(self, table: Table, where: Any, **values: Any) -> None:
        assert self.connection.execute(update(table).where(where).values(values)).rowcount >= 1

    def add(self, table: Table, **values: Any) -> int:
        made = self.connection.execute(insert(table).values(values))
        return int(made.inserted_primary_key[0]) if "id" in table.c else 0

    def row(self, table: Table, *where: Any) -> dict[str, Any]:
        return dict(self.connection.execute(select(table).where(*where).limit(1)).mappings().one())

    def copy(self, table: Table, where: Any, **values: Any) -> int:
        row = self.row(table, where)
        row.pop("id", None)
        return self.add(table, **(row | values))

    def dossier(self, dossier: int, **values: Any) -> str:
        self.change(DOSSIER, DOSSIER.c.id == dossier, **values)
        return f"dossier:{dossier}"

    def nomination(self, dossier: int, *where: Any) -> dict[str, Any]:
        return self.row(NOMINATION, NOMINATION.c.dossier_id == dossier, *where)

    def awarded(self, dossier: int = DECIDED) -> dict[str, Any]:
        return self.nomination(dossier, NOMINATION.c.outcome == "awarded")


# What a planted fault must give: the row that is named under the code. Where one wrong row breaks further
# invariants by its nature, their codes stand in ALSO.
Plant = Callable[[Bed], str]
