"""A disk that is full and a database that may only be read: a clear word, and nothing half done."""

from __future__ import annotations

import pytest
from sqlalchemy import event, make_url

from casework.audit.verify import verify
from casework.take_step import take_step
from kit.database import Database, StorageTrouble
from tests.build import Office


def fill(database: Database) -> None:
    """From now on the file of a SQLite database may not grow: the database says what it says on a full disk."""

    def no_more_pages(connection, _record) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(database.engine, "connect", no_more_pages)
    database.close()


def history_is_whole(office: Office) -> bool:
    with office.database.read() as connection:
        return not verify(connection).bad


@pytest.mark.parametrize("office", ["sqlite"], indirect=True)
def test_a_full_disk_is_told_and_leaves_every_dossier_whole(office: Office) -> None:
    code = office.dossier_at("registered")
    fill(office.database)
    with pytest.raises(StorageTrouble) as trouble:
        for number in range(2000):
            office.step(code, "withdraw", "clerk", reason=f"Lý do số {number}. " * 20)
            office.step(code, "restore", "clerk", reason="Nhầm. " * 20)
    assert trouble.value.code == "disk_full"
    assert office.row(code)["state"] in ("registered", "withdrawn")
    assert history_is_whole(office)


def read_only(office: Office) -> Database:
    url = make_url(office.database.engine.url)
    if office.database.is_sqlite:
        return Database(f"sqlite:///file:{url.database}?mode=ro&uri=true", synchronous="NORMAL")
    told = url.update_query_dict({"options": "-c default_transaction_read_only=on"})
    return Database(told.render_as_string(hide_password=False))


def test_a_database_that_may_only_be_read_is_told_and_stays_as_it_is(office: Office) -> None:
    code = office.dossier_at("preparing")
    before = office.row(code)
    database = read_only(office)
    with pytest.raises(StorageTrouble) as trouble:
        take_step(database, code, "register", office.call("clerk", "2024-10-15"))
    database.close()
    assert trouble.value.code == "database_read_only"
    assert office.row(code) == before
