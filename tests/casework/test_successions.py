"""A district ends and its schools go to two communes: the published map says who does its offices' work."""

from __future__ import annotations

import json
from datetime import date

import pytest
from sqlalchemy import insert, select, update

from casework.audit.snapshot import snapshot
from casework.audit.verify import verify
from casework.doctor.examine import examine
from casework.extend_window import extend_window
from casework.fulfil import Word, fulfil
from casework.history import ENTRY
from casework.load import DOSSIER
from casework.open_year import open_year
from casework.pass_on import left_behind, pass_on, pass_on_all
from casework.publish import publish
from casework.regulations import chart_of
from casework.routing import PLACEMENT, UNIT, route_for
from casework.views.obligations import list_obligations
from models.person import Duty
from rules.reasons import Refused
from tests.build import Office, noon
from tests.calendar.plans import ABOVE, LADDER, at, publish_plan, tick_on, told

LAST, FIRST = date(2025, 6, 30), date(2025, 7, 1)
ENDED = ("huyen", "pgd", "pnv", "hoi-dong")
MAP = """\
succession: districts-end
title: {vi: Kế tục, en: Succession}
since: 2025-07-01
source: test
verified: false
"""
KINDS = """\
kinds:
  - {kind: education_office, becomes: culture_society_office, source: test, verified: true}
  - {kind: interior_office, becomes: culture_society_office, source: test, verified: true}
  - {kind: people_committee, becomes: people_committee, source: test, verified: true}
  - {kind: emulation_council, becomes: emulation_council, source: test, verified: true}
"""
UNITS = """\
units:
  - {unit: huyen, becomes: [xa-a, xa-b], source: test, verified: false}
  - {unit: pgd, becomes: [pvhxh-a, pvhxh-b], source: test, verified: false}
  - {unit: pnv, becomes: [pvhxh-a, pvhxh-b], source: test, verified: false}
  - {unit: hoi-dong, becomes: [hd-a, hd-b], source: test, verified: false}
"""


@pytest.fixture
def ended(office: Office) -> Office:
    """The office whose district ended on 30/06/2025; th-mau-1 came under the commune a, th-mau-2 under b."""
    with office.database.write() as connection:
        for code in ENDED:
            connection.execute(update(UNIT).where(UNIT.c.code == code).values(until=LAST))
            where = (PLACEMENT.c.unit_id == office.units[code]) | (PLACEMENT.c.under_id == office.units[code])
            connection.execute(
                update(PLACEMENT).where(where, PLACEMENT.c.relation == "authority").values(until=LAST)
            )
        for commune, school in (("a", "th-mau-1"), ("b", "th-mau-2")):
            for kind, code, under in (
                ("people_committee", f"xa-{commune}", "tinh"),
                ("culture_society_office", f"pvhxh-{commune}", f"xa-{commune}"),
                ("emulation_council", f"hd-{commune}", f"xa-{commune}"),
            ):
                row = {"code": code, "kind": kind, "name": code, "since": FIRST, "source": "test"}
                office.units[code] = connection.execute(insert(UNIT), row).inserted_primary_key[0]
                _place(connection, office, code, under)
            _place(connection, office, school, f"xa-{commune}")
        for person, duty in (
            ("appraiser", "appraiser"),
            ("reviewer", "reviewer"),
            ("admin", "administrator"),
        ):
            held = {"person_id": office.people[person], "duty": duty, "since": FIRST}
            connection.execute(insert(Duty.__table__), {**held, "unit_id": office.units["pvhxh-a"]})
        connection.execute(
            update(Duty.__table__)
            .where(Duty.__table__.c.unit_id.in_([office.units[code] for code in ENDED]))
            .values(until=LAST)
        )
    return office


def _place(connection, office: Office, code: str, under: str) -> None:
    place = {"unit_id": office.units[code], "relation": "authority", "under_id": office.units[under]}
    connection.execute(insert(PLACEMENT), {**place, "since": FIRST})


def publish_map(office: Office, text: str) -> str:
    return publish(
        office.database, "succession", (MAP + text).encode(), office.call(None, "2025-06-20")
    ).sha256


