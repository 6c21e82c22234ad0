"""What lists and pages read, on both databases."""

from __future__ import annotations

from datetime import date

import pytest

from casework.views.dossier import show_dossier
from casework.views.dossiers import Filter, list_dossiers, waiting_by_person, waiting_for
from casework.views.history import dossier_history
from casework.views.letters import list_letters, waiting_items
from casework.views.naming import named
from casework.views.next_steps import next_steps, step_to_fill
from casework.views.numbers import four_numbers
from casework.views.office import list_people, list_units, show_person, show_unit
from casework.views.regulations import list_regulations, list_titles, windows_of
from casework.views.way import main_states
from notifications.words import say_reason
from rules.reasons import Reason
from tests.build import Office, noon

NOW, DAY = noon("2025-06-10"), date(2025, 6, 10)


def test_every_view_reads_on_either_database(office: Office) -> None:
    code = office.dossier_at("at_education_office")
    with office.database.read() as connection:
        listing = list_dossiers(connection, Filter(unit="huyen", unfinished=True), NOW, "vi")
        assert [row["dossier"] for row in listing.rows] == [code]
        assert waiting_by_person(listing.rows)[0]["dossiers"] == [code]
        assert [row["dossier"] for row in waiting_for(connection, "appraiser", NOW, "en")] == [code]
        assert waiting_for(connection, "clerk", NOW, "vi") == []
        shown = show_dossier(connection, code, NOW, "vi")
        assert len(shown["nominations"]) == 2 and len(shown["papers"]) == 5
        assert shown["score"] == {"points": "912.50", "rank": 1}
        events = [step["event"] for step in next_steps(connection, code, NOW, "vi", "appraiser")]
        assert events[:2] == ["appraise", "return"]
        assert dossier_history(connection, code, "vi")[0]["event"] == "open"
        assert [row["proposed"] for row in four_numbers(connection, "vi", school_year="2024-2025")] == [2]
        assert waiting_items(connection, person="appraiser") == 1
        assert list_letters(connection, person="appraiser") == ([], 0)
        assert {unit["code"] for unit in list_units(connection, DAY, under="khoi")} == {
            "th-mau-1",
            "th-mau-2",
        }
        assert show_unit(connection, "pgd", DAY)["staff"] == 4
        assert list_people(connection, DAY, name="TEACHER-2")[1] == 1
        assert list_people(connection, DAY, name="người clerk-2")[1] == 1
        assert show_person(connection, "clerk", DAY)["duties"][0]["duty"] == "clerk"
        assert list_regulations(connection, "procedure")[0]["version"] == 1
        assert any(title["code"] == "LDTT" for title in list_titles(connection, "vi", DAY, "local"))
        assert {row["standing"] for row in windows_of(connection, "th-mau-1", NOW, "vi")} == {
            "open",
            "over",
            "coming",
        }


@pytest.mark.parametrize("person", ["appraiser", "clerk"])
def test_a_form_that_comes_back_is_read_as_it_was_shown(office: Office, person: str) -> None:
    code = office.dossier_at("at_education_office")
    with office.database.read() as connection:
        shown = {
            step["event"]: (step["provides"], step["needs"]) if step["unit"] is not None else ([], [])
            for step in next_steps(connection, code, NOW, "vi", person)
        }
        ids = [row["id"] for row in show_dossier(connection, code, NOW, "vi")["nominations"]]
        for event in (*shown, "an-event-of-another-state"):
            filled, nominations = step_to_fill(connection, code, event, NOW, person)
            assert (list(filled["provides"]), list(filled["needs"])) == shown.get(event, ([], [])), event
            assert nominations == ids
    assert "appraise" in shown and any(provides for provides, _ in shown.values())


@pytest.mark.parametrize(
    ("event", "person", "marks", "here"),
    [
        ("return", "appraiser", "done done done done done done left next", "returned"),
        ("withdraw", "clerk", "done done done done done done left next", "withdrawn"),
        (None, None, "done done done done done done here next", "at_education_office"),
    ],
)
def test_the_way_marks_what_is_done_where_it_is_and_what_comes(
    office: Office, event: str | None, person: str | None, marks: str, here: str
) -> None:
    code = office.dossier_at("at_education_office")
    if event is not None and person is not None:
        office.step(code, event, person, reason="thử")
    with office.database.read() as connection:
        way = show_dossier(connection, code, NOW, "vi")["way"]
    on_way = [station["mark"] for station in way if station["on_way"]]
    assert " ".join(on_way[:8]) == marks
    assert [station["state"] for station in way if station["mark"] == "here"] == [here]


@pytest.mark.parametrize("level", ["local", "province", "ministry", "state"])
def test_the_way_of_every_level_leads_to_its_decision(office: Office, level: str) -> None:
    from casework.regulations import chart_of

    code = office.open(level)
    with office.database.read() as connection:
        procedure = chart_of(connection, office.row(code)["procedure_sha256"]).procedure
    states = main_states(procedure, level)
    assert states[0] == procedure.initial
    assert procedure.states[states[-1]].kind == "decided"


def test_a_reopened_dossier_has_again_to_do_what_lies_before_it(office: Office) -> None:
    code = office.dossier_at("decided")
    office.step(code, "reopen", "reviewer", "2025-08-01", reason="khiếu nại", receipt="H01.2")
    with office.database.read() as connection:
        way = show_dossier(connection, code, NOW, "vi")["way"]
    marks = {station["state"]: station["mark"] for station in way}
    assert (marks["to_file"], marks["filed"], marks["at_local_council"], marks["decided"]) == (
        "done",
        "here",
        "next",
        "next",
    )


def test_ids_in_reasons_become_names(office: Office) -> None:
    code = office.dossier_at("at_education_office")
    other = office.dossier_at("at_bloc", "local", "teacher-2")
    nomination = office.nominations(code)[0]
    reasons = [
        Reason("acted_at_desk_apart", {"person": office.people["clerk"], "desk": "bloc", "other": "filing"}),
        Reason("own_nomination", {"person": "clerk", "nomination": nomination}),
        Reason("duty_not_held", {"duties": ["clerk"], "unit": 0}),
        Reason("window_closed", {"milestone": "covenant", "last_day": "2024-10-30"}),
        Reason("judged_already", {"desks": ["bloc", "filing"], "desk": "interior_office"}),
        Reason("nomination_not_open", {"nomination": office.nominations(other)[0]}),
    ]
    with office.database.read() as connection:
        apart, own, nowhere, closed, judged, strange = named(connection, reasons, "vi", code)
    assert apart.params == {
        "person": "Người clerk (clerk)",
        "desk": "Khối thi đua",
        "other": "Nộp trực tuyến",
    }
    assert own.params["person"] == "Người clerk (clerk)"
    assert own.params["nomination"] == f"{nomination} (Người teacher, Lao động tiên tiến (LĐTT))"
    assert nowhere.params["unit"] == "một đơn vị có nhiệm vụ này"
    assert closed.params["milestone"] == "Ký kết giao ước thi đua"
    assert judged.params == {"desks": ["Khối thi đua", "Nộp trực tuyến"], "desk": "Phòng Nội vụ"}
    assert say_reason(strange).startswith(f"Hồ sơ này không có đề cử số {office.nominations(other)[0]}.")
