"""The report of a year: it tells every number, fetches nothing, and stands also where there is little to tell."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest

from casework.audit.snapshot import snapshot
from casework.law.taking import TAKING
from kit.database import Database
from kit.settings import Settings
from notifications import words
from notifications.words import number, plain_day, say, word
from rehearsal.law_told import ANSWERS, SUMS
from rehearsal.report.names import Names, read_names
from rehearsal.report.page import report_page
from rehearsal.report.tables import REMINDERS
from rehearsal.side_ways import SIDE_WAYS
from rehearsal.year import YearReport
from tests.build import ROOT
from tests.pictures.made_up import HOSTILE
from tests.pictures.reading import overlapping, words_of

Year = tuple[dict[str, Any], dict[str, Names]]
LANGS = words.LANGS
WELL = {"audit": {"sound": True, "entries": 4321, "chains": 98}, "doctor": []}


@pytest.fixture(scope="module")
def year(played: tuple[Settings, YearReport]) -> Year:
    """The report of the played year as plain data, and its names in each language."""
    settings, report = played
    database = Database(settings.url)
    with snapshot(database) as connection:
        names = {lang: read_names(connection, lang) for lang in LANGS}
    database.close()
    plain = report.as_dict() | WELL
    plain.pop("seconds")
    return plain, names


@pytest.fixture(scope="module", params=LANGS)
def told(request: pytest.FixtureRequest, year: Year) -> tuple[str, dict[str, Any], str]:
    """Language, values and page, in each language."""
    report, names = year
    return request.param, report, report_page(report, names[request.param], request.param)


def tree_of(page: str) -> ElementTree.Element:
    """The page as a tree; it is written so strictly that an XML parser reads it."""
    assert page.startswith("<!DOCTYPE html>\n")
    return ElementTree.fromstring(page.removeprefix("<!DOCTYPE html>\n"))


def rows_of(page: str, caption: str) -> Iterator[dict[str, list[str]]]:
    """The tables of a caption, each as first cell → the others."""
    for table in tree_of(page).iter("table"):
        if table.findtext("caption") == caption:
            body = table.find("tbody")
            assert body is not None
            yield {"".join(row[0].itertext()): ["".join(cell.itertext()) for cell in row[1:]] for row in body}


def table_of(page: str, lang: str, code: str) -> dict[str, list[str]]:
    """The only table of a kind."""
    [rows] = rows_of(page, say(f"report.table.{code}", {}, lang))
    return rows


def numbers_in(value: Any) -> Iterator[int]:
    """Every number of a report."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for one in value:
            yield from numbers_in(one)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield value


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def test_the_page_is_well_formed_and_fetches_and_runs_nothing(told: tuple[str, dict[str, Any], str]) -> None:
    lang, _, page = told
    assert len(page.encode()) < 1_000_000
    tree = tree_of(page)
    assert tree.attrib["lang"] == lang
    assert not {"script", "link", "img", "iframe", "object", "form"} & {one.tag for one in tree.iter()}
    assert not re.search(r"https?:|//\w|@import|javascript:|\ssrc=|\son\w+=|url\((?!#)", page)
    assert all(a.attrib["href"].startswith("#") for a in tree.iter("a"))
    assert "default-src 'none'" in page
    ids = [one.attrib["id"] for one in tree.iter() if "id" in one.attrib]
    assert len(ids) == len(set(ids))
    assert {a.attrib["href"][1:] for a in tree.iter("a")} <= set(ids)


def test_every_number_of_the_values_is_on_the_page(told: tuple[str, dict[str, Any], str]) -> None:
    lang, report, page = told
    body = tree_of(page).find("body")
    assert body is not None
    cells = {cell for part in body.itertext() for cell in re.findall(r"\d[\d.,]*", part.strip())}
    cells |= {cell.rstrip(".,") for cell in cells}
    for value in set(numbers_in(report)):
        assert number(value, lang) in cells, value


