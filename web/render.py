"""Templates made into answers: what every page is given beside its own."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from web.assets import assets
from web.forms import new_key
from web.look import CHOICES
from web.menu import menu_of
from web.words import Words

if TYPE_CHECKING:
    from web.visit import Visit

FOLDER = Path(__file__).parent / "templates"


class Pages:
    """The templates of each language: values are said in it without being told so each time."""

    def __init__(self) -> None:
        self._by_lang: dict[str, Environment] = {}

    def environment(self, lang: str) -> Environment:
        """The environment of a language, made once."""
        if lang not in self._by_lang:
            words = Words(lang)
            environment = Environment(
                loader=FileSystemLoader(FOLDER),
                autoescape=True,
                undefined=StrictUndefined,
                trim_blocks=True,
                lstrip_blocks=True,
                auto_reload=False,
            )
            environment.filters.update(words.filters())
            environment.globals.update(
                t=words,
                word=words.word,
                say=words.say,
                lang=lang,
                asset=lambda name: assets()[name].path,
                new_key=new_key,
                picture=lambda drawing: Markup(drawing.svg()),  # noqa: S704  (drawn by us, its words escaped)
            )
            self._by_lang[lang] = environment
        return self._by_lang[lang]

    def render(self, visit: Visit, template: str, status: int, shown: dict[str, Any]) -> Response:
        """A page of a visit, answered."""
        fresh = "" if visit.secret else secrets.token_urlsafe(24)
        if fresh:
            # Forms of people who are not signed in are tied to their browser.
            visit.secret = fresh
        text = (
            self.environment(visit.lang)
            .get_template(template)
            .render(
                visit=visit,
                me=visit.person,
                now=visit.now,
                csrf=visit.csrf,
                menu=menu_of(visit),
                choices=CHOICES,
                **shown,
            )
        )
        answer = HTMLResponse(text, status)
        if fresh:
            set_cookie(answer, "thidua_visit", fresh, secure=visit.house.secure)
        return answer


def set_cookie(answer: Response, name: str, value: str, *, secure: bool, seconds: int | None = None) -> None:
    """A cookie for this site alone, out of the reach of scripts."""
    answer.set_cookie(name, value, max_age=seconds, secure=secure, httponly=True, samesite="lax", path="/")
