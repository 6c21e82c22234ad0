"""Open dossiers move to a newer version of their procedure where that is safe, by an act of its own."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from sqlalchemy import func, insert, select, update

from casework.audit.snapshot import snapshot
from casework.audit.verify import verify
from casework.bulk import Outcome
from casework.doctor.examine import examine
from casework.history import ENTRY
from casework.letters.compose import compose_letters
from casework.load import DOSSIER
from casework.move_procedure import move_procedure
from casework.outbox import OUTBOX
from casework.people import PERSON
from casework.publish import publish
from casework.views.dossier import show_dossier
from casework.views.history import dossier_history
from kit.canonical import sha256_hex
from kit.settings import Settings
from models.person import Duty
from rules.reasons import Refused
from tests.build import ROOT, Office, main_way, noon

FIRST = (ROOT / "regulations" / "procedures" / "three-tier-2024.yaml").read_text(encoding="utf-8")
SECOND = FIRST.replace("vi: Trình tự ba cấp", "vi: Bản hai, trình tự ba cấp")
# The council of the district under another name: a desk of its own for the program.
RENAMED = re.sub(r"\blocal_council\b", "district_council", SECOND)
# A state that those behind it have left, under another name.
ENROLLED = re.sub(r"\bregistered\b", "enrolled", SECOND)
# The preliminary appraisal by another office.
ELSEWHERE = SECOND.replace(
    "  at_education_office:\n    kind: at_desk\n    desk: education_office\n",
    "  at_education_office:\n    kind: at_desk\n    desk: interior_office\n",
)
NAME = "three-tier-2024"


def publish_text(office: Office, text: str, day: str = "2025-06-01") -> str:
    return publish(office.database, "procedure", text.encode(), office.call("admin", day)).sha256


def move(office: Office, *codes: str, to: int = 2, person: str | None = "admin", **more) -> list[Outcome]:
    call = office.call(person, more.pop("day", "2025-06-25"), more.pop("key", None))
    reason = more.pop("reason", "Áp dụng bản mới.")
    return move_procedure(office.database, NAME, to, reason, call, codes=codes, **more)


def why(outcome: Outcome) -> list[str]:
    return [reason.code for reason in outcome.reasons]


def findings(office: Office, day: str = "2025-06-25") -> list[str]:
    with office.database.write() as connection:
        # The people of the small office have no addresses.
        connection.execute(update(PERSON).values(email=PERSON.c.code + "@mau.example"))
    with snapshot(office.database) as connection:
        assert verify(connection).sound
        return [finding.code for finding in examine(connection, noon(day))]


def test_a_dossier_stays_under_its_version_until_it_is_moved_and_then_goes_on_to_its_decision(
    office: Office,
) -> None:
    code = office.dossier_at("at_education_office")
    second = publish_text(office, ENROLLED)
    first = sha256_hex(FIRST.encode())
    assert office.row(code)["procedure_sha256"] == first
    before = office.row(code)
    (outcome,) = move(office, day="2025-06-10")
    assert outcome.receipt is not None
    after = office.row(code)
    assert after["procedure_sha256"] == second
    assert (after["state"], after["desk"], after["route"]) == (
        before["state"],
        before["desk"],
        before["route"],
    )
    assert after["version"] == before["version"] + 1
    with office.database.read() as connection:
        entry = connection.execute(select(ENTRY).where(ENTRY.c.event == "procedure_moved")).mappings().one()
    told = json.loads(entry["payload"])
    assert told["procedure"] == {
        "name": NAME,
        "from": {"sha256": first, "version": 1},
        "to": {"sha256": second, "version": 2},
    }
    assert set(told["reason"]) == {"note", "sha256"}
    assert findings(office) == []
    for event, person, day, inputs in main_way("local")[6:]:
        office.step(code, event, person, day, **inputs)
    assert office.row(code)["state"] == "decided"
    assert findings(office, "2025-08-01") == []


def test_what_lies_behind_a_dossier_is_told_in_the_words_of_its_time(office: Office) -> None:
    code = office.dossier_at("at_education_office")
    publish_text(office, ENROLLED)
    move(office)
    with office.database.read() as connection:
        history = dossier_history(connection, code, "vi")
        shown = show_dossier(connection, code, noon("2025-06-25"), "vi")
    assert "Đã đăng ký với khối" in [entry["to_label"] for entry in history]
    assert history[-1]["reason"] == "Áp dụng bản mới."
    assert (shown["procedure_version"], shown["procedure_title"][:7]) == (2, "Bản hai")
    assert [(m["from"]["version"], m["to"]["version"]) for m in shown["moves"]] == [(1, 2)]


def test_each_dossier_gets_its_verdict_and_one_that_is_unsafe_stops_no_other(office: Office) -> None:
    early = office.dossier_at("at_education_office")
    judged = office.dossier_at("at_local_decision", "local", "teacher")
    finished = office.dossier_at("decided", "local", "teacher-2")
    publish_text(office, RENAMED)
    tried = move(office, day="2025-07-25", dry_run=True)
    done = move(office, day="2025-07-25")
    for outcomes in (tried, done):
        assert [(o.dossier, why(o)) for o in outcomes] == [(early, []), (judged, ["move_opinion_desk_gone"])]
    row = office.row(early)
    assert row["route"]["district_council"] == office.units["hoi-dong"]
    assert "local_council" not in row["route"]
    assert office.row(judged)["version"] + 1 == office.row(finished)["version"]
    assert why(move(office, finished, day="2025-07-26")[0]) == [
        "dossier_has_ended",
        "move_opinion_desk_gone",
    ]
    assert findings(office, "2025-07-26") == []


def test_a_returned_dossier_comes_back_under_the_newer_version_to_the_desk_that_returned_it(
    office: Office,
) -> None:
    code = office.dossier_at("at_education_office")
    office.step(code, "return", "appraiser", "2025-06-18", reason="Thiếu biên bản.")
    publish_text(office, RENAMED)
    assert why(move(office)[0]) == []
    assert office.step(code, "resubmit", "clerk", "2025-06-26").state == "at_education_office"
    gone = re.sub(r"\bat_education_office\b", "with_education_office", RENAMED)
    publish_text(office, gone, "2025-06-27")
    assert why(move(office, to=3, day="2025-06-28")[0]) == ["move_state_gone"]
    assert findings(office, "2025-06-28") == []


def test_a_desk_for_which_there_is_no_unit_is_named(office: Office) -> None:
    office.dossier_at("at_education_office")
    elsewhere = SECOND.replace("unit: emulation_council", "unit: culture_society_office")
    publish_text(office, elsewhere)
    (outcome,) = move(office)
    (reason,) = outcome.reasons
    assert (reason.code, reason.params["desk"]) == ("no_unit_for_desk", "local_council")


def ready(office: Office) -> dict[str, tuple[str, str]]:
    """Person → the desk at which, and the standing in which, she is told of a waiting dossier."""
    names = {number: name for name, number in office.people.items()}
    with office.database.read() as connection:
        rows = connection.execute(select(OUTBOX).where(OUTBOX.c.kind == "ready").order_by(OUTBOX.c.queued_at))
        return {names[row.person_id]: (row.facts["desk"], row.standing) for row in rows}


def test_the_desk_to_which_a_dossier_comes_by_a_newer_version_is_told_and_the_other_no_more(
    office: Office,
) -> None:
    code = office.dossier_at("at_education_office")
    publish_text(office, ELSEWHERE)
    assert ready(office)["appraiser"] == ("education_office", "queued")
    assert "reviewer" not in ready(office)
    assert why(move(office, dry_run=True)[0]) == []
    assert "reviewer" not in ready(office)
    assert why(move(office)[0]) == []
    assert office.row(code)["desk_unit_id"] == office.units["pnv"]
    assert ready(office)["reviewer"] == ("interior_office", "queued")
    compose_letters(office.database, Settings(), noon("2025-06-26"), wall=noon("2025-06-26"))
    assert (ready(office)["appraiser"][1], ready(office)["reviewer"][1]) == ("struck", "queued")
    assert findings(office, "2025-06-26") == []


def test_a_dossier_that_keeps_its_desk_tells_nobody_of_its_move(office: Office) -> None:
    office.dossier_at("at_education_office")
    publish_text(office, ENROLLED)
    before = ready(office)
    assert why(move(office)[0]) == []
    assert ready(office) == before


def test_who_acted_at_two_desks_that_are_apart_now_keeps_the_dossier_where_it_is(office: Office) -> None:
    publish_text(office, SECOND.replace("  - [bloc, education_office]\n", ""), "2024-09-01")
    held = {"person_id": office.people["bloc-head"], "unit_id": office.units["pgd"], "duty": "appraiser"}
    with office.database.write() as connection:
        connection.execute(insert(Duty.__table__), {**held, "since": date(2025, 1, 1)})
    code = office.dossier_at("at_education_office")
    office.step(code, "appraise", "bloc-head", "2025-06-20", support_rest=True)
    publish_text(office, SECOND)
    (outcome,) = move(office, to=3)
    (reason,) = outcome.reasons
    assert reason.code == "move_acted_at_both"
    assert reason.params["person"] == office.people["bloc-head"]
    assert office.row(code)["procedure_sha256"] != sha256_hex(SECOND.encode())


def test_only_who_may_publish_moves_with_a_reason_to_a_version_that_there_is(office: Office) -> None:
    office.dossier_at("at_education_office")
    publish_text(office, SECOND)
    with pytest.raises(Refused) as refusal:
        move(office, person="appraiser", to=9, reason=" ")
    assert [reason.code for reason in refusal.value.reasons] == [
        "duty_not_held",
        "input_missing",
        "unknown_version",
    ]
    with pytest.raises(Refused) as refusal:
        move_procedure(office.database, "nowhere", 1, "Thử.", office.call("admin"))
    assert [reason.code for reason in refusal.value.reasons] == ["unknown_procedure"]
    later = SECOND.replace("since: 2024-01-01, until: 2025-06-30", "since: 2026-01-01")
    publish_text(office, later)
    with pytest.raises(Refused) as refusal:
        move(office, to=3)
    assert [reason.code for reason in refusal.value.reasons] == ["procedure_not_in_force"]


def test_a_dossier_goes_to_newer_versions_of_its_own_procedure_only(office: Office) -> None:
    code = office.dossier_at("at_education_office")
    sudden = (ROOT / "regulations" / "procedures" / "sudden-2024.yaml").read_text(encoding="utf-8")
    publish_text(office, sudden)
    call = office.call("admin", "2025-06-25")
    (other,) = move_procedure(office.database, "sudden-2024", 1, "Thử.", call, codes=[code])
    assert why(other) == ["dossier_of_other_procedure"]
    assert why(move(office, code, to=1)[0]) == ["version_not_newer"]
    publish_text(office, SECOND)
    assert why(move(office, "no-such-dossier")[0]) == ["unknown_dossier"]


def test_the_same_request_moves_once_and_tells_again_what_it_did(office: Office) -> None:
    code = office.dossier_at("at_education_office")
    publish_text(office, SECOND)
    for replayed in (False, True):
        (outcome,) = move(office, key="once")
        assert outcome.receipt is not None
        assert (outcome.dossier, outcome.receipt.replayed) == (code, replayed)
    assert move(office) == []
    with office.database.read() as connection:
        moved = select(func.count()).where(ENTRY.c.event == "procedure_moved")
        assert connection.execute(moved).scalar_one() == 1


def test_a_version_set_back_past_the_program_is_found(office: Office) -> None:
    code = office.dossier_at("at_education_office")
    publish_text(office, SECOND)
    move(office)
    with office.database.write() as connection:
        row = update(DOSSIER).where(DOSSIER.c.code == code)
        connection.execute(row.values(procedure_sha256=sha256_hex(FIRST.encode())))
    assert findings(office) == ["opening_differs_from_history"]
