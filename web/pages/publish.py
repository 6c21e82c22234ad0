"""Publishing: a file is looked at first, and then, as a step of its own, these very bytes are published."""

from __future__ import annotations

import base64
import binascii

from fastapi import APIRouter
from sqlalchemy import func, select
from starlette.responses import Response

from casework.history import ENTRY
from casework.publish import publish
from casework.regulations import Unsound
from casework.views.naming import named
from casework.views.proposed import Looked, looked_at
from casework.views.published import KINDS
from kit.canonical import sha256_hex
from rules.reasons import Reason, Refused
from web.errors import REFUSED
from web.forms import Form
from web.paging import SHOWN
from web.regulations import path_of, subject_of
from web.visit import Administrator, Posted, Visit

router = APIRouter()
#: bytes of a file that is published here; a larger one is published at the terminal
LIMIT = 200_000
_ENCODED = LIMIT * 3 // 2


@router.get("/regulations/publish")
def form(visit: Administrator, kind: str = "calendar") -> Response:
    """The form that takes a file or its text."""
    return _page(visit, kind if kind in KINDS else KINDS[0])


@router.post("/regulations/publish")
def check(visit: Administrator, posted: Posted) -> Response:
    """Look at the file: nothing is stored."""
    kind = posted.text("kind")
    if kind not in KINDS:
        posted.faults["kind"], kind = "no_choice", KINDS[0]
    text = _given(posted)
    if posted.faults or text is None:
        return _page(visit, kind, posted)
    return _page(visit, kind, posted, text=text)


@router.post("/regulations/publish/now")
def act(visit: Administrator, posted: Posted) -> Response:
    """Publish the bytes that were looked at."""
    kind = posted.text("kind")
    text = _kept(posted)
    if kind not in KINDS or text is None:
        posted.faults["text"] = "not_the_same"
        return _page(visit, kind if kind in KINDS else KINDS[0], posted)
    try:
        publish(visit.database, kind, text, visit.call(posted))
    except Refused as refusal:
        return _page(visit, kind, posted, text=text, reasons=refusal.reasons)
    except Unsound:
        # What it stands beside has changed since it was looked at; the page says what is wrong now.
        return _page(visit, kind, posted, text=text)
    with visit.reading() as connection:
        name = looked_at(connection, kind, text, visit.now, visit.lang).name or ""
        subject = subject_of(kind, name)
        seq = connection.execute(select(func.max(ENTRY.c.seq)).where(ENTRY.c.subject == subject)).scalar()
    return visit.on_to(f"{path_of(kind, name)}?done={seq}")


def _given(posted: Form) -> bytes | None:
    """The bytes of the file, else of the text that was pasted, whose lines a browser ends in its own way."""
    files = posted.files("file")
    if files:
        with files[0].file as stream:
            text = stream.read(LIMIT + 1)
    else:
        pasted = posted.text("text", longest=LIMIT)
        text = (pasted.replace("\r\n", "\n") + "\n").encode("utf-8", "replace") if pasted else b""
    if not text:
        posted.faults.setdefault("text", "needed")
    elif len(text) > LIMIT:
        posted.faults["file" if files else "text"] = "too_long"
    return None if posted.faults else text


def _kept(posted: Form) -> bytes | None:
    """The bytes that the form kept, if they are still those of the hash that was shown."""
    try:
        text = base64.b64decode(posted.text("bytes", longest=_ENCODED), validate=True)
    except binascii.Error:
        return None
    same = sha256_hex(text) == posted.text("sha256", longest=64)
    return text if text and same and len(text) <= LIMIT else None


def _page(
    visit: Visit,
    kind: str,
    posted: Form | None = None,
    *,
    text: bytes | None = None,
    reasons: tuple[Reason, ...] = (),
) -> Response:
    looked: Looked | None = None
    with visit.reading() as connection:
        if text is not None:
            looked = looked_at(connection, kind, text, visit.now, visit.lang)
        told = named(connection, reasons, visit.lang)
    refused = bool(reasons or (posted and posted.faults) or (looked and looked.faults))
    return visit.page(
        "regulations/publish.html",
        status=REFUSED if refused else 200,
        kind=kind,
        kinds=KINDS,
        looked=looked,
        effect=looked.effect[:SHOWN] if looked and looked.effect else [],
        where=path_of(kind, looked.name) if looked and looked.name else "",
        kept=base64.b64encode(text).decode() if text is not None else "",
        text=text.decode("utf-8", "replace") if text is not None else "",
        form=posted.typed() if posted else {},
        faults=posted.faults if posted else {},
        reasons=told,
    )