def test_every_number_stands_beside_what_it_counts(told: tuple[str, dict[str, Any], str], year: Year) -> None:
    lang, report, page = told
    names = year[1][lang]
    titles = table_of(page, lang, "titles")
    for code, four in report["titles"].items():
        assert titles[names.titles[code]] == [number(value, lang) for value in four.values()]
    letters = table_of(page, lang, "letters")
    for kind, count in report["outbox"].items():
        assert letters[capital(word("letters", kind, lang))][-1] == number(count, lang)
    days = table_of(page, lang, "days")
    for kind, by_day in report["letters_by_day"]["days"].items():
        for day, count in by_day.items():
            said = f"{word('letters', kind, lang)} {number(count, lang)}"
            assert said in days[plain_day(day, lang)][1].split(" · ")
    weeks = table_of(page, lang, "weeks")
    for place, kind in enumerate(("steps", "letters", "lapses")):
        for monday, count in report["weeks"][kind].items():
            assert weeks[plain_day(monday, lang)][place] == number(count, lang)
    acts = table_of(page, lang, "acts")
    assert acts == {
        capital(word("events", act, lang)): [number(n, lang)] for act, n in report["acts"].items()
    }
    ways = table_of(page, lang, "side_ways")
    for way, count in report["side_ways"].items():
        assert ways[capital(word("side_ways", way, lang))][0] == number(count, lang)
    reminders = table_of(page, lang, "reminders")
    for kind in REMINDERS:
        assert reminders[say("report.letter_of", {"kind": word("letters", kind, lang)}, lang)][0] == number(
            report["outbox"].get(kind, 0), lang
        )
    reasons = table_of(page, lang, "refusals")
    for code, count in report["refusals"].items():
        assert reasons[capital(say(f"reasons.{code}", {}, lang).replace("….", "…"))] == [number(count, lang)]
    for of, named in (
        ("dossiers", lambda level: capital(word("levels", level, lang))),
        ("procedures", lambda name: names.procedures[name]),
    ):
        ends = table_of(page, lang, of)
        for group, kinds in report[of].items():
            cells = ends[named(group)]
            assert cells[-1] == number(sum(kinds.values()), lang)
            assert sorted(cell for cell in cells[:-1] if cell != "0") == sorted(
                number(count, lang) for count in kinds.values()
            )


def test_each_milestone_is_told_with_its_days(told: tuple[str, dict[str, Any], str], year: Year) -> None:
    lang, report, page = told
    names = year[1][lang]
    tables = list(rows_of(page, say("report.table.milestones", {}, lang)))
    # Calendars of later years are published, and nothing of them was played.
    played = {name for name in names.calendars if name.startswith("2024-2025")}
    assert len(tables) == len(played)
    calendars = dict.fromkeys(one["calendar"] for one in report["milestones"])
    plans = [calendar for calendar in calendars if calendar.startswith("movement-")]
    assert plans
    [movements] = rows_of(page, say("report.table.movements", {}, lang))
    tables += [movements] * len(plans)
    for calendar, rows in zip([*(c for c in calendars if c not in plans), *plans], tables, strict=True):
        for one in report["milestones"]:
            if one["calendar"] == calendar:
                cells = rows[capital(names.milestones[calendar, one["milestone"]].label)]
                for day in (one["opens"], one["last_day"], *one["extended"]):
                    assert plain_day(day, lang) in cells[0]
                assert cells[1] == number(one["steps"], lang)
                assert cells[-1] == (plain_day(one["late_until"], lang) if one["late_until"] else "–")


def test_each_bloc_has_its_matrix_its_ranking_and_the_four_numbers(
    told: tuple[str, dict[str, Any], str],
) -> None:
    lang, report, page = told
    assert len(report["blocs"]) == 3
    for bloc in report["blocs"]:
        schools = bloc["schools"]
        [matrix] = rows_of(page, say("report.table.matrix", {"bloc": bloc["name"]}, lang))
        assert list(matrix) == [f"{place}. {one['name']}" for place, one in enumerate(schools, 1)]
        for place, one in enumerate(schools):
            own, *given, score, rank = matrix[f"{place + 1}. {one['name']}"]
            assert (own, score) == tuple(number(Decimal(one[key]), lang) for key in ("own", "score"))
            assert rank == number(one["rank"], lang)
            assert [place for place, cell in enumerate(given) if cell not in ("", "■")] == [
                place for place, other in enumerate(schools) if other["code"] in one["given"]
            ]
            for other, cell in zip(schools, given, strict=True):
                points = one["given"].get(other["code"])
                if points is not None:
                    assert cell == number(Decimal(points), lang)
        assert [one["rank"] for one in schools] == sorted(one["rank"] for one in schools)
        [titles] = rows_of(page, say("report.table.bloc_titles", {"bloc": bloc["name"]}, lang))
        assert titles and all(len(cells) == 4 for cells in titles.values())
        drawn = [
            svg
            for svg in tree_of(page).iter("svg")
            if all(one["name"] in words_of_svg(svg) for one in schools)
        ]
        assert len(drawn) == 3


