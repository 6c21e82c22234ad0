"""What blocs, councils and schools leave beside their dossiers in the office of `bench/crowd.py`, by statements of the
database's own: a year of each bloc with its sheets, initiatives, movements, exemplars, sessions of councils.

All of it is there for each school year, so it grows with districts and years as a real office does.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    Table,
    and_,
    cast,
    func,
    insert,
    literal,
    null,
    select,
    true,
    union_all,
)

from bench.stage import HERE, LONG_AGO
from casework.call import Call
from casework.council.tables import COUNCIL
from casework.movements.calendar_of import PREFIX
from casework.publish import publish
from kit.canonical import sha256_hex
from models.base import UTCDateTime, metadata
from published.scorecards import read_scorecard

if TYPE_CHECKING:
    from bench.crowd import Crowd

_REGULATIONS = HERE.parent / "regulations"
_T = metadata.tables
_UNIT, _DUTY, _PLACED, _DOSSIER, _NOMINATION = (
    _T[name] for name in ("unit", "duty", "placement", "dossier", "nomination")
)
#: initiatives and exemplars of a school in a year, sessions of a district's council
INITIATIVES, EXEMPLARS, SESSIONS = 3, 4, 6
#: the first of the ten teachers of a school whom the dossier with the number 9 nominates (`bench/crowd.py`)
_AUTHOR = 90
SCORERS, MEMBERS = 3, 9


def years_of(crowd: Crowd) -> list[tuple[str, int]]:
    """The school years, the oldest first, and the calendar year in which each ends."""
    return [(f"{2024 - n}-{2025 - n}", 2025 - n) for n in range(crowd.size.years - 1, -1, -1)]


def fill_blocs(crowd: Crowd) -> None:
    """Everything of this file."""
    for kind, file in (
        ("titles", "titles/catalogue"),
        ("scorecard", "scorecards/tieu-hoc-600-200-200"),
        ("council", "councils/local-2024"),
    ):
        call = Call(None, datetime(2014, 8, 1, tzinfo=UTC), f"publish/{kind}", "bench")
        publish(crowd.database, kind, (_REGULATIONS / f"{file}.yaml").read_bytes(), call)
    for fill in (_years_of_blocs, _initiatives, _movements, _exemplars, _councils):
        for year, ends in years_of(crowd):
            with crowd.database.write() as connection:
                fill(connection, crowd, year, ends)


def _fill(connection: Connection, table: str, query: Select[Any]) -> None:
    columns = [column.name for column in query.selected_columns]
    connection.execute(insert(_T[table]).from_select(columns, query))


def _at(instant: datetime) -> ColumnElement[datetime]:
    return literal(instant, UTCDateTime())


def _members() -> Any:
    """Each school with its bloc, its place in it from 0, and its clerk."""
    return (
        select(
            _PLACED.c.under_id.label("bloc_id"),
            _PLACED.c.unit_id.label("school_id"),
            (
                func.row_number().over(partition_by=_PLACED.c.under_id, order_by=_PLACED.c.unit_id)
                - literal(1)
            ).label("place"),
            func.count().over(partition_by=_PLACED.c.under_id).label("schools"),
            _DUTY.c.person_id,
        )
        .join(_DUTY, and_(_DUTY.c.unit_id == _PLACED.c.unit_id, _DUTY.c.duty == "clerk"))
        .where(_PLACED.c.relation == "bloc")
    )


def _numbers(below: int, name: str = "n") -> Any:
    """The numbers from 0 up to one below a bound, as a table."""
    return union_all(*(select(literal(n).label("n")) for n in range(below))).subquery(name)


# --- A bloc's year ------------------------------------------------------------------------------------------


def _years_of_blocs(connection: Connection, crowd: Crowd, year: str, ends: int) -> None:
    text = (_REGULATIONS / "scorecards" / "tieu-hoc-600-200-200.yaml").read_text(encoding="utf-8")
    card, _ = read_scorecard(text)
    if card is None:
        raise RuntimeError(text)
    members = _members().cte("members")
    heads = select(_DUTY.c.unit_id, _DUTY.c.person_id).where(_DUTY.c.duty == "bloc_head").subquery()
    of_year = (heads.c.unit_id.label("bloc_id"), literal(year).label("school_year"))
    autumn, may = _at(datetime(ends - 1, 10, 15, tzinfo=UTC)), _at(datetime(ends, 5, 25, tzinfo=UTC))
    _fill(
        connection,
        "bloc_card",
        select(
            *of_year,
            literal(sha256_hex(text.encode())).label("scorecard_sha256"),
            heads.c.person_id.label("approved_by_id"),
            autumn.label("approved_at"),
        ),
    )
    _fill(
        connection,
        "bloc_draw",
        select(
            *of_year,
            literal("bench").label("seed"),
            literal(SCORERS).label("scorers"),
            heads.c.person_id.label("drawn_by_id"),
            may.label("drawn_at"),
            heads.c.person_id.label("settled_by_id"),
            may.label("settled_at"),
        ),
    )
    for kind, day in (("covenant", date(ends - 1, 10, 15)), ("scoring", date(ends, 5, 20))):
        _fill(
            connection,
            "bloc_meeting",
            select(
                *of_year,
                literal(kind).label("kind"),
                literal(day).label("held_on"),
                literal("Trường Tiểu học số 1").label("place"),
                heads.c.person_id.label("chair_id"),
                heads.c.person_id.label("secretary_id"),
                literal("").label("paper_name"),
                heads.c.person_id.label("recorded_by_id"),
                may.label("recorded_at"),
            ),
        )
    here = (members.c.bloc_id, literal(year).label("school_year"), members.c.school_id)
    by = (members.c.person_id.label("recorded_by_id"), may.label("recorded_at"))
    signed = (
        members.c.person_id.label("signed_by_id"),
        literal(date(ends - 1, 10, 15)).label("signed_on"),
        literal("").label("paper_name"),
    )
    _fill(connection, "covenant_signature", select(*here, *signed, *by))
    # Each school scores itself (distance 0) and those that follow it in the bloc.
    far = _numbers(SCORERS + 1, "far")
    other = members.alias("other")
    filed = {
        "standing": literal("filed"),
        "version": literal(1),
        "sha256": literal("0" * 64),
        "paper_name": literal(""),
        "filed_by_id": members.c.person_id,
        "filed_at": may,
    }
    follows = (members.c.place + far.c.n) % members.c.schools
    sheets = (
        select(
            members.c.bloc_id,
            literal(year).label("school_year"),
            members.c.school_id.label("scorer_id"),
            other.c.school_id.label("scored_id"),
            *(value.label(name) for name, value in filed.items()),
        )
        .select_from(members)
        # Of a small bloc nobody is scored twice by the same school.
        .join(far, far.c.n < members.c.schools)
        .join(other, and_(other.c.bloc_id == members.c.bloc_id, other.c.place == follows))
    )
    _fill(connection, "score_sheet", sheets)
    asked = [item for item in card.items if item.group.startswith("ND")]
    items = union_all(
        *(select(literal(i.code).label("item"), literal(int(i.most)).label("most")) for i in asked)
    ).subquery("items")
    sheet = _T["score_sheet"]
    given = items.c.most - (sheet.c.scored_id + sheet.c.scorer_id) % 5
    _fill(
        connection,
        "sheet_line",
        select(
            sheet.c.id.label("sheet_id"), items.c.item, given.label("points"), literal("").label("paper_name")
        )
        .join(items, true())
        .where(sheet.c.school_year == year),
    )
    settled = items.c.most - members.c.place % 5
    exact = cast(settled, String(80)).label("exact")
    _fill(
        connection,
        "settled_point",
        select(*here, items.c.item, exact, (literal(1) == literal(0)).label("by_meeting")).join(
            items, true()
        ),
    )
    whole = sum(int(item.most) for item in asked)
    points = (literal(whole) - len(asked) * (members.c.place % 5)).label("score")
    _fill(
        connection,
        "bloc_score",
        select(
            *here, points, (members.c.place + 1).label("rank"), *by, cast(points, String(80)).label("exact")
        ),
    )


# --- Initiatives --------------------------------------------------------------------------------------------


def _initiatives(connection: Connection, crowd: Crowd, year: str, ends: int) -> None:
    """Of each school's initiatives all but one are recognised; of those the first is used by a nomination."""
    initiative, author, employed = (_T[name] for name in ("initiative", "initiative_author", "employment"))
    each, listed = _numbers(INITIATIVES), _at(datetime(ends - 1, 12, 10, tzinfo=UTC))
    number = cast(each.c.n + 1, String)
    code = _UNIT.c.code + f".{str(ends - 1)[2:]}{str(ends)[2:]}.sk" + number
    _fill(
        connection,
        "initiative",
        select(
            code.label("code"),
            _UNIT.c.id.label("unit_id"),
            literal(year).label("school_year"),
            (literal("Giúp học sinh đọc tốt hơn, cách ") + number + " của " + _UNIT.c.code).label("name"),
            literal("giảng dạy").label("field"),
            literal(date(ends - 1, 9, 20)).label("applied_on"),
            listed.label("listed_at"),
            (code + " giup hoc sinh doc tot hon, cach " + number + " cua " + _UNIT.c.code).label("searched"),
        )
        .join(each, true())
        .where(_UNIT.c.kind == "school")
        .order_by(_UNIT.c.id),
    )
    first = (
        select(employed.c.unit_id, func.min(employed.c.person_id).label("first"))
        .group_by(employed.c.unit_id)
        .subquery()
    )
    # Of those whom the dossier that was decided nominates.
    for teacher, share in ((_AUTHOR, 6_000), (_AUTHOR + 1, 4_000)):
        _fill(
            connection,
            "initiative_author",
            select(
                initiative.c.id.label("initiative_id"),
                (first.c.first + teacher).label("person_id"),
                literal(share).label("share"),
            )
            .join(first, first.c.unit_id == initiative.c.unit_id)
            .where(initiative.c.school_year == year),
        )
    decided = and_(
        _DOSSIER.c.unit_id == initiative.c.unit_id,
        _DOSSIER.c.school_year == year,
        _DOSSIER.c.code == _UNIT.c.code + f".{str(ends - 1)[2:]}{str(ends)[2:]}.9",
    )
    recognised = (
        initiative.c.school_year == year,
        initiative.c.code.not_like("%.sk" + str(INITIATIVES)),
    )
    to_dossier = (
        select(
            _DOSSIER.c.id.label("dossier_id"),
            initiative.c.id.label("initiative_id"),
            initiative.c.unit_id,
            literal("SKCS").label("title"),
            (literal(1) == literal(0)).label("registered"),
            (literal(1) == literal(1)).label("proposed"),
            literal("SKCS").label("appraised_title"),
            literal("SKCS").label("decided_title"),
            literal("awarded").label("outcome"),
        )
        .join(_UNIT, _UNIT.c.id == initiative.c.unit_id)
        .join(_DOSSIER, decided)
        .where(*recognised)
    )
    _fill(connection, "nomination", to_dossier)
    _fill(
        connection,
        "award",
        select(
            _NOMINATION.c.unit_id,
            _NOMINATION.c.title,
            literal(year).label("school_year"),
            _DOSSIER.c.decision_id,
            _NOMINATION.c.id.label("nomination_id"),
            _NOMINATION.c.initiative_id,
            literal("merit").label("award_type"),
            literal("held").label("standing"),
        )
        .join(_DOSSIER, _DOSSIER.c.id == _NOMINATION.c.dossier_id)
        .where(_NOMINATION.c.initiative_id.is_not(None), _DOSSIER.c.school_year == year),
    )
    connection.execute(
        _NOMINATION.update()
        .where(
            _NOMINATION.c.dossier_id == _DOSSIER.c.id,
            _DOSSIER.c.school_year == year,
            _DOSSIER.c.code.like("%.9"),
            author.c.person_id == _NOMINATION.c.person_id,
            author.c.share == 6_000,
            initiative.c.id == author.c.initiative_id,
            initiative.c.school_year == year,
            initiative.c.code.like("%.sk1"),
        )
        .values(uses_initiative_id=initiative.c.id)
    )


