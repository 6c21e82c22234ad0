"""Each invariant is broken once, past the program and the database's own guards: the doctor names that, and no more."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, and_, delete, select

from casework.access import DELEGATION, DUTY, EMPLOYMENT
from casework.council.tables import BALLOT, ITEM, SLOT
from casework.debts import FULFILMENT, OBLIGATION
from casework.decided import AWARD, DECISION, RECOVERY
from casework.doctor.examine import INVARIANTS, examine
from casework.doctor.finding import LISTED
from casework.exemplars.stages import EXEMPLAR, STAGE
from casework.history import ENTRY, NOTE
from casework.home_clock import CLOCK
from casework.letters.tables import ATTEMPT, LETTER
from casework.load import AUTHOR, DOSSIER, INITIATIVE, NOMINATION, OBJECTION, OPINION, PAPER
from casework.movements.calendar_of import MOVEMENT
from casework.movements.rows import CALL
from casework.people import PERSON
from casework.reads import SCORE
from casework.record_step import OUTBOX, REACH
from casework.regulations import EXTENSION, REGULATION
from casework.routing import PLACEMENT, UNIT
from documents.store import PaperStore
from kit.canonical import sha256_hex
from models.paper import StoredFile
from tests.bloc.planted import PLANTED as IN_BLOCS
from tests.build import Office, noon
from tests.doctor.bed import DECIDED, FILED, LAPSED, NONE, NOW, PROVINCE, REVOKED, Bed, Plant
from tests.doctor.conftest import Planting
from tests.doctor.planted_law import ALSO as ALSO_IN_LAW
from tests.doctor.planted_law import PLANTED as IN_LAW
from tests.movements.cascade import TOP

STORED_FILE = StoredFile.__table__
EXTENDED = (ENTRY.c.event == "extend_window") & ENTRY.c.payload.contains("dossier-completion")
# Its initiative that is not recognised.
LISTED_ONLY = 2


def dossier_procedure_unknown(bed: Bed) -> str:
    return bed.dossier(FILED, procedure_sha256="a" * 64)


def dossier_level_unknown(bed: Bed) -> str:
    return bed.dossier(FILED, level="space")


def dossier_state_unknown(bed: Bed) -> str:
    return bed.dossier(FILED, state="nowhere")


def dossier_kind_differs(bed: Bed) -> str:
    return bed.dossier(FILED, state_kind="at_desk")


def dossier_desk_differs(bed: Bed) -> str:
    route = bed.row(DOSSIER, DOSSIER.c.id == FILED)["route"]
    return bed.dossier(FILED, desk="local_council", desk_unit_id=route["local_council"])


def dossier_desk_unit_differs(bed: Bed) -> str:
    return bed.dossier(FILED, desk_unit_id=bed.office.units["pgd"])


def route_incomplete(bed: Bed) -> str:
    route = bed.row(DOSSIER, DOSSIER.c.id == FILED)["route"]
    return bed.dossier(FILED, route={desk: unit for desk, unit in route.items() if desk != "state"})


def route_unit_unknown(bed: Bed) -> str:
    route = bed.row(DOSSIER, DOSSIER.c.id == FILED)["route"]
    return bed.dossier(FILED, route=route | {"state": NONE})


def dossier_fact_missing(bed: Bed) -> str:
    return bed.dossier(LAPSED, lapsed_from=None)


def dossier_origin_unknown(bed: Bed) -> str:
    return bed.dossier(LAPSED, lapsed_from="nowhere")


def reach_missing(bed: Bed) -> str:
    bed.connection.execute(
        delete(REACH).where(REACH.c.dossier_id == FILED, REACH.c.unit_id == bed.office.units["pnv"])
    )
    return f"dossier:{FILED}"


def dossier_changed_before_opened(bed: Bed) -> str:
    return bed.dossier(6, opened_at=noon("2025-12-01"))


def decided_at_desks_apart(bed: Bed) -> str:
    return bed.dossier(10, exceptions=[])


def decided_with_open_nomination(bed: Bed) -> str:
    bed.change(
        NOMINATION,
        NOMINATION.c.id == bed.nomination(DECIDED, NOMINATION.c.outcome == "not_awarded")["id"],
        outcome="open",
    )
    return f"dossier:{DECIDED}"


def held_by_ended_unit(bed: Bed) -> str:
    bed.change(PLACEMENT, PLACEMENT.c.unit_id == bed.office.units["pnv"], until=date(2025, 11, 30))
    bed.change(UNIT, UNIT.c.id == bed.office.units["pnv"], until=date(2025, 11, 30))
    return f"dossier:{FILED}"


def ended_without_successor(bed: Bed) -> str:
    # The way of every open dossier leads through it, and the one that it has voted on lies there.
    bed.change(PLACEMENT, PLACEMENT.c.unit_id == bed.office.units["hoi-dong"], until=date(2025, 11, 30))
    bed.change(UNIT, UNIT.c.id == bed.office.units["hoi-dong"], until=date(2025, 11, 30))
    return "dossier:6"


def succession_of_unknown_unit(bed: Bed) -> str:
    text = (
        "succession: mau\ntitle: {vi: Mẫu, en: Model}\nsince: 2026-01-01\nsource: test\nverified: false\n"
        "units: [{unit: pnv, becomes: nowhere, source: test, verified: false}]\n"
    )
    row = {"sha256": sha256_hex(text), "kind": "succession", "name": "mau", "text": text, "version": 1}
    bed.add(REGULATION, **row, published_at=noon("2025-12-01"))
    return f"regulation:{row['sha256']}"


def history_unreadable(bed: Bed) -> str:
    bed.change(ENTRY, (ENTRY.c.subject == "dossier:9") & (ENTRY.c.seq == 3), payload="[")
    return "dossier:9"


def state_differs_from_history(bed: Bed) -> str:
    route = bed.row(DOSSIER, DOSSIER.c.id == FILED)["route"]
    return bed.dossier(
        FILED,
        state="at_local_council",
        state_kind="at_desk",
        desk="local_council",
        desk_unit_id=route["local_council"],
    )


def step_outside_procedure(bed: Bed) -> str:
    entry = bed.row(ENTRY, ENTRY.c.subject == "dossier:6", ENTRY.c.event == "register")
    payload = json.loads(entry["payload"]) | {"from": "at_bloc"}
    bed.change(
        ENTRY, (ENTRY.c.subject == "dossier:6") & (ENTRY.c.seq == entry["seq"]), payload=json.dumps(payload)
    )
    return "dossier:6"


def opening_differs_from_history(bed: Bed) -> str:
    return bed.dossier(8, code="another-code")


def numbers_differ_from_history(bed: Bed) -> str:
    return bed.dossier(FILED, receipt_number="H01.2025.9999")


def acted_differs_from_history(bed: Bed) -> str:
    acted = bed.row(DOSSIER, DOSSIER.c.id == FILED)["acted"]
    return bed.dossier(FILED, acted=acted | {"education_office": [bed.office.people["appraiser-2"]]})


def exceptions_differ_from_history(bed: Bed) -> str:
    return bed.dossier(FILED, exceptions=[["interior_office", bed.office.people["appraiser"]]])


def nominations_differ_from_history(bed: Bed) -> str:
    bed.change(NOMINATION, NOMINATION.c.id == bed.nomination(6)["id"], person_id=bed.office.people["clerk"])
    return "dossier:6"


def outcome_differs_from_history(bed: Bed) -> str:
    row = bed.nomination(6)
    bed.change(NOMINATION, NOMINATION.c.id == row["id"], outcome="stopped")
    return f"nomination:{row['id']}"


def opinions_differ_from_history(bed: Bed) -> str:
    where = (OPINION.c.dossier_id == FILED) & (OPINION.c.desk == "education_office")
    bed.change(OPINION, where, person_id=bed.office.people["appraiser-2"])
    return f"dossier:{FILED}"


def nomination_of_other_unit(bed: Bed) -> str:
    row = bed.nomination(6)
    other = bed.office.units["th-mau-2"]
    bed.add(EMPLOYMENT, person_id=row["person_id"], unit_id=other, since=date(2025, 1, 1))
    bed.change(
        EMPLOYMENT,
        (EMPLOYMENT.c.person_id == row["person_id"]) & (EMPLOYMENT.c.unit_id != other),
        until=date(2024, 12, 31),
    )
    bed.change(NOMINATION, NOMINATION.c.id == row["id"], unit_id=other)
    return f"nomination:{row['id']}"


def nominee_never_employed(bed: Bed) -> str:
    person = bed.nomination(6)["person_id"]
    bed.change(EMPLOYMENT, EMPLOYMENT.c.person_id == person, until=date(2024, 1, 1))
    # All of their nominations are named, the earliest first.
    return f"nomination:{bed.row(NOMINATION, NOMINATION.c.person_id == person)['id']}"


def nomination_title_unknown(bed: Bed) -> str:
    row = bed.nomination(FILED)
    bed.change(NOMINATION, NOMINATION.c.id == row["id"], appraised_title="HERO")
    return f"nomination:{row['id']}"


def nomination_title_does_not_suit(bed: Bed) -> str:
    row = bed.nomination(6)
    bed.change(NOMINATION, NOMINATION.c.id == row["id"], title="BKT-TX")
    return f"nomination:{row['id']}"


def nominated_twice(bed: Bed) -> str:
    # A collective has no person, so the database lets it stand twice.
    row = bed.nomination(PROVINCE)
    bed.connection.execute(delete(AWARD).where(AWARD.c.nomination_id == row["id"]))
    bed.change(NOMINATION, NOMINATION.c.id == row["id"], outcome="not_awarded", decided_title=None)
    return f"nomination:{bed.copy(NOMINATION, NOMINATION.c.id == row['id'])}"


def foundation_of_another(bed: Bed) -> str:
    row = bed.nomination(6)
    other = bed.nomination(LAPSED)
    assert row["person_id"] != other["person_id"]
    bed.change(NOMINATION, NOMINATION.c.id == row["id"], rests_on_id=other["id"])
    return f"nomination:{row['id']}"


def foundations_in_a_circle(bed: Bed) -> str:
    one, other = bed.nomination(6), bed.nomination(FILED)
    assert one["person_id"] == other["person_id"]
    bed.change(NOMINATION, NOMINATION.c.id == one["id"], rests_on_id=other["id"])
    bed.change(NOMINATION, NOMINATION.c.id == other["id"], rests_on_id=one["id"])
    return f"nomination:{min(one['id'], other['id'])}"


def outcome_before_decision(bed: Bed) -> str:
    row = bed.nomination(FILED)
    bed.change(NOMINATION, NOMINATION.c.id == row["id"], outcome="revoked")
    return f"nomination:{row['id']}"


def award_missing(bed: Bed) -> str:
    row = bed.awarded()
    bed.connection.execute(delete(AWARD).where(AWARD.c.nomination_id == row["id"]))
    return f"nomination:{row['id']}"


def award_without_nomination(bed: Bed) -> str:
    refused = bed.nomination(DECIDED, NOMINATION.c.outcome == "not_awarded")
    award = bed.copy(
        AWARD,
        AWARD.c.nomination_id == bed.awarded()["id"],
        nomination_id=refused["id"],
        person_id=refused["person_id"],
    )
    return f"award:{award}"


def award_differs(bed: Bed) -> str:
    award = bed.row(AWARD, AWARD.c.nomination_id == bed.awarded()["id"])
    bed.change(AWARD, AWARD.c.id == award["id"], person_id=bed.office.people["clerk"])
    return f"award:{award['id']}"


def award_twice(bed: Bed) -> str:
    row = bed.awarded()
    bed.copy(AWARD, AWARD.c.nomination_id == row["id"])
    return f"nomination:{row['id']}"


def awarded_against_opinion(bed: Bed) -> str:
    row = bed.awarded()
    last = bed.connection.execute(
        select(OPINION.c.id)
        .where(OPINION.c.nomination_id == row["id"], OPINION.c.ended_by.is_(None))
        .order_by(OPINION.c.id.desc())
    ).scalars()
    note = bed.row(NOTE)["id"]
    bed.change(OPINION, OPINION.c.id == next(iter(last)), verdict="not_supported", note_id=note)
    return f"nomination:{row['id']}"


def _standing_opinion(bed: Bed, dossier: int = FILED) -> dict[str, Any]:
    return bed.row(
        OPINION,
        OPINION.c.dossier_id == dossier,
        OPINION.c.ended_by.is_(None),
        OPINION.c.desk == "education_office",
    )


def opinion_desk_unknown(bed: Bed) -> str:
    opinion = _standing_opinion(bed)
    bed.change(OPINION, OPINION.c.id == opinion["id"], desk="nowhere")
    return f"opinion:{opinion['id']}"


def opinion_in_other_dossier(bed: Bed) -> str:
    opinion = _standing_opinion(bed)
    bed.change(OPINION, OPINION.c.id == opinion["id"], dossier_id=6)
    return f"opinion:{opinion['id']}"


def opinion_twice(bed: Bed) -> str:
    opinion = _standing_opinion(bed)
    return f"opinion:{bed.copy(OPINION, OPINION.c.id == opinion['id'])}"


def opinion_incomplete(bed: Bed) -> str:
    opinion = _standing_opinion(bed)
    bed.change(OPINION, OPINION.c.id == opinion["id"], votes_for=9, members=7)
    return f"opinion:{opinion['id']}"


def opinion_ended_later_than_now(bed: Bed) -> str:
    opinion = _standing_opinion(bed)
    bed.change(OPINION, OPINION.c.id == opinion["id"], ended_by=500)
    return f"opinion:{opinion['id']}"


def opinion_of_one_concerned(bed: Bed) -> str:
    opinion = _standing_opinion(bed)
    bed.change(EMPLOYMENT, EMPLOYMENT.c.person_id == opinion["person_id"], until=date(2023, 12, 31))
    bed.add(
        EMPLOYMENT,
        person_id=opinion["person_id"],
        unit_id=bed.office.units["th-mau-1"],
        since=date(2025, 1, 1),
    )
    # They worked at the school when they gave it: every opinion of theirs at an office is concerned.
    found = bed.connection.execute(
        select(OPINION.c.id).where(OPINION.c.person_id == opinion["person_id"]).order_by(OPINION.c.id)
    )
    return f"opinion:{found.scalars().first()}"


def opinion_on_struck_nomination(bed: Bed) -> str:
    struck = bed.nomination(DECIDED, NOMINATION.c.outcome == "struck")
    opinion = bed.copy(
        OPINION,
        (OPINION.c.dossier_id == DECIDED) & (OPINION.c.desk == "school_council"),
        nomination_id=struck["id"],
    )
    return f"opinion:{opinion}"


def decision_missing(bed: Bed) -> str:
    bed.change(RECOVERY, RECOVERY.c.dossier_id == REVOKED, decision_id=NONE)
    return f"recovery:{bed.row(RECOVERY)['id']}"


def decision_number_twice(bed: Bed) -> str:
    return f"decision:{bed.copy(DECISION, DECISION.c.number == '12/QĐ-UBND', year=NONE)}"


def decision_in_future(bed: Bed) -> str:
    row = bed.row(DECISION, DECISION.c.number == "12/QĐ-UBND")
    bed.change(DECISION, DECISION.c.id == row["id"], decided_on=date(2025, 7, 26))
    return f"decision:{row['id']}"


def revocation_without_recovery(bed: Bed) -> str:
    bed.connection.execute(delete(RECOVERY))
    return f"dossier:{REVOKED}"


def recovery_without_revocation(bed: Bed) -> str:
    return f"recovery:{bed.copy(RECOVERY, RECOVERY.c.dossier_id == REVOKED, dossier_id=DECIDED)}"


def settled_outside_its_time(bed: Bed) -> str:
    row = bed.row(RECOVERY, RECOVERY.c.dossier_id == REVOKED)
    note = bed.row(NOTE)["id"]
    early = row["demanded_at"].date() - timedelta(days=2)
    bed.change(
        RECOVERY, RECOVERY.c.id == row["id"], settled_on=early, settled_at=NOW, settlement_note_id=note
    )
    return f"recovery:{row['id']}"


def period_ends_before_it_begins(bed: Bed) -> str:
    row = bed.row(DUTY, DUTY.c.person_id == bed.office.people["state"])
    bed.change(DUTY, DUTY.c.id == row["id"], until=row["since"] - timedelta(days=1))
    return f"duty:{row['id']}"


def duty_twice(bed: Bed) -> str:
    row = bed.row(DUTY, DUTY.c.person_id == bed.office.people["state"])
    return f"duty:{bed.copy(DUTY, DUTY.c.id == row['id'], since=date(2025, 5, 1))}"


def employed_twice(bed: Bed) -> str:
    row = bed.row(EMPLOYMENT, EMPLOYMENT.c.person_id == bed.office.people["state"])
    where = EMPLOYMENT.c.id == row["id"]
    return f"employment:{bed.copy(EMPLOYMENT, where, unit_id=bed.office.units['bo'])}"


def _delegation(bed: Bed) -> dict[str, Any]:
    return bed.row(DELEGATION)


def lent_to_oneself(bed: Bed) -> str:
    row = _delegation(bed)
    holder = bed.row(DUTY, DUTY.c.id == row["duty_id"])["person_id"]
    bed.change(DELEGATION, DELEGATION.c.id == row["id"], to_person_id=holder)
    return f"delegation:{row['id']}"


def lent_twice(bed: Bed) -> str:
    row = _delegation(bed)
    return f"delegation:{bed.copy(DELEGATION, DELEGATION.c.id == row['id'], since=row['until'])}"


def lent_beyond_the_duty(bed: Bed) -> str:
    row = _delegation(bed)
    bed.change(DUTY, DUTY.c.id == row["duty_id"], until=row["until"] - timedelta(days=1))
    return f"delegation:{row['id']}"


def ballots_not_as_counted(bed: Bed) -> str:
    ballot = bed.row(BALLOT)
    bed.change(BALLOT, BALLOT.c.code == ballot["code"], choices="n")
    return f"session:{ballot['session_id']}"


def tally_not_of_its_votes(bed: Bed) -> str:
    item = bed.row(ITEM)
    bed.change(ITEM, ITEM.c.id == item["id"], agree=item["agree"] - 1, against=item["against"] + 1)
    return f"session:{item['session_id']}"


def box_left_over(bed: Bed) -> str:
    session = bed.row(BALLOT)["session_id"]
    bed.add(SLOT, code="LEFTOVER", session_id=session, paper=1, choices=".")
    return f"session:{session}"


def erased_person_has_data(bed: Bed) -> str:
    person = bed.office.people["clerk-2"]
    bed.change(PERSON, PERSON.c.id == person, birth_date=date(1980, 1, 1))
    return f"person:{person}"


def no_administrator(bed: Bed) -> str:
    bed.change(DUTY, DUTY.c.duty == "administrator", until=date(2025, 1, 1))
    return "home:administrators"


def placed_twice(bed: Bed) -> str:
    where = (PLACEMENT.c.unit_id == bed.office.units["th-mau-2"]) & (PLACEMENT.c.relation == "authority")
    return f"placement:{bed.copy(PLACEMENT, where, under_id=bed.office.units['tinh'])}"


def placed_in_a_circle(bed: Bed) -> str:
    province, district = bed.office.units["tinh"], bed.office.units["huyen"]
    bed.add(PLACEMENT, unit_id=province, relation="authority", under_id=district, since=date(2025, 1, 1))
    return f"unit:{min(province, district)}"


def placed_outside_its_time(bed: Bed) -> str:
    unit = bed.office.units["th-mau-2"]
    bed.change(UNIT, UNIT.c.id == unit, until=date(2025, 6, 30))
    return f"placement:{bed.row(PLACEMENT, PLACEMENT.c.unit_id == unit)['id']}"


def score_of_strange_bloc(bed: Bed) -> str:
    where = (PLACEMENT.c.unit_id == bed.office.units["th-mau-1"]) & (PLACEMENT.c.relation == "bloc")
    bed.change(PLACEMENT, where, until=date(2024, 12, 31))
    return f"bloc_score:{bed.row(SCORE)['id']}"


def rank_against_score(bed: Bed) -> str:
    row = bed.row(SCORE)
    bed.copy(SCORE, SCORE.c.id == row["id"], school_id=bed.office.units["th-mau-2"], score=999, rank=2)
    return f"bloc_score:{row['id']}"


def regulation_edited(bed: Bed) -> str:
    row = bed.row(REGULATION, REGULATION.c.kind == "titles")
    bed.change(REGULATION, REGULATION.c.kind == "titles", text=row["text"] + "\n")
    return f"regulation:{row['sha256']}"


def regulation_unreadable(bed: Bed) -> str:
    sha256 = sha256_hex("calendar: [\n")
    when = bed.row(REGULATION)["published_at"]
    forged = {"sha256": sha256, "kind": "calendar", "name": "x", "text": "calendar: [\n", "version": 1}
    bed.add(REGULATION, **forged, published_at=when)
    return f"regulation:{sha256}"


def regulation_versions_broken(bed: Bed) -> str:
    bed.change(REGULATION, REGULATION.c.kind == "titles", version=2)
    return "regulation:titles:titles"


def calendars_compete(bed: Bed) -> str:
    row = bed.row(REGULATION, REGULATION.c.kind == "calendar")
    text = row["text"].replace("calendar: 2024-2025", "calendar: 2024-2025-b", 1)
    assert text != row["text"]
    bed.add(REGULATION, **row | {"text": text, "sha256": sha256_hex(text), "name": "2024-2025-b"})
    return "calendar:2024-2025-b"


def calendar_missing(bed: Bed) -> str:
    return bed.dossier(6, school_year="2030-2031")


def extension_of_nothing(bed: Bed) -> str:
    row = bed.row(EXTENSION, EXTENSION.c.calendar == "2024-2025")
    bed.change(EXTENSION, EXTENSION.c.id == row["id"], milestone="nothing")
    return f"extension:{row['id']}"


def extension_without_effect(bed: Bed) -> str:
    row = bed.row(EXTENSION, EXTENSION.c.calendar == "2024-2025")
    bed.change(EXTENSION, EXTENSION.c.id == row["id"], until=date(2025, 6, 30))
    return f"extension:{row['id']}"


def objection_settled_by_halves(bed: Bed) -> str:
    row = bed.row(OBJECTION)
    bed.change(OBJECTION, OBJECTION.c.id == row["id"], settlement_note_id=None)
    return f"objection:{row['id']}"


def objection_in_other_dossier(bed: Bed) -> str:
    row = bed.row(OBJECTION)
    bed.change(OBJECTION, OBJECTION.c.id == row["id"], nomination_id=bed.nomination(6)["id"])
    return f"objection:{row['id']}"


def objection_to_nothing(bed: Bed) -> str:
    row = bed.row(OBJECTION)
    bed.change(OBJECTION, OBJECTION.c.id == row["id"], dossier_id=NONE, nomination_id=None)
    return f"objection:{row['id']}"


def clock_stands_nowhere(bed: Bed) -> str:
    bed.change(CLOCK, CLOCK.c.id == 1, stands_at=None)
    return "home_clock:1"


def paper_without_file(bed: Bed) -> str:
    row = bed.row(PAPER)
    bed.change(PAPER, PAPER.c.id == row["id"], sha256="b" * 64)
    return f"paper:{row['id']}"


def paper_removed_before_added(bed: Bed) -> str:
    row = bed.row(PAPER)
    bed.change(PAPER, PAPER.c.id == row["id"], removed_at=row["added_at"] - timedelta(days=1))
    return f"paper:{row['id']}"


def note_erased_without_act(bed: Bed) -> str:
    row = bed.row(NOTE, NOTE.c.erased_at.is_(None))
    bed.change(NOTE, NOTE.c.id == row["id"], erased_at=NOW, text="")
    return f"note:{row['id']}"


def erased_note_has_text(bed: Bed) -> str:
    row = bed.row(NOTE, NOTE.c.erased_at.is_not(None))
    bed.change(NOTE, NOTE.c.id == row["id"], text="vẫn còn")
    return f"note:{row['id']}"


def _item(bed: Bed) -> dict[str, Any]:
    return bed.row(OUTBOX, OUTBOX.c.subject == "dossier:9")


def item_about_nothing(bed: Bed) -> str:
    item = _item(bed)
    key = f"{item['kind']}/dossier:{NONE}/1/{item['person_id']}"
    bed.change(OUTBOX, OUTBOX.c.key == item["key"], subject=f"dossier:{NONE}", key=key)
    return f"outbox_item:{key}"


def item_for_nobody(bed: Bed) -> str:
    item = _item(bed)
    key = f"{item['kind']}/{item['subject']}/1/{NONE}"
    bed.change(OUTBOX, OUTBOX.c.key == item["key"], person_id=NONE, key=key)
    return f"outbox_item:{key}"


def item_without_address(bed: Bed) -> str:
    item = _item(bed)
    bed.change(PERSON, PERSON.c.id == item["person_id"], email="")
    return f"person:{item['person_id']}"


def item_key_differs(bed: Bed) -> str:
    bed.change(OUTBOX, OUTBOX.c.key == _item(bed)["key"], key="another")
    return "outbox_item:another"


def _told(bed: Bed) -> dict[str, Any]:
    return bed.row(OUTBOX, OUTBOX.c.standing == "sent")


def item_in_strange_letter(bed: Bed) -> str:
    item = _told(bed)
    bed.change(LETTER, LETTER.c.id == item["letter_id"], person_id=bed.office.people["clerk"])
    return f"outbox_item:{item['key']}"


def item_sent_without_letter(bed: Bed) -> str:
    item = _item(bed)
    bed.change(OUTBOX, OUTBOX.c.key == item["key"], standing="sent")
    return f"outbox_item:{item['key']}"


def letter_sent_with_other_items(bed: Bed) -> str:
    item = _told(bed)
    bed.change(OUTBOX, OUTBOX.c.key == item["key"], standing="struck")
    return f"letter:{item['letter_id']}"


def letter_sent_without_answer(bed: Bed) -> str:
    item = _told(bed)
    bed.change(ATTEMPT, ATTEMPT.c.letter_id == item["letter_id"], answer="temporary")
    return f"letter:{item['letter_id']}"


def letter_without_items(bed: Bed) -> str:
    doubtful = bed.row(LETTER, LETTER.c.standing == "in_doubt")["id"]
    bed.change(OUTBOX, OUTBOX.c.letter_id == doubtful, letter_id=None)
    return f"letter:{doubtful}"


def letter_lease_long_over(bed: Bed) -> str:
    doubtful = bed.row(LETTER, LETTER.c.standing == "in_doubt")["id"]
    bed.change(LETTER, LETTER.c.id == doubtful, standing="sending", leased_until=noon("2024-08-02"))
    return f"letter:{doubtful}"


def entry_after_now(bed: Bed) -> str:
    seq = _last_seq(bed, "dossier:9")
    bed.change(ENTRY, (ENTRY.c.subject == "dossier:9") & (ENTRY.c.seq == seq), at=NOW + timedelta(days=1))
    return f"dossier:9#{seq}"


def _last_seq(bed: Bed, subject: str) -> int:
    query = select(ENTRY.c.seq).where(ENTRY.c.subject == subject).order_by(ENTRY.c.seq.desc())
    return int(bed.connection.execute(query.limit(1)).scalar_one())


def time_runs_backwards(bed: Bed) -> str:
    bed.change(ENTRY, (ENTRY.c.subject == "dossier:9") & (ENTRY.c.seq == 2), at=noon("2024-01-01"))
    return "dossier:9#2"


def actor_unknown(bed: Bed) -> str:
    entry = bed.row(ENTRY, EXTENDED)
    bed.change(ENTRY, EXTENDED, actor_id=NONE)
    return f"{entry['subject']}#{entry['seq']}"


def acted_on_behalf_of_oneself(bed: Bed) -> str:
    entry = bed.row(ENTRY, EXTENDED)
    bed.change(ENTRY, EXTENDED, on_behalf_of_id=entry["actor_id"])
    return f"{entry['subject']}#{entry['seq']}"


def chain_of_nothing(bed: Bed) -> str:
    bed.change(ENTRY, EXTENDED, subject=f"unit:{NONE}")
    return f"unit:{NONE}"


def request_without_key(bed: Bed) -> str:
    entry = bed.row(ENTRY, EXTENDED)
    bed.change(ENTRY, EXTENDED, request_key=None)
    return f"{entry['subject']}#{entry['seq']}"


def duty_of_nobody(bed: Bed) -> str:
    row = bed.row(DUTY, DUTY.c.person_id == bed.office.people["state"])
    bed.change(DUTY, DUTY.c.id == row["id"], person_id=NONE)
    return f"duty:{row['id']}"


def _award_of_initiative(bed: Bed) -> dict[str, Any]:
    return bed.row(AWARD, AWARD.c.initiative_id.is_not(None))


def initiative_shares_not_whole(bed: Bed) -> str:
    bed.change(AUTHOR, AUTHOR.c.initiative_id == LISTED_ONLY, share=9_999)
    return f"initiative:{LISTED_ONLY}"


def initiative_of_other_unit(bed: Bed) -> str:
    bed.change(INITIATIVE, INITIATIVE.c.id == LISTED_ONLY, unit_id=bed.office.units["th-mau-2"])
    return f"nomination:{bed.row(NOMINATION, NOMINATION.c.initiative_id == LISTED_ONLY)['id']}"


def initiative_put_forward_twice(bed: Bed) -> str:
    other = bed.row(NOMINATION, NOMINATION.c.initiative_id == LISTED_ONLY)
    first = NOMINATION.c.id == _award_of_initiative(bed)["nomination_id"]
    again = {
        "dossier_id": other["dossier_id"],
        "outcome": "open",
        "decided_title": None,
        "appraised_title": None,
    }
    return f"nomination:{bed.copy(NOMINATION, first, **again)}"


def used_by_no_author(bed: Bed) -> str:
    row = bed.row(NOMINATION, NOMINATION.c.uses_initiative_id.is_not(None))
    bed.change(NOMINATION, NOMINATION.c.id == row["id"], uses_initiative_id=LISTED_ONLY)
    return f"nomination:{row['id']}"


def award_of_other_initiative(bed: Bed) -> str:
    award = _award_of_initiative(bed)
    bed.change(AWARD, AWARD.c.id == award["id"], initiative_id=LISTED_ONLY)
    return f"award:{award['id']}"


def initiative_title_without_initiative(bed: Bed) -> str:
    award = _award_of_initiative(bed)
    bed.change(AWARD, AWARD.c.id == award["id"], initiative_id=None)
    return f"award:{award['id']}"


def initiative_differs_from_history(bed: Bed) -> str:
    bed.change(INITIATIVE, INITIATIVE.c.id == LISTED_ONLY, name="Tên khác")
    return f"initiative:{LISTED_ONLY}"


def chain_of_no_initiative(bed: Bed) -> str:
    subject = f"initiative:{NONE}"
    bed.copy(ENTRY, ENTRY.c.subject == f"initiative:{LISTED_ONLY}", subject=subject, request_key="strange")
    return subject


def taken_back_and_named(bed: Bed) -> str:
    row = bed.row(NOMINATION, NOMINATION.c.initiative_id == LISTED_ONLY)
    note = bed.row(NOTE)["id"]
    gone = {
        "taken_back_at": noon("2025-03-08"),
        "taken_back_by_id": bed.office.people["clerk"],
        "taken_back_note_id": note,
    }
    bed.change(INITIATIVE, INITIATIVE.c.id == LISTED_ONLY, **gone)
    return f"nomination:{row['id']}"


def initiative_used_twice(bed: Bed) -> str:
    row = bed.row(NOMINATION, NOMINATION.c.uses_initiative_id.is_not(None))
    other = and_(
        NOMINATION.c.dossier_id == row["dossier_id"],
        NOMINATION.c.person_id == bed.office.people["teacher-2"],
    )
    bed.change(NOMINATION, other, uses_initiative_id=row["uses_initiative_id"])
    return f"initiative:{row['uses_initiative_id']}"


def call_answered_by_another(bed: Bed) -> str:
    # The school's plan stands as the district's answer to the province.
    bed.change(CALL, CALL.c.movement_id == 3, answer_id=None, reviewed_on=None)
    bed.change(CALL, CALL.c.movement_id == 1, answer_id=4)
    return "movement:1"


def obligation_without_call(bed: Bed) -> str:
    values = {"unit_id": bed.office.units["khoi"], "milestone": "answer-bloc"}
    where = OBLIGATION.c.calendar == "movement-doi-moi-2025-pgd"
    return f"obligation:{bed.copy(OBLIGATION, where, **values)}"


def fulfilment_without_answer(bed: Bed) -> str:
    where = FULFILMENT.c.milestone == "review-school"
    return f"fulfilment:{bed.copy(FULFILMENT, where, unit_id=bed.office.units['th-mau-2'])}"


def rests_on_movement_of_others(bed: Bed) -> str:
    row = bed.row(NOMINATION, NOMINATION.c.unit_id == bed.office.units["th-mau-1"])
    strange = bed.copy(MOVEMENT, MOVEMENT.c.code == TOP.code, code="cua-ai-khac", parent_id=None)
    bed.change(NOMINATION, NOMINATION.c.id == row["id"], movement_id=strange)
    return f"nomination:{row['id']}"


def exemplar_stage_differs(bed: Bed) -> str:
    bed.change(EXEMPLAR, EXEMPLAR.c.id == 1, stage="spread")
    return "exemplar:1"


def exemplar_stages_out_of_order(bed: Bed) -> str:
    bed.change(STAGE, STAGE.c.stage == "nurtured", reached_on=date(2024, 1, 1))
    return "exemplar:1"


PLANTED: tuple[Plant, ...] = (
    dossier_procedure_unknown,
    dossier_level_unknown,
    dossier_state_unknown,
    dossier_kind_differs,
    dossier_desk_differs,
    dossier_desk_unit_differs,
    route_incomplete,
    route_unit_unknown,
    dossier_fact_missing,
    dossier_origin_unknown,
    dossier_changed_before_opened,
    reach_missing,
    decided_at_desks_apart,
    decided_with_open_nomination,
    held_by_ended_unit,
    ended_without_successor,
    succession_of_unknown_unit,
    history_unreadable,
    state_differs_from_history,
    step_outside_procedure,
    opening_differs_from_history,
    numbers_differ_from_history,
    acted_differs_from_history,
    exceptions_differ_from_history,
    nominations_differ_from_history,
    outcome_differs_from_history,
    opinions_differ_from_history,
    nomination_of_other_unit,
    nominee_never_employed,
    nomination_title_unknown,
    nomination_title_does_not_suit,
    nominated_twice,
    initiative_shares_not_whole,
    initiative_of_other_unit,
    initiative_put_forward_twice,
    used_by_no_author,
    award_of_other_initiative,
    initiative_title_without_initiative,
    initiative_differs_from_history,
    chain_of_no_initiative,
    initiative_used_twice,
    taken_back_and_named,
    foundation_of_another,
    foundations_in_a_circle,
    outcome_before_decision,
    award_missing,
    award_without_nomination,
    award_differs,
    award_twice,
    awarded_against_opinion,
    opinion_desk_unknown,
    opinion_in_other_dossier,
    opinion_twice,
    opinion_incomplete,
    opinion_ended_later_than_now,
    opinion_of_one_concerned,
    opinion_on_struck_nomination,
    decision_missing,
    decision_number_twice,
    decision_in_future,
    revocation_without_recovery,
    recovery_without_revocation,
    settled_outside_its_time,
    period_ends_before_it_begins,
    duty_twice,
    employed_twice,
    lent_to_oneself,
    lent_twice,
    lent_beyond_the_duty,
    erased_person_has_data,
    no_administrator,
    placed_twice,
    placed_in_a_circle,
    placed_outside_its_time,
    score_of_strange_bloc,
    rank_against_score,
    ballots_not_as_counted,
    tally_not_of_its_votes,
    box_left_over,
    regulation_edited,
    regulation_unreadable,
    regulation_versions_broken,
    calendars_compete,
    calendar_missing,
    extension_of_nothing,
    extension_without_effect,
    objection_settled_by_halves,
    objection_in_other_dossier,
    objection_to_nothing,
    clock_stands_nowhere,
    paper_without_file,
    paper_removed_before_added,
    note_erased_without_act,
    erased_note_has_text,
    item_about_nothing,
    item_for_nobody,
    item_without_address,
    item_key_differs,
    item_in_strange_letter,
    item_sent_without_letter,
    letter_sent_with_other_items,
    letter_sent_without_answer,
    letter_without_items,
    letter_lease_long_over,
    entry_after_now,
    time_runs_backwards,
    actor_unknown,
    acted_on_behalf_of_oneself,
    chain_of_nothing,
    request_without_key,
    duty_of_nobody,
    call_answered_by_another,
    obligation_without_call,
    fulfilment_without_answer,
    rests_on_movement_of_others,
    exemplar_stage_differs,
    exemplar_stages_out_of_order,
    *IN_LAW,
)
_OPINIONS, _NOMINATIONS = {"opinions_differ_from_history"}, {"nominations_differ_from_history"}
ALSO: dict[str, set[str]] = {
    "call_answered_by_another": {"fulfilment_without_answer"},
    "dossier_desk_differs": {"reach_missing"},
    "state_differs_from_history": {"reach_missing"},
    "held_by_ended_unit": {"ended_without_successor"},
    "ended_without_successor": {"held_by_ended_unit"},
    "dossier_level_unknown": {"opening_differs_from_history", "nomination_title_does_not_suit"},
    "dossier_state_unknown": {"state_differs_from_history"},
    "decided_at_desks_apart": {"exceptions_differ_from_history"},
    "decided_with_open_nomination": {"outcome_differs_from_history"},
    "nomination_of_other_unit": _NOMINATIONS,
    "nomination_title_does_not_suit": _NOMINATIONS,
    "initiative_shares_not_whole": {"initiative_differs_from_history"},
    "taken_back_and_named": {"initiative_differs_from_history"},
    "initiative_put_forward_twice": _NOMINATIONS,
    "initiative_title_without_initiative": {"award_of_other_initiative"},
    "nominated_twice": {*_NOMINATIONS, "outcome_differs_from_history"},
    "outcome_before_decision": {"outcome_differs_from_history"},
    "awarded_against_opinion": _OPINIONS,
    "opinion_desk_unknown": _OPINIONS,
    "opinion_in_other_dossier": _OPINIONS,
    "opinion_twice": _OPINIONS,
    "opinion_incomplete": _OPINIONS,
    "opinion_on_struck_nomination": _OPINIONS,
    "calendar_missing": {"opening_differs_from_history"},
    **ALSO_IN_LAW,
}


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_a_planted_fault_is_found_and_named_and_nothing_else(
    sound: Office, planting: Planting, plant: Plant
) -> None:
    with planting() as connection:
        row = plant(Bed(connection, sound))
        findings = {finding.code: finding for finding in examine(connection, NOW)}
    assert plant.__name__ in findings
    assert findings[plant.__name__].found[0] == row
    assert set(findings) - {plant.__name__} == ALSO.get(plant.__name__, set())


# --- What needs the store -----------------------------------------------------------------------------------


@pytest.fixture
def store(tmp_path: Path, planting: Planting) -> PaperStore:
    """A store that holds each of the office's papers."""
    store = PaperStore(tmp_path / "papers", 1000)
    with planting() as connection:
        for sha256 in connection.execute(select(STORED_FILE.c.sha256)).scalars():
            place = store.folder / sha256[:2] / sha256[2:]
            place.parent.mkdir(parents=True, exist_ok=True)
            # The builders store the kind of a paper as its bytes.
            (kind,) = connection.execute(
                select(PAPER.c.kind).where(PAPER.c.sha256 == sha256).distinct()
            ).scalars()
            place.write_text(kind)
    return store