def test_what_the_rules_said_is_told_by_act_and_title(
    told: tuple[str, dict[str, Any], str], year: Year
) -> None:
    lang, report, page = told
    names = year[1][lang]
    law = report["law"]
    for act in TAKING:
        rows = table_of(page, lang, f"verdicts_{act}")
        for title, counts in law["acts"][act].items():
            assert rows[names.titles[title]] == [number(counts[answer], lang) for answer in ANSWERS]
    unmet = table_of(page, lang, "unmet")
    assert sum(one["count"] for one in law["refused"]) >= law["refused_awards"] > 0
    for one in law["refused"]:
        assert unmet[names.titles[one["title"]]][-2:] == [one["article"], number(one["count"], lang)]
    money = table_of(page, lang, "money")
    for title, sums in law["money"]["titles"].items():
        assert money[names.titles[title]] == [number(sums[kind], lang) for kind in SUMS]
    assert money[say("report.sum", {}, lang)] == [number(law["money"]["all"][kind], lang) for kind in SUMS]


def words_of_svg(svg: ElementTree.Element) -> str:
    return " ".join(" ".join(svg.itertext()).split())


def test_the_four_numbers_of_the_blocs_add_up_to_those_of_the_year(year: Year) -> None:
    report, _ = year
    added: dict[str, dict[str, int]] = {}
    for bloc in report["blocs"]:
        for title, numbers in bloc["titles"].items():
            sums = added.setdefault(title, dict.fromkeys(numbers, 0))
            for name, count in numbers.items():
                sums[name] += count
    assert added == report["titles"]


@pytest.mark.parametrize("lang", LANGS)
def test_a_bloc_that_has_not_settled_yet_has_a_matrix_and_no_picture(year: Year, lang: str) -> None:
    report, names = year
    open_still = copy.deepcopy(report)
    for one in open_still["blocs"][0]["schools"]:
        one |= {"rank": None, "score": None, "groups": {}, "own": None}
    page = report_page(open_still, names[lang], lang)
    [matrix] = rows_of(page, say("report.table.matrix", {"bloc": report["blocs"][0]["name"]}, lang))
    assert all((cells[0], *cells[-2:]) == ("–", "–", "–") for cells in matrix.values())
    assert 'id="ranking0' not in page and 'id="ranking1' in page
    open_still["blocs"][0]["schools"] = []
    assert say("report.no_sheets", {}, lang) in report_page(open_still, names[lang], lang)


def test_no_word_of_the_page_is_missing(told: tuple[str, dict[str, Any], str]) -> None:
    lang, _, page = told
    assert not re.search(r"\breport\.[a-z]|\bpictures\.[a-z]|\bNone\b|\{\}", page)
    text = "".join(tree_of(page).find("body").itertext())  # type: ignore[union-attr]
    assert bool(re.search("Đã quyết định", text)) == (lang == "vi")


def test_all_is_well_is_said_where_all_is_well(told: tuple[str, dict[str, Any], str]) -> None:
    lang, _, page = told
    assert say("report.verdict_well", {}, lang) in page
    assert say("report.nothing_amiss", {}, lang) in page


def test_labels_of_the_pictures_in_the_page_do_not_touch(told: tuple[str, dict[str, Any], str]) -> None:
    for svg in tree_of(told[2]).iter("svg"):
        assert overlapping(words_of(svg)) == []


@pytest.mark.parametrize("lang", LANGS)
def test_what_went_wrong_is_listed_and_named_at_the_top(year: Year, lang: str) -> None:
    report, names = year
    finding = {"code": "dossier_level_unknown", "severity": "fault", "found": ["dossier:12"], "count": 7}
    amiss = report | {
        "unexpected": ("17 2025-06-01 step: " + HOSTILE,),
        "unfinished": ("th-mau-1.2425.1",),
        "doctor": [finding],
        "audit": {"sound": False, "entries": 4321, "chains": 98},
    }
    page = report_page(amiss, names[lang], lang)
    tree_of(page)
    assert say("report.verdict_amiss", {"count": 4}, lang) in page
    assert "th-mau-1.2425.1" in page and "dossier:12" in page
    assert "<b>" not in page and "&lt;b&gt;" in page
    assert say("report.nothing_amiss", {}, lang) not in page


