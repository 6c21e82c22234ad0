"""Accounts from the terminal."""

from __future__ import annotations

from cli import exits
from kit.clock import wall_now
from tests.accounts.door import Door
from tests.build import Office
from tests.cli.conftest import Thidua


def test_the_first_administrator_gets_a_link_that_is_shown_once(thidua: Thidua, monkeypatch) -> None:
    monkeypatch.setenv("THIDUA_PAGE", "https://thidua.example/")
    made = thidua("account", "link", "admin", "--first", "--lang", "en")
    assert made.code == exits.DONE
    assert "make a one-time link" in made.out
    assert made.out.splitlines()[-1].startswith("https://thidua.example/link/")
    (row,) = thidua("account", "list", "--json").data["accounts"]
    assert (row["person"], row["standing"]) == ("admin", "invited")
    assert "được mời" in thidua("account", "list").out


def test_a_link_that_is_only_tried_is_not_made(thidua: Thidua) -> None:
    tried = thidua("account", "link", "clerk", "--dry-run", "--json").data
    assert (tried["dry_run"], tried["link"], tried["expires_at"]) == (True, None, None)
    assert thidua("account", "list", "--json").data["accounts"] == []
    assert "--first" in thidua("account", "list").out


def test_sign_ins_are_listed_and_ended_one_or_all(thidua: Thidua, cli_office: Office) -> None:
    door = Door(cli_office, wall_now())
    door.give_account("clerk")
    one, other = door.sign_in(client="Firefox"), door.sign_in(client="Điện thoại")
    listed = thidua("account", "sign-ins", "clerk")
    assert "Firefox" in listed.out
    assert "Điện thoại" in listed.out
    assert thidua("account", "end", "clerk", "--sign-in", str(one.sign_in)).code == exits.DONE
    rows = thidua("account", "sign-ins", "clerk", "--json").data["sign_ins"]
    assert [row["sign_in"] for row in rows] == [other.sign_in]
    ended = thidua("account", "end", "clerk")
    assert (ended.code, "kết thúc tài khoản" in ended.out) == (exits.DONE, True)
    assert door.is_in(other) is None
    assert "Không có lần đăng nhập" in thidua("account", "sign-ins", "clerk").out


def test_what_is_not_there_or_not_allowed_is_said(thidua: Thidua) -> None:
    assert thidua("account", "end", "clerk").code == exits.NOT_FOUND
    assert thidua("account", "end", "clerk", "--sign-in", "7").code == exits.NOT_FOUND
    assert thidua("account", "sign-ins", "nobody").code == exits.NOT_FOUND
    assert thidua("account", "link", "clerk", "--as", "principal").code == exits.REFUSED
    assert thidua("account", "list", "--as", "principal").code == exits.REFUSED
    refused = thidua("account", "link", "clerk", "--first")
    assert (refused.code, "nhiệm vụ quản trị viên" in refused.err) == (exits.REFUSED, True)
