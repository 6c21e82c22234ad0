"""Erasing a person and a text: what is personal goes, what the chains hold stays true."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from casework.duties import delegate, end_duty, grant_duty
from casework.erase import erase_note, erase_person
from casework.history import ENTRY, GENESIS, NOTE, entry_hash, note_hash
from casework.people import PERSON
from rules.reasons import Refused
from tests.build import Office

NAME = "Nguyễn Thị Mẫu"
WHY = "Theo đơn của bà Nguyễn Thị Mẫu"


def person_row(office: Office, code: str) -> dict[str, Any]:
    with office.database.read() as connection:
        return dict(connection.execute(select(PERSON).where(PERSON.c.code == code)).mappings().one())


def notes(office: Office) -> dict[str, dict[str, Any]]:
    with office.database.read() as connection:
        return {row["id"]: dict(row) for row in connection.execute(select(NOTE)).mappings()}


def describe(office: Office, code: str) -> None:
    told = {"name": NAME, "birth_date": date(1980, 2, 29), "gender": "nữ", "email": "mau@example.org"}
    with office.database.write() as connection:
        connection.execute(update(PERSON).where(PERSON.c.code == code).values(told))


def erase(office: Office, code: str, reason: str = WHY, person: str | None = "admin", **options: Any):
    return erase_person(office.database, code, reason, office.call(person), **options)


def refused_for(act, *args: Any, **kwargs: Any) -> set[str]:
    with pytest.raises(Refused) as refused:
        act(*args, **kwargs)
    return {reason.code for reason in refused.value.reasons}


def test_nothing_new_is_recorded_of_somebody_who_was_erased(office: Office) -> None:
    erase(office, "teacher")
    code = office.open()
    days = (date(2025, 6, 10), date(2025, 6, 20))
    assert refused_for(office.nominate, code, "teacher") == {"person_erased"}
    granting = ("teacher", "pgd", "appraiser", days[0], None, office.call("admin"))
    assert refused_for(grant_duty, office.database, *granting) == {"person_erased"}
    lending = ("pgd", "appraiser", "teacher", *days, office.call("appraiser"))
    assert refused_for(delegate, office.database, *lending) == {"person_erased"}


def chains_hold(connection: Connection) -> bool:
    """Whether every entry hashes to what it says and names the one before it, and every text to its own."""
    heads: dict[str, str] = {}
    texts = {row["id"]: row for row in connection.execute(select(NOTE)).mappings()}
    for entry in connection.execute(select(ENTRY).order_by(ENTRY.c.subject, ENTRY.c.seq)).mappings():
        if entry["prev_hash"] != heads.get(entry["subject"], GENESIS) or entry["hash"] != entry_hash(entry):
            return False
        heads[entry["subject"]] = entry["hash"]
        told = json.loads(entry["payload"]).get("reason")
        if told is not None:
            note = texts[told["note"]]
            if note["erased_at"] is None and note_hash(note["text"], note["salt"]) != told["sha256"]:
                return False
    return True


def everything_stored(office: Office) -> str:
    with office.database.read() as connection:
        return repr(
            [tuple(row) for table in (PERSON, ENTRY, NOTE) for row in connection.execute(select(table))]
        )


def test_an_erased_person_keeps_the_staff_code_and_nothing_personal(office: Office) -> None:
    describe(office, "teacher")
    before = person_row(office, "teacher")
    done = erase(office, "teacher")
    after = person_row(office, "teacher")
    assert after == before | {
        "name": "teacher",
        "birth_date": None,
        "gender": "",
        "email": "",
        "erased_at": office.call(None).now,
    }
    assert (done.subject, done.event) == (f"duties:{office.people['teacher']}", "erase_person")
    assert done.payload["person"] == office.people["teacher"]


def test_the_chains_still_hold_after_a_person_and_the_reasons_are_erased(office: Office) -> None:
    describe(office, "teacher")
    code = office.dossier_at("at_education_office")
    office.step(code, "return", "appraiser", "2025-06-12", reason=f"Thiếu minh chứng của {NAME}")
    office.step(code, "withdraw", "clerk", "2025-06-13", reason=f"{NAME} xin rút")
    erase(office, "teacher")
    with office.database.read() as connection:
        assert chains_hold(connection)
    for note in notes(office):
        erase_note(office.database, note, office.call("admin"))
    with office.database.read() as connection:
        assert chains_hold(connection)
    assert "Mẫu" not in everything_stored(office)
    assert {(note["text"], note["erased_at"]) for note in notes(office).values()} == {
        ("", office.call(None).now)
    }


def test_a_text_that_is_changed_and_not_erased_no_longer_fits_its_hash(office: Office) -> None:
    erase(office, "teacher")
    with office.database.write() as connection:
        connection.execute(update(NOTE).values(text="khác"))
        assert not chains_hold(connection)


def test_a_person_on_the_way_to_a_title_is_not_erased(office: Office) -> None:
    describe(office, "teacher")
    code = office.dossier_at("at_education_office")
    with pytest.raises(Refused) as refused:
        erase(office, "teacher")
    (reason,) = refused.value.reasons
    assert (reason.code, reason.params["dossiers"]) == ("person_has_open_nomination", [code])
    assert person_row(office, "teacher")["name"] == NAME


def test_once_decided_a_nominee_may_be_erased_and_the_award_stays(office: Office) -> None:
    code = office.dossier_at("decided")
    erase(office, "teacher")
    assert person_row(office, "teacher")["erased_at"] is not None
    assert len(office.nominations(code)) == 2


def test_a_person_who_holds_a_duty_now_or_is_lent_one_is_not_erased(office: Office) -> None:
    for person in ("clerk", "bloc-deputy"):
        assert refused_for(erase, office, person) == {"person_holds_duty"}
    day = office.call("principal").day
    delegate(office.database, "th-mau-1", "principal", "teacher", day, day, office.call("principal"))
    assert refused_for(erase, office, "teacher") == {"person_holds_duty"}
    end_duty(office.database, "clerk", "th-mau-1", "clerk", date(2025, 6, 9), office.call("admin"))
    erase(office, "clerk")


def test_everything_against_an_erasure_is_said_at_once(office: Office) -> None:
    office.dossier_at("at_education_office", "local", "clerk")
    assert refused_for(erase, office, "clerk", " ", "teacher") == {
        "duty_not_held",
        "input_missing",
        "person_has_open_nomination",
        "person_holds_duty",
    }
    assert refused_for(erase, office, "nobody", "") == {"input_missing", "unknown_person"}
    assert notes(office) == {}


def test_a_person_is_erased_once_and_the_same_request_twice_is_one(office: Office) -> None:
    call = office.call("admin")
    first = erase_person(office.database, "teacher", WHY, call)
    again = erase_person(office.database, "teacher", WHY, call)
    assert (again.replayed, again.seq) == (True, first.seq)
    assert refused_for(erase, office, "teacher") == {"person_already_erased"}
    assert len(notes(office)) == 1


def test_a_dry_run_of_an_erasure_erases_nothing(office: Office) -> None:
    describe(office, "teacher")
    assert erase(office, "teacher", dry_run=True).dry_run
    assert person_row(office, "teacher")["name"] == NAME
    assert notes(office) == {}


def test_only_an_administrator_erases_a_text_and_once(office: Office) -> None:
    erase(office, "teacher")
    (note,) = notes(office)
    assert refused_for(erase_note, office.database, note, office.call("clerk")) == {"duty_not_held"}
    assert refused_for(erase_note, office.database, "none", office.call("admin")) == {"note_not_found"}
    assert notes(office)[note]["text"] == WHY
    done = erase_note(office.database, note, office.call("admin"))
    assert (done.subject, done.payload) == (f"note:{note}", {"note": note})
    assert notes(office)[note]["text"] == ""
    assert refused_for(erase_note, office.database, note, office.call("admin")) == {"note_already_erased"}
