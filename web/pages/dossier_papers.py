"""The papers of a dossier: put in, taken out, opened."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Path
from starlette.responses import Response, StreamingResponse

from casework.papers import add_paper, remove_paper
from casework.views.dossier import show_dossier
from casework.views.naming import named
from casework.views.next_steps import next_steps
from casework.views.other_acts import against_act
from documents.paper_type import JPEG, PDF, PNG, TYPES
from rules.reasons import Reason, Refused
from states.vocabulary import PAPERS
from web.errors import REFUSED, NotFound
from web.forms import Form
from web.kept import pieces
from web.reasons import folded, why_not
from web.visit import Posted, SignedIn, Visit, said

router = APIRouter()

#: the number of a paper; what no database holds as one is no paper's
Number = Annotated[int, Path(ge=1, lt=2**31)]
# What browsers show by themselves and run nothing of; anything else is kept as a file.
_SHOWN = frozenset({PDF.media_type, PNG.media_type, JPEG.media_type})
_ENDINGS = {kind.media_type: kind.endings[0] for kind in TYPES}
#: a paper is somebody else's file: in the browser it is nobody of ours and fetches nothing
POLICY = "sandbox; default-src 'none'"
_NAME, _EVENT = 2_000, 40


@router.get("/dossiers/{code}/papers")
def form(code: str, visit: SignedIn, kind: str = "", step: str = "") -> Response:
    """The form of a new paper, of a ``kind`` where one is asked for; with ``step`` it leads on to that step."""
    return _form(visit, code, {"kind": kind, "step": step})


@router.post("/dossiers/{code}/papers")
def add(code: str, visit: SignedIn, posted: Posted) -> Response:
    """Put a paper in. The file is on the disk already; it is copied into the store piece by piece."""
    with visit.reading() as connection:
        visit.must_see(connection, code)
    kind, step = posted.text("kind", longest=_EVENT, needed=True), posted.text("step", longest=_EVENT)
    name = posted.text("name", longest=_NAME)
    file = next(iter(posted.files("file")), None)
    if file is None:
        posted.faults["file"] = "no_file"
    if posted.faults or file is None:
        return _form(visit, code, said(posted), posted)
    try:
        receipt = add_paper(
            visit.database,
            visit.house.store,
            code,
            kind,
            file.file,
            name or file.filename or "",
            visit.call(posted),
            expected_version=posted.version,
        )
    except Refused as refusal:
        return _form(visit, code, said(posted), posted, refusal.reasons)
    onward = f"/steps/{quote(step, safe='')}" if _leads_on(visit, code, step) else ""
    return visit.on_to(f"/dossiers/{code}{onward}?done={receipt.version}")


@router.get("/dossiers/{code}/papers/{number}")
def opened(code: str, number: Number, visit: SignedIn) -> Response:
    """The bytes of a paper, once they were found to be those that were handed in."""
    with visit.reading() as connection:
        visit.must_see(connection, code)
        paper = _paper(show_dossier(connection, code, visit.now, visit.lang, visit.sight), number)
    file = visit.house.store.open_sound(paper["sha256"])
    return StreamingResponse(
        pieces(file),
        media_type=paper["media_type"],
        headers={
            "Content-Length": str(paper["size"]),
            "Content-Disposition": disposition(paper),
            "Content-Security-Policy": POLICY,
        },
    )


@router.get("/dossiers/{code}/papers/{number}/remove")
def removal(code: str, number: Number, visit: SignedIn) -> Response:
    """What taking a paper out means, and the button."""
    return _removal(visit, code, number)


@router.post("/dossiers/{code}/papers/{number}/remove")
def remove(code: str, number: Number, visit: SignedIn, posted: Posted) -> Response:
    """Take a paper out."""
    with visit.reading() as connection:
        visit.must_see(connection, code)
    try:
        receipt = remove_paper(
            visit.database, code, number, visit.call(posted), expected_version=posted.version
        )
    except Refused as refusal:
        return _removal(visit, code, number, refusal.reasons)
    return visit.on_to(f"/dossiers/{code}?done={receipt.version}")


def disposition(paper: dict[str, Any]) -> str:
    """How a browser is to take a paper, and under which name (RFC 6266, RFC 5987): the name itself stands there only
    percent-encoded, so that nothing in it can end the header or name a folder."""
    way = "inline" if paper["media_type"] in _SHOWN else "attachment"
    plain = f"{paper['kind']}-{paper['id']}{_ENDINGS.get(paper['media_type'], '')}"
    name = PurePosixPath(paper["name"].replace("\\", "/")).name or plain
    return f"{way}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _paper(shown: dict[str, Any], number: int) -> dict[str, Any]:
    paper = next((paper for paper in shown["papers"] if paper["id"] == number), None)
    if paper is None:
        raise NotFound
    return paper


def _leads_on(visit: Visit, code: str, step: str) -> bool:
    """Whether a step leaves the dossier's state: to another address than one of ours nobody is led."""
    if not step:
        return False
    with visit.reading() as connection:
        return any(row["event"] == step for row in next_steps(connection, code, visit.now, visit.lang))


def _form(
    visit: Visit,
    code: str,
    form: Mapping[str, str],
    posted: Form | None = None,
    reasons: tuple[Reason, ...] = (),
) -> Response:
    with visit.reading() as connection:
        visit.must_see(connection, code)
        shown = show_dossier(connection, code, visit.now, visit.lang, visit.sight)
        against = against_act(connection, code, "add_paper", visit.now, visit.lang, visit.me.code)
        told = named(connection, reasons, visit.lang, code)
    return visit.page(
        "dossier_paper.html",
        status=REFUSED if posted else 200,
        dossier=shown,
        kinds=PAPERS,
        endings=",".join(ending for kind in TYPES for ending in kind.endings),
        limit=visit.house.store.limit_bytes // 1_000_000,
        form=form,
        again=posted is not None,
        faults=posted.faults if posted else {},
        reasons=folded(told),
        against=folded(against),
        why_not=why_not(against),
    )


def _removal(visit: Visit, code: str, number: int, reasons: tuple[Reason, ...] = ()) -> Response:
    with visit.reading() as connection:
        visit.must_see(connection, code)
        shown = show_dossier(connection, code, visit.now, visit.lang, visit.sight)
        against = against_act(connection, code, "remove_paper", visit.now, visit.lang, visit.me.code)
        told = named(connection, reasons, visit.lang, code)
    if reasons and all(paper["id"] != number for paper in shown["papers"]):
        # Somebody was faster: there is no page of this paper any more, only what is to be told.
        raise Refused(reasons)
    return visit.page(
        "dossier_paper_remove.html",
        status=REFUSED if reasons else 200,
        dossier=shown,
        paper=_paper(shown, number),
        reasons=folded(told),
        against=folded(against),
        why_not=why_not(against),
    )
