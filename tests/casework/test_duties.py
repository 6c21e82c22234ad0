"""Duties by date, lent duties, and who may give them."""

from __future__ import annotations

from datetime import date
from typing import Any

from casework.access import holdings_at
from casework.duties import delegate, end_delegation, end_duty, grant_duty
from casework.inputs import OpinionInput
from casework.nominate import NomineeInput, nominate
from tests.build import Office
from tests.casework.telling import (
    broken_links,
    call_with,
    codes,
    last,
    opinion,
    reasons,
    refused_without_trace,
    rows,
)


def day(text: str | None) -> Any:
    return date.fromisoformat(text) if text else None


def lend(
    office: Office,
    lender: str,
    to: str,
    since: str = "2025-06-10",
    until: str = "2025-06-20",
    *,
    unit: str = "pgd",
    duty: str = "appraiser",
    asked: str = "2025-06-01",
) -> Any:
    return delegate(office.database, unit, duty, to, day(since), day(until), office.call(lender, asked))


def grant(office: Office, person: str, since: str, until: str | None = None, **changed: Any) -> Any:
    given = {"unit": "pgd", "duty": "appraiser", "by": "admin"} | changed
    call = office.call(given["by"], "2025-06-01")
    return grant_duty(office.database, person, given["unit"], given["duty"], day(since), day(until), call)


def test_a_lent_duty_is_used_on_its_days_and_shown_as_on_behalf_of(office: Office) -> None:
    code = office.dossier_at("at_education_office")
    lend(office, "appraiser", "office-head")
    for outside in ("2025-06-09", "2025-06-21"):
        assert "duty_not_held" in codes(
            office.step, code, "appraise", "office-head", outside, support_rest=True
        )
    office.step(code, "appraise", "office-head", "2025-06-10", support_rest=True)
    entry = last(office, code)
    assert (entry["actor_id"], entry["on_behalf_of_id"]) == (
        office.people["office-head"],
        office.people["appraiser"],
    )
    said = rows(office, "opinion", desk="education_office")[0]
    assert (said["person_id"], said["on_behalf_of_id"]) == (entry["actor_id"], entry["on_behalf_of_id"])
    assert set(office.row(code)["acted"]["education_office"]) == {entry["actor_id"], entry["on_behalf_of_id"]}


def test_the_last_day_of_a_lent_duty_counts(office: Office) -> None:
    code = office.dossier_at("at_education_office")
    lend(office, "appraiser", "office-head")
    office.step(code, "appraise", "office-head", "2025-06-20", support_rest=True)


def test_a_lent_duty_serves_edits_and_opinions_too(office: Office) -> None:
    code = office.open()
    lend(
        office,
        "clerk",
        "teacher",
        "2024-09-10",
        "2024-09-12",
        unit="th-mau-1",
        duty="clerk",
        asked="2024-09-10",
    )
    nominate(office.database, code, [NomineeInput("LDTT", "teacher-2")], office.call("teacher", "2024-09-11"))
    assert last(office, code)["on_behalf_of_id"] == office.people["clerk"]
    higher = office.dossier_at("at_education_office")
    lend(office, "appraiser", "office-head")
    opinion(office, higher, "office-head", OpinionInput(office.nominations(higher)[0]), day="2025-06-11")
    assert last(office, higher)["on_behalf_of_id"] == office.people["appraiser"]


def test_ones_own_duty_is_used_before_a_lent_one(office: Office) -> None:
    code = office.dossier_at("at_education_office")
    lend(office, "appraiser", "appraiser-2")
    office.step(code, "appraise", "appraiser-2", "2025-06-12", support_rest=True)
    assert last(office, code)["on_behalf_of_id"] is None


def test_a_lent_duty_is_not_lent_on(office: Office) -> None:
    lend(office, "appraiser", "office-head")
    assert refused_without_trace(office, lend, office, "office-head", "admin") == ["duty_not_held"]


