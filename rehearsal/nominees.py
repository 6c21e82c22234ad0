"""Who is put forward for what: drawn from the sample's staff and their earlier titles, within what a title takes."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from rehearsal.plan import Verdict
from rehearsal.roster import Roster
from rehearsal.story import Nominee

# The last years of which the sample knows titles, in every edition.
LAST, BEFORE_LAST = "2023-2024", "2022-2023"
# At most this part of the advanced workers of a school become grassroots fighters.
FIGHTERS_PART = 0.15
_UNTIL_AUTUMN = date(2024, 9, 1)

# Desks that judge nominations, in the order of the way.
JUDGES = ("school_council", "education_office", "interior_office", "local_council")
_COUNCILS = frozenset({"school_council", "local_council"})


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one nomination on its way: from which desk on it is not supported, or a lower title proposed.

    ``overruled`` means that the next desk supports it all the same.
    """

    who: str | None
    title: str
    desk: str
    verdict: str
    reason: str
    lower: str | None = None
    votes: tuple[int, int] | None = None
    overruled: bool = False

    def at(self, desk: str) -> Verdict | None:
        """The opinion of a desk on the nomination; None where it simply supports it, or has it no more."""
        if desk not in JUDGES or JUDGES.index(desk) < JUDGES.index(self.desk):
            return None
        if desk != self.desk and (self.overruled or self.desk in _COUNCILS):
            return None
        votes = self.votes if desk in _COUNCILS else None
        if desk in _COUNCILS and votes is None and self.verdict == "not_supported":
            votes = (3, 9)
        return Verdict(self.who, self.title, self.verdict, self.lower, self.reason, votes)


@dataclass(slots=True)
class LocalList:
    """The nominations of a school's local dossier and what becomes of some of them."""

    registered: list[Nominee]
    struck: list[tuple[str, str | None]] = field(default_factory=list)
    added: list[Nominee] = field(default_factory=list)
    fates: list[Fate] = field(default_factory=list)
    left_out: list[tuple[str, str | None]] = field(default_factory=list)

    def verdicts(self, desk: str) -> list[Verdict]:
        """What a desk says of the nominations that it does not simply support."""
        return [verdict for fate in self.fates if (verdict := fate.at(desk)) is not None]


def local_list(
    roster: Roster, dice: random.Random, school: str, fighters: Iterable[str], *, keep: bool = False
) -> LocalList:
    """The list of one school: a good part of the staff, fighters within their share, and the school itself.

    ``fighters`` must be on it and win, because a higher nomination rests on them. ``keep`` gives nobody a bad fate.
    """
    staff = roster.staff[school]
    sure = list(dict.fromkeys(fighters))
    workers = [
        person
        for person in staff
        if person in sure or dice.random() < (0.92 if roster.held(person, "LDTT", LAST) else 0.35)
    ]
    room = max(len(sure), int(len(workers) * FIGHTERS_PART))
    hopeful = [p for p in workers if p not in sure and roster.held(p, "CSTDCS", LAST)]
    others = [p for p in workers if p not in sure and p not in hopeful]
    dice.shuffle(others)
    chosen = [*sure, *hopeful, *others][:room]
    # Whoever may end with the lower title is not put forward for it beside the higher one.
    free = [person for person in chosen if person not in sure]
    lowered = free[-1] if free and not keep and dice.random() < 0.3 else None
    registered: list[Nominee] = [("LDTT", p, None) for p in workers if p != lowered]
    registered += [("CSTDCS", p, None) for p in chosen]
    registered.append(("TTLDTT", None, None))
    listed = LocalList(registered)
    plain = [p for p in workers if p not in chosen]
    dice.shuffle(plain)
    listed.struck = [("LDTT", p) for p in plain[: dice.randint(0, 2)]]
    newcomers = [p for p in staff if p not in workers]
    listed.added = [("LDTT", p, None) for p in newcomers[: dice.randint(0, 1)]]
    if not keep:
        _fates(dice, listed, plain[2:], lowered)
    return listed


def _fates(dice: random.Random, listed: LocalList, plain: list[str], lowered: str | None) -> None:
    rest = iter(plain)
    if lowered is not None:
        listed.fates.append(
            Fate(
                lowered, "CSTDCS", "education_office", "lower_title", "Sáng kiến chưa được công nhận", "LDTT"
            )
        )
    draws = (
        (0.35, "school_council", "Chưa đủ thời gian công tác trong năm học", None, False),
        (0.45, "education_office", "Chưa có kết quả xếp loại cuối năm", None, False),
        (0.25, "education_office", "Thiếu minh chứng xếp loại", None, True),
        (0.35, "local_council", "Không đủ số phiếu đồng ý", (4, 9), False),
    )
    for chance, desk, reason, votes, overruled in draws:
        if dice.random() < chance and (who := next(rest, None)) is not None:
            listed.fates.append(Fate(who, "LDTT", desk, "not_supported", reason, None, votes, overruled))
    if dice.random() < 0.3 and (who := next(rest, None)) is not None:
        listed.left_out.append(("LDTT", who))


def fighters_of(roster: Roster, school: str, *years: str) -> list[str]:
    """The staff of a school who were grassroots fighters in each of some years."""
    return [person for person in roster.staff[school] if roster.held(person, "CSTDCS", *years)]


def oldest(roster: Roster, school: str, count: int) -> list[str]:
    """The oldest of a school's staff: the sample knows no service before 2019, so age stands for it."""
    return sorted(roster.staff[school], key=lambda person: roster.born[person])[:count]


def without(people: Iterable[str], taken: Iterable[str]) -> list[str]:
    """People who are not among those already put forward."""
    known = set(taken)
    return [person for person in people if person not in known]
