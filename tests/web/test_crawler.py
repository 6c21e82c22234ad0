"""Every link is followed and every form sent with rubbish: no server error, no page without its title and heading."""

from __future__ import annotations

import random

import pytest

from tests.web.crawler import Crawl
from tests.web.stage import Stage

#: seconds for each person
SHORT, LONG = 3.0, 60.0
PEOPLE = ("clerk", "appraiser", "admin", None)


def crawled(stage: Stage, person: str | None, seconds: float, times: int, seed: int) -> Crawl:
    crawl = Crawl(lambda: stage.browser(person), random.Random(seed), seconds)
    crawl.crawl(times)
    return crawl


@pytest.mark.parametrize("person", PEOPLE)
def test_no_link_is_dead_and_no_rubbish_breaks_a_form(stage: Stage, person: str | None) -> None:
    crawl = crawled(stage, person, SHORT, 2, 1)
    assert crawl.troubles == []
    assert crawl.pages > 10
    assert crawl.sent > 5


@pytest.mark.hard
@pytest.mark.whole
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "person", [*PEOPLE, "bloc-head", "reviewer", "chairman", "province-appraiser", "teacher"]
)
def test_much_rubbish_breaks_no_form_either(stage: Stage, person: str | None, seed: int) -> None:
    crawl = crawled(stage, person, LONG, 25, seed)
    assert crawl.troubles == []
