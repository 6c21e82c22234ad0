"""The home's own postbox keeps what it takes, can be read, and says when its port is taken."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from cli.main import main
from kit.settings import Settings
from models.schema import upgrade_schema
from notifications.postbox import PortTaken, Postbox, letters_in
from notifications.smtp import Line, build
from tests.letters.test_smtp import AT, WORDS


def post_into(port: int, times: int = 1) -> None:
    settings = Settings(mail_port=port)
    with Line(settings) as line:
        for number in range(times):
            given = {
                "to_name": "Mẫu",
                "to_address": "mau@truong.example",
                "message_id": f"<{number}@b.example>",
            }
            answer = line.send(
                line.sender, "mau@truong.example", build(WORDS, date=AT, settings=settings, **given)
            )
            assert answer.answer == "sent"


def test_what_was_taken_is_there_in_the_order_in_which_it_came(tmp_path: Path) -> None:
    with Postbox(tmp_path / "postbox", port=0) as postbox:
        post_into(postbox.port, 3)
    kept = list(letters_in(tmp_path / "postbox"))
    assert [letter.message_id for letter in kept] == [f"<{n}@b.example>" for n in range(3)]
    first = kept[0]
    assert (first.number, first.subject, first.text.strip(), first.date) == (
        1,
        WORDS.subject,
        WORDS.text.strip(),
        AT,
    )
    assert first.sender == "thidua@thidua.example"
    assert "mau@truong.example" in first.to
    assert "0@b.example" in first.file.name
    assert list((tmp_path / "postbox").glob("*.part")) == []


def test_two_copies_of_one_letter_are_two_files(tmp_path: Path) -> None:
    with Postbox(tmp_path, port=0) as postbox:
        post_into(postbox.port)
        post_into(postbox.port)
    assert len({letter.message_id for letter in letters_in(tmp_path)}) == 1
    assert len(list(letters_in(tmp_path))) == 2


def test_a_postbox_that_was_stopped_can_be_started_again(tmp_path: Path) -> None:
    postbox = Postbox(tmp_path, port=0)
    for _ in range(2):
        postbox.start()
        post_into(postbox.port)
        postbox.stop()
    assert len(list(letters_in(tmp_path))) == 2


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTaken) as taken:
            Postbox(tmp_path, port=port).start()
    assert taken.value.port == port


def test_what_cannot_be_kept_is_not_taken(tmp_path: Path) -> None:
    folder = tmp_path / "postbox"
    with Postbox(folder, port=0) as postbox:
        folder.rmdir()
        folder.write_text("no folder")
        settings = Settings(mail_port=postbox.port)
        with Line(settings) as line:
            given = {"to_name": "", "to_address": "mau@truong.example", "message_id": "<a@b.example>"}
            answer = line.send(
                line.sender, "mau@truong.example", build(WORDS, date=AT, settings=settings, **given)
            )
    assert (answer.answer, answer.smtp_code) == ("temporary", 452)


def test_the_person_at_the_keyboard_reads_her_postbox(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = ("--home", str(tmp_path))
    assert main(["postbox", "list", *home]) == 0
    assert "chưa có thư" in capsys.readouterr().out
    with Postbox(tmp_path / "postbox", port=0) as postbox:
        post_into(postbox.port, 2)
    assert main(["postbox", "list", *home]) == 0
    assert "mau@truong.example" in capsys.readouterr().out
    assert main(["postbox", "show", "2", *home]) == 0
    shown = capsys.readouterr().out
    assert WORDS.subject in shown
    assert "Kính gửi" in shown
    assert main(["postbox", "show", "3", *home]) == 4
    capsys.readouterr()
    assert main(["postbox", "list", "--json", *home]) == 0
    assert len(json.loads(capsys.readouterr().out)["letters"]) == 2


def test_letters_are_listed_shown_delivered_and_mended_from_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade_schema(f"sqlite:///{tmp_path / 'thidua.sqlite3'}")
    home = ("--home", str(tmp_path), "--lang", "en")
    with Postbox(tmp_path / "postbox", port=0) as postbox:
        monkeypatch.setenv("THIDUA_MAIL_PORT", str(postbox.port))
        for words, says in (
            (("list",), "no such letter"),
            (("deliver",), "Sent 0"),
            (("preview",), "no such letter"),
            (("send-test", "thu@mau.example"), "Test letter: sent"),
        ):
            assert main(["letters", *words, *home]) == 0, words
            assert says in capsys.readouterr().out
        assert main(["letters", "send-test", "thu@mau.example", "--dry-run", *home]) == 0
        assert "Nothing was sent" in capsys.readouterr().out
    for words in (("show", "7"), ("retry", "7"), ("retract", "7"), ("resend", "7"), ("clear", "a@b.example")):
        assert main(["letters", *words, *home]) == 4, words
        assert "letters list" in capsys.readouterr().err
    monkeypatch.setenv("THIDUA_MAIL_PORT", "1")
    assert main(["letters", "send-test", "thu@mau.example", *home]) == 3
    assert "cannot be reached" in capsys.readouterr().out
    assert main(["letters", "send-test", "thu@mau.example\nx", *home]) == 3
