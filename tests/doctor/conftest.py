"""A sound office in which nearly everything has happened, made once per engine; each test plants a fault in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Connection, inspect, text, update

from casework.council.close import close_session
from casework.council.count import count
from casework.duties import delegate, end_duty, grant_duty
from casework.erase import erase_note, erase_person
from casework.except_from_separation import except_from_separation
from casework.exemplars.stages import Finding, Reached, advance_exemplar, find_exemplar
from casework.extend_window import extend_window
from casework.home_clock import set_clock
from casework.inputs import Inputs, OpinionInput, RecoveryInput
from casework.movements.end import end_movement
from casework.movements.review import Review, review
from casework.nominate import NomineeInput, nominate, strike
from casework.objections import receive_objection, settle_objections
from casework.people import PERSON
from casework.publish import publish
from casework.take_step import take_step
from kit.database import Database
from tests.build import AT_DESK, ROOT, Office, decision, main_way, noon
from tests.conftest import BOTH_ENGINES, copy_of_office, drop_append_only_guards, new_postgres_database
from tests.council.sessions import DAY, MEMBERS, Story
from tests.doctor.law_told import law_told
from tests.initiatives.lists import Lists, initiative
from tests.letters.post import Post
from tests.letters.server import mail_server
from tests.movements.cascade import EDUCATION, TOP, cascade

Planting = Callable[[], AbstractContextManager[Connection]]


@pytest.fixture(scope="session", params=BOTH_ENGINES)
def sound(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The office after a lively year: all levels, side ways, an exception, a revocation, people and notes erased."""
    with copy_of_office(request, tmp_path_factory.mktemp("sound")) as office:
        _lively_year(office)
        yield office


def _lively_year(office: Office) -> None:
    database = office.database
    with database.write() as connection:
        connection.execute(update(PERSON).values(email=PERSON.c.code + "@mau.example"))
    set_clock(database, "fixed", noon("2025-12-31"), office.call(None, "2024-08-02"))
    for tell in (
        _decided,
        _province,
        _ministry,
        _reopened,
        _revoked,
        _aside,
        _objected,
        _excepted,
        _moved,
        _around,
        _told,
        _initiatives,
        _voted,
        law_told,
    ):
        tell(office)


def _initiatives(office: Office) -> None:
    """An initiative is recognised, handed on and used once; another is put forward and lies with its school."""
    text = (ROOT / "regulations" / "procedures" / "initiative-2024.yaml").read_bytes()
    publish(office.database, "procedure", text, office.call(None, "2024-08-03"))
    since = date(2024, 12, 1)
    call = office.call("admin", "2024-12-01")
    grant_duty(office.database, "appraiser-2", "pgd", "council_secretary", since, None, call)
    lists = Lists(office)
    lists.walk(lists.dossier_of(initiative("Góc đọc", ("teacher", 6_000), ("teacher-2", 4_000))), "decided")
    (listed,) = lists.add(initiative("Vườn chữ", ("principal", 10_000)), day="2025-03-05")
    lists.put_forward(lists.open(day="2025-03-06"), listed, day="2025-03-07")
    (used,) = (code for code in lists.codes() if code != listed)
    nominees = [NomineeInput("CSTDCS", "teacher", uses=used), NomineeInput("CSTDCS", "teacher-2")]
    nominate(office.database, office.open(), nominees, office.call("clerk", "2025-04-10"))


def _voted(office: Office) -> None:
    """A council that voted by ballot on a nomination, and closed the session."""
    story = Story(office)
    (number,) = story.dossier("clerk", title="CSTDCS")
    story.call(number)
    story.attend()
    story.open()
    for person in MEMBERS:
        story.vote(person, {number: "y"})
    count(office.database, story.session, office.call("council-secretary", DAY))
    close_session(office.database, story.session, office.call("council-secretary", DAY))


def rest_of_way(office: Office, code: str, level: str, first: int, last: int | None = None) -> None:
    """The main way from one of its steps to another."""
    for event, person, day, inputs in main_way(level)[first:last]:
        office.step(code, event, person, day, **inputs)