# --- Movements and exemplars --------------------------------------------------------------------------------


def _movements(connection: Connection, crowd: Crowd, year: str, ends: int) -> None:
    """The province asks its districts' offices, each of them its schools, of which three in four answered."""
    movement, call = _T["movement"], _T["movement_call"]
    launched = datetime(ends, 2, 10, tzinfo=UTC)
    common: Mapping[str, Any] = {
        "theme": f"Thi đua thực hiện thắng lợi nhiệm vụ phát triển kinh tế - xã hội năm {ends}",
        "number": f"26/KH-{ends}",
        "dated": date(ends, 2, 10),
        "since": date(ends, 2, 1),
        "until": date(ends, 12, 31),
        "paper_name": "",
        "launched_at": launched,
    }
    days: Mapping[str, Any] = {"answer_by": date(ends, 6, 20), "review_by": date(ends, 12, 15)}
    top = {
        **common,
        **days,
        "code": f"pt-{ends}",
        "unit_id": crowd.units["tinh"],
        "launched_by_id": crowd.people["tinh"],
    }
    number = connection.execute(insert(movement), top).inserted_primary_key[0]
    plain = [literal(value, movement.c[name].type).label(name) for name, value in common.items()]
    asked = [literal(value, movement.c[name].type).label(name) for name, value in days.items()]

    def plans(kind: str, duty: str, parent: Any, *more: Any) -> Select[Any]:
        by = _DUTY.c.person_id.label("launched_by_id")
        code = (literal(f"pt-{ends}-") + _UNIT.c.code).label("code")
        query = select(code, _UNIT.c.id.label("unit_id"), parent.label("parent_id"), by, *plain, *more)
        joined = query.join(_DUTY, and_(_DUTY.c.unit_id == _UNIT.c.id, _DUTY.c.duty == duty))
        return joined.where(_UNIT.c.kind == kind).order_by(_UNIT.c.id)

    _fill(connection, "movement", plans("education_office", "appraiser", literal(number), *asked))
    office = movement.alias("office")
    placed = (
        select(_PLACED.c.unit_id, office.c.id.label("movement_id"))
        .join(_UNIT, _UNIT.c.id == _PLACED.c.unit_id)
        .join(crowd_of := _PLACED.alias("beside"), crowd_of.c.under_id == _PLACED.c.under_id)
        .join(office, and_(office.c.unit_id == crowd_of.c.unit_id, office.c.parent_id == number))
        .where(
            _UNIT.c.kind == "school", _PLACED.c.relation == "authority", crowd_of.c.relation == "authority"
        )
        .subquery()
    )
    answered = plans("school", "clerk", placed.c.movement_id).join(placed, placed.c.unit_id == _UNIT.c.id)
    _fill(connection, "movement", answered.where(_UNIT.c.id % 4 != 0))
    answers = select(
        movement.c.parent_id, movement.c.unit_id, movement.c.id, literal("").label("review_name")
    )
    columns = ["movement_id", "unit_id", "answer_id", "review_name"]
    of_year = movement.c.launched_at == _at(launched)
    of_parent = answers.where(of_year, movement.c.parent_id.is_not(None))
    connection.execute(insert(call).from_select(columns, of_parent))
    silent = select(placed.c.movement_id, placed.c.unit_id, null(), literal("")).where(
        placed.c.unit_id % 4 == 0
    )
    connection.execute(insert(call).from_select(columns, silent))
    obliged = [literal(PREFIX) + movement.c.code, null()]
    owed = select(call.c.unit_id, *obliged).join(movement, movement.c.id == call.c.movement_id).where(of_year)
    kinds = select(_UNIT.c.id, func.replace(_UNIT.c.kind, "_", "-").label("kind")).subquery()
    for what in ("answer", "review"):
        milestone = literal(f"{what}-") + kinds.c.kind
        query = owed.join(kinds, kinds.c.id == call.c.unit_id).add_columns(milestone)
        connection.execute(
            insert(_T["obligation"]).from_select(["unit_id", "calendar", "look_on", "milestone"], query)
        )
    met = (
        select(
            call.c.unit_id,
            (literal(PREFIX) + movement.c.code).label("calendar"),
            (literal("answer-") + kinds.c.kind).label("milestone"),
            literal(date(ends, 3, 1)).label("done_on"),
            literal("").label("paper_name"),
            movement.c.launched_by_id.label("fulfilled_by_id"),
            _at(launched).label("fulfilled_at"),
        )
        .join(movement, movement.c.id == call.c.movement_id)
        .join(kinds, kinds.c.id == call.c.unit_id)
        .where(of_year, call.c.answer_id.is_not(None))
    )
    _fill(connection, "fulfilment", met)


