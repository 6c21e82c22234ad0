"""Who is answered what: generated from the application's routes, for every person and for nobody."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from sqlalchemy import select, update

from casework.bloc.sight import may_see_year
from casework.home_clock import business_now
from casework.initiatives import WITH_SCHOOL
from casework.law.money_sheet import money_sheet
from casework.sight import Sight, may_see, may_see_unit, sight_of
from casework.views.exemplar import may_see_exemplar
from casework.views.movements import may_see_movement
from kit.clock import wall_now
from models.base import metadata
from rules.windows import local_day
from tests.build import PEOPLE
from tests.movements.cascade import EDUCATION
from tests.web.conftest import Browser
from tests.web.routes import ADMINISTRATOR, ANYBODY, Address, addresses_of, routes_of
from tests.web.stage import EVERYBODY, Stage

#: what shows something only in the sample, after a reform, or after a form that was sent
NOTHING_THERE = {
    "/postbox",
    "/postbox/{number}",
    "/regulations/successions/{name}",
    "/queue/bulk/{event}",
    "/queue/bulk/{event}/done",
}
#: what may change without an entry in the history: one's own sign-ins, filters and guesses
OWN_ROWS = {"sign_in", "saved_view", "attempt"}
ALL = pytest.param("all", marks=[pytest.mark.hard, pytest.mark.whole])


def sight_in(stage: Stage, person: str | None) -> Sight | None:
    """What somebody may see, as the one access function says."""
    if person is None:
        return None
    with stage.office.database.read() as connection:
        return sight_of(connection, stage.office.people[person], local_day(business_now(connection)))


def seen_by(stage: Stage, sight: Sight | None) -> set[str]:
    """The codes of the dossiers that somebody may see."""
    if sight is None:
        return set()
    rows = {code: stage.office.row(code)["id"] for code in stage.codes.values()}
    with stage.office.database.read() as connection:
        return {code for code, dossier in rows.items() if may_see(connection, sight, dossier)}


def hidden_from(stage: Stage, sight: Sight | None) -> set[str]:
    """The addresses of movements, exemplars, decisions and blocs that somebody may not see, as the functions say."""
    if sight is None:
        return set()
    with stage.office.database.read() as connection:
        day = local_day(business_now(connection))
        movements = connection.execute(select(metadata.tables["movement"])).mappings().all()
        exemplars = connection.execute(select(metadata.tables["exemplar"])).mappings().all()
        hidden = {
            f"/movements/{row['code']}"
            for row in movements
            if not may_see_movement(connection, sight, dict(row), day)
        }
        hidden |= {
            f"/exemplars/{row['id']}"
            for row in exemplars
            if not may_see_exemplar(connection, sight, row, day)
        }
        decisions = connection.execute(select(metadata.tables["decision"].c.id)).scalars().all()
        hidden |= {
            f"/decisions/{number}"
            for number in decisions
            if money_sheet(connection, number, "vi", day, sight) is None
        }
        bloc = stage.office.units["khoi"]
        if not may_see_unit(connection, sight, bloc, day):
            hidden |= {"/blocs/khoi", "/blocs/khoi/years"}
        schools = {stage.office.units[school] for school in ("th-mau-1", "th-mau-2")}
        if not may_see_year(connection, sight, bloc, schools, day):
            hidden.add("/blocs/khoi/year")
    return hidden


_CODE = re.compile(r"[a-z0-9-]+\.[0-9]{4}\.[0-9]+")


def named_in(text: str, codes: Iterable[str]) -> set[str]:
    """Those of some dossiers' codes that stand in a text as a whole: one may be the beginning of another."""
    return set(_CODE.findall(text)).intersection(codes)


