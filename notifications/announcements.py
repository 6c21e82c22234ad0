"""Which act tells whom, as a table. Only those who must act, or whose dossier it is, are told."""

from __future__ import annotations

from dataclasses import dataclass

# Whom an announcement reaches: those who hold the desk that now has the dossier; the school that owns it.
NEXT_DESK, SCHOOL = "next_desk", "school"


@dataclass(frozen=True, slots=True)
class Announcement:
    """A kind of letter and whom it reaches."""

    kind: str
    audience: str


READY = Announcement("ready", NEXT_DESK)

# Keyed by the kind of state that a step leads to, then by event where an event says more.
BY_KIND: dict[str, tuple[Announcement, ...]] = {
    "draft": (READY,),
    "at_desk": (READY,),
    "filed": (READY,),
    "returned": (Announcement("returned", SCHOOL),),
    "on_hold": (Announcement("on_hold", SCHOOL),),
    "decided": (Announcement("decided", SCHOOL),),
    "declined": (Announcement("declined", SCHOOL),),
    "forwarded": (Announcement("forwarded", SCHOOL),),
    "lapsed": (Announcement("lapsed", SCHOOL),),
    "revoked": (Announcement("revoked", SCHOOL),),
    "withdrawn": (),
}

# An act that the reader did herself needs no letter to her own desk.
QUIET_EVENTS = frozenset({"register"})


def announcements_for(event: str, kind: str) -> tuple[Announcement, ...]:
    """What a step says: nothing, or kinds of letters with whom each reaches."""
    return () if event in QUIET_EVENTS else BY_KIND[kind]


def item_key(kind: str, subject: str, version: int, person: int) -> str:
    """The key of one outbox item: ids only, so that the same step can never enqueue it twice."""
    return f"{kind}/{subject}/{version}/{person}"