def _exemplars(connection: Connection, crowd: Crowd, year: str, ends: int) -> None:
    """All were made known, so that a page of them is full in the smallest office too."""
    exemplar, employed = _T["exemplar"], _T["employment"]
    stages = ("found", "nurtured", "reviewed", "spread")
    rank = (
        func.row_number().over(partition_by=employed.c.unit_id, order_by=employed.c.person_id).label("rank")
    )
    staff = select(employed.c.unit_id, employed.c.person_id, rank).subquery()
    before = select(func.coalesce(func.max(exemplar.c.id), 0)).scalar_subquery()
    already = connection.execute(select(before)).scalar_one()
    _fill(
        connection,
        "exemplar",
        select(
            staff.c.unit_id,
            staff.c.person_id,
            literal("dạy học sinh dân tộc thiểu số").label("field"),
            literal(stages[-1]).label("stage"),
        ).where(staff.c.rank > 2, staff.c.rank <= 2 + EXEMPLARS),
    )
    for month, stage in enumerate(stages, start=1):
        _fill(
            connection,
            "exemplar_stage",
            select(
                exemplar.c.id.label("exemplar_id"),
                literal(stage).label("stage"),
                literal(date(ends, month, 5)).label("reached_on"),
                literal("").label("paper_name"),
                exemplar.c.person_id.label("recorded_by_id"),
                _at(datetime(ends, month, 6, tzinfo=UTC)).label("recorded_at"),
            ).where(exemplar.c.id > already),
        )


