"""Since July 2025 one office of the commune checks the list, holds the council and keeps the result."""

from __future__ import annotations

from datetime import date

from sqlalchemy import insert, select, update

from casework.initiatives import list_initiatives
from casework.nominate import NomineeInput, nominate
from casework.open_dossier import Opening, open_dossier
from casework.publish import publish
from models.base import metadata
from tests.build import LONG_AGO, ROOT, Office, decision
from tests.casework.telling import codes, rows
from tests.initiatives.lists import initiative

YEAR = "2025-2026"


def commune(office: Office) -> None:
    """The district's offices become those of a commune: one office for education and home affairs."""
    unit, duty = metadata.tables["unit"], metadata.tables["duty"]
    with office.database.write() as connection:
        connection.execute(
            update(unit).where(unit.c.id == office.units["pgd"]).values(kind="culture_society_office")
        )
        for person, held in (("appraiser-2", "council_secretary"), ("office-head", "reviewer")):
            row = {"person_id": office.people[person], "unit_id": office.units["pgd"], "duty": held}
            connection.execute(insert(duty), {**row, "since": LONG_AGO})
    for kind, path in (
        ("calendar", "calendars/2025-2026.yaml"),
        ("procedure", "procedures/initiative-2025.yaml"),
    ):
        publish(
            office.database, kind, (ROOT / "regulations" / path).read_bytes(), office.call(None, "2025-08-01")
        )


def test_a_commune_recognises_a_list_and_its_own_office_is_handed_the_result(office: Office) -> None:
    commune(office)
    given = initiative("Góc đọc", applied_on=date(2025, 9, 5))
    done = list_initiatives(office.database, "th-mau-1", YEAR, [given], office.call("clerk", "2025-12-05"))
    opening = Opening("th-mau-1", YEAR, "initiative-2025", "local")
    dossier = open_dossier(office.database, opening, office.call("clerk", "2025-12-06")).dossier
    nominees = [NomineeInput("SKCS", initiative=done.payload["code"])]
    nominate(office.database, dossier, nominees, office.call("clerk", "2025-12-06"))
    office.papers(dossier, "submission_letter", "council_minutes")
    office.step(dossier, "hand_in", "clerk", "2025-12-20")
    office.step(dossier, "appraise", "appraiser", "2026-01-10", support_rest=True)
    office.step(dossier, "record_council", "appraiser-2", "2026-02-20", support_rest=True, votes=(5, 7))
    # Who sat in the council, by a duty or for a colleague, does not recognise.
    made = decision("12/QĐ-UBND", "2026-03-02")
    assert "duty_not_held" in codes(
        office.step, dossier, "decide", "appraiser-2", "2026-03-02", decision=made
    )
    office.step(dossier, "decide", "chairman", "2026-03-02", decision=made)
    row = office.row(dossier)
    assert (row["state"], row["desk"], row["desk_unit_id"]) == (
        "decided",
        "interior_office",
        office.units["pgd"],
    )
    told = {i["person_id"] for i in rows(office, "outbox_item") if i["kind"] == "handed_on"}
    assert told == {office.people["office-head"]}


def test_a_list_that_was_handed_in_meets_december_and_a_dossier_of_people_does_not(office: Office) -> None:
    from casework.debts import obligation_debts
    from casework.reads import Reads

    commune(office)
    row = {"id": 1, "unit_id": office.units["th-mau-1"], "calendar": YEAR, "milestone": "initiative-list"}
    people = (ROOT / "regulations" / "procedures" / "two-tier-2025.yaml").read_bytes()
    publish(office.database, "procedure", people, office.call(None, "2025-08-01"))

    def owes() -> bool:
        with office.database.read() as connection:
            return bool(obligation_debts(Reads(connection, date(2025, 12, 10)), [row]))

    assert owes()
    opening = Opening("th-mau-1", YEAR, "two-tier-2025", "local")
    open_dossier(office.database, opening, office.call("clerk", "2025-09-10"))
    assert owes()
    opening = Opening("th-mau-1", YEAR, "initiative-2025", "local")
    open_dossier(office.database, opening, office.call("clerk", "2025-12-06"))
    assert not owes()
    with office.database.read() as connection:
        kinds = metadata.tables["dossier"].c
        assert len(connection.execute(select(kinds.id)).all()) == 2
