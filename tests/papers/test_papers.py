"""Papers of a dossier: who may put them in and take them out, what is refused, what a kill leaves behind."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from casework.duties import delegate
from casework.history import ENTRY
from casework.load import PAPER
from casework.papers import STORED_FILE, add_paper, remove_paper
from casework.record_step import subject_of
from documents.paper_type import XLSX
from documents.store import PaperStore
from kit.database import StorageTrouble
from models.person import Duty
from rules.reasons import Refused
from tests.build import LONG_AGO, ROOT, Office
from tests.documents.paper_bytes import OF_TYPE, pdf

LIMIT = 1_000_000


@pytest.fixture
def store(tmp_path: Path) -> PaperStore:
    return PaperStore(tmp_path / "papers", LIMIT)


# Papers are handled after the last step of the way that leads to each state.
LATER = "2025-08-01"


def add(office: Office, store: PaperStore, code: str, paper: Any = None, **changed: Any):
    """Add a paper as the school's clerk, but for what is changed."""
    given = {"kind": "achievement_report", "name": "Báo cáo.pdf", "person": "clerk", "key": None} | changed
    source = io.BytesIO(pdf() if paper is None else paper) if not isinstance(paper, Path) else paper
    call = office.call(given.pop("person"), LATER, given.pop("key"))
    kind, name = given.pop("kind"), given.pop("name")
    return add_paper(office.database, store, code, kind, source, name, call, **given)


def take_out(office: Office, code: str, paper: int, person: str = "clerk", **options: Any):
    return remove_paper(office.database, code, paper, office.call(person, LATER), **options)


def papers(office: Office, code: str) -> list[dict[str, Any]]:
    """The papers that are in a dossier."""
    query = select(PAPER).where(PAPER.c.dossier_id == office.row(code)["id"], PAPER.c.removed_at.is_(None))
    with office.database.read() as connection:
        return [dict(row) for row in connection.execute(query.order_by(PAPER.c.id)).mappings()]


def last_entry(office: Office, code: str) -> dict[str, Any]:
    row = office.row(code)
    query = select(ENTRY).where(ENTRY.c.subject == subject_of(row["id"]), ENTRY.c.seq == row["version"])
    with office.database.read() as connection:
        return dict(connection.execute(query).mappings().one())


def refused_for(act, *args: Any, **kwargs: Any) -> set[str]:
    with pytest.raises(Refused) as refused:
        act(*args, **kwargs)
    return {reason.code for reason in refused.value.reasons}


def stored_rows(office: Office) -> int:
    with office.database.read() as connection:
        return connection.execute(select(func.count()).select_from(STORED_FILE)).scalar_one()


# --- In and out -----------------------------------------------------------------------------------------------


def test_a_paper_stands_in_the_dossier_the_store_and_the_history_and_its_name_in_its_row_alone(
    office: Office, store: PaperStore
) -> None:
    code = office.open()
    receipt = add(office, store, code, name=unicodedata.normalize("NFD", "Báo cáo của Nguyễn Thị Mẫu.pdf"))
    (paper,) = papers(office, code)
    assert paper["name"] == "Báo cáo của Nguyễn Thị Mẫu.pdf"
    assert paper["added_by_id"] == office.people["clerk"]
    assert store.check(paper["sha256"]) == "sound"
    entry = last_entry(office, code)
    assert (entry["event"], entry["seq"], entry["hash"]) == ("add_paper", receipt.version, receipt.hash)
    assert json.loads(entry["payload"]) == {
        "paper": paper["id"],
        "kind": "achievement_report",
        "sha256": paper["sha256"],
        "desk": "school",
    }


def test_a_paper_that_is_taken_out_keeps_its_row_and_its_bytes_and_may_come_back(
    office: Office, store: PaperStore
) -> None:
    code = office.open()
    add(office, store, code)
    (first,) = papers(office, code)
    take_out(office, code, first["id"])
    assert papers(office, code) == []
    assert json.loads(last_entry(office, code)["payload"])["paper"] == first["id"]
    assert store.check(first["sha256"]) == "sound"
    assert refused_for(take_out, office, code, first["id"]) == {"paper_not_found"}
    add(office, store, code)
    assert [paper["id"] for paper in papers(office, code)] != [first["id"]]


