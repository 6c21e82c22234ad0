"""The stage of the pages: an office of many districts whose dossiers lie at many desks, made by statements of the
database's own.

A size is a number of districts and of school years. Each district has 40 schools of a hundred teachers, with ten
dossiers a year of ten nominations each: everybody is nominated once a year. The ten dossiers of the running year lie at
ten different places of the way, those of earlier years are decided: so whoever appraises in a district has 40 dossiers
waiting, however large the office is.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    and_,
    case,
    cast,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    true,
)

from bench.bloc_crowd import fill_blocs
from bench.stage import HERE, LONG_AGO
from casework.accounts.sign_in import open_sign_in
from casework.call import Call
from casework.open_year import open_year
from casework.publish import publish
from casework.regulations import chart_of
from casework.routing import route_for
from kit.canonical import canonical_json, sha256_hex
from kit.clock import wall_now
from kit.database import Database
from models.base import UTCDateTime, metadata
from models.schema import upgrade_schema

NOW = datetime(2025, 6, 10, 5, tzinfo=UTC)
YEAR = "2024-2025"
EACH = 10
#: of a school, each nominated once a year: in the dossier whose number is the tens of theirs
TEACHERS = 10 * EACH
#: schools of a district's first bloc; the others form a second one
BLOC = 20
_REGULATIONS = HERE.parent / "regulations"
_FILES = (
    ("titles", "titles/catalogue"),
    ("calendar", f"calendars/{YEAR}"),
    ("procedure", "procedures/three-tier-2024"),
    ("rulebook", "rulebooks/rs-2024"),
)
_T = metadata.tables
DOSSIER, NOMINATION, LETTER, DECISION = _T["dossier"], _T["nomination"], _T["letter"], _T["decision"]

# Which dossier of a school stands where in the running year: state, kind, desk, level, entries behind it.
_PLACES = (
    ("preparing", "draft", "school", "local", 1),
    ("at_bloc", "at_desk", "bloc", "local", 3),
    ("ready", "at_desk", "school", "local", 5),
    ("at_education_office", "at_desk", "education_office", "local", 6),
    ("to_file", "at_desk", "filing", "local", 7),
    ("filed", "filed", "interior_office", "local", 8),
    ("at_local_council", "at_desk", "local_council", "local", 9),
    ("at_local_decision", "at_desk", "local_decision", "local", 10),
    ("at_province_desk", "at_desk", "province_desk", "province", 11),
    ("decided", "decided", "school", "local", 11),
)
# The entries of a history: event, from, to, and the desk that acts.
_WAY = (
    ("open", "", "preparing", "school"),
    ("register", "preparing", "registered", "school"),
    ("hand_in", "registered", "at_bloc", "school"),
    ("record_score", "at_bloc", "completing", "bloc"),
    ("record_council", "at_school_council", "ready", "school_council"),
    ("hand_in", "ready", "at_education_office", "school"),
    ("appraise", "at_education_office", "to_file", "education_office"),
    ("file", "to_file", "filed", "filing"),
    ("appraise", "filed", "at_local_council", "interior_office"),
    ("record_council", "at_local_council", "at_local_decision", "local_council"),
    ("decide", "at_local_decision", "decided", "local_decision"),
)
_APPRAISED, _FILED, _DECIDED = 7, 8, 11
# code of a unit → kind, the one above it; the duty of the person there has the unit's code
_PROVINCE = {
    "tinh": ("province_committee", None, "chairman"),
    "snv": ("interior_department", "tinh", "province_appraiser"),
    "hoi-dong-tinh": ("provincial_council", "tinh", "council_secretary"),
    "sgd": ("education_department", "tinh", "ministry_branch"),
    "tinh-uy": ("party_committee", None, "party_secretary"),
    "bo": ("ministry", None, "ministry_decider"),
    "trung-uong": ("state", None, "state_desk"),
}
_DISTRICT = {
    "huyen": ("people_committee", "tinh", "chairman"),
    "pgd": ("education_office", "huyen", "appraiser"),
    "pnv": ("interior_office", "huyen", "reviewer"),
    "hoi-dong": ("emulation_council", "huyen", "council_secretary"),
    "khoi": ("bloc", "huyen", "bloc_head"),
    "khoi2": ("bloc", "huyen", "bloc_head"),
}
_PAPERS = ("submission_letter", "achievement_report", "council_minutes")
# Who acts for whom at each school, beside the tables of the office: it is made once and read by the statements below.
_DESK = Table(
    "bench_desk",
    MetaData(),
    Column("school_id", Integer, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("event", String(40)),
    Column("payload", String(300)),
    Column("desk", String(60)),
    Column("unit_id", Integer),
    Column("person_id", Integer),
)


@dataclass(frozen=True, slots=True)
class Size:
    """How many districts and school years, and schools of each district; ``dossiers`` follow."""

    districts: int
    years: int
    schools: int = 40

    @property
    def dossiers(self) -> int:
        """How many dossiers there are."""
        return self.districts * self.schools * EACH * self.years


class Crowd:
    """A database with an office of some size, and its people signed in. The first district is the one measured."""

    def __init__(self, url: str, size: Size) -> None:
        upgrade_schema(url)
        self.url, self.size = url, size
        self.database = Database(url)
        self.units: dict[str, int] = {}
        self.people: dict[str, int] = {}
        with self.database.write() as connection:
            self._units_and_people(connection)
            connection.execute(insert(_T["home_clock"]), {"id": 1, "mode": "fixed", "stands_at": NOW})
        for kind, file in _FILES:
            call = Call(None, datetime(2024, 8, 1, tzinfo=UTC), f"publish/{kind}", "bench")
            published = publish(self.database, kind, (_REGULATIONS / f"{file}.yaml").read_bytes(), call)
            if kind == "procedure":
                self.sha256 = published.sha256
        open_year(self.database, datetime(2024, 9, 5, tzinfo=UTC))
        with self.database.write() as connection:
            self._routes(connection)
            self._dossiers(connection)
        for fill in (_nominations, _opinions, _awards, _papers, _reach, _history, _letters, _runs):
            with self.database.write() as connection:
                fill(connection, self)
        fill_blocs(self)
        self._settle()

    def _settle(self) -> None:
        """Let the database know how many rows of what it holds now."""
        with self.database.engine.connect() as connection:
            raw = connection.execution_options(isolation_level="AUTOCOMMIT")
            raw.exec_driver_sql("ANALYZE" if self.database.is_sqlite else "VACUUM ANALYZE")

    def sign_in(self, person: str) -> str:
        """The token of a new sign-in of a person."""
        with self.database.write() as connection:
            return open_sign_in(
                connection,
                self.people[person],
                "password",
                client="bench",
                address="127.0.0.1",
                real_now=wall_now(),
            ).token

    def waiting(self, state: str) -> list[str]:
        """Codes of the first district's dossiers of the running year in a state."""
        schools = [self.units[f"th-0-{n}"] for n in range(self.size.schools)]
        query = select(DOSSIER.c.code).where(
            DOSSIER.c.unit_id.in_(schools), DOSSIER.c.state == state, DOSSIER.c.school_year == YEAR
        )
        with self.database.read() as connection:
            return list(connection.execute(query.order_by(DOSSIER.c.id)).scalars())

    def council(self) -> tuple[int, int]:
        """The first district's council, and its session with the longest list."""
        council, session, item = (_T[name] for name in ("council", "council_session", "session_item"))
        mine = select(council.c.id).where(council.c.unit_id == self.units["hoi-dong-0"])
        with self.database.read() as connection:
            number = connection.execute(mine).scalar_one()
            of_session = (
                select(session.c.id)
                .join(item, item.c.session_id == session.c.id)
                .where(session.c.council_id == number)
                .group_by(session.c.id)
                .order_by(func.count().desc(), session.c.id.desc())
                .limit(1)
            )
            return int(number), int(connection.execute(of_session).scalar_one())

    # --- Units and people ---

    def _units_and_people(self, connection: Connection) -> None:
        planned: dict[str, tuple[str, str | None, str]] = dict(_PROVINCE)
        for d in range(self.size.districts):
            for code, (kind, above, duty) in _DISTRICT.items():
                planned[f"{code}-{d}"] = (kind, above if above == "tinh" else f"{above}-{d}", duty)
            planned.update(
                {f"th-{d}-{n}": ("school", f"huyen-{d}", "clerk") for n in range(self.size.schools)}
            )
        names = {
            "school": "Trường Tiểu học số",
            "bloc": "Khối thi đua số",
            "education_office": "Phòng Giáo dục số",
        }
        rows = [
            {
                "code": code,
                "kind": kind,
                "name": f"{names.get(kind, 'Cơ quan')} {code}",
                "school_type": "primary" if kind == "school" else "",
                "verified": False,
                "source": "bench",
            }
            for code, (kind, _, _) in planned.items()
        ]
        self.units = _insert_coded(connection, "unit", rows)
        placed = [
            {"unit_id": self.units[code], "relation": "authority", "under_id": self.units[above]}
            for code, (_, above, _) in planned.items()
            if above is not None
        ]
        placed += [
            {
                "unit_id": self.units[code],
                "relation": "bloc",
                "under_id": self.units[f"{_bloc_of(code)}-{code.split('-')[1]}"],
            }
            for code, (kind, _, _) in planned.items()
            if kind == "school"
        ]
        connection.execute(insert(_T["placement"]), [{**row, "since": LONG_AGO} for row in placed])
        people = [{"code": code, "name": f"Người {code}", "locale": "vi"} for code in planned]
        people.append({"code": "admin", "name": "Quản trị", "locale": "vi"})
        schools = [code for code, (kind, _, _) in planned.items() if kind == "school"]
        people += [
            {"code": f"gv-{code}-{n}", "name": f"Giáo viên {code} số {n}", "locale": "vi"}
            for code in schools
            for n in range(TEACHERS)
        ]
        self.people = _insert_coded(connection, "person", people)
        held = [(code, code, duty) for code, (_, _, duty) in planned.items()]
        held += [("admin", "pgd-0", "administrator"), *((code, code, "school_council") for code in schools)]
        connection.execute(
            insert(_T["duty"]),
            [
                {
                    "person_id": self.people[person],
                    "unit_id": self.units[unit],
                    "duty": duty,
                    "since": LONG_AGO,
                }
                for person, unit, duty in held
            ],
        )
        connection.execute(
            insert(_T["employment"]),
            [
                {
                    "person_id": self.people[f"gv-{code}-{n}"],
                    "unit_id": self.units[code],
                    "since": LONG_AGO,
                }
                for code in schools
                for n in range(TEACHERS)
            ],
        )

    def _routes(self, connection: Connection) -> None:
        """Which unit and person serve which desk of each school's way."""
        _DESK.create(connection)
        procedure = chart_of(connection, self.sha256).procedure
        codes = {number: code for code, number in self.units.items()}
        self.routes, rows = {}, []
        schools = [code for code in self.units if code.startswith("th-")]
        for code in schools:
            route = route_for(connection, procedure, self.units[code], NOW.date())
            self.routes[code] = route
            for seq, (event, source, target, desk) in enumerate(_WAY, start=1):
                told = {
                    "desk": desk,
                    "from": source,
                    "kind": "at_desk",
                    "to": target,
                    "procedure": self.sha256,
                }
                rows.append(
                    {
                        "school_id": self.units[code],
                        "seq": seq,
                        "event": event,
                        "payload": canonical_json(told),
                        "desk": desk,
                        "unit_id": route[desk],
                        "person_id": self.people[codes[route[desk]]],
                    }
                )
        connection.execute(insert(_DESK), rows)

    # --- Dossiers ---

    def _dossiers(self, connection: Connection) -> None:
        """The oldest year first, as an office comes by them; the years between are copies of it."""
        oldest = self.size.years - 1
        if oldest:
            connection.execute(insert(_T["dossier"]), self._rows(connection, oldest))
        for before in range(oldest - 1, 0, -1):
            self._copy(connection, oldest, before)
        connection.execute(insert(_T["dossier"]), self._rows(connection, 0))

    def _rows(self, connection: Connection, before: int) -> list[dict[str, Any]]:
        """The dossiers of the running year (0) or of one before it, when all were decided."""
        decisions = self._decisions(connection, before)
        at = NOW - timedelta(days=365 * before)
        places = _PLACES if before == 0 else (_PLACES[-1],) * EACH
        rows = []
        for school, route in self.routes.items():
            for number, (state, kind, desk, level, behind) in enumerate(places):
                code = f"{school}.{_short(before)}.{number}"
                decided = kind == "decided"
                rows.append(
                    {
                        "code": code,
                        "unit_id": self.units[school],
                        "school_year": _year(before),
                        "level": level,
                        "procedure_sha256": self.sha256,
                        "state": state,
                        "state_kind": kind,
                        "desk": desk,
                        "desk_unit_id": route[desk],
                        "route": route,
                        "acted": {},
                        "exceptions": [],
                        "receipt_number": code if behind >= _FILED else None,
                        "decision_id": decisions[int(school.split("-")[1])] if decided else None,
                        "opened_at": at - timedelta(days=200),
                        "changed_at": at - timedelta(days=20 - number, minutes=len(rows) % 600),
                        "look_on": None if decided else date(2025, 6, 27),
                        "version": behind,
                        "head_hash": f"{code}.{behind}",
                    }
                )
        return rows

    def _decisions(self, connection: Connection, before: int) -> list[int]:
        """A decision of each district for the school year."""
        year = 2025 - before
        rows = [
            {
                "number": "12/QĐ-UBND",
                "decided_on": date(year, 5, 25),
                "year": year,
                "signatory": "Người ký",
                "issued_by": "Ủy ban nhân dân",
                "unit_id": self.units[f"huyen-{d}"],
                "recorded_at": datetime(year, 5, 26, tzinfo=UTC),
            }
            for d in range(self.size.districts)
        ]
        connection.execute(insert(DECISION), rows)
        found = select(DECISION.c.id).where(DECISION.c.year == year).order_by(DECISION.c.id)
        return list(connection.execute(found).scalars())

    def _copy(self, connection: Connection, source: int, before: int) -> None:
        """The dossiers of one decided year as those of another."""
        self._decisions(connection, before)
        code = func.replace(DOSSIER.c.code, f".{_short(source)}.", f".{_short(before)}.")
        at = NOW - timedelta(days=365 * before)
        changed: dict[str, ColumnElement[Any]] = {
            "code": code,
            "school_year": literal(_year(before)),
            "decision_id": DECISION.c.id,
            "receipt_number": code,
            "opened_at": literal(at - timedelta(days=200), UTCDateTime()),
            "changed_at": literal(at, UTCDateTime()),
            "head_hash": code + f".{_DECIDED}",
        }
        columns = [column for column in DOSSIER.columns if column.name != "id"]
        query = (
            select(*(changed.get(column.name, column).label(column.name) for column in columns))
            .join(_DESK, and_(_DESK.c.school_id == DOSSIER.c.unit_id, _DESK.c.seq == _DECIDED))
            .join(DECISION, and_(DECISION.c.unit_id == _DESK.c.unit_id, DECISION.c.year == 2025 - before))
            .where(DOSSIER.c.school_year == _year(source))
            .order_by(DOSSIER.c.id)
        )
        connection.execute(insert(_T["dossier"]).from_select([column.name for column in columns], query))


