"""A school's list of initiatives, from December to its recognition and its handing on."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from casework.audit.verify import verify
from casework.doctor.examine import examine
from casework.give_opinion import give_opinion
from casework.initiatives import AuthorInput, InitiativeInput, change_initiative, list_initiatives
from casework.inputs import OpinionInput
from casework.nominate import NomineeInput, nominate
from casework.sight import may_see, sight_of
from casework.use_initiative import use_initiative
from casework.views.dossier import show_dossier
from casework.views.initiatives import Wanted, list_of_initiatives, show_initiative
from models.base import metadata
from tests.build import Office, decision, noon
from tests.casework.telling import codes, reasons, refused_without_trace, rows
from tests.initiatives.lists import YEAR, Lists, initiative


def amiss(office: Office, day: str = "2025-08-01") -> dict[str, str]:
    """What the doctor finds: code → grade."""
    with office.database.read() as connection:
        found = examine(connection, noon(day))
    return {finding.code: finding.severity for finding in found if finding.code != "item_without_address"}


def sound(office: Office, day: str = "2025-08-01") -> None:
    """Nothing is amiss in rows and chains; that nobody here has an address is not of these stories."""
    assert amiss(office, day) == {}
    with office.database.read() as connection:
        assert verify(connection).sound


def test_a_list_of_december_is_recognised_in_march_and_handed_on_to_interior_affairs(
    lists: Lists, office: Office
) -> None:
    dossier = lists.dossier_of(
        initiative("Vườn chữ", ("teacher", 6_000), ("teacher-2", 4_000)), initiative("Góc đọc")
    )
    lists.walk(dossier, "decided")
    row = office.row(dossier)
    assert (row["state_kind"], row["desk"], row["desk_unit_id"]) == (
        "decided",
        "interior_office",
        office.units["pnv"],
    )
    awards = rows(office, "award")
    assert [(a["title"], a["person_id"], a["unit_id"]) for a in awards] == [
        ("SKCS", None, office.units["th-mau-1"])
    ] * 2
    assert [a["initiative_id"] for a in awards] == [1, 2]
    told = {
        (i["kind"], i["person_id"])
        for i in rows(office, "outbox_item")
        if i["kind"] in ("decided", "handed_on")
    }
    assert told == {
        ("decided", office.people["clerk"]),
        ("decided", office.people["principal"]),
        ("handed_on", office.people["reviewer"]),
    }
    with office.database.read() as connection:
        reviewer = sight_of(connection, office.people["reviewer"], date(2025, 3, 2))
        assert may_see(connection, reviewer, row["id"])
        seen = list_of_initiatives(
            connection, Wanted(standing="recognised"), noon("2025-03-02"), "vi", sight=reviewer
        )
    assert [(r["name"], [a["share"] for a in r["authors"]]) for r in seen.rows] == [
        ("Góc đọc", ["100"]),
        ("Vườn chữ", ["60", "40"]),
    ]
    sound(office)


@pytest.mark.parametrize(("level", "title"), [("province", "SKT"), ("state", "SKTQ")])
def test_a_wider_reach_is_confirmed_by_the_head_of_the_province(
    lists: Lists, office: Office, level: str, title: str
) -> None:
    dossier = lists.dossier_of(level=level)
    lists.walk(dossier, "decided")
    (award,) = rows(office, "award")
    (made,) = rows(office, "decision")
    assert (award["title"], made["unit_id"]) == (title, office.units["tinh"])
    assert office.row(dossier)["desk"] == "interior_office"
    sound(office)


def test_a_provincial_initiative_counts_for_three_years_and_a_grassroots_one_without_end(
    lists: Lists, office: Office
) -> None:
    lists.walk(lists.dossier_of(initiative("Một"), level="province"), "decided")
    lists.walk(lists.dossier_of(initiative("Hai")), "decided")

    def valid(day: str) -> list[str]:
        with office.database.read() as connection:
            found = list_of_initiatives(connection, Wanted(standing="valid"), noon(day), "vi")
        return [row["name"] for row in found.rows]

    assert valid("2028-04-20") == ["Hai", "Một"]
    assert valid("2028-04-21") == ["Hai"]


def test_authors_of_two_schools_are_authors_both_and_the_school_that_lists_it_keeps_it(
    lists: Lists, office: Office
) -> None:
    (code,) = lists.add(initiative("Chung", ("teacher", 5_000), ("clerk-2", 5_000)))
    with office.database.read() as connection:
        other = sight_of(connection, office.people["clerk-2"], date(2025, 1, 5))
        shown = show_initiative(connection, code, noon("2025-01-05"), "vi", sight=other)
    assert {a["code"] for a in shown["authors"]} == {"teacher", "clerk-2"}
    assert shown["unit"]["code"] == "th-mau-1"
    theirs = lists.open(by="clerk-2")
    found = codes(lists.put_forward, theirs, code, by="clerk-2")
    assert found == ["initiative_of_other_unit"]


def test_a_list_is_returned_changed_and_handed_in_again(lists: Lists, office: Office) -> None:
    dossier = lists.dossier_of(initiative("Vườn chữ", ("teacher", 10_000)))
    lists.walk(dossier, "at_education_office")
    call = office.call("clerk", "2024-12-28")
    better = initiative("Vườn chữ", ("teacher", 7_000), ("teacher-2", 3_000))
    assert codes(change_initiative, office.database, "th-mau-1.2425.sk1", better, call) == [
        "initiative_handed_in"
    ]
    office.step(dossier, "return", "appraiser", "2024-12-30", reason="Thiếu đồng tác giả")
    change_initiative(
        office.database, "th-mau-1.2425.sk1", better, office.call("clerk", "2025-01-02"), seen=1
    )
    office.step(dossier, "resubmit", "clerk", "2025-01-03")
    lists.walk(dossier, "at_education_office")
    for event, person, day, inputs in (
        ("appraise", "appraiser", "2025-01-10", {"support_rest": True}),
        ("record_council", "appraiser-2", "2025-02-20", {"support_rest": True}),
        ("decide", "chairman", "2025-03-01", {"decision": decision("55/QĐ-UBND", "2025-03-01")}),
    ):
        office.step(dossier, event, person, day, **inputs)
    again = office.call("clerk", "2025-03-05")
    assert codes(change_initiative, office.database, "th-mau-1.2425.sk1", better, again) == [
        "initiative_handed_in"
    ]
    written = {a["person_id"]: a["share"] for a in rows(office, "initiative_author")}
    assert written == {office.people["teacher"]: 7_000, office.people["teacher-2"]: 3_000}
    sound(office)


def test_an_author_in_the_council_stands_aside_and_a_colleague_judges(lists: Lists, office: Office) -> None:
    dossier = lists.dossier_of(
        initiative("Chung", ("teacher", 8_000), ("appraiser-2", 2_000)), initiative("Riêng")
    )
    lists.walk(dossier, "at_initiative_council")
    own, other = office.nominations(dossier)
    day = "2025-02-10"
    mine = reasons(
        give_opinion, office.database, dossier, [OpinionInput(own)], office.call("appraiser-2", day)
    )
    assert [(r.code, r.params["nomination"]) for r in mine] == [("own_nomination", own)]
    assert codes(office.step, dossier, "record_council", "appraiser-2", day, support_rest=True) == [
        "opinion_missing",
        "own_nomination",
    ]
    give_opinion(office.database, dossier, [OpinionInput(own)], office.call("office-head", day))
    office.step(dossier, "record_council", "appraiser-2", "2025-02-11", support_rest=True)
    assert office.row(dossier)["state"] == "at_local_decision"
    with office.database.read() as connection:
        judged = {
            row["id"]: [o["person"]["code"] for o in row["opinions"] if o["desk"] == "initiative_council"]
            for row in show_dossier(connection, dossier, noon(day), "vi")["nominations"]
        }
    assert judged == {own: ["office-head"], other: ["appraiser-2"]}
    sound(office)


def test_the_doctor_names_an_opinion_that_an_author_gave(lists: Lists, office: Office) -> None:
    dossier = lists.dossier_of(initiative("Chung", ("teacher", 8_000), ("appraiser-2", 2_000)))
    lists.walk(dossier, "at_education_office")
    office.step(dossier, "appraise", "appraiser", "2025-01-10", support_rest=True)
    opinion = metadata.tables["opinion"]
    with office.database.write() as connection:
        connection.execute(opinion.update().values(person_id=office.people["appraiser-2"]))
    assert "opinion_of_one_concerned" in amiss(office)


def test_a_wrong_list_is_refused_with_every_reason_and_nothing_of_it_is_written(
    lists: Lists, office: Office
) -> None:
    lists.add(initiative("Đã có"))
    wrong = (
        initiative("Đã có"),
        initiative("", ("teacher", 5_000)),
        initiative("Lạ", ("nobody", 4_000), ("teacher", 4_000), ("teacher", None)),
        initiative("Mai sau", applied_on=date(2025, 6, 1)),
        initiative("Của người khác", ("clerk-2", 10_000)),
        initiative("Không ai", field="x" * 121, effect="y" * 4_001),
        InitiativeInput("Trống", date(2024, 9, 1), ()),
    )

    def act() -> Any:
        return list_initiatives(
            office.database, "th-mau-1", "2024-2026", wrong, office.call("teacher", "2024-12-15")
        )

    assert refused_without_trace(office, act) == sorted(
        [
            "duty_not_held",
            "school_year_unreadable",
            "input_missing",
            "shares_not_whole",
            "unknown_person",
            "author_twice",
            "share_unusable",
            "applied_in_future",
            "no_author_of_ours",
            "input_too_long",
            "input_too_long",
            "no_author",
        ]
    )
    twice = (initiative("Đã có"), initiative("Hai lần"), initiative("hai lần"))
    call = office.call("clerk", "2024-12-15")
    told = reasons(list_initiatives, office.database, "th-mau-1", YEAR, twice, call)
    assert [(r.code, r.params["initiative"]) for r in told] == [
        ("initiative_listed_already", "th-mau-1.2425.sk1"),
        ("initiative_listed_already", "Hai lần"),
    ]


def test_an_initiative_is_nominee_of_its_own_kind_of_dossier_alone(lists: Lists, office: Office) -> None:
    (code,) = lists.add(initiative())
    people, inits = office.open(), lists.open()
    call = office.call("clerk", "2024-12-15")

    def why(dossier: str, *nominees: NomineeInput) -> list[str]:
        return refused_without_trace(office, nominate, office.database, dossier, list(nominees), call)

    assert why(people, NomineeInput("SKCS", initiative=code)) == ["title_in_other_procedure"]
    assert why(inits, NomineeInput("LDTT", "teacher")) == ["title_in_other_procedure"]
    assert why(inits, NomineeInput("SKCS", "teacher")) == ["title_for_other_subject"]
    assert why(inits, NomineeInput("SKT", initiative=code)) == ["title_of_other_level"]
    assert why(inits, NomineeInput("SKCS", initiative="th-x.sk9")) == ["unknown_initiative"]
    assert why(inits, NomineeInput("SKCS", "teacher", initiative=code)) == ["person_or_initiative"]
    assert why(inits, *[NomineeInput("SKCS", initiative=code)] * 2) == ["nominated_twice"]
    lists.put_forward(inits, code)
    assert why(inits, NomineeInput("SKCS", initiative=code)) == ["nominated_twice"]
    second = lists.open()
    assert why(second, NomineeInput("SKCS", initiative=code)) == ["initiative_put_forward"]


def test_what_an_initiative_was_used_for_is_shown_and_a_second_use_never_refused(
    lists: Lists, office: Office
) -> None:
    (code,) = lists.add(initiative("Chung", ("teacher", 5_000), ("teacher-2", 5_000)))
    first = office.open()
    used = NomineeInput("CSTDCS", "teacher", uses=code)
    strange = NomineeInput("CSTDCS", "principal", uses=code)
    call = office.call("clerk", "2025-05-02")
    assert codes(nominate, office.database, first, [used, strange], call) == ["not_an_author"]
    nominate(office.database, first, [used], office.call("clerk", "2025-05-02"))
    second = office.open("province")
    office.nominate(second, "teacher-2", title="CSTDT", day="2025-05-03")
    (number,) = office.nominations(second)
    use_initiative(office.database, second, [number], code, office.call("clerk", "2025-05-04"))
    with office.database.read() as connection:
        (row,) = show_dossier(connection, second, noon("2025-05-05"), "vi")["nominations"]
        shown = show_initiative(connection, code, noon("2025-05-05"), "vi")
    assert row["uses"]["code"] == code
    assert [(o["dossier"], o["title"]) for o in row["uses"]["others"]] == [(first, "CSTDCS")]
    assert [(u["who"], u["title"]) for u in shown["uses"]] == [
        ("Người teacher", "CSTDCS"),
        ("Người teacher-2", "CSTDT"),
    ]
    assert amiss(office) == {"initiative_used_twice": "warning"}
    use_initiative(office.database, second, [number], None, office.call("clerk", "2025-05-06"))
    sound(office)


def test_an_author_is_not_erased_while_the_initiative_is_on_its_way(lists: Lists, office: Office) -> None:
    from casework.erase import erase_person

    dossier = lists.dossier_of()
    call = office.call("admin", "2025-01-05")
    (why,) = reasons(erase_person, office.database, "teacher", "Theo đơn", call)
    assert (why.code, why.params["dossiers"]) == ("person_has_open_nomination", [dossier])


def test_the_same_request_twice_lists_once(lists: Lists, office: Office) -> None:
    call = office.call("clerk", "2024-12-10", key="once")
    first = list_initiatives(office.database, "th-mau-1", YEAR, [initiative()], call)
    again = list_initiatives(office.database, "th-mau-1", YEAR, [initiative()], call)
    assert (again.replayed, again.payload["codes"]) == (True, first.payload["codes"])
    assert len(rows(office, "initiative")) == 1


def test_who_changes_what_somebody_changed_meanwhile_is_told(lists: Lists, office: Office) -> None:
    (code,) = lists.add(initiative())
    newer = initiative("Vườn chữ mới")
    change_initiative(office.database, code, newer, office.call("clerk", "2024-12-11"), seen=1)
    call = office.call("principal", "2024-12-11")
    assert codes(change_initiative, office.database, code, newer, call, seen=1) == [
        "initiative_changed_meanwhile"
    ]


def test_a_name_that_was_changed_past_the_program_is_named_by_the_doctor(
    lists: Lists, office: Office
) -> None:
    lists.add(initiative())
    with office.database.write() as connection:
        connection.execute(metadata.tables["initiative"].update().values(name="Khác"))
    assert amiss(office) == {"initiative_differs_from_history": "fault"}


def test_an_author_who_left_the_school_stays_an_author(lists: Lists, office: Office) -> None:
    (code,) = lists.add(initiative())
    employment = metadata.tables["employment"]
    with office.database.write() as connection:
        gone = employment.c.person_id == office.people["teacher"]
        connection.execute(employment.update().where(gone).values(until=date(2024, 12, 15)))
    changed = InitiativeInput("Vườn chữ 2", date(2024, 10, 1), (AuthorInput("teacher", 10_000),))
    change_initiative(office.database, code, changed, office.call("clerk", "2024-12-20"))
    new = initiative("Mới")
    call = office.call("clerk", "2024-12-20")
    assert codes(list_initiatives, office.database, "th-mau-1", YEAR, [new], call) == ["no_author_of_ours"]
