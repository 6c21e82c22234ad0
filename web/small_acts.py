"""The acts on a dossier beside its steps: what the form of each asks for, and the act that it becomes.

One table: an act's name in the history is its name in the address and that of its part in `templates/acts/`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from casework.correct_score import correct_score
from casework.except_from_separation import except_from_separation
from casework.give_opinion import give_opinion
from casework.inputs import ScoreInput
from casework.name_movement import name_movement
from casework.nominate import strike
from casework.objections import receive_objection, settle_objections
from casework.pass_on import pass_on
from casework.receipts import Receipt
from casework.settle_recovery import settle_recovery
from casework.use_initiative import use_initiative
from web.forms import Form
from web.steps import opinions_of

#: an act with everything filled in; called with database, call and what an act may be told besides
Act = Callable[..., Receipt]
_LONG, _CODE, _LONGEST_CODE = 2_000, 60, 120


def _strike(code: str, form: Form, _: Mapping[str, Any]) -> Act:
    chosen = form.wholes("nomination")
    return lambda d, c, **o: strike(d, code, chosen, c, **o)


def _give_opinion(code: str, form: Form, dossier: Mapping[str, Any]) -> Act:
    given = opinions_of(form, [row["id"] for row in dossier["nominations"]])
    return lambda d, c, **o: give_opinion(d, code, given, c, **o)


def _receive_objection(code: str, form: Form, _: Mapping[str, Any]) -> Act:
    text, nomination = form.text("reason", longest=_LONG, needed=True), form.whole("nomination")
    return lambda d, c, **o: receive_objection(d, code, text, c, nomination=nomination, **o)


def _settle_objections(code: str, form: Form, _: Mapping[str, Any]) -> Act:
    text = form.text("reason", longest=_LONG, needed=True)
    return lambda d, c, **o: settle_objections(d, code, text, c, **o)


def _correct_score(code: str, form: Form, _: Mapping[str, Any]) -> Act:
    points, rank = form.points("points", needed=True), form.whole("rank", needed=True)
    text = form.text("reason", longest=_LONG, needed=True)
    # With a fault in the form the act is not done.
    return lambda d, c, **o: correct_score(d, code, ScoreInput(points, rank), text, c, **o)


def _settle_recovery(code: str, form: Form, _: Mapping[str, Any]) -> Act:
    day, text = form.day("day", needed=True), form.text("reason", longest=_LONG, needed=True)
    return lambda d, c, **o: settle_recovery(d, code, day, text, c, **o)


def _except(code: str, form: Form, _: Mapping[str, Any]) -> Act:
    person, desk = (
        form.text("person", longest=_CODE, needed=True),
        form.text("desk", longest=_CODE, needed=True),
    )
    text = form.text("reason", longest=_LONG, needed=True)
    return lambda d, c, **o: except_from_separation(d, code, person, desk, text, c, **o)


def _pass_on(code: str, _: Form, __: Mapping[str, Any]) -> Act:
    return lambda d, c, **o: pass_on(d, code, c, **o)


def _use_initiative(code: str, form: Form, _: Mapping[str, Any]) -> Act:
    chosen, initiative = form.wholes("nomination"), form.text("initiative", longest=_LONGEST_CODE)
    return lambda d, c, **o: use_initiative(d, code, chosen, initiative or None, c, **o)


def _name_movement(code: str, form: Form, _: Mapping[str, Any]) -> Act:
    chosen, movement = form.wholes("nomination"), form.text("movement", longest=_CODE)
    return lambda d, c, **o: name_movement(d, code, chosen, movement or None, c, **o)


SMALL_ACTS: dict[str, Callable[[str, Form, Mapping[str, Any]], Act]] = {
    "give_opinion": _give_opinion,
    "strike": _strike,
    "use_initiative": _use_initiative,
    "name_movement": _name_movement,
    "receive_objection": _receive_objection,
    "settle_objections": _settle_objections,
    "correct_score": _correct_score,
    "settle_recovery": _settle_recovery,
    "except_from_separation": _except,
    "pass_on": _pass_on,
}