def _bloc_of(school: str) -> str:
    """A district's schools form two blocs, the second from the 21st on: real ones have a dozen or two."""
    return "khoi" if int(school.split("-")[2]) < BLOC else "khoi2"


def _year(before: int) -> str:
    return f"{2024 - before}-{2025 - before}"


def _short(before: int) -> str:
    return f"{24 - before}{25 - before}"


def _insert_coded(connection: Connection, table: str, rows: list[dict[str, Any]]) -> dict[str, int]:
    """Insert rows with a code; gives their ids."""
    connection.execute(insert(_T[table]), rows)
    query = select(_T[table].c.code, _T[table].c.id).order_by(_T[table].c.id)
    return {row.code: row.id for row in connection.execute(query)}


def _fill(connection: Connection, table: Table, query: Any) -> None:
    connection.execute(insert(table).from_select([column.name for column in query.selected_columns], query))


def _nominations(connection: Connection, _: Crowd) -> None:
    teacher = _T["employment"]
    first = (
        select(teacher.c.unit_id, func.min(teacher.c.person_id).label("first"))
        .group_by(teacher.c.unit_id)
        .subquery()
    )
    number = cast(func.substr(DOSSIER.c.code, func.length(DOSSIER.c.code)), Integer)
    theirs = and_(
        teacher.c.unit_id == DOSSIER.c.unit_id, (teacher.c.person_id - first.c.first) // EACH == number
    )
    title = case((DOSSIER.c.level == "local", literal("LDTT")), else_=literal("BKT-TX"))
    awarded = DOSSIER.c.state_kind == "decided"
    query = select(
        DOSSIER.c.id.label("dossier_id"),
        teacher.c.person_id,
        DOSSIER.c.unit_id,
        title.label("title"),
        true().label("registered"),
        cast(true(), Boolean).label("proposed"),
        case((DOSSIER.c.version >= _APPRAISED, title), else_=null()).label("appraised_title"),
        case((awarded, title), else_=null()).label("decided_title"),
        case((awarded, literal("awarded")), else_=literal("open")).label("outcome"),
    )
    query = query.join(first, first.c.unit_id == DOSSIER.c.unit_id).join(teacher, theirs)
    _fill(connection, NOMINATION, query.order_by(DOSSIER.c.id, teacher.c.person_id))