def test_a_dossier_that_has_its_papers_from_here_may_be_handed_in(office: Office, store: PaperStore) -> None:
    code = office.open()
    office.nominate(code, "teacher")
    office.step(code, "register", "clerk", "2024-10-15")
    assert refused_for(office.step, code, "hand_in", "clerk", "2025-05-05") == {"paper_missing"}
    add(office, store, code)
    assert office.step(code, "hand_in", "clerk", "2025-05-05").state == "at_bloc"


def test_a_paper_of_another_dossier_is_not_taken_out_here(office: Office, store: PaperStore) -> None:
    code, other = office.open(), office.open()
    add(office, store, other)
    assert refused_for(take_out, office, code, papers(office, other)[0]["id"]) == {"paper_not_found"}
    assert len(papers(office, other)) == 1


def test_a_dry_run_refuses_the_same_and_leaves_nothing(office: Office, store: PaperStore) -> None:
    code = office.open()
    before = office.row(code)
    assert add(office, store, code, dry_run=True).dry_run
    assert refused_for(add, office, store, code, b"", dry_run=True) == {"paper_empty"}
    assert (papers(office, code), stored_rows(office)) == ([], 0)
    assert (list(store.addresses()), store.unfinished()) == ([], [])
    add(office, store, code)
    assert take_out(office, code, papers(office, code)[0]["id"], dry_run=True).dry_run
    assert len(papers(office, code)) == 1
    assert office.row(code)["version"] == before["version"] + 1


def test_the_same_request_twice_adds_once_and_removes_once(office: Office, store: PaperStore) -> None:
    code = office.open()
    first = add(office, store, code, key="once")
    again = add(office, store, code, key="once")
    assert (again.replayed, again.hash) == (True, first.hash)
    call = office.call("clerk")
    paper = papers(office, code)[0]["id"]
    first = remove_paper(office.database, code, paper, call)
    again = remove_paper(office.database, code, paper, call)
    assert (again.replayed, again.hash) == (True, first.hash)


# --- Who may --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["preparing", "completing", "at_school_council", "ready", "to_file"])
def test_the_school_handles_papers_while_the_dossier_is_in_its_hands(
    office: Office, store: PaperStore, state: str
) -> None:
    code = office.dossier_at(state)
    known = {paper["id"] for paper in papers(office, code)}
    for person, kind in (("clerk", "other"), ("principal", "nominee_list")):
        add(office, store, code, kind=kind, person=person)
    for paper in {paper["id"] for paper in papers(office, code)} - known:
        take_out(office, code, paper)


def test_a_returned_dossier_is_in_the_hands_of_its_school(office: Office, store: PaperStore) -> None:
    code = office.dossier_at("at_education_office")
    office.step(code, "return", "appraiser", "2025-06-12", reason="Thiếu minh chứng")
    add(office, store, code, kind="initiative_certificate")


@pytest.mark.parametrize(
    ("state", "person", "kind"),
    [
        ("at_bloc", "bloc-head", "bloc_minutes"),
        ("at_education_office", "appraiser", "other"),
        ("filed", "reviewer", "publicity_notice"),
        ("at_local_council", "council-secretary", "council_minutes"),
        ("at_local_decision", "chairman", "decision"),
    ],
)
def test_the_desk_that_holds_the_dossier_puts_in_its_own_papers_and_the_school_none(
    office: Office, store: PaperStore, state: str, person: str, kind: str
) -> None:
    code = office.dossier_at(state)
    add(office, store, code, pdf(state), kind=kind, person=person)
    paper = papers(office, code)[-1]["id"]
    assert refused_for(add, office, store, code, kind="other") == {"not_editable_here"}
    assert refused_for(take_out, office, code, paper) == {"not_editable_here", "paper_of_another_desk"}
    assert refused_for(add, office, store, code, kind="other", person="clerk-2") == {"duty_not_held"}
    take_out(office, code, paper, person)


def test_a_desk_does_not_take_out_what_the_school_or_another_desk_put_in(
    office: Office, store: PaperStore
) -> None:
    code = office.dossier_at("at_education_office")
    (report, *_) = papers(office, code)
    assert refused_for(take_out, office, code, report["id"], "appraiser") == {
        "paper_of_another_desk",
        "papers_stay_here",
    }
    add(office, store, code, kind="party_opinion", person="appraiser")
    opinion = papers(office, code)[-1]["id"]
    # A colleague at the same desk may.
    take_out(office, code, opinion, "appraiser-2", dry_run=True)
    office.step(code, "return", "appraiser", "2025-06-12", reason="Thiếu minh chứng")
    assert refused_for(take_out, office, code, opinion) == {"paper_of_another_desk"}
    take_out(office, code, report["id"])


