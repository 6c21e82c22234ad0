"""A decision on a dossier: its row, what it makes of each nomination, the titles that are then held; and undoing it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from casework.decided import AWARD, DECISION, RECKONED, RECOVERY
from casework.effects.effect import Case, Effect
from casework.effects.numbers import text_reasons
from casework.effects.opinions import carried_title, left_out
from casework.history import make_note
from casework.inputs import DecisionInput, RecoveryInput
from casework.law.money_lines import items_told
from casework.law.reckoned import Proposal, recovery_proposed
from casework.load import NOMINATION
from casework.named_movements import unfounded
from casework.regulations import titles_in_force
from models.unit import Unit
from rules.reasons import Reason, refuse_if
from rules.windows import local_day

UNIT = Unit.__table__

_AWARDED = (
    update(NOMINATION)
    .where(NOMINATION.c.id == bindparam("b_id"))
    .values(outcome=bindparam("b_outcome"), decided_title=bindparam("b_title"))
)
_INSERT_AWARD = insert(AWARD)
_INSERT_RECOVERY = insert(RECOVERY)
_INSERT_RECKONED = insert(RECKONED)
# What is demanded back is written down in the language of the record.
_RECORD = "vi"
_END_AWARDS = (
    update(AWARD)
    .where(AWARD.c.nomination_id == bindparam("b_nomination"), AWARD.c.standing == "held")
    .values(standing=bindparam("b_standing"))
)
_RECOVERS = "Luật 06/2022/QH15, Điều 93(2)"
_SUDDEN = frozenset({"BKT-DX"})
_THEMATIC = frozenset({"BKT-CD"})


def _award_type(title: str, movement: int | None) -> str:
    """What is given for a movement is thematic, whatever its form: a certificate of merit too."""
    if title in _SUDDEN:
        return "sudden"
    return "thematic" if title in _THEMATIC or movement is not None else "merit"


def decision_reasons(case: Case, given: DecisionInput) -> list[Reason]:
    """Why the decision that the act brings cannot be recorded."""
    reasons = [
        *text_reasons("decision_number", given.number, DECISION.c.number),
        *text_reasons("signatory", given.signatory, DECISION.c.signatory),
    ]
    opened = local_day(case.dossier["opened_at"])
    if given.decided_on > case.call.day:
        reasons.append(Reason("decision_in_future", {"decided_on": given.decided_on.isoformat()}))
    if given.decided_on < opened:
        days = {"decided_on": given.decided_on.isoformat(), "opened": opened.isoformat()}
        reasons.append(Reason("decision_before_opening", days))
    return reasons + _known_decision(case, given)[1]


def decision_id_for(case: Case, given: DecisionInput) -> int:
    """The id of the decision that the act brings, written now if it is new.

    One decision may cover many dossiers, so the same number of the same body in one year is the same decision. The row
    is written within the caller's transaction.

    Raises:
        Refused: its number was taken in this very moment.
    """
    known, _ = _known_decision(case, given)
    if known is not None:
        return known
    # Two may bring the same number at once: the issuing body's row makes the slower wait and look again.
    body = case.connection.execute(
        select(UNIT.c.name).where(UNIT.c.id == case.desk_unit_id).with_for_update(key_share=True)
    ).scalar_one()
    known, reasons = _known_decision(case, given)
    refuse_if(reasons)
    if known is not None:
        return known
    made = case.connection.execute(
        insert(DECISION).values(
            number=given.number.strip(),
            decided_on=given.decided_on,
            year=given.decided_on.year,
            signatory=given.signatory.strip(),
            issued_by=body,
            unit_id=case.desk_unit_id,
            recorded_at=case.call.now,
        )
    )
    return int(made.inserted_primary_key[0])


def _known_decision(case: Case, given: DecisionInput) -> tuple[int | None, list[Reason]]:
    """The id under which the decision is known already; a reason where what stands there is another one."""
    number = given.number.strip()
    row = case.connection.execute(
        select(DECISION.c.id, DECISION.c.decided_on, DECISION.c.signatory).where(
            DECISION.c.unit_id == case.desk_unit_id,
            DECISION.c.number == number,
            DECISION.c.year == given.decided_on.year,
        )
    ).first()
    if row is None:
        return None, []
    if (row.decided_on, row.signatory) == (given.decided_on, given.signatory.strip()):
        return int(row.id), []
    stands = {"number": number, "decided_on": row.decided_on.isoformat(), "signatory": row.signatory}
    return None, [Reason("decision_number_taken", stands)]


def title_supported(case: Case, nomination: Mapping[str, Any]) -> str | None:
    """The title that the desks' latest standing opinion supports for a nomination; None where it supports none."""
    mine = [o for o in case.loaded.opinions if o["nomination_id"] == nomination["id"]]
    if not mine:
        return str(nomination["appraised_title"] or nomination["title"])
    said = [(o["verdict"], o["lower_title"]) for o in sorted(mine, key=lambda row: row["id"])]
    return carried_title(nomination["title"], said)


