"""Rulebooks are published beside the catalogue and beside each other, on both databases."""

from __future__ import annotations

import pytest

from casework.publish import publish
from casework.regulations import Unsound, rulebook_named, rulebook_of, rulebooks
from casework.views.rulebooks import show_rulebook
from rules.reasons import Refused
from tests.build import ROOT, Office

FOLDER = ROOT / "regulations" / "rulebooks"
RS_2025 = (FOLDER / "rs-2025.yaml").read_bytes()


def refused(office: Office, text: bytes) -> list[str]:
    with pytest.raises(Unsound) as caught:
        publish(office.database, "rulebook", text, office.call(None))
    return [fault.code for fault in caught.value.faults]


def test_all_four_are_published_and_read_back_by_name_and_by_hash(office: Office) -> None:
    done = [
        publish(office.database, "rulebook", p.read_bytes(), office.call(None))
        for p in sorted(FOLDER.iterdir())
    ]
    assert all(one.new for one in done)
    with office.database.read() as connection:
        assert [book.name for book in rulebooks(connection)] == ["rs-2017", "rs-2024", "rs-2025", "rs-2026"]
        assert rulebook_of(connection, done[2].sha256) is rulebook_named(connection, "rs-2025")
        assert rulebook_named(connection, "rs-2025").sha256 == done[2].sha256
        with pytest.raises(Refused) as caught:
            rulebook_named(connection, "rs-1999")
    assert [reason.code for reason in caught.value.reasons] == ["unknown_rulebook"]


def test_a_newer_version_of_a_rulebook_takes_the_place_of_the_older(office: Office) -> None:
    publish(office.database, "rulebook", RS_2025, office.call(None))
    newer = RS_2025.replace(b"share: 7/10", b"share: 3/4")
    assert publish(office.database, "rulebook", newer, office.call(None)).new
    assert not publish(office.database, "rulebook", RS_2025, office.call(None)).new
    with office.database.read() as connection:
        (book,) = rulebooks(connection)
        shown = show_rulebook(connection, "rs-2025", "vi")
    assert book.sha256 == shown["sha256"]
    sentences = [
        row["text"] for one in shown["titles"] if one["title"] == "TTLDTT" for row in one["conditions"]
    ]
    assert "ít nhất 75% thành viên có LĐTT hoặc CSTĐCS" in sentences


def test_two_rulebooks_never_share_a_day(office: Office) -> None:
    publish(office.database, "rulebook", RS_2025, office.call(None))
    assert refused(office, RS_2025.replace(b"rulebook: rs-2025", b"rulebook: rs-other")) == [
        "rulebooks_overlap"
    ]
    with office.database.read() as connection:
        assert [book.name for book in rulebooks(connection)] == ["rs-2025"]


def test_a_title_that_the_catalogue_has_not_is_refused_with_all_the_rest(office: Office) -> None:
    # Renamed from the first letter: it is unknown, and the one that was meant has no conditions.
    strange = RS_2025.replace(b"  BKT-KHOI:\n", b"  BKT-BLOC:\n")
    assert set(refused(office, strange)) == {"unknown_title", "title_without_rule"}
