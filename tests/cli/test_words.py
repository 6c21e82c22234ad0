"""Every code has its words in both languages, and no words are left without a code."""

from __future__ import annotations

import ast
import string
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from casework.running import RUNS
from casework.views.numbers import NUMBERS
from cli.main import command
from models.flow_run import RUN_STANDINGS
from notifications import words
from published.lint.findings import GRADES
from published.roll import CODES
from rehearsal.side_ways import COUNTED_IN, SIDE_WAYS
from rules.reasons import Reason
from rules.reminders import STANDINGS
from states import vocabulary

ROOT = Path(__file__).resolve().parents[2]
LAYERS = (
    "kit",
    "rules",
    "states",
    "published",
    "models",
    "documents",
    "casework",
    "rehearsal",
    "flows",
    "cli",
)
# Its `Fault` and `fault` are of another kind: a place in a chain, an invariant.
APART = (ROOT / "casework" / "audit", ROOT / "casework" / "doctor")
CODE = frozenset(string.ascii_lowercase + string.digits + "_")


@cache
def calls_of(layer: str) -> list[tuple[str, ast.Call]]:
    """(name of what is called, the call) in every file of a layer: read once, a dozen stories ask."""
    found = []
    for path in sorted((ROOT / layer).rglob("*.py")):
        if any(apart in path.parents for apart in APART):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = node.func
                found.append(
                    (called.id if isinstance(called, ast.Name) else getattr(called, "attr", ""), node)
                )
    return found


def calls(*layers: str):
    """(name of what is called, the call) in every file of some layers."""
    return (call for layer in layers for call in calls_of(layer))


def texts_in(node: ast.AST) -> list[str]:
    return [n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)]


def codes_given_to(*names: str, place: int) -> set[str]:
    """The texts at a place of the calls of some names; a choice between two texts counts as both."""
    found: set[str] = set()
    for name, call in calls(*LAYERS):
        if name in names and len(call.args) > place:
            argument = call.args[place]
            if isinstance(argument, (ast.Constant, ast.IfExp)):
                found |= {text for text in texts_in(argument) if text and set(text) <= CODE}
    return found


def fault_codes() -> set[str]:
    codes = codes_given_to("Fault", "fault", place=1)
    codes |= codes_given_to("names", "some_names", "choice", place=3)
    # f"{key}_in_a_circle" of `published/titles.py`
    return codes | {"rests_on_in_a_circle", "lower_in_a_circle"}


def storage_codes() -> set[str]:
    from documents import store
    from kit import database

    codes = codes_given_to("StorageTrouble", place=0)
    codes |= {code for _, code in database._TROUBLES} | set(store._CODES.values())
    # Given by name, where an error of the system has no code of its own, and by the terminal itself.
    return codes | {"paper_store_unreachable", "database_trouble", "file_unusable", "file_exists"}


@pytest.mark.parametrize("lang", words.LANGS)
def test_every_reason_has_words_and_no_words_are_left_over(lang: str) -> None:
    assert set(words.catalogue("reasons", lang)) == codes_given_to("Reason", place=0)


@pytest.mark.parametrize("lang", words.LANGS)
def test_every_fault_of_a_file_has_words_and_no_words_are_left_over(lang: str) -> None:
    assert set(words.catalogue("faults", lang)) == fault_codes()


@pytest.mark.parametrize("lang", words.LANGS)
def test_every_finding_of_the_linter_has_words_and_is_told_apart_from_a_fault_of_the_form(lang: str) -> None:
    assert set(words.catalogue("lint", lang)) == set(GRADES)
    assert set(GRADES) == codes_given_to("found", place=1)
    assert not set(GRADES) & set(words.catalogue("faults", lang))
    assert set(words.catalogue("roll", lang)) == set(CODES)


@pytest.mark.parametrize("lang", words.LANGS)
def test_every_trouble_of_the_storage_has_words_and_no_words_are_left_over(lang: str) -> None:
    assert set(words.catalogue("storage", lang)) == storage_codes()


@pytest.mark.parametrize("lang", words.LANGS)
def test_every_concern_of_the_watch_has_words_and_no_words_are_left_over(lang: str) -> None:
    # Two of them stand in a table and reach their concern by name.
    asked = codes_given_to("Concern", place=0) | {"letters_waiting", "items_waiting"}
    asked |= {"letters_failed", "letters_in_doubt"}
    asked |= {"offices_ended", "desks_unheld", "debts_unheld"}
    assert set(words.catalogue("watch", lang)) == asked
    # Beside what is found stands what to do about it, for the terminal and for a page.
    assert set(words.catalogue("watch_do", lang)) == asked
    on_pages = {code for code in words.catalogue("pages", lang) if code.startswith("looks.act.")}
    assert {code.removeprefix("looks.act.") for code in on_pages} == asked


@pytest.mark.parametrize("lang", words.LANGS)
def test_every_flow_has_a_name_and_says_what_it_does(lang: str) -> None:
    said = set(words.catalogue("flows", lang))
    assert {name for flow in RUNS for name in (flow, f"does_{flow}")} | set(RUN_STANDINGS) <= said


@pytest.mark.parametrize("lang", words.LANGS)
def test_every_unreadable_value_has_words_and_no_words_are_left_over(lang: str) -> None:
    assert set(words.catalogue("values", lang)) == codes_given_to("BadValue", place=0)


