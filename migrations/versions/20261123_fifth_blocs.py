"""A bloc's year: meetings, covenants, score sheets, what was settled, who leads, its own certificates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.base import UTCDateTime

revision = "20261123_blocs"
down_revision = "20261123_kinds"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bloc_card",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bloc_id", sa.Integer(), nullable=False),
        sa.Column("school_year", sa.String(length=9), nullable=False),
        sa.Column("scorecard_sha256", sa.String(length=64), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=False),
        sa.Column("approved_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["approved_by_id"], ["person.id"], name=op.f("fk_bloc_card_approved_by_id")),
        sa.ForeignKeyConstraint(["bloc_id"], ["unit.id"], name=op.f("fk_bloc_card_bloc_id")),
        sa.ForeignKeyConstraint(
            ["scorecard_sha256"], ["regulation.sha256"], name=op.f("fk_bloc_card_scorecard_sha256")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bloc_card")),
        sa.UniqueConstraint("bloc_id", "school_year", name=op.f("uq_bloc_card_bloc_id_school_year")),
    )
    op.create_table(
        "bloc_certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bloc_id", sa.Integer(), nullable=False),
        sa.Column("school_year", sa.String(length=9), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("money", sa.Integer(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("certified_by_id", sa.Integer(), nullable=False),
        sa.Column("certified_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("money >= 0", name=op.f("ck_bloc_certificate_money_not_negative")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_bloc_certificate_number_counts_from_one")),
        sa.ForeignKeyConstraint(["bloc_id"], ["unit.id"], name=op.f("fk_bloc_certificate_bloc_id")),
        sa.ForeignKeyConstraint(
            ["certified_by_id"], ["person.id"], name=op.f("fk_bloc_certificate_certified_by_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_bloc_certificate_person_id")),
        sa.ForeignKeyConstraint(["school_id"], ["unit.id"], name=op.f("fk_bloc_certificate_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bloc_certificate")),
        sa.UniqueConstraint(
            "bloc_id", "school_year", "number", name=op.f("uq_bloc_certificate_bloc_id_school_year_number")
        ),
    )
    op.create_index(op.f("ix_bloc_certificate_person_id"), "bloc_certificate", ["person_id"], unique=False)
    op.create_table(
        "bloc_draw",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bloc_id", sa.Integer(), nullable=False),
        sa.Column("school_year", sa.String(length=9), nullable=False),
        sa.Column("seed", sa.String(length=60), nullable=False),
        sa.Column("scorers", sa.Integer(), nullable=False),
        sa.Column("drawn_by_id", sa.Integer(), nullable=False),
        sa.Column("drawn_at", UTCDateTime(), nullable=False),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("settled_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (settled_by_id IS NULL)", name=op.f("ck_bloc_draw_settled_by_somebody")
        ),
        sa.ForeignKeyConstraint(["bloc_id"], ["unit.id"], name=op.f("fk_bloc_draw_bloc_id")),
        sa.ForeignKeyConstraint(["drawn_by_id"], ["person.id"], name=op.f("fk_bloc_draw_drawn_by_id")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["person.id"], name=op.f("fk_bloc_draw_settled_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bloc_draw")),
        sa.UniqueConstraint("bloc_id", "school_year", name=op.f("uq_bloc_draw_bloc_id_school_year")),
    )
    op.create_table(
        "bloc_lead",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bloc_id", sa.Integer(), nullable=False),
        sa.Column("school_year", sa.String(length=9), nullable=False),
        sa.Column("head_school_id", sa.Integer(), nullable=False),
        sa.Column("deputy_school_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("handed_over_by_id", sa.Integer(), nullable=False),
        sa.Column("handed_over_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("head_school_id <> deputy_school_id", name=op.f("ck_bloc_lead_two_schools")),
        sa.ForeignKeyConstraint(["bloc_id"], ["unit.id"], name=op.f("fk_bloc_lead_bloc_id")),
        sa.ForeignKeyConstraint(
            ["deputy_school_id"], ["unit.id"], name=op.f("fk_bloc_lead_deputy_school_id")
        ),
        sa.ForeignKeyConstraint(
            ["handed_over_by_id"], ["person.id"], name=op.f("fk_bloc_lead_handed_over_by_id")
        ),
        sa.ForeignKeyConstraint(["head_school_id"], ["unit.id"], name=op.f("fk_bloc_lead_head_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bloc_lead")),
        sa.UniqueConstraint("bloc_id", "school_year", name=op.f("uq_bloc_lead_bloc_id_school_year")),
    )
    op.create_table(
        "bloc_leaver",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bloc_id", sa.Integer(), nullable=False),
        sa.Column("school_year", sa.String(length=9), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=False),
        sa.Column("note_id", sa.String(length=36), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["bloc_id"], ["unit.id"], name=op.f("fk_bloc_leaver_bloc_id")),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_bloc_leaver_note_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_bloc_leaver_recorded_by_id")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["unit.id"], name=op.f("fk_bloc_leaver_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bloc_leaver")),
        sa.UniqueConstraint(
            "bloc_id", "school_year", "school_id", name=op.f("uq_bloc_leaver_bloc_id_school_year_school_id")
        ),
    )
    op.create_table(
        "bloc_meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bloc_id", sa.Integer(), nullable=False),
        sa.Column("school_year", sa.String(length=9), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("chair_id", sa.Integer(), nullable=False),
        sa.Column("secretary_id", sa.Integer(), nullable=False),
        sa.Column("paper_sha256", sa.String(length=64), nullable=True),
        sa.Column("paper_name", sa.String(length=200), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('covenant', 'midyear', 'scoring', 'review')", name=op.f("ck_bloc_meeting_kind_known")
        ),
        sa.ForeignKeyConstraint(["bloc_id"], ["unit.id"], name=op.f("fk_bloc_meeting_bloc_id")),
        sa.ForeignKeyConstraint(["chair_id"], ["person.id"], name=op.f("fk_bloc_meeting_chair_id")),
        sa.ForeignKeyConstraint(
            ["paper_sha256"], ["stored_file.sha256"], name=op.f("fk_bloc_meeting_paper_sha256")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_bloc_meeting_recorded_by_id")
        ),
        sa.ForeignKeyConstraint(["secretary_id"], ["person.id"], name=op.f("fk_bloc_meeting_secretary_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bloc_meeting")),
    )
    op.create_index(
        "ix_bloc_meeting_bloc_id_school_year", "bloc_meeting", ["bloc_id", "school_year"], unique=False
    )
    op.create_table(
        "covenant_signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bloc_id", sa.Integer(), nullable=False),
        sa.Column("school_year", sa.String(length=9), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("signed_by_id", sa.Integer(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("paper_sha256", sa.String(length=64), nullable=True),
        sa.Column("paper_name", sa.String(length=200), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["bloc_id"], ["unit.id"], name=op.f("fk_covenant_signature_bloc_id")),
        sa.ForeignKeyConstraint(
            ["paper_sha256"], ["stored_file.sha256"], name=op.f("fk_covenant_signature_paper_sha256")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_covenant_signature_recorded_by_id")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["unit.id"], name=op.f("fk_covenant_signature_school_id")),
        sa.ForeignKeyConstraint(
            ["signed_by_id"], ["person.id"], name=op.f("fk_covenant_signature_signed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_covenant_signature")),
        sa.UniqueConstraint(
            "bloc_id",
            "school_year",
            "school_id",
            name=op.f("uq_covenant_signature_bloc_id_school_year_school_id"),
        ),
    )
    op.create_table(
        "score_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bloc_id", sa.Integer(), nullable=False),
        sa.Column("school_year", sa.String(length=9), nullable=False),
        sa.Column("scorer_id", sa.Integer(), nullable=False),
        sa.Column("scored_id", sa.Integer(), nullable=False),
        sa.Column("standing", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("note_id", sa.String(length=36), nullable=True),
        sa.Column("paper_sha256", sa.String(length=64), nullable=True),
        sa.Column("paper_name", sa.String(length=200), nullable=False),
        sa.Column("filed_by_id", sa.Integer(), nullable=True),
        sa.Column("filed_at", UTCDateTime(), nullable=True),
        sa.Column("ended_note_id", sa.String(length=36), nullable=True),
        sa.CheckConstraint(
            "standing <> 'filed' OR (filed_at IS NOT NULL AND filed_by_id IS NOT NULL AND sha256 IS NOT NULL)",
            name=op.f("ck_score_sheet_filed_demands"),
        ),
        sa.CheckConstraint(
            "standing IN ('open', 'filed', 'declined', 'set_aside')",
            name=op.f("ck_score_sheet_standing_known"),
        ),
        sa.CheckConstraint(
            "standing NOT IN ('declined', 'set_aside') OR ended_note_id IS NOT NULL",
            name=op.f("ck_score_sheet_ended_with_reason"),
        ),
        sa.ForeignKeyConstraint(["bloc_id"], ["unit.id"], name=op.f("fk_score_sheet_bloc_id")),
        sa.ForeignKeyConstraint(["ended_note_id"], ["note.id"], name=op.f("fk_score_sheet_ended_note_id")),
        sa.ForeignKeyConstraint(["filed_by_id"], ["person.id"], name=op.f("fk_score_sheet_filed_by_id")),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_score_sheet_note_id")),
        sa.ForeignKeyConstraint(
            ["paper_sha256"], ["stored_file.sha256"], name=op.f("fk_score_sheet_paper_sha256")
        ),
        sa.ForeignKeyConstraint(["scored_id"], ["unit.id"], name=op.f("fk_score_sheet_scored_id")),
        sa.ForeignKeyConstraint(["scorer_id"], ["unit.id"], name=op.f("fk_score_sheet_scorer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_sheet")),
        sa.UniqueConstraint(
            "bloc_id",
            "school_year",
            "scorer_id",
            "scored_id",
            name=op.f("uq_score_sheet_bloc_id_school_year_scorer_id_scored_id"),
        ),
    )
    op.create_index(
        "ix_score_sheet_scorer_id_standing", "score_sheet", ["scorer_id", "standing"], unique=False
    )
    op.create_table(
        "settled_point",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bloc_id", sa.Integer(), nullable=False),
        sa.Column("school_year", sa.String(length=9), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=20), nullable=False),
        sa.Column("exact", sa.String(length=80), nullable=False),
        sa.Column("by_meeting", sa.Boolean(), nullable=False),
        sa.Column("note_id", sa.String(length=36), nullable=True),
        sa.CheckConstraint(
            "by_meeting = (note_id IS NOT NULL)", name=op.f("ck_settled_point_meeting_gives_reason")
        ),
        sa.ForeignKeyConstraint(["bloc_id"], ["unit.id"], name=op.f("fk_settled_point_bloc_id")),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_settled_point_note_id")),
        sa.ForeignKeyConstraint(["school_id"], ["unit.id"], name=op.f("fk_settled_point_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settled_point")),
        sa.UniqueConstraint(
            "bloc_id",
            "school_year",
            "school_id",
            "item",
            name=op.f("uq_settled_point_bloc_id_school_year_school_id_item"),
        ),
    )
    op.create_table(
        "sheet_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=20), nullable=False),
        sa.Column("points", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column("note_id", sa.String(length=36), nullable=True),
        sa.CheckConstraint("points >= 0", name=op.f("ck_sheet_line_points_not_negative")),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_sheet_line_note_id")),
        sa.ForeignKeyConstraint(["sheet_id"], ["score_sheet.id"], name=op.f("fk_sheet_line_sheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_line")),
        sa.UniqueConstraint("sheet_id", "item", name=op.f("uq_sheet_line_sheet_id_item")),
    )
    op.create_table(
        "bloc_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bloc_id", sa.Integer(), nullable=False),
        sa.Column("school_year", sa.String(length=9), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=20), nullable=False),
        sa.Column("nomination_id", sa.Integer(), nullable=False),
        sa.Column("opened", sa.Boolean(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("rank >= 1", name=op.f("ck_bloc_proposal_rank_counts_from_one")),
        sa.ForeignKeyConstraint(["bloc_id"], ["unit.id"], name=op.f("fk_bloc_proposal_bloc_id")),
        sa.ForeignKeyConstraint(
            ["nomination_id"], ["nomination.id"], name=op.f("fk_bloc_proposal_nomination_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["person.id"], name=op.f("fk_bloc_proposal_proposed_by_id")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["unit.id"], name=op.f("fk_bloc_proposal_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bloc_proposal")),
        sa.UniqueConstraint(
            "bloc_id",
            "school_year",
            "school_id",
            "title",
            name=op.f("uq_bloc_proposal_bloc_id_school_year_school_id_title"),
        ),
    )
    op.create_index(op.f("ix_bloc_proposal_nomination_id"), "bloc_proposal", ["nomination_id"], unique=False)
    op.create_table(
        "bloc_report_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bloc_id", sa.Integer(), nullable=False),
        sa.Column("school_year", sa.String(length=9), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("note_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["bloc_id"], ["unit.id"], name=op.f("fk_bloc_report_text_bloc_id")),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_bloc_report_text_note_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bloc_report_text")),
        sa.UniqueConstraint(
            "bloc_id", "school_year", "part", name=op.f("uq_bloc_report_text_bloc_id_school_year_part")
        ),
    )
    op.add_column("bloc_score", sa.Column("exact", sa.String(length=80), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("bloc_score", schema=None) as batch_op:
        batch_op.drop_column("exact")
    op.drop_table("bloc_report_text")
    op.drop_index(op.f("ix_bloc_proposal_nomination_id"), table_name="bloc_proposal")
    op.drop_table("bloc_proposal")
    op.drop_table("sheet_line")
    op.drop_table("settled_point")
    op.drop_index("ix_score_sheet_scorer_id_standing", table_name="score_sheet")
    op.drop_table("score_sheet")
    op.drop_table("covenant_signature")
    op.drop_index("ix_bloc_meeting_bloc_id_school_year", table_name="bloc_meeting")
    op.drop_table("bloc_meeting")
    op.drop_table("bloc_leaver")
    op.drop_table("bloc_lead")
    op.drop_table("bloc_draw")
    op.drop_index(op.f("ix_bloc_certificate_person_id"), table_name="bloc_certificate")
    op.drop_table("bloc_certificate")
    op.drop_table("bloc_card")