def test_a_duty_that_is_taken_back_no_longer_serves(office: Office) -> None:
    code = office.dossier_at("at_education_office")
    made = lend(office, "appraiser", "office-head").payload["delegation"]
    for stranger in ("office-head", "appraiser-2", "clerk"):
        assert codes(end_delegation, office.database, made, office.call(stranger)) == ["duty_not_held"]
    end_delegation(office.database, made, office.call("appraiser", "2025-06-11"))
    assert codes(office.step, code, "return", "office-head", "2025-06-11", reason="x") == ["duty_not_held"]
    found = codes(end_delegation, office.database, made, office.call("appraiser"))
    assert (
        found
        == codes(end_delegation, office.database, 10_000, office.call("appraiser"))
        == ["delegation_not_found"]
    )


def test_a_lent_duty_ends_with_the_duty_itself(office: Office) -> None:
    code = office.dossier_at("at_education_office")
    lend(office, "appraiser", "office-head")
    end_duty(office.database, "appraiser", "pgd", "appraiser", day("2025-06-12"), office.call("admin"))
    assert codes(office.step, code, "return", "office-head", "2025-06-13", reason="x") == ["duty_not_held"]
    office.step(code, "return", "office-head", "2025-06-12", reason="x")


def test_all_that_is_wrong_with_lending_is_said_at_once(office: Office) -> None:
    wrong = lend, office, "appraiser", "appraiser", "2025-06-10", "2025-05-20"
    assert refused_without_trace(office, *wrong) == [
        "ends_before_it_begins",
        "ends_in_the_past",
        "not_for_oneself",
    ]
    lend(office, "appraiser", "office-head")
    assert codes(lend, office, "appraiser", "office-head", "2025-06-20", "2025-06-25") == [
        "already_delegated"
    ]
    assert codes(lend, office, "appraiser", "nobody", unit="nowhere") == ["unknown_person", "unknown_unit"]
    assert codes(lend, office, "teacher", "office-head") == ["duty_not_held"]
    lend(office, "appraiser", "office-head", "2025-06-21", "2025-06-25")


def test_a_duty_counts_from_its_first_day_to_its_last(office: Office) -> None:
    code = office.dossier_at("at_education_office")
    grant(office, "teacher-2", "2025-06-10", "2025-06-12", duty="office_head")
    grant(office, "admin", "2025-06-10", "2025-06-12")
    for outside in ("2025-06-09", "2025-06-13"):
        assert codes(office.step, code, "return", "admin", outside, reason="x") == ["duty_not_held"]
    office.step(code, "return", "admin", "2025-06-12", reason="x")


def test_a_duty_that_ends_serves_no_more_the_day_after(office: Office) -> None:
    code = office.dossier_at("at_education_office")
    end_duty(office.database, "appraiser", "pgd", "appraiser", day("2025-06-09"), office.call("admin"))
    assert codes(office.step, code, "return", "appraiser", "2025-06-10", reason="x") == ["duty_not_held"]
    office.step(code, "return", "appraiser", "2025-06-09", reason="x")


def test_only_an_administrator_gives_and_ends_duties(office: Office) -> None:
    for person in ("clerk", "office-head", "chairman"):
        assert codes(grant, office, "teacher", "2025-06-10", by=person) == ["duty_not_held"]
        ending = ("appraiser", "pgd", "appraiser", day("2025-06-30"), office.call(person))
        assert codes(end_duty, office.database, *ending) == ["duty_not_held"]


def test_all_that_is_wrong_with_a_duty_is_said_at_once(office: Office) -> None:
    wrong = {"by": "clerk", "duty": "king"}
    assert refused_without_trace(office, grant, office, "teacher", "2025-06-10", "2025-06-09", **wrong) == [
        "duty_not_held",
        "ends_before_it_begins",
        "unknown_duty",
    ]
    assert codes(grant, office, "nobody", "2025-06-10", unit="nowhere") == ["unknown_person", "unknown_unit"]


def test_spells_of_one_duty_follow_each_other_but_do_not_overlap(office: Office) -> None:
    grant(office, "teacher", "2025-06-10", "2025-06-20")
    assert codes(grant, office, "teacher", "2025-06-20") == ["duty_already_held"]
    assert codes(grant, office, "teacher", "2025-06-01", "2025-06-10") == ["duty_already_held"]
    grant(office, "teacher", "2025-06-21")
    grant(office, "teacher", "2025-06-01", "2025-06-09")


