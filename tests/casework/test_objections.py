"""An objection stops a dossier until somebody has settled it, in words."""

from __future__ import annotations

from typing import Any

from casework.objections import receive_objection, settle_objections
from tests.build import Office
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


def test_the_school_that_prepares_a_dossier_does_not_settle_what_is_said_against_it(office: Office) -> None:
    code = office.dossier_at("completing")
    object_to(office, code, "clerk", "2025-05-27")
    assert codes(settle, office, code, "clerk") == ["own_school"]
