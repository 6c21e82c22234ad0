"""The last minute before midnight of the last day: sixty schools at once, by HTTP, and the home's clock."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from casework.accounts.sign_in import open_sign_in
from casework.publish import publish
from kit.clock import wall_now
from models.base import metadata
from tests.build import LONG_AGO, ROOT, Office
from tests.casework.telling import clones
from tests.conftest import copy_of_office
from tests.web.conftest import Pages
from tests.web.process import Server, Told, serving
from web.visit import SIGN_IN_COOKIE

SCHOOLS = 60
NEEDED = ("submission_letter", "achievement_report", "council_minutes")
_HIDDEN = re.compile(r'name="(csrf|key|version)" value="([^"]*)"')
HARD = [pytest.param("postgresql", marks=[pytest.mark.postgres, pytest.mark.hard, pytest.mark.whole])]


def local(text: str) -> datetime:
    """An instant of the clock on the wall in Viet Nam."""
    return datetime.fromisoformat(f"{text}+07:00")


@dataclass
class Schools:
    """Schools with a clerk each, who is signed in, and a dossier each that waits to be handed in."""

    office: Office
    pages: Pages
    server: Server
    clerks: dict[str, str] = field(default_factory=dict)

    def stand(self, at: str) -> None:
        """Let the home's clock stand."""
        self.pages.stand(local(at))

    def state(self, code: str) -> str:
        """Where a dossier stands."""
        return str(self.office.row(code)["state"])

    def form(self, code: str) -> dict[str, str]:
        """The form of the step, as its page has it."""
        shown = self.server.ask("GET", f"/dossiers/{code}/steps/hand_in", self.clerks[code])
        assert shown.status == 200, shown.text
        return dict(_HIDDEN.findall(shown.text))

    def send(self, code: str, form: dict[str, str]) -> Told:
        """Send it."""
        return self.server.ask("POST", f"/dossiers/{code}/steps/hand_in", self.clerks[code], form)

    def all_at_once(self, work: Callable[[str], Any], codes: list[str]) -> list[Any]:
        """Do something for each school, all beginning together."""
        together = threading.Barrier(len(codes))

        def begin(code: str) -> Any:
            together.wait(60)
            return work(code)

        with ThreadPoolExecutor(len(codes)) as threads:
            return list(threads.map(begin, codes))

    def receipt(self, code: str) -> str:
        """The page of the receipt of the last act."""
        version = self.office.row(code)["version"]
        shown = self.server.ask("GET", f"/dossiers/{code}/receipts/{version}", self.clerks[code])
        assert shown.status == 200
        return shown.text


def _fill(office: Office, number: int) -> dict[str, str]:
    """Schools straight in the tables, as copies of one; code of the dossier → the clerk's cookie."""
    code = office.dossier_at("ready")
    tables, cookies = metadata.tables, {}
    dossier, paper, reach = tables["dossier"], tables["paper"], tables["dossier_reach"]
    made = clones(office, code, number)
    was = office.row(code)
    with office.database.write() as connection:
        theirs = select(paper).where(paper.c.dossier_id == was["id"])
        rows = connection.execute(theirs).mappings().all()
        papers = [{name: value for name, value in row.items() if name != "id"} for row in rows]
        first = connection.execute(select(func.max(tables["unit"].c.id))).scalar_one() + 1
        for number, copy in enumerate(made):
            row = connection.execute(select(dossier.c.id).where(dossier.c.code == copy)).scalar_one()
            school = first + number
            unit = {"id": school, "code": f"truong-{number}", "kind": "school", "name": f"Trường {number}"}
            connection.execute(insert(tables["unit"]), unit | {"verified": False, "source": "test"})
            route = {d: school if u == was["unit_id"] else u for d, u in was["route"].items()}
            here = {"unit_id": school, "desk_unit_id": school, "route": route}
            connection.execute(dossier.update().where(dossier.c.id == row).values(here))
            connection.execute(insert(reach), {"dossier_id": row, "unit_id": school})
            connection.execute(insert(paper), [{**kept, "dossier_id": row} for kept in papers])
            person = {"code": f"van-thu-{number}", "name": f"Văn thư {number}", "locale": "vi"}
            clerk = connection.execute(insert(tables["person"]), person).inserted_primary_key[0]
            held = {"person_id": clerk, "unit_id": school, "duty": "clerk", "since": LONG_AGO}
            connection.execute(insert(tables["duty"]), held)
            about = {"client": "test", "address": "127.0.0.1", "real_now": wall_now()}
            token = open_sign_in(connection, clerk, "password", **about).token
            cookies[copy] = f"{SIGN_IN_COOKIE}={token}"
    return cookies


