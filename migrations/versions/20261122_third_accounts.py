"""Accounts: sign-ins, one-time links, attempts; what searches for dossiers by words read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.base import UTCDateTime


revision = "20261122_accounts"
down_revision = "20261122_year"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("set_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (password_hash <> '')", name=op.f("ck_account_ended_has_no_password")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_account_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_account")),
    )
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("last_seen_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("client", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("network", sa.String(length=45), nullable=False),
        sa.CheckConstraint("way IN ('password', 'sample')", name=op.f("ck_sign_in_way_known")),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_sign_in_ends_after_it_begins")),
        sa.CheckConstraint("last_seen_at >= created_at", name=op.f("ck_sign_in_seen_after_it_began")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_sign_in_token_sha256")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_person_id", ["person_id"], unique=False)

    op.create_table(
        "one_time_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=True),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('first_administrator', 'invite', 'reset')",
            name=op.f("ck_one_time_link_purpose_known"),
        ),
        sa.CheckConstraint("expires_at > made_at", name=op.f("ck_one_time_link_ends_after_it_begins")),
        sa.CheckConstraint(
            "used_at IS NULL OR ended_at IS NULL", name=op.f("ck_one_time_link_used_or_ended")
        ),
        sa.CheckConstraint(
            "purpose = 'reset' OR token_sha256 IS NOT NULL",
            name=op.f("ck_one_time_link_shown_demands_token"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_one_time_link_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_link")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_one_time_link_token_sha256")),
    )
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.create_index("ix_one_time_link_person_id", ["person_id"], unique=False)

    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("about", sa.String(length=64), nullable=False),
        sa.Column("network", sa.String(length=45), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("kind IN ('sign_in', 'reset')", name=op.f("ck_attempt_kind_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index("ix_attempt_about", ["about"], unique=False)
        batch_op.create_index("ix_attempt_at", ["at"], unique=False)
        batch_op.create_index("ix_attempt_network_at", ["network", "at"], unique=False)
    op.drop_index("ix_dossier_unit_id_school_year", table_name="dossier")
    with op.batch_alter_table("dossier", schema=None) as batch_op:
        batch_op.create_index(
            "ix_dossier_unit_id_school_year_id", ["unit_id", "school_year", "id"], unique=False
        )
        batch_op.create_index(
            "ix_dossier_code_number_id",
            [sa.text("substr(code, length(rtrim(code, '0123456789')) + 1)"), "id"],
            unique=False,
        )


def downgrade() -> None:
    op.drop_index("ix_dossier_code_number_id", table_name="dossier")
    op.drop_index("ix_dossier_unit_id_school_year_id", table_name="dossier")
    op.create_index("ix_dossier_unit_id_school_year", "dossier", ["unit_id", "school_year"])
    op.drop_table("attempt")
    op.drop_table("one_time_link")
    op.drop_table("sign_in")
    op.drop_table("account")