def _decided(office: Office) -> None:
    """dossier:1: one nomination is awarded, one is doubted and left out, one was struck."""
    code = office.open()
    office.nominate(code, "teacher", "teacher-2", "clerk")
    strike(office.database, code, office.nominations(code)[2:], office.call("clerk", "2024-09-11"))
    office.papers(code, "submission_letter", "achievement_report", "council_minutes")
    office.walk(code, "at_education_office")
    against = OpinionInput(office.nominations(code)[1], "not_supported", reason="Minh chứng chưa đủ.")
    office.step(code, "appraise", "appraiser", "2025-06-20", opinions=(against,), support_rest=True)
    rest_of_way(office, code, "local", 7, -1)
    made = replace(decision(), refused=frozenset({office.nominations(code)[1]}))
    office.step(code, "decide", "chairman", "2025-07-25", decision=made)


def _province(office: Office) -> None:
    """dossier:2: returned and resubmitted on its way, then decided by the province; for a collective."""
    code = office.open("province")
    nominate(office.database, code, [NomineeInput("BKT-TX")], office.call("clerk", "2024-09-12"))
    office.papers(code, "submission_letter", "achievement_report", "council_minutes")
    office.walk(code, "at_education_office")
    office.step(code, "return", "appraiser", "2025-06-18", reason="Thiếu biên bản.")
    office.step(code, "resubmit", "clerk", "2025-06-19")
    rest_of_way(office, code, "province", 6)


def _ministry(office: Office) -> None:
    """dossier:3: forwarded to the ministry, which declines."""
    code = office.dossier_at("with_ministry", "ministry", "teacher")
    office.step(code, "decline", "ministry", "2025-11-21", reason="Chưa đủ số năm.")


def _reopened(office: Office) -> None:
    """dossier:4: decided, reopened after a complaint, decided anew."""
    code = office.dossier_at("decided")
    office.step(code, "reopen", "reviewer", "2025-07-28", reason="Khiếu nại.", receipt="H01.2025.0004")
    office.step(code, "appraise", "reviewer", "2025-07-29", support_rest=True)
    office.step(code, "record_council", "council-secretary", "2025-07-29", support_rest=True)
    again = decision("13/QĐ-UBND", "2025-07-30")
    office.step(code, "decide", "chairman", "2025-07-30", decision=again)


def _revoked(office: Office) -> None:
    """dossier:5: decided and revoked, money and items to be recovered."""
    code = office.dossier_at("decided", "local", "teacher-2")
    office.step(
        code,
        "revoke",
        "chairman",
        "2025-10-01",
        reason="Khai không đúng.",
        decision=decision("77/QĐ-UBND", "2025-10-01"),
        recovery=RecoveryInput(702_000, "giấy chứng nhận"),
    )


def _aside(office: Office) -> None:
    """dossier:6 withdrawn and restored, dossier:7 lapsed, dossier:8 withdrawn for good."""
    code = office.dossier_at("completing", "local", "teacher")
    office.step(code, "withdraw", "clerk", "2025-05-22", reason="Xin rút.")
    office.step(code, "restore", "clerk", "2025-05-23", reason="Nộp lại.")
    late = office.dossier_at("ready", "local", "teacher-2")
    take_step(office.database, late, "lapse", office.call(None, "2025-07-01"), Inputs())
    gone = office.open()
    office.nominate(gone, "teacher", day="2024-09-13")
    office.step(gone, "withdraw", "clerk", "2024-09-14", reason="Không tham gia nữa.")


def _objected(office: Office) -> None:
    """dossier:9: an objection holds it, is settled, and it is released."""
    code = office.dossier_at("filed", "local", "teacher")
    nomination = office.nominations(code)[0]
    call = office.call("reviewer", "2025-07-11")
    receive_objection(office.database, code, "Có đơn phản ánh.", call, nomination=nomination)
    # Which office holds it is the procedure's to say.
    holder = AT_DESK[office.row(code)["desk"]]
    settle_objections(office.database, code, "Đơn không đúng.", office.call(holder, "2025-07-12"))
    office.step(code, "release", holder, "2025-07-13", reason="Đã giải quyết.")


def _excepted(office: Office) -> None:
    """dossier:10: one official appraises at both offices, excepted by the chairman; a colleague acts for another."""
    grant_duty(
        office.database,
        "appraiser",
        "pnv",
        "reviewer",
        date(2025, 1, 1),
        None,
        office.call("admin", "2025-01-01"),
    )
    code = office.dossier_at("filed", "local", "teacher-2")
    call = office.call("chairman", "2025-07-08")
    except_from_separation(office.database, code, "appraiser", "interior_office", "Chỉ có một người.", call)
    office.step(code, "appraise", "appraiser", "2025-07-10", support_rest=True)
    lender = office.call("council-secretary", "2025-07-12")
    delegate(
        office.database,
        "hoi-dong",
        "council_secretary",
        "council-chair",
        date(2025, 7, 15),
        date(2025, 7, 31),
        lender,
    )
    office.step(code, "record_council", "council-chair", "2025-07-18", support_rest=True)