@contextmanager
def _schools(request: pytest.FixtureRequest, folder: Path, number: int) -> Iterator[Schools]:
    with copy_of_office(request, folder) as office:
        url = office.database.engine.url.render_as_string(hide_password=False)
        clerks = _fill(office, number)
        with serving(folder, THIDUA_DATABASE_URL=url) as server:
            yield Schools(office, Pages(office, None, folder), server, clerks)


@pytest.fixture(params=["sqlite", *HARD])
def sixty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Schools]:
    """Sixty schools and a server."""
    with _schools(request, tmp_path, SCHOOLS) as made:
        yield made


@pytest.fixture(params=["sqlite", *HARD])
def some(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Schools]:
    """A few schools and a server."""
    with _schools(request, tmp_path, 4) as made:
        yield made


def give_grace(office: Office, minutes: int) -> None:
    """Publish the calendar anew with minutes of grace for the completed dossiers."""
    text = (ROOT / "regulations/calendars/2024-2025.yaml").read_text(encoding="utf-8")
    head, name, rest = text.partition("  dossier-completion:\n")
    rest = rest.replace("last_day: 2025-06-30\n", f"last_day: 2025-06-30\n    grace_minutes: {minutes}\n", 1)
    publish(office.database, "calendar", (head + name + rest).encode(), office.call("admin", "2025-06-20"))


def test_sixty_schools_hand_in_during_the_last_minute_and_none_is_lost(sixty: Schools) -> None:
    sixty.stand("2025-06-30T23:59:30")
    codes = list(sixty.clerks)
    forms = dict(zip(codes, sixty.all_at_once(sixty.form, codes), strict=True))
    sixty.stand("2025-06-30T23:59:59")
    answers = sixty.all_at_once(lambda code: sixty.send(code, forms[code]), codes)
    assert {answer.status for answer in answers} == {303}
    assert {sixty.state(code) for code in codes} == {"at_education_office"}
    paper, stored = metadata.tables["paper"], {}
    with sixty.office.database.read() as connection:
        for code in codes:
            mine = select(paper.c.sha256).where(paper.c.dossier_id == sixty.office.row(code)["id"])
            stored[code] = set(connection.execute(mine).scalars())
    for code, page in zip(codes, sixty.all_at_once(sixty.receipt, codes), strict=True):
        assert "30/06/2025 23:59" in page
        assert len(stored[code]) >= len(NEEDED)
        assert all(sha256 in page for sha256 in stored[code])
        assert "Muộn hạn" not in page
    # The same form once more, as an impatient hand sends it: nothing changes, and the same receipt.
    again = sixty.all_at_once(lambda code: sixty.send(code, forms[code]), codes)
    assert [answer.onward for answer in again] == [answer.onward for answer in answers]


def test_at_midnight_it_is_refused_with_the_reason_and_the_way_to_ask_for_more_time(some: Schools) -> None:
    code, *_ = some.clerks
    some.stand("2025-06-30T23:59:59")
    form = some.form(code)
    some.stand("2025-07-01T00:00:00")
    refused = some.send(code, form)
    assert refused.status == 409
    assert "Đã hết hạn “Hoàn thiện hồ sơ” vào hết" in refused.text
    assert "30/06/2025" in refused.text
    assert "đề nghị cơ quan phụ trách gia hạn" in refused.text
    assert some.state(code) == "ready"


def test_within_the_minutes_of_grace_it_is_taken_in_and_marked_as_late(some: Schools) -> None:
    give_grace(some.office, 15)
    in_time, first, last, late = some.clerks
    some.stand("2025-06-30T23:59:59")
    assert some.send(in_time, some.form(in_time)).status == 303
    form = some.form(late)
    for code, at in ((first, "00:00:00"), (last, "00:14:59")):
        some.stand(f"2025-07-01T{at}")
        assert some.send(code, some.form(code)).status == 303
        for page in (some.receipt(code), some.server.ask("GET", f"/dossiers/{code}", some.clerks[code]).text):
            assert "Muộn hạn: hạn là hết" in page
            assert "30/06/2025" in page
    assert "Muộn hạn" not in some.receipt(in_time)
    some.stand("2025-07-01T00:15:00")
    refused = some.send(late, form)
    assert refused.status == 409
    assert "Đã hết hạn" in refused.text
    assert [some.state(code) for code in some.clerks] == ["at_education_office"] * 3 + ["ready"]