def test_the_school_cannot_take_out_a_report_that_was_appraised(office: Office, store: PaperStore) -> None:
    code = office.dossier_at("to_file")
    assert refused_for(take_out, office, code, papers(office, code)[0]["id"]) == {"papers_stay_here"}


def test_a_paper_of_the_very_instant_of_the_step_came_with_it(office: Office, store: PaperStore) -> None:
    code, day = office.dossier_at("completing"), "2025-05-26"
    bringing = (code, "other", io.BytesIO(pdf()), "x.pdf", office.call("clerk", day))
    add_paper(office.database, store, *bringing)
    # The clock of a home may stand: the dossier goes before the council at the same instant.
    office.step(code, "convene", "clerk", day)
    assert refused_for(take_out, office, code, papers(office, code)[-1]["id"]) == {"papers_stay_here"}


def test_a_decided_dossier_keeps_its_papers_and_still_takes_in_more(
    office: Office, store: PaperStore
) -> None:
    code = office.dossier_at("decided")
    kept = papers(office, code)[0]["id"]
    assert refused_for(take_out, office, code, kept) == {"papers_stay_here"}
    add(office, store, code, kind="award_decision_copy")
    assert refused_for(take_out, office, code, papers(office, code)[-1]["id"]) == {"papers_stay_here"}


def test_one_who_acts_for_another_is_shown_as_such(office: Office, store: PaperStore) -> None:
    code = office.dossier_at("at_local_decision")
    day = office.call("chairman", LATER).day
    delegate(office.database, "huyen", "chairman", "office-head", day, day, office.call("chairman"))
    add(office, store, code, kind="decision", person="office-head")
    entry = last_entry(office, code)
    assert entry["actor_id"] == office.people["office-head"]
    assert entry["on_behalf_of_id"] == office.people["chairman"]


def test_who_holds_no_duty_and_who_is_nobody_adds_nothing(office: Office, store: PaperStore) -> None:
    code = office.open()
    for person in ("teacher", "admin", None):
        assert refused_for(add, office, store, code, person=person) == {"duty_not_held"}
    assert list(store.addresses()) == []


# --- What is refused ------------------------------------------------------------------------------------------


def test_everything_against_a_paper_is_said_at_once_and_nothing_is_kept(
    office: Office, store: PaperStore
) -> None:
    code = office.dossier_at("at_education_office")
    before = office.row(code), stored_rows(office)
    found = refused_for(
        add, office, store, code, OF_TYPE[XLSX], kind="novel", name="../../x.pdf", expected_version=1
    )
    assert found == {
        "not_editable_here",
        "unknown_paper_kind",
        "paper_name_has_folder",
        "paper_type_differs",
        "stale_version",
    }
    assert (office.row(code), stored_rows(office)) == before
    assert (list(store.addresses()), store.unfinished()) == ([], [])


def test_a_paper_for_a_dossier_that_does_not_exist_is_refused(office: Office, store: PaperStore) -> None:
    assert refused_for(add, office, store, "th-mau-1.2425.99") == {"unknown_dossier"}
    assert list(store.addresses()) == []


def test_a_paper_of_two_gigabytes_leaves_the_dossier_as_it_was(
    office: Office, store: PaperStore, tmp_path: Path
) -> None:
    code = office.open()
    path = tmp_path / "x.pdf"
    with path.open("wb") as file:
        file.write(pdf())
        file.truncate(2 * 1024**3)
    assert refused_for(add, office, store, code, path) == {"paper_too_large"}
    assert office.row(code)["version"] == 1
    assert store.unfinished() == []


def test_the_same_bytes_twice_as_the_same_kind_are_refused_under_any_name(
    office: Office, store: PaperStore
) -> None:
    code, other = office.open(), office.open()
    add(office, store, code)
    assert refused_for(add, office, store, code, name="khác.pdf") == {"paper_already_there"}
    add(office, store, code, kind="other")
    add(office, store, other)
    assert len(papers(office, code)) == 2
    assert stored_rows(office) == 1
    assert len(list(store.addresses())) == 1


