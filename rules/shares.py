"""The shares of an initiative's authors: percent with two decimals, kept as whole hundredths so that sums are exact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from rules.reasons import Reason

#: a hundred percent, in hundredths of a percent
WHOLE = 10_000
_LONGEST = 12


def share_in(text: str) -> int | None:
    """The hundredths of a percent that people write as ``60``, ``33,34`` or ``33.34 %``; None where it is no such."""
    plain = text.strip().removesuffix("%").strip().replace(",", ".")
    if not plain or len(plain) > _LONGEST or not set(plain) <= set("0123456789."):
        return None
    try:
        hundredths = Decimal(plain) * 100
    except InvalidOperation:
        return None
    whole = int(hundredths)
    return whole if whole == hundredths and 0 < whole <= WHOLE else None


def share_text(hundredths: int) -> str:
    """A share as it is written: ``60``, ``33.34``, ``12.5``; a point stands before the decimals."""
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)


def even_shares(count: int) -> tuple[int, ...]:
    """The whole in ``count`` parts that differ by a hundredth of a percent at most, the larger ones first."""
    part, rest = divmod(WHOLE, count)
    return tuple(part + (place < rest) for place in range(count))


def author_reasons(authors: Iterable[tuple[str, int | None]]) -> tuple[Reason, ...]:
    """Why these (staff code, share in hundredths or None where it cannot be read) are no authors of an initiative."""
    listed = list(authors)
    if not listed:
        return (Reason("no_author"),)
    twice = [
        Reason("author_twice", {"person": person})
        for person, times in Counter(person for person, _ in listed).items()
        if times > 1
    ]
    unusable = [
        Reason("share_unusable", {"person": person})
        for person, share in listed
        if share is None or not 0 < share <= WHOLE
    ]
    total = sum(share or 0 for _, share in listed)
    # What a share that cannot be read would add is not known.
    open_sum = [] if unusable or total == WHOLE else [Reason("shares_not_whole", {"sum": share_text(total)})]
    return (*twice, *unusable, *open_sum)
