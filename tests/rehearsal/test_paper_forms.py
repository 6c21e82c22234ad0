"""Papers of the sample: files as a clerk would name them."""

from __future__ import annotations

import re

import pytest

from rehearsal.paper_forms import paper, paper_name
from states.vocabulary import PAPERS


def test_names_are_vietnamese_without_marks() -> None:
    assert paper_name("achievement_report") == "bao-cao-thanh-tich.pdf"
    assert paper_name("party_opinion") == "y-kien-cap-uy-dang.pdf"
    names = [paper_name(kind) for kind in PAPERS]
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*\.pdf", name) for name in names)
    assert len(set(names)) == len(names)
    assert not set(names) & {f"{kind}.pdf" for kind in PAPERS}


def test_what_stands_on_them_is_vietnamese_too() -> None:
    assert b"(To trinh: th-mau-1/L)" in paper("submission_letter", "th-mau-1/L").getvalue()


def test_there_are_no_papers_of_other_kinds() -> None:
    with pytest.raises(ValueError, match="novel"):
        paper_name("novel")
