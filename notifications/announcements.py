"""Which act tells whom, as a table. Only those who must act, or whose dossier it is, are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from rules.windows import day_start, local_day

# Whom an announcement reaches: those who hold the desk that now has the dossier; the school that owns it; the one
# who acted; those who hold the desk from which it was taken.
NEXT_DESK, SCHOOL, ACTOR, LEAVING_DESK = "next_desk", "school", "actor", "leaving_desk"


@dataclass(frozen=True, slots=True)
class Announcement:
    """A kind of letter and whom it reaches."""

    kind: str
    audience: str


RECEIVED = Announcement("received", ACTOR)
READY = Announcement("ready", NEXT_DESK)
RETURNED = Announcement("returned", SCHOOL)
RESULT = Announcement("result", SCHOOL)

# What was decided comes to rest at a desk that is not the school's: whoever holds it has a result, and nothing to do.
HANDED_ON = Announcement("handed_on", NEXT_DESK)

# Where the event itself says what there is to tell. A school's council turns a dossier back into a draft: that too
# is a return, and the school wants the reason. An act that the reader did herself needs no letter to her own desk.
BY_EVENT: dict[str, tuple[Announcement, ...]] = {
    "register": (),
    "hand_in": (RECEIVED, READY),
    "file": (RECEIVED, READY),
    "return": (RETURNED,),
}

# Keyed by the kind of state that is left and the kind that is reached: how a dossier that a higher level had ends.
BY_KINDS: dict[tuple[str, str], tuple[Announcement, ...]] = {
    ("forwarded", "decided"): (RESULT,),
    ("forwarded", "declined"): (RESULT,),
}

# Keyed by the kind of state that a step leads to.
BY_KIND: dict[str, tuple[Announcement, ...]] = {
    "draft": (READY,),
    "at_desk": (READY,),
    "filed": (READY,),
    "returned": (RETURNED,),
    "on_hold": (Announcement("on_hold", SCHOOL),),
    "decided": (Announcement("decided", SCHOOL),),
    "declined": (Announcement("declined", SCHOOL),),
    "forwarded": (Announcement("forwarded", SCHOOL),),
    "lapsed": (Announcement("lapsed", SCHOOL),),
    "revoked": (Announcement("revoked", SCHOOL),),
    # The school knows what it has done; whoever had the dossier need not look at it any more.
    "withdrawn": (Announcement("withdrawn", LEAVING_DESK),),
}

# What no step of a dossier announces: each kind of letter and the file that enqueues it (a test reads it there).
SENDERS: dict[str, str] = {
    "opened": "casework/tick.py",
    "deadline": "casework/tick.py",
    "lapse_warning": "casework/tick.py",
    "overdue": "casework/tick.py",
    "escalation": "casework/tick.py",
    "extension": "casework/extend_window.py",
    "dates_moved": "casework/dates_moved.py",
    "delegation": "casework/duties.py",
    "council_called": "casework/council/telling.py",
    "council_written": "casework/council/telling.py",
    "council_result": "casework/council/telling.py",
    "mail_trouble": "casework/watch.py",
    "reset": "casework/accounts/ask_reset.py",
    "password_changed": "casework/accounts/redeem_link.py",
    "objection": "casework/objections.py",
    "verdict_changed": "casework/law/reopen.py",
    "sheet_waits": "casework/bloc/telling.py",
    "ranking": "casework/bloc/telling.py",
    "prize_proposed": "casework/bloc/telling.py",
}

# Kinds that belong into the letter of a morning: nobody wants one for each dossier that comes in during the day.
OF_THE_MORNING = frozenset({"ready", "deadline", "lapse_warning", "overdue", "escalation", "opened"})
# From the first instant of a local day to its letters; every day of Viet Nam has 24 hours.
MORNING = timedelta(hours=7)


def announcements_for(event: str, left: str, kind: str) -> tuple[Announcement, ...]:
    """What a step says: nothing, or kinds of letters with whom each reaches.

    ``left`` and ``kind`` are the kinds of the state that it leaves and of the one that it leads to.
    """
    by_event = BY_EVENT.get(event)
    return by_event if by_event is not None else BY_KINDS.get((left, kind), BY_KIND[kind])


def ready_at(kind: str, now: datetime) -> datetime:
    """The instant (UTC) before which no letter takes up an item that an act enqueues at ``now`` (aware).

    What belongs into a morning's letter waits for the next 07:00 in Viet Nam, of this day or of the following. (The
    tick enqueues for the morning of its own day, and says so itself.)
    """
    instant = now.astimezone(UTC)
    if kind not in OF_THE_MORNING:
        return instant
    morning = day_start(local_day(now)) + MORNING
    return morning if instant < morning else morning + timedelta(days=1)
