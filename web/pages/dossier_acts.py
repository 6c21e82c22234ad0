"""The acts on a dossier beside its steps, each a small page: opinions ahead, objections, exceptions, corrections."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from casework.load import dossier_by_code, load_groups
from casework.views.dossier import show_dossier
from casework.views.initiatives import may_use
from casework.views.movement_awards import may_rest_on
from casework.views.naming import named
from casework.views.next_steps import next_steps
from casework.views.other_acts import against_act
from rules.reasons import Reason, Refused
from web.errors import REFUSED, NotFound
from web.forms import Form
from web.reasons import common_reasons, folded, namesakes, why_not
from web.small_acts import SMALL_ACTS
from web.steps import point_at, votes
from web.visit import Posted, SignedIn, Visit, said

router = APIRouter()


@router.get("/dossiers/{code}/acts/{act}")
def form(code: str, act: str, visit: SignedIn) -> Response:
    """The form of an act."""
    return _form(visit, code, act)


@router.post("/dossiers/{code}/acts/{act}")
def do(code: str, act: str, visit: SignedIn, posted: Posted) -> Response:
    """Do the act."""
    if act not in SMALL_ACTS:
        raise NotFound
    with visit.reading() as connection:
        visit.must_see(connection, code)
        shown = show_dossier(connection, code, visit.now, visit.lang, visit.sight)
    done = SMALL_ACTS[act](code, posted, shown)
    if posted.faults:
        return _form(visit, code, act, posted)
    try:
        receipt = done(visit.database, visit.call(posted), expected_version=posted.version)
    except Refused as refusal:
        point_at(posted, refusal.reasons)
        return _form(visit, code, act, posted, refusal.reasons)
    return visit.on_to(f"/dossiers/{code}?done={receipt.version}")


def _form(
    visit: Visit, code: str, act: str, posted: Form | None = None, reasons: tuple[Reason, ...] = ()
) -> Response:
    if act not in SMALL_ACTS:
        raise NotFound
    with visit.reading() as connection:
        visit.must_see(connection, code)
        shown = show_dossier(connection, code, visit.now, visit.lang, visit.sight)
        against = against_act(connection, code, act, visit.now, visit.lang, visit.me.code)
        steps = next_steps(connection, code, visit.now, visit.lang)
        told = named(connection, reasons, visit.lang, code)
        # Which initiatives a school's people wrote is for whoever may name them.
        usable = _usable(connection, code, act) if not against else []
    people = {person["code"]: person["name"] for step in steps for person in step["people"]}
    return visit.page(
        "dossier_act.html",
        status=REFUSED if posted else 200,
        dossier=shown,
        act=act,
        usable=usable,
        against=folded(against),
        why_not=why_not(against),
        people=people,
        votes=votes(shown["next_event"] or ""),
        refuses=False,
        common=common_reasons("opinion", visit.lang),
        namesakes=namesakes(shown["nominations"]),
        form=said(posted),
        ticked=posted.wholes("nomination") if posted else [],
        faults=posted.faults if posted else {},
        reasons=folded(told),
    )


def _usable(connection: Connection, code: str, act: str) -> list[dict[str, Any]]:
    """The initiatives, or the movements, that nominations of a dossier may name by an act."""
    if act not in ("use_initiative", "name_movement"):
        return []
    dossier = dossier_by_code(connection, code)
    if act == "name_movement":
        return may_rest_on(connection, dossier["unit_id"])
    rows = load_groups(connection, [dossier["id"]], {"nominations"})[dossier["id"]].nominations
    people = [row["person_id"] for row in rows if row["person_id"] is not None and row["outcome"] == "open"]
    return may_use(connection, dossier["unit_id"], people)
