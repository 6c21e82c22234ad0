"""A bloc's year: where it stands, what is next and who does it; every act of it has a small page of its own."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response, StreamingResponse

from casework.bloc.sight import acting_for, may_see_year, readable_by
from casework.bloc.year import BlocYear
from casework.sight import seen_among
from casework.views.bloc_acts import ACTS, against, choices, leads, to_sign, year_for
from casework.views.bloc_papers import KINDS, paper_in_year
from casework.views.bloc_way import here_of, stations
from casework.views.bloc_year import declined, evidence, ledger, proposals, sheets_owed, show_year
from casework.views.naming import named_each, titles_named
from casework.views.receipts import receipt_in
from models.bloc_year import MEETING_KINDS
from notifications.stop import Stop
from pictures.drawing import Drawing
from pictures.way import draw_way
from rules.reasons import Reason, Refused
from rules.windows import local_day
from web.bloc_acts import BLOC_ACTS, SPARE_WORDS, Place, point_at
from web.errors import REFUSED, NotFound
from web.forms import Form
from web.kept import pieces
from web.pages.dossier_papers import POLICY, Number, disposition
from web.reasons import folded, why_not
from web.ribbon import WIDTHS
from web.visit import Posted, SignedIn, Visit, said
from web.words import Words

router = APIRouter()
_HERE = "/blocs/{unit}/year/{school_year}"
#: station → the act by which head or deputy take the year past it
_ACT_OF = {
    "covenant": "hold_meeting",
    "card": "approve_card",
    "draw": "assign_scoring",
    "meeting": "hold_meeting",
    "settled": "settle_scores",
    "prizes": "propose_prizes",
    "handed_over": "hand_over",
}
_MEETING_AT = {"covenant": "covenant", "card": "covenant", "meeting": "scoring", "handed_over": "review"}


@router.get(_HERE)
def bloc_year(unit: str, school_year: str, visit: SignedIn, done: int = 0) -> Response:
    """The page of a bloc's year, for its schools, its head and those above it."""
    with visit.reading() as connection:
        year = seen_year(visit, connection, unit, school_year)
        shown = show_year(year, visit.lang)
        way = stations(year, shown)
        here = here_of(way)
        owed = sheets_owed(year, visit.sight, visit.lang)
        act = _primary(visit, year, here, owed)
        may = [name for name in _beside(year) if name != act and not against(year, name)]
        offered = _offered(visit, year, act) if act else {}
        receipt = receipt_in(connection, year.subject, done) if done else None
        lists: dict[str, Any] = {"proposals": proposals(year, visit.lang), "ledger": ledger(year)}
        lists["declined"] = declined(year, visit.sight)
        titles = titles_named(connection, visit.lang)
        lead, back = leads(year), _back(visit, year)
        reads_others = _reads_others(visit, year)
        seen = seen_among(connection, visit.sight, [row["dossier"] for row in lists["proposals"]])
    return visit.page(
        "bloc_year.html",
        year=shown,
        here=path_of_year(year),
        way=_drawn(way, visit.words),
        station=here,
        next_counts=next((row["counts"] for row in way if row["name"] == here), {}),
        act=act,
        may=may,
        owed=owed,
        waiting=sum(row["standing"] == "open" for row in owed),
        lead=lead,
        reads_others=reads_others,
        titles=titles,
        receipt=receipt,
        seen=seen,
        why_not=None,
        back=back,
        **_form_of(visit, act or "", here, offered, None),
        **lists,
    )


@router.get(_HERE + "/acts/{act}")
def form(unit: str, school_year: str, act: str, visit: SignedIn) -> Response:
    """The form of an act."""
    return _act_page(visit, unit, school_year, act)


@router.post(_HERE + "/acts/{act}")
def do(unit: str, school_year: str, act: str, visit: SignedIn, posted: Posted) -> Response:
    """Do the act."""
    if act not in BLOC_ACTS:
        raise NotFound
    with visit.reading() as connection:
        path = path_of_year(seen_year(visit, connection, unit, school_year))
    perform = BLOC_ACTS[act](Place(unit, school_year, visit.house.store), posted)
    if posted.faults:
        return _act_page(visit, unit, school_year, act, posted)
    try:
        receipt = perform(visit.database, visit.call(posted))
    except Refused as refusal:
        point_at(posted, refusal.reasons)
        return _act_page(visit, unit, school_year, act, posted, refusal.reasons)
    return visit.on_to(f"{path}?done={receipt.seq}")


@router.get(_HERE + "/papers/{kind}/{number}")
def paper(unit: str, school_year: str, kind: str, number: Number, visit: SignedIn) -> Response:
    """The bytes of minutes, a signed covenant, the evidence of a sheet or an item, once they were found to be sound."""
    if kind not in KINDS:
        raise NotFound
    with visit.reading() as connection:
        year = seen_year(visit, connection, unit, school_year)
        found = paper_in_year(year, visit.sight, kind, number)
    if found is None:
        raise NotFound
    file = visit.house.store.open_sound(found["sha256"])
    headers = {
        "Content-Length": str(found["size"]),
        "Content-Disposition": disposition(found),
        "Content-Security-Policy": POLICY,
    }
    return StreamingResponse(pieces(file), media_type=found["media_type"], headers=headers)


