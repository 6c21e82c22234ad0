"""Days in forms: one kind of field everywhere, and what may be typed into it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from tests.build import ROOT
from tests.web.conftest import Pages
from web.forms import Form

TEMPLATES = sorted((Path(ROOT) / "web/templates").rglob("*.html"))
WEB = sorted((Path(ROOT) / "web/pages").glob("*.py"))


@pytest.mark.parametrize(
    "text", ["30/06/2025", "30/6/2025", "30-06-2025", "30.6.2025", "30062025", "2025-06-30"]
)
def test_a_day_is_read_as_people_type_it(text: str) -> None:
    form = Form({"day": [text]})
    assert (form.day("day"), form.faults) == (date(2025, 6, 30), {})


@pytest.mark.parametrize("text", ["20250630", "3006", "31062025", "30/06", "06/30/2025", "hôm nay"])
def test_what_is_no_day_or_might_be_two_is_not_guessed(text: str) -> None:
    form = Form({"day": [text]})
    assert (form.day("day"), form.faults) == (None, {"day": "no_day"})


def test_no_template_has_a_field_of_another_kind() -> None:
    asked = {
        name for path in WEB for name in re.findall(r"\.day\(\"(\w+)\"", path.read_text(encoding="utf-8"))
    }
    assert {"since", "until", "last_day", "day", "done_on"} <= asked
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        assert 'type="date"' not in text, path.name
        plain = re.findall(r"\bline\(\"(\w+)\"", text)
        assert not {"since", "until", "last_day", "done_on", "opens", "submitted_on"} & set(plain), path.name


def test_a_field_says_how_a_day_is_typed(pages: Pages) -> None:
    shown = pages.browser("admin").get("/office/people/clerk/grant").html
    field = re.search(r'<input id="since"[^>]*>', shown)
    assert field is not None
    assert 'type="text" inputmode="numeric"' in field[0]
    assert 'aria-describedby="since-hint"' in field[0]
    assert 'value="10/06/2025"' in field[0]
    assert re.search(r'id="since-hint">[^<]*30/06/2025', shown)