def refusal(address: Address, sight: Sight | None, seen: set[str], hidden: set[str]) -> int | None:
    """The one status with which somebody is sent away; None: the page itself answers."""
    route = address.route
    if route.who != ANYBODY and sight is None:
        return 303
    if route.who == ADMINISTRATOR and sight is not None and not sight.administers:
        return 403
    if route.of_dossier and address.dossier not in seen:
        return 404
    if any(address.path == path or address.path.startswith(f"{path}/") for path in hidden - {"/blocs/khoi"}):
        return 404
    # Of a bloc's own page nothing follows for those of its years, which its schools see.
    if address.path in hidden:
        return 404
    return None


def may_answer(address: Address) -> set[int]:
    """With what a page itself may answer."""
    # A page about what only holders of some duty do says so to the others; of a dossier, whoever sees it sees all.
    others = {403} if address.route.who != ANYBODY and not address.route.of_dossier else set()
    return {200, 303, 404, 409} | others


def addresses(stage: Stage, method: str, seen: set[str], extent: str) -> Iterator[Address]:
    """The addresses to be asked for. Of the many of one route about one dossier, the first stands for all, and of
    the dossiers that are seen a different one each time, unless all are wanted.
    """
    for number, route in enumerate(r for r in routes_of(stage.app) if r.method == method):
        found = addresses_of(stage, route)
        if extent != "all" and route.of_dossier:
            first = {address.dossier: address for address in reversed(found)}
            open_ones = [code for code in first if code in seen]
            wanted = open_ones[number % len(open_ones)] if open_ones else None
            found = [a for code, a in first.items() if code not in seen or code == wanted]
        yield from found


def asked(browser: Browser, path: str, method: str = "GET", **more: Any) -> Any:
    """One request, led nowhere."""
    return browser.client.request(method, path, follow_redirects=False, **more)


@pytest.mark.parametrize("extent", ["some", ALL])
@pytest.mark.parametrize("person", EVERYBODY)
def test_a_page_answers_as_its_route_says_and_names_no_dossier_that_may_not_be_seen(
    stage: Stage, person: str | None, extent: str
) -> None:
    browser, sight = stage.browser(person), sight_in(stage, person)
    seen, hidden = seen_by(stage, sight), hidden_from(stage, sight)
    # Whatever lies open to everybody is named to everybody.
    public = {stage.codes["in_public_opinion"]}
    for address in addresses(stage, "GET", seen, extent):
        answer = asked(browser, address.path)
        sent_away = refusal(address, sight, seen, hidden)
        allowed = may_answer(address) if sent_away is None else {sent_away}
        assert answer.status_code in allowed, (answer.status_code, address.path)
        if answer.status_code == 303:
            onward = answer.headers["location"]
            assert onward.startswith("/sign-in") == (sent_away == 303), (address.path, onward)
            assert asked(browser, onward).status_code in (200, 303), (address.path, onward)
        if answer.status_code == 200:
            named = named_in(answer.text, stage.codes.values())
            assert named <= seen | public | {address.dossier}, address.path
    for code in stage.codes.values():
        status = asked(browser, f"/dossiers/{code}").status_code
        assert status == (303 if sight is None else 200 if code in seen else 404), code


def test_every_page_has_something_behind_its_address(stage: Stage) -> None:
    """Otherwise the tables of the tests are behind the routes, and nothing was judged above."""
    people = [stage.browser(person) for person in ("admin", "clerk", "bloc-head", "appraiser", None)]
    hollow = []
    for route in routes_of(stage.app):
        if route.method != "GET" or route.path in NOTHING_THERE:
            continue
        answers = (asked(b, a.path).status_code for a in addresses_of(stage, route) for b in people)
        if all(status not in (200, 303) for status in answers if status != 303 or route.who == ANYBODY):
            hollow.append(str(route))
    assert hollow == []


