"""An office in which something of everything has happened, for tests that judge every page."""

from __future__ import annotations

import io
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update

from casework.accounts.make_link import make_link
from casework.bloc.approve_card import approve_card
from casework.bloc.assign import assign
from casework.bloc.certify import Certified, certify
from casework.bloc.hold_meeting import Meeting, hold_meeting
from casework.bloc.score_sheet import Evidence, Scoring, score_sheet
from casework.bloc.settle import MeetingWord, settle
from casework.bloc.sign_covenant import Signing, sign_covenant
from casework.bloc.write_report import write_report
from casework.council.call_session import attend, write_opinion
from casework.council.close import close_session
from casework.council.count import count
from casework.council.form import form_council
from casework.council.vote import cast, open_ballot
from casework.duties import delegate
from casework.exemplars.counts import import_counts
from casework.exemplars.stages import Finding, Reached, advance_exemplar, find_exemplar
from casework.fulfil import Word, fulfil
from casework.ledger import run_flow
from casework.movements.launch import launch
from casework.movements.review import Review, review
from casework.nominate import NomineeInput, nominate
from casework.open_dossier import Opening, open_dossier
from casework.papers import add_paper
from casework.publish import publish
from documents.store import PaperStore
from kit.canonical import sha256_hex
from kit.clock import wall_now
from kit.database import Database
from kit.settings import Settings
from models.base import metadata
from models.person import Person
from tests.build import LONG_AGO, PEOPLE, ROOT, Office, office_in
from tests.council.sessions import MEMBERS, Story
from tests.documents.paper_bytes import pdf
from tests.initiatives.lists import Lists, initiative
from tests.movements.cascade import CASCADE, EDUCATION
from tests.web.client import client_of
from tests.web.conftest import Browser, Pages
from web.app import create_app

#: the day on which the office is looked at: the local dossier is decided, the province's lies open to the public
TODAY = "2025-08-12"
#: what stands at which station, and who may know of it is worked out by `casework/sight.py`
STATIONS = ("preparing", "at_education_office", "returned", "decided", "in_public_opinion", "of_others")
#: beside what the small office has published: what is in force on that day
PUBLISHED = (
    ("holidays", "holidays/2025.yaml"),
    ("calendar", "calendars/2025-2026.yaml"),
    ("procedure", "procedures/two-tier-2025.yaml"),
    ("procedure", "procedures/initiative-2024.yaml"),
    ("rulebook", "rulebooks/rs-2025.yaml"),
    ("scorecard", "scorecards/tieu-hoc-600-200-200.yaml"),
)
_PERSON = Person.__table__


@dataclass(frozen=True)
class Happened:
    """The dossiers by where they stand, and the token of a one-time link for a teacher."""

    codes: dict[str, str]
    link: str
    #: one that is recognised, one that is in the list alone
    initiatives: tuple[str, ...] = ()


def stage_settings(home: Path, url: str = "") -> Settings:
    """Settings of a home that reaches no mail server and no Prefect."""
    return Settings(
        home=home,
        database_url=url,
        sqlite_synchronous="NORMAL",
        mail_port=1,
        prefect_port=1,
        mail_timeout_s=1,
    )


@dataclass
class Stage(Pages):
    """The office behind pages; ``codes`` are the dossiers by where they stand."""

    codes: dict[str, str] = field(default_factory=dict)
    link: str = ""
    initiatives: tuple[str, ...] = ()

    def browser(self, person: str | None = None) -> Browser:
        """A browser that is told of a server error as a reader is."""
        made = super().browser(person)
        client = client_of(self.app, raises=False)
        client.cookies.update(made.client.cookies)
        return Browser(client)

    def ids(self, table: str, **where: Any) -> list[int]:
        """The ids of rows, the first ones first."""
        rows = metadata.tables[table]
        wanted = select(rows.c.id).where(*(rows.c[name] == value for name, value in where.items()))
        with self.office.database.read() as connection:
            return list(connection.execute(wanted.order_by(rows.c.id)).scalars())

    def digests(self) -> dict[str, str]:
        """A hash of the rows of each table; when a sign-in was last used is left out."""
        found = {}
        with self.office.database.read() as connection:
            for table in metadata.sorted_tables:
                columns = [column for column in table.columns if column.name != "last_seen_at"]
                rows = sorted(map(repr, connection.execute(select(*columns))))
                found[table.name] = sha256_hex("\n".join(rows))
        return found

    def changed_since(self, before: dict[str, str]) -> list[str]:
        """The tables that hold other rows than before."""
        return sorted(name for name, digest in self.digests().items() if before[name] != digest)


