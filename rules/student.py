"""Student's t distribution, as far as a test needs it."""

from __future__ import annotations

import math

# Below this the sum loses its digits; nobody acts differently on one in a billion.
_LEAST = 1e-9


def tail(t: float, freedom: int) -> float:
    """The probability that Student's t with ``freedom`` degrees of freedom is above ``t``; never told below 1e-9.

    By the finite sums for whole degrees of freedom (Abramowitz and Stegun 26.7.3, 26.7.4).

    Raises:
        ValueError: no degree of freedom.
    """
    if freedom < 1:
        raise ValueError("Student's t needs a degree of freedom")
    if t < 0:
        return 1 - tail(-t, freedom)
    angle = math.atan(t / math.sqrt(freedom))
    sine, cosine = math.sin(angle), math.cos(angle)
    odd = freedom % 2
    term = cosine if odd else 1.0
    total = 0.0
    for step in range(2 + odd, freedom + 1, 2):
        total += term
        term *= cosine * cosine * (step - 1) / step
    inside = (angle + sine * total) * 2 / math.pi if odd else sine * total
    return max((1 - inside) / 2, _LEAST)
