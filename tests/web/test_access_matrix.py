"""Who is answered what: generated from the application's routes, for every person and for nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from casework.home_clock import business_now
from casework.sight import Sight, may_see, sight_of
from rules.windows import local_day
from tests.web.conftest import Browser
from tests.web.routes import ADMINISTRATOR, ANYBODY, Address, Route, addresses_of, routes_of
from tests.web.stage import EVERYBODY, Stage

#: pages of the sample and of what only its home has; everything else has something behind it in the stage
NOTHING_HERE = {"/postbox", "/postbox/{number}"}


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
    with stage.office.database.read() as connection:
        return {
            code
            for code in stage.codes.values()
            if may_see(connection, sight, stage.office.row(code)["id"])
        }


def expected(address: Address, sight: Sight | None, seen: set[str]) -> set[int]:
    """The statuses that may answer, before anything is led on."""
    route = address.route
    if route.who != ANYBODY and sight is None:
        return {303}
    if route.who == ADMINISTRATOR and sight is not None and not sight.administers:
        return {403}
    if route.of_dossier and address.dossier not in seen:
        return {404}
    return {200, 303, 404, 409}


def answered(browser: Browser, path: str, method: str = "GET", **more: Any) -> tuple[int, str]:
    """(status, where it leads) of one request."""
    answer = browser.client.request(method, path, follow_redirects=False, **more)
    return answer.status_code, answer.headers.get("location", "")


def gets(stage: Stage) -> Iterator[tuple[Route, list[Address]]]:
    """Every route that shows something, with its addresses."""
    for route in routes_of(stage.app):
        if route.method == "GET":
            yield route, addresses_of(stage, route)


@pytest.mark.parametrize("person", EVERYBODY)
def test_a_page_answers_as_its_route_says_and_shows_a_dossier_to_those_who_may_see_it(
    stage: Stage, person: str | None
) -> None:
    browser, sight = stage.browser(person), sight_in(stage, person)
    seen = seen_by(stage, sight)
    wrong = []
    for _, addresses in gets(stage):
        for address in addresses:
            status, onward = answered(browser, address.path)
            if status not in expected(address, sight, seen):
                wrong.append((status, address.path))
            if status == 303 and sight is None and address.route.who != ANYBODY:
                assert onward.startswith("/sign-in"), (address.path, onward)
            elif status == 303:
                again, further = answered(browser, onward)
                if again not in (200, 404):
                    wrong.append((again, f"{address.path} -> {onward} -> {further}"))
    assert wrong == []
    for code in stage.codes.values():
        status, _ = answered(browser, f"/dossiers/{code}")
        assert status == (303 if sight is None else 200 if code in seen else 404), code
