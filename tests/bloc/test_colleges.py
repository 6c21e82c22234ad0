"""The colleges bloc of 2020-2021, from its card to the handing over, comes out of the acts as its report says."""

from __future__ import annotations

import csv
from datetime import date

import pytest
from sqlalchemy import select

from casework.access import holdings_at
from casework.audit.verify import verify
from casework.bloc.certify import CERTIFICATE, Certified, certify
from casework.bloc.hand_over import LEAD, hand_over
from casework.bloc.propose import PROPOSAL, propose
from casework.bloc.sign_covenant import SIGNATURE, Signing, sign_covenant
from casework.doctor.examine import examine
from casework.load import DOSSIER, NOMINATION
from casework.outbox import OUTBOX
from casework.publish import publish
from casework.reads import SCORE
from models.person import Employment, Person
from rules.reasons import Refused
from tests.bloc.stage import COLLEGE, Bloc, all_of, made, make_bloc
from tests.build import LONG_AGO, ROOT, Office, noon

RESULTS = ROOT / "data" / "sample" / "bloc-results-2020-2021.csv"
CODES = ("cd-kinh-te", "cd-su-pham", "cd-van-hoa", "cd-song-da")
#: what each college is worth, in parts of all points; the report gives ranks alone
WORTH = {"cd-kinh-te": "0.95", "cd-su-pham": "0.92", "cd-van-hoa": "0.90", "cd-song-da": "0.85"}
YEAR = "2020-2021"


def report() -> list[dict[str, str]]:
    with RESULTS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def colleges(office: Office) -> Bloc:
    """The bloc at the beginning of its year: the regulations of that time are assumed to be those of 2024."""
    names = dict(zip(CODES, (row["school"] for row in report()), strict=True))
    bloc = make_bloc(office, CODES, names=names)
    bloc.year = YEAR
    for kind, path in (
        ("procedure", "procedures/three-tier-2024"),
        ("procedure", "procedures/bloc-prize-2024"),
        ("calendar", "calendars/2024-2025"),
    ):
        text = (ROOT / "regulations" / f"{path}.yaml").read_text(encoding="utf-8")
        text = text.replace("2025", "2021").replace("2024", "2020")
        publish(office.database, kind, text.encode(), office.call(None, "2020-08-01"))
    return bloc


def scored(bloc: Bloc) -> None:
    """The year up to the ranking: everybody gives what a college is worth."""
    bloc.approve("2020-10-20")
    bloc.draw(day="2021-05-05")
    for scorer, about in bloc.pairs():
        bloc.score(scorer, about, all_of(COLLEGE, WORTH[about]), day="2021-05-15")
    bloc.meet("scoring", "2021-05-20")
    bloc.settle(day="2021-05-25")


def test_the_ranking_of_the_report_comes_out_of_the_sheets(colleges: Bloc):
    scored(colleges)
    names = {colleges.id(code): row["school"] for code, row in zip(CODES, report(), strict=True)}
    ranks = {names[row["school_id"]]: row["rank"] for row in colleges.rows(SCORE)}
    assert {row["school"]: int(row["rank"]) for row in report() if row["rank"]} == {
        name: rank for name, rank in ranks.items() if rank <= 3
    }
    assert {row["exact"] for row in colleges.rows(SCORE)} == {"95", "92", "90", "85"}