def _prepare(office: Office, store: PaperStore) -> Happened:
    with office.database.write() as connection:
        connection.execute(update(_PERSON).values(email=_PERSON.c.code + "@mau.example"))
    for kind, path in PUBLISHED:
        publish(office.database, kind, (ROOT / "regulations" / path).read_bytes(), office.call(None, TODAY))
    codes = {
        "at_education_office": office.dossier_at("at_education_office", "local", "teacher"),
        "decided": office.dossier_at("decided", "local", "teacher-2"),
        "in_public_opinion": office.dossier_at("in_public_opinion", "state", "principal"),
        "returned": office.dossier_at("at_education_office", "local", "bloc-deputy"),
    }
    office.step(codes["returned"], "return", "appraiser", reason="Thiếu biên bản họp hội đồng")
    codes["preparing"] = office.open()
    office.nominate(codes["preparing"], "school-council")
    _another_school(office, codes)
    initiatives = _initiatives(office, codes)
    _councils(office, codes)
    for code, person in ((codes["preparing"], "clerk"), (codes["of_others"], "clerk-2")):
        source = io.BytesIO(pdf(code))
        add_paper(
            office.database,
            store,
            code,
            "achievement_report",
            source,
            "Báo cáo.pdf",
            office.call(person, TODAY),
        )
    bytes_of_papers(office.database, store)
    said = Word("khoi", "2024-2025", "covenant", date(2024, 10, 15), "đã ký giao ước")
    options = {"paper": io.BytesIO(pdf("giao ước")), "name": "Giao ước.pdf"}
    fulfil(office.database, store, said, office.call("bloc-head", "2024-10-16"), **options)
    _movements_and_exemplars(office, store)
    _two_years_of_a_bloc(office, store)
    lent = (date(2025, 8, 1), date(2025, 8, 31))
    delegate(
        office.database, "pgd", "appraiser", "office-head", *lent, office.call("appraiser", "2025-08-01")
    )
    link = make_link(office.database, "teacher-2", office.call("admin", TODAY), real_now=wall_now())
    assert link.token is not None
    return Happened(codes, link.token, initiatives)


def _initiatives(office: Office, codes: dict[str, str]) -> tuple[str, ...]:
    """A list of initiatives that was recognised and handed on, one with its school, and what uses the former."""
    lists = Lists(office)
    with office.database.write() as connection:
        row = {"person_id": office.people["appraiser-2"], "unit_id": office.units["pgd"]}
        council = {**row, "duty": "council_secretary", "since": LONG_AGO}
        connection.execute(insert(metadata.tables["duty"]), council)
    recognised = initiative("Góc đọc mở", ("teacher", 6_250), ("clerk-2", 3_750))
    codes["initiatives"] = lists.dossier_of(recognised)
    lists.walk(codes["initiatives"], "decided")
    (listed,) = lists.add(initiative("Vườn chữ"), day="2025-03-05")
    codes["initiatives_preparing"] = lists.open("province", day="2025-03-06")
    lists.put_forward(codes["initiatives_preparing"], listed, level="province", day="2025-03-07")
    (code,) = (row for row in lists.codes() if row != listed)
    uses = [NomineeInput("CSTDCS", "teacher", uses=code)]
    nominate(office.database, codes["preparing"], uses, office.call("clerk", "2025-04-10"))
    uses = [NomineeInput("CSTDCS", "clerk-2", uses=code)]
    nominate(office.database, codes["of_others"], uses, office.call("clerk-2", "2025-04-11"))
    return code, listed


