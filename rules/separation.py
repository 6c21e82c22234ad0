"""Who may not act twice on one dossier, and who may not act on their own.

Separation is about people, not roles: since July 2025 one office of a commune does both appraisals, by
different people (facts: chain after 1 July 2025). Recusal is not in the law for blocs; it follows from
Law 06/2022 Art 13(1) (the head answers for proposals) and from the trade's practice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from rules.reasons import Reason

Pair = frozenset[str]


def separation_reasons(
    desk: str,
    people: Iterable[int],
    acted: Mapping[str, Collection[int]],
    apart: Iterable[Pair],
    exceptions: Collection[tuple[str, int]] = (),
) -> tuple[Reason, ...]:
    """Why none of ``people`` may decide at ``desk``: one of them decided at a desk declared apart.

    ``acted`` maps a desk to the ids of those who decided there, ``exceptions`` holds (desk, person id)
    pairs granted by a chair with a reason.
    """
    reasons = []
    for person in people:
        if (desk, person) in exceptions:
            continue
        for pair in apart:
            if desk not in pair:
                continue
            (other,) = pair - {desk}
            if person in acted.get(other, ()):
                reasons.append(
                    Reason("acted_at_desk_apart", {"person": person, "desk": desk, "other": other})
                )
    return tuple(reasons)


def concerned_nominations(
    person: int,
    units: Collection[int],
    nominees: Mapping[int, tuple[int | None, int]],
    authors: Mapping[int, Collection[int]] | None = None,
) -> frozenset[int]:
    """The nominations in which ``person`` is concerned: it is their own, their unit's, or of their initiative.

    ``units`` are the units that employ the person; ``nominees`` maps a nomination id to
    (person id or None, unit id); ``authors`` maps that of an initiative to the ids of its authors. The unit that
    listed an initiative is concerned in it, that of a further author is not: an official of the council's own office
    who wrote a part of one would otherwise leave nobody to judge it.
    """
    written = authors or {}
    return frozenset(
        nomination
        for nomination, (nominee, unit) in nominees.items()
        if nominee == person or unit in units or person in written.get(nomination, ())
    )