def test_the_first_three_are_proposed_each_in_a_dossier_that_the_school_completes(colleges: Bloc):
    scored(colleges)
    done = propose(colleges.database, colleges.code, YEAR, colleges.call(colleges.head, "2021-06-05"))
    first, second, third = (colleges.id(code) for code in CODES[:3])
    assert [row[:3] for row in done.payload["proposed"]] == [
        [first, 1, "COTINH"],
        [second, 2, "BKT-KHOI"],
        [third, 3, "BKT-KHOI"],
    ]
    dossiers = {row["unit_id"]: row for row in colleges.rows(DOSSIER)}
    assert {row["state"] for row in dossiers.values()} == {"completing"}
    nominations = {row["id"]: row for row in colleges.rows(NOMINATION)}
    for row in colleges.rows(PROPOSAL):
        nomination = nominations[row["nomination_id"]]
        assert (nomination["title"], nomination["person_id"]) == (row["title"], None)
        assert nomination["unit_id"] == row["school_id"] and row["opened"]
    with pytest.raises(Refused) as refused:
        propose(colleges.database, colleges.code, YEAR, colleges.call(colleges.head, "2021-06-06"))
    assert [reason.code for reason in refused.value.reasons] == ["prizes_proposed_already"]
    # The schools are told, by their clerk and their principal; the head proposed herself.
    with colleges.database.read() as connection:
        told = connection.execute(
            select(OUTBOX.c.person_id, OUTBOX.c.facts).where(OUTBOX.c.kind == "prize_proposed")
        )
        assert {row.person_id for row in told} == {
            colleges.office.people[f"{code}.{duty}"] for code in CODES[:3] for duty in ("clerk", "principal")
        } - {colleges.office.people[colleges.head]}


def test_a_dossier_that_the_school_opened_itself_is_marked_and_no_other_is_opened(colleges: Bloc):
    from casework.nominate import NomineeInput, nominate
    from casework.open_dossier import Opening, open_dossier

    scored(colleges)
    opening = Opening("cd-kinh-te", YEAR, "three-tier-2020", "province")
    code = open_dossier(colleges.database, opening, colleges.call("cd-kinh-te.clerk", "2021-06-02")).dossier
    call = colleges.call("cd-kinh-te.clerk", "2021-06-02")
    nominate(colleges.database, code, [NomineeInput("COTINH")], call)
    propose(colleges.database, colleges.code, YEAR, colleges.call(colleges.head, "2021-06-05"))
    marked = [row for row in colleges.rows(PROPOSAL) if row["title"] == "COTINH"]
    assert [(row["opened"], row["rank"]) for row in marked] == [(False, 1)]
    assert len(colleges.rows(DOSSIER)) == 3


def test_twenty_one_certificates_of_300_000_dong_come_to_6_300_000(colleges: Bloc):
    scored(colleges)
    office = colleges.office
    people = []
    with office.database.write() as connection:
        for number in range(21):
            code = f"nguoi-{number}"
            office.people[code] = made(
                connection, Person.__table__, code=code, name=f"Người mẫu {number}", locale="vi"
            )
            unit = colleges.id(CODES[number % 4])
            made(
                connection, Employment.__table__, person_id=office.people[code], unit_id=unit, since=LONG_AGO
            )
            people.append(Certified(code))
    certify(
        office.database,
        colleges.code,
        YEAR,
        people,
        date(2021, 10, 28),
        colleges.call(colleges.head, "2021-10-28"),
    )
    ledger = colleges.rows(CERTIFICATE)
    assert [row["number"] for row in ledger] == list(range(1, 22))
    assert {row["money"] for row in ledger} == {300_000}
    assert sum(row["money"] for row in ledger) == 6_300_000
    again = [
        Certified("nguoi-0"),
        Certified("nobody"),
        Certified("teacher"),
        Certified(school="cd-song-da", money=-1),
    ]
    with pytest.raises(Refused) as refused:
        certify(
            office.database,
            colleges.code,
            YEAR,
            again,
            date(2021, 10, 29),
            colleges.call(colleges.head, "2021-10-28"),
        )
    assert sorted(reason.code for reason in refused.value.reasons) == [
        "certificate_money_unusable",
        "certified_already",
        "done_in_the_future",
        "not_of_this_bloc",
        "unknown_person",
    ]
    assert len(colleges.rows(CERTIFICATE)) == 21


