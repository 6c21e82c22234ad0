"""A dossier of many nominations: title by title, all of it on the page."""

from __future__ import annotations

import re

from casework.nominate import strike
from tests.web.conftest import Pages
from tests.web.many import nominees


def test_many_nominations_stand_title_by_title_and_open(pages: Pages) -> None:
    code = pages.office.open()
    few = nominees(pages.office, code, 3, "CSTDCS")
    many = nominees(pages.office, code, 18)
    strike(pages.office.database, code, [pages.office.nominations(code)[3]], pages.office.call("clerk"))
    shown = pages.browser("clerk").get(f"/dossiers/{code}").html
    groups = re.findall(
        r"<details open data-folds[^>]*><summary>([^<]*)</summary>(.*?)</details>", shown, re.DOTALL
    )
    assert [re.sub(r".*: ", "", head) for head, _ in groups] == ["3", "17"]
    for (_, body), people in zip(groups, (few, many), strict=True):
        assert re.findall(r">(gv-[a-z]+-\d\d)<", body) == people
    assert len(set(re.findall(r'id="nomination-\d+"', shown))) == 21


def test_a_short_list_is_one_table(pages: Pages) -> None:
    code = pages.office.open()
    nominees(pages.office, code, 20)
    shown = pages.browser("clerk").get(f"/dossiers/{code}").html
    assert "data-folds" not in shown
    assert shown.count('id="nomination-') == 20