# --- Two at once, kills, full disks ---------------------------------------------------------------------------


def second_clerk(office: Office) -> str:
    row = {
        "person_id": office.people["teacher"],
        "unit_id": office.units["th-mau-1"],
        "duty": "clerk",
        "since": LONG_AGO,
    }
    with office.database.write() as connection:
        connection.execute(insert(Duty.__table__), row)
    return "teacher"


def test_of_two_who_add_the_same_bytes_to_a_dossier_at_once_one_does(
    office: Office, store: PaperStore
) -> None:
    people = ("clerk", second_clerk(office), "principal", "clerk")
    code = office.open()

    def bring(person: str) -> str:
        try:
            return add(office, store, code, person=person).event
        except Refused as refusal:
            return refusal.reasons[0].code

    with ThreadPoolExecutor(4) as at_once:
        found = sorted(at_once.map(bring, people))
    assert found[0] == "add_paper"
    assert set(found[1:]) <= {"paper_already_there", "someone_was_faster"}
    assert len(papers(office, code)) == 1
    assert office.row(code)["version"] == 2
    assert (len(list(store.addresses())), store.unfinished()) == (1, [])


def test_the_same_bytes_brought_to_many_dossiers_at_once_are_in_each_and_stored_once(
    office: Office, store: PaperStore
) -> None:
    codes = [office.open() for _ in range(6)]
    with ThreadPoolExecutor(6) as at_once:
        list(at_once.map(lambda code: add(office, store, code), codes))
    assert [len(papers(office, code)) for code in codes] == [1] * 6
    assert stored_rows(office) == 1
    assert len(list(store.addresses())) == 1


IN_A_PROCESS = """
import io, os, resource, signal, sys
from pathlib import Path
from casework.papers import add_paper
from documents.store import PaperStore
from kit.database import Database, StorageTrouble
from tests.build import office_in
from tests.documents.paper_bytes import pdf

class KilledOnceKept(PaperStore):
    def keep(self, incoming):
        super().keep(incoming)
        os.kill(os.getpid(), signal.SIGKILL)

what, folder, url, code = sys.argv[1:]
office = office_in(Database(url))
if what == "kill":
    store, paper = KilledOnceKept(Path(folder), 1_000_000), pdf()
else:
    # Above what the database itself writes for one act.
    resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, 3_000_000))
    store, paper = PaperStore(Path(folder), 10_000_000), pdf().ljust(9_000_000)
try:
    add_paper(office.database, store, code, "other", io.BytesIO(paper), "x.pdf", office.call("clerk"))
except StorageTrouble as trouble:
    print(trouble.code)
"""


def in_a_process(office: Office, store: PaperStore, what: str, code: str) -> subprocess.CompletedProcess[str]:
    url = office.database.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", IN_A_PROCESS, what, str(store.folder), url, code]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def test_a_kill_between_the_store_and_the_row_leaves_a_whole_dossier_and_a_file_that_nobody_names(
    office: Office, store: PaperStore
) -> None:
    code = office.open()
    before = office.row(code)
    assert in_a_process(office, store, "kill", code).returncode == -9
    assert office.row(code) == before
    assert (papers(office, code), stored_rows(office)) == ([], 0)
    assert len(list(store.addresses())) == 1
    # Whoever tries again succeeds, and the file is named.
    add(office, store, code)
    assert [paper["sha256"] for paper in papers(office, code)] == list(store.addresses())


def test_a_full_disk_leaves_the_dossier_as_it_was(office: Office, store: PaperStore) -> None:
    code = office.open()
    before = office.row(code)
    done = in_a_process(office, store, "full", code)
    assert (done.stdout, done.stderr) == ("disk_full\n", "")
    assert office.row(code) == before
    assert (list(store.addresses()), store.unfinished()) == ([], [])


def test_a_store_that_cannot_be_reached_leaves_the_dossier_as_it_was(office: Office, tmp_path: Path) -> None:
    code = office.open()
    (tmp_path / "taken").write_text("")
    with pytest.raises(StorageTrouble):
        add(office, PaperStore(tmp_path / "taken", LIMIT), code)
    assert office.row(code)["version"] == 1
