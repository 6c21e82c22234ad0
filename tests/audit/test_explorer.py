"""The history looked through: by subject, person, event and day, bounded and told."""

from __future__ import annotations

from datetime import date

from casework.views.explorer import AMONG, Wanted, explore
from tests.build import Office


def found(office: Office, page: int = 1, rows: int = 50, **wanted: object):
    with office.database.read() as connection:
        return explore(connection, Wanted(**wanted), "vi", page=page, rows=rows)


def test_a_chain_is_told_newest_first_page_by_page(office: Office) -> None:
    code = office.dossier_at("at_education_office")
    whole = found(office, kind="dossier", name=code)
    first, second = (found(office, page=n, rows=3, kind="dossier", name=code) for n in (1, 2))
    assert [entry["seq"] for entry in whole.entries] == list(range(len(whole.entries), 0, -1))
    assert (first.entries + second.entries) == whole.entries[:6]
    assert (first.more, whole.more, whole.among) == (True, False, None)


def test_what_a_person_did_is_found_over_all_subjects_among_the_newest(office: Office) -> None:
    office.dossier_at("at_education_office")
    by_clerk = found(office, kind="person", name="clerk")
    assert {entry["person"] for entry in by_clerk.entries} == {"Người clerk (clerk)"}
    assert by_clerk.among == AMONG
    assert found(office, kind="person", name="clerk", event="publish").entries == ()


def test_a_day_is_looked_through_as_a_whole_by_local_time(office: Office) -> None:
    published = found(office, day=date(2024, 8, 1))
    assert {entry["event"] for entry in published.entries} == {"publish"}
    assert published.among is None
    assert found(office, day=date(2024, 7, 31)).entries == ()


def test_who_names_nobody_is_told_so(office: Office) -> None:
    for kind in ("dossier", "unit", "person", "duties", "regulation", "bloc_year", "letter"):
        assert not found(office, kind=kind, name="nobody").known
    # A number that no letter has is a chain that is empty.
    assert found(office, kind="letter", name="12").entries == ()
