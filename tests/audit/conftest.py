"""A small office with some history, made once per engine; each test tampers with it and takes everything back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date

import pytest
from sqlalchemy import Connection

from casework.duties import grant_duty
from casework.extend_window import extend_window
from casework.inputs import OpinionInput
from tests.build import Office, main_way
from tests.conftest import BOTH_ENGINES, copy_of_office, drop_append_only_guards

Tampering = Callable[[], AbstractContextManager[Connection]]


@pytest.fixture(scope="module", params=BOTH_ENGINES)
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The office with two dossiers, the first of them decided, an extension and a few duties."""
    with copy_of_office(request, tmp_path_factory.mktemp("written")) as office:
        _write_history(office)
        yield office


def _write_history(office: Office) -> None:
    first = office.dossier_at("at_education_office")
    doubted, _ = office.nominations(first)
    against = OpinionInput(doubted, "not_supported", reason="Minh chứng chưa đủ.")
    office.step(first, "appraise", "appraiser", "2025-06-20", opinions=(against,), support_rest=True)
    for event, person, day, inputs in main_way("local")[7:]:
        office.step(first, event, person, day, **inputs)
    second = office.dossier_at("at_education_office", "province", "teacher")
    office.step(second, "return", "appraiser", "2025-06-21", reason="Thiếu biên bản.")
    for day in ("2025-07-05", "2025-07-06", "2025-07-07"):
        call = office.call("office-head", "2025-06-29")
        until = date.fromisoformat(day)
        extend_window(office.database, "th-mau-1", "2024-2025", "dossier-completion", until, "Mưa bão.", call)
    for duty in ("clerk", "principal", "school_council"):
        call = office.call("admin", "2025-06-10")
        grant_duty(office.database, "teacher", "th-mau-1", duty, date(2025, 8, 1), None, call)


@pytest.fixture
def tampering(written: Office) -> Tampering:
    """A connection that may change what is append-only; at the end of its block nothing has happened."""

    @contextmanager
    def opened() -> Iterator[Connection]:
        with written.database.engine.connect() as connection:
            written.database.begin_write(connection)
            drop_append_only_guards(connection)
            yield connection
            connection.rollback()

    return opened
