"""Every page that the application declares, in three themes and two languages, looked at by axe at two widths.

The pages are found in the application's own routes, filled in from an office in which something of everything has
happened: a page that is added is looked at without being named here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import insert

from casework.accounts.sample import MARK
from casework.publish import publish
from models.home import SAMPLE
from notifications.postbox import keep
from pictures.tokens import THEMES
from tests.build import ROOT, noon
from tests.journeys.conftest import Street, served
from tests.journeys.hands import Hands
from tests.web.routes import ADMINISTRATOR, ANYBODY, addresses_of, routes_of
from tests.web.stage import TODAY, Stage, build_stage, close_stage, open_stage, stage_settings
from web.look import COOKIE

pytestmark = pytest.mark.tools

WIDE, NARROW = 1280, 360
#: as whom the pages of a kind of route are opened
PEOPLE = {
    ANYBODY: (None, "clerk"),
    ADMINISTRATOR: ("admin",),
    None: ("clerk", "bloc-head", "appraiser", "chairman", "province-appraiser"),
}
#: pages that are no route's: what does not exist, and what is others' only
BESIDE = ((None, "/no-such-page"), ("clerk", "/no-such-page"), ("clerk", "/runs"))
#: what answers with a file, or only after an act
NO_PAGES = {
    "/movements/{code}/paper",
    "/movements/{code}/reviews/{unit}/paper",
    "/exemplars/{number}/papers/{stage}",
    "/static/{digest}/{name}",
    "/calendar.ics",
    "/decisions/{number}/money.csv",
    "/schools/{unit}/money.csv",
    "/dossiers.csv",
    "/initiatives.csv",
    "/careers/people/{code}/history.csv",
    "/careers/units/{code}/history.csv",
    "/blocs/{unit}/year/{school_year}/matrix.csv",
    "/blocs/{unit}/year/{school_year}/papers/{kind}/{number}",
    "/dossiers/{code}/papers/{number}",
    "/calendar/{calendar}/{milestone}/{unit}/papers/{number}",
    "/regulations/calendars/{name}/roll/file",
    "/regulations/files/{sha256}",
    "/queue/bulk/{event}",
    "/queue/bulk/{event}/done",
}
#: what depends on the colours of a theme; all else is the same in each
OF_COLOURS = ("color-contrast", "link-in-text-block")
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
_LETTER = (
    "From: thidua@thidua.example\r\nTo: clerk@mau.example\r\nSubject: Mau\r\nMessage-ID: <mau@thidua.example>\r\n"
    "Date: Sun, 01 Jun 2025 12:00:00 +0700\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nXin chào\r\n"
)
_LOOK = "async options => (await axe.run(document, options)).violations"


@dataclass(frozen=True)
class Shown:
    """A page to be looked at: whose, and where."""

    person: str | None
    path: str


@dataclass(frozen=True)
class Looked:
    """The served office, its dossiers by where they stand, and its pages."""

    street: Street
    codes: dict[str, str]
    pages: list[Shown]


class _Kinds(HTMLParser):
    """The kinds of elements in a page: tag, classes and type."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[tuple[str, ...]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        kind = (tag, given.get("class") or "", given.get("type") or "", given.get("role") or "")
        self.found.add(kind)


def _pages(stage: Stage) -> Iterator[Shown]:
    """One page of each route, and each page with a kind of element that no page before had."""
    seen: set[tuple[str, ...]] = set()
    browsers: dict[str | None, Any] = {}
    for route in routes_of(stage.app):
        reached = False
        if route.method != "GET" or route.path in NO_PAGES:
            continue
        for person in PEOPLE.get(route.who, PEOPLE[None]):
            for address in addresses_of(stage, route):
                browser = browsers.setdefault(person, stage.browser(person))
                answer = browser.client.get(address.path, follow_redirects=False)
                if answer.status_code != 200 or "text/html" not in answer.headers["content-type"]:
                    continue
                kinds = _Kinds()
                kinds.feed(answer.text)
                if reached and kinds.found <= seen:
                    continue
                reached = True
                seen |= kinds.found
                yield Shown(person, address.path)
        assert reached, f"{route}: nobody of PEOPLE is shown a page; see FILLS in tests/web/routes.py"
    for person, path in BESIDE:
        yield Shown(person, path)


