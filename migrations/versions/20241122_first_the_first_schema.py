"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.base import UTCDateTime

revision = "20241122_first"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "history_entry",
        sa.Column("subject", sa.String(length=90), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("on_behalf_of_id", sa.Integer(), nullable=True),
        sa.Column("via", sa.String(length=80), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("request_key", sa.String(length=200), nullable=True),
        sa.Column("request_sha256", sa.String(length=64), nullable=True),
        sa.Column("prev_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_history_entry_seq_counts_from_one")),
        sa.PrimaryKeyConstraint("subject", "seq", name=op.f("pk_history_entry")),
        sa.UniqueConstraint("request_key", name=op.f("uq_history_entry_request_key")),
    )
    op.create_index("ix_history_entry_at", "history_entry", ["at"], unique=False)
    op.create_table(
        "home_clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("stands_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "mode <> 'fixed' OR stands_at IS NOT NULL", name=op.f("ck_home_clock_fixed_demands_instant")
        ),
        sa.CheckConstraint("mode IN ('real', 'fixed')", name=op.f("ck_home_clock_mode_known")),
        sa.CheckConstraint("id = 1", name=op.f("ck_home_clock_one_clock")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_clock")),
    )
    op.create_table(
        "home_mark",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_home_mark")),
    )
    op.create_table(
        "note",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("erased_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("gender", sa.String(length=10), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("erased_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("code", name=op.f("uq_person_code")),
    )
    op.create_table(
        "regulation",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("published_at", UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('procedure', 'calendar', 'holidays', 'titles', 'succession')",
            name=op.f("ck_regulation_kind_known"),
        ),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_regulation")),
    )
    with op.batch_alter_table("regulation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_regulation_name"), ["name"], unique=False)

    op.create_table(
        "stored_file",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("stored_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_stored_file_not_empty")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_stored_file")),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("school_type", sa.String(length=20), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("invented", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("code", name=op.f("uq_unit_code")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_kind"), ["kind"], unique=False)

    op.create_table(
        "bloc_score",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bloc_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("school_year", sa.String(length=9), nullable=False),
        sa.Column("score", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("rank >= 1", name=op.f("ck_bloc_score_rank_counts_from_one")),
        sa.CheckConstraint("score >= 0", name=op.f("ck_bloc_score_score_not_negative")),
        sa.ForeignKeyConstraint(["bloc_id"], ["unit.id"], name=op.f("fk_bloc_score_bloc_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["person.id"], name=op.f("fk_bloc_score_recorded_by_id")),
        sa.ForeignKeyConstraint(["school_id"], ["unit.id"], name=op.f("fk_bloc_score_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bloc_score")),
        sa.UniqueConstraint("school_id", "school_year", name=op.f("uq_bloc_score_school_id_school_year")),
    )
    with op.batch_alter_table("bloc_score", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bloc_score_bloc_id"), ["bloc_id"], unique=False)

    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("signatory", sa.String(length=120), nullable=False),
        sa.Column("issued_by", sa.String(length=200), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_decision_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("unit_id", "number", "year", name=op.f("uq_decision_unit_id_number_year")),
    )
    op.create_table(
        "duty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("duty", sa.String(length=40), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "duty IN ('clerk', 'principal', 'school_council', 'bloc_head', 'bloc_deputy', 'appraiser', 'reviewer', 'office_head', 'council_secretary', 'council_chair', 'chairman', 'vice_chairman', 'province_appraiser', 'ministry_branch', 'ministry_decider', 'party_secretary', 'state_desk', 'administrator')",
            name=op.f("ck_duty_duty_known"),
        ),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_duty_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_duty_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_duty_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
    )
    with op.batch_alter_table("duty", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_duty_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_duty_unit_duty", ["unit_id", "duty"], unique=False)

    op.create_table(
        "employment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "until IS NULL OR until >= since", name=op.f("ck_employment_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_employment_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_employment_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employment")),
    )
    with op.batch_alter_table("employment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_employment_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_employment_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("calendar", sa.String(length=80), nullable=False),
        sa.Column("milestone", sa.String(length=60), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("note_id", sa.String(length=36), nullable=False),
        sa.Column("granted_by_id", sa.Integer(), nullable=True),
        sa.Column("granted_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["granted_by_id"], ["person.id"], name=op.f("fk_extension_granted_by_id")),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_extension_note_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_extension_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
    )
    with op.batch_alter_table("extension", schema=None) as batch_op:
        batch_op.create_index("ix_extension_unit_id_calendar", ["unit_id", "calendar"], unique=False)

    op.create_table(
        "outbox_item",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=90), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("standing", sa.String(length=10), nullable=False),
        sa.Column("queued_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "standing IN ('queued', 'struck', 'sent')", name=op.f("ck_outbox_item_standing_known")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_outbox_item_person_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_outbox_item")),
    )
    with op.batch_alter_table("outbox_item", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_item_person_id_standing", ["person_id", "standing"], unique=False)
        batch_op.create_index("ix_outbox_item_subject_standing", ["subject", "standing"], unique=False)

    op.create_table(
        "placement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("under_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint("relation IN ('authority', 'bloc')", name=op.f("ck_placement_relation_known")),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_placement_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["under_id"], ["unit.id"], name=op.f("fk_placement_under_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_placement_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
    )
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_placement_under_id"), ["under_id"], unique=False)
        batch_op.create_index("ix_placement_unit_relation", ["unit_id", "relation"], unique=False)

    op.create_table(
        "delegation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.Column("to_person_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("until >= since", name=op.f("ck_delegation_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["duty_id"], ["duty.id"], name=op.f("fk_delegation_duty_id")),
        sa.ForeignKeyConstraint(["to_person_id"], ["person.id"], name=op.f("fk_delegation_to_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
    )
    with op.batch_alter_table("delegation", schema=None) as batch_op:
        batch_op.create_index("ix_delegation_duty_id", ["duty_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_delegation_to_person_id"), ["to_person_id"], unique=False)

    op.create_table(
        "dossier",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=120), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("school_year", sa.String(length=9), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("procedure_sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=60), nullable=False),
        sa.Column("state_kind", sa.String(length=20), nullable=False),
        sa.Column("desk", sa.String(length=60), nullable=False),
        sa.Column("desk_unit_id", sa.Integer(), nullable=False),
        sa.Column("route", sa.JSON(), nullable=False),
        sa.Column("acted", sa.JSON(), nullable=False),
        sa.Column("exceptions", sa.JSON(), nullable=False),
        sa.Column("returned_from", sa.String(length=60), nullable=True),
        sa.Column("held_from", sa.String(length=60), nullable=True),
        sa.Column("withdrawn_from", sa.String(length=60), nullable=True),
        sa.Column("lapsed_from", sa.String(length=60), nullable=True),
        sa.Column("receipt_number", sa.String(length=80), nullable=True),
        sa.Column("submission_number", sa.String(length=80), nullable=True),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("revocation_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("head_hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "level IN ('local', 'province', 'ministry', 'state')", name=op.f("ck_dossier_level_known")
        ),
        sa.CheckConstraint(
            "state_kind <> 'decided' OR (decision_id IS NOT NULL)", name=op.f("ck_dossier_decided_demands")
        ),
        sa.CheckConstraint(
            "state_kind <> 'filed' OR (receipt_number IS NOT NULL)", name=op.f("ck_dossier_filed_demands")
        ),
        sa.CheckConstraint(
            "state_kind <> 'forwarded' OR (submission_number IS NOT NULL AND submitted_on IS NOT NULL)",
            name=op.f("ck_dossier_forwarded_demands"),
        ),
        sa.CheckConstraint(
            "state_kind <> 'lapsed' OR (lapsed_from IS NOT NULL)", name=op.f("ck_dossier_lapsed_demands")
        ),
        sa.CheckConstraint(
            "state_kind <> 'on_hold' OR (held_from IS NOT NULL)", name=op.f("ck_dossier_on_hold_demands")
        ),
        sa.CheckConstraint(
            "state_kind <> 'returned' OR (returned_from IS NOT NULL)",
            name=op.f("ck_dossier_returned_demands"),
        ),
        sa.CheckConstraint(
            "state_kind <> 'revoked' OR (decision_id IS NOT NULL AND revocation_id IS NOT NULL)",
            name=op.f("ck_dossier_revoked_demands"),
        ),
        sa.CheckConstraint(
            "state_kind <> 'withdrawn' OR (withdrawn_from IS NOT NULL)",
            name=op.f("ck_dossier_withdrawn_demands"),
        ),
        sa.CheckConstraint(
            "state_kind IN ('draft', 'at_desk', 'returned', 'on_hold', 'filed', 'decided', 'forwarded', 'withdrawn', 'lapsed', 'declined', 'revoked')",
            name=op.f("ck_dossier_state_kind_known"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_dossier_version_counts_from_one")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_dossier_decision_id")),
        sa.ForeignKeyConstraint(["revocation_id"], ["decision.id"], name=op.f("fk_dossier_revocation_id")),
        sa.ForeignKeyConstraint(["desk_unit_id"], ["unit.id"], name=op.f("fk_dossier_desk_unit_id")),
        sa.ForeignKeyConstraint(
            ["procedure_sha256"], ["regulation.sha256"], name=op.f("fk_dossier_procedure_sha256")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_dossier_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier")),
        sa.UniqueConstraint("code", name=op.f("uq_dossier_code")),
    )
    with op.batch_alter_table("dossier", schema=None) as batch_op:
        batch_op.create_index(
            "ix_dossier_desk_unit_id_state_kind", ["desk_unit_id", "state_kind"], unique=False
        )
        batch_op.create_index("ix_dossier_unit_id_school_year", ["unit_id", "school_year"], unique=False)

    op.create_table(
        "nomination",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=20), nullable=False),
        sa.Column("registered", sa.Boolean(), nullable=False),
        sa.Column("proposed", sa.Boolean(), nullable=False),
        sa.Column("appraised_title", sa.String(length=20), nullable=True),
        sa.Column("decided_title", sa.String(length=20), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("rests_on_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "outcome <> 'awarded' OR decided_title IS NOT NULL",
            name=op.f("ck_nomination_awarded_demands_title"),
        ),
        sa.CheckConstraint(
            "outcome IN ('open', 'awarded', 'not_awarded', 'stopped', 'struck', 'revoked')",
            name=op.f("ck_nomination_outcome_known"),
        ),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_nomination_dossier_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_nomination_person_id")),
        sa.ForeignKeyConstraint(["rests_on_id"], ["nomination.id"], name=op.f("fk_nomination_rests_on_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_nomination_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nomination")),
    )
    with op.batch_alter_table("nomination", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_nomination_dossier_id"), ["dossier_id"], unique=False)
        batch_op.create_index("ix_nomination_person_id", ["person_id"], unique=False)
        batch_op.create_index(
            "uq_nomination_standing",
            ["dossier_id", "person_id", "title"],
            unique=True,
            sqlite_where=sa.text("outcome <> 'struck'"),
            postgresql_where=sa.text("outcome <> 'struck'"),
        )

    op.create_table(
        "paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("added_at", UTCDateTime(), nullable=False),
        sa.Column("removed_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('submission_letter', 'achievement_report', 'council_minutes', 'ballot_result', 'nominee_list', 'initiative_certificate', 'grade_decision', 'award_decision_copy', 'bloc_minutes', 'party_opinion', 'publicity_notice', 'decision', 'other')",
            name=op.f("ck_paper_kind_known"),
        ),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_paper_added_by_id")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_paper_dossier_id")),
        sa.ForeignKeyConstraint(["sha256"], ["stored_file.sha256"], name=op.f("fk_paper_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
    )
    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_dossier_id"), ["dossier_id"], unique=False)

    op.create_table(
        "recovery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("money", sa.BigInteger(), nullable=False),
        sa.Column("items", sa.String(length=400), nullable=False),
        sa.Column("demanded_at", UTCDateTime(), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("settled_at", UTCDateTime(), nullable=True),
        sa.Column("settlement_note_id", sa.String(length=36), nullable=True),
        sa.CheckConstraint("money >= 0", name=op.f("ck_recovery_money_not_negative")),
        sa.CheckConstraint(
            "(settled_on IS NULL) = (settled_at IS NULL) AND (settled_on IS NULL) = (settlement_note_id IS NULL)",
            name=op.f("ck_recovery_settlement_is_whole"),
        ),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_recovery_decision_id")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_recovery_dossier_id")),
        sa.ForeignKeyConstraint(
            ["settlement_note_id"], ["note.id"], name=op.f("fk_recovery_settlement_note_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery")),
    )
    with op.batch_alter_table("recovery", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recovery_dossier_id"), ["dossier_id"], unique=False)

    op.create_table(
        "award",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=20), nullable=False),
        sa.Column("school_year", sa.String(length=9), nullable=False),
        sa.Column("award_type", sa.String(length=20), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("nomination_id", sa.Integer(), nullable=True),
        sa.Column("standing", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "award_type IN ('merit', 'sudden', 'thematic', 'service', 'tenure', 'external')",
            name=op.f("ck_award_award_type_known"),
        ),
        sa.CheckConstraint(
            "standing IN ('held', 'reopened', 'revoked')", name=op.f("ck_award_standing_known")
        ),
        sa.CheckConstraint("(person_id IS NULL) <> (unit_id IS NULL)", name=op.f("ck_award_one_holder")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_award_decision_id")),
        sa.ForeignKeyConstraint(["nomination_id"], ["nomination.id"], name=op.f("fk_award_nomination_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_award_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_award_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award")),
    )
    with op.batch_alter_table("award", schema=None) as batch_op:
        batch_op.create_index("ix_award_nomination_id", ["nomination_id"], unique=False)
        batch_op.create_index("ix_award_person_id", ["person_id"], unique=False)
        batch_op.create_index("ix_award_unit_id", ["unit_id"], unique=False)

    op.create_table(
        "objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("nomination_id", sa.Integer(), nullable=True),
        sa.Column("note_id", sa.String(length=36), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.Column("settled_at", UTCDateTime(), nullable=True),
        sa.Column("settlement_note_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_objection_dossier_id")),
        sa.ForeignKeyConstraint(
            ["nomination_id"], ["nomination.id"], name=op.f("fk_objection_nomination_id")
        ),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_objection_note_id")),
        sa.ForeignKeyConstraint(
            ["settlement_note_id"], ["note.id"], name=op.f("fk_objection_settlement_note_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
    )
    with op.batch_alter_table("objection", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_objection_dossier_id"), ["dossier_id"], unique=False)

    op.create_table(
        "opinion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("nomination_id", sa.Integer(), nullable=False),
        sa.Column("desk", sa.String(length=60), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("on_behalf_of_id", sa.Integer(), nullable=True),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("lower_title", sa.String(length=20), nullable=True),
        sa.Column("note_id", sa.String(length=36), nullable=True),
        sa.Column("votes_for", sa.Integer(), nullable=True),
        sa.Column("members", sa.Integer(), nullable=True),
        sa.Column("given_at", UTCDateTime(), nullable=False),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "verdict <> 'lower_title' OR lower_title IS NOT NULL", name=op.f("ck_opinion_lower_demands_title")
        ),
        sa.CheckConstraint(
            "verdict = 'supported' OR note_id IS NOT NULL", name=op.f("ck_opinion_refusal_demands_reason")
        ),
        sa.CheckConstraint(
            "verdict IN ('supported', 'not_supported', 'lower_title')", name=op.f("ck_opinion_verdict_known")
        ),
        sa.CheckConstraint(
            "(votes_for IS NULL) = (members IS NULL) AND (votes_for IS NULL OR votes_for BETWEEN 0 AND members)",
            name=op.f("ck_opinion_votes_fit"),
        ),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_opinion_dossier_id")),
        sa.ForeignKeyConstraint(["nomination_id"], ["nomination.id"], name=op.f("fk_opinion_nomination_id")),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_opinion_note_id")),
        sa.ForeignKeyConstraint(["on_behalf_of_id"], ["person.id"], name=op.f("fk_opinion_on_behalf_of_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_opinion_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion")),
    )
    with op.batch_alter_table("opinion", schema=None) as batch_op:
        batch_op.create_index("ix_opinion_dossier_id_desk", ["dossier_id", "desk"], unique=False)
        batch_op.create_index(batch_op.f("ix_opinion_nomination_id"), ["nomination_id"], unique=False)
    for table in APPEND_ONLY:
        forbid_changes(table)


# Nobody may edit or delete what was published or what was done; who goes around this is found by `audit verify`.
APPEND_ONLY = ("history_entry", "regulation")
KEYS = {"history_entry": (("subject", "seq"), ("request_key",)), "regulation": (("sha256",),)}


def forbid_changes(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        # INSERT OR REPLACE deletes the row in its way without asking the trigger on DELETE.
        same = " OR ".join(
            "(" + " AND ".join(f"{column} = NEW.{column}" for column in key) + ")" for key in KEYS[table]
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "
            f"BEGIN SELECT RAISE(FAIL, 'UNIQUE constraint failed: {table}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_append_only()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
    )


def allow_changes(table: str) -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.execute(f"DROP FUNCTION {table}_append_only() CASCADE")


def downgrade() -> None:
    for table in APPEND_ONLY:
        allow_changes(table)
    with op.batch_alter_table("opinion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_opinion_nomination_id"))
        batch_op.drop_index("ix_opinion_dossier_id_desk")

    op.drop_table("opinion")
    with op.batch_alter_table("objection", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_objection_dossier_id"))

    op.drop_table("objection")
    with op.batch_alter_table("award", schema=None) as batch_op:
        batch_op.drop_index("ix_award_unit_id")
        batch_op.drop_index("ix_award_person_id")
        batch_op.drop_index("ix_award_nomination_id")

    op.drop_table("award")
    with op.batch_alter_table("recovery", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recovery_dossier_id"))

    op.drop_table("recovery")
    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_dossier_id"))

    op.drop_table("paper")
    with op.batch_alter_table("nomination", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_nomination_standing",
            sqlite_where=sa.text("outcome <> 'struck'"),
            postgresql_where=sa.text("outcome <> 'struck'"),
        )
        batch_op.drop_index("ix_nomination_person_id")
        batch_op.drop_index(batch_op.f("ix_nomination_dossier_id"))

    op.drop_table("nomination")
    with op.batch_alter_table("dossier", schema=None) as batch_op:
        batch_op.drop_index("ix_dossier_unit_id_school_year")
        batch_op.drop_index("ix_dossier_desk_unit_id_state_kind")

    op.drop_table("dossier")
    with op.batch_alter_table("delegation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_delegation_to_person_id"))
        batch_op.drop_index("ix_delegation_duty_id")

    op.drop_table("delegation")
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.drop_index("ix_placement_unit_relation")
        batch_op.drop_index(batch_op.f("ix_placement_under_id"))

    op.drop_table("placement")
    with op.batch_alter_table("outbox_item", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_item_subject_standing")
        batch_op.drop_index("ix_outbox_item_person_id_standing")

    op.drop_table("outbox_item")
    with op.batch_alter_table("extension", schema=None) as batch_op:
        batch_op.drop_index("ix_extension_unit_id_calendar")

    op.drop_table("extension")
    with op.batch_alter_table("employment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_employment_unit_id"))
        batch_op.drop_index(batch_op.f("ix_employment_person_id"))

    op.drop_table("employment")
    with op.batch_alter_table("duty", schema=None) as batch_op:
        batch_op.drop_index("ix_duty_unit_duty")
        batch_op.drop_index(batch_op.f("ix_duty_person_id"))

    op.drop_table("duty")
    op.drop_table("decision")
    with op.batch_alter_table("bloc_score", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bloc_score_bloc_id"))

    op.drop_table("bloc_score")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_kind"))

    op.drop_table("unit")
    op.drop_table("stored_file")
    with op.batch_alter_table("regulation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_regulation_name"))

    op.drop_table("regulation")
    op.drop_table("person")
    op.drop_table("note")
    op.drop_table("home_mark")
    op.drop_table("home_clock")
    op.drop_table("history_entry")