def codes_of(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


def last_payload(office: Office, subject: str) -> dict:
    with office.database.read() as connection:
        query = select(ENTRY.c.payload).where(ENTRY.c.subject == subject).order_by(ENTRY.c.seq.desc())
        return json.loads(connection.execute(query.limit(1)).scalar_one())


@pytest.mark.parametrize("text", [KINDS, UNITS, KINDS + UNITS], ids=["kinds", "units", "both"])
def test_a_dossier_passes_to_the_commune_of_its_school_and_the_history_names_the_map(
    ended: Office, text: str
) -> None:
    code = ended.dossier_at("at_education_office")
    sha256 = publish_map(ended, text)
    before = ended.row(code)["route"]
    pass_on(ended.database, code, ended.call("admin", "2025-07-01"))
    after = ended.row(code)["route"]
    names = {unit: name for name, unit in ended.units.items()}
    assert {desk: names[unit] for desk, unit in after.items() if before[desk] != unit} == {
        "education_office": "pvhxh-a",
        "interior_office": "pvhxh-a",
        "local_council": "hd-a",
        "local_decision": "xa-a",
    }
    payload = last_payload(ended, f"dossier:{ended.row(code)['id']}")
    assert payload["succession"] == [sha256]
    assert payload["passed_on"]["education_office"] == [ended.units["pgd"], ended.units["pvhxh-a"]]
    with snapshot(ended.database) as connection:
        assert verify(connection).sound
        assert "held_by_ended_unit" not in {f.code for f in examine(connection, noon("2025-07-02"))}


def test_without_a_map_nothing_is_passed_on_and_the_doctor_says_why(ended: Office) -> None:
    code = ended.dossier_at("at_education_office")
    with pytest.raises(Refused) as refusal:
        pass_on(ended.database, code, ended.call("admin", "2025-07-01"))
    assert codes_of(refusal) == ["no_successor"] * 4
    with pytest.raises(Refused) as refusal:
        ended.step(code, "appraise", "appraiser", "2025-07-01", support_rest=True)
    assert "office_ended" in codes_of(refusal)
    with snapshot(ended.database) as connection:
        found = {f.code: f.found for f in examine(connection, noon("2025-07-01"))}
    assert found["ended_without_successor"] == (f"dossier:{ended.row(code)['id']}",)


def test_who_tries_at_an_ended_office_is_told_its_successor_and_acts_there_once_passed_on(
    ended: Office,
) -> None:
    publish_map(ended, KINDS)
    code = ended.dossier_at("at_education_office")
    with pytest.raises(Refused) as refusal:
        ended.step(code, "return", "appraiser", "2025-07-01", reason="Thiếu.")
    (told,) = [reason for reason in refusal.value.reasons if reason.code == "office_succeeded"]
    assert told.params["successor"] == ended.units["pvhxh-a"]
    assert told.params["until"] == "2025-06-30"
    pass_on(ended.database, code, ended.call("admin", "2025-07-01"))
    assert ended.step(code, "return", "appraiser", "2025-07-01", reason="Thiếu.").state == "returned"


def test_what_the_district_could_extend_the_commune_extends_after_its_end(ended: Office) -> None:
    sha256 = publish_map(ended, KINDS)

    def extend(person: str, day: str, until: int = 20):
        words = ("th-mau-1", "2024-2025", "dossier-completion", date(2025, 7, until), "Mưa bão.")
        return extend_window(ended.database, *words, ended.call(person, day))

    assert "succession" not in extend("appraiser-2", "2025-06-30").payload
    with pytest.raises(Refused) as refusal:
        extend("appraiser-2", "2025-07-01", 25)
    (reason,) = refusal.value.reasons
    assert (reason.code, reason.params["unit"]) == ("duty_not_held", ended.units["pvhxh-a"])
    payload = extend("appraiser", "2025-07-01", 25).payload
    assert payload["succession"] == {"unit": ended.units["pvhxh-a"], "sha256": sha256}


def test_a_way_is_found_through_the_successor_from_its_first_day_on(ended: Office) -> None:
    publish_map(ended, KINDS)
    code = ended.open()
    with ended.database.read() as connection:
        procedure = chart_of(connection, ended.row(code)["procedure_sha256"]).procedure
        for day, place in ((LAST, "pgd"), (FIRST, "pvhxh-a")):
            route = route_for(connection, procedure, ended.units["th-mau-1"], day)
            assert route["education_office"] == ended.units[place]


def test_all_that_was_left_behind_is_passed_on_with_a_result_for_each(ended: Office) -> None:
    # The commune b is in no row: its school's dossier waits, and stops no other.
    publish_map(ended, UNITS.replace(", xa-b", "").replace(", pvhxh-b", "").replace(", hd-b", ""))
    codes = [ended.open() for _ in range(3)]
    ended.step(codes[2], "withdraw", "clerk", "2024-09-11", reason="Thôi.")
    with ended.database.write() as connection:
        dossier = ended.row(codes[1])["id"]
        connection.execute(
            update(DOSSIER).where(DOSSIER.c.id == dossier).values(unit_id=ended.units["th-mau-2"])
        )
    call = ended.call("admin", "2025-07-01", "all")
    tried = pass_on_all(ended.database, call, dry_run=True)
    assert [(o.dossier, o.receipt is not None) for o in tried] == [(codes[0], True), (codes[1], False)]
    with ended.database.read() as connection:
        assert left_behind(connection, FIRST) == tuple(codes)
    done = pass_on_all(ended.database, call)
    assert [o.receipt is not None for o in done] == [True, False]
    assert {reason.code for reason in done[1].reasons} == {"no_successor"}
    again = pass_on_all(ended.database, call)
    assert again[0].receipt is not None
    assert again[0].receipt.replayed
    (late,) = [
        o for o in pass_on_all(ended.database, ended.call("admin", "2025-07-01"), finished=True) if o.receipt
    ]
    assert late.dossier == codes[2]


def test_only_an_administrator_passes_on(ended: Office) -> None:
    publish_map(ended, KINDS)
    ended.open()
    (outcome,) = pass_on_all(ended.database, ended.call("appraiser", "2025-07-01"))
    assert [reason.code for reason in outcome.reasons] == ["duty_not_held"]


@pytest.fixture
def owing(ended: Office) -> Office:
    """The district's education office still owes an appraisal when it ends: five days later it is due."""
    publish_plan(
        ended,
        initiative_appraisal={
            "met_by": ["fulfil"],
            "duty": ["appraiser"],
            "last_day": date(2025, 7, 6),
            "remind": LADDER,
            "escalate": ABOVE | {"to": {"unit": "people_committee", "duty": ["chairman"]}},
        },
    )
    open_year(ended.database, at("2024-08-03"))
    with ended.database.write() as connection:
        held = {"person_id": ended.people["chairman"], "duty": "chairman", "since": FIRST}
        connection.execute(insert(Duty.__table__), {**held, "unit_id": ended.units["xa-a"]})
    return ended


def told_from(office: Office, first: int, last: int) -> dict[int, list[tuple[str, str, int]]]:
    reports = {day: tick_on(office, f"2025-07-{day:02}") for day in range(first, last + 1)}
    return {day: told(office, report) for day, report in reports.items() if report.reminders}


def test_what_an_ended_office_left_unmet_its_successors_are_reminded_of_and_answer_for(owing: Office) -> None:
    publish_map(owing, UNITS)
    assert told(owing, tick_on(owing, "2025-06-29")) == [
        ("appraiser", "deadline", -7),
        ("appraiser-2", "deadline", -7),
    ]
    # Due on Sunday the 6th; the rung of the 29th was another's, and the escalation goes to the communes' chairmen.
    assert told_from(owing, 1, 14) == {
        3: [("appraiser", "deadline", -3)],
        5: [("appraiser", "deadline", -1)],
        6: [("appraiser", "deadline", 0)],
        7: [("appraiser", "overdue", 1)],
        9: [("appraiser", "overdue", 3)],
        11: [("chairman", "escalation", 0)],
    }
    with owing.database.read() as connection:
        (row,) = list_obligations(connection, at("2025-07-14"), "vi", unit="pvhxh-b", standing="late")
    assert (row["unit"]["code"], [unit["code"] for unit in row["asked"]]) == ("pgd", ["pvhxh-a", "pvhxh-b"])
    word = Word("pgd", "2024-2025", "initiative-appraisal", date(2025, 7, 14))
    with pytest.raises(Refused) as refusal:
        fulfil(owing.database, None, word, owing.call("appraiser-2", "2025-07-14"))
    assert codes_of(refusal) == ["duty_not_held"]
    fulfil(owing.database, None, word, owing.call("appraiser", "2025-07-14"))
    with owing.database.read() as connection:
        assert not list_obligations(connection, at("2025-07-14"), "vi", unit="pvhxh-b", standing="late")


def test_the_chairman_of_a_commune_gives_more_time_for_what_the_ended_office_owes(owing: Office) -> None:
    publish_map(owing, UNITS)
    words = ("pgd", "2024-2025", "initiative-appraisal", date(2025, 7, 20), "Bàn giao chưa xong.")
    extend_window(owing.database, *words, owing.call("chairman", "2025-07-05"))
    assert told_from(owing, 6, 18) == {
        6: [("appraiser", "deadline", -14)],
        13: [("appraiser", "deadline", -7)],
        17: [("appraiser", "deadline", -3)],
    }


def test_without_a_map_nobody_is_asked_until_one_is_published(owing: Office) -> None:
    assert told_from(owing, 1, 6) == {}
    call = owing.call(None, "2025-07-07")
    publish(owing.database, "succession", (MAP + UNITS).encode(), call)
    assert told_from(owing, 7, 8) == {7: [("appraiser", "overdue", 1)]}