# --- Councils -----------------------------------------------------------------------------------------------


def _councils(connection: Connection, crowd: Crowd, year: str, ends: int) -> None:
    """A council of each district with its members; closed sessions of each year, and one that is called."""
    text = (_REGULATIONS / "councils" / "local-2024.yaml").read_bytes()
    if year == years_of(crowd)[0][0]:
        _fill(
            connection,
            "council",
            select(
                _UNIT.c.id.label("unit_id"),
                literal(sha256_hex(text)).label("rules_sha256"),
                literal("").label("decision"),
                literal(LONG_AGO).label("since"),
            ).where(_UNIT.c.kind == "emulation_council"),
        )
        secretary = select(_DUTY.c.person_id, COUNCIL.c.id.label("council_id")).join(
            COUNCIL, COUNCIL.c.unit_id == _DUTY.c.unit_id
        )
        chosen = secretary.where(_DUTY.c.duty == "council_secretary").subquery()
        _fill(connection, "council_member", _seated(chosen.c.council_id, chosen.c.person_id, "secretary"))
        # The clerks of the first schools of its district.
        placed, above = _PLACED.alias("placed"), _PLACED.alias("above")
        rank = func.row_number().over(partition_by=COUNCIL.c.id, order_by=_DUTY.c.unit_id).label("rank")
        clerks = (
            select(COUNCIL.c.id.label("council_id"), _DUTY.c.person_id, rank)
            .join(above, and_(above.c.unit_id == COUNCIL.c.unit_id, above.c.relation == "authority"))
            .join(placed, and_(placed.c.under_id == above.c.under_id, placed.c.relation == "authority"))
            .join(_DUTY, and_(_DUTY.c.unit_id == placed.c.unit_id, _DUTY.c.duty == "clerk"))
            .subquery()
        )
        seated = _seated(clerks.c.council_id, clerks.c.person_id, "member").where(clerks.c.rank < MEMBERS)
        _fill(connection, "council_member", seated)
    session = _T["council_session"]
    for n in range(SESSIONS):
        open_one = n == SESSIONS - 1 and ends == 2025
        at = datetime(ends, 1 + n, 12, 1, tzinfo=UTC)
        _fill(
            connection,
            "council_session",
            select(
                COUNCIL.c.id.label("council_id"),
                literal(date(ends, 1 + n, 20) if open_one else at.date()).label("held_on"),
                literal("08:00").label("begins"),
                literal("Ủy ban nhân dân huyện").label("place"),
                literal("called" if open_one else "closed").label("standing"),
                (cast(null(), UTCDateTime()) if open_one else _at(at)).label("opened_at"),
                (cast(null(), UTCDateTime()) if open_one else _at(at)).label("counted_at"),
                (cast(null(), String(64)) if open_one else literal("0" * 64)).label("ballots_sha256"),
            ),
        )
    _items(connection, session, year, ends)


