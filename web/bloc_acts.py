"""The acts of a bloc's year: what the form of each asks for, and the act that it becomes.

One table: an act's name in the history is its name in the address and that of its part in `templates/bloc_acts/`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from casework.act import Done
from casework.bloc.approve_card import approve_card
from casework.bloc.assign import assign, assign_again
from casework.bloc.certify import Certified, certify
from casework.bloc.decline_sheet import decline_sheet
from casework.bloc.hand_over import hand_over
from casework.bloc.hold_meeting import Meeting, hold_meeting
from casework.bloc.leave_out import leave_out
from casework.bloc.propose import propose
from casework.bloc.settle import MeetingWord, settle
from casework.bloc.sign_covenant import Signing, sign_covenant
from documents.store import PaperStore
from rules.reasons import Reason
from web.forms import Form

_LONG, _SHORT, _CODE = 2_000, 200, 120
#: words of the meeting beside those that there must be, and most of one form
SPARE_WORDS, MOST_WORDS = 3, 400
#: codes that one form may name, parted by anything but letters, digits, points and dashes
_MOST_CODES = 200


@dataclass(frozen=True, slots=True)
class Place:
    """The bloc and the school year that a form is about, and where its papers go."""

    bloc: str
    school_year: str
    store: PaperStore


#: an act with everything filled in; called with database and call
Act = Callable[..., Done]


def _paper(form: Form, name: str = "paper") -> dict[str, Any]:
    files = form.files(name)
    return {"paper": files[0].file, "name": files[0].filename or ""} if files else {}


def _day(form: Form, name: str) -> date:
    # With a fault in the form the act is not done.
    return form.day(name, needed=True) or date.min


def _hold_meeting(at: Place, form: Form) -> Act:
    meeting = Meeting(
        at.bloc,
        at.school_year,
        form.text("kind", longest=_CODE, needed=True),
        _day(form, "held_on"),
        form.text("place", longest=_SHORT, needed=True),
        form.text("chair", longest=_CODE, needed=True),
        form.text("secretary", longest=_CODE, needed=True),
    )
    given = _paper(form)
    return lambda d, c: hold_meeting(d, at.store, meeting, c, **given)


def _sign_covenant(at: Place, form: Form) -> Act:
    school = form.text("school", longest=_CODE, needed=True)
    signing, given = Signing(at.bloc, at.school_year, school, _day(form, "signed_on")), _paper(form)
    return lambda d, c: sign_covenant(d, at.store, signing, c, **given)


def _approve_card(at: Place, form: Form) -> Act:
    card = form.text("card", longest=_CODE)
    if not card:
        form.faults["card"] = "no_choice"
    return lambda d, c: approve_card(d, at.bloc, at.school_year, card, c)


def _assign_scoring(at: Place, form: Form) -> Act:
    seed = form.text("seed", longest=_CODE)
    return lambda d, c: assign(d, at.bloc, at.school_year, c, seed=seed)


def _assign_again(at: Place, form: Form) -> Act:
    scorer, scored = (form.text(name, longest=_CODE, needed=True) for name in ("scorer", "scored"))
    return lambda d, c: assign_again(d, at.bloc, at.school_year, scorer, scored, c)


def _decline_sheet(at: Place, form: Form) -> Act:
    scorer, _, scored = form.text("sheet", longest=2 * _CODE, needed=True).partition("|")
    reason = form.text("reason", longest=_LONG, needed=True)
    return lambda d, c: decline_sheet(d, at.bloc, at.school_year, scorer, scored, reason, c)


def _leave_out(at: Place, form: Form) -> Act:
    school = form.text("school", longest=_CODE, needed=True)
    reason = form.text("reason", longest=_LONG, needed=True)
    return lambda d, c: leave_out(d, at.bloc, at.school_year, school, reason, c)


def _settle_scores(at: Place, form: Form) -> Act:
    words = []
    for number in range(min(form.whole("words") or 0, MOST_WORDS)):
        names = {part: f"{part}-{number}" for part in ("school", "item", "points", "reason")}
        school, item = (form.text(names[part], longest=_CODE) for part in ("school", "item"))
        reason = form.text(names["reason"], longest=_LONG)
        points = form.points(names["points"])
        if not any((school, item, reason, points is not None, names["points"] in form.faults)):
            continue
        for part, given in (("school", school), ("item", item), ("reason", reason)):
            if not given:
                form.faults[names[part]] = "needed"
        if points is None:
            form.faults.setdefault(names["points"], "needed")
        words.append(MeetingWord(school, item, points if points is not None else Decimal(0), reason))
    return lambda d, c: settle(d, at.bloc, at.school_year, words, c)


def _propose_prizes(at: Place, form: Form) -> Act:
    return lambda d, c: propose(d, at.bloc, at.school_year, c)


def _certify(at: Place, form: Form) -> Act:
    people = form.text("people", longest=_LONG).replace(",", " ").replace(";", " ").split()[:_MOST_CODES]
    schools, money = form.texts("school")[:_MOST_CODES], form.whole("money")
    given_on = _day(form, "given_on")
    given = [Certified(person=code, money=money) for code in people]
    given += [Certified(school=code, money=money) for code in schools]
    return lambda d, c: certify(d, at.bloc, at.school_year, given, given_on, c)


def _hand_over(at: Place, form: Form) -> Act:
    deputy, since = form.text("deputy", longest=_CODE, needed=True), _day(form, "since")
    return lambda d, c: hand_over(d, at.bloc, at.school_year, deputy, since, c)


BLOC_ACTS: dict[str, Callable[[Place, Form], Act]] = {
    "hold_meeting": _hold_meeting,
    "sign_covenant": _sign_covenant,
    "approve_card": _approve_card,
    "assign_scoring": _assign_scoring,
    "assign_again": _assign_again,
    "decline_sheet": _decline_sheet,
    "leave_out": _leave_out,
    "settle_scores": _settle_scores,
    "propose_prizes": _propose_prizes,
    "certify": _certify,
    "hand_over": _hand_over,
}

# Code of a reason → the field beside which it is pointed at.
_BESIDE = {
    "done_in_the_future": ("held_on", "signed_on", "given_on"),
    "meeting_without_place": ("place",),
    "unknown_meeting_kind": ("kind",),
    "covenant_paper_missing": ("paper",),
    "unknown_scorecard": ("card",),
    "seed_too_long": ("seed",),
    "scores_own_school": ("scored",),
    "sheet_there_already": ("scored",),
    "unknown_person": ("people",),
    "certified_already": ("people",),
    "not_of_this_bloc": ("people",),
    "certificate_without_money": ("money",),
    "certificate_money_unusable": ("money",),
    "hand_over_too_early": ("since",),
    "deputy_is_head": ("deputy",),
}


def point_at(form: Form, reasons: tuple[Reason, ...]) -> None:
    """Mark the fields that a refusal is about; what it says stands once, above the form."""
    for reason in reasons:
        for name in _BESIDE.get(reason.code, ()):
            if name in form.fields:
                form.faults.setdefault(name, "see_above")
