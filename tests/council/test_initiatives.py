"""The council of an office votes on initiatives: their authors stand aside, and they are called by name and authors."""

from __future__ import annotations

from datetime import date

from casework.council.agenda import awaiting
from casework.council.call_session import attend, call_session
from casework.council.form import appoint, form_council
from casework.council.tables import council_seen
from casework.council.vote import open_ballot
from casework.duties import grant_duty
from casework.publish import publish
from casework.views.councils import list_awaiting, show_session
from tests.build import ROOT, Office, noon
from tests.council.sessions import more_people
from tests.initiatives.lists import Lists, initiative

DAY = "2025-02-20"
SINCE = date(2024, 9, 1)


def initiative_council(office: Office) -> tuple[int, list[int]]:
    """The initiative council of the education office, and two initiatives at its desk; an author is a member."""
    text = (ROOT / "regulations" / "procedures" / "initiative-2024.yaml").read_bytes()
    publish(office.database, "procedure", text, office.call(None, "2024-08-03"))
    rules = (ROOT / "regulations" / "councils" / "initiative-2024.yaml").read_bytes()
    publish(office.database, "council", rules, office.call(None, "2024-08-01"))
    call = office.call("admin", "2024-12-01")
    grant_duty(office.database, "appraiser-2", "pgd", "council_secretary", date(2024, 12, 1), None, call)
    formed = form_council(
        office.database, "pgd", "initiative-2024", SINCE, office.call("office-head", "2024-09-01")
    )
    council = int(formed.payload["council"])
    roles = {"office-head": "chair", "appraiser-2": "secretary", "reviewer": "member"}
    for person in more_people(office, 2):
        roles[person] = "member"
    for person, role in roles.items():
        head = office.call("office-head", "2024-09-01")
        appoint(office.database, council, person, role, SINCE, None, head)
    lists = Lists(office)
    lists.walk(
        lists.dossier_of(
            initiative("Góc đọc", ("teacher", 6_000), ("reviewer", 4_000)), initiative("Vườn chữ")
        ),
        "at_initiative_council",
    )
    with office.database.read() as connection:
        numbers = [row["id"] for row in awaiting(connection, council_seen(connection, council))]
    return council, numbers


def test_an_author_stands_aside_and_votes_on_the_others(office: Office) -> None:
    council, numbers = initiative_council(office)
    assert len(numbers) == 2
    day = date.fromisoformat(DAY)
    called = call_session(
        office.database, council, day, "08:00", "Phòng họp", numbers, office.call("appraiser-2", DAY)
    )
    session = int(called.payload["session"])
    people = ("office-head", "appraiser-2", "reviewer", "member-1", "member-2")
    attend(office.database, session, people, office.call("appraiser-2", DAY))
    open_ballot(office.database, session, office.call("office-head", DAY))
    with office.database.read() as connection:
        shown = show_session(connection, session, office.people["reviewer"], noon(DAY), "vi")
    aside = {item["name"]: [one["code"] for one in item["aside"]] for item in shown["items"]}
    assert aside == {"Góc đọc (Người teacher, Người reviewer)": ["reviewer"], "Vườn chữ (Người teacher)": []}


def test_what_an_appraiser_judges_at_the_same_office_is_not_on_the_councils_list(office: Office) -> None:
    council, numbers = initiative_council(office)
    office.dossier_at("at_education_office")
    with office.database.read() as connection:
        listed = list_awaiting(connection, council, "vi")
    assert [row["nomination"] for row in listed] == numbers
