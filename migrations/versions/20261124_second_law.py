"""Grades, disciplines, service, files of earlier years, verdicts; regulations of one more kind: rulebooks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.base import UTCDateTime

revision = "20261124_law"
down_revision = "20261124_covering"
branch_labels = None
depends_on = None

_KINDS = "ck_regulation_kind_known"
_BEFORE = "kind IN ('procedure', 'calendar', 'holidays', 'titles', 'succession', 'scorecard', 'council')"
_AFTER = "kind IN ('procedure', 'calendar', 'holidays', 'titles', 'succession', 'scorecard', 'council', 'rulebook')"


def upgrade() -> None:
    _allow(_BEFORE, _AFTER)
    op.create_table(
        "complete_year",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("school_year", sa.String(length=9), nullable=False),
        sa.Column("stated_by_id", sa.Integer(), nullable=False),
        sa.Column("stated_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "(what = 'whole') = (school_year = '')", name=op.f("ck_complete_year_a_career_has_no_year")
        ),
        sa.CheckConstraint(
            "what IN ('titles', 'grades', 'initiatives', 'disciplines', 'whole')",
            name=op.f("ck_complete_year_what_known"),
        ),
        sa.CheckConstraint(
            "(person_id IS NULL) <> (unit_id IS NULL)", name=op.f("ck_complete_year_one_holder")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_complete_year_person_id")),
        sa.ForeignKeyConstraint(["stated_by_id"], ["person.id"], name=op.f("fk_complete_year_stated_by_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_complete_year_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complete_year")),
    )
    op.create_index("ix_complete_year_person_id", "complete_year", ["person_id", "school_year"])
    op.create_index("ix_complete_year_unit_id", "complete_year", ["unit_id", "school_year"])
    op.create_table(
        "discipline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("served_on", sa.Date(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("annulled_at", UTCDateTime(), nullable=True),
        sa.Column("note_id", sa.String(length=36), nullable=True),
        sa.CheckConstraint(
            "form IN ('khien_trach', 'canh_cao', 'ha_bac_luong', 'giang_chuc', 'cach_chuc', 'buoc_thoi_viec')",
            name=op.f("ck_discipline_form_known"),
        ),
        sa.CheckConstraint(
            "(annulled_at IS NULL) = (note_id IS NULL)", name=op.f("ck_discipline_annulled_with_reason")
        ),
        sa.CheckConstraint(
            "served_on IS NULL OR served_on >= decided_on", name=op.f("ck_discipline_served_after_decided")
        ),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_discipline_note_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_discipline_person_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["person.id"], name=op.f("fk_discipline_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discipline")),
    )
    op.create_index("ix_discipline_person_id", "discipline", ["person_id"])
    op.create_table(
        "grade",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("school_year", sa.String(length=9), nullable=False),
        sa.Column("grade", sa.String(length=10), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("issued_by", sa.String(length=200), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("replaced_at", UTCDateTime(), nullable=True),
        sa.Column("note_id", sa.String(length=36), nullable=True),
        sa.CheckConstraint(
            "grade IN ('KHTNV', 'HTNV', 'HTTNV', 'HTXSNV')", name=op.f("ck_grade_grade_known")
        ),
        sa.CheckConstraint("(person_id IS NULL) <> (unit_id IS NULL)", name=op.f("ck_grade_one_holder")),
        sa.CheckConstraint(
            "(replaced_at IS NULL) = (note_id IS NULL)", name=op.f("ck_grade_replaced_with_reason")
        ),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_grade_note_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_grade_person_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["person.id"], name=op.f("fk_grade_recorded_by_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_grade_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grade")),
    )
    op.create_index(
        "uq_grade_person_year",
        "grade",
        ["person_id", "school_year"],
        unique=True,
        sqlite_where=sa.text("replaced_at IS NULL"),
        postgresql_where=sa.text("replaced_at IS NULL"),
    )
    op.create_index(
        "uq_grade_unit_year",
        "grade",
        ["unit_id", "school_year"],
        unique=True,
        sqlite_where=sa.text("replaced_at IS NULL"),
        postgresql_where=sa.text("replaced_at IS NULL"),
    )
    op.create_table(
        "history_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("written", sa.Integer(), nullable=False),
        sa.Column("imported_by_id", sa.Integer(), nullable=False),
        sa.Column("imported_at", UTCDateTime(), nullable=False),
        sa.Column("taken_back_by_id", sa.Integer(), nullable=True),
        sa.Column("taken_back_at", UTCDateTime(), nullable=True),
        sa.Column("note_id", sa.String(length=36), nullable=True),
        sa.CheckConstraint(
            "kind IN ('titles', 'grades', 'disciplines', 'service', 'initiatives')",
            name=op.f("ck_history_import_kind_known"),
        ),
        sa.CheckConstraint(
            "(taken_back_at IS NULL) = (note_id IS NULL) AND (taken_back_at IS NULL) = (taken_back_by_id IS NULL)",
            name=op.f("ck_history_import_taken_back_with_reason"),
        ),
        sa.CheckConstraint(
            "rows >= written AND written >= 0", name=op.f("ck_history_import_rows_accounted_for")
        ),
        sa.ForeignKeyConstraint(
            ["imported_by_id"], ["person.id"], name=op.f("fk_history_import_imported_by_id")
        ),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_history_import_note_id")),
        sa.ForeignKeyConstraint(
            ["taken_back_by_id"], ["person.id"], name=op.f("fk_history_import_taken_back_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_import")),
    )
    op.create_index("ix_history_import_sha256", "history_import", ["sha256"])
    op.create_table(
        "open_matter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("note_id", sa.String(length=36), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("conclusion", sa.String(length=10), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "(closed_on IS NULL) = (conclusion = '')", name=op.f("ck_open_matter_closed_with_conclusion")
        ),
        sa.CheckConstraint(
            "conclusion IN ('', 'clean', 'upheld')", name=op.f("ck_open_matter_conclusion_known")
        ),
        sa.CheckConstraint(
            "kind IN ('discipline', 'inspection', 'complaint', 'press')",
            name=op.f("ck_open_matter_kind_known"),
        ),
        sa.CheckConstraint(
            "(person_id IS NULL) <> (unit_id IS NULL)", name=op.f("ck_open_matter_one_subject")
        ),
        sa.CheckConstraint(
            "closed_on IS NULL OR closed_on >= since", name=op.f("ck_open_matter_closed_after_opened")
        ),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_open_matter_note_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_open_matter_person_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_open_matter_recorded_by_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_open_matter_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_matter")),
    )
    op.create_index("ix_open_matter_person_id", "open_matter", ["person_id"])
    op.create_index("ix_open_matter_unit_id", "open_matter", ["unit_id"])
    op.create_table(
        "service",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("kind IN ('trade', 'hard_area')", name=op.f("ck_service_kind_known")),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_service_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_service_person_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["person.id"], name=op.f("fk_service_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
    )
    op.create_index("ix_service_person_id", "service", ["person_id"])
    op.create_table(
        "imported_row",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('award', 'grade', 'discipline', 'service', 'decision', 'complete_year')",
            name=op.f("ck_imported_row_kind_known"),
        ),
        sa.ForeignKeyConstraint(["import_id"], ["history_import.id"], name=op.f("fk_imported_row_import_id")),
        sa.PrimaryKeyConstraint("import_id", "kind", "row_id", name=op.f("pk_imported_row")),
    )
    op.create_table(
        "verdict",
        sa.Column("nomination_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.String(length=10), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("why", sa.String(length=10), nullable=False),
        sa.Column("on_hold", sa.Boolean(), nullable=False),
        sa.Column("rulebook_sha256", sa.String(length=64), nullable=False),
        sa.Column("chosen", sa.String(length=20), nullable=False),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.Column("legal_day", sa.Date(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("reopened_by", sa.String(length=80), nullable=True),
        sa.CheckConstraint(
            "(taken_at = 'again') = (reopened_by IS NOT NULL)", name=op.f("ck_verdict_again_for_a_reason")
        ),
        sa.CheckConstraint("outcome IN ('met', 'not_met', 'unknown')", name=op.f("ck_verdict_outcome_known")),
        sa.CheckConstraint(
            "taken_at IN ('hand_in', 'appraise', 'decide', 'again')", name=op.f("ck_verdict_taken_at_known")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_verdict_number_counts_from_one")),
        sa.ForeignKeyConstraint(["nomination_id"], ["nomination.id"], name=op.f("fk_verdict_nomination_id")),
        sa.ForeignKeyConstraint(
            ["rulebook_sha256"], ["regulation.sha256"], name=op.f("fk_verdict_rulebook_sha256")
        ),
        sa.PrimaryKeyConstraint("nomination_id", "number", name=op.f("pk_verdict")),
    )
    op.create_table(
        "verdict_basis",
        sa.Column("nomination_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["nomination_id"], ["nomination.id"], name=op.f("fk_verdict_basis_nomination_id")
        ),
        sa.PrimaryKeyConstraint("nomination_id", "key", name=op.f("pk_verdict_basis")),
    )
    op.create_index("ix_verdict_basis_key", "verdict_basis", ["key"])


def downgrade() -> None:
    op.drop_index("ix_verdict_basis_key", table_name="verdict_basis")
    op.drop_table("verdict_basis")
    op.drop_table("verdict")
    op.drop_table("imported_row")
    op.drop_index("ix_service_person_id", table_name="service")
    op.drop_table("service")
    op.drop_index("ix_open_matter_unit_id", table_name="open_matter")
    op.drop_index("ix_open_matter_person_id", table_name="open_matter")
    op.drop_table("open_matter")
    op.drop_index("ix_history_import_sha256", table_name="history_import")
    op.drop_table("history_import")
    op.drop_index(
        "uq_grade_unit_year",
        table_name="grade",
        sqlite_where=sa.text("replaced_at IS NULL"),
        postgresql_where=sa.text("replaced_at IS NULL"),
    )
    op.drop_index(
        "uq_grade_person_year",
        table_name="grade",
        sqlite_where=sa.text("replaced_at IS NULL"),
        postgresql_where=sa.text("replaced_at IS NULL"),
    )
    op.drop_table("grade")
    op.drop_index("ix_discipline_person_id", table_name="discipline")
    op.drop_table("discipline")
    op.drop_index("ix_complete_year_unit_id", table_name="complete_year")
    op.drop_index("ix_complete_year_person_id", table_name="complete_year")
    op.drop_table("complete_year")
    _allow(_AFTER, _BEFORE)


def _allow(before: str, after: str) -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f(_KINDS), "regulation", type_="check")
        op.create_check_constraint(op.f(_KINDS), "regulation", after)
        return
    # Copying the table, SQLite's usual way to change a CHECK, would drop what every dossier refers to and the triggers
    # that guard it. Only the words of the constraint change, no row: this is the way that SQLite's manual gives for that.
    bind = op.get_bind()
    version = bind.exec_driver_sql("PRAGMA schema_version").scalar_one()
    bind.exec_driver_sql("PRAGMA writable_schema = ON")
    changed = bind.execute(
        sa.text("UPDATE sqlite_schema SET sql = replace(sql, :before, :after) WHERE name = 'regulation'"),
        {"before": before, "after": after},
    )
    if changed.rowcount != 1:
        raise RuntimeError("the table of regulations was not found")
    bind.exec_driver_sql(f"PRAGMA schema_version = {int(version) + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema = OFF")