def _movements_and_exemplars(office: Office, store: PaperStore) -> None:
    """The education office asks two schools: one answered and reviewed, with papers, the other did neither. Of the two
    exemplars of that school one was made known; the bloc brought a file of counts."""
    database = office.database
    for plan, person, day in CASCADE:
        late = (
            replace(plan, answer_by=date(2025, 8, 20), review_by=date(2025, 10, 31)) if plan.kinds else plan
        )
        signed = {"paper": io.BytesIO(pdf(plan.code)), "name": "Kế hoạch.pdf"}
        launch(database, store, replace(late, until=date(2025, 9, 30)), office.call(person, day), **signed)
    said = Review(EDUCATION.code, "th-mau-1", date(2025, 8, 1), "Mười hai đổi mới được áp dụng.")
    report = {"paper": io.BytesIO(pdf("tổng kết")), "name": "Tổng kết.pdf"}
    review(database, store, said, office.call("clerk", "2025-08-02"), **report)
    for number, person in enumerate(("teacher", None), 1):
        found = Finding("th-mau-1", person, "Dạy học sinh dân tộc thiểu số", date(2025, 3, 1), "Dự giờ.")
        story = {"paper": io.BytesIO(pdf(f"điển hình {number}")), "name": "Điển hình.pdf"}
        find_exemplar(database, store, found, office.call("clerk", "2025-03-02"), **story)
    for stage, day in (("nurtured", "2025-04-01"), ("reviewed", "2025-06-01"), ("spread", "2025-07-01")):
        reached, story = Reached(stage, date.fromisoformat(day), "Báo cáo."), io.BytesIO(pdf(stage))
        call = office.call("principal", day)
        advance_exemplar(database, store, 1, reached, call, paper=story, name="Điển hình.pdf")
    body = b"code,name,subject,registered_2020_2025,achieved_2020_2025\nLDTT,Lao dong,individual,40,\n"
    import_counts(database, "khoi", body, office.call("bloc-head", "2025-08-01"))


def _two_years_of_a_bloc(office: Office, store: PaperStore) -> None:
    """One year of the bloc that is over, but for the hand-over, and one in which a school has still to file.

    Of the year of the dossiers points were typed, without a card."""
    card = (ROOT / "regulations" / "scorecards" / "cao-dang-2021.yaml").read_bytes()
    publish(office.database, "scorecard", card, office.call(None, "2022-08-01"))
    procedure = (ROOT / "regulations" / "procedures" / "bloc-prize-2024.yaml").read_bytes()
    publish(office.database, "procedure", procedure, office.call(None, "2022-08-01"))
    schools = {"th-mau-1": "clerk", "th-mau-2": "clerk-2"}
    for year, first, last in (("2022-2023", 2022, 2023), ("2023-2024", 2023, 2024)):
        head = partial(office.call, "bloc-head")
        day = date(first, 10, 20)
        met = Meeting("khoi", year, "covenant", day, "Trường Mẫu", "bloc-head", "clerk")
        minutes = {"paper": io.BytesIO(pdf(f"biên bản {year}")), "name": "Biên bản.pdf"}
        hold_meeting(office.database, store, met, head(f"{first}-10-20"), **minutes)
        signing = Signing("khoi", year, "th-mau-1", day)
        sign_covenant(office.database, store, signing, office.call("principal", f"{first}-10-20"))
        approve_card(office.database, "khoi", year, "cao-dang-2021", head(f"{first}-10-20"))
        assign(office.database, "khoi", year, head(f"{last}-05-05"), seed="mẫu")
        for n, (scorer, scored) in enumerate((one, other) for one in schools for other in schools):
            if year == "2023-2024" and scorer == "th-mau-1":
                continue
            points = {"1.1": 38 - n, "1.2": 18, "2.1": 19, "3.1": 17}
            said = {item: Decimal(given) for item, given in points.items()}
            scoring = Scoring("khoi", year, scorer, scored, said, {"1.1": "có minh chứng"}, "đã xem hồ sơ")
            paper: dict[str, Any] = {
                "paper": io.BytesIO(pdf(f"{scorer} {scored} {year}")),
                "name": "Minh chứng.pdf",
            }
            paper["evidence"] = [Evidence(("1.1", "2.1"), io.BytesIO(pdf("bảng kê")), "Bảng kê.pdf")]
            call = office.call(schools[scorer], f"{last}-05-12")
            score_sheet(office.database, store, scoring, call, **paper)
    scored_on = Meeting("khoi", "2022-2023", "scoring", date(2023, 5, 20), "Trường Mẫu", "bloc-head", "clerk")
    hold_meeting(office.database, store, scored_on, office.call("bloc-head", "2023-05-20"))
    word = MeetingWord("th-mau-1", "1.2", Decimal(20), "cuộc họp xem lại minh chứng")
    settle(office.database, "khoi", "2022-2023", [word], office.call("bloc-head", "2023-05-25"))
    given = [Certified(school="th-mau-1"), Certified(person="teacher")]
    certify(
        office.database, "khoi", "2022-2023", given, date(2023, 6, 1), office.call("bloc-head", "2023-06-01")
    )
    texts = {"strengths": "Các trường nộp hồ sơ đúng hạn.", "plan": "Phát động ngay từ đầu năm."}
    write_report(office.database, "khoi", "2022-2023", texts, office.call("bloc-head", "2023-06-10"))