def _moved(office: Office) -> None:
    """movement:3 asks two schools: one answered and reviewed, the other has more time; exemplar:1 was nurtured."""
    cascade(office)
    until = date(2025, 3, 10)
    call = office.call("office-head", "2025-02-18")
    extend_window(
        office.database, "th-mau-2", f"movement-{EDUCATION.code}", "answer-school", until, "Sửa trường.", call
    )
    said = Review(EDUCATION.code, "th-mau-1", date(2025, 5, 30), "Mười hai đổi mới được áp dụng.")
    review(office.database, None, said, office.call("clerk", "2025-06-02"))
    found = Finding("th-mau-1", "teacher", "Dạy học", date(2025, 2, 10), "", EDUCATION.code)
    find_exemplar(office.database, None, found, office.call("clerk", "2025-02-10"))
    reached = Reached("nurtured", date(2025, 4, 1), "Dự giờ.")
    advance_exemplar(office.database, None, 1, reached, office.call("principal", "2025-04-02"))
    ended = office.call("province-chairman", "2025-08-01")
    end_movement(office.database, TOP.code, "Đã tổng kết ở tỉnh.", ended)


def _around(office: Office) -> None:
    """Extensions, duties that end, a person and a note erased."""
    database = office.database
    call = office.call("office-head", "2025-06-29")
    extend_window(database, "th-mau-1", "2024-2025", "dossier-completion", date(2025, 7, 5), "Mưa bão.", call)
    end_duty(database, "clerk-2", "th-mau-2", "clerk", date(2025, 6, 30), office.call("admin", "2025-06-20"))
    erase_person(database, "clerk-2", "Theo yêu cầu.", office.call("admin", "2025-11-01"))
    with database.read() as connection:
        note = connection.execute(text("SELECT note_id FROM opinion WHERE note_id IS NOT NULL")).scalar_one()
    erase_note(database, note, office.call("admin", "2025-11-02"))


def _told(office: Office) -> None:
    """letter:1: sent; letter:2: in doubt."""
    with mail_server() as (told, port):
        # Before anything else was ready: every other item goes on waiting.
        post = Post(office, port, now=noon("2024-08-02"))
        post.item("party")
        post.item("state")
        told.at["end:state@mau.example"] = "keep drop"
        post.compose()
        post.deliver()


@pytest.fixture(scope="session")
def unguarded(sound: Office, request: pytest.FixtureRequest) -> Iterator[Database]:
    """The sound office where the database checks nothing.

    On PostgreSQL it is a copy from which every guard was taken, once for all faults: looking for them and taking them
    is a quarter of a second. On SQLite each connection passes over them.
    """
    if sound.database.is_sqlite:
        yield sound.database
        return
    url = sound.database.engine.url
    # Nobody may be connected to what is copied.
    sound.database.close()
    with new_postgres_database(request.getfixturevalue("postgres_url"), url.database) as copied:
        database = Database(copied, synchronous="NORMAL")
        with database.write() as connection:
            drop_append_only_guards(connection)
            _drop_constraints(connection)
        yield database
        database.close()


@pytest.fixture
def planting(unguarded: Database) -> Planting:
    """A connection on which the database checks nothing; at the end of its block nothing has happened."""

    @contextmanager
    def opened() -> Iterator[Connection]:
        with unguarded.engine.connect() as connection:
            if unguarded.is_sqlite:
                connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
                connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
            unguarded.begin_write(connection)
            if unguarded.is_sqlite:
                drop_append_only_guards(connection)
            yield connection
            connection.rollback()
            if unguarded.is_sqlite:
                # This connection's settings must not go back into the pool.
                connection.invalidate()

    return opened


def _drop_constraints(connection: Connection) -> None:
    found = inspect(connection)
    for table in found.get_table_names():
        guards = [*found.get_foreign_keys(table), *found.get_check_constraints(table)]
        drops = ", ".join(f'DROP CONSTRAINT "{guard["name"]}"' for guard in guards)
        if drops:
            connection.execute(text(f'ALTER TABLE "{table}" {drops}'))
