"""What is said to a database when a connection to it is opened."""

from __future__ import annotations

import pytest
from sqlalchemy import make_url

from kit.database import Database
from tests.conftest import new_postgres_database


def rows_out_of_order(url: str) -> str:
    """What PostgreSQL reckons a row out of order to cost, also after a transaction was given up."""
    database = Database(url)
    with database.read() as connection:
        connection.rollback()
        told = connection.exec_driver_sql("SHOW random_page_cost").scalar_one()
    database.close()
    return str(told)


@pytest.mark.postgres
def test_postgresql_reckons_with_rows_at_hand_unless_its_keeper_says_otherwise(postgres_url: str) -> None:
    with new_postgres_database(postgres_url) as url:
        assert rows_out_of_order(url) == "1.1"
        database = Database(url)
        with database.write() as connection:
            name = make_url(url).database
            connection.exec_driver_sql(f'ALTER DATABASE "{name}" SET random_page_cost = 3')
        database.close()
        assert rows_out_of_order(url) == "3"