def _seated(council: Any, person: Any, role: str) -> Select[Any]:
    since = literal(LONG_AGO).label("since")
    named = council.label("council_id"), person.label("person_id")
    return select(*named, literal(role).label("role"), since)


def _items(connection: Connection, session: Table, year: str, ends: int) -> None:
    """Ten nominations on the list of each session, of the dossiers of its district."""
    placed, above = _PLACED.alias("placed"), _PLACED.alias("above")
    rank = func.row_number().over(partition_by=above.c.unit_id, order_by=_NOMINATION.c.id).label("rank")
    listed = (
        select(_NOMINATION.c.id, COUNCIL.c.id.label("council_id"), rank)
        .join(_DOSSIER, _DOSSIER.c.id == _NOMINATION.c.dossier_id)
        .join(placed, and_(placed.c.unit_id == _DOSSIER.c.unit_id, placed.c.relation == "authority"))
        .join(above, and_(above.c.under_id == placed.c.under_id, above.c.relation == "authority"))
        .join(COUNCIL, COUNCIL.c.unit_id == above.c.unit_id)
        .where(_DOSSIER.c.school_year == year, _DOSSIER.c.code.like("%.6"))
        .subquery()
    )
    order = func.row_number().over(partition_by=session.c.council_id, order_by=session.c.id) - literal(1)
    held = select(session.c.id, session.c.council_id, order.label("place")).where(
        session.c.held_on >= date(ends, 1, 1), session.c.held_on <= date(ends, 12, 31)
    )
    sessions = held.subquery()
    mine = (listed.c.rank > sessions.c.place * 10) & (listed.c.rank <= sessions.c.place * 10 + 10)
    query = select(
        sessions.c.id.label("session_id"),
        listed.c.id.label("nomination_id"),
        (literal(1) == literal(1)).label("secret"),
    ).join(listed, and_(listed.c.council_id == sessions.c.council_id, mine))
    _fill(connection, "session_item", query)