@pytest.mark.parametrize("lang", LANGS)
def test_a_year_that_ended_early_says_so_and_blames_no_dossier_on_its_way(year: Year, lang: str) -> None:
    report, names = year
    stopped = report | {"last_day": "2025-06-15", "unfinished": ("th-mau-1.2425.1", "th-mau-2.2425.1")}
    page = report_page(stopped, names[lang], lang)
    assert say("report.early", {"last": "2025-06-15", "count": 2}, lang) in page
    assert say("report.played_until", {"day": "15/6"}, lang) in page
    assert say("report.verdict_early", {}, lang) in page
    assert say("report.verdict_well", {}, lang) not in page
    assert "th-mau-1.2425.1, th-mau-2.2425.1" in page
    whole = report_page(report, names[lang], lang)
    assert say("report.verdict_early", {}, lang) not in whole
    wrong = report_page(stopped | {"unexpected": ("17 step",)}, names[lang], lang)
    assert say("report.verdict_amiss", {"count": 1}, lang) in wrong


@pytest.mark.parametrize("lang", LANGS)
def test_a_year_without_letters_has_no_empty_table(year: Year, lang: str) -> None:
    report, names = year
    silent = report | {"outbox": {}, "letters_by_day": {"counted": "item", "days": {}}}
    silent["weeks"] = report["weeks"] | {"letters": {}}
    page = report_page(silent, names[lang], lang)
    assert say("report.no_letters", {}, lang) in page
    assert say("pictures.no_letters", {}, lang) in page
    assert not list(rows_of(page, say("report.table.letters", {}, lang)))


@pytest.mark.parametrize("lang", LANGS)
def test_letters_are_counted_as_letters_once_there_are_some(year: Year, lang: str) -> None:
    report, names = year
    sent = copy.deepcopy(report)
    sent["letters_by_day"]["counted"] = "letter"
    page = report_page(sent, names[lang], lang)
    assert say("report.letters_note", {}, lang) in page
    assert say("report.items_note", {}, lang) not in page


@pytest.mark.parametrize("lang", LANGS)
def test_a_year_in_which_nothing_happened_is_told_without_a_hole(lang: str) -> None:
    nothing: dict[str, Any] = {
        **{of: {} for of in ("dossiers", "procedures", "titles", "side_ways", "acts", "refusals", "outbox")},
        **dict.fromkeys(("schools", "people", "history_entries", "refused_acts"), 0),
        **dict.fromkeys(("unexpected", "unfinished"), ()),
        "seed": 1,
        "first_day": "2024-09-01",
        "last_day": "2024-09-01",
        "weeks": {"steps": {}, "letters": {}, "lapses": {}},
        "letters_by_day": {"counted": "item", "days": {}},
        "milestones": [],
        "blocs": [],
        "law": {
            "acts": {act: {} for act in TAKING},
            "refused_awards": 0,
            "refused": [],
            "money": {"titles": {}, "all": dict.fromkeys(SUMS, 0)},
        },
        **WELL,
    }
    page = report_page(nothing, Names(), lang)
    tree_of(page)
    for code in (
        "no_titles",
        "no_letters",
        "no_dossiers",
        "no_side_ways",
        "no_refusals",
        "no_calendar",
        "no_acts",
        "no_blocs",
        "no_unmet",
        "no_money",
        "no_verdicts",
    ):
        assert say(f"report.{code}", {}, lang) in page


def test_names_are_escaped_wherever_they_stand(year: Year) -> None:
    report, names = year
    hostile = Names(
        titles=dict.fromkeys(names["vi"].titles, HOSTILE),
        procedures=dict.fromkeys(names["vi"].procedures, HOSTILE),
        calendars=dict.fromkeys(names["vi"].calendars, HOSTILE),
        years=dict.fromkeys(names["vi"].years, HOSTILE),
    )
    page = report_page(report, hostile, "vi")
    assert "<b>" not in page
    tree_of(page)


def test_every_side_way_is_explained_and_no_other() -> None:
    for lang in LANGS:
        said = {code for code in words.catalogue("report", lang) if code.startswith("means.")}
        assert said == {f"means.{way}" for way in SIDE_WAYS}


def test_every_word_of_the_report_and_of_the_pictures_is_used() -> None:
    for catalogue, folder in (("report", "rehearsal/report"), ("pictures", "pictures")):
        files = [path for ending in ("py", "html") for path in (ROOT / folder).rglob(f"*.{ending}")]
        source = "".join(path.read_text(encoding="utf-8") for path in files)
        # A code may be put together: `table.{code}`, `{counted}s_note`; its last part stands there by itself.
        made = {
            "items",
            "letters",
            "items_note",
            "letters_note",
            "items_counted",
            "letters_counted",
            "played_until",
        }
        for code in words.catalogue(catalogue, "vi"):
            head, _, last = code.partition(".")
            stem = last if last and not last.isdecimal() and head not in ("means", "way_mark") else head
            used = re.search(rf"[\"'.]{stem}[\"'.]", source)
            assert used or stem in made or code.startswith(("columns_are_", "counted_by_")), code