def _opinions(connection: Connection, _: Crowd) -> None:
    query = (
        select(
            NOMINATION.c.dossier_id,
            NOMINATION.c.id.label("nomination_id"),
            _DESK.c.desk,
            _DESK.c.person_id,
            literal("supported").label("verdict"),
            DOSSIER.c.changed_at.label("given_at"),
        )
        .join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id)
        .join(_DESK, and_(_DESK.c.school_id == DOSSIER.c.unit_id, _DESK.c.seq == _APPRAISED))
        .where(DOSSIER.c.version >= _APPRAISED)
    )
    _fill(connection, _T["opinion"], query)


def _awards(connection: Connection, _: Crowd) -> None:
    query = (
        select(
            NOMINATION.c.person_id,
            NOMINATION.c.title,
            DOSSIER.c.school_year,
            DOSSIER.c.decision_id,
            NOMINATION.c.id.label("nomination_id"),
            literal("merit").label("award_type"),
            literal("held").label("standing"),
        )
        .join(DOSSIER, DOSSIER.c.id == NOMINATION.c.dossier_id)
        .where(NOMINATION.c.outcome == "awarded")
        .order_by(NOMINATION.c.id)
    )
    _fill(connection, _T["award"], query)


def _papers(connection: Connection, _: Crowd) -> None:
    for kind in _PAPERS:
        row = {"sha256": sha256_hex(kind), "size": 1, "media_type": "application/pdf", "stored_at": NOW}
        connection.execute(insert(_T["stored_file"]), row)
        query = select(
            DOSSIER.c.id.label("dossier_id"),
            literal(kind).label("kind"),
            literal(sha256_hex(kind)).label("sha256"),
            literal(f"{kind}.pdf").label("name"),
            DOSSIER.c.opened_at.label("added_at"),
        )
        _fill(connection, _T["paper"], query)


