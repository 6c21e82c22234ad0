"""Which rulebook a dossier is judged by: the day of its decision, and what goes on from before."""

from __future__ import annotations

from datetime import date

import pytest

from casework.law.which import BY_DECISION, BY_RECEIPT, EARLIER_UNPUBLISHED, IN_TRANSITION, THE_BETTER, which
from published.rulebooks import Rulebook, read_rulebook
from tests.build import ROOT

FOLDER = ROOT / "regulations" / "rulebooks"
_LAW_OF_2026 = (FOLDER / "rs-2026.yaml").read_text(encoding="utf-8")


def book(text: str) -> Rulebook:
    found, faults = read_rulebook(text)
    assert found is not None and faults == []
    return found


@pytest.fixture(scope="module")
def books() -> list[Rulebook]:
    return [book(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yaml"))]


@pytest.mark.parametrize(
    ("on", "name"),
    [
        ("2017-10-01", "rs-2017"),
        ("2023-12-31", "rs-2017"),
        ("2024-01-01", "rs-2024"),
        ("2025-06-30", "rs-2024"),
        ("2025-07-01", "rs-2025"),
        ("2026-09-30", "rs-2025"),
        ("2026-10-01", "rs-2026"),
    ],
)
def test_the_day_of_the_decision_says_which(books: list[Rulebook], on: str, name: str) -> None:
    found = which(books, None, date.fromisoformat(on))
    assert found is not None
    assert (found.rulebook.name, found.why, found.candidates) == (name, BY_DECISION, (found.rulebook,))


def test_a_day_before_every_rulebook_has_none(books: list[Rulebook]) -> None:
    assert which(books, None, date(2017, 9, 30)) is None
    assert which([], None, date(2025, 9, 30)) is None


def test_what_was_received_before_the_law_changed_goes_on_unless_the_new_one_is_better(
    books: list[Rulebook],
) -> None:
    found = which(books, date(2026, 9, 30), date(2026, 11, 15))
    assert found is not None and found.why == THE_BETTER
    assert [one.name for one in found.candidates] == ["rs-2025", "rs-2026"]
    assert found.transition is not None and not found.transition.cited.verified
    # Received on the day itself: not before it.
    later = which(books, date(2026, 10, 1), date(2026, 11, 15))
    assert later is not None and [one.name for one in later.candidates] == ["rs-2026"]


def test_without_the_better_one_to_try_the_earlier_rulebook_alone_applies(books: list[Rulebook]) -> None:
    strict = book(
        _LAW_OF_2026.replace("unless: more_favourable, ", "").replace("  unless: more_favourable\n", "")
    )
    found = which([*books[:3], strict], date(2026, 9, 1), date(2026, 11, 15))
    assert found is not None and found.why == IN_TRANSITION
    assert [one.name for one in found.candidates] == ["rs-2025"]


def test_an_earlier_rulebook_that_is_not_published_is_said_to_be_missing(books: list[Rulebook]) -> None:
    found = which([books[-1]], date(2026, 9, 1), date(2026, 11, 15))
    assert found is not None and (found.rulebook.name, found.why) == ("rs-2026", EARLIER_UNPUBLISHED)


def test_a_rulebook_may_go_by_the_day_of_receipt(books: list[Rulebook]) -> None:
    by_receipt = [
        book(path.read_text(encoding="utf-8").replace("legal_day: decision", "legal_day: receipt"))
        for path in sorted(FOLDER.glob("*.yaml"))[:3]
    ]
    found = which(by_receipt, date(2025, 6, 20), date(2025, 9, 1))
    assert found is not None and (found.rulebook.name, found.why) == ("rs-2024", BY_RECEIPT)
    # What was not received yet is looked at as of the day.
    today = which(by_receipt, None, date(2025, 9, 1))
    assert today is not None and today.rulebook.name == "rs-2025"