def test_a_duty_does_not_end_before_it_begins(office: Office) -> None:
    grant(office, "teacher", "2025-06-10")
    ending = ("teacher", "pgd", "appraiser")
    for last_day in ("2025-06-09", "2025-01-01"):
        found = codes(end_duty, office.database, *ending, day(last_day), office.call("admin"))
        assert found == ["ends_before_it_begins"]
    end_duty(office.database, *ending, day("2025-06-10"), office.call("admin"))
    assert codes(end_duty, office.database, *ending, day("2025-06-11"), office.call("admin")) == [
        "duty_not_found"
    ]


def test_of_several_spells_the_one_meant_is_named(office: Office) -> None:
    first = grant(office, "teacher", "2025-06-10", "2025-06-20").payload["duty_row"]
    second = grant(office, "teacher", "2025-06-21").payload["duty_row"]
    ending = (office.database, "teacher", "pgd", "appraiser", day("2025-06-15"))
    (reason,) = reasons(end_duty, *ending, office.call("admin"))
    spells = [f"{first} (2025-06-10 – 2025-06-20)", f"{second} (2025-06-21 – …)"]
    assert (reason.code, reason.params["spells"]) == ("duty_in_several_spells", spells)
    assert codes(end_duty, *ending, office.call("admin"), spell=second) == ["ends_before_it_begins"]
    assert codes(end_duty, *ending, office.call("admin"), spell=10_000) == ["duty_not_found"]
    end_duty(*ending, office.call("admin"), spell=first)
    held = [(row["id"], row["until"]) for row in rows(office, "duty", person_id=office.people["teacher"])]
    assert held == [(first, day("2025-06-15")), (second, None)]


def test_days_that_reach_over_two_spells_are_not_lent_from_one_of_them(office: Office) -> None:
    grant(office, "teacher", "2025-06-10", "2025-06-20")
    second = grant(office, "teacher", "2025-06-21").payload["duty_row"]
    assert codes(lend, office, "teacher", "office-head", "2025-06-15", "2025-06-25") == [
        "duty_in_several_spells"
    ]
    assert lend(office, "teacher", "office-head", "2025-06-22", "2025-06-25").payload["duty_row"] == second


def test_a_delegation_taken_back_stays_true_for_the_days_before(office: Office) -> None:
    made = lend(office, "appraiser", "office-head").payload["delegation"]
    end_delegation(office.database, made, office.call("appraiser", "2025-06-15"))
    borrower, unit = office.people["office-head"], office.units["pgd"]
    with office.database.read() as connection:
        lent = {
            number: [
                h.duty
                for h in holdings_at(connection, borrower, unit, date(2025, 6, number))
                if h.on_behalf_of
            ]
            for number in (9, 10, 14, 15, 16)
        }
    assert lent == {9: [], 10: ["appraiser"], 14: ["appraiser"], 15: [], 16: []}


def test_what_is_done_with_duties_stands_in_the_holders_chain_once_per_request(office: Office) -> None:
    call = call_with(office, "appraiser", "once", "2025-06-01")
    what = (office.database, "pgd", "appraiser", "office-head", day("2025-06-10"), day("2025-06-20"), call)
    first, again = delegate(*what), delegate(*what)
    assert (first.subject, first.seq, again.replayed) == (f"duties:{office.people['appraiser']}", 1, True)
    assert len(rows(office, "delegation")) == 1
    found = codes(end_delegation, office.database, first.payload["delegation"], call)
    assert found == ["request_key_reused"]
    assert broken_links(office.database) == []


def test_a_dry_run_lends_nothing(office: Office) -> None:
    what = ("pgd", "appraiser", "office-head", day("2025-06-10"), day("2025-06-20"), office.call("appraiser"))
    assert delegate(office.database, *what, dry_run=True).dry_run
    assert rows(office, "delegation") == []
