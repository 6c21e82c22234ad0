"""An objection stops a dossier until somebody has settled it, in words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import insert

from casework.inputs import ScoreInput
from casework.objections import receive_objection, settle_objections
from casework.publish import publish
from models.person import Employment
from tests.build import LONG_AGO, ROOT, Office
from tests.casework.telling import broken_links, call_with, codes, last, refused_without_trace, rows

TEXT = "Thành tích không đúng"


def object_to(
    office: Office, code: str, person: str, day: str = "2025-07-10", text: str = TEXT, **options: Any
) -> Any:
    return receive_objection(office.database, code, text, office.call(person, day), **options)


def settle(office: Office, code: str, person: str, day: str = "2025-07-12", text: str = "Đã xác minh") -> Any:
    return settle_objections(office.database, code, text, office.call(person, day))


def test_an_objection_holds_the_dossier_until_it_is_settled_and_released(office: Office) -> None:
    code = office.dossier_at("filed")
    receipt = object_to(office, code, "reviewer", nomination=office.nominations(code)[0])
    held = office.row(code)
    assert (receipt.state, held["state_kind"], held["held_from"]) == (held["state"], "on_hold", "filed")
    holder = {"education_office": "appraiser", "interior_office": "reviewer"}[held["desk"]]
    assert codes(office.step, code, "release", holder, "2025-07-11", reason="Xong") == ["objection_open"]
    settle(office, code, holder)
    office.step(code, "release", holder, "2025-07-12", reason="Đã xác minh")
    office.step(code, "appraise", "reviewer", "2025-07-13", support_rest=True)
    assert broken_links(office.database) == []


def test_the_history_names_the_desk_that_received_it_not_the_one_that_holds_it_up(office: Office) -> None:
    code = office.dossier_at("at_local_council")
    object_to(office, code, "council-secretary", "2025-07-18")
    told = last(office, code)["payload"]
    assert (told["desk"], told["to"], office.row(code)["desk"]) == (
        "local_council",
        "on_hold_review",
        "interior_office",
    )


def test_the_school_is_told_that_its_dossier_is_on_hold(office: Office) -> None:
    code = office.dossier_at("filed")
    object_to(office, code, "reviewer")
    told = {item["person_id"] for item in rows(office, "outbox_item", kind="on_hold")}
    assert told == {office.people["clerk"], office.people["principal"]}


def test_the_text_of_an_objection_stays_out_of_the_chain(office: Office) -> None:
    code = office.dossier_at("filed")
    object_to(office, code, "reviewer")
    (objection,) = rows(office, "objection")
    assert rows(office, "note", id=objection["note_id"])[0]["text"] == TEXT
    assert TEXT not in str(last(office, code))


def test_all_that_is_wrong_with_an_objection_is_said_at_once(office: Office) -> None:
    code = office.dossier_at("filed")
    assert refused_without_trace(office, object_to, office, code, "clerk", text="  ", nomination=10_000) == [
        "duty_not_held",
        "input_missing",
        "nomination_not_open",
    ]
    assert codes(settle, office, code, "clerk", text="") == [
        "duty_not_held",
        "input_missing",
        "no_open_objection",
        "own_school",
    ]


def test_all_open_objections_are_settled_together_and_once(office: Office) -> None:
    code = office.dossier_at("filed")
    object_to(office, code, "reviewer")
    holder = {"education_office": "appraiser", "interior_office": "reviewer"}[office.row(code)["desk"]]
    object_to(office, code, holder)
    settle(office, code, holder)
    assert all(row["settled_at"] and row["settlement_note_id"] for row in rows(office, "objection"))
    assert codes(settle, office, code, holder) == ["no_open_objection"]


def test_the_same_objection_sent_twice_is_one(office: Office) -> None:
    code = office.dossier_at("filed")
    call = call_with(office, "reviewer", "once", "2025-07-10")
    first = receive_objection(office.database, code, TEXT, call)
    again = receive_objection(office.database, code, TEXT, call)
    assert (again.replayed, again.state, again.hash) == (True, first.state, first.hash)
    assert len(rows(office, "objection")) == 1


def test_a_dry_run_of_an_objection_says_that_it_would_hold_the_dossier(office: Office) -> None:
    code = office.dossier_at("filed")
    receipt = object_to(office, code, "reviewer", dry_run=True)
    assert receipt.state.startswith("on_hold")
    assert (office.row(code)["state"], rows(office, "objection")) == ("filed", [])


def test_what_is_said_while_a_school_prepares_its_dossier_is_seen_before_the_next_desk_judges(
    office: Office,
) -> None:
    for state, day, onward, event, person in (
        ("registered", "2025-05-05", "hand_in", "record_score", "bloc-head"),
        ("completing", "2025-05-27", "convene", "record_council", "school-council"),
    ):
        code = office.dossier_at(state)
        assert object_to(office, code, "clerk", day).state == state
        office.step(code, onward, "clerk", day)
        given = {"score": ScoreInput(Decimal("912.50"), 1)} if event == "record_score" else {}
        given |= {"support_rest": True} if event == "record_council" else {}
        assert codes(office.step, code, event, person, day, **given) == ["objection_open"]
        # The stage's authority takes it up: the dossier waits there, is settled and goes on.
        office.step(code, "hold", "appraiser", day, reason="Có kiến nghị")
        settle(office, code, "appraiser", day)
        office.step(code, "release", "appraiser", day, reason="Đã xác minh")
        office.step(code, event, person, day, **given)


def test_an_objection_at_a_desk_of_the_school_is_settled_by_the_authority_that_holds_it(
    office: Office,
) -> None:
    code = office.dossier_at("completing")
    object_to(office, code, "clerk", "2025-05-27")
    office.step(code, "convene", "clerk", "2025-05-27")
    assert codes(settle, office, code, "school-council", "2025-05-27") == ["own_school"]


def test_in_the_principals_own_certificate_too_the_council_waits_for_what_is_said(office: Office) -> None:
    text = (ROOT / "regulations/procedures/school-certificate.yaml").read_bytes()
    publish(office.database, "procedure", text, office.call(None))
    code = office.open(procedure="school-certificate")
    office.nominate(code, "teacher", title="GK")
    office.papers(code, "council_minutes")
    object_to(office, code, "clerk", "2024-09-11")
    office.step(code, "convene", "clerk")
    found = codes(office.step, code, "record_council", "school-council", support_rest=True)
    assert found == ["objection_open"]
    office.step(code, "hold", "principal", reason="Có kiến nghị")
    settle(office, code, "principal")
    office.step(code, "release", "principal", reason="Đã xác minh")
    office.step(code, "record_council", "school-council", support_rest=True)


def test_who_works_at_the_school_settles_nothing_for_an_office_and_a_colleague_does(office: Office) -> None:
    spell = {"person_id": office.people["appraiser"], "unit_id": office.units["th-mau-1"]}
    with office.database.write() as connection:
        connection.execute(insert(Employment.__table__), {**spell, "since": LONG_AGO, "until": None})
    code = office.dossier_at("at_education_office")
    object_to(office, code, "appraiser", "2025-06-10")
    assert codes(settle, office, code, "appraiser") == ["own_school"]
    settle(office, code, "appraiser-2")


def test_the_school_that_prepares_a_dossier_does_not_settle_what_is_said_against_it(office: Office) -> None:
    code = office.dossier_at("completing")
    object_to(office, code, "clerk", "2025-05-27")
    assert codes(settle, office, code, "clerk") == ["own_school"]