# --- What the pages of a bloc's year share ------------------------------------------------------------------


def seen_year(visit: Visit, connection: Any, unit: str, school_year: str) -> BlocYear:
    """A bloc's year that this person may see, as she would act in it.

    Raises:
        NotFound: there is no such bloc or year, or none for this person: the two look alike.
    """
    try:
        year = year_for(connection, visit.sight, unit, school_year, visit.now)
    except Refused as refusal:
        raise NotFound from refusal
    schools = {*year.members, *(sheet["scorer_id"] for sheet in year.sheets)}
    if not may_see_year(connection, visit.sight, year.id, schools, local_day(visit.now)):
        raise NotFound
    return year


def path_of_year(year: BlocYear) -> str:
    """The address of a bloc's year."""
    return f"/blocs/{year.bloc['code']}/year/{year.school_year}"


def _back(visit: Visit, year: BlocYear) -> tuple[str, str]:
    """The page above this one, its address and name: a bloc's own page is for its head and those above it."""
    mine = acting_for(visit.sight, year.members)
    if mine and visit.sight.at(year.id) == frozenset():
        school = year.members[min(mine)]
        return f"/schools/{school['code']}", school["name"]
    return f"/blocs/{year.bloc['code']}?year={year.school_year}", year.bloc["name"]


def _primary(visit: Visit, year: BlocYear, here: str | None, owed: list[dict[str, Any]]) -> str | None:
    """The one act that this page offers first; None: nothing, or sheets that wait."""
    if any(row["standing"] == "open" for row in owed):
        return None
    act = _ACT_OF.get(here or "")
    if act is not None and not against(year, act):
        return act
    if to_sign(year) and not year.settled and not leads(year):
        return "sign_covenant"
    return None


def _beside(year: BlocYear) -> list[str]:
    """What is offered beside the one act that is next, where it may be done: what fits the time of the year."""
    while_scoring = ["assign_again", "decline_sheet", "leave_out"] if year.draw is not None else []
    return ["sign_covenant", "hold_meeting", *while_scoring, *(["certify"] if year.settled else [])]


def _reads_others(visit: Visit, year: BlocYear) -> bool:
    """Whether she may read a sheet beside those of her own schools."""
    mine = acting_for(visit.sight, {*year.members, *(s["scorer_id"] for s in year.sheets)})
    readable = readable_by(year, visit.sight)
    others = (s for s in year.sheets if s["scorer_id"] not in mine and s["standing"] != "declined")
    return any(s["id"] in readable for s in others)


def _offered(visit: Visit, year: BlocYear, act: str) -> dict[str, Any]:
    """What the form of an act offers; beside the settling, what the scorers left that this person may read."""
    offered = choices(year, act, visit.lang)
    return (
        offered | {"evidence": evidence(year, visit.sight, visit.lang)} if act == "settle_scores" else offered
    )


#: a station whose day is the first one on which it counts, which may still be to come
_SINCE = {"handed_over": "since"}


def _drawn(way: list[dict[str, Any]], words: Words) -> dict[str, Drawing]:
    stops = [
        Stop(
            words(f"bloc_year.way.{row['name']}"),
            row["mark"],
            note=" · ".join(
                part
                for part in (
                    words(f"bloc_year.{_SINCE.get(row['name'], 'on')}", day=row["day"]) if row["day"] else "",
                    words(f"bloc_year.counted.{row['name']}", **row["counts"]) if row["counts"] else "",
                )
                if part
            ),
        )
        for row in way
    ]
    title = words("bloc_year.way_title")
    return {
        size: draw_way(stops, width=width, name=f"way-{size}", title=title, lang=words.lang)
        for size, width in WIDTHS.items()
    }


def _form_of(
    visit: Visit, act: str, here: str | None, offered: dict[str, Any], posted: Form | None
) -> dict[str, Any]:
    """What the part of an act's form is given."""
    needed = offered.get("needed", [])
    typed = said(posted)
    day: date = local_day(visit.now)
    return {
        "form": typed,
        "ticked": posted.texts("school") if posted else [],
        "faults": posted.faults if posted else {},
        "offered": offered,
        "today": day,
        "kinds": MEETING_KINDS,
        "kind": _MEETING_AT.get(here or "", "midyear"),
        "words": len(needed) + SPARE_WORDS if act == "settle_scores" else 0,
    }


def _act_page(
    visit: Visit,
    unit: str,
    school_year: str,
    act: str,
    posted: Form | None = None,
    reasons: tuple[Reason, ...] = (),
) -> Response:
    if act not in ACTS:
        raise NotFound
    with visit.reading() as connection:
        year = seen_year(visit, connection, unit, school_year)
        in_the_way, told = named_each(connection, (against(year, act), reasons), visit.lang)
        shown = show_year(year, visit.lang)
        here = here_of(stations(year, shown))
        # Whoever may not do it sees why, and no names to choose from.
        offered = _offered(visit, year, act) if not in_the_way or posted else {}
    return visit.page(
        "bloc_act.html",
        status=REFUSED if posted else 200,
        year=shown,
        here=path_of_year(year),
        act=act,
        against=folded(in_the_way),
        why_not=why_not(in_the_way),
        reasons=folded(told),
        **_form_of(visit, act, here, offered, posted),
    )
