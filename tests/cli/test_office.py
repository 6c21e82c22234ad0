"""From an empty home to an administrator who is signed in: at the terminal, then in the browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli import exits
from kit.settings import Settings
from tests.cli.conftest import runner
from tests.web.client import client_of
from tests.web.conftest import Browser
from web.app import create_app

BEGIN = ("office", "begin", "pgd-mau", "education_office", "Phòng GDĐT Mẫu", "cb-001", "Trần Thị Mẫu")
NEW = "bốn con trâu trên đồng"


def test_the_operator_begins_an_empty_home_and_the_administrator_signs_in(
    empty_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THIDUA_PAGE", "http://localhost:8000")
    thidua = runner(capsys)
    assert thidua("init").code == exits.DONE
    refused = thidua("account", "link", "cb-001", "--first")
    assert refused.code == exits.NOT_FOUND
    begun = thidua(*BEGIN, "--mail", "mau@mau.example")
    assert (begun.code, "lập cơ quan đầu tiên" in begun.out) == (exits.DONE, True), begun.err
    link = thidua("account", "link", "cb-001", "--first").out.splitlines()[-1]
    app = create_app(Settings())
    browser = Browser(client_of(app))
    assert "thidua account link" in browser.get("/sign-in").text
    path = link.removeprefix("http://localhost:8000")
    assert browser.send(path, {"password": NEW, "password_again": NEW}).path == "/sign-in"
    inside = browser.send("/sign-in", {"name": "cb-001", "password": NEW, "next": "/account"})
    assert inside.path == "/account"
    assert "Quản trị viên, Phòng GDĐT Mẫu" in inside.text
    app.state.house.database.close()
    assert thidua("doctor").code == exits.DONE
    assert thidua("audit", "verify").code == exits.DONE


def test_a_home_that_has_units_is_not_begun(empty_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    thidua = runner(capsys)
    assert thidua("init").code == exits.DONE
    assert thidua(*BEGIN, "--dry-run").code == exits.DONE
    assert thidua(*BEGIN).code == exits.DONE
    again = thidua("office", "begin", "khac", "school", "Trường Mẫu", "cb-002", "Lê Văn Mẫu")
    assert (again.code, "đã có đơn vị" in again.err) == (exits.REFUSED, True)
    assert thidua("office", "begin", "khac", "lâu-đài", "Trường Mẫu", "cb-002", "Lê").code == exits.USAGE