def test_what_the_terminal_says_stands_in_its_catalogue() -> None:
    asked = codes_given_to("say", place=0)
    for _, call in calls("cli"):
        # terminal.say("a" if … else "b"), say(f"terminal.{…}"), and words passed on by name
        asked |= {text.removeprefix("terminal.") for text in texts_in(call) if set(text) <= CODE | {"."}}
    for path in (*(ROOT / "cli").glob("*.py"), *(ROOT / "flows").glob("*.py")):
        asked |= set(texts_in(ast.parse(path.read_text(encoding="utf-8"))))
    made = {f"part_{part}" for part in ("load", "play", "report", "verify", "examine")}
    made |= {
        *NUMBERS,
        "clock_real",
        "clock_fixed",
        "window_open",
        "window_over",
        "window_coming",
        *(f"owed_{standing}" for standing in STANDINGS),
        "fault",
        "warning",
    }
    for lang in words.LANGS:
        unused = set(words.catalogue("terminal", lang)) - asked - made
        assert not unused


@pytest.mark.parametrize("name", words.catalogues())
def test_both_languages_have_the_same_codes_with_the_same_parameters(name: str) -> None:
    vietnamese, english = words.catalogue(name, "vi"), words.catalogue(name, "en")
    assert set(vietnamese) == set(english)
    for code, text in vietnamese.items():
        assert set(words.placeholders(text)) == set(words.placeholders(english[code])), code


@pytest.mark.parametrize("name", words.catalogues())
def test_every_parameter_is_said_in_a_way_that_there_is(name: str) -> None:
    known = {"", "list", *words.VOCABULARIES, *words._SAYS}
    for lang in words.LANGS:
        for code, text in words.catalogue(name, lang).items():
            for how in words.placeholders(text).values():
                assert "/" in how or how.partition("|")[0] in known, (code, how)


@pytest.mark.parametrize(
    ("catalogue", "known"),
    [
        ("kinds", vocabulary.KINDS),
        ("levels", vocabulary.LEVELS),
        ("papers", vocabulary.PAPERS),
        ("duties", vocabulary.DUTIES),
        ("unit_kinds", vocabulary.UNIT_KINDS),
        ("verdicts", ("supported", "not_supported", "lower_title")),
        ("side_ways", SIDE_WAYS),
        ("counted_in", set(COUNTED_IN.values())),
    ],
)
def test_each_of_the_programs_own_words_is_said_in_both_languages(catalogue: str, known: tuple[str]) -> None:
    for lang in words.LANGS:
        assert set(words.catalogue(catalogue, lang)) == set(known)


def test_every_event_of_a_procedure_and_of_the_history_is_said() -> None:
    acts = codes_given_to("change_dossier", "do_act", place=2) | codes_given_to("do_act", place=1)
    acts |= codes_given_to("append_entry", place=2)
    for lang in words.LANGS:
        said = set(words.catalogue("events", lang))
        assert {*vocabulary.EVENTS, *acts} <= said
        assert set(vocabulary.INPUTS) <= set(words.catalogue("inputs", lang))


def leaves(command: object):
    for inner in getattr(command, "commands", {}).values():
        yield from leaves(inner)
    if not hasattr(command, "commands"):
        yield command


def test_every_place_to_fill_in_a_usage_is_said_in_both_languages() -> None:
    typed = {p.metavar for leaf in leaves(command()) for p in leaf.params if p.metavar}
    for lang in words.LANGS:
        assert set(words.catalogue("metavars", lang)) == typed | {"FOLDER"}


def test_a_deadline_is_said_with_its_weekday_in_the_form_of_the_country() -> None:
    reason = Reason("window_closed", {"milestone": "Hoàn thiện hồ sơ", "last_day": "2025-06-30"})
    assert "hết thứ Hai 30/06/2025" in words.say_reason(reason)
    assert "Monday 30/06/2025" in words.say_reason(reason, "en")


def test_an_article_stands_behind_the_reason_that_cites_it() -> None:
    reason = Reason("objection_open", {"count": 2}, "NĐ 152/2025, Điều 4(4)")
    assert words.say_reason(reason).endswith("(NĐ 152/2025, Điều 4(4))")


@pytest.mark.parametrize(
    ("how", "value", "vietnamese", "english"),
    [
        ("number", Decimal("1234.5"), "1.234,5", "1,234.5"),
        ("number", "912.50", "912,50", "912.50"),
        ("number", "1020.50", "1.020,50", "1,020.50"),
        ("number", "1/3", "1/3", "1/3"),
        ("money", 2_340_000, "2.340.000 đ", "2,340,000 VND"),
        ("day", date(2025, 6, 5), "05/06/2025", "05/06/2025"),
        ("day", None, "…", "…"),
        ("open_end", None, "khi có thay đổi", "further notice"),
        ("open_end", date(2025, 6, 5), "05/06/2025", "05/06/2025"),
        ("events", [], "không có", "none"),
        ("deadline", "2025-06-13T18:00:00+00:00", "thứ Bảy 14/06/2025", "Saturday 14/06/2025"),
        ("moment", datetime(2025, 6, 13, 18, tzinfo=UTC), "14/06/2025 01:00", "14/06/2025 01:00"),
        (
            "duties|or",
            ["chairman", "vice_chairman"],
            "chủ tịch hoặc phó chủ tịch",
            "chairman or vice-chairman",
        ),
        ("events", ["return", "withdraw"], "trả lại, rút hồ sơ", "return, withdraw"),
    ],
)
def test_values_are_said_as_readers_write_them(
    how: str, value: object, vietnamese: str, english: str
) -> None:
    assert words.say_value(value, how, "vi") == vietnamese
    assert words.say_value(value, how, "en") == english


def test_a_text_with_a_missing_parameter_shows_a_gap_and_breaks_nothing() -> None:
    assert words.say("reasons.unknown_person", {}) == "Không tìm thấy người có mã “…”. Xin kiểm tra lại mã."
    assert words.say("reasons.no_such_code", {"a": 1}) == "reasons.no_such_code {'a': 1}"
