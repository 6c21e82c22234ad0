"""Many dossiers of many schools, what a page asks of the database for them, and the forms of a page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from sqlalchemy import event, insert, update

from models.dossier import Dossier, DossierReach
from models.person import Employment, Person
from models.unit import Unit
from tests.build import LONG_AGO, Office
from tests.casework.telling import clones
from tests.web.conftest import Pages

DOSSIER, REACH, UNIT = Dossier.__table__, DossierReach.__table__, Unit.__table__


def schools_like(office: Office, code: str, number: int) -> list[str]:
    """Copies of a dossier, each of a school of its own."""
    made = clones(office, code, number)
    route = office.row(code)["route"]
    with office.database.write() as connection:
        for copy in made:
            row = {"code": copy, "kind": "school", "name": f"Trường {copy}", "verified": False, "source": "t"}
            (school,) = connection.execute(insert(UNIT), row).inserted_primary_key
            way = {desk: school if unit == office.units["th-mau-1"] else unit for desk, unit in route.items()}
            connection.execute(
                update(DOSSIER).where(DOSSIER.c.code == copy).values(unit_id=school, route=way)
            )
    return made


def nominees(office: Office, code: str, number: int, title: str = "LDTT") -> list[str]:
    """So many more teachers of a dossier's school, nominated in it; their codes."""
    made = [f"gv-{title.lower()}-{n:02}" for n in range(number)]
    with office.database.write() as connection:
        for teacher in made:
            row = {"code": teacher, "name": f"Giáo viên {teacher}", "locale": "vi"}
            (person,) = connection.execute(insert(Person.__table__), row).inserted_primary_key
            office.people[teacher] = person
            works = {"person_id": person, "unit_id": office.row(code)["unit_id"], "since": LONG_AGO}
            connection.execute(insert(Employment.__table__), works)
    office.nominate(code, *made, title=title)
    return made


@contextmanager
def statements(pages: Pages) -> Iterator[list[str]]:
    """What the pages ask of the database within the block."""
    engine, asked = pages.app.state.house.database.engine, []

    def note(_c: Any, _k: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


@dataclass
class Shown:
    """One form of a page: where it goes, and each field that it would send as it stands."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)

    def body(self, **more: Any) -> dict[str, list[str]]:
        """What a browser sends, with what is filled in."""
        found: dict[str, list[str]] = {}
        for name, value in self.fields:
            found.setdefault(name, []).append(value)
        return found | {name: value if isinstance(value, list) else [value] for name, value in more.items()}


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Shown] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.found.append(Shown(given.get("action") or ""))
        if tag == "input" and given.get("type") == "hidden" and self.found:
            self.found[-1].fields.append((given["name"] or "", given.get("value") or ""))


def forms_of(html: str, action: str) -> list[Shown]:
    """The forms of a page that go to ``action``, with their hidden fields."""
    reader = _Forms()
    reader.feed(html)
    return [form for form in reader.found if form.action == action]
