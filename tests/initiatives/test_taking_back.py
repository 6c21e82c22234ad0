"""An initiative that was listed by mistake is taken back."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from casework.initiatives import change_initiative
from casework.load import NOMINATION
from casework.nominate import NomineeInput, nominate, strike
from casework.take_back_initiative import against_taking_back, take_back_initiative
from casework.use_initiative import use_initiative
from casework.views.initiatives import Wanted, free_for, list_of_initiatives, may_use, show_initiative
from tests.build import Office, noon
from tests.casework.telling import codes, reasons, refused_without_trace, rows
from tests.initiatives.lists import Lists, initiative
from tests.initiatives.test_stories import amiss, sound


def take_back(office: Office, code: str, person: str = "clerk", day: str = "2024-12-12", why: str = "Nhầm"):
    return take_back_initiative(office.database, code, why, office.call(person, day))


def listed(office: Office, **wanted: str) -> list[str]:
    with office.database.read() as connection:
        found = list_of_initiatives(connection, Wanted(**wanted), noon("2024-12-13"), "vi")
    return [row["code"] for row in found.rows]


def test_what_was_listed_by_mistake_leaves_the_list_with_its_reason_and_may_be_listed_again(
    lists: Lists, office: Office
) -> None:
    first, second = lists.add(initiative("Vườn chữ"), initiative("Góc đọc"))
    take_back(office, first, why="Ghi nhầm của năm trước")
    assert listed(office) == [second]
    assert listed(office, standing="taken_back") == [first]
    with office.database.read() as connection:
        shown = show_initiative(connection, first, noon("2024-12-13"), "vi")
        assert (shown["taken_back"]["reason"], shown["taken_back"]["by"]["code"]) == (
            "Ghi nhầm của năm trước",
            "clerk",
        )
        assert [entry["event"] for entry in shown["history"]] == ["list_initiative", "take_back_initiative"]
        offered = [one["code"] for one in may_use(connection, office.units["th-mau-1"], [])]
        assert offered == [second]
        dossier = lists.open()
    with office.database.read() as connection:
        assert [one["code"] for one in free_for(connection, office.row(dossier))] == [second]
    # The code of what was taken back is given to no other.
    assert lists.add(initiative("Vườn chữ"), day="2024-12-13") == ["th-mau-1.2425.sk3"]
    sound(office)


def test_what_was_taken_back_is_neither_put_forward_nor_used_nor_changed(
    lists: Lists, office: Office
) -> None:
    (code,) = lists.add(initiative())
    take_back(office, code)
    dossier, people = lists.open(), office.open()
    call = office.call("clerk", "2024-12-13")
    given = [NomineeInput("SKCS", initiative=code)]
    assert refused_without_trace(office, nominate, office.database, dossier, given, call) == [
        "initiative_taken_back"
    ]
    given = [NomineeInput("CSTDCS", "teacher", uses=code)]
    assert codes(nominate, office.database, people, given, call) == ["initiative_taken_back"]
    assert codes(change_initiative, office.database, code, initiative("Khác"), call) == [
        "initiative_taken_back"
    ]
    assert codes(take_back, office, code) == ["initiative_taken_back"]


def test_whatever_stands_in_a_dossier_or_is_used_stays_and_every_reason_is_told(
    lists: Lists, office: Office
) -> None:
    (code,) = lists.add(initiative())
    dossier, people = lists.open(), office.open()
    lists.put_forward(dossier, code)
    (used,) = office.nominate(people, "teacher", title="CSTDCS", day="2024-12-12")
    use_initiative(office.database, people, [used], code, office.call("clerk", "2024-12-12"))
    found = reasons(take_back, office, code, why=" ")
    assert [reason.code for reason in found] == [
        "initiative_in_dossier",
        "initiative_is_used",
        "input_missing",
    ]
    assert found[0].params["dossiers"] == [dossier]
    use_initiative(office.database, people, [used], None, office.call("clerk", "2024-12-13"))
    strike(office.database, dossier, office.nominations(dossier), office.call("clerk", "2024-12-13"))
    take_back(office, code, day="2024-12-14")
    sound(office)


def test_what_a_desk_has_had_before_it_stays_even_after_its_return(lists: Lists, office: Office) -> None:
    dossier = lists.dossier_of(initiative("Một"), initiative("Hai"))
    lists.walk(dossier, "at_education_office")
    office.step(dossier, "return", "appraiser", "2024-12-30", reason="Ghi nhầm một sáng kiến")
    number = office.nominations(dossier)[0]
    strike(office.database, dossier, [number], office.call("clerk", "2025-01-02"))
    assert codes(take_back, office, "th-mau-1.2425.sk1", day="2025-01-03") == ["initiative_was_handed_in"]


@pytest.mark.parametrize("person", ["teacher", "clerk-2", "appraiser", "admin"])
def test_only_those_who_list_take_back_and_others_learn_nothing(
    lists: Lists, office: Office, person: str
) -> None:
    (code,) = lists.add(initiative())
    lists.put_forward(lists.open(), code)
    assert codes(take_back, office, code, person) == ["duty_not_held"]
    with office.database.read() as connection:
        look = office.call(person, "2024-12-12")
        assert [reason.code for reason in against_taking_back(connection, code, look)] == ["duty_not_held"]


def test_the_same_request_twice_takes_back_once(lists: Lists, office: Office) -> None:
    (code,) = lists.add(initiative())
    call = office.call("clerk", "2024-12-12", key="once")
    take_back_initiative(office.database, code, "Nhầm", call)
    assert take_back_initiative(office.database, code, "Nhầm", call).replayed
    assert len(rows(office, "note")) == 2


def test_what_is_named_all_the_same_is_found_by_the_doctor(lists: Lists, office: Office) -> None:
    (code,) = lists.add(initiative())
    (number,) = office.nominate(office.open(), "teacher", title="CSTDCS", day="2024-12-12")
    take_back(office, code)
    with office.database.write() as connection:
        connection.execute(update(NOMINATION).where(NOMINATION.c.id == number).values(uses_initiative_id=1))
    assert amiss(office) == {"taken_back_and_named": "fault"}