@pytest.fixture(scope="session")
def shown(
    sqlite_files: dict[str, Path], tmp_path_factory: pytest.TempPathFactory, chromium: Browser
) -> Iterator[Looked]:
    """The office in which all this happened, served, and its pages. It is the sample, so that its postbox is shown."""
    home = tmp_path_factory.mktemp("looked-at") / "home"
    happened = build_stage(sqlite_files["office"], home)
    stage = open_stage(home, happened)
    with stage.office.database.write() as connection:
        connection.execute(insert(MARK), {"name": SAMPLE, "value": "x", "at": noon("2025-06-01")})
    _publish_succession(stage)
    keep(home / "postbox", "thidua@thidua.example", ["clerk@mau.example"], _LETTER.encode())
    pages = list(_pages(stage))
    with served(stage_settings(home)) as address:
        street = Street(stage.office, address, chromium, home)
        yield Looked(street, stage.codes, pages)
        street.close()
    close_stage(stage)


def _publish_succession(stage: Stage) -> None:
    """What the stage leaves out: the list of offices that ended."""
    text = (ROOT / "regulations/successions/2025-districts-end.yaml").read_bytes()
    publish(stage.office.database, "succession", text, stage.office.call("admin", TODAY))


def _opened(street: Street, person: str | None, lang: str, theme: str) -> Page:
    page = street.browser(person).page
    cookie = {"name": COOKIE, "value": f"{lang}.{theme}.normal", "url": street.address}
    page.context.add_cookies([cookie])
    return page


def _faults(page: Page, theme: str, *, only: tuple[str, ...] = ()) -> list[str]:
    """What axe finds in a page as it stands; in the high contrast theme as AAA asks."""
    options: dict[str, Any] = {"runOnly": _TAGS, "resultTypes": ["violations"]}
    if only:
        options = {"runOnly": {"type": "rule", "values": list(only)}, "resultTypes": ["violations"]}
        if theme == "high":
            options["runOnly"]["values"].append("color-contrast-enhanced")
    elif theme == "high":
        options["rules"] = {"color-contrast-enhanced": {"enabled": True}}
    if not page.evaluate("typeof axe !== 'undefined'"):
        page.evaluate(_AXE)
    return [
        f"{theme}: {fault['id']}: {[node['html'][:160] for node in fault['nodes'][:3]]}"
        for fault in page.evaluate(_LOOK, options)
    ]


def _refused(page: Page) -> None:
    """Send the page's longest form as it stands, past what the browser would ask for first."""
    assert page.locator("main form[method=post]").count(), f"{page.url} has no form"
    with page.expect_navigation() as led:
        page.evaluate(
            """() => {
              const forms = [...document.querySelectorAll("main form[method=post]")];
              const form = forms.sort((one, other) => other.elements.length - one.elements.length)[0];
              form.noValidate = true;
              form.querySelectorAll("button").forEach(button => { button.disabled = false; });
              form.requestSubmit();
            }"""
        )
    assert led.value is not None and led.value.status == 409, page.url


def _too_wide(page: Page) -> list[str]:
    wide, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return [f"{wide} px wide in a window of {window}"] if wide > window else []


def _in_each_theme(page: Page) -> list[str]:
    """The faults of an open page. A theme is one attribute of it; a test below sees that the server writes that."""
    faults = _faults(page, "light") + _too_wide(page)
    for theme in sorted(set(THEMES) - {"light"}):
        page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        faults += _faults(page, theme, only=OF_COLOURS)
    return faults


