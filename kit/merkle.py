"""A Merkle tree over byte strings: one hash that fixes all of them and their order.

The tree of RFC 6962 (section 2.1): a leaf and a node are hashed with different first bytes, so that neither passes
for the other; of n leaves the left branch takes the largest power of two below n.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def merkle_root(leaves: Iterable[bytes]) -> str:
    """The root over ``leaves`` in their order, 64 hexadecimal digits; over none, the SHA-256 of nothing.

    Takes a stream: what is kept grows with the logarithm of its length.
    """
    # Roots of whole trees of falling size, each with its height; two of one height become one of the next.
    whole: list[tuple[int, bytes]] = []
    for leaf in leaves:
        height, root = 0, hashlib.sha256(b"\x00" + leaf).digest()
        while whole and whole[-1][0] == height:
            root = hashlib.sha256(b"\x01" + whole.pop()[1] + root).digest()
            height += 1
        whole.append((height, root))
    if not whole:
        return hashlib.sha256().hexdigest()
    root = whole.pop()[1]
    while whole:
        root = hashlib.sha256(b"\x01" + whole.pop()[1] + root).digest()
    return root.hex()