def test_movements_and_exemplars_are_seen_by_some_and_hidden_from_others(stage: Stage) -> None:
    """Otherwise the table above held nothing to be judged."""
    hidden = {person: hidden_from(stage, sight_in(stage, person)) for person in PEOPLE}
    pgd, bloc = f"/movements/{EDUCATION.code}", "/blocs/khoi"
    assert not any(pgd in hidden[person] for person in ("admin", "appraiser", "clerk", "clerk-2", "chairman"))
    assert all(pgd in hidden[person] for person in ("teacher", "bloc-head", "party", "state"))
    # The first was made known to the schools of its bloc, the second is the school's own and its offices'.
    assert {"/exemplars/1", "/exemplars/2"} & hidden["clerk-2"] == {"/exemplars/2"}
    assert not any("/exemplars/2" in hidden[person] for person in ("clerk", "bloc-head", "appraiser"))
    assert all("/exemplars/1" in hidden[person] for person in ("teacher", "party"))
    assert bloc in hidden["clerk"] and bloc not in hidden["bloc-head"]


@pytest.mark.parametrize("person", PEOPLE)
def test_lists_search_and_export_hold_just_what_may_be_seen(stage: Stage, person: str) -> None:
    browser = stage.browser(person)
    seen = seen_by(stage, sight_in(stage, person))
    everywhere = set(stage.codes.values())
    for path in ("/dossiers", "/dossiers.csv"):
        text = asked(browser, path).text
        assert named_in(text, everywhere) == seen, path
        for code in everywhere:
            found = asked(browser, path, params={"words": code}).text
            assert named_in(found, everywhere - {code}) <= seen, path


@pytest.mark.parametrize("extent", ["some", ALL])
@pytest.mark.parametrize("person", EVERYBODY)
def test_a_form_changes_nothing_for_those_who_may_not_send_it(
    stage: Stage, person: str | None, extent: str
) -> None:
    browser, sight = stage.browser(person), sight_in(stage, person)
    seen, hidden = seen_by(stage, sight), hidden_from(stage, sight)
    before = stage.digests()
    for address in addresses(stage, "POST", seen, extent):
        status = refusal(address, sight, seen, hidden)
        if status is not None:
            answer = asked(browser, address.path, "POST", data=browser.hidden())
            assert answer.status_code == status, (answer.status_code, address.path)
    assert stage.changed_since(before) == []


#: who sends every form, also where the others send one in three, each another third
SENDING = ("admin", "clerk", "appraiser", None)


def sends(person: str | None, number: int, extent: str) -> bool:
    """Whether somebody sends the form at the address of this number."""
    return extent == "all" or person in SENDING or (number + EVERYBODY.index(person)) % 3 == 0


@pytest.mark.parametrize("extent", ["some", ALL])
@pytest.mark.parametrize("person", EVERYBODY)
def test_what_an_empty_form_changes_stands_in_the_history_under_the_name_of_who_sent_it(
    stage: Stage, person: str | None, extent: str
) -> None:
    sight = sight_in(stage, person)
    seen, hidden = seen_by(stage, sight), hidden_from(stage, sight)
    subjects = {f"dossier:{stage.office.row(code)['id']}" for code in seen}
    entry = metadata.tables["history_entry"]
    with stage.office.database.read() as connection:
        known = set(connection.execute(select(entry.c.hash)).scalars())
    before = stage.digests()
    for number, address in enumerate(addresses(stage, "POST", seen, "some")):
        if refusal(address, sight, seen, hidden) is not None or address.route.path == "/clock/next-day":
            continue
        if not sends(person, number, extent):
            continue
        browser = stage.browser(person)
        answer = asked(browser, address.path, "POST", data=browser.hidden())
        assert answer.status_code in may_answer(address), (answer.status_code, address.path)
    with stage.office.database.read() as connection:
        new = [row for row in connection.execute(select(entry)).mappings() if row["hash"] not in known]
    mine = stage.office.people[person] if person else None
    assert [row["event"] for row in new if row["actor_id"] != mine] == []
    if sight is None or not sight.administers:
        about = {row["subject"] for row in new if row["subject"].startswith("dossier:")}
        assert about <= subjects
    if not new and not (sight and sight.administers):
        assert set(stage.changed_since(before)) <= OWN_ROWS


