"""What a letter says, as values: its kind, its reader, its items. `notifications/render.py` makes words of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from notifications.stop import Stop


@dataclass(frozen=True, slots=True)
class LetterItem:
    """One thing that a letter says. Labels are in the reader's language already; what does not apply is None.

    Which fields a kind must and may fill stands in `templates/kinds.yaml`; a letter in which one is missing that must
    be there is not made.
    """

    #: what it is about: dossier:12, obligation:34, unit:5, duties:6, letter:7
    subject: str
    #: code of the dossier, for example th-kien-binh-1.2425.2
    dossier: str | None = None
    #: name of the unit that owes it or whose dossier it is
    unit: str | None = None
    #: level of the dossier: local, province, ministry, state
    level: str | None = None
    #: label of the state in which the dossier stands, and of the desk that holds it
    state: str | None = None
    desk: str | None = None
    #: how many objections to it wait for a conclusion
    open_objections: int | None = None
    #: how many nominations are open in it
    nominations: int | None = None
    #: label of the milestone, and what is owed, in words
    milestone: str | None = None
    owed: str | None = None
    #: the due day, the days from the letter's day to it (negative: late), and the day as planned when it was extended
    due: date | None = None
    days_left: int | None = None
    planned: date | None = None
    #: the due day before a new version of the calendar moved it
    before: date | None = None
    #: first day of the window
    opens: date | None = None
    #: who acted, when, and the label of the desk at which it was done (who returned it, who put it on hold)
    actor: str | None = None
    at: datetime | None = None
    acted_at: str | None = None
    #: a free text given as a reason; its lines are kept
    reason: str | None = None
    #: number, day and issuing body of a decision or of a submission to a higher level
    number: str | None = None
    decided_on: date | None = None
    body: str | None = None
    #: receipt number of the portal
    receipt: str | None = None
    #: titles awarded or not, as (nominee, title, outcome word)
    titles: tuple[tuple[str, str, str], ...] = ()
    #: a duty that was lent: its label, whether to the reader (or by the reader), to or from whom, from when to when;
    #: of mail trouble `other` is the address and `since` the first day of it
    duty: str | None = None
    lent_to_reader: bool | None = None
    other: str | None = None
    since: date | None = None
    until: date | None = None
    #: of a one-time link: the staff code of the person whose account it is for; `at` is when it is over
    account: str | None = None
    #: of mail trouble: a code of the catalogue `mail`, how many letters, since when
    trouble: str | None = None
    count: int | None = None
    #: of trouble with a run: its flow, and why it failed or how far it came, in words; of one with units, which
    flow: str | None = None
    detail: str | None = None
    #: of a bloc's year: its name, the year, how many sheets wait, the school's rank, the title for which it is proposed
    bloc: str | None = None
    school_year: str | None = None
    sheets: int | None = None
    rank: int | None = None
    prize: str | None = None
    #: where a session is held
    place: str | None = None
    #: whom to ask for more time or to take it up again: a duty and its unit, in words
    ask: str | None = None
    #: the dossier's way, from its first station to the decision
    way: tuple[Stop, ...] = ()
    #: where it is done: a path of the office's pages, and the command that does the same
    path: str | None = None
    command: str | None = None


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """One letter before it is words."""

    kind: str
    lang: str
    #: local day of the letter
    day: date
    reader: str
    #: the office that sends it
    office: str
    items: tuple[LetterItem, ...]
    #: address of the office's pages, without a slash at the end; empty: there are none
    page: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """One letter in words."""

    subject: str
    text: str
    html: str
    lang: str = field(default="vi")
