"""Help, the page of commands and the settings tell of everything that there is, and quickly."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cli.main import SECTIONS, command, main
from cli.manual import PAGE, commands_page
from cli.step import alias_of
from kit.settings import Settings
from notifications.words import LANGS, catalogue
from states.vocabulary import EVENTS

ROOT = Path(__file__).resolve().parents[2]


def leaves(group=None, path=()):
    """(path, command) of every command that does something."""
    for name, inner in (group or command()).commands.items():
        if hasattr(inner, "commands"):
            yield from leaves(inner, (*path, name))
        else:
            yield (*path, name), inner


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("path", [path for path, _ in leaves()], ids=" ".join)
def test_every_command_and_option_has_help_in_both_languages(
    path: tuple[str, ...], lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*path, "--help", "--lang", lang]) == 0
    out = capsys.readouterr().out
    assert not re.search(r"\b(commands|options|terminal)\.[a-z_]+", out)
    assert max(map(len, out.splitlines())) <= 100


@pytest.mark.parametrize("lang", LANGS)
def test_no_help_text_is_left_without_a_command_or_option(lang: str) -> None:
    keys = {"_".join(path).replace("-", "_") for path, _ in leaves()}
    keys |= {
        name.replace("-", "_") for name, inner in command().commands.items() if hasattr(inner, "commands")
    }
    assert set(catalogue("commands", lang)) - keys == {"thidua", "alias"}
    options = {param.help for _, leaf in leaves() for param in leaf.params}
    options |= {param.help for param in command().params}
    assert set(catalogue("options", lang)) == {*options, "help"}


def test_no_event_of_a_procedure_is_without_its_command() -> None:
    assert {alias_of(event) for event in EVENTS} <= set(command().commands)


def test_help_shows_every_command_in_one_of_its_sections() -> None:
    shown = [name for names in SECTIONS.values() for name in names]
    assert sorted(shown) == sorted(command().commands)


def test_the_page_of_commands_is_in_step_with_the_commands() -> None:
    assert PAGE.read_text(encoding="utf-8") == commands_page(), "run: python -m cli.manual"


def test_thidua_alone_says_in_vietnamese_how_to_start(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "Bắt đầu:" in capsys.readouterr().out


def test_a_mistyped_command_is_told_what_may_have_been_meant(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["statsu"]) == 2
    assert "status" in capsys.readouterr().err
    assert main(["dossier", "shwo", "--lang", "en"]) == 2
    assert "Did you mean: show?" in capsys.readouterr().err


def test_help_loads_neither_the_database_nor_what_is_heavier() -> None:
    program = (
        "import sys; from cli.main import main; main(['--help']); main(['dossier', '--help']);"
        "print([name for name in ('alembic', 'prefect', 'sqlalchemy', 'statemachine', 'rich') if name in sys.modules])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT, timeout=60
    )
    assert answer.stdout.splitlines()[-1] == "[]"


def test_looking_at_dossiers_loads_neither_migrations_nor_flows(tmp_path: Path) -> None:
    program = (
        "import sys; from cli.main import main; main(['status']);"
        "print([name for name in ('alembic', 'prefect') if name in sys.modules])"
    )
    environment = {**os.environ, "THIDUA_HOME": str(tmp_path), "THIDUA_DATABASE_URL": "sqlite://"}
    answer = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=environment,
        timeout=60,
    )
    assert answer.stdout.splitlines()[-1] == "[]"


# --- Settings -----------------------------------------------------------------------------------------------


def listed() -> dict[str, str]:
    """The settings of `.env.example` with the values that stand there."""
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    return dict(re.findall(r"^# (THIDUA_[A-Z_]+)=(.*)$", text, re.MULTILINE))


def test_every_setting_is_listed_and_every_listed_one_exists() -> None:
    assert set(listed()) == {f"THIDUA_{name}".upper() for name in Settings.model_fields}


def test_the_listed_values_are_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in listed():
        monkeypatch.delenv(name, raising=False)
    settings = Settings()
    for name, value in listed().items():
        default = getattr(settings, name.removeprefix("THIDUA_").lower())
        shown = default.relative_to(ROOT) if isinstance(default, Path) else default
        assert str(shown) == value, name


def test_settings_are_read_only_from_variables_of_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"THIDUA_{name}".upper(), raising=False)
        monkeypatch.setenv(name.upper(), "1")
    assert Settings().model_dump() == Settings.model_construct().model_dump()


def test_nothing_of_the_product_reads_another_variable() -> None:
    for layer in (
        "kit",
        "rules",
        "states",
        "published",
        "models",
        "notifications",
        "documents",
        "casework",
        "cli",
    ):
        for path in (ROOT / layer).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv"):
                    assert path.name == "main.py", f"{path}:{node.lineno}"
    assert 'environ.get("THIDUA_LANG"' in (ROOT / "cli" / "main.py").read_text(encoding="utf-8")
