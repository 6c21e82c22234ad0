"""One hash over many leaves: known answers, and that nothing of it can be exchanged unnoticed."""

from __future__ import annotations

import random

import pytest

from casework.audit.verifier import leaf_of, root_of
from kit.merkle import merkle_root

# The leaves and roots with which the implementations of RFC 6962 are checked.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("count", range(len(ROOTS)))
def test_the_root_is_the_one_that_others_compute(count: int) -> None:
    assert merkle_root(iter(LEAVES[:count])) == ROOTS[count]


def test_a_changed_missing_added_or_moved_leaf_gives_another_root() -> None:
    dice = random.Random(6962)
    for count in (1, 2, 3, 5, 8, 13, 64, 100):
        leaves = [dice.randbytes(dice.randint(0, 40)) + bytes([place]) for place in range(count)]
        root, place = merkle_root(leaves), dice.randrange(count)
        others = [
            [*leaves[:place], leaves[place] + b".", *leaves[place + 1 :]],
            leaves[:place] + leaves[place + 1 :],
            [*leaves, leaves[-1]],
            [*leaves, b""],
        ]
        if count > 1:
            others.append([*leaves[1:], leaves[0]])
        assert root not in {merkle_root(other) for other in others}


def test_an_inner_node_never_passes_for_a_leaf() -> None:
    left, right = (bytes.fromhex(merkle_root([leaf])) for leaf in (b"a", b"b"))
    assert merkle_root([b"a", b"b"]) != merkle_root([left + right])


@pytest.mark.parametrize("count", [*range(18), 63, 64, 65, 200])
def test_the_verifier_that_stands_alone_takes_the_same_root(count: int) -> None:
    dice = random.Random(count)
    heads = {f"đơn-vị:{dice.random()}": (dice.randint(1, 99), f"{place:064x}") for place in range(count)}
    leaves = [leaf_of(subject, *heads[subject]) for subject in sorted(heads)]
    assert root_of(heads) == merkle_root(leaves)
