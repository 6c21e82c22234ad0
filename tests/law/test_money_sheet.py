"""A decision's money from what stands in the tables: who gets what, what is left out, who sees it, what comes back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event, insert, select, update

from casework.inputs import RecoveryInput
from casework.law.money_lines import notes_of, times_text, totals_told
from casework.law.money_sheet import decision_numbered, money_sheet, money_year
from casework.law.reckoned import recovery_proposed
from casework.publish import publish
from casework.sight import sight_of
from casework.views.dossier import show_dossier
from models.base import metadata
from rules.reasons import Refused
from tests.build import ROOT, Office, decision, make_small_office, noon, office_in
from tests.casework.telling import codes, last

BOOKS = ("rs-2017", "rs-2024", "rs-2025", "rs-2026")
DAY = date(2026, 1, 12)
AWARD, DECISION = metadata.tables["award"], metadata.tables["decision"]


@pytest.fixture
def office(office: Office) -> Office:
    """The small office with the rulebooks published."""
    for name in BOOKS:
        text = (ROOT / "regulations" / "rulebooks" / f"{name}.yaml").read_bytes()
        publish(office.database, "rulebook", text, office.call(None, "2024-08-01"))
    return office


def sheet(office: Office, number: int = 1, who: str | None = None) -> dict[str, Any] | None:
    with office.database.read() as connection:
        sight = sight_of(connection, office.people[who], DAY) if who else None
        return money_sheet(connection, number, "vi", DAY, sight)


def award(office: Office, title: str, who: str = "teacher", **values: Any) -> int:
    """An award beside those of the dossier, by the same decision where no other is said."""
    holder = {"unit_id": office.units[who]} if who in office.units else {"person_id": office.people[who]}
    row = {"school_year": "2024-2025", "award_type": "merit", "decision_id": 1, "standing": "held"}
    with office.database.write() as connection:
        made = connection.execute(insert(AWARD).values(title=title, **holder, **{**row, **values}))
        return int(made.inserted_primary_key[0])


def another_decision(office: Office, day: str, number: str = "90/QĐ-UBND", unit: str = "huyen") -> int:
    with office.database.write() as connection:
        made = connection.execute(
            insert(DECISION).values(
                number=number,
                decided_on=date.fromisoformat(day),
                year=int(day[:4]),
                signatory="Người ký Mẫu",
                issued_by=f"Đơn vị {unit}",
                unit_id=office.units[unit],
                recorded_at=noon(day),
            )
        )
        return int(made.inserted_primary_key[0])


def by_title(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["title"]: row for row in found["rows"]}


def test_a_decision_pays_each_holder_by_the_base_salary_of_its_day(office: Office) -> None:
    office.dossier_at("decided")
    found = sheet(office)
    assert [(row["holder"]["code"], row["paid"]) for row in found["rows"]] == [
        ("teacher", 710_000),
        ("teacher-2", 710_000),
    ]
    row = found["rows"][0]
    assert (row["times"], row["base"], row["base_article"]) == (
        "3/10",
        2_340_000,
        "NĐ 73/2024/NĐ-CP Điều 3(2)",
    )
    # Money and no certificate.
    assert (row["items"], row["unit"]["code"], row["verified"]) == ([], "th-mau-1", True)
    assert (found["totals"]["paid"], found["totals"]["items"], found["rulebook"]) == (
        1_420_000,
        {},
        "rs-2025",
    )


def test_of_two_titles_of_one_year_and_day_the_lower_is_left_out_and_says_why(office: Office) -> None:
    office.dossier_at("decided")
    award(office, "CSTDCS")
    found = sheet(office)
    rows = [row for row in found["rows"] if row["holder"]["code"] == "teacher"]
    low, high = rows
    assert (high["title"], high["paid"], low["paid"], low["money"]) == ("CSTDCS", 2_340_000, 0, "left_out")
    assert low["beside"]["title"] == "CSTDCS"
    (note,) = notes_of(low, "vi")
    assert "Chiến sĩ thi đua cơ sở" in note and "Điều 49" in note
    assert found["totals"]["items"] == {"certificate": 1, "frame": 1}
    assert found["totals"]["paid"] == 2_340_000 + 710_000


def test_another_decision_of_the_same_day_counts_and_one_of_another_day_is_only_told(office: Office) -> None:
    office.dossier_at("decided")
    other = award(office, "CSTDCS", decision_id=another_decision(office, "2025-07-25"))
    (low, _) = sheet(office)["rows"]
    assert (low["money"], low["beside"]["number"]) == ("left_out", "90/QĐ-UBND")
    with office.database.write() as connection:
        later = update(DECISION).where(DECISION.c.number == "90/QĐ-UBND")
        connection.execute(later.values(decided_on=date(2025, 8, 1)))
    (low, _) = sheet(office)["rows"]
    assert (low["money"], low["paid"]) == ("paid", 710_000)
    assert [told["title"] for told in low["elsewhere"]] == ["CSTDCS"]
    assert "không cùng thời điểm" in " ".join(notes_of(low, "vi"))
    # Nor does a title that fell leave anything out.
    with office.database.write() as connection:
        connection.execute(update(DECISION).values(decided_on=date(2025, 7, 25)))
        connection.execute(update(AWARD).where(AWARD.c.id == other).values(standing="revoked"))
    assert sheet(office)["totals"]["paid"] == 1_420_000


def test_a_medal_has_a_maximum_and_what_the_law_does_not_name_is_not_reckoned(office: Office) -> None:
    office.dossier_at("decided")
    award(office, "KNC")
    award(office, "NGUT", "teacher-2")
    found = sheet(office)
    rows = by_title(found)
    assert (rows["KNC"]["money"], rows["KNC"]["amount"], rows["KNC"]["paid"]) == ("at_most", 1_410_000, 0)
    assert (rows["NGUT"]["money"], rows["NGUT"]["paid"]) == ("no_rate", 0)
    totals = found["totals"]
    assert (totals["paid"], totals["at_most"], totals["unreckoned"]) == (1_420_000, 1, 1)
    assert len(totals_told(totals, "vi")) == len(totals_told(totals, "en"))


def test_without_a_rulebook_nothing_is_reckoned_and_it_is_said(database: Any) -> None:
    make_small_office(database)
    bare = office_in(database)
    code = bare.dossier_at("decided")
    found = sheet(bare)
    assert {row["money"] for row in found["rows"]} == {"no_table"}
    assert (found["totals"]["paid"], found["rulebook"]) == (0, None)
    with bare.database.read() as connection:
        assert recovery_proposed(connection, bare.row(code)["id"]) is None


def test_a_blocs_own_certificates_are_in_no_sheet_and_in_no_year(office: Office) -> None:
    office.dossier_at("decided")
    given = metadata.tables["bloc_certificate"]
    with office.database.write() as connection:
        connection.execute(
            insert(given).values(
                bloc_id=office.units["khoi"],
                school_year="2024-2025",
                number=1,
                school_id=office.units["th-mau-1"],
                person_id=office.people["teacher"],
                money=300_000,
                given_on=date(2025, 7, 25),
                certified_by_id=office.people["bloc-head"],
                certified_at=noon("2025-07-25"),
            )
        )
        year = money_year(connection, "2024-2025", "vi", DAY)
    assert sheet(office)["totals"]["paid"] == year["totals"]["paid"] == 1_420_000


def test_the_year_adds_up_by_title_unit_and_decision(office: Office) -> None:
    office.dossier_at("decided")
    award(office, "CSTDCS")
    award(office, "TTLDXS", "th-mau-2", decision_id=another_decision(office, "2026-07-01"))
    award(office, "LDTT", school_year="2023-2024")
    with office.database.read() as connection:
        year = money_year(connection, "2024-2025", "vi", DAY)
    assert {row["of"]: row["paid"] for row in year["titles"]} == {
        "LDTT": 710_000,
        "CSTDCS": 2_340_000,
        "TTLDXS": 3_800_000,
    }
    assert {row["name"]: row["paid"] for row in year["units"]} == {
        "Đơn vị th-mau-1": 3_050_000,
        "Đơn vị th-mau-2": 3_800_000,
    }
    assert [row["paid"] for row in year["decisions"]] == [3_050_000, 3_800_000]
    for part in ("titles", "units", "decisions"):
        assert sum(row["paid"] for row in year[part]) == year["totals"]["paid"] == 6_850_000


@pytest.mark.parametrize(
    ("who", "schools"),
    [
        ("chairman", {"th-mau-1", "th-mau-2"}),
        ("admin", {"th-mau-1", "th-mau-2"}),
        # Offices above both schools.
        ("reviewer", {"th-mau-1", "th-mau-2"}),
        ("province-appraiser", {"th-mau-1", "th-mau-2"}),
        # One's own school alone; a bloc is none of the offices above it, though its head leads it.
        ("clerk", {"th-mau-1"}),
        ("clerk-2", {"th-mau-2"}),
        ("bloc-head", None),
        ("teacher", None),
        ("ministry", None),
    ],
)
def test_money_is_seen_by_who_decided_by_the_awardees_school_and_by_the_offices_above(
    office: Office, who: str, schools: set[str] | None
) -> None:
    office.dossier_at("decided")
    award(office, "TTLDTT", "th-mau-2")
    found = sheet(office, who=who)
    if schools is None:
        assert found is None
        return
    assert {row["unit"]["code"] for row in found["rows"]} == schools
    assert found["totals"]["paid"] == sum(row["paid"] for row in found["rows"])
    assert found["partial"] == (len(schools) == 1)
    with office.database.read() as connection:
        sight = sight_of(connection, office.people[who], DAY)
        year = money_year(connection, "2024-2025", "vi", DAY, sight)
    assert year["totals"]["paid"] == found["totals"]["paid"]


def test_a_decision_is_found_by_its_number_and_told_apart_where_several_have_it(office: Office) -> None:
    office.dossier_at("decided")
    second = another_decision(office, "2026-01-10", "12/QĐ-UBND", "tinh")
    with office.database.read() as connection:
        with pytest.raises(Refused) as refusal:
            decision_numbered(connection, "12/QĐ-UBND")
        assert [reason.code for reason in refusal.value.reasons] == ["several_decisions"]
        assert decision_numbered(connection, " 12/QĐ-UBND ", year=2025) == 1
        assert decision_numbered(connection, "12/QĐ-UBND", unit="tinh") == second
        with pytest.raises(Refused):
            decision_numbered(connection, "13/QĐ-UBND")


def _revoke(office: Office, code: str, recovery: RecoveryInput) -> Any:
    made = decision("200/QĐ-UBND", "2026-01-10")
    what: dict[str, Any] = {"reason": "Khai sai", "decision": made, "recovery": recovery}
    return office.step(code, "revoke", "chairman", "2026-01-12", **what)


def _recovered(office: Office, code: str) -> dict[str, Any]:
    with office.database.read() as connection:
        (shown,) = show_dossier(connection, code, noon("2026-02-01"), "vi")["recoveries"]
    return dict(shown)


def test_what_a_revocation_would_have_back_is_what_the_sheet_says(office: Office) -> None:
    code = office.dossier_at("decided")
    _revoke(office, code, RecoveryInput(None, ""))
    shown = _recovered(office, code)
    assert (shown["money"], shown["items"], shown["reckoned"], shown["why"]) == (
        1_420_000,
        "",
        1_420_000,
        None,
    )
    found = sheet(office)
    assert (found["rows"], found["totals"]["paid"]) == ([], 0)
    assert [(row["standing"], row["was_paid"]) for row in found["fallen"]] == [("revoked", 710_000)] * 2


def test_another_amount_needs_a_word_and_both_are_kept(office: Office) -> None:
    code = office.dossier_at("decided")
    # The figure of a table that forgot to round.
    wrong = RecoveryInput(1_404_000, "")
    assert codes(_revoke, office, code, wrong) == ["recovery_differs"]
    _revoke(office, code, RecoveryInput(1_404_000, "", "Đã chi theo bảng chưa làm tròn"))
    shown = _recovered(office, code)
    assert (shown["money"], shown["reckoned"]) == (1_404_000, 1_420_000)
    assert shown["why"] == "Đã chi theo bảng chưa làm tròn"
    payload = last(office, code)["payload"]
    assert (payload["money"], payload["reckoned"]) == (1_404_000, 1_420_000)
    # The word itself is a note, so that it can be erased.
    assert set(payload["recovery_differs"]) == {"note", "sha256"}


def test_items_are_proposed_too_and_what_was_left_out_is_not_demanded(office: Office) -> None:
    code = office.dossier_at("decided", "province")
    with office.database.read() as connection:
        proposed = recovery_proposed(connection, office.row(code)["id"])
    assert proposed is not None and proposed.known
    assert proposed.money == 2 * 3_510_000
    assert proposed.items == {"certificate": 2, "frame": 2}
    local = office.dossier_at("decided", "local", "clerk")
    (number,) = office.nominations(local)
    with office.database.write() as connection:
        row = connection.execute(select(AWARD).where(AWARD.c.nomination_id == number)).mappings().one()
    award(office, "CSTDCS", "clerk", decision_id=row["decision_id"])
    with office.database.read() as connection:
        proposed = recovery_proposed(connection, office.row(local)["id"])
    assert proposed is not None and (proposed.money, proposed.known) == (0, True)


def test_where_something_cannot_be_reckoned_the_officer_gives_the_amount(office: Office) -> None:
    code = office.dossier_at("decided")
    (first, _) = office.nominations(code)
    with office.database.write() as connection:
        connection.execute(update(AWARD).where(AWARD.c.nomination_id == first).values(title="NGUT"))
    assert codes(_revoke, office, code, RecoveryInput(None, "")) == ["recovery_not_reckoned"]
    _revoke(office, code, RecoveryInput(5_000_000, "Bằng"))
    assert _recovered(office, code)["reckoned"] is None


def _statements(office: Office, read: Callable[[Any], Any]) -> int:
    """How many statements it takes to read something."""
    heard: list[str] = []

    def hear(*given: Any) -> None:
        heard.append(given[2])

    with office.database.read() as connection:
        event.listen(connection, "before_cursor_execute", hear)
        read(connection)
        event.remove(connection, "before_cursor_execute", hear)
    return len(heard)


def test_a_sheet_and_a_year_take_a_fixed_number_of_statements(office: Office) -> None:
    office.dossier_at("decided")
    with office.database.read() as connection:
        sight = sight_of(connection, office.people["reviewer"], DAY)
    reads: tuple[Callable[[Any], Any], ...] = (
        lambda connection: money_year(connection, "2024-2025", "vi", DAY, sight),
        lambda connection: money_sheet(connection, 1, "vi", DAY, sight),
    )
    counted = []
    for many in (1, 8):
        for number in range(many):
            made = another_decision(office, f"2025-08-{number + 1:02d}", f"{many}-{number}/QĐ")
            award(office, "CSTDCS", "teacher-2", decision_id=made)
            award(office, "GK", "clerk")
        counted.append([_statements(office, read) for read in reads])
    assert counted[0] == counted[1], counted


@pytest.mark.parametrize(
    ("times", "said"), [("3/10", "0.3"), ("1", "1"), ("18", "18"), ("1/3", "1/3"), ("10", "10")]
)
def test_a_multiple_is_written_as_people_write_it(times: str, said: str) -> None:
    assert times_text(times) == said