def decided(case: Case) -> Effect:
    """Award each nomination that the desks support and the decision does not leave out."""
    effect = Effect()
    given = case.inputs.decision
    if given is None:
        return effect
    open_ids = {row["id"] for row in case.open_nominations}
    for stranger in sorted(given.refused - open_ids):
        effect.reasons.append(Reason("nomination_not_open", {"nomination": stranger}))
    effect.reasons += decision_reasons(case, given)
    if case.event == "decide":
        # What was decided elsewhere is a fact, whatever it rests on.
        effect.reasons += _movement_reasons(case)
    effect.later.append(lambda: _outcomes(case, given))
    return effect


def _movement_reasons(case: Case) -> list[Reason]:
    """Why what the decision would award does not rest on a movement as it must."""
    out = left_out(case, ())
    bringing = [
        {**row, "title": title_supported(case, row) or row["title"]}
        for row in case.open_nominations
        if row["id"] not in out and row["initiative_id"] is None
    ]
    return unfounded(case.connection, bringing, titles_in_force(case.connection))


def _outcomes(case: Case, given: DecisionInput) -> Effect:
    effect = Effect()
    outcomes: list[dict[str, Any]] = []
    awards: list[dict[str, Any]] = []
    decision_id = decision_id_for(case, given)
    for row in case.open_nominations:
        title = None if row["id"] in given.refused else title_supported(case, row)
        outcomes.append(
            {"b_id": row["id"], "b_outcome": "awarded" if title else "not_awarded", "b_title": title}
        )
        if title:
            awards.append(
                {
                    "person_id": row["person_id"],
                    "unit_id": None if row["person_id"] is not None else row["unit_id"],
                    "initiative_id": row["initiative_id"],
                    "title": title,
                    "school_year": case.dossier["school_year"],
                    "award_type": _award_type(title, row["movement_id"]),
                    "decision_id": decision_id,
                    "nomination_id": row["id"],
                    "standing": "held",
                }
            )
    effect.columns["decision_id"] = decision_id
    effect.writes.append((_AWARDED, outcomes))
    if awards:
        effect.writes.append((_INSERT_AWARD, awards))
    decided_titles = {row["b_id"]: row["b_title"] for row in outcomes}
    effect.touched.titles(
        ({**row, "decided_title": decided_titles[row["id"]]} for row in case.open_nominations),
        case.dossier["school_year"],
    )
    effect.payload |= {
        "decision": decision_id,
        "number": given.number.strip(),
        "decided_on": given.decided_on.isoformat(),
        "awarded": [[row["b_id"], row["b_title"]] for row in outcomes if row["b_title"]],
        "not_awarded": [row["b_id"] for row in outcomes if not row["b_title"]],
    }
    return effect


def declined(case: Case) -> Effect:
    """No nomination of the dossier is awarded."""
    rows = [{"b_id": r["id"], "b_outcome": "not_awarded", "b_title": None} for r in case.open_nominations]
    effect = Effect(writes=[(_AWARDED, rows)] if rows else [])
    effect.touched.titles(case.open_nominations, case.dossier["school_year"])
    return effect


