"""A paper beside an item of a sheet: items share one, it stays until another comes, who reads the sheet reads it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from casework.bloc.decline_sheet import decline_sheet
from casework.bloc.score_sheet import LINE, Evidence
from casework.history import ENTRY
from casework.sight import sight_of
from casework.views.bloc_papers import paper_in_year
from casework.views.bloc_year import declined, evidence, year_of
from documents.store import PaperStore
from kit.canonical import sha256_hex
from rules.reasons import Refused
from tests.bloc.stage import COLLEGE, Bloc, all_of, make_bloc
from tests.build import Office, noon
from tests.documents.paper_bytes import pdf

SCHOOLS = ("th-mot", "th-hai", "th-ba", "th-bon", "th-nam")
NOW = noon("2025-05-26")
POINTS = all_of(COLLEGE, "0.9")


@pytest.fixture
def bloc(office: Office) -> Bloc:
    bloc = make_bloc(office, SCHOOLS)
    bloc.approve()
    bloc.draw()
    return bloc


@pytest.fixture
def store(tmp_path: Path) -> PaperStore:
    return PaperStore(tmp_path / "papers", 1_000_000)


def paper(text: str, *items: str) -> Evidence:
    return Evidence(items, io.BytesIO(pdf(text)), f"{text}.pdf")


def beside(bloc: Bloc) -> dict[str, str]:
    """Item → name of its paper, of all sheets."""
    return {row["item"]: row["paper_name"] for row in bloc.rows(LINE) if row["paper_sha256"]}


def codes(act: Any, *args: Any, **options: Any) -> list[tuple[str, Any]]:
    with pytest.raises(Refused) as refused:
        act(*args, **options)
    return [(reason.code, reason.params.get("item")) for reason in refused.value.reasons]


def test_items_share_a_paper_which_stays_until_another_comes_or_it_is_taken_away(
    bloc: Bloc, store: PaperStore
):
    given = [paper("bảng kê", "1.1", "1.2"), paper("quyết định", "2.1")]
    bloc.score("th-hai", "th-hai", POINTS, store=store, evidence=given, same={"3.1": "2.1"})
    assert beside(bloc) == {
        "1.1": "bảng kê.pdf",
        "1.2": "bảng kê.pdf",
        "2.1": "quyết định.pdf",
        "3.1": "quyết định.pdf",
    }
    with bloc.database.read() as connection:
        query = select(ENTRY.c.payload).where(ENTRY.c.event == "score_sheet")
        told = list(connection.execute(query).scalars())
    assert '"papers":[["1.1","' + sha256_hex(pdf("bảng kê")) in told[0] and "bảng kê" not in told[0]
    again = [paper("bản mới", "1.2")]
    bloc.score("th-hai", "th-hai", POINTS, store=store, evidence=again, without=["2.1"], day="2025-05-16")
    assert beside(bloc) == {"1.1": "bảng kê.pdf", "1.2": "bản mới.pdf", "3.1": "quyết định.pdf"}
    # Bytes that were kept are there.
    for row in bloc.rows(LINE):
        if row["paper_sha256"]:
            assert store.check(row["paper_sha256"]) == "sound"


def test_everything_against_the_evidence_is_told_at_once_and_nothing_is_kept(bloc: Bloc, store: PaperStore):
    given = [
        paper("một", "1.1", "9.9"),
        paper("hai", "1.1"),
        Evidence(("2.1",), io.BytesIO(b""), "trống.pdf"),
    ]
    less = {item: points for item, points in POINTS.items() if item != "3.1"}
    found = codes(
        bloc.score,
        "th-hai",
        "th-hai",
        less,
        store=store,
        evidence=given,
        same={"1.2": "3.1", "3.1": "1.2"},
        without=["8.8"],
    )
    assert found == [
        ("score_items_left_out", None),
        ("evidence_twice", "1.1"),
        ("evidence_without_points", "3.1"),
        ("score_item_unknown", "8.8"),
        ("score_item_unknown", "9.9"),
        ("evidence_unusable", None),
        ("paper_empty", "2.1"),
        ("evidence_not_there", "1.2"),
        ("evidence_not_there", "3.1"),
    ]
    assert beside(bloc) == {} and list(store.addresses()) == []


def test_who_may_read_the_sheet_reads_its_evidence_and_nobody_else(bloc: Bloc, store: PaperStore):
    scored = next(pair[1] for pair in bloc.pairs() if pair[0] == "th-hai" and pair[1] != "th-hai")
    note = {"1.2": "Chưa có quyết định."}
    bloc.score("th-hai", scored, POINTS, store=store, evidence=[paper("bảng kê", "1.1")], notes=note)
    line = next(row["id"] for row in bloc.rows(LINE) if row["paper_sha256"])

    def seen(person: str) -> tuple[bool, list[str]]:
        with bloc.database.read() as connection:
            year = year_of(connection, bloc.code, bloc.year, NOW)
            sight = sight_of(connection, bloc.office.people[person], NOW.date())
            found = evidence(year, sight, "vi")
            items = [item["code"] for school in found for item in school["items"]]
            return paper_in_year(year, sight, "item", line) is not None, items

    assert seen("th-hai.clerk") == (True, ["1.1", "1.2"])
    assert seen("th-mot.principal") == (False, []) and seen("appraiser") == (False, [])
    for pair in bloc.pairs("open"):
        bloc.score(*pair, POINTS)
    bloc.meet()
    bloc.settle()
    assert seen("th-mot.principal") == seen("appraiser") == (True, ["1.1", "1.2"])
    with bloc.database.read() as connection:
        (school,) = evidence(year_of(connection, bloc.code, bloc.year, NOW), None, "vi")
    assert school["code"] == scored
    (given,) = school["items"][0]["given"]
    assert (given["scorer"]["code"], given["evidence"], given["note"]) == ("th-hai", "bảng kê.pdf", None)
    assert school["items"][1]["given"][0]["note"] == "Chưa có quyết định."


def test_head_and_deputy_read_at_once_why_a_scorer_declined(bloc: Bloc):
    scorer = "th-hai"
    scored = next(pair[1] for pair in bloc.pairs() if pair[0] == scorer and pair[1] != scorer)
    call = bloc.call("th-hai.clerk", "2025-05-10")
    decline_sheet(bloc.database, bloc.code, bloc.year, scorer, scored, "Người thân ở trường ấy.", call)

    def reasons(person: str) -> list[str]:
        with bloc.database.read() as connection:
            year = year_of(connection, bloc.code, bloc.year, NOW)
            sight = sight_of(connection, bloc.office.people[person], NOW.date())
            return [row["reason"] for row in declined(year, sight)]

    for person in (bloc.head, "th-nam.principal", "th-hai.principal"):
        assert reasons(person) == ["Người thân ở trường ấy."], person
    for person in ("th-mot.clerk", "th-ba.principal", "th-bon.clerk"):
        assert reasons(person) == [], person
