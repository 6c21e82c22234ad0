"""Movements, the plans that answer them, exemplars; counts of titles from files."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.base import UTCDateTime

revision = "20261123_movements"
down_revision = "20261123_initiatives"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "movement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=50), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("theme", sa.String(length=300), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("review_by", sa.Date(), nullable=True),
        sa.Column("paper_sha256", sa.String(length=64), nullable=True),
        sa.Column("paper_name", sa.String(length=200), nullable=False),
        sa.Column("launched_by_id", sa.Integer(), nullable=False),
        sa.Column("launched_at", UTCDateTime(), nullable=False),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("ended_note_id", sa.String(length=36), nullable=True),
        sa.CheckConstraint(
            "(answer_by IS NULL) = (review_by IS NULL)", name=op.f("ck_movement_asks_for_both")
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_note_id IS NULL)", name=op.f("ck_movement_ended_with_reason")
        ),
        sa.CheckConstraint("review_by >= answer_by", name=op.f("ck_movement_reviews_after_answers")),
        sa.CheckConstraint("until >= since", name=op.f("ck_movement_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_movement_ended_by_id")),
        sa.ForeignKeyConstraint(["ended_note_id"], ["note.id"], name=op.f("fk_movement_ended_note_id")),
        sa.ForeignKeyConstraint(["launched_by_id"], ["person.id"], name=op.f("fk_movement_launched_by_id")),
        sa.ForeignKeyConstraint(
            ["paper_sha256"], ["stored_file.sha256"], name=op.f("fk_movement_paper_sha256")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["movement.id"], name=op.f("fk_movement_parent_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_movement_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_movement")),
        sa.UniqueConstraint("code", name=op.f("uq_movement_code")),
    )
    op.create_index("ix_movement_parent_id", "movement", ["parent_id"], unique=False)
    op.create_index("ix_movement_unit_id", "movement", ["unit_id"], unique=False)
    op.create_table(
        "title_count",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("since_year", sa.String(length=9), nullable=False),
        sa.Column("until_year", sa.String(length=9), nullable=False),
        sa.Column("counted", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("imported_by_id", sa.Integer(), nullable=False),
        sa.Column("imported_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "counted IN ('registered', 'achieved')", name=op.f("ck_title_count_counted_known")
        ),
        sa.CheckConstraint(
            "subject IN ('individual', 'collective')", name=op.f("ck_title_count_subject_known")
        ),
        sa.CheckConstraint("number >= 0", name=op.f("ck_title_count_number_not_negative")),
        sa.CheckConstraint("until_year >= since_year", name=op.f("ck_title_count_ends_after_it_begins")),
        sa.ForeignKeyConstraint(
            ["imported_by_id"], ["person.id"], name=op.f("fk_title_count_imported_by_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_title_count_unit_id")),
        sa.PrimaryKeyConstraint(
            "unit_id", "since_year", "until_year", "counted", "title", "subject", name=op.f("pk_title_count")
        ),
    )
    op.create_table(
        "exemplar",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("movement_id", sa.Integer(), nullable=True),
        sa.Column("field", sa.String(length=200), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_note_id", sa.String(length=36), nullable=True),
        sa.CheckConstraint(
            "stage IN ('found', 'nurtured', 'reviewed', 'spread')", name=op.f("ck_exemplar_stage_known")
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_note_id IS NULL)", name=op.f("ck_exemplar_ended_with_reason")
        ),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_exemplar_ended_by_id")),
        sa.ForeignKeyConstraint(["ended_note_id"], ["note.id"], name=op.f("fk_exemplar_ended_note_id")),
        sa.ForeignKeyConstraint(["movement_id"], ["movement.id"], name=op.f("fk_exemplar_movement_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_exemplar_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_exemplar_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemplar")),
    )
    op.create_index("ix_exemplar_person_id", "exemplar", ["person_id"], unique=False)
    op.create_index("ix_exemplar_unit_id", "exemplar", ["unit_id"], unique=False)
    op.create_table(
        "movement_call",
        sa.Column("movement_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("review_note_id", sa.String(length=36), nullable=True),
        sa.Column("review_sha256", sa.String(length=64), nullable=True),
        sa.Column("review_name", sa.String(length=200), nullable=False),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(reviewed_on IS NULL) = (reviewed_by_id IS NULL) AND (reviewed_on IS NULL) = (reviewed_at IS NULL)",
            name=op.f("ck_movement_call_review_is_whole"),
        ),
        sa.CheckConstraint(
            "reviewed_on IS NULL OR answer_id IS NOT NULL",
            name=op.f("ck_movement_call_reviews_what_it_answered"),
        ),
        sa.ForeignKeyConstraint(["answer_id"], ["movement.id"], name=op.f("fk_movement_call_answer_id")),
        sa.ForeignKeyConstraint(["movement_id"], ["movement.id"], name=op.f("fk_movement_call_movement_id")),
        sa.ForeignKeyConstraint(
            ["review_note_id"], ["note.id"], name=op.f("fk_movement_call_review_note_id")
        ),
        sa.ForeignKeyConstraint(
            ["review_sha256"], ["stored_file.sha256"], name=op.f("fk_movement_call_review_sha256")
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"], ["person.id"], name=op.f("fk_movement_call_reviewed_by_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_movement_call_unit_id")),
        sa.PrimaryKeyConstraint("movement_id", "unit_id", name=op.f("pk_movement_call")),
        sa.UniqueConstraint("answer_id", name=op.f("uq_movement_call_answer_id")),
    )
    op.create_index("ix_movement_call_unit_id", "movement_call", ["unit_id"], unique=False)
    op.create_table(
        "exemplar_stage",
        sa.Column("exemplar_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("reached_on", sa.Date(), nullable=False),
        sa.Column("note_id", sa.String(length=36), nullable=True),
        sa.Column("paper_sha256", sa.String(length=64), nullable=True),
        sa.Column("paper_name", sa.String(length=200), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "stage IN ('found', 'nurtured', 'reviewed', 'spread')", name=op.f("ck_exemplar_stage_stage_known")
        ),
        sa.ForeignKeyConstraint(["exemplar_id"], ["exemplar.id"], name=op.f("fk_exemplar_stage_exemplar_id")),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_exemplar_stage_note_id")),
        sa.ForeignKeyConstraint(
            ["paper_sha256"], ["stored_file.sha256"], name=op.f("fk_exemplar_stage_paper_sha256")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_exemplar_stage_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("exemplar_id", "stage", name=op.f("pk_exemplar_stage")),
    )
    op.create_index("ix_exemplar_stage_reached_on", "exemplar_stage", ["reached_on"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_exemplar_stage_reached_on", table_name="exemplar_stage")
    op.drop_table("exemplar_stage")
    op.drop_index("ix_movement_call_unit_id", table_name="movement_call")
    op.drop_table("movement_call")
    op.drop_index("ix_exemplar_unit_id", table_name="exemplar")
    op.drop_index("ix_exemplar_person_id", table_name="exemplar")
    op.drop_table("exemplar")
    op.drop_table("title_count")
    op.drop_index("ix_movement_unit_id", table_name="movement")
    op.drop_index("ix_movement_parent_id", table_name="movement")
    op.drop_table("movement")