def _reach(connection: Connection, _: Crowd) -> None:
    came = or_(_DESK.c.seq <= DOSSIER.c.version, _DESK.c.unit_id == DOSSIER.c.desk_unit_id)
    on_way = select(_DESK.c.unit_id, DOSSIER.c.id.label("dossier_id")).join(
        DOSSIER, _DESK.c.school_id == DOSSIER.c.unit_id
    )
    here = select(DOSSIER.c.desk_unit_id, DOSSIER.c.id)
    query = on_way.where(came).union(here).subquery()
    _fill(connection, _T["dossier_reach"], select(query.c.unit_id, query.c.dossier_id))


def _history(connection: Connection, _: Crowd) -> None:
    seq = cast(_DESK.c.seq, String)
    before = cast(_DESK.c.seq - 1, String)
    query = (
        select(
            (literal("dossier:") + cast(DOSSIER.c.id, String)).label("subject"),
            _DESK.c.seq,
            DOSSIER.c.changed_at.label("at"),
            _DESK.c.person_id.label("actor_id"),
            literal("bench").label("via"),
            _DESK.c.event,
            _DESK.c.payload,
            (literal("bench/") + DOSSIER.c.code + "/" + seq).label("request_key"),
            (DOSSIER.c.code + "." + before).label("prev_hash"),
            (DOSSIER.c.code + "." + seq).label("hash"),
        )
        .join(_DESK, _DESK.c.school_id == DOSSIER.c.unit_id)
        .where(_DESK.c.seq <= DOSSIER.c.version)
    )
    _fill(connection, _T["history_entry"], query)