def _another_school(office: Office, codes: dict[str, str]) -> None:
    call = office.call("clerk-2", "2024-09-10")
    opening = Opening("th-mau-2", "2024-2025", "three-tier-2024", "local")
    codes["of_others"] = open_dossier(office.database, opening, call).dossier
    nominate(
        office.database,
        codes["of_others"],
        [NomineeInput("LDTT", "clerk-2")],
        office.call("clerk-2", "2024-09-10"),
    )


def _councils(office: Office, codes: dict[str, str]) -> None:
    """The district's council: one session closed, one voting, one called; and a school's council without a session."""
    day = "2025-08-11"
    story = Story(office)
    # One of those whom the tests let look at every page.
    story.appoint("appraiser", "secretary")
    text = (ROOT / "regulations/councils/school-2020.yaml").read_bytes()
    publish(office.database, "council", text, office.call(None, "2024-08-01"))
    form_council(
        office.database, "th-mau-1", "school-2020", date(2024, 9, 1), office.call("principal", "2024-09-01")
    )
    lists = []
    for name, nominee in (("judged", "teacher"), ("voting", "teacher-2"), ("called", "teacher")):
        numbers = story.dossier(nominee, "clerk", title="CSTDCS")
        codes[f"before_council_{name}"] = story.rows("dossier")[-1]["code"]
        lists.append(numbers)
    for numbers in lists[:2]:
        story.call(*numbers, day=day)
        people = [person for person in MEMBERS if person != "office-head"]
        attend(office.database, story.session, people, office.call("council-secretary", day))
        choices = dict.fromkeys(numbers, "yes")
        call = office.call("office-head", day)
        write_opinion(office.database, story.session, "office-head", choices, call)
        open_ballot(office.database, story.session, office.call("council-chair", day))
        for person in people[: 4 if numbers == lists[0] else 2]:
            cast(office.database, story.session, choices, office.call(person, day))
        if numbers == lists[0]:
            count(office.database, story.session, office.call("council-secretary", day))
            close_session(office.database, story.session, office.call("council-secretary", day))
    story.call(*lists[2], day="2025-08-20")


def bytes_of_papers(database: Database, store: PaperStore) -> None:
    """Papers that the builders wrote straight into the tables get bytes that can be opened."""
    stored, paper = metadata.tables["stored_file"], metadata.tables["paper"]
    with database.write() as connection:
        for row in connection.execute(select(stored).where(stored.c.size == 1)).mappings().all():
            with store.receive(io.BytesIO(pdf(row["sha256"])), "x.pdf") as incoming:
                kept = store.keep(incoming)
            new = {**row, "sha256": kept.sha256, "size": kept.size}
            connection.execute(insert(stored), new)
            old = paper.c.sha256 == row["sha256"]
            connection.execute(update(paper).where(old).values(sha256=kept.sha256))


def build_stage(office_file: Path, home: Path) -> Happened:
    """Make a home in which it all has happened."""
    home.mkdir(parents=True)
    shutil.copy(office_file, home / "thidua.sqlite3")
    settings = stage_settings(home)
    database = Database(settings.url, synchronous="NORMAL")
    office = office_in(database)
    pages = Pages(office, None, home)
    pages.stand(TODAY)
    happened = _prepare(office, PaperStore(home / "papers", 50_000_000))
    # Letters are composed and none can be handed over: some wait, some have failed.
    for flow in ("tick", "deliver", "seal"):
        run_flow(database, settings, flow, via="test")
    database.close()
    with closing(sqlite3.connect(home / "thidua.sqlite3")) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    return happened


def open_stage(home: Path, happened: Happened) -> Stage:
    """The pages of a copy of that home."""
    settings = stage_settings(home)
    app = create_app(settings)
    return Stage(
        office_in(app.state.house.database),
        app,
        home,
        dict(happened.codes),
        happened.link,
        happened.initiatives,
    )


def close_stage(stage: Stage) -> None:
    """End what the pages hold open."""
    stage.app.state.house.database.close()


EVERYBODY = (*PEOPLE, None)