def _codes(connection: Connection, store: PaperStore, **options: Any) -> dict[str, tuple[str, ...]]:
    return {finding.code: finding.found for finding in examine(connection, NOW, store=store, **options)}


def test_papers_whose_bytes_are_there_give_no_finding(planting: Planting, store: PaperStore) -> None:
    with planting() as connection:
        assert _codes(connection, store, read_papers=True) == {}


def test_a_lost_file_is_named(planting: Planting, store: PaperStore) -> None:
    sha256 = sha256_hex("council_minutes")
    (store.folder / sha256[:2] / sha256[2:]).unlink()
    with planting() as connection:
        assert _codes(connection, store) == {"file_lost": (f"file:{sha256}",)}


def test_a_damaged_file_is_named_when_the_papers_are_read(planting: Planting, store: PaperStore) -> None:
    sha256 = sha256_hex("council_minutes")
    (store.folder / sha256[:2] / sha256[2:]).write_text("other bytes")
    with planting() as connection:
        assert _codes(connection, store) == {}
        assert _codes(connection, store, read_papers=True) == {"file_damaged": (f"file:{sha256}",)}


# --- The table ------------------------------------------------------------------------------------------------


def test_every_invariant_is_broken_by_some_test() -> None:
    planted = {plant.__name__ for plant in PLANTED} | {"file_lost", "file_damaged"}
    # Those of a bloc's year need one: `tests/bloc/test_doctor.py`.
    planted |= {code for fault in IN_BLOCS for code in fault.breaks}
    assert {invariant.code for invariant in INVARIANTS} == planted


def test_of_many_bad_rows_some_are_listed_and_all_are_counted(sound: Office, planting: Planting) -> None:
    with planting() as connection:
        bed = Bed(connection, sound)
        for number in range(50):
            bed.copy(DUTY, DUTY.c.person_id == sound.people["state"], person_id=NONE + number)
        (finding,) = examine(connection, NOW)
    assert (finding.code, len(finding.found), finding.count) == ("duty_of_nobody", LISTED, 50)
