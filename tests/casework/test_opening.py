"""Opening a dossier: what it starts with, and every reason why it cannot be."""

from __future__ import annotations

from typing import Any

import pytest

from casework.open_dossier import Opening, open_dossier
from casework.publish import publish
from rules.reasons import Refused
from tests.build import ROOT, Office
from tests.casework.telling import call_with, codes, every_row, last, reasons, refused_without_trace

THREE_TIER = "three-tier-2024"


def opening(**changed: str) -> Opening:
    given = {"unit": "th-mau-1", "school_year": "2024-2025", "procedure": THREE_TIER, "level": "local"}
    return Opening(**(given | changed))


def open_it(office: Office, person: str | None = "clerk", day: str = "2024-09-10", **changed: str) -> Any:
    return open_dossier(office.database, opening(**changed), office.call(person, day))


def test_a_new_dossier_is_with_its_school_and_says_so_in_its_history(office: Office) -> None:
    receipt = open_it(office)
    row, entry = office.row(receipt.dossier), last(office, receipt.dossier)
    assert receipt.dossier == "th-mau-1.2425.1"
    assert (row["state"], row["state_kind"], row["desk"], row["version"]) == (
        "preparing",
        "draft",
        "school",
        1,
    )
    assert row["route"]["education_office"] == office.units["pgd"]
    assert row["route"]["bloc"] == office.units["khoi"]
    assert (entry["event"], entry["actor_id"], entry["hash"]) == (
        "open",
        office.people["clerk"],
        receipt.hash,
    )


def test_all_that_is_wrong_with_an_opening_is_said_at_once(office: Office) -> None:
    wrong = {"unit": "không-có", "school_year": "2024-2026", "level": "planet"}
    assert refused_without_trace(office, open_it, office, day="2025-07-01", **wrong) == [
        "procedure_not_in_force",
        "school_year_unreadable",
        "unknown_level",
        "unknown_unit",
    ]
    assert refused_without_trace(office, open_it, office, procedure="nine-tier", unit="nowhere") == [
        "unknown_procedure",
        "unknown_unit",
    ]
    assert refused_without_trace(office, open_it, office, "appraiser", "2025-07-01", school_year="2024") == [
        "duty_not_held",
        "procedure_not_in_force",
        "school_year_unreadable",
    ]


def test_a_school_year_is_two_years_in_a_row(office: Office) -> None:
    for year in ("", "2024", "2024-2026", "2025-2024", "24-25", "2024-2025\n", "٢٠٢٤-٢٠٢٥"):
        assert codes(open_it, office, school_year=year) == ["school_year_unreadable"]


def publish_sudden(office: Office) -> None:
    text = (ROOT / "regulations" / "procedures" / "sudden-2024.yaml").read_bytes()
    publish(office.database, "procedure", text, office.call(None, "2024-08-01"))


def test_a_school_year_without_a_calendar_opens_no_dossier_that_needs_one(office: Office) -> None:
    publish_sudden(office)
    (reason,) = reasons(open_it, office, school_year="2031-2032")
    assert (reason.code, reason.params["school_year"]) == ("no_calendar_for_year", "2031-2032")
    assert open_it(office, school_year="2031-2032", procedure="sudden-2024").dossier == "th-mau-1.3132.1"


def test_a_procedure_opens_dossiers_from_its_first_day_to_its_last(office: Office) -> None:
    assert codes(open_it, office, day="2023-12-31") == ["procedure_not_in_force"]
    open_it(office, day="2024-01-01")
    open_it(office, day="2025-06-30")
    (reason,) = reasons(open_it, office, day="2025-07-01")
    assert reason.params["until"] == "2025-06-30"


def test_a_procedure_serves_its_own_levels_only(office: Office) -> None:
    text = (ROOT / "regulations/procedures/school-certificate.yaml").read_bytes()
    publish(office.database, "procedure", text, office.call(None))
    assert codes(open_it, office, procedure="school-certificate", level="state") == ["level_not_in_procedure"]


def test_only_those_who_prepare_dossiers_at_the_school_open_one(office: Office) -> None:
    before = every_row(office.database)
    for person in ("teacher", "clerk-2", "bloc-deputy", "chairman", "admin", None):
        assert codes(open_it, office, person) == ["duty_not_held"]
    assert every_row(office.database) == before


def test_a_desk_without_a_unit_is_named(office: Office) -> None:
    # In no bloc any more; and with a second bloc in the country, it could not be guessed either.
    with office.database.write() as connection:
        connection.exec_driver_sql("UPDATE placement SET until = '2024-08-31' WHERE relation = 'bloc'")
        bloc = "(SELECT id FROM unit WHERE code = 'khoi')"
        connection.exec_driver_sql(f"UPDATE placement SET until = '2024-08-31' WHERE unit_id = {bloc}")
        columns = "kind, name, school_type, verified, source, invented"
        unit = f"INSERT INTO unit (code, {columns}) SELECT 'khoi-2', {columns} FROM unit WHERE code = 'khoi'"
        connection.exec_driver_sql(unit)
    (reason,) = reasons(open_it, office)
    assert (reason.code, reason.params["desk"]) == ("no_unit_for_desk", "bloc")


def test_the_next_dossier_of_a_school_gets_the_next_number(office: Office) -> None:
    publish_sudden(office)
    opened = [open_it(office).dossier, open_it(office, level="state").dossier]
    opened.append(open_it(office, school_year="2023-2024", procedure="sudden-2024").dossier)
    assert opened == ["th-mau-1.2425.1", "th-mau-1.2425.2", "th-mau-1.2324.1"]


def test_the_same_request_opens_once(office: Office) -> None:
    call = call_with(office, "clerk", "once", "2024-09-10")
    first = open_dossier(office.database, opening(), call)
    before = every_row(office.database)
    again = open_dossier(office.database, opening(), call)
    assert (again.dossier, again.hash, again.replayed) == (first.dossier, first.hash, True)
    assert every_row(office.database) == before


def test_a_request_key_opens_no_other_dossier(office: Office) -> None:
    call = call_with(office, "clerk", "once", "2024-09-10")
    open_dossier(office.database, opening(), call)
    for changed in ({"level": "state"}, {"unit": "th-mau-2"}, {"school_year": "2023-2024"}):
        assert codes(open_dossier, office.database, opening(**changed), call) == ["request_key_reused"]
    with pytest.raises(Refused, match="request_key_reused"):
        open_dossier(office.database, opening(), call_with(office, "principal", "once", "2024-09-10"))


def test_a_dry_run_opens_nothing(office: Office) -> None:
    before = every_row(office.database)
    receipt = open_dossier(office.database, opening(), office.call("clerk", "2024-09-10"), dry_run=True)
    assert (receipt.dossier, receipt.dry_run) == ("th-mau-1.2425.1", True)
    assert every_row(office.database) == before