def _refusing(codes: dict[str, str]) -> list[Shown]:
    """Pages whose form, sent as it stands, comes back with what is wrong."""
    mine, appraised = f"/dossiers/{codes['preparing']}", f"/dossiers/{codes['at_education_office']}"
    return [
        Shown(None, "/reset"),
        Shown("clerk", f"{mine}/papers"),
        Shown("appraiser", "/calendar/2024-2025/dossier-completion/th-mau-1"),
        Shown("appraiser", f"{appraised}/steps/appraise"),
        Shown("appraiser", f"{appraised}/steps/return"),
        Shown("appraiser", "/account/duties"),
        Shown("admin", "/regulations/publish"),
        Shown("admin", "/office/people/teacher/grant"),
    ]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_no_page_has_a_fault_that_axe_knows_in_any_theme(shown: Looked, lang: str) -> None:
    browsers: dict[str | None, Page] = {}
    found = []
    for number, one in enumerate(shown.pages):
        if one.person not in browsers:
            browsers[one.person] = _opened(shown.street, one.person, lang, "light")
        page = browsers[one.person]
        # In one language wide, in the other narrow.
        width = WIDE if (number % 2 == 0) == (lang == "vi") else NARROW
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(one.path)
        found += [f"{one.person} {one.path} {width}: {fault}" for fault in _in_each_theme(page)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_no_page_that_refuses_has_a_fault_either(shown: Looked, lang: str) -> None:
    browsers: dict[str | None, Page] = {}
    found = []
    for number, one in enumerate(_refusing(shown.codes)):
        if one.person not in browsers:
            browsers[one.person] = _opened(shown.street, one.person, lang, "light")
        page = browsers[one.person]
        width = WIDE if (number % 2 == 0) == (lang == "vi") else NARROW
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(one.path)
        _refused(page)
        found += [f"{one.person} {one.path} {width}: {fault}" for fault in _in_each_theme(page)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_no_preview_of_an_act_has_a_fault_nor_what_the_act_is_answered(street: Street, lang: str) -> None:
    drafted, appraised = street.office.open(), street.office.dossier_at("at_education_office")
    width = WIDE if lang == "vi" else NARROW
    found = []

    def look(hands: Hands) -> None:
        found.extend(f"{hands.page.url}: {fault}" for fault in _in_each_theme(hands.page))

    def opened(person: str, path: str) -> Hands:
        hands = street.who(person)
        cookie = {"name": COOKIE, "value": f"{lang}.light.normal", "url": street.address}
        hands.page.context.add_cookies([cookie])
        hands.page.set_viewport_size({"width": width, "height": 800})
        hands.open(path)
        return hands

    street.stand("2024-09-12")
    clerk = opened("clerk", f"/dossiers/{drafted}/nominations")
    clerk.fill("list", "teacher;LDTT\nAi đó;LDTT\nteacher-2;Không có danh hiệu này")
    clerk.press("main form:has([name=list]) >> button")
    look(clerk)
    street.stand("2025-06-12")
    appraiser = opened("appraiser", "/queue")
    appraiser.tick("main [name=dossier]")
    appraiser.press("main button[formaction$='/queue/bulk/return']")
    look(appraiser)
    appraiser.fill("reason", "Thiếu biên bản")
    appraiser.press("main form:not(:has([name=seen])) >> button")
    look(appraiser)
    appraiser.press("main form:has([name=seen]) >> button")
    look(appraiser)
    assert street.office.row(appraised)["state"] == "returned"
    admin = opened("admin", "/regulations/publish")
    calendar = (ROOT / "regulations/calendars/2024-2025.yaml").read_text(encoding="utf-8")
    for text in (calendar.replace("last_day: 2025-06-30", "last_day: 2025-06-27"), "calendar: 2024-2025\n"):
        admin.fill("text", text)
        admin.press("main form[enctype] button")
        look(admin)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_a_theme_is_an_attribute_of_the_page(shown: Looked, theme: str) -> None:
    page = _opened(shown.street, "clerk", "vi", theme)
    page.goto("/")
    assert page.locator("html").get_attribute("data-theme") == theme
    assert not _faults(page, theme)
