"""The pages as a process: what its log holds, and to whose name letters link whatever a request calls us."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from casework.accounts.sign_in import open_sign_in
from kit.clock import wall_now
from models.base import metadata
from tests.conftest import copy_of_office
from tests.flows.machine import until
from tests.web.conftest import Pages
from tests.web.process import Server, serving
from web.guard import form_token
from web.visit import SIGN_IN_COOKIE

SECRETS = ("Nguyễn Thị Kín", "kin@mau.example", "mật khẩu rất kín", "reset-token-kin", "lý do rất kín")


@pytest.fixture(params=["sqlite"])
def running(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Pages, Server]]:
    """The small office and a server on it."""
    with copy_of_office(request, tmp_path) as office, serving(tmp_path) as server:
        pages = Pages(office, None, tmp_path)
        pages.stand("2025-06-10")
        yield pages, server


def cookie_of(pages: Pages, person: str) -> tuple[str, str]:
    """(cookie, token of forms) of somebody who is signed in."""
    about = {"client": "test", "address": "127.0.0.1", "real_now": wall_now()}
    with pages.office.database.write() as connection:
        token = open_sign_in(connection, pages.office.people[person], "password", **about).token
    return f"{SIGN_IN_COOKIE}={token}", form_token(token)


def raw(server: Server, head: bytes) -> None:
    """Bytes as they are, which no library would send."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.connect()
    connection.sock.sendall(head)
    connection.sock.settimeout(5)
    connection.sock.recv(4_000)
    connection.close()


def test_nothing_that_is_sent_makes_a_line_in_the_log(running: tuple[Pages, Server]) -> None:
    pages, server = running
    cookie, csrf = cookie_of(pages, "clerk")
    server.ask("GET", "/dossiers/x%0aERROR%20forged%0d%0a%1b%5b31m", cookie)
    server.ask("GET", "/public/decision?code=%0aERROR%20forged", cookie)
    server.ask("POST", "/reset", cookie, {"csrf": csrf, "name": "a\nERROR forged\x1b[31m"})
    server.ask("POST", "/sign-in", cookie, {"csrf": csrf, "name": "x\r\nERROR forged", "password": "y"})
    raw(server, b"GET / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: x\x1b[31mERROR forged\r\n\r\n")
    raw(server, b"GET /\x0bERROR forged HTTP/1.1\r\nHost: localhost\r\n\r\n")
    raw(server, b"ERROR forged\r\n\r\n")
    raw(server, b"POST /reset HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n")
    log = server.log.read_text(encoding="utf-8", errors="replace")
    assert "forged" not in log
    assert not re.search(r"[^\n\t\x20-\x7e\u00a0-\uffff]", log)


def test_no_personal_data_stand_in_the_log(running: tuple[Pages, Server]) -> None:
    pages, server = running
    cookie, csrf = cookie_of(pages, "clerk")
    name, mail, password, token, reason = SECRETS
    code = pages.office.dossier_at("at_education_office")
    server.ask("POST", "/sign-in", "", {"name": name, "password": password})
    server.ask("POST", "/sign-in", cookie, {"csrf": csrf, "name": mail, "password": password})
    server.ask("GET", f"/link/{token}", cookie)
    server.ask(
        "POST", f"/link/{token}", cookie, {"csrf": csrf, "password": password, "password_again": password}
    )
    server.ask("POST", "/reset", cookie, {"csrf": csrf, "name": mail})
    # What breaks is told with a trace: the statement, and none of the values that were typed.
    with pages.office.database.write() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER broken BEFORE INSERT ON note BEGIN SELECT RAISE(ABORT, 'x'); END"
        )
    again = {"csrf": csrf, "reason": reason, "key": "another"}
    assert server.ask("POST", f"/dossiers/{code}/steps/withdraw", cookie, again).status == 500
    # The answer leaves before the trace is written.
    until(lambda: "INSERT INTO note" in server.log.read_text(encoding="utf-8"), 20, "the trace")
    log = server.log.read_text(encoding="utf-8")
    for secret in (*SECRETS, cookie.partition("=")[2], csrf, "Người clerk", "clerk@"):
        assert secret not in log, secret


def test_a_letter_links_to_the_offices_own_address_whatever_a_request_calls_us(
    running: tuple[Pages, Server],
) -> None:
    pages, server = running
    person = metadata.tables["person"]
    with pages.office.database.write() as connection:
        connection.execute(person.update().values(email=person.c.code + "@mau.example"))
    cookie, csrf = cookie_of(pages, "clerk")
    for name in ("Host", "X_Forwarded_Host", "X_Host", "Forwarded", "X_Original_URL", "X_Forwarded_Proto"):
        said = {name: "host=evil.example" if name == "Forwarded" else "evil.example"}
        asked = server.ask("POST", "/reset", cookie, {"csrf": csrf, "name": "principal"}, **said)
        assert asked.status == (400 if name == "Host" else 303), name
        assert "evil.example" not in asked.onward + asked.text
    with pages.office.database.read() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(table.select()):
                assert "evil.example" not in repr(tuple(row)), table.name
