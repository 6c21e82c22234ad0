"""An office of teachers with ten years of history each, made by statements of PostgreSQL: what verdicts are taken on.

A school has 40 teachers and is itself nominated; every teacher is nominated once this year. Of the ten years before,
each teacher has grades and titles by a fixed pattern, so that every size holds the same mixture.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import text

from bench.stage import HERE
from casework.call import Call
from casework.publish import publish
from kit.database import Database
from models.schema import upgrade_schema

TEACHERS, YEARS = 40, 10
#: nominations of a school: its teachers and itself
OF_A_SCHOOL = TEACHERS + 1
YEAR, ON = "2024-2025", date(2025, 6, 10)
_REGULATIONS = HERE.parent / "regulations"
_FILES = (
    ("titles", "titles/catalogue"),
    ("procedure", "procedures/three-tier-2024"),
    ("rulebook", "rulebooks/rs-2024"),
)
_FILL = (
    """INSERT INTO unit (id, code, kind, name, school_type, verified, source, invented)
       SELECT n, 'th-' || n, 'school', 'Trường số ' || n, 'primary', false, 'bench', true
       FROM generate_series(1, :schools) AS n""",
    """INSERT INTO person (id, code, name, gender, email, locale)
       SELECT n, 'gv-' || n, 'Người ' || n, '', '', 'vi' FROM generate_series(1, :people) AS n""",
    """INSERT INTO employment (person_id, unit_id, since)
       SELECT n, (n - 1) / :teachers + 1, DATE '2010-08-01' FROM generate_series(1, :people) AS n""",
    """INSERT INTO decision (id, number, decided_on, year, signatory, issued_by, unit_id, recorded_at)
       SELECT y, y || '/QĐ', make_date(2015 + y, 7, 15), 2015 + y, 'Chủ tịch', 'Ủy ban', 1, :at
       FROM generate_series(1, :years) AS y""",
    """INSERT INTO award (person_id, title, school_year, award_type, decision_id, standing)
       SELECT n, CASE WHEN (n + y) % 3 = 0 THEN 'LDTT' ELSE 'CSTDCS' END,
              (2014 + y) || '-' || (2015 + y), 'merit', y, 'held'
       FROM generate_series(1, :people) AS n, generate_series(1, :years) AS y WHERE (n * 7 + y) % 5 <> 0""",
    """INSERT INTO grade (person_id, school_year, grade, number, decided_on, issued_by, recorded_by_id, recorded_at)
       SELECT n, (2014 + y) || '-' || (2015 + y),
              CASE (n + 2 * y) % 4 WHEN 0 THEN 'HTXSNV' WHEN 3 THEN 'HTNV' ELSE 'HTTNV' END,
              y || '/QĐ', make_date(2015 + y, 6, 15), 'Trường', n, :at
       FROM generate_series(1, :people) AS n, generate_series(1, :years) AS y""",
    """INSERT INTO complete_year (unit_id, what, school_year, stated_by_id, stated_at)
       SELECT u, what, (2014 + y) || '-' || (2015 + y), 1, :at
       FROM generate_series(1, :schools) AS u, generate_series(1, :years) AS y,
            (VALUES ('titles'), ('initiatives'), ('disciplines')) AS w (what)""",
    """INSERT INTO dossier (id, code, unit_id, school_year, level, procedure_sha256, state, state_kind, desk,
                            desk_unit_id, route, acted, exceptions, opened_at, changed_at, version, head_hash)
       SELECT u, 'th-' || u || '.2425.1', u, :year, 'local', :sha256, 'preparing', 'draft', 'school', u,
              '{}', '{}', '[]', :at, :at, 1, repeat('0', 64)
       FROM generate_series(1, :schools) AS u""",
    """INSERT INTO nomination (dossier_id, person_id, unit_id, title, registered, proposed, outcome)
       SELECT (n - 1) / :teachers + 1, n, (n - 1) / :teachers + 1,
              (ARRAY['LDTT', 'CSTDCS', 'CSTDT', 'BKT-TX', 'BKTTG'])[n % 5 + 1], true, true, 'open'
       FROM generate_series(1, :people) AS n""",
    """INSERT INTO nomination (dossier_id, unit_id, title, registered, proposed, outcome)
       SELECT u, u, 'TTLDTT', true, true, 'open' FROM generate_series(1, :schools) AS u""",
)


def fill_careers(url: str, nominations: int) -> None:
    """Make an office with about so many nominations (a multiple of `OF_A_SCHOOL`) at an address of PostgreSQL."""
    upgrade_schema(url)
    database = Database(url)
    at = datetime(2024, 8, 1, tzinfo=UTC)
    sha256 = {}
    for kind, name in _FILES:
        call = Call(None, at, f"publish/{name}", "bench")
        sha256[kind] = publish(database, kind, (_REGULATIONS / f"{name}.yaml").read_bytes(), call).sha256
    schools = nominations // OF_A_SCHOOL
    given = {
        "schools": schools,
        "people": schools * TEACHERS,
        "teachers": TEACHERS,
        "years": YEARS,
        "at": at,
        "year": YEAR,
        "sha256": sha256["procedure"],
    }
    with database.write() as connection:
        for statement in _FILL:
            wanted = {name: value for name, value in given.items() if f":{name}" in statement}
            connection.execute(text(statement), wanted)
    with database.engine.connect() as connection:
        raw = connection.execution_options(isolation_level="AUTOCOMMIT")
        raw.exec_driver_sql("VACUUM ANALYZE")
    database.close()
