"""Councils: members, sessions, who was there, recusals, ballots."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.base import UTCDateTime

revision = "20261123_councils"
down_revision = "20261123_blocs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "council",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("rules_sha256", sa.String(length=64), nullable=False),
        sa.Column("decision", sa.String(length=80), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_council_ends_after_it_begins")),
        sa.ForeignKeyConstraint(
            ["rules_sha256"], ["regulation.sha256"], name=op.f("fk_council_rules_sha256")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_council_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council")),
    )
    with op.batch_alter_table("council", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_council_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "council_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "role IN ('chair', 'vice_chair', 'secretary', 'member')",
            name=op.f("ck_council_member_role_known"),
        ),
        sa.CheckConstraint(
            "until IS NULL OR until >= since", name=op.f("ck_council_member_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_council_member_council_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_council_member_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_member")),
    )
    with op.batch_alter_table("council_member", schema=None) as batch_op:
        batch_op.create_index("ix_council_member_council_id", ["council_id"], unique=False)
        batch_op.create_index("ix_council_member_person_id", ["person_id"], unique=False)

    op.create_table(
        "council_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("begins", sa.String(length=5), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("standing", sa.String(length=10), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=True),
        sa.Column("counted_at", UTCDateTime(), nullable=True),
        sa.Column("ballots_sha256", sa.String(length=64), nullable=True),
        sa.Column("note_id", sa.String(length=36), nullable=True),
        sa.CheckConstraint(
            "standing <> 'annulled' OR note_id IS NOT NULL",
            name=op.f("ck_council_session_annulled_demands_reason"),
        ),
        sa.CheckConstraint(
            "standing <> 'counted' AND standing <> 'closed' OR ballots_sha256 IS NOT NULL",
            name=op.f("ck_council_session_counted_demands_hash"),
        ),
        sa.CheckConstraint(
            "standing <> 'voting' AND standing <> 'counted' AND standing <> 'closed' OR opened_at IS NOT NULL",
            name=op.f("ck_council_session_opened_demands_instant"),
        ),
        sa.CheckConstraint(
            "standing IN ('called', 'voting', 'counted', 'closed', 'annulled')",
            name=op.f("ck_council_session_standing_known"),
        ),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_council_session_council_id")),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_council_session_note_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_session")),
    )
    with op.batch_alter_table("council_session", schema=None) as batch_op:
        batch_op.create_index(
            "ix_council_session_agenda",
            ["held_on"],
            unique=False,
            sqlite_where=sa.text("standing NOT IN ('closed', 'annulled')"),
            postgresql_where=sa.text("standing NOT IN ('closed', 'annulled')"),
        )
        batch_op.create_index("ix_council_session_council_id", ["council_id"], unique=False)

    op.create_table(
        "ballot",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("paper", sa.Integer(), nullable=False),
        sa.Column("choices", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["council_session.id"], name=op.f("fk_ballot_session_id")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_ballot")),
    )
    with op.batch_alter_table("ballot", schema=None) as batch_op:
        batch_op.create_index("ix_ballot_session_id", ["session_id", "paper"], unique=False)

    op.create_table(
        "ballot_issue",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("paper", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("returned", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_ballot_issue_person_id")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["council_session.id"], name=op.f("fk_ballot_issue_session_id")
        ),
        sa.PrimaryKeyConstraint("session_id", "paper", "person_id", name=op.f("pk_ballot_issue")),
    )
    op.create_table(
        "ballot_slot",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("paper", sa.Integer(), nullable=False),
        sa.Column("choices", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["council_session.id"], name=op.f("fk_ballot_slot_session_id")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_ballot_slot")),
    )
    with op.batch_alter_table("ballot_slot", schema=None) as batch_op:
        batch_op.create_index("ix_ballot_slot_session_id", ["session_id", "paper"], unique=False)

    op.create_table(
        "session_member",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("presence", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "presence IN ('present', 'absent')", name=op.f("ck_session_member_presence_known")
        ),
        sa.CheckConstraint(
            "role IN ('chair', 'vice_chair', 'secretary', 'member')",
            name=op.f("ck_session_member_role_known"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_session_member_person_id")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["council_session.id"], name=op.f("fk_session_member_session_id")
        ),
        sa.PrimaryKeyConstraint("session_id", "person_id", name=op.f("pk_session_member")),
    )
    op.create_table(
        "session_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("nomination_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.Boolean(), nullable=False),
        sa.Column("paper", sa.Integer(), nullable=True),
        sa.Column("present", sa.Integer(), nullable=True),
        sa.Column("absent", sa.Integer(), nullable=True),
        sa.Column("written", sa.Integer(), nullable=True),
        sa.Column("aside", sa.Integer(), nullable=True),
        sa.Column("base", sa.Integer(), nullable=True),
        sa.Column("issued", sa.Integer(), nullable=True),
        sa.Column("returned", sa.Integer(), nullable=True),
        sa.Column("valid", sa.Integer(), nullable=True),
        sa.Column("invalid", sa.Integer(), nullable=True),
        sa.Column("agree", sa.Integer(), nullable=True),
        sa.Column("against", sa.Integer(), nullable=True),
        sa.Column("abstained", sa.Integer(), nullable=True),
        sa.Column("needed", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(length=10), nullable=True),
        sa.Column("placed_by", sa.String(length=10), nullable=True),
        sa.CheckConstraint("place IN ('inside', 'outside')", name=op.f("ck_session_item_place_known")),
        sa.CheckConstraint(
            "placed_by IN ('votes', 'preference', 'chair')", name=op.f("ck_session_item_placed_by_known")
        ),
        sa.CheckConstraint(
            "(needed IS NULL) = (present IS NULL) AND (needed IS NULL) = (absent IS NULL) AND (needed IS NULL) = (written IS NULL) AND (needed IS NULL) = (aside IS NULL) AND (needed IS NULL) = (base IS NULL) AND (needed IS NULL) = (issued IS NULL) AND (needed IS NULL) = (returned IS NULL) AND (needed IS NULL) = (valid IS NULL) AND (needed IS NULL) = (invalid IS NULL) AND (needed IS NULL) = (agree IS NULL) AND (needed IS NULL) = (against IS NULL) AND (needed IS NULL) = (abstained IS NULL)",
            name=op.f("ck_session_item_counted_as_a_whole"),
        ),
        sa.CheckConstraint(
            "needed IS NULL OR (agree + against + abstained = valid + written AND valid + invalid = returned AND returned <= issued AND issued <= present AND agree >= 0 AND against >= 0 AND abstained >= 0 AND invalid >= 0 AND aside >= 0)",
            name=op.f("ck_session_item_figures_fit"),
        ),
        sa.ForeignKeyConstraint(
            ["nomination_id"], ["nomination.id"], name=op.f("fk_session_item_nomination_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["council_session.id"], name=op.f("fk_session_item_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_item")),
        sa.UniqueConstraint(
            "session_id", "nomination_id", name=op.f("uq_session_item_session_id_nomination_id")
        ),
    )
    with op.batch_alter_table("session_item", schema=None) as batch_op:
        batch_op.create_index("ix_session_item_nomination_id", ["nomination_id"], unique=False)

    op.create_table(
        "open_vote",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("choice", sa.String(length=10), nullable=False),
        sa.Column("written", sa.Boolean(), nullable=False),
        sa.CheckConstraint("choice IN ('yes', 'no', 'abstain')", name=op.f("ck_open_vote_choice_known")),
        sa.ForeignKeyConstraint(["item_id"], ["session_item.id"], name=op.f("fk_open_vote_item_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_open_vote_person_id")),
        sa.PrimaryKeyConstraint("item_id", "person_id", name=op.f("pk_open_vote")),
    )
    op.create_table(
        "session_recusal",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("note_id", sa.String(length=36), nullable=True),
        sa.CheckConstraint(
            "kind <> 'own' OR note_id IS NOT NULL", name=op.f("ck_session_recusal_own_demands_reason")
        ),
        sa.CheckConstraint("kind IN ('nominee', 'unit', 'own')", name=op.f("ck_session_recusal_kind_known")),
        sa.ForeignKeyConstraint(["item_id"], ["session_item.id"], name=op.f("fk_session_recusal_item_id")),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_session_recusal_note_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_session_recusal_person_id")),
        sa.PrimaryKeyConstraint("item_id", "person_id", name=op.f("pk_session_recusal")),
    )

    if op.get_bind().dialect.name == "postgresql":
        # What is in an open ballot box goes into no write-ahead log, and so into no copy that is made of the log.
        op.execute("ALTER TABLE ballot_slot SET UNLOGGED")


def downgrade() -> None:
    op.drop_table("session_recusal")
    op.drop_table("open_vote")
    with op.batch_alter_table("session_item", schema=None) as batch_op:
        batch_op.drop_index("ix_session_item_nomination_id")

    op.drop_table("session_item")
    op.drop_table("session_member")
    with op.batch_alter_table("ballot_slot", schema=None) as batch_op:
        batch_op.drop_index("ix_ballot_slot_session_id")

    op.drop_table("ballot_slot")
    op.drop_table("ballot_issue")
    with op.batch_alter_table("ballot", schema=None) as batch_op:
        batch_op.drop_index("ix_ballot_session_id")

    op.drop_table("ballot")
    with op.batch_alter_table("council_session", schema=None) as batch_op:
        batch_op.drop_index("ix_council_session_council_id")
        batch_op.drop_index(
            "ix_council_session_agenda",
            sqlite_where=sa.text("standing NOT IN ('closed', 'annulled')"),
            postgresql_where=sa.text("standing NOT IN ('closed', 'annulled')"),
        )

    op.drop_table("council_session")
    with op.batch_alter_table("council_member", schema=None) as batch_op:
        batch_op.drop_index("ix_council_member_person_id")
        batch_op.drop_index("ix_council_member_council_id")

    op.drop_table("council_member")
    with op.batch_alter_table("council", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_council_unit_id"))

    op.drop_table("council")
