"""Every page in three themes and two languages, looked at by axe; in the high contrast theme as AAA asks."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from pictures.tokens import THEMES
from tests.journeys.conftest import Street
from web.look import COOKIE

pytestmark = pytest.mark.tools

WIDTHS = (1280, 360)


def pages_of(code: str) -> dict[str, tuple[str, ...]]:
    """Person (None: nobody signed in) → the pages looked at as that person."""
    return {
        "": ("/", "/sign-in"),
        "clerk": ("/", f"/dossiers/{code}", f"/dossiers/{code}/steps/withdraw", "/no-such-page"),
        "appraiser": (
            "/",
            f"/dossiers/{code}",
            f"/dossiers/{code}/steps/appraise",
            f"/dossiers/{code}/steps/return",
        ),
        "admin": ("/",),
    }


@pytest.mark.parametrize("theme", sorted(THEMES))
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_no_page_has_a_fault_that_axe_knows(street: Street, theme: str, lang: str) -> None:
    code = street.office.dossier_at("at_education_office")
    enhanced = theme == "high"
    options = {
        "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
        "rules": {"color-contrast-enhanced": {"enabled": enhanced}},
    }
    found = []
    for person, paths in pages_of(code).items():
        for width in WIDTHS:
            page = street.browser(person or None, width=width)
            cookie = {"name": COOKIE, "value": f"{lang}.{theme}.normal", "url": street.address}
            page.context.add_cookies([cookie])
            for path in paths:
                page.goto(path)
                for fault in Axe().run(page, options=options).response["violations"]:
                    nodes = [node["html"][:120] for node in fault["nodes"][:3]]
                    found.append(f"{person} {path} {width}: {fault['id']}: {nodes}")
                wide = page.evaluate("document.documentElement.scrollWidth")
                if wide > width:
                    found.append(f"{person} {path}: {wide} px wide at {width}")
    assert not found, "\n".join(found)
