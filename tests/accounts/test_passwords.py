"""What hashing a password costs in a home: the suite itself hashes at little cost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from casework.accounts.passwords import fits, hash_of, is_outdated
from tests.accounts.door import PASSWORD, Door, the_hash
from tests.conftest import FULL_COST, at_cost

#: RFC 9106, the second recommended choice
RECOMMENDED = "$argon2id$v=19$m=65536,t=3,p=4$"


@pytest.fixture
def in_a_home() -> Iterator[None]:
    with at_cost(FULL_COST):
        yield


def test_a_home_hashes_as_its_standard_recommends(in_a_home: None) -> None:
    kept = hash_of(PASSWORD)
    assert kept.startswith(RECOMMENDED)
    assert not is_outdated(kept)
    assert fits(kept, PASSWORD)
    assert not fits(kept, PASSWORD + "x")
    assert not fits(None, PASSWORD)


def test_the_same_password_is_never_hashed_to_the_same(in_a_home: None) -> None:
    assert hash_of(PASSWORD) != hash_of(PASSWORD)


def test_a_hash_of_another_cost_is_made_anew_when_its_owner_signs_in(door: Door) -> None:
    door.give_account("clerk")
    assert not the_hash().startswith(RECOMMENDED)
    with at_cost(FULL_COST):
        assert is_outdated(the_hash())
        door.refused(password="không phải nó")
        assert door.hash_kept("clerk") == the_hash()
        door.sign_in()
        kept = door.hash_kept("clerk")
        assert kept.startswith(RECOMMENDED)
        door.sign_in()
        assert door.hash_kept("clerk") == kept