def test_the_deputy_of_one_year_is_the_head_of_the_next(colleges: Bloc):
    head_then = next(row["school"] for row in report() if row["role_2021_2022"] == "head")
    deputy_before = next(row["school"] for row in report() if row["role_2020_2021"] == "deputy")
    assert head_then == deputy_before
    call = colleges.call(colleges.head, "2021-10-28")
    hand_over(colleges.database, colleges.code, YEAR, "cd-su-pham", date(2021, 11, 1), call)
    (lead,) = colleges.rows(LEAD)
    assert lead["school_year"] == "2021-2022"
    assert (lead["head_school_id"], lead["deputy_school_id"]) == (
        colleges.id("cd-song-da"),
        colleges.id("cd-su-pham"),
    )
    people = colleges.office.people
    with colleges.database.read() as connection:

        def duties(person: str, day: date) -> list[str]:
            held = holdings_at(connection, people[person], colleges.id(colleges.code), day)
            return [holding.duty for holding in held]

        last, first = date(2021, 10, 31), date(2021, 11, 1)
        assert (duties("cd-kinh-te.principal", last), duties("cd-kinh-te.principal", first)) == (
            ["bloc_head"],
            [],
        )
        assert duties("cd-song-da.principal", last) == ["bloc_deputy"]
        assert duties("cd-song-da.principal", first) == ["bloc_head"]
        assert duties("cd-su-pham.principal", first) == ["bloc_deputy"]


def test_handing_over_is_refused_with_every_reason_and_ends_no_duty(colleges: Bloc):
    call = colleges.call("cd-su-pham.principal", "2021-10-28")
    with pytest.raises(Refused) as refused:
        hand_over(colleges.database, colleges.code, YEAR, "cd-song-da", date(2021, 10, 1), call)
    assert [reason.code for reason in refused.value.reasons] == [
        "duty_not_held",
        "hand_over_too_early",
        "deputy_is_head",
    ]
    assert colleges.rows(LEAD) == []


def test_a_covenant_is_signed_by_the_principal_or_by_the_head_with_the_paper(colleges: Bloc, tmp_path):
    from documents.store import PaperStore

    def sign(person: str, school: str, **options):
        signing = Signing(colleges.code, YEAR, school, date(2020, 10, 28))
        store = options.pop("store", None)
        return sign_covenant(
            colleges.database, store, signing, colleges.call(person, "2020-10-28"), **options
        )

    sign("cd-su-pham.principal", "cd-su-pham")
    for person, school, expected in (
        ("cd-su-pham.principal", "cd-su-pham", ["covenant_signed_already"]),
        ("cd-su-pham.clerk", "cd-van-hoa", ["duty_not_held"]),
        (colleges.head, "cd-van-hoa", ["covenant_paper_missing"]),
        (colleges.head, "th-mau-1", ["school_not_in_bloc", "covenant_paper_missing"]),
    ):
        with pytest.raises(Refused) as refused:
            sign(person, school)
        assert [reason.code for reason in refused.value.reasons] == expected
    paper = tmp_path / "giao-uoc.pdf"
    paper.write_bytes(b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\nstartxref\n0\n%%EOF\n")
    store = PaperStore(tmp_path / "papers", 1_000_000)
    sign(colleges.head, "cd-van-hoa", store=store, paper=paper, name=paper.name)
    rows = {row["school_id"]: row for row in colleges.rows(SIGNATURE)}
    assert rows[colleges.id("cd-van-hoa")]["signed_by_id"] == colleges.office.people["cd-van-hoa.principal"]
    assert rows[colleges.id("cd-van-hoa")]["paper_name"] == "giao-uoc.pdf"


def test_the_whole_year_leaves_chains_that_verify_and_a_sound_database(colleges: Bloc):
    scored(colleges)
    call = colleges.call(colleges.head, "2021-06-05")
    propose(colleges.database, colleges.code, YEAR, call)
    call = colleges.call(colleges.head, "2021-10-28")
    hand_over(colleges.database, colleges.code, YEAR, "cd-su-pham", date(2021, 11, 1), call)
    with colleges.database.read() as connection:
        assert verify(connection).sound
        # The regulations of 2024 were published in the home too, so it is looked at after that.
        assert examine(connection, noon("2024-12-01")) == []