# --- What is hidden leaves no trace -----------------------------------------------------------------------------

_DRAWN = re.compile(r'(name="(?:csrf|key)" value=")[^"]*')
HIDDEN = ("at_education_office", "returned", "preparing", "of_others")
#: who is asked where not all are
SOME = ("clerk-2", "reviewer", "bloc-head", "chairman", None)


def pages_of(stage: Stage, browser: Browser, searched: list[str]) -> dict[str, tuple[int, str]]:
    """Every page of somebody, without what is drawn by lot each time; searched for words too."""
    paths = [a.path for r in routes_of(stage.app) if r.method == "GET" for a in addresses_of(stage, r)[:2]]
    lists = ("/dossiers", "/dossiers.csv", "/queue")
    paths += [f"{path}?words={word}" for path in lists for word in searched]
    found = {}
    for path in paths:
        answer = asked(browser, path)
        found[path] = (answer.status_code, _DRAWN.sub(r"\1", answer.text))
    return found


def change_in_the_tables(stage: Stage, code: str) -> list[str]:
    """Make everything else of a dossier, straight in the tables; gives words by which it could be found."""
    row = stage.office.row(code)
    tables = metadata.tables
    dossier, nomination, paper, note = (tables[n] for n in ("dossier", "nomination", "paper", "note"))
    # That an initiative is used at all is told once the dossier has left its school (docs/initiatives.md): one that
    # lies with its school stays there, or that alone would be the change that is seen.
    moved = {
        "state": "at_bloc",
        "state_kind": "at_desk",
        "desk": "bloc",
        "desk_unit_id": row["route"]["bloc"],
        "returned_from": None,
    }
    other = {
        **(moved if row["state_kind"] not in WITH_SCHOOL else {}),
        "changed_at": wall_now(),
        "version": row["version"] + 7,
    }
    with stage.office.database.write() as connection:
        connection.execute(update(dossier).where(dossier.c.id == row["id"]).values(**other))
        its = nomination.c.dossier_id == row["id"]
        # Another nominee, and so another name: people stand on pages of their school for other reasons too.
        numbers = connection.execute(select(nomination.c.id).where(its).order_by(nomination.c.id)).scalars()
        for number, title in zip(numbers.all(), ("CSTDCS", "GK", "LDTT"), strict=False):
            nominee = {"person_id": stage.office.people["state"], "title": title, "proposed": False}
            connection.execute(update(nomination).where(nomination.c.id == number).values(nominee))
        connection.execute(update(paper).where(paper.c.dossier_id == row["id"]).values(name="Khác hẳn.pdf"))
        connection.execute(update(note).where(note.c.text.contains("biên bản")).values(text="khác hẳn"))
    return ["Khác", "Người", code]


BLIND = [
    *((station, SOME) for station in HIDDEN[:2]),
    *(pytest.param(station, EVERYBODY, marks=[pytest.mark.hard, pytest.mark.whole]) for station in HIDDEN),
]


@pytest.mark.parametrize(("station", "people"), BLIND)
def test_a_dossier_that_may_not_be_seen_changes_no_byte_of_any_page(
    stage: Stage, station: str, people: tuple[str | None, ...]
) -> None:
    code = stage.codes[station]
    blind = [person for person in people if code not in seen_by(stage, sight_in(stage, person))]
    assert len(blind) >= 3
    browsers = {person: stage.browser(person) for person in blind}
    before = {
        person: pages_of(stage, browser, ["Khác", "Người", code]) for person, browser in browsers.items()
    }
    change_in_the_tables(stage, code)
    for person, browser in browsers.items():
        after = pages_of(stage, browser, ["Khác", "Người", code])
        told = [path for path in after if after[path] != before[person][path]]
        assert told == [], person