def _letters(connection: Connection, crowd: Crowd) -> None:
    """As many letters as dossiers: each clerk's, a day each."""
    duty, outbox = _T["duty"], _T["outbox_item"]
    clerks = select(duty.c.person_id).where(duty.c.duty == "clerk").subquery()
    failed = clerks.c.person_id % 50 == 0
    for day in range(EACH * crowd.size.years):
        at = NOW - timedelta(days=day + 1)
        query = select(
            clerks.c.person_id,
            literal("deadline").label("kind"),
            literal(at.date()).label("day"),
            case((failed, literal("failed")), else_=literal("sent")).label("standing"),
            literal(at, UTCDateTime()).label("queued_at"),
            literal(at, UTCDateTime()).label("not_before"),
            literal(1).label("attempts"),
            literal("ai-do@truong.example").label("address"),
            literal("Nhắc hạn").label("subject"),
            (literal(f"<bench.{day}.") + cast(clerks.c.person_id, String) + "@thidua.example>").label(
                "message_id"
            ),
            literal(zlib.compress(b"x" * 2000)).label("mime"),
            literal(at, UTCDateTime()).label("sent_at"),
            case((failed, literal("no_address")), else_=literal("")).label("trouble"),
        )
        _fill(connection, LETTER, query)
    first = (
        select(duty.c.person_id, func.min(DOSSIER.c.id).label("dossier_id"))
        .join(DOSSIER, DOSSIER.c.unit_id == duty.c.unit_id)
        .where(duty.c.duty == "clerk")
        .group_by(duty.c.person_id)
        .subquery()
    )
    query = select(
        (literal("bench/") + cast(LETTER.c.id, String)).label("key"),
        LETTER.c.kind,
        LETTER.c.person_id,
        (literal("dossier:") + cast(first.c.dossier_id, String)).label("subject"),
        literal({"dossier": "bench", "due": "2025-06-30", "rung": "-7"}, outbox.c.facts.type).label("facts"),
        literal("sent").label("standing"),
        LETTER.c.queued_at,
        LETTER.c.queued_at.label("ready_at"),
        LETTER.c.id.label("letter_id"),
    ).join(first, first.c.person_id == LETTER.c.person_id)
    _fill(connection, outbox, query)


def _runs(connection: Connection, crowd: Crowd) -> None:
    """Five flows a day, more days in a larger office."""
    rows = [
        {
            "flow": flow,
            "business_day": (NOW - timedelta(days=day)).date(),
            "business_at": NOW - timedelta(days=day),
            "started_at": NOW - timedelta(days=day),
            "finished_at": NOW - timedelta(days=day, seconds=-20),
            "standing": "done",
            "summary": {},
        }
        for day in range(max(crowd.size.dossiers // 100, 10), -1, -1)
        for flow in ("tick", "deliver", "seal", "watch", "open_year")
    ]
    connection.execute(insert(_T["flow_run"]), rows)