def reopened(case: Case) -> Effect:
    """What was decided is open again; the titles are no longer held until it is decided anew."""
    procedure, state = case.chart.procedure, case.dossier["state"]
    step = procedure.step_of(state, case.event, case.dossier["level"])
    anew = procedure.invalidated_by(state, step) if step is not None else ()
    # What a council stopped that is not to judge anew, the school's own for example, stays stopped.
    against = {
        o["nomination_id"]
        for o in case.loaded.opinions
        if o["verdict"] == "not_supported" and o["desk"] in anew
    }
    rows = [
        r
        for r in case.loaded.nominations
        if r["outcome"] in ("awarded", "not_awarded") or (r["outcome"] == "stopped" and r["id"] in against)
    ]
    effect = Effect(payload={"reopened": [r["id"] for r in rows]})
    if rows:
        effect.writes += [
            (_AWARDED, [{"b_id": r["id"], "b_outcome": "open", "b_title": None} for r in rows]),
            (_END_AWARDS, [{"b_nomination": r["id"], "b_standing": "reopened"} for r in rows]),
        ]
    effect.touched.titles(rows, case.dossier["school_year"])
    return effect


def revoked(case: Case) -> Effect:
    """The decision is cancelled (Law 06/2022 Art 93(2)): titles fall, money and items are to be recovered."""
    effect = Effect()
    recovery, decision = case.inputs.recovery, case.inputs.decision
    reckoned = recovery_proposed(case.connection, case.dossier["id"]) if recovery is not None else None
    if recovery is not None:
        effect.reasons += recovery_reasons(recovery, reckoned)
    if decision is not None:
        effect.reasons += decision_reasons(case, decision)
    if recovery is not None and decision is not None:
        effect.later.append(lambda: _recovery(case, recovery, decision, reckoned))
    return effect


def recovery_reasons(recovery: RecoveryInput, reckoned: Proposal | None) -> list[Reason]:
    """Why what is demanded back cannot be recorded beside what the money sheet says (None: it says nothing)."""
    reasons = text_reasons("items", recovery.items, RECOVERY.c["items"], blank=True)
    if recovery.money is None:
        if reckoned is None or not reckoned.known:
            reasons.append(Reason("recovery_not_reckoned"))
    elif recovery.money < 0:
        reasons.append(Reason("money_negative", {"money": recovery.money}))
    elif (
        reckoned is not None
        and reckoned.known
        and recovery.money != reckoned.money
        and not recovery.why.strip()
    ):
        told = {"money": recovery.money, "reckoned": reckoned.money}
        reasons.append(Reason("recovery_differs", told, _RECOVERS))
    return reasons


def _recovery(
    case: Case, recovery: RecoveryInput, decision: DecisionInput, reckoned: Proposal | None
) -> Effect:
    items = recovery.items.strip()
    money = recovery.money
    if money is None and reckoned is not None:
        money = reckoned.money
        items = items or "; ".join(items_told(reckoned.items, _RECORD))
    revocation_id = decision_id_for(case, decision)
    # The decision that is cancelled stays the dossier's: the titles that fell were held by it.
    effect = Effect(columns={"revocation_id": revocation_id})
    rows = [r for r in case.loaded.nominations if r["outcome"] == "awarded"]
    if rows:
        effect.writes += [
            (_AWARDED, [{"b_id": r["id"], "b_outcome": "revoked", "b_title": None} for r in rows]),
            (_END_AWARDS, [{"b_nomination": r["id"], "b_standing": "revoked"} for r in rows]),
        ]
    effect.touched.titles(rows, case.dossier["school_year"])
    demanded = {
        "dossier_id": case.dossier["id"],
        "decision_id": revocation_id,
        "money": money,
        "items": items,
        "demanded_at": case.call.now,
    }
    effect.writes.append((_INSERT_RECOVERY, [demanded]))
    if reckoned is not None and reckoned.known:
        note = None
        if recovery.why.strip() and money != reckoned.money:
            note, told = make_note(recovery.why.strip())
            effect.notes.append(note)
            effect.payload["recovery_differs"] = told
        beside = {
            "dossier_id": case.dossier["id"],
            "decision_id": revocation_id,
            "money": reckoned.money,
            "items": "; ".join(items_told(reckoned.items, _RECORD)),
            "verified": reckoned.verified,
            "note_id": note["id"] if note is not None else None,
        }
        effect.writes.append((_INSERT_RECKONED, [beside]))
        effect.payload["reckoned"] = reckoned.money
    effect.payload |= {
        "revocation": revocation_id,
        "number": decision.number.strip(),
        "decided_on": decision.decided_on.isoformat(),
        "money": money,
        "titles_fallen": [r["id"] for r in rows],
    }
    return effect
