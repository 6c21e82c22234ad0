"""The running year: obligations, letters, the ledger of the flows, seals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.base import UTCDateTime


revision = "20261122_year"
down_revision = "20241122_first"
branch_labels = None
depends_on = None


_UNFINISHED = "state_kind NOT IN ('decided', 'withdrawn', 'lapsed', 'declined', 'revoked')"
_PARTIAL = (
    ("ix_dossier_unfinished", ["desk_unit_id", "desk", "changed_at", "id"], _UNFINISHED),
    ("ix_dossier_unfinished_procedure_sha256", ["procedure_sha256"], _UNFINISHED),
    ("ix_dossier_lies_open", ["changed_at", "id"], "desk = 'public_opinion' AND state_kind = 'at_desk'"),
)


def upgrade() -> None:
    op.create_table(
        "flow_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("flow", sa.String(length=40), nullable=False),
        sa.Column("part", sa.String(length=80), nullable=False),
        sa.Column("business_day", sa.Date(), nullable=False),
        sa.Column("business_at", UTCDateTime(), nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("finished_at", UTCDateTime(), nullable=True),
        sa.Column("standing", sa.String(length=10), nullable=False),
        sa.Column("missed_days", sa.Integer(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("prefect_run", sa.String(length=60), nullable=False),
        sa.Column("trouble", sa.String(length=400), nullable=False),
        sa.CheckConstraint(
            "standing IN ('running', 'done', 'failed')", name=op.f("ck_flow_run_standing_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flow_run")),
    )
    with op.batch_alter_table("flow_run", schema=None) as batch_op:
        batch_op.create_index("ix_flow_run_flow_id", ["flow", "id"], unique=False)

    op.create_table(
        "dossier_reach",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_dossier_reach_dossier_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_dossier_reach_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", "dossier_id", name=op.f("pk_dossier_reach")),
    )
    with op.batch_alter_table("dossier_reach", schema=None) as batch_op:
        batch_op.create_index("ix_dossier_reach_dossier_id", ["dossier_id"], unique=False)

    op.create_table(
        "seal",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("prev_root", sa.String(length=64), nullable=False),
        sa.Column("heads", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(length=120), nullable=False),
        sa.CheckConstraint("heads >= 0", name=op.f("ck_seal_heads_counted")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_seal")),
    )
    op.create_table(
        "fulfilment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("calendar", sa.String(length=80), nullable=False),
        sa.Column("milestone", sa.String(length=60), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("paper_sha256", sa.String(length=64), nullable=True),
        sa.Column("paper_name", sa.String(length=200), nullable=False),
        sa.Column("note_id", sa.String(length=36), nullable=True),
        sa.Column("fulfilled_by_id", sa.Integer(), nullable=True),
        sa.Column("fulfilled_at", UTCDateTime(), nullable=False),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", UTCDateTime(), nullable=True),
        sa.Column("undone_note_id", sa.String(length=36), nullable=True),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_note_id IS NULL)", name=op.f("ck_fulfilment_undone_with_reason")
        ),
        sa.ForeignKeyConstraint(
            ["fulfilled_by_id"], ["person.id"], name=op.f("fk_fulfilment_fulfilled_by_id")
        ),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_fulfilment_note_id")),
        sa.ForeignKeyConstraint(
            ["paper_sha256"], ["stored_file.sha256"], name=op.f("fk_fulfilment_paper_sha256")
        ),
        sa.ForeignKeyConstraint(["undone_by_id"], ["person.id"], name=op.f("fk_fulfilment_undone_by_id")),
        sa.ForeignKeyConstraint(["undone_note_id"], ["note.id"], name=op.f("fk_fulfilment_undone_note_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_fulfilment_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fulfilment")),
    )
    with op.batch_alter_table("fulfilment", schema=None) as batch_op:
        batch_op.create_index(
            "uq_fulfilment_standing",
            ["unit_id", "calendar", "milestone"],
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )

    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("standing", sa.String(length=10), nullable=False),
        sa.Column("queued_at", UTCDateTime(), nullable=False),
        sa.Column("not_before", UTCDateTime(), nullable=False),
        sa.Column("leased_by", sa.String(length=80), nullable=True),
        sa.Column("leased_until", UTCDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=True),
        sa.Column("mime", sa.LargeBinary(), nullable=True),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.Column("trouble", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "standing <> 'sent' OR sent_at IS NOT NULL", name=op.f("ck_letter_sent_demands_instant")
        ),
        sa.CheckConstraint(
            "standing IN ('queued', 'sending', 'sent', 'failed', 'in_doubt', 'retracted')",
            name=op.f("ck_letter_standing_known"),
        ),
        sa.CheckConstraint(
            "standing NOT IN ('sending', 'sent', 'in_doubt') OR (message_id IS NOT NULL AND mime IS NOT NULL)",
            name=op.f("ck_letter_handed_over_demands_bytes"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_letter_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("person_id", "day", "kind", name=op.f("uq_letter_person_id_day_kind")),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index("ix_letter_standing_not_before", ["standing", "not_before"], unique=False)

    op.create_table(
        "obligation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("calendar", sa.String(length=80), nullable=False),
        sa.Column("milestone", sa.String(length=60), nullable=False),
        sa.Column("look_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_obligation_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_obligation")),
        sa.UniqueConstraint(
            "calendar", "milestone", "unit_id", name=op.f("uq_obligation_calendar_milestone_unit_id")
        ),
    )
    with op.batch_alter_table("obligation", schema=None) as batch_op:
        batch_op.create_index(
            "ix_obligation_look_on",
            ["look_on"],
            unique=False,
            sqlite_where=sa.text("look_on IS NOT NULL"),
            postgresql_where=sa.text("look_on IS NOT NULL"),
        )
        batch_op.create_index("ix_obligation_unit_id", ["unit_id"], unique=False)

    op.create_table(
        "own_dates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("calendar", sa.String(length=80), nullable=False),
        sa.Column("milestone", sa.String(length=60), nullable=False),
        sa.Column("opens", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("note_id", sa.String(length=36), nullable=True),
        sa.Column("set_by_id", sa.Integer(), nullable=True),
        sa.Column("set_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("last_day >= opens", name=op.f("ck_own_dates_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_own_dates_note_id")),
        sa.ForeignKeyConstraint(["set_by_id"], ["person.id"], name=op.f("fk_own_dates_set_by_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_own_dates_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_dates")),
    )
    with op.batch_alter_table("own_dates", schema=None) as batch_op:
        batch_op.create_index("ix_own_dates_unit_id_calendar", ["unit_id", "calendar"], unique=False)

    op.create_table(
        "letter_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=False),
        sa.Column("smtp_code", sa.Integer(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "answer IN ('sent', 'temporary', 'permanent', 'in_doubt')",
            name=op.f("ck_letter_attempt_answer_known"),
        ),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_letter_attempt_letter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_attempt")),
        sa.UniqueConstraint("letter_id", "number", name=op.f("uq_letter_attempt_letter_id_number")),
    )
    with op.batch_alter_table("letter_attempt", schema=None) as batch_op:
        batch_op.create_index("ix_letter_attempt_at", ["at"], unique=False)
    op.create_table(
        "suppressed_address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("smtp_code", sa.Integer(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_suppressed_address_letter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppressed_address")),
        sa.UniqueConstraint("address", name=op.f("uq_suppressed_address_address")),
    )
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.String(length=1000), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_saved_view_has_a_name")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_saved_view_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("person_id", "name", name=op.f("uq_saved_view_person_id_name")),
    )
    with op.batch_alter_table("dossier", schema=None) as batch_op:
        batch_op.add_column(sa.Column("look_on", sa.Date(), nullable=True))
        batch_op.create_index(
            "ix_dossier_look_on",
            ["look_on"],
            unique=False,
            sqlite_where=sa.text("look_on IS NOT NULL"),
            postgresql_where=sa.text("look_on IS NOT NULL"),
        )

    with op.batch_alter_table("dossier", schema=None) as batch_op:
        batch_op.create_index("ix_dossier_school_year_id", ["school_year", "id"], unique=False)
        batch_op.create_index(
            "ix_dossier_state_kind_school_year_id", ["state_kind", "school_year", "id"], unique=False
        )
        for name, columns, where in _PARTIAL:
            batch_op.create_index(
                name, columns, unique=False, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
            )

    with op.batch_alter_table("award", schema=None) as batch_op:
        batch_op.create_index(
            "ix_award_made_here",
            ["school_year", "id"],
            unique=False,
            sqlite_where=sa.text("nomination_id IS NOT NULL"),
            postgresql_where=sa.text("nomination_id IS NOT NULL"),
        )

    with op.batch_alter_table("outbox_item", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ready_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("letter_id", sa.Integer(), nullable=True))
    # What was enqueued before letters were composed may be taken up at once.
    op.execute("UPDATE outbox_item SET ready_at = queued_at")
    with op.batch_alter_table("outbox_item", schema=None) as batch_op:
        batch_op.alter_column("ready_at", existing_type=UTCDateTime(), nullable=False)
        batch_op.create_index(
            "ix_outbox_item_letter_id",
            ["letter_id"],
            unique=False,
            sqlite_where=sa.text("letter_id IS NOT NULL"),
            postgresql_where=sa.text("letter_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_outbox_item_waiting",
            ["ready_at"],
            unique=False,
            sqlite_where=sa.text("standing = 'queued' AND letter_id IS NULL"),
            postgresql_where=sa.text("standing = 'queued' AND letter_id IS NULL"),
        )
        batch_op.create_foreign_key(batch_op.f("fk_outbox_item_letter_id"), "letter", ["letter_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("outbox_item", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_outbox_item_letter_id"), type_="foreignkey")
        batch_op.drop_index(
            "ix_outbox_item_waiting",
            sqlite_where=sa.text("standing = 'queued' AND letter_id IS NULL"),
            postgresql_where=sa.text("standing = 'queued' AND letter_id IS NULL"),
        )
        batch_op.drop_index(
            "ix_outbox_item_letter_id",
            sqlite_where=sa.text("letter_id IS NOT NULL"),
            postgresql_where=sa.text("letter_id IS NOT NULL"),
        )
        batch_op.drop_column("letter_id")
        batch_op.drop_column("ready_at")

    with op.batch_alter_table("award", schema=None) as batch_op:
        batch_op.drop_index("ix_award_made_here")

    with op.batch_alter_table("dossier", schema=None) as batch_op:
        for name, _, _ in _PARTIAL:
            batch_op.drop_index(name)
        batch_op.drop_index("ix_dossier_state_kind_school_year_id")
        batch_op.drop_index("ix_dossier_school_year_id")

    with op.batch_alter_table("dossier", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_dossier_look_on",
            sqlite_where=sa.text("look_on IS NOT NULL"),
            postgresql_where=sa.text("look_on IS NOT NULL"),
        )
        batch_op.drop_column("look_on")

    op.drop_table("saved_view")
    op.drop_table("suppressed_address")
    with op.batch_alter_table("letter_attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_letter_attempt_at")

    op.drop_table("letter_attempt")
    with op.batch_alter_table("own_dates", schema=None) as batch_op:
        batch_op.drop_index("ix_own_dates_unit_id_calendar")

    op.drop_table("own_dates")
    with op.batch_alter_table("obligation", schema=None) as batch_op:
        batch_op.drop_index("ix_obligation_unit_id")
        batch_op.drop_index(
            "ix_obligation_look_on",
            sqlite_where=sa.text("look_on IS NOT NULL"),
            postgresql_where=sa.text("look_on IS NOT NULL"),
        )

    op.drop_table("obligation")
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.drop_index("ix_letter_standing_not_before")

    op.drop_table("letter")
    with op.batch_alter_table("fulfilment", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_fulfilment_standing",
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )

    op.drop_table("fulfilment")
    with op.batch_alter_table("dossier_reach", schema=None) as batch_op:
        batch_op.drop_index("ix_dossier_reach_dossier_id")
    op.drop_table("dossier_reach")
    op.drop_table("seal")
    with op.batch_alter_table("flow_run", schema=None) as batch_op:
        batch_op.drop_index("ix_flow_run_flow_id")

    op.drop_table("flow_run")
