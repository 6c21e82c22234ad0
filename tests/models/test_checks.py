"""What the database itself refuses, whoever writes to it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import CheckConstraint, Connection, insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from kit.database import Database
from models.base import UTCDateTime, metadata
from models.dossier import ORIGIN_COLUMNS
from states.vocabulary import KINDS

TABLES = metadata.tables
NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)
DAY = date(2025, 6, 1)
HASH = "a" * 64

# A good row of every table that has a CHECK.
DOSSIER: dict[str, Any] = {
    "code": "d",
    "unit_id": 1,
    "school_year": "2024-2025",
    "level": "local",
    "procedure_sha256": HASH,
    "state": "s",
    "state_kind": "draft",
    "desk": "school",
    "desk_unit_id": 1,
    "route": {},
    "acted": {},
    "exceptions": [],
    "opened_at": NOW,
    "changed_at": NOW,
    "version": 1,
    "head_hash": HASH,
}
SPELL = {"person_id": 1, "unit_id": 1, "since": DAY, "until": DAY}
GOOD: dict[str, dict[str, Any]] = {
    "unit": {
        "code": "u2",
        "kind": "school",
        "name": "U",
        "school_type": "",
        "verified": True,
        "source": "",
        "invented": False,
    },
    "person": {"code": "p2", "name": "P", "gender": "", "email": "", "locale": "vi"},
    "regulation": {
        "sha256": "b" * 64,
        "kind": "procedure",
        "name": "n",
        "text": "t",
        "published_at": NOW,
        "version": 1,
    },
    "dossier": DOSSIER,
    "decision": {
        "number": "2",
        "decided_on": DAY,
        "year": 2025,
        "signatory": "S",
        "issued_by": "B",
        "unit_id": 1,
        "recorded_at": NOW,
    },
    "note": {"id": "n2", "text": "t", "salt": "s"},
    "nomination": {
        "dossier_id": 1,
        "person_id": 1,
        "unit_id": 1,
        "title": "GK",
        "registered": False,
        "proposed": False,
        "outcome": "open",
    },
    "opinion": {
        "dossier_id": 1,
        "nomination_id": 1,
        "desk": "d",
        "person_id": 1,
        "verdict": "supported",
        "given_at": NOW,
    },
    "award": {
        "person_id": 1,
        "title": "GK",
        "school_year": "2024-2025",
        "award_type": "merit",
        "decision_id": 1,
        "standing": "held",
    },
    "recovery": {"dossier_id": 1, "decision_id": 1, "money": 0, "items": "", "demanded_at": NOW},
    "reckoned_recovery": {"dossier_id": 1, "decision_id": 1, "money": 0, "items": "", "verified": True},
    "bloc_score": {
        "bloc_id": 1,
        "school_id": 1,
        "school_year": "2024-2025",
        "score": Decimal("1.00"),
        "rank": 1,
        "recorded_by_id": 1,
        "recorded_at": NOW,
    },
    "initiative": {
        "code": "th.2425.sk2",
        "unit_id": 1,
        "school_year": "2024-2025",
        "name": "Vườn chữ",
        "field": "",
        "applied_on": DAY,
        "listed_at": NOW,
    },
    "initiative_author": {"initiative_id": 1, "person_id": 1, "share": 10_000},
    "stored_file": {"sha256": "c" * 64, "size": 1, "media_type": "application/pdf", "stored_at": NOW},
    "paper": {"dossier_id": 1, "kind": "other", "sha256": HASH, "name": "x", "added_at": NOW},
    "employment": SPELL,
    "duty": {**SPELL, "duty": "clerk"},
    "delegation": {"duty_id": 1, "to_person_id": 1, "since": DAY, "until": DAY},
    "placement": {"unit_id": 1, "relation": "bloc", "under_id": 1, "since": DAY, "until": DAY},
    "history_entry": {
        "subject": "x",
        "seq": 1,
        "at": NOW,
        "via": "v",
        "event": "e",
        "payload": "{}",
        "prev_hash": HASH,
        "hash": HASH,
    },
    "home_clock": {"id": 1, "mode": "real"},
    "outbox_item": {
        "key": "k",
        "kind": "ready",
        "person_id": 1,
        "subject": "x",
        "facts": {},
        "standing": "queued",
        "queued_at": NOW,
        "ready_at": NOW,
    },
    "account": {"person_id": 1, "password_hash": "h", "set_at": NOW},
    "sign_in": {
        "person_id": 1,
        "token_sha256": HASH,
        "way": "password",
        "created_at": NOW,
        "last_seen_at": NOW,
        "expires_at": NOW + timedelta(days=1),
    },
    "one_time_link": {
        "person_id": 1,
        "token_sha256": HASH,
        "purpose": "invite",
        "made_at": NOW,
        "expires_at": NOW + timedelta(days=1),
    },
    "attempt": {"kind": "sign_in", "about": HASH, "network": "n", "at": NOW},
    "saved_view": {"person_id": 1, "name": "Khối 1", "query": "words=a"},
    "fulfilment": {
        "unit_id": 1,
        "calendar": "c",
        "milestone": "m",
        "done_on": DAY,
        "paper_name": "",
        "fulfilled_at": NOW,
    },
    "own_dates": {
        "unit_id": 1,
        "calendar": "c",
        "milestone": "m",
        "opens": DAY,
        "last_day": DAY,
        "set_at": NOW,
    },
    "letter": {
        "person_id": 1,
        "kind": "ready",
        "day": DAY,
        "standing": "queued",
        "queued_at": NOW,
        "not_before": NOW,
        "attempts": 0,
        "address": "",
        "subject": "",
        "trouble": "",
    },
    "letter_attempt": {"letter_id": 1, "number": 1, "at": NOW, "answer": "sent", "detail": ""},
    "suppressed_address": {"address": "a@mau.example", "detail": "", "since": NOW, "letter_id": 1},
    "flow_run": {
        "flow": "tick",
        "part": "",
        "business_day": DAY,
        "business_at": NOW,
        "started_at": NOW,
        "standing": "running",
        "missed_days": 0,
        "summary": {},
        "prefect_run": "",
        "trouble": "",
    },
    "seal": {
        "number": 1,
        "day": DAY,
        "at": NOW,
        "root": HASH,
        "prev_root": HASH,
        "heads": 0,
        "file": "f",
    },
}
HANDED_OVER = {"message_id": "<m@x>", "mime": b"m"}
EARLIER = {"until": date(2025, 5, 31)}
# name of the CHECK → rows of its table that it refuses, each as what differs from the good one.
BAD: dict[str, list[dict[str, Any]]] = {
    "ck_account_ended_has_no_password": [{"ended_at": NOW}, {"password_hash": ""}],
    "ck_sign_in_way_known": [{"way": "badge"}],
    "ck_sign_in_ends_after_it_begins": [{"expires_at": NOW}],
    "ck_sign_in_seen_after_it_began": [{"last_seen_at": NOW - timedelta(1)}],
    "ck_one_time_link_purpose_known": [{"purpose": "gift"}],
    "ck_one_time_link_ends_after_it_begins": [{"expires_at": NOW}],
    "ck_one_time_link_used_or_ended": [{"used_at": NOW, "ended_at": NOW}],
    "ck_one_time_link_shown_demands_token": [{"token_sha256": None}],
    "ck_attempt_kind_known": [{"kind": "guess"}],
    "ck_saved_view_has_a_name": [{"name": ""}],
    "ck_dossier_state_kind_known": [{"state_kind": "lost"}, {"state_kind": ""}],
    "ck_dossier_level_known": [{"level": "planet"}],
    "ck_dossier_version_counts_from_one": [{"version": 0}],
    "ck_dossier_returned_demands": [{"state_kind": "returned"}],
    "ck_dossier_on_hold_demands": [{"state_kind": "on_hold"}],
    "ck_dossier_withdrawn_demands": [{"state_kind": "withdrawn"}],
    "ck_dossier_lapsed_demands": [{"state_kind": "lapsed"}],
    "ck_dossier_filed_demands": [{"state_kind": "filed"}],
    "ck_dossier_decided_demands": [{"state_kind": "decided"}],
    "ck_dossier_revoked_demands": [{"state_kind": "revoked"}],
    "ck_dossier_forwarded_demands": [
        {"state_kind": "forwarded"},
        {"state_kind": "forwarded", "submission_number": "1"},
        {"state_kind": "forwarded", "submitted_on": DAY},
    ],
    "ck_nomination_outcome_known": [{"outcome": "lost"}],
    "ck_nomination_awarded_demands_title": [{"outcome": "awarded"}],
    "ck_nomination_person_or_initiative": [{"initiative_id": 1}],
    "ck_opinion_verdict_known": [{"verdict": "perhaps", "note_id": "n"}],
    "ck_opinion_lower_demands_title": [{"verdict": "lower_title", "note_id": "n"}],
    "ck_opinion_refusal_demands_reason": [
        {"verdict": "not_supported"},
        {"verdict": "lower_title", "lower_title": "GK"},
    ],
    "ck_opinion_votes_fit": [
        {"votes_for": 1},
        {"members": 1},
        {"votes_for": 2, "members": 1},
        {"votes_for": -1, "members": 1},
    ],
    "ck_award_award_type_known": [{"award_type": "raffle"}],
    "ck_award_standing_known": [{"standing": "lost"}],
    "ck_award_one_holder": [{"person_id": None}, {"unit_id": 1}],
    "ck_nomination_initiative_or_movement": [{"person_id": None, "initiative_id": 1, "movement_id": 1}],
    "ck_initiative_taken_back_is_whole": [
        {"taken_back_at": NOW},
        {"taken_back_by_id": 1},
        {"taken_back_note_id": "n"},
    ],
    "ck_award_initiative_of_a_unit": [{"initiative_id": 1}],
    "ck_award_ends_with_an_initiative": [{"valid_until": DAY}],
    "ck_initiative_has_a_name": [{"name": ""}],
    "ck_initiative_author_share_within_the_whole": [{"share": 0}, {"share": 10_001}],
    "ck_recovery_money_not_negative": [{"money": -1}],
    "ck_reckoned_recovery_money_not_negative": [{"money": -1}],
    "ck_recovery_settlement_is_whole": [
        {"settled_on": DAY},
        {"settled_at": NOW},
        {"settled_on": DAY, "settled_at": NOW},
        {"settlement_note_id": "n"},
    ],
    "ck_bloc_score_score_not_negative": [{"score": Decimal("-0.01")}],
    "ck_bloc_score_rank_counts_from_one": [{"rank": 0}],
    "ck_stored_file_not_empty": [{"size": 0}],
    "ck_paper_kind_known": [{"kind": "napkin"}],
    "ck_employment_ends_after_it_begins": [EARLIER],
    "ck_duty_ends_after_it_begins": [EARLIER],
    "ck_duty_duty_known": [{"duty": "king"}],
    "ck_delegation_ends_after_it_begins": [EARLIER],
    "ck_placement_ends_after_it_begins": [EARLIER],
    "ck_placement_relation_known": [{"relation": "friend"}],
    "ck_history_entry_seq_counts_from_one": [{"seq": 0}],
    "ck_home_clock_mode_known": [{"mode": "odd"}],
    "ck_home_clock_one_clock": [{"id": 2}],
    "ck_home_clock_fixed_demands_instant": [{"mode": "fixed"}],
    "ck_outbox_item_standing_known": [{"standing": "lost"}],
    "ck_regulation_kind_known": [{"kind": "poem"}],
    "ck_fulfilment_undone_with_reason": [{"undone_at": NOW}, {"undone_note_id": "n"}],
    "ck_own_dates_ends_after_it_begins": [{"last_day": date(2025, 5, 31)}],
    "ck_letter_standing_known": [{"standing": "lost"}],
    "ck_letter_sent_demands_instant": [{"standing": "sent", **HANDED_OVER}],
    "ck_letter_handed_over_demands_bytes": [
        {"standing": "sending"},
        {"standing": "in_doubt", "message_id": "<m@x>"},
        {"standing": "sent", "sent_at": NOW, "mime": b"m"},
    ],
    "ck_letter_attempt_answer_known": [{"answer": "perhaps"}],
    "ck_flow_run_standing_known": [{"standing": "asleep"}],
    "ck_seal_heads_counted": [{"heads": -1}],
}

# --- Movements, exemplars, counts from files ---
GOOD |= {
    "movement": {
        "code": "m",
        "unit_id": 1,
        "theme": "t",
        "number": "1",
        "dated": DAY,
        "since": DAY,
        "until": DAY,
        "answer_by": DAY,
        "review_by": DAY,
        "paper_name": "",
        "launched_by_id": 1,
        "launched_at": NOW,
    },
    "movement_call": {"movement_id": 1, "unit_id": 1, "answer_id": 1, "review_name": ""},
    "exemplar": {"unit_id": 1, "field": "f", "stage": "found"},
    "exemplar_stage": {
        "exemplar_id": 1,
        "stage": "found",
        "reached_on": DAY,
        "paper_name": "",
        "recorded_by_id": 1,
        "recorded_at": NOW,
    },
    "title_count": {
        "unit_id": 1,
        "since_year": "2015-2016",
        "until_year": "2019-2020",
        "counted": "achieved",
        "title": "LDTT",
        "subject": "individual",
        "name": "n",
        "number": 0,
        "position": 0,
        "imported_by_id": 1,
        "imported_at": NOW,
    },
}
_REVIEWED = {"reviewed_on": DAY, "reviewed_by_id": 1, "reviewed_at": NOW}
_TAKEN_BACK = {"taken_back_at": NOW, "taken_back_by_id": 1, "taken_back_note_id": "n"}
BAD |= {
    "ck_movement_ends_after_it_begins": [{"until": DAY - timedelta(days=1)}],
    "ck_movement_asks_for_both": [{"answer_by": None}, {"review_by": None}],
    "ck_movement_reviews_after_answers": [{"review_by": DAY - timedelta(days=1)}],
    "ck_movement_ended_with_reason": [{"ended_at": NOW}, {"ended_note_id": "n"}],
    "ck_movement_call_review_is_whole": [{**_REVIEWED, "reviewed_at": None}, {"reviewed_on": DAY}],
    "ck_movement_call_reviews_what_it_answered": [{**_REVIEWED, "answer_id": None}],
    "ck_exemplar_stage_known": [{"stage": "lost"}],
    "ck_exemplar_ended_with_reason": [{"ended_at": NOW}, {"ended_note_id": "n"}],
    "ck_exemplar_stage_stage_known": [{"stage": "lost"}],
    "ck_title_count_counted_known": [{"counted": "hoped"}],
    "ck_title_count_subject_known": [{"subject": "both"}],
    "ck_title_count_number_not_negative": [{"number": -1}],
    "ck_title_count_ends_after_it_begins": [{"until_year": "2014-2015"}],
}


# --- A bloc's year ---
_YEAR = {"bloc_id": 1, "school_year": "2024-2025"}
_RECORDED = {"recorded_by_id": 1, "recorded_at": NOW}
GOOD |= {
    "bloc_meeting": {
        **_YEAR,
        **_RECORDED,
        "kind": "covenant",
        "held_on": DAY,
        "place": "p",
        "chair_id": 1,
        "secretary_id": 1,
        "paper_name": "",
    },
    "bloc_draw": {**_YEAR, "seed": "s", "scorers": 3, "drawn_by_id": 1, "drawn_at": NOW},
    "bloc_lead": {
        **_YEAR,
        "head_school_id": 1,
        "deputy_school_id": 2,
        "since": DAY,
        "handed_over_by_id": 1,
        "handed_over_at": NOW,
    },
    "bloc_proposal": {
        **_YEAR,
        "school_id": 1,
        "rank": 1,
        "title": "COTINH",
        "nomination_id": 1,
        "opened": False,
        "proposed_by_id": 1,
        "proposed_at": NOW,
    },
    "bloc_certificate": {
        **_YEAR,
        "number": 1,
        "school_id": 1,
        "money": 0,
        "given_on": DAY,
        "certified_by_id": 1,
        "certified_at": NOW,
    },
    "score_sheet": {
        **_YEAR,
        "scorer_id": 1,
        "scored_id": 1,
        "standing": "open",
        "version": 0,
        "paper_name": "",
    },
    "sheet_line": {"sheet_id": 1, "item": "1.1", "points": Decimal("0"), "paper_name": ""},
    "settled_point": {**_YEAR, "school_id": 1, "item": "1.1", "exact": "1/3", "by_meeting": False},
}
BAD |= {
    "ck_bloc_meeting_kind_known": [{"kind": "party"}],
    "ck_bloc_draw_settled_by_somebody": [{"settled_at": NOW}, {"settled_by_id": 1}],
    "ck_bloc_lead_two_schools": [{"deputy_school_id": 1}],
    "ck_bloc_proposal_rank_counts_from_one": [{"rank": 0}],
    "ck_bloc_certificate_money_not_negative": [{"money": -1}],
    "ck_bloc_certificate_number_counts_from_one": [{"number": 0}],
    "ck_score_sheet_standing_known": [{"standing": "lost"}],
    "ck_score_sheet_filed_demands": [{"standing": "filed", "filed_at": NOW, "filed_by_id": 1}],
    "ck_score_sheet_ended_with_reason": [{"standing": "declined"}, {"standing": "set_aside"}],
    "ck_sheet_line_points_not_negative": [{"points": Decimal("-0.01")}],
    "ck_sheet_line_name_of_a_paper": [{"paper_name": "Bảng kê.pdf"}],
    "ck_settled_point_meeting_gives_reason": [{"by_meeting": True}, {"note_id": "n"}],
}


# --- Councils ---
_FIGURES = {
    "present": 3,
    "absent": 0,
    "written": 0,
    "aside": 0,
    "base": 3,
    "issued": 3,
    "returned": 3,
    "valid": 3,
    "invalid": 0,
    "agree": 3,
    "against": 0,
    "abstained": 0,
    "needed": 3,
}
GOOD |= {
    "council": {"unit_id": 1, "rules_sha256": HASH, "decision": "", "since": DAY, "until": DAY},
    "council_member": {"council_id": 1, "person_id": 1, "role": "chair", "since": DAY, "until": DAY},
    "council_session": {
        "council_id": 1,
        "held_on": DAY,
        "begins": "08:00",
        "place": "p",
        "standing": "called",
    },
    "session_member": {"session_id": 1, "person_id": 1, "role": "chair", "presence": "present"},
    "session_item": {"session_id": 1, "nomination_id": 1, "secret": True, **_FIGURES},
    "session_recusal": {"item_id": 1, "person_id": 1, "kind": "nominee"},
    "open_vote": {"item_id": 1, "person_id": 1, "choice": "yes", "written": True},
}
BAD |= {
    "ck_council_ends_after_it_begins": [{"until": DAY - timedelta(days=1)}],
    "ck_council_member_role_known": [{"role": "king"}],
    "ck_council_member_ends_after_it_begins": [{"until": DAY - timedelta(days=1)}],
    "ck_council_session_standing_known": [{"standing": "lost"}],
    "ck_council_session_opened_demands_instant": [{"standing": "voting"}],
    "ck_council_session_counted_demands_hash": [{"standing": "counted", "opened_at": NOW}],
    "ck_council_session_annulled_demands_reason": [{"standing": "annulled"}],
    "ck_session_member_role_known": [{"role": "king"}],
    "ck_session_member_presence_known": [{"presence": "perhaps"}],
    "ck_session_item_place_known": [{"place": "aside"}],
    "ck_session_item_placed_by_known": [{"placed_by": "dice"}],
    "ck_session_item_counted_as_a_whole": [{name: None} for name in _FIGURES if name != "needed"],
    "ck_session_item_figures_fit": [{"agree": 2}, {"returned": 4}, {"invalid": 1}],
    "ck_session_recusal_kind_known": [{"kind": "cousin"}],
    "ck_session_recusal_own_demands_reason": [{"kind": "own"}],
    "ck_open_vote_choice_known": [{"choice": "perhaps"}],
}

# --- What the law looks at: grades, disciplines, service, files of earlier years, verdicts ---
_KEPT = {"recorded_by_id": 1, "recorded_at": NOW}
GOOD |= {
    "grade": {
        **_KEPT,
        "person_id": 1,
        "school_year": "2024-2025",
        "grade": "HTTNV",
        "number": "1",
        "decided_on": DAY,
        "issued_by": "B",
    },
    "discipline": {**_KEPT, "person_id": 1, "form": "canh_cao", "number": "1", "decided_on": DAY},
    "open_matter": {**_KEPT, "person_id": 1, "kind": "press", "since": DAY, "note_id": "n", "conclusion": ""},
    "service": {**_KEPT, "person_id": 1, "kind": "trade", "since": DAY, "until": DAY},
    "history_import": {
        "kind": "grades",
        "file_name": "f.csv",
        "sha256": HASH,
        "rows": 2,
        "written": 1,
        "imported_by_id": 1,
        "imported_at": NOW,
    },
    "imported_row": {"import_id": 1, "kind": "grade", "row_id": 1, "line": 2},
    "earlier_use": {"initiative_id": 1, "person_id": 1, "title": "CSTDCS", "school_year": "2023-2024"},
    "complete_year": {
        "person_id": 1,
        "what": "titles",
        "school_year": "2024-2025",
        "stated_by_id": 1,
        "stated_at": NOW,
    },
    "verdict": {
        "nomination_id": 1,
        "number": 1,
        "version": 1,
        "taken_at": "hand_in",
        "outcome": "met",
        "why": "",
        "on_hold": False,
        "rulebook_sha256": HASH,
        "chosen": "by_decision",
        "rule": "E01",
        "asked_on": DAY,
        "legal_day": DAY,
        "findings": "[]",
        "recorded_at": NOW,
    },
    "verdict_basis": {"nomination_id": 1, "key": "grade:p1:2024"},
}
_IMPORT_BACK = {"taken_back_at": NOW, "taken_back_by_id": 1, "note_id": "n"}
#: where a note may stand only beside something else
_ENDED_WITH_NOTE = {
    "grade": {"replaced_at": NOW},
    "discipline": {"annulled_at": NOW},
    "history_import": _IMPORT_BACK,
}
BAD |= {
    "ck_grade_grade_known": [{"grade": "A"}],
    "ck_grade_one_holder": [{"person_id": None}, {"unit_id": 1}],
    "ck_grade_replaced_with_reason": [{"replaced_at": NOW}, {"note_id": "n"}],
    "ck_discipline_form_known": [{"form": "frown"}],
    "ck_discipline_served_after_decided": [{"served_on": DAY - timedelta(days=1)}],
    "ck_discipline_annulled_with_reason": [{"annulled_at": NOW}, {"note_id": "n"}],
    "ck_open_matter_kind_known": [{"kind": "gossip"}],
    "ck_open_matter_conclusion_known": [{"closed_on": DAY, "conclusion": "perhaps"}],
    "ck_open_matter_one_subject": [{"person_id": None}, {"unit_id": 1}],
    "ck_open_matter_closed_with_conclusion": [{"closed_on": DAY}, {"conclusion": "clean"}],
    "ck_open_matter_closed_after_opened": [{"closed_on": DAY - timedelta(days=1), "conclusion": "clean"}],
    "ck_service_kind_known": [{"kind": "leisure"}],
    "ck_service_ends_after_it_begins": [EARLIER],
    "ck_history_import_kind_known": [{"kind": "poems"}],
    "ck_history_import_rows_accounted_for": [{"written": 3}, {"written": -1}],
    "ck_history_import_taken_back_with_reason": [{**_IMPORT_BACK, name: None} for name in _IMPORT_BACK],
    "ck_imported_row_kind_known": [{"kind": "poem"}],
    "ck_complete_year_what_known": [{"what": "everything"}],
    "ck_complete_year_one_holder": [{"person_id": None}, {"unit_id": 1}],
    "ck_complete_year_a_career_has_no_year": [{"what": "whole"}, {"school_year": ""}],
    "ck_verdict_outcome_known": [{"outcome": "perhaps"}],
    "ck_verdict_taken_at_known": [{"taken_at": "noon"}],
    "ck_verdict_number_counts_from_one": [{"number": 0}],
    "ck_verdict_again_for_a_reason": [{"taken_at": "again"}, {"reopened_by": "grade:p1:2024"}],
}


def fill(database: Database) -> None:
    """One row of whatever the good rows refer to."""
    with database.write() as connection:
        connection.execute(insert(TABLES["unit"]), {**GOOD["unit"], "code": "u"})
        connection.execute(insert(TABLES["person"]), {**GOOD["person"], "code": "p"})
        connection.execute(insert(TABLES["regulation"]), {**GOOD["regulation"], "sha256": HASH})
        connection.execute(insert(TABLES["stored_file"]), {**GOOD["stored_file"], "sha256": HASH})
        connection.execute(insert(TABLES["note"]), {**GOOD["note"], "id": "n"})
        connection.execute(insert(TABLES["decision"]), {**GOOD["decision"], "number": "1"})
        connection.execute(insert(TABLES["duty"]), GOOD["duty"])
        connection.execute(insert(TABLES["dossier"]), {**DOSSIER, "code": "first"})
        connection.execute(insert(TABLES["initiative"]), {**GOOD["initiative"], "code": "th.2425.sk1"})
        connection.execute(insert(TABLES["nomination"]), {**GOOD["nomination"], "title": "LDTT"})
        connection.execute(insert(TABLES["letter"]), {**GOOD["letter"], "kind": "decided"})
        connection.execute(insert(TABLES["unit"]), {**GOOD["unit"], "code": "second"})
        connection.execute(insert(TABLES["movement"]), {**GOOD["movement"], "code": "first"})
        connection.execute(insert(TABLES["score_sheet"]), {**GOOD["score_sheet"], "scored_id": 2})
        connection.execute(insert(TABLES["exemplar"]), GOOD["exemplar"])
        for table in ("council", "council_session", "history_import"):
            connection.execute(insert(TABLES[table]), GOOD[table])
        connection.execute(insert(TABLES["nomination"]), {**GOOD["nomination"], "title": "CSTDCS"})
        connection.execute(insert(TABLES["session_item"]), {**GOOD["session_item"], "nomination_id": 2})


def attempt(connection: Connection, table: str, row: dict[str, Any]) -> str:
    """What the database says to a row: nothing, or its complaint. The row does not stay."""
    spot = connection.begin_nested()
    try:
        connection.execute(insert(TABLES[table]), row)
    except DBAPIError as error:
        return str(error.orig)
    finally:
        spot.rollback()
    return ""


def test_each_check_refuses_what_it_is_there_for_and_no_good_row(database: Database) -> None:
    fill(database)
    with database.write() as connection:
        for table, row in GOOD.items():
            assert attempt(connection, table, row) == "", table
        for name, rows in BAD.items():
            table = next(t for t in TABLES.values() if name in {c.name for c in t.constraints})
            for changed in rows:
                assert name in attempt(connection, table.name, {**GOOD[table.name], **changed}), (
                    name,
                    changed,
                )


def test_no_check_is_left_untried() -> None:
    declared = {
        str(constraint.name)
        for table in TABLES.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }
    assert declared == BAD.keys()


def test_each_kind_of_state_demands_its_facts_and_with_them_is_kept(database: Database) -> None:
    facts: dict[str, dict[str, Any]] = {
        **{kind: {column: "s"} for kind, column in ORIGIN_COLUMNS.items()},
        "filed": {"receipt_number": "1"},
        "decided": {"decision_id": 1},
        "revoked": {"decision_id": 1, "revocation_id": 1},
        "forwarded": {"submission_number": "1", "submitted_on": DAY},
    }
    fill(database)
    with database.write() as connection:
        for kind in KINDS:
            row = {**DOSSIER, "state_kind": kind}
            assert bool(attempt(connection, "dossier", row)) == (kind in facts), kind
            assert attempt(connection, "dossier", {**row, **facts.get(kind, {})}) == "", kind


def test_a_standing_nomination_is_there_once_and_a_struck_one_is_no_hindrance(database: Database) -> None:
    fill(database)
    again = {**GOOD["nomination"], "title": "LDTT"}
    with database.write() as connection:
        assert "nomination" in attempt(connection, "nomination", again)
        assert attempt(connection, "nomination", {**again, "outcome": "struck"}) == ""
        nomination = TABLES["nomination"]
        connection.execute(nomination.update().values(outcome="struck"))
        assert attempt(connection, "nomination", again) == ""


@pytest.mark.parametrize("table", ["history_entry", "regulation"])
def test_what_was_done_and_what_was_published_is_never_edited_or_deleted(
    database: Database, table: str
) -> None:
    fill(database)
    with database.write() as connection:
        connection.execute(insert(TABLES["history_entry"]), GOOD["history_entry"])
    column = {"history_entry": "event", "regulation": "text"}[table]
    statements = [f"UPDATE {table} SET {column} = 'x'", f"DELETE FROM {table}"]
    if not database.is_sqlite:
        statements.append(f"TRUNCATE {table} CASCADE")
    before = _all(database, table)
    for statement in statements:
        with pytest.raises(DBAPIError, match="append-only"), database.write() as connection:
            connection.exec_driver_sql(statement)
    assert _all(database, table) == before != []


def _all(database: Database, table: str) -> list[Any]:
    with database.read() as connection:
        return list(connection.execute(select(TABLES[table])))


def test_an_instant_without_a_zone_is_refused_and_one_with_a_zone_comes_back_in_utc(
    database: Database,
) -> None:
    clock = TABLES["home_clock"]
    local = datetime.fromisoformat("2025-06-30T23:59:59.123456+07:00")
    with pytest.raises(StatementError, match="without a zone"), database.write() as connection:
        connection.execute(insert(clock), {"id": 1, "mode": "fixed", "stands_at": local.replace(tzinfo=None)})
    with database.write() as connection:
        connection.execute(insert(clock), {"id": 1, "mode": "fixed", "stands_at": local})
        (kept,) = connection.execute(select(clock.c.stands_at)).scalars()
        assert (kept, kept.tzinfo, kept.hour) == (local, UTC, 16)
        assert connection.execute(select(clock.c.id).where(clock.c.stands_at == local)).scalar() == 1


def test_every_instant_of_the_schema_is_kept_so() -> None:
    naive = [
        f"{table.name}.{column.name}"
        for table in TABLES.values()
        for column in table.columns
        if "DATETIME" in str(column.type).upper() and not isinstance(column.type, UTCDateTime)
    ]
    assert naive == []


def test_rows_that_refer_to_nothing_are_refused(database: Database) -> None:
    fill(database)
    with database.write() as connection:
        for table in TABLES.values():
            for key in table.foreign_keys:
                row = dict(GOOD.get(table.name, {}))
                if not row:
                    continue
                row[key.parent.name] = "nowhere" if isinstance(row.get(key.parent.name), str) else 10_000
                if (
                    table.name in ("award", "grade", "open_matter", "complete_year")
                    and key.parent.name == "unit_id"
                ):
                    row["person_id"] = None
                if (
                    key.parent.name == "initiative_id"
                    and "person_id" in row
                    and table.name not in ("initiative_author", "earlier_use")
                ):
                    # An initiative is no person's; a title of one is its unit's.
                    row |= {"person_id": None, "unit_id": 1}
                if table.name == "recovery" and key.parent.name == "settlement_note_id":
                    row |= {"settled_on": DAY, "settled_at": NOW, "settlement_note_id": "nowhere"}
                if key.parent.name.endswith("note_id"):
                    row[key.parent.name] = "nowhere"
                if key.parent.name in ("undone_note_id", "ended_note_id"):
                    row[key.parent.name.replace("note_id", "at")] = NOW
                if key.parent.name == "note_id" and table.name in _ENDED_WITH_NOTE:
                    row |= _ENDED_WITH_NOTE[table.name] | {"note_id": "nowhere"}
                if key.parent.name == "settled_by_id":
                    row["settled_at"] = NOW
                if (table.name, key.parent.name) == ("settled_point", "note_id"):
                    row["by_meeting"] = True
                if table.name == "history_import" and key.parent.name == "taken_back_by_id":
                    row |= {**_IMPORT_BACK, "taken_back_by_id": 10_000}
                elif key.parent.name in ("taken_back_by_id", "taken_back_note_id"):
                    row |= {**_TAKEN_BACK, key.parent.name: row[key.parent.name]}
                if key.parent.name == "reviewed_by_id":
                    row |= {**_REVIEWED, "reviewed_by_id": 10_000}
                if key.parent.name.endswith("sha256"):
                    row[key.parent.name] = "c" * 64
                assert "oreign key" in attempt(connection, table.name, row).replace(
                    "FOREIGN KEY", "foreign key"
                ), key.parent
    with pytest.raises(IntegrityError), database.write() as connection:
        connection.execute(TABLES["person"].delete())
