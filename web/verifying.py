"""What a form carries from one portion of verifying the history to the next: how far it came and what it found.

It is the administrator's own page that carries it; nobody else sees what it says.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from casework.audit.portion import Portion
from casework.audit.verdict import BadEntry, SealStanding, Verdict
from notifications.words import catalogue
from web.forms import Form

#: bad chains that are named; of the others only the number goes on
BAD_SHOWN = 50
_LONGEST_SUBJECT = 90


def carried(portion: Portion) -> Iterator[tuple[str, str]]:
    """The fields of the form that goes on after a portion."""
    verdict = portion.verdict
    yield "after", portion.after or ""
    yield "number", str(portion.number)
    yield "entries", str(verdict.entries)
    yield "chains", str(verdict.chains)
    yield "bad_chains", str(verdict.bad_chains)
    yield "milliseconds", str(round(verdict.seconds * 1000))
    if verdict.seal is not None:
        yield "unprotected", str(verdict.seal.unprotected)
        yield "since", verdict.seal.since.isoformat() if verdict.seal.since else ""
    for bad in verdict.bad[:BAD_SHOWN]:
        yield "bad", f"{bad.seq} {bad.what} {bad.subject}"


def portion_of(form: Form) -> Portion | None:
    """How far earlier portions came; None where a form begins anew, or says what no form of ours does."""
    after = form.text("after", longest=_LONGEST_SUBJECT)
    numbers = [form.whole(name) for name in ("number", "entries", "chains", "bad_chains", "milliseconds")]
    bad = [_bad(told) for told in form.texts("bad")[:BAD_SHOWN]]
    found = [entry for entry in bad if entry is not None]
    if not after or form.faults or None in numbers or len(found) < len(bad):
        return None
    number, entries, chains, bad_chains, milliseconds = (given or 0 for given in numbers)
    seal = SealStanding(0, None, 0, None, form.whole("unprotected") or 0, _moment(form.text("since")))
    return Portion(
        after,
        Verdict(
            entries=entries,
            chains=chains,
            first=min(found, default=None),
            bad=tuple(found),
            bad_chains=max(bad_chains, len(found)),
            seconds=milliseconds / 1000,
            seal=seal,
        ),
        number,
    )


def _bad(told: str) -> BadEntry | None:
    seq, _, rest = told.partition(" ")
    what, _, subject = rest.partition(" ")
    fits = (
        seq.isascii() and seq.isdecimal() and len(seq) < len(str(2**31)) and what in catalogue("audit", "vi")
    )
    return BadEntry(subject[:_LONGEST_SUBJECT], int(seq), what) if fits and subject else None


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
